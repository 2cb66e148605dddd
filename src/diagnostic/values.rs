//! Mistakes in front matter and site.toml.

use super::{Diagnostic, Location, Rule, nearest};

/// A key holds a value of another type than it should.
pub(crate) fn wrong_type(
    at: Location,
    rule: Rule,
    key: &str,
    expected: &str,
    found: &str,
) -> Diagnostic {
    Diagnostic::new(at, rule, format!("`{key}` is {found}, not {expected}"))
}

/// A key holds a value outside the few that it may.
pub(crate) fn not_one_of(
    at: Location,
    rule: Rule,
    key: &str,
    typed: &str,
    known: &[&str],
) -> Diagnostic {
    let diagnostic = Diagnostic::new(at, rule, format!("`{key}` cannot be `{typed}`"));
    let listed = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    diagnostic.help(format!("use one of {listed}"))
}

/// A day that is none.
pub(crate) fn bad_date(at: Location, key: &str, typed: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadDate, format!("`{key}` is no date: `{typed}`"))
        .help("write a day that exists as `YYYY-MM-DD`, such as `2026-01-31`")
}

/// A length of time that is none.
pub(crate) fn bad_interval(at: Location, rule: Rule, key: &str, typed: &str) -> Diagnostic {
    Diagnostic::new(at, rule, format!("`{key}` is no length of time: `{typed}`"))
        .help("write a number and a unit, such as `90 days`, `6 weeks`, `3 months` or `1 year`")
}

/// A key that nobody knows.
pub(crate) fn unknown_key(at: Location, rule: Rule, key: &str, known: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::new(at, rule, format!("unknown key `{key}`"));
    match (nearest(key, known.iter().copied()), rule) {
        (Some(name), _) => diagnostic.help(format!("a key with a similar name exists: `{name}`")),
        (None, Rule::UnknownKey) => {
            diagnostic.help("list the site's own keys in site.toml: `[front_matter] extra`")
        }
        (None, _) => diagnostic,
    }
}

/// A key that an entry cannot do without.
pub(crate) fn missing_key(at: Location, rule: Rule, what: &str, key: &str) -> Diagnostic {
    Diagnostic::new(at, rule, format!("{what} has no `{key}`"))
}

/// Front matter, or site.toml, that cannot be read at all.
pub(crate) fn unreadable(at: Location, rule: Rule, message: &str) -> Diagnostic {
    Diagnostic::new(at, rule, message.to_owned())
}

/// Front matter that begins and never ends.
pub(crate) fn unclosed_front_matter(at: Location, delimiter: &str) -> Diagnostic {
    Diagnostic::new(
        at,
        Rule::BadFrontMatter,
        format!("the front matter has no closing `{delimiter}`"),
    )
    .help(format!("add a line `{delimiter}` between the keys and the text"))
}

/// A file that is not UTF-8.
pub(crate) fn not_utf8(at: Location) -> Diagnostic {
    Diagnostic::new(at, Rule::BadValue, "the file is not UTF-8 text from here on".to_owned())
        .help("save the file in the encoding UTF-8")
}

/// A folder of site.toml that leads out of the site folder.
pub(crate) fn outside_site(at: Location, key: &str, typed: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadConfig, format!("`{key}` leads out of the site folder: `{typed}`"))
        .help("name a folder below the one that holds site.toml")
}

/// A path pattern that cannot be compiled.
pub(crate) fn bad_glob(at: Location, rule: Rule, key: &str, message: &str) -> Diagnostic {
    Diagnostic::new(at, rule, format!("`{key}` holds no path pattern: {message}"))
}

/// An address that browsers run instead of following it.
pub(crate) fn address_is_script(at: Location, key: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadConfig, format!("`{key}` is a script, not an address"))
        .help("write an address that begins with `https://`; it is left out until then")
}

/// An address that is none of the web.
pub(crate) fn no_web_address(at: Location, key: &str, typed: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadConfig, format!("`{key}` is no address of the web: `{typed}`"))
        .help("write an address that begins with `https://`; it is left out until then")
}

/// The site publishes the HTML of its pages as it is.
pub(crate) fn unsafe_html(at: Location) -> Diagnostic {
    let message = "whoever may edit a page may put any HTML on the site";
    Diagnostic::new(at, Rule::UnsafeHtml, message.to_owned()).help(
        "forms, frames and styles of pages are published as typed, and scripts run wherever the server leaves the \
         Content-Security-Policy out; set `unsafe-html = \"allow\"` under `[checks]` if all authors are trusted",
    )
}

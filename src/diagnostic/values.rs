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
    let diagnostic = Diagnostic::new(at, rule, format!("`{key}` is {found}, not {expected}"));
    match (rule, expected) {
        (Rule::BadConfig, "text") => diagnostic.help(format!("write one text: `{key} = \"…\"`")),
        (Rule::BadConfig, "a list of texts") => {
            diagnostic.help(format!("write a text, or some: `{key} = [\"…\", \"…\"]`"))
        }
        (Rule::BadConfig, "`true` or `false`") => {
            diagnostic.help(format!("write `{key} = true` or `{key} = false`, without quotes"))
        }
        (Rule::BadConfig, "a list") => diagnostic.help(format!("write `{key} = […]`")),
        (Rule::BadConfig, "keys with values") => diagnostic
            .help(format!("write a table: `{key} = {{ … }}`, or lines below its own heading")),
        (Rule::BadConfig, _) => diagnostic.help(format!("write {expected}, without quotes")),
        _ => diagnostic,
    }
}

/// A value of the right type that cannot be meant.
pub(crate) fn not_meant(at: Location, what: &str, wrong: &str, help: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadConfig, format!("{what} {wrong}")).help(help.to_owned())
}

/// A regular expression that is none.
pub(crate) fn bad_pattern(at: Location, rule: Rule, key: &str, message: &str) -> Diagnostic {
    let message = format!("`{key}` is no regular expression: {}", message.to_lowercase());
    Diagnostic::new(at, rule, message).help(
        "write one that JavaScript knows, such as `[a-z0-9-]+`; the whole value must match it",
    )
}

/// A word of the interface with a place that nothing fills.
pub(crate) fn unknown_place(at: Location, key: &str, place: &str, known: &[&str]) -> Diagnostic {
    let message = format!("`{key}` has no place `{{{place}}}`");
    let listed = known.iter().map(|name| format!("`{{{name}}}`")).collect::<Vec<_>>().join(", ");
    let help = match (nearest(place, known.iter().copied()), known) {
        (Some(name), _) => format!("a place with a similar name exists: `{{{name}}}`"),
        (None, []) => "nothing is filled into this word: write it without braces".to_owned(),
        (None, _) => format!("it has {listed}"),
    };
    Diagnostic::new(at, Rule::BadConfig, message).help(help)
}

/// A folder that is another one, or holds it.
pub(crate) fn folder_in_the_way(at: Location, key: &str, typed: &str, other: &str) -> Diagnostic {
    let message = format!("`{key}` is, or holds, the folder of `{other}`: `{typed}`");
    Diagnostic::new(at, Rule::BadConfig, message)
        .help("name a folder of its own; until then the default stands")
}

/// A folder of site.toml that is not there.
pub(crate) fn no_folder(at: Location, key: &str, typed: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadConfig, format!("no file below the folder of `{key}`: `{typed}`"))
        .help("the path counts from the folder that holds site.toml")
}

/// A section that the template does not have.
pub(crate) fn no_section(
    at: Location,
    key: &str,
    typed: &str,
    similar: Option<&str>,
) -> Diagnostic {
    let message = format!("`{key}` names no heading of the template: `{typed}`");
    let help = match similar {
        Some(heading) => format!("a heading with a similar name exists: `{heading}`"),
        None => "write the heading as the template has it, with or without its number".to_owned(),
    };
    Diagnostic::new(at, Rule::BadConfig, message).help(help)
}

/// Where to publish cannot be read.
pub(crate) fn no_target(at: Location, typed: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadConfig, format!("`url` is no place to publish to: `{typed}`"))
        .help("write `s3://BUCKET/PREFIX`, `gs://…`, `az://…`, or a folder")
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
        (None, _) => {
            let listed = known.iter().take(MOST_KEYS).map(|name| format!("`{name}`"));
            let more = if known.len() > MOST_KEYS { ", and more" } else { "" };
            diagnostic.help(format!("known are {}{more}", listed.collect::<Vec<_>>().join(", ")))
        }
    }
}

/// How many keys are listed where none is similar.
const MOST_KEYS: usize = 12;

/// A key that an entry cannot do without.
pub(crate) fn missing_key(at: Location, rule: Rule, what: &str, key: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(at, rule, format!("{what} has no `{key}`"));
    match rule {
        Rule::BadConfig => {
            diagnostic.help(format!("add `{key} = \"…\"`; it is left out until then"))
        }
        _ => diagnostic,
    }
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

/// A page in UTF-16 or UTF-32, which is read all the same.
pub(crate) fn wide(at: Location) -> Diagnostic {
    Diagnostic::new(at, Rule::BadValue, "the file is not UTF-8 text but UTF-16 or UTF-32".to_owned())
        .help("save the file in the encoding UTF-8; it is shown, but other tools show no difference and find nothing in it")
}

/// A folder of site.toml that leads out of the site folder.
pub(crate) fn outside_site(at: Location, key: &str, typed: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadConfig, format!("`{key}` leads out of the site folder: `{typed}`"))
        .help("name a folder below the one that holds site.toml")
}

/// A path pattern that cannot be compiled.
pub(crate) fn bad_glob(at: Location, rule: Rule, key: &str, message: &str) -> Diagnostic {
    Diagnostic::new(at, rule, format!("`{key}` holds no path pattern: {message}"))
        .help("write a path, with `*` and `**` for what may differ")
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

//! Mistakes in a page's dashboards and other deep links.

use super::{Diagnostic, Location, Rule, nearest};

/// A link's value uses a variable that nothing defines.
pub(crate) fn undefined_variable(at: Location, name: &str, known: &[&str]) -> Diagnostic {
    let found =
        Diagnostic::new(at, Rule::UndefinedVariable, format!("undefined variable `{{{name}}}`"));
    match nearest(name, known.iter().copied()) {
        Some(known) => found.help(format!("a parameter with a similar name exists: `{known}`")),
        None => {
            found.help(format!("declare `{name}` under `parameters` of the page or in site.toml"))
        }
    }
}

/// A link of a site's own kind does not give a value that the kind's address needs.
pub(crate) fn missing_variable(at: Location, kind: &str, name: &str) -> Diagnostic {
    let message = format!("the kind `{kind}` needs a value for `{{{name}}}`");
    Diagnostic::new(at, Rule::UndefinedVariable, message)
        .help(format!("write `{name}: …` in the link, or declare it under `parameters`"))
}

/// A link's kind is none that is known.
pub(crate) fn unknown_kind(at: Location, kind: &str, known: &[&str]) -> Diagnostic {
    let found = Diagnostic::new(at, Rule::BadValue, format!("unknown kind of link `{kind}`"));
    match nearest(kind, known.iter().copied()) {
        Some(known) => found.help(format!("a kind with a similar name exists: `{known}`")),
        None => found.help(format!("define its address in site.toml: `[dashboards.kinds.{kind}]`")),
    }
}

/// A link has a key that its kind does not know.
pub(crate) fn unknown_key(at: Location, kind: &str, key: &str, known: &[&str]) -> Diagnostic {
    let found = Diagnostic::new(at, Rule::UnknownKey, format!("`{kind}` links have no `{key}`"));
    match nearest(key, known.iter().copied()) {
        Some(known) => found.help(format!("a key with a similar name exists: `{known}`")),
        None => found.help(format!(
            "its keys are {}",
            known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
        )),
    }
}

/// A link lacks a key that its address cannot do without.
pub(crate) fn missing_key(at: Location, kind: &str, key: &str, help: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadValue, format!("a `{kind}` link needs `{key}`")).help(help)
}

/// A time range that is none.
pub(crate) fn bad_time_range(at: Location, typed: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadValue, format!("no time range: `{typed}`"))
        .help("write a number and one of `s`, `m`, `h`, `d`, `w`, such as `30m` or `6h`")
}

/// An address that would run as a script.
pub(crate) fn address_is_script(at: Location, url: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadValue, format!("`{url}` is a script, not an address"))
        .help("write an address that begins with `https://`")
}

/// An address without a host, which would lead to a page of this site that is not there.
pub(crate) fn address_is_relative(at: Location, url: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadValue, format!("`{url}` is no address of a dashboard"))
        .help("write the whole address, with `https://`")
}

//! Mistakes about who answers for a page.

use super::{Diagnostic, Location, Rule};

/// The page names an owner that site.toml does not know.
pub fn unknown_owner(at: Location, owner: &str, nearest: Option<&str>) -> Diagnostic {
    let help = match nearest {
        Some(nearest) => format!("an owner with a similar name exists: `{nearest}`"),
        None => format!("add `[owners.{owner}]` to site.toml, or name one that is there"),
    };
    Diagnostic::new(at, Rule::UnknownOwner, format!("no owner `{owner}` in site.toml")).help(help)
}

/// Nobody answers for the page.
pub fn missing_owner(at: Location) -> Diagnostic {
    Diagnostic::new(at, Rule::MissingOwner, "the page has no owner".to_owned())
        .help("add `owner: NAME` to the front matter, or a rule to CODEOWNERS")
}

//! Mistakes in silencing a rule.

use super::{Diagnostic, Location, Rule};

/// A suppression names no rule that exists.
pub fn unknown_rule(at: Location, rule: &str, nearest: Option<&str>) -> Diagnostic {
    let help = match nearest {
        Some(nearest) => format!("a rule with a similar name exists: `{nearest}`"),
        None => "write `guidepost: allow RULE until YYYY-MM-DD`; `guidepost rules` lists the rules"
            .to_owned(),
    };
    Diagnostic::new(at, Rule::BadValue, format!("no rule `{rule}` to silence")).help(help)
}

/// A suppression has no end.
pub fn no_end(at: Location, rule: Rule) -> Diagnostic {
    let name = rule.name();
    Diagnostic::new(at, Rule::BadValue, format!("`{name}` is silenced without an end"))
        .help(format!("write `guidepost: allow {name} until YYYY-MM-DD`; `[checks]` in site.toml silences it for good"))
}

/// A suppression ends on no day of the calendar.
pub fn no_date(at: Location, until: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::BadValue, format!("`{until}` is no day"))
        .help("write it as `YYYY-MM-DD`")
}

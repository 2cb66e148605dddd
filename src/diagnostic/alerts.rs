//! Mistakes between alert rules and the runbooks that they lead to.

use super::{Diagnostic, Location, Rule};

/// A rule has neither a runbook link nor a page that claims its name.
pub fn alert_without_runbook(at: Location, name: &str, nearest: Option<&str>) -> Diagnostic {
    let found =
        Diagnostic::new(at, Rule::AlertWithoutRunbook, format!("no runbook for alert `{name}`"));
    match nearest {
        Some(nearest) => found.help(format!("a page claims a similar name: `{nearest}`")),
        None => {
            found.help("list the name under `alerts` of a page, or link a runbook from the rule")
        }
    }
}

/// A rule's runbook link leads to an address of this site that holds no page.
pub fn link_to_missing_page(at: Location, url: &str, nearest: Option<&str>) -> Diagnostic {
    let found = Diagnostic::new(
        at,
        Rule::AlertLinkBroken,
        format!("no page at the runbook link `{}`", shown(url)),
    );
    match nearest {
        Some(nearest) => found.help(format!("a page with a similar address exists: `{nearest}`")),
        None => found,
    }
}

/// A rule's runbook link leads to a page that has no such anchor.
pub fn link_to_missing_anchor(
    at: Location,
    page: &str,
    anchor: &str,
    nearest: Option<&str>,
) -> Diagnostic {
    let message = format!("no anchor `#{anchor}` on the runbook `{page}`");
    let found = Diagnostic::new(at, Rule::AlertLinkBroken, message);
    match nearest {
        Some(nearest) => found.help(format!("the page has a similar anchor: `#{nearest}`")),
        None => found,
    }
}

/// A rule's runbook link leads below another address than this site's.
pub fn link_to_another_site(at: Location, url: &str, expected: Option<&str>) -> Diagnostic {
    let message = format!("the runbook link `{}` leads to another site", shown(url));
    let found = Diagnostic::new(at, Rule::AlertLinkForeign, message);
    match expected {
        Some(expected) => found.help(format!("the alert's address on this site is `{expected}`")),
        None => found.help("list the alert's name under `alerts` of a page, and link that"),
    }
}

/// A rule's runbook link leads to no page here, and site.toml does not say which addresses are this site's.
pub fn link_to_unknown_site(at: Location, url: &str) -> Diagnostic {
    let message = format!("the runbook link `{}` leads to no page of this site", shown(url));
    Diagnostic::new(at, Rule::AlertLinkForeign, message)
        .help("set `base_url` in site.toml, so that this site's addresses can be told from others")
}

/// A page claims an alert that no source defines.
pub fn runbook_without_alert(at: Location, name: &str, nearest: Option<&str>) -> Diagnostic {
    let found =
        Diagnostic::new(at, Rule::RunbookWithoutAlert, format!("no alert source defines `{name}`"));
    match nearest {
        Some(nearest) => found.help(format!("an alert with a similar name exists: `{nearest}`")),
        None => found,
    }
}

/// A page gives an alert another severity than its rule does.
pub fn severity_contradicts_rule(at: Location, name: &str, page: &str, rule: &str) -> Diagnostic {
    let message = format!("`{name}` is `{page}` on its page and `{rule}` in its rule");
    Diagnostic::new(at, Rule::AlertContradictsRule, message)
        .help("make both the same, or leave the severity out of the page")
}

/// An alert source is the template of a file, not yet the file.
pub fn source_is_template(at: Location, language: &str) -> Diagnostic {
    let message = format!("not read: the file is a template ({language}), not yet YAML or JSON");
    Diagnostic::new(at, Rule::SourceSkipped, message)
        .help("render the template and list the result in `[alerts] sources` instead")
}

/// An alert source cannot be parsed.
pub fn source_not_parsed(at: Location, why: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::SourceSkipped, format!("not read: {why}"))
}

/// An entry of `[alerts] sources` names no file.
pub fn no_source_matches(at: Location, pattern: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::SourceSkipped, format!("no file matches `{pattern}`"))
        .help("paths in `[alerts] sources` begin at the folder of site.toml")
}

/// An alert's name is computed from end to end, so that no page can claim it.
pub fn alert_name_computed(at: Location, name: &str) -> Diagnostic {
    let message = format!("nothing of the alert's name `{name}` is known before it is deployed");
    Diagnostic::new(at, Rule::SourceSkipped, message)
        .help("write a part of the name out, or give its values in `[alerts.values]` of site.toml")
}

/// A file that is listed as a source of alerts holds none.
pub fn source_without_alerts(at: Location, why: Option<&str>) -> Diagnostic {
    let why = why.unwrap_or("holds no alert rules that Guidepost reads");
    Diagnostic::new(at, Rule::SourceWithoutAlerts, format!("no alert read: {why}"))
        .help("leave the file out of `[alerts] sources`, or list what defines its alerts")
}

/// What of an address is computed is shown as an ellipsis.
fn shown(url: &str) -> String {
    url.replace('\u{fffc}', "…")
}

//! Mistakes in following a template.

use super::{Diagnostic, Location, Rule};

/// A slot of the template is still in the page.
pub fn unfilled_placeholder(at: Location, token: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::UnfilledPlaceholder, format!("`{token}` is not filled in"))
        .help("write the value, or declare it under `parameters` if the reader fills it in")
}

/// A paragraph or list item is still the template's.
pub fn template_guidance_left(at: Location, section: Option<&str>) -> Diagnostic {
    let message = match section {
        Some(section) => format!("the template's guidance still stands in `{section}`"),
        None => "the template's guidance still stands before the first section".to_owned(),
    };
    Diagnostic::new(at, Rule::TemplateGuidanceLeft, message).help(
        "replace it by what is true of this page, delete it, or write `Not applicable:` and why",
    )
}

/// A section that the template requires is not in the page.
pub fn missing_section(
    at: Location,
    section: &str,
    template: Location,
    below: usize,
) -> Diagnostic {
    let more = match below {
        0 => String::new(),
        1 => " and the section below it".to_owned(),
        count => format!(" and the {count} sections below it"),
    };
    Diagnostic::new(at, Rule::MissingSection, format!("no section `{section}`{more}"))
        .help("add the heading; if there is nothing to say, write `Not applicable:` and why")
        .also(template, "the template requires it here")
}

/// The heading of a required section is there, with nothing below it.
pub fn empty_section(at: Location, section: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::MissingSection, format!("the section `{section}` is empty"))
        .help("write it; if there is nothing to say, write `Not applicable:` and why")
}

/// A section stands in another place than in the template.
pub fn section_out_of_order(at: Location, section: &str, after: Option<&str>) -> Diagnostic {
    let place = after.map_or("comes first".to_owned(), |after| format!("comes after `{after}`"));
    Diagnostic::new(at, Rule::SectionOutOfOrder, format!("in the template `{section}` {place}"))
        .help("move the section, so that readers find it where every runbook has it")
}

/// A section says that it does not apply, but not why.
pub fn not_applicable_without_reason(at: Location, section: &str) -> Diagnostic {
    let message = format!("`{section}` does not say why it is not applicable");
    Diagnostic::new(at, Rule::SectionNotApplicableWithoutReason, message)
        .help("write the reason behind it: `Not applicable: the agent keeps no state`")
}

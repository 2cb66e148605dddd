//! What was found in a folder becomes what is said of it, a line for each kind of thing.

use std::collections::BTreeMap;

use super::adopt::Adoption;
use super::templates::TemplateFile;
use crate::cli::output::count;

/// The lines; none for an empty folder.
pub(crate) fn found(adoption: &Adoption) -> String {
    if adoption.pages == 0 && adoption.sources.is_empty() {
        return String::new();
    }
    let lines = [pages(adoption), people(adoption), alerts(adoption), remarks(adoption)].concat();
    lines.join("\n") + "\n"
}

fn pages(adoption: &Adoption) -> Vec<String> {
    if adoption.pages == 0 {
        return vec!["found no pages".to_owned()];
    }
    let place = shown_folder(&adoption.content);
    let project = adoption.project.as_ref().map_or_else(String::new, |project| {
        format!(" ({}, by {})", project.generator, project.file)
    });
    let dialects = adoption.dialects.iter().map(|(name, pages)| format!("{pages} {name}"));
    let mut lines = vec![
        format!("found {} in {place}{project}", count(adoption.pages, "page")),
        format!("front matter: {}", dialects.collect::<Vec<_>>().join(", ")),
    ];
    if let Some((order, file)) = adoption
        .project
        .as_ref()
        .and_then(|project| project.ordered_by.map(|order| (order, project.file)))
    {
        let place = if order.contains('.') { String::new() } else { format!(" in {file}") };
        let sorted = "pages are sorted by `weight`, then by title";
        lines.push(format!("order: that of `{order}`{place} is not taken over; {sorted}"));
    }
    if !adoption.extra_keys.is_empty() {
        lines.push(format!("keys of your own: {}", counted(&adoption.extra_keys)));
    }
    if let Some(sections) = &adoption.sections {
        let pages = count(sections.pages, "page");
        let named = sections.headings.iter().map(|heading| {
            let mark = || format!(" (optional, {})", heading.pages);
            let mark = if heading.optional { mark() } else { String::new() };
            format!("{}{mark}", heading.text)
        });
        let headings: Vec<String> = named.collect();
        lines.push(format!("sections: {} in {pages}; template `runbook`", headings.join(", ")));
    }
    let templates = adoption.templates.iter();
    lines.extend(templates.map(|template| {
        let TemplateFile { name, file, reason, .. } = template;
        format!("template `{name}`, {file}: {reason}")
    }));
    lines
}

fn people(adoption: &Adoption) -> Vec<String> {
    let mut lines = Vec::new();
    if adoption.reviewed_pages > 0 {
        let interval = adoption.review_in.as_ref();
        let interval = interval.map(|every| format!(", mostly every {every}")).unwrap_or_default();
        let pages = count(adoption.reviewed_pages, "page");
        lines.push(format!("reviews: {pages} with review keys{interval}"));
    }
    let owners: Vec<&str> =
        adoption.owners.keys().chain(adoption.channels.keys()).map(String::as_str).collect();
    if !owners.is_empty() {
        lines.push(format!("owners: {}", owners.join(", ")));
    }
    if !adoption.codeowners.is_empty() {
        lines.push(format!("owners by CODEOWNERS: {}", counted(&adoption.codeowners)));
    }
    lines
}

fn alerts(adoption: &Adoption) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(alerts) = &adoption.alerts {
        let pages = count(alerts.pages, "page");
        lines.push(format!("alerts: {pages} named after one, like {}", alerts.example));
    }
    if let Some(alerts) = &adoption.titled_alerts {
        let pages = count(alerts.pages, "page");
        lines.push(format!("alerts: {pages} with one for a title, like {}", alerts.example));
    }
    if !adoption.sources.is_empty() {
        lines.push(format!("alert rules: {}", adoption.sources.join(", ")));
        lines.extend(adoption.alerts_read.lines().iter().map(|line| format!("  {line}")));
    }
    if !adoption.templated_sources.is_empty() {
        let files = adoption.templated_sources.join(", ");
        lines.push(format!("alert rules inside templates, to be rendered first: {files}"));
    }
    if let Some(address) = &adoption.rules_lead_to {
        lines.push(format!("runbook links of the rules begin with {address}"));
    }
    lines
}

fn remarks(adoption: &Adoption) -> Vec<String> {
    let mut lines = Vec::new();
    if !adoption.foreign_markup.is_empty() {
        lines.push(format!("shown as typed: {}", counted(&adoption.foreign_markup)));
    }
    if adoption.content == "." && adoption.pages > 0 {
        let hidden = "its name begins with `.` or `_`";
        lines.push(format!("everything in this folder will be published, unless {hidden}"));
    }
    lines
}

/// Names, each with a number of pages.
fn counted(pages: &BTreeMap<String, usize>) -> String {
    let each = pages.iter().map(|(name, pages)| format!("{name} ({pages})"));
    each.collect::<Vec<_>>().join(", ")
}

fn shown_folder(content: &str) -> String {
    if content == "." { "this folder".to_owned() } else { format!("{content}/") }
}

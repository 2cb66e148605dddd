//! What a page's own sections say where its template says what they hold: alerts, dashboards, escalation.
//!
//! So a runbook with nothing but its document keys still has its alerts. Knows one page and the three section
//! names of `[templates.NAME.sections]`; front matter overrides what is found here, which the caller decides.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::document::{CodeSpan, Document, Heading, Link, Passage};

pub use guidance::{Guidance, not_applicable_reason, says_not_applicable, straight};

mod guidance;

/// Finds the named sections of a page and reads them.
pub fn template_sections<'a>(page: &'a Document, names: &SectionNames) -> SectionContents<'a> {
    let range =
        |name: &Option<String>| name.as_ref().and_then(|name| section(&page.headings, name));
    let written =
        |range: &Range<u32>| Written { page, range: range.clone(), left: left(page, range, names) };
    let escalated = range(&names.escalation).map(|range| written(&range));
    SectionContents {
        alerts: range(&names.alerts).map(|range| alerts(&written(&range))).unwrap_or_default(),
        dashboards: range(&names.dashboards)
            .map(|range| dashboards(&written(&range)))
            .unwrap_or_default(),
        escalation: escalated.as_ref().and_then(escalation),
        escalation_left: escalated.is_some_and(|section| !section.left.is_empty()),
    }
}

/// A section of a page, and where in it the template's text is left.
struct Written<'a> {
    page: &'a Document,
    range: Range<u32>,
    left: Vec<Range<usize>>,
}

impl Written<'_> {
    /// Whether the author wrote what stands at a place under a heading of the section.
    fn holds(&self, heading: Option<u32>, place: &Range<usize>) -> bool {
        heading.is_some_and(|heading| self.range.contains(&heading))
            && !self.left.iter().any(|left| left.contains(&place.start))
    }
}

/// Where a section still says what its template does.
fn left(page: &Document, range: &Range<u32>, names: &SectionNames) -> Vec<Range<usize>> {
    let inside = page.passages.iter().filter(|passage| {
        page.passage_heading(passage).is_some_and(|heading| range.contains(&heading))
    });
    inside
        .filter(|passage| names.guidance.is_left(page.passage_text(passage)))
        .map(Passage::range)
        .collect()
}

/// `[templates.NAME.sections]`: which section of the template holds what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SectionNames {
    /// The section whose inline code names alerts.
    pub alerts: Option<String>,
    /// The section whose links are dashboards.
    pub dashboards: Option<String>,
    /// The section that says whom to call.
    pub escalation: Option<String>,
    /// What of the template is still to be replaced, and so no fact of a page.
    pub guidance: Arc<Guidance>,
}

/// What the named sections of a page hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionContents<'a> {
    /// The inline code that names alerts, each name once.
    pub alerts: Vec<&'a CodeSpan>,
    /// The links, images excepted.
    pub dashboards: Vec<&'a Link>,
    /// The escalation contact.
    pub escalation: Option<Escalation<'a>>,
    /// Whether the section that says whom to call still holds what the template says there.
    pub escalation_left: bool,
}

/// Whom to call, as the page says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation<'a> {
    /// The section's first paragraph or list item; `None` where a table stands first.
    pub text: Option<&'a str>,
    /// The links of the section.
    pub links: Vec<&'a Link>,
    /// The index of the section's heading.
    pub heading: u32,
}

/// What two headings of one section have in common: no number, no case, no "(if any)", straight quotes.
pub fn section_key(text: &str) -> String {
    let plain = straight(text).to_lowercase();
    let plain = plain.trim();
    let unnumbered =
        plain.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    // "3.2 Alerts" and "3. Alerts" lose their number, "503 errors" keeps its own.
    let numbered = plain[..plain.len() - unnumbered.len()].contains('.');
    let text =
        if numbered && unnumbered.starts_with([' ', ')', '\u{a0}']) { unnumbered } else { plain };
    without_optional_mark(text.trim_start_matches([')', ' ', '\u{a0}']))
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether a heading of a template marks its section as optional.
pub fn is_optional(text: &str) -> bool {
    let plain = text.trim().to_lowercase();
    without_optional_mark(&plain).len() < plain.len()
}

fn without_optional_mark(text: &str) -> &str {
    let text = text.trim_end();
    ["(if any)", "(if applicable)", "(optional)"]
        .into_iter()
        .find_map(|mark| text.strip_suffix(mark))
        .map_or(text, str::trim_end)
}

/// The indexes of the named heading and of all headings below it.
fn section(headings: &[Heading], name: &str) -> Option<Range<u32>> {
    let key = section_key(name);
    let first = headings.iter().position(|heading| section_key(&heading.text) == key)?;
    let level = headings[first].level;
    let length = headings[first + 1..].iter().take_while(|heading| heading.level > level).count();
    Some(first as u32..(first + 1 + length) as u32)
}

fn alerts<'a>(section: &Written<'a>) -> Vec<&'a CodeSpan> {
    let mut seen = BTreeSet::new();
    let names: Vec<&CodeSpan> = section
        .page
        .code_spans
        .iter()
        .filter(|span| section.holds(span.heading, &span.range))
        .filter(|span| is_name(&span.text) && seen.insert(span.text.as_str()))
        .collect();
    // Where alarms are written like `QueueStuckAlarm`, a topic `prod-ops-alerts` or a metric `Errors` is none.
    if names.iter().any(|span| is_compound(&span.text)) {
        names.into_iter().filter(|span| is_compound(&span.text)).collect()
    } else {
        names
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_alphabetic())
        && text.chars().all(|letter| letter.is_alphanumeric() || "_-.".contains(letter))
        && !text.ends_with('.')
}

/// Whether a name has two capitalised words at least, without a dash between.
fn is_compound(text: &str) -> bool {
    let humps = text
        .chars()
        .zip(text.chars().skip(1))
        .filter(|(first, second)| first.is_uppercase() && second.is_lowercase())
        .count();
    humps >= 2 && !text.contains(['-', '.'])
}

fn dashboards<'a>(section: &Written<'a>) -> Vec<&'a Link> {
    links(section).filter(|link| !link.address.starts_with('#')).collect()
}

fn links<'s, 'a>(section: &'s Written<'a>) -> impl Iterator<Item = &'a Link> + use<'s, 'a> {
    let links = section.page.links.iter();
    links.filter(|link| section.holds(link.heading, &link.range)).filter(|link| !link.kind.embeds())
}

fn escalation<'a>(section: &Written<'a>) -> Option<Escalation<'a>> {
    let page = section.page;
    let mut passages = page.passages.iter();
    let passage = passages
        .find(|passage| section.holds(page.passage_heading(passage), &passage.range()))
        .filter(|passage| !says_not_applicable(page.passage_text(passage)))?;
    Some(Escalation {
        text: (!passage.is_cell).then(|| page.passage_text(passage)),
        links: links(section).collect(),
        heading: section.range.start,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{
        Guidance, SectionNames, is_optional, not_applicable_reason, section_key, template_sections,
    };
    use crate::parse::tests_support::document;

    /// What the sections of a page hold: alerts, then dashboards, then escalation.
    fn check(page: &str, expected: &str) {
        let names = SectionNames {
            alerts: Some("Alerts Configuration".to_owned()),
            dashboards: Some("Dashboard".to_owned()),
            escalation: Some("Escalation".to_owned()),
            guidance: Arc::new(Guidance::of(&document(
                "## Alerts Configuration\n\n- List all alarms, and what `Errors` mean.\n\n## Dashboard\n\n\
                 [See all](https://d.example.org/all)\n\n## Escalation\n\nSay whom to call and when.\n",
            ))),
        };
        let document = document(page);
        let contents = template_sections(&document, &names);
        let mut found: Vec<&str> = contents.alerts.iter().map(|span| span.text.as_str()).collect();
        found.extend(contents.dashboards.iter().map(|link| link.address.as_str()));
        found.extend(contents.escalation.iter().map(|found| found.text.unwrap_or("a table")));
        assert_eq!(found.join(", "), expected);
    }

    #[test]
    fn code_of_the_alerts_section_names_alerts() {
        check(
            "## 3.2 ALERTS configuration\n- `QueueStuckAlarm` if `Errors` > 0, to `prod-ops-alerts`\n- `<AGENT_NAME>_Alarm`\n### More\n- `QueueStuckAlarm`, `QueueSlowAlarm`\n## Other\n- `NotAnAlarm`",
            "QueueStuckAlarm, QueueSlowAlarm",
        );
        check(
            "## Alerts Configuration\n`queue-stuck` and `queue-slow`, to `#alerts`",
            "queue-stuck, queue-slow",
        );
    }

    #[test]
    fn links_of_the_dashboard_section_are_dashboards() {
        check(
            "## 3.3 Dashboard (if any)\n[Overview](https://d.example.org/1) and [above](#top)",
            "https://d.example.org/1",
        );
    }

    #[test]
    fn the_escalation_section_says_whom_to_call() {
        check(
            "## Escalation\nCall the platform lead, +49 30 1234.\n\nThen write.",
            "Call the platform lead, +49 30 1234.",
        );
        check("## Escalation\nN/A: nobody is on call.", "");
    }

    #[test]
    fn section_names_compare_without_number_case_and_marks() {
        assert_eq!(
            section_key("2.3 Rollback  Procedure"),
            section_key("4. rollback procedure (if applicable)")
        );
        assert_eq!(section_key("What’s new"), section_key("what's new"));
        assert_eq!(section_key("503 errors"), "503 errors");
        assert!(is_optional("Dashboard (if any)") && !is_optional("Dashboard"));
    }

    #[test]
    fn not_applicable_is_told_from_words_that_begin_alike() {
        assert_eq!(
            not_applicable_reason("**Not applicable:** the agent has no state."),
            Some("the agent has no state")
        );
        assert_eq!(not_applicable_reason("N/A"), Some(""));
        assert_eq!(not_applicable_reason("n/a - stateless"), Some("stateless"));
        assert_eq!(not_applicable_reason("Notes follow."), None);
        assert_eq!(not_applicable_reason("If not applicable, note as such."), None);
    }

    #[test]
    fn what_the_template_says_is_no_fact_of_the_page() {
        check("## Alerts Configuration\n\n- List all alarms, and what `Errors` mean.\n", "");
        check("## Dashboard\n\n[See all](https://d.example.org/all)\n", "");
        check("## Escalation\n\nSay whom to call and when.\n", "");
        check(
            "## Escalation\n\nSay whom to call and when.\n\nCall the platform lead.\n",
            "Call the platform lead.",
        );
        check("## Escalation\n\nCall <LEAD_NAME>.\n", "");
    }
}

//! How far a page follows its template: the state of each required section, and what is left to fill in.
//!
//! The template is an ordinary page, and it is the whole schema: headings from the second level are the required
//! sections, `<...>` tokens are slots, prose is guidance. Judges one page; whether drafts are reported and at
//! which level is decided by the caller.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Location, conformance as mistakes};
use crate::parse::Document;
use crate::parse::template_section::not_applicable_reason;
use crate::token::parameter_name;

use placement::Placement;

pub use schema::Schema;

mod nesting;
mod placement;
mod schema;
mod slots;

/// Compares a page with the template that it follows.
pub fn conformance(schema: &Schema, page: &ComparedPage<'_>) -> Conformance {
    let placed = Placement::of(schema, &page.document.headings);
    let slots = page_slots(schema, page);
    let guidance = page_guidance(schema, page.document);
    let mut diagnostics = order_findings(schema, page.document, &placed);
    let held = contents(schema, page.document, &placed, &slots, &guidance);
    let mut sections: Vec<SectionReport> = Vec::with_capacity(schema.sections.len());
    for (index, section) in schema.sections.iter().enumerate() {
        let report = SectionReport {
            name: section.name.clone(),
            number: section.number.clone(),
            leaf: section.leaf,
            anchor: placed
                .heading(index)
                .map(|heading| page.document.headings[heading].anchor.clone()),
            state: SectionState::Complete,
            placeholders: held[index].placeholders,
            guidance: held[index].guidance,
        };
        let state = section_state(schema, index, &held[index], &placed, &sections);
        sections.push(SectionReport { state, ..report });
    }
    diagnostics.extend(section_findings(schema, &sections, page.document, &placed));
    diagnostics.extend(slots.iter().map(|slot| {
        let at = Location::new(&page.document.path, slot.range.clone());
        mistakes::unfilled_placeholder(at, &slot.text)
    }));
    diagnostics.extend(guidance.iter().map(|left| {
        let section = placed.owner(left.heading).map(|index| schema.sections[index].name.as_str());
        mistakes::template_guidance_left(
            Location::new(&page.document.path, left.range.clone()),
            section,
        )
    }));
    diagnostics.sort_by_key(|finding| (finding.at.range.start, finding.rule));
    Conformance {
        percent: percent(&sections),
        placeholders: slots.len(),
        guidance: guidance.len(),
        sections,
        diagnostics,
    }
}

/// A page to compare.
#[derive(Clone, Copy, Debug)]
pub struct ComparedPage<'a> {
    /// The page.
    pub document: &'a Document,
    /// Its file.
    pub text: &'a str,
    /// Names of parameters that the page or the site declares: the reader fills these in.
    pub parameters: &'a [String],
}

/// How far a page follows its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conformance {
    /// The template's sections in its order, each with its state in the page.
    pub sections: Vec<SectionReport>,
    /// How many of a hundred sections without subsections are complete or not applicable.
    pub percent: u8,
    /// How many slots are left in the page.
    pub placeholders: usize,
    /// How many passages of the template are left in the page.
    pub guidance: usize,
    /// What is wrong, in the order of the page.
    pub diagnostics: Vec<Diagnostic>,
}

/// One section of the template, in one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionReport {
    /// The template's name for it.
    pub name: String,
    /// The template's number for it.
    pub number: Option<String>,
    /// Whether the template has no section below it: only these count in coverage.
    pub leaf: bool,
    /// The anchor of its heading in the page.
    pub anchor: Option<String>,
    /// What the author has done about it.
    pub state: SectionState,
    /// How many slots are left in it.
    pub placeholders: usize,
    /// How many passages of the template are left in it.
    pub guidance: usize,
}

/// The state of a section.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SectionState {
    /// Written.
    Complete,
    /// The page says that it does not apply, or leaves out what is optional.
    NotApplicable {
        /// Why, if the page says so.
        reason: Option<String>,
    },
    /// Slots are left.
    Placeholders,
    /// Guidance is left, and perhaps slots.
    Guidance,
    /// There is no such heading, or nothing below it.
    Missing,
}

impl SectionState {
    /// The stable name, as in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            SectionState::Complete => "complete",
            SectionState::NotApplicable { .. } => "not-applicable",
            SectionState::Placeholders => "placeholders",
            SectionState::Guidance => "guidance",
            SectionState::Missing => "missing",
        }
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        matches!(self, SectionState::Complete | SectionState::NotApplicable { .. })
    }
}

/// Something left in a page: its words, its place and the heading it stands under.
struct Leftover {
    text: String,
    range: std::ops::Range<usize>,
    heading: Option<u32>,
}

fn page_slots(schema: &Schema, page: &ComparedPage<'_>) -> Vec<Leftover> {
    let declared: BTreeSet<String> =
        page.parameters.iter().map(|name| parameter_name(name)).collect();
    slots::tokens(page.document, page.text)
        .into_iter()
        .filter(|token| !declared.contains(&parameter_name(&token.text)))
        .filter(|token| {
            schema.slots.is_slot(&token.text)
                || (!token.is_generic && slots::is_upper_case(&token.text))
        })
        .map(|token| Leftover { text: token.text, range: token.range, heading: token.heading })
        .collect()
}

fn page_guidance(schema: &Schema, page: &Document) -> Vec<Leftover> {
    let names = page.meta.agent_names();
    page.passages
        .iter()
        .filter(|passage| schema.guidance.is_unchanged(page.passage_text(passage), &names))
        .map(|passage| Leftover {
            text: String::new(),
            range: passage.range(),
            heading: page.passage_heading(passage),
        })
        .collect()
}

/// What a page has below the heading of a section, and not below that of a section in it.
#[derive(Clone, Default)]
struct SectionContent<'a> {
    /// The first two paragraphs or items.
    first: Option<&'a str>,
    second: Option<&'a str>,
    /// Whether there is anything at all, such as a heading of the page's own.
    is_filled: bool,
    placeholders: usize,
    guidance: usize,
}

/// What each section holds, gathered in one pass over the page.
fn contents<'a>(
    schema: &Schema,
    page: &'a Document,
    placed: &Placement,
    slots: &[Leftover],
    guidance: &[Leftover],
) -> Vec<SectionContent<'a>> {
    let mut held = vec![SectionContent::default(); schema.sections.len()];
    for passage in &page.passages {
        let Some(owner) = placed.owner(page.passage_heading(passage)) else { continue };
        let text = page.passage_text(passage);
        let content = &mut held[owner];
        match content.first {
            None => content.first = Some(text),
            Some(_) => content.second = content.second.or(Some(text)),
        }
    }
    let text = page.sections.iter().filter(|section| !section.text.trim().is_empty());
    let text = text.map(|section| section.heading);
    let code = page.code_blocks.iter().map(|block| block.heading);
    let links = page.links.iter().map(|link| link.heading);
    let filled = text.chain(code).chain(links).filter_map(|heading| placed.owner(heading));
    let own = placed.owners.iter().enumerate().filter_map(|(at, owner)| Some((at, (*owner)?)));
    let own = own.filter(|(at, owner)| placed.heading(*owner) != Some(*at));
    filled.chain(own.map(|(_, owner)| owner)).for_each(|owner| held[owner].is_filled = true);
    for left in slots {
        placed.owner(left.heading).into_iter().for_each(|owner| held[owner].placeholders += 1);
    }
    for left in guidance {
        placed.owner(left.heading).into_iter().for_each(|owner| held[owner].guidance += 1);
    }
    held
}

fn section_state(
    schema: &Schema,
    index: usize,
    held: &SectionContent<'_>,
    placed: &Placement,
    above: &[SectionReport],
) -> SectionState {
    let section = &schema.sections[index];
    if placed.heading(index).is_none() {
        let parent = section.parent.map(|parent| &above[parent].state);
        return match parent {
            Some(SectionState::NotApplicable { reason }) => {
                SectionState::NotApplicable { reason: reason.clone() }
            }
            _ if section.optional => SectionState::NotApplicable { reason: None },
            _ => SectionState::Missing,
        };
    }
    if held.guidance > 0 {
        SectionState::Guidance
    } else if held.placeholders > 0 {
        SectionState::Placeholders
    } else if let Some(state) = not_applicable(held) {
        state
    } else if section.leaf && !held.is_filled {
        SectionState::Missing
    } else {
        SectionState::Complete
    }
}

/// The state of a section that says that it does not apply.
fn not_applicable(held: &SectionContent<'_>) -> Option<SectionState> {
    let reason = not_applicable_reason(held.first?)?;
    let reason = Some(reason).filter(|reason| !reason.is_empty()).or(held.second);
    Some(SectionState::NotApplicable { reason: reason.map(str::to_owned) })
}

fn section_findings(
    schema: &Schema,
    sections: &[SectionReport],
    page: &Document,
    placed: &Placement,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let is_absent = |index: usize| {
        placed.heading(index).is_none() && sections[index].state == SectionState::Missing
    };
    for (index, section) in schema.sections.iter().enumerate() {
        match (&sections[index].state, placed.heading(index)) {
            // A missing parent speaks for the sections below it.
            (SectionState::Missing, None) if section.parent.is_some_and(is_absent) => {}
            (SectionState::Missing, None) => {
                let below = (index + 1..schema.sections.len())
                    .take_while(|next| schema.is_below(*next, index))
                    .filter(|next| is_absent(*next))
                    .count();
                found.push(mistakes::missing_section(
                    Location::file(&page.path),
                    &section.name,
                    section.at.clone(),
                    below,
                ));
            }
            (SectionState::Missing, Some(heading)) => {
                found.push(mistakes::empty_section(heading_place(page, heading), &section.name));
            }
            (SectionState::NotApplicable { reason: None }, Some(heading)) => {
                found.push(mistakes::not_applicable_without_reason(
                    heading_place(page, heading),
                    &section.name,
                ));
            }
            _ => {}
        }
    }
    found
}

fn heading_place(page: &Document, heading: usize) -> Location {
    Location::new(&page.path, page.heading_ranges[heading].clone())
}

/// The fewest sections that would have to move for the template's order to hold.
fn order_findings(schema: &Schema, page: &Document, placed: &Placement) -> Vec<Diagnostic> {
    let present: Vec<(usize, usize)> = (0..schema.sections.len())
        .filter_map(|index| Some((index, placed.heading(index)?)))
        .collect();
    let kept = longest_rising(&present);
    let mut found = Vec::new();
    for (at, (index, heading)) in present.iter().enumerate() {
        if !kept.contains(&at) {
            let after =
                at.checked_sub(1).map(|before| schema.sections[present[before].0].name.as_str());
            found.push(mistakes::section_out_of_order(
                heading_place(page, *heading),
                &schema.sections[*index].name,
                after,
            ));
        }
    }
    found
}

/// The positions of a longest run of rising headings; of several the one that ends last, each step back as far as can be.
///
/// The positions at which a run of one length ends have ever smaller headings, so a search by halves finds the run that
/// a heading goes on.
fn longest_rising(present: &[(usize, usize)]) -> BTreeSet<usize> {
    let heading = |at: usize| present[at].1;
    let mut before: Vec<Option<usize>> = Vec::with_capacity(present.len());
    let mut ends: Vec<Vec<usize>> = Vec::new();
    for at in 0..present.len() {
        let smallest = |ends: &Vec<usize>| ends.last().map(|last| heading(*last));
        let length = ends.partition_point(|ends| smallest(ends) < Some(heading(at)));
        before.push(length.checked_sub(1).map(|shorter| {
            let shorter = &ends[shorter];
            shorter[shorter.partition_point(|end| heading(*end) >= heading(at))]
        }));
        if length == ends.len() {
            ends.push(Vec::new());
        }
        ends[length].push(at);
    }
    let mut next = ends.last().and_then(|ends| ends.last().copied());
    let mut kept = BTreeSet::new();
    while let Some(at) = next {
        kept.insert(at);
        next = before[at];
    }
    kept
}

fn percent(sections: &[SectionReport]) -> u8 {
    let leaves = sections.iter().filter(|section| section.leaf).count();
    let done = sections.iter().filter(|section| section.leaf && section.state.is_done()).count();
    (done * 100).checked_div(leaves).map_or(100, |percent| percent as u8)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::{ComparedPage, Conformance, Schema, conformance, longest_rising};
    use crate::diagnostic::{Diagnostic, Rule};
    use crate::parse::front_matter::Spanned;
    use crate::parse::tests_support::document;

    const TEMPLATE: &str = "# Runbook\nFill in `<AGENT_NAME>` and `<...>`.\n\
        ## 1. Overview\nDescribe what `<AGENT_NAME>` is for and what it depends on, for somebody new.\n\
        ## 2. Deployment\n### 2.1 Pipeline\n- Explain how it is built.\n- Explain how it’s deployed.\n\
        ### 2.2 Rollback\nGo back to `<VERSION>`.\n\
        ### 2.3 Dashboard (if any)\nList dashboards.\n\
        ## 3. Escalation\nOn `<today’s date>` call `<on call>`.\n";

    const FILLED: &str = "# ContentGen\nWrites drafts.\n\
        ## 1. Overview\nIt turns briefs into drafts.\n\
        ## 2. Deployment\n### 2.1 Pipeline\nBuilt by the pipeline.\n\
        ### 2.2 Rollback\nGo back to version 3.\n\
        ## 3. Escalation\nCall Dana.\n";

    fn judge(page: &str, parameters: &[&str]) -> Conformance {
        let schema = Schema::from_template(&document(TEMPLATE), TEMPLATE);
        let mut document = document(page);
        Arc::make_mut(&mut document.outline).meta.agent =
            Some(Spanned { value: "contentgen".to_owned(), range: 0..0 });
        let parameters: Vec<String> = parameters.iter().map(|name| (*name).to_owned()).collect();
        conformance(
            &schema,
            &ComparedPage { document: &document, text: page, parameters: &parameters },
        )
    }

    /// The findings of a page, as rule and the text that they point at.
    fn check(page: &str, expected: &[(Rule, &str)]) {
        let found = judge(page, &[]);
        let found: Vec<(Rule, &str)> = found
            .diagnostics
            .iter()
            .map(|finding| (finding.rule, pointed_at(page, finding)))
            .collect();
        assert_eq!(found, expected, "{page}");
    }

    fn pointed_at<'t>(page: &'t str, finding: &Diagnostic) -> &'t str {
        &page[finding.at.range.clone()]
    }

    fn states(page: &str) -> String {
        let report = judge(page, &[]);
        let names: Vec<String> = report
            .sections
            .iter()
            .filter(|section| section.leaf)
            .map(|section| format!("{} {}", section.name, section.state.name()))
            .collect();
        format!("{}: {}%", names.join(", "), report.percent)
    }

    #[test]
    fn a_filled_page_has_no_finding() {
        check(FILLED, &[]);
        assert_eq!(
            states(FILLED),
            "Overview complete, Pipeline complete, Rollback complete, Dashboard not-applicable, Escalation complete: 100%"
        );
    }

    #[test]
    fn the_template_itself_reports_every_slot_and_all_guidance() {
        let report = judge(TEMPLATE, &[]);
        assert_eq!((report.placeholders, report.guidance, report.percent), (6, 7, 0));
        assert!(report.diagnostics.iter().all(|finding| {
            matches!(finding.rule, Rule::UnfilledPlaceholder | Rule::TemplateGuidanceLeft)
        }));
    }

    #[test]
    fn numbering_case_and_marks_do_not_matter() {
        let page = FILLED
            .replace("## 1. Overview", "## OVERVIEW")
            .replace("### 2.2 Rollback", "#### 7.4 rollback");
        check(&page, &[]);
    }

    #[test]
    fn a_missing_section_is_named_once_with_those_below_it() {
        let page = FILLED.replace("### 2.2 Rollback", "### Other");
        check(&page, &[(Rule::MissingSection, "")]);
        let page = "## 1. Overview\nText.\n## 3. Escalation\nCall Dana.\n";
        check(page, &[(Rule::MissingSection, "")]);
        let finding = &judge(page, &[]).diagnostics[0];
        assert_eq!(finding.message, "no section `Deployment` and the 2 sections below it");
    }

    #[test]
    fn a_heading_in_a_comment_is_missing() {
        check(
            &FILLED.replace("## 3. Escalation", "<!-- ## 3. Escalation -->"),
            &[(Rule::MissingSection, "")],
        );
    }

    #[test]
    fn a_heading_with_nothing_below_it_is_missing() {
        let page = FILLED.replace("Call Dana.\n", "");
        check(&page, &[(Rule::MissingSection, "## 3. Escalation")]);
    }

    #[test]
    fn the_section_that_moved_is_named_and_not_its_neighbors() {
        let page = "## 3. Escalation\nCall Dana.\n## 1. Overview\nText.\n## 2. Deployment\n### Pipeline\nText.\n### Rollback\nText.\n";
        check(page, &[(Rule::SectionOutOfOrder, "## 3. Escalation")]);
    }

    /// By trying every run: the same rule without a thought for how long it takes.
    fn longest_rising_by_trying(present: &[(usize, usize)]) -> BTreeSet<usize> {
        let mut best: Vec<(usize, Option<usize>)> = Vec::new();
        for (at, (_, heading)) in present.iter().enumerate() {
            let before = (0..at)
                .filter(|before| present[*before].1 < *heading)
                .max_by_key(|before| (best[*before].0, at - before));
            best.push((before.map_or(0, |before| best[before].0) + 1, before));
        }
        let last = (0..best.len()).max_by_key(|at| best[*at].0);
        std::iter::successors(last, |at| best[*at].1).collect()
    }

    #[test]
    fn the_longest_run_of_headings_in_order_is_found_in_any_order() {
        let mut number: usize = 1;
        for count in 0..60 {
            let mut order: Vec<usize> = (0..count).collect();
            for at in 0..count {
                number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                order.swap(at, (number >> 33) % count);
            }
            let present: Vec<(usize, usize)> = order.into_iter().enumerate().collect();
            assert_eq!(longest_rising(&present), longest_rising_by_trying(&present), "{present:?}");
        }
    }

    #[test]
    fn a_section_may_say_that_it_does_not_apply_and_why() {
        let page = FILLED.replace("Go back to version 3.", "Not applicable: it keeps no versions.");
        check(&page, &[]);
        let page = FILLED.replace("Go back to version 3.", "**N/A**");
        check(&page, &[(Rule::SectionNotApplicableWithoutReason, "### 2.2 Rollback")]);
        let page = "## Overview\nText.\n## Deployment\nNot applicable: nothing is deployed.\n## Escalation\nCall.\n";
        check(page, &[]);
    }

    #[test]
    fn slots_are_found_in_prose_and_code_with_any_quotes() {
        let page = format!(
            "{FILLED}Since <today's date>.\n```\nrun <VERSION>\ncat <OTHER_THING> | wc\n```\n`<on call>`\n"
        );
        let slot = Rule::UnfilledPlaceholder;
        check(
            &page,
            &[
                (slot, "<today's date>"),
                (slot, "<VERSION>"),
                (slot, "<OTHER_THING>"),
                (slot, "<on call>"),
            ],
        );
    }

    #[test]
    fn what_only_looks_like_a_slot_is_left_alone() {
        let page = format!(
            "{FILLED}A Vec<T> and HashMap<KEY> and <none>.\n```\nlet x: Vec<ID> = y;\ncat <<EOF >out\nsort <IN >OUT\n\
             <BR> <KEY>1</KEY> {{{{ if lt <A1> 2 }}}}\nprod   <none>   <NONE>\nif a <b && c> d\n<namespace>\n```\n"
        );
        check(&page, &[]);
    }

    #[test]
    fn declared_parameters_are_not_slots() {
        let page = format!("{FILLED}```\nrun <VERSION>\n```\n");
        assert_eq!(judge(&page, &["version"]).diagnostics, []);
        assert_eq!(judge(&page, &[]).diagnostics.len(), 1);
    }

    #[test]
    fn a_parameter_is_declared_by_what_the_page_takes_for_its_name() {
        let judged = |token: &str, declared: &str| {
            let page = format!("{FILLED}```\nrun {token}\n```\n");
            judge(&page, &[declared]).placeholders
        };
        for declared in ["aws_region", "aws-region", "AWS region", "aws.region"] {
            assert_eq!(judged("<AWS_REGION>", declared), 0, "{declared}");
            // The page shows it as not filled in, so it must be found here.
            assert_eq!(judged("<AWSREGION>", declared), 1, "{declared}");
        }
    }

    #[test]
    fn guidance_stays_guidance_when_only_quotes_or_the_agents_name_differ() {
        let page = format!("{FILLED}- Explain how it's   deployed.\n");
        check(&page, &[(Rule::TemplateGuidanceLeft, "Explain how it's   deployed.")]);
        let left = "Describe what `contentgen` is for and what it depends on, for somebody new.";
        check(&format!("{FILLED}\n{left}\n"), &[(Rule::TemplateGuidanceLeft, left)]);
    }

    #[test]
    fn of_two_sections_with_one_name_the_one_below_the_right_parent_is_meant() {
        let template = "## A\n### Steps\n## B\n### Steps\n";
        let schema = Schema::from_template(&document(template), template);
        let page = "## A\nText.\n## B\n### Steps\nText.\n";
        let page_document = document(page);
        let report = conformance(
            &schema,
            &ComparedPage { document: &page_document, text: page, parameters: &[] },
        );
        let states: Vec<&str> =
            report.sections.iter().map(|section| section.state.name()).collect();
        assert_eq!(states, ["complete", "missing", "complete", "complete"]);
    }

    #[test]
    fn a_slot_in_a_heading_stands_for_any_text() {
        let template = "## How <AGENT_NAME> fails\nText\n";
        let schema = Schema::from_template(&document(template), template);
        let page = "## How ContentGen fails\nBadly.\n";
        let page_document = document(page);
        let report = conformance(
            &schema,
            &ComparedPage { document: &page_document, text: page, parameters: &[] },
        );
        assert_eq!(report.diagnostics, []);
    }
}

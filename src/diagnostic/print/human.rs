//! Findings grouped by rule, each with its line and a caret, for people at a terminal.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use annotate_snippets::{AnnotationKind, Level as Title, Renderer, Snippet};

use super::Positions;
use crate::diagnostic::{Finding, Level, Rule};
use crate::files::Files;
use crate::hidden::shown;

/// How many findings of a rule are shown at most.
pub const SHOWN: usize = 10;

/// How findings are to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// With ANSI colors.
    pub color: bool,
    /// Show every finding rather than ten of each rule.
    pub all: bool,
}

/// Findings by rule, errors first; of each rule ten with their excerpt, then how many more there are.
pub fn human(findings: &[Finding], files: &Files, style: Style) -> String {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let mut positions = Positions::new(files);
    let mut groups = groups(findings);
    for group in &mut groups {
        let shown = if style.all { group.findings.len() } else { SHOWN.min(group.findings.len()) };
        group.shown = group.findings[..shown]
            .iter()
            .map(|finding| excerpt(finding, &mut positions, &renderer))
            .collect();
    }
    let mut out = String::new();
    for group in groups {
        for excerpt in &group.shown {
            out.push_str(excerpt);
            out.push_str("\n\n");
        }
        let more = group.findings.len() - group.shown.len();
        if more > 0 {
            let (level, rule) = (group.level.name(), group.rule.name());
            out.push_str(&format!("… and {more} more {level}[{rule}]; `--all` shows them\n\n"));
        }
    }
    out
}

/// The findings of one rule at one level.
struct FindingGroup<'f> {
    level: Level,
    rule: Rule,
    findings: Vec<&'f Finding>,
    shown: Vec<String>,
}

fn groups(findings: &[Finding]) -> Vec<FindingGroup<'_>> {
    let mut groups: BTreeMap<(Reverse<Level>, Rule), Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        groups.entry((Reverse(finding.level), finding.diagnostic.rule)).or_default().push(finding);
    }
    groups
        .into_iter()
        .map(|((Reverse(level), rule), findings)| FindingGroup {
            level,
            rule,
            findings,
            shown: Vec::new(),
        })
        .collect()
}

/// One finding as the terminal shows it, without color.
pub fn plain(finding: &Finding, positions: &mut Positions<'_>) -> String {
    excerpt(finding, positions, &Renderer::plain())
}

fn excerpt(finding: &Finding, positions: &mut Positions<'_>, renderer: &Renderer) -> String {
    let diagnostic = &finding.diagnostic;
    let title = if finding.level == Level::Error { Title::ERROR } else { Title::WARNING };
    // A finding of many lines is shown by its first.
    let (line, number, part) = positions.line(&diagnostic.at);
    let path = shown(diagnostic.at.path.as_str());
    let mut snippet = Snippet::source(line).line_start(number).path(&*path);
    if let Some(part) = part {
        snippet = snippet.annotation(AnnotationKind::Primary.span(part));
    }
    let message = title.primary_title(diagnostic.message.as_str()).id(diagnostic.rule.name());
    let mut group = annotate_snippets::Group::with_title(message).element(snippet);
    if let Some(help) = &diagnostic.help {
        group = group.element(Title::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

//! Findings grouped by rule, each with its line and a caret, for people at a terminal.

use annotate_snippets::{AnnotationKind, Group, Level as Title, Renderer, Snippet};

use super::{floor, text_of};
use crate::diagnostic::{Finding, Level, Rule};
use crate::files::Files;

/// How many findings of a rule are shown before the rest is counted.
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
    let mut out = String::new();
    for (level, rule) in groups(findings) {
        let group: Vec<&Finding> = findings
            .iter()
            .filter(|finding| finding.level == level && finding.diagnostic.rule == rule)
            .collect();
        let shown = if style.all { group.len() } else { SHOWN.min(group.len()) };
        for finding in &group[..shown] {
            out.push_str(&excerpt(finding, files, &renderer));
            out.push_str("\n\n");
        }
        if shown < group.len() {
            let more = group.len() - shown;
            out.push_str(&format!(
                "… and {more} more {}[{}]; `--all` shows them\n\n",
                level.name(),
                rule.name()
            ));
        }
    }
    out
}

/// One finding as the terminal shows it, without color.
pub fn plain(finding: &Finding, files: &Files) -> String {
    excerpt(finding, files, &Renderer::plain())
}

fn groups(findings: &[Finding]) -> Vec<(Level, Rule)> {
    let mut groups: Vec<(Level, Rule)> =
        findings.iter().map(|finding| (finding.level, finding.diagnostic.rule)).collect();
    groups.sort_by_key(|(level, rule)| (std::cmp::Reverse(*level), *rule));
    groups.dedup();
    groups
}

fn excerpt(finding: &Finding, files: &Files, renderer: &Renderer) -> String {
    let diagnostic = &finding.diagnostic;
    let title = if finding.level == Level::Error { Title::ERROR } else { Title::WARNING };
    let text = text_of(files, &diagnostic.at.path);
    let start = floor(&text, diagnostic.at.range.start);
    let end = floor(&text, diagnostic.at.range.end).max(start);
    // A finding of many lines is shown by its first.
    let end = text[start..end].find('\n').map_or(end, |line| start + line);
    let mut snippet = Snippet::source(text.as_ref()).path(diagnostic.at.path.as_str());
    if !text.is_empty() {
        snippet = snippet.annotation(AnnotationKind::Primary.span(start..end));
    }
    let message = title.primary_title(diagnostic.message.as_str()).id(diagnostic.rule.name());
    let mut group = Group::with_title(message).element(snippet);
    if let Some(help) = &diagnostic.help {
        group = group.element(Title::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

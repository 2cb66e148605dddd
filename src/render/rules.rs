//! Rules that define alerts, as pages and lists show them.

use std::collections::BTreeSet;

use crate::check::alerts::AlertRule;
use crate::check::alerts::pattern::PatternPiece;
use crate::check::alerts::says::condition;
use crate::config::Config;
use crate::files::FilePath;
use crate::resolve::Address;

use super::rows::severity;
use super::view::{NamePiece, RuleRow};

/// How many rules are shown on a page.
const SHOWN: usize = 40;

/// The rules of a page's alerts, each once, and how many are not shown; `in_repository` is where the site lies there.
pub(crate) fn rule_rows<'a>(
    rules: impl Iterator<Item = &'a AlertRule>,
    config: &Config,
    in_repository: &str,
) -> (Vec<RuleRow>, usize) {
    let mut seen = BTreeSet::new();
    let mut rules: Vec<&AlertRule> = rules
        .filter(|rule| seen.insert((&rule.at.path, rule.at.range.start, &rule.name)))
        .collect();
    let more = rules.len().saturating_sub(SHOWN);
    rules.truncate(SHOWN);
    let row = |rule: &&AlertRule| RuleRow {
        pieces: pieces(rule),
        severity: rule.severity.as_deref().map(severity),
        condition: condition(&config.words, rule),
        kind: rule.source.name(),
        source: source(rule),
        source_url: source_url(rule, config, in_repository),
    };
    (rules.iter().map(row).collect(), more)
}

/// A rule's name in parts; one part where nothing of it is computed.
pub(crate) fn pieces(rule: &AlertRule) -> Vec<NamePiece> {
    let literal =
        |text: &str| NamePiece { text: text.to_owned(), hole: false, values: String::new() };
    let Some(pattern) = &rule.pattern else { return vec![literal(&rule.name)] };
    let piece = |piece: &PatternPiece| match piece {
        PatternPiece::Literal(text) => literal(text),
        PatternPiece::Hole(hole) => NamePiece {
            text: if hole.name.is_empty() { "*".to_owned() } else { hole.name.clone() },
            hole: true,
            values: hole.values.join(", "),
        },
    };
    pattern.pieces().iter().map(piece).collect()
}

/// A rule's file and line.
pub(crate) fn source(rule: &AlertRule) -> String {
    format!("{}:{}", rule.at.path, rule.line)
}

/// A rule's file and line at the repository, if the file lies in it.
pub(crate) fn source_url(rule: &AlertRule, config: &Config, in_repository: &str) -> Option<String> {
    let repository = config.repository.as_ref()?;
    let file = FilePath::new(&format!("{in_repository}{}", rule.at.path))?;
    let file = Address::of_file(file.as_str()).encoded();
    Some(format!("{repository}/blob/HEAD/{file}#L{}", rule.line))
}

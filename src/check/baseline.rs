//! A baseline: findings that are accepted as they are, so that only new ones fail.
//!
//! A finding is known by its rule, its file and the text it points at, never by its line, so a baseline survives
//! edits elsewhere in the file. The text itself is only kept as a fingerprint: it may be a secret.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Finding};
use crate::files::{Files, fingerprint};

/// Accepted findings, each with how often it occurs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    version: u32,
    findings: Vec<Accepted>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Accepted {
    path: String,
    rule: String,
    text: String,
    count: usize,
}

/// What a baseline leaves of a run's findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The findings that the baseline does not hold.
    pub new: Vec<Finding>,
    /// How many it holds.
    pub known: usize,
    /// How many of the baseline's are gone, so that it can shrink.
    pub gone: usize,
}

impl Baseline {
    /// Accepts these findings.
    pub fn of(findings: &[Finding], files: &Files) -> Baseline {
        let mut counts: BTreeMap<(String, String, String), usize> = BTreeMap::new();
        for finding in findings {
            *counts.entry(identity(&finding.diagnostic, files)).or_default() += 1;
        }
        let accepted = |((path, rule, text), count)| Accepted { path, rule, text, count };
        Baseline { version: 1, findings: counts.into_iter().map(accepted).collect() }
    }

    /// Reads a baseline file.
    ///
    /// # Errors
    ///
    /// Says why the text is no baseline of this version.
    pub fn parse(text: &str) -> anyhow::Result<Baseline> {
        let baseline: Baseline = serde_json::from_str(text)?;
        anyhow::ensure!(baseline.version == 1, "it has version {}, not 1", baseline.version);
        Ok(baseline)
    }

    /// The baseline as a file, in a stable order, fit for review.
    ///
    /// # Errors
    ///
    /// Only if JSON cannot be written.
    pub fn to_json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Takes the accepted findings out of a run's; of more occurrences than were accepted the last are new.
    pub fn compare(&self, findings: Vec<Finding>, files: &Files) -> Compared {
        let mut left: BTreeMap<(String, String, String), usize> = self
            .findings
            .iter()
            .map(|accepted| {
                let key = (accepted.path.clone(), accepted.rule.clone(), accepted.text.clone());
                (key, accepted.count)
            })
            .collect();
        let total = findings.len();
        let new: Vec<Finding> = findings
            .into_iter()
            .filter(|finding| match left.get_mut(&identity(&finding.diagnostic, files)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            })
            .collect();
        Compared { known: total - new.len(), gone: left.values().sum(), new }
    }
}

/// File, rule and a fingerprint of the text pointed at, or of the message where the finding is about the file.
fn identity(finding: &Diagnostic, files: &Files) -> (String, String, String) {
    let pointed_at = files
        .text(&finding.at.path)
        .and_then(|text| text.get(finding.at.range.clone()))
        .filter(|text| !text.is_empty())
        .unwrap_or(&finding.message);
    let words: Vec<&str> = pointed_at.split_whitespace().collect();
    let text = fingerprint(words.join(" ").as_bytes());
    (finding.at.path.to_string(), finding.rule.name().to_owned(), text)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Baseline;
    use crate::diagnostic::{Diagnostic, Finding, Level, Location, Rule};
    use crate::files::{FilePath, Files};

    /// A site of one file, and a finding wherever `bad` and `worse` stand in it.
    fn site(text: &str) -> (Files, Vec<Finding>) {
        let path = FilePath::new("content/a.md").expect("a path");
        let mut found =
            vec![Diagnostic::new(Location::file(&path), Rule::MissingOwner, "no owner".to_owned())];
        for (word, rule) in [("bad", Rule::RawHtml), ("worse", Rule::BrokenLink)] {
            found.extend(text.match_indices(word).map(|(at, _)| {
                Diagnostic::new(Location::new(&path, at..at + word.len()), rule, String::new())
            }));
        }
        let mut files = Files::default();
        files.insert(path, text.as_bytes().to_vec());
        let finding =
            |diagnostic| Finding { level: Level::Error, diagnostic: Arc::new(diagnostic) };
        (files, found.into_iter().map(finding).collect())
    }

    /// What remains of the findings of `after` once those of `before` are accepted: new, known, gone.
    fn check(before: &str, after: &str, expected: (usize, usize, usize)) {
        let (files, found) = site(before);
        let written = Baseline::of(&found, &files).to_json().expect("JSON");
        let baseline = Baseline::parse(&written).expect("its own format");
        assert_eq!(baseline.to_json().expect("JSON"), written);
        let (files, found) = site(after);
        let compared = baseline.compare(found, &files);
        assert_eq!(
            (compared.new.len(), compared.known, compared.gone),
            expected,
            "{before} -> {after}"
        );
    }

    #[test]
    fn accepted_findings_survive_when_lines_move() {
        check("a bad link", "new\nlines\n\nand a bad link", (0, 2, 0));
    }

    #[test]
    fn only_new_findings_are_left() {
        check("bad", "bad worse", (1, 2, 0));
        check("bad", "bad bad", (1, 2, 0));
    }

    #[test]
    fn what_is_gone_is_counted() {
        check("bad bad worse", "bad", (0, 2, 2));
    }

    #[test]
    fn the_file_does_not_repeat_what_it_accepts() {
        let (files, found) = site("worse");
        let written = Baseline::of(&found, &files).to_json().expect("JSON");
        assert!(!written.contains("worse") && written.contains("broken-link"), "{written}");
    }

    #[test]
    fn another_version_is_refused() {
        assert!(Baseline::parse("{\"version\": 2, \"findings\": []}").is_err());
        assert!(Baseline::parse("[]").is_err());
    }
}

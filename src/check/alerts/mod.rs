//! The alert contract: what alert rules promise, held against what the site has.
//!
//! [`read_source`] turns the text of one alert source into [`AlertRule`]s, whatever tool it was written for;
//! [`contract`] compares them with what the site publishes, as [`Claims`] says it, and [`index`] lists both side by
//! side. Nothing asks the network: a link below the site's own address is looked up among the pages that are about to be published.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Location, alerts};
use crate::files::FilePath;
use crate::value::{Node, SyntaxError, json, yaml};

pub use claims::{Claim, Claims};
pub use contract::{Alert, Linked, contract, index};
pub use site::{alert_address, check_sources, claims, rules};

mod claims;
mod cloudformation;
mod cloudwatch;
mod contract;
mod prometheus;
mod site;
mod terraform;

/// Stands in a text for whatever only the tool that deploys the rule can compute.
pub(crate) const COMPUTED: char = '\u{fffc}';

/// An alert as its source defines it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRule {
    /// The alert's name.
    pub name: String,
    /// Where the name stands.
    pub at: Location,
    /// The link to a runbook, if there is one.
    pub runbook: Option<RunbookLink>,
    /// The severity as the source words it.
    pub severity: Option<String>,
    /// What is compared with what: the `PromQL`, or metric and threshold.
    pub expression: Option<String>,
    /// For how long, as in "15m".
    pub duration: Option<String>,
    /// What the rule says of itself, without its links.
    pub summary: Option<String>,
    /// Which tool the source was written for.
    pub source: SourceKind,
}

/// The address that a rule gives for its runbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunbookLink {
    /// The address; parts that are computed are U+FFFC.
    pub url: String,
    /// Where it stands.
    pub at: Location,
    /// Whether the rule calls it a runbook, rather than just linking something in its description.
    pub named: bool,
}

/// Which tool an alert source was written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// A Prometheus rule file or a `PrometheusRule` resource.
    Prometheus,
    /// A `CloudWatch` alarm in a `CloudFormation` template.
    CloudFormation,
    /// A `CloudWatch` alarm in a `.tf` file or in `terraform show -json`.
    Terraform,
}

/// What could be read of an alert source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceFile {
    /// The alerts in the order of the file.
    pub rules: Vec<AlertRule>,
    /// What could not be read, each with the reason.
    pub skipped: Vec<Diagnostic>,
}

/// Reads every alert of a source. What kind of source it is shows in its name and content; a file without
/// alerts has none, which is no mistake.
pub fn read_source(path: &FilePath, text: &str) -> SourceFile {
    let source = Source { path, text };
    let extension = path.name().rsplit_once('.').map_or("", |(_, extension)| extension);
    if extension.eq_ignore_ascii_case("tf") || extension.eq_ignore_ascii_case("hcl") {
        return terraform::read_configuration(&source);
    }
    let documents = if extension.eq_ignore_ascii_case("json") {
        json::parse(text, 0).map(|document| vec![document])
    } else {
        yaml::parse_documents(text, 0)
    };
    match documents {
        Ok(documents) => {
            let mut file = SourceFile::default();
            for document in &documents {
                prometheus::read(&source, document, &mut file);
                cloudformation::read(&source, document, &mut file);
                terraform::read_plan(&source, document, &mut file);
            }
            file
        }
        Err(error) => SourceFile { rules: Vec::new(), skipped: vec![unreadable(&source, &error)] },
    }
}

/// The file that is being read.
struct Source<'a> {
    path: &'a FilePath,
    text: &'a str,
}

impl Source<'_> {
    fn at(&self, range: Range<usize>) -> Location {
        Location::new(self.path, range)
    }

    /// Where a part of a value stands; the whole value if the part is not typed there as it is.
    fn at_part(&self, value: &Range<usize>, part: &str) -> Location {
        let typed = self.text.get(value.clone()).unwrap_or_default();
        match typed.find(part).filter(|_| !part.is_empty()) {
            Some(start) => self.at(value.start + start..value.start + start + part.len()),
            None => self.at(value.clone()),
        }
    }

    fn at_node(&self, node: &Node) -> Location {
        self.at(node.range.clone())
    }
}

/// The marks of the languages that generate rule files.
const TEMPLATE_MARKS: &[(&str, &str)] = &[("{%", "Jinja"), ("<%", "ERB"), ("{{", "Helm")];

/// Says why a source could not be parsed: mostly because it is a template of one.
///
/// `{{ $labels.pod }}` in a quoted annotation is Prometheus' own and no sign of a template; an action at the
/// start of a line is, and so is any on the line that could not be parsed.
fn unreadable(source: &Source<'_>, error: &SyntaxError) -> Diagnostic {
    let mut line_start = 0;
    for line in source.text.split_inclusive('\n') {
        let has_error = (line_start..line_start + line.len().max(1)).contains(&error.range.start);
        for (mark, language) in TEMPLATE_MARKS {
            if let Some(column) = line.find(mark)
                && (has_error || line[..column].trim().is_empty())
            {
                let start = line_start + column;
                return alerts::source_is_template(source.at(start..start + mark.len()), language);
            }
        }
        line_start += line.len();
    }
    alerts::source_not_parsed(source.at(error.range.clone()), &error.message)
}

/// One line without surplus blanks; `None` if nothing is left.
fn one_line(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    let line = line.replace(COMPUTED, "…");
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{AlertRule, Claim, Claims, SourceKind, contract, read_source};
    use crate::diagnostic::{Location, Rule};
    use crate::files::FilePath;

    /// Claims of pages at `/runbooks/SECTION/NAME/` in lower case, each for the alert of its file's name.
    fn runbooks<'a>(paths: impl IntoIterator<Item = &'a str>) -> Claims {
        let mut claims = Claims {
            base_url: Some("https://runbooks.prometheus-operator.dev/".to_string()),
            ..Claims::default()
        };
        for path in paths {
            let file = FilePath::new(path).unwrap();
            let name = file.name().trim_end_matches(".md").to_string();
            let address = format!("/{}/", path.trim_end_matches(".md").to_lowercase());
            claims.addresses.insert(address.clone(), Vec::new());
            if name != "_index" {
                let at = Some(Location::file(&file));
                let claim = Claim {
                    url: format!("/alerts/{name}/"),
                    page: address,
                    at,
                    ..Claim::default()
                };
                claims.alerts.entry(name).or_default().push(claim);
            }
        }
        claims
    }

    /// How many distinct link targets have a page, how many have none, and how many runbooks have no alert.
    fn counts(rules: &[AlertRule], claims: &Claims) -> (usize, usize, usize) {
        let url_at = |at: &Location| {
            let link =
                rules.iter().filter_map(|rule| rule.runbook.as_ref()).find(|link| link.at == *at);
            link.map(|link| link.url.to_lowercase()).unwrap()
        };
        let all: BTreeSet<String> = rules
            .iter()
            .filter_map(|rule| Some(rule.runbook.as_ref()?.url.to_lowercase()))
            .collect();
        let found = contract(rules, claims);
        let dead: BTreeSet<String> = found
            .iter()
            .filter(|found| found.rule == Rule::AlertLinkBroken)
            .map(|found| url_at(&found.at))
            .collect();
        let unanswered =
            found.iter().filter(|found| found.rule == Rule::RunbookWithoutAlert).count();
        let others = found.iter().filter(|found| {
            !matches!(found.rule, Rule::AlertLinkBroken | Rule::RunbookWithoutAlert)
        });
        assert_eq!(others.count(), 0);
        (all.len() - dead.len(), dead.len(), unanswered)
    }

    #[test]
    fn links_claims_and_alerts_are_counted_once_each() {
        let claims = runbooks([
            "runbooks/_index.md",
            "runbooks/queue/QueueStuck.md",
            "runbooks/queue/QueueSlow.md",
            "runbooks/queue/QueueGone.md",
        ]);
        let rule = |name: &str, path: &str| {
            format!(
                "    - alert: {name}\n      annotations:\n        runbook_url: \
                 https://runbooks.prometheus-operator.dev/runbooks/{path}\n"
            )
        };
        let text = format!(
            "kind: PrometheusRule\nspec:\n  groups:\n  - rules:\n{}{}{}{}{}",
            rule("QueueStuck", "queue/queuestuck"),
            rule("QueueStuck", "queue/queuestuck"),
            rule("QueueLate", "queue/queueslow/"),
            rule("QueueDead", "queue/queuedead"),
            rule("QueueLost", "lost/queuelost"),
        );
        let file = read_source(&FilePath::new("rules.yaml").unwrap(), &text);
        assert_eq!(counts(&file.rules, &claims), (2, 2, 1));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the corpora are outside of the repository")]
    #[expect(clippy::print_stderr, reason = "says that there was nothing to read")]
    fn the_contract_of_kube_prometheus_counts_as_measured() {
        let Ok(folder) = std::env::var("GUIDEPOST_CORPORA") else {
            eprintln!("not run: GUIDEPOST_CORPORA is not set");
            return;
        };
        let files = |below: &str, extension: &str| -> Vec<(String, String)> {
            let folder = format!("{folder}/{below}");
            let entries =
                walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter().map(Result::unwrap);
            let files =
                entries.filter(|entry| entry.path().extension().is_some_and(|e| e == extension));
            files
                .map(|file| {
                    let path =
                        file.path().strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
                    (path, std::fs::read_to_string(file.path()).unwrap())
                })
                .collect()
        };
        let mut pages = files("prometheus-operator-runbooks/content", "md");
        pages.retain(|(path, _)| path.starts_with("runbooks/"));
        let mut rules = Vec::new();
        for (path, text) in files("kube-prometheus-rules/manifests", "yaml") {
            let file = read_source(&FilePath::new(&path).unwrap(), &text);
            assert_eq!(file.skipped, [], "{path}");
            rules.extend(file.rules);
        }
        let claims = runbooks(pages.iter().map(|(path, _)| path.as_str()));
        assert_eq!(counts(&rules, &claims), (99, 26, 9));
    }

    #[test]
    fn a_source_that_nests_without_end_is_refused() {
        for (name, before, open, close) in [
            ("a.tf", "a = ", "[", "]"),
            ("a.tf", "a = ", "(", ")"),
            ("a.tf", "a = ", "{b = ", "}"),
            ("a.tf", "a = ", "f(", ")"),
            ("a.tf", "a = ", "b[", "]"),
            ("a.tf", "a = ", "!", ""),
            ("a.tf", "a = ", "-", ""),
            ("a.tf", "a = ", "1 + ", ""),
            ("a.tf", "a = ", "b ? b : ", ""),
            ("a.tf", "a = ", "\"${", "}\""),
            ("a.tf", "a = ", "[\"${(", ")}\"]"),
            ("a.tf", "", "a {\n", "\n}"),
            ("a.json", "", "[", "]"),
            ("a.json", "", "{\"a\":", "}"),
            ("a.yaml", "", "[", "]"),
            ("a.yaml", "", "{a: ", "}"),
            ("a.yaml", "", "- ", ""),
            ("a.yaml", "", "? ", ""),
        ] {
            let text = format!("{before}{}1{}\n", open.repeat(100_000), close.repeat(100_000));
            let file = read_source(&FilePath::new(name).unwrap(), &text);
            let [said] = &file.skipped[..] else { panic!("{name} {open}: {:?}", file.skipped) };
            let why = ["nest too deep here", "nested levels", "chained binary operators"];
            assert!(why.iter().any(|why| said.message.ends_with(why)), "{name} {open}: {said:?}");
        }
    }

    #[test]
    fn every_alarm_of_the_example_is_read_with_its_runbook() {
        for (path, text, kind, count) in [
            (
                "a.yaml",
                include_str!("../../../content/_alarms/cloudwatch-alarms.yaml"),
                SourceKind::CloudFormation,
                8,
            ),
            ("a.tf", include_str!("../../../content/_alarms/alarms.tf"), SourceKind::Terraform, 3),
            (
                "plan.json",
                include_str!("../../../content/_alarms/plan.json"),
                SourceKind::Terraform,
                4,
            ),
        ] {
            let file = read_source(&FilePath::new(path).unwrap(), text);
            assert_eq!(file.skipped, []);
            assert_eq!(file.rules.len(), count, "{path}");
            for rule in &file.rules {
                assert_eq!(rule.source, kind);
                assert_eq!(&text[rule.at.range.clone()], rule.name);
                let link = rule.runbook.as_ref().unwrap();
                assert!(link.named && link.url.contains(&rule.name));
                assert_eq!(&text[link.at.range.clone()], link.url);
                for part in [&rule.severity, &rule.expression, &rule.duration, &rule.summary] {
                    assert!(part.as_ref().is_some_and(|part| !part.contains("http")), "{rule:?}");
                }
            }
        }
    }
}

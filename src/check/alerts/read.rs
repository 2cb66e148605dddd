//! Turns the text of alert sources into rules.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, alerts};
use crate::files::FilePath;
use crate::value::{Node, SyntaxError, json, yaml};

use super::rule::{RuleFile, SourceFile, extension, is_terraform};
use super::values::VariableValues;
use super::{cloudformation, datadog, grafana, objectives, other, prometheus, template, terraform};

/// Reads alert sources together, each by its path. What kind of source each is shows in its name and content.
///
/// Terraform's files are read as the modules that they make. Where a module is called, its alerts are among those of
/// the caller unless `is_listed` holds for the module's own file.
pub fn read_sources(
    files: &[(&FilePath, &str)],
    values: &VariableValues,
    is_listed: &dyn Fn(&FilePath) -> bool,
) -> BTreeMap<FilePath, SourceFile> {
    let (terraform, others): (Vec<_>, Vec<_>) =
        files.iter().copied().partition(|(path, _)| is_terraform(path));
    let mut read = terraform::configuration::read(&terraform, values, is_listed);
    for (path, text) in others {
        read.insert(path.clone(), read_document(&RuleFile { path, text }, values));
    }
    read
}

/// Reads a source that is YAML or JSON.
fn read_document(source: &RuleFile<'_>, values: &VariableValues) -> SourceFile {
    let mut file = SourceFile { why_empty: other::language(source), ..SourceFile::default() };
    if file.why_empty.is_some() {
        return file;
    }
    let is_json =
        ["json", "template"].iter().any(|known| extension(source.path).eq_ignore_ascii_case(known));
    let documents = match is_json.then(|| json::parse(source.text, 0)) {
        Some(Ok(document)) => Ok(vec![document]),
        Some(Err(error)) if extension(source.path).eq_ignore_ascii_case("json") => Err(error),
        _ => yaml::parse_documents(source.text, 0),
    };
    match documents {
        Ok(documents) => {
            for document in &documents {
                read_value(source, values, document, &mut file);
            }
            if file.rules.is_empty() {
                file.why_empty = other::what(&documents);
            }
        }
        Err(error) => match template::filled(source.text) {
            Some(filled) => read_filled(source, values, &filled, &error, &mut file),
            None => file.skipped.push(unreadable(source, &error)),
        },
    }
    file
}

/// Reads what a template of a source says where it is no action of the template.
fn read_filled(
    source: &RuleFile<'_>,
    values: &VariableValues,
    filled: &str,
    error: &SyntaxError,
    file: &mut SourceFile,
) {
    let Ok(documents) = yaml::parse_documents(filled, 0) else {
        file.skipped.push(unreadable(source, error));
        return;
    };
    for document in &documents {
        let document = template::with_actions(document, source.text);
        read_value(source, values, &document, file);
    }
    if file.rules.is_empty() {
        file.skipped.push(unreadable(source, error));
    }
}

/// Adds the alerts of a document, of the resources that it lists and of the files that it wraps up.
fn read_value(
    source: &RuleFile<'_>,
    values: &VariableValues,
    document: &Node,
    file: &mut SourceFile,
) {
    let is_list =
        document.get("kind").and_then(Node::as_str).is_some_and(|kind| kind.ends_with("List"));
    let listed = document.get("items").filter(|_| is_list).map(Node::items).unwrap_or_default();
    // Jsonnet gives a list of resources, or a map of them by file name.
    let of_jsonnet = document.items().iter().filter(|item| item.get("kind").is_some());
    let is_resource = ["kind", "groups", "spec"].iter().any(|key| document.get(key).is_some());
    let by_name = document.entries().iter().filter(|_| !is_resource).map(|entry| &entry.value);
    let by_name =
        by_name.filter(|value| value.get("kind").is_some() || value.get("groups").is_some());
    for resource in std::iter::once(document).chain(listed).chain(of_jsonnet).chain(by_name) {
        read_resource(source, values, resource, file);
        for (whole, inner) in prometheus::wrapped(resource) {
            let mut wrapped = SourceFile::default();
            for inner in &inner {
                read_resource(source, values, inner, &mut wrapped);
            }
            file.rules
                .extend(wrapped.rules.into_iter().map(|rule| rule.within(source, &whole.range)));
        }
    }
}

fn read_resource(
    source: &RuleFile<'_>,
    values: &VariableValues,
    resource: &Node,
    file: &mut SourceFile,
) {
    prometheus::read(source, resource, file);
    grafana::read(source, resource, file);
    datadog::read(source, resource, file);
    objectives::read(source, resource, file);
    cloudformation::read(source, values, resource, file);
    terraform::plan::read(source, resource, file);
}

/// The marks of the languages that generate rule files.
const TEMPLATE_MARKS: &[(&str, &str)] = &[("{%", "Jinja"), ("<%", "ERB"), ("{{", "Helm")];

/// Says why a source could not be parsed: mostly because it is a template of one.
///
/// `{{ $labels.pod }}` in a quoted annotation is Prometheus' own and no sign of a template; an action at the
/// start of a line is, and so is any on the line that could not be parsed.
fn unreadable(source: &RuleFile<'_>, error: &SyntaxError) -> Diagnostic {
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

/// Reads one source alone.
#[cfg(test)]
pub(super) fn read_source(path: &FilePath, text: &str) -> SourceFile {
    let mut read = read_sources(&[(path, text)], &VariableValues::default(), &|_| true);
    read.remove(path).unwrap_or_default()
}

/// Reads one source alone; `expected` has name, severity and link of each rule.
#[cfg(test)]
pub(super) fn check_rules(name: &str, text: &str, kind: super::SourceKind, expected: &[&str]) {
    let file = read_source(&FilePath::new(name).expect("a path"), text);
    assert_eq!(file.skipped, [], "{text}");
    let shown = file.rules.iter().map(|rule| {
        assert_eq!((rule.source, &text[rule.at.range.clone()]), (kind, rule.name.as_str()));
        let url = rule.runbook.as_ref().map_or("-", |link| &link.url);
        format!("{} {} {url}", rule.name, rule.severity.as_deref().unwrap_or("-"))
    });
    assert_eq!(shown.collect::<Vec<String>>(), expected, "{text}");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::read_source;
    use crate::check::alerts::{AlertRule, Claim, Claims, SourceKind, contract};
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

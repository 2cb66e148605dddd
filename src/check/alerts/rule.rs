//! What is read of alert sources: the tools' kinds of files, and the rules in them, whatever tool they were written for.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Location};
use crate::files::FilePath;

use super::pattern::{COMPUTED, Pattern};

/// An alert as its source defines it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRule {
    /// The alert's name; with what is computed in braces, as in `{Environment}-errors`.
    pub name: String,
    /// Every name that the rule can have when it is deployed, if its name is not known before.
    pub pattern: Option<Pattern>,
    /// Where the name stands.
    pub at: Location,
    /// The line of that, from 1; 0 until the whole file is known.
    pub line: usize,
    /// The link to a runbook, if there is one.
    pub runbook: Option<RunbookLink>,
    /// Every other address in the rule, checked where it leads to this site.
    pub links: Vec<RunbookLink>,
    /// The severity as the source words it.
    pub severity: Option<String>,
    /// What its alerts are labeled with, as far as the source knows it: labels, tags, and the dimensions of a metric.
    pub labels: BTreeMap<String, String>,
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
    /// An alert rule of Grafana's own.
    Grafana,
    /// A Datadog monitor.
    Datadog,
    /// An objective of Sloth, Pyrra or `OpenSLO`.
    Objective,
    /// An alert of Azure Monitor in Terraform.
    Azure,
    /// An alert policy of Google Cloud in Terraform.
    Google,
    /// A condition of New Relic in Terraform.
    NewRelic,
}

impl SourceKind {
    /// As printed and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            SourceKind::Prometheus => "Prometheus",
            SourceKind::CloudFormation => "CloudFormation",
            SourceKind::Terraform => "Terraform",
            SourceKind::Grafana => "Grafana",
            SourceKind::Datadog => "Datadog",
            SourceKind::Objective => "SLO",
            SourceKind::Azure => "Azure",
            SourceKind::Google => "Google Cloud",
            SourceKind::NewRelic => "New Relic",
        }
    }
}

/// What could be read of an alert source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceFile {
    /// The alerts in the order of the file.
    pub rules: Vec<AlertRule>,
    /// What could not be read, each with the reason.
    pub skipped: Vec<Diagnostic>,
    /// What the file is instead, if it holds no alert and that can be told.
    pub why_empty: Option<&'static str>,
}

/// Whether a file is read as a part of a Terraform module.
pub(crate) fn is_terraform(path: &FilePath) -> bool {
    let extension = extension(path);
    ["tf", "hcl", "tfvars"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

pub(super) fn extension(path: &FilePath) -> &str {
    path.name().rsplit_once('.').map_or("", |(_, extension)| extension)
}

impl AlertRule {
    /// The rule of a text that is wrapped up in a value: its places are those of the value.
    pub(super) fn within(self, source: &RuleFile<'_>, value: &Range<usize>) -> AlertRule {
        let typed = |link: RunbookLink| {
            let at = source.at_part(value, &link.url);
            RunbookLink { at, ..link }
        };
        AlertRule {
            at: source.at_part(value, &self.name),
            runbook: self.runbook.map(typed),
            links: self.links.into_iter().map(typed).collect(),
            ..self
        }
    }
}

/// The file that is being read.
pub(super) struct RuleFile<'a> {
    pub(super) path: &'a FilePath,
    pub(super) text: &'a str,
}

impl RuleFile<'_> {
    pub(super) fn at(&self, range: Range<usize>) -> Location {
        Location::new(self.path, range)
    }

    /// Where a part of a value stands; the whole value if the part is not typed there as it is.
    pub(super) fn at_part(&self, value: &Range<usize>, part: &str) -> Location {
        let typed = self.text.get(value.clone()).unwrap_or_default();
        match typed.find(part).filter(|_| !part.is_empty()) {
            Some(start) => self.at(value.start + start..value.start + start + part.len()),
            None => self.at(value.clone()),
        }
    }

    /// Where an address that a value says is typed: in the value, else where the file has it, else the whole value.
    pub(super) fn at_origin(&self, value: &Range<usize>, address: &str) -> Location {
        let typed = self.text.get(value.clone()).unwrap_or_default();
        if typed.contains(address) || address.contains(COMPUTED) {
            return self.at_part(value, address);
        }
        match self.text.find(address) {
            Some(start) => self.at(start..start + address.len()),
            None => self.at(value.clone()),
        }
    }
}

/// One line without surplus blanks; `None` if nothing is left.
pub(super) fn one_line(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    let line = line.replace(COMPUTED, "…");
    (!line.is_empty()).then_some(line)
}

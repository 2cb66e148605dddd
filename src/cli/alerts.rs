//! `guidepost alerts`: every alert with its rules and its runbook, and runbook links written into rules.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::build::{Cache, Judged};
use crate::check::alerts::pattern::Pattern;
use crate::check::alerts::{Alert, AlertRule, LinkedRunbook};
use crate::diagnostic::print::Positions;
use crate::files::Files;
use crate::memo::Mode;

use super::output::{Voice, columns, count, csv, print_listed, say};
use super::site::SiteArguments;

mod links;

/// What can be typed behind `guidepost alerts`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// How the alerts are listed.
    #[arg(long, value_enum, default_value_t = AlertsFormat::Table, conflicts_with = "write_links")]
    format: AlertsFormat,
    /// Write the alert's stable address into each rule that has no link to its runbook here, or a wrong one.
    #[arg(long)]
    write_links: bool,
    /// Show what would be written, and write nothing.
    #[arg(long, requires = "write_links")]
    dry_run: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AlertsFormat {
    /// For people.
    Table,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
}

/// Lists the alerts of a site, or writes the links that their rules lack.
pub(crate) fn alerts(arguments: &Arguments, voice: Voice) -> anyhow::Result<ExitCode> {
    let place = arguments.site.root()?;
    let site = arguments.site.open()?;
    let judged = site.judge(&mut Cache::new(Mode::Once), "read")?;
    if arguments.write_links {
        let files = &site.sources.files;
        return links::write(&place.folder, &judged, files, arguments.dry_run, voice);
    }
    let rows = rows(&judged, &site.sources.files);
    match arguments.format {
        AlertsFormat::Table => print_listed(&table(&rows))?,
        AlertsFormat::Json => print_listed(&(serde_json::to_string_pretty(&rows)? + "\n"))?,
        AlertsFormat::Csv => print_listed(&as_csv(&rows))?,
    }
    if voice != Voice::Quiet {
        let lacking = rows.iter().filter(|row| row.runbook.is_none()).count();
        say(&format!("{}, {lacking} without a runbook", count(rows.len(), "alert")))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// An alert.
#[derive(Serialize)]
struct ListedAlert {
    name: String,
    severity: Option<String>,
    owner: Option<String>,
    /// The page that answers it, from the root of the site, or the address elsewhere.
    runbook: Option<String>,
    /// The stable address, if there is one.
    url: Option<String>,
    rules: Vec<DefiningRule>,
}

/// A rule that defines it.
#[derive(Serialize)]
struct DefiningRule {
    name: String,
    kind: &'static str,
    file: String,
    line: usize,
    column: usize,
    severity: Option<String>,
    expression: Option<String>,
    duration: Option<String>,
    link: Option<String>,
    computed: bool,
    constant: Option<String>,
    holes: Vec<HoleRow>,
}

/// What of a rule's name is computed.
#[derive(Serialize)]
struct HoleRow {
    name: String,
    values: Vec<String>,
}

fn rows(judged: &Judged, files: &Files) -> Vec<ListedAlert> {
    let mut positions = Positions::new(files);
    judged.report.alerts.iter().map(|alert| row(alert, judged, &mut positions)).collect()
}

fn row(alert: &Alert, judged: &Judged, positions: &mut Positions<'_>) -> ListedAlert {
    let claim = alert.claims.first();
    let place = |page: &str, anchor: Option<&String>| {
        anchor.map_or_else(|| page.to_owned(), |anchor| format!("{page}#{anchor}"))
    };
    let linked = alert.linked.as_ref().map(|linked| match linked {
        LinkedRunbook::Page { page, anchor } => place(page, anchor.as_ref()),
        LinkedRunbook::Elsewhere(url) => url.clone(),
    });
    let claimed = claim.map(|claim| place(&claim.page, claim.anchor.as_ref()));
    let of_rules = || alert.rules.iter().find_map(|rule| rule.severity.clone());
    let computed = || {
        let named = judged.report.claims.computed.iter().find(|named| named.name == alert.name);
        named.map(|named| named.url.clone())
    };
    ListedAlert {
        name: alert.name.clone(),
        severity: claim.and_then(|claim| claim.severity.clone()).or_else(of_rules),
        owner: claim.and_then(|claim| claim.owner.clone()),
        runbook: claimed.or(linked),
        url: claim.map(|claim| claim.url.clone()).or_else(computed),
        rules: alert.rules.iter().map(|rule| rule_row(rule, positions)).collect(),
    }
}

fn rule_row(rule: &AlertRule, positions: &mut Positions<'_>) -> DefiningRule {
    let (start, _) = positions.of(&rule.at);
    let constant = rule.pattern.as_ref().map(Pattern::constant);
    let holes = rule.pattern.iter().flat_map(Pattern::holes);
    DefiningRule {
        name: rule.name.clone(),
        kind: rule.source.name(),
        file: rule.at.path.to_string(),
        line: start.line,
        column: start.column,
        severity: rule.severity.clone(),
        expression: rule.expression.clone(),
        duration: rule.duration.clone(),
        link: rule.runbook.as_ref().map(|link| link.url.replace('\u{fffc}', "…")),
        computed: rule.pattern.is_some(),
        constant: constant.filter(|constant| !constant.is_empty()),
        holes: holes
            .map(|hole| HoleRow { name: hole.name.clone(), values: hole.values.clone() })
            .collect(),
    }
}

impl ListedAlert {
    /// The tools that define it.
    fn kinds(&self) -> String {
        let mut kinds: Vec<&str> = self.rules.iter().map(|rule| rule.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.join(", ")
    }

    /// Where the first rule stands, and how many more there are.
    fn first_rule(&self) -> Option<String> {
        let first = self.rules.first()?;
        let more = match self.rules.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!("{}:{}{more}", first.file, first.line))
    }
}

/// A line for each alert.
fn table(rows: &[ListedAlert]) -> String {
    let head = ["SEVERITY", "ALERT", "SOURCE", "OWNER", "RUNBOOK", "RULE"].map(str::to_owned);
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let mut lines = vec![head];
    lines.extend(rows.iter().map(|row| {
        let kinds = Some(row.kinds()).filter(|kinds| !kinds.is_empty());
        [
            or_dash(&row.severity),
            row.name.clone(),
            or_dash(&kinds),
            or_dash(&row.owner),
            or_dash(&row.runbook),
            or_dash(&row.first_rule()),
        ]
    }));
    columns(&lines)
}

/// A line for each rule, and one for an alert without any.
fn as_csv(rows: &[ListedAlert]) -> String {
    let head = [
        "alert", "severity", "owner", "runbook", "url", "rule", "source", "file", "line",
        "expression", "duration",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    for row in rows {
        let of_alert = [&row.severity, &row.owner, &row.runbook, &row.url];
        let mut cells = vec![row.name.clone()];
        cells.extend(of_alert.map(|cell| cell.clone().unwrap_or_default()));
        if row.rules.is_empty() {
            lines.push([cells.clone(), vec![String::new(); 6]].concat());
        }
        for rule in &row.rules {
            let text = |cell: &Option<String>| cell.clone().unwrap_or_default();
            let of_rule = vec![
                rule.name.clone(),
                rule.kind.to_owned(),
                rule.file.clone(),
                rule.line.to_string(),
                text(&rule.expression),
                text(&rule.duration),
            ];
            lines.push([cells.clone(), of_rule].concat());
        }
    }
    csv(&lines)
}

//! `guidepost freshness`: which pages owe a review, the most urgent first.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use jiff::civil::Date;

use crate::build::{Cache, Judged};
use crate::calendar::{Interval, days_between};
use crate::check::freshness::Basis;
use crate::check::secrets::masked::masked;
use crate::diagnostic::nearest;
use crate::files::FilePath;
use crate::freshness::State;
use crate::memo::Mode;

use super::output::{Voice, columns, csv, print_listed, say};
use super::site::SiteArguments;

use digest::{Digest, Forge};
use forecast::forecast;
use row::ReviewRow;

#[cfg(feature = "deploy")]
mod apply;
mod digest;
mod forecast;
mod row;

/// What can be typed behind `guidepost freshness`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Only pages of this owner.
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// Only what is due within this time: `14d`, `6 weeks`.
    #[arg(long, value_name = "INTERVAL", value_parser = interval)]
    due_within: Option<Interval>,
    /// How the pages are listed.
    #[arg(long, value_enum, default_value_t = FreshnessFormat::Table)]
    format: FreshnessFormat,
    /// Say instead how many reviews come due in each of the next twelve weeks, and which to do earlier.
    #[arg(long)]
    forecast: bool,
    /// With `--format github-issue` or `gitlab-issue`: open, edit and close the issues instead of printing a script, with
    /// `GITHUB_TOKEN` or `GITLAB_TOKEN`.
    #[cfg(feature = "deploy")]
    #[arg(long)]
    apply: bool,
    /// How often alerts fired, as JSON: `{"AlertName": 12}`. Pages whose alerts fire most come first in their state.
    #[arg(long, value_name = "FILE")]
    fired: Option<PathBuf>,
    /// Exit with 1 if a listed page is in this state.
    #[arg(long, value_enum, value_name = "STATE")]
    fail_on: Option<FailOn>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FreshnessFormat {
    /// For people.
    Table,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
    /// By owner, for a comment or a mail.
    Markdown,
    /// A message for Slack, to post to a webhook.
    Slack,
    /// A message for Microsoft Teams, to post to a workflow.
    Teams,
    /// A script for the shell that keeps one GitHub issue an owner through `gh`.
    GithubIssue,
    /// The same for GitLab, through `glab` and `jq`.
    GitlabIssue,
}

#[cfg(feature = "deploy")]
impl FreshnessFormat {
    /// Where issues are kept, if that is what is asked for.
    fn forge(self) -> Option<Forge> {
        match self {
            FreshnessFormat::GithubIssue => Some(Forge::GitHub),
            FreshnessFormat::GitlabIssue => Some(Forge::GitLab),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// The due date has passed.
    Overdue,
    /// No review is recorded, or the due date has passed.
    NeverReviewed,
    /// A watched file changed, or the due date has passed.
    Suspect,
    /// The due date is near or has passed.
    DueSoon,
}

impl FailOn {
    fn covers(self, state: State) -> bool {
        let named = match self {
            FailOn::Overdue => State::Overdue,
            FailOn::NeverReviewed => State::NeverReviewed,
            FailOn::Suspect => State::Suspect,
            FailOn::DueSoon => State::DueSoon,
        };
        state == named || state == State::Overdue
    }
}

fn interval(text: &str) -> Result<Interval, String> {
    Interval::parse(text)
        .ok_or_else(|| "not a length of time such as `14d` or `6 weeks`".to_owned())
}

/// Lists the pages that owe a review.
pub(crate) fn freshness(arguments: &Arguments, voice: Voice) -> anyhow::Result<ExitCode> {
    let site = arguments.site.open()?;
    let judged = site.judge(&mut Cache::new(Mode::Once), "read")?;
    if let Some(owner) = &arguments.owner {
        known_owner(owner, &judged)?;
    }
    let fired = arguments.fired.as_deref().map(read_counts).transpose()?;
    let rows = rows(arguments, &judged, site.options.today, fired.as_ref());
    if arguments.forecast {
        print_forecast(arguments.format, &rows, site.options.today)?;
    } else if is_applied(arguments)? {
        #[cfg(feature = "deploy")]
        apply_issues(arguments.format, &rows, &judged, voice)?;
    } else {
        print_rows(arguments.format, &rows, &judged)?;
    }
    if let Some(reason) = judged.report.history_unknown.as_ref().filter(|_| voice != Voice::Quiet) {
        say(&format!(
            "whether watched files changed, and how reviews were made, is unknown: {reason}"
        ))?;
    }
    let fails = |row: &ReviewRow| arguments.fail_on.is_some_and(|on| on.covers(row.state));
    Ok(ExitCode::from(u8::from(rows.iter().any(fails))))
}

/// Whether issues are to be kept rather than printed.
#[cfg(feature = "deploy")]
fn is_applied(arguments: &Arguments) -> anyhow::Result<bool> {
    let is_kept = arguments.format.forge().is_some();
    anyhow::ensure!(
        is_kept || !arguments.apply,
        "only issues are applied: `--format github-issue` or `gitlab-issue`"
    );
    Ok(arguments.apply)
}

/// A program without connections prints only.
#[cfg(not(feature = "deploy"))]
#[expect(clippy::unnecessary_wraps, reason = "with connections it may be refused")]
fn is_applied(_: &Arguments) -> anyhow::Result<bool> {
    Ok(false)
}

/// Keeps the issues of all owners, and says what was done.
#[cfg(feature = "deploy")]
fn apply_issues(
    format: FreshnessFormat,
    rows: &[ReviewRow],
    judged: &Judged,
    voice: Voice,
) -> anyhow::Result<()> {
    let Some(forge) = format.forge() else { return Ok(()) };
    let config = &judged.site.config;
    let (title, names) = (masked(&config.title), owner_names(judged));
    let issues = Digest::new(&title, rows, &names).issues();
    let done = apply::Tracker::of(forge, config.repository.as_deref())?.keep(&issues)?;
    if voice != Voice::Quiet {
        done.iter().try_for_each(|line| say(line))?;
    }
    Ok(())
}

/// What owners are called, by their keys, without what looks like a secret.
fn owner_names(judged: &Judged) -> BTreeMap<&str, Cow<'_, str>> {
    let owners = judged.site.config.owners.iter();
    owners.filter_map(|(key, owner)| Some((key.as_str(), masked(owner.name.as_deref()?)))).collect()
}

fn print_rows(format: FreshnessFormat, rows: &[ReviewRow], judged: &Judged) -> anyhow::Result<()> {
    let config = &judged.site.config;
    let (title, names) = (masked(&config.title), owner_names(judged));
    let digest = || Digest::new(&title, rows, &names);
    print_listed(&match format {
        FreshnessFormat::Table => table(rows),
        FreshnessFormat::Json => serde_json::to_string_pretty(rows)? + "\n",
        FreshnessFormat::Csv => as_csv(rows),
        FreshnessFormat::Markdown => digest().markdown(),
        FreshnessFormat::Slack => digest().slack(),
        FreshnessFormat::Teams => digest().teams(),
        FreshnessFormat::GithubIssue => digest().issue_script(Forge::GitHub),
        FreshnessFormat::GitlabIssue => digest().issue_script(Forge::GitLab),
    })
}

fn print_forecast(format: FreshnessFormat, rows: &[ReviewRow], today: Date) -> anyhow::Result<()> {
    let forecast = forecast(rows, today);
    match format {
        FreshnessFormat::Table => print_listed(&forecast.table()),
        FreshnessFormat::Json => print_listed(&(serde_json::to_string_pretty(&forecast)? + "\n")),
        _ => anyhow::bail!("a forecast is a table or JSON"),
    }
}

/// How often each alert fired.
#[expect(clippy::disallowed_methods, reason = "the command reads the file that it is given")]
fn read_counts(file: &Path) -> anyhow::Result<BTreeMap<String, u64>> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read `{shown}`"))?;
    serde_json::from_str(&text)
        .with_context(|| format!("`{shown}` is no JSON object of alerts and counts"))
}

/// An owner that nobody is would list nothing, and a job that asks for it would pass for ever.
fn known_owner(owner: &str, judged: &Judged) -> anyhow::Result<()> {
    let config = judged.site.config.owners.keys().map(String::as_str);
    let pages = judged.report.pages.iter().filter_map(|page| page.owner.as_deref());
    let known: BTreeSet<&str> = config.chain(pages).collect();
    let near = nearest(owner, known.iter().copied()).map(|near| format!("; is `{near}` meant?"));
    anyhow::ensure!(known.contains(owner), "no owner `{owner}`{}", near.unwrap_or_default());
    Ok(())
}

/// The pages that owe reviews: by state, by how often their alerts fired, by due day.
fn rows(
    arguments: &Arguments,
    found: &Judged,
    today: Date,
    fired: Option<&BTreeMap<String, u64>>,
) -> Vec<ReviewRow> {
    let horizon = arguments.due_within.and_then(|within| within.after(today));
    let base = found.site.config.base_url.as_deref();
    let fired = fired.map(|counts| fired_by_page(found, counts));
    let mut rows: Vec<(Option<Date>, ReviewRow)> = found
        .site
        .pages
        .iter()
        .zip(&found.report.pages)
        .filter(|(_, report)| report.freshness.owes())
        .filter(|(_, report)| {
            arguments.owner.is_none() || arguments.owner.as_deref() == report.owner.as_deref()
        })
        .filter(|(_, report)| match (horizon, report.freshness.due()) {
            (Some(horizon), Some(due)) => due <= horizon,
            (Some(_), None) => report.freshness.state == State::NeverReviewed,
            (None, _) => true,
        })
        .map(|(page, report)| {
            let judged = &report.freshness;
            let last = judged.last.as_ref();
            let stands_in = last.is_some_and(|last| last.basis == Basis::Date);
            let day = last.map(|last| last.on.to_string());
            let row = ReviewRow {
                state: judged.state,
                due: judged.due().map(|due| due.to_string()),
                due_soon_from: judged.schedule.due().map(|due| due.soon.to_string()),
                days_left: judged.due().map(|due| days_between(today, due)),
                last_reviewed_on: day.clone().filter(|_| !stands_in),
                dated: day.filter(|_| stands_in),
                date_only: judged.date_only(),
                dated_together: judged.reviewed.map(|reviewed| reviewed.together),
                reviewed_by_author: judged.reviewed.and_then(|reviewed| reviewed.by_author),
                owner: report.owner.as_deref().map(|owner| masked(owner).into_owned()),
                title: masked(&page.nav_title).into_owned(),
                file: page.document.path.to_string(),
                url: base.map(|base| format!("{base}{}", page.address.encoded())),
                fired: fired.as_ref().map(|of| of.get(&page.document.path).copied().unwrap_or(0)),
            };
            (judged.due(), row)
        })
        .collect();
    rows.sort_by(|(due, a), (other_due, b)| {
        let key = |row: &ReviewRow| (row.state, std::cmp::Reverse(row.fired));
        (key(a), due, &a.file).cmp(&(key(b), other_due, &b.file))
    });
    rows.into_iter().map(|(_, row)| row).collect()
}

/// How often the alerts of each page fired, together.
fn fired_by_page(found: &Judged, counts: &BTreeMap<String, u64>) -> BTreeMap<FilePath, u64> {
    let mut by_page: BTreeMap<FilePath, u64> = BTreeMap::new();
    for (name, claims) in found.site.alerts.iter() {
        for claim in claims {
            let path = &found.site.page(claim.page).document.path;
            let count = by_page.entry(path.clone()).or_default();
            *count = count.saturating_add(counts.get(name).copied().unwrap_or(0));
        }
    }
    by_page
}

/// A line for each page, and one that counts.
fn table(rows: &[ReviewRow]) -> String {
    let head = ["STATE", "DUE", "REVIEWED", "OWNER", "PAGE"].map(str::to_owned);
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let mut lines = vec![head];
    lines.extend(rows.iter().map(|row| {
        let reviewed = row.dated.as_ref().map(|dated| format!("({dated})"));
        let reviewed = reviewed.or_else(|| row.last_reviewed_on.clone());
        [
            row.state.label().to_owned(),
            or_dash(&row.due),
            or_dash(&reviewed),
            or_dash(&row.owner),
            match row.note() {
                Some(note) => format!("{} ({note})", row.file),
                None => row.file.clone(),
            },
        ]
    }));
    let mut text = columns(&lines);
    let overdue = rows.iter().filter(|row| row.state == State::Overdue).count();
    let owing = rows.iter().filter(|row| row.state.owes()).count();
    text.push_str(&format!("{overdue} of {owing} overdue\n"));
    text
}

/// A head line and a line for each page.
fn as_csv(rows: &[ReviewRow]) -> String {
    let head = "state,due,days_left,last_reviewed_on,dated,owner,title,file".split(',');
    let mut lines: Vec<Vec<String>> = vec![head.map(str::to_owned).collect()];
    lines.extend(rows.iter().map(|row| {
        let days = row.days_left.map(|days| days.to_string());
        let cells = [
            Some(row.state.name()),
            row.due.as_deref(),
            days.as_deref(),
            row.last_reviewed_on.as_deref(),
            row.dated.as_deref(),
            row.owner.as_deref(),
            Some(&row.title),
            Some(&row.file),
        ];
        cells.map(|cell| cell.unwrap_or_default().to_owned()).to_vec()
    }));
    csv(&lines)
}

#[cfg(test)]
mod tests {
    use super::{FailOn, ReviewRow, as_csv, table};
    use crate::freshness::State;

    fn row(state: State, title: &str) -> ReviewRow {
        ReviewRow {
            state,
            due: Some("2026-08-01".to_owned()),
            due_soon_from: Some("2026-07-18".to_owned()),
            days_left: Some(-19),
            last_reviewed_on: None,
            dated: Some("2026-05-01".to_owned()),
            date_only: None,
            dated_together: None,
            reviewed_by_author: None,
            owner: None,
            title: title.to_owned(),
            file: "content/a.md".to_owned(),
            url: None,
            fired: None,
        }
    }

    #[test]
    fn the_table_has_aligned_columns_and_a_count() {
        let expected = "STATE    DUE         REVIEWED      OWNER  PAGE\n\
            Overdue  2026-08-01  (2026-05-01)  -      content/a.md\n1 of 1 overdue\n";
        assert_eq!(table(&[row(State::Overdue, "A")]), expected);
    }

    #[test]
    fn a_review_that_may_be_none_is_marked() {
        let check = |date_only, together, by_author, expected: &str| {
            let row = ReviewRow {
                date_only: Some(date_only),
                dated_together: Some(together),
                reviewed_by_author: by_author,
                ..row(State::Overdue, "A")
            };
            assert!(table(std::slice::from_ref(&row)).contains(expected), "{expected}");
            assert!(
                row.words().ends_with(expected.trim_matches(['(', ')', '\n'])),
                "{}",
                row.words()
            );
        };
        check(true, 1, None, "(date only)\n");
        check(true, 12, Some(true), "(dates of 12 pages at once, by the page's author)\n");
        check(false, 1, Some(true), "(by the page's author)\n");
    }

    #[test]
    fn cells_that_hold_commas_or_quotes_are_quoted() {
        let expected = "state,due,days_left,last_reviewed_on,dated,owner,title,file\r\n\
            overdue,2026-08-01,-19,,2026-05-01,,\"A, \"\"B\"\"\",content/a.md\r\n";
        assert_eq!(as_csv(&[row(State::Overdue, "A, \"B\"")]), expected);
    }

    #[test]
    fn what_is_overdue_fails_whatever_was_asked() {
        assert!(FailOn::DueSoon.covers(State::Overdue) && FailOn::DueSoon.covers(State::DueSoon));
        assert!(!FailOn::Overdue.covers(State::DueSoon));
    }
}

//! `guidepost check`: everything that is wrong, and nothing written.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::build::{Cache, Judged, Options, judge, prove_routing, try_templates};
use crate::check::Report;
use crate::check::baseline::Baseline;
use crate::diagnostic::{AlertsRead, Concern, Counts, Finding, Level};
use crate::files::Files;
use crate::freshness::State;
use crate::memo::Mode;
use crate::sources::Sources;

use super::contract::{Contract, contract};
use super::findings::{CheckOutcome, WantedFormat, wanted, write_findings};
use super::output::{Voice, count, say, this_is};
use super::review::{find, read_config};
use super::site::{OpenSite, SiteArguments};

/// What can be typed behind `guidepost check`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// How findings are printed: human, short, json, github, gitlab, junit, markdown, rdjson or sarif; behind `=` the
    /// file that they are written to instead. May be repeated.
    #[arg(long = "format", value_name = "FORMAT[=FILE]", default_value = "human")]
    formats: Vec<WantedFormat>,
    /// Write the findings to this file.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show every finding rather than ten of each rule.
    #[arg(long)]
    all: bool,
    /// Count warnings as errors.
    #[arg(long)]
    strict: bool,
    /// Leave out the findings that this file accepts.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the findings of today into the baseline instead of reporting them.
    #[arg(long, requires = "baseline", conflicts_with_all = ["only", "named"])]
    update_baseline: bool,
    /// Report this concern alone; may be repeated.
    #[arg(long, value_name = "CONCERN", value_parser = concerns())]
    only: Vec<Concern>,
    /// Hold alert rules against a published site's api/alerts.json, without its content.
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    alerts_json: Option<PathBuf>,
    /// Report what is wrong in these pages or folders alone. With `--alerts-json`: the alert rules, as files, folders
    /// or patterns, instead of site.toml's.
    #[arg(value_name = "PAGE")]
    named: Vec<String>,
}

fn concerns() -> impl TypedValueParser<Value = Concern> {
    PossibleValuesParser::new(Concern::ALL.iter().map(|concern| concern.name()))
        .try_map(|name| Concern::named(&name).ok_or("no such concern"))
}

/// Reports everything that is wrong with a site.
pub(crate) fn check(arguments: &Arguments, voice: Voice) -> anyhow::Result<ExitCode> {
    if let Some(published) = &arguments.alerts_json {
        return check_rules(arguments, published, voice);
    }
    let named = named(arguments)?;
    let wanted = wanted(&arguments.formats, arguments.output.as_deref())?;
    let OpenSite { sources, options } = arguments.site.open()?;
    let asked = arguments.only.contains(&Concern::Search);
    let (findings, read, pages, freshness) = match judged(&sources, &options, asked) {
        Ok(judged) => {
            let line = freshness_line(&judged.report);
            let pages = judged.site.pages.len();
            let read = judged.report.alerts_read.clone();
            let findings = judged.findings;
            // The program ends soon: taking a large site apart value by value would only take time.
            std::mem::forget((judged.site, judged.report));
            (findings, read, pages, line)
        }
        Err(findings) => {
            let outcome = CheckOutcome::new(&findings, &sources.files, sources.history.site());
            write_findings(&wanted, &CheckOutcome { all: arguments.all, ..outcome })?;
            anyhow::bail!("the site cannot be checked until {} fixed", this_is(&findings));
        }
    };
    if let (Some(file), true) = (&arguments.baseline, arguments.update_baseline) {
        return update_baseline(file, &findings, &sources.files, voice);
    }
    let (mut findings, accepted) = without_accepted(arguments, findings, &sources.files, voice)?;
    findings.retain(|finding| is_wanted(arguments, &named, finding));
    let outcome = CheckOutcome {
        all: arguments.all,
        strict: arguments.strict,
        pages,
        read: Some(&read),
        accepted,
        freshness: freshness.as_deref(),
        ..CheckOutcome::new(&findings, &sources.files, sources.history.site())
    };
    write_findings(&wanted, &outcome)?;
    if voice != Voice::Quiet {
        say(&format!("{}: {}", count(pages, "page"), Counts::of(&findings)))?;
        if let Some(line) = freshness.filter(|_| arguments.only.is_empty() && named.is_empty()) {
            say(&line)?;
        }
        let of_alerts = arguments.only.is_empty() || arguments.only.contains(&Concern::Alerts);
        if of_alerts && named.is_empty() {
            say_read(&read)?;
        }
    }
    Ok(exit_code(arguments, &findings))
}

/// Everything that is wrong with a site, its theme included.
///
/// The search is tried where site.toml or who has `asked` wants to hear of it.
fn judged(sources: &Sources, options: &Options, asked: bool) -> Result<Judged, Vec<Finding>> {
    let mut cache = Cache::new(Mode::Once);
    let mut judged = judge(sources, options, &mut cache, |_| {})?;
    try_templates(&judged, sources, options, &mut cache)?;
    prove_routing(&mut judged, options, &mut cache, asked);
    Ok(judged)
}

/// Reports what is wrong between alert rules and a site of which only its `api/alerts.json` is here.
fn check_rules(arguments: &Arguments, published: &Path, voice: Voice) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        arguments.only.iter().all(|concern| *concern == Concern::Alerts),
        "with `--alerts-json` there are no pages to check: `--only alerts`"
    );
    let Contract { findings, read, listed, files } =
        contract(published, &arguments.named, &arguments.site.folder())?;
    let wanted = wanted(&arguments.formats, arguments.output.as_deref())?;
    let outcome = CheckOutcome {
        all: arguments.all,
        strict: arguments.strict,
        read: Some(&read),
        ..CheckOutcome::new(&findings, &files, "")
    };
    write_findings(&wanted, &outcome)?;
    if voice != Voice::Quiet {
        say_read(&read)?;
        say(&format!("{}: {}", count(listed, "rule file"), Counts::of(&findings)))?;
    }
    Ok(exit_code(arguments, &findings))
}

/// Says how much was read of alert rules: a check that has read nothing proves nothing.
fn say_read(read: &AlertsRead) -> anyhow::Result<()> {
    read.lines().iter().try_for_each(|line| say(line))
}

fn is_wanted(arguments: &Arguments, named: &[String], finding: &Finding) -> bool {
    let path = finding.diagnostic.at.path.as_str();
    let is_in = |name: &String| {
        path.strip_prefix(name.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    (named.is_empty() || named.iter().any(is_in))
        && (arguments.only.is_empty()
            || arguments.only.contains(&finding.diagnostic.rule.card().concern))
}

/// The pages and folders that were named, as findings name them; none stands for the whole site.
#[expect(clippy::disallowed_methods, reason = "names are resolved as the shell means them")]
fn named(arguments: &Arguments) -> anyhow::Result<Vec<String>> {
    if arguments.named.is_empty() {
        return Ok(Vec::new());
    }
    let root = arguments.site.root()?;
    let config = read_config(&root);
    let site = root.folder.canonicalize()?;
    let mut named = Vec::new();
    for name in &arguments.named {
        let found = find(Path::new(name), &root, &config, Path::exists)?.canonicalize()?;
        let inside = found.strip_prefix(&site);
        let inside = inside.with_context(|| format!("`{name}` is not part of this site"))?;
        let parts = inside.components().map(|part| part.as_os_str().to_string_lossy());
        let inside = parts.collect::<Vec<_>>().join("/");
        if inside.is_empty() {
            return Ok(Vec::new());
        }
        named.push(inside);
    }
    Ok(named)
}

fn exit_code(arguments: &Arguments, findings: &[Finding]) -> ExitCode {
    let fails = |finding: &Finding| arguments.strict || finding.level == Level::Error;
    ExitCode::from(u8::from(findings.iter().any(fails)))
}

/// Writes what is wrong today into the baseline.
#[expect(clippy::disallowed_methods, reason = "the command writes the baseline")]
fn update_baseline(
    file: &Path,
    findings: &[Finding],
    files: &Files,
    voice: Voice,
) -> anyhow::Result<ExitCode> {
    let text = Baseline::of(findings, files).to_json()?;
    std::fs::write(file, text).with_context(|| format!("cannot write `{}`", file.display()))?;
    if voice != Voice::Quiet {
        say(&format!("`{}` accepts {}", file.display(), count(findings.len(), "finding")))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The findings that the baseline does not accept, and how many it does; all of them without one.
#[expect(clippy::disallowed_methods, reason = "the command reads the baseline")]
fn without_accepted(
    arguments: &Arguments,
    findings: Vec<Finding>,
    files: &Files,
    voice: Voice,
) -> anyhow::Result<(Vec<Finding>, Option<usize>)> {
    let Some(file) = &arguments.baseline else { return Ok((findings, None)) };
    let shown = file.display();
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read `{shown}`; `--update-baseline` writes it"))?;
    let baseline = Baseline::parse(&text).with_context(|| format!("`{shown}` is no baseline"))?;
    let compared = baseline.compare(findings, files);
    if voice != Voice::Quiet {
        let gone = match compared.gone {
            0 => String::new(),
            gone => format!("; {gone} more are gone, `--update-baseline` takes them out"),
        };
        say(&format!("{} accepted by `{shown}`{gone}", count(compared.known, "finding")))?;
    }
    Ok((compared.new, Some(compared.known)))
}

/// Time alone fails no check, but it is said.
fn freshness_line(report: &Report) -> Option<String> {
    let owing = report.pages.iter().filter(|page| page.freshness.state.owes()).count();
    let overdue = report.pages.iter().filter(|page| page.freshness.state == State::Overdue).count();
    (overdue > 0).then(|| format!("{overdue} of {owing} overdue, see `guidepost freshness`"))
}

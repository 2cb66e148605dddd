//! `guidepost build`: the site is written.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;

use crate::build::{Build, Cache};
use crate::diagnostic::{Finding, Level};
use crate::emit::{Emitted, emit};
use crate::load::load;

use super::{SiteArguments, Voice, check, count, say};

/// What can be typed behind `guidepost build`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// The folder to write, instead of site.toml's `output`.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Where the site will stand, instead of site.toml's `base_url`.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Write nothing and exit with 1 if anything is wrong.
    #[arg(long)]
    strict: bool,
    /// Say how long each stage took.
    #[arg(long)]
    timings: bool,
}

/// Builds and writes the site.
pub(crate) fn build(arguments: &Arguments, voice: Voice) -> anyhow::Result<ExitCode> {
    let mut clock = Clock::start();
    let place = arguments.site.place()?;
    let progress = progress(voice);
    progress.set_message("load");
    let sources = load(&place)?;
    clock.lap("load");
    let options = arguments.site.options(&place, arguments.base_url.clone());
    let mut cache = Cache::default();
    let built = crate::build::build(&sources, &options, &mut cache, |stage| {
        clock.enter(stage.name());
        progress.set_message(stage.name());
    });
    clock.leave();
    let mut built = match built {
        Ok(built) => built,
        Err(findings) => {
            progress.finish_and_clear();
            check::print_human(&findings, &sources.files, true)?;
            anyhow::bail!("the site cannot be built until {} fixed", these(&findings));
        }
    };
    if arguments.strict && !built.findings.is_empty() {
        progress.finish_and_clear();
        check::print_human(&built.findings, &sources.files, false)?;
        say(&format!("nothing written: {}", found(&built.findings)))?;
        return Ok(ExitCode::from(1));
    }
    progress.set_message("search");
    let index = crate::build::search_files(&built, &mut cache);
    built.output.extend(index);
    clock.lap("search");
    let folder =
        arguments.out.clone().unwrap_or_else(|| place.folder.join(&built.site.config.output));
    progress.set_message("emit");
    let emitted = emit(&built.output, &folder)?;
    clock.lap("emit");
    progress.finish_and_clear();
    report(arguments, voice, &built, &emitted, &folder)?;
    if arguments.timings {
        say(&clock.report())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn report(
    arguments: &Arguments,
    voice: Voice,
    built: &Build,
    emitted: &Emitted,
    folder: &Path,
) -> anyhow::Result<()> {
    if voice != Voice::Quiet {
        say(&summary(built, &folder.display().to_string()))?;
    }
    if voice == Voice::Verbose {
        say(&format!(
            "built for {}: {} written, {} unchanged, {} deleted",
            arguments.site.today(),
            count(emitted.written, "file"),
            emitted.unchanged,
            emitted.deleted
        ))?;
    }
    Ok(())
}

/// "this is" for one finding, "these are" for more.
pub(crate) fn these(findings: &[Finding]) -> &'static str {
    if findings.len() == 1 { "this is" } else { "these are" }
}

/// One line: pages, assets, findings, and where it all went.
fn summary(built: &Build, folder: &str) -> String {
    let pages = count(built.site.pages.len(), "page");
    let assets = count(built.site.assets.len(), "asset");
    let mut line = format!("{pages}, {assets}, {} -> {folder}", found(&built.findings));
    if built.site.config.base_url.is_none() {
        line.push_str("\nno `base_url`, so no sitemap, feed or canonical links");
    }
    if !built.findings.is_empty() {
        line.push_str("\n`guidepost check` shows what was found");
    }
    line
}

/// "no findings", "2 errors, 1 warning".
pub(crate) fn found(findings: &[Finding]) -> String {
    let of = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    match (of(Level::Error), of(Level::Warning)) {
        (0, 0) => "no findings".to_owned(),
        (errors, 0) => count(errors, "error"),
        (0, warnings) => count(warnings, "warning"),
        (errors, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
}

/// A line that moves while a long build runs; nothing where nobody looks.
fn progress(voice: Voice) -> indicatif::ProgressBar {
    if voice == Voice::Quiet {
        return indicatif::ProgressBar::hidden();
    }
    let bar = indicatif::ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// How long each stage took.
struct Clock {
    began: Instant,
    last: Instant,
    running: Option<&'static str>,
    laps: Vec<(&'static str, Duration)>,
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the clock is read")]
impl Clock {
    fn start() -> Clock {
        let now = Instant::now();
        Clock { began: now, last: now, running: None, laps: Vec::new() }
    }

    /// Ends the time that began with the last lap.
    fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.laps.push((stage, now - self.last));
        self.last = now;
    }

    /// Begins a stage, which ends the one before it.
    fn enter(&mut self, stage: &'static str) {
        self.leave();
        self.running = Some(stage);
    }

    /// Ends the stage that runs.
    fn leave(&mut self) {
        if let Some(stage) = self.running.take() {
            self.lap(stage);
        } else {
            self.last = Instant::now();
        }
    }

    fn report(&self) -> String {
        let total = self.last - self.began;
        let share = |time: Duration| {
            100.0 * time.as_secs_f64() / total.as_secs_f64().max(f64::MIN_POSITIVE)
        };
        let mut text = String::new();
        for (stage, time) in &self.laps {
            text.push_str(&format!(
                "{stage:>9} {:>8.1} ms {:>5.1} %\n",
                time.as_secs_f64() * 1e3,
                share(*time)
            ));
        }
        text.push_str(&format!("{:>9} {:>8.1} ms", "total", total.as_secs_f64() * 1e3));
        text
    }
}

//! `guidepost build`: the site is written.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;

use crate::build::{self, Cache, Judged, Options};
use crate::diagnostic::{Counts, Finding};
use crate::emit::{BuildRecord, Emission, Emitted, TakenFile, emit};
use crate::files::{Bytes, FilePath, content_hash, hash_of_reader};
use crate::hosting::{Compressed, hosting};
use crate::load::load;
use crate::memo::{Mode, both, parallel};
use crate::sources::Sources;

use super::check_host::{self, check_host};
use super::output::{Voice, count, print_human, say};
use super::site::{SiteArguments, refuse};

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
    /// Ask for every page, link and file of the written site as a host would answer, and exit with 1 if anything breaks.
    #[arg(long, value_enum, value_name = "HOST")]
    check_host: Option<check_host::CheckedHost>,
    /// Then serve it so at this port of this computer, for a look; 0 for any that is free.
    #[arg(long, value_name = "PORT", requires = "check_host")]
    port: Option<u16>,
    /// Say how long each stage took.
    #[arg(long)]
    timings: bool,
}

#[cfg(feature = "deploy")]
impl Arguments {
    /// Those of a plain build of a site that will stand at an address.
    pub(crate) fn of(site: &SiteArguments, base_url: Option<String>) -> Arguments {
        let (out, check_host, port) = (None, None, None);
        let (strict, timings) = (false, false);
        Arguments { site: site.clone(), out, base_url, strict, check_host, port, timings }
    }
}

/// Builds and writes the site.
pub(crate) fn build(arguments: &Arguments, voice: Voice) -> anyhow::Result<ExitCode> {
    let mut clock = Clock::start();
    let root = arguments.site.root()?;
    let progress = progress(voice);
    progress.set_message("load");
    let (sources, program) = both(|| load(&root), program);
    let sources = sources?;
    clock.lap("load");
    let options = arguments.site.options(&root, arguments.base_url.clone());
    let output = build::output_folder(&sources, &options)
        .or_else(|findings| unusable(&findings, &sources, &progress))?;
    let folder = arguments.out.clone().unwrap_or_else(|| root.folder.join(output));
    let emission = emit(&folder)?;
    let input_hash = input_hash(&program, &sources, &options);
    let unchanged = emission.unchanged(&input_hash);
    clock.lap("compare");
    let unchanged = unchanged.filter(|(record, _)| !arguments.strict || record.is_clean());
    if let Some((record, emitted)) = unchanged {
        progress.finish_and_clear();
        report(arguments, voice, record, &emitted, &folder)?;
        return finish(arguments, &clock, &folder, &sources, &options);
    }
    let work = BuildWork { arguments, sources: &sources, options: &options, progress: &progress };
    let written = write(&work, emission, input_hash, &mut clock)?;
    progress.finish_and_clear();
    match written {
        Ok((record, emitted)) => report(arguments, voice, &record, &emitted, &folder)?,
        Err(findings) => {
            print_human(&findings, &sources.files, false)?;
            say(&format!("nothing written: {}", Counts::of(&findings)))?;
            return Ok(ExitCode::from(1));
        }
    }
    let code = finish(arguments, &clock, &folder, &sources, &options);
    // The program ends here: taking a large site apart value by value would only take time.
    std::mem::forget(sources);
    code
}

/// What a build works on.
struct BuildWork<'a> {
    arguments: &'a Arguments,
    sources: &'a Sources,
    options: &'a Options,
    progress: &'a indicatif::ProgressBar,
}

/// Makes the site and writes it, or returns the findings that keep a strict build from writing anything.
fn write(
    work: &BuildWork<'_>,
    emission: Emission,
    input_hash: String,
    clock: &mut Clock,
) -> anyhow::Result<Result<(BuildRecord, Emitted), Vec<Finding>>> {
    let mut cache = Cache::new(Mode::Once);
    let judged = build::judge(work.sources, work.options, &mut cache, |stage| {
        clock.enter(stage.name());
        work.progress.set_message(stage.name());
    });
    clock.leave();
    let mut judged = judged.or_else(|findings| unusable(&findings, work.sources, work.progress))?;
    build::prove_routing(&mut judged, work.options, &mut cache, false);
    if work.arguments.strict && !judged.findings.is_empty() {
        return Ok(Err(judged.findings));
    }
    work.progress.set_message("render");
    let compressed = Compressed::of(&judged.site);
    let take = |path: &FilePath, bytes: &Bytes| with_neighbors(&emission, &compressed, path, bytes);
    let taken = build::publish(&judged, work.sources, work.options, &mut cache, take);
    clock.lap("render");
    let mut taken: Vec<anyhow::Result<Vec<TakenFile>>> = match taken {
        Ok(taken) => taken,
        Err(findings) => return unusable(&findings, work.sources, work.progress),
    };
    work.progress.set_message("search");
    let index = build::search_files(&judged.site, &judged.report, &mut cache);
    let index: Vec<(&FilePath, &Bytes)> = index.iter().collect();
    taken.extend(parallel(&index, |(path, bytes)| take(path, bytes)));
    clock.lap("search");
    work.progress.set_message("emit");
    let taken: Vec<Vec<TakenFile>> = taken.into_iter().collect::<anyhow::Result<_>>()?;
    let mut taken: Vec<TakenFile> = taken.into_iter().flatten().collect();
    let paths = taken.iter().map(|file| file.path().as_str()).collect();
    for (path, bytes) in hosting(&judged.site, &paths).iter() {
        taken.push(emission.take(path, bytes)?);
    }
    let record = build_record(&judged, input_hash);
    let emitted = emission.finish(&taken, &record)?;
    clock.lap("emit");
    // As above: what is not needed any more is not taken apart.
    std::mem::forget((judged, cache));
    Ok(Ok((record, emitted)))
}

/// Takes a file over with its compressed neighbors. Those of a file that has not changed are not made again.
fn with_neighbors(
    emission: &Emission,
    compressed: &Compressed,
    path: &FilePath,
    bytes: &Bytes,
) -> anyhow::Result<Vec<TakenFile>> {
    let mut taken = vec![emission.take(path, bytes)?];
    for (neighbor, encoding) in compressed.neighbors(path, bytes) {
        let unchanged = emission.unchanged_beside(&taken[0], &neighbor);
        let neighbor = match unchanged {
            Some(unchanged) => unchanged,
            None => emission.take(&neighbor, &encoding.compress(bytes))?,
        };
        taken.push(neighbor);
    }
    Ok(taken)
}

/// Shows why a site cannot be built at all.
fn unusable<T>(
    findings: &[Finding],
    sources: &Sources,
    progress: &indicatif::ProgressBar,
) -> anyhow::Result<T> {
    progress.finish_and_clear();
    refuse(findings, sources, "built")
}

/// A hash of this program; empty if it cannot be read.
fn program() -> String {
    let file = std::env::current_exe().and_then(std::fs::File::open);
    file.and_then(hash_of_reader).unwrap_or_default()
}

/// A hash of all that the output depends on, this program included; empty if that is not known.
fn input_hash(program: &str, sources: &Sources, options: &Options) -> String {
    if program.is_empty() {
        return String::new();
    }
    content_hash(format!("{program} {}", build::fingerprint(sources, options)).as_bytes())
}

fn build_record(judged: &Judged, of: String) -> BuildRecord {
    let Counts { errors, warnings } = Counts::of(&judged.findings);
    BuildRecord {
        of,
        pages: judged.site.pages.len(),
        assets: judged.site.assets.len(),
        errors,
        warnings,
        has_base_url: judged.site.config.base_url.is_some(),
    }
}

fn finish(
    arguments: &Arguments,
    clock: &Clock,
    folder: &Path,
    sources: &Sources,
    options: &Options,
) -> anyhow::Result<ExitCode> {
    if arguments.timings {
        say(&clock.report())?;
    }
    let Some(host) = arguments.check_host else { return Ok(ExitCode::SUCCESS) };
    let config = build::configured(sources, options)
        .or_else(|findings| refuse(&findings, sources, "checked"))?;
    check_host(host, folder, &config, arguments.port)
}

fn report(
    arguments: &Arguments,
    voice: Voice,
    record: &BuildRecord,
    emitted: &Emitted,
    folder: &Path,
) -> anyhow::Result<()> {
    if voice != Voice::Quiet {
        say(&summary(record, &folder.display().to_string()))?;
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

/// One line: pages, assets, findings, and where it all went.
fn summary(record: &BuildRecord, folder: &str) -> String {
    let pages = count(record.pages, "page");
    let assets = count(record.assets, "asset");
    let found = Counts { errors: record.errors, warnings: record.warnings };
    let mut line = format!("{pages}, {assets}, {found} -> {folder}");
    if !record.has_base_url {
        line.push_str(
            "\nno `base_url`: no sitemap, no feed, no canonical links; below a path, 404.html \
             finds the site by script alone; calendars, metrics and printed sheets name no address",
        );
    }
    if !record.is_clean() {
        line.push_str("\n`guidepost check` shows what was found");
    }
    line
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

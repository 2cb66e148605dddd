//! The command line: what was typed becomes a call, its result becomes text and an exit code.
//!
//! Exit codes: 0 clean, 1 findings, 2 could not run.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, CommandFactory, Parser, Subcommand};
use jiff::civil::Date;

use crate::build::Options;
use crate::calendar::parse_date;
use crate::load::Place;

mod build;
mod check;
mod contract;
mod freshness;
mod init;
mod new;
mod review;
mod rules;
mod search;
mod serve;
mod theme;

/// Compiles operational runbooks into a cross-linked static site.
#[derive(Parser)]
#[command(name = "guidepost", version, about, max_term_width = 100)]
struct Command {
    #[command(subcommand)]
    verb: Verb,
    /// Say nothing but findings and errors.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more of what is done.
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
}

#[derive(Subcommand)]
enum Verb {
    /// Write the site.
    Build(build::Arguments),
    /// List the pages that owe a review.
    Freshness(freshness::Arguments),
    /// Create a page from a template.
    New(new::Arguments),
    /// Record that pages were reviewed.
    Review(review::Arguments),
    /// Report everything that is wrong, without writing anything.
    Check(check::Arguments),
    /// Find the pages and sections that hold some words, in the order of the published search.
    Search(search::Arguments),
    /// Begin a site: in an empty folder, or around the Markdown that is there.
    Init(init::Arguments),
    /// Show the site while it is written.
    Serve(serve::Arguments),
    /// Write a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Explain the rules that findings are named after.
    Rules(rules::Arguments),
    /// Write out the files of the default theme, to be changed.
    Theme(theme::Arguments),
}

/// How much is said besides findings and errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// Nothing.
    Quiet,
    /// The summary.
    Normal,
    /// More of what is done.
    Verbose,
}

/// Which site a command reads.
#[derive(Args)]
pub(crate) struct SiteArguments {
    /// The folder that holds site.toml.
    #[arg(long, value_name = "DIR", default_value = ".", conflicts_with = "content")]
    site: PathBuf,
    /// Any folder of Markdown, without a site.toml.
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
    /// See the site as of this day (YYYY-MM-DD) instead of today.
    #[arg(long, value_name = "DATE", value_parser = date)]
    now: Option<Date>,
    /// Take pages with `draft: true` in.
    #[arg(long)]
    drafts: bool,
}

impl SiteArguments {
    /// Where the site is.
    pub(crate) fn place(&self) -> anyhow::Result<Place> {
        match &self.content {
            Some(content) => Place::of_content(content),
            None => Place::of_site(&self.site),
        }
    }

    /// The day to see the site as of.
    pub(crate) fn today(&self) -> Date {
        self.now.unwrap_or_else(today)
    }

    /// The folder that may hold a site.toml.
    pub(crate) fn folder(&self) -> &Path {
        &self.site
    }

    /// What the build is asked for.
    pub(crate) fn options(&self, place: &Place, base_url: Option<String>) -> Options {
        Options {
            today: self.today(),
            content: place.content.clone(),
            base_url,
            drafts: self.drafts,
        }
    }
}

fn date(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "not a day written as YYYY-MM-DD".to_owned())
}

/// Today in UTC: the same day everywhere.
#[expect(clippy::disallowed_methods, reason = "the command line is where the clock is read")]
pub(crate) fn today() -> Date {
    jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date()
}

/// Runs the command that was typed.
pub fn run() -> ExitCode {
    let command = Command::parse();
    let voice = match (command.quiet, command.verbose) {
        (true, _) => Voice::Quiet,
        (_, true) => Voice::Verbose,
        _ => Voice::Normal,
    };
    let result = match command.verb {
        Verb::Build(arguments) => build::build(&arguments, voice),
        Verb::Freshness(arguments) => freshness::freshness(&arguments, voice),
        Verb::New(arguments) => new::new(&arguments, voice),
        Verb::Review(arguments) => review::review(&arguments, voice),
        Verb::Check(arguments) => check::check(&arguments, voice),
        Verb::Search(arguments) => search::search(&arguments),
        Verb::Init(arguments) => init::init(&arguments, voice),
        Verb::Serve(arguments) => serve::serve(&arguments, voice),
        Verb::Completions { shell } => completions(shell),
        Verb::Rules(arguments) => rules::rules(&arguments),
        Verb::Theme(arguments) => theme::theme(&arguments),
    };
    match result {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // The screen is the last resort; if it is gone too there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Writes what teaches a shell to complete our commands.
fn completions(shell: clap_complete::Shell) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Command::command(), "guidepost", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}

/// Whether the reader of our output went away, as `head` does, which is no failure of ours.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// Writes a result for people or programs to read.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .context("cannot write to standard output")
}

/// Writes a word on what was done.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stderr(), "{text}").context("cannot write to standard error")
}

/// Whether findings on standard output may be colored.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
pub(crate) fn wants_color() -> bool {
    let refused = std::env::var("NO_COLOR").is_ok_and(|value| !value.is_empty());
    !refused && std::io::stdout().is_terminal()
}

/// "1 page", "3 pages".
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

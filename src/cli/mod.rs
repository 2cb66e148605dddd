//! The command line: what was typed becomes a call, its result becomes text and an exit code.
//!
//! Exit codes: 0 clean, 1 findings, 2 could not run.

use std::io::Write;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use output::{Voice, print};

mod alerts;
mod build;
mod check;
mod check_host;
mod contract;
mod findings;
mod freshness;
mod init;
mod mcp;
mod new;
mod output;
mod replace;
mod review;
mod rules;
mod schema;
mod search;
mod serve;
mod site;
mod skills;
mod theme;

#[cfg(feature = "deploy")]
mod deploy;

/// Compiles operational runbooks into a cross-linked static site.
#[derive(Parser)]
#[command(name = "guidepost", about, disable_version_flag = true, max_term_width = 100)]
#[command(arg_required_else_help = true)]
struct CommandLine {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// Say which version this is; with `--verbose` also which commit, for which system, and with which features.
    #[arg(short = 'V', long)]
    version: bool,
    /// Say nothing but findings and errors.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more of what is done.
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
}

#[derive(Subcommand)]
enum Verb {
    /// Begin a site: in an empty folder, or around the Markdown that is there.
    Init(init::Arguments),
    /// Show the site while it is written.
    Serve(serve::Arguments),
    /// Create a page from a template.
    New(new::Arguments),
    /// Report everything that is wrong, without writing anything.
    Check(check::Arguments),
    /// Write the site.
    Build(build::Arguments),
    /// Publish the site to a bucket or a folder.
    #[cfg(feature = "deploy")]
    Deploy(deploy::Arguments),
    /// List the pages that owe a review.
    Freshness(freshness::Arguments),
    /// Record that pages were reviewed.
    Review(review::Arguments),
    /// Find the pages and sections that hold some words, in the order of the published search.
    Search(search::Arguments),
    /// List every alert with its rules and its runbook, or write links to runbooks into the rules.
    Alerts(alerts::Arguments),
    /// Answer agents over standard input and output, in the Model Context Protocol.
    Mcp(mcp::Arguments),
    /// List the skills that runbooks make for agents, or write them into a repository.
    Skills(skills::Arguments),
    /// Explain the rules that findings are named after.
    Rules(rules::Arguments),
    /// Print the keys of site.toml or of front matter as JSON Schema, for editors.
    Schema(schema::Arguments),
    /// Write out the files of the default theme, to be changed.
    Theme(theme::Arguments),
    /// Write a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Runs the command that was typed.
pub fn run() -> ExitCode {
    let command = CommandLine::parse();
    let voice = match (command.quiet, command.verbose) {
        (true, _) => Voice::Quiet,
        (_, true) => Voice::Verbose,
        _ => Voice::Normal,
    };
    let result = match (command.verb, command.version) {
        (_, true) => version(voice),
        (Some(verb), _) => perform(verb, voice),
        (None, _) => no_command(),
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

/// Does what a command says.
fn perform(verb: Verb, voice: Voice) -> anyhow::Result<ExitCode> {
    match verb {
        Verb::Alerts(arguments) => alerts::alerts(&arguments, voice),
        Verb::Build(arguments) => build::build(&arguments, voice),
        #[cfg(feature = "deploy")]
        Verb::Deploy(arguments) => deploy::publish(&arguments, voice),
        Verb::Freshness(arguments) => freshness::freshness(&arguments, voice),
        Verb::New(arguments) => new::new(&arguments, voice),
        Verb::Review(arguments) => review::review(&arguments, voice),
        Verb::Check(arguments) => check::check(&arguments, voice),
        Verb::Search(arguments) => search::search(&arguments),
        Verb::Init(arguments) => init::init(&arguments, voice),
        Verb::Mcp(arguments) => mcp::mcp(&arguments),
        Verb::Serve(arguments) => serve::serve(&arguments, voice),
        Verb::Skills(arguments) => skills::skills(&arguments, voice),
        Verb::Completions { shell } => completions(shell),
        Verb::Rules(arguments) => rules::rules(&arguments),
        Verb::Schema(arguments) => schema::schema(&arguments),
        Verb::Theme(arguments) => theme::theme(&arguments),
    }
}

/// Options alone are no command.
fn no_command() -> anyhow::Result<ExitCode> {
    let mut command = CommandLine::command();
    let missing = command.error(ErrorKind::MissingSubcommand, "no command was given");
    missing.print()?;
    Ok(ExitCode::from(2))
}

/// Says which version this is. The commit is that of the release: a build elsewhere does not ask git.
fn version(voice: Voice) -> anyhow::Result<ExitCode> {
    let mut text = format!("guidepost {}\n", env!("CARGO_PKG_VERSION"));
    if voice == Voice::Verbose {
        let commit = option_env!("GUIDEPOST_COMMIT").filter(|commit| !commit.is_empty());
        let features = if cfg!(feature = "deploy") { "deploy" } else { "none" };
        let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
        let commit = commit.unwrap_or("unknown, this is no release");
        text.push_str(&format!(
            "commit: {commit}\nsystem: {system} {machine}\nfeatures: {features}\n"
        ));
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes what teaches a shell to complete our commands.
fn completions(shell: clap_complete::Shell) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut CommandLine::command(), "guidepost", &mut script);
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

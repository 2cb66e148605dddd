//! `guidepost serve`: the site is shown while it is written.

use std::process::{Command, ExitCode, Stdio};

use anyhow::Context;
use clap::Args;

use crate::serve::{self, Settings};

use super::output::{Voice, say};
use super::site::{SiteArguments, today};

/// What can be typed behind `guidepost serve`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// The port; if it is taken, the next free one.
    #[arg(long, default_value_t = 4000)]
    port: u16,
    /// The address to listen at. Others than 127.0.0.1 can be reached from other machines.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: String,
    /// Open the site in the browser.
    #[arg(long)]
    open: bool,
    /// What a finding's link opens: an address with {file}, {line} and {column}.
    #[arg(long, value_name = "ADDRESS", default_value = "vscode://file/{file}:{line}:{column}")]
    editor: String,
}

/// Serves the site until it is interrupted.
pub(crate) fn serve(arguments: &Arguments, voice: Voice) -> anyhow::Result<ExitCode> {
    let root = arguments.site.root()?.canonical()?;
    let settings = Settings {
        options: arguments.site.options(&root, None),
        root,
        day: arguments.site.now,
        clock: today,
        host: arguments.host.clone(),
        port: arguments.port,
        editor: arguments.editor.clone(),
        timings: voice == Voice::Verbose,
    };
    let say = |line: &str| {
        if voice != Voice::Quiet {
            // A preview goes on when nobody reads what it says.
            say(line).unwrap_or_default();
        }
    };
    serve::serve(settings, &say, |address, stopper| {
        ctrlc::set_handler(move || stopper.stop()).context("cannot listen for Ctrl-C")?;
        let address = format!("http://{address}/");
        say(&format!("{address} (Ctrl-C ends it)"));
        if arguments.open {
            open(&address);
        }
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Opens an address in the browser; where that does not work, the address has been said.
#[expect(clippy::disallowed_methods, reason = "the command line may start a browser")]
fn open(address: &str) {
    let (program, arguments): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/c", "start"])
    } else {
        ("xdg-open", &[])
    };
    let started = Command::new(program)
        .args(arguments)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    drop(started);
}

//! Who deploys: what the lock in the store says of this run, and whether a run of this machine has ended.

use std::path::Path;

use anyhow::Context;

use crate::deploy::lease::DeployRun;
use crate::deploy::random;

/// This run.
pub(super) fn run() -> anyhow::Result<DeployRun> {
    let owner = random().context("the system has no random numbers")?;
    let host = text("/proc/sys/kernel/hostname")
        .or_else(|| variable("HOSTNAME"))
        .or_else(|| variable("COMPUTERNAME"))
        .unwrap_or_else(|| "unknown".to_owned());
    let process = std::process::id();
    let by = job().unwrap_or_else(|| {
        let user = variable("USER").or_else(|| variable("USERNAME"));
        format!("{}, process {process}", user.as_deref().unwrap_or("somebody"))
    });
    Ok(DeployRun { owner, host, machine: machine().unwrap_or_default(), process, by })
}

/// Whether a run of this machine has ended, as far as the system says.
pub(super) fn is_over(run: &DeployRun) -> bool {
    let processes = Path::new("/proc");
    is_there(&processes.join("self")) && !is_there(&processes.join(run.process.to_string()))
}

/// Where a number of a process means the same process: since the machine was started, and within one container.
fn machine() -> Option<String> {
    let boot = text("/proc/sys/kernel/random/boot_id")?;
    let space = std::fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{boot} {}", space.display()))
}

/// The job of a CI, as an address to look at it.
fn job() -> Option<String> {
    let github = || {
        let server = variable("GITHUB_SERVER_URL")?;
        let repository = variable("GITHUB_REPOSITORY")?;
        Some(format!("{server}/{repository}/actions/runs/{}", variable("GITHUB_RUN_ID")?))
    };
    github().or_else(|| {
        ["CI_JOB_URL", "BUILDKITE_BUILD_URL", "CIRCLE_BUILD_URL", "BUILD_URL"]
            .into_iter()
            .find_map(variable)
    })
}

/// A variable of the environment; none where it is empty.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "the command line knows the machine")]
fn text(path: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "the command line knows the machine")]
fn is_there(path: &Path) -> bool {
    path.exists()
}

//! What is said of a deploy: a plan, a summary, or why it stopped; for people and as JSON.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::deploy::outcome::{ExitKind, Outcome, Stop};
use crate::deploy::plan::{PHASES, Phase, Plan, Reason};
use crate::deploy::target::TargetPlace;

use super::super::output::{Voice, count, print_listed, say, say_listed};

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// A site is published.
    Publish,
    /// What was published is removed.
    Remove,
}

/// Says what a deploy did, or would do.
pub(super) fn report(
    json: bool,
    voice: Voice,
    deed: Deed,
    place: &TargetPlace,
    outcome: &Outcome,
) -> anyhow::Result<ExitCode> {
    let is_nothing = !outcome.is_done && outcome.refusal.is_none() && outcome.plan.is_empty();
    if json {
        print_listed(&format!("{:#}\n", of(place, outcome)))?;
    } else if is_nothing || outcome.is_done {
        if voice != Voice::Quiet {
            say(&summary(deed, place, outcome))?;
        }
    } else {
        print_listed(&listed(&outcome.plan))?;
        say(&summary(deed, place, outcome))?;
    }
    if voice != Voice::Quiet && !json {
        for note in &outcome.notes {
            say(&format!("note: {note}"))?;
        }
        if !outcome.plan.foreign.is_empty() {
            let number = count(outcome.plan.foreign.len(), "file");
            let first = outcome.plan.foreign.first().map_or("", String::as_str);
            say(&format!("note: {number} of others left alone, such as `{first}`"))?;
        }
    }
    if let Some(refusal) = &outcome.refusal {
        say_listed(&stop(refusal))?;
        return Ok(ExitCode::from(refusal.code as u8));
    }
    if let Some(fault) = &outcome.purge_fault {
        say(&format!(
            "error: the site is published, but a cache was not cleared: {}",
            fault.message
        ))?;
        if let Some(help) = &fault.help {
            say(&format!("  = help: {help}"))?;
        }
        say(
            "  = help: deploy again, which clears it, or clear it by hand; readers may see old pages until it forgets them",
        )?;
        return Ok(ExitCode::from(ExitKind::NotPurged as u8));
    }
    Ok(ExitCode::SUCCESS)
}

/// Why a deploy stopped, as an error.
pub(super) fn stop(stop: &Stop) -> String {
    let mut text = format!("error: {}", stop.message);
    for line in &stop.details {
        text.push_str("\n  ");
        text.push_str(line);
    }
    if let Some(help) = &stop.help {
        text.push_str("\n  = help: ");
        text.push_str(help);
    }
    text
}

/// The same for programs.
pub(super) fn stop_json(stop: &Stop) -> String {
    let value = json!({
        "published": false,
        "error": {
            "code": stop.code as u8,
            "message": stop.message,
            "details": stop.details,
            "help": stop.help,
        },
    });
    format!("{value:#}\n")
}

/// What a phase writes, in words.
pub(super) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Hashed => "hashed files",
        Phase::Assets => "assets",
        Phase::NewPages => "new pages",
        Phase::ChangedPages => "changed pages",
        Phase::Entries => "entries",
    }
}

fn of(place: &TargetPlace, outcome: &Outcome) -> Value {
    let plan = &outcome.plan;
    json!({
        "target": place.to_string(),
        "published": outcome.is_done,
        "generation": outcome.generation,
        "rolled_back_to": outcome.rolled_back_to,
        "uploads": plan.uploads,
        "removals": plan.removals.iter().map(|removal| &removal.key).collect::<Vec<_>>(),
        "kept": plan.waiting,
        "foreign": plan.foreign,
        "unchanged": plan.unchanged,
        "bytes": outcome.bytes,
        "lost": outcome.lost,
        "notes": outcome.notes,
        "purged": outcome.purged,
        "purge_error": outcome.purge_fault.as_ref().map(|fault| &fault.message),
        "refused": outcome.refusal.as_ref().map(|stop| json!({
            "code": stop.code as u8,
            "message": stop.message,
            "details": stop.details,
            "help": stop.help,
        })),
    })
}

/// One line: what was done, would be, or need not be.
fn summary(deed: Deed, place: &TargetPlace, outcome: &Outcome) -> String {
    let plan = &outcome.plan;
    let is_nothing = !outcome.is_done && outcome.refusal.is_none() && plan.is_empty();
    let removed = || count(removals(plan), "file");
    match deed {
        Deed::Publish if is_nothing => {
            format!("nothing to do: {place} holds this site ({})", count(plan.unchanged, "file"))
        }
        Deed::Publish if outcome.is_done => {
            let (totals, generation) = (totals(plan), outcome.generation);
            format!("{place}: {totals} -> generation {generation}{}", former(outcome))
        }
        Deed::Publish => {
            format!("would publish to {place}: {}{}", totals(plan), former(outcome))
        }
        Deed::Remove if is_nothing => {
            format!("nothing to remove: {place} holds no site that Guidepost published")
        }
        Deed::Remove if outcome.is_done => format!("{place}: {} removed", removed()),
        Deed::Remove => format!("would remove from {place}: {}", removed()),
    }
}

/// ", which is generation 41 again", where an earlier one was gone back to.
fn former(outcome: &Outcome) -> String {
    let former = outcome.rolled_back_to;
    former.map_or_else(String::new, |former| format!(", which is generation {former} again"))
}

/// How many files of the site go.
fn removals(plan: &Plan) -> usize {
    plan.removals.iter().filter(|removal| !is_own(&removal.key)).count()
}

/// One line: what is new, what changes, what goes.
fn totals(plan: &Plan) -> String {
    let new = plan.uploads.iter().filter(|upload| upload.reason == Reason::New).count();
    let mut parts = vec![
        format!("{new} new"),
        format!("{} changed", plan.uploads.len() - new),
        format!("{} unchanged", plan.unchanged),
        format!("{} removed", removals(plan)),
    ];
    let waiting = plan.waiting.keys().filter(|key| !is_own(key)).count();
    if waiting > 0 {
        parts.push(format!("{waiting} kept for now"));
    }
    parts.push(size(plan.bytes()));
    parts.join(", ")
}

/// A line a file, as in `+ agents/x/index.html  new, 12.1 KiB`.
fn listed(plan: &Plan) -> String {
    let mut text = String::new();
    for of in PHASES {
        let uploads: Vec<_> = plan.uploads.iter().filter(|upload| upload.phase == of).collect();
        if uploads.is_empty() {
            continue;
        }
        text.push_str(&format!("{}\n", phase(of)));
        for upload in uploads {
            let (mark, reason) = match upload.reason {
                Reason::New => ("+", "new"),
                Reason::Content => ("~", "content"),
                Reason::Headers => ("~", "headers"),
                Reason::Missing => ("+", "missing in the target"),
                Reason::Altered => ("~", "altered by somebody else"),
                Reason::Unknown => ("~", "not known in the target"),
            };
            text.push_str(&format!("  {mark} {}  {reason}, {}\n", upload.key, size(upload.bytes)));
        }
    }
    let removals: Vec<_> = plan.removals.iter().filter(|removal| !is_own(&removal.key)).collect();
    if !removals.is_empty() {
        text.push_str("removed\n");
        text.extend(removals.iter().map(|removal| format!("  - {}\n", removal.key)));
    }
    let waiting: Vec<_> = plan.waiting.iter().filter(|(key, _)| !is_own(key)).collect();
    if !waiting.is_empty() {
        text.push_str("kept under open tabs\n");
        text.extend(
            waiting.iter().map(|(key, since)| {
                format!("  k {key}  gone since {}\n", since.strftime("%Y-%m-%d"))
            }),
        );
    }
    text
}

fn is_own(key: &str) -> bool {
    key.starts_with(crate::deploy::manifest::OWN)
}

fn size(bytes: u64) -> String {
    indicatif::HumanBytes(bytes).to_string()
}

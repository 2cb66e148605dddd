//! A published site is taken away again, as a preview is when its branch is merged.

use std::collections::{BTreeMap, BTreeSet};

use super::lease::lease;
use super::manifest::{CURRENT, LOCK, OWN, generation_of, intent_of, is_body, is_staged};
use super::outcome::{DeployEvent, Outcome, Stop};
use super::plan::{Plan, Removal};
use super::survey::{Survey, survey};
use super::work::{DeployOptions, DeployWork};

/// How many objects are deleted in one request.
const BATCH: usize = 1000;

/// Removes everything that Guidepost published to a target, and nothing else; the manifest last, so that an
/// interrupted run is completed by the next.
///
/// # Errors
/// Another deploy holds the target, or the store fails.
pub fn remove(work: &DeployWork<'_>, options: &DeployOptions) -> Result<Outcome, Stop> {
    (work.on)(DeployEvent::Survey);
    let draft = survey(work.store, None)?;
    if options.dry_run || ours(&draft).removals.is_empty() && draft.current_tag.is_none() {
        return Ok(outcome(draft, false));
    }
    let lease = lease(work.store, work.run, draft.has_lock, options.take_over, work.is_over)?;
    let result = take_away(work);
    let released = lease.release();
    let outcome = result?;
    released?;
    Ok(outcome)
}

fn take_away(work: &DeployWork<'_>) -> Result<Outcome, Stop> {
    let survey = survey(work.store, None)?;
    let plan = ours(&survey);
    let keys: Vec<String> = plan.removals.iter().map(|removal| removal.key.clone()).collect();
    (work.on)(DeployEvent::Remove(keys.len()));
    keys.chunks(BATCH).try_for_each(|batch| work.store.delete(batch))?;
    let known = plan.removals.iter().filter(|removal| removal.is_known);
    let known: Vec<String> = known.map(|removal| removal.key.clone()).collect();
    (work.on)(DeployEvent::Purge);
    let purged = (work.purge)(&known, &format!("removal-{}", work.run.owner));
    work.store.delete(&[CURRENT.to_owned()])?;
    let mut outcome = outcome(survey, true);
    match purged {
        Ok(purged) => outcome.purged = purged,
        Err(fault) => outcome.purge_fault = Some(fault),
    }
    Ok(outcome)
}

/// Everything that is known to be ours, but for the manifest and the lock.
fn ours(survey: &Survey) -> Plan {
    let current = &survey.current;
    let named: BTreeSet<&String> =
        current.files.keys().chain(current.gone.keys()).chain(&survey.intents).collect();
    let mut plan = Plan::default();
    for key in survey.listing.iter().flat_map(BTreeMap::keys) {
        let is_own = is_body(key)
            || generation_of(key).is_some()
            || intent_of(key).is_some()
            || is_staged(key);
        if is_own || named.contains(key) {
            let is_known = !key.starts_with(OWN);
            plan.removals.push(Removal { key: key.clone(), is_known, keep: None });
        } else if key != CURRENT && key != LOCK {
            plan.foreign.push(key.clone());
        }
    }
    plan.removals.sort_by_key(|removal| !removal.is_known);
    plan
}

fn outcome(survey: Survey, is_done: bool) -> Outcome {
    Outcome {
        plan: ours(&survey),
        generation: survey.current.generation,
        rolled_back_to: None,
        is_done,
        refusal: None,
        lost: Vec::new(),
        notes: survey.notes,
        purged: Vec::new(),
        purge_fault: None,
        bytes: 0,
    }
}

//! A plan is carried out: phase by phase, each ended without an error before the next, the manifest last.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::addresses::Lost;
use super::lease::Lease;
use super::manifest::{
    CURRENT, Intent, Manifest, ManifestReading, PublishedFile, body_key, generation_key,
    intent_key, is_body, manifest,
};
use super::outcome::{DeployEvent, ExitKind, Outcome, Stop};
use super::plan::{PHASES, Plan, Removal, Upload};
use super::site::BuiltSite;
use super::store::{Condition, Fault, Object, Store, WriteResult};
use super::survey::Survey;
use super::work::{DeployOptions, DeployWork};
use crate::served;

/// How many objects are deleted in one request: the most that S3 takes.
const BATCH: usize = 1000;

/// What would be done.
#[derive(Debug)]
pub struct Draft {
    /// What is published.
    pub site: Arc<BuiltSite>,
    /// What the store holds.
    pub survey: Survey,
    /// The steps.
    pub plan: Plan,
    /// Addresses that alerts use and lose.
    pub lost: Vec<Lost>,
    /// Why a guard refuses.
    pub refusal: Option<Stop>,
}

impl Draft {
    /// Whether the store is as it shall be, and so are the caches in front, if it has any.
    pub fn is_nothing(&self, has_caches: bool) -> bool {
        let current = &self.survey.current;
        self.plan.is_empty()
            && (!has_caches || current.unpurged.is_empty())
            && current.generation > 0
            && current.addresses == self.site.addresses
            && self.survey.current_tag.is_some()
            && self.survey.notes.is_empty()
    }

    /// How it ends if nothing is written.
    pub fn outcome(self) -> Outcome {
        Outcome {
            generation: self.survey.current.generation,
            rolled_back_to: self.site.rolled_back_to,
            is_done: false,
            refusal: self.refusal,
            lost: self.lost,
            notes: self.survey.notes,
            purged: Vec::new(),
            purge_fault: None,
            bytes: self.plan.bytes(),
            plan: self.plan,
        }
    }
}

/// Carries out a plan.
///
/// # Errors
/// The store fails, or another deploy has taken over. What was written until then harms nobody.
pub fn publish(
    work: &DeployWork<'_>,
    draft: &Draft,
    options: &DeployOptions,
    lease: &Lease<'_, dyn Store + '_>,
) -> Result<Outcome, Stop> {
    let plan = &draft.plan;
    let intent = announce(work, draft)?;
    let mut tags = BTreeMap::new();
    for phase in PHASES {
        let uploads: Vec<&Upload> =
            plan.uploads.iter().filter(|upload| upload.phase == phase).collect();
        if uploads.is_empty() {
            continue;
        }
        let bytes = uploads.iter().map(|upload| upload.bytes).sum();
        (work.on)(DeployEvent::Begin(phase, uploads.len(), bytes));
        tags.extend(each(work, options.concurrency, &uploads, |upload| {
            lease.renew_if_due()?;
            write(work, &draft.site, upload)
        })?);
    }
    let keeping: Vec<&Removal> =
        plan.removals.iter().filter(|removal| removal.keep.is_some()).collect();
    each(work, options.concurrency, &keeping, |removal| {
        keep(work.store, &removal.key, removal.keep.as_deref())?;
        Ok((removal.key.clone(), None))
    })?;
    lease.hold()?;
    let next = next(work, draft, options, &tags);
    point(work, draft, &next)?;
    let (purged, purge_fault) = match clear(work, &next) {
        Ok(purged) => (purged, None),
        Err(fault) => (Vec::new(), Some(fault)),
    };
    lease.hold()?;
    if purge_fault.is_none() && !next.unpurged.is_empty() {
        let cleared = Manifest { unpurged: BTreeSet::new(), ..next.clone() };
        work.store.overwrite(CURRENT, &own(&cleared))?;
    }
    remove(work, plan, intent)?;
    Ok(Outcome {
        plan: plan.clone(),
        generation: next.generation,
        rolled_back_to: next.rolled_back_to,
        is_done: true,
        refusal: None,
        lost: draft.lost.clone(),
        notes: draft.survey.notes.clone(),
        purged,
        purge_fault,
        bytes: plan.bytes(),
    })
}

/// Clears the caches of what they may still hold. The manifest lists it until that is done.
fn clear(work: &DeployWork<'_>, next: &Manifest) -> Result<Vec<String>, Fault> {
    if next.unpurged.is_empty() {
        return Ok(Vec::new());
    }
    (work.on)(DeployEvent::Purge);
    let keys: Vec<String> = next.unpurged.iter().cloned().collect();
    (work.purge)(&keys, &format!("{}-{}", next.generation, work.run.owner))
}

/// Says which keys are about to be written that no manifest has, so that they are known as ours if this run ends here.
fn announce(work: &DeployWork<'_>, draft: &Draft) -> Result<Option<String>, Stop> {
    let current = &draft.survey.current;
    let is_known = |key: &String| current.files.contains_key(key) || current.gone.contains_key(key);
    let keys: BTreeSet<String> = draft
        .plan
        .uploads
        .iter()
        .map(|upload| upload.key.clone())
        .filter(|key| !is_known(key))
        .collect();
    if keys.is_empty() {
        return Ok(None);
    }
    let key = intent_key(current.generation + 1, &work.run.owner);
    let object = own(&Intent { keys });
    work.store.overwrite(&key, &object)?;
    Ok(Some(key))
}

/// Writes one file, and keeps what was there.
fn write(
    work: &DeployWork<'_>,
    site: &BuiltSite,
    upload: &Upload,
) -> Result<(String, Option<String>), Stop> {
    keep(work.store, &upload.key, upload.keep.as_deref())?;
    let bytes = site.content(&upload.key, work.store)?;
    let object = Object { bytes, headers: site.headers(&upload.key) };
    let tag = work.store.overwrite(&upload.key, &object)?;
    (work.on)(DeployEvent::Wrote(upload.bytes));
    Ok((upload.key.clone(), tag))
}

/// Copies what is at a key to where it is kept to go back to.
fn keep(store: &dyn Store, key: &str, content: Option<&str>) -> Result<(), Stop> {
    if let Some(content) = content {
        store.copy(key, &body_key(content))?;
    }
    Ok(())
}

/// The manifest of what is published now.
fn next(
    work: &DeployWork<'_>,
    draft: &Draft,
    options: &DeployOptions,
    tags: &BTreeMap<String, Option<String>>,
) -> Manifest {
    let (current, site) = (&draft.survey.current, &draft.site);
    let listing = draft.survey.listing.as_ref();
    let with_tag = |(key, file): (&String, &PublishedFile)| {
        let tag = match tags.get(key) {
            Some(tag) => tag.clone(),
            None => match current.files.get(key) {
                Some(held) => held.tag.clone(),
                None => listing.and_then(|listing| listing.get(key)?.tag.clone()),
            },
        };
        (key.clone(), PublishedFile { tag, ..file.clone() })
    };
    let now = work.store.now();
    let mut gone = draft.plan.waiting.clone();
    // If this run ends before they are removed, the next one knows that they are ours.
    let removed = draft.plan.removals.iter().filter(|removal| {
        removal.is_known || is_body(&removal.key) || current.gone.contains_key(&removal.key)
    });
    gone.extend(removed.map(|removal| {
        let since = current.gone.get(&removal.key).copied().unwrap_or(now);
        (removal.key.clone(), since)
    }));
    Manifest {
        generation: current.generation + 1,
        owner: work.run.owner.clone(),
        at: now,
        revision: options.revision.clone().filter(|_| site.rolled_back_to.is_none()),
        rolled_back_to: site.rolled_back_to,
        files: site.files.iter().map(with_tag).collect(),
        gone,
        addresses: site.addresses.clone(),
        unpurged: if work.has_caches { unpurged(draft) } else { BTreeSet::new() },
        ..Manifest::empty()
    }
}

/// Makes the new manifest the current one, unless another deploy was quicker.
fn point(work: &DeployWork<'_>, draft: &Draft, next: &Manifest) -> Result<(), Stop> {
    let object = own(next);
    work.store.overwrite(&generation_key(next.generation), &object)?;
    let condition = match &draft.survey.current_tag {
        None => Condition::Absent,
        Some(Some(tag)) => Condition::Unchanged(tag),
        Some(None) => Condition::Always,
    };
    if work.store.write(CURRENT, &object, condition)? == WriteResult::Refused {
        // Refused, or written and the answer lost.
        let held = work.store.read(CURRENT)?.map(|held| manifest(&held.bytes));
        let is_ours =
            matches!(held, Some(ManifestReading::Manifest(held)) if held.owner == next.owner);
        if !is_ours {
            let message = "another deploy has published to this target in the meantime";
            return Err(Stop::new(ExitKind::Busy, message)
                .with_help("nothing was removed; run again to publish this site"));
        }
    }
    Ok(())
}

/// The keys whose former answers caches may still hold, those of runs that did not clear them among them.
fn unpurged(draft: &Draft) -> BTreeSet<String> {
    let plan = &draft.plan;
    let written =
        plan.uploads.iter().filter(|upload| served::kind(&upload.key) != served::FileKind::Hashed);
    let removed = plan.removals.iter().filter(|removal| removal.is_known);
    let keys = written.map(|upload| &upload.key).chain(removed.map(|removal| &removal.key));
    keys.chain(&draft.survey.current.unpurged).cloned().collect()
}

/// Removes what is to go: what readers knew first, and last what says that it is ours.
fn remove(work: &DeployWork<'_>, plan: &Plan, intent: Option<String>) -> Result<(), Stop> {
    let mut keys: Vec<(bool, String)> =
        plan.removals.iter().map(|removal| (!removal.is_known, removal.key.clone())).collect();
    keys.extend(intent.map(|key| (true, key)));
    keys.sort();
    if keys.is_empty() {
        return Ok(());
    }
    (work.on)(DeployEvent::Remove(keys.len()));
    let keys: Vec<String> = keys.into_iter().map(|(_, key)| key).collect();
    keys.chunks(BATCH).try_for_each(|batch| work.store.delete(batch))?;
    Ok(())
}

/// What a deploy keeps for itself, as an object.
fn own(value: &impl serde::Serialize) -> Object {
    let text = serde_json::to_vec(value).expect("text, numbers and times are JSON");
    Object { bytes: text.into(), headers: served::OWN }
}

/// Does the same to many, so many at once, until all are done or one fails. Each time that the store asks for fewer
/// requests, half of the threads retire.
fn each<T: Sync>(
    work: &DeployWork<'_>,
    concurrency: usize,
    all: &[T],
    one: impl Fn(&T) -> Result<(String, Option<String>), Stop> + Sync,
) -> Result<BTreeMap<String, Option<String>>, Stop> {
    let next = AtomicUsize::new(0);
    let before = work.store.throttled();
    let done: Mutex<Result<BTreeMap<String, Option<String>>, Stop>> =
        Mutex::new(Ok(BTreeMap::new()));
    let labor = |index: usize| {
        loop {
            let fewer = work.store.throttled().saturating_sub(before).min(16);
            if index > 0 && index >= concurrency >> fewer {
                return;
            }
            let Some(item) = all.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            let result = if work.stop.load(Ordering::Relaxed) {
                Err(Stop::new(ExitKind::TryAgain, "stopped; readers see a whole site")
                    .with_help("run again to go on"))
            } else {
                one(item)
            };
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            match (result, done.as_mut()) {
                (Ok((key, tag)), Ok(tags)) => {
                    tags.insert(key, tag);
                }
                (Err(stop), Ok(_)) => *done = Err(stop),
                (_, Err(_)) => {}
            }
            if done.is_err() {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        for index in 1..concurrency.min(all.len()) {
            let labor = &labor;
            scope.spawn(move || labor(index));
        }
        labor(0);
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

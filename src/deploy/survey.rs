//! What a store holds and what is known of it, before anything is decided. Never writes.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{
    CURRENT, Intent, LOCK, Manifest, ManifestReading, PublishedFile, generation_key, generation_of,
    intent_of, manifest,
};
use super::outcome::{ExitKind, Stop};
use super::store::{ListedObject, Store};

/// A listing costs a request a thousand objects. Above so many files it is left out where nothing has changed.
const LISTED_ANYWAY: usize = 10_000;

/// How many missing files are named.
const NAMED: usize = 10;

/// What a store holds and what is known of it.
#[derive(Debug)]
pub struct Survey {
    /// The manifest of what is published; an empty one before the first deploy.
    pub current: Manifest,
    /// What stands where the manifest is: nothing, or an object with its tag.
    pub current_tag: Option<Option<String>>,
    /// What the store holds; none where it was not asked.
    pub listing: Option<BTreeMap<String, ListedObject>>,
    /// Keys that runs which never ended were about to write.
    pub intents: BTreeSet<String>,
    /// Whether somebody holds the target.
    pub has_lock: bool,
    /// What somebody should know, a sentence each.
    pub notes: Vec<String>,
}

/// Asks a store what it holds. Where it holds many files and `trusted` are those of the manifest, it is not asked to
/// list them.
///
/// # Errors
/// The store fails, or a later version of Guidepost wrote to it.
pub fn survey(
    store: &dyn Store,
    trusted: Option<&BTreeMap<String, PublishedFile>>,
) -> Result<Survey, Stop> {
    let mut notes = Vec::new();
    let held = store.read(CURRENT)?;
    let current_tag = held.as_ref().map(|held| held.tag.clone());
    let mut current = match held.map(|held| manifest(&held.bytes)) {
        Some(ManifestReading::Manifest(current)) => Some(*current),
        Some(ManifestReading::Newer) => return Err(newer()),
        Some(ManifestReading::Damaged) => {
            notes.push(format!("`{CURRENT}` is damaged and is written anew"));
            None
        }
        None => None,
    };
    let is_trusted = current.as_ref().zip(trusted).is_some_and(|(current, files)| {
        files.len() > LISTED_ANYWAY && is_same(&current.files, files)
    });
    let listing = if is_trusted { None } else { Some(store.list()?) };
    let keys = || listing.iter().flat_map(BTreeMap::keys);
    if current.is_none() {
        current = newest(store, keys())?;
        if let Some(current) = &current {
            let generation = current.generation;
            notes
                .push(format!("what is known of the target is taken from generation {generation}"));
        }
    }
    let mut intents = BTreeSet::new();
    for key in keys().filter(|key| intent_of(key).is_some()) {
        if let Some(held) = store.read(key)?
            && let Ok(intent) = serde_json::from_slice::<Intent>(&held.bytes)
        {
            intents.extend(intent.keys);
        }
    }
    let has_lock = keys().any(|key| key == LOCK);
    let current = current.unwrap_or_else(Manifest::empty);
    Ok(Survey { current, current_tag, listing, intents, has_lock, notes })
}

/// The manifest of an earlier generation: the one that is wanted, else the newest before the current one.
///
/// # Errors
/// It is not kept, or cannot be read.
pub fn former_manifest(
    store: &dyn Store,
    survey: &Survey,
    wanted: Option<u64>,
) -> Result<(u64, Manifest), Stop> {
    let current = survey.current.generation;
    let listing = survey.listing.iter().flat_map(BTreeMap::keys);
    let mut kept: Vec<u64> =
        listing.filter_map(|key| generation_of(key)).filter(|kept| *kept < current).collect();
    kept.sort_unstable();
    let chosen = match wanted {
        Some(wanted) => kept.iter().copied().find(|kept| *kept == wanted),
        None => kept.last().copied(),
    };
    let known = || match kept.as_slice() {
        [] => "no earlier generation is kept; publish another commit instead".to_owned(),
        kept => {
            let names: Vec<String> = kept.iter().map(u64::to_string).collect();
            format!("generations that are kept: {}", names.join(", "))
        }
    };
    let Some(generation) = chosen else {
        let message = match wanted {
            Some(wanted) => format!("there is no generation {wanted} to go back to"),
            None => "there is nothing to go back to".to_owned(),
        };
        return Err(Stop::new(ExitKind::Guard, message).with_help(known()));
    };
    let held = store.read(&generation_key(generation))?;
    match held.map(|held| manifest(&held.bytes)) {
        Some(ManifestReading::Manifest(manifest)) => Ok((generation, *manifest)),
        Some(ManifestReading::Newer) => Err(newer()),
        _ => {
            let message = format!("generation {generation} cannot be read");
            Err(Stop::new(ExitKind::Guard, message).with_help(known()))
        }
    }
}

/// A generation of which not everything is kept any more.
pub fn too_old(generation: u64, missing: Vec<String>, revision: Option<&str>) -> Stop {
    let count = missing.len();
    let message =
        format!("generation {generation} is no longer whole: files of it are past their grace");
    let mut details: Vec<String> = missing.into_iter().take(NAMED).collect();
    if count > NAMED {
        details.push(format!("and {} more", count - NAMED));
    }
    let help = match revision {
        Some(revision) => format!("check out `{revision}` and deploy it"),
        None => "check out the commit that it was built from and deploy it".to_owned(),
    };
    Stop::new(ExitKind::Guard, message).with_details(details).with_help(help)
}

fn newer() -> Stop {
    Stop::new(ExitKind::Guard, "a later version of Guidepost has published to this target")
        .with_help("deploy with that version, or a later one")
}

/// Whether the files are published as they are, by the manifest alone.
fn is_same(
    published: &BTreeMap<String, PublishedFile>,
    files: &BTreeMap<String, PublishedFile>,
) -> bool {
    published.len() == files.len()
        && published.iter().zip(files).all(|((one, published), (other, file))| {
            one == other && published.content == file.content && published.headers == file.headers
        })
}

/// The newest of the kept manifests that can be read.
fn newest<'k>(
    store: &dyn Store,
    keys: impl Iterator<Item = &'k String>,
) -> Result<Option<Manifest>, Stop> {
    let mut generations: Vec<u64> = keys.filter_map(|key| generation_of(key)).collect();
    generations.sort_unstable();
    for generation in generations.into_iter().rev() {
        match store.read(&generation_key(generation))?.map(|held| manifest(&held.bytes)) {
            Some(ManifestReading::Manifest(manifest)) => return Ok(Some(*manifest)),
            Some(ManifestReading::Newer) => return Err(newer()),
            _ => {}
        }
    }
    Ok(None)
}

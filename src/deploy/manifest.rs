//! What a deploy remembers in the store: what it published, what waits to be removed, which addresses alerts use.
//!
//! `.guidepost/deploy/current.json` is the manifest of what is published, the only object that says so and the last to
//! be written. `gen/000042.json` are copies of it to go back to, `intent/` says which keys a run is about to write, so
//! that what an interrupted one left is known as ours, and `body/SHA-256` holds pages that were published before.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use super::addresses::Addresses;
use crate::served::{FileKind, Headers};

/// What a deploy keeps for itself.
pub const OWN: &str = ".guidepost/deploy/";

/// The manifest of what is published.
pub const CURRENT: &str = ".guidepost/deploy/current.json";

/// Who is deploying at the moment.
pub const LOCK: &str = ".guidepost/deploy/lock.json";

/// The form of the manifest that this program reads and writes.
const VERSION: u32 = 1;

/// How many manifests are kept to go back to.
const KEPT: u64 = 10;

/// What is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of this file.
    pub v: u32,
    /// Counts the deploys of this target.
    pub generation: u64,
    /// Which run wrote it.
    pub owner: String,
    /// The version of the program that did.
    pub program: String,
    /// When, by the store's clock.
    pub at: Timestamp,
    /// The commit that the site was built from, where git knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The generation that this one went back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolled_back_to: Option<u64>,
    /// Every file of the site.
    pub files: BTreeMap<String, PublishedFile>,
    /// Objects that the site no longer has, and since when; they are removed after the grace.
    #[serde(default)]
    pub gone: BTreeMap<String, Timestamp>,
    /// The addresses that alerts use.
    #[serde(default)]
    pub addresses: Addresses,
    /// Keys whose former answers the caches in front may still hold: they were not cleared, or the run ended before.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unpurged: BTreeSet<String>,
}

/// A file as it was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedFile {
    /// SHA-256 of its content, in hexadecimal digits.
    #[serde(rename = "h")]
    pub content: String,
    /// The beginning of a SHA-256 of its headers.
    #[serde(rename = "m")]
    pub headers: String,
    /// The tag that the store gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Its length in bytes.
    #[serde(rename = "n")]
    pub size: u64,
    /// What it is to a reader.
    #[serde(rename = "k")]
    pub kind: FileKind,
}

/// The keys that a run is about to write.
#[derive(Debug, Serialize, Deserialize)]
pub struct Intent {
    /// The keys.
    pub keys: BTreeSet<String>,
}

/// What was found where a manifest should be.
#[derive(Debug)]
pub enum ManifestReading {
    /// A manifest.
    Manifest(Box<Manifest>),
    /// A manifest of a later version of Guidepost.
    Newer,
    /// Something else.
    Damaged,
}

/// Reads a manifest.
pub fn manifest(bytes: &[u8]) -> ManifestReading {
    #[derive(Deserialize)]
    struct Version {
        v: u32,
    }
    if let Ok(manifest) = serde_json::from_slice::<Manifest>(bytes)
        && manifest.v == VERSION
    {
        return ManifestReading::Manifest(Box::new(manifest));
    }
    match serde_json::from_slice::<Version>(bytes) {
        Ok(Version { v }) if v > VERSION => ManifestReading::Newer,
        _ => ManifestReading::Damaged,
    }
}

impl Manifest {
    /// The manifest before the first deploy.
    pub fn empty() -> Manifest {
        Manifest {
            v: VERSION,
            generation: 0,
            owner: String::new(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            at: Timestamp::UNIX_EPOCH,
            revision: None,
            rolled_back_to: None,
            files: BTreeMap::new(),
            gone: BTreeMap::new(),
            addresses: Addresses::default(),
            unpurged: BTreeSet::new(),
        }
    }
}

/// The key of the manifest of a generation.
pub fn generation_key(generation: u64) -> String {
    format!("{OWN}gen/{generation:06}.json")
}

/// The generation that a key holds the manifest of.
pub fn generation_of(key: &str) -> Option<u64> {
    key.strip_prefix(OWN)?.strip_prefix("gen/")?.strip_suffix(".json")?.parse().ok()
}

/// The key of what a run is about to write.
pub fn intent_key(generation: u64, owner: &str) -> String {
    format!("{OWN}intent/{generation:06}-{owner}.json")
}

/// The generation that a key holds the intent for.
pub fn intent_of(key: &str) -> Option<u64> {
    let name = key.strip_prefix(OWN)?.strip_prefix("intent/")?;
    name.split('-').next()?.parse().ok()
}

/// The key of a content that was published before.
pub fn body_key(content: &str) -> String {
    format!("{OWN}body/{content}")
}

/// Whether a key holds a content that was published before.
pub fn is_body(key: &str) -> bool {
    key.strip_prefix(OWN).is_some_and(|rest| rest.starts_with("body/"))
}

/// What begins the names of folders in which files wait to be moved into place, where a store is a folder.
pub const STAGE: &str = "stage-";

/// Whether a key is of a file that a run which ended had not moved into place.
pub fn is_staged(key: &str) -> bool {
    key.strip_prefix(OWN).is_some_and(|rest| rest.starts_with(STAGE))
}

/// Whether a manifest of this generation is no longer kept beside `current`.
pub fn is_forgotten(generation: u64, current: u64) -> bool {
    generation > current || generation + KEPT <= current
}

/// SHA-256 of a content, in hexadecimal digits.
pub fn content_digest(bytes: &[u8]) -> String {
    hexadecimal(ring::digest::digest(&SHA256, bytes).as_ref())
}

/// The beginning of a SHA-256 of headers, enough to tell when they change.
pub fn headers_digest(headers: &Headers) -> String {
    let mut context = Context::new(&SHA256);
    context.update(format!("cache-control:{}\n", headers.cache_control).as_bytes());
    context.update(format!("content-type:{}\n", headers.content_type).as_bytes());
    hexadecimal(&context.finish().as_ref()[..4])
}

/// Bytes in hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        text.push_str(&format!("{byte:02x}"));
        text
    })
}

#[cfg(test)]
mod tests {
    use super::{
        Manifest, ManifestReading, generation_key, generation_of, intent_key, intent_of,
        is_forgotten, manifest,
    };

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let written = serde_json::to_vec(&Manifest::empty()).unwrap();
        assert!(
            matches!(manifest(&written), ManifestReading::Manifest(read) if *read == Manifest::empty())
        );
    }

    #[test]
    fn a_manifest_of_a_later_version_is_told_from_a_damaged_one() {
        assert!(matches!(manifest(b"{\"v\": 2, \"what\": []}"), ManifestReading::Newer));
        for damaged in ["", "{", "null", "[]", "{\"v\": 1}", "{\"v\": -1}", "\u{0}"] {
            assert!(matches!(manifest(damaged.as_bytes()), ManifestReading::Damaged), "{damaged}");
        }
    }

    #[test]
    fn keys_of_generations_and_intents_say_which() {
        assert_eq!(generation_of(&generation_key(42)), Some(42));
        assert_eq!(intent_of(&intent_key(1_234_567, "ab-cd")), Some(1_234_567));
        assert_eq!(generation_of("gen/000042.json"), None);
        assert!(!is_forgotten(42, 42) && !is_forgotten(33, 42));
        assert!(is_forgotten(32, 42) && is_forgotten(43, 42));
    }
}

//! From what a site is, what the manifest says and what the store holds: the steps that publish it, in their order.
//!
//! A pure function. Everything that readers can reach answers after every single step: what is new comes before what
//! refers to it, and what goes comes last. Only what a manifest says Guidepost wrote is ever removed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::manifest::{
    CURRENT, LOCK, Manifest, OWN, PublishedFile, body_key, generation_of, intent_of, is_body,
    is_forgotten, is_staged,
};
use super::store::ListedObject;
use crate::served::{FileKind, kind};

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct PlanFacts<'a> {
    /// The files to publish, without tags.
    pub site: &'a BTreeMap<String, PublishedFile>,
    /// What was published before.
    pub manifest: &'a Manifest,
    /// What the store holds; none where it was not asked, and the manifest is trusted.
    pub listing: Option<&'a BTreeMap<String, ListedObject>>,
    /// Keys that runs which never ended were about to write.
    pub intents: &'a BTreeSet<String>,
    /// The store's clock.
    pub now: Timestamp,
    /// How long what the site no longer has is kept under open tabs.
    pub grace: SignedDuration,
}

/// The steps that publish a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// What is written, in order.
    pub uploads: Vec<Upload>,
    /// What is removed after everything was written.
    pub removals: Vec<Removal>,
    /// What the site no longer has and is kept for now, with the time since which it is gone.
    pub waiting: BTreeMap<String, Timestamp>,
    /// What others wrote, which is left alone.
    pub foreign: Vec<String>,
    /// How many files are published as they are.
    pub unchanged: usize,
    /// Whether the manifest has to be written again although no file is.
    pub is_manifest_stale: bool,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Upload {
    /// Where.
    pub key: String,
    /// When.
    pub phase: Phase,
    /// Why.
    pub reason: Reason,
    /// Its length in bytes.
    pub bytes: u64,
    /// The SHA-256 under which the content that is there is kept, to go back to it.
    #[serde(skip)]
    pub keep: Option<String>,
}

/// An object to remove.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Removal {
    /// Where.
    pub key: String,
    /// Whether it is a page or asset that readers knew under this name, and not something that only Guidepost names.
    pub is_known: bool,
    /// The SHA-256 under which its content is kept.
    #[serde(skip)]
    pub keep: Option<String>,
}

/// The order of writing; each phase ends without an error before the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Files whose names change with their content.
    Hashed,
    /// Other assets.
    Assets,
    /// Pages that were not there.
    NewPages,
    /// Pages that were.
    ChangedPages,
    /// Where readers and programs come in.
    Entries,
}

/// The phases in their order.
pub const PHASES: [Phase; 5] =
    [Phase::Hashed, Phase::Assets, Phase::NewPages, Phase::ChangedPages, Phase::Entries];

/// Why a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It was not published before.
    New,
    /// Its content differs.
    Content,
    /// It is served with other headers.
    Headers,
    /// The manifest has it, and the store does not.
    Missing,
    /// Somebody else wrote it since.
    Altered,
    /// The store has it, and the manifest does not.
    Unknown,
}

impl Plan {
    /// Whether nothing has to be done.
    pub fn is_empty(&self) -> bool {
        self.uploads.is_empty() && self.removals.is_empty() && !self.is_manifest_stale
    }

    /// How many bytes are written.
    pub fn bytes(&self) -> u64 {
        self.uploads.iter().map(|upload| upload.bytes).sum()
    }

    /// How many pages and assets readers lose.
    pub fn losses(&self) -> usize {
        self.removals.iter().filter(|removal| removal.is_known).count()
    }
}

/// Plans a deploy.
pub fn plan(facts: &PlanFacts<'_>) -> Plan {
    let mut plan = Plan::default();
    for (key, file) in facts.site {
        match reason(facts, key, file) {
            None => plan.unchanged += 1,
            Some(reason) => plan.uploads.push(upload(facts, key, file, reason)),
        }
    }
    plan.uploads.sort_by(|one, other| (one.phase, &one.key).cmp(&(other.phase, &other.key)));
    goners(facts, &mut plan);
    own(facts, &mut plan);
    if let Some(listing) = facts.listing {
        plan.foreign = listing.keys().filter(|key| is_foreign(facts, key)).cloned().collect();
    }
    plan.is_manifest_stale = plan.waiting.keys().any(|key| !facts.manifest.gone.contains_key(key))
        || !facts.manifest.files.keys().eq(facts.site.keys());
    plan
}

/// Why a file has to be written; none if it is published as it is.
fn reason(facts: &PlanFacts<'_>, key: &str, file: &PublishedFile) -> Option<Reason> {
    let known = facts.manifest.files.get(key);
    let listed = facts.listing.map(|listing| listing.get(key));
    match (known, listed) {
        (None, Some(Some(listed))) if is_left(facts, key, file, listed) => None,
        (None, Some(Some(_))) => Some(Reason::Unknown),
        (None, _) => Some(Reason::New),
        (Some(_), Some(None)) => Some(Reason::Missing),
        (Some(known), Some(Some(listed))) if !is_intact(known, listed) => Some(Reason::Altered),
        (Some(known), _) if known.content != file.content => Some(Reason::Content),
        (Some(known), _) if known.headers != file.headers => Some(Reason::Headers),
        _ => None,
    }
}

/// Whether a file whose name changes with its content is there from before: it went and comes back, or a run that was
/// interrupted wrote it.
fn is_left(facts: &PlanFacts<'_>, key: &str, file: &PublishedFile, listed: &ListedObject) -> bool {
    file.kind == FileKind::Hashed
        && listed.size == file.size
        && (facts.manifest.gone.contains_key(key) || facts.intents.contains(key))
}

/// Whether what the store lists is what was published. Some stores list no tags.
fn is_intact(known: &PublishedFile, listed: &ListedObject) -> bool {
    let same_tag = match (&known.tag, &listed.tag) {
        (Some(known), Some(listed)) => known == listed,
        _ => true,
    };
    known.size == listed.size && same_tag
}

fn upload(facts: &PlanFacts<'_>, key: &str, file: &PublishedFile, reason: Reason) -> Upload {
    let is_there = match facts.listing {
        Some(listing) => listing.contains_key(key),
        None => facts.manifest.files.contains_key(key),
    };
    let phase = match (file.kind, is_there) {
        (FileKind::Hashed, _) => Phase::Hashed,
        (FileKind::Asset, _) => Phase::Assets,
        (FileKind::Page, false) => Phase::NewPages,
        (FileKind::Page, true) => Phase::ChangedPages,
        (FileKind::Entry, _) => Phase::Entries,
    };
    let keep = kept(facts, key).filter(|content| *content != file.content);
    Upload { key: key.to_owned(), phase, reason, bytes: file.size, keep }
}

/// The SHA-256 of what is at a key, if it is to be kept: what was published under a name that stays.
fn kept(facts: &PlanFacts<'_>, key: &str) -> Option<String> {
    let known = facts.manifest.files.get(key)?;
    let listed = facts.listing?.get(key)?;
    let is_kept = known.kind != FileKind::Hashed
        && facts.grace.is_positive()
        && is_intact(known, listed)
        && !facts.listing?.contains_key(&body_key(&known.content));
    is_kept.then(|| known.content.clone())
}

/// Sorts what the site no longer has into what is removed and what waits.
fn goners(facts: &PlanFacts<'_>, plan: &mut Plan) {
    let manifest = facts.manifest;
    let ours = manifest.files.keys().chain(manifest.gone.keys()).chain(facts.intents);
    let bodies = facts.listing.into_iter().flat_map(BTreeMap::keys).filter(|key| is_body(key));
    let candidates: BTreeSet<&String> = ours.chain(bodies).collect();
    for key in candidates {
        let is_there = facts.listing.is_none_or(|listing| listing.contains_key(key));
        if facts.site.contains_key(key) || !is_there {
            continue;
        }
        let since = manifest.gone.get(key).copied().unwrap_or(facts.now);
        let is_due = facts.now.duration_since(since) >= facts.grace;
        let is_known = !is_body(key) && kind(key) != FileKind::Hashed;
        if is_known || is_due {
            let keep = is_known.then(|| kept(facts, key)).flatten();
            plan.removals.push(Removal { key: key.clone(), is_known, keep });
        } else {
            plan.waiting.insert(key.clone(), since);
        }
    }
    let kept = plan.uploads.iter().map(|upload| &upload.keep);
    let kept = kept.chain(plan.removals.iter().map(|removal| &removal.keep)).flatten();
    let bodies: Vec<String> = kept.map(|content| body_key(content)).collect();
    plan.waiting.extend(bodies.into_iter().map(|body| (body, facts.now)));
}

/// What a deploy kept for itself and needs no more.
fn own(facts: &PlanFacts<'_>, plan: &mut Plan) {
    let next = facts.manifest.generation + 1;
    let keys = facts.listing.into_iter().flat_map(BTreeMap::keys);
    let keys = keys.filter(|key| {
        generation_of(key).is_some_and(|generation| is_forgotten(generation, next))
            || intent_of(key).is_some()
            || is_staged(key)
    });
    let removals = keys.map(|key| Removal { key: key.clone(), is_known: false, keep: None });
    plan.removals.extend(removals);
}

/// Whether a key is of somebody else.
fn is_foreign(facts: &PlanFacts<'_>, key: &str) -> bool {
    let manifest = facts.manifest;
    let is_own = key.starts_with(OWN) && {
        key == CURRENT
            || key == LOCK
            || is_body(key)
            || generation_of(key).is_some()
            || intent_of(key).is_some()
            || is_staged(key)
    };
    !is_own
        && !facts.site.contains_key(key)
        && !manifest.files.contains_key(key)
        && !manifest.gone.contains_key(key)
        && !facts.intents.contains(key)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use jiff::{SignedDuration, Timestamp};
    use proptest::prelude::*;

    use super::{Phase, Plan, PlanFacts, Reason, plan};
    use crate::deploy::manifest::{Manifest, PublishedFile, body_key, content_digest, intent_key};
    use crate::deploy::store::ListedObject;
    use crate::served::{FileKind, kind};

    type Site = BTreeMap<String, PublishedFile>;
    type Listing = BTreeMap<String, ListedObject>;

    fn file(path: &str, text: &str) -> (String, PublishedFile) {
        let content = content_digest(text.as_bytes());
        let size = text.len() as u64;
        let kind = kind(path);
        let headers = "1".to_owned();
        (path.to_owned(), PublishedFile { content, headers, tag: None, size, kind })
    }

    fn site(files: &[(&str, &str)]) -> Site {
        files.iter().map(|(path, text)| file(path, text)).collect()
    }

    /// What a store holds after a site was published: a tag is the content.
    fn published(site: &Site) -> (Manifest, Listing) {
        let mut manifest = Manifest { generation: 1, ..Manifest::empty() };
        let mut listing = Listing::new();
        for (key, file) in site {
            let tag = Some(file.content.clone());
            listing.insert(key.clone(), ListedObject { size: file.size, tag: tag.clone() });
            manifest.files.insert(key.clone(), PublishedFile { tag, ..file.clone() });
        }
        (manifest, listing)
    }

    const DAY: i64 = 24 * 60 * 60;

    fn planned(site: &Site, manifest: &Manifest, listing: &Listing, day: i64) -> Plan {
        plan(&PlanFacts {
            site,
            manifest,
            listing: Some(listing),
            intents: &BTreeSet::new(),
            now: Timestamp::from_second(day * DAY).unwrap(),
            grace: SignedDuration::from_hours(7 * 24),
        })
    }

    fn steps(plan: &Plan) -> Vec<(&str, Phase, Reason)> {
        plan.uploads.iter().map(|step| (step.key.as_str(), step.phase, step.reason)).collect()
    }

    fn removed(plan: &Plan) -> Vec<&str> {
        plan.removals.iter().map(|removal| removal.key.as_str()).collect()
    }

    #[test]
    fn what_refers_to_others_is_written_after_them_and_what_goes_last() {
        let (manifest, listing) = published(&site(&[
            ("index.html", "1"),
            ("old/index.html", "1"),
            ("same/index.html", "1"),
            ("theme/theme.0000000000.css", "1"),
        ]));
        let new = site(&[
            ("index.html", "2"),
            ("new/index.html", "1"),
            ("same/index.html", "2"),
            ("logo.png", "1"),
            ("theme/theme.1111111111.css", "2"),
        ]);
        let plan = planned(&new, &manifest, &listing, 1);
        assert_eq!(
            steps(&plan),
            [
                ("theme/theme.1111111111.css", Phase::Hashed, Reason::New),
                ("logo.png", Phase::Assets, Reason::New),
                ("new/index.html", Phase::NewPages, Reason::New),
                ("same/index.html", Phase::ChangedPages, Reason::Content),
                ("index.html", Phase::Entries, Reason::Content),
            ]
        );
        assert_eq!(removed(&plan), ["old/index.html"]);
        assert_eq!(plan.losses(), 1);
        assert!(plan.waiting.contains_key("theme/theme.0000000000.css"));
    }

    #[test]
    fn the_same_site_needs_no_step() {
        let site = site(&[("index.html", "1"), ("a.png", "2")]);
        let (manifest, listing) = published(&site);
        let plan = planned(&site, &manifest, &listing, 1);
        assert!(plan.is_empty());
        assert_eq!(plan.unchanged, 2);
    }

    #[test]
    fn other_headers_are_a_reason_to_write() {
        let old = site(&[("index.html", "1")]);
        let (manifest, listing) = published(&old);
        let mut new = old;
        new.get_mut("index.html").unwrap().headers = "2".to_owned();
        let plan = planned(&new, &manifest, &listing, 1);
        assert_eq!(steps(&plan), [("index.html", Phase::Entries, Reason::Headers)]);
        assert_eq!(plan.uploads[0].keep, None, "the content is the same");
    }

    #[test]
    fn what_somebody_else_changed_or_deleted_is_written_again() {
        let site = site(&[("a/index.html", "1"), ("b/index.html", "1"), ("c/index.html", "1")]);
        let (manifest, mut listing) = published(&site);
        listing.remove("a/index.html");
        listing.get_mut("b/index.html").unwrap().tag = Some("other".to_owned());
        // A store that lists no tags.
        listing.get_mut("c/index.html").unwrap().tag = None;
        let plan = planned(&site, &manifest, &listing, 1);
        assert_eq!(
            steps(&plan),
            [
                ("a/index.html", Phase::NewPages, Reason::Missing),
                ("b/index.html", Phase::ChangedPages, Reason::Altered),
            ]
        );
        assert!(plan.uploads.iter().all(|upload| upload.keep.is_none()));
    }

    #[test]
    fn what_others_wrote_is_named_and_left_alone() {
        let site = site(&[("index.html", "1")]);
        let (manifest, mut listing) = published(&site);
        let strange = ListedObject { size: 1, tag: None };
        for key in ["CNAME", "backup/db.tar", ".guidepost/other.json", ".guidepost/deploy/x"] {
            listing.insert(key.to_owned(), strange.clone());
        }
        let plan = planned(&site, &manifest, &listing, 1);
        assert!(plan.is_empty());
        assert_eq!(
            plan.foreign,
            [".guidepost/deploy/x", ".guidepost/other.json", "CNAME", "backup/db.tar"]
        );
    }

    #[test]
    fn without_a_manifest_everything_is_written_and_nothing_removed() {
        let old = site(&[("index.html", "1"), ("old/index.html", "1")]);
        let (_, listing) = published(&old);
        let new = site(&[("index.html", "1")]);
        let plan = planned(&new, &Manifest::empty(), &listing, 1);
        assert_eq!(steps(&plan), [("index.html", Phase::Entries, Reason::Unknown)]);
        assert_eq!(removed(&plan), [""; 0]);
        assert_eq!(plan.foreign, ["old/index.html"]);
    }

    #[test]
    fn what_is_hashed_is_removed_after_the_grace_counted_from_when_it_went() {
        let css = "theme/theme.0000000000.css";
        let old = site(&[("index.html", "1"), (css, "1")]);
        let new = site(&[("index.html", "1")]);
        let (mut manifest, listing) = published(&old);
        let plan = planned(&new, &manifest, &listing, 100);
        assert!(removed(&plan).is_empty() && plan.is_manifest_stale);
        manifest.files.remove(css);
        manifest.gone = plan.waiting;
        assert!(planned(&new, &manifest, &listing, 106).is_empty());
        assert_eq!(removed(&planned(&new, &manifest, &listing, 107)), [css]);
        // What comes back is not removed, however long it was gone.
        assert!(planned(&old, &manifest, &listing, 200).removals.is_empty());
    }

    #[test]
    fn what_is_named_after_its_content_and_still_there_is_not_written_again() {
        let css = "theme/theme.0000000000.css";
        let new = site(&[("index.html", "1"), (css, "1")]);
        let (mut manifest, listing) = published(&new);
        manifest.files.remove(css);
        assert_eq!(steps(&planned(&new, &manifest, &listing, 1)).len(), 1, "it may be another's");
        manifest.gone.insert(css.to_owned(), Timestamp::UNIX_EPOCH);
        let plan = planned(&new, &manifest, &listing, 1);
        assert!(plan.uploads.is_empty() && plan.removals.is_empty() && plan.is_manifest_stale);
    }

    #[test]
    fn what_an_interrupted_run_left_is_removed() {
        let site = site(&[("index.html", "1")]);
        let (manifest, mut listing) = published(&site);
        let intent = intent_key(2, "ab");
        for key in ["left/index.html", intent.as_str()] {
            listing.insert(key.to_owned(), ListedObject { size: 1, tag: None });
        }
        let intents = BTreeSet::from(["left/index.html".to_owned(), "never/index.html".to_owned()]);
        let plan = plan(&PlanFacts {
            site: &site,
            manifest: &manifest,
            listing: Some(&listing),
            intents: &intents,
            now: Timestamp::UNIX_EPOCH,
            grace: SignedDuration::from_hours(1),
        });
        assert_eq!(removed(&plan), ["left/index.html", intent.as_str()]);
        assert!(plan.foreign.is_empty());
    }

    #[test]
    fn a_page_that_changes_or_goes_is_kept_to_go_back_to() {
        let old = site(&[("a/index.html", "1"), ("b/index.html", "2"), ("c/index.html", "3")]);
        let (manifest, listing) = published(&old);
        let new = site(&[("a/index.html", "9"), ("c/index.html", "3")]);
        let plan = planned(&new, &manifest, &listing, 1);
        let (one, two) = (content_digest(b"1"), content_digest(b"2"));
        assert_eq!(plan.uploads[0].keep.as_ref(), Some(&one));
        assert_eq!(plan.removals[0].keep.as_ref(), Some(&two));
        assert!(plan.waiting.contains_key(&body_key(&one)));
        assert!(plan.waiting.contains_key(&body_key(&two)));
    }

    /// Writes what a plan says to a store, and the manifest that follows from it.
    fn apply(plan: &Plan, site: &Site, manifest: &mut Manifest, listing: &mut Listing, day: i64) {
        let kept = plan.uploads.iter().map(|upload| (&upload.key, &upload.keep));
        let kept = kept.chain(plan.removals.iter().map(|removal| (&removal.key, &removal.keep)));
        for (key, content) in kept {
            if let Some(content) = content {
                let held = listing[key].clone();
                assert_eq!(held.tag.as_ref(), Some(content), "it is kept under what it is");
                listing.insert(body_key(content), held);
            }
        }
        for upload in &plan.uploads {
            let file = &site[&upload.key];
            let tag = Some(file.content.clone());
            listing.insert(upload.key.clone(), ListedObject { size: file.size, tag });
        }
        let (files, _) = published(site);
        manifest.files = files.files;
        manifest.generation += 1;
        manifest.gone = plan.waiting.clone();
        let now = Timestamp::from_second(day * DAY).unwrap();
        for removal in &plan.removals {
            manifest.gone.insert(removal.key.clone(), now);
            listing.remove(&removal.key);
        }
    }

    fn sites() -> impl Strategy<Value = Vec<Site>> {
        let paths = [
            "index.html",
            "a/index.html",
            "b/index.html",
            "b/index.md",
            "logo.png",
            "api/pages.json",
            "theme/x.0000000000.css",
            "theme/x.1111111111.css",
            "search/shards/t/0.222222.bin",
        ];
        let files = proptest::collection::btree_map(0..paths.len(), 0..3u8, 0..paths.len());
        let site = files.prop_map(move |files| {
            let text = |path: &str, text: u8| match kind(path) {
                FileKind::Hashed => "the content that its name says".to_owned(),
                _ => text.to_string(),
            };
            let files = files.into_iter().map(|(path, number)| (paths[path], number));
            files.map(|(path, number)| file(path, &text(path, number))).collect()
        });
        proptest::collection::vec(site, 1..6)
    }

    proptest! {
        #[test]
        fn any_sites_one_after_the_other_end_as_the_last_and_then_need_nothing(
            sites in sites(),
            days in proptest::collection::vec(0..10i64, 6),
        ) {
            let (mut manifest, mut listing) = (Manifest::empty(), Listing::new());
            let mut day = 0;
            for (site, pause) in sites.iter().zip(&days) {
                day += pause;
                let plan = planned(site, &manifest, &listing, day);
                prop_assert!(plan.foreign.is_empty());
                let known = |key: &str| manifest.files.contains_key(key)
                    || manifest.gone.contains_key(key);
                for removal in &plan.removals {
                    prop_assert!(known(&removal.key), "only what is ours is removed");
                    prop_assert!(!site.contains_key(&removal.key));
                }
                prop_assert!(plan.uploads.is_sorted_by_key(|upload| upload.phase));
                apply(&plan, site, &mut manifest, &mut listing, day);
                for (key, file) in site {
                    prop_assert_eq!(listing[key].tag.as_ref(), Some(&file.content));
                }
                prop_assert!(planned(site, &manifest, &listing, day).is_empty());
            }
            let last = &sites[sites.len() - 1];
            let plan = planned(last, &manifest, &listing, day + 7);
            apply(&plan, last, &mut manifest, &mut listing, day + 7);
            prop_assert!(listing.keys().eq(last.keys()), "nothing is left over after the grace");
        }
    }
}

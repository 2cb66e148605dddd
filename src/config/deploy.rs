//! `[deploy]`: where the site is published, by name.

use std::collections::BTreeMap;

use crate::diagnostic::values;
use crate::value::keys::KeyTarget::{Read, Table, Text, Word};
use crate::value::keys::{Key, KnownKey, Shape, key, known_keys, read_keys};
use crate::value::read::Reader;
use crate::value::{Entry, Node};

/// An entry of `[deploy]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeployTarget {
    /// `s3://bucket/prefix`, `gs://…`, `az://…`, or a folder relative to the site folder.
    pub url: String,
    /// The address of a store that is compatible with S3.
    pub endpoint: Option<String>,
    /// The AWS region of the bucket.
    pub region: Option<String>,
    /// The AWS profile to take credentials from.
    pub profile: Option<String>,
    /// How many days what the site no longer has is kept.
    pub grace: Option<u64>,
    /// How many pages and assets may go in one deploy; -1 for any number.
    pub max_delete: Option<i64>,
    /// How many requests at once.
    pub concurrency: Option<u64>,
    /// Caches in front of the site.
    pub caches: Caches,
}

/// `[deploy.NAME.cdn]`: caches in front of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caches {
    /// A CloudFront distribution.
    pub cloudfront: Option<String>,
    /// A Cloudflare zone.
    pub cloudflare: Option<String>,
}

const TARGET: &[Key<DeployTarget>] = &[
    key("url", "the target; a folder is relative to site.toml", Word(|target| &mut target.url)),
    key("endpoint", "as the options of the same names", Text(|target| &mut target.endpoint)),
    key("region", "as the options of the same names", Text(|target| &mut target.region)),
    key("profile", "as the options of the same names", Text(|target| &mut target.profile)),
    key("grace", "how long what the site no longer has is kept", Read(Shape::Interval, grace)),
    key(
        "max_delete",
        "how many pages and assets may go in one deploy; -1 for any number",
        Read(Shape::Integer, max_delete),
    ),
    key("concurrency", "how many requests at once", Read(Shape::Integer, concurrency)),
    key("cdn", "caches in front of the site", Table(CACHES)),
];

const CACHES: &[Key<DeployTarget>] = &[
    key("cloudfront", "caches in front of the site", Text(|target| &mut target.caches.cloudfront)),
    key("cloudflare", "caches in front of the site", Text(|target| &mut target.caches.cloudflare)),
];

/// The keys of a target.
pub(super) fn keys() -> Vec<KnownKey> {
    known_keys(TARGET)
}

/// Reads `[deploy]`. A target without a `url` is reported and left out.
pub(super) fn targets(reader: &mut Reader<'_>, node: &Node) -> BTreeMap<String, DeployTarget> {
    let mut targets = BTreeMap::new();
    for entry in reader.map("deploy", node) {
        let mut target = DeployTarget::default();
        let entries = reader.map("deploy", &entry.value);
        read_keys(TARGET, &mut target, reader, entries);
        if target.url.is_empty() {
            let what = format!("the target `{}`", entry.key);
            reader.required_value(&entry.value, "url", &what, &entry.key_range);
        } else if !is_place(&target.url) {
            let url = entry.value.get("url").unwrap_or(&entry.value);
            reader.diagnostics.push(values::no_target(reader.at(&url.range), &target.url));
        } else {
            targets.insert(entry.key.clone(), target);
        }
    }
    targets
}

/// Whether an address names a bucket of a known store, or a folder.
fn is_place(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return true };
    let is_known = ["s3", "s3a", "gs", "az", "azure", "abfs", "file"].contains(&scheme);
    let name = rest.split('/').next().unwrap_or_default();
    is_known && (scheme == "file" || !name.is_empty() && !name.contains(['?', '#', '@', ' ']))
}

fn grace(target: &mut DeployTarget, reader: &mut Reader<'_>, entry: &Entry) {
    let interval = reader.interval(&entry.key, &entry.value).map(|interval| interval.value);
    target.grace = interval.map(|interval| {
        u64::from(interval.days.unsigned_abs()) + 30 * u64::from(interval.months.unsigned_abs())
    });
}

fn max_delete(target: &mut DeployTarget, reader: &mut Reader<'_>, entry: &Entry) {
    let number = reader.integer(&entry.key, &entry.value);
    target.max_delete = number.filter(|number| *number >= -1);
    if target.max_delete.is_none() {
        reader.wrong(&entry.key, &entry.value, "a number of files, or -1 for any");
    }
}

fn concurrency(target: &mut DeployTarget, reader: &mut Reader<'_>, entry: &Entry) {
    let number = reader.integer(&entry.key, &entry.value);
    let number = number.and_then(|number| u64::try_from(number).ok());
    target.concurrency = number.filter(|number| (1..=256).contains(number));
    if target.concurrency.is_none() {
        reader.wrong(&entry.key, &entry.value, "a number from 1 to 256");
    }
}

//! `[deploy]`: where the site is published, by name.

use std::collections::BTreeMap;

use crate::diagnostic::Rule;
use crate::value::read::Reader;
use crate::value::{Entry, Node};

/// An entry of `[deploy]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
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

const KEYS: &[&str] =
    &["url", "endpoint", "region", "profile", "grace", "max_delete", "concurrency", "cdn"];

/// Reads `[deploy]`. A target without a `url` is reported and left out.
pub(super) fn targets(reader: &mut Reader<'_>, node: &Node) -> BTreeMap<String, Target> {
    let mut targets = BTreeMap::new();
    for entry in reader.map("deploy", node) {
        let target = target(reader, &entry.value);
        if target.url.is_empty() {
            reader.wrong(&entry.key, &entry.value, "a table with a `url`");
        } else {
            targets.insert(entry.key.clone(), target);
        }
    }
    targets
}

fn target(reader: &mut Reader<'_>, node: &Node) -> Target {
    let mut target = Target::default();
    for entry in reader.map("deploy", node) {
        let (key, node) = (entry.key.as_str(), &entry.value);
        let mut text = || reader.text(key, node).map(|text| text.value);
        match key {
            "url" => target.url = text().unwrap_or_default(),
            "endpoint" => target.endpoint = text(),
            "region" => target.region = text(),
            "profile" => target.profile = text(),
            "grace" => {
                let interval = reader.interval(key, node).map(|interval| interval.value);
                target.grace = interval.map(|interval| {
                    u64::from(interval.days.unsigned_abs())
                        + 30 * u64::from(interval.months.unsigned_abs())
                });
            }
            "max_delete" => {
                target.max_delete = reader.integer(key, node).filter(|number| *number >= -1);
                if target.max_delete.is_none() {
                    reader.wrong(key, node, "a number of files, or -1 for any");
                }
            }
            "concurrency" => {
                let number =
                    reader.integer(key, node).and_then(|number| u64::try_from(number).ok());
                target.concurrency = number.filter(|number| (1..=256).contains(number));
                if target.concurrency.is_none() {
                    reader.wrong(key, node, "a number from 1 to 256");
                }
            }
            "cdn" => target.caches = caches(reader, node),
            _ => reader.unknown_key(Rule::BadConfig, entry, KEYS),
        }
    }
    target
}

fn caches(reader: &mut Reader<'_>, node: &Node) -> Caches {
    let mut caches = Caches::default();
    for entry in reader.map("cdn", node) {
        cache(&mut caches, reader, entry);
    }
    caches
}

fn cache(caches: &mut Caches, reader: &mut Reader<'_>, entry: &Entry) {
    let value = reader.text(&entry.key, &entry.value).map(|text| text.value);
    match entry.key.as_str() {
        "cloudfront" => caches.cloudfront = value,
        "cloudflare" => caches.cloudflare = value,
        _ => reader.unknown_key(Rule::BadConfig, entry, &["cloudfront", "cloudflare"]),
    }
}

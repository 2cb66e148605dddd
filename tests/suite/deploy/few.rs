//! How little is written when one page of many changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::bucket::Bucket;
use super::{deploy, ends};
use crate::support::text;

/// How many pages; each is a runbook with an owner, a review, an alert and steps, in one of ten folders.
const PAGES: usize = 150;

/// Words that differ from page to page, the same in each run.
fn words(seed: usize, count: usize) -> String {
    const SYLLABLES: [&str; 16] = [
        "ka", "lo", "mi", "ren", "tas", "vol", "dur", "pel", "sin", "gor", "bat", "fen", "hul",
        "wex", "yor", "zim",
    ];
    let mut state = seed * 2_654_435_761 + 12345;
    let mut next = || {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12345) % (1 << 31);
        state >> 8
    };
    let mut text = Vec::new();
    for _ in 0..count {
        let word: String = (0..2 + next() % 2).map(|_| SYLLABLES[next() % 16]).collect();
        text.push(word);
    }
    text.join(" ")
}

fn page(number: usize) -> String {
    format!(
        "---\nowner: team-{}\nlast_reviewed_on: 2026-{:02}-10\nreview_in: 90 days\nalerts: [Alert{number}]\n---\n\
         # Runbook {number}\n\n{}.\n\n## Diagnosis\n\n{}. See [the next](../f{}/p{}.md).\n\n\
         1. Look:\n\n   ```bash\n   kubectl get pods -n ns{number}\n   ```\n2. {}.\n\n## Escalation\n\n{}.\n",
        number % 7,
        1 + number % 9,
        words(number, 12),
        words(number + 1000, 30),
        (number + 1) % PAGES % 10,
        (number + 1) % PAGES,
        words(number + 2000, 8),
        words(number + 3000, 8),
    )
}

/// What a deploy of a site would write, built as of a day.
fn planned(site: &Path, bucket: &Bucket) -> BTreeSet<String> {
    let to = ["s3://bucket", "--endpoint", &bucket.endpoint];
    let output = deploy(site, &[&to[..], &["--dry-run", "--json", "--now", "2026-11-29"]].concat());
    assert!(output.status.success(), "{}", text(&output));
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let uploads = plan["uploads"].as_array().expect("a list");
    uploads.iter().map(|upload| upload["key"].as_str().expect("a key").to_owned()).collect()
}

#[test]
fn one_page_that_changes_is_written_with_the_few_files_that_show_it() {
    let site = tempfile::tempdir().expect("a folder");
    let at = |path: &str| site.path().join(path);
    std::fs::write(at("site.toml"), "base_url = \"https://r.example.org/\"\n").expect("written");
    for number in 0..PAGES {
        let path = at(&format!("content/f{}/p{number}.md", number % 10));
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, page(number)).expect("written");
    }
    let bucket = Bucket::with(BTreeMap::new());
    ends(site.path(), &["s3://bucket", "--endpoint", &bucket.endpoint, "--now", "2026-11-29"], 0);
    assert_eq!(planned(site.path(), &bucket), BTreeSet::new());
    let edited = at("content/f7/p137.md");
    let before = page(137);
    let written = |after: String| {
        assert_ne!(after, before);
        std::fs::write(&edited, after).expect("written");
        let mut keys = planned(site.path(), &bucket);
        // How the words of a page are found is stored in files of their own.
        keys.retain(|key| !key.starts_with("search/"));
        keys
    };
    let showing = [
        "api/procedures/f7.json",
        "f7/p137.md",
        "f7/p137/index.html",
        "f7/p137/index.md",
        "f7/print/index.html",
        "print/index.html",
    ];
    let a_line = before.replacen("\n2. ", "\n2. Ask whoever is on call.\n3. ", 1);
    assert_eq!(Vec::from_iter(written(a_line)), showing);
    let reviewed = written(before.replacen("on: 2026-03-10", "on: 2026-11-20", 1));
    assert!(reviewed.contains("reviews.ics"), "{reviewed:?}");
    let is_elsewhere = |key: &&String| {
        let folder = key.split('/').next().unwrap_or_default();
        folder != "f7" && folder.strip_prefix('f').is_some_and(|rest| rest.parse::<u8>().is_ok())
    };
    let elsewhere: Vec<&String> = reviewed.iter().filter(is_elsewhere).collect();
    assert!(elsewhere.is_empty(), "pages of other folders do not show it: {elsewhere:?}");
}

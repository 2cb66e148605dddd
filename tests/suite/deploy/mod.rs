//! `guidepost deploy`: to a folder and to a bucket, what it refuses, and every fault at every request.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use guidepost::emit::{BuildRecord, emit};
use guidepost::files::{Bytes, FilePath};

use crate::support::{folder, text};
use bucket::{Bucket, Failure, Stored};

mod bucket;
mod caches;
mod disk;
mod few;
mod issues;
mod moto;

const SECRET: &str = "s3cr3tOfNobody";

/// Runs a deploy, with credentials that the bucket of the tests does not look at.
fn deploy(folder: &Path, arguments: &[&str]) -> Output {
    prepared(folder, arguments).output().expect("the program runs")
}

fn prepared(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guidepost"));
    for (name, _) in std::env::vars() {
        if name.starts_with("AWS_") || name.starts_with("GITHUB_") {
            command.env_remove(name);
        }
    }
    command
        .arg("deploy")
        .args(arguments)
        .current_dir(folder)
        .env("AWS_ACCESS_KEY_ID", "AKIDTEST")
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env("AWS_REGION", "eu-central-1")
        .env("HOME", folder)
        .stdin(Stdio::null());
    command
}

/// Runs a deploy that ends with a code, and returns what it printed.
fn ends(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = deploy(folder, arguments);
    let printed = text(&output);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {printed}");
    assert!(!printed.contains(SECRET), "{printed}");
    printed
}

/// Writes the files of a site as a build does.
fn site(folder: &Path, name: &str, files: &[(&str, &str)]) {
    let emission = emit(&folder.join(name)).expect("the folder can be written");
    let take = |(path, text): &(&str, &str)| {
        let bytes: Bytes = text.as_bytes().to_vec().into();
        emission.take(&FilePath::new(path).expect("a path"), &bytes).expect("it is staged")
    };
    let taken: Vec<_> = files.iter().map(take).collect();
    emission.finish(&taken, &BuildRecord::default()).expect("it is written");
}

const OLD: &[(&str, &str)] = &[
    ("index.html", "<a href=\"a/\"><a href=\"b/\"><link href=\"theme/s.aaaaaaaaaa.css\">"),
    ("a/index.html", "<a href=\"../b/\"><link href=\"../theme/s.aaaaaaaaaa.css\">"),
    ("b/index.html", "<a href=\"../a/\"><link href=\"../theme/s.aaaaaaaaaa.css\">"),
    ("old/index.html", "<a href=\"../a/\">"),
    ("logo.png", "1"),
    ("theme/s.aaaaaaaaaa.css", "1"),
    ("search/shards/t/0.aaaaaa.bin", "1"),
    ("search/manifest.bin", "search/shards/t/0.aaaaaa.bin"),
];

const NEW: &[(&str, &str)] = &[
    (
        "index.html",
        "<a href=\"a/\"><a href=\"b/\"><a href=\"new/\"><link href=\"theme/s.bbbbbbbbbb.css\">",
    ),
    (
        "a/index.html",
        "<a href=\"../b/\"><a href=\"../new/\"><link href=\"../theme/s.bbbbbbbbbb.css\">",
    ),
    ("b/index.html", "<a href=\"../a/\"><link href=\"../theme/s.bbbbbbbbbb.css\">"),
    ("new/index.html", "<a href=\"../b/\"><link href=\"../theme/s.bbbbbbbbbb.css\">"),
    ("logo.png", "2"),
    ("theme/s.bbbbbbbbbb.css", "2"),
    ("search/shards/t/0.bbbbbb.bin", "2"),
    ("search/manifest.bin", "search/shards/t/0.bbbbbb.bin"),
];

/// A folder with an old and a new site.
fn sites() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    site(folder.path(), "old", OLD);
    site(folder.path(), "new", NEW);
    folder
}

/// Where what can be reached leads nowhere: through links, and from the index of the search to its shards.
fn dangling(objects: &BTreeMap<String, Stored>) -> Vec<String> {
    let mut missing = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = vec!["index.html".to_owned(), "search/manifest.bin".to_owned()];
    while let Some(key) = next.pop() {
        if !seen.insert(key.clone()) {
            continue;
        }
        let Some(stored) = objects.get(&key) else {
            missing.push(key);
            continue;
        };
        let text = String::from_utf8_lossy(&stored.bytes).into_owned();
        if key == "search/manifest.bin" {
            next.push(text.clone());
        }
        let base = key.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let target = FilePath::new(&format!("{base}/{link}")).expect("it stays inside");
            let is_folder = link.ends_with('/');
            next.push(if is_folder { format!("{target}/index.html") } else { target.to_string() });
        }
    }
    missing
}

/// The keys that are of the site, without what a deploy keeps for itself.
fn published(objects: &BTreeMap<String, Stored>) -> Vec<(&str, &str)> {
    let of_site = objects.iter().filter(|(key, _)| !key.starts_with(".guidepost/"));
    of_site
        .map(|(key, stored)| (key.as_str(), std::str::from_utf8(&stored.bytes).expect("text")))
        .collect()
}

fn sorted<'a>(files: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut files = files.to_vec();
    files.sort_unstable();
    files
}

/// A bucket to which the old site was published.
fn with_old(folder: &Path) -> BTreeMap<String, Stored> {
    let bucket = Bucket::with(BTreeMap::new());
    ends(folder, &["s3://bucket", "--endpoint", &bucket.endpoint, "--out", "old"], 0);
    bucket.objects()
}

/// Publishes the new site with a failure at a request, then again without: what can be reached answers in between, and
/// in the end everything is as if nothing had happened. Returns whether the failure came to pass.
fn cut(folder: &Path, old: &BTreeMap<String, Stored>, at: usize, failure: Failure) -> bool {
    let bucket = Bucket::with(old.clone());
    let patience = if failure == Failure::Down { "0" } else { "20" };
    let arguments = ["s3://bucket", "--endpoint", &bucket.endpoint, "--concurrency", "1"];
    let first = [&arguments[..], &["--out", "new", "--patience", patience]].concat();
    let is_killed = matches!(failure, Failure::Killed | Failure::KilledAfter);
    let output = if is_killed {
        killed(&mut prepared(folder, &first), &bucket, at, failure)
    } else {
        bucket.fail(at, failure);
        deploy(folder, &first)
    };
    let printed = text(&output);
    assert!(!printed.contains(SECRET), "{printed}");
    let came = bucket.log().len() >= at;
    let allowed: &[Option<i32>] =
        if is_killed && came { &[None] } else { &[Some(0), Some(3), Some(5), Some(75)] };
    let code = output.status.code();
    assert!(allowed.contains(&code), "{failure:?} at {at}: {code:?}: {printed}");
    let objects = bucket.objects();
    assert!(dangling(&objects).is_empty(), "{failure:?} at {at}: {:?}", dangling(&objects));
    for (key, _) in OLD.iter().filter(|(key, _)| NEW.iter().any(|(new, _)| new == key)) {
        assert!(objects.contains_key(*key), "{failure:?} at {at}: {key}");
    }
    bucket.mend();
    // The lock of a run that was killed on this machine is nobody's any more; that of one that lives has to be taken.
    let again = [&arguments[..], &["--out", "new", "--grace", "0"]].concat();
    let second = if is_killed { again } else { [&again[..], &["--take-over"]].concat() };
    ends(folder, &second, 0);
    assert_eq!(published(&bucket.objects()), sorted(NEW), "{failure:?} at {at}");
    ends(folder, &second, 0);
    let own: Vec<String> =
        bucket.objects().into_keys().filter(|key| key.starts_with(".guidepost/")).collect();
    let is_plain = |key: &String| key.ends_with("/current.json") || key.contains("/gen/");
    assert!(own.iter().all(is_plain), "{failure:?} at {at}: {own:?}");
    came
}

/// Runs a program and kills it at a request, unless it ends before.
fn killed(command: &mut Command, bucket: &Bucket, at: usize, failure: Failure) -> Output {
    let (killer, reached) = std::sync::mpsc::channel();
    bucket.fail_by(at, failure, killer);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().expect("the program runs");
    let ended = process.stdout.take().expect("it is piped");
    let bucket = bucket.clone();
    // Whoever waits for the request is let go when the program ends without it.
    let watch = std::thread::spawn(move || {
        let _ = std::io::copy(&mut { ended }, &mut std::io::sink());
        bucket.forget_killer();
    });
    if reached.recv().is_ok() {
        process.kill().expect("it runs");
    }
    let output = process.wait_with_output().expect("it ends");
    watch.join().expect("it only reads");
    output
}

/// Every way in which a request fails.
const EVERY: [Failure; 14] = [
    Failure::Lost,
    Failure::Killed,
    Failure::Conflicting,
    Failure::KilledAfter,
    Failure::Down,
    Failure::Refused,
    Failure::Half,
    Failure::Throttled,
    Failure::ThrottledAfter,
    Failure::Failed,
    Failure::FailedAfter,
    Failure::Denied,
    Failure::Expired,
    Failure::Skewed,
];

#[test]
fn a_deploy_that_is_cut_at_any_request_leaves_a_whole_site_and_is_completed_by_the_next() {
    let folder = sites();
    let old = with_old(folder.path());
    let mut cases = 0;
    // Every failure at every request takes minutes; without being asked, three failures at every request do.
    let is_asked = std::env::var_os("GUIDEPOST_EVERY_FAULT").is_some();
    for failure in if is_asked { &EVERY[..] } else { &EVERY[..3] } {
        let mut at = 1;
        while cut(folder.path(), &old, at, *failure) {
            at += 1;
            cases += 1;
        }
    }
    for (at, failure) in [
        (3, Failure::Refused),
        (5, Failure::Half),
        (9, Failure::Throttled),
        (12, Failure::ThrottledAfter),
        (4, Failure::ThrottledAfter),
        (13, Failure::KilledAfter),
        (6, Failure::Failed),
        (15, Failure::FailedAfter),
        (14, Failure::Denied),
        (1, Failure::Denied),
        (11, Failure::Expired),
        (16, Failure::Skewed),
    ] {
        assert!(cut(folder.path(), &old, at, failure));
        cases += 1;
    }
    eprintln!("{cases} cases");
    assert!(cases >= if is_asked { 300 } else { 40 }, "{cases}");
}

#[test]
fn of_many_deploys_at_once_each_publishes_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let names: Vec<String> = (0..8).map(|number| format!("site{number}")).collect();
    for name in &names {
        let page = format!("<link href=\"theme/s.{}.css\">", name.replace("site", "000000000"));
        let css = format!("theme/s.{}.css", name.replace("site", "000000000"));
        site(
            folder.path(),
            name,
            &[
                ("index.html", page.as_str()),
                (css.as_str(), name),
                ("search/manifest.bin", css.as_str()),
            ],
        );
    }
    let bucket = Bucket::with(BTreeMap::new());
    let deploys: Vec<_> = names
        .iter()
        .map(|name| {
            let arguments = ["s3://bucket", "--endpoint", &bucket.endpoint, "--out", name];
            let mut command = prepared(folder.path(), &arguments);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().expect("the program runs")
        })
        .collect();
    let codes: Vec<i32> = deploys
        .into_iter()
        .map(|deploy| {
            let output = deploy.wait_with_output().expect("it ends");
            let code = output.status.code().unwrap_or(-1);
            assert!([0, 5].contains(&code), "{code}: {}", text(&output));
            code
        })
        .collect();
    assert!(codes.contains(&0), "{codes:?}");
    let objects = bucket.objects();
    assert!(dangling(&objects).is_empty());
    let index = String::from_utf8_lossy(&objects["index.html"].bytes).into_owned();
    let current = String::from_utf8_lossy(&objects["search/manifest.bin"].bytes).into_owned();
    assert!(index.contains(&current), "one site, not two: {index} {current}");
    assert!(!objects.contains_key(".guidepost/deploy/lock.json"));
}

#[test]
fn a_store_that_keeps_no_conditions_is_found_out_and_said() {
    let folder = sites();
    let bucket = Bucket::without_conditions();
    let arguments = ["s3://bucket", "--endpoint", &bucket.endpoint, "--out"];
    let printed = ends(folder.path(), &[&arguments[..], &["old"]].concat(), 0);
    assert!(printed.contains("note: this store keeps no conditions"), "{printed}");
    ends(folder.path(), &[&arguments[..], &["new", "--grace", "0"]].concat(), 0);
    assert_eq!(published(&bucket.objects()), sorted(NEW));
}

#[test]
fn objects_are_served_with_their_types_and_kept_as_long_as_their_names_allow() {
    let folder = sites();
    let objects = with_old(folder.path());
    let check = |key: &str, content_type: &str, cache_control: &str| {
        let found = &objects[key];
        assert_eq!(found.content_type, content_type, "{key}");
        assert_eq!(found.cache_control, cache_control, "{key}");
    };
    check("a/index.html", "text/html; charset=utf-8", "no-cache");
    check("logo.png", "image/png", "private, max-age=300");
    let forever = "private, max-age=31536000, immutable";
    check("theme/s.aaaaaaaaaa.css", "text/css; charset=utf-8", forever);
    check("search/shards/t/0.aaaaaa.bin", "application/octet-stream", forever);
    check(".guidepost/deploy/current.json", "application/json", "no-store");
}

#[test]
fn the_second_deploy_of_the_same_site_asks_twice_and_writes_nothing() {
    let folder = sites();
    let bucket = Bucket::with(with_old(folder.path()));
    bucket.mend();
    let arguments = ["s3://bucket", "--endpoint", &bucket.endpoint, "--out", "old"];
    let printed = ends(folder.path(), &arguments, 0);
    assert!(printed.contains("nothing to do"), "{printed}");
    assert_eq!(bucket.log(), ["GET .guidepost/deploy/current.json", "GET "]);
}

#[test]
fn many_files_with_any_names_are_published_listed_and_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut names: Vec<String> = (0..2500).map(|number| format!("p/{number}.html")).collect();
    let odd =
        ["100%.html", "a b+c~d.html", "é/x'y&z.html", ".nojekyll", "index.html", "q?r#s.html"];
    names.extend(odd.map(str::to_owned));
    let all: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    site(folder.path(), "many", &all);
    site(folder.path(), "few", &[("index.html", "1"), ("100%.html", "1")]);
    let bucket = Bucket::with(BTreeMap::new());
    let arguments = ["s3://bucket/x/y", "--endpoint", &bucket.endpoint, "--out"];
    ends(folder.path(), &[&arguments[..], &["many"]].concat(), 0);
    let objects = bucket.objects();
    for name in &names {
        assert!(objects.contains_key(&format!("x/y/{name}")), "{name}");
    }
    let printed = ends(folder.path(), &[&arguments[..], &["many"]].concat(), 0);
    assert!(printed.contains("nothing to do"), "{printed}");
    let printed = ends(folder.path(), &[&arguments[..], &["few"]].concat(), 4);
    assert!(
        printed.contains("2504 of the 2506 files that are published would be removed"),
        "{printed}"
    );
    assert_eq!(bucket.objects(), objects, "a guard refuses before anything is written");
    ends(folder.path(), &[&arguments[..], &["few", "--max-delete", "2504"]].concat(), 0);
    let left: Vec<String> =
        bucket.objects().into_keys().filter(|key| !key.starts_with("x/y/.guidepost/")).collect();
    assert_eq!(left, ["x/y/100%.html", "x/y/index.html"]);
}

#[test]
fn the_lock_of_a_killed_run_is_waited_for_unless_it_is_over() {
    let folder = sites();
    let lock = |expires: &str| {
        format!(
            "{{\"owner\":\"x\",\"host\":\"ci-7\",\"machine\":\"other\",\"process\":1,\"by\":\"job 7\",\"started\":\"2026-01-01T00:00:00Z\",\"expires\":\"{expires}\"}}"
        )
    };
    let bucket = Bucket::with(with_old(folder.path()));
    let key = ".guidepost/deploy/lock.json";
    let arguments = ["s3://bucket", "--endpoint", &bucket.endpoint, "--out", "new"];
    bucket.put(key, &lock("2999-01-01T00:00:00Z"));
    let printed = ends(folder.path(), &arguments, 5);
    assert!(printed.contains("another deploy holds this target: job 7"), "{printed}");
    assert!(printed.contains("on `ci-7` since 2026-01-01 00:00 UTC"), "{printed}");
    assert!(bucket.objects().contains_key(key), "it is not ours to let go");
    bucket.put(key, &lock("2026-01-01T00:10:00Z"));
    ends(folder.path(), &arguments, 0);
    assert!(!bucket.objects().contains_key(key));
    bucket.put(key, &lock("2999-01-01T00:00:00Z"));
    let back = ["s3://bucket", "--endpoint", &bucket.endpoint, "--out", "old", "--take-over"];
    ends(folder.path(), &back, 0);
    assert!(dangling(&bucket.objects()).is_empty());
}

#[test]
fn a_manifest_that_is_lost_or_damaged_is_made_anew_and_a_later_one_is_respected() {
    let folder = sites();
    let old = with_old(folder.path());
    let key = ".guidepost/deploy/current.json";
    let publish = |bucket: &Bucket, code: i32| {
        let arguments =
            ["s3://bucket", "--endpoint", &bucket.endpoint, "--out", "new", "--grace", "0"];
        ends(folder.path(), &arguments, code)
    };
    let bucket = Bucket::with(old.clone());
    bucket.put(key, "{ half of");
    let printed = publish(&bucket, 0);
    assert!(printed.contains("is damaged and is written anew"), "{printed}");
    assert_eq!(published(&bucket.objects()), sorted(NEW));
    let bucket = Bucket::with(old.clone());
    bucket.take(key);
    publish(&bucket, 0);
    assert_eq!(published(&bucket.objects()), sorted(NEW));
    let bucket = Bucket::with(old);
    bucket.put(key, "{\"v\": 99}");
    let printed = publish(&bucket, 4);
    assert!(printed.contains("a later version of Guidepost"), "{printed}");
}

#[test]
fn what_others_wrote_stays_and_a_strange_target_is_not_written_over() {
    let folder = sites();
    let bucket = Bucket::with(BTreeMap::new());
    bucket.put("index.html", "somebody else's site");
    bucket.put("backup.tar", "1");
    let arguments = ["s3://bucket", "--endpoint", &bucket.endpoint, "--out", "new"];
    let printed = ends(folder.path(), &arguments, 4);
    assert!(printed.contains("would write over\n  index.html"), "{printed}");
    assert_eq!(bucket.objects().len(), 2);
    let printed = ends(folder.path(), &[&arguments[..], &["--adopt"]].concat(), 0);
    assert!(
        printed.contains("note: 1 file of others left alone, such as `backup.tar`"),
        "{printed}"
    );
    let everything = ["--remove", "--max-delete", "-1"];
    ends(folder.path(), &[&arguments[..3], &everything[..]].concat(), 0);
    assert_eq!(bucket.objects().into_keys().collect::<Vec<_>>(), ["backup.tar"]);
}

#[test]
fn a_source_that_guidepost_did_not_write_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("target");
    for (name, files) in [("empty", None), ("foreign", Some("index.html"))] {
        let source = folder.path().join(name);
        std::fs::create_dir(&source).expect("a folder");
        if let Some(file) = files {
            std::fs::write(source.join(file), "1").expect("a file");
        }
        ends(folder.path(), &["./target", "--out", name], 4);
        assert!(!target.exists());
    }
    ends(folder.path(), &["./target", "--out", "missing"], 4);
    site(folder.path(), "pageless", &[("a.css", "1")]);
    let printed = ends(folder.path(), &["./target", "--out", "pageless"], 4);
    assert!(printed.contains("has no `index.html`"), "{printed}");
}

#[test]
fn addresses_that_alerts_use_are_not_taken_away() {
    let folder = folder(
        "-- site.toml --\n-- content/db.md --\n---\ntitle: DB\nalerts: [DiskFull]\naliases: [/former/]\n---\n# DB\n\n## DiskFull\n\nFree some.\n-- content/web.md --\n# Web\n",
    );
    ends(folder.path(), &["./target"], 0);
    let page = folder.path().join("content/db.md");
    std::fs::write(&page, "---\ntitle: DB\nalerts: [DiskFullSoon]\n---\n# DB\n").expect("written");
    let printed = ends(folder.path(), &["./target", "--dry-run"], 4);
    for expected in [
        "error: 2 addresses that alerts or former links use would no longer answer",
        "/alerts/DiskFull/ (alert `DiskFull`)",
        "/former/ (a former address)",
        "in the front matter of the page at /db/:\n  aliases:\n    - /alerts/DiskFull/",
    ] {
        assert!(printed.contains(expected), "{printed}");
    }
    ends(folder.path(), &["./target"], 4);
    assert!(folder.path().join("target/alerts/DiskFull/index.html").exists());
    let text = "---\ntitle: DB\nalerts: [DiskFullSoon]\naliases:\n  - /alerts/DiskFull/\n  - /former/\n---\n# DB\n";
    std::fs::write(&page, text).expect("written");
    ends(folder.path(), &["./target"], 0);
    assert!(folder.path().join("target/alerts/DiskFull/index.html").exists());
    std::fs::write(&page, "# DB\n").expect("written");
    ends(folder.path(), &["./target"], 4);
    ends(folder.path(), &["./target", "--allow-lost"], 0);
    assert!(!folder.path().join("target/alerts/DiskFull/index.html").exists());
}

#[test]
fn a_folder_is_published_to_gone_back_and_removed() {
    let folder = sites();
    let target = folder.path().join("target");
    let read = |path: &str| std::fs::read_to_string(target.join(path)).unwrap_or_default();
    ends(folder.path(), &["./target", "--out", "old", "--dry-run"], 0);
    assert!(!target.exists(), "a dry run writes nothing");
    ends(folder.path(), &["./target", "--out", "old"], 0);
    let printed = ends(folder.path(), &["./target", "--out", "new"], 0);
    assert!(
        printed.contains("3 new, 4 changed, 0 unchanged, 1 removed, 2 kept for now")
            || printed.contains("generation 2"),
        "{printed}"
    );
    assert_eq!(read("theme/s.aaaaaaaaaa.css"), "1", "kept under open tabs");
    assert_eq!(read("old/index.html"), "");
    let printed = ends(folder.path(), &["./target", "--rollback"], 0);
    assert!(printed.contains("-> generation 3, which is generation 1 again"), "{printed}");
    for (path, text) in OLD {
        assert_eq!(read(path), *text, "{path}");
    }
    assert_eq!(read("new/index.html"), "");
    ends(folder.path(), &["./target", "--rollback", "2"], 0);
    for (path, text) in NEW {
        assert_eq!(read(path), *text, "{path}");
    }
    ends(folder.path(), &["./target", "--out", "new", "--grace", "0"], 0);
    let printed = ends(folder.path(), &["./target", "--rollback", "1"], 4);
    assert!(printed.contains("generation 1 is no longer whole"), "{printed}");
    ends(folder.path(), &["./target", "--rollback", "77"], 4);
    ends(folder.path(), &["./target", "--out", "old", "--prefix", "pr-7"], 0);
    assert_eq!(read("pr-7/old/index.html"), OLD[3].1);
    ends(folder.path(), &["./target", "--prefix", "pr-7", "--remove"], 0);
    assert_eq!(read("pr-7/old/index.html"), "");
    assert_eq!(read("index.html"), NEW[0].1);
    ends(folder.path(), &["./target", "--remove"], 4);
    let everything = ["./target", "--remove", "--max-delete", "-1"];
    let printed = ends(folder.path(), &[&everything[..], &["--dry-run"]].concat(), 0);
    assert!(printed.contains("would remove from ./target/: 8 files\n"), "{printed}");
    assert_eq!(read("index.html"), NEW[0].1, "a dry run removes nothing");
    let printed = ends(folder.path(), &everything, 0);
    assert!(printed.contains(": 8 files removed\n"), "{printed}");
    assert_eq!(read("index.html"), "");
    let printed = ends(folder.path(), &everything, 0);
    assert!(printed.contains("nothing to remove: "), "{printed}");
}

#[test]
fn programs_read_the_plan_and_why_it_was_refused() {
    let folder = sites();
    let json = |arguments: &[&str], code: i32| -> serde_json::Value {
        let output = deploy(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(code), "{}", text(&output));
        serde_json::from_slice(&output.stdout).expect("it is JSON")
    };
    let plan = json(&["./target", "--out", "old", "--dry-run", "--json"], 0);
    assert_eq!(plan["published"], false);
    let phases: Vec<&str> = plan["uploads"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|upload| upload["phase"].as_str())
        .collect();
    let mut expected = phases.clone();
    expected.dedup();
    assert_eq!(expected, ["hashed", "assets", "new-pages", "entries"]);
    let done = json(&["./target", "--out", "old", "--json"], 0);
    assert_eq!((&done["published"], &done["generation"]), (&true.into(), &1.into()));
    let refused = json(&["./target", "--rollback", "9", "--json"], 4);
    assert_eq!(refused["error"]["code"], 4);
}

#[test]
fn targets_are_named_in_site_toml() {
    let folder = folder(
        "-- site.toml --\ntitle = \"T\"\n[deploy.production]\nurl = \"target\"\nmax_delete = 3\n[deploy.preview]\nurl = \"previews\"\n-- content/a.md --\n# A\n",
    );
    ends(folder.path(), &[], 0);
    assert!(folder.path().join("target/a/index.html").exists());
    ends(folder.path(), &["preview", "--prefix", "pr-1"], 0);
    assert!(folder.path().join("previews/pr-1/a/index.html").exists());
    let printed = ends(folder.path(), &["prodution"], 2);
    assert!(printed.contains("a target with a similar name exists: `production`"), "{printed}");
    ends(folder.path(), &["./public"], 2);
    ends(folder.path(), &["."], 2);
    ends(folder.path(), &["ftp://x/y"], 2);
    let text = "[deploy.production]\nurl = \"target\"\nmax_delte = 3\n";
    std::fs::write(folder.path().join("site.toml"), text).expect("written");
    let printed = ends(folder.path(), &[], 2);
    assert!(printed.contains("unknown key `max_delte`"), "{printed}");
}

#[test]
fn missing_credentials_are_said_at_once_with_where_they_were_looked_for() {
    let folder = sites();
    let mut command = prepared(folder.path(), &["s3://bucket", "--out", "new"]);
    command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    command.env("AWS_PROFILE", "nobody");
    let output = command.output().expect("the program runs");
    let printed = text(&output);
    assert_eq!(output.status.code(), Some(3), "{printed}");
    assert!(printed.contains("no credentials in the AWS profile `nobody`"), "{printed}");
    assert!(printed.contains(".aws/config"), "{printed}");
}

#[test]
fn a_site_with_errors_is_not_published_if_that_is_asked_for() {
    let folder = folder("-- site.toml --\n-- content/a.md --\n# A\n\n[b](missing.md)\n");
    let printed = ends(folder.path(), &["./target", "--strict"], 4);
    assert!(printed.contains("nothing published: the site has 1 error"), "{printed}");
    ends(folder.path(), &["./target"], 0);
}

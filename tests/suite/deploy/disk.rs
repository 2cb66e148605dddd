//! A folder as the target: a disk that fills up, or a run that ends, at anything that is asked of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use guidepost::deploy::folder::FolderStore;
use guidepost::deploy::lease::DeployRun;
use guidepost::deploy::outcome::Stop;
use guidepost::deploy::site::site;
use guidepost::deploy::store::{
    Condition, Fault, HeldObject, ListedObject, Object, Store, WriteResult,
};
use guidepost::deploy::work::{DeployOptions, DeployWork, Losses};
use guidepost::deploy::{Goal, deploy};
use guidepost::served::Audience;
use jiff::{SignedDuration, Timestamp};

use super::bucket::Stored;
use super::{NEW, OLD, dangling, ends, published, sites, sorted};

/// How a disk fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    /// Nothing can be written any more.
    Full,
    /// The run ends, and a file that it was writing is left half.
    Killed,
    /// The run ends after what was asked for was done.
    KilledAfter,
}

/// A folder that fails from a request on.
struct Failing<'a> {
    folder: &'a FolderStore,
    root: &'a Path,
    at: usize,
    failure: Failure,
    count: AtomicUsize,
}

impl Failing<'_> {
    /// Fails if it is time.
    fn fails(&self, writes: bool) -> Result<bool, Fault> {
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let fault = || Fault::lasting("no space left on device");
        match self.failure {
            Failure::Full if writes && count >= self.at => Err(fault()),
            Failure::Killed if count >= self.at => Err(fault()),
            Failure::KilledAfter if count > self.at => Err(fault()),
            _ => Ok(self.failure == Failure::KilledAfter && count == self.at),
        }
    }

    fn half_written(&self) {
        if self.failure == Failure::Killed && self.count.load(Ordering::Relaxed) == self.at {
            let stage = self.root.join(".guidepost/deploy/stage-first");
            std::fs::create_dir_all(&stage).expect("a folder");
            std::fs::write(stage.join("99"), "half of").expect("a file");
        }
    }
}

impl Store for Failing<'_> {
    fn list(&self) -> Result<BTreeMap<String, ListedObject>, Fault> {
        self.fails(false)?;
        self.folder.list()
    }

    fn read(&self, key: &str) -> Result<Option<HeldObject>, Fault> {
        self.fails(false)?;
        self.folder.read(key)
    }

    fn write(&self, key: &str, object: &Object, when: Condition<'_>) -> Result<WriteResult, Fault> {
        self.fails(true).inspect_err(|_| self.half_written())?;
        self.folder.write(key, object, when)
    }

    fn copy(&self, from: &str, to: &str) -> Result<(), Fault> {
        self.fails(true).inspect_err(|_| self.half_written())?;
        self.folder.copy(from, to)
    }

    fn delete(&self, keys: &[String]) -> Result<(), Fault> {
        if self.failure == Failure::Full {
            // Room is made, not taken.
            self.count.fetch_add(1, Ordering::Relaxed);
        } else if let Err(fault) = self.fails(false) {
            // Files are removed one by one.
            self.folder.delete(&keys[..keys.len() / 2])?;
            return Err(fault);
        }
        self.folder.delete(keys)
    }

    fn now(&self) -> Timestamp {
        self.folder.now()
    }

    fn throttled(&self) -> usize {
        0
    }
}

/// Publishes a folder to a store.
fn publish(store: &dyn Store, from: &Path) -> Result<(), Stop> {
    let run = DeployRun {
        owner: "first".to_owned(),
        host: "here".to_owned(),
        machine: String::new(),
        process: 1,
        by: "a test".to_owned(),
    };
    let work = DeployWork {
        store,
        run: &run,
        is_over: &|_| false,
        stop: &AtomicBool::new(false),
        on: &|_| (),
        has_caches: false,
        purge: &|_, _| Ok(Vec::new()),
    };
    let options = DeployOptions {
        grace: SignedDuration::from_hours(1),
        losses: Losses::Usual,
        concurrency: 1,
        allow_lost: false,
        take_over: false,
        adopt: false,
        verify: false,
        dry_run: false,
        revision: None,
    };
    let site = site(from, Audience::Private).expect("a site");
    deploy(&work, &Goal::Site(Arc::new(site)), &options).map(|_| ())
}

/// What a reader of the folder finds.
fn files(root: &Path) -> BTreeMap<String, Stored> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let key = path.strip_prefix(root).expect("it is inside");
            let key = key.to_string_lossy().replace('\\', "/");
            let bytes = std::fs::read(&path).expect("it can be read");
            let (content_type, cache_control) = (String::new(), String::new());
            files.insert(key, Stored { bytes, content_type, cache_control });
        }
    }
    files
}

/// Fails at what is asked as the so many-th; returns whether it came to that.
fn cut(folder: &Path, at: usize, failure: Failure) -> bool {
    let target = folder.join("target");
    let _ = std::fs::remove_dir_all(&target);
    ends(folder, &["./target", "--out", "old"], 0);
    let store = FolderStore::new(&target, "first");
    let failing =
        Failing { folder: &store, root: &target, at, failure, count: AtomicUsize::new(0) };
    let result = publish(&failing, &folder.join("new"));
    let came = failing.count.load(Ordering::Relaxed) >= at;
    if failure == Failure::Full {
        drop(store);
    } else {
        // Whoever is killed does not clear up.
        std::mem::forget(store);
    }
    assert!(came || result.is_ok(), "{failure:?} at {at}: {result:?}");
    let held = files(&target);
    assert!(dangling(&held).is_empty(), "{failure:?} at {at}: {:?}", dangling(&held));
    for (key, _) in OLD.iter().filter(|(key, _)| NEW.iter().any(|(new, _)| new == key)) {
        assert!(held.contains_key(*key), "{failure:?} at {at}: {key}");
    }
    let again = ["./target", "--out", "new", "--take-over", "--grace", "0"];
    ends(folder, &again, 0);
    ends(folder, &again, 0);
    let held = files(&target);
    assert_eq!(published(&held), sorted(NEW), "{failure:?} at {at}");
    let own: Vec<&String> = held.keys().filter(|key| key.starts_with(".guidepost/")).collect();
    let is_plain = |key: &&String| key.ends_with("/current.json") || key.contains("/gen/");
    assert!(own.iter().all(is_plain), "{failure:?} at {at}: {own:?}");
    let deploy = std::fs::read_dir(target.join(".guidepost/deploy")).expect("it is there");
    assert_eq!(deploy.count(), 2, "{failure:?} at {at}: nothing but the manifests is left");
    came
}

#[test]
fn a_folder_that_is_full_or_left_at_any_moment_is_whole_and_completed_by_the_next_deploy() {
    let folder = sites();
    let mut cases = 0;
    let is_asked = std::env::var_os("GUIDEPOST_EVERY_FAULT").is_some();
    let step = if is_asked { 1 } else { 5 };
    for failure in [Failure::Full, Failure::Killed, Failure::KilledAfter] {
        let mut at = 1;
        while cut(folder.path(), at, failure) {
            at += step;
            cases += 1;
        }
    }
    eprintln!("{cases} cases");
    assert!(cases >= if is_asked { 60 } else { 12 }, "{cases}");
}

/// The system itself refuses to write more, as a full disk does.
#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_is_said_and_the_site_that_stands_there_answers() {
    let folder = sites();
    ends(folder.path(), &["./target", "--out", "old"], 0);
    let long = "x".repeat(300_000);
    let mut larger = NEW.to_vec();
    larger.push(("new/large.html", &long));
    super::site(folder.path(), "larger", &larger);
    let mut command = super::prepared(folder.path(), &["./target", "--out", "larger"]);
    let program = command.get_program().to_owned();
    let arguments: Vec<_> = command.get_args().map(std::ffi::OsStr::to_owned).collect();
    let mut limited = std::process::Command::new("sh");
    // Without the signal, writing past the limit is an error as on a full disk.
    limited.args(["-c", "trap '' XFSZ; ulimit -f 100; exec \"$0\" \"$@\""]);
    limited.arg(program).args(arguments).current_dir(folder.path());
    let output = limited.output().expect("a shell");
    let printed = crate::support::text(&output);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(printed.contains("error: cannot write `"), "{printed}");
    assert!(printed.contains("new/large.html"), "{printed}");
    let held = files(&folder.path().join("target"));
    assert!(dangling(&held).is_empty());
    assert!(!held.keys().any(|key| key.contains("stage-")), "{:?}", held.keys());
    command.args(["--grace", "0"]);
    assert!(command.output().expect("it runs").status.success());
    assert_eq!(published(&files(&folder.path().join("target"))), sorted(&larger));
}

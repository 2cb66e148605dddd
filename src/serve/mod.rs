//! The preview: builds the site again on every change and shows it to browsers that follow.
//!
//! One loop owns sources, cache and builds; the servers' threads see finished snapshots only. An alarm
//! from the file system makes the loop look at the paths it names, at once and first; the whole tree is compared
//! when the files rest, so that nothing depends on what events say. Builds are the very ones that `guidepost build`
//! makes. Writes nothing to the disk.
#![expect(
    clippy::disallowed_methods,
    reason = "the preview is an edge: it knows the time and the disk"
)]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jiff::civil::Date;

use crate::build::{self, Build, Cache, build, index_of};
use crate::load::alert_sources::fixed_part;
use crate::load::reading::{Difference, Reading, read};
use crate::load::{SiteRoot, git};
use crate::mcp::Library;
use crate::memo::with_threads;
use crate::search::search;

use snapshot::{Publication, Setup, Snapshot, Update};
use watch::{Alarm, Depth, Stopper, Watch, Woken};

pub(crate) use http::look;

mod findings;
mod gate;
mod guard;
mod http;
mod respond;
mod snapshot;
pub(crate) mod watch;

/// How long a file that vanished or became empty may take to come back: editors save by way of both.
const SAVING: Duration = Duration::from_millis(50);

/// How long it may go on in this way before what is there is shown.
const LONGEST_SAVING: Duration = Duration::from_secs(2);

/// How long files rest before the whole tree is compared.
const REST: Duration = Duration::from_millis(150);

/// How often the preview looks whether another day has begun.
const DAY_CHECK: Duration = Duration::from_secs(30);

/// What the preview is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where the site is.
    pub root: SiteRoot,
    /// What is built.
    pub options: build::Options,
    /// Show the site as of this day instead of today.
    pub day: Option<Date>,
    /// What day it is.
    pub clock: fn() -> Date,
    /// The address to listen at.
    pub host: String,
    /// The port to try first.
    pub port: u16,
    /// The address that opens a file in an editor, with `{file}`, `{line}` and `{column}`.
    pub editor: String,
    /// Say how long each stage of a build takes.
    pub timings: bool,
}

/// Serves the site until `stopper` is used; `started` gets it, and the address, before the first wait.
///
/// # Errors
/// The site cannot be read, or no port is free.
pub(crate) fn serve(
    settings: Settings,
    say: &dyn Fn(&str),
    started: impl FnOnce(SocketAddr, Stopper) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut watch = Watch::new()?;
    let mut preview = Preview::begin(settings, say)?;
    watch.cover(&preview.places(), say);
    let publication = Arc::clone(&preview.publication);
    let settings = &preview.settings;
    let indexed = Arc::clone(&publication);
    // Not waited for at the end: an index that nobody will ask may stay unfinished.
    let (day, clock) = (settings.day, settings.clock);
    thread::spawn(move || keep_search(&indexed, || day.unwrap_or_else(clock)));
    let server = http::serve(&publication, &settings.host, settings.port)?;
    if settings.port != 0 && server.address().port() != settings.port {
        say(&format!("port {} is taken, so another one is used", settings.port));
    }
    started(server.address(), watch.stopper())?;
    follow(&mut preview, &mut watch)?;
    server.stop();
    Ok(())
}

/// Looks whenever something wakes the preview, until it is stopped.
fn follow(preview: &mut Preview<'_>, watch: &mut Watch) -> anyhow::Result<()> {
    // What changed during the first build, before anything was watched, nobody has told.
    let mut restless = true;
    loop {
        match watch.wait(Some(if restless { REST } else { DAY_CHECK })) {
            Woken::Stopped => return Ok(()),
            Woken::By(alarm) => restless |= preview.look_at(alarm, watch),
            Woken::InTime if restless => {
                watch.settle();
                preview.look_everywhere();
                restless = watch.cover(&preview.places(), preview.say);
            }
            Woken::InTime => preview.look_at_the_day(),
        }
    }
}

/// All that the loop owns.
struct Preview<'a> {
    settings: Settings,
    reading: Reading,
    cache: Cache,
    /// When git last changed something in its own folders.
    git_stirred: Option<Instant>,
    /// Where a site.toml may appear that a bare folder of Markdown had none of; nothing where there was one.
    unconfigured: Vec<PathBuf>,
    publication: Arc<Publication>,
    say: &'a dyn Fn(&str),
}

impl<'a> Preview<'a> {
    /// Reads and builds the site for the first time.
    fn begin(settings: Settings, say: &'a dyn Fn(&str)) -> anyhow::Result<Preview<'a>> {
        let began = Instant::now();
        let reading = read(&settings.root, None)?;
        let setup = Arc::new(setup(&settings));
        let publication = Arc::new(Publication::new(Snapshot { setup, ..Snapshot::default() }));
        let mut preview = Preview {
            unconfigured: unconfigured(&settings.root),
            settings,
            reading,
            cache: Cache::default(),
            git_stirred: None,
            publication,
            say,
        };
        preview.build(began);
        Ok(preview)
    }

    /// Goes over to the site.toml that somebody has written for a bare folder since; whether there is one.
    fn adopt(&mut self) -> bool {
        let appeared = |folder: &&PathBuf| folder.join("site.toml").is_file();
        let Some(folder) = self.unconfigured.iter().find(appeared) else { return false };
        let began = Instant::now();
        let found = SiteRoot::of_site(folder).and_then(SiteRoot::canonical);
        let found = found.and_then(|root| Ok((read(&root, None)?, root)));
        match found {
            Ok((reading, root)) => {
                (self.say)(&format!("now by {}", root.folder.join("site.toml").display()));
                self.unconfigured.clear();
                self.settings.options.content = None;
                self.settings.root = root;
                self.reading = reading;
                let setup = Arc::new(setup(&self.settings));
                let last = self.publication.current();
                self.publication.publish(Snapshot { setup, ..(*last).clone() });
                self.build(began);
            }
            Err(error) => self.report(&error),
        }
        true
    }

    /// Looks at the paths that an alarm names, and builds if they changed; whether there was anything to look at.
    fn look_at(&mut self, mut alarm: Alarm, watch: &mut Watch) -> bool {
        if self.adopt() {
            return true;
        }
        let began = Instant::now();
        loop {
            self.leave_out_what_is_git_s(&mut alarm);
            if alarm.everything {
                self.look_everywhere();
                return true;
            }
            if alarm.paths.is_empty() {
                return false;
            }
            let found = self.reading.look_at(&self.settings.root, &alarm.paths);
            let saving = self.may_be_saving(&found, &alarm);
            if saving
                && began.elapsed() < LONGEST_SAVING
                && let Woken::By(more) = watch.wait(Some(SAVING))
            {
                alarm.merge(more);
                continue;
            }
            self.take_difference(found, began);
            return true;
        }
    }

    /// Drops the paths of git's own folders, or looks everywhere if they mean that the history has changed.
    fn leave_out_what_is_git_s(&mut self, alarm: &mut Alarm) {
        let Some(git) = self.reading.git() else { return };
        alarm.everything |= alarm.paths.iter().any(|path| git.depends_on(path));
        let all = alarm.paths.len();
        alarm.paths.retain(|path| !git.owns(path));
        if alarm.paths.len() < all {
            self.git_stirred = Some(Instant::now());
        }
    }

    /// Whether what was found is likely to be followed by more at once: an editor or git is in the middle of it.
    fn may_be_saving(&self, found: &Difference, alarm: &Alarm) -> bool {
        let site = |path: &PathBuf| self.reading.layout.site_path(&self.settings.root, path);
        let being_written = || {
            let open = alarm.written.iter().filter(|(_, open)| **open);
            open.filter_map(|(path, _)| site(path)).any(|path| found.holds(&path))
        };
        let git_is_busy = || {
            self.reading.git().is_some_and(git::RepositoryState::is_busy)
                || self.git_stirred.is_some_and(|time| time.elapsed() < SAVING)
        };
        found.may_be_saving() || (!found.is_empty() && (being_written() || git_is_busy()))
    }

    /// Compares the whole tree, and builds if anything changed.
    fn look_everywhere(&mut self) {
        if self.adopt() {
            return;
        }
        let began = Instant::now();
        match read(&self.settings.root, Some(&self.reading)) {
            Ok(found) => {
                let changed = !self.reading.equals(&found);
                self.reading = found;
                if changed || self.publication.current().trouble.is_some() {
                    self.build(began);
                }
            }
            Err(error) => self.report(&error),
        }
    }

    /// Builds again if another day has begun.
    fn look_at_the_day(&mut self) {
        let today = self.settings.day.unwrap_or_else(|| (self.settings.clock)());
        if today != self.settings.options.today {
            self.settings.options.today = today;
            self.build(Instant::now());
        }
    }

    /// Takes over what was found at some paths, and builds.
    fn take_difference(&mut self, found: Difference, began: Instant) {
        if found.moves_everything() {
            self.look_everywhere();
            return;
        }
        let changed = !found.is_empty();
        self.reading.take(found);
        if changed || self.publication.current().trouble.is_some() {
            self.build(began);
        }
    }

    /// Says that the sources cannot be read; what was shown stays.
    fn report(&mut self, error: &anyhow::Error) {
        let trouble = format!("{error:#}");
        let last = self.publication.current();
        if last.trouble.as_ref() != Some(&trouble) {
            (self.say)(&format!("error: {trouble}"));
            self.publication.publish(Snapshot {
                trouble: Some(trouble),
                changed: Some(Vec::new()),
                ..(*last).clone()
            });
        }
    }

    /// Builds what was read and publishes it, over the last good version of what cannot be built.
    fn build(&mut self, began: Instant) {
        let last = self.publication.current();
        let mut steps = vec![("look", began), ("set up", Instant::now())];
        let built =
            build(&self.reading.sources, &self.settings.options, &mut self.cache, |stage| {
                steps.push((stage.name(), Instant::now()));
            });
        steps.push(("publish", Instant::now()));
        let snapshot = snapshot::next(&last, built, &self.reading.sources.files, seconds_now());
        let summary = snapshot.summary(began.elapsed().as_millis());
        self.publication.publish(snapshot);
        if self.settings.timings {
            (self.say)(&timings(&steps, Instant::now()));
        }
        (self.say)(&summary);
    }

    /// The folders of the disk in which something that is read may change.
    fn places(&self) -> BTreeMap<PathBuf, Depth> {
        let folder = &self.settings.root.folder;
        let layout = &self.reading.layout;
        let mut places = BTreeMap::new();
        let files =
            layout.files.iter().filter_map(|file| folder.join(file).parent().map(PathBuf::from));
        let elsewhere = layout.elsewhere.keys().filter_map(|file| file.parent().map(PathBuf::from));
        for parent in files.chain(elsewhere).chain([folder.clone()]) {
            places.insert(parent, Depth::Entries);
        }
        for root in self.reading.git().into_iter().flat_map(git::RepositoryState::places) {
            places.insert(root.to_path_buf(), Depth::Entries);
        }
        let rules = layout
            .alert_sources
            .iter()
            .map(|pattern| fixed_part(pattern.trim_start_matches('/')))
            .filter(|fixed| !fixed.is_empty());
        let folders = [Some(&layout.content), layout.theme.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str);
        for whole in folders.chain(rules) {
            places.insert(folder.join(whole), Depth::All);
        }
        places
    }
}

/// What answers depend on besides the build.
fn setup(settings: &Settings) -> Setup {
    let (folder, editor) = (settings.root.folder.clone(), settings.editor.clone());
    Setup { folder, editor, day: settings.day }
}

/// The folders in which `guidepost init` may write the site.toml of a bare folder of Markdown: itself and the one above.
/// None where one is there already, and whoever asked for the folder wants it without.
fn unconfigured(root: &SiteRoot) -> Vec<PathBuf> {
    let Some(content) = &root.content else { return Vec::new() };
    let folders = [root.folder.join(content), root.folder.clone()];
    let is_configured = folders.iter().any(|folder| folder.join("site.toml").exists());
    if is_configured { Vec::new() } else { folders.into() }
}

/// How long each step took, the last of which ended at `end`.
fn timings(steps: &[(&str, Instant)], end: Instant) -> String {
    let ends = steps.iter().skip(1).map(|(_, began)| *began).chain([end]);
    let spans = steps.iter().zip(ends).map(|((name, began), end)| {
        format!("{name} {:.1} ms", 1000.0 * end.duration_since(*began).as_secs_f64())
    });
    spans.collect::<Vec<_>>().join(", ")
}

fn seconds_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// Indexes each new build beside the loop, so that search follows the pages without delaying them.
fn keep_search(publication: &Publication, today: impl Fn() -> Date) {
    let mut cache = Cache::default();
    let mut indexed: Option<Arc<Build>> = None;
    let mut seen = 0;
    loop {
        match publication.newer_than(seen, DAY_CHECK) {
            Update::Closed => return,
            Update::None => {}
            Update::Newer(snapshot) => {
                seen = snapshot.revision;
                let Some(build) = &snapshot.build else { continue };
                if !indexed.as_ref().is_some_and(|last| Arc::ptr_eq(last, build)) {
                    // A thread of its own: on the shared ones, pages would queue behind the index.
                    let (files, index) = with_threads(1, || {
                        let index = index_of(&build.site, &build.report, &mut cache);
                        (search(&index), index)
                    });
                    let published = Arc::clone(&snapshot.files);
                    let library =
                        Library::of_build(Arc::clone(build), index, published, None, today());
                    publication.publish_search(files, library);
                    indexed = Some(Arc::clone(build));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::fs;
    use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
    use std::thread;
    use std::time::Duration;

    use jiff::civil::date;

    use super::{Settings, serve};
    use crate::build::Options;
    use crate::load::SiteRoot;

    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn what_changes_during_a_build_is_built_next_in_folders_not_yet_watched_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let save = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        };
        save("site.toml", "title = \"Runbooks\"\n");
        save("content/index.md", "# One\n");
        save("pages/index.md", "# Pages\n");
        // Each is saved when the preview says that it has built what came before.
        let edits = RefCell::new(vec![
            ("pages/index.md", "# Found when looking once more after beginning to watch\n"),
            ("pages/index.md", "# Changed before it is watched\n"),
            ("site.toml", "title = \"Runbooks\"\ncontent = \"pages\"\n"),
            ("content/index.md", "# Two, saved before anything is watched\n"),
        ]);
        let (done, until_done) = channel();
        let say = |_: &str| match edits.borrow_mut().pop() {
            Some((name, text)) => save(name, text),
            // Patience may have ended.
            None => done.send(()).unwrap_or_default(),
        };
        let root = SiteRoot::of_site(folder.path()).and_then(SiteRoot::canonical).expect("a site");
        let last = preview_until(until_done, root, &say);
        assert!(last.is_ok(), "an edit was not seen; still to come: {:?}", edits.borrow());
    }

    #[test]
    fn a_folder_without_site_toml_is_shown_by_the_one_that_is_written_for_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let save = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).expect("a file");
        };
        fs::create_dir(folder.path().join(".git")).expect("a folder");
        save("index.md", "# Bare\n");
        let (done, until_done) = channel();
        let said = RefCell::new(Vec::new());
        let say = |line: &str| {
            let built = said.borrow().iter().filter(|line: &&String| is_built(line)).count();
            said.borrow_mut().push(line.to_owned());
            match (built, is_built(line)) {
                (0, true) => save("site.toml", "title = \"Adopted\"\ncontent = \".\"\n"),
                (1, true) => save("index.md", "# Changed\n"),
                (2, true) => done.send(()).unwrap_or_default(),
                _ => {}
            }
        };
        let root =
            SiteRoot::of_content(folder.path()).and_then(SiteRoot::canonical).expect("a folder");
        let last = preview_until(until_done, root, &say);
        let said = said.into_inner();
        assert!(last.is_ok(), "{said:?}");
        assert!(said.iter().any(|line| line.starts_with("now by ")), "{said:?}");
    }

    /// Shows what lies in a place until that is done; an error if nobody said so in time.
    fn preview_until(
        done: Receiver<()>,
        root: SiteRoot,
        say: &dyn Fn(&str),
    ) -> Result<(), RecvTimeoutError> {
        let today = date(2026, 11, 23);
        let content = root.content.clone();
        let settings = Settings {
            root,
            options: Options { today, content, base_url: None, drafts: false },
            day: Some(today),
            clock: || date(2026, 11, 23),
            host: "127.0.0.1".to_owned(),
            port: 0,
            editor: String::new(),
            timings: false,
        };
        let (answer, answered) = channel();
        serve(settings, &say, |_, stopper| {
            thread::spawn(move || {
                answer.send(done.recv_timeout(PATIENCE)).unwrap_or_default();
                stopper.stop();
            });
            Ok(())
        })
        .expect("what lies there can be read");
        answered.recv().expect("somebody waited")
    }

    fn is_built(line: &str) -> bool {
        line.starts_with("built in ")
    }
}

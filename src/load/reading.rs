//! A site's files as last read: reading again costs only what changed.
//!
//! A file is read again if its size or modification time differs, or if it changed so shortly before it was read
//! that another change could bear the same time. Paths that are known to have changed can be looked at alone.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::alert_sources::alert_sources;
use super::boundary::Boundary;
use super::embedded::embedded;
use super::git;
use super::place::{Place, repository};
use crate::config::read::config;
use crate::config::{self, Config};
use crate::dialect::settings_around;
use crate::files::{Bytes, FilePath, Files, MANIFEST};
use crate::history::History;
use crate::memo::{both, parallel_found};
use crate::parse::Library;
use crate::sources::{PassedOver, Sources};

/// Two changes within this time may bear the same modification time.
const TICK: Duration = Duration::from_millis(50);

/// What was read, and what is needed to read it again.
#[derive(Clone)]
pub struct Reading {
    /// The files and their history.
    pub sources: Sources,
    /// Where they lie.
    pub layout: Layout,
    stamps: HashMap<FilePath, Stamp>,
    git: Option<git::State>,
    /// Whether a link to a folder was followed.
    links_folders: bool,
}

/// Where the parts of a site lie, relative to the site folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The content folder.
    pub content: String,
    /// The theme folder, of a site that may have one.
    pub theme: Option<String>,
    /// The folder that is written and never read.
    pub output: String,
    /// Single files: site.toml and templates.
    pub files: BTreeSet<String>,
    /// Where other tools keep the settings by which a folder says that it is written for them.
    pub settings: Vec<String>,
    /// Files of the disk that are read one by one, with the path that findings show them by: CODEOWNERS, alert rules.
    pub elsewhere: BTreeMap<PathBuf, FilePath>,
    /// Patterns of the alert rules.
    pub alert_sources: Vec<String>,
    /// Whether site.toml can be read; if not, the folders are those of before.
    readable: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    length: u64,
    /// Nothing where the time cannot tell one version from the next.
    modified: Option<SystemTime>,
}

/// Reads a site; what is unchanged since `before` is taken over.
///
/// # Errors
/// The content folder is missing, or a file cannot be read.
pub fn read(place: &Place, before: Option<&Reading>) -> anyhow::Result<Reading> {
    let held = before.map(|before| &before.sources.files);
    let mut found = Found { before, held, ..Found::nothing(place) };
    let mut layout = layout(&mut found)?;
    let content_path = layout.content.clone();
    let content = place.folder.join(&content_path);
    anyhow::ensure!(
        content.is_dir() || !layout.readable,
        "no content folder `{}`",
        content.display()
    );
    let known = before.filter(|before| before.layout.content == layout.content);
    let ((), (git, history)) =
        both(|| found.everything(&mut layout), || history(place, &content_path, known));
    let sources = Sources { files: found.files, passed_over: found.passed_over, history };
    let links_folders = found.links_folders;
    Ok(Reading { sources, layout, stamps: found.stamps, git, links_folders })
}

/// The state of the repository around a site, and its history: the one known before while the state is the same.
fn history(
    place: &Place,
    content: &str,
    known: Option<&Reading>,
) -> (Option<git::State>, Arc<History>) {
    let git = git::state(&place.folder, known.and_then(|known| known.git.as_ref()));
    let history = match known {
        Some(known) if known.git == git => Arc::clone(&known.sources.history),
        _ => Arc::new(git::history(&place.folder, content)),
    };
    (git, history)
}

/// What looking at some paths of the disk found to be different from what was read.
#[derive(Default)]
pub struct Difference {
    /// The files that are new or changed.
    fresh: Vec<(FilePath, Bytes, Stamp)>,
    /// The files that are gone.
    gone: Vec<FilePath>,
    /// Files that hold the same as before.
    touched: Vec<(FilePath, Stamp)>,
    /// What is passed over, where it is other than before.
    passed_over: Option<BTreeMap<FilePath, PassedOver>>,
    /// A link to a folder is or was among them, so that what is read depends on all other folders.
    links_folders: bool,
    /// A file is gone or empty, or there is a new one of the kind that editors make for a moment.
    saving: bool,
}

impl Difference {
    /// Whether nothing was found to be different.
    pub fn is_empty(&self) -> bool {
        self.fresh.is_empty() && self.gone.is_empty() && self.passed_over.is_none()
    }

    /// Whether it may have been found while an editor was saving.
    pub fn may_be_saving(&self) -> bool {
        self.saving
    }

    /// Whether it says where the site's files lie, so that all of them have to be read again.
    pub fn moves_everything(&self) -> bool {
        let site_toml = config::path();
        self.links_folders
            || self.gone.contains(&site_toml)
            || self.fresh.iter().any(|(path, ..)| *path == site_toml)
    }

    /// Whether the file at a path of the site is new or changed.
    pub fn holds(&self, path: &FilePath) -> bool {
        self.fresh.iter().any(|(fresh, ..)| fresh == path)
    }
}

impl Reading {
    /// What is different at these paths of the disk, whatever their times say; costs nothing for all other files.
    pub fn look_at(&self, place: &Place, paths: &BTreeSet<PathBuf>) -> Difference {
        let mut found = Found { held: Some(&self.sources.files), ..Found::nothing(place) };
        let mut passed_over = self.sources.passed_over.clone();
        let mut difference = Difference::default();
        for path in paths {
            if let Some(shown) = self.layout.elsewhere.get(path).filter(|_| path.is_file()) {
                found.take(shown, path);
            }
            if !self.layout.reads(place, path) {
                continue;
            }
            passed_over.retain(|link, _| !place.folder.join(link.as_str()).starts_with(path));
            if path.is_dir() {
                found.before = Some(self);
                found.folder(&self.layout, path);
                found.before = None;
                difference.links_folders |= self.links_folders;
            } else if path.is_file() {
                found.file(path);
            } else if let Some(gone) = site_path(place, path) {
                difference.gone.extend(self.below(&gone));
            }
        }
        difference.gone.extend(found.passed_over.keys().flat_map(|link| self.below(link)));
        passed_over.append(&mut found.passed_over);
        difference.passed_over = (passed_over != self.sources.passed_over).then_some(passed_over);
        difference.links_folders |= found.links_folders;
        difference.gone.retain(|path| found.files.get(path).is_none());
        difference.saving = !difference.gone.is_empty();
        for (path, bytes) in found.files.iter() {
            let Some(stamp) = found.stamps.remove(path) else { continue };
            let held = self.sources.files.get(path);
            if held.is_some_and(|held| Arc::ptr_eq(held, bytes)) {
                difference.touched.push((path.clone(), stamp));
                continue;
            }
            difference.saving |= match held {
                Some(held) => bytes.is_empty() && !held.is_empty(),
                None => self.is_trial(path),
            };
            difference.fresh.push((path.clone(), Arc::clone(bytes), stamp));
        }
        difference
    }

    /// Takes over what was found to be different.
    pub fn take(&mut self, difference: Difference) {
        for path in difference.gone {
            self.sources.files.remove(&path);
            self.stamps.remove(&path);
        }
        for (path, bytes, stamp) in difference.fresh {
            self.sources.files.insert(path.clone(), bytes);
            self.stamps.insert(path, stamp);
        }
        self.stamps.extend(difference.touched);
        if let Some(passed_over) = difference.passed_over {
            self.sources.passed_over = passed_over;
        }
    }

    /// Whether `later` holds the same.
    pub fn equals(&self, later: &Reading) -> bool {
        self.sources.files == later.sources.files
            && self.sources.passed_over == later.sources.passed_over
            && Arc::ptr_eq(&self.sources.history, &later.sources.history)
    }

    /// What is known of the repository that holds the site.
    pub fn git(&self) -> Option<&git::State> {
        self.git.as_ref()
    }

    /// The file at a path, or every file below it.
    fn below(&self, gone: &FilePath) -> Vec<FilePath> {
        let files = &self.sources.files;
        if files.get(gone).is_some() {
            return vec![gone.clone()];
        }
        let inside = |path: &&FilePath| {
            let rest = path.as_str().strip_prefix(gone.as_str());
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        files.iter().map(|(path, _)| path).filter(inside).cloned().collect()
    }

    /// Whether a new file is named as editors name what they try out, or write and then rename: without an
    /// extension, as a temporary one, or after the file that it will replace.
    fn is_trial(&self, path: &FilePath) -> bool {
        let name = path.name();
        let Some((stem, extension)) = name.rsplit_once('.') else { return true };
        let replaced = || FilePath::new(&format!("{}/{stem}", path.folder()));
        ["tmp", "temp"].contains(&extension)
            || replaced().is_some_and(|replaced| self.sources.files.get(&replaced).is_some())
    }
}

impl Layout {
    /// The path under which a file of the disk is read, if it may be.
    pub fn site_path(&self, place: &Place, path: &Path) -> Option<FilePath> {
        self.elsewhere.get(path).cloned().or_else(|| site_path(place, path))
    }

    /// Whether a path of the disk may belong to the site's sources.
    fn reads(&self, place: &Place, path: &Path) -> bool {
        let Some(relative) = site_path(place, path) else { return false };
        let folders = [Some(&self.content), self.theme.as_ref()];
        let inside =
            |folder: &String| relative.as_str() == folder || relative.under(folder).is_some();
        let published = !relative.as_str().split('/').any(is_passed_over)
            && relative.as_str() != self.output
            && relative.under(&self.output).is_none();
        self.files.contains(relative.as_str())
            || (published && folders.into_iter().flatten().any(inside))
    }
}

/// Where a repository may keep its CODEOWNERS; the first that exists counts.
pub(crate) const CODEOWNERS: [&str; 4] =
    [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// Hidden files, those that editors put beside a file while they have it open, and what package managers install.
pub(crate) fn is_passed_over(name: &str) -> bool {
    name.starts_with('.')
        || name == "node_modules"
        || name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#'))
        || name.contains("___jb_")
}

fn site_path(place: &Place, path: &Path) -> Option<FilePath> {
    relative_path(path.strip_prefix(&place.folder).ok()?.to_str()?)
}

/// Reads site.toml and takes from it where everything lies; what is wrong with it is the build's to say.
fn layout(found: &mut Found<'_>) -> anyhow::Result<Layout> {
    let site_toml = config::path();
    if let Some(content) = &found.place.content {
        let output = Config::default().output;
        return Ok(Layout {
            content: content.clone(),
            theme: None,
            output,
            files: BTreeSet::new(),
            settings: settings_around(content),
            elsewhere: BTreeMap::new(),
            alert_sources: Vec::new(),
            readable: true,
        });
    }
    found.file(&found.place.folder.join(site_toml.as_str()));
    if let Some(PassedOver::Unreadable(reason)) = found.passed_over.get(&site_toml) {
        anyhow::bail!("cannot read `{site_toml}`: {reason}");
    }
    let bytes = found.files.get(&site_toml).map_or(&[][..], |bytes| bytes.as_slice());
    // As the build reads it.
    let read = config(&site_toml, &String::from_utf8_lossy(bytes)).ok().map(|(config, _)| config);
    let readable = read.is_some();
    if let (None, Some(before)) = (&read, found.before) {
        return Ok(Layout { readable, ..before.layout.clone() });
    }
    let config = read.unwrap_or_default();
    let alert_sources = config.alerts.sources.iter().map(|pattern| pattern.value.clone()).collect();
    let mut files: BTreeSet<String> =
        config.templates.values().map(|template| template.file.value.clone()).collect();
    files.insert(site_toml.as_str().to_owned());
    Ok(Layout {
        settings: settings_around(&config.content),
        content: config.content,
        theme: Some(config.theme),
        output: config.output,
        files,
        elsewhere: BTreeMap::new(),
        alert_sources,
        readable,
    })
}

/// The repository's CODEOWNERS, which is shown as `.github/CODEOWNERS` wherever the repository keeps it.
fn codeowners(place: &Place) -> Option<(FilePath, PathBuf)> {
    let root = repository(&place.folder)?;
    let whole = CODEOWNERS.iter().map(|name| root.join(name)).find(|whole| whole.is_file())?;
    Some((FilePath::new(CODEOWNERS[0])?, whole))
}

/// Files as they are found.
struct Found<'a> {
    place: &'a Place,
    /// A reading whose files need not be read again while their times are the same.
    before: Option<&'a Reading>,
    /// Files whose values are kept where the bytes are the same.
    held: Option<&'a Files>,
    files: Files,
    stamps: HashMap<FilePath, Stamp>,
    boundary: Boundary,
    passed_over: BTreeMap<FilePath, PassedOver>,
    links_folders: bool,
}

impl<'a> Found<'a> {
    /// Before anything was found, with nothing to compare it with.
    fn nothing(place: &'a Place) -> Found<'a> {
        Found {
            place,
            before: None,
            held: None,
            files: Files::default(),
            stamps: HashMap::new(),
            boundary: Boundary::default(),
            passed_over: BTreeMap::new(),
            links_folders: false,
        }
    }

    /// Takes in all files of a site; what lies elsewhere is noted in `layout`.
    fn everything(&mut self, layout: &mut Layout) {
        let place = self.place;
        for folder in [Some(&layout.content), layout.theme.as_ref()].into_iter().flatten() {
            self.folder(layout, &place.folder.join(folder));
        }
        for file in &layout.files {
            self.file(&place.folder.join(file));
        }
        for file in &layout.settings {
            self.setting(file);
        }
        let output = place.folder.join(&layout.output);
        let patterns = layout.alert_sources.iter().map(String::as_str);
        let holds = |path: &Path| self.boundary.holds(place, path);
        let owners = codeowners(place).filter(|(_, whole)| holds(whole));
        let (rules, outside) = alert_sources(&place.folder, &output, patterns, &holds);
        let embedded = embedded(place, &layout.content, &self.files);
        let embedded = embedded.into_iter().filter(|(_, whole)| holds(whole));
        let elsewhere: Vec<_> = owners.into_iter().chain(rules).chain(embedded).collect();
        for path in outside {
            self.pass_over(Some(path), PassedOver::OutOfRepository);
        }
        layout.elsewhere = elsewhere.into_iter().map(|(path, whole)| (whole, path)).collect();
        for (whole, path) in &layout.elsewhere {
            self.take(path, whole);
        }
        self.included(layout);
    }

    /// Takes in the files that pages take in from beside the content folder, and those that these take in.
    fn included(&mut self, layout: &mut Layout) {
        loop {
            let wanted = Library::new(&self.files, &layout.content).wanted();
            let place = self.place;
            let found: BTreeMap<PathBuf, FilePath> = wanted
                .into_iter()
                .filter_map(|paths| {
                    let paths =
                        paths.into_iter().map(|path| (place.folder.join(path.as_str()), path));
                    paths.into_iter().find(|(whole, _)| whole.is_file())
                })
                .filter(|(whole, _)| !layout.elsewhere.contains_key(whole))
                .filter(|(whole, _)| self.boundary.holds(place, whole))
                .collect();
            if found.is_empty() {
                return;
            }
            for (whole, path) in &found {
                self.take(path, whole);
            }
            layout.elsewhere.extend(found);
        }
    }

    /// Takes in every file of a folder of the site. Links to folders are followed after all that lies there itself, in
    /// the order of their paths, and each real folder is read once: links that lead to each other have no end.
    fn folder(&mut self, layout: &Layout, folder: &Path) {
        if !self.may_read(folder) {
            return;
        }
        let mut walk =
            Walk { seen: HashMap::new(), output: self.place.folder.join(&layout.output) };
        let mut next = vec![folder.to_owned()];
        while !next.is_empty() {
            let mut links = Vec::new();
            for folder in next {
                links.append(&mut self.tree(&mut walk, &folder));
            }
            links.sort();
            self.links_folders |= !links.is_empty();
            next = links;
        }
    }

    /// Takes in the files of a folder and of those below it, read while the next are still looked for. Returns the
    /// links to folders.
    fn tree(&mut self, walk: &mut Walk, folder: &Path) -> Vec<PathBuf> {
        let Ok(whole) = folder.canonicalize() else { return Vec::new() };
        let output = walk.output.canonicalize().unwrap_or_else(|_| walk.output.clone());
        let mut passed_over = Vec::new();
        let seen = &mut walk.seen;
        // Asked before the walk, which enters a link at its beginning whatever is said of it then.
        let own = site_path(self.place, folder);
        let shown = own.as_ref().map_or_else(|| ".".to_owned(), FilePath::to_string);
        if let Some(first) = seen.get(&whole) {
            let reason = PassedOver::ReadAs(first.clone());
            self.pass_over(own, reason);
            return Vec::new();
        }
        seen.insert(whole.clone(), shown);
        let visible = |entry: &walkdir::DirEntry| {
            if entry.depth() == 0 {
                return true;
            }
            if entry.file_name().to_str().is_some_and(is_passed_over) {
                return false;
            }
            if !entry.file_type().is_dir() {
                return true;
            }
            let below = entry.path().strip_prefix(folder).unwrap_or(Path::new(""));
            let whole = whole.join(below);
            if whole == output || is_published_site(&whole) {
                return false;
            }
            let Some(path) = site_path(self.place, entry.path()) else {
                let shown = shown_path(self.place, entry.path());
                passed_over.push((shown, PassedOver::NameNotText));
                return false;
            };
            match seen.entry(whole) {
                Entry::Occupied(first) => {
                    let reason = PassedOver::ReadAs(first.get().clone());
                    passed_over.push((Some(path), reason));
                    false
                }
                Entry::Vacant(free) => {
                    free.insert(path.to_string());
                    true
                }
            }
        };
        let entries = walkdir::WalkDir::new(folder).into_iter().filter_entry(visible);
        let looked_at = parallel_found(entries, |entry| self.entry(&entry));
        for (path, reason) in passed_over {
            self.pass_over(path, reason);
        }
        let mut links = Vec::new();
        for looked in looked_at {
            match looked {
                Looked::File(found) => self.keep(found),
                Looked::Link(link) => links.push(link),
                Looked::PassedOver(path, reason) => self.pass_over(path, reason),
                Looked::Folder => {}
            }
        }
        links
    }

    /// What an entry of a folder is, and what it holds if it is a file.
    fn entry(&self, entry: &walkdir::Result<walkdir::DirEntry>) -> Looked {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().and_then(|path| shown_path(self.place, path));
                let reason =
                    error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                return Looked::PassedOver(path, PassedOver::Unreadable(reason));
            }
        };
        let shown = || shown_path(self.place, entry.path());
        if entry.depth() == 0 || entry.file_type().is_dir() {
            return Looked::Folder;
        }
        let Some(path) = site_path(self.place, entry.path()) else {
            return Looked::PassedOver(shown(), PassedOver::NameNotText);
        };
        if entry.path_is_symlink() && !self.boundary.holds(self.place, entry.path()) {
            return Looked::PassedOver(Some(path), PassedOver::OutOfRepository);
        }
        if entry.path_is_symlink() && entry.path().is_dir() {
            return Looked::Link(entry.path().to_owned());
        }
        match self.look(&path, entry.path()) {
            Ok(found) => Looked::File(found),
            Err(reason) => Looked::PassedOver(Some(path), reason),
        }
    }

    /// Takes in a file of the site folder, if it is there.
    fn file(&mut self, whole: &Path) {
        if let Some(path) = site_path(self.place, whole).filter(|_| self.may_read(whole)) {
            self.take(&path, whole);
        }
    }

    /// Takes in the settings of another tool, if they are there. They may lie beside a folder of Markdown that is in no
    /// repository; nothing of them is published.
    fn setting(&mut self, file: &str) {
        let whole = self.place.folder.join(file);
        let is_there = std::fs::symlink_metadata(&whole).is_ok_and(|facts| facts.is_file());
        if let Some(path) = FilePath::new(file).filter(|_| is_there) {
            self.take(&path, &whole);
        }
    }

    /// Whether no link on the way to a file or folder leads out of the repository; notes it otherwise.
    fn may_read(&mut self, whole: &Path) -> bool {
        let is_held = self.boundary.holds(self.place, whole);
        if !is_held {
            self.pass_over(site_path(self.place, whole), PassedOver::OutOfRepository);
        }
        is_held
    }

    fn pass_over(&mut self, path: Option<FilePath>, reason: PassedOver) {
        self.passed_over.extend(path.map(|path| (path, reason)));
    }

    /// Takes in a file of the disk, if it is there, as the one at `path`.
    fn take(&mut self, path: &FilePath, whole: &Path) {
        match self.look(path, whole) {
            Ok(found) => self.keep(found),
            Err(reason) => self.pass_over(Some(path.clone()), reason),
        }
    }

    fn keep(&mut self, found: Option<(FilePath, Bytes, Stamp)>) {
        if let Some((path, bytes, stamp)) = found {
            self.files.insert(path.clone(), bytes);
            self.stamps.insert(path, stamp);
        }
    }

    /// What the file at `path` holds; nothing if it is not there.
    #[expect(clippy::disallowed_methods, reason = "this module reads the site's files")]
    fn look(
        &self,
        path: &FilePath,
        whole: &Path,
    ) -> Result<Option<(FilePath, Bytes, Stamp)>, PassedOver> {
        let unreadable = |error: std::io::Error| PassedOver::Unreadable(error.to_string());
        let facts = match std::fs::metadata(whole) {
            Ok(facts) => facts,
            Err(_) if whole.is_symlink() => return Err(PassedOver::Dangling),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        if facts.is_dir() {
            return Ok(None);
        }
        if !facts.is_file() {
            return Err(PassedOver::NoFile);
        }
        let stamp = Stamp { length: facts.len(), modified: settled(facts.modified().ok()) };
        let known = self.before.and_then(|before| {
            let same = stamp.modified.is_some() && before.stamps.get(path) == Some(&stamp);
            before.sources.files.get(path).filter(|_| same)
        });
        let bytes: Bytes = match known {
            Some(bytes) => Arc::clone(bytes),
            None => match std::fs::read(whole) {
                Ok(bytes) => bytes.into(),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(unreadable(error)),
            },
        };
        // The same bytes stay the same value, so that comparing them is free.
        let held = self.held.and_then(|held| held.get(path));
        let bytes = held.filter(|held| **held == bytes).map_or(bytes, Arc::clone);
        Ok(Some((path.clone(), bytes, stamp)))
    }
}

/// The folders that were read of a part of the site.
struct Walk {
    /// By their path without links, with the path that they were read by.
    seen: HashMap<PathBuf, String>,
    /// The folder that is written and never read.
    output: PathBuf,
}

/// What an entry of a folder turned out to be.
enum Looked {
    File(Option<(FilePath, Bytes, Stamp)>),
    /// A link to a folder.
    Link(PathBuf),
    Folder,
    PassedOver(Option<FilePath>, PassedOver),
}

/// Whether a folder holds a site that Guidepost wrote: such a folder is never a source.
fn is_published_site(folder: &Path) -> bool {
    folder.join(MANIFEST).is_file()
}

/// The path of a file of the disk, with a sign in the place of what is not UTF-8.
fn shown_path(place: &Place, path: &Path) -> Option<FilePath> {
    relative_path(&path.strip_prefix(&place.folder).ok()?.to_string_lossy())
}

/// Only the system's own separator separates: elsewhere a name may hold a backslash.
fn relative_path(relative: &str) -> Option<FilePath> {
    FilePath::new(&relative.replace(std::path::MAIN_SEPARATOR, "/"))
}

/// The time, unless it is so recent that it may be the time of the next change as well.
#[expect(clippy::disallowed_methods, reason = "this module compares the times of files")]
fn settled(modified: Option<SystemTime>) -> Option<SystemTime> {
    modified.filter(|time| SystemTime::now().duration_since(*time).is_ok_and(|age| age > TICK))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests prepare folders")]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Reading, read};
    use crate::files::FilePath;
    use crate::load::place::Place;

    fn site() -> (tempfile::TempDir, Place) {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "site.toml", "title = \"A\"");
        write(folder.path(), "content/a.md", "a");
        write(folder.path(), "content/folder/b.md", "b");
        let place = Place::of_site(folder.path()).unwrap();
        (folder, place)
    }

    fn write(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Looking at `paths`, and reading everything again, both find what a first reading finds.
    ///
    /// Returns that, and whether it may have been found in the middle of a save.
    fn check(before: &Reading, place: &Place, paths: &[&str]) -> (Reading, bool) {
        let paths = paths.iter().map(|path| place.folder.join(path)).collect();
        let difference = before.look_at(place, &paths);
        let saving = difference.may_be_saving();
        let mut looked = before.clone();
        assert_eq!(difference.is_empty(), before.equals(&read(place, Some(before)).unwrap()));
        looked.take(difference);
        let again = read(place, Some(before)).unwrap();
        let first = read(place, None).unwrap();
        let shown = |reading: &Reading| -> Vec<(String, Vec<u8>)> {
            let files = reading.sources.files.iter();
            files.map(|(path, bytes)| (path.to_string(), bytes.to_vec())).collect()
        };
        assert_eq!(shown(&looked), shown(&first));
        assert_eq!(shown(&again), shown(&first));
        assert_eq!(looked.sources.passed_over, first.sources.passed_over);
        (looked, saving)
    }

    #[test]
    fn edits_of_the_same_length_new_files_renames_and_deletions_are_found() {
        let (folder, place) = site();
        let start = read(&place, None).unwrap();
        write(folder.path(), "content/a.md", "A");
        let (edited, saving) = check(&start, &place, &["content/a.md"]);
        assert!(!saving);
        write(folder.path(), "content/new/c.md", "c");
        let (grown, saving) = check(&edited, &place, &["content/new"]);
        assert!(!saving);
        fs::rename(folder.path().join("content/folder"), folder.path().join("content/moved"))
            .unwrap();
        let (moved, saving) = check(&grown, &place, &["content/folder", "content/moved"]);
        assert!(saving, "a file that is gone may come back");
        fs::remove_file(folder.path().join("content/a.md")).unwrap();
        let (gone, _) = check(&moved, &place, &["content/a.md"]);
        let (_, saving) = check(&gone, &place, &["content/a.md"]);
        assert!(!saving, "it was gone before");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_is_noticed_and_so_is_a_file_in_its_place() {
        let (folder, place) = site();
        let elsewhere = tempfile::tempdir().unwrap();
        write(elsewhere.path(), "b.md", "b");
        let link = |target: &Path, name: &str| {
            std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
        };
        let start = read(&place, None).unwrap();
        fs::remove_file(folder.path().join("content/a.md")).unwrap();
        link(&elsewhere.path().join("b.md"), "content/a.md");
        fs::remove_dir_all(folder.path().join("content/folder")).unwrap();
        link(elsewhere.path(), "content/folder");
        let (linked, _) = check(&start, &place, &["content/a.md", "content/folder"]);
        assert_eq!(linked.sources.passed_over.len(), 2);
        assert_eq!(linked.sources.files.len(), 1);
        fs::remove_file(folder.path().join("content/a.md")).unwrap();
        write(folder.path(), "content/a.md", "a");
        fs::remove_file(folder.path().join("content/folder")).unwrap();
        let (whole, _) = check(&linked, &place, &["content/a.md", "content/folder"]);
        assert_eq!(whole.sources.passed_over.len(), 0);
        assert_eq!(whole.sources.files.len(), 2);
    }

    #[test]
    fn a_changed_site_toml_makes_everything_be_read_again() {
        let (folder, place) = site();
        let start = read(&place, None).unwrap();
        let paths = [place.folder.join("site.toml")].into();
        write(folder.path(), "site.toml", "content = \"content/folder\"");
        assert!(start.look_at(&place, &paths).moves_everything());
        let again = read(&place, Some(&start)).unwrap();
        assert_eq!(again.sources.files.len(), 2);
        assert!(!again.look_at(&place, &paths).moves_everything());
    }

    #[test]
    fn what_editors_leave_beside_a_file_is_passed_over_and_what_they_try_out_is_waited_for() {
        let (folder, place) = site();
        let start = read(&place, None).unwrap();
        let names =
            ["content/a.md~", "content/.a.md.swp", "content/#a.md#", "content/a.md___jb_tmp___"];
        for name in names {
            write(folder.path(), name, "x");
        }
        let (same, saving) = check(&start, &place, &names);
        assert!(start.equals(&same) && !saving);
        for (name, text, trial) in [
            ("content/4913", "", true),
            ("content/sedX1Y2Z3", "x", true),
            ("content/a.md.Xy12Zq", "x", true),
            ("content/site.tmp", "x", true),
            ("content/c.md", "x", false),
            ("content/picture.svg", "x", false),
            ("content/a.md", "", true),
        ] {
            write(folder.path(), name, text);
            assert_eq!(check(&start, &place, &[name]).1, trial, "{name}");
            let old = start.sources.files.get(&FilePath::new(name).unwrap());
            match old {
                Some(bytes) => fs::write(folder.path().join(name), bytes.as_slice()).unwrap(),
                None => fs::remove_file(folder.path().join(name)).unwrap(),
            }
        }
    }

    #[test]
    fn a_site_toml_that_cannot_be_read_leaves_the_folders_where_they_were() {
        let (folder, place) = site();
        write(folder.path(), "docs/d.md", "d");
        write(folder.path(), "site.toml", "content = \"docs\"");
        let start = read(&place, None).unwrap();
        write(folder.path(), "site.toml", "content = [");
        let broken = read(&place, Some(&start)).unwrap();
        assert_eq!(broken.layout.content, "docs");
        assert_eq!(broken.sources.files.len(), start.sources.files.len());
    }

    #[test]
    fn an_unchanged_site_is_the_same_value_again() {
        let (_folder, place) = site();
        let start = read(&place, None).unwrap();
        let again = read(&place, Some(&start)).unwrap();
        assert!(start.equals(&again));
        assert!(again.git().is_none());
    }
}

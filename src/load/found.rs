//! The files of a site as they are found on the disk: folders, single files, and what lies elsewhere.
//!
//! A file is read again if its size or modification time differs, or if it changed so shortly before it was read
//! that another change could bear the same time.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::alert_sources::alert_sources;
use super::boundary::Boundary;
use super::embedded::embedded;
use super::layout::{Layout, codeowners, is_passed_over, shown_path, site_path};
use super::root::SiteRoot;
use crate::files::{Bytes, FilePath, Files, MANIFEST};
use crate::memo::parallel_found;
use crate::parse::IncludeLibrary;
use crate::sources::PassedOver;

/// Two changes within this time may bear the same modification time.
const TICK: Duration = Duration::from_millis(50);

/// What tells one version of a file from the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    /// Nothing where the time cannot tell one version from the next.
    modified: Option<SystemTime>,
}

/// Files as they were read before, with what told one version from the next.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    pub(super) files: &'a Files,
    pub(super) stamps: &'a HashMap<FilePath, Stamp>,
}

/// Files as they are found.
pub(super) struct FoundFiles<'a> {
    pub(super) root: &'a SiteRoot,
    /// A reading whose files need not be read again while their times are the same.
    pub(super) before: Option<Before<'a>>,
    /// Files whose values are kept where the bytes are the same.
    held: Option<&'a Files>,
    pub(super) files: Files,
    pub(super) stamps: HashMap<FilePath, Stamp>,
    boundary: Boundary,
    pub(super) passed_over: BTreeMap<FilePath, PassedOver>,
    pub(super) links_folders: bool,
}

impl<'a> FoundFiles<'a> {
    /// Before anything was found.
    pub(super) fn nothing(
        root: &'a SiteRoot,
        before: Option<Before<'a>>,
        held: Option<&'a Files>,
    ) -> FoundFiles<'a> {
        FoundFiles {
            root,
            before,
            held,
            files: Files::default(),
            stamps: HashMap::new(),
            boundary: Boundary::default(),
            passed_over: BTreeMap::new(),
            links_folders: false,
        }
    }

    /// Takes in all files of a site; what lies elsewhere is noted in `layout`.
    pub(super) fn everything(&mut self, layout: &mut Layout) {
        let root = self.root;
        for folder in [Some(&layout.content), layout.theme.as_ref()].into_iter().flatten() {
            self.folder(layout, &root.folder.join(folder));
        }
        for file in &layout.files {
            self.file(&root.folder.join(file));
        }
        for file in &layout.settings {
            self.setting(file);
        }
        let output = root.folder.join(&layout.output);
        let patterns = layout.alert_sources.iter().map(String::as_str);
        let holds = |path: &Path| self.boundary.holds(root, path);
        let owners = codeowners(root).filter(|(_, whole)| holds(whole));
        let (rules, outside) = alert_sources(&root.folder, &output, patterns, &holds);
        let embedded = embedded(root, &layout.content, &self.files);
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
            let wanted = IncludeLibrary::new(&self.files, &layout.content).wanted();
            let root = self.root;
            let found: BTreeMap<PathBuf, FilePath> = wanted
                .into_iter()
                .filter_map(|paths| {
                    let paths =
                        paths.into_iter().map(|path| (root.folder.join(path.as_str()), path));
                    paths.into_iter().find(|(whole, _)| whole.is_file())
                })
                .filter(|(whole, _)| !layout.elsewhere.contains_key(whole))
                .filter(|(whole, _)| self.boundary.holds(root, whole))
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
    pub(super) fn folder(&mut self, layout: &Layout, folder: &Path) {
        if !self.may_read(folder) {
            return;
        }
        let mut walk =
            FolderWalk { seen: HashMap::new(), output: self.root.folder.join(&layout.output) };
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
    fn tree(&mut self, walk: &mut FolderWalk, folder: &Path) -> Vec<PathBuf> {
        let Ok(whole) = folder.canonicalize() else { return Vec::new() };
        let output = walk.output.canonicalize().unwrap_or_else(|_| walk.output.clone());
        let mut passed_over = Vec::new();
        let seen = &mut walk.seen;
        // Asked before the walk, which enters a link at its beginning whatever is said of it then.
        let own = site_path(self.root, folder);
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
            let Some(path) = site_path(self.root, entry.path()) else {
                let shown = shown_path(self.root, entry.path());
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
                FolderEntry::File(found) => self.keep(found),
                FolderEntry::Link(link) => links.push(link),
                FolderEntry::PassedOver(path, reason) => self.pass_over(path, reason),
                FolderEntry::Folder => {}
            }
        }
        links
    }

    /// What an entry of a folder is, and what it holds if it is a file.
    fn entry(&self, entry: &walkdir::Result<walkdir::DirEntry>) -> FolderEntry {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().and_then(|path| shown_path(self.root, path));
                let reason =
                    error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                return FolderEntry::PassedOver(path, PassedOver::Unreadable(reason));
            }
        };
        let shown = || shown_path(self.root, entry.path());
        if entry.depth() == 0 || entry.file_type().is_dir() {
            return FolderEntry::Folder;
        }
        let Some(path) = site_path(self.root, entry.path()) else {
            return FolderEntry::PassedOver(shown(), PassedOver::NameNotText);
        };
        if entry.path_is_symlink() && !self.boundary.holds(self.root, entry.path()) {
            return FolderEntry::PassedOver(Some(path), PassedOver::OutOfRepository);
        }
        if entry.path_is_symlink() && entry.path().is_dir() {
            return FolderEntry::Link(entry.path().to_owned());
        }
        match self.look(&path, entry.path()) {
            Ok(found) => FolderEntry::File(found),
            Err(reason) => FolderEntry::PassedOver(Some(path), reason),
        }
    }

    /// Takes in a file of the site folder, if it is there.
    pub(super) fn file(&mut self, whole: &Path) {
        if let Some(path) = site_path(self.root, whole).filter(|_| self.may_read(whole)) {
            self.take(&path, whole);
        }
    }

    /// Takes in the settings of another tool, if they are there. They may lie beside a folder of Markdown that is in no
    /// repository; nothing of them is published.
    fn setting(&mut self, file: &str) {
        let whole = self.root.folder.join(file);
        let is_there = std::fs::symlink_metadata(&whole).is_ok_and(|facts| facts.is_file());
        if let Some(path) = FilePath::new(file).filter(|_| is_there) {
            self.take(&path, &whole);
        }
    }

    /// Whether no link on the way to a file or folder leads out of the repository; notes it otherwise.
    fn may_read(&mut self, whole: &Path) -> bool {
        let is_held = self.boundary.holds(self.root, whole);
        if !is_held {
            self.pass_over(site_path(self.root, whole), PassedOver::OutOfRepository);
        }
        is_held
    }

    fn pass_over(&mut self, path: Option<FilePath>, reason: PassedOver) {
        self.passed_over.extend(path.map(|path| (path, reason)));
    }

    /// Takes in a file of the disk, if it is there, as the one at `path`.
    pub(super) fn take(&mut self, path: &FilePath, whole: &Path) {
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
            before.files.get(path).filter(|_| same)
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
struct FolderWalk {
    /// By their path without links, with the path that they were read by.
    seen: HashMap<PathBuf, String>,
    /// The folder that is written and never read.
    output: PathBuf,
}

/// What an entry of a folder turned out to be.
enum FolderEntry {
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

/// The time, unless it is so recent that it may be the time of the next change as well.
#[expect(clippy::disallowed_methods, reason = "this module compares the times of files")]
fn settled(modified: Option<SystemTime>) -> Option<SystemTime> {
    modified.filter(|time| SystemTime::now().duration_since(*time).is_ok_and(|age| age > TICK))
}

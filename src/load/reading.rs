//! A site's files as last read: reading again costs only what changed.
//!
//! A file is read again if its size or modification time differs, or if it changed so shortly before it was read
//! that another change could bear the same time. Paths that are known to have changed can be looked at alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Context;

use super::alert_sources::alert_sources;
use super::{Place, git};
use crate::config::{self, Config, config};
use crate::files::{Bytes, FilePath, Files};
use crate::sources::Sources;

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
    let mut found = Found { place, before, files: Files::default(), stamps: HashMap::new() };
    let mut layout = layout(&mut found)?;
    let content = place.folder.join(&layout.content);
    anyhow::ensure!(
        content.is_dir() || !layout.readable,
        "no content folder `{}`",
        content.display()
    );
    for folder in [Some(&layout.content), layout.theme.as_ref()].into_iter().flatten() {
        found.folder(&layout, &place.folder.join(folder))?;
    }
    for file in &layout.files {
        found.file(&place.folder.join(file))?;
    }
    let output = place.folder.join(&layout.output);
    let patterns = layout.alert_sources.iter().map(String::as_str);
    layout.elsewhere = codeowners(place)
        .into_iter()
        .chain(alert_sources(&place.folder, &output, patterns))
        .map(|(path, whole)| (whole, path))
        .collect();
    for (whole, path) in &layout.elsewhere {
        found.take(path.clone(), whole)?;
    }
    let known = before.filter(|before| before.layout.content == layout.content);
    let git = git::state(&place.folder, known.and_then(|before| before.git.as_ref()));
    let history = match known {
        Some(before) if before.git == git => Arc::clone(&before.sources.history),
        _ => Arc::new(git::history(&place.folder, &layout.content)),
    };
    let sources = Sources { files: found.files, history };
    Ok(Reading { sources, layout, stamps: found.stamps, git })
}

impl Reading {
    /// The same with the files at these paths of the disk looked at again, whatever their times say.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn look_at(&self, place: &Place, paths: &BTreeSet<PathBuf>) -> anyhow::Result<Reading> {
        let site_toml = place.folder.join(config::path().as_str());
        if paths.contains(&site_toml) {
            return read(place, Some(self));
        }
        let mut found = Found {
            place,
            before: None,
            files: self.sources.files.clone(),
            stamps: self.stamps.clone(),
        };
        for path in paths {
            if let Some(shown) = self.layout.elsewhere.get(path).filter(|_| path.is_file()) {
                found.take(shown.clone(), path)?;
            }
            if !self.layout.reads(place, path) {
                continue;
            }
            if path.is_dir() {
                found.folder(&self.layout, path)?;
            } else if path.is_file() {
                found.file(path)?;
            } else {
                found.forget(path);
            }
        }
        let sources = Sources { files: found.files, history: Arc::clone(&self.sources.history) };
        Ok(Reading {
            sources,
            stamps: found.stamps,
            layout: self.layout.clone(),
            git: self.git.clone(),
        })
    }

    /// Whether `later` holds the same.
    pub fn equals(&self, later: &Reading) -> bool {
        self.sources.files == later.sources.files
            && Arc::ptr_eq(&self.sources.history, &later.sources.history)
    }

    /// Whether `later` may have been read while an editor was saving: a file is gone or empty, or there is a new one
    /// without an extension, as editors try out whether they may write.
    pub fn may_be_saving(&self, later: &Reading) -> bool {
        let (files, later) = (&self.sources.files, &later.sources.files);
        let is_trial = |path: &FilePath| !path.name().contains('.') && files.get(path).is_none();
        files.iter().any(|(path, bytes)| match later.get(path) {
            Some(later) => later.is_empty() && !bytes.is_empty(),
            None => true,
        }) || later.iter().any(|(path, _)| is_trial(path))
    }

    /// Git's own folder, where its `HEAD` lies.
    pub fn git_folder(&self) -> Option<&Path> {
        self.git.as_ref().map(git::State::folder)
    }
}

impl Layout {
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

/// Hidden files, and those that editors put beside a file while they have it open.
fn is_passed_over(name: &str) -> bool {
    name.starts_with('.')
        || name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#'))
        || name.contains("___jb_")
}

fn site_path(place: &Place, path: &Path) -> Option<FilePath> {
    let relative = path.strip_prefix(&place.folder).ok()?.to_str()?;
    FilePath::new(&relative.replace('\\', "/"))
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
            elsewhere: BTreeMap::new(),
            alert_sources: Vec::new(),
            readable: true,
        });
    }
    found.file(&found.place.folder.join(site_toml.as_str()))?;
    let text = found.files.text(&site_toml).unwrap_or_default();
    let read = config(&site_toml, text).ok().map(|(config, _)| config);
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
    let folder = place.folder.canonicalize().ok()?;
    let is_root = |folder: &&Path| folder.join(".git").try_exists().unwrap_or(false);
    let root = folder.ancestors().find(is_root)?;
    let names = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];
    let whole = names.iter().map(|name| root.join(name)).find(|whole| whole.is_file())?;
    Some((FilePath::new(names[0])?, whole))
}

/// Files as they are found.
struct Found<'a> {
    place: &'a Place,
    before: Option<&'a Reading>,
    files: Files,
    stamps: HashMap<FilePath, Stamp>,
}

impl Found<'_> {
    /// Takes in every file below a folder of the disk.
    fn folder(&mut self, layout: &Layout, folder: &Path) -> anyhow::Result<()> {
        let output = self.place.folder.join(&layout.output);
        let visible = |entry: &walkdir::DirEntry| {
            entry.depth() == 0
                || !entry.file_name().to_str().is_none_or(is_passed_over) && entry.path() != output
        };
        let walk = walkdir::WalkDir::new(folder).follow_links(true);
        for entry in walk.into_iter().filter_entry(visible) {
            // What cannot be entered, or disappeared meanwhile, is not there.
            let Ok(entry) = entry else { continue };
            if entry.file_type().is_file() {
                self.file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Takes in a file of the site folder, if it is there.
    fn file(&mut self, whole: &Path) -> anyhow::Result<()> {
        site_path(self.place, whole).map_or(Ok(()), |path| self.take(path, whole))
    }

    /// Takes in a file of the disk, if it is there, as the one at `path`.
    #[expect(clippy::disallowed_methods, reason = "this module reads the site's files")]
    fn take(&mut self, path: FilePath, whole: &Path) -> anyhow::Result<()> {
        let Ok(facts) = std::fs::metadata(whole) else { return Ok(()) };
        if !facts.is_file() {
            return Ok(());
        }
        let stamp = Stamp { length: facts.len(), modified: settled(facts.modified().ok()) };
        let known = self.before.and_then(|before| {
            let same = stamp.modified.is_some() && before.stamps.get(&path) == Some(&stamp);
            before.sources.files.get(&path).filter(|_| same)
        });
        let bytes: Bytes = match known {
            Some(bytes) => Arc::clone(bytes),
            None => match std::fs::read(whole) {
                Ok(bytes) => bytes.into(),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
                Err(error) => return Err(error).with_context(|| format!("cannot read `{path}`")),
            },
        };
        // The same bytes stay the same value, so that comparing them is free.
        let held = self.before.map_or(&self.files, |before| &before.sources.files).get(&path);
        let bytes = held.filter(|held| **held == bytes).map_or(bytes, Arc::clone);
        self.files.insert(path.clone(), bytes);
        self.stamps.insert(path, stamp);
        Ok(())
    }

    /// Takes out a file, or everything below a folder, that is no longer there.
    fn forget(&mut self, whole: &Path) {
        let Some(gone) = site_path(self.place, whole) else { return };
        let paths: Vec<FilePath> = self
            .files
            .iter()
            .map(|(path, _)| path)
            .filter(|path| **path == gone || path.under(gone.as_str()).is_some())
            .cloned()
            .collect();
        for path in paths {
            self.files.remove(&path);
            self.stamps.remove(&path);
        }
    }
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
    use std::path::{Path, PathBuf};

    use super::{Reading, read};
    use crate::load::Place;

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
    fn check(before: &Reading, place: &Place, paths: &[&str]) -> Reading {
        let paths = paths.iter().map(|path| place.folder.join(path)).collect();
        let looked = before.look_at(place, &paths).unwrap();
        let again = read(place, Some(before)).unwrap();
        let first = read(place, None).unwrap();
        let shown = |reading: &Reading| -> Vec<(String, Vec<u8>)> {
            let files = reading.sources.files.iter();
            files.map(|(path, bytes)| (path.to_string(), bytes.to_vec())).collect()
        };
        assert_eq!(shown(&looked), shown(&first));
        assert_eq!(shown(&again), shown(&first));
        looked
    }

    #[test]
    fn edits_of_the_same_length_new_files_renames_and_deletions_are_found() {
        let (folder, place) = site();
        let start = read(&place, None).unwrap();
        write(folder.path(), "content/a.md", "A");
        let edited = check(&start, &place, &["content/a.md"]);
        assert!(!start.equals(&edited) && !start.may_be_saving(&edited));
        write(folder.path(), "content/new/c.md", "c");
        let grown = check(&edited, &place, &["content/new"]);
        fs::rename(folder.path().join("content/folder"), folder.path().join("content/moved"))
            .unwrap();
        let moved = check(&grown, &place, &["content/folder", "content/moved"]);
        assert!(grown.may_be_saving(&moved), "a file that is gone may come back");
        fs::remove_file(folder.path().join("content/a.md")).unwrap();
        check(&moved, &place, &["content/a.md"]);
        write(folder.path(), "site.toml", "content = \"content/new\"");
        check(&moved, &place, &["site.toml"]);
    }

    #[test]
    fn what_editors_leave_beside_a_file_is_passed_over() {
        let (folder, place) = site();
        let start = read(&place, None).unwrap();
        let names =
            ["content/a.md~", "content/.a.md.swp", "content/#a.md#", "content/a.md___jb_tmp___"];
        for name in names {
            write(folder.path(), name, "x");
        }
        assert!(start.equals(&check(&start, &place, &names)));
        write(folder.path(), "content/4913", "");
        assert!(start.may_be_saving(&check(&start, &place, &["content/4913"])));
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
        assert_eq!(again.git_folder().map(PathBuf::from), None);
    }
}

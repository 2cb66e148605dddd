//! A site's files as last read: reading again costs only what changed.
//!
//! Paths that are known to have changed can be looked at alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use super::found::{Before, FoundFiles, Stamp};
use super::git;
use super::layout::{Layout, site_path};
use super::root::SiteRoot;
use crate::config::read::{config, place_of};
use crate::config::{self, Config};
use crate::dialect::settings_around;
use crate::files::{Bytes, FilePath};
use crate::history::History;
use crate::memo::both;
use crate::sources::{PassedOver, Sources};
use crate::text::encoding::decoded;

/// What was read, and what is needed to read it again.
#[derive(Clone)]
pub struct Reading {
    /// The files and their history.
    pub sources: Sources,
    /// Where they lie.
    pub layout: Layout,
    stamps: HashMap<FilePath, Stamp>,
    git: Option<git::RepositoryState>,
    /// Whether a link to a folder was followed.
    links_folders: bool,
}

/// Reads a site; what is unchanged since `before` is taken over.
///
/// # Errors
/// The content folder is missing, or a file cannot be read.
pub fn read(root: &SiteRoot, before: Option<&Reading>) -> anyhow::Result<Reading> {
    let held = before.map(|before| &before.sources.files);
    let mut found = FoundFiles::nothing(root, before.map(Reading::files), held);
    let mut layout = layout(&mut found, before.map(|before| &before.layout))?;
    let content_path = layout.content.clone();
    let content = root.folder.join(&content_path);
    anyhow::ensure!(
        content.is_dir() || !layout.readable,
        "no content folder `{}`{}",
        content.display(),
        named_at(&found)
    );
    let known = before.filter(|before| before.layout.content == layout.content);
    let ((), (git, history)) =
        both(|| found.everything(&mut layout), || history(root, &content_path, known));
    let sources = Sources { files: found.files, passed_over: found.passed_over, history };
    let links_folders = found.links_folders;
    Ok(Reading { sources, layout, stamps: found.stamps, git, links_folders })
}

/// Where site.toml names the content folder, in the words of an error; nothing where it does not.
fn named_at(found: &FoundFiles<'_>) -> String {
    let site_toml = config::path();
    let bytes = found.files.get(&site_toml).map_or(&[][..], |bytes| bytes.as_slice());
    let text = decoded(bytes);
    let Some(range) = place_of(&text, "content") else { return String::new() };
    let before = &text[..range.start];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!(
        ", which {site_toml}:{line}:{column} names; the path counts from the folder that holds site.toml"
    )
}

/// The state of the repository around a site, and its history: the one known before while the state is the same.
fn history(
    root: &SiteRoot,
    content: &str,
    known: Option<&Reading>,
) -> (Option<git::RepositoryState>, Arc<History>) {
    let git = git::state(&root.folder, known.and_then(|known| known.git.as_ref()));
    let history = match known {
        Some(known) if known.git == git => Arc::clone(&known.sources.history),
        _ => Arc::new(git::history(&root.folder, content)),
    };
    (git, history)
}

/// Reads site.toml and takes from it where everything lies; what is wrong with it is the build's to say.
fn layout(found: &mut FoundFiles<'_>, before: Option<&Layout>) -> anyhow::Result<Layout> {
    let site_toml = config::path();
    if let Some(content) = &found.root.content {
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
    found.file(&found.root.folder.join(site_toml.as_str()));
    if let Some(PassedOver::Unreadable(reason)) = found.passed_over.get(&site_toml) {
        anyhow::bail!("cannot read `{site_toml}`: {reason}");
    }
    let bytes = found.files.get(&site_toml).map_or(&[][..], |bytes| bytes.as_slice());
    // As the build reads it.
    let read = config(&site_toml, &decoded(bytes)).ok().map(|(config, _)| config);
    let readable = read.is_some();
    if let (None, Some(before)) = (&read, before) {
        return Ok(Layout { readable, ..before.clone() });
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
    /// The content folder is not there any more.
    lacks_content: bool,
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
            || self.lacks_content
            || self.gone.contains(&site_toml)
            || self.fresh.iter().any(|(path, ..)| *path == site_toml)
    }

    /// Whether the file at a path of the site is new or changed.
    pub fn holds(&self, path: &FilePath) -> bool {
        self.fresh.iter().any(|(fresh, ..)| fresh == path)
    }
}

impl Reading {
    fn files(&self) -> Before<'_> {
        Before { files: &self.sources.files, stamps: &self.stamps }
    }

    /// What is different at these paths of the disk, whatever their times say; costs nothing for all other files.
    pub fn look_at(&self, root: &SiteRoot, paths: &BTreeSet<PathBuf>) -> Difference {
        let mut found = FoundFiles::nothing(root, None, Some(&self.sources.files));
        let mut passed_over = self.sources.passed_over.clone();
        let mut difference = Difference::default();
        for path in paths {
            if let Some(shown) = self.layout.elsewhere.get(path).filter(|_| path.is_file()) {
                found.take(shown, path);
            }
            if !self.layout.reads(root, path) {
                continue;
            }
            passed_over.retain(|link, _| !root.folder.join(link.as_str()).starts_with(path));
            if path.is_dir() {
                found.before = Some(self.files());
                found.folder(&self.layout, path);
                found.before = None;
                difference.links_folders |= self.links_folders;
            } else if path.is_file() {
                found.file(path);
            } else if let Some(gone) = site_path(root, path) {
                difference.gone.extend(self.below(&gone));
            }
        }
        difference.gone.extend(found.passed_over.keys().flat_map(|link| self.below(link)));
        passed_over.append(&mut found.passed_over);
        difference.passed_over = (passed_over != self.sources.passed_over).then_some(passed_over);
        difference.links_folders |= found.links_folders;
        difference.lacks_content = !root.folder.join(&self.layout.content).is_dir();
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
    pub fn git(&self) -> Option<&git::RepositoryState> {
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

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests prepare folders")]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Reading, read};
    use crate::files::FilePath;
    use crate::load::root::SiteRoot;

    fn site() -> (tempfile::TempDir, SiteRoot) {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "site.toml", "title = \"A\"");
        write(folder.path(), "content/a.md", "a");
        write(folder.path(), "content/folder/b.md", "b");
        let root = SiteRoot::of_site(folder.path()).unwrap();
        (folder, root)
    }

    fn write(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Looking at `paths`, and reading everything again, both find what a first reading finds.
    ///
    /// Returns that, and whether it may have been found in the middle of a save.
    fn check(before: &Reading, root: &SiteRoot, paths: &[&str]) -> (Reading, bool) {
        let paths = paths.iter().map(|path| root.folder.join(path)).collect();
        let difference = before.look_at(root, &paths);
        let saving = difference.may_be_saving();
        let mut looked = before.clone();
        assert_eq!(difference.is_empty(), before.equals(&read(root, Some(before)).unwrap()));
        looked.take(difference);
        let again = read(root, Some(before)).unwrap();
        let first = read(root, None).unwrap();
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
        let (folder, root) = site();
        let start = read(&root, None).unwrap();
        write(folder.path(), "content/a.md", "A");
        let (edited, saving) = check(&start, &root, &["content/a.md"]);
        assert!(!saving);
        write(folder.path(), "content/new/c.md", "c");
        let (grown, saving) = check(&edited, &root, &["content/new"]);
        assert!(!saving);
        fs::rename(folder.path().join("content/folder"), folder.path().join("content/moved"))
            .unwrap();
        let (moved, saving) = check(&grown, &root, &["content/folder", "content/moved"]);
        assert!(saving, "a file that is gone may come back");
        fs::remove_file(folder.path().join("content/a.md")).unwrap();
        let (gone, _) = check(&moved, &root, &["content/a.md"]);
        let (_, saving) = check(&gone, &root, &["content/a.md"]);
        assert!(!saving, "it was gone before");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_is_noticed_and_so_is_a_file_in_its_place() {
        let (folder, root) = site();
        let elsewhere = tempfile::tempdir().unwrap();
        write(elsewhere.path(), "b.md", "b");
        let link = |target: &Path, name: &str| {
            std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
        };
        let start = read(&root, None).unwrap();
        fs::remove_file(folder.path().join("content/a.md")).unwrap();
        link(&elsewhere.path().join("b.md"), "content/a.md");
        fs::remove_dir_all(folder.path().join("content/folder")).unwrap();
        link(elsewhere.path(), "content/folder");
        let (linked, _) = check(&start, &root, &["content/a.md", "content/folder"]);
        assert_eq!(linked.sources.passed_over.len(), 2);
        assert_eq!(linked.sources.files.len(), 1);
        fs::remove_file(folder.path().join("content/a.md")).unwrap();
        write(folder.path(), "content/a.md", "a");
        fs::remove_file(folder.path().join("content/folder")).unwrap();
        let (whole, _) = check(&linked, &root, &["content/a.md", "content/folder"]);
        assert_eq!(whole.sources.passed_over.len(), 0);
        assert_eq!(whole.sources.files.len(), 2);
    }

    #[test]
    fn a_changed_site_toml_makes_everything_be_read_again() {
        let (folder, root) = site();
        let start = read(&root, None).unwrap();
        let paths = [root.folder.join("site.toml")].into();
        write(folder.path(), "site.toml", "content = \"content/folder\"");
        assert!(start.look_at(&root, &paths).moves_everything());
        let again = read(&root, Some(&start)).unwrap();
        assert_eq!(again.sources.files.len(), 2);
        assert!(!again.look_at(&root, &paths).moves_everything());
    }

    #[test]
    fn what_editors_leave_beside_a_file_is_passed_over_and_what_they_try_out_is_waited_for() {
        let (folder, root) = site();
        let start = read(&root, None).unwrap();
        let names =
            ["content/a.md~", "content/.a.md.swp", "content/#a.md#", "content/a.md___jb_tmp___"];
        for name in names {
            write(folder.path(), name, "x");
        }
        let (same, saving) = check(&start, &root, &names);
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
            assert_eq!(check(&start, &root, &[name]).1, trial, "{name}");
            let old = start.sources.files.get(&FilePath::new(name).unwrap());
            match old {
                Some(bytes) => fs::write(folder.path().join(name), bytes.as_slice()).unwrap(),
                None => fs::remove_file(folder.path().join(name)).unwrap(),
            }
        }
    }

    #[test]
    fn a_site_toml_that_cannot_be_read_leaves_the_folders_where_they_were() {
        let (folder, root) = site();
        write(folder.path(), "docs/d.md", "d");
        write(folder.path(), "site.toml", "content = \"docs\"");
        let start = read(&root, None).unwrap();
        write(folder.path(), "site.toml", "content = [");
        let broken = read(&root, Some(&start)).unwrap();
        assert_eq!(broken.layout.content, "docs");
        assert_eq!(broken.sources.files.len(), start.sources.files.len());
    }

    #[test]
    fn an_unchanged_site_is_the_same_value_again() {
        let (_folder, root) = site();
        let start = read(&root, None).unwrap();
        let again = read(&root, Some(&start)).unwrap();
        assert!(start.equals(&again));
        assert!(again.git().is_none());
    }
}

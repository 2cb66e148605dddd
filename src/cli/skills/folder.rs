//! Skills become files in the folders where agents look, beside those of others.
//!
//! A list in each folder says what was written there and for which site, so that only that is changed or deleted, and
//! only as long as nobody else has changed it. Nothing is written if something of somebody else's stands in the way.
#![expect(clippy::disallowed_methods, reason = "the command line writes into a repository")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::files::{Files, sha256};

/// The list of what was written.
const LIST: &str = ".guidepost-skills.json";

/// Each site that writes into a folder, with its files and their SHA-256.
type OwnedFiles = BTreeMap<String, BTreeMap<String, String>>;

/// What was done.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct WrittenSkills {
    /// Files that are new or differ from those of the last time.
    pub(super) new: usize,
    /// Files that are no more.
    pub(super) deleted: usize,
    /// Files that are no more and were left, since somebody changed them.
    pub(super) kept: Vec<PathBuf>,
}

/// Writes the files of a site into each folder below `root`.
pub(super) fn write(
    root: &Path,
    folders: &[PathBuf],
    site: &str,
    files: &Files,
) -> anyhow::Result<WrittenSkills> {
    let mut written = WrittenSkills::default();
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut plans: Vec<(&PathBuf, OwnedFiles)> = Vec::new();
    for folder in folders {
        // One of them is often a link to the other.
        if let Ok(whole) = fs::canonicalize(folder) {
            if seen.contains(&whole) {
                continue;
            }
            seen.push(whole);
        }
        let lists = lists(folder)?;
        refuse_what_is_in_the_way(root, folder, lists.get(site), files)?;
        plans.push((folder, lists));
    }
    for (folder, mut lists) in plans {
        write_files(folder, site, &mut lists, files, &mut written)?;
    }
    Ok(written)
}

fn lists(folder: &Path) -> anyhow::Result<OwnedFiles> {
    let path = folder.join(LIST);
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .with_context(|| format!("{} is not what Guidepost writes; delete it", path.display())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(OwnedFiles::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Fails if a file would take the place of one that was not written here, or was changed since.
fn refuse_what_is_in_the_way(
    root: &Path,
    folder: &Path,
    list: Option<&BTreeMap<String, String>>,
    files: &Files,
) -> anyhow::Result<()> {
    for (path, bytes) in files.iter() {
        let target = folder.join(path.as_str());
        for above in target.ancestors().skip(1).take_while(|above| above.starts_with(folder)) {
            if above != folder && fs::symlink_metadata(above).is_ok_and(|facts| !facts.is_dir()) {
                bail!("{} stands in the way; move it away", above.display());
            }
        }
        let held = match fs::symlink_metadata(&target) {
            Ok(facts) if facts.is_file() => {
                fs::read(&target).with_context(|| format!("cannot read {}", target.display()))?
            }
            Ok(_) => bail!("{} stands in the way; move it away", target.display()),
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", target.display()));
            }
        };
        let known = list.and_then(|list| list.get(path.as_str()));
        if held == **bytes || known.is_some_and(|digest| *digest == sha256(&held)) {
            continue;
        }
        let shown = target.strip_prefix(root).unwrap_or(&target).display();
        if known.is_some() {
            bail!("{shown} was changed since it was written; delete it to have it written again");
        }
        bail!(
            "{shown} is not of this site; move it away, or give this site's skills names of their own by `[skills] prefix`"
        );
    }
    Ok(())
}

fn write_files(
    folder: &Path,
    site: &str,
    lists: &mut OwnedFiles,
    files: &Files,
    written: &mut WrittenSkills,
) -> anyhow::Result<()> {
    let old = lists.remove(site).unwrap_or_default();
    let new: BTreeMap<String, String> =
        files.iter().map(|(path, bytes)| (path.as_str().to_owned(), sha256(bytes))).collect();
    // Whatever interrupts this, everything that was written is on the list.
    let both = new.iter().chain(old.iter().filter(|(path, _)| !new.contains_key(*path)));
    let both = both.map(|(path, digest)| (path.clone(), digest.clone())).collect();
    write_list(folder, &lists.clone().into_iter().chain([(site.to_owned(), both)]).collect())?;
    for (path, bytes) in files.iter() {
        let target = folder.join(path.as_str());
        if !fs::read(&target).is_ok_and(|held| held == **bytes) {
            write_whole(&target, bytes)?;
            written.new += 1;
        }
    }
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    for (path, digest) in old.iter().filter(|(path, _)| !new.contains_key(*path)) {
        let target = folder.join(path);
        let Ok(held) = fs::read(&target) else { continue };
        if sha256(&held) != *digest {
            written.kept.push(target);
            continue;
        }
        fs::remove_file(&target).with_context(|| format!("cannot delete {}", target.display()))?;
        written.deleted += 1;
        let above = target.ancestors().skip(1).take_while(|above| *above != folder);
        folders.extend(above.map(Path::to_path_buf));
    }
    // The deepest first. A folder that holds anything else stays.
    for emptied in folders.iter().rev() {
        let _ = fs::remove_dir(emptied);
    }
    if !new.is_empty() {
        lists.insert(site.to_owned(), new);
    }
    write_list(folder, lists)
}

fn write_list(folder: &Path, lists: &OwnedFiles) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(lists).expect("texts are JSON") + "\n";
    let path = folder.join(LIST);
    if fs::read(&path).is_ok_and(|held| held == text.as_bytes()) {
        return Ok(());
    }
    write_whole(&path, text.as_bytes())
}

/// Writes a file whole, by renaming.
fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let said = || format!("cannot write {}", path.display());
    let folder = path.parent().with_context(said)?;
    fs::create_dir_all(folder).with_context(said)?;
    let name = path.file_name().with_context(said)?.to_string_lossy();
    let draft = folder.join(format!(".{name}.guidepost-new"));
    fs::write(&draft, bytes).with_context(said)?;
    fs::rename(&draft, path).with_context(said)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{LIST, WrittenSkills, write};
    use crate::files::{FilePath, Files};

    fn files(list: &[(&str, &str)]) -> Files {
        let file = |(path, text): &(&str, &str)| {
            (FilePath::new(path).expect("a path"), text.as_bytes().to_vec().into())
        };
        list.iter().map(file).collect()
    }

    fn run(root: &Path, site: &str, list: &[(&str, &str)]) -> anyhow::Result<WrittenSkills> {
        write(root, &[root.join("a"), root.join("b")], site, &files(list))
    }

    #[test]
    fn what_is_no_more_goes_and_what_is_of_others_stays() {
        let root = tempfile::tempdir().expect("a folder");
        let root = root.path();
        fs::create_dir_all(root.join("a/theirs")).expect("a folder");
        fs::write(root.join("a/theirs/SKILL.md"), "theirs").expect("a file");
        let first = [("one/SKILL.md", "1"), ("one/references/x.md", "x"), ("two/SKILL.md", "2")];
        assert_eq!(run(root, "s", &first).expect("it is free").new, 6);
        fs::write(root.join("a/one/note.txt"), "mine").expect("a file");
        let done = run(root, "s", &[("two/SKILL.md", "2 new")]).expect("it is ours");
        assert_eq!((done.new, done.deleted), (2, 4));
        assert!(root.join("a/theirs/SKILL.md").exists() && root.join("a/one/note.txt").exists());
        assert!(!root.join("b/one").exists() && !root.join("a/one/references").exists());
        assert_eq!(
            run(root, "s", &[("two/SKILL.md", "2 new")]).expect("ours"),
            WrittenSkills::default()
        );
    }

    #[test]
    fn nothing_is_written_where_somebody_elses_file_or_edit_stands_in_the_way() {
        let root = tempfile::tempdir().expect("a folder");
        let root = root.path();
        fs::create_dir_all(root.join("b/one")).expect("a folder");
        fs::write(root.join("b/one/SKILL.md"), "theirs").expect("a file");
        let refused = run(root, "s", &[("one/SKILL.md", "1")]).expect_err("it is not ours");
        assert!(refused.to_string().contains("b/one/SKILL.md is not of this site"), "{refused}");
        assert!(!root.join("a").exists());
        fs::remove_file(root.join("b/one/SKILL.md")).expect("it is there");
        run(root, "s", &[("one/SKILL.md", "1")]).expect("it is free");
        fs::write(root.join("a/one/SKILL.md"), "edited").expect("a file");
        let refused = run(root, "s", &[("one/SKILL.md", "2")]).expect_err("it was edited");
        assert!(refused.to_string().contains("was changed since"), "{refused}");
        let done = run(root, "s", &[]).expect("nothing is in the way of nothing");
        assert_eq!((done.deleted, done.kept), (1, vec![root.join("a/one/SKILL.md")]));
    }

    #[test]
    fn sites_write_side_by_side() {
        let root = tempfile::tempdir().expect("a folder");
        let root = root.path();
        run(root, "s", &[("one/SKILL.md", "1")]).expect("it is free");
        run(root, "t", &[("two/SKILL.md", "2")]).expect("it is free");
        run(root, "t", &[("three/SKILL.md", "3")]).expect("it is free");
        assert!(root.join("a/one/SKILL.md").exists() && !root.join("a/two").exists());
        assert!(run(root, "t", &[("one/SKILL.md", "9")]).is_err());
        fs::write(root.join("a").join(LIST), "[]").expect("a file");
        assert!(run(root, "t", &[]).is_err());
    }
}

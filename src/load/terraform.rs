//! The files that a Terraform file needs beside itself: a module is a folder, and calls other folders.
//!
//! Whoever lists one file as an alert source means the alerts of that file; what names and values they have shows only
//! in the others. Reads nothing outside of the repository that holds the listed file.

use std::collections::{BTreeSet, VecDeque};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use super::root::repository;

/// How many folders are looked at for one site.
const MAX_FOLDERS: usize = 400;

/// How many files are taken.
const MAX_FILES: usize = 4_000;

/// The largest file that is looked into for calls, in bytes.
const MAX_LENGTH: u64 = 4 << 20;

/// The `.tf` and `.tfvars` files of the modules that hold or are called by `listed` files, without these themselves;
/// `folder` is the site's. Links are followed where `holds` allows it.
pub(crate) fn context(
    folder: &Path,
    listed: &[PathBuf],
    holds: &dyn Fn(&Path) -> bool,
) -> Vec<PathBuf> {
    let mut open: VecDeque<PathBuf> = VecDeque::new();
    let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
    let modules: BTreeSet<&Path> = listed
        .iter()
        .filter(|file| has_extension(file, &["tf", "hcl"]))
        .filter_map(|file| file.parent())
        .collect();
    let mut found: BTreeSet<PathBuf> = BTreeSet::new();
    for module in modules {
        let Some(within) = boundary(folder, module) else { continue };
        open.push_back(lexical(module));
        while let Some(next) = open.pop_front() {
            if seen.len() >= MAX_FOLDERS || found.len() >= MAX_FILES || !seen.insert(next.clone()) {
                continue;
            }
            let files = files_of(&next, holds);
            let calls = files.iter().filter(|file| has_extension(file, &["tf"])).flat_map(calls);
            let inside = |path: &PathBuf| {
                path.canonicalize().is_ok_and(|whole| whole.is_dir() && whole.starts_with(&within))
            };
            open.extend(calls.map(|call| lexical(&next.join(call))).filter(inside));
            found.extend(files);
        }
    }
    for file in listed {
        found.remove(&lexical(file));
        found.remove(file);
    }
    found.into_iter().collect()
}

/// The folder that calls must not lead out of: the repository; else what holds both the site and the module.
fn boundary(site: &Path, module: &Path) -> Option<PathBuf> {
    repository(module).or_else(|| {
        let (site, module) = (site.canonicalize().ok()?, module.canonicalize().ok()?);
        let common = site.ancestors().find(|folder| module.starts_with(folder))?;
        let is_root = common.parent().is_none();
        Some(if is_root { module } else { common.to_owned() })
    })
}

/// The files of a module's folder, and of the folders below it that hold nothing but values.
#[expect(clippy::disallowed_methods, reason = "this module reads what alert rules need")]
fn files_of(folder: &Path, holds: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.retain(|path| {
            let name = path.file_name().and_then(OsStr::to_str);
            name.is_some_and(|name| !name.starts_with('.')) && (!path.is_symlink() || holds(path))
        });
        paths.sort();
        paths
    };
    let (mut files, mut below) = (Vec::new(), Vec::new());
    for path in list(folder) {
        if path.is_dir() {
            below.push(path);
        } else if has_extension(&path, &["tf", "tfvars"]) {
            files.push(path);
        }
    }
    for folder in below.into_iter().take(MAX_FOLDERS) {
        let inside = list(&folder);
        if !inside.iter().any(|path| has_extension(path, &["tf"])) {
            files.extend(inside.into_iter().filter(|path| has_extension(path, &["tfvars"])));
        }
    }
    files
}

/// The folders that the modules called in a file have as their `source`, relative to the file's own.
#[expect(clippy::disallowed_methods, reason = "this module reads what alert rules need")]
fn calls(file: &PathBuf) -> Vec<String> {
    let is_small = file.metadata().is_ok_and(|facts| facts.is_file() && facts.len() <= MAX_LENGTH);
    let text = is_small.then(|| std::fs::read(file).ok()).flatten().unwrap_or_default();
    sources(&String::from_utf8_lossy(&text))
}

/// What stands in quotes behind `source =` and begins with a dot.
fn sources(text: &str) -> Vec<String> {
    let behind = text.match_indices("source").filter_map(|(start, word)| {
        let rest = text[start + word.len()..].trim_start_matches([' ', '\t']);
        let rest = rest.strip_prefix('=')?.trim_start_matches([' ', '\t']);
        let address = rest.strip_prefix('"')?.split(['"', '\n']).next()?;
        let is_local = address.starts_with("./") || address.starts_with("../");
        (is_local || matches!(address, "." | "..")).then(|| address.to_owned())
    });
    behind.collect()
}

fn has_extension(path: &Path, wanted: &[&str]) -> bool {
    let extension = path.extension().and_then(OsStr::to_str);
    extension.is_some_and(|own| wanted.iter().any(|wanted| own.eq_ignore_ascii_case(wanted)))
}

/// The path without `.` and without what `..` takes back, so that findings and calls name a file alike.
pub(crate) fn lexical(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(plain.components().next_back(), Some(Component::Normal(_))) =>
            {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests prepare folders")]
mod tests {
    use std::path::PathBuf;

    use super::{context, sources};

    #[test]
    fn local_sources_of_calls_are_found_in_any_layout() {
        let text = "module \"a\" {\n  source   = \"./a\"\n}\nmodule \"b\" { source=\"../b\" }\n\
                    # source = nothing\nmodule \"c\" { source = \"org/c/aws\" }\nsource = \"./x\n";
        assert_eq!(sources(text), ["./a", "../b", "./x"]);
    }

    /// What is taken in when `listed` is, of a folder that is a repository or none.
    fn check(is_repository: bool, listed: &[&str], expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("all");
        for (path, text) in [
            ("site/site.toml", ""),
            ("infra/prod/main.tf", "module \"q\" {\n source = \"../modules/queue\"\n}\n"),
            ("infra/prod/locals.tf", "module \"o\" { source = \"../../../outside\" }"),
            ("infra/prod/env/a.tfvars", ""),
            ("infra/prod/notes.md", ""),
            ("infra/prod/sub/other.tf", ""),
            ("infra/modules/queue/queue.tf", "module \"again\" { source = \"../../prod\" }"),
            ("infra/modules/unused/x.tf", ""),
            ("../outside/secret.tf", ""),
        ] {
            let whole = root.join(path);
            std::fs::create_dir_all(whole.parent().unwrap()).unwrap();
            std::fs::write(whole, text).unwrap();
        }
        if is_repository {
            std::fs::create_dir(root.join(".git")).unwrap();
        }
        let listed: Vec<PathBuf> = listed.iter().map(|path| root.join(path)).collect();
        let found = context(&root.join("site"), &listed, &|_| true);
        let shown: Vec<String> = found
            .iter()
            .map(|path| path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"))
            .collect();
        assert_eq!(shown, expected, "{listed:?}");
    }

    #[test]
    fn the_files_of_a_module_and_of_what_it_calls_are_taken_and_none_outside() {
        for is_repository in [true, false] {
            check(
                is_repository,
                &["infra/prod/main.tf"],
                &[
                    "infra/modules/queue/queue.tf",
                    "infra/prod/env/a.tfvars",
                    "infra/prod/locals.tf",
                ],
            );
            check(is_repository, &["infra/modules/unused/x.tf"], &[]);
            check(is_repository, &["site/site.toml"], &[]);
        }
    }
}

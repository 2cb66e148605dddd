//! Patterns of `[alerts] sources` become files of the disk, inside the site folder or beside it, and bring along what
//! Terraform needs to understand them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::terraform;
use crate::files::{FilePath, Files};
use crate::glob::Globs;

/// Every file that one of the patterns names, with the path that findings show it by, and the other files of the
/// Terraform modules among them.
///
/// Patterns count from `folder`. Files and folders whose name begins with `.` are passed over unless a pattern
/// spells them out, and so is `output`. Links that `holds` refuses are passed over and come second.
pub(crate) fn alert_sources<'a>(
    folder: &Path,
    output: &Path,
    patterns: impl IntoIterator<Item = &'a str>,
    holds: &dyn Fn(&Path) -> bool,
) -> (Vec<(FilePath, PathBuf)>, BTreeSet<FilePath>) {
    let mut outside = BTreeSet::new();
    let mut found: Vec<(FilePath, PathBuf)> = Vec::new();
    for pattern in patterns {
        let mut holds = |path: &Path| {
            let is_held = holds(path);
            outside.extend(shown(folder, path).filter(|_| !is_held));
            is_held
        };
        found.extend(matching(folder, output, pattern, &mut holds));
    }
    found.extend(context(folder, &found, holds));
    found.sort();
    found.dedup();
    (found, outside)
}

/// The other files of the Terraform modules that hold or are called by some files.
fn context(
    folder: &Path,
    found: &[(FilePath, PathBuf)],
    holds: &dyn Fn(&Path) -> bool,
) -> Vec<(FilePath, PathBuf)> {
    let listed: Vec<PathBuf> = found.iter().map(|(_, whole)| whole.clone()).collect();
    let others = terraform::context(folder, &listed, holds);
    let folder = terraform::lexical(folder);
    others.into_iter().filter_map(|whole| Some((shown(&folder, &whole)?, whole))).collect()
}

/// Reads the files that the patterns name, seen from `folder`, with what Terraform needs besides. The names are those of
/// the listed files alone.
///
/// # Errors
/// A pattern names no file, or a file cannot be read.
#[expect(clippy::disallowed_methods, reason = "this module reads alert rules")]
pub(crate) fn read(
    folder: &Path,
    patterns: &[String],
) -> anyhow::Result<(Files, BTreeSet<FilePath>)> {
    let mut found = Vec::new();
    for pattern in patterns {
        let matching = matching(folder, Path::new(""), pattern, &mut |_| true);
        anyhow::ensure!(!matching.is_empty(), "no file matches `{pattern}`");
        found.extend(matching);
    }
    let listed = found.iter().map(|(path, _)| path.clone()).collect();
    found.extend(context(folder, &found, &|_| true));
    let mut files = Files::default();
    for (path, whole) in found {
        let bytes = std::fs::read(&whole).with_context(|| format!("cannot read `{path}`"))?;
        files.insert(path, bytes);
    }
    Ok((files, listed))
}

/// The path that findings show a file by; one above the folder begins with `..`.
fn shown(folder: &Path, path: &Path) -> Option<FilePath> {
    for (up, above) in folder.ancestors().enumerate() {
        if let Ok(below) = path.strip_prefix(above) {
            let below = below.to_str()?.replace('\\', "/");
            return FilePath::beside(&format!("{}{below}", "../".repeat(up)));
        }
    }
    None
}

/// The files that a pattern names; `holds` is asked for each link, and for where the pattern begins.
fn matching(
    folder: &Path,
    output: &Path,
    pattern: &str,
    holds: &mut dyn FnMut(&Path) -> bool,
) -> Vec<(FilePath, PathBuf)> {
    let pattern = pattern.trim_start_matches('/');
    let Ok(globs) = Globs::new([pattern]) else { return Vec::new() };
    let fixed = fixed_part(pattern);
    let wild = pattern[fixed.len()..].split('/').filter(|part| !part.is_empty()).count();
    let depth = if wild == 0 || pattern.contains("**") { usize::MAX } else { wild };
    let start = folder.join(fixed);
    // Who writes `..` means what lies beside.
    if !pattern.starts_with("..") && !holds(&start) {
        return Vec::new();
    }
    let walk = walkdir::WalkDir::new(start).follow_links(true).max_depth(depth);
    let visible = |entry: &walkdir::DirEntry| {
        let hidden = entry.file_name().to_str().is_none_or(|name| name.starts_with('.'));
        entry.depth() == 0
            || !(hidden || entry.path() == output)
                && (!entry.path_is_symlink() || holds(entry.path()))
    };
    let files = walk.into_iter().filter_entry(visible).filter_map(Result::ok);
    files
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let path = shown(folder, entry.path())?;
            globs.matches(path.as_str()).then(|| (path, entry.into_path()))
        })
        .collect()
}

/// The folders of a pattern before the first one with a wildcard; all of it if there is none.
pub(crate) fn fixed_part(pattern: &str) -> &str {
    let Some(wild) = pattern.find(['*', '?', '[', '{']) else { return pattern };
    pattern[..wild].rfind('/').map_or("", |end| &pattern[..end])
}

#[cfg(test)]
mod tests {
    use super::alert_sources;

    #[expect(clippy::disallowed_methods, reason = "the test prepares a folder")]
    fn check(patterns: &[&str], expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        for path in [
            "site/rules/a.yaml",
            "site/rules/deep/b.yaml",
            "site/rules/.hidden/c.yaml",
            "site/public/rules/a.yaml",
            "infra/main.tf",
            "infra/values.tfvars",
            "infra/modules/queue.tf",
        ] {
            let whole = folder.path().join(path);
            std::fs::create_dir_all(whole.parent().unwrap()).unwrap();
            std::fs::write(whole, "").unwrap();
        }
        let site = folder.path().join("site");
        let patterns = patterns.iter().copied();
        let (found, _) = alert_sources(&site, &site.join("public"), patterns.clone(), &|_| true);
        let paths: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, expected, "{patterns:?}");
        assert!(found.iter().all(|(_, whole)| whole.is_file()));
    }

    #[test]
    fn patterns_name_files_inside_and_beside_the_site() {
        check(&["rules/*.yaml"], &["rules/a.yaml"]);
        check(&["**/*.yaml", "rules/a.yaml"], &["rules/a.yaml", "rules/deep/b.yaml"]);
        check(&["../infra/*.tf"], &["../infra/main.tf", "../infra/values.tfvars"]);
        let all = ["../infra/main.tf", "../infra/modules/queue.tf", "../infra/values.tfvars"];
        check(&["../infra"], &all);
        check(&["./rules/.hidden/*.yaml"], &["rules/.hidden/c.yaml"]);
        check(&["gone/*.yaml", "a[b"], &[]);
    }
}

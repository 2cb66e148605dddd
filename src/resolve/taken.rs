//! Which files of the published site are taken, and by what: no two may stand at one path, and none where another
//! needs a folder.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::{Diagnostic, Location, links as mistakes};
use crate::files::FilePath;

/// The published files that the author's own make, each with the file that it is made of.
#[derive(Default)]
pub(super) struct Taken<'a>(BTreeMap<String, &'a FilePath>);

impl<'a> Taken<'a> {
    /// Takes a path for a file.
    pub(super) fn take(&mut self, path: &FilePath, source: &'a FilePath) {
        self.0.entry(path.to_string()).or_insert(source);
    }

    /// The file that stands at a path.
    pub(super) fn at(&self, path: &FilePath) -> Option<&'a FilePath> {
        self.0.get(path.as_str()).copied()
    }

    /// The file that keeps another from standing at a path: it stands there itself, needs a folder there, or is a file
    /// where the path needs a folder.
    pub(super) fn in_the_way(&self, path: &FilePath) -> Option<&'a FilePath> {
        let same = self.at(path);
        let above = || {
            let ends = path.as_str().match_indices('/').map(|(end, _)| &path.as_str()[..end]);
            ends.into_iter().find_map(|folder| self.0.get(folder).copied())
        };
        same.or_else(above).or_else(|| self.below(path))
    }

    /// What is said of names that some systems refuse, and of those that differ in upper and lower case alone.
    pub(super) fn judge_names(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut lower: HashMap<String, &FilePath> = HashMap::with_capacity(self.0.len());
        for (path, source) in &self.0 {
            let at = Location::file(source);
            if let Some(why) = not_portable(path) {
                found.push(mistakes::name_not_portable(at, &why));
            } else if let Some(other) = lower.insert(path.to_lowercase(), source) {
                found.push(mistakes::differs_in_case(at, path, other));
            }
        }
        found
    }

    /// A file that needs a folder at a path.
    fn below(&self, path: &FilePath) -> Option<&'a FilePath> {
        let folder = format!("{path}/");
        let (next, source) = self.0.range(folder.clone()..).next()?;
        next.starts_with(&folder).then_some(*source)
    }
}

/// How long the name of a file may be, in bytes: the limit of ext4, APFS, NTFS and most others.
const LONGEST_NAME: usize = 255;
/// How long the path of a published file may be, in bytes: systems end at 4,096, and the folder that holds the site
/// takes its part.
const LONGEST_PATH: usize = 3_500;
/// How long the key of an object may be in S3 and in the stores that follow it, in bytes.
const LONGEST_KEY: usize = 1_024;

/// Why no system can write a file of this path, if none can.
pub(crate) fn too_long(path: &FilePath) -> Option<String> {
    let name = path.as_str().split('/').map(str::len).max().unwrap_or_default();
    if name > LONGEST_NAME {
        return Some(format!("a name of {name} bytes, and systems end at {LONGEST_NAME}"));
    }
    let whole = path.as_str().len();
    (whole > LONGEST_PATH).then(|| format!("a path of {whole} bytes, and systems end at 4,096"))
}

/// Where a file of this path cannot be kept, though most systems can write it.
fn not_portable(path: &str) -> Option<String> {
    const DEVICES: &[&str] = &["aux", "con", "nul", "prn"];
    let is_device = |stem: &str| {
        let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
        DEVICES.contains(&stem)
            || numbered.is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']))
    };
    for name in path.split('/') {
        let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
        if let Some(sign) =
            name.chars().find(|letter| letter.is_control() || "<>:\"|?*\\".contains(*letter))
        {
            let shown = sign.escape_debug();
            return Some(format!(
                "Windows and the uploads of GitHub refuse the `{shown}` in `{name}`"
            ));
        }
        if name.ends_with(['.', ' ']) || is_device(&stem) {
            return Some(format!("Windows refuses the name `{name}`"));
        }
    }
    let length = path.len();
    (length > LONGEST_KEY)
        .then(|| format!("S3 refuses its path of {length} bytes, more than {LONGEST_KEY}"))
}

#[cfg(test)]
mod tests {
    use super::{Taken, not_portable, too_long};
    use crate::files::FilePath;

    fn path(text: &str) -> FilePath {
        FilePath::new(text).expect("a path")
    }

    #[test]
    fn a_file_is_in_the_way_of_its_path_of_its_folder_and_of_what_is_below() {
        let (page, other) = (path("a.md"), path("a/b-c.md"));
        let mut taken = Taken::default();
        taken.take(&path("a/b/index.html"), &page);
        taken.take(&path("a/b-c"), &other);
        for (asked, expected) in [
            ("a/b/index.html", Some(&page)),
            ("a/b", Some(&page)),
            ("a", Some(&other)),
            ("a/b/index.html/x", Some(&page)),
            ("a/b-c/x", Some(&other)),
            ("a/b-", None),
            ("a/b/x", None),
            ("b", None),
        ] {
            assert_eq!(taken.in_the_way(&path(asked)), expected, "{asked}");
        }
    }

    #[test]
    fn limits_are_those_of_systems_and_stores() {
        assert_eq!(too_long(&path(&"a".repeat(255))), None);
        assert!(too_long(&path(&"a".repeat(256))).is_some());
        assert!(too_long(&path(&"ab/".repeat(1_300))).is_some());
        for refused in ["a:b.png", "a/con/index.html", "LPT1.txt", "x./index.html", "what?.png"] {
            assert!(not_portable(refused).is_some(), "{refused}");
        }
        assert!(not_portable(&"ab/".repeat(400)).is_some());
        for kept in ["console/index.html", "com10.txt", "a b (c).png", "größe.svg", ".nojekyll"] {
            assert_eq!(not_portable(kept), None, "{kept}");
        }
    }
}

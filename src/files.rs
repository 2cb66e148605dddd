//! Files in memory: what a build reads and what a build makes.
//!
//! [`Files`] stands at both ends of the pipeline. It never touches the disk: [`crate::load`] fills it and
//! [`crate::emit`] writes it out.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{Read, Write};
use std::ops::Bound;
use std::sync::Arc;

/// The content of a file, shared rather than copied: not even what was just read or made is copied to be shared.
pub type Bytes = Arc<Vec<u8>>;

/// The file by which a folder is known to hold a site that Guidepost wrote.
pub const MANIFEST: &str = ".guidepost.json";

/// The same bytes without much room for more. Copied, since allocators keep large blocks that only shrink as large as
/// they were.
pub fn compact(bytes: Vec<u8>) -> Vec<u8> {
    let is_tight = bytes.capacity() - bytes.len() <= bytes.len() / 16;
    if is_tight { bytes } else { bytes.as_slice().to_vec() }
}

/// Ten hexadecimal digits that change with the content: enough to name a file so that caches never serve an old one.
pub fn fingerprint(bytes: &[u8]) -> String {
    content_hash(bytes)[..10].to_owned()
}

/// The whole hash of a content, in hexadecimal digits.
pub fn content_hash(bytes: &[u8]) -> String {
    format!("{:032x}", twox_hash::XxHash3_128::oneshot(bytes))
}

/// The SHA-256 of a content (FIPS 180-4), in 64 hexadecimal digits: for those outside who compare it with their own.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    let digest: Vec<String> =
        sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    digest.concat()
}

/// The whole hash of what a reader holds, in hexadecimal digits, without holding it at once.
///
/// # Errors
/// The reader fails.
pub fn hash_of_reader(mut reader: impl Read) -> std::io::Result<String> {
    let mut hasher = Hasher::default();
    std::io::copy(&mut reader, &mut hasher)?;
    Ok(format!("{:032x}", hasher.finish()))
}

/// Takes a content in pieces and makes the hash of the whole, which tells versions of a file apart.
///
/// XXH3 with 128 bits (xxhash.com): as quick as reading, and not made to withstand anybody who looks for two contents
/// with one hash. Such a person could only have a page of their own taken for unchanged.
#[derive(Default)]
pub struct Hasher(twox_hash::xxhash3_128::Hasher);

impl Hasher {
    /// Takes the next piece.
    pub fn add(&mut self, piece: &[u8]) {
        self.0.write(piece);
    }

    /// The hash of all pieces.
    pub fn finish(&self) -> u128 {
        self.0.finish_128()
    }
}

impl Write for Hasher {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
        self.add(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A relative path without `.`, `..` or empty parts, empty where it leads to where it begins; `None` if it leads outside.
pub fn normalized(path: &str) -> Option<Cow<'_, str>> {
    let is_normal = |part: &[u8]| !matches!(part, b"" | b"." | b"..");
    if path.as_bytes().split(|byte| *byte == b'/').all(is_normal) {
        return Some(Cow::Borrowed(path));
    }
    let mut normal = String::with_capacity(path.len());
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if normal.is_empty() => return None,
            ".." => normal.truncate(normal.rfind('/').unwrap_or_default()),
            part => {
                if !normal.is_empty() {
                    normal.push('/');
                }
                normal.push_str(part);
            }
        }
    }
    Some(Cow::Owned(normal))
}

/// Where links lead that leave the content folder: what a page embeds from there is published below this folder.
pub const OUTSIDE: &str = "_outside";

/// A path as typed in a page of `folder`, below the content folder, which is empty itself.
///
/// What leaves the content folder and comes back is inside. What stays outside is named as it is published where a
/// page embeds it: by its path from the site folder, below [`OUTSIDE`]. `None` for what names no file there.
pub fn reached<'t>(content: &str, folder: &str, typed: &'t str) -> Option<Cow<'t, str>> {
    if typed.starts_with('/') || folder.is_empty() && !typed.contains("..") {
        return normalized(typed);
    }
    if let Some(inside) = normalized(&[folder, "/", typed].concat()) {
        return Some(Cow::Owned(inside.into_owned()));
    }
    let whole = FilePath::beside(&[content, "/", folder, "/", typed].concat())?;
    if let Some(inside) = whole.under(content).filter(|_| !content.is_empty()) {
        return Some(Cow::Owned(inside.to_string()));
    }
    Some(Cow::Owned([OUTSIDE, "/", &whole.as_str().replace("../", UP)].concat()))
}

/// The path of the disk, from the site folder, of what [`reached`] names.
pub fn source_of(content: &str, reached: &str) -> String {
    match reached.strip_prefix(OUTSIDE).and_then(|rest| rest.strip_prefix('/')) {
        Some(outside) => outside.replace(UP, "../"),
        None if content.is_empty() => reached.to_owned(),
        None => [content, "/", reached].concat(),
    }
}

/// The folder above the site folder, in addresses.
const UP: &str = "_up/";

/// The folders whose files other tools publish at the root of a site.
const SERVED: [&str; 2] = ["static", "public"];

/// What an address from the root may name besides a file below the content folder, in the order to try: a file in the
/// folders that other tools publish as they are, or one counted from a folder around the content, as GitHub counts from
/// the top of the repository and Docusaurus from `@site`. Named as [`reached`] names files; none for other addresses.
pub fn reached_from_root(content: &str, typed: &str) -> Vec<String> {
    let (typed, from_site) = match typed.strip_prefix("@site") {
        Some(rest) => (rest, true),
        None => (typed, false),
    };
    let path = typed.strip_prefix('/').and_then(normalized).filter(|path| !path.is_empty());
    let Some(path) = path.as_deref() else { return Vec::new() };
    let name = |parts: &[&str]| {
        let parts: Vec<&str> = parts.iter().filter(|part| !part.is_empty()).copied().collect();
        let whole = FilePath::new(&parts.join("/"))?;
        match whole.under(content) {
            _ if content.is_empty() => Some(whole.to_string()),
            Some(inside) => Some(inside.to_string()),
            None => Some([OUTSIDE, "/", whole.as_str()].concat()),
        }
    };
    let mut found = Vec::new();
    for folder in folders_around(content) {
        let served = SERVED.iter().filter(|_| !from_site);
        found.extend(served.filter_map(|served| name(&[folder, served, path])));
        found.extend(name(&[folder, path]).filter(|_| folder != content));
    }
    if from_site && content.is_empty() {
        found.extend(name(&[path]));
    }
    found
}

/// A folder and every folder around it, the site folder last.
pub fn folders_around(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        let parent = || folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        (!folder.is_empty()).then(parent)
    })
}

/// A path inside a site: relative, separated by `/`, without `.`, `..` or empty parts.
///
/// Only sources that a site reads from elsewhere ([`FilePath::beside`]) lead outside, and nothing is written there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePath(Arc<str>);

impl FilePath {
    /// Normalises a relative path; `None` if it leads outside or is empty.
    pub fn new(path: &str) -> Option<FilePath> {
        let normal = normalized(path)?;
        (!normal.is_empty()).then(|| FilePath(normal.into()))
    }

    /// Normalises a relative path that may lead outside: what leads up stays at its beginning, as in
    /// `../infrastructure/alarms.tf`. `None` if it is empty or names no file.
    ///
    /// For sources only, such as alert rules of another folder: such a path is hidden, below no folder of the
    /// site, and never published.
    pub fn beside(path: &str) -> Option<FilePath> {
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." if parts.last().is_some_and(|last| *last != "..") => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        let names_a_file = parts.last().is_some_and(|last| *last != "..");
        names_a_file.then(|| FilePath(parts.join("/").into()))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part, with its extension.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The folder that holds the file, without a trailing `/`; empty at the top.
    pub fn folder(&self) -> &str {
        self.0.rfind('/').map_or("", |end| &self.0[..end])
    }

    /// The path below `folder`, if it lies there.
    pub fn under(&self, folder: &str) -> Option<FilePath> {
        let rest = self.0.strip_prefix(folder.trim_end_matches('/'))?;
        if folder.is_empty() { FilePath::new(rest) } else { FilePath::new(rest.strip_prefix('/')?) }
    }

    /// Whether one of the parts begins with `.` or `_`, which keeps a file out of the published site.
    pub fn is_hidden(&self) -> bool {
        self.0.split('/').any(|part| part.starts_with(['.', '_']))
    }
}

/// Paths are in the order of their texts, so that texts find them.
impl Borrow<str> for FilePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for FilePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", &*self.0)
    }
}

impl serde::Serialize for FilePath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A set of files in memory, in path order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<FilePath, Bytes>);

impl Files {
    /// Adds a file, or replaces the one at the same path. It is kept without the room that making it left.
    pub fn insert(&mut self, path: FilePath, bytes: impl Into<Bytes>) {
        let mut bytes = bytes.into();
        if let Some(unshared) = Arc::get_mut(&mut bytes) {
            *unshared = compact(std::mem::take(unshared));
        }
        self.0.insert(path, bytes);
    }

    /// Takes a file out.
    pub fn remove(&mut self, path: &FilePath) -> Option<Bytes> {
        self.0.remove(path)
    }

    /// The content of a file.
    pub fn get(&self, path: &FilePath) -> Option<&Bytes> {
        self.0.get(path)
    }

    /// The content of a file as text, if it is UTF-8.
    pub fn text(&self, path: &FilePath) -> Option<&str> {
        std::str::from_utf8(self.0.get(path)?).ok()
    }

    /// Every file in path order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&FilePath, &Bytes)> {
        self.0.iter()
    }

    /// Every file below a folder in path order, with its path from the site folder; costs nothing for all others.
    pub fn below(&self, folder: &str) -> impl Iterator<Item = (&FilePath, &Bytes)> {
        let folder = folder.trim_end_matches('/');
        // `0` is the character behind `/`.
        let bounds = (!folder.is_empty()).then(|| (format!("{folder}/"), format!("{folder}0")));
        let (from, to) = match &bounds {
            Some((from, to)) => (Bound::Included(from.as_str()), Bound::Excluded(to.as_str())),
            None => (Bound::Unbounded, Bound::Unbounded),
        };
        self.0.range::<str, _>((from, to))
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Moves every file of `other` into this set.
    pub fn extend(&mut self, other: Files) {
        self.0.extend(other.0);
    }

    /// The paths that were added, changed or removed between `self` and `new`, in path order.
    pub fn changed(&self, new: &Files) -> Vec<FilePath> {
        let (mut olds, mut news) = (self.0.iter().peekable(), new.0.iter().peekable());
        let mut paths = Vec::new();
        loop {
            let order = match (olds.peek(), news.peek()) {
                // Most are the very same, which is seen without reading them.
                (Some((old, _)), Some((new, _))) if Arc::ptr_eq(&old.0, &new.0) => Ordering::Equal,
                (Some((old, _)), Some((new, _))) => old.cmp(new),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return paths,
            };
            let old = olds.next_if(|_| order.is_le());
            let new = news.next_if(|_| order.is_ge());
            let same = match (old, new) {
                (Some((_, old)), Some((_, new))) => Arc::ptr_eq(old, new) || old == new,
                _ => false,
            };
            paths.extend(old.or(new).filter(|_| !same).map(|(path, _)| path.clone()));
        }
    }
}

impl FromIterator<(FilePath, Bytes)> for Files {
    fn from_iter<I: IntoIterator<Item = (FilePath, Bytes)>>(files: I) -> Files {
        Files(files.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{FilePath, Files, reached_from_root, source_of};

    fn path(text: &str) -> FilePath {
        FilePath::new(text).expect("the test names a path inside the site")
    }

    #[test]
    fn paths_are_normalised_and_never_lead_outside() {
        assert_eq!(path("./a//b/../c.md").as_str(), "a/c.md");
        assert_eq!(FilePath::new("a/../../b"), None);
        assert_eq!(FilePath::new("./"), None);
    }

    #[test]
    fn files_below_a_folder_are_those_that_paths_say_lie_under_it() {
        let paths = ["a", "a-b/c", "a.md", "a/b", "a/b/c", "a0", "a0/b", "ab/c", "b/a/c", "../a/b"];
        let files: Files = paths
            .iter()
            .filter_map(|text| Some((FilePath::beside(text)?, Vec::new().into())))
            .collect();
        for folder in ["", "a", "a/", "a/b", "a0", "ab", "b", "b/a", "c", ".."] {
            let below: Vec<&FilePath> = files.below(folder).map(|(path, _)| path).collect();
            let under = |path: &&FilePath| path.under(folder).is_some();
            let expected: Vec<&FilePath> =
                files.iter().map(|(path, _)| path).filter(under).collect();
            let is_outside = |path: &&FilePath| path.as_str().starts_with("..");
            assert!(
                below
                    .iter()
                    .filter(|path| !is_outside(path))
                    .eq(expected.iter().filter(|path| !is_outside(path))),
                "{folder}: {below:?} {expected:?}"
            );
        }
    }

    #[test]
    fn addresses_from_the_root_name_files_of_static_folders_and_of_the_repository() {
        let check = |content: &str, typed: &str, expected: &[&str]| {
            assert_eq!(reached_from_root(content, typed), expected, "{content} {typed}");
        };
        check(
            "web/docs",
            "/a.png",
            &[
                "static/a.png",
                "public/a.png",
                "_outside/web/static/a.png",
                "_outside/web/public/a.png",
                "_outside/web/a.png",
                "_outside/static/a.png",
                "_outside/public/a.png",
                "_outside/a.png",
            ],
        );
        check(
            "docs",
            "/docs/b.md",
            &[
                "static/docs/b.md",
                "public/docs/b.md",
                "_outside/static/docs/b.md",
                "_outside/public/docs/b.md",
                "b.md",
            ],
        );
        check("", "/a.png", &["static/a.png", "public/a.png"]);
        check("docs", "@site/static/a.png", &["_outside/static/a.png"]);
        check("", "@site/static/a.png", &["static/a.png"]);
        check("docs", "a.png", &[]);
        check("docs", "/", &[]);
        check("docs", "/../a.png", &[]);
        assert_eq!(source_of("docs", "_outside/static/a.png"), "static/a.png");
        assert_eq!(source_of("", "a.png"), "a.png");
    }

    #[test]
    fn paths_beside_a_site_keep_what_leads_up() {
        for (typed, kept) in [
            ("../infra/./main.tf", Some("../infra/main.tf")),
            ("a/../../b.yaml", Some("../b.yaml")),
            ("a//b.yaml", Some("a/b.yaml")),
            ("../..", None),
            ("", None),
        ] {
            let path = FilePath::beside(typed);
            assert_eq!(path.as_ref().map(FilePath::as_str), kept, "{typed}");
            assert!(!typed.starts_with("..") || path.is_none_or(|path| path.is_hidden()));
        }
    }

    #[test]
    fn under_takes_the_folder_off_only_at_a_separator() {
        assert_eq!(path("content/a.md").under("content"), Some(path("a.md")));
        assert_eq!(path("contents/a.md").under("content"), None);
        assert_eq!(path("a.md").under(""), Some(path("a.md")));
    }

    #[test]
    fn a_file_is_kept_without_room_for_more() {
        let mut roomy = Vec::with_capacity(1000);
        roomy.extend_from_slice(b"1");
        let mut files = Files::default();
        files.insert(path("a"), roomy);
        assert!(files.get(&path("a")).is_some_and(|bytes| bytes.capacity() < 1000));
        assert_eq!(files.text(&path("a")), Some("1"));
    }

    #[test]
    fn a_hash_does_not_depend_on_how_the_content_comes() {
        let content: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
        let whole = super::content_hash(&content);
        assert_eq!(super::hash_of_reader(content.as_slice()).expect("memory can be read"), whole);
        assert_ne!(super::content_hash(&content[1..]), whole);
        assert_eq!(super::fingerprint(&content), whole[..10]);
    }

    #[test]
    fn paths_that_leave_the_content_folder_come_back_or_are_named_from_the_site_folder() {
        for (content, folder, typed, expected, source) in [
            ("docs", "a", "../b.md", "b.md", "docs/b.md"),
            ("docs", "a", "/b.md", "b.md", "docs/b.md"),
            ("docs", "", "../docs/b.md", "b.md", "docs/b.md"),
            ("docs", "a", "../../docs/c/../b.md", "b.md", "docs/b.md"),
            ("docs", "a", "../../img/b.png", "_outside/img/b.png", "img/b.png"),
            ("docs", "", "../../img/b.png", "_outside/_up/img/b.png", "../img/b.png"),
            ("", "", "../b.png", "_outside/_up/b.png", "../b.png"),
        ] {
            let found = super::reached(content, folder, typed).unwrap();
            assert_eq!(found, expected, "{content} {folder} {typed}");
            assert_eq!(super::source_of(content, &found), source);
        }
        assert_eq!(super::reached("docs", "", "../.."), None);
    }

    #[test]
    fn changed_names_added_changed_and_removed_files() {
        let mut old = Files::default();
        old.insert(path("same"), b"1".to_vec());
        old.insert(path("gone"), b"1".to_vec());
        old.insert(path("new-text"), b"1".to_vec());
        let mut new = Files::default();
        new.insert(path("same"), b"1".to_vec());
        new.insert(path("new-text"), b"2".to_vec());
        new.insert(path("added"), b"1".to_vec());
        let changed: Vec<String> = old.changed(&new).iter().map(ToString::to_string).collect();
        assert_eq!(changed, ["added", "gone", "new-text"]);
    }
}

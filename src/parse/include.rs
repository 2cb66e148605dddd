//! Other files that a page takes in, line by line, before the Markdown parser reads it.
//!
//! What is taken in keeps its place: the places in a page's document count on behind its own text, through the text of
//! each file that it takes in, and [`Included`] says which file that is.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use percent_encoding::percent_decode_str;

use super::decoded::text;
use super::front_matter::read::read_front_matter;
use super::options::ParseOptions;
use crate::files::{Bytes, FilePath, Files};
use crate::memo::parallel;

use request::{IncludeRequest, Spelling, may_request, requests};
use taken::{Included, Inclusion, MOST};

pub(super) mod expand;
pub(super) mod request;
pub(super) mod taken;

/// Where files are looked for.
pub struct IncludeLibrary<'a> {
    files: &'a Files,
    content: &'a str,
    /// The folders that snippets are looked for in besides the content folder.
    bases: Vec<String>,
    names: OnceLock<BTreeMap<String, Vec<&'a FilePath>>>,
}

impl<'a> IncludeLibrary<'a> {
    /// The files of a site whose pages lie in `content`.
    pub fn new(files: &'a Files, content: &'a str) -> IncludeLibrary<'a> {
        IncludeLibrary {
            files,
            content,
            bases: snippet_folders(files, content),
            names: OnceLock::new(),
        }
    }

    /// Every file that a page takes in, those of the files that it takes in included.
    pub fn gather(&self, path: &FilePath, bytes: &Bytes) -> Vec<Inclusion> {
        let mut found: Vec<Inclusion> = Vec::new();
        let mut asked = vec![(path.clone(), Arc::clone(bytes))];
        let mut seen = vec![path.clone()];
        while let Some((by, bytes)) = asked.pop() {
            let own = text(&bytes);
            let lines: Vec<&str> = own.lines().collect();
            for request in all_requests(&lines) {
                let is_known = |known: &Inclusion| known.by == by && known.typed == request.target;
                if found.len() == MOST || found.iter().any(is_known) {
                    continue;
                }
                let Some((path, bytes)) = self.find(&by, &request) else { continue };
                if !seen.contains(&path) {
                    seen.push(path.clone());
                    asked.push((path.clone(), Arc::clone(&bytes)));
                }
                let typed = request.target.to_owned();
                found.push(Inclusion { by: by.clone(), typed, path, bytes });
            }
        }
        found
    }

    /// What pages ask for that is not among the files of the site: for each the paths where it may lie, the first that
    /// exists counts. Such files lie beside the content folder, or in hidden ones.
    pub fn wanted(&self) -> Vec<Vec<FilePath>> {
        let files: Vec<(&FilePath, &Bytes)> = self.files.iter().collect();
        let wanted = parallel(&files, |(path, bytes)| {
            let is_text = [".md", ".markdown", ".mdx", ".erb", ".txt"]
                .iter()
                .any(|ending| path.name().ends_with(ending));
            match std::str::from_utf8(bytes).ok().filter(|text| is_text && may_request(text)) {
                Some(text) => self.wanted_by(path, text),
                None => Vec::new(),
            }
        });
        wanted.into_iter().flatten().collect()
    }

    fn wanted_by(&self, by: &FilePath, text: &str) -> Vec<Vec<FilePath>> {
        let lines: Vec<&str> = text.lines().collect();
        let missing = all_requests(&lines).filter(|asked| {
            matches!(asked.spelling, Spelling::Snippet | Spelling::Braces)
                && self.find(by, asked).is_none()
        });
        missing.take(MOST).map(|asked| self.places(by, &asked)).collect()
    }

    /// Where a file may lie that is asked for by its path, in the order to look.
    fn places(&self, by: &FilePath, request: &IncludeRequest<'_>) -> Vec<FilePath> {
        let target = request.target;
        let rooted = target.trim_start_matches('/');
        let beside = || at(by.folder(), target);
        let found: Vec<Option<FilePath>> = match request.spelling {
            Spelling::Snippet => {
                let folders =
                    std::iter::once(self.content).chain(self.bases.iter().map(|base| &**base));
                folders.map(|folder| at(folder, rooted)).chain([beside()]).collect()
            }
            _ if target.starts_with('/') => vec![at(self.content, rooted)],
            _ => vec![beside()],
        };
        found.into_iter().flatten().collect()
    }

    fn find(&self, by: &FilePath, request: &IncludeRequest<'_>) -> Option<(FilePath, Bytes)> {
        let target = request.target;
        let beside = |target: &str| at(by.folder(), target);
        let below = |folder: &str| at(folder, target.trim_start_matches('/'));
        match request.spelling {
            Spelling::Link => {
                let target = percent_decode_str(target).decode_utf8_lossy();
                let path = match target.strip_prefix('/') {
                    Some(target) => at(self.content, target),
                    None => beside(&target),
                };
                self.page(&path?)
            }
            Spelling::Embed => [below(self.content), beside(target)]
                .into_iter()
                .flatten()
                .find_map(|path| self.page(&path))
                .or_else(|| self.by_name(target)),
            Spelling::Snippet | Spelling::Braces => {
                self.places(by, request).iter().find_map(|path| self.entry(path))
            }
        }
    }

    fn entry(&self, path: &FilePath) -> Option<(FilePath, Bytes)> {
        self.files.get(path).map(|bytes| (path.clone(), Arc::clone(bytes)))
    }

    /// A page with or without its ending.
    fn page(&self, path: &FilePath) -> Option<(FilePath, Bytes)> {
        let with_ending = || FilePath::new(&format!("{path}.md"));
        self.entry(path).or_else(|| self.entry(&with_ending()?))
    }

    /// The one page of a name.
    fn by_name(&self, name: &str) -> Option<(FilePath, Bytes)> {
        let stem = |name: &str| name.strip_suffix(".md").unwrap_or(name).to_lowercase();
        let names = self.names.get_or_init(|| {
            let mut names: BTreeMap<String, Vec<&FilePath>> = BTreeMap::new();
            let pages = self.files.iter().map(|(path, _)| path);
            for path in pages.filter(|path| path.name().ends_with(".md")) {
                names.entry(stem(path.name())).or_default().push(path);
            }
            names
        });
        match names.get(&stem(name)).map(Vec::as_slice) {
            Some([path]) => self.entry(path),
            _ => None,
        }
    }
}

/// All that lines ask for.
fn all_requests<'t>(lines: &[&'t str]) -> impl Iterator<Item = IncludeRequest<'t>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        (at < lines.len()).then(|| {
            let (found, count) = requests(lines, at);
            at += count;
            found.into_iter().map(|(_, request)| request)
        })
    })
    .flatten()
}

/// A path from a folder, which may lead out of the site folder to what was read there.
fn at(folder: &str, target: &str) -> Option<FilePath> {
    let path = if folder.is_empty() { target.to_owned() } else { format!("{folder}/{target}") };
    FilePath::beside(&path)
}

/// The folders that `MkDocs` looks for snippets in: the one of its settings, and those that they name.
fn snippet_folders(files: &Files, content: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let parent = content.rsplit_once('/').map_or("", |(parent, _)| parent);
    found.push(parent.to_owned());
    for folder in [content, parent, ""] {
        let settings = ["mkdocs.yml", "mkdocs.yaml"].into_iter();
        let settings = settings.filter_map(|name| files.text(&at(folder, name)?));
        for text in settings {
            found.extend(
                base_paths(text)
                    .into_iter()
                    .filter_map(|base| at(folder, &base).map(|path| path.as_str().to_owned())),
            );
        }
    }
    found
}

/// The values of `base_path`, read line by line, since such settings hold tags that only their own program knows.
fn base_paths(settings: &str) -> Vec<String> {
    let mut lines =
        settings.lines().skip_while(|line| !line.trim_start().starts_with("base_path:"));
    let Some(first) = lines.next() else { return Vec::new() };
    let here = first.trim_start().trim_start_matches("base_path:").trim();
    let below = lines.map_while(|line| line.trim_start().strip_prefix("- "));
    let here = here.trim_start_matches('[').trim_end_matches(']').split(',');
    let all: Vec<&str> = here.chain(below).collect();
    let clean = |value: &str| value.trim().trim_matches(['"', '\'']).to_owned();
    all.into_iter().map(clean).filter(|value| !value.is_empty() && value != ".").collect()
}

/// The text of a page and behind it that of each file that it takes in, with those files.
pub(super) fn with_included<'t>(
    page: Cow<'t, str>,
    inclusions: &[Inclusion],
    options: &ParseOptions,
) -> (Cow<'t, str>, Vec<Included>) {
    let mut whole = page;
    let mut included: Vec<Included> = Vec::new();
    for inclusion in inclusions {
        if included.iter().any(|known| known.path == inclusion.path) {
            continue;
        }
        let own = text(&inclusion.bytes);
        let head = read_front_matter(&inclusion.path, &own, options);
        let start = whole.len() + 1;
        let extended = whole.to_mut();
        extended.push('\n');
        extended.push_str(&own);
        let (path, bytes) = (inclusion.path.clone(), Arc::clone(&inclusion.bytes));
        included.push(Included { path, bytes, start, meta: Arc::new(head.meta) });
    }
    (whole, included)
}

#[cfg(test)]
mod tests {
    use super::{IncludeLibrary, base_paths};
    use crate::files::{FilePath, Files};

    #[test]
    fn the_folders_of_snippets_are_read_in_every_spelling() {
        assert_eq!(
            base_paths("a: 1\n  - snippets:\n      base_path: docs/x\n      b: 1"),
            ["docs/x"]
        );
        assert_eq!(base_paths("base_path: [\".\", 'a', b]"), ["a", "b"]);
        assert_eq!(base_paths("base_path:\n  - a\n  - \"b\"\nc: 1"), ["a", "b"]);
        assert_eq!(base_paths("site_name: a"), Vec::<String>::new());
    }

    #[test]
    fn files_are_found_from_where_each_spelling_looks() {
        let files = [
            ("mkdocs.yml", "base_path: snippets"),
            ("snippets/s.md", ""),
            ("content/a/host.md", ""),
            ("content/a/near.md", ""),
            ("content/top.md", ""),
            ("content/b/Drain.md", ""),
            ("content/_shared/hidden.md", ""),
        ];
        let file = |(path, text): &(&str, &str)| {
            (FilePath::new(path).unwrap(), text.as_bytes().to_vec().into())
        };
        let files: Files = files.iter().map(file).collect();
        let host = FilePath::new("content/a/host.md").unwrap();
        for (line, expected) in [
            ("[x](near.md \"include\")", Some("content/a/near.md")),
            ("[x](../b/Drain \"include\")", Some("content/b/Drain.md")),
            ("[x](/top.md \"include\")", Some("content/top.md")),
            ("[x](../../../../etc/passwd \"include\")", None),
            ("![[drain]]", Some("content/b/Drain.md")),
            ("![[_shared/hidden]]", Some("content/_shared/hidden.md")),
            ("--8<-- \"s.md\"", Some("snippets/s.md")),
            ("--8<-- \"a/near.md\"", Some("content/a/near.md")),
            ("{{#include near.md:x}}", Some("content/a/near.md")),
            ("{{#include top.md}}", None),
            ("{{#include ../../snippets/s.md}}", Some("snippets/s.md")),
            ("```{include} /top.md\n```", Some("content/top.md")),
            ("--8<--\ns.md\n--8<--", Some("snippets/s.md")),
        ] {
            let found = IncludeLibrary::new(&files, "content")
                .gather(&host, &line.as_bytes().to_vec().into());
            let found: Vec<&str> = found.iter().map(|found| found.path.as_str()).collect();
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{line}");
        }
    }
}

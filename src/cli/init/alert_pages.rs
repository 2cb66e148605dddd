//! Which pages of a folder are named after the alerts that they are for.
//!
//! Never guesses where the evidence is thin: three names are needed, and names in a folder of other pages count for
//! themselves alone.

use std::collections::{BTreeMap, BTreeSet};

use super::pages::{folders_of, globs_over, is_section_page, stem};
use crate::files::FilePath;
use crate::glob::Globs;
use crate::parse::Document;

/// Pages that are named after alerts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AlertPages {
    /// The pages concerned, as globs over the content folder.
    pub globs: Vec<String>,
    /// How many they are.
    pub pages: usize,
    /// One of the names.
    pub example: String,
}

/// Pages named like `KubePodCrashLooping`, and what stands among them: `etcdNoLeader`, `Watchdog`, `queue_stuck`.
pub(super) fn alert_pages(documents: &[(FilePath, Document)]) -> Option<AlertPages> {
    let pages: Vec<&FilePath> =
        documents.iter().map(|(path, _)| path).filter(|path| !is_section_page(path)).collect();
    let mut named: Vec<&FilePath> =
        pages.iter().copied().filter(|path| is_alert_name(stem(path))).collect();
    // Where most pages are something else, names of this kind may be a wiki's: then only a folder of alerts counts.
    if named.len() * 2 < pages.len() {
        named.retain(|path| is_of_alerts(path.folder()));
    }
    let example = stem(named.first()?).to_owned();
    if named.len() < 3 {
        return None;
    }
    let among = folders_of_most(&named, &pages);
    let chosen: BTreeSet<&FilePath> = named.iter().copied().collect();
    named.extend(pages.iter().copied().filter(|path| {
        let near = folders_of(path).take(2).any(|folder| among.contains(folder));
        near && !chosen.contains(path) && is_name_among_alerts(stem(path))
    }));
    let mut globs = globs_over(&named, documents);
    let covered = Globs::new(globs.iter().map(String::as_str)).ok()?;
    // In a folder that holds other pages as well each is named alone.
    let alone = named.iter().filter(|path| !covered.matches(path.as_str()));
    globs.extend(alone.map(ToString::to_string));
    globs.sort();
    Some(AlertPages { globs, pages: named.len(), example })
}

/// Pages whose titles are names that alert rules have, where their files are called otherwise.
pub(super) fn titled_alerts(
    documents: &[(FilePath, Document)],
    names: &BTreeSet<String>,
) -> Option<AlertPages> {
    let titled = documents.iter().filter_map(|(path, document)| {
        let typed = document.meta.title.as_ref().map(|title| &title.value);
        let first = document.headings.first().map(|first| &first.text);
        let title = typed.into_iter().chain(first).find(|title| names.contains(*title))?.clone();
        (title != stem(path) && !is_section_page(path)).then_some((path, title))
    });
    let titled: Vec<(&FilePath, String)> = titled.collect();
    let example = titled.first()?.1.clone();
    if titled.len() < 3 {
        return None;
    }
    let pages: Vec<&FilePath> = titled.iter().map(|(path, _)| *path).collect();
    let mut globs = globs_over(&pages, documents);
    let covered = Globs::new(globs.iter().map(String::as_str)).ok()?;
    globs.extend(
        pages.iter().filter(|path| !covered.matches(path.as_str())).map(ToString::to_string),
    );
    globs.sort();
    Some(AlertPages { globs, pages: pages.len(), example })
}

/// The folders of which at least half of the pages are these.
fn folders_of_most<'a>(named: &[&'a FilePath], pages: &[&'a FilePath]) -> BTreeSet<&'a str> {
    let count = |paths: &[&'a FilePath]| {
        let mut counts: BTreeMap<&'a str, usize> = BTreeMap::new();
        for folder in paths.iter().flat_map(|path| folders_of(path)) {
            *counts.entry(folder).or_default() += 1;
        }
        counts
    };
    let all = count(pages);
    let most = count(named).into_iter().filter(|(folder, count)| {
        count * 2 >= all.get(folder).copied().unwrap_or_default() && !folder.is_empty()
    });
    most.map(|(folder, _)| folder).collect()
}

/// Whether a folder's path says that it is about alerts.
fn is_of_alerts(folder: &str) -> bool {
    let folder = folder.to_ascii_lowercase();
    ["alert", "alarm"].iter().any(|word| folder.contains(word))
}

/// One word of several capitalized parts, without separators.
fn is_alert_name(stem: &str) -> bool {
    let capitals = stem.bytes().filter(u8::is_ascii_uppercase).count();
    let lower = stem.bytes().filter(u8::is_ascii_lowercase).count();
    stem.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && stem.starts_with(|first: char| first.is_ascii_uppercase())
        && capitals >= 2
        && lower >= 2
}

/// A word with capitals in it, or parts with `_` or `.` between them: no title's words with dashes between them.
fn is_name_among_alerts(stem: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    stem.bytes().all(is_part)
        && stem.bytes().any(|byte| byte.is_ascii_lowercase())
        && stem.bytes().any(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'.'))
        && !OTHER_NAMES.contains(&stem.to_ascii_lowercase().as_str())
}

/// What stands in capitals beside pages of any kind.
const OTHER_NAMES: &[&str] = &[
    "changelog", "code_of_conduct", "contributing", "faq", "glossary", "home", "introduction",
    "license", "overview", "readme", "runbook_template", "style_guide", "summary", "template",
    "todo",
];

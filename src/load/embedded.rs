//! Finds the files that pages embed from where nothing is published: folders whose names begin with `.`, and what lies
//! outside the content folder.
//!
//! Looks at the text of pages only so far as such an address stands in it; whether it is embedded indeed, and is
//! published, is decided where pages are joined.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use super::root::SiteRoot;
use crate::files::{Bytes, FilePath, Files, OUTSIDE, reached, reached_from_root, source_of};
use crate::memo::parallel;

/// What stands before the address of something that is embedded or may be, the sign by which it is found and what
/// follows, and by what it ends; behind an address of Markdown without brackets a title may stand.
const AROUND: [(u8, &str, &[char]); 6] = [
    (b']', "(<", &['>', '\n']),
    (b']', "(", &[')', ' ', '\n']),
    (b']', ": <", &['>', '\n']),
    (b']', ": ", &[' ', '\n']),
    (b'=', "\"", &['"', '\n']),
    (b'=', "'", &['\'', '\n']),
];

/// The longest path that a system opens.
const LONGEST: usize = 4096;

/// The files that pages may embed from elsewhere: the path that each has in the site, and where it lies.
pub(super) fn embedded(root: &SiteRoot, content: &str, files: &Files) -> Vec<(FilePath, PathBuf)> {
    let pages: Vec<(FilePath, &Bytes)> = files
        .iter()
        .filter_map(|(path, bytes)| Some((path.under(content)?, bytes)))
        .filter(|(page, _)| is_text(page))
        .collect();
    let reached = parallel(&pages, |(page, bytes)| of_page(content, page, bytes));
    let found: BTreeSet<String> = reached.into_iter().flatten().collect();
    found
        .into_iter()
        .filter_map(|reached| {
            let shown = FilePath::new(&format!("{content}/{reached}"))?;
            let whole = root.folder.join(source_of(content, &reached));
            whole.is_file().then_some((shown, whole))
        })
        .collect()
}

/// What a page may embed from elsewhere.
fn of_page(content: &str, page: &FilePath, bytes: &Bytes) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Vec::new() };
    let mut found = Vec::new();
    for typed in addresses(text) {
        let typed = percent_decode_str(typed).decode_utf8_lossy();
        let direct = reached(content, page.folder(), &typed).map(Cow::into_owned);
        let names = direct.into_iter().chain(reached_from_root(content, &typed));
        found.extend(names.filter(|name| {
            let mut parts = name.split('/');
            let is_hidden = parts.clone().any(|part| part.starts_with('.'));
            (is_hidden || parts.next() == Some(OUTSIDE)) && parts.all(|part| part != ".git")
        }));
    }
    found
}

fn is_text(page: &FilePath) -> bool {
    [".md", ".markdown", ".erb"].iter().any(|ending| page.name().ends_with(ending))
}

/// The addresses in a page that name a hidden part, lead up or count from the root.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    memchr::memchr2_iter(b']', b'=', text.as_bytes()).filter_map(move |at| {
        let behind = &text[at + 1..];
        let mut begins = AROUND.iter().filter(|(sign, ..)| *sign == text.as_bytes()[at]);
        let (rest, ends) =
            begins.find_map(|(_, follows, ends)| Some((behind.strip_prefix(*follows)?, *ends)))?;
        // No path is longer, and a line may hold any number of such beginnings.
        let rest = &rest[..rest.floor_char_boundary(LONGEST)];
        let end = rest.find(ends).unwrap_or(rest.len());
        let typed = rest[..end].split(['?', '#']).next().unwrap_or_default();
        let may_hide = typed.starts_with('.') || typed.contains("/.");
        // What has no ending is a page.
        let name = typed.rsplit('/').next().unwrap_or_default();
        let is_rooted = typed.starts_with(['/', '@']) && name.contains('.');
        ((may_hide || is_rooted) && !typed.contains(':')).then_some(typed)
    })
}

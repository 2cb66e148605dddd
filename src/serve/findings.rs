//! What the browser lists beside a page: its own findings first, each as the terminal prints it.
//!
//! Printed when asked for, not with each build: a page has few findings, a site may have thousands.

use std::path::Path;

use serde::Serialize;

use crate::check::secrets::masked::without_secrets;
use crate::diagnostic::print::Positions;
use crate::diagnostic::print::human::plain;
use crate::diagnostic::{Counts, Finding, Level};
use crate::files::{FilePath, Files};

/// How many findings of other pages are listed.
const ELSEWHERE: usize = 50;

/// Which findings there are, and where an editor finds the files.
#[derive(Clone, Copy)]
pub(crate) struct ListedFindings<'a> {
    /// Everything that is wrong.
    pub findings: &'a [Finding],
    /// The files that the findings point into.
    pub files: &'a Files,
    /// The site folder.
    pub folder: &'a Path,
    /// The address that opens a file in an editor, with `{file}`, `{line}` and `{column}`.
    pub editor: &'a str,
    /// Why the files could not be read, if they could not.
    pub trouble: Option<&'a str>,
}

/// What the browser draws.
#[derive(Serialize)]
pub(crate) struct FindingListing {
    errors: usize,
    warnings: usize,
    page: Vec<Item>,
    other: Vec<Item>,
    more: usize,
    /// What could not be made as it is now: `page`, or `site` where site.toml or the theme cannot be used.
    blocking: Option<&'static str>,
    /// When the version that is shown was made, in seconds since 1970.
    good: Option<u64>,
}

#[derive(Serialize)]
struct Item {
    level: &'static str,
    rule: &'static str,
    message: String,
    place: String,
    editor: String,
    text: String,
    help: Option<String>,
}

/// How much of a page can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShownPage {
    /// The page as its source is now.
    AsItIs,
    /// An earlier version, made at this time (seconds since 1970), because the source cannot be rendered.
    LastGood(u64),
    /// The same of every page, because the site as a whole cannot be built.
    LastGoodSite(u64),
    /// Nothing: the site has not been built yet.
    NotAtAll,
}

/// The findings for the page made of `source`.
pub(crate) fn listing(
    listed: ListedFindings<'_>,
    source: Option<&FilePath>,
    shown: ShownPage,
) -> FindingListing {
    let (own, other): (Vec<&Finding>, Vec<&Finding>) =
        listed.findings.iter().partition(|finding| Some(&finding.diagnostic.at.path) == source);
    let Counts { errors, warnings } = Counts::of(listed.findings);
    let trouble = listed.trouble.map(unreadable);
    let more = other.len().saturating_sub(ELSEWHERE);
    let shown_of_others = &other[..other.len() - more];
    let listed_here: Vec<Finding> = own.iter().chain(shown_of_others).copied().cloned().collect();
    let (findings, files) = without_secrets(&listed_here, listed.files);
    let mut positions = Positions::new(&files);
    let mut items = findings.iter().map(|finding| item(listed, &mut positions, finding));
    let page = items.by_ref().take(own.len()).collect();
    let elsewhere: Vec<Item> = items.collect();
    FindingListing {
        errors: errors + usize::from(trouble.is_some()),
        warnings,
        page,
        other: trouble.into_iter().chain(elsewhere).collect(),
        more,
        blocking: match shown {
            ShownPage::AsItIs => None,
            ShownPage::LastGood(_) => Some("page"),
            ShownPage::LastGoodSite(_) | ShownPage::NotAtAll => Some("site"),
        },
        good: match shown {
            ShownPage::LastGood(time) | ShownPage::LastGoodSite(time) => Some(time),
            ShownPage::AsItIs | ShownPage::NotAtAll => None,
        },
    }
}

fn item(listed: ListedFindings<'_>, positions: &mut Positions<'_>, finding: &Finding) -> Item {
    let diagnostic = &finding.diagnostic;
    let (start, _) = positions.of(&diagnostic.at);
    let (line, column) = (start.line.to_string(), start.column.to_string());
    let file = listed.folder.join(diagnostic.at.path.as_str());
    let file = file.to_string_lossy().replace('\\', "/");
    let editor = listed
        .editor
        .replace("{file}", &encoded(&file))
        .replace("{line}", &line)
        .replace("{column}", &column);
    Item {
        level: finding.level.name(),
        rule: diagnostic.rule.name(),
        message: diagnostic.message.clone(),
        place: format!("{}:{line}:{column}", diagnostic.at.path),
        editor,
        text: excerpt(&plain(finding, positions)),
        help: diagnostic.help.clone(),
    }
}

fn unreadable(trouble: &str) -> Item {
    Item {
        level: Level::Error.name(),
        rule: "not-built",
        message: trouble.to_owned(),
        place: String::new(),
        editor: String::new(),
        text: String::new(),
        help: Some("the preview tries again when a file changes".to_owned()),
    }
}

/// The lines of a printed finding that show its place: message, file and help stand beside them already.
fn excerpt(printed: &str) -> String {
    let shown = |line: &&str| {
        let margin = line.trim_start().trim_start_matches(|letter: char| letter.is_ascii_digit());
        margin.trim_start().starts_with('|')
    };
    let lines: Vec<&str> = printed.lines().filter(shown).collect();
    let blank = |line: &&&str| line.trim() == "|";
    let first = lines.iter().take_while(blank).count();
    let last = lines.iter().rev().take_while(blank).count();
    lines.get(first..lines.len() - last.min(lines.len() - first)).unwrap_or_default().join("\n")
}

/// A path as part of an address; slashes and a drive's colon stay.
fn encoded(path: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b':')
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    percent_encoding::utf8_percent_encode(path.trim_start_matches('/'), KEPT).to_string()
}

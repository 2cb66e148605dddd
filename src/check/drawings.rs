//! Drawings that run something when they are opened by themselves: as images of pages they do not.

use crate::diagnostic::{Diagnostic, Location, links as mistakes};
use crate::files::FilePath;
use crate::text::is_script;

/// What is wrong with a file that is a drawing: its first script, event handler or address that runs one.
pub(super) fn active(path: &FilePath, text: &str) -> Option<Diagnostic> {
    let (_, extension) = path.name().rsplit_once('.')?;
    if !["svg", "svgz", "xml", "xhtml"].iter().any(|known| extension.eq_ignore_ascii_case(known)) {
        return None;
    }
    let mut from = 0;
    while let Some(open) = text[from..].find('<').map(|at| from + at) {
        let end = open + end_of_tag(&text[open..]);
        if let Some(what) = runs(&text[open + 1..end]) {
            return Some(mistakes::active_drawing(Location::new(path, open..end), what));
        }
        from = (open + 1).max(end);
    }
    None
}

/// Where a tag ends: at the first bracket outside of quotes.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    let end = text.bytes().position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
        quote.is_none() && byte == b'>'
    });
    end.unwrap_or(text.len())
}

/// What a tag, without its brackets, runs.
fn runs(tag: &str) -> Option<&'static str> {
    let name =
        tag.trim_start_matches('/').split(|letter: char| letter.is_whitespace() || letter == '/');
    let name = name.clone().next().unwrap_or_default();
    let name = name.rsplit(':').next().unwrap_or(name);
    if name.eq_ignore_ascii_case("script") {
        return Some("a script");
    }
    if name.starts_with('!') && tag.contains("ENTITY") {
        return Some("an entity, which may stand for anything");
    }
    attributes(tag).find_map(|(name, value)| {
        let is_handler =
            name.len() > 2 && name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
        let plain = value.replace("&#", "").replace("&Tab;", "").replace("&NewLine;", "");
        if is_handler {
            Some("an event handler")
        } else if is_script(&plain) && !plain.trim_start().starts_with("data:image/") {
            Some("an address that runs a script")
        } else {
            None
        }
    })
}

/// The attributes of a tag.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = tag;
    std::iter::from_fn(move || {
        let (before, behind) = rest.split_once('=')?;
        let name = before.trim_end().rsplit(|letter: char| letter.is_whitespace() || letter == '/');
        let name = name.clone().next().unwrap_or_default();
        let behind = behind.trim_start();
        let quote = behind.chars().next().filter(|letter| matches!(letter, '"' | '\''));
        let (value, left) = match quote {
            Some(quote) => behind[1..].split_once(quote).unwrap_or((&behind[1..], "")),
            None => behind.split_at(behind.find(char::is_whitespace).unwrap_or(behind.len())),
        };
        rest = left;
        Some((name, value))
    })
}

#[cfg(test)]
mod tests {
    use super::active;
    use crate::files::FilePath;

    fn check(drawing: &str, expected: Option<&str>) {
        let found = active(&FilePath::new("a.svg").expect("a path"), drawing);
        assert_eq!(found.map(|found| found.message), expected.map(str::to_owned), "{drawing}");
    }

    #[test]
    fn what_runs_in_a_drawing_is_named() {
        let script = Some("this drawing holds a script");
        check("<svg><script>alert(1)</script></svg>", script);
        check("<svg:svg><svg:SCRIPT href='x.js'/></svg:svg>", script);
        let handler = Some("this drawing holds an event handler");
        check("<svg onload=\"x()\">", handler);
        check("<svg width=1\nONLOAD = x>", handler);
        let address = Some("this drawing holds an address that runs a script");
        check("<svg><a xlink:href=\" java\nscript:x()\">", address);
        check("<svg><set to='javascript:x()' attributeName=href>", address);
        check(
            "<!DOCTYPE svg [<!ENTITY x 'y'>]>",
            Some("this drawing holds an entity, which may stand for anything"),
        );
        check(
            "<svg offset=\"1\"><a href=\"#on\"><image href=\"data:image/png;base64,iV\"/><text>on=1</text>",
            None,
        );
        check("<svg><a title=\">\" onclick=\"x()\">", handler);
        check("<svg", None);
        check(&"<".repeat(100_000), None);
    }
}

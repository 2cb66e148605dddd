//! Hidden characters in finished HTML: shown where a reader reads, left out where none does.

use std::ops::Range;

use super::find::{Hidden, may_hide, notation, runs};
use super::kind::InvisibleKind;
use super::spelling::reference;
use super::unit::Unit;

/// What stands round the code points of hidden characters: copying leaves it out.
const OPENING: &str = "<span class=\"unseen\">";

/// The elements whose content is text alone, or no HTML.
const PLAIN: [&str; 5] = ["option", "script", "svg", "textarea", "title"];

/// A page in which hidden characters of its text are shown as `U+202E`, and those inside of tags left out.
pub fn shown_in_html(html: String) -> String {
    if !may_hold(&html) {
        return html;
    }
    let (found, tags) = found(&html);
    let mut out = String::with_capacity(html.len() + 64 * found.len());
    let mut done = 0;
    let mut plain = Plain::default();
    let mut tags = tags.into_iter().peekable();
    for Hidden { range, characters } in found {
        out.push_str(&html[done..range.start]);
        done = range.end;
        while let Some(tag) = tags.next_if(|tag| tag.end <= range.start) {
            plain.pass(&html[tag]);
        }
        let in_tag = tags.peek().is_some_and(|tag| tag.contains(&range.start));
        if in_tag || plain.is("script") {
            continue;
        }
        let notation = notation(&characters);
        if plain.0.is_some() {
            out.push_str(&notation);
        } else {
            out.extend([OPENING, &notation, "</span>"]);
        }
    }
    out.push_str(&html[done..]);
    out
}

/// Whether there may be something to find: as it is, or as a reference other than that of an apostrophe.
fn may_hold(html: &str) -> bool {
    let references = memchr::memmem::find_iter(html.as_bytes(), b"&#");
    let mut references = references.filter(|at| !html[*at..].starts_with("&#39;"));
    may_hide(html) || references.next().is_some() || spells(html)
}

/// Whether a reference by name stands for something invisible.
fn spells(html: &str) -> bool {
    memchr::memchr_iter(b'&', html.as_bytes()).any(|at| {
        let rest = &html[at..];
        !["&lt;", "&gt;", "&amp;", "&quot;", "&#39;"].iter().any(|usual| rest.starts_with(usual))
            && reference(rest).is_some()
    })
}

/// The element that holds text alone in which the reading is.
#[derive(Default)]
struct Plain(Option<&'static str>);

impl Plain {
    fn is(&self, name: &str) -> bool {
        self.0 == Some(name)
    }

    fn pass(&mut self, tag: &str) {
        let inner = tag.trim_start_matches('<');
        let closes = inner.starts_with('/');
        let name = inner.trim_start_matches('/');
        let end = name.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(name.len());
        let known = PLAIN.into_iter().find(|known| known.eq_ignore_ascii_case(&name[..end]));
        match known {
            Some(known) if closes && self.is(known) => self.0 = None,
            Some(known) if !closes && self.0.is_none() && !tag.ends_with("/>") => {
                self.0 = Some(known);
            }
            _ => {}
        }
    }
}

/// What is hidden in the text of a page and in its tags, and where these are. Text is judged without the tags in it.
fn found(html: &str) -> (Vec<Hidden>, Vec<Range<usize>>) {
    let mut tags = Vec::new();
    let mut text: Vec<Unit> = Vec::new();
    let mut found = Vec::new();
    let mut at = 0;
    while at < html.len() {
        let start = memchr::memchr(b'<', &html.as_bytes()[at..]).map_or(html.len(), |to| at + to);
        push(&html[at..start], at, &mut text);
        if start == html.len() {
            break;
        }
        let length = memchr::memchr(b'>', &html.as_bytes()[start..]);
        let end = length.map_or(html.len(), |length| start + length + 1);
        let mut tag = Vec::new();
        push(&html[start..end], start, &mut tag);
        found.extend(runs(&tag).into_iter().filter(|run| !is_of_anchor(html, run)));
        tags.push(start..end);
        at = end;
    }
    found.extend(runs(&text));
    found.sort_by_key(|run| run.range.start);
    (found, tags)
}

/// Anchors keep the selector of a picture that they do not keep, as GitHub's do.
fn is_of_anchor(html: &str, run: &Hidden) -> bool {
    let mut letters = run.characters.chars();
    let first = letters.next().map(InvisibleKind::of);
    let is_lone = first == Some(InvisibleKind::Selector) && letters.next().is_none();
    is_lone && html[..run.range.start].ends_with(['"', '#', '-'])
}

fn push(part: &str, start: usize, units: &mut Vec<Unit>) {
    let mut at = 0;
    while let Some(letter) = part[at..].chars().next() {
        let spelled = if letter == '&' { reference(&part[at..]) } else { None };
        let (length, letter) = spelled.unwrap_or((letter.len_utf8(), letter));
        units.push(Unit { letter, start: start + at, end: start + at + length });
        at += length;
    }
}

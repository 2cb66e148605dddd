//! Puts the lines of other files in the place of the lines that ask for them.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::request::{
    IncludeRequest, IncludedPart, Spelling, lead, lead_of_blanks, mark, request, requests,
};
use super::taken::{Included, Inclusion, MOST};
use crate::diagnostic::{Diagnostic, Location, content, links, nearest};
use crate::files::FilePath;
use crate::parse::lines::{Line, lines};
use crate::parse::markdown::{Permissions, block_id, markdown};
use crate::parse::source::{Source, masked_shortcodes};

/// How deep files may take in each other.
const DEEPEST: u8 = 16;

/// The fence of a file that is shown as code; no code holds as many.
const FENCE: &str = "````````";

/// How many lines a page may come to.
const MOST_LINES: usize = 200_000;

/// What a page takes in, and how it is read.
pub(crate) struct TakenIn<'a> {
    /// The page.
    pub(crate) host: &'a FilePath,
    /// Its text, and behind it that of each file.
    pub(crate) whole: &'a str,
    pub(crate) included: &'a [Included],
    pub(crate) inclusions: &'a [Inclusion],
    pub(crate) permissions: Permissions<'a>,
}

/// The lines of a page with what it takes in, and what is wrong with how it does so.
pub(crate) fn expand<'a>(
    taken: &TakenIn<'a>,
    host: &[Line<'a>],
) -> (Vec<Line<'a>>, Vec<Diagnostic>) {
    let mut expander = Expander {
        taken,
        out: Vec::with_capacity(host.len()),
        found: Vec::new(),
        count: 0,
        outlines: BTreeMap::new(),
        definitions: BTreeMap::new(),
    };
    let mut open = vec![taken.host.clone()];
    expander.file(taken.host, host, Lead { first: "", rest: "", depth: 0 }, &mut open);
    let definitions = std::mem::take(&mut expander.definitions);
    if let Some(first) = definitions.values().next() {
        expander.out.push(first.blank());
        expander.out.extend(definitions.into_values());
    }
    (expander.out, expander.found)
}

struct Expander<'e, 'a> {
    taken: &'e TakenIn<'a>,
    out: Vec<Line<'a>>,
    found: Vec<Diagnostic>,
    /// How many files were taken in so far.
    count: usize,
    /// The headings of files of which sections are taken in, by their place among those that are included.
    outlines: BTreeMap<usize, Vec<Titled>>,
    /// Link reference definitions that parts of files need, by their place.
    definitions: BTreeMap<usize, Line<'a>>,
}

/// A heading of a file that is taken in.
struct Titled {
    anchor: String,
    text: String,
    level: u8,
    /// Where its line begins, counted as the page's places are.
    start: usize,
}

/// What stands before the lines of a file where it is taken in.
#[derive(Clone, Copy)]
struct Lead<'l> {
    first: &'l str,
    rest: &'l str,
    /// How many files take in each other there.
    depth: u8,
}

impl<'a> Expander<'_, 'a> {
    fn file(
        &mut self,
        path: &FilePath,
        lines: &[Line<'a>],
        lead: Lead<'_>,
        open: &mut Vec<FilePath>,
    ) {
        let texts: Vec<&str> = lines.iter().map(|line| &*line.text).collect();
        let mut fence: Option<(u8, usize)> = None;
        let mut at = 0;
        while at < lines.len() {
            let before = if at == 0 { lead.first } else { lead.rest };
            let (asked, count) = requests(&texts, at);
            let mut taken = 0;
            for (place, asked) in &asked {
                let may_ask = match asked.spelling {
                    Spelling::Link | Spelling::Embed => {
                        fence.is_none() && is_alone(lines, *place, asked)
                    }
                    Spelling::Snippet | Spelling::Braces => true,
                };
                let lead = Lead { first: before, ..lead };
                let line = (path, &lines[*place]);
                taken +=
                    usize::from(may_ask && self.take(line, asked, lead, fence.is_some(), open));
            }
            let passed = if taken > 0 { 0 } else { count };
            for line in &lines[at..at + passed] {
                fence = after(fence, &line.text);
                self.push(line, before, lead.depth);
            }
            at += count;
        }
    }

    fn push(&mut self, line: &Line<'a>, before: &str, depth: u8) {
        if depth == 0 {
            self.out.push(line.clone());
            return;
        }
        let text = format!("{before}{}", masked_shortcodes(&line.text));
        self.out.push(Line { depth, ..line.rewritten(text, before.len(), 0) });
    }

    /// Takes in what a line asks for; whether it could.
    fn take(
        &mut self,
        (path, line): (&FilePath, &Line<'a>),
        asked: &IncludeRequest<'_>,
        lead: Lead<'_>,
        in_code: bool,
        open: &mut Vec<FilePath>,
    ) -> bool {
        let place = line.start + asked.range.start..line.start + asked.range.end;
        let at = Location::new(self.taken.host, place);
        let is_it = |held: &&Inclusion| held.by == *path && held.typed == asked.target;
        let Some(inclusion) = self.taken.inclusions.iter().find(is_it) else {
            // What is a link otherwise is reported as that, and code may show how it is done.
            if !in_code && matches!(asked.spelling, Spelling::Snippet | Spelling::Braces) {
                self.found.push(links::broken_link(at, asked.target, None, None));
            }
            return false;
        };
        if open.contains(&inclusion.path) {
            self.found.push(content::included_in_itself(at, asked.target));
            return false;
        }
        if self.count == MOST || lead.depth == DEEPEST || self.out.len() > MOST_LINES {
            self.found.push(content::too_much_included(at, asked.target));
            return false;
        }
        self.count += 1;
        let part = match self.part(&inclusion.path, asked, &at) {
            Ok(part) => part,
            Err(wrong) => {
                // The line stays a link then, and says the same of a page that is published.
                let is_link = matches!(asked.spelling, Spelling::Link | Spelling::Embed);
                if !is_link || inclusion.path.is_hidden() {
                    self.found.push(wrong);
                }
                return false;
            }
        };
        let typed = &line.text[..asked.lead];
        let blank =
            |letter: char| if letter == '>' || letter.is_whitespace() { letter } else { ' ' };
        let first = format!("{}{typed}", lead.first);
        let rest: String = first.chars().map(blank).collect();
        open.push(inclusion.path.clone());
        let lead = Lead { first: &first, rest: &rest, depth: lead.depth + 1 };
        match asked.code {
            None => self.file(&inclusion.path, &part, lead, open),
            Some(language) => {
                let fence = |text: String| Line { depth: lead.depth, ..line.rewritten(text, 0, 0) };
                self.out.push(fence(format!("{first}{FENCE}{language}")));
                self.file(&inclusion.path, &part, Lead { first: &rest, ..lead }, open);
                self.out.push(fence(format!("{rest}{FENCE}")));
            }
        }
        open.pop();
        true
    }

    /// The lines of the part that is asked for.
    fn part(
        &mut self,
        path: &FilePath,
        asked: &IncludeRequest<'_>,
        at: &Location,
    ) -> Result<Vec<Line<'a>>, Diagnostic> {
        let files = self.taken.included;
        let index = files.iter().position(|file| file.path == *path).unwrap_or_default();
        let (start, end) = self.range(index);
        let all = lines(&self.taken.whole[start..end], start);
        let body = start + files[index].meta.range.end;
        let missing = |name: &str, near: Option<&str>| {
            links::broken_anchor(at.clone(), name, Some(path), near)
        };
        let kept: Vec<Line<'a>> = match asked.part {
            IncludedPart::Whole => all.iter().filter(|line| line.start >= body).cloned().collect(),
            IncludedPart::Lines(first, last) => {
                let count = last.saturating_sub(first).saturating_add(1);
                all.iter().skip(first - 1).take(count).cloned().collect()
            }
            IncludedPart::Marked(name) => marked(&all, name).ok_or_else(|| missing(name, None))?,
            IncludedPart::Between(after, before) => {
                let holds = |name: &str| {
                    let found = all.iter().position(|line| line.text.contains(name));
                    found.ok_or_else(|| missing(name, None))
                };
                let first = after.map_or(Ok(0), |name| holds(name).map(|at| at + 1))?;
                let last = before.map_or(Ok(all.len()), holds)?;
                let within = all.get(first..last).unwrap_or_default();
                within.iter().filter(|line| line.start >= body).cloned().collect()
            }
            IncludedPart::Section(typed) => {
                let name = percent_decode_str(typed).decode_utf8_lossy().into_owned();
                let block = name.strip_prefix('^').and_then(|id| block(&all, id));
                match block.or_else(|| self.section(index, &name)) {
                    Some((from, to)) => {
                        let inside = |line: &&Line<'_>| (from..to).contains(&line.start);
                        all.iter().filter(inside).cloned().collect()
                    }
                    None => marked(&all, &name).ok_or_else(|| {
                        let known = self.outlines[&index].iter().map(|held| held.anchor.as_str());
                        missing(&name, nearest(&name, known))
                    })?,
                }
            }
        };
        if asked.part != IncludedPart::Whole {
            let is_other = |line: &&Line<'_>| kept.iter().all(|held| held.start != line.start);
            let definitions = all.iter().filter(|line| is_definition(&line.text)).filter(is_other);
            self.definitions.extend(definitions.map(|line| (line.start, line.clone())));
        }
        let kept: Vec<Line<'a>> =
            kept.into_iter().filter(|line| mark(&line.text).is_none()).collect();
        let is_blank = |line: &Line<'_>| line.text.trim().is_empty();
        let first = kept.iter().position(|line| !is_blank(line)).unwrap_or(kept.len());
        let last = kept.iter().rposition(|line| !is_blank(line)).map_or(first, |last| last + 1);
        Ok(kept[first..last].to_vec())
    }

    /// Where the text of an included file begins and ends.
    fn range(&self, index: usize) -> (usize, usize) {
        let files = self.taken.included;
        let end = files.get(index + 1).map_or(self.taken.whole.len(), |next| next.start - 1);
        (files[index].start, end)
    }

    /// Where the section of a heading begins and ends, by its anchor or text.
    fn section(&mut self, index: usize, name: &str) -> Option<(usize, usize)> {
        let (start, end) = self.range(index);
        let body = self.taken.included[index].meta.range.end;
        let (whole, permissions) = (self.taken.whole, self.taken.permissions);
        let outline = self.outlines.entry(index).or_insert_with(|| {
            let read = markdown(&Source::new(&whole[start..end], body), permissions, None);
            let headings = read.headings.into_iter().zip(read.heading_ranges);
            let titled = headings.map(|(heading, range)| Titled {
                text: heading.full_text(),
                level: heading.level,
                start: start + whole[start..][..range.start].rfind('\n').map_or(0, |at| at + 1),
                anchor: heading.anchor,
            });
            titled.collect()
        });
        // In a vault a heading may be named with those above it.
        let text = name.rsplit('#').next().unwrap_or(name).trim();
        let place = outline
            .iter()
            .position(|held| held.anchor == name)
            .or_else(|| outline.iter().position(|held| held.text.eq_ignore_ascii_case(text)))?;
        let level = outline[place].level;
        let next = outline[place + 1..].iter().find(|next| next.level <= level);
        Some((outline[place].start, next.map_or(end, |next| next.start)))
    }
}

/// Where the block of an id begins and ends that Obsidian's ` ^id` gives it: an item of a list, or all lines up to the
/// blank ones around it.
fn block(all: &[Line<'_>], id: &str) -> Option<(usize, usize)> {
    let is_blank = |line: &Line<'_>| line.text.trim().is_empty();
    let place =
        all.iter().position(|line| block_id(&line.text).is_some_and(|(_, own)| own == id))?;
    let is_alone = block_id(&all[place].text).is_some_and(|(before, _)| before.trim().is_empty());
    let is_item = lead(&all[place].text) > lead_of_blanks(&all[place].text);
    let mut last = place;
    while is_alone && last > 0 && (last == place || is_blank(&all[last])) {
        last -= 1;
    }
    let mut first = last;
    while !is_item && first > 0 && !is_blank(&all[first - 1]) {
        first -= 1;
    }
    let end = all.get(last + 1).map_or(usize::MAX, |next| next.start);
    Some((all[first].start, end))
}

/// What stands between two marks of a name.
fn marked<'a>(all: &[Line<'a>], name: &str) -> Option<Vec<Line<'a>>> {
    let first = all.iter().position(|line| mark(&line.text) == Some((name, true)))?;
    let length =
        all[first + 1..].iter().position(|line| mark(&line.text) == Some((name, false)))?;
    Some(all[first + 1..first + 1 + length].to_vec())
}

/// Whether a line defines what a reference link leads to, or what a note says.
fn is_definition(text: &str) -> bool {
    let rest = text.trim_start();
    text.len() - rest.len() < 4
        && rest.starts_with('[')
        && rest.split_once("]:").is_some_and(|(label, to)| {
            label.len() > 1 && !label[1..].contains(['[', ']']) && !to.trim().is_empty()
        })
}

/// The fence that is open behind a line.
fn after(fence: Option<(u8, usize)>, text: &str) -> Option<(u8, usize)> {
    let text = text.trim_start_matches([' ', '\t', '>', '-', '*', '+']);
    let text =
        text.trim_start_matches(|letter: char| letter.is_ascii_digit() || ". )".contains(letter));
    let letter = text.bytes().next().filter(|letter| b"`~".contains(letter));
    let run = letter.map_or(0, |letter| text.bytes().take_while(|byte| *byte == letter).count());
    let rest = &text[run..];
    match (fence, letter) {
        (Some((open, length)), Some(letter)) => {
            let closes = letter == open && run >= length && rest.trim().is_empty();
            (!closes).then_some((open, length))
        }
        (Some(fence), None) => Some(fence),
        (None, Some(letter)) if run >= 3 && !(letter == b'`' && rest.contains('`')) => {
            Some((letter, run))
        }
        (None, _) => None,
    }
}

/// Whether a link is a paragraph of its own.
fn is_alone(lines: &[Line<'_>], at: usize, asked: &IncludeRequest<'_>) -> bool {
    let begins_item = |text: &str| {
        text.contains(|letter: char| letter.is_ascii_digit() || "-*+".contains(letter))
    };
    let lead = &lines[at].text[..asked.lead];
    let is_apart = |line: Option<&Line<'_>>| {
        line.is_none_or(|line| {
            let text = line.text.trim().trim_start_matches(['>', ' ']);
            let next = request(&line.text);
            text.is_empty()
                || text.starts_with('#')
                || text.starts_with("```")
                || next.as_ref().is_some_and(|next| begins_item(&line.text[..next.lead]))
                || next.is_some_and(|next| next.spelling == asked.spelling)
                || (text.starts_with(['-', '*', '+']) && text[1..].starts_with(' '))
                || (text.starts_with(|first: char| first.is_ascii_digit())
                    && (text.contains(". ") || text.contains(") ")))
        })
    };
    let before = at.checked_sub(1).and_then(|before| lines.get(before));
    (begins_item(lead) || is_apart(before)) && is_apart(lines.get(at + 1))
}

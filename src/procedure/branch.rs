//! "If the queue is empty, go to [Restart](#restart)": what a passage or a row of a table says to go on with, and where.
//!
//! A clause is a branch if it names a condition and something to go to: a link into the site, a step by its number, or
//! a section by its name in brackets or quotes. What a clause names that is not there is a mistake of its own.

use std::ops::Range;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location, commands as mistakes};
use crate::parse::template_section::section_key;
use crate::parse::{Heading, Link};
use crate::resolve::{Page, Target};

use super::model::{Branch, Destination, ProcedureSection, Step, destination};
use super::read::procedures;
use super::words::{CONDITION, GO, IF, MOVE, OTHERWISE, STEP, WordSet, begins, find, holds};

/// The branches of a page that lead nowhere; a link that does is reported as a link.
pub fn lost_branches(config: &Config, page: &Page, text: &str) -> Vec<Diagnostic> {
    let document = &page.document;
    let may_branch = |text: &str| {
        text.contains('[')
            || text.contains('"')
            || (text.contains(|letter: char| letter.is_numeric()) && holds(&lower(text), &STEP))
    };
    if !document.passages.iter().any(|passage| may_branch(document.passage_text(passage))) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for procedure in procedures(config, page) {
        let steps = procedure.steps.iter().flat_map(|step| &step.branches);
        for branch in steps.chain(&procedure.branches) {
            let Destination::Nowhere(typed) = &branch.to else { continue };
            let is_link =
                |link: &Link| branch.range.contains(&link.range.start) && link.address == *typed;
            if document.links.iter().any(is_link) {
                continue;
            }
            let passage = text.get(branch.range.clone()).unwrap_or_default();
            let place = lower(passage).find(&lower(typed)).map(|at| branch.range.start + at);
            let at = place
                .map_or_else(|| first_line(passage, branch.range.start), |at| at..at + typed.len());
            found.push(mistakes::branch_leads_nowhere(Location::new(&document.path, at), typed));
        }
    }
    found
}

fn first_line(passage: &str, start: usize) -> Range<usize> {
    start..start + passage.lines().next().unwrap_or_default().len()
}

/// What a passage is read with.
pub(super) struct BranchPassage<'a> {
    /// The page that it stands on: where a branch goes is looked up among its sections.
    pub(super) page: &'a Page,
    /// Its plain text.
    pub(super) text: &'a str,
    /// Its links, each with its place in the text.
    pub(super) links: Vec<(Range<usize>, usize)>,
    /// Its place in the file.
    pub(super) range: Range<usize>,
}

/// The branches of a passage. Steps are named by what was typed until [`settle`] knows them.
pub(super) fn branches(passage: &BranchPassage<'_>) -> Vec<Branch> {
    if !may_lead(passage, &(0..passage.text.len())) {
        return Vec::new();
    }
    clauses(passage).into_iter().filter_map(|clause| branch(passage, clause)).collect()
}

/// Whether a part of a passage holds what anything that it leads to is named with: a link, a digit, a bracket or quote.
/// Most text does not, and need not be searched for words.
fn may_lead(passage: &BranchPassage<'_>, part: &Range<usize>) -> bool {
    let text = passage.text.get(part.clone()).unwrap_or_default();
    text.bytes().any(|byte| byte.is_ascii_digit() || matches!(byte, b'[' | b'"'))
        || passage.links.iter().any(|(at, _)| part.contains(&at.start))
        || (!text.is_ascii() && text.contains(['“', '„', '«', '「']))
}

/// The branches of a row of a table: the cells, and what the first cell of the table's head says.
pub(super) fn row_branches(cells: &[BranchPassage<'_>], head: &str) -> Vec<Branch> {
    let Some(first) = cells.first() else { return Vec::new() };
    if !cells.iter().any(|cell| may_lead(cell, &(0..cell.text.len()))) {
        return Vec::new();
    }
    let is_conditional = begins(&lower(first.text), &IF).is_some()
        || begins(&lower(first.text), &OTHERWISE).is_some()
        || begins(&lower(head), &CONDITION).is_some();
    if !is_conditional || cells.len() < 2 {
        return cells.iter().flat_map(branches).collect();
    }
    let mut found = Vec::new();
    for cell in &cells[1..] {
        let whole = 0..cell.text.len();
        let Some((to, _)) = target(cell, &whole, true) else { continue };
        found.push(Branch {
            condition: without_if(first.text).to_owned(),
            to,
            range: cell.range.clone(),
        });
    }
    found
}

/// Lets each branch that names a step lead to it: in its own list, else in its section, else in another of the page.
pub(super) fn settle(sections: &mut [ProcedureSection]) {
    let known: Vec<Vec<KnownStep>> = sections.iter().map(known).collect();
    for (place, section) in sections.iter_mut().enumerate() {
        // Those that follow come before those that stand above.
        let others = || (place + 1..known.len()).chain((0..place).rev());
        let settle = |branch: &mut Branch, list: Option<u32>| {
            let Destination::Step(typed) = &branch.to else { return };
            let own = numbered(&known[place], typed, list).map(Destination::Step);
            let elsewhere = || {
                let found =
                    others().find_map(|other| Some((other, numbered(&known[other], typed, None)?)));
                found.map(|(other, number)| Destination::StepOf(known[other][0].section, number))
            };
            let to = own.or_else(elsewhere).unwrap_or_else(|| Destination::Nowhere(typed.clone()));
            branch.to = to;
        };
        for step in &mut section.steps {
            let list = step.list;
            step.branches.iter_mut().for_each(|branch| settle(branch, list));
        }
        section.branches.iter_mut().for_each(|branch| settle(branch, None));
    }
}

/// A step as other steps name it.
struct KnownStep {
    section: Option<u32>,
    list: Option<u32>,
    typed: Option<u32>,
    number: String,
}

fn known(section: &ProcedureSection) -> Vec<KnownStep> {
    let known = |step: &Step| KnownStep {
        section: section.heading,
        list: step.list,
        typed: step.typed,
        number: step.number.clone(),
    };
    section.steps.iter().map(known).collect()
}

/// The number of the step that "step 3" means.
fn numbered(known: &[KnownStep], typed: &str, list: Option<u32>) -> Option<String> {
    let is_number = |letter: &char| letter.is_ascii_digit() || *letter == '.';
    let digits: String = typed.chars().filter(is_number).collect();
    let digits = digits.trim_matches('.');
    let wanted = digits.parse::<u32>().ok();
    let typed_so = |one: &&KnownStep| wanted.is_some() && one.typed == wanted;
    let here = known.iter().filter(typed_so).find(|one| list.is_some() && one.list == list);
    let step = here
        .or_else(|| known.iter().find(|one| one.number == digits))
        .or_else(|| known.iter().find(typed_so));
    step.map(|one| one.number.clone())
}

/// The text in lower case, byte for byte as long.
fn lower(text: &str) -> String {
    let lower = text.to_lowercase();
    if lower.len() == text.len() { lower } else { text.to_ascii_lowercase() }
}

/// The clauses of a passage that may name a condition each and lead somewhere: sentences, and what "otherwise" begins.
fn clauses(passage: &BranchPassage<'_>) -> Vec<Range<usize>> {
    let text = passage.text;
    let mut borders = vec![0];
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        let ends = matches!(letter, '。' | '；' | '！' | '？')
            || (matches!(letter, '.' | '!' | '?' | ';') && next.is_none_or(char::is_whitespace));
        if ends {
            borders.push(at + letter.len_utf8());
        }
    }
    borders.push(text.len());
    let mut found = Vec::new();
    for pair in borders.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        if !may_lead(passage, &(start..end)) {
            continue;
        }
        let sentence = lower(&text[start..end]);
        match find(&sentence, &OTHERWISE).filter(|(at, _)| *at > 0 && sentence[..*at].trim() != "")
        {
            // "If not" may begin the sentence itself.
            Some((at, _)) if text.is_char_boundary(start + at) => {
                found.push(start..start + at);
                found.push(start + at..end);
            }
            _ => found.push(start..end),
        }
    }
    found
}

fn branch(passage: &BranchPassage<'_>, clause: Range<usize>) -> Option<Branch> {
    let text = &passage.text[clause.clone()];
    let skipped =
        text.len() - text.trim_start_matches(|letter: char| !letter.is_alphanumeric()).len();
    let clause = clause.start + skipped..clause.end;
    let text = &passage.text[clause.clone()];
    let small = lower(text);
    let branch = |condition: &str, to| {
        let condition = without_if(condition).to_owned();
        Some(Branch { condition, to, range: passage.range.clone() })
    };
    if let Some((arrow, length)) = arrow(text) {
        let behind = clause.start + arrow + length..clause.end;
        let (to, _) = target(passage, &behind, true)?;
        return branch(&text[..arrow], to);
    }
    if begins(&small, &OTHERWISE).is_some() {
        let (to, _) = target(passage, &clause, false)?;
        return branch("", to);
    }
    if begins(&small, &IF).is_some() {
        let (to, at) = target(passage, &clause, false)?;
        let before = small.get(..at - clause.start)?;
        let end = last(before, &GO).unwrap_or(before.len());
        return branch(text.get(..end)?, to);
    }
    begins(&small, &GO)?;
    let (at, _) = find(&small, &IF)?;
    let (to, _) = target(passage, &(clause.start..clause.start + at), false)?;
    branch(text.get(at..)?, to)
}

/// What stands for "leads to" without words.
fn arrow(text: &str) -> Option<(usize, usize)> {
    let places =
        ["→", "⇒", "=>", "->"].iter().filter_map(|mark| Some((text.find(mark)?, mark.len())));
    places.filter(|(at, _)| *at > 0).min()
}

/// Where the last word of a list stands in a text in lower case.
fn last(text: &str, words: &WordSet) -> Option<usize> {
    let (mut from, mut found) = (0, None);
    while let Some((at, length)) = find(&text[from..], words) {
        found = Some(from + at);
        from += at + length;
    }
    found
}

/// A condition without the word that makes it one and what joins it to its consequence.
fn without_if(text: &str) -> &str {
    let text = text.trim();
    let small = lower(text);
    let length =
        begins(&small, &OTHERWISE).map(|_| text.len()).or_else(|| begins(&small, &IF)).unwrap_or(0);
    let joins = |letter: char| letter.is_whitespace() || ",;:.、，：…–—-→=>?".contains(letter);
    let text = text.get(length..).unwrap_or_default().trim_matches(joins);
    let without_then = ["then", "please", "dann", "alors", "entonces", "então", "allora", "dan"]
        .iter()
        .find_map(|word| text.strip_suffix(word).filter(|rest| rest.ends_with([' ', ','])));
    without_then.unwrap_or(text).trim_end_matches(joins)
}

/// What a part of a passage leads to, with where it says so; what is `bare` need not say "go to" before a link.
fn target(
    passage: &BranchPassage<'_>,
    part: &Range<usize>,
    bare: bool,
) -> Option<(Destination, usize)> {
    let text = passage.text.get(part.clone())?;
    let small = lower(text);
    for (at, index) in passage.links.iter().filter(|(at, _)| part.contains(&at.start)) {
        let link = &passage.page.document.links[*index];
        let followed = &passage.page.links[*index];
        let before = small.get(..at.start - part.start)?;
        let leads = bare
            || last(before, &GO).is_some()
            || before.trim_end().ends_with([',', ':', '→', '–', '，', '：']);
        let inside = followed.target != Target::External && followed.target != Target::Refused;
        if leads && inside && !link_is_image(link) {
            return Some((
                destination(&followed.target, &followed.suffix, &link.address),
                at.start,
            ));
        }
    }
    let (go, length) = match find(&small, &GO) {
        Some(found) => found,
        None if bare => (0, 0),
        None => return None,
    };
    if let Some((at, typed)) = step(small.get(go + length..)?) {
        return Some((Destination::Step(typed), part.start + go + length + at));
    }
    let (go, length) = find(&small, &MOVE)?;
    let (at, name) = named(text.get(go + length..)?)?;
    Some((section(passage.page, name), part.start + go + length + at))
}

fn link_is_image(link: &Link) -> bool {
    link.kind.embeds()
}

/// "step 3", with where it stands.
fn step(text: &str) -> Option<(usize, String)> {
    let (at, length) = find(text, &STEP)?;
    let behind = &text[at + length..];
    let number = behind.trim_start_matches([' ', '\u{a0}', '#']);
    let digits = number.len()
        - number.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.').len();
    let number = number[..digits].trim_end_matches('.');
    let end = at
        + length
        + (behind.len() - behind.trim_start_matches([' ', '\u{a0}', '#']).len())
        + number.len();
    number
        .starts_with(|letter: char| letter.is_ascii_digit())
        .then(|| (at, text[at..end].to_owned()))
}

/// A name in brackets or quotes that a text begins with, but for a word or two.
fn named(text: &str) -> Option<(usize, &str)> {
    // "go to the section" stands before it; a longer name is a sentence that is quoted.
    const FAR: usize = 24;
    const LONGEST: usize = 120;
    let pairs = [('[', ']'), ('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('「', '」')];
    let (at, open) = text
        .char_indices()
        .take(FAR)
        .find(|(_, letter)| pairs.iter().any(|(open, _)| open == letter))?;
    let close = pairs.iter().find(|(known, _)| *known == open)?.1;
    let inner = &text[at + open.len_utf8()..];
    let name = &inner[..inner.find(close)?];
    let is_name =
        !name.trim().is_empty() && name.len() <= LONGEST && !inner[name.len()..].starts_with("](");
    is_name.then_some((at, name))
}

/// The section of a page that is called so.
fn section(page: &Page, name: &str) -> Destination {
    let key = section_key(name);
    let is_called = |heading: &&Heading| {
        section_key(&heading.text) == key || section_key(&heading.full_text()) == key
    };
    match page.document.headings.iter().find(is_called) {
        Some(heading) => Destination::Section(heading.anchor.clone()),
        None => Destination::Nowhere(name.to_owned()),
    }
}

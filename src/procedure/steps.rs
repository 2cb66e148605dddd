//! The layout of a page becomes sections with steps.
//!
//! Items of ordered lists and of checklists are steps; so are the items of other lists that hold code, or that stand
//! in a section that mitigates. A block of commands outside of any step is one, with the paragraph before it. All
//! other text goes to the step that it follows, or before the first step to the introduction, so that none is lost.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::config::Config;
use crate::parse::layout::{Container, LayoutPart};
use crate::parse::{CodeSpan, Link};
use crate::resolve::Page;
use crate::text::single_spaced;

use super::answer::mitigates;
use super::branch::{self, BranchPassage};
use super::command::{CodeRole, code, inline, is_output};
use super::model::{Branch, Command, Destination, Example, ProcedureSection, Step, destination};
use super::words::{EXPECT, WARNING, begins, holds};

/// Every section of a page, whether it says what to do or not.
pub(super) fn sections(config: &Config, page: &Page) -> Vec<ProcedureSection> {
    let layout = &page.document.layout;
    let mut reader = StepReader::new(config, page);
    for (index, part) in layout.iter().enumerate() {
        reader.part(index, *part);
    }
    reader.finish();
    branch::settle(&mut reader.done);
    reader.done
}

/// A container that is open.
struct StepFrame {
    container: Container,
    /// The step that it is, if it is one.
    step: Option<usize>,
    /// Whether its items are steps.
    has_steps: bool,
    /// Which list of the page it is.
    list: u32,
    /// The number that its next item was typed with.
    typed: Option<u32>,
    /// The number of the last step inside of it.
    last: u32,
}

/// A paragraph of which it is not known yet what it belongs to.
struct Pending {
    text: String,
    links: Vec<Destination>,
    branches: Vec<Branch>,
    commands: Vec<Command>,
    range: Range<usize>,
}

struct StepReader<'a> {
    page: &'a Page,
    answers: &'a [String],
    /// What the page's agent is called, which tools fill in where a template leaves room for it.
    agent_names: Vec<&'a str>,
    /// Steps of the section that hold what is still the template's.
    unwritten: BTreeSet<usize>,
    /// For each container by the place where it opens: whether it holds code.
    holds_code: Vec<bool>,
    /// Links and inline code in the order of the file.
    links: Vec<(usize, &'a Link)>,
    spans: Vec<&'a CodeSpan>,
    frames: Vec<StepFrame>,
    section: ProcedureSection,
    mitigates: bool,
    pending: Vec<Pending>,
    warnings: Vec<String>,
    /// Whether nothing but containers stands between the last code and here.
    after_code: bool,
    /// The number of the last step that is in no other.
    last: u32,
    lists: u32,
    /// The passages of the row that is open, and the first cell of the table's head.
    row: Vec<u32>,
    head: String,
    done: Vec<ProcedureSection>,
}

/// The first words of a text in lower case, as many as any word of a list has.
fn beginning(text: &str) -> String {
    // The longest word of a list has fewer letters, so that a long text is not put in lower case as a whole.
    const MOST: usize = 48;
    let end = text.char_indices().nth(MOST).map_or(text.len(), |(at, _)| at);
    text[..end].to_lowercase()
}

impl<'a> StepReader<'a> {
    fn new(config: &'a Config, page: &'a Page) -> StepReader<'a> {
        let document = &page.document;
        let mut links: Vec<(usize, &Link)> = document.links.iter().enumerate().collect();
        links.sort_by_key(|(_, link)| link.whole.start);
        let mut spans: Vec<&CodeSpan> = document.code_spans.iter().collect();
        spans.sort_by_key(|span| span.range.start);
        StepReader {
            page,
            answers: &config.alerts.answer_sections,
            agent_names: document.meta.agent_names(),
            unwritten: BTreeSet::new(),
            holds_code: holds_code(&document.layout),
            links,
            spans,
            frames: Vec::new(),
            section: ProcedureSection {
                range: document.meta.range.end..document.meta.range.end,
                ..ProcedureSection::default()
            },
            mitigates: false,
            pending: Vec::new(),
            warnings: Vec::new(),
            after_code: false,
            last: 0,
            lists: 0,
            row: Vec::new(),
            head: String::new(),
            done: Vec::new(),
        }
    }

    fn part(&mut self, index: usize, part: LayoutPart) {
        match part {
            LayoutPart::Heading(index) => self.heading(index),
            LayoutPart::Passage(index) => self.passage(index),
            LayoutPart::Code(index) => self.code(index),
            LayoutPart::Open(container) => self.open(index, container),
            LayoutPart::Close => self.close(),
        }
    }

    fn heading(&mut self, index: u32) {
        let heading = &self.page.document.headings[index as usize];
        let range = self.page.document.heading_ranges[index as usize].clone();
        // A heading within a list or quote belongs to what it stands in.
        if !self.frames.is_empty() {
            self.note(heading.full_text(), range);
            return;
        }
        self.finish();
        self.mitigates = mitigates(heading, self.answers);
        self.section =
            ProcedureSection { heading: Some(index), range, ..ProcedureSection::default() };
    }

    /// Ends the section that is being read.
    fn finish(&mut self) {
        self.flush();
        let warnings = std::mem::take(&mut self.warnings);
        match self.section.steps.last_mut() {
            Some(step) => step.warnings.extend(warnings),
            None => self.section.introduction.extend(warnings),
        }
        let mut section = std::mem::take(&mut self.section);
        for step in std::mem::take(&mut self.unwritten).into_iter().rev() {
            let is_empty = |step: &Step| step.text.is_empty() && step.commands.is_empty();
            if section.steps.get(step).is_some_and(is_empty) {
                section.steps.remove(step);
            }
        }
        self.done.push(section);
        self.after_code = false;
        self.last = 0;
    }

    fn open(&mut self, index: usize, container: Container) {
        let mut frame =
            StepFrame { container, step: None, has_steps: false, list: 0, typed: None, last: 0 };
        match container {
            Container::List { first } => {
                self.lists += 1;
                frame.list = self.lists;
                frame.typed = first;
                frame.has_steps = first.is_some()
                    || self.holds_code[index]
                    || self.page.document.layout.get(index + 1)
                        == Some(&LayoutPart::Open(Container::Item { is_task: true }))
                    || (self.mitigates && self.step().is_none());
                if frame.has_steps && self.step().is_none() {
                    self.before_list();
                }
            }
            Container::Item { .. } => {
                let list = self.frames.last_mut().filter(|list| list.has_steps);
                let of = list.map(|list| {
                    let typed = list.typed;
                    list.typed = typed.map(|typed| typed.saturating_add(1));
                    (list.list, typed)
                });
                if let Some((list, typed)) = of {
                    frame.step = Some(self.new_step(Some(list), typed));
                }
            }
            Container::Table => self.head.clear(),
            _ => {}
        }
        self.frames.push(frame);
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        if let Container::Row { is_header } = frame.container {
            self.end_row(is_header);
        }
    }

    /// The step that is open, if one is.
    fn step(&self) -> Option<usize> {
        self.frames.iter().rev().find_map(|frame| frame.step)
    }

    /// Adds a step where the text is now, in the step that is open.
    fn new_step(&mut self, list: Option<u32>, typed: Option<u32>) -> usize {
        let outer = self.frames.iter().rposition(|frame| frame.step.is_some());
        let taken = match outer {
            Some(index) => &mut self.frames[index].last,
            None => &mut self.last,
        };
        *taken = typed
            .filter(|typed| typed > taken || (*taken == 0 && *typed == 0))
            .unwrap_or(*taken + 1);
        let number = *taken;
        let number = match outer.and_then(|index| self.frames[index].step) {
            Some(step) => format!("{}.{number}", self.section.steps[step].number),
            None => number.to_string(),
        };
        let warnings = std::mem::take(&mut self.warnings);
        self.section.steps.push(Step {
            number,
            typed,
            is_ordered: typed.is_some() || list.is_none(),
            warnings,
            list,
            ..Step::default()
        });
        self.section.steps.len() - 1
    }

    fn passage(&mut self, index: u32) {
        let document = &self.page.document;
        let passage = &document.passages[index as usize];
        self.extend_to(&passage.range());
        if self.page.guidance.is_unchanged(document.passage_text(passage), &self.agent_names) {
            self.unwritten.extend(self.step());
            return;
        }
        let inside = |wanted: fn(&Container) -> bool| {
            self.frames.iter().any(|frame| wanted(&frame.container))
        };
        if inside(|container| *container == Container::Note) {
            return;
        }
        if inside(|container| matches!(container, Container::Row { .. })) {
            self.row.push(index);
            return;
        }
        let warns = inside(|container| matches!(container, Container::Callout { warns: true }));
        let read = self.read(index);
        if warns || begins(&beginning(&read.text), &WARNING).is_some() {
            self.warn(&read);
        }
        if warns {
            return;
        }
        let in_item =
            self.frames.iter().any(|frame| matches!(frame.container, Container::Item { .. }));
        match self.step() {
            Some(step) => {
                let own = self
                    .frames
                    .iter()
                    .rposition(|frame| frame.step.is_some())
                    .map_or(0, |index| index + 1);
                let bullet = self.frames[own..]
                    .iter()
                    .any(|frame| matches!(frame.container, Container::Item { .. }));
                self.give(step, read, if bullet { "- " } else { "" });
            }
            None if in_item => self.aside(read),
            None => self.pending.push(read),
        }
    }

    fn warn(&mut self, read: &Pending) {
        match self.step() {
            Some(step) => self.section.steps[step].warnings.push(read.text.clone()),
            None => self.warnings.push(read.text.clone()),
        }
    }

    /// Reads a passage with what it holds.
    fn read(&self, index: u32) -> Pending {
        let passage = self.with_links(index);
        let branches = branch::branches(&passage);
        let range = passage.range.clone();
        let first = self.spans.partition_point(|span| span.range.start < range.start);
        let spans = self.spans[first..].iter().take_while(|span| span.range.start < range.end);
        let commands = spans.filter_map(|span| inline(&span.text, &span.range)).collect();
        let links = passage.links.iter().map(|(_, index)| {
            let (link, followed) = (&self.page.document.links[*index], &self.page.links[*index]);
            destination(&followed.target, &followed.suffix, &link.address)
        });
        Pending { links: links.collect(), branches, commands, text: passage.text.to_owned(), range }
    }

    /// A passage with where its links stand in its text.
    fn with_links(&self, index: u32) -> BranchPassage<'a> {
        let document = &self.page.document;
        let passage = &document.passages[index as usize];
        let (text, range) = (document.passage_text(passage), passage.range());
        let first =
            self.links.partition_point(|(_, link)| (link.whole.start as usize) < range.start);
        let inside = self.links[first..]
            .iter()
            .take_while(|(_, link)| (link.whole.start as usize) < range.end);
        let mut from = 0;
        let mut links = Vec::new();
        for (index, link) in inside {
            let shown = single_spaced(&link.text);
            let at = text[from..].find(&*shown).map_or(from, |at| from + at);
            from = if text[at..].starts_with(&*shown) { at + shown.len() } else { at };
            links.push((at..from, *index));
        }
        BranchPassage { page: self.page, text, links, range }
    }

    /// Adds what a passage says to a step.
    fn give(&mut self, step: usize, read: Pending, before: &str) {
        let step = &mut self.section.steps[step];
        if !step.text.is_empty() {
            step.text.push('\n');
        }
        step.text.push_str(before);
        step.text.push_str(&read.text);
        step.links.extend(read.links);
        step.branches.extend(read.branches);
        step.commands.extend(read.commands);
        widen(&mut step.range, &read.range);
    }

    /// What is said beside the steps: it goes to the step before it.
    fn aside(&mut self, read: Pending) {
        self.flush();
        if let Some(last) = self.section.steps.len().checked_sub(1) {
            self.give(last, read, "- ");
        } else {
            self.section.branches.extend(read.branches);
            self.section.introduction.push(format!("- {}", read.text));
        }
    }

    fn note(&mut self, text: String, range: Range<usize>) {
        let read =
            Pending { text, links: Vec::new(), branches: Vec::new(), commands: Vec::new(), range };
        match self.step() {
            Some(step) => self.give(step, read, ""),
            None => self.pending.push(read),
        }
    }

    /// Gives the paragraphs that wait to what stands before them.
    fn flush(&mut self) {
        for read in std::mem::take(&mut self.pending) {
            match self.section.steps.len().checked_sub(1) {
                Some(last) => self.give(last, read, ""),
                None if read.commands.is_empty() => {
                    self.section.branches.extend(read.branches);
                    self.section.introduction.push(read.text);
                }
                // A sentence with a command in it is a step.
                None => {
                    let step = self.new_step(None, None);
                    self.give(step, read, "");
                }
            }
        }
        self.after_code = false;
    }

    /// What stands before a list of steps belongs to the steps before it, or introduces the list.
    fn before_list(&mut self) {
        self.flush();
    }

    fn code(&mut self, index: u32) {
        let block = &self.page.document.code_blocks[index as usize];
        self.extend_to(&block.range);
        if self.frames.iter().any(|frame| frame.container == Container::Note) {
            return;
        }
        let read = code(block);
        let step = match self.step() {
            Some(step) => Some(step),
            None => self.step_for(&read),
        };
        self.after_code = true;
        match (step, read) {
            (Some(step), read) => self.attach(step, read, &block.range),
            (None, CodeRole::Example(example)) => self.section.introduction.push(example.text),
            (None, CodeRole::Commands(_)) => {}
        }
    }

    /// The step that code outside of any list belongs to.
    fn step_for(&mut self, read: &CodeRole) -> Option<usize> {
        let last = self.section.steps.len().checked_sub(1);
        let says_expected = |pending: &Pending| holds(&pending.text.to_lowercase(), &EXPECT);
        if let (Some(last), CodeRole::Example(example)) = (last, read) {
            let waits = self.section.steps[last]
                .commands
                .last()
                .is_some_and(|command| command.expect.is_none());
            if waits
                && (self.pending.is_empty()
                    || (is_output(&example.language) && self.pending.iter().all(says_expected)))
            {
                self.flush();
                return Some(last);
            }
        }
        if self.pending.is_empty() && last.is_some() {
            return last;
        }
        if matches!(read, CodeRole::Example(_)) && last.is_none() && !self.mitigates {
            self.flush();
            return None;
        }
        let mut waiting = std::mem::take(&mut self.pending);
        let own = match last {
            // The last paragraph before the first commands says what they are for.
            None => waiting.split_off(waiting.len().saturating_sub(1)),
            Some(last) => {
                let expected = waiting.first().filter(|first| {
                    self.after_code && waiting_more(&waiting) && says_expected(first)
                });
                if expected.is_some() {
                    let first = waiting.remove(0);
                    self.give(last, first, "");
                }
                std::mem::take(&mut waiting)
            }
        };
        self.pending = waiting;
        self.flush();
        let step = self.new_step(None, None);
        for read in own {
            self.give(step, read, "");
        }
        Some(step)
    }

    /// Adds code to a step; what follows commands and looks like output is what to expect.
    fn attach(&mut self, step: usize, read: CodeRole, range: &Range<usize>) {
        let step = &mut self.section.steps[step];
        widen(&mut step.range, range);
        match read {
            CodeRole::Commands(commands) => step.commands.extend(commands),
            CodeRole::Example(Example { language, title, text }) => {
                let says_so = step
                    .text
                    .lines()
                    .last()
                    .is_some_and(|line| holds(&line.to_lowercase(), &EXPECT));
                let waits = step.commands.last_mut().filter(|command| command.expect.is_none());
                match waits.filter(|_| is_output(&language) || says_so) {
                    Some(command) => command.expect = Some(text),
                    None => step.examples.push(Example { language, title, text }),
                }
            }
        }
    }

    fn end_row(&mut self, is_header: bool) {
        let cells: Vec<BranchPassage<'_>> =
            std::mem::take(&mut self.row).into_iter().map(|index| self.with_links(index)).collect();
        let texts: Vec<&str> = cells.iter().map(|cell| cell.text).collect();
        if is_header {
            self.head = texts.first().copied().unwrap_or_default().to_owned();
        }
        let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return };
        let range = first.range.start..last.range.end;
        let branches =
            if is_header { Vec::new() } else { branch::row_branches(&cells, &self.head) };
        let read = Pending {
            text: texts.join(" | "),
            links: Vec::new(),
            branches,
            commands: Vec::new(),
            range,
        };
        if let Some(step) = self.step() {
            self.give(step, read, "");
            return;
        }
        self.flush();
        self.section.branches.extend(read.branches);
        match self.section.steps.last_mut() {
            Some(step) => {
                step.text.push('\n');
                step.text.push_str(&read.text);
            }
            None => self.section.introduction.push(read.text),
        }
    }

    fn extend_to(&mut self, range: &Range<usize>) {
        self.section.range.end = self.section.range.end.max(range.end);
    }
}

/// Whether more than one paragraph waits, so that the last still says what the next code is for.
fn waiting_more(waiting: &[Pending]) -> bool {
    waiting.len() > 1
}

fn widen(range: &mut Range<usize>, by: &Range<usize>) {
    if range.start == range.end {
        *range = by.clone();
    } else {
        *range = range.start.min(by.start)..range.end.max(by.end);
    }
}

/// For each part whether it opens something that holds code, at any depth.
fn holds_code(layout: &[LayoutPart]) -> Vec<bool> {
    let mut holds = vec![false; layout.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, part) in layout.iter().enumerate() {
        match part {
            LayoutPart::Open(_) => open.push(index),
            LayoutPart::Close => {
                if let Some(closed) = open.pop().filter(|closed| holds[*closed])
                    && let Some(outer) = open.last()
                {
                    debug_assert!(holds[closed]);
                    holds[*outer] = true;
                }
            }
            LayoutPart::Code(_) => {
                if let Some(inner) = open.last() {
                    holds[*inner] = true;
                }
            }
            LayoutPart::Heading(_) | LayoutPart::Passage(_) => {}
        }
    }
    holds
}

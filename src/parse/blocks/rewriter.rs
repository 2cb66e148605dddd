//! The state between the lines of a page: which blocks are open, and what a line is inside of them.

use std::collections::BTreeSet;

use crate::dialect::Dialect;
use crate::parse::lines::{Line, indentation, without_columns};

use super::block::{BlockKind, End, ForeignBlock, MARK, Rewritten, UnreadMarkup};
use super::opening::{self, Opening, Opens, opening};
use super::signs::{
    closing_tag_at_end, ends, fence_of, holds, is_option, list_marker, part, verbatim,
};
use FenceWriter::{Author, Here, HereInPanel};

/// How deep blocks stand in each other before another is text.
const DEEPEST: usize = 24;

/// How many tags of one line are read.
const MOST_IN_A_LINE: usize = 8;

/// A block that is open.
struct OpenBlock {
    end: End,
    /// How far its first line is indented in the text around it.
    indent: usize,
    /// Whether its lines are quoted.
    quoted: bool,
    /// Whether it holds no panel yet, so that the first one begins a set of tabs.
    begins_set: bool,
    /// Whether options may still follow its first line.
    takes_options: bool,
    lines: Lines,
}

/// What the lines of a block are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    Text,
    /// Each names a page.
    Entries,
}

/// A block of code that is open: no line in it opens anything.
struct OpenFence {
    end: End,
    /// How many blocks are open around it.
    depth: usize,
    writer: FenceWriter,
    /// Whether options may still follow its first line.
    takes_options: bool,
}

/// Who wrote the fence of a block of code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FenceWriter {
    Author,
    /// It stands for a tag.
    Here,
    /// It does, and a panel that holds it alone was opened for it.
    HereInPanel,
}

/// The fence that stands for a tag; no code holds as many.
const MADE_FENCE: &str = "````````";

/// Rewrites line by line, and knows what is open.
pub(super) struct Rewriter<'d, 't> {
    dialects: &'d [Dialect],
    out: Rewritten<'t>,
    open: Vec<OpenBlock>,
    /// For each open block and the page: how far the list is indented that the last lines belong to.
    lists: Vec<Option<usize>>,
    fence: Option<OpenFence>,
    /// By what raw HTML ends in which a line means nothing: a comment, a block of preformatted text.
    verbatim: Option<&'static str>,
    /// Blank lines whose block is decided by what follows.
    blanks: Vec<Line<'t>>,
    /// Where the lines begin that open a formula of several lines.
    formulas: BTreeSet<usize>,
    /// A block was closed, and what follows must not be taken for more of it.
    breaks: bool,
}

/// A line without what stands before it on behalf of the open blocks.
struct Inner<'a> {
    /// What the parser reads before it.
    prefix: String,
    /// The rest as typed.
    text: &'a str,
    /// How many bytes of the line were taken.
    taken: usize,
}

impl<'d, 't> Rewriter<'d, 't> {
    /// Knows where the lines begin that open a formula.
    pub(super) fn new(dialects: &'d [Dialect], formulas: BTreeSet<usize>) -> Rewriter<'d, 't> {
        Rewriter {
            dialects,
            out: Rewritten::default(),
            open: Vec::new(),
            lists: vec![None],
            fence: None,
            verbatim: None,
            blanks: Vec::new(),
            breaks: false,
            formulas,
        }
    }

    /// Reads a line, and what it holds behind each tag as a line of its own.
    pub(super) fn add(&mut self, line: Line<'t>) {
        let mut rest = vec![line];
        let mut tags = 0;
        while let Some(line) = rest.pop() {
            self.line(line, &mut rest, tags < MOST_IN_A_LINE);
            tags += 1;
        }
    }

    /// What the lines became.
    pub(super) fn finish(mut self) -> Rewritten<'t> {
        self.flush_blanks();
        self.out
    }

    /// Reads a line; what it holds behind a tag goes to `rest`.
    fn line(&mut self, line: Line<'t>, rest: &mut Vec<Line<'t>>, may_open: bool) {
        if line.text.trim().is_empty() {
            // What follows the options of a block of code is no part of it either.
            let fence = self.fence.as_mut();
            if fence.is_some_and(|fence| std::mem::take(&mut fence.takes_options)) {
                return;
            }
            self.blanks.push(line);
            if let Some(open) = self.open.last_mut() {
                open.takes_options = false;
            }
            return;
        }
        self.close_by_indentation(&line.text);
        let typed = line.text.clone().into_owned();
        let inner = self.inner(&typed);
        if self.fence.is_some() {
            return self.in_fence(&line, &inner);
        }
        if let Some(end) = self.verbatim {
            self.verbatim = Some(end).filter(|end| !holds(inner.text, end));
            self.pass(&line, &inner);
            return;
        }
        if self.take_option(&inner) || self.closes(&inner, &line, rest) {
            return;
        }
        if self.open.last().is_some_and(|open| open.lines == Lines::Entries) {
            return self.entry(&line, &inner);
        }
        let body = inner.text.trim_start();
        let indent = indentation(inner.text);
        // Python-Markdown ends HTML with its last tag, CommonMark with a blank line.
        self.breaks |= body.starts_with('#')
            && self.dialects.contains(&Dialect::MkDocs)
            && self.out.lines.last().is_some_and(|last| last.text.trim_end().ends_with('>'));
        let found = if may_open && self.may_stand(indent) { opening(body) } else { None };
        match found {
            Some(found) if self.reads(&found) => self.open(&line, &inner, found, rest),
            found => {
                if let Some(found) = found {
                    self.name_unread(&found, &line, &inner);
                }
                self.note_list(body, indent);
                if self.formulas.contains(&line.start) {
                    self.push(line.rewritten(
                        format!("{}{}{MADE_FENCE}math", inner.prefix, " ".repeat(indent)),
                        0,
                        0,
                    ));
                    let end = End::Run(b'$', 2);
                    self.open_fence(end, Here, false);
                    return;
                }
                self.verbatim = verbatim(body);
                if let Some(end) = fence_of(body) {
                    self.open_fence(end, Author, false);
                }
                self.pass(&line, &inner);
            }
        }
    }

    /// A line of a block of code.
    fn in_fence(&mut self, line: &Line<'t>, inner: &Inner<'_>) {
        let Some(fence) = &mut self.fence else { return };
        fence.takes_options = fence.takes_options && is_option(inner.text);
        if fence.takes_options {
            return;
        }
        let writer = ends(&fence.end, inner.text).then_some(fence.writer);
        match writer {
            None => self.pass(line, inner),
            Some(Author) => {
                self.fence = None;
                self.pass(line, inner);
            }
            Some(writer) => {
                self.fence = None;
                self.push(line.rewritten(format!("{}{MADE_FENCE}", inner.prefix), 0, 0));
                if writer == HereInPanel {
                    self.close(self.open.len() - 1);
                }
            }
        }
    }

    /// A line that names a page, `Title <page>` or the page alone, as the item of a list.
    fn entry(&mut self, line: &Line<'t>, inner: &Inner<'_>) {
        let text = inner.text.trim();
        let titled = text.strip_suffix('>').and_then(|text| text.rsplit_once('<'));
        let (title, target) = match titled {
            Some((title, target)) => (title.trim(), target),
            None => (text.rsplit('/').next().unwrap_or(text), text),
        };
        if target.is_empty() || target == "self" || target.contains(['*', '<', '>', ' ']) {
            return;
        }
        let before = format!("{}- [{title}](<", inner.prefix);
        let start = inner.taken + target.as_ptr() as usize - inner.text.as_ptr() as usize;
        let place = before.len();
        self.push(line.rewritten(format!("{before}{target}>)"), place, start));
    }

    fn reads(&self, found: &Opening<'_>) -> bool {
        !matches!(found.opens, Opens::Unread)
            && self.open.len() < DEEPEST
            && found.dialects.iter().any(|dialect| self.dialects.contains(dialect))
    }

    /// Whether a line that is indented so far may open a block, and is no code by its indentation.
    fn may_stand(&self, indent: usize) -> bool {
        indent < 4 || self.lists.last().is_some_and(Option::is_some)
    }

    /// Takes off a line what its blocks put before it.
    fn inner<'a>(&self, text: &'a str) -> Inner<'a> {
        let mut inner = Inner { prefix: String::new(), text, taken: 0 };
        for open in self.open.iter().filter(|open| open.quoted) {
            let columns = open.indent + if open.end == End::Indentation { 4 } else { 0 };
            let (bytes, left) = without_columns(inner.text, columns);
            inner.prefix.push_str(&" ".repeat(open.indent));
            inner.prefix.push_str("> ");
            inner.prefix.push_str(&" ".repeat(left));
            inner.text = &inner.text[bytes..];
            inner.taken += bytes;
        }
        inner
    }

    /// Closes the blocks that a line is not indented enough for.
    fn close_by_indentation(&mut self, text: &str) {
        let mut rest = text;
        let mut depth = None;
        for (at, open) in self.open.iter().enumerate().filter(|(_, open)| open.quoted) {
            let by_indentation = open.end == End::Indentation;
            let columns = open.indent + if by_indentation { 4 } else { 0 };
            if by_indentation && indentation(rest) < columns {
                depth = Some(at);
                break;
            }
            rest = &rest[without_columns(rest, columns).0..];
        }
        if let Some(depth) = depth {
            self.close(depth);
        }
    }

    /// Closes a block and those inside of it.
    fn close(&mut self, depth: usize) {
        self.breaks |= self.open[depth..].iter().any(|open| open.quoted);
        self.open.truncate(depth);
        self.lists.truncate(depth + 1);
        if self.fence.as_ref().is_some_and(|fence| fence.depth > depth) {
            self.fence = None;
        }
    }

    /// Whether a line closes an open block; text before a closing tag is read first.
    fn closes(&mut self, inner: &Inner<'_>, line: &Line<'t>, rest: &mut Vec<Line<'t>>) -> bool {
        let body = inner.text.trim();
        let closing = |open: &OpenBlock| ends(&open.end, body);
        if let Some(depth) = self.open.iter().rposition(closing) {
            self.flush_blanks();
            self.close(depth);
            return true;
        }
        // `text {{< /hint >}}` on the block's last line.
        let Some(OpenBlock { end: End::Tag(name), .. }) = self.open.last() else { return false };
        let Some(start) = closing_tag_at_end(body, name) else { return false };
        let start = inner.taken + (inner.text.len() - inner.text.trim_start().len()) + start;
        if line.text[..start].trim().is_empty() {
            return false;
        }
        rest.push(part(line, start));
        rest.push(Line { text: line.text[..start].to_owned().into(), ..line.clone() });
        true
    }

    /// Whether a line is an option of the block that was just opened, which no reader is shown.
    fn take_option(&mut self, inner: &Inner<'_>) -> bool {
        let Some(open) = self.open.last_mut().filter(|open| open.takes_options) else {
            return false;
        };
        let is_option = match open.end {
            End::Run(b'/', _) => {
                inner.text.starts_with("    ")
                    && inner.text.trim().split_once(": ").is_some_and(|(key, _)| !key.contains(' '))
            }
            _ => is_option(inner.text),
        };
        open.takes_options = is_option;
        is_option
    }

    fn open(
        &mut self,
        line: &Line<'t>,
        inner: &Inner<'_>,
        found: Opening<'_>,
        rest: &mut Vec<Line<'t>>,
    ) {
        let body = inner.text.trim_start();
        let indent = indentation(inner.text);
        let before = inner.taken + inner.text.len() - body.len();
        let place_in_line = |part: &str| part.as_ptr() as usize - body.as_ptr() as usize + before;
        let lead = format!("{}{}", inner.prefix, " ".repeat(indent));
        let after = &body[found.length.min(body.len())..];
        match found.opens {
            Opens::Unseen | Opens::Unread => {}
            Opens::Line { text, place, kept, end } => {
                let (text, place) = (format!("{lead}{text}"), lead.len() + place);
                self.push(line.rewritten(text, place, before + kept));
                if let Some(end) = end {
                    self.push_open(end, indent, false);
                }
            }
            Opens::Group(end) => self.push_open(end, indent, false),
            Opens::Block(block, title, end) => {
                let title = title.map(|title| (title, place_in_line(title)));
                self.push_heading(line, &lead, block, title);
                self.push_open(end, indent, true);
            }
            Opens::Entries(end) => {
                self.push_open(end, indent, false);
                if let Some(open) = self.open.last_mut() {
                    open.lines = Lines::Entries;
                }
            }
            Opens::Code { language, title, tab, end } => {
                let mut lead = lead;
                if let Some(label) = tab {
                    let title = label.to_owned();
                    let block =
                        ForeignBlock { kind: BlockKind::Tab, class: "", open: false, title };
                    self.push_heading(line, &lead, block, Some((label, place_in_line(label))));
                    self.push_open(end.clone(), indent, true);
                    lead.push_str("> ");
                }
                let title = title.filter(|title| !title.contains('"'));
                let title = title.map_or_else(String::new, |title| format!(" title=\"{title}\""));
                let fence = format!("{lead}{MADE_FENCE}{}{title}", language.replace('`', ""));
                self.push(line.rewritten(fence, 0, 0));
                let writer = if tab.is_some() { HereInPanel } else { Here };
                return self.open_code(line, (end, writer), before + found.length, rest);
            }
        }
        let signs = body.trim_start_matches(['`', '~', ':']).trim_start();
        if let Some(open) = self.open.last_mut() {
            open.takes_options = match open.end {
                End::Run(b'/', _) => true,
                End::Run(..) => signs.starts_with('{'),
                _ => false,
            };
        }
        if !after.trim().is_empty() {
            rest.push(part(line, before + found.length));
        }
    }

    /// Opens the code of a tag or directive, which may have options or begin on the same line.
    fn open_code(
        &mut self,
        line: &Line<'t>,
        (end, writer): (End, FenceWriter),
        from: usize,
        rest: &mut Vec<Line<'t>>,
    ) {
        self.open_fence(end, writer, line.text.trim_start().starts_with(['`', '~', ':']));
        if !line.text[from.min(line.text.len())..].trim().is_empty() {
            rest.push(part(line, from));
        }
    }

    fn open_fence(&mut self, end: End, writer: FenceWriter, takes_options: bool) {
        self.fence = Some(OpenFence { end, depth: self.open.len(), writer, takes_options });
    }

    /// The line by which the writer knows a block.
    fn push_heading(
        &mut self,
        line: &Line<'t>,
        lead: &str,
        mut block: ForeignBlock,
        title: Option<(&str, usize)>,
    ) {
        if block.kind == BlockKind::Tab
            && let Some(group) = self.open.last_mut()
        {
            block.open |= std::mem::take(&mut group.begins_set);
        }
        // Two quotes in a row would be one.
        let is_quote =
            self.out.lines.last().is_some_and(|last| last.text.trim_start().starts_with('>'));
        self.breaks |= is_quote && self.blanks.is_empty();
        let mark = format!("{lead}> # {MARK}{}{MARK} ", self.out.blocks.len());
        self.out.blocks.push(block);
        let place = mark.len();
        let line = match title {
            Some((title, kept)) => line.rewritten(format!("{mark}{title}"), place, kept),
            None => line.rewritten(mark, place, 0),
        };
        self.push(line);
    }

    fn push_open(&mut self, end: End, indent: usize, quoted: bool) {
        let list = self.lists.last().copied().flatten().filter(|_| !quoted);
        let (begins_set, takes_options, lines) = (!quoted, false, Lines::Text);
        self.open.push(OpenBlock { end, indent, quoted, begins_set, takes_options, lines });
        self.lists.push(list);
    }

    /// Remembers what list a line belongs to.
    fn note_list(&mut self, body: &str, indent: usize) {
        let Some(list) = self.lists.last_mut() else { return };
        if list_marker(body).is_some() {
            *list = Some(list.map_or(indent, |held| held.min(indent)));
        } else if list.is_some_and(|held| indent <= held) {
            *list = None;
        }
    }

    /// A line that stays as it is, behind what its blocks put before it.
    fn pass(&mut self, line: &Line<'t>, inner: &Inner<'_>) {
        if inner.prefix.is_empty() && inner.taken == 0 {
            self.push(line.clone());
            return;
        }
        let text = format!("{}{}", inner.prefix, inner.text);
        self.push(line.rewritten(text, inner.prefix.len(), inner.taken));
    }

    fn push(&mut self, line: Line<'t>) {
        if self.breaks && self.blanks.is_empty() {
            let blank = line.blank();
            self.blanks.push(blank);
        }
        self.breaks = false;
        self.flush_blanks();
        self.out.lines.push(line);
    }

    fn flush_blanks(&mut self) {
        let mut prefix = String::new();
        // A quote that was just closed goes on in no blank line, and neither does one that is to be opened.
        for open in self.open.iter().filter(|open| open.quoted) {
            prefix.push_str(&" ".repeat(open.indent));
            prefix.push_str("> ");
        }
        for line in std::mem::take(&mut self.blanks) {
            let place = prefix.len();
            self.out.lines.push(if prefix.is_empty() {
                line
            } else {
                line.rewritten(prefix.trim_end().to_owned(), place, 0)
            });
        }
    }

    fn name_unread(&mut self, found: &Opening<'_>, line: &Line<'_>, inner: &Inner<'_>) {
        // What has another meaning on GitHub, or none that a reader would miss, is not missed.
        let is_on = found.dialects.iter().any(|dialect| self.dialects.contains(dialect));
        let is_told = !matches!(found.opens, Opens::Unseen | Opens::Line { end: None, .. })
            // Elsewhere a capital name in angle brackets is a slot.
            && (is_on || found.name != opening::COMPONENT);
        if !is_told || self.out.unread.iter().any(|other| other.name == found.name) {
            return;
        }
        let lead = inner.text.len() - inner.text.trim_start().len();
        let start = (line.start + inner.taken + lead).saturating_add_signed(-line.inserted);
        let range = start..start + inner.text.trim().len();
        let dialects: &'static [Dialect] = if is_on { &[] } else { found.dialects };
        self.out.unread.push(UnreadMarkup { name: found.name, range, dialects });
    }
}

//! An author's Markdown becomes Markdown that can be followed away from its folder: links lead to what is published,
//! values stand where parameters have one, sample output is told from commands, comments are left out. All else stays
//! as it was typed.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::parse::{CodeBlock, Link, LinkKind, Outline, TITLE_TAG, TokenPlace};
use crate::procedure::{Class, block_safety, block_verdict, declared_parameters, quoted};
use crate::resolve::{Address, Page, PageId, Target};
use crate::shell::Shell;
use crate::shell::parameter::upper_case_tokens;
use crate::text::escape;
use crate::token::parameter_name;

use super::context::Context;
use super::linked::{LinkedText, longest_run};

/// What takes the place of a part of the text.
struct MarkdownEdit {
    range: Range<usize>,
    new: Vec<New>,
}

/// A piece of what takes the place.
enum New {
    Text(String),
    Link(Address, String),
}

/// Where links can lead from where the text will stand.
#[derive(Clone, Copy)]
pub(super) enum Reach {
    /// To all that the site publishes.
    Site,
    /// To what can be reached from the skill of this page.
    Skill(PageId),
}

impl Reach {
    /// Whether a link can lead to an address.
    pub(super) fn holds(self, context: &Context, to: &Address) -> bool {
        match self {
            Reach::Site => true,
            Reach::Skill(from) => context.is_in_reach(from, to),
        }
    }
}

/// Appends a part of a page's text as it is to be followed. What is out of reach is text, not a link.
pub(super) fn rewrite(
    context: &Context,
    (page, reach): (&Page, Reach),
    text: &str,
    part: Range<usize>,
    out: &mut LinkedText,
) {
    let mut edits = Vec::new();
    let values = values(context, page);
    links(context, (page, reach), text, &mut edits);
    explicit_anchors(page, text, &mut edits);
    definitions(page, text, &part, &mut edits);
    comments(page, text, &mut edits);
    if page.path.as_str().ends_with(".erb") {
        let title = |(at, tag): (usize, &str)| MarkdownEdit {
            range: at..at + tag.len(),
            new: vec![New::Text(super::linked::plain(&page.title))],
        };
        edits.extend(text.match_indices(TITLE_TAG).map(title));
    }
    spans(context, (page, reach), &mut edits);
    tokens(page, text, &values, &mut edits);
    // What the page takes in stands behind its own text.
    let is_own = |block: &&CodeBlock| block.range.end <= text.len();
    for block in page.document.code_blocks.iter().filter(is_own) {
        code_block(block, text, &values, &mut edits);
    }
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut done = part.start;
    for edit in edits {
        if edit.range.start < done || edit.range.end > part.end {
            continue;
        }
        out.push(&text[done..edit.range.start]);
        for new in edit.new {
            match new {
                New::Text(text) => out.push(&text),
                New::Link(to, suffix) => out.link(&to, &suffix),
            }
        }
        done = edit.range.end;
    }
    out.push(&text[done..part.end]);
    if part.end == text.len() && !out.text().ends_with('\n') {
        out.push("\n");
    }
}

/// The names of the parameters that have a value, each with it.
fn values(context: &Context, page: &Page) -> BTreeMap<String, String> {
    let declared = declared_parameters(&context.site().config, &page.document);
    declared.into_iter().filter_map(|one| Some((one.name, one.default?))).collect()
}

fn value<'v>(values: &'v BTreeMap<String, String>, token: &str) -> Option<&'v str> {
    values.get(&parameter_name(token)).map(String::as_str)
}

fn links(
    context: &Context,
    (page, reach): (&Page, Reach),
    text: &str,
    edits: &mut Vec<MarkdownEdit>,
) {
    for (link, followed) in page.document.links.iter().zip(page.links.iter()) {
        let to = match &followed.target {
            Target::Page(id) => Some(context.site().page(*id).address.markdown()),
            Target::Address(address) => Some(address.clone()),
            Target::External => continue,
            Target::Refused | Target::Broken => None,
        };
        let to = to.filter(|to| reach.holds(context, to));
        let suffix = match &followed.target {
            Target::Page(id) => there(&context.site().page(*id).document, &followed.suffix),
            _ => followed.suffix.clone(),
        };
        let to = to.map(|to| (to, suffix));
        match link.kind {
            LinkKind::HtmlLink | LinkKind::HtmlSource => html_link(link, to, text, edits),
            LinkKind::Wikilink | LinkKind::Embed => wikilink(link, to, text, edits),
            // The text has none.
            LinkKind::FrontMatter => {}
            LinkKind::Markdown | LinkKind::Image | LinkKind::Shortcode => {
                markdown_link(link, to, text, edits);
            }
        }
    }
}

/// Anchors that headings ask for in the spelling of some tools, `## Name { #id }`, as HTML, which all readers know.
fn explicit_anchors(page: &Page, text: &str, edits: &mut Vec<MarkdownEdit>) {
    let document = &page.document;
    for (heading, range) in document.headings.iter().zip(&document.heading_ranges) {
        let Some(line) = text.get(range.clone()).map(str::trim_end) else { continue };
        let Some(open) = line.strip_suffix('}').and_then(|line| line.rfind('{')) else { continue };
        let asked = line[open + 1..line.len() - 1].trim_start_matches(':').split_whitespace();
        if !asked.filter_map(|word| word.strip_prefix('#')).any(|id| id == heading.anchor) {
            continue;
        }
        let mut anchor = "<a id=\"".to_owned();
        escape(&mut anchor, &heading.anchor);
        anchor.push_str("\"></a>");
        let range = range.start + open..range.start + line.len();
        edits.push(MarkdownEdit { range, new: vec![New::Text(anchor)] });
    }
}

/// The query and fragment of a link as far as they name something in the Markdown of a page.
fn there(page: &Outline, suffix: &str) -> String {
    let Some((before, fragment)) = suffix.split_once('#') else { return suffix.to_owned() };
    let anchor = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
    let headings = page.headings.iter().map(|heading| heading.anchor.as_str());
    let mut known = headings.chain(page.html_anchors.iter().map(String::as_str));
    if known.any(|known| known == anchor) { suffix.to_owned() } else { before.to_owned() }
}

fn whole(link: &Link) -> Range<usize> {
    link.whole.start as usize..link.whole.end as usize
}

fn html_link(
    link: &Link,
    to: Option<(Address, String)>,
    text: &str,
    edits: &mut Vec<MarkdownEdit>,
) {
    let range = link.range.clone();
    let is_address = text.get(range.clone()).is_some_and(|typed| {
        let mut escaped = String::new();
        escape(&mut escaped, &link.address);
        typed == link.address || typed == escaped || typed.contains('&')
    });
    if is_address {
        let new = to.map(|(to, suffix)| New::Link(to, suffix));
        edits.push(MarkdownEdit { range, new: new.into_iter().collect() });
    }
}

fn wikilink(link: &Link, to: Option<(Address, String)>, text: &str, edits: &mut Vec<MarkdownEdit>) {
    let range = whole(link);
    let open = if link.kind == LinkKind::Embed { "!" } else { "" };
    if !text.get(range.clone()).is_some_and(|typed| typed.starts_with(&format!("{open}[["))) {
        return;
    }
    let shown = super::linked::plain(&link.text);
    let new = match to {
        Some((to, suffix)) => {
            vec![
                New::Text(format!("{open}[{shown}](")),
                New::Link(to, suffix),
                New::Text(")".to_owned()),
            ]
        }
        None => vec![New::Text(shown)],
    };
    edits.push(MarkdownEdit { range, new });
}

/// `[text](address)` in any spelling: what stands behind the text is written anew, and what leads nowhere is its text.
fn markdown_link(
    link: &Link,
    to: Option<(Address, String)>,
    text: &str,
    edits: &mut Vec<MarkdownEdit>,
) {
    let range = whole(link);
    let Some(typed) = text.get(range.clone()) else { return };
    let open = if link.kind == LinkKind::Image { "![" } else { "[" };
    let Some(end) = typed.strip_prefix(open).and_then(closing_bracket) else { return };
    let end = range.start + open.len() + end;
    if let Some((to, suffix)) = to {
        let new =
            vec![New::Text("](".to_owned()), New::Link(to, suffix), New::Text(")".to_owned())];
        edits.push(MarkdownEdit { range: end..range.end, new });
    } else {
        edits.push(MarkdownEdit { range: range.start..range.start + open.len(), new: Vec::new() });
        edits.push(MarkdownEdit { range: end..range.end, new: Vec::new() });
    }
}

/// Where the bracket closes that stands open before `text`; brackets in code and behind a backslash do not count.
fn closing_bracket(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'`' => {
                let run = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
                let behind = at + run;
                let fence = &text[at..behind];
                at = closing_ticks(text, behind, fence).unwrap_or(behind) - 1;
            }
            b'[' => depth += 1,
            b']' if depth == 0 => return Some(at),
            b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// Behind the next run of as many backticks.
fn closing_ticks(text: &str, from: usize, fence: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut places = text[from..].match_indices(fence).map(|(at, _)| from + at);
    let is_run = |at: &usize| bytes[at - 1] != b'`' && bytes.get(at + fence.len()) != Some(&b'`');
    places.find(is_run).map(|at| at + fence.len())
}

/// Takes out `[label]: address` where the address leads into the site: its links have theirs now.
fn definitions(page: &Page, text: &str, part: &Range<usize>, edits: &mut Vec<MarkdownEdit>) {
    let document = &page.document;
    if !text[part.clone()].contains("]:") {
        return;
    }
    let mut blocks: Vec<&Range<usize>> =
        document.code_blocks.iter().map(|block| &block.range).collect();
    blocks.sort_by_key(|range| range.start);
    let in_code = |at: usize| {
        let next = blocks.partition_point(|range| range.start <= at);
        next.checked_sub(1).is_some_and(|last| at < blocks[last].end)
    };
    let mut start = part.start;
    for line in text[part.clone()].split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        if is_definition(line) && !in_code(range.start) && !is_text(page, &range, line) {
            edits.push(MarkdownEdit { range, new: Vec::new() });
        }
    }
}

/// Whether a line is `[label]: address` with an address of this site.
fn is_definition(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '>']).trim_end();
    let Some((label, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once("]:")) else {
        return false;
    };
    let address = rest.trim_start().trim_start_matches('<');
    let is_outside = crate::text::scheme(address).is_some() || address.starts_with("//");
    !label.starts_with('^')
        && !label.is_empty()
        && !label.contains('[')
        && !address.is_empty()
        && !is_outside
}

/// Whether a line that looks like a definition is shown as text.
fn is_text(page: &Page, line: &Range<usize>, typed: &str) -> bool {
    let document = &page.document;
    let shown = crate::text::single_spaced(typed.trim_start_matches([' ', '>']));
    document.passages.iter().any(|passage| {
        let range = passage.range();
        range.start < line.end
            && line.start < range.end
            && document.passage_text(passage).contains(&*shown)
    })
}

/// Takes out comments; with its line where nothing else stands on it.
fn comments(page: &Page, text: &str, edits: &mut Vec<MarkdownEdit>) {
    for comment in &page.document.comments {
        let (mut start, mut end) = (comment.start as usize, comment.end as usize);
        let Some(before) = text.get(..start) else { continue };
        let Some(after) = text.get(end..) else { continue };
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let rest = after.find('\n').map_or(after.len(), |at| at + 1);
        if before[line..].trim().is_empty() && after[..rest].trim().is_empty() {
            (start, end) = (line, end + rest);
        }
        edits.push(MarkdownEdit { range: start..end, new: Vec::new() });
    }
}

/// Inline code that is a known name becomes a link.
fn spans(context: &Context, (page, reach): (&Page, Reach), edits: &mut Vec<MarkdownEdit>) {
    for span in page.document.code_spans.iter().filter(|span| !span.inside_link) {
        let Some((id, anchor)) = context.named(&span.text) else { continue };
        let address = &context.site().page(id).address;
        let is_itself = *address == page.address && anchor.is_none();
        if is_itself || !reach.holds(context, &address.markdown()) {
            continue;
        }
        let suffix = anchor.map_or_else(String::new, |anchor| format!("#{anchor}"));
        let (start, end) = (span.range.start, span.range.end);
        edits.push(MarkdownEdit { range: start..start, new: vec![New::Text("[".to_owned())] });
        let new = vec![
            New::Text("](".to_owned()),
            New::Link(address.markdown(), suffix),
            New::Text(")".to_owned()),
        ];
        edits.push(MarkdownEdit { range: end..end, new });
    }
}

fn tokens(
    page: &Page,
    text: &str,
    values: &BTreeMap<String, String>,
    edits: &mut Vec<MarkdownEdit>,
) {
    for token in page.document.tokens.iter().filter(|token| token.place != TokenPlace::FrontMatter)
    {
        if let Some(value) = value(values, &token.text)
            && text.get(token.range.clone()) == Some(token.text.as_str())
        {
            edits.push(MarkdownEdit {
                range: token.range.clone(),
                new: vec![New::Text(value.to_owned())],
            });
        }
    }
}

fn code_block(
    block: &CodeBlock,
    text: &str,
    values: &BTreeMap<String, String>,
    edits: &mut Vec<MarkdownEdit>,
) {
    let is_sql =
        block.shell.is_none() && matches!(block.language.as_str(), "sql" | "postgresql" | "mysql");
    if block.shell.as_ref().is_some_and(|shell| !shell.commands.is_empty()) || is_sql {
        edits.extend(commands(block, text, values));
        return;
    }
    let lines = block.lines();
    for range in upper_case_tokens(&block.text) {
        let Some(value) = value(values, &block.text[range.clone()]) else { continue };
        let place = lines.in_file(&range);
        if text.get(place.clone()) == Some(&block.text[range]) {
            edits.push(MarkdownEdit { range: place, new: vec![New::Text(value.to_owned())] });
        }
    }
}

/// A block of commands: what they do, then the commands without prompts, and what they print apart from them.
fn commands(
    block: &CodeBlock,
    text: &str,
    values: &BTreeMap<String, String>,
) -> Option<MarkdownEdit> {
    let line = text[..block.range.start].rfind('\n').map_or(0, |at| at + 1);
    // What the lines of a list item or quote begin with.
    let before: String = text[line..block.range.start]
        .chars()
        .map(|letter| if letter == '>' || letter.is_whitespace() { letter } else { ' ' })
        .collect();
    let mut start = block.range.start;
    let mut out = PrefixedBlock { before, text: String::new() };
    if !text[block.range.clone()].starts_with(['`', '~']) {
        // What is indented ends being code where it is a fence, and a fence must not be indented as far.
        let indent = ["\t", "    "].into_iter().find(|indent| out.before.ends_with(indent))?;
        out.before.truncate(out.before.len() - indent.len());
        start -= indent.len();
    }
    let class: Class = block_safety(block).into();
    let lost = block_verdict(block).lost.filter(|_| class == Class::Destroy);
    out.paragraph(&match lost {
        Some(lost) => format!("*Class: {}. {lost}.*", class.name()),
        None => format!("*Class: {}.*", class.name()),
    });
    if let Some(title) = &block.title {
        out.paragraph(&super::linked::plain(title));
    }
    let language = match &block.shell {
        Some(shell) if !shell.prompts.is_empty() || block.language.is_empty() => "bash",
        _ => &block.language,
    };
    match &block.shell {
        Some(shell) => {
            for (piece, is_output) in pieces(block, shell) {
                let piece = filled(block, shell, &piece, values);
                if piece.trim().is_empty() {
                    continue;
                }
                if is_output {
                    out.paragraph("Sample output (an example, nothing to follow):");
                    out.fence("text", &piece);
                } else {
                    out.fence(language, &piece);
                }
            }
        }
        None => out.fence(language, &with_values(&block.text, values)),
    }
    let text = out.text.trim_end_matches(['\n', ' ', '>']).to_owned();
    Some(MarkdownEdit { range: start..block.range.end, new: vec![New::Text(text)] })
}

fn with_values(text: &str, values: &BTreeMap<String, String>) -> String {
    let (mut out, mut done) = (String::new(), 0);
    for range in upper_case_tokens(text) {
        if let Some(value) = value(values, &text[range.clone()]) {
            out.push_str(&text[done..range.start]);
            out.push_str(value);
            done = range.end;
        }
    }
    out.push_str(&text[done..]);
    out
}

/// The parts of a shell block: commands with their comments, and output, each as a range of its text.
fn pieces(block: &CodeBlock, shell: &Shell) -> Vec<(Range<usize>, bool)> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for output in &shell.output {
        let (start, end) = (output.start as usize, output.end as usize);
        pieces.push((done..start, false));
        pieces.push((start..end, true));
        done = end;
    }
    pieces.push((done..block.text.len(), false));
    pieces
}

/// A part of a shell block without prompts and with the values of its parameters.
fn filled(
    block: &CodeBlock,
    shell: &Shell,
    part: &Range<usize>,
    values: &BTreeMap<String, String>,
) -> String {
    let prompts = shell.prompts_in(part).map(|range| (range, String::new()));
    let parameters = shell.parameters_in(part).filter_map(|(range, one)| {
        let value = value(values, &block.text[range.clone()])?;
        Some((range, quoted(value, one.quoting)))
    });
    let mut changes: Vec<(Range<usize>, String)> = prompts.chain(parameters).collect();
    changes.sort_by_key(|(range, _)| range.start);
    let (mut out, mut done) = (String::new(), part.start);
    for (range, new) in changes {
        if range.start >= done && range.end <= part.end {
            out.push_str(&block.text[done..range.start]);
            out.push_str(&new);
            done = range.end;
        }
    }
    out.push_str(&block.text[done..part.end]);
    out
}

/// Blocks of Markdown whose lines begin with something.
struct PrefixedBlock {
    before: String,
    text: String,
}

impl PrefixedBlock {
    fn paragraph(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
        self.blank();
    }

    /// An empty line, and the beginning of the next.
    fn blank(&mut self) {
        self.text.push_str(self.before.trim_end());
        self.text.push('\n');
        self.text.push_str(&self.before);
    }

    fn fence(&mut self, language: &str, text: &str) {
        let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
        self.text.push_str(&fence);
        self.text.push_str(language);
        self.text.push('\n');
        for line in text.trim_matches('\n').lines() {
            let line = format!("{}{line}", self.before);
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
        self.text.push_str(&self.before);
        self.text.push_str(&fence);
        self.text.push('\n');
        self.blank();
    }
}

//! One pass over the text of a shell block, which notes commands, prompts, output, parameters and colors as it goes.

use std::ops::Range;

use super::block::{Quoting, Shell, ShellCommand, ShellParameter};
use super::parameter::parameters;
use super::prompts::Prompts;
use super::safety::{self, InputReader, Judgement};
use super::verdict::Verdict;
use crate::highlight::{Span, SpanKind};
use crate::text::line_end;

mod heredoc;
mod word;

/// How deep substitutions are followed into each other; what is deeper is plain text.
const DEEPEST: usize = 12;

/// How many scripts within scripts (`ssh host 'bash -c "…"'`) are read.
const DEEPEST_SCRIPT: usize = 3;

/// How often a command is read again because something in it is never closed; and, for a whole block, how many times
/// its length may be read again.
const RETRIES: usize = 8;

/// Reads a text whose prompts are of this kind; `depth` says in how many scripts it lies.
pub(super) fn lex(text: &str, prompts: Prompts, depth: usize) -> Shell {
    let mut lexer = ShellLexer::new(text, prompts, depth);
    lexer.block();
    lexer.found
}

/// Whether a line is the head of a table that a tool prints: names in capitals with wide gaps between.
fn is_table_head(line: &str) -> bool {
    let cells = || line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
    let is_name = |cell: &str| {
        cell.bytes().any(|byte| byte.is_ascii_uppercase())
            && cell.bytes().all(|byte| {
                byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" -_/()%:.".contains(&byte)
            })
    };
    cells().count() > 1 && cells().all(is_name)
}

/// What ends a list of commands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Close {
    Line,
    Parenthesis,
    Backtick,
    /// The parenthesis of `name=(…)`, whose words are no command.
    Array,
}

/// A here-document whose body is still to come.
struct Heredoc {
    delimiter: String,
    indented: bool,
    reader: InputReader,
}

struct ShellLexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    prompts: Prompts,
    /// Where tokens such as `<region>` stand.
    parameters: Vec<Range<usize>>,
    /// Whether `for`, `if` and their like hold lines together.
    compounds: bool,
    /// Quotes and parentheses that are never closed, and so are none.
    literal: Vec<usize>,
    /// How many bytes may still be read again.
    retries: usize,
    /// A quote or parenthesis that was still open at the end of the text.
    unclosed: Option<usize>,
    /// How many compound commands are open in the list being read.
    nesting: usize,
    /// The words of the simple commands that are being read, outermost first.
    words: Vec<Range<usize>>,
    heredocs: Vec<Heredoc>,
    /// How deep this script lies in others.
    script_depth: usize,
    /// The worst part of the command being read.
    verdict: Option<Verdict>,
    found: Shell,
}

impl<'a> ShellLexer<'a> {
    fn new(text: &'a str, prompts: Prompts, script_depth: usize) -> ShellLexer<'a> {
        ShellLexer {
            text,
            bytes: text.as_bytes(),
            at: 0,
            prompts,
            parameters: parameters(text),
            compounds: true,
            literal: Vec::new(),
            retries: RETRIES * text.len(),
            unclosed: None,
            nesting: 0,
            words: Vec::new(),
            heredocs: Vec::new(),
            script_depth,
            verdict: None,
            found: Shell::default(),
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn line_end(&self, from: usize) -> usize {
        line_end(self.bytes, from)
    }

    fn span(&mut self, start: usize, end: usize, kind: SpanKind) {
        if start < end {
            self.found.spans.push(Span { range: start as u32..end as u32, kind });
        }
    }

    /// Reads the whole block, line by line.
    fn block(&mut self) {
        self.found.verdict = Verdict::READS;
        let mut in_table = false;
        while self.at < self.bytes.len() {
            let end = self.line_end(self.at);
            let line = &self.text[self.at..end];
            let indent = line.len() - line.trim_start().len();
            in_table &= indent < line.len();
            in_table |= self.prompts == Prompts::None
                && !self.found.commands.is_empty()
                && is_table_head(line);
            if indent == line.len() {
                self.at = end + 1;
            } else if in_table {
                self.output(end);
            } else if let Some(length) = self.prompts.length(line) {
                self.found.prompts.push(self.at as u32..(self.at + length) as u32);
                self.at += length;
                self.command();
            } else if line[indent..].starts_with('#') {
                self.span(self.at + indent, end, SpanKind::Comment);
                self.at = end + 1;
            } else if self.prompts == Prompts::None {
                self.at += indent;
                self.command();
            } else {
                self.output(end);
            }
        }
        if self.found.commands.is_empty() {
            self.found.verdict = Verdict::UNKNOWN;
        }
    }

    fn output(&mut self, end: usize) {
        match self.found.output.last_mut() {
            Some(run) if run.end as usize + 1 == self.at => run.end = end as u32,
            _ => self.found.output.push(self.at as u32..end as u32),
        }
        self.at = end + 1;
    }

    /// Reads one command with the lines that it goes on for; again if something in it is never closed.
    fn command(&mut self) {
        let start = self.at;
        self.literal.clear();
        let before =
            (self.found.spans.len(), self.found.prompts.len(), self.found.parameters.len());
        loop {
            self.verdict = None;
            self.unclosed = None;
            self.nesting = 0;
            self.heredocs.clear();
            self.words.clear();
            self.list(Close::Line, 0);
            let length = self.at - start;
            let again = if let Some(opener) = self.unclosed {
                self.literal.push(opener);
                self.literal.len() <= RETRIES && length <= self.retries
            } else {
                self.nesting > 0 && std::mem::take(&mut self.compounds)
            };
            if !again {
                break;
            }
            self.retries = self.retries.saturating_sub(length);
            self.at = start;
            self.found.spans.truncate(before.0);
            self.found.prompts.truncate(before.1);
            self.found.parameters.truncate(before.2);
        }
        let text = self.text[start..self.at.min(self.bytes.len())].trim_end();
        if let Some(verdict) = self.verdict {
            self.found.verdict = self.found.verdict.worse(verdict);
            let range = start as u32..(start + text.len()) as u32;
            self.found.commands.push(ShellCommand { range, verdict });
        }
    }

    /// Reads commands up to what closes the list, or says that nothing does.
    fn list(&mut self, close: Close, depth: usize) -> bool {
        let base = self.words.len();
        let outer = std::mem::take(&mut self.nesting);
        let mut joined = false;
        while let Some(byte) = self.peek(0) {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\\' if self.escaped_line_end() => self.next_line(),
                b'\n' if close != Close::Line && self.new_prompt(self.at + 1) => return false,
                b'\n' => {
                    if close != Close::Array {
                        self.end_command(base);
                    }
                    self.at += 1;
                    self.heredoc_bodies();
                    if close == Close::Line
                        && ((self.nesting == 0 && !joined) || self.new_prompt(self.at))
                    {
                        return true;
                    }
                    self.continuation_prompt();
                }
                b'#' => {
                    let end = self.line_end(self.at);
                    self.span(self.at, end, SpanKind::Comment);
                    self.at = end;
                }
                b'&' if self.peek(1) == Some(b'>') => self.at += 1,
                b';' | b'|' | b'&' => {
                    self.end_command(base);
                    joined = byte == b'|' || self.peek(1) == Some(b'&');
                    self.at += if self.peek(1) == Some(byte) { 2 } else { 1 };
                }
                b'(' => self.parenthesis(base, depth),
                b')' => {
                    self.at += 1;
                    if close == Close::Parenthesis {
                        self.end_command(base);
                    }
                    // After a pattern of `case`, too, what was read is no command.
                    self.words.truncate(base);
                    if matches!(close, Close::Parenthesis | Close::Array) {
                        self.nesting = outer;
                        return true;
                    }
                }
                b'`' if close == Close::Backtick => {
                    self.end_command(base);
                    self.at += 1;
                    self.nesting = outer;
                    return true;
                }
                b'>' => self.redirect(base),
                b'<' if self.parameter_end().is_none() => {
                    self.redirect(base);
                }
                _ => {
                    joined = false;
                    self.word(base, depth);
                }
            }
        }
        self.end_command(base);
        close == Close::Line
    }

    fn escaped_line_end(&self) -> bool {
        self.peek(1) == Some(b'\n') || (self.peek(1) == Some(b'\r') && self.peek(2) == Some(b'\n'))
    }

    /// Goes to the line after a backslash.
    fn next_line(&mut self) {
        self.at = (self.line_end(self.at) + 1).min(self.bytes.len());
        self.continuation_prompt();
    }

    /// Whether a command that is still open is overtaken by the prompt of the next one.
    fn new_prompt(&self, line: usize) -> bool {
        self.prompts != Prompts::None
            && self.prompts.length(&self.text[line..self.line_end(line)]).is_some()
    }

    fn continuation_prompt(&mut self) {
        if self.prompts != Prompts::None && self.peek(0) == Some(b'>') && self.peek(1) == Some(b' ')
        {
            self.found.prompts.push(self.at as u32..self.at as u32 + 2);
            self.at += 2;
        }
    }

    /// The words since `base`, as typed.
    fn words_since(&self, base: usize) -> impl Iterator<Item = &str> {
        self.words[base..].iter().map(|word| &self.text[word.clone()])
    }

    /// Judges the words since `base` as one simple command.
    fn end_command(&mut self, base: usize) {
        if self.words.len() == base {
            return;
        }
        let Judgement { verdict, scripts } = safety::judge(self.words_since(base));
        self.words.truncate(base);
        self.add(verdict);
        for script in scripts {
            self.judge_inner(&script);
        }
    }

    fn judge_inner(&mut self, script: &str) {
        if self.script_depth < DEEPEST_SCRIPT {
            self.add(lex(script, Prompts::None, self.script_depth + 1).verdict);
        }
    }

    fn add(&mut self, verdict: Verdict) {
        self.verdict = Some(self.verdict.map_or(verdict, |worst| worst.worse(verdict)));
    }

    /// A subshell, or the `()` after a function's name.
    fn parenthesis(&mut self, base: usize, depth: usize) {
        let open = self.at;
        self.at += 1;
        if self.peek(0) == Some(b')') {
            self.words.truncate(base);
            self.at += 1;
        } else if !self.literal.contains(&open) {
            self.nested(open, Close::Parenthesis, depth);
        }
    }

    /// Reads a list within a command, whose opening sign has been passed.
    fn nested(&mut self, open: usize, close: Close, depth: usize) {
        if depth < DEEPEST && !self.list(close, depth + 1) {
            self.leave_open(open, depth);
        }
    }

    /// Passes over a redirection; what follows it is read as a word of the command, a here-document is noted.
    fn redirect(&mut self, base: usize) {
        let start = self.at;
        while matches!(self.peek(0), Some(b'<' | b'>')) {
            self.at += 1;
        }
        match &self.text[start..self.at] {
            "<<" => self.heredoc(base),
            operator => {
                if self.peek(0) == Some(b'(') {
                    return;
                }
                let target = self.redirect_target();
                if operator.starts_with('>')
                    && let Some(verdict) = safety::written(&self.text[target])
                {
                    self.add(verdict);
                }
            }
        }
    }

    /// The file that is written, if it is a plain word; `>&2` has none. Other targets are read as words.
    fn redirect_target(&mut self) -> Range<usize> {
        if matches!(self.peek(0), Some(b'&' | b'|')) {
            self.at += 1;
        }
        while matches!(self.peek(0), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let start = self.at;
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
        self.at += self.bytes[start..]
            .iter()
            .position(|byte| !plain(byte))
            .unwrap_or(self.bytes.len() - start);
        start..self.at
    }

    /// Where the parameter that begins here ends, if one does.
    fn parameter_end(&self) -> Option<usize> {
        let found = self.parameters.binary_search_by_key(&self.at, |range| range.start).ok()?;
        Some(self.parameters[found].end)
    }

    /// Notes the parameter that begins here, if one does, and goes past it.
    fn parameter(&mut self, quoting: Quoting) -> bool {
        let Some(end) = self.parameter_end() else { return false };
        self.found.parameters.push(ShellParameter { range: self.at as u32..end as u32, quoting });
        self.at = end;
        true
    }
}

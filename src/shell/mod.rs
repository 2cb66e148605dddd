//! A shell block in; its prompts, commands, sample output, parameters, colours and dangers out, in one pass.
//!
//! A line belongs to a command or to sample output by these rules:
//! - Where any line has a prompt (`$ `, `user@host:~$ `, `[root@host ~]# `, `sh-5.1# `), the lines with one are
//!   commands, with the lines that they go on for; comments are comments; every other line is output.
//! - `# ` is root's prompt rather than a comment where no line has another prompt, each `# ` line begins with a
//!   command that the table of `safety` knows, and no other line does (in a script, as opposed to a
//!   console session, no other line may be there at all).
//! - Where no line has a prompt, every line is a command or a comment, but for the tables that tools print: what
//!   stands below a command from a line of column heads (`NAME   READY   STATUS`) to the next blank line is output.
//! - A command goes on after a backslash, an open quote, `|`, `&&` or `||` at the end of its line, to the end of
//!   its here-document and to the `done`, `fi`, `esac` or `}` that closes what it opened. In a block with prompts
//!   `> ` before such a line is a prompt too.
//!
//! It reads the shell's grammar no further than that asks for, and never fails: a quote that is never closed is a
//! character like any other.

use std::ops::Range;

use crate::hidden::{Places, hidden, without};
use crate::highlight::{Kind, Span};
use crate::text::line_end;

use parameter::parameters;
use prompts::{Prompts, first_word, prompt_length};
use safety::{Judgement, Reader};

#[cfg(test)]
pub(crate) use safety::losses;
pub(crate) use safety::sql;
pub use verdict::{Safety, Verdict};

pub mod parameter;
mod prompts;
mod safety;
mod verdict;

/// How deep substitutions are followed into each other; what is deeper is plain text.
const DEEPEST: usize = 12;

/// How many scripts within scripts (`ssh host 'bash -c "…"'`) are read.
const DEEPEST_SCRIPT: usize = 3;

/// The longest `${…}` that is looked for.
const LONGEST_EXPANSION: usize = 200;

/// How often a command is read again because something in it is never closed; and, for a whole block, how many times
/// its length may be read again.
const RETRIES: usize = 8;

/// What a shell block consists of; all ranges are bytes of its text, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shell {
    /// The commands, each with the lines that it goes on for, without the prompt before it.
    pub commands: Vec<Command>,
    /// Prompts, with the space after them; those of continuation lines lie within their command.
    pub prompts: Vec<Range<u32>>,
    /// Runs of lines that are sample output.
    pub output: Vec<Range<u32>>,
    /// What is to be filled in, in commands only.
    pub parameters: Vec<Parameter>,
    /// The colours.
    pub spans: Vec<Span>,
    /// The worst of all commands.
    pub verdict: Verdict,
}

impl Shell {
    /// The same of a text with what was left out of it before it was read.
    fn placed(mut self, places: &Places) -> Shell {
        let place = |range: &mut Range<u32>| {
            let (start, end) = (places.start(range.start as usize), places.end(range.end as usize));
            *range = start as u32..end.max(start) as u32;
        };
        self.commands.iter_mut().for_each(|command| place(&mut command.range));
        self.parameters.iter_mut().for_each(|parameter| place(&mut parameter.range));
        self.spans.iter_mut().for_each(|span| place(&mut span.range));
        self.prompts.iter_mut().chain(&mut self.output).for_each(place);
        self
    }

    /// Where what is to be filled in stands in the text.
    pub fn parameter_ranges(&self) -> impl Iterator<Item = Range<usize>> {
        self.parameters.iter().map(|one| one.range.start as usize..one.range.end as usize)
    }
}

/// One command that can be copied and run by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its text, from its first character to its last.
    pub range: Range<u32>,
    /// The worst of its parts.
    pub verdict: Verdict,
}

/// A value to be filled in: `<region>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The token with its brackets.
    pub range: Range<u32>,
    /// What surrounds it, and so how its value must be quoted.
    pub quoting: Quoting,
}

/// What surrounds a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Nothing: the value is a word, or a part of one.
    Bare,
    /// `"…"`: the shell still expands `$`, backtick, backslash.
    Double,
    /// `'…'`: all but `'` is literal.
    Single,
    /// No shell reads the value: a here-document or a block in another language.
    Literal,
}

impl Quoting {
    const ALL: [Quoting; 4] = [Quoting::Bare, Quoting::Double, Quoting::Single, Quoting::Literal];

    /// The name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Quoting::Bare => "bare",
            Quoting::Double => "double",
            Quoting::Single => "single",
            Quoting::Literal => "literal",
        }
    }

    /// What programs call so.
    pub fn named(name: &str) -> Option<Quoting> {
        Quoting::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// Whether blocks in this language are read as shell commands.
pub fn is_shell(language: &str) -> bool {
    const NAMES: &[&str] = &[
        "ash",
        "bash",
        "console",
        "ksh",
        "sh",
        "shell",
        "shell-session",
        "shellsession",
        "terminal",
        "zsh",
    ];
    NAMES.iter().any(|name| name.eq_ignore_ascii_case(language))
}

/// Reads a block, if it holds shell commands: by its language or, where the author named none, because its first line
/// has a prompt or it holds nothing but commands of tools whose names are no English words.
///
/// What is hidden in the text is not read: a command does what is left of it when it is copied.
pub fn shell_block(language: &str, text: &str) -> Option<Shell> {
    let parts = hidden(text);
    if parts.is_empty() {
        return read_block(language, text);
    }
    let seen = without(text, parts.iter().map(|part| &part.range));
    read_block(language, &seen).map(|shell| shell.placed(&Places::new(&parts)))
}

fn read_block(language: &str, text: &str) -> Option<Shell> {
    if !language.is_empty() {
        return is_shell(language).then(|| shell(language, text));
    }
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    if prompt_length(first).is_some() {
        return Some(shell(language, text));
    }
    if !UNMISTAKABLE.contains(&first_word(first)) {
        return None;
    }
    let shell = shell(language, text);
    let is_command = |command: &Command| {
        let word = first_word(&text[command.range.start as usize..command.range.end as usize]);
        safety::is_known(word) || word.contains('=')
    };
    shell.commands.iter().all(is_command).then_some(shell)
}

/// Commands that nobody would begin a sentence, a table or a configuration with.
const UNMISTAKABLE: &[&str] = &[
    "ansible-playbook",
    "apt-get",
    "aws",
    "az",
    "brew",
    "curl",
    "docker",
    "docker-compose",
    "export",
    "gcloud",
    "git",
    "helm",
    "journalctl",
    "kubectl",
    "oc",
    "psql",
    "redis-cli",
    "ssh",
    "sudo",
    "systemctl",
    "terraform",
];

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

/// Reads a text as shell commands, whatever it is.
pub fn shell(language: &str, text: &str) -> Shell {
    let prompted = Prompts::of(language, text);
    let mut lexer = Lexer::new(text, prompted, 0);
    lexer.block();
    lexer.found
}

/// What running a script does; used for scripts that are arguments of other commands.
fn judge_script(text: &str, depth: usize) -> Verdict {
    let mut lexer = Lexer::new(text, Prompts::None, depth);
    lexer.block();
    lexer.found.verdict
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
    reader: Reader,
}

struct Lexer<'a> {
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

impl<'a> Lexer<'a> {
    fn new(text: &'a str, prompts: Prompts, script_depth: usize) -> Lexer<'a> {
        Lexer {
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

    fn span(&mut self, start: usize, end: usize, kind: Kind) {
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
                self.span(self.at + indent, end, Kind::Comment);
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
            self.found.commands.push(Command { range, verdict });
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
                    self.span(self.at, end, Kind::Comment);
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
            self.add(judge_script(script, self.script_depth + 1));
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

    fn heredoc(&mut self, base: usize) {
        let indented = self.peek(0) == Some(b'-');
        self.at += usize::from(indented);
        while matches!(self.peek(0), Some(b' ' | b'\t' | b'\'' | b'"' | b'\\')) {
            self.at += 1;
        }
        let start = self.at;
        while self.peek(0).is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            self.at += 1;
        }
        let delimiter = self.text[start..self.at].to_owned();
        if matches!(self.peek(0), Some(b'\'' | b'"')) {
            self.at += 1;
        }
        if !delimiter.is_empty() {
            self.span(start, self.at.min(start + delimiter.len()), Kind::Keyword);
            let reader = safety::reader(self.words_since(base));
            self.heredocs.push(Heredoc { delimiter, indented, reader });
        }
    }

    /// Passes over the bodies of the here-documents of the line that has just ended.
    fn heredoc_bodies(&mut self) {
        for heredoc in std::mem::take(&mut self.heredocs) {
            let start = self.at;
            let mut body_end = self.bytes.len();
            while self.at < self.bytes.len() {
                let end = self.line_end(self.at);
                let line = &self.text[self.at..end];
                let line = line
                    .strip_prefix("> ")
                    .filter(|_| self.prompts != Prompts::None)
                    .unwrap_or(line);
                let line = if heredoc.indented { line.trim_start() } else { line };
                let last = self.at;
                self.at = (end + 1).min(self.bytes.len());
                if line.trim_end() == heredoc.delimiter {
                    body_end = last;
                    break;
                }
            }
            self.heredoc_body(start, body_end);
            let body = &self.text[start..body_end];
            match heredoc.reader {
                Reader::Nothing => {}
                Reader::Shell => self.judge_inner(body),
                Reader::Sql => self.add(safety::sql(body)),
            }
            let after = std::mem::replace(&mut self.at, body_end);
            self.continuation_prompt();
            let close = &self.text[self.at..after];
            let (start, length) =
                (self.at + close.len() - close.trim_start().len(), close.trim().len());
            self.span(start, start + length, Kind::Keyword);
            self.at = after;
        }
    }

    fn heredoc_body(&mut self, start: usize, end: usize) {
        let after = std::mem::replace(&mut self.at, start);
        let markup = self.text[start..end].contains("</") || self.text[start..end].contains("/>");
        while self.at < end {
            self.continuation_prompt();
            let line_end = self.line_end(self.at).min(end);
            self.span(self.at, line_end, Kind::String);
            while self.at < line_end {
                if self.peek(0) != Some(b'<') || markup || !self.parameter(Quoting::Literal) {
                    self.at += 1;
                }
            }
            self.at = line_end + 1;
        }
        self.at = after;
    }

    /// Where the parameter that begins here ends, if one does.
    fn parameter_end(&self) -> Option<usize> {
        let found = self.parameters.binary_search_by_key(&self.at, |range| range.start).ok()?;
        Some(self.parameters[found].end)
    }

    /// Notes the parameter that begins here, if one does, and goes past it.
    fn parameter(&mut self, quoting: Quoting) -> bool {
        let Some(end) = self.parameter_end() else { return false };
        self.found.parameters.push(Parameter { range: self.at as u32..end as u32, quoting });
        self.at = end;
        true
    }

    /// Reads one word with the quotes and substitutions in it.
    fn word(&mut self, base: usize, depth: usize) {
        let start = self.at;
        let first = self.words.len() == base;
        self.word_head(first);
        while let Some(byte) = self.peek(0) {
            match byte {
                b'`' if self.at > start && depth > 0 => break,
                b'(' if self.at > start
                    && self.bytes[self.at - 1] == b'='
                    && !self.literal.contains(&self.at) =>
                {
                    self.at += 1;
                    self.nested(self.at - 1, Close::Array, depth);
                }
                b'<' if self.parameter(Quoting::Bare) => {}
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'&' | b'<' | b'>' | b'(' | b')' => {
                    break;
                }
                _ => self.piece(byte, depth),
            }
        }
        let text = &self.text[start..self.at];
        let descriptor = matches!(self.peek(0), Some(b'<' | b'>'))
            && text.bytes().all(|byte| byte.is_ascii_digit());
        if descriptor || (first && self.keyword(start)) {
            return;
        }
        self.words.push(start..self.at);
    }

    /// Colours what a word begins with: an option, or the name that is given a value.
    fn word_head(&mut self, first: bool) {
        let rest = &self.bytes[self.at..];
        let name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'-';
        let length = rest.iter().position(|byte| !name(byte)).unwrap_or(rest.len());
        let next = rest.get(length);
        if rest[0] == b'-' && rest[..length].iter().any(u8::is_ascii_alphabetic) {
            self.span(self.at, self.at + length, Kind::Flag);
            self.at += length;
        } else if first && length > 0 && next == Some(&b'=') && !rest[0].is_ascii_digit() {
            self.span(self.at, self.at + length, Kind::Variable);
            self.at += length;
        } else {
            // The plain characters that most words consist of need no second look.
            self.at += length;
        }
    }

    /// Colours a word of the shell's own grammar and follows what it opens or closes.
    fn keyword(&mut self, start: usize) -> bool {
        let (opens, closes) = match &self.text[start..self.at] {
            "for" | "while" | "until" | "select" | "if" | "case" | "{" => (true, false),
            "done" | "fi" | "esac" | "}" => (false, true),
            "do" | "then" | "else" | "elif" | "function" | "!" => (false, false),
            _ => return false,
        };
        if opens && self.compounds {
            self.nesting += 1;
        }
        if closes {
            self.nesting = self.nesting.saturating_sub(1);
        }
        let header = matches!(&self.text[start..self.at], "for" | "select" | "case" | "function");
        self.span(start, self.at, Kind::Keyword);
        if header {
            self.words.push(start..self.at);
        }
        true
    }

    /// Reads a part of a word: a quoted text, an expansion, or one character.
    fn piece(&mut self, byte: u8, depth: usize) {
        match byte {
            b'\\' if self.escaped_line_end() => self.next_line(),
            b'\\' => self.at += 1 + usize::from(self.at + 1 < self.bytes.len()),
            b'\'' if !self.literal.contains(&self.at) => self.single_quoted(depth),
            b'"' if !self.literal.contains(&self.at) => self.double_quoted(depth),
            b'$' => self.expansion(depth),
            b'`' if !self.literal.contains(&self.at) => {
                self.at += 1;
                self.nested(self.at - 1, Close::Backtick, depth);
            }
            _ => self.at += 1,
        }
    }

    fn single_quoted(&mut self, depth: usize) {
        let open = self.at;
        self.at += 1;
        let mut start = open;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\'' => {
                    self.at += 1;
                    return self.span(start, self.at, Kind::String);
                }
                b'<' if self.parameter(Quoting::Single) => {}
                b'\n' => {
                    if !self.quoted_line(&mut start) {
                        break;
                    }
                }
                _ => self.at += 1,
            }
        }
        self.span(start, self.at, Kind::String);
        self.leave_open(open, depth);
    }

    fn double_quoted(&mut self, depth: usize) {
        let open = self.at;
        self.at += 1;
        let mut start = open;
        while let Some(byte) = self.peek(0) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return self.span(start, self.at, Kind::String);
                }
                b'\\' => self.at = (self.at + 2).min(self.bytes.len()),
                b'<' if self.parameter(Quoting::Double) => {}
                b'\n' => {
                    if !self.quoted_line(&mut start) {
                        break;
                    }
                }
                b'$' | b'`' if depth < DEEPEST => {
                    self.span(start, self.at, Kind::String);
                    self.piece(byte, depth);
                    start = self.at;
                }
                _ => self.at += 1,
            }
        }
        self.span(start, self.at, Kind::String);
        self.leave_open(open, depth);
    }

    /// Goes to the next line of a quoted text, over its prompt; false if the next command begins there.
    fn quoted_line(&mut self, start: &mut usize) -> bool {
        self.at += 1;
        if self.new_prompt(self.at) {
            self.at -= 1;
            return false;
        }
        let line = self.at;
        self.continuation_prompt();
        if self.at > line {
            self.span(*start, line, Kind::String);
            *start = self.at;
        }
        true
    }

    /// Remembers the outermost quote or parenthesis that was never closed.
    fn leave_open(&mut self, open: usize, depth: usize) {
        if depth == 0 {
            self.unclosed = Some(open);
        }
    }

    /// `$name`, `${name}`, `$(command)`, `$((sum))`, `$'text'`.
    fn expansion(&mut self, depth: usize) {
        let start = self.at;
        match self.peek(1) {
            Some(b'(') if !self.literal.contains(&start) => {
                self.at += 2;
                self.nested(start, Close::Parenthesis, depth);
            }
            Some(b'{') => {
                let window = &self.bytes[start..self.bytes.len().min(start + LONGEST_EXPANSION)];
                let mut open = 0_usize;
                let close = window.iter().take_while(|byte| **byte != b'\n').position(|byte| {
                    open += usize::from(*byte == b'{');
                    open -= usize::from(*byte == b'}' && open > 0);
                    *byte == b'}' && open == 0
                });
                self.at += close.map_or(2, |length| length + 1);
                self.span(start, self.at, Kind::Variable);
            }
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                let rest = &self.bytes[start + 1..];
                let name =
                    rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
                self.at += 1 + name.unwrap_or(rest.len());
                self.span(start, self.at, Kind::Variable);
            }
            Some(byte) if byte.is_ascii_digit() || b"?#@*!$-".contains(&byte) => {
                self.at += 2;
                self.span(start, self.at, Kind::Variable);
            }
            _ => self.at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Quoting, Safety, shell, shell_block};

    /// The block with `[…]` round its commands, `«…»` round its output, `{…}` round its prompts.
    fn check(language: &str, text: &str, expected: &str) {
        let shell = shell(language, text);
        let mut marks = Vec::new();
        for (ranges, open, close) in [
            (shell.output.clone(), '«', '»'),
            (shell.commands.iter().map(|command| command.range.clone()).collect(), '[', ']'),
            (shell.prompts.clone(), '{', '}'),
        ] {
            marks.extend(
                ranges.iter().flat_map(|range| [(range.start, 1, open), (range.end, 0, close)]),
            );
        }
        marks.sort_by_key(|(at, order, _)| (*at, *order));
        let mut shown = text.to_owned();
        for (at, _, mark) in marks.into_iter().rev() {
            shown.insert(at as usize, mark);
        }
        assert_eq!(shown, expected, "{language}");
    }

    #[test]
    fn without_prompts_every_line_is_a_command() {
        check(
            "bash",
            "kubectl get pods\n\n# why\n  ls -l # x\n",
            "[kubectl get pods]\n\n# why\n  [ls -l # x]\n",
        );
    }

    #[test]
    fn lines_that_belong_together_stay_together() {
        for command in [
            "a \\\n  b",
            "a |\n  b",
            "a &&\nb",
            "echo 'x\ny'",
            "echo \"x $(date)\ny\"",
            "cat <<EOF | kubectl apply -f -\nkind: Pod\n  EOF\nEOF",
            "cat <<-'E' >x\n\ty\n\tE",
            "for x in a b; do\n  y $x\ndone",
            "while true\ndo\n  if x; then\n    y\n  fi\ndone",
            "case $1 in\n  a) b ;;\n  *) c ;;\nesac",
            "f() {\n  x\n}",
            "a=(x\n  y)",
            "(a\nb)",
        ] {
            check("sh", &format!("{command}\nnext\n"), &format!("[{command}]\n[next]\n"));
        }
    }

    #[test]
    fn a_table_below_a_command_is_output() {
        check(
            "bash",
            "kubectl get pod\n\nNAMESPACE   NAME   READY\nshop        a      1/2\n\nkubectl logs a\n",
            "[kubectl get pod]\n\n«NAMESPACE   NAME   READY\nshop        a      1/2»\n\n[kubectl logs a]\n",
        );
        check(
            "",
            "oc get events\nLAST SEEN   TYPE      REASON\n3m          Warning   BackOff\n",
            "[oc get events]\n«LAST SEEN   TYPE      REASON\n3m          Warning   BackOff»\n",
        );
        check("bash", "NAME   READY\n", "[NAME   READY]\n");
        check(
            "bash",
            "export A=1\nFOO=BAR  BAZ=1  make\n",
            "[export A=1]\n[FOO=BAR  BAZ=1  make]\n",
        );
    }

    #[test]
    fn prompts_tell_commands_from_output() {
        check(
            "console",
            "$ a\nx\ny\n$ b \\\n  -c\nz\n",
            "{$ }[a]\n«x\ny»\n{$ }[b \\\n  -c]\n«z»\n",
        );
        check("bash", "$ cat <<EOF\n> x\n> EOF\ny", "{$ }[cat <<EOF\n{> }x\n{> }EOF]\n«y»");
        check(
            "sh",
            "me@host:~/x$ a\n[root@host ~]# b\nsh-5.1# c\n~ # d\n",
            "{me@host:~/x$ }[a]\n{[root@host ~]# }[b]\n{sh-5.1# }[c]\n{~ # }[d]\n",
        );
        check(
            "sh",
            "$ a\n# why\n$ b\nemail@host 5 # x\n",
            "{$ }[a]\n# why\n{$ }[b]\n«email@host 5 # x»\n",
        );
    }

    #[test]
    fn a_number_sign_is_a_prompt_only_where_nothing_speaks_against_it() {
        check(
            "console",
            "# kubectl get pods\nNAME READY\n",
            "{# }[kubectl get pods]\n«NAME READY»\n",
        );
        check(
            "bash",
            "# kubectl get pods\n# oc get nodes\n",
            "{# }[kubectl get pods]\n{# }[oc get nodes]\n",
        );
        check(
            "bash",
            "# kill the process\nkubectl get pods\n",
            "# kill the process\n[kubectl get pods]\n",
        );
        check("bash", "# Look for the pod\n", "# Look for the pod\n");
    }

    #[test]
    fn a_block_without_a_language_is_shell_if_all_of_it_is() {
        for text in ["$ whatever\n", "kubectl get pods\n", "export A=b\naws s3 ls\nB=$(date)\n"] {
            assert!(shell_block("", text).is_some(), "{text}");
        }
        for text in
            ["", "git is a program\nthat we use\n", "top - 10:11\n", "name: x\n", "find the pod\n"]
        {
            assert!(shell_block("", text).is_none(), "{text}");
        }
        assert!(shell_block("Bash", "x").is_some() && shell_block("yaml", "$ x").is_none());
    }

    #[test]
    fn a_quote_that_is_never_closed_is_a_character() {
        check("bash", "echo don't\nrm x\n", "[echo don't]\n[rm x]\n");
        check("bash", "echo $(date\nrm x\n", "[echo $(date]\n[rm x]\n");
        check("console", "$ echo \"x\n$ rm y\n", "{$ }[echo \"x]\n{$ }[rm y]\n");
        check("bash", "for ever\nrm y\n", "[for ever]\n[rm y]\n");
        assert_eq!(shell("bash", "echo don't\nrm x\n").verdict.safety, Safety::Destructive);
    }

    #[test]
    fn parameters_know_what_surrounds_them() {
        let text = "x <one> \"<two>\" '<three>' <<E\n<four>\nE\n";
        let shell = shell("bash", text);
        let quoting: Vec<Quoting> =
            shell.parameters.iter().map(|parameter| parameter.quoting).collect();
        assert_eq!(quoting, [Quoting::Bare, Quoting::Double, Quoting::Single, Quoting::Literal]);
    }

    #[test]
    fn output_markup_and_comments_hold_no_parameters() {
        for text in [
            "$ x\nage <region>\n",
            "cat <<E\n<a>\n<b/>\nE\n",
            "x # <y>\n",
            "kubectl get x -o go-template='{{range .x}}'",
        ] {
            assert_eq!(shell("bash", text).parameters, [], "{text}");
        }
    }

    /// Each span as `letter of its class:text`.
    fn check_colors(language: &str, text: &str, expected: &[&str]) {
        let shown: Vec<String> = shell(language, text)
            .spans
            .iter()
            .map(|span| {
                let range = span.range.start as usize..span.range.end as usize;
                let opening = span.kind.opening().trim_start_matches("<b class=");
                format!("{}:{}", opening.trim_end_matches('>'), &text[range])
            })
            .collect();
        assert_eq!(shown, expected, "{language}: {text}");
    }

    #[test]
    fn shell_words_have_their_colors() {
        check_colors(
            "bash",
            "aws sqs purge-queue --queue-url \"$URL/x\" # now",
            &["f:--queue-url", "s:\"", "v:$URL", "s:/x\"", "c:# now"],
        );
        check_colors(
            "sh",
            "for pod in $(kubectl get pods -o name); do echo $pod; done",
            &["k:for", "f:-o", "k:do", "v:$pod", "k:done"],
        );
        check_colors("shell", "FOO=bar make", &["v:FOO"]);
        check_colors("zsh", "cat <<EOF\nx $y\nEOF", &["k:EOF", "s:x $y", "k:EOF"]);
    }
}

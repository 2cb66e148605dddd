//! The words of a command, with the quotes, substitutions and expansions in them.

use super::{Close, DEEPEST, ShellLexer};
use crate::highlight::SpanKind;
use crate::shell::block::Quoting;

/// The longest `${…}` that is looked for.
const LONGEST_EXPANSION: usize = 200;

impl ShellLexer<'_> {
    /// Reads one word with the quotes and substitutions in it.
    pub(super) fn word(&mut self, base: usize, depth: usize) {
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
            // With its `=`, so that a line that wraps breaks behind it.
            let length = length + usize::from(next == Some(&b'='));
            self.span(self.at, self.at + length, SpanKind::Flag);
            self.at += length;
        } else if first && length > 0 && next == Some(&b'=') && !rest[0].is_ascii_digit() {
            self.span(self.at, self.at + length, SpanKind::Variable);
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
        self.span(start, self.at, SpanKind::Keyword);
        if header {
            self.words.push(start..self.at);
        }
        true
    }

    /// Reads a part of a word: a quoted text, an expansion, or one character.
    pub(super) fn piece(&mut self, byte: u8, depth: usize) {
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
                    return self.span(start, self.at, SpanKind::String);
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
        self.span(start, self.at, SpanKind::String);
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
                    return self.span(start, self.at, SpanKind::String);
                }
                b'\\' => self.at = (self.at + 2).min(self.bytes.len()),
                b'<' if self.parameter(Quoting::Double) => {}
                b'\n' => {
                    if !self.quoted_line(&mut start) {
                        break;
                    }
                }
                b'$' | b'`' if depth < DEEPEST => {
                    self.span(start, self.at, SpanKind::String);
                    self.piece(byte, depth);
                    start = self.at;
                }
                _ => self.at += 1,
            }
        }
        self.span(start, self.at, SpanKind::String);
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
            self.span(*start, line, SpanKind::String);
            *start = self.at;
        }
        true
    }

    /// Remembers the outermost quote or parenthesis that was never closed.
    pub(super) fn leave_open(&mut self, open: usize, depth: usize) {
        if depth == 0 {
            self.unclosed = Some(open);
        }
    }

    /// `$name`, `${name}`, `$(command)`, `$((sum))`, `$'text'`.
    pub(super) fn expansion(&mut self, depth: usize) {
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
                self.span(start, self.at, SpanKind::Variable);
            }
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                let rest = &self.bytes[start + 1..];
                let name =
                    rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
                self.at += 1 + name.unwrap_or(rest.len());
                self.span(start, self.at, SpanKind::Variable);
            }
            Some(byte) if byte.is_ascii_digit() || b"?#@*!$-".contains(&byte) => {
                self.at += 2;
                self.span(start, self.at, SpanKind::Variable);
            }
            _ => self.at += 1,
        }
    }
}

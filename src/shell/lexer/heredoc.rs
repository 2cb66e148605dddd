//! Here-documents: the lines below a command that are what it reads.

use super::{Heredoc, ShellLexer};
use crate::highlight::SpanKind;
use crate::shell::block::Quoting;
use crate::shell::prompts::Prompts;
use crate::shell::safety::{self, InputReader};

impl ShellLexer<'_> {
    pub(super) fn heredoc(&mut self, base: usize) {
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
            self.span(start, self.at.min(start + delimiter.len()), SpanKind::Keyword);
            let reader = safety::reader(self.words_since(base));
            self.heredocs.push(Heredoc { delimiter, indented, reader });
        }
    }

    /// Passes over the bodies of the here-documents of the line that has just ended.
    pub(super) fn heredoc_bodies(&mut self) {
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
                InputReader::Nothing => {}
                InputReader::Shell => self.judge_inner(body),
                InputReader::Sql => self.add(safety::sql(body)),
                InputReader::Mongo => self.add(safety::mongo(body)),
            }
            let after = std::mem::replace(&mut self.at, body_end);
            self.continuation_prompt();
            let close = &self.text[self.at..after];
            let (start, length) =
                (self.at + close.len() - close.trim_start().len(), close.trim().len());
            self.span(start, start + length, SpanKind::Keyword);
            self.at = after;
        }
    }

    fn heredoc_body(&mut self, start: usize, end: usize) {
        let after = std::mem::replace(&mut self.at, start);
        let markup = self.text[start..end].contains("</") || self.text[start..end].contains("/>");
        while self.at < end {
            self.continuation_prompt();
            let line_end = self.line_end(self.at).min(end);
            self.span(self.at, line_end, SpanKind::String);
            while self.at < line_end {
                if self.peek(0) != Some(b'<') || markup || !self.parameter(Quoting::Literal) {
                    self.at += 1;
                }
            }
            self.at = line_end + 1;
        }
        self.at = after;
    }
}

//! Text and a language's table in, coloured spans out: one pass over the bytes, for every language but the shell's.
//!
//! It knows comments, quotes, words, numbers and keys, and no grammar. Every byte is looked at a bounded number of
//! times, so the worst text costs no more than a multiple of the best.

use std::sync::LazyLock;

use super::language::{Keys, LANGUAGES, Language, Quote};
use super::span::{Span, SpanKind};
use crate::text::line_end;

/// The longest word that can be a keyword.
const LONGEST_KEYWORD: usize = 24;

/// The longest `${…}` that is looked for.
const LONGEST_EXPANSION: usize = 200;

/// What a byte may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ByteClass {
    Plain,
    Newline,
    Word,
    Quote,
    Comment,
    Variable,
    Dash,
    Tag,
}

/// The spans of a text in the language that an author calls so, if it is known.
pub(super) fn lex(name: &str, text: &str) -> Option<Vec<Span>> {
    let table = TABLES.iter().find(|table| table.language.is_called(name))?;
    let ByteTable { language, .. } = table;
    let mut lexer =
        Lexer { language, table, text, bytes: text.as_bytes(), at: 0, spans: Vec::new() };
    if language.keys == Keys::Diff {
        lexer.diff();
    } else {
        lexer.run();
    }
    Some(lexer.spans)
}

/// What a language says of every byte, looked up rather than worked out wherever one stands.
struct ByteTable {
    language: &'static Language,
    classes: [ByteClass; 256],
    /// Whether a byte may stand in a word.
    word: [bool; 256],
}

static TABLES: LazyLock<Vec<ByteTable>> =
    LazyLock::new(|| LANGUAGES.iter().map(ByteTable::of).collect());

impl ByteTable {
    fn of(language: &'static Language) -> ByteTable {
        let mut word = [false; 256];
        for byte in 0..=u8::MAX {
            word[usize::from(byte)] =
                byte.is_ascii_alphanumeric() || byte == b'_' || language.word.contains(&byte);
        }
        let mut classes =
            word.map(|is_word| if is_word { ByteClass::Word } else { ByteClass::Plain });
        for (byte, class) in
            [(b'\n', ByteClass::Newline), (b'-', ByteClass::Dash), (b'<', ByteClass::Tag)]
        {
            let wanted = match class {
                ByteClass::Dash => language.flags,
                ByteClass::Tag => language.tags,
                _ => true,
            };
            if wanted {
                classes[usize::from(byte)] = class;
            }
        }
        for byte in language.variables {
            classes[usize::from(*byte)] = ByteClass::Variable;
        }
        for quote in language.quotes {
            classes[usize::from(quote.open.as_bytes()[0])] = ByteClass::Quote;
        }
        for open in language.comments.iter().chain(language.blocks.iter().map(|(open, _)| open)) {
            classes[usize::from(open.as_bytes()[0])] = ByteClass::Comment;
        }
        ByteTable { language, classes, word }
    }
}

struct Lexer<'a> {
    language: &'a Language,
    table: &'a ByteTable,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    spans: Vec<Span>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        self.line_start();
        while let Some(byte) = self.bytes.get(self.at) {
            match self.table.classes[usize::from(*byte)] {
                ByteClass::Plain => self.at += 1,
                ByteClass::Newline => {
                    self.at += 1;
                    self.line_start();
                }
                ByteClass::Word => self.word(),
                ByteClass::Quote => self.quote(),
                ByteClass::Comment => self.comment(),
                ByteClass::Variable => self.variable(),
                ByteClass::Dash => self.flag(),
                ByteClass::Tag => self.tag(),
            }
        }
    }

    fn span(&mut self, start: usize, kind: SpanKind) {
        self.at = self.at.min(self.bytes.len());
        if start < self.at {
            self.spans.push(Span { range: start as u32..self.at as u32, kind });
        }
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.at.min(self.bytes.len())..]
    }

    fn line_end(&self, from: usize) -> usize {
        line_end(self.bytes, from)
    }

    /// Whether a space, or nothing, is before the place that is looked at.
    fn after_space(&self) -> bool {
        self.at == 0 || self.bytes[self.at - 1].is_ascii_whitespace()
    }

    fn is_word(&self, byte: u8) -> bool {
        self.table.word[usize::from(byte)]
    }

    fn word_length(&self) -> usize {
        let rest = self.rest();
        rest.iter().position(|byte| !self.is_word(*byte)).unwrap_or(rest.len())
    }

    fn blanks(&self, from: usize) -> usize {
        self.bytes[from..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    fn word(&mut self) {
        let start = self.at;
        self.at += self.word_length();
        let fraction = self.bytes.get(self.at) == Some(&b'.') && self.bytes[start].is_ascii_digit();
        if fraction && self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
            self.at += self.word_length();
        }
        if self.language.keys == Keys::Assigned {
            let next = &self.bytes[self.at + self.blanks(self.at)..];
            if next.first() == Some(&b'=') && !matches!(next.get(1), Some(b'=' | b'>')) {
                return self.span(start, SpanKind::Flag);
            }
        }
        if let Some(kind) = self.word_kind(&self.bytes[start..self.at]) {
            self.span(start, kind);
        }
    }

    fn word_kind(&self, word: &[u8]) -> Option<SpanKind> {
        if word[0].is_ascii_digit() {
            return is_number(word).then_some(SpanKind::Number);
        }
        let mut folded = [0; LONGEST_KEYWORD];
        let folded = folded.get_mut(..word.len())?;
        folded.copy_from_slice(word);
        if self.language.fold_case {
            folded.make_ascii_lowercase();
        }
        let folded = std::str::from_utf8(folded).ok()?;
        if self.language.keywords.binary_search(&folded).is_ok() {
            Some(SpanKind::Keyword)
        } else {
            self.language.literals.binary_search(&folded).is_ok().then_some(SpanKind::Number)
        }
    }

    fn quote(&mut self) {
        let start = self.at;
        let allowed = self.language.quote_after.is_empty()
            || start == 0
            || self.language.quote_after.contains(&self.bytes[start - 1]);
        let quote = self
            .language
            .quotes
            .iter()
            .find(|quote| self.rest().starts_with(quote.open.as_bytes()));
        let Some(quote) = quote.filter(|_| allowed) else {
            self.at += 1;
            return;
        };
        self.quoted(quote);
        let key = self.language.keys == Keys::Quoted && {
            let end = self.at.min(self.bytes.len());
            self.bytes.get(end + self.blanks(end)) == Some(&b':')
        };
        self.span(start, if key { SpanKind::Flag } else { SpanKind::String });
    }

    /// Goes to the end of a quoted text: its closing quote, or the end of its line where lines end it.
    fn quoted(&mut self, quote: &Quote) {
        self.at += quote.open.len();
        let close = quote.close.as_bytes();
        let mut interpolations = 0_usize;
        while let Some(byte) = self.bytes.get(self.at) {
            if Some(*byte) == quote.escape {
                self.at += 2;
            } else if *byte == b'\n' && !quote.lines {
                return;
            } else if quote.interpolates && self.rest().starts_with(b"${") {
                interpolations += 1;
                self.at += 2;
            } else if interpolations > 0 {
                interpolations -= usize::from(*byte == b'}');
                self.at += 1;
            } else if close.first() == Some(byte) && self.rest().starts_with(close) {
                self.at += close.len();
                return;
            } else {
                self.at += 1;
            }
        }
    }

    fn comment(&mut self) {
        let start = self.at;
        let rest = self.rest();
        let block = self.language.blocks.iter().find(|(open, _)| rest.starts_with(open.as_bytes()));
        let line = self.language.comments.iter().any(|open| rest.starts_with(open.as_bytes()));
        if let Some((open, close)) = block {
            let body = start + open.len();
            self.at = self.text[body..]
                .find(close)
                .map_or(self.bytes.len(), |length| body + length + close.len());
        } else if line && (!self.language.spaced_comments || self.after_space()) {
            self.at = self.line_end(start);
        } else if self.language.tags && rest.first() == Some(&b'<') {
            return self.tag();
        } else {
            self.at += 1;
            return;
        }
        self.span(start, SpanKind::Comment);
    }

    fn variable(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.bytes.get(self.at) == Some(&b'{') {
            let window =
                self.rest().iter().take(LONGEST_EXPANSION).take_while(|byte| **byte != b'\n');
            let close = window.copied().position(|byte| byte == b'}');
            self.at += close.map_or(1, |length| length + 1);
            return self.span(start, SpanKind::Variable);
        }
        let length = self.word_length();
        if length > 0 && (start == 0 || !self.is_word(self.bytes[start - 1])) {
            self.at += length;
            self.span(start, SpanKind::Variable);
        }
    }

    fn flag(&mut self) {
        let start = self.at;
        let spaced = self.after_space();
        while self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        if spaced && self.bytes.get(self.at).is_some_and(u8::is_ascii_alphabetic) {
            let name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte == b'_';
            self.at += self.rest().iter().position(|byte| !name(byte)).unwrap_or(self.rest().len());
            self.span(start, SpanKind::Flag);
        }
    }

    fn tag(&mut self) {
        self.at += 1;
        if self.bytes.get(self.at) == Some(&b'/') {
            self.at += 1;
        }
        let start = self.at;
        let length = self.word_length();
        if length > 0 && self.bytes[start].is_ascii_alphabetic() {
            self.at += length;
            self.span(start, SpanKind::Keyword);
        }
    }

    /// Colours what has a meaning at the beginning of a line only.
    fn line_start(&mut self) {
        match self.language.keys {
            Keys::Yaml => self.yaml_line(),
            Keys::Lines(separators) => self.assignment_line(separators),
            Keys::None | Keys::Quoted | Keys::Assigned | Keys::Diff => {}
        }
    }

    /// `[section]` and `name = value`.
    fn assignment_line(&mut self, separators: &[u8]) {
        self.at += self.blanks(self.at);
        let start = self.at;
        let line = &self.bytes[start..self.line_end(start)];
        if line.first() == Some(&b'[') {
            if let Some(close) = line.iter().rposition(|byte| *byte == b']') {
                self.at += close + 1;
                self.span(start, SpanKind::Keyword);
            }
            return;
        }
        let name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-/\"'".contains(byte);
        let length = line.iter().position(|byte| !name(byte)).unwrap_or(line.len());
        let next = line.get(length + self.blanks(start + length));
        if length > 0 && next.is_some_and(|byte| separators.contains(byte)) {
            self.at += length;
            self.span(start, SpanKind::Flag);
        }
    }

    /// The key of a line of YAML, after the dashes of the lists that it begins; and its block of text, if its value
    /// is one.
    fn yaml_line(&mut self) {
        let line_start = self.at;
        let line_end = self.line_end(line_start);
        self.at += self.blanks(self.at);
        while self.rest().starts_with(b"- ") {
            self.at += 2;
            self.at += self.blanks(self.at);
        }
        let start = self.at;
        let line = &self.bytes[start..line_end];
        if line == b"---" || line == b"..." {
            self.at = line_end;
            return self.span(start, SpanKind::Keyword);
        }
        if let Some(length) = yaml_key(line) {
            self.at += length;
            self.span(start, SpanKind::Flag);
            self.at += 1;
        }
        let value = self.text[self.at..line_end].trim_matches([' ', '\t', '\r']);
        let header = |byte: u8| b"|>+-0123456789".contains(&byte);
        if value.starts_with(['|', '>']) && value.bytes().all(header) {
            self.yaml_text(line_end, self.blanks(line_start));
        }
    }

    /// The lines of a block of text, which are indented by more than `indent`.
    fn yaml_text(&mut self, header_end: usize, indent: usize) {
        let start = (header_end + 1).min(self.bytes.len());
        let mut end = start;
        let mut line = start;
        while line < self.bytes.len() {
            let line_end = self.line_end(line);
            let blanks = self.blanks(line);
            let empty = line + blanks == line_end;
            if !empty && blanks <= indent {
                break;
            }
            if !empty {
                end = line_end;
            }
            line = line_end + 1;
        }
        self.at = end;
        if start < end {
            self.span(start, SpanKind::String);
        } else {
            self.at = header_end;
        }
    }

    /// A patch, line by line.
    fn diff(&mut self) {
        while self.at < self.bytes.len() {
            let start = self.at;
            self.at = self.line_end(start);
            let line = &self.bytes[start..self.at];
            let heading: [&[u8]; 4] = [b"diff ", b"index ", b"+++ ", b"--- "];
            let kind = match line.first() {
                _ if heading.iter().any(|heading| line.starts_with(heading)) => {
                    Some(SpanKind::Flag)
                }
                Some(b'+' | b'>') => Some(SpanKind::String),
                Some(b'-' | b'<') => Some(SpanKind::Comment),
                Some(b'@') => Some(SpanKind::Keyword),
                _ => None,
            };
            if let Some(kind) = kind {
                self.span(start, kind);
            }
            self.at += 1;
        }
    }
}

/// How long the key at the beginning of a line is, without the colon after it.
fn yaml_key(line: &[u8]) -> Option<usize> {
    let first = *line.first()?;
    if matches!(first, b'#' | b'[' | b'{' | b'|' | b'>' | b'&' | b'*' | b'!' | b'%' | b'@') {
        return None;
    }
    let mut from = 0;
    if matches!(first, b'"' | b'\'') {
        from = 1 + line[1..].iter().position(|byte| *byte == first)? + 1;
    }
    for (at, byte) in line.iter().enumerate().skip(from) {
        match byte {
            b':' if matches!(line.get(at + 1), None | Some(b' ' | b'\t' | b'\r')) => {
                return Some(at);
            }
            b'#' if line[at - 1] == b' ' => return None,
            _ if from > 0 && *byte != b' ' => return None,
            _ => {}
        }
    }
    None
}

/// Whether a word that begins with a digit is a number, perhaps with a unit (`0x1f`, `2.5`, `10Mi`, `5m`).
fn is_number(word: &[u8]) -> bool {
    let digits =
        word.iter().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_')).count();
    let unit = &word[digits..];
    word.starts_with(b"0x") && word[2..].iter().all(u8::is_ascii_hexdigit)
        || (unit.len() <= 3
            && unit.iter().all(u8::is_ascii_alphanumeric)
            && word[..digits].split(|byte| *byte == b'.').count() <= 2)
}

//! Where a reader of a flowchart stands in its source, and what stands there: names, texts, blanks, comments.

use crate::diagram::shaft::Shaft;

/// A place in the source.
pub(super) struct Cursor<'s> {
    pub(super) source: &'s str,
    pub(super) at: usize,
}

impl<'s> Cursor<'s> {
    pub(super) fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn line_at(&self, at: usize) -> usize {
        self.source[..at.min(self.source.len())].matches('\n').count() + 1
    }

    pub(super) fn take(&mut self, text: &str) -> bool {
        let is_next = self.rest().starts_with(text);
        if is_next {
            self.at += text.len();
        }
        is_next
    }

    pub(super) fn take_while(&mut self, accepts: impl Fn(char) -> bool) -> &'s str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|sign| !accepts(sign)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    pub(super) fn skip_spaces(&mut self) {
        self.take_while(|sign| sign != '\n' && sign.is_whitespace());
    }

    pub(super) fn skip_line(&mut self) -> &'s str {
        self.take_while(|sign| sign != '\n')
    }

    /// Goes to the next statement, over blank lines, semicolons and comments; says whether there is one.
    pub(super) fn skip_blank(&mut self) -> bool {
        loop {
            self.take_while(|sign| sign.is_whitespace() || sign == ';');
            if !self.skip_comment() {
                return !self.rest().is_empty();
            }
        }
    }

    /// A comment, or settings written as one, which may run over lines.
    pub(super) fn skip_comment(&mut self) -> bool {
        let rest = self.rest();
        if !rest.starts_with("%%") {
            return false;
        }
        match rest.find("}%%").filter(|_| rest.starts_with("%%{")) {
            Some(end) => self.at += end + "}%%".len(),
            None => drop(self.skip_line()),
        }
        true
    }

    pub(super) fn skip_blank_lines(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            if !self.skip_comment() {
                break;
            }
        }
    }

    pub(super) fn begins_node(&self) -> bool {
        let word = first_word(self.rest());
        self.rest().starts_with(is_name_sign) && !["subgraph", "end"].contains(&word)
    }

    /// A name: a dash belongs to it unless an arrow begins there.
    pub(super) fn name(&mut self) -> &'s str {
        let rest = self.rest();
        let mut end = 0;
        for (at, sign) in rest.char_indices() {
            let next = rest[at + sign.len_utf8()..].chars().next();
            let belongs = match sign {
                '-' => at > 0 && !matches!(next, None | Some('>' | '-' | '.' | ' ' | '\n')),
                '=' => next != Some('=') && at > 0,
                '&' => at > 0,
                '@' => next != Some('{') && !Shaft::begins(&rest[at + 1..]),
                ':' => !rest[at..].starts_with(":::"),
                sign => is_name_sign(sign),
            };
            if !belongs {
                break;
            }
            end = at + sign.len_utf8();
        }
        self.at += end;
        &rest[..end]
    }

    /// The text up to the first of some signs outside quotation marks, and which of them it is.
    pub(super) fn text(&mut self, closers: &[&'static str]) -> Option<(&'s str, usize)> {
        let rest = self.rest();
        let (mut quoted, mut inner) = (false, Vec::new());
        for (at, sign) in rest.char_indices() {
            let found = || closers.iter().position(|closer| rest[at..].starts_with(closer));
            match sign {
                '"' => quoted = !quoted,
                _ if quoted => {}
                _ if inner.is_empty() && found().is_some() => {
                    let closer = found()?;
                    self.at += at + closers[closer].len();
                    return Some((&rest[..at], closer));
                }
                '[' | '(' | '{' => inner.push(sign),
                ']' | ')' | '}' => drop(inner.pop()),
                _ => {}
            }
        }
        None
    }
}

fn is_name_sign(sign: char) -> bool {
    sign.is_alphanumeric()
        || "!\"#$%'*+.`?\\_/,:@&=-".contains(sign)
        || (!sign.is_ascii() && !sign.is_whitespace())
}

pub(super) fn first_word(text: &str) -> &str {
    let end = text.find(|sign: char| !sign.is_alphanumeric() && sign != '_' && sign != '-');
    &text[..end.unwrap_or(text.len())]
}

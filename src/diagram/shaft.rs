//! The arrows of flowcharts, in every spelling: `-->`, `-. text .->`, `o--o`, `===`.

use mermaid_rs_renderer::ir::{EdgeDecoration, EdgeStyle};

/// What an arrow ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArrowHead {
    Arrow,
    Circle,
    Cross,
}

impl ArrowHead {
    /// What a sign at the end of a line stands for.
    pub(super) fn of(sign: char) -> Option<ArrowHead> {
        match sign {
            '<' | '>' => Some(ArrowHead::Arrow),
            'o' => Some(ArrowHead::Circle),
            'x' => Some(ArrowHead::Cross),
            _ => None,
        }
    }

    /// What is drawn at the end, besides arrows.
    pub(super) fn decoration(self) -> Option<EdgeDecoration> {
        match self {
            ArrowHead::Arrow => None,
            ArrowHead::Circle => Some(EdgeDecoration::Circle),
            ArrowHead::Cross => Some(EdgeDecoration::Cross),
        }
    }
}

/// The line of an arrow: all of it, or the part before its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shaft {
    pub(super) begin: Option<ArrowHead>,
    pub(super) end: Option<ArrowHead>,
    pub(super) style: EdgeStyle,
    pub(super) layers: u8,
    pub(super) is_seen: bool,
    pub(super) awaits_text: bool,
    /// How many bytes it takes.
    pub(super) size: usize,
}

impl Shaft {
    /// Whether a text begins with an arrow.
    pub(super) fn begins(text: &str) -> bool {
        Shaft::at_beginning(text).is_some()
    }

    /// The arrow, or the first part of one, that a text begins with.
    pub(super) fn at_beginning(text: &str) -> Option<Shaft> {
        // Nobody writes a longer one, and looking further at each place of a long line takes its length squared.
        let text = text.char_indices().nth(40).map_or(text, |(end, _)| &text[..end]);
        let first = text.chars().next()?;
        let begin = ArrowHead::of(first).filter(|_| first != '>');
        let line = if begin.is_some() { &text[1..] } else { text };
        let count = |text: &str, sign: char| text.len() - text.trim_start_matches(sign).len();
        let part = |style, marks: usize, size: usize, layers: usize| {
            let head = line[size..].chars().next();
            // `--x` ends in a cross; the `x` of `-- x` is text.
            let end = head.and_then(ArrowHead::of).filter(|_| head != Some('<'));
            let whole = end.is_some() || marks > 2;
            let layers = if end.is_some() { layers + 1 } else { layers };
            Shaft {
                begin,
                end: end.filter(|_| whole),
                style,
                layers: u8::try_from(layers.saturating_sub(2).clamp(1, 9)).unwrap_or(1),
                is_seen: true,
                awaits_text: !whole,
                size: usize::from(begin.is_some()) + size + usize::from(end.is_some()),
            }
        };
        let dashes = count(line, '-');
        let dots = count(&line[dashes.min(1)..], '.');
        if line.starts_with("~~~") {
            let size = count(line, '~');
            let layers = u8::try_from((size - 2).min(9)).unwrap_or(1);
            let (begin, end, style) = (None, None, EdgeStyle::Solid);
            return Some(Shaft {
                begin,
                end,
                style,
                layers,
                is_seen: false,
                awaits_text: false,
                size,
            });
        }
        if dashes <= 1 && dots > 0 {
            let before = dashes + dots;
            let closes = line[before..].starts_with('-');
            if closes {
                return Some(part(EdgeStyle::Dotted, 3, before + 1, dots + 2)).map(|shaft| Shaft {
                    layers: u8::try_from(dots.min(9)).unwrap_or(1),
                    ..shaft
                });
            }
            let opens = dashes == 1 && dots == 1;
            return opens.then(|| Shaft {
                awaits_text: true,
                end: None,
                size: usize::from(begin.is_some()) + before,
                ..part(EdgeStyle::Dotted, 2, before, 2)
            });
        }
        if dashes >= 2 {
            return Some(part(EdgeStyle::Solid, dashes, dashes, dashes));
        }
        let lines = count(line, '=');
        (lines >= 2).then(|| part(EdgeStyle::Thick, lines, lines, lines))
    }

    /// The text between the two parts of an arrow, and the second part.
    pub(super) fn text<'t>(&self, rest: &'t str) -> Option<(&'t str, Shaft)> {
        let mut quoted = false;
        for (at, sign) in rest.char_indices() {
            quoted ^= sign == '"';
            let may_begin = match self.style {
                EdgeStyle::Solid => "-<ox",
                EdgeStyle::Thick => "=<ox",
                EdgeStyle::Dotted => "-.<ox",
            };
            if quoted || !may_begin.contains(sign) {
                continue;
            }
            // A letter ends the text only where a space stands before it.
            if matches!(sign, 'o' | 'x') && !rest[..at].ends_with(char::is_whitespace) {
                continue;
            }
            let end = Shaft::at_beginning(&rest[at..]);
            if let Some(end) =
                end.filter(|end| end.style == self.style && end.is_seen && !end.awaits_text)
            {
                return Some((&rest[..at], end));
            }
        }
        None
    }
}

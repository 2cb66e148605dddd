//! Texts that a template computes, such as the name `${Environment}-login-errors`: literal parts and named holes.
//!
//! A name is known as far as its template goes. What only the deployment can say is a [`PatternPiece::Hole`]; a pattern
//! without holes is an ordinary text. Pages may claim names by patterns as well, with `*` for a hole.

use std::fmt::{self, Display};

/// Stands in a plain text for a hole whose name does not matter.
pub(crate) const COMPUTED: char = '\u{fffc}';

/// How many pieces a pattern may have; what comes after them is one hole.
const MAX_PIECES: usize = 64;

/// How many bytes the literal parts of a pattern may have; a text that doubles itself again and again ends here.
const MAX_LITERAL: usize = 4096;

/// How many values of a hole are remembered; a hole with more may have any.
const MAX_VALUES: usize = 32;

/// A text with holes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern {
    pieces: Vec<PatternPiece>,
}

/// A part of a [`Pattern`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PatternPiece {
    /// A part that stands as it is.
    Literal(String),
    /// A part that is known when the rule is deployed.
    Hole(Hole),
}

/// A part of a name that only the deployment knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hole {
    /// What the template calls it: the name of a parameter, a variable, a resource; empty where it has no name.
    pub name: String,
    /// The values that it can have; empty where it can have any.
    pub values: Vec<String>,
}

impl Pattern {
    /// A text without holes.
    pub fn literal(text: impl Into<String>) -> Pattern {
        let mut pattern = Pattern::default();
        pattern.push_literal(&text.into());
        pattern
    }

    /// One hole that can have any value.
    pub fn hole(name: impl Into<String>) -> Pattern {
        Pattern::hole_of(name, Vec::new())
    }

    /// One hole that can have one of some values; a literal if there is just one.
    pub fn hole_of(name: impl Into<String>, mut values: Vec<String>) -> Pattern {
        values.sort();
        values.dedup();
        if let [only] = &values[..] {
            return Pattern::literal(only.clone());
        }
        if values.len() > MAX_VALUES {
            values.clear();
        }
        Pattern { pieces: vec![PatternPiece::Hole(Hole { name: name.into(), values })] }
    }

    /// A name as a page claims it: each `*` is a hole.
    pub fn claimed(name: &str) -> Pattern {
        let mut pattern = Pattern::default();
        for (index, part) in name.split('*').enumerate() {
            if index > 0 {
                pattern.push(PatternPiece::Hole(Hole::default()));
            }
            pattern.push_literal(part);
        }
        pattern
    }

    /// The parts in order: no two literals stand beside each other, and no literal is empty.
    pub fn pieces(&self) -> &[PatternPiece] {
        &self.pieces
    }

    /// The whole text, if there is no hole in it.
    pub fn as_literal(&self) -> Option<&str> {
        match &self.pieces[..] {
            [] => Some(""),
            [PatternPiece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Every hole in order.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.pieces.iter().filter_map(|piece| match piece {
            PatternPiece::Hole(hole) => Some(hole),
            PatternPiece::Literal(_) => None,
        })
    }

    /// Whether some letter or digit of the text is known.
    pub fn has_constant(&self) -> bool {
        self.literals().any(|text| text.contains(char::is_alphanumeric))
    }

    /// The literal parts joined by `-`, without the marks that join them to holes: what a stable address is made of.
    pub fn constant(&self) -> String {
        let marks = |letter: char| !letter.is_alphanumeric();
        let parts = self.literals().map(|text| text.trim_matches(marks));
        parts.filter(|part| !part.is_empty()).collect::<Vec<&str>>().join("-")
    }

    /// How many bytes of the text are known.
    pub fn known(&self) -> usize {
        self.literals().map(str::len).sum()
    }

    /// The text with U+FFFC for each hole.
    pub fn marked(&self) -> String {
        let piece = |piece: &PatternPiece| match piece {
            PatternPiece::Literal(text) => text.clone(),
            PatternPiece::Hole(_) => COMPUTED.to_string(),
        };
        self.pieces.iter().map(piece).collect()
    }

    /// Adds what comes next.
    pub fn push(&mut self, piece: PatternPiece) {
        match piece {
            PatternPiece::Literal(text) => self.push_literal(&text),
            // Two of one hole beside each other say no more than one.
            PatternPiece::Hole(_)
                if self.pieces.len() >= MAX_PIECES || self.pieces.last() == Some(&piece) => {}
            PatternPiece::Hole(hole) => self.pieces.push(PatternPiece::Hole(hole)),
        }
    }

    /// Adds all that another pattern says.
    pub fn append(&mut self, other: Pattern) {
        other.pieces.into_iter().for_each(|piece| self.push(piece));
    }

    /// What several say one after the other, with a text between them.
    pub fn joined(parts: Vec<Pattern>, separator: &str) -> Pattern {
        let mut joined = Pattern::default();
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                joined.push_literal(separator);
            }
            joined.append(part);
        }
        joined
    }

    /// Adds a text.
    pub fn push_literal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.known() + text.len() > MAX_LITERAL || self.pieces.len() >= MAX_PIECES {
            if !matches!(self.pieces.last(), Some(PatternPiece::Hole(_))) {
                self.pieces.push(PatternPiece::Hole(Hole::default()));
            }
            return;
        }
        match self.pieces.last_mut() {
            Some(PatternPiece::Literal(last)) => last.push_str(text),
            _ => self.pieces.push(PatternPiece::Literal(text.to_string())),
        }
    }

    /// The same with `name` for the holes that have none.
    pub fn named(mut self, name: &str) -> Pattern {
        for piece in &mut self.pieces {
            if let PatternPiece::Hole(hole) = piece
                && hole.name.is_empty()
            {
                hole.name = name.to_string();
            }
        }
        self
    }

    /// The same with each literal part changed.
    pub fn map_literals(self, change: impl Fn(&str) -> String) -> Pattern {
        let mut changed = Pattern::default();
        for piece in self.pieces {
            match piece {
                PatternPiece::Literal(text) => changed.push_literal(&change(&text)),
                PatternPiece::Hole(mut hole) => {
                    hole.values.iter_mut().for_each(|value| *value = change(value));
                    changed.push(PatternPiece::Hole(hole));
                }
            }
        }
        changed
    }

    /// Every text that the pattern can be, if that is known and not more than `most`.
    pub fn expanded(&self, most: usize) -> Option<Vec<String>> {
        let mut texts = vec![String::new()];
        for piece in &self.pieces {
            let values = match piece {
                PatternPiece::Literal(text) => std::slice::from_ref(text),
                PatternPiece::Hole(hole) => &hole.values[..],
            };
            if values.is_empty() || texts.len() * values.len() > most {
                return None;
            }
            let with_each = |text: String| values.iter().map(move |value| format!("{text}{value}"));
            texts = texts.into_iter().flat_map(with_each).collect();
        }
        Some(texts)
    }

    /// What each hole is in a text that the pattern matches. A hole is at least one character; where a text can be
    /// read in several ways, earlier holes take as little as they can.
    pub fn captures(&self, text: &str, case_sensitive: bool) -> Option<Vec<(&str, String)>> {
        let folded =
            |text: &str| if case_sensitive { text.to_string() } else { text.to_lowercase() };
        // Lower case may be longer or shorter than what was typed; then what was typed cannot be cut by it.
        let lower = folded(text);
        let typed = if lower.len() == text.len() { text } else { &lower };
        let fold = |piece: &PatternPiece| match piece {
            PatternPiece::Literal(text) => PatternPiece::Literal(folded(text)),
            PatternPiece::Hole(hole) => {
                let values = hole.values.iter().map(|value| folded(value)).collect();
                PatternPiece::Hole(Hole { name: String::new(), values })
            }
        };
        let pieces: Vec<PatternPiece> = self.pieces.iter().map(fold).collect();
        let mut starts = starts(&pieces, &lower)?;
        starts.push(lower.len());
        let cut = |index: usize| typed.get(starts[index]..starts[index + 1]).unwrap_or_default();
        let named = self.pieces.iter().enumerate().filter_map(|(index, piece)| match piece {
            PatternPiece::Hole(hole) => Some((hole.name.as_str(), cut(index).to_string())),
            PatternPiece::Literal(_) => None,
        });
        Some(named.collect())
    }

    /// Whether some text matches both patterns. Both must be in the same case.
    pub fn meets(&self, other: &Pattern) -> bool {
        let one: Vec<PatternStep> = self.steps();
        let two: Vec<PatternStep> = other.steps();
        // Positions of `two` that some text can have led to together with the position of `one` at hand.
        let mut reached = vec![false; two.len() + 1];
        reached[0] = true;
        skip_holes(&mut reached, &two);
        for step in &one {
            let mut next = vec![false; two.len() + 1];
            for at in 0..=two.len() {
                if !reached[at] {
                    continue;
                }
                match (step, two.get(at)) {
                    (PatternStep::Any, _) => next[at..].fill(true),
                    (PatternStep::Letter(_), Some(PatternStep::Any)) => next[at] = true,
                    (PatternStep::Letter(a), Some(PatternStep::Letter(b))) if a == b => {
                        next[at + 1] = true;
                    }
                    (PatternStep::Letter(_), _) => {}
                }
                if matches!(step, PatternStep::Any) {
                    break;
                }
            }
            skip_holes(&mut next, &two);
            reached = next;
        }
        reached[two.len()]
    }

    fn literals(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            PatternPiece::Literal(text) => Some(text.as_str()),
            PatternPiece::Hole(_) => None,
        })
    }

    fn steps(&self) -> Vec<PatternStep> {
        let steps = self.pieces.iter().flat_map(|piece| match piece {
            PatternPiece::Literal(text) => text.chars().map(PatternStep::Letter).collect(),
            PatternPiece::Hole(_) => vec![PatternStep::Any],
        });
        steps.collect()
    }
}

/// With each hole in braces: `{Environment}-login-errors`.
impl Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                PatternPiece::Literal(text) => f.write_str(text)?,
                PatternPiece::Hole(hole) if hole.name.is_empty() => f.write_str("*")?,
                PatternPiece::Hole(hole) => write!(f, "{{{}}}", hole.name)?,
            }
        }
        Ok(())
    }
}

/// One letter of a pattern, or a hole of any length.
#[derive(Clone, Copy)]
enum PatternStep {
    Letter(char),
    Any,
}

/// A hole can be passed over, so that what reaches it reaches what follows.
fn skip_holes(reached: &mut [bool], steps: &[PatternStep]) {
    for (at, step) in steps.iter().enumerate() {
        if reached[at] && matches!(step, PatternStep::Any) {
            reached[at + 1] = true;
        }
    }
}

/// Where each piece begins in a text that the pieces match from its first to its last byte.
///
/// Without values a hole ends where the next literal is found first, as in any search for `*`: to take the first is
/// never worse, since the rest may begin later anyway. The last literal must end the text. Holes with values are tried
/// one value after the other, longest first, which the bound on pieces and values keeps short.
fn starts(pieces: &[PatternPiece], text: &str) -> Option<Vec<usize>> {
    let mut budget = 4096;
    let mut found = Vec::new();
    follow(pieces, text, 0, &mut found, &mut budget).then_some(found)
}

fn follow(
    pieces: &[PatternPiece],
    text: &str,
    at: usize,
    found: &mut Vec<usize>,
    budget: &mut usize,
) -> bool {
    let Some((piece, rest)) = pieces.split_first() else { return at == text.len() };
    if *budget == 0 {
        return false;
    }
    *budget -= 1;
    found.push(at);
    let after = &text[at..];
    let matched = match piece {
        PatternPiece::Literal(literal) => {
            after.starts_with(literal.as_str())
                && follow(rest, text, at + literal.len(), found, budget)
        }
        PatternPiece::Hole(hole) if !hole.values.is_empty() => {
            let mut values: Vec<&String> = hole.values.iter().collect();
            values.sort_by_key(|value| std::cmp::Reverse(value.len()));
            values.into_iter().any(|value| {
                after.starts_with(value.as_str())
                    && follow(rest, text, at + value.len(), found, budget)
            })
        }
        PatternPiece::Hole(_) => {
            let ends = after.char_indices().skip(1).map(|(end, _)| end).chain([after.len()]);
            let ends = ends.filter(|end| *end > 0 && may_begin(rest, &after[*end..]));
            ends.into_iter().any(|end| follow(rest, text, at + end, found, budget))
        }
    };
    if !matched {
        found.pop();
    }
    matched
}

/// Whether what follows a hole can begin with a text, as far as one look tells.
fn may_begin(rest: &[PatternPiece], text: &str) -> bool {
    match rest {
        [] => text.is_empty(),
        [PatternPiece::Literal(last)] => text == last,
        [PatternPiece::Literal(next), ..] => text.starts_with(next.as_str()),
        [PatternPiece::Hole(_), ..] => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{Hole, Pattern, PatternPiece};

    /// `{name}` is a hole, `{a|b}` one with values.
    fn pattern(text: &str) -> Pattern {
        let mut pattern = Pattern::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (hole, behind) = after.split_once('}').unwrap();
            pattern.push_literal(before);
            let values: Vec<String> = hole.split('|').map(str::to_string).collect();
            let values = if values.len() > 1 { values } else { Vec::new() };
            let name = if values.is_empty() { hole.to_string() } else { String::new() };
            pattern.push(PatternPiece::Hole(Hole { name, values }));
            rest = behind;
        }
        pattern.push_literal(rest);
        pattern
    }

    fn check(text: &str, name: &str, expected: Option<&str>) {
        let pattern = pattern(text);
        let captures = pattern.captures(name, false).map(|found| {
            let shown = found.iter().map(|(name, value)| format!("{name}={value}"));
            shown.collect::<Vec<String>>().join(" ")
        });
        assert_eq!(captures.as_deref(), expected, "{text} {name}");
    }

    #[test]
    fn a_name_gives_its_holes_values() {
        check("{env}-login-errors", "prod-login-errors", Some("env=prod"));
        check("{env}-login-errors", "eu-Prod-login-Errors", Some("env=eu-Prod"));
        check("{env}-login-errors", "-login-errors", None);
        check("{env}-login-errors", "prod-login-errors-2", None);
        check("a-{x}-b-{y}", "a-1-b-b-2", Some("x=1 y=b-2"));
        check("{x}-b", "a-b-b", Some("x=a-b"));
        check("{x}{y}", "ab", Some("x=a y=b"));
        check("{dev|prod}-a", "prod-a", Some("=prod"));
        check("{dev|prod}-a", "test-a", None);
        check("{a|ab}{c}", "abc", Some("=ab c=c"));
        check("{a|ab}bc", "abc", Some("=a"));
        check("É{x}", "éa", Some("x=a"));
        check("plain", "PLAIN", Some(""));
    }

    #[test]
    fn patterns_meet_where_a_common_name_exists() {
        for (one, two, expected) in [
            ("{a}-login", "prod-{b}", true),
            ("{a}-login", "{b}-logout", false),
            ("{a}-x-{b}", "p-{c}-q", true),
            ("a{x}", "b{x}", false),
            ("{x}", "anything", true),
            ("abc", "abc", true),
            ("abc", "abd", false),
            ("{a}aaa", "aaa{b}", true),
            ("x{a}y", "x{b}z{c}y", true),
            ("x{a}y", "xz{b}", true),
            ("x{a}y", "xz", false),
        ] {
            assert_eq!(pattern(one).meets(&pattern(two)), expected, "{one} {two}");
            assert_eq!(pattern(two).meets(&pattern(one)), expected, "{two} {one}");
        }
    }

    #[test]
    fn claims_and_what_is_shown_of_names() {
        let claimed = Pattern::claimed("*-login-*");
        assert_eq!((claimed.to_string().as_str(), claimed.pieces().len()), ("*-login-*", 3));
        let name = pattern("{Env}-login-{Id}");
        assert_eq!(name.to_string(), "{Env}-login-{Id}");
        assert_eq!(name.constant(), "login");
        assert_eq!(pattern("a-{x}.b").constant(), "a-b");
        assert!(!pattern("{a}-{b}").has_constant() && name.has_constant());
        assert_eq!(pattern("{a|b}-{c|d}").expanded(4).unwrap(), ["a-c", "a-d", "b-c", "b-d"]);
        assert_eq!(pattern("{a|b}-{c|d}").expanded(3), None);
    }

    #[test]
    fn a_text_that_grows_without_end_ends_in_a_hole() {
        let mut long = Pattern::literal("x".repeat(4000));
        for _ in 0..20 {
            let twice = long.clone();
            long.append(twice);
        }
        assert!(long.known() <= 4096 && long.pieces().len() <= 65 && long.as_literal().is_none());
        let many: String = (0..200).map(|hole| ["{h", &hole.to_string(), "}-"].concat()).collect();
        assert!(pattern(&many).pieces().len() <= 65);
        assert!(pattern(&many).captures(&"a-".repeat(300), true).is_some());
    }

    proptest::proptest! {
        #[test]
        fn what_is_filled_in_is_matched_and_met(
            parts in proptest::collection::vec(("[a-c-]{0,3}", "[a-c]{1,3}"), 0..4), end in "[a-c-]{0,3}",
        ) {
            let mut pattern = Pattern::default();
            let mut text = String::new();
            for (literal, value) in &parts {
                pattern.push_literal(literal);
                pattern.push(PatternPiece::Hole(Hole::default()));
                text.extend([literal.as_str(), value.as_str()]);
            }
            pattern.push_literal(&end);
            text.push_str(&end);
            assert!(pattern.captures(&text, true).is_some(), "{pattern} {text}");
            assert!(pattern.meets(&Pattern::literal(text.clone())), "{pattern} {text}");
        }
    }
}

//! What of a template is still to be replaced: text for authors, and slots. It is no fact of the page that holds it.

use std::collections::BTreeSet;

use crate::parse::Document;
use crate::text::single_spaced;
use crate::token::{TokenKind, parameter_name, placeholder, placeholders};

/// The paragraphs and list items of a template, and its slots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Guidance {
    passages: BTreeSet<String>,
    /// Those that name the agent and are long, as what stands before, between and behind its name.
    naming_the_agent: Vec<Vec<String>>,
    /// Long passages with slots, as what stands before, between and behind these.
    with_slots: Vec<Vec<String>>,
    slots: BTreeSet<String>,
    /// How the template begins, as what stands before, between and behind the agent's name.
    opening: Vec<String>,
}

/// The slot that tools fill in with the name of the agent.
const AGENT: &str = "<AGENT_NAME>";

/// How many words a passage has beside its slots at least, if it stays guidance with these filled in: "Symptom:
/// `<AGENT_NAME>_ErrorRateAlarm` triggered" with a name in it is an answer.
const FEWEST_WORDS: usize = 6;

impl Guidance {
    /// Reads a template.
    pub fn of(template: &Document) -> Guidance {
        let mut guidance = Guidance {
            slots: template.tokens.iter().map(|token| parameter_name(&token.text)).collect(),
            opening: template.opening.iter().flat_map(|text| text.split(AGENT)).map(key).collect(),
            ..Guidance::default()
        };
        // What a template takes in is text that pages share, and is theirs as it stands.
        let end = template.included.first().map_or(usize::MAX, |first| first.start);
        for passage in template.passages.iter().filter(|passage| passage.range().start < end) {
            let text = key(template.passage_text(passage));
            if text.is_empty() || says_not_applicable(&text) || guidance.is_slot(&text) {
                continue;
            }
            let pieces = pieces(&text);
            let words: usize = pieces.iter().map(|piece| piece.split_whitespace().count()).sum();
            if pieces.len() > 1 && words >= FEWEST_WORDS {
                if text.contains(AGENT) {
                    guidance.naming_the_agent.push(text.split(AGENT).map(str::to_owned).collect());
                }
                guidance.with_slots.push(pieces.into_iter().map(str::to_owned).collect());
            }
            guidance.passages.insert(text);
        }
        guidance
    }

    /// Whether a paragraph or list item is the template's own, word for word or with a name of the agent in it: nobody
    /// wrote it for this page.
    pub fn is_unchanged(&self, text: &str, agent_names: &[&str]) -> bool {
        let text = key(text);
        self.passages.contains(&text)
            || self.naming_the_agent.iter().any(|pieces| {
                text.starts_with(&pieces[0])
                    && agent_names.iter().any(|name| pieces.join(name) == text)
            })
    }

    /// Whether a paragraph, list item or cell may still be to write, so that it is no fact of the page: slots are left
    /// in it, or nothing but slots of the template was filled in.
    pub fn is_left(&self, text: &str) -> bool {
        let text = key(text);
        self.passages.contains(&text)
            || self.has_slot(&text)
            || self.with_slots.iter().any(|pieces| fits(pieces, &text))
    }

    /// Whether a page begins as the template does, or with what is left of it, so that its first sentence says nothing of
    /// the page.
    pub fn is_opening(&self, text: &str) -> bool {
        let text = key(text);
        let is_of_template = !self.passages.is_empty() || !self.slots.is_empty();
        if self.passages.contains(&text) || (is_of_template && self.has_slot(&text)) {
            return true;
        }
        match &self.opening[..] {
            [] => false,
            [whole] => *whole == text,
            [first, .., last] => {
                // Blanks beside the name are gone from the pieces.
                let between = self.opening[1..self.opening.len() - 1].iter();
                let mut rest = text.strip_prefix(first.as_str());
                for piece in between {
                    rest =
                        rest.and_then(|rest| rest.split_once(piece.as_str())).map(|(_, rest)| rest);
                }
                rest.is_some_and(|rest| rest.ends_with(last.as_str()))
            }
        }
    }

    /// Whether a text is a slot alone.
    fn is_slot(&self, text: &str) -> bool {
        let token = text.trim_matches('`');
        placeholder(token).is_some() && self.slots.contains(&parameter_name(token))
    }

    fn has_slot(&self, text: &str) -> bool {
        placeholders(text).any(|range| {
            let token = &text[range];
            placeholder(token) == Some(TokenKind::UpperCase)
                || self.slots.contains(&parameter_name(token))
        })
    }
}

fn key(text: &str) -> String {
    single_spaced(&straight(text)).into_owned()
}

/// What stands around the slots of a text.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for range in placeholders(text) {
        pieces.push(&text[done..range.start]);
        done = range.end;
    }
    pieces.push(&text[done..]);
    pieces
}

/// Whether a text has all pieces in order, the first at its beginning and the last at its end, with no more between
/// than fills a slot.
fn fits(pieces: &[String], text: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return false };
    let Some((last, between)) = rest.split_last() else { return false };
    let Some(mut text) = text.strip_prefix(first.as_str()) else { return false };
    for piece in between {
        let Some(at) = text.find(piece.as_str()).filter(|at| fills_a_slot(&text[..*at])) else {
            return false;
        };
        text = &text[at + piece.len()..];
    }
    text.strip_suffix(last.as_str()).is_some_and(fills_a_slot)
}

/// A name or value, as opposed to a sentence.
fn fills_a_slot(text: &str) -> bool {
    // Longer than most names of teams, services and files, and shorter than most sentences.
    const LONGEST: usize = 80;
    text.len() <= LONGEST && !text.contains(". ")
}

/// The text with straight quotes and dots where typing aids put curly ones.
pub fn straight(text: &str) -> String {
    text.replace(['\u{2018}', '\u{2019}', '\u{2032}'], "'")
        .replace(['\u{201c}', '\u{201d}'], "\"")
        .replace('\u{2026}', "...")
        .replace('\u{a0}', " ")
}

/// Whether the text of a section says that it does not apply.
pub fn says_not_applicable(text: &str) -> bool {
    not_applicable_reason(text).is_some()
}

/// What follows "Not applicable" or "N/A" at the beginning of a text, if it begins so.
pub fn not_applicable_reason(text: &str) -> Option<&str> {
    let text =
        text.trim_start_matches(|letter: char| letter.is_whitespace() || "*_-–(>".contains(letter));
    let length = ["not applicable", "n/a"]
        .into_iter()
        .find(|words| {
            text.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words))
        })?
        .len();
    let rest = &text[length..];
    let ends_there = !rest.starts_with(|letter: char| letter.is_alphanumeric());
    ends_there.then(|| {
        rest.trim_matches(|letter: char| letter.is_whitespace() || "*_.,:;!()-–—".contains(letter))
    })
}

#[cfg(test)]
mod tests {
    use super::Guidance;
    use crate::parse::tests_support::document;

    #[test]
    fn what_a_template_says_is_left_until_it_is_replaced() {
        let guidance = Guidance::of(&document(
            "## A\n\n- List any alarms or other mechanisms set up for `<AGENT_NAME>`.\n- Call <NAME>.\n\n\
             Say “when” to escalate, and how.\n\nN/A\n",
        ));
        for (text, is_left) in [
            ("List any alarms or other mechanisms set up for <AGENT_NAME>.", true),
            ("List any alarms or other mechanisms set up for refund.", true),
            ("List any alarms or other mechanisms set up for refund. RefundFailed fires.", false),
            ("Say \"when\" to escalate, and how.", true),
            ("Say when to escalate.", false),
            ("Call <NAME>.", true),
            ("Call Ann.", false),
            ("Write to <TEAM>.", true),
            ("Restart <pod>.", false),
            ("N/A", false),
        ] {
            assert_eq!(guidance.is_left(text), is_left, "{text}");
        }
    }

    #[test]
    fn a_page_that_begins_as_its_template_says_nothing_of_itself_there() {
        for (template, text, expected) in [
            ("This is how we work.", "This is how we work.", true),
            ("This is how we work.", "This is how it works.", false),
            ("What `<AGENT_NAME>` does for whom.", "What refund does for whom.", true),
            ("What `<AGENT_NAME>` does for whom.", "What it is for.", false),
            ("`<AGENT_NAME>` does this and that.", "Refund does this and that.", true),
            ("", "Anything.", false),
            ("", "`<TEXT>`", false),
            ("Say what `<CONTACT>` does.", "`<TEXT>`", true),
            ("Say what it does.", "Ask `<CONTACT>` first.", true),
            ("Say what it does.", "Ask `<contact>` first.", false),
            ("This is how we work.\n\n## B\n\nWho notices.", "Who notices.", true),
        ] {
            let guidance = Guidance::of(&document(&format!("# A\n\n{template}\n")));
            assert_eq!(guidance.is_opening(text), expected, "{template} {text}");
        }
    }
}

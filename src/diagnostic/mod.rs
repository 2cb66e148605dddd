//! What is wrong, where, and what to do about it.
//!
//! Every mistake has one constructor function in a submodule named after its concern, so that wording, rule
//! and help stand in one place. Levels are not decided here: [`crate::check`] applies the site's.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::files::FilePath;
use crate::hidden::shown;

pub use alerts_read::{AlertsRead, SourceRead};
pub use concern::Concern;
pub use rule::{Level, Rule, RuleCard};

pub mod agents;
pub mod alerts;
mod alerts_read;
pub mod commands;
mod concern;
pub mod conformance;
pub(crate) mod content;
pub(crate) mod dashboards;
pub mod freshness;
pub mod hidden;
pub(crate) mod links;
pub mod ownership;
pub mod print;
mod rule;
pub(crate) mod search;
pub mod secrets;
pub(crate) mod site;
pub mod suppression;
pub mod theme;
pub(crate) mod values;

/// A place in a file of the site.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The file, relative to the site folder.
    pub path: FilePath,
    /// Bytes in the file; lines and columns are computed only when printed.
    pub range: Range<usize>,
}

impl Location {
    /// A place in a file.
    pub fn new(path: &FilePath, range: Range<usize>) -> Location {
        Location { path: path.clone(), range }
    }

    /// The file as a whole, shown at its first line.
    pub fn file(path: &FilePath) -> Location {
        Location { path: path.clone(), range: 0..0 }
    }
}

/// One mistake, at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where the mistake is.
    pub at: Location,
    /// Which rule it breaks.
    pub rule: Rule,
    /// What is wrong there: lower case, one fact, no full stop.
    pub message: String,
    /// The next step, if there is one to suggest.
    pub help: Option<String>,
    /// Other places that belong to the mistake, each with what it is.
    pub also: Vec<(Location, String)>,
    /// Whether it is a warning where the site gives its rule no level, since it may be no mistake at all.
    pub mild: bool,
}

/// A mistake that the site wants to hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters there.
    pub level: Level,
    /// What is wrong.
    pub diagnostic: Arc<Diagnostic>,
}

impl Finding {
    /// What findings are listed by: where they are, then what they say.
    pub(crate) fn order(&self) -> (&FilePath, usize, Rule, usize, &str) {
        let Diagnostic { at, rule, message, .. } = &*self.diagnostic;
        (&at.path, at.range.start, *rule, at.range.end, message)
    }
}

impl Diagnostic {
    /// A mistake without help. Whatever a message quotes is shown, hidden as it may be where it stands.
    pub fn new(at: Location, rule: Rule, message: String) -> Diagnostic {
        let message = visible(message);
        Diagnostic { at, rule, message, help: None, also: Vec::new(), mild: false }
    }

    /// The same with the next step named.
    pub fn help(self, help: impl Into<String>) -> Diagnostic {
        Diagnostic { help: Some(visible(help.into())), ..self }
    }

    /// The same as a warning, where the site gives its rule no level.
    pub fn mild(self) -> Diagnostic {
        Diagnostic { mild: true, ..self }
    }

    /// The same with a second place shown.
    pub fn also(mut self, at: Location, what: impl Into<String>) -> Diagnostic {
        self.also.push((at, visible(what.into())));
        self
    }
}

fn visible(text: String) -> String {
    match shown(&text) {
        Cow::Owned(text) => text,
        Cow::Borrowed(_) => text,
    }
}

/// How many findings there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// How many are errors.
    pub errors: usize,
    /// How many are warnings.
    pub warnings: usize,
}

impl Counts {
    /// Counts findings.
    pub fn of(findings: &[Finding]) -> Counts {
        let of = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
        Counts { errors: of(Level::Error), warnings: of(Level::Warning) }
    }
}

/// "no findings", "2 errors, 1 warning".
impl std::fmt::Display for Counts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Counts { errors, warnings } = *self;
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        if errors > 0 {
            write!(out, "{errors} error{}", plural(errors))?;
        }
        if errors > 0 && warnings > 0 {
            out.write_str(", ")?;
        }
        match (errors, warnings) {
            (0, 0) => out.write_str("no findings"),
            (_, 0) => Ok(()),
            (_, warnings) => write!(out, "{warnings} warning{}", plural(warnings)),
        }
    }
}

/// The known name that is nearest to what was typed, if one is near enough to be meant.
///
/// Near enough: a Damerau-Levenshtein distance of at most a third of the typed name's length (at least one),
/// upper and lower case counted as equal. Of equally near names the first wins.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = LetterCounts::of(typed);
    let typed = typed.to_lowercase();
    let mut limit = (typed.chars().count() / 3).max(1);
    let mut nearest = None;
    for name in known {
        // Most names are far from each other, which their letters tell at less cost than a comparison.
        if letters.distance(&LetterCounts::of(name)) > limit {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&typed, &name.to_lowercase());
        if distance <= limit {
            nearest = Some(name);
            let Some(less) = distance.checked_sub(1) else { break };
            limit = less;
        }
    }
    nearest
}

/// How many letters of each kind a name has, in lower case; letters that share a kind are not told apart.
struct LetterCounts([u16; 32]);

impl LetterCounts {
    fn of(name: &str) -> LetterCounts {
        let mut found = LetterCounts([0; 32]);
        for letter in name.chars().flat_map(char::to_lowercase) {
            let kind = &mut found.0[letter as usize % 32];
            *kind = kind.saturating_add(1);
        }
        found
    }

    /// How many letters must be added, taken away or changed at least to make one name of the other.
    fn distance(&self, other: &LetterCounts) -> usize {
        let kinds = || self.0.iter().zip(&other.0);
        let lacking: usize = kinds().map(|(a, b)| usize::from(b.saturating_sub(*a))).sum();
        let beside: usize = kinds().map(|(a, b)| usize::from(a.saturating_sub(*b))).sum();
        lacking.max(beside)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::nearest;

    proptest! {
        #[test]
        fn the_nearest_name_is_the_first_of_those_with_the_fewest_errors(
            typed in "[a-eA-E-]{1,9}",
            known in proptest::collection::vec("[a-eA-E-]{1,9}", 0..12)
        ) {
            let lower = typed.to_lowercase();
            let distance = |name: &str| strsim::damerau_levenshtein(&lower, &name.to_lowercase());
            let limit = (typed.chars().count() / 3).max(1);
            let near = known.iter().filter(|name| distance(name) <= limit);
            let expected = near.min_by_key(|name| distance(name)).map(String::as_str);
            prop_assert_eq!(nearest(&typed, known.iter().map(String::as_str)), expected);
        }
    }
}

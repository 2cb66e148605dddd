//! What a shell block consists of, by bytes of its text.

use std::ops::Range;

use super::verdict::Verdict;
use crate::hidden::KeptPlaces;
use crate::highlight::Span;

/// What a shell block consists of; all ranges are bytes of its text, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shell {
    /// The commands, each with the lines that it goes on for, without the prompt before it.
    pub commands: Vec<ShellCommand>,
    /// Prompts, with the space after them; those of continuation lines lie within their command.
    pub prompts: Vec<Range<u32>>,
    /// Runs of lines that are sample output.
    pub output: Vec<Range<u32>>,
    /// What is to be filled in, in commands only.
    pub parameters: Vec<ShellParameter>,
    /// The colours.
    pub spans: Vec<Span>,
    /// The worst of all commands.
    pub verdict: Verdict,
}

impl Shell {
    /// The same of a text with what was left out of it before it was read.
    pub(super) fn placed(mut self, places: &KeptPlaces) -> Shell {
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

    /// The prompts inside a part of the text.
    pub fn prompts_in(&self, part: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
        inside(&self.prompts, part.clone(), |prompt| prompt).map(|(range, _)| range)
    }

    /// What is to be filled in inside a part of the text, each with its place.
    pub fn parameters_in(
        &self,
        part: &Range<usize>,
    ) -> impl Iterator<Item = (Range<usize>, &ShellParameter)> {
        inside(&self.parameters, part.clone(), |parameter| &parameter.range)
    }

    /// Where what is to be filled in stands in the text.
    pub fn parameter_ranges(&self) -> impl Iterator<Item = Range<usize>> {
        self.parameters.iter().map(|one| one.range.start as usize..one.range.end as usize)
    }
}

/// One command that can be copied and run by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellCommand {
    /// Its text, from its first character to its last.
    pub range: Range<u32>,
    /// The worst of its parts.
    pub verdict: Verdict,
}

/// A value to be filled in: `<region>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellParameter {
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

/// The things inside a part of a text, found without looking at those before it: all stand in the order of the text.
fn inside<'a, T>(
    all: &'a [T],
    part: Range<usize>,
    range: impl Fn(&T) -> &Range<u32> + Copy + 'a,
) -> impl Iterator<Item = (Range<usize>, &'a T)> {
    let first = all.partition_point(|one| (range(one).start as usize) < part.start);
    let placed = all[first..].iter().map(move |one| {
        let range = range(one);
        (range.start as usize..range.end as usize, one)
    });
    placed.take_while(move |(range, _)| range.end <= part.end)
}

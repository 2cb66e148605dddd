//! What a line of the table of commands says, and how the table is written.

use std::borrow::Cow;

/// What running a command does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Effect {
    /// Looks, and nothing else.
    Reads,
    /// Changes something that can be changed back.
    Changes,
    /// Loses something: what.
    Destroys(&'static str),
    /// Not known.
    Unknown,
}

/// One line of the table.
pub(super) struct CommandRule {
    pub(super) pattern: &'static str,
    pub(super) effect: Effect,
}

/// The commands of one tool.
pub(super) struct Family {
    /// The tool's names, one space between.
    pub(super) names: &'static str,
    /// The options before an action whose value is the next word.
    pub(super) valued: &'static str,
    pub(super) rules: &'static [CommandRule],
    /// What holds where no rule fits.
    pub(super) otherwise: Effect,
}

/// A command that runs the command among its arguments.
pub(super) struct Wrapper {
    /// Its names, `|` between; with an action where only that runs something.
    pub(super) names: &'static str,
    /// The options whose value is the next word.
    pub(super) valued: &'static str,
    /// How many plain words come before the command.
    pub(super) skip: usize,
    /// Whether the arguments are a text that a shell reads.
    pub(super) script: bool,
    /// Whether it starts a session in which anything may be typed, if no command follows.
    pub(super) interactive: bool,
}

impl Wrapper {
    /// The words of the command inside.
    pub(super) fn inner<'a>(&self, words: &'a [Cow<'a, str>]) -> &'a [Cow<'a, str>] {
        let (mut at, mut skipped) = (0, 0);
        while let Some(word) = words.get(at) {
            if &**word == "--" {
                return &words[at + 1..];
            }
            if word.starts_with('-') {
                at += usize::from(self.valued.split(' ').any(|flag| flag == &**word));
            } else if skipped < self.skip {
                skipped += 1;
            } else {
                return &words[at..];
            }
            at += 1;
        }
        &[]
    }
}

pub(super) const fn reads(pattern: &'static str) -> CommandRule {
    CommandRule { pattern, effect: Effect::Reads }
}

pub(super) const fn changes(pattern: &'static str) -> CommandRule {
    CommandRule { pattern, effect: Effect::Changes }
}

pub(super) const fn destroys(pattern: &'static str, lost: &'static str) -> CommandRule {
    CommandRule { pattern, effect: Effect::Destroys(lost) }
}

/// Commands that need no rules: they do one thing.
pub(super) const fn always(names: &'static str, otherwise: Effect) -> Family {
    Family { names, valued: "", rules: &[], otherwise }
}

pub(super) const fn tool(
    names: &'static str,
    valued: &'static str,
    rules: &'static [CommandRule],
) -> Family {
    Family { names, valued, rules, otherwise: Effect::Unknown }
}

pub(super) const fn through(names: &'static str, valued: &'static str, skip: usize) -> Wrapper {
    Wrapper { names, valued, skip, script: false, interactive: false }
}

//! A page's sections become [`Procedure`]s: ordered steps with their commands, and what the page says of each.
//!
//! The one reading that the page's badges and everything for programs share. It follows the text: what stands in a
//! list is a step, and so is a block of commands with the paragraph before it. Nothing is made up; where a page does
//! not say how to verify or undo a command, nothing is said here. Knows the page and where its links lead, never who
//! owns it or what day it is.

use std::ops::Range;

use crate::config::Config;
use crate::parse::{CodeBlock, DeclaredSafety, Heading};
use crate::resolve::{Address, Page, PageId, Target};
use crate::shell::{Quoting, Safety, Verdict, sql};

use steps::Section;

pub(crate) mod answer;
mod branch;
mod command;
mod parameter;
mod relate;
mod steps;
mod words;

pub use branch::lost_branches;
pub use parameter::{Parameter, ParameterType, parameters};

/// Reads every section of a page that says what to do, in the order of the text.
///
/// A section holds what stands below its heading up to the next heading; the sections inside of it are procedures of
/// their own, which it names.
pub fn procedures(config: &Config, page: &Page) -> Vec<Procedure> {
    let sections = steps::sections(config, page);
    let mut found: Vec<Procedure> =
        sections.into_iter().map(|section| procedure(page, section)).collect();
    relate::relate(page, &mut found);
    found.retain(Procedure::says_what_to_do);
    found
}

fn procedure(page: &Page, section: Section) -> Procedure {
    let headings = &page.document.headings;
    let heading = section.heading.and_then(|index| headings.get(index as usize));
    Procedure {
        title: heading.map_or_else(|| page.title.to_string(), Heading::full_text),
        anchor: heading.filter(|_| !is_title(page, section.heading)).map(|it| it.anchor.clone()),
        level: heading.map_or(1, |heading| heading.level),
        introduction: section.introduction,
        steps: section.steps,
        branches: section.branches,
        range: section.range,
    }
}

/// Whether a heading is the page's own title: what stands below it needs no anchor.
fn is_title(page: &Page, heading: Option<u32>) -> bool {
    heading == Some(0) && page.document.title.is_some()
}

/// What one section of a page says to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// The heading with its number, or the page's title.
    pub title: String,
    /// The section's anchor; `None` for what stands before the first heading or below the page's title.
    pub anchor: Option<String>,
    /// The heading's level, 1 to 6.
    pub level: u8,
    /// What the section says before its first step, a paragraph each.
    pub introduction: Vec<String>,
    /// The steps in the order of the text, those within a step right after it.
    pub steps: Vec<Step>,
    /// What to go on with where something is the case, as far as it belongs to no step.
    pub branches: Vec<Branch>,
    /// The section in the file, from its heading to the next.
    pub range: Range<usize>,
}

impl Procedure {
    /// Whether there is anything to do.
    fn says_what_to_do(&self) -> bool {
        !self.steps.is_empty() || !self.branches.is_empty()
    }

    /// What running all of it does: the worst of its commands; [`Class::Read`] if it has none.
    pub fn class(&self) -> Class {
        let commands = self.steps.iter().flat_map(|step| &step.commands);
        commands.map(|command| command.class).max().unwrap_or(Class::Read)
    }
}

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Its number, unique in its section: "2", or "2.1" for a step within a step.
    pub number: String,
    /// The number that the author typed, if it is an item of an ordered list.
    pub typed: Option<u32>,
    /// Whether its place among its neighbors matters: items of a list without numbers may be done in any order.
    pub is_ordered: bool,
    /// What it says, as plain text, a paragraph a line.
    pub text: String,
    /// What it warns of.
    pub warnings: Vec<String>,
    /// What it has to run, in order.
    pub commands: Vec<Command>,
    /// Code that is not to be run: a configuration, a message.
    pub examples: Vec<Example>,
    /// Where its links lead.
    pub links: Vec<Destination>,
    /// What to go on with where something is the case.
    pub branches: Vec<Branch>,
    /// Its place in the file.
    pub range: Range<usize>,
    /// Which list of the section it is an item of.
    list: Option<u32>,
}

/// Something to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What to run, as typed, without prompts and sample output.
    pub text: String,
    /// The language as the author named it; `bash` for a shell's commands without one.
    pub language: String,
    /// The title of its block.
    pub title: Option<String>,
    /// What running it does, as the page's badge says it.
    pub class: Class,
    /// What is lost by it, or what stands before it as a warning.
    pub warning: Option<String>,
    /// What a good result looks like: sample output, or a sentence.
    pub expect: Option<String>,
    /// The step, or the section as `#anchor`, that shows whether it worked.
    pub verify: Option<String>,
    /// The step, or the section as `#anchor`, that undoes it.
    pub rollback: Option<String>,
    /// What is to be filled in, where it stands in `text`.
    pub slots: Vec<Slot>,
    /// Its place in the file.
    pub range: Range<usize>,
}

/// A place for the value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The parameter's name, by [`crate::shell::parameter::parameter_name`].
    pub name: String,
    /// The token with its brackets, in bytes of the command's text.
    pub range: Range<usize>,
    /// How the value must be quoted there.
    pub quoting: Quoting,
}

/// Code that is not to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The language as the author named it, or empty.
    pub language: String,
    /// The title of its block.
    pub title: Option<String>,
    /// The code.
    pub text: String,
}

/// "If the queue is empty, go to [Restart](#restart)".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// What must be the case, in the author's words; empty for "otherwise".
    pub condition: String,
    /// Where to go on.
    pub to: Destination,
    /// The passage that says so.
    pub range: Range<usize>,
}

/// Where a link or a branch leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A step of the same section, by its number.
    Step(String),
    /// A step of another section of the same page: its heading, by its place in the document's, and the step's number.
    StepOf(Option<u32>, String),
    /// A section of the same page, by its anchor.
    Section(String),
    /// A page, with the query and fragment behind its address.
    Page(PageId, String),
    /// Anything else that the site publishes, with the query and fragment behind its address.
    Address(Address, String),
    /// Another site.
    Elsewhere(String),
    /// Nothing that is there; as typed.
    Nowhere(String),
}

/// What running something does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// It only looks.
    Read,
    /// No rule covers it; to be treated as a change.
    Unknown,
    /// It changes something that can be changed back.
    Change,
    /// Something is lost.
    Destroy,
}

impl Class {
    /// The name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Class::Read => "read",
            Class::Unknown => "unknown",
            Class::Change => "change",
            Class::Destroy => "destroy",
        }
    }
}

impl From<Safety> for Class {
    fn from(safety: Safety) -> Class {
        match safety {
            Safety::ReadOnly => Class::Read,
            Safety::Unknown => Class::Unknown,
            Safety::ChangesState => Class::Change,
            Safety::Destructive => Class::Destroy,
        }
    }
}

/// What running all of a block does, as its badge says it: what its author declares, else the worst of its commands.
pub fn block_safety(block: &CodeBlock) -> Safety {
    declared(block).unwrap_or_else(|| block_verdict(block).safety)
}

/// What a fence says of its commands.
fn declared(block: &CodeBlock) -> Option<Safety> {
    Some(match block.declared? {
        DeclaredSafety::Danger => Safety::Destructive,
        DeclaredSafety::Safe => Safety::ReadOnly,
    })
}

/// What the commands of a block do, whatever its author declares; unknown for whatever is neither shell nor SQL.
pub(crate) fn block_verdict(block: &CodeBlock) -> Verdict {
    match (&block.shell, block.language.as_str()) {
        (Some(shell), _) => shell.verdict,
        (None, "sql" | "postgresql" | "mysql") => sql(&block.text),
        (None, _) => Verdict::UNKNOWN,
    }
}

/// Where a followed link leads; `typed` is what its author wrote.
pub(crate) fn destination(target: &Target, suffix: &str, typed: &str) -> Destination {
    match target {
        Target::Page(id) => Destination::Page(*id, suffix.to_owned()),
        Target::Address(address) => Destination::Address(address.clone(), suffix.to_owned()),
        Target::External => Destination::Elsewhere(typed.to_owned()),
        Target::Refused | Target::Broken => Destination::Nowhere(typed.to_owned()),
    }
}

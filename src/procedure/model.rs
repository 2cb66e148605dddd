//! The facts of a procedure.

use std::ops::Range;

use crate::parse::{CodeBlock, DeclaredSafety};
use crate::resolve::{Address, PageId, Target};
use crate::shell::{Quoting, Safety, Verdict, sql};

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
    pub(super) fn says_what_to_do(&self) -> bool {
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
    pub(super) list: Option<u32>,
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
    pub slots: Vec<CommandSlot>,
    /// Its place in the file.
    pub range: Range<usize>,
}

/// A place for the value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandSlot {
    /// The parameter's name, by [`crate::token::parameter_name`].
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
    /// What programs call so.
    pub fn named(name: &str) -> Option<Class> {
        let all = [Class::Read, Class::Unknown, Class::Change, Class::Destroy];
        all.into_iter().find(|class| class.name() == name)
    }

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
pub(super) fn declared(block: &CodeBlock) -> Option<Safety> {
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

/// A section as it is read.
#[derive(Default)]
pub(super) struct ProcedureSection {
    pub(super) heading: Option<u32>,
    pub(super) introduction: Vec<String>,
    pub(super) steps: Vec<Step>,
    pub(super) branches: Vec<Branch>,
    pub(super) range: Range<usize>,
}

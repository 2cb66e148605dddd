//! Runbooks as Agent Skills: `skills/NAME/SKILL.md` for each, and where their number is large one that leads to all.
//!
//! The format and its limits are those of agentskills.io/specification and of the agents that read it: flat folders,
//! names in ASCII, a description of at most 1,024 characters, a first file of fewer than 500 lines. Each skill stands by
//! itself: its links are whole addresses, or lead to another skill. How a runbook's review stands is said as of the day of
//! the build, since nothing works it out where a skill is read.

use crate::files::sha256;

use super::context::Context;
use super::copy::{CopyForm, copy};
use super::facts::PageFacts;

mod archive;
pub(super) mod choose;
mod describe;
pub(super) mod index;
pub(super) mod router;
mod text;
mod written;

pub(super) use written::{Skill, SkillRow};

/// The skill of a page, if it is one; `source` is what its author wrote, `text` that with what it takes in.
pub(super) fn skill(
    context: &Context,
    facts: &PageFacts<'_>,
    source: &[u8],
    text: &str,
) -> Option<Skill> {
    let name = context.skills.get(&facts.id)?;
    let linked = copy(context, facts, text, &CopyForm::Skill(describe::caution(context, facts)));
    let head = describe::head(context, facts, name, &sha256(source));
    let routed = context.routed.contains(&facts.id).then(|| router::text(context, facts, &linked));
    Some(written::written(
        &head,
        &facts.page.title,
        text::files(context, facts, name, &linked),
        routed,
    ))
}

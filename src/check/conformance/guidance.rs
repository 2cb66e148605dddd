//! What of a template is guidance for authors, to be replaced.

use crate::parse::template_section::{says_not_applicable, straight};
use crate::text::single_spaced;

pub(super) fn passage_key(text: &str) -> String {
    single_spaced(&straight(text)).into_owned()
}

pub(super) fn is_guidance(passage: &str) -> bool {
    !passage.is_empty() && !says_not_applicable(passage)
}

/// Whether guidance stays guidance once a tool has written the agent's name into it.
///
/// Short passages are not: "Symptom: `<AGENT_NAME>_ErrorRateAlarm` triggered" with a name in it is an answer.
pub(super) fn is_long_with_agent(passage: &str) -> bool {
    passage.contains("<AGENT_NAME>")
        && passage.split(' ').filter(|word| !word.contains('<')).count() >= 6
}

//! What the steps of a page say of each other's commands: which warns, which verifies, which undoes.

use crate::parse::Heading;
use crate::resolve::Page;

use super::model::{Class, Procedure, Step};
use super::words::{EXPECT, ROLL_BACK, VERIFY, WordSet, begins, holds};

/// Fills in what each command is warned of, verified by and undone by.
pub(super) fn relate(page: &Page, procedures: &mut [Procedure]) {
    let headings = &page.document.headings;
    let called = |words: &WordSet| {
        let is_called =
            |heading: &&Heading| heading.level > 1 && holds(&heading.text.to_lowercase(), words);
        headings.iter().find(is_called).map(|heading| heading.anchor.clone())
    };
    let (verify, rollback) = (called(&VERIFY), called(&ROLL_BACK));
    for procedure in procedures {
        let other = |anchor: &Option<String>| {
            let anchor = anchor.as_ref().filter(|anchor| procedure.anchor.as_ref() != Some(anchor));
            anchor.map(|anchor| format!("#{anchor}"))
        };
        let (verify, rollback) = (other(&verify), other(&rollback));
        if procedure.steps.iter().all(|step| step.commands.is_empty()) {
            continue;
        }
        // From the last step to the first, so that each knows the next of those behind it.
        let (mut verified, mut undone) = (verify, rollback);
        for step in procedure.steps.iter_mut().rev() {
            let Says { verifies, undoes } = Says::of(step);
            warn_and_expect(step);
            for command in step.commands.iter_mut().filter(|command| command.class != Class::Read) {
                command.verify.clone_from(&verified);
                command.rollback = undone.clone().filter(|_| !undoes);
            }
            if verifies {
                verified = Some(step.number.clone());
            }
            if undoes {
                undone = Some(step.number.clone());
            }
        }
    }
}

/// What a step is there for.
struct Says {
    verifies: bool,
    undoes: bool,
}

impl Says {
    fn of(step: &Step) -> Says {
        let text = step.text.to_lowercase();
        Says { verifies: begins(&text, &VERIFY).is_some(), undoes: holds(&text, &ROLL_BACK) }
    }
}

/// Gives the commands of a step its warnings, and the last of them the sentence that says what to expect.
fn warn_and_expect(step: &mut Step) {
    if !step.warnings.is_empty() {
        let warning = step.warnings.join("\n");
        for command in &mut step.commands {
            command.warning = Some(warning.clone());
        }
    }
    if let Some(command) = step.commands.last_mut().filter(|command| command.expect.is_none()) {
        let mut sentences = step.text.lines().flat_map(|line| line.split_inclusive(['.', '。']));
        let expected = sentences.find(|sentence| holds(&sentence.to_lowercase(), &EXPECT));
        command.expect = expected.map(|sentence| sentence.trim().to_owned());
    }
}

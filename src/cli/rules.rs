//! `guidepost rules`: what findings are named after.

use std::process::ExitCode;

use clap::Args;

use crate::diagnostic::{Rule, nearest};

use super::output::print;

/// What can be typed behind `guidepost rules`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Explain one rule; all are listed without it.
    name: Option<String>,
}

/// Lists the rules, or explains one.
pub(crate) fn rules(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Some(name) = &arguments.name else {
        print(&list())?;
        return Ok(ExitCode::SUCCESS);
    };
    let Some(rule) = Rule::named(name) else {
        let known = Rule::ALL.iter().map(|rule| rule.name());
        match nearest(name, known) {
            Some(similar) => {
                anyhow::bail!("no rule `{name}`; a rule with a similar name exists: `{similar}`")
            }
            None => anyhow::bail!("no rule `{name}`; `guidepost rules` lists them"),
        }
    };
    let card = rule.card();
    print(&format!("{}: {}\n\n{}", card.name, card.meaning, card.usage()))?;
    Ok(ExitCode::SUCCESS)
}

fn list() -> String {
    let line = |rule: &Rule| {
        let card = rule.card();
        format!("{:<38} {:<8} {}\n", card.name, card.default_level.name(), card.meaning)
    };
    Rule::ALL.iter().map(line).collect()
}

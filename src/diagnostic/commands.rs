//! Mistakes in code blocks: commands that destroy, parameters that nobody declares or uses, diagrams that cannot be
//! drawn.

use super::{Diagnostic, Location, Rule};

/// A destructive command stands there as if it were any other.
pub fn destructive_without_warning(at: Location, lost: &str) -> Diagnostic {
    let message = "a destructive command without a warning near it".to_owned();
    Diagnostic::new(at, Rule::DestructiveWithoutWarning, message)
        .help(format!("say before it what is lost (\"{lost}\"), or mark the block `{{danger}}`"))
}

/// Nobody is told how to see whether a destructive command did what it should.
pub fn destructive_without_verify(at: Location) -> Diagnostic {
    let message = "nothing after this destructive command says how to verify its effect".to_owned();
    Diagnostic::new(at, Rule::DestructiveWithoutVerify, message)
        .help("add a command that shows the state afterwards, and what it should say")
}

/// A Mermaid diagram is not drawn: it is none, or is beyond what Guidepost draws.
pub fn diagram_not_drawn(at: Location, why: &str, is_invalid: bool) -> Diagnostic {
    let (message, help) = if is_invalid {
        let help = "correct this line; until then the page shows the source";
        (format!("this is not a Mermaid diagram: {why}"), help)
    } else {
        let help = "the page shows the source; a smaller or plainer diagram can be drawn";
        (format!("Guidepost cannot draw this: {why}"), help)
    };
    Diagnostic::new(at, Rule::DiagramNotDrawn, message).help(help)
}

/// "If …, go to" something that is neither a step nor a section of the page.
pub fn branch_leads_nowhere(at: Location, typed: &str) -> Diagnostic {
    let message = format!("nothing here is called `{typed}`, so this branch leads nowhere");
    Diagnostic::new(at, Rule::BranchLeadsNowhere, message).help(
        "name a step of this section or link to the section that goes on: `[Restart](#restart)`",
    )
}

/// A declared parameter is used nowhere in its page.
pub fn unused_parameter(at: Location, name: &str) -> Diagnostic {
    let message = format!("the parameter `{name}` occurs nowhere in the page");
    Diagnostic::new(at, Rule::UnusedParameter, message)
        .help(format!("write `<{name}>` where its value goes, or take it out of `parameters`"))
}

/// A command wants a value for something that is not declared.
pub fn undeclared_parameter(at: Location, token: &str) -> Diagnostic {
    let message = format!("no parameter is declared for `{token}`");
    Diagnostic::new(at, Rule::UndeclaredParameter, message)
        .help("list it under `parameters` of the page, or in site.toml if many pages share it")
}

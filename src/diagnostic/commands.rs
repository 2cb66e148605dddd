//! Mistakes in code blocks: commands that destroy, diagrams that cannot be drawn.

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

/// A Mermaid diagram cannot be drawn.
pub fn diagram_not_drawn(at: Location, why: &str) -> Diagnostic {
    let message = format!("the diagram cannot be drawn: {why}");
    Diagnostic::new(at, Rule::DiagramNotDrawn, message)
        .help("correct this line; until then the page shows the source")
}

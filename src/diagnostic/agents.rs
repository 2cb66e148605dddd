//! Mistakes in how agents name their neighbors.

use super::{Diagnostic, Location, Rule};

/// `upstream` or `downstream` names an agent that no page declares.
pub fn unknown_agent(at: Location, key: &str, name: &str, nearest: Option<&str>) -> Diagnostic {
    let help = match nearest {
        Some(nearest) => format!("an agent with a similar name exists: `{nearest}`"),
        None => format!("write a page with `agent: {name}`, or take it out of `{key}`"),
    };
    Diagnostic::new(at, Rule::UnknownAgent, format!("no page declares the agent `{name}`"))
        .help(help)
}

/// One agent names another as its neighbor, the other does not name it back.
pub fn one_sided_edge(
    at: Location,
    other: &str,
    back: &str,
    name: &str,
    page: &Location,
) -> Diagnostic {
    Diagnostic::new(
        at,
        Rule::OneSidedEdge,
        format!("`{other}` does not name `{name}` in its `{back}`"),
    )
    .help(format!("add `{name}` to `{back}` in `{}`, or take `{other}` out here", page.path))
}

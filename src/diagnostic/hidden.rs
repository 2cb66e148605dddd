//! What readers do not see, and programs and agents do.

use super::{Diagnostic, Location, Rule};

const HELP: &str = "delete it; pages show it as a code point, and copied commands, search and everything for programs \
                    leave it out";

/// A run of characters without a use is invisible; `notation` names its code points, `effect` what they do.
pub fn hidden_characters(at: Location, notation: &str, effect: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::HiddenText, format!("`{notation}` {effect}")).help(HELP)
}

/// The name of a file holds invisible characters.
pub fn hidden_in_name(at: Location, notation: &str) -> Diagnostic {
    let message = format!("the name of this file holds `{notation}`, which is not seen");
    Diagnostic::new(at, Rule::HiddenText, message).help("rename the file")
}

/// An HTML element is written so that browsers do not show what it holds; `how` is the attribute that does so.
pub fn hidden_by_html(at: Location, element: &str, how: &str) -> Diagnostic {
    let message = format!("`{how}` hides this `<{element}>` from readers, not from programs");
    Diagnostic::new(at, Rule::HiddenText, message)
        .help("delete what nobody should read, or show it: `<details>` folds text away")
}

/// A character of a command looks like another one.
pub fn confusable(at: Location, typed: char, looks_like: &str) -> Diagnostic {
    let code = format!("U+{:04X}", u32::from(typed));
    let message = if typed.is_whitespace() {
        format!("`{code}` looks like a space, but the shell takes it for a letter")
    } else {
        format!("`{typed}` ({code}) looks like `{looks_like}` but is another character")
    };
    Diagnostic::new(at, Rule::ConfusableCommand, message).help(format!(
        "type `{looks_like}` if that is meant, so that the command does what it shows"
    ))
}

/// A comment speaks to programs that read the page for somebody.
pub fn comment_addresses_agents(at: Location, words: &str) -> Diagnostic {
    let message =
        format!("readers do not see this comment, which tells agents what to do: `{words}`");
    Diagnostic::new(at, Rule::CommentAddressesAgents, message)
        .help("say it in the text, where readers see it too, or delete it")
}

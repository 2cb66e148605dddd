//! What should not be published. No message repeats a secret.

use super::{Diagnostic, Location, Rule};
use crate::files::FilePath;

/// A published text holds what looks like a secret.
pub fn secret_in_page(at: Location, what: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::SecretInPage, format!("this looks like {what}"))
        .help("revoke it, then say where to find it instead; git keeps what was committed")
}

/// The path of a published file holds what looks like a secret.
pub(crate) fn secret_in_name(path: &FilePath, what: &str) -> Diagnostic {
    let message = format!("the name of this file holds what looks like {what}");
    Diagnostic::new(Location::file(path), Rule::SecretInPage, message)
        .help("revoke it and rename the file; git keeps what was committed")
}

/// What the site shows of an alert rule holds what looks like a secret.
pub(crate) fn secret_in_rule(at: Location, what: &str) -> Diagnostic {
    let message = format!("what this rule shows of itself holds what looks like {what}");
    Diagnostic::new(at, Rule::SecretInPage, message).help(
        "revoke it and take it out of the rule; the site shows names, expressions and summaries",
    )
}

/// A published file is one that holds keys.
pub(crate) fn key_store(path: &FilePath, what: &str) -> Diagnostic {
    let message = format!("`{}` looks like {what}", path.name());
    Diagnostic::new(Location::file(path), Rule::SecretInPage, message)
        .help("move it out of the content folder, and replace the keys that it holds")
}

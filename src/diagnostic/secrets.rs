//! What should not be published.

use super::{Diagnostic, Location, Rule};

/// The page holds what looks like a secret; the message does not repeat it.
pub fn secret_in_page(at: Location, what: &str) -> Diagnostic {
    Diagnostic::new(at, Rule::SecretInPage, format!("this looks like {what}"))
        .help("revoke it, then say where to find it instead; git keeps what was committed")
}

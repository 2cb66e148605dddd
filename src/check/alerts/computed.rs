//! Names that rules compute and pages answer, and what a name at hand says of the holes.

use std::collections::BTreeSet;

use super::pattern::{Hole, Pattern};

/// A name that a rule computes and some page answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComputedName {
    /// The name with its holes in braces.
    pub name: String,
    /// Every name that it can be.
    pub pattern: Pattern,
    /// Its stable address, made of what is constant in it.
    pub url: String,
    /// The claimed names that it meets.
    pub claimed: Vec<String>,
}

impl ComputedName {
    /// What a name that this can be says of the holes, as parameters: `environment` is `prod`; the first of each name.
    pub fn parameters(&self, name: &str, case_sensitive: bool) -> Vec<(String, String)> {
        let captures = self.pattern.captures(name, case_sensitive).unwrap_or_default();
        let mut seen = BTreeSet::new();
        let named =
            captures.into_iter().filter_map(|(hole, value)| Some((parameter_name(hole)?, value)));
        named.filter(|(name, _)| seen.insert(name.clone())).collect()
    }
}

impl Hole {
    /// What a page's commands call the value: `environment` for `Environment`, `stack_name` for `AWS::StackName`.
    pub fn parameter(&self) -> Option<String> {
        parameter_name(&self.name)
    }
}

/// The name of a hole as parameters are named: words in lower case joined by `_`.
fn parameter_name(hole: &str) -> Option<String> {
    let own = hole.strip_prefix("AWS::").unwrap_or(hole);
    let mut name = String::new();
    let mut last = ' ';
    for letter in own.chars() {
        let begins = letter.is_uppercase() && (last.is_lowercase() || last.is_ascii_digit());
        let joins = !letter.is_alphanumeric();
        if (begins || joins) && !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        if !joins {
            name.extend(letter.to_lowercase());
        }
        last = letter;
    }
    let name = name.trim_end_matches('_');
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::parameter_name;

    #[test]
    fn a_hole_is_named_as_parameters_are() {
        for (hole, expected) in [
            ("Environment", Some("environment")),
            ("AWS::StackName", Some("stack_name")),
            ("env", Some("env")),
            ("each.key", Some("each_key")),
            ("Queue-Name", Some("queue_name")),
            ("VPCId", Some("vpcid")),
            ("", None),
            ("::", None),
        ] {
            assert_eq!(parameter_name(hole).as_deref(), expected, "{hole}");
        }
    }
}

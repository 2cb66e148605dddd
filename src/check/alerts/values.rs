//! The values that site.toml gives to what rules compute: `[alerts.values] environment = ["prod", "staging"]`.

use std::collections::BTreeMap;

/// Values by the name of a parameter or variable. Names are equal whatever their case and joining marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VariableValues {
    by_name: BTreeMap<String, Vec<String>>,
}

impl VariableValues {
    /// The values of each name.
    pub fn new(values: impl IntoIterator<Item = (String, Vec<String>)>) -> VariableValues {
        let by_name = values.into_iter().map(|(name, values)| (key(&name), values));
        VariableValues { by_name: by_name.collect() }
    }

    /// The values that are given for a name; `None` if there are none.
    pub fn of(&self, name: &str) -> Option<&[String]> {
        if self.by_name.is_empty() {
            return None;
        }
        self.by_name.get(&key(name)).map(Vec::as_slice)
    }
}

/// `AWS::StackName`, `stack_name` and `StackName` are one name.
fn key(name: &str) -> String {
    let own = name.strip_prefix("AWS::").unwrap_or(name);
    own.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::VariableValues;

    #[test]
    fn a_name_is_found_in_every_spelling() {
        let values = VariableValues::new([("stack-name".to_string(), vec!["a".to_string()])]);
        for name in ["StackName", "stack_name", "AWS::StackName"] {
            assert_eq!(values.of(name), Some(&["a".to_string()][..]), "{name}");
        }
        assert_eq!(values.of("stack"), None);
    }
}

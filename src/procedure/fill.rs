//! Puts values where a command wants them, quoted for the place, as the page's script does in a browser.

use crate::shell::Quoting;

use super::model::Command;

/// A command with values filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledCommand {
    /// The command; what has no value stands as typed.
    pub text: String,
    /// The names of the parameters without a value, each once, in order.
    pub missing: Vec<String>,
}

/// Fills in what `value` knows of a command's parameters, by their names.
pub fn fill(command: &Command, value: impl Fn(&str) -> Option<String>) -> FilledCommand {
    let mut filled =
        FilledCommand { text: String::with_capacity(command.text.len()), missing: Vec::new() };
    let mut done = 0;
    for slot in &command.slots {
        filled.text.push_str(&command.text[done..slot.range.start]);
        done = slot.range.end;
        if let Some(value) = value(&slot.name).filter(|value| !value.is_empty()) {
            filled.text.push_str(&quoted(&value, slot.quoting));
        } else {
            filled.text.push_str(&command.text[slot.range.clone()]);
            if !filled.missing.contains(&slot.name) {
                filled.missing.push(slot.name.clone());
            }
        }
    }
    filled.text.push_str(&command.text[done..]);
    filled
}

/// A value so that it can end neither the word nor the string that it stands in.
pub fn quoted(value: &str, place: Quoting) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._:/@=-".contains(letter);
    match place {
        Quoting::Literal => value.to_owned(),
        Quoting::Bare if !value.is_empty() && value.chars().all(is_plain) => value.to_owned(),
        Quoting::Bare => format!("'{}'", value.replace('\'', r"'\''")),
        Quoting::Single => value.replace('\'', r"'\''"),
        Quoting::Double => {
            let mut out = String::with_capacity(value.len());
            for letter in value.chars() {
                if matches!(letter, '"' | '\\' | '$' | '`') {
                    out.push('\\');
                }
                out.push(letter);
            }
            out
        }
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;
    use crate::shell::Quoting;

    #[test]
    fn no_value_ends_what_it_stands_in() {
        for (value, place, expected) in [
            ("eu-central-1", Quoting::Bare, "eu-central-1"),
            ("a b; rm -r /", Quoting::Bare, "'a b; rm -r /'"),
            ("it's", Quoting::Bare, r"'it'\''s'"),
            ("it's", Quoting::Single, r"it'\''s"),
            ("$(x) \"y\" `z` \\", Quoting::Double, "\\$(x) \\\"y\\\" \\`z\\` \\\\"),
            ("a b", Quoting::Literal, "a b"),
        ] {
            assert_eq!(quoted(value, place), expected);
        }
    }
}

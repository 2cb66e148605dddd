//! The parameters of a page: what is to be filled into its commands, and what may be.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::parameter::ParameterDeclaration;
use crate::parse::Document;
use crate::shell::parameter::upper_case_tokens;
use crate::token::parameter_name;

use super::model::Procedure;

/// A value that whoever follows a page fills in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, by [`parameter_name`].
    pub name: String,
    /// What kind of value it is.
    pub kind: ParameterType,
    /// The value until somebody gives one; never one of a secret.
    pub default: Option<String>,
    /// The only values allowed, if not empty.
    pub choices: Vec<String>,
    /// A regular expression that the whole value must match.
    pub pattern: Option<String>,
    /// What the value means.
    pub description: Option<String>,
    /// Whether the value must not be shown, kept or repeated.
    pub is_secret: bool,
}

/// What kind of value a parameter has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ParameterType {
    /// Any text.
    #[default]
    String,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
}

impl ParameterType {
    /// What programs call so.
    pub fn named(name: &str) -> Option<ParameterType> {
        let all = [ParameterType::String, ParameterType::Integer, ParameterType::Boolean];
        all.into_iter().find(|kind| kind.name() == name)
    }

    /// The name for programs, as JSON Schema has it.
    pub fn name(self) -> &'static str {
        match self {
            ParameterType::String => "string",
            ParameterType::Integer => "integer",
            ParameterType::Boolean => "boolean",
        }
    }
}

/// What a page and its site declare of parameters, by name; the page's own word goes before the site's.
pub struct Declarations<'a>(BTreeMap<String, &'a ParameterDeclaration>);

impl<'a> Declarations<'a> {
    /// Gathers what a page and its site declare.
    pub fn of(config: &'a Config, document: &'a Document) -> Declarations<'a> {
        // The later of two goes over the earlier, and the first that names a parameter counts.
        let own = document.meta.parameters.iter().rev();
        let all = config.parameters.values().rev().chain(own);
        Declarations(all.map(|one| (parameter_name(&one.name.value), one)).collect())
    }

    /// What is declared of a parameter, or else what its name alone says.
    pub(crate) fn parameter(&self, name: &str) -> Parameter {
        let none = ParameterDeclaration::default();
        let declared = self.0.get(name).copied().unwrap_or(&none);
        let (choices, pattern) = (&declared.choices, declared.pattern.as_deref());
        let is_secret = is_secret(name);
        let default = declared.default.as_deref();
        let default = default.filter(|default| !is_secret && !default.is_empty());
        Parameter {
            name: name.to_owned(),
            kind: kind(default, choices, pattern),
            default: default.map(str::to_owned),
            choices: choices.clone(),
            pattern: pattern.map(str::to_owned),
            description: declared.description.clone(),
            is_secret,
        }
    }
}

/// The parameters that the commands of a procedure use, in the order of their first use.
pub fn parameters(declarations: &Declarations<'_>, procedure: &Procedure) -> Vec<Parameter> {
    let mut seen = BTreeSet::new();
    let commands = procedure.steps.iter().flat_map(|step| &step.commands);
    let slots = commands.flat_map(|command| &command.slots);
    let first = slots.filter(|slot| seen.insert(slot.name.as_str()));
    first.map(|slot| declarations.parameter(&slot.name)).collect()
}

/// The parameters that a page declares, and those of the site that it uses, in that order.
pub fn declared_parameters(config: &Config, document: &Document) -> Vec<Parameter> {
    let own = document.meta.parameters.iter().map(|own| parameter_name(&own.name.value));
    let mut names: Vec<String> = own.collect();
    if !config.parameters.is_empty() {
        let used = used_in_text(document);
        let shared = config.parameters.keys().map(|name| parameter_name(name));
        names.extend(shared.filter(|name| used.contains(name)));
    }
    if names.is_empty() {
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    let declarations = Declarations::of(config, document);
    names.iter().map(|name| declarations.parameter(name)).collect()
}

/// The names of all parameters that the text of a page uses, declared or not.
pub(crate) fn used_in_text(document: &Document) -> BTreeSet<String> {
    let mut used: BTreeSet<String> =
        document.tokens.iter().map(|token| parameter_name(&token.text)).collect();
    for block in &document.code_blocks {
        let tokens = match &block.shell {
            Some(shell) => shell.parameter_ranges().collect(),
            None => upper_case_tokens(&block.text),
        };
        used.extend(tokens.into_iter().map(|token| parameter_name(&block.text[token])));
    }
    used
}

/// Whether a name says that its value is nobody else's business.
fn is_secret(name: &str) -> bool {
    const SECRET: &[&str] =
        &["password", "passwd", "passphrase", "secret", "token", "credential", "credentials"];
    let parts: Vec<&str> = name.split('-').collect();
    // "secret-name" and "token-id" name something that holds one.
    let last = parts.last().copied().unwrap_or_default();
    SECRET.contains(&last)
        || parts.ends_with(&["api", "key"])
        || parts.ends_with(&["access", "key"])
        || parts.ends_with(&["private", "key"])
}

/// The kind that everything declared agrees with.
fn kind(default: Option<&str>, choices: &[String], pattern: Option<&str>) -> ParameterType {
    let known = || default.into_iter().chain(choices.iter().map(String::as_str));
    let all = |is: fn(&str) -> bool| known().next().is_some() && known().all(is);
    let digits = |pattern: &str| {
        let bare = pattern.trim_start_matches('^').trim_end_matches('$');
        let (class, count) = ["\\d", "[0-9]"]
            .into_iter()
            .find_map(|class| Some((class, bare.strip_prefix(class)?)))
            .unwrap_or_default();
        !class.is_empty()
            && (matches!(count, "" | "+" | "*") || (count.starts_with('{') && count.ends_with('}')))
    };
    if all(|value| value == "true" || value == "false") {
        ParameterType::Boolean
    } else if pattern.is_some_and(digits) && known().all(|value| value.parse::<i64>().is_ok()) {
        ParameterType::Integer
    } else {
        ParameterType::String
    }
}

#[cfg(test)]
mod tests {
    use super::{ParameterType, is_secret, kind};

    #[test]
    fn what_is_secret_shows_in_the_name() {
        for name in ["db-password", "token", "slack-api-key", "aws-secret-access-key"] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["region", "secret-name", "token-id", "key", "password-policy"] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn the_kind_follows_from_all_that_is_declared() {
        let choices =
            |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(kind(Some("true"), &choices(&["true", "false"]), None), ParameterType::Boolean);
        assert_eq!(kind(Some("3"), &[], Some("^[0-9]{1,3}$")), ParameterType::Integer);
        assert_eq!(kind(Some("x"), &[], Some("\\d+")), ParameterType::String);
        assert_eq!(kind(Some("3"), &[], None), ParameterType::String);
        assert_eq!(kind(None, &[], None), ParameterType::String);
    }
}

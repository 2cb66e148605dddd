//! Parameters as site.toml and front matter declare them: one type and one table of keys for both.

use crate::value::keys::KeyTarget::{Read, Required, Text, Texts};
use crate::value::keys::{Key, Shape, key};
use crate::value::read::Spanned;

/// A value that the reader of a page fills in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParameterDeclaration {
    /// The name as in `<region>`.
    pub name: Spanned<String>,
    /// The value until the reader gives one.
    pub default: Option<String>,
    /// The only values allowed, if not empty.
    pub choices: Vec<String>,
    /// A regular expression that the whole value must match.
    pub pattern: Option<String>,
    /// What the value means.
    pub description: Option<String>,
}

/// The keys where parameters stand in a list.
pub(crate) const LISTED: &[Key<ParameterDeclaration>] = &[
    key("name", "As in <name>", Required(Shape::Text)),
    key("default", "Until the reader gives another value", Text(|one| &mut one.default)),
    key("enum", "The only values allowed", Texts(|one| &mut one.choices)),
    key(
        "pattern",
        "A regular expression that the whole value must match",
        Read(Shape::Text, |one, reader, entry| {
            one.pattern = reader.pattern(&entry.key, &entry.value).map(|text| text.value);
        }),
    ),
    key("description", "Shown beside the field", Text(|one| &mut one.description)),
];

/// The keys where parameters stand in tables of their names: all but the name.
pub(crate) const NAMED: &[Key<ParameterDeclaration>] = LISTED.split_at(1).1;

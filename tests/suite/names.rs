//! Each type has a name of its own: what a reader has learned of one is never true of another.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use syn::visit::{self, Visit};

use crate::imports::rust_files;

/// The names that several types have, one in each room, because they are the same part of it.
const SHARED: &[(&str, &str)] = &[
    ("Arguments", "what can be typed behind a command, in the file of each"),
    ("Cache", "what a stage remembers between builds, in the file of each"),
    ("Subject", "what a stage is given, in the file of each"),
];

#[test]
fn no_two_types_have_one_name() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&root);
    let sources = files.iter().map(|file| {
        let text = fs::read_to_string(file).expect("a source file is text");
        (file.strip_prefix(&root).expect("it lies in src").display().to_string(), text)
    });
    let sources: BTreeMap<String, String> = sources.collect();
    let shared = shared_names(&sources);
    let unexpected: Vec<&String> = shared
        .iter()
        .filter(|line| !SHARED.iter().any(|(name, _)| line.starts_with(&format!("{name}:"))))
        .collect();
    assert!(unexpected.is_empty(), "types that share a name: {unexpected:#?}");
    let is_shared = |name: &str| shared.iter().any(|line| line.starts_with(&format!("{name}:")));
    for (name, reason) in SHARED {
        assert!(is_shared(name), "`{name}` ({reason}) is no name of several types any more");
    }
}

#[test]
fn types_of_one_name_are_found_wherever_they_stand() {
    let files = |one: &str| {
        let other = "pub(crate) enum Row { Entry }".to_owned();
        BTreeMap::from([("one.rs".to_owned(), one.to_owned()), ("other.rs".to_owned(), other)])
    };
    for text in [
        "struct Row;",
        "pub type Row = u8;",
        "mod inner { union Row { byte: u8 } }",
        "fn run() { trait Row {} }",
    ] {
        assert_eq!(shared_names(&files(text)), ["Row: one.rs, other.rs"], "{text}");
    }
    for text in [
        "enum Cell { Row }",
        "#[cfg(test)] mod tests { struct Row; }",
        "trait Table { type Row; }",
        "impl Table for Page { type Row = u8; }",
        "fn run<Row>() {}",
    ] {
        assert!(shared_names(&files(text)).is_empty(), "{text}");
    }
}

/// The names of several types, each with the files that they stand in.
fn shared_names(sources: &BTreeMap<String, String>) -> Vec<String> {
    let mut places: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (path, text) in sources {
        let mut types = Types(Vec::new());
        types.visit_file(&syn::parse_file(text).expect("what compiles is Rust"));
        types.0.into_iter().for_each(|name| places.entry(name).or_default().push(path));
    }
    let shared = places.iter().filter(|(_, places)| places.len() > 1);
    shared.map(|(name, places)| format!("{name}: {}", places.join(", "))).collect()
}

/// Collects the names of the types that a file defines, tests apart.
struct Types(Vec<String>);

impl<'ast> Visit<'ast> for Types {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let (name, attributes) = match item {
            syn::Item::Struct(item) => (Some(&item.ident), &item.attrs),
            syn::Item::Enum(item) => (Some(&item.ident), &item.attrs),
            syn::Item::Union(item) => (Some(&item.ident), &item.attrs),
            syn::Item::Trait(item) => (Some(&item.ident), &item.attrs),
            syn::Item::Type(item) => (Some(&item.ident), &item.attrs),
            syn::Item::Mod(item) => (None, &item.attrs),
            syn::Item::Fn(item) => (None, &item.attrs),
            _ => return visit::visit_item(self, item),
        };
        if attributes.iter().any(is_for_tests) {
            return;
        }
        self.0.extend(name.map(ToString::to_string));
        visit::visit_item(self, item);
    }
}

/// Whether an attribute is `#[cfg(test)]`.
fn is_for_tests(attribute: &syn::Attribute) -> bool {
    let parsed = || attribute.parse_args::<syn::Ident>();
    attribute.path().is_ident("cfg") && parsed().is_ok_and(|condition| condition == "test")
}

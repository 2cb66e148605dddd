//! No two files of the program import each other: what both need stands in a third one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// A module as the names that lead to it from the root.
type Module = Vec<String>;

#[test]
fn no_two_files_import_each_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&root);
    let sources = files.iter().map(|file| {
        let text = fs::read_to_string(file).expect("a source file is text");
        (module_of(file.strip_prefix(&root).expect("it lies in src")), text)
    });
    let mutual = mutual_imports(&sources.collect());
    assert!(mutual.is_empty(), "{} pairs:\n{}", mutual.len(), mutual.join("\n"));
}

#[test]
fn two_files_that_import_each_other_are_found_in_every_spelling() {
    let files = |child: &str| {
        let parent = "mod inner; mod other; use inner::run; pub struct Outer;";
        BTreeMap::from([
            (vec!["outer".to_owned()], parent.to_owned()),
            (vec!["outer".to_owned(), "inner".to_owned()], child.to_owned()),
            (vec!["outer".to_owned(), "other".to_owned()], "pub struct Third;".to_owned()),
        ])
    };
    for child in [
        "use super::Outer;",
        "use crate::outer::Outer as Renamed;",
        "use crate::outer::{other::Third, Outer};",
        "fn run(outer: &super::Outer) {}",
        "fn run() { let outer = crate::outer::Outer; }",
    ] {
        assert_eq!(mutual_imports(&files(child)), ["outer and outer::inner"], "{child}");
    }
    for child in [
        "use super::other::Third;",
        "#[cfg(test)] mod tests { use super::super::Outer; }",
        "// use super::Outer;",
        "fn run() { self::Outer } struct Outer;",
        "pub(in crate::outer) fn run() {}",
    ] {
        assert!(mutual_imports(&files(child)).is_empty(), "{child}");
    }
}

/// The pairs of files that import each other, by the modules that they are.
fn mutual_imports(sources: &BTreeMap<Module, String>) -> Vec<String> {
    let imports: BTreeMap<&Module, BTreeSet<Module>> =
        sources.iter().map(|(module, text)| (module, Imports::of(module, text, sources))).collect();
    let both = |one: &Module, other: &Module| {
        imports.get(other).is_some_and(|imported| imported.contains(one)) && one < other
    };
    let pairs = imports.iter().flat_map(|(one, imported)| {
        imported.iter().filter(|other| both(one, other)).map(|other| (*one, other))
    });
    pairs.map(|(one, other)| format!("{} and {}", one.join("::"), other.join("::"))).collect()
}

/// Collects the modules that a file imports from.
struct Imports<'a> {
    module: &'a Module,
    sources: &'a BTreeMap<Module, String>,
    found: BTreeSet<Module>,
}

impl Imports<'_> {
    fn of(module: &Module, text: &str, sources: &BTreeMap<Module, String>) -> BTreeSet<Module> {
        let file = syn::parse_file(text).expect("what compiles is Rust");
        let mut imports = Imports { module, sources, found: BTreeSet::new() };
        imports.visit_file(&file);
        imports.found
    }

    /// Takes in a path as written in the file.
    fn add(&mut self, path: &[String]) {
        let up = path.iter().take_while(|name| *name == "super").count();
        let here = &self.module[..self.module.len().saturating_sub(up)];
        let mut whole = match path.first().map(String::as_str) {
            Some("crate") => path[1..].to_vec(),
            Some("self") => [here, &path[1..]].concat(),
            Some("super") => [here, &path[up..]].concat(),
            Some(name) if self.is_module_here(name) => [here, path].concat(),
            _ => return,
        };
        while !whole.is_empty() && !self.sources.contains_key(&whole) {
            whole.pop();
        }
        if whole != *self.module {
            self.found.insert(whole);
        }
    }

    fn is_module_here(&self, name: &str) -> bool {
        self.sources.contains_key(&[&self.module[..], &[name.to_owned()]].concat())
    }

    fn add_tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.add_tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) if name.ident == "self" => self.add(before),
            syn::UseTree::Name(name) => self.add(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.add(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.add(before),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.add_tree(before, tree));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Imports<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Mod(module) => &module.attrs,
            syn::Item::Fn(function) => &function.attrs,
            syn::Item::Use(import) => &import.attrs,
            _ => &Vec::new(),
        };
        if !attributes.iter().any(|attribute| attribute.path().is_ident("cfg")) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, import: &'ast syn::ItemUse) {
        self.add_tree(&[], &import.tree);
    }

    /// `pub(in crate::check)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let names: Vec<String> =
                path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.add(&names);
        }
        visit::visit_path(self, path);
    }
}

pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is part of the repository") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// `parse/mod.rs` and `parse.rs` are `parse`; `lib.rs` is the root.
fn module_of(path: &Path) -> Module {
    let mut names: Module =
        path.with_extension("").iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|name| name == "mod") || names == ["lib"] {
        names.pop();
    }
    names
}

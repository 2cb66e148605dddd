//! Holds the code to its own rules: floors, one home for each crate, function length, licences, what the
//! repository holds. Each test prints every violation as `file:line: what is wrong`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The modules of each floor. A module imports only from floors below its own; on the ground floor, from the
/// modules named before it.
const FLOORS: &[&[&str]] = &[
    &[
        "files", "calendar", "freshness", "glob", "dialect", "hidden", "text", "token",
        "highlight", "shell", "diagnostic", "value", "parameter", "words", "served", "memo",
        "history", "sources",
    ],
    &["config", "theme", "parse", "deep_link", "diagram"],
    &["resolve"],
    &["procedure"],
    &["check"],
    &["render", "search", "programs", "hosting"],
    &["build"],
    &["mcp"],
    &["cli", "deploy", "serve"],
];

/// Modules at the edge: they import from the two lowest floors, and from each other never.
const EDGES: &[&str] = &["load", "emit"];

/// The file or folder in which each third-party crate may be used, so that swapping one touches little.
const HOMES: &[(&str, &[&str])] = &[
    ("aho_corasick", &["src/check/secrets", "src/procedure/words"]),
    ("annotate_snippets", &["src/diagnostic/print"]),
    ("atom_syndication", &["src/render"]),
    ("brotli", &["src/hosting"]),
    ("clap", &["src/cli"]),
    ("clap_complete", &["src/cli"]),
    ("comrak", &["src/parse/markdown", "src/parse/source"]),
    ("ctrlc", &["src/cli"]),
    ("dagre", &["src/diagram"]),
    ("entities", &["src/parse/raw_html"]),
    ("flate2", &["src/hosting", "src/programs/skill/archive", "src/search"]),
    ("futures_util", &["src/cli/mcp/from", "src/deploy/bucket"]),
    ("globset", &["src/glob"]),
    ("hcl_edit", &["src/check/alerts"]),
    ("icalendar", &["src/render"]),
    ("indicatif", &["src/cli"]),
    ("intl_pluralrules", &["src/words"]),
    (
        "memchr",
        &[
            "src/check/secrets", "src/hidden", "src/load", "src/parse", "src/render", "src/shell",
            "src/text", "src/token",
        ],
    ),
    ("mermaid_rs_renderer", &["src/diagram"]),
    ("mimalloc", &["src/main"]),
    ("notify", &["src/serve/watch"]),
    ("object_store", &["src/deploy"]),
    ("pulldown_latex", &["src/parse/markdown/math"]),
    ("regex", &["src/mcp/procedure"]),
    ("regress", &["src/value/pattern"]),
    ("rayon", &["src/memo"]),
    ("reqwest", &["src/cli/mcp/from", "src/deploy/bucket"]),
    ("ring", &["src/deploy"]),
    ("rustls", &["src/deploy/bucket"]),
    ("saphyr_parser", &["src/value"]),
    ("serde_yaml", &["src/value"]),
    ("sha2", &["src/files"]),
    ("similar", &["src/cli"]),
    ("strsim", &["src/diagnostic"]),
    ("tantivy", &["src/search"]),
    ("tera", &["src/theme"]),
    ("tiny_http", &["src/serve/http"]),
    ("tokio", &["src/deploy/bucket"]),
    ("toml", &["src/value"]),
    ("twox_hash", &["src/files"]),
    ("unic_langid", &["src/words"]),
    ("unicode_normalization", &["src/programs/skill/choose", "src/search"]),
    ("unicode_properties", &["src/hidden"]),
    ("unicode_script", &["src/hidden"]),
    ("unicode_security", &["src/check/confusable"]),
    ("walkdir", &["src/load"]),
];

/// Crates that every module may use.
const VOCABULARY: &[&str] = &["anyhow", "jiff", "percent_encoding", "serde", "serde_json"];

const LICENSES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    // Of the certificates that Mozilla trusts, as data; compiled in only where a system has none of its own.
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    // The same terms under the name that they had until 2023.
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// What stands at the top of the repository.
const TOP_LEVEL: &[&str] = &[
    ".ci",
    ".github",
    ".dockerignore",
    ".gitignore",
    ".pre-commit-hooks.yaml",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "Dockerfile",
    "LICENSE",
    "README.md",
    "action.yml",
    "benches",
    "clippy.toml",
    "content",
    "rustfmt.toml",
    "site.toml",
    "src",
    "tests",
    "theme",
];

const LONGEST_FUNCTION: usize = 70;

/// A tracked text file.
struct Source {
    path: String,
    text: String,
}

#[test]
fn modules_import_only_from_floors_below() {
    let mut wrong = Vec::new();
    for source in rust_sources() {
        let Some(module) = module(&source.path) else { continue };
        let Some(allowed) = allowed_imports(module) else {
            wrong.push(format!(
                "{}:1: `{module}` stands on no floor; give it one in this test",
                source.path
            ));
            continue;
        };
        for (line, import) in crate_imports(&source.text) {
            if import != module && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{}:{line}: `{module}` may not import `{import}`", source.path));
            }
        }
    }
    report(&wrong);
}

#[test]
fn each_crate_is_used_in_its_home_only() {
    let mut wrong = Vec::new();
    for source in rust_sources() {
        // A file's own tests may use a crate to prepare what they need.
        let code = source.text.split("\n#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let at_home = |home: &&str| {
            source.path.strip_prefix(*home).is_some_and(|rest| rest.starts_with(['/', '.']))
        };
        let foreign: Vec<_> = HOMES
            .iter()
            .filter(|(name, homes)| !homes.iter().any(at_home) && !shadows(code, name))
            .collect();
        for (number, line) in code_lines(code) {
            for (name, _) in foreign.iter().filter(|(name, _)| names_crate(line, name)) {
                wrong.push(format!("{}:{number}: `{name}` is not at home here", source.path));
            }
        }
    }
    let manifest = read("Cargo.toml");
    let dependencies =
        manifest.split("\n[dependencies]\n").nth(1).expect("the manifest has dependencies");
    for line in dependencies.lines().take_while(|line| !line.starts_with('[')) {
        let Some((name, _)) = line.split_once(" = ") else { continue };
        let name = name.replace('-', "_");
        if !VOCABULARY.contains(&&*name) && !HOMES.iter().any(|(known, _)| *known == name) {
            wrong.push(format!("Cargo.toml:1: `{name}` has no home; give it one in this test"));
        }
    }
    report(&wrong);
}

#[test]
fn functions_fit_a_screen() {
    let mut wrong = Vec::new();
    for source in rust_sources() {
        for (line, length) in functions(&source.text) {
            if length > LONGEST_FUNCTION {
                let path = &source.path;
                wrong.push(format!(
                    "{path}:{line}: a function of {length} lines, {LONGEST_FUNCTION} fit a screen"
                ));
            }
        }
    }
    report(&wrong);
}

#[test]
fn every_module_says_what_it_is() {
    let tests = tracked(|path| path.starts_with("tests/suite/") && is_rust(path));
    let wrong: Vec<String> = rust_sources()
        .into_iter()
        .chain(tests)
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| format!("{}:1: no `//!` that says what the module is", source.path))
        .collect();
    report(&wrong);
}

#[test]
fn nothing_is_left_to_do_and_no_path_is_of_one_machine() {
    let code = |path: &str| {
        ["src/", "tests/", "theme/", "benches/", ".ci/", ".github/"]
            .iter()
            .any(|folder| path.starts_with(folder))
            || matches!(path, "Cargo.toml" | "site.toml" | "README.md" | "CHANGELOG.md")
    };
    // In two parts each, so that this file does not hold what it looks for.
    let forbidden: Vec<String> =
        [("TO", "DO"), ("FIX", "ME"), ("/ro", "ot/"), ("/ho", "me/"), ("/Us", "ers/")]
            .iter()
            .map(|(start, end)| format!("{start}{end}"))
            .collect();
    let mut wrong = Vec::new();
    for source in tracked(code) {
        for (index, line) in source.text.lines().enumerate() {
            for word in forbidden.iter().filter(|word| line.contains(word.as_str())) {
                wrong.push(format!("{}:{}: `{word}`", source.path, index + 1));
            }
        }
    }
    report(&wrong);
}

#[test]
fn the_top_level_holds_what_the_layout_names() {
    let mut names: Vec<String> = tracked_paths()
        .iter()
        .map(|path| path.split('/').next().unwrap_or_default().to_string())
        .filter(|name| !TOP_LEVEL.contains(&name.as_str()))
        .collect();
    names.dedup();
    report(
        &names
            .iter()
            .map(|name| format!("{name}:1: does not belong at the top level"))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn lock_files_name_no_host() {
    let mut wrong = Vec::new();
    for source in tracked(|path| path.ends_with("package-lock.json")) {
        for (index, line) in source.text.lines().enumerate() {
            if line.contains("\"resolved\"") {
                wrong.push(format!("{}:{}: names the host of a package", source.path, index + 1));
            }
        }
    }
    report(&wrong);
}

#[test]
fn every_dependency_has_a_license_that_we_accept() {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs the tests, so it can be run");
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: serde_json::Value =
        serde_json::from_slice(&metadata.stdout).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("cargo lists packages");
    assert!(packages.len() > 50, "cargo lists the dependencies too");
    let licenses: BTreeMap<&str, &str> = packages
        .iter()
        .map(|package| {
            (package["name"].as_str().unwrap_or(""), package["license"].as_str().unwrap_or(""))
        })
        .collect();
    let wrong: Vec<String> = licenses
        .iter()
        .filter(|(_, license)| !accepted(license))
        .map(|(name, license)| format!("Cargo.lock:1: the license of `{name}` is `{license}`"))
        .collect();
    report(&wrong);
}

#[test]
fn connections_are_secured_by_one_library() {
    // The other choice of the crates that speak to stores needs CMake and minutes of C; one crate's default feature
    // would bring it back.
    let lock = read("Cargo.lock");
    assert!(lock.contains("name = \"ring\"") && !lock.contains("name = \"aws-lc"));
}

#[test]
fn a_license_expression_is_read_as_spdx_means_it() {
    let check = |expression: &str, expected: bool| {
        assert_eq!(accepted(expression), expected, "{expression}");
    };
    check("MIT", true);
    check("GPL-3.0", false);
    check("MIT OR LGPL-2.1-or-later", true);
    check("MIT/GPL-2.0", true);
    check("MIT AND GPL-2.0", false);
    check("(MIT OR GPL-2.0) AND Unicode-3.0", true);
    check("GPL-2.0 AND (MIT OR ISC)", false);
    check("Apache-2.0 WITH LLVM-exception", true);
    check("GPL-2.0 WITH Classpath-exception-2.0", false);
    check("", false);
}

#[test]
fn imports_and_functions_are_found_in_formatted_code() {
    let text = "use crate::files::Files;\n// crate::serve\nuse crate::{\n    a,\n    b::{c, d},\n};\n\
                fn short() { crate::value::x() }\nimpl X {\n    fn long(\n        a: u8,\n    ) {\n    }\n}\n";
    let imports: Vec<String> =
        crate_imports(text).into_iter().map(|(line, name)| format!("{line} {name}")).collect();
    assert_eq!(imports, ["1 files", "4 a", "5 b", "7 value"]);
    assert_eq!(functions(text), [(7, 1), (9, 4)]);
    assert!(
        names_crate("use toml::Value;", "toml") && names_crate("    tera::Tera::new()", "tera")
    );
    assert!(
        !names_crate("crate::value::toml::read()", "toml") && !names_crate("hotera::x", "tera")
    );
}

/// What a module may import; `None` for one that stands on no floor.
fn allowed_imports(module: &str) -> Option<Vec<&'static str>> {
    if EDGES.contains(&module) {
        return Some(FLOORS[..2].concat());
    }
    let floor = FLOORS.iter().position(|floor| floor.contains(&module))?;
    let mut allowed = FLOORS[..floor].concat();
    if floor == 0 {
        allowed.extend(FLOORS[0].iter().take_while(|name| **name != module));
    }
    if floor == FLOORS.len() - 1 {
        allowed.extend(FLOORS[floor]);
        allowed.extend(EDGES);
    }
    Some(allowed)
}

/// The module at the top of the crate that a file belongs to; `None` for the crate's own two files.
fn module(path: &str) -> Option<&str> {
    let path = path.strip_prefix("src/")?;
    let module = path.split('/').next().map(|first| first.strip_suffix(".rs").unwrap_or(first))?;
    (!matches!(module, "lib" | "main")).then_some(module)
}

/// Each module that is named after `crate::`, with its line.
fn crate_imports(text: &str) -> Vec<(usize, String)> {
    let mut imports = Vec::new();
    // How deep a group `crate::{` is open at the start of a line; 0 outside of one.
    let mut depth = 0;
    for (number, line) in code_lines(text) {
        let mut rest = line;
        if depth == 0 {
            while let Some((_, after)) = rest.split_once("crate::") {
                rest = after;
                if let Some(group) = after.strip_prefix('{') {
                    depth = 1;
                    rest = group;
                    break;
                }
                imports.push((number, identifier(after)));
            }
        }
        if depth > 0 {
            group_members(rest, &mut depth, number, &mut imports);
        }
    }
    imports
}

/// The names at the first level of a group, in one line of it.
fn group_members(line: &str, depth: &mut usize, number: usize, imports: &mut Vec<(usize, String)>) {
    let mut at_start = true;
    for (at, character) in line.char_indices() {
        match character {
            '{' => *depth += 1,
            '}' => *depth = depth.saturating_sub(1),
            ',' => at_start = true,
            character if *depth == 1 && at_start && character.is_alphabetic() => {
                imports.push((number, identifier(&line[at..])));
                at_start = false;
            }
            _ => {}
        }
        if *depth == 0 {
            break;
        }
    }
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}

/// Whether a line of code names something of the crate `name`.
fn names_crate(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let stands_alone =
            !before.is_some_and(|before| before.is_alphanumeric() || "_:.\"".contains(before));
        stands_alone && line[at + name.len()..].starts_with("::")
    })
}

/// Whether the file imports a module of ours by the name of a crate.
fn shadows(text: &str, name: &str) -> bool {
    text.lines()
        .filter(|line| line.starts_with("use crate::") || line.starts_with("use super::"))
        .any(|line| {
            line.split(|other: char| !other.is_alphanumeric() && other != '_')
                .any(|word| word == name)
        })
}

/// Line number and length of each function, by the indentation that rustfmt gives its first and last line.
fn functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut functions = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let indentation = &line[..line.len() - line.trim_start().len()];
        let mut words = line.trim_start().split(' ').skip_while(|word| {
            word.starts_with("pub")
                || matches!(*word, "const" | "async" | "unsafe" | "extern" | "\"C\"")
        });
        if words.next() != Some("fn") {
            continue;
        }
        let ends = |line: &&str| line.trim_end() == format!("{indentation}}}");
        let one_line = line.ends_with('}') || line.ends_with(';');
        let length =
            if one_line { 1 } else { 1 + lines[index..].iter().position(ends).unwrap_or(0) };
        functions.push((index + 1, length));
    }
    functions
}

/// Numbered lines without those that hold a comment only.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Whether a licence expression can be met with the licences of the list: all sides of `AND`, any of `OR` or `/`.
fn accepted(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    any_of(&words, &mut at) && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize) -> bool {
    let mut met = all_of(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all_of(words, at);
    }
    met
}

fn all_of(words: &[&str], at: &mut usize) -> bool {
    let mut met = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at);
    }
    met
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let met = any_of(words, at);
        *at += 1;
        return met;
    }
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
    }
    LICENSES.contains(word)
}

fn rust_sources() -> Vec<Source> {
    let sources = tracked(|path| path.starts_with("src/") && is_rust(path));
    assert!(!sources.is_empty(), "there is code to look at");
    sources
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

/// The files in git that `wanted` picks and that are text.
fn tracked(wanted: impl Fn(&str) -> bool) -> Vec<Source> {
    let read = |path: String| {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path)).ok()?;
        Some(Source { path, text })
    };
    tracked_paths().into_iter().filter(|path| wanted(path)).filter_map(read).collect()
}

/// Every file in git, and every new one that git does not ignore.
fn tracked_paths() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("git is installed where the repository was cloned");
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let mut paths: Vec<String> =
        String::from_utf8_lossy(&listed.stdout).lines().map(String::from).collect();
    paths.sort();
    paths
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .expect("the file is part of the repository")
}

fn report(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} violations:\n{}", wrong.len(), wrong.join("\n"));
}

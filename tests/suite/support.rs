//! Fixtures: whole sites written in one string, and folders of real runbooks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use guidepost::build::{Build, Cache, Options, build};
use guidepost::files::{FilePath, Files};
use guidepost::history::History;
use guidepost::load::{SiteRoot, load};
use guidepost::sources::Sources;
use proptest::test_runner::{Config, RngSeed};

/// The files of a fixture: each begins with a line `-- path --`.
pub(crate) fn site(fixture: &str) -> Files {
    let mut files = Files::default();
    let mut current: Option<(FilePath, String)> = None;
    let mut finish = |file: Option<(FilePath, String)>| {
        if let Some((path, text)) = file {
            files.insert(path, text.into_bytes());
        }
    };
    for line in fixture.split_inclusive('\n') {
        let path = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (path, &mut current) {
            (Some(path), _) => {
                let path = FilePath::new(path).expect("a fixture's paths lie inside the site");
                finish(current.replace((path, String::new())));
            }
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => {
                assert!(line.trim().is_empty(), "a fixture begins with `-- path --`, not {line:?}");
            }
        }
    }
    finish(current);
    files
}

/// Runs the program in a folder, with nobody at the terminal.
pub(crate) fn guidepost(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guidepost"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command.output().expect("the program runs")
}

/// Everything that a run printed.
pub(crate) fn text(output: &Output) -> String {
    let (out, said) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(said))
}

/// Writes the files of a fixture into a fresh folder.
pub(crate) fn folder(fixture: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in site(fixture).iter() {
        let file = folder.path().join(path.as_str());
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        std::fs::write(file, bytes.as_slice()).expect("a file");
    }
    folder
}

/// The folders of real runbooks below `GUIDEPOST_CORPORA`; none, and a line that says so, where it is not set.
pub(crate) fn corpora() -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os("GUIDEPOST_CORPORA") else {
        eprintln!("not run on real runbooks: GUIDEPOST_CORPORA is not set");
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> =
        below(Path::new(&folder)).filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(!folders.is_empty(), "GUIDEPOST_CORPORA holds folders of runbooks");
    folders
}

/// Real templates: what lies in `template/` beside the real runbooks; none where these are not there.
pub(crate) fn real_templates() -> Vec<PathBuf> {
    let Some(folder) = std::env::var_os("GUIDEPOST_CORPORA") else {
        eprintln!("not run on real templates: GUIDEPOST_CORPORA is not set");
        return Vec::new();
    };
    let folder = Path::new(&folder).join("../template");
    if folder.is_dir() { below(&folder).collect() } else { Vec::new() }
}

/// How many cases of a property are tried: usually so many, the same in every run; `GUIDEPOST_CASES` others where
/// somebody has a night.
pub(crate) fn cases(usually: u32) -> Config {
    let asked = std::env::var("GUIDEPOST_CASES").ok().and_then(|count| count.parse().ok());
    let seed = if asked.is_some() { RngSeed::Random } else { RngSeed::Fixed(1) };
    Config {
        failure_persistence: None,
        rng_seed: seed,
        ..Config::with_cases(asked.unwrap_or(usually))
    }
}

/// Every page of the real runbooks.
pub(crate) fn corpus_pages() -> Vec<(PathBuf, Vec<u8>)> {
    let mut pages = Vec::new();
    let mut folders = corpora();
    while let Some(folder) = folders.pop() {
        for path in below(&folder) {
            let name = path.to_string_lossy();
            if path.is_dir() {
                folders.push(path);
            } else if [".md", ".markdown", ".html.md.erb"]
                .iter()
                .any(|extension| name.ends_with(extension))
            {
                let bytes = std::fs::read(&path).expect("a page of the corpora can be read");
                pages.push((path, bytes));
            }
        }
    }
    pages
}

/// What a folder of the disk holds.
pub(crate) fn below(folder: &Path) -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir(folder)
        .expect("the folder can be listed")
        .map(|entry| entry.expect("it can be listed").path())
}

#[test]
fn a_fixture_is_split_at_its_path_lines() {
    let files =
        site("\n-- content/a.md --\n# A\n\n-- not a path\n-- site.toml --\n-- content/empty.md --");
    let shown: Vec<(String, &str)> = files
        .iter()
        .map(|(path, _)| (path.to_string(), files.text(path).expect("the fixture is text")))
        .collect();
    let expected =
        [("content/a.md", "# A\n\n-- not a path\n"), ("content/empty.md", ""), ("site.toml", "")];
    assert_eq!(shown, expected.map(|(path, text)| (path.to_string(), text)));
}

/// The paths of a folder's files, relative to it, in order.
pub(crate) fn files_of(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(below(&path));
        } else {
            let path = path.strip_prefix(folder).expect("it lies below");
            found.push(path.to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

/// What a build is asked for unless a test asks for something else.
pub(crate) fn options() -> Options {
    Options { today: jiff::civil::date(2026, 11, 23), content: None, base_url: None, drafts: false }
}

/// Builds the files of a fixture.
pub(crate) fn build_site(files: Files) -> Build {
    let sources = Sources {
        files,
        passed_over: BTreeMap::new(),
        history: History::without("a fixture has no history").into(),
    };
    build_sources(&sources, &options())
}

/// Builds any folder of Markdown, as `--content` does.
pub(crate) fn build_folder(folder: &Path) -> Build {
    let place = SiteRoot::of_content(folder).expect("the folder is there");
    let sources = load(&place).expect("the folder can be read");
    build_sources(&sources, &Options { content: place.content, ..options() })
}

/// Builds with nothing remembered from an earlier build.
pub(crate) fn build_sources(sources: &Sources, options: &Options) -> Build {
    build(sources, options, &mut Cache::default(), |_| {})
        .unwrap_or_else(|findings| panic!("{findings:#?}"))
}

/// A file of a built site as text.
#[track_caller]
pub(crate) fn published<'o>(output: &'o Files, path: &str) -> &'o str {
    let path = FilePath::new(path).expect("the test names a path");
    let names = || output.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>();
    output.text(&path).unwrap_or_else(|| panic!("{path} is none of {:?}", names()))
}

/// Numbers that look random and are the same in every run (xorshift).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// The next number below a limit; 0 where that is none.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

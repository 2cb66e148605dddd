//! Fixtures: whole sites written in one string.

use guidepost::files::{FilePath, Files};

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

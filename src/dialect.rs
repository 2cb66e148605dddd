//! The tools whose Markdown is read beside GitHub's, and the files by which a folder says that it is written for one.

use crate::files::{FilePath, Files, folders_around};

/// A tool that gives lines of text a meaning which they do not have on GitHub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// `MkDocs` with Python-Markdown and its extensions.
    MkDocs,
    /// Docusaurus.
    Docusaurus,
    /// `VitePress`.
    Vitepress,
    /// Starlight, on Astro.
    Starlight,
    /// Hugo and its documentation themes.
    Hugo,
    /// `GitBook`.
    Gitbook,
    /// Sphinx or Jupyter Book with `MyST`.
    Myst,
    /// Jekyll, with kramdown and Liquid.
    Jekyll,
    /// `mdBook`.
    Mdbook,
    /// A vault of Obsidian.
    Obsidian,
    /// The wiki of a repository on GitHub or GitLab.
    Wiki,
    /// A wiki of Azure `DevOps`.
    Azure,
}

impl Dialect {
    /// Every dialect, in the order of the handbook.
    pub const ALL: [Dialect; 12] = [
        Dialect::MkDocs,
        Dialect::Docusaurus,
        Dialect::Vitepress,
        Dialect::Starlight,
        Dialect::Hugo,
        Dialect::Gitbook,
        Dialect::Myst,
        Dialect::Jekyll,
        Dialect::Mdbook,
        Dialect::Obsidian,
        Dialect::Wiki,
        Dialect::Azure,
    ];

    /// As `[markdown] dialects` names it.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::MkDocs => "mkdocs",
            Dialect::Docusaurus => "docusaurus",
            Dialect::Vitepress => "vitepress",
            Dialect::Starlight => "starlight",
            Dialect::Hugo => "hugo",
            Dialect::Gitbook => "gitbook",
            Dialect::Myst => "myst",
            Dialect::Jekyll => "jekyll",
            Dialect::Mdbook => "mdbook",
            Dialect::Obsidian => "obsidian",
            Dialect::Wiki => "wiki",
            Dialect::Azure => "azure",
        }
    }
}

/// The settings by which a folder names its tool, relative to it.
const SETTINGS: &[(Dialect, &[&str])] = &[
    (Dialect::MkDocs, &["mkdocs.yml", "mkdocs.yaml", "zensical.toml"]),
    (
        Dialect::Docusaurus,
        &[
            "docusaurus.config.js",
            "docusaurus.config.ts",
            "docusaurus.config.mjs",
            "docusaurus.config.cjs",
        ],
    ),
    (
        Dialect::Vitepress,
        &[
            ".vitepress/config.js",
            ".vitepress/config.ts",
            ".vitepress/config.mjs",
            ".vitepress/config.mts",
        ],
    ),
    (Dialect::Starlight, &["astro.config.mjs", "astro.config.js", "astro.config.ts"]),
    (
        Dialect::Hugo,
        &[
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "hugo.json",
            "config/_default/hugo.toml",
            "config/_default/hugo.yaml",
            "config/_default/config.toml",
            "config/_default/config.yaml",
        ],
    ),
    (Dialect::Gitbook, &[".gitbook.yaml", ".gitbook.yml"]),
    (Dialect::Myst, &["conf.py", "myst.yml", "_toc.yml"]),
    (Dialect::Jekyll, &["_config.yml", "_config.yaml", "_config.toml"]),
    (Dialect::Mdbook, &["book.toml"]),
    (Dialect::Obsidian, &[".obsidian/app.json", ".obsidian/appearance.json"]),
    (Dialect::Wiki, &["_Sidebar.md", "_sidebar.md", "_Footer.md", "_Header.md"]),
    (Dialect::Azure, &[".order"]),
];

/// Settings that only Hugo's own key tells from those of others.
const SHARED_SETTINGS: [&str; 3] = ["config.toml", "config.yaml", "config.yml"];

/// Whether a file of this path says which tool the folder that it lies in is written for.
pub fn is_setting(path: &str) -> bool {
    let names = SETTINGS.iter().flat_map(|(_, names)| names.iter()).chain(&SHARED_SETTINGS);
    names.copied().any(|name| {
        path.strip_suffix(name).is_some_and(|folder| folder.is_empty() || folder.ends_with('/'))
    })
}

/// Every file that may say which tool a content folder is written for, relative to the site folder: in the content
/// folder and in those around it.
pub fn settings_around(content: &str) -> Vec<String> {
    let names = SETTINGS.iter().flat_map(|(_, names)| names.iter()).chain(&SHARED_SETTINGS);
    let names: Vec<&str> = names.copied().collect();
    let mut found = Vec::new();
    for folder in folders_around(content) {
        found.extend(names.iter().map(|name| below(folder, name)));
    }
    found
}

/// The dialects that the settings among a site's files name, in order.
pub fn dialects_of(files: &Files, content: &str) -> Vec<Dialect> {
    let mut found = Vec::new();
    for folder in folders_around(content) {
        let file =
            |name: &str| FilePath::new(&below(folder, name)).and_then(|path| files.text(&path));
        for (dialect, names) in SETTINGS {
            if names.iter().any(|name| file(name).is_some()) {
                found.push(*dialect);
            }
        }
        let is_hugo =
            |text: &str| text.lines().any(|line| line.trim_start().starts_with("baseURL"));
        if SHARED_SETTINGS.iter().filter_map(|name| file(name)).any(is_hugo) {
            found.push(Dialect::Hugo);
        }
    }
    // Jupyter Book has a `_config.yml` too.
    if found.contains(&Dialect::Myst) {
        found.retain(|dialect| *dialect != Dialect::Jekyll);
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, dialects_of};
    use crate::files::{FilePath, Files};

    fn check(content: &str, files: &[(&str, &str)], expected: &[Dialect]) {
        let files = files.iter().map(|(path, text)| {
            (FilePath::new(path).expect("the test names a path"), text.as_bytes().to_vec().into())
        });
        assert_eq!(dialects_of(&files.collect::<Files>(), content), expected);
    }

    #[test]
    fn settings_beside_or_above_the_pages_name_the_tool() {
        check("docs", &[("mkdocs.yml", "")], &[Dialect::MkDocs]);
        check("web/docs", &[("web/docusaurus.config.ts", "")], &[Dialect::Docusaurus]);
        check("", &[(".vitepress/config.mts", "")], &[Dialect::Vitepress]);
        check(
            "docs",
            &[("docs/conf.py", ""), (".gitbook.yaml", "")],
            &[Dialect::Gitbook, Dialect::Myst],
        );
        check("content", &[("config.toml", "title = 1\nbaseURL = \"x\"")], &[Dialect::Hugo]);
        check("docs", &[("_config.yml", "")], &[Dialect::Jekyll]);
        check("src", &[("book.toml", "")], &[Dialect::Mdbook]);
        check("vault", &[("vault/.obsidian/app.json", "{}")], &[Dialect::Obsidian]);
        check("", &[("_Sidebar.md", ""), (".order", "")], &[Dialect::Wiki, Dialect::Azure]);
        check("book", &[("book/_config.yml", ""), ("book/_toc.yml", "")], &[Dialect::Myst]);
    }

    #[test]
    fn settings_of_something_else_name_nothing() {
        check("docs", &[("config.toml", "port = 1"), ("other/mkdocs.yml", "")], &[]);
        check("docs", &[("docs/a.md", "!!! note")], &[]);
    }
}

//! The settings of another generator become what they say of the site: where its pages are, its name and addresses.
//!
//! Reads single values line by line: such files hold tags and expressions that only their own program understands.

use super::pages::is_page;
use crate::files::{FilePath, Files};

/// A folder that another generator builds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Project {
    /// The generator.
    pub generator: &'static str,
    /// Its settings.
    pub file: &'static str,
    /// The folder of the pages.
    pub content: String,
    /// The name of the site.
    pub title: Option<String>,
    /// Where the site is published.
    pub address: Option<String>,
    /// Where the files are kept.
    pub repository: Option<String>,
}

/// Where a generator keeps what matters here.
struct Form {
    generator: &'static str,
    files: &'static [&'static str],
    content: (&'static str, &'static str),
    title: &'static str,
    address: &'static str,
    repository: &'static str,
}

const FORMS: [Form; 5] = [
    Form {
        generator: "MkDocs",
        files: &["mkdocs.yml", "mkdocs.yaml"],
        content: ("docs_dir", "docs"),
        title: "site_name",
        address: "site_url",
        repository: "repo_url",
    },
    Form {
        generator: "GOV.UK tech docs",
        files: &["config/tech-docs.yml"],
        content: ("", "source"),
        title: "service_name",
        address: "host",
        repository: "github_repo",
    },
    Form {
        generator: "mdBook",
        files: &["book.toml"],
        content: ("src", "src"),
        title: "title",
        address: "",
        repository: "git-repository-url",
    },
    Form {
        generator: "Hugo",
        files: &[
            "hugo.toml",
            "hugo.yaml",
            "config/_default/hugo.toml",
            "config/_default/config.toml",
            "config.toml",
            "config.yaml",
        ],
        content: ("contentDir", "content"),
        title: "title",
        address: "baseURL",
        repository: "",
    },
    Form {
        generator: "Jekyll",
        files: &["_config.yml"],
        content: ("source", "."),
        title: "title",
        address: "url",
        repository: "repository",
    },
];

/// What the settings of another generator say, if the folder holds such and pages where they say.
pub(crate) fn project(files: &Files) -> Option<Project> {
    let found = FORMS.iter().flat_map(|form| form.files.iter().map(move |file| (form, *file)));
    found.into_iter().find_map(|(form, file)| {
        let text = files.text(&FilePath::new(file)?)?;
        let (key, usual) = form.content;
        let content = value(text, key).unwrap_or_else(|| usual.to_owned());
        let is_here = content.split('/').all(|part| matches!(part, "" | "."));
        let content = if is_here { ".".to_owned() } else { FilePath::new(&content)?.to_string() };
        let holds_pages = content == "."
            || files.iter().any(|(path, _)| is_page(path) && path.under(&content).is_some());
        holds_pages.then(|| Project {
            generator: form.generator,
            file,
            content,
            title: value(text, form.title),
            address: value(text, form.address).filter(|address| address.starts_with("http")),
            repository: value(text, form.repository).map(web_page),
        })
    })
}

/// Whether a file holds the settings of a generator.
pub(crate) fn is_settings(path: &str) -> bool {
    FORMS.iter().any(|form| form.files.contains(&path))
}

/// `org/repo` as an address of GitHub, which is what such settings mean by it.
fn web_page(repository: String) -> String {
    if repository.contains("://") { repository } else { format!("https://github.com/{repository}") }
}

/// The value of the first line that sets a key, in YAML or TOML, if it is plain text.
fn value(text: &str, key: &str) -> Option<String> {
    let typed = text.lines().find_map(|line| {
        let (name, value) = line.trim().split_once([':', '='])?;
        (!key.is_empty() && name.trim().eq_ignore_ascii_case(key)).then(|| value.trim())
    })?;
    let plain = match typed.chars().next()? {
        quote @ ('"' | '\'') => typed[1..].split(quote).next()?,
        _ => typed.split(" #").next()?.trim(),
    };
    let is_plain =
        !plain.is_empty() && !plain.starts_with(['!', '{', '[', '$', '&', '*', '|', '>']);
    is_plain.then(|| plain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Project, project};
    use crate::files::{FilePath, Files};

    fn check(files: &[(&str, &str)]) -> Option<Project> {
        let files = files.iter().map(|(path, text)| {
            (FilePath::new(path).expect("the test names a path"), text.as_bytes().to_vec().into())
        });
        project(&files.collect::<Files>())
    }

    #[test]
    fn settings_of_other_generators_say_where_pages_are_and_what_the_site_is_called() {
        for (file, text, page, expected) in [
            (
                "mkdocs.yml",
                "site_name: 'Ops'\nsite_url: https://ops.example.org/ # live\nrepo_url: https://github.com/org/ops\n\
                 theme: !!python/name:x\n",
                "docs/a.md",
                ("MkDocs", "docs", "Ops", "https://ops.example.org/", "https://github.com/org/ops"),
            ),
            (
                "hugo.toml",
                "baseURL = \"https://ops.example.org/\"\ntitle = \"Ops\" # ours\n",
                "content/a.md",
                ("Hugo", "content", "Ops", "https://ops.example.org/", ""),
            ),
            (
                "config/tech-docs.yml",
                "host: https://ops.example.org\nservice_name: Ops\ngithub_repo: org/ops\n",
                "source/a.html.md.erb",
                (
                    "GOV.UK tech docs",
                    "source",
                    "Ops",
                    "https://ops.example.org",
                    "https://github.com/org/ops",
                ),
            ),
            (
                "book.toml",
                "[book]\ntitle = \"Ops\"\nsrc = \"./book/\"\n",
                "book/a.md",
                ("mdBook", "book", "Ops", "", ""),
            ),
        ] {
            let found = check(&[(file, text), (page, "# A")]).expect("settings and pages");
            let text = |value: Option<String>| value.unwrap_or_default();
            let said = (text(found.title), text(found.address), text(found.repository));
            assert_eq!((found.generator, found.content.as_str()), (expected.0, expected.1));
            assert_eq!(said, (expected.2.into(), expected.3.into(), expected.4.into()), "{file}");
        }
    }

    #[test]
    fn pages_may_lie_beside_the_settings() {
        for source in [".", "./", "/"] {
            let found = check(&[("_config.yml", &format!("source: {source}\n")), ("a.md", "# A")]);
            assert_eq!(found.expect("settings and pages").content, ".");
        }
        assert_eq!(check(&[("mkdocs.yml", "docs_dir: ../docs\n"), ("docs/a.md", "# A")]), None);
    }

    #[test]
    fn settings_without_pages_say_nothing() {
        assert_eq!(check(&[("mkdocs.yml", "site_name: Ops\n"), ("wiki/a.md", "# A")]), None);
        assert_eq!(check(&[("config.toml", "title = \"another program\"\n")]), None);
    }
}

//! The settings of another generator become what they say of the site: where its pages are, its name and addresses.
//!
//! Reads single values, of YAML and TOML line by line and of scripts token by token: such files hold tags and
//! expressions that only their own program understands.

use super::pages::is_page;
use crate::files::{FilePath, Files};
use crate::theme::script_tokens::{depth_of, tokens};

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
    /// What puts its pages in an order of their own: a key of the settings, or a file of the pages.
    pub ordered_by: Option<&'static str>,
}

/// Where a generator keeps what matters here.
struct GeneratorForm {
    generator: &'static str,
    files: &'static [&'static str],
    content: (&'static str, &'static str),
    title: &'static str,
    address: &'static str,
    repository: &'static str,
    /// The key of its settings, or the file beside its pages, that lists pages in their order.
    order: &'static str,
}

/// The folder in which the settings lie, as the place of pages.
const BESIDE: &str = "";

const FORMS: [GeneratorForm; 15] = [
    form("MkDocs", &["mkdocs.yml", "mkdocs.yaml"], ("docs_dir", "docs"))
        .with("site_name", "site_url", "repo_url")
        .ordered_by("nav"),
    form("Zensical", &["zensical.toml"], ("docs_dir", "docs"))
        .with("site_name", "site_url", "repo_url")
        .ordered_by("nav"),
    form("GOV.UK tech docs", &["config/tech-docs.yml"], ("", "source"))
        .with("service_name", "host", "github_repo"),
    form("mdBook", &["book.toml"], ("src", "src"))
        .with("title", "", "git-repository-url")
        .ordered_by("SUMMARY.md"),
    form(
        "Docusaurus",
        &[
            "docusaurus.config.js",
            "docusaurus.config.ts",
            "docusaurus.config.mjs",
            "docusaurus.config.cjs",
        ],
        ("", "docs"),
    )
    .with("title", "url", ""),
    form(
        "Starlight",
        &["astro.config.mjs", "astro.config.js", "astro.config.ts"],
        ("", "src/content/docs"),
    )
    .with("title", "site", "")
    .ordered_by("sidebar"),
    form(
        "VitePress",
        &[
            ".vitepress/config.js",
            ".vitepress/config.ts",
            ".vitepress/config.mjs",
            ".vitepress/config.mts",
            "docs/.vitepress/config.js",
            "docs/.vitepress/config.ts",
            "docs/.vitepress/config.mjs",
            "docs/.vitepress/config.mts",
        ],
        ("srcDir", BESIDE),
    )
    .with("title", "", "")
    .ordered_by("sidebar"),
    form(
        "Hugo",
        &[
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "config/_default/hugo.toml",
            "config/_default/hugo.yaml",
            "config/_default/config.toml",
            "config.toml",
            "config.yaml",
        ],
        ("contentDir", "content"),
    )
    .with("title", "baseURL", ""),
    form("GitBook", &[".gitbook.yaml", ".gitbook.yml"], ("root", ".")).ordered_by("SUMMARY.md"),
    form(
        "Sphinx",
        &["conf.py", "docs/conf.py", "docs/source/conf.py", "doc/conf.py", "source/conf.py"],
        ("", BESIDE),
    )
    .with("project", "html_baseurl", ""),
    form("Jekyll", &["_config.yml", "docs/_config.yml"], ("source", BESIDE))
        .with("title", "url", "repository"),
    form("Obsidian", &[".obsidian/app.json", ".obsidian/appearance.json"], ("", BESIDE)),
    form("a wiki", &["_Sidebar.md"], ("", BESIDE)).ordered_by("_Sidebar.md"),
    form("a wiki", &["_sidebar.md"], ("", BESIDE)).ordered_by("_sidebar.md"),
    form("a wiki", &[".order"], ("", BESIDE)).ordered_by(".order"),
];

const fn form(
    generator: &'static str,
    files: &'static [&'static str],
    content: (&'static str, &'static str),
) -> GeneratorForm {
    GeneratorForm { generator, files, content, title: "", address: "", repository: "", order: "" }
}

impl GeneratorForm {
    /// The same with the keys of the site's name, of its address and of its repository.
    const fn with(
        mut self,
        title: &'static str,
        address: &'static str,
        repository: &'static str,
    ) -> GeneratorForm {
        (self.title, self.address, self.repository) = (title, address, repository);
        self
    }

    /// The same with what lists pages in their order.
    const fn ordered_by(mut self, order: &'static str) -> GeneratorForm {
        self.order = order;
        self
    }

    /// What lists pages in their order, if it does so here.
    fn order_in(
        &self,
        files: &Files,
        content: &str,
        file: &str,
        text: &str,
    ) -> Option<&'static str> {
        let is_there = match self.order {
            "" => false,
            name if name.contains('.') => {
                let whole =
                    if content == "." { name.to_owned() } else { format!("{content}/{name}") };
                file == name || files.text(&FilePath::new(&whole)?).is_some()
            }
            key if is_script(file) => tokens(text)
                .windows(2)
                .any(|pair| pair[0].text.trim_matches(['\'', '"']) == key && pair[1].text == ":"),
            key => text.lines().any(|line| {
                let behind = line.strip_prefix(key).unwrap_or_default().trim_start();
                behind.starts_with([':', '='])
            }),
        };
        is_there.then_some(self.order)
    }
}

/// What the settings of another generator say, if the folder holds such and pages where they say.
pub(crate) fn project(files: &Files) -> Option<Project> {
    let found = FORMS.iter().flat_map(|form| form.files.iter().map(move |file| (form, *file)));
    found.into_iter().find_map(|(form, file)| {
        let text = files.text(&FilePath::new(file)?)?;
        let said = if is_script(file) { script_value } else { value };
        let (key, usual) = form.content;
        let beside = || {
            let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            let is_hidden = |name: &&str| name.starts_with('.');
            let shown: Vec<&str> = folder.split('/').filter(|name| !is_hidden(name)).collect();
            shown.join("/")
        };
        let usual = || if usual == BESIDE { beside() } else { usual.to_owned() };
        let content = said(text, key).unwrap_or_else(usual);
        let is_here = content.split('/').all(|part| matches!(part, "" | "."));
        let content = if is_here { ".".to_owned() } else { FilePath::new(&content)?.to_string() };
        let holds_pages = content == "."
            || files.iter().any(|(path, _)| is_page(path) && path.under(&content).is_some());
        holds_pages.then(|| Project {
            generator: form.generator,
            file,
            ordered_by: form.order_in(files, &content, file, text),
            content: if form.generator == "Hugo" { one_language(files, content) } else { content },
            title: said(text, form.title),
            address: said(text, form.address).filter(|address| address.starts_with("http")),
            repository: said(text, form.repository).map(web_page),
        })
    })
}

/// The folder of the one language of a site of Hugo, where all pages are in such a folder.
fn one_language(files: &Files, content: String) -> String {
    let pages = files.iter().filter(|(path, _)| is_page(path));
    let mut folders = pages.filter_map(|(path, _)| {
        let inside = path.under(&content)?;
        Some(inside.as_str().split_once('/').map_or("", |(folder, _)| folder).to_owned())
    });
    let Some(first) = folders.next() else { return content };
    let is_language = first.len() == 2 && first.bytes().all(|byte| byte.is_ascii_lowercase());
    if is_language && folders.all(|folder| folder == first) {
        return format!("{content}/{first}");
    }
    content
}

/// `org/repo` as an address of GitHub, which is what such settings mean by it.
fn web_page(repository: String) -> String {
    if repository.contains("://") { repository } else { format!("https://github.com/{repository}") }
}

fn is_script(file: &str) -> bool {
    [".js", ".mjs", ".cjs", ".ts", ".mts"].iter().any(|ending| file.ends_with(ending))
}

/// The value of a key of an object in a script, if it is plain text: of several the outermost, of those the first.
fn script_value(script: &str, key: &str) -> Option<String> {
    let tokens = tokens(script);
    let mut depth = 0;
    let mut outermost: Option<(i32, String)> = None;
    for (at, token) in tokens.iter().enumerate() {
        depth += depth_of(token);
        let [_, colon, value, next, ..] = &tokens[at..] else { break };
        let is_set = token.text.trim_matches(['\'', '"']) == key && colon.text == ":";
        let is_whole = matches!(next.text, "," | "}");
        if is_set && is_whole && outermost.as_ref().is_none_or(|(least, _)| depth < *least) {
            outermost = plain_literal(value.text).map(|text| (depth, text)).or(outermost);
        }
    }
    outermost.map(|(_, text)| text)
}

/// What a literal of a script says, if that is one line of text.
fn plain_literal(literal: &str) -> Option<String> {
    let quote = literal.chars().next().filter(|quote| "'\"`".contains(*quote))?;
    let inner = literal.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut text = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.push(letters.next().filter(|escaped| !escaped.is_alphanumeric())?),
            '\n' => return None,
            _ => text.push(letter),
        }
    }
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
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
    fn settings_of_a_script_may_stand_on_one_line() {
        let text = "module.exports = { title: 'Ops, by night', url: 'https://ops.example.org', presets: [['classic', {}]] };\n";
        let found = check(&[("docusaurus.config.js", text), ("docs/a.md", "# A")]);
        let found = found.expect("settings and pages");
        assert_eq!(found.title.as_deref(), Some("Ops, by night"));
        assert_eq!(found.address.as_deref(), Some("https://ops.example.org"));
    }

    #[test]
    fn settings_of_a_script_are_read_as_the_language_has_them() {
        for (text, title) in [
            ("// title: 'Old', it isn't\nexport default { title: 'New' };", Some("New")),
            ("/* title: \"Old\", */ module.exports = {\n  title: \"New\",\n};", Some("New")),
            (
                r"module.exports = { title: 'It\'s \'ours\', {really}' }",
                Some("It's 'ours', {really}"),
            ),
            (
                "module.exports = { tagline: `a ${ {title: 'b'}.title } c`, title: `Ops` };",
                Some("Ops"),
            ),
            ("module.exports = { title: `Ops ${version}` };", None),
            ("module.exports = { title: process.env.TITLE || 'Ops' };", None),
            ("module.exports = { title: 'Ops' + suffix };", None),
            (
                "const navbar = (title: string) => ({ items: [{ title: 'Inner' }] });\n\
                 const config: Config = {\n  // title: 'x'\n  'title': \"Outer\",\n  url: /title: 'y'/.source,\n};",
                Some("Outer"),
            ),
            ("export default { title: 'open", None),
            ("const note = <p>It's late</p>;\nexport default { title: 'Ops' };", Some("Ops")),
            ("export default { subtitle: 'a', title\n: 'b' }", Some("b")),
        ] {
            let found = check(&[("docusaurus.config.ts", text), ("docs/a.md", "# A")]);
            assert_eq!(found.expect("pages").title.as_deref(), title, "{text}");
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
    fn what_orders_pages_elsewhere_is_named() {
        for (files, expected) in [
            (&[("mkdocs.yml", "nav:\n- a.md\n"), ("docs/a.md", "# A")][..], Some("nav")),
            (&[("mkdocs.yml", "x:\n  nav: y\n# nav: z\n"), ("docs/a.md", "# A")], None),
            (&[("zensical.toml", "nav = [\"a.md\"]\n"), ("docs/a.md", "# A")], Some("nav")),
            (&[("book.toml", "[book]\n"), ("src/SUMMARY.md", "- [A](a.md)")], Some("SUMMARY.md")),
            (&[("book.toml", "[book]\n"), ("src/a.md", "# A")], None),
            (
                &[
                    (".vitepress/config.ts", "export default { themeConfig: { sidebar: [] } }"),
                    ("a.md", "# A"),
                ],
                Some("sidebar"),
            ),
            (
                &[(".vitepress/config.ts", "export default { /* sidebar: */ }"), ("a.md", "# A")],
                None,
            ),
            (&[("_Sidebar.md", "- [[A]]"), ("a.md", "# A")], Some("_Sidebar.md")),
        ] {
            assert_eq!(check(files).expect("a project").ordered_by, expected, "{files:?}");
        }
    }

    #[test]
    fn settings_without_pages_say_nothing() {
        assert_eq!(check(&[("mkdocs.yml", "site_name: Ops\n"), ("wiki/a.md", "# A")]), None);
        assert_eq!(check(&[("config.toml", "title = \"another program\"\n")]), None);
    }
}

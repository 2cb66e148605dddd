//! Front-matter keys of other tools: what Guidepost has too is read by the name that it has there, the rest passes.
//!
//! The keys are those that the handbooks of `MkDocs` and its Material theme, Docusaurus, `VitePress`, Starlight, Hugo,
//! Jekyll and its documentation themes, `GitBook`, Sphinx with `MyST` and Obsidian describe. A key of Guidepost's own
//! always wins, and a value that does not fit is as good as none: it was written for somebody else.

use super::FrontMatter;
use crate::calendar::parse_day;
use crate::value::read::{Reader, Spanned};
use crate::value::{Entry, Node, Value};

/// The key of Guidepost that a key of another tool stands for.
const SAME: &[(&str, &[&str])] = &[
    ("summary", &["description", "excerpt", "lead", "abstract"]),
    (
        "nav_title",
        &[
            "linkTitle", "linktitle", "sidebar_label", "sidebarTitle", "sidebar_title",
            "navigation_title", "short_title", "menu_title",
        ],
    ),
    ("weight", &["sidebar_position", "nav_order", "order", "sort_order"]),
    (
        "date",
        &[
            "lastmod", "last_modified_at", "last_modified", "last_updated", "lastUpdated",
            "last_update", "updated", "updated_at", "modified", "date_modified",
        ],
    ),
    ("authors", &["author"]),
    ("aliases", &["redirect_from"]),
    ("address", &["slug", "url", "permalink", "id"]),
    ("lang", &["language", "locale"]),
    (
        "hidden",
        &[
            "search_exclude", "searchExclude", "exclude_search", "excludeFromSearch",
            "bookSearchExclude", "unlisted",
        ],
    ),
    ("shown", &["pagefind", "searchable"]),
    ("published", &["published"]),
    ("sidebar", &["sidebar"]),
];

/// Keys that say what Guidepost has no use for.
const PASSED_OVER: &[&str] = &[
    "apiVersion",
    "aside",
    "author_profile",
    "banner",
    "build",
    "canonical_url",
    "cascade",
    "categories",
    "category",
    "classes",
    "comments",
    "cover",
    "coverY",
    "created",
    "cssclass",
    "cssclasses",
    "custom_edit_url",
    "custom_props",
    "dir",
    "displayed_sidebar",
    "editLink",
    "editUrl",
    "edit_uri",
    "expiryDate",
    "features",
    "footer",
    "grand_parent",
    "has_children",
    "has_toc",
    "head",
    "header",
    "headless",
    "hero",
    "hidden",
    "hide",
    "hide_table_of_contents",
    "hide_title",
    "html_meta",
    "icon",
    "image",
    "images",
    "isCJKLanguage",
    "jupytext",
    "katex",
    "kernelspec",
    "keywords",
    "kind",
    "last_review",
    "layout",
    "lifecycle",
    "markup",
    "math",
    "mathjax",
    "menu",
    "menus",
    "mermaid",
    "metadata",
    "myst",
    "nav_exclude",
    "navbar",
    "next",
    "no_list",
    "noindex",
    "orphan",
    "outline",
    "outputs",
    "parent",
    "params",
    "prev",
    "publish",
    "publishDate",
    "pubDate",
    "read_time",
    "related",
    "render_with_liquid",
    "repo_url",
    "resources",
    "revision_date",
    "robots",
    "series",
    "share",
    "sitemap",
    "spec",
    "tableOfContents",
    "titleTemplate",
    "toc",
    "tocdepth",
    "translationKey",
    "type",
    "uid",
];

/// How families of such keys begin.
const FAMILIES: &[&str] =
    &["algolia", "book", "geekdoc", "og_", "pagination_", "sidebar_", "toc_", "twitter_"];

/// Whether a key is one of another tool.
pub(crate) fn is_foreign(key: &str) -> bool {
    same(key).is_some()
        || PASSED_OVER.contains(&key)
        || FAMILIES.iter().any(|family| key.starts_with(family) && key.len() > family.len())
}

fn same(key: &str) -> Option<&'static str> {
    SAME.iter().find(|(_, keys)| keys.contains(&key)).map(|(own, _)| *own)
}

/// Reads the keys of other tools, after those of Guidepost. `text` is the file; `is_own` says which keys the site
/// itself gave a meaning.
pub(super) fn read_foreign_keys(
    meta: &mut FrontMatter,
    (path, text): (&crate::files::FilePath, &str),
    entries: &[Entry],
    is_own: impl Fn(&str) -> bool,
) {
    // What is wrong with these values is not said.
    let mut reader = Reader::generous(path, text, crate::diagnostic::Rule::BadValue);
    for entry in entries.iter().filter(|entry| !is_own(&entry.key)) {
        if let Some(own) = same(&entry.key) {
            read_foreign_key(meta, &mut reader, own, entry);
        }
    }
}

fn read_foreign_key(meta: &mut FrontMatter, reader: &mut Reader<'_>, own: &str, entry: &Entry) {
    let (key, node) = (entry.key.as_str(), &entry.value);
    match own {
        "summary" => fill(&mut meta.summary, || text(reader, key, node)),
        "nav_title" => fill(&mut meta.nav_title, || text(reader, key, node)),
        "weight" => fill(&mut meta.weight, || reader.integer(key, node)),
        "date" => {
            let later = date(reader, key, node.get("date").unwrap_or(node));
            let held = meta.date.as_ref().map(|date| date.value);
            if later.as_ref().is_some_and(|later| held.is_none_or(|held| held < later.value)) {
                meta.date = later;
            }
        }
        "authors" if meta.authors.is_empty() => meta.authors = reader.texts(key, node),
        "aliases" => meta.aliases.extend(reader.texts(key, node)),
        "address" => meta.addresses_elsewhere.extend(address(reader, key, node)),
        "lang" => fill(&mut meta.lang, || text(reader, key, node)),
        "hidden" => meta.hidden_from_search |= reader.bool(key, node) == Some(true),
        "shown" => meta.hidden_from_search |= reader.bool(key, node) == Some(false),
        "published" => meta.draft |= reader.bool(key, node) == Some(false),
        "sidebar" => {
            if let Some(label) = node.get("label") {
                fill(&mut meta.nav_title, || text(reader, "label", label));
            }
            if let Some(order) = node.get("order") {
                fill(&mut meta.weight, || reader.integer("order", order));
            }
        }
        _ => {}
    }
}

fn fill<T>(place: &mut Option<T>, value: impl FnOnce() -> Option<T>) {
    if place.is_none() {
        *place = value();
    }
}

fn text(reader: &mut Reader<'_>, key: &str, node: &Node) -> Option<Spanned<String>> {
    if matches!(node.value, Value::Bool(_)) {
        return None;
    }
    reader.text(key, node).filter(|text| !text.value.trim().is_empty())
}

fn date(reader: &mut Reader<'_>, key: &str, node: &Node) -> Option<Spanned<jiff::civil::Date>> {
    let text = text(reader, key, node)?;
    let value = parse_day(text.value.trim())?;
    Some(Spanned { value, range: text.range })
}

/// The address that another tool gives the page, as an alias is written: without what the tool would put in for
/// `:title` and the like.
fn address(reader: &mut Reader<'_>, key: &str, node: &Node) -> Option<Spanned<String>> {
    let address = text(reader, key, node)?;
    let typed = address.value.trim();
    let is_computed = typed.contains(':') || typed.contains('{') || typed.starts_with("//");
    let is_root = typed == "/" && key != "id";
    let leads_somewhere = is_root || !typed.trim_matches('/').is_empty() && !typed.contains("..");
    (!is_computed && leads_somewhere)
        .then(|| Spanned { value: typed.to_owned(), range: address.range.clone() })
}

#[cfg(test)]
mod tests {
    use super::super::FrontMatter;
    use crate::files::FilePath;
    use crate::parse::{Input, ParseOptions, parse};

    /// What is read of a page's keys, and what is said of them.
    fn check(keys: &str) -> (FrontMatter, Vec<String>) {
        let document = parse(&Input {
            path: FilePath::new("a/b.md").unwrap(),
            bytes: format!("---\n{keys}\n---\n\ntext\n").into_bytes().into(),
            options: ParseOptions::default().into(),
        });
        let said = document.diagnostics.iter().map(|found| found.message.clone());
        let said = said.collect();
        (document.meta.clone(), said)
    }

    #[test]
    fn keys_of_other_tools_mean_what_they_mean_there() {
        let (meta, said) = check(
            "id: reset-db\nslug: /ops/reset\nsidebar_position: 3\nsidebar_label: Reset\n\
             description: How to reset.\nlast_update:\n  date: 2026-02-03\n  author: lee\nauthor: Kim\n\
             hide_table_of_contents: true\nunlisted: true\nredirect_from: [/old/]\nlanguage: de",
        );
        assert_eq!(said, Vec::<String>::new());
        let elsewhere: Vec<_> =
            meta.addresses_elsewhere.iter().map(|address| address.value.as_str()).collect();
        assert_eq!(elsewhere, ["reset-db", "/ops/reset"]);
        assert_eq!(meta.weight, Some(3));
        assert_eq!(meta.nav_title.map(|name| name.value).as_deref(), Some("Reset"));
        assert_eq!(meta.summary.map(|text| text.value).as_deref(), Some("How to reset."));
        assert_eq!(meta.date.map(|date| date.value.to_string()).as_deref(), Some("2026-02-03"));
        assert_eq!(meta.authors.len(), 1);
        assert_eq!(meta.aliases.len(), 1);
        assert_eq!(meta.lang.map(|lang| lang.value).as_deref(), Some("de"));
        assert!(meta.hidden_from_search);
    }

    #[test]
    fn a_page_may_be_the_root_of_another_tools_site() {
        for (keys, expected) in
            [("slug: /", true), ("permalink: /", true), ("id: /", false), ("slug: /start", false)]
        {
            let (meta, said) = check(keys);
            let is_root = meta.addresses_elsewhere.iter().any(|address| address.value == "/");
            assert_eq!((is_root, said), (expected, Vec::new()), "{keys}");
        }
    }

    #[test]
    fn own_keys_win_and_the_later_date_counts() {
        let (meta, said) = check(
            "sidebar_label: x\nnav_title: Own\nweight: 1\nnav_order: 9\ndate: 2025-01-01\n\
             lastmod: 2026-05-05\nlastUpdated: false",
        );
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(meta.nav_title.map(|name| name.value).as_deref(), Some("Own"));
        assert_eq!(meta.weight, Some(1));
        assert_eq!(meta.date.map(|date| date.value.to_string()).as_deref(), Some("2026-05-05"));
        let (meta, _) = check("date: 2026-05-05\nlastmod: 2025-01-01");
        assert_eq!(meta.date.map(|date| date.value.to_string()).as_deref(), Some("2026-05-05"));
    }

    #[test]
    fn what_only_other_tools_need_passes_whatever_it_holds() {
        for keys in [
            "hide: [navigation, toc]\nicon: material/alert\ncomments: true",
            "search: {boost: 2}\nmenu: {main: {weight: 3}}\ntype: docs\nlayout: page\ncascade: {}",
            "sidebar: false\nhero: {title: x}\nprev: {text: a, link: b}\noutline: deep",
            "permalink: /:categories/:title/\nslug: {a: b}\nlastmod: soon\nsidebar_position: high",
            "pagination_next: null\nbookToc: false\ncssclasses: [wide]\nparent: Ops\nnav_exclude: true",
        ] {
            assert_eq!(check(keys).1, Vec::<String>::new(), "{keys}");
        }
    }

    #[test]
    fn one_value_is_read_in_every_shape_that_means_one() {
        let (meta, said) = check(
            "title: [Only]\nsuperseded_by: []\nweight: \"10\"\ndraft: \"yes\"\nauthors:\n  - name: A. Writer\n    \
             email: a@e.example\n  - B\nowner: {name: sre}\ntags: one, \"#two\"\nsearch:\n  exclude: true",
        );
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(meta.title.map(|title| title.value).as_deref(), Some("Only"));
        assert!(meta.superseded_by.is_none() && meta.draft && meta.hidden_from_search);
        assert_eq!(meta.weight, Some(10));
        let names = |list: &[crate::value::read::Spanned<String>]| {
            list.iter().map(|text| text.value.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&meta.authors), ["A. Writer", "B"]);
        assert_eq!(meta.owner.map(|owner| owner.value).as_deref(), Some("sre"));
        let (meta, _) = check("search: {boost: 2}\ntags: 'one, #two'");
        assert!(!meta.hidden_from_search);
        assert_eq!(names(&meta.tags), ["one", "two"]);
    }

    #[test]
    fn what_may_mean_two_things_is_reported() {
        for (keys, expected) in [
            ("owner: [a, b]", "`owner` is a list, not text"),
            ("weight: high", "`weight` is text, not a whole number"),
            ("draft: perhaps", "`draft` is text, not `true` or `false`"),
            ("onwer: a", "unknown key `onwer`"),
        ] {
            assert_eq!(check(keys).1, [expected], "{keys}");
        }
    }
}

//! Two small sites as readers get them, held as snapshots: one that uses everything, and one that was adopted as it is.
//!
//! Whoever changes a template or how Markdown is read sees here what that changes on pages. Take new snapshots with
//! `INSTA_UPDATE=always cargo test --test suite golden`, and say in the commit why they differ.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use guidepost::files::{FilePath, Files};

use crate::support::{below, build_site};

/// Elements that begin a line of a snapshot, so that a change of one shows as a change of its line.
const BLOCKS: &[&str] = &[
    "a", "article", "aside", "blockquote", "body", "button", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "g", "h1", "h2", "h3", "h4", "h5", "h6",
    "head", "header", "label", "li", "link", "main", "meta", "nav", "noscript", "ol", "option",
    "p", "pre", "rect", "script", "section", "select", "summary", "svg", "table", "tbody", "td",
    "template", "text", "th", "thead", "title", "tr", "ul",
];

#[test]
fn a_site_that_uses_everything_looks_as_it_did() {
    check("rich", "agents/order-keeper/index.html");
}

#[test]
fn a_folder_adopted_as_it_is_looks_as_it_did() {
    let page = "ClusterStorageSoutheastReplicationControllerDisconnected/index.html";
    check("adopted", &format!("OpenShiftStorageOperator/{page}"));
}

/// Compares what each page of a site says, and one page as a whole.
fn check(site: &str, whole: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites").join(site);
    let build = build_site(files(&folder));
    let mut names = BTreeSet::new();
    let mut hold = |name: String, text: &str| {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder.with_file_name(format!("{site}.snapshots")));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(name.as_str(), lines(text)));
        names.insert(format!("{name}.snap"));
    };
    for (path, _) in build.output.iter().filter(|(path, _)| path.as_str().ends_with(".html")) {
        let page = build.output.text(path).expect("pages are text");
        let name =
            path.as_str().trim_end_matches(".html").trim_end_matches("/index").replace('/', ".");
        let from = page.find("<main").expect("each page has a main part");
        let to = page.find("</main>").expect("it ends");
        hold(name.clone(), &page[from..to]);
        if path.as_str() == whole {
            hold(format!("{name}.whole"), page);
        }
    }
    assert!(names.iter().any(|name| name.ends_with(".whole.snap")), "{whole} is a page");
    let kept: BTreeSet<String> = below(&folder.with_file_name(format!("{site}.snapshots")))
        .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
        .collect();
    assert_eq!(kept, names, "a snapshot stands for each page, and none for a page that is gone");
}

/// The files below a folder, without asking git, whose history would change with each commit.
fn files(folder: &Path) -> Files {
    let mut files = Files::default();
    let mut pending: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(below(&path));
            continue;
        }
        let name = path.strip_prefix(folder).ok().and_then(Path::to_str).and_then(FilePath::new);
        files.insert(name.expect("a name below the folder"), fs::read(&path).expect("a file"));
    }
    files
}

/// HTML with a line for each block, whatever the line breaks of its template, and without the fingerprints of files.
/// What stands in `<pre>` stays as it is.
fn lines(html: &str) -> String {
    let mut lines = String::new();
    let mut rest = html;
    while let Some(start) = rest.find("<pre") {
        let end = rest[start..].find("</pre>").map_or(rest.len(), |end| start + end);
        break_up(&mut lines, &rest[..start]);
        lines.truncate(lines.trim_end().len());
        lines.push('\n');
        lines.push_str(&rest[start..end]);
        rest = &rest[end..];
    }
    break_up(&mut lines, rest);
    format!("{}\n", lines.trim())
}

fn break_up(lines: &mut String, html: &str) {
    for (number, piece) in html.split('<').enumerate() {
        if number > 0 {
            let name = piece
                .split(|letter: char| !letter.is_ascii_alphanumeric())
                .next()
                .unwrap_or_default();
            if BLOCKS.contains(&name) {
                lines.truncate(lines.trim_end().len());
                lines.push('\n');
            }
            lines.push('<');
        }
        for letter in without_fingerprint(piece).chars() {
            match letter {
                ' ' | '\n' if lines.ends_with([' ', '\n']) => {}
                '\n' => lines.push(' '),
                letter => lines.push(letter),
            }
        }
    }
}

/// `theme/theme.0a1b2c3d4e.css` as `theme/theme.css`.
fn without_fingerprint(piece: &str) -> String {
    let mut parts: Vec<&str> = piece.split('.').collect();
    let is_fingerprint =
        |part: &str| part.len() == 10 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    if piece.contains("theme/") {
        parts.retain(|part| !is_fingerprint(part));
    }
    parts.join(".")
}

#[test]
fn a_change_of_line_breaks_in_a_template_does_not_change_a_snapshot() {
    let spread = "<main>\n<p>One <b>two</b>\n<pre>a\n  b</pre>\n</main>";
    let tight = "<main><p>One <b>two</b><pre>a\n  b</pre>\n</main>";
    assert_eq!(lines(spread), "<main>\n<p>One <b>two</b>\n<pre>a\n  b</pre> </main>\n");
    assert_eq!(lines(tight), lines(spread));
    let linked = "<link href=\"../theme/theme.0a1b2c3d4e.css\">";
    assert_eq!(lines(linked), "<link href=\"../theme/theme.css\">\n");
}

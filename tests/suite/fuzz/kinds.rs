//! What the fuzzers found, each as the least page that shows it.

use guidepost::files::{FilePath, Files};

use super::site::{AROUND, Tried};
use crate::support::{published, site};

/// Builds a page, which must hold `expected`, and with which nothing may be wrong.
#[track_caller]
fn check(page: &str, expected: &str) {
    check_in(site(AROUND), page, expected);
}

/// The same of a page that is written for another tool.
#[track_caller]
fn check_dialect(dialect: &str, page: &str, expected: &str) {
    let settings = format!("-- site.toml --\n[markdown]\ndialects = [\"{dialect}\"]\n");
    let mut files = site(AROUND);
    files.extend(site(&settings));
    check_in(files, page, expected);
}

#[track_caller]
fn check_in(mut files: Files, page: &str, expected: &str) {
    let path = FilePath::new("content/a.md").expect("a path");
    files.insert(path, page.as_bytes().to_vec());
    assert_eq!(Tried::default().of_files(files.clone(), true), [""; 0], "{page}");
    let built = crate::support::build_site(files);
    let page = published(&built.output, "a/index.html");
    assert!(page.contains(expected), "{expected}\n---\n{page}");
}

#[test]
fn a_link_ends_before_one_that_is_written_in_it() {
    check("<a href=\"b.md\">x [y](c/d.md)", "<a href=\"../b/\">x </a><a href=\"../c/d/\">y</a>");
    check("<a href=\"b.md\">x **[y](c/d.md)**", "x </a><strong><a href=");
    check(
        "<a href=\"b.md\">x <a href=\"b.md\">y[^1]\n\n[^1]: Z.\n",
        "y</a><sup class=\"footnote\"><a",
    );
    check("<a name=\"old\">\n\n## New\n\n[y](b.md)\n", "<a name=\"old\">\n</a>");
    check("[x <a href=\"b.md\">y</a> z](c/d.md)", "x &lt;a href");
    check("<a href=\"b.md\"><table><a href=\"b.md\">x</a></table>", "<table>&lt;a href");
    check("<table><tr><td><a href=\"b.md\">x</a> [y](b.md)</td></tr></table>\n", "[y](b.md)");
}

#[test]
fn brackets_around_a_link_are_text_also_behind_brackets_that_are_closed() {
    check("[x [y](b.md) [z]z](c/d.md)\n", "[x <a href=\"../b/\">y</a> [z]z](c/d.md)</p>");
    check("[x **[y](b.md)** ![[c/d]] z](c/d.md)\n", "[x <strong><a href=\"../b/\">y</a></strong> ");
    check("[[x [y](b.md) [z]](c/d.md) [u](b.md)\n", "<a href=\"../b/\">u</a>");
}

#[test]
fn a_role_that_links_is_no_link_in_another_and_ends_a_raw_one() {
    check_dialect(
        "myst",
        "[x {doc}`b` {ref}`steps`](c/d.md)\n",
        "<a href=\"../c/d/\">x b steps</a>",
    );
    check_dialect(
        "myst",
        "<a href=\"b.md\">x {doc}`c/d`\n",
        "<a href=\"../b/\">x </a><a href=\"../c/d/\">d</a>",
    );
    check_dialect(
        "myst",
        "*<a href=\"b.md\">x {doc}`c/d`*\n",
        "x </a><a href=\"../c/d/\">d</a></em>",
    );
}

#[test]
fn a_link_may_stand_around_what_holds_none() {
    check(
        "<a href=\"b.md\">\n\n![p](p.png) **x** `y`\n\n</a>\n",
        "<strong>x</strong> <code>y</code></p>\n</a>",
    );
}

#[test]
fn a_paragraph_with_a_block_of_raw_html_is_none() {
    check("x <div>y</div> z", "<div class=\"text\">x <div>y</div> z</div>");
    check("- x <p>y</p>\n\n- z", "<li><div class=\"text\">x <p>y</p></div>");
}

#[test]
fn a_title_with_a_block_of_raw_html_is_no_paragraph() {
    let titled = "<div class=\"callout-title\"><i class=\"icon i-note\"></i>x <div>y</div></div>";
    check_dialect("docusaurus", ":::note[x <div>y</div>]\nz\n:::\n", titled);
    check_dialect("vitepress", "::: info x <div>y\nz\n:::\n", titled);
    check_dialect("mkdocs", "!!! note \"x <div>y</div>\"\n    z\n", titled);
    check_dialect("obsidian", "> [!note] x <div>y</div>\n> z\n", titled);
    check_dialect("mkdocs", "??? note \"x <p>y\"\n    z\n", "<summary>x <p>y</p></summary>");
    check_dialect(
        "kramdown",
        "x <ul><li>y\n{: .note}\n",
        "<div class=\"text\">x <ul><li>y</li></ul></div>",
    );
    check_dialect("mkdocs", "=== \"x <h5>y\"\n\n    z\n", "<summary>x <h5>y</h5></summary>");
}

#[test]
fn what_no_address_is_written_with_is_not_looked_up() {
    check("# A\n\n## Steps\n\n[x](<#&#1;steps>)\n", "<a href=\"#steps\">x</a>");
}

#[test]
fn a_diagram_that_is_shown_twice_has_ids_of_its_own_each_time() {
    let diagram = "```mermaid\ngraph LR\n  a[One] --> b[Two]\n```\n\n";
    check(&format!("{diagram}{diagram}{diagram}"), "-3-arrow-0\"");
}

#[test]
fn an_id_that_is_taken_is_not_given_to_another_element() {
    check("# A\n\n## Steps\n\n<h2 id=\"steps\">x</h2>\n", "<h2 id=\"steps-1\">Steps");
    check("# A\n\n<p id=\"steps\">x</p>\n\n## Steps\n", "<h2 id=\"steps-1\">");
    check("# A\n\n<p id=\"steps\">x</p>\n\n## Other {#steps}\n", "<p id=\"steps\">x");
    check("<b id=\"x\">a</b> <b id=\"x\">b</b>\n", "<b>b</b>");
}

#[test]
fn a_heading_holds_no_other() {
    check("# A\n\n## x <h3>y</h3>\n", "x &lt;h3&gt;y&lt;/h3&gt;");
    check("<h2>\n\nx\n\n## Y\n", "<p>x</p>\n</h2><h2 id=\"y\">");
    check("> <h3><p>x\n>\n> ## Y\n", "x\n</p></h3><h2 id=\"y\">");
    check("<h3>x\n\n- ## Y\n", "<li><h2 id=\"y\">");
}

#[test]
fn a_cell_without_a_row_gets_one() {
    check("<table><td>x</td></table>\n", "<table><tr><td>x</td></tr></table>");
}

#[test]
fn a_heading_that_is_named_as_no_address_is_written_is_encoded() {
    check("[[b# #two words]]\n", "<a href=\"../b/#%20%23two%20words\">");
    check("![[b#two words|Two]] [[# #steps]]\n", "<span class=\"broken\">[[# #steps]]</span>");
}

#[test]
fn an_address_is_followed_without_what_nobody_sees_in_it() {
    check("# A\n\n## Steps\n\n[x](\u{200b}#steps)\n", "<a href=\"#steps\">x</a>");
    check("[x](b\u{ad}.md#st\u{2060}eps) [[b&zwj;]]\n", "<a href=\"../b/#steps\">x</a>");
    check("[x](\u{feff}gone.md)\n", "<a href=\"gone.md\" class=\"broken\">x</a>");
}

#[test]
fn a_section_that_front_matter_names_with_a_bracket_is_reported_or_to_be_filled_in() {
    let page = |section: &str| {
        format!(
            "---\nerror_signatures: [{{text: no, section: '{section}'}}]\nasks: [{{text: why, section: '{section}'}}]\n---\n# A\n"
        )
    };
    for section in ["<steps", "st<eps>", "<SECTION>", "a > b"] {
        check(&page(section), "<a href=\"#gp:main\"><code>no</code>");
    }
}

#[test]
fn an_alert_whose_name_has_slashes_beside_each_other_leads_to_its_page() {
    let names = ["a//b", "https://x.example/q", "/x", "x//", "//", "///y///z"];
    for style in ["folder", "file"] {
        let claimed = names.map(|name| format!("- {{name: '{name}', section: steps}}\n")).concat();
        let page = format!("---\nalerts:\n{claimed}---\n# A\n\n## Steps\n");
        let mut files = site(AROUND);
        files.extend(site(&format!("-- site.toml --\n[urls]\nstyle = \"{style}\"\n")));
        let path = FilePath::new("content/a.md").expect("a path");
        files.insert(path, page.into_bytes());
        assert_eq!(Tried::default().of_files(files, true), [""; 0], "{style}");
    }
}

#[test]
fn an_address_of_a_dashboard_that_begins_with_a_bracket_is_none_unless_it_waits_to_be_filled_in() {
    for url in ["<\"https://x.example/\"", "<x", "<a b", "< x >"] {
        check(
            &format!("---\ndashboards: [{{title: t, url: '{url}'}}]\n---\n# A\n"),
            "<h1 id=\"a\">A</h1>",
        );
    }
}

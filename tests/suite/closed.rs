//! Every link inside a built site leads to a file of it and to an anchor that is there, or was reported. Checked on
//! the output alone: pages are read back, without asking the program what it meant to write.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use guidepost::build::{Build, Options};
use guidepost::diagnostic::Rule;
use guidepost::files::{FilePath, Files};
use guidepost::load::{SiteRoot, load};
use guidepost::parse::LinkKind;

use crate::support::{
    build_folder, build_site, build_sources, corpora, folder, options, published, site,
};

/// Every internal link of the output that leads to no file or to no anchor, by the page that holds it.
fn dangling(output: &Files, base_path: &str) -> BTreeMap<String, Vec<String>> {
    let pages: BTreeMap<&str, Page> = output
        .iter()
        .filter(|(path, _)| path.as_str().ends_with(".html"))
        .map(|(path, _)| (path.as_str(), read_page(output.text(path).expect("pages are text"))))
        .collect();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, page) in &pages {
        // The page of dead ends is served anywhere, and looks for its site in the folders above.
        let above = |address: &str| {
            let script = address.trim_start_matches("../");
            *path == "404.html"
                && script.starts_with("theme/lost.")
                && FilePath::new(script).is_some_and(|script| output.get(&script).is_some())
        };
        for address in page.addresses.iter().filter(|address| !above(address)) {
            if !leads_somewhere(path, address, base_path, &pages, output) {
                found.entry((*path).to_owned()).or_default().push(address.clone());
            }
        }
    }
    found
}

fn leads_somewhere(
    from: &str,
    address: &str,
    base_path: &str,
    pages: &BTreeMap<&str, Page>,
    output: &Files,
) -> bool {
    if address.starts_with("//") || scheme(address).is_some() {
        return true;
    }
    let (address, anchor) = address.split_once('#').unwrap_or((address, ""));
    let path = percent_decoded(address.split('?').next().unwrap_or_default());
    let Some(file) = file_at(from, &path, base_path, output) else { return false };
    let anchor = percent_decoded(anchor);
    anchor.is_empty() || pages.get(file.as_str()).is_none_or(|page| page.anchors.contains(&anchor))
}

/// The file that a static host answers with.
fn file_at(from: &str, path: &str, base_path: &str, output: &Files) -> Option<FilePath> {
    if path.is_empty() {
        return FilePath::new(from);
    }
    let whole = match path.strip_prefix('/') {
        Some(_) => path.strip_prefix(base_path)?.to_owned(),
        None => format!("{}/{path}", from.rsplit_once('/').map_or("", |(folder, _)| folder)),
    };
    let named =
        FilePath::new(&whole).filter(|file| !whole.ends_with('/') && output.get(file).is_some());
    named.or_else(|| {
        FilePath::new(&format!("{whole}/index.html")).filter(|file| output.get(file).is_some())
    })
}

fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once(':')?;
    let letters = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    (letters && scheme.starts_with(|first: char| first.is_ascii_alphabetic())).then_some(scheme)
}

fn percent_decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// What a crawler takes from a page.
struct Page {
    addresses: Vec<String>,
    anchors: BTreeSet<String>,
}

/// Reads the tags of a page as it is written here: double quotes, and no bare angle bracket in a value.
fn read_page(html: &str) -> Page {
    let mut page = Page { addresses: Vec::new(), anchors: BTreeSet::from(["top".to_owned()]) };
    for tag in html.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(tag, _)| tag) {
        let element = tag.split_whitespace().next().unwrap_or_default();
        for (name, value) in attributes(tag) {
            let value = value.replace("&quot;", "\"").replace("&#39;", "'").replace("&#x27;", "'");
            let value = value
                .replace("&#x2F;", "/")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
            match (element, name) {
                (_, "href" | "src") => page.addresses.push(value),
                (_, "srcset") => {
                    let candidates =
                        value.split(", ").filter_map(|one| one.split_whitespace().next());
                    page.addresses.extend(candidates.map(String::from));
                }
                (_, "id") | ("a", "name") => {
                    page.anchors.insert(value);
                }
                _ => {}
            }
        }
    }
    page
}

fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut attributes = Vec::new();
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once("=\"") {
        let Some((value, left)) = after.split_once('"') else { break };
        attributes.push((before.rsplit([' ', '\n']).next().unwrap_or_default(), value));
        rest = left;
    }
    attributes
}

/// The links that were reported as leading nowhere: the page of the output, and the address as typed. Wikilinks are
/// among them for their anchors alone: without a page, and for a heading of their own page, they stay text. Links by a
/// scheme that is not published are not: nothing is left of their addresses.
fn reported(built: &Build) -> BTreeMap<String, Vec<String>> {
    let mut reported: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for page in &built.site.pages {
        for link in &page.document.links {
            let is_reported = built.findings.iter().any(|finding| {
                let is_link = link.kind != LinkKind::Wikilink;
                let is_kept = is_link || !link.address.starts_with('#');
                let rule = finding.diagnostic.rule;
                let is_link = is_link && !finding.diagnostic.message.starts_with("links by `");
                (rule == Rule::BrokenAnchor && is_kept || rule == Rule::BrokenLink && is_link)
                    && finding.diagnostic.at == page.document.location(&link.range)
            });
            if is_reported {
                reported
                    .entry(page.address.file().to_string())
                    .or_default()
                    .push(link.address.clone());
            }
        }
    }
    reported
}

/// Crawls a build and holds what dangles against what was reported, page by page.
fn check(built: &Build) {
    let differences = differences(built);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The pages on which something else dangles than was reported.
pub(crate) fn differences(built: &Build) -> Vec<String> {
    let dangling = dangling(&built.output, "/");
    let reported = reported(built);
    // A document for paper repeats its pages. Of what leads nowhere there, only anchors that are not there stay links.
    let is_print =
        |page: &str| ["print/index.html", "print.html"].iter().any(|e| page.ends_with(e));
    let is_left = |link: &String| link.contains('#');
    let printed = dangling.iter().filter(|(page, _)| is_print(page));
    let wrong = printed.filter(|(_, links)| !links.iter().all(is_left));
    let wrong = wrong.map(|(page, links)| format!("{page}: {links:?}"));
    let pages: BTreeSet<&String> =
        dangling.keys().chain(reported.keys()).filter(|page| !is_print(page)).collect();
    let unlike = pages
        .into_iter()
        .filter(|page| dangling.get(*page).map(Vec::len) != reported.get(*page).map(Vec::len))
        .map(|page| {
            format!("{page}: dangling {:?}, reported {:?}", dangling.get(page), reported.get(page))
        });
    wrong.chain(unlike).collect()
}

#[test]
fn the_crawler_sees_what_dangles() {
    let mut output = Files::default();
    for (path, html) in [
        (
            "index.html",
            r##"<a href="a/">1</a><a href="a">2</a><a href="a/#x">3</a><a href="a/#y">4</a><a href="#no">5</a>"##,
        ),
        (
            "a/index.html",
            r#"<p id="x"><img src="../b.png"><img srcset="../b.png 1x, c.png 2x"><a href="../">1</a>"#,
        ),
        (
            "404.html",
            r#"<a href="/a/">1</a><a href="/b/">2</a><a href="https://x.example/b">3</a><a href="/%62.png">4</a>"#,
        ),
        ("b.png", ""),
    ] {
        output.insert(FilePath::new(path).expect("it lies inside"), html.as_bytes().to_vec());
    }
    let found: Vec<String> = dangling(&output, "/")
        .into_iter()
        .map(|(page, found)| format!("{page} {found:?}"))
        .collect();
    assert_eq!(
        found,
        [r#"404.html ["/b/"]"#, r#"a/index.html ["c.png"]"#, r##"index.html ["a/#y", "#no"]"##]
    );
}

const FIXTURE: &str = r#"
-- content/index.md --
# Home

[a](a.md) [gone](gone.md) [a#x](a.md#x) [a#no](a.md#no) [folder](db/) [db](db/failover.md) ![p](p.png) ![q](q.png)
[[a]] [[nobody]] [[a#gone]] [draft](draft.md) [hidden](_hidden.md) <img src="p.png" srcset="p.png 1x, r.png 2x"> <a href="a.md#z">z</a>
[outside](../site.toml) [case](A.md) [file](p.png?x=1) [self](#home) [no](#nothing) [`c`](db/failover.md#1-one)
-- content/a.md --
---
aliases: [old/a]
---
# A

## x

<a name="z"></a>[up](index.md) [^1] [root](/db/failover/) [ref][r] [spaces](<b c.md>) [enc](b%20c.md)

[^1]: A note on [a](a.md#x).

[r]: gone/too.md
-- content/b c.md --
# B and c
-- content/db/failover.md --
---
alerts: [{name: DbDown, section: one}]
---
# Failover

## 1 One

[up](../a.md) [dir](..) [r](../p.png) [s](steps.txt) [beside](../restore/#two) [gone](../restore/#three)
-- content/db/restore.md --
# Restore

## Two
-- content/db/steps.txt --
-- content/guide.html.md.erb --
# Guide

![p](../p.png) [a](../a/) [a](a.md)
-- content/draft.md --
---
draft: true
---
-- content/_hidden.md --
-- content/p.png --
"#;

#[test]
fn what_dangles_in_a_small_site_is_what_was_reported() {
    let built = build_site(site(FIXTURE));
    assert_eq!(reported(&built).values().map(Vec::len).sum::<usize>(), 11);
    check(&built);
}

#[test]
fn a_section_that_front_matter_names_and_the_page_lacks_is_reported_and_nothing_leads_to_it() {
    let built = build_site(site(
        "-- content/a.md --\n---\nagent: a\nerror_signatures:\n- {text: disk is full, section: stpes}\n\
         - {text: disk is gone, section: steps}\nasks:\n- {text: why, section: gone}\n---\n# A\n\n## Steps\n",
    ));
    let found: Vec<&str> =
        built.findings.iter().map(|found| found.diagnostic.message.as_str()).collect();
    assert!(found.len() == 2 && found.iter().all(|text| text.contains('#')), "{found:?}");
    let leading = built.output.iter().filter(|(_, bytes)| {
        String::from_utf8_lossy(bytes).split(['"', '(', ')']).any(|part| part.ends_with("#stpes"))
    });
    assert_eq!(leading.count(), 0);
    check(&built);
}

#[test]
fn no_id_of_an_author_meets_one_of_the_theme() {
    let page = "# Main\n\n## Help\n\n## Toc\n\n## Nav\n\n## S over\n\n## Q\n\n## Checklist 1\n\n- [ ] a\n- [ ] b\n\n## fn 1\n\nNote[^1].\n\n\
        [^1]: A note.\n\n## Wrong {#gp:help}\n\n<a name=\"gp:main\">x</a> <b id=\"gp:toc\">y</b> <a name=\"own\"></a>\n\n\
        [own](#own) [help](#help) [taken](#gp:main)\n";
    let built = build_site(site(&format!(
        "-- content/index.md --\n{page}-- content/a.md --\n---\nagent: a\nupstream: [b]\nparameters: [{{name: x}}]\n---\n{page}"
    )));
    for path in ["index.html", "a/index.html"] {
        let html = published(&built.output, path);
        let mut ids: Vec<&str> =
            html.split(" id=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0)).collect();
        ids.sort_unstable();
        let repeated: Vec<&[&str]> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert_eq!(repeated, [[""; 2]; 0], "{path}");
        assert!(html.contains("<a name=\"own\">") && html.contains("<h2 id=\"help\">"), "{path}");
    }
    let broken: Vec<&str> = built
        .findings
        .iter()
        .filter(|finding| finding.diagnostic.rule == Rule::BrokenAnchor)
        .map(|finding| finding.diagnostic.at.path.as_str())
        .collect();
    assert_eq!(broken, ["content/a.md", "content/index.md"], "`#gp:main` alone");
}

#[test]
fn every_id_of_a_theme_template_begins_so_that_no_authors_id_can() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("theme/templates");
    for entry in std::fs::read_dir(folder).expect("the templates") {
        let path = entry.expect("an entry").path();
        // These two hold no text of an author.
        if path.ends_with("search.html") || path.ends_with("404.html") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a template");
        for attribute in [" id=\"", " popovertarget=\"", " aria-labelledby=\"", " href=\"#"] {
            for id in text.split(attribute).skip(1) {
                assert!(
                    id.starts_with("gp:") || id.starts_with("{{"),
                    "{}: {}",
                    path.display(),
                    &id[..20]
                );
            }
        }
    }
}

#[test]
fn the_heading_of_the_home_page_is_shown_with_its_links() {
    let home = |title: &str| {
        let built = build_site(site(&format!(
            "-- site.toml --\ntitle = \"Our runbooks\"\n-- content/index.md --\n# {title}\n\nText.\n-- content/a.md --\n# A\n"
        )));
        check(&built);
        published(&built.output, "index.html").to_owned()
    };
    let shown = home("Start at [a](a.md)");
    assert!(shown.contains("<h2 id=\"start-at-a\">Start at <a href=\"a/\">a</a></h2>"), "{shown}");
    // The site's name stands in the top bar already; links to its heading lead on.
    let shown = home("Our runbooks");
    assert!(shown.contains("<span id=\"our-runbooks\"></span>"), "{shown}");
}

#[test]
fn a_link_that_shows_its_address_is_known_as_that_and_holds_nothing_that_no_address_may() {
    let built = build_site(site(
        "-- content/a.md --\n# A\n\nhttps://x.example/a and [x.example/a](https://x.example/a/) and \
         [a page](https://x.example/a).\n\n[b](<https://x.example/q\"a b|c>) ![none](javascript:x)\n\n\
         [c](https://x.example/[a-z]#L#3) [d](http://[::1]:9090/x[0]) [e](a.md#x#y)\n",
    ));
    let page = published(&built.output, "a/index.html");
    for piece in [
        "<a href=\"https://x.example/a\" class=\"bare\">",
        "<a href=\"https://x.example/a/\" class=\"bare\">",
        "<a href=\"https://x.example/a\">a page</a>",
        "<a href=\"https://x.example/q%22a%20b%7Cc\">b</a>",
        "<a href=\"https://x.example/%5Ba-z%5D#L%233\">c</a>",
        "<a href=\"http://[::1]:9090/x%5B0%5D\">d</a>",
        "<img src=\"data:,\" class=\"broken\" alt=\"none\"",
    ] {
        assert!(page.contains(piece), "{piece} is not in {page}");
    }
}

#[test]
fn the_home_page_lists_pages_that_have_a_folder_each() {
    let built = build_site(site(
        "-- content/index.md --\n# Ours\n-- content/duty/index.md --\n# Going on duty\n\
         -- content/runbooks/kafka/index.md --\n# Kafka lags\n-- content/runbooks/disk/index.md --\n# Disk full\n\
         -- content/runbooks/db/index.md --\n# Databases\n-- content/runbooks/db/lag.md --\n# Lag\n",
    ));
    check(&built);
    let home = published(&built.output, "index.html");
    let groups = home.split_once("gp:pages").expect("groups").1;
    for title in ["Going on duty", "Kafka lags", "Disk full", "Databases", "2 pages"] {
        assert_eq!(groups.matches(&format!(">{title}<")).count(), 1, "{title}: {groups}");
    }
    assert!(!groups.contains(">Lag<"), "it stands on the page of its section: {groups}");
}

#[test]
fn folders_in_folders_are_closed_and_cost_no_more_than_their_addresses_do() {
    let published = |depth: usize| {
        let pages =
            (0..depth).map(|depth| format!("-- content/{}a.md --\n# A\n", "d/".repeat(depth)));
        let built = build_site(site(&pages.collect::<String>()));
        check(&built);
        let of = |path: &FilePath, bytes: &[u8]| {
            // An address leads up as many folders as there are, which no page can spare.
            if path.as_str().ends_with(".html") {
                String::from_utf8_lossy(bytes).replace("../", "").len()
            } else {
                0
            }
        };
        built.output.iter().map(|(path, bytes)| of(path, bytes)).sum::<usize>()
    };
    let (some, many) = (published(40), published(160));
    assert!(many < 6 * some, "{some} {many}");
}

#[test]
fn addresses_that_are_files_are_closed_too() {
    check(&build_site(site(&format!("-- site.toml --\n[urls]\nstyle = \"file\"\n{FIXTURE}"))));
}

/// Pages spelled and linked as other tools do, in every way that a browser follows.
const SPELLINGS: &str = r"
-- content/index.html.md --
[a](/guides/restart/) [b](guides/restart/) [c](/guides/restart) [d](/guides/restart.html) [e](guides/restart.html)
[gone](/guides/begin/) [gone](guides/begin.html) [was](/guides/former/#why) [was](guides/former) [was](/old.html)
[case](/Guides/restart/) [none](/guides/former/#gone) [index](/guides/restart/index.html) [root](/)
-- content/guides/restart.html.md --
---
aliases: [former, /old.html]
---
## Why

[x](../stop/) [y](../stop) [z](stop.html) [w](./stop.md) [above](../../guides/stop/) [back](../../content/guides/stop.md)
[gone](../../stop/) [gone](../begin/) [gone](../../content/begin.md) ![p](../../shared/p.png) [out](../../site.toml)
-- content/guides/stop.html.markdown --
# Stop
-- shared/p.png --
";

#[test]
fn whatever_a_click_reaches_is_not_broken_and_what_is_reported_is_unreachable() {
    for style in ["folder", "file"] {
        check(&build_site(site(&format!(
            "-- site.toml --\n[urls]\nstyle = \"{style}\"\n{SPELLINGS}"
        ))));
    }
    let built = build_site(site(SPELLINGS));
    let found: Vec<String> = reported(&built).into_values().flatten().collect();
    assert_eq!(
        found,
        [
            "../../stop/",
            "../begin/",
            "../../content/begin.md",
            "../../shared/p.png",
            "../../site.toml",
            "/guides/begin/",
            "guides/begin.html",
            "/guides/former/#gone",
        ]
    );
}

#[test]
fn an_anchor_in_the_list_of_a_folder_without_a_page_is_reported() {
    let page = "[a](c/#alerts) [b](c#two%20words) [[c#that|T]] [[c# /d]] [top](c/#top) [list](c/) [whole](c#)";
    let built = build_site(site(&format!(
        "-- content/a.md --\n# A\n\n{page}\n-- content/c/d.md --\n# D\n\n## Alerts\n"
    )));
    check(&built);
    let found: Vec<&str> =
        built.findings.iter().map(|finding| finding.diagnostic.message.as_str()).collect();
    let said = |anchor| format!("no heading `#{anchor}` in the list of a folder without a page");
    assert_eq!(found, ["alerts", "two words", "that", " /d"].map(said));
}

#[test]
fn nothing_is_left_of_an_address_by_a_scheme_that_is_not_published() {
    let page = "[l](javascript:alert(1)) ![p](javascript:x(1).png \"t\") ![d](data:text/html,x) [n](java\u{200b}script:x)";
    let built = build_site(site(&format!("-- content/a.md --\n# A\n\n{page}\n")));
    check(&built);
    let said = built.findings.iter().map(|finding| finding.diagnostic.message.as_str());
    assert_eq!(said.filter(|said| said.starts_with("links by `")).count(), 4);
    let shown = published(&built.output, "a/index.html");
    assert!(!shown.contains("script:") && !shown.contains("text/html,x"), "{shown}");
}

#[test]
fn each_of_many_links_of_a_block_of_raw_html_is_reported_at_its_own_place() {
    let around = [
        "<h2>LINKS</h2>",
        "<p>LINKS</p>",
        "<table><tr><td>LINKS</td></tr></table>",
        "> <h3>x LINKS</h3>",
    ];
    for (around, count) in around.iter().flat_map(|around| [(around, 3), (around, 30)]) {
        // Every second one leads somewhere, and all are as long.
        let link = |at: usize| {
            let address =
                if at.is_multiple_of(2) { format!("x{at:02}.md") } else { "b.md  ".to_owned() };
            format!("<a href=\"{address}\">l</a>")
        };
        let text = around.replace("LINKS", &(0..count).map(link).collect::<String>());
        for fixture in [
            format!("-- content/a.md --\n# A\n\n{text}\n-- content/b.md --\n# B\n"),
            format!(
                "-- content/a.md --\n# A\n\n![[c]]\n-- content/b.md --\n# B\n-- content/c.md --\n# C\n\n{text}\n"
            ),
            format!(
                "-- site.toml --\n[markdown]\ndialects = [\"mkdocs\"]\n-- content/b.md --\n# B\n\
                 -- content/a.md --\n# A\n\n!!! note\n    {text}\n"
            ),
        ] {
            let files = site(&fixture);
            let built = build_site(files.clone());
            check(&built);
            let broken = built.findings.iter().map(|found| &found.diagnostic);
            let broken = broken.filter(|found| found.rule == Rule::BrokenLink);
            let mut places = BTreeSet::new();
            for found in broken {
                let text = files.text(&found.at.path).expect("a page");
                let typed = &text[found.at.range.clone()];
                assert!(
                    found.message.contains(typed),
                    "{} at {typed:?} of {fixture}",
                    found.message
                );
                places.insert((found.at.path.clone(), found.at.range.start));
            }
            assert_eq!(places.len(), count.div_ceil(2), "{fixture}");
        }
    }
}

#[test]
fn what_a_page_embeds_is_published_wherever_it_lies_in_the_repository() {
    let files = folder(
        "-- .git/HEAD --\nref: refs/heads/main\n-- .git/config --\n-- docs/index.md --\n![a](.gitbook/assets/a%20b.png) ![b](_static/b.png) \
         ![c](../img/c.png)\n\n<img src=\"./.x/d.png\"> ![e][e] ![none](.gitbook/gone.png) ![git](../.git/config) [f](.gitbook/f.pdf)\n[g](../img/g.pdf)\n\n\
         [e]: ../img/e.png\n-- docs/.gitbook/assets/a b.png --\n-- docs/.gitbook/f.pdf --\n-- docs/_static/b.png --\n-- docs/_static/not.png --\n\
         -- docs/.x/d.png --\n-- img/c.png --\n-- img/e.png --\n-- img/g.pdf --\n",
    );
    let built = build_folder(&files.path().join("docs"));
    check(&built);
    let shown: Vec<&str> = built
        .output
        .iter()
        .map(|(path, _)| path.as_str())
        .filter(|path| [".png", ".pdf"].iter().any(|ending| path.ends_with(ending)))
        .filter(|path| !path.contains("guidepost"))
        .collect();
    let expected = [
        ".gitbook/assets/a b.png",
        ".x/d.png",
        "_outside/img/c.png",
        "_outside/img/e.png",
        "_static/b.png",
    ];
    assert_eq!(shown, expected);
    let messages: Vec<&str> =
        built.findings.iter().map(|finding| finding.diagnostic.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "no file `.gitbook/gone.png`",
            "`../.git/config` leads out of the content folder",
            "`.gitbook/f.pdf` is not published",
            "`../img/g.pdf` leads out of the content folder",
        ]
    );
}

#[test]
fn the_example_site_is_closed() {
    let place =
        SiteRoot::of_site(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository is a site");
    let sources = load(&place).expect("its files can be read");
    check(&build_sources(
        &sources,
        &Options { base_url: Some("https://x.example".to_owned()), ..options() },
    ));
}

#[test]
fn what_dangles_in_real_runbooks_is_what_was_reported() {
    for folder in corpora() {
        check(&build_folder(&folder));
    }
}

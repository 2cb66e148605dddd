//! Shared steps: what a page takes in, in every spelling, is shown, linked, checked, searched and followed like its own.

use std::collections::BTreeMap;

use guidepost::build::{self, Cache};
use guidepost::diagnostic::Location;
use guidepost::diagnostic::print::short::short;
use guidepost::files::{FilePath, Files};
use guidepost::history::History;
use guidepost::sources::Sources;

use crate::support::{build_site, build_sources, options, site};

const SHARED: &str = "-- content/shared/drain.md --\n---\nparameters: [{name: node, default: n1}]\n---\n# Drain a node\n\n\
    Intro [up](../index.md).\n\n## Steps\n\nDrain it, see [below](#undo) and [top](#notes).\n\n```sh\nkubectl drain <node>\n```\n\n\
    ### Check\n\nOnce.\n\n## Undo\n\n<!-- ANCHOR: undo -->\nUncordon it.\n<!-- ANCHOR_END: undo -->\n\n## Notes\n\n-- content/index.md --\n# Home\n";

/// A site in which the page `a/host.md` holds this text, beside the shared one.
fn with_host(text: &str) -> Files {
    site(&format!("{SHARED}-- content/a/host.md --\n# Host\n\n{text}"))
}

fn page(files: Files, path: &str) -> String {
    let built = build_site(files);
    let path = FilePath::new(path).expect("the test names a path");
    let bytes = built.output.get(&path).expect("the page is published");
    String::from_utf8_lossy(bytes).into_owned()
}

fn prose(text: &str) -> String {
    let page = page(with_host(text), "a/host/index.html");
    let start = page.find("<article").expect("the page has text");
    page[start..page[start..].find("</article>").expect("the text ends") + start].to_owned()
}

fn findings(files: &Files) -> Vec<String> {
    let built = build_site(files.clone());
    short(&built.findings, files).lines().map(str::to_owned).collect()
}

#[test]
fn a_section_is_taken_in_by_every_spelling() {
    for line in [
        "[Drain](../shared/drain.md#steps \"include\")",
        "[Drain](/shared/drain.md#steps 'include')",
        "![[drain#steps]]",
        "![[shared/drain#Steps]]",
    ] {
        let shown = prose(&format!("## First\n\n{line}\n\n## Last\n"));
        assert!(shown.contains("<h3 id=\"steps\">Steps"), "{line}: {shown}");
        assert!(shown.contains("<h4 id=\"check\">Check") && shown.contains("Drain it"), "{shown}");
        assert!(!shown.contains("Uncordon") && !shown.contains("Intro"), "{shown}");
        assert!(shown.contains("kubectl") && shown.contains("data-p=\"node\""), "{shown}");
    }
}

#[test]
fn a_page_a_marked_part_and_lines_are_taken_in() {
    let whole = prose("## First\n\n--8<-- \"shared/drain.md\"\n");
    assert!(
        whole.contains("<h3 id=\"drain-a-node\">") && whole.contains("<h4 id=\"steps\">"),
        "{whole}"
    );
    assert!(!whole.contains("ANCHOR") && !whole.contains("parameters"), "{whole}");
    for line in [
        "{{#include ../shared/drain.md:undo}}",
        "--8<-- \"shared/drain.md:undo\"",
        "{{#include ../shared/drain.md:23}}",
    ] {
        let shown = prose(&format!("1. {line}\n2. Next\n"));
        assert!(
            shown.contains("<li>Uncordon it.</li>") && !shown.contains("Drain"),
            "{line}: {shown}"
        );
    }
}

#[test]
fn code_takes_in_files_and_what_is_missing_there_stays_as_typed() {
    let files = site(
        "-- content/a.md --\n# A\n\n```sh\n{{#include run.sh}}\n{{#include gone.sh}}\n```\n-- content/run.sh --\nkubectl get pods\n",
    );
    assert_eq!(findings(&files), Vec::<String>::new());
    let shown = page(files, "a/index.html");
    assert!(
        shown.contains("kubectl get pods") && shown.contains("{{#include gone.sh}}"),
        "{shown}"
    );
}

#[test]
fn links_lead_from_where_they_are_shown() {
    let shown = prose("## First\n\n[Drain](../shared/drain.md#steps \"include\")\n");
    // What is not taken in stands on the page that it was taken from.
    assert!(shown.contains("href=\"../../shared/drain/#undo\""), "{shown}");
    let whole = prose("[Drain](../shared/drain.md \"include\")\n");
    assert!(whole.contains("href=\"#undo\"") && whole.contains("href=\"../../\""), "{whole}");
}

#[test]
fn what_is_wrong_in_a_shared_file_is_reported_once_and_in_that_file() {
    let host = |name: &str| format!("-- content/{name}.md --\n# H\n\n[x](_s/b.md \"include\")\n");
    let files = site(&format!(
        "-- content/_s/b.md --\n# B\n\ngo [c](c.md)\n{}{}",
        host("one"),
        host("two")
    ));
    assert_eq!(findings(&files), ["content/_s/b.md:3:8: error[broken-link]: no page `c.md`"]);
}

#[test]
fn what_a_shared_section_claims_and_requires_is_reported_where_it_is_written() {
    let files = site(
        "-- site.toml --\n[templates.t]\nfile = \"content/_t.md\"\napplies_to = [\"p*\"]\n\
         [templates.t.sections]\nalerts = \"Alerts\"\n\
         -- content/_t.md --\n# T\n\n![[_s/more]]\n\
         -- content/_s/more.md --\nWhat all have in common, and more than either page says of itself.\n\n## Alerts\n\n`Slow`\n\n## Steps\n\nx\n\
         -- content/p1.md --\n# One\n\n[x](_s/more.md#alerts \"include\")\n\
         -- content/p2.md --\n# Two\n\n[x](_s/more.md#alerts \"include\")\n",
    );
    let built = build_site(files.clone());
    let found = |rule: &str| {
        let all = built.findings.iter().map(|found| &found.diagnostic);
        let all = all.filter(|found| found.rule.name() == rule);
        let line = |at: &Location| {
            let text = files.text(&at.path).expect("a file of the site");
            format!("{}:{}", at.path, text[..at.range.start].matches('\n').count() + 1)
        };
        let places = all.map(|found| {
            [&found.at].into_iter().chain(found.also.iter().map(|(at, _)| at)).map(line).collect()
        });
        places.collect::<Vec<Vec<String>>>()
    };
    assert_eq!(found("duplicate-alert"), [["content/_s/more.md:5"]]);
    let missing = |page: &str| [format!("content/{page}.md:1"), "content/_s/more.md:7".to_owned()];
    assert_eq!(found("missing-section"), [missing("p1"), missing("p2")]);
}

#[test]
fn what_a_page_takes_in_as_its_template_does_is_no_guidance_left() {
    let files = site(
        "-- site.toml --\n[templates.t]\nfile = \"content/_t.md\"\napplies_to = [\"p*\"]\n\
         -- content/_t.md --\n# T\n\n## Why\n\nSay why it matters.\n\n## Calling\n\n![[_s/calling]]\n\
         -- content/_s/calling.md --\nCall whoever is on call, and say what was tried.\n\
         -- content/p1.md --\n# One\n\n## Why\n\nSay why it matters.\n\n## Calling\n\n![[_s/calling]]\n\
         -- content/p2.md --\n# Two\n\n## Why\n\nIt sends mail.\n\n## Calling\n\n![[_s/calling]]\n",
    );
    let left = findings(&files).into_iter().filter(|line| line.contains("template-guidance-left"));
    let places: Vec<String> =
        left.map(|line| line.split(": ").next().unwrap().to_owned()).collect();
    assert_eq!(places, ["content/p1.md:5:1"]);
}

#[test]
fn what_is_missing_and_what_takes_in_itself_is_reported() {
    for (text, expected) in [
        ("--8<-- \"gone.md\"\n", "content/a/host.md:3:9: error[broken-link]: no page `gone.md`"),
        (
            "[x](gone.md \"include\")\n",
            "content/a/host.md:3:5: error[broken-link]: no page `gone.md`",
        ),
        (
            "![[drain#stpes]]\n",
            "content/a/host.md:3:4: error[broken-anchor]: no heading `#stpes` in `content/shared/drain.md`",
        ),
        ("![[host]]\n", "content/a/host.md:3:4: error[broken-link]: `host` is taken in by itself"),
    ] {
        assert_eq!(findings(&with_host(text)), [expected], "{text}");
    }
    let files = site(
        "-- content/a.md --\n# A\n\n[b](b.md \"include\")\n-- content/b.md --\n# B\n\n[a](a.md \"include\")\n",
    );
    let found = findings(&files);
    assert_eq!(
        found,
        [
            "content/a.md:3:5: error[broken-link]: `b.md` is taken in by itself",
            "content/b.md:3:5: error[broken-link]: `a.md` is taken in by itself",
        ]
    );
}

#[test]
fn an_ordinary_link_with_words_beside_it_stays_a_link() {
    for text in [
        "See [Drain](../shared/drain.md \"include\")\n",
        "[Drain](../shared/drain.md \"include\")\nand more\n",
    ] {
        let shown = prose(text);
        assert!(
            shown.contains("<a href=\"../../shared/drain/\"") && !shown.contains("kubectl"),
            "{shown}"
        );
    }
}

#[test]
fn the_older_of_two_reviews_counts() {
    let files = site(
        "-- content/old.md --\n---\nlast_reviewed_on: 2020-01-01\nreview_in: 1 month\n---\n# O\n-- content/a.md --\n---\nlast_reviewed_on: 2026-01-01\n\
         review_in: 9 years\n---\n# A\n\n[o](old.md \"include\")\n",
    );
    let built = build_site(files);
    let due: Vec<_> = built.report.pages.iter().map(|page| page.freshness.due()).collect();
    assert_eq!(due[0], due[1]);
}

#[test]
fn a_shared_page_says_where_it_is_used() {
    let shown = page(with_host("![[drain]]\n"), "shared/drain/index.html");
    assert!(shown.contains("used in 1 runbook<") && shown.contains("takes this in"), "{shown}");
}

#[test]
fn an_edit_of_what_is_taken_in_is_an_edit_of_the_pages_that_do() {
    let mut cache = Cache::default();
    let path = FilePath::new("a/index.html").expect("the test names a path");
    let files = |word: &str| {
        site(&format!(
            "-- content/s.txt --\n{word}\n-- content/b.md --\n{{{{#include s.txt}}}}\n-- content/a.md --\n# A\n\n![[b]]\n"
        ))
    };
    for word in ["first", "second", "third"] {
        let sources = Sources {
            files: files(word),
            passed_over: BTreeMap::new(),
            history: History::without("a fixture has no history").into(),
        };
        let warm = build::build(&sources, &options(), &mut cache, |_| ()).expect("the site builds");
        assert_eq!(warm.output, build_sources(&sources, &options()).output);
        let page = warm.output.get(&path).expect("the page is published");
        assert!(String::from_utf8_lossy(page).contains(word), "{word}");
    }
}

#[test]
fn files_that_take_in_each_other_without_end_cost_a_bounded_time() {
    let mut fixture = String::new();
    for file in 0..20 {
        let next = file + 1;
        fixture.push_str(&format!("-- content/f{file}.md --\n# F\n\n{{{{#include f{next}.md}}}}\n\n{{{{#include f{next}.md}}}}\n"));
    }
    let built = build_site(site(&fixture));
    assert!(built.output.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() < 60_000_000);
    assert!(!built.findings.is_empty());
}

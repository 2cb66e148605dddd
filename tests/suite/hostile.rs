//! Content that is odd or hostile: nothing panics, nothing becomes a script, and one file never keeps a site from
//! being built.

use std::path::Path;

use guidepost::build::Build;
use guidepost::files::{FilePath, Files};

use crate::support::{below, build_site, files_of, folder, guidepost, published, site, text};

/// The findings of a site as `rule file`.
fn findings(files: Files) -> Vec<String> {
    let found = build_site(files).findings;
    let shown = found.iter().map(|finding| &finding.diagnostic);
    shown.map(|found| format!("{} {}", found.rule.name(), found.at.path)).collect()
}

#[test]
fn text_that_nests_without_end_is_shown_as_text() {
    for (before, text, after) in [
        ("**", "deep inside", "**"),
        ("*_", "deep inside", "_*"),
        ("> ", "deep inside", ""),
        ("- ", "deep inside", ""),
        ("1. ", "deep inside", ""),
        ("[", "deep inside", ""),
        ("[[", "deep inside", "]"),
    ] {
        let page = format!("# A\n\n{}{text}{}\n", before.repeat(5_000), after.repeat(5_000));
        let built = build_site(site(&format!("-- content/a.md --\n{page}")));
        assert!(published(&built.output, "a/index.html").contains(text), "{before}");
    }
}

#[test]
fn navigation_among_hundreds_of_folders_shows_those_that_are_near() {
    let pages =
        (0..260).map(|number| format!("-- content/f{number:03}/a.md --\n# Page {number}\n"));
    let built = build_site(site(&pages.collect::<String>()));
    let page = published(&built.output, "f130/a/index.html");
    let links = |folder: &str| page.contains(&format!("/{folder}/\""));
    assert!(links("f031") && links("f229"), "{page}");
    assert!(!links("f000") && !links("f259"));
}

#[test]
fn aliases_nest_no_deeper_than_text_may() {
    let mut page = String::from("-- content/a.md --\n---\n");
    let (open, close) = ("[".repeat(90), "]".repeat(90));
    page.push_str(&format!("a0: &a0 {open}x{close}\n"));
    for level in 1..40 {
        let below = level - 1;
        page.push_str(&format!("a{level}: &a{level} {open}*a{below}{close}\n"));
    }
    page.push_str("---\n# A\n");
    assert_eq!(findings(site(&page)), ["bad-front-matter content/a.md"]);
}

/// YAML that grows, nests or goes on without end, with what it is refused for, if it is.
fn endless_yaml() -> Vec<(String, Option<&'static str>)> {
    let all =
        |count: usize, line: fn(usize) -> String| (0..count).map(line).collect::<Vec<_>>().concat();
    let laughs = all(29, |at| format!("a{0}: &a{0} [*a{at}, *a{at}, *a{at}, *a{at}]\n", at + 1));
    let merged = all(2_000, |at| format!("m{at}: {{<<: *a}}\n"));
    let many = all(500, |at| format!("k{at}: 1, "));
    let (repeats, deep) =
        (Some("aliases repeat too much"), Some("lists and maps nest too deep here"));
    vec![
        (format!("a0: &a0 [x, x]\n{laughs}"), repeats),
        (format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(100_000), "*a, ".repeat(5_000)), repeats),
        (format!("a: &a {{{many}}}\n{merged}"), repeats),
        (format!("a: {}{}\n", "[".repeat(10_000), "]".repeat(10_000)), deep),
        (format!("a: {}\n", "{a: ".repeat(10_000)), deep),
        (format!("a:\n  {}x\n", "- ".repeat(10_000)), deep),
        ((0..500).map(|at| " ".repeat(at) + "a:\n").collect(), deep),
        (format!("a: \"{}\"\n", "x".repeat(1 << 20)), None),
        (format!("a: |\n{}", "  text\n".repeat(50_000)), None),
        ("---\na: 1\n".repeat(5_000), None),
    ]
}

#[test]
fn yaml_without_end_costs_its_file_wherever_it_is_read() {
    for (yaml, refused) in endless_yaml() {
        let own = "-- content/a.md --\n# A\n";
        let settings = "-- site.toml --\ntitle = \"A\"\n[alerts]\nsources = [\"r.yaml\"]\n";
        let files = site(&format!("{own}-- content/b.md --\n---\n{yaml}---\n# B\n"));
        let built = build_site(files);
        assert!(published(&built.output, "a/index.html").contains(">A</h1>"));
        let said = |built: &Build| {
            built.findings.iter().map(|found| found.diagnostic.message.clone()).collect::<Vec<_>>()
        };
        if let Some(refused) = refused {
            assert_eq!(said(&built), [refused], "{}", &yaml[..40]);
        }
        let built = build_site(site(&format!("{settings}{own}-- r.yaml --\n{yaml}")));
        if let Some(refused) = refused {
            assert_eq!(said(&built), [format!("not read: {refused}")], "{}", &yaml[..40]);
        }
        // Of other tools' settings only what is needed is looked for.
        for name in ["mkdocs.yml", "_config.yml", "hugo.yaml", "docusaurus.yml", "antora.yml"] {
            let files = site(&format!("-- site.toml --\n{own}-- {name} --\n{yaml}"));
            assert!(published(&build_site(files).output, "a/index.html").contains(">A</h1>"));
        }
    }
}

#[test]
fn a_page_that_is_not_utf_8_is_judged_like_any_other() {
    let mut files = site(
        "-- site.toml --\n[templates.t]\nfile = \"content/_t.md\"\napplies_to = [\"a*\"]\n\
         -- content/_t.md --\n## Steps\n",
    );
    let key = format!("AKIA{}", "Q7RK2MZP9TVXC4LW");
    let mut page = b"# A\n\nCaf\xe9 \xff\n\n## Steps\n\n```sh\nrm -r /srv\n```\n\n".to_vec();
    page.extend_from_slice(key.as_bytes());
    files.insert(FilePath::new("content/a.md").expect("a path"), page);
    let expected = [
        "bad-value content/a.md",
        "destructive-without-warning content/a.md",
        "secret-in-page content/a.md",
    ];
    assert_eq!(findings(files), expected);
}

#[test]
fn files_in_utf_16_are_read_and_judged_like_any_other() {
    let units: [fn(u16) -> [u8; 2]; 2] = [u16::to_le_bytes, u16::to_be_bytes];
    let key = format!("AKIA{}", "Q7RK2MZP9TVXC4LW");
    for (unit, mark) in units.into_iter().flat_map(|unit| [(unit, "\u{feff}"), (unit, "")]) {
        let mut files = Files::default();
        for (path, text) in [
            ("site.toml", "title = \"Wide\"\r\n[alerts]\r\nsources = [\"r.yaml\"]\r\n".to_owned()),
            (
                "r.yaml",
                "groups:\r\n- name: g\r\n  rules:\r\n  - alert: Slow\r\n    expr: \u{202e}up\r\n"
                    .to_owned(),
            ),
            (
                "content/a.md",
                format!("---\r\ntitle: Größe\r\nalerts: [Slow]\r\n---\r\n[x](gone.md) {key}\r\n"),
            ),
            ("content/env.ps1", "$env:DB_PASSWORD = \"Tr0ub4dor3x\"\r\n".to_owned()),
        ] {
            let bytes = format!("{mark}{text}").encode_utf16().flat_map(unit).collect::<Vec<u8>>();
            files.insert(FilePath::new(path).expect("a path"), bytes);
        }
        let built = build_site(files.clone());
        assert!(published(&built.output, "a/index.html").contains("<h1>Größe</h1>"));
        assert!(published(&built.output, "a.md").contains(&key), "its copy can be read");
        assert_eq!(built.site.config.title, "Wide");
        assert_eq!(built.site.alerts.len(), 1);
        let found = [
            "hidden-text r.yaml",
            "bad-value content/a.md",
            "broken-link content/a.md",
            "secret-in-page content/a.md",
            "secret-in-page content/env.ps1",
        ];
        let mut expected = found.map(str::to_owned);
        expected.sort();
        let mut found = findings(files);
        found.sort();
        assert_eq!(found, expected);
    }
    let wide = "\u{feff}# A\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let plain = "# A\n\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for bytes in [wide, plain] {
        let folder = folder("-- content/b.md --\n# B\n");
        let page = folder.path().join("content/a.md");
        std::fs::write(&page, &bytes).expect("a page");
        let content = ["review", "--content", "content", "a.md", "--by", "me"];
        let reviewed = guidepost(folder.path(), &content);
        assert_eq!(reviewed.status.code(), Some(2), "{}", text(&reviewed));
        assert_eq!(std::fs::read(&page).expect("the page"), bytes, "it is left as it was");
    }
}

/// Text as it is, and with what nobody sees in each of its schemes: pages leave that out, and must not make an address of
/// what was none.
fn as_typed_and_with_unseen(fixture: &str) -> [String; 3] {
    ["", "\u{200b}", "\u{ad}\u{2060}"].map(|unseen| {
        fixture
            .replace("cript:", &format!("{unseen}cript:"))
            .replace("ta:text", &format!("t{unseen}a:text"))
    })
}

/// The addresses of a site's pages that a browser runs, or shows as what they hold.
fn running(built: &Build) -> Vec<String> {
    let pages = built.output.iter().filter(|(path, _)| path.as_str().ends_with(".html"));
    let mut found = Vec::new();
    for (path, bytes) in pages {
        let page = String::from_utf8_lossy(bytes);
        let addresses = page.split(['"', '\'']).filter(|value| {
            let plain: String = value.chars().filter(|letter| *letter > ' ').collect();
            let plain = plain.to_ascii_lowercase();
            ["javascript:", "vbscript:", "data:text"].iter().any(|scheme| plain.starts_with(scheme))
        });
        found.extend(addresses.map(|address| format!("{path}: {address}")));
    }
    found
}

#[test]
fn no_address_that_an_author_types_becomes_a_script() {
    let fixture = r#"
-- site.toml --
[templates.t]
file = "content/_t.md"
applies_to = ["b*"]
[templates.t.sections]
dashboards = "Dashboards"
escalation = "Escalation"
-- content/_t.md --
## Dashboards

## Escalation
-- content/a.md --
---
title: A
parameters: [{name: p, default: javascript}]
dashboards:
- "                              javascript:alert(1)"
- {kind: grafana, uid: x, base: "javascript:alert(2)//"}
- "{p}:alert(3)"
---
[x](java&Tab;script:alert(4)) [y](<&#1;javascript:alert(5)>) ![z](java&Tab;script:alert(6))
<a href="java&Tab;script:alert(7)">q</a> [w](<&#32;data:text/html,alert(8)>)
-- content/b.md --
# B

## Dashboards

[d](javascript://%0aalert(9))

## Escalation

[call](javascript:alert(10))
"#;
    for fixture in as_typed_and_with_unseen(fixture) {
        assert_eq!(running(&build_site(site(&fixture))), [""; 0]);
    }
}

#[test]
fn no_address_of_the_settings_or_of_a_rule_becomes_a_script() {
    let fixture = r#"
-- site.toml --
base_url = "javascript:alert(1)"
repository = "java	script:alert(2)"
[owners.a]
chat = "here"
chat_url = " JavaScript:alert(3)"
on_call = "data:text/html,alert(4)"
escalation = "vbscript:alert(5)"
[owners.b]
name = "B"
chat = "there"
chat_url = "slack://channel?id=1"
[dashboards.kinds.own]
url = "javascript:alert({x})"
[alerts]
sources = ["rules.yaml"]
-- rules.yaml --
groups:
- rules:
  - alert: Slow
    expr: up == 0
    annotations:
      runbook_url: "javascript:alert(6)"
-- content/a.md --
---
owner: a
dashboards: [{kind: own, x: 1}]
---
# A
-- content/b.md --
---
owner: b
---
# B
"#;
    for fixture in as_typed_and_with_unseen(fixture) {
        let built = build_site(site(&fixture));
        assert_eq!(running(&built), [""; 0]);
        assert!(published(&built.output, "b/index.html").contains("slack://channel"));
        let found = built.findings.iter().map(|found| found.diagnostic.rule.name());
        assert_eq!(found.filter(|rule| *rule == "bad-config").count(), 5);
    }
}

#[test]
fn images_of_other_hosts_and_drawings_that_run_something_are_named() {
    let fixture = "-- content/a.md --\n# A\n\n![x](https://img.example/x.png) ![y](//cdn.example/y.png)\n\
        <img src=\"http://u@img.example:80/z.png\"> [link](https://img.example/) ![own](own.png)\n\
        ![d](drawing.svg)\n-- content/own.png --\n0\n-- content/drawing.svg --\n<svg onload=\"x()\"/>\n";
    let expected = [
        "foreign-image content/a.md",
        "foreign-image content/a.md",
        "foreign-image content/a.md",
        "active-drawing content/drawing.svg",
    ];
    assert_eq!(findings(site(fixture)), expected);
}

#[test]
fn html_that_is_published_as_typed_is_said_where_it_is_allowed() {
    let allowed = "-- site.toml --\nunsafe_html = true\n-- content/a.md --\n# A\n";
    assert_eq!(findings(site(allowed)), ["unsafe-html site.toml"]);
    let fixture = allowed.replace("true", "true\n[checks]\nunsafe-html = \"allow\"");
    assert_eq!(findings(site(&fixture)), [""; 0]);
}

#[test]
fn a_file_beside_the_page_of_its_name_is_reported_and_left_out() {
    let fixture = "-- content/index.md --\n# Home\n-- content/restore --\n#!/bin/sh\n\
                   -- content/restore.md --\n# Restore\n";
    assert_eq!(findings(site(fixture)), ["duplicate-address content/restore"]);
    let fixture = format!("-- site.toml --\ntitle = \"A\"\n{fixture}");
    let folder = folder(&fixture);
    let built = guidepost(folder.path(), &["build"]);
    assert!(built.status.success(), "{}", text(&built));
    assert!(folder.path().join("public/restore/index.html").is_file());
}

#[test]
fn a_name_that_looks_like_a_file_s_keeps_no_site_from_being_built() {
    let folder = folder(
        "-- site.toml --\ntitle = \"A\"\n-- content/a.md --\n---\nalerts: [index.html, Queue]\n---\n# A\n",
    );
    let built = guidepost(folder.path(), &["build"]);
    assert!(built.status.success(), "{}", text(&built));
    assert!(folder.path().join("public/alerts/index.html").is_file());
}

#[test]
fn keys_that_are_left_blank_say_nothing() {
    let page = "-- content/a.md --\n---\ntitle: A page\nagent: \"\"\nnav_title: \" \"\nowner: \"\"\n\
                status: \"\"\ntemplate: \"\"\n---\n# A\n-- content/index.md --\n# Home\n";
    let built = build_site(site(page));
    assert_eq!(built.findings, []);
    assert!(published(&built.output, "index.html").contains(">A page</a>"));
    assert_eq!(built.site.agents.len(), 0);
}

#[test]
fn a_title_with_control_characters_leaves_navigation_whole() {
    let built = build_site(site(
        "-- content/index.md --\n# Home\n-- content/a.md --\n---\ntitle: \"A\\x01B\"\n---\n\
         -- content/c.md --\n# C\n",
    ));
    let page = published(&built.output, "c/index.html");
    assert!(page.contains("AB</a>"), "{page}");
    assert!(page.contains("aria-current=\"page\""), "{page}");
}

#[test]
fn settings_that_are_not_utf_8_are_read_alike_by_every_command() {
    let folder = folder("-- docs/a.md --\n---\nlast_reviewed_on: 2024-01-01\n---\n# A\n");
    let settings = b"# Caf\xe9\ncontent = \"docs\"\n";
    std::fs::write(folder.path().join("site.toml"), settings).expect("a new file");
    let reviewed = guidepost(folder.path(), &["review", "a.md", "--by", "me"]);
    assert!(reviewed.status.success(), "{}", text(&reviewed));
    let checked = guidepost(folder.path(), &["check"]);
    assert!(text(&checked).contains("1 page"), "{}", text(&checked));
}

#[test]
fn what_programs_read_stays_a_line_an_entry_and_well_formed() {
    let built = build_site(site(
        "-- site.toml --\ntitle = \"A\\u0001\\nB\"\nbase_url = \"https://r.example/\"\n\
         -- content/a.md --\n---\ntitle: \"One\\u0007\\nTwo\"\nsummary: \"Three\\uFFFE\\n\\n# Four\"\n\
         date: 2026-01-01\n---\n",
    ));
    let llms = published(&built.output, "llms.txt");
    assert!(llms.starts_with("# A"), "{llms}");
    assert_eq!(llms.lines().filter(|line| line.starts_with('#')).count(), 2, "{llms}");
    assert!(llms.lines().any(|line| line.contains("Two](") && line.contains("# Four")), "{llms}");
    for file in ["feed.xml", "sitemap.xml"] {
        let xml = published(&built.output, file);
        let is_foreign = |letter: char| letter == '\u{fffe}' || letter < ' ' && letter != '\n';
        assert!(!xml.contains(is_foreign), "{xml:?}");
    }
    assert!(published(&built.output, "feed.xml").contains("<title>One\nTwo</title>"));
}

/// A file outside of a repository, and in it a site with links to that file, to git's own, within, and in circles.
#[cfg(unix)]
fn site_with_links() -> tempfile::TempDir {
    let folder = folder(
        "-- outside/secret.md --\n# TOP\n-- repository/.git/config --\n# TOP\n\
         -- repository/shared/b.md --\n# B\n-- repository/site/content/a.md --\n# A\n\
         -- repository/site/site.toml --\n[alerts]\nsources = [\"rules/*\", \"more\"]\n\
         [templates.t]\nfile = \"t.md\"\napplies_to = [\"gone\"]\n\
         -- repository/site/rules/r.yaml --\ngroups: []\n",
    );
    let site = folder.path().join("repository/site");
    for (link, target) in [
        ("content/secret.md", "../../../outside/secret.md"),
        ("content/folder", "../../../outside"),
        ("content/git.txt", "../../.git/config"),
        ("content/shared", "../../shared"),
        ("content/round", "."),
        ("content/up", "../.."),
        ("content/nowhere.md", "gone.md"),
        ("theme", "../../outside"),
        ("t.md", "../../outside/secret.md"),
        ("rules/x.yaml", "../../../outside/secret.md"),
        ("more", "../../outside"),
    ] {
        std::os::unix::fs::symlink(target, site.join(link)).expect("a link");
    }
    folder
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_repository_is_reported_and_what_it_leads_to_is_not_published() {
    let folder = site_with_links();
    let site = folder.path().join("repository/site");
    let checked = guidepost(&site, &["check", "--only", "site", "--format", "short"]);
    let printed = text(&checked);
    let found: Vec<&str> = printed
        .lines()
        .filter_map(|line| line.split_once(":1:1: error[link-out"))
        .map(|(path, _)| path)
        .filter(|path| !path.starts_with("content/up/"))
        .collect();
    let expected = [
        "content/folder", "content/git.txt", "content/secret.md", "more", "rules/x.yaml", "t.md",
        "theme",
    ];
    assert_eq!(found, expected, "{printed}");
    let built = guidepost(&site, &["build"]);
    assert_eq!(built.status.code(), Some(0), "{built:?}");
    let page = site.join("public/shared/b/index.html");
    assert!(page.is_file(), "a link within the repository is followed");
    let mut open = vec![site.join("public")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(below(&path));
            continue;
        }
        let bytes = std::fs::read(&path).expect("a published file");
        assert!(!String::from_utf8_lossy(&bytes).contains("TOP"), "{}", path.display());
    }
}

/// The findings of `guidepost check` in a folder, each as `path rule`.
#[cfg(unix)]
fn checked(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let all = [&["check", "--format", "short"], arguments].concat();
    let printed = text(&guidepost(folder, &all));
    let found = printed.lines().filter_map(|line| line.split_once(":1:1: "));
    let name = |rule: &str| rule.split(['[', ']']).nth(1).unwrap_or_default().to_owned();
    found.map(|(path, rule)| format!("{path} {}", name(rule))).collect()
}

#[cfg(unix)]
#[test]
fn folders_that_lead_to_each_other_are_published_once() {
    let mut fixture = String::from("-- site.toml --\ntitle = \"A\"\n");
    for name in 0..8 {
        fixture.push_str(&format!("-- content/f{name}/page.md --\n# P\n"));
    }
    let folder = folder(&fixture);
    for from in 0..8 {
        for to in (0..8).filter(|to| *to != from) {
            let link = folder.path().join(format!("content/f{from}/to{to}"));
            std::os::unix::fs::symlink(format!("../f{to}"), link).expect("a link");
        }
    }
    let found = checked(folder.path(), &["--all"]);
    assert_eq!(found.len(), 56);
    assert_eq!(found[0], "content/f0/to1 repeated-folder");
    let built = text(&guidepost(folder.path(), &["build"]));
    assert!(built.contains("8 pages"), "{built}");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_named_and_everything_else_is_built() {
    use std::os::unix::ffi::OsStrExt;

    let folder = folder(
        "-- site.toml --\ntitle = \"A\"\n-- content/a.md --\n# A\n-- content/back\\slash.md --\n# B\n",
    );
    let content = folder.path().join("content");
    for (link, target) in [("round.md", "round.md"), ("nowhere.png", "gone.png")] {
        std::os::unix::fs::symlink(target, content.join(link)).expect("a link");
    }
    std::os::unix::net::UnixListener::bind(content.join("socket.md")).expect("a socket");
    for name in [&b"caf\xe9.md"[..], b"f\xff/inner.md"] {
        let path = content.join(std::ffi::OsStr::from_bytes(name));
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, "# C\n").expect("a file");
    }
    let expected = ["caf\u{fffd}.md", "f\u{fffd}", "nowhere.png", "round.md", "socket.md"];
    let expected = expected.map(|name| format!("content/{name} unread-file"));
    assert_eq!(checked(folder.path(), &[]), expected);
    let built = guidepost(folder.path(), &["build"]);
    assert!(built.status.success(), "{}", text(&built));
    for page in ["a", "back-slash"] {
        assert!(folder.path().join("public").join(page).join("index.html").is_file(), "{page}");
    }
}

#[test]
fn the_root_of_a_repository_is_built_inside_of_it() {
    let folder = folder(
        "-- outer/repo/a.md --\n# A\n-- outer/repo/theme/b.md --\n# B\n\
         -- outer/repo/.git/HEAD --\nref: refs/heads/main\n",
    );
    let root = folder.path().join("outer/repo");
    let built = guidepost(&root, &["build", "--content", "."]);
    assert!(text(&built).starts_with("2 pages"), "{}", text(&built));
    assert!(root.join("public/a/index.html").is_file());
    assert!(root.join("public/theme/b/index.html").is_file());
    assert_eq!(below(&folder.path().join("outer")).count(), 1, "nothing is written beside it");
}

#[test]
fn a_site_that_was_written_into_the_content_is_no_part_of_it() {
    let folder = folder("-- site.toml --\ntitle = \"A\"\n-- content/a.md --\n# A\n");
    for _ in 0..2 {
        let built = guidepost(folder.path(), &["build", "--out", "content/site"]);
        assert!(text(&built).starts_with("1 page, 0 assets, no findings"), "{}", text(&built));
    }
}

#[cfg(unix)]
#[test]
fn a_build_that_is_killed_at_any_moment_publishes_nothing_unfinished_and_is_put_right() {
    let mut fixture = String::from("-- site.toml --\ntitle = \"A\"\n");
    for number in 0..40 {
        fixture.push_str(&format!("-- content/p{number}.md --\n# P\n\nfirst {number}\n"));
    }
    let folder = folder(&fixture);
    let out = folder.path().join("content/site");
    let build = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_guidepost"));
        command.args(["build", "--out", "content/site"]).current_dir(folder.path());
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        command
    };
    let stage = folder.path().join("content/.site.guidepost-new");
    let mut kept = 0;
    for moment in 0..24 {
        if moment == 8 {
            assert!(build().status().expect("it runs").success(), "the first build stands");
            kept = files_of(&out).len();
        }
        let edited = folder.path().join(format!("content/p{moment}.md"));
        std::fs::write(edited, format!("# P\n\nmoment {moment}\n")).expect("an edit");
        let mut running = build().spawn().expect("it runs");
        // Moments are counted in what has been staged, not in time: so they are spread over the whole build.
        let wanted = moment % 8 * 12;
        while running.try_wait().expect("it can be asked").is_none() {
            let staged = if stage.is_dir() { files_of_running(&stage) } else { 0 };
            if staged >= wanted {
                break;
            }
        }
        running.kill().expect("it can be ended");
        running.wait().expect("it ends");
        let there = if out.is_dir() { files_of(&out) } else { Vec::new() };
        assert!(there.iter().all(|file| !file.contains("guidepost-new")), "{there:?}");
        for file in there.iter().filter(|file| file.ends_with(".html")) {
            let page = std::fs::read_to_string(out.join(file)).expect("a page");
            assert!(page.trim_end().ends_with("</html>"), "{file} is whole");
        }
    }
    let done = text(&guidepost(folder.path(), &["build", "--out", "content/site"]));
    assert!(done.starts_with("40 pages, 0 assets, no findings"), "{done}");
    assert_eq!(files_of(&out).len(), kept);
    assert!(!stage.exists(), "nothing of an earlier run is left");
    for moment in 0..24 {
        let page = std::fs::read_to_string(out.join(format!("p{moment}/index.html")));
        assert!(page.expect("a page").contains(&format!("moment {moment}")), "{moment}");
    }
}

/// How many files lie in a folder that another process is writing, as far as can be told.
#[cfg(unix)]
fn files_of_running(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| if entry.path().is_dir() { files_of_running(&entry.path()) } else { 1 })
        .sum()
}

//! The command line as scripts see it: exit codes, and what is left behind on the disk.
//!
//! 0 is success, 1 means findings (or overdue pages) that were asked to count, 2 that a command could not run.

use std::fs;
use std::path::Path;

use crate::support::{folder, guidepost, real_templates, text};

/// Runs the commands one after the other, each with the exit code that it must end with.
fn check(folder: &Path, runs: &[(&str, i32)]) {
    for (command, code) in runs {
        let arguments: Vec<&str> = command.split_whitespace().collect();
        let output = guidepost(folder, &arguments);
        assert_eq!(output.status.code(), Some(*code), "{command}: {}", text(&output));
    }
}

const CLEAN: &str =
    "-- site.toml --\n-- content/index.md --\n# Home\n\n[a](a.md)\n-- content/a.md --\n# A\n";
const WARNING: &str = "-- site.toml --\n-- content/a.md --\n---\nownr: ops\n---\n# A\n";
const ERROR: &str = "-- site.toml --\n-- content/a.md --\n# A\n\n[gone](gone.md)\n";
const UNUSABLE: &str = "-- site.toml --\ntitel = \"A\"\n[owners\n-- content/a.md --\n# A\n";

#[test]
fn check_ends_with_1_for_errors_and_strictly_for_warnings_and_with_2_if_it_cannot_run() {
    check(folder(CLEAN).path(), &[("check", 0), ("check --strict", 0), ("check -q", 0)]);
    check(
        folder(WARNING).path(),
        &[("check", 0), ("check --strict", 1), ("check --format json", 0)],
    );
    let formats = ["check", "check --format short", "check --format json", "check --format github"];
    for command in formats {
        check(folder(ERROR).path(), &[(command, 1)]);
        check(folder(UNUSABLE).path(), &[(command, 2)]);
    }
    check(
        folder(CLEAN).path(),
        &[
            ("check --site nowhere", 2),
            ("check --content nowhere", 2),
            ("check --format xml", 2),
            ("check --now 2026-02-30", 2),
            ("check --baseline none.json", 2),
            ("check --update-baseline", 2),
            ("check --only nothing", 2),
        ],
    );
}

#[test]
fn the_site_is_the_current_folder_or_the_nearest_above_it() {
    let site = folder("-- site.toml --\n-- content/db/a.md --\n# A\n\n[gone](gone.md)\n");
    let output = guidepost(&site.path().join("content/db"), &["check", "--format", "short"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    assert!(text(&output).contains("content/db/a.md:3:8: error[broken-link]"), "{}", text(&output));
    let bare = folder("-- a.md --\n# A\n");
    let said = text(&guidepost(bare.path(), &["check"]));
    assert!(
        said.contains("no site.toml in this folder or above it; `guidepost init` writes one"),
        "{said}"
    );
    let said = text(&guidepost(site.path(), &["check", "--site", "content"]));
    assert!(said.contains("no site.toml in `content`"), "{said}");
}

#[test]
fn check_reports_only_what_is_wrong_in_the_pages_and_folders_named() {
    let broken = "# A\n\n[gone](gone.md)\n";
    let site = folder(&format!(
        "-- site.toml --\n-- content/a.md --\n{broken}-- content/ab.md --\n# B\n-- content/db/c.md --\n{broken}"
    ));
    check(
        site.path(),
        &[
            ("check a.md", 1),
            ("check content/a.md", 1),
            ("check a", 1),
            ("check ab.md", 0),
            ("check db", 1),
            ("check ab.md db/c.md", 1),
            ("check ab.md nothing.md", 2),
            ("check ..", 2),
        ],
    );
    let shown = text(&guidepost(site.path(), &["check", "db", "--format", "short"]));
    assert!(shown.contains("content/db/c.md:3:8") && !shown.contains("content/a.md"), "{shown}");
}

#[test]
fn check_shows_ten_findings_of_each_rule_however_many_rules_there_are() {
    let links: Vec<String> =
        (0..12).map(|at| format!("[x](gone-{at}.md) [y](#gone-{at})\n\n")).collect();
    let links = links.concat();
    let site = folder(&format!(
        "-- site.toml --\n-- content/a.md --\n---\nownr: a\ntitel: b\nstatsu: c\n---\n# A\n\n{links}"
    ));
    let shown = text(&guidepost(site.path(), &["check"]));
    for rule in ["error[broken-link]: ", "error[broken-anchor]: "] {
        assert_eq!(shown.matches(rule).count(), 10, "{shown}");
    }
    assert_eq!(shown.matches("warning[unknown-key]: ").count(), 3, "{shown}");
    assert_eq!(shown.matches("and 2 more error[").count(), 2, "{shown}");
}

#[test]
fn build_writes_broken_pages_too_unless_it_is_strict() {
    let broken = folder(ERROR);
    check(broken.path(), &[("build --strict", 1)]);
    assert!(!broken.path().join("public").exists(), "nothing is written");
    check(broken.path(), &[("build", 0)]);
    assert!(broken.path().join("public/a/index.html").is_file());

    let unusable = folder(UNUSABLE);
    check(unusable.path(), &[("build", 2)]);
    assert!(!unusable.path().join("public").exists());

    let clean = folder(&format!("{CLEAN}-- public/mine.txt --\nkept\n"));
    check(clean.path(), &[("build", 2), ("build --out site --strict", 0), ("build --out site", 0)]);
    let kept = fs::read_to_string(clean.path().join("public/mine.txt")).expect("the file");
    assert_eq!(kept, "kept\n");
}

#[test]
fn freshness_fails_on_what_it_was_asked_to_fail_on_among_the_pages_listed() {
    let page = |name: &str, owner: &str, keys: &str| {
        format!("-- content/{name}.md --\n---\nowner: {owner}\n{keys}\n---\n# {name}\n")
    };
    let fixture = [
        "-- site.toml --\n[owners.ops]\n[owners.dev]\n[owners.new]\n[freshness]\napplies_to = [\"never.md\"]\n".to_owned(),
        page("late", "ops", "review_by: 2026-08-01"),
        page("soon", "dev", "review_by: 2026-08-30"),
        page("never", "new", ""),
    ]
    .concat();
    let site = folder(&fixture);
    let now = "freshness --now 2026-08-20";
    let run = |options: &str, code| check(site.path(), &[(&format!("{now} {options}"), code)]);
    run("", 0);
    run("--fail-on overdue", 1);
    run("--fail-on overdue --owner dev", 0);
    run("--fail-on due-soon --owner dev", 1);
    run("--fail-on due-soon --owner dev --due-within 5d", 0);
    run("--fail-on never-reviewed --owner new", 1);
    run("--fail-on overdue --format csv", 1);
    run("--owner opps --fail-on overdue", 2);
    run("--due-within soon", 2);
    check(folder(UNUSABLE).path(), &[(now, 2)]);
    let listed = guidepost(site.path(), &["freshness", "--now", "2026-08-20", "--format", "json"]);
    let rows: serde_json::Value = serde_json::from_slice(&listed.stdout).expect("JSON alone");
    let states: Vec<&str> =
        rows.as_array().expect("a list").iter().filter_map(|row| row["state"].as_str()).collect();
    assert_eq!(states, ["overdue", "never-reviewed", "due-soon"]);
}

#[test]
fn a_page_is_due_soon_for_every_command_and_every_reader_from_the_same_day() {
    let site = folder(
        "-- site.toml --\n[freshness]\ndue_soon = \"1 month\"\n\
         -- content/a.md --\n---\nreview_by: 2026-03-01\n---\n# A\n",
    );
    let says = |words: &[&str]| {
        let said = guidepost(site.path(), words);
        serde_json::from_slice::<serde_json::Value>(&said.stdout).expect("JSON alone")
    };
    for (today, name, class) in [
        ("2026-01-31", "fresh", "fresh"),
        ("2026-02-01", "due-soon", "soon"),
        ("2026-03-01", "due-soon", "soon"),
        ("2026-03-02", "overdue", "over"),
    ] {
        let listed = says(&["freshness", "--now", today, "--format", "json"]);
        assert_eq!((&listed[0]["state"], today), (&name.into(), today));
        assert_eq!(listed[0]["due_soon_from"], "2026-02-01");
        let filter = format!("is:{name}");
        let found = says(&["search", &filter, "--now", today, "--format", "json"]);
        assert_eq!((&found["hits"][0]["state"], today), (&name.into(), today), "{found}");
        check(site.path(), &[(&format!("build --out public --now {today}"), 0)]);
        let page =
            std::fs::read_to_string(site.path().join("public/a/index.html")).expect("a page");
        let badge = format!(
            "data-fresh data-state=\"{class}\" data-due=\"2026-03-01\" data-soon=\"2026-02-01\""
        );
        assert!(page.contains(&badge), "{today}: {page}");
    }
    for file in ["pages.json", "freshness.json"] {
        let text = std::fs::read_to_string(site.path().join("public/api").join(file));
        let text = text.expect("a file for programs");
        assert!(text.contains("\"due_soon_from\": \"2026-02-01\""), "{text}");
    }
}

#[test]
fn search_answers_from_a_built_site_as_from_its_sources() {
    let site = folder(
        "-- site.toml --
-- content/queue.md --
---
alerts: [QueueStuck]
owner: payments
review_by: 2026-03-01
---
# The queue is stuck
Purge the dead letters, then restart the consumer.
-- content/disk.md --
# The disk is full
Delete the dead letters of last month.
",
    );
    check(site.path(), &[("build --out public", 0)]);
    for typed in ["queue", "QueueStuck", "\"dead letters\"", "owner:payments", "quueue", "full dsk"]
    {
        let [built, sources] = [&["--from", "public"][..], &[]].map(|from| {
            let day = ["search", typed, "--format", "json", "--now", "2026-04-01"];
            let said = guidepost(site.path(), &[&day[..], from].concat());
            serde_json::from_slice::<serde_json::Value>(&said.stdout).expect("JSON alone")
        });
        assert_eq!(built, sources, "{typed}");
        assert_ne!(built["hits"], serde_json::json!([]), "{typed}");
    }
    let nowhere = guidepost(site.path(), &["search", "queue", "--from", "content"]);
    let said = String::from_utf8_lossy(&nowhere.stderr);
    assert_eq!(nowhere.status.code(), Some(2), "{said}");
    assert!(said.contains("holds no search index of a built site"), "{said}");
    fs::write(site.path().join("public/search/manifest.bin"), "{}").expect("a file");
    check(site.path(), &[("search queue --from public", 2)]);
}

#[test]
fn review_edits_every_page_named_or_none() {
    let fixture = format!(
        "{CLEAN}-- content/b.md --\n---\ntitle: 'B'   # as typed\n---\n-- content/broken.md --\n---\ntitle: \"x\n---\n"
    );
    let site = folder(&fixture);
    let read = |name: &str| fs::read_to_string(site.path().join(name)).expect("a page");
    check(site.path(), &[("review a b broken", 2), ("review", 2), ("review nowhere", 2)]);
    assert_eq!(read("content/a.md"), "# A\n");
    check(site.path(), &[("review a content/b.md b --by dana --how drill --now 2026-08-20", 0)]);
    let entry = "reviews:\n  - on: 2026-08-20\n    by: dana\n    how: drill\n";
    assert_eq!(read("content/a.md"), format!("---\n{entry}---\n\n# A\n"));
    assert_eq!(read("content/b.md"), format!("---\ntitle: 'B'   # as typed\n{entry}---\n"));
    check(site.path(), &[("review a --how carefully", 2), ("check --format short", 1)]);
}

#[cfg(unix)]
#[test]
fn review_replaces_a_page_whole_and_keeps_its_permissions_and_the_link_to_it() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let site = folder(&format!("{CLEAN}-- shared/b.md --\n# B\n"));
    let path = |name: &str| site.path().join(name);
    symlink("../shared/b.md", path("content/b.md")).expect("a link");
    // Who still has the old page open never sees half of the new one.
    fs::hard_link(path("shared/b.md"), path("old")).expect("a second name");
    fs::set_permissions(path("old"), fs::Permissions::from_mode(0o640)).expect("its owner asks");
    check(site.path(), &[("review b --by dana --now 2026-08-20", 0)]);
    assert_eq!(fs::read_to_string(path("old")).expect("the old page"), "# B\n");
    let page = fs::read_to_string(path("shared/b.md")).expect("the page");
    assert!(page.contains("by: dana"), "{page}");
    let mode = fs::metadata(path("shared/b.md")).expect("the page").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert!(path("content/b.md").is_symlink());
    assert_eq!(fs::read_dir(path("shared")).expect("the folder").count(), 1);
}

#[test]
fn new_creates_a_page_once_and_never_outside_of_the_content() {
    let template = "-- site.toml --\n[owners.ops]\n[owners.dev]\n[templates.agent]\nfile = \"content/_templates/agent.md\"\napplies_to = [\"agents/**\"]\n\
        -- content/_templates/agent.md --\n---\ntitle: \"<AGENT_NAME> runbook\"\ndate: \"<today’s date>\"\n---\n# <AGENT_NAME>\n\n## Steps\n\nWatch <THRESHOLD>.\n";
    let site = folder(template);
    check(
        site.path(),
        &[
            ("new agents/pay --set owner=ops --set AGENT_NAME=Pay:now --now 2026-08-20", 0),
            ("new agents/pay", 2),
            ("new content/agents/pay.md", 2),
            ("new ../pay", 2),
            ("new agents/fee --template agnt", 2),
            ("new agents/fee --set owner", 2),
            ("new", 2),
        ],
    );
    let page = fs::read_to_string(site.path().join("content/agents/pay.md")).expect("the page");
    let expected = "---\ntitle: \"Pay:now runbook\"\ndate: \"2026-08-20\"\nnav_title: Pay:now\nagent: pay\ntemplate: agent\n\
        upstream: []\ndownstream: []\nalerts: []\ndashboards: []\nowner: ops\n---\n# Pay:now\n\n## Steps\n\nWatch <THRESHOLD>.\n";
    assert_eq!(page, expected);
    assert!(
        !site.path().join("pay.md").exists() && !site.path().join("content/agents/fee.md").exists()
    );
    check(site.path(), &[("check --strict", 1)]);
}

#[test]
fn new_says_when_a_section_is_new_and_which_templates_there_are() {
    let site = folder(
        "-- site.toml --\n[templates.agent]\nfile = \"a.md\"\n[templates.service]\nfile = \"a.md\"\n\
         -- a.md --\n# <TITLE>\n-- content/core/db/a.md --\n# A\n-- content/_templates/x.md --\n# X\n",
    );
    let said = |line: &str| {
        let arguments: Vec<&str> = line.split(' ').collect();
        text(&guidepost(site.path(), &arguments))
    };
    assert!(!said("new core/db/b").contains("section"));
    assert!(!said("new b").contains("section"));
    let near = said("new coree/c");
    assert!(near.contains("the section `coree/` is new; is `core/` meant?"), "{near}");
    let deep = said("new core/bd/c");
    assert!(deep.contains("the section `core/bd/` is new; is `core/db/` meant?"), "{deep}");
    let far = said("new payments/refunds/c");
    assert!(far.contains("the section `payments/` is new\n"), "{far}");
    assert!(!said("new payments/refunds/d").contains("section"));
    let unknown = said("new x --template nothing-like-it");
    assert!(unknown.contains("in site.toml; there is `agent`, `service`"), "{unknown}");
    let near = said("new x --template agnet");
    assert!(near.contains("in site.toml; is `agent` meant?"), "{near}");
    let none = folder("-- site.toml --\n-- content/a.md --\n# A\n");
    let none = text(&guidepost(none.path(), &["new", "x", "--template", "agent"]));
    assert!(none.contains("which names none; `[templates.NAME]` there begins one"), "{none}");
}

#[test]
fn codeowners_counts_in_a_folder_that_is_in_no_repository() {
    let site = folder(
        "-- site.toml --\n[owners.pay]\n[owners.core]\n[templates.agent]\nfile = \"a.md\"\napplies_to = [\"**\"]\n\
         -- CODEOWNERS --\ncontent/pay/ @org/pay\n-- a.md --\n# <TITLE>\n-- content/pay/a.md --\n# A\n",
    );
    guidepost(site.path(), &["new", "pay/b"]);
    let page = fs::read_to_string(site.path().join("content/pay/b.md")).expect("the page");
    assert!(page.contains("\nowner: pay\n"), "{page}");
    let listed = text(&guidepost(site.path(), &["freshness", "--format", "csv"]));
    assert!(listed.lines().filter(|line| line.contains(",pay,")).count() == 2, "{listed}");
}

#[test]
fn new_fills_slots_in_any_spelling_and_counts_those_that_check_reports() {
    let site = folder(
        "-- site.toml --\n[templates.agent]\nfile = \"content/_templates/agent.md\"\napplies_to = [\"agents/**\"]\n\
         -- content/_templates/agent.md --\n---\ntitle: <TITLE>\nsummary: <1-3 sentences>, <1-3 sentences>\n---\n# <TITLE>\n\n## Steps\n\n\
         `<on call>` <yes/no>, <date: YYYY-MM-DD>, <NONE>.\n",
    );
    let new = ["new", "agents/pay", "--set", "title=Pay", "--set", "On_Call=Dana"];
    let said = text(&guidepost(site.path(), &new));
    assert!(said.contains("created content/agents/pay.md, 4 slots left to fill in"), "{said}");
    let page = fs::read_to_string(site.path().join("content/agents/pay.md")).expect("the page");
    assert!(page.starts_with("---\ntitle: Pay\n") && page.contains("# Pay\n"), "{page}");
    assert!(page.contains("`Dana` <yes/no>"), "{page}");
    let check = ["check", "--format", "short", "--only", "templates"];
    let found = text(&guidepost(site.path(), &check));
    let places = ["pay.md:3:10:", "pay.md:3:27:", "pay.md:15:8:", "pay.md:15:18:"];
    assert!(places.iter().all(|place| found.contains(place)), "{found}");
}

/// A page made from a template has its headings, is sound while it is a draft, and once it is not owes nothing but to be
/// filled in. The template also builds by itself, as a page.
fn works_as_template(template: &Path) {
    let site = folder(
        "-- site.toml --\n[templates.agent]\nfile = \"content/_templates/agent.md\"\napplies_to = [\"agents/**\"]\n\
         -- content/_templates/agent.md --\n",
    );
    let typed = fs::read_to_string(template).expect("the template");
    fs::write(site.path().join("content/_templates/agent.md"), &typed).expect("the template");
    check(site.path(), &[("new agents/fee --template agent", 0), ("check --strict", 0)]);
    let page = site.path().join("content/agents/fee.md");
    let made = fs::read_to_string(&page).expect("the page");
    let headings = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect()
    };
    // A title that says "template" says the page's name instead.
    let filled = typed.replace("<AGENT_NAME>", "fee");
    let expected =
        headings(&filled.replace("# Operational Runbook Template", "# Fee Operational Runbook"));
    assert!(expected.len() > 5 && headings(&made) == expected, "{made}");
    assert!(made.contains("status: \"Draft\""), "{made}");
    fs::write(&page, made.replace("status: \"Draft\"", "status: \"Final\"")).expect("a page");
    let found = text(&guidepost(site.path(), &["check", "--format", "short"]));
    let is_owed = |line: &&str| {
        line.contains("[template-guidance-left]") || line.contains("[unfilled-placeholder]")
    };
    let (owed, other): (Vec<&str>, Vec<&str>) = found.lines().partition(is_owed);
    assert!(owed.len() > 5 && other.len() == 1, "{found}");
    fs::write(site.path().join("content/template.md"), &typed).expect("a page");
    check(site.path(), &[("build -q", 0)]);
}

#[test]
fn a_template_works_as_it_is() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/_templates/agent-runbook.md");
    works_as_template(&own);
    for template in real_templates() {
        works_as_template(&template);
    }
}

#[test]
fn a_baseline_accepts_what_is_there_and_fails_on_what_is_new() {
    let site = folder(ERROR);
    check(
        site.path(),
        &[
            ("check --baseline known.json --update-baseline", 0),
            ("check --baseline known.json", 0),
            ("check --baseline known.json --strict", 0),
            ("check", 1),
        ],
    );
    let page = site.path().join("content/a.md");
    let text = fs::read_to_string(&page).expect("the page");
    // The old finding moves down and stays accepted; the second of its kind is new.
    fs::write(&page, format!("# A\n\nFirst.\n\n{}", &text[5..])).expect("a page");
    check(site.path(), &[("check --baseline known.json", 0)]);
    fs::write(&page, format!("{text}\n[gone too](more.md)\n")).expect("a page");
    check(site.path(), &[("check --baseline known.json", 1)]);
    fs::write(site.path().join("known.json"), "[").expect("a file");
    check(site.path(), &[("check --baseline known.json", 2)]);
}

/// The owner that `guidepost new ops/x` writes in a site with two owners and these files.
fn new_owner(files: &str) -> Option<String> {
    let config = "-- site.toml --\n[owners.devops]\n[owners.data]\n[templates.runbook]\nfile = \"t.md\"\n\
                  applies_to = [\"**\"]\n-- content/index.md --\n# A\n-- t.md --\n---\ntitle: T\n---\n# T\n\n## Steps\n";
    let site = folder(&format!("{config}{files}"));
    check(site.path(), &[("new ops/x", 0)]);
    let page = fs::read_to_string(site.path().join("content/ops/x.md")).expect("the page is made");
    let owner = page.lines().find_map(|line| line.strip_prefix("owner: "));
    owner.map(|owner| owner.trim_matches('"').to_owned())
}

#[test]
fn new_writes_an_owner_that_it_can_know() {
    let page = |name: &str, owner: &str| {
        format!("-- content/ops/{name}.md --\n---\nowner: {owner}\n---\n# A\n")
    };
    let owners = ".github/CODEOWNERS --\n/content/ops/ @org/data\n";
    assert_eq!(new_owner(&format!("-- .git/HEAD --\n-- {owners}")).as_deref(), Some("data"));
    assert_eq!(new_owner(&page("index", "devops")).as_deref(), Some("devops"));
    assert_eq!(
        new_owner(&[page("a", "data"), page("b", "data")].concat()).as_deref(),
        Some("data")
    );
    assert_eq!(new_owner(&[page("a", "data"), page("b", "devops")].concat()), None);
}

#[test]
fn the_version_says_commit_and_features_only_when_asked_for_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = format!("guidepost {}\n", env!("CARGO_PKG_VERSION"));
    for arguments in [&["--version"][..], &["-V"]] {
        let output = guidepost(folder.path(), arguments);
        assert!(output.status.success());
        assert_eq!(text(&output), plain);
    }
    let features = if cfg!(feature = "deploy") { "deploy" } else { "none" };
    for arguments in [&["--version", "--verbose"][..], &["-vV"]] {
        let said = text(&guidepost(folder.path(), arguments));
        assert!(said.starts_with(&plain), "{said}");
        assert!(
            said.contains("\ncommit: ") && said.ends_with(&format!("\nfeatures: {features}\n")),
            "{said}"
        );
    }
    let nothing = guidepost(folder.path(), &["--quiet"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing).contains("no command was given"), "{}", text(&nothing));
    assert_eq!(guidepost(folder.path(), &[]).status.code(), Some(2));
}

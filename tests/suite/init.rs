//! From an empty folder, or somebody else's, to a site that checks and builds.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::serve::Preview;
use crate::support::{self, guidepost, text};

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

#[test]
fn an_empty_folder_becomes_a_site_that_checks_clean_and_builds() {
    let folder = tempfile::tempdir().expect("a folder");
    let begun = guidepost(folder.path(), &["init"]);
    assert!(begun.status.success(), "{}", text(&begun));
    assert!(text(&begun).contains("wrote site.toml\n"), "{}", text(&begun));
    let checked = guidepost(folder.path(), &["check", "--strict"]);
    assert!(checked.status.success(), "{}", text(&checked));

    let page = folder.path().join("content/runbooks/mine.md");
    fs::write(&page, "# Mine\n\nSee [gone](gone.md).\n").expect("a page");
    let checked = guidepost(folder.path(), &["check", "--format", "short"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(text(&checked).contains("content/runbooks/mine.md:3:"), "{}", text(&checked));
    let built = guidepost(folder.path(), &["build"]);
    assert!(built.status.success(), "{}", text(&built));
    assert!(folder.path().join("public/runbooks/mine/index.html").is_file());
}

/// The commands of the handbook's first chapter, and the YAML that it tells the reader to put into a page.
fn first_chapter() -> (Vec<String>, String) {
    let chapter = concat!(env!("CARGO_MANIFEST_DIR"), "/content/handbook/first-steps.md");
    let chapter = fs::read_to_string(chapter).expect("the chapter");
    let commands = chapter.lines().filter_map(|line| line.strip_prefix("$ guidepost "));
    let (_, yaml) = chapter.split_once("```yaml\n").expect("front matter");
    let (yaml, _) = yaml.split_once("```").expect("the end of a block");
    (commands.map(str::to_owned).collect(), yaml.to_owned())
}

#[test]
fn the_handbook_s_first_chapter_is_true_command_by_command() {
    let (commands, alerts) = first_chapter();
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    assert_eq!(commands, ["init", "serve --open", "new runbooks/refund", "check", "build"]);
    let folder = tempfile::tempdir().expect("a folder");
    let run = |command: &str| {
        let done = guidepost(folder.path(), &command.split(' ').collect::<Vec<_>>());
        assert!(done.status.success(), "{command}: {}", text(&done));
        text(&done)
    };
    let begun = run("init");
    for file in ["site.toml", "content/_templates/runbook.md", ".github/workflows/runbooks.yml"] {
        assert!(begun.contains(&format!("wrote {file}\n")), "{begun}");
    }
    let preview = Preview::of(folder.path());
    preview.await_answer("/", |answer| answer.contains("New here"));
    let created = run("new runbooks/refund");
    assert!(created.contains("created content/runbooks/refund.md, 1 slot left"), "{created}");
    preview.await_answer("/runbooks/refund/", |answer| answer.contains("<code>refund</code>"));

    let page = folder.path().join("content/runbooks/refund.md");
    let written = fs::read_to_string(&page).expect("the new page");
    let edited = written.replace("alerts: []\n", &alerts).replace("<YYYY-MM-DD>", "2026-01-05");
    fs::write(&page, edited).expect("the page can be written");
    preview.await_answer("/runbooks/refund/", |answer| {
        answer.replace("<wbr>", "").contains("RefundErrorsAlarm")
    });
    preview.await_answer("/alerts/RefundErrorsAlarm/", |answer| answer.contains("#resolve"));

    let checked = run("check");
    assert!(checked.contains("3 pages: no findings"), "{checked}");
    run("build");
    let built = folder.path().join("public/runbooks/refund/index.html");
    let built = fs::read_to_string(built).expect("the page is built");
    assert!(built.replace("<wbr>", "").contains("RefundErrorsAlarm"));
}

#[test]
fn a_folder_of_another_generator_is_adopted_with_its_name_and_its_owners() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("hugo.toml", "title = \"Ops\"\nbaseURL = \"https://ops.example.org/\"\n");
    write("content/_index.md", "+++\ntitle = \"Ops\"\n+++\nSee [the database](/db/).\n");
    write("content/db/_index.md", "+++\ntitle = \"Database\"\ndate = 2025-03-01T10:00:00Z\n+++\n");
    write("content/db/failover.md", "+++\ntitle = \"Failover\"\n+++\n{{< version >}}\n");
    write("themes/book/README.md", "# A theme\n");
    write("node_modules/package/README.md", "# A package\n");
    write(".github/CODEOWNERS", "* @org/dba\n");
    let begun = guidepost(folder.path(), &["init"]);
    let said = text(&begun);
    for line in [
        "found 3 pages in content/ (Hugo, by hugo.toml)\n",
        "front matter: 3 TOML\n",
        "shown as typed: `{{< shortcode >}}` (1)\n",
        "1 warning; ",
    ] {
        assert!(said.contains(line), "{line} is not in {said}");
    }
    let site = fs::read_to_string(folder.path().join("site.toml")).expect("site.toml");
    assert!(site.contains("title = \"Ops\"\n"), "{site}");
    assert!(site.contains("# base_url = \"https://ops.example.org/\"\n"), "{site}");
}

#[test]
fn what_package_managers_install_is_no_content() {
    let folder = tempfile::tempdir().expect("a folder");
    for page in ["a.md", "node_modules/package/README.md", "_templates/runbook.md"] {
        let page = folder.path().join(page);
        fs::create_dir_all(page.parent().expect("a folder")).expect("a folder");
        fs::write(page, "# A page\n\n[gone](gone.md)\n").expect("a page");
    }
    let begun = text(&guidepost(folder.path(), &["init"]));
    assert!(begun.contains("everything in this folder will be published"), "{begun}");
    let checked = text(&guidepost(folder.path(), &["check"]));
    assert!(checked.contains("1 page: 1 error"), "{checked}");
}

#[test]
fn releases_installers_and_workflows_name_the_same_archives() {
    let read = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        fs::read_to_string(path).expect("the repository's own file")
    };
    let between = |text: &str, start: &str| {
        let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start}"));
        rest.split('"').next().expect("a quoted value").to_owned()
    };
    let (version, target) = (env!("CARGO_PKG_VERSION"), "x86_64-unknown-linux-musl");
    let expected = format!("guidepost-v{version}-{target}");

    let release = read(".github/workflows/release.yml");
    let packed = between(&release, "name=\"");
    let tag = format!("v{version}");
    assert_eq!(packed.replace("$GITHUB_REF_NAME", &tag).replace("$TARGET", target), expected);

    let manifest = read("Cargo.toml");
    let expand = |text: String| text.replace("{ version }", version).replace("{ target }", target);
    let address = expand(between(&manifest, "pkg-url = \""));
    assert!(address.ends_with(&format!("/{tag}/{expected}{{ archive-suffix }}")), "{address}");
    let inside = expand(between(&manifest, "bin-dir = \""));
    assert_eq!(inside, format!("{expected}/{{ bin }}{{ binary-ext }}"));
    let repository = between(&manifest, "repository = \"");

    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, name) in
        [(&["init"][..], "runbooks.yml"), (&["init", "--host", "s3"], "runbooks-s3.yml")]
    {
        let site = folder.path().join(name);
        fs::create_dir(&site).expect("a folder");
        assert!(guidepost(&site, arguments).status.success());
        let workflow = fs::read_to_string(site.join(".github/workflows").join(name));
        let workflow = workflow.expect("init writes a workflow");
        let pinned = between(&workflow, "GUIDEPOST_VERSION: \"");
        let archive = between(&workflow, "archive=\"").replace("$GUIDEPOST_VERSION", &pinned);
        assert_eq!(archive, format!("{expected}.tar.gz"));
        assert!(between(&workflow, "release=\"").starts_with(&repository), "{workflow}");
    }
}

#[test]
fn a_site_that_exists_gets_the_workflow_and_the_rules_that_are_asked_for_and_no_more() {
    let site = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = site.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("site.toml", "base_url = \"https://a.example/x\"\n");
    write("content/a.md", "# A\n");
    let begun = guidepost(site.path(), &["init", "--host", "gitlab", "--review-rules"]);
    assert_eq!(text(&begun), "wrote .gitlab-ci.yml\nwrote monitoring/runbook-reviews.yaml\n");
    let rules = fs::read_to_string(site.path().join("monitoring/runbook-reviews.yaml"));
    assert!(rules.expect("rules").contains("https://a.example/x/freshness/"));
    let again = guidepost(site.path(), &["init", "--host", "gitlab"]);
    assert_eq!(text(&again), "kept .gitlab-ci.yml\n");
    assert!(!site.path().join(".gitignore").exists());
}

/// The commands of a workflow's job, as the lines of its scripts that run Guidepost.
fn commands(site: &Path, workflow: &str) -> Vec<String> {
    let text = fs::read_to_string(site.join(workflow)).expect("init writes a workflow");
    let lines = text.lines().map(|line| line.trim_start_matches(['-', ' ']));
    let lines = lines.map(|line| line.strip_prefix("run: ").unwrap_or(line));
    lines.filter(|line| line.starts_with("guidepost ")).map(str::to_owned).collect()
}

#[test]
fn every_command_of_every_workflow_runs() {
    for (host, workflow) in [
        ("github", ".github/workflows/runbooks.yml"),
        ("gitlab", ".gitlab-ci.yml"),
        ("cloudflare", ".github/workflows/runbooks-cloudflare.yml"),
        ("netlify", ".github/workflows/runbooks-netlify.yml"),
        ("azure", ".github/workflows/runbooks-azure.yml"),
        ("s3", ".github/workflows/runbooks-s3.yml"),
    ] {
        let site = tempfile::tempdir().expect("a folder");
        assert!(guidepost(site.path(), &["init", "--host", host]).status.success());
        let commands = commands(site.path(), workflow);
        assert!(commands.len() >= 2, "{host}: {commands:?}");
        let program = Path::new(env!("CARGO_BIN_EXE_guidepost")).parent().expect("a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        for command in commands {
            let output = std::process::Command::new("bash")
                .args(["-e", "-c", &command])
                .current_dir(site.path())
                .env("PATH", format!("{}:{path}", program.display()))
                .env("RUNNER_TEMP", site.path().join("temp"))
                .env("CI_PROJECT_DIR", site.path())
                .env("CI_PAGES_URL", "https://org.pages.example/repository")
                .env("BASE_URL", "https://org.pages.example/repository/")
                .env("OPTIONS", "")
                .env("DESTINATION", site.path().join("bucket"))
                .env("PREVIEWS", site.path().join("previews"))
                .env("PREVIEW_URL", "https://previews.example")
                .env("PREFIX", "pr-7")
                .output()
                .expect("bash is installed where the tests run");
            let said = text(&output);
            assert!(output.status.success(), "{host}: {command}: {said}");
            fs::create_dir_all(site.path().join("temp")).expect("a folder");
        }
        let published = ["published", "public", "bucket", "temp/site", "site"];
        let index = published.iter().map(|folder| site.path().join(folder).join("index.html"));
        assert!(index.into_iter().any(|index| index.is_file()), "{host}");
        assert!(!site.path().join("previews/pr-7/index.html").exists(), "{host}");
    }
}

#[test]
fn nothing_that_is_there_is_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let workflow = folder.path().join(".github/workflows/runbooks.yml");
    fs::create_dir_all(workflow.parent().expect("a folder")).expect("a folder");
    fs::write(&workflow, "mine").expect("a file");
    let begun = guidepost(folder.path(), &["init"]);
    assert!(text(&begun).contains("kept .github/workflows/runbooks.yml"), "{}", text(&begun));
    assert_eq!(fs::read_to_string(&workflow).expect("the file"), "mine");
    let again = guidepost(folder.path(), &["init"]);
    assert_eq!(again.status.code(), Some(2), "{}", text(&again));
}

#[test]
fn pages_in_several_folders_are_adopted_where_they_lie() {
    let folder = tempfile::tempdir().expect("a folder");
    for page in ["aws/queue.md", "kubernetes/pods.md"] {
        let page = folder.path().join(page);
        fs::create_dir_all(page.parent().expect("a folder")).expect("a folder");
        fs::write(page, "# A page\n").expect("a page");
    }
    let begun = guidepost(folder.path(), &["init", "--host", "s3"]);
    assert!(text(&begun).contains("found 2 pages in this folder"), "{}", text(&begun));
    let built = guidepost(folder.path(), &["build"]);
    assert!(built.status.success(), "{}", text(&built));
    assert!(folder.path().join("public/aws/queue/index.html").is_file());
    assert!(!folder.path().join("public/site.toml").exists());
    assert!(!folder.path().join("public/public").exists());
}

#[test]
fn completions_are_written_for_the_usual_shells() {
    let folder = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let written = guidepost(folder.path(), &["completions", shell]);
        assert!(text(&written).contains("guidepost"), "{shell}");
    }
}

#[test]
fn real_folders_of_runbooks_are_adopted_and_check_stays_readable() {
    let Some(corpora) = std::env::var_os("GUIDEPOST_CORPORA") else {
        eprintln!("did not run: GUIDEPOST_CORPORA is not set");
        return;
    };
    for corpus in fs::read_dir(corpora).expect("a folder").map(|entry| entry.expect("an entry")) {
        if !corpus.file_type().expect("a type").is_dir() {
            continue;
        }
        let folder = tempfile::tempdir().expect("a folder");
        copy(&corpus.path(), folder.path());
        let begun = guidepost(folder.path(), &["init"]);
        assert!(begun.status.success(), "{:?}: {}", corpus.path(), text(&begun));
        let checked = guidepost(folder.path(), &["check"]);
        assert_ne!(checked.status.code(), Some(2), "{:?}: {}", corpus.path(), text(&checked));
        let mut shown: BTreeMap<String, usize> = BTreeMap::new();
        let printed = text(&checked);
        let heads = printed
            .lines()
            .filter(|line| line.starts_with("error[") || line.starts_with("warning["));
        for head in heads {
            let rule = head.split([':', ']']).next().unwrap_or_default();
            *shown.entry(rule.to_owned()).or_default() += 1;
        }
        assert!(shown.values().all(|count| *count <= 10), "{:?}: {shown:?}", corpus.path());
    }
}

#[test]
fn agents_are_set_up_in_a_new_site_and_in_one_that_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join(".vscode")).expect("a folder");
    fs::write(folder.path().join(".vscode/mcp.json"), "{}").expect("a file");
    let begun = guidepost(folder.path(), &["init", "--agents"]);
    assert!(begun.status.success(), "{}", text(&begun));
    let said = text(&begun);
    assert!(said.contains("wrote .mcp.json") && said.contains("kept .vscode/mcp.json"), "{said}");
    assert!(said.contains("add the server `guidepost mcp` to .vscode/mcp.json yourself"), "{said}");
    let checked = guidepost(folder.path(), &["check", "--strict"]);
    assert!(checked.status.success(), "{}", text(&checked));
    let built = guidepost(folder.path(), &["build"]);
    assert!(built.status.success(), "{}", text(&built));
    assert!(folder.path().join("public/.well-known/agent-skills/index.json").is_file());
    let before = fs::read_to_string(folder.path().join("site.toml")).expect("a file");
    let again = guidepost(folder.path(), &["init", "--agents"]);
    assert!(again.status.success() && !text(&again).contains("wrote"), "{}", text(&again));
    assert_eq!(fs::read_to_string(folder.path().join("site.toml")).expect("a file"), before);
}

#[test]
fn pages_with_alerts_for_titles_answer_them() {
    let body = "## Meaning\n\nIt is late.\n\n## Mitigation\n\nWait.\n";
    let pages = [
        ("crane-queue-stalled", "CraneQueueStalled", "---\ntitle: CraneQueueStalled\n---\n"),
        ("gate_camera", "GateCameraOffline", "# GateCameraOffline\n\n"),
        ("crane", "CraneLost", "---\ntitle: Crane is lost\n---\n# CraneLost\n\n"),
        ("berth", "BerthLost", "---\ntitle: BerthLost\n---\n# The berth is lost\n\n"),
        ("ais", "AISLost", "---\ntitle: AISLost\n---\n# AISLost\n\n"),
        ("tides", "TideForecastStale", "---\ntitle: TideForecastStale\n---\n"),
    ];
    let mut fixture = "-- docs/index.md --\n# Start\n-- docs/how/to.md --\n# To\n".to_owned();
    let mut rules = "-- rules/a.yaml --\ngroups:\n- name: a\n  rules:\n".to_owned();
    for (file, alert, head) in pages {
        fixture += &format!("-- docs/runbooks/{file}.md --\n{head}{body}");
        rules += &format!("  - alert: {alert}\n    expr: up\n");
    }
    let site = support::folder(&(fixture + &rules));
    let said = text(&guidepost(site.path(), &["init"]));
    let expected = "alerts: 6 pages with one for a title, like AISLost";
    assert!(said.contains(expected), "{said}");
    let settings = fs::read_to_string(site.path().join("site.toml")).expect("site.toml");
    assert!(settings.contains("from_heading = [\"runbooks/**\"]\n"), "{settings}");
    let checked = guidepost(site.path(), &["check", "--strict"]);
    assert!(checked.status.success(), "{}", text(&checked));
    guidepost(site.path(), &["build"]);
    for (file, alert, _) in pages {
        let read = |path: String| fs::read_to_string(site.path().join(path)).expect("a page");
        let stable = read(format!("public/alerts/{alert}/index.html"));
        assert!(stable.contains(&format!("href=\"../../runbooks/{file}/\"")), "{stable}");
        let page = read(format!("public/runbooks/{file}/index.html"));
        let (head, _) = page.split_once("<article").expect("a body");
        assert!(head.contains("href=\"#mitigation\""), "{head}");
    }
}

//! What other tools read at the top of the repository: GitHub's action, the hooks of pre-commit, the image.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use guidepost::value::{Node, yaml};

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).expect("the file is part of the repository")
}

fn text<'n>(node: &'n Node, key: &str) -> &'n str {
    node.get(key).and_then(Node::as_str).unwrap_or_default()
}

/// The script of the action's step that runs a command.
fn script(command: &str) -> String {
    let action = yaml::parse(&read("action.yml"), 0).expect("YAML");
    let steps = action.get("runs").and_then(|runs| runs.get("steps")).expect("steps");
    let scripts: Vec<&str> = steps.items().iter().map(|step| text(step, "run")).collect();
    let found = scripts.iter().find(|script| script.contains(command));
    found.expect("a step runs it").to_string()
}

/// Runs a script of the action as a runner does, in a folder, with the program that was built.
fn run(script: &str, folder: &Path, environment: &[(&str, &str)]) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_guidepost")).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut variables = BTreeMap::from([
        ("PATH", format!("{}:{path}", program.display())),
        ("RUNNER_TEMP", folder.join("temp").display().to_string()),
        ("GITHUB_STEP_SUMMARY", folder.join("summary.md").display().to_string()),
        ("GITHUB_OUTPUT", folder.join("output").display().to_string()),
    ]);
    variables.extend(environment.iter().map(|(name, value)| (*name, (*value).to_owned())));
    std::fs::create_dir_all(folder.join("temp")).expect("a folder");
    Command::new("bash")
        .args(["-e", "-o", "pipefail", "-c", script])
        .current_dir(folder)
        .envs(variables)
        .output()
        .expect("bash is installed where the tests run")
}

fn folder_with(page: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("my docs")).expect("a folder");
    std::fs::write(folder.path().join("my docs/a.md"), page).expect("a page");
    folder
}

#[test]
fn the_action_checks_annotates_and_summarizes_and_fails_as_the_check_does() {
    let check = script("guidepost check");
    let environment = [
        ("SITE", "my docs"),
        ("BARE", "true"),
        ("STRICT", "false"),
        ("BASELINE", ""),
        ("SARIF", "found.sarif"),
    ];
    for (page, code) in [("# A\n", 0), ("# A\n\n[x](gone.md)\n", 1)] {
        let folder = folder_with(page);
        let output = run(&check, folder.path(), &environment);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        let annotations = String::from_utf8_lossy(&output.stdout);
        assert_eq!(annotations.contains("::error file=my docs/a.md,line=3"), code == 1);
        let written = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert!(written("summary.md").contains("1 page checked."));
        assert!(written("found.sarif").contains("\"version\": \"2.1.0\""));
    }
}

#[test]
fn the_action_builds_where_a_folder_is_named_and_says_which() {
    let folder = folder_with("# A\n");
    let environment = [
        ("SITE", "my docs"),
        ("BARE", "true"),
        ("OUT", "built site"),
        ("BASE_URL", "https://runbooks.example.org/x/"),
    ];
    let output = run(&script("guidepost build"), folder.path(), &environment);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = folder.path().join("built site/a/index.html");
    assert!(std::fs::read_to_string(page).unwrap().contains("https://runbooks.example.org/x/a/"));
    let said = std::fs::read_to_string(folder.path().join("output")).unwrap();
    assert_eq!(said, "site=built site\n");
}

#[test]
fn the_action_deploys_where_a_target_is_named_what_was_built_or_what_it_builds() {
    for out in ["", "built site"] {
        let folder = folder_with("# A\n");
        let environment = [
            ("SITE", "my docs"),
            ("BARE", "true"),
            ("OUT", out),
            ("BASE_URL", "https://runbooks.example.org/pr-7/"),
            ("TARGET", "./the target"),
            ("PREFIX", "pr-7"),
        ];
        let scripts = [script("guidepost build"), script("guidepost deploy")];
        for script in &scripts[usize::from(out.is_empty())..] {
            let output = run(script, folder.path(), &environment);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let page = folder.path().join("the target/pr-7/a/index.html");
        let page = std::fs::read_to_string(page).unwrap();
        assert!(page.contains("https://runbooks.example.org/pr-7/a/"), "{page}");
    }
}

/// A stand-in for `gh` that knows the comments of a pull request, or none, and writes down what it is told.
const COMMENTS: &str = r#"#!/bin/sh
case "$*" in
  *--paginate*) cat known ;;
  *) echo "$*" >> told; for word in "$@"; do case "$word" in body=@*) cat "${word#body=@}" >> told ;; esac; done ;;
esac
"#;

#[test]
fn the_comment_of_the_action_says_what_is_new_and_is_edited_in_place() {
    let folder = folder_with("# A\n\n[old](old.md)\n");
    let at = |name: &str| folder.path().join(name);
    let git = |arguments: &[&str]| {
        let who =
            ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"];
        let done =
            Command::new("git").args(who).args(arguments).current_dir(folder.path()).output();
        let done = done.expect("git is installed where the tests run");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "my docs"]);
    git(&["commit", "--quiet", "--message=first"]);
    let base = git(&["rev-parse", "HEAD"]);
    std::fs::write(at("my docs/a.md"), "# A\n\n[old](old.md) [new](gone.md)\n").unwrap();
    git(&["commit", "--quiet", "--all", "--message=second"]);
    std::fs::create_dir_all(at("bin")).unwrap();
    std::fs::write(at("bin/gh"), COMMENTS).unwrap();
    let script =
        format!("chmod +x bin/gh; PATH=\"$PWD/bin:$PATH\"\n{}", script("guidepost-check:"));
    let environment = [
        ("SITE", "my docs"),
        ("BARE", "true"),
        ("BASE", base.as_str()),
        ("NUMBER", "7"),
        ("GITHUB_REPOSITORY", "org/repo"),
    ];
    for (known, call) in [
        ("", "--method POST repos/org/repo/issues/7/comments"),
        ("12\n", "--method PATCH repos/org/repo/issues/comments/12"),
    ] {
        std::fs::write(at("known"), known).unwrap();
        let _ = std::fs::remove_file(at("told"));
        let output = run(&script, folder.path(), &environment);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let told = std::fs::read_to_string(at("told")).expect("something was told");
        assert!(told.contains(call), "{told}");
        assert!(told.contains("<!-- guidepost-check:my docs -->\n"), "{told}");
        assert!(told.contains("gone.md") && !told.contains("old.md"), "{told}");
    }
    assert!(!git(&["worktree", "list"]).contains("guidepost-base"), "nothing is left behind");
}

#[test]
fn hooks_run_commands_that_exist_and_pass_over_files_that_are_no_pages() {
    let hooks = yaml::parse(&read(".pre-commit-hooks.yaml"), 0).expect("YAML");
    assert_eq!(hooks.items().len(), 2);
    for hook in hooks.items() {
        assert!(!text(hook, "id").is_empty() && !text(hook, "name").is_empty());
        assert_eq!(text(hook, "language"), "rust");
        let entry: Vec<&str> = text(hook, "entry").split(' ').collect();
        assert_eq!(entry[0], "guidepost");
        let site = folder_with("# A\n\n[x](gone.md)\n");
        std::fs::write(site.path().join("site.toml"), "content = \"my docs\"\n").unwrap();
        std::fs::write(site.path().join("README.md"), "# R\n\n[x](gone.md)\n").unwrap();
        let check = |files: &[&str]| {
            Command::new(env!("CARGO_BIN_EXE_guidepost"))
                .args(&entry[1..])
                .args(files)
                .current_dir(site.path())
                .output()
                .expect("the program runs")
        };
        if hook.get("pass_filenames").and_then(Node::scalar_text).as_deref() == Some("true") {
            assert_eq!(check(&["my docs/a.md", "README.md"]).status.code(), Some(1));
            let output = check(&["README.md"]);
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{said}");
        } else {
            assert_eq!(check(&[]).status.code(), Some(1));
            let always = hook.get("always_run").and_then(Node::scalar_text);
            assert_eq!(always.as_deref(), Some("true"), "deleting a page breaks links as well");
        }
    }
}

#[test]
fn the_image_holds_the_program_and_nothing_of_the_build() {
    let image = read("Dockerfile");
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copies = image.lines().filter_map(|line| line.strip_prefix("COPY "));
    for copied in copies.filter(|copied| !copied.starts_with("--from=")) {
        let mut sources: Vec<&str> = copied.split_whitespace().collect();
        sources.pop();
        assert!(!sources.is_empty() && sources.iter().all(|source| top.join(source).exists()));
    }
    // What is read while compiling must not be left out of what is sent to the builder.
    let ignored = read(".dockerignore");
    assert!(
        ignored.lines().all(|line| [".git", "target", "public", "node_modules"].contains(&line))
    );
    let last = image.rsplit("\nFROM ").next().expect("a stage");
    assert!(last.starts_with("scratch\n") && last.contains("ENTRYPOINT [\"/guidepost\"]"));
    // Without them no store in the cloud could be trusted.
    assert!(image.contains("certificates.crt /tree/etc/ssl/certs/"));
    let commands = image.lines().filter_map(|line| line.split_once(" guidepost ").map(|it| it.1));
    for command in commands.filter(|command| !command.starts_with('.')) {
        let mut words = command.split(' ');
        let help = Command::new(env!("CARGO_BIN_EXE_guidepost"))
            .args([words.next().expect("a command"), "--help"])
            .output()
            .expect("the program runs");
        let help = String::from_utf8_lossy(&help.stdout);
        for option in words.filter(|word| word.starts_with("--")) {
            assert!(help.contains(&format!("{option} ")), "{command}: {help}");
        }
    }
}

/// A stand-in for `gh` that knows one open issue and writes down what it is told.
const GH: &str = r#"#!/bin/sh
case "$1 $2" in
  "issue list")
    case "$*" in
      *"<!-- guidepost-reviews:devops -->"*|*"<!-- guidepost-reviews:idle -->"*) echo 7 ;;
    esac ;;
  "issue edit"|"issue create") echo "$*" >> told; cat >> told ;;
  *) echo "$*" >> told ;;
esac
"#;

#[test]
fn the_script_of_issues_opens_edits_and_closes_one_an_owner() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let write = |name: &str, text: &str| std::fs::write(at(name), text).expect("a file");
    std::fs::create_dir_all(at("content")).expect("a folder");
    std::fs::create_dir_all(at("bin")).expect("a folder");
    write("site.toml", "base_url = \"https://r.example.org/\"\n");
    let page = |owner: &str, by: &str| {
        format!("---\nowner: {owner}\nreview_by: {by}\n---\n# `$(x)` {owner}\n")
    };
    write("content/a.md", &page("devops", "2026-01-01"));
    write("content/b.md", &page("sre", "2026-01-01"));
    write("content/c.md", &page("idle", "2027-01-01"));
    write("bin/gh", GH);
    let script = Command::new(env!("CARGO_BIN_EXE_guidepost"))
        .args(["freshness", "--format", "github-issue", "--now", "2026-02-01"])
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    write("issues.sh", &String::from_utf8_lossy(&script.stdout));
    let path = format!("{}:{}", at("bin").display(), std::env::var("PATH").unwrap_or_default());
    let run = Command::new("sh")
        .args(["-c", "chmod +x bin/gh && sh issues.sh"])
        .env("PATH", path)
        .current_dir(folder.path())
        .output()
        .expect("sh is installed where the tests run");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let told = std::fs::read_to_string(at("told")).expect("something was told");
    for expected in [
        "issue edit 7 --title Runbook reviews: devops --body-file -\n<!-- guidepost-reviews:devops -->\n- [ ] [",
        "issue create --title Runbook reviews: sre --body-file -\n<!-- guidepost-reviews:sre -->",
        "issue close 7\n",
        "$(x)",
        "overdue since 2026-01-01, 31 days",
    ] {
        assert!(told.contains(expected), "{expected:?} in {told}");
    }
    assert!(!told.contains("--title Runbook reviews: idle"), "{told}");
}

//! `guidepost freshness --apply`: one issue an owner, through the programming interface of GitHub or GitLab.

use std::process::{Command, Output};

use super::SECRET;
use super::caches::Cache;
use crate::support::{folder, text};

/// Three owners: one with a page that is due and an issue, one with a page and none, one with an issue and nothing due.
const SITE: &str = "-- site.toml --\n-- content/a.md --\n---\nowner: devops\nreview_by: 2026-01-01\n---\n# A\n\
    -- content/b.md --\n---\nowner: sre\nreview_by: 2026-01-01\n---\n# B\n\
    -- content/c.md --\n---\nowner: idle\nreview_by: 2027-01-01\n---\n# C\n";

const OPEN: &str = r#"[{"number": 3, "title": "Something else", "body": null},
    {"number": 7, "title": "Runbook reviews: devops", "body": "<!-- guidepost-reviews:devops -->\nold"},
    {"number": 8, "title": "Runbook reviews: idle", "body": "<!-- guidepost-reviews:idle -->\nold"}]"#;

fn applying(site: &tempfile::TempDir, format: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guidepost"));
    let arguments = ["freshness", "--format", format, "--apply", "--now", "2026-02-01"];
    command.args(arguments).current_dir(site.path());
    command
}

/// Fails unless one issue was edited, one opened and one closed, and the token is not repeated.
fn must_keep_issues(output: &Output) {
    let said = text(output);
    assert!(output.status.success(), "{said}");
    for line in [
        "edited #7: Runbook reviews: devops",
        "opened #9: Runbook reviews: sre",
        "closed #8: Runbook reviews: idle",
    ] {
        assert!(said.contains(line), "{line} in {said}");
    }
    assert!(!said.contains(SECRET), "{said}");
}

#[test]
fn issues_are_opened_edited_and_closed_in_place() {
    let site = folder(SITE);
    let github = Cache::saying(&[(200, OPEN), (200, "{}"), (201, "{\"number\": 9}"), (200, "{}")]);
    let apply = |format: &str, token: &str| {
        applying(&site, format)
            .env("GITHUB_API_URL", &github.address)
            .env("GITHUB_REPOSITORY", "org/repo")
            .env("GITHUB_TOKEN", token)
            .env_remove("GH_TOKEN")
            .output()
            .expect("the program runs")
    };
    must_keep_issues(&apply("github-issue", SECRET));
    let mut told = github.told();
    assert!(told[0].starts_with("GET /repos/org/repo/issues?state=open&per_page=100&page=1 "));
    assert!(told[0].contains(&format!("authorization: Bearer {SECRET}\r\n")), "{}", told[0]);
    told.sort();
    let ask = |method: &str| told.iter().filter(|asked| asked.starts_with(method)).count();
    assert_eq!(
        (ask("PATCH /repos/org/repo/issues/7 "), ask("PATCH /repos/org/repo/issues/8 ")),
        (1, 1)
    );
    assert_eq!(ask("POST /repos/org/repo/issues "), 1);
    assert!(told.iter().any(|asked| asked.contains("\"state\":\"closed\"")), "{told:?}");

    let without = apply("github-issue", "");
    assert_eq!(without.status.code(), Some(2));
    assert!(text(&without).contains("set GITHUB_TOKEN or GH_TOKEN"), "{}", text(&without));
    let table = apply("table", SECRET);
    assert_eq!(table.status.code(), Some(2));
    assert_eq!(github.told().len(), 4, "nothing more was asked");
}

/// The same issues as GitLab has them.
const OPENED: &str = r#"[{"iid": 3, "id": 30, "title": "Something else", "description": null},
    {"iid": 7, "id": 70, "title": "Runbook reviews: devops", "description": "<!-- guidepost-reviews:devops -->\nold"},
    {"iid": 8, "id": 80, "title": "Runbook reviews: idle", "description": "<!-- guidepost-reviews:idle -->\nold"}]"#;

#[test]
fn issues_of_gitlab_are_opened_edited_and_closed_in_place() {
    let site = folder(SITE);
    let settings = "repository = \"https://git.example.org/group/part/books.git\"\n";
    std::fs::write(site.path().join("site.toml"), settings).expect("written");
    for (project, path) in [("42", "42"), ("", "group%2Fpart%2Fbooks")] {
        let gitlab =
            Cache::saying(&[(200, OPENED), (200, "{}"), (201, "{\"iid\": 9}"), (200, "{}")]);
        let apply = |token: &str| {
            applying(&site, "gitlab-issue")
                .env("CI_API_V4_URL", format!("{}/api/v4", gitlab.address))
                .env("CI_PROJECT_ID", project)
                .env("GITLAB_TOKEN", token)
                .output()
                .expect("the program runs")
        };
        must_keep_issues(&apply(SECRET));
        let told = gitlab.told();
        let issues = format!("/api/v4/projects/{path}/issues");
        let first = format!("GET {issues}?state=opened&per_page=100&page=1 ");
        assert!(told[0].starts_with(&first), "{}", told[0]);
        assert!(told[0].contains(&format!("private-token: {SECRET}\r\n")), "{}", told[0]);
        let asked = |start: String, part: &str| {
            told.iter().any(|asked| asked.starts_with(&start) && asked.contains(part))
        };
        let mark = "\"description\":\"<!-- guidepost-reviews:";
        assert!(asked(format!("PUT {issues}/7 "), &format!("{mark}devops -->")), "{told:?}");
        assert!(asked(format!("PUT {issues}/8 "), "\"state_event\":\"close\""), "{told:?}");
        assert!(asked(format!("POST {issues} "), &format!("{mark}sre -->")), "{told:?}");
        assert!(!asked(format!("PUT {issues}/7 "), "state_event"), "{told:?}");
        assert_eq!(told.len(), 4);
        let without = apply("");
        assert_eq!(without.status.code(), Some(2));
        assert!(text(&without).contains("set GITLAB_TOKEN"), "{}", text(&without));
    }
}

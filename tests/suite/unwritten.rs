//! What nobody has written yet: a template's guidance and slots stand in a page's text until somebody replaces them, and
//! nowhere that facts do.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::mcp::{ask, library};
use crate::support::{guidepost, text};

/// The template of the example, with a mark that nothing else holds in each sentence of guidance and in each slot.
fn marked_template() -> String {
    let template = include_str!("../../content/_templates/agent-runbook.md");
    let (head, body) = template[4..].split_once("\n---\n").expect("the template has front matter");
    let mut number = 0;
    let mut marked = format!("---\n{head}\n---\n");
    for line in body.lines() {
        let text = line.trim_start().trim_start_matches("- ");
        let is_prose =
            text.starts_with(|first: char| first.is_alphanumeric() || "`*(_<".contains(first));
        if is_prose {
            let (before, text) = line.split_at(line.len() - text.len());
            marked += &format!("{before}Zqx{number} {text}\n");
            number += 1;
        } else {
            marked += &format!("{line}\n");
        }
    }
    assert!(number > 20, "{number} sentences of guidance");
    marked
        .replace("<THRESHOLD>", "<ZQX_THRESHOLD>")
        .replace("<PREVIOUS_AGENT>", "<ZQX_PREVIOUS_AGENT>")
}

/// Where a text holds a mark, in its surroundings.
fn marks(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let at = |(at, _): (usize, &str)| {
        let end = lower.len().min(at + 40);
        let start = at.saturating_sub(60);
        String::from_utf8_lossy(&lower.as_bytes()[start..end]).into_owned()
    };
    lower.match_indices("zqx").map(at).collect()
}

/// A published text without those parts that are the page's own text.
fn without_text(path: &str, text: &str) -> String {
    if path.ends_with("SKILL.md") {
        let head = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        return head.expect("a skill has front matter").0.to_owned();
    }
    if path.ends_with(".md") {
        return String::new();
    }
    let mut facts = String::new();
    let mut rest = text;
    while let Some((before, article)) = rest.split_once("<article") {
        facts += before;
        rest = article.split_once("</article>").expect("an article ends").1;
    }
    facts + rest
}

fn files(folder: &Path, root: &Path, found: &mut Vec<(String, String)>) {
    for entry in
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path())
    {
        if entry.is_dir() {
            files(&entry, root, found);
            continue;
        }
        let path = entry.strip_prefix(root).expect("it lies inside").display().to_string();
        // The index holds the page's text, and is asked below.
        if !path.starts_with("search/shards") && !path.ends_with("offline.js") {
            found.push((
                path,
                String::from_utf8_lossy(&fs::read(&entry).expect("a file")).into_owned(),
            ));
        }
    }
}

/// A page as `new` makes it, and one that is filled in here and there.
fn pages(root: &Path) {
    for name in ["refund", "payout"] {
        let made = guidepost(root, &["new", &format!("agents/{name}"), "--template", "agent"]);
        assert!(made.status.success(), "{}", text(&made));
    }
    let path = root.join("content/agents/payout.md");
    let mut page = fs::read_to_string(&path).expect("a page");
    for (heading, written) in [
        (
            "Alerts Configuration",
            "- `PayoutStuckAlarm` fires when nothing moves for ten minutes.\n",
        ),
        ("Escalation", "Call the payments team.\n\n"),
        (
            "Resolution Steps",
            "1. Restart it:\n\n   ```bash\n   systemctl restart payout\n   ```\n\n",
        ),
    ] {
        let at = page.find(heading).expect("the template has this section");
        let end = at + page[at..].find("\n\n").expect("a heading ends") + 2;
        page.insert_str(end, written);
    }
    fs::write(path, page).expect("a page");
}

/// A site with the marked template, and pages of it.
fn write_site(root: &Path) {
    fs::create_dir_all(root.join("content/_templates")).expect("a folder");
    fs::write(root.join("content/_templates/agent.md"), marked_template()).expect("a template");
    fs::write(
        root.join("site.toml"),
        "title = \"T\"\nbase_url = \"https://r.example/\"\n[owners.devops]\nname = \"DevOps\"\nchat = \"#devops\"\n\
         [templates.agent]\nfile = \"content/_templates/agent.md\"\napplies_to = [\"agents/**\"]\n\
         [templates.agent.sections]\nalerts = \"Alerts Configuration\"\ndashboards = \"Dashboard\"\nescalation = \"Escalation\"\n\
         [skills]\nenabled = true\n",
    )
    .expect("a configuration");
    pages(root);
}

#[test]
fn guidance_and_slots_of_a_template_stand_nowhere_that_facts_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write_site(root);
    let built = guidepost(root, &["build"]);
    assert!(built.status.success(), "{}", text(&built));
    let mut published = Vec::new();
    files(&root.join("public"), &root.join("public"), &mut published);
    let page = published.iter().find(|(path, _)| path == "agents/refund/index.html");
    assert!(marks(&page.expect("the page is published").1).len() > 20, "its text is shown");
    for (path, text) in &published {
        assert_eq!(marks(&without_text(path, text)), Vec::<String>::new(), "{path}");
    }
    let alerts = published.iter().find(|(path, _)| path == "api/alerts.json").expect("alerts");
    assert!(alerts.1.contains("PayoutStuckAlarm"), "what is filled in counts");
    let procedures = published.iter().find(|(path, _)| path == "api/procedures/agents.json");
    assert!(procedures.expect("procedures").1.contains("systemctl restart payout"));
    for format in ["table", "json", "csv", "slack", "teams", "markdown", "github-issue"] {
        let said = guidepost(root, &["freshness", "--now", "2031-01-01", "--format", format]);
        assert!(text(&said).contains("efund"), "{format}: {}", text(&said));
        assert_eq!(marks(&text(&said)), Vec::<String>::new(), "{format}");
    }
    for asked in [&["alerts"][..], &["alerts", "--format", "json"], &["alerts", "--format", "csv"]]
    {
        assert_eq!(marks(&text(&guidepost(root, asked))), Vec::<String>::new(), "{asked:?}");
    }
}

#[test]
fn what_agents_are_told_and_searches_find_by_a_name_holds_no_guidance() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write_site(root);
    for asked in ["refund", "payout", "PayoutStuckAlarm", "escalation refund", "alerts payout"] {
        let said = text(&guidepost(root, &["search", asked]));
        assert!(said.contains("agents/"), "{asked}: {said}");
        assert_eq!(marks(&said), Vec::<String>::new(), "{asked}: {said}");
    }
    let library = library(root, false);
    for (tool, arguments, expected) in [
        ("search", json!({ "query": "refund" }), "agents/refund"),
        ("search", json!({ "query": "PayoutStuckAlarm" }), "agents/payout"),
        ("runbook_for_alert", json!({ "alert": "PayoutStuckAlarm" }), "agents/payout"),
        ("procedure", json!({ "id": "agents/payout/" }), "systemctl restart payout"),
        ("procedure", json!({ "id": "agents/refund/" }), ""),
    ] {
        let said = ask(&library, tool, &arguments).to_string();
        assert!(said.contains(expected), "{tool} {arguments}: {said}");
        assert_eq!(marks(&said), Vec::<String>::new(), "{tool} {arguments}: {said}");
    }
}

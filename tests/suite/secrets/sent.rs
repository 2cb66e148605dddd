//! Secrets in what hosts send and agents are answered: compressed neighbors, archives of skills, tools and resources.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use guidepost::config::hosting::Host;
use guidepost::diagnostic::Rule;
use guidepost::load::{SiteRoot, load};
use serde_json::{Value, json};

use super::Draw;
use super::planted::planted_folder;
use crate::mcp::Server;
use crate::support::{build_sources, files_of, guidepost, options};

/// What a file says, as a browser or a program unpacks it; archives hold their files as they are.
fn unpacked(name: &str, bytes: &[u8]) -> String {
    let mut text = Vec::new();
    match name.rsplit_once('.') {
        Some((_, "gz")) => {
            GzDecoder::new(bytes).read_to_end(&mut text).map(drop).expect("it was packed");
        }
        Some((_, "br")) => {
            brotli::BrotliDecompress(&mut &bytes[..], &mut text).expect("it was packed");
        }
        _ => text.extend(bytes),
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// The files that a site is published as, by their names, which are sent too.
fn hosted(site: &Path) -> Vec<(String, String)> {
    let hosts = Host::ALL.map(|host| format!("{:?}", host.name())).join(", ");
    let settings = site.join("site.toml");
    let text = std::fs::read_to_string(&settings).expect("the settings");
    std::fs::write(&settings, format!("{text}\n[publish]\nhosts = [{hosts}]\n"))
        .expect("the settings");
    let built = guidepost(site, &["build", "--out", "public"]);
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let files = files_of(&site.join("public")).into_iter().map(|name| {
        let bytes = std::fs::read(site.join("public").join(&name)).expect("a file");
        let text = unpacked(&name, &bytes);
        (name.clone(), format!("{name}\n{text}"))
    });
    files.collect()
}

/// What agents are answered by every tool about every page and alert, and what they read.
fn answered(site: &Path, alerts: &[String]) -> Vec<(String, String)> {
    let mut server = Server::start(site, &[]);
    let mut ask = |method: &str, params: Value| {
        server.ask(&json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }))["result"].clone()
    };
    let tools = ask("tools/list", json!({}));
    let mut names: Vec<&str> = tools["tools"]
        .as_array()
        .expect("tools")
        .iter()
        .filter_map(|tool| tool["name"].as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["fetch", "procedure", "runbook_for_alert", "search"], "each is asked below");
    let mut calls: Vec<(&str, Value)> = Vec::new();
    for query in ["run", "look", "shared", "text", "expect", "ops"] {
        calls.push(("search", json!({ "query": query })));
    }
    for id in [
        "", "run", "run#at", "run#alerts", "run#escalation", "b", "notes.txt", "alerts",
        "owners/ops",
    ] {
        calls.push(("fetch", json!({ "id": id })));
        calls.push(("procedure", json!({ "id": id })));
    }
    for name in alerts.iter().map(String::as_str).chain(["Slow", "Disk", "Nothing"]) {
        calls.push(("runbook_for_alert", json!({ "alert": name })));
    }
    let resources = ask("resources/list", json!({}));
    let mut sent = vec![
        ("tools/list".to_owned(), tools.to_string()),
        ("resources/list".to_owned(), resources.to_string()),
    ];
    for resource in resources["resources"].as_array().expect("resources") {
        let read = ask("resources/read", json!({ "uri": resource["uri"] }));
        sent.push(("resources/read".to_owned(), read.to_string()));
    }
    for (tool, arguments) in calls {
        // What was asked for may come back in an answer that names it.
        let asked = arguments["alert"].as_str().unwrap_or_default().to_owned();
        let answer = ask("tools/call", json!({ "name": tool, "arguments": arguments }));
        let answer = answer.to_string();
        sent.push((
            tool.to_owned(),
            if asked.is_empty() { answer } else { answer.replace(&asked, "") },
        ));
    }
    server.end();
    sent
}

#[test]
fn nothing_that_hosts_or_agents_send_holds_a_secret_that_was_not_reported() {
    let (site, planted) = planted_folder(Draw(47));
    // A skill of so many lines has several files, and is sent as an archive.
    let page = site.path().join("content/run.md");
    let text = std::fs::read_to_string(&page).expect("the page");
    std::fs::write(&page, text + &"Look on.\n\n".repeat(300)).expect("the page");
    let place = SiteRoot::of_site(site.path()).expect("the folder is there");
    let sources = load(&place).expect("the folder can be read");
    let findings = build_sources(&sources, &options()).findings;
    let mut reported: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for found in findings
        .iter()
        .map(|found| &found.diagnostic)
        .filter(|found| found.rule == Rule::SecretInPage)
    {
        let text =
            std::fs::read_to_string(site.path().join(found.at.path.as_str())).expect("a file");
        reported
            .entry(found.at.path.to_string())
            .or_default()
            .push(text[found.at.range.clone()].to_owned());
    }
    let mut sent = answered(site.path(), &planted["content/run.md"]);
    sent.extend(hosted(site.path()));
    let mut holding: BTreeMap<String, usize> = BTreeMap::new();
    for (file, secrets) in &planted {
        let told = reported.get(file).map_or(&[][..], Vec::as_slice);
        for secret in secrets {
            let tail = &secret[secret.len() - 12..];
            let is_one = |found: &String| secret.contains(found.as_str()) || found.contains(tail);
            // What is shown of a rule is reported once a rule, at its name.
            let is_told = told.iter().any(|found| is_one(found) || file.starts_with("rules/"));
            for (place, _) in sent.iter().filter(|(_, text)| text.contains(tail)) {
                assert!(is_told, "{file} {secret}: {place}");
                assert!(!file.ends_with("/_t.md"), "nothing of a template is sent: {place}");
                let kind = place.rsplit('.').next().unwrap_or_default();
                *holding.entry(kind.to_owned()).or_default() += 1;
            }
        }
    }
    for kind in [
        "gz", "br", "zip", "html", "fetch", "procedure", "search", "runbook_for_alert",
        "resources/read",
    ] {
        assert!(holding.contains_key(kind), "{kind} of {holding:?}");
    }
}

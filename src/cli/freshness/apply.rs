//! Issues on due reviews, kept through the programming interface of GitHub: one an owner, known by a comment in it.
//!
//! Requests: "REST API endpoints for issues" in the documentation of GitHub, version 2022-11-28.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::deploy::bucket::wire::{Sent, Wire};

use super::digest::Issue;

/// How many issues come in one answer, and how many answers are asked for.
const PAGE: usize = 100;
const MOST_PAGES: usize = 50;

/// Where issues are kept.
pub(super) struct Tracker {
    wire: Wire,
    /// The address of the repository's issues.
    issues: String,
    token: String,
}

impl Tracker {
    /// The issues of a repository, `ORGANIZATION/NAME`, or of the one of the job that runs.
    pub(super) fn of(repository: Option<&str>) -> anyhow::Result<Tracker> {
        let token = variable("GITHUB_TOKEN").or_else(|| variable("GH_TOKEN"));
        let token = token.context("no token: set GITHUB_TOKEN or GH_TOKEN")?;
        let named = repository.and_then(|address| address.strip_prefix("https://github.com/"));
        let repository = variable("GITHUB_REPOSITORY").or_else(|| named.map(str::to_owned));
        let repository = repository
            .context("which repository? set GITHUB_REPOSITORY, or `repository` in site.toml to one on GitHub")?;
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
        ensure!(repository.chars().all(is_plain), "`{repository}` is no repository of GitHub");
        let api = variable("GITHUB_API_URL");
        let api = api.unwrap_or_else(|| "https://api.github.com".to_owned());
        let issues = format!("{}/repos/{repository}/issues", api.trim_end_matches('/'));
        let wire = Wire::new().map_err(|fault| anyhow::anyhow!(fault.message))?;
        Ok(Tracker { wire, issues, token })
    }

    /// Opens, edits or closes the issue of each owner; returns what was done, a line each.
    pub(super) fn keep(&self, issues: &[Issue]) -> anyhow::Result<Vec<String>> {
        let open = self.open()?;
        let mut done = Vec::new();
        for issue in issues {
            let begins = |held: &&Value| {
                held["body"].as_str().is_some_and(|body| body.starts_with(&issue.mark()))
            };
            let held = open.iter().find(begins);
            let number = held.and_then(|held| held["number"].as_u64());
            let state = if issue.is_due { "open" } else { "closed" };
            let text = json!({ "title": issue.title, "body": issue.body, "state": state });
            match (number, issue.is_due) {
                (Some(number), _) => {
                    let is_same = held.is_some_and(|held| {
                        issue.is_due
                            && held["title"] == text["title"]
                            && held["body"] == text["body"]
                    });
                    if !is_same {
                        self.ask("PATCH", &format!("{}/{number}", self.issues), &text)?;
                        let verb = if issue.is_due { "edited" } else { "closed" };
                        done.push(format!("{verb} #{number}: {}", issue.title));
                    }
                }
                (None, true) => {
                    let text = json!({ "title": issue.title, "body": issue.body });
                    let made = self.ask("POST", &self.issues, &text)?;
                    done.push(format!("opened #{}: {}", made["number"], issue.title));
                }
                (None, false) => {}
            }
        }
        Ok(done)
    }

    /// All open issues.
    fn open(&self) -> anyhow::Result<Vec<Value>> {
        let mut open = Vec::new();
        for page in 1..=MOST_PAGES {
            let address = format!("{}?state=open&per_page={PAGE}&page={page}", self.issues);
            let answer = self.ask("GET", &address, &Value::Null)?;
            let found = answer.as_array().cloned().unwrap_or_default();
            let is_last = found.len() < PAGE;
            open.extend(found);
            if is_last {
                break;
            }
        }
        Ok(open)
    }

    fn ask(&self, method: &'static str, address: &str, body: &Value) -> anyhow::Result<Value> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let sent = Sent {
            method,
            address,
            content_type: "application/json",
            body: &body,
            // Asked twice, an issue would be opened twice.
            is_repeatable: method != "POST",
        };
        let answer = self.wire.send(sent, |request| {
            let token = format!("Bearer {}", self.token);
            for (name, value) in [
                ("authorization", token.as_str()),
                ("accept", "application/vnd.github+json"),
                ("user-agent", "guidepost"),
                ("x-github-api-version", "2022-11-28"),
            ] {
                let value = value.parse().map_err(|_| "the token is none")?;
                request.headers_mut().insert(name, value);
            }
            Ok(())
        });
        let answer = answer.map_err(|fault| {
            anyhow::anyhow!("cannot keep the issues of GitHub: {}", fault.message)
        })?;
        serde_json::from_slice(&answer).context("GitHub's answer is no JSON")
    }
}

/// A variable of the environment that is not empty.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

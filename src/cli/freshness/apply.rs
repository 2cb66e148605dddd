//! Issues on due reviews, kept through the programming interface of GitHub or GitLab: one an owner, known by a comment
//! in it.
//!
//! Requests: "REST API endpoints for issues" in the documentation of GitHub, version 2022-11-28, and "Issues API" in
//! that of GitLab, version 4.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::deploy::bucket::wire::{Sent, Wire};

use super::digest::{Forge, Issue};

/// How many issues come in one answer, and how many answers are asked for.
const PAGE: usize = 100;
const MOST_PAGES: usize = 50;

/// What a forge calls the parts of an issue, and how it is asked.
struct IssueFields {
    /// What it is called.
    name: &'static str,
    /// The field of the number by which an issue is known in its repository.
    number: &'static str,
    /// The field of the text.
    body: &'static str,
    /// How the open ones are asked for.
    open: &'static str,
    /// The field that closes an issue, and its value.
    closing: (&'static str, &'static str),
    /// The method that edits.
    edit: &'static str,
}

const GITHUB: IssueFields = IssueFields {
    name: "GitHub",
    number: "number",
    body: "body",
    open: "open",
    closing: ("state", "closed"),
    edit: "PATCH",
};

const GITLAB: IssueFields = IssueFields {
    name: "GitLab",
    number: "iid",
    body: "description",
    open: "opened",
    closing: ("state_event", "close"),
    edit: "PUT",
};

/// Where issues are kept.
pub(super) struct Tracker {
    wire: Wire,
    forge: Forge,
    fields: &'static IssueFields,
    /// The address of the repository's issues.
    issues: String,
    token: String,
}

impl Tracker {
    /// The issues of a repository, given by its address, or of the one of the job that runs.
    pub(super) fn of(forge: Forge, repository: Option<&str>) -> anyhow::Result<Tracker> {
        let (fields, (issues, token)) = match forge {
            Forge::GitHub => (&GITHUB, github(repository)?),
            Forge::GitLab => (&GITLAB, gitlab(repository)?),
        };
        let wire = Wire::new().map_err(|fault| anyhow::anyhow!(fault.message))?;
        Ok(Tracker { wire, forge, fields, issues, token })
    }

    /// Opens, edits or closes the issue of each owner; returns what was done, a line each.
    pub(super) fn keep(&self, issues: &[Issue]) -> anyhow::Result<Vec<String>> {
        let open = self.open()?;
        let fields = self.fields;
        let mut done = Vec::new();
        for issue in issues {
            let begins = |held: &&Value| {
                held[fields.body].as_str().is_some_and(|body| body.starts_with(&issue.mark()))
            };
            let held = open.iter().find(begins);
            let number = held.and_then(|held| held[fields.number].as_u64());
            let mut text = json!({ "title": issue.title, fields.body: issue.body });
            match (number, issue.is_due) {
                (Some(number), _) => {
                    let is_same = held.is_some_and(|held| {
                        issue.is_due
                            && held["title"] == text["title"]
                            && held[fields.body] == text[fields.body]
                    });
                    if !is_same {
                        if !issue.is_due {
                            text[fields.closing.0] = fields.closing.1.into();
                        }
                        self.ask(fields.edit, &format!("{}/{number}", self.issues), &text)?;
                        let verb = if issue.is_due { "edited" } else { "closed" };
                        done.push(format!("{verb} #{number}: {}", issue.title));
                    }
                }
                (None, true) => {
                    let created = self.ask("POST", &self.issues, &text)?;
                    done.push(format!("opened #{}: {}", created[fields.number], issue.title));
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
            let address =
                format!("{}?state={}&per_page={PAGE}&page={page}", self.issues, self.fields.open);
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
        let name = self.fields.name;
        let answer = self.wire.send(sent, |request| {
            let bearer = format!("Bearer {}", self.token);
            let headers: &[(&'static str, &str)] = match self.forge {
                Forge::GitHub => &[
                    ("authorization", &bearer),
                    ("accept", "application/vnd.github+json"),
                    ("x-github-api-version", "2022-11-28"),
                ],
                Forge::GitLab => &[("private-token", &self.token)],
            };
            for (name, value) in [&[("user-agent", "guidepost")], headers].concat() {
                let value = value.parse().map_err(|_| "the token is none")?;
                request.headers_mut().insert(name, value);
            }
            Ok(())
        });
        let answer = answer.map_err(|fault| {
            anyhow::anyhow!("cannot keep the issues of {name}: {}", fault.message)
        })?;
        serde_json::from_slice(&answer).with_context(|| format!("{name}'s answer is no JSON"))
    }
}

/// Where the issues of a repository of GitHub are, and the token for them.
fn github(repository: Option<&str>) -> anyhow::Result<(String, String)> {
    let token = variable("GITHUB_TOKEN").or_else(|| variable("GH_TOKEN"));
    let token = token.context("no token: set GITHUB_TOKEN or GH_TOKEN")?;
    let named = repository.and_then(|address| address.strip_prefix("https://github.com/"));
    let repository = variable("GITHUB_REPOSITORY").or_else(|| named.map(str::to_owned));
    let repository = repository.context(
        "which repository? set GITHUB_REPOSITORY, or `repository` in site.toml to one on GitHub",
    )?;
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    ensure!(repository.chars().all(is_plain), "`{repository}` is no repository of GitHub");
    let api = variable("GITHUB_API_URL");
    let api = api.unwrap_or_else(|| "https://api.github.com".to_owned());
    Ok((format!("{}/repos/{repository}/issues", api.trim_end_matches('/')), token))
}

/// Where the issues of a project of GitLab are, and the token for them. That of a job cannot write issues.
fn gitlab(repository: Option<&str>) -> anyhow::Result<(String, String)> {
    let token = variable("GITLAB_TOKEN");
    let token = token.context("no token: set GITLAB_TOKEN to one with the scope `api`")?;
    let named = repository.and_then(|address| {
        let (host, path) = address.strip_prefix("https://")?.split_once('/')?;
        let path = path.trim_end_matches('/').trim_end_matches(".git");
        Some((format!("https://{host}/api/v4"), path.replace('/', "%2F")))
    });
    let (host, path) = named.unzip();
    let project = variable("CI_PROJECT_ID").or(path);
    let project = project.context(
        "which project? set CI_PROJECT_ID, or `repository` in site.toml to one on GitLab",
    )?;
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.%".contains(letter);
    ensure!(project.chars().all(is_plain), "`{project}` is no project of GitLab");
    let api = variable("CI_API_V4_URL").or(host);
    let api = api.unwrap_or_else(|| "https://gitlab.com/api/v4".to_owned());
    Ok((format!("{}/projects/{project}/issues", api.trim_end_matches('/')), token))
}

/// A variable of the environment that is not empty.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

//! Due reviews as messages: for Slack and Teams, as Markdown, and as one issue an owner.
//!
//! Grouped by owner, each page with what it owes, the most urgent first. Where there is nothing to say, a message says
//! so, except that nobody is written to: the list of messages is empty then.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::json;

use crate::hidden::{removed, shown};
use crate::resolve::address::clean;
use crate::text::{push_markdown, single_spaced};

use super::row::ReviewRow;

/// The pages that want a review, by owner.
pub(super) struct Digest<'r> {
    /// The title of the site.
    pub(super) title: &'r str,
    pub(super) groups: Vec<OwnerGroup<'r>>,
    /// How many pages owe reviews at all.
    pub(super) owing: usize,
}

/// The pages of one owner.
pub(super) struct OwnerGroup<'r> {
    /// The key of the owner; empty for pages that nobody owns.
    pub(super) owner: &'r str,
    /// What the owner is called.
    pub(super) name: &'r str,
    /// Those that want a review; an owner whose pages are all reviewed has none.
    pub(super) rows: Vec<&'r ReviewRow>,
}

impl<'r> Digest<'r> {
    /// Groups rows by owner, those with the most urgent page first; `names` says what owners are called.
    pub(super) fn new(
        title: &'r str,
        rows: &'r [ReviewRow],
        names: &'r BTreeMap<&str, Cow<'r, str>>,
    ) -> Digest<'r> {
        let mut groups: Vec<OwnerGroup<'r>> = Vec::new();
        let mut indexes: BTreeMap<&str, usize> = BTreeMap::new();
        for row in rows {
            let owner = row.owner.as_deref().unwrap_or_default();
            let index = *indexes.entry(owner).or_insert(groups.len());
            if index == groups.len() {
                let unknown = if owner.is_empty() { "Nobody" } else { owner };
                let name = names.get(owner).map_or(unknown, |name| &**name);
                groups.push(OwnerGroup { owner, name, rows: Vec::new() });
            }
            if row.wants_review() {
                groups[index].rows.push(row);
            }
        }
        let owing = rows.iter().filter(|row| row.state.owes()).count();
        Digest { title, groups, owing }
    }

    /// The owners who have something to review.
    fn due(&self) -> impl Iterator<Item = &OwnerGroup<'r>> {
        self.groups.iter().filter(|group| !group.rows.is_empty())
    }

    fn headline(&self) -> String {
        let due: usize = self.due().map(|group| group.rows.len()).sum();
        let title = removed(self.title);
        format!("{title}: {due} of {} pages want a review", self.owing)
    }

    /// Markdown with a heading an owner.
    pub(super) fn markdown(&self) -> String {
        let mut text = format!("## {}\n", markdown_text(&self.headline()));
        for group in self.due() {
            text.push_str(&format!("\n### {}\n\n", markdown_text(group.name)));
            group.rows.iter().for_each(|row| text.push_str(&item(row, "- ")));
        }
        text
    }

    /// A message of Slack (Block Kit): at most 50 blocks, and 3,000 characters a section.
    pub(super) fn slack(&self) -> String {
        // Two blocks are left for the headline and what was left out, and some characters for the line that says so.
        const BLOCKS: usize = 48;
        const SECTION: usize = 2900;
        let headline = self.headline();
        let short: String = headline.chars().take(150).collect();
        let mut blocks =
            vec![json!({"type": "header", "text": {"type": "plain_text", "text": short}})];
        let mut left = 0;
        for group in self.due() {
            let mut section = format!("*{}*", slack_text(&clipped(group.name)));
            let mut sections = Vec::new();
            for row in &group.rows {
                let title = slack_text(&clipped(&row.title));
                // No address that works is as long.
                let url = row.url.as_ref().filter(|url| url.len() <= SECTION / 2);
                let page = match url {
                    Some(url) => format!("<{}|{}>", slack_text(url), title.replace('|', "¦")),
                    None => title,
                };
                let line = format!("\n• {page}: {}", slack_text(&row.words()));
                if section.chars().count() + line.chars().count() > SECTION {
                    sections.push(std::mem::take(&mut section));
                }
                section.push_str(&line);
            }
            sections.push(section);
            for text in sections {
                if blocks.len() < BLOCKS {
                    blocks
                        .push(json!({"type": "section", "text": {"type": "mrkdwn", "text": text}}));
                } else {
                    left += text.matches('\n').count();
                }
            }
        }
        if left > 0 {
            let text = format!("{left} more: `guidepost freshness`");
            blocks.push(json!({"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}));
        }
        format!("{:#}\n", json!({"text": headline, "blocks": blocks}))
    }

    /// A message of Microsoft Teams (Adaptive Card 1.4, as its workflows take it): at most 28 KB.
    pub(super) fn teams(&self) -> String {
        // The rest is for what Teams wraps round it.
        const MOST: usize = 24 << 10;
        let block = |text: &str| json!({"type": "TextBlock", "wrap": true, "text": text});
        let mut body = vec![json!({
            "type": "TextBlock", "size": "Large", "weight": "Bolder", "wrap": true,
            "text": markdown_text(&self.headline()),
        })];
        let (mut size, mut left) = (0, 0);
        for group in self.due() {
            let mut text = format!("**{}**\n\n", markdown_text(group.name));
            let mut listed = 0;
            for row in &group.rows {
                let longer = format!("{text}{}", item(row, "- "));
                if size + block(&longer).to_string().len() > MOST {
                    break;
                }
                text = longer;
                listed += 1;
            }
            left += group.rows.len() - listed;
            if listed > 0 {
                let block = block(&text);
                size += block.to_string().len() + 1;
                body.push(block);
            }
        }
        if left > 0 {
            body.push(block(&format!("{left} more: guidepost freshness")));
        }
        let card = json!({
            "type": "AdaptiveCard",
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "version": "1.4",
            "body": body,
        });
        let attachment = json!({
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": card,
        });
        format!("{}\n", json!({"type": "message", "attachments": [attachment]}))
    }

    /// One issue an owner.
    pub(super) fn issues(&self) -> Vec<Issue> {
        let issue = |group: &OwnerGroup<'_>| {
            let key = if group.owner.is_empty() { "nobody" } else { group.owner };
            let marker = format!("guidepost-reviews:{}", clean(key));
            let mut issue = Issue {
                title: format!("Runbook reviews: {}", removed(group.name)),
                body: String::new(),
                is_due: !group.rows.is_empty(),
                marker,
            };
            issue.body = format!("{}\n", issue.mark());
            for (listed, row) in group.rows.iter().enumerate() {
                let item = item(row, "- [ ] ");
                if issue.body.len() + item.len() > LONGEST_ISSUE {
                    let left = group.rows.len() - listed;
                    issue.body.push_str(&format!("\n{left} more: `guidepost freshness`\n"));
                    break;
                }
                issue.body.push_str(&item);
            }
            if group.rows.is_empty() {
                issue.body.push_str("All reviewed.\n");
            }
            issue
        };
        self.groups.iter().map(issue).collect()
    }

    /// A script for the shell that keeps one issue an owner through `gh` or `glab`: opened when something is due, brought
    /// up to date in place, closed when nothing is. A comment in the issue says whose it is.
    pub(super) fn issue_script(&self, forge: Forge) -> String {
        let mut script = String::from(match forge {
            Forge::GitHub => GITHUB_SCRIPT,
            Forge::GitLab => GITLAB_SCRIPT,
        });
        for Issue { marker, title, body, is_due } in self.issues() {
            let state = if is_due { "open" } else { "closed" };
            script.push_str(&format!(
                "\nkeep {state} {} {} <<'{END}'\n{}{END}\n",
                shell_quoted(&marker),
                shell_quoted(&title),
                body.replace(END, "GUIDEPOST")
            ));
        }
        script
    }
}

/// An issue on the reviews of one owner.
pub(super) struct Issue {
    /// What tells whose it is.
    pub(super) marker: String,
    pub(super) title: String,
    /// Markdown that begins with the mark.
    pub(super) body: String,
    /// Whether anything is due, so that it is to be open.
    pub(super) is_due: bool,
}

impl Issue {
    /// The comment that the issue begins with.
    pub(super) fn mark(&self) -> String {
        format!("<!-- {} -->", self.marker)
    }
}

/// What ends the body of an issue in the script.
const END: &str = "GUIDEPOST_END_OF_ISSUE";

/// The longest that an issue is made, in bytes: GitHub takes 65,536 characters.
const LONGEST_ISSUE: usize = 60_000;

/// Where issues are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forge {
    /// GitHub, or GitHub Enterprise.
    GitHub,
    /// GitLab, wherever it runs.
    GitLab,
}

/// Finds the owner's issue by its marker, and opens, edits or closes it.
const GITLAB_SCRIPT: &str = r#"#!/bin/sh
# Keeps one issue an owner with the reviews that are due. Needs `glab`, signed in, in a clone of the repository, and `jq`.
set -eu

keep() {
  body=$(cat)
  number=$(glab api --paginate "projects/:id/issues?state=opened&per_page=100" |
    jq -rs "[.[][] | select(.description // \"\" | startswith(\"<!-- $2 -->\")) | .iid][0] // empty")
  if [ "$1" = closed ]; then
    if [ -n "$number" ]; then
      glab issue update "$number" --description "$body"
      glab issue close "$number"
    fi
  elif [ -n "$number" ]; then
    glab issue update "$number" --title "$3" --description "$body"
  else
    glab issue create --yes --title "$3" --description "$body"
  fi
}
"#;

/// Finds the owner's issue by its marker, and opens, edits or closes it.
const GITHUB_SCRIPT: &str = r#"#!/bin/sh
# Keeps one issue an owner with the reviews that are due. Needs `gh`, signed in, in a clone of the repository.
set -eu

keep() {
  body=$(cat)
  number=$(gh issue list --state open --limit 500 --search "guidepost-reviews in:body" --json number,body \
    --jq "[.[] | select(.body | startswith(\"<!-- $2 -->\")) | .number][0] // empty")
  if [ "$1" = closed ]; then
    if [ -n "$number" ]; then
      printf '%s\n' "$body" | gh issue edit "$number" --body-file -
      gh issue close "$number"
    fi
  elif [ -n "$number" ]; then
    printf '%s\n' "$body" | gh issue edit "$number" --title "$3" --body-file -
  else
    printf '%s\n' "$body" | gh issue create --title "$3" --body-file -
  fi
}
"#;

/// A page in a list of Markdown.
fn item(row: &ReviewRow, mark: &str) -> String {
    let title = markdown_text(&row.title);
    let page = match &row.url {
        Some(url) => format!("[{title}]({url})"),
        None => title,
    };
    format!(
        "{mark}{page} (`{}`): {}\n",
        shown(&row.file).replace('`', "'"),
        markdown_text(&row.words())
    )
}

/// A text of which nothing is markup or hidden, and that calls nobody.
fn markdown_text(text: &str) -> String {
    let mut out = String::new();
    push_markdown(&mut out, &single_spaced(&removed(text)));
    out
}

/// A name, or as much of it as a list has room for.
fn clipped(name: &str) -> String {
    const MOST: usize = 200;
    match name.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// What Slack asks to be escaped, so that no name calls a channel, and nothing hidden.
fn slack_text(text: &str) -> String {
    removed(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', " ")
}

fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::collections::BTreeMap;

    use super::super::row::ReviewRow;
    use super::{Digest, Forge};
    use crate::freshness::State;

    fn row(state: State, owner: &str, title: &str) -> ReviewRow {
        ReviewRow {
            state,
            due: Some("2026-08-01".to_owned()),
            due_soon_from: None,
            days_left: Some(-19),
            last_reviewed_on: None,
            dated: None,
            date_only: None,
            dated_together: None,
            reviewed_by_author: None,
            owner: Some(owner.to_owned()).filter(|owner| !owner.is_empty()),
            title: title.to_owned(),
            file: format!("content/{}.md", title.to_lowercase()),
            url: Some(format!("https://r.example.org/{}/", title.to_lowercase())),
            fired: None,
        }
    }

    fn names() -> BTreeMap<&'static str, Cow<'static, str>> {
        BTreeMap::from([("devops", Cow::Borrowed("Dev & Ops"))])
    }

    #[test]
    fn owners_come_by_their_most_urgent_page_and_only_with_what_is_due() {
        let rows = [
            row(State::Overdue, "sre", "A"),
            row(State::DueSoon, "devops", "B"),
            row(State::Fresh, "sre", "C"),
            row(State::Fresh, "ml", "D"),
        ];
        let names = names();
        let digest = Digest::new("Site", &rows, &names);
        let text = digest.markdown();
        assert_eq!(
            text,
            "## Site: 2 of 4 pages want a review\n\n### sre\n\n- [A](https://r.example.org/a/) \
             (`content/a.md`): overdue since 2026-08-01, 19 days\n\n### Dev & Ops\n\n\
             - [B](https://r.example.org/b/) (`content/b.md`): due on 2026-08-01\n"
        );
    }

    #[test]
    fn messages_stay_within_the_limits_of_their_readers_however_much_is_due() {
        let mut rows = Vec::new();
        for owner in 0..70 {
            for page in 0..if owner == 0 { 400 } else { 3 } {
                rows.push(row(
                    State::Overdue,
                    &format!("team-{owner}"),
                    &format!("<!here> {page}|x"),
                ));
            }
        }
        rows.push(row(State::Overdue, "long", &"&".repeat(4000)));
        let names = names();
        let digest = Digest::new("Site", &rows, &names);
        let slack: serde_json::Value = serde_json::from_str(&digest.slack()).unwrap();
        let blocks = slack["blocks"].as_array().unwrap();
        assert!(blocks.len() <= 50);
        for block in blocks {
            let text = block["text"]["text"].as_str().unwrap_or_default();
            assert!(text.chars().count() <= 3000 && !text.contains("<!"), "{text}");
        }
        let last = blocks.last().unwrap()["elements"][0]["text"].as_str().unwrap();
        let shown: usize = blocks
            .iter()
            .filter_map(|it| it["text"]["text"].as_str())
            .map(|it| it.matches('•').count())
            .sum();
        assert_eq!(last, format!("{} more: `guidepost freshness`", rows.len() - shown));
        let teams = digest.teams();
        assert!(teams.len() <= 28 << 10, "{}", teams.len());
        let left = rows.len() - teams.matches("overdue since").count();
        assert!(left > 0 && teams.contains(&format!("{left} more: guidepost freshness")));
        let many: Vec<ReviewRow> = (0..900)
            .map(|page| row(State::Overdue, "team", &format!("{page} {}", "long ".repeat(10))))
            .collect();
        let issue = &Digest::new("Site", &many, &names).issues()[0];
        assert!(issue.body.len() < 65_536, "{}", issue.body.len());
        let left = many.len() - issue.body.matches("- [ ] ").count();
        assert!(
            left > 0 && issue.body.ends_with(&format!("\n{left} more: `guidepost freshness`\n"))
        );
    }

    #[test]
    fn an_issue_is_kept_for_each_owner_and_closed_when_nothing_is_due() {
        let rows = [
            row(State::Overdue, "it's", "A"),
            row(State::Overdue, "", "B"),
            row(State::Fresh, "devops", "C"),
        ];
        let names = names();
        let script = Digest::new("Site", &rows, &names).issue_script(Forge::GitHub);
        for expected in [
            "keep open 'guidepost-reviews:it-s' 'Runbook reviews: it'\\''s' <<'GUIDEPOST_END_OF_ISSUE'\n<!-- guidepost-reviews:it-s -->\n- [ ] [A]",
            "keep open 'guidepost-reviews:nobody' 'Runbook reviews: Nobody'",
            "keep closed 'guidepost-reviews:devops' 'Runbook reviews: Dev & Ops'",
        ] {
            assert!(script.contains(expected), "{expected} in {script}");
        }
        let other = Digest::new("Site", &rows, &names).issue_script(Forge::GitLab);
        let calls = |script: &str| script.split_once("\n\nkeep open").map(|it| it.1.to_owned());
        assert_eq!(calls(&script), calls(&other), "only how one is kept differs");
        assert!(other.contains("glab issue create") && !other.contains("gh issue"), "{other}");
    }
}

//! The skill that leads to all others, for sites with more skills than agents keep in mind: from the name of an alert to
//! the runbook, which it holds itself as far as there is room, those that are needed most first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::resolve::Address;

use super::super::context::Context;
use super::super::facts::PageFacts;
use super::super::linked::{LinkedText, code, plain};
use super::describe::{SkillHead, cut, line, listed};
use super::written::{Skill, SkillRow, written};

/// How many rows a list has before it goes on in another file.
const ROWS: usize = 300;

/// How many bytes of runbooks it holds; with its lists it stays below what agents accept, 6,291,456.
const BYTES: usize = 5 << 20;

/// The whole text of a runbook, as it stands in `references/NAME.md`.
pub(super) fn text(context: &Context, facts: &PageFacts<'_>, text: &LinkedText) -> String {
    let own = facts.page.address.markdown();
    text.fill(|to: &Address, suffix: &str| {
        let is_here = *to == own && suffix.starts_with('#');
        match context.routed_as(to) {
            Some(name) if !is_here && context.site().config.base_url.is_none() => {
                format!("{name}.md")
            }
            _ => context.link_of_skill(to, suffix, &own, "../../"),
        }
    })
}

/// All that it is made of: the rows of all skills, in the order of the pages.
pub(in crate::programs) type RouterInput = (crate::memo::Kept<Context>, Vec<Arc<SkillRow>>);

/// Writes it; nothing where the site has few skills.
pub(in crate::programs) fn router((context, rows): &RouterInput) -> Option<Skill> {
    let name = context.router.as_ref()?;
    let by_name: BTreeMap<&str, &Arc<SkillRow>> =
        rows.iter().map(|row| (row.name.as_str(), row)).collect();
    let mut texts = vec![("SKILL.md".to_owned(), String::new())];
    let mut inside: BTreeSet<&str> = BTreeSet::new();
    let mut left = BYTES;
    for id in &context.routed_first {
        let row = context.skills.get(id).and_then(|name| by_name.get(name.as_str()));
        let Some((row, text)) = row.and_then(|row| Some((row, row.routed.as_ref()?))) else {
            continue;
        };
        if text.len() <= left {
            left -= text.len();
            inside.insert(&row.name);
            texts.push((format!("references/{}.md", row.name), text.clone()));
        }
    }
    let place = |name: &str| {
        if inside.contains(name) {
            format!("references/{name}.md")
        } else {
            format!("../{name}/SKILL.md")
        }
    };
    let alerts = alerts(context, &place);
    let runbooks = rows.iter().map(|row| {
        format!(
            "- [{}]({}): {}\n",
            plain(&row.title),
            place(&row.name),
            plain(&cut(&row.description, 160))
        )
    });
    let runbooks: Vec<String> = runbooks.collect();
    let title = line(&context.site().config.title);
    let mut body = format!(
        "# {}\n\nFind the runbook here, then read its file whole before you act.\n\n1. When an alert fired, look for its exact name \
         below or in the lists, then for a pattern (`*` stands for any text) that it fits.\n2. Else look for the \
         runbook by its title.\n3. If several fit equally, show them to a person. If none fits, say so; do not make one up.\n\n\
         A command's class is read, change, destroy or unknown: ask a person before you run one that is not read. Say so \
         when a runbook's review is overdue. Sample output is an example.\n",
        plain(&title)
    );
    list(&mut body, &mut texts, "alerts", "Alerts", &alerts);
    list(&mut body, &mut texts, "runbooks", "Runbooks", &runbooks);
    texts[0].1 = body;
    let head = SkillHead {
        name: name.clone(),
        description: description(context, &title),
        metadata: vec![
            ("runbook-count", rows.len().to_string()),
            ("runbook-alert-count", alerts.len().to_string()),
        ],
    };
    Some(written(&head, &title, texts, None))
}

fn description(context: &Context, title: &str) -> String {
    let title = cut(title, 200);
    let begin = format!(
        "Use when any alert fires, an incident is open, or a question is about running what {title} covers: leads from \
         the name of an alert, a message or a topic to the one runbook to follow. Not for writing code or for systems that it does not \
         list."
    );
    let names = listed(context.input.alerts.keys().map(String::as_str), 500);
    let out = if names.is_empty() { begin } else { format!("{begin} Alerts: {names}.") };
    cut(&line(&out), 1024)
}

/// A row for each alert that a skill answers.
fn alerts(context: &Context, place: &impl Fn(&str) -> String) -> Vec<String> {
    let mut rows = Vec::new();
    for (name, claims) in context.input.alerts.iter() {
        for claim in claims {
            let Some(skill) = context.skills.get(&claim.page) else { continue };
            let page = context.site().page(claim.page);
            let mut headings = page.document.headings.iter();
            let section = headings.find(|heading| Some(&heading.anchor) == claim.anchor.as_ref());
            let section = section.map_or_else(String::new, |heading| {
                format!(", section {}", plain(&heading.full_text()))
            });
            rows.push(format!(
                "- {}: [{}]({}){section}\n",
                code(name),
                plain(&page.title),
                place(skill)
            ));
        }
    }
    rows
}

/// A list where it is short, else the files that hold it.
fn list(
    body: &mut String,
    texts: &mut Vec<(String, String)>,
    file: &str,
    title: &str,
    rows: &[String],
) {
    // So many lines are read as fast as the address of a list.
    const INLINE: usize = 60;
    if rows.is_empty() {
        return;
    }
    body.push_str(&format!("\n## {title}\n\n"));
    if rows.len() <= INLINE {
        body.push_str(&rows.concat());
        return;
    }
    for (place, part) in rows.chunks(ROWS).enumerate() {
        let path = format!("references/{file}-list-{}.md", place + 1);
        let first = part[0].trim_start_matches("- ").split(": ").next().unwrap_or_default();
        let first = first.split("](").next().unwrap_or_default().trim_start_matches('[');
        body.push_str(&format!("- [{title}, list {}]({path}), from {first}\n", place + 1));
        // The list stands beside the runbooks that it names.
        let part = part.concat().replace("](references/", "](").replace("](../", "](../../");
        texts.push((path, format!("# {title}, list {}\n\n{part}", place + 1)));
    }
}

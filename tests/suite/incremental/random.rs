//! Edits of the kinds that people make, in an order that looks random and is the same in every run.

use std::sync::Arc;

use guidepost::files::{FilePath, Files};
use guidepost::history::{Commits, History, Reviewed};

use crate::support::Numbers;

use super::start::{State, pages, path, text};

fn pick<'a>(dice: &mut Numbers, from: &'a [FilePath]) -> &'a FilePath {
    &from[dice.below(from.len())]
}

/// One edit of the kinds that people make; returns what it was.
pub(super) fn edit(state: &mut State, dice: &mut Numbers, number: usize) -> String {
    match dice.below(8) {
        0 => edit_rules(&mut state.files, dice, number),
        6 => edit_theme(&mut state.files, dice, number),
        7 => edit_owners_and_dates(state, dice, number),
        1 => edit_history(state, dice),
        2 => edit_settings(state, dice, number),
        _ => edit_page(&mut state.files, dice, number),
    }
}

/// An edit of an alert source or of CODEOWNERS.
fn edit_rules(files: &mut Files, dice: &mut Numbers, number: usize) -> String {
    let (rules, alarms, owners) =
        (path("rules/queue.yaml"), path("infra/alarms.tf"), path(".github/CODEOWNERS"));
    let old = files.text(&rules).unwrap_or_default().to_owned();
    let (what, file, new) = match dice.below(10) {
        8 => ("duration", rules, old.replacen("for: 5m", &format!("for: {number}m"), 1)),
        9 => {
            files.remove(&rules);
            (
                "moved rules",
                path(&format!("rules/deeper/{}.yaml", number % 2)),
                old.replacen("disk > 90", &format!("disk > {number}"), 1),
            )
        }
        0 => ("severity", rules, old.replacen("critical", &format!("sev{number}"), 1)),
        1 => ("new rule", rules, format!("{old}  - alert: New{number}\n    expr: up == 0\n")),
        2 => ("renamed rule", rules, old.replacen("alert: One", &format!("alert: N{number}"), 1)),
        3 => ("link", rules, old.replacen("#nowhere", &format!("#gone-{number}"), 1)),
        4 => ("broken rules", rules, format!("{old}\n: [")),
        5 => {
            let old = files.text(&alarms).unwrap_or_default();
            let new = old.replacen("threshold         = ", "threshold         = 1", 1);
            ("threshold", alarms, new)
        }
        6 => {
            let new = format!("* @org/devops\n/content/named/ @org/team-{number}\n");
            ("owners of code", owners, new)
        }
        _ => {
            let gone = [rules, alarms, owners][dice.below(3)].clone();
            files.remove(&gone);
            return format!("delete {gone}");
        }
    };
    files.insert(file.clone(), new.into_bytes());
    format!("{what} of {file}")
}

/// A template of the theme or one of its files; a broken one keeps the site from being built until it is gone.
fn edit_theme(files: &mut Files, dice: &mut Numbers, number: usize) -> String {
    let template = ["alerts.html", "navigation.html", "page.html", "redirect.html"][dice.below(4)];
    let place = path(&format!("theme/templates/{template}"));
    let own = std::fs::read_to_string(format!("theme/templates/{template}"));
    let own = own.expect("the default theme has it");
    let (what, new) = match dice.below(6) {
        0 => ("broken template", format!("{own}{{% if")),
        1 => {
            let script = path("theme/static/site.js");
            files.insert(script, format!("// {number}\n").into_bytes());
            return "script of the theme".to_owned();
        }
        2 | 3 => {
            let overrides = files.iter().map(|(path, _)| path);
            let overrides: Vec<FilePath> =
                overrides.filter(|path| path.under("theme").is_some()).cloned().collect();
            for gone in &overrides {
                files.remove(gone);
            }
            return format!("the default theme instead of {overrides:?}");
        }
        _ => ("template", format!("{own}<!-- {number} -->\n")),
    };
    files.insert(place, new.into_bytes());
    format!("{what} {template}")
}

/// Who owns what and how to reach them, and the days that reviews count from.
fn edit_owners_and_dates(state: &mut State, dice: &mut Numbers, number: usize) -> String {
    let files = &mut state.files;
    let site = path("site.toml");
    let settings = text(files, &site);
    let pages = pages(files);
    let page = pick(dice, &pages).clone();
    let old = text(files, &page);
    let with_key = |key: String| match old.strip_prefix("---\n") {
        Some(rest) => format!("---\n{key}\n{rest}"),
        None => format!("---\n{key}\n---\n{old}"),
    };
    let (what, file, new) = match dice.below(10) {
        0 => ("chat", site, settings.replacen("name = \"SRE\"", &chat(number), 1)),
        1 => ("new owner", site, format!("{settings}\n[owners.team-{number}]\nname = \"T\"\n")),
        2 => ("owner of a page", page, with_key(format!("owner: team-{number}"))),
        3 => ("owner nobody knows", page, old.replacen("owner: sre", "owner: nobody", 1)),
        4 => ("day", page, with_key(format!("date: 2026-0{}-01", 1 + number % 9))),
        5 => ("due day", page, with_key(format!("review_by: 2026-1{}-20", number % 3))),
        6 => {
            let on = format!("reviews: [{{on: 2026-0{}-09, by: Ada, how: drill}}]", 1 + number % 9);
            ("recorded review", page, with_key(on))
        }
        7 => ("exemption", page, with_key("evergreen: true".to_owned())),
        8 => {
            let soon = format!("{settings}\n[freshness]\ndue_soon = \"{} days\"\n", 1 + number);
            ("interval", site, soon)
        }
        _ => {
            let days = i64::try_from(dice.below(90)).expect("a few days");
            let earlier = state.options.today.checked_sub(jiff::Span::new().days(days));
            state.options.today = earlier.expect("a day");
            return "an earlier day".to_owned();
        }
    };
    files.insert(file.clone(), new.into_bytes());
    format!("{what} in {file}")
}

fn chat(number: usize) -> String {
    format!("name = \"SRE\"\nchat = \"#room-{number}\"\nescalation = \"Call {number}\"")
}

/// A commit, or a repository that came or went.
fn edit_history(state: &mut State, dice: &mut Numbers) -> String {
    let mut commits = match &*state.history {
        History::Known(commits) => commits.clone(),
        History::Unknown { .. } => Commits::default(),
    };
    let page = pick(dice, &pages(&state.files)).to_string();
    let what = match dice.below(4) {
        0 => {
            state.history = Arc::new(History::without("a shallow clone"));
            return "history unknown".to_owned();
        }
        1 => {
            let reviewed = Reviewed {
                date_only: dice.below(2) == 0,
                together: dice.below(12),
                by_author: (dice.below(2) == 0).then(|| dice.below(2) == 0),
            };
            commits.reviewed.insert(page.clone(), reviewed);
            format!("review of {page} committed")
        }
        2 => {
            commits.newest.insert(page.clone(), state.options.today);
            format!("{page} committed")
        }
        _ => {
            commits.newest.insert("infra/alarms.tf".to_owned(), state.options.today);
            "infra/alarms.tf committed".to_owned()
        }
    };
    state.history = Arc::new(History::Known(commits));
    what
}

/// An edit of site.toml, a template, the theme or the day.
fn edit_settings(state: &mut State, dice: &mut Numbers, number: usize) -> String {
    let files = &mut state.files;
    match dice.below(4) {
        0 => {
            let css = path("theme/static/site.css");
            let style = format!("body {{ margin: {number}px }}");
            files.insert(css, style.into_bytes());
            "theme".to_owned()
        }
        1 => {
            let site = path("site.toml");
            let old = text(files, &site);
            let new = match dice.below(5) {
                3 => format!("{old}\n[alerts.aliases]\nFormer{number} = \"OneErrors\"\n"),
                4 => old.replacen("\"rules/*.yaml\"", "\"rules/**\"", 1),
                0 => old.replacen("title = \"", &format!("title = \"{number} "), 1),
                1 => old.replacen("name = \"", &format!("name = \"{number} "), 1),
                _ => old.replacen(", \"infra/*.tf\"", "", 1),
            };
            files.insert(site, new.into_bytes());
            "site.toml".to_owned()
        }
        2 => {
            let template = path("content/_templates/agent.md");
            let old = files.text(&template).unwrap_or_default();
            let (what, new) = match dice.below(5) {
                0 => ("slot", format!("{old}\nAsk `<TEAM_{number}>` first.\n")),
                1 => ("guidance", old.replacen("Say what", &format!("In {number} words, what"), 1)),
                2 => ("optional section", old.replacen("## Alerts", "## Alerts (if any)", 1)),
                3 => {
                    files.remove(&template);
                    return "no template".to_owned();
                }
                _ => ("section", format!("{old}\n## Section {number}\n\nSay more.\n")),
            };
            files.insert(template, new.into_bytes());
            format!("{what} of the template")
        }
        _ => {
            let days = i64::try_from(dice.below(90)).expect("a few days");
            let later = state.options.today.checked_add(jiff::Span::new().days(days));
            state.options.today = later.expect("a day");
            "another day".to_owned()
        }
    }
}

/// An edit of a page, or a page that comes, goes or moves.
fn edit_page(files: &mut Files, dice: &mut Numbers, number: usize) -> String {
    let pages = pages(files);
    let page = pick(dice, &pages).clone();
    let old = text(files, &page);
    let (what, new) = match dice.below(22) {
        12.. => rare(files, dice, number, &old),
        0 => ("prose", format!("{old}\nOnly words, {number}.\n")),
        1 => (
            "link",
            format!("{old}\n[see](/{})\n", pick(dice, &pages).under("content").expect("a page")),
        ),
        2 => ("broken link", format!("{old}\nSee [gone](gone{number}.md) and [[two#nowhere]].\n")),
        3 => ("title", old.replace("title: ", &format!("title: N{number} "))),
        4 => ("heading", old.replace("## Overview", &format!("## Overview {number}"))),
        5 => ("owner", old.replace("owner: devops", "owner: sre")),
        6 => ("review", old.replace("last_reviewed_on: 2026", "last_reviewed_on: 2025")),
        7 => ("alert", old.replace("[OneErrors]", &format!("[OneErrors, More{number}]"))),
        8 => ("broken front matter", old.replacen("title: ", "title: [", 1)),
        9 => {
            let name = format!("content/agents/new-{number}.md");
            files.insert(
                path(&name),
                format!("---\nagent: a{number}\nupstream: [one]\n---\n# N\n").into_bytes(),
            );
            return format!("new page {name}");
        }
        10 | 11 if pages.len() > 4 => {
            let bytes = files.remove(&page).expect("the page is there");
            if dice.below(2) == 0 {
                return format!("delete {page}");
            }
            files.insert(path(&format!("{}/moved-{number}.md", page.folder())), bytes);
            return format!("rename {page}");
        }
        _ => ("nothing", old),
    };
    files.insert(page.clone(), new.into_bytes());
    format!("{what} of {page}")
}

/// An edit that shows in few places.
fn rare(files: &mut Files, dice: &mut Numbers, number: usize, old: &str) -> (&'static str, String) {
    let with_key = |key: &str| match old.strip_prefix("---\n") {
        Some(rest) => format!("---\n{key}\n{rest}"),
        None => format!("---\n{key}\n---\n{old}"),
    };
    let mut other = |name: &str, text: String| {
        files.insert(path(name), text.into_bytes());
    };
    match dice.below(12) {
        0 => ("alias", with_key(&format!("aliases: [/old-{}/, ./image.svg]", dice.below(3)))),
        1 => ("draft", with_key("draft: true")),
        2 => ("summary", with_key(&format!("summary: Says {number}"))),
        3 => ("heir", with_key("superseded_by: two")),
        4 => ("status", with_key("status: Deprecated")),
        5 => ("claimed alert", old.replace("`TwoErrors`", &format!("`Two{number}Errors`"))),
        6 => ("anchor", format!("{old}\n<a id=\"nowhere\"></a>\n")),
        7 => ("moved text", old.replacen("\n# ", "\n<p>Before.</p>\n\n# ", 1)),
        8 => (
            "silence",
            format!("{old}\n<!-- guidepost: allow broken-link until 2026-12-0{} -->\n", number % 9),
        ),
        9 => {
            other("content/image.svg", format!("<svg><!-- {number} --></svg>"));
            other(&format!("content/{}.svg", number % 3), "<svg/>".to_owned());
            ("asset beside the prose", format!("{old}\n![]({}.svg)\n", number % 5))
        }
        10 => {
            let rule =
                format!("groups: [{{rules: [{{alert: OneErrors}}, {{alert: R{number}}}]}}]\n");
            other("content/_rules/rules.yaml", rule);
            ("rules beside the prose", format!("{old}\nA rule, {number}.\n"))
        }
        _ => {
            other(".github/CODEOWNERS", format!("content/ @team-{number}\n"));
            ("owners beside the prose", format!("{old}\nAn owner, {number}.\n"))
        }
    }
}

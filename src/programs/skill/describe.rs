//! What is said of a skill before it is read: its front matter, which decides whether an agent picks it.
//!
//! Readers of this format split the file at the first two `---` and know strings only, so no value holds one, and each
//! is a quoted string of one line (agentskills.io/specification).

use crate::calendar::long_date;
use crate::freshness::{Schedule, State};
use crate::hidden::removed;
use crate::procedure::{Class, Procedure, procedures};
use crate::text::single_spaced;

use super::super::context::Context;
use super::super::facts::PageFacts;

/// The most characters of a description, by the specification.
const LONGEST: usize = 1024;

/// The most characters of what is known of a page besides its alerts.
const ABOUT: usize = 420;

/// The most characters of a list of names in the metadata.
const LONGEST_LIST: usize = 1000;

/// The front matter of a skill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SkillHead {
    pub(super) name: String,
    pub(super) description: String,
    /// Facts for programs, each by a name that no other tool is likely to use.
    pub(super) metadata: Vec<(&'static str, String)>,
}

impl SkillHead {
    /// The block at the beginning of the file.
    pub(super) fn block(&self) -> String {
        let quoted = |text: &str| serde_json::to_string(text).expect("a text is JSON");
        let mut out = format!(
            "---\nname: {}\ndescription: {}\n",
            quoted(&self.name),
            quoted(&self.description)
        );
        if !self.metadata.is_empty() {
            out.push_str("metadata:\n");
        }
        for (key, value) in &self.metadata {
            out.push_str(&format!("  {key}: {}\n", quoted(value)));
        }
        out.push_str("---\n");
        out
    }
}

/// What is said of a page's skill; `digest` is that of its source.
pub(super) fn head(
    context: &Context,
    facts: &PageFacts<'_>,
    name: &str,
    digest: &str,
) -> SkillHead {
    let mut metadata = Vec::new();
    let mut add = |key: &'static str, value: Option<String>| {
        let value = value.map(|value| line(&value)).filter(|value| !value.is_empty());
        metadata.extend(value.map(|value| (key, value)));
    };
    let (site, page) = (context.site(), facts.page);
    let owner = facts.owner.and_then(|(_, owner)| owner);
    let freshness = &facts.report.freshness;
    add("runbook-title", Some(page.title.to_string()));
    add("runbook-owner", facts.owner_name().map(str::to_owned));
    add("runbook-on-call", owner.and_then(|owner| owner.on_call.clone()));
    add("runbook-escalation", facts.escalation.clone());
    add("runbook-status", page.document.meta.status.as_ref().map(|status| status.value.clone()));
    add("runbook-review-due", freshness.due().map(|due| due.to_string()));
    add("runbook-last-reviewed", freshness.last.as_ref().map(|last| last.on.to_string()));
    let names = facts.alerts.iter().map(|alert| alert.name);
    add("runbook-alerts", Some(listed(names, LONGEST_LIST)));
    let worst = procedures(&site.config, page).iter().map(Procedure::class).max();
    add("runbook-class", worst.map(|class| Class::name(class).to_owned()));
    let base = site.config.base_url.as_ref();
    add("runbook-url", base.map(|base| format!("{base}{}", page.address.encoded())));
    add("runbook-source", Some(page.document.path.as_str().to_owned()));
    add("runbook-source-digest", Some(format!("sha256:{digest}")));
    SkillHead { name: name.to_owned(), description: description(context, facts), metadata }
}

/// How far a page can be trusted, where that is not as it should be; a sentence begins with it.
pub(super) fn caution(context: &Context, facts: &PageFacts<'_>) -> Option<String> {
    let page = facts.page;
    if page.deprecated || page.superseded_by.is_some() {
        let heir = page.superseded_by.map(|id| match context.skills.get(&id) {
            Some(skill) => format!("; use the skill {skill} instead"),
            None => format!("; use {} instead", context.site().page(id).title),
        });
        return Some(format!("DEPRECATED{}", heir.unwrap_or_default()));
    }
    let status = page.document.meta.status.as_ref().map(|status| status.value.as_str());
    if status.is_some_and(is_draft) {
        return Some("DRAFT, not approved".to_owned());
    }
    let freshness = &facts.report.freshness;
    match (freshness.state, freshness.schedule) {
        (State::Overdue, Schedule::Due(due)) => {
            Some(format!("REVIEW OVERDUE since {}", long_date(due.on)))
        }
        (State::Suspect, _) => {
            Some("SUSPECT: what it describes has changed since its last review".to_owned())
        }
        (State::NeverReviewed, _) => Some("NEVER REVIEWED".to_owned()),
        _ => None,
    }
}

fn is_draft(status: &str) -> bool {
    status.eq_ignore_ascii_case("draft")
}

/// When to use the skill: its state, its alerts, what the page is about.
fn description(context: &Context, facts: &PageFacts<'_>) -> String {
    let page = facts.page;
    let meta = &page.document.meta;
    let caution = caution(context, facts).map_or_else(String::new, |said| format!("{said}. "));
    let caution = cut(&line(&caution), LONGEST / 3);
    let caution = if caution.is_empty() { caution } else { format!("{caution} ") };
    let summary = meta.summary.as_ref().map(|summary| summary.value.as_str());
    let about = summary.or(page.opening()).map_or_else(String::new, |summary| {
        format!(": {}", summary.trim_end_matches(['.', ':', ';', ' ']))
    });
    let mut about = cut(&line(&format!("Runbook \"{}\"{about}", page.title)), ABOUT);
    about.push('.');
    let names: Vec<&str> = facts.alerts.iter().map(|alert| alert.name).collect();
    let left = LONGEST - caution.chars().count() - about.chars().count() - 80;
    let mut when = match &names[..] {
        [] => format!("Use when the question or task is about {}.", line(&page.title)),
        [one] => format!("Use when the alert {} fires.", cut(&line(one), left)),
        several => {
            let listed = listed(several.iter().copied(), left);
            format!("Use when one of the alerts {listed} fires.")
        }
    };
    when = cut(&when, left + 60);
    let mut out = format!("{caution}{when} {about}");
    let signatures = meta.error_signatures.iter().map(|signature| signature.text.value.as_str());
    more(&mut out, "Explains the messages ", signatures);
    more(&mut out, "Answers: ", meta.asks.iter().map(|asked| asked.text.value.as_str()));
    let sections = page.document.headings.iter().filter(|heading| heading.level == 2);
    more(&mut out, "Covers: ", sections.map(|heading| heading.text.as_str()));
    out
}

/// Appends a sentence with as many of some texts as there is room for.
fn more<'t>(out: &mut String, begin: &str, texts: impl Iterator<Item = &'t str>) {
    let mut left = LONGEST.saturating_sub(out.chars().count() + begin.chars().count() + 2);
    let mut fitting = Vec::new();
    for text in texts.map(line) {
        let length = text.chars().count() + 2;
        if text.is_empty() || length > 200 {
            continue;
        }
        if length > left {
            break;
        }
        left -= length;
        fitting.push(text);
    }
    if !fitting.is_empty() {
        out.push_str(&format!(" {begin}{}.", fitting.join("; ")));
        // Two texts may make a run of hyphens that neither has.
        *out = cut(&line(out), LONGEST);
    }
}

/// Names with commas between them, as many as fit into so many characters, and how many do not.
pub(super) fn listed<'n>(names: impl Iterator<Item = &'n str>, most: usize) -> String {
    let names: Vec<String> = names.map(line).filter(|name| !name.is_empty()).collect();
    let mut out = String::new();
    let mut length = 0;
    for (place, name) in names.iter().enumerate() {
        length += name.chars().count() + 2;
        if length + 24 > most && place > 0 {
            out.push_str(&format!(" and {} more", names.len() - place));
            break;
        }
        if place > 0 {
            out.push_str(", ");
        }
        out.push_str(name);
    }
    cut(&out, most)
}

/// A text as one line that front matter can hold: nothing hidden, nothing that YAML has no way to write, no `---`.
pub(super) fn line(text: &str) -> String {
    let is_printed = |letter: &char| {
        !letter.is_control()
            && !matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    let seen = removed(text);
    let mut line: String = single_spaced(&seen).chars().filter(is_printed).collect();
    while line.contains("---") {
        line = line.replace("---", "-- -");
    }
    line.trim().to_owned()
}

/// A text of at most so many characters, cut behind a word.
pub(super) fn cut(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let end_of_most = text.char_indices().nth(most.saturating_sub(1)).map_or(end, |(at, _)| at);
    let kept = &text[..end_of_most];
    let word = kept.rfind(' ').filter(|at| *at > end_of_most / 2).unwrap_or(end_of_most);
    format!("{}…", kept[..word].trim_end())
}

#[cfg(test)]
mod tests {
    use super::{cut, line, listed};

    #[test]
    fn no_text_ends_the_front_matter_that_it_stands_in() {
        for text in ["a --- b", "-----", "a\n---\nb", "x------------y", "\u{feff}a\u{85}\u{7}---"] {
            let line = line(text);
            assert!(!line.contains("---") && !line.contains(char::is_control), "{line:?}");
        }
        assert_eq!(line("a \"b\" \\ 日本\n c"), "a \"b\" \\ 日本 c");
    }

    #[test]
    fn texts_are_cut_behind_a_word_and_lists_say_how_many_are_left_out() {
        assert_eq!(cut("one two three", 9), "one two…");
        assert_eq!(cut("one", 3), "one");
        assert_eq!(cut("日本語日本語", 3), "日本…");
        assert_eq!(listed(["A", "B"].into_iter(), 100), "A, B");
        let many = vec!["LongAlertName"; 30];
        let said = listed(many.into_iter(), 100);
        assert!(said.chars().count() <= 100 && said.ends_with(" and 25 more"), "{said}");
    }
}

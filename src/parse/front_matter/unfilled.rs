//! Values of the front matter that nobody has filled in: `owner: "<OWNER>"` names nobody.
//!
//! Such a value is left out, so that nothing shows it as a fact. That it waits is said of the token itself, wherever
//! it stands.

use crate::token::{placeholder, placeholders};

use super::{AlertDeclaration, FrontMatter, Spanned};

/// Leaves out of the front matter what is a slot.
pub(super) fn without_slots(meta: &mut FrontMatter) {
    let single = [
        &mut meta.title,
        &mut meta.nav_title,
        &mut meta.summary,
        &mut meta.status,
        &mut meta.version,
        &mut meta.audience,
        &mut meta.gpt_model,
        &mut meta.superseded_by,
        &mut meta.agent,
        &mut meta.severity,
    ];
    for value in single {
        value.take_if(|value| is_slot(&value.value));
    }
    let review = &mut meta.review;
    for name in [&mut meta.owner, &mut review.owner_slack, &mut review.reviewed_by] {
        name.take_if(|name| holds_slot(&name.value));
    }
    meta.authors.retain(|author| !holds_slot(&author.value));
    for list in [&mut meta.tags, &mut meta.upstream, &mut meta.downstream] {
        list.retain(|name: &Spanned<String>| !is_slot(&name.value));
    }
    meta.alerts.retain(|alert| !is_slot(&alert.name.value));
    meta.alerts.iter_mut().for_each(alert_without_slots);
    meta.error_signatures.retain(|signature| !is_slot(&signature.text.value));
    meta.asks.retain(|question| !is_slot(&question.text.value));
    for entry in &mut review.reviews {
        entry.by.take_if(|by| holds_slot(by));
        entry.note.take_if(|note| is_slot(note));
    }
}

fn alert_without_slots(alert: &mut AlertDeclaration) {
    for text in [&mut alert.severity, &mut alert.condition, &mut alert.channel] {
        text.take_if(|text| is_slot(text));
    }
}

/// Whether a value is one token and nothing else.
fn is_slot(value: &str) -> bool {
    placeholder(value.trim()).is_some()
}

/// Whether a token stands in a value, as in `Team <NAME>`; an address is none: `Dana <dana@example.org>`.
fn holds_slot(value: &str) -> bool {
    placeholders(value).next().is_some()
}

#[cfg(test)]
mod tests {
    use crate::parse::tests_support::document;

    /// What is left of a page's front matter.
    fn check(keys: &str, expected: &str) {
        let page = document(&format!("---\n{keys}\n---\n# A\n"));
        let meta = &page.meta;
        let text = |value: &Option<super::Spanned<String>>| {
            value.as_ref().map_or_else(String::new, |value| value.value.clone())
        };
        let alerts: Vec<&str> = meta.alerts.iter().map(|alert| &*alert.name.value).collect();
        let authors: Vec<&str> = meta.authors.iter().map(|author| &*author.value).collect();
        let owner = text(&meta.owner);
        let found = [owner, authors.join(","), alerts.join(","), text(&meta.summary)];
        assert_eq!(found.join("|"), expected, "{keys}");
    }

    #[test]
    fn a_slot_is_no_owner_author_alert_or_summary() {
        check(
            "owner: <OWNER>\nauthors: [<YOUR NAME>, Dana]\nalerts: [<AlertName>, Up]",
            "|Dana|Up|",
        );
        check("owner: Team <NAME>\nsummary: <What it is for, in a sentence>", "|||");
    }

    #[test]
    fn what_only_looks_like_one_stays() {
        check("authors: ['Dana <dana@example.org>']", "|Dana <dana@example.org>||");
        check(
            "alerts: ['<env>-login-errors']\nsummary: Restarts <service>",
            "||<env>-login-errors|Restarts <service>",
        );
        check("owner: a < b > c", "a < b > c|||");
    }
}

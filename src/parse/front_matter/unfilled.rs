//! Values of the front matter that nobody has filled in: `owner: "<OWNER>"` names nobody.
//!
//! Such a value is left out, so that nothing shows it as a fact. That it waits is said of the token itself, wherever
//! it stands.

use crate::token::{placeholder, placeholders};
use crate::value::keys::Key;
use crate::value::keys::KeyTarget::{Name, Placed, PlacedTexts};

use super::{AlertDeclaration, FrontMatter};

/// Keys that name people: a name with a slot among its words names nobody.
const PEOPLE: [&str; 4] = ["authors", "owner", "owner_slack", "reviewed_by"];

/// The template decides whether slots are looked for at all, so a slot in its place is said as a template that is not
/// there.
const TEMPLATE: &str = "template";

/// Leaves out of the front matter what is a slot, whichever of these keys holds it.
pub(super) fn without_slots(meta: &mut FrontMatter, keys: &[Key<FrontMatter>]) {
    for key in keys.iter().filter(|key| key.name != TEMPLATE) {
        let is_left = if PEOPLE.contains(&key.name) { holds_slot } else { is_slot };
        match key.target {
            Placed(place) | Name(place) => {
                place(meta).take_if(|value| is_left(&value.value));
            }
            PlacedTexts(place) => place(meta).retain(|value| !is_left(&value.value)),
            _ => {}
        }
    }
    meta.tags.retain(|tag| !is_slot(&tag.value));
    meta.alerts.retain(|alert| !is_slot(&alert.name.value));
    meta.alerts.iter_mut().for_each(alert_without_slots);
    meta.error_signatures.retain(|signature| !is_slot(&signature.text.value));
    meta.asks.retain(|question| !is_slot(&question.text.value));
    for entry in &mut meta.review.reviews {
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
    use crate::parse::front_matter::FrontMatter;
    use crate::parse::tests_support::document;
    use crate::value::keys::Shape;
    use crate::value::read::Spanned;

    /// What is left of a page's front matter.
    fn check(keys: &str, expected: &str) {
        let page = document(&format!("---\n{keys}\n---\n# A\n"));
        let meta = &page.meta;
        let text = |value: &Option<Spanned<String>>| {
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
    fn no_key_that_holds_a_text_keeps_a_slot() {
        for key in crate::parse::front_matter::read::keys() {
            let list = matches!(key.shape, Shape::Texts);
            if key.name == "template"
                || key.name == "watches"
                || !(list || matches!(key.shape, Shape::Text))
            {
                continue;
            }
            let name = key.name;
            let value = if list { "['<THE_VALUE>']" } else { "'<THE_VALUE>'" };
            let page = document(&format!("---\n{name}: {value}\n---\n# A\n"));
            let kept = FrontMatter { keys: Vec::new(), range: 0..0, ..page.meta.clone() };
            assert!(!format!("{kept:?}").contains("THE_VALUE"), "{name}: {kept:?}");
        }
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

//! `api/library.json`: what is known of a site's pages besides their texts, in the words of site.toml and of front matter, so that
//! whoever has only the published site can ask it as if it had the sources.
//!
//! For programs that read all of a site; nothing that a reader's browser does reads it.

use serde_json::{Map, Value, json};

use crate::check::freshness::Basis;
use crate::config::{AddressStyle, Config};
use crate::files::Bytes;
use crate::freshness::Schedule;
use crate::hidden::removed;

use super::context::Context;
use super::facts::PageFacts;

/// Where it is published.
pub(super) const PATH: &str = "api/library.json";

/// What is said of a page, as JSON in a line.
pub(super) fn row(facts: &PageFacts<'_>) -> String {
    let page = facts.page;
    let mut row = json!({
        "address": page.address.as_str(),
        "markdown": page.address.markdown().as_str(),
        "file": page.document.path.as_str(),
        "front_matter": front_matter(facts),
    });
    if facts.report.freshness.schedule.due().is_some_and(|due| due.suspect) {
        row["suspect"] = json!(true);
    }
    row.to_string()
}

fn front_matter(facts: &PageFacts<'_>) -> Value {
    let (page, meta) = (facts.page, &facts.page.document.meta);
    let mut keys = Map::new();
    let mut add = |key: &str, value: Option<Value>| {
        keys.extend(value.map(|value| (key.to_owned(), value)));
    };
    add("title", Some(json!(&*page.title)));
    add("summary", meta.summary.as_ref().map(|summary| json!(summary.value)));
    add("owner", facts.report.owner.as_ref().map(|owner| json!(owner)));
    add("status", meta.status.as_ref().map(|status| json!(status.value)));
    add("agent", meta.agent.as_ref().map(|agent| json!(agent.value)));
    let tags: Vec<&str> = meta.tags.iter().map(|tag| tag.value.as_str()).collect();
    add("tags", (!tags.is_empty()).then(|| json!(tags)));
    add("search", meta.hidden_from_search.then(|| json!(false)));
    let alerts: Vec<Value> = facts.alerts.iter().map(alert).collect();
    add("alerts", (!alerts.is_empty()).then(|| json!(alerts)));
    let section = |text: &str, section: Option<&str>| {
        let mut row = json!({ "text": text });
        if let Some(section) = section {
            row["section"] = json!(section);
        }
        row
    };
    let signatures = meta.error_signatures.iter().map(|one| {
        section(&one.text.value, one.section.as_ref().map(|section| section.value.as_str()))
    });
    let signatures: Vec<Value> = signatures.collect();
    add("error_signatures", (!signatures.is_empty()).then(|| json!(signatures)));
    let asks = meta.asks.iter().map(|one| {
        section(&one.text.value, one.section.as_ref().map(|section| section.value.as_str()))
    });
    let asks: Vec<Value> = asks.collect();
    add("asks", (!asks.is_empty()).then(|| json!(asks)));
    let freshness = &facts.report.freshness;
    match freshness.schedule {
        Schedule::NotOwed => {}
        Schedule::Evergreen => add("evergreen", Some(json!(true))),
        Schedule::NeverReviewed => add("review_in", Some(json!("90 days"))),
        Schedule::Due(due) => add("review_by", Some(json!(due.on.to_string()))),
    }
    if let Some(last) = &freshness.last {
        let key = if last.basis == Basis::Date { "date" } else { "last_reviewed_on" };
        add(key, Some(json!(last.on.to_string())));
    }
    keys.into()
}

fn alert(alert: &super::facts::AlertFact<'_>) -> Value {
    let mut row = json!({ "name": alert.name });
    let claim = alert.claim;
    let texts = [
        ("section", &claim.anchor),
        ("severity", &alert.severity),
        ("condition", &alert.condition),
        ("channel", &claim.channel),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            row[key] = json!(text);
        }
    }
    if !claim.labels.is_empty() {
        row["labels"] = json!(claim.labels);
    }
    row
}

/// The keys of site.toml that answers depend on.
fn site(config: &Config) -> Value {
    let mut owners = Map::new();
    for (key, owner) in &config.owners {
        let mut row = Map::new();
        let texts = [
            ("name", &owner.name),
            ("chat", &owner.chat),
            ("chat_url", &owner.chat_url),
            ("email", &owner.email),
            ("on_call", &owner.on_call),
            ("escalation", &owner.escalation),
            ("timezone", &owner.timezone),
        ];
        for (key, text) in texts {
            row.extend(text.as_ref().map(|text| (key.to_owned(), json!(text))));
        }
        owners.insert(key.clone(), row.into());
    }
    let style = match config.address_style {
        AddressStyle::Folder => "folder",
        AddressStyle::File => "file",
    };
    let mut site = json!({
        "title": config.title,
        "language": config.language,
        "urls": { "style": style },
        "publish": { "public": config.public },
        "freshness": { "due_soon": config.freshness.due_soon.to_string(), "date_is_review": false },
        "alerts": { "case_sensitive": config.alerts.case_sensitive, "aliases": config.alerts.aliases },
        "search": { "synonyms": config.synonyms },
        "front_matter": { "status": config.statuses },
        "owners": owners,
    });
    if let Some(base) = &config.base_url {
        site["base_url"] = json!(base);
    }
    site
}

/// The whole file, of the rows of all pages.
pub(super) fn list(context: &Context, rows: &[std::sync::Arc<String>]) -> Bytes {
    let mut out =
        format!("{{\"version\":1,\"site\":{},\"pages\":[\n", site(&context.site().config));
    for (place, row) in rows.iter().enumerate() {
        out.push_str(if place > 0 { ",\n" } else { "" });
        out.push_str(row);
    }
    out.push_str("\n]}\n");
    Bytes::new(removed(&out).into_owned().into_bytes())
}

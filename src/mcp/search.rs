//! `search`: the published search, in the same order, within a budget.

use serde_json::{Value, json};

use crate::hidden::in_address;
use crate::search::{Hit, HitKind, Segments, query};

use super::arguments::{ToolAnswer, number, required, text};
use super::library::Library;

/// How many characters an answer has at most: 800 tokens.
const FITS: usize = 3_200;

/// The longest query that is read, in bytes: a log line with its stack fits.
const LONGEST_QUERY: usize = 16_384;

const SNIPPET: usize = 200;
const TITLE: usize = 120;

/// Finds sections, alerts and commands by words, a message or a log line.
pub(super) fn search(library: &Library, arguments: &Value) -> ToolAnswer {
    let typed = required(arguments, "query", LONGEST_QUERY)?;
    let limit = number(arguments, "limit", 1..=20, 5)?;
    let owner = text(arguments, "owner", 200)?.map(str::trim).filter(|owner| !owner.is_empty());
    // A name with blanks is no filter of the query's language.
    let (typed, filter) = match owner {
        Some(owner) if !owner.contains(char::is_whitespace) => {
            (format!("{typed} owner:{owner}"), None)
        }
        owner => (typed.to_owned(), owner),
    };
    let most = if filter.is_some() { 100 } else { limit };
    let answer = query(&library.index, &typed, library.today, most);
    // Reports on the site are for readers: there is no text to fetch of them.
    let is_page = |hit: &Hit| library.find(&in_address(&hit.url)).is_ok();
    let fits = |hit: &&Hit| {
        is_page(hit)
            && filter.is_none_or(|owner| {
                hit.owner.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(owner))
            })
    };
    let hits: Vec<&Hit> = answer.hits.iter().filter(fits).collect();
    let found = if filter.is_some() { hits.len() } else { answer.total };
    let mut results: Vec<Value> = Vec::new();
    let mut left = FITS - 40;
    for hit in hits.into_iter().take(limit) {
        let row = row(library, hit);
        let length = row.to_string().chars().count() + 1;
        if length > left {
            break;
        }
        left -= length;
        results.push(row);
    }
    let more = found > results.len();
    Ok(json!({ "results": results, "more": more }))
}

fn row(library: &Library, hit: &Hit) -> Value {
    let mut title = joined(&hit.title, TITLE);
    let folder = || hit.breadcrumb.rsplit(" › ").next().unwrap_or_default().to_owned();
    let above = hit.page.as_ref().map_or_else(folder, |page| page.concat());
    if !above.is_empty() {
        title = cut(&format!("{title} ({above})"), TITLE);
    }
    let what = match hit.kind {
        HitKind::Alert => "the name of an alert",
        HitKind::Section => "a section",
        HitKind::Command => "a command",
    };
    let mut row = json!({
        "id": in_address(&hit.url),
        "title": title,
        "url": library.url(&in_address(&hit.url)),
        "why": what,
        "snippet": joined(&hit.excerpt, SNIPPET),
        "review": if hit.state.is_empty() { "none" } else { hit.state },
    });
    if let Some(owner) = &hit.owner {
        row["owner"] = json!(owner);
    }
    if hit.deprecated {
        row["deprecated"] = json!(true);
    }
    row
}

fn joined(segments: &Segments, most: usize) -> String {
    cut(&segments.concat(), most)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

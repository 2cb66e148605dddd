//! `fetch`: the Markdown of a page or section, a part at a time.

use serde_json::{Map, Value, json};

use crate::files::sha256;
use crate::hidden::in_address;
use crate::parse::Document;
use crate::resolve::PageId;

use super::arguments::{Refused, ToolAnswer, number, required, shown};
use super::library::{LONGEST_ID, Library, PagePlace};
use super::text::document;

/// How many characters an answer has at most unless somebody asks for more: 3,000 tokens.
const FITS: usize = 12_000;

/// How many characters the list of sections may take of an answer.
const SECTIONS: usize = 2_000;

/// Reads a page or section.
pub(super) fn fetch(library: &Library, arguments: &Value) -> ToolAnswer {
    let id = required(arguments, "id", LONGEST_ID)?;
    let most = number(arguments, "max_chars", 500..=40_000, FITS)?;
    let place = library.find(id)?;
    let text = library.text(place.id);
    let document = document(&text);
    let (start, end) = section(library, &document, &place, &text)?;
    let part = &text[start..end];
    let from = offset(part, place.from).ok_or_else(|| {
        format!("`{}` begins behind the end of the text; call fetch without `from`", shown(id))
    })?;
    let here = library.id(place.id, place.anchor.as_deref());
    let page = library.page(place.id);
    let title = heading(&document, place.anchor.as_deref());
    let title = title
        .map_or_else(|| page.title.to_string(), |section| format!("{} › {section}", page.title));
    let mut answer = json!({ "id": here, "title": title, "text": "", "url": library.url(&here) });
    answer["metadata"] = metadata(library, place.id, &document, &text, from == 0);
    let address = page.address.encoded();
    let next = |from: usize| {
        let anchor = place.anchor.as_ref();
        let anchor = anchor.map_or_else(String::new, |anchor| format!("#{}", in_address(anchor)));
        format!("{address}?from={from}{anchor}")
    };
    // With room for the next part's name, which is as long as any.
    answer["next"] = json!(next(text.len()));
    let room = most.saturating_sub(answer.to_string().chars().count()).max(200);
    let length = fitting(&part[from..], room);
    answer["text"] = json!(part[from..from + length].trim_end());
    if from + length < part.len() {
        answer["next"] = json!(next(part[..from + length].chars().count()));
    } else if let Some(answer) = answer.as_object_mut() {
        answer.remove("next");
    }
    Ok(answer)
}

/// Where a section begins and ends, those inside of it included; the whole text without an anchor.
fn section(
    library: &Library,
    document: &Document,
    place: &PagePlace,
    text: &str,
) -> Result<(usize, usize), Refused> {
    let Some(anchor) = &place.anchor else { return Ok((0, text.len())) };
    let headings = &document.headings;
    let Some(index) = headings.iter().position(|heading| heading.anchor == *anchor) else {
        if document.html_anchors.contains(anchor) || document.made_anchors.contains(anchor) {
            return Ok((0, text.len()));
        }
        let known = headings.iter().map(|heading| heading.anchor.as_str());
        let known: Vec<String> = known.take(20).map(|anchor| format!("`#{anchor}`")).collect();
        return Err(format!(
            "`{}` has no section `#{}`; it has {}",
            library.id(place.id, None),
            shown(anchor),
            if known.is_empty() { "none".to_owned() } else { known.join(", ") }
        ));
    };
    let level = headings[index].level;
    let next = headings[index + 1..].iter().position(|heading| heading.level <= level);
    let end = next.map_or(text.len(), |next| document.heading_ranges[index + 1 + next].start);
    let is_title = index == 0 && document.title.is_some();
    Ok(if is_title { (0, text.len()) } else { (document.heading_ranges[index].start, end) })
}

fn heading(document: &Document, anchor: Option<&str>) -> Option<String> {
    let heading =
        document.headings.iter().position(|heading| Some(heading.anchor.as_str()) == anchor)?;
    let is_title = heading == 0 && document.title.is_some();
    (!is_title).then(|| document.headings[heading].full_text())
}

/// Whom to call, how far the page can be trusted, where it comes from.
fn metadata(
    library: &Library,
    id: PageId,
    document: &Document,
    text: &str,
    with_sections: bool,
) -> Value {
    let page = library.page(id);
    let report = library.page_report(id);
    let mut metadata = Map::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            metadata.insert(name.to_owned(), json!(value));
        }
    };
    let owner = report.owner.as_ref().and_then(|key| library.site().config.owners.get(key));
    add("owner", library.owner(id));
    add("on_call", owner.and_then(|owner| owner.on_call.clone()));
    add("escalation", owner.and_then(|owner| owner.escalation.clone()));
    add("review", Some(library.review(id).to_owned()));
    add("reviewed", report.freshness.last.as_ref().map(|last| last.on.to_string()));
    add("review_due", report.freshness.due().map(|due| due.to_string()));
    add("status", page.document.meta.status.as_ref().map(|status| status.value.clone()));
    add("superseded_by", page.superseded_by.map(|other| library.id(other, None)));
    add("source", Some(page.document.path.as_str().to_owned()));
    add("digest", Some(format!("sha256:{}", sha256(text.as_bytes()))));
    if with_sections {
        metadata.insert("sections".to_owned(), sections(library, id, document, text));
    }
    metadata.into()
}

/// The sections of a page with their lengths, as many as fit.
fn sections(library: &Library, id: PageId, document: &Document, text: &str) -> Value {
    let mut rows = Vec::new();
    let mut length = 0;
    for (index, heading) in document.headings.iter().enumerate() {
        if index == 0 && document.title.is_some() {
            continue;
        }
        let start = document.heading_ranges[index].start;
        let end = document.heading_ranges.get(index + 1).map_or(text.len(), |next| next.start);
        let row = json!({
            "id": library.id(id, Some(&heading.anchor)),
            "title": heading.full_text(),
            "chars": text[start..end].chars().count(),
        });
        length += row.to_string().chars().count();
        if length > SECTIONS {
            break;
        }
        rows.push(row);
    }
    rows.into()
}

/// The byte at a character of a text, if it is there.
fn offset(text: &str, characters: usize) -> Option<usize> {
    if characters == 0 {
        return Some(0);
    }
    text.char_indices().map(|(at, _)| at).nth(characters)
}

/// How many bytes of a text fit into so many characters of JSON: up to the last blank line, else line, that does, if
/// that is not too little.
fn fitting(text: &str, room: usize) -> usize {
    let mut left = room;
    let mut end = 0;
    for (at, letter) in text.char_indices() {
        let length = match letter {
            '"' | '\\' | '\n' | '\t' | '\r' => 2,
            letter if letter < ' ' => 6,
            _ => 1,
        };
        if length > left {
            let kept = &text[..end];
            let half = end / 2;
            let paragraph = kept.rfind("\n\n").map(|at| at + 2).filter(|at| *at > half);
            let line = || kept.rfind('\n').map(|at| at + 1).filter(|at| *at > half);
            return paragraph.or_else(line).unwrap_or(end);
        }
        left -= length;
        end = at + letter.len_utf8();
    }
    text.len()
}

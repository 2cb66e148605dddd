//! Pages as resources, `runbook:///agents/refund/`, for clients in which people pick them.

use serde_json::{Value, json};

use super::library::Library;

/// How many resources a list has at a time.
const LISTED: usize = 200;

/// The template of the addresses of resources.
pub(super) const TEMPLATE: &str = "runbook:///{+address}";

/// A part of the list; nothing for a cursor that is none.
pub(super) fn list(library: &Library, cursor: Option<&str>) -> Option<Value> {
    let from: usize = cursor.map_or(Some(0), |cursor| cursor.parse().ok())?;
    let all = library.site().pages.len();
    if from > all {
        return None;
    }
    let row = |(id, page): (crate::resolve::PageId, &crate::resolve::Page)| {
        let address = library.id(id, None);
        let mut row = json!({
            "uri": format!("runbook:///{address}"),
            "name": if address.is_empty() { "home" } else { address.trim_end_matches('/') },
            "title": &*page.title,
            "mimeType": "text/markdown",
        });
        if let Some(summary) = &page.document.meta.summary {
            row["description"] = json!(summary.value);
        }
        if let Some(last) = &library.page_report(id).freshness.last {
            row["annotations"] = json!({ "lastModified": format!("{}T00:00:00Z", last.on) });
        }
        row
    };
    let rows: Vec<Value> = library.site().ids().skip(from).take(LISTED).map(row).collect();
    let mut answer = json!({ "resources": rows });
    if from + LISTED < all {
        answer["nextCursor"] = json!((from + LISTED).to_string());
    }
    Some(answer)
}

/// The text of one; nothing if there is none.
pub(super) fn read(library: &Library, uri: &str) -> Option<Value> {
    const LONGEST: usize = super::library::LONGEST_ID;
    let place =
        library.find(uri.strip_prefix("runbook:///").filter(|rest| rest.len() <= LONGEST)?).ok()?;
    let text = library.text(place.id);
    Some(json!({ "contents": [{ "uri": uri, "mimeType": "text/markdown", "text": text }] }))
}

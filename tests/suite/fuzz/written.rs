//! Pages that were built, read as browsers read them: with nothing to repair, and every id once.

use std::collections::BTreeSet;

use guidepost::files::FilePath;
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// What authors type between the rows of a raw table, every browser shows before it. Nothing is lost, and to end the
/// table there would lose it.
const MOVED_OUT_OF_TABLES: [&str; 3] =
    ["Non-space table text", "Unexpected characters in table", "Unexpected token"];

/// What a browser has to repair in a page before it can show it.
pub(super) fn misread(path: &FilePath, bytes: &[u8]) -> Vec<String> {
    if !path.as_str().ends_with(".html") {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(bytes);
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(&*text);
    let errors = dom.errors.borrow();
    let has_table = text.contains("<table");
    let is_moved = |error: &str| has_table && MOVED_OUT_OF_TABLES.contains(&error);
    let errors = errors.iter().filter(|error| !is_moved(error));
    let mut faults: Vec<String> = errors.map(|error| format!("{path}: {error}")).collect();
    let mut ids = BTreeSet::new();
    let mut open = vec![dom.document.clone()];
    while let Some(node) = open.pop() {
        faults.extend(wrong(&node, &mut ids).map(|wrong| format!("{path}: {wrong}")));
        open.extend(node.children.borrow().iter().cloned());
    }
    faults
}

/// What is wrong with an element, as far as a parser lets it pass.
fn wrong(node: &Handle, ids: &mut BTreeSet<String>) -> Option<String> {
    let NodeData::Element { name, attrs, .. } = &node.data else { return None };
    let id =
        attrs.borrow().iter().find(|attribute| &*attribute.name.local == "id")?.value.to_string();
    if ids.insert(id.clone()) {
        None
    } else {
        Some(format!("a second `{id}`, at <{}>", name.local))
    }
}

#[test]
fn what_a_browser_repairs_is_seen() {
    let path = FilePath::new("a.html").expect("a path");
    let page = |body: &str| {
        format!("<!doctype html><html><head><title>A</title></head><body>{body}</body></html>")
    };
    assert_eq!(misread(&path, page("<ul><li id=a>x</li></ul><p><b>y</b></p>").as_bytes()), [""; 0]);
    for body in [
        "<p id=a>x</p><p id=a>y</p>",
        "<b>x",
        "x</b>",
        "<a href=x>x<a href=y>y</a></a>",
        "<p><div>x</div></p>",
        "<b><i>x</b></i>",
    ] {
        assert_ne!(misread(&path, page(body).as_bytes()), [""; 0], "{body}");
    }
}

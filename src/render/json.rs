//! JSON for programs.

use serde::{Serialize, Serializer};

use crate::resolve::{PlacedPage, Structure};

/// The address for programs: absolute where the site has a base address, else counted from the root.
pub(crate) fn url(site: &Structure, page: &PlacedPage) -> String {
    format!("{}{}", site.config.base_url.as_deref().unwrap_or_default(), page.address.encoded())
}

/// Rows as a list in JSON with a line break behind it, each written as soon as it is made: a large site has thousands.
pub(crate) fn json_list(rows: impl Iterator<Item = impl Serialize>) -> String {
    let mut text = Vec::new();
    let mut writer = serde_json::Serializer::pretty(&mut text);
    writer.collect_seq(rows).expect("rows of texts are JSON");
    text.push(b'\n');
    String::from_utf8(text).expect("JSON is text")
}

/// A value as JSON with a line break behind it.
pub(crate) fn json(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("rows of texts are JSON");
    text.push('\n');
    text
}

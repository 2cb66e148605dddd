//! A second copy of the files as scripts, for pages that are opened from a disk, where scripts may not read files.
//!
//! Left out where it would be very large: a site of that size is read from a server.

use std::collections::BTreeMap;

use serde_json::json;

use super::pack::{digits, mark, published};
use crate::files::{Bytes, Files};
use crate::text::base64;

/// How many pages a pack holds, and the size of all that are packed, in compressed bytes.
const PACK: usize = 256;
const MOST: usize = 24 << 20;

/// How a page reads the packs; it is loaded with the names of the packs, and only where it is needed.
const READER: &str = include_str!("offline.js");

/// `search/offline.js`, which reads the packs and says what each is called, and the packs. Which pack holds a file
/// depends on the file's name alone, so that what changes in one file changes no other pack.
pub(super) fn offline(packed: &BTreeMap<String, Bytes>, manifest: &Bytes) -> Files {
    let mut files = Files::default();
    let all = || packed.iter().map(|(name, bytes)| (name.as_str(), bytes));
    let all = || all().chain([("manifest", manifest)]);
    let size: usize = all().map(|(_, bytes)| bytes.len()).sum();
    let mut packs: BTreeMap<String, BTreeMap<&str, String>> = BTreeMap::new();
    if size <= MOST {
        for (name, bytes) in all() {
            packs.entry(pack_of(name)).or_default().insert(name, base64(bytes));
        }
    }
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (pack, contents) in packs {
        let script = format!("guidepostPack({});\n", json!(contents)).into_bytes();
        let name = format!("{pack}.{}", digits(&mark(&script)));
        files.insert(published(&format!("shards/offline/{name}.js")), script);
        names.insert(pack, name);
    }
    let contents = json!({ "packs": names });
    let script = format!("{READER}guidepostDisk.index = {contents};\n");
    files.insert(published("offline.js"), script.into_bytes());
    files
}

/// The pack of a file: its folder, and of what is shown of a page the number divided by [`PACK`], of others whatever
/// parts their names in four.
fn pack_of(name: &str) -> String {
    match name.split_once('/') {
        Some(("f", rest)) => {
            let page = rest.split('.').next().and_then(|number| number.parse::<usize>().ok());
            format!("f{}", page.unwrap_or_default() / PACK)
        }
        Some((folder @ ("p" | "t" | "x"), rest)) => {
            format!("{folder}{}", rest.as_bytes().first().copied().unwrap_or_default() & 3)
        }
        _ => "others".to_owned(),
    }
}

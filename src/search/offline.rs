//! A second copy of the files as scripts, for pages that are opened from a disk, where scripts may not read files.
//!
//! Left out where it would be very large: a site of that size is read from a server.

use std::collections::BTreeMap;

use serde_json::json;

use super::model::FORMAT;
use super::pack::published;
use crate::files::{Bytes, Files};
use crate::text::base64;

/// The size of a pack, and of all that are packed, in compressed bytes.
const PACK: usize = 1 << 20;
const MOST: usize = 24 << 20;

/// How a page reads the packs; it is loaded with the names of the packs, and only where it is needed.
const READER: &str = include_str!("offline.js");

/// `search/offline.js`, which reads the packs and names the generation and the first file of each pack, and the packs.
pub(super) fn offline(generation: &str, packed: &BTreeMap<String, Bytes>) -> Files {
    let mut files = Files::default();
    let size: usize = packed.values().map(|bytes| bytes.len()).sum();
    let mut firsts = Vec::new();
    if size <= MOST {
        let mut pack = BTreeMap::new();
        let mut pack_size = 0;
        for (name, bytes) in packed {
            if pack_size > 0 && pack_size + bytes.len() > PACK {
                push_pack(&mut files, generation, &mut firsts, &std::mem::take(&mut pack));
                pack_size = 0;
            }
            pack_size += bytes.len();
            pack.insert(name.as_str(), base64(bytes));
        }
        push_pack(&mut files, generation, &mut firsts, &pack);
    }
    let contents = json!({ "format": FORMAT, "generation": generation, "packs": firsts });
    let script = format!("{READER}guidepostDisk.index = {contents};\n");
    files.insert(published("offline.js"), script.into_bytes());
    files
}

fn push_pack(
    files: &mut Files,
    generation: &str,
    firsts: &mut Vec<String>,
    pack: &BTreeMap<&str, String>,
) {
    let Some(first) = pack.keys().next() else { return };
    firsts.push((*first).to_owned());
    let name = published(&format!("{generation}/offline/{}.js", firsts.len() - 1));
    let contents = json!(pack);
    files.insert(name, format!("guidepostPack({contents});\n").into_bytes());
}

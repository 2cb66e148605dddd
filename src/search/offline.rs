//! A second copy of the files as scripts, for pages that are opened from a disk, where scripts may not read files.
//!
//! Left out where it would be very large: a site of that size is read from a server.

use std::collections::BTreeMap;

use serde_json::json;

use super::model::FORMAT;
use super::pack::published;
use crate::files::{Bytes, Files};

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

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit) & 63) as usize;
            text.push(if digit > group.len() { '=' } else { char::from(DIGITS[index]) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(base64(bytes), expected);
    }

    #[test]
    fn bytes_are_written_in_base64() {
        check(b"", "");
        check(b"f", "Zg==");
        check(b"fo", "Zm8=");
        check(b"foo", "Zm9v");
        check(&[0xff, 0xfe, 0xfd, 0xfc], "//79/A==");
    }
}

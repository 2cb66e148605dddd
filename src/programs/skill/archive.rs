//! A skill as one file: a zip archive that is the same for the same files.
//!
//! Files stand in it as they are, in the order of their names, all of one day and readable by all; so nothing but their
//! content shows in its digest (PKWARE's APPNOTE 6.3.10, without compression).

use flate2::Crc;

use crate::files::Bytes;

/// 1 January 1980, the first day that the format knows.
const DAY: u16 = 0x21;

/// Version 2.0, made on a system with the rights of Unix.
const VERSION: u16 = 20;
const MADE_BY: u16 = 3 << 8 | VERSION;

/// A plain file, readable by all and writable by its owner.
const RIGHTS: u32 = 0o100_644 << 16;

/// The archive of some files; their paths are ASCII.
pub(super) fn archive(files: &[(String, Bytes)]) -> Vec<u8> {
    let mut files: Vec<&(String, Bytes)> = files.iter().collect();
    files.sort();
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (path, bytes) in &files {
        let start = out.len() as u32;
        let mut sum = Crc::new();
        sum.update(bytes);
        let mut facts = Vec::new();
        for field in [VERSION, 0, 0, 0, DAY] {
            facts.extend(field.to_le_bytes());
        }
        for field in [sum.sum(), bytes.len() as u32, bytes.len() as u32] {
            facts.extend(field.to_le_bytes());
        }
        facts.extend((path.len() as u16).to_le_bytes());
        facts.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&facts);
        out.extend(path.as_bytes());
        out.extend(bytes.iter());
        directory.extend(b"PK\x01\x02");
        directory.extend(MADE_BY.to_le_bytes());
        directory.extend(&facts);
        // No comment, on the first disk, no text.
        directory.extend([0; 6]);
        directory.extend(RIGHTS.to_le_bytes());
        directory.extend(start.to_le_bytes());
        directory.extend(path.as_bytes());
    }
    let start = out.len() as u32;
    let count = (files.len() as u16).to_le_bytes();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::archive;

    #[test]
    fn the_order_in_which_files_come_does_not_show() {
        let file = |path: &str, text: &str| (path.to_owned(), Arc::new(text.as_bytes().to_vec()));
        let one = file("SKILL.md", "one");
        let two = file("references/two.md", "two");
        let whole = archive(&[one.clone(), two.clone()]);
        assert_eq!(whole, archive(&[two, one]));
        assert!(whole.starts_with(b"PK\x03\x04") && whole.ends_with(&[0, 0]));
        // CRC-32 of "one", as any zip program prints it.
        assert_eq!(whole[14..18], 0x7a6c_86f1_u32.to_le_bytes());
    }
}

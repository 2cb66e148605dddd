//! Bytes as they are published: compressed, with numbers of variable length and terms that share their beginnings.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};

use crate::files::{Bytes, FilePath, compact, content_hash};

/// Compresses a file. The header says nothing of time or system, so that equal content is equal bytes.
pub(super) fn pack(bytes: &[u8]) -> Bytes {
    /// Half the time of the usual level, for bytes that differ by a hundredth at most.
    const LEVEL: u32 = 4;
    // RFC 1952, section 2.3.1: any other would make the bytes depend on where the site was built.
    const UNKNOWN_SYSTEM: u8 = 255;
    let header = GzBuilder::new().mtime(0).operating_system(UNKNOWN_SYSTEM);
    let mut packer = header.write(Vec::new(), Compression::new(LEVEL));
    packer.write_all(bytes).expect("a vector takes any bytes");
    compact(packer.finish().expect("a vector takes any bytes")).into()
}

/// Reads a file that [`pack`] made.
pub(super) fn unpack(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut unpacked).expect("the bytes were packed here");
    unpacked
}

/// Reads a published file, which a host may have unpacked already.
///
/// # Errors
/// If it is packed, and the packing is broken.
pub(super) fn unpacked(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    const MOST: u64 = 64 << 20;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes.to_vec());
    }
    let mut unpacked = Vec::new();
    GzDecoder::new(bytes).take(MOST).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

/// Where something that is called or begins so belongs. FNV-1a, with its bits mixed once more so that the lowest depend
/// on all.
pub(super) fn hash(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, step);
    hash ^ hash >> 32
}

/// Appends a number, seven bits a byte, lowest first; the highest bit says that more follow.
pub(super) fn push_number(bytes: &mut Vec<u8>, number: impl Into<u64>) {
    let mut number = number.into();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Appends a term as what it shares with the one before and the rest.
pub(super) fn push_term(bytes: &mut Vec<u8>, before: &[u8], term: &[u8]) {
    let shared = before.iter().zip(term).take_while(|(left, right)| left == right).count();
    push_number(bytes, shared as u64);
    push_number(bytes, (term.len() - shared) as u64);
    bytes.extend_from_slice(&term[shared..]);
}

/// What tells one content of a file from another, and stands in the file's name: the first bytes of its hash.
///
/// A client needs the mark of each file that it fetches, so that long ones would cost every reader. A name says what the
/// file is beside its mark, so that two contents need only differ in it if one follows the other.
pub(super) type ContentMark = [u8; 3];

pub(super) fn mark(bytes: &[u8]) -> ContentMark {
    let digits = content_hash(bytes);
    [0, 2, 4].map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("a hash is hexadecimal"))
}

/// A mark as it stands in names.
pub(super) fn digits(mark: &[u8]) -> String {
    let digit = |four: u8| char::from_digit(u32::from(four), 16).expect("four bits are a digit");
    mark.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// What each shard is called, by what its terms begin with at least: the first character, and how many there are with
/// the same before it. So one shard more renames those alone that begin alike. What is below `1` is `0`, what is above
/// `z` is `_`, and what is between the digits and the letters is `9`.
pub(super) fn names(borders: &[String]) -> Vec<String> {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    let mut name = |border: &String| {
        let beginning = match border.chars().next().unwrap_or('0') {
            letter @ ('1'..='9' | 'a'..='z') => letter,
            letter if letter < '1' => '0',
            letter if letter < 'a' => '9',
            _ => '_',
        };
        let count = counts.entry(beginning).or_default();
        *count += 1;
        format!("{beginning}{}", *count - 1)
    };
    borders.iter().map(&mut name).collect()
}

pub(super) fn published(name: &str) -> FilePath {
    FilePath::new(&format!("search/{name}")).expect("the name leads nowhere else")
}

#[cfg(test)]
mod tests {
    use super::{pack, push_number, push_term, unpack};

    fn check(write: impl Fn(&mut Vec<u8>), expected: &[u8]) {
        let mut bytes = Vec::new();
        write(&mut bytes);
        assert_eq!(bytes, expected);
    }

    #[test]
    fn numbers_take_as_many_bytes_as_they_need() {
        check(|bytes| push_number(bytes, 127u32), &[127]);
        check(|bytes| push_number(bytes, 300u32), &[0xac, 2]);
    }

    #[test]
    fn terms_leave_out_what_they_share_with_the_one_before() {
        check(|bytes| push_term(bytes, b"error", b"errors"), b"\x05\x01s");
    }

    #[test]
    fn packed_bytes_name_neither_time_nor_system() {
        let packed = pack(b"same");
        assert_eq!(packed[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
        assert_eq!(unpack(&packed), b"same");
    }
}

//! Plain text as it is shown and compared: escaped, and as words with single spaces between them.

use std::borrow::Cow;

use crate::hidden::is_invisible;

pub mod encoding;

/// The words of a text with single spaces between them, and none around them.
pub(crate) fn single_spaced(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if is_single_spaced(text) {
        return Cow::Borrowed(text);
    }
    let mut spaced = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    Cow::Owned(spaced)
}

/// Whether a text without spaces around it is sure to be spaced so: most lines are, and are plain ASCII.
fn is_single_spaced(text: &str) -> bool {
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    !any(bytes.iter().map(|byte| !(b' '..0x80).contains(byte)))
        && !any(pairs.map(|(one, next)| (one | next) == b' ' && (one & next) == b' '))
}

/// Whether one of all is true. Looks at every one of them, so that none waits for those before it and the processor
/// can take many at once.
fn any(all: impl Iterator<Item = bool>) -> bool {
    all.fold(false, |any, one| any | one)
}

/// The scheme of an address in lower case, as browsers read it: they pass over blanks and control characters before
/// an address, and over tabs and line breaks inside of it. What nobody sees is left out of pages, so they do not meet
/// it. `None` for an address that is relative.
pub(crate) fn scheme(address: &str) -> Option<String> {
    let address = address.trim_start_matches(|letter: char| letter <= ' ' || is_invisible(letter));
    let (typed, _) = address.split_once(':')?;
    let mut scheme = typed.to_ascii_lowercase();
    scheme.retain(|letter| !matches!(letter, '\t' | '\n' | '\r') && !is_invisible(letter));
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let is_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.bytes().all(is_part);
    is_scheme.then_some(scheme)
}

/// Whether a browser that follows an address runs it as a script, or shows what the address itself holds.
pub(crate) fn is_script(address: &str) -> bool {
    let scheme = scheme(address);
    scheme.is_some_and(|scheme| ["javascript", "vbscript", "data"].contains(&scheme.as_str()))
}

/// A text as one word of a shell's command line: as it is where that is one, otherwise in quotes.
pub(crate) fn shell_word(plain: &str) -> Cow<'_, str> {
    let is_word = |letter: char| letter.is_alphanumeric() || "/._-+,@".contains(letter);
    if !plain.is_empty() && plain.chars().all(is_word) {
        return Cow::Borrowed(plain);
    }
    Cow::Owned(format!("'{}'", plain.replace('\'', r"'\''")))
}

/// Appends `plain` with the five characters escaped that matter in HTML.
pub fn escape(out: &mut String, plain: &str) {
    let entity = |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        _ => None,
    };
    escape_by(out, plain, entity);
}

/// Appends `plain` with the characters escaped that matter between tags, where quotes are text.
pub fn escape_content(out: &mut String, plain: &str) {
    let entity = |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        _ => None,
    };
    escape_by(out, plain, entity);
}

/// How many bytes are looked at at once: most hold nothing to escape.
const STRIDE: usize = 16;

fn escape_by(out: &mut String, plain: &str, entity: impl Fn(u8) -> Option<&'static str>) {
    if plain.len() < STRIDE && !plain.bytes().any(|byte| entity(byte).is_some()) {
        out.push_str(plain);
        return;
    }
    let mut done = 0;
    for (index, stride) in plain.as_bytes().chunks(STRIDE).enumerate() {
        if !any(stride.iter().map(|byte| entity(*byte).is_some())) {
            continue;
        }
        for (at, byte) in stride.iter().enumerate() {
            let Some(entity) = entity(*byte) else { continue };
            let at = index * STRIDE + at;
            out.push_str(&plain[done..at]);
            out.push_str(entity);
            done = at + 1;
        }
    }
    out.push_str(&plain[done..]);
}

/// Where the line ends that holds the byte at `from`.
pub(crate) fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |length| from + length)
}

/// The longest word that every column has room for.
const FITS_ANYWHERE: usize = 12;

/// A text as HTML in which long words may break where a reader would break them: between the parts of a name in
/// camel case, behind `_`, `-`, `/` and `:`, before `.`, `@` and what begins a query. `<wbr>` is no character, so
/// nothing is added to what somebody copies.
pub(crate) fn breakable(plain: &str) -> String {
    let mut html = String::with_capacity(plain.len() + 16);
    escape_breakable(&mut html, plain);
    html
}

/// Appends the same to HTML.
pub(crate) fn escape_breakable(html: &mut String, plain: &str) {
    if plain.len() <= FITS_ANYWHERE {
        return escape(html, plain);
    }
    for word in plain.split_inclusive(char::is_whitespace) {
        let mut start = 0;
        for at in breaks(word) {
            escape(html, &word[start..at]);
            html.push_str("<wbr>");
            start = at;
        }
        escape(html, &word[start..]);
    }
}

/// Where a word may break; never so that fewer than three letters stand alone, and not at all if it is short.
fn breaks(word: &str) -> Vec<usize> {
    const ALONE: usize = 3;
    if word.len() <= FITS_ANYWHERE {
        return Vec::new();
    }
    let letters: Vec<(usize, char)> = word.char_indices().collect();
    let mut found = Vec::new();
    let mut last = 0;
    for place in ALONE..letters.len().saturating_sub(ALONE - 1) {
        let (before, here) = (letters[place - 1].1, letters[place].1);
        let next = letters.get(place + 1).map_or(' ', |(_, letter)| *letter);
        let is_hump = here.is_uppercase() && (before.is_lowercase() || before.is_numeric())
            || before.is_uppercase() && here.is_uppercase() && next.is_lowercase();
        let is_joint =
            matches!(before, '_' | '-' | '/' | ':' | '=' | ',') && here.is_alphanumeric();
        let is_mark = matches!(here, '.' | '@' | '?' | '&' | '#') && before.is_alphanumeric();
        if (is_hump || is_joint || is_mark) && place - last >= ALONE {
            found.push(letters[place].0);
            last = place;
        }
    }
    found
}

/// The same for HTML: its tags and entities stay as they are.
pub(crate) fn breakable_html(html: &str) -> String {
    let mut broken = String::with_capacity(html.len() + 16);
    let mut rest = html;
    while !rest.is_empty() {
        let text = rest.find(['<', '&']).unwrap_or(rest.len());
        broken.push_str(&breakable(&rest[..text]));
        rest = &rest[text..];
        let stop = if rest.starts_with('<') { '>' } else { ';' };
        let end = rest.find(stop).map_or(rest.len(), |end| end + 1);
        broken.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    broken
}

/// The first sentence of a text, cut where it would fill more than a line.
pub(crate) fn first_sentence(text: &str) -> Option<String> {
    const FITS: usize = 140;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let ends = |(at, letter): (usize, char)| {
        let after = &line[at + letter.len_utf8()..];
        let stops = match letter {
            '.' | '!' | '?' => after.is_empty() || after.starts_with(' '),
            _ => matches!(letter, '。' | '！' | '？'),
        };
        stops.then_some(at + letter.len_utf8())
    };
    let sentence = &line[..line.char_indices().find_map(ends).unwrap_or(line.len())];
    let Some((cut, _)) = sentence.char_indices().nth(FITS) else {
        return Some(sentence.to_owned());
    };
    let cut = sentence[..cut].rfind(' ').unwrap_or(cut);
    Some(format!("{} …", &sentence[..cut]))
}

/// Appends a text as Markdown of which nothing is markup, not even in the cell of a table, and that calls nobody.
pub(crate) fn push_markdown(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '`' | '#' | '|' | '~' => {
                out.push('\\');
                out.push(letter);
            }
            '@' => out.push_str("@\u{200b}"),
            _ => out.push(letter),
        }
    }
}

/// The same as [`escape`] writes, as a text of its own.
pub fn escaped(plain: &str) -> String {
    let mut html = String::new();
    escape(&mut html, plain);
    html
}

/// Bytes in base64 (RFC 4648), with its padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = |bits: u32| [18, 12, 6, 0].map(|shift| DIGITS[(bits >> shift & 63) as usize]);
    let mut text = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    let mut groups = bytes.chunks_exact(3);
    for group in &mut groups {
        let [first, second, third] = [group[0], group[1], group[2]].map(u32::from);
        text.extend_from_slice(&digits(first << 16 | second << 8 | third));
    }
    match *groups.remainder() {
        [] => {}
        [first] => text.extend([&digits(u32::from(first) << 16)[..2], &b"=="[..]].concat()),
        [first, second, ..] => {
            let bits = u32::from(first) << 16 | u32::from(second) << 8;
            text.extend([&digits(bits)[..3], &b"="[..]].concat());
        }
    }
    String::from_utf8(text).expect("the digits are ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_and_spaces_are_not() {
        for (text, expected) in [
            ("", ""),
            (" ", ""),
            ("a", "a"),
            ("a b", "a b"),
            (" a b", "a b"),
            ("a b ", "a b"),
            ("a  b", "a b"),
            ("a\n\tb", "a b"),
            ("a\u{a0}b\u{2003}c", "a b c"),
            ("é b", "é b"),
            ("a\u{b}b", "a b"),
        ] {
            assert_eq!(single_spaced(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_matters_in_html_is_escaped_wherever_it_stands() {
        let long = "a long line in which nothing stands that would have to be escaped";
        for place in [0, 1, 15, 16, 17, 31, 32, long.len()] {
            let (before, behind) = long.split_at(place);
            let plain = format!("{before}<é'\"&>{behind}");
            let (mut text, mut content) = (String::new(), String::new());
            escape(&mut text, &plain);
            escape_content(&mut content, &plain);
            assert_eq!(text, format!("{before}&lt;é&#39;&quot;&amp;&gt;{behind}"));
            assert_eq!(content, format!("{before}&lt;é'\"&amp;&gt;{behind}"));
        }
    }

    #[test]
    fn a_script_is_known_however_a_browser_would_read_it() {
        for address in [
            "javascript:alert(1)",
            "JavaScript://x%0aalert(1)",
            "                              javascript:alert(1)",
            "\u{1}javascript:alert(1)",
            "java\tscr\nipt\r:alert(1)",
            "data:text/html,x",
            "\u{feff} java\u{200b}script\u{ad}:alert(1)",
        ] {
            assert!(super::is_script(address), "{address:?}");
        }
        for address in ["a.md", "a b:c", "https://x/javascript:", "#javascript:", "mailto:a@b", ""]
        {
            assert!(!super::is_script(address), "{address:?}");
        }
    }

    #[test]
    fn a_file_is_one_word_of_a_command_whatever_its_name() {
        for (name, word) in [
            ("content/a-b.md", "content/a-b.md"),
            ("wie geht's.md", r"'wie geht'\''s.md'"),
            ("$(id).md", "'$(id).md'"),
        ] {
            assert_eq!(super::shell_word(name), word);
        }
    }

    #[test]
    fn long_names_may_break_where_a_reader_would_break_them() {
        let check = |plain: &str, expected: &str| {
            assert_eq!(breakable(plain).replace("<wbr>", "|"), expected);
            assert_eq!(breakable(plain).replace("<wbr>", ""), plain, "nothing is added");
        };
        check("KubeAPIErrorBudgetBurn", "Kube|API|Error|Budget|Burn");
        check("etcd_disk_wal_fsync_duration", "etcd_|disk_|wal_|fsync_|duration");
        check("NodeFilesystemAlmostOutOfSpace.md", "Node|Filesystem|Almost|Out|OfSpace|.md");
        check("how-to-collect-must-gather.markdown", "how-|to-|collect-|must-|gather|.markdown");
        check("a@very-long-department.example", "a@very-|long-|department|.example");
        check("short Words StayWhole", "short Words StayWhole");
        check("Straßenüberwachungsdienst", "Straßenüberwachungsdienst");
    }

    #[test]
    fn tags_and_entities_never_break() {
        let html = "<a href=\"SomeVeryLongAddressInside\">KubeNodeNotReady&amp;LongEnough</a>";
        let expected =
            "<a href=\"SomeVeryLongAddressInside\">Kube|Node|Not|Ready&amp;LongEnough</a>";
        assert_eq!(breakable_html(html).replace("<wbr>", "|"), expected);
    }

    #[test]
    fn a_sentence_ends_at_its_stop_and_long_ones_between_words() {
        assert_eq!(first_sentence("\nUses v1.2 now. More.").as_deref(), Some("Uses v1.2 now."));
        assert_eq!(first_sentence("ディスク。次"), Some("ディスク。".to_owned()));
        assert_eq!(first_sentence("  \n"), None);
        let long = first_sentence(&"word ".repeat(60)).expect("a sentence");
        assert!(long.ends_with("word …") && long.len() < 150, "{long}");
    }

    #[test]
    fn bytes_are_written_in_base64() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(base64(bytes), expected);
        check(b"", "");
        check(b"f", "Zg==");
        check(b"fo", "Zm8=");
        check(b"foo", "Zm9v");
        check(&[0xff, 0xfe, 0xfd, 0xfc], "//79/A==");
    }
}

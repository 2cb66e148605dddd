//! The lines by which a page takes in another file, in four spellings.

use std::ops::Range;

/// What a line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IncludeRequest<'t> {
    /// How it is written.
    pub(crate) spelling: Spelling,
    /// The file as typed, without the part.
    pub(crate) target: &'t str,
    /// Which part of the file.
    pub(crate) part: IncludedPart<'t>,
    /// Where the target stands in the line.
    pub(crate) range: Range<usize>,
    /// How long what stands before is in the line: blanks, quote marks and the marker of a list item.
    pub(crate) lead: usize,
    /// The language of the block of code that the file is shown as; nothing where it is text.
    pub(crate) code: Option<&'t str>,
}

/// How a request is written, which decides from where its file is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// `[text](file.md "include")`.
    Link,
    /// `![[page]]`.
    Embed,
    /// `--8<-- "file"`.
    Snippet,
    /// `{{#include file}}`, `<!--@include: file-->`, `{% include "file.md" %}`, and the `{include}` of `MyST`.
    Braces,
}

/// The part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IncludedPart<'t> {
    /// All of it.
    Whole,
    /// The section of a heading, by its anchor or text.
    Section(&'t str),
    /// What stands between two marks of that name.
    Marked(&'t str),
    /// These lines, counted from 1, both included.
    Lines(usize, usize),
    /// What stands behind the first of these texts and before the second, each if there is one.
    Between(Option<&'t str>, Option<&'t str>),
}

/// Whether a text may ask for another file.
pub(crate) fn may_request(text: &str) -> bool {
    ["include\")", "include')", "![[", "8<-", "{{#", "@include:", "include}", "{% include"]
        .iter()
        .any(|sign| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some())
}

/// What the line at `at` and those that belong to it ask for, each with the line that names the file, and how many lines
/// that is.
pub(crate) fn requests<'t>(
    lines: &[&'t str],
    at: usize,
) -> (Vec<(usize, IncludeRequest<'t>)>, usize) {
    let line = lines[at];
    if let Some(found) = request(line) {
        return (vec![(at, found)], 1);
    }
    let nothing = (Vec::new(), 1);
    if is_scissors(line) {
        let below = lines[at + 1..].iter().take(LONGEST_BLOCK);
        let Some(count) = below.into_iter().position(|line| is_scissors(line)) else {
            return nothing;
        };
        let lead = lead_of_blanks(line);
        let named = (at + 1..at + 1 + count).filter_map(|place| {
            let name = lines[place].trim();
            let is_file = !name.is_empty() && !name.starts_with([';', '#']) && !is_address(name);
            let (target, part) = part_behind_colon(name);
            let range = place_of(lines[place], target);
            let request = IncludeRequest {
                spelling: Spelling::Snippet,
                target,
                part,
                range,
                lead,
                code: None,
            };
            is_file.then_some((place, request))
        });
        return (named.collect(), count + 2);
    }
    directive(lines, at).map_or(nothing, |(found, count)| (vec![(at, found)], count))
}

/// How many lines a block of names or options may have.
const LONGEST_BLOCK: usize = 64;

/// Whether a line is the scissors alone between which names of files stand, one a line.
fn is_scissors(line: &str) -> bool {
    let text = line.trim();
    let rest = text.trim_start_matches('-').strip_prefix("8<");
    text.starts_with('-')
        && rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte == b'-'))
}

pub(crate) fn lead_of_blanks(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_address(name: &str) -> bool {
    name.contains("://") || name.starts_with("//")
}

fn place_of(line: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - line.as_ptr() as usize;
    start..start + part.len()
}

/// ```` ```{include} file ```` and `{literalinclude}` of `MyST`, with their options, and how many lines they take.
fn directive<'t>(lines: &[&'t str], at: usize) -> Option<(IncludeRequest<'t>, usize)> {
    let line = lines[at];
    let lead = lead(line);
    let text = line[lead..].trim_end();
    let letter = text.chars().next().filter(|letter| "`~:".contains(*letter))?;
    let count = text.len() - text.trim_start_matches(letter).len();
    let rest = text[count..].trim_start().strip_prefix('{').filter(|_| count >= 3)?;
    let (word, target) = rest.split_once('}')?;
    let is_code = word == "literalinclude";
    let target = target.trim();
    if !(is_code || word == "include") || target.is_empty() || is_address(target) {
        return None;
    }
    let ends = |line: &&str| {
        let text = line.trim_start_matches([' ', '\t', '>']).trim_end();
        text.len() >= count && text.chars().all(|own| own == letter)
    };
    let options = lines[at + 1..].iter().take(LONGEST_BLOCK).position(ends)?;
    let mut found = IncludeRequest {
        spelling: Spelling::Braces,
        target,
        part: IncludedPart::Whole,
        range: place_of(line, target),
        lead,
        code: is_code.then_some(""),
    };
    let (mut after, mut before) = (None, None);
    for option in &lines[at + 1..at + 1 + options] {
        let Some((key, value)) =
            option.trim().strip_prefix(':').and_then(|text| text.split_once(':'))
        else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        match key {
            "language" | "lang" | "code" if found.code.is_some() || key == "code" => {
                found.code = Some(value);
            }
            "literal" => found.code = Some(found.code.unwrap_or_default()),
            "start-after" => after = Some(value),
            "end-before" => before = Some(value),
            "lines" => {
                let (first, last) = value.split_once('-').unwrap_or((value, value));
                let number = |text: &str, other| match text.trim() {
                    "" => Some(other),
                    text => text.parse().ok(),
                };
                let lines = number(first, 1).zip(number(last, usize::MAX));
                found.part = lines.map_or(IncludedPart::Whole, |(first, last)| {
                    IncludedPart::Lines(first.max(1), last)
                });
            }
            _ => {}
        }
    }
    if after.is_some() || before.is_some() {
        found.part = IncludedPart::Between(after, before);
    }
    Some((found, options + 2))
}

/// What a line asks for, if it is nothing else.
pub(crate) fn request(line: &str) -> Option<IncludeRequest<'_>> {
    let lead = lead(line);
    let text = line[lead..].trim_end();
    let (spelling, target, part) = match text.as_bytes().first()? {
        b'[' => link(text)?,
        b'!' => embed(text)?,
        b'-' => snippet(text)?,
        b'{' => braces(text)?,
        b'<' => comment(text)?,
        _ => return None,
    };
    let range = place_of(line, target);
    let is_named = !target.is_empty() && !is_address(target);
    is_named.then_some(IncludeRequest { spelling, target, part, range, lead, code: None })
}

type FoundRequest<'t> = (Spelling, &'t str, IncludedPart<'t>);

fn link(text: &str) -> Option<FoundRequest<'_>> {
    let inner = text.strip_suffix(')')?;
    let (_, inner) = inner.rsplit_once("](")?;
    let quoted = inner.strip_suffix("\"include\"").or_else(|| inner.strip_suffix("'include'"))?;
    let address = quoted.strip_suffix([' ', '\t'])?.trim();
    let address =
        address.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(address);
    let (target, section) = address.split_once('#').unwrap_or((address, ""));
    let part =
        if section.is_empty() { IncludedPart::Whole } else { IncludedPart::Section(section) };
    Some((Spelling::Link, target, part))
}

fn embed(text: &str) -> Option<FoundRequest<'_>> {
    let inner = text.strip_prefix("![[")?.strip_suffix("]]")?;
    if inner.contains(['[', ']']) {
        return None;
    }
    let name = inner.split('|').next().unwrap_or_default();
    let (target, section) = name.split_once('#').unwrap_or((name, ""));
    let part =
        if section.is_empty() { IncludedPart::Whole } else { IncludedPart::Section(section) };
    Some((Spelling::Embed, target.trim(), part))
}

fn snippet(text: &str) -> Option<FoundRequest<'_>> {
    let rest = text.trim_start_matches('-').strip_prefix("8<")?;
    let rest = rest.strip_prefix('-')?.trim_start_matches('-').trim();
    let quote = rest.chars().next().filter(|quote| "\"'".contains(*quote))?;
    let file = rest.strip_prefix(quote)?.strip_suffix(quote).filter(|file| !is_address(file))?;
    let (target, part) = part_behind_colon(file);
    Some((Spelling::Snippet, target, part))
}

fn braces(text: &str) -> Option<FoundRequest<'_>> {
    if let Some(file) = text.strip_prefix("{% include \"") {
        let file = file.strip_suffix("%}")?.trim_end().strip_suffix('"')?;
        return file.ends_with(".md").then_some((Spelling::Braces, file, IncludedPart::Whole));
    }
    let inner = text.strip_prefix("{{#")?.strip_suffix("}}")?;
    let (word, file) = inner.split_once([' ', '\t'])?;
    if !matches!(word, "include" | "rustdoc_include" | "playground") {
        return None;
    }
    // Behind the file stand options for the sample.
    let file = file.split_whitespace().next()?.trim_end_matches(',');
    let (target, part) = part_behind_colon(file);
    Some((Spelling::Braces, target, part))
}

/// `<!-- @include: ./file.md -->`, with `{2,10}` for lines and `#name` for a section.
fn comment(text: &str) -> Option<FoundRequest<'_>> {
    let inner = text.strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let file = inner.strip_prefix("@include:")?.trim();
    if let Some((target, lines)) = file.strip_suffix('}').and_then(|file| file.split_once('{')) {
        let (first, last) = lines.split_once(',')?;
        let number = |text: &str, otherwise| match text.trim() {
            "" => Some(otherwise),
            text => text.parse().ok(),
        };
        let part = IncludedPart::Lines(number(first, 1)?.max(1), number(last, usize::MAX)?);
        return Some((Spelling::Braces, target.trim(), part));
    }
    let (target, section) = file.split_once('#').unwrap_or((file, ""));
    let part =
        if section.is_empty() { IncludedPart::Whole } else { IncludedPart::Section(section) };
    Some((Spelling::Braces, target.trim(), part))
}

/// `file`, `file:name`, `file:2`, `file:2:10`, `file::10`, `file:2:`.
fn part_behind_colon(file: &str) -> (&str, IncludedPart<'_>) {
    let Some((target, part)) = file.split_once(':') else { return (file, IncludedPart::Whole) };
    let number = |text: &str, otherwise: usize| match text {
        "" => Some(otherwise),
        text => text.parse().ok(),
    };
    let lines = match part.split_once(':') {
        Some((first, last)) => number(first, 1).zip(number(last, usize::MAX)),
        None => part.parse().ok().map(|line: usize| (line, line)),
    };
    match lines {
        Some((first, last)) => (target, IncludedPart::Lines(first.max(1), last)),
        None => (target, IncludedPart::Marked(part)),
    }
}

/// The length of what stands before the text of a line: blanks, quote marks, the marker of a list item.
pub(crate) fn lead(line: &str) -> usize {
    let bytes = line.as_bytes();
    let mut at = 0;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'>') => at += 1,
            Some(b'-' | b'*' | b'+') if matches!(bytes.get(at + 1), Some(b' ' | b'\t')) => at += 2,
            Some(b'0'..=b'9') => {
                let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let is_marker = matches!(bytes.get(at + digits), Some(b'.' | b')'))
                    && matches!(bytes.get(at + digits + 1), Some(b' ' | b'\t'));
                if !is_marker {
                    return at;
                }
                at += digits + 2;
            }
            _ => return at,
        }
    }
}

/// The name of the mark that a line sets, and whether it is the one that opens.
pub(crate) fn mark(line: &str) -> Option<(&str, bool)> {
    let named = |sign: &str| {
        let name = line[line.find(sign)? + sign.len()..].trim_start();
        let end = name.find(|end: char| end.is_whitespace() || "]*-".contains(end) && end != '-');
        let name = &name[..end.unwrap_or(name.len())];
        (!name.is_empty()).then_some(name)
    };
    named("ANCHOR_END:")
        .map(|name| (name, false))
        .or_else(|| named("ANCHOR:").map(|name| (name, true)))
        .or_else(|| named("[start:").map(|name| (name, true)))
        .or_else(|| named("[end:").map(|name| (name, false)))
}

#[cfg(test)]
mod tests {
    use super::{IncludedPart, Spelling, mark, request, requests};

    fn check(line: &str, expected: Option<&(Spelling, &str, IncludedPart<'_>, usize)>) {
        let found = request(line);
        if let Some(found) = &found {
            assert_eq!(&line[found.range.clone()], found.target);
        }
        let found = found.map(|found| (found.spelling, found.target, found.part, found.lead));
        assert_eq!(found.as_ref(), expected, "{line}");
    }

    #[test]
    fn files_are_asked_for_in_four_spellings() {
        use Spelling::{Braces, Embed, Link, Snippet};
        check("[Drain](../a.md \"include\")", Some(&(Link, "../a.md", IncludedPart::Whole, 0)));
        check(
            "  - [D [x]](<a b.md#s> 'include')",
            Some(&(Link, "a b.md", IncludedPart::Section("s"), 4)),
        );
        check("> ![[drain#Steps]]", Some(&(Embed, "drain", IncludedPart::Section("Steps"), 2)));
        check("![[drain]]", Some(&(Embed, "drain", IncludedPart::Whole, 0)));
        check("--8<-- \"a.md\"", Some(&(Snippet, "a.md", IncludedPart::Whole, 0)));
        check("12. --8<-- 'a.md:part'", Some(&(Snippet, "a.md", IncludedPart::Marked("part"), 4)));
        check("-8<- \"a.sh:2:5\"", Some(&(Snippet, "a.sh", IncludedPart::Lines(2, 5), 0)));
        check("{{#include a.md:part}}", Some(&(Braces, "a.md", IncludedPart::Marked("part"), 0)));
        check("{{#include a.md::3}}", Some(&(Braces, "a.md", IncludedPart::Lines(1, 3), 0)));
        check("{{#include a.md:4}}", Some(&(Braces, "a.md", IncludedPart::Lines(4, 4), 0)));
        check("<!--@include: ./a.md-->", Some(&(Braces, "./a.md", IncludedPart::Whole, 0)));
        check(
            "<!-- @include: a.md{3,} -->",
            Some(&(Braces, "a.md", IncludedPart::Lines(3, usize::MAX), 0)),
        );
        check(
            "<!-- @include: a.md#one -->",
            Some(&(Braces, "a.md", IncludedPart::Section("one"), 0)),
        );
        check("{% include \"../a.md\" %}", Some(&(Braces, "../a.md", IncludedPart::Whole, 0)));
        check(
            "{{#include a.md:4:}}",
            Some(&(Braces, "a.md", IncludedPart::Lines(4, usize::MAX), 0)),
        );
    }

    #[test]
    fn files_are_asked_for_over_several_lines() {
        fn check(
            text: &str,
            expected: &[(usize, &str, IncludedPart<'_>, Option<&str>)],
            count: usize,
        ) {
            let lines: Vec<&str> = text.lines().collect();
            let (found, taken) = requests(&lines, 0);
            for (place, request) in &found {
                assert_eq!(&lines[*place][request.range.clone()], request.target);
            }
            let found: Vec<_> = found
                .into_iter()
                .map(|(place, request)| (place, request.target, request.part, request.code))
                .collect();
            assert_eq!((&*found, taken), (expected, count), "{text}");
        }
        check(
            "--8<--\na.md\n\n; no.md\nb/c.md:part\n--8<--\nx",
            &[
                (1, "a.md", IncludedPart::Whole, None),
                (4, "b/c.md", IncludedPart::Marked("part"), None),
            ],
            6,
        );
        check("--8<--\na.md", &[], 1);
        check("```{include} a.md\n```", &[(0, "a.md", IncludedPart::Whole, None)], 2);
        check(
            ":::{include} /a.md\n:start-after: <!-- x -->\n:end-before: \"y\"\n:::",
            &[(0, "/a.md", IncludedPart::Between(Some("<!-- x -->"), Some("y")), None)],
            4,
        );
        check(
            "```{literalinclude} a.sh\n:language: bash\n:lines: 2-\n```",
            &[(0, "a.sh", IncludedPart::Lines(2, usize::MAX), Some("bash"))],
            4,
        );
        check("```{include} https://e.example/a.md\n```", &[], 1);
        check("```{include}\n```", &[], 1);
    }

    #[test]
    fn other_lines_ask_for_nothing() {
        for line in [
            "see [Drain](a.md \"include\")",
            "[Drain](a.md \"included\")",
            "[Drain](a.md)",
            "![x](a.md \"include\")",
            "![[a]] b",
            "\\{{#include a.md}}",
            "{{#if a}}",
            "--8<--",
            "--8<-- \"https://e.example/a.md\"",
            "{% include note.html text=\"a.md\" %}",
            "[x](https://e.example/ \"include\")",
            "- ",
            "",
        ] {
            check(line, None);
        }
    }

    #[test]
    fn marks_are_read_in_every_comment() {
        assert_eq!(mark("<!-- ANCHOR: a-b -->"), Some(("a-b", true)));
        assert_eq!(mark("# ANCHOR_END: a"), Some(("a", false)));
        assert_eq!(mark("<!-- --8<-- [start:a] -->"), Some(("a", true)));
        assert_eq!(mark("; --8<-- [end:a]"), Some(("a", false)));
        assert_eq!(mark("text"), None);
    }
}

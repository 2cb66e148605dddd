//! The text of labels: what Mermaid lets authors write becomes lines of plain words.

/// Elements that format text and are not shown; others are text.
const FORMATTING: &[&str] = &[
    "a", "b", "big", "center", "code", "div", "em", "font", "i", "mark", "p", "s", "small", "span",
    "strong", "sub", "sup", "u",
];

/// A label as plain text, lines divided by `<br/>`, which is what the library reads.
pub(super) fn plain(typed: &str) -> String {
    let text = words(typed);
    let text = text
        .strip_prefix('`')
        .and_then(|text| text.strip_suffix('`'))
        .map_or_else(|| text.clone(), |marked| marked.replace("**", "").replace("__", ""));
    let lines = without_formatting(&text);
    let lines: Vec<String> = lines
        .split('\n')
        .flat_map(|line| line.split("\\n"))
        .map(|line| without_icons(&decoded(line)))
        .collect();
    let text = lines.join("<br/>");
    let text = text.trim_matches(|sign: char| sign.is_whitespace());
    text.trim_start_matches("<br/>").trim_end_matches("<br/>").to_owned()
}

/// A text without the quotation marks around it.
pub(super) fn words(typed: &str) -> String {
    let text = typed.trim();
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text).trim().to_owned()
}

/// Line breaks as such, and no tags that only format.
fn without_formatting(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        let inner = tag.split_once('>').filter(|(inner, _)| !inner.contains('<'));
        let name = inner
            .and_then(|(inner, _)| inner.trim_start_matches('/').split([' ', '\n', '/']).next());
        let name = name.map(str::to_ascii_lowercase);
        match (name.as_deref(), inner) {
            (Some("br"), Some((_, after))) => {
                plain.push('\n');
                rest = after;
            }
            (Some(name), Some((_, after))) if FORMATTING.contains(&name) => rest = after,
            _ => {
                plain.push('<');
                rest = tag;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// `#quot;`, `#9829;` and `&amp;` as the characters that they stand for.
fn decoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['#', '&']) {
        plain.push_str(&rest[..at]);
        let (name, after) = match rest[at + 1..].split_once(';') {
            Some((name, after)) if name.len() <= 8 => (name, after),
            _ => ("", ""),
        };
        let character = match name.trim_start_matches('#') {
            "quot" => Some('"'),
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "apos" => Some('\''),
            "nbsp" => Some(' '),
            "num" => Some('#'),
            number => {
                number.parse().ok().and_then(char::from_u32).filter(|sign| !sign.is_control())
            }
        };
        if let Some(character) = character {
            plain.push(character);
            rest = after;
        } else {
            plain.push_str(&rest[at..=at]);
            rest = &rest[at + 1..];
        }
    }
    plain.push_str(rest);
    plain.trim().to_owned()
}

/// No icons of a font that no page loads: `fa:fa-bolt`.
fn without_icons(text: &str) -> String {
    if !text.contains(":fa-") {
        return text.to_owned();
    }
    let is_icon = |word: &&str| {
        word.split_once(":fa-").is_some_and(|(font, _)| font.len() <= 4 && font.starts_with("fa"))
    };
    text.split(' ').filter(|word| !is_icon(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::plain;

    fn check(typed: &str, expected: &str) {
        assert_eq!(plain(typed), expected, "{typed}");
    }

    #[test]
    fn labels_are_shown_without_the_marks_that_format_them() {
        check("  \"two words\" ", "two words");
        check("one<br>two<BR/>three\\nfour\nfive", "one<br/>two<br/>three<br/>four<br/>five");
        check("<b>bold</b> and <span style=\"x\">plain</span>", "bold and plain");
        check("\"`**bold** __too__`\"", "bold too");
        check("#quot;x#quot; #9829; &amp; #lost; a#b", "\"x\" ♥ & #lost; a#b");
        check("fa:fa-bolt Power", "Power");
    }

    #[test]
    fn what_looks_like_a_tag_and_formats_nothing_is_text() {
        check("a < b > c <account-id> <", "a < b > c <account-id> <");
    }
}

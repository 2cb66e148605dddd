//! Icons of `MkDocs` Material, `:material-check:{ .green }`: pictures that its theme has. Those that stand for a word in
//! most texts become the sign for it, all others are left out; no reader is shown their names.

use std::borrow::Cow;

use comrak::nodes::NodeValue;

use super::attributes;
use super::writer::MarkdownNode;

/// The sets of icons that the theme has.
const SETS: [&str; 4] = [":material-", ":fontawesome-", ":octicons-", ":simple-"];

/// What a word in the name of an icon stands for; a table of what is supported says it by nothing else.
const SIGNS: [(&str, &str); 16] = [
    ("check", "✓"),
    ("checkbox", "✓"),
    ("close", "✗"),
    ("xmark", "✗"),
    ("times", "✗"),
    ("x", "✗"),
    ("cancel", "✗"),
    ("alert", "⚠"),
    ("warning", "⚠"),
    ("minus", "−"),
    ("plus", "+"),
    ("help", "?"),
    ("question", "?"),
    ("star", "★"),
    ("heart", "♥"),
    ("lock", "🔒"),
];

/// Takes the icons out of the text of a page.
pub(super) fn leave_out(root: MarkdownNode<'_>) {
    for node in root.descendants() {
        let NodeValue::Text(text) = &mut node.data_mut().value else { continue };
        if !SETS.iter().any(|set| text.contains(set)) {
            continue;
        }
        let is_only = node.previous_sibling().is_none() && node.next_sibling().is_none();
        let parent = node.parent().filter(|_| is_only);
        // What is all that a cell or line says is more than decoration.
        let says_something = parent.is_some_and(|parent| {
            matches!(parent.data().value, NodeValue::TableCell | NodeValue::Paragraph)
        });
        let is_last = node.next_sibling().is_none();
        let mut shown = without(text, says_something);
        if is_last && shown.ends_with(' ') {
            shown = shown.trim_end().to_owned().into();
        }
        *text = shown.into_owned().into();
    }
}

/// A text without icons, which become signs where they may say something.
pub(crate) fn without(text: &str, says_something: bool) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices(':') {
        if at < done {
            continue;
        }
        let Some(length) = icon(&text[at..]) else { continue };
        let name = &text[at + 1..at + length - 1];
        out.push_str(&text[done..at]);
        done = at + length + attributes::behind_icon(&text[at + length..]);
        let sign = || SIGNS.iter().find(|(word, _)| name.split('-').any(|part| part == *word));
        match sign().filter(|_| says_something && text.trim_start().starts_with(':')) {
            Some((_, sign)) => out.push_str(sign),
            None if out.is_empty() || out.ends_with(char::is_whitespace) => {
                let rest = &text[done..];
                done += rest.len() - rest.trim_start_matches(' ').len();
            }
            None => {}
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// The length of the icon that a text begins with.
fn icon(text: &str) -> Option<usize> {
    SETS.iter().any(|set| text.starts_with(set)).then_some(())?;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte == b'_';
    let length = 1 + text.as_bytes()[1..].iter().take_while(|byte| is_part(byte)).count();
    (text.as_bytes().get(length) == Some(&b':')).then_some(length + 1)
}

#[cfg(test)]
mod tests {
    use super::without;

    fn check(text: &str, decoration: &str, sign: &str) {
        assert_eq!(without(text, false), decoration, "{text}");
        assert_eq!(without(text, true), sign, "{text}");
    }

    #[test]
    fn icons_are_left_out_or_become_the_sign_for_what_they_say() {
        check(":material-check:", "", "✓");
        check(":octicons-x-24:{ .red } no", "no", "✗ no");
        check(":material-home: Welcome", "Welcome", "Welcome");
        check("Subscribe :fontawesome-solid-paper-plane: now", "Subscribe now", "Subscribe now");
        check("a :simple-grafana:", "a ", "a ");
        check(":material-clock-fast:{ .lg .middle } Fast", "Fast", "Fast");
    }

    #[test]
    fn what_is_no_icon_stays() {
        for text in ["a:material-b", ":material-x y:", "10:30:45", ":warning:", "arn:aws:simple-x"]
        {
            check(text, text, text);
        }
    }
}

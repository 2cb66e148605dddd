//! What stands behind a code fence: ` ```bash {danger title="Purge the queue"} `.

use super::document::DeclaredSafety;

/// A fence's language and attributes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Fence {
    /// The first word, in lower case.
    pub(crate) language: String,
    /// `title="…"`.
    pub(crate) title: Option<String>,
    /// `danger` or `safe`.
    pub(crate) declared: Option<DeclaredSafety>,
}

/// Reads the text behind a fence. Attributes that Guidepost does not know are left to other tools.
pub(crate) fn fence(text: &str) -> Fence {
    let text = text.trim();
    let split = text.find([' ', '\t', '{']).unwrap_or(text.len());
    // `ts:line-numbers`, `bash:run.sh`: what follows the language is an option of another tool, or the file's name.
    let (word, behind) = text[..split].split_once(':').unwrap_or((&text[..split], ""));
    let title = Some(behind).filter(|name| name.contains('.') && !word.is_empty());
    let word = word.trim_matches([',', '.']).to_lowercase();
    let title = title.map(str::to_owned);
    let mut fence = Fence { language: word, title, ..Fence::default() };
    for (name, value) in
        attributes(text[split..].trim().trim_start_matches('{').trim_end_matches('}'))
    {
        match (name, value) {
            ("danger", None) => fence.declared = Some(DeclaredSafety::Danger),
            ("safe", None) => fence.declared = Some(DeclaredSafety::Safe),
            (label, None) if label.len() > 2 && label.starts_with('[') && label.ends_with(']') => {
                fence.title.get_or_insert_with(|| label[1..label.len() - 1].to_owned());
            }
            ("title", Some(title)) if !title.is_empty() => fence.title = Some(title.to_owned()),
            (class, None) if fence.language.is_empty() && class.starts_with('.') => {
                fence.language = class[1..].to_lowercase();
            }
            _ => {}
        }
    }
    fence
}

/// Names with their values, in order; values may be quoted.
fn attributes(text: &str) -> Vec<(&str, Option<&str>)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find([' ', '\t', '=', ',']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.strip_prefix('=') else {
            found.push((name, None));
            rest = after.trim_start_matches([' ', '\t', ',']);
            continue;
        };
        let quote = value.chars().next().filter(|letter| matches!(letter, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find([' ', '\t', ',']).unwrap_or(value.len())),
        };
        found.push((name, Some(value)));
        rest = after.trim_start_matches([' ', '\t', ',']);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::DeclaredSafety;
    use super::{Fence, fence};

    fn check(text: &str, language: &str, title: Option<&str>, declared: Option<DeclaredSafety>) {
        let expected =
            Fence { language: language.to_owned(), title: title.map(str::to_owned), declared };
        assert_eq!(fence(text), expected, "{text}");
    }

    #[test]
    fn fences_say_language_title_and_safety() {
        check("", "", None, None);
        check("Bash", "bash", None, None);
        check(
            "bash {danger title=\"Purge the queue\"}",
            "bash",
            Some("Purge the queue"),
            Some(DeclaredSafety::Danger),
        );
        check("sh{safe}", "sh", None, Some(DeclaredSafety::Safe));
        check("ts:line-numbers {1}", "ts", None, None);
        check("bash:run.sh", "bash", Some("run.sh"), None);
        check("js [config.js]", "js", Some("config.js"), None);
        check("yaml title='a b' linenos", "yaml", Some("a b"), None);
        check("{.python title=x}", "python", Some("x"), None);
        check("bash {title=\"never closed", "bash", Some("never closed"), None);
    }
}

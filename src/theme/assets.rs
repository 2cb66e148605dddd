//! Files of a theme that are published: under which names, those of the default theme without what only readers of the
//! source need, and with the words of the site's language.

use std::collections::BTreeMap;

use super::compiled_in::DEFAULT;
use super::{script, style};
use crate::files::{Bytes, FilePath, Files, fingerprint};
use crate::text::escape;
use crate::words::{Forms, Words};

/// What browsers show beside the title. Pages refer to it, style sheets never do.
const ICON: &str = "icon.svg";

/// The assets under the paths at which they are published, and those paths by file name.
pub(super) fn publish(files: &Files, words: &Words) -> (Files, BTreeMap<String, String>) {
    let mut assets = Files::default();
    let mut names = BTreeMap::new();
    for (path, bytes) in files.iter() {
        let Some(name) = path.under("static") else { continue };
        let name = name.as_str();
        let dense = published_script(name, bytes).or_else(|| published_style(name, bytes));
        let bytes = dense.unwrap_or_else(|| bytes.clone());
        let bytes = worded(name, &bytes, words).unwrap_or(bytes);
        let published = match name.rsplit_once('.') {
            Some((stem, extension))
                if name == ICON || matches!(extension, "css" | "js") && !name.contains('/') =>
            {
                format!("theme/{stem}.{}.{extension}", fingerprint(&bytes))
            }
            _ => format!("theme/{name}"),
        };
        if let Some(path) = FilePath::new(&published) {
            assets.insert(path, bytes);
            names.insert(name.to_owned(), published);
        }
    }
    (assets, names)
}

/// A script of the default theme without what only readers of the source need. A site's own scripts are published as
/// they are.
fn published_script(name: &str, bytes: &[u8]) -> Option<Bytes> {
    let (path, default) =
        DEFAULT.iter().find(|(path, _)| path.strip_prefix("static/") == Some(name))?;
    if *default != bytes || !path.ends_with(".js") {
        return None;
    }
    Some(script::script(std::str::from_utf8(default).ok()?).into_bytes().into())
}

/// A style sheet of the default theme without what only readers of the source need. A site's own is published as it is.
fn published_style(name: &str, bytes: &[u8]) -> Option<Bytes> {
    let is_own = |(path, own): &&(&str, &[u8])| {
        path.strip_prefix("static/") == Some(name) && path.ends_with(".css") && *own == bytes
    };
    let (_, sheet) = DEFAULT.iter().find(is_own)?;
    Some(style::dense(std::str::from_utf8(sheet).ok()?).into_bytes().into())
}

/// A script or style sheet with the words of the table in place of its texts `word:NAME`: in scripts a text, or an
/// object of the plural forms where the word is counted. `{word:NAME}` is the word within such a text,
/// in scripts as markup.
fn worded(name: &str, bytes: &[u8], words: &Words) -> Option<Bytes> {
    const START: &str = "word:";
    let is_script = name.ends_with(".js");
    if !is_script && !name.ends_with(".css") {
        return None;
    }
    let mut rest = std::str::from_utf8(bytes).ok().filter(|text| text.contains(START))?;
    let mut whole = String::with_capacity(rest.len());
    while let Some(at) = rest.find(START) {
        let (before, after) = (&rest[..at], &rest[at + START.len()..]);
        let mark = before.chars().next_back().filter(|mark| matches!(mark, '\'' | '"' | '{'));
        let end = mark.and_then(|mark| after.find(if mark == '{' { '}' } else { mark }));
        let forms = end.and_then(|end| words.forms(&after[..end]));
        if let Some((end, forms)) = end.zip(forms) {
            whole.push_str(&before[..before.len() - 1]);
            whole.push_str(&match mark {
                Some('{') if is_script => markup_text(forms),
                Some('{') => style_text(forms).trim_matches('"').to_owned(),
                _ if is_script => script_text(forms),
                _ => style_text(forms),
            });
            rest = &after[end + 1..];
        } else {
            whole.push_str(&rest[..at + START.len()]);
            rest = after;
        }
    }
    whole.push_str(rest);
    Some(whole.into_bytes().into())
}

fn script_text(forms: &Forms) -> String {
    let json = if forms.is_counted() {
        serde_json::to_string(&forms.0)
    } else {
        serde_json::to_string(forms.text())
    };
    json.expect("texts serialize")
}

/// Markup within a text of a script, in whichever quotes.
fn markup_text(forms: &Forms) -> String {
    let mut markup = String::new();
    escape(&mut markup, &forms.text().replace(['\\', '\n', '`'], " "));
    markup.replace("${", "&#36;{")
}

/// A text of a style sheet (CSS Syntax 3, 4.3.5).
fn style_text(forms: &Forms) -> String {
    let text = forms.text().replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\a ");
    format!("\"{text}\"")
}

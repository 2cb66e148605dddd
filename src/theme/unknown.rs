//! Files of a site's theme that nothing uses, mostly because their name is misspelled.
//!
//! A template counts as used if Guidepost renders it or another file of the theme names it; a script or style sheet
//! likewise. Pictures, fonts and whatever else lies in `static/` may be called anything.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Location, theme as mistake};
use crate::files::{FilePath, Files};

/// What a site has alone, and pages load where it is there.
const OWN: [&str; 2] = ["static/site.css", "static/site.js"];

/// A finding for each file of the theme folder, called `folder` in it, that nothing uses; `default` are the paths of the
/// default theme.
pub(super) fn unknown_files(
    overrides: &Files,
    folder: &str,
    default: impl Iterator<Item = &'static str>,
) -> Vec<Diagnostic> {
    let known: Vec<&str> = default.chain(OWN).collect();
    let texts = overrides.iter().filter(|(path, _)| is_written(path.as_str()));
    let texts: Vec<&str> = texts.filter_map(|(path, _)| overrides.text(path)).collect();
    let named: HashSet<&str> = texts.iter().flat_map(|text| names(text)).collect();
    let is_unknown = |path: &FilePath| {
        let below = path.under("templates").or_else(|| path.under("static"));
        is_written(path.as_str())
            && !path.is_hidden()
            && !known.contains(&path.as_str())
            && !below.is_some_and(|below| named.contains(below.name()))
    };
    let unknown = overrides.iter().map(|(path, _)| path).filter(|path| is_unknown(path));
    unknown
        .map(|path| {
            let at = FilePath::new(&format!("{folder}/{path}")).unwrap_or_else(|| path.clone());
            mistake::unknown_theme_file(Location::file(&at), path.as_str(), &known)
        })
        .collect()
}

/// Whether a file is something that others name: a template, script or style sheet.
fn is_written(path: &str) -> bool {
    [".html", ".css", ".js"].iter().any(|end| path.ends_with(end))
}

/// The last parts of everything in a text that could be a file's name.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-');
    text.split(move |letter| !is_part(letter)).filter(|word| word.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::unknown_files;
    use crate::files::{FilePath, Files};

    /// The findings of a theme with these files, as `path: help`.
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let path = |name| FilePath::new(name).expect("the test names a path inside the theme");
        let files: Files = files
            .iter()
            .map(|(name, text)| (path(name), text.as_bytes().to_vec().into()))
            .collect();
        let default = ["static/theme.css", "templates/page.html"].into_iter();
        let found = unknown_files(&files, "theme", default);
        let shown: Vec<String> = found
            .iter()
            .map(|found| format!("{}: {}", found.at.path, found.help.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_misspelled_file_names_the_nearest_one() {
        check(
            &[("templates/pgae.html", ""), ("static/theem.css", ""), ("templates/page.html", "")],
            &[
                "theme/static/theem.css: a file with a similar name exists: `static/theme.css`",
                "theme/templates/pgae.html: a file with a similar name exists: `templates/page.html`",
            ],
        );
        check(
            &[("page.html", "")],
            &["theme/page.html: a file with a similar name exists: `templates/page.html`"],
        );
    }

    #[test]
    fn what_another_file_names_is_used_and_pictures_are_called_anything() {
        check(
            &[
                (
                    "templates/page.html",
                    "{% include \"own/banner.html\" %}<script src=\"{{ assets[\"chat.js\"] }}\">",
                ),
                ("templates/own/banner.html", "x"),
                ("static/chat.js", ""),
                ("static/site.css", "@import 'print.css';"),
                ("static/print.css", ""),
                ("static/fonts/a.woff2", ""),
                ("static/.hidden.css", ""),
                ("README.md", ""),
            ],
            &[],
        );
        check(
            &[("templates/zzzzzzzz.html", "")],
            &["theme/templates/zzzzzzzz.html: remove it, or include it in a template that is used"],
        );
    }
}

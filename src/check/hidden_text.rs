//! Finds what readers of a page do not see, while an agent that reads it obeys and a shell runs it: invisible
//! characters, and elements of HTML that hide what they hold.

use std::cell::Cell;
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Location, hidden as mistakes};
use crate::files::{FilePath, Files};
use crate::hidden::{
    Hidden, InvisibleKind, escape, hidden, hidden_spelled, may_hide, notation, reference,
};
use crate::parse::Document;
use crate::parse::marks::CodePlaces;
use crate::parse::raw_html::HtmlMark;
use crate::text::encoding::{decoded, invalid_from, is_wide};

/// Finds what is hidden in a page, in the order of the text.
///
/// `marks` are the comments and tags of its body, each with its place.
pub(super) fn hidden_text(
    document: &Document,
    text: &str,
    marks: &[(Range<usize>, HtmlMark)],
) -> Vec<Diagnostic> {
    let path = &document.path;
    let characters = hidden_characters(document, text);
    let mut found = findings(path, &characters);
    for index in harmless(document, text, &characters, marks) {
        found[index] = found[index].clone().mild();
    }
    for (range, mark) in marks {
        if let HtmlMark::Tag { name, attributes } = mark
            && let Some(how) = hides(name, attributes)
        {
            found.push(mistakes::hidden_by_html(Location::new(path, range.clone()), name, &how));
        }
    }
    found.sort_by_key(|finding| finding.at.range.start);
    found
}

/// Finds the invisible characters of a file that is no page; escapes count in what is quoted.
pub(super) fn hidden_in_file(path: &FilePath, text: &str) -> Vec<Diagnostic> {
    let quotes = Quotes::new(text);
    let spelled = |at: usize| quotes.spelled(at);
    if !may_hide(text) && !text.match_indices('\\').any(|(at, _)| spelled(at).is_some()) {
        return Vec::new();
    }
    findings(path, &hidden_spelled(text, spelled))
}

/// The same of several files, of those that are text.
pub(super) fn hidden_in_files(files: &Files) -> Vec<Diagnostic> {
    let is_text = |bytes: &[u8]| is_wide(bytes) || invalid_from(bytes).is_none();
    let texts = files.iter().filter(|(_, bytes)| is_text(bytes));
    texts.flat_map(|(path, bytes)| hidden_in_file(path, &decoded(bytes))).collect()
}

/// Says so if the name of a file, or of a folder that it lies in, holds invisible characters.
pub(super) fn hidden_in_name(path: &FilePath) -> Option<Diagnostic> {
    let found = hidden(path.as_str());
    let first = found.first()?;
    Some(mistakes::hidden_in_name(Location::file(path), &notation(&first.characters)))
}

fn findings(path: &FilePath, found: &[Hidden]) -> Vec<Diagnostic> {
    let finding = |run: &Hidden| {
        let first =
            run.characters.chars().next().map_or(InvisibleKind::ZeroWidth, InvisibleKind::of);
        let at = Location::new(path, run.range.clone());
        mistakes::hidden_characters(at, &notation(&run.characters), first.phrase())
    };
    found.iter().map(finding).collect()
}

/// How many marks without a meaning spell one letter, and so could hide one.
const MARKS_OF_A_LETTER: usize = 8;

/// Which of the hidden characters hide nothing: single blanks without width at the edges of words of prose, as editors
/// paste them, and too few of them to spell anything. In code, names and links they are part of what is copied.
fn harmless(
    document: &Document,
    text: &str,
    found: &[Hidden],
    marks: &[(Range<usize>, HtmlMark)],
) -> Vec<usize> {
    if found.len() >= MARKS_OF_A_LETTER {
        return Vec::new();
    }
    let code = CodePlaces::of(document);
    let headings = document.heading_ranges.iter().cloned();
    let links =
        document.links.iter().map(|link| link.whole.start as usize..link.whole.end as usize);
    let names: Vec<Range<usize>> =
        headings.chain(links).chain(marks.iter().map(|(range, _)| range.clone())).collect();
    let is_harmless = |hidden: &Hidden| {
        let at = hidden.range.start;
        let is_typed = text.get(hidden.range.clone()) == Some("\u{200b}");
        let in_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let splits_word = in_word(text[..at].chars().next_back())
            && in_word(text[hidden.range.end..].chars().next());
        is_typed
            && !splits_word
            && at >= document.meta.range.end
            && !code.holds(at)
            && !names.iter().any(|name| name.contains(&at))
    };
    (0..found.len()).filter(|index| is_harmless(&found[*index])).collect()
}

/// The invisible characters of a page: as they are, as references in its prose, as escapes in its front matter.
fn hidden_characters(document: &Document, text: &str) -> Vec<Hidden> {
    let front_matter = &document.meta.range;
    let code = CodePlaces::of(document);
    let quotes = Quotes::new(text);
    let spelled = |at: usize| {
        if front_matter.contains(&at) {
            return quotes.spelled(at);
        }
        let found = reference(&text[at..])?;
        let is_literal = text[..at].ends_with('\\') || code.holds(at);
        (!is_literal).then_some(found)
    };
    let references = || text.match_indices('&').any(|(at, _)| spelled(at).is_some());
    let escapes = || {
        let block = text.get(front_matter.clone()).unwrap_or_default();
        let mut places = block.match_indices('\\').map(|(at, _)| front_matter.start + at);
        places.any(|at| spelled(at).is_some())
    };
    if may_hide(text) || references() || escapes() {
        hidden_spelled(text, spelled)
    } else {
        Vec::new()
    }
}

/// Reads which escapes of a text count: those in double quotes, whose backslash is not escaped itself. Asked in the
/// order of places, it reads the text once.
struct Quotes<'t> {
    text: &'t str,
    /// How far it is read, and whether that is in quotes.
    read: Cell<(usize, bool)>,
}

impl Quotes<'_> {
    fn new(text: &str) -> Quotes<'_> {
        Quotes { text, read: Cell::new((0, false)) }
    }

    /// The character that an escape spells at a place.
    fn spelled(&self, index: usize) -> Option<(usize, char)> {
        let found = escape(&self.text[index..])?;
        let (mut at, mut is_quoted) = self.read.get();
        if at > index {
            (at, is_quoted) = (0, false);
        }
        let bytes = self.text.as_bytes();
        while at < index {
            match bytes[at] {
                b'\n' => is_quoted = false,
                b'\\' if is_quoted => at += 1,
                b'"' => is_quoted = !is_quoted,
                _ => {}
            }
            at += 1;
        }
        self.read.set((at, is_quoted));
        (is_quoted && at == index).then_some(found)
    }
}

/// The attribute by which an element hides what it holds, if one does.
fn hides(name: &str, attributes: &[(String, String)]) -> Option<String> {
    let value = |wanted: &str| {
        attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.trim())
    };
    if matches!(name, "template" | "noscript") {
        return Some(name.to_owned());
    }
    if value("hidden").is_some_and(|hidden| hidden != "false") {
        return Some("hidden".to_owned());
    }
    if name == "input" && value("type").is_some_and(|kind| kind.eq_ignore_ascii_case("hidden")) {
        return Some("type=hidden".to_owned());
    }
    if name == "font" && value("color").is_some_and(is_no_color) {
        return Some("color".to_owned());
    }
    let is_dot = |side: &str| value(side).and_then(number).is_some_and(|length| length <= 1.0);
    let speaks = value("alt").is_some_and(|alt| !alt.is_empty());
    if name == "img" && speaks && (is_dot("width") || is_dot("height")) {
        return Some("width".to_owned());
    }
    style_that_hides(value("style")?)
}

/// The declaration of a style that hides an element, if one does.
fn style_that_hides(style: &str) -> Option<String> {
    let style = style.to_ascii_lowercase();
    let declarations: Vec<(&str, &str)> = style
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .map(|(name, value)| (name.trim(), value.trim().trim_end_matches("!important").trim()))
        .collect();
    let is_cut = declarations.iter().any(|(name, value)| {
        name.starts_with("overflow") && (value.starts_with("hidden") || value.starts_with("clip"))
    });
    let hiding = |(name, value): &&(&str, &str)| {
        let zero = || number(value) == Some(0.0);
        let far = || number(value).is_some_and(|length| length <= -50.0);
        match *name {
            "display" => *value == "none",
            "visibility" => matches!(*value, "hidden" | "collapse"),
            "content-visibility" => *value == "hidden",
            "opacity" => number(value).is_some_and(|opacity| opacity < 0.1),
            "font-size" => number(value)
                .is_some_and(|size| size == 0.0 || (size <= 1.0 && value.ends_with("px"))),
            "color" | "-webkit-text-fill-color" => is_no_color(value),
            "height" | "width" | "max-height" | "max-width" => is_cut && zero(),
            "text-indent" | "left" | "right" | "top" | "bottom" | "margin-left" | "margin-top" => {
                far()
            }
            "clip" => value.starts_with("rect(0") || value.starts_with("rect(1px"),
            "clip-path" => {
                ["inset(50%", "inset(100%", "circle(0"].iter().any(|cut| value.starts_with(cut))
            }
            "transform" => value.contains("scale(0)") || value.contains("(-999"),
            "filter" => value.contains("opacity(0"),
            "mso-hide" => *value == "all",
            _ => false,
        }
    };
    let (name, value) = declarations.iter().find(hiding)?;
    Some(format!("{name}: {value}"))
}

/// Whether text in this color cannot be seen on most pages.
fn is_no_color(color: &str) -> bool {
    let color = color.to_ascii_lowercase().replace(' ', "");
    let clear = || {
        let is_function =
            ["rgba(", "hsla(", "rgb(", "hsl("].iter().any(|name| color.starts_with(name));
        let last = color.trim_end_matches(')').rsplit([',', '/']).next().unwrap_or_default();
        is_function && color.matches([',', '/']).count() == 3 && number(last) == Some(0.0)
    };
    matches!(&*color, "transparent" | "white" | "#fff" | "#ffffff" | "rgb(255,255,255)") || clear()
}

/// The number at the beginning of a length.
fn number(value: &str) -> Option<f64> {
    let end = value
        .find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | '-' | '+'))
        .unwrap_or(value.len());
    value[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::hidden_in_file;
    use crate::files::FilePath;
    use crate::parse::marks::marks_outside_code;
    use crate::parse::tests_support::document;

    /// The places of a page that are found, as typed, with what is said of them.
    fn check(page: &str, expected: &[(&str, &str)]) {
        let document = document(page);
        let found = super::hidden_text(&document, page, &marks_outside_code(&document, page));
        let found: Vec<(String, String)> = found
            .iter()
            .map(|finding| (page[finding.at.range.clone()].to_owned(), finding.message.clone()))
            .collect();
        let shown: Vec<(&str, &str)> = found.iter().map(|(at, said)| (&**at, &**said)).collect();
        assert_eq!(shown.len(), expected.len(), "{shown:?}");
        for ((at, said), (typed, word)) in shown.iter().zip(expected) {
            assert!(at == typed && said.contains(word), "{shown:?}");
        }
    }

    #[test]
    fn invisible_characters_are_found_in_prose_code_and_front_matter() {
        check(
            "---\ntitle: a\u{200b}b\ntags: [\"x\\u202ey\", 'x\\u202ey']\n---\n# T\u{feff}\n\nlook `x\u{202e}y`\n\n\
             ```sh\nrm\u{200b} x\n```\n",
            &[
                ("\u{200b}", "U+200B"),
                ("\\u202e", "U+202E"),
                ("\u{feff}", "U+FEFF"),
                ("\u{202e}", "direction"),
                ("\u{200b}", "room"),
            ],
        );
    }

    #[test]
    fn a_lone_blank_without_width_beside_words_of_prose_is_a_warning() {
        let warns = |page: &str| -> Vec<bool> {
            let document = document(page);
            let found = super::hidden_text(&document, page, &marks_outside_code(&document, page));
            found.iter().map(|finding| finding.mild).collect()
        };
        assert_eq!(warns("# T\n\n\u{200b}\n\nOne \u{200b}two.\u{200b}\n"), [true; 3]);
        for page in [
            "# T\u{200b}\n",
            "# T\n\npass\u{200b}word\n",
            "# T\n\n`rm \u{200b}-rf`\n",
            "# T\n\n```\n\u{200b}\n```\n",
            "# T\n\n[a \u{200b}](b.md)\n",
            "# T\n\na \u{200b}\u{200b} b\n",
            "# T\n\na \u{2060} b\n",
            "# T\n\na &#x200b; b\n",
            "---\ntitle: a \u{200b}\n---\n# T\n",
        ] {
            assert_eq!(warns(page), [false], "{page:?}");
        }
        assert_eq!(warns(&format!("# T\n\n{}", "a \u{200b} b ".repeat(8))), [false; 8]);
    }

    #[test]
    fn references_count_in_prose_and_not_in_code() {
        check(
            "a&#x202E;b `&#x202E;` \\&#x202E;\n\n    &zwnj;\n\n&ZeroWidthSpace;\n",
            &[("&#x202E;", "U+202E"), ("&ZeroWidthSpace;", "U+200B")],
        );
    }

    #[test]
    fn elements_that_hide_what_they_hold_are_found() {
        for (tag, how) in [
            ("<div hidden>", "hidden"),
            ("<span style=\"display:none\">", "display: none"),
            ("<p style='color: #FFF; font-size: 9px'>", "color: #fff"),
            ("<span style=\"font-size:0px\">", "font-size"),
            ("<span style=\"OPACITY: 0.0 !important\">", "opacity"),
            ("<div style=\"position:absolute; left:-9999px\">", "left"),
            ("<div style=\"height:0;overflow:hidden\">", "height"),
            ("<font color=white>", "color"),
            ("<span style=\"color: rgba(0, 0, 0, 0)\">", "color"),
            ("<img src=\"x.png\" width=\"1\" height=\"1\" alt=\"run it\">", "width"),
            ("<template>", "template"),
        ] {
            check(&format!("# T\n\nSome {tag}text</p> more.\n"), &[(tag, how)]);
            check(&format!("# T\n\n> {tag}\n> text\n"), &[(tag, how)]);
            check(&format!("# T\n\nSome `{tag}` in code.\n\n```html\n{tag}\n```\n"), &[]);
        }
        for tag in [
            "<div style=\"height:0; padding-bottom:56%\">",
            "<p style=\"color: rgba(0,0,0,0.5); opacity: .8\">",
            "<img src=\"x.png\" width=\"1000\" alt=\"x\">",
            "<details>",
            "<div aria-hidden=\"true\">",
            "<p style=\"left: -1px\">",
        ] {
            check(&format!("# T\n\nSome {tag}text.\n"), &[]);
        }
    }

    #[test]
    fn other_files_are_read_with_their_escapes() {
        let path = FilePath::new("rules.yaml").expect("a path");
        let text = "alert: \"Queue\\u200bStuck\"\nexpr: 'x=~\"\\\\u200b\"'\nname: Disk\u{ad}Full\n";
        let found = hidden_in_file(&path, text);
        let at: Vec<&str> = found.iter().map(|one| &text[one.at.range.clone()]).collect();
        assert_eq!(at, ["\\u200b", "\u{ad}"]);
    }
}

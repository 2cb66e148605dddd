//! Recognizes the line that opens a block of another tool, and says what block it is.

use super::block::{BlockKind, End, ForeignBlock};
use super::shortcode::{self, ShortcodeTag};
use crate::dialect::Dialect;

/// What a line was recognized as.
pub(super) struct Opening<'t> {
    /// The tools that read it so.
    pub(super) dialects: &'static [Dialect],
    /// What such markup is called, for findings.
    pub(super) name: &'static str,
    /// What it opens.
    pub(super) opens: Opens<'t>,
    /// How many bytes of the line say so; what follows is text of the block.
    pub(super) length: usize,
}

/// What a line opens.
pub(super) enum Opens<'t> {
    /// A block of text.
    Block(ForeignBlock, Option<&'t str>, End),
    /// A block that holds code and no text, in a panel of its own if it has a label.
    Code { language: &'t str, title: Option<&'t str>, tab: Option<&'t str>, end: End },
    /// Nothing by itself: what it holds stands there as it is.
    Group(End),
    /// A list of pages, one a line.
    Entries(End),
    /// Nothing; another line stands in its place, in which the rest of the typed one begins at these bytes.
    Line { text: String, place: usize, kept: usize, end: Option<End> },
    /// Nothing, and no reader is shown the line.
    Unseen,
    /// Something that is not read, whoever reads it.
    Unread,
}

pub(super) const COLONS: &[Dialect] =
    &[Dialect::Docusaurus, Dialect::Vitepress, Dialect::Starlight, Dialect::Myst, Dialect::Azure];
const MKDOCS: &[Dialect] = &[Dialect::MkDocs];
const HUGO: &[Dialect] = &[Dialect::Hugo];
const GITBOOK: &[Dialect] = &[Dialect::Gitbook];
const MYST: &[Dialect] = &[Dialect::Myst];
const JEKYLL: &[Dialect] = &[Dialect::Jekyll];
const MDX: &[Dialect] = &[Dialect::Docusaurus, Dialect::Starlight];

/// What a line opens that begins so, without the blanks before it.
pub(super) fn opening(text: &str) -> Option<Opening<'_>> {
    match text.as_bytes().first()? {
        b'!' | b'?' => admonition(text),
        b'=' => tab(text),
        b'/' => slashes(text),
        b':' => colons(text),
        b'`' | b'~' => directive(text),
        b'{' if text.starts_with("{/*") => mdx_comment(text),
        b'{' if text.starts_with("{%") && !text.starts_with("{%%") => gitbook(text),
        b'{' => hugo(text),
        b'<' => element(text),
        b'*' => abbreviation(text),
        b'#' => tight_heading(text),
        b'i' => import(text),
        b'e' => export(text),
        b'-' | b';' => scissors(text),
        b'%' | b'+' => comment(text),
        _ => None,
    }
}

/// Whether a text begins like something that [`opening`] may recognize anywhere in a page.
pub(super) fn may_open(text: &str) -> bool {
    ["!!!", "???", "===", "///", ":::", "{{<", "{{%", "{%", "```{", "~~~{", "8<-"]
        .iter()
        .any(|sign| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some())
}

/// The class of a callout by the word that names it, in any case.
pub(in crate::parse) fn class(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "note" | "info" | "todo" | "abstract" | "summary" | "tldr" | "question" | "help"
        | "faq" | "example" | "quote" | "cite" | "seealso" | "secondary" | "primary"
        | "default" | "pageinfo" | "versionadded" | "versionchanged" | "deprecated"
        | "admonition" | "notice" => "note",
        "tip" | "hint" | "success" | "check" | "done" | "ok" => "tip",
        "important" => "important",
        "warning" | "warn" | "caution" | "attention" => "warning",
        "danger" | "error" | "failure" | "fail" | "missing" | "bug" => "caution",
        _ => return None,
    })
}

/// What the callout is called that names no title of its own.
fn title_of(word: &str) -> String {
    let word = word.to_ascii_lowercase();
    match word.as_str() {
        "seealso" => return "See also".to_owned(),
        "admonition" | "notice" | "pageinfo" | "default" | "primary" | "secondary" => {
            return "Note".to_owned();
        }
        _ => {}
    }
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn callout(word: &str) -> Option<ForeignBlock> {
    class(word).map(|class| callout_of(class, word))
}

fn callout_of(class: &'static str, word: &str) -> ForeignBlock {
    ForeignBlock { kind: BlockKind::Callout, class, open: true, title: title_of(word) }
}

fn details(word: &str, open: bool) -> ForeignBlock {
    let class = class(word).unwrap_or("");
    let title = if class.is_empty() { "Details".to_owned() } else { title_of(word) };
    ForeignBlock { kind: BlockKind::Details, class, open, title }
}

fn panel() -> ForeignBlock {
    ForeignBlock { kind: BlockKind::Tab, class: "", open: false, title: "Tab".to_owned() }
}

fn some(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn run(text: &str, letter: char) -> usize {
    text.len() - text.trim_start_matches(letter).len()
}

/// `!!! note "Title"`, `??? tip`, `???+ "Title"`.
fn admonition(text: &str) -> Option<Opening<'_>> {
    let is_details = text.starts_with("???");
    let rest = text.strip_prefix("!!!").or_else(|| text.strip_prefix("???"))?;
    let (rest, open) = match rest.strip_prefix('+').filter(|_| is_details) {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let (words, title) = match rest.split_once('"') {
        Some((words, after)) => {
            let (title, after) = after.rsplit_once('"')?;
            if !after.trim().is_empty() {
                return None;
            }
            (words, Some(title))
        }
        None => (rest, None),
    };
    let is_word = |letter: char| letter.is_alphanumeric() || "_- \t".contains(letter);
    let word = words.split_whitespace().next().unwrap_or_default();
    if !words.chars().all(is_word) || (word.is_empty() && (title.is_none() || !is_details)) {
        return None;
    }
    let block = if is_details {
        let title = if word.is_empty() { String::new() } else { title_of(word) };
        ForeignBlock { kind: BlockKind::Details, class: class(word).unwrap_or("note"), open, title }
    } else {
        callout_of(class(word).unwrap_or("note"), word)
    };
    // An empty title is asked for, and is no default.
    let block =
        if title == Some("") { ForeignBlock { title: String::new(), ..block } } else { block };
    Some(Opening {
        dialects: MKDOCS,
        name: if is_details { "`??? note`" } else { "`!!! note`" },
        opens: Opens::Block(block, title.and_then(some), End::Indentation),
        length: text.len(),
    })
}

/// `=== "Label"`; with `!` it begins another set of tabs.
fn tab(text: &str) -> Option<Opening<'_>> {
    let rest = text.strip_prefix("===")?;
    let (rest, begins) = match rest.strip_prefix('!') {
        Some(rest) => (rest, true),
        None => (rest.strip_prefix('+').unwrap_or(rest), false),
    };
    let label = rest.trim().strip_prefix('"')?.strip_suffix('"').and_then(some)?;
    let block = ForeignBlock { open: begins, ..panel() };
    Some(Opening {
        dialects: MKDOCS,
        name: "`=== \"Tab\"`",
        opens: Opens::Block(block, Some(label), End::Indentation),
        length: text.len(),
    })
}

/// `/// details | Title`.
fn slashes(text: &str) -> Option<Opening<'_>> {
    let count = run(text, '/');
    let rest = text[count..].strip_prefix([' ', '\t']).filter(|_| count >= 3)?;
    let (word, title) = rest.split_once('|').unwrap_or((rest, ""));
    let (word, title) = (word.trim(), some(title));
    let end = End::Run(b'/', count);
    let opens = match word {
        "details" => Opens::Block(details("", false), title, end),
        "tab" => Opens::Block(panel(), Some(title?), end),
        "html" | "define" | "caption" | "figure-caption" | "table-caption" => Opens::Group(end),
        word => Opens::Block(callout(word)?, title, end),
    };
    Some(Opening { dialects: MKDOCS, name: "`/// note`", opens, length: text.len() })
}

/// `:::note[Title]`, `::: warning Title`, `:::{tip} Title`, `::: {.callout-note}`, `::: code-group`.
fn colons(text: &str) -> Option<Opening<'_>> {
    let count = run(text, ':');
    let rest = text[count..].trim();
    if count < 3 || rest.is_empty() {
        return None;
    }
    let (word, title) = named_title(rest)?;
    let end = End::Run(b':', count);
    let opens = match word.as_str() {
        "details" | "dropdown" | "collapse" => {
            let open = rest.contains("{open}") || rest.contains("{ open }");
            Opens::Block(details("", open), title, end)
        }
        "mermaid" => Opens::Code { language: "mermaid", title: None, tab: None, end },
        "code-group" => {
            Opens::Block(ForeignBlock { kind: BlockKind::CodeGroup, ..panel() }, None, end)
        }
        "tabs" | "tab-set" | "raw" | "v-pre" | "grid" | "grid-item" | "card" | "div"
        | "contents" | "glossary" | "list-table" | "margin" | "sidebar" => Opens::Group(end),
        "toctree" => Opens::Entries(end),
        "grid-item-card" => Opens::Block(callout_of("note", "note"), title, end),
        "tab" | "tab-item" | "tabitem" => Opens::Block(panel(), Some(title?), end),
        word => match callout(word) {
            Some(block) => Opens::Block(block, title, end),
            None => Opens::Unread,
        },
    };
    Some(Opening { dialects: COLONS, name: "`::: note`", opens, length: text.len() })
}

/// The word and the title behind colons, in every spelling.
fn named_title(rest: &str) -> Option<(String, Option<&str>)> {
    if let Some(inner) = rest.strip_prefix('{') {
        let (inner, after) = inner.split_once('}')?;
        let inner = inner.trim();
        let word = match inner.strip_prefix('.') {
            Some(class) => class.split_whitespace().next()?.trim_start_matches("callout-"),
            None => inner,
        };
        let title = shortcode::items(inner).into_iter().find(|(name, _)| *name == Some("title"));
        let title = title.map(|(_, title)| title).or_else(|| some(after));
        return Some((word.to_ascii_lowercase(), title));
    }
    let end =
        rest.find(|end: char| end.is_whitespace() || "[{".contains(end)).unwrap_or(rest.len());
    let (word, rest) = rest.split_at(end);
    if !word.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let title = if let Some(title) = rest.strip_prefix('[') {
        title.rsplit_once(']').map(|(title, _)| title)
    } else {
        let attributes = rest.rfind('{').filter(|_| rest.trim_end().ends_with('}'));
        let text = attributes.map_or(rest, |start| &rest[..start]);
        let named = attributes.map(|start| rest[start..].trim_end()).and_then(|list| {
            let list = list.trim_start_matches('{').trim_end_matches('}');
            shortcode::items(list).into_iter().find(|(name, _)| *name == Some("title"))
        });
        some(text).or(named.map(|(_, title)| title))
    };
    Some((word.to_ascii_lowercase(), title.and_then(some)))
}

/// A fence that holds text and no code: ```` ```{note} Title ````.
fn directive(text: &str) -> Option<Opening<'_>> {
    let letter = text.chars().next()?;
    let count = run(text, letter);
    let rest = text[count..].trim_start().strip_prefix('{').filter(|_| count >= 3)?;
    let (word, title) = rest.split_once('}')?;
    let (word, title) = (word.trim(), some(title));
    if word.is_empty()
        || !word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-:_".contains(&byte))
    {
        return None;
    }
    let end = End::Run(letter as u8, count);
    let opens = match word.trim_start_matches("code:") {
        "code-block" | "code" | "sourcecode" | "code-cell" => {
            Opens::Code { language: title.unwrap_or(""), title: None, tab: None, end }
        }
        "mermaid" => Opens::Code { language: "mermaid", title: None, tab: None, end },
        "math" => Opens::Code { language: "math", title: None, tab: None, end },
        "dropdown" => Opens::Block(details("", false), title, end),
        "tab-set" | "grid" | "card" | "grid-item" | "contents" | "glossary" | "list-table"
        | "only" | "margin" | "sidebar" | "rst-class" | "container" | "div" | "epigraph" => {
            Opens::Group(end)
        }
        "toctree" | "tableofcontents" => Opens::Entries(end),
        "tab-item" => Opens::Block(panel(), Some(title?), end),
        "grid-item-card" => Opens::Block(callout_of("note", "note"), title, end),
        "figure" | "image" => {
            let source = title.filter(|source| !source.contains(['<', '>']))?;
            let kept = source.as_ptr() as usize - text.as_ptr() as usize;
            Opens::Line { text: format!("![](<{source}>)"), place: 5, kept, end: Some(end) }
        }
        word => match callout(word) {
            Some(block) => Opens::Block(block, title, end),
            None => Opens::Unread,
        },
    };
    Some(Opening { dialects: MYST, name: "```` ```{note} ````", opens, length: text.len() })
}

/// The shortcodes of Hugo's documentation themes.
fn hugo(text: &str) -> Option<Opening<'_>> {
    let tag = shortcode::shortcode(text)?;
    if tag.closes {
        return None;
    }
    let first = tag.values.first().copied();
    let title = tag.value(&["title", "header", "summary", "name", "label"]);
    let end = End::tag(tag.name);
    let opens = match tag.name {
        _ if tag.is_empty => Opens::Unread,
        "hint" | "notice" | "alert" | "callout" | "admonition" | "box" => styled(&tag, end),
        "details" | "expand" | "collapse" | "accordion" | "accordion-item" => {
            let open = tag.values.contains(&"open") || tag.value(&["open"]) == Some("true");
            let title = title.or(first.filter(|title| *title != "open"));
            Opens::Block(details("", open), title.and_then(some), end)
        }
        "tabs" | "tabpane" | "tab-set" | "codetabs" | "steps" | "columns" | "column" | "cards"
        | "section" => Opens::Group(end),
        "tab" | "tabitem" | "tab-item" | "codetab" => {
            let label = title.or(first).and_then(some);
            match tag.value(&["lang", "codelang", "language"]) {
                Some(language) => {
                    Opens::Code { language, title: None, tab: Some(label.unwrap_or(language)), end }
                }
                None => Opens::Block(panel(), Some(label?), end),
            }
        }
        "highlight" | "code" => {
            Opens::Code { language: first.unwrap_or(""), title, tab: None, end }
        }
        "mermaid" => Opens::Code { language: "mermaid", title: None, tab: None, end },
        "katex" | "math" => Opens::Code { language: "math", title: None, tab: None, end },
        "figure" | "img" | "image" => image(&tag)?,
        "toc" | "TOC" => Opens::Unseen,
        name => match callout(name) {
            Some(block) => Opens::Block(block, title.or(first).and_then(some), end),
            None => return None,
        },
    };
    Some(Opening { dialects: HUGO, name: "`{{< shortcode >}}`", opens, length: tag.length })
}

/// A callout whose kind is a value: `hint info`, `alert color="warning"`, `notice tip "Title"`.
fn styled<'t>(tag: &ShortcodeTag<'t>, end: End) -> Opens<'t> {
    let named = tag.value(&["style", "type", "color", "context", "level", "theme"]);
    let mut values = tag.values.iter().copied();
    let first = values.next();
    let word = named.or(first).unwrap_or("note");
    let (class_of_word, word) = match class(word) {
        Some(class) => (class, word),
        None => ("note", "note"),
    };
    let second = if named.is_some() { first } else { values.next() };
    let title = tag.value(&["title", "heading"]).or(second);
    Opens::Block(callout_of(class_of_word, word), title.and_then(some), end)
}

/// A picture by a shortcode, as Markdown writes it.
fn image<'t>(tag: &ShortcodeTag<'t>) -> Option<Opens<'t>> {
    let source = tag.value(&["src", "link"]).or(tag.values.first().copied())?;
    let text = tag.value(&["alt", "caption", "title"]).unwrap_or_default();
    if source.contains(['<', '>', '\n']) || text.contains(['[', ']']) {
        return None;
    }
    let before = format!("![{text}](<");
    let place = before.len();
    let kept = tag.length - source.len();
    Some(Opens::Line { text: format!("{before}{source}>)"), place, kept, end: None })
}

/// The blocks of `GitBook`.
fn gitbook(text: &str) -> Option<Opening<'_>> {
    let tag = shortcode::liquid(text)?;
    if let Some(found) = jekyll(&tag) {
        return Some(found);
    }
    if ["endembed", "endfile"].contains(&tag.name) {
        let (opens, length) = (Opens::Unseen, tag.length);
        return Some(Opening { dialects: GITBOOK, name: "`{% tag %}`", opens, length });
    }
    if tag.name.starts_with("end") {
        return None;
    }
    let end = End::tag(tag.name);
    let title = tag.value(&["title"]).and_then(some);
    let opens = match tag.name {
        "hint" => styled(&tag, end),
        "tabs" | "content-ref" | "stepper" | "step" | "columns" | "column" | "swagger"
        | "updates" | "code" => Opens::Group(end),
        "tab" => Opens::Block(panel(), Some(title?), end),
        "embed" | "file" => {
            let address = tag.value(&["url", "src"])?;
            if address.contains(['<', '>', ' ']) {
                return None;
            }
            let text = format!("[{address}](<{address}>)");
            Opens::Line {
                place: address.len() + 4,
                text,
                kept: tag.length - address.len(),
                end: None,
            }
        }
        "capture" | "comment" | "if" | "for" | "include" | "include_relative" => Opens::Unread,
        _ => return None,
    };
    Some(Opening { dialects: GITBOOK, name: "`{% tag %}`", opens, length: tag.length })
}

/// The tags of Jekyll that hold code, and those that shield what they hold from it.
fn jekyll<'t>(tag: &ShortcodeTag<'t>) -> Option<Opening<'t>> {
    let opens = match tag.name {
        "highlight" => {
            let language = tag.values.first().copied().unwrap_or_default();
            Opens::Code { language, title: None, tab: None, end: End::tag(tag.name) }
        }
        "raw" | "endraw" => Opens::Unseen,
        _ => return None,
    };
    Some(Opening { dialects: JEKYLL, name: "`{% tag %}`", opens, length: tag.length })
}

/// What a component of MDX is called where it is not read.
pub(super) const COMPONENT: &str = "`<Component>`";

/// The elements of MDX that hold tabs and callouts.
fn element(text: &str) -> Option<Opening<'_>> {
    let tag = shortcode::element(text)?;
    if tag.closes {
        return None;
    }
    let end = End::tag(tag.name);
    let title = tag.value(&["title", "label"]).and_then(some);
    if tag.is_empty {
        let opens = match (tag.name, tag.value(&["href"]), title) {
            ("LinkCard" | "LinkButton", Some(address), Some(title)) => {
                let before = format!("[{title}](<");
                let place = before.len();
                let kept = tag.length - address.len();
                Opens::Line { text: format!("{before}{address}>)"), place, kept, end: None }
            }
            ("TOCInline" | "Icon", ..) => Opens::Unseen,
            _ => Opens::Unread,
        };
        return Some(Opening { dialects: MDX, name: COMPONENT, opens, length: tag.length });
    }
    let opens = match tag.name {
        "Tabs" | "Steps" | "CardGrid" | "FileTree" | "LinkCard" => Opens::Group(end),
        "Card" => Opens::Block(callout_of("note", "note"), title, end),
        "Details" => Opens::Block(details("", false), title, end),
        "TabItem" => Opens::Block(panel(), Some(title.or(tag.value(&["value"]))?), end),
        "Aside" | "Admonition" | "Callout" => styled(&tag, end),
        _ => {
            let (opens, length) = (Opens::Unread, tag.length);
            return Some(Opening { dialects: MDX, name: COMPONENT, opens, length });
        }
    };
    Some(Opening { dialects: MDX, name: "`<Tabs>`", opens, length: tag.length })
}

/// `*[TLS]: Transport Layer Security`, which is shown to nobody as it is.
fn abbreviation(text: &str) -> Option<Opening<'_>> {
    let (short, long) = text.strip_prefix("*[")?.split_once("]:")?;
    let is_one = !short.is_empty() && !short.contains(['[', ']']) && !long.trim().is_empty();
    is_one.then_some(Opening {
        dialects: &[Dialect::MkDocs, Dialect::Jekyll],
        name: "`*[ABC]: …`",
        opens: Opens::Unseen,
        length: text.len(),
    })
}

/// `--8<-- "https://…"`, for which nothing is fetched, and `;--8<-- "file"`, which only shows how it is done.
fn scissors(text: &str) -> Option<Opening<'_>> {
    let (rest, is_shown) = text.strip_prefix(';').map_or((text, false), |rest| (rest, true));
    let file = rest.trim_start_matches('-').strip_prefix("8<-")?.trim_start_matches('-').trim();
    let opens = match () {
        () if !rest.starts_with('-') => return None,
        () if is_shown => Opens::Line { text: rest.to_owned(), place: 0, kept: 1, end: None },
        () if file.contains("://") => Opens::Unread,
        () => return None,
    };
    let dialects = if is_shown { MKDOCS } else { &[] };
    Some(Opening { dialects, name: "`--8<-- \"https://…\"`", opens, length: text.len() })
}

/// `##Name`, which Python-Markdown takes for a heading.
fn tight_heading(text: &str) -> Option<Opening<'_>> {
    let count = run(text, '#');
    let rest = &text[count..];
    if count > 6 || rest.is_empty() || rest.starts_with([' ', '\t']) {
        return None;
    }
    let line = format!("{} {rest}", &text[..count]);
    Some(Opening {
        dialects: MKDOCS,
        name: "`##Heading`",
        opens: Opens::Line { text: line, place: count + 1, kept: count, end: None },
        length: text.len(),
    })
}

/// `{/* a comment */}`, which MDX shows to nobody.
fn mdx_comment(text: &str) -> Option<Opening<'_>> {
    let is_one = text.trim_end().ends_with("*/}");
    is_one.then_some(Opening {
        dialects: MDX,
        name: "`{/* comment */}`",
        opens: Opens::Unseen,
        length: text.len(),
    })
}

/// `import Tabs from '@theme/Tabs';`, which MDX runs.
fn import(text: &str) -> Option<Opening<'_>> {
    let rest = text.strip_prefix("import ")?;
    let is_import = (rest.contains(" from ") || rest.starts_with(['"', '\'']))
        && rest.trim_end_matches(';').trim_end().ends_with(['"', '\'']);
    is_import.then_some(Opening {
        dialects: MDX,
        name: "`import`",
        opens: Opens::Unseen,
        length: text.len(),
    })
}

/// `export const a = …`, which MDX runs.
fn export(text: &str) -> Option<Opening<'_>> {
    let rest = text.strip_prefix("export ")?;
    let is_code =
        ["const ", "function ", "default ", "let "].iter().any(|word| rest.starts_with(word));
    let (opens, length) = (Opens::Unread, text.len());
    is_code.then_some(Opening { dialects: MDX, name: COMPONENT, opens, length })
}

/// `% a comment` and `+++`, by which `MyST` parts blocks: neither is shown.
fn comment(text: &str) -> Option<Opening<'_>> {
    let is_one = text.starts_with("% ") || text.trim_end() == "%" || text.starts_with("+++");
    is_one.then_some(Opening {
        dialects: MYST,
        name: "`% comment`",
        opens: Opens::Unseen,
        length: text.len(),
    })
}

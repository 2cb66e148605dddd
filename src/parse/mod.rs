//! One page's text becomes a [`Document`]: everything that the page says by itself.
//!
//! Parsing knows nothing of other pages and never fails: what is wrong is reported beside the document.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::files::FilePath;

use front_matter::FrontMatter;
use html::Html;

pub mod front_matter;
pub mod html;
pub mod raw_html;
pub mod template_section;
#[cfg(test)]
pub(crate) mod tests_support;

/// Everything that one page's own text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The file, relative to the site folder.
    pub path: FilePath,
    /// What the front matter says.
    pub meta: FrontMatter,
    /// Headings in the order of the text.
    pub headings: Vec<Heading>,
    /// Anchors that raw HTML sets by `id` or `name`.
    pub html_anchors: Vec<String>,
    /// Links and images in the order of the text.
    pub links: Vec<Link>,
    /// Fenced and indented code in the order of the text.
    pub code_blocks: Vec<CodeBlock>,
    /// Inline code in the order of the text.
    pub code_spans: Vec<CodeSpan>,
    /// `<...>` tokens outside code blocks that are not HTML: slots, parameters or plain text.
    pub tokens: Vec<Token>,
    /// Paragraphs and list items, for comparing with a template's guidance.
    pub passages: Vec<Passage>,
    /// Plain text by heading, for search.
    pub sections: Vec<Section>,
    /// The page's body, with a slot wherever other pages matter.
    pub body: Html,
    /// Whether the body opens with a first-level heading, which then is the page's own.
    pub opens_with_title: bool,
    /// Suppressions: `<!-- guidepost: allow RULE until DATE -->`.
    pub suppressions: Vec<Suppression>,
    /// What is wrong with the page by itself.
    pub diagnostics: Vec<Diagnostic>,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The text without markup and without its number.
    pub text: String,
    /// The number that the author wrote before it, "2.3".
    pub number: Option<String>,
    /// The anchor, unique in the page.
    pub anchor: String,
    /// Whether the anchor got a number because an earlier heading has the same text.
    pub repeated: bool,
    /// The heading's line in the file.
    pub range: Range<usize>,
}

/// A link or image as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Which syntax it was written in.
    pub kind: LinkKind,
    /// The address, decoded from Markdown or HTML but not from percent-encoding.
    pub address: String,
    /// What a finding points at: the address where it can be told from the text, else the whole link.
    pub range: Range<usize>,
    /// The plain text of the link.
    pub text: String,
    /// The sentence around it, as plain text.
    pub sentence: String,
    /// The index of the heading it stands under.
    pub heading: Option<u32>,
}

/// How a link was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `[text](address)`, reference links and autolinks.
    Markdown,
    /// `![text](address)`.
    Image,
    /// `[[page#heading|text]]`; the address is what stands before the bar.
    Wikilink,
    /// `href` of raw HTML.
    HtmlLink,
    /// `src` of raw HTML.
    HtmlSource,
    /// Hugo's `ref` and `relref` shortcodes as a link's address.
    Shortcode,
}

/// A block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeBlock {
    /// The first word after the fence, in lower case; empty where there is none.
    pub language: String,
    /// `title="…"` of the fence.
    pub title: Option<String>,
    /// `{danger}`, `{safe}` or nothing.
    pub declared: Option<DeclaredSafety>,
    /// The code itself, without fences and indentation.
    pub text: String,
    /// The whole block in the file.
    pub range: Range<usize>,
    /// For each line of `text`: where it begins in the file.
    pub line_starts: Vec<usize>,
    /// The index of the heading it stands under.
    pub heading: Option<u32>,
}

/// What a fence says of its commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclaredSafety {
    /// `{danger}`.
    Danger,
    /// `{safe}`.
    Safe,
}

/// A span of inline code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSpan {
    /// The code as shown.
    pub text: String,
    /// The span in the file, backticks included.
    pub range: Range<usize>,
    /// The index of the heading it stands under.
    pub heading: Option<u32>,
    /// Whether it stands inside a link or heading and so cannot become a link.
    pub inside_link: bool,
}

/// A `<...>` token in prose, inline code or front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The token with its angle brackets.
    pub text: String,
    /// Its place in the file.
    pub range: Range<usize>,
    /// Where it stands.
    pub place: TokenPlace,
    /// The index of the heading it stands under.
    pub heading: Option<u32>,
}

/// Where a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenPlace {
    /// In text.
    Prose,
    /// In inline code.
    CodeSpan,
    /// In a value of the front matter.
    FrontMatter,
}

/// A paragraph, list item, or other leaf block of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Plain text with single spaces; code and tokens as typed.
    pub text: String,
    /// Its place in the file.
    pub range: Range<usize>,
    /// The index of the heading it stands under.
    pub heading: Option<u32>,
}

/// The plain text under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The index of the heading; `None` before the first.
    pub heading: Option<u32>,
    /// Prose and code, blocks separated by line breaks.
    pub text: String,
}

/// A comment that silences a rule on its page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The rule's name as typed.
    pub rule: String,
    /// The last day on which it holds.
    pub until: Option<jiff::civil::Date>,
    /// The comment in the file.
    pub range: Range<usize>,
}

//! A page as read: its text in pieces, and what other pages can see of it.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Location};
use crate::files::FilePath;
use crate::shell::Shell;

use super::decoded::text;
use super::front_matter::FrontMatter;
use super::html::Html;
use super::include::taken::Included;
use super::layout::LayoutPart;

/// Everything that one page's own text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// What other pages can see of it.
    pub outline: Arc<Outline>,
    /// The lines of the headings in the file.
    pub heading_ranges: Vec<Range<usize>>,
    /// Links and images in the order of the text.
    pub links: Vec<Link>,
    /// What was meant as a link or picture, and is none.
    pub spaced: Vec<SpacedLink>,
    /// Fenced and indented code in the order of the text.
    pub code_blocks: Vec<CodeBlock>,
    /// Inline code in the order of the text.
    pub code_spans: Vec<CodeSpan>,
    /// `<...>` tokens outside code blocks that are not HTML: slots, parameters or plain text; those of the front
    /// matter last.
    pub tokens: Vec<PageToken>,
    /// Paragraphs and list items, for comparing with a template's guidance.
    pub passages: Vec<Passage>,
    /// Plain text by heading, for search.
    pub sections: Vec<SectionText>,
    /// The page's body, with a slot wherever other pages matter.
    pub body: Html,
    /// The content of a first-level heading that opens the body. It is the page's own and not part of `body`.
    pub title: Option<Html>,
    /// Suppressions: `<!-- guidepost: allow RULE until DATE -->`.
    pub suppressions: Vec<Suppression>,
    /// HTML comments, by their place in the file.
    pub comments: Vec<Range<u32>>,
    /// How headings, passages and blocks of code stand in each other, in the order of the text.
    pub layout: Vec<LayoutPart>,
    /// What is wrong with the page by itself.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it asks for other files, found or not.
    pub takes_in: bool,
    /// The files that it takes in, in the order in which its places count on through them.
    pub included: Vec<Included>,
    /// Its text with theirs in place of what asks for them, as Markdown; nothing where it takes in nothing.
    pub expanded: Option<Arc<str>>,
}

/// What other pages can see of a page: no prose but how it begins, no links, and no place in the file but those of the front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The file, relative to the site folder.
    pub path: FilePath,
    /// What the front matter says.
    pub meta: FrontMatter,
    /// Headings in the order of the text.
    pub headings: Vec<Heading>,
    /// Anchors that raw HTML sets by `id` or `name`.
    pub html_anchors: Vec<String>,
    /// Anchors that rendering makes by itself: of checklists and footnotes.
    pub made_anchors: Vec<String>,
    /// The first sentence of the text, as lists show it.
    pub opening: Option<String>,
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
}

impl Deref for Document {
    type Target = Outline;

    fn deref(&self) -> &Outline {
        &self.outline
    }
}

impl Document {
    /// The text that its places count in: its own, and behind it that of the files that it takes in.
    pub fn text<'t>(&self, bytes: &'t [u8]) -> Cow<'t, str> {
        let mut whole = text(bytes);
        for file in &self.included {
            let extended = whole.to_mut();
            extended.push('\n');
            extended.push_str(&text(&file.bytes));
        }
        whole
    }

    /// A place of the text as one of the file that it is in: the page's own, or one that it takes in.
    pub fn location(&self, range: &Range<usize>) -> Location {
        match self.file_at(range.start) {
            Some(file) => {
                let end = range.end.saturating_sub(file.start);
                Location::new(&file.path, range.start - file.start..end)
            }
            None => Location::new(&self.path, range.clone()),
        }
    }

    /// The file that a place is in, where it is not the page's own.
    pub fn file_at(&self, place: usize) -> Option<&Included> {
        self.included.iter().rev().find(|file| file.start <= place)
    }

    /// The text of a paragraph or list item.
    pub fn passage_text(&self, passage: &Passage) -> &str {
        &self.sections[passage.section as usize].text
            [passage.text.start as usize..passage.text.end as usize]
    }

    /// The index of the heading that a paragraph or list item stands under.
    pub fn passage_heading(&self, passage: &Passage) -> Option<u32> {
        self.sections[passage.section as usize].heading
    }
}

impl Heading {
    /// The text with its number as the author wrote it.
    pub fn full_text(&self) -> String {
        match &self.number {
            Some(number) => format!("{number} {}", self.text),
            None => self.text.clone(),
        }
    }
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
    /// The whole link in the file; of raw HTML its address alone.
    pub whole: Range<u32>,
    /// The plain text of the link.
    pub text: String,
    /// The sentence around it, as plain text; pages that it leads to show it too.
    pub sentence: Arc<str>,
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
    /// `![[picture.png|300]]`.
    Embed,
    /// `href` of raw HTML.
    HtmlLink,
    /// `src` of raw HTML.
    HtmlSource,
    /// A key of the front matter that names a page.
    FrontMatter,
    /// Hugo's `ref` and `relref` shortcodes as a link's address.
    Shortcode,
}

impl LinkKind {
    /// Whether what stands there may be the name of a page in place of an address.
    pub fn is_name(self) -> bool {
        matches!(self, LinkKind::Wikilink | LinkKind::Embed | LinkKind::FrontMatter)
    }

    /// Whether what it leads to is shown in the page.
    pub fn embeds(self) -> bool {
        matches!(self, LinkKind::Image | LinkKind::Embed | LinkKind::HtmlSource)
    }
}

/// `![text](an address.png)`: an address that holds blanks makes no link, and all of it is text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpacedLink {
    /// [`LinkKind::Markdown`] or [`LinkKind::Image`].
    pub kind: LinkKind,
    /// The address as typed, without a title behind it.
    pub address: String,
    /// The address in the file.
    pub range: Range<usize>,
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
    pub line_starts: Vec<u32>,
    /// The index of the heading it stands under.
    pub heading: Option<u32>,
    /// What was read of its commands, if it holds any that a shell runs.
    pub shell: Option<Box<Shell>>,
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
pub struct PageToken {
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
    /// The index of the section whose text holds it.
    pub section: u32,
    /// Its text in that section: plain, with single spaces; code and tokens as typed.
    pub text: Range<u32>,
    /// Its place in the file; in half the room, since a page has more of these than of anything else.
    pub place: Range<u32>,
    /// Whether it is a cell of a table, which says little by itself.
    pub is_cell: bool,
}

impl Passage {
    /// Its place in the file.
    pub fn range(&self) -> Range<usize> {
        self.place.start as usize..self.place.end as usize
    }
}

/// The plain text under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionText {
    /// The index of the heading; `None` before the first.
    pub heading: Option<u32>,
    /// The prose, a line a block. Code blocks stand in their own list.
    pub text: String,
}

/// A comment that silences a rule on its page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The rule's name as typed.
    pub rule: String,
    /// The last day on which it holds, as typed.
    pub until: Option<String>,
    /// The comment in the file.
    pub range: Range<usize>,
}

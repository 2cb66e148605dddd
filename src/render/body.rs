//! Fills the slots of a page's body: links, code blocks, inline code and tokens.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::conformance::Schema;
use crate::config::Config;
use crate::diagram::{ID_PREFIX, diagram};
use crate::parameter::ParameterDeclaration;
use crate::parse::html::{Html, Slot};
use crate::parse::{CodeBlock, CodeSpan, Document, Link};
use crate::procedure::{block_safety, block_verdict};
use crate::resolve::{Address, Followed, Page, PageId, Structure, Target};
use crate::shell::{Quoting, Safety};
use crate::text::{escape, escape_breakable, escaped};
use crate::token::{parameter_name, placeholders};
use crate::words::Words;

use super::code::code_html;
use super::frame::fragment;
use super::inputs::{Common, Overview};
use super::view::ParameterView;

/// Where a link leads, as the page needs to know it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Href {
    /// Somewhere in the site, with the query and fragment behind.
    To(Address, String),
    /// As typed.
    External,
    /// Nowhere: the scheme is not allowed.
    Refused,
    /// As typed, but marked.
    Broken,
}

/// What a body is filled from.
pub(crate) struct BodySubject<'a> {
    pub(crate) document: &'a Arc<Document>,
    pub(crate) address: &'a Address,
    pub(crate) hrefs: &'a [Href],
    pub(crate) common: &'a Common,
    pub(crate) schema: Option<&'a Schema>,
}

/// A body with what was learned while filling it.
pub(crate) struct FilledBody {
    /// The title's content, where a heading opens the body.
    pub(crate) title: Option<String>,
    /// The HTML of the page's text, every slot filled.
    pub(crate) body: String,
    /// The parameters that it uses, ready for the panel.
    pub(crate) parameters: Vec<ParameterView>,
}

/// Fills the body of a page.
pub(crate) fn body(subject: &BodySubject<'_>) -> FilledBody {
    let document = subject.document;
    let mut values = ParameterValues::of(&subject.common.config, document);
    let mut filled = |html: &Html| {
        let capacity = capacity(html, &document.code_blocks);
        html.fill(capacity, |slot, out| fill(subject, &mut values, slot, out))
    };
    let body = filled(&document.body);
    let title = document.title.as_ref().map(filled);
    let parameters = parameters(&subject.common.config, document, &values.used);
    FilledBody { title, body, parameters }
}

/// The values of parameters while a body is filled.
struct ParameterValues {
    /// By name, of those that the page declares, or else the site; nothing stands for none.
    declared: BTreeMap<String, String>,
    /// The names of those that were met, in the order in which they were, and in that of names.
    used: Vec<String>,
    seen: BTreeSet<String>,
    /// How often each picture was shown, by what its ids begin with.
    pictures: BTreeMap<String, usize>,
}

impl ParameterValues {
    fn of(config: &Config, document: &Document) -> ParameterValues {
        let mut declared = BTreeMap::new();
        for one in document.meta.parameters.iter().chain(config.parameters.values()) {
            let value = || one.default.clone().unwrap_or_default();
            declared.entry(parameter_name(&one.name.value)).or_insert_with(value);
        }
        let (used, seen, pictures) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
        ParameterValues { declared, used, seen, pictures }
    }
}

/// About how many bytes fill the slots.
fn capacity(html: &Html, blocks: &[CodeBlock]) -> usize {
    let filler = |slot| match slot {
        // Colored code takes twice its length, and what stands round it some more.
        Slot::CodeBlock(index) => 512 + 2 * blocks[index as usize].text.len(),
        _ => 64,
    };
    html.slots().map(filler).sum()
}

fn fill(subject: &BodySubject<'_>, values: &mut ParameterValues, slot: Slot, out: &mut String) {
    let document = subject.document;
    match slot {
        Slot::Link(index) => link(subject, index as usize, out),
        Slot::Wikilink(index) => wikilink(subject, index as usize, out),
        Slot::Address(index) => {
            let typed = &document.links[index as usize];
            let (address, _) = address(subject, index as usize, typed);
            // Of several images one is left out; an address without letters would let what follows be taken for it.
            let is_gone = address.is_empty() && typed.kind.embeds();
            escape(out, if is_gone { "data:;" } else { &address });
        }
        Slot::CodeBlock(index) => {
            code_block(subject, values, &document.code_blocks[index as usize], out);
        }
        Slot::CodeSpan(index) => {
            code_span(subject, values, &document.code_spans[index as usize], out);
        }
        Slot::Token(index) => {
            let token = &document.tokens[index as usize];
            parameter_or_token(subject, values, &token.text, "literal", out);
        }
    }
}

fn link(subject: &BodySubject<'_>, index: usize, out: &mut String) {
    let typed = &subject.document.links[index];
    let (address, class) = address(subject, index, typed);
    let attribute = if typed.kind.embeds() { " src=\"" } else { " href=\"" };
    // An address that must not be followed stays text, and an image of such an address is empty.
    if subject.hrefs[index] != Href::Refused {
        out.push_str(attribute);
        escape(out, &as_url(&address));
        out.push('"');
    } else if typed.kind.embeds() {
        out.push_str(" src=\"data:,\"");
    }
    if let Some(class) = class {
        out.push_str(" class=\"");
        out.push_str(class);
        out.push('"');
    }
}

/// An address as typed without the characters that no address may hold and browsers encode: `https://x.example/"`.
/// Brackets may stand round a host alone, and one `#` begins the fragment.
fn as_url(address: &str) -> Cow<'_, str> {
    const NEVER: [char; 6] = ['"', ' ', '`', '\\', '^', '|'];
    const ONCE: [char; 3] = ['[', ']', '#'];
    if !address.contains(NEVER) && !address.contains(ONCE) {
        return address.into();
    }
    let host = address.find("://").map_or(0, |at| at + 3);
    let path = address[host..].find(['/', '?', '#']).map_or(address.len(), |at| host + at);
    let path = if host == 0 { 0 } else { path };
    let fragment = address.find('#');
    let mut url = String::with_capacity(address.len() + 8);
    for (at, letter) in address.char_indices() {
        let is_bracket = matches!(letter, '[' | ']') && at >= path;
        if NEVER.contains(&letter) || is_bracket || letter == '#' && fragment != Some(at) {
            url.push_str(&format!("%{:02X}", letter as u32));
        } else {
            url.push(letter);
        }
    }
    url.into()
}

/// A wikilink; without a page it is what the author typed, brackets included, and marked.
fn wikilink(subject: &BodySubject<'_>, index: usize, out: &mut String) {
    let typed = &subject.document.links[index];
    let (address, class) = address(subject, index, typed);
    if class.is_none() {
        out.push_str("<a href=\"");
        escape(out, &as_url(&address));
        out.push_str("\">");
        escape(out, &typed.text);
        out.push_str("</a>");
        return;
    }
    out.push_str("<span class=\"broken\">[[");
    escape(out, &typed.address);
    if typed.text != typed.address {
        out.push('|');
        escape(out, &typed.text);
    }
    out.push_str("]]</span>");
}

/// The address to write, and the class of a link that leads nowhere or shows its whole address.
fn address(
    subject: &BodySubject<'_>,
    index: usize,
    typed: &Link,
) -> (String, Option<&'static str>) {
    match &subject.hrefs[index] {
        Href::To(to, suffix) if to == subject.address && suffix.starts_with('#') => {
            (suffix.clone(), None)
        }
        Href::To(to, suffix) => (subject.address.link_to_place(to, suffix), None),
        Href::External => (typed.address.clone(), is_bare(typed).then_some("bare")),
        Href::Refused => (String::new(), Some("broken")),
        Href::Broken => (typed.address.clone(), Some("broken")),
    }
}

/// Whether what a link shows is where it leads, as of an address that stands in prose; paper need not write it out.
fn is_bare(link: &Link) -> bool {
    fn without_scheme(address: &str) -> &str {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        rest.trim_end_matches('/')
    }
    !link.kind.embeds() && without_scheme(&link.text) == without_scheme(&link.address)
}

/// A token in prose: marked where it is a slot of the page's template.
fn text_token(subject: &BodySubject<'_>, token: &str, out: &mut String) {
    if is_unfilled(subject, token) {
        unfilled(&subject.common.config.words, token, out);
    } else {
        escape(out, token);
    }
}

fn is_unfilled(subject: &BodySubject<'_>, token: &str) -> bool {
    subject.schema.is_some_and(|schema| schema.is_slot(token))
}

fn unfilled(words: &Words, token: &str, out: &mut String) {
    out.push_str("<mark class=\"unfilled\" title=\"");
    escape(out, words.get("not-filled-yet"));
    out.push_str("\">");
    escape(out, token);
    out.push_str("</mark>");
}

/// Inline code: a link where it is a known name, with its slots marked and its declared parameters live.
fn code_span(
    subject: &BodySubject<'_>,
    values: &mut ParameterValues,
    span: &CodeSpan,
    out: &mut String,
) {
    let entity = subject.common.entities.get(&span.text).filter(|_| !span.inside_link);
    let entity =
        entity.filter(|entity| entity.address != *subject.address || entity.anchor.is_some());
    if let Some(entity) = entity {
        let place = fragment(entity.anchor.as_deref());
        let href = if entity.address == *subject.address {
            place
        } else {
            subject.address.link_to_place(&entity.address, &place)
        };
        out.push_str("<a class=\"entity\" href=\"");
        escape(out, &href);
        out.push_str("\">");
    }
    out.push_str("<code>");
    let mut done = 0;
    for token in placeholders(&span.text) {
        escape_breakable(out, &span.text[done..token.start]);
        parameter_or_token(subject, values, &span.text[token.clone()], "literal", out);
        done = token.end;
    }
    escape_breakable(out, &span.text[done..]);
    out.push_str("</code>");
    if entity.is_some() {
        out.push_str("</a>");
    }
}

/// A declared parameter's value, else a token as in prose.
fn parameter_or_token(
    subject: &BodySubject<'_>,
    values: &mut ParameterValues,
    token: &str,
    quoting: &str,
    out: &mut String,
) {
    let name = parameter_name(token);
    if values.declared.contains_key(&name) {
        live(values, (token, &name), quoting, out);
    } else {
        text_token(subject, token, out);
    }
}

/// The place of a parameter's value, which the page's script keeps up to date.
fn live(
    values: &mut ParameterValues,
    (token, name): (&str, &str),
    quoting: &str,
    out: &mut String,
) {
    if values.seen.insert(name.to_owned()) {
        values.used.push(name.to_owned());
    }
    let value = values.declared.get(name).map_or("", String::as_str);
    out.push_str("<var data-p=\"");
    escape(out, name);
    out.push_str("\" data-q=\"");
    out.push_str(quoting);
    if value.is_empty() {
        out.push_str("\" class=\"unfilled\">");
        escape(out, token);
    } else {
        out.push_str("\">");
        escape(out, value);
    }
    out.push_str("</var>");
}

/// How the page's script is told to quote a value.
fn quoting_name(quoting: Quoting) -> &'static str {
    match quoting {
        Quoting::Bare => "bare",
        Quoting::Double => "double",
        Quoting::Single => "single",
        Quoting::Literal => "literal",
    }
}

/// A picture whose ids no earlier one of the page has: one source may be drawn twice.
fn with_own_ids<'p>(picture: &'p str, shown: &mut BTreeMap<String, usize>) -> Cow<'p, str> {
    let first = picture.find(ID_PREFIX).map(|at| &picture[at..]);
    let Some((prefix, _)) = first.and_then(|first| first.split_once('-')) else {
        return Cow::Borrowed(picture);
    };
    let times = shown.entry(prefix.to_owned()).or_default();
    *times += 1;
    match *times {
        1 => Cow::Borrowed(picture),
        times => Cow::Owned(picture.replace(prefix, &format!("{prefix}-{times}"))),
    }
}

fn code_block(
    subject: &BodySubject<'_>,
    values: &mut ParameterValues,
    block: &CodeBlock,
    out: &mut String,
) {
    let words = &subject.common.config.words;
    if block.language == "mermaid"
        && let Ok(picture) = &*diagram(&block.text)
    {
        // Wide ones scroll on small screens, so the keyboard must reach them.
        out.push_str("<figure class=\"diagram\" tabindex=\"0\"");
        if block.title.is_none() {
            out.push_str(" aria-label=\"");
            escape(out, words.get("diagram"));
            out.push('"');
        }
        out.push('>');
        out.push_str(&with_own_ids(picture, &mut values.pictures));
        if let Some(title) = &block.title {
            out.push_str("<figcaption>");
            escape(out, title);
            out.push_str("</figcaption>");
        }
        out.push_str("</figure>\n");
        return;
    }
    let highlighted = code_html(&block.language, &block.text, block.shell.as_deref());
    let is_shell = highlighted.commands > 0;
    let lost = block_verdict(block).lost.map(|lost| words.lost(lost));
    let safety = block_safety(block);
    let class = if safety == Safety::Destructive { "code danger" } else { "code" };
    out.push_str("<figure class=\"");
    out.push_str(class);
    out.push_str("\"><figcaption>");
    caption(words, block, safety, lost.as_deref(), out);
    out.push_str("</figcaption><pre tabindex=\"0\"><code>");
    highlighted.fill(out, |slot, out| {
        if is_shell && !is_unfilled(subject, &slot.raw) {
            live(values, (&slot.raw, &slot.name), quoting_name(slot.quoting), out);
        } else {
            parameter_or_token(subject, values, &slot.raw, quoting_name(slot.quoting), out);
        }
    });
    out.truncate(out.trim_end_matches('\n').len());
    out.push_str("</code></pre></figure>\n");
}

/// What a block is, what it does, and what it is called.
fn caption(words: &Words, block: &CodeBlock, safety: Safety, lost: Option<&str>, out: &mut String) {
    match safety {
        Safety::Destructive => {
            out.push_str("<i class=\"icon i-caution\"></i><span><b>");
            escape(out, words.get("destructive"));
            out.push_str("</b> ");
            match (&block.title, lost) {
                (Some(title), Some(lost)) => escape(out, &format!("{title}: {lost}")),
                (Some(text), None) => escape(out, text),
                (None, Some(text)) => escape(out, text),
                (None, None) => {}
            }
            out.push_str("</span>");
            return;
        }
        Safety::ChangesState => {
            out.push_str("<span class=\"code-lang changes\">");
            escape(out, words.get("changes-state"));
            out.push_str("</span>");
        }
        Safety::ReadOnly => {
            out.push_str("<span class=\"code-lang\">");
            escape(out, words.get("read-only"));
            out.push_str("</span>");
        }
        Safety::Unknown => {
            out.push_str("<span class=\"code-lang\">");
            escape(
                out,
                if block.language.is_empty() { words.get("plain-text") } else { &block.language },
            );
            out.push_str("</span>");
        }
    }
    out.push_str("<span>");
    escape(out, block.title.as_deref().unwrap_or_default());
    out.push_str("</span>");
}

/// The text of one page where another page shows it, below a heading of its own unless that is the site's name.
pub(crate) fn body_of(overview: &Overview, common: &Common, id: PageId, page: &Page) -> String {
    let hrefs: Vec<Href> = page.links.iter().map(|link| href(&overview.site, link)).collect();
    let filled = body(&BodySubject {
        document: &page.document,
        address: &page.address,
        hrefs: &hrefs,
        common,
        schema: overview.report.pages[id.0 as usize].schema.as_deref(),
    });
    let heading = page.document.headings.first().zip(filled.title);
    let heading = heading.map(|(heading, title)| {
        let anchor = escaped(&heading.anchor);
        if title == escaped(&overview.site.config.title) {
            format!("<span id=\"{anchor}\"></span>")
        } else {
            format!("<h2 id=\"{anchor}\">{title}</h2>\n")
        }
    });
    heading.unwrap_or_default() + &filled.body
}

pub(crate) fn href(site: &Structure, link: &Followed) -> Href {
    match &link.target {
        Target::Page(id) => Href::To(site.page(*id).address.clone(), link.suffix.clone()),
        Target::Address(address) => Href::To(address.clone(), link.suffix.clone()),
        Target::External => Href::External,
        Target::Refused => Href::Refused,
        Target::Broken => Href::Broken,
    }
}

/// The parameters of a page as its panel offers them: declared ones first, then the site's that it uses.
fn parameters(config: &Config, document: &Document, used: &[String]) -> Vec<ParameterView> {
    let shown = |declared: &ParameterDeclaration, shared| ParameterView {
        name: parameter_name(&declared.name.value),
        value: declared.default.clone().unwrap_or_default(),
        pattern: declared.pattern.clone(),
        choices: declared.choices.clone(),
        description: declared.description.clone(),
        shared,
    };
    let own = document.meta.parameters.iter().map(|declared| shown(declared, false));
    let mut parameters: Vec<ParameterView> = own.collect();
    let mut listed: BTreeSet<String> =
        parameters.iter().map(|parameter| parameter.name.clone()).collect();
    let used: Vec<String> = used.iter().map(|name| parameter_name(name)).collect();
    let is_used: BTreeSet<&String> = used.iter().collect();
    for declared in config.parameters.values() {
        let name = parameter_name(&declared.name.value);
        if is_used.contains(&name) && listed.insert(name) {
            parameters.push(shown(declared, true));
        }
    }
    for name in &used {
        if listed.insert(name.clone()) {
            parameters.push(ParameterView { name: name.clone(), ..ParameterView::default() });
        }
    }
    parameters
}

//! Documents for tests, from text in a small subset of Markdown: a block a line.

use super::front_matter::FrontMatter;
use super::html::Html;
use super::{
    CodeBlock, CodeSpan, Document, Heading, Link, LinkKind, Passage, Section, Token, TokenPlace,
};
use crate::files::FilePath;

/// A document of headings, paragraphs, list items and fenced code, each block on one line.
pub(crate) fn document(text: &str) -> Document {
    let mut page = Document {
        path: FilePath::new("content/page.md").expect("a path"),
        meta: FrontMatter::default(),
        headings: Vec::new(),
        html_anchors: Vec::new(),
        links: Vec::new(),
        code_blocks: Vec::new(),
        code_spans: Vec::new(),
        tokens: Vec::new(),
        passages: Vec::new(),
        sections: vec![Section { heading: None, text: String::new() }],
        body: Html::default(),
        opens_with_title: false,
        suppressions: Vec::new(),
        diagnostics: Vec::new(),
    };
    let (mut at, mut fence): (usize, Option<usize>) = (0, None);
    for line in text.split_inclusive('\n') {
        if line.starts_with("```") {
            fence = match fence {
                None => Some(at + line.len()),
                Some(start) => {
                    add_code(&mut page, text, start..at);
                    None
                }
            };
        } else if fence.is_none() {
            add_line(&mut page, line, at);
        }
        at += line.len();
    }
    page
}

fn add_code(page: &mut Document, text: &str, range: std::ops::Range<usize>) {
    let code = &text[range.clone()];
    let starts = std::iter::once(0).chain(code.match_indices('\n').map(|(at, _)| at + 1));
    page.code_blocks.push(CodeBlock {
        language: "bash".to_owned(),
        title: None,
        declared: None,
        text: code.to_owned(),
        line_starts: starts.map(|start| range.start + start).collect(),
        heading: last_heading(page),
        range,
    });
}

fn last_heading(page: &Document) -> Option<u32> {
    page.headings.len().checked_sub(1).map(|index| index as u32)
}

fn add_line(page: &mut Document, line: &str, at: usize) {
    let text = line.trim_end();
    if text.is_empty() || text.starts_with("<!--") {
        return;
    }
    if text.starts_with('#') {
        let level = text.bytes().take_while(|byte| *byte == b'#').count();
        let shown = text[level..].trim();
        let (number, title) = match shown.split_once(' ') {
            Some((number, title)) if number.starts_with(|letter: char| letter.is_ascii_digit()) => {
                (Some(number.to_owned()), title.to_owned())
            }
            _ => (None, shown.to_owned()),
        };
        page.headings.push(Heading {
            level: level as u8,
            anchor: title.clone(),
            text: title,
            number,
            repeated: false,
            range: at..at + text.len(),
        });
        page.sections.push(Section { heading: last_heading(page), text: String::new() });
        return;
    }
    let marker = text.len() - text.trim_start_matches([' ', '-']).len();
    let (start, passage) = (at + marker, &text[marker..]);
    let heading = last_heading(page);
    page.passages.push(Passage {
        text: passage.to_owned(),
        range: start..start + passage.len(),
        heading,
    });
    if let Some(section) = page.sections.last_mut() {
        section.text.push_str(passage);
    }
    add_spans(page, passage, start, heading);
}

fn add_spans(page: &mut Document, passage: &str, start: usize, heading: Option<u32>) {
    for (index, piece) in passage.split('`').enumerate().filter(|(index, _)| index % 2 == 1) {
        let offset = passage.split('`').take(index).map(|piece| piece.len() + 1).sum::<usize>();
        let range = start + offset - 1..start + offset + piece.len() + 1;
        page.code_spans.push(CodeSpan {
            text: piece.to_owned(),
            range,
            heading,
            inside_link: false,
        });
    }
    for (open, _) in passage.match_indices('<') {
        let Some(end) = passage[open..].find('>') else { continue };
        let range = start + open..start + open + end + 1;
        let text = passage[open..=open + end].to_owned();
        page.tokens.push(Token { text, range, place: TokenPlace::Prose, heading });
    }
    for (open, _) in passage.match_indices("](") {
        let address = passage[open + 2..].split(')').next().unwrap_or_default().to_owned();
        let text = passage[..open].rsplit('[').next().unwrap_or_default().to_owned();
        let range = start + open..start + open + address.len();
        let sentence = passage.to_owned();
        page.links.push(Link { kind: LinkKind::Markdown, address, range, text, sentence, heading });
    }
}

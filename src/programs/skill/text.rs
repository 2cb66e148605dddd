//! The text of a skill: facts, then the page, in one file that is short enough, with the rest in `references/`.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::files::Bytes;
use crate::hidden::removed;
use crate::parse::{Document, Input};
use crate::resolve::Address;

use super::super::context::Context;
use super::super::facts::PageFacts;
use super::super::linked::LinkedText;
use super::choose::words;

/// The most lines of the file that is read first: fewer than 500, by the specification's advice.
const LINES: usize = 440;

/// The most characters of it: fewer than 5,000 tokens.
const CHARACTERS: usize = 18_000;

/// The most files beside it.
const REFERENCES: usize = 100;

/// A part of the text: what stands before the first section, or a section of the second level.
struct SkillPart {
    range: Range<usize>,
    title: String,
    anchor: Option<String>,
    /// The file below the skill's folder; none where it stands in the first one.
    file: Option<String>,
    /// The anchors of its headings on the page.
    originals: BTreeSet<String>,
    /// Those that it has where it stands alone.
    anchors: BTreeSet<String>,
}

/// The files of a skill without its front matter, the first one first: path and text.
pub(super) fn files(
    context: &Context,
    facts: &PageFacts<'_>,
    name: &str,
    text: &LinkedText,
) -> Vec<(String, String)> {
    let own = facts.page.address.markdown();
    let outside = |up: &'static str| {
        let own = own.clone();
        move |to: &Address, suffix: &str| context.link_of_skill(to, suffix, &own, up)
    };
    if fits(text.text()) {
        return vec![("SKILL.md".to_owned(), text.fill(outside("../")))];
    }
    let mut parts = parts(text.text());
    move_out(facts, text.text(), &mut parts);
    for part in &mut parts {
        let document = parse(&text.text()[part.range.clone()]);
        part.anchors = document.headings.iter().map(|heading| heading.anchor.clone()).collect();
        part.anchors.extend(document.html_anchors.iter().cloned());
    }
    let first = first_file(context, facts, &parts, text);
    let anchors = parse(&first.fill(|_, _| String::new()))
        .headings
        .iter()
        .map(|heading| heading.anchor.clone())
        .collect();
    let places = SectionPlaces { parts: &parts, first: anchors };
    let follow = |from: Option<&str>, up: &'static str| {
        let (outside, places, own, from) =
            (outside(up), &places, own.clone(), from.map(str::to_owned));
        move |to: &Address, suffix: &str| match suffix.strip_prefix('#').filter(|_| *to == own) {
            Some(anchor) => places.link(from.as_deref(), anchor),
            None => outside(to, suffix),
        }
    };
    let mut files = vec![("SKILL.md".to_owned(), first.fill(follow(None, "../")))];
    for part in &parts {
        let Some(file) = &part.file else { continue };
        let text = text.part(part.range.clone()).fill(follow(Some(file), "../../"));
        let head = format!(
            "> Part of the skill `{name}`. [SKILL.md](../SKILL.md) says whom to call and how far this can be trusted.\n\n"
        );
        match files.iter_mut().find(|(known, _)| known == file) {
            Some((_, shared)) => shared.push_str(&format!("\n{}", text.trim_start())),
            None => files.push((file.clone(), head + text.trim_start())),
        }
    }
    files
}

fn fits(text: &str) -> bool {
    text.len() <= CHARACTERS && text.matches('\n').count() <= LINES
}

fn parse(text: &str) -> Document {
    crate::parse::parse(&Input {
        path: crate::files::FilePath::new("SKILL.md").expect("a plain name is a path"),
        bytes: Bytes::new(text.as_bytes().to_vec()),
        options: Arc::default(),
    })
}

/// The parts of a text in its order. Where no heading is of the second level, those of the next one begin parts.
fn parts(text: &str) -> Vec<SkillPart> {
    let document = parse(text);
    let is_title = |index: usize| index == 0 && document.title.is_some();
    let headings = || document.headings.iter().enumerate().filter(|(index, _)| !is_title(*index));
    let level = headings().map(|(_, heading)| heading.level).min().unwrap_or(2);
    let mut parts = vec![SkillPart {
        range: 0..text.len(),
        title: String::new(),
        anchor: None,
        file: None,
        originals: BTreeSet::new(),
        anchors: BTreeSet::new(),
    }];
    for (index, heading) in headings().filter(|(_, heading)| heading.level == level) {
        let start = document.heading_ranges[index].start;
        let start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let last = parts.last_mut().expect("there is a first part");
        // A heading inside a list or quote divides nothing.
        if !text[start..].starts_with('#') && document.heading_ranges[index].start != start {
            continue;
        }
        last.range.end = start.max(last.range.start);
        parts.push(SkillPart {
            range: start..text.len(),
            title: heading.full_text(),
            anchor: Some(heading.anchor.clone()),
            file: None,
            originals: BTreeSet::new(),
            anchors: BTreeSet::new(),
        });
    }
    for (heading, range) in document.headings.iter().zip(&document.heading_ranges) {
        let next = parts.partition_point(|part| part.range.start <= range.start);
        parts[next.saturating_sub(1)].originals.insert(heading.anchor.clone());
    }
    parts
}

/// Says which parts stand in files of their own: all that do not fit, those to which alerts lead last of all.
fn move_out(facts: &PageFacts<'_>, text: &str, parts: &mut [SkillPart]) {
    let asked: BTreeSet<&str> =
        facts.alerts.iter().filter_map(|alert| alert.claim.anchor.as_deref()).collect();
    let mut left = (CHARACTERS, LINES);
    let mut take = |part: &SkillPart| {
        let own = &text[part.range.clone()];
        let cost = (own.len(), own.matches('\n').count() + 1);
        let fits = cost.0 <= left.0 && cost.1 <= left.1;
        if fits {
            left = (left.0 - cost.0, left.1 - cost.1);
        }
        fits
    };
    // What stands in place of a part that is moved out costs a little as well.
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|index| {
        let anchor = parts[*index].anchor.as_deref();
        (*index > 0, !anchor.is_some_and(|anchor| asked.contains(anchor)), *index)
    });
    let moved: Vec<usize> = order.into_iter().filter(|index| !take(&parts[*index])).collect();
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut moved: Vec<usize> = moved;
    moved.sort_unstable();
    for index in moved {
        let part = &mut parts[index];
        let (slug, _) = words(&part.title);
        let slug =
            if slug.is_empty() { "part".to_owned() } else { slug.chars().take(48).collect() };
        let slug = slug.trim_end_matches('-').to_owned();
        let name =
            (1..).map(|number| if number == 1 { slug.clone() } else { format!("{slug}-{number}") });
        let mut name = name.filter(|name| !names.contains(name));
        let name = name.next().expect("numbers do not end");
        // What is more than anybody looks through shares one file.
        let name = if names.len() >= REFERENCES { "more".to_owned() } else { name };
        names.insert(name.clone());
        part.file = Some(format!("references/{name}.md"));
    }
}

/// The file that is read first: the parts that stand in it, and where the others are.
fn first_file(
    context: &Context,
    facts: &PageFacts<'_>,
    parts: &[SkillPart],
    text: &LinkedText,
) -> LinkedText {
    let mut out = LinkedText::default();
    for part in parts {
        let Some(file) = &part.file else {
            out.append(&text.part(part.range.clone()));
            continue;
        };
        if !out.text().is_empty() && !out.text().ends_with("\n\n") {
            out.push("\n");
        }
        let title = super::super::linked::plain(&part.title);
        if part.range.start == 0 {
            out.push(&format!("The beginning is in [{file}]({file}).\n\n"));
            continue;
        }
        out.push(&format!("## {title}\n\nRead [{file}]({file}) for this section"));
        if let Some(base) = &context.site().config.base_url {
            let anchor =
                part.anchor.as_ref().map_or_else(String::new, |anchor| format!("#{anchor}"));
            let url = format!("{base}{}{anchor}", facts.page.address.markdown().encoded());
            out.push(&format!(", or <{}>", super::super::linked::destination(&url)));
        }
        out.push(".\n\n");
    }
    out
}

/// Where the sections of a page are, once it is in parts.
struct SectionPlaces<'p> {
    parts: &'p [SkillPart],
    /// The anchors of the first file.
    first: BTreeSet<String>,
}

impl SectionPlaces<'_> {
    /// The link from a file, or the first one, to an anchor of the page.
    fn link(&self, from: Option<&str>, anchor: &str) -> String {
        let named = percent_encoding::percent_decode_str(anchor).decode_utf8_lossy();
        let found = self.parts.iter().find(|part| part.originals.contains(&*named));
        let found = found.or_else(|| self.parts.iter().find(|part| part.anchors.contains(&*named)));
        let to = found.and_then(|part| part.file.as_deref());
        let has_anchor = match (found, to) {
            // A file that parts share numbers equal headings anew.
            (Some(part), Some(to)) => {
                let sharing = self.parts.iter().filter(|part| part.file.as_deref() == Some(to));
                part.anchors.contains(&*named) && sharing.count() == 1
            }
            _ => self.first.contains(&*named),
        };
        let fragment = if has_anchor { format!("#{anchor}") } else { String::new() };
        let name = |file: &str| file.trim_start_matches("references/").to_owned();
        match (from, to) {
            (None, None) if has_anchor => fragment,
            (None, None) => "SKILL.md".to_owned(),
            (None, Some(to)) => format!("{to}{fragment}"),
            (Some(_), None) => format!("../SKILL.md{fragment}"),
            (Some(from), Some(to)) if from == to && has_anchor => fragment,
            (Some(_), Some(to)) => format!("{}{fragment}", name(to)),
        }
    }
}

/// A file's bytes, without what readers would not see.
pub(super) fn bytes(text: &str) -> Bytes {
    Bytes::new(removed(text).into_owned().into_bytes())
}

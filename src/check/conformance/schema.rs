//! What a template asks of a page.

use crate::diagnostic::Location;
use crate::files::FilePath;
use crate::parse::template_section::{Guidance, is_optional, section_key};
use crate::parse::{Document, Heading};

use super::nesting::above;
use super::slots::{self, Slots};

/// What a page that follows the template must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The template's file.
    pub path: FilePath,
    /// The required sections in order.
    pub sections: Vec<RequiredSection>,
    pub(super) slots: Slots,
    pub(super) guidance: Guidance,
}

/// A section that the template requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredSection {
    /// The heading's text without number and without "(if any)".
    pub name: String,
    /// The number that the template gives it.
    pub number: Option<String>,
    /// Whether the template has no section below it.
    pub leaf: bool,
    /// Whether the page may leave it out.
    pub optional: bool,
    /// Whether no other required section holds it.
    pub top: bool,
    pub(super) key: String,
    pub(super) parent: Option<usize>,
    /// Where the template requires it, or what it takes in does.
    pub(super) at: Location,
}

impl Schema {
    /// Reads a template.
    pub fn from_template(template: &Document, text: &str) -> Schema {
        Schema {
            path: template.path.clone(),
            sections: required_sections(template),
            slots: Slots::of_template(template, text),
            guidance: Guidance::of(template),
        }
    }

    /// Whether a `<...>` token is to be filled in by the author of a page that follows the template.
    pub fn is_slot(&self, token: &str) -> bool {
        self.slots.is_slot(token) || slots::is_upper_case(token)
    }
}

pub(super) fn required_sections(template: &Document) -> Vec<RequiredSection> {
    let headings = template.headings.iter().zip(&template.heading_ranges);
    let (headings, ranges): (Vec<&Heading>, Vec<_>) =
        headings.filter(|(heading, _)| heading.level >= 2).unzip();
    let above = above(headings.iter().map(|heading| heading.level));
    let mut sections: Vec<RequiredSection> = Vec::with_capacity(headings.len());
    for (index, heading) in headings.iter().enumerate() {
        let key = section_key(&heading.text);
        let shown = heading.text.trim();
        sections.push(RequiredSection {
            // Marks such as "(if any)" are ASCII, so the shown name ends where its key would.
            name: shown
                .rfind('(')
                .filter(|_| is_optional(shown))
                .map_or(shown, |end| shown[..end].trim_end())
                .to_owned(),
            number: heading.number.clone(),
            leaf: headings.get(index + 1).is_none_or(|next| next.level <= heading.level),
            optional: is_optional(&heading.text),
            top: above[index].is_none(),
            key,
            parent: above[index],
            at: template.location(ranges[index]),
        });
    }
    sections
}

impl Schema {
    pub(super) fn is_below(&self, section: usize, above: usize) -> bool {
        let mut parent = self.sections[section].parent;
        while let Some(at) = parent {
            if at == above {
                return true;
            }
            parent = self.sections[at].parent;
        }
        false
    }
}

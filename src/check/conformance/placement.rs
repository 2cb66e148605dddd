//! Finds the sections of a template in a page that follows it.

use super::schema::{RequiredSection, Schema};
use crate::parse::Heading;
use crate::parse::template_section::section_key;

/// Where the template's sections are in a page.
pub(super) struct Placement {
    /// For each section of the template the index of its heading in the page.
    headings: Vec<Option<usize>>,
    /// For each heading of the page the template's section that it belongs to.
    pub(super) owners: Vec<Option<usize>>,
}

impl Placement {
    pub(super) fn of(schema: &Schema, headings: &[Heading]) -> Placement {
        let keys: Vec<String> = headings.iter().map(|heading| section_key(&heading.text)).collect();
        let above = above(headings);
        let mut taken: Vec<Option<usize>> = vec![None; headings.len()];
        let mut found: Vec<Option<usize>> = vec![None; schema.sections.len()];
        // Of headings with the same text the one below the same parent is meant, before any other.
        for only_below_parent in [true, false] {
            for (index, section) in schema.sections.iter().enumerate() {
                let candidate = (0..headings.len()).find(|heading| {
                    let parent = || above[*heading].and_then(|above| taken[above]);
                    taken[*heading].is_none()
                        && found[index].is_none()
                        && section.heading_matches(&keys[*heading])
                        && (!only_below_parent || parent() == section.parent)
                });
                if let Some(heading) = candidate {
                    taken[heading] = Some(index);
                    found[index] = Some(heading);
                }
            }
        }
        let mut owners = taken;
        for heading in 0..headings.len() {
            owners[heading] = owners[heading].or_else(|| owners[above[heading]?]);
        }
        Placement { headings: found, owners }
    }

    pub(super) fn heading(&self, section: usize) -> Option<usize> {
        self.headings[section]
    }

    /// The section that something under a heading of the page belongs to.
    pub(super) fn owner(&self, heading: Option<u32>) -> Option<usize> {
        self.owners.get(heading? as usize).copied().flatten()
    }
}

impl RequiredSection {
    /// Whether a heading is the section's; slots in the template's heading stand for any text.
    fn heading_matches(&self, key: &str) -> bool {
        let Some((before, rest)) = self.key.split_once('<') else { return self.key == key };
        let Some((_, after)) = rest.rsplit_once('>') else { return self.key == key };
        self.key == key
            || (key.len() > before.len() + after.len()
                && key.starts_with(before)
                && key.ends_with(after))
    }
}

/// For each heading the one that it stands under.
fn above(headings: &[Heading]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut above = Vec::with_capacity(headings.len());
    for (at, heading) in headings.iter().enumerate() {
        while open.pop_if(|open| headings[*open].level >= heading.level).is_some() {}
        above.push(open.last().copied());
        open.push(at);
    }
    above
}

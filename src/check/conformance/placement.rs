//! Finds the sections of a template in a page that follows it.

use std::collections::HashMap;

use super::nesting::above;
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
        let above = above(headings.iter().map(|heading| heading.level));
        let mut candidates = Candidates::new(&keys, &above);
        let mut found: Vec<Option<usize>> = vec![None; schema.sections.len()];
        let patterns = schema.sections.iter().enumerate().filter(|(_, section)| section.has_slot());
        let last_pattern = patterns.map(|(index, _)| index).take(MOST_PATTERNS).last();
        // Of headings with the same text the one below the same parent is meant, before any other.
        for only_below_parent in [true, false] {
            for (index, section) in schema.sections.iter().enumerate() {
                if found[index].is_some() {
                    continue;
                }
                let parent = only_below_parent.then(|| section.parent.map(|parent| found[parent]));
                found[index] = if section.has_slot() && Some(index) <= last_pattern {
                    candidates.like(section, parent)
                } else {
                    candidates.named(&section.key, parent)
                };
            }
        }
        let mut owners = vec![None; headings.len()];
        for (section, heading) in found.iter().enumerate() {
            if let Some(heading) = heading {
                owners[*heading] = Some(section);
            }
        }
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

/// How many sections with slots in their headings are looked for by what stands round the slots, which takes a look at
/// every heading of a page; no template has a tenth of it.
const MOST_PATTERNS: usize = 1000;

/// Where the parent of a section is: nowhere if it has none, else at a heading, or missing in the page.
type ParentPlace = Option<Option<usize>>;

/// The headings of a page that are not taken for a section yet.
///
/// Which of several headings with one text is meant is asked once for every section of that name, so each list of them
/// has a cursor: what it has passed can never be meant again.
struct Candidates<'a> {
    keys: &'a [String],
    above: &'a [Option<usize>],
    taken: Vec<bool>,
    /// All of a name, and the first that may be free.
    by_key: HashMap<&'a str, (Vec<usize>, usize)>,
    /// The first of a name that may be free and below no section.
    at_top: HashMap<&'a str, usize>,
    /// Those of a name below a heading, and the first that may be free.
    below: HashMap<(&'a str, usize), (Vec<usize>, usize)>,
    #[cfg(test)]
    looks: usize,
}

impl<'a> Candidates<'a> {
    fn new(keys: &'a [String], above: &'a [Option<usize>]) -> Candidates<'a> {
        let mut candidates = Candidates {
            keys,
            above,
            taken: vec![false; keys.len()],
            by_key: HashMap::new(),
            at_top: HashMap::new(),
            below: HashMap::new(),
            #[cfg(test)]
            looks: 0,
        };
        for (heading, key) in keys.iter().enumerate() {
            candidates.by_key.entry(key).or_default().0.push(heading);
            if let Some(above) = above[heading] {
                candidates.below.entry((key, above)).or_default().0.push(heading);
            }
        }
        candidates
    }

    /// Takes the first free heading of a name; with `parent`, the first below that.
    fn named(&mut self, key: &'a str, parent: Option<ParentPlace>) -> Option<usize> {
        let (taken, above) = (&self.taken, self.above);
        let is_free = |heading: usize| !taken[heading];
        let (list, cursor) = match parent {
            None => {
                let (list, cursor) = self.by_key.get_mut(key)?;
                (&*list, cursor)
            }
            Some(None) => (&self.by_key.get(key)?.0, self.at_top.entry(key).or_default()),
            Some(Some(parent)) => {
                let (list, cursor) = self.below.get_mut(&(key, parent?))?;
                (&*list, cursor)
            }
        };
        // A heading below a section stays below one.
        let is_meant = |heading: usize| {
            is_free(heading)
                && (parent != Some(None) || above[heading].is_none_or(|above| !taken[above]))
        };
        while let Some(heading) = list.get(*cursor) {
            #[cfg(test)]
            {
                self.looks += 1;
            }
            if is_meant(*heading) {
                self.taken[*heading] = true;
                return Some(*heading);
            }
            *cursor += 1;
        }
        None
    }

    /// Takes the first free heading that a section's heading with slots stands for.
    fn like(&mut self, section: &RequiredSection, parent: Option<ParentPlace>) -> Option<usize> {
        let is_below = |heading: usize| match parent {
            None => true,
            Some(None) => self.above[heading].is_none_or(|above| !self.taken[above]),
            Some(Some(parent)) => parent.is_some() && self.above[heading] == parent,
        };
        let heading = (0..self.keys.len()).find(|heading| {
            !self.taken[*heading]
                && section.heading_matches(&self.keys[*heading])
                && is_below(*heading)
        })?;
        self.taken[heading] = true;
        Some(heading)
    }
}

impl RequiredSection {
    fn has_slot(&self) -> bool {
        self.key.contains('<')
    }

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

#[cfg(test)]
mod tests {
    use super::Candidates;

    /// Takes a heading for each section that asks; how often a heading was looked at.
    fn looks(keys: &[String], above: &[Option<usize>], asked: &[(&str, bool)]) -> usize {
        let asked: Vec<(String, bool)> =
            asked.iter().map(|(key, top)| ((*key).to_owned(), *top)).collect();
        let mut candidates = Candidates::new(keys, above);
        for (key, only_at_top) in &asked {
            let key = keys.iter().find(|known| *known == key).map_or("", String::as_str);
            candidates.named(key, only_at_top.then_some(None));
        }
        candidates.looks
    }

    #[test]
    fn a_heading_is_looked_at_a_few_times_however_many_have_its_name() {
        let count = 500;
        let keys = vec!["steps".to_owned(); count];
        let flat = vec![None; count];
        assert!(looks(&keys, &flat, &vec![("steps", true); 2 * count]) <= 2 * count);
        // All stand below the first, which the first section takes: no other is at the top.
        let below: Vec<Option<usize>> = (0..count).map(|at| (at > 0).then_some(0)).collect();
        let asked = [vec![("steps", true); count], vec![("steps", false); count]].concat();
        assert!(looks(&keys, &below, &asked) <= 4 * count);
    }
}

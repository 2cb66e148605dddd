//! Which templates the pages of a folder follow: files that are templates by their name and hold slots, else the
//! sections that nearly all pages share.
//!
//! What is proposed must not drown an honest folder: a section is required only where nearly every page has it.

use std::collections::{BTreeMap, BTreeSet};

use super::pages::{PAGE_ENDINGS, globs_over, is_section_page, stem};
use crate::files::{FilePath, Files};
use crate::parse::template_section::{is_optional, section_key};
use crate::parse::{self, Document};

/// Sections that pages have in common.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SectionPattern {
    /// The second-level headings in their usual order, each with whether a page may leave it out.
    pub headings: Vec<SharedHeading>,
    /// How many pages are concerned.
    pub pages: usize,
    /// The pages concerned, as globs over the content folder.
    pub applies_to: Vec<String>,
    /// How many other pages there are, that follow no pattern.
    pub left_out: usize,
}

/// A heading that pages share.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SharedHeading {
    /// As most pages have it.
    pub text: String,
    /// How many of the pages concerned have it.
    pub pages: usize,
    /// Whether some do not.
    pub optional: bool,
}

/// A file that is a template.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TemplateFile {
    /// What it is called in site.toml.
    pub name: String,
    /// The file, from the site folder.
    pub file: String,
    /// The pages that follow it, as globs over the content folder; none where no page does, or where it would report
    /// too much.
    pub applies_to: Vec<String>,
    /// Why it applies to those, or to none.
    pub reason: String,
}

/// How many of a hundred pages must have a heading that is required.
const NEARLY_ALL: usize = 98;

/// The headings that at least four of five pages share, if there are at least three of them in at least five pages.
pub(super) fn section_pattern(documents: &[(FilePath, Document)]) -> Option<SectionPattern> {
    let pages: Vec<(&FilePath, Vec<&str>)> = documents
        .iter()
        .filter(|(path, _)| !is_section_page(path))
        .map(|(path, document)| (path, second_level(document)))
        .filter(|(_, headings)| !headings.is_empty())
        .collect();
    let shared = shared(&pages);
    let has = |page: &[&str], heading: &str| {
        page.iter().any(|own| section_key(own) == section_key(heading))
    };
    let complete: Vec<&FilePath> = pages
        .iter()
        .filter(|(_, page)| shared.iter().all(|heading| has(page, heading)))
        .map(|(path, _)| *path)
        .collect();
    if shared.len() < 3 || complete.len() < 5 {
        return None;
    }
    let applies_to = globs_over(&complete, documents);
    let is_concerned = |path: &FilePath| {
        applies_to.iter().any(|glob| {
            let folder = glob.trim_end_matches("**").trim_end_matches('/');
            folder.is_empty() || path.under(folder).is_some()
        })
    };
    let own = documents.iter().filter(|(path, _)| !is_section_page(path));
    let (concerned, others): (Vec<_>, Vec<_>) = own.partition(|(path, _)| is_concerned(path));
    let heading = |text: &&str| {
        let with = concerned.iter().filter(|(_, page)| has(&second_level(page), text)).count();
        let optional = with * 100 < concerned.len() * NEARLY_ALL;
        SharedHeading { text: (*text).to_owned(), pages: with, optional }
    };
    let headings: Vec<SharedHeading> = shared.iter().map(heading).collect();
    let is_pattern = headings.iter().filter(|heading| !heading.optional).count() >= 2;
    let (pages, left_out) = (concerned.len(), others.len());
    is_pattern.then_some(SectionPattern { headings, pages, applies_to, left_out })
}

/// The headings that at least four of five pages have, in their usual order.
fn shared<'d>(pages: &[(&FilePath, Vec<&'d str>)]) -> Vec<&'d str> {
    let mut uses: BTreeMap<String, (usize, usize, &str)> = BTreeMap::new();
    for (_, headings) in pages {
        for (place, heading) in headings.iter().enumerate() {
            let entry = uses.entry(section_key(heading)).or_insert((0, 0, heading));
            entry.0 += 1;
            entry.1 += place;
        }
    }
    let mut shared: Vec<(usize, usize, &str)> =
        uses.into_values().filter(|(count, ..)| count * 5 >= pages.len() * 4).collect();
    shared.sort_by(|(count, place, _), (other_count, other_place, _)| {
        (place * other_count).cmp(&(other_place * count))
    });
    shared.into_iter().map(|(.., heading)| heading).collect()
}

fn second_level(document: &Document) -> Vec<&str> {
    let headings = document.headings.iter().filter(|heading| heading.level == 2);
    headings.map(|heading| heading.text.as_str()).collect()
}

/// The files of a folder that are templates, each with the pages that follow it.
pub(super) fn template_files(
    files: &Files,
    documents: &[(FilePath, Document)],
    options: &std::sync::Arc<parse::ParseOptions>,
) -> Vec<TemplateFile> {
    let mut names = BTreeSet::new();
    let paths = files.iter().filter(|(path, _)| is_template(path));
    let templates = paths.filter_map(|(path, bytes)| {
        let (options, path) = (std::sync::Arc::clone(options), path.clone());
        let input = parse::Input { path, bytes: bytes.clone(), options };
        let document = parse::parse(&input);
        let text = files.text(&document.path)?;
        let to_fill_in = ["{{", "TBD", "YYYY"].iter().any(|sign| text.contains(sign));
        (to_fill_in || !document.tokens.is_empty()).then_some(document)
    });
    let proposed = templates.filter_map(|template| {
        let name = name_of(&template.path, &mut names);
        proposal(name, &template, documents)
    });
    proposed.collect()
}

/// Whether the name of a page file, or of a folder that it lies in, says so.
fn is_template(path: &FilePath) -> bool {
    let says_so = |part: &str| {
        let mut words = part.split(|letter: char| !letter.is_alphanumeric());
        words.any(|word| ["template", "templates"].contains(&word.to_lowercase().as_str()))
    };
    let is_page = PAGE_ENDINGS.iter().any(|ending| path.name().ends_with(ending));
    is_page
        && path.as_str().split('/').any(says_so)
        && !["README", "index", "_index"].contains(&stem(path))
}

/// `runbook-template.md` is `runbook`; `templates/Incident Review.md` is `incident-review`.
fn name_of(path: &FilePath, taken: &mut BTreeSet<String>) -> String {
    let name = stem(path).to_lowercase();
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    let kept: Vec<&str> = words
        .filter(|word| !word.is_empty() && !["template", "templates", "md"].contains(word))
        .collect();
    let name = if kept.is_empty() { "runbook".to_owned() } else { kept.join("-") };
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut free = std::iter::once(name.clone()).chain(numbered);
    let name = free.find(|name| !taken.contains(name)).expect("there are more numbers than files");
    taken.insert(name.clone());
    name
}

/// How a template is proposed; not at all where it demands no sections.
fn proposal(
    name: String,
    template: &Document,
    documents: &[(FilePath, Document)],
) -> Option<TemplateFile> {
    let file = template.path.to_string();
    let sections = template.headings.iter().filter(|heading| heading.level >= 2);
    let required: Vec<String> = sections
        .filter(|heading| !is_optional(heading.text.trim()))
        .map(|heading| section_key(&heading.text))
        .collect();
    if required.len() < 2 {
        return None;
    }
    let missing = |document: &Document| {
        let own: BTreeSet<String> =
            document.headings.iter().map(|heading| section_key(&heading.text)).collect();
        required.iter().filter(|heading| !own.contains(*heading)).count()
    };
    let others = documents.iter().filter(|(path, document)| {
        document.path != template.path && !is_template(&document.path) && !is_section_page(path)
    });
    let following: Vec<&(FilePath, Document)> =
        others.filter(|(_, document)| missing(document) * 3 <= required.len()).collect();
    if following.is_empty() {
        let reason = "no page has its sections yet: name those that shall".to_owned();
        return Some(TemplateFile { name, file, applies_to: Vec::new(), reason });
    }
    let lacking: usize = following.iter().map(|(_, document)| missing(document)).sum();
    let pages = following.len();
    if lacking * 5 > pages {
        let reason = format!(
            "{pages} pages are built like it, but lack {lacking} of its sections: mark those as \"(if applicable)\" \
             that a page may leave out"
        );
        return Some(TemplateFile { name, file, applies_to: Vec::new(), reason });
    }
    let paths: Vec<&FilePath> = following.iter().map(|(path, _)| path).collect();
    let folders = globs_over(&paths, documents);
    let (applies_to, reason) = if folders.is_empty() {
        let globs = paths.iter().map(ToString::to_string).collect();
        (globs, format!("the {pages} pages that are built like it"))
    } else {
        (folders, format!("{pages} pages are built like it"))
    };
    Some(TemplateFile { name, file, applies_to, reason })
}

#[cfg(test)]
mod tests {
    use super::{SharedHeading, TemplateFile};
    use crate::check::ownership::Codeowners;
    use crate::cli::init::adopt::adopt;
    use crate::files::{FilePath, Files};

    fn files(files: &[(String, String)]) -> Files {
        let file = |(path, text): &(String, String)| {
            (FilePath::new(path).expect("a path"), text.as_bytes().to_vec().into())
        };
        files.iter().map(file).collect()
    }

    fn page(name: &str, headings: &[&str]) -> (String, String) {
        let sections: Vec<String> =
            headings.iter().map(|heading| format!("## {heading}\n\ntext\n\n")).collect();
        (name.to_owned(), format!("# {name}\n\n{}", sections.concat()))
    }

    #[test]
    fn what_some_pages_lack_is_optional() {
        let mut all: Vec<(String, String)> = (0..50)
            .map(|at| page(&format!("docs/run/p{at}.md"), &["Meaning", "Impact", "Mitigation"]))
            .collect();
        all[7] = page("docs/run/p7.md", &["meaning", "2. Impact"]);
        all[8] = page("docs/run/p8.md", &["Meaning", "Impact"]);
        all.extend((0..8).map(|at| page(&format!("docs/about{at}.md"), &["Who we are"])));
        let found = adopt(&files(&all), &Codeowners::default()).sections.expect("a pattern");
        let heading =
            |text: &str, pages, optional| SharedHeading { text: text.to_owned(), pages, optional };
        assert_eq!(
            found.headings,
            [
                heading("Meaning", 50, false),
                heading("Impact", 50, false),
                heading("Mitigation", 48, true)
            ]
        );
        assert_eq!((found.pages, found.left_out), (50, 8));
        assert_eq!(found.applies_to, ["run/**"]);
    }

    #[test]
    fn templates_are_found_by_their_names_and_slots() {
        let sections = ["Symptoms", "Steps", "Escalation"];
        let slots = |name: &str| {
            let (name, text) = page(name, &sections);
            (name, format!("{text}\nAsk <team>.\n"))
        };
        let found = |all: &[(String, String)]| adopt(&files(all), &Codeowners::default()).templates;
        let pages = |headings: &[&str]| -> Vec<(String, String)> {
            let others = (0..3).map(|at| page(&format!("docs/about{at}.md"), &["Who we are"]));
            (0..12).map(|at| page(&format!("docs/run/p{at}.md"), headings)).chain(others).collect()
        };
        for (file, name) in [
            ("docs/_templates/runbook.md", "runbook"),
            ("docs/templates/Incident Review.md", "incident-review"),
            ("templates/runbook-template.md", "runbook"),
        ] {
            let mut all = pages(&sections);
            all.push(slots(file));
            let expected = TemplateFile {
                name: name.to_owned(),
                file: file.to_owned(),
                applies_to: vec!["run/**".to_owned()],
                reason: "12 pages are built like it".to_owned(),
            };
            assert_eq!(found(&all), [expected]);
        }
        let mut strict = pages(&sections[..2]);
        strict.push(slots("docs/_templates/runbook.md"));
        let strict = found(&strict);
        assert!(
            strict[0].applies_to.is_empty() && strict[0].reason.contains("lack 12"),
            "{strict:?}"
        );
        let mut none = pages(&["Other"]);
        none.push(slots("docs/_templates/runbook.md"));
        assert!(found(&none)[0].reason.contains("no page"));
        let mut no_slots = pages(&sections);
        no_slots.push(page("docs/_templates/runbook.md", &sections));
        no_slots.push(slots("docs/run/templating.md"));
        assert_eq!(found(&no_slots), []);
    }
}

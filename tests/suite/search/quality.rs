//! How often the page that was meant comes first, on real runbooks.

use std::collections::BTreeMap;

use guidepost::search::{Index, IndexedPage, SearchAnswer, chunks, query};

use super::pages::corpora;
use super::{TODAY, indexed};
use crate::support::Numbers;

const ASKED: u32 = 60;

/// A name's parts as they are read.
fn parts(name: &str) -> Vec<String> {
    let mut parts = Vec::new();
    chunks(name, |chunk| {
        parts.extend(chunk.parts.iter().map(|part| chunk.part(part).to_owned()));
    });
    parts
}

fn without(text: &str, at: usize) -> String {
    let letters = text.chars().enumerate().filter(|(number, _)| *number != at);
    letters.map(|(_, letter)| letter).collect()
}

/// A way to write a name.
type Spelling = fn(&str) -> String;

const SPELLINGS: [(&str, Spelling); 8] = [
    ("as written", str::to_owned),
    ("lower case", str::to_lowercase),
    ("kebab-case", |name| parts(name).join("-")),
    ("snake_case", |name| parts(name).join("_")),
    ("words", |name| parts(name).join(" ")),
    ("last two parts joined", |name| parts(name)[parts(name).len() - 2..].concat()),
    ("middle parts joined", |name| parts(name)[1..parts(name).len() - 1].concat()),
    ("first 70%", |name| name.chars().take((name.chars().count() * 7).div_ceil(10)).collect()),
];

/// The reciprocal rank of the first page that is right.
fn reciprocal_rank(answer: &SearchAnswer, is_right: impl Fn(&str) -> bool) -> f64 {
    let mut pages: Vec<&str> = Vec::new();
    for hit in &answer.hits {
        let page = hit.url.split('#').next().unwrap_or_default();
        if !pages.contains(&page) {
            pages.push(page);
        }
    }
    let rank = pages.iter().take(10).position(|page| is_right(page));
    rank.map_or(0.0, |rank| 1.0 / f64::from(rank as u32 + 1))
}

fn ask(index: &Index, typed: &str) -> SearchAnswer {
    query(index, typed, TODAY, 20)
}

/// The alerts whose names have four parts or more, each with the address of its page.
fn names(pages: &[IndexedPage]) -> Vec<(&str, &str)> {
    let all = pages
        .iter()
        .flat_map(|page| page.alerts.iter().map(|alert| (alert.name.as_str(), page.url.as_str())));
    all.filter(|(name, _)| parts(name).len() > 3).collect()
}

/// Where several names share what was typed, each of their pages is right.
#[test]
fn identifiers_of_real_runbooks_are_found_in_every_spelling() {
    let Some(pages) = corpora() else { return };
    let (index, names) = (indexed(&pages), names(&pages));
    let joined: Vec<(String, &str)> =
        names.iter().map(|(name, url)| (parts(name).concat(), *url)).collect();
    let mut numbers = Numbers(7);
    for (spelling, spell) in SPELLINGS {
        let mut sum = 0.0;
        for _ in 0..ASKED {
            let (name, _) = names[numbers.below(names.len())];
            let typed = spell(name);
            let asked = parts(&typed).concat();
            sum += reciprocal_rank(&ask(&index, &typed), |page| {
                joined.iter().any(|(name, url)| *url == page && name.contains(&asked))
            });
        }
        let mean = sum / f64::from(ASKED);
        println!("{spelling}: {mean:.3}");
        assert!(mean >= 0.95, "{spelling}: {mean:.3}");
    }
}

#[test]
fn identifiers_and_titles_of_real_runbooks_are_found_despite_a_typing_error() {
    let Some(pages) = corpora() else { return };
    let (index, names) = (indexed(&pages), names(&pages));
    let mut numbers = Numbers(11);
    let mut name_sum = 0.0;
    let mut title_sum = 0.0;
    let long_word = |page: &&IndexedPage| {
        page.title
            .split(' ')
            .any(|word| word.len() > 5 && word.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    let titled: Vec<&IndexedPage> = pages.iter().filter(long_word).collect();
    for _ in 0..ASKED {
        let (name, _) = names[numbers.below(names.len())];
        let at = 2 + numbers.below(name.chars().count() - 3);
        name_sum += reciprocal_rank(&ask(&index, &without(name, at)), |page| {
            names.iter().any(|(other, url)| *url == page && other.eq_ignore_ascii_case(name))
        });
        let page = titled[numbers.below(titled.len())];
        let word = page.title.split(' ').rfind(|word| word.len() > 5).unwrap_or_default();
        let typed = page.title.replace(word, &without(word, 3));
        let is_same =
            |url: &str| pages.iter().any(|other| other.url == url && other.title == page.title);
        title_sum += reciprocal_rank(&ask(&index, &typed), is_same);
    }
    let (name, title) = (name_sum / f64::from(ASKED), title_sum / f64::from(ASKED));
    println!("names {name:.3}, titles {title:.3}");
    assert!(name >= 0.9, "names: {name:.3}");
    assert!(title >= 0.65, "titles: {title:.3}");
}

/// Of headings that one section alone has; and whatever is linked is there.
#[test]
fn results_lead_to_the_section_that_was_meant() {
    let Some(pages) = corpora() else { return };
    let index = indexed(&pages);
    let mut headings: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for page in &pages {
        for section in page.sections.iter().filter(|section| parts(&section.heading).len() > 1) {
            let anchor = section.anchor.as_deref().unwrap_or_default();
            let address = format!("{}#{anchor}", page.url);
            headings.entry(&section.heading).or_default().push(address);
        }
    }
    headings.retain(|_, addresses| addresses.len() == 1);
    let headings: Vec<(&str, String)> =
        headings.into_iter().map(|(heading, mut found)| (heading, found.remove(0))).collect();
    let mut numbers = Numbers(13);
    let (mut found, mut right) = (0, 0);
    for _ in 0..100 {
        let (heading, address) = &headings[numbers.below(headings.len())];
        let page_of = |url: &str| url.split('#').next().unwrap_or_default().to_owned();
        for hit in ask(&index, heading).hits {
            let page = pages.iter().find(|page| page.url == page_of(&hit.url));
            let anchor = hit.url.split_once('#').map(|(_, anchor)| anchor.to_owned());
            let known = page.is_some_and(|page| {
                anchor.is_none() || page.sections.iter().any(|section| section.anchor == anchor)
            });
            assert!(known, "`{heading}` leads to {}", hit.url);
            if page_of(&hit.url) == page_of(address) {
                found += 1;
                right += usize::from(hit.url == *address);
            }
        }
    }
    println!("{right} of {found} in the right section");
    assert!(found > 50 && right * 10 >= found * 9, "{right} of {found}");
}

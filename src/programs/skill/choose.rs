//! Which pages become skills, and what each is called.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::check::Report;
use crate::check::alerts::says::severity_rank;
use crate::files::content_hash;
use crate::resolve::{ClaimsByAlert, PageId, PlacedPage, Structure, stem};

/// The most letters that the name of a skill has, by its specification.
const LONGEST: usize = 64;

/// The letters of a hash that tell two names apart.
const HASH: usize = 8;

/// How many skills a list of skills has before one that leads to all is added: agents leave out what goes beyond.
const MANY: usize = 40;

/// How many runbooks the skill that leads to all holds itself at most; with its lists it has fewer files than the 512 that
/// agents accept.
const ROUTED: usize = 450;

/// The pages that become skills, each with its name, which is like no other and the name of a folder that `is_free`.
///
/// A page is a runbook if something leads to it: it claims an alert, explains a message, follows a template, names an
/// agent or owes a review. Where no page of a site says so of itself, each may be one but those of folders. What a site
/// lists in `[skills] applies_to` goes before both. Pages that the search does not show stay out, and so do drafts.
pub(in crate::programs) fn chosen(
    site: &Structure,
    alerts: &BTreeMap<PageId, Vec<String>>,
    report: &Report,
    is_free: impl Fn(&str) -> bool,
) -> BTreeMap<PageId, String> {
    let policy = &site.config.skills;
    let is_shown = |page: &PlacedPage| {
        let meta = &page.document.meta;
        !meta.hidden_from_search && !meta.draft
    };
    let shown: Vec<(PageId, &PlacedPage)> = site.ids().filter(|(_, page)| is_shown(page)).collect();
    let is_runbook = |(id, page): &&(PageId, &PlacedPage)| {
        let meta = &page.document.meta;
        alerts.contains_key(id)
            || !meta.error_signatures.is_empty()
            || page.template.is_some()
            || meta.agent.is_some()
            || report.pages[id.0 as usize].freshness.owes()
    };
    let pages: Vec<(PageId, &PlacedPage)> = if policy.applies_to.is_empty() {
        let runbooks: Vec<_> = shown.iter().filter(is_runbook).copied().collect();
        if runbooks.is_empty() {
            shown.into_iter().filter(|(_, page)| !page.is_section).collect()
        } else {
            runbooks
        }
    } else {
        let is_listed =
            |(_, page): &(PageId, &PlacedPage)| policy.applies_to.matches(page.path.as_str());
        shown.into_iter().filter(is_listed).collect()
    };
    let mut names: BTreeMap<String, Vec<(PageId, &PlacedPage)>> = BTreeMap::new();
    for (id, page) in pages {
        names.entry(name(site, page)).or_default().push((id, page));
    }
    let mut chosen = BTreeMap::new();
    for (name, pages) in names {
        let is_alone = pages.len() == 1 && is_free(&name);
        for (id, page) in pages {
            let name = if is_alone { name.clone() } else { with_hash(&name, page) };
            chosen.insert(id, name);
        }
    }
    chosen
}

/// What the skill that leads to all others is called, if there is to be one.
pub(in crate::programs) fn router_name(
    site: &Structure,
    skills: &BTreeMap<PageId, String>,
) -> Option<String> {
    if skills.len() <= MANY {
        return None;
    }
    let policy = &site.config.skills;
    let (title, _) = words(&format!("{}/{}", policy.prefix, site.config.title));
    let title = title[..title.len().min(48)].trim_end_matches('-');
    let name = match title {
        "" => "runbooks".to_owned(),
        title if title.contains("runbook") => title.to_owned(),
        title => format!("{title}-runbooks"),
    };
    let is_taken = |name: &String| skills.values().any(|other| other == name);
    [name.clone(), format!("{name}-index"), format!("{name}-all")]
        .into_iter()
        .find(|name| !is_taken(name))
}

/// The pages in the order in which they are needed: those of the most severe alerts first, then those of
/// other alerts, of messages, and all others; what is deprecated last.
pub(in crate::programs) fn by_need(
    site: &Structure,
    claimed: &ClaimsByAlert,
    pages: impl Iterator<Item = PageId>,
) -> Vec<PageId> {
    let mut severe: BTreeMap<PageId, u8> = BTreeMap::new();
    for claim in claimed.values().flatten() {
        let rank = severity_rank(claim.severity.as_deref());
        severe.entry(claim.page).and_modify(|held| *held = rank.min(*held)).or_insert(rank);
    }
    let mut pages: Vec<PageId> = pages.collect();
    pages.sort_by_cached_key(|id| {
        let page = site.page(*id);
        let explains = !page.document.meta.error_signatures.is_empty();
        let is_runbook = page.template.is_some() || page.document.meta.agent.is_some();
        (
            page.deprecated || page.document.meta.superseded_by.is_some(),
            severe.get(id).copied().unwrap_or(u8::MAX),
            !explains,
            !is_runbook,
            *id,
        )
    });
    pages
}

/// The pages whose text the skill that leads to all may hold, of those in the order of need.
pub(in crate::programs) fn routed(pages: &[PageId]) -> BTreeSet<PageId> {
    pages.iter().take(ROUTED).copied().collect()
}

/// The name by which a page is likely to be known: the words of its path.
fn name(site: &Structure, page: &PlacedPage) -> String {
    let (config, path) = (&site.config, page.path.as_str());
    let stem = if page.is_section { page.folder.as_str() } else { stem(config, path) };
    let stem = if stem.is_empty() { "home" } else { stem };
    let (name, is_whole) = words(&format!("{}/{stem}", config.skills.prefix));
    if is_whole && name.len() <= LONGEST { name } else { with_hash(&name, page) }
}

/// A name of which the end tells the page from all others.
fn with_hash(name: &str, page: &PlacedPage) -> String {
    let hash = content_hash(page.path.as_str().as_bytes());
    let kept = name[..name.len().min(LONGEST - HASH - 1)].trim_end_matches('-');
    let name = if kept.is_empty() { "runbook" } else { kept };
    format!("{name}-{}", &hash[..HASH])
}

/// A text as the name of a skill has it, in lower case with hyphens between words, and whether no letter of it is lost.
pub(super) fn words(text: &str) -> (String, bool) {
    let mut name = String::with_capacity(text.len() + 8);
    let mut is_whole = true;
    let letters: Vec<char> = text.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| letters[before]);
        if letter.is_uppercase()
            && (before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit())
                || before.is_some_and(char::is_uppercase)
                    && letters.get(at + 1).is_some_and(|next| next.is_lowercase()))
        {
            hyphen(&mut name);
        }
        match letter {
            'ä' | 'Ä' | 'æ' | 'Æ' => name.push_str("ae"),
            'ö' | 'Ö' => name.push_str("oe"),
            'ü' | 'Ü' => name.push_str("ue"),
            'ß' => name.push_str("ss"),
            'ø' | 'Ø' => name.push('o'),
            'ł' | 'Ł' => name.push('l'),
            letter if letter.is_ascii_alphanumeric() => name.push(letter.to_ascii_lowercase()),
            letter if letter.is_ascii() || !letter.is_alphanumeric() => hyphen(&mut name),
            letter => {
                for part in letter.nfkd().filter(|part| !is_combining_mark(*part)) {
                    if part.is_ascii_alphanumeric() {
                        name.push(part.to_ascii_lowercase());
                    } else {
                        is_whole = false;
                        hyphen(&mut name);
                    }
                }
            }
        }
    }
    name.truncate(name.trim_end_matches('-').len());
    (name, is_whole)
}

fn hyphen(name: &mut String) {
    if !name.is_empty() && !name.ends_with('-') {
        name.push('-');
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_are_lower_case_words_in_ascii() {
        for (text, expected, is_whole) in [
            ("agents/contentgen", "agents-contentgen", true),
            ("alerts/KubeAPIDown", "alerts-kube-api-down", true),
            ("PodOOMKilled", "pod-oom-killed", true),
            ("a__b--c (1)", "a-b-c-1", true),
            ("Überlast/Größe", "ueberlast-groesse", true),
            ("café/Łódź", "cafe-lodz", true),
            ("対応/queue", "queue", false),
            ("", "", true),
        ] {
            assert_eq!(words(text), (expected.to_owned(), is_whole), "{text}");
        }
    }
}

//! Which page answers which alert.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::placed::{PageId, PlacedPage, section_names};
use super::sections;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location, links, nearest};
use crate::parse::Document;
use crate::parse::template_section::template_sections;

/// Who claims which alert, by its name.
pub type ClaimsByAlert = BTreeMap<String, Vec<AlertClaim>>;

/// A page's claim to answer an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertClaim {
    /// The page that answers it.
    pub page: PageId,
    /// The anchor of the section that answers, if one is named.
    pub anchor: Option<String>,
    /// As typed: `P1`, `critical`.
    pub severity: Option<String>,
    /// When it fires, in words.
    pub condition: Option<String>,
    /// Where it is sent.
    pub channel: Option<String>,
    /// The labels of the alerts that are meant, where not all of that name are.
    pub labels: BTreeMap<String, String>,
    /// Where the claim is made.
    pub at: Location,
    /// What makes it.
    pub claimed: ClaimedBy,
}

/// What makes a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimedBy {
    /// `alerts:` in the front matter.
    FrontMatter,
    /// Inline code in the template's alerts section.
    Section,
    /// The file's name, where `[alerts] from_filename` says so.
    FileName,
    /// A heading, where `[alerts] from_heading` says so.
    Heading,
    /// The page's title, where `[alerts] from_heading` says so.
    Title,
}

/// What each page claims, and which page stands in for it where it is deprecated.
#[derive(PartialEq, Eq)]
pub(super) struct AllClaims {
    pub(super) claims: Vec<Arc<PageClaims>>,
    pub(super) successors: Vec<Option<(PageId, Arc<PlacedPage>)>>,
}

/// Every claim, by the alert's name, out of what each page claims; each page once, or once for
/// each set of labels. An alert of a deprecated page is
/// its successor's, unless that claims it itself.
pub(super) fn alerts(all: &AllClaims) -> ClaimsByAlert {
    let mut alerts = ClaimsByAlert::new();
    let mut add = |name: &String, claim: AlertClaim| {
        let held = alerts.entry(name.clone()).or_insert_with(|| Vec::with_capacity(1));
        if held.iter().all(|other| other.page != claim.page || other.labels != claim.labels) {
            held.push(claim);
        }
    };
    let by_page = || all.claims.iter().zip(&all.successors);
    for (claims, _) in by_page().filter(|(_, successor)| successor.is_none()) {
        claims.iter().for_each(|(name, claim)| add(name, claim.clone()));
    }
    for (claims, successor) in by_page() {
        let Some((page, placed)) = successor else { continue };
        for (name, claim) in claims.iter() {
            let anchor = heading_that_names(placed, name);
            let claimed = ClaimedBy::FrontMatter;
            add(name, AlertClaim { page: *page, anchor, claimed, ..claim.clone() });
        }
    }
    alerts
}

/// What a page claims; what its front matter says stands for all that it says elsewhere.
pub(super) fn claims(
    config: &Config,
    id: PageId,
    page: &PlacedPage,
    document: &Document,
    diagnostics: &mut Vec<Diagnostic>,
) -> PageClaims {
    let mut claims = if page.document.meta.alerts.is_empty() {
        elsewhere(config, id, page, document)
    } else {
        declared(id, page, diagnostics)
    };
    if let Some(of_page) = &page.document.meta.severity {
        for (_, claim) in &mut claims {
            claim.severity.get_or_insert_with(|| of_page.value.clone());
        }
    }
    claims
}

fn declared(id: PageId, page: &PlacedPage, diagnostics: &mut Vec<Diagnostic>) -> PageClaims {
    let document = &page.document;
    let mut claims = Vec::with_capacity(document.meta.alerts.len());
    for alert in &document.meta.alerts {
        let mut anchor = alert.section.as_ref().map(|section| section.value.clone());
        if let Some(section) = &alert.section {
            let headings = || document.headings.iter().map(|heading| &heading.anchor);
            let known = || headings().chain(&document.html_anchors).map(String::as_str);
            if !known().any(|anchor| anchor == section.value) {
                let at = Location::new(&document.path, section.range.clone());
                let similar = nearest(&section.value, known());
                diagnostics.push(links::broken_anchor(at, &section.value, None, similar));
                anchor = None;
            }
        }
        claims.push((
            alert.name.value.clone(),
            AlertClaim {
                page: id,
                anchor: anchor.or_else(|| heading_that_names(page, &alert.name.value)),
                severity: alert.severity.clone(),
                condition: alert.condition.clone(),
                channel: alert.channel.clone(),
                labels: alert.labels.clone(),
                at: Location::new(&document.path, alert.name.range.clone()),
                claimed: ClaimedBy::FrontMatter,
            },
        ));
    }
    claims
}

/// The anchor of the first heading that holds an alert's name as a word.
fn heading_that_names(page: &PlacedPage, name: &str) -> Option<String> {
    let holds = |text: &str| {
        text.split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | '-' | '.'))
            .any(|word| word == name)
    };
    page.document
        .headings
        .iter()
        .find(|heading| heading.level > 1 && holds(&heading.text))
        .map(|heading| heading.anchor.clone())
}

fn elsewhere(config: &Config, id: PageId, page: &PlacedPage, document: &Document) -> PageClaims {
    let claim = |anchor: Option<String>, at: Location, claimed: ClaimedBy| AlertClaim {
        page: id,
        anchor,
        severity: None,
        condition: None,
        channel: None,
        labels: BTreeMap::new(),
        at,
        claimed,
    };
    let mut claims = Vec::new();
    if let Some(names) = section_names(config, page) {
        for span in template_sections(document, &names).alerts {
            let at = document.location(&span.range);
            let anchor = heading_that_names(page, &span.text);
            claims.push((span.text.clone(), claim(anchor, at, ClaimedBy::Section)));
        }
    }
    if config.alerts.from_filename.matches(page.path.as_str()) && !page.is_section {
        let name = sections::stem(config, page.path.name()).to_owned();
        claims.push((name, claim(None, page.location(), ClaimedBy::FileName)));
    }
    if config.alerts.from_heading.matches(page.path.as_str()) {
        let typed = document.meta.title.as_ref().filter(|title| is_one_word(&title.value));
        claims.extend(typed.map(|title| {
            let at = Location::new(&document.path, title.range.clone());
            (title.value.clone(), claim(None, at, ClaimedBy::Title))
        }));
        let mut headings = document.headings.iter().zip(&document.heading_ranges).peekable();
        let title = headings.next_if(|_| document.title.is_some());
        let title = title.filter(|(title, _)| is_one_word(&title.text));
        claims.extend(
            title.filter(|(title, _)| typed.is_none_or(|typed| typed.value != title.text)).map(
                |(title, range)| {
                    (title.text.clone(), claim(None, document.location(range), ClaimedBy::Title))
                },
            ),
        );
        for (heading, range) in headings.filter(|(heading, _)| is_one_word(&heading.text)) {
            let at = document.location(range);
            claims.push((
                heading.text.clone(),
                claim(Some(heading.anchor.clone()), at, ClaimedBy::Heading),
            ));
        }
    }
    claims
}

/// Whether a heading can be an alert's name: one word with a capital inside, a digit or a joining mark.
fn is_one_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | ':'))
        && text.chars().skip(1).any(|letter| !letter.is_lowercase())
}

/// What a page claims, by the name of the alert.
pub(super) type PageClaims = Vec<(String, AlertClaim)>;

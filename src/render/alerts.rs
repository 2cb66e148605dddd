//! What is shown of alerts: rows, the alert index, and what stands at each alert's own address.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::check::alerts::says::{most_severe, rule_says, severity_rank};
use crate::check::alerts::{Alert, LinkedRunbook, alert_address};
use crate::freshness::State;
use crate::hidden::removed;
use crate::memo::{Kept, parallel};
use crate::parse::Heading;
use crate::procedure::answer::{answering_section, is_same_name};
use crate::resolve::{Address, AlertClaim, ClaimedBy, ClaimsByAlert, PageId};
use crate::text::is_script;

use super::booklet;
use super::frame::{due_day, fragment, plain};
use super::inputs::Overview;
use super::owner::owner_name;
use super::redirect::Redirect;
use super::rows::severity;
use super::rules::{pieces, source, source_url};
use super::view::{
    AlertChoice, AlertChoicePage, AlertRow, AlertsPage, AttentionRow, LinkView, Severity,
};

/// The alert of a name; they are in the order of their names.
pub(crate) fn named<'a>(overview: &'a Overview, name: &str) -> Option<&'a Alert> {
    let alerts = &overview.report.alerts;
    let place = alerts.binary_search_by(|alert| alert.name.as_str().cmp(name)).ok()?;
    Some(&alerts[place])
}

/// An alert as lists have it: once for each page that claims it, and once if none does.
pub(crate) struct AlertEntry<'a> {
    pub(super) alert: &'a Alert,
    claim: Option<&'a AlertClaim>,
    /// The page that answers it.
    pub(super) page: Option<PageId>,
}

/// Every alert that a page claims or a rule defines, the most urgent first.
pub(crate) fn ranked(overview: &Overview) -> Vec<AlertEntry<'_>> {
    let pages = linked_pages(overview);
    let mut entries = Vec::new();
    for alert in overview.report.alerts.iter() {
        if let Some(claims) = overview.alerts.get(&alert.name) {
            let entry = |claim| AlertEntry { alert, claim: Some(claim), page: Some(claim.page) };
            entries.extend(claims.iter().map(entry));
        } else {
            let page = match &alert.linked {
                Some(LinkedRunbook::Page { page, .. }) => pages.get(page).copied(),
                _ => None,
            };
            entries.push(AlertEntry { alert, claim: None, page });
        }
    }
    entries.sort_by_cached_key(AlertEntry::level);
    entries
}

impl AlertEntry<'_> {
    /// Its place in lists, the most urgent first.
    pub(super) fn level(&self) -> u8 {
        let claimed = self.claim.and_then(|claim| claim.severity.as_deref());
        severity_rank(claimed.or_else(|| most_severe(self.alert)?.severity.as_deref()))
    }

    /// Whether the page that answers it is this owner's.
    pub(crate) fn is_answered_by(&self, overview: &Overview, owner: &str) -> bool {
        let report = self.page.map(|id| &overview.report.pages[id.0 as usize]);
        report.is_some_and(|report| report.owner.as_deref() == Some(owner))
    }

    /// What is shown of it on a page at `address`.
    pub(crate) fn row(&self, overview: &Overview, address: &Address) -> AlertRow {
        match self.claim {
            Some(claim) => claimed(overview, self.alert, claim, address),
            None => unclaimed(overview, self.alert, self.page, address),
        }
    }
}

/// What a row shows that stands in the rule, whoever answers the alert.
fn row(overview: &Overview, alert: &Alert) -> AlertRow {
    let config = &overview.site.config;
    let says = rule_says(&config.words, alert);
    let first = alert.rules.first();
    let own = first.filter(|rule| rule.pattern.is_some() && rule.name == alert.name);
    let kinds: BTreeSet<&str> = alert.rules.iter().map(|rule| rule.source.name()).collect();
    AlertRow {
        name: alert.name.clone(),
        severity: says.severity.as_deref().map(severity),
        condition: says.condition,
        pieces: own.map(pieces).unwrap_or_default(),
        source: first.map(source),
        source_url: first.and_then(|rule| source_url(rule, config, &overview.report.in_repository)),
        kinds: kinds.into_iter().collect::<Vec<&str>>().join("|"),
        ..AlertRow::default()
    }
}

fn claimed(overview: &Overview, alert: &Alert, claim: &AlertClaim, address: &Address) -> AlertRow {
    let from_rule = row(overview, alert);
    let is_name = claim.claimed == ClaimedBy::Heading;
    let place = (claim.anchor.as_deref(), is_name);
    let answer = answer(overview, claim.page, place, address);
    let is_called_so =
        claim.anchor.is_none() && is_same_name(&overview.site.page(claim.page).title, &alert.name);
    let target = || overview.site.config.words.get("page").to_owned();
    AlertRow {
        severity: claim.severity.as_deref().map(severity).or(from_rule.severity.clone()),
        condition: claim.condition.clone().or(from_rule.condition.clone()),
        channel: claim.channel.clone(),
        url: answer.url,
        target: if is_called_so { target() } else { answer.target },
        section: answer.section,
        sentence: answer
            .sentence
            .filter(|_| claim.condition.is_none() && from_rule.condition.is_none()),
        page: answer.page.filter(|page| !is_same_name(page, &alert.name)),
        owner: answer.owner,
        deprecated: answer.deprecated,
        ..from_rule
    }
}

/// An alert that no page claims: its rule may link a page here, or elsewhere, or none.
fn unclaimed(
    overview: &Overview,
    alert: &Alert,
    linked: Option<PageId>,
    address: &Address,
) -> AlertRow {
    let from_rule = row(overview, alert);
    match &alert.linked {
        Some(LinkedRunbook::Page { page, anchor }) => {
            let Some(id) = linked else {
                let to = Address::of_file(page.trim_start_matches('/'));
                let url = Some(address.link_to(&to));
                return AlertRow { url, target: page.clone(), ..from_rule };
            };
            let answer = answer(overview, id, (anchor.as_deref(), false), address);
            AlertRow {
                url: answer.url,
                target: answer.target,
                section: answer.section,
                page: answer.page,
                owner: answer.owner,
                deprecated: answer.deprecated,
                ..from_rule
            }
        }
        Some(LinkedRunbook::Elsewhere(url)) if !is_script(url) => {
            AlertRow { url: Some(url.clone()), target: host(url).to_owned(), ..from_rule }
        }
        Some(LinkedRunbook::Elsewhere(_)) | None => AlertRow {
            lacks_runbook: true,
            report_url: report_url(overview, &alert.name),
            ..from_rule
        },
    }
}

/// Where an alert is answered, as the columns of a row; `is_name` where the anchor is of a heading that is its name.
fn answer(
    overview: &Overview,
    id: PageId,
    (anchor, is_name): (Option<&str>, bool),
    address: &Address,
) -> AlertRow {
    let page = overview.site.page(id);
    let report = &overview.report.pages[id.0 as usize];
    let headings = &page.document.headings;
    let heading = headings.iter().find(|heading| Some(heading.anchor.as_str()) == anchor);
    let own = &overview.site.config.alerts.answer_sections;
    let section = answering_section(headings, anchor, is_name, own);
    let summary = page.document.meta.summary.as_ref().map(|summary| summary.value.clone());
    AlertRow {
        url: Some(address.link_to_place(&page.address, &fragment(anchor))),
        target: heading.map_or_else(|| page.title.to_string(), Heading::full_text),
        section: section.map(|heading| LinkView {
            title: heading.full_text(),
            url: address.link_to_place(&page.address, &fragment(Some(&heading.anchor))),
        }),
        sentence: summary.or_else(|| page.opening().map(str::to_owned)),
        page: Some(page.nav_title.to_string()),
        owner: owner_name(&overview.site.config, report.owner.as_deref()),
        deprecated: page.deprecated,
        ..AlertRow::default()
    }
}

/// The pages that runbook links may lead to, by the address that links use; looked up only if some do.
fn linked_pages(overview: &Overview) -> HashMap<String, PageId> {
    let site = &overview.site;
    let is_needed = |alert: &Alert| {
        alert.claims.is_empty() && matches!(alert.linked, Some(LinkedRunbook::Page { .. }))
    };
    if !overview.report.alerts.iter().any(is_needed) {
        return HashMap::new();
    }
    let moved = site.redirects.iter().map(|(address, id)| (address, *id));
    let pages = site.ids().map(|(id, page)| (&page.address, id));
    pages.chain(moved).map(|(address, id)| (format!("/{}", address.as_str()), id)).collect()
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// Where a missing runbook is reported: a new issue with the alert's name filled in.
fn report_url(overview: &Overview, name: &str) -> Option<String> {
    let start = report_missing(overview)?;
    let name = removed(name);
    let name = percent_encoding::utf8_percent_encode(&name, percent_encoding::NON_ALPHANUMERIC);
    Some(format!("{start}{name}"))
}

/// The beginning of every such address.
pub(crate) fn report_missing(overview: &Overview) -> Option<String> {
    let repository = overview.site.config.repository.as_ref()?;
    Some(format!("{repository}/issues/new?title=Missing%20runbook%3A%20"))
}

/// The alert index, if there is any alert.
pub(crate) fn index(overview: &Overview, address: &Address) -> AlertsPage {
    let config = &overview.site.config;
    let alerts: Vec<AlertRow> =
        ranked(overview).iter().map(|entry| entry.row(overview, address)).collect();
    let mut severities: Vec<Severity> = Vec::new();
    for severity in alerts.iter().filter_map(|row| row.severity.as_ref()) {
        if !severities.contains(severity) {
            severities.push(severity.clone());
        }
    }
    let rules = overview.report.alerts.iter().flat_map(|alert| &alert.rules);
    let kinds: BTreeSet<&'static str> = rules.map(|rule| rule.source.name()).collect();
    let mut sections = overview.site.sections.iter();
    let section = sections.find(|(_, section)| section.address.file() == address.file());
    AlertsPage {
        frame: plain(config, address, config.words.get("alerts"), &[]),
        severities,
        kinds: kinds.into_iter().collect(),
        has_owners: alerts.iter().any(|row| row.owner.is_some()),
        without_runbook: without_runbook(overview).len(),
        print_url: section.and_then(|(folder, _)| booklet::of_folder(overview, folder, address)),
        alerts,
    }
}

fn without_runbook(overview: &Overview) -> Vec<&str> {
    let lacking = overview.report.alerts.iter().filter(|alert| alert.lacks_runbook());
    lacking.map(|alert| alert.name.as_str()).collect()
}

/// How many names the home page gives of the alerts without a runbook.
const NAMED: usize = 3;

/// What the home page says of alerts without a runbook.
pub(crate) fn attention(overview: &Overview, address: &Address) -> Option<AttentionRow> {
    let lacking = without_runbook(overview);
    if lacking.is_empty() {
        return None;
    }
    let words = &overview.site.config.words;
    let comma = words.get("comma");
    let more = if lacking.len() > NAMED { format!("{comma}…") } else { String::new() };
    let names = lacking[..lacking.len().min(NAMED)].join(comma);
    Some(AttentionRow {
        title: words.count("alerts-lacking", lacking.len(), &[]),
        url: address.link_to(overview.site.generated("alerts")),
        due: None,
        state: State::None,
        warning: Some(words.get("no-runbook").to_owned()),
        note: Some(format!("{names}{more}")),
    })
}

/// What stands at an alert's own address.
pub(crate) enum AtAddress {
    /// The way to the one runbook that claims it.
    Redirect(Redirect),
    /// The runbooks that claim it.
    Choice(Box<AlertChoicePage>),
}

/// The page at each alert's own address, at those of its former names and of the names that rules compute, but where a
/// runbook stands there itself.
pub(crate) fn addresses(overview: &Overview) -> Vec<(Address, AtAddress)> {
    let site = &overview.site;
    let aliases = site.config.alerts.aliases.iter();
    let former = aliases.filter(|(alias, _)| !overview.alerts.contains_key(*alias));
    let own = overview.alerts.keys().map(|name| (name, name));
    let names: Vec<(&String, &String)> = own.chain(former).collect();
    let parameters = overview.report.claims.parameters();
    let pages = parallel(&names, |(shown, name)| {
        let claims = overview.alerts.get(*name)?;
        let address = alert_address(&site.config, shown);
        let known = parameters.get(name.as_str()).map_or(&[][..], Vec::as_slice);
        let alert = named(overview, name)?;
        let answered = AnsweredAlert { name: shown, alert, claims, parameters: known };
        let page = at_address(overview, &address, &answered);
        Some((address, page))
    });
    let mut pages: Vec<(Address, AtAddress)> = pages.into_iter().flatten().collect();
    let taken: BTreeSet<&Address> = pages.iter().map(|(address, _)| address).collect();
    let computed = computed(overview, &taken);
    pages.extend(computed);
    pages
}

/// What stands at the addresses of computed names that are no claim's own.
fn computed(overview: &Overview, taken: &BTreeSet<&Address>) -> Vec<(Address, AtAddress)> {
    let mut by_address: BTreeMap<Address, (&str, Vec<AlertClaim>)> = BTreeMap::new();
    for computed in &overview.report.claims.computed {
        let address = Address::of_file(computed.url.trim_start_matches('/'));
        if taken.contains(&address) {
            continue;
        }
        let (_, held) = by_address.entry(address).or_insert((&computed.name, Vec::new()));
        let claims = computed.claimed.iter().filter_map(|name| overview.alerts.get(name));
        for claim in claims.flatten() {
            let is_same =
                |held: &AlertClaim| held.page == claim.page && held.anchor == claim.anchor;
            if !held.iter().any(is_same) {
                held.push(claim.clone());
            }
        }
    }
    let pages = by_address.into_iter().map(|(address, (name, claims))| {
        let alert =
            Alert { name: name.to_owned(), claims: Vec::new(), rules: Vec::new(), linked: None };
        let answered = AnsweredAlert { name, alert: &alert, claims: &claims, parameters: &[] };
        let page = at_address(overview, &address, &answered);
        (address, page)
    });
    pages.collect()
}

/// An alert with the pages that answer it.
struct AnsweredAlert<'a> {
    /// The name in the address.
    name: &'a str,
    alert: &'a Alert,
    claims: &'a [AlertClaim],
    /// What the name says of the page's parameters.
    parameters: &'a [(String, String)],
}

/// The way to the only claim, or a choice between several.
fn at_address(overview: &Overview, address: &Address, answered: &AnsweredAlert<'_>) -> AtAddress {
    let AnsweredAlert { name, alert, claims, parameters } = *answered;
    match claims {
        [claim] => {
            AtAddress::Redirect(Redirect::of_alert(overview, address, name, (claim, parameters)))
        }
        _ => AtAddress::Choice(choice(overview, address, alert, claims).into()),
    }
}

fn choice(
    overview: &Overview,
    address: &Address,
    alert: &Alert,
    claims: &[AlertClaim],
) -> AlertChoicePage {
    let config = &overview.site.config;
    let index = overview.site.generated("alerts");
    // What still holds comes first.
    let (holding, deprecated): (Vec<_>, Vec<_>) =
        claims.iter().partition(|claim| !overview.site.page(claim.page).deprecated);
    let choices = holding.into_iter().chain(deprecated).map(|claim| {
        let freshness = &overview.report.pages[claim.page.0 as usize].freshness;
        // Here the page's name tells the choices apart, even one that is the alert's own.
        let page = Some(overview.site.page(claim.page).nav_title.to_string());
        let row = claimed(overview, alert, claim, address);
        let labels = claim.labels.iter().map(|(name, value)| format!("{name}={value}"));
        let condition: Vec<String> = labels.chain(row.condition.clone()).collect();
        let condition = (!condition.is_empty()).then(|| condition.join(" · "));
        AlertChoice {
            alert: AlertRow { condition, page, ..row },
            due: due_day(config, freshness),
            state: freshness.state,
            deprecated: overview.site.page(claim.page).deprecated,
        }
    });
    AlertChoicePage {
        frame: plain(config, address, &alert.name, &[(config.words.get("alerts"), index)]),
        name: alert.name.clone(),
        choices: choices.collect(),
    }
}

/// What a page says of an alert that it claims, seen from `address`.
pub(crate) fn of_page(
    overview: &Overview,
    id: PageId,
    name: &str,
    address: &Address,
) -> Option<AlertRow> {
    let claim = overview.alerts.get(name)?.iter().find(|claim| claim.page == id)?;
    Some(claimed(overview, named(overview, name)?, claim, address))
}

/// The alerts of each page, by its id, each once.
pub(crate) fn by_page(alerts: &Kept<ClaimsByAlert>) -> BTreeMap<PageId, Vec<String>> {
    let mut by_page: BTreeMap<PageId, Vec<String>> = BTreeMap::new();
    for (name, claims) in alerts.iter() {
        for claim in claims {
            let names = by_page.entry(claim.page).or_default();
            if names.last() != Some(name) {
                names.push(name.clone());
            }
        }
    }
    by_page
}

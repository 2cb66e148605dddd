//! `runbook_for_alert`: from the name of an alert that fired to the section that answers it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::check::alerts::pattern::Pattern;
use crate::check::alerts::{Alert, Linked};
use crate::procedure::ParameterType;
use crate::resolve::{AlertClaim, PageId};
use crate::token::parameter_name;

use super::arguments::{Answered, required, text, texts};
use super::library::{LONGEST_ID, Library};

/// A section that answers an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Match {
    page: PageId,
    anchor: Option<String>,
    severity: Option<String>,
    why: String,
    /// What the holes of a pattern stand for.
    holes: Vec<(String, String)>,
}

/// Finds the runbook of an alert.
pub(super) fn runbook_for_alert(library: &Library, arguments: &Value) -> Answered {
    let alert = required(arguments, "alert", 1_000)?.trim();
    let labels = texts(arguments, "labels")?;
    let link = text(arguments, "runbook_url", LONGEST_ID)?;
    let mut found = by_name(library, alert);
    if found.is_empty() {
        found = by_pattern(library, alert);
    }
    let linked = link.and_then(|link| by_link(library, link));
    if let Some(linked) = linked {
        let same: Vec<Match> =
            found.iter().filter(|found| found.page == linked.page).cloned().collect();
        match &same[..] {
            [] if found.is_empty() => found = vec![linked],
            [_] => found = same,
            _ => {}
        }
    }
    let found = narrowed(library, found, &labels);
    let status = match &found[..] {
        [] => "not_found",
        [_] => "matched",
        _ => "ambiguous",
    };
    let results: Vec<Value> = found.iter().take(20).map(|found| row(library, found)).collect();
    let mut answer = json!({ "status": status, "results": results });
    match &found[..] {
        [] => answer["nearest"] = json!(nearest(library, alert)),
        [only] => answer["parameters"] = json!(values(library, only, &labels)),
        _ => {}
    }
    Ok(answer)
}

/// What claims the very name, or a name that it stands for, or else what the rule of that name links to.
fn by_name(library: &Library, alert: &str) -> Vec<Match> {
    let config = &library.site().config.alerts;
    let folded = library.folded(alert);
    let aliased = config.aliases.iter().find(|(alias, _)| library.folded(alias) == folded);
    let (named, why) = match aliased {
        Some((_, name)) => (library.folded(name), format!("`{name}`, which `{alert}` stands for")),
        None => (folded, "the name of the alert".to_owned()),
    };
    let claims = library.claimed(&named).iter().filter(|name| !name.contains('*'));
    let claims = claims.filter_map(|name| library.site().alerts.get(name)).flatten();
    let found: Vec<Match> = claims.map(|claim| claimed(claim, &why, Vec::new())).collect();
    if !found.is_empty() {
        return found;
    }
    let alerts = library.report().alerts.iter();
    let rule = alerts.filter(|known| library.folded(&known.name) == named);
    rule.filter_map(|rule| linked(library, rule)).collect()
}

fn claimed(claim: &AlertClaim, why: &str, holes: Vec<(String, String)>) -> Match {
    Match {
        page: claim.page,
        anchor: claim.anchor.clone(),
        severity: claim.severity.clone(),
        why: why.to_owned(),
        holes,
    }
}

/// Where the runbook link of a rule leads.
fn linked(library: &Library, alert: &Alert) -> Option<Match> {
    let Some(Linked::Page { page, anchor }) = &alert.linked else { return None };
    let place = library.place(page).ok()?;
    Some(Match {
        page: place.id,
        anchor: anchor.clone(),
        severity: None,
        why: "the runbook link of the alert's rule".to_owned(),
        holes: Vec::new(),
    })
}

/// What claims a pattern that the name fits, or the claims of a rule whose computed name it can be; of several
/// patterns the one of which most is known.
fn by_pattern(library: &Library, alert: &str) -> Vec<Match> {
    let folded = library.folded(alert);
    let mut found: Vec<(usize, Match)> = Vec::new();
    for (name, claims) in library.site().alerts.iter().filter(|(name, _)| name.contains('*')) {
        let pattern = Pattern::claimed(&library.folded(name));
        if pattern.has_constant() && pattern.captures(&folded, true).is_some() {
            let why = format!("the pattern `{name}`");
            found.extend(
                claims.iter().map(|claim| (pattern.known(), claimed(claim, &why, Vec::new()))),
            );
        }
    }
    let case_sensitive = library.site().config.alerts.case_sensitive;
    for known in library.report().alerts.iter() {
        for pattern in known.rules.iter().filter_map(|rule| rule.pattern.as_ref()) {
            let captured =
                pattern.captures(alert, case_sensitive).filter(|_| pattern.has_constant());
            let Some(holes) = captured else { continue };
            let holes: Vec<(String, String)> =
                holes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let why = format!("the rule `{}`, which names alerts by a pattern", known.name);
            let claims = library.claimed(&library.folded(&known.name)).iter();
            let claims = claims.filter_map(|name| library.site().alerts.get(name)).flatten();
            let mut here: Vec<Match> =
                claims.map(|claim| claimed(claim, &why, holes.clone())).collect();
            if here.is_empty() {
                here.extend(linked(library, known).map(|found| Match { holes, ..found }));
            }
            found.extend(here.into_iter().map(|here| (pattern.known(), here)));
        }
    }
    for computed in library.computed() {
        let Some(holes) = computed.pattern.captures(alert, case_sensitive) else { continue };
        let holes: Vec<(String, String)> =
            holes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let why = format!("the rule `{}`, which names alerts by a pattern", computed.name);
        let claims = computed.claimed.iter().filter_map(|name| library.site().alerts.get(name));
        let claims = claims.flatten().map(|claim| claimed(claim, &why, holes.clone()));
        found.extend(claims.map(|here| (computed.pattern.known(), here)));
    }
    let most = found.iter().map(|(known, _)| *known).max();
    let best = found.into_iter().filter(|(known, _)| Some(*known) == most);
    let mut matches: Vec<Match> = Vec::new();
    for (_, one) in best {
        match matches.iter_mut().find(|held| held.page == one.page && held.anchor == one.anchor) {
            Some(held) if held.holes.is_empty() => held.holes = one.holes,
            Some(_) => {}
            None => matches.push(one),
        }
    }
    matches
}

/// Where the link that an alert carries leads.
fn by_link(library: &Library, link: &str) -> Option<Match> {
    let place = library.place(link).ok()?;
    let why = "the runbook link of the alert".to_owned();
    Some(Match { page: place.id, anchor: place.anchor, severity: None, why, holes: Vec::new() })
}

/// Of several, those that the labels speak for: by severity, by owner. What is still equal stays so.
fn narrowed(library: &Library, mut found: Vec<Match>, labels: &[(&str, &str)]) -> Vec<Match> {
    let label = |names: &[&str]| {
        let fits =
            |(name, _): &&(&str, &str)| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        labels.iter().find(fits).map(|(_, value)| *value)
    };
    let mut keep = |is: &dyn Fn(&Match) -> bool| {
        if found.len() > 1 && found.iter().any(is) {
            found.retain(is);
        }
    };
    if let Some(severity) = label(&["severity", "priority"]) {
        keep(&|one| one.severity.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(severity)));
    }
    if let Some(owner) = label(&["owner", "team"]) {
        keep(&|one| {
            let key = library.page_report(one.page).owner.as_ref();
            key.is_some_and(|key| key.eq_ignore_ascii_case(owner))
        });
    }
    found
}

fn row(library: &Library, found: &Match) -> Value {
    let page = library.page(found.page);
    let headings = page.document.headings.iter();
    let section = found.anchor.as_ref().and_then(|anchor| {
        headings
            .clone()
            .find(|heading| heading.anchor == *anchor)
            .map(crate::parse::Heading::full_text)
    });
    let title = match section {
        Some(section) if section != *page.title => format!("{} › {section}", page.title),
        _ => page.title.to_string(),
    };
    let id = library.id(found.page, found.anchor.as_deref());
    let mut row = json!({
        "id": id,
        "title": title,
        "url": library.url(&id),
        "why": found.why,
        "review": library.review(found.page),
    });
    if let Some(owner) = library.owner(found.page) {
        row["owner"] = json!(owner);
    }
    if let Some(severity) = &found.severity {
        row["severity"] = json!(severity);
    }
    if page.deprecated {
        row["deprecated"] = json!(true);
    }
    row
}

/// Values of the page's parameters that the labels, or what a pattern caught, say; none of a secret, and none that the
/// page does not allow.
fn values(library: &Library, found: &Match, labels: &[(&str, &str)]) -> BTreeMap<String, String> {
    let all = library.procedures(found.page);
    let known = all.iter().flat_map(|(_, parameters)| parameters);
    let holes = found.holes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let given: Vec<(String, &str)> = labels
        .iter()
        .copied()
        .chain(holes)
        .map(|(name, value)| (parameter_name(name), value))
        .collect();
    let mut values = BTreeMap::new();
    for parameter in known.filter(|parameter| !parameter.is_secret) {
        let value = given.iter().find(|(name, _)| *name == parameter.name).map(|(_, value)| *value);
        let is_allowed = |value: &&str| {
            let is_choice =
                parameter.choices.is_empty() || parameter.choices.iter().any(|one| one == value);
            let is_number =
                parameter.kind != ParameterType::Integer || value.parse::<i64>().is_ok();
            is_choice && is_number && !value.is_empty()
        };
        if let Some(value) = value.filter(is_allowed) {
            values.insert(parameter.name.clone(), value.to_owned());
        }
    }
    values
}

/// The names that are nearest to one that nobody claims.
fn nearest(library: &Library, alert: &str) -> Vec<String> {
    const MOST: usize = 5;
    let names = || library.report().alerts.iter().map(|known| known.name.as_str());
    let mut found: Vec<String> =
        crate::diagnostic::nearest(alert, names()).into_iter().map(str::to_owned).collect();
    let answer =
        crate::search::query(&library.index, &format!("{alert} kind:alert"), library.today, MOST);
    for hit in answer.hits {
        let name = hit.title.concat();
        if found.len() < MOST && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

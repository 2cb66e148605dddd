//! `runbook_for_alert`: from the name of an alert that fired to the section that answers it.

use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Value, json};

use crate::check::alerts::pattern::Pattern;
use crate::check::alerts::{KnownRule, agreeing};
use crate::procedure::ParameterType;
use crate::resolve::{AlertClaim, PageId};
use crate::token::parameter_name;

use super::arguments::{ToolAnswer, required, text, texts};
use super::library::{LONGEST_ID, Library};

/// A section that answers an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AlertMatch {
    page: PageId,
    anchor: Option<String>,
    severity: Option<String>,
    why: String,
    /// What its claim, or the rule that leads here, says of the alert's labels.
    labels: BTreeMap<String, String>,
    /// What the holes of a pattern stand for.
    holes: Vec<(String, String)>,
}

/// An alert that fired.
struct Fired<'a> {
    name: &'a str,
    labels: Vec<(&'a str, &'a str)>,
}

/// Finds the runbook of an alert.
pub(super) fn runbook_for_alert(library: &Library, arguments: &Value) -> ToolAnswer {
    let alert = required(arguments, "alert", 1_000)?.trim();
    let labels = texts(arguments, "labels")?;
    let link = text(arguments, "runbook_url", LONGEST_ID)?;
    let fired = Fired { name: alert, labels };
    let mut found = by_name(library, &fired);
    if found.is_empty() {
        found = by_pattern(library, &fired);
    }
    let linked = link.and_then(|link| by_link(library, link));
    if let Some(linked) = linked {
        let same: Vec<AlertMatch> =
            found.iter().filter(|found| found.page == linked.page).cloned().collect();
        let exact = same.iter().filter(|found| found.anchor == linked.anchor);
        match (&same[..], exact.count()) {
            ([], _) if found.is_empty() => found = vec![linked],
            ([_], _) => found = same,
            (_, 1) => found = same.into_iter().filter(|one| one.anchor == linked.anchor).collect(),
            _ => {}
        }
    }
    let rules = rules_of(library, &fired);
    let found = narrowed(library, found, &rules, &fired);
    let status = match &found[..] {
        [] => "not_found",
        [_] => "matched",
        _ => "ambiguous",
    };
    let results: Vec<Value> =
        found.iter().take(20).map(|one| row(library, one, found.len() > 1)).collect();
    let mut answer = json!({ "status": status, "results": results });
    match &found[..] {
        [] => answer["nearest"] = json!(nearest(library, alert)),
        [only] => answer["parameters"] = json!(values(library, only, &rules, &fired)),
        several => {
            let names = deciding(several);
            if !names.is_empty() {
                answer["decided_by"] = json!(names);
            }
        }
    }
    Ok(answer)
}

/// What claims the very name, or a name that it stands for, or else what the rules of that name link to.
fn by_name(library: &Library, fired: &Fired<'_>) -> Vec<AlertMatch> {
    let config = &library.site().config;
    let folded = library.folded(fired.name);
    let aliased = config.alerts.aliases.iter().find(|(alias, _)| library.folded(alias) == folded);
    let (named, why) = match aliased {
        Some((_, name)) => {
            (library.folded(name), format!("`{name}`, which `{}` stands for", fired.name))
        }
        None => (folded, "the name of the alert".to_owned()),
    };
    let claims = library.claimed(&named).iter().filter(|name| !name.contains('*'));
    let claims = claims.filter_map(|name| library.site().alerts.get(name)).flatten();
    let found: Vec<AlertMatch> = claims.map(|claim| claimed(claim, &why, &[])).collect();
    let found = speaking(found, fired);
    if !found.is_empty() {
        return found;
    }
    let of_name = library.rules().iter().filter(|rule| library.folded(&rule.name) == named);
    let of_name = of_name.filter(|rule| rule.claimed.is_empty());
    once(speaking(of_name.filter_map(|rule| linked(library, rule, &[])).collect(), fired))
}

fn claimed(claim: &AlertClaim, why: &str, holes: &[(String, String)]) -> AlertMatch {
    AlertMatch {
        page: claim.page,
        anchor: claim.anchor.clone(),
        severity: claim.severity.clone(),
        why: why.to_owned(),
        labels: claim.labels.clone(),
        holes: holes.to_vec(),
    }
}

/// Where the runbook link of a rule leads.
fn linked(library: &Library, rule: &KnownRule, holes: &[(String, String)]) -> Option<AlertMatch> {
    let place = library.find(rule.page.as_ref()?).ok()?;
    Some(AlertMatch {
        page: place.id,
        anchor: rule.anchor.clone().or(place.anchor),
        severity: None,
        why: "the runbook link of the alert's rule".to_owned(),
        labels: rule.labels.clone(),
        holes: holes.to_vec(),
    })
}

/// What claims a pattern that the name fits, or the claims of a rule whose computed name it can be; of several
/// patterns the one of which most is known.
fn by_pattern(library: &Library, fired: &Fired<'_>) -> Vec<AlertMatch> {
    let folded = library.folded(fired.name);
    let mut found: Vec<(usize, AlertMatch)> = Vec::new();
    for (name, claims) in library.site().alerts.iter().filter(|(name, _)| name.contains('*')) {
        let pattern = Pattern::claimed(&library.folded(name));
        if pattern.has_constant() && pattern.captures(&folded, true).is_some() {
            let why = format!("the pattern `{name}`");
            found.extend(claims.iter().map(|claim| (pattern.known(), claimed(claim, &why, &[]))));
        }
    }
    let case_sensitive = library.site().config.alerts.case_sensitive;
    for rule in library.rules() {
        let Some(pattern) = &rule.pattern else { continue };
        let Some(holes) = pattern.captures(fired.name, case_sensitive) else { continue };
        let holes: Vec<(String, String)> =
            holes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let why = format!("the rule `{}`, which names alerts by a pattern", rule.name);
        let claims = rule.claimed.iter().filter_map(|name| library.site().alerts.get(name));
        let mut here: Vec<AlertMatch> =
            claims.flatten().map(|claim| claimed(claim, &why, &holes)).collect();
        if here.is_empty() {
            here.extend(linked(library, rule, &holes).map(|found| AlertMatch { why, ..found }));
        }
        found.extend(here.into_iter().map(|here| (pattern.known(), here)));
    }
    found.retain(|(_, one)| agreeing(&one.labels, &fired.labels).is_some());
    let most = found.iter().map(|(known, _)| *known).max();
    let best = found.into_iter().filter(|(known, _)| Some(*known) == most);
    once(speaking(best.map(|(_, one)| one).collect(), fired))
}

/// Of some matches those whose labels the alert carries, the ones of which it carries most; none that says otherwise.
fn speaking(found: Vec<AlertMatch>, fired: &Fired<'_>) -> Vec<AlertMatch> {
    let agrees = |one: AlertMatch| Some((agreeing(&one.labels, &fired.labels)?, one));
    let found: Vec<(usize, AlertMatch)> = found.into_iter().filter_map(agrees).collect();
    let most = found.iter().map(|(equal, _)| *equal).max();
    found.into_iter().filter(|(equal, _)| Some(*equal) == most).map(|(_, one)| one).collect()
}

/// Each place once, with the labels that all that leads there has in common.
fn once(found: Vec<AlertMatch>) -> Vec<AlertMatch> {
    let mut matches: Vec<AlertMatch> = Vec::new();
    let mut places: HashMap<(PageId, Option<String>), usize> = HashMap::new();
    for one in found {
        match places.entry((one.page, one.anchor.clone())) {
            Occupied(held) => {
                let held = &mut matches[*held.get()];
                held.labels.retain(|name, value| one.labels.get(name) == Some(value));
                if held.holes.is_empty() {
                    held.holes = one.holes;
                }
            }
            Vacant(free) => {
                free.insert(matches.len());
                matches.push(one);
            }
        }
    }
    matches
}

/// Where the link that an alert carries leads.
fn by_link(library: &Library, link: &str) -> Option<AlertMatch> {
    let place = library.find(link).ok()?;
    Some(AlertMatch {
        page: place.id,
        anchor: place.anchor,
        severity: None,
        why: "the runbook link of the alert".to_owned(),
        labels: BTreeMap::new(),
        holes: Vec::new(),
    })
}

/// The rules that can have made the alert: of its name, and of those whose labels agree the ones that agree most.
fn rules_of<'l>(library: &'l Library, fired: &Fired<'_>) -> Vec<&'l KnownRule> {
    let folded = library.folded(fired.name);
    let case_sensitive = library.site().config.alerts.case_sensitive;
    let is_of = |rule: &&KnownRule| match &rule.pattern {
        Some(pattern) => pattern.captures(fired.name, case_sensitive).is_some(),
        None => library.folded(&rule.name) == folded,
    };
    let rules = library.rules().iter().filter(is_of);
    let rules: Vec<(usize, &KnownRule)> =
        rules.filter_map(|rule| Some((agreeing(&rule.labels, &fired.labels)?, rule))).collect();
    let most = rules.iter().map(|(equal, _)| *equal).max();
    rules.into_iter().filter(|(equal, _)| Some(*equal) == most).map(|(_, rule)| rule).collect()
}

/// Of several, those that the labels speak for: by severity, by where the rule links that has these labels, by owner.
/// What is still equal stays so.
fn narrowed(
    library: &Library,
    mut found: Vec<AlertMatch>,
    rules: &[&KnownRule],
    fired: &Fired<'_>,
) -> Vec<AlertMatch> {
    let label = |names: &[&str]| {
        let fits =
            |(name, _): &&(&str, &str)| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        fired.labels.iter().find(fits).map(|(_, value)| *value)
    };
    let mut keep = |is: &dyn Fn(&AlertMatch) -> bool| {
        if found.len() > 1 && found.iter().any(is) {
            found.retain(is);
        }
    };
    if let Some(severity) = label(&["severity", "priority"]) {
        keep(&|one| one.severity.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(severity)));
    }
    let places = rules.iter().filter_map(|rule| linked(library, rule, &[]));
    let places: HashSet<(PageId, Option<String>)> =
        places.map(|place| (place.page, place.anchor)).collect();
    keep(&|one| {
        places.contains(&(one.page, one.anchor.clone())) || places.contains(&(one.page, None))
    });
    if let Some(owner) = label(&["owner", "team"]) {
        keep(&|one| {
            let key = library.page_report(one.page).owner.as_ref();
            key.is_some_and(|key| key.eq_ignore_ascii_case(owner))
        });
    }
    found
}

/// The labels whose values tell several matches apart.
fn deciding(found: &[AlertMatch]) -> Vec<&str> {
    let names: BTreeSet<&str> =
        found.iter().flat_map(|one| one.labels.keys().map(String::as_str)).collect();
    let differs = |name: &&str| {
        let values: BTreeSet<Option<&String>> =
            found.iter().map(|one| one.labels.get(*name)).collect();
        values.len() > 1
    };
    names.into_iter().filter(differs).collect()
}

fn row(library: &Library, found: &AlertMatch, is_of_several: bool) -> Value {
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
    if is_of_several && !found.labels.is_empty() {
        row["labels"] = json!(found.labels);
    }
    if page.deprecated {
        row["deprecated"] = json!(true);
    }
    row
}

/// Values of the page's parameters that the alert's labels say, or what a pattern caught, or the labels of its rule, where
/// all rules that can have made it agree; none of a secret, and none that the page does not allow.
fn values(
    library: &Library,
    found: &AlertMatch,
    rules: &[&KnownRule],
    fired: &Fired<'_>,
) -> BTreeMap<String, String> {
    let all = library.procedures(found.page);
    let known = all.iter().flat_map(|(_, parameters)| parameters);
    let holes = found.holes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let agreed = rules.first().into_iter().flat_map(|rule| &rule.labels);
    let agreed = agreed
        .filter(|(name, value)| rules.iter().all(|rule| rule.labels.get(*name) == Some(*value)))
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let given = fired.labels.iter().copied().chain(holes).chain(agreed);
    let given: Vec<(String, &str)> =
        given.map(|(name, value)| (parameter_name(name), value)).collect();
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

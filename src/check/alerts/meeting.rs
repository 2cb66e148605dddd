//! Which claims of pages an alert rule meets, where either may be a pattern.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::affixes::Affixes;
use super::claims::{Claim, Claims};
use super::computed::ComputedName;
use super::known_rule::exclude;
use super::pattern::Pattern;
use super::rule::AlertRule;

/// The claimed names of a site, for looking up what rules define.
pub(super) struct Meeting<'a> {
    case_sensitive: bool,
    claims: &'a Claims,
    /// Claimed names and aliases without `*`, folded, with the name that each stands for.
    names: BTreeMap<String, &'a str>,
    /// Claimed names with `*`.
    patterns: Vec<(Pattern, &'a str)>,
    /// The places of these.
    affixes: Affixes,
    /// For each rule's pattern, as it is shown: the claimed names that it alone meets best.
    by_pattern: BTreeMap<String, Vec<&'a str>>,
}

impl<'a> Meeting<'a> {
    pub(super) fn new(rules: &[AlertRule], claims: &'a Claims) -> Meeting<'a> {
        let mut meeting = Meeting {
            case_sensitive: claims.case_sensitive,
            claims,
            names: BTreeMap::new(),
            patterns: Vec::new(),
            affixes: Affixes::default(),
            by_pattern: BTreeMap::new(),
        };
        for (alias, name) in &claims.aliases {
            if let Some((name, _)) = claims.alerts.get_key_value(name) {
                meeting.names.insert(meeting.folded(alias).into_owned(), name);
            }
        }
        for name in claims.alerts.keys() {
            if name.contains('*') {
                let pattern = Pattern::claimed(&meeting.folded(name));
                if pattern.has_constant() {
                    meeting.affixes.add(&pattern, meeting.patterns.len());
                    meeting.patterns.push((pattern, name));
                }
            } else {
                meeting.names.insert(meeting.folded(name).into_owned(), name);
            }
        }
        meeting.meet(rules);
        meeting
    }

    /// The claimed names that a rule's name stands for, those without whose claims all mean alerts with other labels.
    pub(super) fn claimed(&self, rule: &AlertRule) -> Vec<&'a str> {
        let mut names = self.named(rule);
        let means = |claim: &Claim| !exclude(&claim.labels, &rule.labels);
        names.retain(|name| self.claims.alerts[*name].iter().any(means));
        names
    }

    fn named(&self, rule: &AlertRule) -> Vec<&'a str> {
        let folded = self.folded(&rule.name);
        if let Some(name) = self.names.get(&*folded) {
            return vec![*name];
        }
        let met = match &rule.pattern {
            Some(pattern) => self.by_pattern.get(&pattern.to_string()).cloned(),
            None => None,
        };
        if rule.pattern.is_some() || self.patterns.is_empty() {
            return met.unwrap_or_default();
        }
        let candidates = self.affixes.compatible(&Pattern::literal(&*folded));
        let candidates = candidates.into_iter().map(|index| &self.patterns[index]);
        candidates
            .filter(|(pattern, _)| pattern.captures(&folded, true).is_some())
            .map(|(_, name)| *name)
            .collect()
    }

    /// Finds for each pattern what it meets. Of several that match one claimed name, the ones that know most of it do:
    /// `{env}-alarm` would match whatever any other does.
    fn meet(&mut self, rules: &[AlertRule]) {
        let patterns: BTreeMap<String, Pattern> = rules
            .iter()
            .filter_map(|rule| rule.pattern.as_ref())
            .filter(|pattern| pattern.has_constant())
            .map(|pattern| {
                let folded = pattern.clone().map_literals(|text| self.folded(text).into_owned());
                (pattern.to_string(), folded)
            })
            .collect();
        if patterns.is_empty() {
            return;
        }
        let patterns: Vec<(String, Pattern)> = patterns.into_iter().collect();
        let mut affixes = Affixes::default();
        for (index, (_, pattern)) in patterns.iter().enumerate() {
            affixes.add(pattern, index);
        }
        let candidates = |claimed: &Pattern| {
            affixes.compatible(claimed).into_iter().map(|index| &patterns[index])
        };
        let mut met: BTreeMap<String, BTreeSet<&'a str>> = BTreeMap::new();
        for (folded, name) in &self.names {
            let literal = Pattern::literal(folded);
            let matching = candidates(&literal)
                .filter(|(_, pattern)| pattern.captures(folded, true).is_some());
            let matching: Vec<(&String, usize)> =
                matching.map(|(shown, pattern)| (shown, pattern.known())).collect();
            let most = matching.iter().map(|(_, known)| *known).max();
            for (shown, _) in matching.iter().filter(|(_, known)| Some(*known) == most) {
                met.entry((*shown).clone()).or_default().insert(name);
            }
        }
        for (claimed, name) in &self.patterns {
            // A claim that covers whole patterns means these; one that only shares a name with some means the one of
            // which most is known.
            let mut common: Vec<&(String, Pattern)> =
                candidates(claimed).filter(|(_, pattern)| claimed.meets(pattern)).collect();
            let covers = |pattern: &Pattern| claimed.captures(&pattern.marked(), true).is_some();
            if common.iter().any(|(_, pattern)| covers(pattern)) {
                common.retain(|(_, pattern)| covers(pattern));
            } else {
                let most = common.iter().map(|(_, pattern)| pattern.known()).max();
                common.retain(|(_, pattern)| Some(pattern.known()) == most);
            }
            for (shown, _) in common {
                met.entry(shown.clone()).or_default().insert(name);
            }
        }
        self.by_pattern =
            met.into_iter().map(|(shown, names)| (shown, names.into_iter().collect())).collect();
    }

    fn folded<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.case_sensitive { text.into() } else { text.to_lowercase().into() }
    }
}

/// The computed names of rules that some page answers, in the order of their names; `address` makes one of a constant.
///
/// Where a claim of another name has the address that a pattern would have, the pattern keeps that of its first claim.
pub(super) fn computed_names(
    rules: &[AlertRule],
    claims: &Claims,
    address: &dyn Fn(&str) -> String,
) -> Vec<ComputedName> {
    if rules.iter().all(|rule| rule.pattern.is_none()) {
        return Vec::new();
    }
    let meeting = Meeting::new(rules, claims);
    let taken: BTreeMap<&str, &str> = claims
        .alerts
        .iter()
        .filter_map(|(name, claims)| Some((claims.first()?.url.as_str(), name.as_str())))
        .collect();
    let mut names: BTreeMap<&str, ComputedName> = BTreeMap::new();
    for rule in rules {
        let Some(pattern) = rule.pattern.as_ref().filter(|pattern| pattern.has_constant()) else {
            continue;
        };
        if names.contains_key(rule.name.as_str()) {
            continue;
        }
        let claimed = meeting.claimed(rule);
        let Some(first) = claimed.first() else { continue };
        let own = address(&pattern.constant());
        let is_free = taken.get(own.as_str()).is_none_or(|name| claimed.contains(name));
        let url = if is_free { own } else { claims.alerts[*first][0].url.clone() };
        let name = ComputedName {
            name: rule.name.clone(),
            pattern: pattern.clone(),
            url,
            claimed: claimed.into_iter().map(str::to_owned).collect(),
        };
        names.insert(&rule.name, name);
    }
    names.into_values().collect()
}

//! Alert rules against a site's claims: every mistake once, where it was made.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::claims::{Claim, Claims};
use super::destination::{ClaimIndex, LinkDestination, LinkedRunbook};
use super::known_rule::KnownRule;
use super::meeting::Meeting;
use super::pattern::Pattern;
use super::rule::{AlertRule, RunbookLink};
use super::severity::contradictions;
use crate::diagnostic::{Diagnostic, alerts, nearest};
use crate::text::single_spaced;

/// Compares what alert rules promise with what a site has. Without any rule nothing is known of alerts, and
/// nothing is reported.
pub fn contract(rules: &[AlertRule], claims: &Claims) -> Vec<Diagnostic> {
    if rules.is_empty() {
        return Vec::new();
    }
    let (site, meeting) = (ClaimIndex::new(claims), Meeting::new(rules, claims));
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut answered: BTreeSet<&str> = BTreeSet::new();
    let mut pages: BTreeSet<&str> = BTreeSet::new();
    for rule in rules {
        let claimed = meeting.claimed(rule);
        answered.extend(&claimed);
        let destination = rule.runbook.as_ref().map(|link| (link, site.destination(link)));
        if let (true, Some((_, LinkDestination::Page { page, .. }))) =
            (claimed.is_empty(), &destination)
        {
            pages.insert(page);
        }
        let pattern = rule.pattern.as_ref();
        if pattern.is_some_and(|pattern| !pattern.has_constant()) && claimed.is_empty() {
            found.push(alerts::alert_name_computed(rule.at.clone(), &rule.name));
            found.extend(destination.and_then(|(link, to)| site.dead(link, to)));
        } else {
            found.extend(site.judge_link(rule, destination, claimed.first().copied()));
        }
        let further = rule.links.iter().filter_map(|link| site.dead(link, site.destination(link)));
        found.extend(further);
        let contradicting =
            claimed.iter().flat_map(|name| contradictions(rule, &claims.alerts[*name]));
        found.extend(contradicting);
    }
    found.extend(site.unanswered(rules, &answered, &pages));
    found
}

/// A link that a rule should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Needed {
    /// The alert's stable address.
    pub(super) url: String,
    /// The link that leads elsewhere or nowhere, if there is one.
    pub(super) replaces: Option<RunbookLink>,
}

/// For each rule the link that it needs: where a page claims the alert, and no link of the rule leads to a page here.
/// Without a base address there is no link to be written anywhere.
pub(super) fn needed_links(rules: &[AlertRule], claims: &Claims) -> Vec<Option<Needed>> {
    let (site, meeting) = (ClaimIndex::new(claims), Meeting::new(rules, claims));
    let computed: BTreeMap<&Pattern, &str> =
        claims.computed.iter().map(|computed| (&computed.pattern, computed.url.as_str())).collect();
    let needed = |rule: &AlertRule| {
        let base = claims.base_url.as_deref()?.trim_end_matches('/');
        let claimed = meeting.claimed(rule);
        let first = *claimed.first()?;
        let url = match rule.pattern.as_ref().and_then(|pattern| computed.get(pattern)) {
            Some(address) => format!("{base}{address}"),
            None => site.published(&claims.alerts[first]),
        };
        let Some(link) = &rule.runbook else { return Some(Needed { url, replaces: None }) };
        let is_wrong = match site.destination(link) {
            LinkDestination::Computed => return None,
            LinkDestination::Page { anchors, anchor, .. } => {
                anchor.is_some_and(|anchor| !anchors.contains(&anchor))
            }
            // A link of a description to another site need not be meant as the runbook.
            LinkDestination::Elsewhere | LinkDestination::Unknown if !link.named => {
                return Some(Needed { url, replaces: None });
            }
            LinkDestination::Nowhere(_) | LinkDestination::Elsewhere | LinkDestination::Unknown => {
                true
            }
        };
        is_wrong.then(|| Needed { url, replaces: Some(link.clone()) })
    };
    rules.iter().map(needed).collect()
}

/// What whoever has only the site is told of each rule.
pub(super) fn known_rules(rules: &[AlertRule], claims: &Claims) -> Vec<KnownRule> {
    let (site, meeting) = (ClaimIndex::new(claims), Meeting::new(rules, claims));
    let known = |rule: &AlertRule| {
        let linked = rule.runbook.as_ref().and_then(|link| site.linked(link));
        let (page, anchor) = match linked {
            Some(LinkedRunbook::Page { page, anchor }) => (Some(page), anchor),
            _ => (None, None),
        };
        KnownRule {
            name: rule.name.clone(),
            pattern: rule.pattern.clone().filter(Pattern::has_constant),
            source: rule.source.name().to_owned(),
            labels: rule.labels.clone(),
            severity: rule.severity.clone(),
            expression: rule.expression.as_deref().map(|text| single_spaced(text).into_owned()),
            duration: rule.duration.clone(),
            claimed: meeting.claimed(rule).into_iter().map(str::to_owned).collect(),
            page,
            anchor,
        }
    };
    rules.iter().map(known).collect()
}

impl<'a> ClaimIndex<'a> {
    /// What is wrong with an address of the site, whoever links it; nothing where it leads elsewhere.
    fn dead(&self, link: &RunbookLink, destination: LinkDestination<'a>) -> Option<Diagnostic> {
        match destination {
            LinkDestination::Nowhere(path) if self.claims.base_url.is_some() || link.named => {
                let nearest = self.nearest_page(&path);
                Some(alerts::link_to_missing_page(link.at.clone(), &link.url, nearest))
            }
            LinkDestination::Page { page, anchors, anchor } => {
                let anchor = anchor.filter(|anchor| !anchors.contains(anchor))?;
                let nearest = nearest(&anchor, anchors.iter().map(String::as_str));
                Some(alerts::link_to_missing_anchor(link.at.clone(), page, &anchor, nearest))
            }
            _ => None,
        }
    }

    fn judge_link(
        &self,
        rule: &AlertRule,
        destination: Option<(&RunbookLink, LinkDestination<'a>)>,
        claimed: Option<&'a str>,
    ) -> Option<Diagnostic> {
        let missing = || {
            let names = self.claims.alerts.keys().map(String::as_str);
            let found = alerts::alert_without_runbook(
                rule.at.clone(),
                &rule.name,
                nearest(&rule.name, names),
            );
            claimed.is_none().then_some(found)
        };
        let Some((link, destination)) = destination else { return missing() };
        match destination {
            LinkDestination::Computed => None,
            LinkDestination::Elsewhere | LinkDestination::Unknown if !link.named => missing(),
            LinkDestination::Elsewhere => {
                let expected = claimed.map(|name| self.published(&self.claims.alerts[name]));
                Some(alerts::link_to_another_site(link.at.clone(), &link.url, expected.as_deref()))
            }
            LinkDestination::Unknown => {
                Some(alerts::link_to_unknown_site(link.at.clone(), &link.url))
            }
            dead => self.dead(link, dead),
        }
    }

    /// The published address of an alert.
    fn published(&self, claims: &[Claim]) -> String {
        let base = self.claims.base_url.as_deref().unwrap_or_default().trim_end_matches('/');
        format!("{base}{}", claims.first().map_or("", |claim| &claim.url))
    }

    /// Claims of alerts that no rule defines. The page of a single alert also answers a rule of another name that
    /// leads to it; `pages` are those that such rules lead to.
    fn unanswered(
        &self,
        rules: &[AlertRule],
        answered: &BTreeSet<&str>,
        pages: &BTreeSet<&str>,
    ) -> Vec<Diagnostic> {
        let linked: BTreeSet<String> = pages.iter().map(|page| self.path_key(page)).collect();
        let mut claims_of_page: HashMap<&str, usize> = HashMap::new();
        for claim in self.claims.alerts.values().flatten() {
            *claims_of_page.entry(&claim.page).or_default() += 1;
        }
        let names: BTreeSet<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
        let mut found = Vec::new();
        for (name, claims) in &self.claims.alerts {
            for claim in claims.iter().filter(|_| !answered.contains(name.as_str())) {
                let alone = claims_of_page.get(claim.page.as_str()) == Some(&1);
                let by_link = linked.contains(&self.path_key(&claim.url))
                    || alone && linked.contains(&self.path_key(&claim.page));
                if let Some(at) = claim.at.clone().filter(|_| !by_link) {
                    let nearest = nearest(name, names.iter().copied());
                    found.push(alerts::runbook_without_alert(at, name, nearest));
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::claims::{Claim, Claims};
    use super::contract;
    use crate::check::alerts::read::read_source;
    use crate::diagnostic::Location;
    use crate::files::FilePath;

    fn site() -> Claims {
        let page = FilePath::new("content/review.md").unwrap();
        let claim = |name: &str, severity: Option<&str>| Claim {
            url: format!("/alerts/{name}/"),
            page: "/agents/review/".to_string(),
            anchor: Some("queue-stuck".to_string()),
            severity: severity.map(ToString::to_string),
            owner: None,
            labels: std::collections::BTreeMap::new(),
            at: Some(Location::new(&page, 10..20)),
        };
        Claims {
            base_url: Some("https://Runbooks.example/docs/".to_string()),
            alerts: [
                ("QueueStuck".to_string(), vec![claim("QueueStuck", Some("P2"))]),
                ("Unused".to_string(), vec![claim("Unused", None)]),
            ]
            .into(),
            aliases: [("QueueBlocked".to_string(), "QueueStuck".to_string())].into(),
            addresses: [
                (
                    "/agents/review/".to_string(),
                    vec!["queue-stuck".to_string(), "steps".to_string()],
                ),
                ("/policies/backup.html".to_string(), vec![]),
            ]
            .into(),
            computed: Vec::new(),
            rules: Vec::new(),
            case_sensitive: false,
        }
    }

    /// What is found in one rule; the claim that no rule answers is left out.
    fn check(name: &str, runbook: &str, severity: &str, expected: Option<&str>) {
        check_on(&site(), name, runbook, severity, expected);
    }

    fn check_on(site: &Claims, name: &str, runbook: &str, severity: &str, expected: Option<&str>) {
        let annotation = if runbook.is_empty() { "~".to_string() } else { format!("'{runbook}'") };
        let text = format!(
            "groups: [{{rules: [{{alert: {name}, labels: {{severity: {severity}}}, \
             annotations: {{runbook_url: {annotation}}}}}]}}]"
        );
        let rules = read_source(&FilePath::new("rules.yaml").unwrap(), &text).rules;
        let found: Vec<String> = contract(&rules, site)
            .into_iter()
            .filter(|found| found.rule.name() != "runbook-without-alert")
            .map(|found| {
                let help = found.help.map(|help| format!(" ({help})")).unwrap_or_default();
                format!("{}: {}{help}", found.rule.name(), found.message)
            })
            .collect();
        assert_eq!(found, expected.into_iter().collect::<Vec<&str>>(), "{name} {runbook}");
    }

    #[test]
    fn every_spelling_of_a_published_address_is_fine() {
        for path in [
            "agents/review/",
            "agents/review",
            "agents/review/index.html",
            "agents/review.html",
            "Agents/REVIEW/#steps",
            "agents/re%76iew/?ns=x#steps",
            "alerts/queuestuck/",
            "policies/backup/",
            "#:~:text=x",
        ] {
            let url = format!("http://runbooks.example/docs/{path}");
            let mut site = site();
            site.addresses.insert("/".to_string(), vec![]);
            check_on(&site, "A", &url, "P2", None);
        }
    }

    #[test]
    fn a_dead_link_names_the_nearest_page_or_anchor() {
        check(
            "QueueStuck",
            "https://runbooks.example/docs/agents/reveiw/",
            "P2",
            Some(
                "alert-link-broken: no page at the runbook link `https://runbooks.example/docs/agents/reveiw/` \
                 (a page with a similar address exists: `/agents/review/`)",
            ),
        );
        check(
            "QueueStuck",
            "https://runbooks.example/docs/agents/review/#step",
            "P2",
            Some(
                "alert-link-broken: no anchor `#step` on the runbook `/agents/review/` \
                 (the page has a similar anchor: `#steps`)",
            ),
        );
    }

    #[test]
    fn a_link_below_another_address_is_foreign() {
        let expected = |url: &str| {
            format!(
                "alert-link-foreign: the runbook link `{url}` leads to another site \
                 (the alert's address on this site is `https://Runbooks.example/docs/alerts/QueueStuck/`)"
            )
        };
        for url in ["https://wiki.example/x", "https://runbooks.example/docs2/agents/review/"] {
            check("QueueStuck", url, "P2", Some(&expected(url)));
        }
    }

    #[test]
    fn an_alert_needs_a_link_or_a_page_that_claims_it() {
        check("queuestuck", "", "P2", None);
        check("QueueBlocked", "", "P2", None);
        check(
            "QueueStack",
            "",
            "P2",
            Some(
                "alert-without-runbook: no runbook for alert `QueueStack` \
                 (a page claims a similar name: `QueueStuck`)",
            ),
        );
    }

    #[test]
    fn what_is_computed_is_not_guessed_at() {
        check("A", "https://runbooks.example/docs/{{ $labels.x }}/", "P2", None);
        check("A", "https://{{ $labels.host }}/a/", "P2", None);
        check(
            "QueueStuck",
            "https://runbooks.example/docs/alerts/{{ $labels.alertname }}/",
            "P2",
            None,
        );
    }

    #[test]
    fn a_computed_beginning_is_this_site_where_the_rest_leads_into_it() {
        for fine in [
            "agents/review/#steps",
            "docs/agents/review",
            "alerts/QueueStuck/",
            "other/place",
            "other",
        ] {
            check("QueueStuck", &format!("{{{{ $externalURL }}}}/{fine}"), "P2", None);
        }
        check(
            "QueueStuck",
            "{{ $externalURL }}/agents/revieww/",
            "P2",
            Some(
                "alert-link-broken: no page at the runbook link `…/agents/revieww/` (a page with a similar address exists: `/agents/review/`)",
            ),
        );
        check(
            "QueueStuck",
            "{{ $externalURL }}/agents/review/#stepz",
            "P2",
            Some(
                "alert-link-broken: no anchor `#stepz` on the runbook `/agents/review/` (the page has a similar anchor: `#steps`)",
            ),
        );
    }

    #[test]
    fn without_a_base_address_the_end_of_a_link_decides() {
        let site = Claims { base_url: None, ..site() };
        check_on(&site, "A", "https://any.example/prefix/agents/review/#steps", "P2", None);
        check_on(
            &site,
            "A",
            "https://any.example/gone/",
            "P2",
            Some(
                "alert-link-foreign: the runbook link `https://any.example/gone/` leads to no page of this site \
                 (set `base_url` in site.toml, so that this site's addresses can be told from others)",
            ),
        );
    }

    #[test]
    fn severities_of_one_vocabulary_must_agree() {
        let message = "alert-contradicts-rule: `QueueStuck` is `P2` on its page and `P1` in its rule \
                       (make both the same, or leave the severity out of the page)";
        check("QueueStuck", "", "P1", Some(message));
        check("QueueStuck", "", "p2", None);
        check("QueueStuck", "", "critical", None);
        check("QueueStuck", "", "SEV1", None);
    }

    #[test]
    fn case_matters_where_the_site_says_so() {
        let site = Claims { case_sensitive: true, ..site() };
        check_on(&site, "QueueStuck", "https://runbooks.example/docs/agents/review/", "P2", None);
        check_on(
            &site,
            "QueueStuck",
            "https://runbooks.example/docs/agents/Review/",
            "P2",
            Some(
                "alert-link-broken: no page at the runbook link `https://runbooks.example/docs/agents/Review/` \
                 (a page with a similar address exists: `/agents/review/`)",
            ),
        );
    }

    #[test]
    fn a_claim_that_no_rule_answers_is_reported_where_it_was_made() {
        let text = "groups: [{rules: [{alert: QueueStuck}]}]";
        let rules = read_source(&FilePath::new("rules.yaml").unwrap(), text).rules;
        let found = contract(&rules, &site());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "no alert source defines `Unused`");
        assert_eq!(found[0].at.range, 10..20);
        assert_eq!(contract(&[], &site()), []);
    }
}

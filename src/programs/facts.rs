//! What is known of a page besides its text: whom to call, when it was reviewed, which alerts lead to it.

use crate::check::PageReport;
use crate::check::alerts::says::rule_says;
use crate::check::dashboards::defaults;
use crate::config::Owner;
use crate::deep_link::address;
use crate::parse::template_section::template_sections;
use crate::procedure::Declarations;
use crate::resolve::{AlertClaim, Page, PageId, section_names};

use super::context::Context;

/// What files for programs say of a page.
pub struct PageFacts<'a> {
    /// The page with its links, and with what it takes in where that is wanted.
    pub page: &'a Page,
    /// Its place in the site.
    pub id: PageId,
    /// What is said of it.
    pub report: &'a PageReport,
    /// Who answers for it: the key, and what `[owners]` says of it.
    pub owner: Option<(&'a str, Option<&'a Owner>)>,
    /// Whom to go to next: as the page's escalation section has it, else as the owner does.
    pub escalation: Option<String>,
    /// The alerts that lead to it, in the order in which it claims them.
    pub alerts: Vec<AlertFact<'a>>,
    /// Its dashboards with their addresses filled in.
    pub dashboards: Vec<DashboardFact<'a>>,
    /// What it and its site declare of parameters.
    pub declarations: Declarations<'a>,
    /// The address at which the author's text can be edited.
    pub edit_url: Option<String>,
}

/// An alert that leads to a page.
pub struct AlertFact<'a> {
    /// The name that alerts carry, as the page or the rule spells it.
    pub name: &'a str,
    /// The page's claim.
    pub claim: &'a AlertClaim,
    /// As the page or the rule words it.
    pub severity: Option<String>,
    /// When it fires, as the page or the rule has it.
    pub condition: Option<String>,
}

/// A dashboard with its real address.
pub struct DashboardFact<'a> {
    /// What its button says.
    pub title: &'a str,
    /// Where it is, parameters at their defaults.
    pub url: String,
    /// What to look at there.
    pub note: Option<&'a str>,
}

impl PageFacts<'_> {
    /// What the owner is called.
    pub fn owner_name(&self) -> Option<&str> {
        let (key, owner) = self.owner?;
        Some(owner.and_then(|owner| owner.name.as_deref()).unwrap_or(key))
    }
}

/// Gathers the facts of a page.
pub fn facts<'a>(context: &'a Context, id: PageId, page: &'a Page) -> PageFacts<'a> {
    let (site, report) = (context.site(), context.report());
    let own = &*report.pages[id.0 as usize];
    let owner = own.owner.as_deref().map(|key| (key, site.config.owners.get(key)));
    let defaults = defaults(&site.config, &page.document);
    let dashboards = own.dashboards.iter().map(|link| DashboardFact {
        title: &link.title,
        url: address(link, &defaults).url,
        note: link.note.as_deref(),
    });
    let repository = site.config.repository.as_ref();
    let edit_url = repository.map(|repository| {
        let file = format!("{}{}", report.in_repository, page.document.path);
        format!("{repository}/edit/HEAD/{}", crate::resolve::Address::of_file(&file).encoded())
    });
    PageFacts {
        page,
        id,
        report: own,
        owner,
        escalation: escalation(context, page, owner.and_then(|(_, owner)| owner)),
        alerts: alerts(context, id),
        dashboards: dashboards.collect(),
        declarations: Declarations::of(&site.config, &page.document),
        edit_url,
    }
}

fn escalation(context: &Context, page: &Page, owner: Option<&Owner>) -> Option<String> {
    let names = section_names(&context.site().config, page);
    let own = names.and_then(|names| {
        let found = template_sections(&page.document, &names).escalation?;
        found.text.map(str::to_owned)
    });
    own.or_else(|| owner?.escalation.clone())
}

fn alerts(context: &Context, id: PageId) -> Vec<AlertFact<'_>> {
    let names = context.alerts.get(&id).map_or(&[][..], Vec::as_slice);
    let known = &context.report().alerts;
    let words = &context.site().config.words;
    let claimed = names.iter().filter_map(|name| context.input.alerts.get_key_value(name));
    let claimed = claimed.flat_map(|(name, claims)| {
        claims.iter().filter(|claim| claim.page == id).map(move |claim| (name.as_str(), claim))
    });
    let fact = |(name, claim)| {
        let claim: &AlertClaim = claim;
        let index = known.binary_search_by(|alert| alert.name.as_str().cmp(name)).ok();
        let alert = index.map(|index| &known[index]);
        let says = alert.map(|alert| rule_says(words, alert)).unwrap_or_default();
        AlertFact {
            name,
            claim,
            severity: claim.severity.clone().or(says.severity),
            condition: claim.condition.clone().or(says.condition),
        }
    };
    let mut facts: Vec<AlertFact<'_>> = claimed.map(fact).collect();
    facts.sort_by_key(|alert| alert.claim.at.range.start);
    facts
}

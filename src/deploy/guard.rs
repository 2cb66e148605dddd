//! What a deploy refuses before anything is written: what would hurt readers and is hardly meant.

use super::addresses::{Lost, key, lost};
use super::manifest::OWN;
use super::outcome::{ExitKind, Stop};
use super::plan::{Plan, Reason};
use super::site::BuiltSite;
use super::survey::Survey;
use super::work::{DeployOptions, Losses};

/// How many of the pages that go, or of the files that are in the way, are named.
const NAMED: usize = 10;

/// The addresses that alerts use and lose, and the reason to refuse the plan, if there is one.
pub fn guard(
    plan: &Plan,
    site: &BuiltSite,
    survey: &Survey,
    options: &DeployOptions,
) -> (Vec<Lost>, Option<Stop>) {
    let answers = |key: &str| site.files.contains_key(key);
    let lost = lost(&survey.current.addresses, &site.addresses, &answers);
    let refusal = stranger(plan, survey, options)
        .or_else(|| too_many(plan, survey, options.losses))
        .or_else(|| (!options.allow_lost && !lost.is_empty()).then(|| in_use(&lost)));
    (lost, refusal)
}

/// A first deploy must not write over somebody else's site. One that `aws s3 sync` brought is known by what is in it.
fn stranger(plan: &Plan, survey: &Survey, options: &DeployOptions) -> Option<Stop> {
    let listing = survey.listing.as_ref()?;
    let is_ours = listing.keys().any(|key| key.starts_with(OWN))
        || ["api/pages.json", "search/manifest.bin"].iter().all(|key| listing.contains_key(*key));
    let in_the_way: Vec<String> = plan
        .uploads
        .iter()
        .filter(|upload| upload.reason == Reason::Unknown)
        .map(|upload| upload.key.clone())
        .collect();
    if options.adopt || is_ours || in_the_way.is_empty() {
        return None;
    }
    let stop = Stop::new(
        ExitKind::Guard,
        "the target holds files that Guidepost did not publish and would write over",
    );
    Some(stop.with_details(named(&in_the_way)).with_help(
        "is it the right target? name a prefix of its own with `--prefix`, or write over them with `--adopt`",
    ))
}

/// A site that shrinks all at once is more often a mistake than meant.
fn too_many(plan: &Plan, survey: &Survey, losses: Losses) -> Option<Stop> {
    let count = plan.losses();
    let limit = match losses {
        Losses::Any => return None,
        Losses::Most(limit) => usize::try_from(limit).unwrap_or(usize::MAX),
        Losses::Usual => (survey.current.files.len() / 5).max(10),
    };
    if count <= limit {
        return None;
    }
    let keys: Vec<String> = plan
        .removals
        .iter()
        .filter(|removal| removal.is_known)
        .map(|removal| removal.key.clone())
        .collect();
    let message = format!(
        "{count} of the {} files that are published would be removed, and at most {limit} may be",
        survey.current.files.len()
    );
    let help = format!("if all of them shall go, deploy with `--max-delete {count}`");
    Some(Stop::new(ExitKind::Guard, message).with_details(named(&keys)).with_help(help))
}

/// Addresses that running alerts hold, with what keeps them.
fn in_use(lost: &[Lost]) -> Stop {
    let message = match lost.len() {
        1 => "an address that alerts or former links use would no longer answer".to_owned(),
        count => {
            format!("{count} addresses that alerts or former links use would no longer answer")
        }
    };
    let mut details = Vec::new();
    for lost in lost {
        details.push(match &lost.alert {
            Some(alert) => format!("/{} (alert `{alert}`)", lost.address),
            None => format!("/{} (a former address)", lost.address),
        });
    }
    details.extend(aliases(lost));
    let help = "keep them with these lines, or deploy with `--allow-lost`";
    Stop::new(ExitKind::Guard, message).with_details(details).with_help(help)
}

/// The lines to paste into front matter, by the page that they belong to.
pub fn aliases(lost: &[Lost]) -> Vec<String> {
    let mut pages: Vec<Option<&str>> = lost.iter().map(|lost| successor(lost)).collect();
    // Addresses of which the page that follows is not known stand last.
    pages.sort_unstable_by_key(|page| (page.is_none(), *page));
    pages.dedup();
    let mut lines = Vec::new();
    for page in pages {
        lines.push(String::new());
        lines.push(match page {
            Some(page) => format!("in the front matter of the page at /{page}:"),
            None => "in the front matter of the page that answers now:".to_owned(),
        });
        lines.push("aliases:".to_owned());
        let those = lost.iter().filter(|lost| successor(lost) == page);
        lines.extend(those.map(|lost| format!("  - /{}", lost.address)));
    }
    lines
}

/// The page that answers, unless it is the one that is lost.
fn successor(lost: &Lost) -> Option<&str> {
    lost.successor.as_deref().filter(|page| key(page) != key(&lost.address))
}

fn named(keys: &[String]) -> Vec<String> {
    let mut named: Vec<String> = keys.iter().take(NAMED).cloned().collect();
    if keys.len() > NAMED {
        named.push(format!("and {} more", keys.len() - NAMED));
    }
    named
}

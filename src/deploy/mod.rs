//! A built site is published to a store in such an order that nothing that readers can reach is ever missing.
//!
//! What is published and what is not is decided by content and headers, against a manifest in the store that is
//! cross-checked with what the store lists; modification times mean nothing. A deploy takes the target for itself,
//! writes hashed files, assets, new pages, changed pages and the places where readers come in, phase by phase, then
//! the manifest, and removes last. Cut anywhere, it is completed by the next, and until then the old site answers.
//!
//! [`mod@survey`] learns, [`mod@plan`] decides, [`mod@guard`] refuses, [`mod@publish`] writes; only `publish` and [`mod@lease`] change
//! anything. All of it runs in blocking threads over [`store::Store`]: what a bucket or a folder is like stays in
//! [`bucket`] and [`folder`].

use std::sync::Arc;

use ring::rand::{SecureRandom, SystemRandom};

use crate::served::Audience;
use guard::guard;
use lease::lease;
use outcome::{DeployEvent, Outcome, Stop};
use plan::{PlanFacts, plan};
use publish::{Draft, publish};
use site::{BuiltSite, former};
use store::Store;
use survey::{Survey, survey};
use work::{DeployOptions, DeployWork};

pub mod addresses;
pub mod bucket;
pub mod cdn;
pub mod folder;
pub mod guard;
pub mod lease;
pub mod manifest;
pub mod outcome;
pub mod plan;
pub mod publish;
pub mod remove;
pub mod site;
pub mod store;
pub mod survey;
pub mod target;
pub mod work;

/// What is published.
#[derive(Clone, Debug)]
pub enum Goal {
    /// A site.
    Site(Arc<BuiltSite>),
    /// What was published as an earlier generation; the one before where none is named.
    Former(Option<u64>, Audience),
}

/// Publishes a site.
///
/// # Errors
/// A guard refuses, another deploy holds the target, or the store fails. What is published then is the old site, the
/// new one, or the old one with pages of the new one, and always whole.
pub fn deploy(
    work: &DeployWork<'_>,
    goal: &Goal,
    options: &DeployOptions,
) -> Result<Outcome, Stop> {
    let draft = draft(work, goal, options)?;
    if options.dry_run || draft.is_nothing(work.has_caches) {
        return Ok(draft.outcome());
    }
    if let Some(refusal) = draft.refusal {
        return Err(refusal);
    }
    let seen = draft.survey.has_lock;
    let lease = lease(work.store, work.run, seen, options.take_over, work.is_over)?;
    // Others may have been at work until the target was taken.
    let result = self::draft(work, goal, options).and_then(|draft| {
        let is_nothing = draft.is_nothing(work.has_caches);
        match draft.refusal {
            Some(refusal) => Err(refusal),
            None if is_nothing => Ok(draft.outcome()),
            None => publish(work, &draft, options, &lease),
        }
    });
    let is_exclusive = lease.is_exclusive;
    let released = lease.release();
    let mut outcome = result?;
    released?;
    if !is_exclusive {
        let note = "this store keeps no conditions, so nothing stops two deploys at once: let your CI run one at a time";
        outcome.notes.push(note.to_owned());
    }
    Ok(outcome)
}

/// Sixteen hexadecimal digits that nobody else has; none where the system has no random numbers.
pub fn random() -> Option<String> {
    let mut bytes = [0; 8];
    let filled = SecureRandom::fill(&SystemRandom::new(), &mut bytes);
    filled.ok().map(|()| manifest::hexadecimal(&bytes))
}

/// What would be done, and whether a guard refuses it.
fn draft(work: &DeployWork<'_>, goal: &Goal, options: &DeployOptions) -> Result<Draft, Stop> {
    (work.on)(DeployEvent::Survey);
    let (survey, site) = match goal {
        Goal::Site(site) => {
            let trusted = (!options.verify).then_some(&site.files);
            (survey(work.store, trusted)?, Arc::clone(site))
        }
        Goal::Former(generation, audience) => {
            let survey = survey(work.store, None)?;
            let site = former_site(work.store, &survey, *generation, *audience)?;
            (survey, Arc::new(site))
        }
    };
    let plan = plan(&PlanFacts {
        site: &site.files,
        manifest: &survey.current,
        listing: survey.listing.as_ref(),
        intents: &survey.intents,
        now: work.store.now(),
        grace: options.grace,
    });
    let (lost, refusal) = guard(&plan, &site, &survey, options);
    Ok(Draft { site, survey, plan, lost, refusal })
}

/// The site as it was published before.
fn former_site(
    store: &dyn Store,
    survey: &Survey,
    wanted: Option<u64>,
    audience: Audience,
) -> Result<BuiltSite, Stop> {
    let (generation, manifest) = survey::former_manifest(store, survey, wanted)?;
    let listing = survey.listing.clone().unwrap_or_default();
    former(&manifest, &survey.current, &listing, audience)
        .map_err(|missing| survey::too_old(generation, missing, manifest.revision.as_deref()))
}

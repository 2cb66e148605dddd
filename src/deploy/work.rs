//! What a deploy is asked for, and what it works with.

use std::sync::atomic::AtomicBool;

use jiff::SignedDuration;

use super::lease::DeployRun;
use super::outcome::DeployEvent;
use super::store::{Fault, Store};

/// How many pages and assets a deploy may take away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Losses {
    /// Ten, or a fifth of the site.
    Usual,
    /// So many.
    Most(u64),
    /// Any number.
    Any,
}

/// What a deploy is asked for.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option that is typed or not")]
pub struct DeployOptions {
    /// How long what the site no longer has is kept under open tabs, and former pages to go back to.
    pub grace: SignedDuration,
    /// How many pages and assets may go.
    pub losses: Losses,
    /// How many requests at once.
    pub concurrency: usize,
    /// Take addresses away although alerts use them.
    pub allow_lost: bool,
    /// Take the target over from whoever holds it.
    pub take_over: bool,
    /// Write over a site that is not Guidepost's.
    pub adopt: bool,
    /// Ask the store what it holds even where that is dear.
    pub verify: bool,
    /// Only plan.
    pub dry_run: bool,
    /// The commit of the site, where git knows.
    pub revision: Option<String>,
}

/// What a deploy runs with.
pub struct DeployWork<'a> {
    /// Where to publish.
    pub store: &'a dyn Store,
    /// Who does.
    pub run: &'a DeployRun,
    /// Whether a run of this machine has ended.
    pub is_over: &'a (dyn Fn(&DeployRun) -> bool + Sync),
    /// Set when the run shall end early.
    pub stop: &'a AtomicBool,
    /// Told what happens.
    pub on: &'a (dyn Fn(DeployEvent) + Sync),
    /// Whether there are caches in front of the site.
    pub has_caches: bool,
    /// Clears caches in front of the site of what was written and removed, given as keys, for the run of this name.
    pub purge: &'a Clear<'a>,
}

/// Clears caches of what stands at keys, for the run of a name, and says what was cleared.
pub type Clear<'a> = dyn Fn(&[String], &str) -> Result<Vec<String>, Fault> + Sync + 'a;

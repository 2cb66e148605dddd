//! `guidepost deploy`: the site is built and published.
//!
//! Exit codes: 0 published, 1 something has to be mended, 2 could not run, 3 credentials or rights, 4 a guard refused,
//! 5 another deploy holds the target, 6 published but a cache was not cleared, 75 it may work the next time.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use jiff::SignedDuration;

use crate::config::Config;
use crate::config::deploy::{Caches, DeployTarget};
use crate::deploy::bucket::purge::{self, Purge};
use crate::deploy::bucket::{self, AwsCredentialProvider, BucketSettings};
use crate::deploy::folder::FolderStore;
use crate::deploy::outcome::{ExitKind, Outcome, Stop};
use crate::deploy::remove::remove;
use crate::deploy::site::site;
use crate::deploy::store::Store;
use crate::deploy::target::{TargetPlace, target_place};
use crate::deploy::work::{DeployOptions, DeployWork, Losses};
use crate::deploy::{Goal, deploy};
use crate::diagnostic::nearest;
use crate::load::git::revision;
use crate::served::Audience;

use super::build;
use super::output::{Voice, count, print, say};
use super::site::SiteArguments;

use report::Deed;

mod bar;
mod report;
mod run;

/// How many requests at once, unless something else is asked for.
const CONCURRENCY: u64 = 16;

/// How many days what the site no longer has is kept, unless something else is asked for.
const GRACE: u64 = 7;

/// What can be typed behind `guidepost deploy`.
#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option that is typed or not")]
pub(crate) struct Arguments {
    /// Where to publish: a name from `[deploy]`, `s3://BUCKET/PREFIX`, `az://`, `gs://`, or a folder.
    #[arg(value_name = "TARGET")]
    target: Option<String>,
    #[command(flatten)]
    site: SiteArguments,
    /// Publish the site in this folder as it is, without building it.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Where the site will stand, instead of site.toml's `base_url`.
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Publish nothing if the site has findings at error level.
    #[arg(long)]
    strict: bool,
    /// Show what would be done, and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print the plan and what was done as JSON.
    #[arg(long)]
    json: bool,
    /// Publish below this part of the target, as for a preview.
    #[arg(long, value_name = "PREFIX", default_value = "", hide_default_value = true)]
    prefix: String,
    /// How many pages and assets may be removed; -1 for any number. Otherwise ten, or a fifth of the site.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = clap::value_parser!(i64).range(-1..))]
    max_delete: Option<i64>,
    /// How many days hashed files and former pages are kept after they went [default: 7].
    #[arg(long, value_name = "DAYS")]
    grace: Option<u64>,
    /// The address of a store that speaks the protocol of S3, or of an emulator.
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// The AWS region of the bucket.
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
    /// The AWS profile to take credentials from.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// How many seconds a request that fails is tried again.
    #[arg(long, value_name = "SECONDS", default_value_t = 180)]
    patience: u64,
    /// How many requests at once [default: 16].
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..=256))]
    concurrency: Option<u64>,
    /// Remove the published site.
    #[arg(long, conflicts_with_all = ["rollback", "out", "strict"])]
    remove: bool,
    /// Go back to an earlier generation; without a number to the one before.
    #[arg(long, value_name = "GENERATION", num_args = 0..=1, default_missing_value = "0", conflicts_with_all = ["out", "strict"])]
    rollback: Option<u64>,
    /// Publish even though addresses that alerts use no longer answer.
    #[arg(long)]
    allow_lost: bool,
    /// Do not wait for another deploy that holds the target, as one that was killed does.
    #[arg(long)]
    take_over: bool,
    /// Write over files in the target that Guidepost did not publish.
    #[arg(long)]
    adopt: bool,
    /// Ask the store what it holds even where nothing has changed and that takes many requests.
    #[arg(long)]
    verify: bool,
}

/// Builds the site and publishes it.
pub(crate) fn publish(arguments: &Arguments, voice: Voice) -> anyhow::Result<ExitCode> {
    let needs_site = arguments.out.is_none() && arguments.rollback.is_none() && !arguments.remove;
    let site_folder = match arguments.site.root() {
        Ok(place) => place.folder,
        Err(error) if needs_site => return Err(error),
        Err(_) => arguments.site.folder().clone(),
    };
    let config = config(&site_folder)?;
    let target = match target(arguments, &config) {
        Ok(target) => target,
        Err(stop) => return end(&stop),
    };
    let is_named = arguments.target.as_ref().is_none_or(|typed| config.deploy.contains_key(typed));
    let base = if is_named { site_folder.as_path() } else { Path::new("") };
    let place = match target_place(&target.url, base, &arguments.prefix) {
        Ok(place) => place,
        Err(message) => return end(&Stop::new(ExitKind::Usage, message)),
    };
    let result = publish_to(arguments, voice, &config, &target, &place);
    match result? {
        Ok(outcome) => {
            let deed = if arguments.remove { Deed::Remove } else { Deed::Publish };
            let code = report::report(arguments.json, voice, deed, &place, &outcome)?;
            Ok(code)
        }
        Err(stop) => {
            if arguments.json {
                print(&report::stop_json(&stop))?;
            }
            end(&stop)
        }
    }
}

/// Publishes to a place. What the world refuses is the outer error; how the deploy stopped the inner one.
fn publish_to(
    arguments: &Arguments,
    voice: Voice,
    config: &Config,
    target: &DeployTarget,
    place: &TargetPlace,
) -> anyhow::Result<Result<Outcome, Stop>> {
    let audience = if config.public { Audience::Public } else { Audience::Private };
    let goal = match arguments.rollback {
        _ if arguments.remove => None,
        Some(generation) => Some(Goal::Former((generation > 0).then_some(generation), audience)),
        None => match built(arguments, voice, config, place, audience)? {
            Ok(site) => Some(Goal::Site(Arc::new(site))),
            Err(stop) => return Ok(Err(stop)),
        },
    };
    let run = run::run()?;
    let (store, credentials) = match store(arguments, target, place, &run.owner) {
        Ok(store) => store,
        Err(stop) => return Ok(Err(stop)),
    };
    let stop = Arc::new(AtomicBool::new(false));
    let stopper = Arc::clone(&stop);
    ctrlc::set_handler(move || stopper.store(true, Ordering::Relaxed))
        .context("cannot listen for Ctrl-C")?;
    let bar = bar::Bar::new(voice == Voice::Quiet);
    let base_url = base_url(arguments, config).or_else(|| config.base_url.clone());
    let purge = |keys: &[String], run: &str| {
        let (caches, base_url) = (&target.caches, base_url.as_deref());
        let (credentials, environment) = (credentials.clone(), &run::variable as _);
        let prefix = match place {
            TargetPlace::Bucket(bucket) => bucket.prefix.as_str(),
            TargetPlace::Folder(_) => "",
        };
        let purge = Purge { caches, prefix, base_url, credentials, environment };
        purge::purge(&purge, keys, run)
    };
    let work = DeployWork {
        store: store.as_ref(),
        run: &run,
        is_over: &run::is_over,
        stop: &stop,
        on: &|event| bar.on(event),
        has_caches: target.caches != Caches::default(),
        purge: &purge,
    };
    let options = options(arguments, target);
    let result = match &goal {
        Some(goal) => deploy(&work, goal, &options),
        None => removed(arguments, &work, &options),
    };
    bar.end();
    Ok(result)
}

/// Removes the site, if that is what is meant: a preview has a prefix, and who names a number means it.
fn removed(
    arguments: &Arguments,
    work: &DeployWork<'_>,
    options: &DeployOptions,
) -> Result<Outcome, Stop> {
    if arguments.prefix.is_empty() && !arguments.dry_run && options.losses != Losses::Any {
        let message = "the whole target would be removed";
        return Err(Stop::new(ExitKind::Guard, message).with_help(
            "name a part of it with `--prefix`, or remove all of it with `--max-delete -1`",
        ));
    }
    remove(work, options)
}

/// The site that is to be published, built unless it is there already.
fn built(
    arguments: &Arguments,
    voice: Voice,
    config: &Config,
    place: &TargetPlace,
    audience: Audience,
) -> anyhow::Result<Result<crate::deploy::site::BuiltSite, Stop>> {
    let folder = if let Some(folder) = &arguments.out {
        folder.clone()
    } else {
        let quiet = if arguments.json { Voice::Quiet } else { voice };
        build::build(&build::Arguments::of(&arguments.site, base_url(arguments, config)), quiet)?;
        arguments.site.root()?.folder.join(&config.output)
    };
    if let TargetPlace::Folder(to) = place
        && is_within(to, &folder)
    {
        let message = format!("`{}` and the built site are in one another", to.display());
        return Ok(Err(Stop::new(ExitKind::Usage, message).with_help("name another folder")));
    }
    let site = match site(&folder, audience) {
        // A folder may be opened from a disk; what is in a bucket is read through a server.
        Ok(site) if matches!(place, TargetPlace::Folder(_)) => site,
        Ok(site) => site.for_servers(),
        Err(error) => return Ok(Err(Stop::new(ExitKind::Guard, format!("{error:#}")))),
    };
    let errors = site.record.as_ref().map_or(0, |record| record.errors);
    if arguments.strict && errors > 0 {
        let message = format!("nothing published: the site has {}", count(errors, "error"));
        return Ok(Err(
            Stop::new(ExitKind::Guard, message).with_help("`guidepost check` shows them")
        ));
    }
    Ok(Ok(site))
}

/// Whether one of two folders holds the other, or is it.
fn is_within(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| {
        // What is not there yet is below what is.
        let there = path.ancestors().find_map(|part| {
            let named = if part.as_os_str().is_empty() { Path::new(".") } else { part };
            Some((named.canonicalize().ok()?, part))
        });
        there.map_or(path.to_owned(), |(whole, part)| {
            whole.join(path.strip_prefix(part).unwrap_or(Path::new("")))
        })
    };
    let (one, other) = (whole(one), whole(other));
    one.starts_with(&other) || other.starts_with(&one)
}

/// Where the site stands, if not where site.toml says: a preview is below the site's own address.
fn base_url(arguments: &Arguments, config: &Config) -> Option<String> {
    if arguments.base_url.is_some() {
        return arguments.base_url.clone();
    }
    let prefix = arguments.prefix.trim_matches('/');
    let base = config.base_url.as_deref().filter(|_| !prefix.is_empty())?;
    Some(format!("{}/{prefix}/", base.trim_end_matches('/')))
}

fn options(arguments: &Arguments, target: &DeployTarget) -> DeployOptions {
    let days = arguments.grace.or(target.grace).unwrap_or(GRACE);
    let losses = match arguments.max_delete.or(target.max_delete) {
        None => Losses::Usual,
        Some(number) => u64::try_from(number).map_or(Losses::Any, Losses::Most),
    };
    let concurrency = arguments.concurrency.or(target.concurrency).unwrap_or(CONCURRENCY);
    let hours = i64::try_from(days.saturating_mul(24)).unwrap_or(i64::MAX / 3600);
    DeployOptions {
        grace: SignedDuration::from_hours(hours.min(i64::MAX / 3600)),
        losses,
        concurrency: usize::try_from(concurrency).unwrap_or(1),
        allow_lost: arguments.allow_lost,
        take_over: arguments.take_over,
        adopt: arguments.adopt,
        verify: arguments.verify,
        dry_run: arguments.dry_run,
        revision: arguments.site.root().ok().and_then(|place| revision(&place.folder)),
    }
}

/// The store at a place, and what may clear CloudFront.
fn store(
    arguments: &Arguments,
    target: &DeployTarget,
    place: &TargetPlace,
    owner: &str,
) -> Result<(Box<dyn Store>, Option<AwsCredentialProvider>), Stop> {
    let bucket = match place {
        TargetPlace::Folder(folder) => {
            return Ok((Box::new(FolderStore::new(folder, owner)), None));
        }
        TargetPlace::Bucket(bucket) => bucket,
    };
    let bucket = bucket::bucket(&BucketSettings {
        bucket,
        endpoint: arguments.endpoint.as_deref().or(target.endpoint.as_deref()),
        region: arguments.region.as_deref().or(target.region.as_deref()),
        profile: arguments.profile.as_deref().or(target.profile.as_deref()),
        patience: Duration::from_secs(arguments.patience),
        environment: &run::variable,
    })?;
    let credentials = bucket.credentials.clone();
    Ok((Box::new(bucket), credentials))
}

/// The target that was named, or the only one.
fn target(arguments: &Arguments, config: &Config) -> Result<DeployTarget, Stop> {
    let names = || config.deploy.keys().map(String::as_str);
    let known = || names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let Some(typed) = &arguments.target else {
        let only = if config.deploy.len() == 1 { config.deploy.values().next() } else { None };
        return only.or_else(|| config.deploy.get("production")).cloned().ok_or_else(|| {
            let stop = Stop::new(ExitKind::Usage, "where to?");
            if config.deploy.is_empty() {
                stop.with_help("name a target, such as `s3://bucket/prefix` or a folder, or write one into `[deploy]` of site.toml")
            } else {
                stop.with_help(format!("name one of the targets of site.toml: {}", known()))
            }
        });
    };
    if let Some(target) = config.deploy.get(typed) {
        return Ok(target.clone());
    }
    // A single word is a name; a folder is written as a path.
    let is_place = typed.contains(['/', '\\', '.']) || Path::new(typed).is_dir();
    if is_place {
        return Ok(DeployTarget { url: typed.clone(), ..DeployTarget::default() });
    }
    let stop = Stop::new(ExitKind::Usage, format!("site.toml has no target `{typed}`"));
    Err(match nearest(typed, names()) {
        Some(name) => stop.with_help(format!("a target with a similar name exists: `{name}`")),
        None if config.deploy.is_empty() => {
            stop.with_help(format!("write it into `[deploy.{typed}]`, or `./{typed}` for a folder"))
        }
        None => stop.with_help(format!("targets of site.toml: {}", known())),
    })
}

/// What site.toml says; the defaults where there is none. A mistake in `[deploy]` is refused, since publishing
/// somewhere else than was meant cannot be undone.
#[expect(clippy::disallowed_methods, reason = "the command line is where site.toml is read")]
fn config(folder: &Path) -> anyhow::Result<Config> {
    let path = crate::config::path();
    let Ok(text) = std::fs::read_to_string(folder.join(path.as_str())) else {
        return Ok(Config::default());
    };
    let read = crate::config::read::config(&path, &text);
    let (config, found) = read.or_else(|found| refuse(&found.message))?;
    let of_deploy = found.iter().find(|found| {
        let before = text.get(..found.at.range.start).unwrap_or_default();
        let table = before.lines().rev().find(|line| line.trim_start().starts_with('['));
        table.is_some_and(|table| {
            table.trim_start().trim_start_matches('[').trim_start().starts_with("deploy")
        })
    });
    match of_deploy {
        Some(found) => refuse(&found.message),
        None => Ok(config),
    }
}

fn refuse<T>(message: &str) -> anyhow::Result<T> {
    anyhow::bail!("site.toml: {message}; `guidepost check` shows where")
}

/// Says why a deploy stopped.
fn end(stop: &Stop) -> anyhow::Result<ExitCode> {
    say(&report::stop(stop))?;
    Ok(ExitCode::from(stop.code as u8))
}

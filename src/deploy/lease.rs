//! One deploy at a time has a target: a lock in the store that ends by itself when its holder does.
//!
//! The lock is an object that is only written if it is not there, and taken over only if it is still the one that was
//! read. Stores that do not keep such conditions are found out by asking for the same twice; there, the lock is a
//! courtesy, and that is said. An answer may be lost after it took effect, so that what was refused is read again
//! before it is believed.

use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::manifest::LOCK;
use super::outcome::{ExitKind, Stop};
use super::store::{Condition, Fault, HeldObject, Object, Store, WriteResult};
use crate::served;

/// How long a lock holds unless it is renewed, in minutes.
const MINUTES: i64 = 10;

/// How often taking a lock is tried while others come and go.
const TRIES: usize = 4;

/// Who deploys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployRun {
    /// Names the run; no other has the same.
    pub owner: String,
    /// The name of the machine that it runs on.
    pub host: String,
    /// Tells where the number of the process means this process; empty where that is not known.
    pub machine: String,
    /// The number of its process there.
    pub process: u32,
    /// Where it can be looked at, or who started it.
    pub by: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Lock {
    #[serde(flatten)]
    run: DeployRun,
    started: Timestamp,
    expires: Timestamp,
}

/// A target that is held for this run.
#[derive(Debug)]
pub struct Lease<'a, S: Store + ?Sized> {
    store: &'a S,
    run: &'a DeployRun,
    started: Timestamp,
    /// Whether the store keeps conditions, so that nobody else can hold the target.
    pub is_exclusive: bool,
    state: Mutex<LeaseState>,
}

#[derive(Debug)]
struct LeaseState {
    tag: Option<String>,
    renewed: Timestamp,
}

/// Takes a target for this run. `seen` says that a lock was there a moment ago; `force` takes it over whoever holds
/// it; `is_over` tells of a run on this machine whether it has ended.
///
/// # Errors
/// Another run holds it, or the store fails.
pub fn lease<'a, S: Store + ?Sized>(
    store: &'a S,
    run: &'a DeployRun,
    seen: bool,
    force: bool,
    is_over: &dyn Fn(&DeployRun) -> bool,
) -> Result<Lease<'a, S>, Stop> {
    let started = store.now();
    let mut look = seen;
    for _ in 0..TRIES {
        let condition = if look {
            match lock_state(store, run, force, is_over)? {
                LockState::Ours => return probed(store, run, started),
                LockState::Free => None,
                LockState::Over(tag) => Some(tag),
            }
        } else {
            None
        };
        let object = object(run, started, store.now());
        let written = match &condition {
            Some(Some(tag)) => store.write(LOCK, &object, Condition::Unchanged(tag))?,
            Some(None) => store.write(LOCK, &object, Condition::Always)?,
            None => store.write(LOCK, &object, Condition::Absent)?,
        };
        if let WriteResult::Done(_) = written {
            return probed(store, run, started);
        }
        look = true;
    }
    Err(Stop::new(ExitKind::Busy, "other deploys of this target come and go")
        .with_help("try again"))
}

/// What is known of the lock that stands.
enum LockState {
    Ours,
    Free,
    /// Of a run that is over; it may be replaced if it still has this tag.
    Over(Option<String>),
}

fn lock_state<S: Store + ?Sized>(
    store: &S,
    run: &DeployRun,
    force: bool,
    is_over: &dyn Fn(&DeployRun) -> bool,
) -> Result<LockState, Stop> {
    let Some(HeldObject { bytes, tag }) = store.read(LOCK)? else { return Ok(LockState::Free) };
    let Ok(lock) = serde_json::from_slice::<Lock>(&bytes) else {
        return Ok(LockState::Over(tag));
    };
    if lock.run.owner == run.owner {
        return Ok(LockState::Ours);
    }
    let is_here = !run.machine.is_empty() && lock.run.machine == run.machine;
    let is_ended = is_here && is_over(&lock.run);
    if force || is_ended || lock.expires <= store.now() {
        return Ok(LockState::Over(tag));
    }
    let message = format!("another deploy holds this target: {}", lock.run.by);
    let details = vec![format!(
        "on `{}` since {}, until {} unless it goes on",
        lock.run.host,
        minute(lock.started),
        minute(lock.expires)
    )];
    let help = "wait for it; if it was killed, `--take-over` does not wait";
    Err(Stop::new(ExitKind::Busy, message).with_details(details).with_help(help))
}

/// "2026-11-29 02:45 UTC".
fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn object(run: &DeployRun, started: Timestamp, now: Timestamp) -> Object {
    let expires = now.checked_add(SignedDuration::from_mins(MINUTES)).unwrap_or(now);
    let lock = Lock { run: run.clone(), started, expires };
    let text = serde_json::to_vec(&lock).expect("text and times are JSON");
    Object { bytes: text.into(), headers: served::OWN }
}

/// The lease, once it is known whether the store keeps conditions: writing where something stands must be refused.
fn probed<'a, S: Store + ?Sized>(
    store: &'a S,
    run: &'a DeployRun,
    started: Timestamp,
) -> Result<Lease<'a, S>, Stop> {
    let renewed = store.now();
    let written = store.write(LOCK, &object(run, started, renewed), Condition::Absent)?;
    let is_exclusive = written == WriteResult::Refused;
    let held = store.read(LOCK)?;
    let lease = Lease {
        store,
        run,
        started,
        is_exclusive,
        state: Mutex::new(LeaseState {
            tag: held.as_ref().and_then(|held| held.tag.clone()),
            renewed,
        }),
    };
    if is_exclusive && !lease.is_ours(held.as_ref()) {
        return Err(lost());
    }
    Ok(lease)
}

fn lost() -> Stop {
    Stop::new(ExitKind::Busy, "another deploy has taken this target over")
        .with_help("its site is published, or will be; run again to publish this one")
}

impl<S: Store + ?Sized> Lease<'_, S> {
    /// Renews the lock when half of its time is over. Any thread may call this.
    ///
    /// # Errors
    /// Another run has taken over, or the store fails.
    pub fn renew_if_due(&self) -> Result<(), Stop> {
        let Ok(mut state) = self.state.try_lock() else { return Ok(()) };
        let now = self.store.now();
        if now.duration_since(state.renewed) < SignedDuration::from_mins(MINUTES / 2) {
            return Ok(());
        }
        let object = object(self.run, self.started, now);
        let condition = match &state.tag {
            Some(tag) if self.is_exclusive => Condition::Unchanged(tag),
            _ => Condition::Always,
        };
        match self.store.write(LOCK, &object, condition)? {
            WriteResult::Done(tag) => state.tag = tag,
            WriteResult::Refused => {
                let held = self.store.read(LOCK)?;
                if !self.is_ours(held.as_ref()) {
                    return Err(lost());
                }
                state.tag = held.and_then(|held| held.tag);
            }
        }
        state.renewed = now;
        Ok(())
    }

    /// Makes sure that the target is still held, before what cannot be undone.
    ///
    /// # Errors
    /// Another run has taken over, or the store fails.
    pub fn hold(&self) -> Result<(), Stop> {
        if self.is_exclusive && !self.is_ours(self.store.read(LOCK)?.as_ref()) {
            return Err(lost());
        }
        Ok(())
    }

    /// Lets others have the target. What cannot be let go ends by itself.
    ///
    /// # Errors
    /// The store fails.
    pub fn release(self) -> Result<(), Fault> {
        if self.is_ours(self.store.read(LOCK)?.as_ref()) {
            self.store.delete(&[LOCK.to_owned()])?;
        }
        Ok(())
    }

    fn is_ours(&self, held: Option<&HeldObject>) -> bool {
        let lock = held.and_then(|held| serde_json::from_slice::<Lock>(&held.bytes).ok());
        lock.is_some_and(|lock| lock.run.owner == self.run.owner)
    }
}

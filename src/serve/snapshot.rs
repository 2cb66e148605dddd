//! What the preview shows at one moment, and the place where the newest such moment is published.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::files::Files;

/// The site as of one build.
#[derive(Clone, Default)]
pub(crate) struct Snapshot {
    /// The files as they are served.
    pub files: Files,
    /// Counts the published snapshots of this server.
    pub revision: u64,
    /// What differs from the snapshot of the revision before.
    pub changed: Vec<String>,
    /// The path of the site's base address, `/` or `/runbooks/`; 404.html refers to it.
    pub base_path: String,
}

/// What a browser is told of a new snapshot.
#[derive(Serialize)]
struct Event<'a> {
    revision: u64,
    changed: &'a [String],
}

impl Snapshot {
    /// What the browser lists for the page at `address`, as JSON.
    pub(crate) fn findings_for(&self, address: &str) -> String {
        serde_json::json!({ "revision": self.revision, "page": address }).to_string()
    }

    /// What a browser is told of this snapshot, as JSON.
    pub(crate) fn event(&self) -> String {
        let event = Event { revision: self.revision, changed: &self.changed };
        serde_json::to_string(&event).expect("numbers and strings have a JSON form")
    }
}

/// Holds the newest snapshot; whoever waits for the next is woken when it comes.
///
/// The lock is held only while the pointer is copied: a slow reader delays nobody.
#[derive(Default)]
pub(crate) struct Board {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    snapshot: Arc<Snapshot>,
    closed: bool,
}

/// What a wait for news ended with.
pub(crate) enum News {
    /// A snapshot newer than the one seen.
    Newer(Arc<Snapshot>),
    /// The time was up.
    None,
    /// The server ends.
    Closed,
}

impl Board {
    /// The newest snapshot.
    pub(crate) fn current(&self) -> Arc<Snapshot> {
        Arc::clone(&self.lock().snapshot)
    }

    /// Makes `snapshot` the newest, one revision after the last.
    pub(crate) fn publish(&self, snapshot: Snapshot) {
        let mut state = self.lock();
        let revision = state.snapshot.revision + 1;
        state.snapshot = Arc::new(Snapshot { revision, ..snapshot });
        self.news.notify_all();
    }

    /// Ends every wait, now and later.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.news.notify_all();
    }

    /// Whether the server ends.
    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Waits for a snapshot newer than revision `seen`, at most for `patience`.
    pub(crate) fn newer_than(&self, seen: u64, patience: Duration) -> News {
        let deadline = Instant::now() + patience;
        let mut state = self.lock();
        loop {
            if state.closed {
                return News::Closed;
            }
            if state.snapshot.revision > seen {
                return News::Newer(Arc::clone(&state.snapshot));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return News::None;
            }
            let woken = self.news.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The state is replaced whole, so that one left by a panicking thread is still good.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

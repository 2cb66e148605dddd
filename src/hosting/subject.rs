//! What the files for hosts are made of.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::config::hosting::Host;
use crate::resolve::Address;
use crate::served::{self, Audience};

/// The folder of settings that are included or uploaded by hand. Names that begin with `_` are no author's.
pub const SETTINGS: &str = "_hosts";

/// What the files for hosts are made of.
pub(super) struct HostedSite<'a> {
    pub(super) config: &'a Config,
    /// Former addresses, and where each leads; without those that stand elsewhere.
    pub(super) redirects: Vec<(&'a Address, &'a Address)>,
    /// The paths of everything that is published.
    pub(super) published: &'a BTreeSet<&'a str>,
}

impl HostedSite<'_> {
    pub(super) fn is_for(&self, host: Host) -> bool {
        self.config.hosts.contains(&host)
    }

    pub(super) fn audience(&self) -> Audience {
        if self.config.public { Audience::Public } else { Audience::Private }
    }

    /// The path of the site on its host, encoded: `/`, `/runbooks/`.
    pub(super) fn base(&self) -> &str {
        self.config.base_path()
    }

    /// Former addresses and their successors as paths from the root of the host, encoded.
    pub(super) fn moves(&self) -> impl Iterator<Item = (String, String)> {
        let path = |address: &Address| format!("{}{}", self.base(), address.encoded());
        self.redirects.iter().map(move |(from, to)| (path(from), path(to)))
    }

    /// The endings of what is published, each with its type, where it is known.
    pub(super) fn types(&self) -> BTreeMap<&str, &'static str> {
        let endings = self.published.iter().map(|path| served::ending(path));
        endings.filter_map(|ending| Some((ending, served::type_of(ending)?))).collect()
    }
}

/// Text of a file by its path.
pub(super) type HostTexts = Vec<(String, String)>;

/// The path of a file of settings.
pub(super) fn setting(name: &str) -> String {
    format!("{SETTINGS}/{name}")
}

/// What is kept for good.
pub(super) fn forever(subject: &HostedSite<'_>) -> &'static str {
    served::headers("theme/a.0000000000.css", subject.audience()).cache_control
}

/// How long images and other files are kept that keep their names.
pub(super) fn for_minutes(subject: &HostedSite<'_>) -> &'static str {
    served::headers("a.png", subject.audience()).cache_control
}

//! By which names the preview may be called.

use std::net::IpAddr;

/// Whose requests are answered: the names by which this server may be called.
///
/// A page of another site cannot choose the `Host` header, so that a foreign name pointed at this machine
/// (DNS rebinding) is recognized by it.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    names: Vec<String>,
    any_address: bool,
    /// Whether this machine alone can reach the server.
    pub(super) is_private: bool,
}

impl Guard {
    /// Admits `localhost`, the loopback addresses and `host`; any literal address if `host` stands for all of them.
    pub(crate) fn new(host: &str) -> Guard {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let any_address = host.parse().is_ok_and(|address: IpAddr| address.is_unspecified());
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into_iter();
        let names = names.chain([host.clone()]);
        let is_loopback = |address: IpAddr| address.is_loopback();
        let is_private = host == "localhost" || host.parse().is_ok_and(is_loopback);
        Guard { names: names.collect(), any_address, is_private }
    }

    /// Whether a request may call the server by this name.
    pub(crate) fn admits(&self, authority: &str) -> bool {
        let name = host_name(authority).to_ascii_lowercase();
        let is_literal = || name.parse::<IpAddr>().is_ok();
        self.names.contains(&name) || (self.any_address && is_literal())
    }
}

/// The name in `name:port` or `[address]:port`.
fn host_name(authority: &str) -> &str {
    match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => authority.rsplit_once(':').map_or(authority, |(name, _)| name),
    }
}

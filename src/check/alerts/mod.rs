//! The alert contract: what alert rules promise, held against what the site has.
//!
//! [`read_sources`] turns the text of alert sources into [`AlertRule`]s, whatever tool they were written for;
//! [`contract`] compares them with what the site publishes, as [`Claims`] says it, and [`index`] lists both side by
//! side. Nothing asks the network: a link below the site's own address is looked up among the pages that are about to be published.

pub use claims::{Claim, Claims};
pub use contract::{Alert, Linked, contract, index};
pub use read::read_sources;
pub(crate) use rule::is_terraform;
pub use rule::{AlertRule, RunbookLink, SourceFile, SourceKind};
pub use site::{Sources, alert_address, check_sources, claims, rules};

mod claims;
mod cloudformation;
mod cloudwatch;
mod contract;
mod datadog;
mod described;
mod grafana;
mod meeting;
mod objectives;
mod other;
pub mod pattern;
mod prometheus;
mod read;
mod rule;
mod site;
mod template;
mod terraform;
pub mod values;

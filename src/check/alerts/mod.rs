//! The alert contract: what alert rules promise, held against what the site has.
//!
//! [`read_sources`] turns the text of alert sources into [`AlertRule`]s, whatever tool they were written for;
//! [`contract()`] compares them with what the site publishes, as [`Claims`] says it, and [`index`] lists both side by
//! side. Nothing asks the network: a link below the site's own address is looked up among the pages that are about to be published.

pub use alert_index::{Alert, index};
pub use claims::{Claim, Claims};
pub use computed::ComputedName;
pub use contract::contract;
pub use destination::LinkedRunbook;
pub use known_rule::{KnownRule, agreeing, exclude};
pub(crate) use overlap::overlapping;
pub use read::read_sources;
pub use repair::{LeftAlone, Repair, repair};
pub use rule::{AlertRule, RunbookLink, SourceFile, SourceKind};
pub use site::{
    AlertSources, alert_address, check_sources, claims, read_all, rules, sources, with_rules,
};

mod affixes;
mod alert_index;
mod claims;
mod cloudformation;
mod cloudwatch;
mod computed;
mod contract;
mod datadog;
mod described;
mod destination;
mod edit;
mod grafana;
mod known_rule;
mod meeting;
mod objectives;
mod other;
mod overlap;
pub mod pattern;
mod prometheus;
mod read;
mod repair;
mod rule;
pub mod says;
mod severity;
mod site;
mod template;
mod terraform;
pub mod values;

//! An entry of a page's `dashboards` becomes a typed link, and a typed link an address.
//!
//! [`read_dashboard`] reads it and says what is wrong; [`address()`] writes the address that the console reads. Which
//! page an entry stands on, and how its button looks, is not known here. A value may use a parameter of the page or
//! the site as `<name>` or `{name}`; [`pieces`] tells these from the text around them.
//!
//! | kind | keys |
//! |---|---|
//! | none | `url` |
//! | `cloudwatch-dashboard`, `cloudwatch-alarm`, `lambda`, `sqs` | `name` |
//! | `log-group` | `name`, `stream`, `filter`, `range` |
//! | `logs-insights` | `groups`, `query`, `range` or `start` and `end` |
//! | `xray` | `trace`, or `filter` and `range`, or `map: true` |
//! | `grafana` | `uid`, `slug`, `vars`, `panel`, `range` or `start` and `end`, `org`, `base` |
//! | `grafana-explore` | `datasource`, `query`, `range` or `start` and `end`, `org`, `base` |
//! | a site's own | what its address in site.toml asks for |
//!
//! Every kind has `title` and `note`, those of AWS `region` and `account` too.

pub use address::{DeepLinkAddress, address, kind_title};
pub use link::{DashboardLink, DeepLink, Defaults, KINDS, TimeSpan};
pub use piece::{ValuePiece, pieces};
pub use read::read_dashboard;

mod address;
mod link;
mod piece;
mod read;

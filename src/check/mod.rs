//! What is judged about a site: each concern is a file of pure functions.

pub mod agents;
pub mod alerts;
pub mod baseline;
pub mod conformance;
pub mod dashboards;
pub mod freshness;
pub mod ownership;
pub mod secrets;
pub mod suppression;

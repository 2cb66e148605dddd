//! What is judged about a site: each concern is a file of pure functions.

pub mod alerts;
pub mod conformance;
pub mod freshness;

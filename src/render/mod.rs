//! Turns the joined site and its findings into the files of the published site.
//!
//! Templates see [`view`]s only, never the site itself.

pub mod deep_link;
pub mod graph;
pub mod plot;
pub mod view;

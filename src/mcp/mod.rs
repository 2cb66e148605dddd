//! Answers questions about a site in the Model Context Protocol: a [`Library`] and a message in, a message out.
//!
//! Read-only and offline. Nothing is run, and nothing is told that the site does not publish; every answer says how
//! far its page can be trusted. Whoever calls owns the pipe or the socket: see the command line and the preview.
//!
//! # Why by hand
//!
//! The protocol's official Rust library brings thirty crates, an asynchronous runtime and a new major version every
//! few weeks, for a server that answers one line with another. What is needed of it fits in `protocol`; foreign
//! clients hold it to the specification in a test.
//!
//! # Revisions
//!
//! The current one, 2026-07-28, has no handshake: each request says which revision it speaks. Clients of 2025-11-25 and
//! 2025-06-18 begin with `initialize`. Both are answered, message by message.

pub use http::{Posted, Reply, post};
pub use library::{BuiltTexts, Library};
pub use protocol::{MODERN, answer, too_long};

mod alert;
mod arguments;
mod fetch;
mod http;
mod library;
mod procedure;
mod protocol;
pub mod published;
mod resources;
mod search;
mod skills;
mod text;
mod tools;

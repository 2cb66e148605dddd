//! Writes what programs and agents read: beside each page a Markdown copy that can be followed.
//!
//! All of it is made of the same facts as the page: [`crate::procedure`] reads what to do, [`facts`] whom to call and
//! when the page was reviewed. Never reads the disk or the clock, never writes HTML.

pub use publish::{Cache, Subject, programs};

mod context;
mod copy;
pub mod facts;
mod linked;
mod page;
mod publish;
mod rewrite;

//! Writes what programs and agents read: beside each page a Markdown copy that can be followed, for each folder what its
//! pages say to do, and where a site wants it, its runbooks as skills.
//!
//! All of it is made of the same facts as the page: [`crate::procedure`] reads what to do, [`facts`] whom to call and
//! when the page was reviewed. Never reads the disk or the clock, never writes HTML.

pub use copies::Copies;
pub use publish::{Cache, Subject, Wanted, programs};

mod context;
mod copies;
mod copy;
pub mod facts;
mod full;
mod library;
mod linked;
mod llms;
mod page;
mod procedures;
mod publish;
mod rewrite;
mod skill;

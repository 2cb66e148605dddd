//! Characters that nobody sees but programs read: which of them a text has no use for, and the text without them.
//!
//! Most invisible characters are needed somewhere: joiners shape Persian and Hindi, selectors choose between a sign
//! and its picture, marks keep a number in its place within Hebrew, tag characters spell the flag of Scotland. So none
//! is judged alone: [`hidden`] looks at what stands beside it in its line. What is left has no effect that a reader
//! could see, while a shell runs it and a language model obeys it.
//!
//! Knows neither Markdown nor HTML, but characters can be spelled as references (`&#x202E;`) or escapes, which the
//! caller reads; `html` does so for finished pages.

pub(crate) use find::without;
pub use find::{Hidden, hidden, hidden_spelled, in_address, may_hide, notation, removed, shown};
pub use html::shown_in_html;
pub use kind::InvisibleKind;
pub(crate) use kind::is_invisible;
pub(crate) use places::KeptPlaces;
pub use spelling::{escape, reference};

mod context;
mod find;
mod html;
mod kind;
mod places;
mod spelling;
#[cfg(test)]
mod tests;
mod unit;

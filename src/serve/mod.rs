//! The preview: builds the site again on every change and shows it to browsers that follow.
#![expect(clippy::disallowed_methods, reason = "the preview is an edge: it knows the time")]
#![cfg_attr(
    not(test),
    expect(dead_code, reason = "the loop that builds and publishes comes with the pipeline")
)]

pub(crate) mod gate;
pub(crate) mod http;
pub(crate) mod respond;
pub(crate) mod snapshot;

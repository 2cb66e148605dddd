//! Guidepost compiles operational runbooks into a static site.

pub mod diagnostic;
pub mod files;

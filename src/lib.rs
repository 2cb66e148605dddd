//! Guidepost compiles operational runbooks into a static site.

pub mod calendar;
pub mod diagnostic;
pub mod files;
pub mod parse;
pub mod render;
pub mod theme;
pub mod value;

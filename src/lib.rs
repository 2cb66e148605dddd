//! Guidepost compiles operational runbooks into a static site.

pub mod build;
pub mod calendar;
pub mod check;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod diagram;
pub mod emit;
pub mod files;
pub mod glob;
pub mod highlight;
pub mod history;
pub mod load;
pub mod memo;
pub mod parse;
pub mod render;
pub mod resolve;
pub mod search;
pub mod serve;
pub mod sources;
pub mod theme;
pub mod value;

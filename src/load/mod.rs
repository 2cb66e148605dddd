//! The disk and git become values.

pub mod git;

//! A page's sections become [`Procedure`]s: ordered steps with their commands, and what the page says of each.
//!
//! The one reading that the page's badges and everything for programs share. It follows the text: what stands in a
//! list is a step, and so is a block of commands with the paragraph before it. Nothing is made up; where a page does
//! not say how to verify or undo a command, nothing is said here. Knows the page and where its links lead, never who
//! owns it or what day it is.

pub(crate) mod answer;
mod branch;
mod command;
mod fill;
mod model;
mod parameter;
mod read;
mod relate;
mod steps;
mod words;

pub use branch::lost_branches;
pub use fill::{FilledCommand, fill, quoted};
pub(crate) use model::block_verdict;
pub use model::{
    Branch, Class, Command, CommandSlot, Destination, Example, Procedure, Step, block_safety,
};
pub(crate) use parameter::used_in_text;
pub use parameter::{Declarations, Parameter, ParameterType, declared_parameters, parameters};
pub use read::procedures;

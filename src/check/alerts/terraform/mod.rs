//! Terraform to alert rules: the `.tf` files of a repository, and the JSON of `terraform show -json`.
//!
//! [`configuration`] reads folders of files as modules and follows calls between them, [`scope`] evaluates what they
//! say as far as it goes, [`resource`] knows which resources are alerts, and [`plan`] reads a plan or a state, which
//! knows nearly everything.

pub(super) mod configuration;
pub(super) mod edit;
mod functions;
pub(super) mod plan;
mod resource;
mod scope;
mod value;

//! Words of the front matter that the site has a list of: statuses and templates.

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Location, nearest, site as mistakes};
use crate::parse::Document;

pub(super) fn unknown_status(config: &Config, document: &Document) -> Option<Diagnostic> {
    let status = document.meta.status.as_ref()?;
    if config.statuses.is_empty() || config.statuses.contains(&status.value) {
        return None;
    }
    let at = Location::new(&document.path, status.range.clone());
    Some(mistakes::unknown_status(at, &status.value, &config.statuses))
}

pub(super) fn unknown_template(config: &Config, document: &Document) -> Option<Diagnostic> {
    let template = document.meta.template.as_ref()?;
    if config.templates.is_empty() || config.templates.contains_key(&template.value) {
        return None;
    }
    let at = Location::new(&document.path, template.range.clone());
    let similar = nearest(&template.value, config.templates.keys().map(String::as_str));
    Some(mistakes::unknown_template(at, &template.value, similar))
}

//! The default theme, compiled in.

use crate::files::{FilePath, Files};

macro_rules! compiled_in {
    ($($path:literal)*) => { &[$(($path, include_bytes!(concat!("../../theme/", $path)))),*] };
}

/// The default theme. A list rather than a whole folder, so that a build always notices what it must contain.
pub(super) const DEFAULT: &[(&str, &[u8])] = compiled_in! {
    "static/early.js"
    "static/guidepost.js"
    "static/icon.svg"
    "static/lost.js"
    "static/redirect.js"
    "static/search-dialog.js"
    "static/search.js"
    "static/theme.css"
    "templates/404.html"
    "templates/alarms.html"
    "templates/alert-choice.html"
    "templates/alert-name.html"
    "templates/alerts.html"
    "templates/base.html"
    "templates/call.html"
    "templates/contact.html"
    "templates/coverage.html"
    "templates/dashboards.html"
    "templates/dates.html"
    "templates/freshness-badge.html"
    "templates/freshness.html"
    "templates/home.html"
    "templates/navigation.html"
    "templates/owner-name.html"
    "templates/owner.html"
    "templates/owners.html"
    "templates/page.html"
    "templates/parts.html"
    "templates/rail.html"
    "templates/print.html"
    "templates/redirect.html"
    "templates/review-history.html"
    "templates/review-state.html"
    "templates/rules.html"
    "templates/search.html"
    "templates/severity.html"
    "templates/sheet-first.html"
    "templates/sheet-line.html"
};

/// The files of the default theme, as they are compiled in.
pub fn default_files() -> Files {
    let named = |(path, bytes): &(&str, &[u8])| Some((FilePath::new(path)?, bytes.to_vec().into()));
    DEFAULT.iter().filter_map(named).collect()
}

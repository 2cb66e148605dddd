//! Pages that lead on from former addresses and from those of alerts.
//!
//! A site may have more of them than pages, so each is kept as what it says and rendered when it is published.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::files::Bytes;
use crate::memo::Kept;
use crate::resolve::{Address, AlertClaim, PlacedPage};

use super::frame::{fragment, plain};
use super::inputs::{Common, Overview};
use super::view::RedirectPage;

/// A page that leads on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Redirect {
    pub(crate) address: Address,
    title: String,
    target_url: String,
    target: String,
}

impl Redirect {
    /// From a former address of a page.
    pub(crate) fn of_page(address: &Address, page: &PlacedPage) -> Redirect {
        Redirect {
            address: address.clone(),
            title: page.title.to_string(),
            target_url: address.link_to(&page.address),
            target: page.title.to_string(),
        }
    }

    /// From the address of an alert to the page that claims it, with what the alert's name says of the page's parameters.
    pub(crate) fn of_alert(
        overview: &Overview,
        address: &Address,
        name: &str,
        (claim, parameters): (&AlertClaim, &[(String, String)]),
    ) -> Redirect {
        let page = overview.site.page(claim.page);
        let place = query(parameters) + &fragment(claim.anchor.as_deref());
        Redirect {
            address: address.clone(),
            title: name.to_owned(),
            target_url: address.link_to_place(&page.address, &place),
            target: overview
                .site
                .config
                .words
                .fill("alert-in-page", &[("alert", name), ("page", &page.nav_title)]),
        }
    }
}

/// `?environment=prod&team=mail`; nothing without parameters.
fn query(parameters: &[(String, String)]) -> String {
    let encoded = |text: &str| percent_encoding::utf8_percent_encode(text, IN_QUERY).to_string();
    let pairs: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// What must be encoded in the name or value of a query.
const IN_QUERY: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// All that such a page depends on. Equal inputs make equal pages.
#[derive(PartialEq, Eq)]
pub(crate) struct RedirectInput {
    pub(crate) redirect: Arc<Redirect>,
    pub(crate) common: Kept<Common>,
}

/// The page as published, or what kept its template from making it.
pub(crate) fn render(input: &RedirectInput) -> Result<Bytes, Diagnostic> {
    let RedirectInput { redirect, common } = input;
    let view = RedirectPage {
        frame: plain(&common.config, &redirect.address, &redirect.title, &[]),
        target_url: redirect.target_url.clone(),
        target: redirect.target.clone(),
    };
    let shared = [("site", &common.site)];
    Ok(common.theme.render_page("redirect.html", &view, &shared, CAPACITY)?.into())
}

/// How many bytes such a page has at most in most cases.
const CAPACITY: usize = 1536;

//! `staticwebapp.config.json` at the root of a site, as Azure Static Web Apps reads it.
//!
//! Format: "Configure Azure Static Web Apps" in the documentation of Azure. It is told of types that it does not
//! guess, and may have 20 KB: former addresses for which there is no room keep their pages.

use serde_json::{Map, Value, json};

use super::subject::{HostTexts, HostedSite, forever};
use super::unchanging::unchanging;
use crate::config::hosting::Host;
use crate::served::SECURITY;

/// How large the file may be, in bytes.
const LARGEST: usize = 20_000;

pub(super) fn azure(subject: &HostedSite<'_>) -> HostTexts {
    if !subject.is_for(Host::Azure) {
        return Vec::new();
    }
    let mut routes: Vec<Value> = unchanging(subject.published)
        .iter()
        .map(|pattern| {
            json!({ "route": format!("/{pattern}"), "headers": { "Cache-Control": forever(subject) } })
        })
        .collect();
    let redirects = subject.redirects.iter().map(|(from, to)| {
        let path = |address: &str| format!("/{address}");
        let (from, to) = (path(&from.encoded()), path(&to.encoded()));
        json!({ "route": from, "redirect": to, "statusCode": 301 })
    });
    let mut text = written(subject, &routes);
    let mut size = text.len();
    for redirect in redirects {
        // As much as a route takes with its indentation, lines and comma.
        size += redirect.to_string().len() + 64;
        if size > LARGEST {
            break;
        }
        routes.push(redirect);
    }
    if size > text.len() {
        text = written(subject, &routes);
    }
    vec![("staticwebapp.config.json".to_owned(), text)]
}

fn written(subject: &HostedSite<'_>, routes: &[Value]) -> String {
    let headers: Map<String, Value> = SECURITY
        .iter()
        .chain(&[("Cache-Control", "no-cache")])
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    let types: Map<String, Value> = subject
        .types()
        .into_iter()
        .filter(|(ending, _)| *ending != "html")
        .map(|(ending, content_type)| (format!(".{ending}"), json!(content_type)))
        .collect();
    let settings = json!({
        "trailingSlash": "auto",
        "globalHeaders": headers,
        "mimeTypes": types,
        "responseOverrides": { "404": { "rewrite": "/404.html" } },
        "routes": routes,
    });
    format!("{settings:#}\n")
}

//! What CloudFront is given by hand: a function that finds the pages of folders, and a policy of headers.
//!
//! Formats: "Write function code" and `ResponseHeadersPolicyConfig` in the developer guide and the API reference of
//! Amazon CloudFront. How long files are kept, and their types, the objects in the bucket say themselves.

use std::collections::BTreeSet;

use serde_json::json;

use super::subject::{HostTexts, HostedSite, setting};
use crate::config::hosting::Host;
use crate::served::{SECURITY, ending};

const FUNCTION: &str = include_str!("cloudfront.js");

pub(super) fn cloudfront(subject: &HostedSite<'_>) -> HostTexts {
    if !subject.is_for(Host::CloudFront) {
        return Vec::new();
    }
    vec![
        (setting("cloudfront-function.js"), FUNCTION.replace("@ENDINGS@", &endings(subject))),
        (setting("cloudfront-headers.json"), headers()),
    ]
}

/// A regular expression for the paths of files: one of the endings that the site has. A folder's name may hold a dot.
fn endings(subject: &HostedSite<'_>) -> String {
    let is_plain = |ending: &&str| {
        !ending.is_empty() && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let endings: BTreeSet<&str> =
        subject.published.iter().map(|path| ending(path)).filter(is_plain).collect();
    let endings: Vec<&str> = endings.into_iter().collect();
    format!("\\.({})$", endings.join("|"))
}

fn headers() -> String {
    let [(_, policy), _, (_, referrer)] = SECURITY;
    let policy = json!({
        "Name": "guidepost",
        "Comment": "What a page cannot say of itself",
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": { "Override": true, "ContentSecurityPolicy": policy },
            "ContentTypeOptions": { "Override": true },
            "ReferrerPolicy": { "Override": true, "ReferrerPolicy": referrer },
        },
    });
    format!("{policy:#}\n")
}

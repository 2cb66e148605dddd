//! `_headers` and `_redirects` at the root of a site, as Cloudflare Pages, Netlify and GitLab Pages read them.
//!
//! Formats: the pages on headers and redirects in the documentation of Cloudflare Pages, of Netlify, and of GitLab
//! Pages, which knows `_redirects` alone. Pages of former addresses stay where they are: they serve whatever no rule
//! is left for.

use super::subject::{HostTexts, HostedSite, forever};
use super::unchanging::unchanging;
use crate::config::hosting::Host;
use crate::served::{SECURITY, headers};

/// How many rules of headers Cloudflare reads.
const MOST_HEADERS: usize = 100;

/// How many rules without wildcards each reads from `_redirects`. Netlify names no number.
const MOST_REDIRECTS: &[(Host, usize)] =
    &[(Host::Cloudflare, 2_000), (Host::GitLab, 1_000), (Host::Netlify, 10_000)];

/// How large `_redirects` may be for GitLab, in bytes.
const LARGEST_REDIRECTS: usize = 64 << 10;

/// Files that programs ask for by name, and whose types these hosts do not guess.
const TYPED: [&str; 2] = ["metrics.prom", "reviews.ics"];

pub(super) fn root_files(subject: &HostedSite<'_>) -> HostTexts {
    let mut files = Vec::new();
    if subject.is_for(Host::Cloudflare) || subject.is_for(Host::Netlify) {
        files.push(("_headers".to_owned(), of_headers(subject)));
    }
    if MOST_REDIRECTS.iter().any(|(host, _)| subject.is_for(*host)) && !subject.redirects.is_empty()
    {
        files.push(("_redirects".to_owned(), of_redirects(subject)));
    }
    files
}

/// Without `Cache-Control` for pages: both hosts let browsers ask again for whatever no rule is about.
fn of_headers(subject: &HostedSite<'_>) -> String {
    let base = subject.base();
    let mut text = format!("{base}*\n");
    for (name, value) in SECURITY {
        text.push_str(&format!("  {name}: {value}\n"));
    }
    let typed = TYPED.iter().filter(|path| subject.published.contains(*path));
    let mut rules = 1;
    for path in typed {
        let content_type = headers(path, subject.audience()).content_type;
        text.push_str(&format!("{base}{path}\n  Content-Type: {content_type}\n"));
        rules += 1;
    }
    let kept = forever(subject);
    for pattern in unchanging(subject.published).iter().take(MOST_HEADERS - rules) {
        text.push_str(&format!("{base}{pattern}\n  Cache-Control: {kept}\n"));
    }
    text
}

fn of_redirects(subject: &HostedSite<'_>) -> String {
    let asked = MOST_REDIRECTS.iter().filter(|(host, _)| subject.is_for(*host));
    let most = asked.map(|(_, most)| *most).min().unwrap_or_default();
    // Netlify shows the page of a former address rather than follow the rule, unless the rule insists. The others do
    // not know the mark.
    let is_netlify_alone = !subject.is_for(Host::Cloudflare) && !subject.is_for(Host::GitLab);
    let status = if is_netlify_alone { "301!" } else { "301" };
    let mut text = String::new();
    for (from, to) in subject.moves().take(most) {
        let line = format!("{from} {to} {status}\n");
        if subject.is_for(Host::GitLab) && text.len() + line.len() > LARGEST_REDIRECTS {
            break;
        }
        text.push_str(&line);
    }
    text
}

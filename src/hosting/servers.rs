//! Settings of servers, to be included where somebody says which names and folders they serve.
//!
//! Formats: the references of nginx (1.22 and later) and of Caddy (2.6 and later). Types stand there in full, since
//! neither server knows all of them, and what is inherited elsewhere is repeated, since one header of its own keeps a
//! part of the settings from inheriting any.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::subject::{HostTexts, HostedSite, SETTINGS, for_minutes, forever, setting};
use crate::config::hosting::Host;
use crate::served::{HASHED, SECURITY, UNKNOWN};

/// What of the published folder is no part of the site: settings, and what Guidepost remembers.
fn own() -> String {
    format!(r"({SETTINGS}/|\.guidepost)")
}

/// Endings of images and other files that keep their names.
const ASSETS: &str = "(avif|gif|ico|jpe?g|mp4|pdf|png|svg|webm|webp|woff2?)";

pub(super) fn servers(subject: &HostedSite<'_>) -> HostTexts {
    let mut files = Vec::new();
    if subject.is_for(Host::Nginx) {
        files.push((setting("nginx.conf"), nginx(subject)));
    }
    if subject.is_for(Host::Caddy) {
        files.push((setting("Caddyfile"), caddy(subject)));
    }
    files
}

/// The path of the site on its host as servers compare it, not encoded.
fn base(subject: &HostedSite<'_>) -> String {
    percent_decode_str(subject.base()).decode_utf8_lossy().into_owned()
}

/// A path as one word of the settings: in quotes where it must be.
fn word(path: &str) -> String {
    let is_word = |letter: char| letter.is_alphanumeric() || "/-._~*".contains(letter);
    if path.chars().all(is_word) {
        return path.to_owned();
    }
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\""))
}

fn nginx(subject: &HostedSite<'_>) -> String {
    let base = &base(subject);
    let pattern = regex_escaped(base);
    let folder = base.trim_matches('/');
    let mut text = String::from("# Include this in a `server { … }` of nginx");
    text.push_str(&match folder {
        "" => " whose `root` is the folder of the site.\n".to_owned(),
        folder => format!(
            " whose `root` is the folder above that of the site, which is called `{folder}`.\n"
        ),
    });
    text.push_str(
        "# Where the module is installed, `brotli_static on;` beside `gzip_static on;` sends the smaller files.\n",
    );
    if !folder.is_empty() {
        text.push_str(&format!(
            "location = {} {{ absolute_redirect off; return 301 {}; }}\n",
            word(&format!("/{folder}")),
            word(base)
        ));
    }
    let modifier = if folder.is_empty() { "" } else { "^~ " };
    text.push_str(&format!(
        "location {modifier}{} {{\n  index index.html;\n  absolute_redirect off;\n  gzip_static on;\n  gzip_vary on;\n\
         \x20 error_page 403 404 =404 {};\n",
        word(base),
        word(&format!("{base}404.html"))
    ));
    text.push_str(&nginx_types(subject));
    text.push_str(&nginx_headers("  ", "no-cache"));
    text.push_str(&format!("  location ~ \"^{pattern}{}\" {{ return 404; }}\n", own()));
    for (of, kept) in
        [(HASHED.to_owned(), forever(subject)), (format!(r".+\.{ASSETS}"), for_minutes(subject))]
    {
        text.push_str(&format!("  location ~ \"^{pattern}{of}$\" {{\n"));
        text.push_str(&nginx_headers("    ", kept));
        text.push_str("  }\n");
    }
    text.push_str("}\n");
    text
}

fn nginx_types(subject: &HostedSite<'_>) -> String {
    let mut types: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (ending, content_type) in subject.types() {
        types.entry(content_type).or_default().push(ending);
    }
    let mut text = format!("  default_type {UNKNOWN};\n  types {{\n");
    for (content_type, endings) in types {
        text.push_str(&format!("    \"{content_type}\" {};\n", endings.join(" ")));
    }
    text.push_str("  }\n");
    text
}

fn nginx_headers(indent: &str, kept: &str) -> String {
    let mut text = format!("{indent}add_header Cache-Control \"{kept}\";\n");
    for (name, value) in SECURITY {
        text.push_str(&format!("{indent}add_header {name} \"{value}\" always;\n"));
    }
    text
}

fn caddy(subject: &HostedSite<'_>) -> String {
    let base = &base(subject);
    let pattern = regex_escaped(base);
    let folder = base.trim_end_matches('/');
    let mut text = String::from("# Import this in a site of a Caddyfile");
    text.push_str(&match folder.trim_matches('/') {
        "" => " whose `root` is the folder of the site.\n".to_owned(),
        folder => format!(
            " whose `root` is the folder above that of the site, which is called `{folder}`.\n"
        ),
    });
    if !folder.is_empty() {
        text.push_str(&format!("redir {} {} 301\n", word(folder), subject.base()));
    }
    // In a route the order is the one that is written: the last header that matches counts.
    text.push_str(&format!(
        "route {} {{\n  @own path_regexp \"^{pattern}{}\"\n",
        word(&format!("{base}*")),
        own()
    ));
    text.push_str("  error @own 404\n");
    text.push_str(&caddy_headers("  ", "no-cache"));
    for (name, of, kept) in [
        ("assets", format!(r".+\.{ASSETS}"), for_minutes(subject)),
        ("hashed", HASHED.to_owned(), forever(subject)),
    ] {
        text.push_str(&format!(
            "  @{name} path_regexp \"^{pattern}{of}$\"\n  header @{name} Cache-Control \"{kept}\"\n"
        ));
    }
    for (ending, content_type) in subject.types() {
        text.push_str(&format!(
            "  @{ending} path *.{ending}\n  header @{ending} Content-Type \"{content_type}\"\n"
        ));
    }
    text.push_str("  file_server {\n    precompressed br gzip\n  }\n}\n");
    text.push_str(&format!(
        "handle_errors {{\n  @missing path {}\n  route @missing {{\n",
        word(&format!("{base}*"))
    ));
    text.push_str(&caddy_headers("    ", "no-cache"));
    text.push_str(&format!(
        "    header Content-Type \"text/html; charset=utf-8\"\n    rewrite * {}\n    file_server\n  }}\n}}\n",
        word(&format!("{base}404.html"))
    ));
    text
}

fn caddy_headers(indent: &str, kept: &str) -> String {
    let mut text = format!("{indent}header Cache-Control \"{kept}\"\n");
    for (name, value) in SECURITY {
        text.push_str(&format!("{indent}header {name} \"{value}\"\n"));
    }
    text
}

/// A path that a regular expression takes literally.
fn regex_escaped(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    for letter in path.chars() {
        if !letter.is_ascii_alphanumeric() && !matches!(letter, '/' | '-' | '_' | '~' | '%') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

//! From a file's path: what it is to a reader, in which order it is published, and the headers that it is served with.
//!
//! One table for all who serve a site: [`mod@crate::deploy`] sets these headers on objects, [`crate::hosting`] writes
//! them into the settings of hosts.

use serde::{Deserialize, Serialize};

/// What a file is to a reader, in the order in which files are published: what refers to others comes after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// Its name changes with its content: the theme's files and the search's shards.
    Hashed,
    /// An image or another file that keeps its name.
    Asset,
    /// A page, or the Markdown of one.
    Page,
    /// Where readers and programs come in: home, the index of the search, lists for programs.
    Entry,
}

/// The headers that an object is served with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    /// `Content-Type` (RFC 9110, section 8.3).
    pub content_type: &'static str,
    /// `Cache-Control` (RFC 9111, section 5.2).
    pub cache_control: &'static str,
}

/// Who may keep a copy of what is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, and every cache on the way.
    Public,
    /// The reader's browser alone.
    Private,
}

/// The files where readers and programs come in, beside `api/`.
const ENTRIES: &[&str] = &[
    ".nojekyll",
    "404.html",
    "feed.xml",
    "index.html",
    "llms-full.txt",
    "llms.txt",
    "metrics.prom",
    "reviews.ics",
    "robots.txt",
    "search/manifest.bin",
    "search/offline.js",
    "sitemap.xml",
];

/// How many hexadecimal digits of a hash stand in the name of a file of the theme, and in that of a shard, fewer where
/// it holds the text of a page.
const DIGITS: usize = 10;
const SHARD_DIGITS: [usize; 2] = [4, 6];

/// The paths of files whose names change with their content, from the root of the site, as a regular expression that
/// servers understand (PCRE and RE2).
pub const HASHED: &str =
    r"(theme/.+\.[0-9a-f]{10}\.[^./]+|search/shards/.+\.([0-9a-f]{4}|[0-9a-f]{6})\.[^./]+)";

/// What a browser may do with a page, beside what the page says of itself: headers for every answer.
///
/// `Content-Security-Policy` by CSP level 3, the others by the Fetch and Referrer Policy standards. No page is shown
/// in a frame of another site, no type is guessed, and hosts that a runbook links to do not learn its name.
pub const SECURITY: [(&str, &str); 3] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
];

/// The endings of files that are made of another by compressing it, each with its name in `Content-Encoding`.
pub const ENCODINGS: [(&str, &str); 2] = [(".gz", "gzip"), (".br", "br")];

/// Types by the ending of a name; text is always UTF-8.
///
/// Beside those of the IANA registry of media types: `prom` as Prometheus reads it (its text format, version 0.0.4).
const TYPES: &[(&str, &str)] = &[
    ("avif", "image/avif"),
    ("bin", "application/octet-stream"),
    ("css", "text/css; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("htm", "text/html; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("ico", "image/x-icon"),
    ("ics", "text/calendar; charset=utf-8"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("log", "text/plain; charset=utf-8"),
    ("markdown", "text/markdown; charset=utf-8"),
    ("md", "text/markdown; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("mp4", "video/mp4"),
    ("nojekyll", "text/plain; charset=utf-8"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("prom", "text/plain; version=0.0.4; charset=utf-8"),
    ("sh", "text/plain; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("tar", "application/x-tar"),
    ("toml", "application/toml"),
    ("txt", "text/plain; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("webm", "video/webm"),
    ("webmanifest", "application/manifest+json"),
    ("webp", "image/webp"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("xml", "application/xml"),
    ("yaml", "application/yaml"),
    ("yml", "application/yaml"),
    ("zip", "application/zip"),
];

/// What the file at a path of the site is. A compressed neighbor is what its original is.
pub fn kind(path: &str) -> FileKind {
    let original = ENCODINGS.iter().find_map(|(ending, _)| path.strip_suffix(ending));
    let path = original.unwrap_or(path);
    if is_hashed(path) {
        FileKind::Hashed
    } else if ENTRIES.contains(&path) || path.starts_with("api/") {
        FileKind::Entry
    } else if matches!(ending(path), "html" | "md") {
        FileKind::Page
    } else {
        FileKind::Asset
    }
}

/// The headers of the file at a path of the site.
pub fn headers(path: &str, audience: Audience) -> Headers {
    let content_type = type_of(&ending(path).to_ascii_lowercase()).unwrap_or(UNKNOWN);
    let cache_control = match (kind(path), audience) {
        (FileKind::Hashed, Audience::Public) => "public, max-age=31536000, immutable",
        (FileKind::Hashed, Audience::Private) => "private, max-age=31536000, immutable",
        (FileKind::Asset, Audience::Public) => "public, max-age=300",
        (FileKind::Asset, Audience::Private) => "private, max-age=300",
        (FileKind::Page | FileKind::Entry, _) => "no-cache",
    };
    Headers { content_type, cache_control }
}

/// The type of what nobody knows.
pub const UNKNOWN: &str = "application/octet-stream";

/// The type of files with an ending in lower case, if it is known.
pub fn type_of(ending: &str) -> Option<&'static str> {
    let known = TYPES.binary_search_by(|(known, _)| (*known).cmp(ending));
    known.ok().map(|index| TYPES[index].1)
}

/// Whether files with an ending are text, which shrinks when it is compressed.
pub fn is_text(path: &str) -> bool {
    let content_type = type_of(&ending(path).to_ascii_lowercase()).unwrap_or(UNKNOWN);
    let rest = content_type.strip_prefix("application/").unwrap_or_default();
    content_type.starts_with("text/")
        || content_type == "image/svg+xml"
        || ["json", "xml", "yaml", "toml", "manifest+json", "wasm"].contains(&rest)
}

/// The headers of what a deploy keeps for itself, which nobody shall hold a copy of.
pub const OWN: Headers = Headers { content_type: "application/json", cache_control: "no-store" };

/// Whether the name changes with the content, as [`HASHED`] says: `theme/NAME.HASH.css`, `search/shards/…/NAME.HASH.bin`.
fn is_hashed(path: &str) -> bool {
    let has_hash = |name: &str, digits: usize| {
        let hash = name.split('.').rev().nth(1).unwrap_or_default();
        hash.len() == digits && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    if let Some(name) = path.strip_prefix("theme/") {
        return has_hash(name, DIGITS);
    }
    path.strip_prefix("search/shards/")
        .is_some_and(|name| SHARD_DIGITS.iter().any(|digits| has_hash(name, *digits)))
}

/// What follows the last dot of the file's name.
pub fn ending(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

#[cfg(test)]
mod tests {
    use super::{Audience, FileKind, HASHED, SECURITY, TYPES, headers, kind};

    #[test]
    fn what_refers_to_others_is_published_after_them() {
        for (path, expected) in [
            ("theme/theme.d4826134bb.css", FileKind::Hashed),
            ("search/shards/t/a0.018ad6.bin", FileKind::Hashed),
            ("search/shards/f/12.0.018a.bin", FileKind::Hashed),
            ("search/shards/offline/t0.018ad6.js", FileKind::Hashed),
            ("search/facets.018ad6.bin", FileKind::Asset),
            ("theme/theme.d4826134bb.css.br", FileKind::Hashed),
            ("a/index.html.gz", FileKind::Page),
            ("dumps/all.tar.gz", FileKind::Asset),
            ("theme/fonts/a.woff2", FileKind::Asset),
            ("theme/icon.svg", FileKind::Asset),
            ("theme/icon.notahashxx.svg", FileKind::Asset),
            ("logos/brand.d4826134bb.png", FileKind::Asset),
            ("agents/x/index.html", FileKind::Page),
            ("agents/x/index.md", FileKind::Page),
            ("search/index.html", FileKind::Page),
            ("index.html", FileKind::Entry),
            ("search/manifest.bin", FileKind::Entry),
            ("api/alerts.json", FileKind::Entry),
            ("api/procedures/a.json", FileKind::Entry),
        ] {
            assert_eq!(kind(path), expected, "{path}");
        }
        assert!(
            FileKind::Hashed < FileKind::Asset
                && FileKind::Asset < FileKind::Page
                && FileKind::Page < FileKind::Entry
        );
    }

    #[test]
    fn servers_know_the_same_hashed_names() {
        let pattern = regex::Regex::new(&format!("^{HASHED}$")).expect("an expression");
        for path in [
            "theme/theme.d4826134bb.css",
            "theme/icon.notahashxx.svg",
            "theme/fonts/a.d4826134bb.woff2",
            "theme/a.svg",
            "search/shards/t/a0.018ad6.bin",
            "search/shards/f/12.0.018a.bin",
            "search/shards/offline/others.018ad6.js",
            "search/shards/facets.018ad6.bin",
            "search/shards/facets.018ad.bin",
            "search/shards/facets.018ad6",
            "search/index.html",
            "search/manifest.bin",
            "search/manifest.018ad6.bin",
            "a/search/shards/t/a0.018ad6.bin",
        ] {
            assert_eq!(pattern.is_match(path), kind(path) == FileKind::Hashed, "{path}");
        }
    }

    #[test]
    fn what_the_server_forbids_the_page_may_not_need() {
        let template = include_str!("../theme/templates/base.html");
        let (_, rest) = template.split_once("content=\"default-src").expect("a page has a policy");
        let (of_page, _) = rest.split_once('"').expect("it ends");
        let of_server = SECURITY[0].1;
        for directive in of_page.split(';').map(str::trim) {
            assert!(of_server.contains(directive), "{directive}");
        }
    }

    #[test]
    fn text_says_its_charset_and_only_hashed_names_are_kept_for_good() {
        let check = |path: &str, content_type: &str, cache_control: &str| {
            let found = headers(path, Audience::Private);
            assert_eq!((found.content_type, found.cache_control), (content_type, cache_control));
        };
        check("a/index.html", "text/html; charset=utf-8", "no-cache");
        check("a/index.md", "text/markdown; charset=utf-8", "no-cache");
        check("metrics.prom", "text/plain; version=0.0.4; charset=utf-8", "no-cache");
        check("reviews.ics", "text/calendar; charset=utf-8", "no-cache");
        check("a/PHOTO.PNG", "image/png", "private, max-age=300");
        check("a/strange.x1", "application/octet-stream", "private, max-age=300");
        check("a/README", "application/octet-stream", "private, max-age=300");
        let forever = "private, max-age=31536000, immutable";
        check("theme/theme.d4826134bb.css", "text/css; charset=utf-8", forever);
        let public = headers("theme/theme.d4826134bb.css", Audience::Public);
        assert_eq!(public.cache_control, "public, max-age=31536000, immutable");
    }

    #[test]
    fn types_stand_in_the_order_in_which_they_are_looked_up() {
        assert!(TYPES.is_sorted_by_key(|(ending, _)| *ending));
    }
}

//! What the preview answers to a request: a snapshot of the site and a request become a response.
//!
//! A pure function, so that every refusal is tested from a string. Files come from memory alone; no path of the
//! machine is ever formed from a request, which is why none can lead outside. Knows no sockets: see
//! [`super::http`].

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use jiff::civil::Date;
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};

use crate::files::{Bytes, FilePath};
use crate::mcp::{Posted, post};

use super::gate::POSTED_TO;
use super::guard::Guard;
use super::snapshot::Snapshot;

/// The folder of addresses that belong to the preview itself. A site cannot publish names that begin with `_`.
const OWN: &str = "/_guidepost/";

/// The browser's side of the preview, added to pages as they are served.
const SCRIPT: &str = include_str!("preview.js");

/// What stands for a page that is not there, until the site has a page for that.
const FALLBACK: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <title>Not here</title>\n</head>\n<body>\n<p>No such page, or nothing could be built yet.</p>\n</body>\n</html>\n";

/// What a path in a `Location` header must not hold as it is.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`');

/// The parts of a request that an answer depends on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Request<'a> {
    /// The method as sent: `GET`.
    pub method: &'a str,
    /// The target as sent, percent-encoded and with its query.
    pub target: &'a str,
    /// The `Host` header, if there is exactly one.
    pub host: Option<&'a str>,
    /// The `Origin` header.
    pub origin: Option<&'a str>,
    /// The `Accept` header.
    pub accept: Option<&'a str>,
    /// The `If-None-Match` header.
    pub if_none_match: Option<&'a str>,
    /// What an agent posts.
    pub posted: Posted<'a>,
}

/// What to do with a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Send this and be done.
    Whole(Response),
    /// Keep the connection open and send each new revision.
    Events,
}

/// A whole response.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Response {
    /// The status code.
    pub status: u16,
    /// Names and values, all of them ASCII.
    pub headers: Vec<(&'static str, String)>,
    /// What follows the headers; not sent for `HEAD` and 304, but its length is.
    pub body: Bytes,
}

/// What to send for a request, if it may be answered at all.
pub(crate) fn respond(snapshot: &Snapshot, guard: &Guard, request: Request<'_>) -> Answer {
    match refusal(guard, request) {
        Some(refused) => Answer::Whole(refused),
        None if split_target(request.target).0 == POSTED_TO => {
            Answer::Whole(asked(snapshot, guard, request))
        }
        None => route(snapshot, request),
    }
}

/// The response to a request that must not be answered, whatever it asks for.
fn refusal(guard: &Guard, request: Request<'_>) -> Option<Response> {
    let Some(host) = request.host else {
        return Some(plain(400, "the request must name its host once\n"));
    };
    if !guard.admits(host) {
        return Some(plain(
            403,
            "this preview does not answer under that host name; see `serve --host`\n",
        ));
    }
    let own_origin = |origin: &str| {
        origin.strip_prefix("http://").is_some_and(|rest| rest.eq_ignore_ascii_case(host))
    };
    if request.origin.is_some_and(|origin| !own_origin(origin)) {
        return Some(plain(403, "this preview does not answer pages of another origin\n"));
    }
    let is_asked = split_target(request.target).0 == POSTED_TO;
    if !matches!(request.method, "GET" | "HEAD") && !is_asked {
        let mut response = plain(405, "only GET and HEAD are answered\n");
        response.headers.push(("Allow", "GET, HEAD".to_owned()));
        return Some(response);
    }
    None
}

/// The answer to an agent.
fn asked(snapshot: &Snapshot, guard: &Guard, request: Request<'_>) -> Response {
    if !guard.is_private {
        return plain(403, "agents are answered on this computer alone; see `serve --host`\n");
    }
    if request.method != "POST" {
        let mut response = plain(405, "agents post their messages here\n");
        response.headers.push(("Allow", "POST".to_owned()));
        return response;
    }
    let Some(library) = &snapshot.library else {
        return plain(503, "the site is being read; ask again\n");
    };
    let reply = post(library, request.posted);
    bare(reply.status, "application/json", reply.body.unwrap_or_default().as_bytes())
}

fn route(snapshot: &Snapshot, request: Request<'_>) -> Answer {
    let (path, query) = split_target(request.target);
    let Some(address) = decode(path) else {
        return Answer::Whole(plain(400, "the path is not a path inside the site\n"));
    };
    if let Some(own) = address.strip_prefix(OWN) {
        return match own {
            "events" if request.method == "GET" => Answer::Events,
            "preview.js" => Answer::Whole(whole(
                200,
                "text/javascript; charset=utf-8",
                SCRIPT.as_bytes(),
                request,
            )),
            "findings" => {
                let page = query.strip_prefix("page=").and_then(unescape).unwrap_or_default();
                let listing = snapshot.findings_for(&page);
                Answer::Whole(whole(200, "application/json", listing.as_bytes(), request))
            }
            _ => Answer::Whole(plain(404, "the preview has no such address\n")),
        };
    }
    Answer::Whole(site_file(snapshot, &address, query, request))
}

/// The site's file at `address`, a redirection to its folder, or the site's own page for what is not there.
fn site_file(snapshot: &Snapshot, address: &str, query: &str, request: Request<'_>) -> Response {
    let base = snapshot.base_path();
    if let Some((path, bytes)) = find(snapshot, base, address) {
        let markdown = markdown_of(&path).filter(|_| prefers_markdown(request.accept));
        let copy = markdown.and_then(|path| snapshot.file(&path).map(|bytes| (path, bytes)));
        let is_page = path.as_str().ends_with(".html");
        let (path, bytes) = copy.unwrap_or((path, bytes));
        let mut response = served(snapshot, 200, &path, bytes, request);
        if is_page {
            response.headers.push(("Vary", "Accept".to_owned()));
        }
        return response;
    }
    if find(snapshot, base, &format!("{address}/")).is_some() {
        return redirect(address, query);
    }
    let path = FilePath::new("404.html").expect("the name is a path");
    let fallback = || FALLBACK.as_bytes().to_vec().into();
    let page: Bytes = snapshot.file(&path).map_or_else(fallback, Arc::clone);
    served(snapshot, 404, &path, &page, request)
}

/// The Markdown copy of a page.
fn markdown_of(page: &FilePath) -> Option<FilePath> {
    FilePath::new(&[page.as_str().strip_suffix(".html")?, ".md"].concat())
}

/// Whether a client that names what it accepts wants Markdown at least as much as HTML. `*/*` asks for neither.
fn prefers_markdown(accept: Option<&str>) -> bool {
    let quality = |wanted: &str| {
        let ranges = accept.unwrap_or_default().split(',');
        let found = ranges.filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let is_wanted = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case(wanted));
            let quality =
                parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            is_wanted.then(|| quality.map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0)))
        });
        found.fold(0.0_f32, f32::max)
    };
    let markdown = quality("text/markdown");
    markdown > 0.0 && markdown >= quality("text/html")
}

/// The file at an address, which may begin with the path of the site's base address.
fn find<'a>(snapshot: &'a Snapshot, base: &str, address: &str) -> Option<(FilePath, &'a Bytes)> {
    // Only one spelling of an address is the right one on the hosts that sites are published to.
    if address.contains("//") || address.split('/').any(|part| part == ".") {
        return None;
    }
    file_at(snapshot, &address[1..])
        .or_else(|| file_at(snapshot, address.strip_prefix(base).filter(|_| base.len() > 1)?))
}

/// The file that a relative address stands for; a folder's is its index.html.
fn file_at<'a>(snapshot: &'a Snapshot, relative: &str) -> Option<(FilePath, &'a Bytes)> {
    let index = if relative.is_empty() || relative.ends_with('/') { "index.html" } else { "" };
    let path = FilePath::new(&format!("{relative}{index}"))?;
    snapshot.file(&path).map(|bytes| (path, bytes))
}

/// A file with its type, and pages with the preview's script.
fn served(
    snapshot: &Snapshot,
    status: u16,
    path: &FilePath,
    bytes: &Bytes,
    request: Request<'_>,
) -> Response {
    let content_type = content_type(path.name());
    if !content_type.starts_with("text/html") {
        return whole(status, content_type, bytes, request);
    }
    let version = version(bytes);
    let page = if status == 200 { path.as_str() } else { "" };
    let html = with_day(with_script(bytes, &version, page), snapshot.setup.day);
    tagged(status, content_type, &html, &version, request)
}

fn whole(status: u16, content_type: &str, bytes: &[u8], request: Request<'_>) -> Response {
    tagged(status, content_type, bytes, &version(bytes), request)
}

/// A response with an entity tag, or only the word that the client's copy is still good.
fn tagged(
    status: u16,
    content_type: &str,
    bytes: &[u8],
    version: &str,
    request: Request<'_>,
) -> Response {
    let tag = format!("\"{version}\"");
    let unchanged =
        status == 200 && request.if_none_match.is_some_and(|known| names_tag(known, &tag));
    let mut response = bare(if unchanged { 304 } else { status }, content_type, bytes);
    response.headers.push(("ETag", tag));
    response
}

/// Whether an `If-None-Match` list holds `tag`; tags compare weakly there.
fn names_tag(known: &str, tag: &str) -> bool {
    known
        .split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

fn plain(status: u16, message: &str) -> Response {
    bare(status, "text/plain; charset=utf-8", message.as_bytes())
}

fn redirect(address: &str, query: &str) -> Response {
    // One leading slash only: two would name another host.
    let path = percent_encode(address.trim_start_matches('/').as_bytes(), PATH);
    let separator = if query.is_empty() { "" } else { "?" };
    let mut response = plain(301, "");
    response.headers.push(("Location", format!("/{path}/{separator}{query}")));
    response
}

/// What a response may do in a browser: pages say more of themselves, but cannot forbid frames; a drawing or another
/// document that is opened by itself runs nothing.
fn policy(content_type: &str) -> &'static str {
    if content_type.starts_with("text/html") {
        "frame-ancestors 'none'"
    } else {
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
    }
}

/// Headers that every response has: nothing is stored, guessed, or handed to pages of other sites.
fn bare(status: u16, content_type: &str, body: &[u8]) -> Response {
    let headers = vec![
        ("Content-Type", content_type.to_owned()),
        ("Cache-Control", "no-store".to_owned()),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("X-Frame-Options", "DENY".to_owned()),
        ("Referrer-Policy", "no-referrer".to_owned()),
        ("Content-Security-Policy", policy(content_type).to_owned()),
        ("Cross-Origin-Resource-Policy", "same-origin".to_owned()),
    ];
    Response { status, headers, body: body.to_vec().into() }
}

/// A short name for these very bytes.
fn version(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// The page with the preview's script in front of its own, so that it sees the page before they change it.
///
/// The script learns what it is on: which version of which file; no file stands for a page that is not there.
fn with_script(page: &[u8], version: &str, path: &str) -> Vec<u8> {
    let path = path.replace('&', "&amp;").replace('"', "&quot;");
    let tag = format!(
        "<script src=\"{OWN}preview.js\" data-version=\"{version}\" data-page=\"{path}\" defer></script>\n"
    );
    let place = ["<script", "</head>", "</body>"]
        .iter()
        .find_map(|mark| {
            page.windows(mark.len()).position(|window| window.eq_ignore_ascii_case(mark.as_bytes()))
        })
        .unwrap_or(page.len());
    [&page[..place], tag.as_bytes(), &page[place..]].concat()
}

/// The page with the day that its scripts are to take for today, if it is not.
fn with_day(mut page: Vec<u8>, day: Option<Date>) -> Vec<u8> {
    const MARK: &[u8] = b"<html";
    let place = page.windows(MARK.len()).position(|window| window.eq_ignore_ascii_case(MARK));
    if let (Some(day), Some(place)) = (day, place) {
        let attribute = format!(" data-today=\"{day}\"");
        let place = place + MARK.len();
        page.splice(place..place, attribute.into_bytes());
    }
    page
}

/// Path and query of a request's target.
fn split_target(target: &str) -> (&str, &str) {
    let target = target.split('#').next().unwrap_or_default();
    target.split_once('?').unwrap_or((target, ""))
}

/// The path that a target names; `None` if it does not lead into the site.
///
/// A slash or backslash that was encoded cannot be part of a file's name, so it is refused rather than followed.
fn decode(path: &str) -> Option<String> {
    let encoded_separator =
        ["%2f", "%5c"].iter().any(|code| path.to_ascii_lowercase().contains(code));
    let decoded = unescape(path)?;
    let inside = decoded.starts_with('/')
        && !encoded_separator
        && !decoded.contains(['\\', '\0'])
        && decoded.split('/').all(|part| part != "..");
    inside.then_some(decoded)
}

/// Takes percent-encoding off, once; `None` if an escape is not one or the result is not UTF-8.
fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first == b'%' {
            let digits = rest.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = &rest[2..];
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The media type that goes with a file's name.
fn content_type(name: &str) -> &'static str {
    let extension =
        name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    match extension.as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "md" | "markdown" => "text/markdown; charset=utf-8",
        "txt" | "log" | "yaml" | "yml" | "toml" | "tf" | "sh" | "py" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "xml" => "application/xml",
        "ics" => "text/calendar; charset=utf-8",
        "prom" => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "wasm" => "application/wasm",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Answer, Guard, Request, Response, find, respond};
    use crate::calendar::parse_date;
    use crate::files::{FilePath, Files};
    use crate::serve::snapshot::{Setup, Snapshot};

    fn snapshot() -> Snapshot {
        let mut files = Files::default();
        for (path, text) in [
            ("index.html", "<head></head>home"),
            ("a b/index.html", "<head></head>spaced"),
            ("agents/index.html", "<head><script src=x></script></head>agents"),
            ("404.html", "<head></head>lost"),
            ("static/theme.css", "body{}"),
            ("agents/index.md", "# agents"),
            ("drawing.svg", "<svg/>"),
        ] {
            files.insert(FilePath::new(path).expect("a path"), text.as_bytes().to_vec());
        }
        Snapshot { files: Arc::new(files), ..Snapshot::default() }
    }

    fn get(target: &str) -> Request<'_> {
        Request { method: "GET", target, host: Some("127.0.0.1:4000"), ..Request::default() }
    }

    fn answer(request: Request<'_>) -> Response {
        match respond(&snapshot(), &Guard::new("127.0.0.1"), request) {
            Answer::Whole(response) => response,
            Answer::Events => panic!("{} is answered with events", request.target),
        }
    }

    fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
        response.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn every_response_forbids_frames_referrers_and_guessed_types_and_drawings_run_nothing() {
        for target in ["/", "/nothing", "/static/theme.css", "/a%20b", "/%zz", "/drawing.svg"] {
            let response = answer(get(target));
            let policy = header(&response, "Content-Security-Policy").expect("a policy");
            assert!(policy.contains("frame-ancestors 'none'"), "{target}");
            assert_eq!(policy.contains("default-src 'none'"), !is_page(&response), "{target}");
            for (name, value) in [
                ("X-Frame-Options", "DENY"),
                ("Referrer-Policy", "no-referrer"),
                ("X-Content-Type-Options", "nosniff"),
            ] {
                assert_eq!(header(&response, name), Some(value), "{target}");
            }
        }
    }

    fn is_page(response: &Response) -> bool {
        header(response, "Content-Type").is_some_and(|kind| kind.starts_with("text/html"))
    }

    fn check(target: &str, status: u16, holds: &str) {
        let response = answer(get(target));
        let body = String::from_utf8_lossy(&response.body).into_owned();
        let location = header(&response, "Location").unwrap_or_default();
        assert_eq!(response.status, status, "{target}: {body}");
        assert!(body.contains(holds) || location == holds, "{target}: {body} {location}");
    }

    #[test]
    fn files_and_folders_are_found() {
        check("/", 200, "home");
        check("/agents/", 200, "agents");
        check("/agents/?region=eu#steps", 200, "agents");
        check("/a%20b/", 200, "spaced");
        check("/static/theme.css", 200, "body{}");
    }

    #[test]
    fn a_client_that_wants_markdown_gets_the_copy() {
        for (accept, wants) in [
            (Some("text/markdown"), true),
            (Some("text/markdown, text/html;q=0.9, */*;q=0.1"), true),
            (Some("text/html;q=0.5,TEXT/MARKDOWN;q=0.5"), true),
            (Some("text/html, text/markdown;q=0.5"), false),
            (Some("text/markdown;q=0"), false),
            (Some("*/*"), false),
            (None, false),
        ] {
            let response = answer(Request { accept, ..get("/agents/") });
            let kind = header(&response, "Content-Type").unwrap_or_default();
            assert_eq!(kind.starts_with("text/markdown"), wants, "{accept:?}");
            assert_eq!(response.body.starts_with(b"# agents"), wants, "{accept:?}");
            assert_eq!(header(&response, "Vary"), Some("Accept"));
        }
        let page = answer(Request { accept: Some("text/markdown"), ..get("/") });
        assert!(
            page.status == 200 && page.body.ends_with(b"home"),
            "without a copy the page itself"
        );
    }

    #[test]
    fn a_folder_without_its_slash_is_redirected_with_the_query() {
        check("/agents?x=1", 301, "/agents/?x=1");
        check("/a%20b", 301, "/a%20b/");
    }

    #[test]
    fn the_path_of_the_base_address_may_stand_in_front() {
        for (target, base, expected) in [
            ("/runbooks/", "/runbooks/", Some("index.html")),
            ("/runbooks/agents/", "/runbooks/", Some("agents/index.html")),
            ("/agents/", "/runbooks/", Some("agents/index.html")),
            ("/runbooks/agents/", "/", None),
        ] {
            let found = find(&snapshot(), base, target).map(|found| found.0.as_str().to_owned());
            assert_eq!(found.as_deref(), expected, "{target} under {base}");
        }
    }

    #[test]
    fn another_day_is_told_to_the_page_s_scripts() {
        let setup = Setup { day: parse_date("2027-02-01"), ..Setup::default() };
        let page = super::with_day(b"<!doctype html><html lang=en><head>".to_vec(), setup.day);
        assert_eq!(page, b"<!doctype html><html data-today=\"2027-02-01\" lang=en><head>");
    }

    #[test]
    fn what_is_not_there_gets_the_site_s_own_page() {
        for target in
            ["/gone", "/static/", "/agents//", "//agents", "/./agents/", "//evil.example/agents"]
        {
            check(target, 404, "lost");
        }
        check("/_guidepost/gone", 404, "no such address");
    }

    #[test]
    fn no_path_leads_outside() {
        for target in [
            "/../etc/passwd", "/%2e%2e/etc/passwd", "/a/%2E./b", "/..%2fetc", "/%5c..%5cetc",
            "/a\\..\\b", "/%00", "/%zz", "/%+1", "/%", "/%ff", "agents/", "http://127.0.0.1/", "*",
            "",
        ] {
            check(target, 400, "not a path");
        }
    }

    #[test]
    fn the_script_stands_in_front_of_the_page_s_own() {
        check("/agents/", 200, "<head><script src=\"/_guidepost/preview.js\" data-version=\"");
        check(
            "/agents/",
            200,
            " data-page=\"agents/index.html\" defer></script>\n<script src=x></script></head>agents",
        );
        check("/gone/", 404, " data-page=\"\" defer>");
        check("/_guidepost/preview.js", 200, "EventSource");
    }

    #[test]
    fn a_known_tag_saves_the_body() {
        let tag = header(&answer(get("/")), "ETag").expect("pages have tags").to_owned();
        for (known, status) in [
            (tag.clone(), 304),
            (format!("\"x\", W/{tag}"), 304),
            ("*".to_owned(), 304),
            ("\"x\"".to_owned(), 200),
        ] {
            assert_eq!(
                answer(Request { if_none_match: Some(&known), ..get("/") }).status,
                status,
                "{known}"
            );
        }
        let gone = answer(Request { if_none_match: Some("*"), ..get("/gone") });
        assert_eq!(gone.status, 404);
    }

    #[test]
    fn foreign_hosts_and_origins_are_refused() {
        for (host, status) in [
            (Some("localhost:4000"), 200),
            (Some("LOCALHOST"), 200),
            (Some("[::1]:4000"), 200),
            (Some("127.0.0.1:8080"), 200),
            (Some("evil.example:4000"), 403),
            (Some("localhost.evil.example"), 403),
            (Some("192.168.0.7:4000"), 403),
            (Some(""), 403),
            (None, 400),
        ] {
            assert_eq!(answer(Request { host, ..get("/") }).status, status, "{host:?}");
        }
        for (origin, status) in [
            ("http://127.0.0.1:4000", 200),
            ("http://127.0.0.1:4001", 403),
            ("https://evil.example", 403),
            ("null", 403),
        ] {
            assert_eq!(
                answer(Request { origin: Some(origin), ..get("/") }).status,
                status,
                "{origin}"
            );
        }
    }

    #[test]
    fn a_server_for_every_address_answers_literal_addresses_but_no_foreign_name() {
        let guard = Guard::new("0.0.0.0");
        assert!(guard.admits("192.168.0.7:4000") && guard.admits("[fe80::1]:4000"));
        assert!(!guard.admits("evil.example:4000"));
        assert!(Guard::new("preview.internal").admits("preview.internal:4000"));
    }

    #[test]
    fn only_reading_is_allowed() {
        for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
            let response = answer(Request { method, ..get("/") });
            assert_eq!((response.status, header(&response, "Allow")), (405, Some("GET, HEAD")));
        }
        assert_eq!(answer(Request { method: "HEAD", ..get("/") }), answer(get("/")));
    }
}

//! What a site writes for its hosts, and what breaks on a host that differs from others.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use flate2::read::GzDecoder;

use crate::support::{folder, guidepost, text};

/// A page that is long enough to be worth compressing, and one that links to it and moved.
fn fixture(settings: &str) -> String {
    let long = "Restart the database. ".repeat(100);
    format!(
        "-- site.toml --\ntitle = \"R\"\nbase_url = \"https://r.example.org/\"\n{settings}\n\
         -- content/db/restore.md --\n---\nalerts: [Slow]\naliases: [/old/restore]\n---\n# Restore\n\n{long}\n\n![x](a b+c.png)\n\
         -- content/db/a b+c.png --\n0\n-- content/notes.txt --\n{long}\n\
         -- content/start.md --\n# Start\n\nSee [restore](db/restore.md#restore) and [notes](notes.txt).\n"
    )
}

fn build(folder: &Path, arguments: &[&str], code: i32) -> String {
    let output = guidepost(folder, &[&["build"], arguments].concat());
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output));
    text(&output)
}

#[test]
fn what_a_host_does_not_need_is_not_written() {
    let site = folder(&fixture(""));
    build(site.path(), &[], 0);
    for name in ["_headers", "_redirects", "_hosts", "staticwebapp.config.json", "notes.txt.gz"] {
        assert!(!site.path().join("public").join(name).exists(), "{name}");
    }
}

#[test]
fn every_host_forbids_frames_guessed_types_and_referrers_wherever_it_sets_headers() {
    let hosts = "[publish]\nhosts = [\"cloudflare\", \"netlify\", \"azure\", \"gitlab\", \"cloudfront\", \"nginx\", \"caddy\"]";
    let site = folder(&fixture(hosts));
    build(site.path(), &[], 0);
    for (name, begins) in [
        ("_headers", "/*\n"),
        ("staticwebapp.config.json", "\"globalHeaders\""),
        ("_hosts/nginx.conf", "add_header Cache-Control"),
        ("_hosts/Caddyfile", "Cache-Control"),
        ("_hosts/cloudfront-headers.json", "SecurityHeadersConfig"),
    ] {
        let written = std::fs::read_to_string(site.path().join("public").join(name));
        let written = written.expect("a file").replace("\"ContentTypeOptions\": {", "nosniff");
        // What a server adds to some addresses replaces, in nginx, all that it adds to others.
        let places = if name.ends_with("nginx.conf") { written.matches(begins).count() } else { 1 };
        assert!(written.contains(begins) && places > 0, "{name}: {written}");
        for header in ["default-src 'none'", "frame-ancestors 'none'", "nosniff", "no-referrer"] {
            assert!(written.matches(header).count() >= places, "{name} without {header}");
        }
    }
}

#[test]
fn compressed_neighbors_hold_what_their_originals_hold_and_go_with_them() {
    let site = folder(&fixture("[publish]\nhosts = [\"nginx\"]"));
    let public = site.path().join("public");
    build(site.path(), &[], 0);
    let unpacked = |name: &str| {
        let packed = std::fs::read(public.join(name)).expect("a neighbor");
        let mut held = String::new();
        GzDecoder::new(packed.as_slice()).read_to_string(&mut held).expect("it was packed");
        held
    };
    let read = |name: &str| std::fs::read_to_string(public.join(name)).expect("a file");
    for name in ["db/restore/index.html", "notes.txt", "404.html"] {
        assert_eq!(unpacked(&format!("{name}.gz")), read(name), "{name}");
        let smaller = std::fs::read(public.join(format!("{name}.br"))).expect("a neighbor").len();
        assert!(smaller * 2 < read(name).len(), "{name}: {smaller}");
    }
    assert!(!public.join("db/a b+c.png.gz").exists());
    let all = |path: &Path| std::fs::read(public.join(path)).expect("a file");
    let before = all(Path::new("notes.txt.br"));
    std::fs::write(site.path().join("content/start.md"), "# Start\n\nNothing.\n").expect("a page");
    build(site.path(), &[], 0);
    assert_eq!(unpacked("start/index.html.gz"), read("start/index.html"));
    assert_eq!(all(Path::new("notes.txt.br")), before);
    std::fs::remove_file(site.path().join("content/notes.txt")).expect("it was there");
    build(site.path(), &[], 0);
    assert!(!public.join("notes.txt.gz").exists() && !public.join("notes.txt.br").exists());
}

#[test]
fn a_file_of_an_author_is_no_neighbor() {
    let long = "text ".repeat(300);
    let site = folder(&format!(
        "-- site.toml --\n[publish]\nhosts = [\"caddy\"]\n-- content/a.txt --\n{long}\n-- content/a.txt.gz --\nmine\n"
    ));
    build(site.path(), &[], 0);
    let kept = std::fs::read_to_string(site.path().join("public/a.txt.gz")).expect("it is there");
    assert_eq!(kept, "mine\n");
    assert!(site.path().join("public/a.txt.br").exists());
}

#[test]
fn a_second_build_writes_the_same_for_all_hosts() {
    let all = "[publish]\nhosts = [\"azure\", \"caddy\", \"cloudfront\", \"cloudflare\", \"gitlab\", \"netlify\", \"nginx\"]";
    let (one, other) = (folder(&fixture(all)), folder(&fixture(all)));
    build(one.path(), &["--now", "2026-11-29"], 0);
    build(other.path(), &["--now", "2026-11-29"], 0);
    for name in [
        "_headers",
        "_redirects",
        "_hosts/nginx.conf",
        "_hosts/Caddyfile",
        "_hosts/cloudfront-function.js",
        "staticwebapp.config.json",
        "index.html.br",
        "index.html.gz",
    ] {
        let read =
            |site: &Path| std::fs::read(site.join("public").join(name)).expect("it is written");
        assert_eq!(read(one.path()), read(other.path()), "{name}");
    }
    let redirects =
        std::fs::read_to_string(one.path().join("public/_redirects")).expect("it is written");
    assert_eq!(redirects, "/old/restore/ /db/restore/ 301\n");
}

#[test]
fn every_host_answers_for_a_site_in_the_style_that_it_is_made_for() {
    for settings in ["", "[urls]\nstyle = \"file\""] {
        let site = folder(&fixture(settings));
        for host in ["nginx", "github", "s3-website"] {
            let said = build(site.path(), &["--check-host", host], 0);
            assert!(said.contains("all answered"), "{host}: {said}");
            let prefixed = ["--base-url", "https://o.example/r x/", "--check-host", host];
            assert!(build(site.path(), &prefixed, 0).contains("all answered"));
        }
        let is_folder = settings.is_empty();
        let said = build(site.path(), &["--check-host", "s3-rest"], i32::from(is_folder));
        assert_eq!(
            said.contains("`db/restore/index.html` is answered with 403"),
            is_folder,
            "{said}"
        );
        assert_eq!(said.contains("help: set `[urls] style = \"file\"`"), is_folder, "{said}");
        assert!(said.contains("let CloudFront answer 403 and 404"), "{said}");
    }
}

#[test]
fn what_a_host_drops_is_named_and_what_leads_nowhere_anywhere_is_counted() {
    let site = folder(
        "-- content/a.md --\n# A\n\n[gone](gone.md) ![seen](.images/x.png)\n-- content/.images/x.png --\n0\n",
    );
    let said = build(site.path(), &["--content", "content", "--check-host", "github"], 0);
    assert!(said.contains("GitHub Pages: files are there and not reached"), "{said}");
    assert!(said.contains("a/index.html: `../.images/x.png` is answered with 404"), "{said}");
    assert!(said.contains("= help: hidden files are uploaded only with"), "{said}");
    assert!(said.contains("1 link leads nowhere on any host"), "{said}");
    let said = build(site.path(), &["--content", "content", "--check-host", "nginx"], 0);
    assert!(!said.contains("not reached"), "{said}");
    assert!(said.contains("1 link leads nowhere on any host"), "{said}");
}

#[test]
fn a_site_is_shown_as_a_host_would_serve_it() {
    let site = folder(&fixture(""));
    let mut process = Command::new(env!("CARGO_BIN_EXE_guidepost"))
        .args(["build", "--check-host", "s3-website", "--port", "0"])
        .current_dir(site.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let said = BufReader::new(process.stderr.take().expect("it says something"));
    let address = said.lines().map_while(Result::ok).find_map(|line| {
        let (_, rest) = line.split_once("http://")?;
        Some(rest.split('/').next().unwrap_or_default().to_owned())
    });
    let address = address.expect("it says where");
    let ask = |path: &str, host: &str| {
        let mut stream = TcpStream::connect(&address).expect("it listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    };
    let moved = ask("/db/restore?region=eu", &address);
    assert!(moved.starts_with("HTTP/1.1 302 "), "{moved}");
    assert!(moved.contains("Location: /db/restore/?region=eu\r\n"), "{moved}");
    let page = ask("/db/restore/", &address);
    assert!(
        page.starts_with("HTTP/1.1 200 ") && page.contains("Cache-Control: no-cache"),
        "{page}"
    );
    let missing = ask("/gone", &address);
    assert!(missing.starts_with("HTTP/1.1 404 ") && missing.contains("<html"), "{missing}");
    let foreign = ask("/", "evil.example");
    assert!(foreign.starts_with("HTTP/1.1 403 "), "{foreign}");
    process.kill().expect("it runs until somebody ends it");
    process.wait().expect("it ends");
}

/// What the function for CloudFront makes of requests, in the engine that is nearest to its own.
const ASK: &str = "
const source = require('fs').readFileSync(process.argv[1], 'utf8');
const handler = new Function(source + '; return handler')();
for (const [uri, querystring] of JSON.parse(process.argv[2])) {
  const answer = handler({ request: { uri, querystring } });
  console.log(answer.statusCode ? answer.statusCode + ' ' + answer.headers.location.value : answer.uri);
}";

#[test]
fn the_function_for_cloudfront_finds_pages_of_folders_and_keeps_queries() {
    let site = folder(&fixture("[publish]\nhosts = [\"cloudfront\"]"));
    build(site.path(), &[], 0);
    let function = site.path().join("public/_hosts/cloudfront-function.js");
    let asked = r#"[["/", {}], ["/db/restore/", {}], ["/db/restore", {"region": {"value": "eu"}, "t": {"value": "1", "multiValue": [{"value": "1"}, {"value": ""}]}}], ["/v1.2", {}], ["/theme/theme.0123456789.css", {}], ["/db/restore.md", {}]]"#;
    let Ok(output) = Command::new("node").args(["-e", ASK]).arg(&function).arg(asked).output()
    else {
        eprintln!("not run in a JavaScript engine: node is not installed");
        return;
    };
    let said = text(&output);
    let expected = "/index.html\n/db/restore/index.html\n301 /db/restore/?region=eu&t=1&t\n301 /v1.2/\n/theme/theme.0123456789.css\n/db/restore.md\n";
    assert_eq!(said, expected);
}

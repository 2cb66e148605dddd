//! Caches in front of a site: what they are told, and what happens where they refuse.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Output;
use std::sync::{Arc, Mutex};

use super::bucket::Bucket;
use super::{SECRET, prepared};
use crate::support::{folder, text};

/// A programming interface: gives these answers, one after the other and then the last, and keeps what it was told.
pub(super) struct Cache {
    pub(super) address: String,
    told: Arc<Mutex<Vec<String>>>,
}

impl Cache {
    /// Gives answers of these statuses, without anything in them.
    fn answering(statuses: &[u16]) -> Cache {
        let answers: Vec<(u16, &str)> = statuses.iter().map(|status| (*status, "")).collect();
        Cache::saying(&answers)
    }

    /// Gives answers of these statuses and bodies.
    pub(super) fn saying(answers: &[(u16, &str)]) -> Cache {
        let answers: Vec<(u16, String)> =
            answers.iter().map(|(status, body)| (*status, (*body).to_owned())).collect();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("it has an address"));
        let told = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&told);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut kept = kept.lock().expect("nobody panics");
                let said = &answers[kept.len().min(answers.len() - 1)];
                kept.extend(answer(&stream, said));
            }
        });
        Cache { address, told }
    }

    pub(super) fn told(&self) -> Vec<String> {
        self.told.lock().expect("nobody panics").clone()
    }
}

/// Reads a whole request and answers it; nothing for a connection without one.
fn answer(mut stream: &TcpStream, (status, said): &(u16, String)) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let (mut request, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        request.push_str(&line);
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.push_str(&String::from_utf8_lossy(&body));
    let length = said.len();
    let answer = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{said}"
    );
    stream.write_all(answer.as_bytes()).ok()?;
    Some(request)
}

/// Deploys a site behind a cache.
fn deploy(site: &Path, cache: &Cache, target: &[&str]) -> Output {
    let mut command = prepared(site, target);
    command
        .env("CLOUDFLARE_API_BASE_URL", &cache.address)
        .env("CLOUDFLARE_API_TOKEN", format!("{SECRET}2"))
        .env("AWS_ENDPOINT_URL_CLOUDFRONT", &cache.address);
    command.output().expect("the program runs")
}

const BEHIND_CLOUDFLARE: &str = "-- site.toml --\nbase_url = \"https://r.example.org/x/\"\n[deploy.production]\nurl = \"target\"\n\
    [deploy.production.cdn]\ncloudflare = \"zone7\"\n-- content/a.md --\n# A\n";

#[test]
fn cloudflare_forgets_what_was_written_under_every_address_and_only_once() {
    let site = folder(BEHIND_CLOUDFLARE);
    let cache = Cache::answering(&[500, 200]);
    let output = deploy(site.path(), &cache, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let told = cache.told();
    assert_eq!(told.len(), 2, "in trouble at first, and asked again: {told:?}");
    assert_eq!(told[0], told[1]);
    for expected in [
        "POST /zones/zone7/purge_cache HTTP/1.1\r\n",
        "authorization: Bearer s3cr3tOfNobody2\r\n",
        "\"https://r.example.org/x/a/\"",
        "\"https://r.example.org/x/a/index.html\"",
    ] {
        assert!(told[0].contains(expected), "{expected} in {}", told[0]);
    }
    let again = deploy(site.path(), &cache, &[]);
    assert_eq!(again.status.code(), Some(0));
    assert_eq!(cache.told().len(), 2, "nothing changed, nothing to forget");
}

#[test]
fn a_cache_that_refuses_leaves_a_site_that_is_live_and_says_so() {
    let site = folder(BEHIND_CLOUDFLARE);
    let cache = Cache::answering(&[403]);
    let output = deploy(site.path(), &cache, &[]);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(6), "{said}");
    assert!(said.contains("Cloudflare zone `zone7`: refused (status 403)"), "{said}");
    assert!(!said.contains(SECRET), "{said}");
    assert!(site.path().join("target/a/index.html").is_file(), "the site is live");
    assert_eq!(cache.told().len(), 1, "what is refused is not asked again");
    let allowed = Cache::answering(&[200]);
    let again = deploy(site.path(), &allowed, &[]);
    assert_eq!(again.status.code(), Some(0), "{}", text(&again));
    assert!(allowed.told()[0].contains("\"https://r.example.org/x/a/\""), "the next run clears it");
    let done = deploy(site.path(), &allowed, &[]);
    assert!(text(&done).contains("nothing to do"), "{}", text(&done));
    assert_eq!(allowed.told().len(), 1);
}

#[test]
fn cloudfront_is_asked_with_a_signature_for_paths_below_the_prefix() {
    let bucket = Bucket::with(std::collections::BTreeMap::new());
    let endpoint = &bucket.endpoint;
    let site = folder(&format!(
        "-- site.toml --\n[deploy.production]\nurl = \"s3://bucket/docs\"\nendpoint = \"{endpoint}\"\n\
         [deploy.production.cdn]\ncloudfront = \"E123\"\n-- content/a.md --\n# A\n"
    ));
    let cache = Cache::answering(&[201]);
    let output = deploy(site.path(), &cache, &[]);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let told = cache.told();
    assert_eq!(told.len(), 1);
    for expected in [
        "POST /2020-05-31/distribution/E123/invalidation HTTP/1.1\r\n",
        "/us-east-1/cloudfront/aws4_request",
        "<Path>/docs/*</Path>",
        "<CallerReference>",
    ] {
        assert!(told[0].contains(expected), "{expected} in {}", told[0]);
    }
    assert!(!told[0].contains(SECRET) && !said.contains(SECRET));
    assert!(bucket.objects().contains_key("docs/a/index.html"));
    let refused = Cache::answering(&[403]);
    std::fs::write(site.path().join("content/a.md"), "# A\n\nNew.\n").expect("a page");
    let output = deploy(site.path(), &refused, &[]);
    assert_eq!(output.status.code(), Some(6), "{}", text(&output));
    assert!(text(&output).contains("does it allow `cloudfront:CreateInvalidation`?"));
}

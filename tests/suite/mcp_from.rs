//! What `guidepost mcp` does at its start, and with a published site whose host fails now and then.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;

use guidepost::build::{Cache, copies, for_programs, judge, search_index};
use guidepost::files::{Bytes, FilePath};
use guidepost::load::{SiteRoot, load};
use guidepost::mcp::{BuiltTexts, Library};
use serde_json::json;

use crate::mcp::{Server, ask, found, published_site};
use crate::support::{folder, guidepost, options, text};

/// What a host answers instead of a file.
#[derive(Clone, Copy)]
enum Answer {
    Status(u16),
    /// Half of the file, then nothing more.
    Cut,
    /// A page for people.
    Page,
}

/// A host that serves a folder at `/docs/`; each path may have answers that come before the file.
struct Host {
    address: String,
    answers: Arc<Mutex<HashMap<String, Vec<Answer>>>>,
}

impl Host {
    fn of(folder: PathBuf) -> Host {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = format!("http://{}/docs/", listener.local_addr().expect("an address"));
        let answers: Arc<Mutex<HashMap<String, Vec<Answer>>>> = Arc::default();
        let planned = Arc::clone(&answers);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, planned) = (folder.clone(), Arc::clone(&planned));
                thread::spawn(move || {
                    let mut lines = BufReader::new(&stream);
                    let mut request = String::new();
                    if lines.read_line(&mut request).unwrap_or(0) == 0 {
                        return;
                    }
                    let mut line = String::new();
                    while lines.read_line(&mut line).is_ok_and(|read| read > 2) {
                        line.clear();
                    }
                    let target = request.split(' ').nth(1).unwrap_or_default();
                    let path = target.strip_prefix("/docs/").unwrap_or("outside").to_owned();
                    let mut planned = planned.lock().expect("a plan");
                    let is_head = request.starts_with("HEAD");
                    let next = planned.get_mut(&path).filter(|_| !is_head).and_then(Vec::pop);
                    drop(planned);
                    let file = std::fs::read(folder.join(&path));
                    let (status, kind, body) = match (next, file) {
                        (Some(Answer::Status(status)), _) => (status, "text/plain", Vec::new()),
                        (Some(Answer::Page), _) => {
                            (200, "text/html; charset=utf-8", b"<p>Sign in".to_vec())
                        }
                        (_, Ok(bytes)) => (200, "application/octet-stream", bytes),
                        (_, Err(_)) => (404, "text/plain", Vec::new()),
                    };
                    let sent =
                        if matches!(next, Some(Answer::Cut)) { body.len() / 2 } else { body.len() };
                    let head = format!(
                        "HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nETag: \"{}\"\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                        body.len(),
                        body.len()
                    );
                    let mut stream = &stream;
                    // Whoever asked may have gone.
                    let _ = stream.write_all(head.as_bytes());
                    let _ = stream.write_all(if is_head { &[] } else { &body[..sent] });
                });
            }
        });
        Host { address, answers }
    }

    /// What is answered for a path before its file, the last first.
    fn plan(&self, path: &str, answers: &[Answer]) {
        self.answers.lock().expect("a plan").insert(path.to_owned(), answers.to_vec());
    }
}

#[test]
fn a_host_that_fails_for_a_moment_is_asked_again() {
    let site = published_site();
    let host = Host::of(site.path().join("public"));
    host.plan("api/library.json", &[Answer::Status(503), Answer::Cut]);
    host.plan("queue/index.md", &[Answer::Status(500)]);
    host.plan("api/procedures/_root.json", &[Answer::Cut, Answer::Status(429)]);
    for address in [host.address.clone(), format!("{}index.html?x#y", host.address)] {
        let mut server = Server::start(site.path(), &["--from", &address]);
        let runbook = server.call("runbook_for_alert", &json!({ "alert": "QueueStuck" }));
        assert_eq!(found(&runbook)["results"][0]["id"], "queue/#queuestuck");
        let read = server.call("fetch", &json!({ "id": "queue/" }));
        assert!(found(&read)["text"].to_string().contains("Messages pile up"), "{read}");
        let steps = server.call("procedure", &json!({ "id": "queue/#restart" }));
        assert_eq!(found(&steps)["class"], "destroy", "{steps}");
        server.end();
    }
}

#[test]
fn what_a_host_never_answers_is_named_with_its_address() {
    let site = published_site();
    let host = Host::of(site.path().join("public"));
    for (path, answers, said) in [
        (
            "api/library.json",
            vec![Answer::Status(500); 3],
            "api/library.json: the host answers 500",
        ),
        ("queue/index.md", vec![Answer::Cut; 3], "docs/queue/index.md"),
        ("api/alerts.json", vec![Answer::Status(401)], "api/alerts.json: the host answers 401"),
        ("api/library.json", vec![Answer::Page], "a login"),
        ("api/library.json", vec![Answer::Status(404)], "it publishes no api/library.json"),
    ] {
        host.plan(path, &answers);
        let refused = guidepost(site.path(), &["mcp", "--from", &host.address]);
        assert_eq!(refused.status.code(), Some(2), "{path}");
        assert!(text(&refused).contains(said), "{path}: {}", text(&refused));
        assert!(!text(&refused).contains("panicked"), "{}", text(&refused));
        host.plan(path, &[]);
    }
    // What is not there and need not be is done without.
    host.plan("api/alerts.json", &[Answer::Status(404)]);
    host.plan("disk/index.md", &[Answer::Page]);
    let mut server = Server::start(site.path(), &["--from", &host.address]);
    assert!(found(&server.call("fetch", &json!({ "id": "queue/" })))["text"].is_string());
    let gone = server.call("fetch", &json!({ "id": "disk/" }));
    assert!(!gone.to_string().contains("Sign in"), "{gone}");
    server.end();
}

#[test]
fn sites_of_other_versions_and_cut_files_are_refused_with_the_reason() {
    let site = published_site();
    let library = site.path().join("public/api/library.json");
    let whole = std::fs::read_to_string(&library).expect("a file");
    for (changed, said) in [
        (
            whole.replacen("\"version\":1", "\"version\":7", 1),
            "of version 7, and version 1 is read",
        ),
        (whole[..whole.len() / 2].to_owned(), "its api/library.json is cut off or no JSON"),
    ] {
        assert_ne!(changed, whole);
        std::fs::write(&library, changed).expect("a file");
        let refused = text(&guidepost(site.path(), &["mcp", "--from", "public"]));
        assert!(refused.contains(said), "{refused}");
    }
    std::fs::write(&library, whole).expect("a file");
    let facts = site.path().join("public/api/procedures/_root.json");
    std::fs::write(&facts, "{\"version\":1,\"proc").expect("a file");
    let refused = text(&guidepost(site.path(), &["mcp", "--from", "public"]));
    assert!(refused.contains("api/procedures/_root.json is cut off"), "{refused}");
    // One that knew no rules yet still says which names are computed.
    let alerts = site.path().join("public/api/alerts.json");
    let known = std::fs::read_to_string(&alerts).expect("a file");
    let mut older: serde_json::Value = serde_json::from_str(&known).expect("JSON");
    older.as_object_mut().expect("a map").remove("rules");
    std::fs::write(&alerts, older.to_string()).expect("a file");
    std::fs::write(&facts, "{\"version\":1,\"procedures\":[]}").expect("a file");
    let mut server = Server::start(site.path(), &["--from", "public"]);
    let runbook = server.call("runbook_for_alert", &json!({ "alert": "QueueStuck" }));
    assert_eq!(found(&runbook)["status"], "matched");
    server.end();
}

#[test]
fn nothing_is_made_at_the_start_that_no_answer_needs() {
    let folder = folder(
        "-- site.toml --\ntitle = \"R\"\n-- content/a.md --\n---\nalerts: [Full]\n---\n# A\n\nWords.\n\n1. Run `df -h`.\n",
    );
    let place = SiteRoot::of_site(folder.path()).expect("the folder is there");
    let sources = load(&place).expect("the folder can be read");
    let mut cache = Cache::default();
    let judged = judge(&sources, &options(), &mut cache, |_| {})
        .unwrap_or_else(|findings| panic!("{findings:#?}"));
    let judged = Arc::new(judged);
    let made: [Arc<AtomicUsize>; 3] = Default::default();
    let counts = made.clone();
    let count = || counts.each_ref().map(|count| count.load(Ordering::Relaxed));
    let [index, texts, published] = made;
    let cache = Arc::new(Mutex::new(cache));
    let index = {
        let (judged, cache) = (Arc::clone(&judged), Arc::clone(&cache));
        move || {
            index.fetch_add(1, Ordering::Relaxed);
            search_index(&judged, &mut cache.lock().expect("a cache"))
        }
    };
    let later = {
        let judged = Arc::clone(&judged);
        move || {
            texts.fetch_add(1, Ordering::Relaxed);
            let (copies, files) = (copies(&judged, &sources), sources.files.clone());
            let all = move || {
                published.fetch_add(1, Ordering::Relaxed);
                let file = |path: &FilePath, bytes: &Bytes| (path.clone(), Arc::clone(bytes));
                let cache = &mut cache.lock().expect("a cache");
                for_programs(&judged, &sources, cache, file).into_iter().collect()
            };
            BuiltTexts { copies, sources: files, published: LazyLock::new(Box::new(all)) }
        }
    };
    let library = Library::of_judged(judged, index, later, options().today);
    for method in ["initialize", "server/discover", "tools/list", "resources/list"] {
        let message = json!({ "jsonrpc": "2.0", "id": 1, "method": method }).to_string();
        assert!(guidepost::mcp::answer(&library, message.as_bytes()).is_some());
    }
    assert_eq!(
        found(&ask(&library, "runbook_for_alert", &json!({ "alert": "Full" })))["status"],
        "matched"
    );
    assert!(found(&ask(&library, "procedure", &json!({ "id": "a/" })))["steps"].is_array());
    assert_eq!(count(), [0, 0, 0]);
    for _ in 0..2 {
        assert!(found(&ask(&library, "fetch", &json!({ "id": "a/" })))["text"].is_string());
        assert_eq!(count()[1..], [1, 0]);
        assert!(
            found(&ask(&library, "search", &json!({ "query": "words" })))["results"][0].is_object()
        );
        assert_eq!(count(), [1, 1, 0]);
    }
}

//! The preview as people run it: the program, a folder of files, and a socket.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_mins(1);

/// A running preview of a site of its own.
struct Preview {
    folder: tempfile::TempDir,
    process: Child,
    address: String,
}

impl Drop for Preview {
    fn drop(&mut self) {
        self.process.kill().expect("the preview runs until it is killed");
        self.process.wait().expect("a killed process ends");
    }
}

fn guidepost(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guidepost"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command
}

impl Preview {
    fn start() -> Preview {
        let folder = tempfile::tempdir().expect("a folder");
        let done = guidepost(folder.path(), &["init", "-q"]).status().expect("init runs");
        assert!(done.success());
        let mut process =
            guidepost(folder.path(), &["serve", "--port", "0", "--now", "2026-11-23"])
                .stderr(Stdio::piped())
                .spawn()
                .expect("serve runs");
        let mut said = BufReader::new(process.stderr.take().expect("standard error is piped"));
        let mut line = String::new();
        while !line.starts_with("http://") {
            line.clear();
            assert_ne!(said.read_line(&mut line).expect("the preview speaks"), 0, "it ended");
        }
        let address = line["http://".len()..].split('/').next().expect("an address").to_owned();
        // What it says later is read and dropped, so that it never waits for a reader.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Preview { folder, process, address }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Saves as careful editors do: a new file, renamed over the old one.
    fn save(&self, name: &str, text: &str) {
        let new = self.path(&format!("{name}.new"));
        let new = new.with_file_name(format!(".{}", new.file_name().expect("a name").display()));
        fs::write(&new, text).expect("the folder can be written");
        fs::rename(new, self.path(name)).expect("the folder can be written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("the file is there")
    }

    fn open(&self, target: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).expect("the preview listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
        let request = format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).expect("the preview reads");
        stream
    }

    fn get(&self, target: &str) -> String {
        let mut answer = Vec::new();
        self.open(target).read_to_end(&mut answer).expect("the preview answers and closes");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks for a target until the answer satisfies.
    fn await_answer(&self, target: &str, satisfies: impl Fn(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            let answer = self.get(target);
            if satisfies(&answer) {
                return;
            }
            assert!(Instant::now() < end, "{target} is still answered with {answer}");
        }
    }

    fn events(&self) -> BufReader<TcpStream> {
        BufReader::new(self.open("/_guidepost/events"))
    }
}

/// Reads a stream until an event says `expected`.
fn await_event(events: &mut BufReader<TcpStream>, expected: &str) {
    let mut line = String::new();
    while !(line.starts_with("data: ") && line.contains(expected)) {
        line.clear();
        assert_ne!(events.read_line(&mut line).expect("the stream speaks in time"), 0, "it ended");
    }
}

const EXAMPLE: &str = "content/runbooks/example.md";
const FINDINGS: &str = "/_guidepost/findings?page=runbooks/example/index.html";

#[test]
fn edits_new_pages_renames_and_deletions_are_served_and_told() {
    let preview = Preview::start();
    let mut events = preview.events();
    await_event(&mut events, "\"revision\":");
    preview.save(EXAMPLE, &format!("{}\nOne more line.\n", preview.read(EXAMPLE)));
    await_event(&mut events, "\"runbooks/example/index.html\"");
    assert!(preview.get("/runbooks/example/").contains("One more line."));

    preview.save("content/runbooks/new.md", "# A new page\n");
    await_event(&mut events, "\"runbooks/new/index.html\"");
    assert!(preview.get("/runbooks/new/").contains("A new page"));

    fs::rename(preview.path("content/runbooks/new.md"), preview.path("content/runbooks/moved.md"))
        .expect("a new name");
    await_event(&mut events, "\"runbooks/moved/index.html\"");
    assert!(preview.get("/runbooks/moved/").contains("A new page"));
    assert!(preview.get("/runbooks/new/").starts_with("HTTP/1.0 404 "));

    fs::remove_file(preview.path("content/runbooks/moved.md")).expect("no file");
    await_event(&mut events, "\"runbooks/moved/index.html\"");
    assert!(preview.get("/runbooks/moved/").starts_with("HTTP/1.0 404 "));
}

#[test]
fn a_broken_site_toml_or_theme_keeps_the_last_good_site_until_it_is_mended() {
    let preview = Preview::start();
    let good = preview.read("site.toml");
    for (name, broken, mended) in [
        (
            "site.toml",
            "title = [".to_owned(),
            good.replacen("title = ", "title = \"New name\" # ", 1),
        ),
        (
            "theme/templates/page.html",
            "{% if %}".to_owned(),
            "<html><head></head>New name</html>".to_owned(),
        ),
    ] {
        fs::create_dir_all(preview.path(name).parent().expect("a folder")).expect("a folder");
        preview.save(name, &broken);
        preview.await_answer(FINDINGS, |answer| answer.contains("\"blocking\":true"));
        assert!(preview.get("/runbooks/example/").contains("Checkout queue"), "{name}");
        preview.save(name, &mended);
        preview.await_answer(FINDINGS, |answer| answer.contains("\"blocking\":false"));
        preview.await_answer("/runbooks/example/", |answer| answer.contains("New name"));
    }
}

#[test]
fn a_page_with_broken_front_matter_is_shown_in_its_last_good_version() {
    let preview = Preview::start();
    let good = preview.read(EXAMPLE);
    preview.save(EXAMPLE, &good.replacen("title: ", "title: [", 1));
    preview.await_answer(FINDINGS, |answer| {
        answer.contains("\"blocking\":true") && answer.contains("bad-front-matter")
    });
    let listing = preview.get(FINDINGS);
    assert!(
        listing.contains("\"editor\":\"vscode://file/") && listing.contains("example.md:3:8"),
        "{listing}"
    );
    assert!(preview.get("/runbooks/example/").contains("<title>Checkout queue runbook"));
    let index = "/_guidepost/findings?page=index.html";
    assert!(preview.get(index).contains("\"blocking\":false"), "only that page is blocked");
    preview.save(EXAMPLE, &good.replace("Orders wait", "Parcels wait"));
    preview.await_answer("/runbooks/example/", |answer| answer.contains("Parcels wait"));
    assert!(preview.get(FINDINGS).contains("\"blocking\":false"));
}

#[test]
fn what_is_served_is_what_build_writes_and_nothing_is_written_meanwhile() {
    let preview = Preview::start();
    preview.save(EXAMPLE, &preview.read(EXAMPLE).replace("Orders wait", "Parcels wait"));
    preview.await_answer("/runbooks/example/", |answer| answer.contains("Parcels wait"));
    assert!(!preview.path("public").exists(), "the preview does not touch the output folder");
    let built = guidepost(preview.folder.path(), &["build", "-q", "--now", "2026-11-23"]);
    assert!({ built }.status().expect("build runs").success());
    preview.await_answer("/search/", |answer| answer.starts_with("HTTP/1.0 200 "));
    for name in ["index.html", "runbooks/example/index.html", "api/pages.json", "alerts/index.html"]
    {
        let written = preview.read(&format!("public/{name}"));
        let answer = preview.get(&format!("/{name}"));
        let body = answer.split_once("\r\n\r\n").expect("a body").1;
        let script = body.split_inclusive('\n').filter(|line| !line.contains("/_guidepost/"));
        let served: String =
            script.collect::<String>().replacen(" data-today=\"2026-11-23\"", "", 1);
        assert!(served == written, "{name} is served differently: {served}");
    }
}

#[test]
fn foreign_hosts_are_refused_and_no_path_leads_outside() {
    let preview = Preview::start();
    let mut stream = TcpStream::connect(&preview.address).expect("the preview listens");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n").expect("the preview reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the preview answers");
    assert!(answer.starts_with("HTTP/1.0 403 "), "{answer}");
    for target in ["/../site.toml", "/%2e%2e/site.toml", "/..%2fsite.toml"] {
        assert!(preview.get(target).starts_with("HTTP/1.0 400 "), "{target}");
    }
    assert!(preview.get("/site.toml").starts_with("HTTP/1.0 404 "));
}

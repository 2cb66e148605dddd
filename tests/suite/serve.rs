//! The preview as people run it: the program, a folder of files, and a socket.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_mins(1);

/// A running preview of a site.
pub(crate) struct Preview {
    /// The site, if the preview made it.
    made: Option<tempfile::TempDir>,
    folder: PathBuf,
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
        let mut preview = Preview::of(folder.path());
        preview.made = Some(folder);
        preview
    }

    /// The preview of a folder that is a site already.
    pub(crate) fn of(folder: &Path) -> Preview {
        let mut process = guidepost(folder, &["serve", "--port", "0", "--now", "2026-11-23"])
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
        Preview { made: None, folder: folder.to_path_buf(), process, address }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
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

    /// Where it listens.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn get(&self, target: &str) -> String {
        let mut answer = Vec::new();
        self.open(target).read_to_end(&mut answer).expect("the preview answers and closes");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks for a target until the answer satisfies.
    pub(crate) fn await_answer(&self, target: &str, satisfies: impl Fn(&str) -> bool) {
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

/// The revision of the next event, and the files that it says have changed.
fn next_event(events: &mut BufReader<TcpStream>) -> (u64, String) {
    let mut line = String::new();
    while !line.starts_with("data: ") {
        line.clear();
        assert_ne!(events.read_line(&mut line).expect("the stream speaks in time"), 0, "it ended");
    }
    let rest = line.strip_prefix("data: {\"revision\":").expect("a revision");
    let (revision, changed) = rest.split_once(',').expect("and what changed");
    (revision.parse().expect("a number"), changed.to_owned())
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
        preview.await_answer(FINDINGS, |answer| answer.contains("\"blocking\":\"site\""));
        assert!(preview.get("/runbooks/example/").contains("Checkout queue"), "{name}");
        preview.save(name, &mended);
        preview.await_answer(FINDINGS, |answer| answer.contains("\"blocking\":null"));
        preview.await_answer("/runbooks/example/", |answer| answer.contains("New name"));
    }
}

#[test]
fn a_content_folder_that_goes_away_leaves_the_last_good_site_until_it_is_back() {
    let preview = Preview::start();
    let (folder, away) = (preview.path("content"), preview.path("away"));
    fs::rename(&folder, &away).expect("a folder can be renamed");
    preview.await_answer(FINDINGS, |answer| answer.contains("no content folder"));
    assert!(preview.get("/runbooks/example/").contains("Checkout queue"));
    fs::rename(&away, &folder).expect("a folder can be renamed");
    preview.await_answer(FINDINGS, |answer| !answer.contains("no content folder"));
    assert!(preview.get("/runbooks/example/").contains("Checkout queue"));
}

#[test]
fn a_page_with_broken_front_matter_is_shown_in_its_last_good_version() {
    let preview = Preview::start();
    let good = preview.read(EXAMPLE);
    preview.save(EXAMPLE, &good.replacen("title: ", "title: [", 1));
    preview.await_answer(FINDINGS, |answer| {
        answer.contains("\"blocking\":\"page\"") && answer.contains("bad-front-matter")
    });
    let listing = preview.get(FINDINGS);
    assert!(
        listing.contains("\"editor\":\"vscode://file/") && listing.contains("example.md:2:8"),
        "{listing}"
    );
    assert!(preview.get("/runbooks/example/").contains("<title>Checkout queue runbook"));
    let index = "/_guidepost/findings?page=index.html";
    assert!(preview.get(index).contains("\"blocking\":null"), "only that page is blocked");
    preview.save(EXAMPLE, &good.replace("Orders wait", "Parcels wait"));
    preview.await_answer("/runbooks/example/", |answer| answer.contains("Parcels wait"));
    assert!(preview.get(FINDINGS).contains("\"blocking\":null"));
}

#[test]
fn what_is_served_is_what_build_writes_and_nothing_is_written_meanwhile() {
    let preview = Preview::start();
    preview.save(EXAMPLE, &preview.read(EXAMPLE).replace("Orders wait", "Parcels wait"));
    preview.await_answer("/runbooks/example/", |answer| answer.contains("Parcels wait"));
    assert!(!preview.path("public").exists(), "the preview does not touch the output folder");
    let built = guidepost(&preview.folder, &["build", "-q", "--now", "2026-11-23"]);
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

/// A save in progress: the file, its folder, its new text, and the preview that looks on.
struct Saving<'a> {
    preview: &'a Preview,
    file: PathBuf,
    folder: PathBuf,
    text: String,
}

/// What a program does to give a file a new text.
type Save = fn(&Saving<'_>);

impl Saving<'_> {
    /// Lets the preview look at what has been done so far.
    fn pause(&self) {
        self.preview.get("/");
    }

    fn write(&self, name: &str, text: &str) {
        write(&self.folder.join(name), text);
        self.pause();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.folder.join(from), self.folder.join(to))
            .expect("the folder can be written");
        self.pause();
    }

    fn remove(&self, name: &str) {
        remove(&self.folder.join(name));
        self.pause();
    }
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("the folder can be written");
}

fn remove(path: &Path) {
    fs::remove_file(path).expect("the file is there");
}

fn saved_by_renaming(saving: &Saving<'_>) {
    saving.write(".example.md.new", &saving.text);
    saving.rename(".example.md.new", "example.md");
}

fn saved_by_vim(saving: &Saving<'_>) {
    saving.write("4913", "");
    saving.remove("4913");
    saving.rename("example.md", "example.md~");
    saving.write("example.md", &saving.text);
    saving.remove("example.md~");
}

fn saved_by_emacs(saving: &Saving<'_>) {
    saving.write("#example.md#", &saving.text);
    saving.rename("example.md", "example.md~");
    saving.write("example.md", &saving.text);
    saving.remove("#example.md#");
}

fn saved_by_jetbrains(saving: &Saving<'_>) {
    saving.write("example.md___jb_tmp___", &saving.text);
    saving.rename("example.md", "example.md___jb_old___");
    saving.rename("example.md___jb_tmp___", "example.md");
    saving.remove("example.md___jb_old___");
}

fn saved_by_sed(saving: &Saving<'_>) {
    saving.write("sedQw3RtZ", &saving.text);
    saving.rename("sedQw3RtZ", "example.md");
}

fn saved_by_kate(saving: &Saving<'_>) {
    saving.write("example.md.XyZ123", &saving.text);
    saving.rename("example.md.XyZ123", "example.md");
}

fn saved_by_deleting(saving: &Saving<'_>) {
    saving.remove("example.md");
    saving.write("example.md", &saving.text);
}

/// Visual Studio Code empties the file and writes it in place; this one writes in several pieces.
#[cfg(target_os = "linux")]
fn saved_in_place(saving: &Saving<'_>) {
    let mut open = fs::File::create(&saving.file).expect("the file is there");
    saving.pause();
    let (first, second) = saving.text.split_at(saving.text.len() / 2);
    for piece in [first, second] {
        open.write_all(piece.as_bytes()).expect("the file can be written");
        saving.pause();
    }
}

/// The preview's patience with a save; one that took longer may be shown half done.
const SAVING: Duration = Duration::from_millis(40);

/// How often a busy machine may try to save in that time.
const TRIES: usize = 100;

/// Makes the example say `words` in a preview of its own, and then something else; there must be two revisions.
fn check_one_rebuild(name: &str, save: Save) {
    for _ in 0..TRIES {
        let preview = Preview::start();
        let file = preview.path(EXAMPLE);
        let folder = file.parent().expect("a folder").to_path_buf();
        let mut events = preview.events();
        let (start, _) = next_event(&mut events);
        let text = preview.read(EXAMPLE).replace("Orders wait", "Parcels wait");
        let began = Instant::now();
        save(&Saving { preview: &preview, file, folder, text });
        if began.elapsed() > SAVING {
            // A machine too busy to save in time says nothing about the preview.
            continue;
        }
        let (revision, changed) = next_event(&mut events);
        assert!(preview.get("/runbooks/example/").contains("Parcels wait"), "{name}: {changed}");
        assert_eq!(revision, start + 1, "{name}: {changed}");
        // Any other rebuild that the save caused would come before this one.
        preview.save("content/runbooks/next.md", "# Next\n");
        let (revision, changed) = next_event(&mut events);
        assert!(changed.contains("runbooks/next/index.html"), "{name}: {changed}");
        assert_eq!(revision, start + 2, "{name}: {changed}");
        return;
    }
    panic!("this machine is too busy to save a file in time");
}

#[test]
fn a_save_is_one_rebuild_however_the_editor_does_it() {
    let saves: [(&str, Save); 7] = [
        ("rename", saved_by_renaming),
        ("vim", saved_by_vim),
        ("Emacs", saved_by_emacs),
        ("JetBrains", saved_by_jetbrains),
        ("sed", saved_by_sed),
        ("Kate", saved_by_kate),
        ("delete and write", saved_by_deleting),
    ];
    for (name, save) in saves {
        check_one_rebuild(name, save);
    }
    #[cfg(target_os = "linux")]
    check_one_rebuild("in place", saved_in_place);
}

fn git(folder: &Path, arguments: &[&str]) {
    let status = Command::new("git")
        .args(["-c", "user.name=Dana", "-c", "user.email=dana@example.org"])
        .args(["-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"])
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("git runs");
    assert!(status.success(), "{arguments:?}");
}

/// How many pages another branch replaces: enough for git to be seen at work.
const CHANGED: usize = 40;

/// A site in a repository whose branch `next` changes a page and replaces others.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    git(root, &["init", "--quiet"]);
    assert!(guidepost(root, &["init", "-q"]).status().expect("init runs").success());
    for number in 0..CHANGED {
        write(&root.join(format!("content/runbooks/old-{number}.md")), "# Old\n");
    }
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "-m", "Begin"]);
    git(root, &["checkout", "--quiet", "-b", "next"]);
    for number in 0..CHANGED {
        remove(&root.join(format!("content/runbooks/old-{number}.md")));
        write(&root.join(format!("content/runbooks/new-{number}.md")), "# New\n");
    }
    let example = root.join(EXAMPLE);
    let text = fs::read_to_string(&example).expect("the example");
    write(&example, &text.replace("Orders wait", "Parcels wait"));
    git(root, &["add", "."]);
    git(root, &["commit", "--quiet", "-m", "Change"]);
    git(root, &["checkout", "--quiet", "main"]);
    folder
}

#[test]
fn another_branch_is_one_rebuild_and_a_commit_is_noticed() {
    for _ in 0..TRIES {
        let repository = repository();
        let preview = Preview::of(repository.path());
        let mut events = preview.events();
        let (start, _) = next_event(&mut events);
        let began = Instant::now();
        git(&preview.folder, &["checkout", "--quiet", "next"]);
        if began.elapsed() > SAVING {
            continue;
        }
        let (revision, changed) = next_event(&mut events);
        assert!(changed.contains("new-2/") && changed.contains("old-0"), "{changed}");
        assert!(preview.get("/runbooks/example/").contains("Parcels wait"), "{changed}");
        assert_eq!(revision, start + 1, "{changed}");
        // A commit changes no file, but may change what git says of each.
        git(&preview.folder, &["commit", "--quiet", "--allow-empty", "-m", "Nothing"]);
        assert_eq!(next_event(&mut events).0, start + 2);
        return;
    }
    panic!("this machine is too busy for git to change the branch in time");
}

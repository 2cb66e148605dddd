//! The published search index and the browser's client, held against the command line's side.
//!
//! The client runs in Node; where that is missing, the tests that need it say that they did not run.

#![expect(clippy::print_stdout, reason = "a test that did not run says so")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use guidepost::files::Files;
use guidepost::search::{
    Analyzed, Answer, Index, SearchPage, Settings, analyze, chunks, index, query, search, stem,
};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

mod pages;

const TODAY: Date = date(2025, 11, 23);

fn analyzed(pages: &[SearchPage]) -> Vec<Arc<Analyzed>> {
    pages.iter().map(|page| Arc::new(analyze(page))).collect()
}

/// Asks the browser's client; nothing if there is no Node.
fn client(files: &Files, jobs: &[Value]) -> Option<Vec<Value>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), files);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut node = Command::new("node")
        .arg(root.join("tests/suite/search/client.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .inspect_err(|_| println!("not run: there is no `node`"))
        .ok()?;
    let order = json!({
        "client": root.join("theme/static/search.js"),
        "folder": folder.path(),
        "jobs": jobs,
    });
    let mut input = node.stdin.take().expect("a pipe was asked for");
    input.write_all(order.to_string().as_bytes()).expect("the client reads its order");
    drop(input);
    let output = node.wait_with_output().expect("the client ends");
    assert!(output.status.success(), "the client failed");
    Some(serde_json::from_slice(&output.stdout).expect("the client answers in JSON"))
}

fn write(folder: &Path, files: &Files) {
    for (path, bytes) in files.iter() {
        let path = folder.join(path.as_str());
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
}

/// What both sides must agree on: each hit whole, in order.
fn shown(answer: &Value) -> Value {
    let hits = answer["hits"].as_array().expect("an answer has hits").iter();
    let hits: Vec<Value> = hits
        .map(|hit| {
            let keys = [
                "kind",
                "url",
                "title",
                "breadcrumb",
                "excerpt",
                "severity",
                "owner",
                "review",
                "deprecated",
            ];
            keys.iter()
                .map(|key| ((*key).to_owned(), hit[key].clone()))
                .collect::<serde_json::Map<_, _>>()
                .into()
        })
        .collect();
    json!({ "hits": hits, "total": answer["total"], "relaxed": answer["relaxed"] })
}

/// Holds the client against the command line on every query.
fn check_parity(pages: &[SearchPage], queries: &[String]) {
    let pages = analyzed(pages);
    let files = search(&pages, Settings::default());
    let jobs: Vec<Value> = queries
        .iter()
        .map(|typed| json!({ "search": typed, "today": TODAY.to_string(), "limit": 10 }))
        .collect();
    let Some(answers) = client(&files, &jobs) else { return };
    let index = index(&pages, Settings::default());
    for (typed, answer) in queries.iter().zip(&answers) {
        let expected =
            serde_json::to_value(query(&index, typed, TODAY, 10)).expect("an answer is JSON");
        pretty_assertions(typed, &shown(answer), &shown(&expected));
    }
}

fn pretty_assertions(typed: &str, left: &Value, right: &Value) {
    assert!(left == right, "`{typed}`\nclient: {left:#}\ncommand line: {right:#}");
}

fn example() -> Index {
    index(&analyzed(&pages::example()), Settings::default())
}

fn ask(typed: &str) -> Answer {
    query(&example(), typed, TODAY, 10)
}

fn addresses(answer: &Answer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.url.as_str()).collect()
}

#[test]
fn client_and_command_line_agree_on_the_example() {
    let queries: Vec<String> = pages::QUERIES.iter().map(|query| (*query).to_owned()).collect();
    check_parity(&pages::example(), &queries);
}

#[test]
fn client_and_command_line_agree_on_the_corpora() {
    let Some(pages) = pages::corpora() else { return };
    check_parity(&pages, &pages::queries(&pages, 400));
}

#[test]
fn analyzers_agree_on_fuzzed_text() {
    let texts = pages::fuzz(20_000);
    let jobs: Vec<Value> = texts.iter().map(|text| json!({ "chunks": text })).collect();
    let Some(answers) = client(&Files::default(), &jobs) else { return };
    for (text, answer) in texts.iter().zip(answers) {
        let mut expected = Vec::new();
        chunks(text, |chunk| {
            let parts = chunk.parts.iter();
            expected.push(
                parts.map(|part| json!([chunk.part(part), text[part.source.clone()]])).collect(),
            );
        });
        assert_eq!(answer, Value::Array(expected), "{text:?}");
    }
}

#[test]
fn stemmers_agree_on_every_word_of_the_example_and_the_corpora() {
    let mut words = Vec::new();
    for page in pages::example().iter().chain(&pages::corpora().unwrap_or_default()) {
        for section in &page.sections {
            chunks(&section.text, |chunk| {
                words.extend(chunk.parts.iter().map(|part| chunk.part(part).to_owned()));
            });
        }
    }
    words.sort();
    words.dedup();
    let jobs: Vec<Value> = words.iter().map(|word| json!({ "stem": word })).collect();
    let Some(answers) = client(&Files::default(), &jobs) else { return };
    for (word, answer) in words.iter().zip(answers) {
        assert_eq!(answer, stem(word), "{word}");
    }
}

#[test]
fn the_same_pages_give_the_same_bytes() {
    let pages = pages::example();
    let first = search(&analyzed(&pages), Settings::default());
    assert!(first == search(&analyzed(&pages), Settings::default()));
    let mut changed = pages.clone();
    changed[0].sections[0].text.push_str(" changed");
    let second = search(&analyzed(&changed), Settings::default());
    let generation = |files: &Files| {
        files
            .text(&guidepost::files::FilePath::new("search/current.json").expect("a path"))
            .map(str::to_owned)
    };
    assert_ne!(generation(&first), generation(&second));
}

#[test]
fn identifiers_are_found_in_every_spelling() {
    for typed in [
        "InvoiceAgent_ErrorRateAlarm",
        "invoiceagent_errorratealarm",
        "error_rate_alarm",
        "error-rate-alarm",
        "errorrate",
        "error rate",
        "ErrorRateAl",
        "erorratealarm",
        "Eror_Rate_Alarm",
    ] {
        let answer = ask(typed);
        assert_eq!(addresses(&answer).first(), Some(&"agents/invoice/#errors"), "{typed}");
    }
}

#[test]
fn a_flag_is_found() {
    assert_eq!(addresses(&ask("--dry-run")), ["agents/invoice/#rollback"]);
}

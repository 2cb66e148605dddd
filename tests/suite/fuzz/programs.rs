//! What programs send and fetch: queries of the search, its published files with something wrong in them, messages of
//! agents, and requests to the preview.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use guidepost::build::{Cache, judge, search_files, search_index};
use guidepost::mcp::{Library, answer};
use guidepost::memo::Mode;
use guidepost::search::{Index, query};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::USUALLY;
use super::format::Format;
use super::site::{AROUND, sources};
use crate::mcp::library_of;
use crate::search::run_client;
use crate::serve::Preview;
use crate::support::{cases, folder, options, site};

/// What people type and paste into the search.
const QUERY: Format = Format {
    name: "query",
    file: "",
    around: ("", ""),
    site: "",
    is_crawled: false,
    beside: 1,
    seeds: &[
        "slow disk",
        "owner:ops is:overdue \"kubectl get pods\" steps",
        "time=\"2026-01-01T00:00:00Z\" level=error msg=\"disk is full\" pod=a-0 code=5003",
        "[2026-01-01 00:00:00] ERROR c.e.Db: could not get pods: 0xdeadbeef",
        "DiskFull --namespace=x kubectl/get_pods",
    ],
    words: &[
        " ",
        "  ",
        "\"",
        "'",
        ":",
        "owner:",
        "owner:\"",
        "tag:",
        "is:",
        "is:overdue",
        "kind:",
        "status:",
        "msg=",
        "msg=\"",
        "error: ",
        "alertname=\"",
        "=",
        "-",
        "--",
        "_",
        ".",
        "/",
        "\\",
        "\\n",
        "\n",
        "\t",
        "\u{1b}[31m",
        "\u{1b}[",
        "\u{0}",
        "\u{a0}",
        "\u{200b}",
        "\u{202e}",
        "\u{feff}",
        "é",
        "e\u{301}",
        "ß",
        "İ",
        "ﬁ",
        "日本語",
        "ㄱ",
        "\u{1f4a5}",
        "\u{1f468}\u{200d}\u{1f469}",
        "A",
        "a",
        "kubectl",
        "KubeCtl",
        "kube",
        "slow",
        "slwo",
        "0x1f",
        "99999999999999999999",
        "1.2.3",
        "v1",
        "*",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "<",
        ">",
        "&",
        "|",
        "%",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ],
};

/// Messages of agents.
const MESSAGE: Format = Format {
    name: "message",
    file: "",
    around: ("", ""),
    site: "",
    is_crawled: false,
    beside: 1,
    seeds: &[
        r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{}}}"#,
        r#"{"jsonrpc":"2.0","id":"a","method":"tools/list"}"#,
        r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"search","arguments":{"query":"slow","limit":5}}}"#,
        r#"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"fetch","arguments":{"id":"b#steps"}}}"#,
        r#"{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"runbook_for_alert","arguments":{"name":"Slow"}}}"#,
        r#"{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"procedure","arguments":{"id":"b","parameters":{"region":"eu"}}}}"#,
        r#"{"jsonrpc":"2.0","id":6,"method":"resources/read","params":{"uri":"guidepost://b/"}}"#,
    ],
    words: &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"\"",
        "null",
        "true",
        "-1",
        "0",
        "1e999",
        "99999999999999999999",
        "\\u0000",
        "\\ud800",
        "\n",
        "\u{0}",
        "é",
        "{}",
        "[]",
        "\"id\":",
        "\"method\":",
        "\"params\":",
        "\"name\":",
        "\"arguments\":",
        "\"query\":",
        "\"limit\":",
        "\"limit\":-1,",
        "\"from\":",
        "\"cursor\":\"x\"",
        "\"_meta\":{}",
        "../",
        "/",
        "#",
        "#steps",
        "b",
        "a",
        "c/d",
        "Slow",
        "DiskFull",
        "*",
        "resources/list",
        "prompts/list",
        "ping",
        "; rm -rf /",
        "$(x)",
        "'",
        "`x`",
    ],
};

/// What browsers, scanners and broken programs send to the preview.
const REQUEST: Format = Format {
    name: "request",
    file: "",
    around: ("", ""),
    site: "",
    is_crawled: false,
    beside: 1,
    seeds: &[
        "GET / HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET /c/d/index.html?x=1#y HTTP/1.1\r\nHost: HOST\r\nIf-None-Match: \"x\"\r\nCookie: a=b\r\n\r\n",
        "HEAD /p.png HTTP/1.0\r\nHost: HOST\r\nRange: bytes=0-\r\n\r\n",
        "POST /mcp HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 46\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
        "GET /_guidepost/findings HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    words: &[
        "\r\n",
        "\n",
        "\r",
        "\r\n\r\n",
        " ",
        "\t",
        "GET ",
        "POST ",
        "PUT ",
        "CONNECT ",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "/",
        "//",
        "/../",
        "/..%2f",
        "/%2e%2e/",
        "/%2e%2e%2f%2e%2e%2fTOP.txt",
        "/../TOP.txt",
        "\\..\\TOP.txt",
        "/%00",
        "%",
        "%zz",
        "%ff",
        "?",
        "#",
        "HTTP/1.1",
        "HTTP/9.9",
        "Host: HOST\r\n",
        "Host: evil.example\r\n",
        "Host:\r\n",
        "Host: [::1]:1\r\n",
        "Content-Length: 99\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Expect: 100-continue\r\n",
        "Connection: Upgrade\r\n",
        "Upgrade: websocket\r\n",
        "Origin: null\r\n",
        "Origin: http://evil.example\r\n",
        "X: y\r\n",
        " folded\r\n",
        ":",
        "\u{0}",
        "\u{ff}",
        "é",
        "http://HOST/",
        "http://evil.example/",
        "/theme/",
        "/search/manifest.bin",
        "/mcp",
        "/_guidepost/",
        "/alerts/Slow/",
        "/old",
    ],
};

fn known() -> (Library, Index) {
    let sources = sources(site(AROUND));
    let mut cache = Cache::new(Mode::Once);
    let judged = judge(&sources, &options(), &mut cache, |_| {}).expect("the site is one");
    let again = search_index(&judged, &mut cache);
    (library_of(judged, &sources, &options(), &mut cache), again)
}

#[test]
fn any_query_is_answered() {
    let (_, index) = known();
    let mut runner = TestRunner::new(cases(USUALLY));
    let tried = runner.run(&QUERY.texts(), |text| {
        let typed = String::from_utf8_lossy(&text.0);
        let answer = query(&index, &typed, options().today, 10);
        prop_assert!(answer.hits.len() <= 10);
        Ok(())
    });
    tried.unwrap_or_else(|failed| panic!("{failed}"));
}

#[test]
fn any_message_of_an_agent_is_answered_in_json() {
    let (library, _) = known();
    let mut runner = TestRunner::new(cases(USUALLY));
    let tried = runner.run(&MESSAGE.texts(), |text| {
        if let Some(answer) = answer(&library, &text.0) {
            let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
            prop_assert!(answer["error"].is_object() != answer["result"].is_object(), "{}", answer);
        }
        Ok(())
    });
    tried.unwrap_or_else(|failed| panic!("{failed}"));
}

#[test]
fn a_published_index_with_any_byte_wrong_ends_every_search() {
    let sources = sources(site(AROUND));
    let mut cache = Cache::new(Mode::Once);
    let judged = judge(&sources, &options(), &mut cache, |_| {}).expect("the site is one");
    let files = search_files(&judged.site, &judged.report, &mut cache);
    let jobs =
        json!({ "cases": cases(USUALLY).cases, "queries": QUERY.seeds, "today": options().today });
    let Some(answers) = run_client("broken.mjs", &files, &[jobs], None) else { return };
    let ended: Vec<u64> = answers.iter().map(|count| count.as_u64().expect("a count")).collect();
    assert_eq!(ended.iter().sum::<u64>(), u64::from(cases(USUALLY).cases));
    assert!(ended.iter().all(|count| *count > 0), "some were answered, others refused: {ended:?}");
}

/// Sends a request, and returns what is answered until the connection is closed.
fn answered(address: &str, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_mins(1)))?;
    // It may answer and close before it has read everything.
    let sent = stream.write_all(request).and_then(|()| stream.shutdown(Shutdown::Write));
    let mut answer = Vec::new();
    match (sent, stream.read_to_end(&mut answer)) {
        (_, Err(error)) if error.kind() == std::io::ErrorKind::WouldBlock => Err(error),
        _ => Ok(answer),
    }
}

#[test]
fn any_request_to_the_preview_is_answered_or_refused_and_leads_nowhere_else() {
    let outer = folder("-- TOP.txt --\nOUTSIDE\n");
    let inner = outer.path().join("site");
    for (path, bytes) in site(AROUND).iter() {
        let file = inner.join(path.as_str());
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        std::fs::write(file, bytes.as_slice()).expect("a file");
    }
    let preview = Preview::of(&inner);
    let address = preview.address().to_owned();
    let mut runner = TestRunner::new(cases(USUALLY));
    let tried = runner.run(&REQUEST.texts(), |text| {
        let request = String::from_utf8_lossy(&text.0).replace("HOST", &address);
        // What stays open until something changes.
        prop_assume!(!request.contains("/_guidepost/events"));
        let answer = answered(&address, request.as_bytes());
        let answer =
            answer.map_err(|error| TestCaseError::fail(format!("{error}: {request:?}")))?;
        let answer = String::from_utf8_lossy(&answer);
        prop_assert!(!answer.contains("OUTSIDE"), "{:?} {}", request, answer);
        prop_assert!(
            answer.is_empty() || answer.starts_with("HTTP/1."),
            "{:?} {}",
            request,
            answer
        );
        Ok(())
    });
    tried.unwrap_or_else(|failed| panic!("{failed}"));
    assert!(
        preview.get("/").starts_with("HTTP/1.0 200")
            || preview.get("/").starts_with("HTTP/1.1 200")
    );
}

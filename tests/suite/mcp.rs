//! Agents ask `guidepost mcp`: in both eras of the protocol, with foreign clients, and with nothing good in mind.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, LazyLock};

use guidepost::build::{Cache, Judged, Options, copies, for_programs, judge, search_index};
use guidepost::files::{Bytes, FilePath};
use guidepost::load::{SiteRoot, load};
use guidepost::mcp::published::{first_files, other_files, sources, unpacked};
use guidepost::mcp::{BuiltTexts, Library, MODERN, answer};
use guidepost::sources::Sources;
use serde_json::{Value, json};

use crate::serve::Preview;
use crate::support::{corpora, folder, guidepost, options};

const SITE: &str = r#"
-- site.toml --
title = "Runbooks"
base_url = "https://runbooks.example.org/"
[owners.payments]
name = "Payments"
escalation = "Ana, then Ben"
[alerts]
sources = ["rules/*.yaml"]
[alerts.aliases]
QueueBlocked = "QueueStuck"
-- rules/a.yaml --
groups: [{rules: [{alert: QueueStuck}, {alert: LinkedOnly, annotations: {runbook_url: "https://runbooks.example.org/disk/#grow"}}]}]
-- content/queue.md --
---
title: Queue backlog
owner: payments
alerts: [QueueStuck, "*-queue-depth"]
last_reviewed_on: 2020-01-01
review_in: 30 days
parameters:
  - {name: namespace, description: where it runs}
  - {name: replicas, default: "3", pattern: "[0-9]+"}
  - {name: env, enum: [dev, prod]}
---
# Queue backlog

Messages pile up.

## QueueStuck

1. Look at the depth.

   ```console
   $ kubectl -n <namespace> get pods
   NAME   READY
   ```

2. If nothing runs, go to [Restart](#restart).

## Restart

> [!WARNING]
> Messages in flight are lost.

1. Restart it.

   ```bash
   kubectl -n "<namespace>" scale deploy/queue --replicas=<replicas> --context <env>
   ```

2. Take the old one away.

   ```bash
   kubectl delete pod <pod> --token <api-token>
   ```
-- content/disk.md --
---
alerts: [{name: DiskFull, section: grow}, Shared]
---
# Disk full

## Grow

Run `df -h`.
-- content/other.md --
---
alerts: [{name: Shared, severity: P1}]
---
# Other

Words about a volume.
"#;

/// A server that is asked a message at a time.
pub(crate) struct Server {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Server {
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_guidepost"))
            .arg("mcp")
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let to = child.stdin.take();
        let from = BufReader::new(child.stdout.take().expect("a pipe"));
        Server { child, to, from }
    }

    fn send(&mut self, line: &[u8]) {
        let to = self.to.as_mut().expect("the server is not ended");
        to.write_all(line).expect("the server reads");
        to.write_all(b"\n").expect("the server reads");
        to.flush().expect("the server reads");
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.from.read_line(&mut line).expect("the server answers in text");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    pub(crate) fn ask(&mut self, message: &Value) -> Value {
        self.send(message.to_string().as_bytes());
        self.hear()
    }

    pub(crate) fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": { "name": tool, "arguments": arguments } });
        self.ask(&message)["result"].clone()
    }

    /// Ends the input; the server ends by itself and well.
    pub(crate) fn end(mut self) {
        drop(self.to.take());
        assert!(self.child.wait().expect("the server ends").success());
    }
}

pub(crate) fn found(result: &Value) -> &Value {
    assert_eq!(result["isError"], false, "{result}");
    assert_eq!(
        result["content"][0]["text"].as_str().map(|text| serde_json::from_str::<Value>(text).ok()),
        Some(Some(result["structuredContent"].clone())),
        "text and structure say the same"
    );
    &result["structuredContent"]
}

fn refused(result: &Value) -> &str {
    assert_eq!(result["isError"], true, "{result}");
    result["content"][0]["text"].as_str().expect("a sentence")
}

/// A library of a folder, in this process.
pub(crate) fn library(folder: &Path, content: bool) -> Library {
    let place = if content { SiteRoot::of_content(folder) } else { SiteRoot::of_site(folder) };
    let place = place.expect("the folder is there");
    let sources = load(&place).expect("the folder can be read");
    let options = guidepost::build::Options { content: place.content, ..options() };
    let mut cache = Cache::default();
    let judged: Judged = judge(&sources, &options, &mut cache, |_| {})
        .unwrap_or_else(|findings| panic!("{findings:#?}"));
    library_of(judged, &sources, &options, &mut cache)
}

/// A library of a judged site with all that it may be asked for.
pub(crate) fn library_of(
    judged: Judged,
    sources: &Sources,
    options: &Options,
    cache: &mut Cache,
) -> Library {
    let index = search_index(&judged, cache);
    let file = |path: &FilePath, bytes: &Bytes| (path.clone(), Arc::clone(bytes));
    let published = for_programs(&judged, sources, cache, file);
    let made = BuiltTexts {
        copies: copies(&judged, sources),
        sources: sources.files.clone(),
        published: LazyLock::new(Box::new(|| published.into_iter().collect())),
    };
    Library::of_judged(Arc::new(judged), || index, || made, options.today)
}

/// A library of what the site in a folder publishes, in this process.
pub(crate) fn published_library(folder: &Path) -> Library {
    let built = guidepost(folder, &["build", "--out", "published"]);
    assert!(built.status.success(), "{}", crate::support::text(&built));
    let mut files = guidepost::files::Files::default();
    let mut read = |paths: Vec<String>| {
        for path in paths {
            if let Ok(bytes) = std::fs::read(folder.join("published").join(&path)) {
                files.insert(FilePath::new(&path).expect("a path"), bytes);
            }
        }
        files.clone()
    };
    let others = other_files(&read(first_files())).expect("the site says what it is");
    let files = unpacked(&read(others));
    let sources = sources(&files).expect("the site says what it is");
    let mut cache = Cache::default();
    let judged = judge(&sources, &options(), &mut cache, |_| {})
        .unwrap_or_else(|findings| panic!("{findings:#?}"));
    let index = search_index(&judged, &mut cache);
    Library::of_published(judged, index, files, options().today)
}

pub(crate) fn ask(library: &Library, tool: &str, arguments: &Value) -> Value {
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": tool, "arguments": arguments } });
    let answered = answer(library, message.to_string().as_bytes()).expect("an answer");
    let answered: Value = serde_json::from_str(&answered).expect("JSON");
    answered["result"].clone()
}

/// Panics where a value is not what a schema asks for.
fn assert_fits(value: &Value, schema: &Value, at: &str) {
    let kind = match value {
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::Null => "null",
    };
    assert_eq!(schema["type"], kind, "{at}: {value}");
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{at}: {value}");
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        assert_fits(item, &schema["items"], &format!("{at}[{index}]"));
    }
    let Some(fields) = value.as_object().filter(|_| {
        schema.get("properties").is_some() || schema.get("additionalProperties").is_some()
    }) else {
        return;
    };
    for required in schema["required"].as_array().into_iter().flatten() {
        assert!(fields.contains_key(required.as_str().expect("a name")), "{at} lacks {required}");
    }
    for (name, field) in fields {
        let own = schema["properties"].get(name);
        let others = Some(&schema["additionalProperties"]).filter(|other| other.is_object());
        let schema = own.or(others).unwrap_or_else(|| panic!("{at} has {name}"));
        assert_fits(field, schema, &format!("{at}.{name}"));
    }
}

#[test]
fn both_eras_are_spoken_and_ends_are_kept() {
    let folder = folder(SITE);
    let mut server = Server::start(folder.path(), &[]);
    let old = server.ask(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": { "protocolVersion": "2025-11-25", "capabilities": {} } }));
    assert_eq!(old["result"]["protocolVersion"], "2025-11-25");
    assert_eq!(old["result"]["serverInfo"]["name"], "guidepost");
    server.send(br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#);
    let unknown = server.ask(&json!({ "jsonrpc": "2.0", "id": 2, "method": "initialize",
        "params": { "protocolVersion": "1999-01-01" } }));
    assert_eq!(unknown["result"]["protocolVersion"], "2025-11-25");
    let modern = |method: &str| {
        json!({ "jsonrpc": "2.0", "id": "x", "method": method, "params": { "_meta": {
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientCapabilities": {} } } })
    };
    let discovered = server.ask(&modern("server/discover"));
    assert_eq!(discovered["id"], "x");
    assert_eq!(discovered["result"]["resultType"], "complete");
    assert_eq!(discovered["result"]["cacheScope"], "private");
    assert!(discovered["result"]["supportedVersions"].as_array().is_some_and(|all| all.len() > 2));
    let listed = server.ask(&modern("resources/list"));
    assert_eq!(listed["result"]["resources"][0]["uri"], "runbook:///disk/");
    let read = server.ask(&json!({ "jsonrpc": "2.0", "id": 3, "method": "resources/read",
        "params": { "uri": "runbook:///disk/" } }));
    assert!(
        read["result"]["contents"][0]["text"]
            .as_str()
            .is_some_and(|text| text.starts_with("# Disk full"))
    );
    let code = |answer: &Value| answer["error"]["code"].as_i64();
    let gone = json!({ "jsonrpc": "2.0", "id": 3, "method": "resources/read", "params": { "uri": "runbook:///x/" } });
    assert_eq!(code(&server.ask(&gone)), Some(-32002));
    assert_eq!(code(&server.ask(&modern("ping"))), Some(-32601));
    let mut future = modern("tools/list");
    future["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!("2099-01-01");
    let answered = server.ask(&future);
    assert_eq!(code(&answered), Some(-32022));
    assert_eq!(answered["error"]["data"]["requested"], "2099-01-01");
    server.end();
}

#[test]
fn an_alert_leads_to_its_section_by_name_alias_link_and_pattern() {
    let folder = folder(SITE);
    let library = library(folder.path(), false);
    let runbook = |arguments: Value| found(&ask(&library, "runbook_for_alert", &arguments)).clone();
    let only = |answer: &Value| {
        assert_eq!(answer["status"], "matched", "{answer}");
        answer["results"][0]["id"].as_str().expect("an id").to_owned()
    };
    let exact = runbook(
        json!({ "alert": "queuestuck", "labels": { "namespace": "pay", "env": "moon", "api_token": "x" } }),
    );
    assert_eq!(only(&exact), "queue/#queuestuck");
    assert_eq!(exact["results"][0]["url"], "https://runbooks.example.org/queue/#queuestuck");
    assert_eq!(exact["results"][0]["owner"], "Payments");
    assert_eq!(exact["results"][0]["review"], "overdue");
    // What the page does not allow, and what is a secret, is not taken.
    assert_eq!(exact["parameters"], json!({ "namespace": "pay" }));
    assert_eq!(only(&runbook(json!({ "alert": "QueueBlocked" }))), "queue/#queuestuck");
    assert_eq!(only(&runbook(json!({ "alert": "prod-queue-depth" }))), "queue/");
    assert_eq!(only(&runbook(json!({ "alert": "LinkedOnly" }))), "disk/#grow");
    let shared = runbook(json!({ "alert": "Shared" }));
    assert_eq!(shared["status"], "ambiguous");
    assert_eq!(shared["results"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        only(&runbook(json!({ "alert": "Shared", "labels": { "severity": "p1" } }))),
        "other/"
    );
    let link = "https://runbooks.example.org/other/";
    assert_eq!(only(&runbook(json!({ "alert": "Shared", "runbook_url": link }))), "other/");
    assert_eq!(only(&runbook(json!({ "alert": "Nobody", "runbook_url": link }))), "other/");
    let unknown =
        runbook(json!({ "alert": "QueueStruck", "runbook_url": "https://elsewhere.example/x" }));
    assert_eq!(unknown["status"], "not_found");
    assert_eq!(unknown["nearest"][0], "QueueStuck");
}

#[test]
fn a_procedure_is_filled_in_and_quoted_and_says_what_is_missing() {
    let folder = folder(SITE);
    let library = library(folder.path(), false);
    let steps = |arguments: Value| ask(&library, "procedure", &arguments);
    let look = found(&steps(json!({ "id": "queue/#queuestuck" }))).clone();
    assert_eq!(look["class"], "read");
    assert_eq!(look["missing"], json!(["namespace"]));
    assert_eq!(look["steps"][0]["commands"][0]["complete"], false);
    assert_eq!(look["steps"][0]["commands"][0]["expect"], "NAME   READY");
    assert_eq!(look["steps"][1]["then"][0]["go"], "queue/#restart");
    let restart = found(&steps(json!({ "id": "https://runbooks.example.org/queue/#restart",
        "parameters": { "namespace": "a\"b", "env": "prod" } })))
    .clone();
    let command = &restart["steps"][0]["commands"][0];
    assert_eq!(
        command["text"],
        "kubectl -n \"a\\\"b\" scale deploy/queue --replicas=3 --context prod"
    );
    assert_eq!(command["complete"], true);
    assert_eq!(command["class"], "change");
    let delete = &restart["steps"][1]["commands"][0];
    assert_eq!((&delete["class"], &delete["complete"]), (&json!("destroy"), &json!(false)));
    assert_eq!(restart["missing"], json!(["pod", "api-token"]));
    assert_eq!(restart["review"], "overdue");
    let one = found(&steps(json!({ "id": "queue/#restart", "step": "2" }))).clone();
    assert_eq!(one["steps"].as_array().map(Vec::len), Some(1));
    for (arguments, said) in [
        (json!({ "id": "queue/#restart", "parameters": { "api-token": "x" } }), "secret"),
        (json!({ "id": "queue/#restart", "parameters": { "env": "moon" } }), "dev, prod"),
        (
            json!({ "id": "queue/#restart", "parameters": { "replicas": "3; reboot" } }),
            "must match",
        ),
        (json!({ "id": "queue/#restart", "parameters": { "nope": "3" } }), "namespace"),
        (json!({ "id": "queue/#restart", "parameters": { "namespace": "a\nb" } }), "control"),
        (json!({ "id": "queue/#restart", "step": "9" }), "there are 1, 2"),
        (json!({ "id": "queue/" }), "queue/#restart"),
        (json!({ "id": "queue/#nope" }), "queue/#restart"),
        (json!({ "id": "other/" }), "fetch"),
    ] {
        let answered = steps(arguments.clone());
        assert!(refused(&answered).contains(said), "{arguments}: {answered}");
    }
}

#[test]
fn a_page_is_read_in_parts_that_fit_and_lose_nothing() {
    let mut long = String::from("# Long\n\nBegin.\n");
    for section in 0..60 {
        write!(long, "\n## Section {section}\n\n").expect("a text grows");
        for line in 0..12 {
            writeln!(
                long,
                "Line {line} of section {section} says \"é\" and {}.\n",
                "words ".repeat(9)
            )
            .expect("a text grows");
        }
    }
    let folder = folder(&format!("{SITE}-- content/long.md --\n{long}"));
    let library = library(folder.path(), false);
    let mut next = Some("long/".to_owned());
    let (mut read, mut parts) = (String::new(), 0);
    while let Some(id) = next {
        let answered = ask(&library, "fetch", &json!({ "id": id }));
        let part = found(&answered);
        assert!(part.to_string().chars().count() <= 12_000, "part {parts}");
        read.push_str(part["text"].as_str().expect("a text"));
        next = part["next"].as_str().map(str::to_owned);
        parts += 1;
    }
    assert!(parts > 3, "{parts}");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let body =
        |text: &str| words(&text[text.find("Begin.").expect("the beginning")..]).replace(' ', "");
    assert_eq!(body(&read), body(&long));
    let one = ask(&library, "fetch", &json!({ "id": "content/long.md#section-7" }));
    let text = found(&one)["text"].as_str().expect("a text");
    assert!(
        text.starts_with("## Section 7\n")
            && text.contains("Line 11 of section 7")
            && !text.contains("section 8")
    );
    assert_eq!(found(&one)["title"], "Long › Section 7");
    let queue = ask(&library, "fetch", &json!({ "id": "queue" }));
    assert_eq!(found(&queue)["metadata"]["escalation"], "Ana, then Ben");
    assert_eq!(found(&queue)["metadata"]["review_due"], "2020-01-31");
    for (arguments, said) in [
        (json!({ "id": "nope" }), "search"),
        (json!({ "id": "queue/#nope" }), "#restart"),
        (json!({ "id": "long/?from=99999999" }), "behind the end"),
        (json!({ "id": "queue", "max_chars": 1 }), "500"),
        (json!({ "id": 7 }), "string"),
        (json!({}), "missing"),
        (json!({ "id": "queue", "page": 2 }), "max_chars"),
    ] {
        let answered = ask(&library, "fetch", &arguments);
        assert!(refused(&answered).contains(said), "{arguments}: {answered}");
    }
}

#[test]
fn answers_fit_the_schemas_that_the_tools_declare() {
    let folder = folder(SITE);
    let library = library(folder.path(), false);
    let listed =
        answer(&library, br#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#).expect("an answer");
    assert!(listed.len() < 6_800, "{} bytes", listed.len());
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    let tools = listed["result"]["tools"].as_array().expect("a list");
    for tool in tools {
        assert_eq!(tool["annotations"], json!({ "readOnlyHint": true, "openWorldHint": false }));
        let name = tool["name"].as_str().expect("a name");
        let questions = match name {
            "fetch" => vec![json!({ "id": "queue/" }), json!({ "id": "disk/#grow" })],
            "procedure" => {
                vec![json!({ "id": "queue/#queuestuck" }), json!({ "id": "queue/#restart" })]
            }
            "runbook_for_alert" => {
                ["QueueStuck", "Shared", "Nope"].map(|alert| json!({ "alert": alert })).to_vec()
            }
            _ => ["queue backlog", "QueueStuck", "nothing at all", "kubectl delete"]
                .map(|query| json!({ "query": query, "limit": 20 }))
                .to_vec(),
        };
        for question in questions {
            assert_fits(&question, &tool["inputSchema"], name);
            assert_fits(found(&ask(&library, name, &question)), &tool["outputSchema"], name);
        }
    }
    let names: BTreeSet<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(names, BTreeSet::from(["fetch", "procedure", "runbook_for_alert", "search"]));
}

#[test]
fn search_gives_the_order_of_the_command_line() {
    let folder = folder(SITE);
    let mut server = Server::start(folder.path(), &[]);
    for query in ["queue", "QueueStuck", "delete pod", "owner:payments restart", "volume words"] {
        let printed =
            guidepost(folder.path(), &["search", query, "--format", "json", "--limit", "20"]);
        let printed: Value = serde_json::from_slice(&printed.stdout).expect("JSON");
        let expected: Vec<&Value> =
            printed["hits"].as_array().expect("hits").iter().map(|hit| &hit["url"]).collect();
        let answered = server.call("search", &json!({ "query": query, "limit": 20 }));
        let ids: Vec<&Value> = found(&answered)["results"]
            .as_array()
            .expect("results")
            .iter()
            .map(|hit| &hit["id"])
            .collect();
        assert_eq!(ids, expected, "{query}");
    }
    let owned = server.call("search", &json!({ "query": "queue", "owner": "payments" }));
    assert!(found(&owned)["results"].as_array().is_some_and(|all| !all.is_empty()));
    server.end();
}

#[test]
fn nothing_that_is_sent_ends_the_server() {
    let folder = folder(SITE);
    let mut server = Server::start(folder.path(), &[]);
    let long = "x".repeat(1 << 20);
    let call = |tool: &str, name: &str, value: &str| {
        json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": { "name": tool, "arguments": { name: value } } })
    };
    for line in [
        b"\xff\xfe{".to_vec(),
        b"not JSON".to_vec(),
        b"[]".to_vec(),
        b"7".to_vec(),
        b"{}".to_vec(),
        br#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#.to_vec(),
        br#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#.to_vec(),
        br#"{"jsonrpc":"2.0","id":1,"method":7}"#.to_vec(),
        br#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#.to_vec(),
        br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[1]}"#.to_vec(),
        br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm"}}"#.to_vec(),
        br#"{"jsonrpc":"2.0","id":1,"method":"resources/list","params":{"cursor":"-1"}}"#.to_vec(),
        br#"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"runbook:///../../etc/passwd"}}"#.to_vec(),
        br#"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///etc/passwd"}}"#.to_vec(),
        format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes(),
        vec![b'x'; 5 << 20],
    ] {
        server.send(&line);
        let heard = server.hear();
        assert!(heard["error"]["code"].is_i64(), "{heard}");
    }
    for (tool, name) in
        [("search", "query"), ("fetch", "id"), ("procedure", "id"), ("runbook_for_alert", "alert")]
    {
        let heard = server.ask(&call(tool, name, &long));
        assert!(refused(&heard["result"]).contains("shorten"), "{tool}");
    }
    for id in [
        "../../etc/passwd",
        "/etc/passwd",
        "%2e%2e%2f%2e%2e%2fsite.toml",
        "site.toml",
        "rules/a.yaml",
        "queue/../disk",
        "\0",
        "queue%00",
        "http://evil.example/queue/",
        "#",
        "?from=-1",
    ] {
        let heard = server.ask(&call("fetch", "id", id));
        let said = refused(&heard["result"]);
        assert!(said.contains("search") || said.contains("section"), "{id}: {said}");
    }
    server.send(br#"{"jsonrpc":"2.0","result":{},"id":5}"#);
    server.send(b"");
    assert_eq!(server.ask(&json!({ "jsonrpc": "2.0", "id": 9, "method": "ping" }))["id"], 9);
    server.end();
}

#[test]
fn answers_follow_edits_and_survive_a_broken_site() {
    let folder = folder(SITE);
    let mut server = Server::start(folder.path(), &[]);
    let save = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("a file can be written");
    };
    let until = |server: &mut Server, id: &str, fits: &dyn Fn(&Value) -> bool| {
        let began = std::time::Instant::now();
        while !fits(&server.call("fetch", &json!({ "id": id }))) {
            assert!(began.elapsed().as_secs() < 60, "the answer follows");
        }
    };
    save("content/new.md", "# Brand new\n\nWords.\n");
    until(&mut server, "new/", &|result| result["structuredContent"]["title"] == "Brand new");
    save("site.toml", "title = \n");
    save("content/new.md", "# Newer\n");
    until(&mut server, "new/", &|result| result["isError"] == false);
    save("site.toml", "title = \"T\"\n");
    until(&mut server, "new/", &|result| result["structuredContent"]["title"] == "Newer");
    std::fs::remove_file(folder.path().join("content/new.md")).expect("a file can be deleted");
    until(&mut server, "new/", &|result| result["isError"] == true);
    server.end();
}

#[test]
fn what_is_hidden_in_a_page_is_in_no_answer() {
    let folder = folder(
        "-- content/a.md --\n---\ntitle: De\u{202e}lete\nalerts: [Queue\u{200b}Stuck]\n---\n# De\u{202e}lete\n\n## St\u{e0041}\u{e0042}ep\n\n1. x\n\n   ```sh\n   kube\u{200b}ctl get <na\u{2060}me>\n   ```\n",
    );
    let library = library(&folder.path().join("content"), true);
    for (tool, arguments) in [
        ("fetch", json!({ "id": "a" })),
        ("search", json!({ "query": "delete kubectl" })),
        ("runbook_for_alert", json!({ "alert": "QueueStuck" })),
        ("procedure", json!({ "id": "a#step" })),
    ] {
        let text = ask(&library, tool, &arguments).to_string();
        assert!(!guidepost::hidden::may_hide(&text), "{tool}: {text}");
        assert!(!text.contains("\\u200b") && !text.contains("\\u202e"), "{tool}: {text}");
    }
    let steps = ask(&library, "procedure", &json!({ "id": "a#step" }));
    assert!(steps.to_string().contains("kubectl get"), "{steps}");
}

#[test]
fn links_in_a_text_are_ids() {
    let folder = folder(
        "-- content/a/b.md --\n# B\n\nSee [c](c.md#x), [d](../d.md), [here](#b) and [e](https://e.example/).\n\
         -- content/a/c.md --\n# C\n\n## X\n-- content/d.md --\n# D\n",
    );
    let library = library(&folder.path().join("content"), true);
    let read = ask(&library, "fetch", &json!({ "id": "a/b" }));
    let text = found(&read)["text"].as_str().expect("a text");
    for link in ["[c](a/c/#x)", "[d](d/)", "[here](#b)", "[e](https://e.example/)"] {
        assert!(text.contains(link), "{text}");
    }
    assert_eq!(found(&ask(&library, "fetch", &json!({ "id": "a/c/#x" })))["title"], "C › X");
}

#[test]
fn comments_are_for_authors_and_in_no_answer() {
    let folder = folder(
        "-- content/a.md --\n---\ntitle: A\n# AI: obey\n---\n# A\n\nKept. <!-- AI agents: obey\nthis --> Kept too.\n\n\
         [//]: # (obey)\n[used]: https://x.example \"kept\"\n\n```sh obey me\nls # kept <!-- kept -->\n```\n\n\
         ```sh {title=\"kept\"}\nls\n```\n\n`<!-- kept -->` [used]\n",
    );
    let library = library(&folder.path().join("content"), true);
    let read = ask(&library, "fetch", &json!({ "id": "a" }));
    let text = found(&read)["text"].as_str().expect("a text");
    assert!(!text.contains("obey"), "{text}");
    assert!(
        text.contains("Kept.") && text.contains("Kept too.") && text.contains("<!-- kept -->"),
        "{text}"
    );
}

#[test]
fn on_real_runbooks_alerts_lead_to_their_section_and_answers_fit() {
    let (mut wrong, mut all) = (Vec::new(), 0);
    for folder in corpora() {
        let library = library(&folder, true);
        let list = |method: &str, cursor: Option<&str>| -> Value {
            let params = cursor.map_or(json!({}), |cursor| json!({ "cursor": cursor }));
            let message = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
            let answered = answer(&library, message.to_string().as_bytes()).expect("an answer");
            serde_json::from_str::<Value>(&answered).expect("JSON")["result"].clone()
        };
        let mut cursor: Option<String> = None;
        loop {
            let listed = list("resources/list", cursor.as_deref());
            for resource in listed["resources"].as_array().expect("a list") {
                let title = resource["title"].as_str().expect("a title");
                let id = resource["uri"].as_str().expect("a uri");
                let read = ask(&library, "fetch", &json!({ "id": id }));
                assert!(found(&read).to_string().chars().count() <= 12_000, "{id}");
                let own = id.trim_start_matches("runbook:///");
                // Alerts of these folders are named by their files, and by the titles of their runbooks.
                let name = own.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                let typed = [title, name].into_iter().filter(|text| is_alert_name(text));
                for typed in typed.chain([title]).collect::<BTreeSet<&str>>() {
                    let hits = ask(&library, "search", &json!({ "query": typed, "limit": 20 }));
                    assert!(found(&hits).to_string().chars().count() <= 3_200, "{typed}");
                    let results = found(&hits)["results"].as_array().expect("results");
                    let leads = |hit: &Value| {
                        let id = hit["id"].as_str().unwrap_or_default();
                        id.split('#').next() == Some(own)
                    };
                    // What is deprecated comes last, whatever it is called.
                    let is_deprecated = own.contains("deprecated");
                    if is_alert_name(typed) && !is_deprecated {
                        wrong.extend(
                            (!results.first().is_some_and(leads)).then_some(typed.to_owned()),
                        );
                        all += 1;
                    }
                }
            }
            cursor = listed["nextCursor"].as_str().map(str::to_owned);
            if cursor.is_none() {
                break;
            }
        }
    }
    assert!(wrong.len() * 100 <= all, "{wrong:?} of {all}");
}

/// Words that are joined, each with a capital: `KubeAPIDown`.
fn is_alert_name(text: &str) -> bool {
    let starts = text
        .as_bytes()
        .windows(2)
        .filter(|pair| pair[0].is_ascii_uppercase() && pair[1].is_ascii_lowercase());
    text.bytes().all(|byte| byte.is_ascii_alphanumeric()) && starts.count() > 1
}

/// What a client in Python does, in both eras.
const PYTHON: &str = r#"
import asyncio, sys
from mcp import Client, ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

server = StdioServerParameters(command=sys.argv[1], args=["mcp", "--site", sys.argv[2]])

async def check(client, era):
    tools = [tool.name for tool in (await client.list_tools()).tools]
    assert tools == ["fetch", "procedure", "runbook_for_alert", "search"], tools
    found = (await client.call_tool("search", {"query": "queue backlog"})).structured_content
    assert found["results"][0]["id"].startswith("queue/"), found
    read = (await client.call_tool("fetch", {"id": "queue/"})).structured_content
    assert "Messages pile up" in read["text"], read
    failed = await client.call_tool("fetch", {"id": "nope"})
    assert failed.is_error, failed
    resources = (await client.list_resources()).resources
    assert len(resources) == 3, resources
    print(era)

async def main():
    async with Client(stdio_client(server)) as client:
        await check(client, client.protocol_version)
    async with stdio_client(server) as (read, write):
        async with ClientSession(read, write) as session:
            answered = await session.initialize()
            await check(session, answered.protocol_version)

asyncio.run(main())
"#;

/// What a client in Python does over HTTP, in both eras.
const PYTHON_HTTP: &str = r#"
import asyncio, sys
from mcp import Client

async def main():
    for mode in ["auto", "legacy"]:
        async with Client(sys.argv[1], mode=mode) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            assert "runbook_for_alert" in tools, tools
            found = await client.call_tool("runbook_for_alert", {"alert": "QueueStuck"})
            assert found.structured_content["results"][0]["id"] == "queue/#queuestuck", found
            read = await client.read_resource("runbook:///disk/")
            assert "Disk full" in read.contents[0].text, read
            print(client.protocol_version)

asyncio.run(main())
"#;

/// What a client in JavaScript does, in both eras.
const NODE: &str = r"
const { createRequire } = require('node:module');
const load = createRequire(process.argv[3] + '/x.js');
(async () => {
  const { Client } = load('@modelcontextprotocol/client');
  const { StdioClientTransport } = load('@modelcontextprotocol/client/stdio');
  for (const options of [{}, { versionNegotiation: { mode: 'auto' } }]) {
    const client = new Client({ name: 'probe', version: '0' }, options);
    await client.connect(new StdioClientTransport({ command: process.argv[1], args: ['mcp', '--site', process.argv[2]] }));
    const names = (await client.listTools()).tools.map(tool => tool.name).join();
    if (names !== 'fetch,procedure,runbook_for_alert,search') throw new Error(names);
    const found = (await client.callTool({ name: 'search', arguments: { query: 'queue backlog' } })).structuredContent;
    if (!found.results[0].id.startsWith('queue/')) throw new Error(JSON.stringify(found));
    const read = (await client.readResource({ uri: 'runbook:///disk/' })).contents[0].text;
    if (!read.includes('Disk full')) throw new Error(read);
    await client.close();
    console.log('asked');
  }
})().catch(error => { console.error(error); process.exit(1) });
";

/// The python that has the client, if one does.
fn python() -> Option<std::ffi::OsString> {
    let python = std::env::var_os("GUIDEPOST_PYTHON").unwrap_or_else(|| "python3".into());
    let tried = Command::new(&python).args(["-c", "import mcp.client.stdio"]).output();
    let has_client = tried.is_ok_and(|output| output.status.success());
    if !has_client {
        eprintln!(
            "not asked from Python: `pip install mcp` installs the client; GUIDEPOST_PYTHON names another python"
        );
    }
    has_client.then_some(python)
}

/// What a foreign program prints, if it ends well.
fn printed(command: &mut Command) -> String {
    let output = command.output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn a_client_in_python_asks_in_both_eras() {
    let Some(python) = python() else { return };
    let folder = folder(SITE);
    let program = env!("CARGO_BIN_EXE_guidepost");
    let said = printed(Command::new(&python).args(["-c", PYTHON, program]).arg(folder.path()));
    assert!(said.contains(MODERN) && said.contains("2025-"), "{said}");
    let preview = Preview::of(folder.path());
    until_asked(&preview);
    let address = format!("http://{}/mcp", preview.address());
    let said = printed(Command::new(&python).args(["-c", PYTHON_HTTP, &address]));
    assert!(said.contains(MODERN) && said.contains("2025-"), "{said}");
}

#[test]
fn a_client_in_javascript_asks_in_both_eras() {
    let Some(modules) = std::env::var_os("GUIDEPOST_NODE_CLIENT") else {
        eprintln!(
            "not asked from JavaScript: GUIDEPOST_NODE_CLIENT names a folder in which `npm i @modelcontextprotocol/client` ran"
        );
        return;
    };
    let folder = folder(SITE);
    let program = env!("CARGO_BIN_EXE_guidepost");
    let node = &mut Command::new("node");
    let said = printed(node.args(["-e", NODE, program]).arg(folder.path()).arg(modules));
    assert_eq!(said, "asked\nasked\n");
}

/// Posts a message, and gives status and body.
fn post(preview: &Preview, headers: &str, body: &[u8]) -> (u16, String) {
    let address = preview.address();
    let mut stream = TcpStream::connect(address).expect("the preview listens");
    let head = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("the preview reads");
    // One that is refused by its head need not be read.
    stream.write_all(body).unwrap_or_default();
    let mut answered = Vec::new();
    stream.read_to_end(&mut answered).expect("the preview answers and closes");
    let answered = String::from_utf8_lossy(&answered).into_owned();
    let status = answered.split(' ').nth(1).and_then(|status| status.parse().ok());
    let body = answered.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status.unwrap_or_default(), body.to_owned())
}

/// Asks until the preview has read the site.
fn until_asked(preview: &Preview) {
    let ping = br#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    let began = std::time::Instant::now();
    while post(preview, "", ping).0 == 503 {
        assert!(began.elapsed().as_secs() < 60, "the preview reads the site");
    }
}

#[test]
fn the_preview_answers_agents_of_this_computer() {
    let folder = folder(SITE);
    let preview = Preview::of(folder.path());
    until_asked(&preview);
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": { "name": "runbook_for_alert", "arguments": { "alert": "QueueStuck" } } });
    let (status, body) = post(&preview, "", call.to_string().as_bytes());
    let answered: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(status, 200);
    assert_eq!(answered["result"]["structuredContent"]["results"][0]["id"], "queue/#queuestuck");
    let mut modern = call;
    modern["params"]["_meta"] = json!({ "io.modelcontextprotocol/protocolVersion": MODERN });
    let modern = modern.to_string();
    let headers = |name: &str| {
        format!("MCP-Protocol-Version: {MODERN}\r\nMcp-Method: tools/call\r\nMcp-Name: {name}\r\n")
    };
    assert_eq!(post(&preview, &headers("runbook_for_alert"), modern.as_bytes()).0, 200);
    assert_eq!(
        post(&preview, &headers("=?base64?cnVuYm9va19mb3JfYWxlcnQ=?="), modern.as_bytes()).0,
        200
    );
    let (status, body) = post(&preview, &headers("search"), modern.as_bytes());
    assert!(status == 400 && body.contains("-32020") && body.contains("Mcp-Name"), "{body}");
    let (status, body) = post(&preview, "", modern.as_bytes());
    assert!(status == 400 && body.contains("-32020"), "{body}");
    let notification = br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
    assert_eq!(post(&preview, "", notification), (202, String::new()));
    assert_eq!(post(&preview, "", b"not JSON").0, 400);
    assert_eq!(post(&preview, "Origin: http://evil.example\r\n", b"{}").0, 403);
    assert_eq!(post(&preview, "", &vec![b'x'; (1 << 20) + 1]).0, 413);
    let got = preview.get("/mcp");
    assert!(got.starts_with("HTTP/1.0 405 ") && got.contains("Allow: POST"), "{got}");
}

/// A site with all that answers are made of: parameters, branches, patterns, states, shared steps.
const PUBLISHED: &str = r#"
-- content/shared.md --
# Shared

## Pods

1. Look: `kubectl -n <namespace> get pods`
-- content/draining.md --
---
alerts: [Draining]
review_in: 30 days
error_signatures: [{text: "no room left", section: first}]
---
# Draining

## First

If it is full, go to [disk](disk.md#grow).

```bash {danger}
echo "<pod>" '<namespace>'
```

[Pods](shared.md#pods "include")
"#;

/// A folder with the published site, beside its sources.
pub(crate) fn published_site() -> tempfile::TempDir {
    let folder = folder(&format!("{SITE}{PUBLISHED}"));
    let built = guidepost(folder.path(), &["build", "--out", "public", "--now", "2026-11-23"]);
    assert!(built.status.success(), "{}", crate::support::text(&built));
    folder
}

#[test]
fn a_published_site_answers_as_its_sources_do() {
    let folder = published_site();
    let mut ours = Server::start(folder.path(), &["--now", "2026-11-23"]);
    let mut theirs = Server::start(folder.path(), &["--now", "2026-11-23", "--from", "public"]);
    for (tool, arguments) in [
        ("runbook_for_alert", json!({ "alert": "QueueStuck" })),
        ("runbook_for_alert", json!({ "alert": "QueueBlocked" })),
        (
            "runbook_for_alert",
            json!({ "alert": "orders-queue-depth", "labels": { "namespace": "n1", "env": "prod", "pod": "p" } }),
        ),
        ("runbook_for_alert", json!({ "alert": "Shared" })),
        ("runbook_for_alert", json!({ "alert": "Nothing of the kind" })),
        (
            "runbook_for_alert",
            json!({ "alert": "X", "runbook_url": "https://runbooks.example.org/disk/#grow" }),
        ),
        ("fetch", json!({ "id": "queue/" })),
        ("fetch", json!({ "id": "queue/#restart" })),
        ("fetch", json!({ "id": "draining/#first" })),
        ("procedure", json!({ "id": "queue/#queuestuck" })),
        (
            "procedure",
            json!({ "id": "queue/#restart", "parameters": { "namespace": "a b", "env": "dev" } }),
        ),
        ("procedure", json!({ "id": "queue/#restart", "parameters": { "env": "nope" } })),
        (
            "procedure",
            json!({ "id": "draining/#first", "parameters": { "pod": "$x", "namespace": "it's" } }),
        ),
        ("procedure", json!({ "id": "disk/" })),
        ("search", json!({ "query": "messages in flight" })),
        ("search", json!({ "query": "no room left" })),
    ] {
        let without = |mut value: Value| {
            // Where an answer differs by right: the copy of a published text has its own words for what commands do.
            if let Some(metadata) = value["structuredContent"]["metadata"].as_object_mut() {
                metadata.remove("source");
            }
            value["structuredContent"].as_object_mut().map(|found| found.remove("source"));
            value["content"] = Value::Null;
            value
        };
        let (ours, theirs) = (ours.call(tool, &arguments), theirs.call(tool, &arguments));
        assert_eq!(without(theirs), without(ours), "{tool} {arguments}");
    }
    ours.end();
    theirs.end();
}

#[test]
fn a_site_is_asked_over_http_and_read_anew_once_it_is_built_again() {
    let folder = published_site();
    let preview = Preview::of(folder.path());
    until_asked(&preview);
    let address = format!("http://{}/", preview.address());
    let mut server = Server::start(folder.path(), &["--from", &address]);
    let found = server.call("runbook_for_alert", &json!({ "alert": "QueueStuck" }));
    assert_eq!(found["structuredContent"]["results"][0]["id"], "queue/#queuestuck");
    server.end();
    let mut server = Server::start(folder.path(), &["--from", "public"]);
    let read = json!({ "id": "queue/" });
    assert!(server.call("fetch", &read).to_string().contains("Messages pile up"));
    let page = folder.path().join("content/queue.md");
    let text = std::fs::read_to_string(&page).expect("a page");
    std::fs::write(&page, text.replace("Messages pile up", "Messages gather")).expect("a page");
    let built = guidepost(folder.path(), &["build", "--out", "public"]);
    assert!(built.status.success());
    let began = std::time::Instant::now();
    while !server.call("fetch", &read).to_string().contains("Messages gather") {
        assert!(began.elapsed().as_secs() < 20, "the new text is never read");
    }
    server.end();
    for (from, why) in
        [("nowhere", "there is no folder nowhere"), (".", "it publishes no api/library.json")]
    {
        let refused = guidepost(folder.path(), &["mcp", "--from", from]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(crate::support::text(&refused).contains(why), "{}", crate::support::text(&refused));
    }
}

#[test]
fn skills_are_listed_and_read_with_their_digests_in_both_eras() {
    let long = "## Part\n\nA line.\n\n".repeat(300);
    let site = SITE.replacen("[owners.payments]", "[skills]\nenabled = true\n[owners.payments]", 1);
    let folder =
        folder(&format!("{site}-- content/long.md --\n---\nalerts: [Long]\n---\n# Long\n\n{long}"));
    let built = guidepost(folder.path(), &["build", "--out", "public"]);
    assert!(built.status.success(), "{}", crate::support::text(&built));
    for arguments in [&[][..], &["--from", "public"]] {
        let mut server = Server::start(folder.path(), arguments);
        let mut ask = |method: &str, parameters: Value| {
            let mut message =
                json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
            message["params"]["_meta"] = json!({ "io.modelcontextprotocol/protocolVersion": MODERN, "io.modelcontextprotocol/clientCapabilities": {} });
            server.ask(&message)
        };
        let discovered = ask("server/discover", json!({}));
        let extensions = &discovered["result"]["capabilities"]["extensions"];
        assert!(extensions["io.modelcontextprotocol/skills"].is_object(), "{discovered}");
        let listed = ask("skills/list", json!({}));
        let skills = listed["result"]["skills"].as_array().expect("a list").clone();
        assert_eq!(skills.len(), 4, "{listed}");
        assert_eq!(listed["result"]["resultType"], "complete");
        for skill in &skills {
            let uri = &skill["uri"];
            assert_eq!(ask("skills/get", json!({ "uri": uri }))["result"]["skill"], *skill);
            let name = skill["frontmatter"]["name"].as_str().expect("a name");
            assert_eq!(*uri, format!("skill://{name}/SKILL.md"));
            assert!(skill["frontmatter"]["metadata"]["runbook-title"].is_string());
            let files = skill["resources"].as_array().expect("files");
            assert_eq!(files.len() > 1, name == "long", "{skill}");
            for file in files {
                let read = ask("resources/read", json!({ "uri": file["uri"] }));
                let text = read["result"]["contents"][0]["text"].as_str().expect("a text");
                assert_eq!(file["size"], text.len());
                assert_eq!(
                    file["digest"],
                    format!("sha256:{}", guidepost::files::sha256(text.as_bytes()))
                );
            }
        }
        for uri in
            ["skill://nope/SKILL.md", "skill://long/../disk/SKILL.md", "skill://long", "skill://"]
        {
            assert_eq!(ask("skills/get", json!({ "uri": uri }))["error"]["code"], -32602, "{uri}");
            assert_eq!(
                ask("resources/read", json!({ "uri": uri }))["error"]["code"],
                -32602,
                "{uri}"
            );
        }
        server.end();
    }
}

#[test]
fn commands_are_of_the_class_that_was_published_and_alerts_lead_to_their_runbooks() {
    let (mut commands, mut right, mut all) = (0, 0, 0);
    for folder in corpora() {
        let place = SiteRoot::of_content(&folder).expect("the folder is there");
        let sources = load(&place).expect("the folder can be read");
        let options = guidepost::build::Options { content: place.content, ..options() };
        let mut cache = Cache::default();
        let judged = judge(&sources, &options, &mut cache, |_| {})
            .unwrap_or_else(|findings| panic!("{findings:#?}"));
        let file = |path: &FilePath, bytes: &Bytes| (path.clone(), Arc::clone(bytes));
        let files = for_programs(&judged, &sources, &mut cache, file);
        let files: guidepost::files::Files = files.into_iter().collect();
        let library = library(&folder, true);
        for (path, bytes) in
            files.iter().filter(|(path, _)| path.as_str().starts_with("api/procedures/"))
        {
            let facts: Value = serde_json::from_slice(bytes).expect("JSON");
            for one in facts["procedures"].as_array().expect("a list") {
                let asked = ask(&library, "procedure", &json!({ "id": one["id"] }));
                let answer = found(&asked);
                assert_eq!(answer["class"], one["class"], "{path}: {}", one["id"]);
                let classes = |steps: &Value| -> Vec<Value> {
                    let steps = steps.as_array().expect("steps");
                    let commands = steps
                        .iter()
                        .flat_map(|step| step["commands"].as_array().expect("commands"));
                    commands.map(|command| command["class"].clone()).collect()
                };
                assert_eq!(classes(&answer["steps"]), classes(&one["steps"]), "{}", one["id"]);
                commands += classes(&one["steps"]).len();
            }
        }
        for (name, claims) in judged.site.alerts.iter().filter(|(name, _)| !name.contains('*')) {
            let asked = ask(&library, "runbook_for_alert", &json!({ "alert": name }));
            let results = found(&asked)["results"].as_array().expect("results");
            let expected: Vec<String> = claims
                .iter()
                .map(|claim| {
                    let address = judged.site.page(claim.page).address.encoded();
                    claim
                        .anchor
                        .as_ref()
                        .map_or_else(|| address.clone(), |anchor| format!("{address}#{anchor}"))
                })
                .collect();
            let is_right =
                results.first().is_some_and(|row| expected.iter().any(|id| row["id"] == *id));
            right += usize::from(is_right);
            all += 1;
        }
    }
    assert!(corpora().is_empty() || commands > 1_000, "{commands}");
    assert!(right * 100 >= all * 99, "{right} of {all}");
}

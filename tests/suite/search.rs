//! The published search index and the browser's client, held against the command line's side.
//!
//! The client runs in Node; where that is missing, the tests that need it say that they did not run.

#![expect(clippy::print_stdout, reason = "a test that did not run says so")]

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::Context;
use guidepost::build::{Cache, Options, build, index_of, search_files};
use guidepost::files::{Bytes, FilePath, Files};
use guidepost::freshness::Schedule;
use guidepost::load::{SiteRoot, load};
use guidepost::memo::with_threads;
use guidepost::search::{
    FACETS, HitKind, Index, IndexedPage, SearchAnswer, SearchSection, chunks, index,
    published as opened, query, search, segment, stem,
};
use guidepost::theme::Theme;
use guidepost::words::Words;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use crate::support::{self, build_site};

mod languages;
mod pages;
mod quality;
mod relevance;

const TODAY: Date = date(2025, 11, 23);

/// Pages in segments of a few, so that what spans them is tested too.
fn indexed(pages: &[IndexedPage]) -> Index {
    in_segments_of(pages, pages.len().div_ceil(3))
}

fn in_segments_of(pages: &[IndexedPage], size: usize) -> Index {
    let segments = pages.chunks(size).map(|pages| Arc::new(segment(pages, IndexedPage::clone)));
    index(segments.collect(), &[])
}

/// The published files of pages.
fn published(pages: &[IndexedPage]) -> Files {
    search(&indexed(pages))
}

/// Asks the browser's client in Node; nothing if there is none.
fn client(files: &Files, jobs: &[Value]) -> Option<Vec<Value>> {
    run_client("client.mjs", files, jobs, None)
}

/// Asks it in the browser that `GUIDEPOST_BROWSER` names.
fn client_in_browser(files: &Files, jobs: &[Value]) -> Option<Vec<Value>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(browser) = std::env::var("GUIDEPOST_BROWSER").ok() else {
        println!("not run: GUIDEPOST_BROWSER is not set");
        return None;
    };
    if !root.join("tests/browser/node_modules").is_dir() {
        println!("not run: `npm ci --prefix tests/browser` was not");
        return None;
    }
    run_client("client.mjs", files, jobs, Some(&browser))
}

pub(crate) fn run_client(
    script: &str,
    files: &Files,
    jobs: &[Value],
    browser: Option<&str>,
) -> Option<Vec<Value>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), files);
    let published = folder.path().join("published.js");
    std::fs::write(&published, published_script("search")).expect("a file");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut node = Command::new("node")
        .arg(root.join("tests/suite/search").join(script))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .inspect_err(|_| println!("not run: there is no `node`"))
        .ok()?;
    let order = json!({
        "client": published,
        "folder": folder.path(),
        "browser": browser,
        "jobs": jobs,
    });
    let mut input = node.stdin.take().expect("a pipe was asked for");
    input.write_all(order.to_string().as_bytes()).expect("the client reads its order");
    drop(input);
    let output = node.wait_with_output().expect("the client ends");
    assert!(output.status.success(), "the client failed");
    Some(serde_json::from_slice(&output.stdout).expect("the client answers in JSON"))
}

/// A script of the default theme, as it is published.
fn published_script(name: &str) -> Vec<u8> {
    let (theme, _) = Theme::load(&Files::default(), "theme", &Words::default());
    let prefix = format!("theme/{name}.");
    let script = theme.assets().iter().find(|(path, _)| path.as_str().starts_with(&prefix));
    script.expect("the script is there").1.to_vec()
}

/// A published file without its packing.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    match flate2::read::GzDecoder::new(bytes).read_to_end(&mut unpacked) {
        Ok(_) => unpacked,
        Err(_) => bytes.to_vec(),
    }
}

fn write(folder: &Path, files: &Files) {
    for (path, bytes) in files.iter() {
        let path = folder.join(path.as_str());
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder");
        std::fs::write(path, bytes.as_slice()).expect("a file");
    }
}

/// What both sides must agree on: each hit whole, in order.
fn shown(answer: &Value) -> Value {
    let hits = answer["hits"].as_array().expect("an answer has hits").iter();
    let hits: Vec<Value> = hits
        .map(|hit| {
            let keys = [
                "kind", "url", "title", "page", "more", "alerts", "breadcrumb", "excerpt",
                "severity", "owner", "state", "suspect", "review", "due_soon_from", "deprecated",
            ];
            keys.iter()
                .map(|key| ((*key).to_owned(), hit[key].clone()))
                .collect::<serde_json::Map<_, _>>()
                .into()
        })
        .collect();
    json!({ "hits": hits, "total": answer["total"], "relaxed": answer["relaxed"], "meant": answer["meant"] })
}

/// Holds the client, in Node and in a browser, against the command line on every query.
fn check_parity(pages: &[IndexedPage], queries: &[String]) {
    let index = indexed(pages);
    let files = search(&index);
    let jobs: Vec<Value> = queries
        .iter()
        .map(|typed| json!({ "search": typed, "today": TODAY.to_string(), "limit": 10 }))
        .collect();
    let built = built(&files);
    for typed in queries {
        let [answer, expected] = [&built, &index].map(|index| query(index, typed, TODAY, 10));
        assert_eq!(answer, expected, "`{typed}`, from the published files");
    }
    for ask in [client, client_in_browser] {
        let Some(answers) = ask(&files, &jobs) else { continue };
        for (typed, answer) in queries.iter().zip(&answers) {
            let expected =
                serde_json::to_value(query(&index, typed, TODAY, 10)).expect("an answer is JSON");
            pretty_assertions(typed, &shown(answer), &shown(&expected));
        }
    }
}

/// An index that is read back from its published files.
fn built(files: &Files) -> Index {
    let files = files.clone();
    let read = move |name: &str| -> anyhow::Result<Vec<u8>> {
        let path = FilePath::new(&format!("search/{name}")).context("a path")?;
        Ok(files.get(&path).with_context(|| format!("no {name}"))?.to_vec())
    };
    opened(Box::new(read)).expect("an index")
}

fn pretty_assertions(typed: &str, left: &Value, right: &Value) {
    assert!(left == right, "`{typed}`\nclient: {left:#}\ncommand line: {right:#}");
}

fn example() -> Index {
    indexed(&pages::example())
}

fn ask(typed: &str) -> SearchAnswer {
    query(&example(), typed, TODAY, 10)
}

fn addresses(answer: &SearchAnswer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.url.as_str()).collect()
}

#[test]
fn the_client_knows_every_filter_by_its_name() {
    let client = include_str!("../../theme/static/search.js");
    let names = format!("({}|is|kind)", FACETS.join("|"));
    assert!(client.contains(&names), "theme/static/search.js reads no filters {names}");
    let handbook = include_str!("../../content/handbook/search-format.md");
    for name in FACETS {
        assert!(handbook.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn client_and_command_line_agree_on_the_example() {
    let queries: Vec<String> = pages::QUERIES.iter().map(|query| (*query).to_owned()).collect();
    check_parity(&pages::example(), &queries);
}

#[test]
fn client_and_command_line_agree_on_the_corpora() {
    let Some(mut pages) = pages::corpora() else { return };
    for (number, page) in pages.iter_mut().enumerate() {
        pages::give_facts(page, number);
    }
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
                parts
                    .map(|part| json!([chunk.part(part), text[part.source.clone()], chunk.is_flag]))
                    .collect(),
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
    let first = published(&pages);
    for size in 1..=pages.len() {
        assert!(first == search(&in_segments_of(&pages, size)), "segments of {size} pages");
    }
    for threads in [1, 4] {
        let again = with_threads(threads, || published(&pages));
        assert!(first == again, "{threads} threads");
    }
    let mut changed = pages.clone();
    changed[0].sections[0].text.push_str(" changed");
    let second = published(&changed);
    assert_ne!(first, second);
}

/// Pages of words that are drawn from many, in lines of a few.
fn drawn_pages(count: u32) -> Vec<IndexedPage> {
    let mut state = 7_u32;
    let mut word = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let letters = (0..3).map(|at| state >> (12 + 5 * at) & 15);
        letters
            .map(|letter| ["ka", "lo", "mi", "ne", "ru", "sa", "to", "vi"][letter as usize % 8])
            .collect::<String>()
    };
    let mut line = || (0..8).map(|_| word()).collect::<Vec<String>>().join(" ");
    let example = pages::example().remove(0);
    let page = |number: u32| {
        let text = (0..12).map(|_| line()).collect::<Vec<String>>().join("\n");
        IndexedPage {
            path: FilePath::new(&format!("{number:04}.md")).expect("a path"),
            title: line(),
            sections: vec![SearchSection { text, ..SearchSection::default() }],
            ..example.clone()
        }
    };
    (0..count).map(page).collect()
}

#[test]
fn a_changed_page_changes_only_the_files_of_what_changed() {
    let pages = drawn_pages(400);
    let first = published(&pages);
    let check = |change: fn(&mut IndexedPage), most: usize| {
        let mut changed = pages.clone();
        change(&mut changed[200]);
        let second = published(&changed);
        let is_new = |(path, bytes): &(&FilePath, &Bytes)| first.get(path) != Some(*bytes);
        let new = second.iter().filter(is_new).map(|(path, _)| path.as_str());
        let new: Vec<&str> = new.filter(|path| !path.contains("offline")).collect();
        assert!((3..=most).contains(&new.len()), "{new:?}");
        assert!(second.iter().count() > 200);
    };
    // The manifest, what is shown of the page, the terms of a word and its positions.
    check(|page| page.sections[0].text.push_str("\nzebra"), 4);
    // A word of a title is also in two lists of spellings: of its letter, and of names.
    check(|page| page.title.push_str(" zebra"), 6);
    // What is due is shown of the page and known to filters.
    let review = |page: &mut IndexedPage| page.review = Schedule::Evergreen;
    check(review, 3);
    // What stands behind it in its line moves, and nothing else.
    check(|page| page.sections[0].text.insert_str(0, "zebra "), 20);
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

/// A site large enough that the client has much to read.
fn many_pages() -> Vec<IndexedPage> {
    let words = ["retry", "restart", "resume", "rollback", "purge", "queue", "alarm", "errors"];
    let text = |number: usize| {
        let known = words.iter().enumerate().filter(|(place, _)| number >> place & 1 == 0);
        let known = known.map(|(_, word)| format!("{word} {word}{}", number % 97));
        known.collect::<Vec<String>>().join(" ")
    };
    let page = |number: usize| {
        // Words that a typing error may be of.
        let digits = format!("{number:04}");
        let name: String = digits.bytes().map(|digit| char::from(digit + b'k' - b'0')).collect();
        let text = format!("# Page r{name}\n\n{}\n\n## Then {number}\n\n", text(number));
        pages::page(&format!("pages/{number:04}.md"), &format!("{text}{}.\n", words.join(" ")))
    };
    (0..2000).map(page).collect()
}

/// Keys are handled between pieces of work. On the computer of the script, each takes far longer than on a real one.
#[test]
fn the_client_gives_way_to_keys_while_it_works() {
    let queries =
        ["res", "retry queue alarm", "\"purge queue\"", "rolbak", "kind:command queue", "r"];
    let jobs: Vec<Value> = queries.iter().map(|query| json!({ "ask": query })).collect();
    let Some(paces) = run_client("slow.mjs", &published(&many_pages()), &jobs, None) else {
        return;
    };
    let milliseconds = |pace: &Value, key: &str| pace[key].as_f64().expect("a number");
    for (query, pace) in queries.iter().zip(&paces) {
        assert_eq!(pace["answered"], json!([query]));
        assert!(milliseconds(pace, "longest") < 12.0, "{query}: {pace}");
    }
    let total: f64 = paces.iter().map(|pace| milliseconds(pace, "total")).sum();
    assert!(total > 500.0, "this asks too little to say anything: {total}");
}

#[test]
fn the_client_drops_a_question_when_another_is_asked() {
    let jobs = [
        json!({ "ask": "retry restart resume" }),
        json!({ "ask": "zebra" }),
        json!({ "ask": "retry restart resume", "then": "zebra" }),
    ];
    let Some(paces) = run_client("slow.mjs", &published(&many_pages()), &jobs, None) else {
        return;
    };
    let totals: Vec<f64> =
        paces.iter().map(|pace| pace["total"].as_f64().expect("a number")).collect();
    assert_eq!(paces[2]["answered"], json!(["zebra"]));
    assert!(totals[2] < totals[1] + totals[0] / 2.0, "{totals:?}");
}

/// What a visitor loads to search anything at all.
#[test]
fn the_client_with_its_dialog_stays_within_fourteen_kilobytes() {
    let packed = |name: &str| -> usize {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&published_script(name)).expect("a vector takes any bytes");
        packer.finish().expect("a vector takes any bytes").len()
    };
    let size = packed("search") + packed("search-dialog");
    assert!(size <= 14 << 10, "{size} bytes");
}

#[test]
fn what_is_overdue_is_decided_when_it_is_asked() {
    let index = example();
    let overdue = |today: Date| -> Vec<String> {
        query(&index, "is:overdue", today, 10).hits.into_iter().map(|hit| hit.url).collect()
    };
    assert_eq!(overdue(date(2025, 10, 13)), Vec::<String>::new());
    assert_eq!(overdue(date(2025, 10, 14)), ["agents/invoice/"]);
    assert_eq!(overdue(date(2025, 11, 29)), ["agents/invoice/", "policies/escalation/"]);
    let files = published(&pages::example());
    let days = ["2025-10-13", "2025-10-14", "2025-11-29"];
    let jobs: Vec<Value> = days
        .iter()
        .map(|day| json!({ "search": "is:overdue", "today": day, "limit": 10 }))
        .collect();
    let Some(answers) = client(&files, &jobs) else { return };
    let counts: Vec<&Value> = answers.iter().map(|answer| &answer["total"]).collect();
    assert_eq!(counts, [0, 1, 2]);
}

#[test]
fn what_is_overdue_follows_the_clock_of_the_browser() {
    let days = ["2025-10-13", "2025-10-14", "2025-11-29", "2031-01-01"];
    let jobs: Vec<Value> = days
        .iter()
        .map(|day| json!({ "search": "is:overdue", "clock": format!("{day}T12:00:00Z"), "limit": 10 }))
        .collect();
    let Some(answers) = client_in_browser(&published(&pages::example()), &jobs) else { return };
    for (day, answer) in days.iter().zip(answers) {
        let expected = query(&example(), "is:overdue", day.parse().expect("a day"), 10);
        let expected = serde_json::to_value(expected).expect("an answer is JSON");
        pretty_assertions(day, &shown(&answer), &shown(&expected));
    }
}

/// The order in which a folder lists its files is that of the disk.
#[test]
fn the_order_of_files_on_the_disk_does_not_matter() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut names: Vec<String> = (0..40).map(|number| format!("{}.md", number * 7 % 40)).collect();
    let mut found = Vec::new();
    for site in ["first", "second"] {
        let site = folder.path().join(site);
        std::fs::create_dir_all(site.join("content/more")).expect("a folder");
        std::fs::write(site.join("site.toml"), "title = \"Order\"\n").expect("a file");
        for name in &names {
            for place in ["content", "content/more"] {
                let text = format!("# Page {name}\n\nWords of {place} and page {name}.\n");
                std::fs::write(site.join(place).join(name), text).expect("a file");
            }
        }
        names.reverse();
        let sources = load(&SiteRoot::of_site(&site).expect("a site")).expect("it is read");
        let options = Options { today: TODAY, content: None, base_url: None, drafts: false };
        let mut cache = Cache::default();
        let whole = build(&sources, &options, &mut cache, |_| {});
        let whole = whole.unwrap_or_else(|_| panic!("the site is built"));
        found.push(search_files(&whole.site, &whole.report, &mut cache));
    }
    assert!(found[0].iter().count() > 80 && found[0] == found[1]);
}

#[test]
fn a_pasted_log_line_finds_the_page_with_its_message() {
    let line = "2025-11-23T02:14:07Z ERROR [8f3a9c21-77aa] worker-7 ThrottlingException: Rate exceeded (status 429) after 3 retries";
    assert_eq!(addresses(&ask(line)).first(), Some(&"agents/contentgen/#throttling"));
}

#[test]
fn alerts_come_first_and_deprecated_pages_last() {
    let kinds: Vec<(HitKind, bool)> =
        ask("contentgen").hits.iter().map(|hit| (hit.kind, hit.deprecated)).collect();
    let expected = [
        (HitKind::Alert, false),
        (HitKind::Alert, false),
        (HitKind::Section, false),
        (HitKind::Alert, true),
    ];
    assert_eq!(kinds, expected);
}

/// Nine runbooks that speak of a deprecated one, itself, and what its name must bring first.
#[test]
fn a_deprecated_page_comes_first_only_where_its_name_is_typed_and_no_other_has_it() {
    let mut found: Vec<IndexedPage> = (0..9)
        .map(|number| {
            let text = format!("# Queue {number}\n## Steps\nQueueWorkerStuck fired before.\n");
            pages::page(&format!("queues/{number}.md"), &text)
        })
        .collect();
    found.push(pages::page("old/worker.md", "deprecated: yes\n# QueueWorkerStuck\nReplaced.\n"));
    let first = |pages: &[IndexedPage], typed: &str| {
        let answer = query(&indexed(pages), typed, TODAY, 20);
        answer.hits.first().map(|hit| hit.path.as_str().to_owned())
    };
    for typed in ["QueueWorkerStuck", "queue-worker-stuck", "queue worker stuck"] {
        assert_eq!(first(&found, typed).as_deref(), Some("old/worker.md"), "{typed}");
    }
    assert_ne!(first(&found, "queue").as_deref(), Some("old/worker.md"));
    found.push(pages::page("queues/worker.md", "# QueueWorkerStuck\nRestart it.\n"));
    assert_eq!(first(&found, "QueueWorkerStuck").as_deref(), Some("queues/worker.md"));
    check_parity(
        &found,
        &["QueueWorkerStuck", "queue", "worker", "is:deprecated"].map(String::from),
    );
}

#[test]
fn a_page_called_what_was_typed_comes_before_a_section_called_so() {
    let others = (0..40).map(|number| {
        let text =
            format!("# Network {number}\n## Zorb\nZorb, zorb and zorb again.\n## Notes\nMore.\n");
        pages::page(&format!("a/{number}.md"), &text)
    });
    let own = pages::page("z/zorb.md", "# Zorb\n## Overview\nWhat it is.\n");
    let index = indexed(&others.chain([own]).collect::<Vec<_>>());
    let answer = query(&index, "zorb", TODAY, 10);
    assert_eq!(answer.hits[0].path.as_str(), "z/zorb.md");
}

#[test]
fn an_index_that_is_not_whole_says_what_is_missing() {
    let mut files = published(&pages::example());
    let shards = |path: &FilePath| path.as_str().contains("/t/");
    let kept = files.iter().filter(|(path, _)| !shards(path));
    files = kept.map(|(path, bytes)| (path.clone(), bytes.clone())).collect();
    let index = built(&files);
    assert_eq!(query(&index, "rollback", TODAY, 10).hits, []);
    let fault = format!("{:#}", index.fault().expect("something is missing"));
    assert!(fault.contains("/t/"), "{fault}");
}

#[test]
fn a_broken_index_never_stops_the_search() {
    let files = published(&pages::example());
    let mut numbers = crate::support::Numbers(99);
    let (mut whole, mut refused) = (0, 0);
    for _ in 0..300 {
        let broken: Files = files
            .iter()
            .map(|(path, bytes)| {
                let is_left = numbers.below(4) > 0;
                let mut bytes = unpacked(bytes);
                if !is_left && !bytes.is_empty() {
                    let at = numbers.below(bytes.len());
                    bytes[at] ^= 1 << numbers.below(8);
                    bytes.truncate(bytes.len() - numbers.below(2) * bytes.len() / 3);
                }
                (path.clone(), bytes.into())
            })
            .collect();
        let read = move |name: &str| -> anyhow::Result<Vec<u8>> {
            let path = FilePath::new(&format!("search/{name}")).context("a path")?;
            Ok(broken.get(&path).context("no such file")?.to_vec())
        };
        let Ok(index) = opened(Box::new(read)) else {
            refused += 1;
            continue;
        };
        whole += 1;
        for typed in ["rollback", "\"purge the queue\"", "erorrate alarm", "is:overdue"] {
            query(&index, typed, TODAY, 10);
        }
    }
    assert!(whole > 50 && refused > 20, "{whole} were read, {refused} refused");
}

#[test]
fn a_page_is_one_result_with_up_to_three_of_its_sections() {
    let section = |number: usize| format!("## Part {number}\nPurge the backlog, way {number}.\n");
    let text: String = (1..=5).map(section).collect();
    let pages =
        [pages::page("a.md", &format!("# Ways\n{text}")), pages::page("b.md", "# B\nNo.\n")];
    let hits = query(&indexed(&pages), "purge backlog", TODAY, 10).hits;
    assert_eq!(hits.len(), 1);
    let sections: Vec<&str> = hits[0].more.iter().map(|passage| passage.url.as_str()).collect();
    assert_eq!((hits[0].url.as_str(), sections), ("a/#part-1", vec!["a/#part-2", "a/#part-3"]));
    assert_eq!(hits[0].more[0].excerpt, ["", "Purge", " the ", "backlog", ", way 2."]);
    assert_eq!(hits[0].page.as_ref().map(|page| page.concat()).as_deref(), Some("Ways"));
}

#[test]
fn an_excerpt_has_the_words_and_is_not_the_name_again() {
    let text = "# Lagging consumers\nLagging consumers\n\nFirst look.\n## Cause\nBrokers that lag slow consumers.\n";
    let hits = query(&indexed(&[pages::page("a.md", text)]), "lagging consumers", TODAY, 10).hits;
    assert_eq!(hits[0].url, "a/");
    assert_eq!(hits[0].excerpt.concat(), "Brokers that lag slow consumers.");
    assert_eq!(hits[0].excerpt[1], "lag", "{:?}", hits[0].excerpt);
}

#[test]
fn the_little_words_of_a_question_are_not_marked_but_the_one_that_is_being_typed() {
    let text = "# Broker\n\nWhat to do in the cluster:\n\nRestart the broker.\n";
    let marked = |typed: &str| {
        let hits = query(&indexed(&[pages::page("a.md", text)]), typed, TODAY, 10).hits;
        hits[0].excerpt.iter().skip(1).step_by(2).cloned().collect::<Vec<String>>()
    };
    assert_eq!(marked("how do I restart the broker"), ["Restart", "broker"]);
    assert_eq!(marked("what to do"), ["do"]);
    let text = "# A\n\nWhy I drain a node with my team when we must:\n";
    let hits = query(&indexed(&[pages::page("a.md", text)]), "why must I drain a node", TODAY, 10);
    let marks: Vec<&str> =
        hits.hits[0].excerpt.iter().skip(1).step_by(2).map(String::as_str).collect();
    assert_eq!(marks, ["drain", "node", "must"]);
}

#[test]
fn a_result_names_the_alerts_that_its_section_answers() {
    let hits = ask("shared account limit").hits;
    assert_eq!(hits[0].url, "agents/contentgen/#throttling");
    assert_eq!(hits[0].alerts, ["ContentGenThrottlesAlarm"]);
}

#[test]
fn misspelled_words_are_answered_with_what_was_meant() {
    let meant = |typed: &str| ask(typed).meant;
    assert_eq!(meant("Rolback the alias").as_deref(), Some("rollback the alias"));
    assert_eq!(meant("is:fresh qeue"), Some("is:fresh queue".to_owned()));
    assert_eq!(meant("rollback"), None);
    assert_eq!(meant("xylophone"), None);
}

#[test]
fn one_word_takes_few_requests_and_an_absent_number_no_spellings() {
    let real = pages::corpora();
    let [name, word] =
        if real.is_some() { ["crashloopbackoff", "restart"] } else { ["contentgen", "retries"] };
    let files = published(&real.unwrap_or_else(pages::example));
    let words = [name, "0x80070005", "10.99.99.99", "99999", word];
    let jobs: Vec<Value> =
        words.iter().map(|word| json!({ "bytes": word, "today": TODAY.to_string() })).collect();
    let Some(answers) = client(&files, &jobs) else { return };
    for (word, sent) in words.iter().zip(answers) {
        let sent = sent.as_array().expect("a list of files").iter();
        let paths: Vec<&str> = sent.map(|file| file[0].as_str().expect("a path")).collect();
        let (excerpts, others): (Vec<&str>, Vec<&str>) =
            paths.into_iter().partition(|path| path.contains("/f/"));
        assert!(others.len() <= 4 && excerpts.len() <= 5, "{word}: {others:?} {excerpts:?}");
        assert!(others.iter().all(|path| !path.contains("/s/")), "{word}: {others:?}");
    }
}

#[test]
fn a_report_on_the_site_comes_before_a_page_that_writes_about_it() {
    let built = build_site(support::site(
        "-- site.toml --\n[owners.shop]\nname = \"Shop\"\n[templates.service]\nfile = \"t.md\"\napplies_to = [\"runbooks/**\"]\n\
         -- t.md --\n# X\n\n## Alerts\n\n## Owners\n\
         -- content/runbooks/till.md --\n---\nowner: shop\nalerts: [TillStuck]\n\
         dashboards: [{title: Till, url: \"https://d.example/\"}]\n---\n\
         # Till\n\n## Alerts\n\nTillStuck\n\n## Owners\n\nShop\n\
         -- content/handbook/alerts.md --\n# Alerts\n\n## Alerts of rules\n\nAlerts come from alerts.\n\n## Alerts of pages\n\nAn alert.\n\
         -- content/handbook/freshness.md --\n# Freshness\n\n## Freshness\n\nFreshness is how fresh.\n\
         -- content/handbook/owners.md --\n# Owners\n\n## Owners\n\nOwners own.\n\
         -- content/handbook/coverage.md --\n# Coverage\n\n## Coverage\n\nCoverage covers.\n\
         -- content/handbook/dashboards.md --\n# Dashboards\n\n## Dashboards\n\nDashboards.\n",
    ));
    let mut cache = Cache::default();
    let index = index_of(&built.site, &built.report, &mut cache);
    let asked = [
        ("alerts", "alerts/"),
        ("All alerts", "alerts/"),
        ("freshness", "freshness/"),
        ("owner", "owners/"),
        ("Coverage", "coverage/"),
        ("dashboards", "dashboards/"),
    ];
    for (words, address) in asked {
        let hits = query(&index, words, TODAY, 9).hits;
        assert_eq!(hits[0].url, address, "{words}");
        assert!(hits.iter().any(|hit| hit.url.starts_with("handbook/")), "{words}");
    }
    let files = search_files(&built.site, &built.report, &mut cache);
    let jobs = [json!({ "search": "alerts", "today": TODAY.to_string(), "limit": 1 })];
    if let Some(answers) = client(&files, &jobs) {
        assert_eq!(answers[0]["hits"][0]["url"], "alerts/", "{answers:?}");
    }
}

//! Pages to search: a small example, the corpora, and queries on them.

use std::path::{Path, PathBuf};

use guidepost::calendar::Interval;
use guidepost::files::FilePath;
use guidepost::freshness::{Due, Schedule};
use guidepost::search::{IndexedPage, SearchAlert, SearchSection};

use crate::support::Numbers;

/// Queries of every kind on the example.
pub(crate) const QUERIES: &[&str] = &[
    "",
    " ",
    "throttl",
    "throttling",
    "throttle ",
    "retries",
    "retry",
    "rollback",
    "roll back the alias",
    "--dry-run",
    "InvoiceAgent_ErrorRateAlarm",
    "error_rate_alarm",
    "errorrate",
    "erorrate",
    "rolback",
    "purge queue",
    "\"purge the queue\"",
    "\"the queue purge\"",
    "\"the queue\" purge",
    "kafka",
    "kafka rollback",
    "kafka rabbitmq",
    "owner:devops",
    "owner:DevOps throttl",
    "owner:nobody throttl",
    "tag:content rollback",
    "tag:\"on call\"",
    "status:draft",
    "is:overdue",
    "is:overdue rollback",
    "is:soon",
    "is:due-soon",
    "is:never-reviewed",
    "is:fresh",
    "is:never",
    "is:suspect",
    "is:deprecated",
    "is:evergreen",
    "kind:alert error",
    "kind:section error",
    "kind:command aws",
    "aws lambda",
    "aws sqs purge-queue",
    "0x80070005",
    "0x80070006",
    "429",
    "10.0.3.17",
    "2025-11-23T02:14:07Z ERROR [8f3a9c21-77aa] worker-7 ThrottlingException: Rate exceeded (status 429) after 3 retries",
    "FIRING ContentGenErrorsAlarm namespace=prod pod=api-1 severity=P1 since 02:14",
    "障害対応",
    "障害",
    "Žluťoučký",
    "zlutoucky",
    "the",
    "a",
    "co",
    "con",
    "contentgen alarm legacy",
    "legacy",
    "e",
    "escalation",
    "escalate",
    "error error error",
    "how do I roll back the alias of contentgen",
    "who is called when nobody answers the page",
    "revert the alias",
    "roll back alias",
    "rate limited",
    "too many requests 429",
    "playbook words",
    "on call guide",
    "purge \"the queue\" first",
    "\"no such phrase\" rollback",
    "contentgenerrors down",
    "contentgenerorsalrm",
    "--alias",
    "--dry-run --alias",
    "deploy --dry-run --ali",
    "escal ation policy",
    "E1123 02:14:07.418230       1 worker.go:142] Rate exceeded (status 429) while drafting",
    "Nov 23 02:14:07 ip-10-0-3-17 draftd[2211]: ThrottlingException: Rate exceeded",
    "{\"level\":\"error\",\"ts\":1763864047.4,\"msg\":\"access is \\\"denied\\\"\\nby host\",\"pod\":\"a-7d9f8b6c54-x2v9q\"}",
    "ts=2025-11-23T02:14:07Z level=error caller=sync.go:88 msg=\"Rate exceeded\" attempt=3",
    "\u{1b}[31mERROR\u{1b}[0m 1763864047 [main] c.e.Draft - the model throttled invoice-7d9f8b6c54-x2v9q",
];

/// A small site: agents, a policy, a deprecated page.
pub(crate) fn example() -> Vec<IndexedPage> {
    const PAGES: &[(&str, &str)] = &[
        ("agents/contentgen.md", "\
owner: devops
tags: content, on call
status: Final
agent: ContentGenAgent
due: 2026-02-09
alert: ContentGenErrorsAlarm#errors/P1/Errors ≥ 1 in 5 min
alert: ContentGenThrottlesAlarm#throttling/P2
signature: ThrottlingException: Rate exceeded#throttling
# ContentGen
Turns a brief into a draft. The text model answers with retries.
## Errors
Read the log for the error type, then roll back or rotate the key.
```
aws logs tail /aws/lambda/va-contentgen --filter-pattern ERROR
```
## Throttling
Throttles come from the shared account limit; raise memory before the timeout. Status 429 means the model throttled.
## Rollback
Point the alias at the last good version.
```
aws lambda update-alias --function-name va-contentgen --name live
```
## Escalation
After 30 minutes page the owner.
"),
        ("agents/invoice.md", "\
owner: billing
tags: money
status: Stable Draft
agent: InvoiceAgent
due: 2025-10-13
alert: InvoiceAgent_ErrorRateAlarm#errors/P1
# Invoice
Writes invoices. Host 10.0.3.17 answers 0x80070005 when access is denied.
## Errors
Look at the queue first.
## Rollback
Try it first without effect.
```
deploy --dry-run --alias live
```
## Purge the queue
Deletes all waiting invoices.
```
aws sqs purge-queue --queue-url $QUEUE
```
"),
        ("agents/old.md", "\
owner: devops
status: Deprecated
deprecated: yes
alert: ContentGenLegacyAlarm
# ContentGen rollback of old
Rollback of the legacy agent. Rollback, rollback.
"),
        ("policies/escalation.md", "\
owner: devops
status: Draft
due: 2025-11-28
# Escalation policy
Who is called when. 障害対応 manual, Žluťoučký kůň.
## The ladder
First the owner, then the head of content. Retry the call after five minutes.
"),
        ("policies/onboarding.md", "\
tags: on call
due: never
# Onboarding
Read this first.
"),
        ("policies/words.md", "\
due: evergreen
suspect: yes
# Words
An alias is a name for a version. A very long line follows so that it has to be cut somewhere near the word that was asked for, which is rollback, and then it goes on for quite a while longer than anybody would like to read at night.
"),
    ];
    PAGES.iter().map(|(path, text)| page(path, text)).collect()
}

/// Reads a page: `key: value` lines, then Markdown as far as search needs it.
pub(crate) fn page(path: &str, text: &str) -> IndexedPage {
    let (head, body) = text.split_at(text.find("# ").unwrap_or(0));
    let values = |key: &str| -> Vec<&str> {
        let lines = head.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
        lines.collect()
    };
    let one = |key: &str| values(key).first().map(|value| (*value).to_owned());
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (title, sections) = sections(body);
    let file_name = path.rsplit('/').next().unwrap_or(path);
    IndexedPage {
        path: FilePath::new(path).expect("a path"),
        url: format!("{}/", path.trim_end_matches(".md").replace(' ', "-")),
        language: one("language").unwrap_or_default(),
        title: title.unwrap_or_else(|| file_name.trim_end_matches(".md").to_owned()),
        breadcrumb: folder.to_owned(),
        owner: one("owner"),
        tags: values("tags").iter().flat_map(|tags| tags.split(", ")).map(str::to_owned).collect(),
        status: one("status"),
        review: match one("due").as_deref() {
            None => Schedule::NotOwed,
            Some("never") => Schedule::NeverReviewed,
            Some("evergreen") => Schedule::Evergreen,
            Some(day) => due(day, one("suspect").is_some()),
        },
        agent: one("agent"),
        alerts: values("alert").into_iter().map(alert).collect(),
        error_signatures: values("signature").into_iter().map(signature).collect(),
        deprecated: one("deprecated").is_some(),
        sections,
    }
}

/// `Name#anchor/severity/condition`.
fn alert(text: &str) -> SearchAlert {
    let mut parts = text.splitn(3, '/');
    let (name, anchor) = signature(parts.next().unwrap_or_default());
    SearchAlert {
        name,
        anchor,
        severity: parts.next().map(str::to_owned),
        condition: parts.next().map(str::to_owned),
    }
}

fn signature(text: &str) -> (String, Option<String>) {
    match text.rsplit_once('#') {
        Some((text, anchor)) => (text.to_owned(), Some(anchor.to_owned())),
        None => (text.to_owned(), None),
    }
}

/// The first heading of the first level, and the text by heading.
fn sections(body: &str) -> (Option<String>, Vec<SearchSection>) {
    let mut title = None;
    let mut sections = vec![SearchSection::default()];
    let mut in_code = false;
    for line in body.lines() {
        let section = sections.last_mut().expect("there is always a section");
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            section.code.push_str(line);
            section.code.push('\n');
        } else if line.starts_with("# ") && title.is_none() {
            title = Some(line[2..].trim().to_owned());
        } else if line.starts_with('#') && line.trim_start_matches('#').starts_with(' ') {
            let heading = line.trim_start_matches('#').trim().to_owned();
            let kept = |character: &char| {
                character.is_alphanumeric() || matches!(character, ' ' | '-' | '_')
            };
            let slug: String = heading.to_lowercase().chars().filter(kept).collect();
            let anchor = Some(slug.replace(' ', "-"));
            sections.push(SearchSection { anchor, heading, ..SearchSection::default() });
        } else {
            section.text.push_str(line);
            section.text.push('\n');
        }
    }
    (title, sections)
}

/// All Markdown pages of the corpora; nothing where there are none.
pub(crate) fn corpora() -> Option<Vec<IndexedPage>> {
    let Some(folder) = std::env::var_os("GUIDEPOST_CORPORA").map(PathBuf::from) else {
        println!("not run: GUIDEPOST_CORPORA is not set");
        return None;
    };
    let mut paths = Vec::new();
    walk(&folder, &mut paths);
    paths.sort();
    let pages = paths.iter().map(|path| {
        let name = path.strip_prefix(&folder).expect("it was found there").to_string_lossy();
        let text = String::from_utf8_lossy(&std::fs::read(path).expect("a page")).into_owned();
        let mut read = page(&name, markdown(&text));
        if name.contains("runbooks") || name.contains("monitoring") || name.contains("playbooks") {
            let name = read.path.name().trim_end_matches(".md").to_owned();
            read.alerts.push(SearchAlert { name, ..SearchAlert::default() });
        }
        read
    });
    Some(pages.collect())
}

/// A review due on a day, of which readers are told a month before.
fn due(day: &str, suspect: bool) -> Schedule {
    let month = Interval { months: 1, days: 0 };
    Schedule::Due(Due::new(day.parse().expect("a date"), month, suspect))
}

/// What filters ask for, which the front matter of these pages does not say.
pub(crate) fn give_facts(page: &mut IndexedPage, number: usize) {
    let of = |list: &[&str]| list.get(number % (list.len() + 1)).map(|value| (*value).to_owned());
    page.owner = of(&["devops", "Platform Team", "billing"]);
    page.tags.extend(of(&["network", "on call"]));
    page.status = of(&["Draft", "Final"]);
    page.review = match number % 5 {
        0 => Schedule::NotOwed,
        1 => Schedule::NeverReviewed,
        2 => due("2025-10-13", number.is_multiple_of(11)),
        3 => due("2025-12-01", number.is_multiple_of(11)),
        _ => Schedule::Evergreen,
    };
    page.deprecated = number.is_multiple_of(13);
}

/// The text behind the front matter, from its first heading on.
fn markdown(text: &str) -> &str {
    let body = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---"))
        .map_or(text, |(_, body)| body);
    body.find("# ").map_or(body, |start| &body[start..])
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(path);
        }
    }
}

/// Queries of every kind, made of what the pages say.
pub(crate) fn queries(pages: &[IndexedPage], count: usize) -> Vec<String> {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut queries = Vec::new();
    while queries.len() < count {
        let page = &pages[numbers.below(pages.len())];
        let section = &page.sections[numbers.below(page.sections.len())];
        let words: Vec<&str> = section.text.split_whitespace().collect();
        let mut word = || words.get(numbers.below(words.len())).copied().unwrap_or("the");
        let query = match queries.len() % 24 {
            0 => word().to_owned(),
            1 => format!("{} {}", word(), word()),
            2 => format!("{} {} {} ", word(), word(), word()),
            3 => word().chars().take(4).collect(),
            4 => format!(
                "\"{}\"",
                words.iter().skip(words.len() / 2).take(3).copied().collect::<Vec<_>>().join(" ")
            ),
            5 => page.title.clone(),
            6 => section.heading.clone(),
            7 => page.path.name().trim_end_matches(".md").to_owned(),
            8 => word()
                .chars()
                .enumerate()
                .filter(|(at, _)| *at != 3)
                .map(|(_, letter)| letter)
                .collect(),
            9 => words.iter().take(12).copied().collect::<Vec<_>>().join(" "),
            10 => format!(
                "kind:command {}",
                section.code.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
            ),
            11 => format!("owner:\"platform team\" {}", word()),
            12 => format!("is:overdue tag:network {}", word()),
            13 => format!("status:final is:soon {}", word()),
            14 => format!(
                "is:suspect \"{}\"",
                words.iter().take(2).copied().collect::<Vec<_>>().join(" ")
            ),
            15 => format!("how do I {} the {} of a {}", word(), word(), word()),
            16 => format!("--{} {}", word(), word()),
            17 => format!("{}{} {}", word(), word(), word()),
            18 => format!(
                "E1123 02:14:07.418230       1 sync.go:142] {}",
                words.iter().take(9).copied().collect::<Vec<_>>().join(" ")
            ),
            19 => serde_json::json!({ "level": "error", "ts": 1, "msg": words.iter().take(7).copied().collect::<Vec<_>>().join(" ") }).to_string(),
            20 => format!(
                "level=warn ts=1 err={:?} pod={}-7d9f8b6c54-x2v9q",
                words.iter().take(7).copied().collect::<Vec<_>>().join(" "),
                word()
            ),
            21 => ["oom", "cert expiry", "lb unhealthy", "failover", "load balancer slow", "k8s disk full"]
                [numbers_of(queries.len())]
            .to_owned(),
            22 => section.code.split_whitespace().find(|word| word.starts_with("--")).unwrap_or("--all").to_owned(),
            _ => format!("{} zzqx{}", word(), queries.len()),
        };
        queries.push(query);
    }
    queries
}

/// One of six by turns.
fn numbers_of(number: usize) -> usize {
    number / 24 % 6
}

/// Strings of characters that analyzers get wrong.
pub(crate) fn fuzz(count: usize) -> Vec<String> {
    const POOLS: [&str; 6] = [
        "abcXYZ019_-.:@/ 's0xF",
        "éÀßẞİıŞçΑΣσςfiﬁﬀ²½Ⅷ",
        "障害対応カタカナひらがな한국어手順 ",
        "🔥👩\u{200d}\u{301}\u{feff}\u{a0}\u{2019}'—–\u{0}\t",
        "АБВгдеЁжαβγδאבגعربहिन्दीไทย",
        "𝐀𝒃𝓒𝔡𝟘𝟙ＡＢ１２",
    ];
    let pools: Vec<Vec<char>> = POOLS.iter().map(|pool| pool.chars().collect()).collect();
    let mut numbers = Numbers(4242);
    let mut text = || {
        let length = 1 + numbers.below(24);
        (0..length)
            .map(|_| {
                let pool = if numbers.below(2) == 0 { 0 } else { numbers.below(pools.len()) };
                pools[pool][numbers.below(pools[pool].len())]
            })
            .collect()
    };
    (0..count).map(|_| text()).collect()
}

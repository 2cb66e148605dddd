//! What a runbook owes, on whole sites: reviews, its template, owners, neighbors.

use std::collections::BTreeMap;

use guidepost::build::{Build, Cache, Options, build};
use guidepost::calendar::parse_date;
use guidepost::files::{FilePath, Files};
use guidepost::history::History;
use guidepost::load::{SiteRoot, load};
use guidepost::sources::Sources;

use super::support::{build_site, corpora, published, site};

fn built(sources: &Sources, content: Option<&str>, today: &str) -> Build {
    let options = Options {
        today: parse_date(today).expect("the test names a day"),
        content: content.map(str::to_owned),
        base_url: None,
        drafts: false,
    };
    let built = build(sources, &options, &mut Cache::default(), |_| {});
    built.unwrap_or_else(|findings| panic!("the site cannot be built: {findings:?}"))
}

/// A fixture as of 20 August 2026, without git.
fn build_fixture(fixture: &str) -> Build {
    let history = History::without("the fixture has no git");
    built(
        &Sources { files: site(fixture), passed_over: BTreeMap::new(), history: history.into() },
        None,
        "2026-08-20",
    )
}

/// The findings of a fixture as `rule: text pointed at`.
fn check(fixture: &str, expected: &[&str]) {
    let files: Files = site(fixture);
    let found: Vec<String> = build_fixture(fixture)
        .findings
        .iter()
        .map(|finding| {
            let at = &finding.diagnostic.at;
            let text = files.text(&at.path).unwrap_or_default();
            format!("{}: {}", finding.diagnostic.rule.name(), &text[at.range.clone()])
        })
        .collect();
    assert_eq!(found, expected);
}

const TEMPLATE: &str = r#"
-- site.toml --
[owners.devops]
name = "DevOps"
[templates.agent]
file = "content/_templates/agent.md"
applies_to = ["agents/**"]
[templates.agent.sections]
alerts = "Alerts Configuration"
dashboards = "Dashboard"
escalation = "Escalation"
-- content/_templates/agent.md --
---
title: "Runbook Template"
status: "Draft"
date: "<today’s date>"
---

# Runbook

Describe `<AGENT_NAME>`.

## 1. Overview

- What it does.

## 2. Monitoring

### 2.1 Alerts Configuration

- List alarms with their `<THRESHOLD>`.

### 2.2 Dashboard (if any)

- Mention dashboards.

## 3. Escalation

- Say whom to call.
"#;

#[test]
fn a_runbook_with_only_the_document_keys_has_alerts_dashboards_and_escalation() {
    let page = "-- content/agents/refund.md --\n---\ntitle: \"Refund\"\nstatus: \"Final\"\naudience: \"Internal\"\n\
        authors: \"Core Team\"\nversion: \"1.0\"\ndate: \"2026-08-01\"\ngpt_model: \"none\"\n---\n\n# Refund\n\nPays back.\n\n\
        ## 1. Overview\n\nIt pays back.\n\n## 2. Monitoring\n\n### 2.1 Alerts Configuration\n\n\
        - `RefundErrorsAlarm`: errors, to `prod-ops-alerts`\n\n### 2.2 Dashboard\n\n[Refunds](https://dash.example.org/refunds)\n\n\
        ## 3. Escalation\n\nCall the head of payments.\n";
    let built = build_fixture(&format!("{TEMPLATE}{page}"));
    let shown = published(&built.output, "agents/refund/index.html").replace("<wbr>", "");
    for text in
        ["RefundErrorsAlarm", "https://dash.example.org/refunds", "Call the head of payments"]
    {
        assert!(shown.contains(text), "{text}");
    }
    assert!(
        published(&built.output, "alerts/RefundErrorsAlarm/index.html").contains("agents/refund")
    );
    assert!(!built.site.alerts.contains_key("prod-ops-alerts"));
    let coverage = published(&built.output, "api/coverage.json");
    assert!(coverage.contains("\"percent\": 100"), "{coverage}");
    assert!(published(&built.output, "coverage/index.html").contains("Refund"));
    assert!(
        published(&built.output, "api/freshness.json").contains("\"review_by\": \"2026-10-30\"")
    );
}

#[test]
fn a_page_that_is_its_template_reports_every_slot_and_all_guidance_and_no_bad_date() {
    let template =
        TEMPLATE.split("-- content/_templates/agent.md --\n").nth(1).expect("the template");
    let page = template.replace("Draft", "Final");
    check(
        &format!("{TEMPLATE}-- content/agents/refund.md --\n{page}"),
        &[
            "unfilled-placeholder: <today’s date>",
            "template-guidance-left: Describe `<AGENT_NAME>`.",
            "unfilled-placeholder: <AGENT_NAME>",
            "template-guidance-left: What it does.",
            "template-guidance-left: List alarms with their `<THRESHOLD>`.",
            "unfilled-placeholder: <THRESHOLD>",
            "template-guidance-left: Mention dashboards.",
            "template-guidance-left: Say whom to call.",
        ],
    );
    let draft = format!("{TEMPLATE}-- content/agents/refund.md --\n{template}");
    check(&draft, &[]);
    assert!(
        published(&build_fixture(&draft).output, "api/coverage.json").contains("\"percent\": 0")
    );
}

#[test]
fn coverage_of_very_many_pages_shows_those_with_the_most_left_to_do() {
    let page =
        |index: usize| format!("-- content/agents/p{index}.md --\n# Page {index}\n\nText.\n");
    let pages: String = (0..300).map(page).collect::<Vec<_>>().concat();
    let built = build_fixture(&format!("{TEMPLATE}{pages}"));
    let shown = published(&built.output, "coverage/index.html");
    assert!(shown.contains("50 more are in") && shown.matches("<tr>").count() < 260);
}

#[test]
fn a_commented_out_heading_is_missing() {
    let page = "-- content/agents/a.md --\n# A\n\nText.\n\n## Overview\n\nText.\n\n## Monitoring\n\n### Alerts Configuration\n\nNone.\n\n<!-- ## Escalation -->\n";
    check(&format!("{TEMPLATE}{page}"), &["missing-section: "]);
}

#[test]
fn dates_that_do_not_exist_or_lie_ahead_are_findings_at_their_place() {
    let page = |name: &str, date: &str| {
        format!("-- content/{name}.md --\n---\nlast_reviewed_on: {date}\n---\n# {name}\n")
    };
    let fixture = [
        "-- site.toml --\n".to_owned(),
        page("a", "2025-04-8"),
        page("b", "YYYY-MM-DD"),
        page("c", "2099-01-01"),
        page("d", "2026-02-29"),
    ]
    .concat();
    check(
        &fixture,
        &[
            "bad-date: 2025-04-8",
            "bad-date: YYYY-MM-DD",
            "review-in-future: 2099-01-01",
            "bad-date: 2026-02-29",
        ],
    );
}

#[test]
fn owners_and_agents_are_checked_with_the_nearest_name() {
    let page = |agent: &str, keys: &str| {
        format!("-- content/{agent}.md --\n---\nagent: {agent}\n{keys}\n---\n# {agent}\n")
    };
    let toml = "-- site.toml --\n[owners.devops]\nname = \"DevOps\"\n".to_owned();
    let fixture = [
        toml,
        page("gen", "owner: devop\ndownstream: [review, publis]"),
        page("publish", ""),
        page("review", ""),
    ]
    .concat();
    check(&fixture, &["unknown-owner: devop", "one-sided-edge: review", "unknown-agent: publis"]);
}

#[test]
fn a_runbook_says_what_is_affected_if_its_agent_stops_and_home_draws_the_pipeline() {
    let page = |agent: &str, up: &str, down: &str| {
        format!(
            "-- content/{agent}.md --\n---\nagent: {agent}\nupstream: [{up}]\ndownstream: [{down}]\n---\n# {agent}\n\nText.\n\n"
        )
    };
    let pages = [
        page("cmo", "publish", "gen"),
        page("gen", "cmo", "publish"),
        page("publish", "gen", "cmo"),
    ];
    let built = build_fixture(&format!("-- site.toml --\n{}", pages.concat()));
    let shown = published(&built.output, "gen/index.html");
    let affected = "If this stops, so does the work of <a href=\"../publish/\">publish</a>, <a href=\"../cmo/\">cmo</a>.";
    assert!(shown.contains(affected), "{shown}");
    let home = published(&built.output, "index.html");
    assert!(home.contains("cmo feeds gen; gen feeds publish; publish feeds cmo"), "{home}");
}

#[test]
fn a_runbook_draws_its_agent_between_its_neighbors_and_no_further() {
    let page = |agent: &str, up: &str, down: &str, keys: &str| {
        format!(
            "-- content/agents/{agent}.md --\n---\nagent: {agent}\nnav_title: {agent}\nupstream: [{up}]\ndownstream: [{down}]\n\
             owner: devops\n{keys}---\n# {agent}\n\nText.\n\n"
        )
    };
    let pages = [
        page("cmo", "", "", ""),
        page("gen", "cmo, tool", "review", "last_reviewed_on: 2026-01-01\n"),
        page("review", "gen", "gen, publish", "review_by: 2026-08-25\n"),
        page("publish", "review", "", ""),
    ];
    let built = build_fixture(&format!(
        "-- site.toml --\n[owners.devops]\nname = \"DevOps\"\n{}",
        pages.concat()
    ));
    let shown = published(&built.output, "agents/gen/index.html");
    let start = shown.find("<svg class=\"graph near-by\"").expect("a drawing");
    let drawing = &shown[start..start + shown[start..].find("</svg>").expect("its end")];
    for text in [
        "aria-label=\"Pipeline: cmo feeds gen; tool feeds gen; review feeds gen; gen feeds review.\"",
        "<a href=\"../cmo/\" data-state=\"none\">",
        "<a href=\"../review/\" data-due=\"2026-08-25\" data-soon=\"2026-08-11\" data-state=\"soon\">",
        "<g data-due=\"2026-04-01\" data-soon=\"2026-03-18\" data-state=\"over\" aria-current=\"page\">",
        "<title>tool</title></g>",
        ">DevOps</text>",
    ] {
        assert!(drawing.contains(text), "{text} in {drawing}");
    }
    assert!(!drawing.contains("publish"), "{drawing}");
    // `cmo` names no neighbor itself: what the other side declares is drawn all the same.
    assert!(published(&built.output, "agents/cmo/index.html").contains("cmo feeds gen"));
    assert!(shown.contains("id=\"gp:s-over\""), "the marks are on the page");
}

#[test]
fn an_owners_page_lists_the_reviews_due_with_absolute_dates_the_most_urgent_first() {
    let page = |name: &str, keys: &str| {
        format!("-- content/{name}.md --\n---\nowner: devops\n{keys}\n---\n# {name}\n")
    };
    let many: String = (0..60)
        .map(|at| page(&format!("p{at:02}"), "last_reviewed_on: 2026-08-01\nreview_in: 1 year"))
        .collect();
    let fixture = [
        "-- site.toml --\n[owners.devops]\nname = \"Dev & Ops\"\n[freshness]\napplies_to = [\"never.md\"]\n".to_owned(),
        page("late", "last_reviewed_on: 2026-01-01"),
        page("fresh", "last_reviewed_on: 2026-08-01"),
        page("exempt", "evergreen: true"),
        page("never", ""),
        page("none", "version: \"1\""),
        many,
    ]
    .concat();
    let built = build_fixture(&fixture);
    let shown = published(&built.output, "owners/devops/index.html");
    let table = &shown[shown.find("<h2>Reviews due</h2>").expect("a list of due reviews")..];
    let table = &table[..table.find("</section>").expect("its end")];
    let place = |text: &str| table.find(text).unwrap_or_else(|| panic!("{text} in {table}"));
    assert!(place(">late</a>") < place(">never</a>") && place(">never</a>") < place(">fresh</a>"));
    place("Overdue since 1 April 2026");
    place("<td class=\"day\" data-v=\"2026-10-30\">30 October 2026</td>");
    place("href=\"../../freshness/?q=Dev%20%26%20Ops\">and 13 more in the freshness report</a>");
    assert!(!table.contains("exempt") && !table.contains(">none<"), "{table}");
}

#[test]
fn the_calendar_and_the_metrics_are_well_formed() {
    let fixture = "-- site.toml --\ntitle = \"A, B; C\"\n-- content/a.md --\n---\ntitle: \"Comma, semicolon; and a very long title that has to be folded because lines end at 75\"\nlast_reviewed_on: 2026-08-01\nowner_slack: \"#x \\\"y\\\"\"\n---\n";
    let built = build_fixture(fixture);
    let calendar = published(&built.output, "reviews.ics");
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.ends_with("END:VCALENDAR\r\n"));
    assert!(
        calendar.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')),
        "{calendar}"
    );
    for text in [
        "DTSTART;VALUE=DATE:20261030",
        "UID:a.md@guidepost",
        "DTSTAMP:20260801T000000Z",
        "Comma\\, semicolon\\; and",
    ] {
        assert!(calendar.contains(text), "{text} in {calendar}");
    }
    assert_eq!(calendar.matches("PRODID").count(), 1);
    let metrics = published(&built.output, "metrics.prom");
    assert!(metrics.ends_with("# EOF\n"));
    let due =
        "guidepost_review_due_timestamp_seconds{page=\"a/\",owner=\"#x \\\"y\\\"\"} 1793404800\n";
    assert!(metrics.contains(due), "{metrics}");
}

#[test]
fn a_calendar_is_folded_between_letters_and_left_out_where_nothing_is_due() {
    let title =
        "Überprüfung des Wiederherstellungsverfahrens für Kundenaufträge über Größen — ".repeat(3);
    let page = |keys: &str| {
        format!("-- site.toml --\n-- content/a.md --\n---\ntitle: \"{title}\"\n{keys}\n---\n")
    };
    let due = build_fixture(&page("last_reviewed_on: 2026-08-01"));
    let path = guidepost::files::FilePath::new("reviews.ics").expect("a path");
    let bytes = due.output.get(&path).expect("a calendar");
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    assert!(lines.iter().all(|line| line.len() <= 76 && std::str::from_utf8(line).is_ok()));
    let unfolded = published(&due.output, "reviews.ics").replace("\r\n ", "");
    assert!(unfolded.contains(&format!("SUMMARY:Review due: {}\r\n", title.trim())), "{unfolded}");
    assert!(published(&due.output, "freshness/index.html").contains("href=\"../reviews.ics\""));

    let exempt = build_fixture(&page("evergreen: true"));
    assert!(exempt.output.get(&path).is_none());
    assert!(!published(&exempt.output, "freshness/index.html").contains("reviews.ics"));
}

#[test]
fn a_site_without_pages_says_so_and_has_no_empty_reports() {
    let built = build_fixture("-- site.toml --\ntitle = \"Empty\"\n");
    assert!(published(&built.output, "index.html").contains("No page is published yet."));
    for path in ["freshness/index.html", "coverage/index.html", "reviews.ics"] {
        let path = guidepost::files::FilePath::new(path).expect("a path");
        assert!(built.output.get(&path).is_none(), "{path}");
    }
    assert_eq!(published(&built.output, "api/coverage.json").trim(), "[]");
    assert!(published(&built.output, "metrics.prom").contains("guidepost_pages 0\n"));
}

#[test]
fn the_bytes_of_dates_for_programs_do_not_depend_on_the_day_of_the_build() {
    let fixture =
        "-- site.toml --\n-- content/a.md --\n---\nlast_reviewed_on: 2026-01-01\n---\n# A\n";
    let sources = Sources {
        files: site(fixture),
        passed_over: BTreeMap::new(),
        history: History::without("").into(),
    };
    let (early, late) = (built(&sources, None, "2026-02-01"), built(&sources, None, "2027-02-01"));
    for path in ["reviews.ics", "api/pages.json", "api/coverage.json"] {
        assert_eq!(published(&early.output, path), published(&late.output, path), "{path}");
    }
}

/// `last_reviewed_on` plus `review_in` as GOV.UK's technical documentation gem adds them, worked out by hand:
/// months keep the day of the month, or take the month's last; weeks are seven days.
fn gov_uk_due(last: &str, every: &str) -> String {
    let parts: Vec<u32> = last.split('-').map(|part| part.parse().expect("digits")).collect();
    let (count, unit) = every.split_once(' ').expect("a count and a unit");
    let count: u32 = count.parse().expect("a count");
    let days_in = |year: u32, month: u32| match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    };
    let (mut year, mut month, mut day) = (parts[0], parts[1], parts[2]);
    if unit.starts_with("month") || unit.starts_with("year") {
        let months = month - 1 + if unit.starts_with("year") { 12 * count } else { count };
        (year, month) = (year + months / 12, months % 12 + 1);
        day = day.min(days_in(year, month));
    } else {
        day += if unit.starts_with("week") { 7 * count } else { count };
        while day > days_in(year, month) {
            day -= days_in(year, month);
            (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        }
    }
    format!("{year:04}-{month:02}-{day:02}")
}

#[test]
fn due_dates_of_real_pages_are_those_of_the_published_rule() {
    let Some(folder) =
        corpora().into_iter().find(|folder| folder.ends_with("modernisation-platform"))
    else {
        return;
    };
    let place = SiteRoot::of_content(&folder.join("source")).expect("the corpus holds its content");
    let sources = load(&place).expect("the corpus can be read");
    let mut expected: BTreeMap<String, (String, bool)> = BTreeMap::new();
    for (path, bytes) in sources.files.iter() {
        let text = String::from_utf8_lossy(bytes);
        let key = |name: &str| {
            let head = text.strip_prefix("---\n")?.split("\n---").next()?;
            head.lines().find_map(|line| {
                line.strip_prefix(name)?.strip_prefix(": ").map(|value| value.trim().to_owned())
            })
        };
        if let (Some(last), Some(every)) = (key("last_reviewed_on"), key("review_in")) {
            let due = gov_uk_due(&last, &every);
            let overdue = due.as_str() < "2026-08-20";
            expected.insert(path.to_string(), (due, overdue));
        }
    }
    assert!(expected.len() > 100, "the corpus holds review dates");
    let built = built(&sources, place.content.as_deref(), "2026-08-20");
    let found: BTreeMap<String, (String, bool)> = built
        .site
        .pages
        .iter()
        .zip(&built.report.pages)
        .filter_map(|(page, report)| {
            let due = report.freshness.due()?.to_string();
            Some((
                page.document.path.to_string(),
                (due, report.freshness.state.name() == "overdue"),
            ))
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn pages_are_edited_and_owned_where_they_lie_in_the_repository_however_little_is_known_of_it() {
    let fixture = "-- site.toml --\nrepository = \"https://git.example.org/org/repo\"\n\
                   -- .github/CODEOWNERS --\ndocs/content/ @org/dba\n-- content/a b.md --\n# A\n";
    let history = History::Unknown { reason: "a shallow clone".into(), site: "docs/".into() };
    let built = built(
        &Sources { files: site(fixture), passed_over: BTreeMap::new(), history: history.into() },
        None,
        "2026-08-20",
    );
    assert_eq!(built.report.pages[0].owner.as_deref(), Some("@org/dba"));
    let edit = "href=\"https://git.example.org/org/repo/edit/HEAD/docs/content/a%20b.md\"";
    let page = published(&built.output, "a-b/index.html");
    assert!(page.contains(edit), "{page}");
}

/// Where an alert's own address leads, of a site with these pages.
fn leads_to(pages: &str, alert: &str) -> String {
    let built = build_fixture(&format!("-- site.toml --\n{pages}"));
    let page = published(&built.output, &format!("alerts/{alert}/index.html"));
    let url = page.split("content=\"0; url=").nth(1).and_then(|rest| rest.split('"').next());
    url.unwrap_or("a choice").to_owned()
}

#[test]
fn alerts_of_a_deprecated_page_lead_to_its_successor() {
    let old = "-- content/old.md --\n---\nstatus: deprecated\nsuperseded_by: new.md\nalerts: [Up, Down]\n---\n# Old\n";
    let new = "-- content/new.md --\n# New\n\n## Mitigation\n\n## When `Down` fires\n";
    let pages = format!("{old}{new}");
    assert_eq!(leads_to(&pages, "Up"), "../../new/");
    assert_eq!(leads_to(&pages, "Down"), "../../new/#when-down-fires");
    let further = "-- content/new.md --\n---\nstatus: Deprecated\nsuperseded_by: newest.md\n---\n# New\n\
                   -- content/newest.md --\n# Newest\n";
    assert_eq!(leads_to(&format!("{old}{further}"), "Up"), "../../newest/");
}

#[test]
fn a_successor_answers_once_and_as_it_says_itself() {
    let pages = "-- content/old.md --\n---\nstatus: Deprecated\nsuperseded_by: new.md\nalerts: [Up]\n---\n# Old\n\
                 -- content/new.md --\n---\nalerts: [{name: Up, section: fix}]\n---\n# New\n\n## Fix\n";
    assert_eq!(leads_to(pages, "Up"), "../../new/#fix");
}

#[test]
fn pages_that_replace_one_another_in_a_circle_answer_themselves() {
    let page = |name: &str, next: &str| {
        format!(
            "-- content/{name}.md --\n---\nstatus: Deprecated\nsuperseded_by: {next}.md\nalerts: [{name}]\n---\n# {name}\n"
        )
    };
    let pages = [page("a", "b"), page("b", "a"), page("c", "a")].concat();
    assert_eq!(leads_to(&pages, "a"), "../../a/");
    assert_eq!(leads_to(&pages, "c"), "../../a/");
    assert_eq!(leads_to(&page("d", "d"), "d"), "../../d/");
}

#[test]
fn a_slot_is_shown_as_no_fact_of_a_page() {
    let built = build_fixture(
        "-- site.toml --\n[owners.ops]\n-- content/a.md --\n---\nowner: <OWNER>\nowner_slack: <SLACK>\n\
         authors: [<AUTHOR>]\nsummary: <SUMMARY>\nalerts: [<ALERT>]\nreviewed_by: <WHO>\n\
         last_reviewed_on: 2026-08-01\n---\n# A\n",
    );
    let page = published(&built.output, "a/index.html");
    assert!(!page.contains("&lt;"), "{page}");
    assert!(!published(&built.output, "api/pages.json").contains('<'));
    assert_eq!(built.findings.len(), 0, "{:?}", built.findings);
}

#[test]
fn a_title_may_say_that_its_page_is_deprecated() {
    let config = "-- site.toml --\n[templates.t]\nfile = \"t.md\"\napplies_to = [\"**\"]\n-- t.md --\n# T\n\n## Steps\n";
    let missing = |title: &str, keys: &str| {
        let built = build_fixture(&format!("{config}-- content/a.md --\n{keys}# {title}\n"));
        built.findings.iter().any(|found| found.diagnostic.message.contains("`Steps`"))
    };
    for title in ["DiskFull [Deprecated]", "(deprecated) DiskFull", "DEPRECATED: DiskFull"] {
        assert!(!missing(title, ""), "{title}");
        assert!(missing(title, "---\nstatus: Final\n---\n"), "{title} in force");
    }
    assert!(missing("How pods become deprecated", ""));
}

#[test]
fn on_an_owner_s_page_what_is_overdue_comes_before_what_nobody_ever_reviewed() {
    let mut fixture =
        "-- site.toml --\n[owners.ops]\n[freshness]\napplies_to = [\"**\"]\n".to_owned();
    for number in 0..60 {
        fixture += &format!("-- content/p{number}.md --\n---\nowner: ops\n---\n# P{number}\n");
    }
    fixture += "-- content/z.md --\n---\nowner: ops\nlast_reviewed_on: 2020-01-01\n---\n# Z\n";
    let built = build_site(site(&fixture));
    let path = FilePath::new("owners/ops/index.html").expect("a path");
    let page = built.output.text(&path).expect("the owner has a page");
    let (_, reviews) = page.split_once("<tbody>").expect("reviews");
    let (first, _) = reviews.split_once("</tr>").expect("a row");
    assert!(first.contains(">Z<") && first.contains("data-state=\"over\""), "{first}");
}

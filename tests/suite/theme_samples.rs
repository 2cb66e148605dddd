//! One full sample of every view: each field filled, and with a text of its own, so that a test can look for it.

use std::collections::BTreeMap;

use guidepost::calendar::Interval;
use guidepost::freshness::State;
use guidepost::render::view::*;

fn text(value: &str) -> String {
    value.to_owned()
}

fn day(iso: &str, words: &str) -> Day {
    Day { iso: iso.to_owned(), words: words.to_owned() }
}

/// A due day of which readers are told two weeks before.
fn due_day(iso: &str, words: &str) -> DueDay {
    let day = iso.parse().expect("a date");
    let soon = Interval { months: 0, days: 14 }.first_reaching(day);
    DueDay { iso: iso.to_owned(), words: words.to_owned(), soon: soon.to_string() }
}

fn link(title: &str, url: &str) -> LinkView {
    LinkView { title: title.to_owned(), url: url.to_owned() }
}

fn contact(text: &str, url: &str) -> Contact {
    Contact { text: text.to_owned(), url: Some(url.to_owned()), more: None }
}

pub(crate) fn site() -> SiteView {
    let report =
        |title: &str, path: &str| ReportLink { title: title.to_owned(), path: path.to_owned() };
    SiteView {
        title: "VirtualAgentics runbooks".to_owned(),
        language: "en".to_owned(),
        direction: "ltr".to_owned(),
        base_url: Some(text("https://runbooks.example.org/")),
        repository: Some(text("https://github.com/org/repo")),
        home: String::new(),
        search: "search/".to_owned(),
        alerts: Some(text("alerts/")),
        reports: vec![
            report("Alerts", "alerts/"),
            report("Dashboards", "dashboards/"),
            report("Freshness", "freshness/"),
            report("Coverage", "coverage/"),
        ],
        owners: vec![owner()],
        report_missing: Some(text(
            "https://github.com/org/repo/issues/new?title=Missing%20runbook%3A%20",
        )),
        due_soon: "14 days".to_owned(),
        noindex: true,
        has_on_call: true,
        unreviewed: false,
    }
}

pub(crate) fn owner() -> OwnerView {
    OwnerView {
        key: "content-platform".to_owned(),
        name: "Content Platform".to_owned(),
        path: Some(text("owners/content-platform/")),
        on_call: Some(contact("Who is on now", "https://pager.example/content-platform")),
        chat: Some(contact("#virtualagentics-alerts", "https://chat.example/archives/alerts")),
        email: Some(contact("content@example.org", "mailto:content@example.org")),
        escalation: Some(contact(
            "Head of Content after 2 h",
            "https://pager.example/head-of-content",
        )),
        timezone: Some(text("Europe/Berlin")),
    }
}

/// The groups in reading order.
pub(crate) fn navigation() -> Vec<Navigation> {
    let item = |title: &str, path: &str, due: &str, state| NavigationItem {
        title: title.to_owned(),
        path: path.to_owned(),
        here: match path {
            "agents/contentgen/" => " aria-current=\"page\"".to_owned(),
            _ => String::new(),
        },
        due: (!due.is_empty()).then(|| due_day(due, "")),
        state,
    };
    let sections = [
        NavigationSection {
            title: "Content pipeline".to_owned(),
            path: text("agents/"),
            here: String::new(),
            items: vec![
                item("CMO", "agents/cmo/", "2026-01-18", State::Fresh),
                item("ContentGen", "agents/contentgen/", "2026-02-09", State::Fresh),
                item("Review", "agents/review/", "2025-12-31", State::Suspect),
                item("AffLink", "agents/afflink/", "2025-10-13", State::Overdue),
                item("Publish", "agents/publish/", "2025-11-28", State::DueSoon),
            ],
            more: 0,
        },
        NavigationSection {
            title: "Shared services".to_owned(),
            path: text("shared/"),
            here: String::new(),
            items: vec![
                item("Analytics", "shared/analytics/", "", State::NeverReviewed),
                item("Glossary", "shared/glossary/", "", State::None),
                item("House rules", "shared/rules/", "", State::Evergreen),
            ],
            more: 17,
        },
    ];
    let group = |section| Navigation { root: "../../".to_owned(), section };
    sections.into_iter().map(group).collect()
}

fn frame(title: &str, path: &str) -> Frame {
    Frame {
        title: title.to_owned(),
        description: Some(format!("What {title} is about")),
        root: "../".repeat(path.matches('/').count()),
        path: path.to_owned(),
        canonical: Some(format!("https://runbooks.example.org/{path}")),
        ..Frame::default()
    }
}

fn severity(text: &str, level: u8) -> Severity {
    Severity { text: text.to_owned(), level }
}

fn alert(name: &str, severity: Option<Severity>, target: &str) -> AlertRow {
    AlertRow {
        pieces: Vec::new(),
        source_url: None,
        kinds: String::new(),
        name: name.to_owned(),
        severity,
        condition: Some(format!("{name} counted ≥ 1 in 5 min")),
        channel: Some(format!("#{name}-channel")),
        url: Some(format!("../agents/contentgen/#{name}")),
        target: target.to_owned(),
        section: Some(link(target, &format!("../agents/contentgen/#{name}"))),
        sentence: Some(format!("What {name} means.")),
        lacks_runbook: false,
        deprecated: true,
        page: Some(format!("Agent of {name}")),
        owner: Some(format!("Owner of {name}")),
        source: Some(format!("alarms/{name}.yaml")),
        report_url: None,
    }
}

fn alerts() -> Vec<AlertRow> {
    vec![
        alert("ContentGenErrorsAlarm", Some(severity("P1", 1)), "5.3.1 Errors"),
        alert("ContentGenHighDurationAlarm", Some(severity("P2", 2)), "5.3.2 Slow runs"),
        AlertRow {
            url: None,
            section: None,
            sentence: None,
            lacks_runbook: true,
            report_url: Some(text(
                "https://github.com/org/repo/issues/new?title=Missing%20runbook%3A%20QueueAge",
            )),
            ..alert("ReviewQueueAgeAlarm", Some(severity("warning", 3)), "")
        },
        alert("LambdaThrottlesAlarm", None, "5.3.3 Throttling"),
    ]
}

fn dashboards() -> Vec<Dashboard> {
    let dashboard = |title: &str, kind: &str, kind_title: &str, icon: &str| Dashboard {
        title: title.to_owned(),
        url: format!("https://console.example/{kind}?region=us-east-1"),
        url_template: Some(format!("https://console.example/{kind}?region={{REGION}}")),
        kind: kind.to_owned(),
        kind_title: kind_title.to_owned(),
        icon: icon.to_owned(),
        note: Some(format!("row 2 of {title}")),
    };
    vec![
        dashboard("Phase1-Pipeline-Dashboard", "cloudwatch", "CloudWatch", "cw"),
        dashboard("Traces", "xray", "X-Ray", "xr"),
        dashboard("Error query", "insights", "Logs Insights", "li"),
        dashboard("Model latency", "grafana", "Grafana", "gf"),
        dashboard("Vendor status", "link", "Link", "out"),
    ]
}

fn status(text: &str, kind: StatusKind) -> Status {
    Status { text: text.to_owned(), kind }
}

pub(crate) fn page_rows() -> Vec<PageRow> {
    let row = |title: &str, state, due: Option<DueDay>, status| PageRow {
        title: title.to_owned(),
        url: format!("agents/{}/", title.to_lowercase()),
        summary: Some(format!("What {title} does")),
        owner: Some(format!("Team {title}")),
        status,
        due,
        state,
    };
    vec![
        row(
            "CMO",
            State::Fresh,
            Some(due_day("2026-01-18", "18 January 2026")),
            Some(status("Final", StatusKind::Final)),
        ),
        row(
            "AffLink",
            State::Overdue,
            Some(due_day("2025-10-13", "13 October 2025")),
            Some(status("In draft", StatusKind::Draft)),
        ),
        row("Publish", State::DueSoon, Some(due_day("2025-11-28", "28 November 2025")), None),
        row("Analytics", State::NeverReviewed, None, None),
        row("Shipping", State::Suspect, Some(due_day("2026-02-28", "28 February 2026")), None),
        row("Rules", State::Evergreen, None, None),
        row("Glossary", State::None, None, None),
    ]
}

fn freshness() -> FreshnessView {
    FreshnessView {
        state: State::Fresh,
        due: Some(due_day("2026-02-09", "9 February 2026")),
        reviewed: Some(day("2025-11-11", "11 November 2025")),
        dated: None,
        reviewed_by: Some(text("Dana Whitfield")),
        every: Some(text("90 days")),
        date_only: true,
        caveat: Some(text("The history is shallow, so changes to watched files are unknown")),
        changed: vec![
            ChangedFile {
                file: "terraform/contentgen.tf".to_owned(),
                on: day("2025-11-20", "20 November 2025"),
                url: Some(text("https://github.com/org/repo/commits/main/terraform/contentgen.tf")),
            },
            ChangedFile {
                file: "src/limits.rs".to_owned(),
                on: day("2025-11-19", "19 November 2025"),
                url: None,
            },
        ],
        reviews: vec![LedgerRow {
            on: day("2025-08-12", "12 August 2025"),
            by: Some(text("Jon Reyes")),
            how: Some(text("drill")),
            note: Some(text("Restored from the copy in 40 minutes")),
        }],
    }
}

fn parameters() -> Vec<ParameterView> {
    let parameter = |name: &str, value: &str| ParameterView {
        name: name.to_owned(),
        value: value.to_owned(),
        ..ParameterView::default()
    };
    vec![
        ParameterView {
            pattern: Some(text("[a-z]{2}-[a-z]+-[0-9]")),
            shared: true,
            description: Some(text("Where the stack runs")),
            ..parameter("REGION", "us-east-1")
        },
        parameter("FUNCTION", "va-contentgen"),
        ParameterView {
            choices: vec!["live".to_owned(), "canary".to_owned()],
            ..parameter("ALIAS", "live")
        },
        ParameterView { pattern: Some(text("[0-9]+")), ..parameter("VERSION", "") },
    ]
}

fn toc() -> Vec<TocEntry> {
    let entry = |id: &str, number: &str, title: &str, sub| TocEntry {
        id: id.to_owned(),
        number: (!number.is_empty()).then(|| number.to_owned()),
        title: title.to_owned(),
        sub,
        level: 1 + u8::from(sub),
    };
    vec![
        entry("s1", "1", "Overview and context", false),
        entry("s5", "5", "Incident response & troubleshooting", false),
        entry("s5-3", "5.3", "Resolution", true),
        entry("notes", "", "Notes", false),
    ]
}

fn pipeline() -> Vec<PipelineStop> {
    let stop = |title: &str, state, role| PipelineStop {
        title: title.to_owned(),
        url: Some(format!("../{title}/")),
        due: Some(due_day("2026-01-18", "")),
        owner: Some(text("AI Engineering")),
        state,
        role,
    };
    vec![
        stop("CMO", State::Fresh, PipelineRole::Upstream),
        PipelineStop { url: None, ..stop("ContentGen", State::Fresh, PipelineRole::Here) },
        stop("Review", State::Overdue, PipelineRole::Downstream),
        PipelineStop {
            url: None,
            due: None,
            ..stop("Archive", State::None, PipelineRole::Downstream)
        },
    ]
}

pub(crate) fn page() -> PageView {
    PageView {
        print_url: Some("print/".to_owned()),
        rules: vec![rule_row()],
        more_rules: 2,
        frame: Frame {
            due: Some(text("2026-02-09")),
            state: State::Fresh,
            breadcrumbs: vec![link("Content pipeline", "../")],
            source_url: Some(text("index.md")),
            edit_url: Some(text("https://github.com/org/repo/edit/main/content/agents/contentgen.md")),
            report_url: Some(text("https://github.com/org/repo/issues/new?title=Step%20is%20wrong")),
            ..frame("ContentGen", "agents/contentgen/")
        },
        heading: "Content<em>Gen</em>".to_owned(),
        heading_id: Some(text("contentgen")),
        status: Some(status("Stable Draft", StatusKind::Draft)),
        version: Some(text("2.4.1")),
        summary: Some(text("Turns an approved brief into a draft article & hands it to Review.")),
        authors: vec!["Mina Okafor".to_owned(), "Jon Reyes".to_owned()],
        audience: Some(text("Internal – DevOps & SRE Team")),
        gpt_model: Some(text("Generated by ChatGPT-4.1")),
        tags: vec!["pipeline".to_owned(), "lambda".to_owned()],
        extra: BTreeMap::from([("cost_center".to_owned(), vec!["4711".to_owned(), "4712".to_owned()])]),
        freshness: Some(freshness()),
        missing: Some(Missing { count: 3, url: "#s2-2".to_owned() }),
        tombstone: Some(Tombstone { replacement: Some(link("ContentGen 3", "../contentgen3/")) }),
        alerts: alerts(),
        error_signatures: vec![SignatureView {
            text: "ERROR ModelAccessDenied: key <expired>".to_owned(),
            url: "#errors".to_owned(),
            target: "5.3.1 Error lines".to_owned(),
        }],
        dashboards: dashboards(),
        pipeline: pipeline(),
        graph: Some("<svg class=\"graph\"></svg>".to_owned()),
        affected: vec![link("Review", "../review/"), link("Publish", "../publish/")],
        lang: Some("de".to_owned()),
        direction: Some("ltr"),
        used_in: 1,
        body: "<h2 id=\"s1\"><span class=\"number\">1</span> Overview</h2>\n<p>Takes <b>one</b> brief.</p>".to_owned(),
        toc: toc(),
        parameters: parameters(),
        owner: Some(OwnerView { escalation: None, ..owner() }),
        escalation: Some(contact("5.4 Escalation", "#s5-4")),
        sections: section_rows(),
        pages: page_rows(),
        backlinks: vec![
            Backlink {
                title: "CMO, 5.3 Resolution".to_owned(),
                url: "../cmo/#s5-3".to_owned(),
                sentence: "If drafts are empty, see <a href=\"../contentgen/\">ContentGen</a>.".to_owned(),
                relation: None,
            },
            Backlink {
                title: "Review".to_owned(),
                url: "../review/".to_owned(),
                sentence: String::new(),
                relation: Some(text("upstream")),
            },
        ],
        fix: Some(link("4 What mitigates", "#4-what-mitigates")),
        has_tools: true,
        review_command: Some(text("guidepost review content/agents/contentgen.md")),
        previous: Some(link("CMO, the first", "../cmo/")),
        next: Some(link("Review, the third", "../review/")),
    }
}

fn section_rows() -> Vec<SectionRow> {
    vec![SectionRow {
        title: text("Retired agents"),
        url: text("retired/"),
        summary: Some(text("Kept for old links")),
        pages: 4,
    }]
}

pub(crate) fn home() -> HomePage {
    HomePage {
        print_url: Some("print/".to_owned()),
        frame: Frame { root: "./".to_owned(), ..frame("VirtualAgentics runbooks", "") },
        body: Some(text("<p>Start with the <a href=\"agents/\">agents</a>.</p>")),
        alerts: HomeAlerts {
            shown: ShownAlerts::Urgent,
            rows: alerts(),
            sections: vec![AlertSection {
                title: text("Content pipeline"),
                url: text("agents/"),
                alerts: 12,
            }],
            count: Some(15),
        },
        graph: Some(text(
            "<svg class=\"graph\" viewBox=\"0 0 200 60\" role=\"group\" aria-label=\"Pipeline\"><a href=\"agents/cmo/\"><rect x=\"1\" y=\"1\" width=\"130\" height=\"54\" rx=\"4\"/><text x=\"13\" y=\"24\">CMO</text></a></svg>",
        )),
        graph_last: false,
        groups: vec![
            HomeGroup {
                title: "The pipeline".to_owned(),
                url: Some(text("agents/")),
                sections: section_rows(),
                pages: page_rows(),
                more: 9,
            },
            HomeGroup {
                title: "Loose pages".to_owned(),
                url: None,
                sections: Vec::new(),
                pages: page_rows()[..2].to_vec(),
                more: 0,
            },
        ],
        attention: vec![
            AttentionRow {
                title: "AffLink".to_owned(),
                url: "agents/afflink/".to_owned(),
                due: Some(due_day("2025-10-13", "13 October 2025")),
                state: State::Overdue,
                warning: None,
                note: Some(text("Monetization")),
            },
            AttentionRow {
                title: "2 alerts have no runbook".to_owned(),
                url: "alerts/?q=no+runbook".to_owned(),
                due: None,
                state: State::None,
                warning: Some(text("No runbook yet")),
                note: Some(text("ReviewQueueAgeAlarm, PublishCdnPurgeAlarm")),
            },
        ],
        recent: vec![RecentRow {
            title: "Cost Guard".to_owned(),
            url: "shared/cost-guard/".to_owned(),
            on: day("2025-11-18", "18 November 2025"),
            what: "reviewed by Dana, drill".to_owned(),
        }],
        built: day("2025-11-23", "23 November 2025"),
    }
}

pub(crate) fn alerts_page() -> AlertsPage {
    AlertsPage {
        kinds: vec!["Prometheus", "Terraform"],
        frame: frame("Alerts", "alerts/"),
        alerts: alerts(),
        has_owners: true,
        severities: [
            Some(severity("P1", 1)),
            Some(severity("P2", 2)),
            Some(severity("warning", 3)),
        ]
        .into_iter()
        .flatten()
        .collect(),
        without_runbook: 1,
        print_url: Some("../print/".to_owned()),
    }
}

pub(crate) fn alert_choice() -> AlertChoicePage {
    let choice = |name: &str, state, due| AlertChoice {
        deprecated: false,
        alert: AlertRow {
            channel: None,
            source: None,
            ..alert(name, Some(severity("P2", 2)), "Diagnosis")
        },
        due,
        state,
    };
    AlertChoicePage {
        frame: frame("KubeAPIDown", "alerts/KubeAPIDown/"),
        name: "KubeAPIDown".to_owned(),
        choices: vec![
            choice("operator", State::Overdue, Some(due_day("2025-10-13", "13 October 2025"))),
            choice("cluster", State::None, None),
        ],
    }
}

pub(crate) fn dashboards_page() -> DashboardsPage {
    let kind = |key: &str, title: &str, icon: &str| DashboardFilter {
        key: key.to_owned(),
        title: title.to_owned(),
        icon: icon.to_owned(),
    };
    let plain = |dashboard: Dashboard| Dashboard { url_template: None, ..dashboard };
    DashboardsPage {
        frame: frame("Dashboards", "dashboards/"),
        kinds: vec![kind("cloudwatch", "CloudWatch", "cw"), kind("xray", "X-Ray", "xr")],
        groups: vec![
            DashboardGroup {
                title: "ContentGen".to_owned(),
                url: Some(text("../agents/contentgen/")),
                dashboards: dashboards().into_iter().map(plain).collect(),
            },
            DashboardGroup {
                title: "Whole pipeline".to_owned(),
                url: None,
                dashboards: Vec::new(),
            },
        ],
    }
}

pub(crate) fn freshness_page() -> FreshnessPage {
    FreshnessPage {
        frame: frame("Freshness", "freshness/"),
        counts: StateCounts { over: 2, soon: 1, fresh: 7, never: 1, suspect: 1, evergreen: 1 },
        in_date_percent: 75,
        plot: Some(text(
            "<svg class=\"graph plot\" viewBox=\"0 0 890 60\" role=\"img\" aria-label=\"Plot\"><g data-now=\"2025-11-23\" data-step=\"3.7\"><path class=\"now\" d=\"M353 18V48\"/><text x=\"353\" y=\"14\" text-anchor=\"middle\">23 Nov</text></g></svg>",
        )),
        rows: freshness_rows(),
        caveat: Some(text("A shallow clone: changes to watched files are unknown")),
        calendar_url: Some(text("../reviews.ics")),
        built: day("2025-11-23", "23 November 2025"),
    }
}

pub(crate) fn coverage_page() -> CoveragePage {
    let column = |label: &str, title: &str| CoverageColumn {
        label: label.to_owned(),
        title: title.to_owned(),
    };
    let cell = |state, count, label: &str, first| CoverageCell {
        state,
        count,
        label: label.to_owned(),
        url: Some(format!("../agents/x/#{}", label.len())),
        first,
    };
    let row = |title: &str, status, cells| CoverageRow {
        title: title.to_owned(),
        url: format!("../agents/{title}/"),
        status,
        cells,
        percent: 67,
    };
    CoveragePage {
        frame: frame("Coverage", "coverage/"),
        matrices: vec![CoverageMatrix {
            more: 12,
            template: "agent".to_owned(),
            has_parts: true,
            groups: vec![
                CoverageGroup {
                    title: "Overview and Context".to_owned(),
                    label: "Overview".to_owned(),
                    columns: vec![column("1", "Overview and Context")],
                },
                CoverageGroup {
                    title: "Deployment".to_owned(),
                    label: "Deployment".to_owned(),
                    columns: vec![
                        column("2.1", "Deployment Pipeline"),
                        column("2.2", "Configuration Management"),
                    ],
                },
            ],
            rows: vec![
                row(
                    "ContentGen",
                    Some(status("Under review", StatusKind::Draft)),
                    vec![
                        cell(CellState::Complete, 0, "1 Overview: complete", true),
                        cell(CellState::Placeholders, 2, "2.1 Deployment: 2 placeholders", true),
                        cell(CellState::Guidance, 0, "2.2 Configuration: guidance left", false),
                    ],
                ),
                row(
                    "AffLink",
                    None,
                    vec![
                        CoverageCell {
                            url: None,
                            ..cell(CellState::Missing, 0, "1 Overview: missing", true)
                        },
                        cell(CellState::NotApplicable, 0, "2.1 Deployment: not applicable", true),
                        cell(CellState::Complete, 0, "2.2 Configuration: complete", false),
                    ],
                ),
            ],
            percents: vec![50, 51, 52],
            percent: 53,
        }],
    }
}

fn freshness_rows() -> Vec<FreshnessRow> {
    let row = |row: PageRow| FreshnessRow {
        reviewed: row.due.as_ref().map(|_| day("2025-07-15", "15 July 2025")),
        note: Some(format!("date only: {}", row.title)),
        every: Some(text("6 weeks")),
        owner: row.owner,
        title: row.title,
        url: row.url,
        status: None,
        state: row.state,
        due: row.due,
    };
    page_rows().into_iter().take(6).map(row).collect()
}

pub(crate) fn owner_page() -> OwnerPage {
    OwnerPage {
        print_url: Some("print/".to_owned()),
        frame: frame("Content Platform", "owners/content-platform/"),
        owner: owner(),
        pages: page_rows(),
        alerts: alerts(),
        reviews: freshness_rows(),
        more_reviews: 3,
        more_alerts: 4,
        alerts_url: "../../alerts/?q=Content%20Platform".to_owned(),
        report_url: "../../freshness/?q=Content%20Platform".to_owned(),
    }
}

pub(crate) fn owners_page() -> OwnersPage {
    let other = OwnerView { name: text("Another team"), ..owner() };
    OwnersPage {
        frame: frame("Owners", "owners/"),
        owners: vec![
            OwnerRow { owner: owner(), count: text("17 pages") },
            OwnerRow { owner: other, count: text("1 page") },
        ],
    }
}

pub(crate) fn print_page() -> PrintPage {
    let printed = |(number, row): (usize, PageRow)| PrintedPage {
        id: format!("p{number}"),
        heading: format!("Heading <b>{number}</b>"),
        row,
        due: Some(due_day("2026-02-09", "9 February 2026")),
        owner: Some(OwnerView { escalation: None, ..owner() }),
        escalation: Some(contact("5.4 Escalation", "#s5-4")),
        alerts: alerts(),
        parameters: parameters(),
        body: format!("<p>Text of page <i>{number}</i>.</p>"),
    };
    PrintPage {
        frame: frame("Content pipeline", "agents/print/"),
        title: text("Content pipeline"),
        count: text("3 pages"),
        pages: page_rows().into_iter().take(3).enumerate().map(printed).collect(),
    }
}

pub(crate) fn search_page() -> SearchPage {
    SearchPage { frame: frame("Search", "search/") }
}

pub(crate) fn not_found() -> NotFoundPage {
    NotFoundPage {
        frame: Frame {
            root: "/repo/".to_owned(),
            canonical: None,
            ..frame("No page here", "404.html")
        },
        folders: Vec::new(),
    }
}

pub(crate) fn redirect() -> RedirectPage {
    RedirectPage {
        frame: frame("ContentGenErrorsAlarm", "alerts/ContentGenErrorsAlarm/"),
        target_url: "../../agents/contentgen/#errors".to_owned(),
        target: "ContentGen, 5.3.1 Errors".to_owned(),
    }
}

fn rule_row() -> RuleRow {
    RuleRow {
        pieces: vec![NamePiece { text: "Stuck".to_owned(), hole: false, values: String::new() }],
        severity: None,
        condition: Some("depth > 9 for 5m".to_owned()),
        kind: "Prometheus",
        source: "rules/a.yaml:4".to_owned(),
        source_url: Some("https://git.example/x#L4".to_owned()),
    }
}

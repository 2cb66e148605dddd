//! An entry of a page's `dashboards` becomes a typed link.
//!
//! Which address a link has is not known here: [`crate::render`] encodes it. A value may use a parameter of
//! the page or the site as `<name>` or `{name}`; [`pieces`] tells these from the text around them.
//!
//! | kind | keys |
//! |---|---|
//! | none | `url` |
//! | `cloudwatch-dashboard`, `cloudwatch-alarm`, `lambda`, `sqs` | `name` |
//! | `log-group` | `name`, `stream`, `filter`, `range` |
//! | `logs-insights` | `groups`, `query`, `range` or `start` and `end` |
//! | `xray` | `trace`, or `filter` and `range`, or `map: true` |
//! | `grafana` | `uid`, `slug`, `vars`, `panel`, `range` or `start` and `end`, `org`, `base` |
//! | `grafana-explore` | `datasource`, `query`, `range` or `start` and `end`, `org`, `base` |
//! | a site's own | what its address in site.toml asks for |
//!
//! Every kind has `title` and `note`, those of AWS `region` and `account` too.

use std::collections::BTreeMap;
use std::ops::Range;

pub use read::read_dashboard;

mod read;

/// A deep link as a page declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DashboardLink {
    /// What the button says.
    pub title: String,
    /// The kind as typed; `url` for a plain address.
    pub kind: String,
    /// Where it leads.
    pub link: DeepLink,
    /// The AWS region, if not the site's.
    pub region: Option<String>,
    /// The AWS account, if not the site's.
    pub account: Option<String>,
    /// What to look at there.
    pub note: Option<String>,
    /// The entry in the file.
    pub range: Range<usize>,
}

/// What a deep link leads to, by kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeepLink {
    /// A `CloudWatch` dashboard.
    CloudWatchDashboard {
        /// The dashboard's name.
        name: String,
    },
    /// A `CloudWatch` alarm.
    CloudWatchAlarm {
        /// The alarm's name.
        name: String,
    },
    /// A log group, or one of its streams, or the events that a filter pattern leaves.
    LogGroup {
        /// The group's name.
        name: String,
        /// One stream of it.
        stream: Option<String>,
        /// A filter pattern.
        filter: Option<String>,
        /// How far back, in seconds.
        seconds: Option<u64>,
    },
    /// A Logs Insights query.
    LogsInsights {
        /// The names of the log groups that it reads.
        groups: Vec<String>,
        /// The query itself.
        query: String,
        /// The time that it looks at.
        span: TimeSpan,
    },
    /// One trace of X-Ray.
    XrayTrace {
        /// The trace's id.
        id: String,
    },
    /// Traces of X-Ray.
    XrayTraces {
        /// A filter expression.
        filter: Option<String>,
        /// How far back, in seconds.
        seconds: u64,
    },
    /// The map of X-Ray's services.
    XrayMap,
    /// The monitoring of a Lambda function.
    Lambda {
        /// The function's name.
        name: String,
    },
    /// A queue of SQS.
    Sqs {
        /// The queue's name, or its whole URL.
        name: String,
    },
    /// A dashboard of Grafana.
    Grafana {
        /// Which Grafana, if not the site's.
        base: Option<String>,
        /// The dashboard's stable id.
        uid: String,
        /// The readable part of its address.
        slug: Option<String>,
        /// The dashboard's variables with their values.
        variables: Vec<(String, Vec<String>)>,
        /// The panel to open.
        panel: Option<String>,
        /// The time that it shows.
        span: Option<TimeSpan>,
        /// The organization's number.
        organization: Option<String>,
    },
    /// A query in Grafana Explore.
    GrafanaExplore {
        /// Which Grafana, if not the site's.
        base: Option<String>,
        /// The data source's id.
        datasource: String,
        /// The query in the data source's language.
        query: String,
        /// The time that it looks at.
        span: Option<TimeSpan>,
        /// The organization's number.
        organization: Option<String>,
    },
    /// An address as typed.
    Url(String),
    /// A link of a site's own kind.
    Custom {
        /// The kind's address with `{name}` for each value.
        template: String,
        /// The values by name.
        values: BTreeMap<String, String>,
    },
}

/// The time that a query looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeSpan {
    /// Up to now.
    Last {
        /// How far back.
        seconds: u64,
    },
    /// From one moment to another, each `2025-05-30T05:00:00.000Z` where it could be read as a moment.
    Between {
        /// The first moment.
        start: String,
        /// The last moment.
        end: String,
    },
}

/// What site.toml and the page say for every deep link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defaults<'a> {
    /// The AWS region.
    pub region: Option<&'a str>,
    /// The AWS account.
    pub account: Option<&'a str>,
    /// The address of Grafana.
    pub grafana: Option<&'a str>,
    /// The site's own kinds: title and address by name.
    pub kinds: BTreeMap<&'a str, (&'a str, &'a str)>,
    /// The parameters that the page may use, with their default values.
    pub parameters: BTreeMap<&'a str, Option<&'a str>>,
}

/// The kinds that are built in.
pub const KINDS: &[&str] = &[
    "cloudwatch-dashboard",
    "cloudwatch-alarm",
    "log-group",
    "logs-insights",
    "xray",
    "lambda",
    "sqs",
    "grafana",
    "grafana-explore",
];

/// A part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that stands for itself.
    Text(&'a str),
    /// A parameter, by its declared name.
    Parameter(&'a str),
    /// `{name}` of something that is no parameter, with the braces and where it begins in the value.
    Unknown(&'a str, usize),
}

/// Takes a value apart into text and the parameters that it uses.
///
/// `<name>` counts if such a parameter exists. So does `{name}`, which otherwise is [`Piece::Unknown`];
/// `${name}` is somebody else's variable and counts as text. Case, `-` and `_` make no difference.
pub fn pieces<'a>(
    value: &'a str,
    parameters: &BTreeMap<&'a str, Option<&'a str>>,
) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut text_start = 0;
    let mut from = 0;
    while let Some(open) = value[from..].find(['<', '{']).map(|open| from + open) {
        from = open + 1;
        let close = if value[open..].starts_with('<') { '>' } else { '}' };
        let Some(length) = value[from..].find(close) else { continue };
        let name = &value[from..from + length];
        let end = from + length + 1;
        if !is_name(name) || value[..open].ends_with('$') {
            continue;
        }
        let known = parameters.keys().find(|known| folded(known) == folded(name));
        let piece = match known {
            Some(known) => Piece::Parameter(known),
            None if close == '}' => Piece::Unknown(&value[open..end], open),
            None => continue,
        };
        if text_start < open {
            pieces.push(Piece::Text(&value[text_start..open]));
        }
        pieces.push(piece);
        text_start = end;
        from = end;
    }
    if text_start < value.len() {
        pieces.push(Piece::Text(&value[text_start..]));
    }
    pieces
}

/// Whether a text may be a parameter's name.
fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
}

/// A parameter's name such that all spellings are equal.
fn folded(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::read::{moment, parse_range};
    use super::{DeepLink, Defaults, Piece, TimeSpan, pieces, read_dashboard};
    use crate::files::FilePath;
    use crate::value::yaml;

    fn defaults() -> Defaults<'static> {
        Defaults {
            region: Some("eu-central-1"),
            kinds: [("kibana", ("Kibana", "https://k.example/app/{id}?range={range}"))].into(),
            parameters: [("content-id", None), ("range", Some("1h"))].into(),
            ..Defaults::default()
        }
    }

    /// What is found, each as `message @ what it points at`.
    fn check(text: &str, expected: &[&str]) -> Option<DeepLink> {
        let path = FilePath::new("content/a.md").unwrap();
        let node = yaml::parse(text, 0).unwrap();
        let (link, found) = read_dashboard(&node, &path, &defaults());
        let found: Vec<String> = found
            .into_iter()
            .map(|found| format!("{} @ {}", found.message, &text[found.at.range]))
            .collect();
        assert_eq!(found, expected, "{text}");
        link.map(|link| link.link)
    }

    #[test]
    fn every_kind_is_read() {
        for text in [
            "{kind: cloudwatch-dashboard, name: Phase1, title: Pipeline}",
            "{kind: cloudwatch-alarm, name: Errors, region: us-east-1}",
            "{kind: log-group, name: /aws/lambda/x, stream: a, filter: '{ $.level = \"ERROR\" }', range: 1h}",
            "{kind: logs-insights, groups: [a, b], query: 'parse @message \"{id}\"', range: 24h}",
            "{kind: logs-insights, groups: a, query: x, start: 2025-05-30, end: '2025-05-30T05:00:00Z'}",
            "{kind: xray, trace: 1-2-3}",
            "{kind: xray, filter: 'service(\"x\")', range: 6h}",
            "{kind: xray, map: true}",
            "{kind: lambda, name: f}",
            "{kind: sqs, name: q, account: 123456789012}",
            "{kind: grafana, base: 'https://g.example', uid: u, vars: {env: [a, b]}, panel: 3, range: 6h}",
            "{kind: grafana-explore, base: 'https://g.example', datasource: prom, query: 'up{a=\"b\"}'}",
            "{kind: kibana, id: x, range: 2h}",
            "{title: Status, url: 'https://s.example/'}",
            "https://s.example/",
        ] {
            assert!(check(text, &[]).is_some(), "{text}");
        }
    }

    #[test]
    fn a_link_that_cannot_have_an_address_is_reported() {
        check(
            "{kind: grafana, uid: x}",
            &["a `grafana` link needs `base` @ {kind: grafana, uid: x}"],
        );
        check("{kind: sqs, name: x}", &["a `sqs` link needs `account` @ {kind: sqs, name: x}"]);
        check("{kind: lambda}", &["a `lambda` link needs `name` @ {kind: lambda}"]);
        check("{kind: lambad, name: x}", &["unknown kind of link `lambad` @ lambad"]);
        check("{kind: lambda, name: [x]}", &["`name` is a list, not text @ [x]"]);
        check("{title: x}", &["a `url` link needs `url` @ {title: x}"]);
        check(
            "{url: ' JavaScript:alert(1)'}",
            &["` JavaScript:alert(1)` is a script, not an address @ ' JavaScript:alert(1)'"],
        );
        check("[a]", &["`dashboards` is a list, not keys with values @ [a]"]);
    }

    #[test]
    fn a_mistake_that_leaves_an_address_leaves_the_link() {
        assert!(
            check("{kind: lambda, name: x, nmae: y}", &["`lambda` links have no `nmae` @ nmae"])
                .is_some()
        );
        assert!(
            check(
                "{kind: xray, range: 1 fortnight}",
                &["no time range: `1 fortnight` @ 1 fortnight"]
            )
            .is_some()
        );
        assert!(
            check(
                "{url: 'https://x/{clutser}/y'}",
                &["undefined variable `{clutser}` @ {clutser}"]
            )
            .is_some()
        );
        assert!(
            check(
                "{kind: kibana}",
                &["the kind `kibana` needs a value for `{id}` @ {kind: kibana}"]
            )
            .is_some()
        );
    }

    #[test]
    fn a_kinds_variables_come_from_the_link_the_site_and_the_parameters() {
        let link = check("{kind: kibana, id: a b}", &[]);
        let values: BTreeMap<String, String> =
            [("id".to_string(), "a b".to_string()), ("range".to_string(), "{range}".to_string())]
                .into();
        assert!(matches!(link, Some(DeepLink::Custom { values: given, .. }) if given == values));
    }

    #[test]
    fn parameters_are_told_from_text() {
        let known = [("content-id", None)].into();
        for (value, expected) in [
            (
                "a<CONTENT_ID>b",
                vec![Piece::Text("a"), Piece::Parameter("content-id"), Piece::Text("b")],
            ),
            ("{content-id}", vec![Piece::Parameter("content-id")]),
            ("${content-id}", vec![Piece::Text("${content-id}")]),
            ("<other> {other}", vec![Piece::Text("<other> "), Piece::Unknown("{other}", 8)]),
            ("{3} {} { <", vec![Piece::Text("{3} {} { <")]),
            ("", vec![]),
        ] {
            assert_eq!(pieces(value, &known), expected, "{value}");
        }
    }

    #[test]
    fn spans_of_time_are_read() {
        for (typed, seconds) in [
            ("30m", Some(1_800)),
            ("6 hours", Some(21_600)),
            ("2w", Some(1_209_600)),
            ("1h30m", None),
            ("0h", None),
            ("h", None),
        ] {
            assert_eq!(parse_range(typed), seconds, "{typed}");
        }
        assert_eq!(moment("2025-05-30T07:00:00+02:00"), "2025-05-30T05:00:00.000Z");
        assert_eq!(moment("2025-05-30"), "2025-05-30T00:00:00.000Z");
        let link = check("{kind: xray, filter: x}", &[]);
        assert_eq!(
            link,
            Some(DeepLink::XrayTraces { filter: Some("x".to_string()), seconds: 21_600 })
        );
        assert_ne!(TimeSpan::Last { seconds: 1 }, TimeSpan::Last { seconds: 2 });
    }
}

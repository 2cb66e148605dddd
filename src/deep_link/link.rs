//! What a deep link is: its kind, what it leads to, and what a site and a page say for all of them.

use std::collections::BTreeMap;
use std::ops::Range;

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

//! A typed deep link becomes the address that the console reads.
//!
//! No vendor documents the addresses of its console, so each encoder says where its form was seen. The tests
//! decode every address again and compare what the console would read with what was put in.
//!
//! # Parameters
//! Where a value uses a parameter of the page, the address is written twice: [`DeepLinkAddress::url`] with the
//! parameters' defaults, and [`DeepLinkAddress::template`] with `{name}` or `{name:encoding}` for the page's script to
//! fill in. Every encoding works character by character, so text and parameters may stand side by side:
//!
//! | written as | the script puts in |
//! |---|---|
//! | `{name}` | `encodeURIComponent(value)` |
//! | `{name:twice}` | that of that, each `%` as `$` |
//! | `{name:star}` | every byte but `A-Z a-z 0-9 _ . -` as `*xx` |
//! | `{name:json}` | `encodeURIComponent` of the value as JSON without its quotes |
//! | `{name:console}` | the console's host for the region that the value names |

use super::link::{DashboardLink, DeepLink, Defaults};
use crate::text::is_script;

use aws::{
    Events, cloudwatch_alarm, cloudwatch_dashboard, lambda, log_group, logs_insights, sqs,
    xray_map, xray_trace, xray_traces,
};
use grafana::{grafana, grafana_explore};
use writer::AddressWriter;

mod aws;
mod grafana;
mod writer;

/// Where a deep link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeepLinkAddress {
    /// The address, parameters at their defaults; one without a default stays as `<name>`.
    pub url: String,
    /// The same with a place for each parameter, if a value uses one.
    pub template: Option<String>,
}

/// The address of a deep link.
pub fn address(dashboard: &DashboardLink, defaults: &Defaults<'_>) -> DeepLinkAddress {
    let mut writer = AddressWriter {
        url: String::new(),
        template: String::new(),
        has_parameter: false,
        parameters: &defaults.parameters,
    };
    let region = dashboard.region.as_deref().or(defaults.region).unwrap_or_default();
    let account = dashboard.account.as_deref().or(defaults.account).unwrap_or_default();
    match &dashboard.link {
        DeepLink::CloudWatchDashboard { name } => cloudwatch_dashboard(&mut writer, region, name),
        DeepLink::CloudWatchAlarm { name } => cloudwatch_alarm(&mut writer, region, name),
        DeepLink::LogGroup { name, stream, filter, seconds } => {
            let events =
                Events { stream: stream.as_deref(), filter: filter.as_deref(), seconds: *seconds };
            log_group(&mut writer, region, name, &events);
        }
        DeepLink::LogsInsights { groups, query, span } => {
            logs_insights(&mut writer, region, groups, query, span);
        }
        DeepLink::XrayTrace { id } => xray_trace(&mut writer, region, id),
        DeepLink::XrayTraces { filter, seconds } => {
            xray_traces(&mut writer, region, filter.as_deref(), *seconds);
        }
        DeepLink::XrayMap => xray_map(&mut writer, region),
        DeepLink::Lambda { name } => lambda(&mut writer, region, name),
        DeepLink::Sqs { name } => sqs(&mut writer, region, account, name),
        DeepLink::Grafana { .. } => grafana(&mut writer, defaults, &dashboard.link),
        DeepLink::GrafanaExplore { .. } => grafana_explore(&mut writer, defaults, &dashboard.link),
        DeepLink::Url(url) => writer.address(url),
        DeepLink::Custom { template, values } => writer.filled(template, values),
    }
    // No value may decide what kind of address this is.
    if is_script(&writer.url) || scheme_is_open(&writer.template) {
        return DeepLinkAddress { url: String::new(), template: None };
    }
    DeepLinkAddress { template: writer.has_parameter.then_some(writer.template), url: writer.url }
}

/// Whether an address begins with a place for a value, before any colon.
fn scheme_is_open(template: &str) -> bool {
    let start = template.split(['/', '?', '#']).next().unwrap_or_default();
    start.contains('{') && start.rsplit('}').next().is_some_and(|rest| rest.contains(':'))
}

/// What a kind is called, for filters and titles; a site's own kinds have their title in site.toml.
pub fn kind_title<'a>(kind: &'a str, defaults: &Defaults<'a>) -> &'a str {
    match kind {
        "cloudwatch-dashboard" => "CloudWatch dashboard",
        "cloudwatch-alarm" => "CloudWatch alarm",
        "log-group" => "Log group",
        "logs-insights" => "Logs Insights",
        "xray" => "X-Ray",
        "lambda" => "Lambda",
        "sqs" => "SQS",
        "grafana" => "Grafana",
        "grafana-explore" => "Grafana Explore",
        "url" => "Link",
        kind => defaults.kinds.get(kind).map_or(kind, |(title, _)| title),
    }
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;

    use super::writer::console_host;
    use super::{DeepLinkAddress, address, kind_title};
    use crate::deep_link::{Defaults, KINDS, read_dashboard};
    use crate::files::FilePath;
    use crate::value::{json, yaml};

    /// Values that an encoder can get wrong.
    const AWKWARD: &[&str] = &[
        "/aws/lambda/va-prod-cmo-lambda",
        "two words & more=1?x#y",
        "it's \"quoted\" \\ back",
        "$__all $252F *2f **",
        "~(a~'b!c)",
        "Ünïcode 日本 😀",
        "100% + 1, 2; [3] {4} |\n\ttab",
        "{literal} <literal>",
    ];

    fn defaults() -> Defaults<'static> {
        Defaults {
            region: Some("eu-central-1"),
            account: Some("123456789012"),
            grafana: Some("https://grafana.example/sub/"),
            kinds: [("kibana", ("Kibana", "https://k.example/app/{id}?r={range}#{id}"))].into(),
            parameters: [
                ("function", Some("va prod")),
                ("content_id", None),
                ("region", Some("cn-north-1")),
            ]
            .into(),
        }
    }

    fn encoded(text: &str) -> DeepLinkAddress {
        let node = yaml::parse(text, 0).unwrap();
        let path = FilePath::new("content/a.md").unwrap();
        let (link, _) = read_dashboard(&node, &path, &defaults());
        address(&link.unwrap(), &defaults())
    }

    fn check(text: &str, url: &str) {
        assert_eq!(
            encoded(text),
            DeepLinkAddress { url: url.to_string(), template: None },
            "{text}"
        );
    }

    /// What stands between two marks of an address.
    fn between<'a>(url: &'a str, before: &str, after: &str) -> &'a str {
        let start =
            url.find(before).unwrap_or_else(|| panic!("`{before}` in {url}")) + before.len();
        let rest = &url[start..];
        if after.is_empty() { rest } else { &rest[..rest.find(after).unwrap()] }
    }

    /// Reads `%xx` as browsers and servers do.
    fn decode_percent(text: &str) -> String {
        assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text}");
        percent_decode_str(text).decode_utf8().unwrap().into_owned()
    }

    /// Reads the console's router: `$xx` is `%xx`, and the value in it is percent-encoded once more.
    fn decode_twice(text: &str) -> String {
        decode_percent(&decode_percent(&text.replace('$', "%")))
    }

    /// Reads a string of a `~()` object: it ends at `~` or `)`, and `*xx` is a byte.
    fn decode_star(text: &str) -> String {
        let end = text.find(['~', ')']).unwrap();
        decode_percent(&text[..end].replace('*', "%"))
    }

    /// A value in YAML, quoted so that it reads as it is.
    fn yaml(value: &str) -> String {
        json::quote(value)
    }

    #[test]
    fn every_kind_has_the_address_that_its_console_shows() {
        let cloudwatch =
            "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1";
        check(
            "{kind: cloudwatch-dashboard, name: Phase1-Pipeline-Dashboard}",
            &format!("{cloudwatch}#dashboards/dashboard/Phase1-Pipeline-Dashboard"),
        );
        check(
            "{kind: cloudwatch-alarm, name: High p95}",
            &format!("{cloudwatch}#alarmsV2:alarm/High%20p95"),
        );
        check(
            "{kind: log-group, name: /aws/lambda/x}",
            &format!("{cloudwatch}#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fx"),
        );
        check(
            "{kind: log-group, name: /x, stream: '2025/05/30/[$LATEST]1f'}",
            &format!(
                "{cloudwatch}#logsV2:log-groups/log-group/$252Fx/log-events/\
                 2025$252F05$252F30$252F$255B$2524LATEST$255D1f"
            ),
        );
        check(
            "{kind: log-group, name: x, filter: ERROR, range: 1h}",
            &format!(
                "{cloudwatch}#logsV2:log-groups/log-group/x/log-events$3FfilterPattern$3DERROR$26start$3D-3600000"
            ),
        );
        check(
            "{kind: logs-insights, groups: [/aws/lambda/x, y], query: 'fields @timestamp\n\n| limit 20', range: 1h}",
            &format!(
                "{cloudwatch}#logsV2:logs-insights$3FqueryDetail$3D~(end~0~start~-3600~timeType~'RELATIVE~unit~\
                 'seconds~editorString~'fields*20*40timestamp*0a*7c*20limit*2020~source~(~'*2faws*2flambda*2fx~'y))"
            ),
        );
        check(
            "{kind: logs-insights, groups: g, query: q, start: '2025-05-30T05:00:00Z', end: 2025-05-31}",
            &format!(
                "{cloudwatch}#logsV2:logs-insights$3FqueryDetail$3D~(end~'2025-05-31T00*3a00*3a00.000Z~start~\
                 '2025-05-30T05*3a00*3a00.000Z~timeType~'ABSOLUTE~tz~'UTC~editorString~'q~source~(~'g))"
            ),
        );
        check("{kind: xray, trace: 1-5f-2a}", &format!("{cloudwatch}#xray:traces/1-5f-2a"));
        check(
            "{kind: xray, filter: 'service(\"x\")', range: 6h}",
            &format!(
                "{cloudwatch}#xray:traces/query?~(query~(expression~'service*28*22x*22*29)\
                 ~context~(timeRange~(delta~21600000)))"
            ),
        );
        check("{kind: xray, map: true}", &format!("{cloudwatch}#xray:service-map/map"));
        check(
            "{kind: lambda, name: va-prod}",
            "https://eu-central-1.console.aws.amazon.com/lambda/home?region=eu-central-1\
             #/functions/va-prod?tab=monitoring",
        );
        check(
            "{kind: sqs, name: va-queue}",
            "https://eu-central-1.console.aws.amazon.com/sqs/v3/home?region=eu-central-1\
             #/queues/https%3A%2F%2Fsqs.eu-central-1.amazonaws.com%2F123456789012%2Fva-queue",
        );
        check(
            "{kind: grafana, uid: abc, slug: my-board, range: 6h, panel: 3, org: 1, vars: {env: [a, b], x: $__all}}",
            "https://grafana.example/sub/d/abc/my-board?orgId=1&from=now-6h&to=now\
             &var-env=a&var-env=b&var-x=%24__all&viewPanel=3",
        );
        check("{kind: kibana, id: a/b, range: 1h}", "https://k.example/app/a%2Fb?r=1h#a%2Fb");
        check("{url: 'https://s.example/a?b=c&d=%20#e'}", "https://s.example/a?b=c&d=%20#e");
    }

    #[test]
    fn the_three_partitions_have_their_own_consoles() {
        for (region, host) in [
            ("eu-central-1", "eu-central-1.console.aws.amazon.com"),
            ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
            ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
            ("", "console.aws.amazon.com"),
            ("evil.example/?", "evil.example%2F%3F.console.aws.amazon.com"),
        ] {
            assert_eq!(console_host(region), host);
        }
        check(
            "{kind: sqs, name: q, region: cn-north-1}",
            "https://cn-north-1.console.amazonaws.cn/sqs/v3/home?region=cn-north-1\
             #/queues/https%3A%2F%2Fsqs.cn-north-1.amazonaws.com.cn%2F123456789012%2Fq",
        );
    }

    #[test]
    fn a_console_reads_out_of_an_address_what_was_put_in() {
        for value in AWKWARD {
            let typed = yaml(value);
            for (text, before, after) in [
                (format!("{{kind: cloudwatch-dashboard, name: {typed}}}"), "dashboard/", ""),
                (format!("{{kind: cloudwatch-alarm, name: {typed}}}"), "alarmsV2:alarm/", ""),
                (format!("{{kind: lambda, name: {typed}}}"), "/functions/", "?"),
                (format!("{{kind: xray, trace: {typed}}}"), "xray:traces/", ""),
                (format!("{{kind: grafana, uid: {typed}}}"), "/d/", ""),
                (format!("{{kind: grafana, uid: u, vars: {{x: {typed}}}}}"), "?var-x=", ""),
                (format!("{{kind: kibana, id: {typed}, range: x}}"), "/app/", "?"),
            ] {
                assert_eq!(
                    decode_percent(between(&encoded(&text).url, before, after)),
                    *value,
                    "{text}"
                );
            }
            let url = encoded(&format!("{{kind: sqs, name: {typed}}}")).url;
            let queue = decode_percent(between(&url, "/queues/", ""));
            assert_eq!(
                queue,
                format!("https://sqs.eu-central-1.amazonaws.com/123456789012/{value}")
            );
        }
    }

    #[test]
    fn the_log_console_reads_group_stream_and_filter() {
        for value in AWKWARD {
            let typed = yaml(value);
            let url = encoded(&format!(
                "{{kind: log-group, name: {typed}, stream: {typed}, filter: {typed}}}"
            ))
            .url;
            assert_eq!(decode_twice(between(&url, "/log-group/", "/log-events")), *value);
            assert_eq!(decode_twice(between(&url, "/log-events/", "$3FfilterPattern")), *value);
            assert_eq!(decode_twice(between(&url, "filterPattern$3D", "$26start$3D")), *value);
        }
    }

    #[test]
    fn insights_and_xray_read_query_and_groups() {
        for value in AWKWARD {
            let typed = yaml(value);
            let url =
                encoded(&format!("{{kind: logs-insights, groups: [{typed}, x], query: {typed}}}"))
                    .url;
            assert_eq!(decode_star(between(&url, "editorString~'", "")), *value);
            assert_eq!(decode_star(between(&url, "source~(~'", "")), *value);
            let url = encoded(&format!("{{kind: xray, filter: {typed}}}")).url;
            assert_eq!(decode_star(between(&url, "expression~'", "")), *value);
        }
    }

    #[test]
    fn explore_reads_its_panes_as_json() {
        for value in AWKWARD {
            let typed = yaml(value);
            let text = format!(
                "{{kind: grafana-explore, datasource: {typed}, query: {typed}, range: 30m, org: 2}}"
            );
            let url = encoded(&text).url;
            assert!(
                url.starts_with("https://grafana.example/sub/explore?schemaVersion=1&panes="),
                "{url}"
            );
            let panes = decode_percent(between(&url, "panes=", "&orgId=2"));
            let panes: serde_json::Value = serde_json::from_str(&panes).unwrap();
            let pane = &panes["a"];
            assert_eq!(pane["datasource"], *value);
            assert_eq!(pane["queries"][0]["expr"], *value);
            assert_eq!(pane["queries"][0]["datasource"]["uid"], *value);
            assert_eq!(pane["range"], serde_json::json!({"from": "now-30m", "to": "now"}));
        }
    }

    #[test]
    fn parameters_are_filled_with_defaults_and_kept_in_a_template() {
        for (text, url, template) in [
            (
                "{kind: lambda, name: 'x-<function>', region: us-east-1}",
                "us-east-1#/functions/x-va%20prod?tab",
                "#/functions/x-{function}?tab=monitoring",
            ),
            (
                "{kind: log-group, name: '/aws/<FUNCTION>'}",
                "log-group/$252Faws$252Fva$2520prod",
                "log-group/$252Faws$252F{function:twice}",
            ),
            (
                "{kind: xray, filter: 'id = \"{content_id}\"'}",
                "expression~'id*20*3d*20*22*3ccontent_id*3e*22)",
                "expression~'id*20*3d*20*22{content-id:star}*22)",
            ),
            (
                "{kind: grafana-explore, datasource: d, query: '{x=\"<function>\"}'}",
                "%22expr%22%3A%22%7Bx%3D%5C%22va%20prod%5C%22%7D",
                "%22expr%22%3A%22%7Bx%3D%5C%22{function:json}%5C%22%7D",
            ),
            (
                "{kind: xray, map: true, region: <region>}",
                "https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#",
                "https://{region:console}/cloudwatch/home?region={region}#",
            ),
            (
                "{url: 'https://s.example/{function}'}",
                "https://s.example/va%20prod",
                "https://s.example/{function}",
            ),
            (
                "{kind: kibana, id: x, range: <function>}",
                "app/x?r=va%20prod#x",
                "app/x?r={function}#x",
            ),
        ] {
            let found = encoded(text);
            assert!(found.url.contains(url), "{}", found.url);
            let found = found.template.unwrap();
            assert!(found.contains(template), "{found}");
        }
    }

    #[test]
    fn every_kind_has_a_title() {
        assert!(KINDS.iter().all(|kind| kind_title(kind, &defaults()) != *kind));
        assert_eq!(kind_title("kibana", &defaults()), "Kibana");
    }
}

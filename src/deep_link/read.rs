//! Reads an entry of a page's `dashboards`, and says what is wrong in it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::link::{DashboardLink, DeepLink, Defaults, KINDS, TimeSpan};
use super::piece::{ValuePiece, pieces};
use crate::diagnostic::{Diagnostic, Location, Rule, dashboards, values};
use crate::files::FilePath;
use crate::text::{is_script, scheme};
use crate::token::{parameter_name, placeholders};
use crate::value::{Node, Value};

/// Reads an entry of `dashboards`. What is wrong but leaves an address is reported beside the link.
pub fn read_dashboard(
    node: &Node,
    path: &FilePath,
    defaults: &Defaults<'_>,
) -> (Option<DashboardLink>, Vec<Diagnostic>) {
    let mut fields =
        Fields { node, path, defaults, kind: "url", known: Vec::new(), found: Vec::new() };
    let link = fields.dashboard();
    (link, fields.found)
}

/// Reads one entry's keys and remembers which of them its kind knows.
struct Fields<'a> {
    node: &'a Node,
    path: &'a FilePath,
    defaults: &'a Defaults<'a>,
    kind: &'a str,
    known: Vec<&'a str>,
    found: Vec<Diagnostic>,
}

impl<'a> Fields<'a> {
    fn dashboard(&mut self) -> Option<DashboardLink> {
        if let Value::String(url) = &self.node.value {
            let link = self.url(url, self.node)?;
            return Some(self.finish(link, url.clone()));
        }
        if !matches!(self.node.value, Value::Map(_)) {
            let at = self.at(self.node);
            let kind = self.node.kind();
            self.found.push(values::wrong_type(
                at,
                Rule::BadValue,
                "dashboards",
                "keys with values",
                kind,
            ));
            return None;
        }
        self.known.push("kind");
        if let Some(kind) = self.node.get("kind") {
            let Some(name) = kind.as_str() else {
                self.wrong("kind", "the name of a kind", kind);
                return None;
            };
            self.kind = name;
        }
        let (link, title) = self.link()?;
        let link = self.finish(link, title);
        self.unknown_keys();
        Some(link)
    }

    /// The keys that every kind has, round the link itself.
    fn finish(&mut self, link: DeepLink, title: String) -> DashboardLink {
        DashboardLink {
            title: self.free("title").unwrap_or(title),
            kind: self.kind.to_string(),
            region: self.name("region"),
            account: self.name("account"),
            note: self.free("note"),
            link,
            range: self.node.range.clone(),
        }
    }

    /// What the link leads to, and the title that it has without one.
    fn link(&mut self) -> Option<(DeepLink, String)> {
        let aws = !matches!(self.kind, "url" | "grafana" | "grafana-explore");
        if aws && KINDS.contains(&self.kind) {
            self.need_region();
        }
        let titled = |link: DeepLink, title: &str| Some((link, title.to_string()));
        match self.kind {
            "url" => {
                let url = self.required("url")?;
                let link = self.url(&url, self.node.get("url")?)?;
                Some((link, url))
            }
            "cloudwatch-dashboard" => {
                let name = self.required("name")?;
                Some((DeepLink::CloudWatchDashboard { name: name.clone() }, name))
            }
            "cloudwatch-alarm" => {
                let name = self.required("name")?;
                Some((DeepLink::CloudWatchAlarm { name: name.clone() }, name))
            }
            "log-group" => {
                let name = self.required("name")?;
                let (stream, filter) = (self.name("stream"), self.free("filter"));
                let seconds = self.range();
                let link = DeepLink::LogGroup { name: name.clone(), stream, filter, seconds };
                Some((link, name))
            }
            "logs-insights" => {
                let groups = self.groups()?;
                let query = self.free("query").or_else(|| self.missing("query"))?;
                let span = self.span().unwrap_or(TimeSpan::Last { seconds: 3_600 });
                titled(DeepLink::LogsInsights { groups, query, span }, "Logs Insights")
            }
            "xray" => titled(self.xray(), "X-Ray"),
            "lambda" => {
                let name = self.required("name")?;
                Some((DeepLink::Lambda { name: name.clone() }, name))
            }
            "sqs" => {
                let name = self.required("name")?;
                self.need_account(&name);
                Some((DeepLink::Sqs { name: name.clone() }, name))
            }
            "grafana" => titled(self.grafana()?, "Grafana"),
            "grafana-explore" => titled(self.grafana_explore()?, "Grafana Explore"),
            kind => self.custom(kind),
        }
    }

    fn xray(&mut self) -> DeepLink {
        let (trace, filter) = (self.name("trace"), self.free("filter"));
        let seconds = self.range().unwrap_or(6 * 3_600);
        self.known.push("map");
        if let Some(id) = trace {
            DeepLink::XrayTrace { id }
        } else if self.node.get("map").and_then(Node::as_bool) == Some(true) {
            DeepLink::XrayMap
        } else {
            DeepLink::XrayTraces { filter, seconds }
        }
    }

    fn grafana(&mut self) -> Option<DeepLink> {
        let base = self.grafana_base();
        let uid = self.required("uid")?;
        let mut variables = Vec::new();
        self.known.push("vars");
        for entry in self.node.get("vars").map(Node::entries).unwrap_or_default() {
            let items = match &entry.value.value {
                Value::List(items) => items.iter().collect(),
                _ => vec![&entry.value],
            };
            let values =
                items.into_iter().filter_map(|item| self.text_of(&entry.key, item, Check::Names));
            variables.push((entry.key.clone(), values.collect()));
        }
        Some(DeepLink::Grafana {
            base,
            uid,
            slug: self.name("slug"),
            variables,
            panel: self.name("panel"),
            span: self.span(),
            organization: self.name("org"),
        })
    }

    fn grafana_explore(&mut self) -> Option<DeepLink> {
        Some(DeepLink::GrafanaExplore {
            base: self.grafana_base(),
            datasource: self.required("datasource")?,
            query: self.free("query").or_else(|| self.missing("query"))?,
            span: self.span(),
            organization: self.name("org"),
        })
    }

    fn grafana_base(&mut self) -> Option<String> {
        let base = self.name("base").filter(|base| !is_script(base));
        if let Some(node) = self.node.get("base").filter(|_| base.is_none()) {
            let typed = node.scalar_text().filter(|typed| is_script(typed));
            let script = typed.map(|typed| dashboards::address_is_script(self.at(node), &typed));
            self.found.extend(script);
        }
        if base.is_none() && self.defaults.grafana.is_none() {
            let at = self.at(self.node);
            let help = "set `grafana` under `[dashboards]` in site.toml, or `base` in the link";
            self.found.push(dashboards::missing_key(at, self.kind, "base", help));
        }
        base
    }

    /// A link of a kind that site.toml defines.
    fn custom(&mut self, kind: &str) -> Option<(DeepLink, String)> {
        let Some((title, template)) = self.defaults.kinds.get(kind).copied() else {
            let known: Vec<&str> =
                KINDS.iter().chain(self.defaults.kinds.keys()).copied().collect();
            let at = self.node.get("kind").map_or_else(|| self.at(self.node), |kind| self.at(kind));
            self.found.push(dashboards::unknown_kind(at, kind, &known));
            return None;
        };
        let mut given = BTreeMap::new();
        for piece in pieces(template, &BTreeMap::new()) {
            let ValuePiece::Unknown(typed, _) = piece else { continue };
            let name = &typed[1..typed.len() - 1];
            if let Some(value) = self.custom_value(kind, name) {
                given.insert(name.to_string(), value);
            }
        }
        Some((
            DeepLink::Custom { template: template.to_string(), values: given },
            title.to_string(),
        ))
    }

    /// The value of a variable in a kind's address: from the link, else region or account, else a parameter.
    fn custom_value(&mut self, kind: &str, name: &'a str) -> Option<String> {
        if let Some(value) = self.name(name) {
            return Some(value);
        }
        let default = match name {
            "region" => self.defaults.region,
            "account" => self.defaults.account,
            _ => None,
        };
        let mut known = self.defaults.parameters.keys();
        let parameter = known.find(|known| parameter_name(known) == parameter_name(name));
        let value =
            default.map(ToString::to_string).or(parameter.map(|known| format!("{{{known}}}")));
        if value.is_none() && self.node.get(name).is_none() {
            self.found.push(dashboards::missing_variable(self.at(self.node), kind, name));
        }
        value
    }

    fn url(&mut self, url: &str, node: &Node) -> Option<DeepLink> {
        if is_script(url) {
            self.found.push(dashboards::address_is_script(self.at(node), url));
            return None;
        }
        if is_relative(url) {
            self.found.push(dashboards::address_is_relative(self.at(node), url));
            return None;
        }
        Some(DeepLink::Url(url.to_string()))
    }

    fn groups(&mut self) -> Option<Vec<String>> {
        self.known.push("groups");
        let Some(node) = self.node.get("groups") else { return self.missing("groups") };
        let items = match &node.value {
            Value::List(items) => items.iter().collect(),
            _ => vec![node],
        };
        let groups: Vec<String> = items
            .into_iter()
            .filter_map(|item| self.text_of("groups", item, Check::Names))
            .collect();
        if groups.is_empty() { self.missing("groups") } else { Some(groups) }
    }

    fn span(&mut self) -> Option<TimeSpan> {
        let (start, end) = (self.name("start"), self.name("end"));
        let seconds = self.range();
        match (start, end) {
            (Some(start), end) => {
                let end = end.unwrap_or_else(|| start.clone());
                Some(TimeSpan::Between { start: moment(&start), end: moment(&end) })
            }
            (None, _) => seconds.map(|seconds| TimeSpan::Last { seconds }),
        }
    }

    fn range(&mut self) -> Option<u64> {
        let typed = self.free("range")?;
        let seconds = parse_range(&typed);
        if let (None, Some(node)) = (seconds, self.node.get("range")) {
            self.found.push(dashboards::bad_time_range(self.at(node), &typed));
        }
        seconds
    }

    fn need_region(&mut self) {
        if self.node.get("region").is_none() && self.defaults.region.is_none() {
            let at = self.at(self.node);
            let help = "set `region` under `[dashboards]` in site.toml, or in the link";
            self.found.push(dashboards::missing_key(at, self.kind, "region", help));
        }
    }

    fn need_account(&mut self, name: &str) {
        let given = self.node.get("account").is_some() || self.defaults.account.is_some();
        if !given && !name.contains("://") {
            let at = self.at(self.node);
            let help = "set `account` under `[dashboards]` in site.toml, or in the link";
            self.found.push(dashboards::missing_key(at, self.kind, "account", help));
        }
    }

    fn required(&mut self, key: &'a str) -> Option<String> {
        match self.name(key) {
            Some(value) => Some(value),
            None if self.node.get(key).is_some_and(|node| !node.is_null()) => None,
            None => self.missing(key),
        }
    }

    fn missing<T>(&mut self, key: &str) -> Option<T> {
        let at = self.at(self.node);
        self.found.push(dashboards::missing_key(
            at,
            self.kind,
            key,
            &format!("add `{key}: …` to the link"),
        ));
        None
    }

    /// A name, in which every `{variable}` must be known.
    fn name(&mut self, key: &'a str) -> Option<String> {
        self.known.push(key);
        let node = self.node.get(key)?;
        self.text_of(key, node, Check::Names)
    }

    /// A text of another language, in which braces may mean anything.
    fn free(&mut self, key: &'a str) -> Option<String> {
        self.known.push(key);
        let node = self.node.get(key)?;
        self.text_of(key, node, Check::Nothing)
    }

    fn text_of(&mut self, key: &str, node: &Node, check: Check) -> Option<String> {
        let text = node.scalar_text();
        if text.is_none() && !node.is_null() {
            self.wrong(key, "text", node);
        }
        let text = text?;
        if check == Check::Names {
            for piece in pieces(&text, &self.defaults.parameters) {
                let ValuePiece::Unknown(typed, start) = piece else { continue };
                let at = Location::new(self.path, part_range(node, &text, start, typed.len()));
                let known: Vec<&str> = self.defaults.parameters.keys().copied().collect();
                let name = &typed[1..typed.len() - 1];
                self.found.push(dashboards::undefined_variable(at, name, &known));
            }
        }
        Some(text)
    }

    fn unknown_keys(&mut self) {
        for entry in self.node.entries() {
            if !self.known.contains(&entry.key.as_str()) {
                let at = Location::new(self.path, entry.key_range.clone());
                self.found.push(dashboards::unknown_key(at, self.kind, &entry.key, &self.known));
            }
        }
    }

    fn wrong(&mut self, key: &str, expected: &str, node: &Node) {
        let at = self.at(node);
        self.found.push(values::wrong_type(at, Rule::BadValue, key, expected, node.kind()));
    }

    fn at(&self, node: &Node) -> Location {
        Location::new(self.path, node.range.clone())
    }
}

/// What is looked for in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Check {
    /// Variables that nothing defines.
    Names,
    /// Nothing.
    Nothing,
}

/// Whether an address names neither a host nor a place on this one, nor begins with a variable or a slot that may.
fn is_relative(url: &str) -> bool {
    let url = url.trim_start();
    let is_slot = placeholders(url).next().is_some_and(|slot| slot.start == 0);
    scheme(url).is_none() && !url.starts_with(['/', '{']) && !is_slot
}

/// Where a part of a value stands in the file: exactly, if the value was typed on its own or in plain quotes.
fn part_range(node: &Node, text: &str, start: usize, length: usize) -> Range<usize> {
    let quotes = node.range.len().checked_sub(text.len());
    match quotes {
        Some(0) => node.range.start + start..node.range.start + start + length,
        Some(2) => node.range.start + 1 + start..node.range.start + 1 + start + length,
        _ => node.range.clone(),
    }
}

/// `30m`, `6 h`, `1h30m` is none.
fn parse_range(typed: &str) -> Option<u64> {
    let typed = typed.trim();
    let digits = typed.len() - typed.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
    let number: u64 = typed[..digits].parse().ok()?;
    let unit = match typed[digits..].trim() {
        "s" | "sec" | "second" | "seconds" => 1,
        "m" | "min" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 604_800,
        _ => return None,
    };
    number.checked_mul(unit).filter(|seconds| (1..=315_360_000).contains(seconds))
}

/// A moment as consoles read it; a day is its first moment, in UTC. What is no moment stays as typed.
fn moment(typed: &str) -> String {
    if let Ok(moment) = typed.trim().parse::<jiff::Timestamp>() {
        return format!("{moment:.3}");
    }
    match typed.trim().parse::<jiff::civil::Date>() {
        Ok(date) => format!("{date}T00:00:00.000Z"),
        Err(_) => typed.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{moment, parse_range, read_dashboard};
    use crate::deep_link::{DeepLink, Defaults, TimeSpan};
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

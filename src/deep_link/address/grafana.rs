//! Grafana's own addresses: its dashboards and Explore.

use super::writer::{AddressWriter, ValueEncoding, percent};
use crate::deep_link::link::{DeepLink, Defaults, TimeSpan};

/// `/d/UID/SLUG?orgId=…&from=…&to=…&var-NAME=…&viewPanel=…`.
///
/// Source: <https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/create-dashboard-url-variables/>.
pub(super) fn grafana(writer: &mut AddressWriter<'_>, defaults: &Defaults<'_>, link: &DeepLink) {
    let DeepLink::Grafana { base, uid, slug, variables, panel, span, organization } = link else {
        return;
    };
    grafana_base(writer, base.as_deref(), defaults);
    writer.literal("/d/");
    writer.value(uid, ValueEncoding::Percent);
    if let Some(slug) = slug {
        writer.literal("/");
        writer.value(slug, ValueEncoding::Percent);
    }
    let mut query: Vec<(String, String)> = Vec::new();
    query.extend(organization.iter().map(|id| ("orgId".to_string(), id.clone())));
    if let Some(span) = span {
        let (from, to) = grafana_span(span);
        query.extend([("from".to_string(), from), ("to".to_string(), to)]);
    }
    for (name, values) in variables {
        query.extend(values.iter().map(|value| (format!("var-{name}"), value.clone())));
    }
    query.extend(panel.iter().map(|panel| ("viewPanel".to_string(), panel.clone())));
    for (index, (name, value)) in query.iter().enumerate() {
        writer.literal(if index == 0 { "?" } else { "&" });
        writer.literal(&percent(name));
        writer.literal("=");
        writer.value(value, ValueEncoding::Percent);
    }
}

/// `/explore?schemaVersion=1&panes={…}&orgId=…`, the panes as percent-encoded JSON.
///
/// Source: <https://grafana.com/docs/grafana/latest/explore/get-started-with-explore/#share-explore-urls>.
pub(super) fn grafana_explore(
    writer: &mut AddressWriter<'_>,
    defaults: &Defaults<'_>,
    link: &DeepLink,
) {
    let DeepLink::GrafanaExplore { base, datasource, query, span, organization } = link else {
        return;
    };
    let (from, to) = span.as_ref().map_or(("now-1h".to_string(), "now".to_string()), grafana_span);
    grafana_base(writer, base.as_deref(), defaults);
    writer.literal("/explore?schemaVersion=1&panes=");
    for (before, value) in [
        (r#"{"a":{"datasource":""#, datasource),
        (r#"","queries":[{"refId":"A","datasource":{"uid":""#, datasource),
        (r#""},"expr":""#, query),
        (r#""}],"range":{"from":""#, &from),
        (r#"","to":""#, &to),
    ] {
        writer.literal(&percent(before));
        writer.value(value, ValueEncoding::Json);
    }
    writer.literal(&percent(r#""}}}"#));
    if let Some(organization) = organization {
        writer.literal("&orgId=");
        writer.value(organization, ValueEncoding::Percent);
    }
}

fn grafana_base(writer: &mut AddressWriter<'_>, base: Option<&str>, defaults: &Defaults<'_>) {
    let base = base.or(defaults.grafana).unwrap_or_default();
    writer.address(base.trim_end_matches('/'));
}

/// Grafana's words for a span: `now-6h`, or moments as they are.
fn grafana_span(span: &TimeSpan) -> (String, String) {
    match span {
        TimeSpan::Between { start, end } => (start.clone(), end.clone()),
        TimeSpan::Last { seconds } => {
            let units = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")];
            let unit = units.into_iter().find(|(length, _)| seconds % length == 0);
            let (length, unit) = unit.unwrap_or((1, "s"));
            (format!("now-{}{unit}", seconds / length), "now".to_string())
        }
    }
}

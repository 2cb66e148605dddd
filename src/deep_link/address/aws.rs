//! The addresses of the AWS console: `CloudWatch`, X-Ray, Lambda and SQS.

use super::writer::{AddressWriter, ValueEncoding, percent};
use crate::deep_link::link::TimeSpan;

/// `#dashboards/dashboard/NAME`.
///
/// Source: the console's own address bar; outputs of public Terraform modules have the same form.
pub(super) fn cloudwatch_dashboard(writer: &mut AddressWriter<'_>, region: &str, name: &str) {
    writer.service(region, "/cloudwatch/home");
    writer.literal("dashboards/dashboard/");
    writer.value(name, ValueEncoding::Percent);
}

/// `#alarmsV2:alarm/NAME`.
///
/// Source: the link in the mails that alarms send through SNS.
pub(super) fn cloudwatch_alarm(writer: &mut AddressWriter<'_>, region: &str, name: &str) {
    writer.service(region, "/cloudwatch/home");
    writer.literal("alarmsV2:alarm/");
    writer.value(name, ValueEncoding::Percent);
}

/// Which events of a log group are shown.
pub(super) struct Events<'a> {
    pub(super) stream: Option<&'a str>,
    pub(super) filter: Option<&'a str>,
    pub(super) seconds: Option<u64>,
}

/// `#logsV2:log-groups/log-group/GROUP/log-events/STREAM?filterPattern=FILTER&start=-MILLISECONDS`, the
/// query's own marks as `$3F`, `$3D` and `$26`.
///
/// Source: the console's own address bar, as taken apart in
/// <https://stackoverflow.com/questions/60796991>.
pub(super) fn log_group(
    writer: &mut AddressWriter<'_>,
    region: &str,
    name: &str,
    events: &Events<'_>,
) {
    writer.service(region, "/cloudwatch/home");
    writer.literal("logsV2:log-groups/log-group/");
    writer.value(name, ValueEncoding::Twice);
    let filtered = events.filter.is_some() || events.seconds.is_some();
    if events.stream.is_some() || filtered {
        writer.literal("/log-events");
    }
    if let Some(stream) = events.stream {
        writer.literal("/");
        writer.value(stream, ValueEncoding::Twice);
    }
    if filtered {
        writer.literal("$3FfilterPattern$3D");
        writer.value(events.filter.unwrap_or_default(), ValueEncoding::Twice);
        writer.literal(&format!(
            "$26start$3D-{}",
            events.seconds.unwrap_or(3_600).saturating_mul(1_000)
        ));
    }
}

/// `#logsV2:logs-insights?queryDetail=~(…)`, an object in the notation of <https://github.com/Sage/jsurl>.
///
/// Source: the console's own address bar, as taken apart in
/// <https://stackoverflow.com/questions/60796991>; times before now are whole seconds, moments are in UTC.
pub(super) fn logs_insights(
    writer: &mut AddressWriter<'_>,
    region: &str,
    groups: &[String],
    query: &str,
    span: &TimeSpan,
) {
    writer.service(region, "/cloudwatch/home");
    writer.literal("logsV2:logs-insights$3FqueryDetail$3D~(end~");
    match span {
        TimeSpan::Last { seconds } => {
            writer.literal(&format!("0~start~-{seconds}~timeType~'RELATIVE~unit~'seconds"));
        }
        TimeSpan::Between { start, end } => {
            writer.literal("'");
            writer.value(end, ValueEncoding::Star);
            writer.literal("~start~'");
            writer.value(start, ValueEncoding::Star);
            writer.literal("~timeType~'ABSOLUTE~tz~'UTC");
        }
    }
    writer.literal("~editorString~'");
    writer.value(query, ValueEncoding::Star);
    writer.literal("~source~(");
    for group in groups {
        writer.literal("~'");
        writer.value(group, ValueEncoding::Star);
    }
    writer.literal("))");
}

/// `#xray:traces/ID`.
///
/// Source: the console's own address bar.
pub(super) fn xray_trace(writer: &mut AddressWriter<'_>, region: &str, id: &str) {
    writer.service(region, "/cloudwatch/home");
    writer.literal("xray:traces/");
    writer.value(id, ValueEncoding::Percent);
}

/// `#xray:traces/query?~(query~(expression~'…)~context~(timeRange~(delta~MILLISECONDS)))`.
///
/// Source: the console's own address bar after running a filter expression.
pub(super) fn xray_traces(
    writer: &mut AddressWriter<'_>,
    region: &str,
    filter: Option<&str>,
    seconds: u64,
) {
    writer.service(region, "/cloudwatch/home");
    writer.literal("xray:traces/query?~(");
    if let Some(filter) = filter {
        writer.literal("query~(expression~'");
        writer.value(filter, ValueEncoding::Star);
        writer.literal(")~");
    }
    writer.literal(&format!("context~(timeRange~(delta~{})))", seconds.saturating_mul(1_000)));
}

/// `#xray:service-map/map`.
///
/// Source: the console's own address bar.
pub(super) fn xray_map(writer: &mut AddressWriter<'_>, region: &str) {
    writer.service(region, "/cloudwatch/home");
    writer.literal("xray:service-map/map");
}

/// `#/functions/NAME?tab=monitoring`.
///
/// Source: the console's own address bar.
pub(super) fn lambda(writer: &mut AddressWriter<'_>, region: &str, name: &str) {
    writer.service(region, "/lambda/home");
    writer.literal("/functions/");
    writer.value(name, ValueEncoding::Percent);
    writer.literal("?tab=monitoring");
}

/// `#/queues/URL`, the queue's own URL percent-encoded.
///
/// Source: the console's own address bar; the queue's URL as
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html>
/// gives it.
pub(super) fn sqs(writer: &mut AddressWriter<'_>, region: &str, account: &str, name: &str) {
    writer.service(region, "/sqs/v3/home");
    writer.literal("/queues/");
    if name.contains("://") {
        writer.value(name, ValueEncoding::Percent);
        return;
    }
    writer.literal(&percent("https://sqs."));
    writer.value(region, ValueEncoding::Percent);
    let domain = if region.starts_with("cn-") { ".amazonaws.com.cn/" } else { ".amazonaws.com/" };
    writer.literal(&percent(domain));
    writer.value(account, ValueEncoding::Percent);
    writer.literal("%2F");
    writer.value(name, ValueEncoding::Percent);
}

//! `guidepost search`: the published search at the command line, with the same results in the same order.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use crate::build::{Cache, search_index};
use crate::memo::Mode;
use crate::search::{Hit, SearchAnswer, Segments, query};

use super::output::{count, print, wants_color};
use super::site::SiteArguments;

/// What can be typed behind `guidepost search`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Words, phrases in quotes, and filters: `owner:`, `tag:`, `status:`, `is:overdue`.
    #[arg(required = true)]
    words: Vec<String>,
    /// How results are printed.
    #[arg(long, value_enum, default_value_t = SearchFormat::Human)]
    format: SearchFormat,
    /// How many results are printed at most.
    #[arg(long, default_value_t = 10)]
    limit: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SearchFormat {
    /// A few lines a result.
    Human,
    /// For programs.
    Json,
}

/// Answers a query from the sources; exits with 1 where nothing is found.
pub(crate) fn search(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let site = arguments.site.open()?;
    let mut cache = Cache::new(Mode::Once);
    let judged = site.judge(&mut cache, "searched")?;
    let index = search_index(&judged, &mut cache);
    let answer = query(&index, &arguments.words.join(" "), site.options.today, arguments.limit);
    match arguments.format {
        SearchFormat::Human => print(&human(&answer, wants_color()))?,
        SearchFormat::Json => print(&crate::render::json(&answer))?,
    }
    Ok(ExitCode::from(u8::from(answer.hits.is_empty())))
}

fn human(answer: &SearchAnswer, color: bool) -> String {
    if answer.hits.is_empty() {
        return "nothing found\n".to_owned();
    }
    let mut text = String::new();
    if answer.relaxed {
        text.push_str("no page has all words; these have some\n\n");
    }
    if let Some(meant) = &answer.meant {
        text.push_str(&format!("did you mean: {meant}\n\n"));
    }
    for hit in &answer.hits {
        text.push_str(&entry(hit, color));
    }
    if answer.total > answer.hits.len() {
        text.push_str(&format!("{} of {}\n", answer.hits.len(), count(answer.total, "result")));
    }
    text
}

fn entry(hit: &Hit, color: bool) -> String {
    let severity =
        hit.severity.as_ref().map_or_else(String::new, |severity| format!("{severity} "));
    let page = hit.page.as_ref().map(|page| page.concat());
    let above = [hit.breadcrumb.clone(), page.unwrap_or_default()];
    let above: Vec<&str> =
        above.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    let place =
        if above.is_empty() { String::new() } else { format!("  ({})", above.join(" › ")) };
    let state = match hit.state {
        _ if hit.deprecated => "  [deprecated]",
        "overdue" => "  [review overdue]",
        "never" => "  [never reviewed]",
        _ => "",
    };
    let mut entry = format!(
        "{severity}{}{place}{state}\n  {}{}\n  {}\n",
        segments(&hit.title, color),
        hit.path,
        fragment(&hit.url),
        segments(&hit.excerpt, color)
    );
    for passage in &hit.more {
        let heading = segments(&passage.title, color);
        let excerpt = segments(&passage.excerpt, color);
        entry.push_str(&format!("    {heading}  {}\n    {excerpt}\n", fragment(&passage.url)));
    }
    entry.push('\n');
    entry
}

/// The anchor of an address, with its mark.
fn fragment(url: &str) -> &str {
    url.find('#').map_or("", |at| &url[at..])
}

/// Every other segment is what was found.
fn segments(segments: &Segments, color: bool) -> String {
    let bold = |(index, segment): (usize, &String)| {
        if color && index % 2 == 1 {
            format!("\u{1b}[1m{segment}\u{1b}[0m")
        } else {
            segment.clone()
        }
    };
    segments.iter().enumerate().map(bold).collect()
}

//! `guidepost search`: the published search at the command line, with the same results in the same order.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};

use crate::build::{Cache, search_index};
use crate::memo::Mode;
use crate::search::{Hit, SearchAnswer, Segments, published, query};

use super::output::{count, print_listed, wants_color};
use super::site::SiteArguments;

/// What can be typed behind `guidepost search`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Words, phrases in quotes, and filters: `owner:`, `tag:`, `status:`, `is:overdue`.
    #[arg(required = true)]
    words: Vec<String>,
    /// Answer from the index of a site that was built into this folder, rather than from the sources
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
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

/// Answers a query from the sources, or from a site that was built; exits with 1 where nothing is found.
pub(crate) fn search(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let typed = arguments.words.join(" ");
    let answer = if let Some(folder) = &arguments.from {
        from_built(folder, &typed, arguments)?
    } else {
        let site = arguments.site.open()?;
        let mut cache = Cache::new(Mode::Once);
        let judged = site.judge(&mut cache, "searched")?;
        let index = search_index(&judged, &mut cache);
        query(&index, &typed, site.options.today, arguments.limit)
    };
    match arguments.format {
        SearchFormat::Human => print_listed(&human(&answer, wants_color()))?,
        SearchFormat::Json => print_listed(&crate::render::json(&answer))?,
    }
    Ok(ExitCode::from(u8::from(answer.hits.is_empty())))
}

/// Answers from the published index of a folder.
fn from_built(folder: &Path, typed: &str, arguments: &Arguments) -> anyhow::Result<SearchAnswer> {
    let files = folder.join("search");
    let place = files.display().to_string();
    let read = move |name: &str| contents(&files.join(name));
    let index = published(Box::new(read))
        .with_context(|| format!("`{place}` holds no search index of a built site"))?;
    let answer = query(&index, typed, arguments.site.today(), arguments.limit);
    match index.fault() {
        Some(fault) => anyhow::bail!("the index in `{place}` is not whole, build again: {fault:#}"),
        None => Ok(answer),
    }
}

#[expect(clippy::disallowed_methods, reason = "a search may read a site that was built")]
fn contents(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))
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

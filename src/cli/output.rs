//! What a command says: results on standard output, words on what was done on standard error.

use std::borrow::Cow;
use std::io::{IsTerminal, Write};

use anyhow::Context;

use crate::check::secrets::masked::{masked, without_secrets};
use crate::diagnostic::Finding;
use crate::diagnostic::print::human;
use crate::files::Files;
use crate::hidden::shown;

/// How much is said besides findings and errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    /// Nothing.
    Quiet,
    /// The summary.
    Normal,
    /// More of what is done.
    Verbose,
}

/// Writes a result for people or programs to read.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .context("cannot write to standard output")
}

/// Writes what pages say of themselves, without the secrets in it: it ends in logs, chats and issues that more people
/// read than the pages.
pub(crate) fn print_listed(text: &str) -> anyhow::Result<()> {
    print(&masked(text))
}

/// Writes a word on what was done.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stderr(), "{text}").context("cannot write to standard error")
}

/// The same where it repeats what pages say: without the secrets in it.
pub(crate) fn say_listed(text: &str) -> anyhow::Result<()> {
    say(&masked(text))
}

/// Whether findings on standard output may be colored.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
pub(crate) fn wants_color() -> bool {
    let refused = std::env::var("NO_COLOR").is_ok_and(|value| !value.is_empty());
    !refused && std::io::stdout().is_terminal()
}

/// "1 page", "3 pages".
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// Columns as wide as their widest cells, two spaces apart, a line each. What is hidden in a cell is shown.
pub(crate) fn columns<const COUNT: usize>(lines: &[[String; COUNT]]) -> String {
    let lines: Vec<[Cow<'_, str>; COUNT]> =
        lines.iter().map(|line| line.each_ref().map(|cell| shown(cell))).collect();
    let length = |cell: &str| cell.chars().count();
    let width = |column: usize| lines.iter().map(|line| length(&line[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..COUNT).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        for (cell, width) in line.iter().zip(&widths).take(COUNT - 1) {
            text.push_str(cell);
            text.push_str(&" ".repeat(width - length(cell) + 2));
        }
        text.push_str(&line[COUNT - 1]);
        text.push('\n');
    }
    text
}

/// Comma-separated values, a line each (RFC 4180).
pub(crate) fn csv(lines: &[Vec<String>]) -> String {
    let quoted = |cell: &String| {
        if cell.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    let line =
        |cells: &Vec<String>| cells.iter().map(quoted).collect::<Vec<String>>().join(",") + "\r\n";
    lines.iter().map(line).collect()
}

/// Prints findings with their excerpts, without the secrets that these hold.
pub(crate) fn print_human(findings: &[Finding], files: &Files, all: bool) -> anyhow::Result<()> {
    let (findings, files) = without_secrets(findings, files);
    print(&human::human(&findings, &files, human::Style { color: wants_color(), all }))
}

/// "this is" for one finding, "these are" for more.
pub(crate) fn this_is(findings: &[Finding]) -> &'static str {
    if findings.len() == 1 { "this is" } else { "these are" }
}

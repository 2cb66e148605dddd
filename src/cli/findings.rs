//! Findings in the formats that were asked for, on standard output and in files.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context;
use clap::ValueEnum;

use crate::check::secrets::masked::without_secrets;
use crate::diagnostic::print::{
    github::github,
    gitlab::gitlab,
    human::{self, human},
    json::json,
    junit::junit,
    markdown::{Said, markdown},
    rdjson::rdjson,
    sarif::sarif,
    short::short,
};
use crate::diagnostic::{AlertsRead, Finding, nearest};
use crate::files::Files;

use super::output::{print, wants_color};

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// By rule, with excerpts.
    Human,
    /// A line a finding.
    Short,
    /// For programs.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// Tests that fail, for any CI server.
    Junit,
    /// A summary or a comment.
    Markdown,
    /// Reviewdog's format.
    Rdjson,
    /// For code hosts and editors.
    Sarif,
}

/// A format, and the file that findings are written to in it; without one, standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    format: Format,
    file: Option<PathBuf>,
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Wanted, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err("no file behind `=`".to_owned()),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let values = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let names: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
        let format = Format::from_str(name, false).map_err(|_| {
            let near = nearest(name, names.iter().map(String::as_str));
            let near = near.map_or(String::new(), |near| format!("; is `{near}` meant?"));
            format!("no format `{name}`; there are {}{near}", names.join(", "))
        })?;
        Ok(Wanted { format, file })
    }
}

/// What was asked for by `--format` and `--output` together.
///
/// # Errors
/// Two formats go to one place.
pub(crate) fn wanted(formats: &[Wanted], output: Option<&Path>) -> anyhow::Result<Vec<Wanted>> {
    let wanted: Vec<Wanted> = formats
        .iter()
        .map(|Wanted { format, file }| Wanted {
            format: *format,
            file: file.clone().or_else(|| output.map(Path::to_owned)),
        })
        .collect();
    for (place, one) in wanted.iter().enumerate() {
        anyhow::ensure!(
            !wanted[..place].iter().any(|other| other.file == one.file),
            "two formats go to {}; write `--format FORMAT=FILE`",
            one.file
                .as_ref()
                .map_or("standard output".to_owned(), |file| format!("`{}`", file.display()))
        );
    }
    Ok(wanted)
}

/// Findings with all that some format says beside them.
#[derive(Clone, Copy)]
pub(crate) struct Outcome<'a> {
    pub(crate) findings: &'a [Finding],
    /// The files that they point into.
    pub(crate) files: &'a Files,
    /// The site folder inside the repository, with a trailing slash.
    pub(crate) in_repository: &'a str,
    /// Every finding rather than ten of each rule.
    pub(crate) all: bool,
    /// Warnings fail too.
    pub(crate) strict: bool,
    /// How many pages were checked.
    pub(crate) pages: usize,
    /// What was read of alert rules.
    pub(crate) read: Option<&'a AlertsRead>,
    /// How many findings a baseline accepts.
    pub(crate) accepted: Option<usize>,
    /// What is said of overdue pages.
    pub(crate) freshness: Option<&'a str>,
}

impl<'a> Outcome<'a> {
    /// Findings of which nothing else is known.
    pub(crate) fn new(
        findings: &'a [Finding],
        files: &'a Files,
        in_repository: &'a str,
    ) -> Outcome<'a> {
        Outcome {
            findings,
            files,
            in_repository,
            all: false,
            strict: false,
            pages: 0,
            read: None,
            accepted: None,
            freshness: None,
        }
    }

    fn text(&self, format: Format, color: bool) -> String {
        let Outcome { findings, files, in_repository, all, strict, pages, .. } = *self;
        let nothing = AlertsRead::default();
        let read = self.read.unwrap_or(&nothing);
        match format {
            Format::Human => human(findings, files, human::Style { color, all }),
            Format::Short => short(findings, files),
            Format::Json => json(findings, files, pages, read),
            Format::Github => github(findings, files, in_repository),
            Format::Gitlab => gitlab(findings, files, in_repository),
            Format::Junit => junit(findings, files, strict),
            Format::Rdjson => rdjson(findings, files, in_repository),
            Format::Sarif => sarif(findings, files, in_repository),
            Format::Markdown => {
                let mut lines = read.lines();
                lines.extend(self.freshness.map(str::to_owned));
                let said = Said { pages, accepted: self.accepted, lines: &lines };
                markdown(findings, files, in_repository, &said)
            }
        }
    }
}

/// Writes findings in every format that was asked for, without the secrets that they are about.
///
/// # Errors
/// A file cannot be written.
#[expect(clippy::disallowed_methods, reason = "the command writes the files that it is asked for")]
pub(crate) fn write_findings(wanted: &[Wanted], outcome: &Outcome<'_>) -> anyhow::Result<()> {
    let (findings, files) = without_secrets(outcome.findings, outcome.files);
    let outcome = Outcome { findings: &findings, files: &files, ..*outcome };
    for Wanted { format, file } in wanted {
        match file {
            None => print(&outcome.text(*format, wants_color()))?,
            Some(file) => std::fs::write(file, outcome.text(*format, false))
                .with_context(|| format!("cannot write `{}`", file.display()))?,
        }
    }
    Ok(())
}

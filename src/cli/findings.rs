//! Findings in the formats that were asked for, on standard output and in files.

use std::path::{Path, PathBuf};
use std::str::FromStr;

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
use super::replace;

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindingsFormat {
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
pub(crate) struct WantedFormat {
    format: FindingsFormat,
    file: Option<PathBuf>,
}

impl FromStr for WantedFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<WantedFormat, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err("no file behind `=`".to_owned()),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let values =
            FindingsFormat::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let names: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
        let format = FindingsFormat::from_str(name, false).map_err(|_| {
            let near = nearest(name, names.iter().map(String::as_str));
            let near = near.map_or(String::new(), |near| format!("; is `{near}` meant?"));
            format!("no format `{name}`; there are {}{near}", names.join(", "))
        })?;
        Ok(WantedFormat { format, file })
    }
}

/// What was asked for by `--format` and `--output` together.
///
/// # Errors
/// Two formats go to one place.
pub(crate) fn wanted(
    formats: &[WantedFormat],
    output: Option<&Path>,
) -> anyhow::Result<Vec<WantedFormat>> {
    let wanted: Vec<WantedFormat> = formats
        .iter()
        .map(|WantedFormat { format, file }| WantedFormat {
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
pub(crate) struct CheckOutcome<'a> {
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

impl<'a> CheckOutcome<'a> {
    /// Findings of which nothing else is known.
    pub(crate) fn new(
        findings: &'a [Finding],
        files: &'a Files,
        in_repository: &'a str,
    ) -> CheckOutcome<'a> {
        CheckOutcome {
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

    fn text(&self, format: FindingsFormat, color: bool) -> String {
        let CheckOutcome { findings, files, in_repository, all, strict, pages, .. } = *self;
        let nothing = AlertsRead::default();
        let read = self.read.unwrap_or(&nothing);
        match format {
            FindingsFormat::Human => human(findings, files, human::Style { color, all }),
            FindingsFormat::Short => short(findings, files),
            FindingsFormat::Json => json(findings, files, pages, read),
            FindingsFormat::Github => github(findings, files, in_repository),
            FindingsFormat::Gitlab => gitlab(findings, files, in_repository),
            FindingsFormat::Junit => junit(findings, files, strict),
            FindingsFormat::Rdjson => rdjson(findings, files, in_repository),
            FindingsFormat::Sarif => sarif(findings, files, in_repository),
            FindingsFormat::Markdown => {
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
pub(crate) fn write_findings(
    wanted: &[WantedFormat],
    outcome: &CheckOutcome<'_>,
) -> anyhow::Result<()> {
    let (findings, files) = without_secrets(outcome.findings, outcome.files);
    let outcome = CheckOutcome { findings: &findings, files: &files, ..*outcome };
    for WantedFormat { format, file } in wanted {
        match file {
            None => print(&outcome.text(*format, wants_color()))?,
            Some(file) => replace::write(file, outcome.text(*format, false).as_bytes())?,
        }
    }
    Ok(())
}

//! Which site a command reads, and how it is opened.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::build::{Cache, Judged, Options, judge};
use crate::calendar::parse_date;
use crate::diagnostic::Finding;
use crate::load::{SiteRoot, load};
use crate::sources::Sources;

use super::output::{print_human, this_is};

/// Which site a command reads.
#[derive(Args, Clone)]
pub(crate) struct SiteArguments {
    /// The folder that holds site.toml: without it the current folder, or the nearest above it.
    #[arg(long, value_name = "DIR", conflicts_with = "content")]
    site: Option<PathBuf>,
    /// Any folder of Markdown, without a site.toml.
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
    /// See the site as of this day (YYYY-MM-DD) instead of today.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) now: Option<Date>,
    /// Take pages with `draft: true` in.
    #[arg(long)]
    drafts: bool,
}

impl SiteArguments {
    /// Reads the site with all its sources.
    pub(crate) fn open(&self) -> anyhow::Result<OpenSite> {
        let root = self.root()?;
        let sources = load(&root)?;
        let options = self.options(&root, None);
        Ok(OpenSite { sources, options })
    }

    /// Where the site is.
    pub(crate) fn root(&self) -> anyhow::Result<SiteRoot> {
        match &self.content {
            Some(content) => SiteRoot::of_content(content),
            None => SiteRoot::of_site(&self.folder()),
        }
    }

    /// The day to see the site as of.
    pub(crate) fn today(&self) -> Date {
        self.now.unwrap_or_else(today)
    }

    /// The folder that may hold a site.toml: the one that was named, or the nearest above the current folder, as git
    /// looks for a repository.
    pub(crate) fn folder(&self) -> PathBuf {
        self.site.clone().unwrap_or_else(|| {
            let current = PathBuf::from(".");
            let depth = current.canonicalize().map_or(0, |whole| whole.ancestors().count());
            let above = (1..depth).map(|up| PathBuf::from(vec![".."; up].join("/")));
            let found = std::iter::once(current.clone()).chain(above);
            found.into_iter().find(|folder| folder.join("site.toml").is_file()).unwrap_or(current)
        })
    }

    /// What the build is asked for.
    pub(crate) fn options(&self, root: &SiteRoot, base_url: Option<String>) -> Options {
        Options {
            today: self.today(),
            content: root.content.clone(),
            base_url,
            drafts: self.drafts,
        }
    }
}

/// A site that was read, and what is asked of it.
pub(crate) struct OpenSite {
    /// Its files, and what git says of them.
    pub(crate) sources: Sources,
    /// By which day and with which pages it is judged.
    pub(crate) options: Options,
}

impl OpenSite {
    /// Judges the site for a command that is done with it afterwards; one that cannot be used at all is shown as
    /// what cannot be `done` ("searched").
    pub(crate) fn judge(&self, cache: &mut Cache, done: &str) -> anyhow::Result<Judged> {
        judge(&self.sources, &self.options, cache, |_| {})
            .or_else(|findings| refuse(&findings, &self.sources, done))
    }
}

/// Shows why nothing can be `done` ("searched") with a site.
pub(crate) fn refuse<T>(findings: &[Finding], sources: &Sources, done: &str) -> anyhow::Result<T> {
    print_human(findings, &sources.files, true)?;
    anyhow::bail!("the site cannot be {done} until {} fixed", this_is(findings));
}

fn date(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "not a day written as YYYY-MM-DD".to_owned())
}

/// Today in UTC: the same day everywhere.
#[expect(clippy::disallowed_methods, reason = "the command line is where the clock is read")]
pub(crate) fn today() -> Date {
    jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date()
}

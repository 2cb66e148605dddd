//! `guidepost build --check-host`: the written site as a host would serve it, asked for what readers ask for.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use clap::ValueEnum;

use crate::config::Config;
use crate::emit::written;
use crate::hosting::crawl::{Broken, Crawl, crawl};
use crate::hosting::emulated::{Emulated, Mounted};
use crate::serve::look;
use crate::served::Audience;

use super::output::{count, print, say};

/// Whose answers are tried.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckedHost {
    /// GitHub Pages.
    Github,
    /// nginx, with the settings that `[publish] hosts` writes.
    Nginx,
    /// The REST endpoint of S3, as CloudFront asks it.
    #[value(name = "s3-rest")]
    S3Rest,
    /// The website endpoint of S3.
    #[value(name = "s3-website")]
    S3Website,
}

impl CheckedHost {
    fn emulated(self) -> Emulated {
        match self {
            CheckedHost::Github => Emulated::GitHub,
            CheckedHost::Nginx => Emulated::Nginx,
            CheckedHost::S3Rest => Emulated::S3Rest,
            CheckedHost::S3Website => Emulated::S3Website,
        }
    }
}

/// How many of what breaks are shown of each kind.
const SHOWN: usize = 10;

/// How large a site GitHub Pages publishes, in bytes.
const LARGEST_ON_GITHUB: u64 = 1 << 30;

/// Crawls through a written site, and says what breaks.
#[expect(clippy::disallowed_methods, reason = "the command reads the site that was written")]
pub(crate) fn check_host(
    host: CheckedHost,
    folder: &Path,
    config: &Config,
    port: Option<u16>,
) -> anyhow::Result<ExitCode> {
    let (_, paths) = written(folder)?;
    let files: BTreeSet<String> = paths.into_iter().collect();
    let host = host.emulated();
    let audience = if config.public { Audience::Public } else { Audience::Private };
    let (base, style) = (config.base_path(), config.address_style);
    let site = Mounted { host, base, files: &files, style, audience };
    let read = |path: &str| std::fs::read(folder.join(path)).ok();
    let found = crawl(&site, &read);
    print(&report(&site, &found))?;
    let lengths = files.iter().filter_map(|path| std::fs::metadata(folder.join(path)).ok());
    let total: u64 = lengths.map(|facts| facts.len()).sum();
    let is_too_large = host == Emulated::GitHub && total > LARGEST_ON_GITHUB;
    if is_too_large {
        print(&format!(
            "the site has {total} bytes, and GitHub Pages publishes {LARGEST_ON_GITHUB}\n"
        ))?;
    }
    if let Some(port) = port {
        let name = host.name();
        look(&site, &read, port, |address| {
            say(&format!("as {name} serves it: http://{address}{base}, until Ctrl-C"))
        })?;
    }
    let breaks = found.broken.keys().any(|wrong| !wrong.is_up_to_others(host));
    Ok(ExitCode::from(u8::from(is_too_large || breaks)))
}

fn report(site: &Mounted<'_>, found: &Crawl) -> String {
    let host = site.host;
    let mut text = String::new();
    for (wrong, broken) in &found.broken {
        text.push_str(&format!("{}: {}\n", host.name(), wrong.words()));
        for one in broken.iter().take(SHOWN) {
            text.push_str(&format!("  {}\n", line(one)));
        }
        if broken.len() > SHOWN {
            text.push_str(&format!("  and {} more\n", broken.len() - SHOWN));
        }
        text.push_str(&format!("  = help: {}\n", wrong.help(host)));
    }
    let addresses = if found.asked == 1 { "address" } else { "addresses" };
    let (asked, links) = (found.asked, count(found.links, "link"));
    let broken = found.broken.iter().filter(|(wrong, _)| !wrong.is_up_to_others(host));
    let broken: usize = broken.map(|(_, broken)| broken.len()).sum();
    let verdict = match broken {
        0 => "all answered".to_owned(),
        1 => "1 breaks".to_owned(),
        many => format!("{many} break"),
    };
    text.push_str(&format!(
        "as {} serves {}: {asked} {addresses}, {links}, {verdict}\n",
        host.name(),
        site.base
    ));
    match found.nowhere {
        0 => {}
        1 => text
            .push_str("1 link leads nowhere on any host; `guidepost check` says where it stands\n"),
        many => text.push_str(&format!(
            "{many} links lead nowhere on any host; `guidepost check` says where they stand\n"
        )),
    }
    text
}

/// "agents/x/index.html: `../y/` is answered with 403".
fn line(broken: &Broken) -> String {
    let Broken { page, asked, status } = broken;
    match page {
        Some(page) => format!("{page}: `{asked}` is answered with {status}"),
        None => format!("`{asked}` is answered with {status}"),
    }
}

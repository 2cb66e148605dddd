//! `guidepost init`: a working site in an empty folder, or around the Markdown that is there.
//!
//! Reads the folder, decides in [`adopt`] and [`plan`], and writes only files that do not exist.
#![expect(clippy::disallowed_methods, reason = "init reads and writes a folder")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use jiff::civil::Date;

use crate::build::{Cache, Options, judge};
use crate::check::ownership::Codeowners;
use crate::config::{self, Config};
use crate::diagnostic::{Counts, Rule};
use crate::dialect;
use crate::files::{FilePath, Files, MANIFEST};
use crate::load::layout::{CODEOWNERS, is_passed_over};
use crate::load::{SiteRoot, git, load};
use crate::memo::Mode;

use super::output::{Voice, count, say};
use super::replace::{create_all, replace};
use super::site::today;
use plan::{InitFacts, InitHost};

mod adopt;
mod agents;
mod alert_pages;
mod found;
mod pages;
mod plan;
mod project;
mod templates;

/// Files larger than this are neither pages nor rule files worth adopting.
const LARGEST: u64 = 2 << 20;

/// What can be typed behind `guidepost init`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The site folder; made if it does not exist.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Write the workflow that publishes the site there. Without it that of GitHub Pages, or of GitLab Pages where the
    /// repository is on GitLab. In a site that exists the workflow alone is written.
    #[arg(long, value_enum, value_name = "HOST")]
    host: Option<InitHost>,
    /// Write alert rules for Prometheus on runbooks that want a review.
    #[arg(long)]
    review_rules: bool,
    /// Set up the agents that work in the repository, and publish skills; in a site that is there already too.
    #[arg(long)]
    agents: bool,
}

/// Where the alert rules on reviews are written, from the site folder.
const REVIEW_RULES: &str = "monitoring/runbook-reviews.yaml";

/// Writes what the folder lacks, and says what was found and done.
pub(crate) fn init(arguments: &Arguments, voice: Voice) -> anyhow::Result<ExitCode> {
    let said = begin(arguments, today())?;
    if voice != Voice::Quiet {
        say(said.trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes what the folder lacks; returns what there is to say.
fn begin(arguments: &Arguments, today: Date) -> anyhow::Result<String> {
    let folder = &arguments.folder;
    let is_site = folder.join("site.toml").exists();
    let is_added_to = arguments.host.is_some() || arguments.review_rules || arguments.agents;
    if is_site && !is_added_to {
        bail!("{} is a site already: it has a site.toml", folder.display());
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let root = top_of_repository(folder).unwrap_or_else(|| folder.clone());
    let facts = facts(folder, today)?;
    let guessed = InitHost::of(facts.repository.as_deref());
    let host = arguments.host.unwrap_or(guessed);
    let mut said = String::new();
    let mut new = Vec::new();
    if !is_site {
        let (found, files) = adopted(folder, &root, host, &facts)?;
        said.push_str(&found);
        new.extend(files.iter().map(|(path, bytes)| (folder.join(path.as_str()), bytes.to_vec())));
    }
    if !is_site || arguments.host.is_some() {
        let (path, text) = plan::workflow(host, &facts);
        new.push((root.join(path), text.into_bytes()));
    }
    write_new(&mut said, &new)?;
    if arguments.review_rules {
        let rules = plan::review_rules(base_url(folder).as_deref());
        write_new(&mut said, &[(folder.join(REVIEW_RULES), rules.into_bytes())])?;
    }
    if arguments.agents {
        set_up_agents(&mut said, folder)?;
    }
    if is_site {
        return Ok(said);
    }
    ignore_output(&mut said, folder, facts.output)?;
    said.push_str(&judged(folder, today)?);
    if host != InitHost::S3 {
        said.push_str(
            "what is published may be public: read the top of the workflow before you push it\n",
        );
    }
    Ok(said)
}

/// The files of a new site, or those that an existing folder of Markdown lacks, and what was found in it.
fn adopted(
    folder: &Path,
    root: &Path,
    host: InitHost,
    facts: &InitFacts,
) -> anyhow::Result<(String, Files)> {
    let existing = read(folder)?;
    let codeowners = codeowners(root, &facts.site_in_repository);
    let adoption = adopt::adopt(&existing, &codeowners);
    let files = plan::site_files(&adoption, host, facts, &existing);
    Ok((found::found(&adoption), files))
}

/// The address of the site, if its site.toml says one.
fn base_url(folder: &Path) -> Option<String> {
    let path = config::path();
    let text = fs::read_to_string(folder.join(path.as_str())).ok()?;
    config::read::config(&path, &text).ok()?.0.base_url
}

/// Tells agents how to ask the site, and the site to publish skills. A file that is there stays as it is.
fn set_up_agents(said: &mut String, folder: &Path) -> anyhow::Result<()> {
    let prefix = git(folder, &["rev-parse", "--show-prefix"]).unwrap_or_default();
    let root = top_of_repository(folder).unwrap_or_else(|| folder.to_path_buf());
    let settings = agents::settings(prefix.trim_end_matches('/'));
    let mut kept = Vec::new();
    for (name, text) in &settings {
        let path = root.join(name);
        if fs::read_to_string(&path).is_ok_and(|held| held != *text) {
            kept.push(*name);
        }
        write_new(said, &[(path, text.as_bytes().to_vec())])?;
    }
    if !kept.is_empty() {
        writeln!(said, "add the server `guidepost mcp` to {} yourself", kept.join(", "))?;
    }
    let path = folder.join("site.toml");
    let held =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    if let Some(text) = agents::with_skills(&held) {
        replace(&path, text.as_bytes())?;
        writeln!(
            said,
            "site.toml publishes skills; `guidepost skills --out .` writes them for agents here"
        )?;
    }
    Ok(())
}

/// Keeps what is built out of git: a line in the folder's .gitignore, unless one says so.
fn ignore_output(said: &mut String, folder: &Path, other: Option<&str>) -> anyhow::Result<()> {
    let path = folder.join(".gitignore");
    let held = fs::read_to_string(&path).unwrap_or_default();
    let output = other.map_or_else(|| Config::default().output, str::to_owned);
    let ignores = |line: &str| line.trim().trim_matches('/') == output;
    if held.lines().any(ignores) {
        return Ok(());
    }
    if held.is_empty() {
        return write_new(said, &[(path, format!("/{output}/\n").into_bytes())]);
    }
    let end = if held.ends_with('\n') { "" } else { "\n" };
    replace(&path, format!("{held}{end}/{output}/\n").as_bytes())?;
    let shown = path.strip_prefix(".").unwrap_or(&path).display();
    writeln!(said, "added /{output}/ to {shown}")?;
    Ok(())
}

/// What `guidepost check` will say of the new site, in a line.
fn judged(folder: &Path, today: Date) -> anyhow::Result<String> {
    let place = SiteRoot::of_site(folder)?;
    let sources = load(&place)?;
    let options = Options { today, content: None, base_url: None, drafts: false };
    let Ok(judged) = judge(&sources, &options, &mut Cache::new(Mode::Once), |_| {}) else {
        return Ok("the site cannot be built yet; `guidepost check` says why\n".to_owned());
    };
    let links = judged.findings.iter().filter(|finding| {
        matches!(finding.diagnostic.rule, Rule::BrokenLink | Rule::BrokenAnchor | Rule::WrongCase)
    });
    let links = match links.count() {
        0 => String::new(),
        broken => format!(" ({} unresolved)", count(broken, "link")),
    };
    let found = Counts::of(&judged.findings);
    Ok(if judged.findings.is_empty() {
        format!("{found}; `guidepost serve` shows the site\n")
    } else {
        format!("{found}{links}; `guidepost check` shows them, `guidepost serve` the site\n")
    })
}

/// Makes the files that do not exist, and says which were kept.
fn write_new(said: &mut String, files: &[(PathBuf, Vec<u8>)]) -> anyhow::Result<()> {
    for ((path, _), wrote) in files.iter().zip(create_all(files)?) {
        let shown = path.strip_prefix(".").unwrap_or(path).display();
        writeln!(said, "{} {shown}", if wrote { "wrote" } else { "kept" })?;
    }
    Ok(())
}

/// Every file below `folder` that may be a page or define alerts; hidden folders and build output apart.
fn read(folder: &Path) -> anyhow::Result<Files> {
    let mut files = hidden_settings(folder);
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let kind = entry
                .file_type()
                .with_context(|| format!("cannot read {}", entry.path().display()))?;
            let path = format!("{prefix}{name}");
            if kind.is_dir() {
                if !is_passed_over(&name) && !["target", "public"].contains(&name.as_str()) {
                    folders.push((entry.path(), format!("{path}/")));
                }
            } else if may_matter(&path)
                // A link may lead nowhere, or to a folder.
                && fs::metadata(entry.path()).is_ok_and(|facts| facts.is_file() && facts.len() <= LARGEST)
            {
                let bytes =
                    fs::read(entry.path()).with_context(|| format!("cannot read {path}"))?;
                files.extend(
                    FilePath::new(&path).map(|path| (path, bytes.into())).into_iter().collect(),
                );
            }
        }
    }
    Ok(files)
}

fn may_matter(path: &str) -> bool {
    let endings =
        [".md", ".markdown", ".mdx", ".erb", ".yaml", ".yml", ".json", ".tf", "site.toml"];
    endings.iter().any(|ending| path.ends_with(ending)) || dialect::is_setting(path)
}

/// The settings of other tools that lie in hidden folders, which are not searched otherwise.
fn hidden_settings(folder: &Path) -> Files {
    let names = dialect::settings_around("").into_iter();
    let docs = dialect::settings_around("docs").into_iter();
    let hidden = names.chain(docs).filter(|name| name.contains('/'));
    let read = hidden.filter_map(|name| {
        Some((FilePath::new(&name)?, fs::read(folder.join(&name)).ok()?.into()))
    });
    read.collect()
}

/// The repository's rules of who owns what; none where there is no such file.
fn codeowners(root: &Path, site: &str) -> Codeowners {
    let text = CODEOWNERS.iter().find_map(|name| fs::read_to_string(root.join(name)).ok());
    let site = if site.is_empty() { String::new() } else { format!("{site}/") };
    Codeowners::parse(&text.unwrap_or_default(), &site)
}

fn facts(folder: &Path, today: Date) -> anyhow::Result<InitFacts> {
    let whole =
        fs::canonicalize(folder).with_context(|| format!("cannot find {}", folder.display()))?;
    let name =
        whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let prefix = git(folder, &["rev-parse", "--show-prefix"]).unwrap_or_default();
    Ok(InitFacts {
        folder: name,
        repository: git(folder, &["remote", "get-url", "origin"])
            .and_then(|remote| web_address(&remote)),
        site_in_repository: prefix.trim_end_matches('/').to_owned(),
        output: other_output(folder),
        today,
    })
}

/// Another name for the folder of the built site, where the usual one holds what another tool publishes.
fn other_output(folder: &Path) -> Option<&'static str> {
    let is_free = |name: &&str| {
        let place = folder.join(name);
        !place.exists() || place.join(MANIFEST).exists()
    };
    let others = ["site-built", "guidepost-built"].into_iter();
    if is_free(&&*Config::default().output) { None } else { others.into_iter().find(is_free) }
}

fn top_of_repository(folder: &Path) -> Option<PathBuf> {
    let up = git(folder, &["rev-parse", "--show-cdup"])?;
    Some(if up.is_empty() { folder.to_path_buf() } else { folder.join(up) })
}

fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    Some(git::git(folder, arguments)?.trim().to_owned())
}

/// `git@github.com:org/repo.git` and its like as the address of a web page, without user name and password.
fn web_address(remote: &str) -> Option<String> {
    let rest = match remote.split_once("://") {
        Some(("http" | "https" | "ssh" | "git", rest)) => rest.to_owned(),
        Some(_) => return None,
        None => match remote.split_once(':') {
            Some((host, path)) if !host.contains('/') => format!("{host}/{path}"),
            _ => return None,
        },
    };
    let (authority, path) = rest.split_once('/')?;
    let host = authority.rsplit('@').next()?;
    let host = if remote.starts_with("ssh") { host.split(':').next()? } else { host };
    let path = path.trim_end_matches('/').trim_end_matches(".git");
    (host.contains('.') && !path.is_empty()).then(|| format!("https://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::web_address;

    fn check(remote: &str, expected: Option<&str>) {
        assert_eq!(web_address(remote).as_deref(), expected, "{remote}");
    }

    #[test]
    fn remotes_become_web_addresses_without_credentials() {
        check("git@github.com:org/repo.git", Some("https://github.com/org/repo"));
        check("https://github.com/org/repo", Some("https://github.com/org/repo"));
        check("https://user:secret@github.com/org/repo.git", Some("https://github.com/org/repo"));
        check(
            "ssh://git@git.example.org:2222/org/repo.git",
            Some("https://git.example.org/org/repo"),
        );
        check(
            "https://git.example.org:8443/org/repo",
            Some("https://git.example.org:8443/org/repo"),
        );
        check("../elsewhere", None);
        check("file:///srv/repo", None);
        check("/srv/repo.git", None);
    }
}

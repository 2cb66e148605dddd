//! `guidepost skills`: lists the skills that a site's runbooks make, or writes them where the agents of a repository look.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde_json::Value;

use crate::build::{Cache, for_programs_wanted};
use crate::files::{Bytes, FilePath, Files};
use crate::memo::Mode;
use crate::programs::Wanted;

use super::output::{Voice, count, print_listed, say};
use super::site::SiteArguments;
use folder::{WrittenSkills, write};

mod folder;

/// The folders below a repository in which agents look for skills: most of them the first, Claude Code the second.
const FOLDERS: [&str; 2] = [".agents/skills", ".claude/skills"];

/// What can be typed behind `guidepost skills`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// Write the skills below this folder, to .agents/skills and .claude/skills, instead of listing them.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write only the skill that leads to all others, for sites with more runbooks than agents keep in mind.
    #[arg(long, requires = "out")]
    router: bool,
}

/// Lists or writes the skills.
pub(crate) fn skills(arguments: &Arguments, voice: Voice) -> anyhow::Result<ExitCode> {
    let site = arguments.site.open()?;
    let mut cache = Cache::new(Mode::Once);
    let judged = site.judge(&mut cache, "read")?;
    let file = |path: &FilePath, bytes: &Bytes| Some((path.under("skills")?, Arc::clone(bytes)));
    let files =
        for_programs_wanted(&judged, &site.sources, &mut cache, Wanted::Skills, |path, bytes| {
            match path.as_str() {
                INDEX => Some((path.clone(), Arc::clone(bytes))),
                _ => file(path, bytes),
            }
        });
    let mut files: Files = files.into_iter().flatten().collect();
    let index = FilePath::new(INDEX).and_then(|path| files.remove(&path));
    let index: Value = serde_json::from_slice(index.as_deref().map_or(&b"{}"[..], Vec::as_slice))?;
    let rows = index["skills"].as_array().map_or(&[][..], Vec::as_slice);
    let Some(out) = &arguments.out else {
        for row in rows {
            let text = |key: &str| row[key].as_str().unwrap_or_default();
            print_listed(&format!("{}\n  {}\n", text("name"), text("description")))?;
        }
        return Ok(ExitCode::from(u8::from(rows.is_empty())));
    };
    let router = rows.iter().filter_map(|row| row["name"].as_str()).find(|name| {
        let first = FilePath::new(&format!("{name}/SKILL.md"));
        let text = first.as_ref().and_then(|path| files.text(path)).unwrap_or_default();
        text.split("\n---\n").next().is_some_and(|head| head.contains("\n  runbook-count: "))
    });
    let kept = |path: &FilePath| {
        let is_archive = !path.as_str().contains('/');
        let is_wanted =
            router.is_none_or(|router| !arguments.router || path.under(router).is_some());
        !is_archive && is_wanted
    };
    let files: Files = files
        .iter()
        .filter(|(path, _)| kept(path))
        .map(|(path, bytes)| (path.clone(), Arc::clone(bytes)))
        .collect();
    let config = &judged.site.config;
    let owner = config.base_url.as_deref().unwrap_or(&config.title);
    let folders: Vec<PathBuf> = FOLDERS.iter().map(|folder| out.join(folder)).collect();
    let written = write(out, &folders, owner, &files)?;
    if voice != Voice::Quiet {
        say(&said(&written, &files, judged.site.pages.len()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Where the list of skills is published.
const INDEX: &str = ".well-known/agent-skills/index.json";

/// What was done, in a line or two.
fn said(written: &WrittenSkills, files: &Files, pages: usize) -> String {
    let skills = files.iter().filter(|(path, _)| path.as_str().ends_with("/SKILL.md")).count();
    let mut said = format!(
        "{} of {} in {}: {} written, {} deleted",
        count(skills, "skill"),
        count(pages, "page"),
        FOLDERS.join(" and "),
        count(written.new, "file"),
        written.deleted,
    );
    for kept in &written.kept {
        said.push_str(&format!("\nkept {}: it was changed since it was written", kept.display()));
    }
    if skills < pages {
        said.push_str(
            "\npages that nothing leads to are none: `[skills] applies_to` in site.toml says which are",
        );
    }
    said
}

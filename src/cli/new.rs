//! `guidepost new`: a page begins with its template, filled with what is known and what is asked for.

use std::collections::BTreeSet;
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::build::{Cache, Judged, judge};
use crate::check::ownership::{Codeowners, ownership};
use crate::config::Config;
use crate::files::FilePath;
use crate::load::SiteRoot;
use crate::load::layout::CODEOWNERS;
use crate::memo::Mode;
use crate::parse::front_matter::FrontMatter;
use crate::parse::front_matter::read::is_known;
use crate::parse::new_page::{NewPageValues, new_page, slot_names};
use crate::resolve::PageId;
use crate::token::parameter_name;
use crate::value::yaml;

use super::output::{Voice, count, say};
use super::replace;
use super::review::read_config;
use super::site::{OpenSite, SiteArguments};

/// How many names are told before it is left at saying how many more there are.
const MOST_NAMES: usize = 8;

/// What can be typed behind `guidepost new`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// The page, relative to the content folder: `agents/refund`.
    #[arg(value_name = "PATH")]
    path: String,
    /// The template to follow, if not the one that site.toml names for this place.
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
    /// A slot or a front-matter key; may be repeated.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = pair)]
    values: Vec<(String, String)>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as KEY=VALUE")?;
    Ok((key.trim_matches(['<', '>', ' ']).to_owned(), value.to_owned()))
}

/// Creates a page, and never overwrites one.
pub(crate) fn new(arguments: &Arguments, voice: Voice) -> anyhow::Result<ExitCode> {
    let root = arguments.site.root()?;
    let config = read_config(&root);
    let content = root.content.as_deref().unwrap_or(&config.content);
    let typed = arguments.path.strip_prefix(&format!("{content}/")).unwrap_or(&arguments.path);
    let path = if config.is_page(typed) { typed.to_owned() } else { format!("{typed}.md") };
    let path =
        FilePath::new(&path).with_context(|| format!("`{path}` is no place below `{content}`"))?;
    let template = template(arguments, &config, &path)?;
    let text = match &template {
        Some(name) => read_template(&root, &config, name)?,
        None => "---\ntitle: \"<TITLE>\"\n---\n\n# <TITLE>\n".to_owned(),
    };
    let mut values = values(arguments, &path, template.as_deref(), &text);
    if template.is_some() && values.keys.iter().all(|(key, _)| key != "owner") {
        let owner = known_owner(arguments, &config, &path, content);
        values.keys.extend(owner.map(|owner| ("owner".to_owned(), yaml::quote(&owner))));
    }
    ask(&text, &config, &mut values)?;
    let page = new_page(&text, &values);
    let section = new_section(&root.folder.join(content), path.folder());
    create(&root.folder.join(content).join(path.as_str()), &page)?;
    if voice != Voice::Quiet {
        let left = placeholders(arguments, &path, content);
        let left = left.unwrap_or_else(|| slot_names(&page).len());
        let open = if left == 0 {
            String::new()
        } else {
            format!(", {} left to fill in", count(left, "slot"))
        };
        let shown = FilePath::new(&format!("{content}/{path}")).unwrap_or(path);
        say(&format!("created {shown}{open}"))?;
        if let Some(section) = section {
            say(&section)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// That the page begins a section, where nothing stands in its folder yet, with the existing one of nearly its name.
#[expect(clippy::disallowed_methods, reason = "the command looks for the sections that there are")]
fn new_section(content: &Path, folder: &str) -> Option<String> {
    let (mut above, mut parent) = (content.to_owned(), String::new());
    for name in folder.split('/').filter(|name| !name.is_empty()) {
        let inside = above.join(name);
        if inside.is_dir() {
            parent.push_str(&format!("{name}/"));
            above = inside;
            continue;
        }
        let entries = std::fs::read_dir(&above).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| entry.path().is_dir());
        let names = folders.filter_map(|entry| entry.file_name().into_string().ok());
        let known: BTreeSet<String> = names.filter(|name| !name.starts_with(['.', '_'])).collect();
        let near = crate::diagnostic::nearest(name, known.iter().map(String::as_str));
        let near = near.map(|near| format!("; is `{parent}{near}/` meant?")).unwrap_or_default();
        return Some(format!("the section `{parent}{name}/` is new{near}"));
    }
    None
}

/// Who owns what stands there: by CODEOWNERS, else whoever owns the page of the folder or all pages beside it, else the
/// only owner that there is.
fn known_owner(
    arguments: &Arguments,
    config: &Config,
    path: &FilePath,
    content: &str,
) -> Option<String> {
    let only = || config.owners.keys().next().filter(|_| config.owners.len() == 1).cloned();
    let Ok(OpenSite { sources, options }) = arguments.site.open() else { return only() };
    let file = FilePath::new(&format!("{content}/{path}"))?;
    let codeowners = sources.files.text(&FilePath::new(CODEOWNERS[0])?).unwrap_or_default();
    let codeowners = Codeowners::parse(codeowners, sources.history.site());
    let by_rule = ownership(&file, &FrontMatter::default(), &config.owners, &codeowners).name;
    by_rule.or_else(|| {
        let judged = judge(&sources, &options, &mut Cache::new(Mode::Once), |_| {}).ok();
        judged.and_then(|judged| owner_beside(&judged, path.folder())).or_else(only)
    })
}

/// The owner of a folder's own page, else the one whom all pages of the folder have.
fn owner_beside(judged: &Judged, folder: &str) -> Option<String> {
    let section = judged.site.sections.get(folder)?;
    let owner = |id: &PageId| judged.report.pages[id.0 as usize].owner.clone();
    section.page.as_ref().and_then(owner).or_else(|| {
        let mut owners = section.pages.iter().map(owner);
        let first = owners.next()??;
        owners.all(|other| other.as_ref() == Some(&first)).then_some(first)
    })
}

/// How many slots of the new page the check will report, if it follows a template.
fn placeholders(arguments: &Arguments, path: &FilePath, content: &str) -> Option<usize> {
    let site = arguments.site.open().ok()?;
    let judged = judge(&site.sources, &site.options, &mut Cache::new(Mode::Once), |_| {}).ok()?;
    let path = FilePath::new(&format!("{content}/{path}"))?;
    let root = judged.site.pages.iter().position(|page| page.document.path == path)?;
    judged.report.pages[root].conformance.as_ref().map(|found| found.placeholders)
}

fn template(
    arguments: &Arguments,
    config: &Config,
    path: &FilePath,
) -> anyhow::Result<Option<String>> {
    if let Some(name) = &arguments.template {
        let is_known = config.templates.contains_key(name);
        anyhow::ensure!(is_known, "no template `{name}` in site.toml{}", instead(config, name));
        return Ok(Some(name.clone()));
    }
    let mut fitting =
        config.templates.iter().filter(|(_, rule)| rule.applies_to.matches(path.as_str()));
    Ok(fitting.next().map(|(name, _)| name.clone()))
}

/// Which template is meant in the place of one that there is not, or which there are.
fn instead(config: &Config, name: &str) -> String {
    let known = || config.templates.keys().map(String::as_str);
    match crate::diagnostic::nearest(name, known()) {
        Some(near) => format!("; is `{near}` meant?"),
        None if config.templates.is_empty() => {
            ", which names none; `[templates.NAME]` there begins one".to_owned()
        }
        None => format!("; there is {}", listed(known(), config.templates.len())),
    }
}

/// Names in backticks, as many of them as fit into a line.
fn listed<'n>(names: impl Iterator<Item = &'n str>, count: usize) -> String {
    let shown: Vec<String> = names.take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    let more = count.saturating_sub(MOST_NAMES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

#[expect(clippy::disallowed_methods, reason = "the command reads the template")]
fn read_template(root: &SiteRoot, config: &Config, name: &str) -> anyhow::Result<String> {
    let file = &config.templates[name].file.value;
    std::fs::read_to_string(root.folder.join(file))
        .with_context(|| format!("cannot read the template `{file}`"))
}

/// What is known without asking: the name, today, and what was typed.
fn values(
    arguments: &Arguments,
    path: &FilePath,
    template: Option<&str>,
    text: &str,
) -> NewPageValues {
    let mut values = NewPageValues::default();
    let slots: BTreeSet<String> =
        slot_names(text).iter().map(|name| parameter_name(name)).collect();
    let name = path.name().split('.').next().unwrap_or_default();
    let typed = |key: &str| {
        let key = parameter_name(key);
        let mut typed = arguments.values.iter();
        typed.find(|(typed, _)| parameter_name(typed) == key).map(|(_, value)| value.as_str())
    };
    let agent = typed("agent").unwrap_or(name);
    values.name = typed("title").is_none().then(|| capitalized(agent));
    let today = arguments.site.today().to_string();
    for (slot, value) in [
        ("AGENT_NAME", agent),
        ("SERVICE_NAME", agent),
        ("NAME", name),
        ("TITLE", name),
        ("today's date", &today),
        ("TODAY", &today),
        ("DATE", &today),
    ] {
        let slot = parameter_name(slot);
        if slots.contains(&slot) {
            values.slots.insert(slot, value.to_owned());
        }
    }
    let mut keys: Vec<(&str, String)> = Vec::new();
    if let Some(template) = template {
        keys.extend(typed("AGENT_NAME").map(|name| ("nav_title", yaml::quote(name))));
        keys.extend([("agent", yaml::quote(agent)), ("template", yaml::quote(template))]);
        keys.extend(
            ["upstream", "downstream", "alerts", "dashboards"].map(|key| (key, "[]".to_owned())),
        );
    }
    values.keys = keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    for (key, value) in &arguments.values {
        let slot = parameter_name(key);
        if slots.contains(&slot) {
            values.slots.insert(slot, value.clone());
            // `title` is what `<TITLE>` stands for, and a key besides.
            if !is_known(key) {
                continue;
            }
        }
        let value = if value.starts_with(['[', '{']) { value.clone() } else { yaml::quote(value) };
        values.keys.retain(|(known, _)| known != key);
        values.keys.push((key.clone(), value));
    }
    values
}

/// A file's name as the beginning of a title: `Refund queue` of `refund-queue`, and names that have capitals as they are.
fn capitalized(name: &str) -> String {
    if name.contains(char::is_uppercase) {
        return name.to_owned();
    }
    let plain = name.replace(['-', '_'], " ");
    let mut letters = plain.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// On a terminal, asks for every slot that is still open and for the owner; Enter leaves it for later.
fn ask(text: &str, config: &Config, values: &mut NewPageValues) -> anyhow::Result<()> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Ok(());
    }
    for slot in slot_names(text) {
        let name = parameter_name(&slot);
        if values.slots.contains_key(&name) {
            continue;
        }
        if let Some(answer) = answer(&slot)? {
            values.slots.insert(name, answer);
        }
    }
    if values.keys.iter().any(|(key, _)| key == "template")
        && values.keys.iter().all(|(key, _)| key != "owner")
        && let Some(owner) = answer(&owner_question(config))?
    {
        values.keys.push(("owner".to_owned(), yaml::quote(&owner)));
    }
    Ok(())
}

/// Asks for the owner, and names those that site.toml knows as far as they fit into a line.
fn owner_question(config: &Config) -> String {
    let known: Vec<&str> = config.owners.keys().map(String::as_str).take(MOST_NAMES).collect();
    let more = if config.owners.len() > MOST_NAMES { ", …" } else { "" };
    if known.is_empty() { "owner".to_owned() } else { format!("owner: {}{more}", known.join(", ")) }
}

fn answer(what: &str) -> anyhow::Result<Option<String>> {
    let mut screen = std::io::stderr();
    write!(screen, "{what} (Enter leaves it for later): ")
        .context("cannot write to the terminal")?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("cannot read from the terminal")?;
    let line = line.trim();
    Ok((!line.is_empty()).then(|| line.to_owned()))
}

/// Creates a page that does not exist.
fn create(file: &Path, text: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        replace::create(file, text.as_bytes())?,
        "`{}` exists, and nothing was changed",
        file.display()
    );
    Ok(())
}

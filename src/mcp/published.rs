//! A published site as something that can be asked: the files that it published become sources that say the same.
//!
//! What each page says of itself stands in `api/library.json`, its text is its Markdown copy, what it says to do stands in
//! `api/procedures/`. Nothing else of the site is read. Never touches disk or network: whoever calls hands in files.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use crate::check::alerts::{Claims, ComputedName, KnownRule};
use crate::files::{FilePath, Files};
use crate::history::History;
use crate::procedure::{
    Branch, Class, Command, CommandSlot, Destination, Example, Parameter, ParameterType, Procedure,
    Step,
};
use crate::resolve::Address;
use crate::shell::Quoting;
use crate::sources::Sources;

/// What a site says of its pages.
const LIBRARY: &str = "api/library.json";

/// Its alerts, with the patterns of computed names.
const ALERTS: &str = "api/alerts.json";

/// The list of what its sections say to do.
const PROCEDURES: &str = "api/procedures.json";

/// The list of its skills.
const SKILLS: &str = ".well-known/agent-skills/index.json";

/// The procedures of a page, each with its parameters.
pub(super) type Procedures = Vec<(Procedure, Vec<Parameter>)>;

/// What was published, read.
pub(super) struct Published {
    /// By the address of the page.
    pub(super) procedures: HashMap<String, Procedures>,
    /// The addresses of pages of which something has changed since their review.
    pub(super) suspect: BTreeSet<String>,
    /// The rules that define alerts.
    pub(super) rules: Vec<KnownRule>,
}

/// The files that are read first: they name all others.
pub fn first_files() -> Vec<String> {
    [LIBRARY, ALERTS, PROCEDURES, SKILLS].map(str::to_owned).to_vec()
}

/// The other files that answers are made of, once the first are there.
///
/// # Errors
/// The site says nothing of itself, or in a form of another version; why, in a sentence.
pub fn other_files(files: &Files) -> Result<Vec<String>, String> {
    let library = library(files)?;
    let text = |value: &Value, key: &str| value[key].as_str().map(str::to_owned);
    let mut others: Vec<String> =
        list(&library["pages"]).iter().filter_map(|page| text(page, "markdown")).collect();
    let procedures = json(files, PROCEDURES);
    let decoded =
        |path: String| percent_encoding::percent_decode_str(&path).decode_utf8_lossy().into_owned();
    others.extend(
        list(&procedures["files"]).iter().filter_map(|file| text(file, "path")).map(decoded),
    );
    let skills = json(files, SKILLS);
    let urls = list(&skills["skills"]).iter().filter_map(|skill| text(skill, "url"));
    others.extend(urls.filter_map(|url| url.strip_prefix("../../").map(str::to_owned)));
    // A path may come from anywhere.
    others.retain(|path| FilePath::new(path).is_some_and(|file| file.as_str() == path));
    Ok(others)
}

/// The files with those that stand in archives of skills.
pub fn unpacked(files: &Files) -> Files {
    let mut all = files.clone();
    for (path, bytes) in files.iter() {
        let Some(skill) = path.under("skills").filter(|own| own.as_str().ends_with(".zip")) else {
            continue;
        };
        let name = skill.as_str().trim_end_matches(".zip");
        for (own, content) in stored(bytes) {
            if let Some(path) = FilePath::new(&format!("skills/{name}/{own}")) {
                all.insert(path, content.to_vec());
            }
        }
    }
    all
}

/// The files of a zip archive that holds them as they are, up to the first that it does not.
fn stored(archive: &[u8]) -> Vec<(String, &[u8])> {
    let mut files = Vec::new();
    let mut rest = archive;
    while let Some(head) = rest.strip_prefix(b"PK\x03\x04") {
        let short = |at: usize| Some(u16::from_le_bytes(head.get(at..at + 2)?.try_into().ok()?));
        let long = |at: usize| Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?));
        let (Some(0), Some(length), Some(name), Some(more)) =
            (short(4), long(14), short(22), short(24))
        else {
            break;
        };
        let start = 26 + usize::from(name) + usize::from(more);
        let Some(content) = head.get(start..start + length as usize) else { break };
        let Some(Ok(name)) = head.get(26..26 + usize::from(name)).map(std::str::from_utf8) else {
            break;
        };
        files.push((name.to_owned(), content));
        rest = &head[start + length as usize..];
    }
    files
}

/// Sources that say what was published.
///
/// # Errors
/// The site says nothing of itself, or in a form of another version; why, in a sentence.
pub fn sources(files: &Files) -> Result<Sources, String> {
    let library = library(files)?;
    for (path, bytes) in files.iter().filter(|(path, _)| path.as_str().ends_with(".json")) {
        if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(bytes) {
            return Err(format!("its {path} is cut off or no JSON ({error})"));
        }
    }
    let mut found = Files::default();
    found.insert(crate::config::path(), site_toml(&library["site"]).into_bytes());
    let pages = list(&library["pages"]);
    let addresses: Vec<&str> = pages.iter().filter_map(|page| page["address"].as_str()).collect();
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for address in &addresses {
        for folder in address.match_indices('/').map(|(at, _)| &address[..=at]) {
            *count.entry(folder).or_default() += 1;
        }
    }
    for page in pages {
        let Some(address) = page["address"].as_str() else { continue };
        // More than itself lies below it.
        let is_section = count.get(address).is_some_and(|count| *count > 1);
        let path = FilePath::new(&format!("content/{}", file(address, is_section)));
        let copy = page["markdown"].as_str().and_then(FilePath::new);
        let (Some(path), Some(text)) = (path, copy.and_then(|copy| files.text(&copy))) else {
            continue;
        };
        let keys = page["front_matter"].as_object();
        let keys = keys.into_iter().flatten().map(|(key, value)| format!("{key}: {value}\n"));
        let head: Vec<String> = keys.collect();
        found.insert(path, format!("---\n{}---\n{}", head.concat(), body(text)).into_bytes());
    }
    Ok(Sources {
        files: found,
        passed_over: BTreeMap::new(),
        history: Arc::new(History::without("the site was published")),
    })
}

/// The file that is published at an address.
fn file(address: &str, is_section: bool) -> String {
    let stem = address.strip_suffix(".html").unwrap_or(address.trim_end_matches('/'));
    if stem.is_empty() || is_section {
        let slash = if stem.is_empty() { "" } else { "/" };
        format!("{stem}{slash}index.md")
    } else {
        format!("{stem}.md")
    }
}

/// A copy's text without the facts at its head, and without the lines that say what commands do: those are known by themselves.
fn body(copy: &str) -> String {
    let mut out = String::with_capacity(copy.len());
    let mut blocks = copy.split_inclusive("\n\n").peekable();
    let is_title = |block: &&str| block.starts_with("# ") || block.starts_with("**");
    out.extend(blocks.next_if(is_title));
    if blocks.next_if(|block| block.starts_with("> Markdown copy of ")).is_some() {
        blocks.next_if(|block| block.starts_with("- **"));
    }
    for block in blocks {
        for line in block.split_inclusive('\n') {
            if !line.trim_start().starts_with("*Class: ") {
                out.push_str(line);
            }
        }
    }
    out
}

/// A value of JSON as a file of TOML.
fn site_toml(site: &Value) -> String {
    let keys = site.as_object().into_iter().flatten();
    let line = |(key, value): (&String, &Value)| {
        format!("{} = {}\n", Value::from(key.as_str()), inline(value))
    };
    keys.map(line).collect::<Vec<String>>().concat()
}

fn inline(value: &Value) -> String {
    match value {
        Value::Object(keys) => {
            let keys = keys.iter().filter(|(_, value)| !value.is_null());
            let keys: Vec<String> = keys
                .map(|(key, value)| format!("{} = {}", Value::from(key.as_str()), inline(value)))
                .collect();
            format!("{{ {} }}", keys.join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        // TOML knows every escape that JSON writes, and wants this one as well.
        Value::String(text) => Value::from(text.as_str()).to_string().replace('\u{7f}', "\\u007f"),
        other => other.to_string(),
    }
}

fn json(files: &Files, path: &str) -> Value {
    let text = FilePath::new(path).and_then(|path| files.text(&path).map(str::to_owned));
    text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn library(files: &Files) -> Result<Value, String> {
    let library = json(files, LIBRARY);
    match library["version"].as_u64() {
        Some(1) => Ok(library),
        Some(other) => Err(format!("its {LIBRARY} is of version {other}, and version 1 is read")),
        None if FilePath::new(LIBRARY).is_some_and(|path| files.get(&path).is_some()) => {
            Err(format!("its {LIBRARY} is cut off or no JSON"))
        }
        None => Err(format!(
            "it publishes no {LIBRARY}; build it with this version of Guidepost, and look whether the address asks for a login"
        )),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// What was published besides the pages; `page` knows the pages by their addresses.
pub(super) fn published(
    files: &Files,
    page: impl Fn(&str) -> Option<crate::resolve::PageId>,
) -> Published {
    let library = json(files, LIBRARY);
    let suspect = list(&library["pages"]).iter().filter(|page| page["suspect"] == true);
    let suspect = suspect.filter_map(|page| page["address"].as_str().map(str::to_owned)).collect();
    let alerts = FilePath::new(ALERTS).and_then(|path| files.text(&path));
    let claims = alerts.and_then(|text| Claims::from_json(text).ok()).unwrap_or_default();
    let mut procedures: HashMap<String, Procedures> = HashMap::new();
    let in_folder = |path: &&FilePath| path.as_str().starts_with("api/procedures/");
    for path in files.iter().map(|(path, _)| path).filter(in_folder) {
        let facts = json(files, path.as_str());
        for one in list(&facts["procedures"]) {
            let id = one["id"].as_str().unwrap_or_default();
            let address = id.split('#').next().unwrap_or_default();
            let parameters = list(&one["parameters"]).iter().map(parameter).collect();
            let read = ProcedureReader { id, address, page: &page };
            procedures
                .entry(address.to_owned())
                .or_default()
                .push((read.procedure(one), parameters));
        }
    }
    Published { procedures, suspect, rules: rules(claims) }
}

/// The rules of a site. One of an earlier version names only those whose names are computed.
fn rules(claims: Claims) -> Vec<KnownRule> {
    let of_name = |ComputedName { name, pattern, claimed, .. }: ComputedName| KnownRule {
        name,
        pattern: Some(pattern),
        claimed,
        ..KnownRule::default()
    };
    if claims.rules.is_empty() {
        claims.computed.into_iter().map(of_name).collect()
    } else {
        claims.rules
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn optional(value: &Value, key: &str) -> Option<String> {
    value[key].as_str().map(str::to_owned)
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    list(&value[key]).iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

fn parameter(value: &Value) -> Parameter {
    Parameter {
        name: text(value, "name"),
        kind: ParameterType::named(value["type"].as_str().unwrap_or_default()).unwrap_or_default(),
        default: optional(value, "default"),
        choices: texts(value, "enum"),
        pattern: optional(value, "pattern"),
        description: optional(value, "description"),
        is_secret: value["secret"] == true,
    }
}

/// A procedure that is read.
struct ProcedureReader<'a, P> {
    id: &'a str,
    address: &'a str,
    page: &'a P,
}

impl<P: Fn(&str) -> Option<crate::resolve::PageId>> ProcedureReader<'_, P> {
    fn procedure(&self, value: &Value) -> Procedure {
        Procedure {
            title: text(value, "title"),
            anchor: self.id.split_once('#').map(|(_, anchor)| {
                percent_encoding::percent_decode_str(anchor).decode_utf8_lossy().into_owned()
            }),
            level: 2,
            introduction: texts(value, "introduction"),
            steps: list(&value["steps"]).iter().map(|step| self.step(step)).collect(),
            branches: self.branches(value),
            range: 0..0,
        }
    }

    fn step(&self, value: &Value) -> Step {
        let mut step = Step::default();
        step.number = text(value, "number");
        step.is_ordered = value["ordered"] == true;
        step.text = text(value, "text");
        step.warnings = texts(value, "warnings");
        step.commands = list(&value["commands"]).iter().map(|one| self.command(one)).collect();
        let example = |one: &Value| Example {
            language: text(one, "language"),
            title: optional(one, "title"),
            text: text(one, "text"),
        };
        step.examples = list(&value["examples"]).iter().map(example).collect();
        step.branches = self.branches(value);
        step
    }

    fn command(&self, value: &Value) -> Command {
        let own = text(value, "text");
        let slot = |slot: &Value| {
            let at = |key: &str| usize::try_from(slot[key].as_u64()?).ok();
            let range = at("start")?..at("end")?;
            own.get(range.clone()).filter(|token| !token.is_empty())?;
            let quoting = Quoting::named(slot["quoting"].as_str()?)?;
            Some(CommandSlot { name: text(slot, "name"), range, quoting })
        };
        let mut slots: Vec<CommandSlot> = Vec::new();
        for slot in list(&value["slots"]).iter().filter_map(slot) {
            if slots.last().is_none_or(|last| last.range.end <= slot.range.start) {
                slots.push(slot);
            }
        }
        Command {
            language: text(value, "language"),
            title: optional(value, "title"),
            class: Class::named(value["class"].as_str().unwrap_or_default())
                .unwrap_or(Class::Unknown),
            warning: optional(value, "warning"),
            expect: optional(value, "expect"),
            verify: optional(value, "verify").map(|id| self.step_or_section(&id)),
            rollback: optional(value, "rollback").map(|id| self.step_or_section(&id)),
            slots,
            range: 0..own.len(),
            text: own,
        }
    }

    /// A step of this section by its number, or a section of the page as `#anchor`.
    fn step_or_section(&self, id: &str) -> String {
        let step = id.strip_prefix(self.id).and_then(|rest| rest.strip_prefix('/'));
        let section = || id.strip_prefix(self.address).filter(|rest| rest.starts_with('#'));
        step.or_else(section).unwrap_or(id).to_owned()
    }

    fn branches(&self, value: &Value) -> Vec<Branch> {
        let branch = |branch: &Value| Branch {
            condition: text(branch, "if"),
            to: branch["go"]
                .as_str()
                .map_or_else(|| Destination::Nowhere(String::new()), |id| self.destination(id)),
            range: 0..0,
        };
        list(&value["then"]).iter().map(branch).collect()
    }

    fn destination(&self, id: &str) -> Destination {
        if crate::text::scheme(id).is_some() {
            return Destination::Elsewhere(id.to_owned());
        }
        if let Some(step) = id.strip_prefix(self.id).and_then(|rest| rest.strip_prefix('/')) {
            return Destination::Step(step.to_owned());
        }
        let (address, suffix) = id.split_at(id.find(['#', '?']).unwrap_or(id.len()));
        match (self.page)(address) {
            Some(page) => match suffix.split_once('/') {
                Some((section, step)) => {
                    Destination::Elsewhere(format!("{address}{section} step {step}"))
                }
                None => Destination::Page(page, suffix.to_owned()),
            },
            None => Destination::Address(Address::of_file(address), suffix.to_owned()),
        }
    }
}

//! What sections say to do, as JSON: `api/procedures/FOLDER.json` for each folder of pages, in parts where it is large,
//! with `api/procedures.json` as their list and a schema beside it.
//!
//! Due dates, never baked states. Links and branches are given as ids: a page's address from the root of the site, with
//! `#section` and, for a step, `/number` behind it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Serialize;

use crate::files::{Bytes, sha256};
use crate::hidden::{in_address, removed};
use crate::parse::Document;
use crate::procedure::answer::answering_section;
use crate::procedure::{
    Branch, Class, Command, CommandSlot, Destination, Procedure, Step, parameters, procedures,
};

use crate::resolve::Address;

use super::context::Context;
use super::facts::PageFacts;

/// The schema of the files, JSON Schema 2020-12.
pub(super) const SCHEMA: &str = include_str!("procedures.schema.json");

#[derive(Serialize)]
struct ProcedureFacts<'a> {
    id: String,
    title: &'a str,
    page: &'a str,
    url: String,
    markdown: String,
    source: SourcePlace<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<OwnerFacts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    escalation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    review: ReviewFacts<'a>,
    alerts: Vec<AlertFacts<'a>>,
    signatures: Vec<&'a str>,
    parameters: Vec<ParameterFacts>,
    class: &'static str,
    introduction: &'a [String],
    steps: Vec<StepFacts<'a>>,
    then: Vec<BranchFacts<'a>>,
}

#[derive(Serialize)]
struct SourcePlace<'a> {
    file: &'a str,
    first_line: usize,
    last_line: usize,
    /// Of these lines, with their ends.
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    edit: Option<&'a str>,
    /// Other files of which steps are taken in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    includes: Vec<IncludedFile<'a>>,
}

#[derive(Serialize)]
struct IncludedFile<'a> {
    file: &'a str,
    digest: String,
}

#[derive(Serialize)]
struct OwnerFacts<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    chat: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_call: Option<&'a str>,
}

#[derive(Serialize)]
struct ReviewFacts<'a> {
    owed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_soon_from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    suspect: bool,
}

#[derive(Serialize)]
struct AlertFacts<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
struct ParameterFacts {
    name: String,
    r#type: &'static str,
    required: bool,
    secret: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    choices: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

#[derive(Serialize)]
struct StepFacts<'a> {
    id: String,
    number: &'a str,
    ordered: bool,
    text: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    warnings: &'a [String],
    commands: Vec<CommandFacts<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    examples: Vec<ExampleFacts<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    then: Vec<BranchFacts<'a>>,
}

#[derive(Serialize)]
struct CommandFacts<'a> {
    text: &'a str,
    language: &'a str,
    class: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameters: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    slots: Vec<SlotFacts<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expect: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verify: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rollback: Option<String>,
}

/// Where a parameter stands in a command's text, in bytes of UTF-8, and how its value must be quoted there.
#[derive(Serialize)]
struct SlotFacts<'a> {
    name: &'a str,
    start: usize,
    end: usize,
    quoting: &'static str,
}

#[derive(Serialize)]
struct ExampleFacts<'a> {
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    text: &'a str,
}

#[derive(Serialize)]
struct BranchFacts<'a> {
    r#if: &'a str,
    /// Nothing where the branch leads nowhere.
    go: Option<String>,
}

/// The facts of every procedure of a page, each as JSON without what readers would not see. `text` is all that the
/// page's places count in.
pub(super) fn page_procedures(context: &Context, facts: &PageFacts<'_>, text: &str) -> Vec<String> {
    let config = &context.site().config;
    let found = procedures(config, facts.page);
    let alerts = alerts(context, facts, &found);
    let json = |(procedure, alerts): (&Procedure, Vec<AlertFacts<'_>>)| {
        let json = serde_json::to_string(&procedure_facts(context, facts, text, procedure, alerts))
            .expect("facts are JSON");
        removed(&json).into_owned()
    };
    found.iter().zip(alerts).map(json).collect()
}

/// How many procedures stand in one file at most.
const MOST: usize = 500;

/// A folder's procedures, those of each page already JSON.
pub(super) type ProcedureFolder = (String, Vec<Arc<Vec<String>>>);

/// The files of a folder, each with the number of its procedures.
pub(super) fn files((folder, pages): &ProcedureFolder) -> Vec<(String, usize, Bytes)> {
    let name = if folder.is_empty() { "_root" } else { folder };
    let section = serde_json::to_string(&*removed(folder)).expect("a text is JSON");
    let all: Vec<&String> = pages.iter().flat_map(|page| page.iter()).collect();
    let file = |(place, part): (usize, &[&String])| {
        let mut out = format!("{{\"version\":1,\"section\":{section},\"procedures\":[\n");
        for (place, procedure) in part.iter().enumerate() {
            out.push_str(if place > 0 { ",\n" } else { "" });
            out.push_str(procedure);
        }
        out.push_str("\n]}\n");
        let part_of = if place > 0 { format!(".{}", place + 1) } else { String::new() };
        (format!("api/procedures/{name}{part_of}.json"), part.len(), Bytes::new(out.into_bytes()))
    };
    all.chunks(MOST).enumerate().map(file).collect()
}

#[derive(Serialize)]
struct List<'a> {
    version: u8,
    schema: &'a str,
    files: Vec<ListedFile<'a>>,
}

#[derive(Serialize)]
struct ListedFile<'a> {
    path: String,
    section: &'a str,
    procedures: usize,
}

/// A file's path, its folder and the number of its procedures.
pub(super) type ProcedureCount = (String, String, usize);

/// The list of all files.
pub(super) fn list(rows: &[ProcedureCount]) -> Bytes {
    let files = rows.iter().map(|(path, section, procedures)| ListedFile {
        path: Address::of_file(path).encoded(),
        section,
        procedures: *procedures,
    });
    let list = List { version: 1, schema: "procedures.schema.json", files: files.collect() };
    let text = serde_json::to_string_pretty(&list).expect("texts are JSON") + "\n";
    Bytes::new(removed(&text).into_owned().into_bytes())
}

fn procedure_facts<'a>(
    context: &'a Context,
    facts: &'a PageFacts<'_>,
    text: &str,
    procedure: &'a Procedure,
    alerts: Vec<AlertFacts<'a>>,
) -> ProcedureFacts<'a> {
    let (site, page) = (context.site(), facts.page);
    let base = site.config.base_url.as_deref().unwrap_or_default();
    let anchor = procedure.anchor.as_deref();
    let place = ProcedurePlace { context, facts, id: id(page.address.as_str(), anchor) };
    let fragment = anchor.map_or_else(String::new, |anchor| format!("#{}", in_address(anchor)));
    let meta = &page.document.meta;
    let parameters = parameters(&facts.declarations, procedure).into_iter();
    let signatures = meta.error_signatures.iter().filter(|signature| {
        signature.section.as_ref().map(|section| section.value.as_str()) == anchor
    });
    ProcedureFacts {
        title: &procedure.title,
        page: &page.title,
        url: format!("{base}{}{fragment}", page.address.encoded()),
        markdown: format!("{base}{}{fragment}", page.address.markdown().encoded()),
        source: source(facts, text, procedure),
        owner: owner(facts),
        escalation: facts.escalation.as_deref(),
        status: meta.status.as_ref().map(|status| status.value.as_str()),
        review: review(facts),
        alerts,
        signatures: signatures.map(|signature| signature.text.value.as_str()).collect(),
        parameters: parameters.map(parameter).collect(),
        class: procedure.class().name(),
        introduction: &procedure.introduction,
        steps: procedure.steps.iter().map(|step| place.step(step)).collect(),
        then: procedure.branches.iter().map(|branch| place.branch(branch)).collect(),
        id: place.id,
    }
}

/// Where a procedure is written. What it takes in from other files has places of its own behind the page's text.
fn source<'a>(facts: &'a PageFacts<'_>, text: &str, procedure: &Procedure) -> SourcePlace<'a> {
    let document: &Document = &facts.page.document;
    let home = document.file_at(procedure.range.start);
    let begin = home.map_or(0, |file| file.start);
    let next = document.included.iter().find(|file| file.start > procedure.range.start);
    let end = next.map_or(text.len(), |file| file.start - 1);
    let start = procedure.range.start.clamp(begin, end);
    let stop = if (start..=end).contains(&procedure.range.end) {
        procedure.range.end
    } else {
        // It goes on in another file; here it reaches to the next heading.
        let headings = document.heading_ranges.iter().map(|range| range.start);
        headings.filter(|at| (start + 1..end).contains(at)).min().unwrap_or(end)
    };
    let stop = start + text[start..stop].trim_end().len();
    let first = text[begin..start].rfind('\n').map_or(begin, |at| begin + at + 1);
    let last = text[stop..end].find('\n').map_or(end, |at| stop + at + 1);
    let line = |at: usize| text[begin..at].matches('\n').count() + 1;
    let mut includes: Vec<IncludedFile<'a>> = Vec::new();
    for step in &procedure.steps {
        if let Some(file) = document.file_at(step.range.start)
            && home.is_none_or(|home| home.path != file.path)
            && includes.iter().all(|held| held.file != file.path.as_str())
        {
            let digest = format!("sha256:{}", sha256(&file.bytes));
            includes.push(IncludedFile { file: file.path.as_str(), digest });
        }
    }
    SourcePlace {
        file: home.map_or(document.path.as_str(), |file| file.path.as_str()),
        first_line: line(start),
        last_line: line(stop),
        digest: format!("sha256:{}", sha256(&text.as_bytes()[first..last])),
        edit: facts.edit_url.as_deref().filter(|_| home.is_none()),
        includes,
    }
}

/// A page or section as ids name it.
fn id(address: &str, anchor: Option<&str>) -> String {
    anchor.map_or_else(|| address.to_owned(), |anchor| format!("{address}#{}", in_address(anchor)))
}

/// The procedure that ids are counted from.
struct ProcedurePlace<'a> {
    context: &'a Context,
    facts: &'a PageFacts<'a>,
    id: String,
}

impl<'a> ProcedurePlace<'a> {
    fn step(&self, step: &'a Step) -> StepFacts<'a> {
        let examples = step.examples.iter();
        StepFacts {
            id: format!("{}/{}", self.id, step.number),
            number: &step.number,
            ordered: step.is_ordered,
            text: &step.text,
            warnings: &step.warnings,
            commands: step.commands.iter().map(|command| self.command(command)).collect(),
            examples: examples
                .map(|example| ExampleFacts {
                    language: &example.language,
                    title: example.title.as_deref(),
                    text: &example.text,
                })
                .collect(),
            links: step.links.iter().filter_map(|link| self.go(link)).collect(),
            then: step.branches.iter().map(|branch| self.branch(branch)).collect(),
        }
    }

    fn command(&self, command: &'a Command) -> CommandFacts<'a> {
        let mut parameters: Vec<&str> = Vec::new();
        for slot in &command.slots {
            if !parameters.contains(&slot.name.as_str()) {
                parameters.push(&slot.name);
            }
        }
        // A step by its number, or a section of the page as `#anchor`.
        let named = |name: &Option<String>| {
            let name = name.as_ref()?;
            Some(match name.strip_prefix('#') {
                Some(anchor) => id(self.facts.page.address.as_str(), Some(anchor)),
                None => format!("{}/{name}", self.id),
            })
        };
        CommandFacts {
            text: &command.text,
            language: &command.language,
            class: Class::name(command.class),
            title: command.title.as_deref(),
            parameters,
            slots: command.slots.iter().map(slot).collect(),
            warning: command.warning.as_deref(),
            expect: command.expect.as_deref(),
            verify: named(&command.verify),
            rollback: named(&command.rollback),
        }
    }

    fn branch(&self, branch: &'a Branch) -> BranchFacts<'a> {
        BranchFacts { r#if: &branch.condition, go: self.go(&branch.to) }
    }

    fn go(&self, to: &Destination) -> Option<String> {
        let page = self.facts.page;
        let own = page.address.as_str();
        Some(match to {
            Destination::Step(number) => format!("{}/{number}", self.id),
            Destination::StepOf(heading, number) => {
                let heading = heading.and_then(|index| page.document.headings.get(index as usize));
                let id = id(own, heading.map(|heading| heading.anchor.as_str()));
                format!("{id}/{number}")
            }
            Destination::Section(anchor) => id(own, Some(anchor)),
            Destination::Page(other, suffix) => {
                format!("{}{suffix}", self.context.site().page(*other).address.as_str())
            }
            Destination::Address(address, suffix) => format!("{}{suffix}", address.as_str()),
            Destination::Elsewhere(address) => address.clone(),
            Destination::Nowhere(_) => return None,
        })
    }
}

fn slot(slot: &CommandSlot) -> SlotFacts<'_> {
    SlotFacts {
        name: &slot.name,
        start: slot.range.start,
        end: slot.range.end,
        quoting: slot.quoting.name(),
    }
}

fn owner<'a>(facts: &'a PageFacts<'_>) -> Option<OwnerFacts<'a>> {
    let owner = facts.owner.and_then(|(_, owner)| owner);
    Some(OwnerFacts {
        name: facts.owner_name()?,
        chat: owner.and_then(|owner| owner.chat.as_deref()),
        email: owner.and_then(|owner| owner.email.as_deref()),
        on_call: owner.and_then(|owner| owner.on_call.as_deref()),
    })
}

fn review<'a>(facts: &'a PageFacts<'_>) -> ReviewFacts<'a> {
    let freshness = &facts.report.freshness;
    let due = freshness.schedule.due();
    ReviewFacts {
        owed: freshness.owes(),
        due: due.map(|due| due.on.to_string()),
        due_soon_from: due.map(|due| due.soon.to_string()),
        last: freshness.last.as_ref().map(|last| last.on.to_string()),
        by: freshness.last.as_ref().and_then(|last| last.by.as_deref()),
        suspect: due.is_some_and(|due| due.suspect),
    }
}

/// For each procedure the alerts that lead to it. What leads to a section that says nothing to do by itself leads to the
/// next that does, and what leads to the page to the section that mitigates, else to the first.
fn alerts<'a>(
    context: &Context,
    facts: &'a PageFacts<'_>,
    procedures: &[Procedure],
) -> Vec<Vec<AlertFacts<'a>>> {
    let mut found: Vec<Vec<AlertFacts<'a>>> = procedures.iter().map(|_| Vec::new()).collect();
    let document: &Document = &facts.page.document;
    let own = &context.site().config.alerts.answer_sections;
    let mitigates = answering_section(&document.headings, None, false, own);
    let headings = document.headings.iter().zip(&document.heading_ranges);
    let starts: HashMap<&str, usize> =
        headings.map(|(heading, range)| (heading.anchor.as_str(), range.start)).collect();
    let exact: HashMap<&str, usize> = procedures
        .iter()
        .enumerate()
        .filter_map(|(place, procedure)| Some((procedure.anchor.as_deref()?, place)))
        .collect();
    for alert in &facts.alerts {
        let anchor = alert.claim.anchor.as_deref();
        let anchor = anchor.or_else(|| mitigates.map(|heading| heading.anchor.as_str()));
        let place = anchor.and_then(|anchor| exact.get(anchor).copied());
        let next = || {
            let start = *starts.get(anchor?)?;
            let next = procedures.partition_point(|procedure| procedure.range.start < start);
            (next < procedures.len()).then_some(next)
        };
        if let Some(list) = found.get_mut(place.or_else(next).unwrap_or(0)) {
            list.push(AlertFacts {
                name: alert.name,
                severity: alert.severity.as_deref(),
                condition: alert.condition.as_deref(),
                labels: &alert.claim.labels,
            });
        }
    }
    found
}

fn parameter(parameter: crate::procedure::Parameter) -> ParameterFacts {
    ParameterFacts {
        r#type: parameter.kind.name(),
        required: parameter.default.is_none(),
        secret: parameter.is_secret,
        name: parameter.name,
        default: parameter.default,
        choices: parameter.choices,
        pattern: parameter.pattern,
        description: parameter.description,
    }
}

//! `procedure`: the steps of one section with their commands, filled in as the page would.

use std::collections::BTreeMap;

use regex::Regex;
use serde_json::{Map, Value, json};

use crate::procedure::{Branch, Class, Command, Destination, Parameter, Procedure, Step, fill};
use crate::resolve::PageId;
use crate::token::parameter_name;

use super::arguments::{Refused, ToolAnswer, required, shown, text, texts};
use super::library::{LONGEST_ID, Library};

/// The largest pattern of a parameter, compiled, in bytes.
const LARGEST_PATTERN: usize = 1 << 20;

/// A section that is being answered.
struct AnsweredSection<'a> {
    library: &'a Library,
    page: PageId,
    /// What stands for each parameter that has a value: as given, else its default.
    values: BTreeMap<String, String>,
}

/// Reads the steps of a section.
pub(super) fn procedure(library: &Library, arguments: &Value) -> ToolAnswer {
    let id = required(arguments, "id", LONGEST_ID)?;
    let given = texts(arguments, "parameters")?;
    let step = text(arguments, "step", 100)?;
    let place = library.find(id)?;
    let page = library.page(place.id);
    let all = library.procedures(place.id);
    let (procedure, known) = chosen(library, place.id, place.anchor.as_deref(), &all)?;
    let values = values(known, &given)?;
    let section = AnsweredSection { library, page: place.id, values };
    let is_asked = |one: &&Step| step.is_none_or(|step| one.number == step);
    let steps: Vec<Value> =
        procedure.steps.iter().filter(is_asked).map(|step| section.step(step)).collect();
    if let Some(step) = step.filter(|_| steps.is_empty()) {
        let numbers = procedure.steps.iter().map(|step| step.number.as_str()).take(50);
        let numbers: Vec<&str> = numbers.collect();
        return Err(format!("no step `{}`; there are {}", shown(step), numbers.join(", ")));
    }
    let here = library.id(place.id, procedure.anchor.as_deref());
    let missing: Vec<&str> = known
        .iter()
        .filter(|parameter| !section.values.contains_key(&parameter.name))
        .map(|parameter| parameter.name.as_str())
        .collect();
    let mut answer = json!({
        "id": here,
        "title": procedure.title,
        "url": library.url(&here),
        "class": procedure.class().name(),
        "review": library.review(place.id),
        "parameters": known.iter().map(|one| section.parameter(one)).collect::<Vec<Value>>(),
        "missing": missing,
        "steps": steps,
    });
    if !procedure.introduction.is_empty() {
        answer["introduction"] = json!(procedure.introduction.join("\n"));
    }
    let branches = section.branches(&procedure.branches);
    if !branches.is_empty() {
        answer["then"] = json!(branches);
    }
    if let Some(owner) = library.owner(place.id) {
        answer["owner"] = json!(owner);
    }
    answer["source"] = json!(page.document.path.as_str());
    Ok(answer)
}

/// The procedure that an id names: its section's, or the page's only one.
fn chosen<'p>(
    library: &Library,
    page: PageId,
    anchor: Option<&str>,
    all: &'p [(Procedure, Vec<Parameter>)],
) -> Result<&'p (Procedure, Vec<Parameter>), Refused> {
    let exact = all.iter().find(|(one, _)| one.anchor.as_deref() == anchor);
    if let Some(exact) = exact {
        return Ok(exact);
    }
    if let (None, [only]) = (anchor, all) {
        return Ok(only);
    }
    let ids: Vec<String> = all
        .iter()
        .take(20)
        .map(|(one, _)| format!("`{}`", library.id(page, one.anchor.as_deref())))
        .collect();
    Err(match (anchor, ids.is_empty()) {
        (_, true) => format!(
            "`{}` has no steps or commands; call fetch for its text",
            library.id(page, None)
        ),
        (Some(anchor), _) => {
            format!("no steps in `#{}`; ask for one of {}", shown(anchor), ids.join(", "))
        }
        (None, _) => format!("the page has several procedures; ask for one of {}", ids.join(", ")),
    })
}

/// What stands for the parameters of a section, if all that was given may be.
fn values(
    known: &[Parameter],
    given: &[(&str, &str)],
) -> Result<BTreeMap<String, String>, Refused> {
    let defaults = known.iter().filter_map(|one| Some((one.name.clone(), one.default.clone()?)));
    let mut values: BTreeMap<String, String> = defaults.collect();
    for (typed, value) in given {
        let name = parameter_name(typed);
        let Some(parameter) = known.iter().find(|one| one.name == name) else {
            let names: Vec<&str> = known.iter().map(|one| one.name.as_str()).collect();
            return Err(format!(
                "no parameter `{}`; there {}",
                shown(typed),
                if names.is_empty() {
                    "are none".to_owned()
                } else {
                    format!("are {}", names.join(", "))
                }
            ));
        };
        if parameter.is_secret {
            return Err(format!(
                "`{name}` is a secret: leave it out, and let whoever runs the command fill it in"
            ));
        }
        if let Some(reason) = refused(parameter, value) {
            return Err(format!("`{name}` {reason}"));
        }
        values.insert(name, (*value).to_owned());
    }
    Ok(values)
}

/// Why a value is none of a parameter, if it is not.
fn refused(parameter: &Parameter, value: &str) -> Option<String> {
    if value.contains(|letter: char| letter.is_control())
        || !crate::hidden::hidden(value).is_empty()
    {
        return Some("must not hold control or invisible characters".to_owned());
    }
    let choices = &parameter.choices;
    if !choices.is_empty() && !choices.iter().any(|choice| choice == value) {
        return Some(format!("must be one of {}", choices.join(", ")));
    }
    let pattern = parameter.pattern.as_ref()?;
    let whole = regex::RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(LARGEST_PATTERN)
        .build()
        .or_else(|_| Regex::new(r"^[A-Za-z0-9._:/@=-]*$"));
    let fits = whole.is_ok_and(|whole| whole.is_match(value));
    (!fits).then(|| format!("must match `{pattern}`"))
}

impl AnsweredSection<'_> {
    fn parameter(&self, parameter: &Parameter) -> Value {
        let mut row = Map::new();
        row.insert("name".to_owned(), json!(parameter.name));
        row.insert("type".to_owned(), json!(parameter.kind.name()));
        let texts = [
            ("description", &parameter.description),
            ("pattern", &parameter.pattern),
            ("default", &parameter.default),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                row.insert(name.to_owned(), json!(text));
            }
        }
        if !parameter.choices.is_empty() {
            row.insert("enum".to_owned(), json!(parameter.choices));
        }
        row.insert("required".to_owned(), json!(parameter.default.is_none()));
        if parameter.is_secret {
            row.insert("secret".to_owned(), json!(true));
        } else if let Some(value) = self.values.get(&parameter.name) {
            row.insert("value".to_owned(), json!(value));
        }
        row.into()
    }

    fn step(&self, step: &Step) -> Value {
        let commands: Vec<Value> =
            step.commands.iter().map(|command| self.command(step, command)).collect();
        let mut row = json!({ "id": step.number, "text": step.text, "commands": commands });
        if !step.warnings.is_empty() {
            row["warnings"] = json!(step.warnings);
        }
        let branches = self.branches(&step.branches);
        if !branches.is_empty() {
            row["then"] = json!(branches);
        }
        row
    }

    fn command(&self, step: &Step, command: &Command) -> Value {
        let filled = fill(command, |name| self.values.get(name).cloned());
        let mut row = json!({
            "step": step.number,
            "language": command.language,
            "text": filled.text,
            "complete": filled.missing.is_empty(),
            "class": command.class.name(),
        });
        if !filled.missing.is_empty() {
            row["missing"] = json!(filled.missing);
        }
        let warning = command.warning.clone().or_else(|| {
            let unsure = command.class == Class::Unknown;
            unsure.then(|| "nothing is known of what it does; treat it as a change".to_owned())
        });
        let texts = [
            ("title", command.title.clone()),
            ("warning", warning),
            ("expect", command.expect.clone()),
            ("verify", command.verify.as_deref().map(|target| self.target(target))),
            ("rollback", command.rollback.as_deref().map(|target| self.target(target))),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                row[name] = json!(text);
            }
        }
        row
    }

    /// A step of this section by its number, or the id of a section.
    fn target(&self, target: &str) -> String {
        match target.strip_prefix('#') {
            Some(anchor) => self.library.id(self.page, Some(anchor)),
            None => target.to_owned(),
        }
    }

    fn branches(&self, branches: &[Branch]) -> Vec<Value> {
        let row = |branch: &Branch| {
            let condition =
                if branch.condition.is_empty() { "otherwise" } else { &branch.condition };
            Some(json!({ "if": condition, "go": self.destination(&branch.to)? }))
        };
        branches.iter().filter_map(row).collect()
    }

    /// Where a branch leads, as an id, a step's number or an address; nothing where it leads nowhere.
    fn destination(&self, to: &Destination) -> Option<String> {
        let page = self.library.page(self.page);
        Some(match to {
            Destination::Step(number) => number.clone(),
            Destination::StepOf(heading, number) => {
                let heading = heading.and_then(|index| page.document.headings.get(index as usize));
                let anchor = heading.map(|heading| heading.anchor.as_str());
                format!("{} step {number}", self.library.id(self.page, anchor))
            }
            Destination::Section(anchor) => self.library.id(self.page, Some(anchor)),
            Destination::Page(page, suffix) => format!("{}{suffix}", self.library.id(*page, None)),
            Destination::Address(address, suffix) => {
                self.library.url(&format!("{}{suffix}", address.encoded()))
            }
            Destination::Elsewhere(address) => address.clone(),
            Destination::Nowhere(_) => return None,
        })
    }
}

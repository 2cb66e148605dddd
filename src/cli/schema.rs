//! `guidepost schema`: the keys of site.toml and of front matter as JSON Schema, for editors.
//!
//! Made of the tables that the files are read by. What a site says itself is part of the schema of its front matter: its
//! own keys, owners, templates and words for the status.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

use crate::config::Config;
use crate::config::read::keys as config_keys;
use crate::parse::front_matter::read::keys as front_matter_keys;
use crate::value::keys::{KnownKey, Shape};

use super::output::print;
use super::review::read_config;
use super::site::SiteArguments;

/// What can be typed behind `guidepost schema`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: SiteArguments,
    /// The file that the schema is of.
    #[arg(value_enum)]
    of: SchemaSubject,
}

/// What has keys.
#[derive(Clone, Copy, ValueEnum)]
enum SchemaSubject {
    /// site.toml
    Site,
    /// The front matter of pages, with what this site's site.toml says of it
    FrontMatter,
}

/// Prints a schema.
pub(crate) fn schema(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let schema = match arguments.of {
        SchemaSubject::Site => site(),
        SchemaSubject::FrontMatter => front_matter(&read_config(&arguments.site.root()?)),
    };
    print(&format!("{schema:#}\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn site() -> Value {
    let mut schema = table(&config_keys(), false);
    schema["title"] = json!("site.toml");
    with_dialect(schema)
}

fn front_matter(config: &Config) -> Value {
    // Keys of other tools pass, so any key may be there.
    let mut schema = table(&front_matter_keys(), true);
    schema["title"] = json!("Front matter");
    let known = [
        ("owner", config.owners.keys().collect::<Vec<_>>()),
        ("template", config.templates.keys().collect()),
        ("status", config.statuses.iter().collect()),
    ];
    for (key, words) in known.into_iter().filter(|(_, words)| !words.is_empty()) {
        schema["properties"][key]["enum"] = json!(words);
    }
    for key in &config.extra_keys {
        schema["properties"][key] = json!({});
    }
    with_dialect(schema)
}

fn with_dialect(mut schema: Value) -> Value {
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema
}

/// A table with these keys; `open` to any others.
fn table(keys: &[KnownKey], open: bool) -> Value {
    let properties: Map<String, Value> = keys
        .iter()
        .map(|key| {
            let mut schema = shape(key);
            schema["description"] = json!(key.says);
            (key.name.to_owned(), schema)
        })
        .collect();
    json!({"type": "object", "properties": properties, "additionalProperties": open})
}

fn shape(key: &KnownKey) -> Value {
    let text = json!({"type": ["string", "number", "boolean"]});
    let one_or_list = |one: Value| json!({"anyOf": [one, {"type": "array", "items": one}]});
    match key.shape {
        Shape::Text => text,
        Shape::Texts => one_or_list(text),
        Shape::Bool => json!({"type": "boolean"}),
        Shape::BoolOr(word) => json!({"enum": [true, false, word]}),
        Shape::Integer => json!({"type": "integer"}),
        Shape::Date => json!({"type": "string", "format": "date"}),
        Shape::Interval => json!({"type": "string"}),
        Shape::OneOf(words) => json!({"enum": words()}),
        Shape::SomeOf(words) => one_or_list(json!({"enum": words()})),
        Shape::Groups => json!({"type": "array", "items": one_or_list(text)}),
        Shape::Keys => table(&key.keys, false),
        Shape::Named(keys) => {
            json!({"type": "object", "additionalProperties": table(&keys(), false)})
        }
        Shape::Entries(keys) => one_or_list(json!({"anyOf": [text, table(&keys(), false)]})),
        Shape::NamedTexts => json!({"type": "object"}),
        Shape::Any => json!({}),
    }
}

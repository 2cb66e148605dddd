//! `skills/list` and `skills/get`: the skills that a site publishes, each with every file and its digest, as the extension
//! `io.modelcontextprotocol/skills` (SEP-2640, modelcontextprotocol/ext-skills) has it. Files are read as resources.

use serde_json::{Map, Value, json};

use crate::files::{FilePath, sha256};
use crate::value::{Node, yaml};

use super::library::Library;

/// What the extension is called among the capabilities of a server.
pub(super) const EXTENSION: &str = "io.modelcontextprotocol/skills";

/// How many skills a list has at a time.
const LISTED: usize = 100;

/// How the address of each file begins.
const SCHEME: &str = "skill://";

/// A part of the list; nothing for a cursor that is none.
pub(super) fn list(library: &Library, cursor: Option<&str>) -> Option<Value> {
    let from: usize = cursor.map_or(Some(0), |cursor| cursor.parse().ok())?;
    let all = library.skills();
    if from > all.len() {
        return None;
    }
    let entries = all.iter().skip(from).take(LISTED);
    let entries = entries.filter_map(|(name, files)| entry(library, name, files));
    let mut answer = json!({ "skills": entries.collect::<Vec<Value>>() });
    if from + LISTED < all.len() {
        answer["nextCursor"] = json!((from + LISTED).to_string());
    }
    Some(answer)
}

/// One of them, by the address of its first file.
pub(super) fn get(library: &Library, uri: &str) -> Option<Value> {
    let name = uri.strip_prefix(SCHEME)?.strip_suffix("/SKILL.md")?;
    let files = library.skills().get(name)?;
    Some(json!({ "skill": entry(library, name, files)? }))
}

/// The text of a file of a skill.
pub(super) fn read(library: &Library, uri: &str) -> Option<Value> {
    let path = uri.strip_prefix(SCHEME)?;
    let files = library.skills().get(path.split_once('/')?.0)?;
    let file =
        files.iter().find(|file| file.under("skills").is_some_and(|own| own.as_str() == path))?;
    let text = library.file(file)?;
    Some(json!({ "contents": [{ "uri": uri, "mimeType": "text/markdown", "text": text }] }))
}

fn entry(library: &Library, name: &str, files: &[FilePath]) -> Option<Value> {
    let file =
        |path: &FilePath| Some((format!("{SCHEME}{}", path.under("skills")?), library.file(path)?));
    let files: Vec<(String, &str)> = files.iter().filter_map(file).collect();
    let first = format!("{SCHEME}{name}/SKILL.md");
    let (_, text) = files.iter().find(|(uri, _)| *uri == first)?;
    let resource = |(uri, text): &(String, &str)| json!({ "uri": uri, "digest": format!("sha256:{}", sha256(text.as_bytes())), "size": text.len() });
    let resources: Vec<Value> = files.iter().map(resource).collect();
    Some(json!({ "uri": first, "frontmatter": front_matter(text)?, "resources": resources }))
}

/// The front matter of a skill as JSON.
fn front_matter(text: &str) -> Option<Value> {
    let block = text.strip_prefix("---\n")?.split("\n---\n").next()?;
    let node = yaml::parse(block, 0).ok()?;
    Some(value(&node))
}

fn value(node: &Node) -> Value {
    match node.entries() {
        [] => json!(node.scalar_text().unwrap_or_default()),
        entries => {
            let entries = entries.iter().map(|entry| (entry.key.clone(), value(&entry.value)));
            Value::Object(entries.collect::<Map<String, Value>>())
        }
    }
}

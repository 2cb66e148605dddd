//! `.well-known/agent-skills/index.json`: the list by which agents find the skills of a host, as version 0.2.0 of the
//! discovery draft (github.com/cloudflare/agent-skills-discovery-rfc) has it. Addresses are relative, so that it holds
//! wherever the site stands.

use std::sync::Arc;

use serde::Serialize;

use crate::files::Bytes;
use crate::hidden::removed;

use super::written::SkillRow;

/// Where it is published.
pub(in crate::programs) const PATH: &str = ".well-known/agent-skills/index.json";

/// The folder that holds it.
pub(in crate::programs) const FOLDER: &str = ".well-known/";

/// The name of the version, which readers compare and do not fetch.
const SCHEMA: &str = "https://schemas.agentskills.io/discovery/0.2.0/schema.json";

#[derive(Serialize)]
struct SkillIndex<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    skills: Vec<ListedSkill<'a>>,
}

#[derive(Serialize)]
struct ListedSkill<'a> {
    name: &'a str,
    r#type: &'a str,
    description: &'a str,
    url: String,
    digest: String,
}

/// The list of all skills, in the order of their names.
pub(in crate::programs) fn index(rows: &[Arc<SkillRow>]) -> Bytes {
    let mut rows: Vec<&Arc<SkillRow>> = rows.iter().collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let index = SkillIndex { schema: SCHEMA, skills: rows.into_iter().map(listed).collect() };
    let text = serde_json::to_string_pretty(&index).expect("texts are JSON") + "\n";
    Bytes::new(removed(&text).into_owned().into_bytes())
}

fn listed(row: &Arc<SkillRow>) -> ListedSkill<'_> {
    ListedSkill {
        name: &row.name,
        r#type: if row.artifact.ends_with(".zip") { "archive" } else { "skill-md" },
        description: &row.description,
        url: format!("../../skills/{}", row.artifact),
        digest: format!("sha256:{}", row.digest),
    }
}

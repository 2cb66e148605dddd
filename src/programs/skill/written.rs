//! The files of a skill, and what lists say of it.

use std::sync::Arc;

use crate::files::{Bytes, sha256};

use super::archive::archive;
use super::describe::SkillHead;
use super::text::bytes;

/// A skill as it is written.
pub(in crate::programs) struct Skill {
    /// Its files, each with its path below `skills/`.
    pub(in crate::programs) files: Vec<(String, Bytes)>,
    /// What lists say of it.
    pub(in crate::programs) row: Arc<SkillRow>,
}

/// A skill as lists have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::programs) struct SkillRow {
    pub(in crate::programs) name: String,
    pub(in crate::programs) title: String,
    pub(in crate::programs) description: String,
    /// What is fetched to have all of it, below `skills/`: its one file, or an archive of all.
    pub(in crate::programs) artifact: String,
    /// The artifact's SHA-256.
    pub(in crate::programs) digest: String,
    /// Its whole text without front matter, if the skill that leads to all holds it.
    pub(in crate::programs) routed: Option<String>,
}

/// The files of a skill with its front matter and, if it has several, its archive.
pub(super) fn written(
    head: &SkillHead,
    title: &str,
    mut texts: Vec<(String, String)>,
    routed: Option<String>,
) -> Skill {
    let name = &head.name;
    if let Some((_, first)) = texts.first_mut() {
        *first = format!("{}\n{}", head.block(), first.trim_start());
    }
    let own: Vec<(String, Bytes)> =
        texts.into_iter().map(|(path, text)| (path, bytes(&text))).collect();
    let mut files: Vec<(String, Bytes)> =
        own.iter().map(|(path, bytes)| (format!("{name}/{path}"), Arc::clone(bytes))).collect();
    if own.len() > 1 {
        files.push((format!("{name}.zip"), Bytes::new(archive(&own))));
    }
    let (artifact, content) = files.last().expect("a skill has a file");
    let row = SkillRow {
        name: name.clone(),
        title: title.to_owned(),
        description: head.description.clone(),
        artifact: artifact.clone(),
        digest: sha256(content),
        routed,
    };
    Skill { row: Arc::new(row), files }
}

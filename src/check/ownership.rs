//! Who answers for a page: its `owner`, else the owner whose chat is its `owner_slack`, else CODEOWNERS.
//!
//! Reads no file. A name is looked up in `[owners]`; a site without that table has no vocabulary to break.

use std::collections::BTreeMap;

use crate::config::Owner;
use crate::diagnostic::{Diagnostic, Location, nearest, ownership as mistakes};
use crate::files::FilePath;
use crate::glob::Globs;
use crate::parse::front_matter::FrontMatter;

/// Finds the owner of one page.
pub fn ownership(
    path: &FilePath,
    meta: &FrontMatter,
    owners: &BTreeMap<String, Owner>,
    codeowners: &Codeowners,
) -> Ownership {
    let slack = meta.review.owner_slack.as_ref().map(|slack| slack.value.clone());
    let declared = meta.owner.as_ref().map(|owner| (owner.value.clone(), OwnerSource::FrontMatter));
    let found = declared
        .or_else(|| Some((owner_with_chat(owners, slack.as_deref()?)?, OwnerSource::Slack)))
        .or_else(|| slack.clone().map(|slack| (slack, OwnerSource::Slack)))
        .or_else(|| {
            let handle = codeowners.owner_of(path.as_str())?;
            Some((known_handle(owners, handle), OwnerSource::Codeowners))
        });
    let (name, source) = found.map_or((None, None), |(name, source)| (Some(name), Some(source)));
    Ownership { name, source, slack }
}

/// What is wrong with a page's owner.
pub fn findings(
    path: &FilePath,
    meta: &FrontMatter,
    ownership: &Ownership,
    owners: &BTreeMap<String, Owner>,
) -> Option<Diagnostic> {
    if ownership.name.is_none() && !meta.broken {
        return Some(mistakes::missing_owner(Location::file(path)));
    }
    let owner = meta
        .owner
        .as_ref()
        .filter(|owner| !owners.is_empty() && !owners.contains_key(&owner.value))?;
    let known = owners.keys().map(String::as_str);
    let shown = owners.iter().find(|(_, card)| card.name.as_deref() == Some(&owner.value));
    let near = shown.map(|(name, _)| name.as_str()).or_else(|| nearest(&owner.value, known));
    Some(mistakes::unknown_owner(Location::new(path, owner.range.clone()), &owner.value, near))
}

/// Who answers for a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ownership {
    /// A name of `[owners]`, else what the page or CODEOWNERS says.
    pub name: Option<String>,
    /// Where the name comes from.
    pub source: Option<OwnerSource>,
    /// The chat channel or handle that the page names.
    pub slack: Option<String>,
}

/// Where the owner of a page is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerSource {
    /// `owner`.
    FrontMatter,
    /// `owner_slack`.
    Slack,
    /// The repository's CODEOWNERS.
    Codeowners,
}

fn owner_with_chat(owners: &BTreeMap<String, Owner>, slack: &str) -> Option<String> {
    let plain = |chat: &str| chat.trim_start_matches(['#', '@']).to_lowercase();
    let is_same =
        |owner: &Owner| owner.chat.as_deref().is_some_and(|chat| plain(chat) == plain(slack));
    let mut same = owners.iter().filter(|(_, owner)| is_same(owner)).map(|(name, _)| name.clone());
    // A channel that several owners share says nothing about which of them it is.
    same.next().filter(|_| same.next().is_none())
}

/// The name of `[owners]` for a handle such as `@org/devops`, else the handle itself.
fn known_handle(owners: &BTreeMap<String, Owner>, handle: &str) -> String {
    let team = handle.trim_start_matches('@').rsplit('/').next().unwrap_or(handle);
    let by_mail = owners
        .iter()
        .find(|(_, owner)| owner.email.as_deref() == Some(handle))
        .map(|(name, _)| name);
    let by_name = owners.keys().find(|name| name.eq_ignore_ascii_case(team));
    by_name.or(by_mail).map_or_else(|| handle.to_owned(), Clone::clone)
}

/// The rules of a CODEOWNERS file, the last match of which counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codeowners {
    site: String,
    rules: Vec<(Globs, Option<String>)>,
}

impl Codeowners {
    /// Reads CODEOWNERS; `site` is the site folder inside the repository, with a trailing `/` or empty.
    ///
    /// Lines that are no rule are skipped, as the hosts do.
    pub fn parse(text: &str, site: &str) -> Codeowners {
        let rules = text.lines().filter_map(|line| {
            let line = line.split(" #").next().unwrap_or_default().trim();
            if line.is_empty() || line.starts_with(['#', '[', '^', '!']) {
                return None;
            }
            let line = line.replace("\\ ", "\u{0}");
            let mut words = line.split_whitespace();
            let pattern = words.next()?.replace('\u{0}', " ");
            Some((globs(&pattern)?, words.next().map(str::to_owned)))
        });
        Codeowners { site: site.to_owned(), rules: rules.collect() }
    }

    /// The first owner that the last matching rule names, for a file relative to the site folder.
    pub fn owner_of(&self, path: &str) -> Option<&str> {
        let path = format!("{}{path}", self.site);
        self.rules.iter().rev().find(|(globs, _)| globs.matches(&path))?.1.as_deref()
    }
}

/// A pattern without a slash before its end matches at any depth; one that ends in `/*` not below it.
fn globs(pattern: &str) -> Option<Globs> {
    let anchored = pattern.trim_end_matches('/').contains('/');
    let pattern = pattern.trim_start_matches('/');
    let form = if anchored { pattern.to_owned() } else { format!("**/{pattern}") };
    if pattern.ends_with("/*") {
        Globs::exact(&form).ok()
    } else {
        Globs::new([form.as_str()]).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Codeowners, OwnerSource, findings, ownership};
    use crate::config::Owner;
    use crate::files::FilePath;
    use crate::parse::tests_support::document;

    const CODEOWNERS: &str = "# rules\n* @org/everybody\n/docs/ @org/Writers\n*.tf infra@example.org # who applies\n\
        docs/free/\ndocs/top/* @org/top\nwith\\ space.md @lee @dana\n[Section]\n";

    fn owners() -> BTreeMap<String, Owner> {
        let owner = |chat: &str| Owner { chat: Some(chat.to_owned()), ..Owner::default() };
        let infra = Owner { email: Some("infra@example.org".to_owned()), ..owner("#infra") };
        let named = Owner { name: Some("The Writers".to_owned()), ..owner("#docs") };
        [("infra".to_owned(), infra), ("writers".to_owned(), named)].into()
    }

    /// The owner of a page with that front matter, where it is named, and the finding.
    fn check(front_matter: &str, expected: (&str, Option<OwnerSource>), finding: &str) {
        let page = document(&format!("---\n{front_matter}\n---\n"));
        let path = FilePath::new("a.md").expect("a path");
        let found = ownership(&path, &page.meta, &owners(), &Codeowners::default());
        assert_eq!(
            (found.name.as_deref().unwrap_or_default(), found.source),
            expected,
            "{front_matter}"
        );
        let found = findings(&path, &page.meta, &found, &owners());
        let said = found
            .map(|finding| format!("{}; {}", finding.message, finding.help.unwrap_or_default()));
        assert!(said.as_deref().unwrap_or_default().contains(finding), "{said:?}");
        assert_eq!(said.is_none(), finding.is_empty(), "{said:?}");
    }

    #[test]
    fn an_owner_is_taken_from_front_matter_before_anything_else() {
        check(
            "owner: infra\nowner_slack: \"#docs\"",
            ("infra", Some(OwnerSource::FrontMatter)),
            "",
        );
    }

    #[test]
    fn a_chat_channel_names_the_owner_who_has_it() {
        check("owner_slack: \"#docs\"", ("writers", Some(OwnerSource::Slack)), "");
        check("owner_slack: \"@lee\"", ("@lee", Some(OwnerSource::Slack)), "");
    }

    #[test]
    fn an_unknown_owner_is_reported_with_the_nearest_name() {
        check("owner: infre", ("infre", Some(OwnerSource::FrontMatter)), "`infra`");
        check("owner: The Writers", ("The Writers", Some(OwnerSource::FrontMatter)), "`writers`");
        check("title: a", ("", None), "no owner");
    }

    #[test]
    fn of_the_rules_in_codeowners_the_last_match_counts() {
        let rules = Codeowners::parse(CODEOWNERS, "");
        let owner = |path| rules.owner_of(path).unwrap_or_default();
        assert_eq!(owner("a.md"), "@org/everybody");
        assert_eq!(owner("docs/deep/a.md"), "@org/Writers");
        assert_eq!(owner("docs/main.tf"), "infra@example.org");
        assert_eq!(owner("docs/free/a.md"), "");
        assert_eq!(owner("docs/top/a.md"), "@org/top");
        assert_eq!(owner("docs/top/deep/a.md"), "@org/Writers");
        assert_eq!(owner("x/with space.md"), "@lee");
        assert_eq!(Codeowners::parse(CODEOWNERS, "docs/").owner_of("a.md"), Some("@org/Writers"));
    }

    #[test]
    fn handles_in_codeowners_become_known_owners_where_they_are() {
        let page = document("Text");
        let rules = Codeowners::parse(CODEOWNERS, "");
        let owner = |path: &str| {
            let path = FilePath::new(path).expect("a path");
            ownership(&path, &page.meta, &owners(), &rules).name.unwrap_or_default()
        };
        assert_eq!(owner("docs/a.md"), "writers");
        assert_eq!(owner("main.tf"), "infra");
        assert_eq!(owner("a.md"), "@org/everybody");
    }
}

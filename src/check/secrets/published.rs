//! Finds secrets in what a site publishes besides the text of its pages: assets, the names of files, the theme,
//! site.toml, and what is shown of alert rules.

use crate::check::alerts::AlertRule;
use crate::check::drawings;
use crate::config;
use crate::diagnostic::{Diagnostic, secrets as mistakes};
use crate::files::{Bytes, FilePath, Files};
use crate::memo::{Memo, Mode};
use crate::resolve::Site;
use crate::text::encoding::decoded;

use super::{Secret, find, secrets};

/// What was found in each file, which is looked for again only where a file has changed.
pub(in crate::check) type LookedFiles = Memo<FilePath, (FilePath, Bytes), Vec<Diagnostic>>;

/// The secrets of every published file that is no page, and of its name.
pub(in crate::check) fn published(
    site: &Site,
    files: &Files,
    mode: Mode,
    looked: &mut LookedFiles,
) -> Vec<Diagnostic> {
    let content = &site.config.content;
    let assets = site.assets.iter();
    let assets = assets.filter_map(|asset| FilePath::new(&format!("{content}/{asset}")));
    let theme = files.below(&site.config.theme).map(|(path, _)| path.clone());
    let with_bytes = |path: FilePath| files.get(&path).map(|bytes| (path.clone(), bytes.clone()));
    let read: Vec<(FilePath, Bytes)> =
        assets.chain(theme).chain([config::path()]).filter_map(with_bytes).collect();
    let found = looked.map(mode, &read, |file| (file.0.clone(), file.clone()), in_file);
    found.iter().flat_map(|found| found.iter().cloned()).collect()
}

/// The secrets of a file and of its name, and what it runs if it is a drawing.
fn in_file((path, bytes): &(FilePath, Bytes)) -> Vec<Diagnostic> {
    let text = decoded(bytes);
    let mut found = secrets(path, &text);
    found.extend(in_name(path));
    found.extend(drawings::active(path, &text));
    found.extend(key_store(path).map(|what| mistakes::key_store(path, what)));
    found
}

/// The secret that the path of a file holds.
pub(in crate::check) fn in_name(path: &FilePath) -> Option<Diagnostic> {
    let Secret { what, .. } = find(path.as_str()).into_iter().next()?;
    Some(mistakes::secret_in_name(path, what))
}

/// What a file is that holds keys, whatever stands in it.
fn key_store(path: &FilePath) -> Option<&'static str> {
    const KEY_STORES: &[(&str, &str)] = &[
        ("jks", "a Java key store"),
        ("kdbx", "a password database"),
        ("keystore", "a Java key store"),
        ("p12", "a key with its certificate"),
        ("pfx", "a key with its certificate"),
        ("tfstate", "a Terraform state, which holds every value in plain text"),
    ];
    let (_, extension) = path.name().rsplit_once('.')?;
    let known = KEY_STORES.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known))?;
    Some(known.1)
}

/// The secrets in what the site shows of an alert rule, each at the name of the rule.
pub(in crate::check) fn in_rule(rule: &AlertRule) -> Option<Diagnostic> {
    let runbook = rule.runbook.as_ref().map(|link| link.url.as_str());
    let texts =
        [Some(rule.name.as_str()), rule.expression.as_deref(), rule.summary.as_deref(), runbook];
    let links = rule.links.iter().map(|link| link.url.as_str());
    let labels = rule.labels.values().map(String::as_str);
    let mut found = texts.into_iter().flatten().chain(links).chain(labels).flat_map(find);
    let Secret { what, .. } = found.next()?;
    Some(mistakes::secret_in_rule(rule.at.clone(), what))
}

//! A site's claims, and the rules that its `[alerts] sources` define.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::claims::{Claim, Claims};
use super::contract::{contract, known_rules};
use super::meeting::computed_names;
use super::pattern::Pattern;
use super::read::read_sources;
use super::rule::{AlertRule, SourceFile, SourceKind, is_terraform};
use super::values::VariableValues;
use crate::config::Config;
use crate::diagnostic::print::Positions;
use crate::diagnostic::{AlertsRead, Diagnostic, Finding, Level, Location, Rule, alerts};
use crate::files::{FilePath, Files};
use crate::glob::Globs;
use crate::parse::Outline;
use crate::resolve::{Address, AlertClaim, ClaimsByAlert, PlacedPage, Structure};
use crate::text::encoding::{decoded, invalid_from, is_wide};

/// What a joined site says about alerts, with an address for each alert, page and redirect, and the owners of pages.
pub fn claims(
    site: &Structure,
    alerts: &ClaimsByAlert,
    owner_of: &dyn Fn(&PlacedPage) -> Option<String>,
) -> Claims {
    let config = &site.config;
    let mut claims = Claims {
        base_url: config.base_url.clone(),
        aliases: config.alerts.aliases.clone(),
        case_sensitive: config.alerts.case_sensitive,
        ..Claims::default()
    };
    for page in &site.pages {
        claims.addresses.insert(rooted(&page.address), anchors(&page.document));
    }
    for (address, page) in &site.redirects {
        claims.addresses.insert(rooted(address), anchors(&site.page(*page).document));
    }
    for asset in &site.assets {
        claims.addresses.insert(format!("/{asset}"), Vec::new());
    }
    for section in site.sections.values() {
        claims.addresses.entry(rooted(&section.address)).or_default();
    }
    for alias in config.alerts.aliases.keys() {
        claims.addresses.entry(rooted(&alert_address(config, alias))).or_default();
    }
    for (name, claimed) in alerts {
        let of_pages = claimed.iter().map(|claim| {
            let page = site.page(claim.page);
            Claim {
                url: rooted(&alert_address(config, name)),
                owner: owner_of(page),
                ..claim_of(claim, page)
            }
        });
        claims.alerts.insert(name.clone(), of_pages.collect());
    }
    claims
}

/// The claims with what is known of the rules, and an address for each name that rules compute and pages answer.
pub fn with_rules(config: &Config, rules: &[AlertRule], claims: Claims) -> Claims {
    let address = |constant: &str| rooted(&alert_address(config, constant));
    let computed = computed_names(rules, &claims, &address);
    let claims = Claims { computed, ..claims };
    Claims { rules: known_rules(rules, &claims), ..claims }
}

/// The stable address of an alert; of a pattern, what is constant in it.
pub fn alert_address(config: &Config, name: &str) -> Address {
    let constant =
        if name.contains('*') { Pattern::claimed(name).constant() } else { String::new() };
    let name = if constant.is_empty() { name } else { &constant };
    // The index of alerts is at the address of no name at all.
    let name = if name.bytes().all(|byte| byte == b'/') { "-" } else { name };
    Address::of_page(&format!("alerts/{name}"), config.address_style)
}

/// Every alert of the files that `[alerts] sources` lists, what could not be read of them, and a count of it all.
pub fn rules(config: &Config, site_file: &FilePath, files: &Files) -> AlertSources {
    let mut found = Vec::new();
    let mut listed: BTreeSet<&FilePath> = BTreeSet::new();
    for pattern in &config.alerts.sources {
        let Ok(globs) = Globs::new([pattern.value.as_str()]) else { continue };
        let matching = files.iter().map(|(path, _)| path);
        let mut matching = matching.filter(|path| globs.matches(path.as_str())).peekable();
        if matching.peek().is_none() {
            let at = Location::new(site_file, pattern.range.clone());
            found.push(alerts::no_source_matches(at, &pattern.value));
        }
        listed.extend(matching);
    }
    let mut sources = read_files(files, &values(config), &listed);
    sources.found.splice(0..0, found);
    sources
}

/// The files that `[alerts] sources` lists, with what other files say of Terraform's modules where one of these is
/// listed, and the names of the listed ones.
pub fn sources(config: &Config, files: &Files) -> (Files, BTreeSet<FilePath>) {
    let patterns = &config.alerts.sources;
    let globs: Vec<Globs> =
        patterns.iter().filter_map(|pattern| Globs::new([pattern.value.as_str()]).ok()).collect();
    if globs.is_empty() {
        return (Files::default(), BTreeSet::new());
    }
    let is_listed = |path: &FilePath| globs.iter().any(|globs| globs.matches(path.as_str()));
    let listed: BTreeSet<FilePath> =
        files.iter().map(|(path, _)| path).filter(|path| is_listed(path)).cloned().collect();
    let has_modules = listed.iter().any(is_terraform);
    let wanted = files
        .iter()
        .filter(|(path, _)| listed.contains(*path) || has_modules && is_terraform(path));
    (wanted.map(|(path, bytes)| (path.clone(), Arc::clone(bytes))).collect(), listed)
}

/// How many names the given values can make of one.
const MAX_NAMES: usize = 64;

/// A rule for each name that the values which site.toml gives make of its pattern; the rule itself if these are none.
fn with_values(rule: AlertRule, values: &VariableValues) -> Vec<AlertRule> {
    let given = |pattern: &Pattern| pattern.holes().any(|hole| values.of(&hole.name).is_some());
    let pattern = rule.pattern.as_ref().filter(|pattern| given(pattern));
    let Some(names) = pattern.and_then(|pattern| pattern.expanded(MAX_NAMES)) else {
        return vec![rule];
    };
    names.into_iter().map(|name| AlertRule { name, pattern: None, ..rule.clone() }).collect()
}

/// The values that site.toml gives to what is computed.
pub(super) fn values(config: &Config) -> VariableValues {
    VariableValues::new(config.alerts.values.clone())
}

/// What alert sources say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertSources {
    /// The alerts in the order of files and places.
    pub rules: Vec<AlertRule>,
    /// What could not be read, or holds nothing.
    pub found: Vec<Diagnostic>,
    /// How much was read.
    pub read: AlertsRead,
}

/// Reads the files that are listed; the others are what Terraform's modules need besides.
fn read_files(
    files: &Files,
    values: &VariableValues,
    listed: &BTreeSet<&FilePath>,
) -> AlertSources {
    let mut sources = AlertSources::default();
    let mut read_as: Vec<(&FilePath, Cow<'_, str>)> = Vec::new();
    for (path, bytes) in files.iter() {
        match (invalid_from(bytes), is_wide(bytes)) {
            (Some(at), false) if listed.contains(path) => {
                let why = "the file is not UTF-8 text from here on";
                sources.found.push(alerts::source_not_parsed(Location::new(path, at..at), why));
            }
            (Some(_), false) => {}
            _ => read_as.push((path, decoded(bytes))),
        }
    }
    let texts: Vec<(&FilePath, &str)> =
        read_as.iter().map(|(path, text)| (*path, &**text)).collect();
    let mut read = read_sources(&texts, values, &|path| listed.contains(path));
    read.retain(|path, _| listed.contains(path));
    // A module is a folder: a file of it may well hold no alert.
    let folder =
        |path: &FilePath| path.as_str().rsplit_once('/').map(|(folder, _)| folder.to_string());
    let modules: BTreeSet<Option<String>> = read
        .iter()
        .filter(|(path, file)| is_terraform(path) && !file.rules.is_empty())
        .map(|(path, _)| folder(path))
        .collect();
    let mut positions = Positions::new(files);
    for (path, mut file) in read {
        for rule in &mut file.rules {
            rule.line = positions.of(&rule.at).0.line;
        }
        count(&mut sources.read, &path, &file);
        let of_module = is_terraform(&path) && modules.contains(&folder(&path));
        if file.rules.is_empty() && file.skipped.is_empty() && !of_module {
            let at = Location::file(&path);
            sources.found.push(alerts::source_without_alerts(at, file.why_empty));
        }
        sources.rules.extend(file.rules.into_iter().flat_map(|rule| with_values(rule, values)));
        sources.found.extend(file.skipped);
    }
    sources
}

/// Counts a file by the kinds of its alerts; a Terraform file is known by its name.
fn count(read: &mut AlertsRead, path: &FilePath, file: &SourceFile) {
    let mut kinds: BTreeSet<&'static str> =
        file.rules.iter().map(|rule| rule.source.name()).collect();
    if is_terraform(path) && !file.skipped.is_empty() {
        kinds.insert(SourceKind::Terraform.name());
    }
    match kinds.first() {
        Some(first) => read.source(first).skipped += file.skipped.len(),
        None if file.skipped.is_empty() => read.files_without_alerts += 1,
        None => read.files_not_read += 1,
    }
    for kind in kinds {
        read.source(kind).files += 1;
    }
    for rule in &file.rules {
        let source = read.source(rule.source.name());
        source.alerts += 1;
        source.computed += usize::from(rule.pattern.is_some());
    }
}

/// What every one of some files says of alerts.
pub fn read_all(files: &Files) -> AlertSources {
    let listed = files.iter().map(|(path, _)| path).collect();
    read_files(files, &VariableValues::default(), &listed)
}

/// What is wrong between the alerts of the listed ones of some files and what a site has published of itself, and how
/// much was read.
pub fn check_sources(
    config: &Config,
    files: &Files,
    listed: &BTreeSet<FilePath>,
    claims: &Claims,
) -> (Vec<Finding>, AlertsRead) {
    let listed = listed.iter().collect();
    let AlertSources { rules, found: mut diagnostics, read } =
        read_files(files, &values(config), &listed);
    diagnostics.extend(contract(&rules, claims));
    let level =
        |rule: Rule| config.checks.level(rule, None).unwrap_or_else(|| rule.card().default_level);
    let mut findings: Vec<Finding> = diagnostics
        .into_iter()
        .map(|found| Finding { level: level(found.rule), diagnostic: Arc::new(found) })
        .filter(|finding| finding.level > Level::Allow)
        .collect();
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    (findings, read)
}

fn claim_of(claim: &AlertClaim, page: &PlacedPage) -> Claim {
    Claim {
        page: rooted(&page.address),
        anchor: claim.anchor.clone(),
        severity: claim.severity.clone(),
        labels: claim.labels.clone(),
        at: Some(claim.at.clone()),
        ..Claim::default()
    }
}

fn rooted(address: &Address) -> String {
    format!("/{}", address.as_str())
}

/// Every anchor that a link to a page may use.
fn anchors(document: &Outline) -> Vec<String> {
    let headings = document.headings.iter().map(|heading| &heading.anchor);
    headings.chain(&document.html_anchors).chain(&document.made_anchors).cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{AlertSources, claims, rules};
    use crate::check::alerts::{LinkedRunbook, contract, index};
    use crate::config::read::config;
    use crate::files::{FilePath, Files};
    use crate::memo::Mode;
    use crate::parse::{Input, parse};
    use crate::resolve::{Cache, PageSources, Site, resolve};

    fn path(text: &str) -> FilePath {
        FilePath::new(text).unwrap()
    }

    fn joined(site_toml: &str, pages: &[(&str, &str)]) -> Site {
        let (config, found) = config(&path("site.toml"), site_toml).unwrap();
        assert_eq!(found, []);
        let documents = pages.iter().map(|(name, text)| {
            let bytes = text.as_bytes().to_vec().into();
            Arc::new(parse(&Input { path: path(name), bytes, options: Arc::default() }))
        });
        let sources =
            PageSources { documents: documents.collect(), others: Vec::new(), drafts: false };
        resolve(&Arc::new(config), sources, Mode::Once, &mut Cache::default())
    }

    const SITE: &str = "title = \"T\"\nbase_url = \"https://r.example/\"\n\
                        [alerts]\nsources = [\"rules/**/*.yaml\", \"gone/*.tf\"]\n";
    const PAGE: &str = "---\nowner: devops\naliases: [/old/]\nalerts:\n- {name: QueueStuck, section: steps, \
                        severity: P2}\n- Unused\n---\n# Review\n\n## Steps\n";

    fn files() -> Files {
        let mut files = Files::default();
        let rule = |name: &str, link: &str| {
            format!(
                "groups: [{{rules: [{{alert: {name}, annotations: {{runbook_url: '{link}'}}}}]}}]\n"
            )
        };
        files.insert(
            path("rules/a.yaml"),
            rule("QueueStuck", "https://r.example/alerts/QueueStuck/").into_bytes(),
        );
        files.insert(
            path("rules/b/b.yaml"),
            rule("Linked", "https://r.example/old/#steps").into_bytes(),
        );
        files.insert(
            path("rules/c.yaml"),
            rule("Dead", "https://r.example/review/#stps").into_bytes(),
        );
        files.insert(path("rules/d.yaml"), vec![0xff]);
        files
    }

    #[test]
    fn a_sites_pages_answer_the_rules_of_its_sources() {
        let site = joined(SITE, &[("content/review.md", PAGE)]);
        let AlertSources { rules, mut found, .. } =
            rules(&site.config, &path("site.toml"), &files());
        found.extend(contract(&rules, &claims(&site, &site.alerts, &|_| None)));
        let found: Vec<String> =
            found.iter().map(|found| format!("{} {}", found.at.path, found.message)).collect();
        assert_eq!(
            found,
            [
                "site.toml no file matches `gone/*.tf`",
                "rules/d.yaml not read: the file is not UTF-8 text from here on",
                "rules/c.yaml no anchor `#stps` on the runbook `/review/`",
                "content/review.md no alert source defines `Unused`",
            ]
        );
    }

    #[test]
    fn the_index_joins_claims_with_rules() {
        let site = joined(SITE, &[("content/review.md", PAGE)]);
        let AlertSources { rules, .. } = rules(&site.config, &path("site.toml"), &files());
        let claims = claims(&site, &site.alerts, &|_| None);
        let index = index(&rules, &claims);
        let shown: Vec<String> = index
            .iter()
            .map(|alert| {
                let page = match &alert.linked {
                    Some(LinkedRunbook::Page { page, .. }) => page,
                    Some(LinkedRunbook::Elsewhere(url)) => url,
                    None => "-",
                };
                format!("{} {} {} {page}", alert.name, alert.claims.len(), alert.rules.len())
            })
            .collect();
        assert_eq!(
            shown,
            [
                "Dead 0 1 /review/",
                "Linked 0 1 /old/",
                "QueueStuck 1 1 /alerts/QueueStuck/",
                "Unused 1 0 -"
            ]
        );
    }
}

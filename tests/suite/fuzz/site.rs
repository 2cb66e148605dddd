//! A small site round one odd file, and all that must hold of it whatever stands there.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use guidepost::build::{Build, Cache, judge, publish, search_files};
use guidepost::diagnostic::{Finding, Location};
use guidepost::files::{Bytes, FilePath, Files, content_hash};
use guidepost::history::History;
use guidepost::sources::Sources;
use guidepost::text::encoding::decoded;

use super::format::{Format, Text};
use super::written::misread;
use crate::closed;
use crate::support::{options, site};

/// The site round the odd file, unless its format has files of its own.
pub(super) const AROUND: &str = r#"
-- site.toml --
title = "Base"
base_url = "https://runbooks.example/"
[owners.ops]
name = "Ops"
chat = "ops"
[templates.t]
file = "content/_t.md"
applies_to = ["a*", "c/**"]
[templates.t.sections]
alerts = "Alerts"
dashboards = "Dashboards"
escalation = "Escalation"
[alerts]
sources = ["rules/*"]
from_heading = ["c/**"]
[parameters.region]
default = "eu"
-- content/_t.md --
---
title: "<NAME>"
status: Draft
---
# <NAME>

## Alerts

Which alerts lead here.

## Dashboards

## Escalation

Whom to call.
-- content/index.md --
# Home

[a](a.md) [b](b.md#steps) [d](c/d.md)
-- content/a.md --
---
owner: ops
alerts: [Slow]
---
# A

## Steps

[b](b.md)
-- content/b.md --
---
agent: b
upstream: [a]
last_reviewed_on: 2026-01-01
---
# B

## Steps

1. Look.

   ```sh
   kubectl get pods -n <region>
   ```
-- content/c/d.md --
# D

## Alerts

`DiskFull`
-- content/p.png --
0
-- rules/r.yaml --
groups: [{name: g, rules: [{alert: Slow, expr: up == 0}]}]
"#;

/// How long a text of some thousand letters may take, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_mins(1);

/// Sites that were tried one after the other. They share what a preview would remember: most of each is the same.
#[derive(Default)]
pub(super) struct Tried {
    cache: RefCell<Cache>,
    /// The pages that a browser was found to read as they stand, by their bytes.
    read: RefCell<BTreeSet<String>>,
}

impl Tried {
    /// What does not hold of the site round some texts.
    pub(super) fn faults(&self, format: &Format, texts: &[Text]) -> Vec<String> {
        let mut files = site(AROUND);
        files.extend(site(format.site));
        for (number, text) in texts.iter().enumerate() {
            files.insert(format.file(number), text.0.clone());
        }
        self.of_files(files, format.is_crawled)
    }

    /// What does not hold of a site.
    pub(super) fn of_files(&self, files: Files, is_crawled: bool) -> Vec<String> {
        let began = Instant::now();
        let read: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        let sources = sources(files);
        let cache = &mut *self.cache.borrow_mut();
        let judged = match judge(&sources, &options(), cache, |_| {}) {
            Ok(judged) => judged,
            Err(findings) => return misplaced(&findings, &sources.files),
        };
        let mut faults = misplaced(&judged.findings, &sources.files);
        let file = |path: &FilePath, bytes: &Bytes| (path.clone(), bytes.clone());
        let mut written = match publish(&judged, &sources, &options(), cache, file) {
            Ok(written) => written,
            Err(findings) => return [faults, misplaced(&findings, &sources.files)].concat(),
        };
        let index = search_files(&judged.site, &judged.report, cache);
        written.extend(index.iter().map(|(path, bytes)| file(path, bytes)));
        faults.extend(unwritable(&written));
        let bytes: usize = written.iter().map(|(_, bytes)| bytes.len()).sum();
        if bytes > (4 << 20) + 400 * read {
            faults.push(format!("{read} bytes became {bytes}"));
        }
        if judged.findings.len() > 200 + 2 * read {
            faults.push(format!("{read} bytes have {} findings", judged.findings.len()));
        }
        let is_default = sources.files.iter().all(|(path, _)| path.under("theme").is_none());
        let is_ours = is_default && !judged.site.config.unsafe_html;
        let output: Files = written.into_iter().collect();
        if is_ours {
            faults.extend(output.iter().flat_map(|(path, bytes)| self.misread(path, bytes)));
        }
        if is_crawled {
            let (findings, site, report) = (judged.findings, judged.site, judged.report);
            faults.extend(closed::differences(&Build { output, findings, site, report }));
        }
        if began.elapsed() > PATIENCE {
            faults.push(format!("{read} bytes take {:?}", began.elapsed()));
        }
        faults
    }

    /// What a browser has to repair in a file, unless one like it was read before.
    fn misread(&self, path: &FilePath, bytes: &Bytes) -> Vec<String> {
        if !path.as_str().ends_with(".html") || !self.read.borrow_mut().insert(content_hash(bytes))
        {
            return Vec::new();
        }
        let faults = misread(path, bytes);
        if !faults.is_empty() {
            self.read.borrow_mut().remove(&content_hash(bytes));
        }
        faults
    }
}

/// The files of a site that is in no repository.
pub(super) fn sources(files: Files) -> Sources {
    let history = History::without("a fixture has no history").into();
    Sources { files, passed_over: BTreeMap::new(), history }
}

/// The findings that lie in no file of the site, or beside its text.
fn misplaced(findings: &[Finding], files: &Files) -> Vec<String> {
    let is_in = |at: &Location| {
        files
            .get(&at.path)
            .map_or(at.range == (0..0), |bytes| decoded(bytes).get(at.range.clone()).is_some())
    };
    let all = findings.iter().map(|finding| &finding.diagnostic);
    let wrong = all.filter(|found| {
        let others = found.also.iter().map(|(at, _)| at);
        !std::iter::once(&found.at).chain(others).all(is_in)
    });
    wrong.map(|found| format!("misplaced: {found:?}")).collect()
}

/// The files that no disk holds beside each other, or at all.
fn unwritable(written: &[(FilePath, Bytes)]) -> Vec<String> {
    let mut paths = BTreeSet::new();
    let mut faults: Vec<String> = written
        .iter()
        .filter(|(path, _)| !paths.insert(path.as_str()))
        .map(|(path, _)| format!("written twice: {path}"))
        .collect();
    for path in &paths {
        let above = path.match_indices('/').map(|(at, _)| &path[..at]);
        faults.extend(
            above
                .filter(|folder| paths.contains(folder))
                .map(|folder| format!("a file and a folder: {folder}")),
        );
        if path.len() > 4_000 || path.split('/').any(|part| part.len() > 255) {
            faults.push(format!("too long: {path}"));
        }
    }
    faults
}

//! Writes every file for programs, a page only if something that it depends on has changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::Report;
use crate::files::{Bytes, FilePath, Files};
use crate::memo::{Kept, Memo, Mode, Single};
use crate::resolve::{Address, PageId, Site};

use super::context::{Context, ContextInput, context};
use super::full;
use super::library;
use super::llms::llms;
use super::page::{PageFilesInput, PageOutput, page_output};
use super::procedures;
use super::skill::{self, Skill};

/// All that is written is made of this.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The joined pages.
    pub site: &'a Site,
    /// What is said of them.
    pub report: &'a Kept<Report>,
    /// The source files.
    pub files: &'a Files,
    /// What is wanted besides what the site asks for.
    pub wanted: Wanted,
}

/// What is written for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// What site.toml says.
    #[default]
    Configured,
    /// The same, and skills whatever it says of them.
    Skills,
}

/// What is remembered between builds.
#[derive(Default)]
pub struct Cache {
    context: Single<ContextInput, Context>,
    pages: Memo<FilePath, PageFilesInput, PageOutput>,
    llms: Single<Kept<Context>, Vec<(String, Bytes)>>,
    folders: Memo<String, procedures::ProcedureFolder, Vec<(String, usize, Bytes)>>,
    list: Single<Vec<procedures::ProcedureCount>, Bytes>,
    library: Single<Rows, Bytes>,
    full: Single<full::FullInput, Bytes>,
    router: Single<skill::router::RouterInput, Option<Skill>>,
    skills: Single<Vec<Arc<skill::SkillRow>>, Bytes>,
}

/// What a page has to say in files that several share.
struct SharedFacts {
    procedures: Arc<Vec<String>>,
    row: Arc<String>,
    full: Option<Arc<String>>,
}

impl SharedFacts {
    fn of(output: &PageOutput) -> SharedFacts {
        SharedFacts {
            procedures: Arc::clone(&output.procedures),
            row: Arc::clone(&output.row),
            full: output.full.clone(),
        }
    }
}

/// What the list of all pages says of each.
type Rows = (Kept<Context>, Vec<Arc<String>>);

/// Writes every file for programs; each goes to `publish` as soon as it is ready, in no order and from many threads.
pub fn programs<T: Send>(
    subject: Subject<'_>,
    mode: Mode,
    cache: &mut Cache,
    publish: impl Fn(&FilePath, &Bytes) -> T + Sync,
) -> Vec<T> {
    let context = cache.context.one(mode, context_input(subject), context);
    let ids: Vec<PageId> = subject.site.ids().map(|(id, _)| id).collect();
    let input = |id: &PageId| {
        let page = &subject.site.pages[id.0 as usize];
        let bytes = subject.files.get(&page.document.path).map_or_else(Bytes::default, Arc::clone);
        let input =
            PageFilesInput { id: *id, page: Arc::clone(page), bytes, context: context.clone() };
        (page.document.path.clone(), input)
    };
    // Files go out at once; what several pages share one for has to wait for the last of them.
    let outputs = cache.pages.map_then(mode, &ids, input, page_output, |id, output| {
        let mut taken: Vec<T> =
            output.files.iter().map(|(path, bytes)| publish(path, bytes)).collect();
        let skill = output.skill.as_ref().map(|skill| {
            taken.extend(skill_files(&context, skill).map(|(path, bytes)| publish(&path, bytes)));
            Arc::clone(&skill.row)
        });
        (taken, *id, SharedFacts::of(&output), skill)
    });
    let mut taken = Vec::with_capacity(outputs.iter().map(|(files, ..)| files.len()).sum());
    let mut folders: BTreeMap<&str, Vec<Arc<Vec<String>>>> = BTreeMap::new();
    let mut rows: Vec<Arc<skill::SkillRow>> = Vec::new();
    let mut listed: Vec<Arc<String>> = Vec::new();
    let mut texts: Vec<(PageId, Arc<String>)> = Vec::new();
    for (files, id, own, skill) in outputs {
        let SharedFacts { procedures, row, full } = own;
        taken.extend(files);
        listed.push(row);
        rows.extend(skill);
        texts.extend(full.map(|text| (id, text)));
        if !procedures.is_empty() {
            let folder = subject.site.page(id).placed.folder.as_str();
            folders.entry(folder).or_default().push(procedures);
        }
    }
    let folders: Vec<(&str, Vec<Arc<Vec<String>>>)> = folders.into_iter().collect();
    let mut shared = cache.llms.one(mode, context.clone(), |context| llms(context)).to_vec();
    shared.extend(procedure_files(&folders, mode, cache));
    let of_all = |(context, rows): &Rows| library::list(context, rows);
    let library = cache.library.one(mode, (context.clone(), listed), of_all);
    shared.push((library::PATH.to_owned(), library.shared().as_ref().clone()));
    if !texts.is_empty() {
        let full = cache.full.one(mode, (context.clone(), texts), full::full);
        shared.push((full::PATH.to_owned(), full.shared().as_ref().clone()));
    }
    if !rows.is_empty() {
        let router = cache.router.one(mode, (context.clone(), rows.clone()), skill::router::router);
        if let Some(router) = &*router {
            taken.extend(skill_files(&context, router).map(|(path, bytes)| publish(&path, bytes)));
            rows.push(Arc::clone(&router.row));
        }
        let index = cache.skills.one(mode, rows, |rows| skill::index::index(rows));
        shared.push((skill::index::PATH.to_owned(), index.shared().as_ref().clone()));
    }
    for (path, bytes) in shared {
        if let Some(path) = context.free(&Address::of_file(&path)) {
            taken.push(publish(&path, &bytes));
        }
    }
    taken
}

/// The files of a skill that can be published.
fn skill_files<'s>(
    context: &'s Context,
    skill: &'s Skill,
) -> impl Iterator<Item = (FilePath, &'s Bytes)> {
    let file = |(path, bytes): &'s (String, Bytes)| {
        Some((context.free(&Address::of_file(&format!("skills/{path}")))?, bytes))
    };
    skill.files.iter().filter_map(file)
}

/// The files of procedures with their list.
fn procedure_files(
    folders: &[(&str, Vec<Arc<Vec<String>>>)],
    mode: Mode,
    cache: &mut Cache,
) -> Vec<(String, Bytes)> {
    let folder = |(folder, pages): &(&str, Vec<Arc<Vec<String>>>)| {
        ((*folder).to_owned(), ((*folder).to_owned(), pages.clone()))
    };
    let written = cache.folders.map(mode, folders, folder, procedures::files);
    let mut files = Vec::new();
    let mut rows: Vec<procedures::ProcedureCount> = Vec::new();
    for ((folder, _), parts) in folders.iter().zip(&written) {
        for (path, count, bytes) in parts.iter() {
            rows.push((path.clone(), (*folder).to_owned(), *count));
            files.push((path.clone(), Arc::clone(bytes)));
        }
    }
    let list = cache.list.one(mode, rows, |rows| procedures::list(rows));
    files.push(("api/procedures.json".to_owned(), list.shared().as_ref().clone()));
    files
}

pub(super) fn context_input(subject: Subject<'_>) -> ContextInput {
    ContextInput {
        site: subject.site.structure.clone(),
        alerts: subject.site.alerts.clone(),
        report: subject.report.clone(),
        with_skills: subject.site.config.skills.enabled || subject.wanted == Wanted::Skills,
    }
}

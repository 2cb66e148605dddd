//! Writes every file for programs, a page only if something that it depends on has changed.

use std::sync::Arc;

use jiff::civil::Date;

use crate::check::Report;
use crate::files::{Bytes, FilePath, Files};
use crate::memo::{Kept, Memo, Mode, Single};
use crate::resolve::{PageId, Site};

use super::context::{Context, Grounds, context};
use super::page::{PageInput, PageOutput, page_output};

/// All that is written is made of this.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The joined pages.
    pub site: &'a Site,
    /// What is said of them.
    pub report: &'a Kept<Report>,
    /// The source files.
    pub files: &'a Files,
    /// The day of the build.
    pub today: Date,
}

/// What is remembered between builds.
#[derive(Default)]
pub struct Cache {
    context: Single<Grounds, Context>,
    pages: Memo<FilePath, PageInput, PageOutput>,
}

/// Writes every file for programs; each goes to `publish` as soon as it is ready, in no order and from many threads.
pub fn programs<T: Send>(
    subject: Subject<'_>,
    mode: Mode,
    cache: &mut Cache,
    publish: impl Fn(&FilePath, &Bytes) -> T + Sync,
) -> Vec<T> {
    let context = cache.context.one(mode, grounds(subject), context);
    let ids: Vec<PageId> = subject.site.ids().map(|(id, _)| id).collect();
    let input = |id: &PageId| {
        let page = &subject.site.pages[id.0 as usize];
        let bytes = subject.files.get(&page.document.path).map_or_else(Bytes::default, Arc::clone);
        let input = PageInput { id: *id, page: Arc::clone(page), bytes, context: context.clone() };
        (page.document.path.clone(), input)
    };
    let taken = cache.pages.map_then(mode, &ids, input, page_output, |_, output| {
        output.files.iter().map(|(path, bytes)| publish(path, bytes)).collect::<Vec<T>>()
    });
    taken.into_iter().flatten().collect()
}

fn grounds(subject: Subject<'_>) -> Grounds {
    Grounds {
        site: subject.site.structure.clone(),
        alerts: subject.site.alerts.clone(),
        report: subject.report.clone(),
    }
}

//! Which file of the published site holds what. What an author wrote comes before what Guidepost makes, and nothing
//! makes a folder of what is a file: what had to give way was reported when the site was joined.

use std::sync::Arc;

use crate::files::{Bytes, FilePath, Files};
use crate::memo::{Kept, parallel};
use crate::resolve::{PageId, PlacedPage};

use super::booklet::{Booklet, booklets};
use super::frame;
use super::inputs::Overview;
use super::redirect::Redirect;
use super::renderer::Generated;

/// Which page is rendered to which file, which pages lead on, and the files that need no rendering, each in the order
/// of paths.
#[derive(Default)]
pub(super) struct OutputPlan {
    pub(super) pages: Vec<(FilePath, PageId)>,
    pub(super) redirects: Vec<(FilePath, Arc<Redirect>)>,
    pub(super) ready: Vec<(FilePath, Ready)>,
    pub(super) booklets: Vec<(FilePath, Arc<Booklet>)>,
}

/// Where the content of a file that is there already comes from.
pub(super) enum Ready {
    /// A source file.
    Source(FilePath),
    /// What the theme has or Guidepost has made.
    Bytes(Bytes),
}

impl Ready {
    pub(super) fn bytes<'a>(&'a self, files: &'a Files) -> &'a Bytes {
        match self {
            Ready::Source(path) => files.get(path).expect("pages and assets are read from files"),
            Ready::Bytes(bytes) => bytes,
        }
    }
}

/// What may stand at a path. Of several the first in this order stays.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Page,
    Asset,
    Redirect,
    Generated,
}

/// A file, and where it comes from.
enum PlannedFile {
    Page(PageId),
    Redirect(Arc<Redirect>),
    File(Ready),
    Booklet(Arc<Booklet>),
}

type PlannedFiles = (FilePath, Rank, PlannedFile);

/// Plans the files of a site.
pub(super) fn plan((overview, generated): &(Kept<Overview>, Kept<Generated>)) -> OutputPlan {
    let mut pieces = pieces(overview, generated);
    // Sorting keeps the order of equals.
    pieces.sort_by(|(a, rank, _), (b, other, _)| (a, rank).cmp(&(b, other)));
    pieces.dedup_by(|(path, ..), (first, ..)| path == first);
    let obstructs: Vec<bool> =
        (0..pieces.len()).map(|index| is_in_the_way(&pieces, index)).collect();
    let mut plan = OutputPlan::default();
    // Files that the path at hand begins with: it must not make a folder of one.
    let mut above: Vec<FilePath> = Vec::new();
    for ((path, _, piece), obstructs) in pieces.into_iter().zip(obstructs) {
        while above.pop_if(|above| !path.as_str().starts_with(above.as_str())).is_some() {}
        let is_below = |above: &FilePath| path.as_str()[above.as_str().len()..].starts_with('/');
        if obstructs || above.iter().any(is_below) || !frame::fits(&path) {
            continue;
        }
        above.push(path.clone());
        match piece {
            PlannedFile::Page(id) => plan.pages.push((path, id)),
            PlannedFile::Redirect(lead) => plan.redirects.push((path, lead)),
            PlannedFile::File(file) => plan.ready.push((path, file)),
            PlannedFile::Booklet(booklet) => plan.booklets.push((path, booklet)),
        }
    }
    plan
}

/// Everything that could be published.
fn pieces(overview: &Overview, generated: &Generated) -> Vec<PlannedFiles> {
    let site = &overview.site;
    // The home page shows the text of the root's own page.
    let shown_at_home = site.sections[""].page;
    let ids: Vec<(PageId, &PlacedPage)> = site.ids().collect();
    let pages = parallel(&ids, |(id, page)| {
        let is_itself = shown_at_home != Some(*id);
        is_itself.then(|| (page.address.file(), Rank::Page, PlannedFile::Page(*id)))
    });
    let mut pieces: Vec<PlannedFiles> = pages.into_iter().flatten().collect();
    for asset in &site.assets {
        if let Some(source) = FilePath::new(&format!("{}/{asset}", site.config.content)) {
            pieces.push((asset.clone(), Rank::Asset, PlannedFile::File(Ready::Source(source))));
        }
    }
    let files = overview.theme.assets().iter().chain(generated.files.iter());
    pieces.extend(files.map(|(path, bytes)| {
        (path.clone(), Rank::Generated, PlannedFile::File(Ready::Bytes(Arc::clone(bytes))))
    }));
    let booklets = booklets(overview).into_iter();
    pieces
        .extend(booklets.map(|it| (it.address.file(), Rank::Generated, PlannedFile::Booklet(it))));
    // The last lead on from former addresses of pages, which authors wrote; the others from those of alerts.
    let redirects = generated.redirects.iter().rev();
    pieces.extend(redirects.map(|lead| {
        (lead.address.file(), Rank::Redirect, PlannedFile::Redirect(Arc::clone(lead)))
    }));
    pieces
}

/// Whether a file stands where a page or an asset needs a folder.
fn is_in_the_way(pieces: &[PlannedFiles], index: usize) -> bool {
    let (path, rank, _) = &pieces[index];
    // Pages and assets were judged when the site was joined.
    if *rank <= Rank::Asset {
        return false;
    }
    let folder = format!("{path}/");
    let from = pieces.partition_point(|(other, ..)| other.as_str() < folder.as_str());
    let below = pieces[from..].iter().take_while(|(other, ..)| other.as_str().starts_with(&folder));
    below.into_iter().any(|(_, other, _)| *other <= Rank::Asset)
}

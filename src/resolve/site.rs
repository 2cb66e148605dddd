//! The joined pages.

use std::ops::Deref;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::memo::Kept;
use crate::parse::Document;

use super::address::Address;
use super::alerts::ClaimsByAlert;
use super::links::Followed;
use super::placed::{PageId, PlacedPage};
use super::structure::Structure;

/// All pages, joined.
pub struct Site {
    /// Everything of it that no page's prose, links or claims are part of.
    pub structure: Kept<Structure>,
    /// The published pages, in the order of their files; a page that nothing changed for is the same value as before.
    pub pages: Vec<Arc<Page>>,
    /// Who claims an alert, by the alert's name.
    pub alerts: Kept<ClaimsByAlert>,
}

/// A page with what the other pages know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it stands and what it is called.
    pub placed: Arc<PlacedPage>,
    /// What its own text says.
    pub document: Arc<Document>,
    /// Where each of its links leads, in the order of the document's.
    pub links: Arc<Vec<Followed>>,
    /// Where `superseded_by` leads.
    pub superseded_by: Option<PageId>,
    /// The references to it, in the order of the pages that refer.
    pub linked_from: Arc<Vec<Reference>>,
    /// What is wrong with its links and claims.
    pub diagnostics: Arc<Vec<Diagnostic>>,
}

/// A place in another page that refers to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A link of the text, by its index.
    Link(PageId, u32),
    /// A key of the front matter.
    FrontMatter(PageId, &'static str),
}

impl Deref for Site {
    type Target = Structure;

    fn deref(&self) -> &Structure {
        &self.structure
    }
}

impl Deref for Page {
    type Target = PlacedPage;

    fn deref(&self) -> &PlacedPage {
        &self.placed
    }
}

impl Site {
    /// The page of an id.
    pub fn page(&self, id: PageId) -> &Page {
        &self.pages[id.0 as usize]
    }

    /// Every page with its id.
    pub fn ids(&self) -> impl Iterator<Item = (PageId, &Page)> {
        self.pages.iter().enumerate().map(|(index, page)| (PageId(index as u32), &**page))
    }
}

impl Structure {
    /// Where the page of an id stands.
    pub fn page(&self, id: PageId) -> &PlacedPage {
        &self.pages[id.0 as usize]
    }

    /// Every page's place with its id.
    pub fn ids(&self) -> impl Iterator<Item = (PageId, &PlacedPage)> {
        self.pages.iter().enumerate().map(|(index, page)| (PageId(index as u32), &**page))
    }

    /// Where a page stands that Guidepost makes, by its name: `search`, `alerts`.
    ///
    /// # Panics
    /// There is no such page.
    pub fn generated(&self, name: &str) -> &Address {
        self.generated.get(name).expect("the name is one of Guidepost's own pages")
    }

    /// The page that an agent's name, or else a page's file name, stands for.
    pub fn agent(&self, name: &str) -> Option<PageId> {
        self.agents.get(name).copied()
    }
}

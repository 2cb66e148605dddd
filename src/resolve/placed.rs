//! Where a page stands and what it is called.

use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::Location;
use crate::files::FilePath;
use crate::parse::Outline;
use crate::parse::template_section::{Guidance, SectionNames};

use super::address::Address;

/// A page by its place in [`Site::pages`](super::Site::pages).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub u32);

/// Where a page stands and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedPage {
    /// What other pages can see of its text.
    pub document: Arc<Outline>,
    /// Its file below the content folder.
    pub path: FilePath,
    /// Where it is published.
    pub address: Address,
    /// The folder that it stands in, below the content folder.
    pub folder: String,
    /// Whether it is its folder's own page.
    pub is_section: bool,
    /// For `<title>`, lists and search.
    pub title: Arc<str>,
    /// For navigation.
    pub nav_title: Arc<str>,
    /// Whether its status is "Deprecated".
    pub deprecated: bool,
    /// The name of the template that it follows.
    pub template: Option<String>,
    /// What of that template is still to be replaced.
    pub guidance: Arc<Guidance>,
}

impl PlacedPage {
    /// The first bytes of the page's file, for findings on the page as a whole.
    pub fn location(&self) -> Location {
        Location::file(&self.document.path)
    }

    /// The page's first sentence, if somebody wrote it for this page.
    pub fn opening(&self) -> Option<&str> {
        self.document.opening.as_deref().filter(|text| !self.guidance.is_opening(text))
    }
}

/// The section names of the template that a page follows.
pub(crate) fn section_names(config: &Config, page: &PlacedPage) -> Option<SectionNames> {
    let sections = &config.templates.get(page.template.as_ref()?)?.sections;
    let heading = |what: &str| sections.get(what).map(|heading| heading.value.clone());
    Some(SectionNames {
        alerts: heading("alerts"),
        dashboards: heading("dashboards"),
        escalation: heading("escalation"),
        guidance: Arc::clone(&page.guidance),
    })
}

//! Every file that stands for no page of content: reports, lists, redirects, feeds and what programs read.
//!
//! They depend on what pages say of themselves, not on their prose, so most edits leave all of them as they are.

use std::sync::Arc;

use jiff::civil::Date;

use crate::check::PageReport;
use crate::check::agents::AgentGraph;
use crate::check::alerts::{Alert, Claims};
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::memo::both;
use crate::parse::{Document, Heading};
use crate::resolve::Address;

use super::{Common, Subject, api, navigation, pages, reviews};

/// The files that were made, and which templates failed.
pub(crate) struct Made {
    pub(crate) files: Files,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// All that they depend on. Equal keys make equal files.
#[derive(PartialEq, Eq)]
pub(crate) struct Key {
    common: Arc<Common>,
    navigation: Arc<navigation::Part>,
    facts: Vec<Fact>,
    /// The home page shows the whole text of the root's own page.
    home: Option<Arc<Document>>,
    alerts: Arc<Vec<Alert>>,
    claims: Arc<Claims>,
    agents: Arc<AgentGraph>,
    history_unknown: Option<String>,
    today: Date,
}

/// What a page says of itself.
struct Fact {
    document: Arc<Document>,
    address: Address,
    report: Arc<PageReport>,
}

impl PartialEq for Fact {
    fn eq(&self, other: &Fact) -> bool {
        let same_text = Arc::ptr_eq(&self.document, &other.document)
            || (self.document.path == other.document.path
                && self.document.meta == other.document.meta
                && named(&self.document.headings).eq(named(&other.document.headings)));
        same_text && self.address == other.address && self.report == other.report
    }
}

impl Eq for Fact {}

/// What lists show of headings; where they stand in the file does not matter.
fn named(headings: &[Heading]) -> impl Iterator<Item = (&str, &str, Option<&str>)> {
    headings
        .iter()
        .map(|heading| (heading.anchor.as_str(), heading.text.as_str(), heading.number.as_deref()))
}

/// What was made last.
#[derive(Default)]
pub(crate) enum Held {
    /// Nothing yet.
    #[default]
    Nothing,
    /// Nothing, and nothing shall be: there is no next build.
    Forgetful,
    /// Files, and what they were made of.
    Last(Box<Key>, Arc<Made>),
}

/// Makes the files, or hands out those of the last build where nothing that they show has changed.
pub(crate) fn made(
    subject: Subject<'_>,
    common: &Arc<Common>,
    parts: &navigation::Parts,
    held: &mut Held,
) -> Arc<Made> {
    if matches!(held, Held::Forgetful) {
        return Arc::new(make(subject, common, parts));
    }
    let key = Box::new(key(subject, common, parts));
    let made = match held {
        Held::Last(last, made) if *last == key => Arc::clone(made),
        _ => Arc::new(make(subject, common, parts)),
    };
    *held = Held::Last(key, Arc::clone(&made));
    made
}

fn key(subject: Subject<'_>, common: &Arc<Common>, parts: &navigation::Parts) -> Key {
    let facts = subject.site.pages.iter().zip(&subject.report.pages).map(|(page, report)| Fact {
        document: Arc::clone(&page.document),
        address: page.address.clone(),
        report: Arc::clone(report),
    });
    Key {
        common: Arc::clone(common),
        navigation: parts.top(),
        facts: facts.collect(),
        home: subject.site.sections[""].page.map(|id| Arc::clone(&subject.site.page(id).document)),
        alerts: Arc::clone(&subject.report.alerts),
        claims: Arc::clone(&subject.report.claims),
        agents: Arc::clone(&subject.report.agents),
        history_unknown: subject.report.history_unknown.clone(),
        today: subject.today,
    }
}

fn make(subject: Subject<'_>, common: &Common, parts: &navigation::Parts) -> Made {
    let ((mut files, diagnostics), for_programs) = both(
        || {
            let mut files = Files::default();
            let diagnostics = pages::others(subject, common, parts, &mut files);
            (files, diagnostics)
        },
        || {
            let mut files = Files::default();
            api::api(subject, &mut files);
            reviews::reviews(subject, &mut files);
            files
        },
    );
    files.extend(for_programs);
    Made { files, diagnostics }
}

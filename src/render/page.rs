//! A page of content: first what its view depends on, gathered for all pages, then one page from that alone.

use std::sync::Arc;

use crate::check::PageReport;
use crate::check::alerts::AlertRule;
use crate::check::alerts::says::{RuleSays, rule_says};
use crate::check::freshness::Basis;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::files::{Bytes, FilePath};
use crate::hidden::removed;
use crate::memo::Kept;
use crate::parse::Document;
use crate::parse::template_section::template_sections;
use crate::procedure::answer::{answering_section, is_same_name};
use crate::resolve::{
    Address, AlertClaim, ClaimedBy, Page, PageId, PlacedPage, Reference, Site, Structure, TAKES_IN,
    section_names,
};
use crate::text::{breakable_html, escaped, is_script, shell_word};

use crate::theme::Shared;
use crate::words::Words;

use super::alerts;
use super::body::{self, Href, href};
use super::frame::{breadcrumbs, day, due_day, fragment};
use super::inputs::{Common, Overview};
use super::language;
use super::owner::{has_on_call, owner};
use super::pipeline::{affected, drawing, pipeline};
use super::rows::{self, every, extra, severity, view_status};
use super::rules::rule_rows;
use super::shown::ShownSite;
use super::view::{
    AlertRow, Backlink, ChangedFile, Contact, Frame, FreshnessView, LedgerRow, LinkView, Missing,
    OwnerView, PageRow, PageView, PipelineStop, SectionRow, SignatureView, TocEntry, Tombstone,
};
use super::{dashboards, navigation};

/// All that a page's view depends on. Equal inputs make equal pages.
#[derive(PartialEq, Eq)]
pub(crate) struct PageInput {
    document: Arc<Document>,
    common: Kept<Common>,
    navigation: Arc<navigation::NavigationPart>,
    placed: Arc<PlacedPage>,
    breadcrumbs: Vec<(Arc<str>, Address)>,
    hrefs: Vec<Href>,
    report: Arc<PageReport>,
    superseded_by: Option<(Arc<str>, Address)>,
    alerts: Vec<AlertInput>,
    backlinks: Vec<BacklinkInput>,
    pipeline: Vec<PipelineStop>,
    affected: Vec<LinkView>,
    neighbors: [Option<(Arc<str>, Address)>; 2],
    listing: Option<SectionListing>,
}

/// An alert that the page answers.
#[derive(PartialEq, Eq)]
struct AlertInput {
    name: String,
    claim: AlertClaim,
    rule: RuleSays,
    /// The rules that define it.
    rules: Vec<AlertRule>,
}

/// A reference from another page.
#[derive(PartialEq, Eq)]
struct BacklinkInput {
    title: Arc<str>,
    address: Address,
    /// The sentence around the link, and the anchor that it stands under.
    link: Option<(Arc<str>, Option<String>)>,
    /// The key of the front matter that refers instead.
    key: Option<&'static str>,
}

/// What a section's page lists.
#[derive(PartialEq, Eq)]
struct SectionListing {
    sections: Vec<SectionRow>,
    pages: Vec<PageRow>,
    print_url: Option<String>,
}

/// All that a page's view could depend on: much more than it does, but compared at once.
#[derive(PartialEq, Eq)]
pub(crate) struct PageSource {
    id: PageId,
    page: Arc<Page>,
    /// The pages that refer to it, in the order of the references.
    referring: Vec<Arc<Page>>,
    shown: Kept<ShownSite>,
}

impl PageSource {
    pub(crate) fn new(site: &Site, shown: &Kept<ShownSite>, id: PageId) -> PageSource {
        let page = &site.pages[id.0 as usize];
        let referring = page.linked_from.iter().map(|reference| {
            let (Reference::Link(from, _) | Reference::FrontMatter(from, _)) = reference;
            Arc::clone(&site.pages[from.0 as usize])
        });
        let referring = referring.collect();
        PageSource { id, page: Arc::clone(page), referring, shown: shown.clone() }
    }
}

/// What a page's view does depend on.
pub(crate) fn input(source: &PageSource) -> PageInput {
    let PageSource { id, page, referring, shown } = source;
    let (id, overview) = (*id, &*shown.overview);
    let site = &overview.site;
    let backlinks = page.linked_from.iter().zip(referring);
    PageInput {
        document: Arc::clone(&page.document),
        common: shown.common.clone(),
        navigation: shown.parts.of(site, id),
        placed: Arc::clone(&page.placed),
        breadcrumbs: breadcrumbs(site, page),
        hrefs: page.links.iter().map(|link| href(site, link)).collect(),
        report: Arc::clone(&overview.report.pages[id.0 as usize]),
        superseded_by: page.superseded_by.map(|id| named(site, id)),
        alerts: claims(overview, id, shown.alerts.get(&id).map_or(&[][..], Vec::as_slice)),
        backlinks: backlinks.map(|(reference, from)| backlink_input(reference, from)).collect(),
        pipeline: pipeline(overview, id),
        affected: affected(overview, id),
        neighbors: neighbors(site, id),
        listing: site.folder_of(id).map(|folder| listing(overview, folder, &page.address)),
    }
}

/// The alerts that a page answers, in the order in which it claims them.
fn claims(overview: &Overview, id: PageId, names: &[String]) -> Vec<AlertInput> {
    let claimed = |name: &String| {
        let claim = overview.alerts.get(name)?.iter().find(|claim| claim.page == id)?;
        let alert = alerts::named(overview, name);
        let rule =
            alert.map(|alert| rule_says(&overview.site.config.words, alert)).unwrap_or_default();
        let rules = alert.map_or_else(Vec::new, |alert| alert.rules.clone());
        Some(AlertInput { name: name.clone(), claim: claim.clone(), rule, rules })
    };
    let mut claims: Vec<AlertInput> = names.iter().filter_map(claimed).collect();
    claims.sort_by_key(|alert| alert.claim.at.range.start);
    claims
}

fn named(site: &Structure, id: PageId) -> (Arc<str>, Address) {
    let page = site.page(id);
    (Arc::clone(&page.nav_title), page.address.clone())
}

fn backlink_input(reference: &Reference, page: &Page) -> BacklinkInput {
    let (link, key) = match reference {
        Reference::Link(_, index) => {
            let link = &page.document.links[*index as usize];
            let headings = &page.document.headings;
            let heading = link.heading.and_then(|index| headings.get(index as usize));
            let anchor = heading.map(|heading| heading.anchor.clone());
            (Some((Arc::clone(&link.sentence), anchor)), None)
        }
        Reference::FrontMatter(_, key) => (None, Some(*key)),
    };
    let address = page.address.clone();
    BacklinkInput { title: Arc::clone(&page.nav_title), address, link, key }
}

fn neighbors(site: &Structure, id: PageId) -> [Option<(Arc<str>, Address)>; 2] {
    let page = site.page(id);
    let Some(section) = site.sections.get(&page.folder) else { return [None, None] };
    let Some(place) = section.pages.iter().position(|other| *other == id) else {
        return [None, None];
    };
    let before = place.checked_sub(1).map(|place| section.pages[place]);
    let after = section.pages.get(place + 1).copied();
    [before.map(|id| named(site, id)), after.map(|id| named(site, id))]
}

/// What the page of a folder lists, seen from `address`.
fn listing(overview: &Overview, folder: &str, address: &Address) -> SectionListing {
    let (sections, pages) = rows::listing(overview, folder, address);
    let print_url = super::booklet::of_folder(overview, folder, address);
    SectionListing { sections, pages, print_url }
}

/// How many bytes at most usually stand round a page's body and navigation.
const FRAME_CAPACITY: usize = 9 << 10;

/// Renders one page from its input.
pub(crate) fn render(input: &Arc<PageInput>) -> Result<Bytes, Diagnostic> {
    let view = view(input);
    let frame = &view.frame;
    let navigation = input.navigation.on(&frame.root, &frame.path, &input.common)?;
    let capacity = FRAME_CAPACITY + navigation.len() + view.body.len();
    let navigation = Shared::new(&navigation);
    let shared = [("navigation", &navigation), ("site", &input.common.site)];
    Ok(input.common.theme.render_page("page.html", &view, &shared, capacity)?.into())
}

/// The view of a page, with its body.
pub(crate) fn view(input: &PageInput) -> PageView {
    let document = &input.document;
    let meta = &document.meta;
    let config = &input.common.config;
    let text = |value: &Option<crate::value::read::Spanned<String>>| {
        value.as_ref().map(|text| text.value.clone())
    };
    let filled = body::body(&body::BodySubject {
        document,
        address: &input.placed.address,
        hrefs: &input.hrefs,
        common: &input.common,
        schema: input.report.schema.as_deref(),
    });
    let heading = document.headings.first().filter(|_| document.title.is_some());
    let slack = meta.review.owner_slack.as_ref().map(|slack| slack.value.as_str());
    let owner = owner(config, input.report.owner.as_deref(), slack);
    let (alerts, fix) = alert_rows(input);
    let rules = input.alerts.iter().flat_map(|alert| &alert.rules);
    let (rules, more_rules) = rule_rows(rules, config, &input.common.in_repository);
    let view = PageView {
        frame: frame(input),
        heading: breakable_html(&filled.title.unwrap_or_else(|| escaped(&input.placed.title))),
        heading_id: heading.map(|heading| heading.anchor.clone()),
        status: meta.status.as_ref().map(|status| view_status(&status.value)),
        version: text(&meta.version),
        summary: text(&meta.summary),
        authors: meta.authors.iter().map(|author| author.value.clone()).collect(),
        audience: text(&meta.audience),
        gpt_model: text(&meta.gpt_model),
        tags: meta.tags.iter().map(|tag| tag.value.clone()).collect(),
        extra: extra(meta),
        freshness: freshness(config, input),
        missing: missing(input),
        tombstone: input.placed.deprecated.then(|| tombstone(input)),
        alerts,
        rules,
        more_rules,
        fix,
        error_signatures: error_signatures(&config.words, document),
        dashboards: dashboards::buttons(config, document, &input.report.dashboards),
        pipeline: input.pipeline.clone(),
        graph: drawing(&config.words, &input.pipeline),
        affected: input.affected.clone(),
        lang: language::language(document).map(str::to_owned),
        direction: language::direction(document),
        body: filled.body,
        toc: toc(document),
        parameters: filled.parameters,
        escalation: escalation(input, owner.as_ref())
            .or_else(|| owner.as_ref().and_then(|owner| owner.escalation.clone())),
        owner,
        sections: input.listing.as_ref().map_or_else(Vec::new, |listing| listing.sections.clone()),
        pages: input.listing.as_ref().map_or_else(Vec::new, |listing| listing.pages.clone()),
        print_url: input.listing.as_ref().and_then(|listing| listing.print_url.clone()),
        backlinks: input.backlinks.iter().map(|backlink| view_backlink(input, backlink)).collect(),
        used_in: input.backlinks.iter().filter(|from| from.key == Some(TAKES_IN)).count(),
        review_command: input
            .report
            .freshness
            .owes()
            .then(|| format!("guidepost review {}", shell_word(document.path.as_str()))),
        previous: input.neighbors[0].as_ref().map(|(title, address)| link(input, title, address)),
        next: input.neighbors[1].as_ref().map(|(title, address)| link(input, title, address)),
        has_tools: false,
    };
    PageView { has_tools: has_tools(&view) || has_on_call(config), ..view }
}

/// What a deprecated page says at its head.
fn tombstone(input: &PageInput) -> Tombstone {
    let replacement = input.superseded_by.as_ref();
    Tombstone { replacement: replacement.map(|(title, address)| link(input, title, address)) }
}

/// Whether anything stands in the column of tools beside a page's text.
fn has_tools(view: &PageView) -> bool {
    let asks = view.owner.is_some() || view.escalation.is_some();
    asks || !view.toc.is_empty() || !view.parameters.is_empty()
}

fn link(input: &PageInput, title: &str, address: &Address) -> LinkView {
    LinkView { title: title.to_owned(), url: input.placed.address.link_to(address) }
}

fn frame(input: &PageInput) -> Frame {
    let config = &input.common.config;
    let document = &input.document;
    let file = || Address::of_file(&format!("{}{}", input.common.in_repository, document.path));
    let edit = |verb: &str| {
        let repository = config.repository.as_ref()?;
        Some(format!("{repository}/{verb}/HEAD/{}", file().encoded()))
    };
    Frame {
        title: input.placed.title.to_string(),
        description: document.meta.summary.as_ref().map(|summary| summary.value.clone()),
        breadcrumbs: input
            .breadcrumbs
            .iter()
            .map(|(title, address)| link(input, title, address))
            .collect(),
        due: input.report.freshness.due().map(|due| due.to_string()),
        state: input.report.freshness.state,
        source_url: Some(input.placed.address.link_to(&input.placed.address.markdown())),
        edit_url: edit("edit"),
        report_url: report_url(config, &input.placed.title, &document.path),
        ..super::frame::plain(config, &input.placed.address, &input.placed.title, &[])
    }
}

/// Where a wrong step is reported: a new issue with title and page filled in.
fn report_url(config: &Config, title: &str, path: &FilePath) -> Option<String> {
    let repository = config.repository.as_ref()?;
    let encode = |text: &str| {
        let text = removed(text);
        percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let title = encode(&format!("Runbook step is wrong: {title}"));
    let body = encode(&format!("Page: {path}\nSection: \nWhat happened: \n"));
    Some(format!("{repository}/issues/new?title={title}&body={body}"))
}

fn freshness(config: &Config, input: &PageInput) -> Option<FreshnessView> {
    let judged = &input.report.freshness;
    if !judged.owes() {
        return None;
    }
    let review = &input.document.meta.review;
    let last = judged.last.as_ref();
    let recorded = last.filter(|last| last.basis != Basis::Date);
    let mut reviews: Vec<LedgerRow> = review
        .reviews
        .iter()
        .map(|entry| LedgerRow {
            on: day(config, entry.on.value),
            by: entry.by.clone(),
            how: Some(config.words.get(&format!("how-{}", entry.how.name())).to_owned()),
            note: entry.note.clone(),
        })
        .collect();
    reviews.sort_by(|a, b| b.on.iso.cmp(&a.on.iso));
    Some(FreshnessView {
        state: judged.state,
        due: due_day(config, judged),
        reviewed: recorded.map(|last| day(config, last.on)),
        dated: last.filter(|last| last.basis == Basis::Date).map(|last| day(config, last.on)),
        reviewed_by: recorded.and_then(|last| last.by.clone()),
        every: every(config, &input.document, judged),
        date_only: judged.date_only() == Some(true),
        caveat: judged.watches_unknown.then(|| config.words.get("git-cannot-say").to_owned()),
        changed: judged
            .suspect_because
            .iter()
            .map(|(file, on)| changed_file(config, file, *on))
            .collect(),
        reviews,
    })
}

fn changed_file(config: &Config, file: &str, on: jiff::civil::Date) -> ChangedFile {
    let url =
        config.repository.as_ref().map(|repository| format!("{repository}/commits/HEAD/{file}"));
    ChangedFile { file: file.to_owned(), on: day(config, on), url }
}

fn missing(input: &PageInput) -> Option<Missing> {
    let conformance = input.report.conformance.as_ref()?;
    let section = conformance.sections.iter().find(|section| section.placeholders > 0);
    let url = section
        .and_then(|section| section.anchor.as_ref())
        .map_or_else(|| "#gp:main".to_owned(), |anchor| format!("#{anchor}"));
    (conformance.placeholders > 0).then_some(Missing { count: conformance.placeholders, url })
}

fn section_title(document: &Document, anchor: Option<&str>) -> Option<String> {
    let heading =
        document.headings.iter().find(|heading| Some(heading.anchor.as_str()) == anchor)?;
    Some(heading.full_text())
}

/// The alerts of a page of which there is anything to say, and where the page itself answers an alert of its name,
/// the section of it that mitigates.
fn alert_rows(input: &PageInput) -> (Vec<AlertRow>, Option<LinkView>) {
    let rows = input.alerts.iter().map(|alert| (alert, alert_row(input, alert)));
    let (named, told): (Vec<_>, Vec<_>) = rows.partition(|(alert, row)| {
        let says_nothing =
            row.severity.is_none() && row.condition.is_none() && row.channel.is_none();
        let is_here =
            alert.claim.anchor.is_none() && is_same_name(&input.placed.title, &alert.name);
        let is_listed = alert.claim.claimed == ClaimedBy::Heading && row.section.is_none();
        says_nothing && (is_here || is_listed)
    });
    let fix = named.into_iter().find_map(|(_, row)| row.section);
    (told.into_iter().map(|(_, row)| row).collect(), fix)
}

fn alert_row(input: &PageInput, alert: &AlertInput) -> AlertRow {
    let AlertInput { name, claim, rule, .. } = alert;
    let anchor = claim.anchor.as_deref();
    let headings = &input.document.headings;
    let own = &input.common.config.alerts.answer_sections;
    let is_name = claim.claimed == ClaimedBy::Heading;
    let section = answering_section(headings, anchor, is_name, own);
    AlertRow {
        name: name.clone(),
        severity: claim.severity.as_ref().or(rule.severity.as_ref()).map(|text| severity(text)),
        condition: claim.condition.as_ref().or(rule.condition.as_ref()).cloned(),
        channel: claim.channel.clone(),
        url: anchor.map(|anchor| format!("#{anchor}")),
        target: section_title(&input.document, anchor)
            .unwrap_or_else(|| input.placed.title.to_string()),
        section: section.map(|heading| LinkView {
            title: heading.full_text(),
            url: format!("#{}", heading.anchor),
        }),
        ..AlertRow::default()
    }
}

/// Whom to call next, as the page's escalation section has it; a table there is led to, not repeated. Sentences stay
/// text, and what can be followed stands behind them.
fn escalation(input: &PageInput, owner: Option<&OwnerView>) -> Option<Contact> {
    let names = section_names(&input.common.config, &input.placed)?;
    let contents = template_sections(&input.document, &names);
    let Some(found) = contents.escalation else {
        // Whom the owner names is better than nothing, and what the template says is worse.
        let is_said = owner.is_some_and(|owner| owner.escalation.is_some());
        let text = input.common.config.words.get("not-filled-yet").to_owned();
        let left = contents.escalation_left && !is_said;
        return left.then_some(Contact { text, url: None, more: None });
    };
    let heading = &input.document.headings[found.heading as usize];
    let section = LinkView { title: heading.full_text(), url: format!("#{}", heading.anchor) };
    let Some(text) = found.text else {
        let owners = owner.and_then(|owner| owner.escalation.as_ref());
        return Some(match owners {
            Some(contact) => Contact { more: Some(section), ..contact.clone() },
            None => Contact { text: section.title, url: Some(section.url), more: None },
        });
    };
    let leads_away =
        |link: &&&crate::parse::Link| link.address.contains(':') && !is_script(&link.address);
    let Some(away) = found.links.iter().find(leads_away) else {
        return Some(Contact { text: shortened(text), url: None, more: Some(section) });
    };
    let url = away.address.clone();
    if away.text.trim() == text.trim() {
        return Some(Contact { text: shortened(text), url: Some(url), more: None });
    }
    let more = Some(LinkView { title: away.text.clone(), url });
    Some(Contact { text: shortened(text), url: None, more })
}

/// As much of a text as fits on a card.
fn shortened(text: &str) -> String {
    const FITS: usize = 160;
    let Some((end, _)) = text.char_indices().nth(FITS) else { return text.to_owned() };
    let end = text[..end].rfind(' ').unwrap_or(end);
    format!("{} …", &text[..end])
}

fn error_signatures(words: &Words, document: &Document) -> Vec<SignatureView> {
    let signature = |found: &crate::parse::front_matter::ErrorSignature| {
        let anchor = found.section.as_ref().map(|section| section.value.as_str());
        SignatureView {
            text: found.text.value.clone(),
            url: anchor.map_or_else(|| "#gp:main".to_owned(), |anchor| format!("#{anchor}")),
            target: section_title(document, anchor)
                .unwrap_or_else(|| words.get("this-page").to_owned()),
        }
    };
    document.meta.error_signatures.iter().map(signature).collect()
}

fn toc(document: &Document) -> Vec<TocEntry> {
    let first = usize::from(document.title.is_some());
    let headings = &document.headings[first.min(document.headings.len())..];
    let top = headings.iter().map(|heading| heading.level.max(2)).min().unwrap_or(2);
    headings
        .iter()
        .filter(|heading| heading.level.max(2) <= top + 2)
        .map(|heading| TocEntry {
            id: heading.anchor.clone(),
            number: heading.number.clone(),
            title: heading.text.clone(),
            sub: heading.level.max(2) > top,
            level: heading.level.max(2) - top + 1,
        })
        .collect()
}

fn view_backlink(input: &PageInput, backlink: &BacklinkInput) -> Backlink {
    let (sentence, anchor) =
        backlink.link.as_ref().map_or(("", &None), |(sentence, anchor)| (&**sentence, anchor));
    Backlink {
        title: backlink.title.to_string(),
        url: input.placed.address.link_to_place(&backlink.address, &fragment(anchor.as_deref())),
        sentence: escaped(sentence),
        relation: backlink.key.map(|key| match key {
            TAKES_IN => input.common.config.words.get("takes-in").to_owned(),
            key => key.to_owned(),
        }),
    }
}

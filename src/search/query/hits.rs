//! Ranked pages into the hits that are shown, in order.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::filter::state_name;
use super::ranked::{HitKind, Ranked, RankedAlert, RankedPage, RankedSection, rounded};
use crate::files::FilePath;
use crate::search::analyze::fold;
use crate::search::excerpt::{Marks, Segments, excerpt, marked};
use crate::search::index::Index;
use crate::search::model::is_suspect;

/// What a query came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SearchAnswer {
    /// The hits, best first.
    pub hits: Vec<Hit>,
    /// How many there are, shown or not.
    pub total: usize,
    /// Whether no page has all words.
    pub relaxed: bool,
    /// What was typed, with the nearest known words in place of those that no page has; nothing if all are known, or
    /// none is near.
    pub meant: Option<String>,
}

/// One result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// What it leads to.
    pub kind: HitKind,
    /// The page's file.
    pub path: FilePath,
    /// The address from the site root, with the section's anchor.
    pub url: String,
    /// The name shown: the alert's, the section's heading or the page's title.
    pub title: Segments,
    /// The page's title, where the name shown is another.
    pub page: Option<Segments>,
    /// Where the page stands, outermost first.
    pub breadcrumb: String,
    /// The line that matched; never just the name again.
    pub excerpt: Segments,
    /// Other sections of the page that have about as much, best first.
    pub more: Vec<HitPassage>,
    /// Some of the alerts that the section answers, or the page as a whole.
    pub alerts: Vec<String>,
    /// The alert's severity.
    pub severity: Option<String>,
    /// The owner's identifier.
    pub owner: Option<String>,
    /// When the page's review is due: a date, `never-reviewed`, `evergreen` or nothing.
    pub review: Option<String>,
    /// The first day on which it is due soon.
    pub due_soon_from: Option<String>,
    /// The state of that review on the day of the query, as `guidepost freshness` names it; nothing if none is owed.
    pub state: &'static str,
    /// Whether a watched file changed since the last review.
    pub suspect: bool,
    /// Whether the page is deprecated.
    pub deprecated: bool,
}

/// One more section of a page that is a result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HitPassage {
    /// A section, or code in one.
    pub kind: HitKind,
    /// The address from the site root, with the section's anchor.
    pub url: String,
    /// The section's heading.
    pub title: Segments,
    /// The line that matched.
    pub excerpt: Segments,
}

/// The most sections of one page that are shown.
const MOST_SECTIONS: usize = 3;
/// The most alerts that are named beside a section.
const MOST_ALERTS: usize = 3;
/// Another section is shown if the best one's score is at most so many times its own.
const LEAST_TIMES: i64 = 2;

/// How much of a title must be typed for its page to be asked for by name.
const TYPED: f64 = 0.5;

/// What a query asks for besides its words.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) today: Date,
    pub(super) limit: usize,
}

/// A hit before its text is read.
struct Choice {
    page: u32,
    kind: HitKind,
    /// The section's ordinal, or the alert's.
    ordinal: u32,
    /// Whether it comes behind all that do not.
    last: bool,
    scores: (i64, i64),
    /// Other sections of the page, best first.
    more: Vec<(u32, HitKind)>,
}

pub(super) fn hits(
    index: &Index,
    ranked: &Ranked,
    kind: Option<HitKind>,
    asked: Asked,
) -> SearchAnswer {
    let Asked { today, limit } = asked;
    let deprecated = deprecated_pages(index, ranked);
    let mut alerts = match kind {
        None | Some(HitKind::Alert) => alerts(ranked, &deprecated),
        _ => Vec::new(),
    };
    let mut pages = match kind {
        Some(HitKind::Alert) => Vec::new(),
        _ => pages(index, ranked, kind, (&alerts, &deprecated)),
    };
    let total = alerts.len() + pages.len();
    alerts.truncate(limit.div_ceil(2).max(limit.saturating_sub(pages.len())));
    pages.truncate(limit - alerts.len());
    let mut choices = alerts;
    choices.append(&mut pages);
    choices.sort_by_key(|choice| choice.last);
    let mut hits: Vec<Hit> = Vec::new();
    for choice in &choices {
        let review = index.facts(choice.page).review;
        let state = state_name(review, today);
        let hit = Hit { state, ..read(index, choice, &ranked.marks) };
        if hit.kind == HitKind::Alert || hits.iter().all(|shown| shown.url != hit.url) {
            hits.push(hit);
        }
    }
    let shown: BTreeSet<String> = hits.iter().map(|hit| hit.url.clone()).collect();
    for hit in &mut hits {
        let page = hit.page.as_ref().unwrap_or(&hit.title).concat();
        hit.more.retain(|passage| passage.title.concat() != page && !shown.contains(&passage.url));
    }
    let total = total + hits.len() - choices.len();
    SearchAnswer { total, hits, relaxed: ranked.relaxed, meant: None }
}

/// Which of the pages found are deprecated, and whether they come last: all but those whose title was mostly typed.
fn deprecated_pages(index: &Index, ranked: &Ranked) -> BTreeMap<u32, bool> {
    let pages = ranked.pages.iter().filter(|(number, _)| index.facts(**number).deprecated);
    let is_typed = |number: u32, page: &RankedPage| {
        page.title.covered(ranked.asked, index.length(0, number)) >= TYPED
    };
    pages.map(|(number, page)| (*number, !is_typed(*number, page))).collect()
}

/// A score as it is compared: a deprecated page stands behind one that is found as well.
fn compared(score: f64, is_deprecated: bool) -> i64 {
    rounded(if is_deprecated { score / 2.0 } else { score })
}

fn alerts(ranked: &Ranked, deprecated: &BTreeMap<u32, bool>) -> Vec<Choice> {
    let mut choices = Vec::new();
    for (number, page) in &ranked.pages {
        let old = deprecated.get(number);
        let is_meant = |alert: &RankedAlert| alert.named || ranked.is_meant(alert.words);
        for (ordinal, alert) in page.alerts.iter().filter(|(_, alert)| is_meant(alert)) {
            choices.push(Choice {
                page: *number,
                kind: HitKind::Alert,
                ordinal: *ordinal,
                last: old == Some(&true),
                scores: (compared(alert.score, old.is_some()), compared(page.score, old.is_some())),
                more: Vec::new(),
            });
        }
    }
    sort(&mut choices);
    choices
}

fn pages(
    index: &Index,
    ranked: &Ranked,
    kind: Option<HitKind>,
    (alerts, deprecated): (&[Choice], &BTreeMap<u32, bool>),
) -> Vec<Choice> {
    let whole_page = alerts.iter().filter(|alert| alert.ordinal & 1 == 0).map(|alert| alert.page);
    let shown: BTreeSet<u32> = whole_page.collect();
    let mut choices = Vec::new();
    for (number, page) in &ranked.pages {
        let Some((ordinal, kind_of_best)) = section(page, ranked, kind) else { continue };
        if ordinal == 0 && shown.contains(number) {
            continue;
        }
        let old = deprecated.get(number);
        choices.push(Choice {
            page: *number,
            kind: kind_of_best,
            ordinal,
            last: old == Some(&true),
            scores: (compared(page.score, old.is_some()), 0),
            more: others(index, ranked, (*number, page), (ordinal, kind)),
        });
    }
    sort(&mut choices);
    choices
}

/// The section that a page's hit leads to; none if commands are asked for and no code has all words.
fn section(page: &RankedPage, ranked: &Ranked, kind: Option<HitKind>) -> Option<(u32, HitKind)> {
    let whole = (kind != Some(HitKind::Command)).then_some((0, HitKind::Section));
    if whole.is_some() && ranked.is_meant(page.title.words) {
        return whole;
    }
    let mut best = whole;
    let mut best_score = -1;
    for (ordinal, section) in &page.sections {
        let Some(kind) = section.kind(ranked, kind) else { continue };
        if rounded(section.score) > best_score {
            best = Some((*ordinal, kind));
            best_score = rounded(section.score);
        }
    }
    best
}

/// The other sections that have about as much as the best one, in the same published file, so that nothing more has
/// to be fetched for them.
fn others(
    index: &Index,
    ranked: &Ranked,
    (number, page): (u32, &RankedPage),
    (shown, kind): (u32, Option<HitKind>),
) -> Vec<(u32, HitKind)> {
    let part = |ordinal: u32| index.part(number, ordinal).0;
    let best = page.sections.values().fold(0.0_f64, |best, section| best.max(section.score));
    let mut others: Vec<(Reverse<i64>, u32, HitKind)> = page
        .sections
        .iter()
        .filter(|(ordinal, section)| {
            let is_other = **ordinal > 0 && **ordinal != shown;
            let has_enough = rounded(section.score) * LEAST_TIMES >= rounded(best);
            is_other && has_enough && part(**ordinal) == part(shown)
        })
        .filter_map(|(ordinal, section)| {
            let kind = section.kind(ranked, kind)?;
            Some((Reverse(rounded(section.score)), *ordinal, kind))
        })
        .collect();
    others.sort_unstable_by_key(|(score, ordinal, _)| (*score, *ordinal));
    others.truncate(MOST_SECTIONS - 1);
    others.into_iter().map(|(_, ordinal, kind)| (ordinal, kind)).collect()
}

impl RankedSection {
    /// What a hit on it leads to; nothing if commands are asked for and its code lacks words.
    fn kind(&self, ranked: &Ranked, asked: Option<HitKind>) -> Option<HitKind> {
        let has_all =
            |words: u32| words != 0 && (words | ranked.common) & ranked.known == ranked.known;
        match asked {
            Some(HitKind::Command) => has_all(self.code).then_some(HitKind::Command),
            None if has_all(self.code) && !has_all(self.text) => Some(HitKind::Command),
            _ => Some(HitKind::Section),
        }
    }
}

/// What comes last behind the others, then the best first; equals in the order of pages.
fn sort(choices: &mut [Choice]) {
    choices
        .sort_by_key(|choice| (choice.last, Reverse(choice.scores), choice.page, choice.ordinal));
}

/// One of a page's alerts as a hit, without a query.
pub(in crate::search) fn alert_hit(index: &Index, page: u32, number: u32) -> Hit {
    let choice = Choice {
        page,
        kind: HitKind::Alert,
        ordinal: number << 1,
        last: false,
        scores: (0, 0),
        more: Vec::new(),
    };
    read(index, &choice, &Marks::new())
}

/// Reads what a hit shows from the page's published excerpts.
fn read(index: &Index, choice: &Choice, marks: &Marks) -> Hit {
    let is_alert = choice.kind == HitKind::Alert;
    let (part, first) = index.part(choice.page, if is_alert { 0 } else { choice.ordinal });
    let file = File::read(&index.excerpt(choice.page, part));
    let section = |ordinal: u32| &file.value["s"][ordinal.saturating_sub(first) as usize];
    let alert = &file.value["a"][(choice.ordinal >> 1) as usize];
    let row = if is_alert { alert } else { section(choice.ordinal) };
    let anchor = row[usize::from(is_alert)].as_str();
    let name = row[usize::from(!is_alert)].as_str().filter(|name| !name.is_empty());
    let title = file.text("t").unwrap_or_default();
    Hit {
        kind: choice.kind,
        path: file.path(),
        url: file.address(anchor),
        title: marked(name.unwrap_or(&title), marks),
        page: name.filter(|name| *name != title).map(|_| marked(&title, marks)),
        breadcrumb: file.text("c").unwrap_or_default(),
        excerpt: if is_alert {
            file.lines_of_alert(row, marks)
        } else {
            file.lines(row, choice.kind, marks)
        },
        more: choice
            .more
            .iter()
            .map(|(ordinal, kind)| file.passage(section(*ordinal), *kind, marks))
            .collect(),
        alerts: if is_alert { Vec::new() } else { file.alerts(anchor) },
        severity: alert[2].as_str().filter(|_| is_alert).map(str::to_owned),
        owner: file.text("o"),
        review: file.text("r"),
        due_soon_from: file.text("d"),
        state: "",
        suspect: is_suspect(index.facts(choice.page).review),
        deprecated: index.facts(choice.page).deprecated,
    }
}

/// A published file of some of a page's sections.
struct File {
    value: Value,
}

impl File {
    /// Reads one; one that could not be read says nothing.
    fn read(bytes: &[u8]) -> File {
        File { value: serde_json::from_slice(bytes).unwrap_or_default() }
    }

    /// The page's file.
    fn path(&self) -> FilePath {
        let path = self.value["p"].as_str().unwrap_or_default();
        FilePath::new(path)
            .unwrap_or_else(|| FilePath::new("unknown").expect("the name leads nowhere else"))
    }

    fn text(&self, key: &str) -> Option<String> {
        self.value[key].as_str().map(str::to_owned)
    }

    fn rows(&self, key: &str) -> impl Iterator<Item = &Value> + Clone {
        self.value[key].as_array().into_iter().flatten()
    }

    fn address(&self, anchor: Option<&str>) -> String {
        let page = self.value["u"].as_str().unwrap_or_default();
        anchor.map_or_else(|| page.to_owned(), |anchor| format!("{page}#{anchor}"))
    }

    /// The names of some alerts that a section answers; of the page as a whole without an anchor.
    fn alerts(&self, anchor: Option<&str>) -> Vec<String> {
        let answered =
            self.rows("a").filter(|alert| anchor.is_none() || alert[1].as_str() == anchor);
        let names = answered.filter_map(|alert| alert[0].as_str());
        names.take(MOST_ALERTS).map(str::to_owned).collect()
    }

    fn passage(&self, row: &Value, kind: HitKind, marks: &Marks) -> HitPassage {
        HitPassage {
            kind,
            url: self.address(row[0].as_str()),
            title: marked(row[1].as_str().unwrap_or_default(), marks),
            excerpt: self.lines(row, kind, marks),
        }
    }

    /// What an alert's hit says: when it fires, or else what its section says.
    fn lines_of_alert(&self, alert: &Value, marks: &Marks) -> Segments {
        if let Some(condition) = alert[3].as_str() {
            return marked(condition, marks);
        }
        let answers = |section: &&Value| alert[1].is_null() || section[0] == alert[1];
        let section = self.rows("s").find(answers).unwrap_or(&Value::Null);
        self.lines(section, HitKind::Section, marks)
    }

    /// The line of a section that matched; where it has no word of the query, that of the others.
    fn lines(&self, section: &Value, kind: HitKind, marks: &Marks) -> Segments {
        let titles = [&self.value["t"], &section[1]];
        let titles = titles.map(|title| fold(title.as_str().unwrap_or_default()));
        let is_new = |line: &&str| !titles.contains(&fold(line));
        let own = texts(section, usize::from(kind == HitKind::Command)).filter(is_new);
        let all = self.rows("s").flat_map(|section| texts(section, 0)).filter(is_new);
        excerpt(own, all, marks)
    }
}

/// The lines of a section: of its prose and code, or from the code on.
fn texts(section: &Value, from: usize) -> impl Iterator<Item = &str> + Clone {
    (2 + from..4).flat_map(|column| section[column].as_str().unwrap_or_default().lines())
}

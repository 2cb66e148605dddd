//! Due dates become a strip plot, SVG: a row an owner, a mark a page, today's line across.
//!
//! Readable without color, since every state has its own shape. An owner with many pages is folded into marks
//! with counts, and owners beyond a screenful into one row. The theme's script moves today's line and redraws the
//! marks when the page is read.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::civil::Date;

use super::graph::shortened;
use crate::calendar::{Interval, days_between};
use crate::freshness::State;
use crate::text::escape;
use crate::words::Words;

/// Draws the due dates; `None` where no page has one.
pub fn plot(
    words: &Words,
    pages: &[DuePage<'_>],
    due_soon: Interval,
    today: Date,
) -> Option<String> {
    let owing =
        || pages.iter().filter(|page| !matches!(page.state, State::Evergreen | State::None));
    let days = owing().filter_map(|page| Some(days_between(today, page.date?)));
    let (first, last) = (days.clone().min()?, days.max()?);
    let undated = owing().any(|page| page.date.is_none());
    let scale = Scale::new(first, last, undated);
    let rows = rows(words, owing(), &scale, today);
    let bottom = TOP + rows.iter().map(PlotRow::height).sum::<usize>();
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg class=\"graph plot\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-labelledby=\"gp:plot-t\"><title id=\"gp:plot-t\">",
        bottom + 8
    );
    escape(&mut out, &spoken(words, pages, today));
    out.push_str("</title><defs><pattern id=\"gp:hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path d=\"M0 0V7\" class=\"hatch\"/></pattern></defs>");
    let time = Time { words, today, bottom };
    draw_time(&mut out, &scale, due_soon, &time, undated);
    // Labels stand over the line, so that it strikes none of them out.
    draw_today(&mut out, &scale, &time);
    let mut y = TOP;
    for row in &rows {
        draw_row(&mut out, row, &scale, y);
        y += row.height();
    }
    out.push_str("</svg>");
    Some(out)
}

/// A page to draw.
#[derive(Clone, Debug)]
pub struct DuePage<'a> {
    /// The page's title.
    pub title: &'a str,
    /// Who owns it.
    pub owner: &'a str,
    /// When its review is due.
    pub date: Option<Date>,
    /// The first day on which it is due soon.
    pub soon: Option<Date>,
    /// Its state on the day of the build.
    pub state: State,
    /// Whether it is not in force yet, however lately somebody read it.
    pub draft: bool,
}

/// The plot in pixels: as wide as the text beside the navigation, with the names of owners at its left and of months
/// above it.
const WIDTH: u32 = 890;
const LEFT: u32 = 136;
const TOP: usize = 34;
/// The height of a row.
const LANE: usize = 22;
/// Beyond so many pages an owner's row is folded.
const MOST_MARKS: usize = 12;
/// Beyond so many owners the last are folded into one row.
const MOST_OWNERS: usize = 24;
/// Due dates further away than this stand at the edge.
const FAR: i32 = 550;

/// What the axis of time shows.
struct Time<'a> {
    words: &'a Words,
    today: Date,
    bottom: usize,
}

/// Days from today to units of the drawing.
struct Scale {
    first: i32,
    step: f64,
    right: u32,
}

impl Scale {
    fn new(first: i32, last: i32, undated: bool) -> Scale {
        let right = if undated { WIDTH - 110 } else { WIDTH - 10 };
        let first = first.clamp(-FAR, 0) - 7;
        let last = last.clamp(14, FAR) + 14;
        Scale { first, step: f64::from(right - LEFT) / f64::from(last - first), right }
    }

    /// The place of a day, given by its distance from today; days far away stand at the edge.
    fn x(&self, day: i32) -> f64 {
        let x = f64::from(LEFT) + f64::from(day - self.first) * self.step;
        x.clamp(f64::from(LEFT), f64::from(self.right))
    }
}

/// A mark: one page, or several that fall together.
struct PlotMark {
    x: f64,
    lane: usize,
    label: String,
    title: String,
    date: Option<Date>,
    soon: Option<Date>,
    state: State,
    draft: bool,
    label_before: bool,
}

/// An owner with its marks.
struct PlotRow {
    owner: String,
    marks: Vec<PlotMark>,
}

impl PlotRow {
    fn height(&self) -> usize {
        (self.marks.iter().map(|mark| mark.lane).max().unwrap_or(0) + 1) * LANE + 12
    }
}

fn rows<'a>(
    words: &Words,
    pages: impl Iterator<Item = &'a DuePage<'a>>,
    scale: &Scale,
    today: Date,
) -> Vec<PlotRow> {
    let mut owners: BTreeMap<&str, Vec<&DuePage<'_>>> = BTreeMap::new();
    for page in pages {
        owners.entry(page.owner).or_default().push(page);
    }
    let mut owners: Vec<(String, Vec<&DuePage<'_>>)> =
        owners.into_iter().map(|(owner, pages)| (owner.to_owned(), pages)).collect();
    // Owners with the earliest review first; those without any have no date, which comes before all others.
    owners.sort_by_key(|(_, pages)| pages.iter().filter_map(|page| page.date).min());
    if owners.len() > MOST_OWNERS {
        let rest = owners.split_off(MOST_OWNERS - 1);
        let count = rest.len();
        owners.push((
            words.count("more-owners", count, &[]),
            rest.into_iter().flat_map(|(_, pages)| pages).collect(),
        ));
    }
    owners
        .into_iter()
        .map(|(owner, mut pages)| {
            pages.sort_by_key(|page| (page.date.is_none(), page.date, page.title));
            let marks = if pages.len() > MOST_MARKS {
                folded(words, &pages, scale, today)
            } else {
                single(words, &pages, scale, today)
            };
            let owner = if owner.is_empty() { words.get("no-owner").to_owned() } else { owner };
            PlotRow { owner, marks }
        })
        .collect()
}

/// One mark a page, each in the first lane where its label does not meet another.
fn single(words: &Words, pages: &[&DuePage<'_>], scale: &Scale, today: Date) -> Vec<PlotMark> {
    let mut ends: Vec<f64> = Vec::new();
    let mut marks = Vec::new();
    for page in pages {
        let x = page
            .date
            .map_or(f64::from(scale.right + 18), |date| scale.x(days_between(today, date)));
        let label = shortened(page.title, if page.date.is_some() { 24 } else { 12 });
        let width = f64::from(label.chars().count() as u32) * 6.4;
        let label_before = page.date.is_some() && x + 14.0 + width > f64::from(scale.right);
        let (start, end) =
            if label_before { (x - 14.0 - width, x + 9.0) } else { (x - 9.0, x + 16.0 + width) };
        let lane = ends.iter().position(|taken| *taken <= start).unwrap_or(ends.len());
        if lane == ends.len() {
            ends.push(end);
        } else {
            ends[lane] = end;
        }
        marks.push(PlotMark {
            x,
            lane,
            label,
            title: titled(words, page.title, page.date, page.state),
            date: page.date,
            soon: page.soon,
            state: page.state,
            draft: page.draft,
            label_before,
        });
    }
    marks
}

/// One mark for all pages due within some days of each other, never across today.
fn folded(words: &Words, pages: &[&DuePage<'_>], scale: &Scale, today: Date) -> Vec<PlotMark> {
    let days = (40.0 / scale.step).ceil().max(1.0) as i32;
    let mut bins: BTreeMap<Option<i32>, Vec<&DuePage<'_>>> = BTreeMap::new();
    for page in pages {
        let bin = page.date.map(|date| days_between(today, date).clamp(-FAR, FAR).div_euclid(days));
        bins.entry(bin).or_default().push(page);
    }
    bins.into_iter()
        .map(|(bin, pages)| {
            let first = pages.first();
            let x = bin.map_or(f64::from(scale.right + 18), |bin| scale.x(bin * days) + 9.0);
            let state = pages.iter().map(|page| page.state).min().unwrap_or_default();
            let title = match pages[..] {
                [page] => titled(words, page.title, page.date, page.state),
                [first, .., last] => {
                    let count = words.count("page-count", pages.len(), &[]);
                    let days = first.date.zip(last.date);
                    let days = days.map(|(a, b)| (words.short_date(a), words.short_date(b)));
                    days.map_or(count.clone(), |(first, last)| {
                        let values = [("pages", &*count), ("first", &first), ("last", &last)];
                        words.fill("plot-span", &values)
                    })
                }
                [] => String::new(),
            };
            PlotMark {
                x,
                lane: 0,
                label: pages.len().to_string(),
                title,
                date: first.and_then(|page| page.date),
                soon: first.and_then(|page| page.soon),
                state,
                draft: pages.iter().any(|page| page.draft),
                label_before: false,
            }
        })
        .collect()
}

fn titled(words: &Words, title: &str, date: Option<Date>, state: State) -> String {
    let Some(date) = date else { return words.fill("plot-never", &[("page", title)]) };
    let name = if state == State::Suspect { "plot-suspect" } else { "plot-due" };
    words.fill(name, &[("page", title), ("date", &words.short_date(date))])
}

fn spoken(words: &Words, pages: &[DuePage<'_>], today: Date) -> String {
    let count = |state| pages.iter().filter(|page| page.state == state).count().to_string();
    let values = [
        ("date", words.date(today)),
        ("over", count(State::Overdue)),
        ("soon", count(State::DueSoon)),
        ("never", count(State::NeverReviewed)),
    ];
    words.fill("plot-spoken", &values.each_ref().map(|(place, value)| (*place, value.as_str())))
}

fn draw_time(out: &mut String, scale: &Scale, due_soon: Interval, time: &Time<'_>, undated: bool) {
    let Time { words, today, bottom } = *time;
    let now = scale.x(0);
    let (left, height) = (f64::from(LEFT), bottom - 22);
    // From today it reaches the last day that is due soon.
    let soon = due_soon.after(today).map_or(FAR, |last| days_between(today, last));
    let soon = scale.x(soon) - now;
    let _ = write!(
        out,
        "<rect class=\"late\" x=\"{LEFT}\" y=\"22\" width=\"{:.1}\" height=\"{height}\" fill=\"url(#gp:hatch)\"/>",
        now - left
    );
    let _ = write!(
        out,
        "<rect class=\"near\" x=\"{now:.1}\" y=\"22\" width=\"{soon:.1}\" height=\"{height}\"/>"
    );
    for (day, label) in months(words, scale, today) {
        let x = scale.x(day);
        let _ = write!(out, "<path class=\"rule\" d=\"M{x:.1} 22V{bottom}\"/>");
        if (x - now).abs() > 46.0 {
            let _ = write!(
                out,
                "<text class=\"sub\" x=\"{x:.1}\" y=\"14\" text-anchor=\"middle\">{label}</text>"
            );
        }
    }
    if undated {
        let x = scale.right + 4;
        let _ = write!(
            out,
            "<path class=\"rule\" d=\"M{x} 22V{bottom}\"/><text class=\"sub\" x=\"{}\" y=\"14\">",
            x + 6
        );
        escape(out, words.get("no-date-yet"));
        out.push_str("</text>");
    }
}

/// The first days of months, at least 70 units apart, as distance from today with a label.
fn months(words: &Words, scale: &Scale, today: Date) -> Vec<(i32, String)> {
    let step = [1, 2, 3, 6, 12]
        .into_iter()
        .find(|step| f64::from(*step) * 30.4 * scale.step >= 70.0)
        .unwrap_or(12);
    let mut found = Vec::new();
    let Ok(mut day) =
        today.saturating_add(jiff::Span::new().days(scale.first)).with().day(1).build()
    else {
        return found;
    };
    let last = scale.first + (f64::from(scale.right - LEFT) / scale.step) as i32;
    loop {
        let Ok(next) = day.checked_add(jiff::Span::new().months(1)) else { return found };
        day = next;
        let distance = days_between(today, day);
        if distance > last - 5 {
            return found;
        }
        if i32::from(day.month() - 1) % step == 0 {
            found.push((distance, words.month(day)));
        }
    }
}

fn draw_row(out: &mut String, row: &PlotRow, scale: &Scale, y: usize) {
    let _ = write!(out, "<text x=\"0\" y=\"{}\">", y + 20);
    escape(out, &shortened(&row.owner, 15));
    let _ = write!(out, "</text><path class=\"rule\" d=\"M0 {0}H{WIDTH}\"/>", y + row.height());
    for mark in &row.marks {
        draw_mark(out, mark, scale, y + 7 + mark.lane * LANE);
    }
}

fn draw_mark(out: &mut String, mark: &PlotMark, scale: &Scale, y: usize) {
    let state = mark.state.class();
    out.push_str(if mark.draft { "<g class=\"draft\"" } else { "<g" });
    if let Some((date, soon)) = mark.date.zip(mark.soon) {
        let _ = write!(out, " data-due=\"{date}\" data-soon=\"{soon}\" data-state=\"{state}\"");
    }
    out.push_str("><title>");
    escape(out, &mark.title);
    let x = mark.x.min(f64::from(scale.right + 18)) - 7.0;
    let _ = write!(
        out,
        "</title><use href=\"#gp:s-{state}\" class=\"m {state}\" x=\"{x:.1}\" y=\"{y}\" width=\"14\" height=\"14\"/>"
    );
    let (label, anchor) =
        if mark.label_before { (x - 5.0, " text-anchor=\"end\"") } else { (x + 19.0, "") };
    let _ = write!(out, "<text class=\"sub\" x=\"{label:.1}\" y=\"{}\"{anchor}>", y + 11);
    escape(out, &mark.label);
    out.push_str("</text></g>");
}

fn draw_today(out: &mut String, scale: &Scale, time: &Time<'_>) {
    let Time { words, today, bottom } = *time;
    let x = scale.x(0);
    let label = words.day_of_month(today);
    let _ = write!(
        out,
        "<g data-now=\"{today}\" data-step=\"{:.4}\"><path class=\"now\" d=\"M{x:.1} 18V{bottom}\"/><text x=\"{x:.1}\" y=\"14\" text-anchor=\"middle\">{label}</text></g>",
        scale.step
    );
}

#[cfg(test)]
mod tests {
    use super::{DuePage, plot};
    use crate::calendar::{Interval, parse_date};
    use crate::freshness::State;
    use crate::words::Words;
    use jiff::civil::Date;

    const FORTNIGHT: Interval = Interval { months: 0, days: 14 };

    fn today() -> Date {
        parse_date("2025-11-23").expect("a day")
    }

    fn due<'a>(title: &'a str, owner: &'a str, days: i32) -> DuePage<'a> {
        let date = today().saturating_add(jiff::Span::new().days(days));
        let soon = Some(FORTNIGHT.first_reaching(date));
        DuePage {
            title,
            owner,
            date: Some(date),
            soon,
            state: if days < 0 { State::Overdue } else { State::Fresh },
            draft: false,
        }
    }

    /// How many marks a plot of the pages has, which must also contain the texts.
    fn check(pages: &[DuePage<'_>], marks: usize, expected: &[&str]) {
        let drawing = plot(&Words::default(), pages, FORTNIGHT, today()).expect("there are dates");
        assert_eq!(drawing.matches("<use ").count(), marks, "{drawing}");
        for text in expected {
            assert!(drawing.contains(text), "{text} in {drawing}");
        }
    }

    #[test]
    fn every_page_is_a_mark_with_its_own_shape_and_date() {
        let never = DuePage {
            title: "Analytics",
            owner: "Growth",
            date: None,
            soon: None,
            state: State::NeverReviewed,
            draft: false,
        };
        check(
            &[due("AffLink", "Sales", -41), due("CMO", "Growth", 56), never],
            3,
            &[
                "<title>AffLink: due 13 Oct 2025</title><use href=\"#gp:s-over\"",
                "data-due=\"2026-01-18\" data-soon=\"2026-01-04\" data-state=\"fresh\"",
                "Analytics: never reviewed",
                "data-now=\"2025-11-23\" data-step=\"",
                "1 overdue, 0 due soon, 1 never reviewed",
            ],
        );
    }

    #[test]
    fn an_owner_with_many_pages_is_folded_into_counts() {
        let pages: Vec<DuePage<'_>> =
            (0..2000).map(|index| due("Page", "Ops", index % 300 - 100)).collect();
        let drawing = plot(&Words::default(), &pages, FORTNIGHT, today()).expect("there are dates");
        assert!(drawing.matches("<use ").count() < 40, "{drawing}");
        assert!(drawing.len() < 20_000);
    }

    #[test]
    fn many_owners_are_folded_into_one_row() {
        let names: Vec<String> = (0..200).map(|index| format!("Team {index}")).collect();
        let pages: Vec<DuePage<'_>> = names.iter().map(|name| due("Page", name, 30)).collect();
        let drawing = plot(&Words::default(), &pages, FORTNIGHT, today()).expect("there are dates");
        assert!(drawing.contains("177 more owners"), "{drawing}");
    }

    #[test]
    fn one_page_is_enough_and_none_is_no_plot() {
        check(&[due("Only", "Ops", 0)], 1, &["<title>Only: due 23 Nov 2025</title>"]);
        check(&[due("Far", "Ops", 100_000), due("Old", "Ops", -100_000)], 2, &[]);
        assert!(plot(&Words::default(), &[], FORTNIGHT, today()).is_none());
    }

    #[test]
    fn a_draft_is_marked_as_one_however_fresh_it_is() {
        let words = Words::default();
        let drawn = |draft| {
            let page = DuePage { draft, ..due("CMO", "Growth", 56) };
            plot(&words, &[page], FORTNIGHT, today()).expect("it is due")
        };
        assert!(drawn(true).contains("<g class=\"draft\" data-due="));
        assert!(!drawn(false).contains("draft"));
    }
}

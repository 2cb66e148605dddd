//! How many reviews come due in each of the next weeks, by owner, and which to do earlier so that no week has many.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::row::ReviewRow;
use crate::calendar::days_between;

/// How many weeks are looked at, this one included.
const WEEKS: usize = 12;

/// What comes due.
#[derive(Debug, Serialize)]
pub(super) struct Forecast {
    /// The Mondays that the weeks begin with.
    weeks: Vec<String>,
    owners: Vec<OwnerForecast>,
}

/// What comes due for one owner.
#[derive(Debug, Serialize)]
struct OwnerForecast {
    owner: Option<String>,
    /// Reviews that are late or never took place.
    late: usize,
    /// Reviews due in each week.
    due: Vec<usize>,
    /// Reviews to do in an earlier week than the one that they are due in.
    earlier: Vec<Earlier>,
}

/// A review that could be done earlier.
#[derive(Debug, Serialize)]
struct Earlier {
    file: String,
    due: String,
    /// The Monday of the week to do it in.
    week: String,
}

/// Looks ahead from `today`.
pub(super) fn forecast(rows: &[ReviewRow], today: Date) -> Forecast {
    let since_monday = i64::from(today.weekday().to_monday_zero_offset());
    let monday = today.saturating_sub(since_monday.days());
    let mondays = std::iter::successors(Some(monday), |day| day.checked_add(1.week()).ok());
    let weeks: Vec<String> = mondays.take(WEEKS).map(|day| day.to_string()).collect();
    let mut by_owner: BTreeMap<Option<&str>, Vec<&ReviewRow>> = BTreeMap::new();
    for row in rows {
        by_owner.entry(row.owner.as_deref()).or_default().push(row);
    }
    let owners =
        by_owner.into_iter().map(|(owner, rows)| of_owner(owner, &rows, monday, today, &weeks));
    Forecast { owners: owners.collect(), weeks }
}

fn of_owner(
    owner: Option<&str>,
    rows: &[&ReviewRow],
    monday: Date,
    today: Date,
    weeks: &[String],
) -> OwnerForecast {
    let mut due: Vec<Vec<&ReviewRow>> = vec![Vec::new(); WEEKS];
    let mut late = 0;
    for row in rows {
        match row.due.as_deref().and_then(|due| due.parse::<Date>().ok()) {
            Some(day) if day < today => late += 1,
            Some(day) => {
                let number = usize::try_from(days_between(monday, day) / 7).unwrap_or(WEEKS);
                if let Some(week) = due.get_mut(number) {
                    week.push(row);
                }
            }
            None if row.wants_review() => late += 1,
            None => {}
        }
    }
    let counts: Vec<usize> = due.iter().map(Vec::len).collect();
    let earlier = spread(&mut due, weeks);
    OwnerForecast { owner: owner.map(str::to_owned), late, due: counts, earlier }
}

/// Moves reviews out of full weeks into the nearest week before that has room, the last weeks first: a review that is
/// done early is never late. A week is full that has more than its share of all.
fn spread(due: &mut [Vec<&ReviewRow>], weeks: &[String]) -> Vec<Earlier> {
    let share = due.iter().map(Vec::len).sum::<usize>().div_ceil(WEEKS);
    let mut earlier = Vec::new();
    for from in (1..due.len()).rev() {
        while due[from].len() > share {
            let Some(to) = (0..from).rev().find(|to| due[*to].len() < share) else { break };
            let row = due[from].pop().expect("a full week has reviews");
            earlier.push(Earlier {
                file: row.file.clone(),
                due: row.due.clone().unwrap_or_default(),
                week: weeks.get(to).cloned().unwrap_or_default(),
            });
            due[to].push(row);
        }
    }
    earlier.sort_by(|a, b| (&a.week, &a.file).cmp(&(&b.week, &b.file)));
    earlier
}

impl Forecast {
    /// A table with a line an owner, and what to do earlier.
    pub(super) fn table(&self) -> String {
        let name = |owner: &OwnerForecast| owner.owner.clone().unwrap_or_else(|| "-".to_owned());
        let widest = self.owners.iter().map(|owner| name(owner).chars().count()).max();
        let width = widest.unwrap_or(0).max("OWNER".len());
        let pad = |text: &str| format!("{text}{}", " ".repeat(width - text.chars().count()));
        let mut text = format!("{}  LATE", pad("OWNER"));
        self.weeks.iter().for_each(|week| text.push_str(&format!("  {}", &week[5..])));
        text.push('\n');
        for owner in &self.owners {
            text.push_str(&format!("{}  {:>4}", pad(&name(owner)), owner.late));
            for due in &owner.due {
                let shown = if *due == 0 { "·".to_owned() } else { due.to_string() };
                text.push_str(&format!("  {shown:>5}"));
            }
            text.push('\n');
        }
        for owner in self.owners.iter().filter(|owner| !owner.earlier.is_empty()) {
            text.push_str(&format!(
                "\n{} could review earlier, so that no week has many:\n",
                name(owner)
            ));
            for Earlier { file, due, week } in &owner.earlier {
                text.push_str(&format!("  week of {week}  {file}  (due {due})\n"));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::ReviewRow;
    use super::forecast;
    use crate::freshness::State;

    fn row(owner: &str, due: Option<&str>, state: State, number: usize) -> ReviewRow {
        ReviewRow {
            state,
            due: due.map(str::to_owned),
            due_soon_from: None,
            days_left: None,
            last_reviewed_on: None,
            dated: None,
            date_only: None,
            dated_together: None,
            reviewed_by_author: None,
            owner: Some(owner.to_owned()),
            title: "T".to_owned(),
            file: format!("content/{number}.md"),
            url: None,
            fired: None,
        }
    }

    /// 2026-12-02 is a Wednesday.
    fn look(rows: &[ReviewRow]) -> String {
        forecast(rows, "2026-12-02".parse().unwrap()).table()
    }

    #[test]
    fn what_is_late_and_what_comes_is_counted_by_week_and_owner() {
        let rows = [
            row("devops", Some("2026-12-01"), State::Overdue, 1),
            row("devops", None, State::NeverReviewed, 2),
            row("devops", None, State::Evergreen, 3),
            row("devops", Some("2026-12-02"), State::DueSoon, 4),
            row("devops", Some("2026-12-07"), State::DueSoon, 5),
            row("sre", Some("2027-02-21"), State::Fresh, 6),
            row("sre", Some("2027-02-22"), State::Fresh, 7),
        ];
        let text = look(&rows);
        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            [
                "OWNER   LATE  11-30  12-07  12-14  12-21  12-28  01-04  01-11  01-18  01-25  02-01  02-08  02-15",
                "devops     2      1      1      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·",
                "sre        0      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      1",
            ]
        );
    }

    #[test]
    fn full_weeks_are_spread_over_those_before_and_never_over_those_behind() {
        let rows: Vec<ReviewRow> =
            (0..30).map(|number| row("sre", Some("2027-01-13"), State::Fresh, number)).collect();
        let found = forecast(&rows, "2026-12-02".parse().unwrap());
        let sre = &found.owners[0];
        assert_eq!((sre.due[6], sre.earlier.len()), (30, 18));
        for week in &found.weeks[..6] {
            assert_eq!(sre.earlier.iter().filter(|it| it.week == *week).count(), 3, "{week}");
        }
        let rows: Vec<ReviewRow> =
            (0..5).map(|number| row("sre", Some("2026-12-03"), State::DueSoon, number)).collect();
        assert!(forecast(&rows, "2026-12-02".parse().unwrap()).owners[0].earlier.is_empty());
    }
}

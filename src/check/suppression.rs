//! `<!-- guidepost: allow RULE until DATE -->`: findings that a page silences until a day.
//!
//! A suppression holds for its page, through its last day (UTC). One without a day, with a day that does not
//! exist or for a rule that does not exist silences nothing and is itself reported.

use jiff::civil::Date;

use crate::calendar::parse_date;
use crate::diagnostic::{Diagnostic, Location, Rule, nearest, suppression as mistakes};
use crate::files::FilePath;
use crate::parse::Suppression;

/// Leaves out what the page silences, and adds what is wrong with its suppressions.
pub fn suppress(
    path: &FilePath,
    suppressions: &[Suppression],
    findings: Vec<Diagnostic>,
    today: Date,
) -> Vec<Diagnostic> {
    let mut wrong = Vec::new();
    let mut silenced: Vec<Rule> = Vec::new();
    let mut ended: Vec<(Rule, Date, &Suppression)> = Vec::new();
    for suppression in suppressions {
        match read(path, suppression) {
            Ok((rule, until)) if until >= today => silenced.push(rule),
            Ok((rule, until)) => ended.push((rule, until, suppression)),
            Err(finding) => wrong.push(finding),
        }
    }
    let is_here = |finding: &Diagnostic| finding.at.path == *path;
    let mut kept: Vec<Diagnostic> = findings
        .into_iter()
        .filter(|finding| !(is_here(finding) && silenced.contains(&finding.rule)))
        .map(|finding| {
            match ended.iter().find(|(rule, ..)| is_here(&finding) && *rule == finding.rule) {
                Some((_, until, suppression)) => {
                    let at = Location::new(path, suppression.range.clone());
                    finding.also(at, format!("it was silenced here until {until}"))
                }
                None => finding,
            }
        })
        .collect();
    kept.extend(wrong);
    kept
}

fn read(path: &FilePath, suppression: &Suppression) -> Result<(Rule, Date), Diagnostic> {
    let at = Location::new(path, suppression.range.clone());
    let Some(rule) = Rule::named(&suppression.rule) else {
        let known = Rule::ALL.iter().map(|rule| rule.name());
        return Err(mistakes::unknown_rule(
            at,
            &suppression.rule,
            nearest(&suppression.rule, known),
        ));
    };
    let Some(until) = &suppression.until else { return Err(mistakes::no_end(at, rule)) };
    parse_date(until).map(|until| (rule, until)).ok_or_else(|| mistakes::no_date(at, until))
}

#[cfg(test)]
mod tests {
    use super::suppress;
    use crate::calendar::parse_date;
    use crate::diagnostic::{Diagnostic, Location, Rule};
    use crate::files::FilePath;
    use crate::parse::tests_support::document;

    /// The rules that remain of `raw-html` and `orphan-page` on 20 August 2026.
    fn check(comment: &str, expected: &[Rule]) {
        let page = document(&format!("Text\n\n{comment}\n"));
        let finding = |rule| Diagnostic::new(Location::file(&page.path), rule, String::new());
        let findings = vec![finding(Rule::RawHtml), finding(Rule::OrphanPage)];
        let today = parse_date("2026-08-20").expect("a day");
        let kept = suppress(&page.path, &page.suppressions, findings, today);
        assert_eq!(
            kept.iter().map(|finding| finding.rule).collect::<Vec<_>>(),
            expected,
            "{comment}"
        );
    }

    #[test]
    fn a_rule_is_silent_through_the_last_day() {
        check("<!-- guidepost: allow raw-html until 2026-08-20 -->", &[Rule::OrphanPage]);
        check(
            "<!-- guidepost: allow raw-html until 2026-08-19 -->",
            &[Rule::RawHtml, Rule::OrphanPage],
        );
    }

    #[test]
    fn a_suppression_that_cannot_be_read_silences_nothing_and_is_reported() {
        for comment in [
            "<!-- guidepost: allow raw-html -->",
            "<!-- guidepost: allow raw-html until 2026-02-30 -->",
            "<!-- guidepost: allow raw-htlm until 2026-12-31 -->",
            "<!-- guidepost: silence -->",
        ] {
            check(comment, &[Rule::RawHtml, Rule::OrphanPage, Rule::BadValue]);
        }
    }

    #[test]
    fn other_pages_keep_their_findings() {
        let page = document("<!-- guidepost: allow raw-html until 2027-01-01 -->\n");
        let other = FilePath::new("content/other.md").expect("a path");
        let finding = Diagnostic::new(Location::file(&other), Rule::RawHtml, String::new());
        let today = parse_date("2026-08-20").expect("a day");
        assert_eq!(suppress(&page.path, &page.suppressions, vec![finding], today).len(), 1);
    }
}

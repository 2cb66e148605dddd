//! What the engine prints of templates that do not fit together, read again.

use std::ops::Range;

/// A mistake that the engine finds only when all templates are joined, and tells only as a printed report.
pub(super) struct TemplateReport<'a> {
    pub(super) message: &'a str,
    pub(super) template: &'a str,
    line: usize,
    column: usize,
    width: usize,
}

impl<'a> TemplateReport<'a> {
    /// Reads `error: MESSAGE`, `--> TEMPLATE:LINE:COLUMN`, and the carets under the excerpt.
    pub(super) fn read(printed: &'a str) -> Option<TemplateReport<'a>> {
        let mut lines = printed.lines();
        let message = lines.next()?.strip_prefix("error: ")?;
        let place = lines.next()?.trim_start().strip_prefix("--> ")?;
        TemplateReport::at(place, message, lines)
    }

    /// Reads where a template that failed was taken in: `note: called from TEMPLATE:LINE:COLUMN`, and the carets.
    pub(super) fn read_caller(printed: &'a str) -> Option<TemplateReport<'a>> {
        let mut lines = printed.lines();
        let place = lines.next()?.strip_prefix("note: called from ")?;
        TemplateReport::at(place, "", lines)
    }

    fn at(
        place: &'a str,
        message: &'a str,
        lines: std::str::Lines<'a>,
    ) -> Option<TemplateReport<'a>> {
        let mut place = place.rsplitn(3, ':');
        let column = place.next()?.parse().ok()?;
        let line = place.next()?.parse().ok()?;
        let template = place.next()?;
        let width = lines.last()?.matches('^').count();
        Some(TemplateReport { message, template, line, column, width })
    }

    /// The place as bytes of the template's text.
    pub(super) fn range(&self, text: &str) -> Range<usize> {
        let before = self.line.saturating_sub(1);
        let line_start: usize = text.split_inclusive('\n').take(before).map(str::len).sum();
        let line = text[line_start..].lines().next().unwrap_or_default();
        let byte_of =
            |column: usize| line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte);
        let first = self.column.saturating_sub(1);
        line_start + byte_of(first)..line_start + byte_of(first + self.width)
    }
}

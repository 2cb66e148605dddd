//! Passwords in tables: a column that is called so holds one in each of its rows.

use std::ops::Range;

use super::assigned::{is_chosen, is_name_of_password};

/// The secrets in the columns of a text's Markdown tables that are called passwords.
pub(super) fn columns(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    // The columns of the table that the line is in, which are called passwords.
    let mut called: Vec<usize> = Vec::new();
    let mut before: Option<&str> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let is_row = line.contains('|');
        if !is_row {
            called.clear();
        } else if let Some(head) = before.filter(|_| is_rule(line)) {
            let titles = cells(head).enumerate();
            let titles = titles.filter(|(_, cell)| is_name_of_password(&head[cell.clone()]));
            called = titles.map(|(place, _)| place).collect();
        } else if !called.is_empty() {
            let mut next = called.iter().peekable();
            for (place, cell) in cells(line).enumerate() {
                if next.next_if(|wanted| **wanted == place).is_some() {
                    let value = line[cell.clone()].trim_matches([' ', '`', '*']);
                    let inner = line[cell.clone()].find(value).unwrap_or_default();
                    let from = start + cell.start + inner;
                    found.extend(
                        is_chosen(value, true).then(|| (from..from + value.len(), "a password")),
                    );
                }
            }
        }
        before = is_row.then_some(line);
        start += line.len();
    }
    found
}

/// Whether a line parts the head of a table from its rows.
fn is_rule(line: &str) -> bool {
    line.contains('-') && line.trim().bytes().all(|byte| b"|-: \t".contains(&byte))
}

/// The cells of a row, with the blanks round them.
fn cells(line: &str) -> impl Iterator<Item = Range<usize>> {
    let inner = line.trim_end();
    let open = inner.len() - inner.trim_start().len();
    let open = if inner[open..].starts_with('|') { open + 1 } else { open };
    let mut at = open;
    inner[open..].split('|').map(move |cell| {
        let range = at..at + cell.len();
        at += cell.len() + 1;
        range
    })
}

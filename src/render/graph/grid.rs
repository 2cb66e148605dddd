//! Where boxes stand, and the edges between them as SVG.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A box, in pixels: three lines of text high.
pub(super) const WIDTH: usize = 150;
pub(super) const HEIGHT: usize = 54;
/// Between boxes beside and below each other: an arrow with its tip fits.
const GAP: usize = 35;
const ROW: usize = 34;

/// Where a box stands: column and row of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) x: usize,
    pub(super) y: usize,
}

pub(super) fn place_across(layers: &[Vec<usize>], count: usize) -> Vec<Cell> {
    let tallest = layers.iter().map(Vec::len).max().unwrap_or(1);
    let mut places = vec![Cell { x: 1, y: 1 }; count];
    for (column, layer) in layers.iter().enumerate() {
        let free = (tallest - layer.len()) * (HEIGHT + ROW) / 2;
        for (row, node) in layer.iter().enumerate() {
            places[*node] =
                Cell { x: 1 + column * (WIDTH + GAP), y: 1 + free + row * (HEIGHT + ROW) };
        }
    }
    places
}

pub(super) fn place_down(layers: &[Vec<usize>], count: usize) -> Vec<Cell> {
    let mut places = vec![Cell { x: 1, y: 1 }; count];
    let mut y = 1;
    let broadest = layers.iter().map(|layer| layer.len().min(5)).max().unwrap_or(1);
    for layer in layers {
        for row in layer.chunks(5) {
            let free = (broadest - row.len()) * (WIDTH + GAP) / 2;
            for (column, node) in row.iter().enumerate() {
                places[*node] = Cell { x: 1 + free + column * (WIDTH + GAP), y };
            }
            y += HEIGHT + 46;
        }
    }
    places
}

/// Where boxes stand, so that edges can pass between them.
pub(super) struct Grid {
    across: bool,
    /// For each row of boxes (column, where the drawing runs across) where each box begins.
    rows: BTreeMap<usize, Vec<usize>>,
}

impl Grid {
    pub(super) fn of(places: &[Cell], across: bool) -> Grid {
        let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for place in places {
            let (row, start) = if across { (place.x, place.y) } else { (place.y, place.x) };
            rows.entry(row).or_default().push(start);
        }
        Grid { across, rows }
    }

    /// The extent of a box along the flow and across it, and the gap beside it.
    fn extent(&self) -> (usize, usize, usize) {
        if self.across { (WIDTH, HEIGHT, ROW) } else { (HEIGHT, WIDTH, GAP) }
    }

    /// Where an edge on its way past a row of boxes meets none of them, as near to `wanted` as can be.
    fn gap(&self, row: usize, wanted: usize, edge: usize) -> usize {
        let (_, breadth, gap) = self.extent();
        let starts = &self.rows[&row];
        let meets = |start: &&usize| wanted + 8 > **start && wanted < **start + breadth + 8;
        if starts.iter().find(meets).is_none() {
            return wanted;
        }
        let gaps = starts.iter().flat_map(|start| {
            [start.checked_sub(gap / 2), Some(start + breadth + gap / 2)].into_iter().flatten()
        });
        let nearest = gaps.min_by_key(|place| place.abs_diff(wanted)).unwrap_or(wanted);
        // Edges that share a gap run beside each other.
        (nearest + edge % 3 * 6).saturating_sub(6)
    }

    /// An edge along the flow, between the boxes of every row that it passes; how far across the flow it goes.
    pub(super) fn draw_edge(&self, out: &mut String, from: Cell, to: Cell, edge: usize) -> usize {
        let (length, breadth, _) = self.extent();
        let along = |place: Cell| if self.across { (place.x, place.y) } else { (place.y, place.x) };
        let ((from_row, from_start), (to_row, to_start)) = (along(from), along(to));
        let (start, end) = (from_row + length, to_row);
        let (first, last) = (from_start + breadth / 2, to_start + breadth / 2);
        let point = |row: usize, place: usize| {
            if self.across { format!("{row} {place}") } else { format!("{place} {row}") }
        };
        let mut path = format!("M{}", point(start, first));
        let (mut row, mut place) = (start, first);
        let mut curve = |path: &mut String, to_row: usize, to_place: usize, stop: usize| {
            let bend = row + (to_row - row) / 2;
            let (a, b) = (point(bend, place), point(bend, to_place));
            let _ = write!(path, "C{a} {b} {}", point(stop, to_place));
            (row, place) = (to_row, to_place);
        };
        let mut furthest = first.max(last);
        for (passed, _) in self.rows.range(from_row + 1..to_row) {
            let done = passed - start.min(*passed);
            let straight = if last >= first {
                first + (last - first) * done / (end - start).max(1)
            } else {
                first - (first - last) * done / (end - start).max(1)
            };
            let gap = self.gap(*passed, straight, edge);
            furthest = furthest.max(gap);
            curve(&mut path, *passed, gap, *passed);
            let _ = write!(path, "L{}", point(passed + length, gap));
            curve(&mut path, passed + length, gap, passed + length);
        }
        curve(&mut path, end, last, end - 8);
        let _ = write!(out, "<path d=\"{path}\"/>");
        draw_tip(out, &point(end, last), self.across);
        furthest
    }

    /// An edge that leads back runs dashed outside of all boxes, each in its own lane.
    pub(super) fn draw_back_edge(
        &self,
        out: &mut String,
        from: Cell,
        to: Cell,
        lane: usize,
        at: usize,
    ) {
        let beside = 10 + lane % 3 * 4;
        let turn = |start: usize| start.cast_signed() - (beside.cast_signed() + 8);
        let (path, tip) = if self.across {
            let (x1, y1) = (from.x + WIDTH, from.y + HEIGHT / 2 + 10);
            let (x2, y2) = (turn(to.x), to.y + HEIGHT / 2 + 10);
            (format!("M{x1} {y1}h{beside}V{at}H{x2}V{y2}h{beside}"), (to.x, y2))
        } else {
            let (x1, y1) = (from.x + WIDTH / 2 + 16, from.y + HEIGHT);
            let (x2, y2) = (to.x + WIDTH / 2 + 16, turn(to.y));
            (format!("M{x1} {y1}v{beside}H{at}V{y2}H{x2}v{beside}"), (x2, to.y))
        };
        let _ = write!(out, "<path class=\"dash\" d=\"{path}\"/>");
        draw_tip(out, &format!("{} {}", tip.0, tip.1), self.across);
    }
}

/// The head of an arrow, which points to the right or down.
pub(super) fn draw_tip(out: &mut String, at: &str, across: bool) {
    let shape = if across { "-9-5v10z" } else { "-5-9h10z" };
    let _ = write!(out, "<path class=\"tip-end\" d=\"m{at} {shape}\"/>");
}

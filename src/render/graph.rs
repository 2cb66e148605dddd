//! A graph of agents becomes an SVG drawing: boxes in layers, edges between them, a text that says the same.
//!
//! Every box carries its due date and state, so that the theme's script can draw them again when the page is read.
//! Short pipelines run from left to right; long or broad ones from the top down, five boxes a row at most, which
//! stays legible up to [`MOST_BOXES`]. Beyond that the boxes are owners. The neighborhood of one agent is three
//! columns, narrow enough for a phone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::view::{DueDay, PipelineRole};
use crate::freshness::State;
use crate::text::escape;
use crate::words::Words;

use grid::{Cell, Grid, HEIGHT, WIDTH, place_across, place_down};
use layers::{ordered_layers, without_back_edges};

mod grid;
mod layers;

/// Draws a graph; `None` where there is no edge to draw.
pub fn graph(words: &Words, nodes: &[GraphNode], edges: &[(usize, usize)]) -> Option<String> {
    if edges.is_empty() {
        return None;
    }
    if nodes.len() > MOST_BOXES {
        let (owners, edges) = by_owner(words, nodes, edges);
        return (owners.len() <= MOST_BOXES).then(|| draw(words, &owners, &edges));
    }
    Some(draw(words, nodes, edges))
}

/// Draws one agent, those that feed it on its left and those that it feeds on its right; `None` without neighbors.
pub fn neighborhood(words: &Words, agents: &[(GraphNode, PipelineRole)]) -> Option<String> {
    let here = agents.iter().position(|(_, role)| *role == PipelineRole::Here)?;
    let on = |roles: &[PipelineRole]| -> Vec<usize> {
        (0..agents.len()).filter(|at| roles.contains(&agents[*at].1)).collect()
    };
    let left = on(&[PipelineRole::Upstream, PipelineRole::Both]);
    let right = on(&[PipelineRole::Downstream]);
    if left.is_empty() && right.is_empty() {
        return None;
    }
    let rows = left.len().max(right.len()).min(MOST_NEIGHBORS);
    let size = Size { width: 116, title: 11, note: 15 };
    let bottom = rows * (HEIGHT + NEAR) - NEAR + 2;
    let nodes: Vec<GraphNode> = agents.iter().map(|(node, _)| node.clone()).collect();
    let edges: Vec<(usize, usize)> = left
        .iter()
        .map(|at| (*at, here))
        .chain(on(&[PipelineRole::Both, PipelineRole::Downstream]).into_iter().map(|at| (here, at)))
        .collect();
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg class=\"graph near-by\" viewBox=\"0 0 390 {bottom}\" role=\"group\" aria-label=\""
    );
    escape(&mut out, &spoken(words, &nodes, &edges));
    out.push_str("\">");
    let column = |at: usize| 1 + at * (size.width + GAP_NEAR);
    let center = usize::from(!left.is_empty());
    let middle = Cell { x: column(center), y: 1 + (bottom - 2 - HEIGHT) / 2 };
    let columns = [(&left, column(0)), (&right, column(center + 1))];
    let mut boxes = vec![(&agents[here].0, middle)];
    let mut more = Vec::new();
    for (column, x) in columns {
        let (shown, folded) = fold(column);
        let count = shown.len() + usize::from(folded > 0);
        let free = (rows - count) * (HEIGHT + NEAR) / 2;
        let place = |row: usize| Cell { x, y: 1 + free + row * (HEIGHT + NEAR) };
        for (row, at) in shown.iter().enumerate() {
            draw_near_edge(&mut out, place(row), middle, &size, agents[*at].1);
            boxes.push((&agents[*at].0, place(row)));
        }
        if folded > 0 {
            more.push((folded, place(shown.len())));
        }
    }
    for (node, place) in boxes {
        draw_node(&mut out, words, node, place, &size);
    }
    for (count, Cell { x, y }) in more {
        let _ = write!(out, "<text class=\"sub\" x=\"{}\" y=\"{}\">", x + 10, y + 24);
        escape(&mut out, &words.count("and-more", count, &[]));
        out.push_str("</text>");
    }
    out.push_str("</svg>");
    Some(out)
}

/// How many agents stand on one side of a neighborhood before the rest is a number.
pub const MOST_NEIGHBORS: usize = 8;

/// How many boxes a drawing holds before it is folded.
pub const MOST_BOXES: usize = 60;

impl Size {
    /// From the edge of a box to its text.
    fn inset(&self) -> usize {
        if self.width == WIDTH { 12 } else { 8 }
    }
}

/// A box of the drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GraphNode {
    /// The agent's short name.
    pub title: String,
    /// Who owns it.
    pub owner: String,
    /// Its page.
    pub url: Option<String>,
    /// When its review is due.
    pub due: Option<DueDay>,
    /// Its state on the day of the build.
    pub state: State,
    /// Whether the drawing stands on this agent's page.
    pub current: bool,
}

/// The room that a box takes, and how many letters fit into it.
struct Size {
    width: usize,
    title: usize,
    note: usize,
}

const BOX: Size = Size { width: WIDTH, title: 15, note: 18 };

/// Between the boxes of a neighborhood, downward and across.
const NEAR: usize = 12;
const GAP_NEAR: usize = 20;

fn draw(words: &Words, nodes: &[GraphNode], edges: &[(usize, usize)]) -> String {
    let forward = without_back_edges(nodes.len(), edges);
    let layers = ordered_layers(nodes.len(), &forward);
    let across = layers.len() <= 5 && layers.iter().all(|layer| layer.len() <= 8);
    let places =
        if across { place_across(&layers, nodes.len()) } else { place_down(&layers, nodes.len()) };
    let back: Vec<(usize, usize)> =
        edges.iter().copied().filter(|edge| !forward.contains(edge)).collect();
    let grid = Grid::of(&places, across);
    let mut forward_paths = String::new();
    let passed = forward
        .iter()
        .enumerate()
        .map(|(at, (from, to))| grid.draw_edge(&mut forward_paths, places[*from], places[*to], at));
    // Edges may pass beside the outermost boxes.
    let furthest = passed.max().unwrap_or(0) + 2;
    let mut right = places.iter().map(|place| place.x).max().unwrap_or(0) + WIDTH + 1;
    let mut bottom = places.iter().map(|place| place.y).max().unwrap_or(0) + HEIGHT + 1;
    let side = if across { &mut bottom } else { &mut right };
    *side = furthest.max(*side);
    // Edges that lead back need room behind the last boxes, and before the first ones to turn round.
    let (lanes, turn) = if back.is_empty() { (0, 0) } else { (14 * back.len() + 6, 26) };
    let (full_width, full_height) =
        if across { (right + turn, bottom + lanes) } else { (right + lanes, bottom + turn) };
    // A small drawing stands in the middle, at the size of a large one.
    let width = full_width.max(890);
    let middle = (width - full_width) / 2;
    let (left, top) = if across { (middle + turn, 0) } else { (middle, turn) };
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg class=\"graph\" viewBox=\"{} {} {width} {}\" role=\"group\" aria-label=\"",
        -left.cast_signed(),
        -top.cast_signed(),
        full_height + 8
    );
    escape(&mut out, &spoken(words, nodes, edges));
    out.push_str("\">");
    out.push_str(&forward_paths);
    for (lane, (from, to)) in back.iter().enumerate() {
        let edge = if across { bottom } else { right };
        grid.draw_back_edge(&mut out, places[*from], places[*to], lane, edge + 10 + 14 * lane);
    }
    for (node, place) in nodes.iter().zip(&places) {
        draw_node(&mut out, words, node, *place, &BOX);
    }
    out.push_str("</svg>");
    out
}

/// The drawing in words: "A feeds B and C."
fn spoken(words: &Words, nodes: &[GraphNode], edges: &[(usize, usize)]) -> String {
    let mut fed: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (from, to) in edges {
        fed.entry(*from).or_default().push(&nodes[*to].title);
    }
    let sentences = fed.into_iter().map(|(from, to)| {
        let to = to.join(words.get("comma"));
        words.fill("feeds", &[("agent", &nodes[from].title), ("agents", &to)])
    });
    format!("{}: {}.", words.get("pipeline"), sentences.collect::<Vec<_>>().join("; "))
}

/// An edge between the agent in the middle and one beside it, with a tip wherever work arrives.
fn draw_near_edge(out: &mut String, near: Cell, middle: Cell, size: &Size, role: PipelineRole) {
    let half = HEIGHT / 2;
    let left = near.x < middle.x;
    let (from, to) = if left { (near, middle) } else { (middle, near) };
    let (x1, y1, x2, y2) = (from.x + size.width, from.y + half, to.x, to.y + half);
    let both = role == PipelineRole::Both;
    let start = if both { x1 + 8 } else { x1 };
    let bend = x1 + (x2 - x1) / 2;
    let _ = write!(out, "<path d=\"M{start} {y1}C{bend} {y1} {bend} {y2} {} {y2}\"/>", x2 - 8);
    let _ = write!(out, "<path class=\"tip-end\" d=\"m{x2} {y2}-9-5v10z\"/>");
    if both {
        let _ = write!(out, "<path class=\"tip-end\" d=\"m{x1} {y1} 9-5v10z\"/>");
    }
}

/// The first agents of a column, and how many are left to a number.
fn fold(column: &[usize]) -> (&[usize], usize) {
    if column.len() <= MOST_NEIGHBORS {
        return (column, 0);
    }
    let shown = MOST_NEIGHBORS - 1;
    (&column[..shown], column.len() - shown)
}

fn draw_node(out: &mut String, words: &Words, node: &GraphNode, place: Cell, size: &Size) {
    let Cell { x, y } = place;
    let element = if node.url.is_some() { "a" } else { "g" };
    let _ = write!(out, "<{element}");
    let due = node.due.as_ref();
    for (name, value) in [
        ("href", node.url.as_ref()),
        ("data-due", due.map(|due| &due.iso)),
        ("data-soon", due.map(|due| &due.soon)),
    ] {
        if let Some(value) = value {
            let _ = write!(out, " {name}=\"");
            escape(out, value);
            out.push('"');
        }
    }
    let _ = write!(out, " data-state=\"{}\"", node.state.class());
    out.push_str(if node.current { " aria-current=\"page\">" } else { ">" });
    let late = if node.state == State::Overdue { " class=\"late-box\"" } else { "" };
    let width = size.width;
    let _ = write!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\" rx=\"4\"{late}/>"
    );
    let marked = node.state.is_told();
    let symbol = if marked { format!("#gp:s-{}", node.state.class()) } else { "#".to_owned() };
    let _ = write!(
        out,
        "<use href=\"{symbol}\" class=\"m {}\" x=\"{}\" y=\"{}\" width=\"14\" height=\"14\"/>",
        node.state.class(),
        x + width - 20,
        y + 33
    );
    draw_title(out, &node.title, place, size);
    let owner = shortened(&node.owner, size.note);
    let _ = write!(
        out,
        "<text class=\"sub\" x=\"{}\" y=\"{}\" data-words=\"",
        x + size.inset(),
        y + 45
    );
    escape(out, &owner);
    out.push_str("\">");
    let state = format!("state-{}", node.state.class());
    escape(out, if marked { words.get(&state) } else { &owner });
    let _ = write!(out, "</text><title>");
    escape(out, &node.title);
    let _ = write!(out, "</title></{element}>");
}

/// The name of a box, on two lines where it is too long for one.
fn draw_title(out: &mut String, title: &str, place: Cell, size: &Size) {
    let fits = title.chars().count() <= size.title;
    let (lines, top) =
        if fits { (vec![title.to_owned()], 23) } else { (broken(title, size.title), 17) };
    for (at, line) in lines.iter().enumerate() {
        let (x, y) = (place.x + size.inset(), place.y + top + 14 * at);
        let _ = write!(out, "<text x=\"{x}\" y=\"{y}\">");
        escape(out, line);
        out.push_str("</text>");
    }
}

/// A name on two lines, broken between words where it can be: `Refund|Dispatcher`.
fn broken(title: &str, most: usize) -> Vec<String> {
    let letters: Vec<(usize, char)> = title.char_indices().collect();
    let begins_word = |at: usize| {
        let (before, letter) = (letters[at - 1].1, letters[at].1);
        matches!(before, ' ' | '-' | '_') || (letter.is_uppercase() && before.is_lowercase())
    };
    let fits = most.min(letters.len() - 1);
    let end = (3..=fits).rev().find(|at| begins_word(*at)).unwrap_or(fits);
    let (first, second) = title.split_at(letters[end].0);
    vec![first.trim_end().to_owned(), shortened(second, most)]
}

/// One box an owner, with how many agents it has, and one edge wherever work passes from one owner to another.
fn by_owner(
    words: &Words,
    nodes: &[GraphNode],
    edges: &[(usize, usize)],
) -> (Vec<GraphNode>, Vec<(usize, usize)>) {
    let mut by_name: BTreeMap<&str, Vec<&GraphNode>> = BTreeMap::new();
    for node in nodes {
        by_name.entry(&node.owner).or_default().push(node);
    }
    let places: BTreeMap<&str, usize> = by_name.keys().copied().zip(0..).collect();
    let place = |node: usize| places[nodes[node].owner.as_str()];
    let owners = by_name
        .iter()
        .map(|(name, own)| {
            let first = own
                .iter()
                .filter(|node| node.due.is_some())
                .min_by_key(|node| node.due.as_ref().map(|due| &due.iso));
            GraphNode {
                title: if name.is_empty() { words.get("no-owner") } else { name }.to_owned(),
                owner: words.count("agent-count", own.len(), &[]),
                due: first.and_then(|node| node.due.clone()),
                state: first.map_or(State::None, |node| node.state),
                current: own.iter().any(|node| node.current),
                url: None,
            }
        })
        .collect();
    let between: BTreeSet<(usize, usize)> = edges
        .iter()
        .map(|(from, to)| (place(*from), place(*to)))
        .filter(|(from, to)| from != to)
        .collect();
    (owners, between.into_iter().collect())
}

/// At most `most` letters, the last of which says that there are more.
pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{GraphNode, MOST_BOXES, MOST_NEIGHBORS, broken, graph, neighborhood};
    use crate::freshness::State;
    use crate::render::view::{DueDay, PipelineRole};
    use crate::words::Words;

    fn node(title: &str) -> GraphNode {
        GraphNode {
            title: title.to_owned(),
            owner: "Ops".to_owned(),
            url: Some(format!("{title}/")),
            ..GraphNode::default()
        }
    }

    /// Agents `0`, `1`, … with the edges; the drawing must contain the texts.
    fn check(count: usize, edges: &[(usize, usize)], expected: &[&str]) -> String {
        let nodes: Vec<GraphNode> = (0..count).map(|index| node(&index.to_string())).collect();
        let drawing = graph(&Words::default(), &nodes, edges).expect("there are edges");
        for text in expected {
            assert!(drawing.contains(text), "{text} in {drawing}");
        }
        drawing
    }

    #[test]
    fn a_pipeline_runs_from_left_to_right_and_says_so_in_words() {
        check(
            3,
            &[(0, 1), (1, 2)],
            &[
                "aria-label=\"Pipeline: 0 feeds 1; 1 feeds 2.\"",
                "<a href=\"2/\"",
                "<rect x=\"371\" y=\"1\"",
            ],
        );
    }

    #[test]
    fn an_edge_that_passes_below_a_box_is_inside_of_the_drawing() {
        let drawing = check(3, &[(0, 1), (1, 2), (0, 2)], &[" 72L"]);
        let height =
            drawing.split("viewBox=\"0 0 892 ").nth(1).or_else(|| drawing.split(" 0 890 ").nth(1));
        let height =
            height.and_then(|rest| rest.split('"').next()).and_then(|text| text.parse().ok());
        assert!(height.is_some_and(|height: usize| height > 72), "{drawing}");
    }

    /// An agent with so many before and after it.
    fn near(before: usize, after: usize) -> Option<String> {
        let side = |count: usize, name: &'static str, role| {
            (0..count).map(move |at| (node(&format!("{name}{at}")), role))
        };
        let here = GraphNode { current: true, url: None, ..node("here") };
        let agents: Vec<(GraphNode, PipelineRole)> = side(before, "up", PipelineRole::Upstream)
            .chain([(here, PipelineRole::Here)])
            .chain(side(after, "down", PipelineRole::Downstream))
            .collect();
        neighborhood(&Words::default(), &agents)
    }

    #[test]
    fn a_neighborhood_is_three_columns_that_fit_a_phone() {
        let drawing = near(1, 2).expect("there are neighbors");
        assert!(drawing.contains("viewBox=\"0 0 390 122\""), "{drawing}");
        assert_eq!(drawing.matches("<rect").count(), 4);
        assert_eq!(drawing.matches("tip-end").count(), 3);
        assert_eq!(near(0, 0), None);
    }

    #[test]
    fn many_neighbors_are_folded_into_a_number_but_all_are_spoken() {
        let drawing = near(0, 59).expect("there are neighbors");
        assert_eq!(drawing.matches("<rect").count(), MOST_NEIGHBORS);
        assert!(drawing.contains(">and 52 more</text>") && drawing.contains("down58"), "{drawing}");
    }

    #[test]
    fn an_edge_passes_beside_the_boxes_between_its_ends() {
        // 0 feeds 1 and 2, 1 feeds 2: the direct edge must not run behind 1.
        let drawing = check(3, &[(0, 1), (1, 2), (0, 2)], &[]);
        assert!(!drawing.contains("L335 28"), "{drawing}");
        assert!(drawing.contains("C168 28 168 72 186 72L336 72C"), "{drawing}");
    }

    #[test]
    fn long_names_are_broken_between_words() {
        assert_eq!(broken("RefundDispatcher", 11), ["Refund", "Dispatcher"]);
        assert_eq!(broken("Mailer Enrichment Agent", 15), ["Mailer", "Enrichment Age…"]);
        assert_eq!(broken("straßenbahnfahrplan", 11), ["straßenbahn", "fahrplan"]);
    }

    #[test]
    fn a_cycle_is_drawn_dashed_and_not_refused() {
        let drawing = check(3, &[(0, 1), (1, 2), (2, 0)], &["class=\"dash\""]);
        assert_eq!(drawing.matches("class=\"dash\"").count(), 1);
        check(1, &[(0, 0)], &["class=\"dash\""]);
    }

    #[test]
    fn a_long_chain_runs_down_so_that_it_stays_legible() {
        let edges: Vec<(usize, usize)> = (1..20).map(|at| (at - 1, at)).collect();
        let drawing = check(20, &edges, &["viewBox=\"-369 0 890 "]);
        assert_eq!(drawing.matches("<rect").count(), 20);
    }

    #[test]
    fn beyond_sixty_agents_owners_are_drawn() {
        let mut nodes: Vec<GraphNode> =
            (0..=MOST_BOXES).map(|index| node(&index.to_string())).collect();
        nodes[0].owner = "Content".to_owned();
        let drawing = graph(&Words::default(), &nodes, &[(0, 1), (1, 2)]).expect("there are edges");
        assert_eq!(drawing.matches("<rect").count(), 2);
        assert!(drawing.contains("60 agents"), "{drawing}");
    }

    #[test]
    fn states_show_by_shape_and_word() {
        let mut late = node("late");
        late.state = State::Overdue;
        let [iso, soon] = ["2026-01-01", "2025-12-18"].map(str::to_owned);
        late.due = Some(DueDay { iso, soon, ..DueDay::default() });
        let drawing =
            graph(&Words::default(), &[late, node("b")], &[(0, 1)]).expect("there are edges");
        for text in [
            "data-due=\"2026-01-01\" data-soon=\"2025-12-18\" data-state=\"over\"",
            "href=\"#gp:s-over\"",
            ">Overdue</text>",
        ] {
            assert!(drawing.contains(text), "{text} in {drawing}");
        }
    }

    #[test]
    fn without_edges_there_is_nothing_to_draw() {
        assert_eq!(graph(&Words::default(), &[node("a")], &[]), None);
    }
}

//! A graph of agents becomes an SVG drawing: boxes in layers, edges between them, a text that says the same.
//!
//! Every box carries its due date and state, so that the theme's script can draw them again when the page is read.
//! Short pipelines run from left to right; long or broad ones from the top down, five boxes a row at most, which
//! stays legible up to [`MOST_BOXES`]. Beyond that the boxes are owners.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::view::State;
use crate::parse::html::escape;

/// Draws a graph; `None` where there is no edge to draw.
pub fn graph(title: &str, nodes: &[Node], edges: &[(usize, usize)]) -> Option<String> {
    if edges.is_empty() {
        return None;
    }
    if nodes.len() > MOST_BOXES {
        let (owners, edges) = by_owner(nodes, edges);
        return (owners.len() <= MOST_BOXES).then(|| draw(title, &owners, &edges));
    }
    Some(draw(title, nodes, edges))
}

/// How many boxes a drawing holds before it is folded.
pub const MOST_BOXES: usize = 60;

/// A box of the drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The agent's short name.
    pub title: String,
    /// Who owns it.
    pub owner: String,
    /// Its page.
    pub url: Option<String>,
    /// When its review is due (`2026-02-09`).
    pub due: Option<String>,
    /// Its state on the day of the build.
    pub state: State,
    /// Whether the drawing stands on this agent's page.
    pub current: bool,
}

const WIDTH: usize = 150;
const HEIGHT: usize = 54;
const GAP: usize = 35;
const ROW: usize = 34;

/// Where a box stands: column and row of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    x: usize,
    y: usize,
}

fn draw(title: &str, nodes: &[Node], edges: &[(usize, usize)]) -> String {
    let forward = without_back_edges(nodes.len(), edges);
    let layers = ordered_layers(nodes.len(), &forward);
    let across = layers.len() <= 5 && layers.iter().all(|layer| layer.len() <= 8);
    let places =
        if across { place_across(&layers, nodes.len()) } else { place_down(&layers, nodes.len()) };
    let back: Vec<(usize, usize)> =
        edges.iter().copied().filter(|edge| !forward.contains(edge)).collect();
    let right = places.iter().map(|place| place.x).max().unwrap_or(0) + WIDTH + 1;
    let bottom = places.iter().map(|place| place.y).max().unwrap_or(0) + HEIGHT + 1;
    let below = bottom + 14 * back.len();
    // A small drawing stands in the middle, at the size of a large one.
    let width = right.max(890);
    let left = (width - right) / 2;
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg class=\"graph\" viewBox=\"-{left} 0 {width} {}\" role=\"group\" aria-label=\"",
        below + 8
    );
    escape(&mut out, &spoken(title, nodes, edges));
    out.push_str("\">");
    for (from, to) in &forward {
        draw_edge(&mut out, places[*from], places[*to], across);
    }
    for (lane, (from, to)) in back.iter().enumerate() {
        draw_back_edge(&mut out, places[*from], places[*to], bottom + 10 + 14 * lane);
    }
    for (node, place) in nodes.iter().zip(&places) {
        draw_node(&mut out, node, *place);
    }
    out.push_str("</svg>");
    out
}

/// The drawing in words: "A feeds B and C."
fn spoken(title: &str, nodes: &[Node], edges: &[(usize, usize)]) -> String {
    let mut fed: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (from, to) in edges {
        fed.entry(*from).or_default().push(&nodes[*to].title);
    }
    let sentences =
        fed.into_iter().map(|(from, to)| format!("{} feeds {}", nodes[from].title, to.join(", ")));
    format!("{title}: {}.", sentences.collect::<Vec<_>>().join("; "))
}

/// The edges that close no cycle, found by walking from each box in order.
fn without_back_edges(count: usize, edges: &[(usize, usize)]) -> BTreeSet<(usize, usize)> {
    let mut kept = BTreeSet::new();
    let mut done = vec![false; count];
    let fed = |node: usize| edges.iter().filter(move |edge| edge.0 == node).map(|edge| edge.1);
    let has_source: BTreeSet<usize> = edges.iter().map(|edge| edge.1).collect();
    let sources = (0..count).filter(|node| !has_source.contains(node));
    for start in sources.chain(0..count).collect::<Vec<_>>() {
        let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
        if !done[start] {
            path.push((start, fed(start).collect()));
        }
        while let Some((node, left)) = path.last_mut() {
            let node = *node;
            let Some(next) = left.pop() else {
                done[node] = true;
                path.pop();
                continue;
            };
            if path.iter().any(|(on_path, _)| *on_path == next) {
                continue;
            }
            kept.insert((node, next));
            if !done[next] {
                path.push((next, fed(next).collect()));
            }
        }
    }
    kept
}

/// The boxes by their longest distance from a source, each layer ordered by where its neighbors stand.
fn ordered_layers(count: usize, edges: &BTreeSet<(usize, usize)>) -> Vec<Vec<usize>> {
    let mut depth = vec![0; count];
    for _ in 0..count {
        for (from, to) in edges {
            depth[*to] = depth[*to].max(depth[*from] + 1);
        }
    }
    let mut layers: Vec<Vec<usize>> =
        vec![Vec::new(); depth.iter().max().map_or(0, |deepest| deepest + 1)];
    for (node, depth) in depth.iter().enumerate() {
        layers[*depth].push(node);
    }
    for _ in 0..4 {
        for at in 1..layers.len() {
            let above: BTreeMap<usize, usize> = layers[..at]
                .iter()
                .flat_map(|layer| layer.iter().enumerate().map(|(place, node)| (*node, place)))
                .collect();
            let middle = |node: usize| -> usize {
                let from: Vec<usize> =
                    edges.iter().filter(|edge| edge.1 == node).map(|edge| above[&edge.0]).collect();
                from.iter().sum::<usize>() * 1000 / from.len().max(1)
            };
            layers[at].sort_by_key(|node| (middle(*node), *node));
        }
    }
    layers
}

fn place_across(layers: &[Vec<usize>], count: usize) -> Vec<Place> {
    let tallest = layers.iter().map(Vec::len).max().unwrap_or(1);
    let mut places = vec![Place { x: 1, y: 1 }; count];
    for (column, layer) in layers.iter().enumerate() {
        let free = (tallest - layer.len()) * (HEIGHT + ROW) / 2;
        for (row, node) in layer.iter().enumerate() {
            places[*node] =
                Place { x: 1 + column * (WIDTH + GAP), y: 1 + free + row * (HEIGHT + ROW) };
        }
    }
    places
}

fn place_down(layers: &[Vec<usize>], count: usize) -> Vec<Place> {
    let mut places = vec![Place { x: 1, y: 1 }; count];
    let mut y = 1;
    let broadest = layers.iter().map(|layer| layer.len().min(5)).max().unwrap_or(1);
    for layer in layers {
        for row in layer.chunks(5) {
            let free = (broadest - row.len()) * (WIDTH + GAP) / 2;
            for (column, node) in row.iter().enumerate() {
                places[*node] = Place { x: 1 + free + column * (WIDTH + GAP), y };
            }
            y += HEIGHT + 46;
        }
    }
    places
}

fn draw_edge(out: &mut String, from: Place, to: Place, across: bool) {
    if across {
        let (x1, y1, x2, y2) = (from.x + WIDTH, from.y + HEIGHT / 2, to.x, to.y + HEIGHT / 2);
        let bend = x1 + (x2 - x1) / 2;
        let _ = write!(out, "<path d=\"M{x1} {y1}C{bend} {y1} {bend} {y2} {} {y2}\"/>", x2 - 8);
        let _ = write!(out, "<path class=\"tip-end\" d=\"m{x2} {y2}-9-5v10z\"/>");
    } else {
        let (x1, y1, x2, y2) = (from.x + WIDTH / 2, from.y + HEIGHT, to.x + WIDTH / 2, to.y);
        let bend = y1 + (y2 - y1) / 2;
        let _ = write!(out, "<path d=\"M{x1} {y1}C{x1} {bend} {x2} {bend} {x2} {}\"/>", y2 - 8);
        let _ = write!(out, "<path class=\"tip-end\" d=\"m{x2} {y2}-5-9h10z\"/>");
    }
}

/// An edge that leads back runs dashed below the boxes, each in its own lane.
fn draw_back_edge(out: &mut String, from: Place, to: Place, lane: usize) {
    let (x1, x2) = (from.x + WIDTH / 2 + 12, to.x + WIDTH / 2 - 12);
    let (y1, y2) = (from.y + HEIGHT, to.y + HEIGHT);
    let _ = write!(out, "<path class=\"dash\" d=\"M{x1} {y1}V{lane}H{x2}V{}\"/>", y2 + 8);
    let _ = write!(out, "<path class=\"tip-end\" d=\"m{x2} {y2}-5 9h10z\"/>");
}

fn draw_node(out: &mut String, node: &Node, place: Place) {
    let Place { x, y } = place;
    let element = if node.url.is_some() { "a" } else { "g" };
    let _ = write!(out, "<{element}");
    for (name, value) in [("href", &node.url), ("data-due", &node.due)] {
        if let Some(value) = value {
            let _ = write!(out, " {name}=\"");
            escape(out, value);
            out.push('"');
        }
    }
    let _ = write!(out, " data-state=\"{}\"", name_of(node.state));
    out.push_str(if node.current { " aria-current=\"page\">" } else { ">" });
    let late = if node.state == State::Over { " class=\"late-box\"" } else { "" };
    let _ = write!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"4\"{late}/>"
    );
    let marked = matches!(node.state, State::Over | State::Soon | State::Never | State::Suspect);
    let symbol = if marked { format!("#s-{}", name_of(node.state)) } else { "#".to_owned() };
    let _ = write!(
        out,
        "<use href=\"{symbol}\" class=\"m {}\" x=\"{}\" y=\"{}\" width=\"14\" height=\"14\"/>",
        name_of(node.state),
        x + WIDTH - 22,
        y + 32
    );
    let _ = write!(out, "<text x=\"{}\" y=\"{}\">", x + 12, y + 23);
    escape(out, &shortened(&node.title, 16));
    let words = shortened(&node.owner, 18);
    let _ =
        write!(out, "</text><text class=\"sub\" x=\"{}\" y=\"{}\" data-words=\"", x + 12, y + 43);
    escape(out, &words);
    out.push_str("\">");
    escape(out, if marked { word_of(node.state) } else { &words });
    let _ = write!(out, "</text><title>");
    escape(out, &node.title);
    let _ = write!(out, "</title></{element}>");
}

/// One box an owner, with how many agents it has, and one edge wherever work passes from one owner to another.
fn by_owner(nodes: &[Node], edges: &[(usize, usize)]) -> (Vec<Node>, Vec<(usize, usize)>) {
    let names: Vec<&str> =
        nodes.iter().map(|node| node.owner.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    let place = |node: usize| names.iter().position(|name| *name == nodes[node].owner).unwrap_or(0);
    let owners = names
        .iter()
        .map(|name| {
            let own: Vec<&Node> = nodes.iter().filter(|node| node.owner == *name).collect();
            let first = own.iter().filter(|node| node.due.is_some()).min_by_key(|node| &node.due);
            Node {
                title: if name.is_empty() { "No owner".to_owned() } else { (*name).to_owned() },
                owner: format!("{} agents", own.len()),
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

pub(super) fn name_of(state: State) -> &'static str {
    match state {
        State::Fresh => "fresh",
        State::Soon => "soon",
        State::Over => "over",
        State::Never => "never",
        State::Evergreen => "evergreen",
        State::Suspect => "suspect",
        State::None => "none",
    }
}

fn word_of(state: State) -> &'static str {
    match state {
        State::Over => "Overdue",
        State::Soon => "Due soon",
        State::Never => "Never reviewed",
        State::Suspect => "Suspect",
        _ => "",
    }
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
    use super::{MOST_BOXES, Node, graph};
    use crate::render::view::State;

    fn node(title: &str) -> Node {
        Node {
            title: title.to_owned(),
            owner: "Ops".to_owned(),
            url: Some(format!("{title}/")),
            ..Node::default()
        }
    }

    /// Agents `0`, `1`, … with the edges; the drawing must contain the texts.
    fn check(count: usize, edges: &[(usize, usize)], expected: &[&str]) -> String {
        let nodes: Vec<Node> = (0..count).map(|index| node(&index.to_string())).collect();
        let drawing = graph("Pipeline", &nodes, edges).expect("there are edges");
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
        let mut nodes: Vec<Node> = (0..=MOST_BOXES).map(|index| node(&index.to_string())).collect();
        nodes[0].owner = "Content".to_owned();
        let drawing = graph("Pipeline", &nodes, &[(0, 1), (1, 2)]).expect("there are edges");
        assert_eq!(drawing.matches("<rect").count(), 2);
        assert!(drawing.contains("60 agents"), "{drawing}");
    }

    #[test]
    fn states_show_by_shape_and_word() {
        let mut late = node("late");
        late.state = State::Over;
        late.due = Some("2026-01-01".to_owned());
        let drawing = graph("Pipeline", &[late, node("b")], &[(0, 1)]).expect("there are edges");
        for text in
            ["data-due=\"2026-01-01\" data-state=\"over\"", "href=\"#s-over\"", ">Overdue</text>"]
        {
            assert!(drawing.contains(text), "{text} in {drawing}");
        }
    }

    #[test]
    fn without_edges_there_is_nothing_to_draw() {
        assert_eq!(graph("Pipeline", &[node("a")], &[]), None);
    }
}

//! Places become what the library draws: its own nodes, arrows and groups with coordinates, arrows ending at shapes.

use dagre::Point;
use dagre::layout::intersect::{intersect_ellipse, intersect_polygon, intersect_rect};
use mermaid_rs_renderer::Layout;
use mermaid_rs_renderer::ir::{
    DiagramKind, Edge, EdgeArrowhead, EdgeDecoration, EdgeStyleOverride, NodeShape,
};
use mermaid_rs_renderer::layout::DiagramData;
use mermaid_rs_renderer::layout::{
    EdgeLayout, NodeLayout, StateNoteLayout, SubgraphLayout, TextBlock,
};
use mermaid_rs_renderer::render::arrowhead_inset;

use super::groups::Thing;
use super::layered::{Area, LayeredGraph, Placed, Route};

/// Round the whole picture.
const MARGIN: f64 = 8.0;

/// From the end of an arrow to the text there, along the arrow and beside it.
const END_LABEL: (f64, f64) = (14.0, 6.0);

/// What the library draws of a graph whose parts have their places.
pub(super) fn laid_out(plan: &LayeredGraph<'_>, mut placed: Placed) -> Layout {
    let nodes: Vec<NodeLayout> = nodes(plan, &placed);
    let mut edges: Vec<EdgeLayout> = plan
        .graph
        .edges
        .iter()
        .enumerate()
        .filter(|(at, _)| plan.lengths.get(*at).is_none_or(|length| length.is_seen))
        .map(|(at, edge)| {
            arrow(plan, &nodes, edge, (at, placed.routes.remove(&at).unwrap_or_default()))
        })
        .collect();
    let mut subgraphs = borders(plan, &placed);
    let mut nodes = nodes;
    let mut state_notes = notes(plan, &placed);
    let extent = extent(&edges).map_or(placed.extent(), |edges| placed.extent().with(edges));
    let (x, y) = ((MARGIN - extent.x) as f32, (MARGIN - extent.y) as f32);
    for node in &mut nodes {
        (node.x, node.y) = (node.x + x, node.y + y);
    }
    for group in &mut subgraphs {
        (group.x, group.y) = (group.x + x, group.y + y);
    }
    for note in &mut state_notes {
        (note.x, note.y) = (note.x + x, note.y + y);
    }
    for edge in &mut edges {
        let anchors =
            [&mut edge.label_anchor, &mut edge.start_label_anchor, &mut edge.end_label_anchor];
        for place in edge.points.iter_mut().chain(anchors.into_iter().flatten()) {
            *place = (place.0 + x, place.1 + y);
        }
    }
    Layout {
        kind: plan.graph.kind,
        nodes: nodes.into_iter().map(|node| (node.id.clone(), node)).collect(),
        edges,
        subgraphs,
        width: (extent.width + 2.0 * MARGIN) as f32,
        height: (extent.height + 2.0 * MARGIN) as f32,
        diagram: DiagramData::Graph { state_notes },
    }
}

fn nodes(plan: &LayeredGraph<'_>, placed: &Placed) -> Vec<NodeLayout> {
    let areas = placed.areas.iter().filter_map(|(thing, area)| match thing {
        Thing::Node(node) => Some((plan.groups.name(*node), area)),
        Thing::Group(_) => None,
    });
    areas
        .filter_map(|(name, area)| {
            let node = plan.measured.nodes.get(name)?.clone();
            Some(NodeLayout { x: area.x as f32, y: area.y as f32, ..node })
        })
        .collect()
}

/// The borders of groups, outer ones first.
fn borders(plan: &LayeredGraph<'_>, placed: &Placed) -> Vec<SubgraphLayout> {
    let nothing = || TextBlock { lines: Vec::new(), width: 0.0, height: 0.0 };
    let mut borders = Vec::new();
    for (at, group) in plan.graph.subgraphs.iter().enumerate() {
        let Some(area) = placed.areas.get(&Thing::Group(at)) else { continue };
        let style = group.id.as_ref().and_then(|id| plan.graph.subgraph_styles.get(id));
        borders.push(SubgraphLayout {
            label: group.label.clone(),
            label_block: plan.measured.title(at).cloned().unwrap_or_else(nothing),
            nodes: group.nodes.clone(),
            x: area.x as f32,
            y: area.y as f32,
            width: area.width as f32,
            height: area.height as f32,
            style: style.cloned().unwrap_or_default(),
            icon: group.icon.clone(),
        });
    }
    // The largest is drawn first, so that it covers none that lies in it.
    borders.sort_by(|one, other| (other.width * other.height).total_cmp(&(one.width * one.height)));
    borders
}

fn notes(plan: &LayeredGraph<'_>, placed: &Placed) -> Vec<StateNoteLayout> {
    let notes = plan.measured.notes.iter().enumerate();
    notes
        .filter_map(|(at, note)| {
            let area = placed.notes.get(&at)?;
            Some(StateNoteLayout { x: area.x as f32, y: area.y as f32, ..note.clone() })
        })
        .collect()
}

fn arrow(
    plan: &LayeredGraph<'_>,
    nodes: &[NodeLayout],
    edge: &Edge,
    (at, route): (usize, Route),
) -> EdgeLayout {
    let mut points = route.points;
    let node = |name: &str| nodes.iter().find(|node| node.id == name);
    end_at(&mut points, node(&edge.to));
    points.reverse();
    end_at(&mut points, node(&edge.from));
    shorten(&mut points, start_inset(plan.graph.kind, edge));
    points.reverse();
    shorten(&mut points, end_inset(plan.graph.kind, edge));
    let anchor = |point: Point| (point.x as f32, point.y as f32);
    let mut backwards = points.clone();
    backwards.reverse();
    let style = plan.graph.edge_styles.get(&at).or(plan.graph.edge_style_default.as_ref());
    EdgeLayout {
        from: edge.from.clone(),
        to: edge.to.clone(),
        label: plan.measured.label(at).cloned(),
        start_label: plan.measured.start(at).cloned(),
        end_label: plan.measured.end(at).cloned(),
        label_anchor: route.label.map(anchor),
        start_label_anchor: beside_beginning(&points, plan.measured.start(at)).map(anchor),
        end_label_anchor: beside_beginning(&backwards, plan.measured.end(at)).map(anchor),
        points: points.into_iter().map(anchor).collect(),
        directed: edge.directed,
        arrow_start: edge.arrow_start,
        arrow_end: edge.arrow_end,
        arrow_start_kind: edge.arrow_start_kind,
        arrow_end_kind: edge.arrow_end_kind,
        start_decoration: edge.start_decoration,
        end_decoration: edge.end_decoration,
        style: edge.style,
        override_style: style.cloned().unwrap_or_else(EdgeStyleOverride::default),
    }
}

/// Lets a line end at the shape of a node instead of at its box.
fn end_at(points: &mut [Point], node: Option<&NodeLayout>) {
    let (Some(node), [.., before, last]) = (node, points) else { return };
    *last = border(node, before);
}

/// Where the line from a point to the middle of a node meets its shape.
fn border(node: &NodeLayout, from: &Point) -> Point {
    let (width, height) = (f64::from(node.width), f64::from(node.height));
    let (x, y) = (f64::from(node.x), f64::from(node.y));
    let center = Point::new(x + width / 2.0, y + height / 2.0);
    let corners = |shares: &[(f64, f64)]| {
        let corners: Vec<Point> = shares
            .iter()
            .map(|(across, along)| Point::new(x + width * across, y + height * along))
            .collect();
        intersect_polygon(&corners, &center, from)
    };
    match node.shape {
        NodeShape::Circle | NodeShape::DoubleCircle => {
            let radius = width.min(height) / 2.0;
            intersect_ellipse(center.x, center.y, radius, radius, from)
        }
        NodeShape::Diamond => corners(&[(0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)]),
        NodeShape::Hexagon => {
            corners(&[(0.25, 0.0), (0.75, 0.0), (1.0, 0.5), (0.75, 1.0), (0.25, 1.0), (0.0, 0.5)])
        }
        NodeShape::Parallelogram => corners(&[(0.18, 0.0), (1.0, 0.0), (0.82, 1.0), (0.0, 1.0)]),
        NodeShape::ParallelogramAlt => corners(&[(0.0, 0.0), (0.82, 0.0), (1.0, 1.0), (0.18, 1.0)]),
        NodeShape::Trapezoid => corners(&[(0.18, 0.0), (0.82, 0.0), (1.0, 1.0), (0.0, 1.0)]),
        NodeShape::TrapezoidAlt => corners(&[(0.0, 0.0), (1.0, 0.0), (0.82, 1.0), (0.18, 1.0)]),
        NodeShape::Asymmetric => {
            corners(&[(0.0, 0.0), (0.78, 0.0), (1.0, 0.5), (0.78, 1.0), (0.0, 1.0)])
        }
        _ => intersect_rect(center.x, center.y, width, height, from),
    }
}

/// How far a line stops before its end, for the mark that is drawn there.
fn end_inset(kind: DiagramKind, edge: &Edge) -> f64 {
    inset(kind, edge.arrow_end, edge.arrow_end_kind, edge.end_decoration)
}

fn start_inset(kind: DiagramKind, edge: &Edge) -> f64 {
    inset(kind, edge.arrow_start, edge.arrow_start_kind, edge.start_decoration)
}

fn inset(
    kind: DiagramKind,
    has_arrow: bool,
    arrow: Option<EdgeArrowhead>,
    decoration: Option<EdgeDecoration>,
) -> f64 {
    match decoration {
        Some(EdgeDecoration::Circle | EdgeDecoration::Cross) => 6.0,
        Some(_) if kind == DiagramKind::Er => 12.0,
        _ if has_arrow => arrowhead_inset(kind, arrow).into(),
        _ => 0.0,
    }
}

/// Takes a length off the end of a line, if its last part is longer.
fn shorten(points: &mut [Point], by: f64) {
    let [.., before, last] = points else { return };
    let (x, y) = (last.x - before.x, last.y - before.y);
    let length = x.hypot(y);
    if by > 0.0 && length > by {
        *last = Point::new(last.x - x * by / length, last.y - y * by / length);
    }
}

/// The place of a text at the beginning of a line: where it does not cover the line.
fn beside_beginning(points: &[Point], text: Option<&TextBlock>) -> Option<Point> {
    let ([first, second, ..], Some(text)) = (points, text) else { return None };
    let (x, y) = (second.x - first.x, second.y - first.y);
    let length = x.hypot(y).max(1.0);
    let (x, y) = (x / length, y / length);
    let reach = |x: f64, y: f64| {
        f64::midpoint(x.abs() * f64::from(text.width), y.abs() * f64::from(text.height))
    };
    let (along, beside) = END_LABEL;
    let (along, beside) = (along + reach(x, y) / 2.0, beside + reach(y, x));
    Some(Point::new(first.x + x * along - y * beside, first.y + y * along + x * beside))
}

/// The smallest box that holds all arrows and the texts on them.
fn extent(edges: &[EdgeLayout]) -> Option<Area> {
    let points = edges.iter().flat_map(|edge| &edge.points);
    let points = points.map(|(x, y)| Area { x: (*x).into(), y: (*y).into(), ..Area::default() });
    let texts = edges.iter().flat_map(|edge| {
        [
            (edge.label.as_ref(), edge.label_anchor),
            (edge.start_label.as_ref(), edge.start_label_anchor),
            (edge.end_label.as_ref(), edge.end_label_anchor),
        ]
    });
    let areas = texts.filter_map(|(text, anchor)| {
        let (text, (x, y)) = (text?, anchor?);
        let (width, height) = (f64::from(text.width), f64::from(text.height));
        Some(Area { x: f64::from(x) - width / 2.0, y: f64::from(y) - height / 2.0, width, height })
    });
    areas.chain(points).reduce(Area::with)
}

//! The nodes, arrows and groups of a graph, placed in layers.
//!
//! The library that draws also lays out, and its search for good routes takes seconds where arrows are many. Here a
//! library of its own puts nodes into layers, in time that grows with their number; what is drawn, and how large each
//! text is, stays with the library that draws.

use std::collections::BTreeMap;

use dagre::layout::intersect::intersect_rect;
use dagre::layout::layout;
use dagre::layout::types::LabelPos;
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, Point, RankDir};
use mermaid_rs_renderer::Graph;
use mermaid_rs_renderer::ir::{DiagramKind, Direction, StateNotePosition};
use mermaid_rs_renderer::layout::TextBlock;

use super::flowchart::ArrowLength;
use super::groups::{Groups, Thing};
use super::measured::Measured;
use super::reach::{Arrow, Layers, within_reach};

/// Between the things of a layer, and between layers.
const GAP: f64 = 50.0;

/// Around the text on an arrow.
const LABEL_PADDING: f64 = 6.0;

/// Between a group's border and what is in it.
const GROUP_PADDING: f64 = 20.0;

/// Between a state and its notes.
const NOTE_GAP: f64 = 14.0;

/// A box: where its upper left corner is, and its size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Area {
    fn around(center_x: f64, center_y: f64, width: f64, height: f64) -> Area {
        Area { x: center_x - width / 2.0, y: center_y - height / 2.0, width, height }
    }

    pub(super) fn center(&self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    fn moved(self, x: f64, y: f64) -> Area {
        Area { x: self.x + x, y: self.y + y, ..self }
    }

    /// The smallest box that holds both.
    pub(super) fn with(self, other: Area) -> Area {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let right = (self.x + self.width).max(other.x + other.width);
        let bottom = (self.y + self.height).max(other.y + other.height);
        Area { x, y, width: right - x, height: bottom - y }
    }

    fn grown(self, by: f64) -> Area {
        Area {
            x: self.x - by,
            y: self.y - by,
            width: self.width + 2.0 * by,
            height: self.height + 2.0 * by,
        }
    }

    fn holds(&self, point: &Point) -> bool {
        (self.x..=self.x + self.width).contains(&point.x)
            && (self.y..=self.y + self.height).contains(&point.y)
    }
}

/// How an arrow runs, and where the text on it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Route {
    pub(super) points: Vec<Point>,
    pub(super) label: Option<Point>,
}

/// Where everything is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Placed {
    pub(super) areas: BTreeMap<Thing, Area>,
    /// The routes of arrows by their place among those of the graph.
    pub(super) routes: BTreeMap<usize, Route>,
    /// The notes of a state diagram by their place among the graph's.
    pub(super) notes: BTreeMap<usize, Area>,
}

/// A graph, with what was found out about it.
pub(super) struct LayeredGraph<'g> {
    pub(super) graph: &'g Graph,
    /// Of each arrow how long it is, as far as the source can say.
    pub(super) lengths: &'g [ArrowLength],
    pub(super) groups: &'g Groups,
    pub(super) measured: &'g Measured,
    pub(super) font_size: f64,
}

/// Places the nodes, groups, notes and arrows of a graph.
pub(super) fn layered(plan: &LayeredGraph<'_>) -> Placed {
    plan.level(None, plan.graph.direction)
}

/// What is laid out at once: a group that no arrow enters, or everything.
struct LayoutLevel {
    layers: Layers,
    /// What stands for each thing of the level: itself, or the group that is laid out apart and holds it.
    leaves: Vec<Thing>,
    /// Groups whose things are among the leaves, each with its own.
    open: Vec<usize>,
    /// Groups that are laid out apart.
    apart: BTreeMap<usize, Placed>,
}

impl LayoutLevel {
    /// Only groups of the level are parents in it.
    fn set_parent(&mut self, thing: Thing, parent: Option<usize>) {
        if let Some(group) = parent.filter(|group| self.open.contains(group)) {
            self.layers.set_parent(&thing.key(), Some(&Thing::Group(group).key()));
        }
    }
}

impl LayeredGraph<'_> {
    /// Places all that is in a group, or everything, from the origin on.
    fn level(&self, root: Option<usize>, direction: Direction) -> Placed {
        let options =
            dagre::graph::GraphOptions { directed: true, multigraph: true, compound: true };
        let mut level = LayoutLevel {
            layers: Layers::with_options(options),
            leaves: Vec::new(),
            open: Vec::new(),
            apart: BTreeMap::new(),
        };
        self.fill(&mut level, root, direction);
        let arrows = self.arrows(&mut level, root);
        let (arrows, straight) = within_reach(&mut level.layers, arrows);
        let rankdir = match direction {
            Direction::TopDown => RankDir::TB,
            Direction::BottomTop => RankDir::BT,
            Direction::LeftRight => RankDir::LR,
            Direction::RightLeft => RankDir::RL,
        };
        let options =
            LayoutOptions { rankdir, nodesep: GAP, ranksep: GAP, ..LayoutOptions::default() };
        layout(&mut level.layers, Some(options));
        let mut placed = self.areas(level.leaves, &level.layers, level.apart);
        self.borders(&level.open, &level.layers, &mut placed);
        for (at, from, to) in arrows {
            let label = level.layers.edge(&from.key(), &to.key(), Some(&at.to_string()));
            let route = label.map(|label| self.route(at, label, &placed)).unwrap_or_default();
            placed.routes.insert(at, route);
        }
        for (at, from, to) in straight {
            if let Some(route) = placed.straight(from, to) {
                placed.routes.insert(at, route);
            }
        }
        placed
    }

    /// Takes in the things of a group, and of the groups in it that arrows enter.
    fn fill(&self, level: &mut LayoutLevel, root: Option<usize>, direction: Direction) {
        for thing in self.groups.inside(root) {
            let size = match thing {
                Thing::Node(node) => self.node_size(node),
                Thing::Group(group) if self.groups.is_empty(group) => self.empty_size(group),
                Thing::Group(group) if self.groups.stands_apart(group) => {
                    let placed = self.level(Some(group), self.own_direction(group, direction));
                    let size = self.apart_size(group, &placed);
                    level.apart.insert(group, placed);
                    size
                }
                Thing::Group(group) => {
                    level.open.push(group);
                    level.layers.set_node(thing.key(), Some(NodeLabel::default()));
                    level.set_parent(thing, root);
                    self.fill(level, Some(group), direction);
                    continue;
                }
            };
            let label = NodeLabel { width: size.0, height: size.1, ..NodeLabel::default() };
            level.layers.set_node(thing.key(), Some(label));
            level.leaves.push(thing);
            level.set_parent(thing, root);
        }
    }

    /// As Mermaid has it, a flowchart's group that stands apart runs across, unless it says how.
    fn own_direction(&self, group: usize, outer: Direction) -> Direction {
        let across = match outer {
            Direction::TopDown | Direction::BottomTop => Direction::LeftRight,
            Direction::LeftRight | Direction::RightLeft => Direction::TopDown,
        };
        let usual = if self.graph.kind == DiagramKind::Flowchart { across } else { outer };
        self.graph.subgraphs[group].direction.unwrap_or(usual)
    }

    /// The arrows of a level, each with what it leads from and to there.
    fn arrows(&self, level: &mut LayoutLevel, root: Option<usize>) -> Vec<Arrow> {
        let mut arrows = Vec::new();
        for (at, ends) in self.groups.arrows().iter().enumerate() {
            let Some((from, to)) = *ends else { continue };
            if self.groups.level_of(from, to) != root {
                continue;
            }
            let from = self.groups.leaf(from, root, self.groups.tails());
            let to = self.groups.leaf(to, root, self.groups.heads());
            let (Some(from), Some(to)) = (from, to) else { continue };
            let size = self.label_size(at);
            let label = EdgeLabel {
                width: size.0,
                height: size.1,
                labelpos: LabelPos::Center,
                minlen: self.lengths.get(at).map_or(1, |length| length.layers.into()),
                ..EdgeLabel::default()
            };
            level.layers.set_edge(from.key(), to.key(), Some(label), Some(&at.to_string()));
            arrows.push((at, from, to));
        }
        arrows
    }

    /// The room for all text on an arrow; what stands at its ends stands before and behind what is in the middle.
    fn label_size(&self, at: usize) -> (f64, f64) {
        let size = |text: Option<&TextBlock>| {
            text.map_or((0.0, 0.0), |text| (f64::from(text.width), f64::from(text.height)))
        };
        let middle = size(self.measured.label(at));
        let ends = [self.measured.start(at), self.measured.end(at)].map(size);
        let most = |of: fn((f64, f64)) -> f64| ends.map(of).into_iter().fold(0.0, f64::max);
        let (wide, high) = (most(|size| size.0), most(|size| size.1));
        let padding = if middle.0 > 0.0 { 2.0 * LABEL_PADDING } else { 0.0 };
        let (width, height) = (middle.0 + padding, middle.1 + padding);
        if runs_across(self.graph.direction) {
            (width + 2.0 * wide, height.max(2.0 * high))
        } else {
            (width.max(2.0 * wide), height + 2.0 * high)
        }
    }

    /// A node with its notes on both sides, so that it stays in the middle.
    fn node_size(&self, node: usize) -> (f64, f64) {
        let name = self.groups.name(node);
        let (width, height) = self.measured.node(name);
        let notes = self.notes(name);
        if notes.is_empty() {
            return (width, height);
        }
        let across = runs_across(self.graph.direction);
        let side = |side: StateNotePosition| {
            let notes = notes.iter().filter(move |(_, other, ..)| *other == side);
            let sizes = notes.map(
                |(.., width, height)| if across { (*width, *height) } else { (*height, *width) },
            );
            sizes.fold((0.0, 0.0_f64), |(row, deep), (long, short)| {
                (row + long + NOTE_GAP, deep.max(short + NOTE_GAP))
            })
        };
        let (one, other) = (side(StateNotePosition::LeftOf), side(StateNotePosition::RightOf));
        let (row, deep) = (one.0.max(other.0) - NOTE_GAP, 2.0 * one.1.max(other.1));
        if across { (width.max(row), height + deep) } else { (width + deep, height.max(row)) }
    }

    /// The notes at a state: their places among all, their sides and sizes.
    fn notes(&self, name: &str) -> Vec<(usize, StateNotePosition, f64, f64)> {
        let notes =
            self.graph.state_notes.iter().enumerate().filter(|(_, note)| note.target == name);
        notes
            .map(|(at, note)| {
                let (width, height) = self.measured.note(at);
                (at, note.position, width, height)
            })
            .collect()
    }

    /// The height of what stands above the things of a group.
    fn head(&self, group: usize) -> f64 {
        match self.measured.title(group) {
            Some(title) if self.graph.kind == DiagramKind::State => {
                let height = f64::from(title.height);
                (height + self.font_size * 0.75).max(self.font_size * 1.4) + GROUP_PADDING
            }
            Some(title) => f64::from(title.height) + 12.0 + GROUP_PADDING / 2.0,
            None if self.groups.is_region(group) => 0.0,
            None => GROUP_PADDING,
        }
    }

    fn padding(&self, group: usize) -> f64 {
        if self.groups.is_region(group) { 0.0 } else { GROUP_PADDING }
    }

    /// The least width of a group that shows its title.
    fn title_width(&self, group: usize) -> f64 {
        self.measured.title(group).map_or(0.0, |title| f64::from(title.width) + 2.0 * GROUP_PADDING)
    }

    fn empty_size(&self, group: usize) -> (f64, f64) {
        (self.title_width(group).max(2.0 * GROUP_PADDING), self.head(group) + GROUP_PADDING)
    }

    fn apart_size(&self, group: usize, placed: &Placed) -> (f64, f64) {
        let inner = placed.extent();
        let width = inner.width + 2.0 * self.padding(group);
        (width.max(self.title_width(group)), inner.height + self.head(group) + self.padding(group))
    }

    /// Where the leaves of a level are, and all that is in them.
    fn areas(
        &self,
        leaves: Vec<Thing>,
        layers: &Layers,
        mut apart: BTreeMap<usize, Placed>,
    ) -> Placed {
        let mut placed = Placed::default();
        for leaf in leaves {
            let Some(node) = layers.node(&leaf.key()) else { continue };
            let (x, y) = (node.x.unwrap_or_default(), node.y.unwrap_or_default());
            let area = Area::around(x, y, node.width, node.height);
            match leaf {
                Thing::Node(node) => self.place_node(node, area, &mut placed),
                Thing::Group(group) => {
                    placed.areas.insert(leaf, area);
                    if let Some(inner) = apart.remove(&group) {
                        let extent = inner.extent();
                        let x = area.center().x - extent.width / 2.0 - extent.x;
                        let y = area.y + self.head(group) - extent.y;
                        placed.take(inner, x, y);
                    }
                }
            }
        }
        placed
    }

    fn place_node(&self, node: usize, area: Area, placed: &mut Placed) {
        let name = self.groups.name(node);
        let (width, height) = self.measured.node(name);
        let center = area.center();
        let own = Area::around(center.x, center.y, width, height);
        placed.areas.insert(Thing::Node(node), own);
        // Notes are beside a state where arrows run down, and above and below it where they run across.
        let across = runs_across(self.graph.direction);
        let begin = if across { area.x } else { area.y };
        let (mut left, mut right) = (begin, begin);
        for (at, side, width, height) in self.notes(name) {
            let (before, next) = match side {
                StateNotePosition::LeftOf => (true, &mut left),
                StateNotePosition::RightOf => (false, &mut right),
            };
            let (x, y) = match (across, before) {
                (true, true) => (*next, own.y - NOTE_GAP - height),
                (true, false) => (*next, own.y + own.height + NOTE_GAP),
                (false, true) => (own.x - NOTE_GAP - width, *next),
                (false, false) => (own.x + own.width + NOTE_GAP, *next),
            };
            placed.notes.insert(at, Area { x, y, width, height });
            *next += NOTE_GAP + if across { width } else { height };
        }
    }

    /// The borders of the open groups, the innermost first: round all that is in them, with room for their titles.
    fn borders(&self, open: &[usize], layers: &Layers, placed: &mut Placed) {
        for group in open.iter().rev() {
            let thing = Thing::Group(*group);
            let inside = self.groups.inside(Some(*group));
            let areas = inside.iter().filter_map(|thing| placed.areas.get(thing).copied());
            let Some(content) = areas.reduce(Area::with) else { continue };
            let padding = self.padding(*group);
            let around = content.grown(padding);
            let head = self.head(*group);
            let around =
                Area { y: content.y - head, height: content.height + head + padding, ..around };
            let border = layers
                .node(&thing.key())
                .and_then(|node| Some(Area::around(node.x?, node.y?, node.width, node.height)));
            let area = border.map_or(around, |border| border.with(around));
            let wider = (self.title_width(*group) - area.width).max(0.0);
            let area = Area { x: area.x - wider / 2.0, width: area.width + wider, ..area };
            placed.areas.insert(thing, area);
        }
    }

    /// A route as it was found, cut off at the border of a group where it leads to one as a whole.
    fn route(&self, at: usize, label: &EdgeLabel, placed: &Placed) -> Route {
        let mut points = label.points.clone();
        if let Some((from, to)) = self.groups.arrows()[at] {
            if let Some(area) = self.cut_at(from, to, placed) {
                points.reverse();
                cut(&mut points, area);
                points.reverse();
            }
            if let Some(area) = self.cut_at(to, from, placed) {
                cut(&mut points, area);
            }
        }
        let has_label = self.measured.label(at).is_some();
        let label = label.x.zip(label.y).filter(|_| has_label);
        Route { points, label: label.map(|(x, y)| Point::new(x, y)) }
    }

    /// The border that an arrow to a group ends at, unless it comes from inside.
    fn cut_at(&self, end: Thing, other: Thing, placed: &Placed) -> Option<Area> {
        let Thing::Group(group) = end else { return None };
        if self.groups.is_in(other, group) { None } else { placed.areas.get(&end).copied() }
    }
}

impl Placed {
    /// The smallest box that holds everything.
    pub(super) fn extent(&self) -> Area {
        let points = self.routes.values().flat_map(|route| &route.points);
        let points = points.map(|point| Area { x: point.x, y: point.y, ..Area::default() });
        let areas = self.areas.values().chain(self.notes.values()).copied();
        areas.chain(points).reduce(Area::with).unwrap_or_default()
    }

    /// The straight line between the middles of two things.
    fn straight(&self, from: Thing, to: Thing) -> Option<Route> {
        let (from, to) = (self.areas.get(&from)?, self.areas.get(&to)?);
        let (begin, end) = (from.center(), to.center());
        let middle = Point::new(f64::midpoint(begin.x, end.x), f64::midpoint(begin.y, end.y));
        let first = intersect_rect(begin.x, begin.y, from.width, from.height, &end);
        let last = intersect_rect(end.x, end.y, to.width, to.height, &begin);
        Some(Route { points: vec![first, middle.clone(), last], label: Some(middle) })
    }

    /// Takes over all of another, moved.
    fn take(&mut self, inner: Placed, x: f64, y: f64) {
        self.areas.extend(inner.areas.into_iter().map(|(thing, area)| (thing, area.moved(x, y))));
        self.notes.extend(inner.notes.into_iter().map(|(at, area)| (at, area.moved(x, y))));
        let moved = |point: Point| Point::new(point.x + x, point.y + y);
        self.routes.extend(inner.routes.into_iter().map(|(at, route)| {
            let points = route.points.into_iter().map(moved).collect();
            (at, Route { points, label: route.label.map(moved) })
        }));
    }
}

fn runs_across(direction: Direction) -> bool {
    matches!(direction, Direction::LeftRight | Direction::RightLeft)
}

/// Ends a line where it enters a box.
fn cut(points: &mut Vec<Point>, area: Area) {
    let Some(inside) = points.iter().position(|point| area.holds(point)) else { return };
    let Some(outside) = inside.checked_sub(1) else { return };
    let (from, to) = (points[outside].clone(), points[inside].clone());
    let share = |from: f64, to: f64, low: f64, high: f64| {
        let border = if from < low { low } else { high };
        if (low..=high).contains(&from) { 0.0 } else { (border - from) / (to - from) }
    };
    let across = share(from.x, to.x, area.x, area.x + area.width);
    let along = share(from.y, to.y, area.y, area.y + area.height);
    let share = across.max(along);
    points.truncate(inside);
    points.push(Point::new(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share));
}

#[cfg(test)]
mod tests {
    use mermaid_rs_renderer::{LayoutConfig, Theme};
    use proptest::prelude::*;

    use super::{Area, LayeredGraph, Placed, Point, Thing, layered};
    use crate::diagram::flowchart::flowchart;
    use crate::diagram::groups::Groups;
    use crate::diagram::measured::Measured;

    fn placed(source: &str) -> (Placed, Groups) {
        let chart = flowchart(source).expect(source);
        let (theme, config) = (Theme::mermaid_default(), LayoutConfig::default());
        let measured = Measured::of(&chart.graph, &theme, &config);
        let groups = Groups::of(&chart.graph);
        let plan = LayeredGraph {
            graph: &chart.graph,
            lengths: &chart.lengths,
            groups: &groups,
            measured: &measured,
            font_size: 16.0,
        };
        (layered(&plan), groups)
    }

    fn overlap(one: &Area, other: &Area) -> bool {
        let apart = one.x + one.width <= other.x || other.x + other.width <= one.x;
        !(apart || one.y + one.height <= other.y || other.y + other.height <= one.y)
    }

    fn is_on_border(area: Area, point: &Point) -> bool {
        area.grown(0.1).holds(point) && !area.grown(-0.1).holds(point)
    }

    /// Every node stands alone and inside its groups, and every arrow has a way.
    fn check(source: &str) -> Placed {
        let (placed, groups) = placed(source);
        let nodes: Vec<(&Thing, &Area)> =
            placed.areas.iter().filter(|(thing, _)| matches!(thing, Thing::Node(_))).collect();
        for (at, (thing, area)) in nodes.iter().enumerate() {
            for (other, beside) in &nodes[at + 1..] {
                assert!(!overlap(area, beside), "{thing:?} covers {other:?} in {source}");
            }
            for (group, border) in &placed.areas {
                let Thing::Group(group) = group else { continue };
                let inside = area.with(*border) == *border;
                assert!(
                    inside || !groups.is_in(**thing, *group),
                    "{thing:?} leaves {group} in {source}"
                );
            }
        }
        assert_eq!(placed.routes.len(), groups.arrows().len(), "{source}");
        assert!(placed.routes.values().all(|route| route.points.len() > 1), "{source}");
        placed
    }

    #[test]
    fn arrows_run_the_way_that_the_source_says() {
        for (way, is_right) in [
            ("TB", (|from, to| from.y < to.y) as fn(Area, Area) -> bool),
            ("BT", |from, to| from.y > to.y),
            ("LR", |from, to| from.x < to.x),
            ("RL", |from, to| from.x > to.x),
        ] {
            let placed = check(&format!("flowchart {way}\nA --> B"));
            let area = |node| placed.areas[&Thing::Node(node)];
            assert!(is_right(area(0), area(1)), "{way}");
        }
    }

    #[test]
    fn arrows_to_groups_end_at_their_borders() {
        let source = "flowchart TB\nsubgraph one\n A --> B\nend\nsubgraph two\n C\nend\none --> two\nX --> B\nX --> two\none --> A";
        let placed = check(source);
        let (one, two) = (placed.areas[&Thing::Group(0)], placed.areas[&Thing::Group(1)]);
        let end = placed.routes[&1].points.last().expect("a way");
        assert!(is_on_border(two, end), "{end:?} {two:?}");
        let begin = &placed.routes[&1].points[0];
        assert!(is_on_border(one, begin), "{begin:?} {one:?}");
    }

    #[test]
    fn arrows_over_very_many_layers_are_drawn_straight() {
        let arrow = |from: usize, to: usize| format!("n{from} --> n{to}");
        let chain = (0..150).map(|at| arrow(at, at + 1)).collect::<Vec<_>>().join("\n");
        let back = (0..150).map(|at| arrow(at, 150 - at)).collect::<Vec<_>>().join("\n");
        let placed = check(&format!("flowchart TB\n{chain}\n{back}"));
        let most = placed.routes.values().map(|route| route.points.len()).max();
        assert_eq!(placed.routes[&150].points.len(), 3, "{most:?}");
        assert!(placed.routes.values().map(|route| route.points.len()).sum::<usize>() < 5_000);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

        #[test]
        fn three_and_thirty_nodes_stand_apart_however_they_are_joined(
            arrows in prop::collection::vec((0_usize..30, 0_usize..30, 0_usize..9), 1..60),
            way in prop::sample::select(&["TB", "BT", "LR", "RL"][..]),
        ) {
            let mut source = format!("flowchart {way}\n");
            for (from, to, group) in arrows {
                let arrow = format!("n{from} -- why --> n{to}\n");
                source.push_str(&match group {
                    0..4 => format!("subgraph g{group}\n{arrow}end\n"),
                    4 => format!("n{from} --> g0\n"),
                    5 => format!("subgraph o\nsubgraph p\ndirection LR\n{arrow}end\nend\n"),
                    _ => arrow,
                });
            }
            if flowchart(&source).is_ok() {
                let first = check(&source);
                prop_assert_eq!(first, check(&source));
            }
        }
    }
}

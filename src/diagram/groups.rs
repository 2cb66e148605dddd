//! What stands in what: the nodes and groups of a graph as a tree, and which of them arrows join.

use std::collections::{BTreeMap, BTreeSet};

use mermaid_rs_renderer::Graph;
use mermaid_rs_renderer::ir::Subgraph;

/// A node or a group, by its place among those of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Node(usize),
    Group(usize),
}

impl Thing {
    /// A name that no other thing has.
    pub(super) fn key(self) -> String {
        match self {
            Thing::Node(node) => format!("n{node}"),
            Thing::Group(group) => format!("g{group}"),
        }
    }
}

/// The tree of a graph.
pub(super) struct Groups {
    /// The nodes in the order in which the source names them; those that stand for a group are not among them.
    names: Vec<String>,
    /// The group that each thing stands in.
    parents: BTreeMap<Thing, usize>,
    /// What each group holds itself; what nothing holds, last.
    inside: Vec<Vec<Thing>>,
    /// What arrows join; nothing where an end is missing.
    arrows: Vec<Option<(Thing, Thing)>>,
    regions: Vec<bool>,
    /// Groups that no arrow enters or leaves.
    apart: Vec<bool>,
    /// Of each group, the node that arrows lead to, and the one that they lead from, where they join the group.
    heads: Vec<Option<Thing>>,
    tails: Vec<Option<Thing>>,
}

impl Groups {
    pub(super) fn of(graph: &Graph) -> Groups {
        let group_names = group_names(graph);
        let mut names: Vec<&String> =
            graph.nodes.keys().filter(|name| !group_names.contains_key(name.as_str())).collect();
        names.sort_by_key(|name| graph.node_order.get(*name));
        let mut things: BTreeMap<&str, Thing> = BTreeMap::new();
        things.extend(names.iter().enumerate().map(|(at, name)| (name.as_str(), Thing::Node(at))));
        things.extend(group_names.iter().map(|(name, group)| (*name, Thing::Group(*group))));
        let parents = parents(graph, &things);
        let count = graph.subgraphs.len();
        let mut inside = vec![Vec::new(); count + 1];
        let nodes = (0..names.len()).map(Thing::Node);
        for thing in (0..count).map(Thing::Group).chain(nodes) {
            inside[parents.get(&thing).copied().unwrap_or(count)].push(thing);
        }
        let end = |name: &str| things.get(name).copied();
        let arrows = graph.edges.iter().map(|edge| end(&edge.from).zip(end(&edge.to))).collect();
        let names = names.into_iter().cloned().collect();
        let regions = graph.subgraphs.iter().map(is_region).collect();
        let (apart, heads, tails) = (vec![true; count], Vec::new(), Vec::new());
        let mut groups = Groups { names, parents, inside, arrows, regions, apart, heads, tails };
        groups.join();
        groups
    }

    /// Finds out what arrows do to groups.
    fn join(&mut self) {
        for (from, to) in self.arrows.iter().flatten() {
            let (outer, other) = (self.around(*from), self.around(*to));
            for group in outer.iter().filter(|group| !other.contains(group)) {
                self.apart[*group] = false;
            }
            for group in other.iter().filter(|group| !outer.contains(group)) {
                self.apart[*group] = false;
            }
        }
        // A group that holds one which is no level of its own is none either where arrows enter through it; arrows say so.
        let mut entered: BTreeSet<(usize, Thing)> = BTreeSet::new();
        let mut left: BTreeSet<(usize, Thing)> = BTreeSet::new();
        for (from, to) in self.arrows.iter().flatten() {
            let shared = self.around(*from).into_iter().filter(|group| self.is_in(*to, *group));
            for group in shared {
                left.insert((group, *from));
                entered.insert((group, *to));
            }
        }
        let count = self.regions.len();
        self.heads = (0..count).map(|group| self.end_in(group, &entered, false)).collect();
        self.tails = (0..count).map(|group| self.end_in(group, &left, true)).collect();
    }

    /// The first node in a group, or the last, that no arrow of the group joins on that side.
    fn end_in(&self, group: usize, joined: &BTreeSet<(usize, Thing)>, last: bool) -> Option<Thing> {
        let mut nodes = self.leaves(group);
        if last {
            nodes.reverse();
        }
        let free = nodes.iter().find(|node| !joined.contains(&(group, **node)));
        free.or(nodes.first()).copied()
    }

    /// The nodes and empty groups in a group, at any depth.
    fn leaves(&self, group: usize) -> Vec<Thing> {
        let mut leaves = Vec::new();
        for thing in &self.inside[group] {
            match thing {
                Thing::Group(inner) if !self.is_empty(*inner) => leaves.extend(self.leaves(*inner)),
                leaf => leaves.push(*leaf),
            }
        }
        leaves
    }

    /// The groups that a thing stands in, the innermost first.
    fn around(&self, thing: Thing) -> Vec<usize> {
        let parent = |group: &usize| self.parents.get(&Thing::Group(*group)).copied();
        std::iter::successors(self.parents.get(&thing).copied(), parent).collect()
    }

    /// The name of a node.
    pub(super) fn name(&self, node: usize) -> &str {
        &self.names[node]
    }

    /// What a group holds itself; without one, what no group holds.
    pub(super) fn inside(&self, group: Option<usize>) -> Vec<Thing> {
        self.inside[group.unwrap_or(self.regions.len())].clone()
    }

    pub(super) fn is_empty(&self, group: usize) -> bool {
        self.inside[group].is_empty()
    }

    /// Whether a group is a part of a state beside others, which shows no border.
    pub(super) fn is_region(&self, group: usize) -> bool {
        self.regions[group]
    }

    /// Whether no arrow joins what is in a group with anything outside of it.
    pub(super) fn stands_apart(&self, group: usize) -> bool {
        self.apart[group]
    }

    /// Whether a thing stands in a group, at any depth.
    pub(super) fn is_in(&self, thing: Thing, group: usize) -> bool {
        self.around(thing).contains(&group)
    }

    /// What each arrow joins.
    pub(super) fn arrows(&self) -> &[Option<(Thing, Thing)>] {
        &self.arrows
    }

    pub(super) fn heads(&self) -> &[Option<Thing>] {
        &self.heads
    }

    pub(super) fn tails(&self) -> &[Option<Thing>] {
        &self.tails
    }

    /// The group that is laid out apart and holds both ends of an arrow.
    pub(super) fn level_of(&self, from: Thing, to: Thing) -> Option<usize> {
        let both = self.around(from).into_iter().filter(|group| self.is_in(to, *group));
        both.into_iter().find(|group| self.apart[*group])
    }

    /// What stands for the end of an arrow in the layers of a level.
    pub(super) fn leaf(
        &self,
        end: Thing,
        level: Option<usize>,
        ends: &[Option<Thing>],
    ) -> Option<Thing> {
        let end = match end {
            Thing::Group(group) if !self.is_empty(group) && !self.apart[group] => ends[group]?,
            end => end,
        };
        let outer = self.around(end);
        let below = outer.iter().take_while(|group| Some(**group) != level);
        let apart = below.filter(|group| self.apart[**group]).last();
        Some(apart.map_or(end, |group| Thing::Group(*group)))
    }
}

/// A part of a state beside others, as the library marks it.
fn is_region(group: &Subgraph) -> bool {
    group.label.trim().is_empty() && group.id.as_ref().is_some_and(|id| id.starts_with("__region_"))
}

/// The names by which arrows lead to groups: their ids, or else their titles.
fn group_names(graph: &Graph) -> BTreeMap<&str, usize> {
    let mut names = BTreeMap::new();
    for (at, group) in graph.subgraphs.iter().enumerate() {
        let names_itself = |name: &&str| {
            graph.nodes.contains_key(*name) && !group.nodes.iter().any(|node| node == name)
        };
        let id = group.id.as_deref().filter(names_itself);
        if let Some(name) = id.or_else(|| Some(group.label.as_str()).filter(names_itself)) {
            names.entry(name).or_insert(at);
        }
    }
    names
}

/// The innermost group that holds each thing. The library lists a node with every group that is open around it.
fn parents(graph: &Graph, things: &BTreeMap<&str, Thing>) -> BTreeMap<Thing, usize> {
    let members: Vec<BTreeSet<&str>> = graph
        .subgraphs
        .iter()
        .map(|group| group.nodes.iter().map(String::as_str).collect())
        .collect();
    // The smallest first; of two that hold the same the inner one, which the source opens last.
    let mut by_size: Vec<usize> = (0..members.len()).collect();
    by_size.sort_by_key(|group| (members[*group].len(), usize::MAX - group));
    let mut parents = BTreeMap::new();
    for (rank, group) in by_size.iter().enumerate() {
        let thing = Thing::Group(*group);
        let outer = by_size[rank + 1..].iter().find(|outer| {
            !members[*group].is_empty() && members[*group].is_subset(&members[**outer])
        });
        parents.extend(outer.map(|outer| (thing, *outer)));
    }
    for group in &by_size {
        for name in &members[*group] {
            let Some(thing) = things.get(name) else { continue };
            let closes =
                |outer: usize| Thing::Group(outer) == *thing || is_above(&parents, *thing, outer);
            if !closes(*group) {
                parents.entry(*thing).or_insert(*group);
            }
        }
    }
    parents
}

/// Whether a thing holds a group, at any depth.
fn is_above(parents: &BTreeMap<Thing, usize>, thing: Thing, group: usize) -> bool {
    let mut outer = parents.get(&Thing::Group(group));
    while let Some(group) = outer {
        if Thing::Group(*group) == thing {
            return true;
        }
        outer = parents.get(&Thing::Group(*group));
    }
    false
}

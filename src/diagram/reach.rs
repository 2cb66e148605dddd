//! Which arrows are laid out, and which lead over too many layers.

use std::collections::{BTreeMap, BTreeSet};

use dagre::{EdgeLabel, NodeLabel};

use super::groups::Thing;

/// The most places that arrows take in layers between those of their ends.
const MOST_PLACES: usize = 1000;

/// What is put into layers.
pub(super) type Layers = dagre::graph::Graph<NodeLabel, EdgeLabel>;

/// An arrow by its place among the graph's, with what it leads from and to.
pub(super) type Arrow = (usize, Thing, Thing);

/// The arrows that are laid out, and those that are drawn straight, over what stands between.
///
/// An arrow over many layers takes a place in each of them, and time that grows faster than their number. So the
/// longest are left out where they would take too many.
pub(super) fn within_reach(layers: &mut Layers, arrows: Vec<Arrow>) -> (Vec<Arrow>, Vec<Arrow>) {
    let depths = depths(layers);
    let span = |(_, from, to): &Arrow| {
        let depth = |thing: &Thing| depths.get(&thing.key()).copied().unwrap_or_default();
        depth(from).abs_diff(depth(to))
    };
    let mut by_span: Vec<Arrow> = arrows.clone();
    by_span.sort_by_key(span);
    let mut places = 0;
    let kept = by_span.iter().take_while(|arrow| {
        places += span(arrow);
        places <= MOST_PLACES
    });
    let kept = kept.count();
    let left_out: BTreeSet<usize> = by_span[kept..].iter().map(|(at, ..)| *at).collect();
    let (straight, arrows): (Vec<Arrow>, Vec<Arrow>) =
        arrows.into_iter().partition(|(at, ..)| left_out.contains(at));
    for (at, from, to) in &straight {
        layers.remove_edge(&from.key(), &to.key(), Some(&at.to_string()));
    }
    (arrows, straight)
}

/// How many layers above each thing the arrows ask for, round trips apart.
fn depths(layers: &Layers) -> BTreeMap<String, usize> {
    let mut depths: BTreeMap<String, usize> = BTreeMap::new();
    let mut begun: BTreeSet<String> = BTreeSet::new();
    for node in layers.nodes() {
        if !begun.insert(node.clone()) {
            continue;
        }
        // The things on the way, each with what it leads to and how many of those were seen.
        let below = layers.successors(&node).unwrap_or_default();
        let mut way = vec![(node, below, 0)];
        while let Some((node, below, seen)) = way.last_mut() {
            if let Some(next) = below.get(*seen) {
                *seen += 1;
                if begun.insert(next.clone()) {
                    let after = layers.successors(next).unwrap_or_default();
                    let next = next.clone();
                    way.push((next, after, 0));
                }
                continue;
            }
            let deepest = below.iter().filter_map(|to| depths.get(to)).max();
            depths.insert(node.clone(), deepest.map_or(0, |depth| depth + 1));
            way.pop();
        }
    }
    depths
}

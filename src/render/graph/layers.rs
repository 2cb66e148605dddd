//! Which boxes of a drawing stand in one layer, and in which order.

use std::collections::{BTreeMap, BTreeSet};

/// The edges that close no cycle, found by walking from each box in order.
pub(super) fn without_back_edges(
    count: usize,
    edges: &[(usize, usize)],
) -> BTreeSet<(usize, usize)> {
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
pub(super) fn ordered_layers(count: usize, edges: &BTreeSet<(usize, usize)>) -> Vec<Vec<usize>> {
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

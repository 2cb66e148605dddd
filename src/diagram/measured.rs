//! How large the texts and nodes of a graph are, as the library that draws them measures.

use std::collections::{BTreeMap, HashMap};

use mermaid_rs_renderer::ir::{DiagramKind, NodeShape};
use mermaid_rs_renderer::layout::DiagramData;
use mermaid_rs_renderer::layout::{NodeLayout, StateNoteLayout, TextBlock};
use mermaid_rs_renderer::{Graph, LayoutConfig, Theme, compute_layout};

/// The sizes of a graph's parts, and their texts broken into lines.
pub(super) struct Measured {
    /// The nodes, as they will be drawn.
    pub(super) nodes: BTreeMap<String, NodeLayout>,
    /// The notes of a state diagram.
    pub(super) notes: Vec<StateNoteLayout>,
    texts: HashMap<LooseText, TextBlock>,
}

/// A text that belongs to no node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum LooseText {
    Arrow(usize),
    Start(usize),
    End(usize),
    Title(usize),
}

impl Measured {
    pub(super) fn of(graph: &Graph, theme: &Theme, config: &LayoutConfig) -> Measured {
        // Without arrows and groups nothing is searched for: the library measures, and puts things side by side.
        let mut bare = graph.clone();
        bare.edges.clear();
        bare.subgraphs.clear();
        let layout = compute_layout(&bare, theme, config);
        let notes = match layout.diagram {
            DiagramData::Graph { state_notes } => state_notes,
            _ => Vec::new(),
        };
        Measured { nodes: layout.nodes, notes, texts: texts(graph, theme, config) }
    }

    /// The width and height of a node.
    pub(super) fn node(&self, name: &str) -> (f64, f64) {
        let node = self.nodes.get(name);
        node.map_or((0.0, 0.0), |node| (node.width.into(), node.height.into()))
    }

    /// The width and height of a note.
    pub(super) fn note(&self, at: usize) -> (f64, f64) {
        let note = self.notes.get(at);
        note.map_or((0.0, 0.0), |note| (note.width.into(), note.height.into()))
    }

    /// The text on an arrow.
    pub(super) fn label(&self, at: usize) -> Option<&TextBlock> {
        self.texts.get(&LooseText::Arrow(at))
    }

    /// The text at the beginning of an arrow.
    pub(super) fn start(&self, at: usize) -> Option<&TextBlock> {
        self.texts.get(&LooseText::Start(at))
    }

    /// The text at the end of an arrow.
    pub(super) fn end(&self, at: usize) -> Option<&TextBlock> {
        self.texts.get(&LooseText::End(at))
    }

    /// The title of a group.
    pub(super) fn title(&self, group: usize) -> Option<&TextBlock> {
        self.texts.get(&LooseText::Title(group))
    }
}

/// Measures each text as that of a node.
fn texts(graph: &Graph, theme: &Theme, config: &LayoutConfig) -> HashMap<LooseText, TextBlock> {
    let arrows = graph.edges.iter().enumerate().flat_map(|(at, edge)| {
        [
            (LooseText::Arrow(at), edge.label.as_ref()),
            (LooseText::Start(at), edge.start_label.as_ref()),
            (LooseText::End(at), edge.end_label.as_ref()),
        ]
    });
    let titles = graph.subgraphs.iter().enumerate();
    let titles = titles.map(|(at, group)| (LooseText::Title(at), Some(&group.label)));
    let wanted: Vec<(LooseText, &String)> = arrows
        .chain(titles)
        .filter_map(|(text, said)| Some((text, said.filter(|said| !said.trim().is_empty())?)))
        .collect();
    if wanted.is_empty() {
        return HashMap::new();
    }
    let mut bare = Graph::new();
    bare.kind = DiagramKind::Flowchart;
    for (at, (_, said)) in wanted.iter().enumerate() {
        bare.ensure_node(&at.to_string(), Some((*said).clone()), Some(NodeShape::Rectangle));
    }
    let mut nodes = compute_layout(&bare, theme, config).nodes;
    let block = |at: usize| nodes.remove(&at.to_string()).map(|node| node.label);
    let blocks: Vec<Option<TextBlock>> = (0..wanted.len()).map(block).collect();
    wanted.iter().zip(blocks).filter_map(|((text, _), block)| Some((*text, block?))).collect()
}

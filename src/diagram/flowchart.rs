//! A flowchart's source becomes its graph, by Mermaid's own grammar.
//!
//! The library that draws guesses at lines, and takes `kube-apiserver` for two nodes with an arrow. Here a statement
//! is read sign by sign: labels and arrows may run over lines, names may hold dashes, and what the grammar forbids is
//! named with its line. Colors, classes and links of nodes are read over: pictures show none.

use std::collections::{BTreeMap, BTreeSet};

use mermaid_rs_renderer::ir::{Edge, EdgeStyle, NodeShape, Subgraph};
use mermaid_rs_renderer::{DiagramKind, Direction, Graph};

use super::drawn::{MOST_ARROWS, MOST_GROUPS};
use super::label::plain;
use super::shaft::{ArrowHead, Shaft};
use cursor::{Cursor, first_word};
use shape::{SHAPES, named_shape};

mod cursor;
mod shape;

/// A graph as it was read.
pub(super) struct Flowchart {
    pub(super) graph: Graph,
    /// How many layers each arrow spans at least, by its place among those of the graph; nothing for one that only
    /// keeps its ends apart and is not drawn.
    pub(super) lengths: Vec<ArrowLength>,
}

/// How long an arrow is, and whether it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ArrowLength {
    pub(super) layers: u8,
    pub(super) is_seen: bool,
}

/// What cannot be read, and whether Mermaid's grammar forbids it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnreadChart {
    pub(super) line: usize,
    pub(super) message: String,
    pub(super) is_invalid: bool,
}

/// Statements that name nothing which is drawn.
const READ_OVER: &[&str] = &["accTitle", "class", "classDef", "click", "linkStyle", "style"];

/// Reads a flowchart.
pub(super) fn flowchart(source: &str) -> Result<Flowchart, UnreadChart> {
    let mut reader = ChartReader::of(source);
    reader.header();
    while reader.cursor.skip_blank() {
        reader.statement()?;
    }
    reader.finish()
}

struct ChartReader<'s> {
    cursor: Cursor<'s>,
    chart: Flowchart,
    /// The groups that are open, with the line that each begins in.
    open: Vec<(usize, usize)>,
    /// The group of each thing that a closed group names.
    groups: BTreeMap<String, usize>,
    /// The group around each group.
    outer: Vec<Option<usize>>,
    /// What each group names.
    named: Vec<Vec<String>>,
    /// The names of arrows.
    links: BTreeSet<&'s str>,
}

impl<'s> ChartReader<'s> {
    fn of(source: &'s str) -> ChartReader<'s> {
        let mut graph = Graph::new();
        graph.kind = DiagramKind::Flowchart;
        let chart = Flowchart { graph, lengths: Vec::new() };
        let (open, groups) = (Vec::new(), BTreeMap::new());
        let (outer, named, links) = (Vec::new(), Vec::new(), BTreeSet::new());
        ChartReader { cursor: Cursor { source, at: 0 }, chart, open, groups, outer, named, links }
    }

    fn invalid<T>(&self, at: usize, message: String) -> Result<T, UnreadChart> {
        Err(UnreadChart { line: self.cursor.line_at(at), message, is_invalid: true })
    }

    /// The settings between `---` at the top, comments, and the line that says what kind of diagram it is.
    fn header(&mut self) {
        self.cursor.take_while(char::is_whitespace);
        if self.cursor.rest().starts_with("---") {
            self.cursor.skip_line();
            while !self.cursor.rest().is_empty() {
                self.cursor.take("\n");
                if self.cursor.skip_line().trim() == "---" {
                    break;
                }
            }
        }
        self.cursor.skip_blank();
        self.cursor.take_while(|sign| !sign.is_whitespace() && sign != ';');
        self.cursor.skip_spaces();
        let way = self.cursor.take_while(|sign| !sign.is_whitespace() && sign != ';');
        self.chart.graph.direction = direction(way).unwrap_or(Direction::TopDown);
    }

    fn statement(&mut self) -> Result<(), UnreadChart> {
        let word = first_word(self.cursor.rest());
        match word {
            "subgraph" => return self.begin_group(),
            "end" => return self.end_group(),
            "direction" => self.direction(),
            "accDescr" => self.description(),
            "title"
                if self.cursor.rest()["title".len()..]
                    .trim_start()
                    .starts_with(char::is_alphanumeric) =>
            {
                self.cursor.skip_line();
            }
            _ if READ_OVER.contains(&word) => drop(self.cursor.skip_line()),
            _ => return self.chain(),
        }
        Ok(())
    }

    fn direction(&mut self) {
        self.cursor.at += "direction".len();
        self.cursor.skip_spaces();
        let way = direction(self.cursor.take_while(|sign| !sign.is_whitespace() && sign != ';'));
        let groups = &mut self.chart.graph.subgraphs;
        match (self.open.last(), way) {
            (Some((group, _)), way) => groups[*group].direction = way,
            (None, Some(way)) => self.chart.graph.direction = way,
            (None, None) => {}
        }
    }

    /// A description of one line, or of several between braces.
    fn description(&mut self) {
        let line = self.cursor.rest().lines().next().unwrap_or_default();
        if line.trim_start_matches("accDescr").trim_start().starts_with('{') {
            self.cursor.take_while(|sign| sign != '}');
            self.cursor.take("}");
        } else {
            self.cursor.skip_line();
        }
    }

    fn begin_group(&mut self) -> Result<(), UnreadChart> {
        if self.named.len() >= MOST_GROUPS {
            let message = format!("it has more than {MOST_GROUPS} groups");
            return Err(UnreadChart { line: 1, message, is_invalid: false });
        }
        let line = self.cursor.line_at(self.cursor.at);
        self.cursor.at += "subgraph".len();
        let rest = self.cursor.rest();
        let end = end_of_title(rest);
        self.cursor.at += end;
        let (id, title) = group_names(rest[..end].trim());
        let group = self.chart.graph.subgraphs.len();
        self.chart.graph.subgraphs.push(Subgraph {
            id,
            label: title,
            nodes: Vec::new(),
            direction: None,
            icon: None,
        });
        self.outer.push(self.open.last().map(|(outer, _)| *outer));
        self.named.push(Vec::new());
        self.open.push((group, line));
        Ok(())
    }

    /// What a group names is its own, unless a group that closed before has it.
    fn end_group(&mut self) -> Result<(), UnreadChart> {
        let Some((group, _)) = self.open.pop() else {
            return self.invalid(self.cursor.at, "`end` without a `subgraph` before it".to_owned());
        };
        self.cursor.at += "end".len();
        for name in std::mem::take(&mut self.named[group]) {
            self.groups.entry(name).or_insert(group);
        }
        Ok(())
    }

    /// Nodes, and what arrows lead from one to the next.
    fn chain(&mut self) -> Result<(), UnreadChart> {
        let begin = self.cursor.at;
        let mut from = self.nodes()?;
        loop {
            let before = self.cursor.at;
            self.cursor.skip_blank_lines();
            let Some(link) = self.link()? else {
                self.cursor.at = before;
                break;
            };
            let shown = self.cursor.source[begin..self.cursor.at].trim_end();
            self.cursor.skip_blank_lines();
            if !self.cursor.begins_node() {
                let last = shown.split_whitespace().rev().take(2).collect::<Vec<_>>();
                let last = last.into_iter().rev().collect::<Vec<_>>().join(" ");
                let at = begin + shown.len();
                return self.invalid(at, format!("the arrow of `{last}` leads nowhere"));
            }
            let to = self.nodes()?;
            self.join(&from, &to, &link)?;
            from = to;
        }
        self.cursor.skip_spaces();
        match self.cursor.peek() {
            None | Some('\n' | ';') => Ok(()),
            Some(_) if self.cursor.rest().starts_with("%%") => Ok(()),
            Some(_) => {
                let shown = self.cursor.rest().lines().next().unwrap_or_default().trim();
                let (line, is_invalid) = (self.cursor.line_at(self.cursor.at), false);
                Err(UnreadChart {
                    line,
                    message: format!("`{shown}` is not understood"),
                    is_invalid,
                })
            }
        }
    }

    fn join(
        &mut self,
        from: &[String],
        to: &[String],
        link: &ChartLink,
    ) -> Result<(), UnreadChart> {
        for (from, to) in from.iter().flat_map(|from| to.iter().map(move |to| (from, to))) {
            if self.chart.graph.edges.len() >= MOST_ARROWS {
                let message = format!("it has more than {MOST_ARROWS} arrows");
                return Err(UnreadChart { line: 1, message, is_invalid: false });
            }
            let (begin, end) = (link.begin, link.end);
            self.chart.graph.edges.push(Edge {
                from: from.clone(),
                to: to.clone(),
                label: link.label.clone(),
                start_label: None,
                end_label: None,
                directed: begin == Some(ArrowHead::Arrow) || end == Some(ArrowHead::Arrow),
                arrow_start: begin == Some(ArrowHead::Arrow),
                arrow_end: end == Some(ArrowHead::Arrow),
                arrow_start_kind: None,
                arrow_end_kind: None,
                start_decoration: begin.and_then(ArrowHead::decoration),
                end_decoration: end.and_then(ArrowHead::decoration),
                style: link.style,
            });
            self.chart.lengths.push(link.length);
        }
        Ok(())
    }

    /// Nodes that `&` joins.
    fn nodes(&mut self) -> Result<Vec<String>, UnreadChart> {
        let mut nodes = vec![self.node()?];
        loop {
            let before = self.cursor.at;
            self.cursor.skip_blank_lines();
            if !self.cursor.take("&") {
                self.cursor.at = before;
                return Ok(nodes);
            }
            self.cursor.skip_blank_lines();
            nodes.push(self.node()?);
        }
    }

    fn node(&mut self) -> Result<String, UnreadChart> {
        let begin = self.cursor.at;
        let name = self.cursor.name();
        if name.is_empty() {
            let shown = self.cursor.rest().lines().next().unwrap_or_default().trim();
            let (line, is_invalid) = (self.cursor.line_at(begin), false);
            return Err(UnreadChart {
                line,
                message: format!("`{shown}` is not understood"),
                is_invalid,
            });
        }
        if name == "end" {
            return self
                .invalid(begin, "`end` closes a group and names no node; write `End`".to_owned());
        }
        let (label, shape) = self.shape(begin)?.unzip();
        if self.links.contains(name) && shape.is_some() {
            return Ok(name.to_owned());
        }
        let graph = &mut self.chart.graph;
        graph.ensure_node(name, label, shape);
        if let Some((group, _)) = self.open.last() {
            self.named[*group].push(name.to_owned());
        }
        while self.cursor.take(":::") {
            self.cursor.take_while(|sign| sign.is_alphanumeric() || "_-".contains(sign));
        }
        Ok(name.to_owned())
    }

    /// The label of a node and the shape that its brackets stand for.
    fn shape(&mut self, begin: usize) -> Result<Option<(String, NodeShape)>, UnreadChart> {
        if self.cursor.rest().starts_with("@{") {
            return self.settings(begin).map(Some);
        }
        let rest = self.cursor.rest();
        let Some((opens, closers)) = SHAPES.iter().find(|(opens, _)| rest.starts_with(opens))
        else {
            return Ok(None);
        };
        self.cursor.at += opens.len();
        let text = self.cursor.text(&closers.iter().map(|(closes, _)| *closes).collect::<Vec<_>>());
        let Some((text, closer)) = text else {
            let name = &self.cursor.source[begin..self.cursor.at];
            return self.invalid(begin, format!("the label of `{name}` is never closed"));
        };
        let label = plain(text);
        // `[/etc]` is no shape of its own: the stroke belongs to the text.
        let is_stroke = *opens == "[/" && closers[closer].0 == "]";
        let label = if is_stroke { format!("/{label}") } else { label };
        Ok(Some((label, closers[closer].1)))
    }

    /// `@{ shape: cyl, label: "x" }`.
    fn settings(&mut self, begin: usize) -> Result<(String, NodeShape), UnreadChart> {
        let name = &self.cursor.source[begin..self.cursor.at];
        self.cursor.at += "@{".len();
        let Some((text, _)) = self.cursor.text(&["}"]) else {
            return self.invalid(begin, format!("the settings of `{name}` are never closed"));
        };
        let node = self.chart.graph.nodes.get(name);
        let mut label = node.map_or_else(|| name.to_owned(), |node| node.label.clone());
        let mut shape = node.map_or(NodeShape::Rectangle, |node| node.shape);
        for (key, value) in settings(text) {
            match key {
                "label" => label = plain(value),
                "shape" => shape = named_shape(value),
                _ => {}
            }
        }
        Ok((label, shape))
    }

    /// An arrow, with the text on it.
    fn link(&mut self) -> Result<Option<ChartLink>, UnreadChart> {
        let begin = self.cursor.at;
        self.link_id();
        let Some(shaft) = Shaft::at_beginning(self.cursor.rest()) else {
            self.cursor.at = begin;
            return Ok(None);
        };
        let (mut shaft, mut label) = (shaft, None);
        self.cursor.at += shaft.size;
        if shaft.awaits_text {
            let rest = self.cursor.rest();
            let Some((text, end)) = shaft.text(rest) else {
                let shown = self.cursor.source[begin..].lines().next().unwrap_or_default().trim();
                return self.invalid(begin, format!("the arrow of `{shown}` leads nowhere"));
            };
            label = Some(plain(text)).filter(|label| !label.is_empty());
            self.cursor.at += text.len() + end.size;
            shaft = Shaft { begin: shaft.begin, ..end };
        }
        let after = self.cursor.at;
        self.cursor.skip_spaces();
        if self.cursor.take("|") {
            let Some((text, _)) = self.cursor.text(&["|"]) else {
                return self.invalid(begin, "the text between `|` is never closed".to_owned());
            };
            label = Some(plain(text)).filter(|label| !label.is_empty());
        } else {
            self.cursor.at = after;
        }
        let length = ArrowLength { layers: shaft.layers, is_seen: shaft.is_seen };
        Ok(Some(ChartLink {
            label,
            begin: shaft.begin,
            end: shaft.end,
            style: shaft.style,
            length,
        }))
    }

    /// The name of an arrow: `e1@-->`.
    fn link_id(&mut self) {
        let rest = self.cursor.rest();
        let name = rest.len()
            - rest.trim_start_matches(|sign: char| sign.is_alphanumeric() || sign == '_').len();
        if name > 0 && rest[name..].starts_with('@') && Shaft::begins(&rest[name + 1..]) {
            self.links.insert(&rest[..name]);
            self.cursor.at += name + 1;
        }
    }

    fn finish(mut self) -> Result<Flowchart, UnreadChart> {
        if let Some((group, line)) = self.open.pop() {
            let title = &self.chart.graph.subgraphs[group].label;
            let message = format!("`subgraph {title}` is never closed with `end`");
            return Err(UnreadChart { line, message, is_invalid: true });
        }
        for (name, group) in &self.groups {
            let mut next = Some(*group);
            while let Some(group) = next {
                let group_named = &mut self.chart.graph.subgraphs[group];
                if group_named.id.as_ref() != Some(name) {
                    group_named.nodes.push(name.clone());
                }
                next = self.outer[group];
            }
        }
        Ok(self.chart)
    }
}

fn direction(text: &str) -> Option<Direction> {
    match text {
        ">" => Some(Direction::LeftRight),
        "<" => Some(Direction::RightLeft),
        "^" => Some(Direction::BottomTop),
        "v" => Some(Direction::TopDown),
        _ => Direction::from_token(text),
    }
}

/// Where the title of a group ends: at the end of the line outside brackets and quotation marks.
fn end_of_title(text: &str) -> usize {
    let (mut quoted, mut depth) = (false, 0_usize);
    for (at, sign) in text.char_indices() {
        match sign {
            '"' => quoted = !quoted,
            '\n' | ';' if depth == 0 && !quoted => return at,
            _ if quoted => {}
            '[' | '(' | '{' => depth += 1,
            ']' | ')' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    text.find('\n').unwrap_or(text.len())
}

/// The id of a group and its title: `id [title]`, `id`, or words.
fn group_names(text: &str) -> (Option<String>, String) {
    let text = text.split(":::").next().unwrap_or_default().trim();
    if let Some((id, title)) =
        text.split_once('[').and_then(|(id, title)| Some((id, title.strip_suffix(']')?)))
    {
        let id = Some(id.trim().to_owned()).filter(|id| !id.is_empty());
        return (id, plain(title));
    }
    let title = plain(text);
    let is_name = !text.contains('"') && !text.contains(char::is_whitespace) && !text.is_empty();
    (is_name.then(|| text.to_owned()), title)
}

/// `key: value` between commas or line ends.
fn settings(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut quoted = false;
    let parts = text.split(move |sign| {
        quoted ^= sign == '"';
        !quoted && matches!(sign, ',' | '\n')
    });
    parts.filter_map(|part| part.split_once(':')).map(|(key, value)| (key.trim(), value.trim()))
}

/// An arrow as it was read.
struct ChartLink {
    label: Option<String>,
    begin: Option<ArrowHead>,
    end: Option<ArrowHead>,
    style: EdgeStyle,
    length: ArrowLength,
}

#[cfg(test)]
mod tests {
    use mermaid_rs_renderer::ir::NodeShape;

    use super::{UnreadChart, flowchart};

    /// Nodes, arrows and groups, a line each.
    fn shown(source: &str) -> String {
        let chart = flowchart(source).unwrap_or_else(|unread| panic!("{unread:?}: {source}"));
        let graph = &chart.graph;
        let mut names: Vec<&String> = graph.nodes.keys().collect();
        names.sort_by_key(|name| graph.node_order[*name]);
        let nodes = names.iter().map(|name| {
            let label = &graph.nodes[*name].label;
            if label == *name { (*name).clone() } else { format!("{name}={label}") }
        });
        let arrows = graph.edges.iter().zip(&chart.lengths).map(|(edge, length)| {
            let label = edge.label.as_ref().map_or_else(String::new, |label| format!("|{label}|"));
            let mark = |arrow: bool, decorated: bool| match (arrow, decorated) {
                (true, _) => ">",
                (_, true) => "o",
                _ => "",
            };
            let begin = mark(edge.arrow_start, edge.start_decoration.is_some());
            let end = mark(edge.arrow_end, edge.end_decoration.is_some());
            let seen = if length.is_seen { "-" } else { "~" };
            let line = seen.repeat(length.layers.into());
            format!("{}{begin}{line}{label}{end}{}", edge.from, edge.to)
        });
        let groups = graph.subgraphs.iter().map(|group| {
            let id = group.id.as_deref().unwrap_or_default();
            format!("{id}[{}]({})", group.label, group.nodes.join(" "))
        });
        let parts = [nodes.collect::<Vec<_>>(), arrows.collect(), groups.collect()];
        parts.map(|part| part.join(", ")).join("; ")
    }

    fn check(statements: &str, expected: &str) {
        assert_eq!(shown(&format!("flowchart LR\n{statements}\n")), expected, "{statements}");
    }

    #[test]
    fn names_may_hold_what_mermaid_admits() {
        check("kube-apiserver --> a.b_c/d", "kube-apiserver, a.b_c/d; kube-apiserver->a.b_c/d; ");
        check("begin --> End\nEnd --> END", "begin, End, END; begin->End, End->END; ");
        check("größe-->日本", "größe, 日本; größe->日本; ");
        check(
            "endpoint-->subgraph-x-->style-y",
            "endpoint, subgraph-x, style-y; endpoint->subgraph-x, subgraph-x->style-y; ",
        );
    }

    #[test]
    fn arrows_are_read_in_every_spelling() {
        check("A-->B---C", "A, B, C; A->B, B-C; ");
        check("A <--> B o--o C x--x D", "A, B, C, D; A>->B, Bo-oC, Co-oD; ");
        check("A ==> B -.-> C -.- D ~~~ E", "A, B, C, D, E; A->B, B->C, C-D, D~E; ");
        check("A ----> B -..-> C ==== D", "A, B, C, D; A--->B, B-->C, C--D; ");
        check("A -- yes, really --> B", "A, B; A-|yes, really|>B; ");
        check("A -- \"a --> b\" --> B", "A, B; A-|a --> b|>B; ");
        check(
            "A-->|no|B -. maybe .-> C == sure ==> D",
            "A, B, C, D; A-|no|>B, B-|maybe|>C, C-|sure|>D; ",
        );
        check("A & B --> C & D", "A, B, C, D; A->C, A->D, B->C, B->D; ");
        check("A e1@--> B\ne1@{ animate: true }", "A, B; A->B; ");
    }

    #[test]
    fn labels_and_arrows_may_run_over_lines() {
        check("A[\"Three\n  lines\n here\"] --> B", "A=Three<br/>lines<br/>here, B; A->B; ");
        check("A\n --> B\n%% why\n-->|x| C -.->\nD", "A, B, C, D; A->B, B-|x|>C, C->D; ");
        check("A --\nwhy\n--> B\nC", "A, B, C; A-|why|>B; ");
        check("A@{\n shape: cyl,\n label: \"x, y\"\n} --> B", "A=x, y, B; A->B; ");
    }

    #[test]
    fn brackets_say_the_shape() {
        for (label, shape) in [
            ("[x]", NodeShape::Rectangle),
            ("(x)", NodeShape::RoundRect),
            ("([x])", NodeShape::Stadium),
            ("[[x]]", NodeShape::Subroutine),
            ("[(x)]", NodeShape::Cylinder),
            ("((x))", NodeShape::Circle),
            ("(((x)))", NodeShape::DoubleCircle),
            ("{x}", NodeShape::Diamond),
            ("{{x}}", NodeShape::Hexagon),
            ("[/x/]", NodeShape::Parallelogram),
            ("[\\x\\]", NodeShape::ParallelogramAlt),
            ("[/x\\]", NodeShape::Trapezoid),
            ("[\\x/]", NodeShape::TrapezoidAlt),
            (">x]", NodeShape::Asymmetric),
            ("@{ shape: decision, label: x }", NodeShape::Diamond),
        ] {
            let graph = flowchart(&format!("graph TD; A{label}:::hot;")).expect(label).graph;
            assert_eq!(
                (graph.nodes["A"].label.as_str(), graph.nodes["A"].shape),
                ("x", shape),
                "{label}"
            );
        }
        check("A[/etc/hosts]", "A=/etc/hosts; ; ");
        check("A[call(x) in [y]]", "A=call(x) in [y]; ; ");
    }

    #[test]
    fn groups_hold_what_they_name_first() {
        check(
            "subgraph one [The one]\n direction TB\n A --> B\n subgraph two\n  C\n end\nend\nsubgraph Some words\n B --> D\nend\nE --> one",
            "A, B, C, D, E, one; A->B, B->D, E->one; one[The one](A B C), two[two](C), [Some words](D)",
        );
        check("subgraph a; subgraph b; X; end; end; Y --> X", "X, Y; Y->X; a[a](X), b[b](X)");
    }

    #[test]
    fn what_is_not_drawn_is_read_over() {
        check(
            "%%{init: {\n}}%%\naccTitle: x\naccDescr {\n a --> b\n}\nclassDef hot fill:#f00;\nstyle A fill:#f9f\nA\nclass A hot\n\
             click A \"https://x.example\"\nlinkStyle 0 stroke:red",
            "A; ; ",
        );
        assert_eq!(shown("---\ntitle: A --> B\n---\ngraph TD\nA"), "A; ; ");
    }

    fn refused(statements: &str, line: usize, message: &str, is_invalid: bool) {
        let unread = UnreadChart { line, message: message.to_owned(), is_invalid };
        let found = flowchart(&format!("flowchart LR\n{statements}\n")).map(|chart| chart.lengths);
        assert_eq!(found, Err(unread), "{statements}");
    }

    #[test]
    fn what_the_grammar_forbids_is_named_where_it_stands() {
        refused("A --> B\nB -->", 3, "the arrow of `B -->` leads nowhere", true);
        refused(
            "subgraph a\nsubgraph b\nX\nend",
            2,
            "`subgraph a` is never closed with `end`",
            true,
        );
        refused("A\nend", 3, "`end` without a `subgraph` before it", true);
        refused("subgraph a\nA -->\nend", 3, "the arrow of `A -->` leads nowhere", true);
        refused("A[x\nB", 2, "the label of `A[` is never closed", true);
        refused("A -- x", 2, "the arrow of `-- x` leads nowhere", true);
        refused("A ] B", 2, "`] B` is not understood", false);
    }
}

//! A Mermaid diagram's source in, an SVG picture out, at build time and without a browser.
//!
//! A library reads most kinds and draws all. Flowcharts are read here, and graphs are laid out in layers, since the
//! library guesses at the one and takes seconds for the other. What it draws is not trusted: labels are authors' text, and a page admits neither
//! inline style nor script. So every element and attribute passes an allow-list, and colors become classes that
//! the style sheet fills in for light and dark (`f-*` for fills, `s-*` for strokes). Colors that authors choose are
//! not kept: they cannot know on which ground the picture is seen.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};

use mermaid_rs_renderer::{
    DiagramKind, Graph, Layout, LayoutConfig, Theme, compute_layout, parse_mermaid, render_svg,
};

use crate::memo::Distinct;

use clean::clean;
use drawn::{CLASSES, Drawn, GROUND, MOST_ARROWS, MOST_GROUPS, kind};
use flowchart::{ArrowLength, Flowchart, UnreadChart, flowchart};
use groups::Groups;
use laid_out::laid_out;
use layered::{LayeredGraph, layered};
use measured::Measured;

pub(crate) use drawn::ID_PREFIX;

mod clean;
mod drawn;
mod flowchart;
mod groups;
mod label;
mod laid_out;
mod layered;
mod measured;
mod reach;
mod shaft;

/// The longest source that is drawn; layout takes more than proportional time.
const LONGEST: usize = 50_000;

/// Why a diagram could not be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiagramError {
    /// The line of the source, from 1.
    pub line: usize,
    /// What is wrong there: lower case, no full stop.
    pub message: String,
    /// Whether Mermaid's own grammar forbids it; otherwise the drawing is at its limits, not the author.
    pub is_invalid: bool,
}

/// What was drawn since the program began: a page edited elsewhere, and the page after its check, draw nothing again.
static DRAWN: LazyLock<Distinct<Result<String, DiagramError>>> = LazyLock::new(Distinct::default);

/// Draws a diagram as an `<svg>` element, each source once.
///
/// The error says why there is none: the source is not Mermaid, or not of a kind or size that can be drawn.
pub fn diagram(source: &str) -> Arc<Result<String, DiagramError>> {
    DRAWN.get_or_make(source, picture)
}

fn picture(source: &str) -> Result<String, DiagramError> {
    if source.len() > LONGEST {
        return Err(beyond(1, format!("it is longer than {LONGEST} bytes")));
    }
    if !KINDS.contains(&kind(source)) {
        return Err(unknown_kind(source));
    }
    // The library indexes and slices authors' text freely; a slip of its own must cost one picture, not the build.
    match catch_unwind(AssertUnwindSafe(|| draw(source))) {
        Ok(drawn) => drawn.map(|drawn| clean(&drawn, source)),
        Err(_) => Err(beyond(1, "the layout of it fails".to_owned())),
    }
}

fn beyond(line: usize, message: String) -> DiagramError {
    DiagramError { line, message, is_invalid: false }
}

/// The words with which Mermaid's diagrams begin.
const KINDS: &[&str] = &[
    "C4Component", "C4Container", "C4Context", "C4Deployment", "C4Dynamic", "architecture",
    "architecture-beta", "block", "block-beta", "classDiagram", "classDiagram-v2", "erDiagram",
    "flowchart", "flowchart-elk", "gantt", "gitGraph", "gitGraph:", "graph", "info", "journey",
    "kanban", "mindmap", "packet", "packet-beta", "pie", "quadrantChart", "radar-beta",
    "requirement", "requirementDiagram", "sankey", "sankey-beta", "sequenceDiagram",
    "stateDiagram", "stateDiagram-v2", "timeline", "treemap", "treemap-beta", "xychart",
    "xychart-beta", "zenuml",
];

fn is_flowchart(source: &str) -> bool {
    matches!(kind(source), "graph" | "flowchart" | "flowchart-elk")
}

fn unknown_kind(source: &str) -> DiagramError {
    let first = source.lines().position(|line| !line.trim().is_empty()).unwrap_or_default();
    let message = format!("`{}` is no kind of diagram", kind(source));
    DiagramError { line: first + 1, message, is_invalid: true }
}

fn draw(source: &str) -> Result<Drawn, DiagramError> {
    let (mut graph, lengths) = read(source)?;
    if graph.edges.len() > MOST_ARROWS {
        return Err(beyond(1, format!("it has more than {MOST_ARROWS} arrows")));
    }
    if graph.subgraphs.len() > MOST_GROUPS {
        return Err(beyond(1, format!("it has more than {MOST_GROUPS} groups")));
    }
    let mut spacers = Vec::new();
    for (at, edge) in graph.edges.iter_mut().enumerate() {
        if edge.label.as_deref() == Some(SPACER) {
            edge.label = None;
            spacers.push(format!("edge-{at}"));
        }
    }
    let theme = theme();
    let config = LayoutConfig { fast_text_metrics: true, ..LayoutConfig::default() };
    let svg = render_svg(&arranged(&graph, &lengths, &theme, &config), &theme, &config);
    Ok(Drawn { svg, spacers })
}

/// The graph that a source describes, and what is known of its arrows besides.
fn read(source: &str) -> Result<(Graph, Vec<ArrowLength>), DiagramError> {
    if is_flowchart(source) {
        let error =
            |UnreadChart { line, message, is_invalid }| DiagramError { line, message, is_invalid };
        return flowchart(source)
            .map(|Flowchart { graph, lengths }| (graph, lengths))
            .map_err(error);
    }
    let parsed = parse_mermaid(&source_to_draw(source));
    let graph = parsed.map_err(|error| located(source, &error.to_string()))?.graph;
    Ok((graph, Vec::new()))
}

/// Where everything is: graphs in layers, other kinds as the library has them.
fn arranged(
    graph: &Graph,
    lengths: &[ArrowLength],
    theme: &Theme,
    config: &LayoutConfig,
) -> Layout {
    if !matches!(
        graph.kind,
        DiagramKind::Class
            | DiagramKind::Er
            | DiagramKind::Flowchart
            | DiagramKind::Requirement
            | DiagramKind::State
    ) {
        return compute_layout(graph, theme, config);
    }
    let measured = Measured::of(graph, theme, config);
    let groups = Groups::of(graph);
    let font_size = theme.font_size.into();
    let plan = LayeredGraph { graph, lengths, groups: &groups, measured: &measured, font_size };
    laid_out(&plan, layered(&plan))
}

/// The library's own message, which ends with what it did not understand, and the line that this stands in.
fn located(source: &str, message: &str) -> DiagramError {
    let (what, fragment) = message.rsplit_once(": ").unwrap_or((message, ""));
    let fragment = fragment.trim();
    let line = source.lines().position(|line| !fragment.is_empty() && line.contains(fragment));
    match line {
        Some(line) => beyond(line + 1, format!("{}: `{fragment}`", lower(what))),
        None => beyond(1, lower(message)),
    }
}

fn lower(message: &str) -> String {
    let mut characters = message.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

/// The label of a message that is laid out and not drawn.
const SPACER: &str = "guidepost-spacer";

/// The source as the library draws it best.
///
/// In a sequence it misplaces the bars of `+` and `-` after arrows, which are left out; and it draws a frame round
/// what precedes it if a note stands between, or first in it, so a message that nobody sees is put there. Of the
/// notes of states it reads those of a line.
fn source_to_draw(source: &str) -> String {
    match kind(source) {
        "sequenceDiagram" => {}
        "stateDiagram" | "stateDiagram-v2" => return with_notes_in_a_line(source),
        _ => return source.to_owned(),
    }
    let numbered = source.contains("autonumber");
    let lines: Vec<&str> = source.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut input = String::with_capacity(source.len());
    for (at, line) in lines.iter().enumerate() {
        let spacer = note_participant(line).filter(|_| !numbered);
        let spacer = spacer.map(|name| format!("{name}->>{name}: {SPACER}\n")).unwrap_or_default();
        if at > 0 && begins_frame(lines[at - 1]) {
            input.push_str(&spacer);
        }
        match line.split_once(':') {
            Some((arrow, text)) => {
                input.extend([&arrow.replace(">>+", ">>").replace(">>-", ">>"), ":", text, "\n"]);
            }
            None => input.extend([line, "\n"]),
        }
        if lines.get(at + 1).is_some_and(|next| begins_frame(next)) {
            input.push_str(&spacer);
        }
    }
    input
}

/// A state diagram whose notes stand in a line each, which is all that the library reads.
fn with_notes_in_a_line(source: &str) -> String {
    let mut input = String::with_capacity(source.len());
    let mut note: Option<Vec<&str>> = None;
    for line in source.lines() {
        let words = line.trim();
        let begins = words.starts_with("note left of ") || words.starts_with("note right of ");
        match &mut note {
            Some(lines) if words == "end note" => {
                input.extend([": ", &lines.join("<br/>"), "\n"]);
                note = None;
            }
            Some(lines) => lines.push(words),
            None if begins && !words.contains(':') => {
                input.push_str(words);
                note = Some(Vec::new());
            }
            None => input.extend([line, "\n"]),
        }
    }
    input
}

fn begins_frame(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    ["alt", "break", "critical", "else", "loop", "opt", "par", "and", "option", "rect"]
        .contains(&word)
}

/// The first participant that a note stands by.
fn note_participant(line: &str) -> Option<&str> {
    let place = line.split(':').next()?.trim();
    let mut words = place.split_whitespace();
    words.next().filter(|word| word.eq_ignore_ascii_case("note"))?;
    let name = place
        .rsplit_once(" over ")
        .or_else(|| place.rsplit_once(" of "))
        .map(|(_, names)| names)?;
    name.split(',').next().map(str::trim).filter(|name| !name.is_empty())
}

fn color(class: &str) -> String {
    CLASSES.iter().find(|(_, known)| *known == class).map_or(GROUND, |(color, _)| color).to_owned()
}

fn theme() -> Theme {
    let numbered = |at: usize| color(&(at % 8 + 1).to_string());
    let ink = || color("ink");
    Theme {
        // No machine has this family, so text is measured by the library's table and pictures are the same everywhere.
        font_family: "guidepost-none".to_owned(),
        background: GROUND.to_owned(),
        primary_color: color("bg"),
        primary_text_color: ink(),
        primary_border_color: color("edge"),
        line_color: ink(),
        secondary_color: color("part"),
        tertiary_color: color("part"),
        edge_label_background: color("bg"),
        cluster_background: color("part"),
        cluster_border: color("line"),
        sequence_actor_fill: color("part"),
        sequence_actor_border: color("edge"),
        sequence_actor_line: color("edge"),
        sequence_note_fill: color("note"),
        sequence_note_border: color("edge"),
        sequence_activation_fill: color("part"),
        sequence_activation_border: color("edge"),
        text_color: ink(),
        git_colors: std::array::from_fn(numbered),
        git_inv_colors: std::array::from_fn(numbered),
        git_branch_label_colors: std::array::from_fn(|_| ink()),
        git_commit_label_color: ink(),
        git_commit_label_background: color("bg"),
        git_tag_label_color: ink(),
        git_tag_label_background: color("note"),
        git_tag_label_border: color("edge"),
        pie_colors: std::array::from_fn(numbered),
        pie_title_text_color: ink(),
        pie_section_text_color: ink(),
        pie_legend_text_color: ink(),
        pie_stroke_color: color("edge"),
        pie_outer_stroke_color: color("edge"),
        ..Theme::mermaid_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::clean::is_plain;
    use super::{DiagramError, diagram, picture};

    const FLOWCHART: &str = "flowchart LR\n  A[CMO agent] -->|brief| Q[(queue)]\n  Q --> C{ok?}\n  C -- no --> A\n  \
        subgraph aws [AWS account]\n    Q\n  end\n  style A fill:#f00\n  click A \"https://example.org\"\n";

    fn drawn(source: &str) -> String {
        diagram(source).as_ref().clone().expect(source)
    }

    fn check(source: &str, line: usize, message: &str, is_invalid: bool) {
        let expected = DiagramError { line, message: message.to_owned(), is_invalid };
        assert_eq!(*diagram(source), Err(expected));
    }

    /// What a strict policy forbids, or a style sheet could not color.
    fn assert_clean(svg: &str) {
        for forbidden in [
            "<style", " style=", "<script", "href", "foreignObject", "<image", " on", "#0d00",
            "url(h",
        ] {
            let outside_text = svg
                .split('<')
                .any(|part| format!("<{}", part.split('>').next().unwrap()).contains(forbidden));
            assert!(!outside_text, "{forbidden} in {svg}");
        }
        let mut open = Vec::new();
        for part in svg.split('<').skip(1) {
            let tag = part.split_once('>').expect("a whole tag").0;
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name), "{svg}");
            } else if !tag.ends_with('/') {
                open.push(tag.split(' ').next().expect("a name"));
            }
        }
        assert!(open.is_empty(), "{svg}");
    }

    #[test]
    fn diagrams_are_drawn_within_a_strict_policy() {
        for source in [
            FLOWCHART,
            "sequenceDiagram\n  A->>+B: asks\n  B-->>-A: answers\n  Note over A,B: x\n  alt y\n    A->>B: z\n  end\n",
            "stateDiagram-v2\n  [*] --> Fresh\n  Fresh --> Overdue: due date passes\n",
            "classDiagram\n  A <|-- B\n  A : +int x\n",
            "erDiagram\n  A ||--o{ B : has\n",
            "pie title Pets\n  \"Dogs\" : 3\n  \"Cats\" : 1\n",
            "gantt\n  title Plan\n  dateFormat YYYY-MM-DD\n  section S\n  Task :a1, 2025-01-01, 3d\n",
            "timeline\n  title T\n  2024 : a\n  2025 : b\n",
            "gitGraph\n  commit\n  branch x\n  commit\n",
            "mindmap\n  root\n    a\n    b\n",
        ] {
            let svg = drawn(source);
            assert_clean(&svg);
            assert!(svg.starts_with("<svg ") && svg.contains("role=\"img\""), "{svg}");
        }
    }

    #[test]
    fn a_picture_says_what_it_shows_to_those_who_do_not_see_it() {
        let svg = drawn(FLOWCHART);
        assert!(svg.contains("<title>Flowchart</title><desc>"), "{svg}");
        assert!(svg.contains("CMO agent"), "{svg}");
        let svg = drawn("pie title Who <is> on call\n  \"A\" : 3\n");
        assert!(svg.contains("<title>Who &lt;is&gt; on call</title>"), "{svg}");
    }

    #[test]
    fn labels_are_text_whatever_they_hold() {
        let svg = drawn(
            "flowchart TD\n A[\"<script>alert(1)</script><img src=x onerror=y>\"] --> B[\"a & b\"]\n",
        );
        assert_clean(&svg);
        assert!(
            !is_plain("url(https://example.org)") && !is_plain("javascript:x") && !is_plain("\"")
        );
    }

    #[test]
    fn a_note_before_a_frame_stays_outside_it_and_nothing_shows_of_how() {
        let source = "sequenceDiagram\n  A->>B: asks\n  Note over A,B: waits\n  alt x\n    Note right of A: y\n    \
            A->>B: asks again\n  end\n";
        let svg = drawn(source);
        assert!(!svg.contains("spacer"), "{svg}");
        assert_eq!(svg.matches("marker-end").count(), 2, "{svg}");
    }

    #[test]
    fn the_same_source_is_the_same_picture() {
        assert_eq!(picture(FLOWCHART), picture(FLOWCHART));
    }

    #[test]
    fn what_cannot_be_drawn_names_its_line() {
        let invalid = [
            ("flowchart LR\n  A --> B\n  B -->\n", 3, "the arrow of `B -->` leads nowhere"),
            ("nonsense\n", 1, "`nonsense` is no kind of diagram"),
            ("flowchart LR\n  subgraph x\n  A\n", 2, "`subgraph x` is never closed with `end`"),
            ("", 1, "`` is no kind of diagram"),
        ];
        for (source, line, message) in invalid {
            check(source, line, message, true);
        }
    }

    #[test]
    fn what_mermaid_reads_is_drawn_however_its_lines_are_broken() {
        for (source, arrows) in [
            ("graph TB\n A[\"One\n two\"] --> B[\"Store\"]\n", 1),
            ("flowchart LR\n A(\"Ask\")\n --> B(\"Answer\")\n --> C(\"Done\")\n", 2),
            ("flowchart LR\n A -->\n B\n", 1),
            ("flowchart LR\n begin --> End\n End --> finish\n", 2),
        ] {
            let svg = drawn(source);
            assert_eq!(svg.matches("<polygon").count(), arrows, "{svg}");
        }
        assert!(drawn("flowchart LR\n begin --> End\n").contains(">End<"));
    }

    #[test]
    fn boxes_and_their_borders_are_drawn_where_the_ground_shows_through() {
        let svg = drawn("erDiagram\n  A ||--o{ B : has\n  A { string name }\n");
        let bordered = |part: &&str| part.contains("s-edge") && !part.contains("opacity");
        assert_eq!(svg.split("<rect").skip(1).filter(bordered).count(), 2, "{svg}");
    }

    #[test]
    fn notes_of_states_may_run_over_lines() {
        let svg = drawn(
            "stateDiagram-v2\n  A --> B\n  note right of A\n    two\n    lines: here\n  end note\n",
        );
        assert!(svg.contains(">two<") && svg.contains(">lines: here<"), "{svg}");
    }

    #[test]
    fn thirty_of_everything_are_drawn() {
        let each = |part: fn(usize) -> String| (0..30).map(part).collect::<Vec<_>>().join("\n");
        for source in [
            each(|at| format!("  n{at} -->|step {at}| n{}", at * 7 % 30)),
            each(|at| {
                format!(
                    "  subgraph g{at}\n    a{at} --> b{at}\n  end\n  b{at} --> g{}",
                    (at + 1) % 30
                )
            }),
        ] {
            assert_clean(&drawn(&format!("flowchart LR\n{source}\n")));
        }
        for (kind, source) in [
            ("stateDiagram-v2", each(|at| format!("  s{at} --> s{}: on {at}", at * 7 % 30))),
            ("classDiagram", each(|at| format!("  C{at} <|-- D{}", at * 7 % 30))),
            ("erDiagram", each(|at| format!("  E{at} ||--o{{ F{} : has", at * 7 % 30))),
            ("sequenceDiagram", each(|at| format!("  P{}->>P{}: message {at}", at % 7, at % 5))),
        ] {
            assert_clean(&drawn(&format!("{kind}\n{source}\n")));
        }
    }

    #[test]
    fn what_nobody_could_read_is_not_laid_out() {
        let message = "it has more than 500 arrows";
        check(&format!("flowchart LR\n{}", "A-->B\n".repeat(501)), 1, message, false);
        check(&format!("sequenceDiagram\n{}", "A->>B: x\n".repeat(501)), 1, message, false);
        let groups = "subgraph x\nA\nend\n".repeat(101);
        check(&format!("flowchart LR\n{groups}"), 1, "it has more than 100 groups", false);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn no_source_panics_or_leaves_the_policy(
            kind in prop::sample::select(&["flowchart LR", "sequenceDiagram", "stateDiagram-v2", "pie", "gantt", "classDiagram", ""][..]),
            body in r#"(\n *(A|B|é|->>|-->|\[|\]|\(|"|<x y='>'>|&lt;|: |\{|\}|end|subgraph|note|alt|style A fill:url\(x\)|\||1){1,6}){0,8}"#,
        ) {
            if let Ok(svg) = picture(&format!("{kind}{body}\n")) {
                assert_clean(&svg);
            }
        }
    }
}

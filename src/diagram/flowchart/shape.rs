//! The shapes of nodes, by the brackets round their labels and by their names.

use mermaid_rs_renderer::ir::NodeShape;

use crate::diagram::label::words;

/// A sign that opens a label, and those that may close it with the shape that both stand for.
pub(super) type Brackets = (&'static str, &'static [(&'static str, NodeShape)]);

/// Longer signs come first.
pub(super) const SHAPES: &[Brackets] = &[
    ("(((", &[(")))", NodeShape::DoubleCircle)]),
    ("((", &[("))", NodeShape::Circle)]),
    ("([", &[("])", NodeShape::Stadium)]),
    ("(-", &[("-)", NodeShape::Stadium)]),
    ("(", &[(")", NodeShape::RoundRect)]),
    ("[[", &[("]]", NodeShape::Subroutine)]),
    ("[(", &[(")]", NodeShape::Cylinder)]),
    (
        "[/",
        &[
            ("/]", NodeShape::Parallelogram),
            ("\\]", NodeShape::Trapezoid),
            ("]", NodeShape::Rectangle),
        ],
    ),
    ("[\\", &[("\\]", NodeShape::ParallelogramAlt), ("/]", NodeShape::TrapezoidAlt)]),
    ("[", &[("]", NodeShape::Rectangle)]),
    ("{{", &[("}}", NodeShape::Hexagon)]),
    ("{", &[("}", NodeShape::Diamond)]),
    (">", &[("]", NodeShape::Asymmetric)]),
];

/// The shapes by their names; those that the library does not draw are rectangles.
pub(super) fn named_shape(name: &str) -> NodeShape {
    match words(name).as_str() {
        "rounded" | "event" => NodeShape::RoundRect,
        "stadium" | "pill" | "terminal" => NodeShape::Stadium,
        "fr-rect" | "subprocess" | "subproc" | "framed-rectangle" | "subroutine" => {
            NodeShape::Subroutine
        }
        "cyl" | "db" | "database" | "cylinder" | "h-cyl" | "das" | "lin-cyl" | "disk" => {
            NodeShape::Cylinder
        }
        "circle" | "circ" | "sm-circ" | "start" | "small-circle" | "f-circ" | "junction" => {
            NodeShape::Circle
        }
        "dbl-circ" | "double-circle" | "fr-circ" | "stop" | "framed-circle" => {
            NodeShape::DoubleCircle
        }
        "diam" | "decision" | "diamond" | "question" => NodeShape::Diamond,
        "hex" | "hexagon" | "prepare" => NodeShape::Hexagon,
        "lean-r" | "lean-right" | "in-out" => NodeShape::Parallelogram,
        "lean-l" | "lean-left" | "out-in" => NodeShape::ParallelogramAlt,
        "trap-b" | "priority" | "trapezoid-bottom" | "trapezoid" => NodeShape::Trapezoid,
        "trap-t" | "manual" | "trapezoid-top" | "inv-trapezoid" => NodeShape::TrapezoidAlt,
        "fork" | "join" => NodeShape::ForkJoin,
        "text" => NodeShape::Text,
        "odd" => NodeShape::Asymmetric,
        _ => NodeShape::Rectangle,
    }
}

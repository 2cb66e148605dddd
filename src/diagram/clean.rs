//! Writes the library's picture anew, with what is allowed alone and with what it says in words.
//!
//! The tags are read here, in forty lines: `quick-xml` hands out a text in pieces, one for each reference in it, which
//! would have to be joined again for the labels, and ends at the first tag that is not closed.

use super::drawn::{CLASSES, Drawn, GROUND, ID_PREFIX, kind};

/// The longest description for those who do not see the picture.
const LONGEST_DESCRIPTION: usize = 400;

/// Elements that are kept.
const ELEMENTS: &[&str] = &[
    "circle", "clipPath", "defs", "ellipse", "g", "line", "marker", "path", "polygon", "polyline",
    "rect", "svg", "text", "tspan",
];

/// Attributes that are kept as they are.
const ATTRIBUTES: &[&str] = &[
    "alignment-baseline",
    "cx",
    "cy",
    "d",
    "dominant-baseline",
    "dx",
    "dy",
    "fill-opacity",
    "font-size",
    "font-style",
    "font-weight",
    "height",
    "letter-spacing",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "opacity",
    "orient",
    "points",
    "preserveAspectRatio",
    "r",
    "refX",
    "refY",
    "rx",
    "ry",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "transform",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

/// Attributes that refer to another element of the picture.
const REFERENCES: &[&str] = &["clip-path", "marker-end", "marker-mid", "marker-start"];

/// Writes the library's picture anew with what the lists allow.
pub(super) fn clean(drawn: &Drawn, source: &str) -> String {
    let prefix = format!("{ID_PREFIX}{:08x}-", fingerprint(source));
    let mut cleaner = Cleaner { prefix, spacers: drawn.spacers.clone(), ..Cleaner::default() };
    let mut rest = drawn.svg.as_str();
    while let Some(open) = rest.find('<') {
        cleaner.text(&rest[..open]);
        let length = tag_length(&rest[open..]);
        cleaner.tag(&rest[open + 1..open + length - 1], source);
        rest = &rest[open + length..];
    }
    while let Some(element) = cleaner.open.pop() {
        cleaner.close(element);
    }
    let description = description(source, &cleaner.labels);
    cleaner.svg.replacen(DESCRIPTION, &description, 1)
}

/// Where the description goes, once the labels are known; no text can hold a bare `<`.
const DESCRIPTION: &str = "<description/>";

/// How long the tag at the beginning is, brackets included; quoted `>` do not end it.
fn tag_length(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match quote {
            Some(mark) if byte == mark => quote = None,
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None if byte == b'>' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[derive(Default)]
struct Cleaner {
    svg: String,
    prefix: String,
    spacers: Vec<String>,
    open: Vec<&'static str>,
    /// The element that is left out with all that is in it, and how many of its name are open.
    dropped: Option<(String, usize)>,
    labels: Vec<String>,
}

impl Cleaner {
    fn text(&mut self, text: &str) {
        if self.dropped.is_some() || text.is_empty() {
            return;
        }
        let plain = unescape(text);
        if matches!(self.open.last(), Some(&"text" | &"tspan")) && !plain.trim().is_empty() {
            self.labels.push(plain.trim().to_owned());
        }
        self.svg.push_str(&escape(&plain));
    }

    /// A tag, without its brackets.
    fn tag(&mut self, tag: &str, source: &str) {
        let closing = tag.starts_with('/');
        let empty = tag.ends_with('/');
        let tag = tag.trim_matches('/');
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        if let Some((dropped, depth)) = &mut self.dropped {
            if name == dropped {
                *depth = if closing { *depth - 1 } else { *depth + usize::from(!empty) };
                if *depth == 0 {
                    self.dropped = None;
                }
            }
            return;
        }
        let Some(element) = ELEMENTS.iter().find(|element| **element == name) else {
            // What is in a link is kept, what is in anything else goes with it.
            if !closing && !empty && !matches!(name, "a" | "") && !name.starts_with(['!', '?']) {
                self.dropped = Some((name.to_owned(), 1));
            }
            return;
        };
        if closing {
            if self.open.last() == Some(element) {
                self.open.pop();
                self.close(element);
            }
            return;
        }
        self.element(element, &attributes_of(attributes), empty);
        if *element == "svg" && self.open.len() == 1 {
            let title = escape(&title(source));
            self.svg.extend(["<title>", title.as_str(), "</title>", DESCRIPTION]);
        }
    }

    fn element(&mut self, element: &'static str, attributes: &[(String, String)], empty: bool) {
        let value = |name: &str| {
            attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
        };
        let spacer =
            value("data-edge-id").is_some_and(|id| self.spacers.iter().any(|spacer| spacer == id));
        let is_ground = element == "rect" && value("fill") == Some(GROUND);
        let has_border = value("stroke").is_some_and(|stroke| stroke != "none");
        if spacer || (is_ground && !has_border) {
            if !empty {
                self.dropped = Some((element.to_owned(), 1));
            }
            return;
        }
        self.svg.push('<');
        self.svg.push_str(element);
        let root = element == "svg" && self.open.is_empty();
        if root {
            self.svg.push_str(" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"");
            let size = value("viewBox")
                .filter(|value| is_plain(value))
                .map(|value| value.split(' ').skip(2));
            for (name, size) in ["width", "height"].iter().zip(size.into_iter().flatten()) {
                self.attribute(name, size);
            }
        }
        let mut classes = Vec::new();
        for (name, value) in attributes {
            match name.as_str() {
                "width" | "height" if root => {}
                "fill" | "stroke" => match paint(element, name, value) {
                    Ok(class) => classes.push(class),
                    Err(keyword) => self.attribute(name, keyword),
                },
                "id" if matches!(element, "marker" | "clipPath") && is_plain(value) => {
                    let id = format!("{}{value}", self.prefix);
                    self.attribute("id", &id);
                }
                _ if ATTRIBUTES.contains(&name.as_str()) && is_plain(value) => {
                    self.attribute(name, value);
                }
                _ if REFERENCES.contains(&name.as_str()) => {
                    let target =
                        value.strip_prefix("url(#").and_then(|value| value.strip_suffix(')'));
                    if let Some(target) = target.filter(|target| is_plain(target)) {
                        let reference = format!("url(#{}{target})", self.prefix);
                        self.attribute(name, &reference);
                    }
                }
                _ => {}
            }
        }
        if !classes.is_empty() {
            self.attribute("class", &classes.join(" "));
        }
        self.svg.push_str(if empty { "/>" } else { ">" });
        if !empty {
            self.open.push(element);
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.svg.extend([" ", name, "=\"", value, "\""]);
    }

    fn close(&mut self, element: &str) {
        self.svg.extend(["</", element, ">"]);
    }
}

/// The class for a color, or the keyword that needs none.
fn paint(element: &str, property: &str, value: &str) -> Result<String, &'static str> {
    let prefix = if property == "fill" { "f" } else { "s" };
    match value {
        "none" | "transparent" => Err("none"),
        _ if matches!(element, "text" | "tspan") && property == "fill" => Ok("f-ink".to_owned()),
        _ => {
            let class = CLASSES.iter().find(|(color, _)| color.eq_ignore_ascii_case(value));
            let other = if property == "fill" { "part" } else { "edge" };
            Ok(format!("{prefix}-{}", class.map_or(other, |(_, class)| class)))
        }
    }
}

/// Whether a value is numbers, words and the punctuation of paths, and refers to nothing.
pub(super) fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" .,#%+-_()\n".contains(&byte))
        && !value.to_ascii_lowercase().contains("url")
}

/// Names and unescaped values; those in `style` count like attributes of their own.
fn attributes_of(text: &str) -> Vec<(String, String)> {
    let mut attributes: Vec<(String, String)> = Vec::new();
    let mut styled = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once('=') {
        let Some(quote) = after.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else {
            break;
        };
        let Some((value, after)) = after[1..].split_once(quote) else { break };
        let name = name.split_whitespace().last().unwrap_or_default();
        if name == "style" {
            let declarations =
                value.split(';').filter_map(|declaration| declaration.split_once(':'));
            styled.extend(
                declarations.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())),
            );
        } else if attributes.iter().all(|(known, _)| known != name) {
            attributes.push((name.to_owned(), unescape(value)));
        }
        rest = after;
    }
    for (name, value) in styled {
        if attributes.iter().all(|(known, _)| *known != name) {
            attributes.push((name, value));
        }
    }
    attributes
}

/// What the picture is called: its own title, or its kind.
fn title(source: &str) -> String {
    let said = |keyword: &str| {
        let mut lines = source.lines().filter_map(|line| {
            let line = line.trim();
            let line = line.strip_prefix("pie ").unwrap_or(line);
            line.strip_prefix("showData ").unwrap_or(line).strip_prefix(keyword)
        });
        lines.find_map(|rest| {
            let text = rest.trim_start_matches(':').trim();
            (rest.starts_with([' ', ':']) && !text.is_empty()).then(|| text.to_owned())
        })
    };
    let kind = || match kind(source) {
        "graph" | "flowchart" => "Flowchart".to_owned(),
        "sequenceDiagram" => "Sequence diagram".to_owned(),
        "stateDiagram" | "stateDiagram-v2" => "State diagram".to_owned(),
        "classDiagram" => "Class diagram".to_owned(),
        "erDiagram" => "Entities and relations".to_owned(),
        "gantt" => "Schedule".to_owned(),
        "pie" => "Pie chart".to_owned(),
        "timeline" => "Timeline".to_owned(),
        _ => "Diagram".to_owned(),
    };
    said("accTitle").or_else(|| said("title")).unwrap_or_else(kind)
}

/// What the picture says, for those who do not see it: the author's description, or its labels.
fn description(source: &str, labels: &[String]) -> String {
    let said = source.lines().find_map(|line| line.trim().strip_prefix("accDescr:"));
    let text = said.map_or_else(|| labels.join(", "), |text| text.trim().to_owned());
    let text: String = text.chars().take(LONGEST_DESCRIPTION).collect();
    if text.is_empty() { String::new() } else { format!("<desc>{}</desc>", escape(&text)) }
}

/// A number that two sources hardly share, to tell the names in two pictures of a page apart.
fn fingerprint(source: &str) -> u32 {
    source
        .bytes()
        .fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn unescape(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&#39;", "'").replace("&apos;", "'").replace("&amp;", "&")
}

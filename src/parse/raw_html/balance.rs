//! Keeps the tags of raw HTML nested, inside whatever Markdown put around them.
//!
//! A browser repairs markup as it reads it: `<li>` ends the item before it, `<td>` leaves every element up to its
//! row, and an end tag that lost its start tag that way may end an element of the page around the text. So each
//! tag is written only where a browser has nothing to repair: end tags that HTML lets authors leave out are
//! written out, and a tag in an impossible place is not written at all.

/// The raw HTML elements that are open, one list for each enclosing node of the Markdown tree.
#[derive(Debug, Default)]
pub struct Balance {
    containers: Vec<OpenContainer>,
}

/// What a node of the Markdown tree is written as, as far as it keeps tags out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Around {
    /// Anything may stand in it.
    #[default]
    Anything,
    /// A link, which holds no other.
    Link,
    /// A heading, which holds no other.
    Heading,
}

#[derive(Debug, Default)]
struct OpenContainer {
    around: Around,
    open: Vec<&'static str>,
    /// Start tags that were shown as text, so that their end tags are shown too.
    shown: Vec<&'static str>,
}

/// What became of an end tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// The element was open and is closed now.
    Closed,
    /// Its start tag was shown as text.
    Shown,
    /// Nothing that it could end is open.
    Stray,
}

impl Balance {
    /// Makes room for a block of Markdown: a raw paragraph around it is closed, and so is a raw table outside of
    /// its cells, since neither can hold one.
    pub fn make_room_for_block(&mut self, out: &mut String) {
        let open = &mut self.container().open;
        if open.is_empty() {
            return;
        }
        let part =
            open.iter().rposition(|open| is_table_part(open)).filter(|part| !is_cell(open[*part]));
        let kept = match part {
            Some(part) => open[..=part].iter().rposition(|open| *open == "table").unwrap_or(part),
            None => without_paragraph(open),
        };
        close_down_to(open, kept, out);
    }

    /// The same for a heading of Markdown, which a raw one cannot hold either.
    pub fn make_room_for_heading(&mut self, out: &mut String) {
        self.make_room_for_block(out);
        let open = &mut self.container().open;
        let in_heading = open.last().is_some_and(|open| is_heading(open));
        close_down_to(open, open.len() - usize::from(in_heading), out);
    }

    /// Enters a node of the Markdown tree, right after its own start tag was written.
    pub fn open_container(&mut self) {
        self.containers.push(OpenContainer::default());
    }

    /// Enters a node of the Markdown tree that keeps some tags out.
    pub fn open_container_in(&mut self, around: Around) {
        self.containers.push(OpenContainer { around, ..OpenContainer::default() });
    }

    /// Leaves the node entered last: every raw element still open in it is closed.
    pub fn close_container(&mut self, out: &mut String) {
        if let Some(mut container) = self.containers.pop() {
            close_down_to(&mut container.open, 0, out);
        }
    }

    /// Whether a raw link is open, in this container or around it.
    pub fn is_in_link(&self) -> bool {
        let open = self.containers.iter().rev().flat_map(|container| container.open.iter().rev());
        open.copied().find(|open| *open == "a" || is_cell(open)) == Some("a")
    }

    /// Ends the raw link that is open in this container, before something that holds a link of its own.
    pub fn leave_link(&mut self, out: &mut String) {
        self.end("a", out);
    }

    /// Makes room for a start tag, unless nothing may stand there: then it is to be shown as text.
    pub(super) fn make_room_for_tag(&mut self, name: &'static str, out: &mut String) -> bool {
        let keeps_out = self.containers.iter().any(|container| match container.around {
            Around::Anything => false,
            Around::Link => name == "a",
            Around::Heading => is_heading(name),
        });
        let container = self.container();
        let Some(kept) = kept_open(&container.open, name).filter(|_| !keeps_out) else {
            container.shown.push(name);
            return false;
        };
        close_down_to(&mut container.open, kept, out);
        if matches!(name, "td" | "th") && container.open.last() != Some(&"tr") {
            out.push_str("<tr>");
            container.open.push("tr");
        }
        true
    }

    /// Notes that a start tag was written.
    pub(super) fn opened(&mut self, name: &'static str) {
        self.container().open.push(name);
    }

    /// Writes the end tag of `name` and of all that is open inside it, if the same container opened it.
    pub(super) fn end(&mut self, name: &'static str, out: &mut String) -> Ended {
        let container = self.container();
        let within_table = is_table_part(name);
        let shut_in = |open: &&str| *open == "table" || (!within_table && is_table_part(open));
        for (index, open) in container.open.iter().enumerate().rev() {
            if *open == name {
                close_down_to(&mut container.open, index, out);
                return Ended::Closed;
            }
            if shut_in(open) {
                break;
            }
        }
        let Some(shown) = container.shown.iter().rposition(|shown| *shown == name) else {
            return Ended::Stray;
        };
        container.shown.remove(shown);
        Ended::Shown
    }

    fn container(&mut self) -> &mut OpenContainer {
        if self.containers.is_empty() {
            self.open_container();
        }
        self.containers.last_mut().expect("one was pushed if there was none")
    }
}

fn close_down_to(open: &mut Vec<&'static str>, kept: usize, out: &mut String) {
    if open.len() <= kept {
        return;
    }
    for name in open.drain(kept..).rev() {
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}

/// How many of the `open` elements stay open around a start tag of `name`; `None` where it cannot stand.
fn kept_open(open: &[&'static str], name: &str) -> Option<usize> {
    match name {
        "li" => inside(open, &["ul", "ol"], |open| is_block(open) && !matches!(open, "li" | "div")),
        "dt" | "dd" => inside_description_list(open),
        "rt" | "rp" => inside(open, &["ruby"], is_block),
        "td" | "th" => inside(open, &["tr", "thead", "tbody", "tfoot", "table"], |_| false),
        "tr" => inside(open, &["thead", "tbody", "tfoot", "table"], |_| false),
        "caption" | "thead" | "tbody" | "tfoot" => inside(open, &["table"], |_| false),
        "table" => match open.iter().rev().find(|open| is_table_part(open)) {
            Some(&part) if !is_cell(part) => None,
            _ => Some(without_paragraph(open)),
        },
        "a" => {
            let outer = open.iter().rposition(|open| *open == "a" || is_cell(open));
            let Some(outer) = outer.filter(|index| open[*index] == "a") else {
                return Some(open.len());
            };
            // Between cells browsers move a link out of the table, into the link around it.
            (!open[outer..].iter().any(|open| is_table_part(open))).then_some(outer)
        }
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            let kept = without_paragraph(open);
            let in_heading = kept > 0 && is_heading(open[kept - 1]);
            Some(kept - usize::from(in_heading))
        }
        _ if is_block(name) => Some(without_paragraph(open)),
        _ => Some(open.len()),
    }
}

/// Right inside the innermost of `parents`, unless a barrier stands between.
fn inside(
    open: &[&'static str],
    parents: &[&str],
    barrier: impl Fn(&str) -> bool,
) -> Option<usize> {
    let nearest = open.iter().rposition(|open| parents.contains(open) || barrier(open))?;
    parents.contains(&open[nearest]).then_some(nearest + 1)
}

/// Right inside the innermost `<dl>`, or inside a `<div>` that groups its terms.
fn inside_description_list(open: &[&'static str]) -> Option<usize> {
    for (index, name) in open.iter().enumerate().rev() {
        match *name {
            "dl" => return Some(index + 1),
            "div" if index > 0 && open[index - 1] == "dl" => return Some(index + 1),
            "dt" | "dd" | "div" | "p" => {}
            name if is_block(name) => return None,
            _ => {}
        }
    }
    None
}

/// How many of the `open` elements stay open where a block begins: a paragraph ends there.
fn without_paragraph(open: &[&'static str]) -> usize {
    match open.iter().rposition(|open| is_block(open)) {
        Some(index) if open[index] == "p" => index,
        _ => open.len(),
    }
}

/// Whether an element ends the paragraph that it begins in.
pub(super) fn is_block(name: &str) -> bool {
    is_heading(name)
        || is_table_part(name)
        || matches!(
            name,
            "blockquote"
                | "dd"
                | "details"
                | "div"
                | "dl"
                | "dt"
                | "figcaption"
                | "figure"
                | "hr"
                | "li"
                | "ol"
                | "p"
                | "pre"
                | "summary"
                | "ul"
        )
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

fn is_cell(name: &str) -> bool {
    matches!(name, "caption" | "td" | "th")
}

fn is_table_part(name: &str) -> bool {
    is_cell(name) || matches!(name, "table" | "tbody" | "tfoot" | "thead" | "tr")
}

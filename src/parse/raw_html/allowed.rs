//! The allow-list: which elements and attributes of raw HTML pass, and what each attribute holds.
//!
//! It is the list that GitHub publishes for Markdown, so that a page looks here as it looks there, with three
//! differences. Any `aria-*` passes. `name` passes only on `a` and `details`: on an image it would replace
//! properties of the document that scripts rely on. Addresses are `http`, `https`, `mailto` (links only) or
//! relative. `style`, `class` and event handlers are not on the list.

/// Every element that passes, sorted.
const ELEMENTS: &[&str] = &[
    "a", "abbr", "b", "bdo", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details",
    "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6",
    "h7", "h8", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "picture", "pre", "q",
    "rp", "rt", "ruby", "s", "samp", "small", "source", "span", "strike", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "ul",
    "var", "wbr",
];

/// Attributes that pass on every element, sorted; besides `id` and `aria-*`.
const ATTRIBUTES: &[&str] = &[
    "abbr", "accept", "accept-charset", "accesskey", "action", "align", "alt", "axis", "border",
    "cellpadding", "cellspacing", "char", "charoff", "charset", "checked", "clear", "color",
    "cols", "colspan", "compact", "coords", "datetime", "dir", "disabled", "enctype", "for",
    "frame", "headers", "height", "hreflang", "hspace", "ismap", "itemprop", "label", "lang",
    "maxlength", "media", "method", "multiple", "nohref", "noshade", "nowrap", "open", "progress",
    "prompt", "readonly", "rel", "rev", "role", "rows", "rowspan", "rules", "scope", "selected",
    "shape", "size", "span", "start", "summary", "tabindex", "title", "type", "usemap", "valign",
    "value", "vspace", "width",
];

/// What an attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Text that leads nowhere.
    Text,
    /// A name that `#name` leads to.
    Anchor,
    /// The address that a link leads to.
    Destination,
    /// The address of an image.
    Source,
    /// The address of a cited text or of a description.
    Reference,
    /// Addresses of images with the widths or densities that they are for.
    SourceSet,
}

/// The element of that name, in lower case, if it passes. The page's one first-level heading stands outside of its body.
pub(super) fn element(name: &str) -> Option<&'static str> {
    let name = if name == "h1" { "h2" } else { name };
    ELEMENTS.binary_search(&name).ok().map(|index| ELEMENTS[index])
}

/// What the attribute of that name, in lower case, holds on `element`; `None` if it does not pass.
pub(super) fn attribute(element: &str, name: &str) -> Option<Holds> {
    match (element, name) {
        (_, "id") | ("a", "name") => Some(Holds::Anchor),
        ("a", "href") => Some(Holds::Destination),
        ("img", "src") => Some(Holds::Source),
        ("img", "longdesc") | ("blockquote" | "del" | "ins" | "q", "cite") => {
            Some(Holds::Reference)
        }
        ("img" | "source", "srcset") => Some(Holds::SourceSet),
        ("details", "name") | ("div", "itemscope" | "itemtype") => Some(Holds::Text),
        _ if ATTRIBUTES.binary_search(&name).is_ok() => Some(Holds::Text),
        _ => {
            let aria = name.strip_prefix("aria-")?;
            let plain = !aria.is_empty() && aria.bytes().all(|byte| byte.is_ascii_lowercase());
            plain.then_some(Holds::Text)
        }
    }
}

/// Whether `address`, decoded and without control characters, uses a protocol that passes for what it is.
pub(super) fn address(holds: Holds, address: &str) -> bool {
    let Some((scheme, _)) =
        address.split_once(':').filter(|(scheme, _)| !scheme.contains(['/', '?', '#']))
    else {
        return true;
    };
    let scheme = scheme.to_ascii_lowercase();
    matches!(scheme.as_str(), "http" | "https")
        || (holds == Holds::Destination && scheme == "mailto")
}

/// Whether the element has no content and no end tag.
pub(super) fn is_void(element: &str) -> bool {
    matches!(element, "br" | "hr" | "img" | "source" | "wbr")
}

#[cfg(test)]
mod tests {
    use super::{ATTRIBUTES, ELEMENTS};

    #[test]
    fn the_lists_are_sorted_so_that_every_entry_is_found() {
        assert!(ELEMENTS.is_sorted() && ATTRIBUTES.is_sorted());
    }
}

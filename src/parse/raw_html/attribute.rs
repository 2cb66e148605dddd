//! The attributes of a tag that passes, each written as what it holds: text, an anchor, one address or several.

use std::ops::Range;

use super::allowed::{self, Holds};
use super::output::{HtmlPiece, LinkRole, Output};
use super::reference::{EntityReferences, decode, escape};
use super::scan::Attribute;

/// Writes an attribute that the allow-list has, unless what it holds does not pass.
pub(super) fn write_attribute<Sink: FnMut(HtmlPiece<'_>)>(
    attribute: &Attribute,
    holds: Holds,
    output: &mut Output<'_, Sink>,
) {
    let Some(range) = attribute.value.clone() else {
        if holds == Holds::Text {
            output.html.push(' ');
            output.html.push_str(&attribute.name);
        }
        return;
    };
    let typed = &output.raw.text[range.clone()];
    let role = match holds {
        Holds::Text => return write_text(&attribute.name, typed, &mut output.html),
        Holds::Anchor => {
            let name = decode(typed);
            if !typed.trim().is_empty() && !name.starts_with(crate::parse::RESERVED) {
                let (name, range) = (name.into_owned(), output.in_file(&range));
                output.send(HtmlPiece::Anchor { attribute: &attribute.name, name, range });
            }
            return;
        }
        Holds::SourceSet => return write_source_set(range, output),
        Holds::Destination => LinkRole::Href,
        Holds::Source => LinkRole::Src,
        Holds::Reference => LinkRole::Reference,
    };
    let Some((address, range)) = passing_address(holds, output.raw.text, range) else { return };
    let link = HtmlPiece::Link { role, address, range: output.in_file(&range) };
    if role != LinkRole::Reference {
        return output.send(link);
    }
    output.html.push(' ');
    output.html.push_str(&attribute.name);
    output.html.push_str("=\"");
    output.send(link);
    output.html.push('"');
}

fn write_text(name: &str, value: &str, html: &mut String) {
    html.push(' ');
    html.push_str(name);
    html.push_str("=\"");
    escape(html, value, EntityReferences::Kept);
    html.push('"');
}

/// Writes `srcset`: addresses separated by commas, each with an optional width or density.
fn write_source_set<Sink: FnMut(HtmlPiece<'_>)>(
    value: Range<usize>,
    output: &mut Output<'_, Sink>,
) {
    let text = output.raw.text;
    let mut candidates = Vec::new();
    let mut at = value.start;
    while at < value.end {
        let rest = &text[at..value.end];
        let start = at + rest.len()
            - rest.trim_start_matches(|skip: char| skip.is_ascii_whitespace() || skip == ',').len();
        let rest = &text[start..value.end];
        let end = start + rest.find(|end: char| end.is_ascii_whitespace()).unwrap_or(rest.len());
        let address = text[start..end].trim_end_matches(',');
        let mut descriptor = "";
        at = end;
        if start + address.len() == end {
            let rest = &text[end..value.end];
            descriptor = rest.split(',').next().unwrap_or_default();
            at = end + descriptor.len();
        }
        if let Some(passing) = passing_address(Holds::SourceSet, text, start..start + address.len())
        {
            candidates.push((passing, descriptor.trim()));
        }
    }
    for (index, ((address, range), descriptor)) in candidates.iter().enumerate() {
        output.html.push_str(if index == 0 { " srcset=\"" } else { ", " });
        let range = output.in_file(range);
        output.send(HtmlPiece::Link {
            role: LinkRole::ImageCandidate,
            address: address.clone(),
            range,
        });
        if !descriptor.is_empty()
            && descriptor.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
        {
            output.html.push(' ');
            output.html.push_str(descriptor);
        }
    }
    if !candidates.is_empty() {
        output.html.push('"');
    }
}

/// The address decoded and without what browsers skip, with its place; `None` if it is empty or does not pass.
fn passing_address(
    holds: Holds,
    text: &str,
    range: Range<usize>,
) -> Option<(String, Range<usize>)> {
    let typed = &text[range.clone()];
    let start = range.start + typed.len() - typed.trim_start().len();
    let range = start..start + typed.trim().len();
    let mut address = decode(typed.trim()).into_owned();
    address.retain(|kept| !matches!(kept, '\t' | '\n' | '\r'));
    let address = address.trim_matches(|trimmed: char| trimmed <= ' ').to_string();
    (!address.is_empty() && allowed::address(holds, &address)).then_some((address, range))
}

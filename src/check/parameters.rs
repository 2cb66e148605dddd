//! Judges a page's parameters: those that it declares and never uses, and those that its commands use undeclared.

use std::collections::{BTreeMap, BTreeSet};

use super::conformance::Schema;
use crate::deep_link::{ValuePiece, pieces};
use crate::diagnostic::{Diagnostic, Location, commands as mistakes};
use crate::parse::Document;
use crate::procedure::used_in_text;
use crate::token::parameter_name;
use crate::value::{Node, Value};

/// The declared parameters of a page that occur nowhere in it.
pub(super) fn unused(document: &Document) -> Vec<Diagnostic> {
    let declared = &document.meta.parameters;
    if declared.is_empty() {
        return Vec::new();
    }
    let used = used(document);
    let unused = declared.iter().filter(|one| !used.contains(&parameter_name(&one.name.value)));
    let finding = unused.map(|one| {
        let at = Location::new(&document.path, one.name.range.clone());
        mistakes::unused_parameter(at, &one.name.value)
    });
    finding.collect()
}

/// The parameters of a page's shell blocks that are neither declared, by the page or else in `shared`, nor slots of
/// its template; each once, where it stands first.
pub(super) fn undeclared(
    document: &Document,
    shared: impl Iterator<Item = String>,
    schema: Option<&Schema>,
) -> Vec<Diagnostic> {
    let own = document.meta.parameters.iter().map(|parameter| parameter.name.value.clone());
    let mut known: BTreeSet<String> = own.chain(shared).map(|name| parameter_name(&name)).collect();
    let mut found = Vec::new();
    for block in &document.code_blocks {
        let mut lines = None;
        for range in block.shell.iter().flat_map(|shell| shell.parameter_ranges()) {
            let token = &block.text[range.clone()];
            if !schema.is_some_and(|schema| schema.is_slot(token))
                && known.insert(parameter_name(token))
            {
                let lines = lines.get_or_insert_with(|| block.lines());
                let at = Location::new(&document.path, lines.first_line_in_file(&range));
                found.push(mistakes::undeclared_parameter(at, token));
            }
        }
    }
    found
}

/// The names of all parameters that a page uses, declared or not.
fn used(document: &Document) -> BTreeSet<String> {
    let mut used = used_in_text(document);
    let declared = document.meta.parameters.iter().map(|one| (one.name.value.as_str(), None));
    let declared: BTreeMap<&str, Option<&str>> = declared.collect();
    for link in &document.meta.dashboards {
        in_link(link, &declared, &mut used);
    }
    used
}

/// Adds the parameters that the texts of a deep link use.
fn in_link<'a>(
    node: &'a Node,
    declared: &BTreeMap<&'a str, Option<&'a str>>,
    used: &mut BTreeSet<String>,
) {
    if let Value::String(text) = &node.value {
        used.extend(pieces(text, declared).into_iter().filter_map(|piece| match piece {
            ValuePiece::Parameter(name) => Some(parameter_name(name)),
            ValuePiece::Text(_) | ValuePiece::Unknown(..) => None,
        }));
    }
    let values = node.entries().iter().map(|entry| &entry.value);
    node.items().iter().chain(values).for_each(|inner| in_link(inner, declared, used));
}

#[cfg(test)]
mod tests {
    use super::{undeclared, unused};
    use crate::diagnostic::Diagnostic;
    use crate::parse::tests_support::document;

    /// The texts that findings point at.
    fn shown(text: &str, found: &[Diagnostic]) -> Vec<String> {
        found.iter().map(|found| text[found.at.range.clone()].to_owned()).collect()
    }

    fn check(text: &str, expected_unused: &[&str], expected_undeclared: &[&str]) {
        let page = document(text);
        assert_eq!(shown(text, &unused(&page)), expected_unused, "{text}");
        let shared = std::iter::once("region".to_owned());
        assert_eq!(shown(text, &undeclared(&page, shared, None)), expected_undeclared, "{text}");
    }

    #[test]
    fn a_parameter_is_used_in_text_code_commands_and_deep_links() {
        for used in [
            "Go to <queue_name>.",
            "Go to `/q/<QUEUE_NAME>`.",
            "```sh\nls <queue-name>\n```",
            "```yaml\nname: <QUEUE_NAME>\n```",
        ] {
            check(&format!("---\nparameters: [queue-name]\n---\n\n{used}\n"), &[], &[]);
        }
        let link = "dashboards:\n- {kind: sqs, name: \"{queue-name}\", title: Q}\n";
        check(&format!("---\nparameters: [queue-name]\n{link}---\n\nText\n"), &[], &[]);
        check("---\nparameters: [queue-name]\n---\n\nText <queue>\n", &["queue-name"], &[]);
    }

    #[test]
    fn a_command_s_parameter_is_declared_by_the_page_or_the_site() {
        let page = "---\nparameters: [{name: pod}]\n---\n\n```sh\n\
                    kubectl logs <pod> <container> <REGION>\nkubectl get <container>\n```\n\n`<other>`\n";
        check(page, &[], &["<container>"]);
    }
}

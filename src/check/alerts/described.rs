//! Links in what alerts say of themselves, whichever tool they were written for.

use std::collections::BTreeMap;
use std::ops::Range;

use super::pattern::{COMPUTED, Pattern};
use super::rule::{AlertRule, RuleFile, RunbookLink, SourceKind, one_line};

/// How many forms of a text are looked at for links where something in it is computed.
const MAX_FORMS: usize = 16;

/// The rule of an alert whose texts are given with the keys that they stand under: those whose key speaks of a runbook
/// are addresses, the others prose with links in it, of which the first is the summary.
pub(super) fn rule<'t>(
    source: &RuleFile<'_>,
    kind: SourceKind,
    name: &PropertyText,
    texts: impl Iterator<Item = (&'t str, &'t PropertyText)>,
) -> AlertRule {
    let shown = name.text.to_string();
    let mut found = Vec::new();
    let mut summary = None;
    for (key, text) in texts {
        let is_runbook = means_runbook(key);
        let mut of_text = links(source, text);
        let whole = text.text.marked().trim().to_string();
        if of_text.is_empty() && is_runbook && !whole.is_empty() {
            let at = source.at_part(&text.range, &whole);
            of_text.push(RunbookLink { url: whole, at, named: true });
        }
        found.extend(
            of_text.into_iter().map(|link| RunbookLink { named: link.named || is_runbook, ..link }),
        );
        if !is_runbook {
            summary = summary.or_else(|| without_links(&text.text.marked()));
        }
    }
    let runbook = found.iter().position(|link| link.named).or((!found.is_empty()).then_some(0));
    let runbook = runbook.map(|index| found.remove(index));
    AlertRule {
        at: source.at_part(&name.range, &shown),
        name: shown,
        pattern: computed(&name.text),
        runbook,
        links: found,
        severity: None,
        labels: BTreeMap::new(),
        expression: None,
        duration: None,
        summary,
        source: kind,
        line: 0,
    }
}

/// The labels of tags that are each written as `key:value`.
pub(super) fn tagged<'t>(tags: impl Iterator<Item = &'t str>) -> BTreeMap<String, String> {
    let parts = tags.filter(|tag| !tag.contains(COMPUTED)).filter_map(|tag| tag.split_once(':'));
    parts.map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned())).collect()
}

/// A name that is not known before it is deployed.
pub(super) fn computed(name: &Pattern) -> Option<Pattern> {
    name.as_literal().is_none().then(|| name.clone())
}

/// Whether a word or an address speaks of a runbook.
fn means_runbook(text: &str) -> bool {
    let text = text.to_lowercase();
    ["runbook", "playbook", "/alerts/"].iter().any(|word| text.contains(word))
}

/// Every link of a text, in each form that the text can have; those that are called runbook or look like one are
/// named.
pub(super) fn links(source: &RuleFile<'_>, text: &PropertyText) -> Vec<RunbookLink> {
    let forms = text.text.expanded(MAX_FORMS).unwrap_or_else(|| vec![text.text.marked()]);
    let mut links: Vec<RunbookLink> = Vec::new();
    for form in &forms {
        for link in described_links(form) {
            if links.iter().all(|other| other.url != link.url) {
                let named = means_runbook(link.name) || means_runbook(link.url);
                let at = source.at_origin(&text.range, link.url);
                links.push(RunbookLink { url: link.url.to_string(), at, named });
            }
        }
    }
    links
}

/// A link in a description.
struct DescribedLink<'a> {
    /// The whole Markdown link, or just the address.
    whole: Range<usize>,
    /// The address.
    url: &'a str,
    /// What names it: the link's text, or the words before a bare address.
    name: &'a str,
}

/// Every Markdown link and bare web address of a text.
fn described_links(text: &str) -> Vec<DescribedLink<'_>> {
    let mut links = Vec::new();
    let mut from = 0;
    while let Some(start) =
        ["https://", "http://"].iter().filter_map(|scheme| text[from..].find(scheme)).min()
    {
        let start = from + start;
        let before = &text[..start];
        let in_markdown = before.ends_with("](") || before.ends_with("](<");
        let ends = |found: char| {
            found.is_whitespace() || "<>\"'|".contains(found) || (found == ')' && in_markdown)
        };
        let length = text[start..].find(ends).unwrap_or(text.len() - start);
        let mut url = &text[start..start + length];
        if !in_markdown {
            url = url.trim_end_matches(['.', ',', ';', ':', ')', ']', '!', '?']);
        }
        from = start + url.len().max(1);
        let link = match before.strip_suffix('<').unwrap_or(before).strip_suffix("](") {
            Some(head) if head.contains('[') => {
                let open = head.rfind('[').unwrap_or(0);
                let close = text[from..].find(')').map_or(from, |close| from + close + 1);
                DescribedLink { whole: open..close, url, name: &head[open + 1..] }
            }
            _ => {
                let name =
                    before.trim_end().rsplit(['\n', '.', ';', ',']).next().unwrap_or_default();
                DescribedLink { whole: start..from, url, name }
            }
        };
        links.push(link);
    }
    links
}

/// A description in one line, its links taken out with the label in front of them.
pub(super) fn without_links(text: &str) -> Option<String> {
    let mut kept = String::new();
    let mut from = 0;
    for link in described_links(text) {
        kept.push_str(text.get(from..link.whole.start).unwrap_or_default());
        from = link.whole.end;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    let line = one_line(&kept)?;
    let line = line.trim_end_matches(" .");
    let line = ["Runbook:", "runbook:", "Playbook:", "See"]
        .iter()
        .fold(line, |line, label| line.trim_end().strip_suffix(label).unwrap_or(line));
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_string())
}

/// A property's text and where it stands.
#[derive(Clone, Debug)]
pub(super) struct PropertyText {
    /// The text, as far as it is known.
    pub(super) text: Pattern,
    /// The value in the file.
    pub(super) range: Range<usize>,
}

#[cfg(test)]
mod tests {
    use super::{described_links, without_links};

    #[test]
    fn links_of_a_description_are_found_with_what_names_them() {
        for (text, expected) in [
            ("Slow. [Runbook](https://a.example/b)", vec![("https://a.example/b", "Runbook")]),
            ("Runbook: https://a.example/b.", vec![("https://a.example/b", "Runbook:")]),
            ("(see https://a.example)", vec![("https://a.example", "(see")]),
            (
                "[g](http://g.example) and [p](<https://p.example>)",
                vec![("http://g.example", "g"), ("https://p.example", "p")],
            ),
            ("nothing", vec![]),
            ("https://", vec![("https://", "")]),
        ] {
            let found: Vec<(&str, &str)> =
                described_links(text).iter().map(|link| (link.url, link.name.trim())).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_summary_holds_no_links() {
        for (text, expected) in [
            ("Slow.\n  [Runbook](https://a.example/b)\n", Some("Slow.")),
            ("Slow. Runbook: https://a.example/b", Some("Slow.")),
            ("[Runbook](https://a.example/b)", None),
        ] {
            assert_eq!(without_links(text).as_deref(), expected, "{text}");
        }
    }
}

//! Judges a page's code blocks: destructive commands that nobody warns of, diagrams that cannot be drawn.
//!
//! What commands do is known to [`crate::shell`]; here only what stands round them counts.

use crate::diagnostic::{Diagnostic, Location, commands as mistakes};
use crate::diagram::diagram;
use crate::parse::{CodeBlock, DeclaredSafety, Document};
use crate::shell::{Safety, Shell};

/// How many lines before and after a block are near it.
const NEAR: usize = 8;

/// What a warning says.
const WARNINGS: &[&str] = &[
    "backup", "back up", "beware", "cannot be undone", "careful", "caution", "danger", "destroy",
    "destruct", "do not", "don't", "irreversib", "loss", "lost", "make sure", "never", "no undo",
    "only if", "warning",
];

/// What a verification says.
const VERIFICATIONS: &[&str] =
    &["check", "confirm", "ensure", "expect", "should", "validate", "verify", "wait"];

/// The diagrams of a page that cannot be drawn, each with its line.
pub(crate) fn diagrams(document: &Document) -> Vec<Diagnostic> {
    let blocks = document.code_blocks.iter().filter(|block| block.language == "mermaid");
    let wrong = blocks.filter_map(|block| {
        let drawn = diagram(&block.text);
        let error = drawn.as_ref().as_ref().err()?;
        let lines = block.lines();
        let start = lines.start(error.line - 1);
        let at = Location::new(&document.path, lines.first_line_in_file(&(start..start)));
        Some(mistakes::diagram_not_drawn(at, &error.message, error.is_invalid))
    });
    wrong.collect()
}

/// The destructive blocks of a page that no warning precedes, and those after which nothing is verified.
pub(crate) fn destructive(document: &Document, text: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, block) in document.code_blocks.iter().enumerate() {
        let Some(shell) = &block.shell else { continue };
        if block.declared == Some(DeclaredSafety::Safe) {
            continue;
        }
        let command =
            shell.commands.iter().find(|command| command.verdict.safety == Safety::Destructive);
        let Some(command) = command else { continue };
        let at = || {
            let range = command.range.start as usize..command.range.end as usize;
            Location::new(&document.path, block.lines().first_line_in_file(&range))
        };
        let warned = block.declared == Some(DeclaredSafety::Danger)
            || says(before(text, block.range.start), WARNINGS)
            || says(after(text, block.range.end), WARNINGS)
            || comments(shell, &block.text).any(|comment| says(comment, WARNINGS));
        if !warned {
            let lost = command.verdict.lost.unwrap_or_default();
            found.push(mistakes::destructive_without_warning(at(), lost));
        }
        let mut later = document.code_blocks[index + 1..]
            .iter()
            .take_while(|later| later.heading == block.heading);
        let verified = says(after(text, block.range.end), VERIFICATIONS) || later.any(looks);
        if !verified {
            found.push(mistakes::destructive_without_verify(at()));
        }
    }
    found
}

/// Whether a block only looks at things.
fn looks(block: &CodeBlock) -> bool {
    block.shell.as_ref().is_some_and(|shell| shell.verdict.safety == Safety::ReadOnly)
}

fn says(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(word))
}

fn comments<'a>(shell: &'a Shell, text: &'a str) -> impl Iterator<Item = &'a str> {
    let spans =
        shell.spans.iter().map(|span| &text[span.range.start as usize..span.range.end as usize]);
    spans.filter(|text| text.starts_with('#'))
}

fn before(text: &str, end: usize) -> &str {
    let lines = text[..end].rmatch_indices('\n').nth(NEAR);
    &text[lines.map_or(0, |(at, _)| at)..end]
}

fn after(text: &str, start: usize) -> &str {
    let lines = text[start..].match_indices('\n').nth(NEAR);
    &text[start..lines.map_or(text.len(), |(at, _)| start + at)]
}

#[cfg(test)]
mod tests {
    use super::{destructive, diagrams};
    use crate::diagnostic::Rule;
    use crate::parse::tests_support::document;

    /// The findings of a page, as rule and the text that they point at.
    fn check(page: &str, expected: &[(Rule, &str)]) {
        let document = document(page);
        let mut found = diagrams(&document);
        found.extend(destructive(&document, page));
        let found: Vec<(Rule, &str)> =
            found.iter().map(|finding| (finding.rule, &page[finding.at.range.clone()])).collect();
        assert_eq!(found, expected, "{page}");
    }

    const UNWARNED: Rule = Rule::DestructiveWithoutWarning;
    const UNVERIFIED: Rule = Rule::DestructiveWithoutVerify;

    #[test]
    fn a_destructive_command_wants_a_warning_and_a_way_to_verify() {
        let page =
            "# A\n\n1. Then\n\n   ```bash\n   ls\n   kubectl delete ns \\\n     payments\n   ```\n";
        check(page, &[(UNWARNED, "kubectl delete ns \\"), (UNVERIFIED, "kubectl delete ns \\")]);
    }

    #[test]
    fn a_warning_near_it_in_its_comments_or_on_its_fence_will_do() {
        let verify = "\nVerify that it is gone.\n";
        check(&format!("Careful: all is lost.\n\n```sh\nrm -r x\n```\n{verify}"), &[]);
        check(&format!("```sh\n# cannot be undone\nrm -r x\n```\n{verify}"), &[]);
        check(&format!("```sh {{danger}}\nrm -r x\n```\n{verify}"), &[]);
        check(&format!("```sh {{safe}}\nrm -r x\n```\n{verify}"), &[]);
        let far = "Careful.\n\n\n\n\n\n\n\n\n\n\n\n";
        check(&format!("{far}```sh\nrm -r x\n```\n{verify}"), &[(UNWARNED, "rm -r x")]);
    }

    #[test]
    fn a_command_that_looks_verifies_within_its_section() {
        let page = "Warning.\n\n```sh\nrm x\n```\n\nThen\n\n```sh\nls\n```\n";
        check(page, &[]);
        let page = "Warning.\n\n```sh\nrm x\n```\n\n## Next\n\n```sh\nls\n```\n";
        check(page, &[(UNVERIFIED, "rm x")]);
    }

    #[test]
    fn a_diagram_that_cannot_be_drawn_names_its_line() {
        check(
            "```mermaid\nflowchart LR\n  A --> B\n  B -->\n```\n",
            &[(Rule::DiagramNotDrawn, "  B -->")],
        );
        check("```mermaid\nflowchart LR\n  A --> B\n```\n", &[]);
    }
}

//! Shell blocks of real runbooks: what is said of their commands.

use guidepost::diagnostic::Rule;
use guidepost::render::code::code_html;
use guidepost::shell::{Safety, is_shell, shell, shell_block};

use crate::support::{build_site, corpus_pages, published, site};

/// The fenced blocks of a page, as language and text; good enough for well-formed pages.
fn fences(page: &str) -> Vec<(String, String)> {
    let mut fences = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => fences.extend(open.take()),
            (Some(language), None) => {
                let language = language.trim_start_matches('`').split_whitespace().next();
                open = Some((language.unwrap_or_default().to_lowercase(), String::new()));
            }
            (None, Some((_, text))) => text.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    fences
}

#[test]
fn what_deletes_in_real_runbooks_is_destructive_and_what_looks_is_not() {
    for (path, bytes) in corpus_pages() {
        for (language, text) in fences(&String::from_utf8_lossy(&bytes)) {
            code_html(&language, &text, shell_block(&language, &text).as_ref());
            if !is_shell(&language) {
                continue;
            }
            for command in shell(&language, &text).commands {
                let range = command.range.start as usize..command.range.end as usize;
                let place = format!("{}: {}", path.display(), &text[range.clone()]);
                let words: Vec<&str> = text[range].split_whitespace().collect();
                let safety = command.verdict.safety;
                let plain = !words.iter().any(|word| word.contains(['|', '$', ';', '&', '`']));
                match words[..] {
                    ["kubectl" | "oc", "delete" | "drain", ..] => {
                        assert_eq!(safety, Safety::Destructive, "{place}");
                    }
                    ["kubectl" | "oc", "get" | "describe" | "logs", ..] if plain => {
                        assert_eq!(safety, Safety::ReadOnly, "{place}");
                    }
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn a_diagram_is_drawn_into_its_page_and_its_source_stays_where_it_cannot_be() {
    let built = build_site(site(
        "-- content/a.md --\n# A\n\n```mermaid {title=\"The pipeline\"}\nflowchart LR\n  A[Brief] --> B\n```\n\n\
         ```mermaid\nflowchart LR\n  B -->\n```\n",
    ));
    let page = published(&built.output, "a/index.html");
    assert!(page.contains("<figure class=\"diagram\" tabindex=\"0\"><svg "), "{page}");
    assert!(page.contains("<figcaption>The pipeline</figcaption>"), "{page}");
    assert!(page.contains("B --&gt;"), "{page}");
    let rules: Vec<Rule> = built.findings.iter().map(|finding| finding.diagnostic.rule).collect();
    assert!(rules.contains(&Rule::DiagramNotDrawn), "{rules:?}");
}

/// Command lines with what each does, as a letter before it.
const LABELLED: &str = include_str!("commands/labelled.txt");

#[test]
fn labelled_commands_are_judged_as_the_references_of_their_tools_say() {
    let lines = LABELLED.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut seen = std::collections::BTreeMap::new();
    for line in lines {
        let (label, command) = line.split_once(' ').expect("a label and a command");
        let expected = match label {
            "r" => Safety::ReadOnly,
            "c" => Safety::ChangesState,
            "d" => Safety::Destructive,
            "u" => Safety::Unknown,
            _ => panic!("no such label: {line}"),
        };
        assert_eq!(shell("bash", command).verdict.safety, expected, "{command}");
        *seen.entry(label).or_insert(0) += 1;
    }
    assert!(seen.len() == 4 && seen.values().all(|count| *count > 5), "{seen:?}");
}

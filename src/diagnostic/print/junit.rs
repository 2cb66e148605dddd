//! `JUnit` XML, which every CI server shows as tests: one that fails for each finding, by file.
//!
//! Format: the schema of the `JUnit` task of Ant as Jenkins and GitLab read it.

use super::Positions;
use crate::diagnostic::{Finding, Level};
use crate::files::{FilePath, Files};
use crate::text::escape;

/// The findings as one document. Errors fail; warnings pass and say what they warn of, so that a server which only
/// counts failures agrees with the exit code. A site without findings is one test that passes.
pub fn junit(findings: &[Finding], files: &Files, strict: bool) -> String {
    let fails = |finding: &&Finding| strict || finding.level == Level::Error;
    let failures = findings.iter().filter(fails).count();
    let tests = findings.len().max(1);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str(&format!(
        "<testsuites name=\"guidepost\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n"
    ));
    if findings.is_empty() {
        xml.push_str("  <testsuite name=\"guidepost\" tests=\"1\" failures=\"0\" errors=\"0\">\n");
        xml.push_str("    <testcase name=\"check\" classname=\"guidepost\"/>\n  </testsuite>\n");
    }
    let mut positions = Positions::new(files);
    for of_file in by_file(findings) {
        let path = &of_file[0].diagnostic.at.path;
        let failures = of_file.iter().copied().filter(fails).count();
        xml.push_str("  <testsuite name=\"");
        push(&mut xml, path.as_str());
        let tests = of_file.len();
        xml.push_str(&format!("\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n"));
        for finding in of_file {
            test(&mut xml, finding, fails(&finding), &mut positions);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

/// The findings of each file, in the order in which the files occur first.
fn by_file(findings: &[Finding]) -> Vec<Vec<&Finding>> {
    let mut indexes = std::collections::BTreeMap::<&FilePath, usize>::new();
    let mut files: Vec<Vec<&Finding>> = Vec::new();
    for finding in findings {
        let index = *indexes.entry(&finding.diagnostic.at.path).or_insert(files.len());
        if index == files.len() {
            files.push(Vec::new());
        }
        files[index].push(finding);
    }
    files
}

fn test(xml: &mut String, finding: &Finding, fails: bool, positions: &mut Positions<'_>) {
    let diagnostic = &finding.diagnostic;
    let (start, _) = positions.of(&diagnostic.at);
    let rule = diagnostic.rule.name();
    let index = format!("{}:{}:{}", diagnostic.at.path, start.line, start.column);
    xml.push_str(&format!("    <testcase classname=\"{rule}\" name=\""));
    push(xml, &format!("{index}: {}", diagnostic.message));
    xml.push_str("\" file=\"");
    push(xml, diagnostic.at.path.as_str());
    xml.push_str(&format!("\" line=\"{}\">\n", start.line));
    let element = if fails { "failure" } else { "system-out" };
    xml.push_str(&format!("      <{element}"));
    if fails {
        xml.push_str(&format!(" type=\"{rule}\" message=\""));
        push(xml, &diagnostic.message);
        xml.push('"');
    }
    xml.push('>');
    push(xml, &format!("{index}: {}[{rule}]: {}", finding.level.name(), diagnostic.message));
    if let Some(help) = &diagnostic.help {
        push(xml, &format!("\nhelp: {help}"));
    }
    xml.push_str(&format!("</{element}>\n    </testcase>\n"));
}

/// Escapes a text, without the characters that XML 1.0 has no way to write.
fn push(xml: &mut String, text: &str) {
    let is_written = |letter: &char| match letter {
        '\n' | '\t' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        _ => !letter.is_control(),
    };
    escape(xml, &text.chars().filter(is_written).collect::<String>());
}

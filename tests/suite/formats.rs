//! What `guidepost check` writes for other programs, in each format that they read.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use guidepost::diagnostic::print::{
    gitlab::gitlab,
    junit::junit,
    markdown::{Said, markdown},
    rdjson::rdjson,
    sarif::sarif,
};
use guidepost::diagnostic::{Finding, Level};
use guidepost::files::Files;
use serde_json::Value;

use crate::support::{build_site, site};

/// A page with links of every awkward name that lead nowhere, two of them alike, and a warning.
const AWKWARD: &str = "-- content/a b/ü#.md --\n# A\n\né [x](gone.md) [x](gone.md) [\"q\" & <b>|`c`](%22q%22&'.md)\n\n```mermaid\nno|diagram <b>\n```\n";

fn findings(fixture: &str) -> (Vec<Finding>, Files) {
    let files = site(fixture);
    (build_site(files.clone()).findings, files)
}

/// Thirty pages with two broken links each.
fn thirty() -> String {
    let page = |number| {
        format!("-- content/p{number}.md --\n# P\n\n[x](gone-{number}.md)\n\n[y](#none-{number})\n")
    };
    (1..=30).map(page).collect()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

#[test]
fn sarif_places_every_finding_in_the_repository_and_names_it_once() {
    for fixture in [AWKWARD, &thirty(), "-- content/a.md --\n# A\n"] {
        let (findings, files) = findings(fixture);
        let log = parsed(&sarif(&findings, &files, "docs/"));
        let run = &log["runs"][0];
        let (rules, results) = (list(&run["tool"]["driver"]["rules"]), list(&run["results"]));
        assert_eq!((&log["version"], results.len()), (&Value::from("2.1.0"), findings.len()));
        for rule in rules {
            // What GitHub's code scanning shows of a rule.
            for text in ["shortDescription", "fullDescription", "help"] {
                let text = rule[text]["text"].as_str().expect("a text");
                assert!(text.starts_with(char::is_alphabetic) && text.len() > 20, "{text}");
            }
            let help = rule["help"]["text"].as_str().expect("a text");
            assert!(help.contains(rule["id"].as_str().expect("a name")), "{help}");
        }
        let mut names = BTreeSet::new();
        for (result, finding) in results.iter().zip(&findings) {
            let rule = &rules[result["ruleIndex"].as_u64().expect("a number") as usize];
            assert_eq!(rule["id"], result["ruleId"]);
            assert_eq!(result["level"], finding.level.name());
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().expect("a text");
            assert!(uri.starts_with("docs/content/") && !uri.contains([' ', '#', 'ü']), "{uri}");
            let region = &place["region"];
            let number = |key: &str| region[key].as_u64().expect("a number");
            assert!(number("startLine") >= 1 && number("startColumn") >= 1);
            let (start, end) = (
                (number("startLine"), number("startColumn")),
                (number("endLine"), number("endColumn")),
            );
            assert!(start <= end);
            assert!(names.insert(result["partialFingerprints"]["guidepost/v1"].to_string()));
        }
    }
}

#[test]
fn gitlab_knows_a_finding_again_when_lines_come_before_it() {
    let text = "# A\n\n[x](gone.md) [x](gone.md)\n";
    let named = |text: &str| {
        let (findings, files) = findings(&format!("-- content/a.md --\n{text}"));
        let report = parsed(&gitlab(&findings, &files, ""));
        let entries = list(&report).iter().map(|entry| {
            assert_eq!(
                (&entry["severity"], &entry["location"]["path"]),
                (&Value::from("major"), &Value::from("content/a.md"))
            );
            let line = entry["location"]["lines"]["begin"].as_u64().expect("a number");
            (entry["fingerprint"].to_string(), line)
        });
        entries.collect::<Vec<_>>()
    };
    let (before, after) = (named(text), named(&format!("{text}\n").replace("# A\n", "# A\n\nB\n")));
    assert_eq!(before.len(), 2);
    assert_ne!(before[0].0, before[1].0);
    assert_eq!(
        before.iter().map(|it| &it.0).collect::<Vec<_>>(),
        after.iter().map(|it| &it.0).collect::<Vec<_>>()
    );
    assert_eq!((before[0].1, after[0].1), (3, 5));
}

#[test]
fn reviewdog_counts_columns_in_bytes() {
    let (findings, files) = findings("-- content/a.md --\n# A\n\né [x](gone.md)\n");
    let report = parsed(&rdjson(&findings, &files, "docs/"));
    let diagnostic = &list(&report["diagnostics"])[0];
    assert_eq!(diagnostic["location"]["path"], "docs/content/a.md");
    let range = &diagnostic["location"]["range"];
    assert_eq!((&range["start"]["line"], &range["start"]["column"]), (&3.into(), &8.into()));
    assert_eq!((&range["end"]["line"], &range["end"]["column"]), (&3.into(), &15.into()));
    assert_eq!(
        (&diagnostic["severity"], &diagnostic["code"]["value"]),
        (&"ERROR".into(), &"broken-link".into())
    );
}

#[test]
fn junit_fails_a_test_for_each_error_and_passes_one_for_a_site_without() {
    let (found, files) = findings(AWKWARD);
    assert!(found.iter().any(|finding| finding.level == Level::Warning), "{found:?}");
    for strict in [false, true] {
        let xml = junit(&found, &files, strict);
        let failures = found.iter().filter(|it| strict || it.level == Level::Error).count();
        assert_eq!(xml.matches("<failure ").count(), failures);
        assert!(xml.contains(&format!("tests=\"{}\" failures=\"{failures}\"", found.len())));
        assert_eq!(xml.matches("<testcase ").count(), found.len());
        let suites = xml.matches("<testsuite").count();
        assert_eq!(xml.matches(" errors=\"0\">").count(), suites, "readers demand it of each");
        let text: String =
            xml.split('<').skip(1).map(|tag| tag.split_once('>').expect("a tag").1).collect();
        assert!(!text.contains(['<', '"']), "{text}");
    }
    let (none, files) = findings("-- content/a.md --\n# A\n");
    let xml = junit(&none, &files, true);
    assert!(xml.contains("<testcase name=\"check\"") && !xml.contains("<failure"));
    let (many, files) = findings(&thirty());
    assert_eq!(junit(&many, &files, false).matches("<testsuite ").count(), 30);
}

#[test]
fn a_summary_is_one_table_whatever_messages_hold_and_says_what_it_leaves_out() {
    let (found, files) = findings(AWKWARD);
    let said = Said { pages: 1, accepted: None, lines: &[] };
    let text = markdown(&found, &files, "docs/", &said);
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), found.len() + 2, "{text}");
    for row in rows {
        let bars = row.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 5, "{row}");
    }
    assert!(text.starts_with("### Guidepost: 3 errors, 1 warning\n"), "{text}");
    assert!(text.find("❌") < text.find("⚠️"), "{text}");
    let (many, files) = findings(&thirty());
    let lines = ["3 of 30 overdue, see `guidepost freshness`".to_owned()];
    let text = markdown(&many, &files, "", &Said { pages: 30, accepted: Some(2), lines: &lines });
    for expected in [
        "### Guidepost: new 60 errors\n",
        "10 more are in the log.\n",
        "2 findings stood before and are not shown.\n",
        "3 of 30 overdue, see `guidepost freshness`\n",
        "30 pages checked.\n",
    ] {
        assert!(text.contains(expected), "{expected:?} in {text}");
    }
    let text = markdown(&[], &files, "", &Said { pages: 1, accepted: Some(0), lines: &[] });
    assert_eq!(text, "### Guidepost: no new findings\n\n1 page checked.\n");
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_guidepost"))
        .arg("check")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program runs")
}

#[test]
fn one_run_writes_several_formats_and_says_which_it_does_not_know() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("content")).expect("a folder");
    std::fs::write(at("content/a.md"), "# A\n\n[x](gone.md)\n").expect("a page");
    std::fs::write(at("site.toml"), "title = \"T\"\n").expect("settings");
    let formats = ["--format", "short", "--format", "sarif=a.sarif", "--format=junit=a.xml"];
    let output = check(folder.path(), &formats);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text, "content/a.md:3:5: error[broken-link]: no page `gone.md`\n");
    let written = |name: &str| std::fs::read_to_string(at(name)).expect("the file was written");
    assert_eq!(parsed(&written("a.sarif"))["version"], "2.1.0");
    assert!(written("a.xml").starts_with("<?xml"));
    check(folder.path(), &["--format", "gitlab", "--output", "gl.json"]);
    assert_eq!(list(&parsed(&written("gl.json"))).len(), 1);
    for (arguments, expected) in [
        (&["--format", "sarfi"][..], "no format `sarfi`"),
        (&["--format", "sarfi"], "is `sarif` meant?"),
        (&["--format", "sarif="], "no file behind `=`"),
        (&["--format", "short", "--format", "json"], "two formats go to standard output"),
        (&["--format=short=x", "--format=json=x"], "two formats go to `x`"),
        (&["--format=short=no/folder/x"], "cannot write `no/folder/x`"),
    ] {
        let output = check(folder.path(), arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(2) && said.contains(expected),
            "{arguments:?}: {said}"
        );
    }
}

//! What a page or a site of very many of one thing costs: in proportion to how many there are. Measured as processor
//! time of a whole build, at a size and at four times that size in the same run, so that no machine is too slow. No run of
//! all tests waits for a clock: these run where `GUIDEPOST_COSTS` is set, by hand.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;

/// By how much more four times as many may cost. What takes time with the square of its size takes sixteen times as
/// much.
const MOST: f64 = 9.0;

/// Time that is not looked at, in seconds: how a program begins varies by it.
const SLACK: f64 = 0.3;

/// The processor time of a build, in seconds, as the shell counts it.
fn seconds(files: &[(String, String)]) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        std::fs::write(file, text).expect("a file");
    }
    times(folder.path())
}

fn times(folder: &Path) -> f64 {
    let mut shell = Command::new("sh");
    shell.args(["-c", "\"$0\" build --quiet >&2 && times", env!("CARGO_BIN_EXE_guidepost")]);
    let ran = shell.current_dir(folder).output().expect("a shell");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let said = String::from_utf8_lossy(&ran.stdout);
    let of_children = said.lines().nth(1).expect("a line of the shell and one of its children");
    let seconds = |time: &str| {
        let (minutes, seconds) = time.trim_end_matches('s').split_once('m')?;
        Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
    };
    of_children.split_whitespace().map(|time| seconds(time).expect("a time")).sum()
}

/// Builds a site at two sizes.
#[track_caller]
fn check(size: usize, files: impl Fn(usize) -> Vec<(String, String)>) {
    if std::env::var_os("GUIDEPOST_COSTS").is_none() {
        eprintln!("costs: not measured; set GUIDEPOST_COSTS to measure them");
        return;
    }
    let whole = |size: usize| {
        let mut files = files(size);
        if files.iter().all(|(path, _)| path != "site.toml") {
            files.push(("site.toml".to_owned(), "title = \"A\"\n".to_owned()));
        }
        seconds(&files)
    };
    let (once, four) = (whole(size), whole(4 * size));
    assert!(four < MOST * once + SLACK, "{size}: {once:.2} s, {}: {four:.2} s", 4 * size);
}

/// A site of one page.
fn page(text: String) -> Vec<(String, String)> {
    vec![("content/a.md".to_owned(), text)]
}

/// So many texts, one after the other.
fn many(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}

#[test]
fn what_nests_takes_time_in_proportion() {
    check(25_000, |count| page(format!("{}x\n", "> ".repeat(count))));
    check(2_000, |count| page(many(count, |at| format!("{}- x\n", "  ".repeat(at.min(100))))));
    check(100, |count| {
        let path = |depth: usize| format!("content/{}a.md", "d/".repeat(depth));
        (0..count).map(|depth| (path(depth), "# A\n".to_owned())).collect()
    });
}

#[test]
fn headings_and_anchors_take_time_in_proportion() {
    check(2_500, |count| page(many(count, |at| format!("## Heading {at}\n\n"))));
    check(2_500, |count| page("## Heading\n\n".repeat(count)));
    check(1_500, |count| {
        page(many(count, |at| format!("## Heading {at}\n\n[x](#haeding-{at})\n\n")))
    });
}

#[test]
fn broken_links_among_many_pages_take_time_in_proportion() {
    check(250, |count| {
        let page = |at: usize| {
            (format!("content/page-{at}.md"), format!("# P\n\n[x](pgae-{at}.md) [[pgae {at}]]\n"))
        };
        (0..count).map(page).collect()
    });
}

#[test]
fn alerts_and_keys_take_time_in_proportion() {
    check(400, |count| {
        let settings = "[alerts]\nfrom_heading = [\"**\"]\n".to_owned();
        let text = many(count, |at| format!("## Alert{at}X\n\ntext\n\n"));
        vec![("site.toml".to_owned(), settings), ("content/a.md".to_owned(), text)]
    });
    check(1_000, |count| {
        page(format!("---\n{}---\n# A\n", many(count, |at| format!("titel{at}: x\n"))))
    });
    check(1_000, |count| {
        let settings = many(count, |at| format!("[parameters.name_{at}]\ndefault = \"x\"\n"));
        let blocks = many(count, |at| format!("```sh\nkubectl get <name_{at}>\n```\n\n"));
        vec![("site.toml".to_owned(), settings), ("content/a.md".to_owned(), blocks)]
    });
    check(400, |count| {
        let settings = "[alerts]\nsources = [\"r.yaml\"]\n".to_owned();
        let rules = many(count, |at| format!("  - {{alert: Alert{at}, expr: up}}\n"));
        let claimed = many(count, |at| format!("- Alrt{at}\n"));
        vec![
            ("site.toml".to_owned(), settings),
            ("r.yaml".to_owned(), format!("groups:\n- name: g\n  rules:\n{rules}")),
            ("content/a.md".to_owned(), format!("---\nalerts:\n{claimed}---\n# A\n")),
        ]
    });
}

#[test]
fn notes_raw_html_and_code_take_time_in_proportion() {
    check(1_000, |count| {
        page(
            many(count, |at| format!("x[^{at}] "))
                + "\n\n"
                + &many(count, |at| format!("[^{at}]: y\n\n")),
        )
    });
    check(4_000, |count| page("<b>x".repeat(count)));
    check(1_000, |count| page("<div>\n\n".repeat(count)));
    check(1_000, |count| page("```sh\nls\n```\n\n".repeat(count)));
    check(2_000, |count| {
        let commands = many(count, |at| format!("$ kubectl delete pod <name_{at}>\ngone\n"));
        page(format!("# A\n\n## Steps\n\n```sh\n{commands}```\n"))
    });
    check(500, |count| {
        let steps = many(count, |at| format!("{}. Go to step {}.\n", at + 1, count - at));
        page(format!("# A\n\n## Steps\n\n{steps}"))
    });
}

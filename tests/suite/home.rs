//! Where somebody begins: what the home page shows first, and how it lists what the site has.

use std::fmt::Write;

use crate::support::{build_site, published, site};

/// The home page of a fixture.
fn home(fixture: &str) -> String {
    let built = build_site(site(fixture));
    published(&built.output, "index.html").to_owned()
}

/// The texts of the row of alerts, each with where it leads.
fn alerts(home: &str) -> Vec<String> {
    let row = home.split_once("class=\"row urgent\">").map_or("", |(_, row)| row);
    let row = row.split("</div>").next().unwrap_or_default().replace("<wbr>", "");
    let links = row.split("<a ").skip(1).map(|link| {
        let url = link.split("href=\"").nth(1).and_then(|rest| rest.split('"').next());
        let words = link.split_once('>').map_or("", |(_, words)| words);
        let words = words.split("</a>").next().unwrap_or_default();
        let words = words.replace("<span class=\"count\">", "").replace("</span>", "");
        format!("{words} -> {}", url.unwrap_or_default())
    });
    let label = row.split_once("<span class=\"label\">").map(|(_, rest)| rest);
    let label = label.and_then(|rest| rest.split('<').next()).map(str::to_owned);
    label.into_iter().chain(links).collect()
}

/// The groups of pages as lines: a heading, then its rows.
fn groups(home: &str) -> Vec<String> {
    let groups = home.split_once("class=\"groups\">").map_or("", |(_, groups)| groups);
    let text = |html: &str| {
        let pieces = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, t)| t));
        pieces.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let listed = groups.split("<h3>").skip(1).map(|group| {
        let group = group.split("</section>").next().unwrap_or_default();
        let (title, rest) = group.split_once("</h3>").expect("a heading ends");
        let mut line = text(title) + ":";
        for row in rest.split("<li>").skip(1) {
            let (row, more) = row.split_once("</li>").expect("a row ends");
            let more = more.split_once("class=\"more\"").map(|(_, more)| format!("<p {more}"));
            write!(
                line,
                " [{}]{}",
                text(row),
                more.map_or_else(String::new, |m| format!(" {}", text(&m)))
            )
            .expect("a text");
        }
        line
    });
    listed.collect()
}

/// Pages named after alerts, so many of each section.
fn named(sections: &[(&str, usize)]) -> String {
    let mut files = "-- site.toml --\n[alerts]\nfrom_filename = [\"**\"]\n".to_owned();
    for (section, count) in sections {
        for number in 0..*count {
            let name = format!("{}Down{number}", section.rsplit('/').next().unwrap_or(section));
            writeln!(files, "-- content/{section}/{name}.md --\n# {name}\n\nText.")
                .expect("a text");
        }
    }
    files
}

#[test]
fn many_alerts_that_nothing_tells_apart_are_counted_by_section() {
    let shown = alerts(&home(&named(&[("books/Disk", 3), ("books/Node", 30), ("books/Pod", 1)])));
    let expected = [
        "Alerts by section",
        "Disk 3 -> books/Disk/",
        "Node 30 -> books/Node/",
        "Pod 1 -> books/Pod/",
        "All alerts (34) -> ./alerts/",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn alerts_of_one_section_are_a_way_to_their_index() {
    assert_eq!(alerts(&home(&named(&[("Node", 30)]))), ["All alerts (30) -> ./alerts/"]);
}

#[test]
fn a_few_alerts_are_all_shown() {
    let shown = alerts(&home(&named(&[("Disk", 1), ("Node", 2)])));
    assert_eq!(shown[0], "Alerts");
    assert_eq!(shown.len(), 4, "{shown:?}");
}

#[test]
fn where_some_have_a_severity_the_others_are_not_called_urgent() {
    let mut files = named(&[("Node", 12)]);
    for (name, severity) in [("Slow", "warning"), ("Gone", "critical"), ("Odd", "<SEVERITY>")] {
        writeln!(files, "-- content/Node/{name}.md --\n---\nseverity: {severity}\n---\n# {name}")
            .expect("a text");
    }
    let shown = alerts(&home(&files));
    let expected = [
        "Most urgent alerts",
        "Gone -> Node/Gone/",
        "Slow -> Node/Slow/",
        "All alerts (15) -> ./alerts/",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn a_deprecated_runbook_is_nowhere_to_begin() {
    let mut files = named(&[("Disk", 1)]);
    files += "-- content/Disk/Old.md --\n---\nstatus: Deprecated\nseverity: critical\n---\n# Old\n";
    assert_eq!(
        alerts(&home(&files)),
        ["Alerts", "DiskDown0 -> Disk/DiskDown0/", "All alerts (2) -> ./alerts/"]
    );
}

#[test]
fn a_section_in_a_section_is_one_row_with_its_number_of_pages() {
    let mut files =
        "-- content/a/one.md --\n# One\n-- content/a/deep/index.md --\n# Deep\n".to_owned();
    for number in 0..30 {
        write!(files, "-- content/a/deep/p{number}.md --\n# P{number}\n-- content/b/q{number:02}.md --\n# Q{number:02}\n")
            .expect("a text");
    }
    let rows = " [Q00] [Q01] [Q02] [Q03] [Q04] [Q05] [Q06] [Q07]";
    let expected = ["A: [Deep 31 pages] [One]".to_owned(), format!("B:{rows} and 22 more")];
    assert_eq!(groups(&home(&files)), expected);
}

#[test]
fn a_section_that_holds_nearly_everything_is_opened() {
    let found = groups(&home(&named(&[("books/Disk", 3), ("books/Node", 12), ("about", 2)])));
    let titles: Vec<&str> = found.iter().filter_map(|group| group.split(':').next()).collect();
    assert_eq!(titles, ["About", "Disk", "Node"]);
    assert!(found[2].ends_with("and 4 more"), "{found:?}");
}

#[test]
fn the_page_that_another_tool_has_at_its_root_is_the_home_page() {
    for path in ["intro", "start/intro"] {
        let shown = home(&format!(
            "-- content/{path}.md --\n---\nslug: /\n---\n# Begin here\n\nRead [on](/z/b.md).\n\
             -- content/z/b.md --\n---\nslug: /\n---\n# B\n"
        ));
        assert!(shown.contains("Begin here</h2>"), "{path}: {shown}");
        assert!(shown.contains("<a href=\"z/b/\">on</a>"), "{path}: {shown}");
    }
    let own = home(
        "-- content/index.md --\n# Own\n\nOurs.\n-- content/a.md --\n---\nslug: /\n---\n# A\n",
    );
    assert!(own.contains("Ours.") && own.contains("href=\"a/\""), "{own}");
}

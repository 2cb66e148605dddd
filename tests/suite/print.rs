//! Sections and sites as one document for paper.

use guidepost::files::FilePath;

use crate::support::{build_site, site};

/// The titles of the sheets of a document, in order.
fn check(fixture: &str, document: &str, expected: &[&str]) {
    let built = build_site(site(fixture));
    let path = FilePath::new(document).expect("a path");
    let html = built.output.text(&path).expect("the document is published");
    let sheets = html.split("<section class=\"booklet-page\">").skip(1);
    let titles = sheets.map(|sheet| {
        let (_, title) = sheet.split_once("<p><b>").expect("a sheet says whose it is");
        title.split_once("</b>").expect("the end of the title").0
    });
    assert_eq!(titles.collect::<Vec<_>>(), expected);
}

#[test]
fn a_section_s_own_page_that_only_names_it_takes_no_sheet() {
    let pages = "-- content/etcd/NoLeader.md --\n# NoLeader\n\nElect one.\n-- content/etcd/Empty.md --\n# Empty\n\
        -- content/index.md --\n# Site\n";
    let named = format!("{pages}-- content/etcd/index.md --\n# etcd\n");
    check(&named, "etcd/print/index.html", &["Empty", "NoLeader"]);
    check(&named, "print/index.html", &["Empty", "NoLeader"]);
    for text in ["Of clusters.", "```sh\nls\n```", "![x](a.png)"] {
        let told = format!(
            "{pages}-- content/etcd/a.png --\nx\n-- content/etcd/index.md --\n# etcd\n\n{text}\n"
        );
        check(&told, "etcd/print/index.html", &["etcd", "Empty", "NoLeader"]);
    }
}

#[test]
fn the_index_of_alerts_leads_to_the_document_of_the_section_in_its_place() {
    let fixture = |folder: &str| {
        format!(
            "-- site.toml --\n[alerts]\nfrom_filename = [\"**\"]\n-- content/{folder}/NoLeader.md --\n# NoLeader\n\nElect one.\n"
        )
    };
    for (folder, is_offered) in [("alerts", true), ("runbooks", false)] {
        let built = build_site(site(&fixture(folder)));
        let path = FilePath::new("alerts/index.html").expect("a path");
        let index = built.output.text(&path).expect("there is an alert");
        assert_eq!(index.contains("<a href=\"print/\">"), is_offered, "{folder}");
    }
}

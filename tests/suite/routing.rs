//! What `guidepost check --only search` says of alerts, log lines and questions that the search leads elsewhere.

use crate::support::{folder, guidepost, text};

/// What is said of a site, a line a finding, and the summary.
fn check(fixture: &str, arguments: &[&str], expected: &str) {
    let folder = folder(fixture);
    let output = guidepost(folder.path(), &[&["check", "--format", "short"], arguments].concat());
    assert_eq!(text(&output), expected);
}

const SITE: &str = "
-- site.toml --
title = \"T\"
-- content/queue.md --
---
alerts:
  - {name: MailQueueStuck, section: stuck}
  - \"*-mail-old\"
error_signatures:
  - {text: \"relay: no route to host\", section: late}
asks:
  - how is the queue drained
  - {text: why is mail late, section: late}
---
# Queue

## Stuck

Drain it.

## Late

Ask the relay.
-- content/relay.md --
# Relay

It hands mail on.
";

#[test]
fn what_search_brings_first_is_not_reported() {
    check(SITE, &["--only", "search"], "2 pages: no findings\n");
}

#[test]
fn two_runbooks_that_compete_are_named_together() {
    let site = format!(
        "{SITE}-- content/late.md --\n---\nasks: [why is mail late]\n---\n# Why is mail late\n\nMail is late.\n"
    );
    let found = "content/queue.md:9:12: warning[not-found-first]: searching for `why is mail late` brings \
                 `content/late.md` (\"Why is mail late\") first, not this page\n";
    check(&site, &["--only", "search"], &format!("{found}3 pages: 1 warning\n"));
    check(&site, &[], "3 pages: no findings\n");
    let asked = site.replace("title = \"T\"", "checks.not-found-first = \"error\"");
    let found = found.replace("warning[", "error[");
    check(&asked, &[], &format!("{found}3 pages: 1 error\n"));
    let folder = folder(&asked);
    let strict = text(&guidepost(folder.path(), &["build", "--strict"]));
    assert!(strict.contains("error[not-found-first]"), "{strict}");
    assert!(strict.ends_with("nothing written: 1 error\n"), "{strict}");
    let built = text(&guidepost(folder.path(), &["build"]));
    assert!(built.starts_with("3 pages, 0 assets, 1 error -> "), "{built}");
    let silenced = asked.replace(
        "# Queue\n",
        "<!-- guidepost: allow not-found-first until 2999-01-01 -->\n\n# Queue\n",
    );
    check(&silenced, &[], "3 pages: no findings\n");
}

#[test]
fn another_section_of_the_page_and_nothing_at_all_are_said_as_such() {
    let page = |keys: &str| {
        format!(
            "-- site.toml --\n-- content/a.md --\n---\n{keys}\n---\n# Disks\n\n## Full volume\n\nGrow the volume.\n\n\
             ## Backups\n\nKeep them.\n"
        )
    };
    check(
        &page("asks: [{text: disks, section: backups}]"),
        &["--only", "search"],
        "content/a.md:2:15: warning[not-found-first]: searching for `disks` brings \"Disks\" first, \
         not the section `#backups`\n1 page: 1 warning\n",
    );
    check(&page("asks: [a]\nsearch: false"), &["--only", "search"], "1 page: no findings\n");
    check(
        &page("asks: [{section: backups}, 3]"),
        &["--only", "pages"],
        "content/a.md:2:8: error[bad-value]: a question has no `text`\n\
         content/a.md:2:28: error[bad-value]: `asks` is a number, not keys with values\n1 page: 2 errors\n",
    );
}

#[test]
fn a_linked_page_is_expected_for_an_alert_that_no_page_claims() {
    let site = "-- site.toml --\nbase_url = \"https://r.example/\"\n[alerts]\nsources = [\"r.yaml\"]\n\
                -- r.yaml --\ngroups:\n- rules:\n  - alert: DiskFull\n    annotations: {runbook_url: 'https://r.example/a/'}\n\
                -- content/a.md --\n# Volumes\n\nGrow it.\n-- content/b.md --\n# Disk full\n\nThe disk is full.\n";
    check(
        site,
        &["--only", "search"],
        "r.yaml:3:12: warning[not-found-first]: searching for `DiskFull` brings `content/b.md` (\"Disk full\") first, \
         not this page\n2 pages: 1 warning\n",
    );
}

#[test]
fn every_alert_log_line_and_question_of_many_pages_is_asked() {
    let page = |number: usize| {
        format!(
            "-- content/p{number}.md --\n---\nalerts: [Service{number}Stuck]\nerror_signatures: [\"worker {number} lost its lease\"]\n\
             asks: [how is service {number} started]\n---\n# Service {number}\n\n## Start\n\nStart service {number}.\n"
        )
    };
    let pages: String = (0..40).map(page).collect();
    check(
        &format!(
            "-- site.toml --\n{pages}-- content/z.md --\n---\nasks: [how is service 7 started]\n---\n# Z\n"
        ),
        &["--only", "search"],
        "content/z.md:2:8: warning[not-found-first]: searching for `how is service 7 started` brings `content/p7.md` \
         (\"Service 7\") first, not this page\n41 pages: 1 warning\n",
    );
}

//! Broken input of every kind, each with the finding that is printed, and nothing else.

use guidepost::diagnostic::print::short::short;

use crate::support::{build_site, site};

/// Checks a fixture; `expected` are the lines of `guidepost check --format short`.
fn check(fixture: &str, expected: &[&str]) {
    let files = site(fixture);
    let built = build_site(files.clone());
    let printed = short(&built.findings, &files);
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected, "{fixture}");
}

#[test]
fn a_link_to_a_missing_page_is_broken() {
    check(
        "-- content/a.md --\n# A\n\nSee [b](b.md).\n",
        &["content/a.md:3:9: error[broken-link]: no page `b.md`"],
    );
}

#[test]
fn a_missing_image_and_a_link_in_raw_html_are_broken() {
    check(
        "-- content/a.md --\n# A\n\n![x](x.png) <a href=\"y.md\">y</a>\n",
        &[
            "content/a.md:3:6: error[broken-link]: no file `x.png`",
            "content/a.md:3:22: error[broken-link]: no page `y.md`",
        ],
    );
}

#[test]
fn a_missing_anchor_is_broken_on_the_same_page_and_on_another() {
    check(
        "-- content/a.md --\n# A\n\n[x](#gone) [y](b.md#two)\n-- content/b.md --\n# B\n\n## One\n",
        &[
            "content/a.md:3:5: error[broken-anchor]: no heading `#gone` in this page",
            "content/a.md:3:16: error[broken-anchor]: no heading `#two` in `content/b.md`",
        ],
    );
}

#[test]
fn links_with_the_wrong_case_are_named_and_followed() {
    let fixture = "-- content/a.md --\n# A\n\n[b](B.md)\n-- content/b.md --\n# B\n";
    let finding =
        "content/a.md:3:5: error[wrong-case]: `B.md` differs from the file in upper or lower case";
    check(fixture, &[finding]);
    let built = build_site(site(fixture));
    let page = guidepost::files::FilePath::new("a/index.html").expect("a path");
    assert!(built.output.text(&page).expect("the page is there").contains("href=\"../b/\""));
}

#[test]
fn links_to_what_is_not_published_say_why() {
    check(
        "-- content/a.md --\n# A\n\n[b](b.md) [c](_c.md) [d](../d.md) [e](javascript:alert(1))\n\
         -- content/b.md --\n---\ndraft: true\n---\n-- content/_c.md --\nC\n",
        &[
            "content/a.md:3:5: error[broken-link]: `b.md` is a draft and is not published",
            "content/a.md:3:15: error[broken-link]: `_c.md` is not published",
            "content/a.md:3:26: error[broken-link]: `../d.md` leads out of the content folder",
            "content/a.md:3:39: error[broken-link]: links by `javascript:` are not published",
        ],
    );
}

#[test]
fn a_wikilink_without_a_page_is_a_warning_since_brackets_may_be_text() {
    check(
        "-- content/a.md --\n# A\n\n[[nowhere]] [[b#Two words]]\n-- content/b.md --\n# B\n\n## Two words\n",
        &["content/a.md:3:3: warning[broken-link]: no page `nowhere`"],
    );
}

#[test]
fn two_pages_at_one_address_are_an_error() {
    check(
        "-- content/a b.md --\n# A\n-- content/a-b.md --\n# B\n",
        &[
            "content/a-b.md:1:1: error[duplicate-address]: the address `a-b/` is taken by `content/a b.md`",
        ],
    );
}

#[test]
fn front_matter_that_is_no_yaml_leaves_the_page_standing() {
    check(
        "-- content/a.md --\n---\ntitle: [1\n---\n# A\n\n[b](b.md)\n-- content/b.md --\n# B\n\n[a](a.md)\n",
        &[
            "content/a.md:2:8: error[bad-front-matter]: the `[` that opens here is not closed with `]`",
        ],
    );
}

#[test]
fn front_matter_that_never_ends_is_named_at_its_beginning() {
    check(
        "-- content/a.md --\n---\ntitle: A\n\n# A\n",
        &["content/a.md:1:1: error[bad-front-matter]: the front matter has no closing `---`"],
    );
}

#[test]
fn every_mistake_of_a_page_is_reported_at_once() {
    check(
        "-- site.toml --\ntitle = \"S\"\n-- content/a.md --\n---\ntitel: A\ntags: {a: 1}\ndate: 2026-02-30\nreview_in: soon\n\
         last_reviewed_on: 2025-04-8\ndraft: perhaps\nstatus: Finished\n---\n",
        &[
            "content/a.md:2:1: warning[unknown-key]: unknown key `titel`",
            "content/a.md:3:7: error[bad-value]: `tags` is a map, not a list of texts",
            "content/a.md:4:7: error[bad-date]: `date` is no date: `2026-02-30`",
            "content/a.md:5:12: error[bad-value]: `review_in` is no length of time: `soon`",
            "content/a.md:6:19: error[bad-date]: `last_reviewed_on` is no date: `2025-04-8`",
            "content/a.md:7:8: error[bad-value]: `draft` is text, not `true` or `false`",
            "content/a.md:8:9: warning[unknown-status]: unknown status `Finished`",
        ],
    );
}

#[test]
fn a_review_in_the_future_is_an_error_at_its_date() {
    check(
        "-- content/a.md --\n---\nlast_reviewed_on: 2027-01-01\n---\n# A\n",
        &[
            "content/a.md:2:19: error[review-in-future]: the review of `2027-01-01` is in the future",
        ],
    );
}

#[test]
fn alerts_parameters_and_reviews_say_what_they_lack() {
    check(
        "-- content/a.md --\n---\nalerts: [{severity: P1}]\nparameters: [{default: x}]\nreviews: [{by: me}]\n\
         error_signatures: [3]\n---\n# A\n",
        &[
            "content/a.md:2:10: error[bad-value]: an alert has no `name`",
            "content/a.md:3:14: error[bad-value]: a parameter has no `name`",
            "content/a.md:4:11: error[bad-value]: a review has no `on`",
            "content/a.md:5:20: error[bad-value]: `error_signatures` is a number, not keys with values",
        ],
    );
}

#[test]
fn an_alias_at_a_taken_address_is_an_error() {
    check(
        "-- content/a.md --\n---\naliases: [/b/, /old]\n---\n# A\n-- content/b.md --\n# B\n",
        &[
            "content/a.md:2:11: error[duplicate-address]: the address `b/` is taken by `content/b.md`",
        ],
    );
}

#[test]
fn a_file_that_is_no_utf8_is_named_where_it_stops_being_so() {
    let mut files = site("-- content/b.md --\n# B\n");
    let path = guidepost::files::FilePath::new("content/a.md").expect("a path");
    files.insert(path, b"# A\n\nok \xff\xfe".to_vec());
    let built = build_site(files.clone());
    assert_eq!(
        short(&built.findings, &files),
        "content/a.md:3:4: error[bad-value]: the file is not UTF-8 text from here on\n"
    );
}

#[test]
fn unknown_owners_templates_and_keys_name_the_nearest() {
    check(
        "-- site.toml --\n[owners.devops]\nname = \"DevOps\"\n[templates.agent]\nfile = \"content/_t.md\"\n\
         -- content/_t.md --\n## One\n-- content/a.md --\n---\nowner: devop\ntemplate: agnet\n---\n# A\n",
        &[
            "content/a.md:2:8: warning[unknown-owner]: no owner `devop` in site.toml",
            "content/a.md:3:11: error[bad-value]: no template `agnet` in site.toml",
        ],
    );
}

#[test]
fn a_mistake_in_site_toml_stands_at_its_key() {
    check(
        "-- site.toml --\ntilte = \"x\"\n-- content/a.md --\n# A\n",
        &["site.toml:1:1: error[bad-config]: unknown key `tilte`"],
    );
}

#[test]
fn what_a_site_allows_until_it_asks_is_reported_when_it_asks() {
    check(
        "-- site.toml --\n[checks]\nraw-html = \"warn\"\nduplicate-anchor = \"warn\"\nunused-asset = \"error\"\n\
         -- content/a.md --\n# A\n\n<account-id> <account-id>\n\n## Same\n\n## Same\n-- content/x.png --\n.\n",
        &[
            "content/a.md:3:1: warning[raw-html]: the tag `<account-id>` is shown as text",
            "content/a.md:7:1: warning[duplicate-anchor]: an earlier heading is `Same` too, so this one's anchor is `#same-1`",
            "content/x.png:1:1: error[unused-asset]: no page uses `x.png`",
        ],
    );
}

#[test]
fn a_part_of_the_site_may_want_other_levels() {
    check(
        "-- site.toml --\n[checks]\nbroken-link = \"warn\"\n[checks.\"old/**\"]\nbroken-link = \"allow\"\n\
         -- content/a.md --\n# A\n\n[x](x.md)\n-- content/old/b.md --\n# B\n\n[x](x.md)\n",
        &["content/a.md:3:5: warning[broken-link]: no page `x.md`"],
    );
}

#[test]
fn a_comment_silences_a_rule_until_its_day() {
    check(
        "-- content/a.md --\n# A\n\n<!-- guidepost: allow broken-link until 2026-11-23 -->\n\n[x](x.md)\n\
         -- content/b.md --\n# B\n\n<!-- guidepost: allow broken-link until 2026-11-22 -->\n\n[x](x.md)\n",
        &["content/b.md:5:5: error[broken-link]: no page `x.md`"],
    );
}

#[test]
fn a_clean_site_has_no_findings() {
    check(
        "-- content/index.md --\n# Home\n\n[a](a/b.md#one) [dir](a/) [html](a/b.html) [abs](/a/b.md) [self](#home)\n\
         -- content/a/b.md --\n# B\n\n## One\n\n![p](p%20q.png) [[index]]\n-- content/a/p q.png --\n.\n",
        &[],
    );
}

#[test]
fn places_are_counted_as_editors_count_them() {
    check(
        "-- content/a.md --\n\u{feff}[x](gone.md)\r\n\r\n\u{e9}\t[y](gone.md)\r\n",
        &[
            "content/a.md:1:5: error[broken-link]: no page `gone.md`",
            "content/a.md:3:7: error[broken-link]: no page `gone.md`",
        ],
    );
}

#[test]
fn a_finding_takes_one_line_whatever_it_names() {
    check(
        "-- content/a.md --\n---\nsuperseded_by: |\n  one\n  two\n---\n# A\n",
        &["content/a.md:2:16: error[broken-link]: no page `one two `"],
    );
}

#[test]
fn a_pattern_that_cannot_be_read_watches_nothing_and_is_told() {
    check(
        "-- content/a.md --\n---\nwatches: [\"tf/[a\", \"tf/*\"]\n---\n# A\n",
        &[
            "content/a.md:2:11: error[bad-value]: `watches` holds no path pattern: `tf/[a`: unclosed \
           character class; missing ']'",
        ],
    );
}

#[test]
fn pages_beside_site_toml_are_a_site_like_any_other() {
    check(
        "-- site.toml --\ncontent = \".\"\n[checks]\nunused-asset = \"warn\"\n\
         -- theme/README.md --\n# The theme\n[x](gone.md)\n-- a.md --\n# A\n-- b.png --\n",
        &["b.png:1:1: warning[unused-asset]: no page uses `b.png`"],
    );
}

#[test]
fn parameters_are_declared_and_used() {
    check(
        "-- site.toml --\n[checks]\nundeclared-parameter = \"warn\"\n[parameters.region]\n\
         -- content/a.md --\n---\nparameters: [pod, queue]\n---\n# A\n\n```sh\n\
         kubectl logs <pod> <container> --region <region>\n```\n",
        &[
            "content/a.md:2:19: warning[unused-parameter]: the parameter `queue` occurs nowhere in the page",
            "content/a.md:7:20: warning[undeclared-parameter]: no parameter is declared for `<container>`",
        ],
    );
}

#[test]
fn two_alerts_at_one_address_are_an_error() {
    check(
        "-- content/a.md --\n---\nalerts: [Queue depth, Other]\n---\n# A\n\
         -- content/b.md --\n---\nalerts: [Queue-depth]\n---\n# B\n",
        &[
            "content/b.md:2:10: error[duplicate-address]: the alert `Queue-depth` has the address of \
             `Queue depth`",
        ],
    );
}

#[test]
fn markup_of_another_tool_is_named_once_a_kind_and_page() {
    check(
        "-- content/a.md --\n# A\n\n!!! note\n    x\n\n!!! tip\n    y\n\n{{< param x >}}\n",
        &[
            "content/a.md:3:1: warning[foreign-markup]: `!!! note` is not read here and is shown as typed",
            "content/a.md:9:1: warning[foreign-markup]: `{{< shortcode >}}` is not read here and is shown as typed",
        ],
    );
}

#[test]
fn places_in_the_blocks_of_another_tool_are_those_of_the_file() {
    check(
        "-- mkdocs.yml --\nsite_name: A\n-- content/a.md --\n# A\n\n1. a\n\n    !!! note \"See [b](b.md)\"\n        é [c](c.md)\n\n\
         -- content/d.md --\n# D--E\n\n[x](#d-e)\n",
        &[
            "content/a.md:5:23: error[broken-link]: no page `b.md`",
            "content/a.md:6:15: error[broken-link]: no page `c.md`",
        ],
    );
}

#[test]
fn an_address_with_blanks_is_text_and_the_finding_says_what_to_write() {
    check(
        "-- content/a.md --\n# A\n\n![x](pic tures/b c.png) [c](on call/c.md#d) [prose](see there too)\n![x](gone now.png)\n\n\
         `![x](not this.png)`\n-- content/pic tures/b c.png --\nx\n-- content/on call/c.md --\n# C\n\n## D\n",
        &[
            "content/a.md:3:6: error[broken-link]: `pic tures/b c.png` holds blanks, which makes this text and no link",
            "content/a.md:3:29: error[broken-link]: `on call/c.md#d` holds blanks, which makes this text and no link",
            "content/a.md:4:6: error[broken-link]: `gone now.png` holds blanks, which makes this text and no link",
        ],
    );
}

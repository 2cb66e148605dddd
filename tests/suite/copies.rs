//! The Markdown copies of pages: what they say, and that every link in them leads somewhere.

use std::collections::BTreeMap;
use std::path::Path;

use comrak::nodes::NodeValue;
use guidepost::build::Build;
use guidepost::files::{FilePath, Files};
use guidepost::parse::{Input, Options, parse};

use crate::support::{build_folder, build_site, build_sources, corpora, options, site};

/// A file of a built site as text.
fn published<'b>(built: &'b Build, path: &str) -> &'b str {
    let path = FilePath::new(path).expect("a path");
    built.output.text(&path).unwrap_or_else(|| panic!("{path} is published"))
}

/// The copy of `content/a/b.md` in a small site.
fn copy(page: &str) -> String {
    let fixture = format!(
        "-- site.toml --\n[parameters.region]\ndefault = \"eu-central-1\"\n-- content/a/b.md --\n{page}\
         -- content/a/other.md --\n# Other\n\n## Restart it\n\nText.\n-- content/index.md --\n# Home\n\
         -- content/a/plan.txt --\nplan\n-- content/c.md --\n---\nalerts: [DiskFull]\nagent: janitor\n---\n# C\n"
    );
    let built = build_site(site(&fixture));
    published(&built, "a/b/index.md").to_owned()
}

/// What follows the head of the copy of a page that begins with `# B`.
#[track_caller]
fn check(text: &str, expected: &str) {
    let copy = copy(&format!("# B\n\n{text}"));
    let (_, body) = copy.split_once("- **Source:** `content/a/b.md`\n").expect("a head");
    assert_eq!(body.trim_matches('\n'), expected.trim_matches('\n'), "{text}\n---\n{body}");
}

#[test]
fn links_of_every_spelling_lead_to_copies_and_assets() {
    check(
        "[x](other.md) [y](other.md#restart-it \"other.md\") [*z* `]`][r] [r] [r][] <https://e.example/> ![p](plan.txt)\n\
         [[other|that]] [[other#Restart it]] [gone](gone.md) ![gone](gone.png) [root](/c/) [self](#b) [up](../index.md)\n\
         [![p](plan.txt)](other.md) <a href=\"other.md?x=1&amp;y\">h</a> <img src=\"gone.png\"> [out](https://e.example/a_(b))\n\n\
         [r]: other.md#restart-it \"t\"\n",
        "[x](../other/index.md) [y](../other/index.md#restart-it) [*z* `]`](../other/index.md#restart-it) [r](../other/index.md#restart-it) [r](../other/index.md#restart-it) <https://e.example/> ![p](../plan.txt)\n\
         [that](../other/index.md) [other#Restart it](../other/index.md#restart-it) gone gone [root](../../c/index.md) [self](#b) [up](../../index.md)\n\
         [![p](../plan.txt)](../other/index.md) <a href=\"../other/index.md?x=1&y\">h</a> <img src=\"\"> [out](https://e.example/a_(b))\n",
    );
}

#[test]
fn a_fragment_that_is_not_there_is_left_out() {
    check("[x](other.md#nothing)\n", "[x](../other/index.md)");
}

#[test]
fn definitions_of_addresses_elsewhere_and_code_stay_as_they_are() {
    check(
        "[x][e]\n\n[e]: https://e.example/ \"t\"\n\n```\n[r]: other.md\n[x](other.md)\n```\n\n`[x](other.md)`\n",
        "[x][e]\n\n[e]: https://e.example/ \"t\"\n\n```\n[r]: other.md\n[x](other.md)\n```\n\n`[x](other.md)`",
    );
}

#[test]
fn comments_are_left_out_wherever_they_stand() {
    check(
        "One <!-- a --> two.\n\n<!-- guidepost: allow raw-html until 2030-01-01 -->\n\n<!--\nmany\nlines\n-->\nThree.\n\n`<!-- code -->`\n",
        "One  two.\n\n\nThree.\n\n`<!-- code -->`",
    );
}

#[test]
fn known_names_and_values_stand_where_the_page_shows_them() {
    check(
        "`DiskFull` and `janitor` in <region> and `<REGION>`.\n\n```yaml\nregion: <REGION>\nother: <OTHER>\n```\n",
        "[`DiskFull`](../../c/index.md) and [`janitor`](../../c/index.md) in eu-central-1 and `eu-central-1`.\n\n```yaml\nregion: eu-central-1\nother: <OTHER>\n```",
    );
}

#[test]
fn commands_say_what_they_do_and_sample_output_is_called_that() {
    check(
        "1. Look:\n\n   ```console\n   $ aws ec2 describe-instances --region <region> \\\n   > --output text\n   i-1 running\n   $ kubectl delete ns x\n   ```\n\n> ```sql {title=\"All of it\"}\n> DROP TABLE <TABLE>;\n> ```\n\n    $ ls\n    a.txt\n",
        "1. Look:\n\n   *Class: destroy. Deletes the namespace with everything in it, cannot be undone.*\n\n   ```bash\n   aws ec2 describe-instances --region eu-central-1 \\\n   --output text\n   ```\n\n   Sample output (an example, nothing to follow):\n\n   ```text\n   i-1 running\n   ```\n\n   ```bash\n   kubectl delete ns x\n   ```\n\n> *Class: destroy. Deletes the table with all its rows.*\n>\n> All of it\n>\n> ```sql\n> DROP TABLE <TABLE>;\n> ```\n\n*Class: read.*\n\n```bash\nls\n```\n\nSample output (an example, nothing to follow):\n\n```text\na.txt\n```",
    );
}

#[test]
fn the_head_says_whom_to_call_and_what_leads_here() {
    let fixture = "-- site.toml --\nbase_url = \"https://r.example/\"\nrepository = \"https://git.example/o/r\"\n[owners.ops]\nname = \"Ops\"\nchat = \"#ops\"\nchat_url = \"https://chat.example/ops\"\nemail = \"ops@r.example\"\non_call = \"https://pager.example/ops\"\nescalation = \"the lead\"\n[alerts]\nsources = [\"rules.yaml\"]\n\
        -- rules.yaml --\ngroups:\n- name: a\n  rules:\n  - alert: DiskFull\n    expr: disk > 0.9\n    for: 5m\n    labels: {severity: critical}\n\
        -- content/a.md --\n---\ntitle: Disks\nowner: ops\nstatus: Final\nlast_reviewed_on: 2026-10-01\nreviewed_by: Ann\nalerts:\n  - {name: DiskFull, section: free}\nerror_signatures:\n  - {text: \"No space left\", section: free}\nparameters:\n  - {name: host, pattern: \"[a-z]+\", description: the host}\n  - {name: db_password}\ndashboards:\n  - {title: Disks, url: \"https://g.example/d/1\", note: look at sda}\n---\nText <host>.\n\n## Free\n\nx\n";
    let built = build_site(site(fixture));
    let copy = published(&built, "a/index.md");
    assert_eq!(
        copy,
        "# Disks\n\n> Markdown copy of <https://r.example/a/>. All pages: [llms.txt](../llms.txt).\n\n\
         - **Owner:** Ops; chat [#ops](https://chat.example/ops); mail ops@r.example\n\
         - **On call:** <https://pager.example/ops>\n\
         - **Escalation:** the lead\n\
         - **Review:** due 30 December 2026; last reviewed 1 October 2026 by Ann\n\
         - **Status:** Final\n\
         - **Alerts:**\n  - `DiskFull` (critical): `disk > 0.9 for 5m`, answered by [Free](#free)\n\
         - **Messages that this page explains:**\n  - `No space left`, answered by [Free](#free)\n\
         - **Parameters:**\n  - `<host>`: the host; matches `[a-z]+`\n  - `<db-password>`: secret: ask a person to type it\n\
         - **Dashboards:**\n  - [Disks](https://g.example/d/1): look at sda\n\
         - **Source:** [`content/a.md`](https://git.example/o/r/edit/HEAD/content/a.md)\n\n\
         Text <host>.\n\n## Free\n\nx\n"
    );
    // The same page where its address with `.md` behind it is asked for, with links from there.
    let beside = published(&built, "a.md");
    assert_eq!(beside, copy.replace("(../llms.txt)", "(llms.txt)"));
}

#[test]
fn the_authors_text_is_published_where_the_site_asks_for_it() {
    let page = "---\ntitle: A\n---\nText <!-- note -->\n";
    let plain = build_site(site(&format!("-- site.toml --\n-- content/a.md --\n{page}")));
    assert!(plain.output.get(&FilePath::new("a/index.txt").unwrap()).is_none());
    let asked = build_site(site(&format!(
        "-- site.toml --\n[publish]\nsources = true\n-- content/a.md --\n{page}"
    )));
    assert_eq!(published(&asked, "a/index.txt"), page);
}

#[test]
fn an_asset_of_the_same_name_stays_what_it_is() {
    let fixture = "-- site.toml --\nextensions = [\".markdown\"]\n-- content/a.markdown --\n# A\n-- content/a.md --\nmine\n-- content/a/index.md --\nmine too\n";
    let built = build_site(site(fixture));
    assert_eq!(published(&built, "a.md"), "mine\n");
    assert_eq!(published(&built, "a/index.md"), "mine too\n");
}

/// Every address in a Markdown file, as a reader of GitHub's Markdown finds it.
fn addresses(text: &str) -> Vec<String> {
    let arena = comrak::Arena::new();
    let mut read = comrak::Options::default();
    read.extension.table = true;
    read.extension.footnotes = true;
    read.extension.autolink = true;
    let root = comrak::parse_document(&arena, text, &read);
    let mut found = Vec::new();
    for node in root.descendants() {
        match &node.data().value {
            NodeValue::Link(link) | NodeValue::Image(link) => found.push(link.url.clone()),
            NodeValue::HtmlBlock(block) => found.extend(attributes(&block.literal)),
            NodeValue::HtmlInline(html) => found.extend(attributes(html)),
            _ => {}
        }
    }
    found
}

/// The values of `href` and `src` in raw HTML.
fn attributes(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in ["href=\"", "src=\""] {
        for (at, _) in html.match_indices(name) {
            let value = &html[at + name.len()..];
            found.push(value[..value.find('"').unwrap_or(0)].replace("&amp;", "&"));
        }
    }
    found
}

/// The links of the published Markdown that lead to nothing that is published.
fn dead(output: &Files) -> Vec<String> {
    let mut anchors: BTreeMap<FilePath, Vec<String>> = BTreeMap::new();
    let is_copy = |path: &FilePath| path.as_str().ends_with(".md");
    for (path, bytes) in output.iter().filter(|(path, _)| is_copy(path)) {
        let options = std::sync::Arc::new(Options { any_key: true, ..Options::default() });
        let document = parse(&Input { path: path.clone(), bytes: bytes.clone(), options });
        let headings = document.headings.iter().map(|heading| heading.anchor.clone());
        anchors
            .insert(path.clone(), headings.chain(document.html_anchors.iter().cloned()).collect());
    }
    let mut dead = Vec::new();
    for (path, _) in output.iter().filter(|(path, _)| is_copy(path)) {
        let text = output.text(path).expect("a copy is text");
        for address in addresses(text) {
            let is_elsewhere = address.contains("://")
                || address.starts_with("mailto:")
                || address.starts_with("//");
            if is_elsewhere || address.is_empty() || leads(path, &address, output, &anchors) {
                continue;
            }
            dead.push(format!("{path}: {address}"));
        }
    }
    dead
}

fn leads(
    from: &FilePath,
    address: &str,
    output: &Files,
    anchors: &BTreeMap<FilePath, Vec<String>>,
) -> bool {
    let decoded =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (path, fragment) = address
        .split_once('#')
        .map_or((address, None), |(path, fragment)| (path, Some(decoded(fragment))));
    let path = decoded(path.split('?').next().unwrap_or_default());
    let target = if path.is_empty() {
        Some(from.clone())
    } else {
        let whole = Path::new(from.folder()).join(&path);
        let whole = whole.to_string_lossy().into_owned();
        let index = if path.ends_with('/') || path.ends_with("..") || path == "." {
            "/index.html"
        } else {
            ""
        };
        FilePath::new(&format!("{whole}{index}"))
    };
    let Some(target) = target.filter(|target| output.get(target).is_some()) else { return false };
    match (fragment, anchors.get(&target)) {
        (Some(fragment), Some(known)) => known.contains(&fragment),
        _ => true,
    }
}

#[test]
fn no_link_of_the_example_sites_copies_is_dead() {
    let place = guidepost::load::Place::of_site(Path::new(env!("CARGO_MANIFEST_DIR")))
        .expect("the example site");
    let sources = guidepost::load::load(&place).expect("it can be read");
    let built = build_sources(&sources, &options());
    let copies = built.output.iter().filter(|(path, _)| path.as_str().ends_with(".md")).count();
    assert!(copies > 40, "{copies}");
    assert_eq!(dead(&built.output), Vec::<String>::new());
}

#[test]
fn no_link_of_real_runbooks_copies_is_dead() {
    for folder in corpora() {
        let built = build_folder(&folder);
        let dead = dead(&built.output);
        assert!(
            dead.is_empty(),
            "{}: {} dead, {:#?}",
            folder.display(),
            dead.len(),
            &dead[..dead.len().min(20)]
        );
    }
}

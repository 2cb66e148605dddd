//! The Markdown copies of pages: what they say, and that every link in them leads somewhere.

use std::collections::BTreeMap;
use std::path::Path;

use comrak::nodes::NodeValue;
use guidepost::files::{FilePath, Files, sha256};
use guidepost::parse::{Input, ParseOptions, parse};

use crate::support::{build_folder, build_site, build_sources, corpora, options, published, site};

/// The copy of `content/a/b.md` in a small site.
fn copy(page: &str) -> String {
    let fixture = format!(
        "-- site.toml --\n[parameters.region]\ndefault = \"eu-central-1\"\n-- content/a/b.md --\n{page}\
         -- content/a/other.md --\n# Other\n\n## Restart it\n\nText.\n-- content/index.md --\n# Home\n\
         -- content/a/plan.txt --\nplan\n-- content/c.md --\n---\nalerts: [DiskFull]\nagent: janitor\n---\n# C\n"
    );
    let built = build_site(site(&fixture));
    published(&built.output, "a/b/index.md").to_owned()
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
    let copy = published(&built.output, "a/index.md");
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
    let beside = published(&built.output, "a.md");
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
    assert_eq!(published(&asked.output, "a/index.txt"), page);
}

#[test]
fn an_asset_of_the_same_name_stays_what_it_is() {
    let fixture = "-- site.toml --\nextensions = [\".markdown\"]\n-- content/a.markdown --\n# A\n-- content/a.md --\nmine\n-- content/a/index.md --\nmine too\n";
    let built = build_site(site(fixture));
    assert_eq!(published(&built.output, "a.md"), "mine\n");
    assert_eq!(published(&built.output, "a/index.md"), "mine too\n");
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
pub(crate) fn dead(output: &Files) -> Vec<String> {
    let mut anchors: BTreeMap<FilePath, Vec<String>> = BTreeMap::new();
    let is_copy = |path: &FilePath| path.as_str().ends_with(".md");
    for (path, bytes) in output.iter().filter(|(path, _)| is_copy(path)) {
        let options =
            std::sync::Arc::new(ParseOptions { any_key: true, ..ParseOptions::default() });
        let document = parse(&Input { path: path.clone(), bytes: bytes.clone(), options });
        let headings = document.headings.iter().map(|heading| heading.anchor.clone());
        anchors
            .insert(path.clone(), headings.chain(document.html_anchors.iter().cloned()).collect());
    }
    let mut dead = Vec::new();
    for (path, _) in output.iter().filter(|(path, _)| path.as_str().starts_with("llms")) {
        let text = output.text(path).expect("a list is text");
        for (_, address) in lists(text).into_iter().flat_map(|(_, list)| list) {
            if !address.contains("://") && !leads(path, &address, output, &anchors) {
                dead.push(format!("{path}: {address}"));
            }
        }
    }
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
    let place = guidepost::load::SiteRoot::of_site(Path::new(env!("CARGO_MANIFEST_DIR")))
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

#[test]
fn what_a_folder_of_pages_says_to_do_is_one_file_of_facts() {
    let fixture = "-- site.toml --\nbase_url = \"https://r.example/\"\n-- content/ops/a.md --\n---\nalerts:\n  - {name: DiskFull, section: free}\n---\n# A\n\n## Free\n\n1. Look: `kubectl get pods -n <ns>`\n2. If it fails, go to step 1.\n3. Delete:\n\n   ```sh\n   rm -r /x\n   ```\n\n4. Verify it.\n";
    let built = build_site(site(fixture));
    let facts: serde_json::Value =
        serde_json::from_str(published(&built.output, "api/procedures/ops.json")).expect("JSON");
    let one = &facts["procedures"][0];
    assert_eq!(facts["version"], 1);
    assert_eq!(one["id"], "ops/a/#free");
    assert_eq!(one["url"], "https://r.example/ops/a/#free");
    assert_eq!(one["alerts"][0]["name"], "DiskFull");
    assert_eq!(one["class"], "destroy");
    assert_eq!(one["parameters"][0]["name"], "ns");
    assert_eq!(
        (&one["source"]["first_line"], &one["source"]["last_line"]),
        (&7.into(), &17.into())
    );
    assert_eq!(one["steps"][1]["then"][0]["go"], "ops/a/#free/1");
    assert_eq!(one["steps"][2]["commands"][0]["verify"], "ops/a/#free/4");
    let schema: serde_json::Value =
        serde_json::from_str(published(&built.output, "api/procedures.schema.json")).expect("JSON");
    let known = &schema["$defs"]["procedure"];
    for name in known["required"].as_array().expect("a list") {
        assert!(one.get(name.as_str().expect("a name")).is_some(), "{name}");
    }
    for name in one.as_object().expect("an object").keys() {
        assert!(known["properties"].get(name).is_some(), "{name}");
    }
}

/// The lists of a text in llms.txt's format: for each heading its links, read as the format is described.
fn lists(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut lines = text.lines();
    assert!(lines.next().is_some_and(|line| line.starts_with("# ")), "{text}");
    let mut lists: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for line in lines.filter(|line| !line.is_empty()) {
        if let Some(title) = line.strip_prefix("## ") {
            lists.push((title.to_owned(), Vec::new()));
        } else if let Some((_, list)) = lists.last_mut() {
            let (title, rest) =
                line.strip_prefix("- [").and_then(|line| line.split_once("](")).expect(line);
            let (address, notes) = rest.split_once(')').expect(line);
            assert!(notes.is_empty() || notes.starts_with(": "), "{line}");
            list.push((title.to_owned(), address.to_owned()));
        }
    }
    lists
}

#[test]
fn llms_txt_lists_alerts_first_by_absolute_addresses() {
    let fixture = "-- site.toml --\nbase_url = \"https://r.example/x/\"\n-- content/a (b)/c.md --\n---\ntitle: \"[C] one\"\nsummary: What it is\nalerts: [DiskFull]\n---\n## DiskFull\n";
    let built = build_site(site(fixture));
    let lists = lists(published(&built.output, "llms.txt"));
    assert_eq!(lists[0].0, "Alerts");
    assert_eq!(
        lists[0].1,
        [("DiskFull".to_owned(), "https://r.example/x/a-b-/c/index.md#diskfull".to_owned())]
    );
    assert!(lists.iter().flat_map(|(_, list)| list).any(|(title, _)| title == "(C) one"));
}

#[test]
fn a_large_site_has_a_list_for_each_folder() {
    let pages: Vec<String> = (0..501)
        .map(|page| format!("-- content/f{}/p{page}.md --\n# Page {page}\n", page % 3))
        .collect();
    let built = build_site(site(&pages.concat()));
    let links: usize =
        lists(published(&built.output, "llms.txt")).iter().map(|(_, list)| list.len()).sum();
    assert_eq!(links, 3);
    assert_eq!(lists(published(&built.output, "llms/f0.txt"))[0].1.len(), 167);
    assert_eq!(dead(&built.output), Vec::<String>::new());
}

#[test]
fn the_facts_of_real_runbooks_name_each_procedure_once() {
    for folder in corpora() {
        let built = build_folder(&folder);
        let mut ids = std::collections::BTreeSet::new();
        let files =
            built.output.iter().filter(|(path, _)| path.as_str().starts_with("api/procedures/"));
        for (path, bytes) in files {
            let facts: serde_json::Value = serde_json::from_slice(bytes).expect("JSON");
            for one in facts["procedures"].as_array().expect("a list") {
                let id = one["id"].as_str().expect("an id").to_owned();
                assert!(ids.insert(id.clone()), "{path}: {id} twice");
            }
        }
    }
}

#[test]
fn facts_of_shared_steps_name_the_file_that_holds_them_and_what_they_take_in() {
    let shared = "# Drain\n\n## Steps\n\n1. Drain it: `kubectl drain n1`\n2. Look.\n\n## Undo\n\n1. Uncordon it.\n";
    for ask in
        ["[Drain](../shared/drain.md#steps \"include\")", "![[drain]]", "1. ![[drain#steps]]"]
    {
        let host = format!("# Host\n\n## First\n\n1. Look.\n\n{ask}\n\n## Last\n\n1. End it.\n");
        let fixture = format!(
            "-- content/shared/drain.md --\n{shared}-- content/a/host.md --\n{host}-- content/index.md --\n# Home\n"
        );
        let built = build_site(site(&fixture));
        let facts: serde_json::Value =
            serde_json::from_str(published(&built.output, "api/procedures/a.json")).expect("JSON");
        for one in facts["procedures"].as_array().expect("a list") {
            let source = &one["source"];
            let text = if source["file"] == "content/a/host.md" { &host } else { shared };
            let line = |name: &str| source[name].as_u64().expect("a line") as usize;
            let (first, last) = (line("first_line"), line("last_line"));
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            assert!(0 < first && first <= last && last <= lines.len(), "{ask}: {source}");
            let own = lines[first - 1..last].concat();
            assert_eq!(source["digest"], format!("sha256:{}", sha256(own.as_bytes())), "{ask}");
            assert!(
                own.starts_with(&format!("## {}", one["title"].as_str().expect("a title")))
                    || own.starts_with("# "),
                "{ask}: {own}"
            );
        }
    }
}

#[test]
fn what_a_page_takes_in_stands_in_its_copy_with_links_that_lead_from_there() {
    let fixture = "-- content/_shared/drain.md --\n# Drain a node\n\n## Steps\n\n1. Drain it, see [home](../index.md) and [below](#check).\n\n   ```sh\n   kubectl drain <node>\n   ```\n\n### Check\n\n[Plan][p].\n\n[p]: ../a/plan.txt\n\n## Undo\n\nUncordon it.\n-- content/index.md --\n# Home\n-- content/a/plan.txt --\nplan\n-- content/a/host.md --\n---\nparameters: [{name: node, default: n1}]\n---\n# Host\n\n## First\n\nBefore.\n\n[Drain](../_shared/drain.md#steps \"include\")\n\n## Last\n\nSee [steps](#steps).\n";
    let built = build_site(site(fixture));
    let copy = published(&built.output, "a/host/index.md");
    for part in [
        "### Steps\n\n1. Drain it, see [home](../../index.md) and [below](#check).",
        "   *Class: destroy. Evicts every pod from the node.*\n\n   ```sh\n   kubectl drain n1\n   ```",
        "#### Check\n\n[Plan](../plan.txt).",
        "## Last\n\nSee [steps](#steps).",
    ] {
        let plain = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        assert!(plain(copy).contains(&plain(part)), "{part}\n---\n{copy}");
    }
    assert!(!copy.contains("Uncordon") && !copy.contains("include"), "{copy}");
    assert_eq!(dead(&built.output), Vec::<String>::new());
}

#[test]
fn what_is_hidden_in_a_page_is_in_no_file_for_programs() {
    let fixture = "-- content/a.md --\n---\ntitle: \"A\u{202e}b\"\nsummary: \"S\u{200b}ay\"\nalerts: [\"Disk\u{200b}Full\"]\n---\n## Go\u{200b}\n\n1. Do\u{e0041}\u{e0042} it:\n\n   ```sh\n   kubectl\u{200b} get\u{202e} pods\n   ```\n";
    let built = build_site(site(fixture));
    let is_ours = |path: &str| {
        path.ends_with(".md") || path.starts_with("llms") || path.starts_with("api/procedures")
    };
    let ours: Vec<&FilePath> =
        built.output.iter().map(|(path, _)| path).filter(|path| is_ours(path.as_str())).collect();
    assert!(ours.len() >= 5, "{ours:?}");
    for path in ours {
        let text = built.output.text(path).expect("text");
        assert!(
            !text.contains(['\u{200b}', '\u{202e}', '\u{e0041}', '\u{e0042}']),
            "{path}: {text}"
        );
    }
}

#[test]
fn facts_fit_the_schema_that_is_published_beside_them() {
    for folder in corpora() {
        let built = build_folder(&folder);
        let schema: serde_json::Value =
            serde_json::from_str(published(&built.output, "api/procedures.schema.json"))
                .expect("JSON");
        let list: serde_json::Value =
            serde_json::from_str(published(&built.output, "api/procedures.json")).expect("JSON");
        let files = list["files"].as_array().expect("a list");
        let written =
            built.output.iter().filter(|(path, _)| path.as_str().starts_with("api/procedures/"));
        assert_eq!(files.len(), written.count(), "{}", folder.display());
        for file in files {
            let path = file["path"].as_str().expect("a path");
            let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
            let facts: serde_json::Value =
                serde_json::from_str(published(&built.output, &path)).expect("JSON");
            assert!(facts["procedures"].as_array().is_some_and(|all| all.len() <= 500));
            fits(&facts, &schema, &schema["$defs"], &path);
        }
        let json = |path: &str| -> serde_json::Value {
            serde_json::from_str(published(&built.output, path)).expect("JSON")
        };
        let schema = json("api/alerts.schema.json");
        fits(&json("api/alerts.json"), &schema, &schema["$defs"], "api/alerts.json");
    }
}

/// As much of JSON Schema as the published one uses.
fn fits(value: &serde_json::Value, schema: &serde_json::Value, defs: &serde_json::Value, at: &str) {
    use serde_json::Value;
    if let Some(name) = schema["$ref"].as_str() {
        return fits(value, &defs[name.trim_start_matches("#/$defs/")], defs, at);
    }
    let is_of = |name: &Value| match name.as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{other} is not known here"),
    };
    match &schema["type"] {
        Value::Null => {}
        Value::Array(any) => assert!(any.iter().any(is_of), "{at}: {value}"),
        one => assert!(is_of(one), "{at}: {value} is no {one}"),
    }
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{at}: {value}");
    }
    if let Some(constant) = schema.get("const") {
        assert_eq!(value, constant, "{at}");
    }
    if let Some(object) = value.as_object() {
        if schema["additionalProperties"].is_object() {
            for value in object.values() {
                fits(value, &schema["additionalProperties"], defs, at);
            }
            return;
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            assert!(object.contains_key(name.as_str().expect("a name")), "{at}: {name} is missing");
        }
        for (name, value) in object {
            let known = schema["properties"].get(name);
            let known = known.unwrap_or_else(|| panic!("{at}: {name} is not known"));
            fits(value, known, defs, &format!("{at}/{name}"));
        }
    }
    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
        fits(item, &schema["items"], defs, &format!("{at}/{place}"));
    }
}

#[test]
fn anchors_with_pictures_can_be_asked_for_everywhere() {
    let fixture = "-- content/a.md --\n---\nalerts: [{name: Hot, section: \"\u{fe0f}-hot\"}]\n---\n# A\n\nSee [it](#\u{fe0f}-hot).\n\n## \u{26a0}\u{fe0f} Hot\n\n1. Do it.\n";
    let built = build_site(site(fixture));
    assert_eq!(dead(&built.output), Vec::<String>::new());
    let copy = published(&built.output, "a/index.md");
    assert!(
        copy.contains("[it](#%EF%B8%8F-hot)") && copy.contains("](#%EF%B8%8F-hot)\n"),
        "{copy}"
    );
    assert!(published(&built.output, "llms.txt").contains("(a/index.md#%EF%B8%8F-hot)"));
    let facts: serde_json::Value =
        serde_json::from_str(published(&built.output, "api/procedures/_root.json")).expect("JSON");
    assert_eq!(facts["procedures"][0]["id"], "a/#%EF%B8%8F-hot");
}

#[test]
fn the_text_of_all_pages_is_as_large_as_the_site_says_and_begins_with_what_is_needed_most() {
    let page = |name: &str, keys: &str| {
        format!(
            "-- content/{name}.md --\n---\n{keys}\n---\n# {name}\n\n{}See [b](b.md).\n",
            "Words about it. ".repeat(100)
        )
    };
    let pages = [
        page("a", "tags: [x]"),
        page("b", "alerts: [{name: B, severity: P3}]"),
        page("c", "alerts: [{name: C, severity: P1}]"),
        page("d", "error_signatures: [it is full]"),
        page("e", "search: false"),
        page("f", "draft: true"),
        page("g", "alerts: [{name: G, severity: P1}]\nstatus: Deprecated"),
    ];
    let full = |kilobytes: usize| -> String {
        let built = build_site(site(&format!(
            "-- site.toml --\nbase_url = \"https://r.example/\"\n[llms]\nfull_kilobytes = {kilobytes}\n{}",
            pages.concat()
        )));
        let text = published(&built.output, "llms-full.txt").to_owned();
        assert!(text.len() <= kilobytes * 1000, "{}", text.len());
        text
    };
    let titles = |text: &str| -> String {
        text.lines()
            .filter_map(|line| line.strip_prefix("# "))
            .filter(|title| title.len() == 1)
            .collect()
    };
    let all = full(400);
    assert_eq!(titles(&all), "cbdag");
    assert!(
        all.contains("See [b](https://r.example/b/index.md)") && all.contains("5 of 5"),
        "{all}"
    );
    assert_eq!(titles(&full(4)), "cb");
}

#[test]
fn long_lists_go_on_in_parts() {
    let alerts: Vec<String> = (0..1_100).map(|number| format!("A{number:04}Errors")).collect();
    let steps: Vec<String> =
        (0..520).map(|number| format!("## S{number}\n\n1. Do it.\n\n")).collect();
    let built = build_site(site(&format!(
        "-- content/a.md --\n---\nalerts: [{}]\n---\n# A\n\n{}",
        alerts.join(", "),
        steps.concat()
    )));
    let count = |path: &str| {
        lists(published(&built.output, path)).iter().map(|(_, list)| list.len()).sum::<usize>()
    };
    assert_eq!(count("llms/_alerts.txt"), 500);
    assert_eq!(count("llms/_alerts.3.txt"), 100);
    assert_eq!(count("llms.txt"), 3 + 1);
    let procedures = |path: &str| {
        let facts: serde_json::Value =
            serde_json::from_str(published(&built.output, path)).expect("JSON");
        facts["procedures"].as_array().map(Vec::len)
    };
    assert_eq!(procedures("api/procedures/_root.json"), Some(500));
    assert_eq!(procedures("api/procedures/_root.2.json"), Some(20));
}

/// Reads `llms.txt` as the reference implementation of its format does, and facts as a validator of JSON Schema does.
const READERS: &str = r#"
import json, pathlib, sys
from llms_txt.miniparse import parse_llms_txt
from jsonschema import Draft202012Validator
root = pathlib.Path(sys.argv[1])
links = 0
for path in [root / "llms.txt", *root.glob("llms/**/*.txt")]:
    read = parse_llms_txt(path.read_text())
    assert read["title"] and read["summary"], path
    links += sum(len(section) for section in read["sections"].values())
validator = Draft202012Validator(json.loads((root / "api/procedures.schema.json").read_text()))
for path in root.glob("api/procedures/**/*.json"):
    for wrong in validator.iter_errors(json.loads(path.read_text())):
        raise SystemExit(f"{path}: {wrong.message}")
print(links)
"#;

#[test]
fn foreign_readers_understand_what_is_published_for_them() {
    let python = std::env::var_os("GUIDEPOST_PYTHON").unwrap_or_else(|| "python3".into());
    let tried =
        std::process::Command::new(&python).args(["-c", "import llms_txt, jsonschema"]).output();
    if !tried.is_ok_and(|output| output.status.success()) {
        eprintln!(
            "not read by others: `pip install llms-txt jsonschema` installs them; GUIDEPOST_PYTHON names another python"
        );
        return;
    }
    for folder in corpora() {
        let built = build_folder(&folder);
        let root = tempfile::tempdir().expect("a folder");
        let mut links = 0;
        for (path, bytes) in built.output.iter() {
            if path.as_str().starts_with("llms") || path.as_str().starts_with("api/procedures") {
                let file = root.path().join(path.as_str());
                std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
                std::fs::write(file, bytes.as_slice()).expect("a file");
            }
            if path.as_str().starts_with("llms") {
                links += lists(built.output.text(path).expect("text"))
                    .iter()
                    .map(|(_, list)| list.len())
                    .sum::<usize>();
            }
        }
        let read =
            std::process::Command::new(&python).args(["-c", READERS]).arg(root.path()).output();
        let read = read.expect("python runs");
        assert!(
            read.status.success(),
            "{}: {}",
            folder.display(),
            String::from_utf8_lossy(&read.stderr)
        );
        assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), links.to_string());
    }
}

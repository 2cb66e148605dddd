//! Every file of the content folder is published, left out by a rule, or named among the findings; and what `check`
//! finds nothing wrong with, `build` writes. On sites made of unlucky names, and on real ones.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use guidepost::build::{Build, Cache, Options, build, search_files};
use guidepost::diagnostic::Rule;
use guidepost::emit::{BuildRecord, emit};
use guidepost::files::{FilePath, Files};
use guidepost::history::History;
use guidepost::load::{SiteRoot, load};
use guidepost::sources::Sources;
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{
    build_site, build_sources, cases, corpora, folder, guidepost, options, published, site, text,
};
use unlucky::{sites, sites_with_templates};

mod unlucky;

/// The source files that are neither published nor left out by a rule nor named.
fn lost(sources: &Sources, built: &Build, content: &str) -> Vec<String> {
    let pages: BTreeMap<&FilePath, FilePath> =
        built.site.pages.iter().map(|page| (&page.document.path, page.address.file())).collect();
    let templates: BTreeSet<&str> =
        built.site.config.templates.values().map(|template| template.file.value.as_str()).collect();
    let named: BTreeSet<&FilePath> =
        built.findings.iter().map(|finding| &finding.diagnostic.at.path).collect();
    let is_theirs = |below: &FilePath| {
        content.is_empty()
            && (below.as_str() == "site.toml" || below.under(&built.site.config.theme).is_some())
    };
    let is_accounted = |path: &FilePath, below: &FilePath| {
        if below.is_hidden() || templates.contains(path.as_str()) || is_theirs(below) {
            return true;
        }
        let bytes = sources.files.get(path).expect("it is one of them");
        match pages.get(path) {
            Some(file) => built.output.text(file).is_some_and(|page| shows(page, bytes)),
            None if built.output.get(below) == Some(bytes) => true,
            None if String::from_utf8_lossy(bytes).contains("draft: true") => true,
            None => named.contains(path),
        }
    };
    let files = sources.files.iter().map(|(path, _)| path);
    let below = files.filter_map(|path| Some((path, path.under(content)?)));
    below
        .filter(|(path, below)| !is_accounted(path, below))
        .map(|(path, _)| path.to_string())
        .collect()
}

/// Whether a page holds the mark that tells its source from all others, where the source has one.
fn shows(page: &str, source: &[u8]) -> bool {
    let source = String::from_utf8_lossy(source);
    let mark = source.lines().find_map(|line| line.strip_prefix("mark-"));
    mark.is_none_or(|mark| page.contains(&format!("mark-{mark}")))
}

fn without_history(files: Files) -> Sources {
    let history = History::without("a fixture has no history").into();
    Sources { files, passed_over: BTreeMap::new(), history }
}

#[test]
fn every_file_of_real_folders_is_published_or_named() {
    for folder in corpora() {
        let place = SiteRoot::of_content(&folder).expect("the folder is there");
        let sources = load(&place).expect("the folder can be read");
        let content = place.content.clone().expect("a folder of content");
        let built = build_sources(&sources, &Options { content: place.content, ..options() });
        let lost = lost(&sources, &built, &content);
        assert!(lost.is_empty(), "{}: {lost:?}", folder.display());
    }
}

/// The rules that the findings name, each once.
fn rules(built: &Build) -> BTreeSet<Rule> {
    built.findings.iter().map(|finding| finding.diagnostic.rule).collect()
}

#[test]
fn a_page_where_guidepost_has_one_of_its_own_is_published_and_the_other_moves() {
    const REST: &str = "-- content/run.md --\n---\nalerts: [Slow]\nlast_reviewed_on: 2026-11-01\n\
        dashboards:\n- {title: D, url: \"https://d.example\"}\n---\n# Run\n-- content/_t.md --\n## Steps\n";
    const TEMPLATE: &str = "[templates.t]\nfile = \"content/_t.md\"\napplies_to = [\"run*\"]\n";
    for (style, own, moved) in
        [("folder", "NAME/index.html", "NAME-2/index.html"), ("file", "NAME.html", "NAME-2.html")]
    {
        for name in ["search", "alerts", "coverage", "dashboards", "freshness"] {
            for source in ["NAME.md", "NAME/README.md"] {
                let source = source.replace("NAME", name);
                let fixture = format!(
                    "-- site.toml --\n[urls]\nstyle = \"{style}\"\n{TEMPLATE}{REST}\
                     -- content/{source} --\n# Own\n\nmark-own\n"
                );
                let built = build_site(site(&fixture));
                let is_section = source.contains('/') && style == "file";
                let at = if is_section {
                    format!("{name}/index.html")
                } else {
                    own.replace("NAME", name)
                };
                assert!(published(&built.output, &at).contains("mark-own"), "{style} {source}");
                let place = if is_section { own } else { moved }.replace("NAME", name);
                let other = published(&built.output, &place);
                assert!(!other.contains("mark-own"), "{style} {source}");
                let home = published(&built.output, "index.html");
                let link = place.replace("/index.html", "/");
                assert!(home.contains(&link), "{style} {source} {link}");
                assert!(!rules(&built).contains(&Rule::DuplicateAddress), "{style} {source}");
            }
        }
    }
}

#[test]
fn a_file_where_guidepost_has_one_of_its_own_is_published_and_named() {
    for name in [
        "404.html", "index.html", "robots.txt", "metrics.prom", "llms.txt", "api/pages.json",
        "run/index.html", "guides/index.html",
    ] {
        let fixture = format!(
            "-- content/{name} --\nmine\n-- content/guides/a.md --\n# A\n-- content/run.md --\n# Run\n"
        );
        let built = build_site(site(&fixture));
        let expected = if name == "run/index.html" {
            assert!(
                published(&built.output, name).contains("<h1"),
                "the page comes before the file"
            );
            Rule::DuplicateAddress
        } else {
            assert_eq!(published(&built.output, name), "mine\n");
            Rule::GeneratedFileReplaced
        };
        assert_eq!(rules(&built), [expected].into(), "{name}");
    }
}

/// A site of which every kind of file is published.
const WHOLE: &str = "-- site.toml --\nbase_url = \"https://runbooks.example/\"\n\
    [publish]\nhosts = [\"netlify\"]\npublic = true\n[skills]\nenabled = true\napplies_to = [\"**\"]\n\
    [owners.ops]\nname = \"Ops\"\n[alerts]\nsources = [\"r.yaml\"]\n\
    -- r.yaml --\ngroups: [{name: g, rules: [{alert: Slow, expr: up}]}]\n\
    -- content/guides/run.md --\n---\nsummary: What to do when it is slow.\nalerts: [Slow]\nowner: ops\nagent: run\nlast_reviewed_on: 2026-11-01\naliases: [/old]\n\
    dashboards: [{title: D, url: \"https://d.example\"}]\n---\n# Run\n\n## Steps\n\n1. Look.\n\n   ```sh\n   ls\n   ```\n";

/// An author's file at each path of a site, one after the other: it is published, or said to be left out, and so is
/// what gives way to it.
#[test]
fn whatever_gives_way_to_a_file_of_the_author_is_said() {
    let mut cache = Cache::default();
    let mut of = |files: Files| {
        let sources = without_history(files);
        let mut built = build(&sources, &options(), &mut cache, |_| {})
            .unwrap_or_else(|findings| panic!("{findings:#?}"));
        for (path, bytes) in search_files(&built.site, &built.report, &mut cache).iter() {
            assert!(built.output.get(path).is_none(), "{path} is published twice");
            built.output.insert(path.clone(), bytes.to_vec());
        }
        built
    };
    let first = of(site(WHOLE));
    assert_eq!(first.findings, []);
    let mut wrong = Vec::new();
    let mut kinds = BTreeSet::new();
    for (path, _) in first.output.iter() {
        let source = FilePath::new(&format!("content/{path}")).expect("a path");
        // What begins with a dot is left out by rule, and what ends in `.md` is a page.
        if path.as_str().starts_with('.') || path.as_str().ends_with(".md") {
            continue;
        }
        kinds.insert(path.as_str().split('/').next().unwrap_or_default().to_owned());
        let mut files = site(WHOLE);
        files.insert(source.clone(), b"mine\n".to_vec());
        let built = of(files);
        let page = path.as_str().strip_suffix("/index.html").unwrap_or_default();
        let has_moved = ["alerts", "coverage", "dashboards", "freshness", "owners", "search"]
            .contains(&page)
            && built.output.iter().any(|(path, _)| path.as_str() == format!("{page}-2/index.html"));
        if built.findings.is_empty() && !has_moved {
            wrong.push(path.to_string());
        }
    }
    assert!(kinds.len() > 12, "{kinds:?}");
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_file_where_guidepost_needs_a_folder_is_named_and_left_out() {
    for name in ["search", "alerts", "api", "theme", "search/manifest.bin", "run", "a"] {
        let fixture = format!(
            "-- content/{name} --\nmine\n-- content/a/b.md --\n# B\n-- content/run.md --\n---\nalerts: [S]\n---\n"
        );
        let built = build_site(site(&fixture));
        let path = FilePath::new(name).expect("a path");
        assert_ne!(built.output.text(&path), Some("mine\n"), "{name}");
        assert_eq!(rules(&built), [Rule::DuplicateAddress].into(), "{name}");
    }
}

#[test]
fn what_no_system_can_write_is_named_and_everything_else_is_built() {
    let long = "a".repeat(251);
    let alert = "b".repeat(256);
    let fixture = format!(
        "-- site.toml --\n[urls]\nstyle = \"file\"\n[owners.{alert}]\nname = \"B\"\n\
         -- content/{long}.md --\n# A\n-- content/b.md --\n---\naliases: [\"/{alert}\", /old]\n\
         alerts: [{alert}, Slow]\n---\n# B\n"
    );
    // A name that is as long as may be: that of its compressed neighbor would be longer.
    let nearly = format!("content/{}.txt", "c".repeat(251));
    let fixture = format!(
        "{}-- {nearly} --\n{}\n",
        fixture.replacen("[urls]", "[publish]\nhosts = [\"nginx\"]\n[urls]", 1),
        "text ".repeat(2_000)
    );
    let folder = folder(&fixture);
    let checked = guidepost(folder.path(), &["check", "--format", "short"]);
    let printed = text(&checked);
    assert_eq!(printed.matches("error[name-too-long]").count(), 4, "{printed}");
    let built = guidepost(folder.path(), &["build"]);
    assert!(built.status.success(), "{}", text(&built));
    for file in ["b.html", "old.html", "alerts/Slow.html"] {
        assert!(folder.path().join("public").join(file).is_file(), "{file}");
    }
}

#[test]
fn names_that_some_systems_refuse_are_warned_of() {
    let fixture = "-- content/10:30.png --\n0\n-- content/con.md --\n# A\n-- content/Run.md --\n# B\n\
                   -- content/run.md --\n# C\n";
    let built = build_site(site(fixture));
    let found: Vec<String> =
        built.findings.iter().map(|finding| finding.diagnostic.at.path.to_string()).collect();
    assert_eq!(found, ["content/10:30.png", "content/con.md", "content/run.md"]);
    assert_eq!(rules(&built), [Rule::NameNotPortable].into());
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn nothing_of_an_unlucky_site_is_lost_and_all_of_it_can_be_written(files in sites()) {
        let sources = without_history(files);
        let built = build_sources(&sources, &options());
        let lost = lost(&sources, &built, "content");
        prop_assert!(lost.is_empty(), "{:?} {:?}", lost, sources.files);
        let folder = tempfile::tempdir().expect("a folder");
        let emission = emit(&folder.path().join("public")).expect("a fresh folder");
        let taken: Result<Vec<_>, _> =
            built.output.iter().map(|(path, bytes)| emission.take(path, bytes)).collect();
        let taken = taken.expect("everything can be staged");
        let emitted = emission.finish(&taken, &BuildRecord::default()).expect("everything can be written");
        prop_assert_eq!(emitted.written, built.output.len());
    }
}

/// What a run counted: pages, errors and warnings.
type Counts = [u64; 3];

/// What `check` counted, or nothing if it refused the site.
fn checked(folder: &Path) -> Option<Counts> {
    let asked = ["check", "--quiet", "--format", "json=found.json"];
    let code = guidepost(folder, &asked).status.code();
    let found = std::fs::read(folder.join("found.json")).expect("check writes what it found");
    let found: Value = serde_json::from_slice(&found).expect("in JSON");
    let counts = ["pages", "errors", "warnings"];
    let counts = counts.map(|name| found["summary"][name].as_u64().expect("a count"));
    let is_told = if counts[1] == 0 { code == Some(0) } else { matches!(code, Some(1 | 2)) };
    assert!(is_told, "{code:?} for {counts:?}");
    (code != Some(2)).then_some(counts)
}

/// What `build` counted as it wrote a site, or nothing if it refused the site.
fn written(folder: &Path) -> Option<Counts> {
    let built = guidepost(folder, &["build", "--quiet"]);
    if !built.status.success() {
        assert!(text(&built).contains("until this is fixed"), "{}", text(&built));
        return None;
    }
    let manifest = std::fs::read(folder.join("public/.guidepost.json")).expect("a manifest");
    let manifest: Value = serde_json::from_slice(&manifest).expect("in JSON");
    for path in manifest["files"].as_object().expect("the files").keys() {
        assert!(folder.join("public").join(path).is_file(), "{path}");
    }
    let counts = ["pages", "errors", "warnings"];
    Some(counts.map(|name| manifest["made"][name].as_u64().expect("a count")))
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn check_and_build_say_the_same_of_an_unlucky_site(files in sites_with_templates()) {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, bytes) in files.iter() {
            let file = folder.path().join(path.as_str());
            std::fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
            std::fs::write(file, bytes.as_slice()).expect("a file");
        }
        prop_assert_eq!(checked(folder.path()), written(folder.path()), "{:?}", files);
    }
}

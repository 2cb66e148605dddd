//! Folders as other tools' own handbooks have authors write them: adopted without a false accusation, nothing shown as
//! typed that the tool would have read, and what is not read said as that.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::support::{guidepost, text};

/// A folder on the disk, the root of a repository, with these files.
fn folder(files: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join(".git")).expect("a folder");
    for file in format!("\n{files}").split("\n-- ").skip(1) {
        let (path, text) = file.split_once(" --\n").expect("a file has a name and a text");
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

/// What `check` says of a folder once `init` has adopted it, a line each.
fn findings(folder: &Path) -> Vec<String> {
    let begun = guidepost(folder, &["init"]);
    assert!(begun.status.success(), "{}", text(&begun));
    let checked = text(&guidepost(folder, &["check", "--all", "--format", "short"]));
    checked.lines().filter(|line| line.contains(": ")).map(str::to_owned).collect()
}

/// The text of a page as it is built, from its article on.
fn page(folder: &Path, path: &str) -> String {
    let built = guidepost(folder, &["build"]);
    assert!(built.status.success(), "{}", text(&built));
    let output = ["site-built", "public"].map(|name| folder.join(name));
    let output = output.into_iter().find(|output| output.is_dir()).expect("a built site");
    let path = output.join(path);
    let html =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let start = html.find("<main").expect("a page has a main part");
    html[start..].split("</main>").next().unwrap_or_default().to_owned()
}

fn is_clean(files: &str) -> TempDir {
    let folder = folder(files);
    let found = findings(folder.path());
    let wrong: Vec<&String> = found.iter().filter(|line| line.contains('[')).collect();
    assert_eq!(wrong, Vec::<&String>::new(), "{files}");
    folder
}

fn holds(html: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(html.contains(piece), "{piece} is not in {html}");
    }
}

fn lacks(html: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(!html.contains(piece), "{piece} is in {html}");
    }
}

#[test]
fn icons_of_material_are_signs_or_nothing_and_never_names() {
    let folder = is_clean(
        "-- mkdocs.yml --\nsite_name: Ops\n-- docs/index.md --\n---\ntitle: \":material-home: Start\"\n---\n\
         ## :octicons-gear-16:{ .big } Settings\n\n- :material-clock-fast:{ .lg .middle } __Fast__\n\n    ---\n\n    It is.\n\n\
         | a | b |\n|---|---|\n| :material-check: | :material-close:{ .red } no |\n\n\
         Go [there :fontawesome-solid-paper-plane:](a.md#settings){ .md-button }, ++ctrl+alt+del++ or ==now==, if a==1 or b==2.\n\
         -- docs/a.md --\n# :simple-grafana: Boards\n\n## :material-cog: Settings\n",
    );
    let home = page(folder.path(), "index.html");
    holds(
        &home,
        &[
            "<td>✓</td><td>✗ no</td>",
            "<strong>Fast</strong>",
            "<h2 id=\"settings\">Settings",
            ">there</a>",
            "<kbd>Ctrl</kbd>+<kbd>Alt</kbd>+<kbd>Del</kbd>",
            "<mark>now</mark>, if a==1 or b==2",
            ">Start<",
            "Boards",
        ],
    );
    lacks(&home, &["<hr>", "material", "octicons", "fontawesome", "simple-", ".lg", "{"]);
}

#[test]
fn snippets_beside_the_pages_are_taken_in_from_where_the_settings_say() {
    let folder = folder(
        "-- mkdocs.yml --\nsite_name: Ops\nmarkdown_extensions:\n  - pymdownx.snippets:\n      base_path: [\".\", \"parts\"]\n\
         -- parts/drain.md --\n<!-- --8<-- [start:steps] -->\n1. Cordon [it](a.md) or [it](../docs/a.md)\n<!-- --8<-- [end:steps] -->\n\nRest\n\
         -- parts/deep.md --\nDeep\n\n--8<-- \"inner.md\"\n-- parts/inner.md --\nInner\n\
         -- ops/values.yml --\nreplicas: 3\n\
         -- docs/a.md --\n# A\n\n--8<-- \"parts/drain.md:steps\"\n\n--8<-- \"deep.md\"\n\n\
         --8<--\ndrain.md\n--8<--\n\n```yaml\n--8<-- \"ops/values.yml\"\n```\n\n;--8<-- \"shown.md\"\n\n\
         --8<-- \"https://e.example/x.md\"\n\n--8<-- \"gone.md\"\n",
    );
    let found = findings(folder.path());
    let found: Vec<&str> =
        found.iter().filter(|line| line.contains('[')).map(|line| &**line).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("docs/a.md:17:1: warning[foreign-markup]"), "{found:?}");
    assert!(
        found[1].contains("docs/a.md:19:9: error[broken-link]: no page `gone.md`"),
        "{found:?}"
    );
    let html = page(folder.path(), "a/index.html");
    holds(&html, &["Cordon", "Deep", "Inner", "Rest", "replicas", "<p>--8&lt;-- "]);
    lacks(&html, &["[start", ";--8"]);
}

#[test]
fn what_other_tools_serve_from_a_folder_of_its_own_is_published() {
    for served in ["static", "public"] {
        let folder = is_clean(&format!(
            "-- mkdocs.yml --\nsite_name: x\n-- {served}/img/a b.png --\nx\n-- {served}/files/r.pdf --\nx\n\
             -- docs/a.md --\n![x](</img/a b.png>) ![y](/img/a%20b.png) <img src=\"/img/a b.png\" alt=\"z\"> [PDF](/files/r.pdf)\n"
        ));
        let html = page(folder.path(), "a/index.html");
        let shown = format!("_outside/{served}/img/a%20b.png");
        assert_eq!(html.matches(&shown).count(), 3, "{html}");
        holds(&html, &[&format!("_outside/{served}/files/r.pdf")]);
    }
}

#[test]
fn a_book_of_gitbook_keeps_its_pictures_and_its_files() {
    let folder = is_clean(
        "-- .gitbook.yaml --\nroot: ./\n-- .gitbook/assets/image (1).png --\nx\n-- .gitbook/assets/plan.pdf --\nx\n\
         -- .gitbook/includes/shared.md --\n---\ntitle: shared\n---\nShared text.\n\
         -- README.md --\n# Home\n\n<figure><img src=\".gitbook/assets/image (1).png\" alt=\"\"></figure>\n\n\
         -- ops/a.md --\n# A\n\n![](<../.gitbook/assets/image (1).png>)\n\n{% file src=\"../.gitbook/assets/plan.pdf\" %}\n\n\
         {% include \"../.gitbook/includes/shared.md\" %}\n",
    );
    let html = page(folder.path(), "ops/a/index.html");
    holds(
        &html,
        &[
            "src=\"../../.gitbook/assets/image%20(1).png\"",
            "href=\"../../.gitbook/assets/plan.pdf\"",
            "Shared text.",
        ],
    );
}

#[test]
fn a_vault_of_obsidian_is_read_as_it_is_there() {
    let folder = is_clean(
        "-- .obsidian/app.json --\n{}\n-- files/plan.png --\nx\n-- files/doc.pdf --\nx\n\
         -- Runbooks/Drain Node.md --\n# Drain Node\n\n1. First cordon it. ^step-one\n2. Then drain.\n\nA paragraph. ^para\n\n| a |\n|---|\n| b |\n\n^the-table\n\
         -- Index.md --\n# Index\n\n> [!warning]- Mind *this*\n> Folded [[Drain Node]]\n\n> [!faq]\n> > [!todo]+ Inner\n> > x\n\n\
         [[Drain Node#^step-one]], [[Drain Node#^the-table|table]], [[plan.png]], ==marked==, %%hidden%% and^[a note].\n\n- [/] begun\n- [x] done\n\n\
         %%\nblock\n%%\n\n![[plan.png|300]] ![[plan.png]] ![Plan|100x50](plan.png) ![[doc.pdf#page=3]]\n\n![[Drain Node#^para]]\n\n![[Drain Node#^step-one]]\n",
    );
    let html = page(folder.path(), "Index/index.html");
    holds(
        &html,
        &[
            "<details class=\"callout warning\"><summary>Mind <em>this</em></summary>",
            "<aside class=\"callout note\"><p class=\"callout-title\"><i class=\"icon i-note\"></i>Faq</p>",
            "<details class=\"callout note\" open><summary>Inner</summary>",
            "href=\"../Runbooks/Drain-Node/#%5Estep-one\"",
            "<img src=\"../files/plan.png\" alt=\"\" loading=\"lazy\">",
            "<img src=\"../files/plan.png\" alt=\"Plan\" loading=\"lazy\">",
            "href=\"../files/doc.pdf#page=3\"",
            "<mark>marked</mark>",
            "A paragraph.",
            "First cordon it.",
        ],
    );
    assert_eq!(html.matches("type=\"checkbox\"").count(), 2, "{html}");
    lacks(&html, &["[/]", "hidden", "block\n", "[!", "%%", "Then drain", " ^"]);
    let drain = page(folder.path(), "Runbooks/Drain-Node/index.html");
    holds(&drain, &["id=\"^step-one\"", "id=\"^para\"", "id=\"^the-table\""]);
    lacks(&drain, &[" ^step", ">^the"]);
}

#[test]
fn the_wiki_of_a_repository_names_the_text_first() {
    let folder = is_clean(
        "-- Home.md --\n# Home\n\n[[Restart the API]] [[again|Restart-the-API]] [[undo|Restart the API#undo]] \
         [full](/org/repo/wiki/Restart-the-API) [[here|https://e.example/x]] [[https://e.example/y]] [[images/a.png|alt=Plan]]\n\
         -- images/a.png --\nx\n\
         -- _Sidebar.md --\n* [[Home]]\n-- Restart-the-API.md --\nText\n\n## Undo\n",
    );
    let html = page(folder.path(), "Home/index.html");
    holds(
        &html,
        &[
            "<a href=\"../Restart-the-API/\">again</a>",
            "<a href=\"../Restart-the-API/#undo\">undo</a>",
            "<a href=\"../Restart-the-API/\">full</a>",
            "href=\"https://e.example/x\"",
            "<img src=\"../images/a.png\" alt=\"Plan\"",
        ],
    );
    lacks(&html, &["[["]);
}

#[test]
fn a_wiki_of_azure_devops_is_read_as_it_is_there() {
    let folder = is_clean(
        "-- .order --\nHome\n-- .attachments/a-1.png --\nx\n-- On%2DCall.md --\n# On-Call\n\
         -- Ops.md --\n[[_TOSP_]]\n\n# Ops\n-- Ops/.order --\nRestart-it\n-- Ops/Restart-it.md --\n## Step 1: Stop\n\
         -- Home.md --\n[[_TOC_]]\n\n[On call](/On%2DCall) [Restart](/Ops/Restart-it#step-1:-stop) [ops](/Ops)\n\n\
         ![a](/.attachments/a-1.png =500x250) ![b](/.attachments/a-1.png =50%x)\n\n::: mermaid\ngraph LR;\n A --> B;\n:::\n",
    );
    let html = page(folder.path(), "Home/index.html");
    holds(&html, &["href=\"../On-2DCall/\"", "href=\"../Ops/Restart-it/#step-1-stop\"", "<svg"]);
    assert_eq!(html.matches("src=\"../.attachments/a-1.png\"").count(), 2, "{html}");
    lacks(&html, &["=500", ":::", "_TO"]);
    holds(&page(folder.path(), "Ops/index.html"), &["<h1", "Restart"]);
}

#[test]
fn exports_of_confluence_keep_their_anchors() {
    let folder = is_clean(
        "-- docs/Overview_1.md --\n# Runbook overview\n\n[Restart](#Runbookoverview-Restartthe-API), [Drain](Drain_2.md#Drainanode-Why?)\n\n## Restart the - API\n\n## Restart the-API\n\
         -- docs/Drain_2.md --\n# Drain a node\n\n## Why?\n",
    );
    let html = page(folder.path(), "Overview_1/index.html");
    holds(&html, &["href=\"#restart-the-api\"", "href=\"../Drain_2/#why\""]);
}

#[test]
fn links_from_the_root_are_those_of_each_tool() {
    is_clean(
        "-- hugo.toml --\nbaseURL = \"https://e.example/\"\n-- static/a.png --\nx\n-- content/en/_index.md --\n[d](/docs/) ![a](/a.png)\n\
         -- content/en/docs/_index.md --\n---\ntitle: Docs\n---\n[b](/docs/b/)\n-- content/en/docs/b.md --\n# B\n-- content/de/_index.md --\n# Ops\n",
    );
    is_clean(
        "-- docusaurus.config.ts --\nexport default {};\n-- static/img/a.png --\nx\n-- docs/a/b.md --\n# B\n\n## Own {/* #own-id */}\n\
         -- docs/c.md --\n[b](/docs/a/b) [b](@site/docs/a/b.md#own-id) ![a](@site/static/img/a.png) ![a](/img/a.png)\n",
    );
    is_clean(
        "-- book.toml --\n[book]\ntitle = \"x\"\n-- src/README.md --\n# Home\n-- src/a/b.md --\n[home](../index.html) [home](../README.md)\n",
    );
    is_clean(
        "-- docs/a.md --\n![x](/docs/img/x.png) [b](/docs/b.md)\n-- docs/b.md --\n# B\n-- docs/img/x.png --\nx\n",
    );
}

#[test]
fn a_book_of_sphinx_is_read_with_its_roles_and_directives() {
    let folder = is_clean(
        "-- docs/conf.py --\nextensions = [\"myst_parser\"]\nproject = 'Ops'\n\
         -- docs/parts/shared.md --\nbefore\n<!-- start -->\nShared [text](../ops/drain.md).\n<!-- end -->\nafter\n\
         -- docs/run.sh --\necho one\necho two\n\
         -- docs/index.md --\n(top)=\n# Index\n\n```{toctree}\n:maxdepth: 2\n\nops/drain\nRestart it <ops/restart>\n```\n\n\
         See {ref}`cordon-it`, {ref}`Now <cordon-it>`, {doc}`ops/drain`, {doc}`Again </ops/restart>`, [](ops/drain.md), [x](#cordon-it), \
         {kbd}`Ctrl-C`, {file}`/etc/x`, {menuselection}`A --> B`, H{sub}`2`O, {octicon}`alert;1em`, {py:func}`~os.path.join`.\n\n\
         % never shown\n\n+++\n\n```{include} parts/shared.md\n:start-after: <!-- start -->\n:end-before: <!-- end -->\n```\n\n\
         ```{literalinclude} run.sh\n:language: bash\n:lines: 2\n```\n\n```{code-block} bash\n:caption: Stop\n\nsystemctl stop x\n```\n\n\
         ```{list-table} T\n:header-rows: 1\n\n* - Alpha\n  - Beta\n```\n\n{#para .cls}\nWith an id.\n\
         -- docs/ops/drain.md --\n# Drain\n\n(cordon-it)=\n## Cordon\n\n{ref}`top`\n-- docs/ops/restart.md --\n# Restart\n",
    );
    let html = page(folder.path(), "index.html");
    holds(
        &html,
        &[
            "<a href=\"ops/drain/#cordon-it\">cordon it</a>",
            "<a href=\"ops/drain/#cordon-it\">Now</a>",
            "<a href=\"ops/drain/\">drain</a>",
            "<a href=\"ops/restart/\">Again</a>",
            "<a href=\"ops/restart/\">Restart it</a>",
            "<kbd>Ctrl-C</kbd>",
            "A → B",
            "H<sub>2</sub>O",
            "Shared <a href=\"ops/drain/\">text</a>",
            "two",
            "Alpha",
            "id=\"para\"",
        ],
    );
    lacks(
        &html,
        &[
            "{ref}", "{doc}", "octicon", "never shown", "+++", "before", "after", ":caption",
            "echo one", "maxdepth", ".cls", "~os",
        ],
    );
}

#[test]
fn a_site_of_jekyll_is_read_with_its_links_and_blocks() {
    let folder = is_clean(
        "-- _config.yml --\ntitle: Ops\n-- index.md --\n---\nlayout: default\n---\n\n# Ops\n\n\
         [a]({% link docs/a.md %}) [b]({{ site.baseurl }}{% link docs/a.md %}#do-it) [c]({{ site.baseurl }}/docs/a/) \
         [d]({{ '/docs/a/' | relative_url }}){: .btn }\n\n\
         {% highlight bash %}\nsystemctl restart x\n{% endhighlight %}\n\n{% raw %}\n{{ kept }}\n{% endraw %}\n\n\
         {: .warning }\nMind this.\n\n*[SLO]: Service Level Objective\n\
         -- docs/a.md --\n# A\n{: .no_toc }\n\n## Do it\n",
    );
    let html = page(folder.path(), "index.html");
    for text in ["a", "c", "d"] {
        holds(&html, &[&format!("<a href=\"docs/a/\">{text}</a>")]);
    }
    holds(
        &html,
        &["href=\"docs/a/#do-it\"", "<aside class=\"callout warning\">", "{{ kept }}", "systemctl"],
    );
    lacks(&html, &["{%", "{:", "*[SLO", "site.baseurl"]);
}

#[test]
fn what_mdx_runs_is_not_shown_or_said_once() {
    let folder = folder(
        "-- docusaurus.config.js --\nmodule.exports = {};\n-- docs/a.mdx --\n---\ntitle: A\n---\nimport Tabs from '@theme/Tabs';\n\n\
         <Tabs>\n<TabItem value=\"x\" label=\"X\">\n\nOne\n\n</TabItem>\n</Tabs>\n\n<Thing a=\"b\" />\n\n<Other>\n\ntext\n\n</Other>\n\n[b](./b.mdx)\n\
         -- docs/b.mdx --\n# B\n",
    );
    let found = findings(folder.path());
    let found: Vec<&String> = found.iter().filter(|line| line.contains('[')).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("docs/a.mdx:14:1: warning[foreign-markup]: `<Component>`"),
        "{found:?}"
    );
    let html = page(folder.path(), "a/index.html");
    holds(&html, &["<summary>X</summary>", "One", "href=\"../b/\""]);
    lacks(&html, &["import", "TabItem"]);
}

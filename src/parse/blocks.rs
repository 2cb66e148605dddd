//! Blocks of other tools become block quotes that the Markdown parser reads, line by line.
//!
//! The first line of such a quote is a heading that names the block by a mark which no text holds; the writer finds the
//! mark and writes a callout, details or the panel of a tab. Every line keeps its place in the file, so that whatever
//! is wrong inside a block is shown at the author's own characters. What no dialect of the site reads stays as typed
//! and is named once.

use crate::dialect::Dialect;

use super::lines::Line;
use block::{MARK, Rewritten};
use rewriter::Rewriter;
use signs::formulas;

pub(super) use opening::class;

pub(super) mod block;
mod opening;
mod rewriter;
mod shortcode;
mod signs;

/// Whether a text may hold blocks of these dialects, or of others that are then named.
pub(super) fn may_hold_blocks(text: &str, dialects: &[Dialect]) -> bool {
    let has = |sign: &str| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some();
    let reads_more = || {
        (dialects.contains(&Dialect::MkDocs) && (has("#") || has("*[")))
            || (dialects.contains(&Dialect::Jekyll) && has("*["))
            || (dialects.contains(&Dialect::Myst) && (has("%") || has("+++")))
            || (dialects
                .iter()
                .any(|dialect| matches!(dialect, Dialect::Docusaurus | Dialect::Starlight))
                && (has("<") || has("import ") || has("export ") || has("{/*")))
    };
    (opening::may_open(text) || has("$$\n") || has("$$\r") || reads_more()) && !text.contains(MARK)
}

/// Rewrites the lines of a page.
pub(super) fn rewrite<'t>(lines: Vec<Line<'t>>, dialects: &[Dialect]) -> Rewritten<'t> {
    if lines.iter().any(|line| line.text.contains(MARK)) {
        return Rewritten { lines, ..Rewritten::default() };
    }
    let mut rewriter = Rewriter::new(dialects, formulas(&lines));
    for line in lines {
        rewriter.add(line);
    }
    rewriter.finish()
}

#[cfg(test)]
mod tests {
    use crate::dialect::Dialect;
    use crate::files::FilePath;
    use crate::parse::{Document, Input, ParseOptions, parse};

    fn page(text: &str, dialects: &[Dialect]) -> Document {
        parse(&Input {
            path: FilePath::new("a.md").unwrap(),
            bytes: text.as_bytes().to_vec().into(),
            options: ParseOptions { dialects: dialects.to_vec(), ..ParseOptions::default() }.into(),
        })
    }

    /// The page's body without line ends; code as its text, links as their address and what the file has there.
    fn body(text: &str, dialects: &[Dialect]) -> String {
        use crate::parse::html::Slot;
        let page = page(text, dialects);
        let html = page.body.fill(0, |slot, out| match slot {
            Slot::Link(index) => {
                let link = &page.links[index as usize];
                assert_eq!(text[link.range.clone()], link.address, "{text}");
            }
            Slot::CodeBlock(index) => {
                let block = &page.code_blocks[index as usize];
                for (line, start) in block.text.lines().zip(&block.line_starts) {
                    assert!(text[*start as usize..].starts_with(line), "{text}: {line}");
                }
                out.push_str(&format!("[{}: {}]", block.language, block.text.trim_end()));
            }
            _ => {}
        });
        html.replace('\n', "")
    }

    fn check(dialect: Dialect, text: &str, expected: &str) {
        assert_eq!(body(text, &[dialect]), expected, "{text}");
    }

    fn note(title: &str, inner: &str) -> String {
        callout("note", title, inner)
    }

    fn callout(class: &str, title: &str, inner: &str) -> String {
        format!(
            "<aside class=\"callout {class}\"><p class=\"callout-title\"><i class=\"icon i-{class}\"></i>{title}</p>\
             {inner}</aside>"
        )
    }

    fn tabs(set: usize, panels: &[(&str, &str)]) -> String {
        let panel = |(place, (label, inner)): (usize, &(&str, &str))| {
            let open = if place == 0 { " open" } else { "" };
            format!(
                "<details name=\"gp:tabs-{set}\"{open}><summary>{label}</summary><div class=\"tab\">{inner}</div></details>"
            )
        };
        let panels: String = panels.iter().enumerate().map(panel).collect();
        format!("<div class=\"tabs\">{panels}</div>")
    }

    #[test]
    fn admonitions_hold_what_is_indented_below_them() {
        let mkdocs = Dialect::MkDocs;
        check(mkdocs, "!!! note\n    a\n", &note("Note", "<p>a</p>"));
        check(
            mkdocs,
            "!!! tip \"My *way*\"\n\n    a\n\n    b\n",
            &callout("tip", "My <em>way</em>", "<p>a</p><p>b</p>"),
        );
        check(
            mkdocs,
            "before\n!!! danger\n    a\nafter\n",
            &format!("<p>before</p>{}<p>after</p>", callout("caution", "Danger", "<p>a</p>")),
        );
        check(mkdocs, "!!! note \"\"\n    a\n", "<aside class=\"callout note\"><p>a</p></aside>");
        check(mkdocs, "!!! warning inline end\n\ta\n", &callout("warning", "Warning", "<p>a</p>"));
        check(
            mkdocs,
            "!!! note\n    a\n!!! tip\n    b\n",
            &[note("Note", "<p>a</p>"), callout("tip", "Tip", "<p>b</p>")].concat(),
        );
        check(
            mkdocs,
            "!!! note\n    ```sh\n    ls\n\n      -l\n    ```\n    [x](y.md)\n",
            &note("Note", "[sh: ls  -l]<p><a>x</a></p>"),
        );
        check(
            mkdocs,
            "!!! note\n    !!! tip\n        b\n    c\n",
            &note("Note", &format!("{}<p>c</p>", callout("tip", "Tip", "<p>b</p>"))),
        );
    }

    #[test]
    fn blocks_stand_in_lists_and_not_in_code() {
        let mkdocs = Dialect::MkDocs;
        check(
            mkdocs,
            "1. a\n\n    !!! note\n        b\n\n2. c\n",
            &format!("<ol><li><p>a</p>{}</li><li><p>c</p></li></ol>", note("Note", "<p>b</p>")),
        );
        check(mkdocs, "a\n\n    !!! note\n        b\n", "<p>a</p>[: !!! note    b]");
        check(mkdocs, "```\n!!! note\n    b\n```\n", "[: !!! note    b]");
        check(mkdocs, "- ```\n  !!! note\n  ```\n", "<ul><li>[: !!! note]</li></ul>");
    }

    #[test]
    fn comments_and_preformatted_text_hold_no_blocks() {
        let text = "<pre>\n!!! note\n    b\n\n!!! c\n</pre>\n";
        assert!(body(text, &[Dialect::MkDocs]).contains("<pre>!!! note"));
        check(Dialect::MkDocs, "<!--\n!!! note\n    b\n-->\n\na\n", "<p>a</p>");
        check(Dialect::MkDocs, "<!-- x -->\n!!! note\n    b\n", &note("Note", "<p>b</p>"));
    }

    #[test]
    fn details_are_open_where_they_say_so() {
        let details = |open: &str| {
            format!("<details class=\"callout tip\"{open}><summary>T</summary><p>a</p></details>")
        };
        check(Dialect::MkDocs, "??? tip \"T\"\n    a\n", &details(""));
        check(Dialect::MkDocs, "???+ tip \"T\"\n    a\n", &details(" open"));
        check(
            Dialect::Vitepress,
            "::: details T\na\n:::\n",
            "<details><summary>T</summary><p>a</p></details>",
        );
        check(
            Dialect::MkDocs,
            "/// details | T\n    open: True\n\na\n///\n",
            "<details><summary>T</summary><p>a</p></details>",
        );
    }

    #[test]
    fn panels_that_follow_each_other_are_one_set() {
        let mkdocs = Dialect::MkDocs;
        check(
            mkdocs,
            "=== \"A\"\n    a\n\n=== \"B\"\n\n    b\n\nc\n",
            &format!("{}<p>c</p>", tabs(1, &[("A", "<p>a</p>"), ("B", "<p>b</p>")])),
        );
        check(
            mkdocs,
            "=== \"A\"\n    a\n===! \"B\"\n    b\n",
            &[tabs(1, &[("A", "<p>a</p>")]), tabs(2, &[("B", "<p>b</p>")])].concat(),
        );
        let set = tabs(1, &[("A", "<p>a</p>"), ("B", "<p>b</p>")]);
        check(
            Dialect::Hugo,
            "{{< tabs >}}\n{{% tab \"A\" %}}\na\n{{% /tab %}}\n{{< tab name=\"B\" >}}b{{< /tab >}}\n{{< /tabs >}}\n",
            &set,
        );
        check(
            Dialect::Gitbook,
            "{% tabs %}\n{% tab title=\"A\" %}\na\n{% endtab %}\n\n{% tab title=\"B\" %}\nb\n{% endtab %}\n{% endtabs %}\n",
            &set,
        );
        check(
            Dialect::Docusaurus,
            "<Tabs>\n  <TabItem value=\"a\" label=\"A\">\n\n  a\n\n  </TabItem>\n  <TabItem value=\"B\">b</TabItem>\n</Tabs>\n",
            &set,
        );
        check(
            Dialect::Myst,
            "::::{tab-set}\n:::{tab-item} A\na\n:::\n:::{tab-item} B\n:sync: b\nb\n:::\n::::\n",
            &set,
        );
        check(
            Dialect::Vitepress,
            "::: code-group\n```sh [npm]\na\n```\n```js\nb\n```\n:::\n",
            &tabs(1, &[("npm", "[sh: a]"), ("js", "[js: b]")]),
        );
        check(
            Dialect::Hugo,
            "{{< tabpane >}}\n{{< tab header=\"A\" lang=\"sh\" >}}\nls *a*\n{{< /tab >}}\n{{< /tabpane >}}\n",
            &tabs(1, &[("A", "[sh: ls *a*]")]),
        );
    }

    #[test]
    fn callouts_are_read_in_every_spelling() {
        for (dialect, text) in [
            (Dialect::Docusaurus, ":::tip[Do *so*]\na\n:::\n"),
            (Dialect::Docusaurus, ":::tip Do *so*\n\na\n\n:::\n"),
            (Dialect::Starlight, ":::tip[Do *so*]{icon=\"star\"}\na\n:::\n"),
            (Dialect::Starlight, "<Aside type=\"tip\" title=\"Do *so*\">\na\n</Aside>\n"),
            (Dialect::Vitepress, "::: tip Do *so*\na\n:::\n"),
            (Dialect::Myst, ":::{tip} Do *so*\n:class: wide\na\n:::\n"),
            (Dialect::Myst, "```{tip} Do *so*\na\n```\n"),
            (Dialect::Myst, "::: {.callout-tip title=\"Do *so*\"}\na\n:::\n"),
            (Dialect::MkDocs, "/// tip | Do *so*\na\n///\n"),
            (Dialect::Hugo, "{{< hint tip \"Do *so*\" >}}\na\n{{< /hint >}}\n"),
            (Dialect::Hugo, "{{% notice tip \"Do *so*\" %}}\na\n{{% /notice %}}\n"),
            (Dialect::Hugo, "{{% alert title=\"Do *so*\" color=\"success\" %}}a{{% /alert %}}\n"),
            (Dialect::Hugo, "{{< tip \"Do *so*\" >}}\na {{< /tip >}}\n"),
        ] {
            check(dialect, text, &callout("tip", "Do <em>so</em>", "<p>a</p>"));
        }
        check(
            Dialect::Gitbook,
            "{% hint style=\"danger\" %}\na\n{% endhint %}\n",
            &callout("caution", "Danger", "<p>a</p>"),
        );
        check(
            Dialect::Docusaurus,
            "::::note\n:::tip\na\n:::\n::::\n",
            &note("Note", &callout("tip", "Tip", "<p>a</p>")),
        );
        check(
            Dialect::Docusaurus,
            "- b\n\n  :::note\n  a\n  :::\n\n- c\n",
            &format!("<ul><li><p>b</p>{}</li><li><p>c</p></li></ul>", note("Note", "<p>a</p>")),
        );
    }

    #[test]
    fn emoji_behind_a_callout_are_no_options() {
        check(Dialect::Docusaurus, ":::note\n:x: :y: a\n:::\n", &note("Note", "<p>❌ :y: a</p>"));
    }

    #[test]
    fn what_only_the_tool_shows_is_left_out_or_written_as_markdown() {
        check(Dialect::MkDocs, "The TLS.\n\n*[TLS]: Transport Layer Security\n", "<p>The TLS.</p>");
        check(Dialect::Docusaurus, "import Tabs from '@theme/Tabs';\n\na\n", "<p>a</p>");
        let tight = page("</p>\n##Stop { #halt }\n", &[Dialect::MkDocs]);
        assert_eq!((&*tight.headings[0].anchor, &*tight.headings[0].text), ("halt", "Stop"));
        assert_eq!(page("##Stop\n", &[]).headings.len(), 0);
        let picture = page("{{< figure src=\"a.png\" alt=\"A\" >}}\n", &[Dialect::Hugo]);
        assert_eq!((&*picture.links[0].address, &*picture.links[0].text), ("a.png", "A"));
        let figure = "```{figure} a.png\n:alt: A\n\nShown *so*\n```\n";
        assert_eq!(page(figure, &[Dialect::Myst]).links[0].address, "a.png");
        assert!(body(figure, &[Dialect::Myst]).ends_with("<p>Shown <em>so</em></p>"));
        check(Dialect::Docusaurus, "{/* not shown */}\n\na\n", "<p>a</p>");
    }

    #[test]
    fn what_no_dialect_reads_is_named_once_and_stays_as_typed() {
        let text = "!!! note\n    a\n\n!!! tip\n    b\n\n::: warning\nc\n:::\n\n{{< param x >}} {{% y %}} {% if z %} `{% raw %}`\n";
        let page = page(text, &[]);
        let said: Vec<_> = page
            .diagnostics
            .iter()
            .map(|found| (text[found.at.range.clone()].to_owned(), found.message.clone()))
            .collect();
        let said: Vec<_> = said.iter().map(|(at, said)| (at.as_str(), said.as_str())).collect();
        assert_eq!(
            said,
            [
                ("!!! note", "`!!! note` is not read here and is shown as typed"),
                ("::: warning", "`::: note` is not read here and is shown as typed"),
                ("{{< param x >}}", "`{{< shortcode >}}` is not read here and is shown as typed"),
                ("{% if z %}", "`{% tag %}` is not read here and is shown as typed"),
            ]
        );
        assert!(page.body.fill(0, |_, _| ()).contains("!!! note"));
    }

    #[test]
    fn icons_of_a_theme_are_left_out_where_that_theme_may_be() {
        let text = "Press :material-check: or :octicons-alert-24:\n";
        let shown = |dialects: &[Dialect]| page(text, dialects).body.fill(0, |_, _| ());
        assert_eq!(shown(&[Dialect::MkDocs]).trim(), "<p>Press or</p>");
        assert!(shown(&[]).contains(":material-check:"));
    }

    #[test]
    fn blocks_without_end_and_without_number_cost_no_more_than_their_text() {
        for line in [
            "::: note\n", "{{< hint >}}\n", "{{< hint >}}", "!!! note\n    ", "{{< /hint >}}",
            "::::\n",
        ] {
            let text = line.repeat(20_000);
            let page = page(&text, &Dialect::ALL);
            assert!(page.body.fill(0, |_, _| {}).len() < 40 * text.len(), "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_place_is_in_the_file(
            text in r"([a-z]{1,3}|[ \t\n>]|\n\n|    |:::+|!!! note|\?\?\? |=== .T.|///? |```|\{\{< tab .a. >\}\}|\{\{< /tab >\}\}|\{% hint %\}|\{% endhint %\}|<Tabs>|</Tabs>|- |1\. |#|é|\[x\]\(y\)|<b>){0,30}"
        ) {
            let page = page(&text, &Dialect::ALL);
            for link in &page.links {
                proptest::prop_assert!(text.get(link.range.clone()).is_some());
            }
            for found in &page.diagnostics {
                proptest::prop_assert!(text.get(found.at.range.clone()).is_some());
            }
        }
    }
}

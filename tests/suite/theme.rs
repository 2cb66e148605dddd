//! The default theme: every template shows what its view holds, escapes it, and needs nothing foreign.

use guidepost::files::{Bytes, FilePath, Files};
use guidepost::freshness::State;
use guidepost::render::view::{Frame, OwnerView, PageView, SiteView};
use guidepost::theme::{Shared, Theme, default_files};
use guidepost::words::Words;
use serde::Serialize;
use serde_json::Value;

use crate::theme_samples as sample;

fn render(template: &str, view: &impl Serialize) -> String {
    let (theme, diagnostics) = Theme::load(&Files::default(), "theme", &Words::default());
    assert_eq!(diagnostics, []);
    let site = Shared::new(&sample::site());
    let navigation = navigation(&theme, &site);
    theme
        .render(template, view, &[("site", &site), ("navigation", &navigation)])
        .unwrap_or_else(|found| panic!("{}: {} {:?}", found.at.path, found.message, found.help))
}

fn navigation(theme: &Theme, site: &Shared) -> Shared {
    let draw = |group| theme.render("navigation.html", group, &[("site", site)]);
    let drawn: Result<String, _> = sample::navigation().iter().map(draw).collect();
    Shared::new(&drawn.expect("the default theme draws its navigation"))
}

/// Every text in the view, with the path that leads to it.
fn texts(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => found.push((path.to_owned(), text.clone())),
        Value::Array(items) => items.iter().for_each(|item| texts(item, path, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                texts(value, &format!("{path}.{name}"), found);
            }
        }
        _ => {}
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Renders a full view and holds that the page shows every text in it but those at the paths `left_out`.
fn check(template: &str, view: &impl Serialize, left_out: &[&str]) -> String {
    let page = render(template, view).replace("<wbr>", "");
    let mut found = Vec::new();
    texts(&serde_json::to_value(view).expect("views serialize"), "", &mut found);
    let silent: Vec<&(String, String)> = found
        .iter()
        .filter(|(path, _)| !left_out.iter().any(|end| path.ends_with(end)))
        .filter(|(_, text)| !page.contains(text.as_str()) && !page.contains(&escaped(text)))
        .collect();
    assert!(silent.is_empty(), "{template} does not show {silent:#?}");
    for tag in ["<style", "style=\"", "onclick=", "<script>"] {
        assert!(
            !page.contains(tag),
            "{template} holds {tag}, which the content security policy forbids"
        );
    }
    page
}

#[test]
fn page_shows_everything_that_its_view_holds() {
    // An alert on its own runbook names neither page nor owner again; `path` is compared, not shown; the drawing of
    // the pipeline shows more of its stops than the words below it.
    let left_out = [
        ".frame.path", ".alerts.page", ".alerts.owner", ".alerts.source", ".alerts.report_url",
        ".alerts.sentence", ".owner.key", ".dashboards.kind", ".pipeline.due.iso",
        ".pipeline.due.soon", ".pipeline.owner", ".pipeline.role", ".state", "due.words",
        ".changed.on.iso", ".reviews.on.iso", ".status.kind", ".pages.status.text",
    ];
    let page = check("page.html", &sample::page(), &left_out);
    assert!(page.contains("data-due=\"2026-02-09\""));
    assert!(page.contains("<a href=\"../../agents/contentgen/\" data-state=\"fresh\" data-due=\"2026-02-09\" data-soon=\"2026-01-26\" aria-current=\"page\">"));
    assert!(page.contains("<h1 id=\"contentgen\">Content<em>Gen</em></h1>"));
    assert_eq!(page.matches("<h1").count(), 1);
}

#[test]
fn a_site_replaces_one_block_of_a_page_and_keeps_the_others() {
    let own = "{% extends \"default/page.html\" %}{% block dashboards %}<p>No dashboards here</p>{% endblock dashboards %}";
    let mut overrides = Files::default();
    let path = FilePath::new("templates/page.html").expect("a path");
    overrides.insert(path, own.as_bytes().to_vec());
    let (theme, diagnostics) = Theme::load(&overrides, "theme", &Words::default());
    assert_eq!(diagnostics, []);
    let site = Shared::new(&sample::site());
    let navigation = navigation(&theme, &site);
    let page = theme
        .render("page.html", &sample::page(), &[("site", &site), ("navigation", &navigation)])
        .unwrap_or_else(|found| panic!("{} {:?}", found.message, found.help));
    assert!(page.contains("<p>No dashboards here</p>") && !page.contains("Error query"));
    let default = render("page.html", &sample::page());
    let tail = |page: &str| page[page.find("class=\"where\"").expect("the agents")..].to_owned();
    assert_eq!(tail(&page), tail(&default), "what follows is the default theme's");
}

#[test]
fn lines_of_templates_style_sheet_and_scripts_fit_a_screen() {
    let files = default_files();
    for (path, _) in files.iter() {
        let most = match path.as_str() {
            _ if path.under("templates").is_some() => 160,
            name if name.ends_with(".css") || name.ends_with(".js") => 120,
            _ => continue,
        };
        let text = files.text(path).expect("themes are text");
        for (number, line) in text.lines().enumerate() {
            // A picture in an address cannot be broken without white space in it.
            let fits = line.chars().count() <= most || line.contains("url(\"data:image/svg+xml,");
            assert!(fits, "{path}:{} is longer than {most}", number + 1);
        }
    }
}

#[test]
fn declarations_of_the_style_sheet_stand_one_on_a_line() {
    let files = default_files();
    let path = FilePath::new("static/theme.css").expect("a path");
    let sheet = files.text(&path).expect("style sheets are text");
    for (number, line) in sheet.lines().enumerate() {
        let outside_quotes = line.split('"').step_by(2).flat_map(str::chars);
        let ends = outside_quotes.filter(|letter| *letter == ';').count();
        assert!(ends <= 1, "{path}:{} declares {ends} things", number + 1);
    }
}

#[test]
fn page_with_nothing_but_a_text_has_no_empty_parts() {
    let view = PageView {
        frame: Frame { title: "Notes".to_owned(), root: "./".to_owned(), ..Frame::default() },
        heading: "Notes".to_owned(),
        body: "<p>Only this.</p>".to_owned(),
        ..PageView::default()
    };
    let page = check("page.html", &view, &[".state"]);
    for part in [
        "class=\"rail\"", "class=\"dock", "class=\"facts\"", "class=\"panel", "class=\"stale\"",
        "data-due=\"\"",
    ] {
        assert!(!page.contains(part), "{part} is there for nothing");
    }
}

#[test]
fn reports_show_everything_that_their_views_hold() {
    check("alerts.html", &sample::alerts_page(), &[".frame.path", ".state"]);
    check(
        "alert-choice.html",
        &sample::alert_choice(),
        &[".frame.path", ".alert.name", ".sentence", ".section.title", ".section.url", ".state"],
    );
    check("dashboards.html", &sample::dashboards_page(), &[".frame.path"]);
    check("freshness.html", &sample::freshness_page(), &[".frame.path"]);
    check("coverage.html", &sample::coverage_page(), &[".frame.path"]);
    check(
        "owner.html",
        &sample::owner_page(),
        &[
            ".frame.path", ".key", ".page", ".owner", ".source", ".report_url", ".sentence",
            ".state", "due.words", ".kind", ".status.text",
        ],
    );
}

#[test]
fn owners_and_documents_for_paper_show_everything_too() {
    check("owners.html", &sample::owners_page(), &[".frame.path"]);
    // Paper has the day by which a review is due, and no forms, lists or links back.
    let left_out = [
        ".frame.path",
        ".alerts.owner",
        ".alerts.page",
        ".alerts.report_url",
        ".alerts.sentence",
        ".alerts.source",
        ".owner.path",
        ".parameters.choices",
        ".parameters.description",
        ".parameters.pattern",
        ".row.due.words",
        ".status.kind",
    ];
    check("print.html", &sample::print_page(), &left_out);
}

#[test]
fn every_template_that_makes_a_file_is_held_to_show_what_its_view_holds() {
    let source: String = include_str!("theme.rs").split_whitespace().collect();
    let files = default_files();
    for (path, _) in files.below("templates") {
        let text = files.text(path).expect("templates are text");
        let makes_a_file = text.contains("{% extends") || text.starts_with("<!doctype");
        let checked = source.contains(&format!("check(\"{}\"", path.name()));
        // Others extend it, which are held to it.
        let is_frame = path.name() == "base.html";
        assert!(!makes_a_file || is_frame || checked, "{path} has no sample");
    }
}

#[test]
fn home_search_dead_end_and_redirect_show_everything_too() {
    let left_out = [
        ".frame.path",
        ".alerts.rows.severity.text",
        ".alerts.rows.condition",
        ".alerts.rows.channel",
        ".alerts.rows.target",
        ".alerts.rows.page",
        ".alerts.rows.owner",
        ".alerts.rows.source",
        ".alerts.rows.report_url",
        ".alerts.rows.sentence",
        ".alerts.rows.section.title",
        ".alerts.rows.section.url",
        ".alerts.rows.name",
        "due.words",
        ".status.kind",
        ".status.text",
        ".state",
    ];
    let home = check("home.html", &sample::home(), &left_out);
    assert!(
        home.contains("<title>VirtualAgentics runbooks</title>"),
        "the site's name stands once"
    );
    check("search.html", &sample::search_page(), &[".frame.path"]);
    check("404.html", &sample::not_found(), &[".frame.path"]);
    check("redirect.html", &sample::redirect(), &[".frame.path", ".frame.description", ".state"]);
}

#[test]
fn what_authors_wrote_is_escaped_wherever_it_is_not_html() {
    let evil = "<script>alert(1)</script>\" onload='x'";
    let mut view = sample::page();
    view.frame.title = evil.to_owned();
    view.summary = Some(evil.to_owned());
    view.authors = vec![evil.to_owned()];
    view.alerts[0].name = evil.to_owned();
    view.parameters[0].value = evil.to_owned();
    view.toc[0].title = evil.to_owned();
    view.owner = Some(OwnerView { name: evil.to_owned(), ..OwnerView::default() });
    let page = render("page.html", &view);
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains("\" onload='"));
}

#[test]
fn pages_ask_for_nothing_foreign_and_keep_search_engines_away_unless_told_otherwise() {
    let page = render("page.html", &sample::page());
    let loaded = ["src=\"", "rel=\"stylesheet\" href=\""];
    for attribute in loaded {
        for after in page.split(attribute).skip(1) {
            assert!(after.starts_with("../../theme/"), "{}", &after[..40]);
        }
    }
    assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"));
    let (theme, _) = Theme::load(&Files::default(), "theme", &Words::default());
    let open = Shared::new(&SiteView { noindex: false, ..sample::site() });
    let navigation = navigation(&theme, &open);
    let page =
        theme.render("page.html", &sample::page(), &[("site", &open), ("navigation", &navigation)]);
    assert_eq!(page.map(|page| page.contains("noindex")), Ok(false));
}

#[test]
fn scripts_know_every_state_by_the_names_that_the_rest_has() {
    let (theme, _) = Theme::load(&Files::default(), "theme", &Words::default());
    let script = theme.assets().iter().find(|(path, _)| path.as_str().contains("guidepost"));
    let script = String::from_utf8(script.expect("a script").1.to_vec()).expect("text");
    for state in State::SHOWN {
        let row =
            format!("{}:{{name:'{}',label:\"{}\"}},", state.class(), state.name(), state.label());
        assert!(script.contains(&row), "{row}");
    }
}

/// The names that stand behind `before` and end at `after`.
fn named<'t>(text: &'t str, before: &str, after: &str) -> Vec<&'t str> {
    let starts = text.split(before).skip(1);
    starts.filter_map(|rest| Some(rest.split_once(after)?.0)).collect()
}

#[test]
fn everything_that_the_theme_says_stands_in_the_table_of_words() {
    let known: Vec<&str> = Words::names().collect();
    let mut wrong = Vec::new();
    for (path, bytes) in default_files().iter() {
        let text = std::str::from_utf8(bytes).expect("the theme is text");
        let mut names = named(text, "'word:", "'");
        names.extend(named(text, "\"word:", "\""));
        names.extend(named(text, "{word:", "}"));
        if path.as_str().ends_with(".html") {
            let pieces = text.split("\" | word");
            names.extend(
                pieces.clone().take(pieces.count() - 1).filter_map(|p| p.rsplit('"').next()),
            );
        }
        let foreign = names.into_iter().filter(|name| !known.contains(name) && *name != "…");
        wrong.extend(foreign.map(|name| format!("{path}: {name}")));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// The text without what stands between the marks.
fn without(text: &str, marks: &[(&str, &str)]) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    let first = |rest: &str| {
        let found =
            marks.iter().filter_map(|(open, close)| Some((rest.find(open)?, *open, *close)));
        found.min()
    };
    while let Some((at, open, close)) = first(rest) {
        kept.push_str(&rest[..at]);
        let inside = &rest[at + open.len()..];
        rest = inside.find(close).map_or("", |end| &inside[end + close.len()..]);
    }
    kept + rest
}

/// What readers see of a template: outside of comments, expressions and tags.
fn shown(template: &str) -> String {
    let text = without(template, &[("{#", "#}"), ("{{", "}}"), ("{%", "%}")]);
    without(&text, &[("<", ">")])
}

#[test]
fn no_template_holds_words_of_its_own() {
    let mut wrong = Vec::new();
    for (path, bytes) in default_files().iter().filter(|(path, _)| path.as_str().ends_with(".html"))
    {
        let text = std::str::from_utf8(bytes).expect("templates are text");
        let words = shown(text);
        let own = words.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
        let names = [
            "Guidepost", "v", "wide", "booklet", "no-side", "home", "has-rail", "guidepost", "new",
        ];
        let names = [&names[..], &["api/coverage.json"]].concat();
        wrong.extend(own.filter(|w| !names.contains(w)).map(|word| format!("{path}: {word}")));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Syntax that shortening a script has to know, or to leave alone.
const OWN_SCRIPT: &str = r#"// A site's own.
label: for await (const { one = 1, ...two } of all?.() ?? []) {
    if (/[/"'`]\/ {2}/.test(one)) continue label; // not a comment: "
    eval("one");
}
class Deck { #card = `a  ${`b  ${ { c: 1 }.c }`}`; get card() { return this.#card } static { } }
const page = async function* () { yield* [1_000, .5] }, status = ({ page });
"#;

#[test]
fn what_a_site_puts_in_place_of_scripts_and_styles_is_published_as_it_is() {
    let styled = "/* Mine. */\nbody  { margin: 0; }\n";
    let mut own: Vec<(String, String)> = Vec::new();
    for (path, bytes) in default_files().iter().filter(|(path, _)| path.under("static").is_some()) {
        // A script of the theme with one line more is the site's own as well.
        let mut default = String::from_utf8_lossy(bytes).into_owned();
        default.push_str("// And more.\n");
        match path.as_str() {
            path if path.ends_with("/search.js") => own.push((path.to_owned(), default)),
            path if path.ends_with(".js") => own.push((path.to_owned(), OWN_SCRIPT.to_owned())),
            path if path.ends_with(".css") => own.push((path.to_owned(), styled.to_owned())),
            _ => {}
        }
    }
    own.push(("static/extra.js".to_owned(), OWN_SCRIPT.to_owned()));
    let files = own.iter().map(|(path, text)| {
        (FilePath::new(path).expect("a path"), Bytes::new(text.clone().into_bytes()))
    });
    let overrides: Files = files.collect();
    let (theme, _) = Theme::load(&overrides, "theme", &Words::default());
    for (path, text) in &own {
        let (stem, extension) = path["static/".len()..].rsplit_once('.').expect("an extension");
        let starts = format!("theme/{stem}.");
        let published = theme.assets().iter().find(|(path, _)| {
            path.as_str().strip_prefix(&starts).is_some_and(|rest| rest.ends_with(extension))
        });
        let (_, bytes) = published.unwrap_or_else(|| panic!("{path} is published"));
        let published = String::from_utf8_lossy(bytes);
        // Only the words of the table are put in.
        if text.contains("word:") {
            assert!(published.ends_with("// And more.\n"), "{path}");
            assert_eq!(published.lines().count(), text.lines().count(), "{path}");
        } else {
            assert_eq!(published, *text, "{path}");
        }
    }
}

#[test]
fn scripts_as_published_can_be_read() {
    let (theme, _) = Theme::load(&Files::default(), "theme", &Words::default());
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in theme.assets().iter().filter(|(path, _)| path.as_str().ends_with(".js")) {
        let file = folder.path().join("script.js");
        std::fs::write(&file, bytes.as_slice()).expect("a file");
        let run = std::process::Command::new("node").arg("--check").arg(&file).output();
        let Ok(output) = run else {
            eprintln!("not run: there is no `node`");
            return;
        };
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{path}: {said}");
    }
}

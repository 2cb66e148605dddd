//! Turns the default theme and a site's own `theme/` folder into something that renders pages.
//!
//! The default theme is compiled in; the site's files replace it file by file. A template of the site that does not
//! fit is reported, and the default one stands in for it. Knows nothing of sites and pages: whatever serializes can
//! be rendered. Never reads the disk.
//!
//! `templates/*.html` are the templates, `static/*` the assets. Style sheets and scripts that lie directly in
//! `static/`, and the icon, are published under names that hold a fingerprint of their content, so that caches may
//! keep them for good; everything else keeps its name, so that style sheets can refer to it.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::{Context, Error, ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use crate::diagnostic::{Diagnostic, Location, theme as mistake};
use crate::files::{FilePath, Files, fingerprint};
use crate::hidden::shown_in_html;
use crate::text::{breakable, escape, escaped};
use crate::words::{Words, filled};

pub use compiled_in::default_files;

use assets::publish;
use compiled_in::DEFAULT;
use template_report::TemplateReport;

mod assets;
mod compiled_in;
mod script;
pub(crate) mod script_tokens;
mod style;
mod template_report;
mod unknown;

/// Templates, ready to render, and the files that pages made from them need. Equal content makes equal themes.
#[derive(Clone)]
pub struct Theme {
    engine: Tera,
    folder: String,
    assets: Files,
    asset_names: Shared,
    fingerprint: String,
    own_templates: BTreeMap<String, String>,
    words: Words,
    unknown: Vec<Diagnostic>,
}

/// A value that many pages share, converted once, so that handing it to a page costs nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared(Value);

impl Shared {
    /// Converts what templates shall see.
    pub fn new(value: &impl Serialize) -> Shared {
        Shared(Value::from_serializable(value))
    }
}

impl Theme {
    /// The default theme with the site's own files in place of its own, and what is wrong with those.
    ///
    /// Paths in `overrides` begin at the theme folder (`templates/page.html`, `static/theme.css`); `folder` is what
    /// that folder is called in findings. Templates, scripts and style sheets get their `words` from the table of the
    /// site's language.
    ///
    /// # Panics
    ///
    /// Never because of `overrides`: only if the compiled-in templates were broken, which a test rules out.
    pub fn load(overrides: &Files, folder: &str, words: &Words) -> (Theme, Vec<Diagnostic>) {
        let mut files = default_files();
        let mut engine = Tera::new();
        add_filters(&mut engine, words);
        engine
            .add_raw_templates(templates(&files))
            .expect("a test holds that the default templates are valid");
        engine
            .add_raw_templates(extensible(&files, overrides))
            .expect("what is valid under its own name is so under another");
        let (own_templates, diagnostics) = add_own(&mut engine, overrides, folder);
        files.extend(overrides.clone());
        let (assets, names) = publish(&files, words);
        let asset_names = Shared::new(&names);
        let fingerprint = fingerprint_of(&files);
        let (folder, words) = (folder.to_owned(), words.clone());
        let default = DEFAULT.iter().map(|(path, _)| *path);
        let unknown = unknown::unknown_files(overrides, &folder, default);
        let theme = Theme {
            engine,
            folder,
            assets,
            asset_names,
            fingerprint,
            own_templates,
            words,
            unknown,
        };
        (theme, diagnostics)
    }

    /// Whether the site has templates of its own, which may fail on its pages.
    pub fn has_own_templates(&self) -> bool {
        !self.own_templates.is_empty()
    }

    /// What a template makes of a view. `view` is `page` in the template; `shared` come under their own names, the
    /// assets as `assets`.
    ///
    /// # Errors
    ///
    /// The template does not exist, or fails on this view; the finding points into it.
    ///
    /// # Panics
    ///
    /// Never: templates are text, and so is what they show.
    pub fn render(
        &self,
        template: &str,
        view: &impl Serialize,
        shared: &[(&'static str, &Shared)],
    ) -> Result<String, Diagnostic> {
        let bytes = self.rendered(template, view, shared, 0)?;
        Ok(String::from_utf8(bytes).expect("templates and what they show are text"))
    }

    /// The same of a whole page, as bytes, of which there are about as many as `capacity`. Characters that are hidden in
    /// what it shows are shown as code points.
    ///
    /// # Errors
    ///
    /// As for [`Theme::render`].
    pub fn render_page(
        &self,
        template: &str,
        view: &impl Serialize,
        shared: &[(&'static str, &Shared)],
        capacity: usize,
    ) -> Result<Vec<u8>, Diagnostic> {
        let page = self.rendered(template, view, shared, capacity)?;
        Ok(match String::from_utf8(page) {
            Ok(page) => shown_in_html(page).into_bytes(),
            Err(page) => page.into_bytes(),
        })
    }

    fn rendered(
        &self,
        template: &str,
        view: &impl Serialize,
        shared: &[(&'static str, &Shared)],
        capacity: usize,
    ) -> Result<Vec<u8>, Diagnostic> {
        let mut context = Context::new();
        context.insert("page", view);
        context.insert_value("assets", self.asset_names.0.clone());
        for (name, value) in shared {
            context.insert_value(*name, value.0.clone());
        }
        let mut page = Vec::with_capacity(capacity);
        let rendered = self.engine.render_to(template, &context, &mut page);
        rendered.map_err(|error| self.explain(template, &error)).map(|()| page)
    }

    /// The files of the site's theme that nothing uses.
    pub fn unknown_files(&self) -> &[Diagnostic] {
        &self.unknown
    }

    /// The files that every page of this theme needs, under the paths at which pages look for them.
    pub fn assets(&self) -> &Files {
        &self.assets
    }

    fn explain(&self, template: &str, error: &Error) -> Diagnostic {
        let (ErrorKind::RenderingError(report) | ErrorKind::SyntaxError(report)) = error.kind()
        else {
            return mistake::template_failed(self.own_place(template, error), &error.to_string());
        };
        let name = report.filename();
        if self.own_templates.contains_key(name) {
            let path = template_path(&self.folder, name);
            let at = Location::new(&path, report.span().range.clone());
            return mistake::template_failed(at, report.message());
        }
        let name = name.strip_prefix(DEFAULT_NAMES).unwrap_or(name);
        mistake::default_template_failed(self.own_place(template, error), name, report.message())
    }

    /// The place in a template of the site that leads to a mistake in one of the default theme, which no site has as a
    /// file: where it is taken in, or the template that it was to stand beside.
    fn own_place(&self, template: &str, error: &Error) -> Location {
        let printed = error.to_string();
        let mut callers = printed.split("\n\n").filter_map(TemplateReport::read_caller);
        let caller =
            callers.find_map(|caller| Some((self.own_templates.get(caller.template)?, caller)));
        if let Some((text, caller)) = caller {
            let path = template_path(&self.folder, caller.template);
            return Location::new(&path, caller.range(text));
        }
        let own = self
            .own_templates
            .get_key_value(template)
            .or_else(|| self.own_templates.first_key_value());
        Location::file(&template_path(&self.folder, own.map_or(template, |(name, _)| name)))
    }
}

impl PartialEq for Theme {
    fn eq(&self, other: &Theme) -> bool {
        // The fingerprint is of every file, and an engine can only be compared by what it was made of.
        self.fingerprint == other.fingerprint
            && self.folder == other.folder
            && self.words == other.words
    }
}

impl Eq for Theme {}

/// The templates among `files`, by name; those that are not text are left out.
fn templates(files: &Files) -> BTreeMap<String, &str> {
    let named = |path: &FilePath| path.under("templates").map(|name| name.as_str().to_owned());
    files.iter().filter_map(|(path, _)| Some((named(path)?, files.text(path)?))).collect()
}

/// What the names of default pages begin with that a site replaces.
const DEFAULT_NAMES: &str = "default/";

/// The default pages that a site replaces, as `default/NAME`, so that its own can extend them.
fn extensible<'f>(files: &'f Files, overrides: &Files) -> BTreeMap<String, &'f str> {
    let own = templates(overrides);
    let replaced = templates(files).into_iter().filter(|(name, text)| {
        own.contains_key(name) && (name == "base.html" || text.starts_with("{% extends"))
    });
    replaced.map(|(name, text)| (format!("{DEFAULT_NAMES}{name}"), text)).collect()
}

/// What templates may do with a value beside what the engine offers.
fn add_filters(engine: &mut Tera, words: &Words) {
    // The engine's own filter copies what it marks, which may be a whole page.
    engine.register_filter("safe", |html: Value, _: Kwargs, _: &State| html.mark_safe());
    engine.register_filter("breakable", |text: Value, _: Kwargs, _: &State| {
        let broken = text.as_str().map(breakable);
        broken.map_or(text, |html| Value::safe_string(&html))
    });
    let own = words.clone();
    engine.register_filter("label", move |class: &str, _: Kwargs, _: &State| {
        let name = format!("state-{class}");
        own.forms(&name).map_or_else(String::new, |_| own.get(&name).to_owned())
    });
    let own = words.clone();
    engine.register_filter("word", move |name: &str, given: Kwargs, state: &State| {
        word(&own, name, &given, state)
    });
}

/// A word of the table as HTML, with what is given filled in at its `{places}`: text escaped, HTML as it is. A `count`
/// picks the plural.
fn word(words: &Words, name: &str, given: &Kwargs, state: &State) -> TeraResult<Value> {
    let Some(forms) = words.forms(name) else {
        return Err(Error::message(format!("there is no word `{name}`")));
    };
    if given.iter().next().is_none() {
        return Ok(Value::safe_string(&escaped(forms.text())));
    }
    let mut values = Vec::new();
    for (place, value) in given.iter() {
        values.push((place.to_string(), state.escape_if_needed(value)?));
    }
    let text = match given.get::<u64>("count")? {
        Some(count) => words.form(name, usize::try_from(count).unwrap_or(usize::MAX)),
        None => words.get(name),
    };
    let mut html = String::with_capacity(text.len());
    escape(&mut html, text);
    let values: Vec<(&str, &str)> =
        values.iter().map(|(place, value)| (place.as_str(), value.as_str())).collect();
    Ok(Value::safe_string(&filled(&html, &values)))
}

fn template_path(folder: &str, name: &str) -> FilePath {
    let path = FilePath::new(&format!("{folder}/templates/{name}"));
    path.or_else(|| FilePath::new(name)).expect("templates have names")
}

/// Puts the site's templates in place of the default ones: all at once, since they may need one another, and where
/// that fails one by one, so that every template that fits is used. Returns those, by name.
fn add_own(
    engine: &mut Tera,
    overrides: &Files,
    folder: &str,
) -> (BTreeMap<String, String>, Vec<Diagnostic>) {
    let mut diagnostics: Vec<Diagnostic> = overrides
        .iter()
        .filter_map(|(path, _)| Some((path.under("templates")?, path)))
        .filter(|(_, path)| overrides.text(path).is_none())
        .map(|(name, _)| {
            mistake::template_not_text(Location::file(&template_path(folder, name.as_str())))
        })
        .collect();
    let own = templates(overrides);
    let mut pending = own.clone();
    if engine.add_raw_templates(&pending).is_ok() {
        pending.clear();
    }
    loop {
        let before = pending.len();
        pending.retain(|name, text| engine.add_raw_template(name, text).is_err());
        if pending.len() == before {
            break;
        }
    }
    for (name, text) in &pending {
        if let Err(error) = engine.add_raw_template(name, text) {
            diagnostics.extend(load_errors(&error, name, text, folder));
        }
    }
    let used = own.into_iter().filter(|(name, _)| !pending.contains_key(name));
    (used.map(|(name, text)| (name, text.to_owned())).collect(), diagnostics)
}

/// What keeps the template from being added, each mistake at its place.
fn load_errors(error: &Error, name: &str, text: &str, folder: &str) -> Vec<Diagnostic> {
    let path = template_path(folder, name);
    let whole = |message: &str| mistake::template_not_loaded(Location::file(&path), message);
    match error.kind() {
        ErrorKind::SyntaxError(report) => {
            let range = report.span().range.clone();
            vec![mistake::template_not_loaded(Location::new(&path, range), report.message())]
        }
        ErrorKind::Msg(text_of_reports) => {
            let reports: Vec<TemplateReport> =
                text_of_reports.split("\n\n").filter_map(TemplateReport::read).collect();
            if reports.is_empty() {
                return vec![whole(text_of_reports)];
            }
            let (here, elsewhere): (Vec<TemplateReport>, Vec<TemplateReport>) =
                reports.into_iter().partition(|report| report.template == name);
            let foreign = elsewhere.iter().take(usize::from(here.is_empty()));
            foreign
                .map(|report| {
                    whole(&format!("`{}` no longer fits: {}", report.template, report.message))
                })
                .chain(here.iter().map(|report| {
                    let range = report.range(text);
                    mistake::template_not_loaded(Location::new(&path, range), report.message)
                }))
                .collect()
        }
        other => vec![whole(&other.to_string())],
    }
}

fn fingerprint_of(files: &Files) -> String {
    let parts: Vec<String> =
        files.iter().map(|(path, bytes)| format!("{path} {}", fingerprint(bytes))).collect();
    fingerprint(parts.join("\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Theme, default_files};
    use crate::files::{FilePath, Files};
    use crate::words::Words;

    fn files(entries: &[(&str, &[u8])]) -> Files {
        let path = |name| FilePath::new(name).expect("the test names a path inside the theme");
        entries.iter().map(|(name, bytes)| (path(name), bytes.to_vec().into())).collect()
    }

    /// Loads a theme with one template of its own; each finding as `path [text at its place] message`.
    fn check(name: &str, text: &str, expected: &[&str]) -> Theme {
        let overrides = files(&[(name, text.as_bytes())]);
        let (theme, diagnostics) = Theme::load(&overrides, "theme", &Words::default());
        let found: Vec<String> = diagnostics
            .iter()
            .map(|found| {
                format!("{} [{}] {}", found.at.path, &text[found.at.range.clone()], found.message)
            })
            .collect();
        assert_eq!(found, expected);
        theme
    }

    #[test]
    fn default_theme_is_valid_and_complete() {
        let (theme, diagnostics) = Theme::load(&Files::default(), "theme", &Words::default());
        assert_eq!(diagnostics, []);
        let names: Vec<String> = theme.assets().iter().map(|(path, _)| path.to_string()).collect();
        for stem in ["theme/early.", "theme/guidepost.", "theme/redirect.", "theme/theme."] {
            assert!(
                names.iter().any(|name| name.starts_with(stem)),
                "{stem} is missing from {names:?}"
            );
        }
    }

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "compares what is compiled in with the folder on disk"
    )]
    fn every_file_of_the_theme_folder_is_compiled_in() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/theme");
        let mut on_disk: Vec<String> = Vec::new();
        for folder in ["static", "templates"] {
            for entry in std::fs::read_dir(format!("{root}/{folder}")).unwrap() {
                on_disk.push(format!("{folder}/{}", entry.unwrap().file_name().display()));
            }
        }
        on_disk.sort();
        let compiled: Vec<String> =
            default_files().iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(compiled, on_disk);
    }

    #[test]
    fn exported_default_theme_equals_the_compiled_one() {
        let (compiled, _) = Theme::load(&Files::default(), "theme", &Words::default());
        let (exported, _) = Theme::load(&default_files(), "theme", &Words::default());
        assert!(compiled == exported);
    }

    #[test]
    fn own_template_replaces_the_default_one() {
        let theme = check("templates/redirect.html", "to {{ page.target }}", &[]);
        let view = BTreeMap::from([("target", "<here>")]);
        assert_eq!(theme.render("redirect.html", &view, &[]), Ok("to &lt;here&gt;".to_owned()));
    }

    #[test]
    fn unreadable_template_is_reported_at_its_place_and_the_default_one_stays() {
        let theme = check(
            "templates/page.html",
            "<p>\n{% for x in %}",
            &[
                "theme/templates/page.html [%}] found `%}` but expected one of: integer, float, string, bool, ident, `-`, `not`, `<`, `{`, `[` or `(`",
            ],
        );
        assert!(theme.engine.contains_template("page.html"));
    }

    #[test]
    fn mistakes_found_when_templates_are_joined_have_their_place_too() {
        check(
            "templates/page.html",
            "é\né {{ page.title | shout }} {{ page.title | whisper }}",
            &[
                "theme/templates/page.html [shout] unknown filter `shout`",
                "theme/templates/page.html [whisper] unknown filter `whisper`",
            ],
        );
    }

    #[test]
    fn base_that_its_children_do_not_fit_is_the_one_reported() {
        let overrides =
            files(&[("templates/base.html", b"<main>{% block text %}{% endblock %}</main>")]);
        let (_, diagnostics) = Theme::load(&overrides, "theme", &Words::default());
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].at.path.as_str(), "theme/templates/base.html");
        assert!(diagnostics[0].message.contains("no longer fits"), "{}", diagnostics[0].message);
    }

    #[test]
    fn undefined_field_is_reported_with_the_nearest_one() {
        let theme = check("templates/redirect.html", "to {{ page.traget }}", &[]);
        let view = BTreeMap::from([("target", "here"), ("title", "there")]);
        let found = theme.render("redirect.html", &view, &[]).expect_err("the field is not there");
        assert_eq!(found.message, "`traget` is not defined");
        assert_eq!(found.help.as_deref(), Some("a similar name exists: `target`"));
        assert_eq!(found.at.path.as_str(), "theme/templates/redirect.html");
    }

    /// Renders a page by a theme with these templates of its own, which fails: the place as `path [text there]`, and what
    /// is said.
    fn failed(own: &[(&str, &str)]) -> (String, String) {
        let own: Vec<(&str, &[u8])> =
            own.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        let overrides = files(&own);
        let (theme, diagnostics) = Theme::load(&overrides, "theme", &Words::default());
        assert_eq!(diagnostics, []);
        let view = BTreeMap::from([("title", "A")]);
        let found =
            theme.render("page.html", &view, &[]).expect_err("the view lacks nearly everything");
        let file = found.at.path.under("theme").and_then(|file| overrides.text(&file));
        let piece = &file.expect("it lies in a file of the site")[found.at.range.clone()];
        (format!("{} [{piece}]", found.at.path), found.message)
    }

    #[test]
    fn a_default_template_that_fails_is_placed_where_the_site_takes_it_in() {
        let (at, message) = failed(&[(
            "templates/page.html",
            "é{% set owner = 1 %}\n{% include \"owner-name.html\" %}",
        )]);
        assert_eq!(at, "theme/templates/page.html [\"owner-name.html\"]");
        assert!(message.starts_with("the default `owner-name.html` fails: "), "{message}");
        let inner =
            ("templates/inner.html", "{% set owner = 1 %}{% include \"owner-name.html\" %}");
        let (at, _) = failed(&[inner, ("templates/page.html", "{% include \"inner.html\" %}")]);
        assert_eq!(at, "theme/templates/inner.html [\"owner-name.html\"]");
    }

    #[test]
    fn a_default_template_that_fails_beside_one_of_the_site_is_placed_in_that() {
        let blocks = ["banner", "dock", "find", "foot", "head", "main", "rail", "shell"];
        let blocks = blocks.map(|name| format!("{{% block {name} %}}{{% endblock %}}"));
        let base = &blocks.concat();
        let (at, message) = failed(&[("templates/base.html", base)]);
        assert_eq!(at, "theme/templates/base.html []");
        assert!(message.starts_with("the default `page.html` fails: `"), "{message}");
        let (at, message) =
            failed(&[("templates/page.html", "{% extends \"default/page.html\" %}")]);
        assert_eq!(at, "theme/templates/page.html []");
        assert!(message.starts_with("the default `"), "{message}");
    }

    #[test]
    fn template_that_does_not_exist_is_a_finding() {
        let (theme, _) = Theme::load(&Files::default(), "theme", &Words::default());
        let found = theme.render("nowhere.html", &BTreeMap::from([("a", 1)]), &[]);
        assert_eq!(
            found.map_err(|found| found.message),
            Err("template 'nowhere.html' not found".to_owned())
        );
    }

    #[test]
    fn style_sheets_are_named_by_content_and_pictures_keep_their_name() {
        let overrides = files(&[("static/site.css", b"a{}"), ("static/logo.svg", b"<svg/>")]);
        let (theme, _) = Theme::load(&overrides, "theme", &Words::default());
        let names: Vec<&str> = theme.assets().iter().map(|(path, _)| path.as_str()).collect();
        assert!(names.contains(&"theme/logo.svg"), "{names:?}");
        assert!(!names.contains(&"theme/site.css"), "{names:?}");
        assert!(names.iter().any(|name| name.starts_with("theme/site.")
            && name.len() == "theme/site.0123456789.css".len()));
    }

    #[test]
    fn scripts_of_the_theme_lose_their_comments_and_those_of_a_site_keep_them() {
        const OWN: &[u8] = b"// Mine.\n  go();\n";
        let overrides = files(&[("static/early.js", OWN)]);
        let (theme, _) = Theme::load(&overrides, "theme", &Words::default());
        let script = |stem: &str| {
            let is_meant = |path: &FilePath| path.as_str().starts_with(&format!("theme/{stem}."));
            let found = theme.assets().iter().find(|(path, _)| is_meant(path));
            String::from_utf8(found.expect("the script is published").1.to_vec()).unwrap()
        };
        assert_eq!(script("early").as_bytes(), OWN);
        let client = script("search");
        assert!(client.starts_with("(()=>{'use strict';const "), "{client}");
        assert!(!client.contains("// Terms"));
    }

    #[test]
    fn template_that_is_not_text_is_reported() {
        let overrides = files(&[("templates/page.html", b"\xff")]);
        let (_, diagnostics) = Theme::load(&overrides, "theme", &Words::default());
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].message, "the template is not UTF-8 text");
    }
}

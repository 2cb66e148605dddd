//! Mistakes in a site's own templates.

use super::{Diagnostic, Location, Rule, nearest};

/// A template that cannot be read or does not fit the others; the default one stands in for it.
pub fn template_not_loaded(at: Location, engine_message: &str) -> Diagnostic {
    explain(at, engine_message).help("the default template is used until this is mended")
}

/// A template that is not UTF-8; the default one stands in for it.
pub fn template_not_text(at: Location) -> Diagnostic {
    Diagnostic::new(at, Rule::TemplateError, "the template is not UTF-8 text".to_owned())
        .help("save it as UTF-8; the default template is used until then")
}

/// A file of the theme that nothing uses, with the nearest of the `known` ones.
pub fn unknown_theme_file(at: Location, path: &str, known: &[&str]) -> Diagnostic {
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let same = known.iter().copied().find(|known| last(known) == last(path));
    let near = same.or_else(|| nearest(path, known.iter().copied()));
    let help = match near {
        Some(near) => format!("a file with a similar name exists: `{near}`"),
        None => "remove it, or include it in a template that is used".to_owned(),
    };
    let message = format!("nothing uses `{path}` of the theme");
    Diagnostic::new(at, Rule::UnknownThemeFile, message).help(help)
}

/// A template that fails on a page.
pub fn template_failed(at: Location, engine_message: &str) -> Diagnostic {
    let diagnostic = explain(at, engine_message);
    let Some(known) = undefined_name(engine_message).and_then(|(name, known)| {
        nearest(name, known.split(", ").filter(|known| !known.is_empty()))
    }) else {
        return diagnostic;
    };
    diagnostic.help(format!("a similar name exists: `{known}`"))
}

/// A template of the default theme that fails on a page since one of the site does not give it what it needs.
pub fn default_template_failed(at: Location, name: &str, engine_message: &str) -> Diagnostic {
    let Diagnostic { message, .. } = explain(at.clone(), engine_message);
    let message = format!("the default `{name}` fails: {message}");
    Diagnostic::new(at, Rule::TemplateError, message)
        .help(format!("give it what it reads, or write a `{name}` of the theme's own"))
}

fn explain(at: Location, engine_message: &str) -> Diagnostic {
    let message = match undefined_name(engine_message) {
        Some((name, _)) => format!("`{name}` is not defined"),
        None => in_our_style(engine_message),
    };
    Diagnostic::new(at, Rule::TemplateError, message)
}

/// The name that a template uses although nothing defines it, and those that are defined, separated by `, `.
fn undefined_name(engine_message: &str) -> Option<(&str, &str)> {
    let rest =
        ["Field `", "Variable `"].iter().find_map(|start| engine_message.strip_prefix(start))?;
    let (name, rest) = rest.split_once("` is not defined.")?;
    Some((name, rest.split_once(": ").map_or("", |(_, known)| known)))
}

/// Lower case at the start, no full stop at the end.
fn in_our_style(engine_message: &str) -> String {
    let message = engine_message.trim().trim_end_matches('.');
    let mut letters = message.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => "the template cannot be used".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{template_failed, template_not_loaded};
    use crate::diagnostic::{Diagnostic, Location};
    use crate::files::FilePath;

    fn check(
        make: fn(Location, &str) -> Diagnostic,
        engine_message: &str,
        expected: (&str, Option<&str>),
    ) {
        let path = FilePath::new("theme/templates/page.html").expect("the path is inside the site");
        let diagnostic = make(Location::new(&path, 0..1), engine_message);
        assert_eq!((diagnostic.message.as_str(), diagnostic.help.as_deref()), expected);
    }

    #[test]
    fn undefined_field_names_the_nearest_one() {
        check(
            template_failed,
            "Field `titel` is not defined. Available fields: body, frame, title",
            ("`titel` is not defined", Some("a similar name exists: `title`")),
        );
        check(template_failed, "Variable `x` is not defined.", ("`x` is not defined", None));
    }

    #[test]
    fn messages_of_the_engine_take_our_form() {
        check(
            template_not_loaded,
            "Blocks cannot be written inside a for loop.",
            (
                "blocks cannot be written inside a for loop",
                Some("the default template is used until this is mended"),
            ),
        );
    }
}

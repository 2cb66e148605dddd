//! The keys of site.toml, table by table.

use std::collections::BTreeMap;

use super::hosting::Host;
use super::{
    AddressStyle, Config, DashboardKind, DateIsReview, Owner, SiteParameter, TemplateRule,
};
use crate::diagnostic::{Diagnostic, Level, Location, Rule, values};
use crate::dialect::Dialect;
use crate::files::FilePath;
use crate::glob::Globs;
use crate::text::{is_script, scheme};
use crate::value::read::{Reader, Spanned};
use crate::value::{Entry, Node, Value, toml};
use crate::words::{Forms, Words};

const TOP_LEVEL: &[&str] = &[
    "title",
    "base_url",
    "repository",
    "language",
    "content",
    "theme",
    "output",
    "extensions",
    "unsafe_html",
    "markdown",
    "freshness",
    "owners",
    "templates",
    "alerts",
    "dashboards",
    "parameters",
    "front_matter",
    "checks",
    "urls",
    "publish",
    "search",
    "llms",
    "skills",
    "strings",
    "deploy",
];

fn top_level(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    let (key, node) = (entry.key.as_str(), &entry.value);
    match key {
        "title" => set(&mut config.title, plain(reader, key, node)),
        "base_url" => {
            config.base_url =
                web_address(reader, key, node).map(|url| format!("{}/", url.trim_end_matches('/')));
        }
        "repository" => {
            config.repository =
                web_address(reader, key, node).map(|url| url.trim_end_matches('/').to_owned());
        }
        "language" => set(&mut config.language, plain(reader, key, node)),
        "content" if matches!(node.as_str(), Some("." | "./")) => config.content = String::new(),
        "content" => set(&mut config.content, folder(reader, key, node)),
        "theme" => set(&mut config.theme, folder(reader, key, node)),
        "output" => set(&mut config.output, folder(reader, key, node)),
        "extensions" => {
            config.extensions =
                reader.texts(key, node).into_iter().map(|text| text.value).collect();
            config.extensions.sort_by_key(|extension| std::cmp::Reverse(extension.len()));
        }
        "unsafe_html" => {
            config.unsafe_html = reader.bool(key, node).unwrap_or_default();
            if config.unsafe_html {
                let at = reader.at(&node.range);
                reader.diagnostics.push(values::unsafe_html(at));
            }
        }
        "markdown" => markdown(config, reader, node),
        "freshness" => freshness(config, reader, node),
        "owners" => {
            for entry in reader.map(key, node) {
                let owner = owner(reader, &entry.value);
                config.owners.insert(entry.key.clone(), owner);
            }
        }
        "templates" => {
            for entry in reader.map(key, node) {
                if let Some(template) = template(reader, entry) {
                    config.templates.insert(entry.key.clone(), template);
                }
            }
        }
        "alerts" => alerts(config, reader, node),
        "dashboards" => dashboards(config, reader, node),
        "parameters" => {
            for entry in reader.map(key, node) {
                let parameter = parameter(reader, &entry.value);
                config.parameters.insert(entry.key.clone(), parameter);
            }
        }
        "front_matter" => front_matter(config, reader, node),
        "checks" => checks(config, reader, node),
        "urls" => urls(config, reader, node),
        "publish" => publish(config, reader, node),
        "search" => search(config, reader, node),
        "llms" => llms(config, reader, node),
        "skills" => skills(config, reader, node),
        "strings" => strings(config, reader, node),
        "deploy" => config.deploy = super::deploy::targets(reader, node),
        _ => reader.unknown_key(Rule::BadConfig, entry, TOP_LEVEL),
    }
}

fn set(place: &mut String, value: Option<String>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn plain(reader: &mut Reader<'_>, key: &str, node: &Node) -> Option<String> {
    reader.text(key, node).map(|text| text.value)
}

/// A folder relative to the site folder, without `./` and trailing slashes.
fn folder(reader: &mut Reader<'_>, key: &str, node: &Node) -> Option<String> {
    let text = reader.text(key, node)?;
    if let Some(path) =
        crate::files::FilePath::new(&text.value).filter(|_| !text.value.starts_with('/'))
    {
        Some(path.as_str().to_owned())
    } else {
        let at = reader.at(&text.range);
        reader.diagnostics.push(values::outside_site(at, key, &text.value));
        None
    }
}

fn names(reader: &mut Reader<'_>, key: &str, node: &Node) -> Vec<String> {
    reader.texts(key, node).into_iter().map(|text| text.value).collect()
}

fn globs(reader: &mut Reader<'_>, key: &str, node: &Node) -> Globs {
    let patterns = reader.texts(key, node);
    globs_of(reader, key, &patterns)
}

fn globs_of(reader: &mut Reader<'_>, key: &str, patterns: &[Spanned<String>]) -> Globs {
    for pattern in patterns {
        if let Err(message) = Globs::new([pattern.value.as_str()]) {
            let at = reader.at(&pattern.range);
            reader.diagnostics.push(values::bad_glob(at, Rule::BadConfig, key, &message));
        }
    }
    Globs::new(patterns.iter().map(|pattern| pattern.value.as_str())).unwrap_or_default()
}

/// One of a few words, with what each stands for.
fn choice<T: Copy>(
    reader: &mut Reader<'_>,
    key: &str,
    node: &Node,
    words: &[(&str, T)],
) -> Option<T> {
    let text = reader.text(key, node)?;
    let found = words.iter().find(|(word, _)| *word == text.value).map(|(_, value)| *value);
    if found.is_none() {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let at = reader.at(&text.range);
        reader.diagnostics.push(values::not_one_of(at, Rule::BadConfig, key, &text.value, &known));
    }
    found
}

fn markdown(config: &mut Config, reader: &mut Reader<'_>, node: &Node) {
    for entry in reader.map("markdown", node) {
        if entry.key != "dialects" {
            reader.unknown_key(Rule::BadConfig, entry, &["dialects"]);
            continue;
        }
        let mut dialects = Vec::new();
        for named in reader.texts("dialects", &entry.value) {
            // GitHub's own is always read, so that naming it alone means no other.
            if named.value == "github" {
                continue;
            }
            let found = Dialect::ALL.into_iter().find(|dialect| dialect.name() == named.value);
            if found.is_none() {
                let known: Vec<&str> =
                    std::iter::once("github").chain(Dialect::ALL.map(Dialect::name)).collect();
                let at = reader.at(&named.range);
                let value = &named.value;
                let found = values::not_one_of(at, Rule::BadConfig, "dialects", value, &known);
                reader.diagnostics.push(found);
            }
            dialects.extend(found);
        }
        dialects.sort_unstable();
        dialects.dedup();
        config.dialects = Some(dialects);
    }
}

fn freshness(config: &mut Config, reader: &mut Reader<'_>, node: &Node) {
    let policy = &mut config.freshness;
    for entry in reader.map("freshness", node) {
        let (key, node) = (entry.key.as_str(), &entry.value);
        match key {
            "review_in" => {
                policy.review_in =
                    reader.interval(key, node).map_or(policy.review_in, |interval| interval.value);
            }
            "due_soon" => {
                policy.due_soon =
                    reader.interval(key, node).map_or(policy.due_soon, |interval| interval.value);
            }
            "date_is_review" => {
                policy.date_is_review = match node.as_bool() {
                    Some(true) => DateIsReview::Yes,
                    Some(false) => DateIsReview::No,
                    None => choice(reader, key, node, &[("auto", DateIsReview::Auto)])
                        .unwrap_or_default(),
                };
            }
            "applies_to" => policy.applies_to = globs(reader, key, node),
            _ => {
                let known = ["review_in", "due_soon", "date_is_review", "applies_to"];
                reader.unknown_key(Rule::BadConfig, entry, &known);
            }
        }
    }
}

/// A text that is shown as a link where it is an address; left out and reported where following it would run a script.
fn address(reader: &mut Reader<'_>, key: &str, node: &Node) -> Option<String> {
    let typed = plain(reader, key, node)?;
    if is_script(&typed) {
        let at = reader.at(&node.range);
        reader.diagnostics.push(values::address_is_script(at, key));
        return None;
    }
    Some(typed)
}

/// The same for what has to be an address of the web.
fn web_address(reader: &mut Reader<'_>, key: &str, node: &Node) -> Option<String> {
    let typed = address(reader, key, node)?;
    if scheme(&typed).is_some_and(|scheme| !["http", "https"].contains(&scheme.as_str())) {
        let at = reader.at(&node.range);
        reader.diagnostics.push(values::no_web_address(at, key, &typed));
        return None;
    }
    Some(typed)
}

fn owner(reader: &mut Reader<'_>, node: &Node) -> Owner {
    let mut owner = Owner::default();
    for entry in reader.map("owners", node) {
        let (key, node) = (entry.key.as_str(), &entry.value);
        match key {
            "name" => owner.name = plain(reader, key, node),
            "chat" => owner.chat = plain(reader, key, node),
            "chat_url" => owner.chat_url = address(reader, key, node),
            "email" => owner.email = plain(reader, key, node),
            "on_call" => owner.on_call = address(reader, key, node),
            "escalation" => owner.escalation = address(reader, key, node),
            "timezone" => owner.timezone = plain(reader, key, node),
            _ => {
                let known =
                    ["name", "chat", "chat_url", "email", "on_call", "escalation", "timezone"];
                reader.unknown_key(Rule::BadConfig, entry, &known);
            }
        }
    }
    owner
}

fn template(reader: &mut Reader<'_>, template: &Entry) -> Option<TemplateRule> {
    let mut file = None;
    let mut applies_to = Globs::default();
    let mut sections = BTreeMap::new();
    for entry in reader.map("templates", &template.value) {
        let (key, node) = (entry.key.as_str(), &entry.value);
        match key {
            "file" => file = reader.text(key, node),
            "applies_to" => applies_to = globs(reader, key, node),
            "sections" => {
                for entry in reader.map(key, node) {
                    if !["alerts", "dashboards", "escalation"].contains(&entry.key.as_str()) {
                        reader.unknown_key(
                            Rule::BadConfig,
                            entry,
                            &["alerts", "dashboards", "escalation"],
                        );
                    } else if let Some(heading) = plain(reader, &entry.key, &entry.value) {
                        sections.insert(entry.key.clone(), heading);
                    }
                }
            }
            _ => reader.unknown_key(Rule::BadConfig, entry, &["file", "applies_to", "sections"]),
        }
    }
    if file.is_none() {
        let at = reader.at(&template.key_range);
        let what = format!("the template `{}`", template.key);
        reader.diagnostics.push(values::missing_key(at, Rule::BadConfig, &what, "file"));
    }
    Some(TemplateRule { file: file?, applies_to, sections })
}

fn alerts(config: &mut Config, reader: &mut Reader<'_>, node: &Node) {
    let policy = &mut config.alerts;
    for entry in reader.map("alerts", node) {
        let (key, node) = (entry.key.as_str(), &entry.value);
        match key {
            "sources" => policy.sources = reader.texts(key, node),
            "from_filename" => policy.from_filename = globs(reader, key, node),
            "from_heading" => policy.from_heading = globs(reader, key, node),
            "answer_sections" => {
                let words = reader.texts(key, node);
                policy.answer_sections = words.into_iter().map(|word| word.value).collect();
            }
            "case_sensitive" => policy.case_sensitive = reader.bool(key, node).unwrap_or_default(),
            "aliases" => {
                for entry in reader.map(key, node) {
                    if let Some(name) = plain(reader, &entry.key, &entry.value) {
                        policy.aliases.insert(entry.key.clone(), name);
                    }
                }
            }
            "values" => {
                for entry in reader.map(key, node) {
                    let values = reader.texts(&entry.key, &entry.value).into_iter();
                    let values = values.map(|value| value.value).collect();
                    policy.values.insert(entry.key.clone(), values);
                }
            }
            _ => {
                let known = [
                    "sources",
                    "from_filename",
                    "from_heading",
                    "answer_sections",
                    "case_sensitive",
                    "aliases",
                    "values",
                ];
                reader.unknown_key(Rule::BadConfig, entry, &known);
            }
        }
    }
}

fn dashboards(config: &mut Config, reader: &mut Reader<'_>, node: &Node) {
    for entry in reader.map("dashboards", node) {
        let (key, node) = (entry.key.as_str(), &entry.value);
        match key {
            "region" => config.dashboards.region = plain(reader, key, node),
            "account" => config.dashboards.account = plain(reader, key, node),
            "grafana" => {
                config.dashboards.grafana =
                    plain(reader, key, node).map(|url| url.trim_end_matches('/').to_owned());
            }
            "kinds" => {
                for entry in reader.map(key, node) {
                    if let Some(kind) = dashboard_kind(reader, entry) {
                        config.dashboards.kinds.insert(entry.key.clone(), kind);
                    }
                }
            }
            _ => reader.unknown_key(
                Rule::BadConfig,
                entry,
                &["region", "account", "grafana", "kinds"],
            ),
        }
    }
}

fn dashboard_kind(reader: &mut Reader<'_>, kind: &Entry) -> Option<DashboardKind> {
    let mut title = kind.key.clone();
    let mut url = None;
    for entry in reader.map("kinds", &kind.value) {
        match entry.key.as_str() {
            "title" => set(&mut title, plain(reader, "title", &entry.value)),
            "url" => url = plain(reader, "url", &entry.value),
            _ => reader.unknown_key(Rule::BadConfig, entry, &["title", "url"]),
        }
    }
    if url.is_none() {
        let at = reader.at(&kind.key_range);
        let what = format!("the kind `{}`", kind.key);
        reader.diagnostics.push(values::missing_key(at, Rule::BadConfig, &what, "url"));
    }
    Some(DashboardKind { title, url: url? })
}

fn parameter(reader: &mut Reader<'_>, node: &Node) -> SiteParameter {
    let mut parameter = SiteParameter::default();
    for entry in reader.map("parameters", node) {
        let (key, node) = (entry.key.as_str(), &entry.value);
        match key {
            "default" => parameter.default = plain(reader, key, node),
            "enum" => parameter.choices = names(reader, key, node),
            "pattern" => parameter.pattern = plain(reader, key, node),
            "description" => parameter.description = plain(reader, key, node),
            _ => {
                let known = ["default", "enum", "pattern", "description"];
                reader.unknown_key(Rule::BadConfig, entry, &known);
            }
        }
    }
    parameter
}

fn front_matter(config: &mut Config, reader: &mut Reader<'_>, node: &Node) {
    for entry in reader.map("front_matter", node) {
        match entry.key.as_str() {
            "extra" => config.extra_keys = names(reader, "extra", &entry.value),
            "status" => config.statuses = names(reader, "status", &entry.value),
            _ => reader.unknown_key(Rule::BadConfig, entry, &["extra", "status"]),
        }
    }
}

fn checks(config: &mut Config, reader: &mut Reader<'_>, node: &Node) {
    for entry in reader.map("checks", node) {
        if matches!(entry.value.value, Value::Map(_)) {
            let pattern = Spanned { value: entry.key.clone(), range: entry.key_range.clone() };
            let globs = globs_of(reader, "checks", &[pattern]);
            let mut levels = BTreeMap::new();
            for entry in entry.value.entries() {
                level(&mut levels, reader, entry);
            }
            config.checks.parts.push((globs, levels));
        } else {
            level(&mut config.checks.site, reader, entry);
        }
    }
}

fn level(levels: &mut BTreeMap<Rule, Level>, reader: &mut Reader<'_>, entry: &Entry) {
    let Some(rule) = Rule::named(&entry.key) else {
        let known: Vec<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        reader.unknown_key(Rule::BadConfig, entry, &known);
        return;
    };
    let words = [("error", Level::Error), ("warn", Level::Warning), ("allow", Level::Allow)];
    if let Some(level) = choice(reader, &entry.key, &entry.value, &words) {
        levels.insert(rule, level);
    }
}

fn urls(config: &mut Config, reader: &mut Reader<'_>, node: &Node) {
    for entry in reader.map("urls", node) {
        if entry.key == "style" {
            let words = [("folder", AddressStyle::Folder), ("file", AddressStyle::File)];
            config.address_style =
                choice(reader, "style", &entry.value, &words).unwrap_or_default();
        } else {
            reader.unknown_key(Rule::BadConfig, entry, &["style"]);
        }
    }
}

fn search(config: &mut Config, reader: &mut Reader<'_>, node: &Node) {
    for entry in reader.map("search", node) {
        if entry.key == "synonyms" {
            for group in reader.list("synonyms", &entry.value) {
                let words = reader.texts("synonyms", group).into_iter().map(|word| word.value);
                config.synonyms.push(words.collect());
            }
        } else {
            reader.unknown_key(Rule::BadConfig, entry, &["synonyms"]);
        }
    }
}

fn llms(config: &mut Config, reader: &mut Reader<'_>, node: &Node) {
    for entry in reader.map("llms", node) {
        if entry.key == "full_kilobytes" {
            let kilobytes = reader.integer("full_kilobytes", &entry.value);
            let bytes = kilobytes.and_then(|count| usize::try_from(count).ok());
            config.llms_full = bytes.map(|count| count.saturating_mul(1000));
        } else {
            reader.unknown_key(Rule::BadConfig, entry, &["full_kilobytes"]);
        }
    }
}

fn skills(config: &mut Config, reader: &mut Reader<'_>, node: &Node) {
    let policy = &mut config.skills;
    for entry in reader.map("skills", node) {
        let (key, value) = (entry.key.as_str(), &entry.value);
        match key {
            "enabled" => policy.enabled = reader.bool(key, value).unwrap_or_default(),
            "applies_to" => policy.applies_to = globs(reader, key, value),
            "prefix" => policy.prefix = plain(reader, key, value).unwrap_or_default(),
            _ => reader.unknown_key(Rule::BadConfig, entry, &["enabled", "applies_to", "prefix"]),
        }
    }
}

fn publish(config: &mut Config, reader: &mut Reader<'_>, node: &Node) {
    for entry in reader.map("publish", node) {
        match entry.key.as_str() {
            "public" => config.public = reader.bool("public", &entry.value).unwrap_or_default(),
            "sources" => {
                config.publish_sources = reader.bool("sources", &entry.value).unwrap_or_default();
            }
            "hosts" => hosts(config, reader, &entry.value),
            _ => reader.unknown_key(Rule::BadConfig, entry, &["public", "sources", "hosts"]),
        }
    }
}

fn hosts(config: &mut Config, reader: &mut Reader<'_>, node: &Node) {
    for named in reader.texts("hosts", node) {
        let found = Host::ALL.into_iter().find(|host| host.name() == named.value);
        if found.is_none() {
            let (at, known) = (reader.at(&named.range), Host::ALL.map(Host::name));
            let value = &named.value;
            let found = values::not_one_of(at, Rule::BadConfig, "hosts", value, &known);
            reader.diagnostics.push(found);
        }
        config.hosts.extend(found);
    }
}

/// `[strings]`: a text, or one for each plural (`{ one = "…", other = "…" }`).
fn strings(config: &mut Config, reader: &mut Reader<'_>, node: &Node) {
    for entry in reader.map("strings", node) {
        if !Words::names().any(|name| name == entry.key) {
            let known: Vec<&str> = Words::names().collect();
            reader.unknown_key(Rule::BadConfig, entry, &known);
            continue;
        }
        let forms = if matches!(entry.value.value, Value::Map(_)) {
            let mut forms = BTreeMap::new();
            for form in entry.value.entries() {
                if !Forms::categories().contains(&form.key.as_str()) {
                    reader.unknown_key(Rule::BadConfig, form, Forms::categories());
                } else if let Some(text) = plain(reader, &form.key, &form.value) {
                    forms.insert(form.key.clone(), text);
                }
            }
            Forms(forms)
        } else {
            let Some(text) = plain(reader, &entry.key, &entry.value) else { continue };
            Forms::of(&text)
        };
        if !forms.0.is_empty() {
            config.strings.insert(entry.key.clone(), forms);
        }
    }
}

/// Reads site.toml.
///
/// # Errors
/// The file is no TOML: the one diagnostic says where.
pub fn config(path: &FilePath, text: &str) -> Result<(Config, Vec<Diagnostic>), Diagnostic> {
    let node = toml::parse(text, 0).map_err(|error| {
        values::unreadable(Location::new(path, error.range), Rule::BadConfig, &error.message)
    })?;
    let mut reader = Reader::new(path, text, Rule::BadConfig);
    let mut config = Config::default();
    for entry in node.entries() {
        top_level(&mut config, &mut reader, entry);
    }
    config.words = Words::new(&config.language, config.strings.clone());
    Ok((config, reader.diagnostics))
}

#[cfg(test)]
mod tests {
    use super::{Config, config};
    use crate::dialect::Dialect;
    use crate::files::FilePath;

    fn check(text: &str, expected: &[&str]) -> Config {
        let path = FilePath::new("site.toml").unwrap();
        let (config, diagnostics) = config(&path, text).unwrap();
        let printed: Vec<String> = diagnostics
            .iter()
            .map(|found| {
                let line = text[..found.at.range.start].matches('\n').count() + 1;
                format!("{line}: {} ({})", found.message, found.help.as_deref().unwrap_or("-"))
            })
            .collect();
        assert_eq!(printed, expected);
        config
    }

    #[test]
    fn unknown_keys_are_named_with_the_nearest() {
        check(
            "tilte = \"x\"",
            &["1: unknown key `tilte` (a key with a similar name exists: `title`)"],
        );
        check(
            "[freshness]\nreview_inn = \"90 days\"",
            &["2: unknown key `review_inn` (a key with a similar name exists: `review_in`)"],
        );
        check(
            "[checks]\nbroken-lnik = \"warn\"",
            &["2: unknown key `broken-lnik` (a key with a similar name exists: `broken-link`)"],
        );
    }

    #[test]
    fn dialects_are_named_or_left_to_the_folder() {
        assert_eq!(check("", &[]).dialects, None);
        let named = check("[markdown]\ndialects = [\"mkdocs\", \"hugo\"]", &[]);
        assert_eq!(named.dialects, Some(vec![Dialect::MkDocs, Dialect::Hugo]));
        let none = check("[markdown]\ndialects = [\"github\"]", &[]);
        assert_eq!(none.dialects, Some(Vec::new()));
        check(
            "[markdown]\ndialects = \"mkdoc\"",
            &[
                "2: `dialects` cannot be `mkdoc` (use one of `github`, `mkdocs`, `docusaurus`, `vitepress`, `starlight`, `hugo`, `gitbook`, `myst`, `jekyll`, `mdbook`, `obsidian`, `wiki`, `azure`)",
            ],
        );
    }

    #[test]
    fn wrong_values_are_reported_and_defaults_stand() {
        let config = check(
            "title = [1]\n[urls]\nstyle = \"flat\"\n[freshness]\nreview_in = \"soon\"",
            &[
                "1: `title` is a list, not text (-)",
                "3: `style` cannot be `flat` (use one of `folder`, `file`)",
                "5: `review_in` is no length of time: `soon` (write a number and a unit, such as `90 days`, `6 weeks`, `3 months` or `1 year`)",
            ],
        );
        assert_eq!(config, Config::default());
    }

    #[test]
    fn hosts_are_named_once_or_reported() {
        let config = check(
            "[publish]\nhosts = [\"nginx\", \"azure\", \"nginx\", \"apache\"]",
            &[
                "2: `hosts` cannot be `apache` (use one of `azure`, `caddy`, `cloudfront`, `cloudflare`, `gitlab`, `netlify`, `nginx`)",
            ],
        );
        assert_eq!(
            config.hosts.iter().map(|host| host.name()).collect::<Vec<_>>(),
            ["azure", "nginx"]
        );
    }

    #[test]
    fn the_base_address_ends_with_a_slash() {
        assert_eq!(
            check("base_url = \"https://a.example/b\"", &[]).base_url.as_deref(),
            Some("https://a.example/b/")
        );
    }

    #[test]
    fn what_is_no_toml_is_refused_with_its_place() {
        let path = FilePath::new("site.toml").unwrap();
        let refused = config(&path, "title = \"a\"\n[owners").unwrap_err();
        assert!(refused.at.range.start >= 12, "{refused:?}");
    }
}

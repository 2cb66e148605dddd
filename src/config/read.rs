//! The keys of site.toml, table by table.

use std::collections::BTreeMap;
use std::ops::Range;

use super::hosting::Host;
use super::{AddressStyle, Config, DashboardKind, DateIsReview, Owner, TemplateRule};
use crate::diagnostic::{Diagnostic, Level, Location, Rule, values};
use crate::dialect::Dialect;
use crate::files::FilePath;
use crate::glob::Globs;
use crate::parameter::{self, ParameterDeclaration};
use crate::text::{is_script, scheme};
use crate::value::keys::KeyTarget::{
    Bool, Globs as Patterns, Period, PlacedTexts, Read, Required, Table, Text, Texts, Word,
};
use crate::value::keys::{Key, KnownKey, Shape, key, known_keys, read_keys};
use crate::value::read::{Reader, Spanned};
use crate::value::{Entry, Node, Value, toml};
use crate::words::{Forms, Words};

/// Reads site.toml.
///
/// # Errors
/// The file is no TOML: the one diagnostic says where.
pub fn config(path: &FilePath, text: &str) -> Result<(Config, Vec<Diagnostic>), Diagnostic> {
    let mut node = toml::parse(text, 0).map_err(|error| {
        values::unreadable(Location::new(path, error.range), Rule::BadConfig, &error.message)
    })?;
    let mut reader = Reader::new(path, text, Rule::BadConfig);
    let mut config = Config::default();
    super::values::values(&mut node, &mut reader);
    read_keys(KEYS, &mut config, &mut reader, node.entries());
    apart(&mut config, &node, &mut reader);
    config.words = Words::new(&config.language, config.strings.clone());
    Ok((config, reader.diagnostics))
}

/// Where the value of a key of the whole site stands in a site.toml that sets it.
pub fn place_of(text: &str, key: &str) -> Option<Range<usize>> {
    let node = toml::parse(text, 0).ok()?;
    node.get(key).map(|value| value.range.clone())
}

/// Folders that site.toml names are apart: what is built would hide, or be taken for, what is read.
fn apart(config: &mut Config, site: &Node, reader: &mut Reader<'_>) {
    let holds = |outer: &str, inner: &str| {
        outer == inner || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
    };
    let others = [("content", config.content.clone()), ("theme", config.theme.clone())];
    for (other, folder) in &others {
        let Some(output) = site.get("output").filter(|_| holds(&config.output, folder)) else {
            continue;
        };
        let at = reader.at(&output.range);
        reader.diagnostics.push(values::folder_in_the_way(at, "output", &config.output, other));
        config.output = Config::default().output;
    }
    if let Some(theme) = site.get("theme").filter(|_| config.theme == config.content) {
        let at = reader.at(&theme.range);
        reader.diagnostics.push(values::folder_in_the_way(at, "theme", &config.theme, "content"));
        config.theme = Config::default().theme;
    }
}

/// Every key of site.toml that is known, in the order of the handbook.
pub fn keys() -> Vec<KnownKey> {
    known_keys(KEYS)
}

const KEYS: &[Key<Config>] = &[
    key("title", "Name of the site", Word(|config| &mut config.title)),
    key("base_url", "Where the site stands", Read(Shape::Text, base_url)),
    key("repository", "Where the sources are", Read(Shape::Text, repository)),
    key("language", "Language of the text", Word(|config| &mut config.language)),
    key("content", "Folder of the pages", Read(Shape::Text, content)),
    key("theme", "Folder of your own theme files", Read(Shape::Text, theme)),
    key("output", "Where build writes", Read(Shape::Text, output)),
    key("extensions", "Endings of page files", Read(Shape::Texts, extensions)),
    key("unsafe_html", "true: raw HTML passes unchanged", Read(Shape::Bool, unsafe_html)),
    key("markdown", "How pages are read", Table(MARKDOWN)),
    key("strings", "Words of the interface", Read(Shape::NamedTexts, strings)),
    key("freshness", "When reviews are due", Table(FRESHNESS)),
    key("owners", "Who can own a page", Read(Shape::Named(|| known_keys(OWNER)), owners)),
    key("templates", "What pages follow", Read(Shape::Named(|| known_keys(TEMPLATE)), templates)),
    key("alerts", "Where alerts come from", Table(ALERTS)),
    key("dashboards", "What deep links share", Table(DASHBOARDS)),
    key(
        "parameters",
        "Parameters that all pages share",
        Read(Shape::Named(|| known_keys(parameter::NAMED)), parameters),
    ),
    key("front_matter", "Keys and words of your own", Table(FRONT_MATTER)),
    key("checks", "The level of each rule", Read(Shape::Any, checks)),
    key(
        "deploy",
        "Where deploy publishes",
        Read(Shape::Named(super::deploy::keys), |config, reader, entry| {
            config.deploy = super::deploy::targets(reader, &entry.value);
        }),
    ),
    key("urls", "How addresses are written", Table(URLS)),
    key("search", "What the search knows", Table(SEARCH)),
    key("publish", "What is published", Table(PUBLISH)),
    key("llms", "What language models are given", Table(LLMS)),
    key("skills", "Runbooks as skills of agents", Table(SKILLS)),
];

const MARKDOWN: &[Key<Config>] = &[key(
    "dialects",
    "Tools whose blocks are read beside GitHub's",
    Read(Shape::SomeOf(dialect_names), dialects),
)];

const FRESHNESS: &[Key<Config>] = &[
    key(
        "review_in",
        "How long a review holds where the page does not say",
        Period(|config| &mut config.freshness.review_in),
    ),
    key(
        "due_soon",
        "How long before the due date a page is due soon",
        Period(|config| &mut config.freshness.due_soon),
    ),
    key(
        "date_is_review",
        "Whether date counts as a review",
        Read(Shape::BoolOr("auto"), |config, reader, entry| {
            config.freshness.date_is_review = match entry.value.as_bool() {
                Some(true) => DateIsReview::Yes,
                Some(false) => DateIsReview::No,
                None => reader
                    .choice(&entry.key, &entry.value, &[("auto", DateIsReview::Auto)])
                    .unwrap_or_default(),
            };
        }),
    ),
    key(
        "applies_to",
        "Pages that owe a review although they follow no template and have no review key",
        Patterns(|config| &mut config.freshness.applies_to),
    ),
];

const OWNER: &[Key<Owner>] = &[
    key("name", "Name to show", Text(|owner| &mut owner.name)),
    key("chat", "Channel and its address", Text(|owner| &mut owner.chat)),
    key(
        "chat_url",
        "Channel and its address",
        Read(Shape::Text, |owner, reader, entry| owner.chat_url = address(reader, entry)),
    ),
    key("email", "Mailbox", Text(|owner| &mut owner.email)),
    key(
        "on_call",
        "Address that shows who is on call, or a name",
        Read(Shape::Text, |owner, reader, entry| owner.on_call = address(reader, entry)),
    ),
    key(
        "escalation",
        "Whom to call next",
        Read(Shape::Text, |owner, reader, entry| owner.escalation = address(reader, entry)),
    ),
    key("timezone", "Where the team is", Text(|owner| &mut owner.timezone)),
];

const TEMPLATE: &[Key<TemplateRule>] = &[
    key("file", "The template; required", Required(Shape::Text)),
    key("applies_to", "Pages that follow it", Patterns(|template| &mut template.applies_to)),
    key("sections", "What sections hold", Table(SECTIONS)),
];

const SECTIONS: &[Key<TemplateRule>] = &[
    key("alerts", "Heading of the section whose code spans are alerts", Read(Shape::Text, section)),
    key(
        "dashboards",
        "Heading of the section whose links are dashboards",
        Read(Shape::Text, section),
    ),
    key("escalation", "Heading of the section that says whom to call", Read(Shape::Text, section)),
];

const ALERTS: &[Key<Config>] = &[
    key("sources", "Files that define alerts", PlacedTexts(|config| &mut config.alerts.sources)),
    key(
        "from_filename",
        "Pages whose file name is an alert",
        Patterns(|config| &mut config.alerts.from_filename),
    ),
    key(
        "from_heading",
        "Pages whose headings are alerts",
        Patterns(|config| &mut config.alerts.from_heading),
    ),
    key(
        "answer_sections",
        "Further words for headings of sections that mitigate an alert",
        Texts(|config| &mut config.alerts.answer_sections),
    ),
    key(
        "case_sensitive",
        "Whether names and links compare with regard to case",
        Bool(|config| &mut config.alerts.case_sensitive),
    ),
    key(
        "aliases",
        "Other names for an alert",
        Read(Shape::NamedTexts, |config, reader, entry| {
            for entry in reader.map(&entry.key, &entry.value) {
                if let Some(name) = plain(reader, entry) {
                    config.alerts.aliases.insert(entry.key.clone(), name);
                }
            }
        }),
    ),
    key(
        "values",
        "The values of what rules compute",
        Read(Shape::NamedTexts, |config, reader, entry| {
            for entry in reader.map(&entry.key, &entry.value) {
                let values = reader.texts(&entry.key, &entry.value);
                let values = values.into_iter().map(|value| value.value).collect();
                config.alerts.values.insert(entry.key.clone(), values);
            }
        }),
    ),
];

const DASHBOARDS: &[Key<Config>] = &[
    key("region", "Defaults for links into AWS", Text(|config| &mut config.dashboards.region)),
    key("account", "Defaults for links into AWS", Text(|config| &mut config.dashboards.account)),
    key(
        "grafana",
        "Address of your Grafana",
        Read(Shape::Text, |config, reader, entry| {
            config.dashboards.grafana =
                web_address(reader, entry).map(|url| url.trim_end_matches('/').to_owned());
        }),
    ),
    key("kinds", "Kinds of your own", Read(Shape::Named(|| known_keys(KIND)), kinds)),
];

const KIND: &[Key<DashboardKind>] = &[
    key("title", "What a kind of your own is called", Word(|kind| &mut kind.title)),
    key("url", "Its address, with {name} for each value", Required(Shape::Text)),
];

const FRONT_MATTER: &[Key<Config>] = &[
    key("extra", "Keys of your own that pages may have", Texts(|config| &mut config.extra_keys)),
    key("status", "The words that status may be", Texts(|config| &mut config.statuses)),
];

const STYLES: [(&str, AddressStyle); 2] =
    [("folder", AddressStyle::Folder), ("file", AddressStyle::File)];

const URLS: &[Key<Config>] = &[key(
    "style",
    "How addresses are written",
    Read(Shape::OneOf(|| STYLES.map(|(word, _)| word).to_vec()), |config, reader, entry| {
        config.address_style = reader.choice(&entry.key, &entry.value, &STYLES).unwrap_or_default();
    }),
)];

const SEARCH: &[Key<Config>] = &[key(
    "synonyms",
    "Groups of words that mean the same on this site",
    Read(Shape::Groups, |config, reader, entry| {
        for group in reader.list(&entry.key, &entry.value) {
            let words = reader.texts(&entry.key, group).into_iter().map(|word| word.value);
            config.synonyms.push(words.collect());
        }
    }),
)];

const LLMS: &[Key<Config>] = &[key(
    "full_kilobytes",
    "How much of the site's text llms-full.txt may hold",
    Read(Shape::Integer, |config, reader, entry| {
        let kilobytes = reader.integer(&entry.key, &entry.value);
        let bytes =
            kilobytes.and_then(|count| usize::try_from(count).ok()).filter(|count| *count > 0);
        if kilobytes.is_some() && bytes.is_none() {
            reader.wrong(&entry.key, &entry.value, "a number of kilobytes above zero");
        }
        config.llms_full = bytes.map(|count| count.saturating_mul(1000));
    }),
)];

const SKILLS: &[Key<Config>] = &[
    key(
        "enabled",
        "Whether skills for agents are published",
        Bool(|config| &mut config.skills.enabled),
    ),
    key("applies_to", "Pages that become skills", Patterns(|config| &mut config.skills.applies_to)),
    key("prefix", "What the names of skills begin with", Word(|config| &mut config.skills.prefix)),
];

const PUBLISH: &[Key<Config>] = &[
    key("public", "Whether search engines may list the site", Bool(|config| &mut config.public)),
    key(
        "sources",
        "Whether the authors' own texts are published too",
        Bool(|config| &mut config.publish_sources),
    ),
    key("hosts", "What serves the site", Read(Shape::SomeOf(host_names), hosts)),
];

fn base_url(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    let url = web_address(reader, entry);
    config.base_url = url.map(|url| format!("{}/", url.trim_end_matches('/')));
}

fn repository(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    let url = web_address(reader, entry);
    config.repository = url.map(|url| url.trim_end_matches('/').to_owned());
}

fn content(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    if matches!(entry.value.as_str(), Some("." | "./")) {
        config.content = String::new();
    } else {
        folder(&mut config.content, reader, entry);
    }
}

fn theme(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    folder(&mut config.theme, reader, entry);
}

fn output(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    folder(&mut config.output, reader, entry);
}

/// A folder relative to the site folder, without `./` and trailing slashes.
fn folder(place: &mut String, reader: &mut Reader<'_>, entry: &Entry) {
    let Some(text) = reader.text(&entry.key, &entry.value) else { return };
    if let Some(path) = FilePath::new(&text.value).filter(|_| !text.value.starts_with('/')) {
        path.as_str().clone_into(place);
    } else {
        let at = reader.at(&text.range);
        reader.diagnostics.push(values::outside_site(at, &entry.key, &text.value));
    }
}

fn extensions(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    let texts = reader.texts(&entry.key, &entry.value);
    if !texts.is_empty() {
        config.extensions = texts.into_iter().map(|text| text.value).collect();
    }
    config.extensions.sort_by_key(|extension| std::cmp::Reverse(extension.len()));
}

fn unsafe_html(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    config.unsafe_html = reader.bool(&entry.key, &entry.value).unwrap_or_default();
    if config.unsafe_html {
        let at = reader.at(&entry.value.range);
        reader.diagnostics.push(values::unsafe_html(at));
    }
}

fn plain(reader: &mut Reader<'_>, entry: &Entry) -> Option<String> {
    reader.text(&entry.key, &entry.value).map(|text| text.value)
}

/// GitHub's own is always read, so that naming it alone means no other.
fn dialect_names() -> Vec<&'static str> {
    std::iter::once("github").chain(Dialect::ALL.map(Dialect::name)).collect()
}

fn dialects(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    let mut dialects = Vec::new();
    for named in reader.texts(&entry.key, &entry.value) {
        let found = Dialect::ALL.into_iter().find(|dialect| dialect.name() == named.value);
        if found.is_none() && named.value != "github" {
            let at = reader.at(&named.range);
            let (value, known) = (&named.value, dialect_names());
            let found = values::not_one_of(at, Rule::BadConfig, &entry.key, value, &known);
            reader.diagnostics.push(found);
        }
        dialects.extend(found);
    }
    dialects.sort_unstable();
    dialects.dedup();
    config.dialects = Some(dialects);
}

fn host_names() -> Vec<&'static str> {
    Host::ALL.map(Host::name).to_vec()
}

fn hosts(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    for named in reader.texts(&entry.key, &entry.value) {
        let found = Host::ALL.into_iter().find(|host| host.name() == named.value);
        if found.is_none() {
            let (at, value) = (reader.at(&named.range), &named.value);
            let found = values::not_one_of(at, Rule::BadConfig, &entry.key, value, &host_names());
            reader.diagnostics.push(found);
        }
        config.hosts.extend(found);
    }
}

/// A text that is shown as a link where it is an address; left out and reported where following it would run a script.
fn address(reader: &mut Reader<'_>, entry: &Entry) -> Option<String> {
    let typed = plain(reader, entry)?;
    if is_script(&typed) {
        let at = reader.at(&entry.value.range);
        reader.diagnostics.push(values::address_is_script(at, &entry.key));
        return None;
    }
    Some(typed)
}

/// The same for what has to be an address of the web.
fn web_address(reader: &mut Reader<'_>, entry: &Entry) -> Option<String> {
    let typed = address(reader, entry)?;
    if scheme(&typed).is_some_and(|scheme| !["http", "https"].contains(&scheme.as_str())) {
        let at = reader.at(&entry.value.range);
        reader.diagnostics.push(values::no_web_address(at, &entry.key, &typed));
        return None;
    }
    Some(typed)
}

fn owners(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    config.owners.extend(named(OWNER, reader, entry));
}

fn parameters(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    for named in reader.map(&entry.key, &entry.value) {
        let name = Spanned { value: named.key.clone(), range: named.key_range.clone() };
        let mut declared = ParameterDeclaration { name, ..ParameterDeclaration::default() };
        let entries = reader.map(&entry.key, &named.value);
        read_keys(parameter::NAMED, &mut declared, reader, entries);
        config.parameters.insert(named.key.clone(), declared);
    }
}

/// Tables of the same keys, by the names that the site gives them.
fn named<T: Default>(table: &[Key<T>], reader: &mut Reader<'_>, entry: &Entry) -> Vec<(String, T)> {
    let mut found = Vec::new();
    for named in reader.map(&entry.key, &entry.value) {
        let mut value = T::default();
        let entries = reader.map(&entry.key, &named.value);
        read_keys(table, &mut value, reader, entries);
        found.push((named.key.clone(), value));
    }
    found
}

fn templates(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    for named in reader.map(&entry.key, &entry.value) {
        let what = format!("the template `{}`", named.key);
        let file = reader.required(&named.value, "file", &what, &named.key_range);
        let mut template = TemplateRule {
            file: file.clone().unwrap_or_default(),
            applies_to: Globs::default(),
            sections: BTreeMap::new(),
        };
        let entries = reader.map(&entry.key, &named.value);
        read_keys(TEMPLATE, &mut template, reader, entries);
        if file.is_some() {
            config.templates.insert(named.key.clone(), template);
        }
    }
}

fn section(template: &mut TemplateRule, reader: &mut Reader<'_>, entry: &Entry) {
    if let Some(heading) = reader.text(&entry.key, &entry.value) {
        template.sections.insert(entry.key.clone(), heading);
    }
}

fn kinds(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    for named in reader.map(&entry.key, &entry.value) {
        let what = format!("the kind `{}`", named.key);
        let url = reader.required(&named.value, "url", &what, &named.key_range);
        let url = url.map(|url| url.value);
        let mut kind =
            DashboardKind { title: named.key.clone(), url: url.clone().unwrap_or_default() };
        let entries = reader.map(&entry.key, &named.value);
        read_keys(KIND, &mut kind, reader, entries);
        if url.is_some() {
            config.dashboards.kinds.insert(named.key.clone(), kind);
        }
    }
}

fn checks(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    for entry in reader.map("checks", &entry.value) {
        if matches!(entry.value.value, Value::Map(_)) {
            let pattern = Node {
                value: Value::String(entry.key.clone()),
                range: entry.key_range.clone(),
                tag: None,
            };
            let patterns = reader.globs("checks", &pattern);
            let patterns = patterns.iter().map(|pattern| pattern.value.as_str());
            let globs = Globs::new(patterns).unwrap_or_default();
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
        return reader.unknown_key(entry, &known);
    };
    let words = [("error", Level::Error), ("warn", Level::Warning), ("allow", Level::Allow)];
    if let Some(level) = reader.choice(&entry.key, &entry.value, &words) {
        levels.insert(rule, level);
    }
}

/// `[strings]`: a text, or one for each plural (`{ one = "…", other = "…" }`).
fn strings(config: &mut Config, reader: &mut Reader<'_>, entry: &Entry) {
    for entry in reader.map("strings", &entry.value) {
        if !Words::names().any(|name| name == entry.key) {
            let known: Vec<&str> = Words::names().collect();
            reader.unknown_key(entry, &known);
            continue;
        }
        let forms = if matches!(entry.value.value, Value::Map(_)) {
            let mut forms = BTreeMap::new();
            for form in entry.value.entries() {
                if !Forms::categories().contains(&form.key.as_str()) {
                    reader.unknown_key(form, Forms::categories());
                } else if let Some(text) = plain(reader, form) {
                    forms.insert(form.key.clone(), text);
                }
            }
            Forms(forms)
        } else {
            let Some(text) = plain(reader, entry) else { continue };
            Forms::of(&text)
        };
        if !forms.0.is_empty() {
            config.strings.insert(entry.key.clone(), forms);
        }
    }
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
                "1: `title` is a list, not text (write one text: `title = \"…\"`)",
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

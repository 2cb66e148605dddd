//! `site.toml` becomes a [`Config`].
//!
//! An unknown key or wrong value is reported and its default stands; only a file that is no TOML is refused.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Interval;
use crate::diagnostic::{Level, Rule};
use crate::dialect::Dialect;
use crate::files::FilePath;
use crate::glob::Globs;
use crate::parameter::ParameterDeclaration;
use crate::value::read::Spanned;
use crate::words::{Forms, Words};

pub mod read;

pub mod deploy;
pub mod hosting;
mod values;

/// What a site says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The site's name.
    pub title: String,
    /// Where the site will stand, with a trailing slash.
    pub base_url: Option<String>,
    /// The address of the repository that holds the content, without a trailing slash.
    pub repository: Option<String>,
    /// The language of the text, as in `<html lang>`.
    pub language: String,
    /// `[strings]`: the words of the interface that the site words itself.
    pub strings: BTreeMap<String, Forms>,
    /// The words of the interface, by the language and `[strings]`.
    pub words: Words,
    /// The content folder, relative to the site folder.
    pub content: String,
    /// The folder of the site's own theme files.
    pub theme: String,
    /// Where the site is written.
    pub output: String,
    /// The endings of page files, longest first.
    pub extensions: Vec<String>,
    /// Raw HTML passes unchanged.
    pub unsafe_html: bool,
    /// The tools whose Markdown is read beside GitHub's; nothing said is what the folder's settings say.
    pub dialects: Option<Vec<Dialect>>,
    /// When reviews are due.
    pub freshness: FreshnessPolicy,
    /// Who can own a page, by name.
    pub owners: BTreeMap<String, Owner>,
    /// The templates, by name.
    pub templates: BTreeMap<String, TemplateRule>,
    /// Where alerts come from.
    pub alerts: AlertPolicy,
    /// What deep links share.
    pub dashboards: DashboardDefaults,
    /// Parameters that all pages share, by name.
    pub parameters: BTreeMap<String, ParameterDeclaration>,
    /// The site's own front-matter keys.
    pub extra_keys: Vec<String>,
    /// The words that `status` may be.
    pub statuses: Vec<String>,
    /// The level of each rule.
    pub checks: Checks,
    /// How addresses are written.
    pub address_style: AddressStyle,
    /// Whether search engines may list the site.
    pub public: bool,
    /// Whether the authors' own texts are published too, beside the copies for programs.
    pub publish_sources: bool,
    /// `[publish] hosts`: what serves the site, each once and in their order.
    pub hosts: BTreeSet<hosting::Host>,
    /// Which runbooks are published as skills.
    pub skills: SkillPolicy,
    /// `[llms] full_kilobytes`: how large the text of all pages may be, in bytes; nothing where there is to be none.
    pub llms_full: Option<usize>,
    /// `[search] synonyms`: groups of words that mean the same on this site.
    pub synonyms: Vec<Vec<String>>,
    /// Where the site is published, by name.
    pub deploy: BTreeMap<String, deploy::DeployTarget>,
}

/// `[freshness]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreshnessPolicy {
    /// How long a review holds where the page does not say.
    pub review_in: Interval,
    /// How long before its due date a review is "due soon".
    pub due_soon: Interval,
    /// Whether `date` counts as a review.
    pub date_is_review: DateIsReview,
    /// Pages that owe a review besides those that follow a template or carry a review key.
    pub applies_to: Globs,
}

/// Whether a page's `date` counts as its last review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateIsReview {
    /// It counts where there is no review, and is labeled so.
    #[default]
    Auto,
    /// It counts like a review.
    Yes,
    /// It never counts.
    No,
}

/// An entry of `[owners]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// The name to show.
    pub name: Option<String>,
    /// The chat channel.
    pub chat: Option<String>,
    /// The address of the chat channel.
    pub chat_url: Option<String>,
    /// A mail address.
    pub email: Option<String>,
    /// Where to see who is on call, or who it is.
    pub on_call: Option<String>,
    /// Whom to go to next.
    pub escalation: Option<String>,
    /// The owner's time zone, as `Europe/Berlin`.
    pub timezone: Option<String>,
}

/// An entry of `[templates]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateRule {
    /// The template, relative to the site folder.
    pub file: Spanned<String>,
    /// Pages that follow it, relative to the content folder.
    pub applies_to: Globs,
    /// The headings that hold alerts, dashboards and escalation, by those words.
    pub sections: BTreeMap<String, Spanned<String>>,
}

/// `[alerts]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertPolicy {
    /// Globs over rule files, relative to the site folder.
    pub sources: Vec<Spanned<String>>,
    /// Pages whose file name is an alert.
    pub from_filename: Globs,
    /// Pages whose headings are alerts.
    pub from_heading: Globs,
    /// Headings of sections that mitigate, beside those that are known.
    pub answer_sections: Vec<String>,
    /// Whether names and links compare with regard to case.
    pub case_sensitive: bool,
    /// Other names of alerts: alias to name.
    pub aliases: BTreeMap<String, String>,
    /// The values of what rules compute, by the name of a parameter or variable.
    pub values: BTreeMap<String, Vec<String>>,
}

/// `[dashboards]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DashboardDefaults {
    /// The AWS region.
    pub region: Option<String>,
    /// The AWS account.
    pub account: Option<String>,
    /// The address of the site's Grafana.
    pub grafana: Option<String>,
    /// The site's own kinds of deep links.
    pub kinds: BTreeMap<String, DashboardKind>,
}

/// An entry of `[dashboards.kinds]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DashboardKind {
    /// The name to show.
    pub title: String,
    /// The address with `{name}` for each value.
    pub url: String,
}

/// `[skills]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkillPolicy {
    /// Whether the site publishes skills.
    pub enabled: bool,
    /// The pages that are runbooks, relative to the content folder; none means all that say so of themselves.
    pub applies_to: Globs,
    /// What the name of each begins with, so that those of several sites can lie side by side.
    pub prefix: String,
}

/// `[checks]`: the level of each rule, for the site and for parts of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checks {
    /// For the whole site.
    pub site: BTreeMap<Rule, Level>,
    /// For parts of it, relative to the content folder, in the order of the file.
    pub parts: Vec<(Globs, BTreeMap<Rule, Level>)>,
}

impl Checks {
    /// Whether the site gives a rule a level anywhere.
    pub fn names(&self, rule: Rule) -> bool {
        self.site.contains_key(&rule)
            || self.parts.iter().any(|(_, levels)| levels.contains_key(&rule))
    }

    /// Whether the site wants to hear of a rule somewhere, so that it is worth looking for.
    pub fn asks_for(&self, rule: Rule) -> bool {
        let parts = self.parts.iter().map(|(_, levels)| levels);
        let mut levels = parts.chain([&self.site]).filter_map(|levels| levels.get(&rule));
        levels.any(|level| *level > Level::Allow)
    }

    /// The level that the site gives a rule in a file, if it gives one; the last part that matches wins.
    pub fn level(&self, rule: Rule, path_in_content: Option<&str>) -> Option<Level> {
        let in_part = path_in_content.and_then(|path| {
            self.parts
                .iter()
                .rev()
                .find_map(|(globs, levels)| levels.get(&rule).filter(|_| globs.matches(path)))
        });
        in_part.or_else(|| self.site.get(&rule)).copied()
    }
}

/// How the address of a page follows from its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AddressStyle {
    /// `agents/contentgen/`.
    #[default]
    Folder,
    /// `agents/contentgen.html`.
    File,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            title: "Runbooks".to_owned(),
            base_url: None,
            repository: None,
            language: "en".to_owned(),
            strings: BTreeMap::new(),
            words: Words::default(),
            content: "content".to_owned(),
            theme: "theme".to_owned(),
            output: "public".to_owned(),
            extensions: vec![".html.md.erb".to_owned(), ".markdown".to_owned(), ".md".to_owned()],
            unsafe_html: false,
            dialects: None,
            freshness: FreshnessPolicy {
                review_in: Interval { months: 0, days: 90 },
                due_soon: Interval { months: 0, days: 14 },
                date_is_review: DateIsReview::Auto,
                applies_to: Globs::default(),
            },
            owners: BTreeMap::new(),
            templates: BTreeMap::new(),
            alerts: AlertPolicy::default(),
            dashboards: DashboardDefaults::default(),
            parameters: BTreeMap::new(),
            extra_keys: Vec::new(),
            statuses: ["Draft", "Stable Draft", "Final", "Deprecated"].map(str::to_owned).to_vec(),
            checks: Checks::default(),
            address_style: AddressStyle::Folder,
            public: false,
            publish_sources: false,
            hosts: BTreeSet::new(),
            skills: SkillPolicy::default(),
            llms_full: None,
            synonyms: Vec::new(),
            deploy: BTreeMap::new(),
        }
    }
}

impl Config {
    /// The path part of the base address: `/`, `/repo/`.
    pub fn base_path(&self) -> &str {
        let after_scheme = self.base_url.as_deref().and_then(|url| url.split_once("://"));
        after_scheme.and_then(|(_, rest)| rest.find('/').map(|start| &rest[start..])).unwrap_or("/")
    }

    /// Whether a file's name makes it a page.
    pub fn is_page(&self, path: &str) -> bool {
        self.extensions.iter().any(|extension| path.ends_with(extension.as_str()))
    }
}

/// The name of the file.
///
/// # Panics
/// Never.
pub fn path() -> FilePath {
    FilePath::new("site.toml").expect("a plain relative path")
}

//! The level of a rule in a file: what site.toml says, else the rule's own.

use crate::config::Config;
use crate::diagnostic::{Level, Rule};
use crate::files::FilePath;
use crate::resolve::Page;

pub(super) fn level_of(config: &Config, page: Option<&Page>, rule: Rule, path: &FilePath) -> Level {
    let in_content = path.under(&config.content);
    if let Some(level) = config.checks.level(rule, in_content.as_ref().map(FilePath::as_str)) {
        return level;
    }
    match rule {
        Rule::SecretInPage if config.public => Level::Error,
        Rule::DestructiveWithoutWarning if page.is_none_or(|page| page.template.is_none()) => {
            Level::Allow
        }
        rule => rule.card().default_level,
    }
}

//! `guidepost check --alerts-json`: alert rules held against what a site has published, without its content.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::check::alerts::{Claims, check_sources};
use crate::config::{self, Config};
use crate::diagnostic::{AlertsRead, Finding};
use crate::files::Files;
use crate::load::alert_sources::read;
use crate::text::encoding::decoded;

/// What was found between rule files and a published site.
pub(crate) struct Contract {
    /// What is wrong.
    pub(crate) findings: Vec<Finding>,
    /// How much was read.
    pub(crate) read: AlertsRead,
    /// How many files were asked for.
    pub(crate) listed: usize,
    /// The files that findings point into.
    pub(crate) files: Files,
}

/// What is wrong between the rule files `sources` and the site whose `api/alerts.json` is `published`.
///
/// Without `sources` those of the site.toml in `folder`; its `[checks]` count in any case.
pub(crate) fn contract(
    published: &Path,
    sources: &[String],
    folder: &Path,
) -> anyhow::Result<Contract> {
    let claims = claims(published)?;
    let config = config_in(folder)?;
    let (files, listed) = if sources.is_empty() {
        let listed: Vec<String> =
            config.alerts.sources.iter().map(|pattern| pattern.value.clone()).collect();
        anyhow::ensure!(
            !listed.is_empty(),
            "no rule files: name some, or list them as `[alerts] sources` in site.toml"
        );
        read(folder, &listed)?
    } else {
        let here = here()?;
        let relative: Vec<String> = sources.iter().map(|source| from(&here, source)).collect();
        read(&here, &relative)?
    };
    let (findings, read) = check_sources(&config, &files, &listed, &claims);
    Ok(Contract { findings, read, listed: listed.len(), files })
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the file that it is given")]
fn claims(file: &Path) -> anyhow::Result<Claims> {
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read `{name}`"))?;
    Claims::from_json(&text).map_err(|error| {
        let before = text.get(..error.range.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let message = error.message;
        anyhow::anyhow!("`{name}` is not the `api/alerts.json` of a site: {message}, line {line}")
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line reads the levels that site.toml sets"
)]
fn config_in(folder: &Path) -> anyhow::Result<Config> {
    let Ok(bytes) = std::fs::read(folder.join(config::path().as_str())) else {
        return Ok(Config::default());
    };
    match config::read::config(&config::path(), &decoded(&bytes)) {
        Ok((config, _)) => Ok(config),
        Err(refused) => anyhow::bail!("site.toml cannot be read: {}", refused.message),
    }
}

fn here() -> anyhow::Result<PathBuf> {
    std::env::current_dir().context("the current folder is gone")
}

/// A path as seen from a folder, so that findings name it as briefly as they can.
fn from(folder: &Path, typed: &str) -> String {
    let whole = Path::new(typed);
    if !whole.is_absolute() {
        return typed.to_owned();
    }
    for (up, above) in folder.ancestors().enumerate() {
        if let Ok(below) = whole.strip_prefix(above) {
            return format!("{}{}", "../".repeat(up), below.display());
        }
    }
    typed.to_owned()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::from;

    #[test]
    fn whole_paths_are_seen_from_the_folder() {
        let check = |typed: &str, expected: &str| {
            assert_eq!(from(Path::new("/repos/a/rules"), typed), expected);
        };
        check("prod/*.yaml", "prod/*.yaml");
        check("/repos/a/rules/prod.yaml", "prod.yaml");
        check("/repos/b/x.tf", "../../b/x.tf");
    }
}

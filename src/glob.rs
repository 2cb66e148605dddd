//! Path patterns as people write them in site.toml, in `watches` and in CODEOWNERS.
//!
//! `*` and `?` stay inside one folder, `**` crosses folders, and a pattern that names a folder means everything
//! below it. Only matches text; never looks at the disk.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Any number of patterns, matched together.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    patterns: Vec<String>,
    set: GlobSet,
}

impl PartialEq for Globs {
    fn eq(&self, other: &Globs) -> bool {
        // The set is made of the patterns and of nothing else.
        self.patterns == other.patterns
    }
}

impl Eq for Globs {}

impl Globs {
    /// Reads the patterns.
    ///
    /// # Errors
    ///
    /// Says why the first pattern that cannot be read cannot.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Globs, String> {
        let patterns: Vec<String> = patterns.into_iter().map(str::to_owned).collect();
        let mut set = GlobSetBuilder::new();
        for pattern in &patterns {
            let trimmed =
                pattern.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
            for form in [trimmed.to_owned(), format!("{trimmed}/**")] {
                let glob = GlobBuilder::new(&form)
                    .literal_separator(true)
                    .build()
                    .map_err(|error| format!("`{pattern}`: {}", error.kind()))?;
                set.add(glob);
            }
        }
        let set = set.build().map_err(|error| error.kind().to_string())?;
        Ok(Globs { patterns, set })
    }

    /// Reads a pattern that matches whole paths only, not what lies below a folder it names.
    ///
    /// # Errors
    ///
    /// Says why the pattern cannot be read.
    pub fn exact(pattern: &str) -> Result<Globs, String> {
        let said = |error: globset::Error| format!("`{pattern}`: {}", error.kind());
        let glob = GlobBuilder::new(pattern).literal_separator(true).build().map_err(said)?;
        let set = GlobSetBuilder::new().add(glob).build().map_err(said)?;
        Ok(Globs { patterns: vec![pattern.to_owned()], set })
    }

    /// Whether one of the patterns matches the path or a folder that holds it.
    pub fn matches(&self, path: &str) -> bool {
        self.set.is_match(path)
    }

    /// Whether there is no pattern, so that nothing matches.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::Globs;

    fn check(pattern: &str, matching: &[&str], other: &[&str]) {
        let globs = Globs::new([pattern]).expect("the test writes a pattern");
        for path in matching {
            assert!(globs.matches(path), "{pattern} matches {path}");
        }
        for path in other {
            assert!(!globs.matches(path), "{pattern} does not match {path}");
        }
    }

    #[test]
    fn one_star_stays_in_its_folder() {
        check("agents/*.md", &["agents/a.md"], &["agents/old/a.md", "a.md"]);
    }

    #[test]
    fn two_stars_cross_folders() {
        check("agents/**", &["agents/a.md", "agents/old/a.md"], &["policies/a.md"]);
        check("**/*.tf", &["main.tf", "modules/queue/main.tf"], &["main.tf.json"]);
    }

    #[test]
    fn a_folder_means_everything_below_it() {
        check("terraform/queue/", &["terraform/queue/main.tf"], &["terraform/queues/main.tf"]);
        check("./terraform", &["terraform/queue/main.tf", "terraform"], &["old/terraform/main.tf"]);
    }

    #[test]
    fn what_is_no_pattern_is_refused_by_name() {
        let error = Globs::new(["ok", "a[b"]).expect_err("an open bracket");
        assert!(error.starts_with("`a[b`: "), "{error}");
    }
}

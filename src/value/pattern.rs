//! Regular expressions as pages run them: those of JavaScript, in its mode for Unicode. Only reads them; a page matches.

use super::Node;
use super::read::{Reader, Spanned};
use crate::diagnostic::values;

impl Reader<'_> {
    /// A regular expression; what is none is reported and left out.
    pub fn pattern(&mut self, key: &str, node: &Node) -> Option<Spanned<String>> {
        let text = self.text(key, node)?;
        match regress::Regex::with_flags(&text.value, "u") {
            Ok(_) => Some(text),
            Err(error) => {
                let found =
                    values::bad_pattern(self.at(&text.range), self.rule(), key, &error.text);
                self.diagnostics.push(found);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;
    use crate::diagnostic::Rule;
    use crate::files::FilePath;
    use crate::value::toml;

    #[test]
    fn what_a_page_could_not_run_is_no_pattern() {
        let path = FilePath::new("site.toml").unwrap();
        for (pattern, is_one) in [
            ("[a-z]+", true),
            (r"i-[0-9a-f]{8,17}", true),
            ("(?=.*[0-9])(?<name>a+)\\k<name>", true),
            (r"\p{Lu}", true),
            ("", true),
            ("([", false),
            ("a{2,1}", false),
            ("*", false),
            ("(?P<name>a)", false),
            ("a)(b", false),
        ] {
            let text = format!("pattern = '{pattern}'");
            let node = toml::parse(&text, 0).unwrap();
            let mut reader = Reader::new(&path, &text, Rule::BadConfig);
            let read = reader.pattern("pattern", &node.entries()[0].value);
            assert_eq!(read.is_some(), is_one, "{pattern}");
            assert_eq!(reader.diagnostics.is_empty(), is_one, "{pattern}");
        }
    }
}

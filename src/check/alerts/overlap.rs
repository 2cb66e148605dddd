//! Claims of two pages that are patterns and share a name, so that nobody can tell which of the pages answers it.

use std::collections::BTreeMap;

use super::affixes::Affixes;
use super::pattern::Pattern;

/// How many pairs of patterns are compared letter by letter.
const MAX_COMPARED: usize = 200_000;

/// For each claimed pattern the first one before it that shares a name with it, by their places in `names`; names
/// without `*` share theirs with none, since whoever writes a name out means it.
pub(crate) fn overlapping(names: &[&str], case_sensitive: bool) -> Vec<(usize, usize)> {
    let fold = |name: &str| if case_sensitive { name.to_owned() } else { name.to_lowercase() };
    let patterns: BTreeMap<usize, Pattern> = names
        .iter()
        .enumerate()
        .filter(|(_, name)| name.contains('*'))
        .map(|(place, name)| (place, Pattern::claimed(&fold(name))))
        .filter(|(_, pattern)| pattern.has_constant())
        .collect();
    let mut before = Affixes::default();
    let mut found = Vec::new();
    let mut compared = 0;
    for (place, pattern) in &patterns {
        for other in before.compatible(pattern) {
            compared += 1;
            if compared > MAX_COMPARED {
                return found;
            }
            if pattern.meets(&patterns[&other]) {
                found.push((*place, other));
                break;
            }
        }
        before.add(pattern, *place);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::overlapping;

    #[test]
    fn patterns_overlap_only_where_a_common_name_exists() {
        let check = |names: &[&str], expected: &[(usize, usize)]| {
            assert_eq!(overlapping(names, false), expected, "{names:?}");
        };
        check(&["*-login-errors", "prod-*"], &[(1, 0)]);
        check(&["*-login-errors", "*-logout-errors"], &[]);
        check(&["prod-*", "test-*"], &[]);
        check(&["*-errors", "*-login-errors", "Prod-*"], &[(1, 0), (2, 0)]);
        check(&["*-login-*", "a-login", "a-login-b"], &[]);
        check(&["a*c", "*b*", "A-B-C"], &[(1, 0)]);
        check(&["*", "a-*"], &[]);
    }

    #[test]
    fn very_many_patterns_are_compared_in_time() {
        let names: Vec<String> =
            (0..20_000).map(|number| format!("*-service-{number}-old")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(overlapping(&names, false), []);
    }
}

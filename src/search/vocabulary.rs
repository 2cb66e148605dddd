//! Words of operations that mean the same, so that a page is found by those that it does not use.
//!
//! Nothing is looked up here. A group is a line, its members stand between bars; a member may be several words, of
//! which the order does not matter. Only what an index has is published with it, and a site adds groups of its own.

use std::collections::BTreeSet;

use super::analyze::chunks;

/// A member of a group: its words, folded.
pub(super) type Member = Vec<String>;

const GROUPS: &str = include_str!("vocabulary.txt");

/// The groups that say something of an index: two members at least whose words it has. What is common in it does not
/// tell members apart and is left out of those of several words.
pub(super) fn groups(
    own: &[Vec<String>],
    is_known: impl Fn(&str) -> bool,
    is_common: impl Fn(&str) -> bool,
) -> Vec<Vec<Member>> {
    let lines = GROUPS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let listed = lines.map(|line| line.split('|').map(str::to_owned).collect::<Vec<String>>());
    let mut groups = Vec::new();
    for group in listed.chain(own.iter().cloned()) {
        let mut seen = BTreeSet::new();
        let members: Vec<Member> = group
            .iter()
            .map(|member| {
                let words = words(member);
                let telling: Member =
                    words.iter().filter(|word| !is_common(word)).cloned().collect();
                if telling.is_empty() { words } else { telling }
            })
            .filter(|member| !member.is_empty() && seen.insert(member.clone()))
            .collect();
        let known = |member: &&Member| member.iter().all(|word| is_known(word));
        // What nobody wrote may still be typed, so it stays.
        if members.iter().any(|member| known(&member)) && members.len() > 1 {
            groups.push(members);
        }
    }
    groups
}

/// The words of a member as a query has them.
fn words(member: &str) -> Member {
    let mut words = Member::new();
    chunks(member, |chunk| {
        words.extend(chunk.parts.iter().map(|part| chunk.part(part).to_owned()));
    });
    words
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{GROUPS, groups, words};

    fn check(own: &[&[&str]], known: &[&str], common: &[&str], expected: &[&str]) {
        let own: Vec<Vec<String>> =
            own.iter().map(|group| group.iter().map(|word| (*word).to_owned()).collect()).collect();
        let found = groups(&own, |word| known.contains(&word), |word| common.contains(&word));
        let shown: Vec<String> = found
            .iter()
            .map(|group| group.iter().map(|member| member.join(" ")).collect::<Vec<_>>().join("|"))
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_group_is_kept_where_the_index_has_a_member() {
        check(&[&["Zorb", "blue box"]], &["blue", "box"], &[], &["zorb|blue box"]);
        check(&[&["Zorb", "blue box"]], &["blue"], &[], &[]);
        check(&[&["Zorb"]], &["zorb"], &[], &[]);
    }

    #[test]
    fn common_words_tell_no_members_apart() {
        check(&[&["zorb", "out of blue"]], &["zorb"], &["of"], &["zorb|out blue"]);
    }

    #[test]
    fn no_member_is_listed_twice_in_a_group() {
        let lines: Vec<&str> = GROUPS.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() >= 150, "{}", lines.len());
        for line in lines {
            let members: Vec<_> = line.split('|').map(words).collect();
            let distinct: BTreeSet<_> = members.iter().collect();
            assert!(members.len() > 1 && distinct.len() == members.len(), "{line}");
        }
    }
}

//! Finds what looks like a token, key, password or webhook address in the text of a page.
//!
//! One table of shapes, no network and no entropy guesses on prose. Placeholders and published examples are left
//! alone. A finding never repeats the secret.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Input, MatchKind};

use crate::diagnostic::{Diagnostic, Location, secrets as mistakes};
use crate::files::FilePath;

/// Finds the secrets of a page, in the order of the text.
pub fn secrets(path: &FilePath, text: &str) -> Vec<Diagnostic> {
    let mut found: Vec<(Range<usize>, &str)> =
        places(text).flat_map(|place| told(text, place)).collect();
    found.extend(assignments(text).map(|range| (range, "a password or token")));
    found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut end = 0;
    found.retain(|(range, _)| {
        let is_new = range.start >= end;
        end = end.max(range.end);
        is_new
    });
    let finding = |(range, what): (Range<usize>, &str)| {
        mistakes::secret_in_page(Location::new(path, range), what)
    };
    found.into_iter().map(finding).collect()
}

/// What tells of secrets besides the [`SHAPES`].
const OTHERS: [&str; 3] = [WEB_TOKEN, KEY_BLOCK, HOST];
const WEB_TOKEN: &str = "eyJ";
/// Behind five dashes, of which tables are full.
const KEY_BLOCK: &str = "BEGIN ";
const HOST: &str = "://";

/// Find what tells of a secret, each its part of it: few patterns at a time are seldom mistaken for something else,
/// and most of the time goes into looking at mistakes. The kind of match decides nothing but that many letters are
/// looked at at once.
static TELLING: LazyLock<[AhoCorasick; 2]> = LazyLock::new(|| {
    [0, 1].map(|part| {
        let telling = SHAPES.iter().map(Shape::telling).chain(OTHERS).skip(part).step_by(2);
        let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(telling);
        built.expect("a few short patterns fit into an automaton")
    })
});

/// Every place where something tells of one or more kinds of secrets, some of them more than once.
fn places(text: &str) -> impl Iterator<Item = usize> {
    TELLING.iter().flat_map(move |telling| {
        let mut from = 0;
        std::iter::from_fn(move || {
            let found = telling.find(Input::new(text).range(from..))?;
            from = found.start() + 1;
            Some(found.start())
        })
    })
}

/// The secrets of which a place tells.
fn told(text: &str, place: usize) -> impl Iterator<Item = (Range<usize>, &'static str)> {
    let fitting = SHAPES.iter().filter_map(move |shape| Some((shape, shape.start(text, place)?)));
    let found =
        fitting.filter_map(move |(shape, start)| Some((shaped(text, shape, start)?, shape.what)));
    let is = |telling: &str| text[place..].starts_with(telling);
    let other = if is(WEB_TOKEN) {
        json_web_token(text, place).map(|range| (range, "a JSON web token"))
    } else if is(KEY_BLOCK) && text[..place].ends_with("-----") {
        private_key(text, place - 5).map(|range| (range, "a private key"))
    } else if is(HOST) {
        password_in_address(text, place).map(|range| (range, "a password in an address"))
    } else {
        None
    };
    found.chain(other)
}

/// A secret that begins with fixed letters.
struct Shape {
    begins: &'static str,
    /// How many of these letters stand before those that are seldom found elsewhere.
    common: usize,
    /// How many letters follow at least.
    least: usize,
    /// Which letters follow besides ASCII letters and digits.
    besides: &'static str,
    what: &'static str,
}

const fn shape(
    begins: &'static str,
    least: usize,
    besides: &'static str,
    what: &'static str,
) -> Shape {
    Shape { begins, common: 0, least, besides, what }
}

impl Shape {
    /// The same, told by what stands behind its first letters.
    const fn told_behind(self, common: usize) -> Shape {
        Shape { common, ..self }
    }

    fn telling(&self) -> &'static str {
        &self.begins[self.common..]
    }

    /// Where the secret begins of which a place tells.
    fn start(&self, text: &str, place: usize) -> Option<usize> {
        let start = place.checked_sub(self.common)?;
        text.get(start..)?.starts_with(self.begins).then_some(start)
    }
}

const SHAPES: [Shape; 27] = [
    shape("AKIA", 16, "", "an AWS access key"),
    shape("ASIA", 16, "", "an AWS access key"),
    shape("ghp_", 36, "", "a GitHub token"),
    shape("gho_", 36, "", "a GitHub token"),
    shape("ghu_", 36, "", "a GitHub token"),
    shape("ghs_", 36, "", "a GitHub token"),
    shape("ghr_", 36, "", "a GitHub token"),
    shape("github_pat_", 50, "_", "a GitHub token").told_behind(3),
    shape("glpat-", 20, "-_", "a GitLab token"),
    shape("xoxb-", 20, "-", "a Slack token"),
    shape("xoxp-", 20, "-", "a Slack token"),
    shape("xoxa-", 20, "-", "a Slack token"),
    shape("xoxr-", 20, "-", "a Slack token"),
    shape("xapp-", 20, "-", "a Slack token"),
    shape("https://hooks.slack.com/services/", 20, "/", "a Slack webhook address").told_behind(5),
    shape("https://discord.com/api/webhooks/", 40, "/-_", "a Discord webhook address")
        .told_behind(5),
    shape(".webhook.office.com/webhookb2/", 40, "/-_@", "a Teams webhook address"),
    shape("sk-proj-", 40, "-_", "an OpenAI key"),
    shape("sk-", 40, "-_", "an API key"),
    shape("sk_live_", 20, "", "a Stripe key"),
    shape("rk_live_", 20, "", "a Stripe key"),
    shape("AIza", 35, "-_", "a Google API key"),
    shape("npm_", 36, "", "an npm token"),
    shape("pypi-AgEI", 40, "-_", "a PyPI token"),
    shape("SG.", 60, ".-_", "a SendGrid key"),
    shape("hvs.", 24, "-_", "a Vault token"),
    shape("dop_v1_", 60, "", "a DigitalOcean token"),
];

/// As much of a secret as is looked at. The longest are some thousand letters; what goes on for longer is a text in
/// which one secret seems to begin behind another.
const LONGEST: usize = 4 << 10;

/// The letters at the beginning of a text that fit.
fn run(text: &str, fits: impl Fn(char) -> bool) -> &str {
    let text = &text[..text.floor_char_boundary(LONGEST)];
    &text[..text.find(|letter| !fits(letter)).unwrap_or(text.len())]
}

fn shaped(text: &str, shape: &Shape, start: usize) -> Option<Range<usize>> {
    let is_tail = |letter: char| letter.is_ascii_alphanumeric() || shape.besides.contains(letter);
    let tail = run(&text[start + shape.begins.len()..], is_tail);
    let begins_word = !text[..start]
        .ends_with(|letter: char| letter.is_alphanumeric() || letter == '_')
        || shape.begins.starts_with('.');
    let fits = match shape.begins {
        "AKIA" | "ASIA" => {
            tail.len() == 16 && !tail.contains(|letter: char| letter.is_ascii_lowercase())
        }
        _ => tail.len() >= shape.least,
    };
    let range = start..start + shape.begins.len() + tail.len();
    (begins_word && fits && !is_example(tail)).then_some(range)
}

/// Three parts of base64 with a dot between, of which the first two are JSON objects.
fn json_web_token(text: &str, start: usize) -> Option<Range<usize>> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let token = run(&text[start..], is_part).trim_end_matches('.');
    let parts: Vec<&str> = token.splitn(4, '.').collect();
    let fits = matches!(parts[..], [head, body, sign]
        if head.len() >= 15 && body.starts_with("eyJ") && sign.len() >= 20);
    let begins = !text[..start].ends_with(|letter: char| letter.is_alphanumeric() || letter == '.');
    (fits && begins).then_some(start..start + token.len())
}

/// A PEM block that holds something.
fn private_key(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = &text[start..];
    let line = rest.lines().next()?;
    let body: String = rest.lines().skip(1).take(3).collect();
    let is_filled = body.chars().filter(char::is_ascii_alphanumeric).count() >= 40;
    (line.trim_end().ends_with("PRIVATE KEY-----") && is_filled)
        .then_some(start..start + line.trim_end().len())
}

/// `https://user:password@host`, from its `://` on.
fn password_in_address(text: &str, at: usize) -> Option<Range<usize>> {
    let start = at + 3;
    let rest = &text[start..];
    let authority =
        run(rest, |letter: char| !letter.is_whitespace() && !"/?#\"'`<>".contains(letter));
    let (user, _) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':')?;
    let is_real =
        password.len() >= 6 && !name.is_empty() && !is_example(password) && is_mixed(password);
    (is_real && !is_variable(password)).then(|| {
        let begin = start + name.len() + 1;
        begin..begin + password.len()
    })
}

/// `password = "..."` and its like, in any of the ways that configuration and shells write it.
fn assignments(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'"', b'\'', bytes).filter_map(move |start| {
        let assigns = bytes[..start].iter().rposition(|byte| !matches!(byte, b' ' | b'\t'))?;
        let before = text[..=assigns].strip_suffix(['=', ':'])?;
        if !names_secret(before) {
            return None;
        }
        let rest = &text[start + 1..];
        let value = &rest[..memchr::memchr(bytes[start], rest.as_bytes())?];
        let is_secret = (8..=200).contains(&value.len())
            && !value.contains(|letter: char| letter.is_whitespace() || letter.is_control())
            && is_mixed(value)
            && !is_variable(value)
            && !is_example(value);
        is_secret.then_some(start + 1..start + 1 + value.len())
    })
}

/// Whether the name at the end of a text, which something is assigned to, is that of a secret.
fn names_secret(before: &str) -> bool {
    const NAMES: [&str; 9] = [
        "password",
        "passwd",
        "pwd",
        "secret",
        "token",
        "api_key",
        "apikey",
        "access_key",
        "private_key",
    ];
    let name = before.trim_end_matches([':', '=', ' ', '"', '\'']);
    let same = |(typed, known): (u8, u8)| match typed {
        b'-' => known == b'_',
        typed => known == typed.to_ascii_lowercase(),
    };
    NAMES.iter().any(|known| {
        known.len() <= name.len() && name.bytes().rev().zip(known.bytes().rev()).all(same)
    })
}

/// Whether a value has what a password has and a name has not: a digit or sign, and more than lower case.
fn is_mixed(value: &str) -> bool {
    let has = |kind: fn(char) -> bool| value.chars().any(kind);
    let letters = has(char::is_alphabetic);
    let upper = has(char::is_uppercase) && has(char::is_lowercase);
    let digits = has(|letter| letter.is_ascii_digit());
    let signs = has(|letter| !letter.is_alphanumeric() && !"-_./:".contains(letter));
    let is_name = !upper && has(|letter| "-_./:".contains(letter)) && !signs;
    letters && (digits || signs) && !is_name
}

/// Whether the value is a place where the secret belongs: `<token>`, `$TOKEN`, `{{ token }}`, `%TOKEN%`.
fn is_variable(value: &str) -> bool {
    value.contains(['<', '>', '$', '{', '}', '%', '*']) || value.contains("...")
}

/// Words that stand in examples, not in secrets.
const EXAMPLE_WORDS: [&str; 9] = [
    "example",
    "changeme",
    "placeholder",
    "redacted",
    "xxxx",
    "your",
    "dummy",
    "123456789",
    "abcdef",
];

/// Whether the value is a published example or was typed to stand for one.
fn is_example(value: &str) -> bool {
    let lower = value.to_lowercase();
    let distinct = lower.bytes().fold(0_u128, |seen, byte| seen | 1 << (byte & 127));
    distinct.count_ones() < 6 || EXAMPLE_WORDS.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::secrets;
    use crate::files::FilePath;

    /// The texts that the findings point at.
    fn check(text: &str, expected: &[&str]) {
        let path = FilePath::new("content/a.md").expect("a path");
        let found = secrets(&path, text);
        let shown: Vec<&str> =
            found.iter().map(|finding| &text[finding.at.range.clone()]).collect();
        assert_eq!(shown, expected, "{text}");
        for (finding, secret) in found.iter().zip(shown) {
            assert!(!finding.message.contains(secret), "{}", finding.message);
        }
    }

    /// A token of the given beginning: in parts, so that no scanner of this repository takes it for one.
    fn token(begins: &str, length: usize) -> String {
        let letters = "q7Rk2mZp9TvXc4LwYb8NsHd3JgFe6Ua5";
        begins.chars().chain(letters.chars().cycle().take(length)).collect()
    }

    #[test]
    fn tokens_are_known_by_their_shape() {
        for (begins, length) in [
            ("ghp_", 36),
            ("github_pat_", 60),
            ("https://discord.com/api/webhooks/", 60),
            ("glpat-", 20),
            ("xoxb-", 30),
            ("sk-proj-", 60),
            ("https://hooks.slack.com/services/", 40),
        ] {
            let secret = token(begins, length);
            check(&format!("Use `{secret}` here."), &[&secret]);
            check(&format!("Use {begins}TOKEN here, {}.", token(begins, 8)), &[]);
        }
        let key = format!("AKIA{}", "Q7RK2MZP9TVXC4LW");
        check(&format!("aws_access_key_id = {key}\n"), &[&key]);
    }

    #[test]
    fn published_examples_and_placeholders_are_left_alone() {
        check("AKIAIOSFODNN7EXAMPLE and ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", &[]);
        check(
            "password = \"<password>\"\npassword: '${DB_PASSWORD}'\ntoken=\"{{ token }}\"\npassword = \"changeme1\"",
            &[],
        );
        check(
            "secret = \"va-prod-core-openai-api-key-2\"\nsecret_name = \"Tr0ub4dor&3x\"\ntoken: \"0000000000\"",
            &[],
        );
        check("https://user:password@host/ and https://user:$PASSWORD@host/ at 10:30", &[]);
    }

    #[test]
    fn assigned_passwords_are_found_in_quotes() {
        check("db_password = \"Tr0ub4dor&3x\"", &["Tr0ub4dor&3x"]);
        check("  \"api-key\": \"q7Rk2mZp9TvXc4Lw\",", &["q7Rk2mZp9TvXc4Lw"]);
        check("export TOKEN='q7Rk2mZp9TvXc4Lw'", &["q7Rk2mZp9TvXc4Lw"]);
        check("postgres://app:Tr0ub4dor3x@db.internal/app", &["Tr0ub4dor3x"]);
        check("postgres://app:Tr0ub4dor3x@db.internal", &["Tr0ub4dor3x"]);
    }

    #[test]
    fn key_blocks_and_web_tokens_are_found_once() {
        let begin = format!("-----BEGIN RSA {} KEY-----", "PRIVATE");
        check(&format!("{begin}\n{}\n", token("MII", 64)), &[&begin]);
        check(&format!("{begin}\n...\n"), &[]);
        let jwt = format!("{}.{}.{}", token("eyJ", 20), token("eyJ", 40), token("", 43));
        check(&format!("token = \"{jwt}\""), &[&jwt]);
    }
}

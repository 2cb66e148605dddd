//! What a value is that stands where a secret could: a placeholder, a reference to where the secret is kept, a
//! published example, a hash, a name made of words, or something that a program or a person chose as a secret.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::files::fingerprint;

/// How references and placeholders begin.
const BEGINNINGS: &str = "\
    ! $ % & - ../ ./ < @ AgA AgB AgC C:\\ ENC( ENC[ ENV[ SCRAM- System. [ __ argon2 arn: aws- awssm bcrypt config. \
    data. each. enc: env. env: file: gcp- gsm: http:// https:// keyring: kms: kv/ local. lookup( md5: module. op:// \
    os.Getenv os.environ os.getenv pbkdf2 process.env projects/ ref+ scrypt: secret/ secret: secrets self. sha1- \
    sha1: sha256- sha256: sha384- sha512- sha512: sm:// sops: ssm/ ssm: this. var. vault { ~/ ‹ « 〈 【 《";

/// What stands in references and placeholders.
const PARTS: &str = "\
    #{ $( ${ %> %d %s %v *** ... :: <% \\( {{ }} ••• …";

/// Whether a value says where the secret comes from, or that it belongs there: `<token>`, `$TOKEN`, `{{ token }}`,
/// `op://vault/item`, `arn:aws:secretsmanager:…`.
pub(super) fn stands_for_another(value: &str) -> bool {
    let begins = |known: &str| {
        let start = value.get(..known.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(known))
    };
    let is_bracketed = value.find('<').is_some_and(|open| value[open..].contains('>'));
    BEGINNINGS.split(' ').any(begins)
        || PARTS.split(' ').any(|part| value.contains(part))
        || is_bracketed
        || value.ends_with("__")
}

/// Parts of values that stand in examples, not in secrets.
const EXAMPLE_PARTS: &str = "\
    00000000 11111111 1234567 7654321 abcdef change-me change_me changeme deadbeef dummy example foobar insert lorem \
    not-real notreal placeholder redacted replace sample xxxx your";

/// Words that examples are made of.
const EXAMPLE_WORDS: &str = "\
    a abc access account add admin an and api app auth bar base baz be bearer change client database db default demo \
    encoded enter fake foo for from guest hello here in is it key letmein long me my name new of old our pass \
    passphrase passwd password passwort put pw pwd qux qwerty random root secret secrets secure service some string \
    strong super test testing that the this to todo token tokens user value very welcome with world";

/// Published examples that look like secrets, by the fingerprint of their text, so that no scanner takes this file
/// for a place where they are used.
const PUBLISHED: &[&str] = &["0fd4e69a18", "78684c07df", "b1e9097ff2", "fd43c59aa7"];

/// Whether the value is a published example or was typed to stand for one.
pub(super) fn is_example(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let distinct = lower.bytes().fold(0_u128, |seen, byte| seen | 1 << (byte & 127));
    distinct.count_ones() < 5
        || EXAMPLE_PARTS.split(' ').any(|part| holds_word(value, &lower, part))
        || is_of_example_words(&lower)
        || PUBLISHED.contains(&fingerprint(value.as_bytes()).as_str())
}

/// Whether a word stands in a value as somebody types it: `your`, `Your` or `YOUR`, and not `yOUr`, which was drawn.
fn holds_word(value: &str, lower: &str, word: &str) -> bool {
    lower.match_indices(word).any(|(at, _)| {
        let typed = &value[at + 1..at + word.len()];
        let has = |kind: fn(char) -> bool| typed.contains(kind);
        !(has(char::is_uppercase) && has(char::is_lowercase))
    })
}

/// Whether nothing is left of a value without the words that examples are made of and digits in a row.
fn is_of_example_words(lower: &str) -> bool {
    let digits: String = lower.chars().filter(char::is_ascii_digit).collect();
    if !"1234567890".starts_with(&digits) && digits.bytes().any(|digit| digit != b'0') {
        return false;
    }
    let is_separator = |letter: char| letter.is_ascii_digit() || "-_. /:".contains(letter);
    let mut left = 0;
    for part in lower.split(is_separator) {
        let mut rest = part;
        while !rest.is_empty() {
            let word = EXAMPLE_WORDS.split(' ').filter(|word| rest.starts_with(word));
            if let Some(length) = word.map(str::len).max() {
                rest = &rest[length..];
            } else {
                left += 1;
                rest =
                    rest.get(rest.chars().next().map_or(1, char::len_utf8)..).unwrap_or_default();
            }
            if left > 1 {
                return false;
            }
        }
    }
    true
}

/// Whether a value was drawn by a program: it has digits, or upper and lower case, and is not made of words.
pub(super) fn is_random(value: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| value.bytes().any(|byte| kind(&byte));
    let letters = has(u8::is_ascii_alphabetic);
    let digits = has(u8::is_ascii_digit);
    let cases = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    letters && (digits || (cases && value.len() >= 20)) && wordiness(value) < 50
}

/// Whether somebody may have thought of a value as a password: it has letters, and digits or signs, and is no name.
pub(super) fn is_password(value: &str) -> bool {
    let has = |kind: fn(char) -> bool| value.chars().any(kind);
    let signs = has(|letter| !letter.is_alphanumeric() && !"-_./:,".contains(letter));
    let digits = has(|letter| letter.is_ascii_digit());
    let cases = has(char::is_uppercase) && has(char::is_lowercase);
    if !has(char::is_alphabetic) || is_measure(value) || is_mail(value) || is_path(value) {
        return false;
    }
    let is_name = !signs && is_name(value);
    let is_drawn = value.len() >= 12 && cases && wordiness(value) < 40;
    !is_name && (signs || digits || is_drawn)
}

/// Whether somebody or a program may have thought of a value as a secret, rather than as the name of one.
pub(super) fn is_key(value: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| value.bytes().any(|byte| kind(&byte));
    let is_rich =
        has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    let signs = value.chars().any(|letter| "!#$%^&*?+=,;@".contains(letter));
    if is_measure(value) || is_mail(value) || is_path(value) || is_name(value) {
        return false;
    }
    (value.len() >= 16 && is_random(value))
        || (value.len() >= 10 && is_rich && (signs || wordiness(value) < 50))
        || (value.len() >= 8 && signs && is_rich && is_password(value))
}

/// A name of several parts, each of them a word, a number, or a word with its number: `orders-db-2`,
/// `prod/orders/password`.
fn is_name(value: &str) -> bool {
    let mut parts =
        value.split(|letter: char| "-_./:".contains(letter)).filter(|part| !part.is_empty());
    let is_part = |part: &str| {
        let word = part.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let has_one_case = word.chars().skip(1).all(char::is_lowercase)
            || word.chars().all(|letter| !letter.is_lowercase());
        let is_word =
            word.chars().all(char::is_alphabetic) && (has_one_case || wordiness(word) >= 60);
        (is_word && (word.is_empty() || part.len() - word.len() <= 4)) || is_short_word(part)
    };
    let has_several = value.contains(['-', '_', '.', '/', ':']);
    has_several && parts.all(is_part) && wordiness(value) >= 40
}

/// The path of a file.
fn is_path(value: &str) -> bool {
    value.starts_with('/') && wordiness(value) >= 30
}

/// A number, a date, a time, a version or an address of the network: hardly any letters.
fn is_measure(value: &str) -> bool {
    let letters = value.chars().filter(|letter| letter.is_alphabetic()).count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    letters <= 2
        && digits > 0
        && value.chars().all(|letter| letter.is_alphanumeric() || "-_./:+,".contains(letter))
}

/// An address of somebody.
fn is_mail(value: &str) -> bool {
    let is_name = |part: &str| {
        !part.is_empty()
            && part.chars().all(|letter| letter.is_alphanumeric() || "-_.+".contains(letter))
    };
    value.split_once('@').is_some_and(|(name, host)| {
        is_name(name) && is_name(host) && host.contains('.') && wordiness(host) >= 50
    })
}

/// Short words of names that are not told by their letters.
const SHORT: &str = "\
    acl aks alb ami amp api app arm arn asg aws az bin bot ca cd cdn cert cfg ci cli cmd cn cpu crd crm cron crt csr \
    ctl db dev dmz dns doc east ec2 ecr ecs efs eks elb env etc eu fs ftp gcp gcs gh git gke gpu grafana grpc gw \
    hook hpa http https iam id idp img io ip json jwt k8s key kms kubernetes lb ldap lib log mfa mgmt mq msg mysql \
    nat net nfs nginx node ns oidc ops opt org os otp pdb pem pg pgsql pod postgres postgresql ppd pr prd prod psql \
    pub pvc qa rbac rds ref rpc run s3 saml sdk sg smtp sns sql sqs sre srv ssh ssl sso stg svc tcp tf tls tmp ttl \
    txt udp ui uk url us usr v1 v2 v3 va var vault vm vpc vpn web west www xml yaml yml";

static SHORT_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| SHORT.split(' ').collect());

static FOLLOWED: LazyLock<Vec<&[u8]>> =
    LazyLock::new(|| FOLLOWING.split(' ').map(str::as_bytes).collect());

/// Which letters often follow each letter from `a` to `z` in English words and in those of the trade.
const FOLLOWING: &str = "\
    abcdefgiklmnprstuvwxyz aeijlnorsu acdehikloprstuy abcdegilmnoprsuy abcdefghilmnopqrstuvwxy aefilortuy \
    aceghilmnorsuy aceilmortuy abcdefglmnoprstvxz eo aeimosu abdeilmopstuvy abceimopsu acdefghiklmnoprstuv \
    abcdfgiklmnoprstuvwy acdehiloprstu u abcdefgiklmnoprstuvwy acdefhiklmnoprstuwy abcdefghilmnoprstuvwy \
    abcdegilmnoprst aeimos aehinors ceiptx ceimnopst aeu";

/// How much of a value is made of words, in percent of its letters and digits.
pub(super) fn wordiness(value: &str) -> usize {
    let (mut all, mut wordy) = (0, 0);
    for part in
        value.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty())
    {
        let length = part.chars().count();
        all += length;
        let is_number = length <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number || is_short_word(part) {
            wordy += length;
        } else {
            let in_words: usize = words(part).filter(|word| is_word(word)).map(str::len).sum();
            let digits = part.bytes().filter(u8::is_ascii_digit).count();
            wordy +=
                if in_words * 2 > length && digits <= 4 { in_words + digits } else { in_words };
        }
    }
    (wordy.min(all) * 100).checked_div(all).unwrap_or(100)
}

/// The runs of letters of a part, parted where upper case begins.
fn words(part: &str) -> impl Iterator<Item = &str> {
    let letters = part.split(|letter: char| !letter.is_alphabetic());
    letters.flat_map(|run| {
        let mut rest = run;
        std::iter::from_fn(move || {
            let first = rest.chars().next()?;
            let upper = rest.chars().take_while(|letter| letter.is_uppercase()).count();
            let inner = rest.char_indices().skip(1);
            // `HTTPServer` is `HTTP` and `Server`, `httpServer` is `http` and `Server`.
            let end = match (first.is_uppercase(), upper) {
                (true, 2..) => {
                    let (after, _) = rest.char_indices().nth(upper).unwrap_or((rest.len(), ' '));
                    let last = rest.char_indices().nth(upper - 1).map_or(after, |(at, _)| at);
                    if after < rest.len() && last > 0 { last } else { after }
                }
                _ => inner
                    .into_iter()
                    .find(|(_, letter)| letter.is_uppercase())
                    .map_or(rest.len(), |(at, _)| at),
            };
            let (word, left) = rest.split_at(end);
            rest = left;
            Some(word)
        })
    })
}

fn is_short_word(part: &str) -> bool {
    part.len() <= 10 && SHORT_WORDS.contains(part.to_ascii_lowercase().as_str())
}

/// Whether a run of letters could be a word.
fn is_word(run: &str) -> bool {
    if is_short_word(run) {
        return true;
    }
    let lower = run.to_ascii_lowercase();
    let follows = |pair: &[u8]| {
        let first = pair[0].checked_sub(b'a').and_then(|place| FOLLOWED.get(usize::from(place)));
        first.is_some_and(|following| following.contains(&pair[1]))
    };
    let usual = lower.as_bytes().windows(2).filter(|pair| follows(pair)).count();
    lower.len() >= 4
        && lower.contains(['a', 'e', 'i', 'o', 'u', 'y'])
        && usual * 5 >= (lower.len() - 1) * 4
}

/// Whether a value is a token of documentation, wherever it stands.
pub(super) fn is_published_token(value: &str) -> bool {
    let mut parts = value.split('.');
    let (head, body) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    head.starts_with("eyJ") && body.starts_with("eyJ") && is_published_claim(body)
}

/// Whether a token says of itself what the tokens of documentation say.
pub(super) fn is_published_claim(body: &str) -> bool {
    let whole = &body[..body.len() / 4 * 4];
    let claims = typed_in_base64(whole).unwrap_or_default();
    ["1234567890", "John Doe", "example"].iter().any(|known| claims.contains(known))
}

/// What base64 stands for, if it is text that could be typed.
pub(super) fn typed_in_base64(value: &str) -> Option<String> {
    let digits = value.trim_end_matches('=');
    let is_padded = value.len().is_multiple_of(4) || value.len() == digits.len();
    if value.len() < 8 || !is_padded {
        return None;
    }
    let mut bytes = Vec::with_capacity(digits.len());
    let (mut held, mut bits) = (0_u32, 0);
    for digit in digits.bytes() {
        let six = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(six)) & 0xfff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff) as u8);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    let is_typed = text.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte));
    is_typed.then(|| text.trim_end_matches('\n').to_owned())
}

//! Secrets that only the name beside them tells of: `DB_PASSWORD=…`, `"client_secret": "…"`, `--token …`,
//! `Authorization: Bearer …`, `curl -u name:…`, `?api_key=…`, in the ways that configuration, programs, shells and
//! prose write them.

use std::ops::Range;

use super::harmless::{
    is_example, is_key, is_password, is_published_token, stands_for_another, typed_in_base64,
};

/// What every name of a secret holds, or what stands before one.
pub(super) const TELLING: &[&str] = &[
    "pass", "pwd", "secret", "token", "key", "auth", "credential", "cookie", "bearer", "sig",
    "masterauth", "identified by", "unseal key", "pw", "kennwort", "mot de passe", "senha",
    "wachtwoord", "honeycomb", "login", "creds", "zugangsdaten",
];

/// What passwords are called in other languages, whole words.
pub(super) const FOREIGN: &[&str] = &[
    "adgangskode", "contrasena", "contraseña", "contraseñas", "heslo", "jelszó", "kodeord",
    "lösenord", "parola", "salasana", "şifre", "пароль", "Пароль", "密码", "密碼", "パスワード",
    "비밀번호",
];

/// How a secret of a name came to be, which decides what can be one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SecretOrigin {
    /// By a person who may have chosen a word.
    Chosen,
    /// By a person or a program; the value may be the name of the secret as well.
    Either,
    /// By a program.
    Drawn,
}

/// Ends of names, without what separates their words.
const NAMES: &[(&str, SecretOrigin)] = &[
    ("password", SecretOrigin::Chosen),
    ("passwort", SecretOrigin::Chosen),
    ("passwd", SecretOrigin::Chosen),
    ("passphrase", SecretOrigin::Chosen),
    ("passcode", SecretOrigin::Chosen),
    ("requirepass", SecretOrigin::Chosen),
    ("masterauth", SecretOrigin::Chosen),
    ("pwd", SecretOrigin::Chosen),
    ("kennwort", SecretOrigin::Chosen),
    ("motdepasse", SecretOrigin::Chosen),
    ("senha", SecretOrigin::Chosen),
    ("wachtwoord", SecretOrigin::Chosen),
    ("adminpass", SecretOrigin::Chosen),
    ("dbpass", SecretOrigin::Chosen),
    ("ftppass", SecretOrigin::Chosen),
    ("keypass", SecretOrigin::Chosen),
    ("rootpass", SecretOrigin::Chosen),
    ("storepass", SecretOrigin::Chosen),
    ("userpass", SecretOrigin::Chosen),
    ("adminpw", SecretOrigin::Chosen),
    ("bindpw", SecretOrigin::Chosen),
    ("dbpw", SecretOrigin::Chosen),
    ("rootpw", SecretOrigin::Chosen),
    ("userpw", SecretOrigin::Chosen),
    ("identifiedby", SecretOrigin::Chosen),
    ("secret", SecretOrigin::Either),
    ("token", SecretOrigin::Either),
    ("apikey", SecretOrigin::Either),
    ("secretkey", SecretOrigin::Either),
    ("accesskey", SecretOrigin::Drawn),
    ("accountkey", SecretOrigin::Drawn),
    ("adminkey", SecretOrigin::Drawn),
    ("appkey", SecretOrigin::Drawn),
    ("applicationkey", SecretOrigin::Drawn),
    ("authkey", SecretOrigin::Drawn),
    ("clientkey", SecretOrigin::Drawn),
    ("consumerkey", SecretOrigin::Drawn),
    ("cookie", SecretOrigin::Drawn),
    ("credential", SecretOrigin::Drawn),
    ("credentials", SecretOrigin::Drawn),
    ("deploykey", SecretOrigin::Drawn),
    ("encryptionkey", SecretOrigin::Drawn),
    ("fastlykey", SecretOrigin::Drawn),
    ("honeycombteam", SecretOrigin::Drawn),
    ("ingestkey", SecretOrigin::Drawn),
    ("ingestionkey", SecretOrigin::Drawn),
    ("integrationkey", SecretOrigin::Drawn),
    ("jwtkey", SecretOrigin::Drawn),
    ("licensekey", SecretOrigin::Drawn),
    ("masterkey", SecretOrigin::Drawn),
    ("privatekey", SecretOrigin::Drawn),
    ("routingkey", SecretOrigin::Drawn),
    ("servicekey", SecretOrigin::Drawn),
    ("sessionkey", SecretOrigin::Drawn),
    ("sharedkey", SecretOrigin::Drawn),
    ("signingkey", SecretOrigin::Drawn),
    ("storagekey", SecretOrigin::Drawn),
    ("subscriptionkey", SecretOrigin::Drawn),
    ("unsealkey", SecretOrigin::Drawn),
    ("writekey", SecretOrigin::Drawn),
    ("signature", SecretOrigin::Drawn),
    ("authorization", SecretOrigin::Drawn),
    ("bearer", SecretOrigin::Drawn),
];

/// Names that count as a whole word only, since many words end like them.
const WORDS: &[(&str, SecretOrigin)] = &[
    ("pass", SecretOrigin::Chosen),
    ("pw", SecretOrigin::Chosen),
    ("auth", SecretOrigin::Drawn),
    ("sig", SecretOrigin::Drawn),
    ("key", SecretOrigin::Drawn),
];

/// What may follow in the name of a secret.
const ENDINGS: &[&str] = &[
    "base64", "b64", "base", "default", "dev", "enc", "key", "live", "new", "old", "plain",
    "plaintext", "preprod", "primary", "prod", "production", "secondary", "stage", "staging",
    "str", "string", "test", "text", "uat", "value",
];

/// How far a name reaches at most to each side of what tells of it, in bytes.
const NAME: usize = 48;
/// How far a value stands behind its name at most, in bytes.
const BETWEEN: usize = 160;
/// How long a value is at most, in bytes.
pub(super) const VALUE: usize = 512;

/// The secret that a name is given whose telling letters stand at a place.
pub(super) fn assigned(text: &str, telling: Range<usize>) -> Option<(Range<usize>, &'static str)> {
    let foreign = FOREIGN.iter().any(|word| text[telling.clone()].eq_ignore_ascii_case(word));
    let (name, origin) = if foreign {
        let is_whole = !text[..telling.start].ends_with(char::is_alphanumeric)
            && !text[telling.end..].starts_with(char::is_alphanumeric);
        (telling, is_whole.then_some(SecretOrigin::Chosen)?)
    } else {
        let name = name(text, telling);
        if is_name_of_both(&text[name.clone()]) {
            return behind_name(text, &name);
        }
        let origin = secret_origin(text, &name).filter(|_| !is_sum(text, &name))?;
        (name, origin)
    };
    let from = behind_separator(text, &name)?;
    let mut value = value(text, from)?;
    // Among the parameters of an address the next begins at any `&`.
    if text[..name.start].ends_with(['?', '&']) {
        let end = text[value.range.clone()].find('&').map(|length| value.range.start + length);
        value.range.end = end.unwrap_or(value.range.end);
    }
    let is_secret = is_secret(origin, &text[value.range.clone()], value.is_quoted);
    let what = match origin {
        SecretOrigin::Chosen => "a password",
        SecretOrigin::Either | SecretOrigin::Drawn => "a password or token",
    };
    is_secret.then_some((value.range, what))
}

/// What a name and a password are called that are told together: `Credentials: admin / …`.
const BOTH: &[&str] = &["credential", "credentials", "creds", "login", "logins", "zugangsdaten"];

/// Whether what is called so is a name and its password.
fn is_name_of_both(name: &str) -> bool {
    let last = name.rsplit(['-', '.', '_']).next().unwrap_or(name);
    BOTH.iter().any(|word| last.eq_ignore_ascii_case(word))
}

/// The password that is told behind its name, or the value itself where there is no name before it.
fn behind_name(text: &str, name: &Range<usize>) -> Option<(Range<usize>, &'static str)> {
    let first = value(text, behind_separator(text, name)?)?;
    let rest = text[first.range.end..].trim_start_matches(['`', '"', '\'']);
    let second = rest.strip_prefix(" / ").or_else(|| rest.strip_prefix(" with "));
    if let Some(second) = second {
        let password = value(text, text.len() - second.trim_start().len())?;
        let is_secret =
            is_secret(SecretOrigin::Chosen, &text[password.range.clone()], password.is_quoted);
        return is_secret.then_some((password.range, "a password"));
    }
    let origin = secret_origin(text, name)?;
    is_secret(origin, &text[first.range.clone()], first.is_quoted)
        .then_some((first.range, "a password or token"))
}

/// Whether a name is that of a file whose sum follows: `checksum/secret: …`.
fn is_sum(text: &str, name: &Range<usize>) -> bool {
    const SUMS: &[&str] = &["checksum", "digest", "fingerprint", "hash", "md5", "sha1", "sha256"];
    let Some(before) = line_before(text, name).strip_suffix('/') else { return false };
    let before = before.to_ascii_lowercase();
    SUMS.iter().any(|sum| before.ends_with(sum))
}

/// What every name of a secret is origin of: the name of a column is one, or it is none.
pub(super) fn is_name_of_password(title: &str) -> bool {
    let title = title.trim_matches([' ', '*', '`', '_']);
    let is_foreign = || FOREIGN.iter().any(|word| word.eq_ignore_ascii_case(title));
    title.len() <= NAME
        && (secret_origin(title, &(0..title.len())) == Some(SecretOrigin::Chosen) || is_foreign())
}

/// Whether a value can be one that somebody chose as a password.
pub(super) fn is_chosen(value: &str, is_quoted: bool) -> bool {
    is_secret(SecretOrigin::Chosen, value, is_quoted)
}

/// The whole name around what tells of it.
fn name(text: &str, telling: Range<usize>) -> Range<usize> {
    let in_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let bytes = text.as_bytes();
    let before =
        bytes[..telling.start].iter().rev().take(NAME).take_while(|byte| in_name(byte)).count();
    let behind = bytes[telling.end..].iter().take(NAME).take_while(|byte| in_name(byte)).count();
    telling.start - before..telling.end + behind
}

/// How the secret of a name comes to be; nothing if the name is not one of a secret.
fn secret_origin(text: &str, name: &Range<usize>) -> Option<SecretOrigin> {
    let typed = text[name.clone()].trim_matches(['-', '.', '_']);
    let squashed: String = typed
        .bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    let mut squashed = squashed.as_str();
    let last = typed.rsplit(['-', '.', '_']).next().unwrap_or(typed);
    if let Some((_, origin)) = WORDS.iter().find(|(word, _)| last.eq_ignore_ascii_case(word)) {
        // `?key=` and `&key=` alone: everything else has a key.
        let is_parameter = text[..name.start].ends_with(['?', '&', ';']);
        let is_whole = last.len() == typed.len();
        if !matches!(last.to_ascii_lowercase().as_str(), "key" | "sig") || is_parameter && is_whole
        {
            return Some(*origin);
        }
    }
    for _ in 0..3 {
        if let Some((_, origin)) = NAMES.iter().find(|(name, _)| squashed.ends_with(name)) {
            return Some(*origin);
        }
        let shorter = squashed.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let ending = ENDINGS.iter().find_map(|ending| shorter.strip_suffix(ending));
        squashed = ending.unwrap_or(shorter);
    }
    None
}

/// Where the value begins that a name is given, behind what joins them.
fn behind_separator(text: &str, name: &Range<usize>) -> Option<usize> {
    let rest = &text[name.end..];
    let rest = &rest[..rest.floor_char_boundary(BETWEEN)];
    let is_option = text[name.clone()].starts_with('-');
    // What closes the name: quotes, also escaped ones, brackets, and what Markdown emphasizes with.
    let closed = rest.trim_start_matches(['"', '\'', '`', '*', '\\', ']']);
    let spaced = closed.trim_start_matches([' ', '\t']);
    let begins_with_blank = spaced.len() < closed.len();
    // `Unseal Key 1: …`.
    let numbered = spaced.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let spaced = if begins_with_blank && numbered.starts_with(':') { numbered } else { spaced };
    let behind = ["::=", ":=", ":-", "=>", "->", "==", "=", ":", "\u{ff1a}"]
        .iter()
        .find_map(|sign| spaced.strip_prefix(sign))
        .or_else(|| {
            spaced
                .strip_prefix('|')
                .filter(|_| line_before(text, name).trim_start().starts_with('|'))
        })
        .or_else(|| in_element(text, name, spaced))
        .or_else(|| in_call(text, name, spaced))
        .or_else(|| in_block(spaced))
        .or_else(|| behind_by(spaced).filter(|_| begins_with_blank))
        .or_else(|| {
            spaced
                .strip_prefix("is ")
                .or_else(|| spaced.strip_prefix("is: "))
                .filter(|_| begins_with_blank)
        })
        .or_else(|| spaced.strip_prefix(',').filter(|_| closed.len() < rest.len()).map(in_next))
        .or_else(|| is_given_bare(text, name, is_option, spaced).filter(|_| begins_with_blank))
        .or_else(|| in_next_line(closed));
    let behind = behind?;
    // `: string = "…"` declares a type before the value.
    let typed = behind.trim_start_matches([' ', '\t']);
    let word = typed.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let declared =
        word.trim_start_matches(' ').strip_prefix("= ").filter(|_| word.len() < typed.len());
    let behind = declared.unwrap_or(behind).trim_start_matches([' ', '\t']);
    // What closes the emphasis of the name, and not the stars that stand for a secret.
    let emphasis = behind.len() - behind.trim_start_matches('*').len();
    let behind = if emphasis <= 3 { &behind[emphasis..] } else { behind };
    let behind = behind.trim_start_matches([' ', '\t']);
    let offset = rest.len() - behind.len();
    Some(name.end + offset)
}

/// What stands in an element of XML.
fn in_element<'t>(text: &str, name: &Range<usize>, spaced: &'t str) -> Option<&'t str> {
    let inside = spaced.strip_prefix('>').filter(|_| text[..name.start].ends_with('<'))?;
    let end = inside.find('<')?;
    inside[end..].starts_with("</").then_some(inside)
}

/// What a function of the name is given: `PASSWORD('…')`.
fn in_call<'t>(text: &str, name: &Range<usize>, spaced: &'t str) -> Option<&'t str> {
    let inside = spaced.strip_prefix('(').filter(|inside| inside.starts_with(['"', '\'']))?;
    let last = text[name.clone()].rsplit('.').next().unwrap_or_default();
    ["password", "passwd"].iter().any(|word| last.eq_ignore_ascii_case(word)).then_some(inside)
}

/// The value that a block of the name holds: `variable "password" { default = "…" }`.
fn in_block(spaced: &str) -> Option<&str> {
    let inside = spaced.strip_prefix('{')?;
    let inside = &inside[..inside.find('}').unwrap_or(inside.len())];
    let (_, behind) = inside.split_once("default")?;
    behind.trim_start_matches(' ').strip_prefix('=')
}

/// What stands behind the word of a database: `IDENTIFIED WITH caching_sha2_password BY '…'`.
fn behind_by(spaced: &str) -> Option<&str> {
    let behind = spaced.strip_prefix("BY ").or_else(|| spaced.strip_prefix("by "))?;
    behind.starts_with('\'').then_some(behind)
}

/// The line that a name stands in, up to the name.
fn line_before<'t>(text: &'t str, name: &Range<usize>) -> &'t str {
    let before = &text[text.floor_char_boundary(name.start.saturating_sub(128))..name.start];
    before.rsplit('\n').next().unwrap_or(before)
}

/// What a comma leads to: the value itself, or the entry `value` of the same map.
fn in_next(behind: &str) -> &str {
    let next = behind.trim_start_matches([' ', '\t', '\r', '\n', '"', '\'', '{']);
    value_entry(next).unwrap_or(behind)
}

/// The entry `value` that follows an entry `name`, in the next line or as the next attribute.
fn in_next_line(closed: &str) -> Option<&str> {
    value_entry(closed.trim_start_matches([' ', '\t', '\r', '\n']))
}

fn value_entry(next: &str) -> Option<&str> {
    let named = ["value", "Value"].iter().find_map(|key| next.strip_prefix(key))?;
    let behind = named.trim_start_matches(['"', '\'']).trim_start_matches(' ');
    behind.strip_prefix([':', '='])
}

/// What a blank leads to behind an option, behind the words of some programs, and before a quoted value.
fn is_given_bare<'t>(
    text: &str,
    name: &Range<usize>,
    is_option: bool,
    spaced: &'t str,
) -> Option<&'t str> {
    const BEFORE: &[&str] = &["ENV ", "ARG ", "SetEnv ", "setx ", "setenv ", "set "];
    let line = line_before(text, name);
    let is_netrc = line.contains("login ")
        || line.trim_start().starts_with("machine ")
        || (line.trim().is_empty() && is_below_login(text, name));
    let is_setting = line.trim().is_empty()
        && matches!(&text[name.clone()], "requirepass" | "masterauth" | "bindpw" | "rootpw");
    // What is typed into a client: `redis> AUTH …`.
    let is_typed = &text[name.clone()] == "AUTH" && (line.is_empty() || line.ends_with("> "));
    let before = line.to_ascii_lowercase();
    let is_told = before.ends_with("with the ") || before.ends_with("with ");
    let is_word = BEFORE.iter().any(|word| line.ends_with(word)) || is_set_in_fish(line);
    let is_quoted = spaced.starts_with(['"', '\'']);
    let is_scheme = text[name.clone()].eq_ignore_ascii_case("bearer");
    let is_said = is_setting || is_typed || is_told;
    (is_option || is_netrc || is_said || is_word || is_quoted || is_scheme).then_some(spaced)
}

/// Whether the line above a name gives that of a user, as in a `.netrc`.
fn is_below_login(text: &str, name: &Range<usize>) -> bool {
    let before = &text[text.floor_char_boundary(name.start.saturating_sub(128))..name.start];
    let above = before.trim_end().rsplit('\n').next().unwrap_or_default().trim_start();
    above.starts_with("login ") || above.starts_with("machine ")
}

/// Whether a line up to a name sets a variable of that name in fish: `set -gx NAME …`.
fn is_set_in_fish(line: &str) -> bool {
    let mut words = line.rsplit([';', '&', '|']).next().unwrap_or(line).split_whitespace();
    words.next() == Some("set") && {
        let mut options = words.peekable();
        options.peek().is_some() && options.all(|word| word.starts_with('-'))
    }
}

/// A value as it is typed.
struct TypedValue {
    range: Range<usize>,
    is_quoted: bool,
}

/// Words before the secret itself in the value of a header.
const SCHEMES: &[&str] = &[
    "bearer ", "basic ", "token token=", "token ", "apikey ", "api-key ", "geniekey ", "ssws ",
    "splunk ", "key ",
];

/// Functions that give back their text, in a form or a type of their own.
const WRAPPERS: &[&str] = &[
    "Sensitive", "SecretStr", "SecretString", "PASSWORD", "b64encode", "base64encode",
    "pulumi.secret", "sensitive",
];

/// The value that begins at a place, without its quotes and the word of its scheme.
fn value(text: &str, from: usize) -> Option<TypedValue> {
    let rest = &text[from..];
    let rest = &rest[..rest.floor_char_boundary(VALUE + 32)];
    let mut start = block(rest);
    start += properties(&rest[start..]);
    // `Sensitive('…')`, `base64encode("…")`: the value is what is wrapped.
    let wrapped = |word: &str| {
        let inside = rest[start..].strip_prefix(word)?.strip_prefix('(')?;
        inside.starts_with(['"', '\'']).then(|| rest.len() - inside.len())
    };
    start = WRAPPERS.iter().find_map(|word| wrapped(word)).unwrap_or(start);
    // `b"…"`, `f'…'`, `@"…"`, `$'…'`, `N'…'`.
    let marked = rest[start..].strip_prefix(['b', 'f', 'r', 'u', '@', '$', 'N']);
    if marked.is_some_and(|behind| behind.starts_with(['"', '\''])) {
        start += 1;
    }
    let escaped = rest[start..].starts_with("\\\"");
    start += usize::from(escaped);
    let quote = rest[start..].chars().next().filter(|letter| "\"'`".contains(*letter));
    let (mut start, end) = match quote {
        Some(quote) => {
            let inner = start + 1;
            let inside = &rest[inner..];
            let mut end = inside.find([quote, '\n'])?;
            if !escaped && quote != '\'' {
                while inside[..end].ends_with('\\') && inside[end..].starts_with(quote) {
                    end += 1 + inside[end + 1..].find([quote, '\n'])?;
                }
            }
            (inner, inner + end - usize::from(escaped && inside[..end].ends_with('\\')))
        }
        None => (start, start + bare(&rest[start..])),
    };
    if let Some(scheme) = scheme(&rest[start..]) {
        start += scheme;
        let whole = if quote.is_some() { &rest[start..end.max(start)] } else { &rest[start..] };
        let length = bare(whole.trim_start_matches(['"', '\'']));
        start += whole.len() - whole.trim_start_matches(['"', '\'']).len();
        return Some(TypedValue {
            range: from + start..from + start + length,
            is_quoted: quote.is_some(),
        });
    }
    Some(TypedValue { range: from + start..from + end.max(start), is_quoted: quote.is_some() })
}

/// How long the word is that says how a header's secret is to be read.
fn scheme(value: &str) -> Option<usize> {
    let begins = |word: &&&str| {
        value.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    SCHEMES.iter().find(begins).map(|word| word.len()).or_else(|| session(value))
}

/// How long the name of a session is with its equals sign, as a cookie holds it.
fn session(value: &str) -> Option<usize> {
    let (name, _) = value.split_once('=')?;
    let lower = name.to_ascii_lowercase();
    let is_session = ["sess", "sid", "token", "auth"].iter().any(|word| lower.contains(word));
    let is_name = name.len() <= NAME
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    (is_session && is_name).then_some(name.len() + 1)
}

/// How much stands before a value that YAML writes below its key.
fn block(rest: &str) -> usize {
    let sign = rest.strip_prefix(['|', '>']).map(|rest| rest.trim_start_matches(['-', '+', ' ']));
    match sign.filter(|rest| rest.starts_with(['\n', '\r'])) {
        Some(behind) => rest.len() - behind.trim_start().len(),
        None => 0,
    }
}

/// How much stands before a value that YAML gives a name or the type of text: `&name …`, `!!str …`.
fn properties(rest: &str) -> usize {
    let is_name = |word: &str| word.starts_with('&') && word.len() > 1 || word == "!!str";
    match rest.split_once(' ') {
        Some((word, behind)) if is_name(word) => rest.len() - behind.trim_start().len(),
        _ => 0,
    }
}

/// How long a value without quotes is.
fn bare(rest: &str) -> usize {
    let ends = |letter: char| letter.is_whitespace() || "\"'`<>,;|)]}".contains(letter);
    let value = &rest[..rest.find(ends).unwrap_or(rest.len())];
    let behind = &rest[value.len()..];
    let parted = value.match_indices('&').find(|(at, _)| parts_values(&value[at + 1..], behind));
    let value = &value[..parted.map_or(value.len(), |(at, _)| at)];
    value.trim_end_matches(['.', ':', '\\', '*']).len()
}

/// Whether what follows a `&` is the next parameter of an address, the next command or the rest of an entity of HTML,
/// and the `&` none of the letters of a password.
fn parts_values(next: &str, behind: &str) -> bool {
    let name = next.trim_start_matches(|letter: char| {
        letter.is_ascii_alphanumeric() || "-_.#[]%".contains(letter)
    });
    let is_end = name.is_empty() && (next.is_empty() || behind.starts_with(';'));
    is_end || name.starts_with(['=', '&'])
}

/// Whether a value is a secret of a name.
fn is_secret(origin: SecretOrigin, value: &str, is_quoted: bool) -> bool {
    let is_text = (6..=VALUE).contains(&value.len())
        && !value.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    if !is_text || stands_for_another(value) || is_example(value) || is_published_token(value) {
        return false;
    }
    if !is_quoted && value.contains(['(', '[', '{']) {
        return false;
    }
    if let Some(typed) = typed_in_base64(value).filter(|typed| typed.len() >= 4) {
        // `name:password`, as headers hold it, or the value itself, as Kubernetes does.
        let secret = typed.split_once(':').map_or(typed.as_str(), |(_, password)| password);
        let is_harmless = stands_for_another(secret) || is_example(secret) || secret.contains(' ');
        return !is_harmless && (is_password(secret) || is_key(secret));
    }
    match origin {
        SecretOrigin::Chosen => is_password(value),
        SecretOrigin::Either | SecretOrigin::Drawn => is_key(value),
    }
}

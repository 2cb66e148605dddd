//! Secrets that a program is given: by an option whose name tells nothing, as the words behind a command, through a
//! pipe, or in a line of a file of passwords.

use std::ops::Range;

use super::assigned::{VALUE, is_chosen};

/// How an option gives a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    /// In the next word, or behind an equals sign.
    Next,
    /// Without a blank between.
    Joined,
    /// As a name and a password with a colon or a percent sign between.
    WithName,
    /// As a name and a password with a slash between, and the host behind an at sign.
    WithHost,
    /// Behind so many other words.
    Behind(usize),
}

/// A program that is given a secret by an option whose name tells nothing.
pub(super) struct Program {
    pub(super) name: &'static str,
    /// Without letters: what the program itself is followed by.
    options: &'static [(&'static str, Given)],
}

const fn program(name: &'static str, options: &'static [(&'static str, Given)]) -> Program {
    Program { name, options }
}

/// Programs and their options.
pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "curl ",
        options: &[
            ("-u", Given::WithName),
            ("--user", Given::WithName),
            ("-U", Given::WithName),
            ("--proxy-user", Given::WithName),
        ],
    },
    program("sshpass ", &[("-p", Given::Next)]),
    program("mysql", &[("-p", Given::Joined)]),
    program("mariadb", &[("-p", Given::Joined)]),
    program("redis-cli ", &[("-a", Given::Next)]),
    program("docker login", &[("-p", Given::Next)]),
    program("podman login", &[("-p", Given::Next)]),
    program("registry login", &[("-p", Given::Next)]),
    program("az login", &[("-p", Given::Next)]),
    program("oc login", &[("-p", Given::Next)]),
    program("ldapsearch ", &[("-w", Given::Next)]),
    program("ldapmodify ", &[("-w", Given::Next)]),
    program("mongo", &[("-p", Given::Next)]),
    program("smbclient ", &[("-U", Given::WithName)]),
    program("sqlcmd ", &[("-P", Given::Next)]),
    program("unzip ", &[("-P", Given::Next)]),
    program("7z ", &[("-p", Given::Joined)]),
    program("openssl ", &[("pass:", Given::Next)]),
    program("ipmitool ", &[("-P", Given::Next)]),
    program("htpasswd ", &[("-b", Given::Behind(2)), ("-nb", Given::Behind(1))]),
    program(
        "rabbitmqctl ",
        &[("add_user", Given::Behind(1)), ("change_password", Given::Behind(1))],
    ),
    program("net user ", &[("", Given::Behind(1))]),
    program("net use ", &[("/user:", Given::Behind(1)), ("", Given::Behind(2))]),
    program("operator unseal ", &[("", Given::Next)]),
    program(
        "createUser ",
        &[
            ("SHA", Given::Next),
            ("SHA-256", Given::Next),
            ("SHA-512", Given::Next),
            ("MD5", Given::Next),
        ],
    ),
    program("snmpwalk ", &[("-A", Given::Next), ("-X", Given::Next)]),
    program("snmpget ", &[("-A", Given::Next), ("-X", Given::Next)]),
    program("mc alias set ", &[("", Given::Behind(3))]),
    program("mc config host add ", &[("", Given::Behind(3))]),
    program("ConvertTo-SecureString ", &[("-String", Given::Next), ("", Given::Next)]),
    program(
        "secret set ",
        &[("--body", Given::Next), ("-b", Given::Next), ("--value", Given::Next)],
    ),
    program("put-parameter ", &[("--value", Given::Next)]),
    program("sqlplus ", &[("", Given::WithHost)]),
    program("jdbc:oracle:thin:", &[("", Given::WithHost)]),
    program(".azurewebsites.net/", &[("?code=", Given::Next), ("&code=", Given::Next)]),
];

impl Program {
    /// The secret that a call of the program is given whose name stands at a place.
    pub(super) fn given(&self, text: &str, place: usize) -> Option<Range<usize>> {
        let from = place + self.name.len();
        let rest = &text[from..];
        let rest = &rest[..rest.floor_char_boundary(VALUE)];
        // A call goes on behind a backslash at the end of a line.
        let ends = |(at, _): &(usize, &str)| !rest[..*at].trim_end_matches('\r').ends_with('\\');
        let end = rest.match_indices('\n').find(ends).map_or(rest.len(), |(at, _)| at);
        let call = &rest[..end];
        // A parameter is a secret where it is said to be kept as one.
        if self.name == "put-parameter " && !call.contains("SecureString") {
            return None;
        }
        self.options.iter().find_map(|(option, given)| {
            let at = call.match_indices(option).map(|(at, _)| at);
            let joins = option.ends_with([':', '=']);
            let mut at =
                at.filter(|at| *at == 0 || call[..*at].ends_with([' ', '\t', '\n', ':']) || joins);
            let first = if option.is_empty() { at.next() } else { None };
            let secret = |at: usize| in_word(call, at + option.len(), *given);
            let found = first.and_then(secret).or_else(|| at.find_map(secret))?;
            Some(from + found.start..from + found.end)
        })
    }
}

/// The secret in the words of a call from a place on.
fn in_word(call: &str, from: usize, given: Given) -> Option<Range<usize>> {
    let mut behind = &call[from..];
    if let Given::Behind(count) = given {
        for _ in 0..count {
            let word = behind.trim_start_matches([' ', '=']);
            behind = &word[word.find(' ')?..];
        }
    }
    let typed = match given {
        Given::Joined => behind.trim_start_matches(['"', '\'']),
        _ => behind.trim_start_matches([' ', '=', '"', '\'']),
    };
    let start = call.len() - typed.len();
    let length = typed.find(|letter: char| letter.is_whitespace() || "\"'|;".contains(letter));
    let typed = &typed[..length.unwrap_or(typed.len())];
    let (start, secret) = match given {
        Given::WithName => {
            let colon = typed.find([':', '%'])?;
            (start + colon + 1, &typed[colon + 1..])
        }
        Given::WithHost => {
            let slash = typed.find('/')?;
            let secret = &typed[slash + 1..];
            (start + slash + 1, &secret[..secret.rfind('@').unwrap_or(secret.len())])
        }
        _ => (start, typed),
    };
    is_chosen(secret, true).then(|| start..start + secret.len())
}

/// Programs that read a password from what is piped to them.
const READERS: &[&str] =
    &["chpasswd", "cryptsetup ", "--passphrase-fd 0", "--password-stdin", "--stdin", "sudo -S"];

/// The secret that a command prints for another, from behind its name on.
pub(super) fn piped(text: &str, from: usize) -> Option<Range<usize>> {
    let line = &text[from..];
    let line = &line[..line.floor_char_boundary(VALUE)];
    let line = line.lines().next()?;
    let (printed, reader) = line.split_once('|')?;
    let reader = READERS.iter().find(|known| reader.contains(**known))?;
    let typed = printed.trim_start_matches(|letter: char| "-nE \"'".contains(letter));
    let start = from + printed.len() - typed.len();
    let typed = typed.trim_end_matches([' ', '"', '\'']);
    let typed = typed.strip_suffix("\\n").unwrap_or(typed);
    let name = if *reader == "chpasswd" { typed.find(':')? + 1 } else { 0 };
    is_chosen(&typed[name..], true).then(|| start + name..start + typed.len())
}

/// The secrets of lines that hold host, port, database, name and password, as `PostgreSQL` reads them.
pub(super) fn password_lines(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let typed = line.trim_end_matches(['\n', '\r']);
        let end = start + typed.len();
        found.extend(password_of(typed).map(|length| (end - length..end, "a password")));
        start += line.len();
    }
    found
}

/// How long the password is at the end of such a line.
fn password_of(line: &str) -> Option<usize> {
    let mut parts = line.splitn(5, ':');
    let (host, port) = (parts.next()?.trim_start(), parts.next()?);
    let is_number = matches!(port.len(), 4 | 5) && port.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number && port != "*" {
        return None;
    }
    let is_word = |part: &str| !part.is_empty() && !part.contains([' ', '/']);
    let (database, name, password) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = [host, database, name].into_iter().all(is_word);
    (fits && is_chosen(password, true)).then_some(password.len())
}

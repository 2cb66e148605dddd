//! Tells prompts from commands and comments.

use super::safety;

/// Which prompts a block uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prompts {
    None,
    User,
    Root,
}

impl Prompts {
    pub(super) fn of(language: &str, text: &str) -> Prompts {
        if text.lines().any(|line| prompt_length(line).is_some()) {
            return Prompts::User;
        }
        let session = ["console", "shell-session", "shellsession", "terminal"];
        let session = session.iter().any(|name| name.eq_ignore_ascii_case(language));
        let mut roots = 0;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            match line.strip_prefix("# ") {
                Some(command) if safety::is_known(first_word(command)) => roots += 1,
                Some(_) => return Prompts::None,
                None if !session || safety::is_known(first_word(line)) => return Prompts::None,
                None => {}
            }
        }
        if roots > 0 { Prompts::Root } else { Prompts::None }
    }

    pub(super) fn length(self, line: &str) -> Option<usize> {
        match self {
            Prompts::None => None,
            Prompts::User => prompt_length(line),
            Prompts::Root => line.starts_with("# ").then_some(2),
        }
    }
}

pub(super) fn first_word(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

/// How many bytes of the line are a prompt, the space after it included.
pub(super) fn prompt_length(line: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    let rest = &line[indent..];
    let sign = match rest.as_bytes().first()? {
        b'$' => 0,
        b'/' | b'~'
            if rest.starts_with("/ # ") || rest.starts_with("~ # ") || rest.starts_with("~ $ ") =>
        {
            2
        }
        b'[' | b'(' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => host_prompt(rest)?,
        _ => return None,
    };
    match rest.as_bytes().get(sign + 1) {
        Some(b' ') => Some(indent + sign + 2),
        None if sign > 0 || rest == "$" => Some(indent + sign + 1),
        _ => None,
    }
}

/// Where the sign of `user@host:~$ `, `[user@host dir]# ` or `bash-5.1$ ` is.
fn host_prompt(line: &str) -> Option<usize> {
    let head = &line.as_bytes()[..line.len().min(80)];
    let sign = head.iter().enumerate().position(|(at, byte)| {
        b"$#%".contains(byte) && matches!(line.as_bytes().get(at + 1), None | Some(b' '))
    })?;
    let before = &line[..sign];
    let shell =
        ["sh-", "bash-"].iter().filter_map(|shell| before.strip_prefix(shell)).any(is_version);
    let at = before.find('@').is_some_and(|at| {
        at > 0
            && !before[..at].contains(' ')
            && before[at + 1..].starts_with(|c: char| c.is_alphanumeric())
    });
    let closed = !before.starts_with('[') || before.ends_with(']');
    let plain = !before.contains([':', ' ', ']']) || before.contains([':', ']', '~']);
    (shell || (at && closed && plain)).then_some(sign)
}

fn is_version(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

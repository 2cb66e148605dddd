//! A line pasted from a log into what it says: without what the writing program put round it.
//!
//! A port of this file is in `theme/static/search.js`. Times, addresses and identifiers are left to [`super::words`],
//! which knows them by their form alone.

/// The fewest words of a line.
const SHORTEST: usize = 6;
/// Among how many words the end of a line's head is looked for, a bracket: `sync.go:142]`, `kubelet[2211]:`, `[main]`.
const HEAD: usize = 6;
/// The keys under which programs write what they have to say.
const SAID: [&str; 7] = ["msg", "message", "error", "err", "reason", "exception", "alertname"];

/// What a line says; nothing if what was typed is no line.
pub(super) fn said(typed: &str) -> Option<String> {
    let plain = without_colors(typed);
    let spaced: String =
        plain.chars().map(|character| if character <= ' ' { ' ' } else { character }).collect();
    let values = values(&spaced);
    if !values.is_empty() {
        return Some(without_quotes(&values.join(" ")));
    }
    let unquoted: Vec<&str> = spaced.split('"').step_by(2).collect();
    let words = |text: &str| text.split(' ').filter(|word| !word.is_empty()).count();
    if unquoted.into_iter().map(words).sum::<usize>() < SHORTEST {
        return None;
    }
    let spaced = without_quotes(&spaced);
    let tokens: Vec<&str> = spaced.split(' ').filter(|token| !token.is_empty()).collect();
    let ends_head = |token: &&str| token.strip_suffix(':').unwrap_or(token).ends_with(']');
    let head = tokens.iter().take(HEAD).rposition(ends_head);
    let assigned = tokens.iter().filter(|token| assigns(token).is_some()).count();
    let kept =
        tokens.iter().skip(head.map_or(0, |end| end + 1)).filter_map(|token| {
            match assigns(token) {
                Some((key, value)) if assigned > 1 => SAID.contains(&key).then_some(value),
                _ => Some(*token),
            }
        });
    Some(kept.collect::<Vec<&str>>().join(" "))
}

fn without_quotes(text: &str) -> String {
    text.replace('"', " ")
}

/// Without what colors a terminal.
fn without_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(
            part.trim_start_matches(|character: char| {
                character.is_ascii_digit() || character == ';'
            })
            .strip_prefix(|character: char| character.is_ascii_alphabetic())
            .unwrap_or(part),
        );
    }
    plain
}

/// What is written under the keys that say something, in JSON (`"msg":"…"`) or as `msg="…"`.
fn values(text: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut end = 0;
    for (at, _) in text.match_indices('"') {
        if at < end || end > 0 && at == end {
            continue;
        }
        let key = text[end..at].trim_end_matches(' ');
        let Some(key) = key.strip_suffix(['=', ':']) else { continue };
        let key = key.trim_end_matches(' ');
        let key = key.strip_suffix('"').unwrap_or(key);
        let start = key.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let key = &key[start
            .map_or(0, |start| start + key[start..].chars().next().map_or(1, char::len_utf8))..];
        if !SAID.contains(&key) {
            continue;
        }
        let mut value = String::new();
        let (mut escaped, mut before) = (false, ' ');
        for (offset, character) in text[at + 1..].char_indices() {
            end = at + 1 + offset;
            match character {
                '"' if !escaped => break,
                '\\' => value.push(' '),
                'n' | 't' | 'r' if before == '\\' => {}
                other => value.push(other),
            }
            escaped = character == '\\' && !escaped;
            before = character;
        }
        values.push(value);
    }
    values
}

/// A token like `pod=api-1`.
fn assigns(token: &str) -> Option<(&str, &str)> {
    let (key, value) = token.split_once('=')?;
    let is_key = key.starts_with(|first: char| first.is_ascii_alphabetic())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
    is_key.then_some((key, value))
}

#[cfg(test)]
mod tests {
    use super::said;

    fn check(line: &str, expected: &str) {
        assert_eq!(said(line).as_deref().unwrap_or("(no line)"), expected, "{line}");
    }

    #[test]
    fn what_programs_write_round_a_message_goes() {
        check(
            "E1123 02:14:07.418230       1 controller.go:142] failed to sync the blue queue",
            "failed to sync the blue queue",
        );
        check(
            "Nov 23 02:14:07 host-7 kubelet[2211]: failed to sync the blue queue",
            "failed to sync the blue queue",
        );
        check(
            "2025-11-23T02:14:07Z ERROR [pool-3-thread-12] c.e.Worker - failed to sync",
            "c.e.Worker - failed to sync",
        );
        check(
            "\u{1b}[31mERROR\u{1b}[0m 7 failed to sync the queue",
            "ERROR 7 failed to sync the queue",
        );
    }

    #[test]
    fn of_structured_lines_the_message_stays() {
        check(
            "{\"level\":\"error\",\"ts\":1,\"msg\":\"cannot open \\\"a.db\\\"\",\"pod\":\"api-1\"}",
            "cannot open   a.db  ",
        );
        check(
            "ts=1 level=error msg=\"cannot open\" err=\"no such file\"",
            "cannot open no such file",
        );
        check(
            "FIRING BlueQueueDown namespace=prod pod=api-1 severity=P1 since 02:14",
            "FIRING BlueQueueDown since 02:14",
        );
    }

    #[test]
    fn quotes_of_a_line_are_no_phrases() {
        check(
            "failed to pull image \"web:1\" for the queue again today",
            "failed to pull image web:1 for the queue again today",
        );
    }

    #[test]
    fn what_is_short_is_no_line() {
        check("\"rate exceeded\" lambda", "(no line)");
        check("owner:devops \"one two three four five six\"", "(no line)");
    }
}

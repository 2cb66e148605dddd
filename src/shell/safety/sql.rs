//! SQL statements in, what running them does out.

use crate::shell::verdict::Verdict;

/// Functions that do something although `select` calls them, and what is lost if anything is.
const ACTING: &[(&str, Option<&str>)] = &[
    ("pg_cancel_backend", None),
    ("pg_create_physical_replication_slot", None),
    ("pg_create_logical_replication_slot", None),
    (
        "pg_drop_replication_slot",
        Some("Drops the replication slot, and its consumer has to start afresh"),
    ),
    ("pg_promote", None),
    ("pg_reload_conf", None),
    ("pg_rotate_logfile", None),
    ("pg_stat_reset", Some("Resets the counters of the statistics")),
    ("pg_switch_wal", None),
    ("pg_terminate_backend", None),
    ("pg_wal_replay_pause", None),
    ("pg_wal_replay_resume", None),
    ("setval", None),
];

/// What running the text does: the worst of its statements.
pub(crate) fn sql(text: &str) -> Verdict {
    let text = text.to_ascii_lowercase();
    let mut worst: Option<Verdict> = None;
    for statement in text.split(';') {
        let words: Vec<&str> = words(statement).collect();
        if !words.is_empty() {
            let verdict = judge_statement(&words);
            worst = Some(worst.map_or(verdict, |worst| worst.worse(verdict)));
        }
    }
    worst.unwrap_or(Verdict::UNKNOWN)
}

/// The statement's words, without comments; a semicolon in a string at worst makes one more statement,
/// whose first word is known to no rule.
fn words(statement: &str) -> impl Iterator<Item = &str> {
    let lines = statement.lines().map(|line| line.split("--").next().unwrap_or_default());
    let is_part = |letter: char| {
        letter.is_alphanumeric() || matches!(letter, '_' | '\\' | '<' | '>' | '-' | '*')
    };
    lines
        .flat_map(move |line| line.split(move |letter| !is_part(letter)))
        .filter(|word| !word.is_empty())
}

/// What a statement does, of its words in lower case.
fn judge_statement(words: &[&str]) -> Verdict {
    let words = explained(words);
    let Some(first) = words.first() else { return Verdict::READS };
    let has = |name: &str| words.contains(&name);
    match *first {
        "drop" => dropped(words.get(1).copied().unwrap_or_default()),
        "delete" if has("where") => Verdict::destroys("Deletes the rows that match"),
        "truncate" | "delete" => Verdict::destroys("Deletes every row of the table"),
        "update" if !has("where") => Verdict::destroys("Overwrites every row of the table"),
        "alter" if has("drop") => {
            Verdict::destroys("Drops a part of what is altered, with the data in it")
        }
        "reset" if has("master") => Verdict::destroys("Deletes all binary logs"),
        "reset" if has("replica") || has("slave") => {
            Verdict::destroys("Makes the replica forget its place in the log")
        }
        "purge" => Verdict::destroys("Deletes binary logs"),
        "select" | "with" => selected(words),
        // What goes to the reader's own side is only read.
        "copy" if has("stdout") => Verdict::READS,
        "\\copy" if !has("to") => Verdict::CHANGES,
        "set" if has("global") => Verdict::CHANGES,
        "show" | "explain" | "describe" | "desc" | "values" | "table" | "use" | "set" | "begin"
        | "commit" | "rollback" | "pragma" | "declare" | "fetch" | "help" => Verdict::READS,
        "insert" | "update" | "create" | "alter" | "grant" | "revoke" | "vacuum" | "analyze"
        | "reindex" | "cluster" | "kill" | "call" | "start" | "stop" | "reset" | "flush"
        | "optimize" | "merge" | "replace" | "refresh" | "checkpoint" | "rename" | "lock"
        | "comment" | "do" | "copy" | "load" | "change" | "system" => Verdict::CHANGES,
        word if word.starts_with('\\') => Verdict::READS,
        _ => Verdict::UNKNOWN,
    }
}

/// What `explain analyze` runs in order to explain it, however often that is said.
fn explained<'a, 'w>(mut words: &'a [&'w str]) -> &'a [&'w str] {
    while words.first() == Some(&"explain") {
        let Some(analyze) = words.iter().position(|word| *word == "analyze") else { break };
        words = &words[analyze + 1..];
    }
    words
}

fn dropped(object: &str) -> Verdict {
    Verdict::destroys(match object {
        "database" | "schema" => "Deletes the database with all its tables",
        "table" => "Deletes the table with all its rows",
        "index" => "Drops the index; queries are slow until it is built again",
        "user" | "role" => "Deletes the account and what it was granted",
        _ => "Drops it from the database",
    })
}

fn selected(words: &[&str]) -> Verdict {
    if let Some(part) =
        words.iter().skip(1).position(|word| matches!(*word, "delete" | "update" | "insert"))
    {
        return if words[0] == "with" {
            judge_statement(&words[part + 1..])
        } else {
            Verdict::UNKNOWN
        };
    }
    let acting = ACTING.iter().find(|(name, _)| words.contains(name));
    match acting {
        Some((_, Some(lost))) => Verdict::destroys(lost),
        Some((_, None)) => Verdict::CHANGES,
        None => Verdict::READS,
    }
}

#[cfg(test)]
mod tests {
    use super::sql;
    use crate::shell::verdict::Safety::{ChangesState, Destructive, ReadOnly, Unknown};

    #[test]
    fn a_text_is_as_dangerous_as_its_worst_statement() {
        for (text, expected) in [
            ("select * from pg_stat_activity;", ReadOnly),
            ("SELECT pg_terminate_backend(pid) FROM pg_stat_activity", ChangesState),
            ("select 1; drop table users", Destructive),
            ("-- drop table users\nselect 1", ReadOnly),
            ("DELETE FROM jobs", Destructive),
            ("update jobs set state = 'x' where id = 3", ChangesState),
            ("update jobs set state = 'x'", Destructive),
            ("explain analyze delete from jobs where id = 1", Destructive),
            ("explain analyze", ReadOnly),
            ("explain select 1", ReadOnly),
            (
                "with old as (delete from jobs where id < 3 returning *) select * from old",
                Destructive,
            ),
            ("alter table jobs drop column state", Destructive),
            ("\\dt+", ReadOnly),
            ("copy (select * from jobs) to stdout", ReadOnly),
            ("\\copy jobs to 'jobs.csv' csv", ReadOnly),
            ("\\copy jobs from 'jobs.csv' csv", ChangesState),
            ("", Unknown),
            ("<query>", Unknown),
        ] {
            assert_eq!(sql(text).safety, expected, "{text}");
        }
    }

    #[test]
    fn a_word_that_is_said_again_and_again_is_followed_to_its_end() {
        let text = format!("{}drop table users", "explain analyze ".repeat(50_000));
        assert_eq!(sql(&text).safety, Destructive);
    }
}

//! Commands whose danger lies in a text among their arguments: a statement, a script, a patch.

use std::borrow::Cow;

use super::http::{asked, browsed, fetched};
use super::mongo::mongo;
use super::options::value;
use super::sql::sql;
use crate::shell::verdict::Verdict;

/// What modules of Ansible only look, by the last part of their names.
const LOOKING_MODULES: &[&str] = &[
    "assert", "debug", "fetch", "find", "getent", "ping", "setup", "slurp", "stat", "wait_for",
    "win_ping",
];

/// What the command does, if the table alone cannot tell; scripts that it runs are noted.
pub(super) fn special(name: &str, rest: &[Cow<str>], scripts: &mut Vec<String>) -> Option<Verdict> {
    match name {
        "psql" | "cqlsh" | "mysql" | "mariadb" | "sqlite3" | "clickhouse-client" | "sqlcmd" => {
            statement(name, rest)
        }
        "mongosh" | "mongo" => value(rest, &["--eval"]).map(|text| mongo(&text)),
        "curl" => asked(rest),
        "wget" => fetched(rest),
        "http" | "https" | "xh" | "xhs" => Some(browsed(rest)),
        "gh" if rest.first().is_some_and(|word| word == "api") => {
            value(rest, &["-X", "--method"])
                .filter(|method| method.eq_ignore_ascii_case("delete"))?;
            Some(Verdict::destroys("Deletes what the address stands for"))
        }
        "kubectl" | "oc" | "k" => frees(rest),
        "ansible" => module(rest, scripts),
        // Without a verb it lists units.
        "systemctl" if rest.iter().all(|word| word.starts_with('-')) => Some(Verdict::READS),
        "pg_restore" if rest.iter().any(|word| word == "-c") => {
            Some(Verdict::destroys("Overwrites the target"))
        }
        "rm" | "shred" | "unlink" => temporary(rest),
        "tee" => Some(rest.iter().find_map(|file| written(file)).unwrap_or(Verdict::READS)),
        "find" => {
            let run =
                rest.iter().position(|word| matches!(&**word, "-exec" | "-execdir" | "-ok"))?;
            let end = rest[run..].iter().position(|word| matches!(&**word, ";" | "+" | "\\;"));
            let command = &rest[run + 1..end.map_or(rest.len(), |end| run + end)];
            scripts.push(command.join(" "));
            None
        }
        "trap" => {
            scripts.extend(rest.first().map(Cow::to_string));
            Some(Verdict::READS)
        }
        _ => None,
    }
}

/// What the statement does that a database's client is called with.
fn statement(client: &str, rest: &[Cow<str>]) -> Option<Verdict> {
    let text = match client {
        "psql" => value(rest, &["-c", "--command"])?,
        "clickhouse-client" => value(rest, &["-q", "--query"])?,
        "sqlcmd" => value(rest, &["-Q", "-q"])?,
        "sqlite3" => rest.get(1)?.to_string(),
        _ => value(rest, &["-e", "--execute"])?,
    };
    Some(sql(&text))
}

/// A patch that takes an object's finalizers away lets it go without its cleanup.
fn frees(rest: &[Cow<str>]) -> Option<Verdict> {
    if !rest.iter().any(|word| word == "patch")
        || rest.iter().any(|word| word.starts_with("--dry-run"))
    {
        return None;
    }
    let frees = rest.iter().filter(|word| word.contains("finalizers")).any(|word| {
        let plain: String = word
            .chars()
            .filter(|letter| !letter.is_whitespace() && !matches!(letter, '"' | '\''))
            .collect();
        plain.contains("finalizers:null")
            || plain.contains("finalizers:[]")
            || plain.contains("op:remove") && plain.contains("/metadata/finalizers")
    });
    frees.then_some(Verdict::destroys("Lets the object go without the cleanup that it waits for"))
}

/// What a module of Ansible does, and the command that it runs where it runs one.
fn module(rest: &[Cow<str>], scripts: &mut Vec<String>) -> Option<Verdict> {
    if rest.iter().any(|word| matches!(&**word, "--check" | "-C" | "--list-hosts")) {
        return Some(Verdict::READS);
    }
    let module = value(rest, &["--module-name", "-m"]).unwrap_or_else(|| "command".to_owned());
    match module.rsplit('.').next().unwrap_or_default() {
        "command" | "shell" | "raw" | "win_shell" | "win_command" => {
            scripts.push(value(rest, &["--args", "-a"])?);
            Some(Verdict::READS)
        }
        name if name.ends_with("_facts") || name.ends_with("_info") => Some(Verdict::READS),
        name if LOOKING_MODULES.contains(&name) => Some(Verdict::READS),
        _ => Some(Verdict::CHANGES),
    }
}

/// Temporary files are the reader's own.
fn temporary(rest: &[Cow<str>]) -> Option<Verdict> {
    let mut files = rest.iter().filter(|word| !word.starts_with('-')).peekable();
    files.peek()?;
    let temporary = |file: &Cow<str>| {
        let folders = ["/tmp/", "/var/tmp/", "/dev/shm/"];
        folders.iter().any(|folder| file.starts_with(folder) && file.len() > folder.len())
            && !file.contains("..")
            && !file.ends_with("/*")
    };
    files.all(temporary).then_some(Verdict::CHANGES)
}

/// What overwriting this file means, if it is not one of the reader's own.
pub(crate) fn written(target: &str) -> Option<Verdict> {
    if target.starts_with("/dev/sd") || target.starts_with("/dev/nvme") {
        return Some(Verdict::destroys("Overwrites the disk"));
    }
    let folders = [
        "/bin/", "/boot/", "/etc/", "/lib/", "/opt/", "/proc/", "/sbin/", "/srv/", "/sys/",
        "/usr/", "/var/",
    ];
    let system =
        folders.iter().any(|folder| target.starts_with(folder)) && !target.starts_with("/var/tmp/");
    system.then_some(Verdict::CHANGES)
}

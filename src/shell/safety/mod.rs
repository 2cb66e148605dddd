//! The words of one command in, what running it does to a system out.
//!
//! The rules stand in one table (`rules`); this file looks through commands that run other commands (`sudo`,
//! `xargs`, `ssh`, `kubectl exec`) and asks the table. What no rule covers is [`super::Safety::Unknown`] and is shown
//! without a badge: better to say nothing than something false. Local side effects (a file that `>` makes, a
//! variable, the working folder) do not count as changes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::verdict::Verdict;
use options::is_flag;
use rule::{Effect, Family, Wrapper, always};
use rules::{FAMILIES, SHELLS, WRAPPERS};
use special::special;

mod http;
mod mongo;
mod options;
mod rule;
mod rules;
mod special;
mod sql;

pub(crate) use mongo::mongo;
pub(crate) use special::written;
pub(crate) use sql::sql;

/// What is known of a simple command.
pub(crate) struct Judgement {
    /// What its own words say.
    pub(crate) verdict: Verdict,
    /// Scripts among its arguments, which have to be read in their turn.
    pub(crate) scripts: Vec<String>,
}

/// What reads a command's standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InputReader {
    /// Neither of the others.
    Nothing,
    /// A shell, perhaps on another machine.
    Shell,
    /// A database that is asked in SQL.
    Sql,
    /// The shell of `MongoDB`.
    Mongo,
}

/// One tool's part of the table, read once so that judging a command splits no strings.
struct Tool {
    valued: Vec<&'static str>,
    rules: Vec<(RulePattern, Effect)>,
    otherwise: Effect,
    /// What runs another command: the whole tool, or some of its actions.
    wrapper: Option<&'static Wrapper>,
    wrapping_actions: Vec<(&'static str, &'static Wrapper)>,
}

/// A rule's plain words in order and its options, each with alternatives.
struct RulePattern {
    names: Vec<Vec<Name>>,
    options: Vec<Vec<&'static str>>,
}

/// A plain word of a rule.
enum Name {
    /// Whatever stands there.
    Any,
    /// `*` and what a word ends in.
    Ending(&'static str),
    /// What a word begins with, and `*`.
    Beginning(&'static str),
    /// The word itself.
    Whole(&'static str),
}

static TOOLS: LazyLock<HashMap<&'static str, Tool>> = LazyLock::new(|| {
    let mut tools: HashMap<&'static str, Tool> = HashMap::new();
    for family in FAMILIES {
        tools.extend(family.names.split(' ').map(|name| (name, Tool::of(family))));
    }
    for wrapper in WRAPPERS {
        for name in wrapper.names.split('|') {
            let (name, action) = name.split_once(' ').unwrap_or((name, ""));
            let tool =
                tools.entry(name).or_insert_with(|| Tool::of(&always(name, Effect::Unknown)));
            if action.is_empty() {
                tool.wrapper = Some(wrapper);
            } else {
                tool.wrapping_actions.push((action, wrapper));
            }
        }
    }
    tools
});

impl Tool {
    fn of(family: &Family) -> Tool {
        Tool {
            valued: family.valued.split(' ').filter(|option| !option.is_empty()).collect(),
            rules: family
                .rules
                .iter()
                .map(|rule| (RulePattern::of(rule.pattern), rule.effect))
                .collect(),
            otherwise: family.otherwise,
            wrapper: None,
            wrapping_actions: Vec::new(),
        }
    }

    /// What the command runs, if it runs another one.
    fn wrapper(&self, words: &[Cow<str>]) -> Option<&'static Wrapper> {
        if self.wrapper.is_some() || self.wrapping_actions.is_empty() {
            return self.wrapper;
        }
        let action = self.positionals(words).next()?;
        let wrapping = self.wrapping_actions.iter().find(|(name, _)| *name == action);
        wrapping.map(|(_, wrapper)| *wrapper)
    }

    /// The words that are neither options nor the values of those that take one.
    fn positionals<'a>(&'a self, words: &'a [Cow<str>]) -> impl Iterator<Item = &'a str> {
        let mut skip = false;
        words.iter().filter_map(move |word| {
            let value = std::mem::take(&mut skip);
            if word.starts_with('-') {
                skip = self.valued.contains(&&**word);
                return None;
            }
            (!value).then_some(&**word)
        })
    }
}

impl RulePattern {
    fn of(text: &'static str) -> RulePattern {
        let (options, names) =
            text.split_ascii_whitespace().partition::<Vec<_>, _>(|part| part.starts_with('-'));
        RulePattern {
            names: names.into_iter().map(|part| part.split('|').map(Name::of).collect()).collect(),
            options: options.into_iter().map(|part| part.split('|').collect()).collect(),
        }
    }

    /// Whether a command of these words fits: its plain ones in order, its options anywhere.
    fn fits(&self, positionals: &[&str], words: &[Cow<str>]) -> bool {
        let has = |flag| words.iter().any(|word| word.starts_with('-') && is_flag(flag, word));
        self.names.len() <= positionals.len()
            && self
                .names
                .iter()
                .zip(positionals)
                .all(|(names, word)| names.iter().any(|name| name.fits(word)))
            && self.options.iter().all(|flags| flags.iter().any(|flag| has(flag)))
    }
}

/// Whether the table knows a command of this name.
pub(crate) fn is_known(word: &str) -> bool {
    TOOLS.contains_key(word)
}

/// What the words of a simple command, as typed, do.
pub(crate) fn judge<'w>(words: impl Iterator<Item = &'w str>) -> Judgement {
    let words: Vec<Cow<str>> = words.map(unquote).collect();
    let mut judgement = Judgement { verdict: Verdict::READS, scripts: Vec::new() };
    if let Some((command, tool)) = look_through(&words, &mut judgement) {
        let verdict = judge_plain(command, tool, &mut judgement);
        judgement.verdict = judgement.verdict.worse(verdict);
    }
    judgement
}

/// What reads the standard input of these words.
pub(crate) fn reader<'w>(words: impl Iterator<Item = &'w str>) -> InputReader {
    let words: Vec<Cow<str>> = words.map(unquote).collect();
    let mut judgement = Judgement { verdict: Verdict::READS, scripts: Vec::new() };
    let Some((command, _)) = look_through(&words, &mut judgement) else {
        let remote = words.iter().any(|word| matches!(&**word, "ssh" | "su" | "sudo"));
        return if remote { InputReader::Shell } else { InputReader::Nothing };
    };
    match base_name(&command[0]) {
        name if SHELLS.contains(&name) => InputReader::Shell,
        "psql" | "mysql" | "mariadb" | "sqlite3" | "clickhouse-client" | "sqlcmd" | "cqlsh" => {
            InputReader::Sql
        }
        "mongosh" | "mongo" => InputReader::Mongo,
        _ => InputReader::Nothing,
    }
}

/// A word as the command sees it: without quotes, backslashes and continued lines.
fn unquote(word: &str) -> Cow<'_, str> {
    let next = |from: usize| {
        let found = memchr::memchr3(b'\'', b'"', b'\\', &word.as_bytes()[from..])?;
        Some((from + found, word.as_bytes()[from + found]))
    };
    // Most words are short and have none: looking at each byte is quicker than beginning a search.
    if !word.bytes().any(|byte| matches!(byte, b'\'' | b'"' | b'\\')) {
        return Cow::Borrowed(word);
    }
    let mut plain = String::with_capacity(word.len());
    let mut quote = None;
    let (mut done, mut from) = (0, 0);
    while let Some((at, mark)) = next(from) {
        from = at + 1;
        let is_kept = match mark {
            b'\\' if quote != Some(b'\'') => {
                let escaped = word[from..].chars().next();
                from += escaped.map_or(0, char::len_utf8);
                plain.push_str(&word[done..at]);
                done = if escaped == Some('\n') { from } else { at + 1 };
                true
            }
            _ if quote == Some(mark) => {
                quote = None;
                false
            }
            b'\'' | b'"' if quote.is_none() => {
                quote = Some(mark);
                false
            }
            _ => true,
        };
        if !is_kept {
            plain.push_str(&word[done..at]);
            done = from;
        }
    }
    plain.push_str(&word[done..]);
    Cow::Owned(plain)
}

fn base_name(command: &str) -> &str {
    command.rsplit('/').next().unwrap_or(command)
}

fn is_assignment(word: &str) -> bool {
    let Some((name, _)) = word.split_once('=') else { return false };
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+[]".contains(&byte))
}

/// The command behind assignments and wrappers, if there is one, and what the table has of it; scripts that it runs
/// are noted.
fn look_through<'a>(
    words: &'a [Cow<'a, str>],
    judgement: &mut Judgement,
) -> Option<(&'a [Cow<'a, str>], Option<&'static Tool>)> {
    let mut rest = words;
    loop {
        while rest.first().is_some_and(|word| is_assignment(word)) {
            rest = &rest[1..];
        }
        let name = base_name(rest.first()?);
        let tool = TOOLS.get(name);
        let wrapper = tool.and_then(|tool| tool.wrapper(&rest[1..]));
        let Some(wrapper) = wrapper else { return Some((rest, tool)) };
        let inner = wrapper.inner(&rest[1..]);
        if wrapper.script {
            if inner.is_empty() && wrapper.interactive {
                judgement.verdict = judgement.verdict.worse(Verdict::UNKNOWN);
            }
            if !inner.is_empty() {
                judgement.scripts.push(inner.join(" "));
            }
            return None;
        }
        if inner.is_empty() && wrapper.interactive {
            judgement.verdict = judgement.verdict.worse(Verdict::UNKNOWN);
        }
        rest = inner;
    }
}

/// What a command that runs no other does.
fn judge_plain(
    words: &[Cow<str>],
    tool: Option<&'static Tool>,
    judgement: &mut Judgement,
) -> Verdict {
    let name = base_name(&words[0]);
    let rest = &words[1..];
    // Behind an action `--version` names the version to act with.
    let is_asked = rest.iter().any(|word| word == "--help");
    if is_asked || rest.last().is_some_and(|word| word == "--version") {
        return Verdict::READS;
    }
    if SHELLS.contains(&name) {
        let script = rest.iter().position(|word| word.starts_with('-') && word.ends_with('c'));
        let script = script.and_then(|at| rest.get(at + 1));
        judgement.scripts.extend(script.map(ToString::to_string));
        return if script.is_some() { Verdict::READS } else { Verdict::UNKNOWN };
    }
    if let Some(verdict) = special(name, rest, &mut judgement.scripts) {
        return verdict;
    }
    let Some(tool) = tool else {
        let formats = name.starts_with("mkfs");
        return if formats { Verdict::destroys(rules::FORMATTED) } else { Verdict::UNKNOWN };
    };
    let mut words = Vec::with_capacity(rest.len());
    words.extend(tool.positionals(rest));
    let rule = tool.rules.iter().find(|(pattern, _)| pattern.fits(&words, rest));
    match rule.map_or(tool.otherwise, |(_, effect)| *effect) {
        Effect::Reads => Verdict::READS,
        Effect::Changes => Verdict::CHANGES,
        Effect::Destroys(lost) => Verdict::destroys(lost),
        Effect::Unknown => Verdict::UNKNOWN,
    }
}

impl Name {
    fn of(text: &'static str) -> Name {
        match (text.strip_prefix('*'), text.strip_suffix('*')) {
            (Some(""), _) => Name::Any,
            (Some(end), _) => Name::Ending(end),
            (_, Some(start)) => Name::Beginning(start),
            _ => Name::Whole(text),
        }
    }

    fn fits(&self, word: &str) -> bool {
        match self {
            Name::Any => true,
            Name::Ending(end) => word.ends_with(end),
            Name::Beginning(start) => word.starts_with(start),
            // `pod/name` and `pod,service` are pods too.
            Name::Whole(name) => word
                .strip_prefix(name)
                .is_some_and(|rest| matches!(rest.as_bytes().first(), None | Some(b'/' | b','))),
        }
    }
}

/// Every loss that the table names.
#[cfg(test)]
pub(crate) fn losses() -> impl Iterator<Item = &'static str> {
    let effects = FAMILIES
        .iter()
        .flat_map(|family| family.rules.iter().map(|rule| rule.effect).chain([family.otherwise]));
    effects.filter_map(|effect| match effect {
        Effect::Destroys(lost) => Some(lost),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Effect, FAMILIES, WRAPPERS};
    use crate::shell::Safety::{self, ChangesState, Destructive, ReadOnly, Unknown};
    use crate::shell::shell;

    fn check(expected: Safety, commands: &[&str]) {
        for command in commands {
            let verdict = shell("bash", command).verdict;
            assert_eq!(verdict.safety, expected, "{command}");
            assert_eq!(verdict.lost.is_some(), expected == Destructive, "{command}");
        }
    }

    #[test]
    fn commands_that_look_are_read_only() {
        check(
            ReadOnly,
            &[
                "kubectl get pods -n <namespace>",
                "kubectl -n x delete pod y --dry-run=client",
                "oc adm top nodes",
                "oc adm upgrade",
                "oc adm upgrade status",
                "helm list -A",
                "docker compose logs -f web",
                "systemctl status nginx",
                "journalctl -xeu kubelet",
                "aws --region eu-west-1 sqs get-queue-attributes --queue-url <url>",
                "aws logs filter-log-events --log-group-name x",
                "aws s3 ls s3://bucket",
                "terraform state list",
                "git log --oneline",
                "psql -h <host> -c 'select 1'",
                "redis-cli -h x info memory",
                "curl -sS https://example.org/health",
                "find /var/log -name '*.gz'",
                "sed -n 1,5p file",
                "POD=$(kubectl get pod -o name | head -n1)",
                "kubectl get pods > /tmp/pods",
                "kill -0 <pid>",
                "rm --help",
                "dig <name> | tee answer.txt",
            ],
        );
    }

    #[test]
    fn commands_that_can_be_undone_change_state() {
        check(
            ChangesState,
            &[
                "oc adm upgrade --to=4.16.3",
                "oc adm upgrade --to-latest",
                "oc adm upgrade channel fast-4.16",
                "kubectl apply -f x.yaml",
                "kubectl scale deployment/x --replicas=0",
                "kubectl rollout restart deploy x",
                "cat <<EOF | kubectl apply -f -\nkind: Pod\nEOF",
                "helm rollback x 3",
                "systemctl restart nginx",
                "aws lambda invoke --function-name x out.json",
                "aws sqs send-message --queue-url x --message-body y",
                "terraform apply",
                "git push origin main",
                "psql -c \"update jobs set a = 1 where id = 2\"",
                "curl -X POST https://example.org -d '{}'",
                "curl -d x=y https://example.org",
                "sed -i s/a/b/ file",
                "chmod 600 key",
                "kill -9 <pid>",
                "sudo sysctl -w vm.swappiness=1",
                "echo 1 > /proc/sys/vm/drop_caches",
                "iptables -A INPUT -j DROP",
                "shred -u /dev/shm/value",
                "rm -f /tmp/message.json",
            ],
        );
    }

    #[test]
    fn commands_that_lose_something_are_destructive() {
        check(
            Destructive,
            &[
                "kubectl delete pod <pod>",
                "kubectl -n x delete pvc --all",
                "kubectl drain <node> --ignore-daemonsets",
                "aws sqs purge-queue --queue-url <url>",
                "aws ec2 terminate-instances --instance-ids i-1",
                "aws s3 sync a s3://b --delete",
                "aws s3 rm s3://b/c --recursive",
                "terraform destroy -auto-approve",
                "terraform state rm x",
                "terraform force-unlock <id>",
                "git reset --hard origin/main",
                "git push -f",
                "git clean -fdx",
                "redis-cli -n 1 FLUSHALL",
                "rm -rf /var/lib/x",
                "rm -rf /tmp/../x /tmp/y",
                "dd if=/dev/zero of=/dev/sda",
                "mkfs.ext4 /dev/sdb",
                "truncate -s 0 /var/log/x",
                "curl -X DELETE https://example.org/1",
                "curl -XDELETE https://example.org/1",
                "docker volume rm x",
                "journalctl --vacuum-time=1d",
                "find /tmp -name x -delete",
                "etcdctl del --prefix /x",
                "psql <<SQL\ndrop table x;\nSQL",
                "echo x > /dev/sda",
            ],
        );
    }

    #[test]
    fn what_a_command_runs_counts_as_its_own() {
        check(
            Destructive,
            &[
                "sudo -u root rm x",
                "env A=b rm x",
                "timeout 5s rm x",
                "kubectl get pods -o name | xargs -r -n1 kubectl delete",
                "ssh -p 22 user@host 'sudo rm -rf /x'",
                "bash -c \"rm x\"",
                "watch -n 5 'kubectl delete pod x'",
                "kubectl -n x exec -it pod -c main -- rm -rf /data",
                "docker exec -it x psql -c 'drop database y'",
                "for pod in a b; do\n  kubectl delete pod $pod\ndone",
                "true && rm x",
                "kubectl get pod $(rm x)",
                "echo `rm x`",
                "find . -name y -exec rm {} \\;",
                "ssh host <<EOF\nrm x\nEOF",
                "if true; then rm x; fi",
                "(cd x && rm y)",
            ],
        );
        check(
            ReadOnly,
            &[
                "ssh host uptime",
                "sudo cat x",
                "kubectl exec pod -- ls /",
                "watch kubectl get pods",
            ],
        );
    }

    #[test]
    fn what_the_table_does_not_know_is_left_open() {
        check(
            Unknown,
            &["./deploy.sh prod", "ssh <host>", "kubectl exec -it x -- sh", "frobnicate --now", ""],
        );
    }

    #[test]
    fn every_name_stands_in_the_table_once_and_every_loss_is_a_sentence() {
        let mut names: Vec<&str> =
            FAMILIES.iter().flat_map(|family| family.names.split(' ')).collect();
        names.extend(WRAPPERS.iter().flat_map(|wrapper| wrapper.names.split('|')));
        names.sort_unstable();
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
        for family in FAMILIES {
            for effect in family.rules.iter().map(|rule| rule.effect).chain([family.otherwise]) {
                if let Effect::Destroys(lost) = effect {
                    assert!(lost.starts_with(char::is_uppercase) && !lost.ends_with('.'), "{lost}");
                }
            }
        }
    }
}

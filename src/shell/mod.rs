//! A shell block in; its prompts, commands, sample output, parameters, colours and dangers out, in one pass.
//!
//! A line belongs to a command or to sample output by these rules:
//! - Where any line has a prompt (`$ `, `user@host:~$ `, `[root@host ~]# `, `sh-5.1# `), the lines with one are
//!   commands, with the lines that they go on for; comments are comments; every other line is output.
//! - `# ` is root's prompt rather than a comment where no line has another prompt, each `# ` line begins with a
//!   command that the table of `safety` knows, and no other line does (in a script, as opposed to a
//!   console session, no other line may be there at all).
//! - Where no line has a prompt, every line is a command or a comment, but for the tables that tools print: what
//!   stands below a command from a line of column heads (`NAME   READY   STATUS`) to the next blank line is output.
//! - A command goes on after a backslash, an open quote, `|`, `&&` or `||` at the end of its line, to the end of
//!   its here-document and to the `done`, `fi`, `esac` or `}` that closes what it opened. In a block with prompts
//!   `> ` before such a line is a prompt too.
//!
//! It reads the shell's grammar no further than that asks for, and never fails: a quote that is never closed is a
//! character like any other.

use crate::hidden::{KeptPlaces, hidden, without};

use lexer::lex;
use prompts::{Prompts, first_word, prompt_length};

pub use block::{Quoting, Shell, ShellCommand, ShellParameter};
#[cfg(test)]
pub(crate) use safety::losses;
pub(crate) use safety::sql;
pub use verdict::{Safety, Verdict};

mod block;
mod lexer;
pub mod parameter;
mod prompts;
mod safety;
mod verdict;

/// Whether blocks in this language are read as shell commands.
pub fn is_shell(language: &str) -> bool {
    const NAMES: &[&str] = &[
        "ash", "bash", "console", "ksh", "sh", "shell", "shell-session", "shellsession",
        "terminal", "zsh",
    ];
    NAMES.iter().any(|name| name.eq_ignore_ascii_case(language))
}

/// Reads a block, if it holds shell commands: by its language or, where the author named none, because its first line
/// has a prompt or it holds nothing but commands of tools whose names are no English words.
///
/// What is hidden in the text is not read: a command does what is left of it when it is copied.
pub fn shell_block(language: &str, text: &str) -> Option<Shell> {
    let parts = hidden(text);
    if parts.is_empty() {
        return read_block(language, text);
    }
    let seen = without(text, parts.iter().map(|part| &part.range));
    read_block(language, &seen).map(|shell| shell.placed(&KeptPlaces::new(&parts)))
}

fn read_block(language: &str, text: &str) -> Option<Shell> {
    if !language.is_empty() {
        return is_shell(language).then(|| shell(language, text));
    }
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    if prompt_length(first).is_some() {
        return Some(shell(language, text));
    }
    if !UNMISTAKABLE.contains(&first_word(first)) {
        return None;
    }
    let shell = shell(language, text);
    let is_command = |command: &ShellCommand| {
        let word = first_word(&text[command.range.start as usize..command.range.end as usize]);
        safety::is_known(word) || word.contains('=')
    };
    shell.commands.iter().all(is_command).then_some(shell)
}

/// Commands that nobody would begin a sentence, a table or a configuration with.
const UNMISTAKABLE: &[&str] = &[
    "ansible-playbook", "apt-get", "aws", "az", "brew", "curl", "docker", "docker-compose",
    "export", "gcloud", "git", "helm", "journalctl", "kubectl", "oc", "psql", "redis-cli", "ssh",
    "sudo", "systemctl", "terraform",
];

/// Reads a text as shell commands, whatever it is.
pub fn shell(language: &str, text: &str) -> Shell {
    lex(text, Prompts::of(language, text), 0)
}

#[cfg(test)]
mod tests {
    use super::{Quoting, Safety, shell, shell_block};
    use crate::highlight::shown;

    /// The block with `[…]` round its commands, `«…»` round its output, `{…}` round its prompts.
    fn check(language: &str, text: &str, expected: &str) {
        let shell = shell(language, text);
        let mut marks = Vec::new();
        for (ranges, open, close) in [
            (shell.output.clone(), '«', '»'),
            (shell.commands.iter().map(|command| command.range.clone()).collect(), '[', ']'),
            (shell.prompts.clone(), '{', '}'),
        ] {
            marks.extend(
                ranges.iter().flat_map(|range| [(range.start, 1, open), (range.end, 0, close)]),
            );
        }
        marks.sort_by_key(|(at, order, _)| (*at, *order));
        let mut shown = text.to_owned();
        for (at, _, mark) in marks.into_iter().rev() {
            shown.insert(at as usize, mark);
        }
        assert_eq!(shown, expected, "{language}");
    }

    #[test]
    fn without_prompts_every_line_is_a_command() {
        check(
            "bash",
            "kubectl get pods\n\n# why\n  ls -l # x\n",
            "[kubectl get pods]\n\n# why\n  [ls -l # x]\n",
        );
    }

    #[test]
    fn lines_that_belong_together_stay_together() {
        for command in [
            "a \\\n  b",
            "a |\n  b",
            "a &&\nb",
            "echo 'x\ny'",
            "echo \"x $(date)\ny\"",
            "cat <<EOF | kubectl apply -f -\nkind: Pod\n  EOF\nEOF",
            "cat <<-'E' >x\n\ty\n\tE",
            "for x in a b; do\n  y $x\ndone",
            "while true\ndo\n  if x; then\n    y\n  fi\ndone",
            "case $1 in\n  a) b ;;\n  *) c ;;\nesac",
            "f() {\n  x\n}",
            "a=(x\n  y)",
            "(a\nb)",
        ] {
            check("sh", &format!("{command}\nnext\n"), &format!("[{command}]\n[next]\n"));
        }
    }

    #[test]
    fn a_table_below_a_command_is_output() {
        check(
            "bash",
            "kubectl get pod\n\nNAMESPACE   NAME   READY\nshop        a      1/2\n\nkubectl logs a\n",
            "[kubectl get pod]\n\n«NAMESPACE   NAME   READY\nshop        a      1/2»\n\n[kubectl logs a]\n",
        );
        check(
            "",
            "oc get events\nLAST SEEN   TYPE      REASON\n3m          Warning   BackOff\n",
            "[oc get events]\n«LAST SEEN   TYPE      REASON\n3m          Warning   BackOff»\n",
        );
        check("bash", "NAME   READY\n", "[NAME   READY]\n");
        check(
            "bash",
            "export A=1\nFOO=BAR  BAZ=1  make\n",
            "[export A=1]\n[FOO=BAR  BAZ=1  make]\n",
        );
    }

    #[test]
    fn prompts_tell_commands_from_output() {
        check(
            "console",
            "$ a\nx\ny\n$ b \\\n  -c\nz\n",
            "{$ }[a]\n«x\ny»\n{$ }[b \\\n  -c]\n«z»\n",
        );
        check("bash", "$ cat <<EOF\n> x\n> EOF\ny", "{$ }[cat <<EOF\n{> }x\n{> }EOF]\n«y»");
        check(
            "sh",
            "me@host:~/x$ a\n[root@host ~]# b\nsh-5.1# c\n~ # d\n",
            "{me@host:~/x$ }[a]\n{[root@host ~]# }[b]\n{sh-5.1# }[c]\n{~ # }[d]\n",
        );
        check(
            "sh",
            "$ a\n# why\n$ b\nemail@host 5 # x\n",
            "{$ }[a]\n# why\n{$ }[b]\n«email@host 5 # x»\n",
        );
    }

    #[test]
    fn a_number_sign_is_a_prompt_only_where_nothing_speaks_against_it() {
        check(
            "console",
            "# kubectl get pods\nNAME READY\n",
            "{# }[kubectl get pods]\n«NAME READY»\n",
        );
        check(
            "bash",
            "# kubectl get pods\n# oc get nodes\n",
            "{# }[kubectl get pods]\n{# }[oc get nodes]\n",
        );
        check(
            "bash",
            "# kill the process\nkubectl get pods\n",
            "# kill the process\n[kubectl get pods]\n",
        );
        check("bash", "# Look for the pod\n", "# Look for the pod\n");
    }

    #[test]
    fn a_block_without_a_language_is_shell_if_all_of_it_is() {
        for text in ["$ whatever\n", "kubectl get pods\n", "export A=b\naws s3 ls\nB=$(date)\n"] {
            assert!(shell_block("", text).is_some(), "{text}");
        }
        for text in
            ["", "git is a program\nthat we use\n", "top - 10:11\n", "name: x\n", "find the pod\n"]
        {
            assert!(shell_block("", text).is_none(), "{text}");
        }
        assert!(shell_block("Bash", "x").is_some() && shell_block("yaml", "$ x").is_none());
    }

    #[test]
    fn a_quote_that_is_never_closed_is_a_character() {
        check("bash", "echo don't\nrm x\n", "[echo don't]\n[rm x]\n");
        check("bash", "echo $(date\nrm x\n", "[echo $(date]\n[rm x]\n");
        check("console", "$ echo \"x\n$ rm y\n", "{$ }[echo \"x]\n{$ }[rm y]\n");
        check("bash", "for ever\nrm y\n", "[for ever]\n[rm y]\n");
        assert_eq!(shell("bash", "echo don't\nrm x\n").verdict.safety, Safety::Destructive);
    }

    #[test]
    fn parameters_know_what_surrounds_them() {
        let text = "x <one> \"<two>\" '<three>' <<E\n<four>\nE\n";
        let shell = shell("bash", text);
        let quoting: Vec<Quoting> =
            shell.parameters.iter().map(|parameter| parameter.quoting).collect();
        assert_eq!(quoting, [Quoting::Bare, Quoting::Double, Quoting::Single, Quoting::Literal]);
    }

    #[test]
    fn output_markup_and_comments_hold_no_parameters() {
        for text in [
            "$ x\nage <region>\n",
            "cat <<E\n<a>\n<b/>\nE\n",
            "x # <y>\n",
            "kubectl get x -o go-template='{{range .x}}'",
        ] {
            assert_eq!(shell("bash", text).parameters, [], "{text}");
        }
    }

    fn check_colors(language: &str, text: &str, expected: &[&str]) {
        assert_eq!(shown(text, &shell(language, text).spans), expected, "{language}: {text}");
    }

    #[test]
    fn shell_words_have_their_colors() {
        check_colors(
            "bash",
            "aws sqs purge-queue --queue-url \"$URL/x\" # now",
            &["f:--queue-url", "s:\"", "v:$URL", "s:/x\"", "c:# now"],
        );
        check_colors(
            "sh",
            "for pod in $(kubectl get pods -o name); do echo $pod; done",
            &["k:for", "f:-o", "k:do", "v:$pod", "k:done"],
        );
        check_colors("shell", "FOO=bar make", &["v:FOO"]);
        check_colors("zsh", "cat <<EOF\nx $y\nEOF", &["k:EOF", "s:x $y", "k:EOF"]);
    }
}

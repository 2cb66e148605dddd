//! What a block of code has to run, command by command, each with its class and its sample output.

use std::ops::Range;

use crate::parse::CodeBlock;
use crate::shell::parameter::upper_case_tokens;
use crate::shell::{Quoting, Shell, shell_block};
use crate::token::parameter_name;

use super::model::{Command, CommandSlot, Example, block_safety, block_verdict, declared};

/// What a block of code is to whoever follows the page.
pub(super) enum CodeRole {
    /// Something to run.
    Commands(Vec<Command>),
    /// Something to look at.
    Example(Example),
}

/// Reads a block of code.
pub(super) fn code(block: &CodeBlock) -> CodeRole {
    let commands = match &block.shell {
        Some(shell) => shell_commands(block, shell),
        None if is_run(&block.language) => vec![whole(block)],
        None => Vec::new(),
    };
    if commands.is_empty() {
        return CodeRole::Example(Example {
            language: block.language.clone(),
            title: block.title.clone(),
            text: block.text.trim_end().to_owned(),
        });
    }
    CodeRole::Commands(commands)
}

/// Whether a block that holds no shell commands is to be run or asked all the same.
fn is_run(language: &str) -> bool {
    const RUN: &[&str] = &[
        "bat", "batch", "cmd", "cypher", "elasticsearch", "esql", "flux", "groovy", "http",
        "influxql", "javascript", "js", "kql", "kusto", "logql", "logs-insights", "mongo",
        "mongodb", "mongosh", "mysql", "node", "perl", "plsql", "postgresql", "powershell",
        "promql", "ps1", "pwsh", "psql", "py", "python", "redis", "ruby", "rb", "spl", "splunk",
        "sql", "traceql", "tsql",
    ];
    RUN.binary_search(&language).is_ok()
}

/// Whether a block is likely to show what a command prints.
pub(super) fn is_output(language: &str) -> bool {
    matches!(language, "" | "text" | "txt" | "plain" | "plaintext" | "output" | "log" | "none")
}

/// The one command of inline code, where it is sure to be one: a tool that is known, with something to do.
pub(super) fn inline(text: &str, range: &Range<usize>) -> Option<Command> {
    if !text.contains(' ') {
        return None;
    }
    let shell = shell_block("", text)?;
    let [command] = &shell.commands[..] else { return None };
    let slots = shell
        .parameters
        .iter()
        .map(|one| slot(text, one.range.start as usize..one.range.end as usize, one.quoting));
    Some(Command {
        text: text.to_owned(),
        language: "bash".to_owned(),
        title: None,
        class: command.verdict.safety.into(),
        warning: command.verdict.lost.map(str::to_owned),
        expect: None,
        verify: None,
        rollback: None,
        slots: slots.collect(),
        range: range.clone(),
    })
}

fn slot(text: &str, range: Range<usize>, quoting: Quoting) -> CommandSlot {
    CommandSlot { name: parameter_name(&text[range.clone()]), range, quoting }
}

/// A block that is one command in another language.
fn whole(block: &CodeBlock) -> Command {
    let text = block.text.trim_end().to_owned();
    let tokens = upper_case_tokens(&text);
    let slots = tokens.into_iter().map(|range| slot(&text, range, Quoting::Literal)).collect();
    Command {
        language: block.language.clone(),
        title: block.title.clone(),
        class: block_safety(block).into(),
        warning: block_verdict(block).lost.map(str::to_owned),
        expect: None,
        verify: None,
        rollback: None,
        slots,
        range: block.lines().in_file(&(0..text.len())),
        text,
    }
}

fn shell_commands(block: &CodeBlock, shell: &Shell) -> Vec<Command> {
    let wide = |range: &Range<u32>| range.start as usize..range.end as usize;
    let mut outputs = shell.output.iter().map(wide).peekable();
    let mut found = Vec::with_capacity(shell.commands.len());
    let lines = block.lines();
    for (index, command) in shell.commands.iter().enumerate() {
        let range = wide(&command.range);
        let next = shell
            .commands
            .get(index + 1)
            .map_or(block.text.len(), |next| next.range.start as usize);
        while outputs.next_if(|output| output.start < range.start).is_some() {}
        let mut expect = String::new();
        while let Some(output) = outputs.next_if(|output| output.start < next) {
            expect.push_str(&block.text[output]);
        }
        let safety = declared(block).unwrap_or(command.verdict.safety);
        let (text, slots) = without_prompts(block, shell, &range);
        found.push(Command {
            text,
            language: if block.language.is_empty() {
                "bash".to_owned()
            } else {
                block.language.clone()
            },
            title: block.title.clone(),
            class: safety.into(),
            warning: command.verdict.lost.map(str::to_owned),
            expect: Some(expect.trim_end().to_owned()).filter(|text| !text.trim().is_empty()),
            verify: None,
            rollback: None,
            slots,
            range: lines.in_file(&range),
        });
    }
    found
}

/// A command without the prompts of its continuation lines, and where its parameters stand in what is left.
fn without_prompts(
    block: &CodeBlock,
    shell: &Shell,
    range: &Range<usize>,
) -> (String, Vec<CommandSlot>) {
    let mut text = String::with_capacity(range.len());
    let mut slots = Vec::new();
    let mut parameters = shell.parameters_in(range).peekable();
    let mut from = range.start;
    let ends = shell.prompts_in(range).map(|prompt| (prompt.start, prompt.end));
    for (end, next) in ends.chain([(range.end, range.end)]) {
        while let Some((place, one)) = parameters.next_if(|(place, _)| place.end <= end) {
            if from <= place.start {
                let at = text.len() + place.start - from;
                slots.push(CommandSlot {
                    name: parameter_name(&block.text[place.clone()]),
                    range: at..at + place.len(),
                    quoting: one.quoting,
                });
            }
        }
        text.push_str(&block.text[from..end]);
        from = next;
    }
    (text, slots)
}

#[cfg(test)]
mod tests {
    use super::{CodeRole, code, is_run};
    use crate::parse::tests_support::document;

    /// The commands of a page's one block, as class, text, what is expected and what is to be filled in.
    fn check(page: &str, expected: &[(&str, &str, Option<&str>, &[&str])]) {
        let document = document(page);
        let found = match code(&document.code_blocks[0]) {
            CodeRole::Commands(commands) => commands,
            CodeRole::Example(_) => Vec::new(),
        };
        let shown: Vec<_> = found
            .iter()
            .map(|one| {
                for slot in &one.slots {
                    assert!(one.text[slot.range.clone()].starts_with('<'), "{one:?}");
                }
                assert!(
                    page[one.range.clone()].starts_with(one.text.lines().next().unwrap()),
                    "{one:?}"
                );
                (
                    one.class.name(),
                    one.text.as_str(),
                    one.expect.as_deref(),
                    one.slots.iter().map(|slot| slot.name.as_str()).collect::<Vec<_>>(),
                )
            })
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(class, text, expect, slots)| (*class, *text, *expect, slots.to_vec()))
            .collect();
        assert_eq!(shown, expected, "{page}");
    }

    #[test]
    fn each_command_has_its_class_its_output_and_its_parameters() {
        check(
            "1. Do\n\n   ```console\n   $ kubectl get pods -n <namespace> \\\n   > --watch\n   NAME  READY\n   a     1/1\n   $ kubectl delete pod <pod name>\n   deleted\n   ```\n",
            &[
                (
                    "read",
                    "kubectl get pods -n <namespace> \\\n--watch",
                    Some("NAME  READY\na     1/1"),
                    &["namespace"],
                ),
                ("destroy", "kubectl delete pod <pod name>", Some("deleted"), &["pod-name"]),
            ],
        );
    }

    #[test]
    fn what_the_author_declares_is_the_class_of_all_commands() {
        check(
            "```bash {safe}\nrm -r /tmp/x\nls\n```\n",
            &[("read", "rm -r /tmp/x", None, &[]), ("read", "ls", None, &[])],
        );
        check("```bash {danger}\nls\n```\n", &[("destroy", "ls", None, &[])]);
    }

    #[test]
    fn queries_are_commands_and_configuration_is_none() {
        check(
            "```sql\nDROP TABLE <TABLE>;\n```\n",
            &[("destroy", "DROP TABLE <TABLE>;", None, &["table"])],
        );
        check("```promql\nup == 0\n```\n", &[("unknown", "up == 0", None, &[])]);
        check("```yaml\na: b\n```\n", &[]);
        check("```\nsome words\n```\n", &[]);
    }

    #[test]
    fn the_languages_that_are_run_are_found() {
        for language in ["bat", "powershell", "sql", "tsql", "http", "python"] {
            assert!(is_run(language), "{language}");
        }
        assert!(!is_run("yaml") && !is_run("json"));
    }
}

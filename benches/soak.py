#!/usr/bin/env python3
"""Edits a site at random while its preview runs with open event streams, and looks for what is lost.

usage: soak.py SITE [--minutes 10] [--streams 20] [--seed 1] [--binary target/release/guidepost]

Prose, links, titles, new pages, renames and deletions. Every edit must be served and reach every stream. At the end
what is served must equal what `guidepost build` writes, byte for byte but for the preview's script. SITE is changed:
give it a copy. Prints edits, times, memory at the beginning and at the end, and exits with 1 if anything was lost.
"""
import argparse
import http.client
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlsplit


def get(address):
    """Status and body; 0 where nobody answers."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        connection.request("GET", parts.path)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


class Server:
    """A process and its children, from start to interrupt."""

    def __init__(self, command, address, patience=600):
        began = time.monotonic()
        self.log = tempfile.NamedTemporaryFile("w+", suffix=".log", delete=False)
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, start_new_session=True)
        while True:
            status, body = get(address)
            if status == 200 and body:
                break
            if self.process.poll() is not None or time.monotonic() - began > patience:
                sys.exit(f"the server did not start; see {self.log.name}")
            time.sleep(0.005)

    def stats(self):
        """CPU seconds so far and resident MiB."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks = int(fields[11]) + int(fields[12])
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        resident = int(re.search(r"^VmRSS:\s+(\d+)", status, re.M)[1])
        return ticks / os.sysconf("SC_CLK_TCK"), resident // 1024

    def settle(self):
        """Waits until the process rests."""
        while True:
            before = self.stats()[0]
            time.sleep(0.5)
            if self.stats()[0] - before < 0.03:
                return

    def stop(self):
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


def replace(path, text):
    """Saves as careful editors do: a new file, renamed over the old one."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text)
    new.rename(path)


class Stream(threading.Thread):
    """Reads an event stream, and remembers the newest revision and what it was told to load again since it was asked."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.revision = 0
        self.told = set()
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.connection.request("GET", "/_guidepost/events")
        self.response = self.connection.getresponse()
        self.start()

    def run(self):
        try:
            for line in self.response:
                if line.startswith(b"data: "):
                    event = json.loads(line[6:])
                    # After a gap, or more files than are named, a browser compares every page by itself.
                    whole = event["changed"] is None or event["revision"] != self.revision + 1
                    self.told |= {"everything"} if whole else set(event["changed"])
                    self.revision = event["revision"]
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            return

    def has_heard(self, file):
        """Whether a browser that shows this file has been told to look again."""
        return bool(self.told & {file, "everything"})


def edit(pages, content, random_source):
    """Makes one random edit; the page that must be served differently afterwards, and the words it then holds."""
    page = random_source.choice(pages)
    words = f"edit{random_source.randrange(1 << 40)}"
    text = page.read_text()
    kind = random_source.choice(["prose", "link", "title", "new", "rename", "delete"])
    if kind == "link":
        other = os.path.relpath(random_source.choice(pages), page.parent)
        replace(page, f"{text}\n\nSee [{words}](<{other}>).\n")
    elif kind == "title":
        replace(page, re.sub(r"^title:.*$", f"title: {words}", text, count=1, flags=re.M) + f"\n{words}\n")
    elif kind == "new":
        page = content / f"{words}.md"
        replace(page, f"---\ntitle: {words}\n---\n\n{words}\n")
        pages.append(page)
    elif kind in ("rename", "delete") and len(pages) > 20:
        pages.remove(page)
        if kind == "rename":
            new = page.with_name(f"{words}.md")
            page.rename(new)
            replace(new, f"{text}\n\n{words}\n")
            pages.append(new)
            page = new
        else:
            page.unlink()
            words = None
    else:
        replace(page, f"{text}\n\nOnly {words}.\n")
    return page, words


def soak(options):
    site, random_source = Path(options.site), random.Random(options.seed)
    content = site / "content"
    pages = [page for page in sorted(content.rglob("*.md")) if not any(part[0] in "._" for part in page.relative_to(content).parts)]
    pages = [page for page in pages if page.name not in ("index.md", "_index.md", "README.md")]
    port = free_port()
    root = f"http://127.0.0.1:{port}/"
    server = Server([options.binary, "serve", "--site", options.site, "--port", str(port)], root)
    levels, missed, edits, spans = [], 0, 0, []
    try:
        streams = [Stream(port) for _ in range(options.streams)]
        end = time.monotonic() + 60 * options.minutes
        while time.monotonic() < end:
            for stream in streams:
                stream.told = set()
            began = time.monotonic()
            page, words = edit(pages, content, random_source)
            place = str(page.relative_to(content).with_suffix(""))
            address = root + quote(place) + "/"
            seen = lambda: words.encode() in get(address)[1] if words else get(address)[0] == 404
            while not seen():
                if time.monotonic() - began > 60:
                    sys.exit(f"{page} was not served as edited within a minute")
                time.sleep(0.002)
            spans.append(1000 * (time.monotonic() - began))
            deadline = time.monotonic() + 5
            deaf = lambda: [stream for stream in streams if not stream.has_heard(f"{place}/index.html")]
            while deaf() and time.monotonic() < deadline:
                time.sleep(0.005)
            missed += len(deaf())
            edits += 1
            levels.append(server.stats()[1])
        server.settle()
        differing = compare(site, root, options.binary)
        tenth = max(1, len(levels) // 10)
        level = " ".join(f"{statistics.mean(levels[at:at + tenth]):.0f}" for at in range(0, len(levels), tenth))
        print(
            f"{edits} edits in {options.minutes} min with {options.streams} streams; reloads missed: {missed}; "
            f"served after, ms: median {statistics.median(spans):.0f}, most {max(spans):.0f}; memory by tenths, MiB: {level}; "
            f"files that differ from a cold build: {len(differing)} {differing[:5]}"
        )
        return 1 if missed or differing else 0
    finally:
        server.stop()


def compare(site, root, binary):
    """The files of a cold build that are served differently."""
    script = re.compile(rb'<script src="/_guidepost/preview\.js"[^>]*></script>\n')
    differing = []
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([binary, "build", "-q", "--site", site, "--out", f"{out}/site"], check=True)
        for path in sorted(Path(out, "site").rglob("*")):
            name = str(path.relative_to(f"{out}/site"))
            if path.is_file() and not name.startswith("."):
                if script.sub(b"", get(root + quote(name))[1]) != path.read_bytes():
                    differing.append(name)
    return differing


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--streams", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--binary", default="target/release/guidepost")
    sys.exit(soak(parser.parse_args()))


if __name__ == "__main__":
    main()

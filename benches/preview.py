#!/usr/bin/env python3
"""Measures how long a running preview takes from an edit on disk to the new HTML, for Guidepost and Hugo.

usage: preview.py --generator GENERATOR [--pages 1000 10000] [--edits 20]

Each edit adds a word to one page by renaming a new file over the old, as editors do. The page is then asked for
every two milliseconds until the word is in it. The next edit waits until the server's processor time stands still.
"""

import http.client
import os
import shutil
import signal
import socket
import statistics
import subprocess
import time

import sites

TICK = os.sysconf("SC_CLK_TCK")


def main():
    parser = sites.arguments(__doc__.splitlines()[0])
    parser.add_argument("--edits", type=int, default=20)
    options = parser.parse_args()
    work, clean_up = sites.work_folder(options)
    try:
        binaries = sites.find_binaries(options, work)
        print("| pages | preview | start s | edit to served ms | fastest | slowest | peak MiB |")
        print("|---|---|---|---|---|---|---|")
        for pages in options.pages:
            for tool in sites.tools(options):
                site = sites.make_site(work, tool, options, pages)
                print(f"| {pages:,} | {tool} | {measure(tool, binaries, site, options.edits)} |", flush=True)
                shutil.rmtree(site)
    finally:
        clean_up()


def measure(tool, binaries, site, edits):
    """Starts the tool's preview of `site`, edits it, and says what was seen as the cells of a row."""
    page = sorted(file for file in site.glob("content/*/*.md") if "index" not in file.name)[0]
    address = f"/{page.parent.name}/{page.stem}/"
    port = free_port()
    started = time.monotonic()
    server = subprocess.Popen(serve_command(tool, binaries, site, port), cwd=site, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, address, b"</html>", 300, server)
        start = time.monotonic() - started
        settle(server.pid)
        times = [edit(page, port, address, f"edited{number}word", server) for number in range(edits + 1)]
        # The first edit pays for what is set up once.
        times = [1000 * seconds for seconds in times[1:]]
        return (f"{start:.1f} | {statistics.median(times):.0f} | {min(times):.0f} | {max(times):.0f} "
                f"| {peak_memory(server.pid):.0f}")
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def serve_command(tool, binaries, site, port):
    if tool == "hugo":
        return [binaries["hugo"], "server", "--source", site, "--port", str(port), "--bind", "127.0.0.1",
                "--renderToMemory"]
    return [binaries["guidepost"], "serve", "--site", site, "--port", str(port)]


def edit(page, port, address, word, server):
    """Adds a word to a page by rename; seconds until the server answers with it."""
    fresh = page.with_name(f".{page.name}.new")
    fresh.write_text(f"{page.read_text()}\n{word}\n")
    start = time.monotonic()
    fresh.rename(page)
    wait_for(port, address, word.encode(), 120, server)
    took = time.monotonic() - start
    settle(server.pid)
    return took


def wait_for(port, address, expected, seconds, server):
    """Asks for a page until it holds what is expected."""
    end = time.monotonic() + seconds
    connection = None
    while time.monotonic() < end:
        if server.poll() is not None:
            raise SystemExit(f"the preview ended with {server.returncode}")
        try:
            connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", address)
            if expected in connection.getresponse().read():
                return
        except (OSError, http.client.HTTPException):
            connection = None
        time.sleep(0.002)
    raise SystemExit(f"{address} did not hold {expected!r} within {seconds} s")


def settle(pid):
    """Waits until the process has done nothing for half a second."""
    before = -1
    while processor_time(pid) - before > 0.02:
        before = processor_time(pid)
        time.sleep(0.5)


def processor_time(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def peak_memory(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main()

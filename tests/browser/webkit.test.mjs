// What a reader does in WebKit, the engine of Safari, through the driver named by GUIDEPOST_WEBKIT (Debian's packages
// webkit2gtk-driver and xvfb). Without it nothing here runs.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { fileAddress, host } from "./support.mjs";

const RUNBOOK = "agents/contentgen/";
const HIT = "dialog .hit";
const KEYS = { Enter: "\ue007" };

let driver;
let session;

/** A port that is free at the moment. */
function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

/** Tries until it succeeds; what fails for 15 seconds fails. */
async function patiently(attempt) {
  const end = Date.now() + 15_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

async function start() {
  const port = await freePort();
  driver = spawn("xvfb-run", ["-a", process.env.GUIDEPOST_WEBKIT, `--port=${port}`], { detached: true, stdio: "ignore" });
  const call = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  await patiently(() => call("GET", "/status"));
  const { sessionId } = await call("POST", "/session", { capabilities: {} });
  session = (method, path, body) => call(method, `/session/${sessionId}${path}`, body);
}

const open = (url) => session("POST", "/url", { url });
const run = (look, ...args) => session("POST", "/execute/sync", { script: `return (${look})(...arguments)`, args });
const holds = (look, ...args) => patiently(async () => assert.ok(await run(look, ...args)));
const type = (keys) => session("POST", "/actions", {
  actions: [{ type: "key", id: "keyboard", actions: keys.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]) }],
});
async function element(selector) {
  return Object.values(await session("POST", "/element", { using: "css selector", value: selector }))[0];
}

/** Searches by keyboard and holds that the first hit is seen where it is said to be. */
async function search(words) {
  await type(["/"]);
  await holds(() => document.activeElement.matches("dialog [role=combobox]"));
  await type([...words]);
  await holds((selector, words) => {
    const hit = document.querySelector(selector), { x, y, width, height } = hit.getBoundingClientRect();
    return hit.textContent.toLowerCase().includes(words) && hit.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  }, HIT, words);
}

if (process.env.GUIDEPOST_WEBKIT) {
  describe("in WebKit", () => {
    before(start);
    after(async () => {
      await session("DELETE", "");
      process.kill(-driver.pid);
    });

    for (const [name, address] of [["a host", () => host.address(RUNBOOK)], ["a disk", () => fileAddress(RUNBOOK)]]) {
      test(`results are in view and lead on, from ${name}`, async () => {
        await open(address());
        await search("rollback");
        await type([KEYS.Enter]);
        await holds(() => location.hash.includes("rollback") && document.querySelector("h1"));
      });
    }

    test("a mark in the navigation has a name", async () => {
      await open(host.address(RUNBOOK));
      await run(() => { document.querySelector(".nav a").dataset.state = "over"; });
      const link = await element(".nav a");
      await patiently(async () => assert.match(await session("GET", `/element/${link}/computedlabel`), / Overdue$/));
    });

    test("a value from the address is copied with its command", async () => {
      await open(host.address(`${RUNBOOK}?REGION=eu-west-3`));
      await run(() => {
        const block = [...document.querySelectorAll("figure.code:has([data-copy])")].find((block) => !block.querySelector(".unfilled"));
        block.querySelector("[data-copy]").id = "copy";
        block.scrollIntoView({ block: "center" });
      });
      await session("POST", `/element/${await element("#copy")}/click`, {});
      await holds(() => document.querySelector("#copy").textContent === "Copied");
      assert.equal(await run(() => document.querySelector("pre var[data-p=region]").textContent), "eu-west-3");
    });
  });
}

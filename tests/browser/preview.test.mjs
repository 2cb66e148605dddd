// What a browser does while `guidepost serve` runs and files change: it follows, and the reader keeps their place.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { browser } from "./support.mjs";

const target = resolve(process.env.CARGO_TARGET_DIR ?? "target");
const binary = process.env.GUIDEPOST_BINARY ?? join(target, "release", "guidepost");
const PAGE = "content/runbooks/example.md";
const EXAMPLE = "runbooks/example/";
const patience = { timeout: 30_000 };

let folder;
let preview;
/** Runs the preview; resolves when it says its address. */
function start(port) {
  const process = spawn(binary, ["serve", "--port", String(port)], { cwd: folder });
  return new Promise((ready, failed) => {
    let said = "";
    process.stderr.on("data", (data) => {
      said += data;
      const found = said.match(/http:\/\/127\.0\.0\.1:(\d+)\//);
      if (found) ready({ process, root: found[0], port: Number(found[1]) });
    });
    process.on("exit", () => failed(new Error(`the preview ended: ${said}`)));
  });
}

const read = (name) => readFileSync(join(folder, name), "utf8");
/** Saves as careful editors do: a new file, renamed over the old one. */
function save(name, text) {
  const path = join(folder, name);
  const fresh = join(dirname(path), `.${basename(path)}.new`);
  writeFileSync(fresh, text);
  renameSync(fresh, path);
}
const append = (text) => save(PAGE, read(PAGE) + text);

async function show(context, path = EXAMPLE) {
  const tab = await context.newPage();
  const complaints = [];
  tab.on("pageerror", (error) => complaints.push(error.message));
  tab.on("console", (message) => {
    if (message.type() === "error" && /policy|violat/i.test(message.text())) complaints.push(message.text());
  });
  await tab.goto(preview.root + path);
  await tab.waitForFunction(() => document.readyState === "complete");
  await tab.evaluate(() => { window.sameDocument = true; });
  return { tab, complaints };
}
const holds = (tab, words) => tab.waitForFunction((text) => document.querySelector("main").textContent.includes(text), words, patience);
const isSame = (tab) => tab.evaluate(() => window.sameDocument === true);

describe("in the preview", () => {
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "guidepost-preview-"));
    assert.equal(spawnSync(binary, ["init", "-q"], { cwd: folder }).status, 0);
    append("\n<details>\n<summary>More</summary>\n\nHidden words.\n\n</details>\n");
    preview = await start(0);
  });
  after(async () => {
    preview.process.kill("SIGINT");
    rmSync(folder, { recursive: true, force: true });
  });

  test("an edit is put in place, and scroll, open details, typed values and focus stay", async () => {
    const context = await browser.newContext({ viewport: { width: 1400, height: 500 } });
    const { tab, complaints } = await show(context);
    await tab.locator("main details").evaluate((details) => { details.open = true; });
    const field = tab.locator(".params input").first();
    await field.fill("typed-by-hand");
    await tab.evaluate(() => scrollTo(0, 300));
    const top = await tab.evaluate(() => scrollY);
    append("\nA first edit.\n");
    await holds(tab, "A first edit.");
    assert.ok(await isSame(tab), "the document was not loaded again");
    assert.ok(await tab.locator("main details").evaluate((details) => details.open), "details stay open");
    assert.equal(await field.inputValue(), "typed-by-hand");
    assert.ok(await field.evaluate((element) => element === document.activeElement), "the focus stays");
    assert.equal(await tab.evaluate(() => scrollY), top);
    save(PAGE, read(PAGE).replace("Hidden words.", "Other hidden words."));
    await holds(tab, "Other hidden words.");
    assert.ok(await tab.locator("main details").evaluate((details) => details.open), "edited details stay open");
    save(PAGE, read(PAGE).replace("title: Checkout queue runbook", "title: Another title"));
    await tab.waitForFunction(() => document.title.includes("Another title"), null, patience);
    assert.ok(await isSame(tab));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("a page that did not change is left alone, and styles change without loading again", async () => {
    const context = await browser.newContext();
    const { tab } = await show(context);
    const { tab: home } = await show(context, "");
    const sent = [];
    home.on("response", (response) => { if (response.status() === 200) sent.push(new URL(response.url()).pathname); });
    append("\nA second edit.\n");
    await holds(tab, "A second edit.");
    assert.ok(!sent.includes("/"), "the home page was not sent again");
    mkdirSync(join(folder, "theme/static"), { recursive: true });
    save("theme/static/site.css", "body { outline: 7px solid rgb(1, 2, 3) }\n");
    const outline = () => getComputedStyle(document.body).outlineWidth === "7px";
    for (const page of [tab, home]) {
      await page.waitForFunction(outline, null, patience);
      assert.ok(await isSame(page), "no page was loaded again");
    }
    await context.close();
  });

  test("ten tabs follow, with one event stream between them", async () => {
    const context = await browser.newContext();
    const streams = new Set();
    context.on("request", (request) => { if (request.url().endsWith("/_guidepost/events")) streams.add(request); });
    context.on("requestfinished", (request) => streams.delete(request));
    context.on("requestfailed", (request) => streams.delete(request));
    const tabs = [];
    for (let number = 0; number < 10; number += 1) tabs.push((await show(context)).tab);
    append("\nAn edit for ten tabs.\n");
    for (const tab of tabs) await holds(tab, "An edit for ten tabs.");
    assert.equal(streams.size, 1);
    await tabs[0].close();
    append("\nAn edit for nine tabs.\n");
    for (const tab of tabs.slice(1)) await holds(tab, "An edit for nine tabs.");
    await context.close();
  });

  test("a checklist that was put in place is ticked, counted and kept", async () => {
    const context = await browser.newContext();
    const { tab, complaints } = await show(context);
    append("\n## Before you leave\n\n- [ ] Close the shop.\n- [ ] Put out the light.\n");
    await holds(tab, "Put out the light.");
    const list = tab.locator(".checks", { hasText: "Put out the light." });
    await list.locator("input").first().check(patience);
    assert.match(await list.locator("output").textContent(), /^1 of 2 done$/);
    assert.ok(await isSame(tab));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("findings are counted, listed and linked to the editor", async () => {
    const context = await browser.newContext();
    const { tab, complaints } = await show(context);
    append("\nSee [gone](gone.md).\n");
    await tab.locator(".count").waitFor(patience);
    assert.equal(await tab.locator(".count").textContent(), "1 error");
    await tab.locator(".count").click();
    const panel = tab.getByRole("region", { name: "Findings" });
    assert.match(await panel.innerText(), /This page \(1\)[\s\S]*broken-link[\s\S]*runbooks\/example\.md:\d+:\d+[\s\S]*gone\.md/);
    assert.match(await panel.locator("a").getAttribute("href"), /^vscode:\/\/file\/.*example\.md:\d+:\d+$/);
    await tab.keyboard.press("Escape");
    assert.ok(await panel.isHidden() && await tab.locator(".count").isVisible());
    save(PAGE, read(PAGE).replace("See [gone](gone.md).", ""));
    await tab.locator(".count").waitFor({ state: "hidden", ...patience });
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("a page that cannot be rendered is covered by the reason until it is mended", async () => {
    const context = await browser.newContext();
    const { tab } = await show(context);
    const { tab: home } = await show(context, "");
    const good = read(PAGE);
    save(PAGE, good.replace("tags: [", "tags: [["));
    const overlay = tab.getByRole("alertdialog");
    await overlay.waitFor(patience);
    assert.match(await overlay.innerText(), /cannot be shown[\s\S]*last good version[\s\S]*bad-front-matter/);
    assert.match(await tab.locator("main").innerText(), /The shop puts every order/);
    assert.ok(await home.getByRole("alertdialog").isHidden(), "another page is not covered");
    await tab.keyboard.press("Escape");
    assert.ok(await overlay.isHidden() && await tab.locator(".count").isVisible());
    save(PAGE, good);
    await tab.locator(".count").waitFor({ state: "hidden", ...patience });
    await context.close();
  });

  test("a site.toml or theme that cannot be used covers every page as that, and what is old is folded", async () => {
    const context = await browser.newContext();
    const { tab, complaints } = await show(context);
    const { tab: home } = await show(context, "");
    const toml = read("site.toml"), page = read(PAGE);
    append("\nSee [gone](gone.md).\n");
    await tab.locator(".count").waitFor(patience);
    for (const [file, text, rule] of [
      ["site.toml", `${toml}\n[owners\n`, "bad-config"],
      ["theme/templates/page.html", "{% extends \"default/page.html\" %}{% block header %}", "template-error"],
    ]) {
      mkdirSync(join(folder, "theme/templates"), { recursive: true });
      save(file, text);
      for (const shown of [tab, home]) {
        const overlay = shown.getByRole("alertdialog");
        await overlay.waitFor(patience);
        const said = await overlay.innerText();
        assert.match(said, /The site cannot be built/);
        assert.doesNotMatch(said, /This page cannot be shown/);
        assert.ok(said.includes(rule) && said.includes(file), said);
        const details = overlay.locator("details");
        for (const folded of await details.all()) assert.equal(await folded.evaluate((node) => node.open), false);
        const first = await overlay.locator("li").first().innerText();
        assert.ok(first.includes(rule), `what keeps the site from being built comes first: ${first}`);
      }
      if (file === "site.toml") save(file, toml);
      else rmSync(join(folder, file));
      for (const shown of [tab, home]) await shown.getByRole("alertdialog").waitFor({ state: "hidden", ...patience });
    }
    save(PAGE, page);
    await tab.locator(".count").waitFor({ state: "hidden", ...patience });
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("the findings of the page that is shown come before those of others", async () => {
    const context = await browser.newContext();
    const { tab } = await show(context);
    const page = read(PAGE);
    save("content/a-page-before-all-others.md", "# Before\n\nSee [lost](lost.md).\n");
    append("\nSee [gone](gone.md).\n");
    await tab.waitForFunction(() => /^2 errors/.test(document.querySelector("main") && [...document.querySelectorAll("*")]
      .map((node) => node.shadowRoot?.querySelector(".count")?.textContent).find(Boolean) || ""), null, patience);
    await tab.locator(".count").click();
    const said = await tab.getByRole("region", { name: "Findings" }).innerText();
    assert.ok(said.indexOf("gone.md") >= 0 && said.indexOf("gone.md") < said.indexOf("lost.md"), said);
    rmSync(join(folder, "content/a-page-before-all-others.md"));
    save(PAGE, page);
    await tab.locator(".count").waitFor({ state: "hidden", ...patience });
    await context.close();
  });

  test("a tab follows again after the server has been started anew", async () => {
    const context = await browser.newContext();
    const { tab } = await show(context);
    const ended = new Promise((done) => { preview.process.removeAllListeners("exit").on("exit", done); });
    preview.process.kill("SIGINT");
    assert.equal(await ended, 0, "Ctrl-C is a good end");
    append("\nWritten while nobody served.\n");
    preview = await start(preview.port);
    await holds(tab, "Written while nobody served.");
    assert.ok(await isSame(tab));
    await context.close();
  });
});

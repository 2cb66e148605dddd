// Search: the dialog by keyboard, the search page, and hosts of every kind, down to none.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { describe, test } from "node:test";
import { fileAddress, host, names, open, site, violations } from "./support.mjs";

const FIELD = "dialog [role=combobox]";
const HIT = "dialog .hit";
const START = "agents/contentgen/";

/** Opens a page, then its dialog by keyboard, and types. */
async function search(address, typed, options) {
  const opened = await open(address, options);
  await opened.page.keyboard.press("/");
  await opened.page.locator(FIELD).waitFor();
  await opened.page.keyboard.type(typed);
  return opened;
}

/** Waits until the first hit is what is expected. */
function first(page, text) {
  return page.locator(HIT).first().filter({ hasText: text }).waitFor();
}

describe("the dialog", () => {
  test("an alert's name leads to its runbook by keyboard alone", async () => {
    const { page, complaints, close } = await search(host.address(START), "ContentGenErrorsAlarm");
    await first(page, "ContentGenErrorsAlarm");
    await page.keyboard.press("Enter");
    await page.waitForURL(/agents\/contentgen\/(#|$)/);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("the field says which result is chosen, and arrows choose another", async () => {
    const { page, close } = await search(host.address(START), "rollback");
    await first(page, /roll/i);
    const chosen = () => page.evaluate(() => {
      const field = document.querySelector("dialog [role=combobox]");
      const option = document.getElementById(field.getAttribute("aria-activedescendant"));
      const selected = [...document.querySelectorAll("dialog [role=option][aria-selected=true]")];
      return { expanded: field.ariaExpanded, same: selected.length === 1 && selected[0] === option, at: [...document.querySelectorAll("dialog .hit")].indexOf(option) };
    });
    assert.deepEqual(await chosen(), { expanded: "true", same: true, at: 0 });
    await page.keyboard.press("ArrowDown");
    assert.deepEqual(await chosen(), { expanded: "true", same: true, at: 1 });
    await page.keyboard.press("Escape");
    await page.locator(FIELD).waitFor({ state: "hidden" });
    await close();
  });

  test("it begins with alerts, and is accessible with results", async () => {
    const { page, close } = await search(host.address(START), "");
    await page.locator("dialog .label", { hasText: "Start with an alert" }).waitFor();
    await page.keyboard.type("errors");
    await first(page, /error/i);
    assert.deepEqual(await violations(page, "dialog"), []);
    await close();
  });

  test("nothing found says who can help, and offers to report it", async () => {
    const { page, close } = await search(host.address(START), "xylophone");
    await page.locator("dialog .void", { hasText: "Nothing found for “xylophone”" }).waitFor();
    await page.locator("dialog .void .help-dl").first().waitFor();
    const report = page.locator("dialog .void [data-report]");
    if (await report.count()) assert.match(await report.getAttribute("href"), /^https:.*xylophone$/);
    await close();
  });

  test("neither the focus nor a click goes behind it, and what was focused before is focused again", async () => {
    const { page, close } = await open(host.address(START));
    const link = page.locator("main a[href]").first();
    await link.focus();
    await page.keyboard.press("/");
    await page.locator(FIELD).waitFor();
    await page.evaluate(() => document.querySelector(".topbar a").focus());
    const isInField = () => page.evaluate(() => document.activeElement === document.querySelector("dialog [role=combobox]"));
    assert.ok(await isInField());
    for (let control = 0; control < 12; control++) {
      await page.keyboard.press("Tab");
      assert.ok(await page.evaluate(() => document.activeElement.closest("dialog, html") !== document.documentElement || document.activeElement === document.body));
    }
    const address = page.url(), { x, y, width, height } = await page.locator(".topbar a").first().boundingBox();
    await page.mouse.click(x + width / 2, y + height / 2);
    await page.locator(FIELD).waitFor({ state: "hidden" });
    assert.equal(page.url(), address);
    assert.ok(await link.evaluate((link) => link === document.activeElement));
    await close();
  });

  test("where nothing is found, there is no listbox, and a status says so", async () => {
    const { page, close } = await search(host.address(START), "xylophone");
    await page.locator("dialog .void", { hasText: "Nothing found" }).waitFor();
    assert.equal(await page.locator("dialog [role=listbox]").count(), 0);
    assert.equal(await page.locator("dialog [role=status]").innerText(), "Nothing found");
    assert.deepEqual(await violations(page, "dialog"), []);
    await close();
  });

  test("only the newest answer is shown", async () => {
    const { page, close } = await search(host.address(START), "rollback");
    await page.locator(FIELD).fill("xylophone");
    await page.locator(FIELD).fill("escalation");
    await first(page, /escalat/i);
    assert.equal(await page.locator("dialog .void").count(), 0);
    await close();
  });

  test("Enter opens the answer to what is typed by now, not the one still shown", async () => {
    const { page, close } = await search(host.address(START), "");
    await page.locator("dialog .label", { hasText: "Start with an alert" }).waitFor();
    await page.locator(FIELD).evaluate((field) => {
      field.value = "rollback";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    });
    await page.waitForURL(/#.*rollback/);
    await close();
  });

  test("with a kind chosen, the beginning of a word still finds it", async () => {
    const { page, close } = await search(host.address(START), "");
    await page.locator("dialog .chip", { hasText: "Sections" }).click();
    await page.locator(FIELD).fill("rollb");
    await page.locator(HIT).first().locator("b, .hit-in", { hasText: /rollback/i }).first().waitFor();
    await close();
  });

  test("Ctrl and K open it and choose what is typed; with Shift they are the browser's", async () => {
    const { page, close } = await open(host.address(START));
    await page.keyboard.press("Control+Shift+K");
    assert.equal(await page.locator(FIELD).isVisible(), false);
    await page.keyboard.press("Control+K");
    await page.locator(FIELD).waitFor();
    await page.keyboard.type("rollback");
    await page.keyboard.press("Control+K");
    await page.keyboard.type("errors");
    assert.equal(await page.locator(FIELD).inputValue(), "errors");
    await close();
  });

  test("results are read with their number once, and with what they lack", async () => {
    const { page, close } = await search(host.address(START), "rollback procedure xylophone");
    const lacking = /^\d.*\. No page has all of these words/;
    await page.locator("dialog [role=status]").filter({ hasText: lacking }).waitFor();
    const options = await names(page, "option");
    assert.ok(options.some((name) => /\d\.\d /.test(name)), options.join("\n"));
    assert.ok(options.every((name) => !/(?<![\d.])(\d[\d.]*) \1/.test(name)), options.join("\n"));
    await close();
  });

  test("a page is said before its section, and its other sections stand below it", async () => {
    const { page, close } = await search(host.address(START), "rollback");
    await first(page, /roll/i);
    const hit = page.locator(`${HIT}:not(.hit-more)`, { has: page.locator(".hit-in") }).first();
    assert.ok((await hit.locator("b").innerText()).length > 0);
    assert.match(await hit.locator(".hit-in").first().innerText(), /\S/);
    for (const row of await page.locator("dialog .hit-more").all()) {
      assert.equal(await row.getAttribute("role"), "option");
      assert.match(await row.getAttribute("href"), /#/);
    }
    await close();
  });

  test("a misspelled word is answered, and what was meant can be chosen", async () => {
    const { page, close } = await search(host.address(START), "escalaton rollback");
    const meant = page.locator("dialog .meant button");
    await meant.waitFor();
    assert.deepEqual(await violations(page, "dialog"), []);
    await meant.click();
    assert.equal(await page.locator(FIELD).inputValue(), "escalation rollback");
    await page.locator("dialog .meant").waitFor({ state: "hidden" });
    await first(page, /escalat|roll/i);
    await close();
  });

  test("it shows what was read last in this browser", async () => {
    const { page, close } = await open(host.address("agents/"));
    const title = await page.locator("main h1").first().innerText();
    await page.goto(host.address(START));
    await page.keyboard.press("/");
    await page.locator("dialog .label", { hasText: "Recently read" }).waitFor();
    assert.equal(await page.locator(`${HIT} b`).first().innerText(), title);
    await close();
  });

  test("whoever comes to the end of the list sees more, and the choice stays", async () => {
    const { page, close } = await search(host.address(START), "");
    await page.locator(FIELD).fill("the alarm");
    await page.locator("dialog .label", { hasText: /^6 of/ }).waitFor();
    const before = await page.locator(HIT).count();
    await page.keyboard.press("ArrowDown");
    await page.locator("dialog .search-list").evaluate((list) => { list.scrollTop = list.scrollHeight });
    await page.locator(HIT).nth(before).waitFor();
    const chosen = page.locator("dialog [aria-selected=true]");
    assert.equal(await chosen.getAttribute("id"), await page.locator(HIT).nth(1).getAttribute("id"));
    await close();
  });

  test("its list takes the height of the results, in every engine", async () => {
    const { page, close } = await search(host.address(START), "rollback", { viewport: { width: 320, height: 256 } });
    await first(page, /roll/i);
    const list = page.locator("dialog .search-list");
    // WebKit takes a basis of 0 % for no height at all.
    assert.equal(await list.evaluate((node) => getComputedStyle(node).flexBasis), "auto");
    const height = await list.evaluate((node) => node.clientHeight);
    assert.ok(height > 128, `at 400 % results have ${height} of 256 pixels`);
    await close();
  });

  test("a browser without popovers is led to the search page", async () => {
    const { page, close } = await open(host.address(START));
    await page.addInitScript(() => { delete HTMLElement.prototype.showPopover; });
    await page.reload();
    await page.locator(".topbar [data-find]").click();
    await page.waitForURL(/\/search\//);
    await page.locator("#q").fill("rollback");
    await page.locator("[data-search] .hit").first().waitFor();
    await close();
  });

  test("an index that cannot be read says so and can be asked again", async () => {
    const { page, close } = await open(host.address(START));
    await page.route("**/search/**", (route) => route.abort());
    await page.keyboard.press("/");
    const again = page.locator("dialog .void button");
    await again.waitFor();
    await page.unroute("**/search/**");
    await again.click();
    await page.locator("dialog .label", { hasText: "Start with an alert" }).waitFor();
    await page.locator(FIELD).fill("rollback");
    await first(page, /roll/i);
    await close();
  });

  test("once loaded, known words are found without a network", async () => {
    const { page, close } = await search(host.address(START), "rollback");
    await first(page, /roll/i);
    await page.context().setOffline(true);
    await page.locator(FIELD).fill("");
    await page.locator("dialog .label", { hasText: "Start with an alert" }).waitFor();
    await page.locator(FIELD).fill("rollback");
    await first(page, /roll/i);
    await close();
  });
});

describe("the field of the home page", () => {
  const shown = (page) => page.locator(FIELD).isVisible();

  test("hands over what is typed, but for the key that opens the dialog anywhere", async () => {
    const { page, close } = await open(host.address(""));
    await page.locator(".hero-find input").focus();
    await page.keyboard.press("/");
    await page.locator(FIELD).waitFor();
    assert.equal(await page.locator(FIELD).inputValue(), "");
    await page.keyboard.type("/aws/lambda");
    assert.equal(await page.locator(FIELD).inputValue(), "/aws/lambda");
    await close();
  });

  test("waits for the end of a word that is composed", async () => {
    const { page, close } = await open(host.address(""));
    await page.locator(".hero-find input").focus();
    const session = await page.context().newCDPSession(page);
    await session.send("Input.imeSetComposition", { text: "しょ", selectionStart: 2, selectionEnd: 2 });
    assert.equal(await shown(page), false);
    await session.send("Input.insertText", { text: "障害" });
    await page.locator(FIELD).waitFor();
    assert.equal(await page.locator(FIELD).inputValue(), "障害");
    await close();
  });
});

describe("the search page", () => {
  test("the key that goes to its field is not typed into it", async () => {
    const { page, close } = await open(host.address("search/"));
    await page.keyboard.press("/");
    assert.equal(await page.locator("#q").inputValue(), "");
    await page.keyboard.type("a/b");
    assert.equal(await page.locator("#q").inputValue(), "a/b");
    await close();
  });

  test("its address holds the words", async () => {
    const { page, complaints, close } = await open(host.address("search/?q=rollback"));
    await page.locator("[data-search] .hit").first().waitFor();
    assert.equal(await page.locator("#q").inputValue(), "rollback");
    await page.locator("#q").fill("escalation");
    await page.locator("[data-search] .hit", { hasText: /escalat/i }).first().waitFor();
    await page.waitForURL(/\?q=escalation$/);
    assert.deepEqual(complaints, []);
    await close();
  });
});

describe("every kind of host", () => {
  /** A host that may have a prefix, declare the encoding of packed files, or have deleted the shards that a page knows. */
  async function strange({ prefix = "/", declares = false }) {
    const strange = { isRedeployed: false, seen: 0 };
    const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };
    const server = createServer((request, response) => {
      let path = normalize(decodeURIComponent(new URL(request.url, "http://host").pathname));
      path = path.startsWith(prefix) ? path.slice(prefix.length) : "none";
      // Who has not read the new manifest knows no shard by its name.
      if (path === "search/manifest.bin") strange.seen++;
      if (path.startsWith("search/shards/") && strange.isRedeployed && strange.seen < 2) path = "none";
      const file = join(site, path === "" || path.endsWith("/") ? `${path}index.html` : path);
      if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
        response.writeHead(404).end();
        return;
      }
      const headers = { "content-type": types[extname(file)] ?? "application/octet-stream" };
      if (declares && file.endsWith(".bin")) headers["content-encoding"] = "gzip";
      response.writeHead(200, headers).end(readFileSync(file));
    });
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    strange.address = (path) => `http://127.0.0.1:${server.address().port}${prefix}${path}`;
    strange.close = () => { server.closeAllConnections(); return new Promise((closed) => server.close(closed)) };
    return strange;
  }

  for (const [name, options] of Object.entries({ "one that declares the encoding": { declares: true }, "one with a prefix": { prefix: "/group/repo/" } })) {
    test(name, async () => {
      const host = await strange(options);
      const { page, complaints, close } = await search(host.address(START), "rollback");
      await first(page, /roll/i);
      assert.deepEqual(complaints, []);
      await close();
      await host.close();
    });
  }

  test("one that was redeployed, and has deleted the old index", async () => {
    const host = await strange({});
    const { page, close } = await search(host.address(START), "rollback");
    await first(page, /roll/i);
    host.isRedeployed = true;
    await page.locator(FIELD).fill("escalation");
    await first(page, /escalat/i);
    assert.equal(host.seen, 2);
    await close();
    await host.close();
  });

  test("none: a page that was opened from a disk", async () => {
    const { page, complaints, close } = await search(fileAddress(START), "escalation");
    await first(page, /escalat/i);
    assert.deepEqual(complaints, []);
    await page.keyboard.press("Enter");
    await page.waitForURL(/^file:.*\/index\.html(#.*)?$/);
    assert.ok((await page.locator("h1").innerText()).length > 0);
    await close();
  });
});

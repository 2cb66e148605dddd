// Each kind of page, from a host and from the disk: nothing fails, nothing foreign is asked for, and it is
// accessible in light and dark, on a desk and on a phone.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileAddress, host, open, violations } from "./support.mjs";

const PAGES = {
  home: "",
  runbook: "agents/contentgen/",
  section: "agents/",
  alerts: "alerts/",
  coverage: "coverage/",
  dashboards: "dashboards/",
  freshness: "freshness/",
  owner: "owners/devops/",
  search: "search/",
  "dead end": "no/such/page/",
};

describe("from a host", () => {
  for (const [name, path] of Object.entries(PAGES)) {
    test(`${name} loads without a complaint`, () => loads(host.address(path)));
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [1280, 390]) {
        test(`${name} is accessible, ${colorScheme}, ${width} pixels wide`, () => accessible(path, colorScheme, width));
      }
    }
    test(`${name} never scrolls sideways on a phone`, () => fits(path));
  }

  test("the first press of Tab offers to skip to the content", async () => {
    const { page, close } = await open(host.address(PAGES.runbook));
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#gp:main");
    assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().top >= 0), "the link is in view");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "gp:main");
    await close();
  });

  test("a page is complete without scripts", async () => {
    const { page, close } = await open(host.address(PAGES.runbook), { javaScriptEnabled: false });
    assert.equal(await page.locator("h1").count(), 1);
    assert.ok((await page.locator("main").innerText()).length > 1000, "the text is there");
    await close();
  });
});

describe("from the disk", () => {
  for (const name of ["home", "runbook", "section"]) {
    test(`${name} loads without a complaint`, () => loads(fileAddress(PAGES[name])));
  }

  test("a link of the home page leads to a page", async () => {
    const { page, complaints, close } = await open(fileAddress(PAGES.home));
    await page.locator("main a[href*='agents/contentgen/']:visible").first().click();
    await page.waitForURL(/agents\/contentgen\/index\.html/);
    assert.equal(await page.locator("h1").count(), 1);
    assert.deepEqual(complaints, []);
    await close();
  });
});

async function loads(address) {
  const { page, complaints, close } = await open(address);
  await page.waitForLoadState("networkidle");
  assert.equal(await page.locator("h1").count(), 1, "one first-level heading");
  assert.notEqual((await page.title()).trim(), "");
  const drawn = await page.evaluate(() => getComputedStyle(document.querySelector(".skip")).position);
  assert.notEqual(drawn, "static", "the stylesheet is applied");
  assert.deepEqual(complaints, []);
  await close();
}

async function accessible(path, colorScheme, width) {
  const { page, close } = await open(host.address(path), { colorScheme, viewport: { width, height: 900 } });
  assert.deepEqual(await violations(page), []);
  await close();
}

async function fits(path) {
  const { page, close } = await open(host.address(path), { viewport: { width: 390, height: 844 } });
  const [wide, view] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(wide <= view, `the page is ${wide} pixels wide in a window of ${view}`);
  await close();
}

test("the navigation shows a way to close it only where it can be opened", async () => {
  for (const width of [1400, 1100]) {
    const { page, close } = await open(host.address("agents/contentgen/"), { viewport: { width, height: 800 } });
    assert.ok(await page.locator("#gp\\:nav").isVisible());
    assert.equal(await page.locator("#gp\\:nav .sheet-x").isVisible(), false, `${width} pixels wide`);
    await close();
  }
  const { page, close } = await open(host.address("agents/contentgen/"), { viewport: { width: 390, height: 800 } });
  await page.locator(".topbar .menu-btn").click();
  await page.locator("#gp\\:nav .sheet-x").click();
  await page.locator("#gp\\:nav").waitFor({ state: "hidden" });
  await close();
});

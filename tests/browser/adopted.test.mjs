// A folder adopted as it is: long names, alerts from file names, no front matter. Nothing may overflow, on any kind of
// page, on any screen, in either theme, with text at twice its size.

import assert from "node:assert/strict";
import { test } from "node:test";
import { adopted, open, violations } from "./support.mjs";

const FOLDER = "OpenShiftStorageOperator/";
const RUNBOOK = `${FOLDER}ClusterStorageSoutheastReplicationControllerDisconnected/`;
const PAGES = [
  "", "print/", "general/print/", "alerts/", "owners/", "owners/storage/", "freshness/", "search/?q=replication", "no-such-page/", FOLDER, RUNBOOK,
  `${FOLDER}PersistentVolumeFillingUpWithinTheNextFourDaysCritical/`,
  "general/KubeAPIErrorBudgetBurn/", "general/how_to_collect_must_gather_for_support_cases/",
];

/** What is wider than the window, a line each. */
const overflowing = (page) => page.evaluate(() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= innerWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter((node) => node.getBoundingClientRect().right > innerWidth + 1);
  return [`${root.scrollWidth} of ${innerWidth}`, ...wide.slice(0, 5).map((node) => `${node.tagName}.${node.className} ${node.textContent.slice(0, 40)}`)];
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1440, 640, 390, 320]) {
    test(`no page is wider than ${width} pixels, ${colorScheme}`, async () => {
      const { page, close } = await open(adopted(""), { colorScheme, viewport: { width, height: 800 } });
      for (const path of PAGES) {
        await page.goto(adopted(path), { waitUntil: "load" });
        if (path.startsWith("search/")) await page.waitForSelector(".hit");
        for (const size of ["", "text-at-twice-its-size"]) {
          await page.evaluate((size) => { document.documentElement.style.fontSize = size && "200%"; }, size);
          assert.deepEqual(await overflowing(page), [], `${path || "home"} ${size}`);
        }
      }
      await close();
    });
  }
}

test("an alert that is its own page leads to the section that mitigates, and nowhere to itself", async () => {
  const { page, close } = await open(adopted(`alerts/${RUNBOOK.slice(FOLDER.length)}`));
  await page.waitForURL(/OpenShiftStorageOperator\/Cluster/);
  assert.equal(await page.locator("main a[href='#gp:main']").count(), 0);
  await page.locator(".fix a").click();
  assert.match(page.url(), /#mitigation$/);
  await close();
});

test("a page without such a section has no jump", async () => {
  const { page, close } = await open(adopted("general/TargetDown/"));
  assert.equal(await page.locator(".fix, .alarms").count(), 0);
  await close();
});

test("the index of alerts says each name once, in a line", async () => {
  const { page, close } = await open(adopted("alerts/"), { viewport: { width: 1440, height: 900 } });
  const rows = page.locator("tr[data-row]");
  const name = "ClusterStorageSoutheastReplicationControllerDisconnected";
  assert.equal((await rows.first().textContent()).split(name).length, 2);
  assert.equal(await rows.first().locator("a").first().textContent(), name);
  assert.equal(await page.locator("th", { hasText: "Severity" }).count(), 0);
  for (const row of await rows.all()) assert.ok((await row.boundingBox()).height < 50, await row.textContent());
  await close();
});

test("on a small screen the names of alerts have more room than their owners", async () => {
  const { page, close } = await open(adopted("alerts/"), { viewport: { width: 1000, height: 900 } });
  const [name, owner] = await page.locator("tr[data-row]").first().evaluate((row) => [...row.cells].map((cell) => cell.offsetWidth));
  assert.ok(name > 1.2 * owner, `${name} and ${owner} pixels`);
  await close();
});

test("what is copied of a long name holds nothing but the name", async () => {
  const { page, close } = await open(adopted(RUNBOOK));
  const text = await page.evaluate(() => {
    getSelection().selectAllChildren(document.querySelector("h1"));
    return getSelection().toString();
  });
  assert.equal(text.trim(), "ClusterStorageSoutheastReplicationControllerDisconnected");
  await close();
});

test("a long name breaks in a result of the search as it does on its page", async () => {
  const { page, close } = await open(adopted("search/?q=replication"), { viewport: { width: 320, height: 800 } });
  const hit = page.locator(".hit b").first();
  assert.equal(await hit.textContent(), "ClusterStorageSoutheastReplicationControllerDisconnected");
  const parts = await hit.evaluate((name) => name.innerHTML.split("<wbr>").map((part) => part.replace(/<[^>]*>/g, "")));
  assert.deepEqual(parts.slice(0, 3), ["Cluster", "Storage", "Southeast"]);
  await close();
});

test("the names of parts, sections and pages pass axe on every kind of page", async () => {
  const { page, close } = await open(adopted(""));
  for (const path of PAGES) {
    await page.goto(adopted(path), { waitUntil: "load" });
    assert.deepEqual(await violations(page), [], path);
  }
  await close();
});

for (const height of [900, 720]) {
  test(`the map of a page has two fifths of ${height} pixels where it needs them`, async () => {
    const { page, close } = await open(adopted(RUNBOOK), { viewport: { width: 1440, height } });
    await page.evaluate(() => {
      const list = document.querySelector(".toc-list");
      for (let times = 0; times < 5; times++) list.append(...[...list.children].map((entry) => entry.cloneNode(true)));
    });
    const shown = (await page.locator(".toc").boundingBox()).height;
    assert.ok(shown >= height * 0.4, `${shown} of ${height}`);
    await close();
  });
}

test("a mistyped alert is offered the nearest at once", async () => {
  const { page, close } = await open(adopted("alerts/ClusterStorageSoutheastReplicatonControlerDisconnected/"));
  await page.locator("[data-near-list] a").first().waitFor();
  const first = await page.locator("[data-near-list] a").first().textContent();
  assert.equal(first, "ClusterStorageSoutheastReplicationControllerDisconnected");
  await close();
});

test("a command that wraps is set in, and copied without its mark", async () => {
  const { page, close } = await open(adopted(RUNBOOK), { viewport: { width: 390, height: 800 } });
  const command = page.locator(".cmd:not(.prompt + .cmd, .prompt + .copy-one + .cmd)").first();
  const height = await command.evaluate((node) => node.getBoundingClientRect().height / parseFloat(getComputedStyle(node).lineHeight));
  assert.ok(height > 1.5, `${height} lines`);
  assert.equal(await command.evaluate((node) => getComputedStyle(node, "::before").position), "absolute");
  assert.match(await command.textContent(), /^oc -n openshift-storage-replication delete pod -l app=storage-replication-controller$/);
  await close();
});

// What a reader does to get somewhere, counted: a click, or a key that leads on.

test("below the last line of a page paper has nothing that could take a sheet", async () => {
  const { page, close } = await open(adopted("general/KubeAPIErrorBudgetBurn/"));
  await page.emulateMedia({ media: "print" });
  const left = await page.evaluate(() => document.querySelector("main").getBoundingClientRect().bottom
    - document.querySelector("article").getBoundingClientRect().bottom);
  assert.ok(left < 20, `${left} pixels`);
  await close();
});

test("from an alert's name to the section that mitigates takes two actions", async () => {
  const { page, close } = await open(adopted(""));
  await page.locator(".hero-find input").pressSequentially("ClusterStorageSoutheast");
  await page.locator(".hit[aria-selected=true]").waitFor();
  await page.keyboard.press("Enter"); // one: the first hit
  await page.waitForURL(/Disconnected/);
  if (!/#mitigation$/.test(page.url())) await page.locator(".fix a").click(); // two
  assert.match(page.url(), /#mitigation$/);
  await close();
});

test("whom to call stands on every page", async () => {
  const { page, close } = await open(adopted(""), { viewport: { width: 1440, height: 900 } });
  const pager = "a[href='https://pager.example.org/storage']";
  const paths = ["", "alerts/", "owners/", "freshness/", "print/", RUNBOOK, "general/TargetDown/", FOLDER, "no-such-page/"];
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    for (const path of paths) {
      await page.goto(adopted(path), { waitUntil: "load" });
      assert.ok(await page.locator(`${pager}:visible`).count() > 0, `${path || "home"} ${width}`);
    }
  }
  await close();
});

test("what is overdue of one owner takes two actions", async () => {
  const { page, close } = await open(adopted(""), { viewport: { width: 1440, height: 900 } });
  await page.locator(".topnav a", { hasText: "Owners" }).click(); // one
  await page.locator("main h2 a", { hasText: "Storage" }).click(); // two
  const row = page.locator("tr", { hasText: "StorageSnapshotsOfOrphanedVolumesFillTheClusterUp" });
  assert.match(await row.textContent(), /Overdue/);
  await close();
});

test("what is overdue of one owner takes two actions on a phone", async () => {
  const { page, close } = await open(adopted(""), { viewport: { width: 390, height: 844 } });
  await page.locator(".hero a:visible", { hasText: "Owners" }).click(); // one
  await page.locator("main h2 a", { hasText: "Storage" }).click(); // two
  const row = page.locator("tr", { hasText: "StorageSnapshotsOfOrphanedVolumesFillTheClusterUp" });
  assert.match(await row.textContent(), /Overdue/);
  await close();
});

test("a section is printed in two actions", async () => {
  const { page, close } = await open(adopted(FOLDER));
  await page.evaluate(() => { window.print = () => { document.title = "printed"; }; });
  await page.locator("main a", { hasText: "Print this section" }).click(); // one
  await page.waitForURL(/print\/$/);
  await page.evaluate(() => { window.print = () => { document.title = "printed"; }; });
  await page.locator("[data-print]").click(); // two
  assert.equal(await page.title(), "printed");
  await close();
});

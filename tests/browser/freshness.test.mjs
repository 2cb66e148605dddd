// One build, read on four days: every badge, list, mark and count is worked out when the page is read.
// What is expected is computed here from the due dates for programs, by the published rule alone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, serve, site } from "./support.mjs";

const report = JSON.parse(readFileSync(join(site, "api/freshness.json"), "utf8"));
const SOON_DAYS = 14;
const DAY = 864e5;

let browser;
let host;
before(async () => {
  browser = await launch();
  host = await serve();
});
after(async () => {
  await browser.close();
  await host.close();
});

const later = (days) => new Date(Date.parse(report.built) + days * DAY).toISOString().slice(0, 10);

/** The state of a page on a day: overdue from the day after its due date, in UTC. */
function stateOn(day, page) {
  if (page.evergreen) return "evergreen";
  if (!page.review_by) return "never";
  const left = (Date.parse(page.review_by) - Date.parse(day)) / DAY;
  if (left < 0) return "over";
  if (page.changed.length > 0) return "suspect";
  return left <= SOON_DAYS ? "soon" : "fresh";
}

const fileOf = (url) => new URL(url, "http://host/").pathname.replace(/^\//, "");

async function readOn(day, path, look) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.clock.setFixedTime(new Date(`${day}T12:00:00Z`));
  await page.goto(host.address(path));
  const seen = await look(page);
  await context.close();
  return seen;
}

const stateIn = (classes) => ["over", "soon", "suspect", "fresh", "never", "evergreen"].find((state) => classes.split(" ").includes(state));

for (const days of [0, 30, 100, 400]) {
  const day = later(days);

  test(`${days} days after the build the report counts and lists what is so then`, async () => {
    const rows = await readOn(day, "freshness/", (page) => page.$$eval("[data-row]", (all) =>
      all.map((row) => [new URL(row.querySelector("a").href).pathname.slice(1), row.querySelector(".st").className])));
    const expected = new Map(report.pages.map((page) => [fileOf(page.url), stateOn(day, page)]));
    assert.equal(rows.length, expected.size);
    for (const [path, classes] of rows) assert.equal(stateIn(classes), expected.get(path), path);
    const tiles = await readOn(day, "freshness/", (page) => page.$$eval("[data-count-of]", (all) =>
      all.map((tile) => [tile.dataset.countOf, Number(tile.textContent)])));
    for (const [state, count] of tiles) {
      assert.equal(count, [...expected.values()].filter((other) => other === state).length, state);
    }
  });

  test(`${days} days after the build each runbook says how old it is then`, async () => {
    for (const page of report.pages.filter((page) => page.review_by)) {
      const state = stateOn(day, page);
      const seen = await readOn(day, fileOf(page.url), (shown) => shown.evaluate(() => ({
        overdue: document.documentElement.classList.contains("is-overdue"),
        badge: document.querySelector("[data-fresh]").className,
        mark: document.querySelector(".nav a[aria-current] .shape")?.className ?? "",
      })));
      assert.equal(seen.overdue, state === "over", page.file);
      assert.equal(stateIn(seen.badge), state, page.file);
      assert.equal(stateIn(seen.mark), state === "fresh" ? undefined : state, page.file);
    }
  });
}

// One build, read on four days: every badge, list, mark and count is worked out when the page is read.
// What is expected is computed here from the due dates for programs, by the published rule alone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openOn, site } from "./support.mjs";

const report = JSON.parse(readFileSync(join(site, "api/freshness.json"), "utf8"));
/** What navigation says of a page behind its name, in its mark and to those who do not see it. */
const MARKS = { over: "Overdue", soon: "Due soon", suspect: "Suspect", never: "Never reviewed" };
const DAY = 864e5;

const later = (days) => new Date(Date.parse(report.built) + days * DAY).toISOString().slice(0, 10);

/** The state of a page on a day: overdue from the day after its due date, in UTC. */
function stateOn(day, page) {
  if (page.evergreen) return "evergreen";
  if (!page.review_by) return "never";
  if (page.review_by < day) return "over";
  if (page.changed.length > 0) return "suspect";
  return page.due_soon_from <= day ? "soon" : "fresh";
}

const fileOf = (url) => new URL(url, "http://host/").pathname.replace(/^\//, "");

async function readOn(day, path, look, options) {
  const { page, close } = await openOn(day, path, options);
  const seen = await look(page);
  await close();
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

  test(`${days} days after the build the band of the plot holds what is due soon and nothing else`, async () => {
    const { edge, now, step, marks } = await readOn(day, "freshness/", (page) => page.evaluate(() => {
      const near = document.querySelector(".near"), line = document.querySelector("[data-now]");
      return {
        now: Number(near.getAttribute("x")), edge: Number(near.getAttribute("x")) + Number(near.getAttribute("width")), step: Number(line.dataset.step),
        marks: [...document.querySelectorAll(".plot [data-due]")].map((mark) => [mark.dataset.due, mark.dataset.soon]),
      };
    }));
    for (const [due, soon] of marks.filter(([due]) => due >= day)) {
      const at = now + (Date.parse(due) - Date.parse(day)) / DAY * step;
      assert.equal(at < edge + step / 2, soon <= day, `${due} ${soon} on ${day}`);
    }
  });

  test(`${days} days after the build each runbook says how old it is then`, async () => {
    for (const page of report.pages.filter((page) => page.review_by)) {
      const state = stateOn(day, page);
      const seen = await readOn(day, fileOf(page.url), (shown) => shown.evaluate(() => ({
        overdue: document.documentElement.classList.contains("is-overdue"),
        badge: document.querySelector("[data-fresh]").className,
        mark: getComputedStyle(document.querySelector(".nav a[aria-current]"), "::after").content,
      })));
      assert.equal(seen.overdue, state === "over", page.file);
      assert.equal(stateIn(seen.badge), state, page.file);
      assert.equal(seen.mark, MARKS[state] ? `"!" / " ${MARKS[state]}"` : "none", page.file);
    }
  });
}

test("the agents drawn on a runbook turn overdue with their pages", async () => {
  const agents = report.pages.filter((page) => page.review_by && page.file.startsWith("content/agents/"));
  const day = later(400);
  const boxes = await readOn(day, "agents/contentgen/", (page) => page.$$eval(".near-by [data-due]", (all) =>
    all.map((box) => [box.querySelector("title").textContent, box.querySelector("use").getAttribute("href"), box.querySelector("[data-words]").textContent])));
  assert.ok(boxes.length > 1 && boxes.length <= agents.length, `${boxes.length} of ${agents.length} agents`);
  for (const [title, mark, words] of boxes) {
    assert.equal(mark, "#gp:s-over", title);
    assert.match(words, /^\d+ days late$/, title);
  }
});

test("an owner's due reviews are counted on the day on which they are read", async () => {
  const owned = report.pages.filter((page) => page.owner === "devops" && page.review_by);
  for (const days of [0, 400]) {
    const day = later(days);
    const rows = await readOn(day, "owners/devops/", (page) => page.$$eval("tbody tr", (all) =>
      all.map((row) => [new URL(row.querySelector("a").href).pathname.slice(1), row.querySelector(".st").className])));
    assert.equal(rows.length, owned.length);
    for (const [path, classes] of rows) {
      assert.equal(stateIn(classes), stateOn(day, owned.find((page) => fileOf(page.url) === path)), path);
    }
  }
});

test("a page is overdue at the same moment in every time zone", async () => {
  const page = report.pages.find((page) => page.review_by && !page.evergreen);
  const due = page.review_by;
  const next = new Date(Date.parse(due) + DAY).toISOString().slice(0, 10);
  for (const timezoneId of ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata"]) {
    for (const [moment, expected] of [[`${due}T23:59:00Z`, false], [`${next}T00:01:00Z`, true]]) {
      const seen = await readOn(moment, fileOf(page.url), (shown) =>
        shown.evaluate(() => document.documentElement.classList.contains("is-overdue")), { timezoneId });
      assert.equal(seen, expected, `${moment} in ${timezoneId}`);
    }
  }
});

test("without scripts the due days stand as dates", async () => {
  const due = report.pages.find((page) => page.file === "content/agents/cmo.md").review_by;
  const words = new Date(due).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const plain = { javaScriptEnabled: false };
  for (const path of ["freshness/", "owners/devops/", "agents/cmo/"]) {
    const text = await readOn(report.built, path, (page) => page.locator("main").innerText(), plain);
    assert.ok(text.includes(words), `${words} on ${path}`);
  }
});

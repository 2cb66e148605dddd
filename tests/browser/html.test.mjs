// What is published is HTML that another maker's reader has nothing against, on every page of both sites.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { HtmlValidate } from "html-validate";
import { adoptedSite, site } from "./support.mjs";

const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:standard"],
  rules: {
    // Matters of taste, which the standard leaves open.
    "attr-quotes": "off",
    "doctype-style": "off",
    "no-implicit-button-type": "off",
    "no-implicit-input-type": "off",
    "prefer-native-element": "off",
    // The theme's own ids begin with `gp:`, so that no heading of an author has the same.
    "valid-id": ["error", { relaxed: true }],
  },
});

for (const [name, folder] of [["the example", site], ["the adopted folder", adoptedSite]]) {
  test(`every page of ${name} is valid HTML`, async () => {
    const pages = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".html"));
    assert.ok(pages.length > 10, `${pages.length} pages`);
    const complaints = [];
    for (const page of pages) {
      const report = await validator.validateString(readFileSync(join(folder, page), "utf8"), page);
      for (const { messages } of report.results) {
        complaints.push(...messages.map(({ line, column, ruleId, message }) => `${page}:${line}:${column} ${ruleId}: ${message}`));
      }
    }
    assert.deepEqual(complaints.slice(0, 20), []);
  });
}

// Alerts whose names rules compute: an address as it was deployed finds the runbook of its pattern, and the index is
// filtered by the tool that a rule belongs to.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { open, serve, violations } from "./support.mjs";

const binary = process.env.GUIDEPOST_BINARY ?? join(resolve(process.env.CARGO_TARGET_DIR ?? "target"), "release", "guidepost");

const FILES = {
  "site.toml": `title = "Night desk"
[alerts]
sources = ["rules/*"]
[parameters.environment]
default = "dev"
`,
  "rules/queues.yaml": `Parameters:
  Environment: {Type: String}
  Team: {Type: String, AllowedValues: [mail, print]}
Resources:
  Old:
    Type: AWS::CloudWatch::Alarm
    Properties: {AlarmName: !Sub "\${Environment}-\${Team}-queue-old"}
  Full:
    Type: AWS::CloudWatch::Alarm
    Properties: {AlarmName: !Sub "\${Environment}-queue-full"}
`,
  "rules/disks.yaml": `groups:
- rules:
  - {alert: DiskFull, expr: free < 1, labels: {severity: critical}}
  - {alert: DiskSlow, expr: wait > 1, labels: {severity: warning}}
`,
  "content/queues.md": `---
alerts: ["*-queue-old", prod-queue-full]
---
# Queues

## Mitigation

\`\`\`sh
drain --environment <environment>
\`\`\`
`,
  "content/disks.md": "---\nalerts: [DiskFull, DiskSlow]\n---\n# Disks\n\nGrow them.\n",
};

describe("alerts with computed names", () => {
  let folder;
  let host;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "guidepost-alerts-"));
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const built = spawnSync(binary, ["build", "--out", "public"], { cwd: folder, encoding: "utf8" });
    assert.equal(built.status, 0, built.stderr);
    host = await serve(join(folder, "public"));
  });
  after(async () => {
    await host?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [asked, page, query] of [
    ["alerts/staging-mail-queue-old/", "queues/", "?environment=staging&team=mail"],
    ["alerts/STAGING-print-queue-old", "queues/", "?environment=STAGING&team=print"],
    ["alerts/eu-queue-full/?environment=given", "queues/", "?environment=given"],
    ["alerts/prod-queue-full/", "queues/", "?environment=prod"],
    ["alerts/diskfull/", "disks/", ""],
  ]) {
    test(`${asked} leads to ${page}${query}`, async () => {
      const { page: tab, close } = await open(host.address(asked));
      await tab.waitForURL((url) => url.pathname === `/${page}`);
      assert.equal(new URL(tab.url()).search, query);
      await close();
    });
  }

  test("what the name says stands in the commands", async () => {
    const { page: tab, close } = await open(host.address("alerts/staging-mail-queue-old/"));
    await tab.waitForURL(/queues/);
    await tab.waitForFunction(() => document.querySelector("main pre").textContent.includes("--environment staging"));
    await close();
  });

  test("a name that fits no pattern stays a dead end, with what is near", async () => {
    const { page: tab, close } = await open(host.address("alerts/DiskFul/"));
    await tab.waitForSelector("[data-near-list] a");
    assert.deepEqual((await tab.locator("[data-near-list] a").allTextContents()).slice(0, 1), ["DiskFull"]);
    assert.match(tab.url(), /DiskFul\/$/);
    await close();
  });

  test("the index shows the alerts of one kind of source", async () => {
    const { page: tab, complaints, close } = await open(host.address("alerts/"));
    const shown = async () => {
      const rows = await tab.locator("tr[data-row]:visible td code").allTextContents();
      return rows.map((name) => name.replaceAll("\u200b", "")).sort();
    };
    const all = await shown();
    assert.ok(all.length >= 4, all.join());
    await tab.selectOption("select[name=from]", { label: "Prometheus" });
    assert.deepEqual(await shown(), ["DiskFull", "DiskSlow"]);
    await tab.selectOption("select[name=from]", { label: "CloudFormation" });
    const computed = await shown();
    assert.ok(computed.length >= 2 && computed.every((name) => name.includes("queue")), computed.join());
    await tab.selectOption("select[name=from]", { index: 0 });
    assert.deepEqual(await shown(), all);
    assert.deepEqual(await violations(tab), []);
    assert.deepEqual(complaints, []);
    await close();
  });
});

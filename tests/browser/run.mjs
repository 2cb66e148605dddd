// Runs every `*.test.mjs` of this folder on a built site: node --test-reporter=spec tests/browser/run.mjs SITE ADOPTED

import { readdirSync } from "node:fs";

for (const name of readdirSync(import.meta.dirname).sort()) {
  if (name.endsWith(".test.mjs")) await import(`./${name}`);
}

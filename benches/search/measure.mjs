// Guidepost's search and Pagefind's on the same published pages, in one browser.
//
//   npm ci --prefix tests/browser && npx pagefind@1.6.0 --site SITE
//   GUIDEPOST_BROWSER=chromium node benches/search/measure.mjs SITE
//
// Prints bytes and requests of cold queries, and how often the page that was meant comes first (mean reciprocal rank
// among ten). Scripts are counted as hosts send them, gzipped; the dialog is counted with Guidepost's engine.
import { createReadStream, existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const { chromium } = createRequire(new URL("../../tests/browser/package.json", import.meta.url))("playwright-core");
const site = resolve(process.argv[2]);
const queries = Number(process.argv[3] ?? 200);
const theme = readdirSync(join(site, "theme"));
const [engine, dialog] = ["search", "search-dialog"].map(name => theme.find(file => RegExp(`^${name}\\.\\w+\\.js$`).test(file)));

let sent = [];
const gzipped = new Map();
const sizeOf = file => {
  if (!file.endsWith(".js")) return statSync(file).size;
  if (!gzipped.has(file)) gzipped.set(file, gzipSync(readFileSync(file), { level: 9 }).length);
  return gzipped.get(file);
};
const TYPES = { js: "text/javascript", json: "application/json", html: "text/html", wasm: "application/wasm" };
const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://host").pathname);
  if (path === "/blank") return response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<!doctype html>");
  const file = join(site, path);
  if (!existsSync(file)) return response.writeHead(404).end();
  sent.push({ path, bytes: sizeOf(file) });
  response.writeHead(200, { "content-type": TYPES[file.split(".").pop()] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
}).listen(0, "127.0.0.1");
await new Promise(ready => server.on("listening", ready));
const base = `http://127.0.0.1:${server.address().port}/`;

const browser = await chromium.launch({ executablePath: process.env.GUIDEPOST_BROWSER ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const ENGINES = {
  async guidepost(page) {
    await page.addScriptTag({ url: `${base}theme/${engine}` });
    await page.evaluate(address => { window.searcher = guidepostSearch.open(`${address}search/`) }, base);
    return (typed, limit) => page.evaluate(async ([typed, limit]) => (await searcher.search(typed, { limit })).hits.map(hit => hit.url), [typed, limit]);
  },
  async pagefind(page) {
    await page.evaluate(async address => { window.pagefind = await import(`${address}pagefind/pagefind.js`) }, base);
    return (typed, limit) => page.evaluate(async ([typed, limit]) => {
      const found = await pagefind.search(typed);
      const read = await Promise.all(found.results.slice(0, limit).map(result => result.data()));
      return read.map(result => (result.sub_results[0]?.url ?? result.url).replace(/^\//, ""));
    }, [typed, limit]);
  },
};
if (!existsSync(join(site, "pagefind"))) delete ENGINES.pagefind;

const fresh = async name => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${base}blank`);
  sent = [];
  return { search: await ENGINES[name](page), close: () => context.close() };
};

// What the pages say, from their published sources.
let state = 88172645463325252n;
const below = most => { state ^= state << 13n & (1n << 64n) - 1n; state ^= state >> 7n; state ^= state << 17n & (1n << 64n) - 1n; return Number(state % BigInt(most)) };
const listed = JSON.parse(readFileSync(join(site, "api/pages.json"), "utf8"));
const pages = (Array.isArray(listed) ? listed : listed.pages).flatMap(({ title, url }) => {
  const path = url.replace(/^https?:\/\/[^/]+\//, "").replace(/^\//, ""), source = join(site, path, "index.md");
  if (!existsSync(source)) return [];
  const text = readFileSync(source, "utf8").replace(/^---\n[^]*?\n---\n/, ""), prose = text.replace(/```[^]*?```/g, "");
  return [{ title, url: path, headings: [...prose.matchAll(/^#{2,4} +(.+)$/gm)].map(match => match[1]), words: prose.match(/\b[a-zA-Z]{4,}\b/g) ?? [] }];
});
const alertsFile = join(site, "api/alerts.json");
const alerts = !existsSync(alertsFile) ? [] : (answer => Array.isArray(answer) ? answer : answer.alerts)(JSON.parse(readFileSync(alertsFile, "utf8"))).filter(alert => alert.url);
const pick = list => list[below(list.length)];

const percentile = (numbers, share) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)];
const kilobytes = bytes => (bytes / 1000).toFixed(1);

console.log(`${pages.length} pages, ${alerts.length} alerts`);
const dialogBytes = sizeOf(join(site, "theme", dialog));
const cold = Array.from({ length: queries }, (_, number) => Array.from({ length: 1 + number % 3 }, () => pick(pick(pages.filter(page => page.words.length)).words).toLowerCase()).join(" "));
for (const name of Object.keys(ENGINES)) {
  const bytes = [[], [], []], counts = [];
  for (const [number, typed] of cold.entries()) {
    const { search, close } = await fresh(name);
    await search(typed, 5);
    bytes[number % 3].push(sent.reduce((sum, file) => sum + file.bytes, name === "guidepost" ? dialogBytes : 0));
    counts.push(sent.length);
    await close();
  }
  const all = bytes.flat();
  console.log(`${name}: cold query p50 ${kilobytes(percentile(all, 0.5))} kB, p95 ${kilobytes(percentile(all, 0.95))} kB; by words ${bytes.map(list => kilobytes(percentile(list, 0.5))).join(" / ")}; requests p50 ${percentile(counts, 0.5)}`);
  const { search, close } = await fresh(name);
  const before = sent.reduce((sum, file) => sum + file.bytes, 0);
  for (let length = 1; length <= 16; length++) await search("crashloopbackoff".slice(0, length), 5);
  console.log(`${name}: typing "crashloopbackoff" ${kilobytes(sent.reduce((sum, file) => sum + file.bytes, 0) - before)} kB`);
  await close();
}

// The page that was meant.
const parts = name => name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [name];
const without = (name, at) => name.slice(0, at) + name.slice(at + 1);
const SPELLINGS = {
  "CamelCase": name => name,
  "lower case": name => name.toLowerCase(),
  "kebab-case": name => parts(name).join("-").toLowerCase(),
  "snake_case": name => parts(name).join("_").toLowerCase(),
  "words": name => parts(name).join(" ").toLowerCase(),
  "last two parts joined": name => parts(name).slice(-2).join("").toLowerCase(),
  "middle parts joined": name => parts(name).slice(1, -1).join("").toLowerCase(),
  "first two thirds": name => name.slice(0, Math.ceil(name.length * 2 / 3)),
  "one letter dropped": name => without(name, 2 + name.length % (name.length - 3)),
};
const unique = (list, key) => list.filter(item => list.filter(other => other[key] === item[key]).length === 1);
const sample = (list, most) => Array.from({ length: Math.min(most, list.length) }, () => pick(list));
const titled = unique(pages, "title");
const longWord = title => title.split(/\s+/).filter(word => /^[a-zA-Z]{6,}$/.test(word)).at(-1);
const long = alerts.filter(alert => parts(alert.name).length > 3);
const headed = pages.flatMap(page => page.headings.map(heading => ({ heading, url: page.url })));
const TASKS = {
  "title": sample(titled, 100).map(page => [page.title, page.url]),
  "title, one letter dropped in a word": sample(titled.filter(page => longWord(page.title)), 60).map(page => [page.title.replace(longWord(page.title), word => without(word, 3)), page.url]),
  "heading": sample(unique(headed, "heading"), 80).map(({ heading, url }) => [heading.replace(/[`*]/g, ""), url]),
  ...Object.fromEntries(Object.entries(SPELLINGS).map(([name, spell]) => [`alert, ${name}`, sample(long, 60).map(alert => [spell(alert.name), alert.page ?? alert.url])])),
};
const pageOf = url => url.replace(/#.*$/, "").replace(/^https?:\/\/[^/]+\//, "").replace(/index\.html$/, "").replace(/^\//, "");
for (const [task, asked] of Object.entries(TASKS)) {
  if (!asked.length) continue;
  const scores = [];
  for (const name of Object.keys(ENGINES)) {
    const { search, close } = await fresh(name);
    let sum = 0;
    for (const [typed, meant] of asked) {
      const found = [...new Set((await search(typed, 20)).map(pageOf))].slice(0, 10), rank = found.indexOf(pageOf(meant));
      if (rank >= 0) sum += 1 / (rank + 1);
      if (process.env.MISSES && name === "guidepost" && rank !== 0) console.log(`  ${task}: ${typed} -> ${rank}; ${found[0]} rather than ${pageOf(meant)}`);
    }
    scores.push(`${name} ${(sum / asked.length).toFixed(3)}`);
    await close();
  }
  console.log(`${task} (${asked.length}): ${scores.join(", ")}`);
}
await browser.close();
server.close();

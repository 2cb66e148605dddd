// How well the search answers, asked of a built site: questions, other vocabulary, and every mechanical kind.
//
//   npm install --prefix FOLDER minisearch && npx pagefind@1.6.0 --site SITE
//   NODE_PATH=FOLDER/node_modules GUIDEPOST_BROWSER=chromium node benches/search/relevance.mjs SITE [--set-aside] [--only KIND]
//
// Prints for each kind, for Guidepost, MiniSearch and, where there is a browser and its index, Pagefind: the mean
// reciprocal rank of the first right page among ten, how often it is first and how often among ten, and for kinds that
// ask for a section, how often the result of that page leads there. `--set-aside` asks the other half of the questions.
// `MISSES=1` prints what was not first. Questions stand in questions.txt and vocabulary.txt; the rest is generated from
// what the pages say.
import { createReadStream, existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import vm from "node:vm";

const flags = process.argv.slice(3);
const site = resolve(process.argv[2]), setAside = flags.includes("--set-aside");
const only = flags.includes("--only") ? flags[flags.indexOf("--only") + 1] : "";
const here = new URL(".", import.meta.url);

// What the pages say, from what results show of them.
const fragments = join(site, "search/shards/f");
const pages = new Map();
const order = readdirSync(fragments).sort((a, b) => {
  const [left, right] = [a, b].map(name => name.split(".").map(Number));
  return left[0] - right[0] || left[1] - right[1];
});
for (const name of order) {
  const part = JSON.parse(gunzipSync(readFileSync(join(fragments, name))));
  const page = pages.get(part.u) ?? { url: part.u, title: part.t, alerts: [], sections: [] };
  page.alerts.push(...part.a);
  page.sections.push(...part.s.map(([anchor, heading, text, code]) => ({ page, anchor, heading, text, code, url: anchor ? `${part.u}#${anchor}` : part.u })));
  pages.set(part.u, page);
}
const all = [...pages.values()], sections = all.flatMap(page => page.sections);

// The engines: from what is typed to the addresses of results, best first.
const ENGINES = {
  guidepost() {
    vm.runInThisContext(readFileSync(process.env.CLIENT ?? new URL("../../theme/static/search.js", here), "utf8"));
    const fetch = async url => {
      const path = join(site, decodeURIComponent(new URL(url).pathname));
      return existsSync(path) ? new Response(readFileSync(path)) : new Response("", { status: 404 });
    };
    const searcher = globalThis.guidepostSearch.open("http://site.example/search/", fetch);
    return async typed => (await searcher.search(typed, { limit: 20 })).hits.map(hit => hit.url);
  },
  minisearch() {
    const folder = (process.env.NODE_PATH ?? "").split(":").find(folder => existsSync(join(folder, "minisearch")));
    if (!folder) return null;
    const MiniSearch = createRequire(join(resolve(folder), "beside.js"))("minisearch"), index = new MiniSearch({ fields: ["heading", "title", "text", "code"], idField: "id" });
    index.addAll(sections.map((section, id) => ({ id, heading: section.heading, title: section.page.title, text: section.text, code: section.code })));
    const options = { prefix: true, fuzzy: .2, boost: { title: 3, heading: 2 } };
    return async typed => index.search(typed, options).slice(0, 100).map(({ id }) => sections[id].url);
  },
  async pagefind() {
    if (!existsSync(join(site, "pagefind")) || !process.env.GUIDEPOST_BROWSER) return null;
    const { chromium } = createRequire(new URL("../../tests/browser/package.json", import.meta.url))("playwright-core");
    const TYPES = { js: "text/javascript", wasm: "application/wasm" };
    const server = createServer((request, response) => {
      const path = decodeURIComponent(new URL(request.url, "http://host").pathname), file = join(site, path);
      if (path === "/blank") return response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>");
      if (!existsSync(file)) return response.writeHead(404).end();
      response.writeHead(200, { "content-type": TYPES[file.split(".").pop()] ?? "application/octet-stream" });
      createReadStream(file).pipe(response);
    }).listen(0, "127.0.0.1");
    await new Promise(ready => server.on("listening", ready));
    const base = `http://127.0.0.1:${server.address().port}/`;
    const browser = await chromium.launch({ executablePath: process.env.GUIDEPOST_BROWSER, args: ["--no-sandbox"] });
    const page = await browser.newPage();
    await page.goto(`${base}blank`);
    await page.evaluate(async base => { window.pagefind = await import(`${base}pagefind/pagefind.js`) }, base);
    const ask = typed => page.evaluate(async typed => {
      const found = await pagefind.search(typed);
      const read = await Promise.all(found.results.slice(0, 10).map(result => result.data()));
      const best = ({ sub_results, url }) => sub_results.toSorted((a, b) => b.locations.length - a.locations.length)[0]?.url ?? url;
      return read.map(result => best(result).replace(/^\//, ""));
    }, typed);
    ask.close = async () => { await browser.close(); server.close() };
    return ask;
  },
};

// What is asked: `{ typed, pages: test of an address, section: the one address that is meant, if one is }`.
let state = 88172645463325252n;
const MASK = (1n << 64n) - 1n;
const below = most => {
  state ^= state << 13n & MASK;
  state ^= state >> 7n;
  state ^= state << 17n & MASK;
  return Number(state % BigInt(most));
};
const pick = list => list[below(list.length)];
const sample = (list, most) => {
  const rest = [...list], taken = [];
  while (rest.length && taken.length < most) taken.push(...rest.splice(below(rest.length), 1));
  return taken;
};
const pageOf = url => url.replace(/#.*$/, "").replace(/index\.html$/, "");
const lines = name => readFileSync(new URL(name, here), "utf8").split("\n").filter(line => line && !line.startsWith("#"));
const written = (name, listed = lines(name).filter((_, number) => number % 2 === Number(setAside))) => listed
  .map(line => {
    const [typed, answers] = line.split(" | "), parts = answers.split("; ");
    return { typed, right: url => parts.some(part => pageOf(url).toLowerCase().includes(part)) };
  });
const parts = name => name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [name];
const without = (name, at) => name.slice(0, at) + name.slice(at + 1);
const holders = needle => new Set(all.filter(page => page.sections.some(section => `${section.heading}\n${section.text}\n${section.code}`.includes(needle))).map(page => page.url));
const exactly = urls => url => urls.has(pageOf(url));
const one = (typed, section) => ({ typed, right: url => pageOf(url) === section.page.url, section: section.url });
const count = list => {
  const counts = new Map();
  for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
};
const tokens = pattern => {
  const where = new Map();
  for (const section of sections) for (const [token] of `${section.text}\n${section.code}`.matchAll(pattern)) {
    const found = where.get(token) ?? new Set();
    found.add(section.page.url);
    where.set(token, found);
  }
  return [...where].filter(([, urls]) => urls.size === 1).map(([typed, urls]) => ({ typed, right: exactly(urls) }));
};
const wordsOf = text => text.match(/\b[a-z]{4,}\b/g) ?? [];
const rare = count(sections.flatMap(section => [...new Set(wordsOf(section.text))]));
const titles = count(all.map(page => page.title)), headings = count(sections.map(section => section.heading));
const titled = all.filter(page => titles.get(page.title) === 1);
const headed = sections.filter(section => section.heading.includes(" ") && headings.get(section.heading) === 1 && section.anchor && section.heading !== section.page.title);
const texts = sections.filter(section => wordsOf(section.text).length > 12);
const twoWords = section => {
  const known = [...new Set(wordsOf(section.text))].filter(word => rare.get(word) < 30).sort((a, b) => rare.get(a) - rare.get(b)).slice(0, 8);
  return known.length > 1 && sample(known, 2).join(" ");
};
const phrase = section => {
  const words = pick(section.text.split("\n")).split(" ").filter(word => /^[\w'-]+$/.test(word)), at = below(Math.max(1, words.length - 4));
  const found = words.slice(at, at + 4).join(" ");
  return words.length > 4 && sections.filter(other => other.text.includes(found)).length === 1 && section.text.includes(found) && found;
};
const names = all.flatMap(page => [page.title, ...page.alerts.map(alert => alert[0])].filter(name => /^[A-Za-z]+$/.test(name) && parts(name).length > 2).map(name => ({ name, page })));
const capital = word => word[0].toUpperCase() + word.slice(1);
const SPELLINGS = {
  "as written": name => name,
  "lower case": name => name.toLowerCase(),
  "upper case": name => name.toUpperCase(),
  "kebab-case": name => parts(name).join("-").toLowerCase(),
  "snake_case": name => parts(name).join("_").toLowerCase(),
  "dotted": name => parts(name).join(".").toLowerCase(),
  "as words": name => parts(name).join(" ").toLowerCase(),
  "words turned round": name => parts(name).reverse().join(" ").toLowerCase(),
  "first two joined": name => (parts(name).slice(0, 2).join("") + " " + parts(name).slice(2).join(" ")).toLowerCase(),
  "last two joined": name => (parts(name).slice(0, -2).join(" ") + " " + parts(name).slice(-2).join("")).toLowerCase(),
  "without the first part": name => parts(name).slice(1).map(capital).join(""),
  "first two thirds": name => name.slice(0, Math.ceil(name.length * 2 / 3)),
  "a letter missing": name => without(name, 2 + name.length % (name.length - 3)),
  "letters swapped": name => { const at = 2 + name.length % (name.length - 4); return name.slice(0, at) + name[at + 1] + name[at] + name.slice(at + 2) },
  "two letters missing, as words": name => { const long = parts(name).map((word, at) => [word.length, at]).sort((a, b) => b[0] - a[0]); return parts(name).map((word, at) => at === long[0][1] ? without(word, 2) : at === long[1]?.[1] && word.length > 4 ? without(word, 2) : word).join(" ").toLowerCase() },
  "a letter doubled": name => { const at = 3 + name.length % (name.length - 4); return name.slice(0, at) + name[at] + name.slice(at) },
};
const joined = names.map(({ name, page }) => [parts(name).join("").toLowerCase(), page.url]);
const named = spell => sample(names, 60).map(({ name }) => {
  const whole = parts(name).join("").toLowerCase(), typed = spell(name), flat = parts(typed).join("").toLowerCase();
  const urls = new Set(joined.filter(([other]) => other === whole || other.includes(flat)).map(([, url]) => url));
  return { typed, right: exactly(urls) };
});
const messages = sections.flatMap(section => `${section.text}\n${section.code}`.split("\n")
  .filter(line => /\b(error|failed|cannot|unable|timed out|refused|denied)\b/i.test(line) && line.length > 40 && line.length < 180 && !/^[$#]|^\w+ -/.test(line))
  .map(line => ({ line: line.trim(), section })));
const single = messages.filter(({ line }) => messages.filter(other => other.line === line).length === 1);
const quoted = line => JSON.stringify(line);
const WRAPPERS = [
  line => `E1123 02:14:07.418230       1 controller.go:142] ${line}`,
  line => `Nov 23 02:14:07 ip-10-0-3-17 kubelet[2211]: ${line}`,
  line => `2025-11-23T02:14:07.418Z ERROR [pool-3-thread-12] c.e.platform.Worker - ${line} request_id=8f3a9c21-77aa-4c1e-9d0e-2b7f6a1c9e55`,
  line => `{"level":"error","ts":1763864047.418,"caller":"worker/sync.go:88","logger":"sync","msg":${quoted(line)},"pod":"api-7d9f8b6c54-x2v9q","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}`,
  line => `ts=2025-11-23T02:14:07Z level=error caller=manager.go:512 component=sync msg=${quoted(line)} attempt=3`,
  line => `\u001b[31mERROR\u001b[0m 1763864047 worker-7 | ${line}`,
];
const KINDS = {
  "questions": () => written("questions.txt"),
  "questions written later": () => written("", lines("more-questions.txt")),
  "questions asked once": () => written("", lines("asked-once.txt")),
  "questions in other words": () => written("", lines("other-words.txt")),
  "other vocabulary": () => written("vocabulary.txt"),
  "title": () => sample(titled, 120).map(page => ({ typed: page.title, right: url => pageOf(url) === page.url })),
  "title, a letter missing": () => sample(titled.filter(page => /\b[a-zA-Z]{6,}\b/.test(page.title)), 80).map(page => ({ typed: page.title.replace(/\b[a-zA-Z]{6,}\b/, word => without(word, 3)), right: url => pageOf(url) === page.url })),
  "heading": () => sample(headed, 120).map(section => one(section.heading.replace(/[`*]/g, ""), section)),
  "two words of a section": () => sample(texts, 150).map(section => [twoWords(section), section]).filter(([typed]) => typed).map(([typed, section]) => one(typed, section)),
  "phrase in quotes": () => sample(texts, 200).map(section => [phrase(section), section]).filter(([typed]) => typed).slice(0, 80).map(([typed, section]) => one(`"${typed}"`, section)),
  "phrase without quotes": () => sample(texts, 200).map(section => [phrase(section), section]).filter(([typed]) => typed).slice(0, 80).map(([typed, section]) => one(typed, section)),
  "flag": () => sample(tokens(/(?<![\w-])--[a-z][a-z-]+[a-z]/g), 80),
  "snake_case": () => sample(tokens(/\b[a-z]+(?:_[a-z]+){1,6}\b/g), 80),
  "dotted name": () => sample(tokens(/\b[a-z]+(?:\.[a-z]+){2,4}\b/g), 60),
  "CamelCase": () => sample(tokens(/\b(?:[A-Z][a-z]+){2,6}\b/g), 80),
  "version": () => sample(tokens(/\bv\d+\.\d+(?:\.\d+)?\b/g), 40),
  "version without v": () => sample(tokens(/\bv\d+\.\d+\.\d+\b/g), 40).map(({ typed, right }) => ({ typed: typed.slice(1), right })),
  "command": () => sample(sections.flatMap(section => section.code.split("\n").filter(line => line.length > 20 && line.length < 90 && /^[$ ]*[a-z]+ [a-z]/.test(line)).map(line => ({ typed: line.replace(/^[$ ]+/, ""), section }))), 80).map(({ typed, section }) => ({ ...one(typed, section), right: exactly(holders(typed)) })),
  "log line as written": () => sample(single, 80).map(({ line, section }) => one(line, section)),
  "log line as a program writes it": () => sample(single, 120).map(({ line, section }, number) => one(WRAPPERS[number % WRAPPERS.length](line), section)),
  ...Object.fromEntries(Object.entries(SPELLINGS).map(([name, spell]) => [`name: ${name}`, () => named(spell)])),
};

const engines = [];
for (const [name, make] of Object.entries(ENGINES)) {
  const ask = (!process.env.ENGINE || process.env.ENGINE.split(",").includes(name)) && await make();
  if (ask) engines.push([name, ask]);
}
console.log(`${all.length} pages, ${sections.length} sections; ${engines.map(([name]) => name).join(", ")}: reciprocal rank / first / among ten / right section`);
for (const [kind, make] of Object.entries(KINDS)) {
  const asked = make();
  if (!asked.length || !RegExp(only).test(kind)) continue;
  const row = [];
  for (const [name, ask] of engines) {
    let sum = 0, first = 0, ten = 0, right = 0;
    for (const { typed, right: isRight, section } of asked) {
      const urls = await ask(typed), found = [...new Set(urls.map(pageOf))].slice(0, 10), rank = found.findIndex(isRight);
      if (rank >= 0) { sum += 1 / (rank + 1); ten++; first += rank === 0 }
      if (section) right += urls.find(isRight) === section;
      if (process.env.MISSES && name === "guidepost" && rank !== 0) console.log(`  ${rank}: ${typed} -> ${found.slice(0, 3).join(" , ")}`);
    }
    const share = number => (number / asked.length).toFixed(2);
    row.push(`${share(sum)} ${share(first)} ${share(ten)}${asked[0].section ? ` ${share(right)}` : ""}`);
  }
  console.log(`${kind} (${asked.length}): ${row.join(" | ")}`);
}
for (const [, ask] of engines) await ask.close?.();

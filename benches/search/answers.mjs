// What a reader waits and fetches who types into the search dialog of a built site, on a processor slowed down to a quarter.
//
// usage: GUIDEPOST_BROWSER=/path/to/chromium node answers.mjs SITE [--runs N] [--between MILLISECONDS] TEXT...
//
// In each run and for each text a fresh browser opens the dialog and types, letter by letter; a text of more than five
// words with a digit is pasted. Prints the time from the last key to the answer on the screen, and what was fetched from the first
// key on: requests and bytes, those of results apart. Wants `npm ci --prefix tests/browser`.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize, resolve } from 'node:path';

const { chromium } = createRequire(new URL('../../tests/browser/package.json', import.meta.url))('playwright-core');

const [folder, ...rest] = process.argv.slice(2);
const site = resolve(folder);
const option = (name, otherwise) => {
  const at = rest.indexOf(name);
  return at < 0 ? otherwise : Number(rest.splice(at, 2)[1]);
};
const runs = option('--runs', 5);
const between = option('--between', 120);
const SLOWER = 4;
const SETTLED = 900;
const TYPES = { '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml' };

let sent = [];
const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://host').pathname));
  const file = join(site, path.endsWith('/') ? `${path}index.html` : path);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) return response.writeHead(404).end();
  sent.push({ path, bytes: found.size });
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'cache-control': 'max-age=60' });
  createReadStream(file).pipe(response);
}).listen(0, '127.0.0.1');
await new Promise(ready => server.on('listening', ready));
const address = `http://127.0.0.1:${server.address().port}/`;

const watch = () => {
  addEventListener('input', () => { window.lastKey = performance.now() }, true);
  new MutationObserver(changes => {
    if (changes.some(({ target }) => target.closest?.('.search-list'))) requestAnimationFrame(() => { window.lastChange = performance.now() });
  }).observe(document, { childList: true, subtree: true });
};

const found = new Map();
for (let run = 0; run < runs; run++) for (const text of rest) {
  const browser = await chromium.launch({
    executablePath: process.env.GUIDEPOST_BROWSER ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const page = await browser.newPage();
  await page.addInitScript(watch);
  await page.goto(address);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await page.keyboard.press('ControlOrMeta+K');
  await page.waitForTimeout(SETTLED);
  sent = [];
  if (text.split(" ").length > 5 && /\d/.test(text)) await page.keyboard.insertText(text);
  else await page.keyboard.type(text, { delay: between });
  await page.waitForTimeout(SETTLED);
  const wait = await page.evaluate(() => window.lastChange - window.lastKey);
  const results = sent.filter(({ path }) => path.includes('/f/'));
  const sum = files => files.reduce((sum, { bytes }) => sum + bytes, 0);
  found.set(text, [...found.get(text) ?? [], [wait, sent.length, sum(sent) / 1000, results.length, sum(results) / 1000]]);
  await browser.close();
}
server.close();

const middle = numbers => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
for (const [text, rows] of found) {
  const [wait, requests, bytes, ofResults, bytesOfResults] = rows[0].map((_, column) => middle(rows.map(row => row[column])));
  const waits = rows.map(row => Math.round(row[0]));
  console.log(`${text.slice(0, 60)}: answered ${Math.round(wait)} ms after the last key (${Math.min(...waits)} to ${Math.max(...waits)}); ${requests} requests, ${bytes.toFixed(1)} kB, of which ${ofResults} and ${bytesOfResults.toFixed(1)} kB for results`);
}

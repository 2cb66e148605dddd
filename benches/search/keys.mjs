// How long keys wait while a reader types into the search of a built site, on a processor slowed down to a quarter.
//
// usage: GUIDEPOST_BROWSER=/path/to/chromium node keys.mjs ADDRESS WORDS...
//
// Prints, for opening the dialog and then for all keys typed, the longest time from the press to the end of its
// handlers, the longest handler, and the longest single piece of work in between. Wants `npm ci --prefix tests/browser`.

import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../../tests/browser/package.json', import.meta.url))('playwright-core');

const [address, ...queries] = process.argv.slice(2);
const SLOWER = 4;
const BETWEEN_KEYS = 90;

const watch = () => {
  window.keys = [];
  window.tasks = [];
  const observe = (type, options, take) =>
    new PerformanceObserver(list => list.getEntries().forEach(take)).observe({ type, ...options });
  observe('event', { durationThreshold: 16 }, entry => {
    if (/^key|^input$/.test(entry.name)) window.keys.push([entry.processingEnd - entry.startTime, entry.processingEnd - entry.processingStart]);
  });
  observe('longtask', {}, entry => window.tasks.push(entry.duration));
};

const browser = await chromium.launch({
  executablePath: process.env.GUIDEPOST_BROWSER,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const page = await browser.newPage();
await page.addInitScript(watch);
await page.goto(address);
const session = await page.context().newCDPSession(page);
await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
const report = async what => {
  const { keys, tasks } = await page.evaluate(() => ({ keys: window.keys.splice(0), tasks: window.tasks.splice(0) }));
  const most = numbers => Math.round(Math.max(0, ...numbers));
  console.log(`${what}: from press to handled at most ${most(keys.map(key => key[0]))} ms, handler at most ` +
    `${most(keys.map(key => key[1]))} ms; ${tasks.length} pieces of work over 50 ms, at most ${most(tasks)} ms`);
};
await page.keyboard.press('ControlOrMeta+K');
await page.waitForLoadState('networkidle');
await report('opening');
for (const query of queries) {
  await page.keyboard.type(query, { delay: BETWEEN_KEYS });
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('Delete');
}
await report('typing');
await browser.close();

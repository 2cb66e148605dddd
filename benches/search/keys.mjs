// How long keys wait while a reader types into the search of a built site, on a processor slowed down to a quarter.
//
// usage: GUIDEPOST_BROWSER=/path/to/chromium node keys.mjs ADDRESS [--runs N] WORDS...
//
// In each run a fresh browser opens the dialog; then everything is typed, letter by letter, and taken back with the
// backspace key. What holds five spaces or more is pasted, and a letter typed after it. Prints for each the longest
// time from a press to the end of its handlers, the longest handler, and the longest piece of work of any kind (those
// below 50 ms are not told apart): the median of all runs, least and most. Wants `npm ci --prefix tests/browser`.

import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../../tests/browser/package.json', import.meta.url))('playwright-core');

const [address, ...rest] = process.argv.slice(2);
const runs = rest[0] === '--runs' ? Number(rest.splice(0, 2)[1]) : 5;
const SLOWER = 4;
const BETWEEN_KEYS = 90;
const AFTER = 400;

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

const found = new Map();
const most = numbers => Math.round(Math.max(0, ...numbers));
const measure = async (page, what, act) => {
  await act();
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(AFTER);
  const { keys, tasks } = await page.evaluate(() => ({ keys: window.keys.splice(0), tasks: window.tasks.splice(0) }));
  const row = [most(keys.map(key => key[0])), most(keys.map(key => key[1])), most(tasks)];
  found.set(what, [...found.get(what) ?? [], row]);
};

for (let run = 0; run < runs; run++) {
  const browser = await chromium.launch({
    executablePath: process.env.GUIDEPOST_BROWSER,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const page = await browser.newPage();
  await page.addInitScript(watch);
  await page.goto(address);
  await page.waitForLoadState('networkidle');
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await page.waitForTimeout(AFTER);
  await page.evaluate(() => { window.keys.length = window.tasks.length = 0 });
  await measure(page, 'opening', () => page.keyboard.press('ControlOrMeta+K'));
  for (const typed of rest) {
    const keyboard = page.keyboard, isPasted = typed.split(' ').length > 5;
    await measure(page, typed, async () => {
      if (isPasted) await keyboard.insertText(typed);
      await keyboard.type(isPasted ? 's' : typed, { delay: BETWEEN_KEYS });
    });
    if (isPasted) {
      await keyboard.press('ControlOrMeta+A');
      await keyboard.press('Delete');
    } else await measure(page, `${typed}, taken back`, () => keyboard.type('\b'.repeat(typed.length), { delay: BETWEEN_KEYS }));
  }
  await browser.close();
}

const spread = numbers => {
  const sorted = numbers.toSorted((a, b) => a - b);
  return `${sorted[sorted.length >> 1]} ms (${sorted[0]} to ${sorted.at(-1)})`;
};
for (const [what, rows] of found) {
  const [wait, handler, piece] = [0, 1, 2].map(column => spread(rows.map(row => row[column])));
  console.log(`${what}: waits at most ${wait}, handler ${handler}, piece of work ${piece}`);
}

// Runs the browser's search engine on published files, in Node, or in a browser if one is named.
// Standard input: {"client", "folder", "browser", "jobs": [{"search", "today" or "clock", "limit"} | {"chunks"} | {"stem"} | {"bytes", "today"}]}.
// Standard output: one answer for each job. A browser answers searches only; "clock" is the time it believes it is.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const { client, folder, browser, jobs } = JSON.parse(readFileSync(0, 'utf8'));

// A host: answers with the files as they are; counts what it sends.
const host = (sent = []) => async url => {
  const path = decodeURIComponent(new URL(url).pathname);
  try {
    const bytes = await readFile(folder + path);
    sent.push([path, bytes.length]);
    return new Response(bytes);
  } catch {
    return new Response('', { status: 404 });
  }
};

const inNode = async () => {
  vm.runInThisContext(readFileSync(client, 'utf8'));
  const engine = globalThis.guidepostSearch, current = engine.open('http://site.example/search/', host());
  const answer = async job => {
    if ('chunks' in job) return engine.chunks(job.chunks).map(c => c.parts.map(p => [c.text.slice(p.from, p.to), job.chunks.slice(p.start, p.end), !!c.isFlag]));
    if ('stem' in job) return engine.stem(job.stem);
    if ('bytes' in job) {
      const sent = [];
      await engine.open('http://site.example/search/', host(sent)).search(job.bytes, { today: job.today, limit: 5 });
      return sent;
    }
    return current.search(job.search, { today: job.today, limit: job.limit });
  };
  const answers = [];
  for (const job of jobs) answers.push(await answer(job));
  return answers;
};

const inBrowser = async () => {
  const { chromium } = createRequire(new URL('../../browser/package.json', import.meta.url))('playwright-core');
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://host');
    if (pathname === '/') return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>');
    const bytes = await readFile(pathname === '/client.js' ? client : folder + decodeURIComponent(pathname)).catch(() => undefined);
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  await new Promise(ready => server.listen(0, '127.0.0.1', ready));
  const running = await chromium.launch({ executablePath: browser, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  const page = await running.newPage(), base = `http://127.0.0.1:${server.address().port}/`;
  await page.goto(base);
  await page.addScriptTag({ url: `${base}client.js` });
  await page.evaluate(base => { window.engine = guidepostSearch.open(`${base}search/`) }, base);
  const answers = [];
  for (const { search, today, clock, limit } of jobs) {
    if (clock) await page.clock.setFixedTime(clock);
    answers.push(await page.evaluate(([search, options]) => window.engine.search(search, options), [search, { today, limit }]));
  }
  await running.close();
  server.closeAllConnections();
  server.close();
  return answers;
};

process.stdout.write(JSON.stringify(await (browser ? inBrowser() : inNode())));

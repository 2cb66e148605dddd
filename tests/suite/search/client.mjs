// Runs the browser's search engine on published files, in Node.
// Standard input: {"client", "folder", "jobs": [{"search", "today", "limit"} | {"chunks"} | {"stem"} | {"bytes", "today"}]}.
// Standard output: one answer for each job.
import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const { client, folder, jobs } = JSON.parse(readFileSync(0, 'utf8'));
vm.runInThisContext(readFileSync(client, 'utf8'));
const engine = globalThis.guidepostSearch;

// A host: answers with the files as they are, or as a host does that declares their encoding; counts what it sends.
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
const current = engine.open('http://site.example/search/', host());

const answer = async job => {
  if ('chunks' in job) return engine.chunks(job.chunks).map(c => c.parts.map(p => [c.text.slice(p.from, p.to), job.chunks.slice(p.start, p.end)]));
  if ('stem' in job) return engine.stem(job.stem);
  if ('read' in job) return engine.read(job.read);
  if ('bytes' in job) {
    const sent = [];
    await engine.open('http://site.example/search/', host(sent)).search(job.bytes, { today: job.today, limit: 5 });
    return sent;
  }
  return current.search(job.search, { today: job.today, limit: job.limit });
};
const answers = [];
for (const job of jobs) answers.push(await answer(job));
process.stdout.write(JSON.stringify(answers));

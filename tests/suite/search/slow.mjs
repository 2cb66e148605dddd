// Runs the browser's search engine on a computer that is slow by agreement: its clock moves on by what is read of the
// index, and by nothing else. So how long a key would wait is counted, not timed.
// Standard input: {"client", "folder", "jobs": [{"ask", "then"}]}; "then" is asked as soon as "ask" first gives way.
// Standard output: for each job {"longest", "total", "answered"}: the milliseconds of the longest piece of work, of all
// work, and which questions were answered.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import vm from 'node:vm';
import { gunzipSync } from 'node:zlib';

const { client, folder, jobs } = JSON.parse(readFileSync(0, 'utf8'));
const MILLISECONDS_A_BYTE = 0.01;

let clock = 0, began = 0, longest = 0, gaveWay;
const Bytes = Uint8Array, plain = new WeakMap();
const counted = bytes => {
  const proxy = new Proxy(bytes, {
    get(target, key) {
      if (typeof key === 'string' && /^\d/.test(key)) clock += MILLISECONDS_A_BYTE;
      if (key === 'subarray') return (...range) => counted(target.subarray(...range));
      return typeof target[key] === 'function' ? target[key].bind(target) : target[key];
    },
  });
  plain.set(proxy, bytes);
  return proxy;
};
globalThis.Uint8Array = function (...given) { return counted(new Bytes(...given)) };
const decoder = new TextDecoder();
globalThis.TextDecoder = function () { return { decode: bytes => decoder.decode(plain.get(bytes)) } };
Object.defineProperty(globalThis, 'performance', { value: { now: () => clock } });
globalThis.setTimeout = resume => {
  longest = Math.max(longest, clock - began);
  gaveWay?.();
  setImmediate(() => { began = clock; resume() });
};
vm.runInThisContext(readFileSync(client, 'utf8'));

// Files as a host sends them that has unpacked them.
const host = async url => {
  const bytes = await readFile(folder + decodeURIComponent(new URL(url).pathname));
  const unpacked = bytes[0] === 31 ? gunzipSync(bytes) : bytes;
  return { ok: true, json: async () => JSON.parse(unpacked), arrayBuffer: async () => new Bytes(unpacked).buffer };
};

const answers = [];
for (const { ask, then } of jobs) {
  const engine = guidepostSearch.open('http://site.example/search/', host), answered = [];
  const search = typed => engine.search(typed, { today: '2025-11-23', limit: 10 }).then(() => answered.push(typed), () => {});
  const asked = [];
  const start = clock;
  began = clock;
  longest = 0;
  gaveWay = then && (() => { gaveWay = undefined; asked.push(search(then)) });
  asked.push(search(ask));
  while (asked.length) await asked.shift();
  answers.push({ longest, total: clock - start, answered });
}
process.stdout.write(JSON.stringify(answers));

// Searches a published index of which one file has something wrong, again and again, in Node.
// Standard input: {"client", "folder", "jobs": [{"cases", "queries", "today"}]}. Standard output: [answered, refused].
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const { client, folder, jobs: [{ cases, queries, today }] } = JSON.parse(readFileSync(0, 'utf8'));
vm.runInThisContext(readFileSync(client, 'utf8'));

// The same numbers in every run.
let drawn = 7;
const draw = below => {
  drawn = (Math.imul(drawn, 1664525) + 1013904223) >>> 0;
  return Math.floor(drawn / 2 ** 32 * below);
};
const change = bytes => {
  const made = Uint8Array.from(bytes), at = draw(made.length);
  switch (draw(5)) {
    case 0: return made.subarray(0, at);
    case 1: made[at] = draw(256); return made;
    case 2: made[at] ^= 1 << draw(8); return made;
    case 3: made.fill(255, at, at + draw(12)); return made;
    default: return Uint8Array.from([...made.subarray(0, at), ...made.subarray(at + 1 + draw(9))]);
  }
};

const files = new Map(), counts = [0, 0];
for (let i = 0; i < cases; i++) {
  let left = 1 + draw(6);
  const changed = new Map();
  const fetch = async url => {
    const path = decodeURIComponent(new URL(url).pathname);
    try {
      if (!files.has(path)) files.set(path, readFileSync(folder + path));
      // It stays wrong when it is fetched again.
      if (--left === 0) changed.set(path, change(files.get(path)));
      return new Response(changed.get(path) ?? files.get(path));
    } catch {
      return new Response('', { status: 404 });
    }
  };
  try {
    const found = await globalThis.guidepostSearch.open('http://site.example/search/', fetch).search(queries[draw(queries.length)], { today, limit: 5 });
    if (!Array.isArray(found.hits)) throw TypeError(`no hits: ${JSON.stringify(found)}`);
    counts[0]++;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    counts[1]++;
  }
}
process.stdout.write(JSON.stringify(counts));

/* A port of src/search/: change both or neither. */
(() => {
  'use strict';
  const utf8 = new TextDecoder(), FIELDS = [0, 1, 2, 3];

  // Terms
  const PAIRED = '[\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff]', LETTER = `(?!${PAIRED})[\\p{Alphabetic}\\p{N}]`;
  const CHUNK = RegExp(`${PAIRED}+|${LETTER}(?:${LETTER}|[_.:@-](?=${LETTER}))*`, 'gu'), HEX = /^0x..|^(?=.*\d)[0-9a-f]{4,}$/iu;
  const HUMP = /(?<=\P{Uppercase})(?=\p{Uppercase})|(?<=\p{Uppercase})(?=\p{Uppercase}(?!s$)\p{Lowercase})|(?<=\P{N}{3})(?=[0-9]+$)/u;
  const fold = text => /^[\0-\x7f]*$/.test(text) ? text.toLowerCase()
    : [...text.normalize('NFKD').replace(/\p{M}/gu, '')].map(c => c.toLowerCase()).join('');
  const chunk = pieces => {
    const made = { text: '', parts: [] };
    for (const [text, start] of pieces) {
      const from = made.text.length;
      made.text += fold(text);
      if (made.text.length > from) made.parts.push({ from, to: made.text.length, start, end: start + text.length });
    }
    return made;
  };
  const chunks = source => [...source.matchAll(CHUNK)].flatMap(({ 0: word, index }) => {
    if (RegExp(PAIRED).test(word[0])) return [...word].map((_, i) => chunk([[word.slice(i, i + 2), index + i]])).slice(0, word.length - 1 || 1);
    const segments = [...word.matchAll(/[^_.:@-]+/g)].map(match => [match[0], index + match.index]);
    if (segments.length > 8 || [...word].length > 64) return segments.map(([text, at]) => chunk([[[...text].slice(0, 64).join(''), at]]));
    if (segments[1] && /^[0-9_.:@-]+$/.test(word)) return [{ ...chunk([[word, index]]), text: word.replace(/[_:@-]/g, '.') }];
    return [chunk(segments.flatMap(([text, at]) => (HEX.test(text) ? [text] : text.split(HUMP)).map(piece => [piece, (at += piece.length) - piece.length])))];
  });
  const partsOf = chunk => chunk.parts.map(part => chunk.text.slice(part.from, part.to));

  const stem = term => {
    if (!/^[a-z]{4,}$/.test(term)) return term;
    let s = term.replace(/(?<=i|ss)es$|(?<=[^sui])s$/, '');
    const [, front] = /^(.*[aeiouy].*)(?:ing|ed)$/.exec(s) ?? '';
    if (front?.[2]) s = front.replace(/([^lszeo])\1$/, '$1');
    return s.replace(/(?<=.{4})ment$|(?<=.{3}[st])ion$/, '').replace(/(?<=.{3})e$|(?<=..)y$/, end => end === 'y' ? 'i' : '');
  };

  // Queries
  const isNoise = ({ text }) => {
    const length = [...text].length, digits = text.replace(/[^0-9]/g, '').length;
    return length > 4 && digits && !text.startsWith('0x') && (/^[0-9a-f.]*$/.test(text) || digits * 2 > length && [...text.replace(/[0-9.]/g, '')].length < 3);
  };
  const read = typed => {
    const query = { filters: [], words: [], phrases: [], wholes: [], extent: 0 };
    let plain = [], open = false, rest = typed;
    while ((rest = rest.replace(/^[\0- ]+/, ''))) {
      const token = /^(owner|tag|status|is|kind):(?:"([^"]*)"|([^\0- "]+))/i.exec(rest) || /^"([^"]*)"/.exec(rest) || /^(?:"|[^\0- "]+)/.exec(rest);
      rest = rest.slice(token[0].length);
      open = token.length === 1 && !rest;
      if (token.length === 4) query.filters.push([token[1].toLowerCase(), fold(token[2] ?? token[3])]);
      else if (token.length === 2) {
        const phrase = chunks(token[1]).flatMap(partsOf).slice(0, 24);
        if (phrase.length && query.phrases.length < 6) { query.phrases.push(phrase); query.extent += phrase.length }
      } else plain.push(token[0].replace('"', ''));
    }
    let found = chunks(plain.join(' '));
    query.line = found.length >= 6;
    if (query.line && !found.every(isNoise)) found = found.filter(chunk => !isNoise(chunk));
    const { words, wholes } = query;
    for (const chunk of found) {
      const parts = partsOf(chunk);
      let bits = 0;
      query.open = query.openWhole = false;
      query.extent += Math.max(0, parts.length * 2 - 1);
      for (const part of parts) {
        query.open = words.length < 24 && !words.includes(part) && !!words.push(part) && open;
        if (words.includes(part)) bits |= 1 << words.indexOf(part);
      }
      if (parts[1]) query.openWhole = wholes.length < 8 && !!wholes.push([chunk.text, bits]) && open;
    }
    if (query.open && query.openWhole && [...words.at(-1)].length < 3) { query.open = false; words.pop(); wholes.at(-1)[1] &= (1 << words.length) - 1 }
    return query;
  };

  // Excerpts
  const findMarks = (line, marks) => {
    let words = 0;
    const ranges = [];
    for (const { text, parts } of chunks(line)) parts.forEach((part, i) => {
      const joined = marks.get(text.slice(part.from)), bits = joined ?? marks.get(text.slice(part.from, part.to));
      if (bits === undefined) return;
      words |= bits;
      const last = ranges.at(-1), end = parts[joined === undefined ? i : parts.length - 1].end;
      if (last && part.start <= last[1]) last[1] = Math.max(last[1], end); else ranges.push([part.start, end]);
    });
    return [bitCount(words), ranges];
  };
  const split = (line, ranges, from, to) => {
    const pieces = [];
    let at = from;
    for (let [start, end] of ranges) {
      start = Math.max(start, from); end = Math.min(end, to);
      if (start < end) { pieces.push(line.slice(at, start), line.slice(start, end)); at = end }
    }
    return [...pieces, line.slice(at, to)];
  };
  const marked = (text, marks) => split(text, findMarks(text, marks)[1], 0, text.length);
  const excerpt = (lines, marks) => {
    let most = 0, line = '', ranges = [];
    for (const text of lines.split('\n')) {
      const [words, found] = findMarks(text, marks);
      if (words > most || !line) { most = words; line = text; ranges = found }
    }
    const [from, to] = clip(line, ranges.length ? ranges[0][0] : 0), pieces = split(line, ranges, from, to);
    if (from > 0) pieces[0] = '…' + pieces[0];
    if (to < line.length) pieces[pieces.length - 1] += '…';
    return pieces;
  };
  const clip = (line, mark) => {
    let from = Math.max(0, Math.min(mark - 40, line.length - 160)), space = line.indexOf(' ', from);
    if (from) from = space >= 0 && space < mark ? space + 1 : mark;
    if (line.length <= from + 160) return [from, line.length];
    space = line.lastIndexOf(' ', from + 160);
    if (space < from + 80) space = line.indexOf(' ', from + 160);
    return [from, space < 0 ? line.length : space];
  };

  // Ranking
  const bitCount = n => n.toString(2).replace(/0/g, '').length;
  const WEIGHTS = [4, 3, 2, 1].map(weight => weight * 2.2);
  const rarity = (all, pages) => Math.round(Math.log(1 + (all - pages + .5) / (pages + .5)) * 65536) / 65536;
  const rounded = score => Math.round(score * 1e5);
  const lengthOf = (id, n = id - 24) => n < 8 ? id : 24 + (n & 7 | 8) * 2 ** ((n >> 3) - 1);
  const most = entry => Math.max(...entry.pages), frequent = entries => entries.sort((a, b) => most(b) - most(a));
  const errors = (word, term) => {
    let previous = [], last = Array.from({ length: term.length + 1 }, (_, i) => i);
    for (let i = 0; i < word.length; i++) {
      const now = [i + 1];
      for (let j = 0; j < term.length; j++) {
        let least = Math.min(last[j] + (word[i] !== term[j]), last[j + 1] + 1, now[j] + 1);
        if (i && j && word[i] === term[j - 1] && word[i - 1] === term[j]) least = Math.min(least, previous[j - 1] + 1);
        now.push(least);
      }
      [previous, last] = [last, now];
    }
    return last[term.length];
  };
  const reader = (bytes, at = 0) => ({
    get at() { return at },
    number() { let n = 0, unit = 1, byte; do { byte = bytes[at++]; n += (byte & 127) * unit; unit *= 128 } while (byte & 128); return n },
    take(length) { return bytes.subarray(at, at += length) },
  });

  const obtain = (map, key, make) => map.get(key) ?? map.set(key, make()).get(key);
  const now = () => new Date().toISOString().slice(0, 10);
  const state = (review, today, soon) => !review ? '' : !/^\d/.test(review) ? review
    : review < today ? 'overdue' : (Date.parse(review) - Date.parse(today)) / 864e5 <= soon ? 'soon' : 'fresh';

  // Files
  const inflate = async bytes => {
    try { return bytes[0] !== 31 || bytes[1] !== 139 ? bytes : new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()) }
    catch { return bytes }
  };
  const fromServer = (base, fetch) => {
    const get = async (name, cache) => { const r = await fetch(base + name, { cache }); if (!r.ok) throw Error(`${name}: ${r.status}`); return r };
    return {
      pointer: async () => (await get('current.json', 'no-cache')).json(),
      file: async (generation, name) => new Uint8Array(await (await get(`${generation}/${name}.bin`, 'default')).arrayBuffer()),
    };
  };
  const fromDisk = base => new Promise((done, onerror) => document.head.append(Object.assign(document.createElement('script'),
    { src: base + 'offline.js', onload: () => done(guidepostDisk(base)), onerror })));

  class Index {
    constructor(store, generation) { Object.assign(this, { store, generation, files: new Map() }) }
    file(name) { return obtain(this.files, name, () => this.store.file(this.generation, name).then(inflate)) }
    async json(name) { return JSON.parse(utf8.decode(await this.file(name))) }
    async open() {
      const bytes = await this.file('manifest'), r = reader(bytes);
      Object.assign(this, JSON.parse(utf8.decode(r.take(r.number()))));
      this.average = this.tokens.map(tokens => tokens / this.pages);
      this.length = (field, page) => lengthOf(bytes[r.at + field * this.pages + page]);
      this.last = new Set(this.deprecated);
      return this;
    }
    isCommon(entry) { return this.pages >= 64 && most(entry) * 2 > this.pages }

    shardOf(term) {
      return Math.max(0, this.shards.findLastIndex(first => first <= term));
    }
    shard(number) { return obtain(this.files, number, async () => this.readShard(number, await this.file(`t/${number}`))) }
    readShard(number, bytes) {
      const r = reader(bytes), count = r.number(), length = r.number(), terms = [];
      let postings = r.at + length, last = new Uint8Array(), file = 0, at = 0;
      for (let i = 0; i < count; i++) {
        last = Uint8Array.of(...last.subarray(0, r.number()), ...r.take(r.number()));
        const head = r.number(), pages = FIELDS.map(field => head >> 1 + field & 1 ? r.number() : 0);
        const entry = { term: utf8.decode(last), pages, bytes, outside: head & 1 && `x/${number}.${r.number()}` };
        if (!entry.outside) { entry.from = postings; entry.to = postings += r.number() }
        const positions = r.number();
        if (at && at + positions > 12288) { file++; at = 0 }
        entry.positions = { file: `p/${number}.${file}`, at };
        at += positions;
        terms.push(entry);
      }
      return terms;
    }
    async find(term) { return (await this.shard(this.shardOf(term))).find(entry => entry.term === term) }
    async beginningWith(start) {
      const number = this.shardOf(start), wanted = this.shards.map((first, n) => n === number || n > number && first.startsWith(start) ? this.shard(n) : []);
      return (await Promise.all(wanted)).flatMap(terms => terms.filter(entry => entry.term.startsWith(start)));
    }
    async postings(entry) {
      if (entry.read) return entry.read;
      if (entry.outside) { entry.bytes = await this.file(entry.outside); entry.from = 0; entry.to = entry.bytes.length }
      const r = reader(entry.bytes, entry.from), read = entry.read = { page: [], count: [], places: [] };
      for (let page = 0; r.at < entry.to;) {
        const head = r.number(), fields = head & 1 ? r.number() : 8;
        read.page.push(page += Math.floor(head / 4));
        for (let field = 0; field < 4; field++) read.count.push(fields >> field & 1 ? r.number() : 0);
        read.places.push(head & 2 ? r.at : 0);
        if (head & 2) for (let place = 0, step = 1; step & 1;) if (((place += (step = r.number()) >> 1) & 3) === 1) r.number();
      }
      return read;
    }
    places(entry, at) {
      const places = [];
      if (!at) return places;
      for (let r = reader(entry.bytes, at), place = 0, step = 1; step & 1;) {
        place += (step = r.number()) >> 1;
        places.push((place & 3) === 1 ? place + r.number() / 65536 : place);
      }
      return places;
    }
    async positions(entry) {
      const { count } = await this.postings(entry), { file, at } = entry.positions, r = reader(await this.file(file), at);
      return count.map(n => {
        let text = 0, offset = 0;
        return Array.from({ length: n }, () => {
          const step = r.number();
          if (step & 1) { text += step >> 1; offset = r.number() } else offset += step / 2;
          return text * 131072 + offset;
        });
      });
    }

    async variants(word, open, joined, forgiving) {
      const found = [], add = (entries, weight) => entries.map(entry => found.some(v => v.entry === entry) || found.push({ entry, weight }));
      const entry = await this.find(word), root = stem(word), plain = /^[a-z]{4,}$/.test(word);
      if (entry) add([entry], 1);
      if (!joined && plain && root[2])
        add((await this.beginningWith(root.slice(0, Math.max(3, root.length - 1)))).filter(e => stem(e.term) === root), .8);
      if (open && [...word].length >= 3) add(frequent(await this.beginningWith(word)).slice(0, 32), .6);
      if (!found.length && forgiving && plain && (!joined || word.length > 7)) {
        const limit = word.length > 7 && !joined ? 2 : 1;
        for (const list of joined ? ['names'] : [word[0], 'names']) {
          const near = (await this.spellings(list)).map(term => [errors(word, term), term]), fewest = Math.min(...near.map(([n]) => n));
          if (fewest > limit) continue;
          const entries = await Promise.all(near.filter(([n]) => n === fewest).slice(0, 16).map(([, term]) => this.find(term)));
          add(frequent(entries).slice(0, 8), (6 - fewest) / 10);
          break;
        }
      }
      return found;
    }
    async spellings(list) {
      if (!this.letters.includes(list)) return [];
      const bytes = await this.file('s/' + list), r = reader(bytes), terms = [];
      for (let last = ''; r.at < bytes.length;) { const shared = r.number(); terms.push(last = last.slice(0, shared) + utf8.decode(r.take(r.number()))) }
      return terms;
    }

    score(weights, weight, page, counts) {
      return FIELDS.reduce((score, field) => !counts[field] ? score
        : score + weights[field] * weight * (counts[field] / (counts[field] + 1.2 * (.25 + .75 * this.length(field, page) / this.average[field]))), 0);
    }
    async lookUp(word, open, joined, forgiving) {
      const variants = await this.variants(word, open, joined, forgiving), pages = new Map();
      const many = FIELDS.map(field => Math.max(0, ...variants.map(v => v.entry.pages[field])));
      const weights = many.map((n, field) => rarity(this.pages, n) * WEIGHTS[field]);
      await Promise.all(variants.map(v => this.postings(v.entry)));
      for (const variant of variants) variant.entry.read.page.forEach((page, i) => {
        const hit = obtain(pages, page, () => ({ score: 0, title: 0, from: [] }));
        hit.score = Math.max(hit.score, this.score(weights, variant.weight, page, variant.entry.read.count.slice(i * 4, i * 4 + 4)));
        if (variant.entry.read.count[i * 4]) hit.title = Math.max(hit.title, variant.weight);
        hit.from.push([variant, i]);
      });
      return {
        pages, rarity: rarity(this.pages, Math.max(...many)), terms: variants.map(v => v.entry.term),
        exact: variants.some(v => v.entry.term === word), common: variants.some(v => this.isCommon(v.entry)),
        places: ({ from }) => {
          const places = new Map();
          for (const [{ entry, weight }, i] of from)
            for (const place of this.places(entry, entry.read.places[i])) places.set(place, Math.max(places.get(place) ?? 0, weight));
          return places;
        },
      };
    }
    async phrase(words) {
      const found = { pages: new Map(), rarity: 0, terms: words, exact: true, common: false, places: hit => hit.places };
      const entries = await Promise.all(words.map(word => this.find(word)));
      if (!entries.every(Boolean)) return found;
      const weights = [0, 0, 0, 0], lists = await Promise.all(entries.map(entry => this.positions(entry)));
      for (const entry of entries) {
        entry.pages.forEach((n, field) => weights[field] += rarity(this.pages, n));
        found.rarity += rarity(this.pages, most(entry));
        found.common ||= this.isCommon(entry);
      }
      weights.forEach((_, field) => weights[field] *= WEIGHTS[field]);
      const rows = entries.map(entry => new Map(entry.read.page.map((page, i) => [page, i])));
      for (const [page, first] of rows[0]) {
        if (!rows.every(row => row.has(page))) continue;
        const counts = FIELDS.map(field => lists[0][first * 4 + field].filter(at =>
          rows.every((row, k) => lists[k][row.get(page) * 4 + field].includes(at + k))).length);
        if (!counts.some(Boolean)) continue;
        let places = this.places(entries[0], entries[0].read.places[first]);
        entries.forEach((entry, k) => {
          const here = this.places(entry, entry.read.places[rows[k].get(page)]), common = this.isCommon(entry);
          places = places.filter(place => common && !(place & 1) || here.includes(place));
        });
        found.pages.set(page, { score: this.score(weights, 1, page, counts), title: counts[0] ? 1 : 0, places: new Map(places.map(place => [place, 1])) });
      }
      return found;
    }

    async admits(filters, today) {
      const asked = filters.filter(([name]) => name !== 'kind'), facets = asked[0] && await this.json('facets');
      return page => asked.every(([name, value]) => (name !== 'is' ? facets[name][page]
        : [state(facets.review[page], today, this.soon), this.last.has(page) && 'deprecated', facets.suspect[page] && 'suspect']).includes(value));
    }
    async rank(query, today) {
      const [admits, required, wholes] = await Promise.all([
        this.admits(query.filters, today),
        Promise.all([...query.words.map((word, i) => this.lookUp(word, query.open && !query.words[i + 1], false, !query.line)), ...query.phrases.map(p => this.phrase(p))]),
        Promise.all(query.wholes.map(([word], i) => this.lookUp(word, query.openWhole && !query.wholes[i + 1], true, !query.line))),
      ]);
      const ranked = { pages: new Map(), known: 0, common: 0, relaxed: false, marks: new Map() }, { marks } = ranked;
      const all = [...required.map((found, i) => [found, 1 << i]), ...wholes.map((found, i) => [found, query.wholes[i][1], true])];
      for (const [found, bits, whole] of all) {
        if (found.pages.size) ranked.known |= bits;
        if (found.common && !whole) ranked.common |= bits;
        for (const term of found.terms) marks.set(term, marks.get(term) | bits);
        for (const [number, { score, title }] of found.pages) {
          if (!admits(number)) continue;
          const page = obtain(ranked.pages, number, blank);
          page.words |= bits;
          page.score += score;
          if (title) head(page.title, found, title, bits, whole);
        }
      }
      if (!required.length) {
        ranked.pages.clear();
        for (let n = 0; n < this.pages; n++) if (admits(n)) ranked.pages.set(n, blank());
        return ranked;
      }
      const hasAll = [...ranked.pages.values()].some(page => bitCount(page.words) === required.length);
      const need = hasAll ? required.length : bitCount(ranked.known) + 1 >> 1 || 1;
      for (const [number, page] of ranked.pages) if (bitCount(page.words) < need) ranked.pages.delete(number);
      ranked.relaxed = !hasAll && ranked.pages.size > 0;
      const worth = ({ words, weight }, extent) => {
        const share = bitCount(words) / required.length;
        return 8 * weight * share * Math.min(1, share * query.extent / (extent || 1));
      };
      for (const [number, page] of ranked.pages) {
        for (const [found, bits, whole] of all) {
          const hit = found.pages.get(number);
          if (hit) place(page, found, found.places(hit), bits, whole);
        }
        let best = worth(page.title, this.length(0, number));
        for (const section of page.sections.values()) {
          const more = worth(section.heading, section.extent);
          section.score += more;
          best = Math.max(best, more);
        }
        page.score += best;
      }
      return ranked;
    }

    async search(typed, { limit = 10, today = now() } = {}) {
      const query = read(typed), kind = /^(alert|section|command)$/.exec(query.filters.findLast(([name]) => name === 'kind')?.[1])?.[0];
      const ranked = await this.rank(query, today), order = choices => choices.sort((a, b) =>
        a.deprecated - b.deprecated || b.scores[0] - a.scores[0] || b.scores[1] - a.scores[1] || a.page - b.page || a.ordinal - b.ordinal);
      let alerts = [], pages = [];
      const choice = (page, ...scores) => ({ page, deprecated: this.last.has(page), scores: scores.map(rounded) });
      if (!kind || kind === 'alert') for (const [page, found] of ranked.pages) for (const [ordinal, alert] of found.alerts)
        if (alert.named || ranked.known && alert.words === ranked.known)
          alerts.push({ kind: 'alert', ordinal, ...choice(page, alert.score, found.score) });
      const shown = new Set(alerts.filter(alert => !(alert.ordinal & 1)).map(alert => alert.page));
      if (kind !== 'alert') for (const [page, found] of ranked.pages) {
        const best = section(found, ranked, kind);
        if (best && !(best.ordinal === 0 && shown.has(page))) pages.push({ ...best, ...choice(page, found.score) });
      }
      const total = alerts.length + pages.length;
      alerts = order(alerts).slice(0, Math.max(Math.ceil(limit / 2), limit - pages.length));
      pages = order(pages).slice(0, limit - alerts.length);
      const choices = [...alerts, ...pages].sort((a, b) => a.deprecated - b.deprecated);
      const all = await Promise.all(choices.map(choice => this.hit(choice, ranked.marks, today)));
      const hits = all.filter((hit, i) => hit.kind === 'alert' || all.findIndex(({ url }) => url === hit.url) === i);
      return { hits, total: total + hits.length - all.length, relaxed: ranked.relaxed };
    }
    async hit({ kind, page, ordinal, deprecated }, marks, today) {
      const alert = kind === 'alert', number = alert ? 0 : ordinal, part = (this.parts[page] ?? []).filter(first => first <= number).length;
      const { u, t, c, o, r, w, f, s, a } = await this.json(`f/${page}.${part}`), row = alert ? a[ordinal >> 1] : s[number - f] ?? ['', '', '', ''];
      const [anchor, name] = alert ? [row[1], row[0]] : row;
      const text = alert ? s.find(section => anchor === null || section[0] === anchor)?.[2] ?? '' : kind === 'command' ? row[3] : `${row[2]}\n${row[3]}`;
      return {
        kind, url: anchor ? `${u}#${anchor}` : u, title: marked(name || t, marks), breadcrumb: name ? c + (c && ' › ') + t : c,
        excerpt: alert && row[3] !== null ? marked(row[3], marks) : excerpt(text, marks), severity: alert ? row[2] : null,
        owner: o, review: r, state: state(r, today, this.soon), suspect: w, deprecated,
      };
    }
    async start(today = now()) { return (await this.json('start')).map(hit => ({ ...hit, state: state(hit.review, today, this.soon) })) }
  }
  const headline = () => ({ words: 0, weight: 0 });
  const head = (line, { rarity }, weight, bits, whole) => { line.words |= bits; if (!whole) line.weight += rarity * weight };
  const blank = () => ({ words: 0, title: headline(), score: 0, sections: new Map(), alerts: new Map() });
  const place = (page, found, places, bits, whole) => {
    const { rarity } = found, best = new Map();
    for (const [at, weight] of places) {
      const ordinal = at >> 2, what = at & 3;
      if (what === 3) {
        const alert = obtain(page.alerts, ordinal, () => ({ score: 0, words: 0 }));
        alert.score += rarity * weight;
        alert.words |= bits;
        alert.named ||= whole && found.exact && weight >= 1;
        continue;
      }
      const section = obtain(page.sections, ordinal, () => ({ score: 0, text: 0, code: 0, heading: headline(), extent: 0 }));
      if (what === 1) { section.extent = at % 1 * 65536; head(section.heading, found, weight, bits, whole) }
      best.set(ordinal, Math.max(best.get(ordinal) ?? 0, what === 1 ? weight * 3 : weight));
      section[what === 2 ? 'code' : 'text'] |= bits;
    }
    for (const [ordinal, weight] of best) page.sections.get(ordinal).score += rarity * weight;
  };
  const section = ({ sections, title }, { known, common }, kind) => {
    const hasAll = words => words && ((words | common) & known) === known;
    let best = kind === 'command' ? null : { ordinal: 0, kind: 'section' }, bestScore = -1;
    if (best && hasAll(title.words)) return best;
    for (const [ordinal, { score, text, code }] of [...sections].sort((a, b) => a[0] - b[0])) {
      const inCode = kind !== 'section' && hasAll(code);
      if (kind === 'command' && !inCode || rounded(score) <= bestScore) continue;
      best = { ordinal, kind: inCode && (kind || !hasAll(text)) ? 'command' : 'section' };
      bestScore = rounded(score);
    }
    return best;
  };

  const open = (base, fetch = globalThis.fetch?.bind(globalThis)) => {
    let store, current;
    const load = () => current = (async () => {
      store ??= /^file:/.test(base) ? await fromDisk(base) : fromServer(base, fetch);
      const { format, generation } = await store.pointer();
      if (format !== 1) throw Error('Reload the page.');
      return new Index(store, generation).open();
    })();
    const ask = async question => { // once more, since a redeploy deletes files
      const tried = current ?? load();
      try { return await question(await tried) }
      catch { return question(await (current === tried ? load() : current)) }
    };
    return { search: (typed, options) => ask(index => index.search(typed, options)), start: today => ask(index => index.start(today)) };
  };

  globalThis.guidepostSearch = { open, chunks, fold, stem, read };
})();

/* A port of src/search/: change both or neither. */
(() => {
  'use strict';
  const utf8 = new TextDecoder();
  const FIELDS = [0, 1, 2, 3];

  // Terms
  const PAIRED =
    '[\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u4dbf' +
    '\\u4e00-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff]';
  const LETTER = `(?!${PAIRED})[\\p{Alphabetic}\\p{N}]`;
  const BEHIND_DASHES = RegExp(`(?:^|(?!${LETTER}|${PAIRED}|-).)--$`, 'su');
  const CHUNK = RegExp(`${PAIRED}+|${LETTER}(?:${LETTER}|[_.:@-](?=${LETTER}))*`, 'gu');
  const HEX = /^0x..|^(?=.*\d)[\da-f]{4,}$/iu;
  const HUMP =
    /(?<=\P{Uppercase})(?=\p{Uppercase})|(?<=\p{Uppercase})(?=\p{Uppercase}(?!s$)\p{Lowercase})|(?<=\P{N}{3})(?=\d+$)/u;
  const SPELLED = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
  const fold = text =>
    /^[\0-\x7f]*$/.test(text)
      ? text.toLowerCase()
      : [...text.normalize('NFKD').replace(/\p{M}/gu, '')]
          .map(character => character.toLowerCase())
          .join('')
          .replace(/[^\0-\x7f]/g, letter => SPELLED[letter] ?? letter);
  const chunk = pieces => {
    const made = { text: '', parts: [], isFlag: false };
    for (const [text, start] of pieces) {
      const from = made.text.length;
      made.text += fold(text);
      if (made.text.length > from) made.parts.push({ from, to: made.text.length, start, end: start + text.length });
    }
    return made;
  };
  const chunks = source =>
    [...source.matchAll(CHUNK)].flatMap(({ 0: word, index }) => {
      if (RegExp(PAIRED).test(word[0])) {
        const letters = [...word.matchAll(/\P{M}/gu)].map(match => match.index);
        return letters
          .map((from, i) => chunk([[word.slice(from, (letters[i + 1] ?? from) + 1), index + from]]))
          .slice(0, letters.length - 1 || 1);
      }
      const segments = [...word.matchAll(/[^_.:@-]+/g)].map(match => [match[0], index + match.index]);
      const isFlag = BEHIND_DASHES.test(source.slice(Math.max(0, index - 4), index));
      let found;
      if (segments.length > 8 || [...word].length > 64)
        found = segments.map(([text, at]) => chunk([[[...text].slice(0, 64).join(''), at]]));
      else if (segments[1] && /^v?[\d_.:@-]+$/i.test(word))
        found = [word.replace(/^v/i, '')].map(bare => ({
          ...chunk([[bare, index + word.length - bare.length]]),
          text: bare.replace(/[_:@-]/g, '.')
        }));
      else
        found = [
          chunk(
            segments.flatMap(([text, at]) =>
              (HEX.test(text) ? [text] : text.split(HUMP)).map(piece => [piece, (at += piece.length) - piece.length])
            )
          )
        ];
      for (const chunk of found) chunk.isFlag = isFlag;
      return found;
    });
  const partsOf = chunk => chunk.parts.map(part => chunk.text.slice(part.from, part.to));

  const stem = term => {
    if (!/^[a-z]{4,}$/.test(term)) return term;
    let stemmed = term.replace(/(?<=i|ss)es$|(?<=[^sui])s$/, '');
    const [, front] = /^(.*[aeiouy].*)(?:ing|ed)$/.exec(stemmed) ?? '';
    if (front?.[2]) stemmed = front.replace(/([^lszeo])\1$/, '$1');
    return stemmed
      .replace(/(?<=.{4})ment$|(?<=.{3}[st])ion$/, '')
      .replace(/(?<=.{3})e$|(?<=..)y$/, end => (end === 'y' ? 'i' : ''));
  };

  // How the words of a language are inflected, as the index says; English has rules of its own.
  const ENGLISH = {
    stem,
    isInflected: word => /^[a-z]{4,}$/.test(word),
    beginnings: root => (root[2] ? [root.slice(0, Math.max(3, root.length - 1))] : [])
  };
  const language = lists => {
    const [beginnings, endings, spelled] = lists.map(list => list.split(' '));
    const either = list => `(?:${list.join('|')})`;
    const spelling = RegExp(`(?<![aeq])${either(spelled)}`, 'g');
    const beginning = RegExp(`^${either(beginnings)}(?=.{3})`, 'u');
    const ending = RegExp(`(?<=.{3})${either(endings)}$`, 'u');
    return {
      isInflected: word => /^\D{4,}$/u.test(word),
      beginnings: root => [...(beginnings[0] && [''])].concat(beginnings).map(beginning => beginning + root),
      stem: word =>
        /^\D{4,}$/u.test(word)
          ? word
              .replace(spelling, pair => pair.slice(0, 1))
              .replace(beginning, '')
              .replace(ending, '')
              .replace(/(.)\1$/u, '$1')
          : word
    };
  };

  // Queries
  const isNoise = ({ text }) => {
    const length = [...text].length;
    const digits = text.replace(/\D/g, '').length;
    return (
      length > 4 &&
      digits &&
      !text.startsWith('0x') &&
      (/^[\da-f.]*$/.test(text) || (digits * 2 > length && [...text.replace(/[\d.]/g, '')].length < 3))
    );
  };
  const SAID = '(?:msg|message|error|err|reason|exception|alertname)';
  const SAYS = RegExp(`(?<!\\w)${SAID}"? *[=:] *"((?:[^"\\\\]|\\\\.)*)`, 'gsu');
  // A line pasted from a log into what it says; nothing if it is none.
  const said = typed => {
    const spaced = typed.replace(/\x1b\[(?:[\d;]*[a-z])?/gi, '').replace(/[\0- ]/g, ' ');
    const unquote = text => text.replaceAll('"', ' ');
    const values = [...spaced.matchAll(SAYS)].map(([, value]) => value.replace(/\\[ntr]?/g, ' '));
    if (values[0] != null) return unquote(values.join(' '));
    if (
      spaced
        .replace(/"[^"]*(?:"|$)/g, ' ')
        .split(' ')
        .filter(Boolean).length < 6
    )
      return;
    const tokens = unquote(spaced).split(' ').filter(Boolean);
    const isAssigned = token => /^[a-z][\w.-]*=/i.test(token);
    const many = tokens.filter(isAssigned)[1];
    return tokens
      .slice(tokens.slice(0, 6).findLastIndex(token => /\]:?$/.test(token)) + 1)
      .flatMap(token =>
        !many || !isAssigned(token) ? token : RegExp(`^${SAID}=`).test(token) ? token.slice(token.indexOf('=') + 1) : []
      )
      .join(' ');
  };
  const read = typed => {
    typed = said(typed) ?? typed;
    const query = { filters: [], words: [], phrases: [], wholes: [], extent: 0 };
    let plain = [];
    let open = false;
    let rest = typed;
    while ((rest = rest.replace(/^[\0- ]+/, ''))) {
      const token =
        /^(owner|tag|status|is|kind):(?:"([^"]*)"|([^\0- "]+))/i.exec(rest) ||
        /^"([^"]*)"/.exec(rest) ||
        /^(?:"|[^\0- "]+)/.exec(rest);
      rest = rest.slice(token[0].length);
      open = token.length === 1 && !rest;
      if (token.length === 4) query.filters.push([token[1].toLowerCase(), fold(token[2] ?? token[3])]);
      else if (token.length === 2) {
        const phrase = chunks(token[1]).flatMap(partsOf).slice(0, 24);
        if (phrase.length && query.phrases.length < 6) {
          query.phrases.push(phrase);
          query.extent += phrase.length;
        }
      } else plain.push(token[0].replace('"', ''));
    }
    let found = chunks(plain.join(' '));
    query.line = found.length >= 6;
    query.noisy = query.line && found.some(isNoise);
    if (query.line && !found.every(isNoise)) found = found.filter(chunk => !isNoise(chunk));
    const { words, wholes } = query;
    for (const chunk of found) {
      const parts = partsOf(chunk);
      let bits = 0;
      query.open = query.openWhole = false;
      query.extent += Math.max(0, parts.length * 2 - 1) + chunk.isFlag;
      for (const part of parts) {
        query.open = words.length < 24 && !words.includes(part) && !!words.push(part) && open;
        if (words.includes(part)) bits |= 1 << words.indexOf(part);
      }
      for (const whole of [chunk.isFlag && '--' + chunk.text, parts[1] && chunk.text])
        if (whole) query.openWhole = wholes.length < 8 && !!wholes.push([whole, bits]) && open;
    }
    if (query.open && query.openWhole && [...words.at(-1)].length < 3) {
      query.open = false;
      words.pop();
      for (const whole of wholes) whole[1] &= (1 << words.length) - 1;
    }
    return query;
  };

  // What means the same as some words: neighbors joined, and other members of their groups.
  const others = ({ words, noisy }, vocabulary) => {
    const found = [];
    if (noisy) return found;
    for (let i = 0; words[i + 1]; i++) {
      const joined = words[i] + words[i + 1];
      if (/^[a-z]{6,}$/.test(joined)) found.push([[joined], 3 << i, 0.8]);
    }
    const stems = words.map(stem);
    const number = word => words.findIndex((known, i) => known === word || stems[i] === stem(word));
    const bits = member =>
      member.reduce(
        (bits, word) => (bits && number(word) >= 0 ? (bits === true ? 0 : bits) | (1 << number(word)) : 0),
        true
      );
    const most = found.length + 12;
    for (const group of vocabulary) {
      const all = group.map(bits);
      const missing = group.filter((_, i) => !all[i]).slice(0, 4);
      for (const own of all)
        if (own) for (const member of missing) if (found.length < most) found.push([member, own, 0.6]);
    }
    return found;
  };

  // Excerpts
  const findMarks = (line, marks) => {
    let words = 0;
    const ranges = [];
    for (const { text, parts } of chunks(line))
      parts.forEach((part, i) => {
        const joined = marks.get(text.slice(part.from));
        const bits = joined || marks.get(text.slice(part.from, part.to));
        if (!bits) return;
        words |= bits;
        const last = ranges.at(-1);
        const end = parts[joined ? parts.length - 1 : i].end;
        if (last && part.start <= last[1]) last[1] = Math.max(last[1], end);
        else ranges.push([part.start, end]);
      });
    return [bitCount(words), ranges];
  };
  const split = (line, ranges, from, to) => {
    const pieces = [];
    let at = from;
    for (let [start, end] of ranges) {
      start = Math.max(start, from);
      end = Math.min(end, to);
      if (start < end) {
        pieces.push(line.slice(at, start), line.slice(start, end));
        at = end;
      }
    }
    return [...pieces, line.slice(at, to)];
  };
  const marked = (text, marks) => split(text, findMarks(text, marks)[1], 0, text.length);
  // The line with most words of the query, among others if no line has any.
  const excerpt = (lines, others, marks) => {
    let most = 0;
    let line = '';
    let ranges = [];
    const choose = text => {
      const [words, found] = findMarks(text, marks);
      if (words > most || !line) {
        most = words;
        line = text;
        ranges = found;
      }
    };
    lines.forEach(choose);
    if (!most) others().forEach(choose);
    const [from, to] = clip(line, ranges.length ? ranges[0][0] : 0);
    const pieces = split(line, ranges, from, to);
    if (from > 0) pieces[0] = '…' + pieces[0];
    if (to < line.length) pieces[pieces.length - 1] += '…';
    return pieces;
  };
  const clip = (line, mark) => {
    let from = Math.max(0, Math.min(mark - 40, line.length - 160));
    let space = line.indexOf(' ', from);
    if (from) from = space >= 0 && space < mark ? space + 1 : mark;
    if (line.length <= from + 160) return [from, line.length];
    space = line.lastIndexOf(' ', from + 160);
    if (space < from + 80) space = line.indexOf(' ', from + 160);
    return [from, space < 0 ? line.length : space];
  };

  // Ranking
  const bitCount = bits => bits && 1 + bitCount(bits & (bits - 1));
  const WEIGHTS = [4, 3, 2, 1].map(weight => weight * 2.2);
  const rarity = (all, pages) => Math.round(Math.log(1 + (all - pages + 0.5) / (pages + 0.5)) * 65536) / 65536;
  const rounded = score => Math.round(score * 1e5);
  const LENGTHS = Array.from({ length: 256 }, (_, id) => (id < 32 ? id : 24 + ((id & 7) | 8) * 2 ** ((id >> 3) - 4)));
  const frequent = entries => entries.sort((left, right) => right.most - left.most);
  const isSpelled = word => /^(?=(?:\d*[a-z]){4})(?!(?:[a-z]*\d){4})(?![a-f]*\d[\da-f]*$)[a-z][a-z\d]*$/.test(word);
  const errors = (word, term) => {
    let previous;
    let last = Array.from({ length: term.length + 1 }, (_, row) => row);
    for (let row = 0; row < word.length; row++) {
      const now = [row + 1];
      for (let column = 0; column < term.length; column++) {
        let least = Math.min(last[column] + (word[row] !== term[column]), last[column + 1] + 1, now[column] + 1);
        if (row && column && word[row] === term[column - 1] && word[row - 1] === term[column])
          least = Math.min(least, previous[column - 1] + 1);
        now.push(least);
      }
      [previous, last] = [last, now];
    }
    return last[term.length];
  };
  const readerOf = (bytes, at = 0) => ({
    get at() {
      return at;
    },
    get more() {
      return at < bytes.length;
    },
    number() {
      let value = 0;
      let unit = 1;
      let byte;
      do {
        byte = bytes[at++];
        value += (byte & 127) * unit;
        unit *= 128;
      } while (byte & 128);
      return value;
    },
    take(length) {
      return bytes.subarray(at, (at += length));
    },
    // As many as a number says, and as there are.
    list(take) {
      const found = [];
      for (let left = this.number(); left && this.more; left--) found.push(take());
      return found;
    },
    // What the term before shares is kept, each byte as a character.
    term(last) {
      return last.slice(0, this.number()) + String.fromCharCode.apply(0, this.take(this.number()));
    }
  });

  const text = bytes => decodeURIComponent(escape(bytes));

  // Work gives way to keys, and ends where nobody waits for it any more.
  let since = 0;
  const isLate = () => performance.now() - since > 8;
  const giveWay = async isWanted => {
    if (isLate()) {
      await new Promise(done => setTimeout(done));
      since = performance.now();
    }
    if (isWanted?.() === false) throw Error('stale');
  };
  const obtain = (map, key, make) => map.get(key) ?? map.set(key, make()).get(key);
  const now = () => new Date().toISOString().slice(0, 10);
  const state = (review, soon, suspect, today) =>
    !review
      ? ''
      : !/^\d/.test(review)
        ? review
        : review < today
          ? 'overdue'
          : suspect
            ? 'suspect'
            : soon <= today
              ? 'due-soon'
              : 'fresh';
  const STATES = { soon: 'due-soon', never: 'never-reviewed' }; // as some type them

  // Files
  const inflate = async bytes => {
    try {
      return bytes[0] !== 31 || bytes[1] !== 139
        ? bytes
        : new Uint8Array(
            await new Response(new Response(bytes).body.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
          );
    } catch {
      return bytes;
    }
  };
  // Only what has no mark changes under its name.
  const fromServer = (base, fetch) => async (name, mark) => {
    const path = mark ? `shards/${name}.${mark}` : name;
    const response = await fetch(`${base + path}.bin`, { cache: mark ? 'default' : 'no-cache' });
    if (!response.ok) throw Error(`${name}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  const digits = mark => mark.reduce((text, byte) => text + (256 + byte).toString(16).slice(1), '');
  const fromDisk = base =>
    new Promise((done, fail) =>
      document.head.append(
        Object.assign(document.createElement('script'), {
          src: base + 'offline.js',
          onload: () => done(guidepostDisk(base)),
          onerror: () => fail(Error())
        })
      )
    );

  class Index {
    constructor(store) {
      Object.assign(this, { store, files: new Map(), asked: new Map() });
    }
    file(name, mark = this.marks[name]) {
      return obtain(this.files, name, () => this.store(name, mark).then(inflate));
    }
    json(name, mark) {
      return obtain(this.files, name + '.', async () => JSON.parse(utf8.decode(await this.file(name, mark))));
    }
    async open() {
      const bytes = await this.file('manifest', '');
      const reader = readerOf(bytes);
      Object.assign(this, JSON.parse(utf8.decode(reader.take(reader.number()))));
      if (this.format !== 6) throw Error('Reload the page.');
      const lengths = reader.take(4 * this.pages);
      let last = '';
      this.shards = reader.list(() => text((last = reader.term(last))));
      // Marks, of the shards and then, shorter, of what is shown of each page.
      const marks = reader.at;
      this.mark = number => digits(bytes.subarray(marks + 3 * number).subarray(0, 3));
      const shown = marks + 3 * this.shards.length;
      const counts = {};
      this.names = this.shards.map(border => {
        const letter = border[0] ?? '0';
        const key = letter < '1' ? '0' : letter > 'z' ? '_' : letter > '9' && letter < 'a' ? '9' : letter;
        return key + (counts[key] = (counts[key] ?? -1) + 1);
      });
      let next = shown;
      const firsts = Array.from({ length: this.pages }, (_, page) => {
        const first = next;
        next += 2 + 2 * (this.parts[page]?.length ?? 0);
        return first;
      });
      this.shownMark = (page, part) => digits(bytes.subarray(firsts[page] + 2 * part).subarray(0, 2));
      this.average = this.tokens.map(tokens => tokens / this.pages);
      this.length = (field, page) => LENGTHS[lengths[field * this.pages + page]];
      this.languages = [ENGLISH, ...this.languages.map(language)];
      this.vocabulary = this.vocabulary.split('\n').map(group => group.split('|').map(member => member.split(' ')));
      return this;
    }

    shardOf(term) {
      return this.shards.findLastIndex(border => border <= term);
    }
    shard(number) {
      return obtain(this.files, number, async () => {
        const name = this.names[number];
        const bytes = await this.file('t/' + name, this.mark(number));
        const reader = readerOf(bytes);
        const count = reader.number();
        const length = reader.number();
        const marks = () => reader.list(() => digits(reader.take(3)));
        const [positions, outside] = [marks(), marks()];
        const terms = [];
        let postings = reader.at + length;
        let last = '';
        let file = 0;
        let at = 0;
        for (let i = 0; i < count && reader.more; i++) {
          if (isLate()) await giveWay();
          const term = text((last = reader.term(last)));
          const head = reader.number();
          const pages = FIELDS.map(field => ((head >> (1 + field)) & 1 ? reader.number() : 0));
          const most = Math.max(...pages);
          const more = reader.number();
          const entry = {
            term,
            pages,
            most,
            common: this.pages >= 64 && most * 2 > this.pages,
            outside: head & 1 && [`x/${name}.${more}`, outside[more]]
          };
          entry.bytes = bytes.subarray(postings, entry.outside ? postings : (postings += more));
          const size = reader.number();
          if (at && at + size > 12288) {
            file++;
            at = 0;
          }
          entry.positions = [`p/${name}.${file}`, positions[file]];
          entry.from = at;
          at += size;
          terms.push(entry);
        }
        return terms;
      });
    }
    async find(term) {
      return (await this.shard(this.shardOf(term))).find(entry => entry.term === term);
    }
    async beginningWith(start) {
      const number = this.shardOf(start);
      const wanted = this.shards.map((border, other) =>
        other === number || (other > number && border.startsWith(start)) ? this.shard(other) : []
      );
      return (await Promise.all(wanted)).flatMap(terms => terms.filter(entry => entry.term.startsWith(start)));
    }
    // For each page five numbers: the page, and how often in each field. Where its places are stands apart.
    async postings(entry, isWanted) {
      if (entry.rows) return entry.rows;
      if (entry.outside) entry.bytes = await this.file(...entry.outside);
      const reader = readerOf(entry.bytes);
      const rows = [];
      const at = [];
      for (let page = 0; reader.more;) {
        if (isLate()) await giveWay(isWanted);
        const head = reader.number();
        const fields = head & 1 ? reader.number() : 8;
        rows.push((page += Math.floor(head / 4)));
        for (const field of FIELDS) rows.push((fields >> field) & 1 ? reader.number() : 0);
        if (!(head & 2)) continue;
        at[page] = reader.at;
        for (let place = 0, step = 1; step & 1 && reader.more;)
          if (((place += (step = reader.number()) >> 1) & 3) === 1) reader.number();
      }
      entry.at = at;
      return (entry.rows = rows);
    }
    places(entry, page) {
      const places = [];
      const at = entry.at[page];
      if (at)
        for (let reader = readerOf(entry.bytes, at), place = 0, step = 1; step & 1 && reader.more;) {
          place += (step = reader.number()) >> 1;
          places.push((place & 3) === 1 ? place + reader.number() / 65536 : place);
        }
      return places;
    }

    async variants(word, open, joined, forgiving) {
      const found = [];
      const add = (entries, weight) =>
        entries.map(entry => found.some(variant => variant.entry === entry) || found.push({ entry, weight }));
      const entry = await this.find(word);
      if (entry) add([entry], 1);
      if (!joined)
        for (const { stem, isInflected, beginnings } of this.languages)
          if (isInflected(word)) {
            const root = stem(word);
            const begun = await Promise.all(beginnings(root).map(beginning => this.beginningWith(beginning)));
            add(
              begun.flat().filter(entry => stem(entry.term) === root),
              0.8
            );
          }
      // Where nothing is found, what it begins is the beginning of a joined word: `hppoperator down`.
      if ((open && [...word].length >= 3) || (open !== null && !joined && !found.length && word.length > 4))
        add(frequent(await this.beginningWith(word)).slice(0, 32), 0.6);
      if (!found.length && forgiving && isSpelled(word) && (!joined || word.length > 7)) {
        const limit = word.length > (joined ? 11 : 7) ? 2 : 1;
        for (const list of [word[0], 'names']) {
          const near = [];
          for (const term of await this.spellings(list)) {
            if (isLate()) await giveWay();
            (near[errors(word, term)] ??= []).push(term);
          }
          const fewest = near.findIndex(Boolean);
          if (fewest < 0 || fewest > limit) continue;
          const entries = await Promise.all(near[fewest].slice(0, 16).map(term => this.find(term)));
          add(frequent(entries).slice(0, 8), (6 - fewest) / 10);
          break;
        }
      }
      return found;
    }
    spellings(list) {
      return obtain(this.files, list, async () => {
        const terms = [];
        const bytes = this.marks['s/' + list] ? await this.file('s/' + list) : terms;
        const reader = readerOf(bytes);
        for (let last = ''; reader.more;) {
          if (isLate()) await giveWay();
          terms.push((last = reader.term(last)));
        }
        return terms;
      });
    }

    // What a word or phrase finds, by page: a score (-1 where it is not), how well it is in the title, whether it is in
    // a title, name or heading.
    found(more) {
      const [score, title, best] = FIELDS.map(() => new Float64Array(this.pages));
      return { score: score.fill(-1), title, best, telling: [], ...more };
    }
    add(found, weights, weight, rows, at) {
      const page = rows[at];
      let score = 0;
      for (const field of FIELDS) {
        const count = rows[at + 1 + field];
        if (count)
          score +=
            weights[field] *
            weight *
            (count / (count + 1.2 * (0.25 + (0.75 * this.length(field, page)) / this.average[field])));
      }
      found.score[page] = Math.max(found.score[page], score);
      found.best[page] = Math.max(found.best[page], weight);
      if (rows[at + 1]) found.title[page] = Math.max(found.title[page], weight);
      if (rows[at + 1] || rows[at + 2] || rows[at + 3]) found.telling[page] = 1;
    }
    async lookUp(isWanted, word, open, joined, forgiving) {
      const variants = await this.variants(word, open, joined, forgiving);
      const many = FIELDS.map(field => Math.max(0, ...variants.map(variant => variant.entry.pages[field])));
      const worth = !open && this.little.includes(word) ? 0.2 : 1;
      const weights = many.map((pages, field) => rarity(this.pages, pages) * WEIGHTS[field] * worth);
      const found = this.found({
        rarity: rarity(this.pages, Math.max(...many)) * worth,
        terms: variants.map(variant => variant.entry.term),
        meant: variants[0]?.weight < 0.6 && variants[0].entry.term,
        exact: variants.some(variant => variant.entry.term === word),
        common: variants.some(variant => variant.entry.common),
        places: page => {
          const places = new Map();
          for (const { entry, weight } of variants)
            for (const place of this.places(entry, page)) places.set(place, Math.max(places.get(place) ?? 0, weight));
          return places;
        }
      });
      await Promise.all(variants.map(variant => variant.entry.outside && this.file(...variant.entry.outside)));
      for (const { entry, weight } of variants)
        for (let rows = await this.postings(entry, isWanted), at = 0; at < rows.length; at += 5) {
          if (isLate()) await giveWay(isWanted);
          this.add(found, weights, weight, rows, at);
        }
      return found;
    }
    // Pages that have all words of another member of a group.
    together(founds, weight) {
      const least = (key, page) => Math.min(...founds.map(found => found[key][page])) * weight;
      const found = this.found({
        rarity: founds.reduce((sum, { rarity }) => sum + rarity, 0),
        // The little words of several, "up" and "to", show nothing.
        terms: founds.flatMap(({ terms }) => terms).filter(term => !founds[1] || term.length > 3)
      });
      founds[0].score.forEach((_, page) => {
        if (founds.some(({ score }) => score[page] < 0)) return;
        found.score[page] = founds.reduce((sum, { score }) => sum + score[page], 0) * weight;
        found.best[page] = least('best', page);
        found.title[page] = least('title', page);
        found.telling[page] = 1;
      });
      // Where a common word stands is not known.
      const some = founds.filter(({ common }) => !common);
      const telling = some[0] ? some : founds;
      found.places = page => {
        const [places, ...more] = telling.map(({ places }) => places(page));
        return new Map(
          [...places]
            .filter(([at]) => more.every(next => next.has(at)))
            .map(([at, own]) => [at, Math.min(own, ...more.map(next => next.get(at))) * weight])
        );
      };
      return found;
    }
    async phrase(isWanted, words) {
      let run;
      const found = this.found({
        rarity: 0,
        terms: words,
        places: page => new Map(run.get(page).places.map(place => [place, 1]))
      });
      const entries = await Promise.all(words.map(word => this.find(word)));
      if (!entries.every(Boolean)) return found;
      const weights = [0, 0, 0, 0];
      const files = await Promise.all(entries.map(entry => this.file(...entry.positions)));
      for (const [distance, entry] of entries.entries()) {
        const rows = await this.postings(entry, isWanted);
        const reader = readerOf(files[distance], entry.from);
        const kept = new Map();
        for (let at = 0; at < rows.length; at += 5) {
          if (isLate()) await giveWay(isWanted);
          const before = run?.get(rows[at]);
          const starts = FIELDS.map(field => {
            const here = [];
            let text = 0;
            let offset = 0;
            for (let left = rows[at + 1 + field]; left && reader.more; left--) {
              const step = reader.number();
              if (step & 1) {
                text += step >> 1;
                offset = reader.number();
              } else offset += step / 2;
              here.push(text * 131072 + offset - distance);
            }
            return before ? here.filter(start => before.starts[field].includes(start)) : here;
          });
          if (run && !before) continue;
          kept.set(rows[at], { starts });
        }
        run = kept;
        entry.pages.forEach((pages, field) => (weights[field] += rarity(this.pages, pages)));
        found.rarity += rarity(this.pages, entry.most);
      }
      weights.forEach((_, field) => (weights[field] *= WEIGHTS[field]));
      for (const [page, row] of run)
        if (row.starts.some(at => at[0] !== undefined)) {
          if (isLate()) await giveWay(isWanted);
          this.add(found, weights, 1, [page, ...row.starts.map(at => at.length)], 0);
          const places = new Set(
            FIELDS.flatMap(field => row.starts[field].map(start => placeOf(field, Math.floor(start / 131072))))
          );
          // Which of them are headings, and how long, the first word's places know.
          const known = this.places(entries[0], page);
          row.places = [...places]
            .filter(place => place >= 0 && (place & 3 || !places.has(place + 2)))
            .map(place => known.find(found => (found & 3) === 1 && Math.floor(found) === place) ?? place);
          if (row.places.some(place => place & 1)) found.telling[page] = 1;
        }
      return found;
    }

    async admits(filters, today) {
      const asked = filters.filter(([name]) => name !== 'kind');
      const facets = asked[0] && (await this.json('facets'));
      return page =>
        asked.every(([name, value]) =>
          name !== 'is'
            ? facets[name][page].includes(value)
            : [
                state(facets.review[page], facets.soon[page], facets.suspect[page], today),
                this.deprecated.includes(page) && 'deprecated'
              ].includes(STATES[value] ?? value)
        );
    }
    async rank(query, today, isWanted) {
      const { words, phrases, wholes, line } = query;
      const known = this.asked;
      const asked = (this.asked = new Map());
      // What the question before has looked up is taken over.
      const ask = (look, ...question) => {
        const key = JSON.stringify(question);
        return obtain(asked, key, () => known.get(key) ?? look.call(this, () => this.asked.has(key), ...question));
      };
      const [admits, ...founds] = await Promise.all([
        this.admits(query.filters, today),
        ...words.map((word, i) => ask(this.lookUp, word, query.open && !words[i + 1], false, !line)),
        ...phrases.map(phrase => ask(this.phrase, phrase)),
        ...wholes.map(([word], i) => ask(this.lookUp, word, query.openWhole && !wholes[i + 1], true, !line))
      ]);
      // A word alone that is found needs no others.
      const required = words.length + phrases.length;
      const more = required === 1 && founds[0].score.some(score => score >= 0) ? [] : others(query, this.vocabulary);
      founds.push(
        ...(await Promise.all(
          more.map(([member]) => Promise.all(member.map(word => ask(this.lookUp, word, null, false, false))))
        ))
      );
      const rarities = Array(required).fill(0);
      const bests = [...rarities];
      // What was looked up, the words that it stands for, and what it is: 0 a word or phrase, 1 a joined word, 2 what
      // stands for missing ones.
      const all = founds.map((found, i) => {
        if (i < required) return [found, 1 << i, 0];
        if (i < required + wholes.length) return [found, wholes[i - required][1], 1];
        const [, bits, weight] = more[i - required - wholes.length];
        return [this.together(found, weight), bits, 2];
      });
      const has = new Uint32Array(this.pages);
      const scores = new Float64Array(this.pages);
      const details = new Map();
      const marks = new Map();
      const massOf = bits => rarities.reduce((sum, rarity, i) => ((bits >> i) & 1 ? sum + rarity : sum), 0);
      const ranked = { scores, details, marks, massOf, known: 0, common: 0, meant: new Map() };
      let allWholes = 0;
      for (const [i, [found, bits, role]] of all.entries()) {
        await giveWay(isWanted);
        if (i < required && found.common) ranked.common |= bits;
        if (i < words.length && found.meant) ranked.meant.set(words[i], found.meant);
        let best = 0;
        found.score.forEach((score, page) => {
          if (score < 0) return;
          if (!isSaid(role, has[page], bits)) scores[page] += score;
          has[page] |= bits;
          best = Math.max(best, found.best[page]);
        });
        if (!best) continue;
        ranked.known |= bits;
        for (const term of found.terms) marks.set(term, marks.get(term) | bits);
        // A joined word counts only as it is written.
        found.mass = role === 1 && found.exact ? found.rarity * 3 : 0;
        allWholes += found.mass;
        for (let number = 0; number < required; number++)
          if ((bits >> number) & 1) {
            bests[number] = Math.max(bests[number], best);
            rarities[number] ||= found.rarity / bitCount(bits);
          }
      }
      let shown = ranked.known;
      // Words that join others are not marked, but where nothing else was found.
      words.forEach((word, i) => {
        if (this.little.includes(word) && (words[i + 1] || !query.open)) shown &= ~(1 << i);
      });
      if (shown) marks.forEach((bits, term) => marks.set(term, bits & shown));
      const sum = (weights, rarities) => weights.reduce((sum, weight, i) => sum + weight * rarities[i], 0);
      const most = sum(bests, rarities) + allWholes;
      const telling = rarities.map((rarity, i) => ((ranked.common >> i) & 1 ? 0 : rarity));
      const mostOfSection = massOf(~ranked.common) + allWholes;
      const pages = [...has.keys()].filter(admits);
      const strict = (1 << required) - (1 << words.length);
      const least = massOf(-1) * 0.3;
      ranked.pages = required
        ? pages.filter(page => has[page] && (has[page] & strict) === strict && massOf(has[page]) >= least)
        : pages;
      if (most)
        for (const page of ranked.pages) {
          const weights = Array(required).fill(0);
          let wholes = 0;
          for (const [found, bits] of all)
            if (found.score[page] >= 0) wholes += raise(weights, found, bits, found.best[page]);
          const share = (sum(weights, rarities) + wholes) / most;
          scores[page] *= share * share;
        }
      ranked.relaxed = required > 0 && ranked.pages.length > 0 && !pages.some(page => bitCount(has[page]) === required);
      // Where a page has the words.
      ranked.detail = number =>
        obtain(details, number, () => {
          const page = { title: headline(), sections: new Map(), alerts: new Map() };
          for (const [found, bits, role] of all)
            if (found.score[number] >= 0) {
              head(page.title, found, found.title[number], bits, role);
              place(page, found, found.places(number), bits, role, required);
            }
          return page;
        });
      const shareOf = ({ words }) => bitCount(words) / required;
      ranked.covered = (line, extent) => Math.min(1, (shareOf(line) * query.extent) / (extent || 1));
      const worth = (line, extent) => 8 * line.weight * shareOf(line) * ranked.covered(line, extent);
      for (const number of ranked.pages)
        if (all.some(([found]) => found.telling[number])) {
          if (isLate()) await giveWay(isWanted);
          const page = ranked.detail(number);
          let best = worth(page.title, this.length(0, number));
          for (const section of page.sections.values()) {
            const more = worth(section.heading, section.extent);
            section.score += more;
            best = Math.max(best, more);
          }
          scores[number] += best;
        }
      // The best are ranked anew by what stands together in one section; the others come behind.
      const order = required
        ? ranked.pages
            .map(page => [rounded(scores[page]), page])
            .sort((left, right) => right[0] - left[0] || left[1] - right[1])
        : [];
      const share = mass => (mostOfSection ? Math.min(1, mass / mostOfSection) : 1);
      for (const [i, [, number]] of order.entries()) {
        if (isLate()) await giveWay(isWanted);
        if (i >= 100) {
          scores[number] *= 0.2;
          continue;
        }
        const page = ranked.detail(number);
        const title = page.title.words & ~ranked.common;
        // A page that is many times as long as others has any words together.
        const chance = Math.min(1, Math.sqrt((1.5 * this.average[3]) / (this.length(3, number) || 1)));
        let fullest = share(massOf(title));
        let heaviest = fullest ** 4 * (3 * page.title.weight + worth(page.title, this.length(0, number))) * 1.5;
        for (const section of page.sections.values()) {
          const own = share(
            sum(section.weights, telling) + section.wholes + massOf(title & ~(section.text | section.code)) * 0.8
          );
          section.score *= own ** 4 * chance;
          heaviest = Math.max(heaviest, section.score);
          fullest = Math.max(fullest, own * chance);
        }
        scores[number] = scores[number] * (0.2 + 0.8 * fullest) + 2 * heaviest;
      }
      return ranked;
    }

    async search(isWanted, typed, { limit = 10, today = now(), settled } = {}) {
      const query = read(typed);
      const kind = /^(alert|section|command)$/.exec(query.filters.findLast(([name]) => name === 'kind')?.[1])?.[0];
      const ranked = await this.rank(query, today, isWanted);
      const order = choices =>
        choices.sort(
          (left, right) =>
            left.last - right.last ||
            right.scores[0] - left.scores[0] ||
            right.scores[1] - left.scores[1] ||
            left.page - right.page ||
            left.ordinal - right.ordinal
        );
      let alerts = [];
      let pages = [];
      // Deprecated pages come last, but for those whose title was mostly typed.
      const choice = (page, ...scores) => {
        const deprecated = this.deprecated.includes(page);
        return {
          page,
          deprecated,
          last: deprecated && !(ranked.covered(ranked.detail(page).title, this.length(0, page)) >= 0.5),
          scores: scores.map(score => rounded(score / (1 + deprecated)))
        };
      };
      if (!kind || kind === 'alert')
        for (const [page, found] of ranked.details)
          for (const [ordinal, alert] of found.alerts)
            if (alert.named || isMeant(ranked, alert.words))
              alerts.push({ kind: 'alert', ordinal, ...choice(page, alert.score, ranked.scores[page]) });
      const shown = new Set(alerts.filter(alert => !(alert.ordinal & 1)).map(alert => alert.page));
      const best = page => sectionOf(ranked.detail(page), ranked, kind);
      if (kind !== 'alert')
        for (const page of ranked.pages) {
          if (isLate()) await giveWay(isWanted);
          if ((kind === 'command' && !best(page)) || (shown.has(page) && !best(page).ordinal)) continue;
          pages.push(choice(page, ranked.scores[page]));
        }
      const total = alerts.length + pages.length;
      alerts = order(alerts).slice(0, Math.max(Math.ceil(limit / 2), limit - pages.length));
      pages = order(pages).slice(0, limit - alerts.length);
      for (const choice of pages) {
        Object.assign(choice, best(choice.page));
        const part = ordinal => this.part(choice.page, ordinal);
        const own = part(choice.ordinal);
        choice.more = otherSections(ranked.detail(choice.page), ranked, kind)
          .filter(({ ordinal }) => ordinal !== choice.ordinal && part(ordinal) === own)
          .slice(0, 2);
      }
      const choices = [...alerts, ...pages].sort((left, right) => left.last - right.last);
      // What results show is fetched once the typing pauses; what is here already need not wait.
      if (!choices.every(choice => this.files.has(this.shown(choice)[0] + '.'))) await settled;
      await giveWay(isWanted);
      const all = await Promise.all(choices.map(choice => this.hit(choice, ranked.marks, today, isWanted)));
      await giveWay(isWanted);
      const hits = all.filter((hit, i) => hit.kind === 'alert' || all.findIndex(({ url }) => url === hit.url) === i);
      for (const hit of hits)
        hit.more = hit.more.filter(
          passage =>
            passage.title.join('') !== (hit.page ?? hit.title).join('') && !hits.some(({ url }) => url === passage.url)
        );
      return {
        hits,
        total: total + hits.length - all.length,
        relaxed: ranked.relaxed,
        meant: instead(typed, ranked.meant)
      };
    }
    part(page, ordinal) {
      return (this.parts[page] ?? []).filter(first => first <= ordinal).length;
    }
    // The file that says what a result shows.
    shown({ kind, page, ordinal }) {
      const part = this.part(page, kind === 'alert' ? 0 : ordinal);
      return [`f/${page}.${part}`, this.shownMark(page, part)];
    }
    async hit({ kind, page, ordinal, deprecated, more = [] }, marks, today, isWanted) {
      const isAlert = kind === 'alert';
      const {
        u: own,
        t: pageTitle,
        c: breadcrumb,
        o: owner,
        r: review,
        d: soon,
        w: suspect,
        f: first,
        s: sections,
        a: alertsHere
      } = await this.json(...this.shown({ kind, page, ordinal }));
      await giveWay(isWanted);
      const address = anchor => (anchor ? `${own}#${anchor}` : own);
      const texts = ([, , prose, code], kind) =>
        `${kind === 'command' ? '' : prose}\n${code}`.split('\n').filter(Boolean);
      const lines = (section, kind) => {
        const titles = [pageTitle, section[1]].map(fold);
        const isNew = line => !titles.includes(fold(line));
        return excerpt(texts(section, kind).filter(isNew), () => sections.flatMap(texts).filter(isNew), marks);
      };
      const passage = ({ ordinal, kind }) => {
        const section = sections[ordinal - first];
        return { kind, url: address(section[0]), title: marked(section[1], marks), excerpt: lines(section, kind) };
      };
      const alert = isAlert && alertsHere[ordinal >> 1];
      const none = ['', '', '', ''];
      const section = isAlert
        ? (sections.find(([anchor]) => alert[1] === null || anchor === alert[1]) ?? none)
        : (sections[ordinal - first] ?? none);
      const [name, anchor] = isAlert ? alert : [section[1], section[0]];
      return {
        kind,
        url: address(anchor),
        title: marked(name || pageTitle, marks),
        page: name && name !== pageTitle ? marked(pageTitle, marks) : null,
        breadcrumb,
        excerpt: isAlert && alert[3] !== null ? marked(alert[3], marks) : lines(section, kind),
        more: more.map(passage),
        alerts: isAlert
          ? []
          : alertsHere
              .filter(row => !anchor || row[1] === anchor)
              .slice(0, 3)
              .map(row => row[0]),
        severity: isAlert ? alert[2] : null,
        owner,
        review,
        due_soon_from: soon,
        state: state(review, soon, suspect, today),
        suspect,
        deprecated
      };
    }
    async start(_, today = now()) {
      return (await this.json('start')).map(hit => ({
        ...hit,
        state: state(hit.review, hit.due_soon_from, hit.suspect, today)
      }));
    }
  }
  const placeOf = (field, text) =>
    field === 1
      ? text < 262144
        ? text * 4 + 3
        : text < 524287
          ? (text - 262144) * 4 + 1
          : -1
      : field === 2
        ? text * 4 + 1
        : field === 3
          ? (text >> 1) * 4 + (text & 1) * 2
          : -1;
  const headline = () => ({ words: 0, weight: 0 });
  const isSaid = (role, words, bits) => role === 2 && (words & bits) === bits;
  const head = (line, { rarity }, weight, bits, role) => {
    if (!weight) return;
    if (role !== 1 && !isSaid(role, line.words, bits)) line.weight += rarity * weight;
    line.words |= bits;
  };
  // How well each word is there; returns what a joined word adds.
  const raise = (weights, { mass = 0 }, bits, weight) => {
    for (let number = 0; number < weights.length && bits >> number; number++)
      if ((bits >> number) & 1) weights[number] = Math.max(weights[number], weight);
    return weight < 1 ? 0 : mass;
  };
  const place = (page, found, places, bits, role, required) => {
    const { rarity } = found;
    const best = new Map();
    for (const [at, weight] of places) {
      const ordinal = at >> 2;
      const what = at & 3;
      if (what === 3) {
        const alert = obtain(page.alerts, ordinal, () => ({ score: 0, words: 0 }));
        if (!isSaid(role, alert.words, bits)) alert.score += rarity * weight;
        alert.words |= bits;
        alert.named ||= role === 1 && found.exact && weight >= 1;
        continue;
      }
      const section = obtain(page.sections, ordinal, () => ({
        score: 0,
        weights: Array(required).fill(0),
        wholes: 0,
        text: 0,
        code: 0,
        heading: headline(),
        extent: 0
      }));
      if (what === 1) {
        section.extent = (at % 1) * 65536;
        head(section.heading, found, weight, bits, role);
      }
      const own = obtain(best, ordinal, () => ({
        section,
        had: isSaid(role, section.text | section.code, bits),
        heaviest: 0,
        weight: 0
      }));
      own.heaviest = Math.max(own.heaviest, what === 1 ? weight * 3 : weight);
      own.weight = Math.max(own.weight, weight);
      section[what === 2 ? 'code' : 'text'] |= bits;
    }
    for (const { section, had, heaviest, weight } of best.values()) {
      if (!had) section.score += rarity * heaviest;
      section.wholes += raise(section.weights, found, bits, weight);
    }
  };
  const isMeant = ({ massOf, common }, words) => words && massOf(words | common) >= massOf(-1) * 0.8;
  // What a hit on a section leads to; nothing if commands are asked for and its code lacks words.
  const kindOf = ({ text, code }, { known, common }, asked) => {
    const hasAll = words => words && ((words | common) & known) === known;
    const isCommand = hasAll(code);
    if (asked === 'command') return isCommand && asked;
    return !asked && isCommand && !hasAll(text) ? 'command' : 'section';
  };
  const sectionsOf = ({ sections }, ranked, asked) =>
    [...sections]
      .map(([ordinal, section]) => ({ ordinal, kind: kindOf(section, ranked, asked), score: rounded(section.score) }))
      .filter(({ kind }) => kind)
      .sort((left, right) => right.score - left.score || left.ordinal - right.ordinal);
  const sectionOf = (page, ranked, asked) => {
    const whole = asked === 'command' ? null : { ordinal: 0, kind: 'section' };
    if (whole && isMeant(ranked, page.title.words)) return whole;
    return sectionsOf(page, ranked, asked)[0] ?? whole;
  };
  const otherSections = (page, ranked, asked) => {
    const most = rounded(Math.max(0, ...[...page.sections.values()].map(({ score }) => score)));
    return sectionsOf(page, ranked, asked).filter(({ ordinal, score }) => ordinal && score * 2 >= most);
  };
  // What was typed, with other words in place of some.
  const instead = (typed, words) => {
    let meant = '';
    let at = 0;
    for (const { text, parts } of chunks(typed))
      for (const { from, to, start, end } of parts) {
        const term = words.get(text.slice(from, to));
        if (term) {
          meant += typed.slice(at, start) + term;
          at = end;
        }
      }
    return at ? meant + typed.slice(at) : null;
  };

  const open = (base, fetch = globalThis.fetch?.bind(globalThis)) => {
    let store;
    let current;
    let newest;
    const load = () =>
      (current = (async () => {
        store ??= /^file:/.test(base) ? await fromDisk(base) : fromServer(base, fetch);
        return new Index(store).open();
      })());
    // Once more, since a redeploy deletes files.
    const ask = async (name, ...question) => {
      const tried = current ?? load();
      const own = (newest = {});
      const answer = async index => (await index)[name](() => own === newest, ...question);
      try {
        return await answer(tried);
      } catch (error) {
        if (own !== newest) throw error;
        return answer(current === tried ? load() : current);
      }
    };
    return { search: ask.bind(0, 'search'), start: ask.bind(0, 'start') };
  };

  globalThis.guidepostSearch = { open, chunks, stem };
})();

/* The browser's side of the preview: `guidepost serve` adds this script to pages as it serves them.
   One visible tab of a browser holds the event stream and tells the others. A tab whose page changed fetches it and
   takes over only what differs, so that scroll position, open details, typed values and focus stay as they are.
   Findings show in a shadow root, where no style of the site reaches them and they reach no page. */
(() => {
  'use strict';
  const own = document.currentScript.dataset;
  const OWN = '/_guidepost/', NAME = 'guidepost-preview';
  let version = own.version;

  /* ---- Taking over what changed ---- */

  /* The page as it was served, node by node beside the page as it lives: scripts may have changed the latter. This
     script is the first deferred one, so at this moment both are still alike. */
  let served = document.body.cloneNode(true);
  const alive = new Map();
  const pair = (copy, node) => {
    alive.set(copy, node);
    if (copy.childNodes.length === node.childNodes.length) copy.childNodes.forEach((child, index) => pair(child, node.childNodes[index]));
  };
  pair(served, document.body);
  const headOf = page => ({
    scripts: [...page.querySelectorAll('script[src]:not([data-version])')].map(script => script.getAttribute('src')).join(),
    styles: [...page.head.querySelectorAll('link[rel=stylesheet]')].map(link => link.getAttribute('href')),
  });
  let head = headOf(document);

  /* Gives `fresh` the living nodes of its equal, `old`. */
  const adopt = (old, fresh) => {
    if (alive.has(old)) alive.set(fresh, alive.get(old));
    old.childNodes.forEach((child, index) => adopt(child, fresh.childNodes[index]));
  };

  const keyOf = node => node.nodeType === Node.ELEMENT_NODE ? node.outerHTML : `${node.nodeType}:${node.data}`;
  const alike = (old, fresh) => old.nodeName === fresh.nodeName && (old.id || '') === (fresh.id || '');

  /* Which of `olds` each of `freshes` continues: equal nodes in order (a longest common subsequence), and between
     them nodes of the same kind. */
  const matches = (olds, freshes) => {
    const found = new Map(), a = olds.map(keyOf), b = freshes.map(keyOf);
    let first = 0, lastA = a.length, lastB = b.length;
    while (first < lastA && first < lastB && a[first] === b[first]) { found.set(freshes[first], olds[first]); first++ }
    while (lastA > first && lastB > first && a[lastA - 1] === b[lastB - 1]) found.set(freshes[--lastB], olds[--lastA]);
    const rows = lastA - first, columns = lastB - first;
    const longest = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
    for (let i = rows - 1; i >= 0; i--) {
      for (let j = columns - 1; j >= 0; j--) {
        longest[i][j] = a[first + i] === b[first + j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    const alikeUpTo = (fromA, toA, fromB, toB) => {
      for (let i = fromA; i < toA; i++) {
        const partner = freshes.slice(fromB, toB).findIndex(fresh => alike(olds[i], fresh));
        if (partner < 0) continue;
        found.set(freshes[fromB + partner], olds[i]);
        fromB += partner + 1;
      }
    };
    let i = 0, j = 0, runA = 0, runB = 0;
    while (i < rows && j < columns) {
      if (a[first + i] === b[first + j]) {
        alikeUpTo(first + runA, first + i, first + runB, first + j);
        found.set(freshes[first + j], olds[first + i]);
        runA = ++i;
        runB = ++j;
      } else if (longest[i + 1][j] >= longest[i][j + 1]) i++; else j++;
    }
    alikeUpTo(first + runA, first + rows, first + runB, first + columns);
    return found;
  };

  /* A node that a script has moved or removed: what holds it is taken over whole. */
  class Lost extends Error {}
  const livingOf = (copy, parent) => {
    const node = alive.get(copy);
    if (!node || (parent && node.parentNode !== parent)) throw new Lost();
    return node;
  };

  const mergeAttributes = (old, fresh, node) => {
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) node.setAttribute(name, value);
    for (const { name } of old.attributes) if (!fresh.hasAttribute(name)) node.removeAttribute(name);
  };

  const mergeChildren = (old, fresh, node) => {
    const olds = [...old.childNodes], freshes = [...fresh.childNodes], found = matches(olds, freshes);
    const last = olds.length ? livingOf(olds.at(-1), node) : null;
    let next = last ? last.nextSibling : null;
    for (const child of freshes.reverse()) {
      const before = found.get(child);
      if (before) {
        next = livingOf(before, node);
        merge(before, child);
      } else {
        const made = document.importNode(child, true);
        node.insertBefore(made, next);
        pair(child, made);
        next = made;
      }
    }
    const kept = new Set(found.values());
    olds.filter(child => !kept.has(child)).forEach(child => alive.get(child)?.remove());
  };

  const merge = (old, fresh) => {
    if (old.isEqualNode(fresh)) { adopt(old, fresh); return }
    const node = livingOf(old);
    alive.set(fresh, node);
    if (fresh.nodeType !== Node.ELEMENT_NODE) { node.data = fresh.data; return }
    mergeAttributes(old, fresh, node);
    try { mergeChildren(old, fresh, node) } catch (error) {
      if (!(error instanceof Lost) || fresh === fresh.ownerDocument.body) throw error;
      node.replaceChildren(...[...fresh.childNodes].map(child => document.importNode(child, true)));
      pair(fresh, node);
    }
  };

  /* New styles are there before the old ones go, so that nothing flashes. */
  const mergeStyles = styles => {
    const links = [...document.head.querySelectorAll('link[rel=stylesheet]')];
    const gone = links.filter(link => !styles.includes(link.getAttribute('href')));
    const added = styles.filter(href => !head.styles.includes(href)).map(href => new Promise(done => {
      const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', onload: done, onerror: done });
      link.setAttribute('href', href);
      (links.at(-1) || document.head.lastElementChild).after(link);
      links.push(link);
    }));
    Promise.all(added).then(() => gone.forEach(link => link.remove()));
  };

  const takeOver = page => {
    const next = headOf(page);
    if (next.scripts !== head.scripts) { location.reload(); return }
    mergeStyles(next.styles);
    head = next;
    document.title = page.title;
    ['lang', 'data-due', 'data-state', 'data-today'].forEach(name => {
      const value = page.documentElement.getAttribute(name);
      if (value === null) document.documentElement.removeAttribute(name); else document.documentElement.setAttribute(name, value);
    });
    try { merge(served, page.body) } catch (error) {
      if (!(error instanceof Lost)) throw error;
      location.reload();
      return;
    }
    served = page.body;
    for (const copy of alive.keys()) if (copy !== served && !served.contains(copy)) alive.delete(copy);
    document.dispatchEvent(new CustomEvent('guidepost:swapped'));
  };

  const compare = async () => {
    const response = await fetch(location.pathname + location.search, { headers: { 'If-None-Match': `"${version}"` }, cache: 'no-store' });
    if (response.status === 304 || (!response.ok && response.status !== 404)) return;
    // A page that came or went, or moved, is another page.
    if (response.ok !== Boolean(own.page) || response.redirected) { location.reload(); return }
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const fresh = page.querySelector('script[data-version]')?.dataset.version;
    if (!fresh || fresh === version) return;
    version = fresh;
    takeOver(page);
  };
  let comparing = Promise.resolve();
  const update = () => { comparing = comparing.then(compare).catch(() => { /* the server is away; the stream tells when it is back */ }) };

  const renewImages = (changed, revision) => [...document.images].forEach(image => {
    const address = new URL(image.src);
    if (address.origin !== location.origin || !changed.some(path => decodeURIComponent(address.pathname).endsWith(`/${path}`))) return;
    address.searchParams.set('revision', revision);
    image.src = address;
  });

  /* ---- Following the server ---- */

  let seen = null;
  const hear = ({ revision, changed, first }) => {
    const gap = first || seen === null || revision !== seen + 1 || !changed;
    seen = revision;
    if (gap || !own.page || changed.includes(own.page)) update();
    if (changed && !gap) renewImages(changed, revision);
    showFindings();
  };

  const channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data }) => { data.lost ? showLost() : hear(data) };
  const tell = message => { channel.postMessage(message); channel.onmessage({ data: message }) };

  /* Ends when `release` is called. */
  const listen = () => {
    let source, timer, first;
    const connect = () => {
      source = new EventSource(`${OWN}events`);
      source.onopen = () => { first = true };
      source.onmessage = event => { tell({ ...JSON.parse(event.data), first }); first = false };
      source.onerror = () => {
        tell({ lost: true });
        if (source.readyState === EventSource.CLOSED) timer = setTimeout(connect, 1000);
      };
    };
    connect();
    return () => { clearTimeout(timer); source.close() };
  };

  let stop = null;
  const follow = () => {
    if (document.visibilityState !== 'visible') { stop?.(); stop = null; return }
    if (stop) return;
    if (!navigator.locks) { stop = listen(); return } // an address that browsers do not trust: a stream for each visible tab
    const waiting = new AbortController();
    let release = null;
    stop = () => { waiting.abort(); release?.() };
    navigator.locks.request(NAME, { signal: waiting.signal }, () => new Promise(done => {
      const hangUp = listen();
      release = () => { hangUp(); done() };
    })).catch(() => { /* hidden before it was this tab's turn */ });
    if (seen !== null) { update(); showFindings() }
  };
  addEventListener('visibilitychange', follow);
  addEventListener('pagehide', () => { stop?.(); stop = null });
  addEventListener('pageshow', event => { if (event.persisted) follow() });

  /* ---- Findings ---- */

  const make = (tag, attributes = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...children);
    return made;
  };
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial }
    * { box-sizing: border-box; margin: 0 }
    [hidden] { display: none !important }
    section, button { font: 14px/1.5 system-ui, sans-serif; color: #e2e9f0 }
    pre, .place { font: 13px/1.5 ui-monospace, monospace }
    button { cursor: pointer; border: 1px solid #6f8193; border-radius: 4px; background: none }
    .count { position: fixed; right: 12px; bottom: 12px; z-index: 60; padding: 8px 14px; background: #0e141b }
    section { position: fixed; z-index: 61; overflow: auto; background: #0e141b; border: 1px solid #6f8193; box-shadow: 0 12px 40px #000a }
    .panel { right: 12px; bottom: 60px; width: min(46rem, 100vw - 24px); max-height: 70dvh; border-radius: 4px }
    .overlay { inset: auto 0 0; max-height: 80dvh; border-width: 6px 0 0; border-color: #e0a62e }
    header { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; padding: 10px 16px; background: #151d26; border-bottom: 1px solid #2b3845 }
    header button { margin-left: auto; padding: 4px 12px }
    h2 { padding: 10px 16px 0; font-size: 14px }
    h2 small { font-weight: 400 }
    summary { padding: 10px 16px; cursor: pointer }
    summary h2 { display: inline; padding: 0 }
    ol { padding: 0; list-style: none }
    li, .more { padding: 10px 16px; border-bottom: 1px solid #2b3845 }
    pre { margin: 6px 0; overflow-x: auto; color: #a9b6c3 }
    b { padding: 1px 6px; border: 1.5px solid #e0a62e; border-radius: 3px; font-weight: 600 }
    .error { color: #201500; background: #e0a62e }
    .warning { color: #f3bd58 }
    .place { color: #8dbcf6 }
    em { font-style: normal; color: #74cf9b }
    :focus-visible { outline: 3px solid #8dbcf6; outline-offset: 2px }
    @media (max-width: 75rem) { .count { bottom: 64px } .panel { bottom: 112px; max-height: calc(100dvh - 180px) } }
    @media print { * { display: none } }`);
  const host = make('div');
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];
  const count = make('button', { className: 'count', type: 'button', hidden: true });
  const title = make('strong'), note = make('span'), close = make('button', { type: 'button' });
  const lists = make('div');
  const box = make('section', { hidden: true }, make('header', {}, title, note, close), lists);
  root.append(count, box);
  document.body.append(host);

  const plural = (number, word) => number ? `${number} ${word}${number === 1 ? '' : 's'}` : '';
  const item = ({ level, rule, message, place, editor, text, help }) => make('li', {},
    make('p', {}, make('b', { className: level }, `${level}: ${rule}`), ` ${message}`),
    editor ? make('a', { className: 'place', href: editor }, place) : make('span', { className: 'place' }, place),
    ...(text ? [make('pre', { tabIndex: 0 }, text)] : []),
    ...(help ? [make('p', {}, make('em', {}, 'help:'), ` ${help}`)] : []));
  /* What stands elsewhere is folded where it would only keep the reader from what the overlay is there for. */
  const group = (name, items, more, folded) => {
    if (!items.length && !more) return [];
    const heading = make('h2', {}, `${name} `, make('small', {}, `(${items.length + more})`));
    const list = [
      make('ol', {}, ...items.map(item)),
      ...(more ? [make('p', { className: 'more' }, `and ${more} more; see guidepost check`)] : []),
    ];
    return folded ? [make('details', {}, make('summary', {}, heading), ...list)] : [heading, ...list];
  };

  let blocked = null;
  const COVERS = { page: 'This page cannot be shown', site: 'The site cannot be built' };
  const behind = (covered, good) => {
    if (!covered) return 'The page is shown as it is.';
    if (!good) return covered === 'page' ? 'Behind this: as much of it as can be shown.' : 'It is shown as soon as this is mended.';
    return `Behind this: ${covered === 'page' ? 'its' : 'the'} last good version, ${clock(good)}.`;
  };
  const open = (shown, byHand) => {
    box.hidden = !shown;
    count.ariaExpanded = String(shown);
    count.hidden = !count.textContent || Boolean(blocked && shown);
    if (byHand) (shown ? close : count).focus();
  };
  const clock = seconds => new Date(seconds * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const draw = ({ errors, warnings, page, other, more, blocking, good }) => {
    const summary = [plural(errors, 'error'), plural(warnings, 'warning')].filter(Boolean).join(', ');
    const changed = blocking !== blocked;
    blocked = blocking;
    count.textContent = summary;
    title.textContent = COVERS[blocked] || summary;
    note.textContent = behind(blocked, good);
    close.textContent = blocked ? 'Hide (Esc)' : 'Close (Esc)';
    box.className = blocked ? 'overlay' : 'panel';
    box.setAttribute('role', blocked ? 'alertdialog' : 'region');
    box.ariaLabel = blocked ? title.textContent : 'Findings';
    const stops = blocked === 'site';
    lists.replaceChildren(...group('This page', page, 0), ...group(stops ? 'What stops it' : 'Elsewhere', other, more, blocked === 'page'));
    open(Boolean(summary) && (changed ? Boolean(blocked) : !box.hidden), false);
  };
  const showLost = () => { count.textContent = 'The preview server does not answer'; open(false, false) };
  let asked = 0;
  const showFindings = async () => {
    const turn = ++asked;
    try {
      const response = await fetch(`${OWN}findings?page=${encodeURIComponent(own.page || '')}`, { cache: 'no-store' });
      const findings = await response.json();
      if (turn === asked) draw(findings);
    } catch { /* the server is away; the stream tells when it is back */ }
  };
  count.onclick = () => open(box.hidden, true);
  close.onclick = () => open(false, true);
  addEventListener('keydown', event => {
    if (event.key === 'Escape' && !box.hidden && !document.querySelector('dialog:popover-open')) open(false, true);
  });

  follow();
})();

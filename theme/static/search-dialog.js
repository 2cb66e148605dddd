/* The search dialog and the search page. */
(() => {
  'use strict';
  const one = (selector, within = document) => within.querySelector(selector), { root, today } = document.documentElement.dataset;
  const site = new URL(root || './', location).href;
  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const pieces = (...texts) => texts.map((text, i) => i % 2 ? element('mark', {}, text) : text);
  const GROUPS = { alert: 'Alerts', section: 'Sections', command: 'Commands' };
  const STATES = { overdue: ['over', 'Overdue'], soon: ['soon', 'Due soon'], never: ['never', 'Never reviewed'] };

  const plate = ({ kind, severity, title }) => {
    if (severity) return element('span', { class: `sev sev-${/\d/.exec(severity) ?? 3}` }, severity);
    const number = kind === 'alert' ? null : /^\d+(\.\d+)*(?=[.)]?\s)/.exec(title.join(''));
    return number ? element('span', { class: 'plate thin' }, number[0]) : element('span');
  };
  const row = (hit, attributes) => {
    const [name, word] = (hit.suspect && hit.state !== 'overdue' ? ['suspect', 'Suspect'] : STATES[hit.state]) ?? [];
    const where = element('small', {}, hit.breadcrumb);
    if (name) where.append(' ', element('span', { class: `st ${name}` }, element('i', { class: `shape ${name}` }), word));
    if (hit.deprecated) where.append(' ', element('span', { class: 'tag deprecated' }, 'Deprecated'));
    const url = new URL(hit.url, site);
    if (url.protocol === 'file:' && url.pathname.endsWith('/')) url.pathname += 'index.html';
    return element('a', { class: 'hit', href: url, ...attributes }, plate(hit),
      element('span', {}, element('b', {}, ...pieces(...hit.title)), element('small', {}, ...pieces(...hit.excerpt))), where);
  };
  const groups = (hits, inList, first) => {
    const found = {};
    hits.forEach((hit, i) => (found[hit.deprecated ? 'Deprecated' : first ?? GROUPS[hit.kind]] ??= []).push(
      row(hit, inList ? { role: 'option', id: 'gp:hit' + i, tabindex: -1 } : {})));
    return Object.entries(found).map(([name, rows]) => element('div', { role: 'group', 'aria-label': name },
      element('p', { class: 'label', role: 'presentation' }, name), ...rows));
  };

  // Who can help stands in the search page.
  let help;
  const loadHelp = async () => {
    const here = one('[data-void]'), link = one('[data-find]')?.href;
    if (here || !link || location.protocol === 'file:') return [here, location.href];
    return [one('[data-void]', new DOMParser().parseFromString(await (await fetch(link)).text(), 'text/html')), link];
  };
  const nothing = async typed => {
    const box = element('div', { class: 'void' }, element('p', {}, element('b', {}, `Nothing found for “${typed}”.`), ' Try part of the alert name, or one word of the log line.'));
    const [template, base] = await (help ??= loadHelp().catch(() => []));
    if (template) box.append(document.importNode(template.content, true));
    for (const link of box.querySelectorAll('a')) {
      link.href = new URL(link.getAttribute('href'), base);
      if ('report' in link.dataset) link.href += encodeURIComponent(typed);
    }
    return box;
  };

  // Only the newest answer is shown, and typing never waits.
  const connect = (field, list, status, { inList, kind = () => '', changed = () => {} }) => {
    const searcher = guidepostSearch.open(site + 'search/');
    let asked = 0, timer;
    const show = (children, words) => { list.replaceChildren(...children); status.textContent = words; changed() };
    const ask = async () => {
      const typed = field.value.trim(), number = ++asked, only = kind(), isNewest = () => number === asked;
      const slow = setTimeout(() => isNewest() && show([element('p', { class: 'void muted' }, 'Searching…')], 'Searching'), 300);
      try {
        const answer = typed ? await searcher.search(field.value.trimStart() + (only && ` kind:${only}`), { limit: inList ? 20 : 50, today })
          : { hits: inList && (!only || only === 'alert') ? await searcher.start(today) : [] };
        const { hits, relaxed, total } = answer, empty = typed && !hits.length && await nothing(typed);
        if (!isNewest()) return;
        if (empty) show([empty], 'Nothing found');
        else show([...relaxed ? [element('p', { class: 'label' }, 'No page has all of these words. These have some.')] : [],
          element('div', inList ? { role: 'listbox', id: 'gp:hits', 'aria-label': 'Results' } : {}, ...groups(hits, inList, typed ? undefined : 'Start with an alert'))], !typed ? '' : total > hits.length ? `${hits.length} of ${total} results` : `${total} result${total === 1 ? '' : 's'}`);
      } catch (error) {
        if (!isNewest()) return;
        const again = element('button', { class: 'btn', type: 'button' }, 'Try again');
        again.onclick = ask;
        show([element('div', { class: 'void' }, element('p', {}, element('b', {}, 'The search index could not be read.'), ` ${error.message} `, again))], 'Search failed');
      } finally { clearTimeout(slow) }
    };
    field.oninput = () => { clearTimeout(timer); timer = setTimeout(ask, 50) };
    return ask;
  };

  // The dialog. A popover rather than a modal dialog, which would style the whole page anew: a second on a large one.
  let dialog, field, list, search, before, selected = 0;
  const isOpen = () => dialog?.matches(':popover-open'), hits = () => [...list.querySelectorAll('.hit')];
  const select = number => {
    const all = hits();
    selected = all.length ? (number + all.length) % all.length : 0;
    all.forEach((hit, i) => hit.setAttribute('aria-selected', i === selected));
    field.setAttribute('aria-expanded', all.length > 0);
    field.setAttribute('aria-activedescendant', all[selected]?.id ?? '');
  };
  const build = () => {
    dialog = element('dialog', { class: 'search', popover: 'manual', 'aria-label': 'Search', 'aria-modal': true });
    dialog.innerHTML = '<div class="search-in"><i class="icon i-search"></i><input type="search" role="combobox" aria-expanded="false" aria-controls="gp:hits" aria-autocomplete="list" aria-label="Search all pages" placeholder="Alert name, log line, symptom or command" autocomplete="off" spellcheck="false"><button class="btn" type="button">Close</button></div>'
      + `<div class="search-in chips" role="radiogroup" aria-label="Show">${Object.entries({ '': 'All', ...GROUPS }).map(([kind, name]) => `<label class="chip"><input type="radio" name="kind" value="${kind}"${kind ? '' : ' checked'}>${name}</label>`).join('')}</div>`
      + '<div class="search-list"></div><p class="sr" role="status"></p>'
      + '<div class="search-foot"><span><kbd>↑</kbd> <kbd>↓</kbd> move</span><span><kbd>Enter</kbd> open</span><span><kbd>Ctrl</kbd> <kbd>Enter</kbd> new tab</span><span><kbd>Esc</kbd> close</span></div>';
    document.body.prepend(dialog);
    field = one('[type=search]', dialog); list = one('.search-list', dialog);
    search = connect(field, list, one('[role=status]', dialog), { inList: true, kind: () => one('[name=kind]:checked', dialog).value, changed: () => { select(0); requestAnimationFrame(() => { list.scrollTop = 0 }) } });
    one('.btn', dialog).onclick = close;
    one('.chips', dialog).onchange = search;
    field.onkeydown = event => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], hit = hits()[selected];
      if (step) { event.preventDefault(); select(selected + step); hits()[selected]?.scrollIntoView({ block: 'nearest' }) }
      if (event.key !== 'Enter' || !hit || event.isComposing) return;
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) open(hit.href); else hit.click();
    };
  };
  const close = () => { dialog.hidePopover(); before.focus({ preventScroll: true }) };
  const show = (typed = '') => {
    if (!dialog) build();
    if (!isOpen()) { before = document.activeElement; dialog.showPopover() }
    field.value = typed;
    field.focus();
    setTimeout(search);
  };
  (globalThis.requestIdleCallback ?? setTimeout)(() => dialog || build());
  addEventListener('keydown', event => {
    const control = event.ctrlKey || event.metaKey, key = event.key.toLowerCase();
    if (isOpen() ? key !== 'escape' : control ? key !== 'k' : key !== '/' || event.target.closest('input, textarea, select, [contenteditable]')) return;
    event.preventDefault();
    isOpen() ? close() : page ? page.focus() : show();
  });
  // While it is open, neither a click nor the focus goes to what is behind.
  addEventListener('click', event => {
    const { target } = event, isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey, isInside = dialog?.contains(target);
    if (isOpen() ? !isInside : isPlain && target.closest('[data-find]')) {
      event.preventDefault();
      event.stopPropagation();
      isOpen() ? close() : show();
    } else if (isInside && isPlain && target.closest('a')) close();
  }, true);
  addEventListener('focusin', event => { if (isOpen() && !dialog.contains(event.target)) field.focus() });

  // The field of home hands over.
  const hero = one('.home .hero-find');
  if (hero) {
    const input = one('input', hero), handOver = event => { event.preventDefault(); const typed = input.value; input.value = ''; show(typed) };
    input.oninput = hero.onsubmit = handOver;
  }

  // The search page.
  const results = one('[data-search]'), page = results && one('#q');
  if (page) {
    const status = element('p', { class: 'muted', role: 'status' }), list = element('div');
    results.append(status, list);
    const ask = connect(page, list, status, { changed: () => history.replaceState(history.state, '', page.value ? '?q=' + encodeURIComponent(page.value) : location.pathname) });
    page.form.onsubmit = event => { event.preventDefault(); ask() };
    page.value = new URLSearchParams(location.search).get('q') ?? '';
    if (page.value) ask();
    page.focus();
  }
})();

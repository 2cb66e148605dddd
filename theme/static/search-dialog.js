/* The search dialog and the search page. */
(() => {
  'use strict';
  const { one, all, element, site, complete, shape, STATES, speaks, fill, counted } = guidepostTheme, { today } = document.documentElement.dataset;
  const pieces = (...texts) => texts.map((text, i) => i % 2 ? element('mark', {}, text) : text);
  const GROUPS = { alert: 'word:alerts', section: 'word:sections', command: 'word:commands' };
  const SOME = 'word:some-words';

  const plate = ({ kind, severity, title }) => {
    if (severity) return element('span', { class: `sev sev-${/\d/.exec(severity) ?? 3}` }, severity);
    const number = kind === 'alert' ? null : /^\d+(\.\d+)*(?=[.)]?\s)/.exec(title.join(''));
    return element('span', number ? { class: 'plate thin', 'aria-hidden': true } : {}, number?.[0] ?? '');
  };
  const row = (hit, attributes) => {
    const state = Object.keys(STATES).find(state => STATES[state].name === hit.state && speaks(state)), where = element('small', {}, hit.breadcrumb);
    if (state) where.append(' ', element('span', { class: `st ${state}` }, shape(state), STATES[state].label));
    if (hit.deprecated) where.append(' ', element('span', { class: 'tag deprecated' }, 'word:deprecated'));
    return element('a', { class: 'hit', href: complete(new URL(hit.url, site)), ...attributes }, plate(hit),
      element('span', {}, element('b', {}, ...pieces(...hit.title)), element('small', {}, ...pieces(...hit.excerpt))), where);
  };
  const groups = (hits, inList, first) => {
    const found = {};
    hits.forEach((hit, i) => (found[hit.deprecated ? 'word:deprecated' : first || GROUPS[hit.kind]] ??= []).push(
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
    const box = element('div', { class: 'void' }, element('p', {}, element('b', {}, fill('word:nothing-found-for', { typed })), ' ', 'word:nothing-found-try'));
    const [template, base] = await (help ??= loadHelp().catch(() => []));
    if (template) box.append(document.importNode(template.content, true));
    for (const link of all('a', box)) {
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
      clearTimeout(timer);
      ask.isDone = false;
      const typed = field.value.trim(), number = ++asked, only = kind(), isNewest = () => number === asked;
      const slow = setTimeout(() => isNewest() && show([element('p', { class: 'void muted' }, 'word:searching')], 'word:searching'), 300);
      try {
        const answer = typed ? await searcher.search((only && `kind:${only} `) + field.value.trimStart(), { limit: inList ? 8 : 50, today })
          : { hits: inList && (!only || only === 'alert') ? await searcher.start(today) : [] };
        const { hits, relaxed, total } = answer, empty = typed && !hits.length && await nothing(typed);
        if (!isNewest()) return;
        ask.isDone = true;
        if (empty) show([empty], 'word:nothing-found');
        else show([...relaxed && inList ? [element('p', { class: 'label' }, SOME)] : [],
          element('div', inList ? { role: 'listbox', id: 'gp:hits', 'aria-label': 'word:results' } : {}, ...groups(hits, inList, !typed && 'word:start-with-alert'))],
          !typed ? '' : (total > hits.length ? fill('word:shown-of', { shown: hits.length, count: total }) : counted('word:result-count', total)) + (relaxed ? '. ' + SOME : ''));
      } catch (error) {
        if (!isNewest()) return;
        const again = element('button', { class: 'btn', type: 'button' }, 'word:try-again');
        again.onclick = ask;
        show([element('div', { class: 'void' }, element('p', {}, element('b', {}, 'word:index-unreadable'), ` ${error.message} `, again))], 'word:index-unreadable');
      } finally { clearTimeout(slow) }
    };
    field.oninput = () => { clearTimeout(timer); ask.isDone = false; timer = setTimeout(ask, 50) };
    return ask;
  };

  // The search page.
  const results = one('[data-search]'), page = results && one('#q');
  if (page) {
    const status = element('p', { class: 'muted', role: 'status' }), list = element('div');
    results.append(status, list);
    const ask = connect(page, list, status, { changed: () => history.replaceState(null, '', page.value ? '?q=' + encodeURIComponent(page.value) : location.pathname) });
    page.form.onsubmit = event => { event.preventDefault(); ask() };
    page.value = new URLSearchParams(location.search).get('q') ?? '';
    if (page.value) ask();
    page.focus();
  }

  // Without popovers, what would open the dialog leads to the search page.
  if (!document.body.showPopover) return;

  // Keys that an input method has taken.
  const isComposing = event => event.keyCode === 229;

  // The dialog. A popover rather than a modal dialog, which would style the whole page anew: a second on a large one.
  let dialog, field, list, search, before, selected = 0;
  const isOpen = () => dialog?.matches(':popover-open'), hits = () => all('.hit', list);
  const select = number => {
    const found = hits(), { length } = found;
    selected = length && (number + length) % length;
    found.forEach((hit, i) => hit.setAttribute('aria-selected', i === selected));
    field.setAttribute('aria-expanded', length > 0);
    field.setAttribute('aria-activedescendant', found[selected]?.id ?? '');
  };
  const build = () => {
    dialog = element('dialog', { class: 'search', popover: 'manual', 'aria-label': 'word:search', 'aria-modal': true });
    dialog.innerHTML = '<div class="search-in"><i class="icon i-search"></i><input type="search" role="combobox" aria-expanded="false" aria-controls="gp:hits" aria-autocomplete="list" aria-label="{word:search-label}" placeholder="{word:search-placeholder-long}" autocomplete="off" spellcheck="false"><button class="btn" type="button">{word:close}</button></div>'
      + `<div class="search-in chips" role="radiogroup" aria-label="{word:show}">${Object.entries({ '': 'word:all', ...GROUPS }).map(([kind, name]) => `<label class="chip"><input type="radio" name="kind" value="${kind}"${kind ? '' : ' checked'}>${name}</label>`).join('')}</div>`
      + '<div class="search-list"></div><p class="sr" role="status"></p>'
      + '<div class="search-foot"><span><kbd>↑</kbd> <kbd>↓</kbd> {word:key-move}</span><span><kbd>Enter</kbd> {word:key-open}</span><span><kbd>Ctrl</kbd> <kbd>Enter</kbd> {word:key-new-tab}</span><span><kbd>Esc</kbd> {word:key-close}</span></div>';
    document.body.prepend(dialog);
    field = one('[type=search]', dialog); list = one('.search-list', dialog);
    search = connect(field, list, one('[role=status]', dialog), { inList: true, kind: () => one('[name=kind]:checked', dialog).value, changed: () => { select(0); requestAnimationFrame(() => { list.scrollTop = 0 }) } });
    one('.btn', dialog).onclick = close;
    one('.chips', dialog).onchange = search;
    field.onkeydown = async event => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (isComposing(event)) return;
      if (step) { event.preventDefault(); select(selected + step); hits()[selected]?.scrollIntoView({ block: 'nearest' }) }
      if (event.key !== 'Enter') return;
      event.preventDefault();
      // What is shown may still be the answer to what was typed before.
      if (!search.isDone && field.value.trim()) await search();
      const hit = isOpen() && search.isDone && hits()[selected];
      if (hit) if (event.ctrlKey || event.metaKey) open(hit.href); else hit.click();
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
  // In a search field that is still empty `/` is the key that it is beside it: a page may have focused the field itself, and no word begins so.
  addEventListener('keydown', event => {
    const { key, target } = event, isAsked = event.ctrlKey || event.metaKey ? /^k$/i.test(key) && !event.shiftKey : key === '/' && !isOpen() && !target.closest('input:not(.hero-find :placeholder-shown), textarea, select, [contenteditable]');
    if (isComposing(event) || !isAsked && (key !== 'Escape' || !isOpen())) return;
    event.preventDefault();
    const shown = isOpen() ? field : page;
    isAsked ? shown ? (shown.focus(), shown.select()) : show() : close();
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

  // The field of home hands over: each letter, or a composed word when it is whole. Touch screens compose all words, so there letters too.
  const hero = one('.home .hero-find');
  if (hero) {
    const input = one('input', hero), handOver = () => { const typed = input.value; input.value = ''; if (typed) show(typed) };
    input.oninput = event => { if (!event.isComposing || !matchMedia('(hover: hover)').matches) handOver() };
    input.addEventListener('compositionend', handOver);
    hero.onsubmit = event => { event.preventDefault(); show(input.value) };
  }
})();

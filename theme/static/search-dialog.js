/* The search dialog and the search page. */
(() => {
  'use strict';
  const { one, all, element, site, complete, shape, STATES, speaks, parts, fill, counted, recall, remember, marked } =
    guidepostTheme;
  const { today } = document.documentElement.dataset;
  const GROUPS = { alert: 'word:alerts', section: 'word:sections', command: 'word:commands' };
  const SOME = 'word:some-words';
  const AT_ONCE = 6; // results, each of which is a file to fetch

  // What was read last in this browser, without this page.
  const RECENT = `gp:recent:${site.pathname}`;
  const heading = one('main h1');
  const address = location.href.replace(/[?#].*/, '');
  const recent = (recall('localStorage', RECENT) ?? []).filter(({ url }) => url !== address);
  if (heading && address !== complete(new URL(site)).href && !one('[data-search]')) {
    remember('localStorage', RECENT, [{ url: address, title: heading.textContent }, ...recent].slice(0, 4));
  }
  const recentHits = () =>
    recent
      .slice(0, 3)
      .map(({ url, title }) => ({
        group: 'word:recently-read',
        url,
        title: [title],
        excerpt: [],
        more: [],
        alerts: []
      }));

  const severityOf = ({ severity }) =>
    severity ? element('span', { class: `sev sev-${/\d/.exec(severity) ?? 3}` }, severity) : element('span');
  // The page comes first, or the alert; then the section in it, or the alert's page.
  const namesOf = ({ kind, title, page }) => {
    const names = page && kind !== 'alert' ? [page, title] : [title, page];
    return [
      element('b', {}, ...marked(names[0])),
      ...(names[1] ? [' ', element('span', { class: 'hit-in' }, ...marked(names[1]))] : [])
    ];
  };
  const place = ({ breadcrumb, state, deprecated }) => {
    const where = element('small', {}, breadcrumb ?? '');
    const known = Object.keys(STATES).find(key => STATES[key].name === state && speaks(key));
    if (known) where.append(' ', element('span', { class: `st ${known}` }, shape(known), STATES[known].label));
    if (deprecated) where.append(' ', element('span', { class: 'tag deprecated' }, 'word:deprecated'));
    return where;
  };
  const link = (url, attributes, ...children) =>
    element('a', { href: complete(new URL(url, site)), ...attributes }, ...children);
  // A result, and further sections of its page.
  const rows = (hit, attributes) => {
    const alerts = hit.alerts.length
      ? [element('small', { class: 'hit-in' }, `${'word:alerts'}: ${hit.alerts.join(', ')}`)]
      : [];
    const first = link(
      hit.url,
      { class: 'hit', ...attributes() },
      severityOf(hit),
      element('span', {}, ...namesOf(hit), element('small', {}, ...marked(hit.excerpt)), ...alerts),
      place(hit)
    );
    const others = hit.more.map(({ url, title, excerpt }) =>
      link(
        url,
        { class: 'hit hit-more', ...attributes() },
        element('span'),
        element(
          'span',
          {},
          element('span', { class: 'sr' }, ...(hit.page ?? hit.title), ' '),
          element('span', { class: 'hit-in' }, ...marked(title)),
          element('small', {}, ...marked(excerpt))
        )
      )
    );
    return [first, ...others];
  };
  const groups = (hits, inList, start) => {
    const found = {};
    let number = 0;
    const attributes = () => (inList ? { role: 'option', id: `gp:hit${number++}`, tabindex: -1 } : {});
    for (const hit of hits)
      (found[hit.group ?? (hit.deprecated && hit !== hits[0] ? 'word:deprecated' : start || GROUPS[hit.kind])] ??=
        []).push(...rows(hit, attributes));
    return Object.entries(found).map(([name, rows]) =>
      element(
        'div',
        { role: 'group', 'aria-label': name },
        element('p', { class: 'label', role: 'presentation' }, name),
        ...rows
      )
    );
  };

  // Who can help stands in the search page.
  let help;
  const loadHelp = async () => {
    const here = one('[data-void]');
    const page = one('[data-find]')?.href;
    if (here || !page || location.protocol === 'file:') return [here, location.href];
    return [one('[data-void]', new DOMParser().parseFromString(await (await fetch(page)).text(), 'text/html')), page];
  };
  const nothing = async typed => {
    const box = element(
      'div',
      { class: 'void' },
      element('p', {}, element('b', {}, fill('word:nothing-found-for', { typed })), ' ', 'word:nothing-found-try')
    );
    help ??= loadHelp().catch(() => []);
    const [template, base] = await help;
    if (template) box.append(document.importNode(template.content, true));
    for (const anchor of all('a', box)) {
      anchor.href = new URL(anchor.getAttribute('href'), base);
      if ('report' in anchor.dataset) anchor.href += encodeURIComponent(typed);
    }
    return box;
  };

  // Only the newest answer is shown, and typing never waits.
  const connect = (field, list, status, { inList, kind = () => '', changed = () => {} }) => {
    const searcher = guidepostSearch.open(site + 'search/');
    let asked = 0;
    let limit = AT_ONCE;
    let timer;
    // Whoever comes to the end sees more.
    const more = new IntersectionObserver(([{ isIntersecting }]) => {
      if (!isIntersecting || !ask.isDone) return;
      limit += AT_ONCE;
      ask(true);
    });
    const show = (children, words, isMore) => {
      more.disconnect();
      list.replaceChildren(...children);
      status.textContent = words;
      changed(isMore);
    };
    const meantOf = meant => {
      const button = element('button', { class: 'link', type: 'button' }, meant);
      button.onclick = () => {
        field.value = meant;
        field.focus();
        ask();
      };
      return element('p', { class: 'meant' }, ...parts('word:did-you-mean', { meant: button }));
    };
    const showAnswer = ({ hits, relaxed, total, meant }, typed, prefix, isMore) => {
      const better = meant?.slice(prefix.length);
      const counts =
        total > hits.length
          ? fill('word:shown-of', { shown: hits.length, count: total })
          : counted('word:result-count', total ?? 0);
      const words = typed
        ? [counts, relaxed && SOME, better && fill('word:did-you-mean', { meant: better })].filter(Boolean).join('. ')
        : '';
      const box = element(
        'div',
        inList ? { role: 'listbox', id: 'gp:hits', 'aria-label': 'word:results' } : {},
        ...groups(hits, inList, !typed && 'word:start-with-alert')
      );
      show(
        [
          ...(better ? [meantOf(better)] : []),
          ...(relaxed && inList ? [element('p', { class: 'label' }, SOME)] : []),
          box
        ],
        words,
        isMore
      );
      if (total > hits.length) {
        const end = element('p', { class: 'label' }, counts);
        list.append(end);
        more.observe(end);
      }
    };
    const ask = async (isMore, settled) => {
      clearTimeout(timer);
      ask.isDone = false;
      if (isMore !== true) limit = AT_ONCE;
      const typed = field.value.trim();
      const number = ++asked;
      const only = kind();
      const prefix = only && `kind:${only} `;
      const isNewest = () => number === asked;
      const slow = setTimeout(
        () =>
          isNewest() && !isMore && show([element('p', { class: 'void muted' }, 'word:searching')], 'word:searching'),
        300
      );
      try {
        const answer = typed
          ? await searcher.search(prefix + field.value.trimStart(), { limit, today, settled })
          : {
              hits:
                inList && (!only || only === 'alert')
                  ? [...(only ? [] : recentHits()), ...(await searcher.start(today))]
                  : []
            };
        const empty = typed && !answer.hits.length && (await nothing(typed));
        if (!isNewest()) return;
        ask.isDone = true;
        if (empty) show([empty], 'word:nothing-found');
        else showAnswer(answer, typed, prefix, isMore === true);
      } catch (error) {
        if (!isNewest()) return;
        const again = element('button', { class: 'btn', type: 'button' }, 'word:try-again');
        again.onclick = ask;
        show(
          [
            element(
              'div',
              { class: 'void' },
              element('p', {}, element('b', {}, 'word:index-unreadable'), ` ${error.message} `, again)
            )
          ],
          'word:index-unreadable'
        );
      } finally {
        clearTimeout(slow);
      }
    };
    // Ranking begins before the next key is likely; the files of results are fetched when it has not come.
    field.oninput = () => {
      clearTimeout(timer);
      ask.isDone = false;
      const settled = new Promise(done => setTimeout(done, 80));
      timer = setTimeout(ask, 40, false, settled);
    };
    return ask;
  };

  // The search page.
  const results = one('[data-search]');
  const page = results && one('#q');
  if (page) {
    const status = element('p', { class: 'muted', role: 'status' });
    const list = element('div');
    results.append(status, list);
    const keepAddress = () =>
      history.replaceState(null, '', page.value ? '?q=' + encodeURIComponent(page.value) : location.pathname);
    const ask = connect(page, list, status, { changed: keepAddress });
    page.form.onsubmit = event => {
      event.preventDefault();
      ask();
    };
    page.value = new URLSearchParams(location.search).get('q') ?? '';
    if (page.value) ask();
    page.focus();
  }

  // Without popovers, what would open the dialog leads to the search page.
  if (!document.body.showPopover) return;

  // Keys that an input method has taken.
  const isComposing = event => event.keyCode === 229;

  // The dialog. A popover rather than a modal dialog, which would style the whole page anew: a second on a large one.
  let dialog;
  let field;
  let list;
  let search;
  let before;
  let selected = 0;
  const isOpen = () => dialog?.matches(':popover-open');
  const hits = () => all('.hit', list);
  const select = number => {
    const found = hits();
    const { length } = found;
    selected = length && (number + length) % length;
    found.forEach((hit, index) => hit.setAttribute('aria-selected', index === selected));
    field.setAttribute('aria-expanded', length > 0);
    field.setAttribute('aria-activedescendant', found[selected]?.id ?? '');
  };
  const changed = isMore => {
    select(isMore ? selected : 0);
    if (!isMore)
      requestAnimationFrame(() => {
        list.scrollTop = 0;
      });
  };
  const onKey = async event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (isComposing(event)) return;
    if (step) {
      event.preventDefault();
      select(selected + step);
      hits()[selected]?.scrollIntoView({ block: 'nearest' });
    }
    if (event.key !== 'Enter') return;
    event.preventDefault();
    // What is shown may still be the answer to what was typed before.
    if (!search.isDone && field.value.trim()) await search();
    const hit = isOpen() && search.isDone && hits()[selected];
    if (!hit) return;
    if (event.ctrlKey || event.metaKey) open(hit.href);
    else hit.click();
  };
  const build = () => {
    dialog = element('dialog', { class: 'search', popover: 'manual', 'aria-label': 'word:search', 'aria-modal': true });
    const kinds = Object.entries({ '': 'word:all', ...GROUPS });
    const chips = kinds.map(
      ([kind, name]) =>
        `<label class="chip"><input type="radio" name="kind" value="${kind}"${kind ? '' : ' checked'}>${name}</label>`
    );
    dialog.innerHTML =
      '<div class="search-in"><i class="icon i-search"></i>' +
      '<input type="search" role="combobox" aria-expanded="false" aria-controls="gp:hits"' +
      ' aria-autocomplete="list" aria-label="{word:search-label}" placeholder="{word:search-placeholder-long}"' +
      ' autocomplete="off" spellcheck="false"><button class="btn" type="button">{word:close}</button></div>' +
      `<div class="search-in chips" role="radiogroup" aria-label="{word:show}">${chips.join('')}</div>` +
      '<div class="search-list"></div><p class="sr" role="status"></p>' +
      '<div class="search-foot"><span><kbd>↑</kbd> <kbd>↓</kbd> {word:key-move}</span>' +
      '<span><kbd>Enter</kbd> {word:key-open}</span>' +
      '<span><kbd>Ctrl</kbd> <kbd>Enter</kbd> {word:key-new-tab}</span>' +
      '<span><kbd>Esc</kbd> {word:key-close}</span></div>';
    document.body.prepend(dialog);
    field = one('[type=search]', dialog);
    list = one('.search-list', dialog);
    search = connect(field, list, one('[role=status]', dialog), {
      inList: true,
      kind: () => one('[name=kind]:checked', dialog).value,
      changed
    });
    one('.btn', dialog).onclick = close;
    one('.chips', dialog).onchange = search;
    field.onkeydown = onKey;
  };
  const close = () => {
    dialog.hidePopover();
    before.focus({ preventScroll: true });
  };
  const show = (typed = '') => {
    if (!dialog) build();
    if (!isOpen()) {
      before = document.activeElement;
      dialog.showPopover();
    }
    field.value = typed;
    field.focus();
    setTimeout(search);
  };
  (globalThis.requestIdleCallback ?? setTimeout)(() => dialog || build());
  // In a search field that is still empty `/` is the key that it is beside it: a page may have focused the field
  // itself, and no word begins so.
  addEventListener('keydown', event => {
    const { key, target } = event;
    const isCommand = event.ctrlKey || event.metaKey;
    const isSlash =
      key === '/' &&
      !isOpen() &&
      !target.closest('input:not(.hero-find :placeholder-shown), textarea, select, [contenteditable]');
    const isAsked = isCommand ? /^k$/i.test(key) && !event.shiftKey : isSlash;
    if (isComposing(event) || (!isAsked && (key !== 'Escape' || !isOpen()))) return;
    event.preventDefault();
    if (!isAsked) return close();
    const shown = isOpen() ? field : page;
    if (!shown) return show();
    shown.focus();
    shown.select();
  });
  // While it is open, neither a click nor the focus goes to what is behind.
  addEventListener(
    'click',
    event => {
      const { target } = event;
      const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
      const isInside = dialog?.contains(target);
      if (isOpen() ? !isInside : isPlain && target.closest('[data-find]')) {
        event.preventDefault();
        event.stopPropagation();
        if (isOpen()) close();
        else show();
      } else if (isInside && isPlain && target.closest('a')) close();
    },
    true
  );
  addEventListener('focusin', event => {
    if (isOpen() && !dialog.contains(event.target)) field.focus();
  });

  // The field of home hands over: each letter, or a composed word when it is whole. Touch screens compose all words,
  // so there letters too.
  const hero = one('.home .hero-find');
  if (hero) {
    const input = one('input', hero);
    const handOver = () => {
      const typed = input.value;
      input.value = '';
      if (typed) show(typed);
    };
    input.oninput = event => {
      if (!event.isComposing || !matchMedia('(hover: hover)').matches) handOver();
    };
    input.addEventListener('compositionend', handOver);
    hero.onsubmit = event => {
      event.preventDefault();
      show(input.value);
    };
  }
})();

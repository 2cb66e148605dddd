/* On a 404 page that does not know where its site lies: it asks for this script in each folder above the address, and
   the first that has it is the site's. All that the page took for the root of the host is moved there. */
(({ dataset }, { src }) => {
  if ('found' in dataset) return;
  dataset.found = '';
  const root = new URL('../', src).pathname;
  if (root === '/') return;
  dataset.root = root;
  document.addEventListener('DOMContentLoaded', () => {
    for (const name of ['href', 'src', 'action']) {
      for (const node of document.querySelectorAll(`[${name}^="/"]:not([${name}^="//"])`)) {
        const place = root + node.getAttribute(name).slice(1);
        if (name !== 'src') { node.setAttribute(name, place); continue }
        const script = document.createElement('script'); // one that was not found is not asked for again
        script.async = false;
        script.src = place;
        node.replaceWith(script);
      }
    }
  });
})(document.documentElement, document.currentScript);

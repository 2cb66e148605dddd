/* Leads on from an old address or an alert's, and takes query and fragment along. Without script a meta refresh
   does. */
(() => {
  const link = document.querySelector('[data-target]');
  const target = new URL(link.getAttribute('href'), location.href);
  if (location.protocol === 'file:' && target.pathname.endsWith('/')) target.pathname += 'index.html';
  const query = new URLSearchParams(target.search), given = new URLSearchParams(location.search);
  for (const name of given.keys()) query.delete(name); // what the alert itself says counts
  for (const [name, value] of given) query.append(name, value);
  target.search = query;
  if (location.hash) target.hash = location.hash;
  location.replace(target);
})();

/* Lets search.js read the index from a disk, where scripts may load scripts but read no files: the same files in packs, as scripts. */
globalThis.guidepostDisk = base => {
  const { packs } = globalThis.guidepostDisk.index, loaded = new Map();
  // One script at a time, since each answers to the same name.
  let turn = Promise.resolve();
  const load = pack => turn = turn.catch(() => {}).then(() => new Promise((done, fail) => {
    const script = document.createElement('script');
    globalThis.guidepostPack = done;
    script.src = `${base}shards/offline/${pack}.js`;
    script.onload = () => script.remove();
    script.onerror = () => { script.remove(); fail(Error('A part of the search index is missing.')) };
    document.head.append(script);
  }));
  return async name => {
    const folder = name[1] === '/' && name[0] !== 's' ? name[0] : '', own = folder === 'f' ? parseInt(name.slice(2)) >> 8 : name.charCodeAt(2) & 3;
    const pack = packs[folder ? folder + own : 'others'];
    if (!packs.others) throw Error('This site is too large to be searched from a disk.');
    if (!loaded.has(pack)) loaded.set(pack, load(pack));
    return Uint8Array.from(atob((await loaded.get(pack))[name]), character => character.charCodeAt());
  };
};

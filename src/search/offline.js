/* Lets search.js read the index from a disk, where scripts may load scripts but read no files: the same files in packs, as scripts. */
globalThis.guidepostDisk = base => {
  const { generation, packs, format } = globalThis.guidepostDisk.index, loaded = new Map();
  // One script at a time, since each answers to the same name.
  let turn = Promise.resolve();
  const load = number => turn = turn.catch(() => {}).then(() => new Promise((done, fail) => {
    const script = document.createElement('script');
    globalThis.guidepostPack = done;
    script.src = `${base}${generation}/offline/${number}.js`;
    script.onload = () => script.remove();
    script.onerror = () => { script.remove(); fail(Error('A part of the search index is missing.')) };
    document.head.append(script);
  }));
  return {
    async pointer() {
      if (!packs.length) throw Error('This site is too large to be searched from a disk.');
      return { format, generation };
    },
    async file(_, name) {
      let number = packs.length - 1;
      while (number > 0 && packs[number] > name) number--;
      if (!loaded.has(number)) loaded.set(number, load(number));
      return Uint8Array.from(atob((await loaded.get(number))[name]), character => character.charCodeAt());
    },
  };
};

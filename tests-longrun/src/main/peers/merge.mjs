// Merges the same field updates with one of the libraries: node merge.mjs yjs|automerge|loro FILE BATCHES
// FILE has a line a batch: round, actor, then key, field and value of each update, parted by tabs. For each line that
// comes on stdin it merges all batches into an empty document, all at once, as each library offers, and prints how many
// milliseconds that took; its first line says how many updates the first BATCHES of them have, how many bytes, and which
// version of the library is at work.
//
// All of a record's fields lie in one flat map, "key/field": two actors who begin a nested map of the same name at the
// same time would lose one of the two.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const libraries = {
  async yjs() {
    const Y = await import('yjs');
    return {
      of: 'yjs',
      replica: (number) => {
        const doc = new Y.Doc({ gc: true });
        doc.clientID = number + 1;
        return doc;
      },
      write: (doc, updates) => {
        let sent;
        const keep = (update) => { sent = update; };
        doc.on('update', keep);
        doc.transact(() => {
          const map = doc.getMap('records');
          for (const [key, value] of updates) map.set(key, value);
        });
        doc.off('update', keep);
        return [doc, sent];
      },
      receive: (doc, sent) => { Y.applyUpdate(doc, sent); return doc; },
      receiveAll: (doc, all) => {
        doc.transact(() => all.forEach((sent) => Y.applyUpdate(doc, sent)));
        return doc;
      },
      size: (doc) => doc.getMap('records').size,
    };
  },
  async automerge() {
    const A = await import('@automerge/automerge');
    // All begin with one change, so that they share the map.
    const first = A.change(A.init('00'.repeat(16)), { time: 0 }, (draft) => { draft.records = {}; });
    const change = A.getLastLocalChange(first);
    return {
      of: '@automerge/automerge',
      replica: (number) =>
        A.applyChanges(A.init((number + 1).toString(16).padStart(32, '0')), [change])[0],
      write: (doc, updates) => {
        const next = A.change(doc, { time: 0 }, (draft) => {
          for (const [key, value] of updates) draft.records[key] = value;
        });
        return [next, A.getLastLocalChange(next)];
      },
      receive: (doc, sent) => A.applyChanges(doc, [sent])[0],
      receiveAll: (doc, all) => A.applyChanges(doc, all)[0],
      size: (doc) => Object.keys(doc.records).length,
    };
  },
  async loro() {
    const { LoroDoc } = await import('loro-crdt');
    return {
      of: 'loro-crdt',
      replica: (number) => {
        const doc = new LoroDoc();
        doc.setPeerId(String(number + 1));
        return doc;
      },
      write: (doc, updates) => {
        const before = doc.version();
        const map = doc.getMap('records');
        for (const [key, value] of updates) map.set(key, value);
        doc.commit();
        return [doc, doc.export({ mode: 'update', from: before })];
      },
      receive: (doc, sent) => { doc.import(sent); return doc; },
      receiveAll: (doc, all) => { doc.importBatch(all); return doc; },
      size: (doc) => doc.getMap('records').size,
    };
  },
};

const [name, file, first] = process.argv.slice(2);
const library = await libraries[name]();
const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
const batches = lines.slice(0, Number(first)).map((line) => {
  const [round, actor, ...rest] = line.split('\t');
  const updates = [];
  for (let i = 0; i < rest.length; i += 3) updates.push([`${rest[i]}/${rest[i + 1]}`, rest[i + 2]]);
  return { round: Number(round), actor: Number(actor), updates };
});

const actors = 1 + Math.max(...batches.map((batch) => batch.actor));
const docs = Array.from({ length: actors }, (_, number) => library.replica(number));
const sent = [];
for (let at = 0; at < batches.length;) {
  const from = sent.length;
  const round = batches[at].round;
  const authors = [];
  for (; at < batches.length && batches[at].round === round; at++) {
    const { actor, updates } = batches[at];
    const [doc, bytes] = library.write(docs[actor], updates);
    docs[actor] = doc;
    sent.push(bytes);
    authors.push(actor);
  }
  authors.forEach((author, i) => {
    for (let other = 0; other < actors; other++) {
      if (other !== author) docs[other] = library.receive(docs[other], sent[from + i]);
    }
  });
}
const count = batches.reduce((sum, batch) => sum + batch.updates.length, 0);
const { version } = JSON.parse(readFileSync(`node_modules/${library.of}/package.json`, 'utf8'));
console.log(count, sent.reduce((sum, bytes) => sum + bytes.length, 0), version);

for await (const _ of createInterface({ input: process.stdin })) {
  const began = performance.now();
  const doc = library.receiveAll(library.replica(actors), sent);
  const millis = performance.now() - began;
  if (library.size(doc) !== library.size(docs[0])) throw new Error('not all was merged');
  console.log(millis.toFixed(3));
}

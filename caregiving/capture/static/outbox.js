// The queue of taps that the server has not named as stored yet. Every tap is written here first.
import { newId } from "./ids.js";
import { recall, transaction } from "./tablet.js";

// Stages of a record: waiting to be sent, refused by the server, refused and set aside by the person.
export const WAITING = 0;
export const REFUSED = 1;
export const SET_ASIDE = 2;

const at = (stage) => IDBKeyRange.bound([stage], [stage, []]);

// The taps that could not be written on the tablet (storage full or switched off). They are sent
// directly, and written after all at the next tap that can be.
let inMemory = [];
let last = fresh(); // our copy of the kept state, for drawing and for a tablet without storage

function fresh() {
  return { device: newId(), ordinal: 0, family: null, ...untouched() };
}

// What is kept of the watching itself. `sitting` and `parts` are those of an observer's visit.
function untouched() {
  return { sitting: null, parts: [], window: null, ended: [], states: {}, recent: [] };
}

export const current = () => last;

export async function loadState() {
  const kept = await recall("state");
  if (kept) last = { ...fresh(), ...kept };
  return last;
}

function number(state, item, highest) {
  state.ordinal = Math.max(state.ordinal, highest) + 1;
  item.device = state.device;
  item.ordinal = state.ordinal;
  return { id: item.id, ordinal: item.ordinal, stage: WAITING, why: null, item };
}

const built = (build, state) => [build(state)].flat().filter(Boolean);

// Store one item, or several that belong together. `build(state)` makes them from the kept state and
// changes that state (open window, open states, recent taps), or gives null when there is nothing to
// do. It runs inside the transaction that also takes the ordinal, so two tabs can never take the same
// one, and of several items all are kept or none. Answers {item, durable}: `item` is the first of
// them, `durable` is when it was safe on the disk, null when it is not.
export async function store(build) {
  try {
    const { item, state, rescued } = await transaction("readwrite", "strict", (outbox, kept, give) => {
      const request = kept.get("state");
      request.onsuccess = () => {
        const behind = inMemory.length > 0 || !request.result;
        const state = behind ? structuredClone(last) : { ...fresh(), ...request.result };
        const items = built(build, state);
        for (const record of inMemory) outbox.put(record);
        const highest = Math.max(last.ordinal, request.result?.ordinal ?? 0);
        for (const item of items) outbox.put(number(state, item, highest));
        kept.put(state, "state");
        request.transaction.commit?.(); // everything is asked for: a page that goes now takes nothing along
        give({ item: items[0] ?? null, state, rescued: [...inMemory] });
      };
    });
    last = state;
    inMemory = inMemory.filter((record) => !rescued.includes(record));
    return { item, durable: performance.now() };
  } catch (error) {
    console.warn("This tap could not be written on the tablet.", error);
    const state = structuredClone(last);
    const items = built(build, state);
    inMemory.push(...items.map((item) => number(state, item, last.ordinal)));
    last = state;
    return { item: items[0] ?? null, durable: null };
  }
}

// The next records to send, oldest first. `senders` are those for whom the present sign-in may speak:
// on a tablet that was handed to a visitor, the parents' taps wait until a parent is back, and so do hers.
export async function nextToSend(limit, senders = null) {
  let stored = [];
  try {
    stored = await transaction("readonly", "default", (outbox, _kept, give) => {
      const request = outbox.index("stage").getAll(at(WAITING), senders ? undefined : limit);
      request.onsuccess = () => give(request.result);
    });
  } catch {
    // Only what is in memory can be sent then.
  }
  const mine = ({ item }) => !senders || senders.includes(item.author);
  return [...stored, ...inMemory].filter(mine).slice(0, limit);
}

// What the server said: named ids leave the queue, refused ones stay with the reason. A removal
// that the disk forgets is only sent again, so it need not be strict. Answers whether it worked.
export async function settle(records, stored, refused) {
  const ids = new Set(stored);
  const why = new Map(refused.map((one) => [one.id, one.why]));
  inMemory = inMemory.filter((record) => !ids.has(record.id));
  try {
    await transaction("readwrite", "relaxed", (outbox) => {
      for (const record of records) {
        if (ids.has(record.id)) outbox.delete(record.id);
        else if (why.has(record.id)) outbox.put({ ...record, stage: REFUSED, why: why.get(record.id) });
      }
    });
  } catch {
    return false; // the queue still holds them: wait before sending again
  }
  inMemory = inMemory.filter((record) => !why.has(record.id));
  return true;
}

export async function counts() {
  const found = { waiting: inMemory.length, refused: 0, set_aside: 0, unsaved: inMemory.length };
  try {
    await transaction("readonly", "default", (outbox) => {
      const count = (stage, add) => {
        const request = outbox.index("stage").count(at(stage));
        request.onsuccess = () => add(request.result);
      };
      count(WAITING, (n) => (found.waiting += n));
      count(REFUSED, (n) => (found.refused = n));
      count(SET_ASIDE, (n) => (found.set_aside = n));
    });
  } catch {
    // No storage: memory is all there is.
  }
  return found;
}

// Everything still on the tablet, for "Keep a copy" and for the list of refused moments.
export async function everything() {
  const stored = await transaction("readonly", "default", (outbox, _kept, give) => {
    const request = outbox.getAll();
    request.onsuccess = () => give(request.result);
  }).catch(() => []);
  return [...stored, ...inMemory];
}

// Move refused moments back into the queue (try again) or out of sight (set aside).
export async function restage(from, to) {
  const records = (await everything()).filter((record) => from.includes(record.stage));
  await transaction("readwrite", "strict", (outbox) => {
    for (const record of records) outbox.put({ ...record, stage: to });
  });
}

// Another household or another visit on this tablet: the open window and states of the one before
// are not ours. Its taps stay queued.
export async function belongTo(family, sitting = null) {
  if (last.family === family && last.sitting === sitting) return;
  await store((state) => {
    const moved = state.family !== null && state.family !== family;
    if (moved || state.sitting !== sitting) Object.assign(state, untouched());
    Object.assign(state, { family, sitting });
    return null;
  });
}

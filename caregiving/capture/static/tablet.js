// What this tablet remembers, in IndexedDB (localStorage lost the last second of taps when the
// browser was killed). Two stores:
//   outbox  one record a tap that the server has not named as stored yet, by its id
//   kept    "state" (device, ordinal, window, states, recent taps), "board", "child", "skew"
import { transactions } from "./database.js";

export const transaction = transactions("caregiving-tap", ["outbox", "kept"], (db) => {
  db.createObjectStore("outbox", { keyPath: "id" }).createIndex("stage", ["stage", "ordinal"]);
  db.createObjectStore("kept");
});

// Board and chosen child are for convenience: without IndexedDB the page goes on.
export async function recall(key) {
  try {
    return await transaction("readonly", "default", (_outbox, kept, give) => {
      const request = kept.get(key);
      request.onsuccess = () => give(request.result);
    });
  } catch {
    return undefined;
  }
}

export async function keep(key, value) {
  try {
    await transaction("readwrite", "relaxed", (_outbox, kept) => kept.put(value, key));
  } catch {
    // Nothing is lost by this: it is fetched or chosen again.
  }
}

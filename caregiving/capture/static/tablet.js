// What this tablet remembers, in IndexedDB (localStorage lost the last second of taps when the
// browser was killed). Two stores:
//   outbox  one record a tap that the server has not named as stored yet, by its id
//   kept    "state" (device, ordinal, window, states, recent taps), "board", "child", "skew"
const NAME = "caregiving-tap";
const OPEN_LIMIT_MS = 4000;

let opening = null;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    // Some private modes never answer: a tap must not wait for them for ever.
    const limit = setTimeout(() => reject(new Error("IndexedDB did not open")), OPEN_LIMIT_MS);
    request.onupgradeneeded = () => {
      const outbox = request.result.createObjectStore("outbox", { keyPath: "id" });
      outbox.createIndex("stage", ["stage", "ordinal"]);
      request.result.createObjectStore("kept");
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      clearTimeout(limit);
      const forget = () => (opening = null); // closed by the browser: open again at the next tap
      request.result.onclose = forget;
      request.result.onversionchange = () => {
        request.result.close();
        forget();
      };
      resolve(request.result);
    };
  });
}

async function database() {
  opening ??= open();
  try {
    return await opening;
  } catch (error) {
    opening = null;
    throw error;
  }
}

// One transaction. `work` gets both stores and `give`; what it gives is the answer, and the answer
// comes only when the transaction is complete. "strict" asks the disk, not only the memory.
export async function transaction(mode, durability, work) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const running = db.transaction(["outbox", "kept"], mode, { durability });
    let answer;
    running.oncomplete = () => resolve(answer);
    running.onabort = () => reject(running.error ?? new Error("the write was cut off"));
    work(running.objectStore("outbox"), running.objectStore("kept"), (value) => (answer = value));
  });
}

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

// Where this tablet keeps unfinished sorts: IndexedDB, one record for each person and child. A move is
// on the disk ("strict") before it counts as saved.
const NAME = "caregiving-sort";
const OPEN_LIMIT_MS = 4000;

let opening = null;

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    const limit = setTimeout(() => reject(new Error("IndexedDB did not open")), OPEN_LIMIT_MS);
    request.onupgradeneeded = () => request.result.createObjectStore("sorts", { keyPath: "key" });
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      clearTimeout(limit);
      const forget = () => (opening = null);
      request.result.onclose = forget;
      request.result.onversionchange = () => {
        request.result.close();
        forget();
      };
      resolve(request.result);
    };
  });
}

async function transaction(mode, durability, work) {
  opening ??= open().catch((error) => {
    opening = null;
    throw error;
  });
  const db = await opening;
  return new Promise((resolve, reject) => {
    const running = db.transaction("sorts", mode, { durability });
    let answer;
    running.oncomplete = () => resolve(answer);
    running.onabort = () => reject(running.error ?? new Error("the write was cut off"));
    work(running.objectStore("sorts"), (value) => (answer = value));
  });
}

export async function fetchKept(key) {
  try {
    return await transaction("readonly", "default", (sorts, give) => {
      const request = sorts.get(key);
      request.onsuccess = () => give(request.result);
    });
  } catch {
    return undefined;
  }
}

// Write one move. Another tab may have moved in between: then its record is the newer one, ours is
// not written, and theirs is the answer. Answers null when ours was written.
export function putMove(record) {
  return transaction("readwrite", "strict", (sorts, give) => {
    const request = sorts.get(record.key);
    request.onsuccess = () => {
      const theirs = request.result;
      const newer = theirs && theirs.moves >= record.moves;
      if (!newer) sorts.put(record);
      give(newer ? theirs : null);
    };
  });
}

// Take over what is right now, whatever was there.
export async function putOver(record) {
  try {
    await transaction("readwrite", "strict", (sorts) => sorts.put(record));
  } catch {
    // Without storage the page and the server have it.
  }
}

// Note how much of it the server has. Only ever a little behind, so it need not be strict.
export async function noteSent(key, id, sent) {
  try {
    await transaction("readwrite", "relaxed", (sorts) => {
      const request = sorts.get(key);
      request.onsuccess = () => {
        const record = request.result;
        if (record?.id === id && (record.sent ?? 0) < sent) sorts.put({ ...record, sent });
      };
    });
  } catch {
    // It is only sent once more.
  }
}

export async function dropKept(key) {
  try {
    await transaction("readwrite", "strict", (sorts) => sorts.delete(key));
  } catch {
    // Nothing was kept then.
  }
}

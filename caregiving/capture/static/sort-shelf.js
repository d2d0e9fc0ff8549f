// Where this tablet keeps unfinished sorts: IndexedDB, one record for each person and child. A move is
// on the disk ("strict") before it counts as saved.
import { transactions } from "./database.js";

const transaction = transactions("caregiving-sort", ["sorts"], (db) => {
  db.createObjectStore("sorts", { keyPath: "key" });
});

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
      request.transaction.commit?.(); // everything is asked for: a page that goes now takes nothing along
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

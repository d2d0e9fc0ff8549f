// A database in the browser (IndexedDB), opened when it is first needed and again after it was closed.
const OPEN_LIMIT_MS = 4000;

function open(name, make, forget) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    // Some private modes never answer: a tap must not wait for them for ever.
    const limit = setTimeout(() => reject(new Error("IndexedDB did not open")), OPEN_LIMIT_MS);
    request.onupgradeneeded = () => make(request.result);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      clearTimeout(limit);
      request.result.onclose = forget; // closed by the browser: open again at the next tap
      request.result.onversionchange = () => {
        request.result.close();
        forget();
      };
      resolve(request.result);
    };
  });
}

// Answers a function for one transaction on these stores of a database; `make` creates them. `work` gets
// each store and `give`; what it gives is the answer, and the answer comes only when the transaction is
// complete. "strict" asks the disk, not only the memory.
export function transactions(name, stores, make) {
  let opening = null;
  const forget = () => (opening = null);
  return async (mode, durability, work) => {
    opening ??= open(name, make, forget).catch((error) => {
      forget();
      throw error;
    });
    const db = await opening;
    return new Promise((resolve, reject) => {
      const running = db.transaction(stores, mode, { durability });
      let answer;
      running.oncomplete = () => resolve(answer);
      running.onabort = () => reject(running.error ?? new Error("the write was cut off"));
      work(...stores.map((store) => running.objectStore(store)), (value) => (answer = value));
    });
  };
}

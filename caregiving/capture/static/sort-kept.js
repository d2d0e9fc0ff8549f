// What this page needs to open without a server: what is sorted, about whom and by whom, and the texts of
// the cards. It is kept for one person, until the server says no, until it is too old, or until somebody
// comes in or goes out on this tablet (sort-doors.js). The moves themselves lie in sort-shelf.js.
const KEPT = "caregiving-sort-kept"; // the same name stands in sort-doors.js and sw.js
const DOORS = ["/be/", "/enter", "/leave"];

const possible = isSecureContext && "serviceWorker" in navigator && "caches" in globalThis;
let ready = null;

export const pathOf = (child) => `/api/sort?child=${encodeURIComponent(child)}`;

async function active(script, scope) {
  const registration = await navigator.serviceWorker.register(script, { scope });
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  while (worker.state !== "activated") {
    if (worker.state === "redundant") throw new Error(`${script} could not be set up`);
    await new Promise((go) => worker.addEventListener("statechange", go, { once: true }));
  }
}

// The page's own files are kept by sw.js. Nothing is kept before the doors are watched.
export function startKeeping() {
  if (!possible) return;
  navigator.serviceWorker.register("/sw.js", { scope: "/sort" }).catch((error) => console.warn(error));
  ready = Promise.all(DOORS.map((door) => active("/sort-doors.js", door))).then(
    () => true,
    (error) => console.warn(error),
  );
  navigator.storage?.persist?.().catch(() => {}); // please do not clear our moves
}

export async function keepSeen(child, seen) {
  if (!(await ready)) return;
  try {
    const cache = await caches.open(KEPT);
    for (const path of await cache.keys()) {
      const other = await (await cache.match(path)).json();
      if (other.seen.member !== seen.member) await cache.delete(path);
    }
    const until_ms = Date.now() + seen.stays_ms;
    const lasting = { seen: { ...seen, draft: null }, until_ms };
    await cache.put(pathOf(child), new Response(JSON.stringify(lasting)));
  } catch (error) {
    console.warn("These cards cannot be opened without the server.", error);
  }
}

export async function keptSeen(child) {
  if (!possible) return null;
  try {
    const found = await (await caches.open(KEPT)).match(pathOf(child));
    const { seen, until_ms } = found ? await found.json() : {};
    return seen && Date.now() < until_ms ? seen : null;
  } catch {
    return null;
  }
}

export async function forgetSeen() {
  if (possible) await caches.delete(KEPT).catch(() => {});
}

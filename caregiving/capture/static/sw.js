// The service worker: the tap page and the page for sorting cards open without any network. Each page
// registers it for itself. It answers for that page's own files and for the last board, and for nothing
// else: the other pages of this server are not its business.
const VERSION = "8";
const PAGE = new URL(self.registration.scope).pathname; // "/tap" or "/sort"
const SHELLS = `caregiving-${PAGE.slice(1)}-shell-`;
const SHELL_CACHE = SHELLS + VERSION;
const BOARD_CACHE = "caregiving-tap-board";
const SORT_KEPT = "caregiving-sort-kept";
const BOARD_LIMIT_MS = 4000; // a hanging network counts as none

const modules = ["alive", "board", "clock", "database", "ids", "look", "moments", "night", "outbox", "parts", "people", "press",
  "procedure", "session", "sheets", "strings", "sync", "syncline", "tablet", "tabs", "tap", "toast", "visit", "watch",
  "when"];
const sortModules = ["database", "ids", "night", "sort", "sort-apart", "sort-board", "sort-drag", "sort-finish",
  "sort-kept", "sort-shelf", "sort-state", "sort-strings", "sort-sync", "sort-thirds"];
const sortIcons = ["app", "day", "night", "undo"];
const icons = ["app", "asleep", "coo", "cry", "day", "feed", "feeding", "fuss", "in-arms", "last-taps", "look",
  "mirror", "more", "night", "none", "pick-up", "play", "reach", "root", "settled", "smile", "soothe", "talk",
  "turn-away", "undo", "wait"];
const fonts = ["latin-400", "latin-700", "latin-ext-400", "latin-ext-700"];

const filesOf = (scripts, signs) => [
  ...scripts.map((name) => `/${name}.js`),
  ...signs.map((name) => `/icons/${name}.svg`),
  ...fonts.map((name) => `/fonts/atkinson-hyperlegible-${name}-normal.woff2`),
];
const SHELL = {
  "/tap": ["/tap", "/tap.css", "/visit.css", "/palette.css", "/manifest.webmanifest", ...filesOf(modules, icons)],
  "/sort": ["/sort", "/tap.css", "/sort.css", "/palette.css", ...filesOf(sortModules, sortIcons)],
}[PAGE];
const shell = new Set(SHELL);

async function fetchShell(cacheMode) {
  const answers = await Promise.all(SHELL.map((path) => fetch(path, { cache: cacheMode })));
  const whole = answers.every((answer) => answer.ok && !answer.redirected);
  if (!whole) throw new Error("the page's files could not all be fetched");
  const cache = await caches.open(SHELL_CACHE);
  await Promise.all(SHELL.map((path, i) => cache.put(path, answers[i])));
}

self.addEventListener("install", (event) => {
  event.waitUntil(fetchShell("reload").then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) {
      const ours = name.startsWith(SHELLS);
      if (ours && name !== SHELL_CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

async function fromShell(path, request) {
  const cache = await caches.open(SHELL_CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

async function board(request) {
  const cache = await caches.open(BOARD_CACHE);
  const limit = new AbortController();
  const alarm = setTimeout(() => limit.abort(), BOARD_LIMIT_MS);
  try {
    const answer = await fetch(request, { signal: limit.signal });
    const json = answer.headers.get("Content-Type")?.includes("application/json");
    if (answer.ok && json) await cache.put("/api/board", answer.clone());
    if (answer.status === 401) await caches.delete(SORT_KEPT); // nobody is signed in any more
    if (answer.status < 500) return answer;
    return (await remembered(cache)) ?? answer;
  } catch (error) {
    const answer = await remembered(cache);
    if (answer) return answer;
    throw error;
  } finally {
    clearTimeout(alarm);
  }
}

// The last board, marked, so that the page does not take it for news.
async function remembered(cache) {
  const answer = await cache.match("/api/board");
  if (!answer) return null;
  const headers = new Headers(answer.headers);
  headers.set("X-From-Tablet", "1");
  return new Response(await answer.blob(), { status: 200, headers });
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname === "/api/board") event.respondWith(board(event.request));
  if (!shell.has(url.pathname)) return;
  event.respondWith(fromShell(url.pathname, event.request));
  // All files are renewed together, or none: no page is ever put together from two versions.
  if (event.request.mode === "navigate") event.waitUntil(fetchShell("no-cache").catch(() => {}));
});

// The service worker of the ways in and out: /be/, /enter and /leave. Whoever comes in next must not find
// what /sort keeps for the one before, also when no server is there to ask. It answers nothing itself.
const KEPT = "caregiving-sort-kept";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.waitUntil(caches.delete(KEPT));
});

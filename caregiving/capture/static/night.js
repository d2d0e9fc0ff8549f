// Runs before the first paint (a plain script, not a module), so that a dark room is never lit up
// by a flash of the day page. The choice is only about looks, so it may live in localStorage.
(() => {
  const root = document.documentElement;
  const kept = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage switched off: follow the tablet's own setting
    }
  };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.palette = kept("palette") ?? (dark ? "night" : "day");
  root.dataset.hand = kept("hand") ?? "right";
})();

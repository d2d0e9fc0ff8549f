// Time for taps. A tablet's wall clock can jump by hours in the middle of an observation, so every
// instant is one wall-clock anchor plus the browser's monotonic clock: intervals stay true.
import { keep, recall } from "./tablet.js";

let anchor = { wall_ms: Date.now(), mono: performance.now() };
let ahead = 0; // how far the wall clock ran ahead of ours when we last looked, in ms
let skew = null; // the server's clock minus ours, null when never seen

const LIMIT_MS = 4000; // taps wait until the server has told the time, or has failed to
const WORTH_MOVING_MS = 1000; // below this, it is the noise of two clocks, not sleep

// The moment a tap happened; `mono` is an event's timeStamp.
export function instant(mono = performance.now()) {
  return Math.round(anchor.wall_ms + (mono - anchor.mono));
}

const wallAhead = () => Date.now() - instant();

function move(by_ms) {
  anchor.wall_ms += by_ms;
  if (skew !== null) skew -= by_ms; // the server did not move
}

// A fresh anchor: at the start of a watched window.
export function anchorNow() {
  move(wallAhead());
  ahead = 0;
}

// Our clock never goes back behind a moment that is already kept, such as the end of an earlier part.
export function notBefore(ms) {
  const behind = ms - instant();
  if (behind > 0) move(behind);
}

// Call every second while the page is visible, and at the moment it is hidden: whatever the wall
// clock did until now, it did while we were watching. That is a changed clock, and ours is kept.
export function noteWallClock() {
  ahead = wallAhead();
}

// Call when the page comes back. If the wall clock gained meanwhile, the device slept and the
// monotonic clock may have stood still: take over what was slept, and only that.
export function comeBack() {
  const slept = wallAhead() - ahead;
  if (slept > WORTH_MOVING_MS) {
    anchor.wall_ms += slept; // the server slept through nothing: its distance to us is what it was
    measureSkew().catch(() => {}); // offline: the skew stays what it was
  }
  ahead = wallAhead();
}

export async function measureSkew() {
  const before = performance.now();
  const answer = await fetch("/api/time", { cache: "no-store", signal: AbortSignal.timeout?.(LIMIT_MS) });
  if (!answer.ok) return;
  const { server_ms } = await answer.json();
  if (!Number.isFinite(server_ms)) return;
  skew = Math.round(server_ms - instant((before + performance.now()) / 2));
  keep("skew", skew - wallAhead()); // against the wall clock: ours starts anew with the page
}

// What an earlier page saw of the server's clock, until this one has seen it itself.
export async function recallSkew() {
  const seen = await recall("skew");
  if (skew === null && seen !== undefined) skew = Math.round(seen + wallAhead());
}

// What every item says about the clocks at the moment it was made.
export function clocks() {
  return { wall_ms: Date.now(), skew_ms: skew };
}

export function zoneAt(instant_ms) {
  return {
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
    utc_offset_min: -new Date(instant_ms).getTimezoneOffset(),
  };
}

export function startClock() {
  setInterval(() => document.visibilityState === "visible" && noteWallClock(), 1000);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") comeBack();
    else noteWallClock();
  });
  document.addEventListener("resume", comeBack);
  addEventListener("pageshow", (event) => event.persisted && comeBack());
}

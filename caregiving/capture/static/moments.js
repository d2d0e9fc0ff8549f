// How an item of the contract is made. Each function here answers a `build(state)` for the outbox:
// it returns the item and notes in the kept state what must survive a reload. No page, no network.
import { clocks, zoneAt } from "./clock.js";
import { newId } from "./ids.js";

const REMEMBERED = 20; // recent taps that can still be taken back
const MINUTE_MS = 60_000;

const stateKey = (child, code) => `${child} ${code}`;
export const openState = (state, child, code) => state.states[stateKey(child, code)] ?? null;

// The part of an event that depends on when it began: inside the watched window or not.
function placed(window, child, onset_ms) {
  const elapsed_ms = window && window.child === child ? onset_ms - window.started_ms : -1;
  if (elapsed_ms < 0) return { window: null, elapsed_ms: null };
  return { window: window.id, elapsed_ms };
}

// A correction is a new item that supersedes the old one; nothing is ever changed in place.
function corrected(item, author, changes) {
  return { ...item, id: newId(), supersedes: item.id, author, ...clocks(), ...changes };
}

function rememberTap(state, entry) {
  state.recent = state.recent.filter((old) => old.first !== entry.first);
  state.recent = [...state.recent, entry].slice(-REMEMBERED);
}

// A press of a button. `on` says, for a state, what the person saw: null for a point event.
export function tap({ board, button, child, caregiver, onset_ms, on }) {
  const id = newId();
  const taken = clocks();
  return (state) => {
    const key = stateKey(child, button.code);
    const open = state.states[key];
    if (on !== null && on === Boolean(open)) return null; // another tab was first
    let item;
    if (open) {
      const offset_ms = Math.max(onset_ms, open.item.onset_ms);
      item = corrected(open.item, board.member, { ...taken, id, offset_ms, reason: "ended" });
      rememberTap(state, { ...open, item, ended: true, at_ms: offset_ms });
      delete state.states[key];
      return item;
    }
    item = {
      type: "event", id, family: board.family, child,
      ...placed(state.window, child, onset_ms),
      instrument: board.instrument, actor: button.actor, code: button.code,
      onset_ms, offset_ms: null, ...zoneAt(onset_ms), ...taken, time_quality: "tapped",
      caregiver: button.actor === "caregiver" ? caregiver : null,
      author: board.member, device: null, ordinal: null,
      supersedes: null, void: false, reason: null, modifiers: {},
    };
    const entry = { first: id, item, ended: false, at_ms: onset_ms, began_ms: onset_ms,
      window: item.window, elapsed_ms: item.elapsed_ms };
    rememberTap(state, entry);
    if (on) state.states[key] = entry;
    return item;
  };
}

const find = (state, first) => state.recent.find((entry) => entry.first === first);

function noteCorrection(state, entry, item, changes = {}) {
  const noted = { ...entry, item, ...changes };
  state.recent = state.recent.map((old) => (old.first === entry.first ? noted : old));
  const key = stateKey(item.child, item.code);
  const isOpen = state.states[key]?.first === entry.first;
  if (isOpen || (entry.ended && !noted.ended)) state.states[key] = noted;
  return item;
}

// Undo. Taking back the end of a state leaves the state on; anything else becomes void.
export function undo(first, author) {
  return (state) => {
    const entry = find(state, first);
    if (!entry) return null;
    const key = stateKey(entry.item.child, entry.item.code);
    if (entry.ended && !state.states[key]) {
      const item = corrected(entry.item, author, { offset_ms: null, reason: "undo" });
      return noteCorrection(state, entry, item, { ended: false, at_ms: entry.began_ms });
    }
    state.recent = state.recent.filter((old) => old !== entry);
    if (state.states[key]?.first === first) delete state.states[key];
    return corrected(entry.item, author, { void: true, reason: "undo" });
  };
}

// "It happened earlier", counted from the tap. A moment from before the window began was not
// watched, so it leaves the window; for a state that was switched off, its end moves.
export function earlier(first, minutes, author) {
  return (state) => {
    const entry = find(state, first);
    if (!entry) return null;
    const moved_ms = entry.at_ms - minutes * MINUTE_MS;
    const changes = { time_quality: "adjusted", reason: "happened earlier" };
    if (entry.ended) {
      changes.offset_ms = Math.max(entry.item.onset_ms, moved_ms);
    } else {
      const elapsed_ms = entry.window === null ? -1 : entry.elapsed_ms - minutes * MINUTE_MS;
      Object.assign(changes, { onset_ms: moved_ms, ...zoneAt(moved_ms) });
      Object.assign(changes, elapsed_ms < 0 ? { window: null, elapsed_ms: null } : { window: entry.window, elapsed_ms });
    }
    return noteCorrection(state, entry, corrected(entry.item, author, changes));
  };
}

export function startWindow({ board, child, context, started_ms, mode = "live" }) {
  const id = newId();
  const taken = clocks();
  return (state) => {
    const { zone, utc_offset_min } = zoneAt(started_ms);
    state.window = { id, child, context, started_ms, zone, adopted: false };
    return {
      type: "window_start", id, family: board.family, child, mode, context,
      instrument: board.instrument, started_ms, zone, utc_offset_min, ...taken,
      author: board.member, device: null, ordinal: null,
    };
  };
}

export function endWindow({ board, window, ended_ms, attestation }) {
  const id = newId();
  const taken = clocks();
  return (state) => {
    if (state.ended.includes(window.id)) return null; // ended in another tab meanwhile
    state.ended = [...state.ended, window.id].slice(-REMEMBERED);
    if (state.window?.id === window.id) state.window = null;
    return {
      type: "window_end", id, family: board.family, window: window.id, ended_ms,
      elapsed_ms: Math.max(0, ended_ms - window.started_ms), attestation, ...taken,
      author: board.member, device: null, ordinal: null,
    };
  };
}

// A window that another device of the family opened or ended. Our own is never closed from outside.
export function adoptWindow(open_window) {
  return (state) => {
    const known = open_window && state.ended.includes(open_window.id);
    if (state.window === null && open_window && !known) {
      state.window = { context: null, ...open_window, adopted: true };
    } else if (state.window?.adopted && state.window.id !== open_window?.id) {
      state.window = open_window && !known ? { context: null, ...open_window, adopted: true } : null;
    }
    return null;
  };
}

// How an item of the contract is made. Each function here answers a `build(state)` for the outbox:
// it returns the item and notes in the kept state what must survive a reload. No page, no network.
import { clocks, zoneAt } from "./clock.js";
import { newId } from "./ids.js";

const REMEMBERED = 20; // recent taps that can still be taken back

const stateKey = (child, code) => `${child} ${code}`;
const keyOf = (entry) => stateKey(entry.item.child, entry.item.code);
export const openState = (state, child, code) => state.states[stateKey(child, code)] ?? null;

// The part of an event that depends on when it began: inside the watched window or not.
function placed(window, child, onset_ms) {
  const elapsed_ms = window && window.child === child ? onset_ms - window.started_ms : -1;
  if (elapsed_ms < 0) return { window: null, elapsed_ms: null };
  return { window: window.id, elapsed_ms };
}

// A correction is a new item that supersedes the old one; nothing is ever changed in place.
export function corrected(item, author, changes) {
  return { ...item, id: newId(), supersedes: item.id, author, ...clocks(), ...changes };
}

function rememberTap(state, entry) {
  state.recent = state.recent.filter((old) => old.first !== entry.first);
  state.recent = [...state.recent, entry].slice(-REMEMBERED);
}

// Put a new version of an entry, or nothing, in its place: among the recent taps, among the open
// states, and where a later tap remembers that it switched this one off (`heirs` come there).
function revise(state, first, noted, heirs = noted ? [noted] : []) {
  const swapped = (entry, others) => (entry.first === first ? others : [entry]);
  const within = (entry) => ({ ...entry, closed: (entry.closed ?? []).flatMap((one) => swapped(one, heirs)) });
  state.recent = state.recent.flatMap((old) => swapped(old, noted ? [noted] : [])).map(within);
  for (const [key, open] of Object.entries(state.states)) {
    const [left] = swapped(open, noted ? [noted] : []);
    if (left) state.states[key] = within(left);
    else delete state.states[key];
  }
}

// End an open state. The entry does not become a tap of its own: nobody tapped it off.
function close(state, entry, at_ms, author, changes) {
  const offset_ms = Math.max(at_ms, entry.item.onset_ms);
  const noted = { ...entry, item: corrected(entry.item, author, { ...changes, offset_ms }) };
  revise(state, entry.first, noted);
  delete state.states[keyOf(entry)];
  return noted;
}

// Everything that still goes on ends here, because the watching does.
export function closeAll(state, at_ms, author, reason) {
  return Object.values(state.states).map((entry) => close(state, entry, at_ms, author, { reason }).item);
}

// An observer's tap comes a little after what was seen: that delay is taken off, but nothing is put
// before the watching began. The device's clock (`wall_ms`) stays as it was read.
function seenAt({ session }, { window }, tapped_ms) {
  return session && window ? Math.max(window.started_ms, tapped_ms - session.delay_ms) : tapped_ms;
}

// A press of a button. `on` says, for a state, what the person saw: null for a point event. `ends`
// are the states that cannot go on beside it: they end at the same instant.
export function tap({ board, button, child, caregiver, onset_ms, on, ends = [] }) {
  const id = newId();
  const taken = clocks();
  return (state) => {
    if (board.session && !state.window) return null; // an observer's moments belong to a watched part
    const open = openState(state, child, button.code);
    if (on !== null && on === Boolean(open)) return null; // another tab was first
    const seen_ms = seenAt(board, state, onset_ms);
    if (open) {
      const { item } = close(state, open, seen_ms, board.member, { ...taken, id, reason: "ended" });
      rememberTap(state, { ...open, item, ended: true, at_ms: item.offset_ms });
      return item;
    }
    const others = ends.map((code) => openState(state, child, code)).filter(Boolean);
    const began_ms = Math.max(seen_ms, ...others.map((other) => other.item.onset_ms));
    const item = {
      type: "event", id, family: board.family, child,
      ...placed(state.window, child, began_ms),
      instrument: board.instrument, actor: button.actor, code: button.code,
      onset_ms: began_ms, offset_ms: null, ...zoneAt(began_ms), ...taken, time_quality: "tapped",
      caregiver: button.actor === "caregiver" ? caregiver : null,
      author: board.member, device: null, ordinal: null,
      supersedes: null, void: false, reason: null, modifiers: {},
    };
    const closed = others.map((other) => close(state, other, began_ms, board.member, { reason: "switched" }));
    const entry = { first: id, item, ended: false, at_ms: began_ms, began_ms,
      window: item.window, elapsed_ms: item.elapsed_ms, ends, closed };
    rememberTap(state, entry);
    if (on) state.states[keyOf(entry)] = entry;
    return [item, ...closed.map((other) => other.item)];
  };
}

const find = (state, first) => state.recent.find((entry) => entry.first === first);

function noteCorrection(state, entry, item, changes = {}) {
  const noted = { ...entry, item, ...changes };
  const comesOn = entry.item.offset_ms !== null && item.offset_ms === null;
  revise(state, entry.first, noted);
  if (comesOn) state.states[keyOf(noted)] = noted;
  return item;
}

// The open state that cannot go on beside this one, if there is one.
function beside(state, entry) {
  const { child, code } = entry.item;
  return Object.values(state.states).find((open) => open.item.child === child
    && ((open.ends ?? []).includes(code) || (entry.ends ?? []).includes(open.item.code)));
}

// How long a state lasts when its end is taken back: it goes on (null), unless the part of the visit
// that it belongs to is over, or another state has begun that cannot go on beside it.
function lastsUntil(state, entry) {
  if (state.sitting === null) return null;
  const part = state.parts.find((one) => one.window === entry.item.window);
  if (part && part.window !== state.window?.id) return Math.max(part.ended_ms ?? 0, entry.item.onset_ms);
  const other = beside(state, entry);
  return other ? Math.max(other.item.onset_ms, entry.item.onset_ms) : null;
}

function takeBackEnd(state, entry, author) {
  const other = beside(state, entry);
  const offset_ms = lastsUntil(state, entry);
  const item = corrected(entry.item, author, { offset_ms, reason: "undo" });
  noteCorrection(state, entry, item, { ended: false, at_ms: entry.began_ms });
  if (offset_ms !== null && other) {
    const closed = [...(other.closed ?? []), find(state, entry.first)];
    revise(state, other.first, { ...other, closed });
  }
  return item;
}

// Undo. Taking back the end of a state leaves the state on; anything else becomes void, and what it
// had switched off goes on: until now, or for as long as this one lasted.
export function undo(first, author) {
  return (state) => {
    const entry = find(state, first);
    if (!entry) return null;
    if (entry.ended && !state.states[keyOf(entry)]) return takeBackEnd(state, entry, author);
    const wasOn = state.states[keyOf(entry)]?.first === first;
    const taken = corrected(entry.item, author, { void: true, reason: "undo" });
    const closed = entry.closed ?? [];
    revise(state, first, null, closed);
    const again = closed.filter((other) => !state.states[keyOf(other)]).map((other) => {
      const offset_ms = wasOn ? lastsUntil(state, other) : entry.item.offset_ms;
      return noteCorrection(state, other, corrected(other.item, author, { offset_ms, reason: "undo" }));
    });
    return [taken, ...again];
  };
}

// "It happened earlier", counted from the tap. A moment from before the window began was not
// watched, so it leaves the window; for a state that was switched off, its end moves. In a visit the
// step is a matter of seconds, and a moment stays in its part: it moves to its start at most.
export function earlier(first, by_ms, author) {
  return (state) => {
    const entry = find(state, first);
    if (!entry) return null;
    const moved_ms = entry.at_ms - by_ms;
    const changes = { time_quality: "adjusted", reason: "happened earlier" };
    if (entry.ended) {
      changes.offset_ms = Math.max(entry.item.onset_ms, moved_ms);
    } else {
      const onset_ms = state.sitting === null ? moved_ms : Math.max(moved_ms, earliest(state, entry));
      const elapsed_ms = entry.window === null ? -1 : entry.elapsed_ms - (entry.at_ms - onset_ms);
      Object.assign(changes, { onset_ms, ...zoneAt(onset_ms) });
      const outside = { window: null, elapsed_ms: null };
      Object.assign(changes, elapsed_ms < 0 ? outside : { window: entry.window, elapsed_ms });
    }
    const item = noteCorrection(state, entry, corrected(entry.item, author, changes));
    return [item, ...(entry.ended ? [] : moveEnds(state, entry, item, author))];
  };
}

// What a tap switched off ends where that tap now begins.
function moveEnds(state, entry, { onset_ms }, author) {
  const tied = (entry.closed ?? []).filter((other) => other.item.offset_ms === entry.item.onset_ms);
  return tied.map((other) => noteCorrection(state, other,
    corrected(other.item, author, { offset_ms: onset_ms, reason: "happened earlier" })));
}

// The start of its part, and of what it switched off; the end of what had stopped before it.
function earliest(state, entry) {
  const closed = entry.closed ?? [];
  const before = state.recent.filter((old) => (entry.ends ?? []).includes(old.item.code)
    && old.item.offset_ms !== null && old.item.offset_ms <= entry.at_ms
    && !closed.some((one) => one.first === old.first));
  return Math.max(entry.at_ms - entry.elapsed_ms, ...closed.map((one) => one.item.onset_ms),
    ...before.map((old) => old.item.offset_ms));
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

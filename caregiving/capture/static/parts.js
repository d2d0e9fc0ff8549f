// The watching of an observer's visit comes in parts: each pause, and each episode of a procedure,
// ends one window and the next one begins; all carry the visit's `sitting`. Here the items of parts
// are made, like those of moments: every function answers a `build(state)` for the outbox.
import { clocks, zoneAt } from "./clock.js";
import { newId } from "./ids.js";
import { closeAll } from "./moments.js";

// When a part ended; one that nobody ended here, at the last moment known of it.
const endOf = (part) => part.ended_ms ?? Math.max(part.started_ms, part.last_ms ?? 0);

// How long was watched until `now_ms`, in all parts or in those of one episode. Only the part that
// goes on here (`running`) counts up to now.
export function watchedMs(state, now_ms, episode = null) {
  return state.parts
    .filter((part) => episode === null || part.episode === episode)
    .map((part) => (part.window === state.window?.id ? now_ms : Math.min(endOf(part), now_ms)) - part.started_ms)
    .reduce((sum, ms) => sum + Math.max(0, ms), 0);
}

// How far the visit has come: planned, running, paused, finished or discarded.
export function stage(state) {
  if (state.window) return "running";
  const last = state.parts.at(-1);
  if (!last) return "planned";
  if (state.parts.every((part) => part.attestation === "discarded")) return "discarded";
  return last.attestation === null || last.attestation === "paused" ? "paused" : "finished";
}

// The last moment at which a tap shows that somebody was watching this part.
export function lastTapMs(state, window) {
  const taps = state.recent.filter((entry) => entry.item.window === window.id).map((entry) => entry.at_ms);
  const known = state.parts.find((part) => part.window === window.id)?.last_ms ?? 0;
  return Math.max(window.started_ms, known, ...taps);
}

function begin(state, { board, episode, started_ms }, taken) {
  const id = newId();
  const { zone, utc_offset_min } = zoneAt(started_ms);
  const [child] = board.children;
  const { sitting, context } = board.session;
  state.window = { id, child: child.id, context, started_ms, zone, episode, adopted: false };
  state.parts = [...state.parts, { window: id, started_ms, ended_ms: null, attestation: null, episode }];
  return {
    type: "window_start", id, family: board.family, child: child.id, mode: "session", context,
    instrument: board.instrument, started_ms, zone, utc_offset_min, sitting, episode, ...taken,
    author: board.member, device: null, ordinal: null,
  };
}

function ended(state, { board, part, ended_ms, attestation }, taken) {
  const changes = { ended_ms: Math.max(ended_ms, part.started_ms), attestation };
  state.parts = state.parts.map((one) => (one.window === part.window ? { ...one, ...changes } : one));
  return {
    type: "window_end", id: newId(), family: board.family, window: part.window,
    elapsed_ms: changes.ended_ms - part.started_ms, ...changes, ...taken,
    author: board.member, device: null, ordinal: null,
  };
}

// The part that goes on ends here, with everything that still goes on in it.
function halt(state, { board, ended_ms }, taken) {
  const part = state.parts.find((one) => one.window === state.window.id);
  const closed = closeAll(state, ended_ms, board.member, "paused");
  state.window = null;
  return [...closed, ended(state, { board, part, ended_ms, attestation: "paused" }, taken)];
}

export function startPart({ board, episode, started_ms }) {
  const taken = clocks();
  return (state) => {
    if (!["planned", "paused"].includes(stage(state))) return null;
    return begin(state, { board, episode, started_ms }, taken);
  };
}

export function pausePart({ board, window, ended_ms }) {
  const taken = clocks();
  return (state) => (state.window?.id === window.id ? halt(state, { board, ended_ms }, taken) : null);
}

// One part ends and the next one begins: at the same instant for the next episode of a procedure,
// later after an interruption, when the time in between was not watched.
export function nextPart({ board, window, ended_ms, started_ms, episode }) {
  const taken = clocks();
  return (state) => {
    if (state.window?.id !== window.id) return null;
    const closed = halt(state, { board, ended_ms }, taken);
    const gone = state.parts.find((part) => part.window === window.id);
    return [...closed, begin(state, { board, episode, started_ms: Math.max(started_ms, gone.ended_ms) }, taken)];
  };
}

// The end of the visit: what is said of it is said of every part.
export function endVisit({ board, ended_ms, attestation }) {
  const taken = clocks();
  return (state) => {
    if (!["running", "paused"].includes(stage(state))) return null;
    const running = state.window?.id;
    const closed = closeAll(state, ended_ms, board.member, "ended");
    state.window = null;
    const ends = state.parts.map((part) => ended(state,
      { board, part, ended_ms: part.window === running ? ended_ms : endOf(part), attestation }, taken));
    return [...closed, ...ends];
  };
}

// Parts that the server knows and this tablet does not: from another tablet, or from before its
// storage was cleared. What this tablet knows of its own parts is newer than any board.
export function adoptParts({ board }) {
  return (state) => {
    for (const part of board.session.parts) {
      const known = state.parts.find((one) => one.window === part.window);
      if (!known) state.parts = [...state.parts, { ...part, adopted: true }];
      else if (known.adopted && known.ended_ms === null && part.ended_ms !== null) Object.assign(known, part);
    }
    state.parts.sort((one, other) => one.started_ms - other.started_ms);
    const gone = state.parts.find((part) => part.window === state.window?.id);
    if (gone && gone.ended_ms !== null) Object.assign(state, { window: null, states: {} });
    const last = state.parts.at(-1);
    if (state.window === null && last?.adopted && last.ended_ms === null) goOnWith(state, board, last);
    return null;
  };
}

function goOnWith(state, board, part) {
  const [child] = board.children;
  const { zone } = zoneAt(part.started_ms);
  const { started_ms, episode } = part;
  const { context } = board.session;
  state.window = { id: part.window, child: child.id, context, started_ms, zone, episode, adopted: true };
  state.states = {};
  for (const item of board.session.open) {
    const entry = { first: item.id, item, ended: false, at_ms: item.onset_ms, began_ms: item.onset_ms,
      window: item.window, elapsed_ms: item.elapsed_ms, ends: [], closed: [] };
    state.states[`${child.id} ${item.code}`] = entry;
    state.recent = [...state.recent, entry];
  }
}

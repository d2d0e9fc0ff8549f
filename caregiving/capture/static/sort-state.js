// The sort itself: where each card lies, and the moves that change it. Every change is one move with a
// number of its own; of two layouts the one with more moves is the newer.
import { newId } from "./ids.js";
import { dropKept, fetchKept, putMove, putOver } from "./sort-shelf.js";

// A state is what is kept on the tablet: the layout, and `past` (for undo), `sent` (the moves that the
// server has), `finishing`, `apart` (why the server does not take this sort) and `instead_of` (the sort
// that this one takes the place of).

const MOST_UNDO = 200;

// `writing`: how many moves are on their way to the disk; `durable`: whether the last one got there.
export const sort = { seen: null, state: null, writing: 0, durable: true };

const listeners = [];
export const onChange = (draw) => listeners.push(draw);
export const changed = (why) => listeners.forEach((draw) => draw(why));

export const cardsOf = () => Array.from({ length: sort.seen.cards }, (_, i) => i + 1);
export const keyOf = (seen) => `${seen.member}/${seen.child.id}`;

function fresh(seen) {
  const none = Object.fromEntries(Array.from({ length: seen.cards }, (_, i) => [String(i + 1), 0]));
  const about = { rater: seen.member_alias, certified: null, minutes: "", shared: false };
  const start = { thirds: { ...none }, piles: { ...none }, stage: "thirds", moves: 0, began_ms: 0, about };
  const own = { past: [], sent: 0, finishing: false, apart: null, instead_of: null };
  return { key: keyOf(seen), id: newId(), ...start, ...own };
}

// What of a state travels to the server.
export function layoutOf({ id, thirds, piles, stage, moves, began_ms, about }) {
  return { id, thirds, piles, stage, moves, began_ms, about };
}

const same = (one, other) => JSON.stringify(layoutOf(one)) === JSON.stringify(layoutOf(other));

function adopted(layout, old) {
  const past = old && old.id === layout.id && same(old, layout) ? old.past : [];
  return { ...fresh(sort.seen), ...layout, past, sent: layout.moves };
}

// Choose between what the tablet kept and what the server has. A sort on the tablet that the server once
// had in full, and has no more, was finished or discarded elsewhere. One with a move that the server does
// not have stays: the server is asked about it, and the person.
function chosen(mine, theirs) {
  if (!mine) return theirs ? adopted(theirs, null) : fresh(sort.seen);
  if (theirs?.id === mine.id) {
    return mine.moves > theirs.moves ? { ...mine, sent: theirs.moves } : adopted(theirs, mine);
  }
  if (mine.moves > mine.sent || mine.finishing || mine.apart) return mine;
  return theirs ? adopted(theirs, null) : fresh(sort.seen);
}

// `asked`: the server was. Without it, what the tablet kept is all there is.
export async function begin(seen, { asked = true } = {}) {
  sort.seen = seen;
  const kept = await fetchKept(keyOf(seen));
  const open = sort.state?.key === keyOf(seen) && sort.state.moves > (kept?.moves ?? 0) ? sort.state : null;
  const mine = open ?? kept;
  sort.state = asked ? chosen(mine, seen.draft) : mine ?? fresh(seen);
  if (!asked || sort.state === mine) return;
  if (sort.state.id === mine?.id) await putMove(sort.state).catch(() => {}); // another tab may be ahead
  else if (sort.state.moves) await putOver(sort.state);
  else if (mine) await dropKept(mine.key);
}

// The server says that this sort has ended, or that another one is kept there. What lies here stays.
export async function standApart({ ended, other }) {
  const apart = ended ?? { how: "other", at_ms: null, other };
  sort.state = { ...sort.state, apart, finishing: false };
  await putOver(sort.state); // first: a page that is loaded again now says the same
  changed("apart");
}

// Go on with these cards: as a new sort, or in the place of the other one that was begun.
export async function startAnew() {
  const { apart, stage, moves } = sort.state;
  const next = { ...sort.state, apart: null, moves: moves + 1, stage: stage === "finish" ? "board" : stage };
  if (apart.how === "other") next.instead_of = apart.other.id;
  else Object.assign(next, { id: newId(), instead_of: null, sent: 0, began_ms: Date.now() });
  sort.state = next;
  changed("begin");
  await putOver(next);
  dispatchEvent(new CustomEvent("caregiving:moved"));
}

// Give these cards up, and begin with what there is then.
export async function letGo() {
  const { key, apart } = sort.state;
  if (apart.other) await putOver(adopted(apart.other, null));
  else await dropKept(key);
  location.reload();
}

// How many cards lie somewhere: in the nine piles, or before that in the first three.
export function progressOf({ thirds, piles }) {
  const laid = (cards) => Object.values(cards).filter(Boolean).length;
  return laid(piles) || laid(thirds);
}

// Make a move: it is drawn at once, then written on the tablet, then sent.
export async function move(change, { undoable = null } = {}) {
  const next = structuredClone(sort.state);
  change(next);
  next.moves += 1;
  next.began_ms ||= Date.now();
  if (undoable) next.past = [...next.past, undoable].slice(-MOST_UNDO);
  sort.state = next;
  sort.writing += 1;
  changed("move");
  try {
    const newer = await putMove(next);
    sort.durable = true;
    if (newer && sort.state.moves <= newer.moves) take(newer);
  } catch (error) {
    console.warn("This move could not be written on the tablet.", error);
    sort.durable = false;
  }
  sort.writing -= 1;
  changed("link");
  dispatchEvent(new CustomEvent("caregiving:moved"));
}

function take(newer) {
  sort.state = newer;
  changed("elsewhere");
}

// The server has a newer layout than this page: another device went on with it.
export function adopt(layout) {
  if (layout.moves < sort.state.moves || same(layout, sort.state)) return;
  const state = adopted(layout, null);
  putOver(state);
  take(state);
}

// Another tab of this tablet may have gone on while this one was out of sight.
export async function lookAgain() {
  if (!sort.state) return;
  const kept = await fetchKept(sort.state.key);
  if (kept && kept.moves > sort.state.moves) take(kept);
}

// Lay cards somewhere; `field` is "thirds" or "piles".
export function lay(field, cards, where) {
  const before = Object.fromEntries(cards.map((card) => [card, sort.state[field][card]]));
  if (cards.every((card) => before[card] === where)) return null;
  return move((next) => cards.forEach((card) => (next[field][card] = where)), { undoable: { field, before } });
}

export const canUndo = () => sort.state.past.length > 0 && sort.state.stage !== "finish" && !sort.state.apart;

export function undo() {
  const last = sort.state.past.at(-1);
  if (!last) return null;
  move((next) => {
    next.past.pop();
    Object.assign(next[last.field], last.before);
    if (last.field === "thirds") next.stage = "thirds";
  });
  return last;
}

export const goTo = (stage) => move((next) => (next.stage = stage));

// Counts of the piles, and what is still open, as [[pile, how many too many], ...].
export function sizes() {
  const found = sort.seen.piles.map(() => 0);
  for (const pile of Object.values(sort.state.piles)) if (pile) found[pile - 1] += 1;
  return found;
}

export const notLaid = () => cardsOf().filter((card) => !sort.state.piles[card]);
export const notParted = () => cardsOf().filter((card) => !sort.state.thirds[card]);
export const overfull = () =>
  sizes().map((n, i) => [i + 1, n - sort.seen.piles[i]]).filter(([, over]) => over > 0);

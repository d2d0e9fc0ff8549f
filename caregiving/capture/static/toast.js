// The line about the last tap: what was tapped, "Undo", and "it happened earlier". Its place is
// always reserved, so nothing moves under the finger.
import { instant } from "./clock.js";
import { earlier, undo } from "./moments.js";
import { current } from "./outbox.js";
import { onChange, record, session } from "./session.js";
import { clockTime, strings, write } from "./strings.js";

const JUST_NOW_MS = 60_000;
const TOGETHER_MS = 10_000; // the same button again within this time is counted in the line

const line = document.getElementById("toast");
const word = document.getElementById("toast-word");
const when = document.getElementById("toast-when");

let target = null; // `first` of the tap that Undo and the chips are about
let quiet = false; // something is on the line that a redraw must leave alone
let run = { code: null, child: null, n: 0, at: 0 };

export const labelOf = (code) =>
  session.board?.buttons.find((spec) => spec.code === code)?.label ?? strings.unknown_moment;

const nameOf = (entry) => (entry.ended ? strings.ended(labelOf(entry.item.code)) : labelOf(entry.item.code));

function say(text, time, { trouble = false, correct = true } = {}) {
  write(word, text);
  write(when, time);
  line.classList.toggle("trouble", trouble);
  line.classList.toggle("can-correct", correct);
  for (const button of line.querySelectorAll("#undo, #earlier button")) button.disabled = !correct;
}

function mark(minutes) {
  for (const chip of line.querySelectorAll("[data-minutes]")) {
    chip.setAttribute("aria-pressed", String(chip.dataset.minutes === String(minutes)));
  }
}

// Called inside the press itself, before anything is written: this is part of the instant answer.
export function showTap(spec, on) {
  const now = performance.now();
  const again = run.code === spec.code && run.child === session.child && now - run.at < TOGETHER_MS;
  run = { code: spec.code, child: session.child, n: again && on === null ? run.n + 1 : 1, at: now };
  const label = on === false ? strings.ended(spec.label) : spec.label;
  mark(0);
  target = null; // known when it is written
  quiet = true;
  say(run.n > 1 ? strings.times(label, run.n) : label, strings.just_now);
}

export function showFailure() {
  quiet = true;
  say(strings.could_not_save, "", { trouble: true, correct: false });
}

async function theTarget() {
  if (target) return target;
  const saved = await showTap.saving;
  const { recent } = current();
  return (recent.findLast((one) => one.item.id === saved?.item?.id) ?? recent.at(-1))?.first;
}

export async function takeBack(first) {
  const entry = current().recent.find((one) => one.first === first);
  const { item } = await record(undo(first, session.board.member));
  if (!item || !entry) return;
  run = { code: null, child: null, n: 0, at: performance.now() };
  target = null;
  showTap.saving = null;
  mark(0);
  quiet = true;
  say(strings.taken_back(nameOf(entry)), "", { correct: false });
}

async function moveEarlier(minutes) {
  const first = await theTarget();
  if (!first) return;
  const { item } = await record(earlier(first, minutes, session.board.member));
  if (!item) return;
  target = first;
  mark(minutes);
  quiet = true;
  say(nameOf(current().recent.find((one) => one.first === first)), strings.minutes_ago(minutes));
}

// After a reload, in another tab, and once "just now" is no longer true.
function refresh() {
  const entry = current().recent.findLast((one) => target === null || one.first === target);
  const fresh = performance.now() - run.at < JUST_NOW_MS && run.at > 0;
  if (quiet && fresh) return;
  quiet = false;
  if (!entry) return say("", strings.hint, { correct: false });
  const at = entry.ended ? entry.item.offset_ms : entry.item.onset_ms;
  const old = instant() - at > JUST_NOW_MS;
  say(nameOf(entry), old ? strings.at(clockTime(at)) : strings.just_now);
}

export function startToast() {
  document.getElementById("undo").addEventListener("click", async () => {
    const first = await theTarget();
    if (first) takeBack(first);
  });
  for (const chip of line.querySelectorAll("[data-minutes]")) {
    chip.textContent = strings.minutes_ago(Number(chip.dataset.minutes));
    chip.addEventListener("click", () => moveEarlier(Number(chip.dataset.minutes)));
  }
  onChange(refresh);
  setInterval(refresh, 5000);
}

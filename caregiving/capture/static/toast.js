// The line about the last tap: what was tapped, "Undo", and "it happened earlier". Its place is
// always reserved, so nothing moves under the finger.
import { instant } from "./clock.js";
import { earlier, undo } from "./moments.js";
import { current } from "./outbox.js";
import { onChange, record, session } from "./session.js";
import { strings, write } from "./strings.js";
import { timeOf } from "./when.js";

const JUST_NOW_MS = 60_000;
const TOGETHER_MS = 10_000; // the same button again within this time is counted in the line
const HINT_MS = 3000;
const MINUTE_MS = 60_000;
// How much earlier: a parent counts in minutes, an observer of a visit in seconds.
const STEPS_MS = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS];
const VISIT_STEPS_MS = [2000, 5000, 10_000];

const line = document.getElementById("toast");
const word = document.getElementById("toast-word");
const when = document.getElementById("toast-when");

let target = null; // `first` of the tap that Undo and the chips are about
let quiet = false; // something is on the line that a redraw must leave alone
let hinted = -Infinity; // when the line last said why a tap was not taken
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

const stepsMs = () => (session.board?.session ? VISIT_STEPS_MS : STEPS_MS);
const stepText = (ms) => (ms < MINUTE_MS ? strings.seconds_earlier(ms / 1000) : strings.minutes_ago(ms / MINUTE_MS));

function drawSteps() {
  const group = document.getElementById("earlier");
  group.setAttribute("aria-label", session.board?.session ? strings.it_was_earlier_s : strings.it_was_earlier);
  for (const chip of line.querySelectorAll("[data-step]")) write(chip, stepText(stepsMs()[chip.dataset.step]));
}

function mark(step) {
  for (const chip of line.querySelectorAll("[data-step]")) {
    chip.setAttribute("aria-pressed", String(chip.dataset.step === step));
  }
}

// Why a tap was not taken, for a moment.
export function showHint(text) {
  hinted = performance.now();
  say(text, "", { correct: false });
}

// Called inside the press itself, before anything is written: this is part of the instant answer.
export function showTap(spec, on) {
  const now = performance.now();
  const again = run.code === spec.code && run.child === session.child && now - run.at < TOGETHER_MS;
  run = { code: spec.code, child: session.child, n: again && on === null ? run.n + 1 : 1, at: now };
  const label = on === false ? strings.ended(spec.label) : spec.label;
  mark(null);
  hinted = -Infinity;
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
  mark(null);
  quiet = true;
  say(strings.taken_back(nameOf(entry)), "", { correct: false });
}

async function moveEarlier(step) {
  const first = await theTarget();
  const by_ms = stepsMs()[step];
  if (!first) return;
  const { item } = await record(earlier(first, by_ms, session.board.member));
  if (!item) return;
  target = first;
  mark(step);
  quiet = true;
  say(nameOf(current().recent.find((one) => one.first === first)), stepText(by_ms));
}

// After a reload, in another tab, and once "just now" is no longer true.
function refresh() {
  if (performance.now() - hinted < HINT_MS) return;
  quiet &&= hinted === -Infinity;
  hinted = -Infinity;
  const entry = current().recent.findLast((one) => target === null || one.first === target);
  const fresh = performance.now() - run.at < JUST_NOW_MS && run.at > 0;
  if (quiet && fresh) return;
  quiet = false;
  if (!entry) return say("", strings.hint, { correct: false });
  const at = entry.ended ? entry.item.offset_ms : entry.item.onset_ms;
  const old = instant() - at > JUST_NOW_MS;
  say(nameOf(entry), old ? strings.at(timeOf(at)) : strings.just_now);
}

export function startToast() {
  document.getElementById("undo").addEventListener("click", async () => {
    const first = await theTarget();
    if (first) takeBack(first);
  });
  for (const chip of line.querySelectorAll("[data-step]")) {
    chip.addEventListener("click", () => moveEarlier(chip.dataset.step));
  }
  drawSteps();
  onChange(drawSteps);
  onChange(refresh);
  setInterval(refresh, 5000);
}

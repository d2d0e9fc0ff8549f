// The watched window: when somebody is really looking. Without it nobody can say how soon an answer
// came, so starting takes one tap and ending asks one question.
import { anchorNow, instant, measureSkew } from "./clock.js";
import { endWindow, startWindow } from "./moments.js";
import { current } from "./outbox.js";
import { aliasOf, onChange, record, session } from "./session.js";
import { clockTime, elapsedTime, strings, write } from "./strings.js";

const LONG_MS = 60 * 60_000;
const DOUBLE_TAP_MS = 700; // "End" lies where "Start" was: the second half of a double tap is not meant

const by = (id) => document.getElementById(id);
const sheet = by("end-sheet");

let context = null;
let ending = null; // {window, ended_ms} while the question is open
let changedOver = -Infinity;

function drawContexts() {
  for (const chip of document.querySelectorAll("#contexts [data-context]")) {
    chip.setAttribute("aria-pressed", String(chip.dataset.context === context));
  }
}

function tick() {
  const { window } = current();
  if (window) write(by("elapsed"), elapsedTime(instant() - window.started_ms));
}

function hint(window) {
  if (window.child !== session.child) return strings.other_child(aliasOf(session.child));
  return instant() - window.started_ms > LONG_MS ? strings.long_watch : strings.watched_hint;
}

function draw() {
  const { window } = current();
  by("watch").dataset.watching = String(Boolean(window));
  by("not-watching").hidden = Boolean(window);
  by("watching").hidden = !window;
  const invite = asked() ? strings.look_hint : strings.start_hint;
  write(by("start-hint"), invite(aliasOf(session.child)));
  if (!window) return;
  const facts = [strings.contexts[window.context], strings.since(clockTime(window.started_ms))];
  write(by("watched"), strings.watching(aliasOf(window.child)));
  write(by("watched-facts"), facts.filter(Boolean).join(", "));
  write(by("watching-hint"), hint(window));
  tick();
}

// Today asked for a short look: such a window is counted apart from those one starts oneself.
const asked = () => new URLSearchParams(location.search).has("look");

async function start() {
  if (performance.now() - changedOver < DOUBLE_TAP_MS) return;
  changedOver = performance.now();
  anchorNow(); // one anchor a window
  const { board, child } = session;
  const begin = startWindow({ board, child, context, started_ms: instant(), mode: asked() ? "prompt" : "live" });
  if (asked()) history.replaceState(null, "", location.pathname); // the next start is one's own again
  context = null;
  drawContexts();
  await record(begin);
  measureSkew().catch(() => {}); // offline: the skew stays what it was
}

function ask() {
  if (performance.now() - changedOver < DOUBLE_TAP_MS) return;
  // The watching ended when "End" was pressed, not when the question was answered.
  ending = { window: current().window, ended_ms: instant() };
  sheet.showModal();
}

async function end(attestation) {
  changedOver = performance.now();
  sheet.close();
  await record(endWindow({ board: session.board, ...ending, attestation }));
}

export function startWatch() {
  by("start").addEventListener("click", start);
  by("end").addEventListener("click", ask);
  by("keep-watching").addEventListener("click", () => sheet.close());
  for (const button of sheet.querySelectorAll("[data-attest]")) {
    button.textContent = strings.attest[button.dataset.attest];
    button.addEventListener("click", () => end(button.dataset.attest));
  }
  for (const chip of document.querySelectorAll("#contexts [data-context]")) {
    chip.textContent = strings.contexts[chip.dataset.context];
    chip.addEventListener("click", () => {
      context = context === chip.dataset.context ? null : chip.dataset.context;
      drawContexts();
    });
  }
  drawContexts();
  onChange(draw);
  setInterval(tick, 500);
}

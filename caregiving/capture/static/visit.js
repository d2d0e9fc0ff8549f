// An observer's visit: start, pause, go on and end it, and how long was watched. Its items are made
// in parts.js; what happens after an interruption stands in alive.js.
import { anchorNow, instant, measureSkew, notBefore } from "./clock.js";
import { current } from "./outbox.js";
import { endVisit, pausePart, stage, startPart, watchedMs } from "./parts.js";
import { aliasOf, onChange, record, session } from "./session.js";
import { elapsedTime, strings, write } from "./strings.js";

const DOUBLE_TAP_MS = 700; // "Pause" lies where "Start" was: the second half of a double tap is not meant
const MINUTE_MS = 60_000;

const by = (id) => document.getElementById(id);
const endSheet = by("visit-end-sheet");
const discardSheet = by("discard-sheet");

let ending = null; // {ended_ms, back} while the question is open
let changedOver = -Infinity;

const visit = () => session.board?.session ?? null;
export const episodeNow = (state) => state.parts.at(-1)?.episode ?? 1;

function facts() {
  const { context, from_recording, codes_again } = visit();
  const how = [from_recording && strings.from_recording, codes_again && strings.coded_again];
  return [strings.contexts[context], ...how].filter(Boolean).join(", ");
}

function hint(now, watched_ms) {
  const { minutes, delay_ms, procedure } = visit();
  if (now === "planned") return strings.visit_planned(aliasOf(session.child));
  if (now === "paused") return procedure ? strings.procedure_paused : strings.visit_paused;
  if (minutes && watched_ms >= minutes * MINUTE_MS) return strings.time_is_up(minutes);
  if (procedure) return strings.procedure_hint;
  return delay_ms ? strings.delay_taken_off(delay_ms / 1000) : strings.visit_hint;
}

function tick() {
  if (!visit()) return;
  const state = current();
  const watched_ms = watchedMs(state, instant());
  write(by("visit-elapsed"), elapsedTime(watched_ms));
  write(by("visit-hint"), hint(stage(state), watched_ms));
}

function draw() {
  const now = visit() ? stage(current()) : "";
  by("watch").hidden = Boolean(visit());
  by("visit").hidden = !visit();
  by("page").dataset.stage = now;
  by("page").dataset.course = visit() ? (visit().procedure ? "episodes" : "moments") : "";
  if (!visit()) return;
  const { minutes, procedure } = visit();
  write(by("visit-title"), session.board.title);
  write(by("visit-facts"), facts());
  write(by("visit-planned"), minutes ? strings.of_minutes(minutes) : "");
  by("visit-start").hidden = now === "running";
  by("visit-pause").hidden = now !== "running";
  by("visit-end").hidden = now === "planned";
  const begin = procedure ? strings.start_procedure : strings.visit_start;
  write(by("visit-start"), now === "paused" ? strings.visit_go_on : begin);
  tick();
}

function twice() {
  const again = performance.now() - changedOver < DOUBLE_TAP_MS;
  changedOver = again ? changedOver : performance.now();
  return again;
}

async function start() {
  if (twice()) return;
  anchorNow(); // one anchor a part
  notBefore(current().parts.at(-1)?.ended_ms ?? 0);
  const { board } = session;
  const episode = visit().procedure ? episodeNow(current()) : null;
  await record(startPart({ board, episode, started_ms: instant() }));
  measureSkew().catch(() => {}); // offline: the skew stays what it was
}

async function pause() {
  const { window } = current();
  if (twice() || !window) return;
  await record(pausePart({ board: session.board, window, ended_ms: instant() }));
}

// Ask how complete it is. The watching ended when "End" was pressed, not when the question was
// answered; `back` is what to do when it is not to be ended after all.
export function askEnd({ ended_ms, back = () => {} }) {
  ending = { ended_ms, back };
  const question = visit().procedure ? strings.procedure_end_question : strings.visit_end_question;
  write(by("visit-end-question"), question);
  endSheet.showModal();
}

export function askDiscard({ ended_ms, back }) {
  ending = { ended_ms, back };
  discardSheet.showModal();
}

function keepOn(sheet) {
  sheet.close();
  const { back } = ending;
  ending = null;
  back();
}

async function end(sheet, attestation) {
  const { ended_ms } = ending;
  ending = null;
  changedOver = performance.now();
  sheet.close();
  await record(endVisit({ board: session.board, ended_ms, attestation }));
}

function startEndSheet() {
  by("visit-end").addEventListener("click", () => twice() || askEnd({ ended_ms: instant() }));
  for (const button of endSheet.querySelectorAll("[data-attest]")) {
    button.textContent = strings.visit_attest[button.dataset.attest];
    button.addEventListener("click", () => end(endSheet, button.dataset.attest));
  }
  by("visit-keep").addEventListener("click", () => keepOn(endSheet));
  by("visit-discard").addEventListener("click", () => {
    endSheet.close();
    const { ended_ms, back } = ending;
    askDiscard({ ended_ms, back: () => askEnd({ ended_ms, back }) });
  });
  by("discard-yes").addEventListener("click", () => end(discardSheet, "discarded"));
  by("discard-no").addEventListener("click", () => keepOn(discardSheet));
  for (const sheet of [endSheet, discardSheet]) {
    sheet.addEventListener("cancel", (event) => {
      event.preventDefault();
      keepOn(sheet);
    });
  }
}

export function startVisit() {
  by("visit-start").addEventListener("click", start);
  by("visit-pause").addEventListener("click", pause);
  startEndSheet();
  onChange(draw);
  setInterval(tick, 500);
}

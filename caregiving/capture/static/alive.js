// After an interruption: was the time in between watched? While a part of a visit goes on, this
// tablet keeps every few seconds that somebody is here. When the page comes back after more than a
// short absence, it asks; nothing is decided for the observer.
import { anchorNow, instant, notBefore } from "./clock.js";
import { current } from "./outbox.js";
import { lastTapMs, nextPart } from "./parts.js";
import { onChange, record, session } from "./session.js";
import { clockTime, strings, write } from "./strings.js";
import { keep, recall } from "./tablet.js";
import { askDiscard, askEnd } from "./visit.js";

const BEAT_MS = 5000;
const SHORT_MS = 20_000; // a shorter absence goes on without a question

const by = (id) => document.getElementById(id);
const sheet = by("resume-sheet");

let alive = null; // {window, ms}: when somebody was last here, in this part
let asking = null; // {window, last_ms, open} until the question is answered
let looked = null; // the part that was looked at; before that there is no sign of life in it
let looking = false;

const part = () => (session.board?.session ? current().window : null);

function note(window) {
  looked = window.id;
  alive = { window: window.id, ms: instant() };
  keep("alive", alive);
}

// A sign of life; none while the question is open, so that the last one stays what it was.
function beat() {
  if (part() && looked === part().id && !asking) note(part());
}

// Compare with the last sign of life. Of a part that was begun elsewhere this tablet knows none, so
// it asks; one that was begun here a moment ago needs none.
async function look() {
  const window = part();
  if (!window || asking || looking || document.visibilityState !== "visible") return;
  looking = true;
  const seen = alive?.window === window.id ? alive : await recall("alive");
  looking = false;
  if (part()?.id !== window.id) return;
  const known = seen?.window === window.id;
  const last_ms = Math.max(lastTapMs(current(), window), known ? seen.ms : 0);
  const away_ms = Math.abs(instant() - last_ms); // a clock set back tells no more than one set forward
  if ((known || !window.adopted) && away_ms <= SHORT_MS) note(window);
  else ask({ window, last_ms });
}

function ask({ window, last_ms }) {
  looked = window.id;
  asking = { window, last_ms, open: true };
  write(by("resume-when"), strings.last_moment(clockTime(last_ms), strings.ago(instant() - last_ms)));
  if (!sheet.open) sheet.showModal();
}

function shut() {
  asking.open = false;
  sheet.close();
  return asking;
}

async function goOnFromNow() {
  const { window, last_ms } = shut();
  asking = null;
  anchorNow(); // one anchor a part
  notBefore(last_ms);
  const { episode } = window;
  await record(nextPart({ board: session.board, window, ended_ms: last_ms, started_ms: instant(), episode }));
}

function keptWatching() {
  const { window, last_ms } = shut();
  asking = null;
  notBefore(last_ms);
  note(window);
}

// Ended or discarded as of the last sign of life; when it is not to be after all, ask again.
function leave(question) {
  const about = shut();
  question({ ended_ms: about.last_ms, back: () => ask(about) });
}

// Another part began, or the one that was asked about ended: here, in another tab, on another tablet.
function follow() {
  if (asking && asking.window.id !== part()?.id) {
    shut();
    asking = null;
  }
  if (part() && looked !== part().id) look();
}

export function startAlive() {
  by("go-on-now").addEventListener("click", goOnFromNow);
  by("kept-watching").addEventListener("click", keptWatching);
  by("resume-end").addEventListener("click", () => leave(askEnd));
  by("resume-discard").addEventListener("click", () => leave(askDiscard));
  // The question stays until it is answered, also when the browser closed it.
  sheet.addEventListener("cancel", (event) => event.preventDefault());
  sheet.addEventListener("close", () => asking?.open && ask(asking));
  onChange(follow);
  setInterval(() => document.visibilityState === "visible" && beat(), BEAT_MS);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
    else beat();
  });
  addEventListener("pageshow", (event) => event.persisted && look());
}

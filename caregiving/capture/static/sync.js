// Sending: the queue goes to the server in batches soon after each tap, and again with growing
// pauses while the server is away. A tap leaves the queue only when its id comes back as stored.
import { nextToSend, settle } from "./outbox.js";
import { changed, session } from "./session.js";
import { tellOtherTabs } from "./tabs.js";

const COALESCE_MS = 40; // taps within this time travel together
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const REQUEST_LIMIT_MS = 10_000;
const BATCH = 100;

let timer = null;
let due = Infinity;
let pause = FIRST_PAUSE_MS;
let running = false;
let askedMeanwhile = false;
let batch = BATCH;
let lookAtBoard = async () => "ok";
let boardSeen = false;

// Send soon. An earlier date already set stays.
export function sendSoon(delay = COALESCE_MS) {
  const at = performance.now() + delay;
  if (timer !== null && due <= at) return;
  clearTimeout(timer);
  due = at;
  timer = setTimeout(run, delay);
}

async function post(items) {
  const limit = new AbortController();
  const alarm = setTimeout(() => limit.abort(), REQUEST_LIMIT_MS);
  try {
    const answer = await fetch("/api/events", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ events: items }),
      signal: limit.signal,
    });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  } catch {
    return { status: 0, body: null };
  } finally {
    clearTimeout(alarm);
  }
}

// One batch. Answers "ok" (go on), "empty", "offline" or "sign_in".
async function sendBatch() {
  const records = await nextToSend(batch, session.board?.sends_for);
  if (records.length === 0) return "empty";
  const { status, body } = await post(records.map((record) => record.item));
  if (status === 401 || status === 403) return "sign_in";
  if (status === 200 && Array.isArray(body?.stored) && Array.isArray(body?.refused)) {
    return (await answered(records, body)) ? "ok" : "offline";
  }
  if ([400, 413, 422].includes(status)) return smaller(records, body);
  return "offline"; // no server, a busy one, or a Wi-Fi sign-in page that answers for it
}

async function answered(records, { stored, refused }) {
  const named = new Set([...stored, ...refused.map((one) => one.id)]);
  const progress = records.some((record) => named.has(record.id));
  const settled = await settle(records, stored, refused);
  batch = BATCH;
  return progress && settled;
}

// The batch as a whole was not taken: find out with fewer, so that one moment cannot hold up all.
async function smaller(records, body) {
  if (records.length > 1) {
    batch = Math.max(1, Math.floor(records.length / 2));
    return "ok";
  }
  if (!body?.why) return "offline";
  return (await settle(records, [], [{ id: records[0].id, why: body.why }])) ? "ok" : "offline";
}

async function sendAll() {
  let outcome;
  do {
    outcome = await sendBatch();
    if (outcome === "ok") {
      session.link = "ok";
      changed();
      tellOtherTabs();
    }
  } while (outcome === "ok");
  return outcome;
}

// Only one tab sends at a time, where the browser can arrange it; elsewhere the server's ids do.
function oneTabAtATime(work) {
  return navigator.locks ? navigator.locks.request("caregiving-outbox", work) : work();
}

async function run() {
  timer = null;
  due = Infinity;
  if (running) {
    askedMeanwhile = true;
    return;
  }
  running = true;
  askedMeanwhile = false;
  // Who is signed in may have changed since this page was last open: ask before anything is sent.
  let looks = !boardSeen;
  let outcome = looks ? await lookAtBoard() : "ok";
  boardSeen ||= outcome === "ok";
  looks = !looks && session.link !== "ok"; // after a time without it, what the server has is looked at again
  if (outcome === "ok") outcome = await oneTabAtATime(sendAll).catch(() => "offline");
  if (outcome === "empty" && looks) outcome = await lookAtBoard();
  running = false;
  session.link = outcome === "empty" ? "ok" : outcome;
  changed();
  if (session.link === "ok") {
    pause = FIRST_PAUSE_MS;
    if (askedMeanwhile) sendSoon();
    return;
  }
  sendSoon(pause);
  pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
}

function tryAtOnce() {
  pause = FIRST_PAUSE_MS;
  sendSoon(0);
}

// `board` asks the server for the buttons; it also tells whether anybody is there when the queue
// is empty. Answers "ok", "offline" or "sign_in".
export function startSync({ board }) {
  lookAtBoard = board;
  addEventListener("caregiving:stored", () => sendSoon());
  addEventListener("online", tryAtOnce);
  addEventListener("offline", () => {
    session.link = "offline";
    changed();
    sendSoon(FIRST_PAUSE_MS);
  });
  document.addEventListener("visibilitychange", tryAtOnce); // leaving, too: a last try
  tryAtOnce();
}

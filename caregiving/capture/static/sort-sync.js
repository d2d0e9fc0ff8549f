// Sending: the newest layout goes to the server soon after each move, one request at a time, and again
// with growing pauses while the server is away. The tablet has every move already.
import { adopt, changed, layoutOf, sort } from "./sort-state.js";
import { dropKept, noteSent } from "./sort-shelf.js";

const SOON_MS = 60; // moves within this time travel together
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
const REQUEST_LIMIT_MS = 10_000;

export const link = { state: "saved", why: "" }; // saved, saving, offline, sign_in or refused

let timer = null;
let running = false;
let ended = false;
let pause = FIRST_PAUSE_MS;

export async function ask(path, sent) {
  const limit = new AbortController();
  const alarm = setTimeout(() => limit.abort(), REQUEST_LIMIT_MS);
  const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent) };
  try {
    const answer = await fetch(path, { ...(sent ? post : {}), cache: "no-store", signal: limit.signal });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  } catch {
    return { status: 0, body: null };
  } finally {
    clearTimeout(alarm);
  }
}

function say(state, why = "") {
  Object.assign(link, { state, why });
  changed("link");
}

export function sendSoon(delay = SOON_MS) {
  if (ended || sort.state.moves <= sort.state.sent) return;
  clearTimeout(timer);
  timer = setTimeout(run, delay);
}

function again() {
  sendSoon(pause);
  pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
}

async function run() {
  if (running) return;
  running = true;
  if (link.state === "saved") say("saving");
  const { member, child } = sort.seen;
  const sent = sort.state;
  const { status, body } = await ask("/api/sort/draft", { member, child: child.id, sort: layoutOf(sent) });
  running = false;
  if (ended) return;
  if (status === 200 && body) return answered(sent, body);
  if (status === 401) return signIn();
  if ([400, 403, 404, 409, 413].includes(status) && body?.why) return say("refused", body.why);
  say("offline");
  again();
}

function signIn() {
  say("sign_in");
  again();
}

function answered(sent, body) {
  pause = FIRST_PAUSE_MS;
  if (body.finished) return finished();
  if (sort.state.id === sent.id) {
    sort.state.sent = Math.max(sort.state.sent, sent.moves);
    noteSent(sent.key, sent.id, sent.moves);
  }
  if (body.draft) adopt(body.draft);
  if (sort.state.moves > sort.state.sent) return sendSoon();
  say("saved");
}

// The record is kept: nothing of the draft is needed any more.
export async function finished() {
  stopSending();
  await dropKept(sort.state.key);
  changed("finished");
}

export function stopSending() {
  ended = true;
  clearTimeout(timer);
}

export function goOnSending() {
  ended = false;
  sendSoon();
}

export function startSync() {
  addEventListener("caregiving:moved", () => sendSoon());
  addEventListener("online", () => sendSoon(0));
  document.addEventListener("visibilitychange", () => sendSoon(0));
  addEventListener("beforeunload", (event) => {
    if (!sort.durable && sort.state.moves > sort.state.sent) event.preventDefault();
  });
  sendSoon(0);
}

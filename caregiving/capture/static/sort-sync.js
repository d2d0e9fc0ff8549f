// Sending: the newest layout goes to the server soon after each move, one request at a time, and again
// with growing pauses while the server is away. The tablet has every move already.
import { forgetSeen } from "./sort-kept.js";
import { adopt, changed, layoutOf, sort, standApart } from "./sort-state.js";
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
let look = null; // on a page that opened without a server: asks it who is here, before anything is sent

export async function ask(path, sent, limit_ms = REQUEST_LIMIT_MS) {
  const limit = new AbortController();
  const alarm = setTimeout(() => limit.abort(), limit_ms);
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

const nothingToSend = () => sort.state.moves <= sort.state.sent || Boolean(sort.state.apart);

export function sendSoon(delay = SOON_MS) {
  if (ended || (nothingToSend() && !look)) return;
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
  if (!look || (await looked())) await send();
  running = false;
}

// Whether the server has answered by now, and it is still the same person's page.
async function looked() {
  const outcome = await look();
  if (outcome === "ok") look = null;
  if (outcome === "offline") {
    say("offline");
    again();
  }
  return outcome === "ok";
}

async function send() {
  if (ended) return;
  if (nothingToSend()) return say("saved");
  if (link.state === "saved") say("saving");
  const { member, child } = sort.seen;
  const sent = sort.state;
  const move = { member, child: child.id, sort: layoutOf(sent), instead_of: sent.instead_of ?? null };
  const { status, body } = await ask("/api/sort/draft", move);
  if (ended) return;
  if (status === 200 && body) return answered(sent, body);
  if ([401, 403, 404, 409].includes(status)) await forgetSeen(); // it opens for nobody without being asked
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
  if (sort.state.id === sent.id) {
    if (body.ended || body.other) return standApart(body);
    sort.state.sent = Math.max(sort.state.sent, sent.moves);
    noteSent(sent.key, sent.id, sent.moves);
    if (body.draft) adopt(body.draft);
  }
  if (!nothingToSend()) return sendSoon();
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

// `lookFirst` asks the server who is here; it answers "ok", "offline" or "gone".
export function startSync({ lookFirst = null } = {}) {
  look = lookFirst;
  if (look) say("offline");
  addEventListener("caregiving:moved", () => sendSoon());
  addEventListener("online", () => sendSoon(0));
  document.addEventListener("visibilitychange", () => sendSoon(0));
  addEventListener("beforeunload", (event) => {
    if (!sort.durable && sort.state.moves > sort.state.sent) event.preventDefault();
  });
  sendSoon(0);
}

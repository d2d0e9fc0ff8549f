// Last step: who sorted, and the record. The server checks the sort and tells all its faults at once.
import { openPoints } from "./sort-board.js";
import { changed, goTo, move, sort, standApart } from "./sort-state.js";
import { strings, write } from "./sort-strings.js";
import { ask, finished, goOnSending, link, stopSending } from "./sort-sync.js";

const PAUSE_MS = 2000;
const at = (id) => document.getElementById(id);
const form = () => at("questions");
let busy = false;
let filled = null; // the id of the sort whose answers stand in the form

function answers() {
  const sent = new FormData(form());
  const said = sent.get("certified");
  return {
    rater: String(sent.get("rater")).trim(),
    certified: said === null ? null : said === "yes",
    minutes: String(sent.get("minutes") ?? "").trim(),
    shared: sent.get("shared") !== null,
  };
}

function missing({ rater, certified, minutes }) {
  const found = [];
  if (!rater) found.push(strings.say_rater);
  if (sort.seen.kind === "observer" && certified === null) found.push(strings.say_certified);
  if (minutes && !(Number(minutes.replace(",", ".")) > 0)) found.push(strings.say_minutes);
  return found;
}

const lines = (faults) => faults.map((text) => Object.assign(document.createElement("li"), { textContent: text }));

// `whole`: what the server found, one by one; with ninety cards that can be long, so it is folded away.
function tell(why, short, whole = []) {
  at("faults").hidden = !why;
  write(at("faults-why"), why ?? "");
  at("faults-short").replaceChildren(...lines(short));
  at("faults-whole").hidden = whole.length === 0;
  at("faults-whole").open = short.length === 0;
  write(at("faults-whole").querySelector("summary"), strings.whole(whole.length));
  at("faults-whole").querySelector("ul").replaceChildren(...lines(whole));
  if (why) at("faults").focus();
}

function record() {
  const { seen, state } = sort;
  const { rater, certified, minutes, shared } = state.about;
  return {
    id: state.id,
    member: seen.member,
    child: seen.child.id,
    piles: state.piles,
    rater,
    certified: certified === true,
    minutes: minutes ? Number(minutes.replace(",", ".")) : null,
    shared,
    utc_offset_min: -new Date().getTimezoneOffset(),
  };
}

// Sent again and again with the same id until there is an answer, also after a reload.
async function sendRecord() {
  if (busy) return;
  busy = true;
  stopSending(); // a draft that arrives after the record would only have to be thrown away
  at("keep").disabled = true;
  write(at("keep"), strings.keeping);
  let answer;
  for (;;) {
    answer = await ask("/api/sort/finish", record());
    if (answer.body && (answer.status === 200 || (answer.status >= 400 && answer.status < 500))) break;
    Object.assign(link, { state: "offline", why: "" });
    changed("link");
    await new Promise((go) => setTimeout(go, PAUSE_MS));
  }
  busy = false;
  at("keep").disabled = false;
  write(at("keep"), strings.keep);
  if (answer.status === 200 && !answer.body.ended) return finished();
  if (answer.status === 200) {
    await standApart(answer.body);
    return goOnSending();
  }
  Object.assign(link, { state: answer.status === 401 ? "sign_in" : "saved", why: "" });
  await move((next) => (next.finishing = false));
  goOnSending();
  tell(answer.body.why, openPoints(), answer.body.faults ?? []);
}

export async function submit(event) {
  event?.preventDefault();
  if (busy) return;
  const about = answers();
  const found = missing(about);
  if (found.length) return tell(strings.please, found);
  tell(null, []);
  await move((next) => Object.assign(next, { about, finishing: true }));
  await sendRecord();
}

export function drawFinish() {
  if (filled !== sort.state.id) {
    filled = sort.state.id;
    const { rater, certified, minutes, shared } = sort.state.about;
    at("rater").value = rater;
    at("minutes").value = minutes;
    at("shared").checked = shared;
    for (const radio of form().elements.certified) radio.checked = certified === (radio.value === "yes") && certified !== null;
    const points = openPoints();
    if (points.length) tell(strings.please, points);
  }
  if (sort.state.finishing && !busy) sendRecord();
}

export function leaveFinish() {
  filled = null;
  tell(null, []);
}

export function startFinish() {
  for (const part of document.querySelectorAll(".observers")) part.hidden = sort.seen.kind !== "observer";
  at("shared-words").textContent = strings.shared;
  form().addEventListener("submit", submit);
  form().addEventListener("change", () => move((next) => (next.about = answers())));
  at("to-piles").addEventListener("click", () => goTo("board"));
}

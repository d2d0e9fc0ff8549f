// The quiet line that says what is saved, and the sheet for moments that were not accepted.
import { SET_ASIDE, REFUSED, WAITING, counts, everything, restage } from "./outbox.js";
import { onChange, record, session } from "./session.js";
import { clockTime, strings, write } from "./strings.js";
import { labelOf } from "./toast.js";

// A tap is usually with the server within a blink; only what takes longer is worth a word.
const SETTLING_MS = 400;

const line = document.getElementById("sync");
const seeWhy = document.getElementById("see-why");
const sheet = document.getElementById("refused-sheet");

let timer = null;
let unsaved = 0;

function words({ waiting, refused, set_aside, unsaved: in_memory }) {
  const said = [];
  if (in_memory) said.push(strings.unsaved(in_memory));
  else if (session.link === "sign_in") said.push(waiting ? strings.sign_in(waiting) : strings.sign_in_saved);
  else if (session.link === "offline") said.push(waiting ? strings.offline(waiting) : strings.offline_saved);
  else if (waiting) said.push(strings.waiting(waiting));
  if (refused) said.push(strings.refused(refused));
  if (said.length) return said.join(". ");
  return set_aside ? strings.all_saved_set_aside(set_aside) : strings.all_saved;
}

async function draw() {
  timer = null;
  const found = await counts();
  unsaved = found.unsaved;
  const text = words(found);
  write(line, text); // said aloud only when it changes
  const calm = session.link === "ok" && !found.waiting && !found.refused;
  line.dataset.state = found.refused || found.unsaved ? "look" : calm ? "saved" : "waiting";
  document.getElementById("sign-in").hidden = session.link !== "sign_in";
  seeWhy.hidden = found.refused + found.set_aside === 0;
}

function soon() {
  timer ??= setTimeout(draw, SETTLING_MS);
}

function nameOf({ item }) {
  if (item.type !== "event") return strings[item.type];
  return labelOf(item.code);
}

async function showRefused() {
  const records = (await everything()).filter((record) => record.stage !== WAITING);
  const list = sheet.querySelector("ul");
  list.replaceChildren(...records.map((record) => {
    const row = document.createElement("li");
    const name = document.createElement("strong");
    const at = record.item.onset_ms ?? record.item.started_ms ?? record.item.ended_ms;
    name.textContent = `${nameOf(record)}, ${clockTime(at)}`;
    const why = document.createElement("span");
    why.textContent = record.why;
    row.append(name, why);
    return row;
  }));
  if (!sheet.open) sheet.showModal();
}

// A file with every item still on this tablet, as it would have been sent.
export async function keepCopy() {
  const records = await everything();
  const facts = records.map(({ item, stage, why }) => ({ waiting: stage === WAITING, why, item }));
  const text = JSON.stringify({ saved_at: new Date().toISOString(), moments: facts }, null, 2);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `moments-on-this-tablet-${new Date().toISOString().slice(0, 16).replace(":", "-")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function move(from, to) {
  await restage(from, to);
  await record(() => null); // nothing new, but everybody counts afresh and sending looks again
  sheet.close();
}

export function startSyncLine() {
  onChange(soon);
  seeWhy.addEventListener("click", showRefused);
  document.getElementById("keep-copy").addEventListener("click", keepCopy);
  document.getElementById("try-again").addEventListener("click", () => move([REFUSED, SET_ASIDE], WAITING));
  document.getElementById("set-aside").addEventListener("click", () => move([REFUSED], SET_ASIDE));
  // Taps that the tablet could not write are only in this page: ask before it goes.
  addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
  draw();
}

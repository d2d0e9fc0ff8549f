// The two small sheets beside the board: the last taps (each can be taken back) and "more".
import { current } from "./outbox.js";
import { aliasOf, session } from "./session.js";
import { strings } from "./strings.js";
import { keepCopy } from "./syncline.js";
import { labelOf, takeBack } from "./toast.js";
import { timeOf } from "./when.js";

const SHOWN = 6;
const taps = document.getElementById("taps-sheet");
const more = document.getElementById("more-sheet");

function rowOf(entry) {
  const { item } = entry;
  const row = document.createElement("li");
  const label = labelOf(item.code);
  const name = document.createElement("strong");
  name.textContent = entry.ended ? strings.ended(label) : label;
  const at = document.createElement("span");
  const time = timeOf(entry.ended ? item.offset_ms : item.onset_ms);
  at.textContent = session.board.children.length > 1 ? `${aliasOf(item.child)}, ${time}` : time;
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "plain";
  undo.textContent = strings.undo;
  undo.setAttribute("aria-label", `${strings.undo}: ${name.textContent}, ${time}`);
  undo.addEventListener("click", async () => {
    await takeBack(entry.first);
    drawTaps();
  });
  row.append(name, at, undo);
  return row;
}

function drawTaps() {
  const entries = current().recent.slice(-SHOWN).reverse();
  taps.querySelector("ul").replaceChildren(...entries.map(rowOf));
  taps.querySelector(".empty").hidden = entries.length > 0;
}

export function startSheets() {
  document.getElementById("last-taps").addEventListener("click", () => {
    drawTaps();
    taps.showModal();
  });
  document.getElementById("more").addEventListener("click", () => more.showModal());
  document.getElementById("copy-waiting").addEventListener("click", keepCopy);
  for (const button of document.querySelectorAll("dialog [data-close]")) {
    button.addEventListener("click", () => button.closest("dialog").close());
  }
}

// First step: one card at a time into three piles. Tap a pile, drag the card onto it, or press 1, 2, 3.
import { dragging } from "./sort-drag.js";
import { goTo, lay, notParted, sort } from "./sort-state.js";
import { strings, write } from "./sort-strings.js";

const at = (id) => document.getElementById(id);
let shown = null; // the card on the table
let passed = []; // cards that were put off with "Another card first"

function pickCard() {
  const open = notParted();
  if (open.includes(shown)) return;
  passed = passed.filter((card) => open.includes(card));
  shown = open.find((card) => !passed.includes(card)) ?? passed.shift() ?? null;
}

export function showCard(card) {
  shown = card;
}

function put(where) {
  if (shown === null) return;
  const said = strings.went_to(shown, strings.third[where](sort.seen.child.alias));
  lay("thirds", [shown], Number(where));
  write(at("said"), said);
}

function another() {
  if (shown === null || notParted().length < 2) return;
  passed.push(shown);
  shown = null;
  drawThirds();
}

export function drawThirds() {
  pickCard();
  const { seen, state } = sort;
  const laid = seen.cards - notParted().length;
  write(at("thirds-count"), strings.laid(laid, seen.cards));
  at("card").hidden = shown === null;
  at("all-parted").hidden = shown !== null;
  at("another").disabled = notParted().length < 2;
  if (shown !== null) {
    const words = seen.texts[shown];
    write(at("card-number"), strings.card(shown));
    write(at("card-title"), words?.title ?? "");
    write(at("card-text"), words?.text ?? strings.printed);
    at("card").classList.toggle("printed", !words);
  }
  const counts = { 1: 0, 2: 0, 3: 0 };
  for (const third of Object.values(state.thirds)) if (third) counts[third] += 1;
  for (const target of document.querySelectorAll(".target")) {
    const { third } = target.dataset;
    write(target.querySelector(".word"), strings.third[third](seen.child.alias));
    write(target.querySelector(".small"), strings.in_third(counts[third]));
    target.disabled = shown === null;
  }
}

export function startThirds() {
  at("thirds-hint").textContent = strings.thirds_hint;
  for (const target of document.querySelectorAll(".target")) {
    const word = Object.assign(document.createElement("span"), { className: "word" });
    const count = Object.assign(document.createElement("span"), { className: "small" });
    const key = Object.assign(document.createElement("kbd"), { textContent: target.dataset.third });
    key.setAttribute("aria-hidden", "true");
    target.append(key, word, count);
    target.addEventListener("click", () => put(target.dataset.third));
  }
  at("another").addEventListener("click", another);
  at("to-board").addEventListener("click", () => goTo("board"));
  dragging({
    from: "#card",
    onto: ".target:not([disabled])",
    pick: () => (shown === null ? null : { label: strings.card(shown) }),
    drop: (target) => put(target.dataset.third),
  });
  document.addEventListener("keydown", (event) => {
    if (at("thirds").hidden || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (["1", "2", "3"].includes(event.key)) put(event.key);
  });
}

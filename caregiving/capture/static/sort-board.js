// Second step: cards from a third onto nine piles. Choose cards by tapping and tap a pile, or drag; a pile
// may be overfull meanwhile and says by how many. With a keyboard: arrows walk, Enter chooses, 1-9 lay.
import { dragging } from "./sort-drag.js";
import { goTo, lay, notLaid, overfull, sizes, sort } from "./sort-state.js";
import { strings, write } from "./sort-strings.js";

const at = (id) => document.getElementById(id);
const chips = new Map(); // card -> its button
const chosen = new Set();
let filter = 1;
let held = null; // the filter for which the tray holds its height
let read = null; // the card whose text is shown

const pileOf = (card) => sort.state.piles[card];
const wordsOf = (card) => {
  const words = sort.seen.texts[card];
  return words ? [words.title, words.text].filter(Boolean).join(". ") : "";
};

function chipOf(card) {
  if (chips.has(card)) return chips.get(card);
  const chip = document.createElement("button");
  chip.type = "button";
  chip.className = "card-chip";
  chip.dataset.card = card;
  chip.textContent = card;
  chip.addEventListener("click", () => choose(card));
  chip.addEventListener("focus", () => readOut(card));
  chips.set(card, chip);
  return chip;
}

function choose(card) {
  if (chosen.has(card)) chosen.delete(card);
  else chosen.add(card);
  readOut(card);
  drawBoard();
}

function readOut(card) {
  read = card;
  drawReading();
}

function drawReading() {
  const said = read === null ? "" : `${strings.card(read)}${wordsOf(read) ? `: ${wordsOf(read)}` : ""}. `;
  const hint = chosen.size ? strings.chosen(chosen.size) : strings.read_hint;
  const deck = read === null && !Object.keys(sort.seen.texts).length ? ` ${strings.numbers_hint}` : "";
  write(at("reading-text"), `${said}${hint}${deck}`);
}

// Lay cards into a pile (0 puts them back), and keep the keyboard where the next card is.
function layInto(pile, cards) {
  if (!cards.length) {
    write(at("said"), strings.choose_first);
    write(at("reading-text"), strings.choose_first);
    return;
  }
  const active = document.activeElement?.closest?.(".card-chip");
  const next = active && neighbour(active, cards);
  chosen.clear();
  lay("piles", cards, pile);
  drawBoard();
  if (active) (next?.isConnected ? next : chips.get(cards[0]))?.focus();
  const size = sort.seen.piles[pile - 1];
  write(at("said"), pile ? strings.moved(cards.length, pile, sizes()[pile - 1], size) : strings.moved_back(cards.length));
}

function neighbour(chip, leaving) {
  const row = [...chip.parentElement.children];
  const stays = (other) => other.matches(".card-chip") && !leaving.includes(Number(other.dataset.card));
  return row.slice(row.indexOf(chip) + 1).find(stays) ?? row.slice(0, row.indexOf(chip)).reverse().find(stays);
}

// Only what differs is touched: a card that stays keeps its focus.
function fill(box, cards) {
  const wanted = cards.map(chipOf);
  const there = [...box.querySelectorAll(".card-chip")];
  if (wanted.length !== there.length || wanted.some((chip, i) => chip !== there[i])) box.replaceChildren(...wanted);
  const stop = wanted.find((chip) => chip === document.activeElement) ?? wanted[0];
  for (const chip of wanted) chip.tabIndex = chip === stop ? 0 : -1;
}

function drawFilters(open) {
  for (const button of document.querySelectorAll("[data-filter]")) {
    const third = Number(button.dataset.filter);
    const n = third ? open.filter((card) => sort.state.thirds[card] === third).length : open.length;
    write(button, strings.filter[third](n));
    button.setAttribute("aria-pressed", String(third === filter));
  }
}

function drawColumns() {
  const found = sizes();
  for (const column of document.querySelectorAll(".column")) {
    const pile = Number(column.dataset.pile);
    const size = sort.seen.piles[pile - 1];
    const over = found[pile - 1] - size;
    fill(column.querySelector(".cards"), Object.keys(sort.state.piles).map(Number).filter((card) => pileOf(card) === pile));
    const head = column.querySelector(".column-head");
    write(head.querySelector(".tally"), `${found[pile - 1]}/${size}`);
    write(head.querySelector(".over"), over > 0 ? strings.over(over) : "");
    head.setAttribute("aria-label", strings.column(pile, strings.pile(pile, sort.seen.piles.length, sort.seen.child.alias), found[pile - 1], size)
      + (over > 0 ? `, ${strings.too_many(over)}` : ""));
    column.classList.toggle("full", over === 0);
    column.classList.toggle("too-many", over > 0);
  }
}

export function openPoints() {
  const open = notLaid().length;
  const points = overfull().map(([pile, over]) => strings.pile_over(pile, over));
  if (open) points.unshift(strings.not_laid(open));
  return points;
}

export function drawBoard() {
  const open = notLaid();
  for (const card of [...chosen]) if (!(card in sort.state.piles)) chosen.delete(card);
  const tray = open.filter((card) => !filter || sort.state.thirds[card] === filter);
  fill(at("tray"), tray);
  at("tray").dataset.empty = tray.length ? "" : strings.tray_empty;
  holdHeight();
  drawFilters(open);
  drawColumns();
  for (const [card, chip] of chips) {
    chip.setAttribute("aria-pressed", String(chosen.has(card)));
    chip.setAttribute("aria-label", strings.chip(card, pileOf(card), wordsOf(card)));
  }
  at("choose-none").disabled = chosen.size === 0;
  at("put-back").disabled = ![...chosen].some(pileOf);
  document.getElementById("columns").classList.toggle("waiting", chosen.size > 0);
  const points = openPoints();
  write(at("open-points"), points.length ? strings.still(points) : strings.complete);
  drawReading();
}

// The tray keeps its height until the last card leaves it, so that no pile moves away under the finger.
function holdHeight() {
  const empty = at("tray").childElementCount === 0;
  if (held === filter && !empty) return;
  held = empty ? null : filter;
  at("tray").style.minHeight = "";
  at("tray").style.minHeight = `${at("tray").offsetHeight}px`;
}

function columnOf(pile) {
  const column = document.createElement("section");
  column.className = "column";
  column.dataset.pile = pile;
  const head = document.createElement("button");
  head.type = "button";
  head.className = "column-head";
  for (const [name, text] of [["number", pile], ["tally", ""], ["over", ""]]) {
    head.append(Object.assign(document.createElement("span"), { className: name, textContent: text }));
  }
  const cards = Object.assign(document.createElement("div"), { className: "cards" });
  column.append(head, cards);
  column.addEventListener("click", (event) => {
    if (!event.target.closest(".card-chip")) layInto(pile, [...chosen]);
  });
  return column;
}

function walk(event) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const chip = event.target.closest?.(".card-chip");
  if (chip && step) {
    const row = [...chip.parentElement.querySelectorAll(".card-chip")];
    const next = row[row.indexOf(chip) + step];
    if (next) {
      [chip.tabIndex, next.tabIndex] = [-1, 0];
      next.focus();
    }
    event.preventDefault();
    return;
  }
  if (!/^[0-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const pile = Number(event.key);
  if (pile > sort.seen.piles.length) return;
  layInto(pile, chosen.size ? [...chosen] : chip ? [Number(chip.dataset.card)] : []);
}

export function startBoard() {
  const last = sort.seen.piles.length;
  at("columns").append(...sort.seen.piles.map((_, i) => columnOf(i + 1)));
  [1, (last + 1) / 2, last].forEach((pile, i) => {
    at("ends").children[i].textContent = strings.pile(pile, last, sort.seen.child.alias);
  });
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.addEventListener("click", () => {
      filter = Number(button.dataset.filter);
      drawBoard();
    });
  }
  at("tray").addEventListener("click", (event) => {
    const back = [...chosen].filter(pileOf);
    if (event.target === at("tray") && back.length) layInto(0, back);
  });
  at("choose-none").addEventListener("click", () => {
    chosen.clear();
    drawBoard();
  });
  addEventListener("resize", () => {
    held = null;
    if (!at("board").hidden) holdHeight();
  });
  at("put-back").addEventListener("click", () => layInto(0, [...chosen].filter(pileOf)));
  at("to-finish").addEventListener("click", () => goTo("finish"));
  document.addEventListener("keydown", (event) => at("board").hidden || walk(event));
  dragging({
    from: ".card-chip",
    onto: "[data-pile]",
    pick: (chip) => {
      const card = Number(chip.dataset.card);
      const cards = chosen.has(card) ? [...chosen] : [card];
      return { cards, label: cards.length > 1 ? strings.chosen(cards.length).split(".")[0] : strings.card(card) };
    },
    drop: (place, { cards }) => layInto(Number(place.dataset.pile), cards),
  });
}

// Who: the chosen child (its colour is always on the screen) and whose answer is tapped.
import { keep, recall } from "./tablet.js";
import { changed, childOf, onChange, session } from "./session.js";
import { strings, write } from "./strings.js";

function chip(name, chosen, choose, colour = null) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "chip";
  button.setAttribute("aria-pressed", String(chosen));
  if (colour) button.append(dot(colour));
  button.append(name);
  button.addEventListener("click", choose);
  return button;
}

// Only a plain colour may come out of the board, nothing else that CSS would take.
const colourOf = (child) => (/^#[0-9a-f]{6}$/i.test(child?.colour ?? "") ? child.colour : "var(--quiet)");

function dot(colour) {
  const spot = document.createElement("span");
  spot.className = "dot";
  spot.style.setProperty("background", colour);
  return spot;
}

function drawChildren() {
  const { children } = session.board;
  const row = document.getElementById("children");
  const choose = (id) => () => {
    session.child = id;
    keep("child", id);
    changed();
  };
  if (children.length === 1) {
    const only = document.createElement("p");
    only.className = "chip still";
    only.append(dot(colourOf(children[0])), children[0].alias);
    row.replaceChildren(only);
  } else {
    row.replaceChildren(...children.map((child) => {
      const button = chip(child.alias, child.id === session.child, choose(child.id), colourOf(child));
      button.dataset.child = child.id;
      return button;
    }));
  }
}

function drawCaregivers() {
  const { caregivers } = session.board;
  const row = document.getElementById("caregivers");
  row.hidden = caregivers.length < 2 || Boolean(session.board.session?.caregiver);
  const question = document.createElement("span");
  question.className = "small";
  question.textContent = strings.answer_by;
  row.replaceChildren(question, ...caregivers.map((one) => {
    const button = chip(one.alias, one.id === session.caregiver, () => {
      session.caregiver = one.id;
      changed();
    });
    button.dataset.caregiver = one.id;
    return button;
  }));
}

function drawChoice() {
  const { style } = document.documentElement;
  style.setProperty("--child", colourOf(childOf(session.child)));
  for (const one of document.querySelectorAll("#children [data-child]")) {
    one.setAttribute("aria-pressed", String(one.dataset.child === session.child));
  }
  const answering = session.board.caregivers.find((one) => one.id === session.caregiver);
  const others = session.board.session || session.board.caregivers.length > 1;
  const other = answering && !answering.is_me && others;
  const unknown = session.board.session ? strings.caregiver_does : strings.you_do;
  const title = other ? strings.other_does(answering.alias) : unknown;
  write(document.getElementById("answers-title"), title);
  for (const one of document.querySelectorAll("#caregivers [data-caregiver]")) {
    one.setAttribute("aria-pressed", String(one.dataset.caregiver === session.caregiver));
  }
}

// After every new board: keep the choices that still exist. The answer is mine unless said otherwise.
export async function choosePeople() {
  const { children, caregivers } = session.board;
  const wanted = session.child ?? (await recall("child"));
  session.child = (children.find((child) => child.id === wanted) ?? children[0])?.id ?? null;
  if (session.board.session?.caregiver) {
    session.caregiver = session.board.session.caregiver; // the visit says who is watched
  } else if (!caregivers.some((one) => one.id === session.caregiver)) {
    const me = caregivers.find((one) => one.is_me) ?? (caregivers.length === 1 ? caregivers[0] : null);
    session.caregiver = me?.id ?? null;
  }
  drawChildren();
  drawCaregivers();
}

export function startPeople() {
  onChange(() => session.board && drawChoice());
}

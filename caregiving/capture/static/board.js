// The buttons: asked from the server, kept on the tablet, drawn from the instrument.
import { instant } from "./clock.js";
import { current } from "./outbox.js";
import { openState, tap } from "./moments.js";
import { light, measured, nextFrame, onPress } from "./press.js";
import { aliasOf, onChange, record, session } from "./session.js";
import { clockTime, strings, write } from "./strings.js";
import { showFailure, showTap } from "./toast.js";

// Numbers of buttons in a row, best first: of a whole board (tall) and of half a board (wide).
const ROWS = { first: { tall: [3, 4, 2, 5], wide: [3, 2] }, second: { tall: [4, 5, 3], wide: [4, 3] } };

function draw(spec) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `press ${spec.actor === "infant" ? "baby" : "caregiver"}`;
  Object.assign(button.dataset, { code: spec.code, actor: spec.actor, kind: spec.kind, form: spec.form });
  const badge = document.createElement("span");
  badge.className = "badge";
  const icon = document.createElement("span");
  icon.className = "icon";
  if (/^[a-z0-9-]+$/.test(spec.icon ?? "")) icon.style.setProperty("--icon", `url("/icons/${spec.icon}.svg")`);
  badge.append(icon);
  const word = document.createElement("span");
  word.className = "word";
  word.textContent = spec.label;
  button.append(badge, word);
  if (spec.form === "state") {
    button.setAttribute("aria-pressed", "false");
    const since = document.createElement("span");
    since.className = "since";
    button.append(since);
  }
  onPress(button, (event) => pressed(button, spec, event));
  return button;
}

async function pressed(button, spec, event) {
  const on = spec.form === "state" ? button.getAttribute("aria-pressed") !== "true" : null;
  light(button);
  if (on !== null) button.setAttribute("aria-pressed", String(on));
  showTap(spec, on);
  const frame = nextFrame();
  const onset_ms = instant(event.timeStamp);
  const { board, child, caregiver } = session;
  const saving = record(tap({ board, button: spec, child, caregiver, onset_ms, on }));
  showTap.saving = saving;
  const [answered, { item, durable }] = await Promise.all([frame, saving]);
  if (item && durable === null) showFailure();
  if (item) measured({ id: item.id, code: spec.code, t0: event.timeStamp, answered, durable });
}

// How many in a row, so that the last row has the fewest holes; its last button takes the rest.
function perRow(n, choices) {
  if (n <= choices[0]) return n || 1;
  const holes = (columns) => (columns - (n % columns)) % columns;
  return choices.reduce((best, columns) => (holes(columns) < holes(best) ? columns : best));
}

function group(specs, size) {
  const box = document.createElement("div");
  box.className = `group ${size}`;
  box.append(...specs.map(draw));
  for (const [name, choices] of Object.entries(ROWS[size])) {
    const columns = perRow(specs.length, choices);
    const rows = Math.ceil(specs.length / columns);
    box.style.setProperty(`--${name}-columns`, columns);
    box.style.setProperty(`--${name}-rows`, rows);
    box.style.setProperty(`--${name}-rest`, columns - (specs.length - 1) % columns);
  }
  return box;
}

function fill(id, specs) {
  // "No answer" is drawn with the most used: it must never be harder to tap than the others.
  const first = specs.filter((spec) => spec.prominence === 1 || spec.kind === "none");
  const second = specs.filter((spec) => !first.includes(spec));
  const boxes = [];
  if (first.length) boxes.push(group(first, "first"));
  if (second.length) boxes.push(group(second, "second"));
  document.querySelector(`#${id} .groups`).replaceChildren(...boxes);
}

export function drawBoard() {
  const points = session.board.buttons.filter((spec) => spec.form !== "state");
  fill("baby", points.filter((spec) => spec.actor === "infant"));
  fill("answers", points.filter((spec) => spec.actor !== "infant"));
  const states = session.board.buttons.filter((spec) => spec.form === "state");
  document.querySelector("#states .row").replaceChildren(...states.map(draw));
  document.getElementById("states").hidden = states.length === 0;
}

function drawStates() {
  write(document.getElementById("baby-title"), strings.baby_does(aliasOf(session.child)));
  for (const button of document.querySelectorAll("#states .press")) {
    const open = openState(current(), session.child, button.dataset.code);
    button.setAttribute("aria-pressed", String(Boolean(open)));
    write(button.querySelector(".since"), open ? strings.still_on(clockTime(open.item.onset_ms)) : "");
  }
}

export function startBoard() {
  onChange(drawStates);
}

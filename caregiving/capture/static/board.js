// The buttons: asked from the server, kept on the tablet, drawn from the instrument.
import { instant } from "./clock.js";
import { current } from "./outbox.js";
import { openState, tap } from "./moments.js";
import { stage } from "./parts.js";
import { light, measured, nextFrame, onPress } from "./press.js";
import { aliasOf, onChange, record, session } from "./session.js";
import { strings, write } from "./strings.js";
import { showFailure, showHint, showTap } from "./toast.js";
import { timeOf } from "./when.js";

// Numbers of buttons in a row, best first: of a whole board (tall) and of half a board (wide).
const ROWS = { first: { tall: [3, 4, 2, 5], wide: [3, 2] }, second: { tall: [4, 5, 3], wide: [4, 3] } };
// An observer's board has up to 24 of them, and all must be in sight.
const VISIT_ROWS = { first: { tall: [4, 3, 5], wide: [3, 4] }, second: { tall: [4, 5, 3], wide: [3, 4] } };

const buttonOf = (code) => document.querySelector(`.press[data-code="${code}"]`);

function draw(spec) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `press ${spec.actor === "infant" ? "baby" : "caregiver"}`;
  Object.assign(button.dataset, { code: spec.code, actor: spec.actor, kind: spec.kind, form: spec.form });
  const badge = document.createElement("span");
  badge.className = "badge";
  if (/^[a-z0-9-]+$/.test(spec.icon ?? "")) {
    const icon = document.createElement("span");
    icon.className = "icon";
    icon.style.setProperty("--icon", `url("/icons/${spec.icon}.svg")`);
    badge.append(icon);
  }
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

// The states that end when this one is switched on. What cannot be observed ends all the others:
// nobody can tell how long they still went on.
function endedBy(spec) {
  if (!session.board.session || spec.form !== "state") return [];
  const states = session.board.buttons.filter((one) => one.form === "state" && one.code !== spec.code);
  return spec.kind === "missing" ? states.map((one) => one.code) : spec.excludes;
}

// "Not observable", while it is on.
// Asked of the buttons, not of what is written: a tap right after the switch must count as one sees it.
function unseen() {
  const missing = session.board.buttons.filter((spec) => spec.kind === "missing");
  return missing.find((spec) => buttonOf(spec.code)?.getAttribute("aria-pressed") === "true");
}

// Why an observer's tap is not taken, or null. While the child cannot be observed the other buttons
// rest: the analysis takes that time as unseen for both, so a moment coded in it would count in no
// figure, and a tap that ended it in passing would turn unseen time into time without a cue.
function restsBecause(spec) {
  if (!session.board.session) return null;
  const now = stage(current());
  if (now !== "running") return now === "paused" ? strings.paused : strings.not_started;
  const hidden = unseen();
  return hidden && spec.kind !== "missing" ? strings.not_observable(hidden.label) : null;
}

async function pressed(button, spec, event) {
  const why = restsBecause(spec);
  if (why) return showHint(why);
  const on = spec.form === "state" ? button.getAttribute("aria-pressed") !== "true" : null;
  const ends = on ? endedBy(spec) : [];
  light(button);
  if (on !== null) button.setAttribute("aria-pressed", String(on));
  for (const code of ends) buttonOf(code)?.setAttribute("aria-pressed", "false");
  showTap(spec, on);
  const frame = nextFrame();
  const onset_ms = instant(event.timeStamp);
  const { board, child, caregiver } = session;
  const saving = record(tap({ board, button: spec, child, caregiver, onset_ms, on, ends }));
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
  const rowsOf = session.board.session ? VISIT_ROWS : ROWS;
  for (const [name, choices] of Object.entries(rowsOf[size])) {
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

// A parent's few states lie in a row of their own; an observer's lie with the buttons of whom they are
// about, and only "Not observable" stands apart.
export function drawBoard() {
  const observed = Boolean(session.board.session);
  const apart = (spec) => (observed ? spec.kind === "missing" : spec.form === "state");
  const points = session.board.buttons.filter((spec) => !apart(spec));
  fill("baby", points.filter((spec) => spec.actor === "infant"));
  fill("answers", points.filter((spec) => spec.actor !== "infant"));
  const states = session.board.buttons.filter(apart);
  document.querySelector("#states .row").replaceChildren(...states.map(draw));
  document.getElementById("states").hidden = states.length === 0;
}

function drawStates() {
  if (!session.board) return;
  write(document.getElementById("baby-title"), strings.baby_does(aliasOf(session.child)));
  for (const button of document.querySelectorAll(".press[aria-pressed]")) {
    const open = openState(current(), session.child, button.dataset.code);
    button.setAttribute("aria-pressed", String(Boolean(open)));
    write(button.querySelector(".since"), open ? strings.still_on(timeOf(open.item.onset_ms)) : "");
  }
  drawRest();
}

// The buttons that take no tap now are pale. They stay where they are and say why when tapped.
function drawRest() {
  const observed = Boolean(session.board.session);
  const running = stage(current()) === "running";
  const hidden = observed && running && unseen();
  for (const button of document.querySelectorAll(".press")) {
    const rests = observed && (!running || (hidden && button.dataset.kind !== "missing"));
    if (rests) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

export function startBoard() {
  onChange(drawStates);
}

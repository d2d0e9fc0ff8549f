// The page for sorting cards: asks the server what is to be sorted and where the cards lie, and shows one
// of three steps.
import { drawApart, startApart } from "./sort-apart.js";
import { drawBoard, startBoard } from "./sort-board.js";
import { drawFinish, leaveFinish, startFinish } from "./sort-finish.js";
import { forgetSeen, keepSeen, keptSeen, pathOf, startKeeping } from "./sort-kept.js";
import { begin, canUndo, lookAgain, onChange, sort, undo } from "./sort-state.js";
import { fillWords, strings, write } from "./sort-strings.js";
import { ask, link, startSync } from "./sort-sync.js";
import { drawThirds, showCard, startThirds } from "./sort-thirds.js";

const ASK_AGAIN_MS = 2000;
const OPEN_LIMIT_MS = 4000; // a hanging network counts as none
const STEPS = { thirds: drawThirds, board: drawBoard, finish: drawFinish, apart: drawApart };
const child = new URLSearchParams(location.search).get("child") ?? "";
const root = document.documentElement;
const at = (id) => document.getElementById(id);
let stage = null;

function notice(text) {
  write(at("notice-text"), text);
  at("notice").hidden = !text;
  if (text) for (const step of document.querySelectorAll(".step")) step.hidden = true;
}

function drawLink() {
  const words = { saved: strings.saved, saving: strings.saving, offline: strings.offline, sign_in: strings.sign_in_again };
  if (sort.state.apart) return drawNotSent();
  const behind = link.state === "saved" && sort.state.moves > sort.state.sent;
  const state = behind ? "saving" : link.state;
  const said = sort.durable ? words[state] ?? link.why : strings.unsafe;
  write(at("sync"), said);
  const calm = { saved: "saved", saving: "waiting" };
  // While a move is on its way to the disk only the sign says so: the words would be read out at every move.
  at("sync").dataset.state = sort.writing ? "waiting" : sort.durable ? calm[state] ?? "look" : "look";
  at("sign-in").hidden = link.state !== "sign_in";
}

function drawNotSent() {
  write(at("sync"), strings.not_sent);
  at("sync").dataset.state = "look";
  at("sign-in").hidden = true;
}

function draw(why) {
  if (why === "finished") return ended();
  drawLink();
  at("undo").disabled = !canUndo();
  if (why === "link") return;
  if (why === "elsewhere") write(at("said"), strings.elsewhere);
  const now = sort.state.apart ? "apart" : sort.state.stage;
  for (const name of Object.keys(STEPS)) at(name).hidden = name !== now;
  if (stage === "finish" && now !== "finish") leaveFinish();
  const first = stage !== now;
  stage = now;
  STEPS[now]();
  if (first) scrollTo(0, 0);
  if (first && now === "apart") at("apart-title").focus();
}

function ended() {
  at("undo").hidden = at("sign-in").hidden = true;
  write(at("sync"), strings.saved);
  at("sync").dataset.state = "saved";
  notice(strings.kept);
  at("notice-way").focus();
}

function takeBack() {
  const last = undo();
  if (last?.field === "thirds") showCard(Number(Object.keys(last.before)[0]));
  draw("move");
}

function startLook() {
  const show = () => {
    const night = root.dataset.palette === "night";
    at("palette").setAttribute("aria-label", night ? strings.to_day : strings.to_night);
    at("palette").dataset.shows = night ? "day" : "night";
    const ground = getComputedStyle(root).getPropertyValue("--ground").trim();
    if (ground) document.querySelector("meta[name=theme-color]").content = ground;
  };
  at("palette").addEventListener("click", () => {
    root.dataset.palette = root.dataset.palette === "night" ? "day" : "night";
    try {
      localStorage.setItem("palette", root.dataset.palette);
    } catch {
      // Storage switched off: the choice holds until the page is closed.
    }
    show();
  });
  show();
}

function wayBack({ kind, child }) {
  const way = kind === "observer" ? `/ratings?child=${child.id}` : `/?child=${child.id}`;
  for (const id of ["back", "notice-way"]) at(id).href = way;
}

const saysNo = ({ status, body }) => status >= 400 && status < 500 && Boolean(body?.why);
const isSeen = ({ status, body }) => status === 200 && Boolean(body?.cards);

// What the server says, or without one what this tablet keeps. Null when the server says no.
async function whatIsToBeSorted() {
  for (;;) {
    const answer = await ask(pathOf(child), null, OPEN_LIMIT_MS);
    if (isSeen(answer)) return { seen: answer.body, asked: true };
    if (saysNo(answer)) {
      await forgetSeen();
      notice(answer.body.why);
      at("sign-in").hidden = answer.status !== 401;
      return null;
    }
    const seen = await keptSeen(child);
    if (seen) return { seen, asked: false };
    notice(strings.nothing_kept);
    await new Promise((go) => setTimeout(go, ASK_AGAIN_MS));
  }
}

// Ask the server again. Is it no longer for the one whose cards lie here, the page begins anew.
async function lookAtServer() {
  const answer = await ask(pathOf(child));
  if (saysNo(answer) || (isSeen(answer) && answer.body.member !== sort.seen.member)) {
    await forgetSeen();
    location.reload();
    return "gone";
  }
  if (!isSeen(answer)) return "offline";
  await begin(answer.body);
  sayWhose();
  draw("begin");
  keepSeen(child, answer.body);
  return "ok";
}

function sayWhose() {
  const { alias, colour } = sort.seen.child;
  document.title = strings.page_title(alias);
  root.style.setProperty("--child", colour);
  write(at("whose"), strings.whose(sort.seen.member_alias, alias));
  wayBack(sort.seen);
}

// Before the first card is laid, another tablet may have begun this sort.
function backInSight() {
  if (document.visibilityState !== "visible") return;
  lookAgain();
  if (sort.state.moves === 0) lookAtServer();
}

async function main() {
  fillWords();
  startLook();
  startKeeping();
  const found = await whatIsToBeSorted();
  if (!found) return;
  const { seen, asked } = found;
  await begin(seen, { asked });
  notice("");
  sayWhose();
  if (asked) keepSeen(child, seen);
  startApart();
  startThirds();
  startBoard();
  startFinish();
  onChange(draw);
  at("undo").addEventListener("click", takeBack);
  document.addEventListener("keydown", (event) => {
    if (event.key === "z" && (event.ctrlKey || event.metaKey) && canUndo()) takeBack();
  });
  document.addEventListener("visibilitychange", backInSight);
  draw("begin");
  startSync({ lookFirst: asked ? null : lookAtServer });
}

main();

// The page for sorting cards: asks the server what is to be sorted and where the cards lie, and shows one
// of three steps.
import { drawBoard, startBoard } from "./sort-board.js";
import { drawFinish, leaveFinish, startFinish } from "./sort-finish.js";
import { begin, canUndo, lookAgain, onChange, sort, undo } from "./sort-state.js";
import { fillWords, strings, write } from "./sort-strings.js";
import { ask, link, startSync } from "./sort-sync.js";
import { drawThirds, showCard, startThirds } from "./sort-thirds.js";

const ASK_AGAIN_MS = 2000;
const STEPS = { thirds: drawThirds, board: drawBoard, finish: drawFinish };
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
  const behind = link.state === "saved" && sort.state?.moves > sort.state?.sent;
  const state = behind ? "saving" : link.state;
  const said = sort.durable ? words[state] ?? link.why : strings.unsafe;
  write(at("sync"), said);
  const calm = { saved: "saved", saving: "waiting" };
  at("sync").dataset.state = sort.durable ? calm[state] ?? "look" : "look";
  at("sign-in").hidden = link.state !== "sign_in";
}

function draw(why) {
  if (why === "finished") return ended();
  drawLink();
  at("undo").disabled = !canUndo();
  if (why === "link") return;
  if (why === "elsewhere") write(at("said"), strings.elsewhere);
  const now = sort.state.stage;
  for (const name of Object.keys(STEPS)) at(name).hidden = name !== now;
  if (stage === "finish" && now !== "finish") leaveFinish();
  const first = stage !== now;
  stage = now;
  STEPS[now]();
  if (first) scrollTo(0, 0);
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

async function whatIsToBeSorted() {
  const child = new URLSearchParams(location.search).get("child") ?? "";
  for (;;) {
    const { status, body } = await ask(`/api/sort?child=${encodeURIComponent(child)}`);
    if (status === 200 && body) return body;
    if (status >= 400 && status < 500 && body?.why) {
      notice(body.why);
      at("sign-in").hidden = status !== 401;
      return null;
    }
    notice(strings.no_answer);
    await new Promise((go) => setTimeout(go, ASK_AGAIN_MS));
  }
}

async function main() {
  fillWords();
  startLook();
  const seen = await whatIsToBeSorted();
  if (!seen) return;
  await begin(seen);
  notice("");
  const { alias, colour } = seen.child;
  document.title = strings.page_title(alias);
  root.style.setProperty("--child", colour);
  write(at("whose"), strings.whose(seen.member_alias, alias));
  wayBack(seen);
  startThirds();
  startBoard();
  startFinish();
  onChange(draw);
  at("undo").addEventListener("click", takeBack);
  document.addEventListener("keydown", (event) => {
    if (event.key === "z" && (event.ctrlKey || event.metaKey) && canUndo()) takeBack();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && lookAgain());
  draw("begin");
  startSync();
}

main();

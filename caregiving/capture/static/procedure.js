// A procedure: nothing is tapped but its course. Which episode it is, how long it still lasts, and
// the next one. An episode may be cut short or go on for longer; that is the observer's to say.
import { instant } from "./clock.js";
import { current } from "./outbox.js";
import { nextPart, stage, watchedMs } from "./parts.js";
import { onChange, record, session } from "./session.js";
import { elapsedTime, strings, write } from "./strings.js";
import { episodeNow } from "./visit.js";

const DOUBLE_TAP_MS = 700;

const by = (id) => document.getElementById(id);
const course = () => session.board?.session?.procedure ?? null;

let changedOver = -Infinity;
let drawn = null;

function tick() {
  if (!course()) return;
  const state = current();
  const { episodes } = course();
  const number = episodeNow(state);
  const episode = episodes.find((one) => one.number === number);
  const left_ms = (episode?.duration_s ?? 0) * 1000 - watchedMs(state, instant(), number);
  // Rounded up while it lasts, so that it starts at its full length and is over at 00:00.
  const shown = left_ms > 0 ? elapsedTime(left_ms + 999) : `+${elapsedTime(-left_ms)}`;
  write(by("countdown"), shown);
  write(by("episode"), strings.episode_of(episode?.label ?? "", number, episodes.length));
  write(by("episode-hint"), hint(stage(state), left_ms, number === episodes.length));
  by("next-episode").hidden = number >= episodes.length;
  by("next-episode").disabled = stage(state) !== "running";
}

function hint(now, left_ms, last) {
  if (now !== "running") return "";
  if (left_ms <= 0) return last ? strings.last_episode_over : strings.episode_over;
  return last ? strings.last_episode : strings.cut_short;
}

function draw() {
  by("procedure").hidden = !course();
  if (!course()) return;
  const timing = JSON.stringify(course().timing);
  if (timing !== drawn) {
    drawn = timing;
    by("timing").replaceChildren(...course().timing.map((sentence) => {
      const row = document.createElement("li");
      row.textContent = sentence;
      return row;
    }));
  }
  tick();
}

async function next() {
  const { window } = current();
  if (!window || performance.now() - changedOver < DOUBLE_TAP_MS) return;
  changedOver = performance.now();
  const now_ms = instant(); // no moment between the two episodes is unwatched
  const episode = window.episode + 1;
  await record(nextPart({ board: session.board, window, ended_ms: now_ms, started_ms: now_ms, episode }));
}

export function startProcedure() {
  by("next-episode").addEventListener("click", next);
  onChange(draw);
  setInterval(tick, 250);
}

// The two choices about looks: day or night, right or left hand. night.js applied them before the
// first paint; here they are changed and kept.
import { strings } from "./strings.js";

const root = document.documentElement;

function keep(key, value) {
  root.dataset[key] = value;
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage switched off: the choice then holds until the page is closed.
  }
  draw();
}

function draw() {
  const night = root.dataset.palette === "night";
  const left = root.dataset.hand === "left";
  const palette = document.getElementById("palette");
  palette.setAttribute("aria-label", night ? strings.to_day : strings.to_night);
  palette.dataset.shows = night ? "day" : "night";
  const hand = document.getElementById("hand");
  hand.setAttribute("aria-label", left ? strings.to_right_hand : strings.to_left_hand);
  // The browser's own bar follows the ground colour, so the edge of the screen is dark too.
  const ground = getComputedStyle(root).getPropertyValue("--ground").trim();
  if (ground) document.querySelector("meta[name=theme-color]").content = ground;
}

export function startLook() {
  document.getElementById("palette").addEventListener("click", () => {
    keep("palette", root.dataset.palette === "night" ? "day" : "night");
  });
  document.getElementById("hand").addEventListener("click", () => {
    keep("hand", root.dataset.hand === "left" ? "right" : "left");
  });
  draw();
}

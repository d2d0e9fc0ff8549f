// What this open page knows: who is here, which child and whose answer is chosen, and how the
// connection is. Modules tell each other about a change with one window event.
import { store } from "./outbox.js";
import { tellOtherTabs } from "./tabs.js";

export const session = {
  board: null, // the last /api/board
  child: null, // id of the chosen child
  caregiver: null, // id of the person whose answers are tapped
  link: "unknown", // "ok", "offline" or "sign_in"
};

export const childOf = (id) => session.board?.children.find((child) => child.id === id);
export const aliasOf = (id) => childOf(id)?.alias ?? "";

export function changed() {
  dispatchEvent(new CustomEvent("caregiving:changed"));
}

export function onChange(draw) {
  addEventListener("caregiving:changed", draw);
}

// Write an item on the tablet, then let the page, the other tabs and the sending know.
export async function record(build) {
  const result = await store(build);
  changed();
  tellOtherTabs();
  dispatchEvent(new CustomEvent("caregiving:stored"));
  return result;
}

// Instead of the cards, when the server does not take this sort: it was finished or discarded elsewhere, or
// another one was begun there. The cards stay as they lie until the person says what is to become of them.
import { letGo, progressOf, sort, startAnew } from "./sort-state.js";
import { dayAndTime, strings, write } from "./sort-strings.js";

const at = (id) => document.getElementById(id);
const ways = { "apart-anew": startAnew, "apart-go": letGo };
let asked = null; // the button that was pressed once and says now what pressing it again does

function words() {
  const { how, at_ms, other } = sort.state.apart;
  if (how === "other") return { ...strings.apart_other, title: strings.apart_other.title(progressOf(other), sort.seen.cards) };
  return { ...strings.apart_ended, title: strings.apart_ended.title[how](at_ms ? dayAndTime(at_ms) : "") };
}

export function drawApart() {
  const { title, rest, once, again } = words();
  write(at("apart-title"), title);
  write(at("apart-rest"), rest(progressOf(sort.state), sort.seen.cards));
  for (const id of Object.keys(ways)) write(at(id), (asked === id && again[id]) || once[id]);
}

export function startApart() {
  // What gives cards up is asked twice: they are nowhere else.
  for (const [id, way] of Object.entries(ways)) {
    at(id).addEventListener("click", () => {
      const decided = asked === id || !words().again[id];
      asked = decided ? null : id;
      if (decided) way();
      else drawApart();
    });
  }
}

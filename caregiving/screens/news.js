// Draws the page again as soon as something new is stored: the server says so, and the page never has to ask.
// `shown` is what the page was drawn with, `known` what the server said last. While the page is being drawn,
// perhaps after a press that stored the news, it gets a moment to say that it shows them.

const PATIENCE = 120, FINGER = 300, LONGEST_PRESS = 2000, AGAIN = 5000, BACK = [500, 1000, 2000, 5000];
const here = {
  family: "", shown: null, known: null, tell: null, socket: null, waits: undefined, calls: undefined, tries: 0,
  asked: null, times: 0, still: 0,
};

export default function ({ data, setTriggerValue }) {
  here.tell = (known) => setTriggerValue("heard", known);
  here.shown = data.version;
  if (here.family !== data.family || here.socket === null) listen(data.family);
  soon();
  return end;
}

function listen(family) {
  end();
  Object.assign(here, { family, known: null, asked: null, times: 0 });
  const address = new URL(`/news/${family}`, document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address);
  here.socket = socket;
  socket.onmessage = ({ data }) => {
    here.known = JSON.parse(data).version;
    here.tries = 0;
    soon();
  };
  socket.onclose = ({ code }) => {
    if (here.socket !== socket || code === 1008) return;
    here.calls = setTimeout(() => listen(family), BACK[Math.min(here.tries++, BACK.length - 1)]);
  };
}

function soon(wait = busy() ? PATIENCE : 0) {
  clearTimeout(here.waits);
  if (here.known !== null && here.known !== here.shown) here.waits = setTimeout(ask, wait);
}

function busy() {
  const state = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState;
  return state !== undefined && state !== "notRunning";
}

// Ask for a new drawing, and once more should it not come. Nothing moves under a finger, and a page that nobody
// looks at waits.
function ask() {
  if (document.hidden || here.known === here.shown) return;
  const moves = here.still - performance.now();
  if (moves > 0) return soon(moves);
  if (here.asked !== here.known) Object.assign(here, { asked: here.known, times: 0 });
  if (here.times++ > 2) return;
  here.tell(here.known);
  soon(AGAIN);
}

document.addEventListener("visibilitychange", () => soon(0));
document.addEventListener("pointerdown", () => hold(LONGEST_PRESS), true);
for (const up of ["pointerup", "pointercancel"]) document.addEventListener(up, () => hold(FINGER), true);

// Day and night have colours of their own, some of which the server chooses.
const dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", () => setTimeout(() => here.tell?.(here.shown), 300));

function hold(ms) {
  here.still = performance.now() + ms;
  soon(ms);
}

function end() {
  clearTimeout(here.waits);
  clearTimeout(here.calls);
  const { socket } = here;
  here.socket = null;
  socket?.close();
}

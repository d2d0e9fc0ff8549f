// The tap page: puts the parts together. What each part does stands at the top of its file.
import { startAlive } from "./alive.js";
import { drawBoard, startBoard } from "./board.js";
import { measureSkew, recallSkew, startClock } from "./clock.js";
import { startLook } from "./look.js";
import { adoptWindow } from "./moments.js";
import { belongTo, current, loadState, store } from "./outbox.js";
import { adoptParts, stage } from "./parts.js";
import { choosePeople, startPeople } from "./people.js";
import { startProcedure } from "./procedure.js";
import { changed, onChange, session } from "./session.js";
import { startSheets } from "./sheets.js";
import { fillWords, strings, write } from "./strings.js";
import { sendSoon, startSync } from "./sync.js";
import { startSyncLine } from "./syncline.js";
import { onOtherTab } from "./tabs.js";
import { keep, recall } from "./tablet.js";
import { startToast } from "./toast.js";
import { startVisit } from "./visit.js";
import { startWatch } from "./watch.js";

const OLD_BOARD_MS = 60_000;
const LIMIT_MS = 10_000; // a server that has not answered by then counts as none
const SLOW_MS = 1500; // after this, an empty page says why it is empty
let drawn = ""; // the board on the screen, to redraw only when it is another one
let asked = -Infinity;

function say(text, { visit = false } = {}) {
  write(document.getElementById("notice-text"), text);
  document.getElementById("to-visit").hidden = !visit;
  document.getElementById("notice").hidden = !text;
  document.getElementById("page").hidden = Boolean(text);
}

// What stands instead of the buttons, when there is nothing to tap.
function notice() {
  const { board } = session;
  if (!board) return;
  if (!board.may_log) say(board.observes ? strings.no_visit : strings.may_not_log, { visit: board.observes });
  else if (board.session && stage(current()) === "finished") say(strings.visit_ended, { visit: true });
  else if (board.session && stage(current()) === "discarded") say(strings.visit_discarded, { visit: true });
  else say("");
}

// Whose watching this tablet keeps. Somebody who may only look changes nothing on it, but an
// observer's visit that is over elsewhere is not gone on with.
async function belong({ may_log, family, session: visit }) {
  if (may_log) await belongTo(family, visit?.sitting ?? null);
  else if (current().sitting !== null) await belongTo(current().family);
}

async function show(board, { fresh = false } = {}) {
  await belong(board); // before the page has it: a tap meanwhile is still one of the board before
  if (fresh && board.session) await store(adoptParts({ board }));
  else if (fresh && board.may_log) await store(adoptWindow(board.open_window));
  session.board = board;
  await choosePeople();
  const { server_ms: _server, open_window: _window, ...lasting } = board;
  if (board.session) lasting.session = { ...board.session, parts: [], open: [] };
  if (JSON.stringify(lasting) !== drawn) {
    drawn = JSON.stringify(lasting);
    drawBoard();
  }
  document.getElementById("tapping").textContent = strings.tapping(board.member_alias);
  changed();
}

// While a part of a visit goes on here, a plan that was made meanwhile does not push it off the
// tablet: it comes when this part has paused or ended.
function keepsOn(board) {
  const mine = session.board?.session?.sitting;
  return Boolean(mine && board.session && board.session.sitting !== mine && current().window);
}

// Ask the server for the board. Answers how the connection is: "ok", "offline" or "sign_in".
async function askBoard() {
  asked = performance.now();
  try {
    const answer = await fetch("/api/board", {
      cache: "no-store", headers: { Accept: "application/json" }, signal: AbortSignal.timeout?.(LIMIT_MS),
    });
    if (answer.status === 401 || answer.status === 403) {
      if (!session.board) say(strings.please_sign_in);
      return "sign_in";
    }
    if (!answer.ok) return "offline";
    const board = await answer.json();
    if (!Array.isArray(board.buttons)) return "offline";
    const kept_copy = answer.headers.get("X-From-Tablet") !== null; // the service worker's, maybe old
    if (kept_copy && session.board) return "offline";
    if (keepsOn(board)) return "ok";
    if (!kept_copy) await keep("board", board); // first: the kept state is only ever that of this board
    await show(board, { fresh: !kept_copy });
    if (kept_copy) return "offline";
    await measureSkew().catch(() => {});
    changed();
    return "ok";
  } catch {
    return "offline"; // no server, or a Wi-Fi sign-in page that answers for it
  }
}

async function begin() {
  fillWords();
  document.title = strings.page_title;
  startLook();
  startClock();
  startPeople();
  startWatch();
  startVisit();
  startProcedure();
  startAlive();
  startToast();
  startBoard();
  startSyncLine();
  startSheets();
  onChange(notice);
  document.getElementById("insecure").hidden = isSecureContext;
  await loadState();
  await recallSkew();
  const kept = await recall("board");
  if (kept) await show(kept); // usable at once; the server's board comes when it comes
  setTimeout(() => session.board || session.link === "sign_in" || say(strings.no_board), SLOW_MS);
  startSync({ board: askBoard });
  document.addEventListener("visibilitychange", async () => {
    // A plan may have been changed on another page just now: before the start it is always looked at again.
    const planned = session.board?.session && stage(current()) === "planned";
    const fresh = !planned && performance.now() - asked < OLD_BOARD_MS;
    if (document.visibilityState !== "visible" || fresh) return;
    session.link = await askBoard();
    changed();
    sendSoon();
  });
  onOtherTab(async () => {
    await loadState();
    changed();
  });
  navigator.storage?.persist?.().catch(() => {}); // please do not clear our queue
  navigator.serviceWorker?.register("/sw.js", { scope: "/tap" }).catch((error) => console.warn(error));
}

begin();

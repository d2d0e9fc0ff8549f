// The tap page: puts the parts together. What each part does stands at the top of its file.
import { drawBoard, startBoard } from "./board.js";
import { measureSkew, recallSkew, startClock } from "./clock.js";
import { startLook } from "./look.js";
import { adoptWindow } from "./moments.js";
import { belongTo, loadState, store } from "./outbox.js";
import { choosePeople, startPeople } from "./people.js";
import { changed, session } from "./session.js";
import { startSheets } from "./sheets.js";
import { fillWords, strings } from "./strings.js";
import { sendSoon, startSync } from "./sync.js";
import { startSyncLine } from "./syncline.js";
import { onOtherTab } from "./tabs.js";
import { keep, recall } from "./tablet.js";
import { startToast } from "./toast.js";
import { startWatch } from "./watch.js";

const OLD_BOARD_MS = 60_000;
const SLOW_MS = 1500; // after this, an empty page says why it is empty
let drawn = ""; // the board on the screen, to redraw only when it is another one
let asked = -Infinity;

function say(text) {
  document.getElementById("notice-text").textContent = text;
  document.getElementById("notice").hidden = !text;
  document.getElementById("page").hidden = Boolean(text);
}

async function show(board) {
  session.board = board;
  // Somebody who may only look changes nothing on this tablet.
  if (board.may_log) await belongTo(board.family);
  await choosePeople();
  const { server_ms: _server, open_window: _window, ...lasting } = board;
  if (JSON.stringify(lasting) !== drawn) {
    drawn = JSON.stringify(lasting);
    drawBoard();
  }
  document.getElementById("tapping").textContent = strings.tapping(board.member_alias);
  say(board.may_log ? "" : strings.may_not_log);
  changed();
}

// Ask the server for the board. Answers how the connection is: "ok", "offline" or "sign_in".
async function askBoard() {
  asked = performance.now();
  try {
    const answer = await fetch("/api/board", { cache: "no-store", headers: { Accept: "application/json" } });
    if (answer.status === 401 || answer.status === 403) {
      if (!session.board) say(strings.please_sign_in);
      return "sign_in";
    }
    if (!answer.ok) return "offline";
    const board = await answer.json();
    if (!Array.isArray(board.buttons)) return "offline";
    const kept_copy = answer.headers.get("X-From-Tablet") !== null; // the service worker's, maybe old
    if (kept_copy && session.board) return "offline";
    await show(board);
    if (kept_copy) return "offline";
    await keep("board", board);
    if (board.may_log) await store(adoptWindow(board.open_window));
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
  startToast();
  startBoard();
  startSyncLine();
  startSheets();
  document.getElementById("insecure").hidden = isSecureContext;
  await loadState();
  await recallSkew();
  const kept = await recall("board");
  if (kept) await show(kept); // usable at once; the server's board comes when it comes
  setTimeout(() => session.board || session.link === "sign_in" || say(strings.no_board), SLOW_MS);
  startSync({ board: askBoard });
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible" || performance.now() - asked < OLD_BOARD_MS) return;
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

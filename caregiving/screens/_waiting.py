"""How many taps still wait on this tablet: read from the browser's own queue, which the server cannot see."""

import streamlit as st

SCRIPT = """
const NAME = "caregiving-tap";

// Only look into the queue when the tap page has made it: opening it here would make an empty one.
async function waiting() {
  const known = indexedDB.databases ? await indexedDB.databases() : [];
  if (!known.some((one) => one.name === NAME)) return 0;
  return new Promise((resolve) => {
    const request = indexedDB.open(NAME);
    request.onerror = () => resolve(0);
    request.onsuccess = () => {
      const db = request.result;
      db.onversionchange = () => db.close();
      if (!db.objectStoreNames.contains("outbox")) { db.close(); resolve(0); return; }
      const count = db.transaction("outbox").objectStore("outbox").count();
      count.onsuccess = () => { db.close(); resolve(count.result); };
      count.onerror = () => { db.close(); resolve(0); };
    };
  });
}

export default function ({ parentElement }) {
  const line = parentElement.querySelector("p");
  const look = async () => {
    const n = await waiting().catch(() => 0);
    const taps = n === 1 ? "1 tap waits" : `${n} taps wait`;
    line.textContent = n === 0
      ? "Every tap of this tablet is saved."
      : `${taps} on this tablet, safe. Open the tap page to send ${n === 1 ? "it" : "them"}.`;
  };
  look();
  clearInterval(parentElement.cgTimer);
  parentElement.cgTimer = setInterval(look, 2000);
  return () => clearInterval(parentElement.cgTimer);
}
"""
STYLE = "p { margin: 0; color: var(--quiet); font: 400 .95rem var(--st-font); min-height: 1.5em; }"

_line = st.components.v2.component(
    "waiting_taps", html='<p role="status" aria-live="polite"></p>', css=STYLE, js=SCRIPT
)


def show(*, may_log: bool) -> None:
    """Show the line, to somebody who may tap."""
    if may_log:
        _line(key="waiting_taps")

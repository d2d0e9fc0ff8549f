"""How many taps still wait on this tablet: read from the browser's own queue, which the server cannot see."""

import streamlit as st

from caregiving.words import _, n_

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

export default function ({ parentElement, data }) {
  const line = parentElement.querySelector("p");
  const look = async () => {
    const n = await waiting().catch(() => 0);
    line.textContent = n === 0 ? data.saved : n === 1 ? data.one : data.many.replace("7", n);
  };
  look();
  clearInterval(parentElement.cgTimer);
  parentElement.cgTimer = setInterval(look, 2000);
  return () => clearInterval(parentElement.cgTimer);
}
"""
STYLE = "p { margin: 0; color: var(--quiet); font: 400 .95rem var(--st-font); min-height: 1.5em; }"

SEVERAL = 7  # stands in the sentence until the browser has counted

_line = st.components.v2.component(
    "waiting_taps", html='<p role="status" aria-live="polite"></p>', css=STYLE, js=SCRIPT
)


def show(*, may_log: bool) -> None:
    """Show the line, to somebody who may tap."""
    if may_log:
        many = n_(
            "{n} tap waits on this tablet, safe. Open the tap page to send it.",
            "{n} taps wait on this tablet, safe. Open the tap page to send them.",
            SEVERAL,
        )
        one = n_(
            "{n} tap waits on this tablet, safe. Open the tap page to send it.",
            "{n} taps wait on this tablet, safe. Open the tap page to send them.",
            1,
        )
        saved = _("Every tap of this tablet is saved.")
        _line(key="waiting_taps", data={"saved": saved, "one": one, "many": many})

"""Little stories as input: "0s cry, 4s hold, 65s end" becomes events and the window they were seen in."""

import re

import pandas as pd

from caregiving.frames import EVENTS, WINDOWS, conform
from caregiving.instruments import Instrument, load

MOMENT = re.compile(r"^(?P<from>[\d.]+)(?:-(?P<to>[\d.]+))?s (?P<code>\w+)$")


def story(
    text: str, instrument: Instrument | str = "home_moments", session: str = "s1", day: str | None = None
):
    """Return (events, windows) of a story.

    "20s cry" is a point, "20-35s in_arms" a state; "0s start" and "600s end" bound the window, which without
    them runs from 0 to the last moment. "start" and "end" may come again: every pair is one window.
    """
    known = load(instrument) if isinstance(instrument, str) else instrument
    moments = [MOMENT.match(part.strip()) for part in text.replace("\n", ",").split(",") if part.strip()]
    assert all(moments), f"not a story: {text}"
    rows, bounds = [], []
    for m in moments:
        begin, until = float(m["from"]), float(m["to"]) if m["to"] else float("nan")
        if m["code"] in ("start", "end"):
            bounds.append(begin)
        else:
            rows.append((session, known.behaviour(m["code"]).who, m["code"], begin, until))
    last = max((t for _, _, _, a, b in rows for t in (a, b) if t == t), default=0.0)
    if len(bounds) % 2:
        bounds = [0.0, *bounds] if len(bounds) == 1 else [*bounds, last]
    bounds = bounds or [0.0, last]
    events = pd.DataFrame(rows, columns=["session", "actor", "code", "onset_s", "offset_s"])
    windows = pd.DataFrame({"session": session, "start_s": bounds[::2], "end_s": bounds[1::2], "day": day})
    return conform(events, EVENTS), conform(windows, WINDOWS)


def at(code: str, *seconds: float) -> str:
    """Return a story of one code at several moments: at("cry", 1, 2) is "1s cry, 2s cry"."""
    return ", ".join(f"{s}s {code}" for s in seconds)

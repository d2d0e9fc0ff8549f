"""A baby who turns away asks for a pause: whether it was given, and how often stimulation came instead."""

import numpy as np
import pandas as pd

from caregiving.indices._moments import Bools, Watching, marks
from caregiving.instruments import Instrument


def stimulating(instrument: Instrument) -> dict[str, list[str]]:
    """Return, for each cue of disengagement, the answers that its table rates 0; empty without a table.

    >>> from caregiving.instruments import load
    >>> stimulating(load("home_moments"))
    {'turn_away': ['feed', 'talk', 'play']}
    """
    table = instrument.appropriateness.table if instrument.appropriateness else {}
    cues = instrument.codes("cue", cue_class="disengage")
    return {cue: [code for code, rating in table[cue].items() if rating == 0] for cue in cues if cue in table}


def respected(rows: pd.DataFrame, events: pd.DataFrame, watch: Watching, instrument: Instrument) -> Bools:
    """Tell for each bout of disengagement whether the pause was respected.

    It was when the answer that came first fits fully (rated 1, such as waiting), or when nothing that is
    rated 0 for this cue came inside the response window. Parameters: `rows` of disengagement from an
    EPISODES frame.
    """
    onset = watch.at(rows["session"], rows["onset_s"])
    cue, given = (rows[name].astype("object").to_numpy() for name in ("cue_code", "response_code"))
    window_s = instrument.classes["disengage"].response_window_s.value
    quiet = np.ones(len(rows), dtype=bool)
    paused = np.zeros(len(rows), dtype=bool)
    table = instrument.appropriateness.table if instrument.appropriateness else {}
    for code, answers in stimulating(instrument).items():
        of_code = cue == code
        disturbed = watch.until(marks(watch, events, answers), onset) <= window_s
        quiet &= ~(of_code & disturbed)
        paused |= of_code & np.isin(given, [answer for answer, rating in table[code].items() if rating == 1])
    return paused | quiet


def intrusions(events: pd.DataFrame, watch: Watching, instrument: Instrument) -> int | None:
    """Return how many stimulating answers came inside the window after a cue of disengagement.

    Each answer counts once, however many cues it follows. None when the instrument has no disengagement cues
    or no table that rates answers to them.
    """
    rated = stimulating(instrument)
    if not rated:
        return None
    window_s = instrument.classes["disengage"].response_window_s.value
    count = 0
    for code in sorted({answer for answers in rated.values() for answer in answers}):
        acts = marks(watch, events, [code])
        disturbing = np.zeros(len(acts), dtype=bool)
        for cue, answers in rated.items():
            if code in answers:
                disturbing |= watch.since(marks(watch, events, [cue]), acts) <= window_s
        count += int(disturbing.sum())
    return count

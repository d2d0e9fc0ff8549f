"""When crying ended: at a mark that the baby settled, or at the logged end of the cry itself."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from caregiving.indices._moments import Bools, Floats, Ints, Watching, marks
from caregiving.instruments import Instrument


@dataclass(frozen=True)
class Settling:
    """How bouts of distress went on, one entry a bout in the order of the rows.

    `settled_s` seconds from the onset to settling, NaN when it did not settle before the next bout of
    distress or before watching ended; `followed_s` seconds it was followed: to its settling, the next bout,
    or the end of watching; `logged`: ends of crying were written down in its session at all.
    """

    settled_s: Floats
    followed_s: Floats
    logged: Bools


def settling(rows: pd.DataFrame, events: pd.DataFrame, watch: Watching, instrument: Instrument) -> Settling:
    """Return when each bout of distress settled.

    A mark counts for a bout when it comes after the last cue of the bout and before the next bout of
    distress. A cry that was logged with its end has settled there. Parameters: `rows`, every bout of
    distress of an EPISODES frame (reads `session, onset_s, offset_s`); EVENTS. Both times are NaN for a bout
    outside `watch`.
    """
    onset, end = watch.at(rows["session"], rows["onset_s"]), watch.at(rows["session"], rows["offset_s"])
    following = _next(onset)
    cues = marks(watch, events, instrument.codes("cue", cue_class="distress"))
    last = np.append(cues, onset.max(initial=0))[np.searchsorted(cues, following, side="left") - 1]
    mark = watch.until(end_marks(watch, events, instrument), np.maximum(last, onset), after=True)
    settled = np.maximum(last, onset) + np.rint(np.nan_to_num(mark) * 1e6).astype(np.int64)
    left = watch.left_s(onset)
    unsettled = np.isnan(left) | np.isnan(mark) | (settled >= following)
    wait = np.where(unsettled, np.nan, (settled - onset) / 1e6)
    own = np.where((end > onset) & ((end - onset) / 1e6 <= left), (end - onset) / 1e6, np.nan)
    settled_s = np.fmin(wait, own)
    until_next = np.where(following < np.iinfo(np.int64).max, (following - onset) / 1e6, np.inf)
    return Settling(
        settled_s,
        np.where(np.isnan(settled_s), np.minimum(left, until_next), settled_s),
        ends_logged(rows["session"], events, instrument),
    )


def end_marks(watch: Watching, events: pd.DataFrame, instrument: Instrument) -> Ints:
    """Return the moments marked as settled, sorted."""
    return marks(watch, events, instrument.codes("outcome"))


def _next(onset: Ints) -> Ints:
    """Return the onset of the next bout in time, or the largest number for the last one."""
    ordered = np.sort(onset)
    return np.append(ordered, np.iinfo(np.int64).max)[np.searchsorted(ordered, onset, side="right")]


def ends_logged(session: pd.Series, events: pd.DataFrame, instrument: Instrument) -> Bools:
    """Tell for each row whether any end of crying was logged in its session."""
    ended = events["code"].isin(instrument.codes("outcome"))
    lasted = events["code"].isin(instrument.codes("cue", cue_class="distress")) & events["offset_s"].notna()
    named = events.loc[ended | lasted, "session"].astype("object").unique()
    return session.astype("object").isin(named).to_numpy(dtype=bool)

"""The columns of the frames that travel down the road: name, type, unit and meaning of each.

Two languages of time. A LOG holds instants (UTC milliseconds) as they were tapped. EVENTS and WINDOWS hold
seconds from the start of a session, exact to the microsecond, and are what the analysis reads.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd
from pandas.api.types import pandas_dtype


@dataclass(frozen=True)
class Column:
    """One column: its pandas dtype, its unit, what it means, and whether a file may leave it out."""

    dtype: str
    meaning: str
    unit: str = ""
    optional: bool = False


Contract = dict[str, Column]

EVENT_LOG: Final[Contract] = {
    "id": Column("str", "id made at the tap"),
    "child": Column("str", "whose moment"),
    "window": Column("str", "the window it was tapped in, if any"),
    "instrument": Column("str", "id and version"),
    "actor": Column("str", "infant or caregiver"),
    "code": Column("str", "what was seen"),
    "onset_ms": Column("Int64", "start", "ms since 1970, UTC"),
    "offset_ms": Column("Int64", "end of a state, if ended", "ms since 1970, UTC"),
    "utc_offset_min": Column("Int64", "local time minus UTC at the tap", "min"),
    "zone": Column("str", "IANA zone at the tap"),
    "time_quality": Column("str", "how the time is known"),
    "latency_low_s": Column("float64", "a recalled answer came after this", "s"),
    "latency_high_s": Column("float64", "a recalled answer came by then", "s"),
    "caregiver": Column("str", "who answered"),
    "author": Column("str", "who logged it"),
    "reason": Column("str", "why it was corrected"),
    "replaces": Column("str", "the event it corrects, if any"),
    "in_conflict": Column("bool", "two corrections of one moment stand side by side"),
    "seq": Column("Int64", "order of arrival"),
}
WINDOW_LOG: Final[Contract] = {
    "id": Column("str", "id made at the start"),
    "child": Column("str", "who was watched"),
    "mode": Column("str", "live, prompt, session or opportunistic"),
    "context": Column("str", "feeding, play, bath, bedtime, night"),
    "instrument": Column("str", "id and version"),
    "started_ms": Column("Int64", "start", "ms since 1970, UTC"),
    "ended_ms": Column("Int64", "end, if ended", "ms since 1970, UTC"),
    "attestation": Column("str", "all, most or some cues logged; paused, or discarded"),
    "zone": Column("str", "IANA zone"),
    "utc_offset_min": Column("Int64", "local time minus UTC at the start", "min"),
    "author": Column("str", "who watched"),
    "sitting": Column("str", "the visit it is a part of, if any", optional=True),
    "episode": Column("Int64", "episode of a procedure", optional=True),
    "codes_again": Column("str", "the sitting that this one codes a second time", optional=True),
    "from_recording": Column("bool", "coded from a recording, not from life", optional=True),
    "skew_ms": Column("Int64", "server clock minus device clock at the start, if known", "ms", optional=True),
}
EVENTS: Final[Contract] = {
    "session": Column("category", "stretch of observation the clock runs in"),
    "actor": Column("category", "infant or caregiver"),
    "code": Column("category", "what was seen"),
    "onset_s": Column("float64", "start, from the start of the session", "s"),
    "offset_s": Column("float64", "end of a state; missing for a point", "s"),
    "child": Column("str", "whose session", optional=True),
    "caregiver": Column("str", "who answered", optional=True),
    "modifiers": Column("str", "anything added to the code", optional=True),
    "id": Column("str", "the logged event, to find it again", optional=True),
}
WINDOWS: Final[Contract] = {
    "session": Column("category", "the session this window belongs to"),
    "start_s": Column("float64", "start, from the start of the session", "s"),
    "end_s": Column("float64", "end", "s"),
    "child": Column("str", "who was watched", optional=True),
    "caregiver": Column("str", "with whom", optional=True),
    "mode": Column("str", "live, prompt, session or opportunistic", optional=True),
    "started_at": Column("str", "ISO 8601 with offset", optional=True),
    "day": Column("str", "the family's day; missing when no date is known", optional=True),
}
EPISODES: Final[Contract] = {
    "session": Column("category", "session"),
    "child": Column("str", "child"),
    "day": Column("str", "the family's day, missing when no date is known"),
    "cue_code": Column("category", "the code of the first cue of the bout"),
    "cue_class": Column("category", "distress, social, request or disengage"),
    "onset_s": Column("float64", "start of the bout", "s"),
    "offset_s": Column("float64", "end of its last cue, when logged", "s"),
    "n_cues": Column("int64", "cues in the bout"),
    "answered": Column("bool", "an answer came inside the response window"),
    "response_code": Column("category", "the answer"),
    "responder": Column("str", "the caregiver who answered"),
    "latency_s": Column("float64", "cue to answer; missing when there was none", "s"),
    "followed_s": Column("float64", "how long this cue was followed for an answer", "s"),
    "window_seen": Column("bool", "watched to the end of its response window"),
    "already_engaged": Column("bool", "the caregiver was already there when the cue came"),
    "self_settled": Column("bool", "it passed before any answer"),
    "confirmed_none": Column("bool", "somebody tapped that there was no answer"),
    "cue_id": Column("str", "the logged event that began the bout", optional=True),
    "answer_id": Column("str", "the logged event that answered it", optional=True),
}
ESTIMATES: Final[Contract] = {
    "index": Column("str", "which index"),
    "measure": Column("str", "which of its figures"),
    "cue_class": Column("str", "which cues"),
    "value": Column("float64", "the figure; missing when nothing was seen or it is withheld"),
    "low": Column("float64", "lower 95 % limit"),
    "high": Column("float64", "upper 95 % limit"),
    "unit": Column("str", "unit"),
    "n": Column("int64", "cues, days or transitions it rests on"),
    "method": Column("str", "how it was computed"),
    "gate": Column("str", "what is still needed; missing when the gate is met"),
    "source": Column("str", "key in sources.yaml"),
}
RATINGS: Final[Contract] = {
    "session": Column("category", "the session that was rated"),
    "child": Column("str", "child", optional=True),
    "day": Column("str", "the family's day, missing when no date is known", optional=True),
    "instrument": Column("str", "id and version of the rating instrument"),
    "scale": Column("str", "the scale, such as security; a class is a scale of its own, such as class_b"),
    "value": Column("float64", "the rating; 1 for the class that was given"),
    "rater": Column("str", "who rated"),
    "certified": Column("bool", "the rater is trained and certified for this instrument"),
    "minutes": Column("float64", "how long was observed", "min", optional=True),
    "kind": Column("str", "observer, or self when parents describe their own family"),
}


class MissingColumn(KeyError):
    """A frame lacks a column that a function reads."""

    def __init__(self, missing: list[str], present: list[str]) -> None:
        super().__init__(missing)
        self.sentence = f"column {', '.join(missing)} is missing; the columns found are: {', '.join(present)}"

    def __str__(self) -> str:
        """Name the missing columns and those that are there."""
        return self.sentence


def need(frame: pd.DataFrame, *columns: str) -> None:
    """Raise MissingColumn unless the frame has all these columns."""
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise MissingColumn(missing, [str(name) for name in frame.columns])


def empty(contract: Contract) -> pd.DataFrame:
    """Return a frame with the contract's columns and no rows."""
    return pd.DataFrame({name: pd.Series(dtype=column.dtype) for name, column in contract.items()})


def conform(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Return the frame with the contract's columns, in its order and dtypes; optional ones are added empty.

    A column of yes and no is added as no.

    Raises
    ------
    MissingColumn
        When a column that is not optional is absent.
    """
    need(frame, *(name for name, column in contract.items() if not column.optional))
    columns = {
        name: frame[name] if name in frame.columns else _nothing(column, frame.index)
        for name, column in contract.items()
    }
    return pd.DataFrame(
        {name: series.astype(pandas_dtype(contract[name].dtype)) for name, series in columns.items()}
    )


def _nothing(column: Column, index: pd.Index) -> pd.Series:
    """Return what a column holds that is not there: nothing, or no where only yes or no can stand."""
    return pd.Series(False if column.dtype == "bool" else None, index=index, dtype="object")

"""Segments of a day-long home recording: `segtype,startsec,endsec`, as machines label who makes a sound.

Read with the free_play instrument. Speech-related sounds of the child are social cues; its other sounds (cry,
laugh and vegetative sounds in one label) are no cue but can take the credit of an answer; speech of a near
adult is an answer. Everything else is skipped and counted by its type.
"""

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from caregiving.faults import Fault
from caregiving.frames import EVENTS, WINDOWS, conform
from caregiving.imports.tables import line, read_table, seconds, told

LABEL = "Segments of a home recording (CSV segtype,startsec,endsec)"
INSTRUMENT = "free_play"
MEANING: Final = MappingProxyType(
    {
        "CHNSP": ("infant", "vocalise"),
        "CHNNSP": ("infant", "nonspeech"),
        "FAN": ("caregiver", "speech"),
        "MAN": ("caregiver", "speech"),
    }
)


@dataclass(frozen=True)
class Imported:
    """What a file held: events, windows, and how many of its lines became what."""

    events: pd.DataFrame
    windows: pd.DataFrame
    n_lines: int
    skipped: dict[str, int]


def read(path: Path) -> Imported:
    """Return the events and the one window (first to last segment) of a recording.

    Raises
    ------
    Refused
        With every fault of the file: columns, numbers, a segment that ends before it starts.
    """
    table = read_table(path, ("segtype", "startsec", "endsec"))
    start, faults = seconds(table, "startsec", path)
    end, more = seconds(table, "endsec", path)
    faults += more
    for row in np.flatnonzero(end < start):
        found = f"{end[row]:g}, which lies before the start {start[row]:g}"
        faults.append(Fault(line(path, row, "endsec"), found, "an end at or after the start"))
    faults += [
        Fault(line(path, r, "segtype"), "an empty cell", "a label")
        for r in np.flatnonzero(table["segtype"].isna())
    ]
    if faults:
        raise told(faults)
    known = table["segtype"].isin(list(MEANING))
    named = table.loc[known, "segtype"].map(dict(MEANING))
    session = path.stem
    events = pd.DataFrame(
        {
            "session": session,
            "actor": named.str[0],
            "code": named.str[1],
            "onset_s": start[known],
            "offset_s": end[known],
        }
    )
    bounds = {"session": [session], "start_s": [start.min()], "end_s": [end.max()]} if len(table) else {}
    windows = pd.DataFrame(bounds or {"session": [], "start_s": [], "end_s": []})
    others = table.loc[~known, "segtype"].value_counts().sort_index()
    skipped = {str(label): int(n) for label, n in others.items()}
    return Imported(conform(events, EVENTS), conform(windows, WINDOWS), len(table), skipped)

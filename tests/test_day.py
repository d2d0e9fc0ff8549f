"""One day as a person reads it: which stretches are drawn as watched, and which are not."""

import pandas as pd
import pytest

from caregiving.day import build_day
from caregiving.frames import EVENT_LOG, empty
from caregiving.instruments import load
from caregiving.report import build_report
from tests.invented_summary import DAYS, LENGTH_S, NINE_MS, window_log

NOW_MS = int(pd.Timestamp(DAYS[0]).timestamp() * 1000) + NINE_MS + 60_000 * 10


def watched(*said: str | None, **more: str) -> pd.DataFrame:
    """The stretches drawn on a day on which somebody watched from nine o'clock and said this at the end."""
    windows = window_log(*((DAYS[0], "a", one) for one in said)).assign(**more)
    log = empty(EVENT_LOG)
    report = build_report(log, windows, load("home_moments"), now_ms=NOW_MS, names=[])
    return build_day(DAYS[0], log, windows, report, {}, now_ms=NOW_MS).watched


@pytest.mark.parametrize(
    ("said", "counted", "is_open"),
    [("all", True, False), ("most", True, False), ("some", False, False), (None, True, True)],
)
def test_a_stretch_is_drawn_from_nine_as_counted_partly_logged_or_open(said, counted, is_open):
    drawn = watched(said)

    assert drawn["from_minute"].tolist() == [(9 - 6) * 60]
    assert drawn["to_minute"].tolist() == [(9 - 6) * 60 + (10 if is_open else LENGTH_S / 60)]
    assert (drawn["counted"].tolist(), drawn["open"].tolist()) == ([counted], [is_open])


@pytest.mark.parametrize("said", ["discarded", "paused"])
def test_a_discarded_stretch_and_one_that_waits_for_the_end_of_a_visit_are_not_drawn(said):
    assert len(watched(said)) == 0
    assert len(watched("all", said)) == 1


def test_a_second_coding_of_the_same_stretch_is_not_drawn():
    assert len(watched("all", codes_again="another")) == 0

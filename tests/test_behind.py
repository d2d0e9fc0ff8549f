"""Every figure opens into the moments it rests on."""

import pandas as pd

from caregiving.behind import MOMENTS, moments_behind
from caregiving.frames import EVENTS, WINDOWS, conform
from caregiving.instruments import load
from caregiving.report import Report, analyse


def report_of(events: list[tuple[str, str, str, float, str | None]], end_s: float) -> Report:
    """A report of one sitting that began at 21:00 in Berlin."""
    columns = ["session", "actor", "code", "onset_s", "caregiver"]
    frame = pd.DataFrame(events, columns=columns).assign(offset_s=float("nan"))
    windows = pd.DataFrame(
        [("s1", 0.0, end_s, "live", "2026-03-01T21:00:00+01:00", "2026-03-01")],
        columns=["session", "start_s", "end_s", "mode", "started_at", "day"],
    )
    return analyse(conform(frame, EVENTS), conform(windows, WINDOWS), load("home_moments"), names=[])


def test_the_newest_cue_comes_first_with_its_clock_and_its_answer():
    report = report_of(
        [
            ("s1", "infant", "cry", 60.0, None),
            ("s1", "caregiver", "pick_up", 82.0, "Ada"),
            ("s1", "infant", "smile", 605.0, None),
        ],
        1200.0,
    )
    rows = moments_behind(report, report.episodes)

    assert list(rows.columns) == list(MOMENTS)
    assert rows["clock"].tolist() == ["21:10:05", "21:01:00"]
    assert rows["cue_code"].tolist() == ["smile", "cry"]
    assert rows["fate"].tolist() == ["none", "answered"]
    assert rows["answer_code"].iloc[1] == "pick_up"
    assert rows["after_s"].iloc[1] == 82 - 60
    assert rows["responder"].iloc[1] == "Ada"
    assert pd.isna(rows["answer_code"].iloc[0]) and pd.isna(rows["after_s"].iloc[0])


def test_a_cue_whose_window_ended_too_early_is_unseen_and_not_unanswered():
    report = report_of([("s1", "infant", "cry", 60.0, None)], 100.0)

    assert moments_behind(report, report.episodes)["fate"].tolist() == ["unseen"]


def test_a_cue_that_passed_by_itself_says_so():
    report = report_of([("s1", "infant", "cry", 60.0, None), ("s1", "infant", "settled", 90.0, None)], 1200.0)

    assert moments_behind(report, report.episodes)["fate"].tolist() == ["settled"]


def test_no_episode_gives_no_moment():
    report = report_of([], 600.0)

    assert moments_behind(report, report.episodes).empty

"""The report of a period, and of two households that differ in one thing only."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from caregiving.demo import seed
from caregiving.frames import EVENT_LOG, RATINGS, WINDOW_LOG, conform, empty
from caregiving.indices import Estimate
from caregiving.instruments import load
from caregiving.people import Role
from caregiving.periods import EVERYTHING, Period
from caregiving.report import Report, build_report
from caregiving.store import events, windows
from caregiving.store.engine import open_store
from caregiving.store.people import children, members, viewer_of
from sample_data.household import household
from sample_data.recipes import RECIPES

HOME = load("home_moments")
ENDS_ON = date(2026, 3, 15)
NOW_MS = int(datetime(2026, 3, 15, 12, tzinfo=UTC).timestamp() * 1000)


def logged(recipe: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The log and the windows of an invented household, as the store would give them back."""
    how = RECIPES[recipe]
    sent = household(how.truth, days=how.days, ends_on=ENDS_ON).items
    ends = {item["window"]: item for item in sent if item["type"] == "window_end"}
    taps = [item | {"replaces": None, "in_conflict": False} for item in sent if item["type"] == "event"]
    starts = [item | ends[item["id"]] | {"id": item["id"]} for item in sent if item["type"] == "window_start"]
    return (
        conform(pd.DataFrame(taps).reindex(columns=list(EVENT_LOG)), EVENT_LOG),
        conform(pd.DataFrame(starts).reindex(columns=list(WINDOW_LOG)), WINDOW_LOG),
    )


def report_of(recipe: str, *names: str, period: Period | None = None) -> Report:
    return build_report(*logged(recipe), HOME, now_ms=NOW_MS, names=list(names), period=period)


def found(report: Report, index: str, measure: str, cue_class: str) -> Estimate:
    one = report.find(index, measure, cue_class)
    assert one is not None and one.gate is None
    return one


def overlap(a: Estimate, b: Estimate) -> bool:
    return a.low <= b.high and b.low <= a.high


def test_two_households_that_answer_as_often_and_as_soon_differ_in_their_evenness_only():
    """Every day alike beside a quarter of days with far fewer answers: the same rate, other days."""
    asked = ("responsiveness", "latency", "consistency")
    even, uneven = report_of("weeks", *asked), report_of("swinging", *asked)

    for one, other in zip(even.results, uneven.results, strict=True):
        shown = one[1].gate is None and other[1].gate is None
        if shown and one[0].name in ("responsiveness", "latency"):
            assert overlap(one[1], other[1]), (one[0].name, one[1].measure, one[1].cue_class)
    share = [found(r, "responsiveness", "within_180s", "distress") for r in (even, uneven)]
    assert abs(share[0].value - share[1].value) < 0.05
    shares = [found(r, "consistency", "mean_share", "all") for r in (even, uneven)]
    assert overlap(*shares) and abs(shares[0].value - shares[1].value) < 0.05

    c_even, c_uneven = (found(r, "consistency", "c", "all") for r in (even, uneven))
    assert c_uneven.high < c_even.low
    assert c_even.value - c_uneven.value > 0.2


@pytest.mark.parametrize("cut", [Period(last="2026-03-07"), Period("2026-03-08", "2026-03-10"), EVERYTHING])
def test_the_report_of_a_period_holds_just_the_sessions_and_cues_of_its_days(cut: Period):
    whole, part = report_of("weeks"), report_of("weeks", period=cut)

    assert part.period == cut and whole.period == EVERYTHING
    assert part.days == [day for day in whole.days if day in cut] != []
    for name in ("windows", "episodes"):
        frame = getattr(whole, name)
        kept = frame[[day in cut for day in frame["day"]]].reset_index(drop=True)
        compared = [column for column in kept.columns if kept[column].dtype.name != "category"]
        assert_frame_equal(getattr(part, name)[compared], kept[compared])
    inside = whole.events["session"].astype("str").isin(part.windows["session"].astype("str"))
    assert part.events["id"].tolist() == whole.events.loc[inside, "id"].tolist()


def test_two_periods_that_touch_hold_every_cue_once():
    first, second = (
        report_of("weeks", period=p) for p in (Period(last="2026-03-07"), Period(first="2026-03-08"))
    )
    whole = report_of("weeks")

    assert len(whole.episodes) == 338
    both = [*first.episodes["cue_id"], *second.episodes["cue_id"]]
    assert sorted(both) == sorted(whole.episodes["cue_id"])
    assert first.exposure_s + second.exposure_s == pytest.approx(whole.exposure_s)


def test_a_period_without_a_watched_day_gives_a_report_without_anything():
    report = report_of("weeks", "latency", period=Period("2020-01-01", "2020-01-31"))

    assert (report.exposure_s, len(report.events), len(report.episodes), report.days) == (0.0, 0, 0, [])
    assert all(one.n == 0 and one.value != one.value and one.gate for _, one in report.results)


def test_what_another_instrument_logged_is_left_out():
    log, watched = logged("weeks")
    other = log.assign(instrument=["free_play.v1" if n % 2 else "home_moments.v1" for n in range(len(log))])

    report = build_report(other, watched, HOME, now_ms=NOW_MS, names=[])

    assert len(report.events) == len(log) - len(log) // 2
    assert set(report.events["id"]) <= set(log["id"].iloc[::2])


@pytest.mark.slow
def test_a_year_has_material_for_every_index_that_taps_can_feed(tmp_path: Path):
    store = open_store(tmp_path / "year.sqlite3")
    at = datetime(2026, 3, 15, 12, tzinfo=UTC)
    seed(store, at, recipe="year")
    parent = next(member for member in members(store) if member.role == Role.PARENT)
    viewer = viewer_of(store, parent.id, at)
    assert parent.own_family is not None
    child = children(store, viewer, parent.own_family)[0].id
    log = events.load(store, viewer, parent.own_family, child)
    watched = windows.load(store, viewer, parent.own_family, child)
    store.close()

    report = build_report(log, watched, HOME, now_ms=NOW_MS)

    shown = {which.name for which, one in report.results if one.gate is None and one.value == one.value}
    records_only = {
        "attachment",
        "predictability",
    }  # a trained person's record, a session coded by the second
    assert shown == {which.name for which, _ in report.results} - records_only
    assert found(report, "cry_load", "cry_fuss", "distress").n == 26  # two whole days in every four weeks
    assert {"asleep", "feeding", "in_arms"} == {
        one.cue_class
        for which, one in report.results
        if which.name == "routines" and one.measure == "interdaily_stability" and one.gate is None
    }
    assert report.find("logging_audit", "prompt_minus_live", "all").gate is None  # type: ignore[union-attr]
    assert found(report, "logging_audit", "whole_minutes", "all").low > 1 / 60
    assert 0.02 < found(report, "response_incidence", "already_engaged", "distress").value < 0.4
    assert found(report, "response_incidence", "self_settled", "distress").value > 0
    assert report.aside.remembered > 100 and report.aside.outside > 500
    assert report.aside.partly_logged_windows > 20 and report.aside.in_conflict == 0
    recent = Period.last_days((ENDS_ON - timedelta(days=1)).isoformat(), 28)
    month = build_report(log, watched, HOME, now_ms=NOW_MS, names=[], period=recent)
    assert len(month.days) == 28


def test_what_the_family_said_itself_stands_beside_the_days_and_outside_the_period_it_does_not():
    said = conform(
        pd.DataFrame(
            {
                "session": "",
                "day": ["2026-03-03", "2026-03-03", "2026-01-01"],
                "instrument": "consistency_self_report.v1",
                "scale": ["consistency", "routines", "consistency"],
                "value": [3.0, 1.0, 4.0],
                "rater": "Ada",
                "certified": False,
                "kind": "self",
            }
        ),
        RATINGS,
    )
    march = Period("2026-03-01", "2026-03-31")
    report = build_report(
        empty(EVENT_LOG),
        empty(WINDOW_LOG),
        load("home_moments"),
        now_ms=0,
        names=["consistency"],
        period=march,
        ratings=said,
    )
    one = report.find("consistency", "self_report_mean", "all")

    assert one is not None and one.gate is None
    assert one.value == (3 + 1) / 2

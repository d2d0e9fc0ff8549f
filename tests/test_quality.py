"""What is known about the quality of a record: rounding, prompts, ways of watching, first days, upkeep."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.frames import EVENT_LOG, WINDOW_LOG, WINDOWS, conform, empty
from caregiving.instruments import load
from caregiving.prompts import Plan, sent
from caregiving.quality import build_quality
from caregiving.quality.compliance import compliance
from caregiving.quality.heaping import of_memory, of_taps
from caregiving.quality.keeping import attested, by_week, clocks, days_of, watched_by_hour
from caregiving.quality.ways import ways
from caregiving.report import Report, build_report
from caregiving.store.upkeep import UPKEEP

HOME = load("home_moments")
JUNO = UUID(int=7)
BERLIN = "Europe/Berlin"
MINUTE_MS, DAY_MS = 60_000, 86_400_000
FIRST = datetime(2026, 10, 1, 8, tzinfo=ZoneInfo(BERLIN))
START = round(FIRST.timestamp() * 1000)


class Record:
    """A log in the making: `day` and `at_min` count from 8 in the morning of the first of October."""

    def __init__(self) -> None:
        self.taps: list[dict] = []
        self.windows: list[dict] = []

    def tap(self, code: str, at_s: float, day: int = 0, window: str | None = None, **more) -> "Record":
        row = {
            "id": f"e{len(self.taps)}", "child": str(JUNO), "window": window, "instrument": "home_moments.v1",
            "actor": "infant", "code": code, "onset_ms": START + day * DAY_MS + round(at_s * 1000),
            "offset_ms": None, "utc_offset_min": 120, "zone": BERLIN, "time_quality": "tapped",
            "latency_low_s": None, "latency_high_s": None, "caregiver": None, "author": "a", "reason": None,
            "replaces": None, "in_conflict": False, "seq": len(self.taps),
        }  # fmt: skip
        self.taps.append(row | more)
        return self

    def watch(
        self,
        minutes: float,
        at_s: float = 0,
        day: int = 0,
        mode: str = "live",
        said: str | None = "all",
        **more: str,
    ) -> "Record":
        start = START + day * DAY_MS + round(at_s * 1000)
        self.windows.append({
            "id": f"w{len(self.windows)}", "child": str(JUNO), "mode": mode, "context": None,
            "instrument": "home_moments.v1", "started_ms": start,
            "ended_ms": None if said is None else start + round(minutes * MINUTE_MS), "attestation": said,
            "zone": BERLIN, "utc_offset_min": 120, "author": "a",
        } | more)  # fmt: skip
        return self

    def reaches(self, answered: int, missed: int, at_s: float = 0, day: int = 0) -> "Record":
        """Reach once a minute; first those that have an answer after 2 s, then those that have none."""
        for n in range(answered + missed):
            self.tap("reach", at_s + 60 * n + 1, day)
            if n < answered:
                self.tap("play", at_s + 60 * n + 3, day, actor="caregiver")
        return self

    @property
    def log(self) -> pd.DataFrame:
        return conform(pd.DataFrame(self.taps, columns=list(EVENT_LOG)), EVENT_LOG)

    @property
    def watched(self) -> pd.DataFrame:
        return conform(pd.DataFrame(self.windows, columns=list(WINDOW_LOG)), WINDOW_LOG)

    def now(self, days: int = 5) -> int:
        return START + days * DAY_MS

    def report(self) -> Report:
        return build_report(self.log, self.watched, HOME, now_ms=self.now(), names=[])

    def ways(self):
        return ways(self.log, self.watched, self.report(), self.now())


def kept(*rows: tuple[str, int, int | None, bool, bool]) -> pd.DataFrame:
    """An UPKEEP frame from (device, day, skew in ms, corrects, void), each at 8 in the morning."""
    return conform(
        pd.DataFrame(
            [
                {
                    "device": device,
                    "wall_ms": START + day * DAY_MS,
                    "received_ms": START + day * DAY_MS,
                    "skew_ms": skew,
                    "utc_offset_min": 120,
                    "corrects": corrects,
                    "void": void,
                }
                for device, day, skew, corrects, void in rows
            ],
            columns=list(UPKEEP),
        ),
        UPKEEP,
    )


# --- visits that count nowhere, and those that are not over ----------------------------------------------


def visited() -> Record:
    """Ten minutes at home; then visits: one that counts, one discarded, one paused, the first coded again."""
    record = Record().watch(10)
    record.watch(10, day=1, mode="session", sitting="first")
    record.watch(20, day=2, mode="session", said="discarded", sitting="second")
    record.watch(30, day=3, mode="session", said="paused", sitting="third")
    return record.watch(10, day=4, mode="session", sitting="fourth", codes_again="first")


def test_a_discarded_visit_and_a_second_coding_are_in_no_row_and_a_paused_one_is_still_open():
    found = {one.attestation: (one.windows, one.minutes) for one in attested(visited().watched, 0)}

    assert found == {"all": (2, 10.0 + 10.0), "most": (0, 0.0), "some": (0, 0.0), "open": (1, 30.0)}


def test_a_day_with_nothing_but_a_discarded_visit_or_a_second_coding_is_a_day_without_a_log():
    record = visited().tap("cry", 10, day=2, window="w2").tap("cry", 10, day=4, window="w4")
    found = days_of(record.log, record.watched, "2026-10-05", 6)

    assert (found.first, found.last, found.logged) == ("2026-10-01", "2026-10-04", 1 + 1 + 1)
    assert found.longest_gap == 1 and found.gap_from == "2026-10-03"


def test_a_tap_in_a_discarded_or_unfinished_visit_was_not_tapped_in_passing():
    taps = {"all of it at home": 0, "discarded": 2, "paused": 3, "coded again": 4}
    for number, day in enumerate(taps.values()):
        record = visited().tap("cry", 60, day=day, window=f"w{day}")
        assert record.ways().n_passing == 0, list(taps)[number]
    assert visited().tap("cry", 60, day=2).ways().n_passing == 1, "tapped by somebody else at that time"


def test_a_prompt_in_the_middle_of_a_discarded_visit_did_not_find_somebody_watching():
    plan, noon = Plan(per_day=3), START + DAY_MS // 2
    came = sent(JUNO, plan, BERLIN, START, noon)
    assert came
    for said, watching in (("all", len(came)), ("discarded", 0)):
        record = Record().watch(12 * 60, mode="session", said=said, sitting="one")
        asked = compliance(record.watched, [(plan, START)], JUNO, BERLIN, noon + 15 * MINUTE_MS)
        assert asked.watching_already == watching, said


# --- rounding -----------------------------------------------------------------------------------------


def test_taps_on_the_second_0_are_counted_beside_chance():
    log = Record().tap("cry", 0).tap("cry", 60.4).tap("pick_up", 61.2).tap("fuss", 75).log

    found = of_taps(log, HOME)

    assert (found.share.value, found.share.n, found.chance) == (2 / 4, 4, 1 / 60)
    assert (found.counts[0], found.counts[1], found.counts[15], sum(found.counts)) == (2, 1, 1, 4)


def test_taps_spread_over_the_minute_are_not_called_rounded_and_typed_times_are():
    spread, typed = Record(), Record()
    for n in range(120):
        spread.tap("cry", 30 * n + n % 60)
        typed.tap("cry", 60 * n, time_quality="adjusted")

    assert not of_taps(spread.log, HOME).rounded
    assert of_taps(typed.log, HOME).rounded


def test_states_entered_by_the_clock_are_not_among_the_taps():
    log = Record().tap("in_arms", 0, offset_ms=START + MINUTE_MS, time_quality="adjusted").tap("cry", 31).log

    assert of_taps(log, HOME).share.n == 1


def test_remembered_times_are_looked_at_by_the_minute():
    log = Record().tap("cry", 0, time_quality="recalled").tap("cry", 5 * 60, time_quality="recalled")
    log.tap("cry", 7 * 60, time_quality="imported_minute").tap("cry", 11)

    found = of_memory(log.log)

    assert (found.share.value, found.share.n, found.chance) == (2 / 3, 3, 12 / 60)
    assert found.counts[0] == found.counts[5] == found.counts[7] == 1


def test_a_log_without_moments_says_so_and_is_not_rounded():
    for found in (of_taps(empty(EVENT_LOG), HOME), of_memory(empty(EVENT_LOG))):
        assert np.isnan(found.share.value) and found.share.n == 0 and not found.rounded
        assert found.share.gate == "nothing of this kind was logged"


@given(st.lists(st.integers(0, 10_000_000), max_size=50))
def test_every_tap_falls_on_one_second_of_the_minute(times):
    record = Record()
    for at in times:
        record.tap("cry", at / 1000)

    assert sum(of_taps(record.log, HOME).counts) == len(times)


# --- prompts ------------------------------------------------------------------------------------------


def test_prompts_answered_within_15_minutes_over_prompts_sent():
    plan, now = Plan(3), START + 2 * DAY_MS
    prompts = sent(JUNO, plan, BERLIN, START, now)
    record = Record()
    for place, at in enumerate(prompts):
        if place != 1:
            record.watch(10, (at - START) / 1000 + 60 * (1 if place else 15), mode="prompt")

    found = compliance(record.watched, [(plan, START)], JUNO, BERLIN, now)

    assert len(prompts) == 6
    assert (found.share.value, found.share.n) == (
        4 / 6,
        6,
    )  # the first 15 minutes late, the second not at all
    assert found.by_hour["sent"].sum() == 6 and found.by_hour["answered"].sum() == 4
    assert found.share.low < 4 / 6 < found.share.high


def test_a_live_window_does_not_answer_a_prompt_but_is_told():
    plan, now = Plan(3), START + DAY_MS
    prompts = sent(JUNO, plan, BERLIN, START, now)
    record = Record().watch(30, (prompts[0] - START) / 1000 - 60)

    found = compliance(record.watched, [(plan, START)], JUNO, BERLIN, now)

    assert (found.share.value, found.watching_already) == (0, 1)


def test_a_prompt_whose_15_minutes_are_not_over_is_not_counted_yet():
    plan = Plan(3)
    first = sent(JUNO, plan, BERLIN, START, START + DAY_MS)[0]

    early = compliance(Record().watched, [(plan, START)], JUNO, BERLIN, first + 15 * MINUTE_MS - 1)
    later = compliance(Record().watched, [(plan, START)], JUNO, BERLIN, first + 15 * MINUTE_MS)

    assert (early.share.n, later.share.n) == (0, 1)


def test_two_members_with_one_plan_are_sent_one_prompt():
    plan, now = Plan(4), START + DAY_MS

    one = compliance(Record().watched, [(plan, START)], JUNO, BERLIN, now)
    two = compliance(Record().watched, [(plan, START), (plan, START)], JUNO, BERLIN, now)

    assert one.share.n == two.share.n == len(sent(JUNO, plan, BERLIN, START, now))


def test_without_a_plan_compliance_is_not_known_at_any_hour():
    found = compliance(Record().watched, [], JUNO, BERLIN, START)

    assert found.share.n == 0 and found.share.gate
    assert found.by_hour["share"].isna().all() and len(found.by_hour) == 24


def test_prompts_are_counted_at_the_local_hour():
    plan, now = Plan(3), START + DAY_MS
    found = compliance(Record().watched, [(plan, START)], JUNO, BERLIN, now)
    hours = [
        datetime.fromtimestamp(at / 1000, ZoneInfo(BERLIN)).hour
        for at in sent(JUNO, plan, BERLIN, START, now)
    ]

    assert found.by_hour.index[found.by_hour["sent"] > 0].tolist() == sorted(set(hours))


# --- ways of watching -----------------------------------------------------------------------------------


def test_taps_in_passing_are_compared_with_live_windows_and_raise_the_banner_beyond_15_points():
    record = Record()
    for day in range(2):
        record.watch(30, day=day).reaches(12, 12, day=day).reaches(20, 4, at_s=7200, day=day)

    found = record.ways()
    difference = next(one for one in found.differences if one.measure == "opportunistic_minus_live")

    assert difference.value == pytest.approx(100 * (40 / 48 - 24 / 48))
    assert (difference.gate, found.n_passing) == (None, 48)
    assert found.apart == (difference,)
    assert next(one for one in found.tipping).n == 48  # what was tapped in passing feeds no share


def test_ways_that_agree_raise_nothing():
    record = Record()
    for day in range(2):
        record.watch(30, day=day).reaches(12, 12, day=day).reaches(13, 11, at_s=7200, day=day)

    assert record.ways().apart == ()


def test_too_few_taps_in_passing_raise_nothing_however_far_apart():
    found = Record().watch(30).reaches(0, 24).reaches(19, 0, at_s=7200).ways()

    assert found.apart == ()
    assert "needs 1 more cue" in str(found.differences[0].gate)


def test_a_tap_in_passing_whose_answer_came_in_declared_time_counts_neither_way():
    record = Record().tap("cry", 0).watch(10, at_s=5).tap("pick_up", 20, actor="caregiver")

    found = record.ways()

    assert found.n_passing == 1
    assert next(o for o in found.differences if o.measure == "opportunistic_minus_live").n == 0


def test_a_window_ended_as_partly_logged_is_not_taken_for_taps_in_passing():
    record = Record().watch(10, said="some")
    record.tap("cry", 30, window="w0")

    assert record.ways().n_passing == 0


def test_taps_in_an_opportunistic_window_are_in_passing():
    record = (
        Record().watch(10, mode="opportunistic").tap("reach", 30, window="w0").tap("play", 33, window="w0")
    )

    assert record.ways().n_passing == 1


def test_remembered_moments_and_states_are_never_taps_in_passing():
    record = Record().tap("cry", 0, time_quality="recalled").tap("in_arms", 9, offset_ms=START + MINUTE_MS)

    assert record.ways().n_passing == 0


# --- first days, upkeep ---------------------------------------------------------------------------------


def test_the_first_two_days_are_named_and_the_share_is_computed_without_them():
    record = Record()
    for day in range(5):
        record.watch(30, day=day).reaches(10 if day < 2 else 6, 0 if day < 2 else 4, day=day)
    found = quality(record)
    request = next(one for one in found.without if one.cue_class == "request")

    assert found.early == ("2026-10-01", "2026-10-02")
    assert found.ways.first_days.value == 20 / 50
    assert (request.whole.value, request.whole.n) == (pytest.approx((20 + 18) / 50), 50)
    assert (request.without.value, request.without.n) == (pytest.approx(18 / 30), 30)
    assert request.without.gate is None


def quality(record: Record, rows: pd.DataFrame | None = None, days: int = 5):
    return build_quality(
        record.log,
        record.watched,
        record.report(),
        kept() if rows is None else rows,
        [],
        child=JUNO,
        zone=BERLIN,
        today=(FIRST + timedelta(days=days)).date().isoformat(),
        now_ms=record.now(days),
    )


def test_an_empty_record_has_figures_for_nothing_and_breaks_nothing():
    found = quality(Record())

    assert found.days.first is None and found.days.logged == 0
    assert found.watched_s == 0 and sum(one.watched_min for one in found.hours) == 0
    assert found.ways.apart == () and found.early == ()
    assert np.isnan(found.clocks.largest_s) and not found.clocks.matters
    assert all(one.whole.gate and one.without.gate for one in found.without)


def test_hours_stand_in_the_order_of_the_familys_day():
    record = Record().watch(90)  # 8:00 to 9:30
    found = quality(record).hours

    assert [one.hour for one in found] == [*range(6, 24), *range(6)]
    assert [one.watched_min for one in found[1:5]] == [0, 60, 30, 0]


@given(st.lists(st.tuples(st.integers(0, 1439), st.floats(0, 40 * 60)), max_size=8))
def test_the_minutes_of_all_hours_are_the_watched_minutes(stretches):
    rows = [
        {
            "session": f"s{n}",
            "start_s": 0.0,
            "end_s": 60 * length,
            "started_at": f"2026-10-01T{at // 60:02}:{at % 60:02}:00+02:00",
        }
        for n, (at, length) in enumerate(stretches)
    ]
    windows = conform(pd.DataFrame(rows, columns=["session", "start_s", "end_s", "started_at"]), WINDOWS)

    assert watched_by_hour(windows).sum() == pytest.approx(sum(length for _, length in stretches))


def test_missing_days_are_counted_between_the_first_and_the_last():
    record = Record().tap("cry", 0).tap("cry", 0, day=1).watch(10, day=5)

    found = days_of(record.log, record.watched, "2026-10-09", 6)

    assert (found.first, found.last, found.logged) == ("2026-10-01", "2026-10-06", 3)
    assert (found.missing, found.longest_gap, found.gap_from, found.since_last) == (3, 3, "2026-10-03", 3)


def test_a_night_before_six_belongs_to_the_day_before():
    record = Record().tap("cry", -3 * 3600)  # 5 in the morning

    assert days_of(record.log, record.watched, "2026-10-01", 6).first == "2026-09-30"


def test_how_windows_were_ended():
    record = (
        Record()
        .watch(10)
        .watch(20, day=1, said="most")
        .watch(5, day=2, said="some")
        .watch(9, day=3, said=None)
    )
    record.watch(30, day=4, mode="opportunistic")

    found = attested(record.watched, START + 3 * DAY_MS + 4 * MINUTE_MS)

    assert found == (("all", 1, 10), ("most", 1, 20), ("some", 1, 5), ("open", 1, 4))


def test_clocks_of_two_tablets_are_set_side_by_side():
    rows = kept(
        ("one", 0, 1000, False, False), ("one", 0, 3000, False, False), ("two", 0, -20_000, False, False),
        ("three", 0, None, False, False),
    )  # fmt: skip
    found = clocks(rows, Record().report())

    assert (found.n, found.known, found.devices) == (4, 3, 3)
    assert (found.largest_s, found.apart_s) == (20, 2 + 20)
    assert found.shortest_window_s == 15 and found.matters
    assert not clocks(kept(("one", 0, 40_000, False, False)), Record().report()).matters


def test_corrections_and_taps_taken_back_are_counted_by_week():
    rows = kept(
        ("one", 0, 0, False, False), ("one", 0, 0, True, False), ("one", 7, 0, False, False),
        ("one", 7, 0, True, True), ("one", 8, 0, False, False),
    )  # fmt: skip

    found = by_week(rows, "2026-10-08", 6).tail(2)

    assert found["first_day"].tolist() == ["2026-09-25", "2026-10-02"]
    assert found[["written", "corrected", "taken_back"]].to_numpy().tolist() == [[1, 1, 0], [1, 0, 1]]


def test_two_versions_side_by_side_are_counted():
    record = (
        Record().watch(10).tap("cry", 5, in_conflict=True).tap("fuss", 6, in_conflict=True).tap("cry", 60)
    )

    assert quality(record).in_conflict == 2

"""The invented play sessions hold what they promise, and come in through the same door as real ones."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from uuid import NAMESPACE_DNS, UUID, uuid5
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from caregiving.coded import coded_sessions, frames_of, frames_together
from caregiving.instruments import load
from caregiving.people import Role
from caregiving.report import analyse
from caregiving.sequences import show
from caregiving.store import events, windows
from caregiving.store.engine import Store, open_store
from caregiving.store.people import Caregiver, Child, Member, found_household, viewer_of
from sample_data.play import LENGTH_S, SESSIONS, Pair, engagement_session, exchanges, items, spells

NOW = datetime(2026, 4, 20, 9, tzinfo=UTC)
FAMILY, ADA, JUNO, ADA_CARES = (uuid5(NAMESPACE_DNS, name) for name in ("family", "Ada", "Juno", "cares"))
PAIR = Pair()


def sent(first_day: date = date(2026, 4, 1), name: str = "test", seed: int = 7) -> list[dict[str, object]]:
    return items(FAMILY, JUNO, ADA, ADA_CARES, first_day, "Europe/Berlin", name, seed)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "play.sqlite3")
    parent = Member(id=ADA, alias="Ada", role=Role.PARENT, own_family=FAMILY, caregiver=ADA_CARES)
    found_household(
        opened,
        FAMILY,
        "an invented family",
        0,
        [parent],
        [Caregiver(id=ADA_CARES, alias="Ada")],
        [Child(id=JUNO, alias="Juno", colour="#9A5700")],
    )
    yield opened
    opened.close()


@pytest.fixture
def logs(store: Store) -> tuple[pd.DataFrame, pd.DataFrame]:
    ada = viewer_of(store, ADA, NOW)
    receipt = events.ingest(store, ada, sent(), int(NOW.timestamp() * 1000))
    assert receipt.refused == ()
    return events.load(store, ada, FAMILY), windows.load(store, ada, FAMILY)


def test_every_record_is_taken_in_and_a_second_time_adds_nothing(store):
    ada, at_ms = viewer_of(store, ADA, NOW), int(NOW.timestamp() * 1000)
    first, again = events.ingest(store, ada, sent(), at_ms), events.ingest(store, ada, sent(), at_ms)

    assert len(first.stored) == len(again.stored) == len(sent())
    assert len(events.load(store, ada, FAMILY)) == len(sent()) - 2 * len(SESSIONS)


def test_there_are_two_sessions_of_free_play_and_three_of_engagement_of_ten_minutes(logs):
    sessions = coded_sessions(*logs)

    assert [s.instrument for s in reversed(sessions)] == [instrument for _day, instrument in SESSIONS]
    assert {s.minutes for s in sessions} == {10.0}
    assert all(s.usable and s.ended for s in sessions)


def test_the_same_seed_tells_the_same_story_and_another_one_another():
    assert sent() == sent()
    assert [i["onset_ms"] for i in sent() if "onset_ms" in i] != [
        i["onset_ms"] for i in sent(seed=8) if "onset_ms" in i
    ]
    assert not {i["id"] for i in sent()} & {i["id"] for i in sent(name="other")}


def test_every_session_begins_at_half_past_ten_also_after_the_clocks_change():
    starts = [i for i in sent(date(2026, 3, 20)) if i["type"] == "window_start"]
    local = [
        datetime.fromtimestamp(int(str(i["started_ms"])) / 1000, ZoneInfo("Europe/Berlin")) for i in starts
    ]

    assert [f"{at:%H:%M}" for at in local] == ["10:30"] * 5
    assert [i["utc_offset_min"] for i in starts] == [60, 60, 60, 120, 120]


def test_the_states_of_each_of_the_two_follow_each_other_without_a_gap():
    acts = engagement_session(PAIR, Random(3))
    for who in ("infant", "caregiver"):
        states = [act for act in acts if act.code.startswith(f"{who}_")]

        assert states[0].at_s == 0 and states[-1].until_s == LENGTH_S
        assert all(a.until_s == b.at_s for a, b in pairwise(states))
        assert all(a.code != b.code for a, b in pairwise(states))


def test_nothing_is_coded_outside_the_session_and_nothing_ends_before_it_begins():
    for item in (item for item in sent() if item["type"] == "event"):
        onset, elapsed = int(str(item["onset_ms"])), int(str(item["elapsed_ms"]))
        offset = onset if item["offset_ms"] is None else int(str(item["offset_ms"]))

        assert 0 <= elapsed <= 1000 * LENGTH_S + 1
        assert onset <= offset <= onset - elapsed + 1000 * LENGTH_S + 1


def test_over_many_sessions_the_share_in_step_is_the_true_one():
    # 200 sessions of 600 s: the mean of their shares has a standard error of about .004.
    told = [list(spells(PAIR, Random(seed))) for seed in range(200)]
    in_step = sum(spell.end_s - spell.start_s for one in told for spell in one if spell.matched)

    assert in_step / (200 * 600) == pytest.approx(4.0 / (4.0 + 5.0), abs=0.012)
    assert PAIR.matched == 4.0 / 9.0


@pytest.mark.slow
def test_the_indices_find_the_truth_again(logs):
    engagement = [s for s in coded_sessions(*logs) if s.instrument == "engagement.v1"]
    report = analyse(
        *frames_together(engagement, *logs), load("engagement"), names=["availability", "predictability"]
    )
    matched, repair = (report.find("availability", name, "all") for name in ("matched", "repair_latency"))

    assert matched is not None and matched.gate is None and matched.low < PAIR.matched < matched.high
    assert repair is not None and repair.gate is None and repair.low < PAIR.repair_s < repair.high
    assert repair.n > 100


def test_each_session_of_engagement_has_enough_changes_of_signals_for_the_entropy_rate(logs):
    for session in coded_sessions(*logs):
        if session.instrument == "engagement.v1":
            report = analyse(*frames_of(session, *logs), load("engagement"), names=["predictability"])
            rate = report.find("predictability", "entropy_rate_miller_madow", "all")

            assert rate is not None and rate.gate is None and rate.n >= 60


def test_the_view_of_turns_counts_just_the_turns_that_were_made(logs):
    # Turns of an exchange: half of its utterances, rounded down; exchanges lie more than 5 s apart.
    for place, session in enumerate(reversed(coded_sessions(*logs))):
        if session.instrument == "engagement.v1":
            dice = Random(f"7 {place}")
            list(spells(PAIR, dice))
            made = sum(exchange.turns for exchange in exchanges(PAIR, dice))

            assert show("turns", *frames_of(session, *logs), load("engagement"))["n_turns"] == made > 10


def test_the_child_leads_as_it_was_meant_to(logs):
    engagement = [s for s in coded_sessions(*logs) if s.instrument == "engagement.v1"]
    found = show(
        "synchrony",
        *frames_together(engagement, *logs),
        load("engagement"),
        actor=("infant", "caregiver"),
        given="infant_object",
        target="caregiver_object",
    )

    assert found["gate"] is None and found["leader"] == "infant" and found["p"] <= 0.01
    assert 2 <= found["lag_s"] <= 8  # the true median is 5 s


def test_half_a_minute_of_free_play_could_not_be_seen(logs):
    session = next(s for s in coded_sessions(*logs) if s.instrument == "free_play.v1")
    budget = show("time_budget", *frames_of(session, *logs), load("free_play"))

    assert budget["unseen_s"] == pytest.approx(30.0)
    assert budget["observed_s"] == pytest.approx(600.0 - 30.0)


def test_sessions_lie_inside_the_two_weeks_that_they_belong_to(logs):
    days = sorted(session.day for session in coded_sessions(*logs))

    assert days == [(date(2026, 4, 1) + timedelta(days=n)).isoformat() for n in (1, 3, 6, 9, 12)]
    assert UUID(str(sent()[0]["id"]))

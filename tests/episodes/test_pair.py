"""Which answer belongs to which cue, and how long each cue was followed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.episodes import pair
from caregiving.episodes.attribution import any_in_window, earliest_unanswered, latest
from caregiving.frames import EPISODES
from caregiving.indices._survival import curve
from caregiving.instruments import Instrument, UnknownBehaviour, load
from tests.timelines import at, story

HOME, PLAY = load("home_moments"), load("free_play")


def home(window_s: float, gap_s: float | None = None, **changes: object) -> Instrument:
    """The parents' instrument with one plain timing for crying and fussing."""
    content = HOME.model_dump(by_alias=True)
    number = {"source": "event_grammar"}
    content["classes"]["distress"] = {
        "response_window_s": {"value": window_s, **number},
        "bout_gap_s": None if gap_s is None else {"value": gap_s, **number},
    }
    return Instrument.model_validate(content | changes)


MINI_LOG = (
    f"0s start, 600s end, {at('cry', 20, 75, 140, 150, 230, 300, 360, 420, 480, 540, 590)}, "
    f"{at('pick_up', 26, 85, 158, 245, 305, 421, 482, 600)}"
)


def told(episodes: pd.DataFrame) -> list[str]:
    """Latencies as the worked examples write them: a plus behind a wait that ended unanswered."""
    return [
        f"{f:g}{'' if a else '+'}" for a, f in zip(episodes["answered"], episodes["followed_s"], strict=True)
    ]


def test_t22_golden_mini_log_with_rule_a_every_cue_takes_the_first_answer_in_its_window():
    episodes = pair(*story(MINI_LOG), home(60), "any")

    assert told(episodes) == ["6", "10", "18", "8", "15", "5", "60+", "1", "2", "60", "10"]
    steps = curve(episodes["followed_s"], episodes["answered"])
    assert [round(1 - steps.waiting(w), 4) for w in (5, 10, 15, 30)] == [0.2727, 0.6364, 0.7273, 0.8182]
    assert steps.median() == 10
    assert steps.restricted_mean(60)[0] == pytest.approx(17.727, abs=5e-4)


def test_t22_golden_mini_log_with_rule_b_each_answer_serves_the_earliest_cue_still_waiting():
    episodes = pair(*story(MINI_LOG), home(60, gap_s=15), "earliest_unanswered")

    assert told(episodes) == ["6", "10", "18", "15", "5", "60+", "1", "2", "60", "10+"]
    assert episodes["n_cues"].tolist() == [1, 1, 2, 1, 1, 1, 1, 1, 1, 1]
    steps = curve(episodes["followed_s"], episodes["answered"])
    assert [round(1 - steps.waiting(w), 4) for w in (5, 10, 15, 30)] == [0.30, 0.50, 0.625, 0.75]
    assert steps.restricted_mean(60)[0] == pytest.approx(21.525, abs=5e-4)
    assert steps.median() == 10  # S is exactly one half there: at most half still wait


def test_the_latest_rule_credits_each_answer_to_the_last_cue_before_it():
    episodes = pair(*story("0s start, 60s end, 10s vocalise, 12s vocalise, 13s speech", PLAY), PLAY)

    assert told(episodes) == ["5+", "1"]


def test_an_answer_that_came_during_the_cue_counts_as_zero_seconds_when_overlap_answers():
    events, windows = story("0s start, 60s end, 10-14s vocalise, 12s speech", PLAY)

    assert told(pair(events, windows, PLAY)) == ["0"]
    strict = PLAY.model_copy(update={"overlap": "exclude"})
    assert told(pair(events, windows, strict)) == ["5+"]


def test_an_answer_at_the_very_instant_the_cue_ends_is_answered_at_zero():
    assert told(pair(*story("0s start, 60s end, 10-14s vocalise, 14s speech", PLAY), PLAY)) == ["0"]


def test_an_answer_exactly_at_the_end_of_the_window_still_counts_and_a_moment_later_does_not():
    assert told(pair(*story("0s start, 600s end, 0s cry, 180s pick_up"), HOME)) == ["180"]
    assert told(pair(*story("0s start, 600s end, 0s cry, 180.001s pick_up"), HOME)) == ["180+"]


def test_a_sound_that_is_no_cue_can_absorb_the_answer():
    with_absorber = "0s start, 60s end, 10-11s vocalise, 12-13s nonspeech, 13.5s speech"

    assert told(pair(*story(with_absorber, PLAY), PLAY)) == ["5+"]
    assert told(pair(*story("0s start, 60s end, 10-11s vocalise, 13.5s speech", PLAY), PLAY)) == ["2.5"]


def test_cues_of_one_class_close_together_are_one_bout_unless_an_answer_came_between():
    one = pair(*story("0s start, 600s end, 10s cry, 50s fuss, 70s pick_up"), HOME)
    two = pair(*story("0s start, 600s end, 10s cry, 30s pick_up, 50s fuss, 70s pick_up"), HOME)

    assert (one["n_cues"].tolist(), told(one), one["cue_code"].tolist()) == ([2], ["60"], ["cry"])
    assert (two["n_cues"].tolist(), told(two)) == ([1, 1], ["20", "20"])


def test_a_gap_longer_than_the_bout_gap_begins_a_new_bout():
    assert pair(*story("0s start, 600s end, 10s cry, 70s cry"), HOME)["n_cues"].tolist() == [2]
    assert pair(*story("0s start, 600s end, 10s cry, 70.001s cry"), HOME)["n_cues"].tolist() == [1, 1]


def test_a_cue_that_came_while_the_baby_was_already_in_arms_is_listed_but_takes_no_answer():
    episodes = pair(*story("0s start, 600s end, 5-40s in_arms, 10s cry, 100s cry, 110s soothe"), HOME)

    assert episodes["already_engaged"].tolist() == [True, False]
    assert episodes["answered"].tolist() == [False, True]


def test_picking_the_baby_up_at_the_instant_of_the_cue_is_not_already_being_there():
    episodes = pair(*story("0s start, 600s end, 10-40s in_arms, 10s cry, 40s fuss"), HOME)

    assert episodes["already_engaged"].tolist() == [False]


def test_a_cue_that_settled_by_itself_ends_its_wait_there_and_a_later_answer_is_not_its_own():
    episodes = pair(*story("0s start, 600s end, 10s cry, 40s settled, 60s pick_up"), HOME)

    assert told(episodes) == ["30+"]
    assert episodes["self_settled"].tolist() == [True]


def test_settling_after_the_answer_is_comfort_and_not_self_settling():
    episodes = pair(*story("0s start, 600s end, 10s cry, 30s pick_up, 40s settled"), HOME)

    assert (told(episodes), episodes["self_settled"].tolist()) == (["20"], [False])


def test_a_wait_is_followed_only_as_long_as_somebody_watched():
    episodes = pair(*story("0s start, 100s end, 40s cry"), HOME)

    assert (told(episodes), episodes["window_seen"].tolist()) == (["60+"], [False])


def test_an_answer_after_the_end_of_watching_is_not_counted():
    assert told(pair(*story("0s start, 100s end, 90s cry, 105s pick_up"), HOME)) == ["10+"]


def test_a_cue_in_one_window_is_never_answered_in_the_next():
    events, windows = story("0s start, 100s end, 95s cry, 101s start, 200s end, 102s pick_up")

    assert told(pair(events, windows, HOME)) == ["5+"]


def test_time_that_could_not_be_observed_ends_the_wait():
    episodes = pair(
        *story("0s start, 60s end, 10s vocalise, 12-30s out_of_view, 40s vocalise, 41s speech", PLAY), PLAY
    )

    assert told(episodes) == ["2+", "1"]


def test_a_tapped_no_answer_confirms_the_silence():
    episodes = pair(*story("0s start, 600s end, 10s cry, 100s none, 300s cry"), HOME)

    assert episodes["confirmed_none"].tolist() == [True, False]
    assert told(episodes) == ["180+", "180+"]


def test_an_answer_after_a_tapped_no_answer_still_counts():
    episodes = pair(*story("0s start, 600s end, 10s cry, 100s none, 130s pick_up"), HOME)

    assert (told(episodes), episodes["confirmed_none"].tolist()) == (["120"], [False])


def test_nothing_seen_gives_a_frame_without_rows_in_the_same_columns():
    episodes = pair(*story("0s start, 600s end"), HOME)

    assert len(episodes) == 0
    assert {name: str(kind) for name, kind in episodes.dtypes.items()} == {
        n: c.dtype for n, c in EPISODES.items()
    }


def test_an_unknown_code_is_refused_with_the_known_ones():
    events, windows = story("0s start, 60s end, 10s cry")
    with pytest.raises(
        UnknownBehaviour, match=r'"yell" is not a code of home_moments\.v1; its codes are: cry, fuss'
    ):
        pair(events.assign(code="yell"), windows, HOME)


# --- the rules against a plain reading of their definition ------------------------------------------

moments = st.lists(st.integers(0, 300), max_size=25)
reach = st.integers(1, 80)


def brute_earliest(cues: list[int], reach_s: int, answers: list[int]) -> list[int]:
    """Take the answers one after another; each goes to the earliest cue that waits and can be served."""
    got = [-1] * len(cues)
    for number, r in enumerate(answers):
        for i, t in enumerate(cues):
            if got[i] < 0 and t <= r <= t + reach_s:
                got[i] = number
                break
    return got


def brute_latest(cues: list[int], reach_s: int, answers: list[int]) -> list[int]:
    """Take the answers one after another; each goes to the last cue before it, which keeps its first."""
    got = [-1] * len(cues)
    for number, r in enumerate(answers):
        before = [i for i, t in enumerate(cues) if t <= r]
        if before and r <= cues[before[-1]] + reach_s and got[before[-1]] < 0:
            got[before[-1]] = number
    return got


@given(moments, reach, moments)
def test_the_vectorised_rules_do_what_their_definition_says(cues, reach_s, answers):
    cues, answers = sorted(cues), sorted(answers)
    onset, times = np.array(cues, dtype=np.int64), np.array(answers, dtype=np.int64)
    asked = (onset, onset, onset + reach_s, times)

    assert earliest_unanswered(*asked).tolist() == brute_earliest(cues, reach_s, answers)
    assert latest(*asked).tolist() == brute_latest(cues, reach_s, answers)
    first = [next((n for n, r in enumerate(answers) if t <= r <= t + reach_s), -1) for t in cues]
    assert any_in_window(*asked).tolist() == first


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60)), max_size=20), moments)
def test_the_queue_is_exact_when_cues_wait_for_different_times(cues, answers):
    cues = sorted(cues, key=lambda cue: cue[0])
    onset = np.array([t for t, _ in cues], dtype=np.int64)
    last = np.array([t + w for t, w in cues], dtype=np.int64)
    times = sorted(answers)
    got = [-1] * len(cues)
    for number, r in enumerate(times):
        for i, (t, w) in enumerate(cues):
            if got[i] < 0 and t <= r <= t + w:
                got[i] = number
                break
    assert earliest_unanswered(onset, onset, last, np.array(times, dtype=np.int64)).tolist() == got


# --- laws -------------------------------------------------------------------------------------------

codes = st.sampled_from([b.code for b in HOME.behaviours if b.form == "point"])
rows = st.lists(st.tuples(st.integers(0, 900), codes), min_size=1, max_size=40)


def of(rows: list[tuple[int, str]], scale: int = 1, session: str = "s1") -> tuple[pd.DataFrame, pd.DataFrame]:
    text = ", ".join(f"{t * scale}s {code}" for t, code in rows)
    return story(f"0s start, {1000 * scale}s end, {text}", session=session)


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, dice):
    rows = list({t: (t, code) for t, code in rows}.values())  # one event an instant: ties keep their order
    events, windows = of(rows)
    shuffled = events.sample(frac=1, random_state=dice.randint(0, 2**31)).reset_index(drop=True)

    pd.testing.assert_frame_equal(pair(events, windows, HOME), pair(shuffled, windows, HOME))


@given(rows)
def test_two_sessions_with_the_same_moments_have_the_same_episodes(rows):
    one, two = of(rows), of(rows, session="s2")
    both = pair(
        pd.concat([one[0], two[0]]).astype({"session": "str"}),
        pd.concat([one[1], two[1]]).astype({"session": "str"}),
        HOME,
    )
    alone = pair(*one, HOME)

    for _, part in both.groupby("session", observed=True):
        assert told(part) == told(alone)


@given(rows)
def test_a_cue_without_an_answer_changes_no_observed_latency(rows):
    events, windows = of(rows)
    more = pd.concat([windows, windows.assign(start_s=2000.0, end_s=2600.0)], ignore_index=True)
    lonely = pd.concat(
        [events, events.iloc[:1].assign(actor="infant", code="cry", onset_s=2100.0)], ignore_index=True
    )
    before, after = pair(events, more, HOME), pair(lonely, more, HOME)

    assert before["latency_s"].dropna().tolist() == after["latency_s"].dropna().tolist()
    assert len(after) == len(before) + 1


@given(
    st.lists(st.tuples(st.integers(0, 50), st.sampled_from(["cry", "pick_up"])), min_size=1, max_size=15),
    st.integers(2, 5),
)
def test_scaling_all_times_scales_the_latencies(rows, factor):
    small = pair(*of(rows), home(60, gap_s=10))
    large = pair(*of(rows, scale=factor), home(60 * factor, gap_s=10 * factor))

    assert large["followed_s"].tolist() == pytest.approx((small["followed_s"] * factor).tolist())
    assert large["answered"].tolist() == small["answered"].tolist()


@given(rows, st.integers(0, 900))
def test_splitting_a_session_at_a_silence_changes_no_count(rows, at_s):
    rows = [(t if t < at_s else t + 400, code) for t, code in rows]  # nothing for longer than any window
    whole = story(f"0s start, 2000s end, {', '.join(f'{t}s {code}' for t, code in rows)}")
    middle = at_s + 200
    first = [(t, c) for t, c in rows if t < middle]
    second = [(t - middle, c) for t, c in rows if t >= middle]
    parts = [
        story(f"0s start, {middle}s end" + "".join(f", {t}s {c}" for t, c in first), session="a"),
        story(f"0s start, {2000 - middle}s end" + "".join(f", {t}s {c}" for t, c in second), session="b"),
    ]
    events = pd.concat([p[0] for p in parts if len(p[0])]).astype({"session": "str"})
    windows = pd.concat([p[1] for p in parts]).astype({"session": "str"})
    one, two = pair(*whole, HOME), pair(events, windows, HOME)

    assert (len(one), one["answered"].sum()) == (len(two), two["answered"].sum())
    assert sorted(told(one)) == sorted(told(two))


def test_a_no_answer_tapped_long_after_the_response_window_confirms_the_latest_unanswered_cue():
    episodes = pair(*story("0s start, 600s end, 10s smile, 60s smile, 62s talk, 100s coo, 140s none"), HOME)

    assert episodes["answered"].tolist() == [False, True, False]
    assert episodes["confirmed_none"].tolist() == [False, False, True]

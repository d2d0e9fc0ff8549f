"""Sensitivity, moment by moment: five components, two strata, and pauses that were respected."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.episodes import pair
from caregiving.indices import Estimate
from caregiving.indices._profile import bout_scores, profile_score, promptness
from caregiving.indices.sensitivity import _ebsp, sensitivity
from caregiving.instruments import Instrument, load
from tests.timelines import story

NAN = float("nan")
HOME = load("home_moments")


def shown(
    *stories: str,
    instrument: Instrument = HOME,
    ratings: pd.DataFrame | None = None,
    modifiers: list[str | None] | None = None,
) -> dict[tuple[str, str], Estimate]:
    """Return every estimate by measure and stratum; each story is a day of its own."""
    told = [
        story(text, instrument, session=f"s{n}", day=f"2026-10-{n + 1:02}") for n, text in enumerate(stories)
    ]
    events, windows = (pd.concat(parts, ignore_index=True) for parts in zip(*told, strict=True))
    if modifiers is not None:
        events["modifiers"] = modifiers
    return keyed(
        sensitivity(pair(events, windows, instrument), events, windows, instrument, ratings_or_none(ratings))
    )


def ratings_or_none(ratings: pd.DataFrame | None) -> pd.DataFrame:
    return pd.DataFrame() if ratings is None else ratings


def keyed(estimates: list[Estimate]) -> dict[tuple[str, str], Estimate]:
    return {(one.measure, one.cue_class): one for one in estimates}


def test_t24_event_based_profile():
    # cry 20 s; cry 105 s, need not named; smile 3 s; gaze not noticed
    prompt = promptness([20, 105, 3, NAN], [30, 30, 2, 2], [180, 180, 5, 5])
    parts = np.column_stack([[1, NAN, NAN, NAN], [1, 0.5, 1, NAN], prompt, [1, 0, 1, NAN]])

    score = bout_scores([1, 1, 1, 0], parts)
    distress, other, ebsp = profile_score(score, [True, True, False, False])

    assert score == pytest.approx([1, (0.5 + 0.5 + 0) / 3, (1 + 2 / 3 + 1) / 3, 0])
    assert (round(distress, 4), round(other, 4), round(ebsp, 2)) == (0.6667, 0.4444, 55.56)


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 1.0]), *[st.sampled_from([0.0, 0.5, 1.0, NAN])] * 4), min_size=1)
)
def test_a_score_lies_between_0_and_1_or_is_not_known(bouts: list[tuple[float, ...]]):
    score = bout_scores([noticed for noticed, *_ in bouts], [parts for _, *parts in bouts])

    assert np.all(np.isnan(score) | ((score >= 0) & (score <= 1)))


@given(st.floats(0, 1000), st.floats(0.1, 100), st.floats(0.1, 100), st.floats(0.5, 20))
def test_promptness_depends_on_ratios_only(late: float, w1: float, more: float, scale: float):
    plain, scaled = (promptness(late * s, w1 * s, (w1 + more) * s) for s in (1.0, scale))

    assert plain == pytest.approx(scaled, abs=1e-9)


def test_two_components_must_be_known_and_a_missing_one_is_never_zero():
    assert bout_scores([1, 1], [[NAN, 1, NAN, NAN], [NAN, 1, 0, NAN]])[1] == (1 + 0) / 2
    assert np.isnan(bout_scores([1], [[NAN, 1, NAN, NAN]])[0])


def test_nothing_logged_is_nothing_known():
    found = shown("0s start, 0s end")

    assert all(np.isnan(one.value) or one.n == 0 for one in found.values())
    assert all(np.isnan(one.value) and one.gate for one in found.values())


def test_one_cry_answered_in_20_s_that_settles_is_full_marks():
    found = shown("10s cry, 30s pick_up, 90s settled, 600s end")

    figures = {
        name: found[name, "distress"].value
        for name in ("noticed", "appropriate", "prompt", "effective", "score")
    }
    assert figures == {"noticed": 1, "appropriate": 1, "prompt": 1, "effective": 1, "score": (1 + 1 + 1) / 3}


def test_a_fuss_has_its_own_limits_for_promptness():
    found = shown("10s fuss, 40s talk, 600s end")

    assert found["prompt", "distress"].value == (60 - 30) / (60 - 15)


def test_an_unnoticed_cue_lowers_noticed_and_says_nothing_of_the_rest():
    found = shown("10s smile, 12s talk, 100s gaze, 300s end")

    assert found["noticed", "non_distress"].value == 1 / 2
    assert found["prompt", "non_distress"].n == 1
    assert "1 of 1 answered" in found["prompt", "non_distress"].method
    assert found["score", "non_distress"].n == 2


def test_a_cue_not_watched_to_the_end_of_its_window_counts_neither_way():
    found = shown("10s smile, 12s talk, 100s smile, 105s end")

    assert found["noticed", "non_distress"].n == 1


def test_the_best_answer_before_the_next_cue_counts_as_the_fit():
    found = shown("10s cry, 15s play, 20s pick_up, 400s end")

    assert found["appropriate", "distress"].value == max(0, 1)


def test_an_answer_after_the_next_cue_does_not_mend_the_fit_of_the_first():
    found = shown("10s root, 12s play, 20s smile, 22s feed, 400s end")

    assert found["appropriate", "non_distress"].value == (0 + 0) / 2  # play to rooting, a feed to a smile


def test_distress_that_did_not_settle_in_5_min_was_not_eased_if_ends_are_logged():
    found = shown("10s cry, 20s pick_up, 60s settled, 400s cry, 410s talk, 800s end")

    assert found["effective", "distress"].value == (1 + 0) / 2


def test_without_any_logged_end_the_effect_is_not_known():
    found = shown("10s cry, 20s pick_up, 800s end")

    assert found["effective", "distress"].n == 0
    assert np.isnan(found["effective", "distress"].value)


def test_a_smile_that_is_answered_with_another_cue_within_10_s_engaged_the_child():
    found = shown("10s smile, 12s talk, 20s coo, 24s talk, 100s end")

    assert (
        found["effective", "non_distress"].value == (1 + 0) / 2
    )  # a coo 8 s after talk; nothing after the second


def test_ten_seconds_after_the_answer_must_have_been_watched():
    found = shown("10s smile, 24s talk, 26s end")

    assert found["effective", "non_distress"].n == 0


def test_a_cry_that_ended_before_the_answer_says_nothing_about_its_effect():
    found = shown("10-20s cry, 30s speech, 100-110s cry, 105s speech, 600s end", instrument=load("free_play"))

    assert (found["effective", "distress"].value, found["effective", "distress"].n) == (1, 1)


def test_the_need_that_ended_the_cry_was_named_at_once_on_the_second_try_or_not():
    found = shown(
        "10s cry, 20s soothe, 60s settled, 400s cry, 410s soothe, 420s feed, 460s settled,"
        "900s cry, 910s feed, 950s settled, 1400s end",
        modifiers=[
            None, "need=tired", "need=tired", None, "need=tired", '{"need": "milk"}', "need=milk",
            None, "need=milk", "need=tired",
        ],
    )  # fmt: skip

    assert found["interpreted", "distress"].value == pytest.approx((1 + 0.5 + 0) / 3)


def test_no_need_named_is_not_known():
    assert found_n(shown("10s cry, 20s soothe, 60s settled, 400s end"), "interpreted") == 0


def found_n(found: dict[tuple[str, str], Estimate], measure: str) -> int:
    return found[measure, "distress"].n


def test_ten_bouts_of_each_stratum_on_three_days_open_the_gate():
    day = ", ".join(
        f"{t}s cry, {t + 10}s pick_up, {t + 60}s settled, {t + 300}s smile, {t + 303}s talk"
        for t in range(0, 4000, 1000)
    )

    three, two = shown(*[f"{day}, 5000s end"] * 3), shown(*[f"{day}, 5000s end"] * 2)

    ebsp = three["ebsp", "all"]
    assert ebsp.gate is None
    assert ebsp.value == pytest.approx(100 * (1 + (1 + 1 + 0) / 3) / 2)  # nobody smiled back within 10 s
    assert (ebsp.low, ebsp.high) == (pytest.approx(ebsp.value), pytest.approx(ebsp.value))
    assert two["ebsp", "all"].gate == (
        "needs 2 more cues of distress with a score (8 of 10), "
        "2 more cues apart from distress with a score (8 of 10), "
        "1 more day with distress (2 of 3) and 1 more day with other cues (2 of 3)"
    )
    assert np.isnan(two["ebsp", "all"].shown.value)


def test_days_that_differ_widen_the_limits():
    good = ", ".join(
        f"{t}s cry, {t + 5}s pick_up, {t + 300}s smile, {t + 302}s talk" for t in range(0, 2400, 600)
    )
    poor = ", ".join(f"{t}s cry, {t + 300}s smile" for t in range(0, 2400, 600))

    ebsp = shown(*[f"{good}, 3000s end", f"{poor}, 3000s end"] * 3)["ebsp", "all"]

    assert 0 <= ebsp.low < ebsp.value < ebsp.high <= 100


def test_one_stratum_alone_is_no_profile():
    ebsp = shown("0s cry, 5s pick_up, 60s settled, 600s end")["ebsp", "all"]

    assert (ebsp.n, np.isnan(ebsp.value)) == (0, True)


@pytest.mark.slow
@pytest.mark.parametrize("days", [3, 7])
def test_the_interval_of_the_profile_covers_the_truth_as_often_as_it_says(days: int):
    rng, covered, runs = np.random.default_rng(20261122), 0, 1500
    for _ in range(runs):
        mean_of_day = rng.beta(*(9 * np.array([0.6, 0.4])), days), rng.beta(*(9 * np.array([0.5, 0.5])), days)
        cues = [rng.poisson(6, days) + 1 for _ in range(2)]
        day = np.concatenate([np.repeat(np.arange(days), n) for n in cues])
        share = np.concatenate([np.repeat(mean, n) for mean, n in zip(mean_of_day, cues, strict=True)])
        bouts = pd.DataFrame(
            {
                "stratum": np.repeat(["distress", "non_distress"], [n.sum() for n in cues]),
                "score": rng.binomial(4, share) / 4,
                "day": day.astype(str),
                "session": "s",
            }
        )
        ebsp = _ebsp(bouts)
        covered += ebsp.low <= 50 * (0.6 + 0.5) <= ebsp.high

    assert 0.93 <= covered / runs <= 0.97  # day-ICC .10, about 7 cues a day and stratum


def test_waiting_or_quiet_after_turning_away_respects_the_pause_and_talk_does_not():
    found = shown("10s turn_away, 12s wait, 14s talk, 100s turn_away, 200s turn_away, 203s talk, 300s end")

    assert found["pause_respected", "disengage"].value == 2 / 3
    assert found["intrusions", "disengage"].value == 2 / (300 / 600)


def test_a_gentle_answer_to_turning_away_is_no_intrusion():
    found = shown("10s turn_away, 12s soothe, 300s end")

    assert (found["pause_respected", "disengage"].value, found["intrusions", "disengage"].value) == (1, 0)


def test_turning_away_is_in_neither_stratum():
    found = shown("10s turn_away, 300s end")

    assert (found["noticed", "distress"].n, found["noticed", "non_distress"].n) == (0, 0)


def test_an_instrument_without_a_table_says_so():
    bare = HOME.model_copy(update={"appropriateness": None})

    found = shown("10s cry, 20s pick_up, 300s end", instrument=bare)

    assert found["appropriate", "distress"].n == 0
    assert "has no table" in str(found["pause_respected", "disengage"].gate)


def test_a_trained_rating_stands_beside_and_changes_nothing():
    rating = pd.DataFrame(
        {"session": "v", "day": "2026-10-01", "instrument": "sensitivity_rating.v1",
         "scale": "sensitivity", "value": [6.0, 7.0], "rater": ["Ada", "Ben"], "certified": True,
         "minutes": 30.0, "kind": "observer"}
    )  # fmt: skip

    plain, rated = (shown("10s cry, 30s pick_up, 600s end", ratings=r) for r in (None, rating))

    assert (rated["rating", "sensitivity"].value, rated["rating", "sensitivity"].n) == ((6 + 7) / 2, 2)
    assert rated["rating", "sensitivity"].gate is None
    assert plain["rating", "all"].gate == "no rating by a trained observer was entered"
    assert plain["score", "distress"] == rated["score", "distress"]


def test_a_rating_needs_training_and_twenty_minutes():
    rating = pd.DataFrame(
        {"session": "v", "instrument": "sensitivity_rating.v1", "scale": ["a", "b"], "value": 6.0,
         "rater": "Ada", "certified": [False, True], "minutes": 10.0, "kind": "observer"}
    )  # fmt: skip

    found = shown("10s cry, 600s end", ratings=rating)

    assert found["rating", "a"].gate == "needs a trained, certified rater"
    assert found["rating", "b"].gate == "needs an observation of 20 min"


def test_the_order_of_rows_changes_nothing():
    events, windows = story(
        "10s cry, 30s pick_up, 90s settled, 200s smile, 203s talk, 210s coo,"
        "300s turn_away, 303s play, 600s end",
        day="d",
    )
    rows = pair(events, windows, HOME)

    plain = sensitivity(rows, events, windows, HOME, pd.DataFrame())
    mixed = sensitivity(
        rows.sample(frac=1, random_state=1),
        events.sample(frac=1, random_state=2),
        windows,
        HOME,
        pd.DataFrame(),
    )

    assert [one.value for one in plain] == pytest.approx([one.value for one in mixed], nan_ok=True)

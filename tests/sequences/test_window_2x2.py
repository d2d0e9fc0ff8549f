"""The two by two table of time bins, on the small log and on tables printed in the literature."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.instruments import load
from caregiving.sequences import show
from caregiving.sequences.window_2x2 import TwoByTwo, measures
from tests.sequences.strings import table, watched
from tests.timelines import at, story

CUES = at("cry", 20, 75, 140, 150, 230, 300, 360, 420, 480, 540, 590)
ANSWERS = at("pick_up", 26, 85, 158, 245, 305, 421, 482, 600)


def test_t23_the_small_log_in_seconds_with_united_windows():
    events, windows = story(f"0s start, {CUES}, {ANSWERS}, 600s end")
    found = show(
        "window_2x2", events, windows, load("home_moments"), given="cry", target="pick_up", window_s=10
    )

    assert [found[cell] for cell in "abcd"] == [7, 103, 1, 489]
    assert found["n_bins"] == 600
    assert (round(found["odds_ratio"], 2), round(found["odds_ratio_haldane"], 2)) == (33.23, 23.65)
    assert (round(found["yule_q"], 4), round(found["z"], 3)) == (0.9416, 5.090)
    assert (round(found["phi"], 4), round(found["ocv"], 4), round(found["expected"], 3)) == (
        0.2078,
        0.0616,
        1.467,
    )
    assert found["gate"].startswith("not enough data")


def test_t11_mother_and_toddler():
    found = measures(TwoByTwo(11, 29, 10, 63))

    assert [round(found[key], 3) for key in ("odds_ratio", "low", "high")] == [2.390, 0.913, 6.258]
    assert [round(found[key], 3) for key in ("ln_odds_ratio", "se", "yule_q")] == [0.871, 0.491, 0.410]
    assert [round(found[key], 3) for key in ("phi", "z", "ocv")] == [0.170, 1.804, 0.138]


def test_t12_yule():
    found = measures(TwoByTwo(40, 10, 20, 50))

    assert [round(found[key], 3) for key in ("odds_ratio", "low", "high")] == [10, 4.208, 23.762]
    assert [round(found[key], 4) for key in ("yule_q", "yule_y", "phi", "ocv")] == [
        0.8182,
        0.5195,
        0.5071,
        0.5143,
    ]
    assert round(found["z"], 3) == 5.555


def test_overlapping_windows_count_a_second_once():
    found = show("window_2x2", table(("x", "cry", 10), ("x", "cry", 13), ("y", "hold", 40)), watched(0, 60),
                 given="cry", target="hold", window_s=5)  # fmt: skip

    assert [found[cell] for cell in "abcd"] == [0, 8, 1, 51]


def test_an_answer_at_the_very_moment_of_the_cue_is_inside():
    found = show("window_2x2", table(("x", "cry", 10.5), ("y", "hold", 10.5)), watched(0, 60),
                 given="cry", target="hold", window_s=5)  # fmt: skip

    assert (found["a"], found["c"]) == (1, 0)


def test_an_answer_just_before_the_cue_in_the_same_second_is_outside():
    found = show("window_2x2", table(("x", "cry", 10.5), ("y", "hold", 10.2)), watched(0, 60),
                 given="cry", target="hold", window_s=5)  # fmt: skip

    assert (found["a"], found["c"]) == (0, 1)


def test_seconds_in_which_the_target_is_under_way_are_dropped():
    found = show("window_2x2", table(("x", "cry", 30), ("y", "hold", 10, 20)), watched(0, 60),
                 given="cry", target="hold", window_s=5)  # fmt: skip

    assert found["n_bins"] == 60 - 10
    assert found["c"] == 1


def test_the_first_seconds_of_a_stretch_can_be_dropped_because_nobody_saw_what_came_before():
    found = show("window_2x2", table(("x", "cry", 30), ("y", "hold", 33)), watched(0, 60, 100, 160),
                 given="cry", target="hold", window_s=10, drop_start=True)  # fmt: skip

    assert found["n_bins"] == 2 * (60 - 10)


def test_a_window_does_not_reach_over_a_break_in_the_watching():
    found = show("window_2x2", table(("x", "cry", 58), ("y", "hold", 63)), watched(0, 60, 62, 122),
                 given="cry", target="hold", window_s=10)  # fmt: skip

    assert (found["a"], found["b"], found["c"]) == (0, 2, 1)


def test_an_instrument_that_counts_from_the_end_of_a_cue_does_so_here_and_knows_its_classes():
    events, windows = story("0s start, 10-20s cry, 22-22.5s touch, 60s end", "free_play")
    found = show(
        "window_2x2", events, windows, load("free_play"), given="distress", target="response", window_s=5
    )

    assert (found["since"], found["a"], found["b"]) == ("offset", 1, 4)


def test_without_a_target_there_are_no_measures_and_a_sentence():
    found = show("window_2x2", table(("x", "cry", 10), ("y", "hold", 90)), watched(0, 60),
                 given="cry", target="hold", window_s=10)  # fmt: skip

    assert (found["a"], found["c"], found["n_outside"]) == (0, 0, 1)
    assert found["odds_ratio"] is None
    assert "10 more onsets of the target (0 of 10)" in found["gate"]


def test_a_code_that_never_came_is_no_error_but_is_told():
    found = show("window_2x2", table(("x", "cry", 1)), watched(0, 60), given="cry", target="hold", window_s=5)

    assert (found["n_target"], found["odds_ratio"]) == (0, None)
    assert 'nothing in the events is called "hold"' in found["notes"]


def test_a_name_that_the_instrument_does_not_know_and_a_missing_option_are_refused():
    with pytest.raises(ValueError, match='option given: found "cri"; needed a code, class or kind'):
        show(
            "window_2x2",
            table(("infant", "cry", 1)),
            None,
            load("free_play"),
            given="cri",
            target="touch",
            window_s=5,
        )
    with pytest.raises(ValueError, match="option target"):
        show("window_2x2", table(("x", "cry", 1)), given="cry", window_s=5)


@given(
    st.lists(st.integers(0, 119), max_size=20), st.lists(st.integers(0, 119), max_size=20), st.integers(1, 30)
)
def test_every_second_is_in_one_cell_and_every_second_with_a_target_in_a_or_c(cues, answers, window_s):
    rows = [("x", "cry", t) for t in cues] + [("y", "hold", t) for t in answers]
    found = show("window_2x2", table(*rows, ("x", "cry", 500), ("y", "hold", 500)), watched(0, 120),
                 given="cry", target="hold", window_s=window_s)  # fmt: skip

    assert found["a"] + found["b"] + found["c"] + found["d"] == 120
    assert found["a"] + found["c"] == len({max(t, 1) for t in answers})

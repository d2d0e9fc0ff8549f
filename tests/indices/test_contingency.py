import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.episodes import pair
from caregiving.frames import EPISODES, EVENTS, WINDOWS, empty
from caregiving.indices._cue_windows import bursts, place, tally
from caregiving.indices._seconds import Bins, shifted_cells
from caregiving.indices._two_by_two import TwoByTwo, odds, residual
from caregiving.indices._watching import watched
from caregiving.indices.contingency import contingency
from caregiving.instruments import UnknownBehaviour, load
from tests.indices.small_log import by_measure, golden, one_class
from tests.timelines import at, story


def test_t11_rhythmic_vocalising_of_mother_and_toddler():
    table = TwoByTwo(11, 29, 10, 63)

    assert round(np.exp(table.ln_or), 3) == 2.390
    assert [round(np.exp(limit), 3) for limit in table.ln_or_limits] == [0.913, 6.258]
    assert (round(table.ln_or, 3), round(table.ln_or_error, 3)) == (0.871, 0.491)
    assert [round(x, 3) for x in (table.q, table.phi, table.z, table.ocv)] == [0.410, 0.170, 1.804, 0.138]


def test_t12_the_table_of_yule():
    table = TwoByTwo(40, 10, 20, 50)

    assert round(np.exp(table.ln_or), 6) == 10  # 40 * 50 / (10 * 20)
    assert [round(np.exp(limit), 3) for limit in table.ln_or_limits] == [4.208, 23.762]
    assert [round(x, 4) for x in (table.q, table.y, table.phi, table.ocv)] == [0.8182, 0.5195, 0.5071, 0.5143]
    assert round(table.z, 3) == 5.555
    assert table.ratio == (40 / 50) / (20 / 70)


def test_t22_t23_the_small_log_in_bins_of_a_second_with_windows_of_ten_seconds():
    """600 bins: the eleven windows (c, c + 10] hold 110 of them, and 7 of the 8 answers."""
    events, windows = golden()
    instrument = one_class(10, within=(5, 10))
    stretches = watched(events, windows, instrument)
    bins = tally("distress", place(events, stretches), stretches, instrument, 11).bins
    whole = Bins(**vars(bins) | {"unknown": 0})  # the table of the example drops no second
    table = TwoByTwo(*whole.cells[0])

    assert table.cells.tolist() == [7, 103, 1, 489]
    assert (round(np.exp(table.ln_or), 2), round(table.q, 4)) == (33.23, 0.9416)
    assert round(float(np.exp(odds(table.cells + 0.5)[0])), 2) == 23.65
    assert [round(x, 4) for x in (table.phi, table.ocv)] == [0.2078, 0.0616]
    assert (round(table.z, 3), round(table.least_expected, 3)) == (5.090, 1.467)


def test_t23_the_gate_says_that_ten_minutes_are_not_enough_and_the_first_seconds_are_left_out():
    events, windows = golden()
    instrument = one_class(10, within=(5, 10))
    found = by_measure(contingency(pair(events, windows, instrument), events, windows, instrument))

    assert found["yule_q"].gate.startswith(
        "not enough data: needs 10 more minutes (10 of 20), 2 more answers (8 of 10)"
    )
    assert found["yule_q"].value == pytest.approx(
        (7 * 479 - 103 * 1) / (7 * 479 + 103 * 1)
    )  # 489 - 10 seconds
    assert found["base_rate_cue"].value == 11 / 10
    assert found["base_rate_response"].value == 8 / 10
    assert found["yule_q"].n == 11


def test_an_empty_cell_adds_one_half_to_every_cell():
    ln_or, error = odds([5, 0, 2, 8])

    assert ln_or == pytest.approx(np.log(5.5 * 8.5 / (0.5 * 2.5)))
    assert error == pytest.approx((1 / 5.5 + 1 / 0.5 + 1 / 2.5 + 1 / 8.5) ** 0.5)


@given(st.tuples(*[st.integers(1, 200)] * 4))
def test_swapping_inside_and_outside_turns_every_sign(cells):
    a, b, c, d = cells
    one, other = TwoByTwo(a, b, c, d), TwoByTwo(c, d, a, b)

    for figure in ("ln_or", "q", "y", "phi", "ocv", "z"):
        assert getattr(one, figure) == pytest.approx(-getattr(other, figure), abs=1e-9)


@given(st.tuples(*[st.integers(0, 60)] * 4))
def test_figures_stay_in_their_range_or_are_missing(cells):
    table = TwoByTwo(*cells)

    for figure in (table.q, table.y, table.phi, table.ocv):
        assert np.isnan(figure) or -1 - 1e-9 <= figure <= 1 + 1e-9
    if table.n and not np.isnan(table.z):
        assert table.z == pytest.approx(table.phi * table.n**0.5)  # z = phi sqrt(N)


def bins_of(text: str, instrument="free_play"):
    events, windows = story(text, instrument)
    known = load(instrument)
    stretches = watched(events, windows, known)
    return tally("social", place(events, stretches), stretches, known, 0).bins


def test_windows_that_overlap_are_counted_once():
    alone = bins_of("0s start, 10s smile, 100s end")
    twice = bins_of("0s start, 10s smile, 12s smile, 100s end")

    assert alone.inside.sum() == 5 / 0.01 * 0.01 / 0.25  # 5 s in bins of a quarter of a second
    assert twice.inside.sum() == 7 / 0.25


def test_where_latency_counts_from_the_end_of_a_cue_its_window_ends_five_seconds_after_that():
    assert bins_of("0s start, 10-13s vocalise, 100s end").inside.sum() == (3 + 5) / 0.25


def test_seconds_in_which_an_answer_goes_on_are_left_out():
    bins = bins_of("0s start, 20-30s speech, 100s end")
    a, b, c, d = bins.cells[0]

    assert (a, b, c) == (0, 0, 1)
    assert (
        d == (100 - 5 - 10) / 0.25 - 1
    )  # the onset itself lies in the bin that ends at 20 s and is the one in c


def test_time_that_could_not_be_seen_is_cut_out_and_the_seconds_after_it_are_unknown_again():
    bins = bins_of("0s start, 40-60s out_of_view, 100s end")

    assert bins.n.tolist() == [40 / 0.25, 40 / 0.25]
    assert bins.usable.sum() == 2 * (40 - 5) / 0.25


def test_opportunistic_windows_do_not_count():
    events, windows = golden()
    instrument = one_class(10, within=(5, 10))
    found = contingency(empty(EPISODES), events, windows.assign(mode="opportunistic"), instrument)

    assert np.isnan(by_measure(found)["ln_or"].value)


def test_turning_an_answer_stream_counts_what_moving_it_by_hand_counts():
    rng = np.random.default_rng(3)
    inside, starts, ongoing = (rng.random(151) < share for share in (0.3, 0.1, 0.1))
    one = np.array([0]), np.array([151]), np.array([0])
    _, drawn = shifted_cells(
        Bins(*one, inside, 20, starts, ongoing), margin=75, draws=9, seed=0
    )  # by 75 or 76 bins, no others

    by_hand = {
        tuple(Bins(*one, inside, 20, np.roll(starts, turn), np.roll(ongoing, turn)).cells[0])
        for turn in (75, 76)
    }
    assert {tuple(row) for row in drawn} == by_hand


def answered_play(lag_s: float, session: str = "s1"):
    """Thirty minutes with a smile every 30 s and an answer `lag_s` later."""
    smiles = [30.0 + 30 * k + (7 * k) % 11 for k in range(55)]
    text = f"0s start, {at('smile', *smiles)}, {at('smile_back', *(s + lag_s for s in smiles))}, 1800s end"
    return story(text, "free_play", session)


def test_prompt_answers_give_a_high_odds_ratio_a_small_p_and_an_excess_above_zero():
    events, windows = answered_play(2)
    instrument = load("free_play")
    found = by_measure(contingency(pair(events, windows, instrument), events, windows, instrument), "social")

    ratio = found.pop("rr")  # every answer came inside a window
    assert (np.isnan(ratio.value), ratio.gate[:31]) == (True, "no answer came outside the wind")
    assert {one.gate for one in found.values()} == {None}
    assert found["p_shift"].value == 1 / 1000
    assert found["excess_pp"].value > found["excess_pp"].low > 0
    assert found["excess_pp"].value < 100 * 55 / (55 * 5 / 0.25)  # 55 answers in 55 windows of 20 bins
    assert found["yule_q"].low > 0.9


def test_answers_that_come_at_other_times_show_no_contingency():
    events, windows = answered_play(20)
    instrument = load("free_play")
    found = by_measure(contingency(pair(events, windows, instrument), events, windows, instrument), "social")

    assert found["ln_or"].value < 0
    assert found["excess_pp"].value < 0


def test_five_sessions_are_drawn_anew_and_fewer_get_wald_limits():
    instrument = load("free_play")
    parts = [answered_play(2 + k % 3, f"s{k}") for k in range(5)]
    for many, words in ((5, "999 draws of 5 sessions"), (4, "Wald limits")):
        events, windows = (pd.concat(frames[:many], ignore_index=True) for frames in zip(*parts, strict=True))
        found = by_measure(
            contingency(pair(events, windows, instrument), events, windows, instrument), "social"
        )

        assert words in found["ln_or"].method
        assert found["ln_or"].low <= found["ln_or"].value <= found["ln_or"].high


def test_the_order_of_rows_changes_nothing():
    instrument = load("free_play")
    events, windows = answered_play(3)
    rows = pair(events, windows, instrument)

    assert pd.DataFrame(contingency(rows, events, windows, instrument, seed=4)).equals(
        pd.DataFrame(contingency(rows[::-1], events[::-1], windows, instrument, seed=4))
    )


def test_two_minutes_are_too_short_to_turn_the_answers():
    events, windows = story(
        f"0s start, {at('smile', 20, 50)}, {at('smile_back', 22, 53)}, 120s end", "free_play"
    )
    instrument = load("free_play")
    found = by_measure(contingency(pair(events, windows, instrument), events, windows, instrument), "social")

    assert np.isfinite(found["ln_or"].value)
    assert np.isnan(found["p_shift"].value)  # one turn, by 60 s, would be all there is


def test_bursts_of_cues_are_told_and_a_regular_stream_is_not():
    even = np.arange(0, 4000, 100)
    clustered = np.concatenate([k * 1000 + np.arange(0, 50, 5) for k in range(4)])

    assert "burstiness of the cues -1.00" in bursts(even, np.zeros(len(even), int))
    assert "they come in bursts" in bursts(clustered, np.zeros(len(clustered), int))
    assert "too few" in bursts(np.array([3]), np.array([0]))


def test_nothing_seen_gives_no_figures_but_sentences():
    found = contingency(empty(EPISODES), empty(EVENTS), empty(WINDOWS), load("home_moments"))

    assert {one.cue_class for one in found} == {"distress", "request", "social", "disengage"}
    for one in found:
        assert np.isnan(one.value)
        assert one.gate is not None


def test_an_unknown_code_is_named():
    events, windows = golden()
    with pytest.raises(UnknownBehaviour, match="sneeze"):
        contingency(empty(EPISODES), events.assign(code="sneeze"), windows, one_class())


@pytest.mark.slow
def test_the_circular_shift_test_rejects_a_true_null_in_3_to_7_of_100_bursty_pairs_of_streams():
    """Two streams of bursts that know nothing of each other, two stretches of 20 minutes, 999 turns, 1000
    runs."""
    rng, runs, seconds, window = np.random.default_rng(5), 1000, 1200, 5
    p, plain = np.empty(runs), np.empty(runs)
    for run in range(runs):
        inside, starts = (np.zeros(2 * seconds, bool) for _ in range(2))
        for stretch in range(2):
            for c in burst_times(rng, seconds):
                inside[
                    stretch * seconds + c + 1 : min(
                        stretch * seconds + c + 1 + window, (stretch + 1) * seconds
                    )
                ] = True
            starts[stretch * seconds + burst_times(rng, seconds)] = True
        bins = Bins(
            np.array([0, seconds]),
            np.array([seconds] * 2),
            np.arange(2),
            inside,
            window,
            starts,
            np.zeros_like(starts),
        )
        observed, drawn = shifted_cells(bins, 60, 999, run)
        z = abs(residual(observed))
        p[run], plain[run] = (1 + np.sum(np.abs(residual(drawn)) >= z - 1e-9)) / 1000, z

    assert 0.03 <= np.mean(p <= 0.05) <= 0.07
    assert np.mean(plain > 1.96) > 0.10  # which is why z describes and does not test


def burst_times(rng, seconds: int) -> np.ndarray:
    """Bursts every 90 s or so, of about four moments 6 s apart, to the second."""
    first = rng.uniform(0, seconds, rng.poisson(seconds / 90))
    runs = [s + np.append(0, np.cumsum(rng.exponential(6, rng.geometric(1 / 4) - 1))) for s in first]
    moments = np.concatenate([*runs, np.empty(0)])
    return moments[moments < seconds].astype(int)

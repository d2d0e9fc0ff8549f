"""The five rows of the guidance are always there; each says its figure or what it still needs."""

import re
from dataclasses import replace

import pytest

from caregiving.indices import Estimate, all_indices
from caregiving.rows import BENCHMARKS, EVERY, FIGURES, INDICES, five_rows
from caregiving.sources import all_sources

SEEDS_TABLE = [
    "Parental sensitivity",
    "Responsiveness",
    "Attachment security",
    "Emotional availability",
    "Consistency of care",
]


def found(index: str, measure: str, value: float, gate: str | None = None, cue_class: str = "all"):
    one = Estimate(measure, value, 30, "share", "kaplan_meier_1958", cue_class=cue_class, gate=gate)
    return all_indices()[index], one


def test_the_rows_are_those_of_the_guidance_in_its_order():
    assert [row.title for row in five_rows()] == SEEDS_TABLE


def test_a_row_leads_with_the_first_figure_whose_gate_is_met():
    results = [
        found("sensitivity", "noticed", 0.5, "needs 1 more cue (19 of 20)", "distress"),
        found("sensitivity", "appropriate", 0.9, None, "distress"),
    ]
    row = five_rows(results)[0]

    assert row.leading is not None and row.leading.measure == "appropriate"
    assert row.nearest is not None and row.nearest.gate == "needs 1 more cue (19 of 20)"


def test_a_coded_session_fills_what_taps_cannot_show():
    taps = [found("availability", "matched", float("nan"), "taps do not code the engagement")]
    coded = [found("availability", "matched", 0.3)]
    row = five_rows(taps, coded)[3]

    assert row.leading is not None and row.leading.value == 0.3
    assert five_rows(taps)[3].leading is None


def test_a_later_report_never_overrides_a_figure_that_may_be_shown():
    first, second = [found("availability", "matched", 0.3)], [found("availability", "matched", 0.7)]

    assert five_rows(first, second)[3].figures[0].value == 0.3


def test_every_row_names_what_it_cannot_say_and_sources_that_exist():
    for row in five_rows():
        assert len(row.cannot) > 40 and len(row.measured) > 40 and row.serves
        assert row.benchmarks and {row.seen_in, *row.benchmarks} <= set(all_sources())
        assert all(all_sources()[key].says for key in row.benchmarks)


@pytest.mark.parametrize("key", sorted(FIGURES))
def test_the_figures_of_a_row_are_figures_that_its_indices_give(key, two_weeks):
    given = {
        (which.name, one.measure, cues) for which, one in two_weeks.results for cues in (one.cue_class, EVERY)
    }
    wanted = {figure for figure in FIGURES[key]}

    assert {index for index, _, _ in wanted} <= set(INDICES)
    assert wanted <= given, wanted - given


@pytest.fixture(scope="module")
def two_weeks():
    from caregiving.instruments import load
    from caregiving.report import analyse
    from tests.test_growth import invented

    return analyse(*invented(14), load("home_moments"), names=list(INDICES))


def test_what_a_study_saw_is_told_with_the_numbers_of_its_source():
    for row in five_rows():
        known = all_sources()[row.seen_in]
        if known.kind != "paper":
            continue  # our own arithmetic: 17 points are sqrt(.6 * .4 / 8), see the test of consistency
        told = set(re.findall(r"\d[\d,]*\d|\.\d+", row.seen))

        assert told
        assert {number for number in told if number not in known.says} == set(), row.key


def test_the_swing_that_chance_gives_eight_cues_a_day():
    assert round(100 * (0.6 * 0.4 / 8) ** 0.5) == 17
    assert "17 points" in five_rows()[4].seen


def test_rows_are_never_added_up(two_weeks):
    rows = five_rows(two_weeks.results)

    assert not any("total" in one.measure or "overall" in one.measure for row in rows for one in row.figures)
    assert all(one.n > 0 or one.gate for row in rows for one in row.figures)


def test_a_gate_that_is_one_short_says_one_more():
    which, one = found("responsiveness", "within_180s", 0.8, None, "distress")
    short = replace(one, gate="needs 1 more cue (19 of 20)")
    row = five_rows([(which, short)])[1]

    assert row.leading is None
    assert row.nearest is not None and "1 more" in str(row.nearest.gate)


assert set(BENCHMARKS) == set(FIGURES)


def test_every_scale_that_a_certified_coder_entered_stands_in_its_row():
    index = all_indices()["availability"]
    scales = ("adult_sensitivity", "structuring")
    entered = [
        Estimate("record", 5.5, 1, "rating", "emotional_availability", cue_class=one) for one in scales
    ]
    nothing = Estimate("record", float("nan"), 0, "rating", "emotional_availability", gate="none was entered")
    both = five_rows([(index, one) for one in entered], [(index, nothing)])
    row = next(one for one in both if one.key == "availability")

    assert [one.cue_class for one in row.figures if one.measure == "record"] == list(scales)
    assert row.leading is not None and row.leading.value == 5.5

"""Figures in words: what an estimate rests on is called by its name, and raters are no interval."""

import math
import re

import pytest

from caregiving.indices import Estimate, Material, estimate
from caregiving.instruments import load, shelf
from caregiving.screens._words import COUNTS, count_of, is_record, limits_of

COUNTS_CUES = re.compile(
    "answered_within_|within_|already_engaged|unconfirmed|first_days|data_quality|tipping_|.*_minus_live"
    "|median|rmst|p_no_difference|p_shift|excess_pp|base_rate_cue|ln_or|yule_|phi|ocv|rr$|z$"
    "|appropriate|effective|interpreted|noticed|prompt$|score|ebsp|pause_respected"
    "|comfort_completion|self_settled|settled_alone|time_to_settle"
)


def measures() -> list[str]:
    """Return every measure that any instrument's moments can give."""
    found = {one.measure for name in shelf("coding") for _, one in estimate(Material(load(name)))}
    return sorted(found)


def test_of_every_measure_it_is_known_what_its_n_counts():
    unknown = [
        one
        for one in measures()
        if one not in COUNTS and not is_record(Estimate(one, 0.5, 2, "", "x")) and not COUNTS_CUES.match(one)
    ]

    assert unknown == []


def test_no_measure_is_said_to_count_two_things():
    twice = [one for one in measures() if one in COUNTS and is_record(Estimate(one, 0.5, 2, "", "x"))]

    assert twice == []


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("median", "2 cues"),
        ("cry_fuss", "2 days"),
        ("regularity", "2 days"),
        ("intrusions", "2 minutes"),
        ("matched", "2 coded sessions"),
        ("repair_latency", "2 times out of step"),
        ("transitions", "2 changes of signals"),
        ("child_response", "2 approaches by a grown-up"),
        ("base_rate_response", "2 answers"),
        ("whole_minutes", "2 moments"),
        ("prompt_compliance", "2 prompts"),
        ("ssp_avoidance", "2 raters"),
        ("security", "2 raters"),
    ],
)
def test_what_an_estimate_rests_on_is_called_by_its_name(measure: str, told: str):
    assert count_of(Estimate(measure, 0.5, 2, "", "x")) == told


def test_one_rater_has_nobody_to_differ_from_and_two_give_no_interval():
    alone = Estimate("security", 0.48, 1, "r", "x")
    two = Estimate("security", 0.48, 2, "r", "x", 0.45, 0.5)

    assert limits_of(alone) == "not known with one rater"
    assert limits_of(two) == "0.45 to 0.5 between raters"


def test_limits_that_were_not_reached_or_cannot_be_given_are_said_so():
    assert limits_of(Estimate("median", 20.0, 40, "s", "x", 12.0, math.nan)) == "12 s to not reached"
    assert limits_of(Estimate("dispersion", 0.4, 3, "0-1", "x")) == "no limits can be given yet"

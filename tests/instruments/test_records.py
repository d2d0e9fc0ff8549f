"""What trained people enter reaches the indices that show it, and what is not shown says why."""

from uuid import UUID

import pandas as pd
import pytest

from caregiving.frames import RATINGS, conform
from caregiving.indices import Estimate, Material
from caregiving.indices.attachment import attachment
from caregiving.indices.availability import availability
from caregiving.indices.sensitivity import RATED_MINUTES, sensitivity
from caregiving.instruments import (
    Needs,
    ProcedureInstrument,
    RatingInstrument,
    load,
    load_form,
    load_procedure,
    load_rating,
    load_sort,
)
from caregiving.ratings import Rating, counted

PILES = [
    int(p)
    for p in "446462761841854918326865274137589552287756326971289296112695743952879197838359163433153447"
]


def record(
    instrument: str, answers: dict[str, object], *, kind: str = "observer", certified: bool = True
) -> Rating:
    """Return a record as a page would make it: scores, certification and minutes follow from the answers."""
    form = load_form(instrument)
    assert form.trouble(answers) == []
    assert kind in form.rated_as
    needs = form.needs if isinstance(form, RatingInstrument | ProcedureInstrument) else Needs()
    return Rating(
        id=UUID(int=1),
        family=UUID(int=2),
        child=UUID(int=3),
        author=UUID(int=4),
        rater="Vera",
        kind=kind,
        instrument=form.name,
        certified=needs.certified(answers) if needs.certified_when else certified,
        minutes=needs.observed_min(answers),
        answers=answers,
        scores=counted(form.score(answers)),
        at_ms=1_772_355_600_000,
        utc_offset_min=60,
        written_ms=1_772_355_600_000,
    )


def frame(*ratings: Rating) -> pd.DataFrame:
    """Return records in the rows that the store gives the indices."""
    rows = [
        {
            "session": "", "child": str(one.child), "day": one.day(), "instrument": one.instrument,
            "scale": scale, "value": value, "rater": one.rater, "certified": one.certified,
            "minutes": one.minutes, "kind": one.kind,
        }
        for one in ratings
        for scale, value in one.scores.items()
    ]  # fmt: skip
    return conform(pd.DataFrame(rows), RATINGS)


def shown(estimates: list[Estimate], measure: str) -> dict[str, Estimate]:
    return {one.cue_class: one for one in estimates if one.measure == measure and one.n}


def of_sensitivity(ratings: pd.DataFrame) -> Estimate:
    m = Material(load("home_moments"), ratings=ratings)
    return shown(sensitivity(m.episodes, m.events, m.windows, m.instrument, m.ratings), "rating")[
        "sensitivity"
    ]


def of_availability(ratings: pd.DataFrame) -> dict[str, Estimate]:
    m = Material(load("home_moments"), ratings=ratings)
    return shown(availability(m.events, m.windows, m.instrument, m.ratings), "record")


def test_a_sensitivity_rating_of_a_trained_rater_who_watched_long_enough_is_shown():
    answers = {"on_the_whole": 6, "training": "certified", "observed_minutes": 25}
    one = of_sensitivity(frame(record("sensitivity_rating", answers)))

    assert (one.value, one.unit, one.gate) == (6.0, "1-9", None)
    assert "25 min observed, certified" in one.method


@pytest.mark.parametrize(
    ("training", "minutes", "gate"),
    [
        ("in_training", 60, "needs a trained, certified rater"),
        ("certified", 19, "needs an observation of 20 min"),
    ],
)
def test_a_sensitivity_rating_that_lacks_something_is_withheld_with_the_reason(training, minutes, gate):
    answers = {"on_the_whole": 6, "training": training, "observed_minutes": minutes}

    assert of_sensitivity(frame(record("sensitivity_rating", answers))).gate == gate
    assert load_rating("sensitivity_rating").needs.lacking(answers), "the form says so as well"


def test_the_form_asks_for_as_many_minutes_as_the_index_does():
    least = load_rating("sensitivity_rating").needs.minutes
    assert least is not None and least.at_least is not None and least.at_least.value == RATED_MINUTES


def test_six_numbers_of_emotional_availability_are_shown_one_by_one():
    names = ("adult_sensitivity", "structuring", "non_intrusiveness", "non_hostility")
    given = {f"given_{name}": 4.0 + number for number, name in enumerate(names)}
    given |= {"given_child_responsiveness": 5.0, "given_child_involvement": "not_rateable"}
    answers = {"version_used": "as certified", "certificate": "1234", "observed_minutes": 30} | given
    found = of_availability(frame(record("emotional_availability", answers)))

    assert {name: one.value for name, one in found.items()} == {
        "adult_sensitivity": 4, "structuring": 5, "non_intrusiveness": 6, "non_hostility": 7,
        "child_responsiveness": 5,
    }  # fmt: skip
    assert all(one.gate is None for one in found.values())


def test_a_sort_of_a_trained_observer_gives_both_correlations():
    qsort = load_sort("attachment_qsort")
    found = {one.measure: one for one in attachment(frame(record("attachment_qsort", qsort.answers(PILES))))}

    assert round(found["security"].value, 3) == -0.060
    assert round(found["dependency"].value, 3) == -0.019
    assert found["security"].gate is None


def test_a_sort_without_certification_is_withheld():
    qsort = load_sort("attachment_qsort")
    one = record("attachment_qsort", qsort.answers(PILES), certified=False)
    found = {one.measure: one for one in attachment(frame(one))}

    assert found["security"].gate == "needs a sort by a trained, certified observer"


def test_a_sort_by_parents_is_a_description_and_never_a_score():
    answers = load_sort("attachment_qsort").answers(PILES)
    found = {one.measure: one for one in attachment(frame(record("attachment_qsort", answers, kind="self")))}

    assert round(found["description_security"].value, 3) == -0.060
    assert found["security"].n == 0 and found["security"].gate


def test_scales_and_class_of_a_strange_situation_are_shown_as_coded():
    answers = {
        "given_proximity_seeking_first_reunion": 4,
        "given_proximity_seeking_second_reunion": 6,
        "given_avoidance_first_reunion": "not_coded",
        "given_disorganisation": 2,
        "class_given": "cannot_classify",
        "certificate": "trained 2021",
        "from_video": "yes",
    }
    found = {one.measure: one for one in attachment(frame(record("strange_situation", answers)))}

    assert found["ssp_proximity_seeking_first_reunion"].value == 4
    assert found["ssp_proximity_seeking_second_reunion"].value == 6
    assert found["ssp_disorganisation"].value == 2
    assert found["ssp_class_cannot_classify"].value == 1
    assert "ssp_avoidance_first_reunion" not in found and "ssp_class_b" not in found
    assert all(one.gate is None for name, one in found.items() if name.startswith("ssp_"))


def test_a_record_that_was_not_coded_from_video_is_withheld():
    answers = {"class_given": "b", "certificate": "trained 2021", "from_video": "no"}
    found = {one.measure: one for one in attachment(frame(record("strange_situation", answers)))}

    assert found["ssp_class_b"].gate == "needs a certified coder"


def test_no_record_takes_the_place_of_another():
    answers = {"on_the_whole": 6, "training": "certified", "observed_minutes": 25}
    ratings = frame(record("sensitivity_rating", answers))

    assert of_availability(ratings) == {}
    assert all(one.n == 0 for one in attachment(ratings))
    assert load_procedure("strange_situation").rated_as == ("observer",)

"""Ratings stay with their author unless shared, are kept for good, and hold only what their form knows."""

from typing import Any

import pytest

from caregiving.faults import Refused
from caregiving.frames import EPISODES, RATINGS, conform, empty
from caregiving.indices.consistency import consistency
from caregiving.instruments import load, load_rating
from caregiving.people import Action, NotAllowed
from caregiving.ratings import Rating, counted
from caregiving.store import ratings

CHECK_IN = {"support": "little", "stress_now": 8}
EVEN = {"as_planned": "mostly", "routines_kept": "half", "able_to_answer": "mostly"}
LOW = {"interest": "several_days", "mood": "several_days"}


def rated(home: Any, instrument: str, answers: dict[str, Any], name: str = "", **changes: Any) -> Rating:
    """Ada's answers, as a page stores them."""
    form = load_rating(instrument)
    usual = {
        "id": home.an_id(name or f"{instrument} {sorted(answers.items())}"),
        "family": home.family,
        "author": home.ada,
        "rater": "Ada",
        "kind": form.about,
        "instrument": form.name,
        "answers": answers,
        "scores": counted(form.score(answers)),
        "at_ms": home.now_ms,
        "utc_offset_min": 60,
        "written_ms": home.now_ms,
    }
    return Rating.model_validate(usual | changes)


def keep(home: Any, rating: Rating) -> Rating:
    ratings.rate(home.store, home.viewer(rating.author), rating)
    return rating


def seen(home: Any, member: Any = None, **asked: Any) -> list[Rating]:
    return ratings.read(home.store, home.viewer(member), home.family, **asked)


def test_what_was_answered_comes_back_as_it_was(home):
    words = "zwei Nächte \u0628\u0644\u0627 \u0646\u0648\u0645 \U0001f319\n" * 40
    kept = keep(home, rated(home, "weekly_check_in", CHECK_IN | {"words": words}))

    assert seen(home) == [kept]
    assert kept.scores == {"support_felt": 1.0, "stress": 8.0}


def test_storing_the_same_rating_twice_keeps_one(home):
    first = keep(home, rated(home, "phq2", LOW))
    keep(home, first)

    assert seen(home) == [first]


def test_the_other_parent_sees_a_check_in_only_when_it_is_shared(home):
    keep(home, rated(home, "weekly_check_in", CHECK_IN, "private"))
    shared = keep(home, rated(home, "weekly_check_in", CHECK_IN, "shared", shared=True))

    assert seen(home, home.ravi) == [shared]
    assert len(seen(home)) == 2


def test_a_visitor_sees_what_is_shared_while_the_consent_to_see_patterns_lasts(home):
    shared = keep(home, rated(home, "consistency_self_report", EVEN, shared=True))
    keep(home, rated(home, "weekly_check_in", CHECK_IN))
    with pytest.raises(NotAllowed):
        seen(home, home.vera)
    home.give(home.consent())

    assert seen(home, home.vera) == [shared]


def test_a_visitor_who_may_only_see_the_timeline_sees_no_rating(home):
    keep(home, rated(home, "consistency_self_report", EVEN, shared=True))
    home.give(home.consent(scope=frozenset({Action.SEE_TIMELINE, Action.SEE_PEOPLE})))

    with pytest.raises(NotAllowed):
        seen(home, home.vera)


def test_another_family_sees_nothing_and_can_put_nothing_in(home):
    keep(home, rated(home, "weekly_check_in", CHECK_IN, shared=True))

    with pytest.raises(NotAllowed):
        seen(home, home.noor)
    with pytest.raises(NotAllowed):
        ratings.rate(home.store, home.viewer(home.noor), rated(home, "phq2", LOW, author=home.noor))


def test_the_two_questions_can_never_be_shared_and_stand_in_nobody_elses_frame(home):
    with pytest.raises(Refused, match="stays with its author"):
        keep(home, rated(home, "phq2", LOW, shared=True))
    keep(home, rated(home, "phq2", LOW))

    own = ratings.frame(home.store, home.viewer(), home.family, home.juno)
    of_ravi = ratings.frame(home.store, home.viewer(home.ravi), home.family, home.juno)
    assert own["scale"].tolist() == ["phq2"] and own["value"].tolist() == [1 + 1]
    assert seen(home, home.ravi) == [] and of_ravi.empty


def test_nobody_rates_in_somebody_elses_name(home):
    with pytest.raises(Refused, match="rating, author"):
        ratings.rate(home.store, home.viewer(home.ravi), rated(home, "phq2", LOW))


def test_answers_that_the_form_does_not_know_are_refused_all_at_once(home):
    with pytest.raises(Refused) as refused:
        keep(home, rated(home, "phq2", LOW).model_copy(update={"answers": {"mood": "blue", "appetite": 1}}))

    assert len(refused.value.faults) == 3
    assert "appetite" in str(refused.value) and "depressed" in str(refused.value)


def test_a_score_that_the_answers_do_not_give_is_refused(home):
    with pytest.raises(Refused, match="rating, scores"):
        keep(home, rated(home, "phq2", LOW, scores={"phq2": 0.0}))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"instrument": "mood_of_the_day.v1"}, "there is no instrument"),
        ({"instrument": "home_moments.v1"}, "there is no instrument"),
        ({"kind": "observer"}, "rating, kind"),
    ],
)
def test_a_rating_with_a_form_of_another_kind_is_refused(home, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        keep(home, rated(home, "phq2", LOW).model_copy(update=changes))


def test_a_child_of_another_family_is_refused(home):
    with pytest.raises(Refused, match="a child of this family"):
        keep(home, rated(home, "consistency_self_report", EVEN, child=home.ilo))


def test_a_correction_takes_the_place_of_the_old_one_and_a_void_ends_it(home):
    first = keep(home, rated(home, "weekly_check_in", CHECK_IN, "first"))
    second = keep(home, rated(home, "weekly_check_in", {"week": "good"}, "second", supersedes=first.id))
    assert seen(home) == [second]

    keep(home, second.model_copy(update={"id": home.an_id("end"), "supersedes": second.id, "void": True}))
    assert seen(home) == []


def test_only_the_newest_own_version_can_be_corrected(home):
    first = keep(home, rated(home, "weekly_check_in", CHECK_IN, "first", shared=True))
    keep(home, rated(home, "weekly_check_in", {"week": "good"}, "second", supersedes=first.id))

    with pytest.raises(Refused, match="changed meanwhile"):
        keep(home, rated(home, "weekly_check_in", {"week": "hard"}, "third", supersedes=first.id))
    with pytest.raises(Refused, match="a rating of one's own"):
        keep(home, rated(home, "weekly_check_in", {}, "of Ravi", supersedes=first.id, author=home.ravi))
    with pytest.raises(Refused, match="a rating of one's own"):
        keep(home, rated(home, "phq2", LOW, "other form", supersedes=first.id))


def test_an_id_of_somebody_else_is_not_written_over(home):
    keep(home, rated(home, "weekly_check_in", CHECK_IN, "one"))

    with pytest.raises(Refused, match="already taken"):
        keep(home, rated(home, "weekly_check_in", {}, "one", author=home.ravi, rater="Ravi"))


def test_ratings_of_a_child_come_with_those_about_nobody_in_particular(home):
    keep(home, rated(home, "consistency_self_report", EVEN, "juno", child=home.juno))
    keep(home, rated(home, "consistency_self_report", EVEN, "twin", child=home.twin))
    keep(home, rated(home, "weekly_check_in", CHECK_IN, "own"))

    assert {one.id for one in seen(home, child=home.juno)} == {home.an_id("juno"), home.an_id("own")}
    assert [one.id for one in seen(home, instrument="weekly_check_in")] == [home.an_id("own")]
    assert seen(home, instrument="weekly_check_in.v9") == []


def test_the_consistency_index_finds_the_familys_own_answers(home):
    keep(home, rated(home, "consistency_self_report", EVEN, child=home.juno))
    keep(home, rated(home, "weekly_check_in", CHECK_IN))
    rows = ratings.frame(home.store, home.viewer(), home.family, home.juno)

    told = consistency(empty(EPISODES), load("home_moments"), rows)[-1]
    assert (told.measure, told.n, told.gate) == ("self_report_mean", 1, None)
    assert told.value == pytest.approx((3 + 2 + 3) / 3)


def test_the_frame_keeps_its_contract_empty_and_filled(home):
    def rows() -> Any:
        return ratings.frame(home.store, home.viewer(), home.family, home.juno)

    assert list(rows().columns) == list(RATINGS) and rows().empty
    keep(home, rated(home, "weekly_check_in", CHECK_IN))
    assert conform(rows(), RATINGS).equals(rows())
    assert rows()["day"].tolist() == ["2026-03-01"] * 2
    assert not rows()["certified"].any()


def test_a_rating_in_the_night_belongs_to_the_evening_before(home):
    five_hours_ms = 5 * 3600 * 1000  # now is 10:00 in Berlin, so this is 05:00
    keep(home, rated(home, "phq2", LOW, at_ms=home.now_ms - five_hours_ms))

    assert ratings.frame(home.store, home.viewer(), home.family, home.juno)["day"].tolist() == ["2026-02-28"]

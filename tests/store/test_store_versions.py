"""Corrections and voids: nothing is ever changed, the newest word holds, and two words are both kept."""

from typing import Any
from uuid import UUID

from caregiving.store import events
from caregiving.store.versions import Chains


def history(home: Any, event: dict[str, Any]) -> Any:
    return events.history(home.store, home.viewer(), home.family, UUID(event["id"]))


def test_a_correction_takes_the_place_of_the_event(home: Any) -> None:
    tap = home.tap("cry", at_s=60)
    earlier = home.correct(tap, onset_ms=home.now_ms, time_quality="adjusted", reason="happened earlier")

    home.send(tap, earlier)

    log = home.log()
    assert log["id"].tolist() == [earlier["id"]] and log["replaces"].tolist() == [tap["id"]]
    assert log["onset_ms"].tolist() == [home.now_ms] and log["reason"].tolist() == ["happened earlier"]


def test_a_correction_of_a_correction_works(home: Any) -> None:
    first = home.tap("cry")
    second = home.correct(first, code="fuss")
    third = home.correct(second, code="smile")

    home.send(first, second, third)

    assert home.log()["code"].tolist() == ["smile"] and not home.log()["in_conflict"].any()


def test_a_state_is_ended_by_a_new_version_of_it(home: Any) -> None:
    began = home.tap("in_arms")
    home.send(began)
    home.send(home.correct(began, offset_ms=home.now_ms + 30_000, reason="ended"))

    assert home.log()["offset_ms"].tolist() == [home.now_ms + 30_000]


def test_a_moment_that_was_taken_back_is_gone_and_its_void_is_not_shown(home: Any) -> None:
    tap, stays = home.tap("cry"), home.tap("smile", at_s=1)

    home.send(tap, stays, home.take_back(tap))

    assert home.log()["code"].tolist() == ["smile"]


def test_a_void_that_is_superseded_brings_the_moment_back(home: Any) -> None:
    tap = home.tap("cry")
    gone = home.take_back(tap)
    back = home.correct(gone, void=False, reason="it did happen")

    home.send(tap, gone, back)

    assert home.log()["id"].tolist() == [back["id"]]


def test_a_correction_that_overtakes_its_event_still_holds(home: Any) -> None:
    tap = home.tap("cry")
    newer = home.correct(tap, code="fuss")

    assert home.send(newer).stored
    assert home.send(tap).stored

    assert home.log()["code"].tolist() == ["fuss"]


def test_two_corrections_of_one_moment_are_both_kept_and_marked(home: Any) -> None:
    tap, other = home.tap("cry"), home.tap("smile", at_s=9)
    home.send(tap, other)

    home.send(home.correct(tap, code="fuss"))
    home.send(home.correct(tap, onset_ms=home.now_ms + 3000))

    assert home.log()["code"].tolist() == ["fuss", "cry", "smile"]
    assert home.log()["in_conflict"].tolist() == [True, True, False]


def test_a_conflict_is_seen_also_when_only_one_side_of_it_is_asked_for(home: Any) -> None:
    tap = home.tap("cry")
    home.send(tap, home.correct(tap, code="fuss"), home.correct(tap, onset_ms=home.now_ms + 60_000))

    assert home.log(end_ms=home.now_ms + 1)["in_conflict"].tolist() == [True]


def test_a_conflict_does_not_end_when_one_side_is_corrected_again(home: Any) -> None:
    tap = home.tap("cry")
    one, two = home.correct(tap, code="fuss"), home.correct(tap, code="smile")
    home.send(tap, one, two, home.correct(one, onset_ms=home.now_ms + 1))

    assert home.log()["in_conflict"].tolist() == [True, True]


def test_a_conflict_ends_when_one_side_is_taken_back(home: Any) -> None:
    tap = home.tap("cry")
    one, two = home.correct(tap, code="fuss"), home.correct(tap, code="smile")
    home.send(tap, one, two, home.take_back(two))

    assert home.log()["code"].tolist() == ["fuss"] and home.log()["in_conflict"].tolist() == [False]


def test_a_moment_corrected_by_one_and_taken_back_by_another_stays_as_corrected(home: Any) -> None:
    tap = home.tap("cry")
    home.send(tap, home.correct(tap, code="fuss"), home.take_back(tap))

    assert home.log()["code"].tolist() == ["fuss"] and home.log()["in_conflict"].tolist() == [False]


def test_the_history_tells_every_version_with_who_when_and_why(home: Any) -> None:
    tap = home.tap("cry")
    newer = home.correct(tap, code="fuss", author=str(home.ravi), reason="it was only a fuss")
    gone = home.take_back(newer)
    home.send(tap, newer, gone, home.tap("smile"))

    for version in (tap, newer, gone):
        told = history(home, version)
        assert told["id"].tolist() == [tap["id"], newer["id"], gone["id"]]
    assert told["author_alias"].tolist() == ["Ada", "Ravi", "Ravi"]
    assert told["reason"].fillna("").tolist() == ["", "it was only a fuss", "undo"]
    assert told["void"].tolist() == [False, False, True]
    assert told["received_ms"].tolist() == [home.now_ms + 500] * 3


def test_the_history_begins_with_the_first_version_whatever_arrived_first(home: Any) -> None:
    tap = home.tap("cry")
    second = home.correct(tap, code="fuss")
    third = home.correct(second, code="smile")
    for late in (third, second, tap):
        home.send(late)

    assert history(home, second)["code"].tolist() == ["cry", "fuss", "smile"]


def test_the_history_of_an_event_that_is_not_there_or_not_theirs_is_empty(home: Any) -> None:
    theirs = home.tap("smile", family=home.other_family, child=home.ilo, author=home.noor)
    home.send(theirs, viewer=home.viewer(home.noor))

    of_others, of_nobody = history(home, theirs), history(home, {"id": str(home.an_id("nobody"))})

    assert of_others.empty and of_nobody.empty
    for told in (of_others, of_nobody):
        assert {name: str(dtype) for name, dtype in told.dtypes.items()} == {
            name: column.dtype for name, column in events.HISTORY.items()
        }


def test_nobody_else_can_take_a_moment_back_by_guessing_its_id(home: Any) -> None:
    """Noor voids an id before Ada's tablet has sent it. Ada's moment must stay."""
    tap = home.tap("cry")
    guess = home.take_back(
        tap, family=str(home.other_family), child=str(home.ilo), author=str(home.noor), caregiver=None
    )

    assert home.send(guess, viewer=home.viewer(home.noor)).stored
    assert home.send(tap).stored

    assert home.log()["id"].tolist() == [tap["id"]]


def test_what_another_family_says_of_an_id_is_no_part_of_its_story(home: Any) -> None:
    """Noor corrects an id before Ada's tablet has sent it. Ada's own correction stands alone."""
    tap = home.tap("cry")
    others = {"family": str(home.other_family), "child": str(home.ilo), "author": str(home.noor)}
    home.send(home.correct(tap, code="smile", **others), viewer=home.viewer(home.noor))

    home.send(tap, home.correct(tap, code="fuss"))

    assert home.log()["code"].tolist() == ["fuss"] and home.log()["in_conflict"].tolist() == [False]
    assert history(home, tap)["code"].tolist() == ["cry", "fuss"]


def test_a_ring_of_corrections_ends_nobodys_patience() -> None:
    ring = Chains({"a": "b", "b": "a"})

    assert ring.first("a") in {"a", "b"} and ring.in_conflict() == set()
    assert set(ring.versions("a")) == {"a", "b"}

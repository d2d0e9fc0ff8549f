"""What is refused, and the sentence that tells what to mend. Nothing of a refused item is kept."""

from typing import Any

import pytest

from caregiving.instruments import shelf
from caregiving.store import events


def test_an_unknown_code_is_answered_with_the_known_ones(home: Any) -> None:
    why = home.why_not(home.tap("sneeze"))

    assert why.startswith('event: "sneeze" is not a code of home_moments.v1; its codes are: cry, fuss, reach')


def test_an_unknown_instrument_is_answered_with_the_known_ones(home: Any) -> None:
    for item in (home.tap("cry", instrument="my_moments.v1"), home.start(instrument="my_moments.v1")):
        known = ", ".join(shelf("coding"))
        assert f'there is no instrument "my_moments.v1"; the known ones are: {known}' in home.why_not(item)


def test_a_code_of_another_instrument_is_unknown(home: Any) -> None:
    why = home.why_not(home.tap("coo", instrument="free_play.v1"))

    assert '"coo" is not a code of free_play.v1' in why


def test_a_baby_does_not_pick_up(home: Any) -> None:
    why = home.why_not(home.tap("pick_up", actor="infant"))

    assert why == (
        'event, actor: found "infant"; needed "caregiver", of whom "pick_up" is told in home_moments.v1.'
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"zone": "Mars/Base"},
            'event, zone: "Mars/Base" is not a time zone; write one such as "Europe/Berlin".',
        ),
        ({"zone": "+01:00"}, 'event, zone: "+01:00" is not a time zone; write one such as "Europe/Berlin".'),
        ({"zone": None}, "event, zone: found nothing; needed text."),
        (
            {"onset_ms": "2026-03-01T10:00"},
            'event, onset_ms: found "2026-03-01T10:00"; needed whole milliseconds since 1970 in UTC; '
            "a time of day without its zone cannot be placed.",
        ),
        ({"offset_ms": 1_772_355_597_000}, "event: the end lies 3 s before the start; check both times."),
        ({"void": True}, "event: a void names no event to take back; give its id in supersedes."),
        ({"actor": "dog"}, 'event, actor: found "dog"; needed one of: infant, caregiver.'),
        (
            {"time_quality": "guessed"},
            "needed one of: tapped, adjusted, recalled, imported_second, imported_minute.",
        ),
        ({"id": "7"}, 'event, id: found "7"; needed an id such as 0e9f2c1a'),
        ({"ordinal": 1.5}, 'event, ordinal: found "1.5"; needed a whole number.'),
        (
            {"elapsed_ms": 10**30},
            "event, elapsed_ms: found a number that is far too large; needed one between",
        ),
        ({"ordinal": -(10**5000)}, "event, ordinal: found a number that is far too large; needed "),
        ({"latency_high_s": float("inf")}, 'event, latency_high_s: found "inf"; needed a number that is not'),
        ({"reason": "\ud800"}, 'event, reason: found "?"; needed text whose characters are all valid.'),
        ({"modifiers": {"how": "\ud800"}}, "event, modifiers: found broken characters; needed text"),
        ({"modifiers": {"how": 1}}, 'event, modifiers, how: found "1"; needed text.'),
        ({"colour": "red"}, "event, colour: found a field that nobody knows; needed only id, family, author"),
        ({"type": "thought"}, 'item, type: found "thought"; needed one of: event, window_start, window_end.'),
        ({"type": ["event"]}, "item, type: found a list; needed one of: event, window_start, window_end."),
    ],
)
def test_every_fault_is_a_sentence_that_says_where_what_and_what_is_needed(
    home: Any, changes: dict[str, Any], said: str
) -> None:
    assert said in home.why_not(home.tap("cry", at_s=0, **changes))
    assert home.log().empty


def test_a_tap_without_its_zone_is_refused(home: Any) -> None:
    naive = home.tap("cry")
    del naive["zone"]

    assert (
        home.why_not(naive)
        == 'event, zone: found nothing; needed the time zone of the tap, such as "Europe/Berlin".'
    )


def test_all_faults_of_an_item_are_told_at_once(home: Any) -> None:
    why = home.why_not(home.tap("cry", zone="Mars/Base", ordinal=-1, colour="red"))

    assert all(place in why for place in ("event, zone:", "event, ordinal:", "event, colour:"))


@pytest.mark.parametrize(
    "rubbish", [None, 7, "cry", [], [["id", "x"]], {}, {"type": None}, {"type": "event"}]
)
def test_what_is_no_record_at_all_is_refused_and_not_a_crash(home: Any, rubbish: object) -> None:
    good = home.tap("cry")

    receipt = home.send(rubbish, good)

    assert receipt.stored == (good["id"],) and receipt.refused[0].id is None


def test_an_id_that_cannot_be_sent_back_is_not_sent_back(home: Any) -> None:
    receipt = home.send(home.tap("cry", id="\ud800"), home.tap("cry", id="x" * 5000))

    assert [refusal.id for refusal in receipt.refused] == [None, None]
    assert all(len(refusal.why) < 300 for refusal in receipt.refused)
    "".join(refusal.why for refusal in receipt.refused).encode()


@pytest.mark.parametrize("field", ["child", "author", "caregiver"])
def test_what_belongs_to_another_family_is_refused_like_what_nobody_knows(home: Any, field: str) -> None:
    theirs = {"child": home.ilo, "author": home.noor, "caregiver": home.noor_cares}[field]

    of_others = home.why_not(home.tap("pick_up", **{field: theirs}))
    of_nobody = home.why_not(home.tap("pick_up", **{field: home.an_id("nobody")}))

    assert of_others == of_nobody
    article = "member" if field == "author" else field
    assert of_others == f"event, {field}: found an id that does not fit; needed a {article} of this family."


def test_a_visitor_is_no_author_in_a_family(home: Any) -> None:
    assert "event, author:" in home.why_not(home.tap("cry", author=home.vera))


def test_an_id_of_another_family_is_refused_and_their_record_stays(home: Any) -> None:
    theirs = home.tap("smile", family=home.other_family, child=home.ilo, author=home.noor)
    noor = home.viewer(home.noor)
    home.send(theirs, viewer=noor)

    why = home.why_not(home.tap("cry", id=theirs["id"]))

    assert why == "event, id: found an id that is already taken; needed a fresh one."
    assert events.load(home.store, noor, home.other_family)["code"].tolist() == ["smile"]


def test_a_window_or_event_of_another_family_cannot_be_named(home: Any) -> None:
    others = {"family": home.other_family, "child": home.ilo, "author": home.noor}
    window, tap = home.start(name="theirs", **others), home.tap("smile", **others)
    home.send(window, tap, viewer=home.viewer(home.noor))

    assert "event, window: found an id that does not fit" in home.why_not(
        home.tap("cry", window=window["id"])
    )
    assert "window_end, window: found an id that does not fit" in home.why_not(home.end(window))
    assert "event, supersedes: found an id" in home.why_not(home.tap("cry", supersedes=tap["id"]))
    assert "window_start, id: found an id that is already taken" in home.why_not(home.start(name="theirs"))


def test_a_correction_does_not_move_a_moment_to_another_child(home: Any) -> None:
    tap = home.tap("cry")
    home.send(tap)

    why = home.why_not(home.correct(tap, child=str(home.twin)))

    assert "needed an event of the same family and child" in why
    assert home.log()["child"].tolist() == [str(home.juno)]

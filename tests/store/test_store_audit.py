"""What was done with a family's records is written down once and read by the family alone."""

from typing import Any

import pytest

from caregiving.people import NotAllowed
from caregiving.store import audit


def note(home: Any, name: str, at_s: int = 0, who: Any = None, **detail: Any) -> None:
    viewer = home.viewer(who or home.ada)
    audit.note(home.store, viewer, home.family, home.an_id(name), "export", detail, home.now_ms + 1000 * at_s)


def read(home: Any, who: Any = None) -> list[audit.Entry]:
    return audit.entries(home.store, home.viewer(who or home.ada), home.family)


def test_a_family_that_gave_nothing_away_reads_an_empty_list(home: Any) -> None:
    assert read(home) == []


def test_an_entry_says_what_was_done_by_whom_when_and_with_what(home: Any) -> None:
    note(home, "first", at_s=5, format="pdf", children=[str(home.juno)], named=True)

    assert read(home) == [
        audit.Entry(
            id=home.an_id("first"),
            what="export",
            by="Ada",
            at_ms=home.now_ms + 5000,
            detail={"format": "pdf", "children": [str(home.juno)], "named": True},
        )
    ]


def test_the_newest_comes_first_by_arrival_whatever_the_clock_says(home: Any) -> None:
    for name, at_s in [("first", 90), ("second", 10), ("third", 50)]:
        note(home, name, at_s)

    assert [entry.id for entry in read(home)] == [home.an_id(name) for name in ("third", "second", "first")]


def test_the_same_entry_written_twice_is_there_once_and_as_it_was_first(home: Any) -> None:
    note(home, "one", 1, format="pdf")
    note(home, "one", 2, format="csv")

    assert [(entry.detail, entry.at_ms) for entry in read(home)] == [({"format": "pdf"}, home.now_ms + 1000)]


def test_a_visitor_who_may_see_the_patterns_leaves_a_trace_and_does_not_read_the_list(home: Any) -> None:
    home.give(home.consent())
    note(home, "theirs", who=home.vera)

    assert [entry.by for entry in read(home)] == ["Vera"]
    assert [entry.by for entry in read(home, home.ravi)] == ["Vera"], "every parent of the family reads it"
    with pytest.raises(NotAllowed):
        read(home, home.vera)


@pytest.mark.parametrize("who", ["noor", "vera", "sam"])
def test_somebody_without_the_familys_consent_can_neither_write_nor_read(home: Any, who: str) -> None:
    member = getattr(home, who)

    with pytest.raises(NotAllowed):
        note(home, "sly", who=member)
    with pytest.raises(NotAllowed):
        read(home, member)
    assert read(home) == []


def test_one_family_does_not_read_what_was_done_in_another(home: Any) -> None:
    noor = home.viewer(home.noor)
    audit.note(home.store, noor, home.other_family, home.an_id("there"), "export", {}, home.now_ms)

    assert read(home) == []
    assert [entry.by for entry in audit.entries(home.store, noor, home.other_family)] == ["Noor"]

"""How the record is kept can be read without what is in it; prompts come from those who asked for them."""

from typing import Any

import pytest

from caregiving.prompts import Plan
from caregiving.store import preferences, upkeep
from caregiving.store.upkeep import UPKEEP, Asked


def kept(home: Any) -> Any:
    return upkeep.upkeep(home.store, home.viewer(), home.family, home.juno)


def test_every_version_of_every_moment_is_one_row_in_order_of_arrival(home: Any) -> None:
    cry, smile = home.tap("cry"), home.tap("smile", at_s=9)
    home.send(cry, smile)
    home.send(home.correct(cry, code="fuss"), home.take_back(smile))
    rows = kept(home)

    assert list(rows.columns) == list(UPKEEP)
    assert rows["corrects"].tolist() == [False, False, True, True]
    assert rows["void"].tolist() == [False, False, False, True]


def test_no_row_tells_what_was_seen(home: Any) -> None:
    home.send(home.tap("cry", modifiers={"note": "at the door"}))

    assert not {"cry", "at the door", str(home.ada)} & set(kept(home).astype("str").to_numpy().ravel())


def test_clocks_come_as_the_devices_sent_them(home: Any) -> None:
    home.send(home.tap("cry", skew_ms=-2500), home.tap("cry", at_s=1, skew_ms=None))
    rows = kept(home)

    assert rows["skew_ms"].tolist()[0] == -2500 and rows["skew_ms"].isna().tolist() == [False, True]
    assert rows["received_ms"].tolist() == [home.now_ms + 500] * 2


def test_another_child_and_another_family_are_not_in_it(home: Any) -> None:
    home.send(home.tap("cry", child=home.twin))
    theirs = home.tap("smile", family=home.other_family, child=home.ilo, author=home.noor)
    home.send(theirs, viewer=home.viewer(home.noor))

    assert kept(home).empty
    assert list(kept(home).dtypes.astype(str)) == [c.dtype for c in UPKEEP.values()]


def prefer(home: Any, member: Any, name: str, value: Any, at_ms: int) -> None:
    preferences.prefer(home.store, home.viewer(member), name, value, at_ms)


def asked(home: Any) -> list[Asked]:
    return upkeep.prompts_asked(home.store, home.viewer(), home.family)


def test_nobody_is_prompted_before_they_asked(home: Any) -> None:
    assert asked(home) == []
    prefer(home, home.ada, "prompts_per_day", 0, 5)
    assert asked(home) == []


def test_each_member_has_a_plan_since_they_last_changed_it(home: Any) -> None:
    prefer(home, home.ada, "prompts_per_day", 4, 1000)
    prefer(home, home.ada, "prompts_between", [7 * 60, 20 * 60], 2000)
    prefer(home, home.ravi, "prompts_per_day", 3, 500)

    assert sorted(asked(home), key=lambda one: one.since_ms) == [
        Asked(home.ravi, Plan(3), 500),
        Asked(home.ada, Plan(4, 420, 1200), 2000),
    ]


def test_plans_of_another_family_and_of_visitors_are_not_this_familys(home: Any) -> None:
    prefer(home, home.noor, "prompts_per_day", 5, 1)
    prefer(home, home.vera, "prompts_per_day", 5, 1)

    assert asked(home) == []


def test_a_plan_that_cannot_be_kept_is_told_and_not_guessed(home: Any) -> None:
    prefer(home, home.ada, "prompts_per_day", 2, 1)

    with pytest.raises(ValueError, match="choose 0 for none, or 3 to 6"):
        asked(home)

"""How somebody likes the program is kept for each person alone."""

from typing import Any

import pytest

from caregiving.faults import Refused
from caregiving.store.preferences import prefer, preference


def test_what_nobody_chose_is_the_default(home: Any) -> None:
    assert preference(home.store, home.viewer(), "prompts_per_day", 4) == 4
    assert preference(home.store, home.viewer(), "language") is None


@pytest.mark.parametrize("value", ["he", 0, 2.5, False, None, [1, "two"], {"from": 9, "to": 18}, "💛 שלום"])
def test_a_choice_comes_back_as_it_was_made(home: Any, value: Any) -> None:
    prefer(home.store, home.viewer(), "chosen", value, 1)

    assert preference(home.store, home.viewer(), "chosen", "the default") == value


@pytest.mark.parametrize("who", ["ada", "noor", "vera", "sam"])
def test_each_has_their_own_whatever_their_role(home: Any, who: str) -> None:
    prefer(home.store, home.viewer(home.ravi), "language", "he", 1)
    prefer(home.store, home.viewer(getattr(home, who)), "language", "en", 2)

    assert preference(home.store, home.viewer(home.ravi), "language") == "he"
    assert preference(home.store, home.viewer(getattr(home, who)), "language") == "en"


def test_the_later_choice_wins_in_whichever_order_they_arrive(home: Any) -> None:
    for at_ms, language in ((5, "en"), (9, "he"), (7, "de")):
        prefer(home.store, home.viewer(), "language", language, at_ms)

    assert preference(home.store, home.viewer(), "language") == "he"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("", 1, "preference, name: found 0 characters"),
        ("n" * 61, 1, "found 61 characters; needed 1 to 60"),
        ("big", "x" * 4_000, "found 4002 characters; needed at most 4000"),
        ("odd", float("nan"), "found no JSON"),
        ("odd", {1, 2}, "found no JSON"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(
    home: Any, name: str, value: Any, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        prefer(home.store, home.viewer(), name, value, 1)

    assert preference(home.store, home.viewer(), name, "nothing") == "nothing"

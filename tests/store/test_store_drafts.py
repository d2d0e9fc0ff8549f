"""Unfinished forms survive a closed page, and one that has ended never comes back."""

from uuid import UUID

import pytest

from caregiving.people import NotAllowed
from caregiving.store.drafts import Ended, draft, drafts_of, drop_draft, end_draft, ended, save_draft

SORT = UUID(int=7)


def begin(home, viewer, moves=1, at_ms=1_000):
    save_draft(home.store, viewer, "cards", {"id": str(SORT), "moves": moves}, at_ms)


def test_a_form_with_an_id_that_was_discarded_is_not_kept_again(home):
    ada = home.viewer()
    begin(home, ada)
    drop_draft(home.store, ada, "cards", at_ms=2_000)
    begin(home, ada, moves=2, at_ms=3_000)

    assert draft(home.store, ada, "cards") is None
    assert ended(home.store, ada, SORT) == Ended("discarded", 2_000)


def test_a_form_without_an_id_can_be_begun_again_after_it_was_thrown_away(home):
    ada = home.viewer()
    save_draft(home.store, ada, "check_in", {"note": "tired"}, 1_000)
    drop_draft(home.store, ada, "check_in", at_ms=2_000)
    save_draft(home.store, ada, "check_in", {"note": "less tired"}, 3_000)

    assert draft(home.store, ada, "check_in").content == {"note": "less tired"}


def test_throwing_away_nothing_ends_nothing(home):
    ada = home.viewer()
    drop_draft(home.store, ada, "cards", at_ms=2_000)
    begin(home, ada, at_ms=3_000)

    assert ended(home.store, ada, SORT) is None
    assert draft(home.store, ada, "cards").content["moves"] == 1


def test_the_first_end_is_the_one_that_is_told(home):
    ada = home.viewer()
    begin(home, ada)
    for end in (Ended("finished", 2_000), Ended("discarded", 3_000)):
        end_draft(home.store, ada, "cards", SORT, end)

    assert ended(home.store, ada, SORT) == Ended("finished", 2_000)
    assert draft(home.store, ada, "cards") is None


def test_ending_one_leaves_another_of_the_same_form(home):
    ada = home.viewer()
    begin(home, ada)
    end_draft(home.store, ada, "cards", UUID(int=8), Ended("finished", 2_000))

    assert draft(home.store, ada, "cards").content["id"] == str(SORT)


def test_an_end_is_not_among_the_unfinished_forms(home):
    ada = home.viewer()
    begin(home, ada)
    drop_draft(home.store, ada, "cards", at_ms=2_000)
    save_draft(home.store, ada, "check_in", {"note": "tired"}, 3_000)

    assert [one.form for one in drafts_of(home.store, ada, home.family)] == ["check_in"]


def test_what_one_person_ended_is_not_ended_for_another(home):
    ada, ravi = home.viewer(), home.viewer(home.ravi)
    begin(home, ada)
    drop_draft(home.store, ada, "cards", at_ms=2_000)
    begin(home, ravi, at_ms=3_000)

    assert ended(home.store, ravi, SORT) is None
    assert draft(home.store, ravi, "cards").content["id"] == str(SORT)


def test_whoever_may_keep_no_drafts_learns_of_no_end_and_makes_none(home):
    ada, noor = home.viewer(), home.viewer(home.noor)
    begin(home, ada)
    with pytest.raises(NotAllowed):
        ended(home.store, noor, SORT, family=home.family)
    with pytest.raises(NotAllowed):
        end_draft(home.store, noor, "cards", SORT, Ended("discarded", 2_000), family=home.family)

    assert ended(home.store, ada, SORT) is None

"""Families, the people around them, what they agreed to, and the drafts on their desks."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from caregiving.faults import Refused
from caregiving.people import Action, Role
from caregiving.store import consents, drafts, people


def test_a_household_is_founded_once(home: Any) -> None:
    again = people.found_household(home.store, home.family, "Another name", home.now_ms, members=[])

    assert again is False
    assert people.families(home.store, home.viewer()) == [(home.family, "Maple")]
    assert [child.alias for child in people.children(home.store, home.viewer(), home.family)] == [
        "Juno",
        "Kit",
    ]
    assert [who.alias for who in people.caregivers(home.store, home.viewer(), home.family)] == ["Ada"]


def test_a_household_that_would_take_somebody_elses_people_is_not_founded_at_all(home: Any) -> None:
    third = home.an_id("third family")
    noor = people.Member(id=home.noor, alias="Noor", role=Role.PARENT, own_family=third)
    stranger = people.Member(id=home.an_id("x"), alias="Xan", role=Role.PARENT, own_family=home.family)
    borrowed = people.Member(
        id=home.an_id("y"), alias="Yara", role=Role.PARENT, own_family=third, caregiver=home.ada_cares
    )

    for member in (noor, stranger, borrowed):
        with pytest.raises(Refused):
            people.found_household(home.store, third, "Third", home.now_ms, members=[member])
    with home.store.reader.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM families").scalar_one() == 2
    assert home.viewer(home.noor).own_family == home.other_family


def test_everybody_is_listed_for_the_switch_of_the_demo(home: Any) -> None:
    assert [(member.alias, member.role) for member in people.members(home.store)] == [
        ("Vera", Role.HOME_VISITOR),
        ("Ada", Role.PARENT),
        ("Noor", Role.PARENT),
        ("Ravi", Role.PARENT),
        ("Sam", Role.SUPERVISOR),
    ]
    ada = next(member for member in people.members(home.store) if member.alias == "Ada")
    assert (ada.own_family, ada.caregiver) == (home.family, home.ada_cares)


def test_a_viewer_is_somebody_at_a_moment(home: Any) -> None:
    viewer = home.viewer(home.ravi)

    assert (viewer.member, viewer.alias, viewer.role) == (home.ravi, "Ravi", Role.PARENT)
    assert viewer.own_family == home.family and viewer.at == home.now and viewer.consents == ()


def test_a_viewer_needs_a_member_and_a_time_with_a_zone(home: Any) -> None:
    with pytest.raises(people.UnknownMember, match="choose one of those who are here"):
        home.viewer(home.an_id("nobody"))
    with pytest.raises(ValidationError):
        home.viewer(at=home.now.replace(tzinfo=None))


def test_a_child_a_caregiver_and_a_parent_can_be_added_and_adding_them_again_changes_nothing(
    home: Any,
) -> None:
    baby = people.Child(id=home.an_id("b"), alias="Bo", colour="#112233", born_on=home.now.date())
    gran = people.Caregiver(id=home.an_id("g"), alias="Gran")
    uma = people.Member(
        id=home.an_id("u"), alias="Uma", role=Role.PARENT, own_family=home.family, caregiver=gran.id
    )
    for _ in range(2):
        people.add_child(home.store, home.viewer(), home.family, baby)
        people.add_caregiver(home.store, home.viewer(), home.family, gran)
        people.add_member(home.store, home.viewer(), home.family, uma)

    assert people.children(home.store, home.viewer(), home.family)[-1] == baby
    assert people.caregivers(home.store, home.viewer(), home.family)[-1] == gran
    assert uma in people.members(home.store) and home.viewer(uma.id).own_family == home.family


def test_somebody_who_sees_only_how_the_record_is_kept_sees_no_dates_of_a_child(home: Any) -> None:
    born = people.Child(
        id=home.an_id("b"),
        alias="Bo",
        colour="#112233",
        born_on=home.now.date(),
        due_on=home.now.date() + timedelta(days=20),
    )
    people.add_child(home.store, home.viewer(), home.family, born)
    home.give(home.consent("quality", member=home.sam, scope=frozenset({Action.SEE_QUALITY})))
    shown = people.children(home.store, home.viewer(home.sam), home.family)[-1]

    assert (shown.id, shown.alias, shown.colour) == (born.id, "Bo", "#112233")
    assert (shown.born_on, shown.due_on) == (None, None)
    assert people.children(home.store, home.viewer(), home.family)[-1] == born


def test_nobody_can_be_taken_over_from_another_family(home: Any) -> None:
    with pytest.raises(Refused, match="an id that is already taken"):
        people.add_child(
            home.store, home.viewer(), home.family, people.Child(id=home.ilo, alias="Ilo", colour="#112233")
        )
    with pytest.raises(Refused, match="an id that is already taken"):
        people.add_caregiver(
            home.store, home.viewer(), home.family, people.Caregiver(id=home.noor_cares, alias="N")
        )
    with pytest.raises(Refused, match="an id that is already taken"):
        mine = people.Member(id=home.noor, alias="Noor", role=Role.PARENT, own_family=home.family)
        people.add_member(home.store, home.viewer(), home.family, mine)
    assert [
        child.alias for child in people.children(home.store, home.viewer(home.noor), home.other_family)
    ] == ["Ilo"]


@pytest.mark.parametrize(
    ("role", "lives"),
    [
        (Role.SUPERVISOR, None),
        (Role.SUPERVISOR, "here"),
        (Role.HOME_VISITOR, "here"),
        (Role.PARENT, None),
        (Role.PARENT, "there"),
    ],
)
def test_a_parent_adds_parents_of_this_family_and_visitors_and_nobody_else(
    home: Any, role: Role, lives: str | None
) -> None:
    family = {"here": home.family, "there": home.other_family, None: None}[lives]
    new = people.Member(id=home.an_id("new"), alias="New", role=role, own_family=family)

    with pytest.raises(Refused, match="needed a parent of this family, or a home visitor without one"):
        people.add_member(home.store, home.viewer(), home.family, new)
    assert new not in people.members(home.store)


def test_a_member_is_no_caregiver_of_another_family(home: Any) -> None:
    new = people.Member(
        id=home.an_id("new"), alias="New", role=Role.PARENT, own_family=home.family, caregiver=home.noor_cares
    )

    with pytest.raises(Refused, match="needed a caregiver of their family"):
        people.add_member(home.store, home.viewer(), home.family, new)


def test_a_consent_comes_back_as_it_was_given(home: Any) -> None:
    consent = home.consent(scope=frozenset({Action.SEE_TIMELINE}))
    home.give(consent)
    home.give(consent)

    assert home.viewer(home.vera).consents == (consent,)


def test_a_withdrawal_ends_a_consent_at_once_and_the_earliest_one_counts(home: Any) -> None:
    consent = home.consent()
    home.give(consent)
    for at in (home.now, home.now + timedelta(hours=1)):
        consents.withdraw_consent(home.store, home.viewer(), home.family, consent.id, at)

    vera = home.viewer(home.vera)
    assert vera.consents[0].withdrawn_at == home.now
    assert not vera.may(Action.SEE_TIMELINE, home.family)
    assert home.viewer(home.vera, at=home.now - timedelta(seconds=1)).may(Action.SEE_TIMELINE, home.family)


def test_giving_a_withdrawn_consent_again_does_not_revive_it(home: Any) -> None:
    consent = home.consent()
    home.give(consent)
    consents.withdraw_consent(home.store, home.viewer(), home.family, consent.id, home.now)
    home.give(consent)

    assert not home.viewer(home.vera).may(Action.SEE_TIMELINE, home.family)


def test_a_consent_is_given_in_ones_own_name_to_somebody_and_under_an_id_of_its_own(home: Any) -> None:
    home.give(home.consent())
    theirs = home.consent(family=home.other_family, given_by=home.noor)
    for wrong, needed in (
        (home.consent("b", given_by=home.ravi), "the one who gives it"),
        (home.consent("b", member=home.an_id("nobody")), "the member who is to look in"),
        (home.consent(member=home.sam), "a fresh one"),
    ):
        with pytest.raises(Refused, match=needed):
            consents.give_consent(home.store, home.viewer(), wrong)
    with pytest.raises(Refused, match="a fresh one"):
        home.give(theirs)


def standing(home: Any) -> tuple[int, list[tuple[Any, ...]]]:
    """Return how many people use the program, and every consent as it is kept."""
    with home.store.reader.begin() as connection:
        rows = connection.exec_driver_sql("SELECT id, member, withdrawn_ms FROM consents ORDER BY id")
        return len(people.members(home.store)), [tuple(row) for row in rows]


def newcomer(home: Any, **changes: Any) -> people.Member:
    usual = {"id": home.an_id("Wim"), "alias": "Wim", "role": Role.HOME_VISITOR}
    return people.Member.model_validate(usual | changes)


def test_somebody_new_is_let_in_with_their_consent_and_doing_it_again_changes_nothing(home: Any) -> None:
    wim = newcomer(home)
    consent = home.consent(member=wim.id)
    for _ in range(2):
        people.let_in(home.store, home.viewer(), consent, newcomer=wim)

    assert home.viewer(wim.id).consents == (consent,)
    assert home.viewer(wim.id).may(Action.SEE_TIMELINE, home.family)
    assert standing(home)[0] == 6


def test_a_consent_that_ends_before_it_begins_is_refused(home: Any) -> None:
    for ends in (home.now - timedelta(days=2), home.now - timedelta(days=1)):
        with pytest.raises(Refused, match="an end that is not after its beginning"):
            home.give(home.consent(valid_until=ends))
    assert home.viewer(home.vera).consents == ()


@pytest.mark.parametrize(
    ("changes", "who", "needed"),
    [
        ({"valid_until": "before"}, {}, ["a later moment"]),
        ({"given_by": "ravi"}, {}, ["the one who gives it"]),
        ({"member": "vera"}, {}, ["the newcomer who is let in"]),
        ({}, {"role": Role.SUPERVISOR}, ["a home visitor without a family of their own"]),
        ({}, {"role": Role.PARENT, "own_family": "family"}, ["a home visitor without a family of their own"]),
        ({}, {"id": "noor"}, ["a fresh one"]),
        ({"id": "taken"}, {}, ["a fresh one"]),
        (
            {"valid_until": "before", "given_by": "ravi"},
            {"role": Role.SUPERVISOR},
            ["the one who gives it", "a later moment", "a home visitor without a family of their own"],
        ),
    ],
)
def test_of_somebody_let_in_nothing_stays_when_any_of_it_is_refused(
    home: Any, changes: dict[str, Any], who: dict[str, Any], needed: list[str]
) -> None:
    """Neither the person nor the consent is there, and the consent that was to be replaced still holds."""
    home.give(home.consent("taken"))
    named = {"before": home.now - timedelta(days=2), "taken": home.an_id("taken")}

    def meant(values: dict[str, Any]) -> dict[str, Any]:
        return {key: named.get(word, getattr(home, str(word), word)) for key, word in values.items()}

    wim = newcomer(home, **meant(who))
    consent = home.consent(**({"member": wim.id} | meant(changes)))
    before = standing(home)
    with pytest.raises(Refused) as refused:
        people.let_in(home.store, home.viewer(), consent, newcomer=wim)

    assert [fault.needed for fault in refused.value.faults] == needed
    assert standing(home) == before


def test_a_consent_that_is_replaced_ends_as_the_new_one_begins(home: Any) -> None:
    old = home.consent("old")
    home.give(old)
    new = home.consent("new", valid_from=home.now, scope=frozenset({Action.SEE_PATTERNS}))
    people.let_in(home.store, home.viewer(), new, replaces=old.id)

    just_before = home.viewer(home.vera, at=home.now - timedelta(milliseconds=1))
    assert just_before.may(Action.SEE_TIMELINE, home.family)
    vera = home.viewer(home.vera)
    assert vera.may(Action.SEE_PATTERNS, home.family) and not vera.may(Action.SEE_TIMELINE, home.family)


@pytest.mark.parametrize("fails", ["the consent", "the one that it replaces", "somebody else's"])
def test_a_consent_stays_as_it_is_when_it_cannot_be_replaced(home: Any, fails: str) -> None:
    home.give(home.consent("old"))
    home.give(home.consent("taken", member=home.sam))
    new = home.consent("taken" if fails == "the consent" else "new", valid_from=home.now)
    old = {"the one that it replaces": "nothing", "somebody else's": "taken"}.get(fails, "old")
    before = standing(home)
    with pytest.raises(Refused if fails == "the consent" else consents.UnknownConsent):
        people.let_in(home.store, home.viewer(), new, replaces=home.an_id(old))

    assert standing(home) == before
    assert home.viewer(home.vera).may(Action.SEE_TIMELINE, home.family)


def test_a_newcomer_is_not_there_when_the_consent_to_replace_is_not(home: Any) -> None:
    wim, before = newcomer(home), standing(home)
    with pytest.raises(consents.UnknownConsent):
        people.let_in(
            home.store, home.viewer(), home.consent(member=wim.id), newcomer=wim, replaces=home.an_id("gone")
        )

    assert standing(home) == before


def test_a_family_withdraws_only_its_own_consents(home: Any) -> None:
    consent = home.consent()
    home.give(consent)

    with pytest.raises(consents.UnknownConsent, match="choose one of its own"):
        consents.withdraw_consent(home.store, home.viewer(home.noor), home.other_family, consent.id, home.now)
    assert home.viewer(home.vera).may(Action.SEE_TIMELINE, home.family)


def test_a_draft_is_kept_replaced_and_dropped(home: Any) -> None:
    ada = home.viewer()
    assert drafts.draft(home.store, ada, "moment") is None

    drafts.save_draft(home.store, ada, "moment", {"code": "cry"}, home.now_ms)
    drafts.save_draft(home.store, ada, "moment", {"code": "fuss", "note": "🙂"}, home.now_ms + 5)
    drafts.save_draft(home.store, ada, "other form", {}, home.now_ms)
    assert drafts.draft(home.store, ada, "moment") == drafts.Draft(
        "moment", {"code": "fuss", "note": "🙂"}, home.now_ms + 5
    )

    for _ in range(2):
        drafts.drop_draft(home.store, ada, "moment")
    assert drafts.draft(home.store, ada, "moment") is None
    assert drafts.draft(home.store, ada, "other form") is not None


def test_of_two_savings_the_later_moment_wins_whichever_arrives_first(home: Any) -> None:
    ada = home.viewer()
    drafts.save_draft(home.store, ada, "moment", {"code": "late"}, home.now_ms + 5)
    drafts.save_draft(home.store, ada, "moment", {"code": "early"}, home.now_ms)

    kept = drafts.draft(home.store, ada, "moment")
    assert kept is not None and kept.content == {"code": "late"}


def test_nobody_sees_or_drops_the_draft_of_another(home: Any) -> None:
    drafts.save_draft(home.store, home.viewer(home.ada), "moment", {"code": "cry"}, home.now_ms)
    ravi = home.viewer(home.ravi)

    drafts.drop_draft(home.store, ravi, "moment")

    assert drafts.draft(home.store, ravi, "moment") is None
    assert drafts.draft(home.store, home.viewer(home.ada), "moment") is not None

"""Who may call what: every function of the store that touches records, for every kind of viewer.

A new function of the store fails here until it has a row.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

import caregiving.store
from caregiving.instruments import load_sort
from caregiving.instruments.deck import CardText, Deck
from caregiving.people import Action, NotAllowed, Role
from caregiving.ratings import Rating
from caregiving.reflections import Reflection
from caregiving.store import (
    audit,
    consents,
    consents_read,
    decks,
    door,
    drafts,
    events,
    people,
    preferences,
    ratings,
    reflections,
    upkeep,
    visits,
    whole_family,
    windows,
)
from caregiving.visits import Visit

# These come before there is a viewer, or say who it is. Nothing else may be called without one.
WITHOUT_VIEWER = {
    "people.found_household",
    "people.members",
    "people.viewer_of",
    "door.has_door",
    "door.set_passphrase",
    "door.sign_in",
    "door.hand_over",
    "door.sign_out",
    "door.viewer_at_door",
    "whole_family.found_again",  # fills an installation in which nobody is known yet
}

KINDS = {
    "a parent of the family": lambda home: home.viewer(home.ada),
    "a parent of another family": lambda home: home.viewer(home.noor),
    "a visitor with consent": lambda home: _visitor(home),
    "a visitor whose consent is over": lambda home: _visitor(home, valid_until=home.now),
    "a visitor whose consent was withdrawn": lambda home: _visitor(home, withdrawn_at=home.now),
    "a visitor without consent": lambda home: home.viewer(home.vera),
    "a supervisor": lambda home: home.viewer(home.sam),
    "a visitor who may only see how the record is kept": lambda home: _visitor(home, scope=RECORD),
    "a supervisor who may see how the record is kept": lambda home: _supervisor(home),
    "a supervisor whose consent is over": lambda home: _supervisor(home, valid_until=home.now),
    "a visitor who may observe": lambda home: _visitor(home, scope=OBSERVING),
    "a visitor who may observe no longer": lambda home: _visitor(
        home, scope=OBSERVING, withdrawn_at=home.now
    ),
}
RECORD = frozenset({Action.SEE_QUALITY})
OBSERVING = frozenset({Action.OBSERVE, Action.RATE, Action.KEEP_DRAFT})
PARENT, OTHER, VISITOR = list(KINDS)[:3]
RECORD_VISITOR, RECORD_SUPERVISOR = list(KINDS)[7:9]
OBSERVER = list(KINDS)[10]
ONLY_PARENT, MAY_LOOK, OWN_DESK = {PARENT}, {PARENT, VISITOR}, {PARENT, OTHER}
MAY_SEE_RECORD = {PARENT, RECORD_VISITOR, RECORD_SUPERVISOR}
ANYBODY = set(KINDS)


def _visitor(home: Any, **changes: Any) -> Any:
    home.give(home.consent(**changes))
    return home.viewer(home.vera)


def _supervisor(home: Any, **changes: Any) -> Any:
    home.give(home.consent("quality", member=home.sam, scope=RECORD, **changes))
    return home.viewer(home.sam)


def _reflection(home: Any, viewer: Any) -> Reflection:
    return Reflection.model_validate(
        {
            "id": home.an_id("a text"),
            "family": home.family,
            "author": viewer.member,
            "kind": "gratitude",
            "content": {"text": "the sun came through the window"},
            "at_ms": home.now_ms,
            "written_ms": home.now_ms,
        }
    )


def _rating(home: Any, viewer: Any) -> Rating:
    return Rating(
        id=home.an_id("a rating"),
        family=home.family,
        child=home.juno,
        author=viewer.member,
        rater=viewer.alias,
        kind="self" if viewer.own_family == home.family else "observer",
        instrument="attachment_qsort.v1",
        answers={f"card_{card}": (card - 1) // 10 + 1 for card in range(1, 91)},
        scores=load_sort("attachment_qsort").score(
            {f"card_{card}": (card - 1) // 10 + 1 for card in range(1, 91)}
        ),
        at_ms=home.now_ms,
        utc_offset_min=60,
        written_ms=home.now_ms,
    )


def _visit(home: Any, viewer: Any) -> Visit:
    return Visit(
        id=home.an_id("a plan"),
        sitting=home.an_id("a sitting"),
        family=home.family,
        child=home.juno,
        author=viewer.member,
        instrument="free_play.v1",
        at_ms=home.now_ms,
        utc_offset_min=60,
    )


def _mine(home: Any, viewer: Any) -> None:
    if not any(viewer.may(Action.OBSERVE, one.family) for one in viewer.consents):
        assert visits.mine(home.store, viewer) == []  # nobody to visit is no error, but an empty list
        raise NotAllowed(viewer, Action.OBSERVE)
    assert visits.mine(home.store, viewer) == []


def _at_hand(home: Any, viewer: Any) -> None:
    if viewer.member not in [one.id for one in door.at_hand(home.store, viewer)]:
        raise NotAllowed(viewer, Action.SEE_PEOPLE)  # nobody to hand over to is no error, but an empty list


def _deck() -> Deck:
    return Deck(instrument="phq2.v1", texts={"interest": CardText(text="in the words of the official form")})


def _take_out(home: Any, viewer: Any) -> None:
    with whole_family.taken_out(home.store, viewer, home.family):
        pass


def _ingest(home: Any, viewer: Any, item: Any) -> None:
    receipt = events.ingest(home.store, viewer, [item], home.now_ms)
    if receipt.refused:  # a batch is not all or nothing, so here a refusal is an answer instead of an error
        assert "may not" in receipt.refused[0].why
        assert not any(
            str(found) in receipt.refused[0].why for found in (home.family, home.juno, "Juno", "Maple")
        )
        raise NotAllowed(viewer, caregiving.people.Action.LOG)


def _log(home: Any, viewer: Any) -> None:
    """Tap a moment; an observer begins to watch in a visit of their own."""
    if viewer.may(Action.OBSERVE, home.family):
        visits.plan(home.store, viewer, _visit(home, viewer))
        _ingest(home, viewer, home.part(sitting="a sitting"))
    else:
        _ingest(home, viewer, home.tap("cry"))


def _families(home: Any, viewer: Any) -> None:
    if not people.families(home.store, viewer):  # no family at all is no error, but an empty list
        raise NotAllowed(viewer, caregiving.people.Action.SEE_PEOPLE)


def _give(home: Any, viewer: Any) -> None:
    consents.give_consent(home.store, viewer, home.consent("another", given_by=viewer.member))


def _withdraw(home: Any, viewer: Any) -> None:
    consents.withdraw_consent(home.store, viewer, home.family, home.an_id("standing"), home.now)


def _add_member(home: Any, viewer: Any) -> None:
    people.add_member(
        home.store,
        viewer,
        home.family,
        people.Member(id=home.an_id("Wim"), alias="Wim", role=Role.HOME_VISITOR),
    )


def _let_in(home: Any, viewer: Any) -> None:
    wim = people.Member(id=home.an_id("Wim"), alias="Wim", role=Role.HOME_VISITOR)
    consent = home.consent("another", given_by=viewer.member, member=wim.id)
    people.let_in(home.store, viewer, consent, newcomer=wim)


MATRIX: dict[str, tuple[set[str], Callable[[Any, Any], object]]] = {
    "audit.entries": (ONLY_PARENT, lambda home, viewer: audit.entries(home.store, viewer, home.family)),
    "audit.note": (
        MAY_LOOK,
        lambda home, viewer: audit.note(
            home.store, viewer, home.family, home.an_id("a note"), "export", {}, home.now_ms
        ),
    ),
    "events.ingest": ({PARENT, OBSERVER}, lambda home, viewer: _log(home, viewer)),
    "events.load": (MAY_LOOK, lambda home, viewer: events.load(home.store, viewer, home.family)),
    "events.history": (
        MAY_LOOK,
        lambda home, viewer: events.history(home.store, viewer, home.family, home.juno),
    ),
    "events.version": (
        MAY_LOOK | MAY_SEE_RECORD | {OBSERVER},
        lambda home, viewer: events.version(home.store, viewer, home.family),
    ),
    "windows.load": (MAY_LOOK, lambda home, viewer: windows.load(home.store, viewer, home.family)),
    "windows.open_window": (
        MAY_LOOK,
        lambda home, viewer: windows.open_window(home.store, viewer, home.family, home.ada),
    ),
    "people.children": (
        MAY_LOOK | MAY_SEE_RECORD,
        lambda home, viewer: people.children(home.store, viewer, home.family),
    ),
    "people.caregivers": (MAY_LOOK, lambda home, viewer: people.caregivers(home.store, viewer, home.family)),
    "people.families": (MAY_LOOK | OWN_DESK | MAY_SEE_RECORD, _families),
    "people.add_child": (
        ONLY_PARENT,
        lambda home, viewer: people.add_child(
            home.store, viewer, home.family, people.Child(id=home.an_id("new"), alias="New", colour="#112233")
        ),
    ),
    "people.add_caregiver": (
        ONLY_PARENT,
        lambda home, viewer: people.add_caregiver(
            home.store, viewer, home.family, people.Caregiver(id=home.an_id("Gran"), alias="Gran")
        ),
    ),
    "people.add_member": (ONLY_PARENT, _add_member),
    "people.let_in": (ONLY_PARENT, _let_in),
    "people.visitors": (
        ONLY_PARENT,
        lambda home, viewer: people.visitors(home.store, viewer, home.family),
    ),
    "consents.give_consent": (ONLY_PARENT, _give),
    "consents.withdraw_consent": (ONLY_PARENT, _withdraw),
    "drafts.save_draft": (
        OWN_DESK,
        lambda home, viewer: drafts.save_draft(home.store, viewer, "moment", {"code": "cry"}, home.now_ms),
    ),
    "drafts.draft": (
        {PARENT, OBSERVER},
        lambda home, viewer: drafts.draft(home.store, viewer, "moment", family=home.family, about=home.juno),
    ),
    "drafts.ended": (
        {PARENT, OBSERVER},
        lambda home, viewer: drafts.ended(home.store, viewer, home.an_id("sort"), family=home.family),
    ),
    "drafts.end_draft": (
        {PARENT, OBSERVER},
        lambda home, viewer: drafts.end_draft(
            home.store, viewer, "sort", home.an_id("sort"), drafts.Ended("finished", 1), family=home.family
        ),
    ),
    "drafts.drafts_of": (
        {PARENT, OBSERVER},
        lambda home, viewer: drafts.drafts_of(home.store, viewer, home.family),
    ),
    "visits.plan": (
        {OBSERVER},
        lambda home, viewer: visits.plan(home.store, viewer, _visit(home, viewer)),
    ),
    "visits.read": (
        MAY_LOOK | {OBSERVER},
        lambda home, viewer: visits.read(home.store, viewer, home.family),
    ),
    "visits.mine": ({OBSERVER}, _mine),
    "door.at_hand": (OWN_DESK, _at_hand),
    "preferences.prefer": (
        ANYBODY,
        lambda home, viewer: preferences.prefer(home.store, viewer, "language", "en", home.now_ms),
    ),
    "preferences.preference": (
        ANYBODY,
        lambda home, viewer: preferences.preference(home.store, viewer, "language"),
    ),
    "ratings.frame": (
        MAY_LOOK | {OBSERVER},
        lambda home, viewer: ratings.frame(home.store, viewer, home.family, home.juno),
    ),
    "ratings.rate": (
        {PARENT, OBSERVER},
        lambda home, viewer: ratings.rate(home.store, viewer, _rating(home, viewer)),
    ),
    "ratings.read": (
        MAY_LOOK | {OBSERVER},
        lambda home, viewer: ratings.read(home.store, viewer, home.family),
    ),
    "reflections.read": (ONLY_PARENT, lambda home, viewer: reflections.read(home.store, viewer, home.family)),
    "reflections.taken_away": (
        ONLY_PARENT,
        lambda home, viewer: reflections.taken_away(home.store, viewer, home.family, 0),
    ),
    "reflections.write": (
        ONLY_PARENT,
        lambda home, viewer: reflections.write(home.store, viewer, _reflection(home, viewer)),
    ),
    "upkeep.prompts_asked": (
        MAY_SEE_RECORD,
        lambda home, viewer: upkeep.prompts_asked(home.store, viewer, home.family),
    ),
    "upkeep.upkeep": (
        MAY_SEE_RECORD,
        lambda home, viewer: upkeep.upkeep(home.store, viewer, home.family, home.juno),
    ),
    "whole_family.taken_out": (ONLY_PARENT, lambda home, viewer: _take_out(home, viewer)),
    "whole_family.add_missing": (
        ONLY_PARENT,
        lambda home, viewer: whole_family.add_missing(home.store, viewer, home.family, lambda _table: []),
    ),
    "whole_family.authors": (
        MAY_LOOK,
        lambda home, viewer: whole_family.authors(home.store, viewer, home.family),
    ),
    "whole_family.modifiers": (
        MAY_LOOK,
        lambda home, viewer: whole_family.modifiers(home.store, viewer, home.family, home.juno),
    ),
    "decks.keep": (ANYBODY, lambda home, viewer: decks.keep(home.store, viewer, _deck(), uuid4(), 1)),
    "decks.texts": (ANYBODY, lambda home, viewer: decks.texts(home.store, viewer, "phq2")),
    "decks.forget": (ANYBODY, lambda home, viewer: decks.forget(home.store, viewer, "phq2.v1")),
    "consents_read.consents_of": (
        ONLY_PARENT,
        lambda home, viewer: consents_read.consents_of(home.store, viewer, home.family),
    ),
    "drafts.drop_draft": (OWN_DESK, lambda home, viewer: drafts.drop_draft(home.store, viewer, "moment")),
}


def public_functions() -> set[str]:
    """Find every function of the store that takes an open store."""
    found = set()
    for part in pkgutil.iter_modules(caregiving.store.__path__):
        if part.name == "migrations":
            continue
        module = importlib.import_module(f"caregiving.store.{part.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and any(
                p.annotation is caregiving.store.engine.Store
                for p in inspect.signature(function).parameters.values()
            ):
                found.add(f"{part.name}.{name}")
    return found


def without_a_row(functions: set[str]) -> set[str]:
    return functions - set(MATRIX) - WITHOUT_VIEWER


@contextmanager
def connections_taken(store: Any) -> Iterator[list[str]]:
    """Count how often somebody goes to the database."""
    taken: list[str] = []

    def _note(*_: object) -> None:
        taken.append("taken")

    for engine in (store.reader, store.writer):
        event.listen(engine, "engine_connect", _note)
    yield taken
    for engine in (store.reader, store.writer):
        event.remove(engine, "engine_connect", _note)


def test_every_function_of_the_store_has_a_row() -> None:
    assert without_a_row(public_functions()) == set()
    assert set(MATRIX) | WITHOUT_VIEWER == public_functions()


def test_a_new_function_without_a_row_is_noticed() -> None:
    assert without_a_row(public_functions() | {"events.peek"}) == {"events.peek"}


def test_every_function_with_a_row_takes_a_viewer() -> None:
    for name in MATRIX:
        module, function = name.split(".")
        wanted = inspect.signature(getattr(importlib.import_module(f"caregiving.store.{module}"), function))
        assert list(wanted.parameters)[:2] == ["store", "viewer"], name


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", MATRIX)
def test_who_may_call_what(home: Any, name: str, kind: str) -> None:
    home.give(home.consent("standing", member=home.sam))
    allowed, call = MATRIX[name]
    viewer = KINDS[kind](home)
    with connections_taken(home.store) as taken:
        if kind in allowed:
            call(home, viewer)
            assert taken
        else:
            with pytest.raises(NotAllowed):
                call(home, viewer)
            assert taken == [], "the database was asked before the permission"


@pytest.mark.parametrize("what", ["event", "correction", "window_start", "window_end"])
def test_nobody_writes_into_a_family_that_is_not_theirs(home: Any, what: str) -> None:
    item = {
        "event": home.tap("cry"),
        "correction": home.correct(home.tap("cry")),
        "window_start": home.start(),
        "window_end": home.end(home.start()),
    }[what]

    for member in (home.noor, home.vera, home.sam):
        with pytest.raises(NotAllowed):
            _ingest(home, home.viewer(member), item)
    assert home.log().empty and home.watched().empty


def test_each_is_shown_the_families_that_are_theirs_to_see(home: Any) -> None:
    home.give(home.consent())

    assert people.families(home.store, home.viewer(home.ada)) == [(home.family, "Maple")]
    assert people.families(home.store, home.viewer(home.noor)) == [(home.other_family, "Birch")]
    assert people.families(home.store, home.viewer(home.vera)) == [(home.family, "Maple")]
    assert people.families(home.store, home.viewer(home.vera, at=home.now + timedelta(days=30))) == []


def test_a_supervisor_opens_the_record_of_a_family_that_agreed_and_of_no_other(home: Any) -> None:
    theirs = home.consent(
        "their consent", family=home.other_family, given_by=home.noor, member=home.sam, scope=RECORD
    )
    assert people.families(home.store, home.viewer(home.sam)) == []
    home.give(theirs)
    sam = home.viewer(home.sam)

    assert people.families(home.store, sam) == [(home.other_family, "Birch")]
    assert [child.alias for child in people.children(home.store, sam, home.other_family)] == ["Ilo"]
    for refused in (events.load, windows.load, people.caregivers):
        with pytest.raises(NotAllowed):
            refused(home.store, sam, home.other_family)
    with pytest.raises(NotAllowed):
        people.children(home.store, sam, home.family)
    with pytest.raises(NotAllowed):
        upkeep.upkeep(home.store, sam, home.family, home.juno)


def test_somebody_who_sees_how_the_record_is_kept_reads_the_frames_for_that_purpose_alone(home: Any) -> None:
    home.send(home.tap("cry"), home.start())
    sam = _supervisor(home)
    quality = Action.SEE_QUALITY

    assert len(events.load(home.store, sam, home.family, action=quality)) == 1
    assert len(windows.load(home.store, sam, home.family, action=quality)) == 1
    assert events.version(home.store, sam, home.family) > 0
    for other in (Action.SEE_TIMELINE, Action.SEE_PATTERNS):
        with pytest.raises(NotAllowed):
            events.load(home.store, sam, home.family, action=other)


def test_a_consent_to_patterns_opens_the_figures_but_not_the_timeline(home: Any) -> None:
    patterns = caregiving.people.Action.SEE_PATTERNS
    home.give(home.consent(scope=frozenset({patterns})))
    vera = home.viewer(home.vera)

    assert events.load(home.store, vera, home.family, action=patterns).empty
    assert windows.load(home.store, vera, home.family, action=patterns).empty
    assert events.version(home.store, vera, home.family) == 0
    with pytest.raises(NotAllowed):
        events.load(home.store, vera, home.family)
    with pytest.raises(NotAllowed):
        people.children(home.store, vera, home.family)


def test_a_consent_ends_at_its_last_instant_and_not_before(home: Any) -> None:
    home.give(home.consent(valid_until=home.now))
    just_before = home.viewer(home.vera, at=home.now - timedelta(milliseconds=1))

    assert events.load(home.store, just_before, home.family).empty
    with pytest.raises(NotAllowed):
        events.load(home.store, home.viewer(home.vera, at=home.now), home.family)


def test_what_one_family_sees_holds_nothing_of_another(home: Any) -> None:
    theirs = home.tap("smile", family=home.other_family, child=home.ilo, author=home.noor)
    window = home.start(name="their window", family=home.other_family, child=home.ilo, author=home.noor)
    assert len(home.send(theirs, window, viewer=home.viewer(home.noor)).stored) == 2

    assert home.log().empty and home.watched().empty
    assert events.history(home.store, home.viewer(), home.family, home.an_id("tap 1")).empty
    assert windows.open_window(home.store, home.viewer(), home.family, home.noor) is None
    assert home.log(child=home.ilo).empty

"""The invented households, as the command puts them into a database."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from caregiving import demo
from caregiving.cli import app
from caregiving.cli import demo as command
from caregiving.people import Action, Role
from caregiving.store import events, windows
from caregiving.store.engine import Store, open_store
from caregiving.store.people import children, members, viewer_of
from sample_data.recipes import RECIPES, SEVERAL, USUAL


def run(folder: Path, *words: str):
    return CliRunner().invoke(app, ["demo", "--folder", str(folder), *words])


def seen(folder: Path):
    """The household's log and windows of everyday moments, as Ada reads them."""
    store = open_store(next(folder.glob("*.sqlite3")))
    try:
        ada = next(member for member in members(store) if member.alias == "Ada")
        viewer = viewer_of(store, ada.id, datetime.now(UTC))
        child = children(store, viewer, ada.own_family)[0].id
        log = events.load(store, viewer, ada.own_family, child)
        watched = windows.load(store, viewer, ada.own_family, child)
    finally:
        store.close()
    return tuple(rows[rows["instrument"] == "home_moments.v1"] for rows in (log, watched))


@pytest.mark.parametrize(
    ("words", "n_events", "n_windows"),
    [
        ((), 686, 42),
        (("--household", "weeks"), 686, 42),
        (("--household", "empty"), 0, 0),
        (("--household", "day"), 44, 3),
        (("--household", "swinging"), 774, 42),
        (("--swinging",), 774, 42),
        (("--days", "1"), 44, 3),
    ],
)
def test_each_household_has_its_own_log(
    tmp_path: Path, words: tuple[str, ...], n_events: int, n_windows: int
):
    ran = run(tmp_path, *words)
    log, watched = seen(tmp_path)

    assert ran.exit_code == 0, ran.output
    assert "An invented household is now in" in ran.output
    assert (len(log), len(watched)) == (n_events, n_windows)


def test_the_command_offers_every_recipe_and_two_weeks_when_nobody_chooses():
    assert {one.value for one in command.Recipe} == {*RECIPES, *SEVERAL}
    assert USUAL == "weeks"


def test_several_households_are_said_to_be_several(tmp_path: Path):
    ran, again = run(tmp_path, "--household", "caseload"), run(tmp_path)

    assert "Three invented households are now in" in ran.output
    assert "already in" in again.output


def test_an_unknown_household_is_answered_with_the_known_ones(tmp_path: Path):
    ran = run(tmp_path, "--household", "castle")

    assert ran.exit_code == 2
    assert all(name in ran.output for name in ("empty", "day", "weeks", "year", "swinging"))


def test_a_household_that_is_there_is_left_alone(tmp_path: Path):
    run(tmp_path, "--household", "day")
    again = run(tmp_path, "--household", "weeks")

    assert "already in" in again.output
    assert len(seen(tmp_path)[0]) == 44


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(tmp_path / "demo.sqlite3")
    yield opened
    opened.close()


def test_sol_may_see_how_the_record_is_kept_and_nothing_else_of_the_family(store: Store):
    at = datetime(2026, 3, 15, 12, tzinfo=UTC)
    demo.seed(store, at, recipe="empty")
    people = {member.alias: member for member in members(store)}
    family = people["Ada"].own_family
    assert family is not None
    sol, noor = (viewer_of(store, people[name].id, at) for name in ("Sol", "Noor"))

    assert sol.role == Role.SUPERVISOR
    assert {action for action in Action if sol.may(action, family)} == {Action.SEE_QUALITY}
    looks = {Action.SEE_TIMELINE, Action.SEE_PATTERNS, Action.SEE_PEOPLE, Action.SEE_QUALITY}
    observes = {Action.OBSERVE, Action.RATE, Action.KEEP_DRAFT}
    for visitor in (noor, viewer_of(store, people["Ines"].id, at)):
        assert {action for action in Action if visitor.may(action, family)} == looks | observes
    later = viewer_of(store, people["Sol"].id, at + timedelta(days=91))
    assert not later.may(Action.SEE_QUALITY, family)


def test_somebody_is_told_how_far_the_storing_is_up_to_its_end(store: Store):
    told: list[tuple[int, int]] = []

    demo.seed(store, datetime(2026, 3, 15, 12, tzinfo=UTC), tell=lambda *how_far: told.append(how_far))

    total, stored = told[0][1], [number for number, _ in told]
    assert {of for _, of in told} == {total}
    assert stored == sorted(stored) and stored[-1] == total > 2000
    assert max(later - earlier for earlier, later in pairwise([0, *stored])) == demo.BATCH


def test_what_takes_long_shows_how_far_it_is_and_what_is_quick_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    with command._progress() as tell:
        tell(500, 1000)
        tell(1000, 1000)
    assert capsys.readouterr().err == ""

    monkeypatch.setattr(command, "PATIENCE_S", 0.0)
    with command._progress() as tell:
        tell(500, 1000)
        tell(1000, 1000)
    assert "Storing a household's moments" in capsys.readouterr().err

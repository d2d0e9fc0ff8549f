"""Figures of coded sessions stand behind the gate of agreement, for everybody who reads the five rows."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from caregiving.indices import Estimate
from caregiving.people import Role
from caregiving.periods import EVERYTHING, Period
from caregiving.screens import _coded_figures
from caregiving.screens._coded_figures import coded_results
from caregiving.screens._shell import Shell, shell_for
from caregiving.store.engine import Store
from caregiving.store.people import members, viewer_of
from caregiving.twice.figures import ONCE, closed
from caregiving.twice.gates import Standing
from tests.twice.invented_observers import NOOR, again, an_id, code, code_twice, found_home, sittings


def shell_of(store: Store, role: Role) -> Shell:
    somebody = next(m.id for m in members(store) if m.role is role)
    found = shell_for(viewer_of(store, somebody, datetime.now(UTC)))
    assert found is not None
    return found


def test_a_figure_of_sessions_that_one_observer_coded_waits_for_the_second_observer(store):
    found_home(store)
    code(store, sittings(14)[1], an_id("once"))
    gates = {name: one.gate for name, one in shown(store).items()}

    assert gates["matched"] == gates["repair_latency"] == ONCE
    assert all(gates.values())


def test_sessions_outside_the_period_give_no_figure(household):
    assert coded_results(shell_of(household, Role.PARENT), Period("2020-01-01", "2020-01-02")) == []


def test_every_page_with_the_rows_asks_for_coded_figures_in_the_one_place_that_gates_them():
    pages = Path(_coded_figures.__file__).parent
    texts = {path.name: path.read_text(encoding="utf-8") for path in pages.glob("*.py")}
    asking = {name for name, text in texts.items() if re.search(r"five_rows\(\w", text)}  # with results

    assert asking >= {"patterns.py", "family.py"}
    assert all("coded_results(" in texts[name] for name in asking)


def shown(store: Store) -> dict[str, Estimate]:
    """The figures of coded sessions as Noor sees them."""
    noor = shell_for(viewer_of(store, NOOR, datetime.now(UTC)))
    assert noor is not None
    return {one.measure: one for _which, one in coded_results(noor, EVERYTHING)}


def test_a_figure_is_shown_once_two_observers_agree_and_bears_their_kappa(store):
    found_home(store)
    first, second = sittings(14)[1:3]
    code_twice(store, first, "agreed", misses=0.0)
    code(store, second, an_id("once"))
    one = shown(store)["matched"]

    assert one.gate is None and 0 < one.value < 1
    assert re.search(r"two observers agreed with kappa (\.\d\d|1\.00) in 1 session \(95 %", one.method)


def test_a_figure_waits_while_two_observers_agree_too_little_and_says_how_much(store):
    found_home(store)
    code_twice(store, sittings(14)[1], "apart", misses=1 / 3)
    one = shown(store)["matched"]

    assert one.gate and re.fullmatch(
        r"two observers agreed with kappa \.[0-5]\d in 1 session; \.60 is needed", one.gate
    )


def test_only_first_codings_feed_a_figure(store):
    found_home(store)
    first = sittings(14)[1]
    code(store, first, an_id("first"))
    before = shown(store)
    code(store, again(first, 5, 0.0), an_id("second"), codes_again=an_id("first"))
    after = shown(store)

    assert before["matched"].gate == ONCE and after["matched"].gate is None
    assert {name: one.n for name, one in after.items()} == {name: one.n for name, one in before.items()}
    for name, one in after.items():
        assert one.value == pytest.approx(before[name].value, nan_ok=True), name


def test_a_figure_of_an_observer_who_was_never_compared_waits(store):
    found_home(store)
    agreed = Standing("engagement.v1", 0.8, 0.7, 0.9, None, 1, 1, 2, frozenset({"noor", "ines"}), False)

    assert closed(agreed, {"noor"}) is None and closed(agreed, {"noor", "ines"}) is None
    assert "not yet compared with a second observer's" in str(closed(agreed, {"noor", "wim"}))
    assert closed(Standing("engagement.v1"), {"noor"}) == ONCE

"""Figures of coded sessions stand behind the gate of agreement, for everybody who reads the five rows."""

import re
from datetime import UTC, datetime
from pathlib import Path

from caregiving.people import Role
from caregiving.periods import EVERYTHING, Period
from caregiving.screens import _coded_figures
from caregiving.screens._coded_figures import ONCE, coded_results
from caregiving.screens._shell import Shell, shell_for
from caregiving.store.engine import Store
from caregiving.store.people import members, viewer_of


def shell_of(store: Store, role: Role) -> Shell:
    somebody = next(m.id for m in members(store) if m.role is role)
    found = shell_for(viewer_of(store, somebody, datetime.now(UTC)))
    assert found is not None
    return found


def test_a_figure_of_sessions_that_one_observer_coded_waits_for_the_second_observer(household):
    results = coded_results(shell_of(household, Role.HOME_VISITOR), EVERYTHING)
    gates = {one.measure: one.gate for _which, one in results}

    assert gates["matched"] == gates["repair_latency"] == ONCE
    assert all(gates.values())


def test_sessions_outside_the_period_give_no_figure(household):
    assert coded_results(shell_of(household, Role.PARENT), Period("2020-01-01", "2020-01-02")) == []


def test_every_page_with_the_rows_asks_for_coded_figures_in_the_one_place_that_gates_them():
    pages = Path(_coded_figures.__file__).parent
    texts = {path.name: path.read_text(encoding="utf-8") for path in pages.glob("*.py")}
    asking = {name for name, text in texts.items() if re.search(r"five_rows\(\w", text)}  # with results

    assert asking == {"patterns.py", "family.py"}
    assert all("coded_results(" in texts[name] for name in asking)

"""Every view of the folder is found by itself, says nothing about nothing, and is plain JSON."""

import inspect
import json
from pathlib import Path

import pytest

import caregiving.sequences as sequences
from caregiving.frames import EVENTS, WINDOWS, empty
from caregiving.instruments import load
from caregiving.sequences import VIEWS, show
from tests.sequences.strings import table, watched

NEEDED = {"window_2x2": {"given": "cry", "target": "talk", "window_s": 5}}
DYAD = table(
    ("infant", "cry", 3, 9), ("caregiver", "hold", 5, 30), ("infant", "smile", 40), ("caregiver", "talk", 41)
)


def test_a_view_is_a_file_and_bears_its_name():
    files = {path.stem for path in Path(sequences.__file__).parent.glob("[!_]*.py")}

    assert set(VIEWS) == files
    assert all(view.__name__ == name for name, view in VIEWS.items())


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_called_like_every_other(name: str):
    first = list(inspect.signature(VIEWS[name]).parameters.values())[:3]

    assert [parameter.name for parameter in first] == ["events", "windows", "instrument"]
    assert all(parameter.default is None for parameter in first[1:])


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("instrument", [None, "home_moments"])
def test_fed_nothing_a_view_has_a_sentence_and_no_figure(name: str, instrument: str | None):
    known = load(instrument) if instrument else None
    for windows in (None, empty(WINDOWS)):
        found = show(name, empty(EVENTS), windows, known, **NEEDED.get(name, {}))
        assert found["gate"].startswith("not enough data")
        json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("instrument", [None, "home_moments"])
def test_a_view_is_plain_json_and_the_order_of_rows_changes_nothing(name: str, instrument: str | None):
    known = load(instrument) if instrument else None
    found = show(name, DYAD, watched(0, 60), known, **NEEDED.get(name, {}))

    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert show(name, DYAD.iloc[::-1], watched(0, 60), known, **NEEDED.get(name, {})) == found


@pytest.mark.parametrize("name", VIEWS)
def test_a_later_clock_changes_nothing(name: str):
    later = DYAD.assign(onset_s=DYAD["onset_s"] + 1000, offset_s=DYAD["offset_s"] + 1000)
    found = show(name, DYAD, watched(0, 60), **NEEDED.get(name, {}))

    assert show(name, later, watched(1000, 1060), **NEEDED.get(name, {})) == found


def test_one_edge_of_the_clock_may_be_left_open():
    assert show("time_budget", DYAD, watched(0, 60), to_s=20)["observed_s"] == 20
    assert show("time_budget", DYAD, watched(0, 60), from_s=20)["notes"][-1] == "only from 20 s to the end"
    with pytest.raises(ValueError, match="a moment after --from"):
        show("time_budget", DYAD, from_s=20, to_s=10)


def test_an_event_without_onset_or_code_is_refused_with_its_place():
    with pytest.raises(ValueError, match="event 2: found no onset"):
        show("transitions", table(("x", "A", 1), ("x", "B", float("nan"))))
    with pytest.raises(ValueError, match="event 1: found no actor or no code"):
        show("transitions", table((None, "A", 1), ("x", "B", 2)))

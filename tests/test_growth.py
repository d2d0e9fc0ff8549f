"""What is added by one file is found by itself; these are the contracts that every such file keeps."""

import doctest
import hashlib
import importlib
import inspect
import json
import math
from pathlib import Path

import pandas as pd
import pytest

from caregiving.episodes import pair
from caregiving.frames import EPISODES, EVENTS, WINDOWS, conform, empty
from caregiving.indices import Estimate, Material, all_indices, as_frame, estimate
from caregiving.instruments import (
    Instrument,
    json_schema,
    load,
    load_form,
    load_procedure,
    load_rating,
    load_sort,
    read,
    shelf,
)
from caregiving.sources import all_sources
from sample_data.make import STEADY, sittings

ROOT = Path(__file__).resolve().parent.parent
INDICES = sorted(all_indices())
INSTRUMENTS = sorted(shelf())
ROWS = {"sensitivity", "responsiveness", "attachment", "availability", "consistency", "context"}
# A released instrument is never edited; a change is a new version. Write the digest here when it is released.
RELEASED = json.loads((ROOT / "tests" / "golden" / "released_instruments.json").read_text(encoding="utf-8"))


def invented(days: int = 8) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Events and windows of an invented family."""
    events, windows = [], []
    for number, sitting in enumerate(sittings(STEADY, days, seed=3)):
        name = f"s{number:02d}"
        events += [(name, m.actor, m.code, m.at_s, None, "Ada") for m in sitting.moments]
        windows.append((name, 0.0, sitting.length_s, f"2026-03-{sitting.day + 1:02d}", "live"))
    frame = pd.DataFrame(events, columns=["session", "actor", "code", "onset_s", "offset_s", "caregiver"])
    watched = pd.DataFrame(windows, columns=["session", "start_s", "end_s", "day", "mode"])
    return conform(frame, EVENTS), conform(watched, WINDOWS)


def material(events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument) -> Material:
    episodes = pair(events, windows, instrument)
    return Material(instrument, events, windows, episodes, seed=5)


@pytest.fixture(scope="module")
def family() -> Material:
    return material(*invented(), load("home_moments"))


# --- instruments ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_an_instrument_loads_under_the_name_of_its_file(name):
    assert read(shelf()[name]).name == name


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_released_instrument_is_the_file_that_was_released(name):
    path = shelf()[name]

    assert name in RELEASED, f"write the digest of {name} into tests/golden/released_instruments.json"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == RELEASED[name]


@pytest.mark.parametrize("name", sorted(shelf("coding")))
def test_every_cue_of_an_instrument_can_be_answered_and_shown(name):
    instrument = load(name)
    icons = ROOT / "caregiving" / "capture" / "static" / "icons"

    assert instrument.codes("cue") and instrument.codes("response") and instrument.codes("none")
    assert all((icons / f"{b.icon}.svg").exists() for b in instrument.behaviours if b.icon)


@pytest.mark.parametrize("name", sorted(shelf("rating")))
def test_every_question_of_a_rating_can_be_left_open_and_none_of_its_scores_is_then_a_number(name):
    instrument = load_rating(name)

    assert all(math.isnan(score) for score in instrument.score({}).values())
    assert instrument.opened({}) == frozenset()
    for item in instrument.items:
        for answer in item.missing:
            assert math.isnan(item.value(answer.code)), (item.code, answer.code)


@pytest.mark.parametrize("name", [*shelf("rating"), *shelf("sort"), *shelf("procedure")])
def test_a_record_says_whose_words_it_uses(name):
    instrument = load_form(name)

    assert instrument.licence == "CC0-1.0" or instrument.attribution


@pytest.mark.parametrize("name", sorted(shelf("coding")))
def test_a_table_of_fitting_answers_speaks_of_every_cue_and_every_answer(name):
    instrument = load(name)
    if instrument.appropriateness is None:
        assert instrument.id == "sensory_signals", "only signals are coded there, and nothing is rated"
        return
    for cue, row in instrument.appropriateness.table.items():
        assert cue in instrument.codes("cue"), cue
        assert set(row) == set(instrument.codes("response")), cue
        assert max(row.values()) == 1, f"nothing that can be done fits {cue}"
    assert set(instrument.appropriateness.table) == set(instrument.codes("cue"))


@pytest.mark.parametrize("name", sorted(shelf("sort")))
def test_a_sort_without_a_card_gives_no_figure_and_its_best_is_a_legal_one(name):
    instrument = load_sort(name)

    assert all(math.isnan(score) for score in instrument.score({}).values())
    assert len(instrument.trouble({})) == 1
    assert all(0 < best <= 1 for best in instrument.best().values())


@pytest.mark.parametrize("name", sorted(shelf("procedure")))
def test_a_procedure_gives_no_figure_and_no_class_of_its_own(name):
    instrument = load_procedure(name)

    assert all(math.isnan(score) for score in instrument.score({}).values())
    assert instrument.needs.certified_when, "somebody certified has to have coded it"
    assert not instrument.needs.certified({})


def test_the_json_schema_of_instruments_is_fresh():
    written = json.loads((ROOT / "observation_schemas" / "_schema.json").read_text(encoding="utf-8"))

    assert written == json_schema(), "write it anew: python -m caregiving check --schema"


# --- indices ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", INDICES)
def test_an_index_bears_the_name_of_its_file_and_cites_a_known_source(name):
    which = all_indices()[name]

    assert which.function.__module__ == f"caregiving.indices.{name}"
    assert which.source in all_sources()
    assert which.row in ROWS


@pytest.mark.parametrize("name", INDICES)
def test_the_doctest_of_an_index_is_really_collected(name):
    module = importlib.import_module(f"caregiving.indices.{name}")
    found = {test.name for test in doctest.DocTestFinder().find(module) if test.examples}

    assert f"{module.__name__}.{name}" in found, f"{name} has no example that is run"


@pytest.mark.parametrize("name", INDICES)
def test_the_docstring_of_an_index_can_stand_on_the_method_page(name):
    text = inspect.getdoc(all_indices()[name].function) or ""

    assert len(text) > 200
    assert "Source" in text


@pytest.mark.parametrize("name", INDICES)
@pytest.mark.parametrize("instrument", ["home_moments", "free_play"])
def test_an_index_fed_nothing_says_so_and_never_says_zero(name, instrument):
    nothing = Material(load(instrument), empty(EVENTS), empty(WINDOWS), empty(EPISODES))
    results = all_indices()[name].estimates(nothing)

    assert results, "it says nothing at all"
    for one in results:
        assert math.isnan(one.value), one
        assert one.n == 0, one
        assert one.gate, one


@pytest.mark.parametrize("name", INDICES)
def test_every_estimate_carries_what_keeps_it_honest(family, name):
    for one in all_indices()[name].estimates(family):
        assert isinstance(one, Estimate)
        assert one.measure, one
        assert one.method or math.isnan(one.value), one  # the unit of a pure number is empty
        assert one.source in all_sources(), one
        assert one.n >= 0 and not math.isinf(one.value), one
        assert not (one.low > one.high), one
        assert math.isnan(one.value) or math.isnan(one.low) or one.low <= one.value + 1e-9, one
        assert math.isnan(one.value) or math.isnan(one.high) or one.value <= one.high + 1e-9, one
        assert one.method.strip() == one.method and (one.gate is None or one.gate.strip() == one.gate), one


@pytest.mark.parametrize("name", INDICES)
def test_measures_of_an_index_are_told_apart(family, name):
    names = [(one.measure, one.cue_class) for one in all_indices()[name].estimates(family)]

    assert len(names) == len(set(names))


def same(one: Material, other: Material, name: str) -> None:
    pd.testing.assert_frame_equal(
        as_frame(estimate(one, [name]), ungated=True),
        as_frame(estimate(other, [name]), ungated=True),
        rtol=1e-9,
    )


@pytest.mark.parametrize("name", INDICES)
def test_the_order_of_rows_changes_nothing(family, name):
    events = family.events.sample(frac=1, random_state=1).reset_index(drop=True)
    windows = family.windows.sample(frac=1, random_state=2).reset_index(drop=True)

    same(family, material(events, windows, family.instrument), name)


@pytest.mark.parametrize("name", INDICES)
def test_a_shift_of_the_calendar_by_four_weeks_changes_nothing(family, name):
    later = (
        (pd.to_datetime(family.windows["day"]) + pd.Timedelta(days=28)).dt.strftime("%Y-%m-%d").astype("str")
    )

    same(family, material(family.events, family.windows.assign(day=later), family.instrument), name)


@pytest.mark.parametrize("name", INDICES)
def test_the_same_seed_gives_the_same_figures(family, name):
    same(family, family, name)


@pytest.mark.parametrize("name", INDICES)
def test_an_index_leaves_the_frames_it_reads_as_they_were(name):
    fresh = material(*invented(3), load("home_moments"))
    before = [frame.copy(deep=True) for frame in (fresh.events, fresh.windows, fresh.episodes)]
    all_indices()[name].estimates(fresh)

    for was, now in zip(before, (fresh.events, fresh.windows, fresh.episodes), strict=True):
        pd.testing.assert_frame_equal(was, now)


# --- sources ----------------------------------------------------------------------------------------


def test_every_source_says_what_it_is_cited_for():
    for key, one in all_sources().items():
        assert one.citation and one.says, key
        assert one.kind in {"paper", "book", "product", "software"}, key
        assert "[M]" not in one.model_dump_json(), key

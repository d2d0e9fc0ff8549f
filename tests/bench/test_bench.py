"""The benchmarks measure what they say, tell whether a bar is met, and do without peers that are absent."""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from caregiving.bench import bars, beside_boris, kernel, peer, sizes
from caregiving.bench.boris_project import boris_project
from caregiving.bench.clock import by_turns
from caregiving.bench.invented_columns import columns, waits
from caregiving.bench.invented_families import families
from caregiving.bench.invented_sessions import (
    CODES,
    IS_STATE,
    CodedRows,
    as_events,
    as_windows,
    by_another_observer,
    coded_rows,
)
from caregiving.bench.one_size import one_size
from caregiving.bench.peer import AtWork, NoPeer, Peer, environment
from caregiving.bench.promises import agreement_of_two_records, bootstrap_of_a_year, coded_study
from caregiving.bench.rows import Bar, Row, skipped, table, timed, times_faster
from caregiving.bench.sizes import growing
from caregiving.bench.year import year_of_a_family
from caregiving.cli import app
from caregiving.cli import bench as benching
from caregiving.indices import all_indices

A_TIMING = by_turns({"one": lambda: 0.5}, repeats=3)["one"]
ECHO = """
import json, sys
print("a word of greeting")
print(json.dumps({"ready": 1}), flush=True)
for line in sys.stdin:
    if line.strip() == "fall":
        raise RuntimeError("fell over")
    print(json.dumps({"took_s": 0.25, "found": line.strip()}), flush=True)
"""


@pytest.fixture
def echo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Peer:
    """A peer that answers every step with its name, and falls over at "fall"."""
    (tmp_path / "echo.py").write_text(ECHO, encoding="utf-8")
    monkeypatch.setattr(peer, "SCRIPTS", tmp_path)
    return Peer("Echo", ("echo==1.0",), "echo.py")


# --- times and verdicts --------------------------------------------------------------------------------


def test_the_two_sides_of_a_ratio_take_turns_and_the_best_counts():
    order: list[str] = []
    ours, theirs = iter([3.0, 1.0, 2.0]), iter([9.0, 8.0, 7.0])

    def side(name, times):
        order.append(name)
        return next(times)

    took = by_turns({"ours": lambda: side("ours", ours), "theirs": lambda: side("theirs", theirs)}, repeats=3)

    assert order == ["ours", "theirs"] * 3
    assert (took["ours"].best_s, took["ours"].worst_s) == (1.0, 3.0)
    assert took["theirs"].best_s == 7.0


def test_what_takes_long_is_repeated_three_times_only():
    assert by_turns({"slow": lambda: 60.0}, repeats=9)["slow"].repeats == 3


def test_a_row_says_whether_its_bar_is_met():
    row = times_faster(timed("budget", 100, A_TIMING), "BORIS", 8.0)

    assert row.ratio == 8.0 / 0.5
    assert row.judged(Bar("at least 16 x", at_least=16), row.ratio).verdict == "met"
    assert row.judged(Bar("at least 17 x", at_least=17), row.ratio).verdict == "not met"


def test_a_skipped_row_is_neither_met_nor_not_met_and_keeps_its_reason():
    row = skipped("budget", 100, "no Python 3.11", Bar("at least 16 x", at_least=16))

    assert (row.verdict, row.note, row.bar) == ("skipped", "skipped: no Python 3.11", "at least 16 x")
    assert next(iter(table([row])))[2:4] == ["", ""]


# --- what is measured ----------------------------------------------------------------------------------


def test_invented_families_have_as_many_events_as_asked_for_and_are_the_same_every_time():
    events, windows = families(500)
    again, _ = families(500)

    assert len(events) == 500
    assert events.equals(again)
    assert set(events["session"]) <= set(windows["session"])


def test_starts_are_paired_with_stops_of_the_same_person_and_code():
    first = CODES.index("infant_state_0")
    point = CODES.index("infant_point_1")
    rows = CodedRows(
        *(np.array(column) for column in ([0] * 5, [0] * 5, [first, first, point, first, first]))
        , at_ms=np.array([1000, 2500, 3000, 4000, 7000])
    )  # fmt: skip

    events = as_events(rows)

    assert events["onset_s"].tolist() == [1.0, 3.0, 4.0]
    assert events["offset_s"].tolist()[0::2] == [2.5, 7.0]
    assert np.isnan(events["offset_s"].iloc[1])


def test_coded_rows_hold_what_they_promise_and_another_observer_keeps_their_order():
    rows = coded_rows(2_000, 2)
    other = by_another_observer(rows)
    state = IS_STATE[rows.code]

    assert len(rows) == len(other) == 2_000
    assert state.mean() == 0.5  # a third of all things are states, with two rows each
    for record in (rows, other):
        events = as_events(record)
        lasted = (events["offset_s"] - events["onset_s"])[events["offset_s"].notna()]
        assert (lasted > 0).all() and len(lasted) == state.sum() / 2
    assert as_windows(rows)["end_s"].between(900, 1_400).all()


def test_a_boris_project_holds_every_row_under_its_session():
    project = boris_project({"s": coded_rows(200, 2)})
    json.dumps(project)

    assert {name: len(one["events"]) for name, one in project["observations"].items()} == {
        "s-0": 100,
        "s-1": 100,
    }


def test_ready_columns_are_in_order_and_waits_are_in_groups():
    ready = columns(3_000)
    given = waits(4)

    assert (np.diff(ready.onset) > 0).all() and (np.diff(ready.answers) > 0).all()
    assert len(ready.onset) + len(ready.answers) == 3_000
    assert np.bincount(given.group).tolist() == [500] * 4


def test_the_kernel_is_judged_only_where_its_bar_is_set(monkeypatch):
    small = kernel.kernel(2_000)
    monkeypatch.setattr("caregiving.bench.bars.KERNEL_AT", 2_000)
    large = kernel.kernel(2_000)

    assert [row.verdict for row in small] == ["", "", ""]
    assert all(row.ratio > 0 and row.beside == "reading" for row in small)
    assert all(row.verdict in ("met", "not met") for row in large)


def test_one_size_measures_the_episodes_the_views_and_every_index_with_its_memory():
    rows = {row.what: row for row in one_size(800, without={"contingency"})}

    assert {f"index {name}" for name in all_indices()} <= set(rows)
    assert rows["index contingency"].verdict == "skipped"
    assert rows["index latency"].note == "with its random draws"
    assert rows["index responsiveness"].note == ""
    assert rows["episodes.pair"].repeats >= 3
    assert rows["indices without draws, together"].best_s >= rows["index sensitivity"].best_s
    if sys.platform != "win32":
        assert rows["episodes.pair"].peak_mib > 10


def test_a_size_runs_in_a_process_of_its_own():
    rows = list(growing([200]))

    assert len(rows) == 5 + len(all_indices())
    assert all(row.events == 200 for row in rows)


def test_what_would_take_too_long_at_the_next_size_is_left_out_and_says_so(monkeypatch):
    def child(size, without):
        yield skipped("index slow", size, "") if "slow" in without else Row("index slow", size, 5.0, 5.0, 3)
        yield Row("index quick", size, 0.001 * size, 0.1, 3)

    monkeypatch.setattr(sizes, "_child", child)
    rows = list(growing([10, 100], patience_s=10.0))

    assert rows[2].note == "skipped: it would take about 50 s once at this size"
    assert (rows[3].ratio, rows[3].means) == (pytest.approx(10.0), "x as long for 10 x the events")


def test_the_promises_measure_small_input_too():
    rows = [*coded_study(400), bootstrap_of_a_year(400), agreement_of_two_records(400, 200.0)]

    assert all(row.bar and row.repeats >= 3 for row in rows)


# --- peers ---------------------------------------------------------------------------------------------


def test_a_peer_is_asked_step_by_step_and_its_own_time_counts(echo):
    with AtWork(echo, Path(sys.executable)) as running:
        assert running.take("budget") == 0.25
        assert running.found == {"budget": "budget"}


def test_a_peer_that_stops_is_told_with_its_last_words(echo):
    with (
        pytest.raises(NoPeer, match=r"Echo 1\.0 stopped \(RuntimeError: fell over\)"),
        AtWork(echo, Path(sys.executable)) as running,
    ):
        running.take("fall")


def test_a_peer_whose_python_is_missing_is_skipped_with_the_reason(monkeypatch, tmp_path):
    monkeypatch.setattr(peer.shutil, "which", lambda _: None)

    with pytest.raises(NoPeer, match=r"BORIS 8\.27\.4 needs Python 3\.1, and none was found"):
        environment(Peer("BORIS", peer.BORIS.pins, "boris_times.py", python="3.1"), tmp_path)


def test_without_boris_its_rows_are_skipped_and_keep_their_bars(monkeypatch):
    def none(_):
        raise NoPeer("there is none here")

    monkeypatch.setattr(beside_boris, "environment", none)
    rows = [*beside_boris.views_beside_boris(100_000), beside_boris.kappa_beside_boris()]

    assert [row.verdict for row in rows] == ["skipped"] * 3
    assert all(row.bar and row.note == "skipped: there is none here" for row in rows)


def test_boris_table_is_read_as_counts_that_are_not_zero():
    text = "\tcry\tcalm\t\ncry\t0\t2\ncalm\t1\t0\n"

    assert beside_boris._matrix(text) == {("cry", "calm"): 2, ("calm", "cry"): 1}


# --- the command ---------------------------------------------------------------------------------------


def test_bench_prints_one_json_document_or_an_aligned_table(monkeypatch):
    rows = [times_faster(timed("budget", 100, A_TIMING), "BORIS", 8.0), skipped("kappa", 100, "none here")]
    monkeypatch.setattr(benching, "measured", lambda *_, **__: iter(rows))
    runner = CliRunner()

    document = json.loads(runner.invoke(app, ["bench", "--json"]).stdout)
    lines = runner.invoke(app, ["bench"]).stdout.splitlines()

    assert [row["verdict"] for row in document["rows"]] == ["", "skipped"]
    assert document["rows"][1]["best_s"] is None
    assert set(document["machine"]) >= {"Python", "numpy", "cores"}
    header = next(line for line in lines if line.startswith("what"))
    assert header.index("ratio") == next(line for line in lines if line.startswith("budget")).index("16 x")


def test_a_row_survives_the_way_through_a_child_process():
    row = times_faster(timed("budget", 100, A_TIMING), "BORIS", 8.0)

    assert Row(**json.loads(json.dumps(row.__dict__))) == row or pd.isna(row.peak_mib)


def test_a_household_of_some_days_is_measured_from_its_database_to_its_indices():
    rows = list(year_of_a_family(days=3))

    assert [row.what for row in rows] == [
        "a year: load",
        "a year: load, sessions, episodes",
        "a year: load, latency, responsiveness",
        "a year: all indices",
        "a year: all indices",
    ]
    assert all(row.verdict in ("met", "not met") and row.bar and row.events > 100 for row in rows)
    assert [bar.at_most for bar in (bars.LOAD, bars.PAGE, bars.EVERYTHING)] == [0.06, 0.3, 1.0]

"""Tables for other programs: typed, with units, cut to days, without names when asked, and no formulas."""

import csv
import io
import re
import zipfile
from pathlib import Path
from time import perf_counter
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving import demo
from caregiving.exports import tables_csv, tables_parquet, tables_xlsx
from caregiving.exports._gathered import sheets_of
from caregiving.exports._sheets import (
    EPISODE_SHEET,
    EVENT_SHEET,
    ORDER,
    VISIT_SHEET,
    WINDOW_SHEET,
    Sheet,
    Sheets,
)
from caregiving.frames import ESTIMATES, Column, conform
from caregiving.instruments import load
from caregiving.people import NotAllowed
from caregiving.periods import EVERYTHING, Period
from caregiving.store import people
from caregiving.store.engine import open_store
from tests.exports.invented_family import NOW, NOW_MS, ODD, Call, Family, Plan, Tap

FORMULA = tuple("=+-@\t\r\n")
NAMES = ["Juno", "Ada the =1st", "Ravi", "Maple"]
UUID_LIKE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
PLAN = Plan(
    names=NAMES,
    zone="Europe/Berlin",
    taps=[
        Tap(0, "cry", 600, "pick_up", 6.5, "kept", "=HYPERLINK(\"http://x\")"),
        Tap(0, "cry", 3_000, None, 0, "corrected", "@SUM(1)"),
        Tap(1, "fuss", 700, "soothe", 2.25, "kept", "secret word"),
        Tap(0, "reach", 9_000, "talk", 3.0, "kept", "-2+3"),
    ],
)  # fmt: skip


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Any:
    found = Family(tmp_path_factory.mktemp("tables") / "home.sqlite3", PLAN)
    found.live()
    yield found
    found.store.close()


def asked(family: Family, child: int = 0, **options: Any) -> Sheets:
    return sheets_of(
        family.store,
        family.viewer(),
        family.id,
        family.children[child],
        load("home_moments"),
        now_ms=NOW_MS,
        **options,
    )


def csv_of(sheets: Sheets, name: str) -> pd.DataFrame:
    with zipfile.ZipFile(io.BytesIO(tables_csv.write(sheets))) as opened:
        return pd.read_csv(io.BytesIO(opened.read(f"{name}.csv")))


def test_the_tables_hold_what_was_logged_of_this_child_as_it_holds_now(family):
    sheets = asked(family)
    events = sheets.sheets["events"].frame

    assert events["code"].tolist() == [
        "cry",
        "pick_up",
        "fuss",
        "reach",
        "talk",
    ]  # the second cry was corrected
    assert events["child"].unique().tolist() == ["Juno"]
    assert asked(family, child=1).sheets["events"].frame["child"].unique().tolist() == ["Juno (2)"]
    assert events["caregiver"].dropna().unique().tolist() == ["Ada the =1st"]
    assert sheets.sheets["windows"].frame["watched_s"].tolist() == [9_300.0]
    episodes = sheets.sheets["episodes"].frame
    assert episodes["latency_s"].dropna().tolist() == [6.5, 3.0]


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Any:
    calls = [
        Call(0, 2, "most", ("vocalise", "gaze"), "from a recording"),
        Call(0, 1, "discarded", ("gaze",)),
        Call(0, 0),
        Call(1, 1),
    ]
    found = Family(
        tmp_path_factory.mktemp("visits") / "home.sqlite3", Plan(names=["=1+Juno", *NAMES[1:]], calls=calls)
    )
    found.live()
    yield found
    found.store.close()


def test_a_sheet_tells_each_visit_to_this_child_with_how_far_it_came(visited):
    frame = asked(visited).sheets["visits"].frame

    assert frame["observer"].tolist() == ["Vera", "Vera", "Wim", "Vera"]
    assert frame["progress"].tolist() == ["finished", "discarded", "finished", "planned"]
    assert frame["parts"].tolist() == [2, 1, 2, 0]
    assert frame["watched_s"].tolist() == [2 * 100.0, 100.0, 2 * 100.0, 0.0]
    assert frame["codes_again"].dropna().tolist() == [frame["visit"][0]]
    assert frame["from_recording"].tolist() == [False, False, True, False]
    assert set(frame["delay_s"]) == {0.3} and set(frame["planned_min"]) == {10}
    assert len(asked(visited, child=1).sheets["visits"].frame) == 1


def test_the_windows_of_a_visit_name_it_and_its_observer_and_those_at_home_name_none(visited):
    sheets = asked(visited).sheets
    windows = sheets["windows"].frame
    of_visits = windows[windows["visit"].notna()]

    assert windows.loc[windows["visit"].isna(), "observer"].isna().all() and len(windows) == 1 + 2 + 1 + 2
    assert of_visits["observer"].tolist() == of_visits["author"].tolist()
    assert set(of_visits["visit"]) <= set(sheets["visits"].frame["visit"])
    assert of_visits["attestation"].tolist() == ["most", "most", "discarded", "most", "most"]
    assert windows["episode"].isna().all()


def test_visits_without_names_join_the_other_tables_by_codes(visited):
    sheets = asked(visited, pseudonymous=True).sheets
    frame = sheets["visits"].frame

    assert set(frame["visit"]) == {"visit-1", "visit-2", "visit-3", "visit-4"}
    assert set(sheets["windows"].frame["visit"].dropna()) == {"visit-1", "visit-2", "visit-3", "visit-4"} - {
        frame.loc[frame["progress"] == "planned", "visit"].item()
    }
    assert set(frame["observer"]) <= {"person-1", "person-2", "person-3", "person-4"}
    text = unpacked(asked(visited, pseudonymous=True))
    assert "Vera" not in text and "Wim" not in text and not UUID_LIKE.search(text)


def test_no_name_in_the_sheet_of_visits_is_a_formula(visited):
    told = csv_of(asked(visited), "visits")

    assert list(told.columns) == list(VISIT_SHEET)
    assert set(told["child"]) == {"'=1+Juno"}


def test_a_period_cuts_the_sheet_of_visits_by_when_they_began(visited):
    first_day = asked(visited).sheets["visits"].frame["day"][0]

    one_day = asked(visited, period=Period(first_day, first_day)).sheets["visits"].frame
    assert one_day["day"].tolist() == [first_day]


def test_the_clock_on_the_wall_goes_back_while_the_instants_go_on(family):
    """That night in Berlin 02:59 CEST is followed by 02:00 CET: the watching began at 02:20 (+02:00)."""
    events = asked(family).sheets["events"].frame
    cry, fuss = events.iloc[0], events.iloc[2]

    assert str(cry["started_at_local"]) == "2026-10-25 02:30:00" and cry["utc_offset_min"] == 120
    assert str(fuss["started_at_local"]) == "2026-10-25 02:10:00" and fuss["utc_offset_min"] == 60
    assert (fuss["started_at_utc"] - cry["started_at_utc"]).total_seconds() == 3_000 - 600
    assert set(events["day"]) == {"2026-10-24"}  # the family's day begins at six


def test_a_period_cuts_every_table(family):
    before = asked(family, period=Period("2026-10-01", "2026-10-23"))
    that_night = asked(family, period=Period("2026-10-24", "2026-10-24"))

    assert [len(before.sheets[name].frame) for name in ("events", "windows", "episodes")] == [0, 0, 0]
    assert [len(that_night.sheets[name].frame) for name in ("events", "windows", "episodes")] == [5, 1, 3]
    assert ("days", "2026-10-24 to 2026-10-24; a day begins at 06:00") in that_night.about


@pytest.mark.parametrize("write", [tables_csv.write, tables_parquet.write, tables_xlsx.write])
def test_a_family_that_logged_nothing_gets_tables_with_headers_only(tmp_path, write):
    family = Family(tmp_path / "home.sqlite3", Plan())
    sheets = asked(family)

    assert [len(sheets.sheets[name].frame) for name in ("events", "windows", "episodes")] == [0, 0, 0]
    assert sheets.sheets["estimates"].frame["value"].isna().all()
    assert len(write(sheets)) > 1000
    family.store.close()


def test_only_a_parent_of_the_family_gets_tables(family):
    with pytest.raises(NotAllowed):
        sheets_of(
            family.store,
            family.viewer(family.vera),
            family.id,
            family.children[0],
            load("home_moments"),
            now_ms=NOW_MS,
        )


def unpacked(sheets: Sheets) -> str:
    """Return everything that the three forms hold, as one text."""
    text = []
    for writer in (tables_csv, tables_parquet, tables_xlsx):
        with zipfile.ZipFile(io.BytesIO(writer.write(sheets))) as opened:
            for name in opened.namelist():
                content = opened.read(name)
                if name.endswith(".parquet"):
                    table = pq.read_table(io.BytesIO(content))
                    text += [name, table.to_pandas().to_csv(), str(table.schema.to_string())]
                else:
                    text += [name, content.decode()]
    return "\n".join(text)


def test_without_names_no_name_no_id_and_no_free_text_is_left(family):
    named, coded = unpacked(asked(family)), unpacked(asked(family, pseudonymous=True))

    for secret in (*NAMES[:3], "HYPERLINK", "@SUM"):
        assert secret not in coded
    assert not UUID_LIKE.search(coded)
    assert "Juno" in named and UUID_LIKE.search(named) and "SUM(1)" in named


def test_codes_join_the_tables_and_people_keep_theirs_from_one_export_to_the_next(family):
    sheets = asked(family, pseudonymous=True).sheets
    events, episodes = sheets["events"].frame, sheets["episodes"].frame

    assert events["child"].unique().tolist() == ["child-1"]
    assert asked(family, child=1, pseudonymous=True).sheets["events"].frame["child"][0] == "child-2"
    cue = events.set_index("event").loc[episodes["cue_id"].iloc[0]]
    assert (cue["code"], str(cue["started_at_local"])) == ("cry", "2026-10-25 02:30:00")
    assert episodes["responder"].dropna().unique().tolist() == ["caregiver-1"]
    assert set(episodes["session"]) == set(sheets["windows"].frame["window"]) == {"window-1"}
    assert set(events["author"]) <= {"person-1", "person-2"}


def test_figures_without_names_are_the_same_figures(family):
    named, coded = (asked(family, pseudonymous=flag).sheets["estimates"].frame for flag in (False, True))

    pd.testing.assert_frame_equal(named, coded)


def test_csv_has_plain_numbers_and_no_cell_that_a_spreadsheet_would_run(family):
    events = csv_of(asked(family), "events")

    assert list(events.columns) == list(EVENT_SHEET)
    assert events["reason"].dropna().tolist() == ["'@SUM(1)"]
    assert events["modifiers"].dropna().tolist()[-1] == "note: -2+3"
    assert events["started_at_utc"][0] == "2026-10-25T00:30:00.000Z"
    assert csv_of(asked(family), "estimates")["n"].dtype.kind == "i"


words = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(words, min_size=1, max_size=5), st.floats(allow_nan=False, allow_infinity=False))
def test_no_text_becomes_a_formula_in_csv_and_no_number_becomes_a_text(said, number):
    columns = {"said": Column("str", "words"), "number": Column("float64", "a number")}
    sheet = Sheet(conform(pd.DataFrame({"said": said, "number": [number] * len(said)}), columns), columns)
    [header, *back] = csv.reader(io.StringIO(tables_csv.one(sheet).decode(), newline=""))

    assert header == ["said", "number"]
    for (cell, shown), text in zip(back, said, strict=True):
        assert not cell.startswith(FORMULA)
        assert cell == text if not text.startswith(FORMULA) else cell == f"'{text}"
        assert float(shown) == number


@pytest.fixture(scope="module")
def book(family: Family) -> Any:
    return openpyxl.load_workbook(io.BytesIO(tables_xlsx.write(asked(family))))


def test_a_workbook_has_a_sheet_for_each_table_and_one_that_explains(book):
    assert book.sheetnames == [*ORDER, "README"]
    sheets = (ESTIMATES, EPISODE_SHEET, EVENT_SHEET, WINDOW_SHEET, VISIT_SHEET)
    for name, columns in zip(ORDER, sheets, strict=True):
        page = book[name]
        header = [cell.value for cell in page[1]]
        assert header == [f"{c} ({m.unit})" if m.unit else c for c, m in columns.items()]
        assert page.freeze_panes == "B2"
    told = {row[0].value: row[3].value for row in book["README"].iter_rows() if row[0].value}
    assert told["child"] == "Juno"
    assert "not a diagnosis" in told["what this is"]
    explained = {(row[0].value, row[1].value) for row in book["README"].iter_rows()}
    assert {("events", column) for column in EVENT_SHEET} <= explained


def test_cells_of_a_workbook_have_types_and_no_text_is_a_formula(book):
    page = book["events"]
    column = {cell.value: cell.column - 1 for cell in page[1]}
    first = [cell for cell in page[2]]

    assert first[column["started_at_local (local time)"]].is_date
    assert str(first[column["started_at_local (local time)"]].value) == "2026-10-25 02:30:00"
    assert first[column["in_conflict"]].data_type == "b"
    assert first[column["utc_offset_min (min)"]].value == 120
    fuss = [cell for cell in page[4]]
    assert fuss[column["reason"]].value == "@SUM(1)"
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds and kinds <= {"s", "n", "b", "d"}
    assert page.column_dimensions["A"].width > 20


def test_odd_texts_stay_what_they_are_in_a_workbook():
    columns = {"said": Column("str", "words"), "value": Column("float64", "a number", "s")}
    said = [*ODD, "x" * 40_000, "http://example.org", "{=1}", "\x07bell"]
    frame = conform(pd.DataFrame({"said": said, "value": [float("inf"), *[1.5] * (len(said) - 1)]}), columns)
    content = tables_xlsx.write(Sheets((), {"odd": Sheet(frame, columns)}, pseudonymous=False))
    page = openpyxl.load_workbook(io.BytesIO(content))["odd"]

    cells = [row[0] for row in page.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert cells[0].value == "=1+1" and len(cells[len(ODD)].value) == 32_767
    assert page["B2"].value == "inf" and page["B3"].value == 1.5


def test_parquet_has_types_units_and_meanings(family):
    with zipfile.ZipFile(io.BytesIO(tables_parquet.write(asked(family)))) as opened:
        assert sorted(opened.namelist()) == sorted(["README.txt", *(f"{name}.parquet" for name in ORDER)])
        table = pq.read_table(io.BytesIO(opened.read("events.parquet")))

    assert str(table.schema.field("started_at_utc").type) == "timestamp[ms, tz=UTC]"
    assert str(table.schema.field("in_conflict").type) == "bool"
    assert table.schema.field("lasted_s").metadata[b"unit"] == b"s"
    assert table.schema.field("code").metadata[b"meaning"] == b"what was seen"
    pd.testing.assert_series_equal(
        table.to_pandas()["latency_low_s"], asked(family).sheets["events"].frame["latency_low_s"]
    )


@pytest.mark.parametrize("write", [tables_csv.write, tables_parquet.write, tables_xlsx.write])
def test_the_same_records_give_the_same_bytes(family, write):
    assert write(asked(family)) == write(asked(family))


def test_a_big_workbook_is_written_row_by_row_and_says_the_same(family, monkeypatch):
    sheets = asked(family)
    held = tables_xlsx.write(sheets)
    monkeypatch.setattr(tables_xlsx, "BIG", 1)
    pages = [openpyxl.load_workbook(io.BytesIO(b)) for b in (held, tables_xlsx.write(sheets))]

    for name in pages[0].sheetnames:
        one, other = ([[cell.value for cell in row] for row in page[name].iter_rows()] for page in pages)
        assert one == other


@pytest.mark.slow
def test_the_workbook_of_a_year_comes_while_one_waits(tmp_path: Path, measured):
    store = open_store(tmp_path / "demo.sqlite3")
    demo.seed(store, NOW, recipe="year")
    parent = next(m for m in people.members(store) if m.own_family)
    assert parent.own_family is not None
    viewer = people.viewer_of(store, parent.id, NOW)
    child = people.children(store, viewer, parent.own_family)[0]
    began = perf_counter()
    sheets = sheets_of(
        store, viewer, parent.own_family, child.id, load("home_moments"), now_ms=NOW_MS, period=EVERYTHING
    )
    content = tables_xlsx.write(sheets)
    took_s = perf_counter() - began
    store.close()

    measured(f"workbook of a year: {took_s:.1f} s, {len(content) / 1e6:.1f} MB (bar 20 s)")
    assert len(sheets.sheets["events"].frame) > 30_000
    assert took_s < 40

"""`sequences`, `agreement`, `score`, `demo` and `serve` on the command line."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from caregiving.cli import app, gather
from caregiving.store.engine import open_store
from tests.cli.test_command_line import caregiving

HEAD = "session,actor,code,onset_s,offset_s\n"
T13 = "446462761841854918326865274137589552287756326971289296112695743952879197838359163433153447"


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def visit(tmp_path) -> Path:
    rows = "a,infant,look,0,6\na,mother,talk,2,\na,infant,look,10,12\na,mother,talk,11,\n"
    return file(tmp_path, "visit.csv", HEAD + rows)


def test_a_time_budget_without_an_instrument_prints_its_denominator(visit, tmp_path):
    windows = file(tmp_path, "windows.csv", "session,start_s,end_s\na,0,20\n")
    document = json.loads(
        caregiving("sequences", "time_budget", visit, "--windows", windows, "--json").stdout
    )
    look = next(row for row in document["rows"] if row["code"] == "look")

    assert document["observed_s"] == 20
    assert (look["n"], look["total_s"], look["share"]) == (2, 8.0, 8 / 20)


def test_from_and_to_look_at_a_part_of_every_session(visit):
    document = json.loads(
        caregiving("sequences", "time_budget", visit, "--from", 0, "--to", 6, "--json").stdout
    )

    assert next(row for row in document["rows"] if row["code"] == "look")["share"] == 1.0


def test_transitions_count_what_followed_what(visit):
    document = json.loads(caregiving("sequences", "transitions", visit, "--json").stdout)

    assert document["n"] == 3


def test_a_window_table_needs_to_know_what_is_given_and_what_is_looked_for(visit):
    ran = caregiving("sequences", "window_2x2", visit, "--json")

    assert ran.returncode == 1
    assert "given" in ran.stderr and "target" in ran.stderr


def test_an_unknown_view_is_refused_with_the_known_ones(visit):
    ran = caregiving("sequences", "dance", visit)

    assert ran.returncode == 1
    assert 'there is no view "dance"; the known ones are: lag, state_space' in ran.stderr


def test_two_equal_records_agree_and_a_missed_event_is_counted(visit, tmp_path):
    other = file(tmp_path, "other.csv", HEAD + "a,infant,look,0,6\na,mother,talk,2,\na,infant,look,10,12\n")
    same = json.loads(caregiving("agreement", visit, visit, "--json").stdout)
    less = json.loads(caregiving("agreement", visit, other, "--json").stdout)
    mother = next(one for one in less["events"] if one["actor"] == "mother")

    assert {one["kappa"] for one in same["time_units"]} == {1.0}
    assert (mother["matched"], mother["missed_by_b"]) == (1, 1)


def test_records_of_different_sessions_are_refused(visit, tmp_path):
    other = file(tmp_path, "other.csv", HEAD + "b,infant,look,0,6\n")
    ran = caregiving("agreement", visit, other, "--json")

    assert (ran.returncode, ran.stdout) == (1, "")
    assert "other.csv: found sessions b, none of which is in visit.csv" in ran.stderr


def test_t5_ratings_give_the_six_forms_of_shrout_and_fleiss(tmp_path):
    rows = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    text = "target,rater,score\n" + "".join(
        f"t{t},r{r},{score}\n" for t, row in enumerate(rows) for r, score in enumerate(row)
    )
    document = json.loads(
        caregiving("agreement", "--ratings", file(tmp_path, "r.csv", text), "--json").stdout
    )

    assert [round(one["value"], 3) for one in document["icc"]] == [0.166, 0.290, 0.715, 0.443, 0.620, 0.909]
    assert len(document["alpha"]) == 4


def test_agreement_wants_two_records_or_ratings(visit):
    assert caregiving("agreement").returncode == 2
    assert caregiving("agreement", visit).returncode == 2


def test_t13_a_sort_is_scored_against_both_criteria(tmp_path):
    text = "item,pile\n" + "".join(f"{item + 1},{pile}\n" for item, pile in enumerate(T13))
    document = json.loads(
        caregiving("score", "attachment_qsort", file(tmp_path, "s.csv", text), "--json").stdout
    )

    assert {name: round(value, 3) for name, value in document["correlations"].items()} == {
        "security": -0.060,
        "dependency": -0.019,
    }


def test_an_illegal_sort_is_refused_with_every_fault(tmp_path):
    text = "item,pile\n" + "".join(f"{item},{item % 9 + 1}\n" for item in range(1, 90)) + "3,1\n"
    ran = caregiving("score", "attachment_qsort", file(tmp_path, "s.csv", text), "--json")

    assert (ran.returncode, ran.stdout) == (1, "")
    assert "card 3 2 times" in ran.stderr and "no card 90" in ran.stderr


ANSWERS = "Juno\n2026-07-05\nAda\nRavi\n{0}\n{0}\n"


def serve(folder: Path, answers: str):
    gather()
    return CliRunner().invoke(app, ["serve", "--folder", str(folder), "--prepare-only"], input=answers)


def test_a_real_household_is_founded_by_a_few_questions_and_only_once(tmp_path):
    first = serve(tmp_path, ANSWERS.format("three quiet nights"))
    again = serve(tmp_path, "")

    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    store = open_store(tmp_path / "home.sqlite3")
    with store.reader.begin() as connection:
        people = pd.DataFrame(connection.exec_driver_sql("select alias, role from members").fetchall())
    store.close()
    assert sorted(people.iloc[:, 0]) == ["Ada", "Ravi"]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [(ANSWERS.format("short"), "at least 10 characters"), ("Juno\nlast summer\nAda\n\n", "a date such as")],
)
def test_a_household_with_an_unfit_answer_is_not_founded_at_all(tmp_path, answers, sentence):
    ran = serve(tmp_path, answers)

    assert ran.exit_code == 1
    store = open_store(tmp_path / "home.sqlite3")
    with store.reader.begin() as connection:
        assert connection.exec_driver_sql("select count(*) from families").scalar() == 0
    store.close()


def test_the_demo_household_is_made_once_and_then_left_alone(tmp_path):
    first = caregiving("demo", "--folder", tmp_path, "--days", 2)
    again = caregiving("demo", "--folder", tmp_path, "--days", 2)

    assert "An invented household is now in" in first.stdout
    assert "The invented household is already in" in again.stdout

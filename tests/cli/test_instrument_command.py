"""Forms go out for other programs; licensed texts come in and stay in."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import caregiving.cli.demo
import caregiving.cli.instrument
import caregiving.cli.score  # noqa: F401
from caregiving.cli import app
from caregiving.instruments import load_sort
from caregiving.store import decks
from caregiving.store.engine import open_store
from caregiving.store.people import members, viewer_of

SECRET = "Wombat-7 in invented words"
T13 = "446462761841854918326865274137589552287756326971289296112695743952879197838359163433153447"


def run(*words: object) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    assert run("demo", "--folder", folder, "--household", "empty").exit_code == 0
    return folder


def deck(folder: Path, name: str = "attachment_qsort.csv", words: str = SECRET, n: int = 90) -> Path:
    path = folder / name
    lines = "".join(f"{card},{words} {card},Title {card}\n" for card in range(1, n + 1))
    path.write_text(f"item,text,title\n{lines}", encoding="utf-8")
    return path


def texts(house: Path, alias: str, instrument: str = "attachment_qsort") -> dict[str, str]:
    store = open_store(next(house.glob("*.sqlite3")))
    try:
        who = next(one for one in members(store) if one.alias == alias)
        found = decks.texts(store, viewer_of(store, who.id, datetime.now(UTC)), instrument)
    finally:
        store.close()
    return {item: card.text for item, card in found.items()}


@pytest.mark.parametrize("form", ["xlsform", "redcap", "fhir"])
@pytest.mark.parametrize("name", ["phq2", "sensitivity_rating.v1", "strange_situation"])
def test_a_form_is_written_for_another_program(tmp_path, form, name):
    out = tmp_path / "form"
    ran = run("instrument", "export", form, name, "--out", out, "--json")

    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    assert told["bytes"] == out.stat().st_size > 500
    assert told["instrument"].startswith(name.split(".")[0])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("home_moments", 'there is no instrument "home_moments"; the known ones are: '),
        ("attachment_qsort", "attachment_qsort.v1: found cards to be sorted; needed questions: one of"),
        ("epds", 'there is no instrument "epds"'),
    ],
)
def test_what_is_no_form_is_refused_and_nothing_is_written(tmp_path, name, sentence):
    out = tmp_path / "form"
    ran = run("instrument", "export", "fhir", name, "--out", out)

    assert (ran.exit_code, ran.stdout, out.exists()) == (1, "", False)
    assert sentence in ran.stderr


def test_an_unknown_format_is_wrong_usage(tmp_path):
    assert run("instrument", "export", "odk", "phq2", "--out", tmp_path / "f").exit_code == 2


def test_texts_are_loaded_for_the_house_that_is_licensed_and_forgotten_again(house, tmp_path):
    ran = run("instrument", "load", deck(tmp_path), "--folder", house, "--json")

    assert ran.exit_code == 0, ran.output
    assert json.loads(ran.stdout) == {"instrument": "attachment_qsort.v1", "texts": 90, "member": "Ada"}
    assert texts(house, "Ada")["90"] == texts(house, "Ravi")["90"] == f"{SECRET} 90"
    assert SECRET not in ran.output

    assert run("instrument", "forget", "attachment_qsort", "--folder", house).exit_code == 0
    assert texts(house, "Ada") == {}
    again = run("instrument", "forget", "attachment_qsort", "--folder", house)
    assert (again.exit_code, again.stdout) == (1, "")


def test_the_owner_can_be_named_and_has_to_be_there(house, tmp_path):
    file = deck(tmp_path)

    assert run("instrument", "load", file, "--folder", house, "--member", "Noor").exit_code == 0
    assert texts(house, "Noor") and texts(house, "Ada") == {}
    ran = run("instrument", "load", file, "--folder", house, "--member", "Nobody")
    assert ran.exit_code == 1
    assert 'member: found "Nobody"; needed one of: ' in ran.stderr


def test_the_name_of_the_file_or_the_option_says_for_which_instrument(house, tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text("item,text\ngiven_structuring,Invented\n", encoding="utf-8")
    unnamed = run("instrument", "load", mine, "--folder", house)

    assert unnamed.exit_code == 1 and 'there is no instrument "mine"' in unnamed.stderr
    named = run("instrument", "load", mine, "--instrument", "emotional_availability", "--folder", house)
    assert named.exit_code == 0, named.output
    assert texts(house, "Ada", "emotional_availability") == {"given_structuring": "Invented"}


def test_a_deck_with_faults_is_refused_as_a_whole(house, tmp_path):
    bad = deck(tmp_path, n=89)
    ran = run("instrument", "load", bad, "--folder", house, "--member", "Ravi")

    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "attachment_qsort.csv: found no card 90; needed the text of every card." in ran.stderr
    assert SECRET not in ran.stderr
    assert texts(house, "Ravi") == {}


def test_without_a_database_nothing_is_made(tmp_path):
    ran = run("instrument", "load", deck(tmp_path), "--folder", tmp_path / "nowhere")

    assert ran.exit_code == 1 and "needed one that was started at least once" in ran.stderr
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("form", ["xlsform", "redcap", "fhir"])
def test_no_licensed_text_is_in_an_exported_form(house, tmp_path, form):
    mine = tmp_path / "phq2.csv"
    mine.write_text(f"item,text\ninterest,{SECRET}\n", encoding="utf-8")
    assert run("instrument", "load", mine, "--folder", house).exit_code == 0
    out = tmp_path / "form"
    assert run("instrument", "export", form, "phq2", "--out", out).exit_code == 0

    content = out.read_bytes()
    if form == "xlsform":
        content = b"".join(zipfile.ZipFile(out).read(name) for name in zipfile.ZipFile(out).namelist())
    assert b"Little interest" in content and b"Wombat" not in content


# --- score ------------------------------------------------------------------------------------------------


def sort(folder: Path, piles: str, name: str) -> Path:
    path = folder / name
    lines = "".join(f"{card},{pile}\n" for card, pile in enumerate(piles, start=1))
    path.write_text(f"item,pile\n{lines}", encoding="utf-8")
    return path


def test_score_prints_just_the_correlations_and_tells_their_context_beside(tmp_path):
    ran = run("score", "attachment_qsort", sort(tmp_path, T13, "s.csv"), "--json")

    document = json.loads(ran.stdout)
    assert set(document) == {"instrument", "correlations"}
    assert {name: round(r, 3) for name, r in document["correlations"].items()} == {
        "security": -0.060,
        "dependency": -0.019,
    }
    assert "lie within 0.21 of 0; the best of all sorts: security 0.993, dependency 0.961" in ran.stderr


def test_two_sorters_are_scored_with_their_agreement_and_their_mean(tmp_path):
    best = sorted(range(90), key=lambda card: load_sort("attachment_qsort").criteria["security"][card])
    piles = [0] * 90
    for place, card in enumerate(best):
        piles[card] = place // 10 + 1
    first, second = sort(tmp_path, T13, "a.csv"), sort(tmp_path, "".join(map(str, piles)), "b.csv")
    document = json.loads(run("score", "attachment_qsort", first, "--second", second, "--json").stdout)

    assert round(document["second"]["security"], 3) == 0.993
    assert -0.3 < document["agreement"] < 0.3
    low, high = sorted((document["correlations"]["security"], document["second"]["security"]))
    assert low < document["mean"]["security"] < high


def test_a_sort_with_faults_is_refused_by_line(tmp_path):
    ran = run("score", "attachment_qsort", sort(tmp_path, f"0{T13[1:]}", "s.csv"))

    assert (ran.exit_code, ran.stdout) == (1, "")
    assert 's.csv, line 2, pile: found "0"; needed a pile from 1 to 9.' in ran.stderr
    assert "found 9 cards in pile 4; needed 10 cards in pile 4" in ran.stderr


def test_only_a_sort_can_be_scored(tmp_path):
    ran = run("score", "phq2", sort(tmp_path, T13, "s.csv"))

    assert ran.exit_code == 1 and "the known ones are: attachment_qsort.v1" in ran.stderr

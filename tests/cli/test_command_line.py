"""The command line as another program sees it: standard output, standard error and exit codes."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
ESTIMATE = {"index", "measure", "cue_class", "value", "low", "high", "unit", "n", "method", "gate", "source"}
EPISODE = (
    "session,cue_code,cue_class,onset_s,offset_s,answered,response_code,latency_s,followed_s,window_seen,"
    "already_engaged,self_settled"
)


def caregiving(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "caregiving", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def steady() -> tuple[Path, Path]:
    return ROOT / "sample_data" / "steady_events.csv", ROOT / "sample_data" / "steady_windows.csv"


def test_analyze_prints_one_json_document_with_the_contracts_keys(steady, tmp_path):
    events, windows = steady
    out = tmp_path / "episodes.csv"
    ran = caregiving(
        "analyze", events, "--windows", windows, "--instrument", "home_moments", "--episodes", out, "--json"
    )
    document = json.loads(ran.stdout)

    assert ran.returncode == 0, ran.stderr
    assert set(document) == {"instrument", "windows", "estimates"}
    assert set(document["instrument"]) == {"id", "version", "digest"}
    assert document["windows"]["n"] == 42
    assert all(set(one) == ESTIMATE for one in document["estimates"])
    assert out.read_text().splitlines()[0] == EPISODE


def test_a_withheld_value_is_null_with_its_sentence_and_ungated_prints_it_beside_the_sentence(steady):
    events, windows = steady
    words = (
        "analyze",
        events,
        "--windows",
        windows,
        "--instrument",
        "home_moments",
        "--index",
        "latency",
        "--json",
    )
    withheld = [
        e for e in json.loads(caregiving(*words).stdout)["estimates"] if e["cue_class"] == "disengage"
    ]
    shown = [
        e
        for e in json.loads(caregiving(*words, "--ungated").stdout)["estimates"]
        if e["cue_class"] == "disengage"
    ]

    assert [e["value"] for e in withheld] == [None, None]
    assert withheld[0]["gate"] == "needs 11 more cues (19 of 30)"
    assert all(e["value"] is not None and e["gate"] for e in shown)


def test_the_same_seed_gives_the_same_document(steady):
    events, windows = steady
    words = (
        "analyze",
        events,
        "--windows",
        windows,
        "--instrument",
        "home_moments",
        "--index",
        "latency",
        "--json",
    )

    assert caregiving(*words, "--seed", 3).stdout == caregiving(*words, "--seed", 3).stdout


def test_a_person_gets_a_table_without_json(steady):
    ran = caregiving(
        "analyze", steady[0], "--windows", steady[1], "--instrument", "home_moments", "--index", "latency"
    )

    assert "18.73 h watched, 338 cues" in ran.stdout
    assert "needs 11 more cues (19 of 30)" in ran.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--instrument", "guesswork"], 'there is no instrument "guesswork"; the known ones are: '),
        (
            ["--instrument", "home_moments", "--index", "love"],
            'there is no index "love"; the known ones are: ',
        ),
        (["--instrument", "free_play"], "a code of free_play.v1"),
    ],
)
def test_refused_input_ends_with_exit_code_one_and_a_sentence(steady, words, sentence):
    ran = caregiving("analyze", steady[0], *words, "--json")

    assert ran.returncode == 1
    assert ran.stdout == ""
    assert sentence in ran.stderr


def test_wrong_usage_ends_with_exit_code_two(steady):
    assert caregiving("analyze", steady[0], "--instrument", "home_moments", "--loudly").returncode == 2
    assert caregiving("analyse").returncode == 2


def test_refused_input_leaves_no_episodes_file_behind(tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("session,actor,code,onset_s,offset_s\na,infant,cry,9,4\n")
    ran = caregiving("analyze", bad, "--instrument", "home_moments", "--episodes", tmp_path / "out.csv")

    assert (ran.returncode, (tmp_path / "out.csv").exists()) == (1, False)


def test_import_refuses_the_whole_when_one_line_is_bad_and_writes_nothing(tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("segtype,startsec,endsec\nCHNSP,0,1\n")
    bad.write_text("segtype,startsec,endsec\nCHNSP,1,0\n")
    ran = caregiving("import", "lena_segments", good, bad, "--out", tmp_path / "out.csv")

    assert (ran.returncode, (tmp_path / "out.csv").exists()) == (1, False)
    assert "bad.csv, line 2, endsec" in ran.stderr


@pytest.mark.parametrize("name", ["0300_000607", "0344_000913"])
def test_the_main_job_on_a_real_home_recording_takes_seconds(fixtures, tmp_path, name, measured):
    source = fixtures / "warlaumont" / f"{name}_segments.csv"
    expected = json.loads((fixtures / "expected_values.json").read_text())["warlaumont"]["recordings"][name]
    events, windows = tmp_path / "events.csv", tmp_path / "windows.csv"
    begun = time.perf_counter()
    imported = caregiving(
        "import", "lena_segments", source, "--out", events, "--windows-out", windows, "--json"
    )
    ran = caregiving(
        "analyze", events, "--windows", windows, "--instrument", "free_play", "--ungated", "--json"
    )
    took = time.perf_counter() - begun
    receipt, document = json.loads(imported.stdout), json.loads(ran.stdout)

    assert receipt["events"]["vocalise"] == expected["child_segments"]
    assert receipt["events"]["speech"] == expected["adult_segments"]
    assert receipt["read"] == receipt["stored"] + sum(receipt["skipped"].values())
    within = next(
        e
        for e in document["estimates"]
        if (e["index"], e["measure"], e["cue_class"]) == ("responsiveness", "within_5s", "social")
    )
    assert within["n"] == expected["child_segments"]
    assert 0 < within["value"] < 1
    measured(f"{name}: import and analyze took {took:.1f} s together (bar 5 s)")


def test_check_names_every_fault_of_an_instrument_with_its_line(tmp_path):
    text = (ROOT / "observation_schemas" / "home_moments.v1.yaml").read_text(encoding="utf-8")
    faulty = tmp_path / "mine.v1.yaml"
    faulty.write_text(
        text.replace("{code: cry, ", "{code: Cry!, ")
        .replace("attribution: earliest_unanswered", "attribution: guess")
        .replace("title:", "titel:"),
        encoding="utf-8",
    )
    line = 1 + text.splitlines().index("attribution: earliest_unanswered")
    ran = caregiving("check", faulty)

    assert ran.returncode == 1
    assert 'behaviours[0].code: found "Cry!"; needed lower-case letters, digits and underscores' in ran.stderr
    assert f'line {line}, attribution: found "guess"' in ran.stderr
    assert 'titel: found an unknown key "titel"' in ran.stderr


def test_check_is_content_with_the_shelf():
    ran = caregiving("check", "--json")

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["faults"] == []


def test_the_small_csv_files_are_what_make_writes(tmp_path):
    subprocess.run([sys.executable, "-m", "sample_data.make", str(tmp_path)], cwd=ROOT, check=True)
    for path in tmp_path.glob("*.csv"):
        pd.testing.assert_frame_equal(pd.read_csv(path), pd.read_csv(ROOT / "sample_data" / path.name))
    assert len(list(tmp_path.glob("*.csv"))) == 4

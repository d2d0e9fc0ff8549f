"""The plain events and windows files: what is read, and what is refused with its line."""

from pathlib import Path

import pytest

from caregiving.faults import Refused
from caregiving.imports.coded_events import read_events, read_windows, whole_sessions
from caregiving.instruments import load

HEAD = "session,actor,code,onset_s,offset_s\n"
HOME = load("home_moments")


def file(folder: Path, text: str, name: str = "visit.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path, **options: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        read_events(path, **options)
    return [str(fault) for fault in refused.value.faults]


def test_an_events_file_is_read_with_points_and_states(tmp_path):
    events = read_events(file(tmp_path, HEAD + "a,infant,cry,1.5,\na,caregiver,in_arms,2,9\n"), HOME)

    assert events["onset_s"].tolist() == [1.5, 2.0]
    assert events["offset_s"].isna().tolist() == [True, False]


def test_a_file_of_a_spreadsheet_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "excel.csv"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + "a,infant,cry,1,\n").encode())

    assert len(read_events(path, HOME)) == 1


def test_every_fault_of_a_file_is_told_at_once_with_its_line(tmp_path):
    text = (
        HEAD + "a,infant,yell,1,\na,infant,cry,soon,\na,infant,cry,9,4\na,caregiver,cry,3,\n,infant,cry,-2,\n"
    )

    told = refusal(file(tmp_path, text), instrument=HOME)

    assert told[0].startswith('visit.csv, line 3, onset_s: found "soon"; needed a number of seconds')
    assert 'visit.csv, line 6, onset_s: found "-2"' in told[1]
    assert (
        "visit.csv, line 4, offset_s: found 4, which lies before the onset 9; needed an end at or after"
        in told[2]
    )
    assert any("visit.csv, line 6, session: found an empty cell" in fault for fault in told)
    assert any(
        'line 2, code: found "yell"; needed a code of home_moments.v1: cry, fuss' in fault for fault in told
    )
    assert any(
        'line 5, actor: found "caregiver" for the code "cry"; needed "infant"' in fault for fault in told
    )


def test_a_file_with_the_wrong_columns_says_which_were_found_and_which_are_needed(tmp_path):
    told = refusal(file(tmp_path, "time,who,what\n1,a,b\n"))

    assert told == [
        "visit.csv, line 1: found the columns time, who, what; needed the columns "
        "session, actor, code, onset_s, offset_s and, if wanted, child, caregiver, modifiers."
    ]


@pytest.mark.parametrize("text", ["", "\x00\x01", '"unclosed'], ids=["empty", "binary", "unclosed-quote"])
def test_a_file_that_is_no_table_is_refused_in_a_sentence(tmp_path, text):
    assert "visit.csv" in refusal(file(tmp_path, text))[0]


def test_a_missing_file_is_refused_in_a_sentence(tmp_path):
    assert "no file" in refusal(tmp_path / "nowhere.csv")[0]


def test_more_than_fifty_faults_are_counted_and_not_printed(tmp_path):
    told = refusal(file(tmp_path, HEAD + "a,infant,cry,x,\n" * 80 + "a,infant,cry,9,4\n" * 30))

    assert "more faults like these" in told[-1]
    assert len(told) == 51


def test_windows_carry_the_day_on_which_they_began(tmp_path):
    text = "session,start_s,end_s,started_at\na,0,600,2026-03-29T01:30:00+01:00\nb,0,60,\n"
    windows = read_windows(file(tmp_path, text))

    assert windows["day"].tolist()[0] == "2026-03-29"
    assert windows["day"].isna().tolist() == [False, True]


def windows_refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        read_windows(path)
    return str(refused.value)


def test_a_start_without_its_offset_is_refused_since_nobody_knows_when_it_was(tmp_path):
    text = "session,start_s,end_s,started_at\na,0,600,2026-03-29T01:30:00\n"

    assert "a time without its offset" in windows_refusal(file(tmp_path, text))
    assert '"yesterday"' in windows_refusal(file(tmp_path, text.replace("2026-03-29T01:30:00", "yesterday")))


def test_windows_that_overlap_are_refused_since_time_would_count_twice(tmp_path):
    told = windows_refusal(file(tmp_path, "session,start_s,end_s\na,0,600\nb,0,5\na,500,700\n"))

    assert "line 4, start_s: found 500, inside another window" in told


def test_without_a_windows_file_a_session_lasts_from_zero_to_its_last_event(tmp_path):
    events = read_events(
        file(tmp_path, HEAD + "a,infant,cry,5,\na,caregiver,in_arms,2,90\nb,infant,cry,7,\n"), HOME
    )

    assert whole_sessions(events)[["session", "start_s", "end_s"]].to_numpy().tolist() == [
        ["a", 0.0, 90.0],
        ["b", 0.0, 7.0],
    ]

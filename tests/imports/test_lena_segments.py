"""Segments of day-long home recordings, made-up ones and two real ones."""

import json

import pytest

from caregiving.faults import Refused
from caregiving.imports.lena_segments import read


def test_sounds_become_events_and_everything_else_is_counted(tmp_path):
    path = tmp_path / "day.csv"
    path.write_text("segtype,startsec,endsec\nSIL,0,2\nCHNSP,2,3.5\nFAN,4,5\nMAN,6,7\nCHNNSP,8,9\nTVN,9,12\n")
    recording = read(path)

    assert recording.events["code"].tolist() == ["vocalise", "speech", "speech", "nonspeech"]
    assert recording.windows[["session", "start_s", "end_s"]].to_numpy().tolist() == [["day", 0.0, 12.0]]
    assert recording.skipped == {"SIL": 1, "TVN": 1}
    assert recording.n_lines == len(recording.events) + sum(recording.skipped.values())


def test_a_segment_that_ends_before_it_starts_is_refused_with_its_line(tmp_path):
    path = tmp_path / "day.csv"
    path.write_text("segtype,startsec,endsec\nCHNSP,5,3\nFAN,x,9\n")
    with pytest.raises(Refused) as refused:
        read(path)

    assert "day.csv, line 3, startsec" in str(refused.value)
    assert "day.csv, line 2, endsec: found 3, which lies before the start 5" in str(refused.value)


@pytest.mark.parametrize("name", ["0300_000607", "0344_000913"])
def test_a_real_recording_gives_the_published_counts(fixtures, name):
    expected = json.loads((fixtures / "expected_values.json").read_text())["warlaumont"]["recordings"][name]
    recording = read(fixtures / "warlaumont" / f"{name}_segments.csv")
    counts = recording.events["code"].value_counts()

    assert counts["vocalise"] == expected["child_segments"]
    assert counts["speech"] == expected["adult_segments"]
    assert recording.n_lines == expected["segments"]

"""A procedure keeps what a certified coder recorded, as it was recorded. The program gives no class."""

import math
from pathlib import Path

import pytest
import yaml

from caregiving.faults import Refused
from caregiving.instruments import load_form, load_procedure, load_rating, read, shelf
from caregiving.instruments.procedure import ProcedureInstrument

SMALL = """\
id: meeting
version: 1
title: A meeting in three parts
kind: procedure
licence: CC0-1.0
audience: observers
sharing: ask
source: event_grammar
episodes:
  - {number: 1, label: Alone, duration_s: {value: 60, source: event_grammar}}
  - {number: 2, label: Together, duration_s: {value: 180, source: event_grammar}}
timing:
  - {code: longer, label: Together goes on as long as it is wanted., source: event_grammar}
occasions:
  - {code: first, label: at first}
  - {code: later, label: later on}
scales:
  - {code: near, label: How near, coded_in: [first, later], source: event_grammar}
  - {code: lively, label: How lively, scale: {start: 1, end: 9}, source: event_grammar}
not_coded: {code: not_coded, label: Not coded}
classes:
  label: Class
  source: event_grammar
  choices: [{code: a, label: A}, {code: b, label: B}]
  unclear: {code: cannot_classify, label: Cannot classify}
items:
  - {code: certificate, kind: text, label: Certificate, required: true}
needs:
  certified_when: "${certificate} != ''"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "meeting.v1.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def meeting(tmp_path: Path) -> ProcedureInstrument:
    found = read(written(tmp_path, SMALL))
    assert isinstance(found, ProcedureInstrument)
    return found


def test_a_scale_is_asked_once_for_each_part_that_it_is_coded_in(meeting):
    form = meeting.as_form()

    assert [item.code for item in form.items] == [
        "given_near_first", "given_near_later", "given_lively", "class_given", "certificate",
    ]  # fmt: skip
    assert [item.label for item in form.items][:3] == [
        "How near, at first",
        "How near, later on",
        "How lively",
    ]


def test_figures_and_class_are_kept_as_they_were_given(meeting):
    found = meeting.score({"given_near_first": 4.5, "given_lively": 7, "class_given": "b"})

    assert (found["near_first"], found["lively"], found["class_b"]) == (4.5, 7.0, 1.0)
    assert math.isnan(found["near_later"]) and "class_a" not in found


def test_cannot_classify_is_kept_and_is_no_missing_class(meeting):
    found = meeting.score({"class_given": "cannot_classify"})

    assert {name: value for name, value in found.items() if not math.isnan(value)} == {
        "class_cannot_classify": 1.0
    }


def test_a_scale_that_was_not_coded_has_no_figure(meeting):
    answers = {"given_near_first": "not_coded", "given_lively": "not_coded", "certificate": "2024"}

    assert meeting.trouble(answers) == []
    assert all(math.isnan(value) for value in meeting.score(answers).values())


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "“Certificate” is still open."),
        ({"certificate": "x", "given_lively": 10}, "“How lively” cannot be answered in that way."),
        ({"certificate": "x", "class_given": "secure"}, "“Class” cannot be answered in that way."),
        ({"certificate": "x", "class_a": 1}, "There is no question “class_a” in this form."),
    ],
)
def test_what_does_not_fit_is_told_in_one_sentence(meeting, answers, sentence):
    assert meeting.trouble(answers) == [sentence]


FAULTS = [
    ("number: 2", "number: 3", 'episodes[1].number: found "3"; needed 2, since they are told in order'),
    ("coded_in: [first, later]", "coded_in: [last]", 'line 18, scales[0].coded_in[0]: found "last"'),
    ("code: lively", "code: near", 'line 19, scales[1].code: found "near" a second time'),
    ("code: later,", "code: first,", 'occasions[1].code: found "first" a second time'),
    ("code: certificate", "code: class_given", 'items[0].code: found "class_given" a second time'),
    ("${certificate} != ''", "${trained} != ''", 'needs.certified_when: found "${trained}"'),
    ("not_coded: {code: not_coded, label: Not coded}\n", "", "not_coded: found nothing"),
    ("{value: 60, source: event_grammar}", "60", "episodes[0].duration_s: found"),
    ("start: 1, end: 9", "start: 9, end: 1", "needed an end above the start"),
    ("code: near", f"code: n{'e' * 33}", "needed shorter codes"),
]


@pytest.mark.parametrize(("was", "now", "sentence"), FAULTS, ids=[now[:30] for _was, now, _s in FAULTS])
def test_a_faulty_procedure_is_refused_with_place_and_need(tmp_path, was, now, sentence):
    assert was in SMALL
    with pytest.raises(Refused) as refused:
        read(written(tmp_path, SMALL.replace(was, now)))

    assert sentence in str(refused.value), str(refused.value)


def test_all_faults_of_a_procedure_are_told_at_once(tmp_path):
    text = SMALL.replace("number: 2", "number: 3").replace("title: A", "titel: A")
    with pytest.raises(Refused) as refused:
        read(written(tmp_path, text))

    assert len(refused.value.faults) == 3, str(refused.value)


# --- the record that comes with the program ---------------------------------------------------------------


def test_the_strange_situation_has_eight_episodes_about_a_minute_and_seven_times_three():
    seconds = [one.duration_s.value for one in load_procedure("strange_situation").episodes]

    assert seconds == [60, *[3 * 60] * 7]


def test_the_strange_situation_shows_nothing_that_is_not_verified():
    record = load_procedure("strange_situation")
    interactive = [scale for scale in record.scales if scale.coded_in]

    assert [one.label for one in record.episodes] == [f"Episode {number}" for number in range(1, 9)]
    assert len(interactive) == 4 and all(len(scale.coded_in) == 2 for scale in interactive)
    assert all(scale.scale is None for scale in interactive), "their range is not verified"
    for spoken in (yaml.safe_dump(record.model_dump(mode="json")), record.as_form().model_dump_json()):
        assert not {"secure", "insecure", "avoidant", "normal"} & set(spoken.lower().split())


def test_only_a_record_from_video_by_a_certified_coder_counts_as_certified():
    needs = load_procedure("strange_situation").needs

    assert needs.certified({"certificate": "Minnesota 2019", "from_video": "yes"})
    assert not needs.certified({"certificate": "Minnesota 2019", "from_video": "no"})
    assert not needs.certified({"from_video": "yes"})
    assert needs.lacking({"from_video": "yes"}) == [
        "Kept, and not shown as a figure: it takes a trained, certified rater."
    ]


def test_every_form_whose_answers_are_kept_is_found_by_one_loader():
    for kind in ("rating", "sort", "procedure"):
        for name in shelf(kind):
            form = load_form(name)
            assert form.name == name and set(form.rated_as) <= {"self", "observer"}
    with pytest.raises(LookupError, match=r"known ones are: .*attachment_qsort\.v1, strange_situation\.v1"):
        load_form("home_moments")


def test_six_numbers_of_emotional_availability_have_no_range_and_no_sum():
    form = load_rating("emotional_availability")

    assert len(form.scores) == 6
    assert all(score.how == "value" and score.range is None for score in form.scores)
    assert form.score({"given_structuring": 5.5})["structuring"] == 5.5


@pytest.mark.parametrize(
    ("minutes", "training", "n_lacking"),
    [
        (25, "certified", 0),
        (20, "certified", 0),
        (19, "certified", 1),
        (60, "in_training", 1),
        (5, "untrained", 2),
    ],
)
def test_a_sensitivity_rating_says_what_keeps_it_from_being_shown(minutes, training, n_lacking):
    form = load_rating("sensitivity_rating")
    answers = {"on_the_whole": 6, "training": training, "observed_minutes": minutes}

    assert form.trouble(answers) == []
    assert len(form.needs.lacking(answers)) == n_lacking
    assert form.needs.observed_min(answers) == minutes
    assert form.needs.certified(answers) == (training == "certified")


def test_minutes_that_are_missing_are_told_in_minutes():
    lacking = load_rating("sensitivity_rating").needs.lacking(
        {"training": "certified", "observed_minutes": 19}
    )

    assert lacking == ["Kept, and not shown as a figure: 1 more minute of observing would be needed."]


def test_not_rateable_is_an_answer_and_gives_no_figure():
    form = load_rating("sensitivity_rating")
    answers = {"on_the_whole": "not_rateable", "training": "certified", "observed_minutes": 30}

    assert form.trouble(answers) == []
    assert math.isnan(form.score(answers)["sensitivity"])

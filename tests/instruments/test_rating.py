"""A form asks what is relevant, says what does not fit, and scores only what was answered."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.faults import Refused
from caregiving.instruments import UnknownInstrument, load, load_rating, read, shelf
from caregiving.instruments.rating import RatingInstrument

FORM = """\
id: evening
version: 1
title: The evening
kind: rating
licence: CC0-1.0
audience: observers
about: observer
sharing: ask
source: product_check_in
items:
  - {code: intro, kind: note, label: About the last hour}
  - code: fed
    kind: choice
    label: Was there a feed?
    required: true
    choices: [{code: "yes", label: "Yes", value: 1}, {code: "no", label: "No", value: 0}]
    missing: [{code: not_seen, label: Not seen}]
  - code: calm
    kind: scale
    label: How calm was it?
    scale: {start: 1, end: 7, anchors: {1: stormy, 7: calm}}
  - code: minutes
    kind: number
    label: Minutes of feeding
    relevant: "${fed} = 'yes'"
    constraint: ". > 0 and . <= 90"
    constraint_message: A feed takes up to 90 minutes.
  - {code: remarks, kind: text, label: Remarks, relevant: "${minutes} > 60 or ${calm} <= 2"}
scores:
  - {name: both, label: Both, items: [fed, calm], how: sum, minimum: 2, range: [1, 8], source: event_grammar}
  - {name: middle, label: Half, items: [fed, calm], how: mean, minimum: 1, range: [0, 7], source: lena_turn}
opens:
  - {pattern: stormy, when: "${both} <= 3 and not(${fed} = 'not_seen')", source: product_check_in}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "evening.v1.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def form(tmp_path: Path) -> RatingInstrument:
    found = read(written(tmp_path, FORM))
    assert isinstance(found, RatingInstrument)
    return found


def asked(form: RatingInstrument, **answers: object) -> list[str]:
    return [item.code for item in form.asked(answers)]


def test_a_question_is_asked_when_the_answers_before_it_make_it_relevant(form):
    assert asked(form) == ["intro", "fed", "calm"]
    assert asked(form, fed="yes") == ["intro", "fed", "calm", "minutes"]
    assert asked(form, fed="yes", minutes=61) == ["intro", "fed", "calm", "minutes", "remarks"]
    assert asked(form, fed="no", minutes=61) == ["intro", "fed", "calm"]


def test_an_answer_to_what_is_no_longer_asked_counts_as_not_given(form):
    assert form.answered({"fed": "no", "minutes": 30, "calm": 5}) == {"fed": "no", "calm": 5}


def test_left_open_on_purpose_is_an_answer_and_unanswered_is_none(form):
    assert form.answered({"fed": "not_seen"}) == {"fed": "not_seen"}
    assert form.answered({"fed": None, "remarks": ""}) == {}
    assert form.trouble({"fed": "not_seen"}) == []
    assert form.trouble({}) == ["“Was there a feed?” is still open."]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"fed": "perhaps"}, "“Was there a feed?” cannot be answered in that way."),
        ({"fed": "no", "calm": 8}, "“How calm was it?” cannot be answered in that way."),
        ({"fed": "no", "calm": 2.5}, "“How calm was it?” cannot be answered in that way."),
        ({"fed": "no", "calm": "calm"}, "“How calm was it?” cannot be answered in that way."),
        ({"fed": "yes", "minutes": 91}, "A feed takes up to 90 minutes."),
        ({"fed": "yes", "minutes": math.inf}, "“Minutes of feeding” cannot be answered in that way."),
        ({"fed": "yes", "minutes": 61, "remarks": "x" * 2001}, "“Remarks” cannot be answered in that way."),
        ({"fed": "no", "intro": "hm"}, "There is no question “intro” in this form."),
        ({"fed": "no", "mood": 3}, "There is no question “mood” in this form."),
    ],
)
def test_what_does_not_fit_is_told_in_one_sentence(form, answers, sentence):
    assert form.trouble(answers) == [sentence]


def test_a_score_needs_its_minimum_and_a_mean_is_over_what_was_answered(form):
    assert form.score({"fed": "yes", "calm": 6}) == {"both": 1 + 6, "middle": (1 + 6) / 2}
    alone = form.score({"fed": "not_seen", "calm": 6})
    assert math.isnan(alone["both"]) and alone["middle"] == 6 / 1
    assert all(math.isnan(value) for value in form.score({"fed": "not_seen"}).values())


def test_a_score_that_could_not_be_made_opens_nothing(form):
    assert form.opened({"fed": "no", "calm": 3}) == {"stormy"}
    assert form.opened({"fed": "not_seen", "calm": 1}) == frozenset()


def test_an_answer_is_told_in_the_words_of_the_form(form):
    fed, calm = form.items[1], form.items[2]

    assert (fed.said("not_seen"), calm.said(7), calm.said(4)) == ("Not seen", "7 (calm)", "4")


FAULTS = [
    ("kind: rating", "kind: poem", 'line 4, kind: found "poem"; needed one of: coding, rating'),
    ("source: product_check_in\nitems", "source: nobody\nitems", 'found "nobody"; needed a source key'),
    ("code: fed\n", "code: intro\n", 'line 12, items[1].code: found "intro" a second time'),
    (
        "${fed} = 'yes'",
        "${feed} = 'yes'",
        'items[3].relevant: found "${feed}"; needed a question that stands',
    ),
    ("${fed} = 'yes'", "${minutes} > 1", 'items[3].relevant: found "${minutes}"'),
    ("${fed} = 'yes'", "${intro} = 'yes'", 'items[3].relevant: found "${intro}"'),
    (
        "${fed} = 'yes'",
        "${fed} = 'maybe'",
        'found "maybe"; needed a choice of fed, one of: yes, no, not_seen',
    ),
    ("${fed} = 'yes'", "${fed} > 0", 'found ">" beside a choice'),
    ("${fed} = 'yes'", "${fed} = ", "items[3].relevant: found the end at character 9"),
    (". > 0 and . <= 90", ". > 0 and", "items[3].constraint: found the end"),
    ("    constraint_message: A feed takes up to 90 minutes.\n", "", "a constraint together with its"),
    ("scale: {start: 1, end: 7,", "scale: {start: 7, end: 7,", "needed an end above the start"),
    ("anchors: {1: stormy, 7: calm}", "anchors: {0: stormy}", "anchors that stand on steps"),
    ("kind: scale\n", "kind: number\n", "needed a scale on an item of kind scale"),
    (
        "items: [fed, calm], how: sum",
        "items: [fed, minutes], how: sum",
        'found "minutes"; needed a scale, or',
    ),
    ("items: [fed, calm], how: sum", "items: [fed, mood], how: sum", 'scores[0].items[1]: found "mood"'),
    ("how: sum, minimum: 2", "how: sum, minimum: 1", "needed 2, for a sum needs every item"),
    ("how: mean, minimum: 1", "how: mean, minimum: 3", "needed at most 2"),
    ("range: [1, 8]", "range: [0, 8]", "found [0, 8]; needed 1 to 8, which is what the items allow"),
    ("name: both", "name: calm", "needed a name that no question has"),
    ("name: middle", "name: both", 'line 31, scores[1].name: found "both" a second time'),
    ("${both} <= 3", "${all} <= 3", 'opens[0].when: found "${all}"'),
    ("label: Remarks", "label: Remarks, colour: red", 'an unknown key "colour"'),
]


@pytest.mark.parametrize(("was", "now", "sentence"), FAULTS, ids=[now[:40] for _was, now, _s in FAULTS])
def test_a_faulty_form_is_refused_with_place_and_need(tmp_path, was, now, sentence):
    assert was in FORM
    with pytest.raises(Refused) as refused:
        read(written(tmp_path, FORM.replace(was, now)))

    assert sentence in str(refused.value), str(refused.value)


def test_all_faults_of_a_form_are_told_at_once_in_the_order_of_their_lines(tmp_path):
    text = FORM
    for was, now in (
        ("title: The evening", "title: ''"),
        ("${fed} = 'yes'", "${feed} = 'yes'"),
        (". <= 90", ". <= "),
        ("range: [0, 7]", "range: [0, 9]"),
    ):
        text = text.replace(was, now)
    with pytest.raises(Refused) as refused:
        read(written(tmp_path, text))

    places = [fault.place for fault in refused.value.faults]
    assert places == [
        "evening.v1.yaml, line 3, title",
        "evening.v1.yaml, line 25, items[3].relevant",
        "evening.v1.yaml, line 26, items[3].constraint",
        "evening.v1.yaml, line 31, scores[1].range",
    ]


def test_a_form_made_in_code_is_checked_like_a_file(form):
    content = form.model_dump(mode="json")
    content["items"][3]["relevant"] = "${feed} = 'yes'"

    with pytest.raises(ValueError, match="a question that stands further up"):
        RatingInstrument.model_validate(content)


def test_each_loader_gives_its_own_kind_and_names_those_there_are():
    with pytest.raises(UnknownInstrument, match=r"known ones are: .*home_moments\.v1"):
        load("phq2")
    with pytest.raises(UnknownInstrument, match=r"known ones are: .*phq2\.v1"):
        load_rating("home_moments")
    assert not set(shelf("coding")) & set(shelf("rating"))
    assert set(shelf("coding")) | set(shelf("rating")) <= set(shelf())


# --- the forms that come with the program ---------------------------------------------------------------

PHQ2 = ("not_at_all", "several_days", "more_than_half", "nearly_every_day")


@pytest.mark.parametrize("first", range(4))
@pytest.mark.parametrize("second", range(4))
def test_the_two_questions_sum_and_open_at_two_and_three(first, second):
    answers = {"interest": PHQ2[first], "mood": PHQ2[second]}
    wanted = {f"phq2_{cut}" for cut in (2, 3) if first + second >= cut}

    assert load_rating("phq2").score(answers) == {"phq2": first + second}
    assert load_rating("phq2").opened(answers) == wanted


@pytest.mark.parametrize("item", ["interest", "mood"])
@pytest.mark.parametrize("other", [None, "prefer_not_to_say"])
@pytest.mark.parametrize("answer", range(4))
def test_one_answer_alone_gives_no_sum_but_opens_what_no_other_answer_could_close(item, other, answer):
    both = {"interest": other, "mood": other} | {item: PHQ2[answer]}

    assert math.isnan(load_rating("phq2").score(both)["phq2"])
    assert load_rating("phq2").opened(both) == {f"phq2_{cut}" for cut in (2, 3) if answer >= cut}


def test_only_the_two_questions_of_their_form_are_here_with_the_line_of_their_owner():
    form = load_rating("phq2")

    assert [item.code for item in form.items if item.kind != "note"] == ["interest", "mood"]
    assert "No permission required to reproduce" in form.attribution
    assert form.sharing == "never"


@pytest.mark.parametrize(
    ("answers", "opened"),
    [
        ({"stress_now": 6, "support": "some", "could_call": "not_sure"}, set()),
        ({"stress_now": 7}, {"high_stress"}),
        ({"support": "little"}, {"low_support"}),
        ({"support": "none", "stress_now": 10}, {"low_support", "high_stress"}),
        ({"could_call": "no", "support": "as_much"}, {"low_support"}),
        ({}, set()),
    ],
)
def test_a_check_in_opens_guidance_by_the_words_of_its_own_answers(answers, opened):
    assert load_rating("weekly_check_in").opened(answers) == opened


def test_the_anchor_at_the_cut_for_stress_says_a_lot():
    scale = next(item.scale for item in load_rating("weekly_check_in").items if item.code == "stress_now")

    assert scale is not None and scale.anchors[7] == "a lot"


def test_the_four_on_evenness_give_a_mean_from_three_on():
    form = load_rating("consistency_self_report")
    three = {"as_planned": "mostly", "routines_kept": "half", "able_to_answer": "nearly_all"}

    assert form.score(three | {"others_alike": "nobody_else"}) == {"consistency_self_report": (3 + 2 + 4) / 3}
    assert math.isnan(
        form.score({"as_planned": "mostly", "routines_kept": "half"})["consistency_self_report"]
    )


@pytest.mark.parametrize("name", sorted(shelf("rating")))
@given(draw=st.data())
def test_answers_that_a_form_offers_never_trouble_it_and_scores_stay_in_their_range(name, draw):
    form = load_rating(name)
    given_answers = {}
    for item in form.items:
        offered = [c.code for c in (*item.choices, *item.missing)] + list(
            item.scale.steps() if item.scale else ()
        )
        if offered:
            given_answers[item.code] = draw.draw(st.sampled_from([None, *offered]), label=item.code)

    answered = form.answered(given_answers)
    still_open = [item for item in form.items if item.required and item.code not in answered]
    assert form.trouble(answered) == [f"“{item.label}” is still open." for item in still_open]
    for score in form.scores:
        value, limits = form.score(given_answers)[score.name], score.range or (-math.inf, math.inf)
        assert math.isnan(value) or limits[0] <= value <= limits[1]


def test_a_cue_without_its_class_is_told_with_its_line_too(tmp_path):
    text = (
        shelf()["home_moments.v1"]
        .read_text(encoding="utf-8")
        .replace("kind: cue, class: distress,", "kind: cue,")
    )
    path = tmp_path / "home_moments.v1.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=r"behaviours\[0\]: found something else; needed a class"):
        read(path)

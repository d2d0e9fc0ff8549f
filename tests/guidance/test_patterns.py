"""Each pattern that opens a card: when it is open, and when it is not."""

import ast
import inspect

import pytest

from caregiving.guidance import PATTERNS, UnknownPattern, _patterns, because, open_patterns
from caregiving.guidance._patterns import HANDED_IN, LOGGED
from tests.guidance.diary import cues, diary

QUIET = "0s start, 700s end"


def test_a_diary_without_cues_opens_nothing():
    assert open_patterns(diary(QUIET, QUIET, QUIET)) == ()


def test_who_may_not_see_a_report_still_has_what_was_said():
    assert open_patterns(None, {"low_support"}) == ("low_support",)


def test_safety_comes_before_what_was_said_and_that_before_the_weeks_and_the_log():
    nights = diary(QUIET, QUIET, QUIET, begins="10:00")

    assert open_patterns(nights, ["waits_grew", "high_stress", "phq2_2"]) == (
        "phq2_2",
        "high_stress",
        "waits_grew",
        "night_not_watched",
    )


def test_a_name_that_is_no_pattern_is_refused_with_the_known_ones():
    with pytest.raises(UnknownPattern, match=r"waits_doubled cannot .* lost_control"):
        open_patterns(None, {"waits_doubled"})


def test_what_only_the_log_can_open_cannot_be_handed_in():
    with pytest.raises(UnknownPattern, match="days_differ"):
        open_patterns(None, {"days_differ"})


def test_no_pattern_has_two_places_and_each_has_its_rule_and_its_reason():
    tree = ast.parse(inspect.getsource(_patterns))
    kinds = [part.body for part in tree.body if isinstance(part, ast.ClassDef) and "Enum" in ast.dump(part)]
    names = [[one.targets[0].id.lower() for one in body if isinstance(one, ast.Assign)] for body in kinds]
    rules = [
        [one for one in body if isinstance(one, ast.Expr)][1:] for body in kinds
    ]  # after the class's own

    assert len(PATTERNS) == len(set(PATTERNS)) == len(HANDED_IN) + len(LOGGED)
    assert [name for kind in names for name in kind] == list(HANDED_IN)
    assert [len(kind) for kind in rules] == [len(kind) for kind in names]
    assert all(rule.__doc__ for rule in LOGGED.values())
    assert all(because(name, "Juno") != because(None, "Juno") for name in PATTERNS)


def test_a_reason_calls_the_child_by_her_alias():
    assert "Juno turned away" in because("stimulation_after_turning_away", "Juno")


# --- more crying without an answer than with one -----------------------------------------------------


def test_crying_that_mostly_had_no_answer_opens_its_pattern():
    days = [cues("cry", 10, answered=2)] * 3  # 6 of 30

    assert "distress_often_unanswered" in open_patterns(diary(*days))


def test_crying_of_which_half_had_an_answer_does_not():
    days = [cues("cry", 10, answered=5)] * 3  # 15 of 30

    assert "distress_often_unanswered" not in open_patterns(diary(*days))


def test_nineteen_cries_are_too_few_to_open_anything():
    days = [cues("cry", 7, answered=0), cues("cry", 6, answered=0), cues("cry", 6, answered=0)]  # 0 of 19

    assert "distress_often_unanswered" not in open_patterns(diary(*days))
    assert "distress_often_unanswered" in open_patterns(diary(*days[:2], cues("cry", 7, answered=0)))


# --- the kind of cue with the fewest answers ---------------------------------------------------------


def together(**answered: int) -> str:
    """A day with ten cues of each of three kinds, 100 s apart by turns, some of each answered."""
    answers = {"cry": "pick_up", "reach": "play", "smile": "talk"}
    told = []
    for place, (code, by) in enumerate(answers.items()):
        for n in range(10):
            at = 100 + 600 * n + 200 * place
            told += [f"{at}s {code}"] + ([f"{at + 4}s {by}"] if n < answered[code] else [])
    return ", ".join(["0s start", *told, "6600s end"])


@pytest.mark.parametrize(("code", "name"), [("cry", "distress"), ("reach", "request"), ("smile", "social")])
def test_the_kind_with_clearly_fewest_answers_opens_its_own_pattern_alone(code, name):
    days = [together(**{"cry": n, "reach": n, "smile": n, code: 3}) for n in (9, 8, 10)]
    fewest = [one for one in open_patterns(diary(*days)) if one.startswith("fewest_answers")]

    assert fewest == [f"fewest_answers_{name}"]


def test_a_difference_that_chance_could_make_opens_nothing():
    days = [together(cry=n, reach=n, smile=n - 1) for n in (9, 8, 10)]  # 24 of 30 beside 27 of 30

    assert not [one for one in open_patterns(diary(*days)) if one.startswith("fewest_answers")]


def test_one_kind_alone_is_not_the_one_with_fewest():
    days = [cues("smile", 10, answered=1, by="talk")] * 3

    assert not [one for one in open_patterns(diary(*days)) if one.startswith("fewest_answers")]


# --- days, settling, persons, pauses, nights ---------------------------------------------------------


def test_days_that_are_all_or_nothing_differ_and_days_alike_do_not():
    everything, nothing, half = (cues("cry", 6, answered=n) for n in (6, 0, 3))

    assert "days_differ" in open_patterns(diary(*[everything, nothing] * 4))
    assert "days_differ" not in open_patterns(diary(*[half] * 8))


def test_days_that_differ_no_more_than_chance_could_make_them_open_nothing():
    report = diary(*[cues("cry", 6, answered=n) for n in (1, 5, 2, 4, 1, 5, 3, 3)])
    spread = report.find("consistency", "sd_true_pp", "all")

    assert spread.value > 0 == spread.low  # a guess above 0 whose interval holds 0
    assert "days_differ" not in open_patterns(report)


def test_six_days_are_too_few_to_tell_how_much_days_differ():
    everything, nothing = (cues("cry", 6, answered=n) for n in (6, 0))

    assert "days_differ" not in open_patterns(diary(*[everything, nothing] * 3))


def settling(alone: int, together: int) -> str:
    """A day of cries 300 s apart that settle after a minute, some by themselves and some when picked up."""
    told = []
    for n in range(1, alone + together + 1):
        told += [f"{300 * n}s cry", f"{300 * n + 60}s settled"]
        told += [f"{300 * n + 10}s pick_up"] if n > alone else []
    return ", ".join(["0s start", *told, f"{300 * (alone + together + 1)}s end"])


def test_crying_that_mostly_ended_by_itself_opens_its_pattern():
    assert "settled_alone_most" in open_patterns(diary(*[settling(alone=9, together=1)] * 3))


def test_crying_that_mostly_ended_with_somebody_there_does_not():
    assert "settled_alone_most" not in open_patterns(diary(*[settling(alone=1, together=9)] * 3))
    assert "settled_alone_most" not in open_patterns(diary(*[settling(alone=5, together=5)] * 3))


def test_answers_that_all_name_one_person_open_the_pattern_of_one():
    days = [cues("cry", 7, answered=7)] * 3  # 21 answers

    assert "one_person_answers" in open_patterns(diary(*days, caregiver="ada"))
    assert "one_person_answers" not in open_patterns(diary(*days))  # nobody was named
    assert "one_person_answers" not in open_patterns(diary(*days[:2], caregiver="ada"))  # 14 on 2 days


def test_a_single_answer_by_somebody_else_closes_the_pattern_of_one():
    report = diary(*[cues("cry", 7, answered=7)] * 3, caregiver="ada")
    report.episodes.loc[0, "responder"] = "ravi"

    assert "one_person_answers" not in open_patterns(report)


def test_play_right_after_turning_away_opens_the_card_on_pauses():
    assert "stimulation_after_turning_away" in open_patterns(
        diary("0s start, 10s turn_away, 14s play, 700s end")
    )


def test_a_pause_after_turning_away_and_play_much_later_do_not():
    assert "stimulation_after_turning_away" not in open_patterns(
        diary("0s start, 10s turn_away, 14s wait, 60s play, 700s end")
    )


def test_nothing_is_said_of_pauses_before_ten_minutes_were_watched():
    assert "stimulation_after_turning_away" not in open_patterns(
        diary("0s start, 10s turn_away, 14s play, 599s end")
    )


@pytest.mark.parametrize(
    ("begins", "watched_s", "open_then"),
    [
        ("10:00", 3600, True),
        ("06:00", 3600, True),
        ("05:59", 60, False),  # before the family's day begins at 6
        ("00:00", 60, False),
        ("23:30", 1800, True),  # ends at midnight
        ("23:30", 1801, False),  # one second of the night
    ],
)
def test_a_log_without_any_night_says_so(begins, watched_s, open_then):
    day = f"0s start, {watched_s}s end"

    assert ("night_not_watched" in open_patterns(diary(day, day, day, begins=begins))) is open_then


def test_two_days_are_too_few_to_miss_the_nights_and_undated_days_too():
    assert "night_not_watched" not in open_patterns(diary(QUIET, QUIET, begins="10:00"))
    assert "night_not_watched" not in open_patterns(diary(QUIET, QUIET, QUIET))

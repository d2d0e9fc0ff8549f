"""The facts for a consultation: every figure with its interval and n, every gap with its sentence."""

import math
from dataclasses import replace
from datetime import date
from uuid import UUID

import pandas as pd
import pytest

from caregiving.frames import RATINGS, conform
from caregiving.instruments import load_rating
from caregiving.ratings import Rating
from caregiving.sources import all_sources
from caregiving.summary import Part, Seen, Subject, Summary, part_names
from caregiving.summary._said import withheld
from tests.invented_summary import (
    DAYS,
    JUNO,
    everything_said,
    nothing_seen,
    report_of,
    seven_cries,
    summary,
    usual_seen,
    window_log,
)

NOBODY = UUID(int=0)
VERDICTS = (
    "insecure", "secure", "abnormal", "normal", "good", "bad", "poor", "worse", "better", "colic", "at risk",
    "disorder", "neglect", "failed", "failure", "excellent", "too much", "too little", "declined",
)  # fmt: skip


def part(one: Summary, key: str) -> Part:
    return next(found for found in one.parts if found.key == key)


def rows(one: Summary, key: str) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for table in part(one, key).tables for row in table.rows}


def test_a_share_stands_with_its_interval_and_the_cues_it_rests_on():
    value, interval, counted = rows(summary(), "answers")["Crying, fussing: answered within 180 s"]

    assert value == f"{100 * 14 / 21:.0f} %"
    low, high = (float(end.removesuffix(" %")) for end in interval.split(" to "))
    assert low < 100 * 14 / 21 < high
    assert counted == "21 cues"


def test_the_mean_wait_counts_an_unanswered_cue_as_the_time_it_was_followed():
    value, _interval, counted = rows(summary(), "answers")["Crying, fussing: mean wait up to 180 s"]

    assert value == f"{(14 * 10 + 7 * 180) / 21:.0f} s"
    assert counted == "21 cues"


def test_a_figure_that_may_not_be_shown_stands_as_its_sentence_and_has_no_number():
    assert rows(summary(), "answers")["Crying, fussing: median wait"] == ("Not shown yet: 21 of 30 cues.",)
    assert part(summary(), "evenness").said == ("Not shown yet: 3 of 7 days with 5 cues.",)
    assert rows(summary(), "crying")["Mean of the days logged in full"] == (
        "Not shown yet: 0 of 3 days logged in full.",
    )


def test_a_class_of_which_nothing_was_seen_says_so_and_is_not_zero():
    assert rows(summary(), "answers")["Smiles, looks, coos"] == ("none was seen in watched time",)


def test_who_watched_is_told_by_person_in_stretches_days_and_time():
    one = summary()

    assert rows(one, "watched") == {
        "Ada": ("2 stretches", "2 days", "1 h 10 min"),
        "Ravi": ("1 stretch", "1 day", "35 min"),
    }
    assert part(one, "watched").said[0].startswith("Watched in all: 1 h 45 min on 3 of 7 days, 21 cues.")


def test_a_stretch_with_only_some_cues_logged_is_named_and_counts_for_nobody():
    log = window_log((DAYS[0], "a", "all"), (DAYS[1], "a", "some"), (DAYS[2], "a", None))
    one = summary(replace(usual_seen(), windows=log))

    assert rows(one, "watched") == {"Ada": ("1 stretch", "1 day", "35 min")}
    assert part(one, "quality").said[0] == (
        "3 declared stretches: ended with “all cues logged” 1, “most” 0, “only some” 1 (left out), "
        "not ended yet 1."
    )


def test_a_discarded_visit_is_named_nowhere_a_paused_one_waits_and_a_second_coding_watches_nothing_twice():
    log = window_log((DAYS[0], "a", "all"), (DAYS[1], "n", "discarded"), (DAYS[1], "n", "paused"))
    again = window_log((DAYS[2], "i", "all")).assign(sitting="w8", codes_again="w0", id="w8")
    seen = replace(usual_seen(), windows=pd.concat([log, again], ignore_index=True))
    one = summary(seen)

    assert rows(one, "watched") == {"Ada": ("1 stretch", "1 day", "35 min")}
    assert part(one, "quality").said[0] == (
        "2 declared stretches: ended with “all cues logged” 1, “most” 0, “only some” 0 (left out), "
        "not ended yet 1."
    )


def test_silence_and_the_tap_that_says_no_answer_are_told_apart():
    told = "0s start, 0s cry, 300s cry, 320s none, 600s cry, 610s pick_up, 900s end"
    one = summary(replace(usual_seen(), report=report_of({DAYS[0]: told})))

    assert "2 cues had no answer: for 1 of them somebody tapped so, 0 passed" in " ".join(
        part(one, "quality").said
    )


def test_the_first_days_of_logging_are_named_only_when_they_are_among_these_days():
    assert "(2 Mar 2026 and 3 Mar 2026)" in " ".join(part(summary(), "quality").said)

    later = summary(replace(usual_seen(), first_days=("2025-12-24", "2025-12-25")))
    assert "first days" not in " ".join(part(later, "quality").said)


def test_the_share_is_also_told_for_the_case_that_cues_went_unlogged():
    said = " ".join(part(summary(), "quality").said)

    assert f"Of all cues {100 * 14 / 21:.0f} % had an answer in their window" in said
    assert f"it would be {100 * 14 / 21 * (1 - 0.2):.0f} %" in said


@pytest.mark.parametrize("key", [key for key in part_names() if key != "figures"])
def test_a_part_that_is_not_ticked_is_absent(key):
    whole = part_names()
    one = summary(parts=[name for name in whole if name != key])

    assert key not in [found.key for found in one.parts]
    assert whole[key] not in everything_said(one)


def test_nothing_ticked_leaves_the_heading_the_questions_and_the_method():
    one = summary(parts=[], questions="Is it reflux?")

    assert one.parts == ()
    assert one.questions == ("Is it reflux?",)
    assert one.foot.startswith("This describes logged moments. It is not a diagnosis.")


def test_a_family_without_any_log_gets_sentences_and_no_figure():
    one = summary(nothing_seen())

    assert part(one, "watched").said == ("Nobody watched in these days, so there is nothing to count from.",)
    assert [row[1:] for row in rows(one, "answers").items()] == [(("none was seen in watched time",),)] * 4
    assert "quality" not in [found.key for found in one.parts]
    assert "%" not in "".join(cell for found in one.parts for t in found.tables for r in t.rows for cell in r)


def test_one_single_cue_is_counted_and_no_share_is_made_of_it():
    one = summary(replace(usual_seen(), report=report_of({DAYS[0]: "0s start, 5s cry, 9s soothe, 600s end"})))

    assert rows(one, "answers")["Crying, fussing"] == ("Not shown yet: 1 of 20 cues, 1 of 3 days.",)


@pytest.mark.parametrize("seen", [usual_seen, nothing_seen])
def test_no_word_judges_anybody(seen):
    said = everything_said(summary(seen())).lower()

    assert [word for word in VERDICTS if f" {word} " in f" {said} ".replace(".", " ").replace(",", " ")] == []


def test_every_source_that_a_figure_rests_on_is_cited_once():
    keys = [key for key, _citation in summary().sources]

    assert len(keys) == len(set(keys))
    assert {"event_grammar", "selective_logging", "product_targets", "beta_binomial_days"} <= set(keys)
    assert all(citation == all_sources()[key].citation for key, citation in summary().sources)


def test_the_age_of_a_child_born_early_is_told_from_birth_and_from_the_due_date():
    early = Subject("Juno", date(2025, 12, 27), date(2026, 1, 24))  # ten weeks and six weeks before 7 March

    assert summary(child=early).about.startswith("10 weeks old, 6 weeks from the due date.")
    assert summary(child=Subject("Juno")).about == "1 Mar 2026 to 7 Mar 2026."


def observed(**more: object) -> pd.DataFrame:
    row = {
        "session": "v1", "child": "juno", "day": DAYS[0], "instrument": "sensitivity_record.v1",
        "scale": "sensitivity", "value": 6.0, "rater": "Noor", "certified": True, "minutes": 25.0,
        "kind": "observer",
    }  # fmt: skip
    return conform(pd.DataFrame([row | more]), RATINGS)


def test_a_rating_names_its_rater_and_says_that_agreement_is_not_known_with_one():
    found = summary(replace(usual_seen(), observed=observed()))
    line = next(row for name, row in rows(found, "sessions").items() if "sensitivity" in name)

    assert line[0] == "6"
    assert line[2] == "1 rater"
    assert "entered by Noor on 2026-03-02, 25 min observed, certified" in " ".join(
        part(found, "sessions").said
    )


def test_a_rating_by_somebody_without_training_is_withheld_with_its_reason():
    found = summary(replace(usual_seen(), observed=observed(certified=False)))
    line = next(row for name, row in rows(found, "sessions").items() if "sensitivity" in name)

    assert line == ("Not shown: needs a trained, certified rater.",)


def test_without_sessions_and_ratings_there_is_no_such_part():
    assert "sessions" not in [found.key for found in summary().parts]


def own_answer(*, shared: bool) -> Rating:
    instrument = load_rating("weekly_check_in")
    return Rating(
        id=NOBODY, family=NOBODY, author=NOBODY, rater="Ada", kind="self", instrument=instrument.name,
        answers={"week": "hard"}, scores={"week_felt": 1.0}, shared=shared, at_ms=1_772_528_400_000,
        utc_offset_min=0, written_ms=0,
    )  # fmt: skip


def test_what_parents_say_of_themselves_appears_only_when_they_share_it():
    kept = summary(replace(usual_seen(), shared=(own_answer(shared=False),)))
    given = summary(replace(usual_seen(), shared=(own_answer(shared=True),)))

    assert "self_reports" not in [found.key for found in kept.parts]
    assert rows(given, "self_reports") == {"How was this week for you?": ("Hard", "Ada", "3 Mar 2026")}


def test_a_gate_of_several_needs_names_each_of_them():
    sentence = withheld("needs 12 more cues (8 of 20) and 1 more day (2 of 3)")

    assert sentence == "Not shown yet: 8 of 20 cues, 2 of 3 days."


def test_coded_sessions_are_listed_with_their_instrument():
    seen = Seen(report_of({}), window_log(), coded=(report_of({DAYS[0]: seven_cries(1)}),))

    assert rows(summary(seen), "sessions") == {
        "Everyday moments at home (home_moments.v1)": ("1 session", "1 day", "35 min")
    }


def test_the_same_records_give_the_same_summary():
    assert summary() == summary()
    assert not math.isnan(JUNO.weeks(summary().made_on) or math.nan)

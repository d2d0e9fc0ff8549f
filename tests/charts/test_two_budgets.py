"""Two time budgets on one scale: the same line for the same code, the earlier filled, the later outlined."""

from caregiving.charts.two_budgets import both_rows, two_budgets, two_budgets_table, two_budgets_told
from caregiving.coded.looks import BOTH, Cast
from caregiving.instruments import load
from caregiving.palette import DAY, NIGHT
from caregiving.sequences import show
from tests.timelines import story

ENGAGEMENT = load("engagement.v1")
CAST = Cast({"infant": "Juno", "caregiver": "Ada"}, {b.code: b.label for b in ENGAGEMENT.behaviours})
DAYS = ("12 March", "19 March")


def budget(text: str):
    return show("time_budget", *story(text, ENGAGEMENT), ENGAGEMENT, actor=BOTH)


# a minute with 30 s of play and two smiles; two minutes with 30 s of play and 60 s of a thing
EARLIER = budget("0-30s infant_playful, 5s smile, 9s smile, 0-15s speech, 60s end")
LATER = budget("0-30s infant_playful, 30-90s infant_object, 0-60s speech, 120s end")


def bars(figure):
    return [trace for trace in figure.data if trace.type == "bar"]


def test_bars_are_shares_so_that_a_longer_session_has_no_longer_bars():
    child = bars(two_budgets(EARLIER, LATER, CAST, DAY))[:2]
    play = [dict(zip(bar.hovertext, bar.x, strict=True)) for bar in child]

    assert [next(x for told, x in one.items() if "Plays along" in told) for one in play] == [
        30 / 60,
        30 / 120,
    ]
    assert [text for bar in child for text in bar.text if text.startswith("30 s")] == [
        "30 s · 50%",
        "30 s · 25%",
    ]


def test_the_same_code_stands_on_one_line_the_earlier_above():
    earlier, later = bars(two_budgets(EARLIER, LATER, CAST, DAY))[:2]

    assert list(earlier.y) == sorted(earlier.y, reverse=True)
    assert [round(up - low, 6) for up, low in zip(earlier.y, later.y, strict=True)] == [0.4] * len(earlier.y)


def test_the_later_session_differs_by_its_outline_and_not_by_colour_alone():
    for colours in (DAY, NIGHT):
        figure = two_budgets(EARLIER, LATER, CAST, colours)
        earlier, later = bars(figure)[:2]
        marks = [trace.marker.symbol for trace in figure.data if trace.type == "scatter"]

        assert later.marker.color == "rgba(0,0,0,0)" != earlier.marker.color
        assert earlier.marker.line.color == later.marker.line.color == colours["baby"]
        assert marks[:2] == ["circle", "circle-open"] and marks[2:] == ["square", "square-open"]


def test_what_came_in_one_session_only_is_said_to_be_not_seen_in_the_other():
    rows = both_rows(EARLIER, LATER, "infant")
    codes = [(one or other)["code"] for one, other in rows]

    assert codes == ["infant_playful", "infant_object", "smile"], "what never came has no line"
    child = bars(two_budgets(EARLIER, LATER, CAST, DAY))[0]
    assert (
        dict(zip(child.hovertext, child.text, strict=True))["Juno: Busy with a thing, not seen"] == "not seen"
    )
    smiles = [t.text for t in two_budgets(EARLIER, LATER, CAST, DAY).data if t.type == "scatter"][:2]
    assert [one[0].strip() for one in smiles] == ["2 times", "not seen"]


def test_the_table_and_the_sentence_hold_both_sessions():
    table = two_budgets_table(EARLIER, LATER, CAST, DAYS)
    play = table[table["What"] == "Plays along"].iloc[0]

    assert list(play)[2:] == ["1", "30 s · 50%", "1", "30 s · 25%"]
    assert two_budgets_told(EARLIER, LATER, CAST, DAYS) == (
        "How the time went on 12 March and on 19 March. Juno: Plays along 50% and 25%, "
        "Busy with a thing 0% and 50%. Ada: Speech or song 25% and 50%."
    )


def test_two_sessions_in_which_nothing_was_seen_are_an_empty_picture_and_no_fault():
    nothing = budget("0s start, 60s end")

    assert [bar for bar in bars(two_budgets(nothing, nothing, CAST, DAY)) if bar.x] == []
    assert two_budgets_table(nothing, nothing, CAST, DAYS).empty

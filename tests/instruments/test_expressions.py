"""The language of forms does what XLSForm says, and never runs anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.instruments.expressions import DEEPEST, BadExpression, holds, parse

ANSWERS = {"sleep": "poor", "stress": 7, "hours": 4.5, "many": "cold tired", "blank": None}


@pytest.mark.parametrize(
    ("text", "is_true"),
    [
        ("${sleep} = 'poor'", True),
        ('${sleep} != "poor"', False),
        ("${stress} >= 7", True),
        ("${stress} > 7", False),
        ("${stress} = 7.0", True),
        ("${hours} < ${stress}", True),
        ("-1 < ${stress}", True),
        ("${sleep} = 'good' or ${stress} > 5 and ${hours} > 5", False),
        ("(${sleep} = 'poor' or ${stress} > 9) and ${hours} <= 4.5", True),
        ("not(${sleep} = 'good')", True),
        ("not(not(${stress} = 7))", True),
        ("selected(${many}, 'tired')", True),
        ("selected(${many}, 'tire')", False),
        ("selected(${sleep}, 'poor')", True),
    ],
)
def test_an_expression_is_true_of_the_answers_or_not(text, is_true):
    assert holds(parse(text), ANSWERS) is is_true


@pytest.mark.parametrize("item", ["blank", "never_asked"])
def test_what_was_not_answered_equals_the_empty_text_and_has_no_order(item):
    assert holds(parse(f"${{{item}}} = ''"), ANSWERS)
    assert holds(parse(f"${{{item}}} != 'poor'"), ANSWERS)
    assert not holds(parse(f"${{{item}}} < 1 or ${{{item}}} >= 1 or ${{{item}}} = 0"), ANSWERS)
    assert not holds(parse(f"selected(${{{item}}}, 'poor')"), ANSWERS)


def test_a_text_is_no_number_so_no_order_holds_for_it():
    assert not holds(parse("${sleep} < 1 or ${sleep} >= 1 or ${sleep} = 1"), ANSWERS)


def test_or_binds_less_than_and():
    assert parse("${a} = 1 or ${b} = 1 and ${c} = 1") == parse("${a} = 1 or (${b} = 1 and ${c} = 1)")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "found the end at character 1"),
        ("${sleep}", "found the end at character 9"),
        ("${sleep} = ", "needed an item such as"),
        ("sleep = 'poor'", 'found "sleep" at character 1'),
        ("${sleep} = 'poor", 'found "\'" at character 12'),
        ("${sleep} == 'poor'", 'found "=" at character 11'),
        ("(${stress} > 1", 'needed ")"'),
        ("${stress} > 1)", 'found ")" at character 14'),
        ("${stress} > 1 ${sleep} = 'x'", 'needed "and", "or" or the end'),
        ("selected('poor', ${sleep})", "needed an item such as ${sleep}"),
        ("selected(${sleep}, poor)", 'found "poor"'),
        ("selected(${sleep}, 3)", "needed a code in quotes"),
        ("__import__('os')", 'found "__import__" at character 1'),
        ("${stress} > 1; 2", 'found ";" at character 14'),
        ("(" * (DEEPEST + 1) + "1 = 1" + ")" * (DEEPEST + 1), f"at most {DEEPEST} brackets"),
        ("1 = 1 or " * 100 + "1 = 1", "at most 500 characters"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text, sentence):
    with pytest.raises(BadExpression) as told:
        parse(text)

    assert sentence in str(told.value)


@given(st.text(alphabet="${}abz_'\"()<>=!.,0 19ndort", max_size=60))
def test_any_text_is_either_read_or_refused_in_a_sentence(text):
    try:
        tree = parse(text)
    except BadExpression as told:
        assert "needed" in str(told)
    else:
        assert holds(tree, {}) in (True, False)


comparison = st.builds(
    lambda item, sign, number: f"${{{item}}} {sign} {number}",
    st.sampled_from(["stress", "hours", "blank"]),
    st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
    st.integers(-3, 12),
)


@given(comparison, comparison)
def test_not_and_or_follow_de_morgan(one, other):
    def true(text: str) -> bool:
        return holds(parse(text), ANSWERS)

    assert true(f"not({one} and {other})") == true(f"not({one}) or not({other})")
    assert true(f"not({one} or {other})") == true(f"not({one}) and not({other})")

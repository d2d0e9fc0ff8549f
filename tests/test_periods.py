"""Which days somebody looks at."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiving.periods import EVERYTHING, Period

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def test_both_edges_belong_to_a_period_and_the_days_around_it_do_not():
    week = Period("2026-03-02", "2026-03-08")

    assert "2026-03-02" in week and "2026-03-08" in week
    assert "2026-03-01" not in week and "2026-03-09" not in week
    assert week.days() == 7


def test_an_open_side_has_no_edge_and_no_length():
    assert "1999-12-31" in Period(last="2026-03-08") and "2026-03-09" not in Period(last="2026-03-08")
    assert "2099-12-31" in Period(first="2026-03-02") and "2026-03-01" not in Period(first="2026-03-02")
    assert Period(first="2026-03-02").days() is None and EVERYTHING.days() is None


def test_a_day_that_is_not_known_lies_only_in_everything():
    assert None in EVERYTHING
    assert None not in Period(first="2026-03-02") and float("nan") not in Period(last="2026-03-02")


@given(today=DAYS, n=st.integers(1, 400))
def test_the_last_days_are_so_many_and_end_today_and_those_before_touch_them(today: date, n: int):
    recent = Period.last_days(today.isoformat(), n)
    earlier = recent.before()

    assert recent.last == today.isoformat() and recent.days() == earlier.days() == n
    assert date.fromisoformat(str(earlier.last)) + timedelta(days=1) == date.fromisoformat(str(recent.first))
    assert recent.before(3).days() == 3 and recent.before(3).last == earlier.last


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Period("2026-03-08", "2026-03-02"),
        lambda: Period("8 March"),
        lambda: Period("20260308"),
        lambda: Period.last_days("2026-03-08", 0),
        lambda: Period(last="2026-03-08").before(7),
        lambda: Period(first="2026-03-08").before(),
    ],
)
def test_a_period_that_makes_no_sense_is_refused_in_words(wrong):
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        wrong()

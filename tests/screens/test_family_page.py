"""The family page: what a home visitor needs before a visit, in the field's terms, and never a rank."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pandas as pd
from streamlit.testing.v1 import AppTest

from caregiving.indices import Estimate, Index
from caregiving.people import Action, Consent, Role
from caregiving.rows import Row, five_rows
from caregiving.screens import family as page
from caregiving.screens._family_rows import rows_table, sparkline, weeks_told
from caregiving.screens._family_since import age, last_logged, last_session
from caregiving.store import consents
from caregiving.store.engine import Store
from caregiving.store.people import Caregiver, Child, Member, found_household, members, viewer_of
from caregiving.trends.weeks import Week

DAY_MS = 86_400_000


def alone(member: str) -> None:
    """The page on its own, for one person."""
    from datetime import UTC, datetime
    from uuid import UUID

    import streamlit as st

    from caregiving.screens import family
    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import viewer_of

    shell = shell_for(viewer_of(opened(Settings().database), UUID(member), datetime.now(UTC)))
    if shell is None:
        st.title("nothing to see")
    else:
        family.show(shell)


def visitor_sees(store: Store) -> tuple[AppTest, str]:
    """Open the page for the home visitor; return it and all its words."""
    visitor = next(m.id for m in members(store) if m.role is Role.HOME_VISITOR)
    at = AppTest.from_function(alone, kwargs={"member": str(visitor)}, default_timeout=90).run()
    assert not at.exception, at.exception
    html = " ".join(one.proto.body for one in at.get("html"))
    return at, f"{at.title[0].value} {html}"


def narrow(store: Store) -> None:
    """Let the visitor look at figures only, from now on."""
    now = datetime.now(UTC)
    ada = viewer_of(store, next(m.id for m in members(store) if m.role is Role.PARENT), now)
    visitor = next(m.id for m in members(store) if m.role is Role.HOME_VISITOR)
    assert ada.own_family is not None
    for given in viewer_of(store, visitor, now).consents:
        consents.withdraw_consent(store, ada, ada.own_family, given.id, now)
    consent = Consent(
        id=uuid4(), family=ada.own_family, member=visitor, given_by=ada.member, purpose="figures",
        scope=frozenset({Action.SEE_PATTERNS, Action.SEE_PEOPLE}), valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=1),
    )  # fmt: skip
    consents.give_consent(store, ada, consent)


def newcomers(store: Store, born_on: date | None = None, due_on: date | None = None) -> None:
    """Found a family without a log that lets Vera, a home visitor, look in."""
    family, noa, vera = uuid4(), uuid4(), uuid4()
    people = [
        Member(id=noa, alias="Noa", role=Role.PARENT, own_family=family),
        Member(id=vera, alias="Vera", role=Role.HOME_VISITOR),
    ]
    baby = Child(id=uuid4(), alias="Ilo", colour="#0F6B66", born_on=born_on, due_on=due_on)
    found_household(store, family, "Birch", 0, people, [Caregiver(id=uuid4(), alias="Noa")], [baby])
    now = datetime.now(UTC)
    consent = Consent(
        id=uuid4(),
        family=family,
        member=vera,
        scope=frozenset({Action.SEE_PATTERNS, Action.SEE_PEOPLE}),
        purpose="home visits",
        given_by=noa,
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=1),
    )
    consents.give_consent(store, viewer_of(store, noa, now), consent)


def test_the_page_is_there_for_home_visitors_only():
    assert {Role.HOME_VISITOR} == page.ROLES


def test_a_family_that_did_not_agree_to_observed_sessions_says_so(household):
    _at, agreed = visitor_sees(household)
    narrow(household)
    _at, text = visitor_sees(household)

    assert "has not agreed to observed sessions" in text and 'href="/visit?' not in text
    assert "has not agreed to observed sessions" not in agreed and 'href="/visit?family=' in agreed


def test_one_page_tells_the_child_the_record_the_rows_and_where_to_go_on(household):
    at, text = visitor_sees(household)

    assert at.title[0].value == "Juno, 20 weeks old"
    assert "In the last 14 days" in text and "Last logged on" in text
    assert [one.value for one in at.subheader] == ["What is new", "The five rows, last 4 weeks"]
    assert text.count("<tr data-row=") == 5
    assert all(f'href="/{name}?family=' in text for name in ("patterns", "sessions", "quality"))


def test_the_rows_bear_the_names_of_the_field_and_no_verdict(household):
    _at, text = visitor_sees(household)
    names = ("Parental sensitivity", "Responsiveness", "Attachment security", "Emotional availability")

    assert all(name in text for name in (*names, "Consistency of care"))
    words = set(text.lower().replace(",", " ").replace(".", " ").split())
    assert not words & {"good", "bad", "poor", "normal", "insecure", "better", "worse", "rank", "score"}


def test_a_family_without_a_log_is_greeted_with_what_is_needed(store):
    newcomers(store)
    at, text = visitor_sees(store)

    assert at.title[0].value == "Ilo, age not entered"
    assert "Nothing has been logged for Ilo yet" in text
    assert "<table" not in text


def test_the_age_of_a_baby_born_early_is_told_from_both_days(store):
    today = datetime.now(UTC).date()
    newcomers(store, today - timedelta(days=70), today - timedelta(days=21))

    at, _text = visitor_sees(store)

    assert at.title[0].value == "Ilo, 10 weeks old, 3 weeks from the due date"


def test_ages():
    born = date(2026, 3, 1)

    assert age(born, None, "2026-03-08") == "1 week old"
    assert age(born, date(2026, 2, 20), "2026-03-15") == "2 weeks old"  # born after the due date
    assert age(born, date(2026, 4, 5), "2026-03-22") == "3 weeks old, due on 5 Apr"
    assert age(born, None, "2027-03-02") == "12 months old"
    assert age(None, None, "2027-03-01") == "age not entered"


def window_log(*rows: tuple[str, int]) -> pd.DataFrame:
    """Windows of these modes on these days after 2026-10-01, at noon UTC."""
    noon = 1_790_856_000_000
    return pd.DataFrame(
        {
            "mode": pd.array([mode for mode, _day in rows], dtype="str"),
            "attestation": pd.array(["all"] * len(rows), dtype="str"),
            "started_ms": pd.array([noon + day * DAY_MS for _mode, day in rows], dtype="Int64"),
            "utc_offset_min": pd.array([120] * len(rows), dtype="Int64"),
        }
    )


def test_the_last_session_lies_before_today():
    windows = window_log(("live", 6), ("session", 1), ("session", 3), ("session", 5))

    assert last_session(windows, "2026-10-06") == "2026-10-04"
    assert last_session(windows, "2026-10-02") is None
    assert last_session(window_log(("live", 1)), "2026-10-06") is None


def test_a_second_coding_of_a_recording_is_no_session_with_the_family():
    windows = window_log(("session", 1), ("session", 3)).assign(codes_again=[None, "one"])

    assert last_session(windows, "2026-10-06") == "2026-10-02"


def test_the_last_logged_day_is_that_of_a_moment_or_a_window():
    log = window_log(("live", 2)).rename(columns={"started_ms": "onset_ms"})

    assert last_logged(log, window_log(("live", 4))) == "2026-10-05"
    assert last_logged(log, window_log()) == "2026-10-03"
    assert last_logged(log.iloc[:0], window_log()) is None


# --- the rows -----------------------------------------------------------------------------------------


def estimate(value: float, gate: str | None = None, **more: object) -> Estimate:
    usual: dict[str, object] = {"low": value - 0.1, "high": value + 0.1, "cue_class": "distress"}
    return Estimate("within_180s", value, 40, "share", "kaplan_meier_1958", gate=gate, **(usual | more))  # type: ignore[arg-type]


def weeks(*values: float | None) -> list[Week]:
    """Weeks with these values; None is a week whose figure is withheld."""
    nothing = float("nan")
    ones = [
        estimate(nothing, "needs 5 more cues (15 of 20)") if value is None else estimate(value)
        for value in values
    ]
    return [
        Week(f"2026-10-{1 + 7 * n:02}", f"2026-10-{7 + 7 * n:02}", one, 60.0) for n, one in enumerate(ones)
    ]


def test_a_week_is_a_point_with_its_interval_and_a_withheld_one_a_ring():
    picture = sparkline(weeks(0.5, None, 0.8))

    assert picture.count("<b ") == 2 and picture.count("<i ") == 2 and picture.count("<s ") == 1
    assert "bottom:50.0%" in picture and "bottom:40.0%;height:20.0%" in picture  # 0.4 to 0.6
    assert "week from 1 Oct: 50 %; week from 8 Oct: too little; week from 15 Oct: 80 %" in picture


def test_seconds_are_drawn_up_to_their_largest_limit():
    waits = [
        Week("2026-10-01", "2026-10-07", Estimate("rmst", 20.0, 40, "s", "x", 10.0, 40.0), 60.0),
        Week("2026-10-08", "2026-10-14", Estimate("rmst", 30.0, 40, "s", "x", 25.0, float("nan")), 60.0),
    ]
    picture = sparkline(waits)

    assert "bottom:50.0%" in picture  # 20 of 40
    assert "bottom:25.0%;height:75.0%" in picture  # 10 to 40
    assert f"bottom:{100 * 25 / 40:.1f}%;height:{100 * 15 / 40:.1f}%" in picture  # 25 to the top
    assert weeks_told(waits) == "week from 1 Oct: 20 s; week from 8 Oct: 30 s"


def test_only_withheld_weeks_can_be_drawn():
    assert sparkline(weeks(None, None)).count("<s ") == 2


def lone(key: str, *figures: Estimate) -> Row:
    return Row(key, f"title of {key}", "", "", "", "", "", "", (), figures)


def table_of(*rows: Row) -> str:
    return rows_table(rows, [], None, "2026-10-28")  # type: ignore[arg-type]


def test_a_figure_stands_with_its_limits_and_what_it_rests_on():
    text = table_of(lone("responsiveness", estimate(0.75)))

    assert "<b>75 %</b>" in text and "65 % to 85 %" in text and "40 cues" in text


def test_a_withheld_row_shows_no_figure_but_what_is_missing():
    text = table_of(lone("consistency", estimate(0.75, "needs 2 more days (5 of 7)")))

    assert "75 %" not in text
    assert "2 more logged days and this picture can be drawn (5 of 7 so far)." in text


def test_what_can_be_counted_comes_before_what_somebody_must_enter():
    gates = ("no rating by a trained observer was entered", "needs 1 more cue (19 of 20)")
    held = [estimate(float("nan"), gate) for gate in gates]

    assert "1 more cue" in table_of(lone("sensitivity", *held))


def test_attachment_asks_for_a_record_and_never_for_taps():
    nothing = Estimate("security", float("nan"), 0, "r", "x", gate="no record was entered")

    assert "A record by a certified observer; it is never computed from taps." in table_of(
        lone("attachment", nothing)
    )


def test_beside_a_sort_that_is_there_it_is_said_that_the_other_record_is_missing():
    sort = Estimate("security", 0.48, 2, "r", "x", 0.45, 0.5)
    nothing = Estimate("ssp", float("nan"), 0, "record", "x", gate="no record was entered")
    text = table_of(lone("attachment", sort, nothing))

    assert "0.45 to 0.5 between raters" in text and "2 raters" in text
    assert "A Strange Situation by a certified coder" in text


def test_five_rows_without_any_figure_say_so():
    text = rows_table(five_rows(), [], None, "2026-10-28")  # type: ignore[arg-type]

    assert text.count("Nothing was logged yet.") == 5


def test_only_figures_that_a_week_can_hold_have_weeks():
    one = estimate(0.75)
    which = Index("consistency", "", "", "", "consistency", lambda: [])
    text = rows_table([lone("consistency", one)], [(which, one)], None, "2026-10-28")  # type: ignore[arg-type]

    assert "cg-spark" not in text

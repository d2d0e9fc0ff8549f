"""The weekly check-in, the two questions after it, and the way out that stands on every page of a parent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from caregiving import settings as knobs
from caregiving.instruments import load_rating
from caregiving.people import Role, Viewer
from caregiving.ratings import Rating, counted
from caregiving.reflections import Reflection
from caregiving.screens import _check_in
from caregiving.screens._shell import Shell
from caregiving.settings import Settings
from caregiving.store import drafts, ratings, reflections
from caregiving.store.engine import Store, opened
from caregiving.store.people import Caregiver, Child, Member, children, found_household, members, viewer_of


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    """Ada and Ravi with Juno, who have not written anything yet."""
    monkeypatch.setenv("CAREGIVING_FOLDER", str(tmp_path))
    monkeypatch.setenv("CAREGIVING_MODE", "demo")
    knobs.settings.cache_clear()
    opened.cache_clear()
    home = opened(Settings().database)
    family, ada = uuid4(), uuid4()
    people = [
        Member(id=uuid4(), alias="Ada", role=Role.PARENT, own_family=family, caregiver=ada),
        Member(id=uuid4(), alias="Ravi", role=Role.PARENT, own_family=family),
        Member(id=uuid4(), alias="Noor", role=Role.HOME_VISITOR),
    ]
    baby = Child(id=uuid4(), alias="Juno", colour="#9A5700")
    found_household(home, family, "Maple", 0, people, [Caregiver(id=ada, alias="Ada")], [baby])
    yield home
    home.close()
    knobs.settings.cache_clear()
    opened.cache_clear()


def who(store: Store, alias: str = "Ada") -> Viewer:
    return viewer_of(store, next(m.id for m in members(store) if m.alias == alias), datetime.now(UTC))


def shell(store: Store, alias: str = "Ada") -> Shell:
    me = who(store, alias)
    assert me.own_family is not None
    return Shell(store, me, me.own_family, "Maple", children(store, me, me.own_family)[0], me.at, {})


def of(store: Store, alias: str = "Ada") -> list[Rating]:
    me = who(store, alias)
    assert me.own_family is not None
    return ratings.read(store, me, me.own_family)


def rated(store: Store, instrument: str, answers: dict[str, Any], days_ago: float = 0) -> None:
    """Put in what Ada answered some days ago."""
    me, form = who(store), load_rating(instrument)
    at_ms = int((datetime.now(UTC) - timedelta(days=days_ago)).timestamp() * 1000)
    stored = Rating.model_validate(
        {
            "id": uuid4(),
            "family": me.own_family,
            "author": me.member,
            "rater": "Ada",
            "kind": form.about,
            "instrument": form.name,
            "answers": answers,
            "scores": counted(form.score(answers)),
            "at_ms": at_ms,
            "utc_offset_min": 0,
            "written_ms": at_ms,
        }
    )
    ratings.rate(store, me, stored)


def contact(store: Store, **content: str) -> None:
    me = who(store)
    one = {"id": uuid4(), "family": me.own_family, "author": me.member, "kind": "contact", "shared": True}
    reflections.write(
        store, me, Reflection.model_validate(one | {"content": content, "at_ms": 1, "written_ms": 1})
    )


def part(name: str, member: str) -> None:
    """One part of a page on its own, for one person."""
    import importlib
    from datetime import UTC, datetime
    from uuid import UUID

    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import viewer_of

    shell = shell_for(viewer_of(opened(Settings().database), UUID(member), datetime.now(UTC)))
    assert shell is not None
    importlib.import_module(f"caregiving.screens.{name}").show(shell)


def page(store: Store, name: str = "_check_in", alias: str = "Ada") -> AppTest:
    member = str(who(store, alias).member)
    at = AppTest.from_function(part, kwargs={"name": name, "member": member}, default_timeout=30).run()
    assert not at.exception, at.exception
    return at


def fill(at: AppTest, instrument: str, **answers: object) -> AppTest:
    for code, answer in answers.items():
        at.session_state[f"rating_{instrument}.v1_{code}"] = answer
    return at.run()


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception, at.exception
    return at


def words(at: AppTest) -> str:
    """Everything that can be read on the page."""
    html = " ".join(str(element.value) for element in at.get("html"))
    return " ".join([html, *(w.value for w in at.warning), *(s.value for s in at.success)])


def test_a_check_in_is_kept_with_the_four_on_evenness_of_the_same_moment(store):
    at = fill(page(store), "weekly_check_in", week="mixed", stress_now=3)
    fill(at, "consistency_self_report", as_planned="mostly", routines_kept="half", able_to_answer="mostly")
    press(at, "check_in_save")

    even, week = sorted(of(store), key=lambda one: one.instrument)
    assert week.answers == {"week": "mixed", "stress_now": 3} and week.scores == {"week_felt": 2, "stress": 3}
    assert even.scores == {"consistency_self_report": pytest.approx((3 + 2 + 3) / 3)}
    assert week.at_ms == even.at_ms and not week.shared and not even.shared
    assert at.success[0].value == "Kept. Thank you for taking the time."


def test_what_is_kept_is_private_unless_the_switch_is_on(store):
    press(fill(page(store), "weekly_check_in", week="good"), "check_in_save")
    assert of(store, "Ravi") == []

    at = fill(page(store), "weekly_check_in", week="hard")
    at.toggle(key="check_in_shared").set_value(True).run()
    press(at, "check_in_save")
    assert [one.answers for one in of(store, "Ravi")] == [{"week": "hard"}]


def test_the_switch_is_off_again_after_each_check_in_under_a_key_that_no_browser_knows(store):
    at = fill(page(store), "weekly_check_in", week="hard")
    at.toggle(key="check_in_shared").set_value(True).run()
    press(at, "check_in_save")

    assert [(one.key, one.value) for one in at.toggle] == [("check_in_1_shared", False)]
    at.session_state["rating_weekly_check_in.v1_1_week"] = "good"
    press(at.run(), "check_in_save")
    assert [one.answers for one in of(store, "Ravi")] == [{"week": "hard"}]
    assert len(of(store)) == 2


def test_an_empty_check_in_says_what_is_missing_and_stores_nothing(store):
    at = press(page(store), "check_in_save")

    assert at.warning[0].value == "Nothing is answered yet. One answer is enough."
    assert of(store) == []


def test_half_a_check_in_outlives_the_closed_page_and_is_gone_once_kept(store):
    at = page(store)
    at.text_area[0].set_value("Two long nights.\nThen one good one.").run()
    again = page(store)
    assert again.text_area[0].value == "Two long nights.\nThen one good one."

    press(again, "check_in_save")
    assert drafts.draft(store, who(store), "rating_weekly_check_in.v1") is None
    assert [one.answers for one in of(store)] == [{"words": "Two long nights.\nThen one good one."}]


def test_a_draft_with_an_answer_that_the_form_does_not_have_opens_all_the_same(store):
    kept = {"week": "splendid", "sleep": "little", "gone": 3}
    drafts.save_draft(store, who(store), "rating_weekly_check_in.v1", kept, 1)

    at = press(page(store), "check_in_save")
    assert [one.answers for one in of(store)] == [{"sleep": "little"}] and not at.warning


def test_the_form_comes_by_itself_after_a_week_and_stays_folded_before(store):
    rated(store, "weekly_check_in", {"week": "good"}, days_ago=6.9)
    assert "Fill in another one now" in [e.label for e in page(store).expander]

    rated(store, "weekly_check_in", {"week": "good"}, days_ago=0.1)
    other = [e.label for e in page(store, alias="Ravi").expander]
    assert "Fill in another one now" not in other


def test_a_heavy_week_is_answered_with_people_to_call_and_without_a_figure(store):
    contact(store, who="Mira <b>", what_for="an hour off", how_to_reach="+49 170 000000")
    rated(store, "weekly_check_in", {"support": "none", "stress_now": 9})
    seen = words(page(store))

    assert "put Juno down safely and breathe" in seen
    assert "Mira &lt;b&gt;" in seen and 'href="tel:+49170000000"' in seen
    assert seen.count("Whom you can call") == 1


def test_without_contacts_the_page_says_where_to_add_them(store):
    rated(store, "weekly_check_in", {"support": "none"})

    assert 'href="/reflect?part=support"' in words(page(store))


def test_the_two_questions_are_offered_after_a_check_in_and_not_before(store):
    offer = "Two more questions about you, only for you"
    assert offer not in [e.label for e in page(store).expander]
    rated(store, "weekly_check_in", {"week": "good"}, days_ago=1)
    at = page(store)
    assert offer in [e.label for e in at.expander]

    press(fill(at, "phq2", interest="not_at_all", mood="several_days"), "two_questions_save")
    assert offer not in [e.label for e in at.expander]
    assert [one.shared for one in of(store)] == [False, False]


@pytest.mark.parametrize(
    ("interest", "mood", "says", "card"),
    [
        ("not_at_all", "several_days", "Thank you for answering.", None),
        ("several_days", "several_days", "Consider talking to someone", "talking-to-someone"),
        ("several_days", "more_than_half", "Please contact somebody", "reach-out-soon"),
        ("prefer_not_to_say", "nearly_every_day", "Please contact somebody", "reach-out-soon"),
    ],
)
def test_after_the_two_questions_the_words_of_their_sum_and_never_an_all_clear(
    store, interest, mood, says, card
):
    rated(store, "weekly_check_in", {"week": "good"}, days_ago=1)
    rated(store, "phq2", {"interest": interest, "mood": mood})
    seen = words(page(store))

    assert says in seen
    assert "A low answer does not mean that all is well." in seen
    assert (f"/guidance?card={card}" in seen) if card else ("/guidance?card=" not in seen)


def test_old_answers_to_the_two_questions_say_nothing_about_now(store):
    rated(store, "phq2", {"interest": "nearly_every_day", "mood": "nearly_every_day"}, days_ago=14.1)

    assert "Please contact" not in words(page(store))
    assert _check_in.opened(shell(store)) == frozenset()


def test_the_newest_answers_of_ones_own_open_guidance_and_nobody_elses(store):
    rated(store, "weekly_check_in", {"stress_now": 9}, days_ago=8)
    rated(store, "weekly_check_in", {"support": "little", "stress_now": 2}, days_ago=1)
    rated(store, "phq2", {"interest": "several_days", "mood": "several_days"}, days_ago=13)

    assert _check_in.opened(shell(store)) == {"low_support", "phq2_2"}
    assert _check_in.opened(shell(store, "Ravi")) == frozenset()


def test_a_check_in_can_be_taken_back_with_all_that_was_kept_with_it(store):
    at = fill(page(store), "weekly_check_in", week="mixed")
    fill(at, "consistency_self_report", as_planned="mostly")
    press(at, "check_in_save")
    press(at, "check_in_void")

    assert of(store) == []
    assert at.success[0].value == "Taken back. It counts nowhere any more."


def test_last_times_answers_stand_there_in_the_words_of_the_form(store):
    rated(store, "weekly_check_in", {"stress_now": 7, "words": "<script>"}, days_ago=1)
    seen = words(page(store))

    assert "7 (a lot)" in seen and "&lt;script&gt;" in seen and "<script>" not in seen


def test_a_moment_is_offered_to_a_parent_with_the_steps_the_circle_and_more_help(store):
    contact(store, who="Mira", how_to_reach="knock next door")
    seen = words(page(store, "_need_a_moment"))

    for wanted in (
        "Put Juno down in the cot, on the back.",
        "Leave the room.",
        "Go back within a few minutes",
        "Never shake a baby",
        "knock next door",
        "Crying that does not stop",
        "/guidance?card=not-safe-at-home",
        "prefers-reduced-motion",
    ):
        assert wanted in seen, wanted
    assert "tel:" not in seen


def test_the_card_on_much_crying_is_closed_without_a_log(store):
    from caregiving.screens import _need_a_moment

    assert _need_a_moment.crying(shell(store)) is False


def test_the_card_on_much_crying_comes_with_three_long_days_and_goes_to_guidance(store):
    from caregiving.screens import _need_a_moment

    here, hour_ms = shell(store), 3600_000
    start_ms = here.now_ms - 4 * 24 * hour_ms
    place = {"zone": "UTC", "utc_offset_min": 0}
    window = here.born() | place | {"type": "window_start", "mode": "live", "started_ms": start_ms}
    sent = ("id", "family", "author", "device", "ordinal", "wall_ms")
    ended = {
        "type": "window_end",
        "window": window["id"],
        "ended_ms": start_ms + 72 * hour_ms,
        "attestation": "all",
    }
    end = {name: value for name, value in here.born().items() if name in sent} | ended
    cries = [
        here.born()
        | place
        | {
            "window": window["id"],
            "actor": "infant",
            "code": "cry",
            "onset_ms": start_ms + day * 24 * hour_ms,
            "offset_ms": start_ms + (day * 24 + 3) * hour_ms,
            "time_quality": "tapped",
        }
        for day in range(3)
    ]
    assert here.record(window, end, *cries) == []

    assert _need_a_moment.crying(here) is True

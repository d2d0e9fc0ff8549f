"""The page Reflect: what somebody writes is kept, comes back, can be changed, and stays theirs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from caregiving import settings as knobs
from caregiving.people import Action, Consent, Role
from caregiving.reflections import CONTENTS, Reflection
from caregiving.reflections.contents import Boundary, CopingPlan, Goal, Journal, Stress
from caregiving.screens import reflect
from caregiving.screens._reflect_content import content_of, fields, from_draft, to_draft
from caregiving.screens._reflect_forms import forms, part_of
from caregiving.screens._reflect_words import i_sentence
from caregiving.settings import Settings
from caregiving.store import drafts, reflections
from caregiving.store.consents import give_consent
from caregiving.store.engine import Store, opened
from caregiving.store.people import Child, Member, found_household, viewer_of

PARTS = ["journal", "hard", "good", "goals", "us", "support"]
KINDS = sorted(set(CONTENTS) - {"card"})


class Home:
    """Ada and Ravi with Juno, and what they wrote."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.family, self.ada, self.ravi = uuid4(), uuid4(), uuid4()
        members = [
            Member(id=self.ada, alias="Ada", role=Role.PARENT, own_family=self.family),
            Member(id=self.ravi, alias="Ravi", role=Role.PARENT, own_family=self.family),
        ]
        juno = Child(id=uuid4(), alias="Juno", colour="#9A5700")
        found_household(store, self.family, "Maple", 0, members, children=[juno])

    def viewer(self, member: UUID | None = None) -> Any:
        return viewer_of(self.store, member or self.ada, datetime.now(UTC))

    def texts(self, *kinds: str, member: UUID | None = None) -> list[Reflection]:
        return reflections.read(self.store, self.viewer(member), self.family, *kinds)

    def wrote(self, kind: str, content: Any, *, hours: float = 1, **changes: Any) -> Reflection:
        """Put a text into the database, as written so many hours ago."""
        at_ms = round((datetime.now(UTC) - timedelta(hours=hours)).timestamp() * 1000)
        usual = {"id": uuid4(), "family": self.family, "author": self.ada, "kind": kind, "content": content}
        stamps = {"at_ms": at_ms, "written_ms": at_ms}
        item = Reflection.model_validate(usual | stamps | changes)
        reflections.write(self.store, self.viewer(item.author), item)
        return item

    def page(self, member: UUID | None = None, **address: str) -> AppTest:
        """Open the page under this address."""
        named = {"member": str(member or self.ada)}
        at = AppTest.from_function(alone, kwargs=named, default_timeout=30)
        for name, value in address.items():
            at.query_params[name] = value
        return ran(at.run())


def alone(member: str) -> None:
    """The page on its own, for one person."""
    from datetime import UTC, datetime
    from uuid import UUID

    from caregiving.screens import reflect
    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import viewer_of

    shell = shell_for(viewer_of(opened(Settings().database), UUID(member), datetime.now(UTC)))
    assert shell is not None
    reflect.show(shell)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Home]:
    monkeypatch.setenv("CAREGIVING_FOLDER", str(tmp_path))
    monkeypatch.setenv("CAREGIVING_MODE", "demo")
    knobs.settings.cache_clear()
    opened.cache_clear()
    yield Home(opened(Settings().database))
    opened(Settings().database).close()
    knobs.settings.cache_clear()
    opened.cache_clear()


def ran(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def fill_in(at: AppTest, slot: str, **values: Any) -> AppTest:
    """Type and tap these answers into a form."""
    for name, value in values.items():
        at.session_state[f"reflect_{slot}_{name}"] = value
    return ran(at.run())


def press(at: AppTest, name: str) -> AppTest:
    return ran(at.button(key=f"reflect_{name}").click().run())


def read_on(at: AppTest) -> str:
    """Return every word that stands on the page outside of fields."""
    return " ".join(element.proto.body for element in at.get("html"))


def keys(at: AppTest) -> set[str]:
    return {str(button.key) for button in at.button}


def local_today() -> date:
    return datetime.now(UTC).date()  # without a browser and without watched time the page keeps UTC


# --- opening it ---------------------------------------------------------------------------------------


def test_the_page_is_for_parents_and_asks_for_the_right_to_reflect():
    assert {Role.PARENT} == reflect.ROLES and reflect.ACTION is Action.REFLECT


@pytest.mark.parametrize("part", ["week", *PARTS])
def test_every_part_opens_empty_with_a_heading_and_a_sentence(home: Home, part: str):
    page = home.page(part=part)

    assert len(page.title) == 1 and page.title[0].value
    assert part == "week" or "Only you can see" in read_on(page) or "You choose for each one" in read_on(page)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_form_on_the_page_and_greets_the_empty_case(home: Home, kind: str):
    form = forms(part_of(kind))[kind]
    page = home.page(part=part_of(kind), **{f"of_{part_of(kind)}": kind})

    assert form.nothing_yet.replace("'", "&#x27;") in read_on(page)
    assert f"reflect_new_{kind}_keep" in keys(page)


def test_an_unknown_part_in_the_address_leads_to_this_week(home: Home):
    assert home.page(part="nowhere").title[0].value == "A few minutes for yourself"


def test_a_visitor_whom_the_family_lets_see_everything_gets_no_word_of_it(home: Home):
    vera = Member(id=uuid4(), alias="Vera", role=Role.HOME_VISITOR)
    found_household(home.store, uuid4(), "elsewhere", 0, [vera])
    now = datetime.now(UTC)
    everything = {"scope": frozenset(Action), "purpose": "home visits", "given_by": home.ada}
    lasting = {"valid_from": now - timedelta(days=1), "valid_until": now + timedelta(days=1)}
    ids = {"id": uuid4(), "family": home.family, "member": vera.id}
    give_consent(home.store, home.viewer(), Consent.model_validate(ids | everything | lasting))
    home.wrote("journal", {"text": "for me alone"})

    at = AppTest.from_function(alone, kwargs={"member": str(vera.id)}, default_timeout=30).run()

    assert len(at.exception) == 1, "the page opened"
    assert "for me alone" not in read_on(at)


# --- writing ------------------------------------------------------------------------------------------

FILLED: dict[str, dict[str, Any]] = {
    "journal": {"text": "She laughed at the spoon."},
    "stress": {"before": 8, "after": 0, "what_helped": "cold water"},
    "trigger": {"situation": "the third waking", "urge": "to shout"},
    "coping_plan": {"when": "my jaw gets tight", "then": "I step out", "revisit_on": date(2026, 3, 1)},
    "gratitude": {"text": "the smell of her head"},
    "small_win": {"text": "a warm lunch"},
    "affirmation": {"text": "This is hard, and it will pass."},
    "goal": {
        "title": "More rest",
        "step_1": "ask Gran",
        "by_1": date(2026, 3, 8),
        "step_3": "tell Ravi",
        "revisit_on": date(2026, 3, 15),
    },
    "boundary": {"when": "you are late", "i_feel": "alone", "i_need": "a message"},
    "ritual": {"what": "Tea together", "how_often": "weekly", "when": "Sunday"},
    "contact": {"who": "Gran", "what_for": "sleep", "how_to_reach": "+1 555 0100"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_written_and_is_private_unless_it_is_a_contact(home: Home, kind: str):
    page = home.page(part=part_of(kind), **{f"of_{part_of(kind)}": kind})
    fill_in(page, f"new_{kind}", **FILLED[kind])
    press(page, f"new_{kind}_keep")

    written = home.texts()
    assert [text.kind for text in written] == [kind]
    assert written[0].content == content_of(forms(part_of(kind))[kind], FILLED[kind])
    assert written[0].shared is (kind == "contact")
    whose = "Your household can read it." if kind == "contact" else "Only you can read it."
    assert page.success[0].value == f"Kept. {whose}"


def test_after_writing_the_form_is_empty_and_the_draft_is_gone(home: Home):
    page = home.page(part="journal")
    fill_in(page, "new_journal", text="She laughed.")
    press(page, "new_journal_keep")

    assert page.text_area(key="reflect_new_journal_text").value == ""
    assert drafts.draft(home.store, home.viewer(), "reflect_new_journal") is None
    assert "She laughed." in read_on(page)


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        ("journal", {"text": "   "}, "Write a few words first."),
        ("stress", {"after": 3}, "Choose the first number."),
        ("coping_plan", {"when": "my jaw gets tight"}, "A plan has two halves: when, and then."),
        ("goal", {"title": "More rest"}, "Give it a name and one step. One small step is plenty."),
        ("ritual", {"what": "Tea"}, "Write what it is, and choose how often."),
        ("contact", {"what_for": "sleep"}, "Write who it is."),
        (
            "boundary",
            {"when": "you are late", "i_feel": "alone"},
            "Say what you need, or write a boundary in your own words.",
        ),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(home: Home, kind: str, given: Any, sentence: str):
    page = home.page(part=part_of(kind), **{f"of_{part_of(kind)}": kind})
    fill_in(page, f"new_{kind}", **given)
    press(page, f"new_{kind}_keep")

    assert [warning.value for warning in page.warning] == [sentence]
    assert home.texts() == []
    assert {name: page.session_state[f"reflect_new_{kind}_{name}"] for name in given} == given


def test_typing_keeps_a_draft_that_a_new_screen_finds_again(home: Home):
    page = home.page(part="goals")
    ran(page.text_input(key="reflect_new_goal_title").set_value("More rest").run())
    ran(page.date_input(key="reflect_new_goal_by_1").set_value(date(2026, 3, 8)).run())

    again = home.page(part="goals")

    assert again.text_input(key="reflect_new_goal_title").value == "More rest"
    assert again.date_input(key="reflect_new_goal_by_1").value == date(2026, 3, 8)
    assert home.texts() == []


def test_a_draft_is_seen_by_its_writer_only(home: Home):
    page = home.page(part="journal")
    ran(page.text_area(key="reflect_new_journal_text").set_value("for me alone").run())

    assert home.page(home.ravi, part="journal").text_area(key="reflect_new_journal_text").value == ""


def test_a_text_that_is_shared_on_purpose_is_read_by_the_other_parent_with_its_author(home: Home):
    page = home.page(part="us")
    fill_in(page, "new_boundary", **FILLED["boundary"], shared=True)
    press(page, "new_boundary_keep")

    theirs = home.page(home.ravi, part="us")

    assert "from Ada" in read_on(theirs)
    assert "When you are late, I feel alone, and I need a message" in read_on(theirs)
    assert not any(name.startswith("reflect_change_") for name in keys(theirs))


def test_what_is_not_shared_is_nowhere_on_the_other_parents_page(home: Home):
    for kind in KINDS:
        form = forms(part_of(kind))[kind]
        home.wrote(kind, content_of(form, FILLED[kind]))

    for part in ["week", *PARTS]:
        for kind in forms(part) or ["none"]:
            page = home.page(home.ravi, part=part, **{f"of_{part}": kind})
            assert not any(name.startswith("reflect_change_") for name in keys(page))
            assert "Gran" not in read_on(page) and 'class="cg-note"' not in read_on(page)


def test_words_that_look_like_code_are_shown_as_words(home: Home):
    home.wrote("journal", {"text": "<script>alert(1)</script> & <b>bold</b>"})

    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold&lt;/b&gt;" in read_on(
        home.page(part="journal")
    )


# --- changing and taking away -------------------------------------------------------------------------


def test_a_text_is_changed_in_its_place_and_keeps_its_moment(home: Home):
    old = home.wrote("journal", {"text": "She laughd."}, hours=30)
    page = press(home.page(part="journal"), f"change_{old.id}")
    assert page.text_area(key=f"reflect_{old.id}_text").value == "She laughd."
    fill_in(page, str(old.id), text="She laughed.")
    press(page, f"{old.id}_keep")

    (new,) = home.texts()
    assert (new.content, new.at_ms, new.supersedes) == (Journal(text="She laughed."), old.at_ms, old.id)
    assert "edit" not in page.query_params


def test_a_change_that_was_left_changes_nothing(home: Home):
    old = home.wrote("journal", {"text": "as it was"})
    page = home.page(part="journal", edit=str(old.id))
    ran(page.text_area(key=f"reflect_{old.id}_text").set_value("something else").run())
    press(page, f"{old.id}_leave")

    assert home.texts() == [old]
    assert drafts.draft(home.store, home.viewer(), f"reflect_{old.id}") is None
    reopened = press(page, f"change_{old.id}")
    assert reopened.text_area(key=f"reflect_{old.id}_text").value == "as it was"


def test_a_half_typed_change_survives_a_closed_page(home: Home):
    old = home.wrote("journal", {"text": "as it was"})
    page = home.page(part="journal", edit=str(old.id))
    ran(page.text_area(key=f"reflect_{old.id}_text").set_value("half a thou").run())

    again = home.page(part="journal", edit=str(old.id))

    assert again.text_area(key=f"reflect_{old.id}_text").value == "half a thou"


def test_what_another_screen_changed_meanwhile_is_not_written_over_and_the_typed_words_stay(home: Home):
    old = home.wrote("journal", {"text": "as it was"})
    page = home.page(part="journal", edit=str(old.id))
    newer = home.wrote("journal", {"text": "from the phone"}, supersedes=old.id, at_ms=old.at_ms)
    page.session_state[f"reflect_{old.id}_text"] = "from the tablet"
    ran(page.button(key=f"reflect_{old.id}_keep").click().run())

    assert home.texts() == [newer]
    assert "changed on another screen" in page.warning[0].value
    assert page.text_area(key=f"reflect_{newer.id}_text").value == "from the tablet"
    press(page, f"{newer.id}_keep")
    assert [text.content for text in home.texts()] == [Journal(text="from the tablet")]


def test_words_typed_into_a_text_that_another_screen_took_away_become_a_draft_of_a_new_one(home: Home):
    old = home.wrote("journal", {"text": "as it was"})
    page = home.page(part="journal", edit=str(old.id))
    home.wrote("journal", {"text": "as it was"}, supersedes=old.id, at_ms=old.at_ms, void=True)
    page.session_state[f"reflect_{old.id}_text"] = "from the tablet"
    ran(page.button(key=f"reflect_{old.id}_keep").click().run())

    assert home.texts() == []
    assert page.text_area(key="reflect_new_journal_text").value == "from the tablet"


def test_nobody_opens_the_form_of_somebody_elses_text_by_its_address(home: Home):
    theirs = home.wrote("gratitude", {"text": "the night feed"}, author=home.ravi, shared=True)
    page = home.page(part="good", of_good="gratitude", edit=str(theirs.id))

    assert f"reflect_{theirs.id}_keep" not in keys(page)
    assert "the night feed" in read_on(page)


def test_a_text_that_was_taken_away_can_be_put_back_also_after_a_reload(home: Home):
    text = home.wrote("small_win", {"text": "a warm lunch"})
    page = press(home.page(part="good", of_good="small_win"), f"away_{text.id}")
    assert home.texts() == []

    reloaded = home.page(part="good", of_good="small_win")
    assert "Taken away: a warm lunch" in read_on(reloaded)
    back = next(name for name in keys(reloaded) if name.startswith("reflect_back_"))
    press(reloaded, back.removeprefix("reflect_"))

    assert [one.content for one in home.texts()] == [text.content]
    assert "Taken away" not in read_on(reloaded)
    assert "Taken away" in read_on(page), "the first screen had not heard of it"


def test_ten_minutes_later_a_text_that_was_taken_away_is_no_longer_offered(home: Home):
    text = home.wrote("small_win", {"text": "a warm lunch"}, hours=2)
    home.wrote("small_win", text.content, hours=11 / 60, supersedes=text.id, void=True)

    assert "Taken away" not in read_on(home.page(part="good", of_good="small_win"))


def test_a_long_list_shows_ten_at_first_and_then_all(home: Home):
    for n in range(12):
        home.wrote("journal", {"text": f"night {n}"}, hours=n + 1)
    page = home.page(part="journal")
    assert len([name for name in keys(page) if name.startswith("reflect_change_")]) == 10
    assert "night 0" in read_on(page) and "night 11" not in read_on(page)

    ran(page.toggle(key="reflect_all_journal").set_value(True).run())

    assert len([name for name in keys(page) if name.startswith("reflect_change_")]) == 12


# --- goals --------------------------------------------------------------------------------------------


def a_goal(**changes: Any) -> dict[str, Any]:
    return {"title": "More rest", "steps": [{"text": "ask Gran"}, {"text": "nap *now*"}]} | changes


def test_a_step_is_ticked_with_the_day_and_can_be_unticked(home: Home):
    goal = home.wrote("goal", a_goal())
    page = home.page(part="goals")
    ran(page.checkbox(key=f"reflect_step_{goal.id}_1").check().run())

    (done,) = home.texts("goal")
    assert isinstance(done.content, Goal)
    assert [step.done_on for step in done.content.steps] == [None, local_today()]
    assert "1 of 2 steps done so far." in read_on(page)

    ran(page.checkbox(key=f"reflect_step_{done.id}_1").uncheck().run())
    (undone,) = home.texts("goal")
    assert undone.content == goal.content
    assert "done so far" not in read_on(page)


def test_the_words_of_a_step_are_not_taken_for_markup(home: Home):
    goal = home.wrote("goal", a_goal())

    assert home.page(part="goals").checkbox(key=f"reflect_step_{goal.id}_1").label == r"nap \*now\*"


def test_a_step_that_is_reworded_stays_done(home: Home):
    steps = [{"text": "ask Gran", "done_on": "2026-03-01"}, {"text": "nap"}]
    goal = home.wrote("goal", a_goal(steps=steps))
    page = home.page(part="goals", edit=str(goal.id))
    fill_in(page, str(goal.id), step_1="ask Gran again")
    press(page, f"{goal.id}_keep")

    (new,) = home.texts("goal")
    assert isinstance(new.content, Goal)
    assert [(step.text, step.done_on) for step in new.content.steps] == [
        ("ask Gran again", date(2026, 3, 1)),
        ("nap", None),
    ]


# --- what comes back ----------------------------------------------------------------------------------


def test_what_is_due_stands_on_this_week_and_comes_back_four_weeks_later_when_it_still_fits(home: Home):
    plan = home.wrote("coping_plan", FILLED["coping_plan"] | {"revisit_on": local_today()})
    page = home.page()
    assert page.subheader[0].value == "You wanted to look at this again"

    press(page, f"fits_{plan.id}")

    (kept,) = home.texts()
    assert isinstance(kept.content, CopingPlan)
    assert kept.content.revisit_on == local_today() + timedelta(weeks=4)
    assert page.success[0].value.startswith("Good. It comes up again: ")
    assert "You wanted to look at this again" not in [one.value for one in page.subheader]


def test_what_is_due_tomorrow_waits_until_tomorrow(home: Home):
    home.wrote("boundary", {"text": "no visits", "revisit_on": local_today() + timedelta(days=1)})

    assert "You wanted to look at this again" not in [one.value for one in home.page().subheader]
    assert "Look at it again: Tomorrow" in read_on(home.page(part="us"))


def test_what_another_one_shared_is_theirs_to_look_at_again(home: Home):
    content = {"text": "no visits", "revisit_on": local_today()}
    home.wrote("boundary", content, author=home.ravi, shared=True)

    assert not any(name.startswith("reflect_fits_") for name in keys(home.page(part="us")))
    assert "You wanted to look at this again" not in [one.value for one in home.page().subheader]


def test_a_due_text_opens_in_its_part_with_its_form(home: Home):
    text = home.wrote("ritual", FILLED["ritual"] | {"revisit_on": local_today()})
    page = press(home.page(), f"due_{text.id}")

    assert page.title[0].value == "What you need from each other"
    assert f"reflect_{text.id}_keep" in keys(page)


def test_this_week_says_what_was_written_and_never_counts_what_was_not(home: Home):
    home.wrote("journal", {"text": "one"})
    home.wrote("journal", {"text": "two"}, hours=6 * 24)
    home.wrote("small_win", {"text": "older"}, hours=8 * 24)
    home.wrote("journal", {"text": "not mine"}, author=home.ravi, shared=True)

    assert "In the last seven days you wrote down: 2 journal entries." in read_on(home.page())
    assert "In the last seven days" not in read_on(Home(home.store).page())


# --- tension ------------------------------------------------------------------------------------------


def tense(home: Home, *pairs: tuple[int, int | None]) -> str:
    for n, (before, after) in enumerate(pairs):
        home.wrote("stress", {"before": before, "after": after}, hours=n + 1)
    return read_on(home.page(part="hard"))


def test_three_pairs_are_told_with_their_median_and_what_is_still_missing(home: Home):
    told = tense(home, (8, 5), (7, 6), (9, 7), (6, None))

    assert "3 moments with both numbers: typically 2 points calmer afterwards." in told
    assert "7 more moments with both numbers, and a change can be told from chance." in told
    assert "p = " not in told


def test_ten_pairs_are_told_with_what_chance_would_do_and_that_it_is_no_proof_of_help(home: Home):
    told = tense(home, *[(8, 5)] * 10)

    assert "10 moments with both numbers: typically 3 points calmer afterwards." in told
    assert f"p = {2 / 2**10:.2g}" in told and "fewer than 1 of 100" in told
    assert "this cannot tell what helped" in told


def test_a_moment_whose_second_number_is_open_says_so_without_blame(home: Home):
    assert "8 of 10. How it was afterwards is still open." in tense(home, (8, None))


# --- between fields and texts -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_shows_a_text_and_gives_back_the_same_text_also_by_way_of_a_draft(kind: str):
    form = forms(part_of(kind))[kind]
    content = content_of(form, FILLED[kind])
    assert content is not None

    shown = fields(form, content)

    assert content_of(form, shown, content) == content
    assert from_draft(form, to_draft(shown)) == shown


def test_a_draft_of_an_older_form_loses_only_what_no_longer_fits():
    kept = {"text": "She laughed.", "mood": "fine"}

    assert from_draft(forms("journal")["journal"], kept) == {"text": "She laughed."}


def test_a_fault_that_nobody_can_fill_in_is_not_hidden_as_something_missing():
    with pytest.raises(ValueError, match="less_than_equal"):
        content_of(forms("hard")["stress"], {"before": 11})
    assert content_of(forms("hard")["stress"], {"before": 0}) == Stress(before=0)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"when": "it is late", "i_feel": "tense", "i_need": "quiet"},
            "When it is late, I feel tense, and I need quiet",
        ),
        ({"when": "it is late", "i_need": "quiet"}, "When it is late, I need quiet"),
        ({"i_need": "quiet"}, "I need quiet"),
        ({"text": "No visits."}, ""),
    ],
)
def test_an_i_sentence_is_built_of_the_pieces_that_are_there(said: dict[str, str], sentence: str):
    assert i_sentence(Boundary(**said)) == sentence

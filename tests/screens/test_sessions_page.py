"""The page of coded sessions: what is there, what is still needed, who may see it, and what lies behind."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import count
from pathlib import Path
from time import perf_counter
from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from caregiving import settings as knobs
from caregiving.coded.looks import VIEWS
from caregiving.instruments import load
from caregiving.people import Action, Consent, Role
from caregiving.screens import sessions
from caregiving.settings import Settings
from caregiving.store.consents import give_consent
from caregiving.store.engine import Store, opened
from caregiving.store.events import ingest
from caregiving.store.people import Caregiver, Child, Member, found_household, viewer_of
from caregiving.store.visits import plan
from caregiving.visits import Visit
from sample_data.play import items

FAMILY, ADA, NOOR, INES, JUNO, ADA_CARES = (uuid4() for _ in range(6))
OBSERVER = (Action.SEE_PATTERNS, Action.SEE_PEOPLE, Action.OBSERVE)
MINUTE_MS = 60_000


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    monkeypatch.setenv("CAREGIVING_FOLDER", str(tmp_path))
    monkeypatch.setenv("CAREGIVING_MODE", "demo")
    knobs.settings.cache_clear()
    opened.cache_clear()
    ready = opened(Settings().database)
    found_household(
        ready,
        FAMILY,
        "an invented household",
        0,
        [
            Member(id=ADA, alias="Ada", role=Role.PARENT, own_family=FAMILY, caregiver=ADA_CARES),
            Member(id=NOOR, alias="Noor", role=Role.HOME_VISITOR),
            Member(id=INES, alias="Ines", role=Role.HOME_VISITOR),
        ],
        [Caregiver(id=ADA_CARES, alias="Ada")],
        [Child(id=JUNO, alias="Juno", colour="#9A5700")],
    )
    yield ready
    ready.close()
    knobs.settings.cache_clear()
    opened.cache_clear()


@pytest.fixture
def coded(store: Store) -> Store:
    now = datetime.now(UTC)
    ada = viewer_of(store, ADA, now)
    sent = items(FAMILY, JUNO, ADA, ADA_CARES, now.date() - timedelta(days=14), "Europe/Berlin", "page", 7)
    assert ingest(store, ada, sent, int(now.timestamp() * 1000)).refused == ()
    return store


def agree(store: Store, *scope: Action, member: UUID = NOOR) -> None:
    now = datetime.now(UTC)
    consent = Consent(
        id=uuid4(),
        family=FAMILY,
        member=member,
        scope=frozenset(scope),
        purpose="home visits",
        given_by=ADA,
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=1),
    )
    give_consent(store, viewer_of(store, ADA, now), consent)


@dataclass
class Sitting:
    """What somebody coded in a visit: its parts, and moments as (seconds from the start, until, code)."""

    by: UUID
    days_ago: int = 3
    parts_min: tuple[tuple[float, float], ...] = ((0, 10),)
    acts: tuple[tuple[float, float | None, str], ...] = ()
    instrument: str = "engagement.v1"
    again: UUID | None = None
    recorded: bool = False
    id: UUID = field(default_factory=uuid4)

    def stored(self, store: Store) -> "Sitting":
        """Plan the visit and store what was coded in it, as its observer."""
        now = datetime.now(UTC)
        noon = now.replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=self.days_ago)
        start = int(noon.timestamp() * 1000)
        who = viewer_of(store, self.by, now)
        plan(
            store,
            who,
            Visit(
                id=uuid4(), sitting=self.id, family=FAMILY, child=JUNO, author=self.by,
                instrument=self.instrument, codes_again=self.again, from_recording=self.recorded,
                at_ms=start, utc_offset_min=60,
            ),
        )  # fmt: skip
        receipt = ingest(store, who, list(self._items(start)), int(now.timestamp() * 1000))
        assert receipt.refused == ()
        return self

    def _items(self, start: int) -> Iterator[dict[str, object]]:
        known = load(self.instrument)
        place = {"child": str(JUNO), "instrument": self.instrument, "zone": "Europe/Berlin",
                 "utc_offset_min": 60}  # fmt: skip
        for number, (begin, end) in enumerate(self.parts_min):
            last = number == len(self.parts_min) - 1
            opening = self._born(start) | place | {
                "type": "window_start", "mode": "session", "started_ms": start + round(begin * MINUTE_MS),
                "sitting": str(self.id),
            }  # fmt: skip
            yield opening
            for at_s, until_s, code in self.acts:
                if begin * 60 <= at_s < end * 60 or (last and at_s >= end * 60):
                    yield self._born(start) | place | {
                        "type": "event", "window": opening["id"], "actor": known.behaviour(code).who,
                        "code": code, "onset_ms": start + round(at_s * 1000),
                        "offset_ms": None if until_s is None else start + round(until_s * 1000),
                        "time_quality": "tapped", "caregiver": None,
                    }  # fmt: skip
            yield self._born(start) | {
                "type": "window_end", "window": opening["id"],
                "ended_ms": start + round(end * MINUTE_MS), "attestation": "all",
            }  # fmt: skip

    def _born(self, start: int) -> dict[str, object]:
        return {"id": str(uuid4()), "family": str(FAMILY), "author": str(self.by), "device": str(self.by),
                "ordinal": next(ORDINAL), "wall_ms": start, "skew_ms": 0}  # fmt: skip


ORDINAL = count()
PLAY = ((0, 300, "infant_playful"), (300, 600, "infant_object"), (0, 600, "caregiver_playful"))
SMILES = ((10, None, "smile"), (12, 14, "speech"), (60, None, "smile"), (200, None, "smile"))


@pytest.fixture
def observed(store: Store) -> Store:
    """Noor and Ines may observe, and nothing was coded yet."""
    for member in (NOOR, INES):
        agree(store, *OBSERVER, member=member)
    return store


def alone(member: str) -> None:
    """The page on its own, for one person."""
    from datetime import UTC, datetime
    from uuid import UUID

    import streamlit as st

    from caregiving.screens import sessions
    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import viewer_of

    shell = shell_for(viewer_of(opened(Settings().database), UUID(member), datetime.now(UTC)))
    if shell is None:
        st.title("nothing to see")
    else:
        sessions.show(shell)


def page(member: object = ADA, **address: str) -> AppTest:
    at = AppTest.from_function(alone, kwargs={"member": str(member)}, default_timeout=30)
    for name, value in address.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception, at.exception
    return at


def said(at: AppTest) -> str:
    """Everything that stands on the page in words."""
    pieces = [element.proto.body for element in at.get("html")] + [m.value for m in at.markdown]
    return unescape(re.sub(r"<[^>]+>", " ", " ".join([at.title[0].value, *pieces])))


def drawn(at: AppTest) -> int:
    return len(at.get("plotly_chart"))


def test_a_family_without_a_session_is_told_what_one_is(store):
    at = page()

    assert at.title[0].value == "No session has been coded yet"
    assert (
        "ten minutes in which an observer writes down, moment by moment, what Juno and a grown-up do"
        in said(at)
    )


@pytest.mark.parametrize("view", VIEWS)
def test_every_picture_of_a_session_opens_for_a_parent_and_for_a_visitor(coded, view):
    agree(coded, Action.SEE_PATTERNS, Action.SEE_PEOPLE)
    for member in (ADA, NOOR):
        at = page(member, view=view)

        assert drawn(at) == (view != "turns")
        assert "Juno and Ada" in said(at)


def test_a_visitor_whom_the_family_did_not_agree_to_show_patterns_is_refused(coded):
    agree(coded, Action.SEE_PEOPLE)
    at = AppTest.from_function(alone, kwargs={"member": str(NOOR)}, default_timeout=30).run()

    assert at.exception and not at.title and drawn(at) == 0
    assert {Role.PARENT, Role.HOME_VISITOR} == sessions.ROLES and sessions.ACTION is Action.SEE_PATTERNS


def test_the_newest_session_is_shown_first_and_all_of_one_instrument_can_be_looked_at_together(coded):
    options = page().selectbox[0].options

    assert len(options) == 5 + 2
    assert options[0].endswith("10:30: Engagement of two, ten minutes (10 min)")
    assert options[-2:] == [
        "All 3 together: Engagement of two, ten minutes (30 min)",
        "All 2 together: Free play, ten minutes (20 min)",
    ]


def test_turns_of_one_session_are_withheld_with_what_is_still_needed_and_a_way_to_see_them_together(coded):
    at = page(view="turns")

    assert at.title[0].value == "Taking turns"
    assert "20 more minutes observed and this picture can be drawn (10 of 30 so far)." in said(at)
    assert not re.search(r"\d+ (times|turns) an hour", said(at))

    at.button(key="sessions_together").click().run()

    assert not at.exception and drawn(at) == 1
    assert re.fullmatch(
        r"Voices took turns about \d+ times an hour, likely between \d+ and \d+", at.title[0].value
    )
    assert at.query_params["session"] == "all-engagement.v1"


def test_free_play_has_no_grid_and_says_what_it_would_need(coded):
    at = page(view="state_space", session="all-free_play.v1")

    assert drawn(at) == 0
    assert "needs a session in which what both were doing was coded" in said(at)
    assert not at.button


def test_a_comparison_with_chance_is_withheld_when_every_pair_is_too_rare(coded):
    at = page(view="lag", whose="both")

    assert at.title[0].value == "Compared with chance" and drawn(at) == 0
    assert "chance, which has to expect at least 5 of them" in said(at)
    assert drawn(page(view="lag", whose="both", session="all-engagement.v1")) == 1


def test_the_address_leads_to_the_same_picture_again(coded):
    at = page()
    at.selectbox[0].select_index(5).run()

    assert at.query_params["session"] == "all-engagement.v1"
    again = page(session="all-engagement.v1", view="synchrony", of="object")
    assert again.selectbox[0].value == "all-engagement.v1"
    assert "Juno was ahead by about" in again.title[0].value


def test_a_made_up_address_leads_to_the_newest_session(coded):
    at = page(session="nowhere", view="nothing", whose="nobody")

    assert drawn(at) == 1 and "of 10" in at.title[0].value


@pytest.mark.parametrize("view", VIEWS)
def test_every_picture_says_how_it_is_known_with_its_source_and_what_it_cannot_say(coded, view):
    at = page(view=view, session="all-engagement.v1")
    at.session_state[f"sessions_{view}_more"] = "how"
    at.run()

    assert not at.exception
    assert "One observer coded each of these; how well two would agree has not been checked" in said(at)
    assert "What it cannot say: " in said(at)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("opened_now", ["table", "moments"])
def test_every_picture_opens_its_table_and_the_moments_behind_it(coded, view, opened_now):
    at = page(view=view, session="all-engagement.v1")
    at.session_state[f"sessions_{view}_more"] = opened_now
    at.run()

    assert not at.exception
    assert any("<td>" in element.proto.body for element in at.get("html"))
    if opened_now == "moments":
        assert "In the session" in said(at) and "and " in said(at)


def test_another_family_sees_nothing_of_them(coded):
    assert drawn(page()) == 1  # now they are kept for this family
    family, ravi = uuid4(), uuid4()
    parent = Member(id=ravi, alias="Ravi", role=Role.PARENT, own_family=family)
    baby = Child(id=uuid4(), alias="Ilo", colour="#9A5700")
    found_household(coded, family, "another household", 0, [parent], [], [baby])

    assert page(ravi).title[0].value == "No session has been coded yet"
    assert "Juno" not in said(page(ravi))


def test_a_session_coded_while_the_page_is_open_is_there_on_the_next_look(coded):
    at, now = page(), datetime.now(UTC)
    ada = viewer_of(coded, ADA, now)
    day = now.date() - timedelta(days=30)
    sent = items(FAMILY, JUNO, ADA, ADA_CARES, day, "Europe/Berlin", "earlier", 8)
    assert ingest(coded, ada, sent, int(now.timestamp() * 1000)).refused == ()
    at.run()

    assert len(at.selectbox[0].options) == 10 + 2


def test_a_session_that_was_not_ended_says_so(store):
    now = datetime.now(UTC)
    ada = viewer_of(store, ADA, now)
    day = now.date() - timedelta(days=14)
    sent = items(FAMILY, JUNO, ADA, ADA_CARES, day, "Europe/Berlin", "page", 7)
    unended = [item for item in sent if item["type"] != "window_end"]
    assert ingest(store, ada, unended, int(now.timestamp() * 1000)).refused == ()

    assert "Nobody ended this session, so it is taken to last until the last moment" in said(page())


# --- second codings and parts -----------------------------------------------------------------------


def twice_coded(store: Store) -> tuple[Sitting, Sitting, Sitting]:
    earlier = Sitting(NOOR, 9, acts=(*PLAY, *SMILES)).stored(store)
    first = Sitting(NOOR, 3, acts=(*PLAY, *SMILES)).stored(store)
    second = Sitting(INES, 1, acts=PLAY, again=first.id, recorded=True).stored(store)
    return earlier, first, second


def test_a_second_coding_stands_below_the_first_one_with_its_day_and_is_not_pooled(observed):
    _earlier, first, _second = twice_coded(observed)
    at = page()
    options = at.selectbox[0].options

    assert len(options) == 3 + 1
    assert options[1] == f"{options[0]}, coded again by Ines", "the day it was, not the day it was coded"
    assert options[3].startswith("All 2 together: Engagement of two, ten minutes (20 min)")
    assert at.selectbox[0].value == str(first.id), "the first coding is shown, though the second is newer"
    together = page(session="all-engagement.v1")
    assert "2 sessions" in said(together) and "20 min" in said(together)


def test_a_session_coded_twice_says_so_and_leads_only_an_observer_to_the_comparison(observed):
    _earlier, first, second = twice_coded(observed)
    for member, leads in ((NOOR, True), (ADA, False)):
        at = page(member, session=str(first.id))
        html = " ".join(element.proto.body for element in at.get("html"))

        assert "Coded by Noor. Coded a second time by Ines." in " ".join(said(at).split())
        assert (f'href="/agreement?family={FAMILY}"' in html) is leads
    again = " ".join(said(page(session=str(second.id))).split())
    assert "Ines coded it a second time, from a recording. The first coding is by Noor." in again


@pytest.mark.parametrize(
    ("which", "words"),
    [
        (0, "One observer coded this; how well two would agree has not been checked here."),
        (1, "A second observer coded it too; this is drawn from the first coding alone."),
        (2, "Two observers coded this session; this is drawn from the second coding alone."),
    ],
)
def test_how_a_picture_is_known_says_truly_how_many_observers_there_were(observed, which, words):
    chosen = twice_coded(observed)[which]
    for member in (ADA, NOOR):
        at = page(member, session=str(chosen.id))
        at.session_state["sessions_time_budget_more"] = "how"
        at.run()

        assert words in said(at)
        assert ("stands on the page “Agreement”" in said(at)) is (member == NOOR and which > 0)


def test_all_together_says_how_many_were_coded_twice(observed):
    twice_coded(observed)
    at = page(session="all-engagement.v1")
    at.session_state["sessions_time_budget_more"] = "how"
    at.run()

    assert "A second observer coded 1 of these 2 too; this is drawn from the first codings alone." in said(at)


def test_a_session_in_parts_says_how_long_the_break_was_and_counts_only_watched_time(observed):
    Sitting(NOOR, parts_min=((0, 4), (8, 13)), acts=((0, 200, "infant_playful"),)).stored(observed)
    at = page()

    assert "9 min" in at.selectbox[0].options[0]
    assert "Watched in 2 parts, with a break of 4 min." in said(at)


def test_a_session_in_three_parts_adds_its_breaks_up(observed):
    Sitting(NOOR, parts_min=((0, 2), (3, 5), (7, 9)), acts=((0, 60, "infant_playful"),)).stored(observed)

    assert "Watched in 3 parts, with breaks of 3 min in all." in said(page())


# --- two sessions beside each other -----------------------------------------------------------------


def cells(at: AppTest) -> dict[str, list[str]]:
    """The lines of the table of what can be counted."""
    table = next(e.proto.body for e in at.get("html") if "<td" in e.proto.body)
    lines = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table)
    return {unescape(name): [unescape(one) for one in re.findall(r"<td[^>]*>(.*?)</td>", rest)]
            for name, rest in lines}  # fmt: skip


def test_two_sessions_stand_beside_each_other_the_earlier_first_with_their_counts(observed):
    Sitting(NOOR, 9, acts=(*PLAY, *SMILES)).stored(observed)
    later = Sitting(
        INES, 3, parts_min=((0, 5), (7, 12)), acts=(*PLAY[:1], *PLAY[2:], (10, None, "smile"))
    ).stored(observed)
    at = page(view="beside", session=str(later.id))
    found = cells(at)

    assert drawn(at) == 1
    assert found["Watched"] == ["10 min", "10 min. Watched in 2 parts, with a break of 2 min."]
    assert found["Coded by"] == ["Noor", "Ines"]
    assert found["Smiles, looks and coos"] == [
        "3 seen; 1 of 3 had an answer within 5 s",
        "1 seen; 0 of 1 had an answer within 5 s",
    ]
    words = " ".join(said(at).split())
    assert "Noor coded the earlier one, Ines the later one. Two observers coded them, so a part" in words
    assert "is not tested here, since two single sessions cannot tell." in words
    assert "drawn from moments of at least 3 days. One session is one day" in words
    for word in ("better", "worse", "improve", "decline", "more responsive", "↑", "↓"):
        assert word not in words


def test_figures_of_one_session_wait_for_the_agreement_of_two_observers(observed):
    for days in (9, 3):
        Sitting(NOOR, days, acts=(*PLAY, *SMILES)).stored(observed)
    found = cells(page(view="beside"))

    assert found["Time in step"] == [
        "One observer coded it; shown once a second observer's coding agrees with it (kappa .60 or more)."
    ]
    assert not any("%" in cell for line in found.values() for cell in line)


def test_once_two_observers_agree_time_in_step_stands_in_the_table_with_how_sure_it_is(observed, monkeypatch):
    # fifteen times out of step for 10, 11, ... 24 s, each found back for 10 s
    acts, now = [(0, 600, "caregiver_playful")], 0
    for lasted in range(10, 25):
        acts += [(now, now + lasted, "infant_object"), (now + lasted, now + lasted + 10, "infant_playful")]
        now += lasted + 10
    for days in (9, 3):
        Sitting(NOOR, days, acts=tuple(acts)).stored(observed)
    monkeypatch.setattr("caregiving.screens._session_beside.closed", lambda standing, coders: None)
    found = cells(page(view="beside"))

    share = f"{150 / sum(range(10, 25), 150):.0%}".replace("%", " %")
    assert found["Time in step"] == [f"{share}, how sure this is cannot be told yet"] * 2
    for cell in found["Usual time to find back"]:
        assert re.fullmatch(r"17 s, likely between 1\d s and 2\d s; 15 times out of step", cell)
    at = page(view="beside")
    at.session_state["sessions_beside_more"] = "how"
    at.run()
    assert said(at).count("Kaplan-Meier median of 15 mismatches, 15 repaired") == 2
    assert "What two observers agree on may be shown: no session was coded by two observers yet." in said(at)


def test_another_session_is_offered_only_where_there_is_one_of_the_same_instrument(observed):
    _earlier, first, second = twice_coded(observed)
    by_itself = Sitting(NOOR, 5, acts=((0, 4, "speech"),), instrument="free_play.v1").stored(observed)
    options = page(view="beside", session=str(first.id)).selectbox[1].options

    assert len(options) == 1 and "coded again" not in options[0], "neither itself, nor its second coding"
    for session in (str(second.id), str(by_itself.id), "all-engagement.v1"):
        assert len(page(view="beside", session=session).selectbox) == 1


def test_the_other_session_stands_in_the_address(observed):
    ids = [str(Sitting(NOOR, days, acts=PLAY).stored(observed).id) for days in (9, 6, 3)]
    at = page(view="beside", session=ids[2], **{"with": ids[0]})
    assert at.selectbox[1].value == ids[0]

    at.selectbox[1].select_index(0).run()
    assert at.query_params["with"] == ids[1]
    assert not at.exception


def test_two_sessions_of_one_day_are_told_apart_by_their_time(observed):
    Sitting(NOOR, 3, acts=PLAY).stored(observed)
    Sitting(NOOR, 3, parts_min=((60, 70),), acts=((3600, 3700, "infant_playful"),)).stored(observed)

    assert re.search(r", 13:00 beside .*, 14:00$", page(view="beside").title[0].value)


@pytest.mark.parametrize("opened_now", ["how", "table"])
def test_two_sessions_say_how_they_are_known_and_open_their_table(coded, opened_now):
    at = page(view="beside")
    at.session_state["sessions_beside_more"] = opened_now
    at.run()

    assert not at.exception
    assert "whether one session went better than the other" in said(at) or opened_now == "table"
    assert ("Plays along" in said(at)) is (opened_now == "table")


def test_two_sessions_are_counted_within_the_bar(coded, measured):
    at = page(view="beside")
    start = perf_counter()
    at.run()
    measured(f"sessions page, beside, warm: {1000 * (perf_counter() - start):.0f} ms (bar 300 ms)")

    assert not at.exception


def test_no_picture_takes_longer_than_the_bar_once_it_was_seen(coded, measured):
    for view in VIEWS:
        at = page(view=view, session="all-engagement.v1")
        start = perf_counter()
        at.run()
        measured(f"sessions page, {view}, warm: {1000 * (perf_counter() - start):.0f} ms (bar 300 ms)")

        assert not at.exception

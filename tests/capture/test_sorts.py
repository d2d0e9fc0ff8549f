"""Sorting cards over HTTP: every move is kept once, a legal sort becomes a record, an illegal one never."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from caregiving.cli.serve import _found
from caregiving.instruments import load_sort
from caregiving.instruments.deck import CardText, Deck
from caregiving.people import Action, Consent, Viewer
from caregiving.settings import Settings
from caregiving.store import decks, drafts, ratings
from caregiving.store.consents import give_consent, withdraw_consent
from caregiving.store.engine import Store, opened
from caregiving.store.people import Child, Member, children, families, found_household, members, viewer_of
from tests.capture.conftest import client_for
from tests.capture.test_routes import PASSPHRASE

NAME, FORM = "attachment_qsort.v1", "sort_attachment_qsort.v1"
T13 = "446462761841854918326865274137589552287756326971289296112695743952879197838359163433153447"
LEGAL = {str(card): int(pile) for card, pile in enumerate(T13, start=1)}
NOTHING_LAID = {str(card): 0 for card in range(1, 91)}


def store() -> Store:
    return opened(Settings().database)


def person(alias: str) -> Viewer:
    who = next(m for m in members(store()) if m.alias == alias)
    return viewer_of(store(), who.id, datetime.now(UTC))


def home() -> tuple[UUID, Child]:
    ada = person("Ada")
    family = families(store(), ada)[0][0]
    return family, children(store(), ada, family)[0]


def come_in(client: TestClient, alias: str) -> None:
    client.get(f"/be/{person(alias).member}", follow_redirects=False)


def layout(moves: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "thirds": NOTHING_LAID,
        "piles": NOTHING_LAID,
        "stage": "thirds",
        "moves": moves,
        "began_ms": 1_790_000_000_000,
        "about": {"rater": "Noor", "certified": None, "minutes": "", "shared": False},
    } | changes


def save(client: TestClient, sort: dict[str, Any], alias: str = "Noor", **changes: Any):
    sent = {"member": str(person(alias).member), "child": str(home()[1].id), "sort": sort} | changes
    return client.post("/api/sort/draft", json=sent)


def finish(client: TestClient, alias: str = "Noor", **changes: Any):
    sent = {
        "id": str(uuid4()),
        "member": str(person(alias).member),
        "child": str(home()[1].id),
        "piles": LEGAL,
        "rater": "Noor",
        "certified": True,
        "minutes": 90,
        "shared": False,
        "utc_offset_min": 60,
    } | changes
    return client.post("/api/sort/finish", json=sent)


def begun(alias: str = "Noor") -> drafts.Draft | None:
    family, child = home()
    return drafts.draft(store(), person(alias), FORM, family=family, about=child.id)


def on_record(alias: str = "Noor") -> list[Any]:
    family, child = home()
    return ratings.read(store(), person(alias), family, child.id, "attachment_qsort")


def test_a_visitor_gets_the_piles_and_only_numbers_as_long_as_no_deck_is_loaded(demo):
    come_in(demo, "Noor")
    seen = demo.get(f"/api/sort?child={home()[1].id}").json()

    assert (seen["cards"], seen["piles"], seen["texts"]) == (90, [10] * 9, {})
    assert (seen["kind"], seen["member_alias"], seen["child"]["alias"]) == ("observer", "Noor", "Juno")
    assert (seen["instrument"], seen["draft"]) == (NAME, None)


def test_a_loaded_deck_is_shown_to_its_own_house_only(demo):
    texts = {str(card): CardText(text=f"Invented {card}") for card in range(1, 91)}
    decks.keep(store(), person("Noor"), Deck(instrument=NAME, texts=texts), uuid4(), 1)
    url = f"/api/sort?child={home()[1].id}"
    come_in(demo, "Noor")
    hers = demo.get(url)
    come_in(demo, "Ada")

    assert hers.json()["texts"]["90"] == {"title": "", "text": "Invented 90"}
    assert hers.headers["cache-control"] == "no-store"
    assert demo.get(url).json()["texts"] == {}


def test_a_move_is_kept_and_comes_back(demo):
    come_in(demo, "Noor")
    sort = layout(3, thirds=NOTHING_LAID | {"1": 1, "2": 3, "3": 2})

    assert save(demo, sort).json() == {"kept": 3}
    assert demo.get(f"/api/sort?child={home()[1].id}").json()["draft"] == sort


def test_an_older_move_changes_nothing_and_is_answered_with_the_newer_one(demo):
    come_in(demo, "Noor")
    newer = layout(8, piles=NOTHING_LAID | {"5": 9})
    save(demo, newer)
    answer = save(demo, layout(7, id=newer["id"])).json()

    assert answer == {"kept": 8, "draft": newer}
    assert begun().content == newer


def test_the_same_move_a_second_time_changes_nothing(demo):
    come_in(demo, "Noor")
    sort = layout(4)
    save(demo, sort)
    first = begun()

    assert save(demo, sort).json()["kept"] == 4
    assert begun() == first


def test_each_person_has_a_sort_of_their_own(demo):
    come_in(demo, "Noor")
    save(demo, layout(9))
    come_in(demo, "Ada")
    save(demo, layout(2), alias="Ada")

    assert (begun("Noor").content["moves"], begun("Ada").content["moves"]) == (9, 2)
    assert begun("Ravi") is None


def test_a_legal_sort_becomes_a_record_with_the_printed_correlations_and_its_draft_goes(demo):
    come_in(demo, "Noor")
    sort = layout(190, piles=LEGAL, stage="finish")
    save(demo, sort)
    answer = finish(demo, id=sort["id"], rater="  Vera ", minutes=120.5, shared=True)
    (one,) = on_record()

    assert answer.json() == {"stored": sort["id"]}
    assert {name: round(r, 3) for name, r in one.scores.items()} == {"security": -0.060, "dependency": -0.019}
    assert one.scores == load_sort("attachment_qsort").correlations(tuple(LEGAL.values()))
    assert one.answers == {f"card_{card}": pile for card, pile in LEGAL.items()}
    assert (one.kind, one.rater, one.certified, one.minutes) == ("observer", "Vera", True, 120.5)
    assert (one.shared, one.instrument, one.utc_offset_min) == (True, NAME, 60)
    assert begun() is None


def test_finishing_twice_keeps_one_record_and_a_late_move_brings_no_draft_back(demo):
    come_in(demo, "Noor")
    sort = layout(190, piles=LEGAL, stage="finish")
    first, second = finish(demo, id=sort["id"]), finish(demo, id=sort["id"])

    assert first.json() == second.json() == {"stored": sort["id"]}
    assert len(on_record()) == 1
    assert save(demo, sort).json() == {"ended": {"how": "finished", "at_ms": on_record()[0].written_ms}}
    assert begun() is None


def discard(at_ms: int | None = 1_790_000_300_000) -> None:
    """Discard Noor's sort, as the page of ratings does."""
    family, child = home()
    drafts.drop_draft(store(), person("Noor"), FORM, family=family, about=child.id, at_ms=at_ms)


def test_a_tablet_that_still_holds_a_discarded_sort_is_told_when_and_brings_nothing_back(demo):
    come_in(demo, "Noor")
    sort = layout(50)
    save(demo, sort)
    discard()
    told = {"ended": {"how": "discarded", "at_ms": 1_790_000_300_000}}

    assert save(demo, sort | {"moves": 51}).json() == told
    assert finish(demo, id=sort["id"]).json() == told
    assert begun() is None
    assert on_record() == []
    assert demo.get(f"/api/sort?child={home()[1].id}").json()["draft"] is None


def test_a_sort_that_was_discarded_without_a_time_is_told_without_one(demo):
    come_in(demo, "Noor")
    sort = layout(50)
    save(demo, sort)
    discard(at_ms=None)

    assert save(demo, sort | {"moves": 51}).json() == {"ended": {"how": "discarded", "at_ms": None}}


def test_the_cards_of_a_discarded_sort_can_begin_a_new_one(demo):
    come_in(demo, "Noor")
    old = layout(50, thirds=NOTHING_LAID | {"1": 1})
    save(demo, old)
    discard()
    new = old | {"id": str(uuid4()), "moves": 52}

    assert save(demo, new).json() == {"kept": 52}
    assert save(demo, old | {"moves": 60}).json()["ended"]["how"] == "discarded"
    assert begun().content == new


def test_a_finished_sort_that_was_taken_back_stays_finished_for_an_old_tablet(demo):
    come_in(demo, "Noor")
    sort = layout(190, piles=LEGAL, stage="finish")
    finish(demo, id=sort["id"])
    (one,) = on_record()
    void = {"id": uuid4(), "supersedes": one.id, "void": True}
    ratings.rate(store(), person("Noor"), one.model_copy(update=void))

    assert save(demo, sort | {"moves": 191}).json()["ended"]["how"] == "finished"
    assert (begun(), on_record()) == (None, [])


def test_finishing_with_other_piles_what_was_finished_elsewhere_is_told_and_changes_nothing(demo):
    come_in(demo, "Noor")
    id_ = str(uuid4())
    finish(demo, id=id_)
    swapped = LEGAL | {"1": LEGAL["3"], "3": LEGAL["1"]}  # card 1 lies in pile 4, card 3 in pile 6
    answer = finish(demo, id=id_, piles=swapped).json()
    (one,) = on_record()

    assert answer == {"ended": {"how": "finished", "at_ms": one.written_ms}}
    assert one.answers["card_1"] == LEGAL["1"]


def test_of_two_sorts_begun_apart_neither_pushes_the_other_out_until_somebody_says_so(demo):
    come_in(demo, "Noor")
    first, second = layout(5), layout(30)
    save(demo, first)
    asked = save(demo, second).json()
    untouched = begun().content
    taken = save(demo, second, instead_of=first["id"]).json()

    assert asked == {"other": first}
    assert untouched == first
    assert taken == {"kept": 30}
    assert save(demo, first | {"moves": 6}).json()["ended"]["how"] == "discarded"
    assert begun().content == second


def test_finishing_one_sort_leaves_another_that_was_begun_meanwhile(demo):
    come_in(demo, "Noor")
    other = layout(12)
    save(demo, other)
    finish(demo)

    assert len(on_record()) == 1
    assert begun().content == other


def test_what_ended_is_no_unfinished_form(demo):
    come_in(demo, "Noor")
    save(demo, layout(50))
    discard()

    assert drafts.drafts_of(store(), person("Noor"), home()[0]) == []


def test_a_visitors_tablet_keeps_the_cards_no_longer_than_the_sign_in_and_the_consent(demo):
    family, child = home()
    url = f"/api/sort?child={child.id}"
    come_in(demo, "Ada")
    at_home = demo.get(url).json()["stays_ms"]
    come_in(demo, "Noor")
    visiting = demo.get(url).json()["stays_ms"]
    ada, noor = person("Ada"), person("Noor")
    withdraw_consent(store(), ada, family, noor.consents[0].id, datetime.now(UTC))
    until = {"id": uuid4(), "valid_until": datetime.now(UTC) + timedelta(hours=2)}
    give_consent(store(), ada, noor.consents[0].model_copy(update=until))
    soon_over = demo.get(url).json()["stays_ms"]

    assert (at_home, visiting) == (30 * 24 * 3_600_000, 12 * 3_600_000)
    assert 2 * 3_600_000 - 60_000 < soon_over <= 2 * 3_600_000


def test_an_illegal_sort_is_answered_with_all_its_faults_and_nothing_is_stored(demo):
    come_in(demo, "Noor")
    save(demo, layout(50))
    # Card 1 lies in pile 4, card 2 in pile 4, card 3 in pile 6: not laid, then in pile 9, then in pile 10.
    answer = finish(demo, piles=LEGAL | {"1": 0, "2": 9, "3": 10})

    assert answer.status_code == 422
    assert "Nothing was stored" in answer.json()["why"]
    assert answer.json()["faults"] == [
        'Your sort, row 2, pile: found "10"; needed a pile from 1 to 9.',
        "Your sort: found no card 1; needed each card from 1 to 90 once.",
        "Your sort: found 8 cards in pile 4; needed 10 cards in pile 4.",
        "Your sort: found 9 cards in pile 6; needed 10 cards in pile 6.",
        "Your sort: found 11 cards in pile 9; needed 10 cards in pile 9.",
    ]
    assert on_record() == []
    assert begun().content["moves"] == 50


@pytest.mark.parametrize("extra", [{"91": 5}, {"90": 1, "91": 2, "120": 3}])
def test_a_card_that_is_not_in_the_deck_is_refused(demo, extra):
    come_in(demo, "Noor")
    answer = finish(demo, piles=LEGAL | extra)

    assert answer.status_code == 422
    assert any('found "91"' in fault for fault in answer.json()["faults"])
    assert on_record() == []


def test_what_a_parent_sorts_is_a_description_and_never_a_certified_one(demo):
    come_in(demo, "Ada")

    assert demo.get(f"/api/sort?child={home()[1].id}").json()["kind"] == "self"
    finish(demo, alias="Ada", rater="Ada", certified=True, minutes=None)
    (one,) = on_record("Ada")
    assert (one.kind, one.certified, one.minutes) == ("self", False, None)


def test_a_page_of_somebody_else_stores_nothing_after_the_tablet_was_handed_over(demo):
    come_in(demo, "Ada")
    answers = [save(demo, layout(3)), finish(demo)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "Somebody else is signed in now" in answers[0].json()["why"]
    assert begun() is None
    assert on_record() == on_record("Ada") == []


def test_without_consent_to_rate_there_is_nothing_to_sort(demo):
    ada, noor, (family, child) = person("Ada"), person("Noor"), home()
    withdraw_consent(store(), ada, family, noor.consents[0].id, datetime.now(UTC))
    less = Consent(
        id=uuid4(),
        family=family,
        member=noor.member,
        scope=frozenset({Action.SEE_PEOPLE, Action.SEE_PATTERNS}),
        purpose="looking only",
        given_by=ada.member,
        valid_from=datetime.now(UTC) - timedelta(days=1),
        valid_until=datetime.now(UTC) + timedelta(days=1),
    )
    give_consent(store(), ada, less)
    come_in(demo, "Noor")
    answers = [demo.get(f"/api/sort?child={child.id}"), save(demo, layout()), finish(demo)]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert "has not agreed" in answers[0].json()["why"]
    assert "Juno" not in answers[0].text


@pytest.mark.parametrize("alias", ["Sol", "Noa"])
def test_somebody_from_outside_learns_the_same_about_a_child_as_about_none(demo, alias):
    noa = Member(id=uuid4(), alias="Noa", role="parent", own_family=(birch := uuid4()))
    ilo = Child(id=uuid4(), alias="Ilo", colour="#0F6B66")
    found_household(store(), birch, "Birch", 0, [noa], children=[ilo])
    come_in(demo, alias)
    theirs = demo.get(f"/api/sort?child={home()[1].id}")
    nobody = demo.get(f"/api/sort?child={uuid4()}")
    unread = demo.get("/api/sort?child=<b>")
    sent = [save(demo, layout(), alias), finish(demo, alias)]

    if alias == "Noa":
        assert (theirs.status_code, theirs.json()) == (404, nobody.json())
    else:
        assert theirs.status_code == 403  # Sol sees how complete the family's records are, and no more
    assert (nobody.status_code, unread.status_code) == (404, 404)
    assert [answer.status_code for answer in sent] == [theirs.status_code] * 2


@pytest.mark.parametrize("path", ["/api/sort/draft", "/api/sort/finish"])
def test_another_site_and_what_is_not_json_are_turned_away(demo, path):
    cross = demo.post(path, json={}, headers={"sec-fetch-site": "cross-site"})
    text = demo.post(path, content="{}", headers={"content-type": "text/plain"})

    assert (cross.status_code, text.status_code) == (403, 415)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"moves": True}, "sort.moves"),
        ({"moves": -1}, "sort.moves"),
        ({"piles": {"one": 1}}, "sort.piles"),
        ({"piles": {str(card): 1 for card in range(1, 300)}}, "sort.piles"),
        ({"thirds": {"1": "2"}}, "sort.thirds"),
        ({"stage": "elsewhere"}, "sort.stage"),
        ({"mood": "great"}, "sort.mood"),
        ({"about": {"rater": "x" * 81}}, "sort.about.rater"),
        ({"id": "the first one"}, "sort.id"),
    ],
)
def test_a_move_that_no_page_sends_is_turned_away_with_the_place_of_what_is_wrong(demo, changes, told):
    come_in(demo, "Noor")
    answer = save(demo, layout() | changes)

    assert answer.status_code == 400
    assert told in answer.json()["why"]
    assert begun() is None


@pytest.mark.parametrize(
    "changes",
    [
        {"minutes": 0},
        {"minutes": -3},
        {"certified": "yes"},
        {"piles": None},
        {"id": "1"},
        {"rater": "x" * 81},
    ],
)
def test_an_ending_that_no_page_sends_is_turned_away(demo, changes):
    come_in(demo, "Noor")

    assert finish(demo, **changes).status_code == 400
    assert on_record() == []


def test_minutes_that_are_no_number_are_turned_away(demo):
    come_in(demo, "Noor")
    body = json.dumps({"id": str(uuid4()), "minutes": float("nan")})
    answer = demo.post("/api/sort/finish", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 400


def test_without_the_passphrase_there_is_nothing_to_sort(monkeypatch, tmp_path):
    answers = iter(["Juno", "", "Ada", "Ravi", PASSPHRASE])
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    for client in client_for(monkeypatch, tmp_path, "home"):
        _found(store())
        turned = [
            client.get(f"/api/sort?child={home()[1].id}"),
            save(client, layout(), "Ada"),
            finish(client, "Ada"),
        ]

        assert [one.status_code for one in turned] == [401] * 3
        assert "Please sign in again" in turned[0].json()["why"]
        client.post("/enter", data={"passphrase": PASSPHRASE})
        assert save(client, layout(), "Ada").json() == {"kept": 1}


def test_the_page_comes_with_a_strict_policy_and_every_file_it_asks_for_is_there(demo):
    page = demo.get("/sort")
    asked = set(re.findall(r'(?:src|href)="(/[^"?]+\.\w+)"', page.text))
    waiting = {path for path in asked if path.endswith(".js")}
    while waiting:
        path = waiting.pop()
        found = {f"/{name}" for name in re.findall(r'from "\./([^"]+)"', demo.get(path).text)}
        waiting |= found - asked
        asked |= found

    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert {"/sort.js", "/sort-board.js", "/sort-shelf.js", "/ids.js", "/sort.css"} <= asked
    assert {path: demo.get(path).status_code for path in asked if demo.get(path).status_code != 200} == {}
    scripts, icons = (listed(demo, name) for name in ("sortModules", "sortIcons"))
    drawn = "".join(demo.get(sheet).text for sheet in ("/sort.css", "/tap.css"))
    assert {f"/{name}.js" for name in scripts} == {path for path in asked if path.endswith(".js")}
    assert all(f"/icons/{name}.svg" in drawn + page.text for name in icons)
    assert {f"/icons/{name}.svg" for name in icons} >= {path for path in asked if path.endswith(".svg")}


def listed(client: TestClient, name: str) -> set[str]:
    """Return what a list of the service worker holds."""
    body = re.search(rf"const {name} = \[([^\]]*)\]", client.get("/sw.js").text)
    assert body is not None
    return set(re.findall(r'"([^"]+)"', body[1]))


def test_the_doors_are_watched_by_a_worker_that_forgets_the_same_cards_as_the_page_keeps(demo):
    kept = {
        path: set(re.findall(r'"(caregiving-sort-kept)"', demo.get(path).text))
        for path in ("/sort-kept.js", "/sort-doors.js", "/sw.js")
    }

    assert all(names == {"caregiving-sort-kept"} for names in kept.values())

"""The routes beside Streamlit, spoken to over HTTP as the real application serves them."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from caregiving.cli.serve import _found
from caregiving.faults import Refused
from caregiving.people import Action, Consent, Role
from caregiving.settings import Settings
from caregiving.store.consents import give_consent
from caregiving.store.door import set_passphrase
from caregiving.store.engine import opened
from caregiving.store.people import Member, add_member, members, viewer_of
from tests.capture.conftest import client_for, tap

PASSPHRASE = "three quiet nights"


@pytest.fixture
def home(monkeypatch, tmp_path) -> Iterator[TestClient]:
    answers = iter(["Juno", "", "Ada", "Ravi", PASSPHRASE])
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    for client in client_for(monkeypatch, tmp_path, "home"):
        _found(opened(Settings().database))
        yield client


def send(client: TestClient, *items: object, **headers: str):
    return client.post("/api/events", json={"events": list(items)}, headers=headers)


def test_a_tap_is_stored_and_named_and_sending_it_again_changes_nothing(demo):
    item = tap(demo.get("/api/board").json())

    assert send(demo, item).json() == {"stored": [item["id"]], "refused": []}
    assert send(demo, item).json() == {"stored": [item["id"]], "refused": []}


def test_one_bad_event_is_refused_with_its_reason_and_the_others_are_stored(demo):
    board = demo.get("/api/board").json()
    good, unknown, naive = tap(board), tap(board, code="yodel"), tap(board, zone="+01:00")
    backwards = tap(board, offset_ms=5)
    extra = tap(board) | {"mood": "great"}
    answer = send(demo, good, unknown, naive, backwards, extra).json()
    why = {refused["id"]: refused["why"] for refused in answer["refused"]}

    assert answer["stored"] == [good["id"]]
    assert '"yodel" is not a code of home_moments.v1; its codes are: cry' in why[unknown["id"]]
    assert "time zone" in why[naive["id"]]
    assert "before" in why[backwards["id"]]
    assert "mood" in why[extra["id"]]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"content-type": "text/plain"}, 415),
    ],
)
def test_a_request_that_another_site_makes_the_browser_send_is_turned_away(demo, headers, status):
    body = json.dumps({"events": []})
    answer = demo.post("/api/events", content=body, headers={"content-type": "application/json"} | headers)

    assert answer.status_code == status
    assert answer.json()["why"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("not json", 400),
        ("[]", 400),
        ('{"events": {}}', 400),
        ('{"events": [], "more": 1}', 400),
        ("[" * 100_000, 400),
    ],
)
def test_what_is_not_a_batch_of_events_is_turned_away(demo, body, status):
    answer = demo.post("/api/events", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == status


def test_too_much_at_once_is_turned_away(demo):
    board = demo.get("/api/board").json()
    huge = json.dumps({"events": ["x" * 1_100_000]})

    assert (
        demo.post("/api/events", content=huge, headers={"content-type": "application/json"}).status_code
        == 413
    )
    assert send(demo, *[tap(board) for _ in range(201)]).status_code == 413


def test_a_home_visitor_may_look_but_not_log(demo):
    parent = demo.get("/api/board").json()
    noor = visitor_id()
    demo.get(f"/be/{noor}", follow_redirects=False)
    board = demo.get("/api/board").json()
    answer = send(demo, tap(parent)).json()

    assert (board["may_log"], board["family"], board["children"]) == (False, None, [])
    assert answer["stored"] == []
    assert len(answer["refused"]) == 1


def visitor_id() -> str:
    return str(next(m.id for m in members(opened(Settings().database)) if m.role == "home_visitor"))


def test_the_tap_page_and_its_files_come_with_a_strict_policy(demo):
    page = demo.get("/tap")

    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert demo.get("/sw.js").headers["service-worker-allowed"] == "/"
    assert demo.get("/palette.css").status_code == 200


def test_every_file_that_the_service_worker_keeps_is_really_there(demo):
    script = demo.get("/sw.js").text
    lists = re.findall(r"const (modules|icons|fonts) = \[([^\]]*)\]", script)
    names = {kind: re.findall(r'"([^"]+)"', body) for kind, body in lists}
    paths = [f"/{m}.js" for m in names["modules"]]
    paths += [f"/icons/{i}.svg" for i in names["icons"]]
    paths += [f"/fonts/atkinson-hyperlegible-{f}-normal.woff2" for f in names["fonts"]]

    assert len(paths) > 30
    assert {p: demo.get(p).status_code for p in paths if demo.get(p).status_code != 200} == {}


def test_time_and_health_answer(demo):
    assert abs(demo.get("/api/time").json()["server_ms"] - time.time() * 1000) < 5_000
    assert demo.get("/healthz").json() == {"ok": True}


def test_a_real_household_shows_and_takes_nothing_without_its_passphrase(home):
    assert home.get("/api/board").status_code == 401
    assert send(home, {}).status_code == 401
    assert "Please sign in again" in home.get("/api/board").json()["why"]


def test_the_passphrase_opens_the_door_and_signing_out_shuts_it(home):
    wrong = home.post("/enter", data={"passphrase": "three loud nights"})
    right = home.post("/enter", data={"passphrase": PASSPHRASE}, follow_redirects=False)

    assert (wrong.status_code, right.status_code) == (401, 303)
    assert "httponly" in right.headers["set-cookie"].lower()
    assert home.get("/api/board").json()["member_alias"] == "Ada"
    home.get("/leave", follow_redirects=False)
    assert home.get("/api/board").status_code == 401


def test_one_parent_hands_the_tablet_to_the_other_but_to_nobody_outside(home):
    home.post("/enter", data={"passphrase": PASSPHRASE})
    ravi = next(c for c in home.get("/api/board").json()["caregivers"] if not c["is_me"])
    other = next(m for m in members(opened(Settings().database)) if str(m.caregiver) == ravi["id"])
    home.get(f"/be/{other.id}", follow_redirects=False)

    assert home.get("/api/board").json()["member_alias"] == "Ravi"
    assert home.get(f"/be/{uuid4()}").status_code == 404


def let_in_a_visitor(until: timedelta) -> Member:
    """Let Vera observe in the household up to that time from now."""
    store, now = opened(Settings().database), datetime.now(UTC)
    ada = viewer_of(store, next(m.id for m in members(store) if m.alias == "Ada"), now)
    vera = Member(id=uuid4(), alias="Vera", role=Role.HOME_VISITOR)
    add_member(store, ada, ada.own_family, vera)
    consent = Consent(
        id=uuid4(), family=ada.own_family, member=vera.id, scope=frozenset({Action.OBSERVE}),
        purpose="home visits", given_by=ada.member, valid_from=now - timedelta(days=2),
        valid_until=now + until,
    )  # fmt: skip
    give_consent(store, ada, consent)
    return vera


def test_a_household_hands_the_tablet_to_a_visitor_whom_it_lets_in_and_takes_it_back_by_its_passphrase(home):
    home.post("/enter", data={"passphrase": PASSPHRASE})
    ada = home.get("/api/board").json()["member"]
    before = home.cookies["caregiving_token"]
    vera = let_in_a_visitor(until=timedelta(days=1))
    home.get(f"/be/{vera.id}", follow_redirects=False)

    assert home.get("/api/board").json()["member_alias"] == "Vera"
    assert home.get(f"/be/{ada}").status_code == 404, "a visitor cannot make herself a parent"
    now_hers = home.cookies["caregiving_token"]
    home.cookies.clear()
    home.cookies.set("caregiving_token", before)
    assert now_hers != before
    assert home.get("/api/board").status_code == 401, "the parents' session is over on this tablet"
    home.cookies.clear()
    home.post("/enter", data={"passphrase": PASSPHRASE})
    assert home.get("/api/board").json()["member_alias"] == "Ada"


def test_a_visitor_whose_consent_is_over_is_handed_nothing(home):
    home.post("/enter", data={"passphrase": PASSPHRASE})
    vera = let_in_a_visitor(until=timedelta(days=-1))

    assert home.get(f"/be/{vera.id}").status_code == 404
    assert home.get("/api/board").json()["member_alias"] == "Ada"


def test_five_wrong_passphrases_shut_the_door_for_a_while_also_for_the_right_one(home):
    for _ in range(5):
        home.post("/enter", data={"passphrase": "guess"})
    answer = home.post("/enter", data={"passphrase": PASSPHRASE})

    assert answer.status_code == 429
    assert "Wait 15 min" in answer.text


def test_a_household_has_no_second_passphrase_and_no_short_one(home):
    store = opened(Settings().database)
    with pytest.raises(Refused, match="at least 10 characters"):
        set_passphrase(store, uuid4(), "short")


def test_the_database_of_a_real_household_holds_no_passphrase_in_the_clear(home, tmp_path):
    home.post("/enter", data={"passphrase": PASSPHRASE})

    for path in tmp_path.iterdir():
        assert PASSPHRASE.encode() not in path.read_bytes()

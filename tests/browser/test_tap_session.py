"""An observer's visit on the tap page is kept exactly, whatever interrupts it: real browser, real server."""

import time
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from caregiving.store import visits
from caregiving.store.engine import open_store
from caregiving.store.people import caregivers, children, members, viewer_of
from caregiving.visits import Visit
from tests.browser.conftest import (
    LANDSCAPE,
    NOTHING_WAITS,
    PORTRAIT,
    Server,
    middle,
    open_tap,
    wait_saved,
    wait_until,
)
from tests.browser.test_households import violations

pytestmark = [pytest.mark.browser]
SIZES = "(one) => [one.offsetWidth, one.offsetHeight, one.scrollWidth - one.clientWidth]"
GUARD_S = 0.8  # "Pause" lies where "Start" was: the page takes no second tap within that time
AWAY = "(() => { const real = Date.now.bind(Date); Date.now = () => real() + 180_000; })();"
ASLEEP = AWAY + " document.dispatchEvent(new Event('visibilitychange'))"


def plan(server: Server, instrument: str = "free_play.v1", **more: Any) -> Visit:
    """Prepare a visit of the invented home visitor, as the Visit page does."""
    store = open_store(server.folder / "demo.sqlite3")
    try:
        noor = next(one for one in members(store) if one.alias == "Noor")
        viewer = viewer_of(store, noor.id, datetime.now(UTC))
        family = viewer.consents[0].family
        visit = Visit(
            id=uuid4(),
            sitting=uuid4(),
            family=family,
            child=children(store, viewer, family)[0].id,
            author=viewer.member,
            instrument=instrument,
            caregiver=caregivers(store, viewer, family)[0].id,
            at_ms=int(time.time() * 1000),
            utc_offset_min=60,
            **more,
        )
        visits.plan(store, viewer, visit)
        return visit
    finally:
        store.close()


@pytest.fixture(scope="module")
def calm(shared_server: Server) -> Server:
    """One server for the visits during which it is not killed."""
    return shared_server


def open_visit(context: BrowserContext, server: Server, visit: Visit, minutes_later: bool = False) -> Page:
    """Open the tap page as the one who observes, now or (by the tablet's clock) three minutes later."""
    context.add_cookies([{"name": "caregiving_who", "value": str(visit.author), "url": server.url}])
    page = context.new_page()
    if minutes_later:
        page.add_init_script(AWAY)
    page.goto(f"{server.url}/tap")
    page.wait_for_selector("#visit:visible")
    return page


def press(page: Page, *codes: str) -> None:
    """Tap buttons with real input events, one after the other."""
    for code in codes:
        page.mouse.click(*middle(page, f".press[data-code={code}]"))


def change(page: Page, selector: str) -> None:
    """Start, pause or end: not sooner after the last time than the page takes it."""
    time.sleep(GUARD_S)
    page.click(selector)


def start(page: Page) -> None:
    """Start, or go on after a pause."""
    change(page, "#visit-start")
    wait_until(page, "document.querySelector('#page').dataset.stage === 'running'")


def pause(page: Page) -> None:
    change(page, "#visit-pause")
    wait_until(page, "document.querySelector('#page').dataset.stage === 'paused'")


def end(page: Page, attestation: str) -> None:
    """End the visit and wait until the server has everything."""
    change(page, "#visit-end")
    page.click(f"#visit-end-sheet [data-attest={attestation}]")
    wait_until(page, "!document.querySelector('#notice').hidden")
    wait_until(page, NOTHING_WAITS)


def wait_sent(page: Page, n_taps: int) -> None:
    """Wait until so many taps of this page are safe, and the server has them."""
    wait_until(page, f"window.caregivingTaps.filter((t) => t.durable).length === {n_taps}")
    wait_until(page, NOTHING_WAITS)


def on(page: Page) -> list[str]:
    """Return the states that are on, as the page shows them."""
    found: list[str] = page.eval_on_selector_all(
        ".press[aria-pressed=true]", "all => all.map((one) => one.dataset.code)"
    )
    return sorted(found)


def coded(server: Server, visit: Visit) -> pd.DataFrame:
    """Return every version of every moment of a visit, in order of arrival."""
    return server.ask(
        "select e.* from events e join window_starts w on w.id = e.window "
        "where w.sitting = :sitting order by e.seq",
        sitting=str(visit.sitting),
    )


def standing(server: Server, visit: Visit) -> pd.DataFrame:
    """Return what holds now: no older versions, nothing that was taken back."""
    rows = coded(server, visit)
    left = rows[~rows["id"].isin(rows["supersedes"].dropna()) & ~rows["void"].astype(bool)]
    return left.sort_values(["onset_ms", "seq"], ignore_index=True)


def parts(server: Server, visit: Visit) -> pd.DataFrame:
    """Return the parts of a visit, each with its last end."""
    return server.ask(
        "select w.id, w.started_ms, w.episode, w.mode, e.ended_ms, e.attestation from window_starts w "
        "left join window_ends e on e.window = w.id and e.seq = "
        "(select max(seq) from window_ends where window = w.id) "
        "where w.sitting = :sitting order by w.started_ms, w.seq",
        sitting=str(visit.sitting),
    )


def test_a_visit_with_states_exclusives_and_a_pause_is_kept_exactly(calm: Server, context: BrowserContext):
    visit = plan(calm, "engagement.v1", minutes=10)
    page = open_visit(context, calm, visit)
    press(page, "smile")  # before the start: nothing is kept
    assert "Start" in page.inner_text("#toast-word")
    start(page)
    press(page, "infant_playful", "speech", "smile", "infant_object")
    assert on(page) == ["infant_object", "speech"]
    pause(page)
    press(page, "smile", "cry")  # paused: nothing is kept
    assert "Paused" in page.inner_text("#toast-word")
    assert on(page) == []
    start(page)
    press(page, "infant_playful")
    end(page, "most")
    found, watched = standing(calm, visit), parts(calm, visit)
    first, second = (found[found["window"] == window] for window in watched["id"])

    assert first["code"].tolist() == ["infant_playful", "speech", "smile", "infant_object"]
    playful, speech, smile, busy = (first.iloc[i] for i in range(4))
    assert playful["offset_ms"] == busy["onset_ms"]
    assert busy["offset_ms"] == speech["offset_ms"] == watched["ended_ms"][0]
    assert pd.isna(smile["offset_ms"])
    assert second["code"].tolist() == ["infant_playful"]
    assert second["offset_ms"].tolist() == [watched["ended_ms"][1]]
    assert watched["attestation"].tolist() == ["most", "most"]
    assert watched["started_ms"][1] > watched["ended_ms"][0]
    assert set(watched["mode"]) == {"session"}
    assert found["onset_ms"].is_monotonic_increasing
    assert (first["elapsed_ms"] == first["onset_ms"] - watched["started_ms"][0]).all()
    assert (found["caregiver"].notna() == (found["actor"] == "caregiver")).all()


def test_undo_of_a_switch_is_one_undo_and_the_other_state_goes_on(calm: Server, context: BrowserContext):
    visit = plan(calm, "engagement.v1", minutes=10)
    page = open_visit(context, calm, visit)
    start(page)
    press(page, "infant_playful", "infant_object")
    page.click("#undo")
    wait_until(page, "document.querySelector('[data-code=infant_playful]').ariaPressed === 'true'")
    assert on(page) == ["infant_playful"]
    press(page, "infant_playful")
    end(page, "all")
    rows, found = coded(calm, visit), standing(calm, visit)

    assert found["code"].tolist() == ["infant_playful"]
    # on; object on with playful's end; object void with playful on again; playful off
    assert rows["code"].tolist() == [
        "infant_playful",
        *("infant_object", "infant_playful"),
        *("infant_object", "infant_playful"),
        "infant_playful",
    ]
    assert rows["offset_ms"].isna().tolist() == [True, True, False, True, True, False]
    assert rows["ordinal"].is_monotonic_increasing


def test_a_switch_that_happened_earlier_takes_the_end_of_the_other_with_it(
    calm: Server, context: BrowserContext
):
    visit = plan(calm, "engagement.v1", minutes=10)
    page = open_visit(context, calm, visit)
    start(page)
    press(page, "infant_playful")
    time.sleep(2.2)
    press(page, "infant_object")
    page.get_by_role("button", name="-2 s").click()
    page.get_by_role("button", name="-10 s").click()  # further back than the other state began
    end(page, "all")
    rows, found = coded(calm, visit), standing(calm, visit)
    playful, busy = (found[found["code"] == code].iloc[0] for code in ("infant_playful", "infant_object"))
    moved = rows[(rows["code"] == "infant_object") & (rows["time_quality"] == "adjusted")]
    tapped = rows[rows["code"] == "infant_object"].iloc[0]

    assert tapped["onset_ms"] - moved.iloc[0]["onset_ms"] == 2_000
    assert len(found) == 2
    assert playful["onset_ms"] == playful["offset_ms"] == busy["onset_ms"]
    assert busy["time_quality"] == "adjusted"
    assert busy["window"] == parts(calm, visit)["id"][0]


def test_what_cannot_be_observed_ends_the_rest_and_lets_the_other_buttons_rest(
    calm: Server, context: BrowserContext
):
    visit = plan(calm, minutes=10)
    page = open_visit(context, calm, visit)
    start(page)
    press(page, "cry", "hold", "out_of_view", "smile", "speech")
    assert on(page) == ["out_of_view"]
    assert "Not observable" in page.inner_text("#toast-word")
    press(page, "out_of_view", "speech")
    end(page, "all")
    found = standing(calm, visit).set_index("code")

    assert found.index.tolist() == ["cry", "hold", "out_of_view", "speech"]
    assert found["offset_ms"]["cry"] == found["offset_ms"]["hold"] == found["onset_ms"]["out_of_view"]
    assert found["offset_ms"]["out_of_view"] <= found["onset_ms"]["speech"]


def test_the_observers_delay_is_taken_off_but_never_before_the_start(calm: Server, context: BrowserContext):
    visit = plan(calm, minutes=10, delay_ms=500)
    page = open_visit(context, calm, visit)
    start(page)
    press(page, "reach")
    time.sleep(1)
    press(page, "cry")
    time.sleep(0.2)
    press(page, "cry")
    end(page, "all")
    rows = coded(calm, visit)
    reach, cry, over = (rows.iloc[i] for i in range(3))

    assert reach["elapsed_ms"] == 0
    assert abs((cry["wall_ms"] - cry["onset_ms"]) - 500) < 100
    assert abs((over["wall_ms"] - over["offset_ms"]) - 500) < 100
    assert over["supersedes"] == cry["id"]


def test_a_visit_goes_on_while_the_server_is_dead_and_after_a_reload_without_it(
    server: Server, context: BrowserContext
):
    visit = plan(server, minutes=10)
    page = open_visit(context, server, visit)
    wait_until(page, "navigator.serviceWorker.controller !== null")
    start(page)
    press(page, "cry", "smile")
    server.kill()
    press(page, "speech", "smile", "reach")
    wait_until(page, "window.caregivingTaps.filter((t) => t.durable).length === 5")
    page.reload()
    page.wait_for_selector("#page[data-stage=running]:visible")
    assert not page.is_visible("#resume-sheet")  # away for a moment only
    assert on(page) == ["cry", "speech"]
    press(page, "cry", "pick_up")
    pause(page)
    start(page)
    press(page, "gaze")
    change(page, "#visit-end")
    page.click("#visit-end-sheet [data-attest=all]")
    wait_until(page, "!document.querySelector('#notice').hidden")
    server.start()
    wait_until(page, NOTHING_WAITS, seconds=60)
    found, watched = standing(server, visit), parts(server, visit)

    assert found["code"].tolist() == ["cry", "smile", "speech", "smile", "reach", "pick_up", "gaze"]
    assert coded(server, visit)["id"].is_unique
    assert watched["attestation"].tolist() == ["all", "all"]
    states = found[found["code"].isin(["cry", "speech", "gaze"])].set_index("code")["offset_ms"]
    assert states.notna().all()
    assert states["speech"] == watched["ended_ms"][0]
    assert states["gaze"] == watched["ended_ms"][1]
    page.reload()
    wait_until(
        page, "document.querySelector('#notice-text').textContent.includes('prepared on the Visit page')"
    )
    assert page.get_attribute("#to-visit", "href") == "/visit"


def test_after_a_closed_tab_the_time_in_between_is_not_watched(calm: Server, context: BrowserContext):
    visit = plan(calm, minutes=10)
    page = open_visit(context, calm, visit)
    start(page)
    press(page, "cry", "smile")
    wait_sent(page, 2)
    page.close()
    page = open_visit(context, calm, visit, minutes_later=True)
    page.wait_for_selector("#resume-sheet:visible")
    assert "3 minutes ago" in page.inner_text("#resume-when")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_selector("#resume-sheet:visible")  # it stays until it is answered
    page.click("#go-on-now")
    wait_until(page, "document.querySelectorAll('.press[aria-pressed=true]').length === 0")
    press(page, "gaze")
    end(page, "most")
    found, watched = standing(calm, visit).set_index("code"), parts(calm, visit)

    assert found.index.tolist() == ["cry", "smile", "gaze"]
    assert watched["attestation"].tolist() == ["most", "most"]
    assert found["offset_ms"]["cry"] == watched["ended_ms"][0]
    assert found["onset_ms"]["smile"] <= watched["ended_ms"][0] < found["onset_ms"]["smile"] + 10_000
    assert 170_000 < watched["started_ms"][1] - watched["ended_ms"][0] < 190_000
    assert found["window"]["gaze"] == watched["id"][1]


def test_a_tablet_that_slept_goes_on_when_the_observer_kept_watching(calm: Server, context: BrowserContext):
    visit = plan(calm, minutes=10)
    page = open_visit(context, calm, visit)
    start(page)
    press(page, "cry")
    page.evaluate(ASLEEP)
    page.wait_for_selector("#resume-sheet:visible")
    page.click("#kept-watching")
    assert on(page) == ["cry"]
    press(page, "cry")
    end(page, "all")
    found, watched = standing(calm, visit), parts(calm, visit)

    assert len(watched) == 1
    assert watched["ended_ms"][0] - watched["started_ms"][0] > 180_000
    assert found["offset_ms"][0] - found["onset_ms"][0] > 170_000


def test_another_tablet_takes_the_visit_over_with_what_is_on(
    calm: Server, context: BrowserContext, browser: Browser
):
    visit = plan(calm, minutes=10)
    page = open_visit(context, calm, visit)
    start(page)
    press(page, "cry", "speech", "cry")
    wait_sent(page, 3)
    page.close()
    other = browser.new_context(viewport=PORTRAIT)
    page = open_visit(other, calm, visit)
    page.wait_for_selector("#resume-sheet:visible")
    page.click("#go-on-now")
    wait_until(page, "document.querySelectorAll('.press[aria-pressed=true]').length === 0")
    press(page, "speech")
    end(page, "all")
    other.close()
    found, watched = standing(calm, visit), parts(calm, visit)

    assert found["code"].tolist() == ["cry", "speech", "speech"]
    assert found["offset_ms"].notna().all()
    assert found["offset_ms"][1] == watched["ended_ms"][0]
    assert watched["attestation"].tolist() == ["all", "all"]


def test_an_open_session_can_be_ended_as_of_its_last_moment_or_discarded(
    calm: Server, context: BrowserContext
):
    visit = plan(calm, minutes=10)
    page = open_visit(context, calm, visit)
    start(page)
    press(page, "cry")
    pause(page)
    start(page)
    press(page, "smile")
    wait_sent(page, 2)
    page.close()
    page = open_visit(context, calm, visit, minutes_later=True)
    page.click("#resume-end")
    page.click("#visit-keep")  # not to be ended after all: the question is asked again
    page.click("#resume-discard")
    page.click("#discard-no")
    page.click("#resume-end")
    page.click("#visit-discard")
    page.click("#discard-yes")
    wait_until(page, "document.querySelector('#notice-text').textContent.includes('discarded')")
    wait_until(page, NOTHING_WAITS)
    watched = parts(calm, visit)

    assert watched["attestation"].tolist() == ["discarded", "discarded"]
    assert (watched["ended_ms"] - watched["started_ms"] < 30_000).all()
    assert coded(calm, visit)["code"].tolist() == ["cry", "cry", "smile"]  # cry was ended by the pause


def test_a_procedure_goes_through_its_episodes_without_a_gap(calm: Server, context: BrowserContext):
    visit = plan(calm, "strange_situation.v1")
    page = open_visit(context, calm, visit)
    assert page.inner_text("#episode") == "Episode 1 of 8"
    assert page.inner_text("#countdown") == "01:00"
    assert not page.is_visible("#baby")
    start(page)
    change(page, "#next-episode")
    change(page, "#next-episode")
    pause(page)
    start(page)
    assert page.inner_text("#episode") == "Episode 3 of 8"
    end(page, "all")
    watched = parts(calm, visit)

    assert watched["episode"].tolist() == [1, 2, 3, 3]
    assert watched["started_ms"][1:3].tolist() == watched["ended_ms"][:2].tolist()
    assert watched["started_ms"][3] > watched["ended_ms"][2]
    assert set(watched["attestation"]) == {"all"}


def test_a_newer_plan_waits_until_this_visit_is_over_and_then_starts_clean(
    calm: Server, context: BrowserContext
):
    visit = plan(calm, minutes=10)
    page = open_visit(context, calm, visit)
    start(page)
    press(page, "cry")
    wait_sent(page, 1)
    newer = plan(calm, "engagement.v1", minutes=5)
    page.reload()
    page.wait_for_selector("#visit:visible")
    assert on(page) == ["cry"]
    end(page, "all")
    page.reload()
    page.wait_for_selector("[data-code=infant_playful]:visible")

    assert page.get_attribute("#page", "data-stage") == "planned"
    assert page.inner_text("#visit-elapsed") == "00:00"
    assert not page.is_visible("#undo")
    assert parts(calm, visit)["attestation"].tolist() == ["all"]
    assert parts(calm, newer).empty


@pytest.mark.parametrize("instrument", ["free_play.v1", "engagement.v1", "feeding.v1", "sensory_signals.v1"])
def test_every_code_is_in_sight_and_large_enough_for_a_finger(
    calm: Server, context: BrowserContext, instrument: str
):
    visit = plan(calm, instrument, minutes=10)
    page = open_visit(context, calm, visit)
    start(page)
    for size in (PORTRAIT, LANDSCAPE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        boxes = page.eval_on_selector_all(".press", f"all => all.map({SIZES})")

        assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
        assert min(min(width, height) for width, height, _ in boxes) >= 56
        assert max(beyond for *_, beyond in boxes) <= 0


def test_a_parents_taps_wait_while_a_visitor_has_the_tablet_and_none_is_refused(
    server: Server, context: BrowserContext
):
    page = open_tap(context, server.url)
    wait_until(page, "navigator.serviceWorker.controller !== null")
    server.kill()
    press(page, "cry", "pick_up", "cry")
    wait_until(page, "window.caregivingTaps.filter((t) => t.durable).length === 3")
    page.close()
    server.start()
    visit = plan(server)
    page = open_visit(context, server, visit)
    start(page)
    press(page, "smile", "reach")
    until = time.monotonic() + 20
    while len(coded(server, visit)) < 2 and time.monotonic() < until:
        time.sleep(0.2)
    wait_until(page, "document.querySelector('#sync').textContent.includes('3 waiting')")
    hers, theirs = coded(server, visit), server.tapped()
    page.close()
    context.clear_cookies()
    page = open_tap(context, server.url)
    wait_saved(page)

    assert hers["code"].tolist() == ["smile", "reach"]
    assert "pick_up" not in theirs["code"].tolist()
    assert [code for code in server.tapped()["code"] if code in ("cry", "pick_up")] == [
        "cry",
        "pick_up",
        "cry",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_coding_page_can_be_read_and_used_by_everybody(calm: Server, browser: Browser, scheme: str):
    context = browser.new_context(viewport=PORTRAIT, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    wrong = []
    for instrument in ("engagement.v1", "strange_situation.v1"):
        visit = plan(calm, instrument)
        page = open_visit(context, calm, visit)
        wrong += violations(page)
        start(page)
        wrong += violations(page)
        pause(page)
        wrong += violations(page)
        change(page, "#visit-end")
        wrong += violations(page)
        page.click("#visit-end-sheet [data-attest=some]")
        wait_until(page, NOTHING_WAITS)
        page.close()
    context.close()

    assert wrong == []


def replan(server: Server, visit: Visit, **changes: Any) -> None:
    """Change the plan of a visit, as the Visit page does."""
    store = open_store(server.folder / "demo.sqlite3")
    try:
        viewer = viewer_of(store, visit.author, datetime.now(UTC))
        visits.plan(store, viewer, visit.model_copy(update={"id": uuid4(), **changes}))
    finally:
        store.close()


def test_a_changed_plan_is_taken_over_at_the_next_contact_and_what_goes_on_goes_on(
    calm: Server, context: BrowserContext
):
    visit = plan(calm, minutes=10)
    page = open_visit(context, calm, visit)
    assert page.inner_text("#visit-planned") == "of 10 min"
    replan(calm, visit, minutes=5, delay_ms=500)
    page.reload()
    wait_until(page, "document.querySelector('#visit-planned').textContent === 'of 5 min'")
    start(page)
    time.sleep(1)
    press(page, "cry", "speech")
    wait_sent(page, 2)

    replan(calm, visit, minutes=20, delay_ms=500, context="bath", caregiver=None)
    context.set_offline(True)
    wait_until(page, "document.querySelector('#sync').dataset.state === 'waiting'")
    press(page, "smile")
    context.set_offline(False)
    wait_until(page, "document.querySelector('#visit-planned').textContent === 'of 20 min'")
    assert page.get_attribute("#page", "data-stage") == "running"
    assert on(page) == ["cry", "speech"]
    assert page.inner_text("#visit-facts") == "Bath"
    page.click("#caregivers [data-caregiver]:not([aria-pressed=true])")
    press(page, "touch")
    pause(page)
    start(page)
    end(page, "all")
    tapped = coded(calm, visit).drop_duplicates("code").set_index("code")
    occasions = calm.ask(
        "select context from window_starts where sitting = :sitting order by seq", sitting=str(visit.sitting)
    )

    assert occasions["context"].fillna("none said").tolist() == ["none said", "bath"]
    assert tapped["window"].tolist() == [parts(calm, visit)["id"][0]] * 4
    assert tapped["caregiver"]["speech"] == str(visit.caregiver)
    assert tapped["caregiver"].notna()["touch"] and tapped["caregiver"]["touch"] != str(visit.caregiver)
    assert ((tapped["wall_ms"] - tapped["onset_ms"] - 500).abs() < 100).all()


def test_a_plan_changed_on_another_page_is_there_when_one_comes_back_to_the_coding_page(
    calm: Server, context: BrowserContext
):
    visit = plan(calm, minutes=10)
    page = open_visit(context, calm, visit)
    replan(calm, visit, minutes=15)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    wait_until(page, "document.querySelector('#visit-planned').textContent === 'of 15 min'", 10)
    assert page.get_attribute("#page", "data-stage") == "planned"

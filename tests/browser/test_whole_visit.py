"""A whole visit by two home visitors: planned, run, cut off twice, resumed, rated, coded again, compared."""

import time
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import NOTHING_WAITS, PORTRAIT, SETTLED, Server, middle, wait_until
from tests.browser.test_tap_session import AWAY, GUARD_S

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def tablet_of(browser: Browser, server: Server, who: str) -> BrowserContext:
    """A tablet of one visitor, who is chosen once."""
    context = browser.new_context(viewport=PORTRAIT, timezone_id="Europe/Berlin", color_scheme="light")  # type: ignore[arg-type]
    page = opened(context, server, "/")
    page.get_by_role("link", name=f"{who}, home visitor").click()
    page.get_by_text(f"{who}, home visitor", exact=True).wait_for()
    page.close()
    return context


def opened(context: BrowserContext, server: Server, path: str) -> Page:
    page = context.new_page()
    page.goto(f"{server.url}{path}")
    settled(page)
    return page


def settled(page: Page) -> None:
    """Wait until the page stands still: its script has run, and not only begun again."""
    page.wait_for_selector(SETTLED, timeout=30_000)
    page.wait_for_timeout(400)
    page.wait_for_selector(SETTLED, timeout=30_000)


def chosen(page: Page, question: str, *answer: str) -> None:
    """Choose a line of a select box whose name begins like that, by words of it."""
    page.get_by_role("combobox", name=question).click()
    option = page.get_by_role("option")
    for words in answer:
        option = option.filter(has_text=words)
    option.first.click()
    settled(page)


def pill(page: Page, question: str, answer: str) -> None:
    group = page.get_by_test_id("stButtonGroup").filter(has_text=question)
    group.get_by_role("button", name=answer, exact=True).or_(
        group.get_by_role("radio", name=answer, exact=True)
    ).first.click()
    settled(page)


def coding_page(page: Page) -> Page:
    """Go from the Visit page to the coding page by its link."""
    page.get_by_role("link", name="Open the coding page").click()
    page.wait_for_selector("#visit:visible")
    return page


def press(page: Page, *codes: str, pause_s: float = 0.25) -> None:
    for code in codes:
        page.mouse.click(*middle(page, f".press[data-code={code}]"))
        time.sleep(pause_s)


def code_ten_moments(page: Page, *, without: int = 0) -> None:
    """Begin, code the same ten moments (but for the last few), and end with all of them coded."""
    page.click("#visit-start")
    time.sleep(GUARD_S)
    moments = [
        "vocalise",
        "speech",
        "vocalise",
        "smile",
        "smile_back",
        "speech",
        "reach",
        "show",
        "show",
        "smile",
    ]
    press(page, *moments[: len(moments) - without])
    time.sleep(GUARD_S)
    page.click("#visit-end")
    page.click("#visit-end-sheet [data-attest=all]")
    wait_until(page, "!document.querySelector('#notice').hidden")
    wait_until(page, NOTHING_WAITS)


def test_a_visit_is_planned_run_cut_off_resumed_rated_coded_again_and_compared(
    server: Server, browser: Browser
):
    noor, ines = tablet_of(browser, server, "Noor"), tablet_of(browser, server, "Ines")
    before = int(server.ask("select count(*) as n from visits")["n"].iloc[0])

    # Planned.
    page = opened(noor, server, "/visit")
    chosen(page, "What do you want to observe?", "Free play")
    pill(page, "How long is it meant to last?", "5 min")
    pill(page, "How long do you take", "0.3 s")
    page.get_by_role("button", name="Begin").click()
    page = coding_page(page)

    # Run, with the server killed in the middle and the tab closed.
    page.click("#visit-start")
    time.sleep(GUARD_S)
    press(page, "vocalise", "speech", "vocalise", "smile", "smile_back")
    server.kill()
    press(page, "speech", "cry", "touch")
    wait_until(page, "window.caregivingTaps.filter((t) => t.durable).length >= 8")
    page.close()
    server.start()
    page = noor.new_page()
    page.add_init_script(AWAY)
    page.goto(f"{server.url}/tap")

    # Resumed from now on, paused once, ended.
    page.wait_for_selector("#resume-sheet:visible")
    page.click("#go-on-now")
    time.sleep(GUARD_S)
    press(page, "smile", "reach", "show")
    page.click("#visit-pause")
    time.sleep(GUARD_S)
    page.click("#visit-start")
    time.sleep(GUARD_S)
    press(page, "gaze", "gaze")
    page.click("#visit-end")
    page.click("#visit-end-sheet [data-attest=all]")
    wait_until(page, "!document.querySelector('#notice').hidden")
    wait_until(page, NOTHING_WAITS)
    sitting = server.ask("select sitting from visits order by seq desc limit 1")["sitting"].iloc[0]
    parts = server.ask(
        "select s.id, e.attestation from window_starts s join window_ends e on e.window = s.id "
        "where s.sitting = :sitting and e.seq in (select max(seq) from window_ends group by window)",
        sitting=sitting,
    )
    coded = server.ask(
        "select code, offset_ms from events where not void and id not in (select supersedes from events "
        "where supersedes is not null) and window in (select id from window_starts where sitting = :sitting)",
        sitting=sitting,
    )
    assert len(parts) == 3 and set(parts["attestation"]) == {"all"}
    states = {"vocalise", "speech", "cry", "touch", "show", "gaze"}
    assert sorted(coded["code"]) == sorted([*states, "smile", "smile_back", "smile", "reach"])
    left_open = coded[coded["code"].isin(states) & coded["offset_ms"].isna()]
    assert left_open.empty, "no state is left open by a pause, a resumption or the end"

    # Notes and a rating.
    page = opened(noor, server, "/visit")
    page.get_by_label("What went well, in the words of the family?").fill("He found the spoon funny.")
    page.get_by_label("Notes for the next time").click()
    settled(page)
    page.get_by_role("button", name="Keep the notes").click()
    settled(page)
    page.get_by_role("link", name="Rate it").click()
    settled(page)
    assert parse_qs(urlparse(page.url).query)["visit"] == [sitting]
    pill(page, "Record of a visit", "Sensitivity rating, 1 to 9")
    pill(page, "On the whole, how often", "6")
    pill(page, "Your training for this rating", "Trained and reliable with other raters")
    page.get_by_label("Minutes observed").fill("25")
    page.get_by_label("Minutes observed").press("Tab")
    settled(page)
    page.get_by_role("button", name="Keep this rating").click()
    settled(page)
    kept = server.ask(
        "select instrument, scores, certified from ratings where window = :sitting", sitting=sitting
    )
    assert sorted(kept["instrument"]) == ["sensitivity_rating.v1", "visit_record.v1"]
    assert '"sensitivity": 6' in kept.set_index("instrument").loc["sensitivity_rating.v1", "scores"]

    # A second, undisturbed session; Ines codes it again from its recording and misses a third of it.
    page = opened(noor, server, "/visit")
    chosen(page, "What do you want to observe?", "Free play")
    page.get_by_role("button", name="Begin").click()
    code_ten_moments(coding_page(page))
    page = opened(ines, server, "/visit")
    chosen(page, "Code a session again?", "Free play", "Noor")
    page.get_by_role("button", name="Begin").click()
    code_ten_moments(coding_page(page), without=3)

    planned = server.ask("select * from visits order by seq").iloc[before:]
    assert len(planned) == 3, planned.to_string()
    pair = server.ask("select codes_again, from_recording from visits order by seq desc limit 1").iloc[0]
    first = server.ask("select sitting from visits order by seq desc limit 1 offset 1")["sitting"].iloc[0]
    assert (pair["codes_again"], bool(pair["from_recording"])) == (first, True)

    # Compared: what Ines missed is counted, and each difference can be gone to.
    page = opened(ines, server, "/agreement")
    told = page.inner_text("[data-testid=stMain]")
    assert "Ines missed" in told and "kappa" in told
    page.get_by_role("button", name="Go through the differences").click()
    settled(page)
    assert "1 of " in page.inner_text("[data-testid=stMain]")

"""Ninety cards are sorted on a tablet: with fingers, through a reload, a killed server and a closed tab."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import text

from caregiving import demo
from caregiving.indices import _qsort
from caregiving.store.engine import open_store
from tests.browser.conftest import LANDSCAPE, PORTRAIT, Server, middle, wait_until

pytestmark = [pytest.mark.browser]
KEPT = "caches.open('caregiving-sort-kept').then((kept) => kept.keys()).then((keys) => keys.length === 1)"
EMPTIED = "caches.has('caregiving-sort-kept').then((there) => !there)"
SERVED = "navigator.serviceWorker.getRegistration('/sort').then((one) => one?.active?.state === 'activated')"
T13 = "446462761841854918326865274137589552287756326971289296112695743952879197838359163433153447"
PILES = {card: int(pile) for card, pile in enumerate(T13, start=1)}
THIRD = {card: 1 + (pile - 1) // 3 for card, pile in PILES.items()}


def household(folder: Path) -> Server:
    """Return a server, started, on an invented household of one day: only its people matter here."""
    store = open_store(folder / "demo.sqlite3")
    demo.seed(store, datetime.now(UTC), days=1)
    store.close()
    one = Server(folder)
    one.start()
    return one


@pytest.fixture
def own_server(tmp_path: Path, chromium: str) -> Iterator[Server]:
    """A server of this test's own, to be killed."""
    one = household(tmp_path)
    yield one
    one.kill()


@pytest.fixture(scope="module")
def one_server(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Server]:
    one = household(tmp_path_factory.mktemp("sorts"))
    yield one
    one.kill()


@pytest.fixture
def server(one_server: Server) -> Server:
    """The server that these tests share, with nothing begun on it."""
    forget_drafts(one_server)
    return one_server


def forget_drafts(server: Server) -> None:
    store = open_store(server.folder / "demo.sqlite3")
    with store.writer.begin() as connection:
        connection.execute(text("delete from drafts"))
    store.close()


def someone(server: Server, alias: str) -> UUID:
    found = server.ask("select id, alias from members")
    return UUID(str(found.loc[found["alias"] == alias, "id"].iloc[0]))


def the_child(server: Server) -> UUID:
    return UUID(str(server.ask("select id from children")["id"].iloc[0]))


def open_sort(context: BrowserContext, server: Server, alias: str = "Noor") -> Page:
    """Open the cards about the child as somebody, and wait until they lie there."""
    page = context.new_page()
    page.request.get(f"{server.url}/be/{someone(server, alias)}", max_redirects=0)
    page.goto(f"{server.url}/sort?child={the_child(server)}")
    page.wait_for_selector(".step:visible")
    return page


def open_again(context: BrowserContext, server: Server) -> Page:
    """Open the cards as whoever is signed in, whether a server is there or not."""
    page = context.new_page()
    page.goto(f"{server.url}/sort?child={the_child(server)}")
    return page


def wait_kept(page: Page) -> None:
    """Wait until this tablet can open the cards without the server."""
    wait_until(page, SERVED)
    wait_until(page, KEPT)


def parted(server: Server) -> int:
    """Return how many cards the server knows in the first three piles."""
    return sum(1 for third in draft_of(server)["thirds"].values() if third)


def wait_line(page: Page, words: str, seconds: float = 30) -> None:
    """Wait until the line says so, and no move is on its way to the tablet's disk."""
    said = f"document.querySelector('#sync').textContent.includes('{words}')"
    wait_until(page, f"{said} && document.querySelector('#sync').dataset.state !== 'waiting'", seconds)


def drafts_on(server: Server) -> list[dict[str, Any]]:
    found = server.ask("select content from drafts where form = 'sort_attachment_qsort.v1'")["content"]
    return [json.loads(content) for content in found]


def draft_of(server: Server) -> dict[str, Any]:
    (only,) = drafts_on(server)
    return only


def drag(page: Page, what: str, where: str) -> None:
    """Drag with the mouse, in steps as a hand does."""
    page.mouse.move(*middle(page, what))
    page.mouse.down()
    x, y = middle(page, where)
    page.mouse.move(x, y + 3, steps=4)
    page.mouse.move(x, y)
    page.mouse.up()


def finger(page: Page, what: str, where: str) -> None:
    """Drag with a finger, by real touch events."""
    touch = page.context.new_cdp_session(page)
    (x0, y0), (x1, y1) = middle(page, what), middle(page, where)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x0, "y": y0}]})
    for step in range(1, 6):
        at = {"x": x0 + (x1 - x0) * step / 5, "y": y0 + (y1 - y0) * step / 5}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def wait_count(page: Page, laid: int) -> None:
    wait_until(page, f"document.querySelector('#thirds-count').textContent === '{laid} of 90'")


def lay_pile(page: Page, pile: int) -> None:
    """Choose the ten cards of a pile by tapping them, and tap the pile."""
    page.click("[data-filter='0']")
    for card in (card for card, where in PILES.items() if where == pile):
        page.click(f"#tray [data-card='{card}']")
    page.click(f".column[data-pile='{pile}'] .column-head")
    wait_tally(page, pile, 10)


def wait_tally(page: Page, pile: int, cards: int) -> None:
    wait_until(
        page, f"document.querySelector(\".column[data-pile='{pile}'] .tally\").textContent === '{cards}/10'"
    )


@pytest.mark.slow
def test_ninety_cards_are_sorted_through_a_reload_a_killed_server_and_a_closed_tab(
    own_server: Server, context: BrowserContext
):
    server = own_server
    page = open_sort(context, server)
    for card in range(1, 31):
        page.click(f".target[data-third='{THIRD[card]}']")
    drag(page, "#card", f".target[data-third='{THIRD[31]}']")
    wait_count(page, 31)
    page.reload()
    page.wait_for_selector("#thirds:visible")
    wait_count(page, 31)
    page.keyboard.press("3")  # a slip, taken back after the reload as well
    page.click("#undo")
    wait_count(page, 31)
    server.kill()
    for card in range(32, 91):
        page.keyboard.press(str(THIRD[card]))
    wait_count(page, 90)
    wait_line(page, "safe on this tablet")
    server.start()
    wait_line(page, "Saved")
    assert draft_of(server)["thirds"] == {str(card): third for card, third in THIRD.items()}

    page.click("#to-board")
    for pile in (1, 2, 3):
        lay_pile(page, pile)
    wait_line(page, "Saved")
    server.kill()
    for pile in (4, 5):
        lay_pile(page, pile)
    wait_line(page, "safe on this tablet")
    page.close()
    server.start()
    page = open_sort(context, server)
    page.wait_for_selector("#board:visible")
    wait_until(page, "document.querySelector('#open-points').textContent.includes('40 cards')")
    for pile in (6, 7, 8):
        lay_pile(page, pile)

    last = [card for card, pile in PILES.items() if pile == 9]
    drag(page, f"[data-card='{last[0]}']", ".column[data-pile='8']")  # one too many, and back
    wait_tally(page, 8, 11)
    assert "pile 8 has 1 too many" in page.inner_text("#open-points")
    page.click("#undo")
    wait_tally(page, 8, 10)
    for card in last[:-1]:
        page.click(f"[data-card='{card}']")
    drag(page, f"[data-card='{last[0]}']", ".column[data-pile='9']")  # the chosen ones go together
    wait_tally(page, 9, 9)

    page.click("#to-finish")
    page.wait_for_selector("#faults:visible")
    page.fill("#rater", "Vera")
    page.check("input[value=yes]")
    page.fill("#minutes", "90")
    page.click("#keep")
    page.wait_for_selector("#faults-whole:visible")
    page.click("#faults-whole summary")
    told = page.inner_text("#faults-whole")
    assert f"no card {last[-1]}" in told and "found 9 cards in pile 9" in told
    assert server.ask("select id from ratings where rater = 'Vera'").empty

    page.click("#to-piles")
    page.focus(f"#tray [data-card='{last[-1]}']")
    page.keyboard.press("9")
    wait_tally(page, 9, 10)
    assert page.inner_text("#open-points") == "Every card is laid and every pile is full."
    page.click("#to-finish")
    assert page.input_value("#rater") == "Vera"
    server.kill()
    page.click("#keep")
    wait_line(page, "safe on this tablet")
    server.start()
    page.wait_for_selector("#notice:visible")

    row = server.ask(
        "select answers, scores, kind, certified, minutes, instrument from ratings where rater = 'Vera'"
    )
    assert len(row) == 1
    assert json.loads(row["answers"].iloc[0]) == {f"card_{card}": pile for card, pile in PILES.items()}
    by_hand = _qsort.scores(list(PILES.values()))
    assert json.loads(row["scores"].iloc[0]) == pytest.approx(by_hand)
    assert {name: round(r, 3) for name, r in by_hand.items()} == {"security": -0.060, "dependency": -0.019}
    assert row[["kind", "certified", "minutes"]].iloc[0].tolist() == ["observer", 1, 90.0]
    assert drafts_on(server) == []
    page.reload()
    page.wait_for_selector("#thirds:visible")
    wait_count(page, 0)  # the next sort begins with every card in hand


def test_a_finger_drags_cards_in_both_steps(server: Server, browser: Browser):
    context = browser.new_context(viewport=PORTRAIT, has_touch=True)  # type: ignore[arg-type]
    page = open_sort(context, server)
    finger(page, "#card", ".target[data-third='3']")
    wait_count(page, 1)
    for _ in range(89):
        page.keyboard.press("1")
    page.tap("#to-board")
    page.tap("[data-filter='3']")
    finger(page, "[data-card='1']", ".column[data-pile='9']")
    wait_tally(page, 9, 1)
    finger(page, "[data-card='1']", "#tray")
    wait_tally(page, 9, 0)
    wait_line(page, "Saved")
    kept = draft_of(server)
    context.close()

    assert (kept["thirds"]["1"], kept["piles"]["1"], kept["stage"]) == (3, 0, "board")


@pytest.fixture
def tablets(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Two tablets, which know nothing of each other."""
    contexts = [browser.new_context(viewport=size) for size in (PORTRAIT, LANDSCAPE)]  # type: ignore[arg-type]
    yield contexts
    for context in contexts:
        context.close()


def test_another_tablet_goes_on_and_the_first_takes_over_what_is_newer(
    server: Server, tablets: list[BrowserContext]
):
    one = open_sort(tablets[0], server)
    one.keyboard.press("1")
    wait_line(one, "Saved")
    other = open_sort(tablets[1], server)
    for _ in range(5):
        other.keyboard.press("2")
    wait_count(other, 6)
    wait_line(other, "Saved")
    one.keyboard.press("3")
    wait_count(one, 6)
    thirds = draft_of(server)["thirds"]

    assert [thirds[str(card)] for card in range(1, 8)] == [1, 2, 2, 2, 2, 2, 0]


@pytest.mark.parametrize("answer", ["the other one", "these cards"])
def test_of_two_sorts_begun_on_two_tablets_the_person_says_which_one_goes_on(
    server: Server, tablets: list[BrowserContext], answer: str
):
    one, other = (open_sort(context, server) for context in tablets)
    for _ in range(5):
        other.keyboard.press("2")
    wait_count(other, 5)
    wait_line(other, "Saved")
    for _ in range(2):
        one.keyboard.press("1")
    one.wait_for_selector("#apart:visible")
    told = one.inner_text("#apart")
    untouched = parted(server)

    assert "5 of 90 cards lie there" in told and "2 of 90 cards" in told
    assert untouched == 5
    if answer == "the other one":
        one.click("#apart-go")
        one.click("#apart-go")
        one.wait_for_selector("#thirds:visible")
        wait_count(one, 5)
        assert parted(server) == 5
    else:
        one.click("#apart-anew")
        assert one.inner_text("#apart-anew") == "Yes, and discard the other sort"
        one.click("#apart-anew")
        wait_count(one, 2)
        wait_line(one, "Saved")
        assert parted(server) == 2
        other.keyboard.press("3")
        other.wait_for_selector("#apart:visible")
        assert "was discarded at" in other.inner_text("#apart")
        assert parted(server) == 2


def test_two_tabs_of_one_tablet_do_not_undo_each_other(server: Server, context: BrowserContext):
    one, other = open_sort(context, server), open_sort(context, server)
    for _ in range(3):
        one.keyboard.press("1")
    wait_line(one, "Saved")
    other.keyboard.press("3")
    wait_count(other, 3)

    assert [draft_of(server)["thirds"][str(card)] for card in (1, 2, 3, 4)] == [1, 1, 1, 0]


def test_a_discarded_sort_does_not_come_back_from_the_tablet(server: Server, context: BrowserContext):
    page = open_sort(context, server)
    for _ in range(4):
        page.keyboard.press("1")
    wait_line(page, "Saved")
    wait_until(page, "document.querySelector('#thirds-count').textContent === '4 of 90'")
    time.sleep(0.5)  # the note that the server has it all is written behind
    page.close()
    forget_drafts(server)
    page = open_sort(context, server)

    wait_count(page, 0)


def test_the_cards_open_without_a_server_and_what_was_laid_arrives_when_it_is_back(
    own_server: Server, context: BrowserContext
):
    page = open_sort(context, own_server)
    for _ in range(5):
        page.keyboard.press("1")
    wait_line(page, "Saved")
    wait_kept(page)
    page.close()
    own_server.kill()
    page = open_again(context, own_server)
    page.wait_for_selector("#thirds:visible")
    wait_count(page, 5)
    wait_line(page, "safe on this tablet")
    assert page.inner_text("#whose") == "Noor sorts the cards about Juno"
    for _ in range(3):
        page.keyboard.press("3")
    wait_count(page, 8)
    wait_line(page, "safe on this tablet")
    page.reload()
    wait_count(page, 8)
    own_server.start()
    wait_line(page, "Saved")

    assert [draft_of(own_server)["thirds"][str(card)] for card in range(1, 10)] == [1] * 5 + [3] * 3 + [0]


def test_a_sort_that_was_kept_begins_anew_without_a_server(own_server: Server, context: BrowserContext):
    page = open_sort(context, own_server)
    page.keyboard.press("1")
    wait_line(page, "Saved")
    wait_kept(page)
    kept = finish_elsewhere(page, own_server)
    page.keyboard.press("1")
    page.wait_for_selector("#apart:visible")
    page.click("#apart-go")
    page.click("#apart-go")
    page.wait_for_selector("#thirds:visible")
    page.close()
    own_server.kill()
    page = open_again(context, own_server)
    page.wait_for_selector("#thirds:visible")
    wait_count(page, 0)
    page.keyboard.press("2")
    wait_count(page, 1)
    own_server.start()
    wait_line(page, "Saved")

    assert draft_of(own_server)["id"] != kept
    assert parted(own_server) == 1


@pytest.mark.slow
def test_whoever_takes_the_tablet_next_finds_nothing_of_the_sort_also_without_a_server(
    own_server: Server, context: BrowserContext
):
    page = open_sort(context, own_server)
    page.keyboard.press("1")
    wait_line(page, "Saved")
    wait_kept(page)
    own_server.kill()
    for _ in range(2):
        page.keyboard.press("3")
    wait_count(page, 3)
    wait_line(page, "safe on this tablet")
    page.close()
    own_server.start()
    page = context.new_page()
    page.goto(f"{own_server.url}/be/{someone(own_server, 'Ada')}", wait_until="commit")
    wait_until(page, EMPTIED)
    page.close()
    own_server.kill()
    page = open_again(context, own_server)
    page.wait_for_selector("#notice:visible")

    assert "needed once" in page.inner_text("#notice-text")
    shown = page.inner_text("body") + page.title()
    assert "Noor" not in shown and "Juno" not in shown and "of 90" not in shown
    own_server.start()
    wait_count(page, 0)
    assert page.inner_text("#whose") == "Ada sorts the cards about Juno"
    assert parted(own_server) == 1  # of Noor, to whom her two last moves still belong
    page.close()
    page = open_sort(context, own_server)
    wait_count(page, 3)
    wait_line(page, "Saved")
    assert parted(own_server) == 3


def test_a_page_that_opened_without_a_server_shows_nothing_more_once_another_one_is_signed_in(
    own_server: Server, context: BrowserContext
):
    page = open_sort(context, own_server)
    page.keyboard.press("1")
    wait_line(page, "Saved")
    wait_kept(page)
    own_server.kill()
    page.reload()
    wait_count(page, 1)
    page.keyboard.press("2")
    wait_count(page, 2)
    ada = {"name": "caregiving_who", "value": str(someone(own_server, "Ada")), "url": own_server.url}
    context.add_cookies([ada])  # type: ignore[list-item]
    own_server.start()
    wait_until(page, "document.querySelector('#whose').textContent.startsWith('Ada')")
    wait_count(page, 0)

    assert parted(own_server) == 1


@pytest.mark.parametrize("way", ["/be/nobody", "/leave", "/enter"])
def test_every_way_in_and_out_empties_what_the_tablet_kept(server: Server, context: BrowserContext, way: str):
    page = open_sort(context, server)
    wait_kept(page)
    submit = "const form = document.createElement('form'); form.method = 'post'; form.action = '/enter';"
    if way == "/enter":
        page.evaluate(f"(() => {{ {submit} document.body.append(form); form.submit(); }})()")
        page.wait_for_url("**/enter")
    else:
        page.goto(f"{server.url}{way}", wait_until="commit")

    wait_until(page, EMPTIED)


def test_when_the_server_says_no_the_cards_open_no_more_without_it(
    own_server: Server, context: BrowserContext
):
    page = open_sort(context, own_server)
    wait_kept(page)
    page.request.get(f"{own_server.url}/be/{someone(own_server, 'Sol')}", max_redirects=0)
    page.keyboard.press("1")
    wait_until(page, EMPTIED)
    own_server.kill()
    page.reload()
    page.wait_for_selector("#notice:visible")

    assert page.locator(".step:visible").count() == 0


def finish_elsewhere(page: Page, server: Server) -> str:
    """Finish the open sort as another tablet would; return its id."""
    sort = draft_of(server)["id"]
    sent = {
        "id": sort,
        "member": str(someone(server, "Noor")),
        "child": str(the_child(server)),
        "piles": {str(card): pile for card, pile in PILES.items()},
        "rater": "Noor",
        "certified": True,
        "minutes": 60,
        "shared": False,
        "utc_offset_min": 60,
    }
    answer = page.request.post(f"{server.url}/api/sort/finish", data=sent)
    assert answer.json() == {"stored": sort}
    return str(sort)


def discard_on(page: Page, server: Server) -> None:
    """Discard the open sort on the page of ratings."""
    page.goto(f"{server.url}/ratings?child={the_child(server)}")
    page.get_by_role("button", name="Discard this sort").click()
    page.get_by_role("button", name="Yes, discard it").click()
    page.get_by_text("The sort was discarded").wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("answer", ["a new sort", "let them go"])
def test_an_old_tablet_that_still_holds_a_discarded_sort_is_told_and_asks_what_becomes_of_its_cards(
    server: Server, tablets: list[BrowserContext], answer: str
):
    old = open_sort(tablets[0], server)
    for _ in range(5):
        old.keyboard.press("1")
    wait_line(old, "Saved")
    before = draft_of(server)["id"]
    tablets[0].set_offline(True)
    old.keyboard.press("2")
    wait_line(old, "safe on this tablet")
    discard_on(open_sort(tablets[1], server), server)
    tablets[0].set_offline(False)
    old.wait_for_selector("#apart:visible")

    assert "This sort was discarded" in old.inner_text("#apart-title")
    assert "6 of 90 cards lie here" in old.inner_text("#apart-rest")
    assert drafts_on(server) == []
    old.reload()
    old.wait_for_selector("#apart:visible")
    assert old.inner_text("#sync") == "Not sent"
    if answer == "a new sort":
        old.click("#apart-anew")
        wait_count(old, 6)
        wait_line(old, "Saved")
        assert parted(server) == 6
        assert draft_of(server)["id"] != before
    else:
        old.click("#apart-go")
        assert old.inner_text("#apart-go") == "Yes, let these cards go"
        old.click("#apart-go")
        old.wait_for_selector("#thirds:visible")
        wait_count(old, 0)
        assert drafts_on(server) == []


def test_an_old_tablet_that_still_holds_a_finished_sort_is_told_and_the_record_stays(
    server: Server, context: BrowserContext
):
    page = open_sort(context, server)
    page.keyboard.press("1")
    wait_line(page, "Saved")
    kept = finish_elsewhere(page, server)
    page.keyboard.press("1")
    page.wait_for_selector("#apart:visible")

    assert "was finished and kept at" in page.inner_text("#apart-title")
    assert drafts_on(server) == []
    row = server.ask("select answers from ratings where id = :kept", kept=kept)
    assert json.loads(row["answers"].iloc[0]) == {f"card_{card}": pile for card, pile in PILES.items()}


def test_whoever_may_not_sort_is_told_why(server: Server, context: BrowserContext):
    page = context.new_page()
    page.request.get(f"{server.url}/be/{someone(server, 'Sol')}", max_redirects=0)
    page.goto(f"{server.url}/sort?child={the_child(server)}")
    page.wait_for_selector("#notice:visible")

    assert "has not agreed" in page.inner_text("#notice-text")
    assert page.locator(".step:visible").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_step_and_every_target_is_large_enough(
    server: Server, browser: Browser, scheme: str
):
    context = browser.new_context(viewport=PORTRAIT, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = open_sort(context, server)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found: list[tuple[str, str, str]] = []
    small: list[str] = []

    def look(step: str) -> None:
        results = Axe().run(page, options={"runOnly": rules})
        found.extend(
            (step, violation["id"], node["html"][:200])
            for violation in results.response["violations"]
            for node in violation["nodes"]
        )
        boxes = page.evaluate(
            "[...document.querySelectorAll('button, a, input:not([type=radio], [type=checkbox]), .choice')]"
            ".map((e) => [e.id || e.className, e.getBoundingClientRect()]).filter(([, b]) => b.width)"
            ".map(([name, b]) => [name, b.width, b.height])"
        )
        small.extend(f"{step}: {name} {w:.0f}x{h:.0f}" for name, w, h in boxes if min(w, h) < 48)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{step} has to be scrolled sideways by {wide} px"

    look("thirds")
    for n in range(90):
        page.keyboard.press(str(1 + n % 3))
    page.wait_for_selector("#all-parted:visible")
    look("all parted")
    page.click("#to-board")
    page.click("#tray .card-chip")
    page.click(".column[data-pile='1'] .column-head")
    page.click("#tray .card-chip")
    look("board")
    page.set_viewport_size(LANDSCAPE)  # type: ignore[arg-type]
    look("board, landscape")
    page.click("#to-finish")
    page.wait_for_selector("#faults:visible")
    look("finish")
    wait_line(page, "Saved")  # a draft on its way would hear of the end at once
    finish_elsewhere(page, server)
    page.click("#to-piles")
    page.wait_for_selector("#apart:visible")
    look("finished elsewhere")
    context.close()

    assert found == []
    assert small == []

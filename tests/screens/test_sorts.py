"""Sorts on the page of ratings: figures for those who look in, none for parents, and the texts of cards."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from caregiving import demo
from caregiving.faults import Refused
from caregiving.indices import _qsort
from caregiving.instruments import load_sort
from caregiving.people import Viewer
from caregiving.ratings import Rating
from caregiving.screens import _sorts_deck
from caregiving.screens._sorts_deck import read_deck
from caregiving.screens._sorts_figures import said, scale, two_sorters
from caregiving.store import decks, drafts, ratings
from caregiving.store.engine import Store
from caregiving.store.people import children, families, members, viewer_of

FORM = load_sort("attachment_qsort")
# T13 of the printed examples: security -.060, dependency -.019.
T13 = tuple(
    map(int, "446462761841854918326865274137589552287756326971289296112695743952879197838359163433153447")
)
# The same, but what lay in pile 1 lies in pile 2 and the other way round.
SWAPPED = tuple({1: 2, 2: 1}.get(pile, pile) for pile in T13)


def alone(member: str) -> None:
    """The section on its own, for one person."""
    from datetime import UTC, datetime
    from uuid import UUID

    from caregiving.screens import _sorts
    from caregiving.screens._shell import shell_for
    from caregiving.settings import Settings
    from caregiving.store.engine import opened
    from caregiving.store.people import viewer_of

    shell = shell_for(viewer_of(opened(Settings().database), UUID(member), datetime.now(UTC)))
    assert shell is not None
    _sorts.show(shell)


@pytest.fixture
def house(store: Store) -> Store:
    demo.seed(store, datetime.now(UTC), days=1)
    return store


def person(store: Store, alias: str) -> Viewer:
    return viewer_of(store, next(m.id for m in members(store) if m.alias == alias), datetime.now(UTC))


def home(store: Store) -> tuple[UUID, UUID]:
    ada = person(store, "Ada")
    family = families(store, ada)[0][0]
    return family, children(store, ada, family)[0].id


def sees(store: Store, alias: str) -> tuple[AppTest, str]:
    """Open the section for somebody; return it and its words."""
    kwargs = {"member": str(person(store, alias).member)}
    at = AppTest.from_function(alone, kwargs=kwargs, default_timeout=60).run()
    return at, words(at)


def words(at: AppTest) -> str:
    assert not at.exception, at.exception
    html = [one.proto.body for one in at.get("html")]
    return " ".join([*html, *(one.value for one in [*at.subheader, *at.markdown, *at.success])])


def rating(store: Store, alias: str, piles: tuple[int, ...], days_ago: int = 0, **changes: Any) -> Rating:
    """Keep a sort that somebody entered; return it."""
    who, (family, child) = person(store, alias), home(store)
    at_ms = int((datetime.now(UTC) - timedelta(days=days_ago)).timestamp() * 1000)
    usual: dict[str, Any] = {
        "id": uuid4(),
        "family": family,
        "child": child,
        "author": who.member,
        "rater": alias,
        "kind": "self" if who.own_family else "observer",
        "instrument": FORM.name,
        "certified": who.own_family is None,
        "minutes": 90.0,
        "answers": FORM.answers(piles),
        "scores": FORM.correlations(piles),
        "at_ms": at_ms,
        "utc_offset_min": 60,
        "written_ms": at_ms,
    }
    one = Rating.model_validate(usual | changes)
    ratings.rate(store, who, one)
    return one


def begin(store: Store, alias: str, thirds: int, piles: int) -> None:
    """Keep a sort that was begun two days ago: so many cards in thirds, so many laid."""
    who, (family, child) = person(store, alias), home(store)
    began_ms = int((datetime.now(UTC) - timedelta(days=2)).timestamp() * 1000)
    content = {
        "id": str(uuid4()),
        "thirds": {str(card): int(card <= thirds) for card in range(1, 91)},
        "piles": {str(card): int(card <= piles) for card in range(1, 91)},
        "stage": "thirds",
        "moves": thirds + piles,
        "began_ms": began_ms,
    }
    drafts.save_draft(store, who, "sort_attachment_qsort.v1", content, began_ms, family=family, about=child)


def begun(store: Store, alias: str) -> drafts.Draft | None:
    family, child = home(store)
    return drafts.draft(store, person(store, alias), "sort_attachment_qsort.v1", family=family, about=child)


# --- the way to the cards ---------------------------------------------------------------------------------


def test_a_visitor_without_a_sort_is_led_to_the_cards(house):
    _at, text = sees(house, "Noor")

    assert f'href="/sort?child={home(house)[1]}"' in text
    assert "Sort the cards about Juno" in text
    assert "No sort about Juno is on record yet." in text


def test_a_sort_that_was_begun_is_told_by_its_cards_and_its_day(house):
    begin(house, "Noor", thirds=34, piles=0)
    day = (datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(days=2)).strftime("%A")
    _at, text = sees(house, "Noor")

    assert f"34 of 90 cards are in the first three piles. Begun {day}." in text
    assert "Go on sorting" in text
    assert "Go on sorting" not in sees(house, "Ada")[1]


def test_on_the_nine_piles_the_laid_cards_count(house):
    begin(house, "Noor", thirds=90, piles=57)

    assert "57 of 90 cards are laid." in sees(house, "Noor")[1]


def test_a_draft_is_discarded_only_after_the_second_question(house):
    begin(house, "Noor", thirds=34, piles=0)
    at, _text = sees(house, "Noor")

    assert begun(house, "Noor") is not None
    at.button(key="sort_discard_yes").click().run()
    assert begun(house, "Noor") is None
    assert "The sort was discarded." in words(at)


# --- what is on record --------------------------------------------------------------------------------------


def test_two_sorters_agreement_and_mean_are_those_of_their_piles(house):
    rating(house, "Noor", T13, days_ago=2)
    rating(house, "Noor", SWAPPED, rater="Vera", days_ago=1)
    _at, text = sees(house, "Noor")
    # 20 cards differ by one pile; ten cards a pile spread 2 * 10 * (16 + 9 + 4 + 1) = 600 about pile 5.
    agreement = 1 - 20 / (2 * 600)
    mean = _qsort.scores(_qsort.two_sorters(T13, SWAPPED)[1])

    assert f"correlate {agreement:.2f} with each other" in text
    assert _qsort.two_sorters(T13, SWAPPED)[0] == pytest.approx(agreement)
    assert f"The mean of the two: Security {said(mean['security'])}" in text
    assert "Security: Vera" in text and "Noor −0.06" in text


def test_the_band_of_random_sorts_and_the_best_sort_stand_beside_the_figures(house):
    rating(house, "Noor", T13)
    _at, text = sees(house, "Noor")

    assert "95 of 100 random sorts lie between −0.21 and 0.21; the best sort has 0.99." in text
    assert "best sort 0.96" in text
    assert "van IJzendoorn" in text and "Cadman" in text
    assert "anything certain about one child" in text


def test_a_page_with_sorts_bears_no_label_and_no_verdict(house):
    rating(house, "Noor", T13)
    rating(house, "Noor", SWAPPED, rater="Vera")
    text = sees(house, "Noor")[1].lower()

    for word in ("insecure", "secure ", "securely", "normal", "good", "poor", "threshold", "at risk"):
        assert word not in text


def test_one_sorter_twice_is_no_second_sorter(house):
    rating(house, "Noor", T13, days_ago=3)
    rating(house, "Noor", SWAPPED, rater=" noor ")
    _at, text = sees(house, "Noor")

    assert "One more sort by somebody else" in text
    assert "with each other" not in text


def test_the_newest_sort_of_each_of_the_two_last_sorters_is_compared():
    nobody, piles = UUID(int=0), FORM.answers(T13)

    def at(ms: int, rater: str) -> Rating:
        return Rating(
            id=nobody,
            family=nobody,
            author=nobody,
            rater=rater,
            kind="observer",
            instrument=FORM.name,
            answers=dict(piles),
            scores={},
            at_ms=ms,
            utc_offset_min=0,
            written_ms=0,
        )

    found = two_sorters(FORM, [at(1, "Vera"), at(4, "Noor"), at(2, "Sam"), at(3, "Noor")])

    assert found is not None
    assert (found.first.at_ms, found.second.at_ms) == (4, 2)
    assert found.agreement == pytest.approx(1.0)


def test_without_training_a_sort_has_no_figure_and_the_mean_none_either(house):
    rating(house, "Noor", T13, certified=False)
    rating(house, "Noor", SWAPPED, rater="Vera")
    _at, text = sees(house, "Noor")

    assert "it needs a sort by a trained, certified observer" in text
    assert "correlate 0.98 with each other" in text
    assert "Their mean is shown when both are trained and certified." in text
    assert "−0.06" not in text


def test_what_parents_sorted_stands_apart_and_only_when_they_share_it(house):
    rating(house, "Ada", T13, shared=False)
    assert "No sort about Juno is on record yet." in sees(house, "Noor")[1]

    rating(house, "Ada", T13, shared=True)
    _at, text = sees(house, "Noor")
    assert "Sorted by parents about their own child" in text
    assert "never a security score" in text
    assert "Security: as described (r)" in text
    assert "Sorted by observers" not in text
    assert "cg-scale" not in text.split("</style>")[-1]


def test_parents_see_that_a_sort_is_there_and_no_figure(house):
    rating(house, "Noor", T13, shared=True)
    rating(house, "Ada", SWAPPED)
    at, text = sees(house, "Ada")

    assert "On record: a sort of the cards by Noor" in text and "by Ada" in text
    assert "0.0" not in text and "Security" not in text and "correlate" not in text
    assert not at.get("file_uploader")


def test_one_takes_back_ones_own_sort_and_not_that_of_others(house):
    mine = rating(house, "Noor", T13)
    theirs = rating(house, "Ada", T13, shared=True)
    at, _text = sees(house, "Noor")

    assert not [one for one in at.button if one.key == f"sort_back_yes_{theirs.id}"]
    at.button(key=f"sort_back_yes_{mine.id}").click().run()
    family, child = home(house)
    assert [one.id for one in ratings.read(house, person(house, "Noor"), family, child)] == [theirs.id]
    assert "The sort was taken back." in words(at)


def test_what_somebody_typed_as_a_name_is_shown_as_text(house):
    rating(house, "Noor", T13, rater="<img src=x onerror=alert(1)>")

    assert "<img" not in sees(house, "Noor")[1]


def test_a_point_stands_where_its_correlation_lies():
    picture = scale(FORM, "security", [], None)

    assert f"left:{50 * (1 - 0.20776):.1f}%;width:{100 * 0.20776:.1f}%" in picture  # 1.96 / sqrt(89)
    assert "left:99.7%" in picture  # the best sort: (1 + .993) / 2
    assert "no sort by a trained observer" in picture


# --- the texts of the cards -------------------------------------------------------------------------------


def deck(n: int = 90, head: str = "item,text") -> bytes:
    return "\n".join([head, *(f'{card},"Invented, {card}"' for card in range(1, n + 1))]).encode()


def test_a_whole_deck_is_read_with_commas_titles_and_a_mark_at_its_beginning():
    found = read_deck(b"\xef\xbb\xbf" + deck(), "mine.csv")

    assert (len(found.texts), found.texts["90"].text) == (90, "Invented, 90")
    assert (
        read_deck(deck().replace(b"item,text", b"item,text,title").replace(b'1"', b'1",One'), "m.csv")
        .texts["1"]
        .title
        == "One"
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", "text that is not CSV"),
        (b"", "found no columns"),
        (b"card;text\n1;x", "found the columns card;text"),
        (deck(head="item,text,mood"), "the columns item, text and, if wanted, title"),
        (deck(89), "found no card 90"),
        (deck() + b"\n90,again", '"90" a second time'),
    ],
)
def test_a_file_that_does_not_fit_is_told_in_a_sentence(content, told):
    with pytest.raises(Refused, match=r"mine\.csv") as refused:
        read_deck(content, "mine.csv")

    assert told in str(refused.value)


def test_a_deck_that_is_loaded_is_kept_and_can_be_removed_again(house, monkeypatch):
    at, text = sees(house, "Noor")
    assert "they belong to their authors" in text

    at.get("file_uploader")[0].upload("mine.csv", deck(), "text/csv").run()
    assert len(decks.texts(house, person(house, "Noor"), FORM.name)) == 90
    assert "90 texts are kept for your house." in words(at)
    at.button(key="sort_deck_forget_yes").click().run()
    assert decks.texts(house, person(house, "Noor"), FORM.name) == {}


def test_of_a_deck_with_faults_nothing_is_kept_and_all_of_them_are_told(house):
    at, _text = sees(house, "Noor")
    at.get("file_uploader")[0].upload("<b>.csv", deck(88), "text/csv").run()
    text = words(at)

    assert "Nothing was stored." in text
    assert "found no card 89" in text and "found no card 90" in text
    assert "<b>.csv" not in text
    assert decks.texts(house, person(house, "Noor"), FORM.name) == {}
    assert _sorts_deck.TROUBLE not in at.session_state

"""The cards: read in one language or another, kept in our own words, short, and free of verdicts."""

import re
from pathlib import Path

import pytest

from caregiving.faults import Refused
from caregiving.guidance import PATTERNS, UnknownCard, _cards, all_cards, card
from caregiving.guidance._cards import CARDS, read_cards
from caregiving.guidance._patterns import Safety
from caregiving.sources import all_sources

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
README = ROOT / "caregiving" / "guidance" / "README.md"
RUN = 8
EVERY = pytest.mark.parametrize("one", all_cards(), ids=lambda one: one.id)
TRY = re.compile(r"\*\*(One small thing to try|Now|Today):\*\*")  # now and today where it is about safety


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + length]) for start in range(len(found) - length + 1)}


# --- what every card keeps ---------------------------------------------------------------------------


def test_there_are_cards_for_every_row():
    assert {one.row for one in all_cards()} == {
        "sensitivity", "responsiveness", "attachment", "availability", "consistency", "steadiness", "help",
    }  # fmt: skip
    assert len(all_cards()) == len(list(CARDS.glob("*.md")))


def test_every_pattern_opens_a_card_and_a_safety_pattern_only_safety_cards():
    opened = {pattern: [one for one in all_cards() if pattern in one.opens] for pattern in PATTERNS}

    assert all(opened.values())
    assert {one for pattern in Safety for one in opened[pattern]} == {
        one for one in all_cards() if one.safety
    }
    assert not [one for one in all_cards() if one.safety and not {*one.opens} <= {*Safety}]


@EVERY
def test_a_card_is_short_and_has_one_thing_to_try(one):
    assert 60 <= len(re.findall(r"[\w'’-]+", one.body)) <= 140
    assert len(TRY.findall(one.body)) == 1


@EVERY
def test_a_number_in_a_card_has_a_source_that_is_not_ours(one):
    known = all_sources()

    assert not re.search(r"\d", one.body) or any(known[key].kind != "product" for key in one.sources)


@EVERY
def test_a_card_holds_no_telephone_number_and_no_outside_address(one):
    assert not re.search(r"\d[\d\s()/-]{4,}\d|https?:|www\.|@", one.body)


@EVERY
def test_a_card_neither_grades_nor_orders_about(one):
    told = one.title + " " + one.body
    worn = (
        r"\b(insecure|abnormal|normal|good mother|bad mother|you must|you should|always be|perfect parent)\b"
    )

    assert not re.search(worn, told, re.IGNORECASE)
    assert "!" not in told


def test_the_card_for_the_worst_minutes_has_all_its_steps():
    told = card("overwhelmed").body

    for step in (
        "on the back in the cot",
        "Leave the room",
        "Breathe",
        "Call somebody",
        "within a few minutes",
    ):
        assert step in told
    assert "never shake a baby" in told.lower()


def test_the_rules_for_excessive_crying_stand_as_they_are_published():
    told = " ".join(card("crying-a-lot").body.split())

    assert "more than 3 hours a day, more than 3 days a week, for more than 3 weeks" in told
    assert "3 hours a day or more on at least 3 of 7 days, at least one 24-hour diary" in told
    assert "before 5 months of age, no fever, illness or poor growth" in told
    assert "no diagnosis" in told


def test_no_medical_sign_is_printed_that_no_source_stands_behind():
    assert not re.search(
        r"fever|limp|refus|months|temperature", card("worried-about-health").body, re.IGNORECASE
    )


# --- in our own words --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seeds() -> set[tuple[str, ...]]:
    if not SEEDS.is_dir():
        pytest.skip("the two texts (shared/seeds beside the repository) are not here")
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    assert len(texts) == 2
    return {run for text in texts for run in runs(text, RUN)}


@EVERY
def test_no_card_shares_eight_words_in_a_row_with_the_texts_it_covers(one, seeds):
    whole = (CARDS / f"{one.id}.md").read_text(encoding="utf-8")

    assert runs(whole, RUN) & seeds == set()


def test_the_search_for_shared_words_finds_a_copied_line(seeds):
    copied = "so they said: when your needs are met promptly and lovingly, you learn to trust"

    assert runs(copied, RUN) & seeds


# --- the table of what each card serves --------------------------------------------------------------


def test_every_card_is_named_in_the_table_and_every_named_card_exists():
    told = README.read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z][a-z0-9-]*)`", told))

    assert named == {one.id for one in all_cards()}


def test_every_section_of_the_table_has_a_card_or_a_reason():
    lines = README.read_text(encoding="utf-8").splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("| ")]
    told = [cells for cells in rows if cells[-1].strip() not in ("Card, or why not", "Cards", "Why")]

    assert len(rows) - len(told) == 4  # the heads of the four tables
    assert len(told) > 80
    for cells in told:
        assert "`" in cells[-1] + cells[0] or "eft out" in cells[-1], cells


# --- reading -----------------------------------------------------------------------------------------

WHOLE = """---
id: {id}
title: Wait a little
row: sensitivity
opens: []
keywords: [wait]
sources: [{source}]
serves: Waiting.
safety: false
---
Wait, and look.
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    (tmp_path / "wait.md").write_text(WHOLE.format(id="wait", source="product_guidance"), encoding="utf-8")
    (tmp_path / "look.md").write_text(WHOLE.format(id="look", source="product_guidance"), encoding="utf-8")
    return tmp_path


def translate(shelf: Path, name: str) -> None:
    (shelf / "ar").mkdir(exist_ok=True)
    text = "---\ntitle: تمهل\nkeywords: [مهل]\nserves: مهل\n---\nتمهل ثم غن.\n"  # noqa: RUF001 - Arabic
    (shelf / "ar" / f"{name}.md").write_text(text, encoding="utf-8")


def test_a_translated_card_takes_only_its_words_from_the_translation(shelf):
    translate(shelf, "wait")
    english, arabic = ({one.id: one for one in read_cards(shelf, spoken)} for spoken in ("en", "ar"))

    assert english["wait"].title == "Wait a little"
    assert (arabic["wait"].title, arabic["wait"].body) == ("تمهل", "تمهل ثم غن.")
    assert arabic["wait"].sources == english["wait"].sources
    assert arabic["look"] == english["look"]  # nobody translated it yet


def test_the_language_that_is_spoken_chooses_the_words(shelf, monkeypatch):
    translate(shelf, "wait")
    monkeypatch.setattr(_cards, "CARDS", shelf)
    monkeypatch.setattr(_cards, "language", lambda: "ar")

    assert card("wait").title == "تمهل"


def test_a_translation_of_a_card_that_is_not_there_is_refused(shelf):
    translate(shelf, "gone")

    with pytest.raises(Refused, match=r"ar/gone.md: found a translation of nothing"):
        read_cards(shelf, "ar")


def test_all_faults_of_all_cards_are_told_at_once(shelf):
    (shelf / "wait.md").write_text(WHOLE.format(id="other", source="product_guidance"), encoding="utf-8")
    (shelf / "look.md").write_text(WHOLE.format(id="look", source="nobody_2020"), encoding="utf-8")
    (shelf / "bare.md").write_text("Only words.\n", encoding="utf-8")
    (shelf / "torn.md").write_text("---\ntitle: [\n---\nwords\n", encoding="utf-8")

    with pytest.raises(Refused) as refused:
        read_cards(shelf, "en")

    told = [str(fault) for fault in refused.value.faults]
    assert [line.split(":")[0] for line in told] == ["bare.md", "look.md, card", "torn.md", "wait.md, id"]
    assert "nobody_2020" in told[1]


@pytest.mark.parametrize(
    ("opens", "safety"), [("lost_control", "false"), ("high_stress", "true"), ("", "true")]
)
def test_a_card_that_mixes_safety_with_anything_else_is_refused(shelf, opens, safety):
    mixed = WHOLE.format(id="wait", source="product_guidance")
    mixed = mixed.replace("opens: []", f"opens: [{opens}]").replace("safety: false", f"safety: {safety}")
    (shelf / "wait.md").write_text(mixed, encoding="utf-8")

    with pytest.raises(Refused, match="patterns of safety open cards of safety"):
        read_cards(shelf, "en")


def test_a_card_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(UnknownCard, match=r'no card "nowhere".*not-a-race'):
        card("nowhere")

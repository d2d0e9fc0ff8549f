"""What a parent writes stays theirs: nobody else reads it unless it is shared, and nothing of it is lost."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caregiving.faults import Refused
from caregiving.people import Action, NotAllowed
from caregiving.reflections import Reflection
from caregiving.store import reflections
from caregiving.store.reflections import UnknownKind


def words(texts: list[Reflection]) -> list[str]:
    return [text.content.text for text in texts]


def test_a_text_comes_back_as_it_was_written(home: Any) -> None:
    steps = [{"text": "Ask Noor", "by": "2026-03-08", "done_on": None}, {"text": "Nap on Sunday"}]
    goal = home.text("goal", content={"title": "More rest", "steps": steps, "revisit_on": "2026-03-15"})

    home.write(goal)

    assert home.texts() == [goal]


def test_the_newest_moment_comes_first_and_kinds_can_be_asked_for(home: Any) -> None:
    early = home.write(home.text())
    gran = home.write(home.text("contact"))
    late = home.write(home.text())

    assert home.texts() == [late, gran, early]
    assert home.texts(None, "contact") == [gran]
    assert home.texts(None, "contact", "journal") == [late, gran, early]
    assert home.texts(None, "goal") == []


def test_asking_for_a_kind_that_does_not_exist_is_told_and_not_answered_with_nothing(home: Any) -> None:
    with pytest.raises(UnknownKind, match='the kind "contakt"; choose one of: journal, trigger'):
        home.texts(None, "contakt")


def test_the_other_parent_reads_a_shared_text_and_no_private_one(home: Any) -> None:
    home.write(home.text(content={"text": "only mine"}))
    shared = home.write(home.text(content={"text": "for both of us"}, shared=True))

    assert home.texts(home.ravi) == [shared]


def test_a_text_is_private_when_nobody_said_otherwise(home: Any) -> None:
    assert home.text().shared is False


def test_a_text_that_is_no_longer_shared_is_gone_for_the_others_in_every_version(home: Any) -> None:
    shared = home.write(home.text(content={"text": "for both of us"}, shared=True))
    home.write(home.rewrite(shared, shared=False))

    assert home.texts(home.ravi) == []
    assert words(home.texts()) == ["for both of us"]


def test_another_family_reads_nothing_and_is_not_let_in(home: Any) -> None:
    home.write(home.text(shared=True))

    with pytest.raises(NotAllowed):
        reflections.read(home.store, home.viewer(home.noor), home.family)
    assert reflections.read(home.store, home.viewer(home.noor), home.other_family) == []


@pytest.mark.parametrize("who", ["vera", "sam"])
def test_nobody_from_outside_reads_a_word_even_with_consent_to_everything(home: Any, who: str) -> None:
    home.write(home.text(shared=True))
    everything = frozenset(Action)
    home.give(home.consent(member=getattr(home, who), scope=everything))
    viewer = home.viewer(getattr(home, who))

    for asked in (
        lambda: reflections.read(home.store, viewer, home.family),
        lambda: reflections.taken_away(home.store, viewer, home.family, 0),
        lambda: reflections.write(home.store, viewer, home.text(author=viewer.member)),
    ):
        with pytest.raises(NotAllowed):
            asked()
    assert len(home.texts()) == 1


def test_nobody_writes_into_another_family(home: Any) -> None:
    with pytest.raises(NotAllowed):
        home.write(home.text(author=home.noor))


def test_nobody_writes_in_somebody_elses_name(home: Any) -> None:
    with pytest.raises(Refused, match="text, author: found somebody else"):
        reflections.write(home.store, home.viewer(home.ravi), home.text(author=home.ada))

    assert home.texts() == []


def test_a_correction_takes_the_place_of_the_old_text_and_keeps_its_moment(home: Any) -> None:
    old = home.write(home.text(content={"text": "She laughd"}))
    home.write(home.text(content={"text": "later that day"}))
    new = home.write(home.rewrite(old, content={"text": "She laughed"}))

    assert words(home.texts()) == ["later that day", "She laughed"]
    assert new.at_ms == old.at_ms and new.written_ms > old.written_ms


def test_a_text_that_was_taken_away_is_gone_and_can_be_put_back(home: Any) -> None:
    text = home.write(home.text(shared=True))
    gone = home.write(home.rewrite(text, void=True))

    assert home.texts() == [] and home.texts(home.ravi) == []
    assert reflections.taken_away(home.store, home.viewer(), home.family, 0) == [gone]

    back = home.write(home.rewrite(gone, void=False))

    assert home.texts() == [back] and home.texts(home.ravi) == [back]
    assert reflections.taken_away(home.store, home.viewer(), home.family, 0) == []


def test_what_was_taken_away_shows_to_its_author_only_and_only_from_the_asked_moment_on(home: Any) -> None:
    gone = home.write(home.rewrite(home.write(home.text(shared=True)), void=True))
    away = reflections.taken_away

    assert away(home.store, home.viewer(), home.family, gone.written_ms) == [gone]
    assert away(home.store, home.viewer(), home.family, gone.written_ms + 1) == []
    assert away(home.store, home.viewer(home.ravi), home.family, 0) == []


def test_writing_the_same_text_twice_is_writing_it_once(home: Any) -> None:
    text = home.text()
    for _ in range(3):
        home.write(text)
    newer = home.rewrite(text)
    for _ in range(2):
        home.write(newer)

    assert home.texts() == [newer]


def test_an_id_that_somebody_else_used_is_refused(home: Any) -> None:
    home.write(home.text(name="same"))

    with pytest.raises(Refused, match="an id that is already taken"):
        home.write(home.text(name="same", author=home.ravi))
    assert home.texts(home.ravi) == []


@pytest.mark.parametrize("void", [False, True])
def test_only_the_author_changes_or_takes_away_a_text_also_when_it_is_shared(home: Any, void: bool) -> None:
    shared = home.write(home.text(shared=True))

    with pytest.raises(Refused, match="text, supersedes: found an id that does not fit"):
        home.write(home.rewrite(shared, author=home.ravi, void=void))

    assert home.texts() == [shared]


def test_the_sentence_does_not_tell_whether_a_foreign_text_exists(home: Any) -> None:
    theirs = home.write(home.text(author=home.noor, family=home.other_family))

    sentences = set()
    for target in (theirs.id, home.an_id("nothing at all")):
        with pytest.raises(Refused) as refused:
            home.write(home.text(supersedes=target))
        sentences.add(str(refused.value))
    assert len(sentences) == 1


def test_a_text_does_not_become_one_of_another_kind(home: Any) -> None:
    journal = home.write(home.text())

    with pytest.raises(Refused, match="an id that does not fit"):
        home.write(home.text("contact", supersedes=journal.id))


def test_of_two_changes_of_one_version_the_second_is_told_to_look_again(home: Any) -> None:
    old = home.write(home.text())
    first = home.write(home.rewrite(old, content={"text": "on the tablet"}))

    with pytest.raises(Refused, match="a version that was changed meanwhile"):
        home.write(home.rewrite(old, content={"text": "on the phone"}))

    assert home.texts() == [first]


def test_a_refused_text_leaves_nothing_behind(home: Any) -> None:
    with pytest.raises(Refused):
        home.write(home.text(supersedes=home.an_id("nothing at all")))
    with home.store.reader.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM reflections").scalar_one() == 0


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"night {n}: she woke, I sang, we slept." for n in range(1_200)),  # some 50,000 characters
        "a page\n\n\twith lines,   spaces\r\nand an end",
        "אתמול בלילה היא צחקה 💛 ואז נרדמה",
        "ضحكت الليلة \u200fثم نامت\u200e بسلام",
        "👩‍👩‍👧 🍼 ❤️‍🩹",
        "Robert'); DROP TABLE reflections;-- <script>alert(1)</script> \\ \" ' % ? :x",
        "nothing \x00 hidden",
    ],
    ids=["huge", "lines", "hebrew", "arabic", "emoji", "code", "nul"],
)
def test_any_words_survive(home: Any, text: str) -> None:
    home.write(home.text(content={"text": text}))

    assert words(home.texts()) == [text.strip()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_whatever_a_keyboard_can_write_survives(home: Any, text: str) -> None:
    if not text.strip():
        return
    written = home.write(home.text(content={"text": text}))

    assert home.texts()[0] == written
    assert text.strip() in written.content.text and written.content.text in text


def test_a_later_day_changes_nothing_in_what_can_be_read(home: Any) -> None:
    home.write(home.text())
    later = home.viewer(at=home.now + timedelta(days=400))

    assert len(reflections.read(home.store, later, home.family)) == 1

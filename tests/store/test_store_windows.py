"""Windows of watching: a start, and the end that arrived last."""

from typing import Any

from caregiving import frames
from caregiving.store import windows


def open_window(home: Any, member: Any = None) -> Any:
    return windows.open_window(home.store, home.viewer(), home.family, member or home.ada)


def test_a_window_is_open_until_it_is_ended(home: Any) -> None:
    window = home.start()
    home.send(window)
    assert home.watched()["ended_ms"].isna().tolist() == [True]
    assert home.watched()["attestation"].isna().tolist() == [True]

    home.send(home.end(window, at_s=600, attestation="most"))

    row = home.watched().iloc[0]
    assert (row["id"], row["child"], row["mode"], row["context"]) == (
        window["id"],
        str(home.juno),
        "live",
        "play",
    )
    assert (row["started_ms"], row["ended_ms"]) == (home.now_ms, home.now_ms + 600_000)
    assert row["attestation"] == "most"


def test_the_end_that_arrived_last_counts(home: Any) -> None:
    window = home.start()
    home.send(window, home.end(window, at_s=600, attestation="all"))
    home.send(home.end(window, at_s=300, attestation="some"))

    assert home.watched()["ended_ms"].tolist() == [home.now_ms + 300_000]
    assert home.watched()["attestation"].tolist() == ["some"]


def test_an_end_may_overtake_its_start(home: Any) -> None:
    window = home.start()

    assert home.send(home.end(window)).stored and home.watched().empty
    assert home.send(window).stored

    assert home.watched()["attestation"].tolist() == ["all"]


def test_nobody_else_can_end_a_window_by_guessing_its_id(home: Any) -> None:
    window = home.start()
    guess = home.end(window, family=str(home.other_family), author=str(home.noor), attestation="some")

    assert home.send(guess, viewer=home.viewer(home.noor)).stored
    assert home.send(window).stored

    assert home.watched()["attestation"].isna().all()
    assert open_window(home) is not None


def test_windows_are_listed_by_their_start_and_can_be_asked_for_one_child(home: Any) -> None:
    home.send(
        home.start("late", at_s=50), home.start("early", at_s=10), home.start("kit", at_s=30, child=home.twin)
    )

    assert home.watched()["id"].tolist() == [str(home.an_id(name)) for name in ("early", "kit", "late")]
    assert home.watched(child=home.twin)["id"].tolist() == [str(home.an_id("kit"))]


def test_a_list_of_windows_keeps_its_contract_also_when_there_are_none(home: Any) -> None:
    wanted = {name: column.dtype for name, column in frames.WINDOW_LOG.items()}
    empty = home.watched()
    home.send(home.start(context=None))

    for watched in (empty, home.watched()):
        assert {name: str(dtype) for name, dtype in watched.dtypes.items()} == wanted
    assert empty.empty and home.watched()["context"].isna().all()


def test_a_window_tells_how_far_its_tablet_was_from_the_servers_clock_at_the_start(home: Any) -> None:
    ahead = home.start("ahead", skew_ms=-3000)
    home.send(ahead, home.end(ahead, skew_ms=-2900), home.start("unknown", at_s=20, skew_ms=None))

    found = home.watched()["skew_ms"]
    assert found.iloc[0] == -3000 and found.isna().tolist() == [False, True]


def test_the_open_window_is_the_one_that_this_member_opened_last_and_did_not_end(home: Any) -> None:
    assert open_window(home) is None
    first, second = home.start("first"), home.start("second", at_s=20)
    home.send(first, second, home.start("Ravi's", at_s=40, author=home.ravi))

    found = open_window(home)
    assert (found.id, found.child, found.started_ms) == (
        home.an_id("second"),
        home.juno,
        home.now_ms + 20_000,
    )
    assert (found.mode, found.context, found.zone) == ("live", "play", "Europe/Berlin")

    home.send(home.end(second))
    assert open_window(home).id == home.an_id("first")
    home.send(home.end(first))
    assert open_window(home) is None
    assert open_window(home, home.ravi).id == home.an_id("Ravi's")


def test_faults_of_windows_are_sentences_too(home: Any) -> None:
    window = home.start()

    assert (
        'window_end, attestation: found "perhaps"; needed one of: all, most, some, paused, discarded.'
        in home.why_not(home.end(window, attestation="perhaps"))
    )
    assert (
        'window_start, context: found "work"; needed one of: feeding, play, bath, bedtime, night.'
        in home.why_not(home.start(context="work"))
    )
    assert "window_start, child: found an id that does not fit" in home.why_not(home.start(child=home.ilo))
    assert "window_end, started_ms: found a field that nobody knows" in home.why_not(
        home.end(window, started_ms=1)
    )

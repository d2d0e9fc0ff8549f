"""What comes in is stored once and in order, and comes out as it holds now."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caregiving import frames
from caregiving.store import events


def test_a_tap_is_stored_and_comes_out_as_it_went_in(home: Any) -> None:
    tap = home.tap("pick_up", at_s=4.2, reason='she said "there, there"\n🙂', latency_low_s=1 / 3)

    receipt = home.send(tap)

    assert receipt == events.Receipt(stored=(tap["id"],), refused=())
    row = home.log().iloc[0]
    unchanged = [
        "id",
        "child",
        "instrument",
        "actor",
        "code",
        "onset_ms",
        "zone",
        "utc_offset_min",
        "caregiver",
    ]
    for name in [*unchanged, "author", "time_quality", "reason", "latency_low_s"]:
        assert row[name] == tap[name], name
    assert row["seq"] == 1 and not row["in_conflict"]


def test_taps_of_one_moment_stay_in_the_order_in_which_they_were_tapped(home: Any) -> None:
    codes = ["cry", "fuss", "pick_up", "soothe", "talk"] * 10
    home.send(*(home.tap(code, at_s=0) for code in codes))

    assert home.log()["code"].tolist() == codes


def test_a_log_is_ordered_by_onset_whatever_arrived_first(home: Any) -> None:
    home.send(home.tap("smile", at_s=20))
    home.send(home.tap("cry", at_s=10))

    assert home.log()["code"].tolist() == ["cry", "smile"]


def test_sending_a_batch_again_changes_nothing_and_is_answered_the_same(home: Any) -> None:
    batch = [home.start(), home.tap("cry"), home.tap("pick_up", at_s=4), home.end(home.start())]

    first, second = home.send(*batch), home.send(*batch, *batch)

    assert first == second
    assert len(home.log()) == 2 and len(home.watched()) == 1


def test_an_item_without_a_type_is_an_event(home: Any) -> None:
    tap = home.tap("cry")
    del tap["type"]

    assert home.send(tap).stored == (tap["id"],)


def test_an_id_is_answered_just_as_the_device_wrote_it(home: Any) -> None:
    shouted = home.tap("cry")["id"].upper()

    assert home.send(home.tap("cry", id=shouted)).stored == (shouted,)
    assert home.log()["id"].tolist() == [shouted.lower()]


def test_one_bad_item_keeps_nothing_of_itself_and_everything_of_the_others(home: Any) -> None:
    good, bad, also_good = home.tap("cry"), home.tap("sneeze"), home.tap("smile", at_s=5)

    receipt = home.send(good, bad, None, also_good)

    assert receipt.stored == (good["id"], also_good["id"])
    assert [refusal.id for refusal in receipt.refused] == [bad["id"], None]
    assert home.log()["code"].tolist() == ["cry", "smile"]


def test_a_tap_may_come_from_the_other_parents_session(home: Any) -> None:
    tap = home.tap("cry", author=home.ravi)

    assert home.send(tap, viewer=home.viewer(home.ada)).stored == (tap["id"],)
    assert home.log()["author"].tolist() == [str(home.ravi)]


def test_a_tap_is_not_refused_because_its_window_has_not_arrived(home: Any) -> None:
    window = home.start()
    tap = home.tap("cry", window=window["id"])

    assert home.send(tap).stored and home.send(window).stored
    assert home.log()["window"].tolist() == home.watched()["id"].tolist()


@pytest.mark.parametrize("skew_ms", [None, 0, 3 * 3_600_000, -86_400_000])
def test_a_device_whose_clock_is_wrong_is_noted_and_never_refused(home: Any, skew_ms: int | None) -> None:
    tap = home.tap("cry", at_s=-(skew_ms or 0) / 1000, skew_ms=skew_ms)

    assert home.send(tap).stored
    with home.store.reader.begin() as connection:
        assert connection.exec_driver_sql("SELECT skew_ms FROM events").scalar_one() == skew_ms


def test_the_server_notes_when_and_by_whose_session_a_tap_came(home: Any) -> None:
    home.send(home.tap("cry", author=home.ravi))

    with home.store.reader.begin() as connection:
        row = connection.exec_driver_sql("SELECT received_ms, sender, device FROM events").one()
    assert row == (home.now_ms + 500, str(home.ada), str(home.device))


def test_a_log_keeps_its_contract_also_when_there_is_nothing_in_it(home: Any) -> None:
    wanted = {name: column.dtype for name, column in frames.EVENT_LOG.items()}

    empty = home.log()
    home.send(home.tap("cry"), home.tap("in_arms", at_s=1, offset_ms=home.now_ms + 9000, window=home.juno))
    full = home.log()

    for log in (empty, full):
        assert {name: str(dtype) for name, dtype in log.dtypes.items()} == wanted
    assert empty.empty and full["offset_ms"].isna().tolist() == [True, False]
    assert full["window"].isna().tolist() == [True, False] and full["caregiver"].isna().tolist() == [
        True,
        False,
    ]


def test_a_log_can_be_cut_by_child_and_by_time_with_the_start_in_and_the_end_out(home: Any) -> None:
    home.send(*(home.tap("cry", at_s=at) for at in (0, 10, 20)), home.tap("smile", at_s=10, child=home.twin))
    at_10, at_20 = home.now_ms + 10_000, home.now_ms + 20_000

    assert home.log(child=home.twin)["code"].tolist() == ["smile"]
    assert home.log(start_ms=at_10, end_ms=at_20)["code"].tolist() == ["cry", "smile"]
    assert len(home.log(child=home.juno, start_ms=at_10)) == 2
    assert len(home.log(end_ms=at_10)) == 1


def test_the_version_rises_with_every_record_and_only_then(home: Any) -> None:
    seen = [events.version(home.store, home.viewer(), home.family)]
    tap, window = home.tap("cry"), home.start()
    for batch in (
        [tap],
        [window],
        [home.end(window)],
        [home.take_back(tap)],
        [home.tap("cry"), home.tap("cry")],
    ):
        home.send(*batch)
        seen.append(events.version(home.store, home.viewer(), home.family))
    assert seen[0] == 0 and all(b > a for a, b in pairwise(seen))

    home.send(tap, window)
    home.send(home.tap("sneeze"))
    theirs = home.tap("smile", family=home.other_family, child=home.ilo, author=home.noor)
    home.send(theirs, viewer=home.viewer(home.noor))
    assert events.version(home.store, home.viewer(), home.family) == seen[-1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_shuffling_or_doubling_of_batches_changes_what_holds(home: Any, data: st.DataObject) -> None:
    """Corrections, voids and conflicts arrive in any order, any number of times: the log is the same."""
    kinds = data.draw(st.lists(st.sampled_from(["tap", "correct", "take back"]), min_size=1, max_size=12))
    story: list[dict[str, Any]] = []
    for kind in kinds:
        if kind == "tap" or not story:
            story.append(home.tap("cry", at_s=data.draw(st.integers(0, 5))))
        elif kind == "correct":
            story.append(home.correct(data.draw(st.sampled_from(story)), code="fuss", void=False))
        else:
            story.append(home.take_back(data.draw(st.sampled_from(story))))
    sent = data.draw(st.permutations(story + data.draw(st.lists(st.sampled_from(story), max_size=4))))
    size = data.draw(st.integers(1, 5))
    mine = [item["id"] for item in story]

    for at in range(0, len(sent), size):
        assert home.send(*sent[at : at + size]).refused == ()

    log = home.log()
    log = log[log["id"].isin(mine)]
    dead = {item["supersedes"] for item in story}
    alive = [item for item in story if item["id"] not in dead and not item["void"]]
    alive.sort(key=lambda item: (item["onset_ms"], item["ordinal"]))
    assert log["id"].tolist() == [item["id"] for item in alive]
    assert log["in_conflict"].tolist() == [_beside_another(item, alive, story) for item in alive]


def _beside_another(item: dict[str, Any], alive: list[dict[str, Any]], story: list[dict[str, Any]]) -> bool:
    older = {each["id"]: each["supersedes"] for each in story}

    def first(event: str) -> str:
        return first(older[event]) if older[event] else event

    return (
        item["supersedes"] is not None and [first(each["id"]) for each in alive].count(first(item["id"])) > 1
    )

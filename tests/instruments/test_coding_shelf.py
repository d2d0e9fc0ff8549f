"""What the coding instruments that come with the program make of a small story."""

from caregiving.episodes import pair
from caregiving.indices import Estimate, Material, all_indices
from caregiving.indices._modalities import sensory_codes
from caregiving.instruments import load
from tests.timelines import story


def analysed(instrument: str, told: str) -> dict[tuple[str, str], Estimate]:
    """Work out the indices of a story."""
    form = load(instrument)
    events, windows = story(told, form, day="2026-03-01")
    material = Material(form, events, windows, pair(events, windows, form), seed=1)
    return {
        (one.measure, one.cue_class): one
        for name in ("sensitivity", "latency", "predictability", "comfort")
        for one in all_indices()[name].estimates(material)
    }


def test_after_a_sign_of_enough_a_break_is_a_pause_and_more_on_offer_an_intrusion():
    found = analysed("feeding", "30s turn_away, 31s take_break, 60s push_away, 61s offer, 600s end")

    assert found["pause_respected", "disengage"].value == 1 / 2
    assert found["intrusions", "disengage"].value == 1 / 10 * 10


def test_holding_a_child_who_feeds_is_no_answer_to_hunger_that_shows_again():
    found = analysed("feeding", "5-50s swallows, 60s root, 64s offer, 100s lean_in, 300s end")

    assert found["noticed", "non_distress"].value == 1 / 2
    assert found["appropriate", "non_distress"].value == 1 / 1


def test_a_baby_who_is_awake_and_calm_at_night_asks_for_nothing():
    quiet = analysed("bedtime_night", "10s awake, 400s asleep, 1800s end")
    woken = analysed("bedtime_night", "10s awake, 20s cry, 35s go_near, 60s settled, 400s asleep, 1800s end")

    assert quiet["noticed", "distress"].n == 0
    assert (woken["median", "distress"].n, woken["median", "distress"].value) == (1, 15)
    assert woken["comfort_completion", "distress"].value == 1 / 1


def test_taps_at_night_never_tell_how_predictable_signals_are():
    found = analysed("bedtime_night", "20s cry, 35s pick_up, 40s soft_voice, 1800s end")

    assert "taps cannot show this" in str(found["entropy_rate", "all"].gate)


def test_sensory_signals_name_every_modality_once():
    assert sensory_codes(load("sensory_signals")) == {
        "voice": ["voice"],
        "touch": ["touch", "hold"],
        "sight": ["show"],
        "looking": ["looks"],
    }


def test_what_is_shown_counts_only_while_the_child_looks():
    seen = analysed("sensory_signals", "0-60s looks, 10-20s show, 60s end")
    unseen = analysed("sensory_signals", "30-60s looks, 10-20s show, 60s end")

    assert seen["transitions", "all"].value == 2, "none, sight, none"
    assert unseen["transitions", "all"].n == 0


def test_a_session_of_which_a_tenth_cannot_be_told_is_refused():
    told = "0-54s looks, 10-20s show, 21-30s voice, 54-60s cannot_tell, 60s end"

    assert "10% or more" in str(analysed("sensory_signals", told)["entropy_rate", "all"].gate)

"""A year of one invented family, with everything that a year of tapping brings along.

Beside the sittings of the truth: two whole days in every four weeks that were logged round the clock, short
prompted looks, taps outside declared watching, moments added from memory, states entered by the clock's whole
minutes, slips of the thumb that were put right, and cries that passed before anybody came.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from random import Random

from sample_data.make import Moment, Sitting, Truth, moments_of, sittings

WINDOWS_A_DAY = 5
EVERY, WHOLE_DAYS = 28, (12, 13)  # of every 28 days the 13th and the 14th are logged in full
DAY_S, DAY_START_MIN = 86_400.0, 360
NEXT_DAY_MIN = 0.5  # the second whole day begins so much later, so that it stays a day of its own
BUSY = 0.28  # on a whole day fewer cues are tapped an hour than in a short sitting
NAPS_MIN = ((180, 45), (360, 90), (570, 40))  # minutes after six: when, how long
NIGHT_MIN, WAKINGS_MIN, MEALS_MIN = 810, (1020, 1250), (60, 255, 465, 660, 770)
HELD_MIN = ((130, 15), (300, 20), (520, 25), (735, 12))
PROMPT_MIN, CASUAL_MIN, REMEMBERED_MIN = 525, 690, 880
BRACKETS_S = ((0, 10), (10, 60), (60, 300), (300, None))
SLIPS = {"pick_up": "soothe", "soothe": "pick_up", "talk": "play", "play": "talk", "feed": "wait"}


def year(truth: Truth, days: int, seed: int) -> Iterator[Sitting]:
    """Yield the sittings of so many days, in order of time."""
    dice = Random(f"{seed} year")
    swings = truth.swings(days, seed)
    busy = replace(truth, windows_a_day=WINDOWS_A_DAY)
    for day, usual in groupby(sittings(busy, days, seed), key=lambda sitting: sitting.day):
        if day % EVERY in WHOLE_DAYS:
            yield _whole_day(truth, day, swings[day], dice)
            continue
        lived = [_as_lived(sitting, dice) for sitting in usual] + list(
            _besides(truth, day, swings[day], dice)
        )
        yield from sorted(lived, key=lambda sitting: sitting.start_min)


def _besides(truth: Truth, day: int, swing: float, dice: Random) -> Iterator[Sitting]:
    """Yield what came beside the usual sittings of a day: a prompt, taps in passing, a moment remembered."""
    if dice.random() < 0.3:
        prompted = tuple(moments_of(truth, 600.0, swing, dice, busy=1.5))
        yield Sitting(day, PROMPT_MIN + dice.randint(0, 30), 600.0, None, prompted, mode="prompt")
    if dice.random() < 0.3:
        casual = tuple(moments_of(truth, 240.0, swing, dice, busy=3.0))
        yield Sitting(day, CASUAL_MIN + dice.randint(0, 60), 240.0, None, casual, mode="opportunistic")
    if dice.random() < 0.35:
        start = 5 * ((REMEMBERED_MIN + dice.randint(0, 60)) // 5)  # people remember by the five minutes
        yield Sitting(day, start, 0.0, None, tuple(_remembered(truth, swing, dice)), mode=None)


def _remembered(truth: Truth, swing: float, dice: Random) -> Iterator[Moment]:
    """Yield a cue that nobody tapped, with the bracket in which its answer came as far as somebody knows."""
    how = dice.choices(truth.answering, [one.per_hour for one in truth.answering])[0]
    waited = dice.lognormvariate(0, how.spread) * how.median_s
    answered = dice.random() < how.chance + swing
    low, high = next(b for b in BRACKETS_S if b[1] is None or waited <= b[1]) if answered else BRACKETS_S[-1]
    yield Moment(0.0, "infant", how.code, quality="recalled", recalled_s=(low, high if answered else None))
    if answered:
        yield Moment(low, "caregiver", dice.choice(how.answers), dice.randint(0, 1), quality="recalled")
    else:
        yield Moment(0.0, "caregiver", "none", quality="recalled")


def _as_lived(sitting: Sitting, dice: Random) -> Sitting:
    """Return a sitting with slips of the thumb, cries that passed alone, and states by whole minutes."""
    moments = [_with_slip(moment, dice) for moment in _with_passing(sitting.moments, dice)]
    last_min = int(max((m.at_s for m in moments), default=0.0) // 60) + 1
    length_min = int(sitting.length_s // 60)
    if sitting.context in ("bedtime", "night") and last_min < length_min and dice.random() < 0.8:
        moments.append(_state("asleep", last_min, length_min))
    elif dice.random() < 0.5:
        start = dice.randint(0, length_min - 8)
        code = "feeding" if sitting.context == "feeding" else "in_arms"
        moments.append(_state(code, start, start + dice.randint(3, 8), dice.randint(0, 1)))
    told = "some" if dice.random() < 0.04 else None
    return replace(sitting, moments=tuple(moments), attestation=told)


def _state(code: str, start_min: float, end_min: float, who: int | None = None) -> Moment:
    """Return a state as people enter it afterwards: from one whole minute to another."""
    actor = "infant" if code == "asleep" else "caregiver"
    return Moment(start_min * 60.0, actor, code, who, until_s=end_min * 60.0, quality="adjusted")


def _with_slip(moment: Moment, dice: Random) -> Moment:
    """Let one tap in a hundred be another button first, and one in three hundred none at all."""
    if moment.code in SLIPS and dice.random() < 0.02:
        return replace(moment, slip=SLIPS[moment.code])
    return replace(moment, taken_back=dice.random() < 0.003)


def _with_passing(moments: tuple[Moment, ...], dice: Random) -> Iterator[Moment]:
    """Yield the moments, and after some cries that nobody answered and nobody called so, that they passed."""
    for moment, following in zip(moments, [*moments[1:], None], strict=True):
        yield moment
        alone = following is not None and following.actor == "infant" and following.code != "settled"
        if alone and moment.code in ("cry", "fuss") and dice.random() < 0.4:
            yield Moment(moment.at_s + dice.uniform(20.0, 170.0), "infant", "settled")


def _whole_day(truth: Truth, day: int, swing: float, dice: Random) -> Sitting:
    """Return 24 hours from six to six with sleep, meals, holding, and every cry up to its end."""
    asleep = sorted(_sleep(dice))
    edges = [0.0, *(edge * 60 for span in asleep for edge in span)]
    moments = [_state("asleep", start, end) for start, end in asleep]
    for begin, end in zip(edges[::2], [*edges[1::2], DAY_S], strict=True):
        awake = tuple(moments_of(truth, max(end - begin, 0.0), swing, dice, busy=BUSY))
        moments += [_with_slip(_later(m, begin), dice) for m in _each_settled(truth, awake, end - begin)]
    for spans, code, lasts in (((*MEALS_MIN, *WAKINGS_MIN), "feeding", 18), (HELD_MIN, "in_arms", 0)):
        for span in spans:
            start, length = span if isinstance(span, tuple) else (span, lasts)
            start += dice.randint(-10, 10)
            who = dice.randint(0, 1)
            moments.append(_state(code, start, start + max(3, length + dice.randint(-5, 5)), who))
    later = NEXT_DAY_MIN if day % EVERY == WHOLE_DAYS[1] else 0.0
    return Sitting(day, DAY_START_MIN + later, DAY_S, None, tuple(moments), attestation="all")


def _sleep(dice: Random) -> Iterator[tuple[float, float]]:
    """Yield when the baby slept on one day, in whole minutes after six, wakings in between left out."""
    yield 0, dice.randint(15, 50)
    for start, length in NAPS_MIN:
        begin = start + dice.randint(-20, 20)
        yield begin, begin + length + dice.randint(-12, 12)
    begin = NIGHT_MIN + dice.randint(-20, 20)
    for waking in WAKINGS_MIN:
        woke = waking + dice.randint(-15, 0)
        yield begin, woke
        begin = waking + 20 + dice.randint(5, 15)
    yield begin, 1440


def _later(moment: Moment, by_s: float) -> Moment:
    return replace(moment, at_s=moment.at_s + by_s)


def _each_settled(truth: Truth, moments: tuple[Moment, ...], length_s: float) -> Iterator[Moment]:
    """Yield the moments so that every cry has its end: where none was tapped, after its response window."""
    cry: Moment | None = None
    last = 0.0
    for moment in moments:
        fresh = moment.actor == "infant" and moment.code != "settled"
        if fresh and cry is not None:
            yield _end_of(cry, truth, last, length_s)
        if fresh:
            cry = moment if moment.code in ("cry", "fuss") else None
        elif moment.code == "settled":
            cry = None
        last = moment.at_s
        yield moment
    if cry is not None:
        yield _end_of(cry, truth, last, length_s)


def _end_of(cry: Moment, truth: Truth, last: float, length_s: float) -> Moment:
    after = max(cry.at_s + truth.of(cry.code).window_s, last) + 0.5
    return Moment(min(after, length_s), "infant", "settled")

"""Invented families with a known truth, from a seed: what the analysis must find again.

Nobody here is real. Run `python -m sample_data.make FOLDER` to write small CSV files.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log
from pathlib import Path
from random import Random
from statistics import NormalDist
from uuid import UUID

NAMESPACE = UUID("6f0e3f0c-5a0e-4f5e-9a53-0c1d7a1d2b11")


@dataclass(frozen=True)
class Answering:
    """How one kind of cue is answered: with which chance, after how long (log-normal), and with what."""

    code: str
    per_hour: float
    chance: float
    median_s: float
    spread: float
    window_s: float
    answers: tuple[str, ...]

    def within(self, seconds: float) -> float:
        """Return the true share answered within so many seconds."""
        return self.chance * NormalDist().cdf((log(seconds) - log(self.median_s)) / self.spread)


@dataclass(frozen=True)
class Truth:
    """What is true of an invented family.

    On an off day, `off_days` of all days, every chance is `day_swing` lower; on the others it is so much
    higher that over all days it stays what Answering says. So days differ and the rate does not.
    """

    answering: tuple[Answering, ...]
    windows_a_day: int = 3
    window_min: tuple[int, int] = (15, 40)
    day_swing: float = 0.0
    off_days: float = 0.25

    def of(self, code: str) -> Answering:
        """Return how that cue is answered."""
        return next(one for one in self.answering if one.code == code)

    def swings(self, days: int, seed: int) -> list[float]:
        """Return by how much the chances of each day are moved; just so many days are off days."""
        off = int(days * self.off_days)
        moved = [-self.day_swing] * off + [self.day_swing * off / max(days - off, 1)] * (days - off)
        Random(f"{seed} days").shuffle(moved)
        return moved


STEADY = Truth(
    (
        Answering("cry", 4.0, 0.85, 22.0, 0.7, 180.0, ("pick_up", "soothe", "feed")),
        Answering("fuss", 5.0, 0.75, 28.0, 0.7, 180.0, ("soothe", "talk", "pick_up")),
        Answering("reach", 5.0, 0.80, 4.0, 0.6, 15.0, ("play", "talk")),
        Answering("smile", 7.0, 0.70, 3.5, 0.6, 15.0, ("talk", "play")),
        Answering("coo", 5.0, 0.65, 3.0, 0.6, 15.0, ("talk",)),
        Answering("turn_away", 1.5, 0.60, 4.0, 0.5, 15.0, ("wait",)),
    )
)
SWINGING = Truth(STEADY.answering, day_swing=0.4)


@dataclass(frozen=True)
class Moment:
    """One event of a sitting: seconds from its start, what, by whom.

    `recalled_s` is the bracket in which a remembered answer came. `slip` is the code that was pressed first
    by mistake; `taken_back` a tap that was none.
    """

    at_s: float
    actor: str
    code: str
    caregiver: int | None = None
    until_s: float | None = None
    quality: str = "tapped"
    recalled_s: tuple[float, float | None] | None = None
    slip: str | None = None
    taken_back: bool = False


@dataclass(frozen=True)
class Sitting:
    """One stretch of watching on one day; without a `mode` its moments were logged outside any."""

    day: int
    start_min: float
    length_s: float
    context: str | None
    moments: tuple[Moment, ...]
    mode: str | None = "live"
    attestation: str | None = None


def sittings(truth: Truth, days: int, seed: int) -> Iterator[Sitting]:
    """Yield the sittings of so many days, in order of time.

    Cues come one after another: the next one not before the last one's response window is over, so that the
    truth stays exactly what Answering says.
    """
    dice = Random(seed)
    slots = [
        (7, 20, None),
        (10, 0, "play"),
        (13, 30, "feeding"),
        (16, 40, "play"),
        (19, 10, "bedtime"),
        (22, 30, "night"),
    ]
    for day, swing in enumerate(truth.swings(days, seed)):
        dice.random()  # drawn and not used: it keeps every family that was invented before as it was
        for hour, minute, context in sorted(dice.sample(slots, min(truth.windows_a_day, len(slots)))):
            length_s = 60.0 * dice.randint(*truth.window_min)
            moments = tuple(moments_of(truth, length_s, swing, dice))
            yield Sitting(day, hour * 60 + minute + dice.randint(0, 40), length_s, context, moments)


def moments_of(
    truth: Truth, length_s: float, swing: float, dice: Random, busy: float = 1.0
) -> Iterator[Moment]:
    """Yield the moments of one stretch; `busy` is how many of the usual cues come."""
    rates = [one.per_hour * busy for one in truth.answering]
    now = dice.expovariate(sum(rates) / 3600)
    while now < length_s:
        how = dice.choices(truth.answering, rates)[0]
        yield Moment(now, "infant", how.code)
        who = 0 if dice.random() < 0.6 else 1
        after = dice.lognormvariate(0, how.spread) * how.median_s
        answered = dice.random() < min(1.0, max(0.0, how.chance + swing))
        if answered and now + after < length_s:
            yield Moment(now + after, "caregiver", dice.choice(how.answers), who)
            calm = now + after + dice.lognormvariate(0, 0.5) * 60
            if how.code in ("cry", "fuss") and calm < min(length_s, now + how.window_s):
                yield Moment(calm, "infant", "settled")
        elif not answered and dice.random() < 0.4 and now + how.window_s * 0.9 < length_s:
            yield Moment(now + how.window_s * 0.9, "caregiver", "none", who)
        now += max(how.window_s, after) + 1 + dice.expovariate(sum(rates) / 3600)


def write_csv(truth: Truth, days: int, seed: int, folder: Path, name: str) -> None:
    """Write `NAME_events.csv` and `NAME_windows.csv` as the command line reads them."""
    with (folder / f"{name}_events.csv").open("w", newline="", encoding="utf-8") as file:
        events = csv.writer(file, lineterminator="\n")
        events.writerow(["session", "actor", "code", "onset_s", "offset_s", "caregiver"])
        for number, sitting in enumerate(sittings(truth, days, seed)):
            for m in sorted(sitting.moments, key=lambda moment: moment.at_s):
                who = "" if m.caregiver is None else ("Ada", "Ravi")[m.caregiver]
                events.writerow([f"s{number:03d}", m.actor, m.code, f"{m.at_s:.3f}", "", who])
    with (folder / f"{name}_windows.csv").open("w", newline="", encoding="utf-8") as file:
        windows = csv.writer(file, lineterminator="\n")
        windows.writerow(["session", "start_s", "end_s", "child", "mode", "started_at"])
        for number, sitting in enumerate(sittings(truth, days, seed)):
            at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=sitting.day, minutes=sitting.start_min)
            windows.writerow([f"s{number:03d}", 0, f"{sitting.length_s:.3f}", "Juno", "live", at.isoformat()])


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    write_csv(STEADY, 14, 7, target, "steady")
    write_csv(SWINGING, 14, 7, target, "swinging")

"""What selective logging does to a share, and the small checks that a log is put to. Pure functions."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from caregiving.indices._moments import Floats

BANNER_POINTS = 15.0
UNLOGGED = (0.1, 0.2, 0.3, 0.4, 0.5)
REACTIVE_DAYS = 2


def observed_share(p: float, k1: float, k0: float) -> float:
    """Return the share that is seen when answered cues are logged with probability k1 and others with k0.

    p k1 / (p k1 + (1 - p) k0), in [0, 1]; NaN when nothing is logged at all. Source: `selective_logging`.

    >>> round(observed_share(0.55, 0.90, 0.35), 4)
    0.7586
    """
    logged = p * k1 + (1 - p) * k0
    return p * k1 / logged if logged > 0 else float("nan")


def tipping_points(share: ArrayLike, unlogged: ArrayLike = UNLOGGED) -> Floats:
    """Return the share answered if a share u of all cues was neither logged nor answered: p (1 - u).

    >>> tipping_points(0.8).round(2).tolist()
    [0.72, 0.64, 0.56, 0.48, 0.4]
    """
    return np.asarray(share, dtype=np.float64) * (1 - np.asarray(unlogged, dtype=np.float64))


def banner(first: float, second: float) -> str | None:
    """Return a warning when two shares lie more than 15 points apart, else None.

    >>> banner(0.80, 0.60)
    'warning: 20 points apart; what was logged may depend on what happened'
    >>> banner(0.65, 0.60) is None
    True
    """
    points = abs(first - second) * 100
    if not points > BANNER_POINTS + 1e-9:
        return None
    return f"warning: {points:.3g} points apart; what was logged may depend on what happened"


def compliance_by_hour(hour: ArrayLike, answered: ArrayLike) -> pd.DataFrame:
    """Return `sent`, `answered` and their `share` for each hour of the day; NaN where no prompt was sent.

    Parameters: `hour` (0 to 23) at which each prompt was sent, `answered` whether it was; shape (prompts,).

    >>> compliance_by_hour([8, 8, 9], [True, False, True])["share"].loc[[8, 9]].tolist()
    [0.5, 1.0]
    """
    hours = np.asarray(hour, dtype=np.int64)
    sent = np.bincount(hours, minlength=24)
    done = np.bincount(hours, np.asarray(answered, dtype=np.float64), minlength=24)
    share = np.divide(done, sent, out=np.full(24, np.nan), where=sent > 0)
    return pd.DataFrame({"sent": sent, "answered": done.astype(np.int64), "share": share})


def reactive_days(days: pd.Series) -> list[str]:
    """Return the first two days of logging, which may be left out.

    >>> reactive_days(pd.Series(["2026-10-03", "2026-10-01", None, "2026-10-02"]))
    ['2026-10-01', '2026-10-02']
    """
    return sorted(str(day) for day in days.dropna().unique())[:REACTIVE_DAYS]


def badge(checks: dict[str, bool | None]) -> str:
    """Return the quality of a log in words: what is met, what is not, what is not known (None).

    >>> badge({"20 cues": True, "3 days": False, "times not rounded": None})
    'with care: not met: 3 days; not known: times not rounded'
    """
    unmet = [name for name, met in checks.items() if met is False]
    unknown = [name for name, met in checks.items() if met is None]
    words = ["not met: " + ", ".join(unmet)] * bool(unmet) + ["not known: " + ", ".join(unknown)] * bool(
        unknown
    )
    head = "with care" if unmet else "sound as far as known" if unknown else "sound"
    return ": ".join([head, "; ".join(words)]) if words else head

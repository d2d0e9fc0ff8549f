"""How many of the prompts that a family asked for were answered, and at which hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import pandas as pd

from caregiving.declared import declared
from caregiving.indices import Estimate
from caregiving.indices._days import wilson
from caregiving.indices._selective import compliance_by_hour
from caregiving.indices.logging_audit import prompt_compliance
from caregiving.prompts import ANSWER_WITHIN_MIN, MINUTE_MS, Plan, answered, sent
from caregiving.windows import WindowMode

AskedSince = tuple[Plan, int]


@dataclass(frozen=True)
class Compliance:
    """Prompts and their answers.

    `share` answered / sent, with limits; `by_hour` one row for each local hour 0 to 23 with `sent`,
    `answered`, `share`, `low`, `high` (NaN where none was sent); `watching_already` prompts that came while
    somebody was watching anyway, which count as not answered.
    """

    share: Estimate
    by_hour: pd.DataFrame
    watching_already: int


def compliance(
    windows: pd.DataFrame, asked: Sequence[AskedSince], child: UUID, zone: str, now_ms: int
) -> Compliance:
    """Return how many prompts were answered.

    Sent are the prompts of every plan from the moment at which it was asked for, up to 15 minutes ago; a
    prompt that two members share is one. Answered are those within 15 minutes after which somebody began a
    window of mode "prompt" (see `prompts.answered`, where the 15 minutes are explained). A prompt that no
    open page or tablet could show counts as sent: from here it cannot be told apart.

    Parameters: `windows` a WINDOW_LOG of this child; `asked` plans with the instant (ms) since when they
    hold; `zone` in which the family lives.
    Returns: shares in [0, 1], Wilson intervals. Source: `selective_logging`.
    """
    until = now_ms - ANSWER_WITHIN_MIN * MINUTE_MS + 1
    prompts = sorted({at for plan, since in asked for at in sent(child, plan, zone, since, until)})
    starts = windows.loc[windows["mode"] == WindowMode.PROMPT, "started_ms"].astype("int64").tolist()
    done = answered(prompts, starts)
    share = prompt_compliance(done)
    hour = pd.to_datetime(pd.Series(prompts, dtype="int64"), unit="ms", utc=True).dt.tz_convert(zone).dt.hour
    by_hour = compliance_by_hour(hour.to_numpy(dtype=np.int64), done)
    limits = [wilson(int(x), int(n)) for x, n in by_hour[["answered", "sent"]].to_numpy()]
    by_hour["low"], by_hour["high"] = ([pair[side] for pair in limits] for side in (0, 1))
    return Compliance(share, by_hour, _watching_already(windows, prompts, done))


def _watching_already(windows: pd.DataFrame, prompts: list[int], done: list[bool]) -> int:
    """Count the prompts without an answer of their own that came in the middle of declared watching."""
    live = declared(windows[windows["ended_ms"].notna()])
    start = np.sort(live["started_ms"].to_numpy(dtype=np.int64))
    end = np.sort(live["ended_ms"].to_numpy(dtype=np.int64))
    missed = np.array([at for at, so in zip(prompts, done, strict=True) if not so], dtype=np.int64)
    under_way = np.searchsorted(start, missed, side="right") - np.searchsorted(end, missed, side="right")
    return int((under_way > 0).sum())

"""Kaplan-Meier curves of many groups beside a lifelines loop, which fits a part of them and is scaled up."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from caregiving.bench import bars
from caregiving.bench.clock import by_turns, turn
from caregiving.bench.invented_columns import GROUP, waits
from caregiving.bench.peer import LIFELINES, AtWork, NoPeer, environment
from caregiving.bench.rows import Row, skipped, timed, times_faster
from caregiving.indices._many_curves import many_curves

GROUPS, FITTED = 10_000, 200
WHAT = "Kaplan-Meier medians of many groups"


def curves_beside_lifelines(n_groups: int = GROUPS, n_fitted: int = FITTED) -> Row:
    """Measure all groups of ours beside a part of them in lifelines' loop, scaled to as many groups."""
    try:
        python = environment(LIFELINES)
        with TemporaryDirectory() as name:
            return _measured(python, Path(name), n_groups, min(n_fitted, n_groups))
    except NoPeer as why:
        return skipped(WHAT, n_groups * GROUP, str(why), bars.LIFELINES)


def _measured(python: Path, folder: Path, n_groups: int, n_fitted: int) -> Row:
    given = waits(n_groups)
    part = slice(0, n_fitted * GROUP)
    (folder / "wait_s").write_bytes(given.wait_s[part].tobytes())
    (folder / "answered").write_bytes(given.answered[part].astype(np.int8).tobytes())
    with AtWork(LIFELINES, python, folder, GROUP) as lifelines:
        ours = turn(lambda: many_curves(given.group, given.wait_s, given.answered))
        took = by_turns({"ours": ours, "lifelines": lambda: lifelines.take("fit")})
    expected = np.nan_to_num(np.array(lifelines.found["fit"], dtype=np.float64), posinf=-1)
    medians = np.nan_to_num(many_curves(given.group, given.wait_s, given.answered).median_s, nan=-1)
    same = bool(np.allclose(medians[:n_fitted], expected, rtol=0, atol=1e-9))
    told = "same medians" if same else "THE MEDIANS DIFFER"
    note = f"{n_groups:,} groups of {GROUP}; lifelines fitted {n_fitted} of them, scaled; {told}"
    row = timed(WHAT, n_groups * GROUP, took["ours"], note)
    scaled = took["lifelines"].best_s * n_groups / n_fitted
    row = times_faster(row, LIFELINES.title, scaled)
    return row.judged(bars.LIFELINES, row.ratio)

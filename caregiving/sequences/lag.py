"""Lag-sequential analysis: which code follows which more often than chance would have it.

Written here, since no library in use has it. The expected counts under independence and the adjusted
residuals are those of a log-linear model; with forbidden cells the model is quasi-independence, fitted by
iterative proportional fitting.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import chdtrc, ndtr

from caregiving.instruments import Instrument
from caregiving.sequences._plain import plain
from caregiving.sequences._stretches import Bools, Floats
from caregiving.sequences.transitions import count

THIN = 5.0
ROUNDS, CLOSE = 10_000, 1e-12


@dataclass(frozen=True)
class LagTable:
    """Counts beside what chance expects. Rows: given, columns: target; NaN where undefined."""

    counts: Floats
    allowed: Bools
    expected: Floats
    residuals: Floats
    p: Floats
    yule_q: Floats
    chi2: float
    df: int
    chi2_p: float

    @property
    def thin(self) -> Bools:
        """Tell which cells expect fewer than 5 counts: their residuals and p are not to be relied on."""
        return np.asarray(self.allowed & ~(self.expected >= THIN))

    def as_json(self) -> dict[str, Any]:
        """Return the matrices and the test of the whole table as plain values."""
        names = ("expected", "residuals", "p", "yule_q", "allowed", "thin", "chi2", "df", "chi2_p")
        return {name: plain(getattr(self, name)) for name in names}


def fitted(rows: ArrayLike, columns: ArrayLike, allowed: ArrayLike) -> Floats:
    """Return the expected counts with these row and column totals and nothing in the cells not allowed.

    With every cell allowed E_ij = row_i column_j / N. Otherwise iterative proportional fitting: rows and
    columns of a table of ones are scaled in turn until both totals fit (quasi-independence).

    Parameters: `rows` (k,) and `columns` (m,) totals >= 0; `allowed` (k, m) bool. Source: `lag_sequential`.

    >>> fitted([1, 1, 1], [1, 1, 1], ~np.eye(3, dtype=bool)).round(3).tolist()
    [[0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]]
    """
    down, across, open_cells = np.asarray(rows, float), np.asarray(columns, float), np.asarray(allowed, bool)
    if open_cells.all():
        return np.asarray(np.outer(down, across) / max(float(down.sum()), 1e-300), dtype=np.float64)
    table = open_cells.astype(np.float64)
    for _ in range(ROUNDS):
        before = table
        table = table * (down / np.maximum(table.sum(axis=1), 1e-300))[:, None]
        table = table * (across / np.maximum(table.sum(axis=0), 1e-300))
        if np.abs(table - before).max(initial=0.0) < CLOSE * max(down.sum(), 1.0):
            break
    return table


def adjusted_residuals(counts: ArrayLike, expected: ArrayLike, allowed: ArrayLike) -> Floats:
    """Return (observed - expected) / its standard error, cell by cell.

    z_ij = (n_ij - E_ij) / sqrt(E_ij (1 - h_ij)), with h the leverage of the cell in the log-linear model of
    rows and columns over the allowed cells. With all cells allowed this is Haberman's
    (n - E) / sqrt(E (1 - row / N) (1 - column / N)). About N(0, 1) under chance; NaN in cells that are not
    allowed, expect nothing, or are fitted exactly. Source: `lag_sequential`.

    >>> adjusted_residuals([[20, 10], [10, 20]], [[15, 15], [15, 15]], np.ones((2, 2), bool)).round(
    ...     3
    ... ).tolist()
    [[2.582, -2.582], [-2.582, 2.582]]
    """
    observed, fit = np.asarray(counts, float), np.asarray(expected, float)
    row, column = np.nonzero(np.asarray(allowed, bool) & (fit > 0))
    size, e = observed.shape, fit[row, column]
    result = np.full(size, np.nan)
    if not len(row):
        return result
    design = np.zeros((len(row), sum(size)))
    design[np.arange(len(row)), row] = design[np.arange(len(row)), size[0] + column] = np.sqrt(e)
    left = np.linalg.svd(design, full_matrices=False)
    leverage = (left[0][:, left[1] > left[1].max() * 1e-10] ** 2).sum(axis=1)
    free = np.where(1 - leverage > 1e-9, 1 - leverage, np.nan)
    result[row, column] = (observed[row, column] - e) / np.sqrt(e * free)
    return result


def lag_table(counts: ArrayLike, allowed: ArrayLike | None = None) -> LagTable:
    """Set a table of transition counts beside what chance expects.

    expected, residuals: see `fitted` and `adjusted_residuals`; p two-sided from the normal curve;
    Yule's Q = (ad - bc) / (ad + bc) in [-1, 1] of the table folded to two by two around each cell;
    chi2 = 2 sum n ln(n / E), the likelihood ratio, with as many degrees of freedom as cells less fitted
    terms.

    Parameters: `counts` (k, k) transitions; `allowed` (k, k) bool, False where a transition cannot happen
    (all can when None); what a forbidden cell holds is left out. Source: `lag_sequential`.
    Refused: nothing; where a row or column is empty, its cells are NaN. p takes transitions as independent.

    >>> table = lag_table([[20, 10], [10, 20]])
    >>> round(table.yule_q[0, 0], 2), round(table.chi2, 3), table.df
    (np.float64(0.6), 6.796, 1)
    """
    given = np.asarray(counts, dtype=np.float64)
    open_cells = np.ones(given.shape, bool) if allowed is None else np.asarray(allowed, bool)
    n = np.where(open_cells, given, 0.0)
    rows, columns = n.sum(axis=1), n.sum(axis=0)
    expected = fitted(rows, columns, open_cells)
    z = adjusted_residuals(n, expected, open_cells)
    a, b, c = n, rows[:, None] - n, columns - n
    both, cross = a * (n.sum() - a - b - c), b * c
    q = np.where(open_cells & (both + cross > 0), (both - cross) / np.maximum(both + cross, 1e-300), np.nan)
    filled = open_cells & (n > 0)
    chi2 = 2 * float(np.sum(n[filled] * np.log(n[filled] / expected[filled])))
    df = _freedom(open_cells & (rows > 0)[:, None] & (columns > 0))
    known = df > 0
    expected = np.where(open_cells, expected, 0.0)
    chi2_p = float(chdtrc(df, max(chi2, 0.0))) if known else np.nan
    return LagTable(
        n, open_cells, expected, z, 2 * ndtr(-np.abs(z)), q, chi2 if known else np.nan, df, chi2_p
    )


def lag(
    events: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    actor: Iterable[str] = (),
    lag: int = 1,
    repeats: bool = True,
) -> dict[str, Any]:
    """Return counts, expected counts, adjusted residuals, p, Yule's Q and the test of the table, at a lag.

    Without repeats, runs are joined and at lag 1 the diagonal is a structural zero; see `lag_table` and
    `transitions.count` for the definitions, inputs and refusals. Source: `lag_sequential`.

    >>> codes = pd.DataFrame(
    ...     {"session": "s", "actor": "x", "code": list("ABBA"), "onset_s": range(4), "offset_s": None}
    ... )
    >>> lag(codes)["expected"][0]
    [0.3333333333333333, 0.6666666666666666]
    """
    counted = count(events, windows, instrument, actor=actor, lag=lag, repeats=repeats)
    forbidden = np.eye(len(counted.labels), dtype=bool) if not repeats and lag == 1 else None
    table = lag_table(counted.counts, None if forbidden is None else ~forbidden)
    result = counted.as_json() | table.as_json()
    caution = "p takes transitions as independent; bursts and repeated sessions of one pair make it too small"
    return result | {
        "notes": [*result["notes"], caution, "thin cells expect fewer than 5 counts; do not rely on them"]
    }


def _freedom(cells: Bools) -> int:
    """Return the degrees of freedom of quasi-independence: cells less the rank of its design."""
    row, column = np.nonzero(cells)
    design = np.zeros((len(row), sum(cells.shape)))
    design[np.arange(len(row)), row] = design[np.arange(len(row)), cells.shape[0] + column] = 1.0
    return len(row) - int(np.linalg.matrix_rank(design)) if len(row) else 0

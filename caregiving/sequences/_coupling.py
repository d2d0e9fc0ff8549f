"""How two series go together once the own past of each is taken out, and whether chance would do it."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from caregiving.sequences._stretches import Floats, Ints

LONGEST_ORDER, AT_ONCE = 5, 4_000_000


@dataclass(frozen=True)
class Coupling:
    """A cross-correlation: `r[i]` at `lags[i]`, positive lags when the second series follows the first."""

    lags: Ints
    r: Floats
    p: float
    band: float
    orders: tuple[int, int]
    n: int

    @property
    def peak(self) -> tuple[float, int]:
        """Return the correlation that is furthest from 0, and its lag; NaN and 0 when there is none."""
        if np.isnan(self.r).all():
            return float("nan"), 0
        at = int(np.nanargmax(np.abs(self.r)))
        return float(self.r[at]), int(self.lags[at])


def whitened(pieces: list[Floats]) -> tuple[list[Floats], int]:
    """Return what is left of a series once its own past is taken out, and the order used.

    An autoregression x_t = c + sum a_i x_(t - i) + e_t is fitted to all pieces at once by least squares; its
    order 0 to 5 has the smallest AIC = m ln(sum e^2 / m) + 2 (order + 1) on the m points that all orders
    share. The first 5 points of every piece are used up. Written here, because statsmodels' AutoReg (the
    check in the tests) takes one piece only.

    >>> left, order = whitened([np.array([0.0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1])])
    >>> len(left[0]), bool(abs(left[0]).max() < 1e-9)
    (7, True)
    """
    past = np.concatenate([sliding_window_view(piece, LONGEST_ORDER + 1) for piece in pieces])[:, ::-1]
    now, m = past[:, 0], len(past)
    best, left, chosen = np.inf, now - now.mean(), 0
    floor = 1e-12 * max(float((left**2).sum()), 1e-300)
    for order in range(LONGEST_ORDER + 1):
        design = np.column_stack((np.ones(m), past[:, 1 : order + 1]))
        rest = now - design @ np.linalg.lstsq(design, now, rcond=None)[0]
        aic = m * np.log(max(float((rest**2).sum()), floor) / m) + 2 * (order + 1)
        if aic < best - 1e-9:
            best, left, chosen = aic, rest, order
    return np.split(left, np.cumsum([len(piece) - LONGEST_ORDER for piece in pieces])[:-1]), chosen


def cross_correlation(first: list[Floats], second: list[Floats], longest: int) -> Floats:
    """Return r_k = sum_t x_t y_(t + k) / sqrt(sum x^2 sum y^2) for k from -longest to longest, within pieces.

    Parameters: pieces of two series, equally long in pairs and with mean 0. Returns 2 longest + 1 values in
    [-1, 1]; NaN when a series never changes. Source: `feldman_synchrony`.

    >>> x, y = np.array([1.0, -1, 0, 0]), np.array([0.0, 1, -1, 0])
    >>> cross_correlation([x], [y], 1).tolist()
    [0.0, -0.5, 1.0]
    """
    size = np.sqrt(sum(float(x @ x) for x in first) * sum(float(y @ y) for y in second))
    if not size > 0:
        return np.full(2 * longest + 1, np.nan)
    products = [_products(x, y[None, :], longest)[0] for x, y in zip(first, second, strict=True)]
    return np.asarray(np.sum(products, axis=0) / size, dtype=np.float64)


def coupling(
    first: list[Floats],
    second: list[Floats],
    longest: int = 10,
    shifts: int = 999,
    seed: int = 0,
    block: int = 60,
) -> Coupling:
    """Cross-correlate two series once the own past of each is taken out, and test the peak by shifted time.

    The test turns the second series round, within blocks of about `block` steps and by an own random offset
    in each, `shifts` times (seeded), and takes the largest abs(r) over all lags each time:
    p = (1 + number at least as large as the observed one) / (shifts + 1); `band` is its 95 % quantile.
    Offsets keep 2 `longest` + 1 steps (a third of a shorter block) from either end. Blocks, because one turn
    of a short recording as a whole offers too few shifts that differ. Where nothing couples, p <= .05 came
    up in 4 to 7 % of simulated recordings of 5 and 10 minutes, in 7 to 9 % of 3 minutes, and more when
    states were rare.

    Parameters: pieces of both series, equally long in pairs, each of at least 6 + 2 `longest` steps.
    Returns: r in [-1, 1], p in (0, 1]; NaN without a piece or when a series never changes. Source:
    `feldman_synchrony`.

    >>> walk = np.random.default_rng(1).normal(size=200)
    >>> coupling([walk[:-3]], [walk[3:]], shifts=99).peak[1]
    -3
    """
    lags = np.arange(-longest, longest + 1)
    if not first:
        return Coupling(lags, np.full(len(lags), np.nan), float("nan"), float("nan"), (0, 0), 0)
    (x, order_x), (y, order_y) = whitened(first), whitened(second)
    n = sum(len(piece) for piece in x)
    changing = all(np.ptp(np.concatenate(pieces)) > 1e-9 for pieces in (x, y))
    r = cross_correlation(x, y, longest) if changing else np.full(len(lags), np.nan)
    if np.isnan(r).all():
        return Coupling(lags, r, float("nan"), float("nan"), (order_x, order_y), n)
    drawn = _shifted(x, y, longest, shifts, seed, block)
    p = (1 + int((drawn >= np.abs(r).max() - 1e-12).sum())) / (shifts + 1)
    return Coupling(lags, r, p, float(np.quantile(drawn, 0.95)), (order_x, order_y), n)


def _products(x: Floats, ys: Floats, longest: int) -> Floats:
    """Return sum_t x_t y_(t + k) for every row of ys and every lag k; shape (rows, 2 longest + 1)."""
    n = len(x)
    lagged = np.zeros((n, 2 * longest + 1))
    for column, k in enumerate(range(-longest, longest + 1)):
        lagged[max(k, 0) : n + min(k, 0), column] = x[max(-k, 0) : n - max(k, 0)]
    return ys @ lagged


def _shifted(
    first: list[Floats], second: list[Floats], longest: int, shifts: int, seed: int, block: int
) -> Floats:
    """Return the largest abs(r) over all lags after each random turn; in batches, to spare memory."""
    rng = np.random.default_rng(seed)
    sums = np.zeros((shifts, 2 * longest + 1))
    for x, y in zip(first, second, strict=True):
        edges = np.linspace(0, len(x), max(1, len(x) // block) + 1).astype(np.int64)
        size = np.diff(edges)
        off = np.minimum(2 * longest + 1, size // 3)
        turn = rng.integers(off, size - off + 1, size=(shifts, len(size)))
        begin, within = np.repeat(edges[:-1], size), np.arange(len(x)) - np.repeat(edges[:-1], size)
        length, batch = np.repeat(size, size), max(1, AT_ONCE // len(x))
        for row in range(0, shifts, batch):
            moved = within + np.repeat(turn[row : row + batch], size, axis=1)
            moved -= length * (moved >= length)
            sums[row : row + batch] += _products(x, y[begin + moved], longest)
    size_of = np.sqrt(sum(float(x @ x) for x in first) * sum(float(y @ y) for y in second))
    return np.asarray(np.abs(sums).max(axis=1) / size_of)

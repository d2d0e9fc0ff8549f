"""Four counts of seconds, and whether they say that an answer was likelier inside the cues' windows.

    inside a window:  a with the onset of an answer, b without
    outside:          c with the onset of an answer, d without

Written here: every figure is one line of arithmetic on the four cells, and the bootstrap and the shifted
streams need them for thousands of tables at once, so all functions take arrays of tables. When a cell of a
table is empty, 1/2 is added to each of its four cells for the odds ratio and what is read off it (Haldane).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from caregiving.indices._survival import Z95

Floats = NDArray[np.float64]


def odds(cells: ArrayLike) -> tuple[Floats, Floats]:
    """Return ln OR = ln(ad / bc) of each table, shape (..., 4) to (...), and its standard error.

    SE = sqrt(1/a + 1/b + 1/c + 1/d). Any real number; an empty cell adds 1/2 to all four. Source:
    `bakeman_quera_2011`.

    >>> [round(float(x), 3) for x in odds([11, 29, 10, 63])]
    [0.871, 0.491]
    """
    table = np.asarray(cells, dtype=np.float64)
    table = table + np.where((table == 0).any(axis=-1, keepdims=True), 0.5, 0.0)
    a, b, c, d = np.moveaxis(table, -1, 0)
    return np.log(a) + np.log(d) - np.log(b) - np.log(c), np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)


def residual(cells: ArrayLike) -> Floats:
    """Return the adjusted residual z of cell a of each table, shape (..., 4) to (...).

    z = (a - E) / sqrt(E (1 - r/N) (1 - k/N)) with E = r k / N, r and k the two margins of a. NaN when a
    margin is empty. Too large when answers or cues come in bursts, so it describes and does not test.

    >>> round(float(residual([40, 10, 20, 50])), 3)
    5.555
    """
    a, b, c, d = np.moveaxis(np.asarray(cells, dtype=np.float64), -1, 0)
    r, k, n = a + c, a + b, a + b + c + d
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = r * k / n
        z = (a - expected) / np.sqrt(expected * (1 - r / n) * (1 - k / n))
    return np.asarray(np.where(np.isfinite(z), z, np.nan), dtype=np.float64)


@dataclass(frozen=True)
class TwoByTwo:
    """One table of seconds (or other bins). Figures that need a margin which is empty are NaN.

    >>> table = TwoByTwo(40, 10, 20, 50)
    >>> [round(x, 4) for x in (table.q, table.y, table.phi, table.ocv)]
    [0.8182, 0.5195, 0.5071, 0.5143]
    """

    a: float
    b: float
    c: float
    d: float

    @property
    def cells(self) -> Floats:
        """The four counts in the order a, b, c, d."""
        return np.array([self.a, self.b, self.c, self.d], dtype=np.float64)

    @property
    def n(self) -> float:
        """All seconds counted."""
        return float(self.cells.sum())

    @property
    def ln_or(self) -> float:
        """The log odds ratio, ln(ad / bc); NaN for a table without any second."""
        return float(odds(self.cells)[0]) if self.n else float("nan")

    @property
    def ln_or_error(self) -> float:
        """The standard error of the log odds ratio."""
        return float(odds(self.cells)[1]) if self.n else float("nan")

    @property
    def ln_or_limits(self) -> tuple[float, float]:
        """Wald's 95 % limits of the log odds ratio, which treat seconds as independent."""
        return self.ln_or - Z95 * self.ln_or_error, self.ln_or + Z95 * self.ln_or_error

    @property
    def q(self) -> float:
        """Yule's Q = (OR - 1) / (OR + 1), -1 to 1."""
        return yule_q(self.ln_or)

    @property
    def y(self) -> float:
        """Yule's Y = (sqrt OR - 1) / (sqrt OR + 1), -1 to 1."""
        return yule_y(self.ln_or)

    @property
    def phi(self) -> float:
        """The correlation of the two yes-or-no series, -1 to 1."""
        a, b, c, d = self.a, self.b, self.c, self.d
        return _over(a * d - b * c, float(np.sqrt((a + b) * (c + d) * (a + c) * (b + d))))

    @property
    def inside(self) -> float:
        """Share a / (a + b): how many seconds inside have the onset of an answer, 0 to 1."""
        return _over(self.a, self.a + self.b)

    @property
    def outside(self) -> float:
        """Share c / (c + d): how many seconds outside have the onset of an answer, 0 to 1."""
        return _over(self.c, self.c + self.d)

    @property
    def ratio(self) -> float:
        """The relative risk, inside / outside, 0 upwards; NaN when no answer came outside."""
        return _over(self.inside, self.outside)

    @property
    def ocv(self) -> float:
        """The operant contingency value, inside - outside, -1 to 1."""
        return self.inside - self.outside

    @property
    def z(self) -> float:
        """The adjusted residual of cell a."""
        return float(residual(self.cells))

    @property
    def least_expected(self) -> float:
        """The smallest count that chance alone would put in a cell; 0 for a table without any second."""
        a, b, c, d = self.a, self.b, self.c, self.d
        least = min(a + b, c + d) * min(a + c, b + d)
        return least / self.n if self.n else 0.0


def yule_q(ln_or: float) -> float:
    """Return Yule's Q of a log odds ratio: (OR - 1) / (OR + 1) = tanh(ln OR / 2)."""
    return float(np.tanh(ln_or / 2))


def yule_y(ln_or: float) -> float:
    """Return Yule's Y of a log odds ratio: (sqrt OR - 1) / (sqrt OR + 1) = tanh(ln OR / 4)."""
    return float(np.tanh(ln_or / 4))


def _over(top: float, bottom: float) -> float:
    return top / bottom if bottom else float("nan")

"""How hard the next change is to foresee: the entropy rate of a chain of states.

Written here: the plug-in, Miller-Madow and bootstrapped rates are all read off one matrix of counted changes,
for many matrices at once. Reproduces the demonstration log of the authors of the measure to seven decimals.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def transitions(states: ArrayLike, starts: ArrayLike, n_states: int) -> tuple[Floats, Floats, Ints]:
    """Count changes and visits of a chain that is broken where `starts` is true.

    Parameters: `states` whole numbers from 0, shape (n_visits,), each different from the one before it within
    a stretch; `starts` whether a visit is the first of its stretch. Returns: counts (n_states, n_states),
    visits (n_states,), and the changes themselves, shape (n_changes, 2), none of them across a break.

    >>> counts, visits, _ = transitions([0, 1, 0, 1], [True, False, True, False], 2)
    >>> counts.tolist(), visits.tolist()
    ([[0.0, 2.0], [0.0, 0.0]], [2.0, 2.0])
    """
    chain, fresh = np.asarray(states, dtype=np.int64), np.asarray(starts, dtype=bool)
    changes = np.stack((chain[:-1], chain[1:]), axis=1)[~fresh[1:]]
    flat = np.bincount(changes @ np.array([n_states, 1]), minlength=n_states**2)
    visits = np.bincount(chain, minlength=n_states)
    return flat.reshape(n_states, n_states).astype(np.float64), visits.astype(np.float64), changes


def row_entropies(counts: ArrayLike, *, miller_madow: bool = False) -> Floats:
    """Return the entropy of each row of counts in bits, shape (..., k, k) to (..., k); 0 for an empty row.

    H_i = -sum_j P_ij log2 P_ij; with `miller_madow` plus (m_i - 1) / (2 n_i ln 2), m_i the cells of the row
    that are not 0.

    >>> row_entropies([[2, 2], [0, 4]]).tolist()
    [1.0, 0.0]
    """
    n = np.asarray(counts, dtype=np.float64)
    row = n.sum(axis=-1)
    full = np.maximum(row, 1e-300)
    inner = np.where(n > 0, n * np.log2(np.where(n > 0, n, 1.0)), 0.0).sum(axis=-1)
    entropy = np.where(row > 0, np.log2(full) - inner / full, 0.0)
    if miller_madow:
        cells = (n > 0).sum(axis=-1)
        entropy = entropy + np.where(row > 0, (cells - 1) / (2 * full * np.log(2)), 0.0)
    return np.asarray(np.maximum(entropy, 0.0))


def entropy_rate(counts: ArrayLike, weights: ArrayLike, *, miller_madow: bool = False) -> Floats:
    """Return H = sum_i w_i H_i in bits a change, with w the weights of the states scaled to 1; shape (...).

    Weights are visits (the empirical estimator) or `stationary(P)` (the eigenvector). 0 (every change can be
    foreseen) to log2(k - 1) for k states; NaN without any weight. Source: `davis_2017`, `ccber`.

    >>> round(float(entropy_rate([[3, 7], [6, 4]], [6 / 13, 7 / 13])), 7)
    0.9295692
    """
    w = np.asarray(weights, dtype=np.float64)
    total = w.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = (row_entropies(counts, miller_madow=miller_madow) * w).sum(axis=-1) / total
    return np.asarray(np.where(total > 0, rate, np.nan))


def stationary(counts: ArrayLike) -> Floats:
    """Return the share of each state in the long run, the left eigenvector of P for eigenvalue 1, shape (k,).

    All NaN when there is none or more than one: a state that is never left, or states that never meet. States
    that were never visited get 0. numpy's least squares solves pi (P - 1) = 0 with sum pi = 1.

    >>> stationary([[3, 7], [6, 4]]).round(4).tolist()
    [0.4615, 0.5385]
    """
    n = np.asarray(counts, dtype=np.float64)
    visited = (n.sum(axis=0) + n.sum(axis=1)) > 0
    inner = n[np.ix_(visited, visited)]
    share = np.zeros(len(n))
    if not len(inner) or (inner.sum(axis=1) == 0).any():
        return np.full(len(n), np.nan)
    p = inner / inner.sum(axis=1, keepdims=True)
    equations = np.vstack((p.T - np.eye(len(p)), np.ones(len(p))))
    solution, _, rank, _ = np.linalg.lstsq(equations, np.append(np.zeros(len(p)), 1.0), rcond=None)
    if rank < len(p):
        return np.full(len(n), np.nan)
    share[visited] = np.maximum(solution, 0.0)
    return share


def stationary_draws(n: int, draws: int, block: float, rng: np.random.Generator) -> Ints:
    """Return row numbers of resamples of n in blocks of random length (mean `block`), shape (draws, n).

    Politis and Romano's stationary bootstrap: with probability 1 / block a new block begins anywhere, else
    the next in order follows, from the last on to the first.
    """
    fresh = rng.random((draws, n)) < 1 / block
    fresh[:, 0] = True
    place = np.arange(n)
    began = np.maximum.accumulate(np.where(fresh, place, 0), axis=1)
    anywhere = rng.integers(0, n, size=(draws, n))
    return np.asarray((np.take_along_axis(anywhere, began, axis=1) + place - began) % n)

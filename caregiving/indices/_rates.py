"""How often something happens in watched time, with exact limits: few events are the rule here."""

import math

from scipy.special import gammaincinv


def poisson_limits(count: int, exposure: float) -> tuple[float, float]:
    """Return exact 95 % limits (Garwood) of a rate: [chi2(.025, 2x) / 2T, chi2(.975, 2x + 2) / 2T].

    A chi-square quantile with 2x degrees of freedom is twice the inverse of the regularised incomplete gamma
    function with shape x, so scipy's `gammaincinv` is called: exact, and 0 for the lower limit of no event.

    Parameters: `count` events, >= 0; `exposure` watched time T in any unit.
    Returns: events per unit of exposure, 0 <= low <= high; NaN when nothing was watched.
    Source: `exact_poisson` in sources.yaml.

    >>> [round(limit, 3) for limit in poisson_limits(20, 1)]
    [12.217, 30.888]
    """
    if not exposure > 0:
        return math.nan, math.nan
    low = float(gammaincinv(count, 0.025)) if count else 0.0
    return low / exposure, float(gammaincinv(count + 1, 0.975)) / exposure


def rate(count: int, exposure_s: float, per_s: float = 600.0) -> tuple[float, float, float]:
    """Return a rate with its exact 95 % limits: `count` events in `exposure_s` seconds, per `per_s` seconds.

    Returns NaN three times when nothing was watched; never 0 for that. Source: `exact_poisson`.

    >>> [round(figure, 3) for figure in rate(15, 2.5 * 3600, per_s=3600)]
    [6.0, 3.358, 9.896]
    """
    low, high = poisson_limits(count, exposure_s / per_s)
    return (count / (exposure_s / per_s) if exposure_s > 0 else math.nan), low, high

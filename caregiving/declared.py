"""Which windows tell how much was watched, and which do not: discarded ones, and second codings.

An observer may discard a visit; then nothing of it counts anywhere. A visit that another observer codes again
is the same stretch of life a second time: it is there to be compared, and is not watched twice.
"""

import pandas as pd

from caregiving.windows import EXPOSED, Attestation


def counts_nowhere(windows: pd.DataFrame) -> pd.Series:
    """Tell which windows were discarded, or code a second time what another observer coded.

    Parameters: a WINDOW_LOG frame; reads `attestation`, and `codes_again` where it is there.

    >>> windows = pd.DataFrame(
    ...     {"attestation": ["all", "discarded", None], "codes_again": [None, None, "one"]}
    ... )
    >>> counts_nowhere(windows).tolist()
    [False, True, True]
    """
    gone = windows["attestation"].astype("object").eq(Attestation.DISCARDED)
    return gone | windows["codes_again"].notna() if "codes_again" in windows else gone


def unsaid(windows: pd.DataFrame) -> pd.Series:
    """Tell which windows nobody has said anything of yet: still open, or parts of a visit that goes on.

    >>> unsaid(pd.DataFrame({"attestation": ["all", "paused", None], "ended_ms": [1.0, 1.0, None]})).tolist()
    [False, True, True]
    """
    paused = windows["attestation"].astype("object").eq(Attestation.PAUSED)
    return windows["ended_ms"].isna() | paused


def declared(windows: pd.DataFrame) -> pd.DataFrame:
    """Return the windows of declared watching: not those in passing, nor those that count nowhere.

    >>> windows = pd.DataFrame(
    ...     {"mode": ["live", "opportunistic", "session"], "attestation": ["all", "all", "discarded"]}
    ... )
    >>> declared(windows)["mode"].tolist()
    ['live']
    """
    return windows[windows["mode"].isin(EXPOSED) & ~counts_nowhere(windows)]

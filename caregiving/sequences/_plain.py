"""Results as plain lists, numbers and words, fit for one JSON document."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd


def plain(value: Any) -> Any:
    """Return the value made of dict, list, str, int, float, bool and None only; what is undefined is None.

    >>> plain({"share": np.array([0.5, np.nan]), "n": np.int64(3), "labels": ("cry", "talk")})
    {'share': [0.5, None], 'n': 3, 'labels': ['cry', 'talk']}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.to_dict(orient="records")]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value

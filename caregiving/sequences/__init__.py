"""Views of coded sessions, one file a view: what was seen, what followed what, who went along with whom.

A view is a function that bears the name of its file and is called as
`view(events, windows, instrument=None, **options)`; it returns plain values, fit for JSON. `windows` may be
None: then every session counts as watched from 0 to its last event, and the result says so. Without an
instrument, codes and actors are taken as they stand. What is undefined is None; where too little was seen, a
`gate` sentence stands beside the figures, and a screen must not show those without it.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import pandas as pd

from caregiving.faults import Fault, Refused
from caregiving.instruments import Instrument
from caregiving.sequences._stream import NO_WINDOWS, whole_sessions

View = Callable[..., dict[str, Any]]


class UnknownView(LookupError):
    """A view that is not in the register."""

    def __init__(self, name: str) -> None:
        super().__init__(f'there is no view "{name}"; the known ones are: {", ".join(VIEWS)}')


def show(
    name: str,
    events: pd.DataFrame,
    windows: pd.DataFrame | None = None,
    instrument: Instrument | None = None,
    *,
    from_s: float | None = None,
    to_s: float | None = None,
    **options: Any,
) -> dict[str, Any]:
    """Return the named view with the options that were given, of all time or of `from_s` to `to_s`.

    Options that are None or empty count as not given. Seconds are on each session's own clock.

    Raises
    ------
    UnknownView
        When there is no such view; the message lists the known ones.
    Refused
        When the view does not take one of the options, lacks one that it needs, or `to_s` is before `from_s`.

    >>> row = {"session": ["a"], "actor": "x", "code": "talk", "onset_s": 0.0, "offset_s": 6.0}
    >>> show("time_budget", pd.DataFrame(row), to_s=3)["rows"][0]["total_s"]
    3.0
    """
    if name not in VIEWS:
        raise UnknownView(name)
    given = {
        key: value for key, value in options.items() if value is not None and value != () and value != []
    }
    takes = dict(list(inspect.signature(VIEWS[name]).parameters.items())[3:])
    required = [key for key, parameter in takes.items() if parameter.default is inspect.Parameter.empty]
    faults = [
        Fault(f"option {key}", f"it given to {name}", f"one of: {', '.join(takes)}")
        for key in given
        if key not in takes
    ]
    faults += [
        Fault(f"option {key}", "nothing", f"a value, which {name} cannot do without")
        for key in required
        if key not in given
    ]
    if from_s is not None and to_s is not None and to_s < from_s:
        faults.append(Fault("option to", f"{to_s:g} s", f"a moment after --from, which is {from_s:g} s"))
    if faults:
        raise Refused(faults)
    if from_s is None and to_s is None:
        return VIEWS[name](events, windows, instrument, **given)
    clipped = _between(whole_sessions(events) if windows is None else windows, from_s, to_s)
    result = VIEWS[name](events, clipped, instrument, **given)
    edges = ("the start" if from_s is None else f"{from_s:g} s", "the end" if to_s is None else f"{to_s:g} s")
    note = f"only from {edges[0]} to {edges[1]}"
    return result | {"notes": [*([NO_WINDOWS] if windows is None else []), *result.get("notes", []), note]}


def _between(windows: pd.DataFrame, from_s: float | None, to_s: float | None) -> pd.DataFrame:
    """Cut the windows to a stretch of the sessions' clocks; those outside it are left out."""
    start, end = windows["start_s"].clip(lower=from_s), windows["end_s"].clip(upper=to_s)
    return windows.assign(start_s=start, end_s=end)[end > start]


# Every file of this folder that does not begin with an underscore is a view; nobody keeps a list.
VIEWS: dict[str, View] = {
    module.name: getattr(importlib.import_module(f"{__name__}.{module.name}"), module.name)
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name)
    if not module.name.startswith("_")
}

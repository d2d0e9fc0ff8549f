"""The parts that hold figures: crying, answers, the days beside each other, comfort, coded sessions."""

import math
from collections.abc import Callable, Iterable
from typing import Final

from caregiving.indices import Estimate
from caregiving.indices.cry_load import age_band
from caregiving.report import Report
from caregiving.summary._said import class_words, cues, days, lasted, row, withheld
from caregiving.summary._tray import Part, Seen, Table
from caregiving.words import _, n_

NOTHING: Final = Estimate("", math.nan, 0, "", "event_grammar", gate="")


def head() -> tuple[str, ...]:
    """Return the column names of a table of figures."""
    return (_("What"), _("Figure"), _("95 % interval"), _("Rests on"))


def crying(report: Report, weeks: float | None) -> Part:
    """Return minutes of crying on days logged in full, with what diary studies saw at that age."""
    one = report.find("cry_load", "cry_fuss", "distress") or NOTHING
    counted = n_("{n} day logged in full", "{n} days logged in full", one.n)
    rows = (row(_("Mean of the days logged in full"), one, counted),)
    studies = age_band(weeks) if one.gate is None and weeks is not None else ""
    context = (studies,) if "Wolke" in studies else ()  # at other ages no figure with a source is known
    sources = (one.source, *(("wolke_2017",) if context else ()))
    return Part(said=context, tables=(Table(head(), rows),), sources=sources)


def answers(report: Report) -> Part:
    """Return, class by class, the share that had an answer in time and how long answers took."""
    lines: list[tuple[str, ...]] = []
    sources: list[str] = []
    for name, label in class_words().items():
        if name in report.instrument.classes:
            of_class = list(_of_class(report, name))
            sources += [one.source for _label, one in of_class if one.gate is None]
            lines += _class_rows(label, of_class)
    return Part(tables=(Table(head(), tuple(lines)),), sources=tuple(sources))


def _of_class(report: Report, name: str) -> Iterable[tuple[str, Estimate]]:
    """Yield the figures of one class with their labels: the longest target, the median, the mean wait."""
    if name == "disengage":  # turning away asks for a pause, not for a fast answer
        pauses = report.find("sensitivity", "pause_respected", name)
        if pauses is not None:
            yield _("given a pause"), pauses
        return
    within = [
        (float(one.measure.removeprefix("within_").removesuffix("s")), one)
        for index, one in report.results
        if index.name == "responsiveness" and one.cue_class == name
    ]
    if within:
        seconds, widest = max(within, key=lambda pair: pair[0])
        yield _("answered within {n} s").format(n=f"{seconds:g}"), widest
    median, mean = (report.find("latency", measure, name) for measure in ("median", "rmst"))
    if median is not None:
        yield _("median wait"), median
    if mean is not None:
        horizon = next(t.rmst_horizon_s for n, t in report.instrument.classes.items() if n == name)
        up_to = f"{horizon.value:g}" if horizon is not None else "?"
        yield _("mean wait up to {n} s").format(n=up_to), mean


def _class_rows(label: str, of_class: list[tuple[str, Estimate]]) -> list[tuple[str, ...]]:
    """Return the rows of one class; a single one while none of its figures may be shown."""
    if not of_class or of_class[0][1].n == 0:
        return [(label, _("none was seen in watched time"))]
    if all(one.gate is not None for _name, one in of_class):
        return [(label, withheld(of_class[0][1].gate or ""))]
    return [row(f"{label}: {name}", one, cues(one.n)) for name, one in of_class]


def evenness(report: Report) -> Part:
    """Return how far the days differ in the share answered, beyond what chance alone would give."""
    labels = {
        "mean_share": _("Answered on the usual day"),
        "sd_true_pp": _("Spread of days beyond chance (SD)"),
        "c": _("Evenness of days (1: all alike)"),
    }
    found = {measure: report.find("consistency", measure, "all") or NOTHING for measure in labels}
    return _listed(labels, found, days)


def comfort(report: Report) -> Part:
    """Return how often and after how long crying ended settled, with somebody there and alone."""
    labels = {
        "comfort_completion": _("Crying that settled in or after contact"),
        "settled_alone": _("Crying that settled before any contact"),
        "time_to_settle": _("Median time until settled"),
    }
    found = {measure: report.find("comfort", measure, "distress") or NOTHING for measure in labels}
    return _listed(labels, found, cues)


def _listed(labels: dict[str, str], found: dict[str, Estimate], counted: Callable[[int], str]) -> Part:
    """Return figures as a table; a single sentence while all of them lack the same."""
    gates = {one.gate for one in found.values()}
    first = next(iter(found.values()))
    if None not in gates and len(gates) == 1:
        return Part(said=(withheld(first.gate or ""),), sources=(first.source,))
    rows = tuple(row(labels[name], one, counted(one.n)) for name, one in found.items())
    return Part(tables=(Table(head(), rows),), sources=tuple(one.source for one in found.values()))


def sessions(seen: Seen) -> Part | None:
    """Return which sessions were coded, with what, how often and how long; None without any."""
    rows = tuple(
        (
            f"{_(one.instrument.title)} ({one.instrument.name})",
            n_("{n} session", "{n} sessions", len(one.windows)),
            days(len(one.days)),
            lasted(one.exposure_s),
        )
        for one in seen.coded
        if len(one.windows)
    )
    if not rows:
        return None
    names = (_("Coded with"), _("Sessions"), _("Days"), _("Time"))
    return Part(tables=(Table(names, rows),))

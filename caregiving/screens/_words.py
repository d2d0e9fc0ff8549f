"""Figures in words a tired parent reads at once. They say what was logged, never what anybody is."""

import re
from collections.abc import Callable

from caregiving.charts import span
from caregiving.indices import Estimate
from caregiving.instruments import load_rating
from caregiving.trends.named import class_words
from caregiving.words import _, n_

# What the n of a measure counts, where it does not count cues.
COUNTED_IN = {
    "days": (
        *("c", "day_icc", "sd_true_pp", "mean_share", "rmssd_pp", "von_neumann", "latency_sd_ln"),
        *("cry_fuss", "interdaily_stability", "intradaily_variability", "regularity"),
    ),
    "minutes": ("child_initiations", "intrusions"),
    "sessions": ("matched", "dispersion"),
    "spells": ("repair_latency",),
    "changes": ("entropy_rate", "entropy_rate_eigen", "entropy_rate_miller_madow", "transitions"),
    "bids": ("child_response",),
    "answers": ("base_rate_response", "self_report_mean"),
    "moments": ("whole_minutes",),
    "prompts": ("prompt_compliance",),
}
COUNTS = {measure: what for what, measures in COUNTED_IN.items() for measure in measures}
RECORDS = ("security", "dependency", "description", "ssp", "record", "rating")  # entered by people, per scale
MORE = re.compile(r"(?P<more>[\d.]+) more (?P<what>[^(]+) \((?P<found>[\d.]+) of (?P<needed>[\d.]+)\)")


def class_name(name: str) -> str:
    """Return what a class of cues is called on a page."""
    return {
        "all": _("All cues"),
        "non_distress": _("Other moments"),
        **class_words(),
    }.get(name, name)


def measure_name(one: Estimate) -> str:
    """Return what a figure is called on a page for parents, with the cues it is about."""
    within = re.fullmatch(r"(?:answered_)?within_([\d.]+)s", one.measure)
    if within:
        told = _("answered within {time}").format(time=span(float(within[1])))
    else:
        told = _measures().get(one.measure, one.measure.replace("_", " "))
    if one.measure == "record":
        return f"{_scales().get(one.cue_class, one.cue_class)}: {told}" if one.cue_class != "all" else told
    return told if one.cue_class == "all" else f"{class_name(one.cue_class)}: {told}"


def _scales() -> dict[str, str]:
    """Return what the scales of a coder's record are called."""
    return {score.name: _(score.label) for score in load_rating("emotional_availability").scores}


def _measures() -> dict[str, str]:
    return {
        "median": _("usual wait"),
        "rmst": _("average wait, counted up to a limit"),
        "excess_pp": _("answers beyond what chance would give"),
        "noticed": _("noticed in time"),
        "interpreted": _("what was needed was found"),
        "appropriate": _("the answer fitted the signal"),
        "prompt": _("answered promptly"),
        "effective": _("the answer helped"),
        "ebsp": _("the five together"),
        "pause_respected": _("given a pause after turning away"),
        "c": _("evenness from day to day (1 is all alike)"),
        "sd_true_pp": _("from day to day, beyond chance"),
        "mean_share": _("answered on the usual day"),
        "self_report_mean": _("how even it felt to you"),
        "comfort_completion": _("settled in or after contact"),
        "time_to_settle": _("usual time until settled"),
        "child_initiations": _("begun by the baby"),
        "matched": _("time in step"),
        "repair_latency": _("usual time to find back"),
        "security": _("sort by a trained observer: security"),
        "dependency": _("sort by a trained observer: dependency"),
        "ssp": _("record of the Strange Situation"),
        "record": _("record by a trained coder"),
        "rating": _("rating by a trained observer"),
        "cry_fuss": _("crying and fussing in 24 hours"),
        "entropy_rate_miller_madow": _("unpredictability of signals"),
        "interdaily_stability": _("same hours from day to day"),
        "regularity": _("same state 24 hours apart"),
    }


def watched(seconds: float) -> str:
    """Return watched time in words.

    >>> watched(600), watched(67_430)
    ('10 min', '18 h 44 min')
    """
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return _("{h} h {min} min").format(h=hours, min=minutes)
    return _("{min} min").format(min=minutes)


def cues(number: int) -> str:
    """Return a number of cues in words.

    >>> cues(1), cues(0)
    ('1 cue', 'no cues')
    """
    return n_("{n} cue", "{n} cues", number) if number else _("no cues")


def days(number: int) -> str:
    """Return a number of days in words.

    >>> days(2)
    '2 days'
    """
    return n_("{n} day", "{n} days", number) if number else _("no days")


def is_record(one: Estimate) -> bool:
    """Tell whether people entered an estimate, so that its n are raters and its limits what they differ by.

    >>> (
    ...     is_record(Estimate("ssp_avoidance", 2.0, 1, "record", "x")),
    ...     is_record(Estimate("c", 0.9, 14, "", "x")),
    ... )
    (True, False)
    """
    return one.measure.startswith(RECORDS)


def count_of(one: Estimate) -> str:
    """Return what an estimate rests on, in words.

    >>> count_of(Estimate("c", 0.9, 14, "", "x")), count_of(Estimate("median", 9.0, 1, "s", "x"))
    ('14 days', '1 cue')
    >>> count_of(Estimate("security", 0.48, 2, "r", "x")), count_of(Estimate("matched", 0.7, 1, "share", "x"))
    ('2 raters', '1 coded session')
    """
    if is_record(one):
        return n_("{n} rater", "{n} raters", one.n)
    counted: dict[str, Callable[[int], str]] = {
        "days": days,
        "minutes": lambda n: n_("{n} minute", "{n} minutes", n),
        "sessions": lambda n: n_("{n} coded session", "{n} coded sessions", n),
        "spells": lambda n: n_("{n} time out of step", "{n} times out of step", n),
        "changes": lambda n: n_("{n} change of signals", "{n} changes of signals", n),
        "bids": lambda n: n_("{n} approach by a grown-up", "{n} approaches by a grown-up", n),
        "answers": lambda n: n_("{n} answer", "{n} answers", n),
        "moments": lambda n: n_("{n} moment", "{n} moments", n),
        "prompts": lambda n: n_("{n} prompt", "{n} prompts", n),
    }
    return counted.get(COUNTS.get(one.measure, ""), cues)(one.n)


def limits_of(one: Estimate) -> str:
    """Return the limits of an estimate in words: how far raters lie apart, or 95 % limits.

    >>> limits_of(Estimate("security", 0.48, 2, "r", "x", 0.45, 0.5))
    '0.45 to 0.5 between raters'
    >>> limits_of(Estimate("within_target", 0.8, 30, "share", "x", 0.7, 0.87))
    '70 % to 87 %'
    """
    if is_record(one) and one.n == 1:
        return _("not known with one rater")
    if one.low != one.low and one.high != one.high:
        return _("no limits can be given yet")
    high = _("not reached") if one.high != one.high else said(one.high, one.unit)
    told = _("{low} to {high}").format(low=said(one.low, one.unit), high=high)
    return _("{limits} between raters").format(limits=told) if is_record(one) else told


def said(value: float, unit: str) -> str:
    """Return a figure in its unit, as a parent reads it.

    >>> said(0.746, "share"), said(33.1, "s"), said(1.99, "min"), said(4.2, "pp"), said(0.7, "")
    ('75 %', '33 s', '2 min', '4 points', '0.7')
    """
    if unit == "share":
        return f"{value:.0%}".replace("%", " %")
    if unit == "s":
        return span(value)
    if unit == "min":
        return _("{n} min").format(n=f"{value:.2g}")
    if unit in ("pp", "points"):
        return n_("{n} point", "{n} points", round(value))
    if unit == "/10 min":
        return _("{n} in 10 minutes").format(n=f"{value:.2g}")
    if unit == "min/24 h":
        return _("{time} in 24 h").format(time=watched(value * 60))
    if unit == "0-100":
        return _("{n} of 100").format(n=round(value))
    return f"{value:.2g}"


def likely(one: Estimate, say: Callable[[float], str] = span) -> str:
    """Return the interval of an estimate in words."""
    low, high = one.low, one.high
    if low != low and high != high:
        return _("how sure this is cannot be told yet")
    if high != high:
        return _("likely more than {low}").format(low=say(low))
    return _("likely between {low} and {high}").format(low=say(low), high=say(high))


def likely_in_unit(one: Estimate) -> str:
    """Return the interval of an estimate in words, in its own unit."""
    return likely(one, lambda value: said(value, one.unit))


def about(share: float) -> str:
    """Return a share as people say it.

    >>> about(0.5), about(0.77), about(1.0)
    ('about half', 'about 8 in 10', 'all')
    """
    if share >= 0.975:
        return _("all") if share == 1 else _("nearly all")
    if share < 0.025:
        return _("hardly any")
    if 0.45 <= share <= 0.55:
        return _("about half")
    return _("about {n} in 10").format(n=max(1, min(9, round(share * 10))))


def needs(gate: str) -> str:
    """Return a gate's sentence as an invitation.

    >>> needs("needs 1 more cue (19 of 20)")
    '1 more cue and this picture can be drawn (19 of 20 so far).'
    """
    missing = [found.groupdict() for found in MORE.finditer(gate)]
    if not missing:
        told = _(gate)
        return told[:1].upper() + told[1:] + "."
    parts = [_more(one["what"], float(one["more"])) for one in missing]
    have = [_("{found} of {needed}").format(**one) for one in missing]
    listed = parts[0] if len(parts) == 1 else _(", ").join(parts[:-1]) + _(" and ") + parts[-1]
    return _("{more} and this picture can be drawn ({have} so far).").format(
        more=listed, have=_(", ").join(have)
    )


def _more(what: str, number: float) -> str:
    """Return how much more of what is needed; a noun that is not known here stays as the index wrote it."""
    kinds = {
        "cue": lambda: n_("{n} more cue", "{n} more cues", number),
        "day": lambda: n_("{n} more logged day", "{n} more logged days", number),
        "answer": lambda: n_("{n} more answer", "{n} more answers", number),
        "day with 5 cues": lambda: n_("{n} more day with 5 cues", "{n} more days with 5 cues", number),
        "day logged in full": lambda: n_(
            "{n} more day logged in full", "{n} more days logged in full", number
        ),
        "minute": lambda: n_("{n} more minute", "{n} more minutes", number),
        "minute of watching": lambda: n_(
            "{n} more minute of watching", "{n} more minutes of watching", number
        ),
        "pair of successive days": lambda: n_(
            "{n} more pair of days in a row", "{n} more pairs of days in a row", number
        ),
    }
    first, *rest = what.strip().split(" ")
    singular = " ".join([first.removesuffix("s"), *rest])
    return kinds[singular]() if singular in kinds else f"{number:g} more {what.strip()}"

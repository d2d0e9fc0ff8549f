"""How a picture of a coded session is made: what was counted, the method, its source, what it cannot say."""

from collections.abc import Callable
from typing import Any, NamedTuple

from caregiving.charts import span
from caregiving.charts.lag_table import n_thin
from caregiving.sources import source
from caregiving.words import _, n_


class Made(NamedTuple):
    """What was counted and how, what it cannot say, and the sources."""

    told: str
    cannot: str
    sources: tuple[str, ...]


def how(view: str, result: dict[str, Any], checked: str) -> str:
    """Return what a picture rests on, as Markdown; `checked`: how many observers coded it."""
    explained: dict[str, Callable[[dict[str, Any]], Made]] = {
        "time_budget": _time_budget,
        "transitions": _transitions,
        "lag": _lag,
        "state_space": _state_space,
        "synchrony": _synchrony,
        "turns": _turns,
    }
    made = explained[view](result)
    cited = "  \n".join(f"*{source(key).citation} {source(key).caveat}*" for key in made.sources)
    cannot = _("What it cannot say: {caveat}").format(caveat=made.cannot)
    return f"{made.told} {checked}\n\n{cited}\n\n{cannot}"


def observers(n_sessions: int, n_twice: int, *, may_compare: bool) -> str:
    """Return how many observers coded what a picture rests on.

    Parameters: how many sessions it is drawn from, how many of them a second observer coded too; whether the
    reader has the page on which the two are compared.
    """
    if not n_twice and n_sessions == 1:
        return _("One observer coded this; how well two would agree has not been checked here.")
    if not n_twice:
        return _("One observer coded each of these; how well two would agree has not been checked here.")
    if n_sessions == 1:
        told = _("A second observer coded it too; this is drawn from the first coding alone.")
    else:
        told = n_(
            "A second observer coded {n} of these {total} too; this is drawn from the first codings alone.",
            "A second observer coded {n} of these {total} too; this is drawn from the first codings alone.",
            n_twice,
            total=n_sessions,
        )
    if may_compare:
        told += " " + _("How well the two agree stands on the page “Agreement”.")
    return told


def again(*, may_compare: bool) -> str:
    """Return how many observers coded what a picture of a second coding rests on."""
    told = _("Two observers coded this session; this is drawn from the second coding alone.")
    return told + (" " + _("How well the two agree stands on the page “Agreement”.") if may_compare else "")


def _time_budget(result: dict[str, Any]) -> Made:
    told = _("Shares are of the {time} in which the two could be seen. What overlaps counts once.").format(
        time=span(result["observed_s"])
    )
    if result["unseen_s"]:
        told += " " + _("Left out are {time} in which they could not be seen.").format(
            time=span(result["unseen_s"])
        )
    if result["n_outside"]:
        told += " " + n_(
            "{n} moment lies outside that time.", "{n} moments lie outside that time.", result["n_outside"]
        )
    cannot = _("whether a time was long or short. Ten minutes are not a day.")
    return Made(told, cannot, ("time_budget",))


def _transitions(result: dict[str, Any]) -> Made:
    told = n_(
        "{n} change in a row, in the order of beginning. A pair that chance alone would bring fewer than "
        "5 times is not compared with it.",
        "{n} changes in a row, in the order of beginning. A pair that chance alone would bring fewer than "
        "5 times is not compared with it.",
        result["n"],
    )
    return Made(told, _("that one brought about the other."), ("transitions", "lag_sequential"))


def _lag(result: dict[str, Any]) -> Made:
    told = _(
        "Of {n} changes in a row, only pairs are shown that chance alone would bring at least 5 times; "
        "{thin} other pairs are left out. Chance means: the same moments as often, in any order."
    ).format(n=result["n"], thin=n_thin(result))
    cannot = _(
        "that one brought about the other. Moments come in bursts, so the distance from chance looks "
        "surer than it is."
    )
    return Made(told, cannot, ("lag_sequential", "bakeman_quera_2011"))


def _state_space(result: dict[str, Any]) -> Made:
    told = _(
        "A bubble is the time in which the two were in that pair of states, of {time} in which both were "
        "coded. Tinted squares: both in the same state. The thin line is the way from pair to pair."
    ).format(time=span(result["coded_s"]))
    cannot = _(
        "how well two people go together. Being out of step and finding back is an ordinary part of play."
    )
    return Made(told, cannot, ("state_space_grid", "reparation_2021"))


def _synchrony(result: dict[str, Any]) -> Made:
    told = _(
        "{n} seconds, one by one. Each record's own past is taken out first, then one is moved along the "
        "other. The band comes from turning one record round in time {shifts} times; p = {p}."
    ).format(n=result["n_bins"], shifts=result["shifts"], p=f"{result['p']:.3f}")
    cannot = _(
        "that one followed because of the other. Whoever looks at many pictures finds one beyond its band "
        "by chance now and then. And more is not better: in one study of voices the middle was best."
    )
    return Made(told, cannot, ("feldman_synchrony", "jaffe_2001"))


def _turns(result: dict[str, Any]) -> Made:
    told = _(
        "{n} turns in {time}. A turn is a sound of one, answered by the other in less than {gap} s; crying "
        "is left out."
    ).format(n=result["n_turns"], time=span(result["observed_s"]), gap=f"{result['gap_s']:g}")
    cannot = _("how this compares with recordings of whole days: their norms do not apply.")
    return Made(told, cannot, ("lena_turn", "exact_poisson"))

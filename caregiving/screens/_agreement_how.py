"""How the agreement of two observers is counted: every kappa of a session, the method, its sources."""

import pandas as pd

from caregiving.charts import span
from caregiving.coded.looks import Cast
from caregiving.screens._agreement_words import ACROSS_S, Names, share
from caregiving.sources import source
from caregiving.twice.compare import TOLERANCES_S, Compared
from caregiving.twice.gates import said
from caregiving.words import _, n_

SOURCES = ("bakeman_2009", "quera_2007", "fleiss_cohen_everitt_1969")


def how() -> str:
    """Return how the agreement is counted, with sources and what it cannot say, as Markdown."""
    told = _(
        "**In time:** at every instant each observer has a set of codes of one person, or nothing. Kappa is "
        "the agreement beyond what their habits would give, exactly and within {s}, in both directions. "
        "**Moment by moment:** moments of both are paired in order, at most {s} apart, at least cost; what "
        "only one of them coded is counted as missed and stays in the table."
    ).format(s=span(ACROSS_S))
    cited = "  \n".join(f"*{source(key).citation} {source(key).caveat}*" for key in SOURCES)
    cannot = _(
        "What it cannot say: who of the two was right, nor that both were. The limits take seconds and "
        "moments as independent, so they are too narrow. Two moments at nearly the same time, in another "
        "order, can count as missed by both. Where two tablets' clocks could not be compared, some seconds "
        "between them make agreement look smaller. Kappa depends on how many codes there are and how often "
        "each comes."
    )
    return f"{told}\n\n{cited}\n\n{cannot}"


def kappa_table(one: Compared, names: Names, cast: Cast) -> pd.DataFrame:
    """Return every kappa of a session: both directions, both tolerances, and by events."""
    first, second = names.of(one.twice)
    ways = {
        "a to b": _("{one} held against {other}").format(one=first, other=second),
        "b to a": _("{one} held against {other}").format(one=second, other=first),
    }
    rows = []
    for actor in one.actors:
        whose = cast.names.get(actor, actor)
        for tolerance in TOLERANCES_S:
            kind = _("in time, within {s}").format(s=span(tolerance)) if tolerance else _("in time, exactly")
            for unit in one.unit_kappas(actor, tolerance):
                rows.append((whose, kind, ways[unit.direction], unit.kappa, span(unit.kappa.n * unit.unit_s)))
        events = one.by_event[actor].kappa
        counted = n_("{n} moment", "{n} moments", events.n)
        rows.append((whose, _("moment by moment, within {s}").format(s=span(ACROSS_S)), "", events, counted))
    return pd.DataFrame(
        [
            (
                whose,
                kind,
                way,
                said(k.value),
                f"{said(k.low)} – {said(k.high)}",
                _part(k.agreed),
                _part(k.expected),
                n,
            )
            for whose, kind, way, k, n in rows
        ],
        columns=[
            _("Whose"),
            _("How"),
            _("Which way"),
            _("Kappa"),
            _("95 %"),
            _("The same"),
            _("By chance"),
            _("Rests on"),
        ],
    )


def _part(value: float) -> str:
    return "–" if value != value else share(value)

"""The five rows in the field's terms as one dense table: figure, interval, n, its weeks, what is missing."""

from collections.abc import Sequence
from html import escape

from caregiving.indices import Estimate, Index
from caregiving.report import Report
from caregiving.rows import Row
from caregiving.screens._words import MORE, count_of, limits_of, measure_name, needs, said
from caregiving.trends.named import short_day
from caregiving.trends.weeks import Week, by_week
from caregiving.words import _

WEEKS = 8
BY_WEEK = {"sensitivity", "responsiveness", "latency", "comfort"}  # the others need more than one week
Results = Sequence[tuple[Index, Estimate]]
STYLE = """
.cg-dense { table-layout: fixed; } .cg-dense th, .cg-dense td { padding: 8px 16px 8px 0; }
.cg-dense td, .cg-dense tbody th { font-size: .95rem; overflow-wrap: anywhere; }
.cg-dense small { display: block; color: var(--quiet); font-size: .9rem; }
.cg-dense b { font-size: 1.15rem; font-variant-numeric: tabular-nums; }
.cg-spark { position: relative; height: 64px; max-width: 168px; border-bottom: 1px solid var(--line); }
.cg-spark i { position: absolute; width: 12px; margin-inline-start: -6px; border-radius: 4px;
  background: var(--caregiver); opacity: .35; }
.cg-spark b { position: absolute; width: 6px; height: 6px; margin-block-end: -3px;
  margin-inline-start: -3px; border-radius: 1px;
  background: var(--caregiver); }
.cg-spark s { position: absolute; bottom: 2px; width: 6px; height: 6px; margin-inline-start: -4px;
  border: 1px solid var(--quiet); border-radius: 50%; text-decoration: none; }
"""


def rows_table(rows: Sequence[Row], results: Results, recent: Report, today: str) -> str:
    """Return the five rows as a table.

    Parameters: `results` of the report that the rows were made from; `recent` a report of the last eight
    weeks, for the weeks of each row's first figure; `today` the last day of the newest week.
    """
    words = (_("Row"), _("Value, 95 % limits, from"), _("Last 8 weeks"), _("Still missing"))
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in words)
    body = "".join(_line(row, results, recent, today) for row in rows)
    return (
        '<div class="cg-wide" tabindex="0"><table class="cg-table cg-dense">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _line(row: Row, results: Results, recent: Report, today: str) -> str:
    one = row.leading
    missing = f'<td class="cg-needs">{escape(_missing(row))}</td>'
    title = escape(row.title)
    if one is None:
        return f'<tr data-row="{row.key}"><th scope="row">{title}</th><td>–</td><td>–</td>{missing}</tr>'
    return (
        f'<tr data-row="{row.key}"><th scope="row">{title}<small>{escape(measure_name(one))}</small></th>'
        f"<td><b>{escape(said(one.value, one.unit))}</b>"
        f"<small>{escape(limits_of(one))}</small><small>{escape(count_of(one))}</small></td>"
        f"<td>{_weeks(one, results, recent, today)}</td>{missing}</tr>"
    )


def _missing(row: Row) -> str:
    """Return what is nearest to being there of the figures that are withheld; nothing when all are shown."""
    held = [one for one in row.figures if one.gate is not None]
    if not held:
        return "" if row.figures else _("Nothing was logged yet.")
    countable = next((one for one in held if MORE.search(str(one.gate))), None)
    if countable is not None:
        return f"{measure_name(countable)}: {needs(str(countable.gate))}"
    return _entered().get(held[0].measure) or needs(str(held[0].gate))


def _entered() -> dict[str, str]:
    """Return what somebody has to enter, for figures that no tap can give."""
    coded = _("A session that an observer codes second by second.")
    return {
        "security": _("A record by a certified observer; it is never computed from taps."),
        "ssp": _("A Strange Situation by a certified coder; it is never computed from taps."),
        "matched": coded,
        "repair_latency": coded,
        "child_initiations": coded,
        "entropy_rate_miller_madow": coded,
        "record": _("A record by a trained coder."),
        "rating": _("A rating by a trained observer."),
        "self_report_mean": _("The family's own answers on how even it felt."),
    }


def _weeks(one: Estimate, results: Results, recent: Report, today: str) -> str:
    """Return the weeks of a figure as a small picture, or a dash where a week is too short for it."""
    index = next((which.name for which, known in results if known is one), None)
    if index not in BY_WEEK:
        return "–"
    return sparkline(by_week(recent, str(index), one.measure, one.cue_class, today, WEEKS))


def sparkline(weeks: Sequence[Week]) -> str:
    """Return weeks as a small picture: points with their intervals, a ring where a figure is withheld.

    A share runs from none at the bottom to all at the top; anything else from 0 to its largest limit.
    """
    shown = [week.estimate for week in weeks if _is_shown(week)]
    limits = [figure for one in shown for figure in (one.value, one.high) if figure == figure]
    top = 1.0 if all(one.unit == "share" for one in shown) else max(limits)
    marks = []
    for place, week in enumerate(weeks):
        start = f"inset-inline-start:{100 * (place + 0.5) / len(weeks):.1f}%"
        if not _is_shown(week):
            marks.append(f'<s style="{start}"></s>')
            continue
        value, low, high = (_height(figure, top) for figure in _figures(week.estimate))
        marks.append(f'<i style="{start};bottom:{low:.1f}%;height:{high - low:.1f}%"></i>')
        marks.append(f'<b style="{start};bottom:{value:.1f}%"></b>')
    told = escape(weeks_told(weeks), quote=True)
    return f'<div class="cg-spark" role="img" aria-label="{told}" title="{told}">{"".join(marks)}</div>'


def _is_shown(week: Week) -> bool:
    return week.estimate.gate is None and week.estimate.value == week.estimate.value


def _figures(one: Estimate) -> tuple[float, float, float]:
    """Return value and limits; a limit that is missing is the value itself, or the top."""
    low = one.low if one.low == one.low else one.value
    return one.value, low, one.high if one.high == one.high else float("inf")


def _height(value: float, top: float) -> float:
    """Return how far up a value stands, in per cent of the picture."""
    return 100 * min(max(value / top, 0.0), 1.0) if top else 0.0


def weeks_told(weeks: Sequence[Week]) -> str:
    """Return the weeks in words, for those who cannot see the small picture."""
    return "; ".join(
        _("week from {day}: {value}").format(
            day=short_day(week.first_day),
            value=said(week.estimate.value, week.estimate.unit) if _is_shown(week) else _("too little"),
        )
        for week in weeks
    )

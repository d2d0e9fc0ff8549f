"""One figure on a page: a sentence, the picture, and folded away what it rests on, its table, its moments."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from caregiving.behind import moments_behind
from caregiving.charts import span
from caregiving.indices import Estimate
from caregiving.report import Report
from caregiving.screens._shell import Shell
from caregiving.screens._words import count_of, measure_name, watched
from caregiving.sources import source
from caregiving.words import _, n_

HOW, TABLE, MOMENTS = "how", "table", "moments"
LONGEST_LIST = 40
Opened = Callable[[Mapping[str, Any] | None], pd.DataFrame]


def block(
    shell: Shell,
    key: str,
    title: str,
    figure: Any | None,
    told: str,
    how: str,
    table: pd.DataFrame | Callable[[], pd.DataFrame] | None = None,
    moments: Opened | None = None,
) -> None:
    """Show one figure.

    Parameters
    ----------
    key: tells the figures of a page apart.
    title: the finding as a sentence; empty for none.
    figure: the Plotly figure, or None when there is nothing to draw: then `told` stands in its place.
    told: the figure in one or two sentences, read out to those who cannot see it.
    how: Markdown on n, watched time, method, source and what it cannot say (see `how_we_know`).
    table: the numbers, with column names in words; a function is called only when the table is opened.
    moments: called with the point that was clicked (Plotly's dict) or None, when the list is opened; returns
        either MOMENTS (see behind.py) or any frame with columns in words.
    """
    if title:
        st.subheader(title)
    point = None
    if figure is None:
        st.html(f'<p class="cg-quiet">{escape(told)}</p>')
    else:
        chosen = _drawn(key, figure, told, clickable=moments is not None)
        points = chosen.get("selection", {}).get("points", []) if chosen else []
        point = points[0] if points else None
    names = {HOW: _("How do we know?")}
    if table is not None:
        names[TABLE] = _("As a table")
    if moments is not None:
        names[MOMENTS] = _("The moments behind it")
    open_now = st.pills(
        _("More about this figure"),
        list(names),
        format_func=lambda name: names[name],
        key=f"{key}_more",
        label_visibility="collapsed",
    )
    if open_now == HOW:
        st.markdown(how)
    elif open_now == TABLE and table is not None:
        show_table(table() if callable(table) else table)
    if moments is not None and (open_now == MOMENTS or point is not None):
        show_moments(shell, moments(point))


def _drawn(key: str, figure: Any, told: str, *, clickable: bool) -> Any:
    """Draw the figure; a click on one of its points is answered when there are moments to show."""
    look: dict[str, Any] = {"theme": None, "config": {"displayModeBar": False}, "alt": told}
    if not clickable:
        st.plotly_chart(figure, key=key, **look)
        return None
    figure.update_layout(clickmode="event+select")
    return st.plotly_chart(figure, key=key, on_select="rerun", selection_mode="points", **look)


def show_table(table: pd.DataFrame) -> None:
    """Show a small table as the page writes its tables, with every cell as it stands."""
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(_cell(value))}</td>" for value in row) + "</tr>"
        for row in table.itertuples(index=False)
    )
    st.html(
        f'<div class="cg-wide" tabindex="0"><table class="cg-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "–" if value != value else f"{value:.3g}"
    return "–" if value is None or value is pd.NA else str(value)


def show_moments(shell: Shell, rows: pd.DataFrame) -> None:
    """List the moments behind a figure; each leads to its day."""
    if "fate" not in rows.columns:
        show_table(rows)
        return
    if rows.empty:
        st.html(f'<p class="cg-quiet">{_("No moment lies behind this.")}</p>')
        return
    names = shell.caregivers()
    labels = {b.code: b.label for b in shell.instrument.behaviours}
    lines = "".join(_line(row, labels, names) for row in rows.head(LONGEST_LIST).itertuples(index=False))
    more = len(rows) - LONGEST_LIST
    rest = n_("and {n} earlier moment", "and {n} earlier moments", more) if more > 0 else ""
    st.html(f'<ul class="cg-list cg-moments">{lines}</ul><p class="cg-quiet">{rest}</p>')


def _line(row: Any, labels: Mapping[str, str], names: Mapping[str, str]) -> str:
    label = escape(_(labels.get(row.cue_code, row.cue_code)))
    who = names.get(str(row.responder), "")
    small = ", ".join(part for part in (_fate(row, labels), escape(who)) if part)
    link = f'<a href="/?day={escape(row.day)}" target="_self">{escape(_day(row.day))}</a>'
    what = f"<span>{label} <small>{small}</small> {link}</span>"
    return f'<li><time>{escape(row.clock[:5])}</time><i class="baby"></i>{what}</li>'


def _fate(row: Any, labels: Mapping[str, str]) -> str:
    if row.fate == "answered":
        answer = labels.get(str(row.answer_code), str(row.answer_code))
        return escape(_("{answer} after {time}").format(answer=_(answer), time=span(row.after_s)))
    return {
        "engaged": _("somebody was already there"),
        "settled": _("it passed by itself"),
        "none": _("no answer was logged"),
        "unseen": _("not watched to the end"),
    }[row.fate]


def _day(name: str) -> str:
    stamp = pd.Timestamp(name)
    return f"{stamp.day} {stamp:%b}"


def answered_moments(report: Report, cue_class: str) -> Opened:
    """Return what opens the cues of one class, those already attended to left out."""

    def open_them(_point: Mapping[str, Any] | None) -> pd.DataFrame:
        rows = report.episodes
        return moments_behind(report, rows[(rows["cue_class"] == cue_class) & ~rows["already_engaged"]])

    return open_them


def how_we_know(report: Report, ones: Sequence[Estimate], caveat: str) -> str:
    """Return what figures rest on, as Markdown: n, watched time, method, source, and what they cannot say."""
    days = n_("{n} day", "{n} days", len(report.days))
    lines = []
    for one in ones:
        where = source(one.source)
        rests = _("{measure}: {n}, in {time} of watched time on {days}.").format(
            measure=f"**{measure_name(one)}**", n=count_of(one), time=watched(report.exposure_s), days=days
        )
        lines.append(
            f"{rests} {one.method[:1].upper()}{one.method[1:]}.  \n*{where.citation} {where.caveat}*"
        )
    cannot = _("What it cannot say: {caveat}").format(caveat=caveat)
    return "\n\n".join([*lines, cannot])

"""A closer look at a record, one part at a time: hours, rounding, unlogged cues, first days, upkeep."""

from collections.abc import Callable
from functools import partial
from html import escape

import pandas as pd
import streamlit as st

from caregiving.charts import span
from caregiving.charts.heaping import heaping, heaping_table, heaping_told, percent
from caregiving.charts.quality_hours import quality_hours, quality_hours_table, quality_hours_told
from caregiving.indices import Estimate
from caregiving.quality import Quality
from caregiving.quality.heaping import Heaping
from caregiving.screens._figure import block, show_table
from caregiving.screens._quality_checks import limits
from caregiving.screens._shell import Shell
from caregiving.screens._words import class_name, days, needs, watched
from caregiving.sources import source
from caregiving.words import _

Show = Callable[[Shell, Quality], None]


def parts() -> dict[str, tuple[str, Show]]:
    """Return what there is to look at: what its button says, and what shows it."""
    return {
        "hours": (_("Hours and prompts"), _hours),
        "rounding": (_("Rounding"), _rounding),
        "unlogged": (_("Cues nobody logged"), _unlogged),
        "first": (_("First days"), _first),
        "upkeep": (_("Windows and corrections"), _upkeep),
    }


def _hours(shell: Shell, quality: Quality) -> None:
    how = _(
        "Watched minutes of all declared windows that count, by the clock of the family, over the whole "
        "record: {days}, {time}. A prompt is answered when a prompted look began within 15 minutes after it; "
        "the bar is its Wilson interval. A prompt that no open page could show counts as unanswered."
    ).format(days=days(quality.days.logged), time=watched(quality.watched_s))
    st.subheader(_("When somebody watched"))
    _said(quality_hours_told(quality.hours))
    if not any(one.watched_min for one in quality.hours):
        return
    block(
        shell,
        "quality_hours",
        "",
        quality_hours(quality.hours, shell.colours),
        quality_hours_told(quality.hours),
        _how(how, _("what happened in the hours that nobody watched.")),
        lambda: quality_hours_table(quality.hours),
    )


def _rounding(shell: Shell, quality: Quality) -> None:
    named: list[tuple[str, str, Heaping]] = [
        ("taps", _("Tapped times, within the minute"), quality.taps),
        ("memory", _("Remembered times, within the hour"), quality.memory),
    ]
    for key, title, found in named:
        st.subheader(title)
        _said(heaping_told(found))
        if not found.share.n:
            continue
        block(
            shell,
            f"quality_{key}",
            "",
            heaping(found, shell.colours),
            heaping_told(found),
            _how(
                f"{found.share.method[:1].upper()}{found.share.method[1:]}.",
                _("which of the rounded times are wrong, or by how much."),
            ),
            partial(heaping_table, found),
        )


def _unlogged(_shell: Shell, quality: Quality) -> None:
    st.subheader(_("If cues had gone unlogged and unanswered"))
    _said(
        _(
            "Nobody can tell from a log what was not logged. This is what the share of answered cues in "
            "declared windows would be, if so many of all cues had been neither logged nor answered."
        )
    )
    first = quality.ways.tipping[0]
    if first.gate is not None:
        _said(needs(first.gate))
        return
    rows = [
        (percent(int(one.measure.removeprefix("tipping_")) / 100), percent(one.value), limits(one))
        for one in quality.ways.tipping
    ]
    show_table(pd.DataFrame(rows, columns=[_("Unlogged"), _("Share answered"), _("95 % limits")]))
    st.markdown(_how(_sentence(first), _("how many cues really went unlogged.")))


def _first(_shell: Shell, quality: Quality) -> None:
    st.subheader(_("The figures without the first two days"))
    if not quality.early:
        _said(_("No cue has been logged in watched time yet."))
        return
    _said(
        _("Left out in the last column: {days}. Watching itself may change what people do at first.").format(
            days=_(" and ").join(quality.early)
        )
    )
    rows = [
        (
            _("{what} within {time}").format(what=class_name(one.cue_class), time=span(one.seconds)),
            _figure(one.whole),
            _figure(one.without),
        )
        for one in quality.without
    ]
    columns = [_("Answered"), _("All days"), _("Without the first two")]
    show_table(pd.DataFrame(rows, columns=columns))
    if quality.without:
        st.markdown(_how(_sentence(quality.without[0].whole), _("why a figure differs between the two.")))


def _upkeep(_shell: Shell, quality: Quality) -> None:
    st.subheader(_("How declared windows were ended"))
    words = {
        "all": _("all cues logged"),
        "most": _("most cues logged"),
        "some": _("only some logged (not counted)"),
        "open": _("still open"),
    }
    ended = [(words[one.attestation], one.windows, watched(one.minutes * 60)) for one in quality.attested]
    show_table(pd.DataFrame(ended, columns=[_("Said at the end"), _("Windows"), _("Time")]))
    st.subheader(_("Written, corrected and taken back, by week"))
    names = [_("Week from"), _("Written"), _("Corrected"), _("Taken back")]
    show_table(quality.weeks.set_axis(names, axis=1).iloc[::-1])
    _said(_("A correction keeps the first version beside it, and what was taken back can be found again."))


def _figure(one: Estimate) -> str:
    if one.gate is not None:
        return needs(one.gate)
    return _("{value} ({limits}), of {n}").format(value=percent(one.value), limits=limits(one), n=one.n)


def _sentence(one: Estimate) -> str:
    return f"{one.method[:1].upper()}{one.method[1:]}. *{source(one.source).citation}*"


def _how(method: str, caveat: str) -> str:
    where = source("selective_logging")
    cannot = _("What it cannot say: {caveat}").format(caveat=caveat)
    return f"{method}  \n*{where.citation} {where.caveat}*\n\n{cannot}"


def _said(text: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')

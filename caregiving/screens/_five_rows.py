"""The five rows of the guidance as cards: the figure, how sure it is, and folded away what it rests on."""

from dataclasses import replace
from html import escape

from caregiving.indices import Estimate
from caregiving.report import Report
from caregiving.rows import Row
from caregiving.screens._words import count_of, likely_in_unit, limits_of, measure_name, needs, said, watched
from caregiving.sources import source
from caregiving.words import _

RECORDS = {"record"}  # what a certified coder entered, kept from a parent's screen
STYLE = """
.cg-row { background: var(--card); border-radius: 16px; padding: 16px 24px; margin: 0 0 16px; }
.cg-row header { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 8px 24px; }
.cg-row h3 { font-size: 1.15rem !important; padding: 0 !important; margin: 0; line-height: 1.35; }
.cg-row .field { color: var(--quiet); font-size: .9rem; margin: 0 0 2px; }
.cg-row .value { font-size: 1.9rem; font-weight: 700; line-height: 1.2; font-variant-numeric: tabular-nums; }
.cg-row .value small { display: block; font-size: 1rem; font-weight: 400; line-height: 1.35; }
.cg-row .sure { color: var(--quiet); font-size: .95rem; margin: 4px 0 0; }
.cg-row .needs { font-size: 1.05rem; margin: 0; }
.cg-row summary { cursor: pointer; min-height: 48px; display: flex; align-items: center; gap: 8px;
  color: var(--caregiver); width: fit-content; }
.cg-row summary::before { content: "+"; font-weight: 700; width: 1ch; }
.cg-row details[open] summary::before { content: "–"; }
.cg-row details p, .cg-row details li { max-width: 70ch; margin: 0 0 8px; }
.cg-scale { position: relative; height: 20px; margin: 8px 0 0; }
.cg-scale::before { content: ""; position: absolute; inset: 9px 0 auto 0; height: 2px;
  background: var(--line); }
.cg-scale i { position: absolute; top: 5px; height: 10px; border-radius: 5px;
  background: var(--caregiver-soft); }
.cg-scale b { position: absolute; top: 3px; width: 14px; height: 14px; margin-inline-start: -7px;
  border-radius: 3px; background: var(--caregiver); }
@media (max-width: 640px) { .cg-row header { grid-template-columns: 1fr; } }
"""


def card(row: Row, report: Report, *, guidance: str, professional: bool) -> str:
    """Return one row as HTML.

    Parameters: `guidance` the address of the card that belongs to it; `professional`: records of attachment
    and of emotional availability are shown with their figures to a professional, never on a parent's screen.
    """
    withheld = row.key == "attachment" and not professional
    if not professional:
        row = replace(row, figures=tuple(one for one in row.figures if one.measure not in RECORDS))
    figure = _record(row) if withheld else _figure(row, report)
    body = "" if withheld else _figures(row)
    quoted = [_benchmark(key) for key in row.benchmarks] if professional else [_plainly(row)]
    benchmarks = "".join(f"<li>{one}</li>" for one in quoted)
    return (
        f'<article class="cg-row" data-row="{row.key}"><header><div><p class="field">{escape(row.title)}</p>'
        f"<h3>{escape(row.asks)}</h3></div><div>{figure}</div></header>"
        f"<details><summary>{_('How do we know?')}</summary>"
        f"<p>{escape(row.measured)}</p>{body}"
        f"<p><b>{_('What it cannot say.')}</b> {escape(row.cannot)}</p>"
        f"<p><b>{_('What studies saw.')}</b></p><ul>{benchmarks}</ul>"
        f"<p><b>{_('The guidance behind it.')}</b> {escape(row.serves)} "
        f'<a href="{guidance}" target="_self">{_("Read the card")}</a></p></details></article>'
    )


def _figure(row: Row, report: Report) -> str:
    """Return the leading figure with its interval and what it rests on, or what is still needed."""
    one = row.leading
    if one is None:
        nearest = row.nearest
        told = needs(nearest.gate) if nearest is not None and nearest.gate else _("Nothing was logged yet.")
        return f'<p class="needs">{escape(told)}</p>'
    rests = _("{n} in {time} of watched time").format(n=count_of(one), time=watched(report.exposure_s))
    return (
        f'<div class="value">{escape(said(one.value, one.unit))} <small>{escape(_called(one))}</small></div>'
        f"{_scale(one)}"
        f'<p class="sure">{escape(likely_in_unit(one))}; {escape(rests)}</p>'
    )


def _called(one: Estimate) -> str:
    name = measure_name(one)
    return name[:1].lower() + name[1:] if one.cue_class == "all" else name


def _scale(one: Estimate) -> str:
    """Return a share as a point with its interval on a quiet scale from none to all; nothing for others."""
    if one.unit != "share" or one.low != one.low:
        return ""
    low, high, value = (100 * x for x in (one.low, one.high, one.value))
    return (
        f'<div class="cg-scale" aria-hidden="true"><i style="inset-inline-start:{low:.1f}%;'
        f'width:{high - low:.1f}%"></i><b style="inset-inline-start:{value:.1f}%"></b></div>'
    )


def _record(row: Row) -> str:
    """Say whether a record is there, without its figures."""
    if row.leading is None:
        told = _("No record has been entered. One is made by a trained observer, never from taps.")
    else:
        told = _("A trained observer has entered a record. Look at it together with that person.")
    return f'<p class="needs">{escape(told)}</p>'


def _figures(row: Row) -> str:
    """Return every figure of the row as a table; what is withheld stands as its sentence."""
    lines = "".join(_line(one) for one in row.figures)
    head = "".join(
        f'<th scope="col">{word}</th>' for word in (_("Figure"), _("Value"), _("95 % limits"), _("From"))
    )
    return f'<table class="cg-table"><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>'


def _line(one: Estimate) -> str:
    name = escape(measure_name(one))
    title = escape(one.method, quote=True)
    if one.gate is not None:
        told = escape(needs(one.gate))
        body = f'<td colspan="3" class="cg-needs">{told}</td>'
        return f'<tr title="{title}"><th scope="row">{name}</th>{body}</tr>'
    limits = "–" if one.low != one.low and one.high != one.high else limits_of(one)
    return (
        f'<tr title="{title}"><th scope="row">{name}</th><td>{escape(said(one.value, one.unit))}</td>'
        f"<td>{escape(limits)}</td><td>{escape(count_of(one))}</td></tr>"
    )


def _plainly(row: Row) -> str:
    """Return what a study saw in plain words, with the study and its caveat."""
    one = source(row.seen_in)
    return f"{escape(row.seen)} <em>{escape(one.caveat)}</em> <small>{escape(one.citation)}</small>"


def _benchmark(key: str) -> str:
    """Return what a study saw, with its source and caveat."""
    one = source(key)
    return f"{escape(one.says)} <em>{escape(one.caveat)}</em> <small>{escape(one.citation)}</small>"

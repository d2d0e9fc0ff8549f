"""What can be counted in two sessions, as the lines of a table, and why the rest is left out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from caregiving.charts import span
from caregiving.coded import CodedSession
from caregiving.coded.beside import TOGETHER, Cues, Side, behind
from caregiving.indices import Estimate
from caregiving.screens._session_words import parted
from caregiving.screens._words import MORE, class_name, likely_in_unit, measure_name, needs, said
from caregiving.words import _, n_

Lines = list[tuple[str, list[str]]]
LONG = 80
Gates = Sequence[str | None]


def rows(
    pair: Sequence[CodedSession], sides: Sequence[Side], gates: Gates, coders: Mapping[str, str]
) -> Lines:
    """Return the lines of the table: watched time, who coded, the cues of each kind, the figures.

    Parameters: two sessions, what can be counted in each, for each the gate of two observers' agreement (None
    when it is open), and what the observers are called.
    """
    found: Lines = [
        (_("Watched"), [_watched(one, side) for one, side in zip(pair, sides, strict=True)]),
        (_("Could be seen"), [span(side.observed_s) for side in sides]),
        (_("Coded by"), [coders.get(one.coder, "–") for one in pair]),
    ]
    for name in sides[0].cues:
        both = [side.cues[name] for side in sides]
        if any(cues.n for cues in both):
            found.append((class_name(name), [_cues(cues) for cues in both]))
    for which, told in _figures(sides, gates):
        if which[0] in TOGETHER or any(one.gate is None for one in told):
            found.append((_capital(measure_name(told[0])), [_figure(one) for one in told]))
    return found


def left_out(sides: Sequence[Side], gates: Gates) -> list[str]:
    """Return in sentences why shares with limits and usual waits are left out, and that nothing is tested."""
    waiting = [one for which, told in _figures(sides, gates) if which[0] not in TOGETHER for one in told]
    missing = [one.gate for one in waiting if one.gate and one.n]
    test = _(
        "Two sessions differ by chance too: another mood, another hour, another toy. Whether a difference is "
        "more than that is not tested here, since two single sessions cannot tell."
    )
    everyday = _("Missing some cues is part of every day, and ten minutes are a small piece of one.")
    return [everyday, *_why(missing), test]


def methods(sides: Sequence[Side], gates: Gates, days: tuple[str, str]) -> list[str]:
    """Return how each figure that is shown was made, of each session, as lines of Markdown."""
    return [
        f"**{_('{measure}, {day}').format(measure=_capital(measure_name(one)), day=day)}**: {one.method}."
        for _which, told in _figures(sides, gates)
        for one, day in zip(told, days, strict=True)
        if one.gate is None and one.n
    ]


def _figures(sides: Sequence[Side], gates: Gates) -> list[tuple[tuple[str, str], list[Estimate]]]:
    """Return the figures of both sessions, each behind the gate of agreement too."""
    return [
        (which, [behind(side.figures[which], gate) for side, gate in zip(sides, gates, strict=True)])
        for which in sides[0].figures
    ]


def _watched(session: CodedSession, side: Side) -> str:
    parts = parted(session)
    return f"{span(side.watched_s)}. {parts}" if parts else span(side.watched_s)


def _cues(cues: Cues) -> str:
    """Return one class of cues in words: how many, how many had an answer, and what else became of them."""
    if not cues.n:
        return _("none seen")
    told = [n_("{n} seen", "{n} seen", cues.n)]
    if cues.known:
        told.append(
            _("{answered} of {known} had an answer within {time}").format(
                answered=cues.answered, known=cues.known, time=span(cues.within_s)
            )
        )
    if cues.engaged:
        told.append(
            n_("at {n} somebody was already there", "at {n} somebody was already there", cues.engaged)
        )
    if cues.unseen:
        told.append(n_("{n} not watched to the end", "{n} not watched to the end", cues.unseen))
    return "; ".join(told)


def _figure(one: Estimate) -> str:
    """Return a figure with its interval and what it rests on, or what is still needed."""
    if one.gate is not None:
        return needs(one.gate) if MORE.search(one.gate) else _capital(_(one.gate)) + "."
    return f"{said(one.value, one.unit)}, {likely_in_unit(one)}{_rests(one)}"


def _rests(one: Estimate) -> str:
    if one.measure == "repair_latency":
        return "; " + n_("{n} time out of step", "{n} times out of step", one.n)
    if one.measure == "matched":
        return ""
    return "; " + n_("{n} cue", "{n} cues", one.n)


def _why(gates: Iterable[str]) -> list[str]:
    """Say why shares with limits and usual waits are not drawn from one session."""
    days = [
        float(found["needed"])
        for gate in gates
        for found in MORE.finditer(gate)
        if found["what"].startswith("day")
    ]
    told = _(
        "Shares with their limits and usual waits are drawn from moments of at least {n} days. One session "
        "is one day, so here stand the counts."
    )
    return [told.format(n=f"{max(days):g}")] if days else []


def as_table(lines: Lines, days: tuple[str, str]) -> str:
    """Return the lines as an HTML table; `days` names the two sessions."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("", *days))
    body = "".join(f'<tr><th scope="row">{escape(name)}</th>{_cells(cells)}</tr>' for name, cells in lines)
    return (
        f'<div class="cg-wide" tabindex="0"><table class="cg-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cells(cells: list[str]) -> str:
    """Return the cells of a line; the same long sentence in both stands there once."""
    if len(set(cells)) == 1 and len(cells[0]) > LONG:
        return f'<td colspan="{len(cells)}" class="cg-needs">{escape(cells[0])}</td>'
    return "".join(f"<td>{escape(cell)}</td>" for cell in cells)


def _capital(text: str) -> str:
    return re.sub(r"^\w", lambda found: found[0].upper(), text)

"""Two observers' ratings of the same visit beside each other, and over many visits how far they agree."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import combinations
from uuid import UUID

import streamlit as st

from caregiving.agreement.icc import EXPORT, EXPORT_TARGETS, ICC, SHOW, TARGETS, icc
from caregiving.instruments import ProcedureInstrument
from caregiving.instruments.procedure import CLASS_ITEM
from caregiving.people import Action
from caregiving.ratings import Rating
from caregiving.screens._questions import Asked
from caregiving.screens._ratings_visits import Desk, Visits, held, target, visits_of
from caregiving.screens._shell import Shell
from caregiving.sources import source
from caregiving.store.people import families
from caregiving.words import _, n_

OPEN_ONES = 3  # more are folded away
FORM = "ICC(2,1)"  # for raters who could stand in for each other, and absolute agreement
Raters = dict[UUID, Rating]  # each one's newest rating of one target


def show(desk: Desk, form: Asked) -> None:
    """Show what two or more observers gave the same visit in one form, and their agreement over visits."""
    st.subheader(_("Two observers beside each other"))
    same = [one for one in desk.found if one.instrument == form.name]
    twice = {name: of for name, of in by_target(same, desk.visits).items() if len(of) > 1}
    if not twice:
        _quiet(
            _(
                "No visit has been rated in this form by two observers whose ratings you may see. It takes "
                "the same visit, chosen in both forms, and the other rating shared."
            )
        )
    tables = [_table(desk, form, name, of) for name, of in twice.items()]
    for one in tables[:OPEN_ONES]:
        st.html(one)
    if rest := tables[OPEN_ONES:]:
        with st.expander(n_("{n} earlier visit", "{n} earlier visits", len(rest))):
            st.html("".join(rest))
    scales = _scales(form)
    if scales:
        _over_visits(desk.shell, form, scales)


def by_target(found: Sequence[Rating], visits: Visits) -> dict[str, Raters]:
    """Return each one's newest rating of each target; `found` has the newest first."""
    targets: dict[str, Raters] = {}
    for one in found:
        targets.setdefault(target(one, visits), {}).setdefault(one.author, one)
    return targets


def _scales(form: Asked) -> dict[str, str]:
    """Return the figures of a form, in words."""
    asked = form.as_form() if isinstance(form, ProcedureInstrument) else form
    return {one.name: _(one.label) for one in asked.scores}


def _table(desk: Desk, form: Asked, name: str, of: Raters) -> str:
    """Return the figures of one target, a column for each rater and one for how far they are apart."""
    day = desk.moment(max(one.at_ms for one in of.values()))
    what = desk.names.get(name) or _("Rated {when}").format(when=day)
    raters = list(of.values())
    names = [_("{rater}, {when}").format(rater=one.rater, when=desk.moment(one.at_ms)) for one in raters]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ["", *names, _("Apart by")])
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th>'
        f"{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
        for label, cells in _rows(form, raters)
    )
    return (
        f'<div class="cg-wide"><table class="cg-table"><caption>{escape(what)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _rows(form: Asked, raters: Sequence[Rating]) -> Iterator[tuple[str, list[str]]]:
    """Yield each figure in words: what each gave, and the largest difference."""
    for name, label in _scales(form).items():
        given = [one.scores.get(name) for one in raters]
        numbers = [value for value in given if value is not None]
        if numbers:
            apart = f"{max(numbers) - min(numbers):g}" if len(numbers) > 1 else _("not known")
            yield label, [*("–" if value is None else f"{value:g}" for value in given), apart]
    asked = form.as_form() if isinstance(form, ProcedureInstrument) else form
    for item in asked.items:  # a class has no distance, and the words of two people are not compared
        if item.code == CLASS_ITEM:
            said = [item.said(one.answers.get(item.code)) or "–" for one in raters]
            yield _(item.label), [*said, _("the same") if len(set(said)) == 1 else _("different")]


def _over_visits(shell: Shell, form: Asked, scales: Mapping[str, str]) -> None:
    """Show the agreement of the two who rated most visits in common, over all families one may see."""
    targets = _everywhere(shell, form)
    pair = most_in_common(targets)
    common = [of for of in targets if pair and all(one in of for one in pair)]
    if pair is None or len(common) < TARGETS:
        _quiet(
            n_(
                "{n} more visit rated by the same two observers, and their agreement can be given.",
                "{n} more visits rated by the same two observers, and their agreement can be given.",
                TARGETS - len(common),
            )
        )
        return
    who = [common[0][one].rater for one in pair]
    _quiet(
        _("{a} and {b} both rated {n} visits, in all families whose ratings you may see.").format(
            a=who[0], b=who[1], n=len(common)
        )
    )
    rows = "".join(_agreed(label, agreement(common, pair, name)) for name, label in scales.items())
    head = "".join(
        f'<th scope="col">{escape(word)}</th>'
        for word in ("", _("Visits"), FORM, _("95 % interval"), _("This program's line"))
    )
    st.html(
        f'<div class="cg-wide"><table class="cg-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    _how()


def most_in_common(targets: Sequence[Raters]) -> tuple[UUID, UUID] | None:
    """Return the two raters who rated the most targets both; of several such pairs always the same one."""
    counts: dict[tuple[UUID, UUID], int] = {}
    for of in targets:
        for a, b in combinations(sorted(of), 2):
            counts[a, b] = counts.get((a, b), 0) + 1
    return max(sorted(counts), key=lambda pair: counts[pair], default=None)


def agreement(common: Sequence[Raters], pair: tuple[UUID, UUID], scale: str) -> ICC:
    """Return the intraclass correlation of two raters on one scale; what one left open is left out.

    Single ratings, raters who could stand in for each other, absolute agreement. Source:
    `shrout_fleiss_1979`.
    """
    rows = [[of[one].scores.get(scale, float("nan")) for one in pair] for of in common]
    return next(one for one in icc(rows) if one.form == FORM)


def _everywhere(shell: Shell, form: Asked) -> list[Raters]:
    """Return who rated each target in this form, in every family whose ratings the viewer may see."""
    homes = {shell.family, *(family for family, _alias in families(shell.store, shell.viewer))}
    found: list[Raters] = []
    for home in sorted(homes):
        if any(shell.viewer.may(one, home) for one in (Action.RATE, Action.SEE_PATTERNS)):
            rated = held(shell, form.name, home)
            found += by_target(rated, visits_of(shell, home)).values()
    return found


def _agreed(label: str, one: ICC) -> str:
    """Return one line of the table of agreement."""
    if one.gate is not None or one.value != one.value:
        needed = (
            n_(
                "{n} more visit with a number by both",
                "{n} more visits with a number by both",
                TARGETS - one.n,
            )
            if one.n < TARGETS
            else _("both gave the same number everywhere, so nothing can be said")
        )
        cells = [str(one.n), "–", "–", needed]
    else:
        limits = "–" if one.low != one.low else f"{one.low:.2f} – {one.high:.2f}"
        cells = [str(one.n), f"{one.value:.2f}", limits, _line(one)]
    told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(label)}</th>{told}</tr>'


def _line(one: ICC) -> str:
    """Return which of the two lines the agreement reaches."""
    if one.standing == "export":
        return _("reaches {line}, the line for exporting").format(line=f"{EXPORT:.2f}")
    if one.standing == "show":
        return _("reaches {line}, the line for showing").format(line=f"{SHOW:.2f}")
    return _("stays below {line}, the line for showing").format(line=f"{SHOW:.2f}")


def _how() -> None:
    with st.expander(_("How do we know?")):
        told = _(
            "The intraclass correlation is the share of the differences between ratings that lies between "
            "the visits and not between the two raters; 1 is full agreement. The lines are this program's "
            "own: {show} to show figures made from ratings, {export} with {n} visits to export them. It says "
            "how far these two agree, and not that both are right."
        ).format(show=f"{SHOW:.2f}", export=f"{EXPORT:.2f}", n=EXPORT_TARGETS)
        cited = f"<li>{escape(source('shrout_fleiss_1979').citation)}</li>"
        st.html(f'<p class="cg-quiet">{escape(told)}</p><ul class="cg-sources">{cited}</ul>')


def _quiet(told: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(told)}</p>')

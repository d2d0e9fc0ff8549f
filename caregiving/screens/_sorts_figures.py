"""What sorts on record say: correlations, two sorters beside each other, and what chance alone would give."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from typing import Final, NamedTuple

import streamlit as st
from babel.dates import format_date

from caregiving.instruments import SortInstrument, correlation, mean_sort
from caregiving.instruments.sort import CARD
from caregiving.ratings import Rating
from caregiving.sources import source
from caregiving.words import _, language, n_

SOURCES: Final = ("attachment_qsort", "van_ijzendoorn_2004", "cadman_2018")
STYLE: Final = """
.cg-scale { position: relative; height: 40px; margin: 8px 0 4px; max-width: 40rem; }
.cg-scale::before { content: ""; position: absolute; inset: 19px 0 auto 0; height: 2px;
  background: var(--line); }
.cg-scale i { position: absolute; top: 4px; height: 32px; background: var(--unwatched); opacity: .7;
  border-radius: 4px; }
.cg-scale s { position: absolute; top: 8px; width: 2px; height: 24px; margin-inline-start: -1px;
  background: var(--quiet); }
.cg-scale b { position: absolute; top: 13px; width: 14px; height: 14px; margin-inline-start: -7px;
  border-radius: 50%; background: var(--accent); }
.cg-scale b.mean { background: var(--card); border: 3px solid var(--accent); border-radius: 3px; }
.cg-ends { position: relative; height: 1.5rem; max-width: 40rem; color: var(--quiet); font-size: .9rem; }
.cg-ends span { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.cg-ends span:first-child { transform: none; } .cg-ends span:last-child { transform: translateX(-100%); }
"""


class Together(NamedTuple):
    """Two sorts of one child by two people: how far they agree, and the correlations of their mean."""

    first: Rating
    second: Rating
    agreement: float
    mean: dict[str, float]


def figures(form: SortInstrument, alias: str, done: Sequence[Rating]) -> None:
    """Show the sorts by observers and, apart from them, what parents sorted about their own child."""
    observed = [one for one in done if one.kind == "observer"]
    described = [one for one in done if one.kind == "self"]
    if not done:
        _quiet(_("No sort about {child} is on record yet.").format(child=alias))
        return
    st.html(f"<style>{STYLE}</style>")
    if observed:
        st.subheader(_("Sorted by observers"))
        together = two_sorters(form, observed)
        for name in form.criteria:
            st.html(scale(form, name, observed, together))
        _quiet(
            _(
                "A circle is a sort, a square the mean of two. The wide band is where 95 of 100 random sorts "
                "lie, the thin line at the right the best that any sort can reach."
            )
        )
        st.html(table(form, observed))
        _quiet(_agreement(together))
    if described:
        st.subheader(_("Sorted by parents about their own child"))
        st.html(table(form, described))
        _quiet(
            _("A description by the parents, kept apart from what observers sorted; never a security score.")
        )
    with st.expander(_("How do we know?")):
        st.markdown(how(form))


def piles_of(one: Rating) -> tuple[int, ...]:
    """Return the piles of the cards in order, as they stand in the record of a sort."""
    return tuple(int(one.answers[f"{CARD}{card}"]) for card in range(1, len(one.answers) + 1))


def two_sorters(form: SortInstrument, done: Iterable[Rating]) -> Together | None:
    """Return the newest sorts of the two people who sorted last, compared; None when only one did.

    The figures of the mean are those of the two sorts' mean, card by card.
    """
    newest: dict[str, Rating] = {}
    for one in sorted(done, key=lambda one: one.at_ms, reverse=True):
        newest.setdefault(one.rater.strip().casefold(), one)
    if len(newest) < 2:
        return None
    first, second = list(newest.values())[:2]
    a, b = piles_of(first), piles_of(second)
    return Together(first, second, correlation(a, b), form.correlations(mean_sort(a, b)))


def names() -> dict[str, str]:
    """Return what the criteria are called."""
    return {"security": _("Security"), "dependency": _("Dependency")}


def scale(form: SortInstrument, name: str, done: Sequence[Rating], together: Together | None) -> str:
    """Draw the sorts on the way from -1 to 1, with what random sorts reach and what the best one does."""
    band, best = form.random_band(), form.best()[name]
    trained = [one for one in done if one.certified]
    marks = "".join(f'<b style="left:{_place(one.scores[name])}"></b>' for one in trained)
    told = [
        _("{who} {r}").format(who=one.rater, r=said(one.scores[name]))
        for one in trained
        if name in one.scores
    ]
    if together is not None and _both_trained(together):
        marks += f'<b class="mean" style="left:{_place(together.mean[name])}"></b>'
        told.append(_("their mean {r}").format(r=said(together.mean[name])))
    label = _(
        "{criterion}: {sorts}. 95 of 100 random sorts lie between {low} and {high}; the best sort has {best}."
    )
    spoken = label.format(
        criterion=names().get(name, name),
        sorts=_(", ").join(told) or _("no sort by a trained observer"),
        low=said(-band),
        high=said(band),
        best=said(best),
    )
    return (
        f"<p>{escape(names().get(name, name))}</p>"
        f'<div class="cg-scale" role="img" aria-label="{escape(spoken)}">'
        f'<i style="left:{_place(-band)};width:{100 * band:.1f}%"></i><s style="left:50%"></s>'
        f'<s style="left:{_place(best)}"></s>{marks}</div>'
        f'<div class="cg-ends" aria-hidden="true"><span style="left:0">−1</span>'
        f'<span style="left:50%">{escape(_("random sorts"))}</span>'
        f'<span style="left:100%">{escape(_("best sort {r}").format(r=said(best)))}</span></div>'
    )


def table(form: SortInstrument, done: Sequence[Rating]) -> str:
    """Return the sorts as a table: when, by whom, how long watched, and each correlation."""
    own = any(one.kind == "self" for one in done)
    told = _("{criterion}: as described (r)") if own else _("{criterion} (r)")
    figures_of = [told.format(criterion=names().get(name, name)) for name in form.criteria]
    heads = (_("Day"), _("Sorted by"), _("Watched"), *figures_of)
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in heads)
    body = "".join(_line(form, one) for one in done)
    return (
        f'<div class="cg-wide" tabindex="0" role="region" aria-label="{escape(_("Sorts on record"))}">'
        f'<table class="cg-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _line(form: SortInstrument, one: Rating) -> str:
    watched = "–" if one.minutes is None else n_("{n} min", "{n} min", one.minutes)
    cells = f"<td>{escape(one.rater)}</td><td>{watched}</td>"
    if one.kind == "observer" and not one.certified:
        needed = escape(_("no figure: it needs a sort by a trained, certified observer"))
        cells += f'<td class="cg-needs" colspan="{len(form.criteria)}">{needed}</td>'
    else:
        cells += "".join(f"<td>{said(one.scores[name])}</td>" for name in form.criteria)
    return f'<tr><th scope="row">{escape(day_of(one))}</th>{cells}</tr>'


def _agreement(together: Together | None) -> str:
    """Say how far two sorters agree and what their mean gives, or what is needed for that."""
    if together is None:
        return _("One more sort by somebody else, and it can be told how far two sorters agree.")
    told = _("The sorts by {first} ({day}) and {second} ({other_day}) correlate {r} with each other.").format(
        first=together.first.rater,
        day=day_of(together.first),
        second=together.second.rater,
        other_day=day_of(together.second),
        r=said(together.agreement),
    )
    if not _both_trained(together):
        return told + " " + _("Their mean is shown when both are trained and certified.")
    parts = [
        _("{criterion} {r}").format(criterion=names().get(name, name), r=said(value))
        for name, value in together.mean.items()
    ]
    return told + " " + _("The mean of the two: {figures}.").format(figures=_(", ").join(parts))


def how(form: SortInstrument) -> str:
    """Say how the figures are made, what chance alone gives, the sources, and what they cannot say."""
    made = _(
        "A figure is the correlation (Pearson's r) of where a sort has its {cards} cards with where experts "
        "had them on average; it can lie between −1 and 1. 95 of 100 random sorts lie within {band} of 0, "
        "and the highest that any sort with these piles can reach are: {best}."
    ).format(
        cards=form.cards,
        band=said(form.random_band()),
        best=_(", ").join(f"{names().get(name, name)} {said(r)}" for name, r in form.best().items()),
    )
    cited = "  \n".join(f"*{source(key).citation} {source(key).says}*" for key in SOURCES)
    cannot = _(
        "What it cannot say: anything certain about one child. Since random sorts spread this widely, small "
        "differences mean little. It is a number about a sort, and no label follows from it."
    )
    return f"{made}\n\n{cited}\n\n{cannot}"


def said(r: float) -> str:
    """Return a correlation with two decimals and a true minus sign.

    >>> said(-0.0604), said(0.993), said(float("nan"))
    ('−0.06', '0.99', '–')
    """
    return "–" if r != r else f"{r:.2f}".replace("-", "−")


def day_of(one: Rating) -> str:
    """Return the day of a sort in words."""
    return str(format_date(date.fromisoformat(one.day()), "d MMMM y", locale=language()))


def _both_trained(together: Together) -> bool:
    return together.first.certified and together.second.certified


def _place(r: float) -> str:
    """Return where a correlation lies on the way from -1 to 1."""
    return f"{50 * (1 + r):.1f}%"


def _quiet(text: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')

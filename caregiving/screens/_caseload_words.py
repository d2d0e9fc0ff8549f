"""The words of the list of families: one child after the other, facts beside what waits."""

from collections.abc import Sequence
from html import escape

from caregiving.people import Action
from caregiving.screens._caseload_due import Due
from caregiving.screens._caseload_facts import DAYS, Facts, Figures, Seen
from caregiving.screens._family_since import age
from caregiving.screens._shell import Shell
from caregiving.screens._words import cues, days, watched
from caregiving.trends.named import short_day
from caregiving.words import _, n_

STYLE = """
.cg-case { padding: 16px 0 24px; border-top: 1px solid var(--line); display: grid; gap: 8px 32px; }
@media (min-width: 900px) { .cg-case { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
  .cg-case h2 { grid-column: 1 / -1; } }
.cg-case h2 { font-size: 1.3rem; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 12px;
  align-items: baseline; }
.cg-case h2 small { color: var(--quiet); font-size: .95rem; font-weight: 400; }
.cg-case a { color: var(--caregiver) !important; display: inline-flex; min-height: 48px;
  align-items: center; }
.cg-case dl { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: 6px 16px; margin: 0;
  padding: 0; align-content: start; }
.cg-case :is(dt, dd) { margin: 0; padding: 0; font-weight: 400; font-variant-numeric: tabular-nums; }
.cg-case dt { color: var(--quiet); }
.cg-case ul { list-style: none; margin: 0 !important; padding: 0 0 0 16px !important;
  border-inline-start: 4px solid var(--caregiver); align-self: start; }
.cg-case li { margin: 0 0 8px !important; padding: 0; } .cg-case li a { min-height: 32px; }
"""


def heading(children: int, waiting: int, child: str) -> str:
    """Return the finding: with how many children something waits.

    >>> heading(7, 2, "Juno"), heading(1, 0, "Juno")
    ('Something waits with 2 of 7 children', 'Nothing waits with Juno')
    """
    if not children:
        return _("No family lets you in yet")
    if children == 1:
        told = _("Something waits with {child}") if waiting else _("Nothing waits with {child}")
        return told.format(child=child)
    if not waiting:
        return _("Nothing waits with any of the {total} children").format(total=children)
    return _("Something waits with {n} of {total} children").format(n=waiting, total=children)


def case(shell: Shell, known: Facts, waiting: Sequence[Due], today: str) -> str:
    """Return one child as a block: who it is, the facts of its log, and what waits."""
    whose = f"?family={shell.family}&amp;child={shell.child.id}"
    name = escape(shell.child.alias)
    page = _first_page(shell)
    if page:
        name = f'<a href="{page}{whose}" target="_self">{name}</a>'
    about = [age(shell.child.born_on, shell.child.due_on, today)] if _tells_age(shell) else []
    small = escape(_(", ").join([*about, shell.family_alias]))
    lines = "".join(f"<dt>{escape(what)}</dt><dd>{escape(told)}</dd>" for what, told in facts_told(known))
    waits = "".join(_waits(one, whose) for one in waiting)
    return (
        f'<section class="cg-case"><h2>{name}<small>{small}</small></h2><dl>{lines}</dl>'
        + (f'<ul aria-label="{escape(_("What waits"))}">{waits}</ul>' if waits else "")
        + "</section>"
    )


def _first_page(shell: Shell) -> str:
    """Return the page on which a visitor looks at this family first; nothing when it shares none."""
    pages = (
        (Action.SEE_PATTERNS, "/family"),
        (Action.SEE_TIMELINE, "/today"),
        (Action.OBSERVE, "/visit"),
        (Action.SEE_QUALITY, "/quality"),
    )
    return next((page for action, page in pages if shell.may(action)), "")


def _tells_age(shell: Shell) -> bool:
    return shell.may(Action.SEE_PEOPLE)


def _waits(one: Due, whose: str) -> str:
    told = escape(one.told)
    return (
        f'<li><a href="{one.page}{whose}" target="_self">{told}</a></li>' if one.page else f"<li>{told}</li>"
    )


def facts_told(known: Facts) -> list[tuple[str, str]]:
    """Return the facts about a child's log in words, each with what it is about."""
    told = []
    if known.seen is not None:
        told.append((_("Last visit"), _last_visit(known.seen)))
        if known.seen.sessions:
            told.append((_("Sessions"), _sessions(known.seen)))
    if known.held is not None:
        told.append((_("Last {n} days").format(n=DAYS), _held(known)))
    else:
        told.append((_("The log"), _("The family has not agreed to share its log with you.")))
    if known.figures is not None:
        told.append((_("The five rows"), _figures(known.figures)))
    elif known.held is not None:
        told.append((_("The five rows"), _("Figures are not part of what the family shares with you.")))
    return told


def _last_visit(seen: Seen) -> str:
    if seen.anybody is None:
        return _("none yet")
    if seen.mine is None:
        return _("{day}, by another observer; none by you yet").format(
            day=short_day(seen.anybody, weekday=True)
        )
    mine = _("{day}, by you").format(day=short_day(seen.mine, weekday=True))
    if seen.mine == seen.anybody:
        return mine
    return _("{mine}; {day}, by another observer").format(
        mine=mine, day=short_day(seen.anybody, weekday=True)
    )


def _sessions(seen: Seen) -> str:
    return _("{sessions} in the last {days} days, {twice} of them coded by two observers").format(
        sessions=n_("{n} coded session", "{n} coded sessions", seen.sessions), days=DAYS, twice=seen.twice
    )


def _held(known: Facts) -> str:
    held = known.held
    if held is None or held.last_day is None:
        return _("nothing was logged yet")
    last = _("last logged {day}").format(day=short_day(held.last_day, weekday=True))
    if not held.days:
        return _("nobody watched; {last}").format(last=last)
    return _("{time} watched on {days}, {cues}; {last}").format(
        time=watched(held.watched_s), days=days(held.days), cues=cues(held.cues), last=last
    )


def _figures(figures: Figures) -> str:
    enough = _("{n} of {total} have enough to show a figure").format(n=len(figures.enough), total=figures.of)
    if figures.enough:
        enough = _("{told} ({rows})").format(told=enough, rows=_(", ").join(figures.enough))
    return _("{told}. {next}").format(told=enough, next=figures.nearest) if figures.nearest else f"{enough}."

"""A text as it is read: when it was written, whose it is, and what it says."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

from babel.dates import format_date

from caregiving.reflections import AnyContent, Reflection
from caregiving.reflections.contents import (
    Boundary,
    Contact,
    CopingPlan,
    Goal,
    Journal,
    Ritual,
    Step,
    Stress,
    Trigger,
)
from caregiving.reflections.figures import revisit_on
from caregiving.screens._shell import Shell
from caregiving.words import _, language, n_

STYLE = """
[class*="st-key-cgnote_"] { background: var(--card); border-radius: 16px; padding: 16px 24px 4px; gap: 8px; }
[class*="st-key-cgnote_"] [data-testid="stCheckbox"] label { min-height: 48px; align-items: center; }
.cg-note { overflow-wrap: anywhere; padding-bottom: 8px; }
.cg-note p { margin: 0 0 4px; max-width: 70ch; white-space: pre-wrap; }
.cg-note .when, .cg-note .what { color: var(--quiet); font-size: .95rem; }
.cg-note .what { margin-top: 8px; }
.cg-note summary { color: var(--quiet); min-height: 48px; padding-top: 12px; cursor: pointer; }
.cg-note a { display: inline-flex; align-items: center; min-height: 48px; color: var(--caregiver); }
.cg-note ul { margin: 0; padding-inline-start: 20px; }
.cg-said { font-size: 1.15rem; margin: 8px 0; padding-inline-start: 16px; border-inline-start: 3px solid
  var(--caregiver); overflow-wrap: anywhere; }
[data-testid="stMain"] [data-testid="stBaseButton-tertiary"] { min-height: 48px; }
[data-testid="stMain"] [data-testid="stButtonGroup"] button { min-width: 48px; }
[data-testid="InputInstructions"] { display: none; }
"""
LONG = 700
NUMBER = re.compile(r"\+?[\d\s()/.-]{4,}")
Part = tuple[str, str]  # what it is, or nothing; and the words


def note(shell: Shell, text: Reflection, names: Mapping[str, str], about: Mapping[str, str]) -> str:
    """Return a text as HTML.

    Parameters: `names` of the household by member; `about` the logged moments by id, in words.
    """
    whose = [when(shell, text.at_ms)]
    if text.author != shell.viewer.member:
        whose.append(
            _("from {name}").format(name=names.get(str(text.author), _("somebody of your household")))
        )
    elif text.shared:
        whose.append(_("your household can read it"))
    head = f'<p class="when">{escape(", ".join(whose))}</p>'
    body = "".join(_shown(part) for part in parts(text.content, about))
    if isinstance(text.content, Goal) and text.author != shell.viewer.member:
        steps = "".join(f"<li>{escape(step_words(shell, step))}</li>" for step in text.content.steps)
        body += f'<ul dir="auto">{steps}</ul>'
    return f'<div class="cg-note">{head}{body}</div>'


def when(shell: Shell, at_ms: int) -> str:
    """Return a moment as people say it, such as Yesterday, 21:04."""
    zone = ZoneInfo(shell.zone)
    at = datetime.fromtimestamp(at_ms / 1000, zone)
    return f"{day(at.date(), today(shell))}, {at:%H:%M}"


def today(shell: Shell) -> date:
    """Return the day that the calendar shows here."""
    return shell.now.astimezone(ZoneInfo(shell.zone)).date()


def day(one: date, now: date) -> str:
    """Return a day as people say it; of another year, with the year.

    >>> day(date(2026, 3, 14), date(2026, 3, 15)), day(date(2026, 3, 1), date(2026, 3, 15))
    ('Yesterday', 'Sunday 1 March')
    """
    near = {0: _("Today"), 1: _("Tomorrow"), -1: _("Yesterday")}.get((one - now) // timedelta(days=1))
    pattern = "EEEE d MMMM" if one.year == now.year else "EEEE d MMMM y"
    return near or str(format_date(one, pattern, locale=language()))


def parts(content: AnyContent, about: Mapping[str, str]) -> list[Part]:
    """Return what a text says, part by part."""
    match content:
        case Journal():
            return [*_moment(content, about), ("", content.text)]
        case Trigger():
            return [
                ("", content.situation),
                (_("In the body"), content.body_sign),
                (_("I felt like"), content.urge),
                (_("What helped"), content.helped),
            ]
        case CopingPlan():
            return [(_("When"), content.when), (_("then"), content.then)]
        case Stress():
            return [("", tension(content)), (_("What helped"), content.what_helped)]
    return [("", words) for words in _plain(content)]


def _plain(content: AnyContent) -> list[str]:
    match content:
        case Contact():
            return [content.who, content.what_for, content.how_to_reach]
        case Boundary():
            return [i_sentence(content), content.text]
        case Ritual():
            return [content.what, ", ".join(one for one in (_often(content), content.when) if one)]
        case Goal():
            return [content.title]
    return [str(getattr(content, "text", ""))]


def i_sentence(content: Boundary) -> str:
    """Return the sentence that was built, of the pieces that are there.

    >>> i_sentence(Boundary(i_feel="tired", i_need="an hour alone"))
    'I feel tired, and I need an hour alone'
    """
    said = {"when": content.when, "i_feel": content.i_feel, "i_need": content.i_need}
    wordings = {
        (True, True, True): _("When {when}, I feel {i_feel}, and I need {i_need}"),
        (True, True, False): _("When {when}, I feel {i_feel}"),
        (True, False, True): _("When {when}, I need {i_need}"),
        (False, True, True): _("I feel {i_feel}, and I need {i_need}"),
        (True, False, False): _("When {when}"),
        (False, True, False): _("I feel {i_feel}"),
        (False, False, True): _("I need {i_need}"),
    }
    here = (bool(content.when), bool(content.i_feel), bool(content.i_need))
    return wordings[here].format(**said) if any(here) else ""


def tension(content: Stress) -> str:
    """Return the two numbers in words."""
    if content.after is None:
        return _("{before} of 10. How it was afterwards is still open.").format(before=content.before)
    return _("{before} of 10, and {after} afterwards").format(before=content.before, after=content.after)


def gist(text: Reflection, longest: int = 80) -> str:
    """Return the first words of a text."""
    said = next((words for _what, words in parts(text.content, {}) if words), "")
    line = " ".join(said.split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()} ..."


def step_words(shell: Shell, step: Step) -> str:
    """Return a step of a goal in words, with the day on which it was done or until which it is meant."""
    if step.done_on is not None:
        return _("{step} (done: {day})").format(step=step.text, day=day(step.done_on, today(shell)))
    if step.by is not None:
        return _("{step} (until: {day})").format(step=step.text, day=day(step.by, today(shell)))
    return step.text


def again(text: Reflection, now: date) -> str:
    """Return when somebody wanted to look at this text again, in words; nothing when they did not say."""
    on = revisit_on(text)
    if on is None:
        return ""
    if on <= now:
        return _("You wanted to look at this again.")
    return _("Look at it again: {day}").format(day=day(on, now))


def counted(kind: str, number: int) -> str:
    """Return how many texts of a kind there are, in words; nothing for a kind that is not written day by day.

    >>> counted("journal", 1), counted("small_win", 3), counted("contact", 2)
    ('1 journal entry', '3 small wins', '')
    """
    words = {
        "journal": lambda: n_("{n} journal entry", "{n} journal entries", number),
        "stress": lambda: n_("{n} tense moment", "{n} tense moments", number),
        "trigger": lambda: n_("{n} hard moment", "{n} hard moments", number),
        "gratitude": lambda: n_("{n} good thing", "{n} good things", number),
        "small_win": lambda: n_("{n} small win", "{n} small wins", number),
    }
    return words[kind]() if kind in words else ""


def _moment(content: Journal, about: Mapping[str, str]) -> list[Part]:
    if content.about_moment is None:
        return []
    return [("", about.get(str(content.about_moment), _("About a moment that was corrected since")))]


def _often(content: Ritual) -> str:
    return {
        "daily": _("every day"),
        "weekly": _("every week"),
        "fortnightly": _("every two weeks"),
        "monthly": _("every month"),
    }[content.how_often]


def _shown(part: Part) -> str:
    what, words = part
    if not words:
        return ""
    label = f'<p class="what">{escape(what)}</p>' if what else ""
    if NUMBER.fullmatch(words):
        call = re.sub(r"[^\d+]", "", words)
        return f'{label}<p><a href="tel:{call}">{escape(words)}</a></p>'
    if len(words) <= LONG:
        return f'{label}<p dir="auto">{escape(words)}</p>'
    cut = words.rfind(" ", 0, LONG) if " " in words[:LONG] else LONG
    rest = (
        f'<details><summary>{_("Read on")}</summary><p dir="auto">{escape(words[cut:].strip())}</p></details>'
    )
    return f'{label}<p dir="auto">{escape(words[:cut])} ...</p>{rest}'

"""The page for a consultation: days, parts, the family's own words, a look at it, and the files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any, Final, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

import streamlit as st
from babel.dates import format_date, format_datetime

from caregiving.exports import summary_html, summary_pdf
from caregiving.periods import EVERYTHING, Period
from caregiving.screens import _share_facts as facts
from caregiving.screens._now import now_ms
from caregiving.screens._press import once
from caregiving.screens._shell import Shell
from caregiving.store import audit, drafts
from caregiving.summary import Seen, Subject, Summary, build_summary, part_names
from caregiving.words import _, language, n_, speaking

FORM: Final = "share_summary"
WHAT: Final = "summary"  # under this word it is kept that a summary was handed out
AT_FIRST_LEFT_OUT: Final = {"self_reports"}
LONGEST: Final = 2_000
LISTED: Final = 5
FIELDS: Final = ("period", "paper", "parts", "questions", "notes")
Form = Literal["pdf", "html"]


@dataclass(frozen=True)
class _Asked:
    """What the page was asked for when it was drawn. A file is made later, in a thread without a page."""

    shell: Shell
    seen: Seen
    period: Period
    parts: tuple[str, ...]
    today: date
    zone: str
    spoken: str

    def summary(self, words: tuple[str, str]) -> Summary:
        """Return the facts, with questions and notes."""
        child = self.shell.child
        about = Subject(child.alias, child.born_on, child.due_on)
        questions, notes = words
        return build_summary(
            self.seen, self.period, about, self.today, self.parts, questions=questions, notes=notes
        )


def show(shell: Shell) -> None:
    """Show the form, a look at the page as it will stand, and the two files."""
    _refill(shell)
    st.header(_("A page for the paediatrician"))
    told = _(
        "What was logged, on paper: facts and your questions, no grade and no diagnosis. You choose what "
        "stands on it. It goes nowhere by itself; you save it and hand it over."
    )
    st.html(f'<p class="cg-quiet">{escape(told)}</p>')
    _fields(shell)
    period = _period(shell)
    with st.spinner(_("Gathering the facts…"), show_time=False):
        seen = facts.gathered(shell, period)
    asked = _Asked(shell, seen, period, tuple(_parts()), _today(shell), shell.zone, language())
    summary = asked.summary(_typed())
    _files(asked)
    with st.expander(_("Look at it first")):
        look, title = summary_html.style(), escape(summary.title)
        st.html(
            f'<style>{look}</style><div class="cg-sheet"><h2>{title}</h2>{summary_html.facts(summary)}</div>'
        )
    _handed_out(shell)


def periods() -> dict[str, str]:
    """Return the stretches of time there are to choose from."""
    return {
        "7": _("1 week"),
        "14": _("2 weeks"),
        "28": _("4 weeks"),
        "84": _("12 weeks"),
        "all": _("Everything"),
    }


def papers() -> dict[str, str]:
    """Return the sizes of paper there are to choose from."""
    return {"a4": _("A4"), "us-letter": _("US Letter")}


def _fields(shell: Shell) -> None:
    keep: dict[str, Any] = {"on_change": _keep, "args": [shell]}
    spans, names = periods(), part_names()
    st.pills(
        _("Which days?"),
        list(spans),
        format_func=lambda k: spans[k],
        key=_key("period"),
        required=True,
        **keep,
    )
    st.pills(
        _("What stands on it?"),
        list(names),
        format_func=lambda k: names[k],
        key=_key("parts"),
        selection_mode="multi",
        **keep,
    )
    st.text_area(
        _("Your questions, one a line"), key=_key("questions"), max_chars=LONGEST, height=120, **keep
    )
    st.text_area(
        _("Anything else they should know"), key=_key("notes"), max_chars=LONGEST, height=100, **keep
    )
    kept = _("What you type here is kept until you change it, and only you see it.")
    st.html(f'<p class="cg-quiet">{escape(kept)}</p>')


def _files(asked: _Asked) -> None:
    """Offer the two files. They are made at the press, with the words as they are kept at that moment."""
    sizes, shell = papers(), asked.shell
    st.pills(
        _("Which paper?"),
        list(sizes),
        format_func=lambda k: sizes[k],
        key=_key("paper"),
        required=True,
        on_change=_keep,
        args=[shell],
    )
    wide, last_day = facts.wide_report(shell, asked.period)
    paper: summary_pdf.Paper = "us-letter" if st.session_state[_key("paper")] == "us-letter" else "a4"

    def made(form: Form) -> bytes:
        with speaking(asked.spoken):
            drawn = "figures" in asked.parts
            pictures = facts.pictures(asked.seen.report, wide, last_day, asked.zone) if drawn else []
            summary = asked.summary(_kept_words(shell))
            if form == "html":
                return summary_html.render(summary, pictures)
            return summary_pdf.render(summary, pictures, paper)

    with st.container(horizontal=True, gap="medium"):
        _button(asked, "pdf", _("Save as PDF, to print or send"), summary_pdf.MIME, made)
        _button(asked, "html", _("Save as a web page, to look closer"), summary_html.MIME, made)


def _button(asked: _Asked, form: Form, label: str, mime: str, made: Callable[[Form], bytes]) -> None:
    st.download_button(
        label,
        data=lambda: made(form),
        file_name=f"summary-{asked.today.isoformat()}.{form}",
        mime=mime,
        key=f"share_{form}",
        on_click=once(_noted),
        args=[asked.shell, form, asked.period, list(asked.parts)],
    )


def _noted(shell: Shell, form: Form, period: Period, parts: list[str]) -> None:
    """Keep that a summary was handed out: its form, days and parts, and none of its content."""
    detail = {"form": form, "first": period.first, "last": period.last, "parts": parts}
    at_ms = now_ms()
    audit.note(shell.store, shell.viewer, shell.family, uuid4(), WHAT, detail, at_ms)


def _handed_out(shell: Shell) -> None:
    """List what was handed out before."""
    found = [one for one in audit.entries(shell.store, shell.viewer, shell.family) if one.what == WHAT]
    if not found:
        st.html(f'<p class="cg-quiet">{escape(_("No summary has been saved from here yet."))}</p>')
        return
    lines = "".join(f"<li>{escape(_line(shell, one))}</li>" for one in found[:LISTED])
    more = len(found) - LISTED
    rest = n_("and {n} earlier one", "and {n} earlier ones", more) if more > 0 else ""
    lead = escape(_("Saved from here before"))
    st.html(f'<p class="cg-quiet">{lead}</p><ul class="cg-quiet">{lines}</ul><p class="cg-quiet">{rest}</p>')


def _line(shell: Shell, one: audit.Entry) -> str:
    local = datetime.fromtimestamp(one.at_ms / 1000, ZoneInfo(shell.zone))
    when = format_datetime(local, "d MMM y, HH:mm", locale=language())
    form = {"pdf": _("PDF"), "html": _("web page")}.get(str(one.detail.get("form")), "")
    first, last = one.detail.get("first"), one.detail.get("last")
    days = _("all days")
    if first and last:
        days = _("{first} to {last}").format(first=_day(str(first)), last=_day(str(last)))
    return _("{when}: {form}, {days}, by {who}").format(when=when, form=form, days=days, who=one.by)


def _day(name: str) -> str:
    return str(format_date(date.fromisoformat(name), "d MMM y", locale=language()))


def _today(shell: Shell) -> date:
    return date.fromisoformat(shell.today)


def _period(shell: Shell) -> Period:
    chosen = st.session_state.get(_key("period"))
    return EVERYTHING if chosen == "all" else Period.last_days(shell.today, int(chosen or 28))


def _parts() -> list[str]:
    return [name for name in part_names() if name in (st.session_state.get(_key("parts")) or [])]


def _typed() -> tuple[str, str]:
    return str(st.session_state.get(_key("questions")) or ""), str(st.session_state.get(_key("notes")) or "")


def _kept_words(shell: Shell) -> tuple[str, str]:
    """Return questions and notes as they are kept now, maybe newer than the page with the button."""
    kept = drafts.draft(shell.store, shell.viewer, FORM)
    content = kept.content if kept else {}
    return str(content.get("questions") or ""), str(content.get("notes") or "")


def _key(field: str) -> str:
    return f"{FORM}_{field}"


def _refill(shell: Shell) -> None:
    """Put back what was chosen and typed before; the first time everything but own answers is ticked."""
    if _key("period") in st.session_state:
        return
    kept = drafts.draft(shell.store, shell.viewer, FORM)
    content = kept.content if kept else {}
    names = list(part_names())
    usual = [name for name in names if name not in AT_FIRST_LEFT_OUT]
    start = {
        "period": content.get("period") if content.get("period") in periods() else "28",
        "paper": content.get("paper") if content.get("paper") in papers() else "a4",
        "parts": [name for name in content.get("parts", usual) if name in names],
        "questions": content.get("questions") or "",
        "notes": content.get("notes") or "",
    }
    for field, value in start.items():
        st.session_state[_key(field)] = value


def _keep(shell: Shell) -> None:
    """Keep what was chosen and typed in the database."""
    content = {field: st.session_state.get(_key(field)) for field in FIELDS}
    drafts.save_draft(shell.store, shell.viewer, FORM, content, now_ms())

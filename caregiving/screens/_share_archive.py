"""Everything to carry away: an archive of the family, or tables for another program. Made when asked for."""

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

import streamlit as st

from caregiving.exports import archive, tables_csv, tables_parquet, tables_xlsx
from caregiving.exports._gathered import sheets_of
from caregiving.exports._sheets import Sheets
from caregiving.people import Action
from caregiving.periods import EVERYTHING, Period
from caregiving.screens._now import now_ms
from caregiving.screens._shell import Shell
from caregiving.store import audit, whole_family
from caregiving.words import _, language, speaking

WHAT: Final = "export"  # under this word it is kept that records were carried away
EVERYTHING_THERE_IS: Final = "archive"
ALL_DAYS, SOME_DAYS = "all", "some"
WRITERS: Final[Mapping[str, tuple[Callable[[Sheets], bytes], str, str]]] = MappingProxyType(
    {
        "xlsx": (tables_xlsx.write, tables_xlsx.MIME, tables_xlsx.SUFFIX),
        "csv": (tables_csv.write, tables_csv.MIME, tables_csv.SUFFIX),
        "parquet": (tables_parquet.write, tables_parquet.MIME, tables_parquet.SUFFIX),
    }
)


@dataclass(frozen=True)
class Asked:
    """What somebody wants to carry away. The file is made later, in a thread without a page."""

    shell: Shell
    form: str = EVERYTHING_THERE_IS
    period: Period = EVERYTHING
    pseudonymous: bool = False
    private: bool = False
    spoken: str = "en"


def show(shell: Shell) -> None:
    """Show what can be carried away, and one button that makes it and saves it."""
    st.header(_("Take your records with you"))
    if not shell.may(Action.GIVE_CONSENT):
        _quiet(_("Only the family itself takes its records along."))
        return
    _quiet(
        _(
            "What you logged is yours. Here it becomes a file on this device. Nothing goes anywhere else, "
            "and nothing is taken away from here."
        )
    )
    forms_now = forms()
    form = _one_of(_("What would you like?"), "form", forms_now, EVERYTHING_THERE_IS)
    asked = _whole(shell) if form == EVERYTHING_THERE_IS else _tables(shell, form)
    if asked is None:
        return
    for sentence in told(asked):
        _quiet(sentence)
    mime, suffix = (archive.MIME, archive.SUFFIX) if form == EVERYTHING_THERE_IS else WRITERS[form][1:]
    st.download_button(
        _("Make the file and save it"),
        data=lambda: carried(asked),
        file_name=f"{_file_name(asked)}.{suffix}",
        mime=mime,
        key=_key("save"),
        on_click="ignore",
    )
    _quiet(_("With a year of moments this takes a few seconds; the button shows that it is at work."))


def forms() -> dict[str, str]:
    """Return the forms there are to choose from."""
    return {
        EVERYTHING_THERE_IS: _("Everything, as an archive"),
        "xlsx": _("Tables for a spreadsheet"),
        "csv": _("Tables as CSV"),
        "parquet": _("Tables as Parquet"),
    }


def periods() -> dict[str, str]:
    """Return the stretches of time there are to choose from."""
    return {ALL_DAYS: _("All days"), "7": _("1 week"), "28": _("4 weeks"), SOME_DAYS: _("Choose days")}


def told(asked: Asked) -> list[str]:
    """Say in sentences what the file holds and what it does not."""
    if asked.form == EVERYTHING_THERE_IS:
        return [
            _(
                "Every moment with its corrections, watched times, people, consents and shared texts, as "
                "files that any program can read. An empty installation can be filled from it again."
            ),
            _("Your own private notes are in it too. What others wrote in private never is.")
            if asked.private
            else _("Private notes are not in it."),
            _("It holds names and is not encrypted: keep it where only you can read it."),
        ]
    names = (
        _("Codes stand for names, and free text is left out. Days, times of day and the time zone stay.")
        if asked.pseudonymous
        else _("It holds names and is not encrypted: keep it where only you can read it.")
    )
    return [
        _(
            "{child}: every moment and watched time, each cue with its answer, the figures with their "
            "limits, and what every column means."
        ).format(child=asked.shell.child.alias),
        names,
    ]


def carried(asked: Asked) -> bytes:
    """Return the file; that it was made is kept where the family sees it, none of what is in it."""
    shell, period = asked.shell, asked.period
    with speaking(asked.spoken):
        content = _archive(asked) if asked.form == EVERYTHING_THERE_IS else _table_file(asked)
    days = {"from": period.first, "to": period.last}
    detail: dict[str, Any] = {"format": asked.form, "names": not asked.pseudonymous, **days}
    audit.note(shell.store, shell.viewer, shell.family, uuid4(), WHAT, detail, now_ms())
    return content


def _archive(asked: Asked) -> bytes:
    shell, out = asked.shell, io.BytesIO()
    with whole_family.taken_out(shell.store, shell.viewer, shell.family, with_private=asked.private) as whole:
        archive.write(whole, out)
    return out.getvalue()


def _table_file(asked: Asked) -> bytes:
    shell = asked.shell
    sheets = sheets_of(
        shell.store,
        shell.viewer,
        shell.family,
        shell.child.id,
        shell.instrument,
        now_ms=now_ms(),
        period=asked.period,
        pseudonymous=asked.pseudonymous,
    )
    return WRITERS[asked.form][0](sheets)


def _whole(shell: Shell) -> Asked:
    private = _switch(_("Also my own private notes and ratings"), "private")
    return Asked(shell, private=private, spoken=language())


def _tables(shell: Shell, form: str) -> Asked | None:
    """Ask for the days and whether names stand in the tables; None while a day is still to be chosen."""
    days = _one_of(_("Which days?"), "days", periods(), ALL_DAYS)
    period = _chosen_days(shell) if days == SOME_DAYS else _last_days(shell, days)
    pseudonymous = _switch(_("Without names"), "pseudonymous")
    if period is None:
        _quiet(_("Choose a first and a last day, and the file can be made."))
        return None
    return Asked(shell, form, period, pseudonymous, spoken=language())


def _last_days(shell: Shell, days: str) -> Period:
    return EVERYTHING if days == ALL_DAYS else Period.last_days(shell.today, int(days))


def _chosen_days(shell: Shell) -> Period | None:
    today = date.fromisoformat(shell.today)
    chosen = st.date_input(_("From and to"), value=[], max_value=today, key=_key("range"))
    if not isinstance(chosen, tuple) or len(chosen) != 2:
        return None
    return Period(chosen[0].isoformat(), chosen[1].isoformat())


def _one_of(label: str, field: str, options: Mapping[str, str], default: str) -> str:
    if st.session_state.get(_key(field)) not in options:
        st.session_state[_key(field)] = default
    chosen: str | None = st.pills(
        label, list(options), format_func=lambda one: options[one], key=_key(field), required=True
    )
    return chosen or default


def _switch(label: str, field: str) -> bool:
    """Show a switch as it counts here, whatever the browser showed before another form was looked at."""
    st.session_state[_key(field)] = bool(st.session_state.get(_key(field)))
    return st.toggle(label, key=_key(field))


def _file_name(asked: Asked) -> str:
    """Return a name for the file; one without names bears none either."""
    word = "tables" if asked.form != EVERYTHING_THERE_IS else "archive"
    alias = re.sub(r"[^\w]+", "-", asked.shell.child.alias).strip("-").lower()
    who = [] if asked.pseudonymous or not alias else [alias]
    return "-".join([*who, word, asked.shell.today])


def _quiet(text: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')


def _key(field: str) -> str:
    return f"share_archive_{field}"

"""Data quality: how a record was kept, for those who rest on it. About the record, never about a person."""

from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from caregiving.people import Action, Role
from caregiving.quality import Quality, build_quality
from caregiving.screens._choice import choose
from caregiving.screens._quality_checks import checks, logged_line, table, to_do
from caregiving.screens._quality_parts import parts
from caregiving.screens._shell import Key, Shell
from caregiving.sessions import family_day
from caregiving.store.people import families
from caregiving.store.upkeep import prompts_asked, upkeep
from caregiving.words import _, n_

TITLE, ICON, ORDER = "Data quality", ":material/fact_check:", 60
ROLES = {Role.SUPERVISOR, Role.HOME_VISITOR}
ACTION = Action.SEE_QUALITY
KEPT = 32


def show(shell: Shell) -> None:
    _choose_family(shell)
    quality = _computed(shell)
    if not quality.days.logged:
        st.title(_("Nothing has been logged yet"))
        told = _("{family} has no record for {child} yet. What is logged can be looked at here from then on.")
        _said(told.format(family=shell.family_alias, child=shell.child.alias))
        return
    found = to_do(quality)
    st.title(_title(len(found)))
    _said(logged_line(quality, shell.child.alias))
    for one in found:
        st.html(
            f'<aside class="cg-card" style="margin:0 0 8px"><p style="margin:0 0 4px">{escape(one.found)}</p>'
            f'<p class="cg-quiet">{escape(one.do)}</p></aside>'
        )
    st.html(table(checks(quality)))
    st.header(_("A closer look"))
    known = parts()
    chosen = choose(_("Which part?"), "part", {key: label for key, (label, _show) in known.items()}, "hours")
    known[chosen][1](shell, quality)


def _title(number: int) -> str:
    if not number:
        return _("Nothing in this record asks for attention now")
    return n_("{n} thing in this record to look at", "{n} things in this record to look at", number)


def _choose_family(shell: Shell) -> None:
    """Offer the other families that agreed to be looked at, by the names they chose."""
    seen = [
        (family, alias)
        for family, alias in families(shell.store, shell.viewer)
        if shell.viewer.may(Action.SEE_QUALITY, family)
    ]
    if len(seen) < 2:
        return
    chips = "".join(
        f'<b aria-current="true">{escape(alias)}</b>'
        if family == shell.family
        else f'<a href="?family={family}" target="_self">{escape(alias)}</a>'
        for family, alias in seen
    )
    st.html(f'<nav class="cg-demo" aria-label="{_("Families")}">{chips}</nav>')


def _computed(shell: Shell) -> Quality:
    """Return the quality of the record, computed once for each state of it and each quarter of an hour."""
    quarter = shell.now_ms // (15 * 60_000)
    with st.spinner(_("Looking through the record…"), show_time=False):
        return _quality(shell, shell.key, quarter)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _quality(_shell: Shell, key: Key, quarter: int) -> Quality:
    family, child = _shell.family, _shell.child.id
    log, windows = _shell.log(Action.SEE_QUALITY), _shell.windows(Action.SEE_QUALITY)
    zone = str(windows["zone"].iloc[-1]) if len(windows) else _shell.zone
    asked = prompts_asked(_shell.store, _shell.viewer, family)
    return build_quality(
        log,
        windows,
        _shell.report(action=Action.SEE_QUALITY),
        upkeep(_shell.store, _shell.viewer, family, child),
        [(one.plan, one.since_ms) for one in asked],
        child=child,
        zone=zone,
        today=_today(_shell.now_ms, zone),
        now_ms=_shell.now_ms,
    )


def _today(now_ms: int, zone: str) -> str:
    """Return the family's present day, by the clock where the family lives."""
    local = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZoneInfo(zone)).utcoffset()
    minutes = int(local.total_seconds() // 60) if local is not None else 0
    return str(family_day(pd.Series([now_ms]), pd.Series([minutes])).iloc[0])


def _said(text: str) -> None:
    st.html(f'<p class="cg-quiet">{escape(text)}</p>')

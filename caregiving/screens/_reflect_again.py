"""What comes back: texts whose day for another look has come, and what the noted numbers say together."""

from datetime import timedelta
from functools import partial
from html import escape

import streamlit as st

from caregiving.faults import Refused
from caregiving.reflections import CONTENTS, Reflection
from caregiving.reflections.contents import Goal, Stress
from caregiving.reflections.figures import StressChange, counts, due, steps_done, stress_change
from caregiving.screens import _reflect_entry as entry
from caregiving.screens._press import once
from caregiving.screens._reflect_fields import key
from caregiving.screens._reflect_forms import part_of
from caregiving.screens._reflect_words import counted, day, note, today
from caregiving.screens._shell import Shell
from caregiving.words import _, n_

WEEK_MS = 7 * 24 * 3_600_000
AGAIN_DAYS = 28  # four weeks, so that it comes back on the same day of the week


def look_again(shell: Shell, texts: list[Reflection]) -> None:
    """Show one's own texts that wait for another look."""
    entry.tell("again")
    mine = [text for text in texts if text.author == shell.viewer.member]
    waiting = due(mine, today(shell))
    if not waiting:
        return
    st.subheader(_("You wanted to look at this again"))
    for text in waiting:
        with st.container(key=f"cgnote_due_{text.id}"):
            st.html(note(shell, text, {}, {}))
            with st.container(horizontal=True, gap="medium"):
                still_fits(shell, text)
                opens = partial(_open, text)
                st.button(_("Change it"), key=f"reflect_due_{text.id}", on_click=once(opens), type="tertiary")


def still_fits(shell: Shell, text: Reflection) -> None:
    """Offer to let a text come back in four weeks."""
    fits = partial(_still_fits, shell, text)
    st.button(_("It still fits"), key=f"reflect_fits_{text.id}", on_click=once(fits), type="tertiary")


def noted_this_week(shell: Shell, texts: list[Reflection]) -> None:
    """Say what was written in the last seven days, when there was something."""
    since = shell.now_ms - WEEK_MS
    mine = [text for text in texts if text.author == shell.viewer.member and text.at_ms >= since]
    found = counts(mine)
    listed = [words for kind in CONTENTS if kind in found and (words := counted(kind, found[kind]))]
    if listed:
        told = _("In the last seven days you wrote down: {what}.").format(what=_(", ").join(listed))
        st.html(f'<p class="cg-quiet">{escape(told)}</p>')


def steps_so_far(shell: Shell, texts: list[Reflection]) -> None:
    """Say how many steps of one's own goals are done, once there is one."""
    mine = [text.content for text in texts if text.author == shell.viewer.member]
    steps = steps_done([one for one in mine if isinstance(one, Goal)])
    if steps.done:
        told = n_(
            "{done} of {n} step done so far.", "{done} of {n} steps done so far.", steps.n, done=steps.done
        )
        st.html(f'<p class="cg-quiet">{escape(told)}</p>')


def tension_so_far(shell: Shell, texts: list[Reflection]) -> None:
    """Say how tense moments ended, and fold away how that is known."""
    mine = [text.content for text in texts if text.author == shell.viewer.member]
    change = stress_change([one for one in mine if isinstance(one, Stress)])
    if not change.n:
        return
    st.html(f'<p class="cg-quiet">{escape(_ended(change))}</p>')
    with st.expander(_("How do we know?")):
        st.html(f'<p class="cg-quiet">{escape(_basis(change))}</p>')


def _ended(change: StressChange) -> str:
    moments = n_("{n} moment with both numbers", "{n} moments with both numbers", change.n)
    points = n_("{n} point", "{n} points", abs(change.median))
    if change.median < 0:
        return _("{moments}: typically {points} calmer afterwards.").format(moments=moments, points=points)
    if change.median > 0:
        return _("{moments}: typically {points} more tense afterwards.").format(
            moments=moments, points=points
        )
    return _("{moments}: typically the same afterwards as before.").format(moments=moments)


def _basis(change: StressChange) -> str:
    typical = _("Typically means the median: as many moments changed more as changed less.")
    chance = change.needs or _(
        "If each change could as well have gone the other way, changes leaning this far to one side would "
        "come up in {share} of 100 such collections (Wilcoxon signed-rank test, {n} moments, p = {p})."
    ).format(share=_share(100 * change.p), n=change.n, p=f"{change.p:.2g}")
    caution = _("Hard moments also pass by themselves, so this cannot tell what helped.")
    return f"{typical} {chance} {caution}"


def _share(percent: float) -> str:
    return _("fewer than 1") if percent < 1 else f"{percent:.0f}"


def _still_fits(shell: Shell, text: Reflection) -> None:
    """Let a text come back in four weeks."""
    on = today(shell) + timedelta(days=AGAIN_DAYS)
    try:
        entry.put(shell, text, content=text.content.model_copy(update={"revisit_on": on}))
    except Refused:
        st.session_state[key("again", "trouble")] = _(
            "This was changed on another screen meanwhile. Here is how it stands now."
        )
        return
    told = _("Good. It comes up again: {day}.").format(day=day(on, today(shell)))
    st.session_state[key("again", "done")] = told


def _open(text: Reflection) -> None:
    """Go to where the text stands, with its form open."""
    part = part_of(text.kind)
    for name, value in (("part", part), (f"of_{part}", text.kind)):
        st.query_params[name] = value
        st.session_state[f"choice_{name}"] = value
    st.query_params["edit"] = str(text.id)

"""The moments of a day as a list with an edit button on every line: one tap opens the form in its place."""

from html import escape

import streamlit as st

from caregiving.charts import span
from caregiving.day import Moment
from caregiving.screens._frame import LIST_STYLE
from caregiving.words import _

SCRIPT = """
export default function ({ parentElement, data, setTriggerValue }) {
  const list = parentElement.querySelector("ul");
  list.innerHTML = data.lines;
  list.onclick = (event) => {
    const button = event.target.closest("button");
    if (button) setTriggerValue("edit", button.dataset.id);
  };
}
"""
BUTTON = """
:host, ul { font: 400 17px/1.5 var(--st-font); color: var(--ink); }
button { min-width: 72px; min-height: 48px; border: 0; background: none; padding: 0 8px;
  color: var(--caregiver);
  font: inherit; text-decoration: underline; cursor: pointer; border-radius: 12px; text-align: end; }
button:focus-visible { outline: 3px solid var(--accent); }
.cg-list li { grid-template-columns: 5.2rem 1.6rem 1fr auto; min-height: 48px; align-items: center;
  padding: 0; }
"""

_list = st.components.v2.component(
    "moment_list", html='<ul class="cg-list"></ul>', css=LIST_STYLE + BUTTON, js=SCRIPT
)


def show(rows: list[Moment], day: str, *, may_edit: bool) -> str | None:
    """Show the moments of a day, the first of the list on top; return the id whose edit was pressed."""
    lines = "".join(_line(m, may_edit=may_edit) for m in rows)
    if not may_edit:
        st.html(f'<ul class="cg-list">{lines}</ul>')
        return None
    pressed = _list(key=f"moment_list_{day}", data={"lines": lines}, on_edit_change=lambda: None)
    chosen: str | None = pressed.get("edit")
    return chosen if chosen in {m.id for m in rows} else None


def _line(moment: Moment, *, may_edit: bool) -> str:
    mark = "baby" if moment.actor == "infant" else "grown"
    hollow = " hollow" if moment.kind in ("none", "outcome") or moment.remembered else ""
    small = f" <small>{', '.join(_notes(moment))}</small>" if _notes(moment) else ""
    label = escape(_(moment.label))
    what = f"<span>{label}{small}</span>"
    named = escape(f"{_('Edit')}: {_(moment.label)}, {moment.clock}", quote=True)
    edit = f'<button data-id="{moment.id}" aria-label="{named}">{_("Edit")}</button>' if may_edit else ""
    return f'<li><time>{moment.clock}</time><i class="{mark}{hollow}"></i>{what}{edit}</li>'


def _notes(moment: Moment) -> list[str]:
    notes = []
    if moment.kind == "state":
        lasted = moment.until_minute - moment.minute
        notes.append(_("going on") if lasted != lasted else _("for {time}").format(time=span(60 * lasted)))
    if moment.had_answer:
        after = span(moment.answered_after_s)
        notes.append(_("{answer} after {time}").format(answer=escape(_(str(moment.answer))), time=after))
    if moment.who is not None:
        notes.append(escape(moment.who))
    said = (
        (_("somebody was already there"), moment.engaged),
        (_("remembered"), moment.remembered),
        (_("corrected"), moment.adjusted),
        (_("two versions"), moment.in_conflict),
    )
    return notes + [word for word, so in said if so]

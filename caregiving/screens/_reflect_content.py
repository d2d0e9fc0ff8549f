"""Between a form and a text: what the fields hold, as the content of a text, and back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from caregiving.reflections import CONTENTS, AnyContent
from caregiving.reflections.contents import Goal
from caregiving.screens._reflect_forms import Form

STEPS = (1, 2, 3)
INCOMPLETE = {"missing", "string_too_short", "too_short", "value_error"}  # what somebody can still fill in


def blank(form: Form) -> dict[str, Any]:
    """Return the fields of a form that nobody has filled in."""
    text_like = ("words", "line")
    return {ask.name: "" if ask.how in text_like else None for ask in form.asks}


def fields(form: Form, content: AnyContent) -> dict[str, Any]:
    """Return what the fields of the form show of a text."""
    if isinstance(content, Goal):
        shown: dict[str, Any] = {"title": content.title, "revisit_on": content.revisit_on}
        for number, step in enumerate(content.steps, start=1):
            shown |= {f"step_{number}": step.text, f"by_{number}": step.by}
        return blank(form) | shown
    shown = content.model_dump()
    if shown.get("about_moment") is not None:
        shown["about_moment"] = str(shown["about_moment"])
    return blank(form) | {name: value for name, value in shown.items() if name in blank(form)}


def content_of(form: Form, filled: Mapping[str, Any], old: AnyContent | None = None) -> AnyContent | None:
    """Return the content that the fields describe, or None when something is still missing.

    Parameters: `old` the content that is being changed; a step of a goal stays done when it is reworded.
    """
    given = {ask.name: filled[ask.name] for ask in form.asks if filled.get(ask.name) not in (None, "")}
    if form.kind == "goal":
        given = _goal(given, old)
    try:
        return CONTENTS[form.kind].model_validate(given)
    except ValidationError as reason:
        if {error["type"] for error in reason.errors()} <= INCOMPLETE:
            return None
        raise


def _goal(given: Mapping[str, Any], old: AnyContent | None) -> dict[str, Any]:
    done = {n: step.done_on for n, step in enumerate(old.steps, start=1)} if isinstance(old, Goal) else {}
    steps = [
        {"text": given[f"step_{n}"], "by": given.get(f"by_{n}"), "done_on": done.get(n)}
        for n in STEPS
        if f"step_{n}" in given
    ]
    kept = {name: given[name] for name in ("title", "revisit_on") if name in given}
    return kept | {"steps": steps}


def to_draft(filled: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as JSON can hold them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in filled.items()}


def from_draft(form: Form, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that a draft holds; what no longer fits the form is left out."""
    how = {ask.name: ask.how for ask in form.asks}
    found = {name: value for name, value in kept.items() if name in how or name == "shared"}
    return {
        name: date.fromisoformat(value) if value and how.get(name) == "day" else value
        for name, value in found.items()
    }

"""Ratings: those of observers with coder, training and agreement; those of parents only when they share."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import pandas as pd

from caregiving.indices import Estimate, Material, all_indices
from caregiving.indices._records import Record, rated, records
from caregiving.instruments import UnknownInstrument, load_form, load_rating, shelf
from caregiving.ratings import Rating
from caregiving.summary._said import day_words, row
from caregiving.summary._tray import Part, Seen, Table
from caregiving.words import _, n_

# Records that an index knows how to show, with their gates and what is known of their validity.
SHOWN_BY: Final = {
    "attachment": ("qsort", "q_sort", "aqs", "strange_situation", "ssp"),
    "sensitivity": ("sensitivity", "ainsworth"),
    "availability": ("availability", "eas"),
}
MEASURES: Final = {"sensitivity": {"rating"}, "availability": {"record"}}


def rated_by_others(seen: Seen) -> Part | None:
    """Return the newest ratings by observers; None without any. Nothing is computed from them."""
    observed = seen.observed[seen.observed["kind"].eq("observer")]
    if observed.empty:
        return None
    found = list(_recorded(observed, seen))
    rows = [row(label, one, _raters(one.n)) for label, one in found]
    rows += [_other(name, record) for name, record in _others(observed)]
    said = dict.fromkeys(_sentence(one.method) for _label, one in found if one.gate is None)
    names = (_("Rating"), _("Figure"), _("Between raters"), _("Raters"))
    return Part(
        said=tuple(said), tables=(Table(names, tuple(rows)),), sources=tuple(one.source for _l, one in found)
    )


def _recorded(observed: pd.DataFrame, seen: Seen) -> Iterator[tuple[str, Estimate]]:
    """Yield what the indices show of records, each with the name of its scale."""
    material = Material(seen.report.instrument, ratings=observed)
    for index in SHOWN_BY:
        for one in all_indices()[index].estimates(material):
            if one.n and one.measure in MEASURES.get(index, {one.measure}):
                scale = one.measure if one.cue_class == "all" else one.cue_class
                yield f"{_(all_indices()[index].label)}: {scale.replace('_', ' ')}", one


def _others(observed: pd.DataFrame) -> Iterator[tuple[str, Record]]:
    """Yield the newest record of every scale of instruments that no index speaks of."""
    known = {name for words in SHOWN_BY.values() for name in rated(observed, *words)["instrument"]}
    rest = observed[~observed["instrument"].isin(known)]
    for instrument, part in rest.groupby(rest["instrument"].astype("object"), sort=True):
        for record in records(part):
            yield f"{_title(str(instrument))}: {_scale(str(instrument), record.scale)}", record


def _other(name: str, record: Record) -> tuple[str, ...]:
    """Return a rating as it was entered; one without training is said to be so."""
    between = f"{record.low:g} – {record.high:g}" if record.raters > 1 else _("not known with one rater")
    return (name, f"{record.value:g}", between, f"{_raters(record.raters)}, {record.words}")


def rated_by_themselves(seen: Seen) -> Part | None:
    """Return what parents answered about themselves and chose to share; None without any."""
    rows = [line for one in seen.shared if one.shared and one.kind == "self" for line in _answers(one)]
    if not rows:
        return None
    told = _(
        "Own answers of the parents, shared by them; no validity is claimed, and they are added to nothing."
    )
    names = (_("Question"), _("Answer"), _("Who"), _("Day"))
    return Part(said=(told,), tables=(Table(names, tuple(rows)),))


def _answers(one: Rating) -> Iterator[tuple[str, ...]]:
    """Yield each answer in the words of its question, with who gave it and when."""
    day = day_words(date.fromisoformat(one.day()))
    if one.instrument not in shelf("rating"):  # a sort is no list of questions
        return
    for item in load_rating(one.instrument).items:
        if item.code in one.answers:
            yield (_(item.label), item.said(one.answers[item.code]), one.rater, day)


def _raters(number: int) -> str:
    return n_("{n} rater", "{n} raters", number)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _title(instrument: str) -> str:
    try:
        return _(load_form(instrument).title)
    except UnknownInstrument:
        return instrument


def _scale(instrument: str, scale: str) -> str:
    try:
        found = next((one for one in load_rating(instrument).scores if one.name == scale), None)
    except UnknownInstrument:
        found = None
    return _(found.label) if found is not None else scale.replace("_", " ")

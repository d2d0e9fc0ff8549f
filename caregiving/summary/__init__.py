"""The facts for a talk with the paediatrician: what was logged, what it amounts to, and what is left open.

No layout here: sentences and tables, in the field's own terms, that every form of the page shares. A figure
that may not be shown stands as the sentence that says what is lacking.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from caregiving import __version__
from caregiving.instruments import Instrument
from caregiving.periods import Period
from caregiving.sources import source
from caregiving.summary._figures import answers, comfort, crying, evenness, sessions
from caregiving.summary._ratings import rated_by_others, rated_by_themselves
from caregiving.summary._record import quality, watched
from caregiving.summary._said import age, day_words, lines_of, period_words
from caregiving.summary._tray import Part, Seen, Subject, Table
from caregiving.words import _, language, right_to_left

__all__ = ["INDICES", "Part", "Seen", "Subject", "Summary", "Table", "build_summary", "part_names"]

INDICES: Final = (
    "responsiveness",
    "latency",
    "consistency",
    "comfort",
    "sensitivity",
    "cry_load",
    "logging_audit",
)
ALWAYS: Final = ("event_grammar", "selective_logging")


@dataclass(frozen=True)
class Summary:
    """One page of facts about one child in one stretch of days.

    `child` the alias; `about` age and days in a sentence; `made_on` the day it was made; `parts` in order;
    `questions` one a line, `notes` paragraphs, both as the family typed them; `method` how figures come
    about; `sources` citation by key; `instrument` and `program` with their versions; `language` in which it
    is written, `from_right` whether that runs from right to left.
    """

    child: str
    title: str
    about: str
    made_on: date
    parts: tuple[Part, ...]
    questions: tuple[str, ...]
    notes: tuple[str, ...]
    method: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    instrument: str
    program: str
    disclaimer: str
    language: str
    from_right: bool

    @property
    def foot(self) -> str:
        """The line that stands beneath every page."""
        return " · ".join((self.disclaimer, self.instrument, self.program))


def part_names() -> dict[str, str]:
    """Return the parts that can be left out, in order, by key.

    >>> list(part_names())[:3]
    ['watched', 'crying', 'answers']
    """
    return {
        "watched": _("Who watched, and how long"),
        "crying": _("Crying and fussing in 24 hours"),
        "answers": _("Answers to cues"),
        "evenness": _("From day to day"),
        "comfort": _("Comfort"),
        "sessions": _("Observed sessions and ratings"),
        "self_reports": _("What the parents said about themselves"),
        "quality": _("How the record was kept"),
        "figures": _("Figures"),
    }


def build_summary(
    seen: Seen,
    period: Period,
    child: Subject,
    made_on: date,
    parts: Collection[str],
    *,
    questions: str = "",
    notes: str = "",
) -> Summary:
    """Return the facts of the page; a part whose key is not in `parts` is not even looked at.

    Parameters: `seen` the reports and records of the period; `questions`, `notes` as the family typed them.
    """
    chosen = [_made(key, seen, period, child, made_on) for key in part_names() if key in parts]
    kept = tuple(part for part in chosen if part is not None)
    keys = dict.fromkeys([*ALWAYS, *(key for part in kept for key in part.sources)])
    instrument = seen.report.instrument
    return Summary(
        child=child.alias,
        title=_("{child}: summary of logged moments").format(child=child.alias),
        about=" ".join(filter(None, (age(child, made_on), period_words(period, seen.report)))),
        made_on=made_on,
        parts=kept,
        questions=lines_of(questions),
        notes=lines_of(notes),
        method=_method(instrument),
        sources=tuple((key, source(key).citation) for key in keys),
        instrument=instrument.name,
        program=_("{day}, caregiving observer {version}").format(day=day_words(made_on), version=__version__),
        disclaimer=_("This describes logged moments. It is not a diagnosis."),
        language=language(),
        from_right=right_to_left(),
    )


def _made(key: str, seen: Seen, period: Period, child: Subject, made_on: date) -> Part | None:
    """Return one part under its title, or None when there is nothing that it could be about."""
    makers: dict[str, Callable[[], Part | None]] = {
        "watched": lambda: watched(seen, period),
        "crying": lambda: crying(seen.report, child.weeks(made_on)),
        "answers": lambda: answers(seen.report),
        "evenness": lambda: evenness(seen.report),
        "comfort": lambda: comfort(seen.report),
        "sessions": lambda: _joined(sessions(seen), rated_by_others(seen)),
        "self_reports": lambda: rated_by_themselves(seen),
        "quality": lambda: quality(seen),
    }
    part = makers[key]() if key in makers else None
    return None if part is None else replace(part, key=key, title=part_names()[key])


def _joined(first: Part | None, second: Part | None) -> Part | None:
    """Return two parts as one: the sentences of both, then their tables."""
    there = [part for part in (first, second) if part is not None]
    if not there:
        return None
    said, tables, keys = (
        tuple(one for part in there for one in getattr(part, name)) for name in ("said", "tables", "sources")
    )
    return Part(said=said, tables=tables, sources=keys)


def _method(instrument: Instrument) -> tuple[str, ...]:
    """Return how the figures come about, in a few sentences."""
    return (
        _("Logged with “{title}” ({name}).").format(title=_(instrument.title), name=instrument.name),
        _(
            "Cues count only in stretches that somebody had declared as watched. Each cue is followed until "
            "an answer comes, its response window is over, or watching ends; one without an answer counts as "
            "a wait that had not ended (Kaplan-Meier)."
        ),
        _(
            "Cues for which a caregiver was already there are no waits. Intervals are 95 % and take moments "
            "of one day as resembling each other wherever there are enough days."
        ),
        _("There are no norms here to be above or below, and nothing is added up to a total."),
    )

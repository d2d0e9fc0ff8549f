"""The five rows of the guidance: what each asks, which figures answer it, what they cannot say.

The rows are always there, also while a figure is still withheld. They are never added up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from caregiving.indices import Estimate, Index
from caregiving.words import _

Results = Iterable[tuple[Index, Estimate]]
Key = tuple[str, str, str]
Texts = tuple[str, str, str, str, str, str, str]
INDICES = (
    "sensitivity",
    "responsiveness",
    "latency",
    "contingency",
    "attachment",
    "availability",
    "comfort",
    "consistency",
    "predictability",
)
EVERY = "*"  # whatever classes or scales there are
# Which figures a row shows, the first one first: index, measure, class of cues.
FIGURES: dict[str, tuple[Key, ...]] = {
    "sensitivity": (
        ("sensitivity", "noticed", "distress"),
        ("sensitivity", "appropriate", "distress"),
        ("sensitivity", "prompt", "distress"),
        ("sensitivity", "effective", "distress"),
        ("sensitivity", "noticed", "non_distress"),
        ("sensitivity", "appropriate", "non_distress"),
        ("sensitivity", "prompt", "non_distress"),
        ("sensitivity", "ebsp", "all"),
        ("sensitivity", "rating", "all"),
    ),
    "responsiveness": (
        ("responsiveness", "within_180s", "distress"),
        ("latency", "median", "distress"),
        ("latency", "rmst", "distress"),
        ("responsiveness", "within_15s", "request"),
        ("responsiveness", "within_15s", "social"),
        ("contingency", "excess_pp", "distress"),
    ),
    "attachment": (
        ("attachment", "security", "all"),
        ("attachment", "ssp", "all"),
    ),
    "availability": (
        ("comfort", "comfort_completion", "distress"),
        ("comfort", "time_to_settle", "distress"),
        ("availability", "child_initiations", "all"),
        ("availability", "matched", "all"),
        ("availability", "repair_latency", "all"),
        ("availability", "record", EVERY),
    ),
    "consistency": (
        ("consistency", "sd_true_pp", "all"),
        ("consistency", "c", "all"),
        ("consistency", "mean_share", "all"),
        ("consistency", "self_report_mean", "all"),
        ("predictability", "entropy_rate_miller_madow", "all"),
    ),
}
# What studies saw: keys of sources.yaml, quoted as a sentence with its caveat.
BENCHMARKS: dict[str, tuple[str, ...]] = {
    "sensitivity": ("madigan_2024", "mcelwain_2006"),
    "responsiveness": ("jaffe_2001",),
    "attachment": ("madigan_2023", "cadman_2018"),
    "availability": ("woodhouse_2020", "emotional_availability"),
    "consistency": ("beta_binomial_days", "self_report_consistency"),
}


@dataclass(frozen=True)
class Row:
    """One row of the guidance with the figures that answer it.

    `title` is the field's name, `asks` the question in plain words, `measured` how it is measured here,
    `cannot` what its figures cannot say, `serves` the piece of guidance it belongs to; `figures` the
    estimates in order, the first that may be shown first in `leading`. `benchmarks` are sources quoted to a
    professional; `seen` says what the source `seen_in` saw in plain words, for parents.
    """

    key: str
    title: str
    asks: str
    measured: str
    cannot: str
    serves: str
    seen: str
    seen_in: str
    benchmarks: tuple[str, ...]
    figures: tuple[Estimate, ...]

    @property
    def leading(self) -> Estimate | None:
        """The first figure whose gate is met, or None."""
        return next((one for one in self.figures if one.gate is None and one.value == one.value), None)

    @property
    def nearest(self) -> Estimate | None:
        """The first figure of all: its gate says what is still needed."""
        return self.figures[0] if self.figures else None


def five_rows(*results: Results) -> tuple[Row, ...]:
    """Return the five rows, in the order of the guidance, from the results of one or more reports.

    Of several reports (taps, coded sessions) the first figure whose gate is met stands for a measure; when
    none is met, the sentence of the one that rests on most, the first among equals.

    >>> [row.key for row in five_rows()]
    ['sensitivity', 'responsiveness', 'attachment', 'availability', 'consistency']
    >>> five_rows()[0].leading is None
    True
    """
    known: dict[Key, Estimate] = {}
    for one_report in results:
        for which, one in one_report:
            key = (which.name, one.measure, one.cue_class)
            first = known.get(key)
            if first is None or (first.gate is not None and (one.gate is None or one.n > first.n)):
                known[key] = one
    return tuple(
        Row(key, *texts, BENCHMARKS[key], tuple(known[k] for k in _wanted(key, known)))
        for key, texts in _texts().items()
    )


def _wanted(row: str, known: Iterable[Key]) -> Iterator[Key]:
    """Yield the keys of a row's figures that there are, in the order of the row.

    Where every scale is wanted, the one that stands for "nothing was entered" gives way to those entered.
    """
    for index, measure, cues in FIGURES[row]:
        there = [k for k in known if k[:2] == (index, measure) and cues in (k[2], EVERY)]
        entered = [k for k in there if k[2] != "all"]
        yield from entered if cues == EVERY and entered else there


def _texts() -> dict[str, Texts]:
    """Return title, question, how it is measured, what it cannot say, the guidance, and what a study saw."""
    measured, cannot, serves, seen = _measured(), _cannot(), _serves(), _seen()
    asked = {
        "sensitivity": (_("Parental sensitivity"), _("Are signals noticed, and does the answer fit?")),
        "responsiveness": (_("Responsiveness"), _("Does an answer come, and how soon?")),
        "attachment": (_("Attachment security"), _("What did a trained observer record?")),
        "availability": (
            _("Emotional availability"),
            _("Does comfort settle, and do you find back to each other?"),
        ),
        "consistency": (_("Consistency of care"), _("Is one day like the next?")),
    }
    return {key: (*both, measured[key], cannot[key], serves[key], *seen[key]) for key, both in asked.items()}


def _measured() -> dict[str, str]:
    return {
        "sensitivity": _(
            "Counted from logged moments: noticed, fitting, prompt, and whether it helped; crying apart from "
            "the calmer moments. Which answer fits which signal is a table of ours that a clinician can "
            "change."
        ),
        "responsiveness": _(
            "From watched time: each cue is followed until an answer comes or its time is over. A cue "
            "without an answer counts as a wait that had not ended, never as missing."
        ),
        "attachment": _(
            "Only records that a trained observer or certified coder entered. Nothing is computed here from "
            "taps, because attachment cannot be read from taps."
        ),
        "availability": _(
            "Comfort from taps: hard moments that ended settled in or after contact. Time in step and "
            "finding back come from sessions that an observer coded second by second."
        ),
        "consistency": _(
            "How far the days differ beyond what chance alone would give with so few moments a day, and "
            "beside it, never mixed in, how even it felt to you."
        ),
    }


def _cannot() -> dict[str, str]:
    return {
        "sensitivity": _(
            "It is not the rating of a trained observer, and it cannot say what anybody felt or meant. Among "
            "many families it goes together with attachment only loosely."
        ),
        "responsiveness": _(
            "Shorter is not always better, and an answer that takes longer can be just right. It cannot say "
            "why an answer took the time it took."
        ),
        "attachment": _(
            "A record is one look on one day by one method. It never sums up a child or a family."
        ),
        "availability": _(
            "Hunger, tiredness and illness move these figures as well. Being out of step is ordinary; "
            "finding back is what counts."
        ),
        "consistency": _(
            "It says nothing about how good a day was: even days can be hard, uneven ones can be fine."
        ),
    }


def _seen() -> dict[str, tuple[str, str]]:
    """Return what a study saw, in plain words, and the key of the study."""
    return {
        "sensitivity": (
            _(
                "Over 174 groups of families, what observers rated and attachment went together only loosely "
                "(r = .25, likely .22 to .28)."
            ),
            "madigan_2024",
        ),
        "responsiveness": (
            _(
                "In 88 pairs, a middling degree of back and forth at 4 months went with attachment security "
                "at 12 months: faster and tighter was not better."
            ),
            "jaffe_2001",
        ),
        "attachment": (
            _(
                "In 245 studies with 32,426 children, two ways of recording attachment agreed only loosely: "
                "a sort by an observer with the laboratory record r = .25, a parent's own sort r = .18."
            ),
            "cadman_2018",
        ),
        "availability": (
            _(
                "In 83 families, getting it right about half the time went with attachment security. Comfort "
                "need not work every time."
            ),
            "woodhouse_2020",
        ),
        "consistency": (
            _(
                "With 8 cues a day the share answered swings by about 17 points from day to day even when "
                "nothing about the care differs. Only what goes beyond that is counted here."
            ),
            "beta_binomial_days",
        ),
    }


def _serves() -> dict[str, str]:
    return {
        "sensitivity": _("Seeing a signal and reading it is where comfort begins."),
        "responsiveness": _("Prompt and loving answers teach a baby that somebody comes."),
        "attachment": _("A dependable person nearby is a safe base to explore from and to come back to."),
        "availability": _("Warmth, and mending after a miss."),
        "consistency": _("What can be expected is easier to trust."),
    }

"""Why a card is shown, in a sentence that says what was logged or said, and nothing about anybody."""

from caregiving.words import _


def because(pattern: str | None, alias: str) -> str:
    """Return why a card is shown. `alias` is what the child is called; None is a card that came by the day.

    >>> because(None, "Juno")
    'An idea for today. Nothing in the log asked for it.'
    """
    if pattern is None:
        return _("An idea for today. Nothing in the log asked for it.")
    told = {**_said(), **_logged()}[pattern]
    return told.format(alias=alias)


def _said() -> dict[str, str]:
    """Return the reasons that come from what somebody said, and from the family's own weeks."""
    return {
        "lost_control": _("You said that it is getting too much. That comes before everything else."),
        "unsafe_home": _("You said that home does not feel safe. That comes before everything else."),
        "health_worry": _("You said that {alias} seems ill. That comes before everything else."),
        "phq2_3": _("Because of what you said about your mood in the last check-in."),
        "phq2_2": _("Because of what you said about your mood in the last check-in."),
        "crying_worry": _("Because there is a lot of crying to bear at the moment."),
        "high_stress": _("Because you said in the last check-in that this is a hard stretch."),
        "low_support": _("Because you said in the last check-in that you carry much of this alone."),
        "waits_grew": _("Because this week answers took longer than in the two weeks before."),
        "waits_shrank": _("Because this week answers came sooner than in the two weeks before."),
        "fewer_answers": _("Because lately fewer moments had an answer than in the weeks before."),
        "more_crying": _("Because lately there was more crying than in the weeks before."),
    }


def _logged() -> dict[str, str]:
    """Return the reasons that come from the log."""
    return {
        "distress_often_unanswered": _(
            "Because lately more of the logged crying and fussing went without an answer than with one."
        ),
        "fewest_answers_distress": _(
            "Because of all that {alias} showed lately, crying and fussing had an answer least often."
        ),
        "fewest_answers_request": _(
            "Because of all that {alias} showed lately, reaching and asking had an answer least often."
        ),
        "fewest_answers_social": _(
            "Because of all that {alias} showed lately, smiles, looks and coos had an answer least often."
        ),
        "days_differ": _("Because the logged days lately differed more than chance alone would make them."),
        "settled_alone_most": _(
            "Because lately more of the logged crying ended by itself than with somebody there."
        ),
        "one_person_answers": _("Because lately every logged answer came from the same person."),
        "stimulation_after_turning_away": _(
            "Because lately, at least once, {alias} turned away and something lively came soon after."
        ),
        "night_not_watched": _("Because the nights are not in the log, and nights are a part of it all."),
    }

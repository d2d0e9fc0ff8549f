"""The checks of a record as rows of a table, and in sentences what somebody could do about it."""

from dataclasses import dataclass
from html import escape

from caregiving.charts.heaping import percent
from caregiving.indices import Estimate
from caregiving.quality import Quality
from caregiving.screens._words import cues, days, needs, watched
from caregiving.words import _, n_

ALL_LOGGED = ("all", "most")


@dataclass(frozen=True)
class Check:
    """One check: what was looked at, the figure, how sure it is or what it rests on, and what beside it."""

    what: str
    figure: str
    rests: str
    beside: str = ""


@dataclass(frozen=True)
class ToDo:
    """Something in a record that somebody can do something about: what was found, and what could be done."""

    found: str
    do: str


def to_do(quality: Quality) -> list[ToDo]:
    """Return what asks for attention, the figures it may touch most first; usually nothing."""
    found = [_apart(one) for one in quality.ways.apart]
    if quality.in_conflict:
        found.append(
            ToDo(
                n_(
                    "{n} moment stands beside another version of itself, and neither is counted.",
                    "{n} moments stand beside another version of themselves, and none of them is counted.",
                    quality.in_conflict,
                ),
                _("The family can choose the right version under Today."),
            )
        )
    if quality.taps.rounded:
        told = _(
            "{share} of the tapped times lie on a whole minute; chance alone would give {chance}. Some may "
            "have been entered by the clock."
        )
        share, chance = percent(quality.taps.share.value), percent(quality.taps.chance)
        found.append(
            ToDo(
                told.format(share=share, chance=chance),
                _("Ask which moments were entered afterwards; read short waits with that in mind."),
            )
        )
    if quality.clocks.matters:
        told = _(
            "The clocks of two tablets lie {apart} s apart. The shortest time in which an answer counts is "
            "{window} s, so an answer tapped on the other tablet can be counted wrongly."
        )
        numbers = {"apart": round(quality.clocks.apart_s), "window": round(quality.clocks.shortest_window_s)}
        found.append(ToDo(told.format(**numbers), _("Let both tablets set their time from the network.")))
    return found


def _apart(one: Estimate) -> ToDo:
    told = (
        _("{cues} had an answer more often than cues in live windows: {n} apart, likely {low} to {high}.")
        if one.value > 0
        else _(
            "{cues} had an answer less often than cues in live windows: {n} apart, likely {low} to {high}."
        )
    )
    points = n_("{n} point", "{n} points", abs(round(one.value)))
    return ToDo(
        told.format(cues=_subject(one.measure), n=points, low=signed(one.low), high=signed(one.high)),
        _(
            "What was logged may depend on what happened. Rest on live windows, and ask whether a few random "
            "prompts would be welcome."
        ),
    )


def _subject(measure: str) -> str:
    """Return the cues of a comparison as the subject of a sentence."""
    return {
        "opportunistic_minus_live": _("Cues tapped in passing"),
        "session_minus_live": _("Cues in coded sessions"),
        "prompt_minus_live": _("Cues in prompted looks"),
    }[measure]


def _compared(measure: str) -> str:
    """Return what a comparison is called in the table."""
    return {
        "opportunistic_minus_live": _("Share answered: taps in passing minus live windows"),
        "session_minus_live": _("Share answered: coded sessions minus live windows"),
        "prompt_minus_live": _("Share answered: prompted looks minus live windows"),
    }[measure]


def signed(points: float) -> str:
    """Return points with their sign.

    >>> signed(4.2), signed(-11.6), signed(float("nan"))
    ('+4', '−12', '–')
    """
    if points != points:
        return "–"
    whole = round(points)
    return f"−{-whole}" if whole < 0 else f"+{whole}"


def limits(one: Estimate) -> str:
    """Return the limits of a share in per cent, or a dash."""
    if one.low != one.low:
        return "–"
    return _("{low} to {high}").format(low=percent(one.low), high=percent(one.high))


def checks(quality: Quality) -> list[Check]:
    """Return every check of a record as a row; what cannot be told yet says what is missing."""
    return [
        _logged(quality),
        _share(_("Tapped times on a whole minute"), quality.taps.share, _by_chance(quality.taps.chance)),
        _share(
            _("Remembered times on five minutes"), quality.memory.share, _by_chance(quality.memory.chance)
        ),
        _prompts(quality),
        *(_difference(one) for one in quality.ways.differences),
        _share(
            _("Unanswered cues without a tap that says so"),
            quality.ways.unconfirmed,
            _("a silence that nobody confirmed"),
        ),
        _share(
            _("Cues of the first two days"),
            quality.ways.first_days,
            _("watching itself may change what is done"),
        ),
        _ended(quality),
        _corrected(quality),
        _clocks(quality),
    ]


def table(rows: list[Check]) -> str:
    """Return the checks as a table."""
    head = "".join(
        f'<th scope="col">{escape(word)}</th>'
        for word in (_("Check"), _("Found"), _("95 % limits, or from"), _("Beside it"))
    )
    body = "".join(
        f'<tr><th scope="row">{escape(row.what)}</th><td style="white-space:nowrap">{escape(row.figure)}</td>'
        f'<td>{escape(row.rests)}</td><td class="cg-needs">{escape(row.beside)}</td></tr>'
        for row in rows
    )
    return (
        '<div class="cg-wide" tabindex="0"><table class="cg-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _logged(quality: Quality) -> Check:
    seen = quality.days
    whole = seen.logged + seen.missing
    gap = ""
    if seen.gap_from is not None:
        gap = n_(
            "longest gap {n} day, from {day}",
            "longest gap {n} days, from {day}",
            seen.longest_gap,
            day=seen.gap_from,
        )
    return Check(
        _("Days with something logged"),
        _("{n} of {whole}").format(n=seen.logged, whole=whole),
        _("{first} to {last}").format(first=seen.first, last=seen.last),
        gap,
    )


def _by_chance(chance: float) -> str:
    return _("{share} by chance").format(share=percent(chance))


def _share(what: str, one: Estimate, beside: str) -> Check:
    if not one.n:
        return Check(what, "–", needs(one.gate) if one.gate else "–")
    rests = _("{limits}, of {n}").format(limits=limits(one), n=one.n)
    return Check(what, percent(one.value), rests, beside)


def _prompts(quality: Quality) -> Check:
    one, already = quality.prompts.share, quality.prompts.watching_already
    what = _("Prompts answered within 15 minutes")
    if not one.n:
        return Check(what, "–", _("Nobody has asked for prompts, or none has been due yet."))
    beside = n_(
        "{n} came while somebody was watching anyway",
        "{n} came while somebody was watching anyway",
        already,
    )
    return Check(
        what,
        percent(one.value),
        _("{limits}, of {n}").format(limits=limits(one), n=one.n),
        beside if already else "",
    )


def _difference(one: Estimate) -> Check:
    what = _compared(one.measure)
    if one.gate is not None:
        return Check(what, "–", needs(one.gate))
    rests = _("{low} to {high} points, of {n}").format(
        low=signed(one.low), high=signed(one.high), n=cues(one.n)
    )
    return Check(what, signed(one.value), rests, _("told above beyond 15 points"))


def _ended(quality: Quality) -> Check:
    ended = {one.attestation: one for one in quality.attested}
    whole, counted = (sum(ended[name].windows for name in names) for names in (ended, ALL_LOGGED))
    minutes, partly = sum(one.minutes for one in quality.attested), ended["some"].windows
    beside = n_(
        "{n} with only some cues logged is left out", "{n} with only some cues logged are left out", partly
    )
    return Check(
        _("Windows ended with all or most cues logged"),
        _("{n} of {whole}").format(n=counted, whole=whole),
        watched(minutes * 60),
        beside if partly else "",
    )


def _corrected(quality: Quality) -> Check:
    written, corrected, back = (int(quality.weeks[c].sum()) for c in ("written", "corrected", "taken_back"))
    return Check(
        _("Corrected, and taken back"),
        _("{corrected} and {back}").format(corrected=corrected, back=back),
        _("of {n} moments written in 8 weeks").format(n=written),
    )


def _clocks(quality: Quality) -> Check:
    clocks = quality.clocks
    if not clocks.known:
        return Check(_("Largest difference of a clock"), "–", _("No tablet has compared its clock yet."))
    return Check(
        _("Largest difference of a clock"),
        f"{clocks.largest_s:.2g} s",
        _("{n} of {whole} moments, {devices}").format(
            n=clocks.known,
            whole=clocks.n,
            devices=n_("{n} device", "{n} devices", clocks.devices),
        ),
        _("intervals on one tablet do not depend on it"),
    )


def logged_line(quality: Quality, child: str) -> str:
    """Return the record in a sentence: whose, from when to when, how much was watched, when last."""
    seen = quality.days
    last = (
        _("something was logged today")
        if not seen.since_last
        else n_("the last moment lies {n} day back", "the last moment lies {n} days back", seen.since_last)
    )
    return _("{child}: {days} logged, {time} watched; {last}.").format(
        child=child, days=days(seen.logged), time=watched(quality.watched_s), last=last
    )

"""What the page of agreement says: the finding, what was missed, what was left out, how it is made."""

from collections.abc import Mapping
from dataclasses import dataclass

from caregiving.charts import span
from caregiving.coded import CodedSession
from caregiving.coded.looks import Cast
from caregiving.instruments import load
from caregiving.screens._session_words import date_of
from caregiving.twice import Twice
from caregiving.twice.compare import TOLERANCES_S, Compared
from caregiving.twice.gates import Held, Standing, held, said
from caregiving.words import _, n_

ACROSS_S = TOLERANCES_S[-1]


@dataclass(frozen=True)
class Names:
    """Aliases of observers by id; who is not known is told apart by the order of coding."""

    known: Mapping[str, str]

    def of(self, twice: Twice) -> tuple[str, str]:
        """Return what the two observers of a session are called."""
        first = self.known.get(twice.first.coder, _("the first observer"))
        second = self.known.get(twice.second.coder, _("the second observer"))
        return first, second

    def both(self, ids: tuple[str, str]) -> str:
        """Return two observers in one phrase."""
        one, other = (self.known.get(name, _("an observer")) for name in ids)
        return _("{one} and {other}").format(one=one, other=other)


def capital(text: str) -> str:
    """Return a sentence with its first letter raised.

    >>> capital("the first observer")
    'The first observer'
    """
    return text[:1].upper() + text[1:]


def share(value: float) -> str:
    """Return a share as a percentage that rounding never lifts to all.

    >>> share(0.834), share(0.9996), share(1.0)
    ('83 %', '99.9 %', '100 %')
    """
    whole = f"{value:.0%}".replace("%", " %")
    return f"{int(value * 1000) / 10:.1f} %" if whole == "100 %" and value < 1 else whole


def pair_name(twice: Twice, names: Names) -> str:
    """Return a session coded twice as a line to choose."""
    first, second = names.of(twice)
    return _("{day}, {clock}: {title} ({first}, {second})").format(
        day=date_of(twice.first.day),
        clock=twice.first.began[11:],
        title=_(load(twice.first.instrument).title),
        first=first,
        second=second,
    )


def _weakest(found: list[Held], how: str) -> Held | None:
    known = [one for one in found if one.how == how and one.kappa.value == one.kappa.value]
    return min(known, key=lambda one: one.kappa.value, default=None)


def finding(one: Compared, names: Names) -> str:
    """Return the heading: the weakest side of the agreement, in time or moment by moment."""
    first, second = names.of(one.twice)
    known = [part for part in held([one]) if part.kappa.value == part.kappa.value]
    weakest = min(known, key=lambda part: part.kappa.value, default=None)
    if weakest is not None and weakest.how == "time":
        text = _("{first} and {second} had the same for {share} of the time")
        return capital(text.format(first=first, second=second, share=share(weakest.kappa.agreed)))
    counts = one.counts()
    every = sum(counts[name] for name in ("matched", "differing", "missed_by_a", "missed_by_b"))
    text = _("{first} and {second} had {matched} of {all} moments alike")
    return capital(text.format(first=first, second=second, matched=counts["matched"], all=every))


def by_person(one: Compared, cast: Cast) -> list[str]:
    """Return for each person the kappa in time, the weaker direction, and by moments."""
    lines = []
    every = list(held([one]))
    for actor in one.actors:
        mine = [part for part in every if part.actor == actor]
        timed, events = _weakest(mine, "time"), _weakest(mine, "events")
        told = []
        if timed is not None:
            told.append(
                _("the same within {s} in {share} of the time, {kappa}").format(
                    s=span(ACROSS_S), share=share(timed.kappa.agreed), kappa=_kappa(timed)
                )
            )
        if events is not None:
            told.append(_("moment by moment {kappa}").format(kappa=_kappa(events)))
        if told:
            name = cast.names.get(actor, actor)
            lines.append(_("{name}: {list}.").format(name=name, list="; ".join(told)))
    return lines


def _kappa(one: Held) -> str:
    """Return a kappa with its limits; where there is too little, say so."""
    text = f"kappa {said(one.kappa.value)} [{said(one.kappa.low)}, {said(one.kappa.high)}]"
    return text if one.kappa.gate is None else _("{kappa} (too little to rest on)").format(kappa=text)


def missed(one: Compared, names: Names) -> str:
    """Return how many moments each missed of what the other one coded; always said."""
    first, second = names.of(one.twice)
    counts = one.counts()
    text = _(
        "{second} missed {n_second} of the {by_first} that {first} coded; {first} missed {n_first} of the "
        "{by_second} that {second} coded. {matched} are the same, {differing}."
    )
    return text.format(
        first=first,
        second=second,
        by_first=n_("{n} moment", "{n} moments", counts["n_a"]),
        by_second=n_("{n} moment", "{n} moments", counts["n_b"]),
        n_second=counts["missed_by_b"],
        n_first=counts["missed_by_a"],
        matched=counts["matched"],
        differing=n_("{n} is named differently", "{n} are named differently", counts["differing"]),
    )


def left_out(one: Compared) -> list[str]:
    """Return how the two were brought onto one clock, and what is not compared."""
    both = one.together
    told = [
        _("{time} are compared.").format(time=span(both.watched_s)),
        _(
            "One was coded from a recording: each runs on its own watched time, breaks cut out, both from "
            "their beginning, up to the end of the shorter one."
        )
        if both.recorded
        else _("Both were coded at the same time."),
        *both.notes,
    ]
    outside = sum(both.n_outside)
    if outside:
        told.append(
            n_(
                "{n} moment lies outside that time and is left out.",
                "{n} moments lie outside that time and are left out.",
                outside,
            )
        )
    if both.unseen_s:
        told.append(_("Left out are {time} in which both could not see.").format(time=span(both.unseen_s)))
    if one.n_short:
        told.append(
            n_(
                "{n} state that lasted up to {s} longer for one of them is not marked.",
                "{n} states that lasted up to {s} longer for one of them are not marked.",
                one.n_short,
                s=span(ACROSS_S),
            )
        )
    return told


def allowed(found: Standing, cast: Cast) -> str:
    """Return what the agreement over all sessions of the instrument allows, and how many were coded twice."""
    told = capital(found.sentence) + "."
    if found.weakest is not None and not found.too_little:
        limits = _("95 % {low} to {high}").format(low=said(found.low), high=said(found.high))
        whose = cast.names.get(found.weakest.actor, found.weakest.actor)
        kind = _("in time") if found.weakest.how == "time" else _("moment by moment")
        told += " " + _(
            "That is the weakest of the kappas that figures rest on: {whose}, {kind}, {limits}."
        ).format(whose=whose, kind=kind, limits=limits)
        told += " " + _verdict(found)
    counted = _("{n} of {total} with “{title}” were coded twice.").format(
        n=found.n_twice,
        total=n_("{n} session", "{n} sessions", found.n_sessions),
        title=_(load(found.instrument).title),
    )
    return f"{told} {counted}"


def _verdict(found: Standing) -> str:
    if found.export:
        return _("Figures of these sessions are shown, and may be exported (.75).")
    if found.show:
        return _("Figures of these sessions are shown (.60), but not exported (.75).")
    return _("Figures of these sessions are not shown yet (.60).")


def not_compared(twice: Twice, names: Names) -> str:
    """Return why a session that was coded twice is not compared."""
    day = date_of(twice.first.day)
    open_one = [
        name for name, one in zip(names.of(twice), (twice.first, twice.second), strict=True) if not one.ended
    ]
    if open_one:
        return _("The session of {day} is compared once {name} has ended the coding.").format(
            day=day, name=open_one[0]
        )
    return _(
        "The session of {day} is not compared: only some of it was logged in one of the two codings."
    ).format(day=day)


def still_waiting(first: CodedSession | None, name: str) -> str:
    """Return that a session waits for its second coding."""
    if first is None:
        return _("A session waits for its second coding by {name}.").format(name=name)
    return _("The session of {day} waits for its second coding by {name}.").format(
        day=date_of(first.day), name=name
    )

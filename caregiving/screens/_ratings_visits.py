"""What the page of ratings looks at: the ratings on record, the forms they were made with, and the visits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date

from caregiving.instruments import SortInstrument, UnknownInstrument, load, load_form, load_procedure, shelf
from caregiving.people import Action
from caregiving.ratings import Rating
from caregiving.screens._questions import Asked
from caregiving.screens._shell import Shell
from caregiving.store import ratings
from caregiving.store import visits as watching
from caregiving.store.visits import Watched
from caregiving.visits import Progress, watched_ms
from caregiving.words import _, language, n_

Visits = Mapping[str, Watched]


@dataclass(frozen=True)
class Desk:
    """What one look at the page needs: the ratings about a child, their forms, the visits, and the clock.

    forms: those to fill in, and every one in which something is on record. names: the visits, in words.
    """

    shell: Shell
    zone: ZoneInfo
    found: Sequence[Rating]
    forms: Mapping[str, Asked]
    visits: Visits
    names: Mapping[str, str]

    def moment(self, at_ms: int) -> str:
        """Return a moment as people write it, such as 12 March, 14:02; of another year, with the year."""
        return _moment(at_ms, self.shell.now, self.zone)

    def ago(self, at_ms: int) -> str:
        """Return how long ago something was, as people say it."""
        gone = timedelta(milliseconds=max(0, self.shell.now_ms - at_ms))
        if gone < timedelta(minutes=1):
            return _("just now")
        if gone < timedelta(hours=1):
            return n_("{n} minute ago", "{n} minutes ago", gone // timedelta(minutes=1))
        if gone < timedelta(days=1):
            return n_("{n} hour ago", "{n} hours ago", gone // timedelta(hours=1))
        return n_("{n} day ago", "{n} days ago", gone.days)


def desk_of(shell: Shell) -> Desk:
    """Return what the page of ratings looks at now; everything in it is read once."""
    zone, found, visits = ZoneInfo(shell.zone), held(shell), visits_of(shell)
    on_record = {name: form_of(name) for name in {one.instrument for one in found}}
    forms = forms_to_fill() | {name: form for name, form in on_record.items() if form is not None}
    titles = {name: _visit_title(name) for name in {one.visit.instrument for one in visits.values()}}
    names = {
        sitting: _visit_words(one, titles[one.visit.instrument], shell.now, zone)
        for sitting, one in visits.items()
    }
    return Desk(shell, zone, found, forms, visits, names)


def forms_to_fill() -> dict[str, Asked]:
    """Return the forms in which observers rate, by name: the newest version of each that is on the shelf.

    Those that anybody may fill in come before those that take a certified rater.
    """
    newest = {name.split(".v")[0]: name for kind in ("rating", "procedure") for name in shelf(kind)}
    found = {name: form for name in newest.values() if (form := form_of(name)) is not None}
    ours = [(name, form) for name, form in found.items() if form.audience == "observers"]
    return dict(sorted(ours, key=lambda one: one[1].needs.certified_when is not None))


def form_of(name: str) -> Asked | None:
    """Return the form of that name; None for a sort, and for one that is not on the shelf."""
    try:
        found = load_form(name)
    except UnknownInstrument:
        return None
    return None if isinstance(found, SortInstrument) else found


def held(shell: Shell, instrument: str | None = None, family: UUID | None = None) -> list[Rating]:
    """Return what observers rated in these forms and this viewer may see, the newest first.

    Of the chosen child, or of everybody in another `family`.
    """
    child = shell.child.id if family is None else None
    found = ratings.read(shell.store, shell.viewer, family or shell.family, child, instrument)
    known = {name for name in {one.instrument for one in found} if form_of(name) is not None}
    return [one for one in found if one.kind == "observer" and one.instrument in known]


def visits_of(shell: Shell, family: UUID | None = None) -> dict[str, Watched]:
    """Return the visits of which something was watched, the newest first, by the id of the sitting."""
    home = family or shell.family
    if not any(shell.viewer.may(one, home) for one in (Action.SEE_PATTERNS, Action.OBSERVE)):
        return {}
    nothing = (Progress.PLANNED, Progress.DISCARDED)
    child = shell.child.id if family is None else None
    found = watching.read(shell.store, shell.viewer, home, child)
    seen = [one for one in found if one.progress not in nothing]
    seen.sort(key=lambda one: one.parts[0].started_ms, reverse=True)
    return {str(one.visit.sitting): one for one in seen}


def target(one: Rating, visits: Visits) -> str:
    """Return what was rated: the visit, or where none was named the child's day.

    A visit that was coded a second time counts as the first one: both observers saw the same.
    """
    named = visits.get(str(one.window))
    if named is not None:
        return str(named.visit.codes_again or named.visit.sitting)
    return str(one.window) if one.window else f"{one.child} {one.day()}"


def _visit_words(one: Watched, title: str, now: datetime, zone: ZoneInfo) -> str:
    """Return a visit as a line to choose: when it began, what it was, how long was watched."""
    minutes = max(1, round(watched_ms(one.parts, int(now.timestamp() * 1000)) / 60_000))
    told = _("{when}: {title} ({length})").format(
        when=_moment(one.parts[0].started_ms, now, zone),
        title=title,
        length=n_("{n} minute", "{n} minutes", minutes),
    )
    return _("{visit}, coded again").format(visit=told) if one.visit.codes_again else told


def _moment(at_ms: int, now: datetime, zone: ZoneInfo) -> str:
    at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    pattern = "d MMMM" if at.year == now.astimezone(zone).year else "d MMMM y"
    return f"{format_date(at.date(), pattern, locale=language())}, {at:%H:%M}"


def _visit_title(name: str) -> str:
    for find in (load, load_procedure):
        try:
            return _(find(name).title)
        except UnknownInstrument:
            continue
    return name

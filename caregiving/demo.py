"""The invented households that a first visitor meets: who lives there, who looks in, what they recorded."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from caregiving.instruments import Form, load_rating, load_sort
from caregiving.people import Role
from caregiving.ratings import Rating, Said, counted
from caregiving.store import visits
from caregiving.store.consents import give_consent
from caregiving.store.engine import Store
from caregiving.store.events import ingest
from caregiving.store.people import Caregiver, Child, Member, found_household, members, viewer_of
from caregiving.store.ratings import rate
from caregiving.visits import Visit
from sample_data import visits as invented_visits
from sample_data.cast import EVERYBODY, INES, NOOR
from sample_data.household import Household, household
from sample_data.make import NAMESPACE
from sample_data.recipes import RECIPES, SEVERAL, USUAL, Recipe
from sample_data.sorts import sorts
from sample_data.visits import Called, Visited

BATCH = 500
SEED = 7
FORTNIGHT = 14
OLD_ENOUGH = timedelta(days=365)  # the cards of the sort are about children who get around by themselves
RATED = 4  # the session of which there are two ratings; the record of a coder is about the one before
TOLD: Final[dict[str, Said]] = {
    "training": "certified",
    "observed_minutes": 25,
    "setting": "Play and a feed (invented)",
}
CODED: Final[dict[str, Said]] = {
    "version_used": "invented",
    "certificate": "invented",
    "observed_minutes": 20,
    "given_adult_sensitivity": 5.5,
    "given_structuring": 5,
    "given_non_intrusiveness": 5.5,
    "given_non_hostility": 6.5,
    "given_child_responsiveness": 5,
    "given_child_involvement": 4.5,
}
Tell = Callable[[int, int], None]


@dataclass
class _Home:
    """One household with the visits to it, on its way into the store."""

    how: Recipe
    made: Household
    called: list[Called] = field(default_factory=list)


def seed(
    store: Store, at: datetime, *, recipe: str = USUAL, days: int | None = None, tell: Tell | None = None
) -> bool:
    """Put an invented household, or several, into an empty store; tell whether they were put there now.

    Parameters: `at` the present: the log ends the evening before, so that today is still empty; `recipe` one
    of `sample_data.recipes.RECIPES` or `SEVERAL`; `days` how many were logged, when not as many as the recipe
    says, for a single household; `tell` is told how many records are stored, of how many, after each batch.
    """
    if _somebody_invented(store, at):
        return False
    homes = list(_homes(recipe, days, at))
    count = _Count(sum(len(h.made.items) + sum(len(one.items) for one in h.called) for h in homes), tell)
    for home in homes:
        if not _founded(store, home.made, int(at.timestamp() * 1000)):
            return False
        parent = _members(home.made)[0].id
        for consent in home.made.consents:
            give_consent(store, viewer_of(store, parent, at), consent)
        _send(store, parent, home.made.items, at, count)
        for called in home.called:
            visits.plan(store, viewer_of(store, called.plan.author, at), called.plan)
            _send(store, called.plan.author, list(called.items), at, count)
        for rating in _ratings(home):
            rate(store, viewer_of(store, rating.author, at), rating)
    return True


class _Count:
    """How many records are stored; tells it after each batch."""

    def __init__(self, of: int, tell: Tell | None) -> None:
        self.stored, self.of, self.tell = 0, of, tell

    def add(self, number: int) -> None:
        """Count some more records."""
        self.stored += number
        if self.tell is not None:
            self.tell(self.stored, self.of)


def _homes(recipe: str, days: int | None, at: datetime) -> Iterator[_Home]:
    """Yield the households of a recipe; the visitors come with the first one."""
    recipes = SEVERAL.get(recipe) or (RECIPES[recipe],)
    for place, how in enumerate(recipes):
        logged = how.days if days is None or len(recipes) > 1 else days
        made = household(
            how.truth,
            days=logged,
            ends_on=at.date(),
            seed=SEED + place,
            cast=how.cast,
            lived=how.lived(how.truth, logged, SEED + place),
            agreed_for_days=how.agreed_for_days,
            brings=EVERYBODY if place == 0 else (),
        )
        yield _Home(how, made, list(_visits(how, made, logged, at.date())))


def _visits(how: Recipe, made: Household, days: int, today: date) -> Iterator[Called]:
    """Yield the visits to a household: those of its last fortnight, and one that was paused yesterday."""
    first_day = made.first_day + timedelta(days=max(days - FORTNIGHT, 0))
    home = Visited(made.family, made.child, _caregivers(made)[0].id, made.zone, made.name, first_day)
    if how.play:
        logged = min(days, FORTNIGHT)
        yield from invented_visits.visits(home, made.visitors[NOOR], made.visitors[INES], SEED, logged)
    if how.left_open:
        began = datetime.combine(today - timedelta(days=1), time(15), ZoneInfo(made.zone))
        yield invented_visits.unfinished(home, made.visitors[NOOR], began, SEED)


def _send(store: Store, member: UUID, items: list[dict[str, object]], at: datetime, count: _Count) -> None:
    """Store what somebody's tablet would have sent."""
    viewer = viewer_of(store, member, at)
    for first in range(0, len(items), BATCH):
        batch = items[first : first + BATCH]
        receipt = ingest(store, viewer, batch, int(at.timestamp() * 1000))
        if receipt.refused:
            raise RuntimeError(f"the invented household was refused: {receipt.refused[0].why}")
        count.add(len(batch))


def _ratings(home: _Home) -> Iterator[Rating]:
    """Yield what the observers rated: one visit by both, one recording by a coder, and sorts of a toddler."""
    noor, ines = home.made.visitors[NOOR], home.made.visitors[INES]
    plans = [one.plan for one in home.called if one.plan.author == noor and home.how.play]
    if len(plans) <= RATED:
        return
    plan, form = plans[RATED], load_rating("sensitivity_rating")
    for who, alias, rated in ((noor, "Noor", 6), (ines, "Ines", 7)):
        yield _rating(home, form, who, alias, plan, {"on_the_whole": rated} | TOLD, 25)
    yield _rating(home, load_rating("emotional_availability"), noor, "Noor", plans[RATED - 1], CODED, 20)
    born = Child.model_validate(home.made.children[0]).born_on
    if born is not None and datetime.fromtimestamp(plan.at_ms / 1000, UTC).date() - born >= OLD_ENOUGH:
        sort = load_sort("attachment_qsort")
        laid = sorts(sort.criteria["security"], sort.piles, f"{SEED} {home.made.name} sort")
        for (who, alias), piles in zip(((noor, "Noor"), (ines, "Ines")), laid, strict=True):
            yield _rating(home, sort, who, alias, plan, sort.answers(piles), 120, of_a_visit=False)


def _rating(
    home: _Home,
    form: Form,
    author: UUID,
    alias: str,
    plan: Visit,
    answers: Mapping[str, Said],
    minutes: float,
    *,
    of_a_visit: bool = True,
) -> Rating:
    """Return a rating by a trained observer, an hour after a visit, that the family's others may see."""
    at_ms = plan.at_ms + 3_600_000
    return Rating(
        id=uuid5(NAMESPACE, f"{home.made.name}/{alias}/{form.name}"),
        family=home.made.family,
        child=home.made.child,
        author=author,
        rater=alias,
        kind="observer",
        instrument=form.name,
        window=plan.sitting if of_a_visit else None,
        certified=True,
        minutes=minutes,
        answers=dict(answers),
        scores=counted(form.score(dict(answers))),
        shared=True,
        at_ms=at_ms,
        utc_offset_min=plan.utc_offset_min,
        written_ms=at_ms,
    )


def _members(made: Household) -> list[Member]:
    return [
        Member.model_validate(m | {"own_family": made.family if m["role"] == Role.PARENT else None})
        for m in made.members
    ]


def _caregivers(made: Household) -> list[Caregiver]:
    return [Caregiver.model_validate(c) for c in made.caregivers]


def _somebody_invented(store: Store, at: datetime) -> bool:
    """Tell whether an invented household is here already, whichever."""
    casts = {how.cast for how in (*RECIPES.values(), *(how for some in SEVERAL.values() for how in some))}
    known = {member.id for member in members(store)}
    parents = (_members(household(days=0, ends_on=at.date(), cast=cast))[0].id for cast in casts)
    return any(parent in known for parent in parents)


def _founded(store: Store, made: Household, now_ms: int) -> bool:
    """Make the family with its people, unless it is there."""
    return found_household(
        store,
        made.family,
        made.alias,
        now_ms,
        _members(made),
        _caregivers(made),
        [Child.model_validate(c) for c in made.children],
    )

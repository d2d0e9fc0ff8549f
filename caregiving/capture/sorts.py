"""Sorting cards on a tablet: what the page needs, every move as a draft, the finished sort as a record."""

from threading import Lock
from typing import Annotated, Any, Final, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from caregiving.capture.door import who
from caregiving.capture.guard import Turned, json_body, same_site
from caregiving.capture.now import now_ms, store
from caregiving.faults import Refused
from caregiving.instruments import SortInstrument, load_sort
from caregiving.instruments.deck import CardText
from caregiving.people import Action, NotAllowed, Viewer
from caregiving.ratings import Rating, counted
from caregiving.store import decks, drafts, ratings
from caregiving.store.door import STAYS_MS, VISIT_MS
from caregiving.store.people import Child, children, families
from caregiving.words import _

INSTRUMENT: Final = "attachment_qsort"
NO_STORE: Final = {"Cache-Control": "no-store"}
MOST_CARDS, MOST_MOVES, LATEST_MS = 200, 1_000_000, 2**53
Card = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,2}$")]
Cards = Annotated[dict[Card, Annotated[StrictInt, Field(ge=0, le=20)]], Field(max_length=MOST_CARDS)]

Sent = TypeVar("Sent", bound=BaseModel)

# A move is compared with the kept one and then stored; two requests may not do that at the same time.
one_at_a_time = Lock()


class About(BaseModel):
    """The questions after the last card, as far as they are answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rater: str = Field(default="", max_length=80)
    certified: StrictBool | None = None
    minutes: str = Field(default="", max_length=10)
    shared: StrictBool = False


class Layout(BaseModel):
    """Where the cards lie after so many moves. `id` is that of the record it will become, made on the page.

    thirds: 1 to 3 for the first three piles, piles: 1 to 9, and 0 for a card that is not laid.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: UUID
    thirds: Cards
    piles: Cards
    stage: Literal["thirds", "board", "finish"]
    moves: Annotated[StrictInt, Field(ge=0, le=MOST_MOVES)]
    began_ms: Annotated[StrictInt, Field(ge=0, le=LATEST_MS)]
    about: About = About()


class Move(BaseModel):
    """One sending of a layout: whose it is and what child it is about.

    `instead_of`: the id of another sort begun meanwhile that this one is to take the place of.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    member: UUID
    child: UUID
    sort: Layout
    instead_of: UUID | None = None


class Finished(BaseModel):
    """A sort that somebody calls finished, with what the record says about it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: UUID
    member: UUID
    child: UUID
    piles: Cards
    rater: str = Field(max_length=80)
    certified: StrictBool
    minutes: float | None = Field(default=None, gt=0, le=100_000, allow_inf_nan=False)
    shared: StrictBool
    utc_offset_min: Annotated[StrictInt, Field(ge=-24 * 60, le=24 * 60)]


async def show_sort(request: Request) -> Response:
    """GET /api/sort?child=ID: the piles, the texts of the cards where there are some, and the draft."""
    viewer = await run_in_threadpool(_who, request)
    seen = await run_in_threadpool(_seen, viewer, request.query_params.get("child", ""))
    return JSONResponse(seen, headers=NO_STORE)


async def take_move(request: Request) -> Response:
    """POST /api/sort/draft: keep where the cards lie, unless a later move is kept already."""
    same_site(request)
    viewer = await run_in_threadpool(_who, request)
    move = _read(Move, await json_body(request))
    return JSONResponse(await run_in_threadpool(_keep, viewer, move), headers=NO_STORE)


async def take_finished(request: Request) -> Response:
    """POST /api/sort/finish: keep a legal sort as a record; answer an illegal one with all its faults."""
    same_site(request)
    viewer = await run_in_threadpool(_who, request)
    finished = _read(Finished, await json_body(request))
    try:
        stored = await run_in_threadpool(_record, viewer, finished)
    except Refused as refused:
        faults = [str(fault) for fault in refused.faults]
        why = _("This sort cannot be kept as it is. Nothing was stored, and no card has moved.")
        return JSONResponse({"why": why, "faults": faults}, status_code=422, headers=NO_STORE)
    return JSONResponse(stored, headers=NO_STORE)


def _who(request: Request) -> Viewer:
    return who(request, _("Please sign in again. Every card stays where it lies."))


def _read(kind: type[Sent], sent: Any) -> Sent:
    """Return what was sent in its form, or turn it away with a sentence for everything that is wrong."""
    try:
        return kind.model_validate(sent)
    except ValidationError as reason:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in reason.errors()[:20])
        raise Turned(400, f"This is no sort as the page sends it: {told}.") from reason


def _home(viewer: Viewer, child: str) -> tuple[UUID, Child]:
    """Return the family and the child of that id, once the viewer may rate there.

    The sentence is the same whether a child is somebody else's or is not there at all.
    """
    for family, _name in families(store(), viewer):
        for one in children(store(), viewer, family):
            if str(one.id) == child:
                if not (viewer.may(Action.RATE, family) and viewer.may(Action.KEEP_DRAFT, family)):
                    raise Turned(403, _("The family has not agreed that you sort cards about their child."))
                return family, one
    raise Turned(404, _("There is no such child here. Open the sort from the page Ratings."))


def _same_person(viewer: Viewer, member: UUID) -> None:
    """Turn away a page that somebody else opened before the tablet was handed over."""
    if viewer.member != member:
        raise Turned(409, _("Somebody else is signed in now. This sort is kept for the one who began it."))


def _kind(viewer: Viewer, family: UUID) -> Literal["self", "observer"]:
    """Return whom the sort of this person describes: their own family, or one they observed."""
    return "self" if viewer.own_family == family else "observer"


def _seen(viewer: Viewer, child: str) -> dict[str, Any]:
    family, one = _home(viewer, child)
    form = load_sort(INSTRUMENT)
    texts = decks.texts(store(), viewer, form.name)
    kept = drafts.draft(store(), viewer, _form(form), family=family, about=one.id)
    return {
        "member": str(viewer.member),
        "member_alias": viewer.alias,
        "kind": _kind(viewer, family),
        "child": {"id": str(one.id), "alias": one.alias, "colour": one.colour},
        "instrument": form.name,
        "title": form.title,
        "cards": form.cards,
        "piles": list(form.piles),
        "texts": {card: _words(text) for card, text in texts.items()},
        "draft": kept and kept.content,
        "stays_ms": _stays_ms(viewer, family),
    }


def _stays_ms(viewer: Viewer, family: UUID) -> int:
    """Return for how long a tablet may open these cards again without asking.

    For a visitor it is no longer than a visitor stays signed in, and than the family's consent lasts.
    """
    if viewer.own_family == family:
        return STAYS_MS
    until = (c.valid_until for c in viewer.consents if c.covers(Action.RATE, family, viewer.at))
    left = (one - viewer.at for one in until)
    return min(VISIT_MS, max((int(one.total_seconds() * 1000) for one in left), default=0))


def _words(text: CardText) -> dict[str, str]:
    return {"title": text.title, "text": text.text}


def _form(form: SortInstrument) -> str:
    """Return the name under which the draft of a sort is kept."""
    return f"sort_{form.name}"


def _keep(viewer: Viewer, move: Move) -> dict[str, Any]:
    """Keep a layout and say so; or say why not: this sort has ended, a newer move or another sort is kept."""
    _same_person(viewer, move.member)
    family, child = _home(viewer, str(move.child))
    where = {"family": family, "about": child.id}
    form = _form(load_sort(INSTRUMENT))
    with one_at_a_time:
        kept = drafts.draft(store(), viewer, form, **where)
        instead = _ended(viewer, family, move.sort.id) or (kept and _newer(kept.content, move))
        if instead:
            return instead
        at_ms = now_ms()
        if kept is not None and kept.content["id"] != str(move.sort.id):
            discarded = drafts.Ended("discarded", at_ms)
            drafts.end_draft(store(), viewer, form, UUID(kept.content["id"]), discarded, **where)
        drafts.save_draft(store(), viewer, form, move.sort.model_dump(mode="json"), at_ms, **where)
        # Discarded on the page of ratings at this very moment, it was not kept after all.
        return _ended(viewer, family, move.sort.id) or {"kept": move.sort.moves}


def _newer(kept: dict[str, Any], move: Move) -> dict[str, Any] | None:
    """Return the answer to a move that must not replace the kept layout; None when it may.

    The number of moves tells which of two layouts is the newer one, but only of one and the same sort.
    """
    if kept["id"] == str(move.sort.id):
        return {"kept": kept["moves"], "draft": kept} if kept["moves"] >= move.sort.moves else None
    return None if kept["id"] == str(move.instead_of) else {"other": kept}


def _ended(viewer: Viewer, family: UUID, id_: UUID) -> dict[str, Any] | None:
    """Return the answer about a sort that was finished or discarded; None when it was not."""
    end = drafts.ended(store(), viewer, id_, family=family)
    if end is None:
        done = ratings.read(store(), viewer, family, instrument=INSTRUMENT)
        end = next((drafts.Ended("finished", one.written_ms) for one in done if one.id == id_), None)
    return None if end is None else {"ended": {"how": end.how, "at_ms": end.at_ms}}


def _ended_otherwise(viewer: Viewer, rating: Rating) -> dict[str, Any] | None:
    """Return the answer about a sort that was discarded, or finished with other piles; None for any other."""
    answer = _ended(viewer, rating.family, rating.id)
    done = ratings.read(store(), viewer, rating.family, instrument=INSTRUMENT) if answer else []
    same = any(one.id == rating.id and one.answers == rating.answers for one in done)
    return None if same else answer


def _record(viewer: Viewer, finished: Finished) -> dict[str, Any]:
    """Keep a legal sort as a record and end its draft; the same one a second time changes nothing.

    Of a sort that was discarded, or finished with other piles, it says so and keeps nothing.

    Raises
    ------
    Refused
        When the sort is not legal, with every fault of it, or the record does not fit.
    """
    _same_person(viewer, finished.member)
    family, child = _home(viewer, str(finished.child))
    form = load_sort(INSTRUMENT)
    laid = {card: pile for card, pile in finished.piles.items() if pile}
    piles = form.laid_out(laid.keys(), laid.values(), _("Your sort"))
    kind, answers, at_ms = _kind(viewer, family), form.answers(piles), now_ms()
    rating = Rating(
        id=finished.id,
        family=family,
        child=child.id,
        author=viewer.member,
        rater=finished.rater.strip() or viewer.alias,
        kind=kind,
        instrument=form.name,
        certified=finished.certified and kind == "observer",
        minutes=finished.minutes,
        answers=dict(answers),
        scores=counted(form.score(dict(answers))),
        shared=finished.shared,
        at_ms=at_ms,
        utc_offset_min=finished.utc_offset_min,
        written_ms=at_ms,
    )
    with one_at_a_time:
        if told := _ended_otherwise(viewer, rating):
            return told
        try:
            ratings.rate(store(), viewer, rating)
        except NotAllowed as reason:
            raise Turned(403, str(reason)) from reason
        done = drafts.Ended("finished", at_ms)
        drafts.end_draft(store(), viewer, _form(form), rating.id, done, family=family, about=child.id)
    return {"stored": str(rating.id)}


routes: list[BaseRoute] = [
    Route("/api/sort", show_sort, methods=["GET"]),
    Route("/api/sort/draft", take_move, methods=["POST"]),
    Route("/api/sort/finish", take_finished, methods=["POST"]),
]

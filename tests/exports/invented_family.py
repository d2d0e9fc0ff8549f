"""A family as an archive has to bear it: two children of one name, odd texts, changed clocks, visits."""

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import NAMESPACE_DNS, UUID, uuid5
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from caregiving.instruments import load_rating
from caregiving.people import Action, Consent, Role, Viewer
from caregiving.ratings import Rating, counted
from caregiving.reflections import Reflection
from caregiving.store import (
    audit,
    consents,
    drafts,
    events,
    people,
    preferences,
    ratings,
    reflections,
    visits,
)
from caregiving.store.engine import Store, open_store
from caregiving.visits import Visit

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
# Around a night on which the clocks change in each zone, as a start in UTC.
NIGHTS = {
    "Europe/Berlin": "2026-10-25T00:20:00+00:00",
    "America/New_York": "2026-11-01T05:20:00+00:00",
    "Australia/Lord_Howe": "2026-04-04T14:40:00+00:00",
    "Asia/Kathmandu": "2026-03-01T20:00:00+00:00",
    "Pacific/Auckland": "2026-09-26T13:30:00+00:00",
}
ODD = [
    *("=1+1", "+1", "-1", "@now", "\ttab", "\rback", "'quoted", "'", "''", '"so"', "a,b;c", "two\nlines"),
    *("\r\n", "\U0001f319 asleep", "שלום", "مرحبا بك", "null", "nan", "1e5", "true", " ", "\ufeff", "a\x00b"),
]
texts = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
CUES, ANSWERS = ("cry", "fuss", "smile", "reach"), ("pick_up", "soothe", "talk", "none")


@cache
def empty_database() -> Path:
    """Return a database without a row, made once: to copy it is quicker than to make it anew."""
    path = Path(mkdtemp()) / "empty.sqlite3"
    open_store(path).close()
    return path


def an_id(name: str) -> UUID:
    """Return the id that this name always has."""
    return uuid5(NAMESPACE_DNS, f"archive {name}")


@dataclass
class Tap:
    """A cue, and what followed it."""

    child: int
    cue: str
    at_s: int
    answer: str | None
    wait_s: float
    fate: str
    word: str


@dataclass
class Call:
    """A visit by Vera: how many parts its watching has, how it ended, and whether Wim codes it again."""

    child: int = 0
    parts: int = 1
    said: str = "all"
    codes: tuple[str, ...] = ("vocalise",)
    again: str | None = None
    rated: bool = False


@dataclass
class Plan:
    """What a family did, in the order in which it arrived."""

    names: list[str] = field(default_factory=lambda: ["Juno", "Ada", "Ravi", "Maple"])
    zone: str = "Europe/Berlin"
    taps: list[Tap] = field(default_factory=list)
    texts: list[tuple[str, bool, str]] = field(default_factory=list)
    check_ins: list[tuple[str, bool]] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    withdrawn: bool = False
    calls: list[Call] = field(default_factory=list)


fates = st.sampled_from(["kept", "kept", "kept", "corrected", "taken back", "both", "restored"])
plans = st.builds(
    Plan,
    names=st.lists(texts, min_size=4, max_size=4),
    zone=st.sampled_from(sorted(NIGHTS)),
    taps=st.lists(
        st.builds(
            Tap,
            child=st.integers(0, 1),
            cue=st.sampled_from(CUES),
            at_s=st.integers(0, 9_000),
            answer=st.none() | st.sampled_from(ANSWERS),
            wait_s=st.floats(0, 200, allow_nan=False).map(lambda s: round(s, 3)),
            fate=fates,
            word=texts,
        ),
        max_size=12,
    ),
    texts=st.lists(st.tuples(texts.filter(str.strip), st.booleans(), fates), max_size=4),
    check_ins=st.lists(st.tuples(texts, st.booleans()), max_size=3),
    choices=st.lists(st.tuples(st.sampled_from(["language", "colour"]), texts), max_size=3),
    withdrawn=st.booleans(),
    calls=st.lists(
        st.builds(
            Call,
            child=st.integers(0, 1),
            parts=st.integers(0, 3),
            said=st.sampled_from(["all", "some", "paused", "discarded"]),
            codes=st.lists(st.sampled_from(["vocalise", "gaze", "touch"]), max_size=4).map(tuple),
            again=st.none() | st.sampled_from(["from life", "from a recording"]),
            rated=st.booleans(),
        ),
        max_size=3,
    ),
)


class Family:
    """Ada and Ravi with two children of one name; Vera and Wim visit."""

    id = an_id("family")
    ada, ravi, vera, wim = an_id("Ada"), an_id("Ravi"), an_id("Vera"), an_id("Wim")
    children = (an_id("Juno"), an_id("the other Juno"))
    caregiver = an_id("Ada as caregiver")

    def __init__(self, path: Path, plan: Plan) -> None:
        shutil.copy(empty_database(), path)
        self.store = open_store(path)
        self.plan, self.n_sent, self.n_written = plan, 0, 0
        child, ada, ravi, alias = plan.names
        people.found_household(
            self.store,
            self.id,
            alias,
            NOW_MS,
            [
                people.Member(
                    id=self.ada, alias=ada, role=Role.PARENT, own_family=self.id, caregiver=self.caregiver
                ),
                people.Member(id=self.ravi, alias=ravi, role=Role.PARENT, own_family=self.id),
                people.Member(id=self.vera, alias="Vera", role=Role.HOME_VISITOR),
                people.Member(id=self.wim, alias="Wim", role=Role.HOME_VISITOR),
            ],
            [people.Caregiver(id=self.caregiver, alias=ada)],
            [
                people.Child(
                    id=one, alias=child, colour="#9A5700", born_on=NOW.date() - timedelta(days=90 * place)
                )
                for place, one in enumerate(self.children)
            ],
        )

    def viewer(self, member: UUID | None = None) -> Viewer:
        return people.viewer_of(self.store, member or self.ada, NOW)

    def live(self) -> None:
        """Do everything that the plan says."""
        self._agree()
        begin = datetime.fromisoformat(NIGHTS[self.plan.zone])
        windows = [self._watch(one, begin) for one in range(2)]
        for tap in self.plan.taps:
            self._tap(tap, begin, windows[tap.child])
        for words, shared, fate in self.plan.texts:
            self._write(words, shared, fate)
        for words, shared in self.plan.check_ins:
            self._rate(words, shared)
        for place, (name, value) in enumerate(self.plan.choices):
            preferences.prefer(self.store, self.viewer(), name, {"said": value}, NOW_MS + place)
        for number, call in enumerate(self.plan.calls):
            self._call(f"visit {number}", call, begin + timedelta(days=1 + number))
        self._begun()
        audit.note(
            self.store, self.viewer(), self.id, an_id("export"), "export", {"format": "archive"}, NOW_MS
        )

    def send(self, item: dict[str, Any], sender: UUID | None = None) -> str:
        receipt = events.ingest(self.store, self.viewer(sender), [item], NOW_MS + self.n_sent)
        assert not receipt.refused, receipt.refused
        return str(item["id"])

    def sent(self, kind: str) -> dict[str, Any]:
        self.n_sent += 1
        return {
            "type": kind,
            "id": str(an_id(f"record {self.n_sent}")),
            "family": str(self.id),
            "author": str(self.ada if self.n_sent % 3 else self.ravi),
            "device": str(an_id("tablet")),
            "ordinal": self.n_sent,
            "wall_ms": NOW_MS + self.n_sent,
            "skew_ms": None if self.n_sent % 2 else -40,
        }

    def place(self, at: datetime) -> dict[str, Any]:
        offset = at.astimezone(ZoneInfo(self.plan.zone)).utcoffset() or timedelta()
        return {"zone": self.plan.zone, "utc_offset_min": int(offset.total_seconds() // 60)}

    def event(self, code: str, child: int, at: datetime, **more: Any) -> dict[str, Any]:
        caregiver = code in ANSWERS
        return (
            self.sent("event")
            | {
                "child": str(self.children[child]),
                "instrument": "home_moments.v1",
                "actor": "caregiver" if caregiver else "infant",
                "code": code,
                "onset_ms": int(at.timestamp() * 1000),
                "time_quality": "tapped",
                "caregiver": str(self.caregiver) if caregiver else None,
            }
            | self.place(at)
            | more
        )

    def _agree(self) -> None:
        looks = frozenset({Action.SEE_PATTERNS, Action.SEE_TIMELINE})
        observes = frozenset({Action.OBSERVE, Action.RATE, Action.KEEP_DRAFT})
        for name, member, scope in (
            ("consent", self.vera, looks),
            ("Vera observes", self.vera, observes),
            ("Wim observes", self.wim, observes),
        ):
            given = Consent(
                id=an_id(name),
                family=self.id,
                member=member,
                scope=scope,
                purpose=self.plan.names[0],
                given_by=self.ada,
                valid_from=NOW - timedelta(days=1),
                valid_until=NOW + timedelta(days=1),
            )
            consents.give_consent(self.store, self.viewer(), given)
        if self.plan.withdrawn:
            consents.withdraw_consent(self.store, self.viewer(), self.id, an_id("consent"), NOW)

    def _call(self, name: str, call: Call, at: datetime) -> None:
        """Vera plans a visit, changes her mind about its length, and observes; perhaps Wim codes it again."""
        first = self.planned(name, call, self.vera, at, minutes=5)
        visits.plan(self.store, self.viewer(self.vera), first)
        visits.plan(self.store, self.viewer(self.vera), self.planned(name, call, self.vera, at, minutes=10))
        self.observe(call, first, at)
        if call.rated:
            self.rate_visit(first, shared=True)
        if call.again is not None:
            recorded = call.again == "from a recording"
            later = at + timedelta(hours=30 if recorded else 0)
            second = {"codes_again": first.sitting, "from_recording": recorded}
            other = self.planned(f"{name} again", call, self.wim, later, minutes=10, **second)
            visits.plan(self.store, self.viewer(self.wim), other)
            self.observe(call, other, later)

    def planned(self, name: str, call: Call, author: UUID, at: datetime, **more: Any) -> Visit:
        self.n_written += 1
        return Visit(
            id=an_id(f"plan {self.n_written}"),
            sitting=an_id(name),
            family=self.id,
            child=self.children[call.child],
            author=author,
            instrument="free_play.v1",
            delay_ms=300,
            context=None if call.child else "play",
            caregiver=None if call.child else self.caregiver,
            at_ms=int(at.timestamp() * 1000) - 60_000,
            utc_offset_min=self.place(at)["utc_offset_min"],
            **more,
        )

    def observe(self, call: Call, visit: Visit, at: datetime) -> None:
        """Send the parts of a visit; at its end every part is ended once more with what is said at last."""
        parts = []
        for number in range(call.parts):
            start = at + timedelta(seconds=200 * number)
            begun = self.sent("window_start") | self._of(visit, start) | {"mode": "session", "episode": None}
            begun |= {"sitting": str(visit.sitting), "started_ms": int(start.timestamp() * 1000)}
            window = self.send(begun, visit.author)
            parts.append((window, begun["started_ms"] + 100_000))
            for place, code in enumerate(call.codes):
                tapped = start + timedelta(seconds=5 * place)
                told = self.event(code, call.child, tapped, window=window, caregiver=None)
                told |= self._of(visit, tapped) | {"actor": "caregiver" if code == "touch" else "infant"}
                self.send(told, visit.author)
                newer = {
                    "supersedes": told["id"],
                    "offset_ms": told["onset_ms"] + 900,
                    "reason": "switched off",
                }
                self.send(told | self.sent("event") | {"author": str(visit.author)} | newer, visit.author)
            self._part_ends(visit, *parts[-1], "paused")
        if call.said != "paused":
            for window, ended_ms in parts:
                self._part_ends(visit, window, ended_ms, call.said)

    def _of(self, visit: Visit, at: datetime) -> dict[str, Any]:
        named = {"author": str(visit.author), "child": str(visit.child), "instrument": visit.instrument}
        return named | self.place(at)

    def _part_ends(self, visit: Visit, window: str, ended_ms: int, said: str) -> None:
        end = {"author": str(visit.author), "window": window, "ended_ms": ended_ms, "attestation": said}
        self.send(self.sent("window_end") | end, visit.author)

    def rate_visit(self, visit: Visit, *, shared: bool) -> Rating:
        """Rate a visit as the one who observed it."""
        self.n_written += 1
        form = load_rating("sensitivity_rating")
        answers = {"on_the_whole": 6, "training": "certified", "observed_minutes": 25}
        rating = Rating(
            id=an_id(f"rating {self.n_written}"),
            family=self.id,
            child=visit.child,
            author=visit.author,
            rater="Vera, who visits",
            kind="observer",
            instrument=form.name,
            window=visit.sitting,
            certified=True,
            minutes=25,
            answers=answers,
            scores=counted(form.score(answers)),
            shared=shared,
            at_ms=visit.at_ms,
            utc_offset_min=visit.utc_offset_min,
            written_ms=NOW_MS + self.n_written,
        )
        ratings.rate(self.store, self.viewer(visit.author), rating)
        return rating

    def _begun(self) -> None:
        """Leave forms half filled in that must never be in an archive."""
        here = {"family": self.id, "about": self.children[0]}
        for member in (self.vera, self.wim):
            words = {"words": "half a sentence of a visitor"}
            drafts.save_draft(self.store, self.viewer(member), "visit_record", words, NOW_MS, **here)

    def _watch(self, child: int, begin: datetime) -> str:
        start = self.sent("window_start") | {
            "child": str(self.children[child]),
            "mode": "live",
            "context": None if child else "night",
            "instrument": "home_moments.v1",
            "started_ms": int(begin.timestamp() * 1000),
            **self.place(begin),
        }
        window = self.send(start)
        for length_s in (600, 9_300):  # the first end is replaced by a later one
            ended_ms = start["started_ms"] + length_s * 1000
            end = {
                "window": window,
                "ended_ms": ended_ms,
                "elapsed_ms": length_s * 1000,
                "attestation": "all",
            }
            self.send(self.sent("window_end") | end)
        return window

    def _tap(self, tap: Tap, begin: datetime, window: str) -> None:
        at = begin + timedelta(seconds=tap.at_s)
        cue = self.event(tap.cue, tap.child, at, window=window, modifiers={"note": tap.word})
        self.send(cue)
        if tap.answer:
            self.send(self.event(tap.answer, tap.child, at + timedelta(seconds=tap.wait_s), window=window))
        newer = {"supersedes": cue["id"], "reason": tap.word}
        if tap.fate in ("corrected", "both", "restored"):
            self.send(self.event("fuss", tap.child, at, **newer))
        if tap.fate in ("both", "restored"):
            self.send(self.event("cry", tap.child, at, latency_low_s=0.1, latency_high_s=60, **newer))
        if tap.fate == "taken back":
            self.send(self.event(tap.cue, tap.child, at, void=True, **newer))

    def write(
        self,
        words: str,
        *,
        shared: bool,
        author: UUID | None = None,
        old: Reflection | None = None,
        **more: Any,
    ) -> Reflection:
        self.n_written += 1
        text = Reflection.model_validate(
            {
                "id": an_id(f"text {self.n_written}"),
                "family": self.id,
                "author": author or self.ada,
                "kind": "journal",
                "content": {"text": words},
                "shared": shared,
                "at_ms": old.at_ms if old else NOW_MS + self.n_written,
                "written_ms": NOW_MS + self.n_written,
                "supersedes": old.id if old else None,
            }
            | more
        )
        reflections.write(self.store, self.viewer(text.author), text)
        return text

    def _write(self, words: str, shared: bool, fate: str) -> None:
        first = self.write(words, shared=shared)
        if fate in ("corrected", "both", "restored"):
            first = self.write(f"{words} again", shared=not shared, old=first)
        if fate in ("taken back", "restored"):
            gone = self.write(words, shared=first.shared, old=first, void=True)
            if fate == "restored":
                self.write(words, shared=shared, old=gone)

    def rate(self, words: str, *, shared: bool, author: UUID | None = None) -> Rating:
        self.n_written += 1
        form = load_rating("weekly_check_in")
        answers = {"support": "little", "stress_now": 8, "words": words}
        rating = Rating(
            id=an_id(f"rating {self.n_written}"),
            family=self.id,
            child=self.children[0],
            author=author or self.ada,
            rater="Ada",
            kind=form.about,
            instrument=form.name,
            minutes=None,
            answers=answers,
            scores=counted(form.score(answers)),
            shared=shared,
            at_ms=NOW_MS,
            utc_offset_min=-210,
            written_ms=NOW_MS + self.n_written,
        )
        ratings.rate(self.store, self.viewer(rating.author), rating)
        return rating

    def an_other_home(self) -> tuple[UUID, UUID]:
        """Found another family, and let a parent of it look in; return both ids."""
        home, noor = an_id("other family"), an_id("Noor")
        member = people.Member(id=noor, alias="Noor", role=Role.PARENT, own_family=home)
        people.found_household(self.store, home, "Birch", NOW_MS, [member])
        given = Consent(
            id=an_id("consent for Noor"),
            family=self.id,
            member=noor,
            scope=frozenset({Action.SEE_PATTERNS}),
            purpose="neighbours",
            given_by=self.ada,
            valid_from=NOW,
            valid_until=NOW + timedelta(days=1),
        )
        consents.give_consent(self.store, self.viewer(), given)
        return home, noor

    def _rate(self, words: str, shared: bool) -> None:
        self.rate(words, shared=shared)


def rows(store: Store, table: str) -> list[tuple[Any, ...]]:
    """Return the rows of a table raw, in order of arrival."""
    with store.reader.begin() as connection:
        found = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608  (our tables)
        return [tuple(row) for row in found]

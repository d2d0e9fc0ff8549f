"""An invented family for the page of a consultation: three days on which Juno cried seven times each."""

from datetime import date
from functools import cache

import pandas as pd

from caregiving.exports._svg import Picture, day_map, waiting_curve, week_trend
from caregiving.frames import WINDOW_LOG, conform, empty
from caregiving.instruments import load
from caregiving.periods import Period
from caregiving.report import Report, analyse
from caregiving.sessions import family_day
from caregiving.summary import INDICES, Seen, Subject, Summary, build_summary, part_names
from caregiving.trends.day_map import day_map as mapped
from caregiving.trends.weeks import by_week
from tests.timelines import story

MADE_ON = date(2026, 3, 7)
DAYS = ("2026-03-02", "2026-03-03", "2026-03-05")
PERIOD = Period("2026-03-01", "2026-03-07")
JUNO = Subject("Juno", date(2025, 12, 20))
EVERY_300_S, CRIES, LENGTH_S = 300, 7, 2100
NINE_MS = 9 * 3_600_000


def report_of(stories: dict[str, str]) -> Report:
    """The report of one story a day, each begun at nine o'clock UTC."""
    events, windows = [], []
    for day, text in stories.items():
        seen, watched = story(text, session=day, day=day)
        events.append(seen)
        windows.append(watched.assign(started_at=f"{day}T09:00:00+00:00"))
    if not stories:
        seen, watched = story("0s start, 0s end")
        events, windows = [seen], [watched.iloc[:0]]
    joined = (pd.concat(frames, ignore_index=True) for frames in (events, windows))
    log, watched = (frame.astype({"session": "category"}) for frame in joined)
    log = log.astype({"actor": "category", "code": "category"})
    return analyse(log, watched, load("home_moments"), names=list(INDICES), period=PERIOD)


def seven_cries(answered: int) -> str:
    """Seven cries five minutes apart, the first so many of them answered after 10 s."""
    cries = [f"{EVERY_300_S * k}s cry" for k in range(CRIES)]
    picked = [f"{EVERY_300_S * k + 10}s pick_up" for k in range(answered)]
    return ", ".join(["0s start", *cries, *picked, f"{LENGTH_S}s end"])


@cache
def usual_report() -> Report:
    """21 cries: 5, 5 and 4 of them answered after 10 s, 7 not within the 180 s that all were watched."""
    return report_of({day: seven_cries(n) for day, n in zip(DAYS, (5, 5, 4), strict=True)})


def window_log(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    """Windows of 35 minutes: day, who watched, and what was said at the end (None: still open)."""
    if not rows:
        return empty(WINDOW_LOG)
    starts = [int(pd.Timestamp(day).timestamp() * 1000) + NINE_MS for day, _author, _said in rows]
    frame = pd.DataFrame(
        {
            "id": [f"w{n}" for n in range(len(rows))],
            "child": "juno",
            "mode": "live",
            "context": None,
            "instrument": "home_moments.v1",
            "started_ms": starts,
            "ended_ms": [
                at + LENGTH_S * 1000 if said else None
                for at, (_d, _a, said) in zip(starts, rows, strict=True)
            ],
            "attestation": [said for _d, _a, said in rows],
            "zone": "UTC",
            "utc_offset_min": 0,
            "author": [author for _d, author, _s in rows],
        }
    )
    assert len(family_day(frame["started_ms"], frame["utc_offset_min"]).unique())
    return conform(frame, WINDOW_LOG)


def usual_seen() -> Seen:
    log = window_log((DAYS[0], "a", "all"), (DAYS[1], "a", "most"), (DAYS[2], "r", "all"))
    return Seen(usual_report(), log, watchers={"a": "Ada", "r": "Ravi"}, first_days=DAYS[:2])


@cache
def nothing_seen() -> Seen:
    return Seen(report_of({}), window_log())


def summary(seen: Seen | None = None, *, child: Subject = JUNO, **more: object) -> Summary:
    parts = more.pop("parts", list(part_names()))
    return build_summary(seen or usual_seen(), PERIOD, child, MADE_ON, parts, **more)  # type: ignore[arg-type]


def drawn(report: Report | None = None) -> list[Picture]:
    """The three pictures of a report, without their form for the screen."""
    shown = report or usual_report()
    weeks = by_week(shown, "responsiveness", "within_180s", "distress", "2026-03-07", 3)
    return [
        Picture("Waits", "A rising curve.", waiting_curve(shown.curve("distress"), 180.0)),
        Picture("Weeks", "One week can be told.", week_trend(weeks)),
        Picture("Hours", "Watched at nine.", day_map(mapped(shown)), wide=True),
    ]


def everything_said(one: Summary) -> str:
    """All words of a summary in one text."""
    cells = [
        cell
        for part in one.parts
        for table in part.tables
        for row in (table.head, *table.rows)
        for cell in row
    ]
    said = [text for part in one.parts for text in (part.title, *part.said)]
    return "\n".join([one.title, one.about, *one.questions, *one.notes, *said, *cells, *one.method, one.foot])

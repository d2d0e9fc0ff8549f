"""What was promised in seconds, where no peer does the same: a coded study, a bootstrap, an agreement."""

from caregiving.agreement import compare_records
from caregiving.bench import bars
from caregiving.bench.clock import alone
from caregiving.bench.invented_families import families
from caregiving.bench.invented_sessions import as_events, as_windows, by_another_observer, coded_rows
from caregiving.bench.rows import Row, timed
from caregiving.episodes import pair
from caregiving.indices.latency import DRAWS, latency
from caregiving.instruments import load
from caregiving.sequences.time_budget import time_budget
from caregiving.sequences.transitions import transitions

INSTRUMENT = "home_moments"
CODED_EVENTS = 100_000
A_YEAR = 36_500
RECORD_ROWS, RECORD_S = 13_334, 7_200  # a row is a start, a stop or a point: 10,000 events in two hours


def coded_study(n_events: int = CODED_EVENTS) -> list[Row]:
    """Measure episodes, latency, budget and transitions of one study, without and with latency's draws."""
    instrument = load(INSTRUMENT)
    events, windows = families(n_events)
    rows = []
    for draws in (False, True):
        seen = windows if draws else windows.assign(day="one day")  # on one day there is nothing to draw from

        def study(seen: object = seen) -> None:
            latency(pair(events, seen, instrument), instrument)  # type: ignore[arg-type]
            time_budget(events, seen, instrument)  # type: ignore[arg-type]
            transitions(events, seen, instrument)  # type: ignore[arg-type]

        note = f"with latency's {DRAWS} draws of days" if draws else "latency with log-log limits, no draws"
        row = timed("episodes + latency + budget + transitions", n_events, alone(study), note)
        rows.append(row.judged(bars.CODED, row.best_s))
    return rows


def bootstrap_of_a_year(n_events: int = A_YEAR) -> Row:
    """Measure the index latency on a year of one family: its draws of days for every class and code."""
    instrument = load(INSTRUMENT)
    events, windows = families(n_events)
    episodes = pair(events, windows, instrument)
    timing = alone(lambda: latency(episodes, instrument))
    days = episodes["day"].nunique()
    row = timed("index latency, a year of one family", n_events, timing, f"{DRAWS} draws of {days} days")
    return row.judged(bars.BOOTSTRAP, row.best_s)


def agreement_of_two_records(n_rows: int = RECORD_ROWS, length_s: float = RECORD_S) -> Row:
    """Measure the agreement of two records of one long session, in time units and by events."""
    rows = coded_rows(n_rows, 1, mean_row_s=length_s / (n_rows / 2))
    a, b, windows = as_events(rows), as_events(by_another_observer(rows)), as_windows(rows)
    timing = alone(lambda: compare_records(a, b, windows))
    row = timed(
        "agreement of two records", len(a), timing, f"{windows['end_s'].max() / 3600:.2f} h, all measures"
    )
    return row.judged(bars.AGREEMENT, row.best_s)

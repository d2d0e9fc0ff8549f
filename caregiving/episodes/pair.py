"""Events and windows in, one row a cue bout out: answered or not, how late, and how long it was followed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caregiving.episodes.attribution import RULES
from caregiving.episodes.bouts import NEVER, Bouts, gather, settled_at
from caregiving.episodes.watched import US, Ints, Line, lay_out, session_codes, whole_us
from caregiving.frames import EPISODES, conform, empty, need
from caregiving.instruments import Attribution, Behaviour, ClassName, Instrument

MISSING = np.iinfo(np.int64).min
Bools = NDArray[np.bool_]
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class _Seen:
    """Events on the line of watched time: parallel arrays, one entry an event that lies in watched time."""

    row: Ints
    position: Ints
    end: Ints
    code: Ints
    behaviours: tuple[Behaviour, ...]

    def of(self, *kinds: str, cue_class: str | None = None, absorbs: bool | None = None) -> Ints:
        """Return where, in order of time, the events of these kinds stand."""
        wanted = np.array(
            [
                b.kind in kinds
                and (cue_class is None or b.cue_class == cue_class)
                and (absorbs is None or b.absorbs == absorbs)
                for b in self.behaviours
            ],
            dtype=bool,
        )
        return np.flatnonzero(wanted[self.code])


@dataclass(frozen=True)
class _Waiting:
    """Cues waiting for an answer, of one class or (class None) sounds that can only absorb one."""

    cue_class: ClassName | None
    bouts: Bouts
    reference: Ints
    first: Ints
    last: Ints
    settled: Ints
    window: int


def pair(
    events: pd.DataFrame,
    windows: pd.DataFrame,
    instrument: Instrument,
    attribution: Attribution | None = None,
) -> pd.DataFrame:
    """Return one row for every cue bout that began in watched time.

    Parameters
    ----------
    events : EVENTS frame (`session, actor, code, onset_s, offset_s`), in any order.
    windows : WINDOWS frame (`session, start_s, end_s`); windows of one session do not overlap.
    instrument : tells cues from answers, response windows, gaps, and the rule.
    attribution : overrides the instrument's rule, for a sensitivity analysis.

    Returns
    -------
    EPISODES frame, in order of session and onset. With t the cue's onset (or its offset, when the instrument
    counts from there), W the response window of its class and `end` the end of watching:
    answered: an answer r with t <= r <= min(t + W, end) was credited to this bout, before it settled;
    latency_s = r - t, at least 0 (an answer that begins during a cue counts as 0 s, or not at all when the
    instrument says `overlap: exclude`); followed_s = latency_s when answered, else min(W, end - t), or the
    time to settling when it settled by itself; window_seen: end - t >= W. Already engaged cues are listed,
    never answered, and no index may count them.

    Raises
    ------
    MissingColumn
        When a needed column is absent.
    UnknownBehaviour
        When a code is not in the instrument.

    Source: `event_grammar` in sources.yaml.
    """
    need(events, "session", "code", "onset_s", "offset_s")
    seen, line, engaged = _on_the_line(events, windows, instrument)
    answers_at = seen.of("response")
    answers = seen.position[answers_at]
    waiting = [
        _wait(seen, line, instrument, name, answers)
        for name in instrument.classes
        if len(seen.of("cue", cue_class=name))
    ]
    if not waiting:
        return empty(EPISODES)
    at_risk = [~engaged[w.bouts.row] for w in waiting]
    absorbing = _absorb(seen, line, waiting)
    everyone = [*at_risk, np.ones(len(absorbing.first), dtype=bool)]
    credit = _credit([*waiting, absorbing], everyone, answers, attribution or instrument.attribution)
    parts = [
        _rows(w, seen, line, ~risk, got, answers_at, answers)
        for w, risk, got in zip(waiting, at_risk, credit, strict=False)
    ]
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    rows["confirmed_none"] = _confirmed(rows, seen.position[seen.of("none")], line)
    return _named(rows, events, windows, instrument, line)


def _confirmed(rows: Columns, said_none: Ints, line: Line) -> Bools:
    """Tell which waits ended with somebody tapping that there was no answer.

    Such a tap belongs to the latest cue before it that had none; it may come long after the response window,
    since one has to wait before one can say so.
    """
    confirmed = np.zeros(len(rows["at"]), dtype=bool)
    alone = np.flatnonzero(~rows["answered"] & ~rows["already_engaged"])
    alone = alone[np.argsort(rows["at"][alone], kind="stable")]
    at = rows["at"][alone]
    cue = np.searchsorted(at, said_none, side="right") - 1
    same = (cue >= 0) & (np.append(at, -1)[cue] // line.span == said_none // line.span)
    confirmed[alone[cue[same]]] = True
    return confirmed


def _on_the_line(
    events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument
) -> tuple[_Seen, Line, Bools]:
    """Place the events; also tell for each placed event whether the caregiver was already engaged then."""
    names, window_session, session = session_codes(events, windows)
    code = _code_numbers(events["code"], instrument)
    onset, offset = whole_us(events["onset_s"]), whole_us(events["offset_s"])
    kinds = np.array([b.kind for b in instrument.behaviours])
    gone = (kinds[code] == "missing") & (offset != MISSING)
    room = int(max(c.response_window_s.value for c in instrument.classes.values()) * US)
    line = lay_out(windows, window_session, names, room, (session[gone], onset[gone], offset[gone]))
    position = line.place(session, onset)
    inside = np.flatnonzero(position >= 0)
    rows = inside[np.argsort(position[inside], kind="stable")]
    lasted = np.where(offset[rows] == MISSING, 0, offset[rows] - onset[rows])
    end = position[rows] + np.minimum(lasted, line.left(position[rows]))
    seen = _Seen(rows, position[rows], end, code[rows], instrument.behaviours)
    return seen, line, _engaged(seen, session, onset, offset, code)


def _code_numbers(codes: pd.Series, instrument: Instrument) -> Ints:
    """Return the place of every event's code among the instrument's behaviours."""
    known = {b.code: number for number, b in enumerate(instrument.behaviours)}
    category = codes.astype("category")
    for code in category.cat.categories:
        instrument.behaviour(code)  # raises for an unknown one
    lookup = np.array([known[code] for code in category.cat.categories], dtype=np.int64)
    return lookup[category.cat.codes.to_numpy()] if len(codes) else np.empty(0, dtype=np.int64)


def _engaged(seen: _Seen, session: Ints, onset: Ints, offset: Ints, code: Ints) -> Bools:
    """Tell for each placed event whether a state that engages the caregiver had begun and not yet ended.

    States are looked up on the session's own clock, since one may have begun before the watching.
    """
    engages = np.array([b.engages for b in seen.behaviours])[code]
    if not engages.any():
        return np.zeros(len(seen.row), dtype=bool)
    room = int(max(onset.max(), offset.max())) + 2
    begun = np.sort((session * room + onset)[engages])
    ends = np.where(offset == MISSING, room - 1, offset)  # never switched off: it goes on
    ended = np.sort((session * room + ends)[engages])
    moment = (session * room + onset)[seen.row]
    return np.searchsorted(begun, moment, side="left") > np.searchsorted(ended, moment, side="right")


def _wait(seen: _Seen, line: Line, instrument: Instrument, name: ClassName, answers: Ints) -> _Waiting:
    """Gather the bouts of one class and say from when to when an answer can serve each."""
    timing = instrument.classes[name]
    cues = seen.of("cue", cue_class=name)
    gap = None if timing.bout_gap_s is None else int(timing.bout_gap_s.value * US)
    bouts = gather(cues, seen.position[cues], seen.end[cues], line.span, gap, answers)
    window = int(timing.response_window_s.value * US)
    from_offset = instrument.latency_from == "offset"
    reference = bouts.end if from_offset else bouts.onset
    settled = settled_at(bouts, seen.position[seen.of("outcome")])
    if name != "distress" or from_offset:
        settled = np.full_like(bouts.onset, NEVER)
    else:  # a cry that was logged with its end has settled there
        settled = np.where(bouts.end > bouts.last_onset, np.minimum(settled, bouts.end), settled)
    first = reference if instrument.overlap == "exclude" else bouts.onset
    return _Waiting(name, bouts, reference, first, np.minimum(reference + window, settled), settled, window)


def _absorb(seen: _Seen, line: Line, waiting: list[_Waiting]) -> _Waiting:
    """Gather sounds that ask for nothing but can take an answer, for as long as the slowest class waits."""
    rows = seen.of("other", absorbs=True)
    bouts = gather(rows, seen.position[rows], seen.end[rows], line.span, None, np.empty(0, np.int64))
    window = max(w.window for w in waiting)
    return _Waiting(None, bouts, bouts.end, bouts.onset, bouts.end + window, bouts.end, window)


def _credit(
    waiting: list[_Waiting], at_risk: list[Bools], answers: Ints, attribution: Attribution
) -> list[Ints]:
    """Let all classes queue together, since an answer may lie in reach of several; split the result again."""
    first = np.concatenate([w.first for w in waiting])
    last = np.concatenate([w.last for w in waiting])
    newest = np.concatenate([w.bouts.last_onset for w in waiting])
    risk = np.flatnonzero(np.concatenate(at_risk))
    order = risk[np.argsort((newest if attribution == "latest" else first)[risk], kind="stable")]
    got = np.full(len(first), -1, dtype=np.int64)
    got[order] = RULES[attribution](newest[order], first[order], last[order], answers)
    return np.split(got, np.cumsum([len(w.first) for w in waiting])[:-1])


def _rows(
    w: _Waiting, seen: _Seen, line: Line, engaged: Bools, got: Ints, answers_at: Ints, answers: Ints
) -> Columns:
    """Turn one class's bouts and credits into rows; times relative to the session's clock, in seconds."""
    answered = got >= 0
    answer = np.append(answers, 0)[got]
    left = np.maximum(line.left(w.bouts.onset) - (w.reference - w.bouts.onset), 0)
    limit = np.minimum(left, w.window)
    alone = ~answered & ~engaged & (w.settled - w.reference <= limit) & (w.settled >= w.reference)
    waited = np.where(
        answered, np.maximum(answer - w.reference, 0), np.where(alone, w.settled - w.reference, limit)
    )
    stretch = w.bouts.onset // line.span
    shift = line.start[stretch] - stretch * line.span
    has_end = w.bouts.end > w.bouts.last_onset
    return {
        "stretch": stretch,
        "row": seen.row[w.bouts.row],
        "cue": seen.code[w.bouts.row],
        "response": np.where(answered, np.append(seen.code[answers_at], -1)[got], -1),
        "cue_class": np.full(len(stretch), w.cue_class, dtype=object),
        "onset_s": (w.bouts.onset + shift) / US,
        "offset_s": np.where(has_end, (w.bouts.end + shift) / US, np.nan),
        "n_cues": w.bouts.n_cues,
        "answered": answered,
        "answer": np.where(answered, np.append(seen.row[answers_at], -1)[got], -1),
        "latency_s": np.where(answered, waited / US, np.nan),
        "followed_s": waited / US,
        "window_seen": left >= w.window,
        "already_engaged": engaged,
        "self_settled": alone,
        "at": w.bouts.onset,
    }


def _named(
    rows: Columns, events: pd.DataFrame, windows: pd.DataFrame, instrument: Instrument, line: Line
) -> pd.DataFrame:
    """Give the numbers their names back and put the rows in order of session and onset."""
    order = np.lexsort((rows["row"], rows["onset_s"], rows["stretch"]))
    rows = {name: values[order] for name, values in rows.items()}
    stretch, answer = rows["stretch"], rows["answer"]
    window = line.window[stretch]
    names = pd.Index([b.code for b in instrument.behaviours])
    columns = {
        "session": pd.Categorical.from_codes(line.session[stretch], categories=line.names),
        "child": _taken(windows, "child", window),
        "day": _taken(windows, "day", window),
        "cue_code": pd.Categorical.from_codes(rows["cue"], categories=names),
        "cue_class": pd.Categorical(rows["cue_class"]),
        "response_code": pd.Categorical.from_codes(rows["response"], categories=names),
        "responder": _taken(events, "caregiver", answer),
        "cue_id": _taken(events, "id", rows["row"]),
        "answer_id": _taken(events, "id", answer),
    }
    return conform(pd.DataFrame(rows | columns), EPISODES)


def _taken(frame: pd.DataFrame, name: str, row: Ints) -> Any:
    """Return a column at these rows, missing at row -1; None when the frame has no such column."""
    return frame[name].array.take(row, allow_fill=True) if name in frame else None

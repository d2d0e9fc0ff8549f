"""The five components of one answer to one cue: noticed, interpreted, appropriate, prompt, effective."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from caregiving.indices._moments import Floats, Ints, Watching, marks
from caregiving.indices._settling import end_marks, ends_logged
from caregiving.instruments import Instrument

SETTLED_WITHIN_S = 300.0
ENGAGED_WITHIN_S = 10.0
NEVER = np.iinfo(np.int64).max
PARTS = ("interpreted", "appropriate", "prompt", "effective")
NEED = r"\bneed\W+(\w+)"  # `need=milk` as well as `{"need": "milk"}`


def promptness(latency_s: ArrayLike, w1_s: ArrayLike, w2_s: ArrayLike) -> Floats:
    """Return T: 1 up to w1, (w2 - L) / (w2 - w1) between, 0 beyond w2; NaN without an answer.

    >>> promptness([20, 105, 180], 30, 180).tolist()
    [1.0, 0.5, 0.0]
    """
    late, w1, w2 = (np.asarray(x, dtype=np.float64) for x in (latency_s, w1_s, w2_s))
    with np.errstate(divide="ignore", invalid="ignore"):
        between = np.clip((w2 - late) / (w2 - w1), 0.0, 1.0)
    return np.where(np.isnan(late) | np.isnan(w1), np.nan, np.where(late <= w1, 1.0, between))


def bout_scores(noticed: ArrayLike, parts: ArrayLike) -> Floats:
    """Return each bout's score: noticed x mean of the parts that are known, of which it needs two of four.

    Parameters: `noticed` 0 or 1, shape (n,); `parts` interpreted, appropriate, prompt, effective, each in
    [0, 1] or NaN, shape (n, 4). Returns: [0, 1], shape (n,); 0 for a bout not noticed, NaN with fewer than
    two parts.

    >>> nan = float("nan")
    >>> bout_scores([1, 0, 1], [[nan, 0.5, 0.5, 0], [nan, nan, nan, nan], [nan, nan, 1, nan]]).round(
    ...     4
    ... ).tolist()
    [0.3333, 0.0, nan]
    """
    seen, known = np.asarray(noticed, dtype=np.float64), np.asarray(parts, dtype=np.float64)
    there = np.count_nonzero(~np.isnan(known), axis=1)
    mean = np.nansum(known, axis=1) / np.maximum(there, 1)
    return np.where(np.isnan(seen), np.nan, np.where(seen == 0, 0.0, np.where(there >= 2, mean, np.nan)))


def profile_score(score: ArrayLike, distress: ArrayLike) -> tuple[float, float, float]:
    """Return mean score of distress bouts, of the others, and EBSP = 100 x half their sum (0 to 100).

    NaN where a stratum has no scored bout. Parameters: `score` as `bout_scores` returns it; `distress` bool.

    >>> profile_score([1, 0.5, 0.25], [True, True, False])
    (0.75, 0.25, 50.0)
    """
    values, first = np.asarray(score, dtype=np.float64), np.asarray(distress, dtype=bool)
    means = [
        float(part.mean()) if len(part) else float("nan")
        for part in (_known(values[first]), _known(values[~first]))
    ]
    return means[0], means[1], 50 * (means[0] + means[1])


def _known(values: Floats) -> Floats:
    return values[~np.isnan(values)]


def profile(
    rows: pd.DataFrame, events: pd.DataFrame, watch: Watching, instrument: Instrument
) -> pd.DataFrame:
    """Return the components of each bout: `stratum, noticed`, the four parts, `score`, `session, day`.

    Parameters: `rows` of an EPISODES frame, distress, social and request bouts; EVENTS; the watched time.
    noticed: an answer came inside the response window. The parts are NaN where they are not known:
    interpreted: 1 when the first answer that names a need names the one that ended the cue, 0.5 when a later
    answer does, 0 when none does; appropriate: the best rating, for this cue, of the answers from its onset
    to the end of its window or the next cue; prompt: `promptness` with the instrument's w1 and w2;
    effective, 1 or 0: distress settled within 5 min of the answer, else a social or request cue within 10 s
    after it. Known as 0 only where ends of crying are logged in that session and watching went on long
    enough.
    """
    reference = (
        rows["onset_s"] if instrument.latency_from == "onset" else rows["offset_s"].fillna(rows["onset_s"])
    )
    onset = watch.at(rows["session"], rows["onset_s"])
    answer = watch.at(rows["session"], reference + rows["latency_s"])
    noticed = rows["answered"].to_numpy(dtype=bool)
    w1, w2 = _prompt_limits(rows, instrument)
    distress = rows["cue_class"].eq("distress").to_numpy(dtype=bool)
    columns = {
        "interpreted": _interpreted(events, watch, instrument, onset),
        "appropriate": _appropriate(rows, events, watch, instrument, watch.at(rows["session"], reference)),
        "prompt": promptness(rows["latency_s"], w1, w2),
        "effective": np.where(distress, np.nan, _engaged(events, watch, instrument, answer)),
    }
    columns["effective"][distress] = _comforted(rows[distress], events, watch, instrument, answer[distress])
    parts = {name: np.where(noticed, part, np.nan) for name, part in columns.items()}
    score = bout_scores(noticed, np.column_stack(list(parts.values())))
    stratum = np.where(distress, "distress", "non_distress")
    named = {name: rows[name].to_numpy() for name in ("session", "day")}
    return pd.DataFrame(
        {"stratum": stratum, "noticed": noticed.astype(float), **parts, "score": score, **named}
    )


def _prompt_limits(rows: pd.DataFrame, instrument: Instrument) -> tuple[Floats, Floats]:
    """Return w1 and w2 of each row's code, else of its class; NaN when the instrument has none."""
    limits: dict[str, tuple[float, float]] = {}
    for behaviour in instrument.behaviours:
        if behaviour.cue_class is None:
            continue
        timing = instrument.classes[behaviour.cue_class]
        steps = getattr(timing.codes.get(behaviour.code), "prompt_s", None) or timing.prompt_s
        limits[behaviour.code] = (steps.value[0], steps.value[-1]) if steps else (np.nan, np.nan)
    code = rows["cue_code"].astype("object")
    first, second = ({name: pair[side] for name, pair in limits.items()} for side in (0, 1))
    return np.asarray(code.map(first), dtype=np.float64), np.asarray(code.map(second), dtype=np.float64)


def _appropriate(
    rows: pd.DataFrame, events: pd.DataFrame, watch: Watching, instrument: Instrument, reference: Ints
) -> Floats:
    """Return the best rating of the answers to each bout; NaN when the table has none of them."""
    table = instrument.appropriateness.table if instrument.appropriateness else {}
    cue = rows["cue_code"].astype("object")
    given = rows["response_code"].astype("object").to_numpy()
    onset = watch.at(rows["session"], rows["onset_s"])
    window = {name: timing.response_window_s.value for name, timing in instrument.classes.items()}
    wait_s = (reference - onset) / 1e6 + rows["cue_class"].astype("object").map(window).to_numpy(
        dtype=np.float64
    )
    everything = np.sort(onset)
    following = np.append(everything, NEVER)[np.searchsorted(everything, onset, side="right")]
    until_next_s = np.where(following < NEVER, (following - onset) / 1e6, np.inf)
    best = np.full(len(rows), np.nan)
    for code in instrument.codes("response"):
        rating = cue.map({name: answers.get(code, np.nan) for name, answers in table.items()}).to_numpy(
            np.float64
        )
        gap_s = watch.until(marks(watch, events, [code]), onset)
        served = (given == code) | ((gap_s <= wait_s) & (gap_s < until_next_s))
        best = np.where(served, np.fmax(best, rating), best)
    return best


def _comforted(
    rows: pd.DataFrame, events: pd.DataFrame, watch: Watching, instrument: Instrument, answer: Ints
) -> Floats:
    """Return whether distress settled within 5 min of the answer; NaN when nobody can know.

    A cry that had ended before the answer says nothing about the answer.
    """
    marked_s = watch.until(end_marks(watch, events, instrument), answer)
    end = watch.at(rows["session"], rows["offset_s"])
    own_s = np.where(end > watch.at(rows["session"], rows["onset_s"]), (end - answer) / 1e6, np.nan)
    took_s = np.fmin(marked_s, np.where(own_s >= 0, own_s, np.nan))
    ended_before = own_s < 0
    logged = ends_logged(rows["session"], events, instrument)
    watched_on = watch.left_s(answer) >= SETTLED_WITHIN_S
    known = ~ended_before & (~np.isnan(took_s) | (logged & watched_on))
    return np.where(known & (answer >= 0), (took_s <= SETTLED_WITHIN_S).astype(float), np.nan)


def _engaged(events: pd.DataFrame, watch: Watching, instrument: Instrument, answer: Ints) -> Floats:
    """Return whether a social or request cue came within 10 s of the answer; NaN when not watched so long."""
    bids = instrument.codes("cue", cue_class="social") + instrument.codes("cue", cue_class="request")
    gap_s = watch.until(marks(watch, events, bids), answer, after=True)
    known = (gap_s <= ENGAGED_WITHIN_S) | (watch.left_s(answer) >= ENGAGED_WITHIN_S)
    return np.where(known & (answer >= 0), (gap_s <= ENGAGED_WITHIN_S).astype(float), np.nan)


def _interpreted(events: pd.DataFrame, watch: Watching, instrument: Instrument, onset: Ints) -> Floats:
    """Return whether the need an answer names is the one that ended the cue; NaN where one is not named."""
    if "modifiers" not in events or events["modifiers"].isna().all():
        return np.full(len(onset), np.nan)
    need = events["modifiers"].astype("str").str.extract(NEED, expand=False)
    code = pd.factorize(need)[0]
    moment = watch.at(events["session"], events["onset_s"])
    kept = np.argsort(moment, kind="stable")
    kept = kept[(moment[kept] >= 0) & (code[kept] >= 0)]
    answers = kept[events["code"].isin(instrument.codes("response")).to_numpy()[kept]]
    ends = kept[events["code"].isin(instrument.codes("outcome")).to_numpy()[kept]]
    if not len(answers) or not len(ends):
        return np.full(len(onset), np.nan)
    end_s = watch.until(moment[ends], onset)
    end = onset + np.rint(np.nan_to_num(end_s) * 1e6).astype(np.int64)
    truth = code[ends][np.minimum(np.searchsorted(moment[ends], end, side="left"), len(ends) - 1)]
    first = np.searchsorted(moment[answers], onset, side="left")
    last = np.searchsorted(moment[answers], end, side="right") - 1
    tried = (last >= first) & ~np.isnan(end_s)
    at_first, at_last = (code[answers][np.clip(at, 0, len(answers) - 1)] == truth for at in (first, last))
    return np.where(tried, np.where(at_first, 1.0, np.where(at_last, 0.5, 0.0)), np.nan)

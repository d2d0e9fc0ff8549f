"""Coded rows as a BORIS project: the JSON document that BORIS opens."""

from caregiving.bench.invented_sessions import ACTORS, CODES, IS_STATE, CodedRows


def boris_project(observations: dict[str, CodedRows]) -> dict[str, object]:
    """Return a project with one live observation a session; those of each name are called NAME-NUMBER."""
    return {
        "time_format": "s",
        "project_date": "2026-01-01T00:00:00",
        "project_name": "bench",
        "project_description": "",
        "project_format_version": "7.0",
        "subjects_conf": {
            str(n): {"key": "", "name": actor, "description": ""} for n, actor in enumerate(ACTORS)
        },
        "behaviors_conf": {str(n): _behaviour(n) for n in range(len(CODES))},
        "behavioral_categories": [],
        "behavioral_categories_config": {},
        "independent_variables": {},
        "coding_map": {},
        "behaviors_coding_map": [],
        "converters": {},
        "observations": {
            f"{name}-{session}": _observation(events)
            for name, rows in observations.items()
            for session, events in _events(rows).items()
        },
    }


def _behaviour(number: int) -> dict[str, str]:
    empty = dict.fromkeys(
        ("key", "description", "color", "category", "modifiers", "excluded", "coding map"), ""
    )
    return empty | {
        "type": "State event" if IS_STATE[number] else "Point event",
        "code": CODES[number],
    }


def _events(rows: CodedRows) -> dict[int, list[list[object]]]:
    """Return each session's rows: time, subject, code, modifier, comment."""
    found: dict[int, list[list[object]]] = {}
    columns = (rows.session.tolist(), rows.at_ms.tolist(), rows.actor.tolist(), rows.code.tolist())
    for session, at_ms, actor, code in zip(*columns, strict=True):
        found.setdefault(session, []).append([at_ms / 1000, ACTORS[actor], CODES[code], "", ""])
    return found


def _observation(events: list[list[object]]) -> dict[str, object]:
    return {
        "file": [],
        "type": "LIVE",
        "date": "2026-01-01T00:00:00",
        "description": "",
        "time offset": 0.0,
        "events": events,
        "observation time interval": [0, 0],
        "independent_variables": {},
        "close_behaviors_between_videos": False,
        "scan_sampling_time": 0,
        "start_from_current_time": False,
        "start_from_current_epoch_time": False,
        "visualize_spectrogram": False,
        "visualize_waveform": False,
        "media_info": {},
        "directories_list": [],
        "plot_data": {},
    }

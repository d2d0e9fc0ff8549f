"""BORIS without a screen: time budget, transition matrix and kappa of a project, timed where BORIS lives."""

import importlib.util
import json
import sys
import types
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any


def load_boris() -> Any:
    """Import BORIS' own modules past its start, which wants a screen and a media player."""
    found = importlib.util.find_spec("boris")
    package: Any = types.ModuleType("boris")
    package.__path__ = [str(Path(str(found and found.origin)).parent)]
    sys.modules["boris"] = package
    for name in ("mpv", "mpv2"):
        player: Any = types.ModuleType(f"boris.{name}")
        player.MPV, player.sofile, player.dll, player.__version__ = object, "libmpv.so.2", "", "0"
        player._mpv_client_api_version = (2, 0)
        sys.modules[f"boris.{name}"] = player
    drawing: Any = importlib.import_module("matplotlib")
    drawing.use = lambda *_, **__: None
    names = (
        "db_functions",
        "export_observation",
        "irr",
        "project_functions",
        "time_budget_functions",
        "transitions",
    )
    return types.SimpleNamespace(**{name: importlib.import_module(f"boris.{name}") for name in names})


def steps(boris: Any, project: Any) -> dict[str, Callable[[], object]]:
    """Return the steps that can be asked for; those of two records compare the observations a-0 and b-0."""
    subjects = [one["name"] for one in project["subjects_conf"].values()]
    codes = [one["code"] for one in project["behaviors_conf"].values()]
    sessions = list(project["observations"])
    wanted = {
        "selected subjects": subjects,
        "selected behaviors": codes,
        "include modifiers": False,
        "exclude behaviors": False,
        "start time": Decimal("0.000"),
        "end time": Decimal("1000000.000"),
    }

    def budget() -> object:
        cursor = boris.db_functions.load_events_in_db(project, subjects, sessions, codes)
        rows, _ = boris.time_budget_functions.time_budget_analysis(
            project["behaviors_conf"], cursor, sessions, wanted
        )
        return [[row["subject"], row["behavior"], row["number"], row["duration"]] for row in rows]

    def transitions() -> object:
        strings = boris.export_observation.events_to_behavioral_sequences
        matrices = {}
        for subject in subjects:
            rows = [strings(project, session, subject, wanted, "|") for session in sessions]
            found, seen = boris.transitions.behavioral_strings_analysis(rows, "|")
            matrices[subject] = boris.transitions.observed_transitions_matrix(found, seen, "number")
        return matrices

    loaded: list[Any] = []

    def load() -> None:
        loaded[:] = boris.db_functions.load_aggregated_events_in_db(project, subjects, sessions, codes)

    def kappa() -> object:
        cursor = loaded[2].cursor()
        return float(boris.irr.cohen_kappa(cursor, "a-0", "b-0", Decimal("1.0"), subjects, False)[0])

    return {"budget": budget, "transitions": transitions, "load": load, "kappa": kappa}


def main(folder: Path) -> None:
    """Open the project, then answer with seconds and figures for every line read."""
    boris = load_boris()
    _, _, project, message = boris.project_functions.open_project_json(str(folder / "project.boris"))
    known = steps(boris, project)
    sys.stdout.write(json.dumps({"ready": message or "open"}) + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        began = perf_counter()
        found = known[line.strip()]()
        took_s = perf_counter() - began
        sys.stdout.write(json.dumps({"took_s": took_s, "found": found}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

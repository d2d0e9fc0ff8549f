"""The house rules that a program can check: who imports whom, which library lives where, how long a file is.

Every rule is a function from one module to sentences about what is wrong with it. The real modules must yield
none; the bad examples further down must each be caught, so that no rule can pass by looking at nothing.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A room is the first path part below caregiving/. It imports from rooms further up in this list, and
# from itself. Level 0 goes in steps: an instrument cites its sources, a window shares its parts with events.
LEVELS = (
    ("0, first step", {"faults", "settings", "palette", "localtime", "events", "words", "periods"}),
    ("0, second step", {"sources", "windows", "people", "reflections", "prompts"}),
    ("0, third step", {"instruments", "ratings", "visits"}),
    ("1", {"frames", "declared"}),
    ("2", {"sessions", "episodes", "indices", "sequences", "agreement", "store", "imports"}),
    ("3, first step", {"report", "cohort", "demo"}),
    ("3, second step", {"day", "trends", "rows", "coded", "quality", "safety", "behind", "summary"}),
    ("3, third step", {"twice"}),
    ("4", {"charts", "exports", "guidance"}),
    ("5", {"screens", "capture", "cli"}),
    ("6", {"app"}),
)
LEVEL_OF = {room: number for number, (_, rooms) in enumerate(LEVELS) for room in rooms}
ONE_ROOM = {"__main__": "cli", "bench": "cli"}  # the command line, its entry point and its longest command

FENCES = {
    "streamlit": {"app", "screens"},
    "starlette": {"app", "capture"},
    "plotly": {"charts"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "sqlcipher3": {"store"},
    "sqlite3": {"store"},
    "dask": {"cohort"},
    "distributed": {"cohort"},
    "typst": {"exports"},
    "fhir": {"exports"},
    "xlsxwriter": {"exports"},
    "typer": {"cli"},
    "pydantic_settings": {"settings"},
}
BY_NAME = {"importlib.import_module", "__import__"}
ONE_FILE_EACH = {"typst", "fhir", "xlsxwriter"}

CLOCK = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.time_ns",
    "pandas.Timestamp.now",
    "pandas.Timestamp.today",
    "pandas.Timestamp.utcnow",
    "uuid.uuid1",
    "uuid.uuid4",
}
READS_THE_CLOCK = {"screens", "capture", "cli"}
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv"}

LONGEST_MODULE, LONGEST_BODY = 400, 40
LONGEST = {"app.py": 60, "run.py": 150}
LONG_BODIES_ALLOWED: set[str] = set()  # "caregiving/report.py: build_report" would go here; keep it empty
BANNED_NAMES = {"utils", "helpers", "common", "manager", "handler", "base", "process", "data", "info", "tmp"}


@dataclass(frozen=True)
class Module:
    """One source file: where it lies, counted from the root of the repository, and its text."""

    path: PurePosixPath
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @property
    def room(self) -> str:
        inside = self.path.parts[1:] if self.path.parts[0] == "caregiving" else self.path.parts
        name = inside[0].removesuffix(".py")
        return ONE_ROOM.get(name, name)

    def imports(self) -> Iterator[tuple[int, str]]:
        """Yield line and full dotted name of whatever is imported, relative and by name in a string too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                start = self.start_of(node)
                yield from ((node.lineno, f"{start}.{alias.name}") for alias in node.names)
            elif isinstance(node, ast.Call) and self.spelt(node.func) in BY_NAME:
                named = [part for part in node.args[:1] if isinstance(part, ast.Constant)]
                yield from ((node.lineno, str(part.value)) for part in named)

    def start_of(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        here = self.path.parent.parts
        start = here[: len(here) - node.level + 1]
        return ".".join([*start, *([node.module] if node.module else [])])

    @cached_property
    def names(self) -> dict[str, str]:
        """What each imported name stands for: {"dt": "datetime", "uuid4": "uuid.uuid4"}."""
        known = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.split(".")[0]
                    known[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom) and not node.level:
                for alias in node.names:
                    known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return known

    def spelt(self, node: ast.AST) -> str:
        """Return `dt.datetime.now` as "datetime.datetime.now", and "" for what is no dotted name."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            start = self.spelt(node.value)
            return f"{start}.{node.attr}" if start else ""
        return ""

    def uses(self) -> Iterator[tuple[int, str]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name | ast.Attribute):
                yield node.lineno, self.spelt(node)


# --- the rules ---------------------------------------------------------------------------------------


def wrong_rooms(module: Module) -> Iterator[str]:
    """Yield unknown rooms, and imports that do not point backwards along the road."""
    if module.room == "run":
        return
    if module.room != "__init__" and module.room not in LEVEL_OF:
        yield f'{module.path}: the room "{module.room}" is unknown; give it a level in tests/test_house.py'
        return
    own = LEVEL_OF.get(module.room, -1)
    for line, target in module.imports():
        first, _, rest = target.partition(".")
        name = rest.split(".")[0]
        room = ONE_ROOM.get(name, name)
        if first != "caregiving" or not room or name == "__version__" or room == module.room:
            continue
        if room not in LEVEL_OF:
            yield f'{module.path}:{line}: the imported room "{room}" is unknown in tests/test_house.py'
        elif LEVEL_OF[room] >= own:
            level = f"level {LEVELS[own][0]}" if own >= 0 else "before every level"
            yield (
                f"{module.path}:{line}: {module.room} ({level}) imports {target}, "
                f"but {room} is on level {LEVELS[LEVEL_OF[room]][0]}; imports point only backwards"
            )


def wrong_libraries(module: Module) -> Iterator[str]:
    """Yield libraries imported outside their fence."""
    for line, target in module.imports():
        library = target.split(".")[0]
        allowed = FENCES.get(library, {module.room})
        if module.room not in allowed:
            yield f"{module.path}:{line}: {library} is only for {' and '.join(sorted(allowed))}"
        if module.room == "run" and library not in sys.stdlib_module_names:
            yield f"{module.path}:{line}: run.py has only the standard library, and {library} is not in it"


def wrong_clock(module: Module) -> Iterator[str]:
    """Yield places that read the clock or make an id where time has to be an argument."""
    for line, name in module.uses():
        if name in CLOCK and module.room not in READS_THE_CLOCK:
            yield f"{module.path}:{line}: {name} is only for screens, capture and cli; take it as an argument"


def wrong_environment(module: Module) -> Iterator[str]:
    """Yield places that read environment variables. run.py stands before the package and its settings."""
    for line, name in module.uses():
        if name in ENVIRONMENT and module.room not in {"settings", "run"}:
            yield f"{module.path}:{line}: {name} is only for settings.py; ask it instead"


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines from the first statement after the docstring to the last."""
    has_docstring = ast.get_docstring(function, clean=False) is not None
    body = function.body[1:] if has_docstring else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def wrong_sizes(module: Module) -> Iterator[str]:
    """Yield files and functions that have grown too long."""
    lines, limit = len(module.source.splitlines()), LONGEST.get(str(module.path), LONGEST_MODULE)
    if lines > limit:
        yield f"{module.path}: {lines} lines, at most {limit}; split it by idea"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = body_lines(node)
            if length > LONGEST_BODY and f"{module.path}: {node.name}" not in LONG_BODIES_ALLOWED:
                place = f"{module.path}:{node.lineno}"
                yield f"{place}: {node.name} has a body of {length} lines, at most {LONGEST_BODY}"


def wrong_names(module: Module) -> Iterator[str]:
    """Yield names of files and folders that say nothing."""
    for part in module.path.parts:
        if part.removesuffix(".py").strip("_") in BANNED_NAMES:
            yield f'{module.path}: "{part}" names no idea; call it after what is in it'


Rule = Callable[[Module], Iterator[str]]
RULES: list[Rule] = [wrong_rooms, wrong_libraries, wrong_clock, wrong_environment, wrong_sizes, wrong_names]


# --- the house as it stands --------------------------------------------------------------------------


@cache
def the_house() -> list[Module]:
    paths = [*sorted((ROOT / "caregiving").rglob("*.py")), ROOT / "app.py", ROOT / "run.py"]
    return [
        Module(PurePosixPath(path.relative_to(ROOT).as_posix()), path.read_text(encoding="utf-8"))
        for path in paths
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Rule):
    house = the_house()

    faults = [fault for module in house for fault in rule(module)]

    assert len(house) > 10, "hardly any module was found; is the tree in another place now?"
    assert not faults, "\n" + "\n".join(faults)


def test_a_heavy_writer_library_is_imported_by_one_file_only():
    for library in ONE_FILE_EACH:
        files = {
            module.path
            for module in the_house()
            for _, name in module.imports()
            if name.split(".")[0] == library
        }

        assert len(files) <= 1, f"{library} is imported by {sorted(map(str, files))}"


# --- the rules catch what they are for ----------------------------------------------------------------

LONG_FUNCTION = "def f():\n" + '    """Say so.\n\n    ' + "word\n" * 60 + '    """\n' + "    x = 1\n" * 41
JUST_SHORT_ENOUGH = LONG_FUNCTION.removesuffix("    x = 1\n")

BAD = [
    ("caregiving/indices/latency.py", "from caregiving.store import events", "store is on level 2"),
    ("caregiving/indices/latency.py", "import caregiving.store.events", "store is on level 2"),
    ("caregiving/indices/latency.py", "from ..store.events import load", "store is on level 2"),
    ("caregiving/indices/latency.py", "from .. import report", "report is on level 3"),
    ("caregiving/indices/__init__.py", "from ..report import build_report", "report is on level 3"),
    ("caregiving/store/events.py", "from ..indices.latency import latency", "indices is on level 2"),
    ("caregiving/frames.py", "from . import episodes", "episodes is on level 2"),
    ("caregiving/frames.py", "def f():\n    import caregiving.charts", "charts is on level 4"),
    (
        "caregiving/frames.py",
        "from importlib import import_module\nimport_module('caregiving.cli')",
        "level 5",
    ),
    ("caregiving/events.py", "from caregiving.windows import Window", "windows is on level 0, second step"),
    ("caregiving/screens/today.py", "from caregiving.capture import routes", "capture is on level 5"),
    ("caregiving/__init__.py", "from caregiving.events import Event", "before every level"),
    ("caregiving/report.py", "from caregiving.dashboard import show", '"dashboard" is unknown in'),
    ("caregiving/dashboard/today.py", "x = 1", 'the room "dashboard" is unknown'),
    ("caregiving/report.py", "import streamlit as st", "streamlit is only for app and screens"),
    ("caregiving/charts/trend.py", "from streamlit.delta_generator import x", "streamlit is only for"),
    (
        "caregiving/screens/today.py",
        "from starlette.responses import Response",
        "starlette is only for app and capture",
    ),
    ("caregiving/screens/today.py", "import plotly.graph_objects as go", "plotly is only for charts"),
    ("caregiving/capture/routes.py", "from sqlalchemy import select", "sqlalchemy is only for store"),
    ("caregiving/report.py", "from dask import delayed", "dask is only for cohort"),
    ("caregiving/report.py", "import typst", "typst is only for exports"),
    ("app.py", "import plotly", "plotly is only for charts"),
    ("run.py", "import yaml", "yaml is not in it"),
    ("caregiving/report.py", "from datetime import datetime\nx = datetime.now()", "datetime.datetime.now"),
    ("caregiving/report.py", "import datetime as dt\nx = dt.datetime.utcnow()", "datetime.datetime.utcnow"),
    ("caregiving/report.py", "from datetime import date\nx = date.today()", "datetime.date.today"),
    ("caregiving/report.py", "import time\nx = time.time()", "time.time"),
    ("caregiving/report.py", "from time import time as clock\nx = clock()", "time.time"),
    ("caregiving/events.py", "from uuid import uuid4\nx = Field(default_factory=uuid4)", "uuid.uuid4"),
    ("caregiving/store/events.py", "import pandas as pd\nx = pd.Timestamp.now()", "pandas.Timestamp.now"),
    ("app.py", "import uuid\nx = uuid.uuid4()", "uuid.uuid4"),
    ("caregiving/cli.py", "import os\nx = os.environ['HOME']", "os.environ is only for settings.py"),
    ("caregiving/cli.py", "from os import getenv\nx = getenv('HOME')", "os.getenv is only for settings.py"),
    ("caregiving/cli.py", "from os import environ as e\nx = e['HOME']", "os.environ is only for settings.py"),
    ("caregiving/report.py", "x = 1\n" * 401, "401 lines, at most 400"),
    ("app.py", "x = 1\n" * 61, "61 lines, at most 60"),
    ("run.py", "x = 1\n" * 151, "151 lines, at most 150"),
    ("caregiving/report.py", LONG_FUNCTION, "body of 41 lines, at most 40"),
    (
        "caregiving/report.py",
        "class A:\n    async def f(self):\n" + "        x = 1\n" * 41,
        "body of 41 lines",
    ),
    ("caregiving/store/utils.py", "x = 1", '"utils.py" names no idea'),
    ("caregiving/store/_helpers.py", "x = 1", '"_helpers.py" names no idea'),
    ("caregiving/store/common/events.py", "x = 1", '"common" names no idea'),
]

GOOD = [
    ("caregiving/instruments.py", "from caregiving.sources import Source\nfrom .settings import settings"),
    (
        "caregiving/indices/latency.py",
        "from ._gates import gate\nfrom caregiving.frames import need\nimport pandas",
    ),
    (
        "caregiving/report.py",
        "from caregiving.indices import all_indices\nfrom caregiving import __version__",
    ),
    ("caregiving/screens/today.py", "import streamlit as st\nfrom uuid import uuid4\nx = uuid4()"),
    ("caregiving/capture/routes.py", "from starlette.routing import Route\nimport time\nx = time.time()"),
    ("caregiving/store/events.py", "from sqlalchemy import select\nimport sqlcipher3"),
    ("caregiving/report.py", "from datetime import datetime\nx = datetime(2026, 1, 1)\nnow = 3\ny = x.time"),
    ("caregiving/settings.py", "import os\nx = os.environ"),
    (
        "caregiving/bench.py",
        "from time import perf_counter\nfrom caregiving.cli import app\nx = perf_counter()",
    ),
    ("caregiving/__main__.py", "from caregiving.cli import main"),
    ("app.py", "import streamlit\nimport starlette\nfrom caregiving.capture import routes"),
    ("caregiving/report.py", JUST_SHORT_ENOUGH),
    ("caregiving/report.py", "x = 1\n" * 400),
]


def faults_of(path: str, source: str) -> list[str]:
    module = Module(PurePosixPath(path), source)
    return [fault for rule in RULES for fault in rule(module)]


@pytest.mark.parametrize(("path", "source", "sentence"), BAD, ids=[f"{p}-{s}" for p, _, s in BAD])
def test_a_broken_rule_is_caught_and_told_in_a_sentence(path: str, source: str, sentence: str):
    assert any(sentence in fault and fault.startswith(path) for fault in faults_of(path, source))


@pytest.mark.parametrize(("path", "source"), GOOD, ids=[path for path, _ in GOOD])
def test_what_the_rules_allow_is_left_alone(path: str, source: str):
    assert faults_of(path, source) == []


# --- the locks ---------------------------------------------------------------------------------------


def pins(lock: str) -> set[str]:
    return set(re.findall(r"^[\w.-]+==.*$", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


def test_the_dev_lock_holds_the_runtime_lock_in_the_same_versions():
    assert pins("requirements.txt")
    assert pins("requirements.txt") <= pins("requirements-dev.txt")


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_no_registry_and_no_path_of_one_machine(lock: str):
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert not re.search(r"://|--(extra-)?index-url|--find-links|/(home|root|tmp|Users)/", text)

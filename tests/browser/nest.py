"""Starts servers for the tests in a fraction of the time: what they import is loaded once, then forked.

Nothing else is shared: every server is a process of its own, runs the same command as a person, reads its own
environment, and can be killed. Called with the words `python -m tests.browser.nest`; one order a line.
"""

import gc
import json
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ["streamlit", "run", "app.py"]


class Nest:
    """The process that has everything loaded, and gives birth to servers."""

    def __init__(self) -> None:
        self.said = TemporaryFile("w+")  # noqa: SIM115  (open as long as the nest is)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.nest"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
            text=True,
        )

    def start(self, environment: dict[str, str], log: Path, port: int) -> int:
        """Start a server and return the number of its process."""
        assert self.process.stdin is not None and self.process.stdout is not None
        order = {"environment": environment, "log": str(log), "port": port}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        born = self.process.stdout.readline()
        if not born:
            self.said.seek(0)
            raise RuntimeError(f"no server can be started:\n{self.said.read()[-2000:]}")
        return int(born)


@cache
def nest() -> Nest:
    """Return the nest of these tests; it ends by itself when they do."""
    return Nest()


def _load() -> None:
    from streamlit.web import bootstrap, cli  # noqa: F401  (what the command itself imports)

    from caregiving.capture import routes  # noqa: F401
    from caregiving.screens._pages import pages
    from caregiving.settings import settings

    pages()
    assert settings.cache_info().currsize == 0, "a module reads the settings as it is imported"
    gc.collect()
    gc.freeze()


def _hatch(order: dict[str, Any]) -> None:
    """Become the server of an order; called in a process that was just forked."""
    from streamlit.web import cli

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(order["environment"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, theirs)
    sys.argv = [*COMMAND, f"--server.port={order['port']}"]
    cli.main(prog_name="streamlit")


def _sit() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # a server that ended leaves nothing behind
    _load()
    for line in sys.stdin:
        born = os.fork()
        if born == 0:
            _hatch(json.loads(line))
            sys.exit()
        print(born, flush=True)


if __name__ == "__main__":
    _sit()

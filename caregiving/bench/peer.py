"""A peer in an environment of its own: made on demand, started as a child process, asked step by step."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, Final

from caregiving.settings import ROOT

ENVIRONMENTS: Final = ROOT / ".bench"
SCRIPTS: Final = Path(__file__).parent / "peers"
INSTALL_WITHIN_S: Final = 900


class NoPeer(Exception):
    """The peer cannot be had here; the message says why, in words that fit behind "skipped:"."""


@dataclass(frozen=True)
class Peer:
    """A program to be measured beside: what to install, on which Python, and the script that runs it."""

    name: str
    pins: tuple[str, ...]
    script: str
    python: str | None = None

    @property
    def title(self) -> str:
        """Name and version, as the first pin has them."""
        return f"{self.name} {self.pins[0].partition('==')[2]}"


BORIS: Final = Peer("BORIS", ("boris-behav-obs==8.27.4",), "boris_times.py", python="3.11")
LIFELINES: Final = Peer("lifelines", ("lifelines==0.30.3",), "lifelines_times.py")
POLARS: Final = Peer("polars", ("polars==2.1.0",), "polars_times.py")


def environment(peer: Peer, folder: Path = ENVIRONMENTS) -> Path:
    """Return the Python of the peer's environment, making the environment when it is not there yet.

    Raises
    ------
    NoPeer
        When the Python it needs is not there, or installing it did not work.
    """
    version = peer.python or f"{sys.version_info.major}.{sys.version_info.minor}"
    home = folder / f"{peer.name.lower()}-{peer.pins[0].partition('==')[2]}-py{version}"
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    mark = home / "installed"  # written last: an environment without it is half-made and not believed
    if mark.exists() and mark.read_text(encoding="utf-8").split() == list(peer.pins):
        return python
    uv = shutil.which("uv")
    _run([_base(peer, version), "-m", "venv", "--clear", *(["--without-pip"] if uv else []), str(home)], peer)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    installer = [uv, "pip", "install", "--quiet", "--python", str(python)] if uv else pip
    _run([*installer, *peer.pins], peer)
    mark.write_text("\n".join(peer.pins), encoding="utf-8")
    return python


def _base(peer: Peer, version: str) -> str:
    """Return a Python of the version that the peer needs."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    found = shutil.which(f"python{version}")
    if found is None:
        raise NoPeer(f"{peer.title} needs Python {version}, and none was found")
    return found


def _run(command: list[str], peer: Peer) -> None:
    try:
        subprocess.run(  # noqa: S603  (our own words and pins)
            command, check=True, capture_output=True, text=True, timeout=INSTALL_WITHIN_S
        )
    except subprocess.CalledProcessError as failure:
        lines = [line for line in (failure.stderr or failure.stdout or "").splitlines() if line.strip()]
        why = lines[-1].strip() if lines else f"exit code {failure.returncode}"
        raise NoPeer(f"{peer.title} could not be installed ({why})") from failure
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise NoPeer(f"{peer.title} could not be installed ({type(failure).__name__})") from failure


class AtWork:
    """A running peer. Use it as a context, so that it ends with the measurement."""

    def __init__(self, peer: Peer, python: Path, *arguments: object) -> None:
        """Start the peer's script on its arguments and wait until it is ready."""
        self.peer = peer
        self.found: dict[str, Any] = {}
        self._errors: IO[str] = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  (closed on exit)
        command = [str(python), "-I", str(SCRIPTS / peer.script), *map(str, arguments)]
        self._process = subprocess.Popen(  # noqa: S603  (our own script)
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, encoding="utf-8"
        )
        try:
            self.ready = self._answer()["ready"]
        except NoPeer:
            self._end()
            raise

    def take(self, step: str) -> float:
        """Run one step and return the seconds it took inside the peer; its figures are kept in `found`."""
        assert self._process.stdin is not None  # noqa: S101  (it was opened as a pipe)
        self._process.stdin.write(step + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        self.found[step] = answer["found"]
        return float(answer["took_s"])

    def _answer(self) -> dict[str, Any]:
        """Return the next line that is a document; whatever else the peer prints is passed over."""
        assert self._process.stdout is not None  # noqa: S101  (it was opened as a pipe)
        for line in self._process.stdout:
            if line.startswith("{"):
                answer: dict[str, Any] = json.loads(line)
                return answer
        self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().strip().splitlines()
        raise NoPeer(f"{self.peer.title} stopped ({lines[-1] if lines else 'without a word'})")

    def __enter__(self) -> "AtWork":
        """Return the running peer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the peer."""
        self._end()

    def _end(self) -> None:
        """Close the pipes; with nothing more to read, the script comes to its end."""
        try:
            self._process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
        self._errors.close()

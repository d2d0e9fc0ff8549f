"""The one command: makes the environment, then starts the app or a check.

python run.py            the app, on this computer only      [--port N, or PORT=N]
python run.py test       the whole test suite                [anything pytest takes]
python run.py check      format, lint, types, instruments
python run.py bench      the benchmarks
python run.py serve      a real household instead of the demo

Only the standard library is used here, so that any Python from 3.11 on can begin with it.
"""

import argparse
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  (older ones are exactly whom this line is for)
    found = ".".join(str(part) for part in sys.version_info[:3])
    sys.exit(f"Python 3.11 or newer is needed, and this is {found}. Try for example: python3.12 run.py")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MARK = VENV / ".lock-hash"  # written last: an environment without it is half-made and not believed
LOCKS = {"runtime": ROOT / "requirements.txt", "dev": ROOT / "requirements-dev.txt"}
WORDS = {"app": "runtime", "serve": "runtime", "test": "dev", "check": "dev", "bench": "dev"}


def say(sentence: str) -> None:
    print(sentence, flush=True)


def lock_marks(kind: str) -> set[str]:
    """One line a lock; the dev lock holds every package of the runtime lock in the same version."""
    kinds = {"runtime", kind}
    return {f"{kind} {hashlib.sha256(LOCKS[kind].read_bytes()).hexdigest()}" for kind in kinds}


def make_environment(uv: str | None) -> None:
    if Path(sys.prefix).resolve() == VENV.resolve():
        sys.exit("The environment has to be made again: start run.py with a Python from outside .venv.")
    if not uv and find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        sys.exit(f"This Python came without pip. On Debian and Ubuntu: sudo apt-get install {package}")
    say("Making the environment in .venv ...")
    options = ["--clear", "--without-pip"] if uv else ["--clear"]
    subprocess.run([sys.executable, "-m", "venv", *options, str(VENV)], check=True)


def has_pip() -> bool:
    return subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True, check=False).returncode == 0


def prepare(kind: str) -> None:
    """Bring .venv to the state of the lock; costs nothing when it is there already."""
    wanted, uv = lock_marks(kind), shutil.which("uv")
    present = set(MARK.read_text(encoding="utf-8").splitlines()) if MARK.exists() else set()
    if PYTHON.exists() and wanted <= present:
        return
    # The dev packages may join a good environment; a changed lock or a half-made one starts clean.
    grows = PYTHON.exists() and bool(present) and present <= wanted and bool(uv or has_pip())
    MARK.unlink(missing_ok=True)
    if not grows:
        make_environment(uv)
    say(f"Installing what {LOCKS[kind].name} names (up to a minute, only this once) ...")
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    installer = [uv, "pip", "install", "--python", str(PYTHON)] if uv else pip
    subprocess.run([*installer, "--quiet", "-r", str(LOCKS[kind])], check=True, cwd=ROOT)
    MARK.write_text("\n".join(sorted(wanted)), encoding="utf-8")


def run(*words: str) -> int:
    """Run one command with the environment's Python; an interrupt is the command's to answer."""
    child = subprocess.Popen([str(PYTHON), *words], cwd=ROOT, env=os.environ | {"PYTHONUTF8": "1"})
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        return child.wait()
    except KeyboardInterrupt:
        try:
            child.wait(timeout=10)  # the keyboard reached it as well: let it close its files
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            child.terminate()
            child.wait()
        sys.exit(130)


def is_free(port: int) -> bool:
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False


def app(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py", add_help=False, allow_abbrev=False)
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "8501")
    options, rest = parser.parse_known_args(arguments)
    ports = range(max(options.port, 1), min(options.port + 100, 65_536))
    port = next((port for port in ports if is_free(port)), None)
    if port is None:
        sys.exit(f"No port from {options.port} on can be used. Name another one, for example: --port 8600")
    if port != options.port:
        say(f"Port {options.port} is in use, so it is {port}; taps waiting at the old address stay there.")
    say(f"The caregiving observer is starting: open http://localhost:{port} on this computer.")
    say(f"The tap page is http://localhost:{port}/tap. Ctrl-C stops the app; no saved tap is lost.")
    server = ["--server.address=127.0.0.1", f"--server.port={port}", "--logger.hideWelcomeMessage=true"]
    return run("-m", "streamlit", "run", "app.py", *server, *rest)


def check() -> int:
    """Run every check even after one failed, so that one run shows all there is to mend."""
    checks = ("ruff format --check .", "ruff check .", "mypy caregiving", "caregiving check")
    failed = []
    for words in checks:
        say(f"== {words}")
        if run("-m", *words.split()):
            failed.append(words)
    say("Failed: " + "; ".join(failed) if failed else "Every check passed.")
    return 1 if failed else 0


def main(arguments: list[str]) -> int:
    word, *rest = ["app", *arguments] if not arguments or arguments[0].startswith("-") else arguments
    if word not in WORDS or arguments[:1] in (["-h"], ["--help"]):
        say(f"{__doc__}" if word in WORDS else f'"{word}" is not a word known here.\n\n{__doc__}')
        return 0 if word in WORDS else 2
    prepare(WORDS[word])
    if word == "app":
        return app(rest)
    if word == "check":
        return check()
    if word == "test":  # two at a time, browser tests together; your own arguments replace that
        return run("-m", "pytest", *(rest or ["-n", "2", "--dist", "loadscope"]))
    return run("-m", "caregiving", word, *rest)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nStopped. Setting up begins afresh the next time.")
    except subprocess.CalledProcessError:
        sys.exit("Setting up did not finish; the reason stands above. Start again when it is mended.")

"""The command line: `python -m caregiving WORD ...`.

With --json one JSON document goes to standard output and messages go to standard error. Exit codes: 0 done,
1 the input is refused (where, what was found, what is needed), 2 wrong usage.
"""

import importlib
import pkgutil
import sys

import typer

app = typer.Typer(
    name="caregiving",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def words() -> None:
    """See how a caregiver answers a baby: analyse, import, compare, check, serve."""


def gather(word: str | None = None) -> None:
    """Import the file of one word, which bears its name, or of every word when there is no such file.

    One is enough to run a command, and a command that reads no database need not wait for one to load.
    """
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    for name in [name for name in names if name.rstrip("_") == word] or names:
        importlib.import_module(f"{__name__}.{name}")


def run() -> None:
    """Gather what is needed for the word that was given, and run it."""
    gather(sys.argv[1] if len(sys.argv) > 1 else None)
    app()

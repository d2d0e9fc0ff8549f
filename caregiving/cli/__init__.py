"""The command line: `python -m caregiving WORD ...`.

With --json one JSON document goes to standard output and messages go to standard error. Exit codes: 0 done,
1 the input is refused (where, what was found, what is needed), 2 wrong usage.
"""

import importlib
import pkgutil

import typer

app = typer.Typer(
    name="caregiving",
    help="See how a caregiver answers a baby: analyse, import, check, serve.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def gather() -> None:
    """Import every file of this folder, so that its command is known."""
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            importlib.import_module(f"{__name__}.{module.name}")


def run() -> None:
    """Gather the commands and run the one that was asked for."""
    gather()
    app()

"""Who lives in the invented households, and who visits them. Nobody here is real."""

from dataclasses import dataclass
from typing import Final

NOOR, INES, SOL = "m-noor", "m-ines", "m-sol"
EVERYBODY: Final = (NOOR, SOL, INES)


@dataclass(frozen=True)
class Cast:
    """The people of one household: its name, the child with its age, and two parents.

    `name` makes the ids. `age_days` of the child at the end of the log, None for one that grows with it.
    """

    name: str
    alias: str
    child: str
    parents: tuple[str, str]
    age_days: int | None = None
    colour: str = "#9A5700"


MEADOW: Final = Cast("demo", "The Meadow household (invented)", "Juno", ("Ada", "Ravi"))
ALDER: Final = Cast("alder", "The Alder household (invented)", "Mika", ("Tamsin", "Jorin"), 430)
BROOK: Final = Cast("brook", "The Brook household (invented)", "Otti", ("Edda", "Cato"), 64, "#0F6B66")
COVE: Final = Cast("cove", "The Cove household (invented)", "Pelle", ("Signe", "Runa"), 35)

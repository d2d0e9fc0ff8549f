"""The small language of forms: a safe part of what XLSForm knows, read into a tree and never run as code.

`${item} = 'code'`, `!=`, `<`, `<=`, `>`, `>=`, `and`, `or`, `not(...)`, brackets,
`selected(${item}, 'code')`, and in a constraint `.` for the answer itself. What was not answered is the empty
text, as in XLSForm: it equals '' and is neither below nor above any number.
"""

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

Answer = str | float | None
LONGEST: Final = 500
DEEPEST: Final = 20
ITSELF: Final = "."

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<ref>\$\{[^}]*\})
    | (?P<text>'[^']*'|"[^"]*")
    | (?P<number>-?\d+(?:\.\d+)?)
    | (?P<sign><=|>=|!=|=|<|>|\(|\)|,|\.)
    | (?P<word>[A-Za-z_]\w*)
    )""",
    re.VERBOSE,
)
_ORDER: Final[Mapping[str, Callable[[float, float], bool]]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)


class BadExpression(ValueError):
    """An expression that cannot be read. The sentence says where it broke off and what was wanted there."""

    def __init__(self, text: str, at: int, found: str, needed: str) -> None:
        self.found = f'{found} at character {at + 1} of "{text}"'
        self.needed = needed
        super().__init__(f"found {self.found}; needed {needed}")


@dataclass(frozen=True)
class Ref:
    """The answer to another item; "." is the answer itself."""

    name: str


@dataclass(frozen=True)
class Compare:
    """Two values and the sign between them."""

    left: "Ref | str | float"
    sign: str
    right: "Ref | str | float"


@dataclass(frozen=True)
class Selected:
    """Whether a code is among what was chosen."""

    item: Ref
    code: str


@dataclass(frozen=True)
class Not:
    """The opposite."""

    part: "Node"


@dataclass(frozen=True)
class All:
    """Every part holds."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Either:
    """At least one part holds."""

    parts: tuple["Node", ...]


Node = Compare | Selected | Not | All | Either


@cache
def parse(text: str) -> Node:
    """Return the tree of an expression.

    Raises
    ------
    BadExpression
        When it cannot be read.

    >>> parse("${sleep} = 'poor'")
    Compare(left=Ref(name='sleep'), sign='=', right='poor')
    """
    if len(text) > LONGEST:
        raise BadExpression(text[:40] + "...", LONGEST, "more", f"at most {LONGEST} characters")
    return _Reader(text).whole()


def leaves(node: Node) -> Iterator[Compare | Selected]:
    """Yield every comparison of a tree, from left to right.

    >>> [type(leaf).__name__ for leaf in leaves(parse("not(${a} > 1) or selected(${b}, 'x')"))]
    ['Compare', 'Selected']
    """
    match node:
        case Compare() | Selected():
            yield node
        case Not():
            yield from leaves(node.part)
        case All() | Either():
            for part in node.parts:
                yield from leaves(part)


def holds(node: Node, answers: Mapping[str, Answer]) -> bool:
    """Tell whether an expression is true of these answers.

    >>> holds(parse("${stress} >= 7 and not(${rest} = 'good')"), {"stress": 8})
    True
    >>> holds(parse("${stress} < 7 or ${stress} >= 7"), {})
    False
    """
    match node:
        case Compare():
            return _compared(_value(node.left, answers), node.sign, _value(node.right, answers))
        case Selected():
            return node.code in str(_value(node.item, answers)).split()
        case Not():
            return not holds(node.part, answers)
        case All():
            return all(holds(part, answers) for part in node.parts)
        case Either():
            return any(holds(part, answers) for part in node.parts)


def _value(side: Ref | str | float, answers: Mapping[str, Answer]) -> str | float:
    if not isinstance(side, Ref):
        return side
    answer = answers.get(side.name)
    return "" if answer is None else answer


def _compared(left: str | float, sign: str, right: str | float) -> bool:
    """Compare as XPath does: with a number on one side, or for an order, both sides are read as numbers."""
    if sign in _ORDER:
        return _ORDER[sign](_number(left), _number(right))
    numbers = not (isinstance(left, str) and isinstance(right, str))
    same = _number(left) == _number(right) if numbers else left == right
    return same if sign == "=" else not same


def _number(value: str | float) -> float:
    """Return the number, or NaN for a text that is none; NaN is equal to nothing and has no order."""
    try:
        return float(value)
    except ValueError:
        return math.nan


class _Reader:
    """Reads from left to right: `or` binds least, then `and`, then `not`, brackets and comparisons."""

    def __init__(self, text: str) -> None:
        self.text, self.deep = text, 0
        self.tokens, self.place = list(self._split()), 0

    def _split(self) -> Iterator[tuple[str, str, int]]:
        at, end = 0, len(self.text.rstrip())
        while at < end:
            found = _TOKEN.match(self.text, at)
            if found is None:
                start = at + len(self.text[at:]) - len(self.text[at:].lstrip())
                needed = "an item such as ${sleep}, a text in quotes, a number or a sign"
                raise BadExpression(self.text, start, f'"{self.text[start]}"', needed)
            kind = str(found.lastgroup)
            yield kind, found[kind], found.start(kind)
            at = found.end()
        yield "end", "", end

    @property
    def now(self) -> tuple[str, str, int]:
        return self.tokens[self.place]

    def _stop(self, needed: str) -> BadExpression:
        kind, token, at = self.now
        return BadExpression(self.text, at, "the end" if kind == "end" else f'"{token}"', needed)

    def _next(self, wanted: str) -> bool:
        """Step over this word or sign when it comes next."""
        kind, token, _ = self.now
        if kind in ("word", "sign") and token == wanted:
            self.place += 1
            return True
        return False

    def _must(self, wanted: str) -> None:
        if not self._next(wanted):
            raise self._stop(f'"{wanted}"')

    def whole(self) -> Node:
        """Read the whole text."""
        node = self._either()
        if self.now[0] != "end":
            raise self._stop('"and", "or" or the end')
        return node

    def _either(self) -> Node:
        parts = [self._all()]
        while self._next("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _all(self) -> Node:
        parts = [self._one()]
        while self._next("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self) -> Node:
        if self._next("not"):
            self._must("(")
            return Not(self._inside())
        if self._next("("):
            return self._inside()
        if self._next("selected"):
            return self._selected()
        left = self._side()
        kind, sign, _ = self.now
        if kind != "sign" or sign not in ("=", "!=", *_ORDER):
            raise self._stop("a comparison: =, !=, <, <=, > or >=")
        self.place += 1
        return Compare(left, sign, self._side())

    def _inside(self) -> Node:
        """Read up to the closing bracket; the opening one has been read."""
        self.deep += 1
        if self.deep > DEEPEST:
            raise self._stop(f"at most {DEEPEST} brackets inside each other")
        node = self._either()
        self._must(")")
        self.deep -= 1
        return node

    def _selected(self) -> Selected:
        self._must("(")
        item = self._side()
        if not isinstance(item, Ref):
            self.place -= 1
            raise self._stop("an item such as ${sleep}")
        self._must(",")
        code = self._side()
        if not isinstance(code, str):
            self.place -= 1
            raise self._stop("a code in quotes")
        self._must(")")
        return Selected(item, code)

    def _side(self) -> Ref | str | float:
        kind, token, _ = self.now
        if kind not in ("ref", "text", "number") and token != ITSELF:
            raise self._stop("an item such as ${sleep}, a text in quotes or a number")
        self.place += 1
        if kind == "ref":
            return Ref(token[2:-1].strip())
        if kind == "text":
            return token[1:-1]
        return float(token) if kind == "number" else Ref(ITSELF)

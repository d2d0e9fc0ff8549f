"""What the parts of a form say of each other: names that must be there once, and numbers that must agree.

It looks at the content as it was written, so that these faults are told together with all others of the file.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic_core import PydanticCustomError

from caregiving.instruments.expressions import ITSELF, BadExpression, Compare, Ref, Selected, leaves, parse

Path = tuple[int | str, ...]
Cross = tuple[Path, str, str]
ORDERS: Final = frozenset({"<", "<=", ">", ">="})


def refuse(wrong: Iterable[Cross]) -> None:
    """Refuse what does not hang together, as one error of the whole file; pass when there is nothing."""
    sentences = "; ".join(f"{'.'.join(map(str, path))}: {needed}" for path, _found, needed in wrong)
    if sentences:
        raise PydanticCustomError("crossed", "{wrong}", {"wrong": sentences})


def crossed(content: Mapping[str, Any]) -> list[Cross]:
    """Return the path, what was found and what is needed of everything that does not hang together."""
    items = list(_blocks(content, "items"))
    found = [*_doubled(items, "items", "code"), *_doubled(list(_blocks(content, "scores")), "scores", "name")]
    known: dict[str, Mapping[str, Any]] = {}
    for place, item in items:
        found += _in_expression(("items", place, "relevant"), item, known)
        found += _in_expression(("items", place, "constraint"), item, known | {ITSELF: item})
        known[str(item.get("code"))] = item
    for place, score in _blocks(content, "scores"):
        found += _in_score(place, score, known)
        known.setdefault(f"{score.get('name')}", {"kind": "score"})
    for place, opening in _blocks(content, "opens"):
        found += _in_expression(("opens", place, "when"), opening, known)
    return found + list(_in_needs(content, known))


def _in_needs(content: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> Iterator[Cross]:
    """Find what a record is said to need of questions that are not there."""
    needs = content.get("needs")
    if not isinstance(needs, dict):
        return
    yield from _in_expression(("needs", "certified_when"), needs, known)
    minutes = needs.get("minutes")
    item = minutes.get("item") if isinstance(minutes, dict) else None
    if item is not None and known.get(str(item), {}).get("kind") != "number":
        numbers = ", ".join(name for name, one in known.items() if one.get("kind") == "number") or "none"
        yield ("needs", "minutes", "item"), f'"{item}"', f"a question of kind number, one of: {numbers}"


def _blocks(content: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the blocks of a list; what is no block is told by its own rule."""
    parts = content.get(key)
    if isinstance(parts, list):
        yield from ((place, part) for place, part in enumerate(parts) if isinstance(part, dict))


def _doubled(parts: Iterable[tuple[int, Mapping[str, Any]]], where: str, key: str) -> Iterator[Cross]:
    seen: set[str] = set()
    for place, part in parts:
        name = str(part.get(key))
        if name in seen:
            yield (where, place, key), f'"{name}" a second time', f"each {key} only once"
        seen.add(name)


def _in_expression(
    path: Path, block: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]
) -> Iterator[Cross]:
    """Find names in an expression that stand for nothing, and comparisons that can never be true."""
    text = block.get(str(path[-1]))
    if not isinstance(text, str):
        return
    try:
        tree = parse(text)
    except BadExpression:  # the field's own rule tells it
        return
    for leaf in leaves(tree):
        sides = (leaf.left, leaf.right) if isinstance(leaf, Compare) else (leaf.item, leaf.code)
        for ref in (side for side in sides if isinstance(side, Ref)):
            if ref.name not in known or known[ref.name].get("kind") == "note":
                yield path, f'"{_named(ref)}"', f"a question that stands further up, one of: {_listed(known)}"
            else:
                yield from _against(path, ref, known[ref.name], leaf)


def _named(ref: Ref) -> str:
    return ref.name if ref.name == ITSELF else f"${{{ref.name}}}"


def _listed(known: Mapping[str, Mapping[str, Any]]) -> str:
    names = [name for name, item in known.items() if item.get("kind") != "note" and name != ITSELF]
    return ", ".join(names) or "none"


def _against(path: Path, ref: Ref, item: Mapping[str, Any], leaf: Compare | Selected) -> Iterator[Cross]:
    """Look at what an item is compared with: only codes that it has can ever be chosen."""
    if item.get("kind") != "choice":
        return
    if isinstance(leaf, Compare) and leaf.sign in ORDERS:
        needed = f"= or selected() with {ref.name}, whose choices have no order"
        yield path, f'"{leaf.sign}" beside a choice', needed
        return
    other = (
        leaf.code
        if isinstance(leaf, Selected)
        else next((s for s in (leaf.left, leaf.right) if s != ref), "")
    )
    codes = [
        choice.get("code")
        for key in ("choices", "missing")
        for choice in item.get(key) or ()
        if isinstance(choice, dict)
    ]
    if not isinstance(other, Ref) and other != "" and other not in codes:
        yield path, f'"{other}"', f"a choice of {ref.name}, one of: {', '.join(map(str, codes))}"


def _in_score(
    place: int, score: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]
) -> Iterator[Cross]:
    """Find items that cannot be counted, and a minimum or a range that does not fit them."""
    names = score.get("items")
    if not isinstance(names, list | tuple):
        return
    if known.get(str(score.get("name")), {}).get("kind", "score") != "score":
        yield ("scores", place, "name"), f'"{score["name"]}"', "a name that no question has"
    if score.get("how") == "value" and [known.get(str(n), {}).get("kind") for n in names] == ["number"]:
        yield from _without_range(place, score)
    else:
        yield from _in_items(place, score, names, known)


def _without_range(place: int, score: Mapping[str, Any]) -> Iterator[Cross]:
    if score.get("range") is not None:
        yield ("scores", place, "range"), f"{score['range']}", "no range, since any number fits"


def _in_items(
    place: int, score: Mapping[str, Any], names: Iterable[Any], known: Mapping[str, Mapping[str, Any]]
) -> Iterator[Cross]:
    names = list(names)
    limits = [_limits(known.get(str(name), {})) for name in names]
    for at, (name, limit) in enumerate(zip(names, limits, strict=True)):
        if limit is None:
            needed = "a scale, or a choice whose choices all have a value"
            yield ("scores", place, "items", at), f'"{name}"', needed
        if name in names[:at]:
            yield ("scores", place, "items", at), f'"{name}" a second time', "each item once"
    yield from _in_minimum(place, score, len(names))
    if None not in limits:
        yield from _in_range(place, score, [limit for limit in limits if limit is not None])


def _in_minimum(place: int, score: Mapping[str, Any], n_items: int) -> Iterator[Cross]:
    minimum = score.get("minimum")
    if score.get("how") == "value" and n_items != 1:
        yield ("scores", place, "items"), f"{n_items} items", "one item, whose value it is"
        return
    if isinstance(minimum, int) and (minimum > n_items or (score.get("how") == "sum" and minimum != n_items)):
        needed = (
            f"{n_items}, for a sum needs every item" if score.get("how") == "sum" else f"at most {n_items}"
        )
        yield ("scores", place, "minimum"), f'"{minimum}"', needed


def _in_range(place: int, score: Mapping[str, Any], limits: list[tuple[float, float]]) -> Iterator[Cross]:
    lows, highs = [low for low, _high in limits], [high for _low, high in limits]
    possible = (sum(lows), sum(highs)) if score.get("how") == "sum" else (min(lows), max(highs))
    stated = score.get("range")
    if stated is None or (isinstance(stated, list | tuple) and list(stated) != list(possible)):
        found = "nothing" if stated is None else f"{list(stated)}"
        needed = f"{possible[0]:g} to {possible[1]:g}, which is what the items allow"
        yield ("scores", place, "range"), found, needed


def _limits(item: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the lowest and the highest value of an item, or None when it has no values."""
    if item.get("kind") == "scale":
        scale = item.get("scale") or {}
        ends = [scale.get(key) for key in ("start", "end")] if isinstance(scale, dict) else []
    else:
        choices = item.get("choices") or () if item.get("kind") == "choice" else ()
        ends = [choice.get("value") for choice in choices if isinstance(choice, dict)]
    numbers = [float(end) for end in ends if isinstance(end, int | float)]
    return (min(numbers), max(numbers)) if numbers and len(numbers) == len(ends) else None

"""A form as a REDCap data dictionary: one CSV with the 18 columns that REDCap takes in, a field a line.

What counts as a number here is stored as that number in REDCap, so that its own calculations can count it;
the code that it has here stands in the last column.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from caregiving.instruments import Choice, Item, RatingInstrument, Score
from caregiving.instruments.expressions import (
    ITSELF,
    All,
    Compare,
    Either,
    Node,
    Not,
    Ref,
    Selected,
    parse,
)

MIME: Final = "text/csv"
SUFFIX: Final = ".csv"
COLUMNS: Final = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
NAME, FORM, _SECTION, TYPE, LABEL, CHOICES, NOTE, VALIDATION, LOW, HIGH = COLUMNS[:10]
LOGIC, REQUIRED, ANNOTATION = COLUMNS[11], COLUMNS[12], COLUMNS[17]
RECORD: Final = "record_id"
ATTRIBUTION: Final = "attribution_line"
MOST_BUTTONS: Final = 21  # a longer scale is typed
OPPOSITE: Final = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
Row = dict[str, str]


def render(form: RatingInstrument) -> bytes:
    """Return the form as a data dictionary with a record id first. Cards of guidance are not part of it."""
    known = {item.code: item for item in form.items}
    rows: list[Row] = [{NAME: RECORD, TYPE: "text", LABEL: "Record"}]
    rows += [row for item in form.items for row in _fields(item, known)]
    if form.attribution:
        rows.append({NAME: ATTRIBUTION, TYPE: "descriptive", LABEL: form.attribution})
    rows += [_score(score, known) for score in form.scores]
    made = StringIO(newline="")
    writer = csv.DictWriter(made, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _harmless(text) for name, text in (row | {FORM: form.id}).items()})
    return made.getvalue().encode("utf-8")


def _harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; REDCap drops blanks at the ends."""
    return f" {text}" if text[:1] in "=+-@" and not _number(text) else text


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return not text
    return True


def _fields(item: Item, known: dict[str, Item]) -> Iterator[Row]:
    low, high = _bounds(item)
    row = {
        NAME: item.code,
        TYPE: _type(item),
        LABEL: item.label,
        NOTE: " ".join(part for part in (item.hint, item.constraint_message) if part),
        LOGIC: _logic(parse(item.relevant), known) if item.relevant else "",
        REQUIRED: "y" if item.required else "",
        LOW: low,
        HIGH: high,
    }
    if row[TYPE] == "radio":
        row[CHOICES] = " | ".join(f"{raw}, {label}" for raw, label in _listed(item))
        row[ANNOTATION] = " ".join(f"{raw}={code}" for raw, code in _coded(item) if raw != code)
    elif item.kind in ("number", "scale"):
        row[VALIDATION] = "number" if item.kind == "number" else "integer"
    if not _left_open_apart(item):
        yield row
        return
    # A number cannot hold "rather not say": it may be skipped, and then that is asked.
    yield row | {REQUIRED: ""}
    yield {
        NAME: f"{item.code}_open",
        TYPE: "radio",
        LABEL: item.label,
        CHOICES: " | ".join(f"{choice.code}, {_plain(choice.label)}" for choice in item.missing),
        LOGIC: _both(row[LOGIC], f"[{item.code}] = ''"),
        REQUIRED: row[REQUIRED],
    }


def _both(first: str, second: str) -> str:
    return f"({first}) and {second}" if first else second


def _left_open_apart(item: Item) -> bool:
    """Tell whether an item can be left open on purpose, and is answered in a way that cannot say so."""
    return bool(item.missing) and _type(item) != "radio"


def _type(item: Item) -> str:
    if item.kind == "choice" or (item.scale and len(item.scale.steps()) <= MOST_BUTTONS):
        return "radio"
    return {"scale": "text", "number": "text", "text": "notes", "note": "descriptive"}[item.kind]


def _plain(label: str) -> str:
    """Return a label without the sign that parts two choices."""
    return label.replace("|", "/").replace("\n", " ")


def _listed(item: Item) -> Iterator[tuple[str, str]]:
    """Yield what is stored and what is shown for every button."""
    for step in item.scale.steps() if item.scale else ():
        word = item.scale.anchors.get(step) if item.scale else None
        yield str(step), _plain(f"{step} ({word})" if word else f"{step}")
    for choice in (*item.choices, *item.missing):
        yield _raw(item, choice.code), _plain(choice.label)


def _coded(item: Item) -> Iterator[tuple[str, str]]:
    for choice in (*item.choices, *item.missing):
        yield _raw(item, choice.code), choice.code


def _raw(item: Item, code: str) -> str:
    """Return what REDCap stores for a code: its value where values are whole numbers that differ."""
    values = [choice.value for choice in item.choices]
    whole = all(value is not None and value == int(value) for value in values)
    found: Choice | None = next((choice for choice in item.choices if choice.code == code), None)
    if found is None or found.value is None or not whole or len(set(values)) < len(values):
        return code
    return f"{found.value:g}"


def _bounds(item: Item) -> tuple[str, str]:
    """Return the limits of a typed number, as far as the constraint has inclusive ones."""
    if item.scale and _type(item) == "text":
        return str(item.scale.start), str(item.scale.end)
    tree = parse(item.constraint) if item.constraint and item.kind == "number" else None
    if tree is None or not isinstance(tree, All | Compare):
        return "", ""
    limits = {"<=": "", ">=": ""}
    for part in tree.parts if isinstance(tree, All) else (tree,):
        if isinstance(part, Compare) and part.left == Ref(ITSELF) and isinstance(part.right, float):
            limits |= {part.sign: f"{part.right:g}"} if part.sign in limits else {}
    return limits[">="], limits["<="]


def _logic(node: Node, known: dict[str, Item], *, holds: bool = True) -> str:
    """Return an expression in REDCap's own language; "not" is carried down to the comparisons.

    >>> from caregiving.instruments.expressions import parse
    >>> _logic(parse("not(${a} = 'x' or ${b} > 2)"), {})
    "[a] <> 'x' and ([b] = '' or [b] <= 2)"
    """
    match node:
        case Not():
            return _logic(node.part, known, holds=not holds)
        case All() | Either():
            word = " and " if isinstance(node, All) == holds else " or "
            return word.join(_grouped(_logic(part, known, holds=holds)) for part in node.parts)
        case Selected():
            return _compared(Compare(node.item, "=", node.code), known, holds=holds)
        case Compare():
            return _compared(node, known, holds=holds)


def _compared(leaf: Compare, known: dict[str, Item], *, holds: bool) -> str:
    """Return one comparison. An order holds for numbers only; REDCap may take anything else for one."""
    sign = leaf.sign if holds else OPPOSITE[leaf.sign]
    asked = [side for side in (leaf.left, leaf.right) if isinstance(side, Ref)]
    item = next((known[ref.name] for ref in asked if ref.name in known), None)
    left, right = (_side(side, item) for side in (leaf.left, leaf.right))
    said = f"{left} {'<>' if sign == '!=' else sign} {right}"
    if leaf.sign in ("=", "!="):
        return said
    no_numbers = [
        f"[{ref.name}] {'<>' if holds else '='} '{word}'"
        for ref in asked
        for word in ("", *_words(known.get(ref.name)))
    ]
    return (" and " if holds else " or ").join([*no_numbers, said])


def _words(item: Item | None) -> list[str]:
    """Return what can be stored in a field of numbers without being one."""
    return [choice.code for choice in item.missing] if item and _type(item) == "radio" else []


def _grouped(said: str) -> str:
    """Return a part in brackets when it has parts of its own; REDCap does not say which word binds closer."""
    return f"({said})" if " and " in said or " or " in said else said


def _side(side: Ref | str | float, item: Item | None) -> str:
    if isinstance(side, Ref):
        return f"[{side.name}]"
    if isinstance(side, str):
        return f"'{_raw(item, side) if item is not None and side else side}'"
    return f"{side:g}"


def _score(score: Score, known: dict[str, Item]) -> Row:
    """Return a calculated field; empty when fewer items than its minimum were answered."""
    items = [known[code] for code in score.items]
    there = " + ".join(f"if({_counts(item)}, 1, 0)" for item in items)
    total = " + ".join(f"if({_counts(item)}, {_value(item)}, 0)" for item in items)
    counted = f"({total}) / ({there})" if score.how == "mean" else f"({total})"
    return {
        NAME: score.name,
        TYPE: "calc",
        LABEL: score.label,
        CHOICES: f"if(({there}) >= {score.minimum}, {counted}, '')",
        NOTE: score.unit,
    }


def _counts(item: Item) -> str:
    """Return what has to be true for an answer to be counted: it is there, and not left open on purpose."""
    left_open = item.missing if _type(item) == "radio" else ()
    valueless = [choice for choice in item.choices if choice.value is None]
    apart = [f"[{item.code}] <> '{_raw(item, choice.code)}'" for choice in (*left_open, *valueless)]
    return " and ".join([f"[{item.code}] <> ''", *apart])


def _value(item: Item) -> str:
    """Return what an answer counts: what is stored, or the value of the code that is stored."""
    if all(_raw(item, choice.code) != choice.code for choice in item.choices):
        return f"[{item.code}]"
    counted = "0"
    for choice in item.choices:
        if choice.value is not None:
            counted = f"if([{item.code}] = '{choice.code}', {choice.value:g}, {counted})"
    return counted

"""A form as a FHIR R4 Questionnaire (4.0.1), in JSON.

What R4 has a word for is said with it; what it has none for (conditions with "not" or brackets, scores) is
said with the extensions of Structured Data Capture, as FHIRPath. No LOINC or other outside code is claimed.
"""

import json
from collections.abc import Iterator
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from caregiving.instruments import Choice, Item, RatingInstrument, Score
from caregiving.instruments.expressions import ITSELF, All, Compare, Either, Node, Not, Ref, Selected, parse

MIME: Final = "application/fhir+json"
SUFFIX: Final = ".json"
EXTENSION: Final = "http://hl7.org/fhir/StructureDefinition"
SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire"
ATTRIBUTION: Final = "attribution_line"
TYPES: Final = {
    "choice": "choice",
    "scale": "integer",
    "number": "decimal",
    "text": "text",
    "note": "display",
}
Resource = dict[str, Any]


def render(form: RatingInstrument) -> bytes:
    """Return the form as a Questionnaire resource. Cards of guidance are not part of it."""
    known = {item.code: item for item in form.items}
    items = [part for item in form.items for part in _items(item, known)]
    if form.attribution:
        items.append({"linkId": ATTRIBUTION, "text": form.attribution, "type": "display"})
    items += [_score(score, known) for score in form.scores]
    resource: Resource = {
        "resourceType": "Questionnaire",
        "id": f"{form.id}-v{form.version}".replace("_", "-"),
        "url": f"urn:uuid:{uuid5(NAMESPACE_URL, f'caregiving-observer/{form.id}')}",
        "version": str(form.version),
        "name": "".join(word.capitalize() for word in form.id.split("_")),
        "title": form.title,
        "status": "active",
        "subjectType": ["RelatedPerson", "Patient"] if form.about == "self" else ["Patient"],
        "description": form.description,
        "copyright": " ".join(part for part in (form.licence, form.attribution) if part),
        "item": items,
    }
    filled = {name: value for name, value in resource.items() if value}
    return (json.dumps(filled, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _items(item: Item, known: dict[str, Item]) -> Iterator[Resource]:
    made: Resource = {
        "linkId": item.code,
        "text": item.label,
        "type": "choice" if _coded(item) else TYPES[item.kind],
    }
    extensions = [*_limits(item), *_constraint(item, known)]
    if item.relevant:
        asked = _enable_when(parse(item.relevant), known)
        if asked is None:
            extensions.append(_expression(f"{SDC}-enableWhenExpression", _path(parse(item.relevant), known)))
        else:
            made |= asked
    if extensions:
        made = {"extension": extensions} | made
    if item.required:
        made["required"] = not _left_open_apart(item)
    if _coded(item):
        made["answerOption"] = [{"valueCoding": coding} for coding in _codings(item)]
    if hint := _hint(item):
        made["item"] = [_help(item, hint)]
    yield made
    if _left_open_apart(item):
        yield _beside(item, known)


def _beside(item: Item, known: dict[str, Item]) -> Resource:
    """Return the question that asks why another one was skipped: a number cannot hold "rather not say"."""
    beside: Resource = {
        "linkId": f"{item.code}_open",
        "text": item.label,
        "type": "choice",
        "enableWhen": [{"question": item.code, "operator": "exists", "answerBoolean": False}],
        "required": item.required,
        "answerOption": [{"valueCoding": {"code": c.code, "display": c.label}} for c in item.missing],
    }
    if not item.relevant:
        return beside
    del beside["enableWhen"]
    path = f"({_path(parse(item.relevant), known)}) and {_answer(item)}.empty()"
    return {"extension": [_expression(f"{SDC}-enableWhenExpression", path)]} | beside


def _left_open_apart(item: Item) -> bool:
    """Tell whether an item can be left open on purpose, and is answered in a way that cannot say so."""
    return bool(item.missing) and item.kind in ("number", "text")


def _coded(item: Item) -> bool:
    """Tell whether an answer is one of a list: a choice, or a scale that can be left open on purpose."""
    return item.kind == "choice" or (item.kind == "scale" and bool(item.missing))


def _codings(item: Item) -> Iterator[Resource]:
    for step in item.scale.steps() if item.scale else ():
        word = item.scale.anchors.get(step) if item.scale else None
        yield _coding(
            Choice(code="step", label=f"{step} ({word})" if word else f"{step}", value=step), f"{step}"
        )
    for choice in (*item.choices, *item.missing):
        yield _coding(choice, choice.code)


def _coding(choice: Choice, code: str) -> Resource:
    """Return a coding with what it counts in a score, where it counts anything."""
    coding: Resource = {"code": code, "display": choice.label}
    if choice.value is None:
        return coding
    return {"extension": [{"url": f"{EXTENSION}/ordinalValue", "valueDecimal": _bare(choice.value)}]} | coding


def _bare(value: float) -> float:
    return int(value) if value == int(value) else value


def _hint(item: Item) -> str:
    anchors = item.scale.anchors.items() if item.scale and not _coded(item) else ()
    return " ".join(part for part in (item.hint, "; ".join(f"{n} = {word}" for n, word in anchors)) if part)


def _help(item: Item, hint: str) -> Resource:
    control = {"coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "help"}]}
    said = {"url": f"{EXTENSION}/questionnaire-itemControl", "valueCodeableConcept": control}
    return {"extension": [said], "linkId": f"{item.code}_hint", "text": hint, "type": "display"}


def _limits(item: Item) -> Iterator[Resource]:
    if item.scale and not _coded(item):
        yield {"url": f"{EXTENSION}/minValue", "valueInteger": item.scale.start}
        yield {"url": f"{EXTENSION}/maxValue", "valueInteger": item.scale.end}


def _constraint(item: Item, known: dict[str, Item]) -> Iterator[Resource]:
    """Yield what an answer has to fulfil; an open question fulfils everything."""
    if item.constraint:
        fits = _path(parse(item.constraint), known | {ITSELF: item})
        yield {
            "url": f"{EXTENSION}/questionnaire-constraint",
            "extension": [
                {"url": "key", "valueId": f"{item.code}-fits".replace("_", "-")},
                {"url": "severity", "valueCode": "error"},
                {"url": "expression", "valueString": f"{_answer(item)}.empty() or ({fits})"},
                {"url": "human", "valueString": item.constraint_message},
            ],
        }


def _expression(url: str, path: str) -> Resource:
    return {"url": url, "valueExpression": {"language": "text/fhirpath", "expression": path}}


# --- when a question is asked: in R4's own words where they mean the same ---------------------------------


def _enable_when(node: Node, known: dict[str, Item]) -> Resource | None:
    """Return an expression as `enableWhen`, or None when R4 has no words for it."""
    parts = node.parts if isinstance(node, All | Either) else (node,)
    found = [_condition(part, known) for part in parts]
    if any(condition is None for condition in found):
        return None
    behaviour = {"enableBehavior": "all" if isinstance(node, All) else "any"} if len(found) > 1 else {}
    return {"enableWhen": found} | behaviour


def _condition(node: Node, known: dict[str, Item]) -> Resource | None:
    """Return one comparison with a fixed answer. R4's "!=" is false of an open question, and ours is true."""
    leaf = Compare(node.item, "=", node.code) if isinstance(node, Selected) else node
    if not isinstance(leaf, Compare) or not isinstance(leaf.left, Ref) or isinstance(leaf.right, Ref):
        return None
    item, fixed = known[leaf.left.name], leaf.right
    if fixed == "" and leaf.sign in ("=", "!="):
        return {"question": item.code, "operator": "exists", "answerBoolean": leaf.sign == "!="}
    if leaf.sign == "!=" or (_coded(item) and (leaf.sign != "=" or not isinstance(fixed, str))):
        return None
    if _coded(item):
        return {"question": item.code, "operator": "=", "answerCoding": {"code": fixed}}
    kind = {"scale": "Integer", "number": "Decimal"}.get(item.kind, "String")
    if isinstance(fixed, str) != (kind == "String"):
        return None
    if kind == "Integer" and isinstance(fixed, float) and fixed != int(fixed):
        return None
    value = fixed if isinstance(fixed, str) else _bare(fixed)
    return {"question": item.code, "operator": leaf.sign, f"answer{kind}": value}


# --- FHIRPath ---------------------------------------------------------------------------------------------


def _answer(item: Item) -> str:
    return f"%resource.descendants().where(linkId = '{item.code}').answer.value"


def _path(node: Node, known: dict[str, Item]) -> str:
    """Return an expression as FHIRPath that is always true or false, never empty.

    >>> from caregiving.instruments import load_rating
    >>> form = load_rating("weekly_check_in")
    >>> _path(parse("not(${stress_now} > 6)"), {item.code: item for item in form.items})
    "((%resource.descendants().where(linkId = 'stress_now').answer.value > 6).anyTrue()).not()"
    """
    match node:
        case Not():
            return f"({_path(node.part, known)}).not()"
        case All():
            return " and ".join(f"({_path(part, known)})" for part in node.parts)
        case Either():
            return " or ".join(f"({_path(part, known)})" for part in node.parts)
        case Selected():
            return _compared(Compare(node.item, "=", node.code), known)
        case Compare():
            return _compared(node, known)


def _compared(leaf: Compare, known: dict[str, Item]) -> str:
    sides = (leaf.left, leaf.right)
    if "" in sides and leaf.sign in ("=", "!="):
        asked = next((side for side in sides if isinstance(side, Ref)), None)
        if asked is not None:
            return f"{_answer(known[asked.name])}.{'empty' if leaf.sign == '=' else 'exists'}()"
    words = any(isinstance(side, str) for side in sides)
    left, right = (_side(side, known, words=words) for side in sides)
    if leaf.sign == "!=":
        return f"({left} = {right}).anyTrue().not()"
    return f"({left} {leaf.sign} {right}).anyTrue()"


def _side(side: Ref | str | float, known: dict[str, Item], *, words: bool) -> str:
    if isinstance(side, Ref):
        item = known[side.name]
        return f"{_answer(item)}.code" if _coded(item) and words else _number(item)
    return f"'{side}'" if isinstance(side, str) else f"{_bare(side):g}"


def _number(item: Item) -> str:
    """Return the number of an answer; a step of a scale that is kept as a code is read as one."""
    if _coded(item) and item.scale:
        return f"{_answer(item)}.code.where(matches('^-?[0-9]+$')).toDecimal()"
    return _answer(item)


def _counts(item: Item) -> str:
    """Return what an answer counts in a score; nothing when it was left open."""
    if item.kind != "choice":
        return _number(item)
    counted = "{}"
    for choice in reversed([choice for choice in item.choices if choice.value is not None]):
        counted = f"iif($this = '{choice.code}', {_bare(choice.value or 0):g}, {counted})"
    return f"{_answer(item)}.code.select({counted})"


def _score(score: Score, known: dict[str, Item]) -> Resource:
    """Return a read-only item that is calculated; empty when fewer items than its minimum were answered."""
    first, *rest = [_counts(known[code]) for code in score.items]
    values = first + "".join(f".combine({one})" for one in rest)
    total = f"{values}.aggregate($this + $total, 0)"
    counted = f"{total} / {values}.count()" if score.how == "mean" else total
    path = f"iif({values}.count() >= {score.minimum}, {counted}, {{}})"
    return {
        "extension": [_expression(f"{SDC}-calculatedExpression", path)],
        "linkId": score.name,
        "text": f"{score.label} ({score.unit})" if score.unit else score.label,
        "type": "decimal",
        "readOnly": True,
    }

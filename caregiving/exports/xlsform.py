"""A form as an XLSForm workbook, for ODK, Kobo and other collecting apps.

Three sheets of text, as https://xlsform.org describes them: survey, choices, settings. The workbook is
written here, since it is nothing but text cells and the same form has to give the same bytes.
"""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

from caregiving.instruments import Item, RatingInstrument, Score

MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIX: Final = ".xlsx"
SURVEY: Final = (
    "type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message",
    "calculation", "parameters", "appearance",
)  # fmt: skip
CHOICES: Final = ("list_name", "name", "label")
SETTINGS: Final = ("form_title", "form_id", "version")
COUNTS: Final = "counts_"
ATTRIBUTION: Final = "attribution_line"
Row = dict[str, str]


def render(form: RatingInstrument) -> bytes:
    """Return the form as a workbook. Scores become calculations; cards of guidance are not part of it."""
    questions = [row for item in form.items for row in _survey(item)]
    if form.attribution:
        questions.append({"type": "note", "name": ATTRIBUTION, "label": form.attribution})
    counted = {code for score in form.scores for code in score.items}
    values = [_value(item) for item in form.items if item.code in counted]
    scores = [_score(score) for score in form.scores]
    settings = {"form_title": form.title, "form_id": form.id, "version": str(form.version)}
    return _workbook(
        {
            "survey": _table(SURVEY, [*questions, *values, *scores]),
            "choices": _table(CHOICES, [row for item in form.items for row in _choices(item)]),
            "settings": _table(SETTINGS, [settings]),
        }
    )


def _survey(item: Item) -> Iterator[Row]:
    row = {
        "type": _type(item),
        "name": item.code,
        "label": item.label,
        "hint": _hint(item),
        "required": "yes" if item.required else "",
        "relevant": item.relevant or "",
        "constraint": item.constraint or "",
        "constraint_message": item.constraint_message,
    }
    if item.kind == "text":
        row["appearance"] = "multiline"
    if row["type"] == "range" and item.scale:
        row["parameters"] = f"start={item.scale.start} end={item.scale.end} step={item.scale.step}"
    if not _left_open_apart(item):
        yield row
        return
    # A number cannot hold "rather not say": it may be skipped, and then that is asked.
    beside = f"{item.code}_open"
    yield row | {"required": ""}
    yield {
        "type": f"select_one {beside}",
        "name": beside,
        "label": item.label,
        "required": "yes" if item.required else "",
        "relevant": _both(item.relevant, f"${{{item.code}}} = ''"),
    }


def _both(first: str | None, second: str) -> str:
    return f"({first}) and {second}" if first else second


def _left_open_apart(item: Item) -> bool:
    """Tell whether an item can be left open on purpose, and is answered in a way that cannot say so."""
    return bool(item.missing) and item.kind in ("number", "text")


def _type(item: Item) -> str:
    """Return the type of a question. A scale that can be left open on purpose is a list of its steps."""
    if item.kind == "choice" or (item.kind == "scale" and item.missing):
        return f"select_one {item.code}"
    return {"scale": "range", "number": "decimal", "text": "text", "note": "note"}[item.kind]


def _hint(item: Item) -> str:
    """Return the hint, with the words that stand at some steps of a scale."""
    anchors = item.scale.anchors.items() if item.scale and not item.missing else ()
    return " ".join(part for part in (item.hint, "; ".join(f"{n} = {word}" for n, word in anchors)) if part)


def _choices(item: Item) -> Iterator[Row]:
    named = f"{item.code}_open" if _left_open_apart(item) else item.code
    if item.scale and item.missing:
        for step in item.scale.steps():
            word = item.scale.anchors.get(step)
            yield {
                "list_name": named,
                "name": str(step),
                "label": f"{step} ({word})" if word else str(step),
            }
    for choice in (*item.choices, *item.missing):
        yield {"list_name": named, "name": choice.code, "label": choice.label}


def _value(item: Item) -> Row:
    """Return the calculation of what an answer counts; empty when it counts nothing.

    >>> from caregiving.instruments import load_rating
    >>> _value(load_rating("phq2").items[1])["calculation"][:48]
    "if(${interest} = 'not_at_all', 0, if(${interest}"
    """
    answer = f"${{{item.code}}}"
    calculation = answer
    if item.kind == "choice":
        calculation = _by_code(
            answer, [(c.code, f"{c.value:g}") for c in item.choices if c.value is not None]
        )
    elif item.scale and item.missing:
        calculation = _by_code(answer, [(choice.code, "''") for choice in item.missing], answer)
    return {"type": "calculate", "name": f"{COUNTS}{item.code}", "calculation": calculation}


def _by_code(answer: str, pairs: Iterable[tuple[str, str]], otherwise: str = "''") -> str:
    for code, value in reversed(list(pairs)):
        otherwise = f"if({answer} = '{code}', {value}, {otherwise})"
    return otherwise


def _score(score: Score) -> Row:
    """Return the calculation of a score; empty when fewer items than its minimum were answered."""
    values = [f"${{{COUNTS}{code}}}" for code in score.items]
    there = " + ".join(f"if({value} = '', 0, 1)" for value in values)
    total = " + ".join(f"if({value} = '', 0, number({value}))" for value in values)
    counted = f"({total}) div ({there})" if score.how == "mean" else f"({total})"
    calculation = f"if(({there}) >= {score.minimum}, {counted}, '')"
    return {"type": "calculate", "name": score.name, "calculation": calculation}


def _table(columns: Sequence[str], rows: Iterable[Row]) -> list[list[str]]:
    """Return rows of cells with a header, without the columns in which nothing stands."""
    filled = list(rows)
    used = [name for name in columns if any(row.get(name) for row in filled)] or list(columns)
    return [used, *([row.get(name, "") for name in used] for row in filled)]


# --- the workbook: ECMA-376 (Office Open XML), text cells only --------------------------------------------

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
LINKS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)  # a zip knows no earlier one, and the form has no date


def _workbook(tables: dict[str, list[list[str]]]) -> bytes:
    """Return a workbook with these sheets of text; the same texts always give the same bytes."""
    numbers = range(1, len(tables) + 1)
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, tables, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{CONTENT}.worksheet+xml"/>'
        for n in numbers
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{CONTENT}.sheet.main+xml"/>{kinds}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        "</Relationships>",
    }
    parts |= {
        f"xl/worksheets/sheet{n}.xml": _sheet(rows) for n, rows in zip(numbers, tables.values(), strict=True)
    }
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in parts.items():
            member = zipfile.ZipInfo(name, FIRST_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, HEAD + text)
    return made.getvalue()


def _sheet(rows: list[list[str]]) -> str:
    lines = "".join(
        f'<row r="{number}">{"".join(_cells(number, row))}</row>' for number, row in enumerate(rows, start=1)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cells(number: int, row: list[str]) -> Iterator[str]:
    """Yield the cells of a row that are not empty. A text stays a text, also one that begins with =."""
    for column, text in enumerate(row):
        if text:
            cell = f'<c r="{chr(ord("A") + column)}{number}" t="inlineStr">'
            yield f'{cell}<is><t xml:space="preserve">{escape(_drawable(text))}</t></is></c>'


def _drawable(text: str) -> str:
    """Return the text without control characters, which XML cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n" or ord(sign) >= 32)

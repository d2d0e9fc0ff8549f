"""A form means the same in other programs: the same is asked, the same fits, the same scores come out."""

import csv
import json
import math
import operator
import re
import zipfile
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caregiving.exports import fhir_questionnaire, redcap, xlsform
from caregiving.instruments import RatingInstrument, load_procedure, load_rating, read, shelf

ASKED = [*sorted(shelf("rating")), "strange_situation.v1"]

VISIT = """\
id: visit
version: 3
title: "=A visit, with <odd> & \\"quoted\\" words"
kind: rating
licence: CC0-1.0
attribution: Own words.
audience: observers
about: observer
sharing: ask
source: event_grammar
items:
  - {code: intro, kind: note, label: About the last hour}
  - code: fed
    kind: choice
    label: Was there a feed | a drink?
    required: true
    choices: [{code: "yes", label: "Yes | indeed", value: 1}, {code: "no", label: "No", value: 0.5}]
    missing: [{code: not_seen, label: Not seen}]
  - code: calm
    kind: scale
    label: How calm was it?
    scale: {start: 1, end: 7, anchors: {1: stormy, 7: calm}}
    missing: [{code: unclear, label: Unclear}]
  - code: pace
    kind: scale
    label: How fast was it?
    hint: In all.
    scale: {start: 0, end: 4, step: 2}
  - code: minutes
    kind: number
    label: Minutes of feeding
    relevant: "${fed} = 'yes'"
    constraint: ". > 0 and . <= 90"
    constraint_message: A feed takes up to 90 minutes.
    missing: [{code: no_clock, label: No clock}]
  - {code: loud, kind: text, label: What was loud, relevant: "${pace} >= 2 and ${pace} != 4"}
  - code: remarks
    kind: text
    label: Remarks
    relevant: "not(${minutes} > 60 or ${calm} <= 2) and ${fed} != 'no'"
  - {code: more, kind: text, label: More, relevant: "${remarks} != '' or ${fed} = 'no'"}
scores:
  - {name: both, label: Both, items: [fed, calm], how: sum, minimum: 2, range: [1.5, 8], source: lena_turn}
  - name: middle
    label: Middle
    items: [fed, calm, pace]
    how: mean
    minimum: 2
    range: [0, 7]
    source: lena_turn
  - {name: took, label: Took, items: [minutes], how: value, minimum: 1, unit: min, source: event_grammar}
"""


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> RatingInstrument:
    path = tmp_path_factory.mktemp("forms") / "visit.v3.yaml"
    path.write_text(VISIT, encoding="utf-8")
    found = read(path)
    assert isinstance(found, RatingInstrument)
    return found


@pytest.fixture(scope="module", params=[*ASKED, "visit"])
def form(request: pytest.FixtureRequest, visit: RatingInstrument) -> RatingInstrument:
    if request.param == "visit":
        return visit
    if request.param in shelf("procedure"):
        return load_procedure(request.param).as_form()
    return load_rating(request.param)


def some_answers(draw: Any, form: RatingInstrument) -> dict[str, Any]:
    """Draw answers that fit each question, some of them open."""
    found: dict[str, Any] = {}
    for item in form.items:
        offered: list[Any] = [choice.code for choice in (*item.choices, *item.missing)]
        offered += list(item.scale.steps()) if item.scale else []
        offered += [0.5, 12, 61, 90] if item.kind == "number" else []
        offered += ["words"] if item.kind == "text" else []
        found[item.code] = draw(st.sampled_from([None, *offered]), label=item.code)
    return form.answered(found)


# --- XLSForm ----------------------------------------------------------------------------------------------


def sheets(form: RatingInstrument) -> dict[str, list[dict[str, str]]]:
    book = openpyxl.load_workbook(BytesIO(xlsform.render(form)))
    found = {}
    for sheet in book.worksheets:
        header, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [{k: v or "" for k, v in zip(header, row, strict=True)} for row in rows]
    return found


def test_pyxform_takes_the_workbook_without_a_warning(form, tmp_path):
    xls2xform = pytest.importorskip("pyxform.xls2xform", reason="pyxform, the reference reader, is not here")
    path = tmp_path / f"{form.id}.xlsx"
    path.write_bytes(xlsform.render(form))
    warnings: list[str] = []
    made = xls2xform.convert(path, warnings=warnings, validate=False, form_name="data")

    assert warnings == []
    assert f'id="{form.id}"' in made.xform and f'version="{form.version}"' in made.xform
    for item in form.items:
        assert f'nodeset="/data/{item.code}"' in made.xform


def test_every_question_stands_in_the_workbook_once_and_in_its_order(form):
    survey = sheets(form)["survey"]
    asked = [row["name"] for row in survey if row["name"] in {item.code for item in form.items}]

    assert asked == [item.code for item in form.items]
    assert [row["label"] for row in survey if row["name"] in asked] == [item.label for item in form.items]


def test_the_same_form_gives_the_same_bytes(form):
    assert xlsform.render(form) == xlsform.render(form)
    assert redcap.render(form) == redcap.render(form)
    assert fhir_questionnaire.render(form) == fhir_questionnaire.render(form)


def test_conditions_go_out_as_they_are_since_the_language_is_the_same(visit):
    rows = {row["name"]: row for row in sheets(visit)["survey"]}

    assert rows["minutes"]["relevant"] == "${fed} = 'yes'"
    assert rows["minutes"]["constraint"] == ". > 0 and . <= 90"
    assert rows["minutes"]["constraint_message"] == "A feed takes up to 90 minutes."
    assert rows["fed"]["required"] == "yes"
    assert rows["pace"]["parameters"] == "start=0 end=4 step=2"
    assert rows["minutes_open"]["relevant"] == "(${fed} = 'yes') and ${minutes} = ''"


def test_the_line_of_the_owner_stands_beside_the_questions(form):
    rows = [*sheets(form)["survey"]]
    questions = json.loads(fhir_questionnaire.render(form))["item"]

    if form.attribution:
        assert form.attribution in [row["label"] for row in rows]
        assert form.attribution in [row["Field Label"] for row in dictionary(form)]
        assert form.attribution in [item["text"] for item in questions]


def test_a_cell_that_looks_like_a_formula_stays_a_text(visit):
    archive = zipfile.ZipFile(BytesIO(xlsform.render(visit)))
    settings_sheet = archive.read("xl/worksheets/sheet3.xml").decode()

    assert "<f>" not in settings_sheet and "=A visit" in settings_sheet
    assert sheets(visit)["settings"][0]["form_title"] == visit.title


class Number(float):
    """A number as XPath and REDCap have it: a division by 0 is not a number, and no error."""

    def __add__(self, other: float) -> "Number":
        return Number(float(self) + float(other))

    def __truediv__(self, other: float) -> "Number":
        return Number(float(self) / float(other)) if other else Number("nan")


def calculated(text: str, answers: dict[str, Any], *, reference: str) -> Any:
    """Work out a calculation of XLSForm or REDCap; both have `if` and the usual signs."""

    def number(value: Any) -> Any:
        return Number(value) if isinstance(value, int | float) else value

    names = {"IF": lambda asked, yes, no: yes if asked else no, "number": number, "of": answers.get}
    text = re.sub(reference, lambda found: f"of('{found[1]}', '')", text)
    text = re.sub(r"\bif\(", "IF(", text).replace("<>", "!=").replace(" div ", " / ")
    text = re.sub(r"(?<![<>!])=", "==", text)
    text = re.sub(r"(?<![\w'.])(-?\d+(?:\.\d+)?)(?![\w'.])", r"number(\1)", text)
    return eval(text, {"__builtins__": {}}, names)  # noqa: S307  (our own few words, in a test)


def same_score(found: Any, wanted: float) -> bool:
    return found in ("", None) if math.isnan(wanted) else math.isclose(float(found), wanted)


@given(data=st.data())
@settings(max_examples=40)
def test_the_workbook_calculates_the_scores_of_the_form(form, data):
    answers = some_answers(data.draw, form)
    typed = {code: Number(v) if isinstance(v, int | float) else v for code, v in answers.items()}
    for item in form.items:
        if item.kind in ("number", "text") and item.left_open(answers.get(item.code)):
            typed[f"{item.code}_open"] = typed.pop(item.code)
    for row in sheets(form)["survey"]:
        if row["type"] == "calculate":
            typed[row["name"]] = calculated(row["calculation"], typed, reference=r"\$\{(\w+)\}")

    for name, wanted in form.score(answers).items():
        assert same_score(typed[name], wanted), (name, typed[name], wanted)


# --- REDCap -----------------------------------------------------------------------------------------------


def dictionary(form: RatingInstrument) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(redcap.render(form).decode("utf-8"), newline="")))


def test_the_dictionary_has_the_eighteen_columns_of_redcap_and_a_record_id_first(form):
    header = redcap.render(form).decode("utf-8").splitlines()[0]
    rows = dictionary(form)

    assert header == (
        "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
        '"Choices, Calculations, OR Slider Labels",Field Note,Text Validation Type OR Show Slider Number,'
        "Text Validation Min,Text Validation Max,Identifier?,Branching Logic (Show field only if...),"
        "Required Field?,Custom Alignment,Question Number (surveys only),Matrix Group Name,Matrix Ranking?,"
        "Field Annotation"
    )
    assert rows[0]["Variable / Field Name"] == "record_id"
    assert {row["Form Name"] for row in rows} == {form.id}


def test_every_field_is_one_that_redcap_knows(form):
    rows = dictionary(form)
    names = [row["Variable / Field Name"] for row in rows]

    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,99}", name) for name in names)
    for row in rows:
        kind, choices = row["Field Type"], row["Choices, Calculations, OR Slider Labels"]
        assert kind in {"text", "notes", "radio", "calc", "descriptive"}
        assert row["Text Validation Type OR Show Slider Number"] in {"", "integer", "number"}
        assert bool(choices) == (kind in {"radio", "calc"})
        for choice in choices.split(" | ") if kind == "radio" else ():
            assert re.fullmatch(r"[\w.-]+, .+", choice), choice
        named = re.findall(r"\[(\w+)\]", choices + row["Branching Logic (Show field only if...)"])
        assert set(named) <= set(names[: names.index(row["Variable / Field Name"])])


def test_what_counts_as_whole_numbers_is_stored_as_them_and_keeps_its_code_beside():
    row = {row["Variable / Field Name"]: row for row in dictionary(load_rating("phq2"))}["interest"]

    assert row["Choices, Calculations, OR Slider Labels"] == (
        "0, Not at all | 1, Several days | 2, More than half the days | 3, Nearly every day"
        " | prefer_not_to_say, Rather not say"
    )
    assert row["Field Annotation"] == "0=not_at_all 1=several_days 2=more_than_half 3=nearly_every_day"


def test_limits_go_out_where_redcap_has_words_for_them(visit):
    rows = {row["Variable / Field Name"]: row for row in dictionary(visit)}

    assert (rows["minutes"]["Text Validation Min"], rows["minutes"]["Text Validation Max"]) == ("", "90")
    assert rows["minutes"]["Field Note"] == "A feed takes up to 90 minutes."
    assert rows["fed"]["Choices, Calculations, OR Slider Labels"].startswith("yes, Yes / indeed | ")
    assert rows["fed"]["Required Field?"] == "y"


def raw_answers(form: RatingInstrument, answers: dict[str, Any]) -> dict[str, Any]:
    """Return answers as REDCap stores them: a choice's value where those are whole numbers."""
    stored: dict[str, Any] = {}
    for item in form.items:
        given_answer = answers.get(item.code)
        values = {c.code: c.value for c in item.choices}
        whole = all(v is not None and v == int(v) for v in values.values())
        value = values.get(str(given_answer)) if whole and len(set(values.values())) == len(values) else None
        raw = given_answer if value is None else value
        stored[item.code] = Number(raw) if isinstance(raw, int | float) else raw or ""
        if item.kind in ("number", "text") and item.left_open(given_answer):
            stored[item.code], stored[f"{item.code}_open"] = "", given_answer
    return stored


@given(data=st.data())
@settings(max_examples=40)
def test_redcap_calculates_the_scores_of_the_form(form, data):
    answers = some_answers(data.draw, form)
    stored = raw_answers(form, answers)
    rows = {row["Variable / Field Name"]: row for row in dictionary(form)}

    for name, wanted in form.score(answers).items():
        text = rows[name]["Choices, Calculations, OR Slider Labels"]
        found = calculated(text, stored, reference=r"\[(\w+)\]")
        assert same_score(found, wanted), (name, found, wanted)


@given(data=st.data())
@settings(max_examples=150)
def test_redcap_asks_what_the_form_asks(visit, data):
    answers = some_answers(data.draw, visit)
    stored = raw_answers(visit, answers)
    asked = {item.code for item in visit.asked(answers)}

    for row in dictionary(visit):
        name, logic = row["Variable / Field Name"], row["Branching Logic (Show field only if...)"]
        if logic and name in {item.code for item in visit.items}:
            safe = {k: v for k, v in stored.items() if v != ""}
            assert branches(logic, safe) == (name in asked), (name, logic, answers)


def branches(logic: str, stored: dict[str, Any]) -> bool:
    """Work out a branching logic. Beside an order REDCap takes an empty field for 0, a word for nothing."""

    def compared(left: Any, sign: str, right: Any) -> bool:
        if sign in ("==", "!="):
            return (left == right) == (sign == "==")
        a, b = ((0.0 if side == "" else side) for side in (left, right))
        if isinstance(a, str) or isinstance(b, str):
            return False
        return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]

    text = logic.replace("<>", "!=")
    text = re.sub(r"(?<![<>!])=", "==", text)
    side = r"(\[\w+\]|'[^']*'|-?\d+(?:\.\d+)?)"
    text = re.sub(rf"{side} (==|!=|<=|>=|<|>) {side}", r"compared(\1, '\2', \3)", text)
    text = re.sub(r"\[(\w+)\]", r"of('\1', '')", text)
    return bool(eval(text, {"__builtins__": {}}, {"compared": compared, "of": stored.get}))  # noqa: S307


# --- FHIR R4 ----------------------------------------------------------------------------------------------

CODES = {  # the required codes of R4 (4.0.1) that the models do not look at
    "status": {"draft", "active", "retired", "unknown"},
    "type": {
        "group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text",
        "url", "choice", "open-choice", "attachment", "reference", "quantity",
    },
    "operator": {"exists", "=", "!=", ">", "<", ">=", "<="},
    "enableBehavior": {"all", "any"},
}  # fmt: skip


def questionnaire(form: RatingInstrument) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(fhir_questionnaire.render(form))
    return found


def every_item(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for item in items for one in (item, *every_item(item.get("item", [])))]


def test_the_models_of_fhir_take_the_questionnaire(form):
    models = pytest.importorskip("fhir.resources.R4B.questionnaire", reason="fhir.resources is not here")
    made = models.Questionnaire.model_validate_json(fhir_questionnaire.render(form))

    assert made.version == str(form.version) and made.title == form.title


def test_the_questionnaire_keeps_the_rules_of_r4_that_the_models_do_not_look_at(form):
    made = questionnaire(form)
    items = every_item(made["item"])
    links = [item["linkId"] for item in items]

    assert made["status"] in CODES["status"]
    assert re.fullmatch(r"[A-Za-z0-9.-]{1,64}", made["id"]) and re.fullmatch(r"[A-Z]\w{0,254}", made["name"])
    assert len(set(links)) == len(links), "que-2: link ids are unique"
    for item in items:
        assert item["type"] in CODES["type"]
        if item["type"] == "display":
            assert not {"required", "answerOption", "readOnly"} & set(item), "que-3, que-6, que-9"
        if "answerOption" in item:
            assert item["type"] in {"choice", "open-choice", "integer", "decimal"}, "que-5"
        if len(item.get("enableWhen", [])) > 1:
            assert item["enableBehavior"] in CODES["enableBehavior"], "que-12"
        for condition in item.get("enableWhen", []):
            answers = [key for key in condition if key.startswith("answer")]
            assert condition["operator"] in CODES["operator"] and len(answers) == 1
            assert (condition["operator"] != "exists") or answers == ["answerBoolean"], "que-7"
            assert condition["question"] in links[: links.index(item["linkId"])]
        for extension in item.get("extension", []):
            assert extension["url"].startswith("http://hl7.org/fhir/")
            parts = extension.get("extension", [])
            keys = [part["valueId"] for part in parts if part["url"] == "key"]
            assert all(re.fullmatch(r"[A-Za-z0-9.-]{1,64}", key) for key in keys)


def test_no_outside_code_is_claimed(form):
    text = fhir_questionnaire.render(form).decode("utf-8")

    assert "loinc" not in text.lower() and "snomed" not in text.lower()


def response(form: RatingInstrument, answers: dict[str, Any]) -> dict[str, Any]:
    """Return the answers as a QuestionnaireResponse holds them."""
    items = []
    for item in form.items:
        said = answers.get(item.code)
        if said is None:
            continue
        apart = item.kind in ("number", "text") and item.left_open(said)
        if item.kind == "choice" or (item.missing and (item.kind == "scale" or apart)):
            answer: dict[str, Any] = {"valueCoding": {"code": str(said)}}
        else:
            key = {"scale": "valueInteger", "number": "valueDecimal", "text": "valueString"}[item.kind]
            answer = {key: said}
        items.append({"linkId": f"{item.code}_open" if apart else item.code, "answer": [answer]})
    return {"resourceType": "QuestionnaireResponse", "status": "completed", "item": items}


def evaluated(path: str, resource: dict[str, Any]) -> list[Any]:
    fhirpathpy = pytest.importorskip("fhirpathpy", reason="fhirpathpy, which works out FHIRPath, is not here")
    from fhirpathpy.models import models

    found: list[Any] = fhirpathpy.evaluate(resource, path, {"resource": resource}, models["r4"])
    return found


def expression_of(item: dict[str, Any], ending: str) -> str | None:
    for extension in item.get("extension", []):
        if extension["url"].endswith(ending):
            text: str = extension["valueExpression"]["expression"]
            return text
    return None


@given(data=st.data())
@settings(max_examples=25)
def test_fhirpath_calculates_the_scores_of_the_form(form, data):
    answers = some_answers(data.draw, form)
    by_link = {item["linkId"]: item for item in questionnaire(form)["item"]}

    for name, wanted in form.score(answers).items():
        path = expression_of(by_link[name], "calculatedExpression")
        assert path is not None
        found = evaluated(path, response(form, answers))
        assert same_score(found[0] if found else "", wanted), (name, found, wanted, answers)


ORDER = {"=": operator.eq, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le}


def enabled(item: dict[str, Any], answers: dict[str, Any], resource: dict[str, Any]) -> bool:
    """Tell whether R4 would ask a question: by its conditions, or by its expression."""
    path = expression_of(item, "enableWhenExpression")
    if path is not None:
        assert "enableWhen" not in item
        found = evaluated(path, resource)
        assert found in ([True], [False]), f"never empty: {path}"
        return bool(found[0])
    kept = []
    for condition in item.get("enableWhen", []):
        said = answers.get(condition["question"])
        wanted = next(value for key, value in condition.items() if key.startswith("answer"))
        if condition["operator"] == "exists":
            kept.append((said is not None) == wanted)
        elif isinstance(wanted, dict):
            kept.append(said == wanted["code"])
        elif not isinstance(said, int | float):
            kept.append(False)
        else:
            kept.append(ORDER[condition["operator"]](said, wanted))
    return (any if item.get("enableBehavior") == "any" else all)(kept)


@given(data=st.data())
@settings(max_examples=100)
def test_fhir_asks_what_the_form_asks(visit, data):
    answers = some_answers(data.draw, visit)
    asked = {item.code for item in visit.asked(answers)}
    resource = response(visit, answers)

    for item in questionnaire(visit)["item"]:
        if item["linkId"] in {one.code for one in visit.items}:
            assert enabled(item, answers, resource) == (item["linkId"] in asked), (item, answers)


@given(minutes=st.sampled_from([None, -1, 0, 0.5, 90, 90.5]))
def test_fhir_lets_the_same_numbers_pass(visit, minutes):
    answers = {"fed": "yes"} | ({} if minutes is None else {"minutes": minutes})
    item = next(one for one in questionnaire(visit)["item"] if one["linkId"] == "minutes")
    parts = next(e["extension"] for e in item["extension"] if e["url"].endswith("questionnaire-constraint"))
    path = next(part["valueString"] for part in parts if part["url"] == "expression")
    resource = response(visit, answers)

    assert evaluated(path, resource) == [visit.trouble(answers) == []]

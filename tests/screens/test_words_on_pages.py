"""What stands on a page can be translated, and never says what a parent or a child is."""

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from caregiving.cli.words import TEMPLATE, as_text, collected

ROOT = Path(__file__).resolve().parents[2]
SPEAKING = sorted(
    path for room in ("screens", "charts") for path in (ROOT / "caregiving" / room).rglob("*.py")
)
# Two words in a row are a text; what stands in an f-string's code, a style or a script is not.
TEXT = re.compile(r"[A-Za-z][a-z']+ [A-Za-z][a-z']+")
MARKED = {"_", "n_"}
NOT_SHOWN = {
    "STYLE",
    "SCRIPT",
    "BUTTON",
    "LIST_STYLE",
    "FONT",
    "RIGHT_TO_LEFT",
}  # and names that `words` collects itself:
NOT_SHOWN |= {"TITLE", "NO_ANSWER", "ONCE"}
NOT_TEXT = {"textposition", "anchor"}  # arguments whose values are terms of a library
# Words that judge. Each with what may stand around it because it says the opposite or names a measure.
VERDICTS = {
    r"\b(in)?secure(ly)?\b": (),
    r"\b(good|bad|poor|better|worse|best|worst)[- ](enough )?(parent|mother|father|mum|dad)(s|ing)?\b": (),
    r"\b(ab)?normal(ly)?\b": (),
    r"\bscores? of (a|the|your) parent": (),
    r"\byour score\b": (),
    r"\b(failed|failure|neglect\w*|deficient|disorder\w*|patholog\w*)\b": (),
    r"\bdiagnos\w+\b": ("not a diagnosis", "nobody a diagnosis", "no diagnosis"),
    r"\bgrades?\b": ("not a grade", "no grade"),
    r"\bgreat (job|score)\b|\bwell done\b": (),
}


def loose_texts(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of what a module shows without having it looked up."""
    tree = ast.parse(source)
    inside = {id(n) for node in ast.walk(tree) if is_marked(node) for n in ast.walk(node)}
    inside |= {id(doc) for doc in docstrings(tree)}
    inside |= {
        id(n)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and any(isinstance(n, ast.Name) and n.id in NOT_SHOWN for t in node.targets for n in ast.walk(t))
        for n in ast.walk(node)
    }
    inside |= {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    inside |= {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg in NOT_TEXT
    }
    inside |= {id(n) for node in ast.walk(tree) if isinstance(node, ast.Raise) for n in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            plain = re.sub(r"<[^>]*>?|[^<>]*>|\{[^}]*\}", " ", node.value)
            if TEXT.search(plain) and not re.search(r"[{}:;]\s*(var|\d)", node.value):
                yield node.lineno, plain.strip()


def is_marked(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKED


def docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            yield from (
                item.value
                for item in body
                if isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)
            )


def judged(text: str) -> list[str]:
    """Return the verdicts in a text."""
    found = []
    for pattern, allowed in VERDICTS.items():
        rest = text.lower()
        for phrase in allowed:
            rest = rest.replace(phrase, "")
        found += [m.group() for m in re.finditer(pattern, rest)]
    return found


@pytest.mark.parametrize("path", SPEAKING, ids=lambda p: str(p.relative_to(ROOT / "caregiving")))
def test_every_text_that_is_shown_is_looked_up(path):
    assert list(loose_texts(path.read_text(encoding="utf-8"))) == []


def test_the_search_for_loose_texts_finds_one():
    assert list(loose_texts('st.title("Nothing logged yet")')) == [(1, "Nothing logged yet")]
    assert list(loose_texts("st.html(f\"<p class='a b'>Nothing logged {x}</p>\")"))
    assert list(loose_texts('st.title(_("Nothing logged yet"))')) == []


def test_the_template_of_texts_is_fresh():
    assert TEMPLATE.read_bytes() == as_text(collected()), "collect them anew: python -m caregiving words"


def test_no_text_judges_a_parent_or_a_child():
    texts = [part for message in collected() for part in parts(message.id)]

    assert len(texts) > 400
    assert [(text, found) for text in texts if (found := judged(text))] == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "caregiving" / "guidance" / "cards").rglob("*.md")), ids=lambda p: p.stem
)
def test_no_card_judges_a_parent_or_a_child(path):
    assert judged(unescape(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "text",
    ["Juno is securely attached", "an insecure child", "That was bad parenting, bad parent", "below normal",
     "your score is 7", "Great score!", "a diagnosis of colic"],
)  # fmt: skip
def test_the_search_for_verdicts_finds_one(text):
    assert judged(text)


def test_what_says_that_nothing_is_judged_may_stand():
    assert judged("This describes logged moments. It is not a diagnosis and not a grade.") == []


def parts(message: object) -> list[str]:
    return [str(part) for part in message] if isinstance(message, tuple | list) else [str(message)]

"""The summary as one file for any browser: the same facts, pictures that answer the pointer, nothing fetched.

The library that draws is read from the installed package and stands in the file; a policy in its head forbids
every request, so that the file stays what it is also on a machine that is online.
"""

import json
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from caregiving.exports._svg import Picture
from caregiving.exports.summary_pdf import from_right
from caregiving.summary import Part, Summary, Table
from caregiving.words import _

LABEL, MIME, SUFFIX = "Summary for a consultation (HTML)", "text/html", "html"
POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; base-uri 'none'; form-action 'none'"
)
STYLE: Final = """
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1c1b19; font: 17px/1.5 "Noto Sans", system-ui, sans-serif; }
main { max-width: 50rem; margin: 0 auto; padding: 24px 16px 64px; }
.cg-sheet h1, main h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 8px; overflow-wrap: anywhere; }
footer { color: #55514a; border-top: 1px solid #b9b2a6; margin-top: 32px; padding-top: 8px; }
figure { margin: 0 0 24px; } figcaption { color: #55514a; font-size: .95rem; }
.drawn { width: 100%; }
"""
SHEET: Final = """
.cg-sheet h2 { font-size: 1.15rem; margin: 24px 0 4px; padding: 0; }
.cg-sheet h3 { font-size: 1rem; margin: 16px 0 4px; padding: 0; }
.cg-sheet p, .cg-sheet li { max-width: 70ch; margin: 0 0 8px; overflow-wrap: anywhere; font-size: 1rem; }
.cg-sheet table { border-collapse: collapse; width: 100%; font-size: .95rem; margin: 0 0 8px; }
.cg-sheet th, .cg-sheet td { text-align: start; vertical-align: top; font-weight: 400;
  padding: 6px 12px 6px 0; border: 0; border-bottom: 1px solid #b9b2a688; overflow-wrap: anywhere;
  font-variant-numeric: tabular-nums; }
.cg-sheet thead th { font-size: .9rem; opacity: .8; }
.cg-sheet .small { font-size: .9rem; }
.cg-sheet .rows { overflow-x: auto; }
"""


def render(summary: Summary, pictures: Sequence[Picture] = ()) -> bytes:
    """Return the page. The same summary and pictures give the same bytes."""
    drawn = [one for one in pictures if one.figure is not None]
    direction = "rtl" if summary.from_right else "ltr"
    page = (
        f'<!doctype html>\n<html lang="{escape(summary.language.replace("_", "-"))}" dir="{direction}">'
        f'<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(summary.title)}</title><style>{STYLE}{SHEET}</style></head>"
        f'<body><main class="cg-sheet"><h1>{escape(summary.title)}</h1>{facts(summary)}'
        f"{_figures(drawn)}{_how(summary)}<footer>{escape(summary.foot)}</footer></main>"
        f"{_script(drawn)}</body></html>"
    )
    return page.encode("utf-8")


def facts(summary: Summary) -> str:
    """Return what is said, without its heading: for the page, and for a look at it beforehand."""
    asked = _typed(_("Questions for the consultation"), summary.questions, as_list=True)
    notes = _typed(_("Notes of the family"), summary.notes, as_list=False)
    parts = "".join(_part(part) for part in summary.parts)
    return f"<p>{escape(summary.about)}</p>{asked}{notes}{parts}"


def style() -> str:
    """Return how the facts look, for a page that shows them among other things."""
    return SHEET


def _part(part: Part) -> str:
    said = "".join(_paragraph(one) for one in part.said)
    tables = "".join(_table(one) for one in part.tables)
    return f'<section><h2>{escape(part.title)}</h2>{said}<div class="rows">{tables}</div></section>'


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    rows = "".join(_row(row, len(table.head)) for row in table.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(row: Sequence[str], width: int) -> str:
    """Return a row; a last cell that stands for several is stretched over them."""
    first, *rest = row
    span = width - len(row) + 1
    cells = [f"<td{_way(cell)}>{escape(cell)}</td>" for cell in rest[:-1]]
    if rest:
        stretched = f' colspan="{span}"' if span > 1 else ""
        cells.append(f"<td{stretched}{_way(rest[-1])}>{escape(rest[-1])}</td>")
    return f'<tr><th scope="row"{_way(first)}>{escape(first)}</th>{"".join(cells)}</tr>'


def _typed(title: str, lines: Sequence[str], *, as_list: bool) -> str:
    if not lines:
        return ""
    if as_list:
        points = "".join(f"<li{_way(line)}>{escape(line)}</li>" for line in lines)
        return f"<section><h2>{escape(title)}</h2><ul>{points}</ul></section>"
    said = "".join(f"<p{_way(line)}>{escape(line)}</p>" for line in lines)
    return f"<section><h2>{escape(title)}</h2>{said}</section>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _way(text: str) -> str:
    """Return the attribute of a text that has a direction of its own: what people typed, and cells."""
    return f' dir="{"rtl" if from_right(text) else "ltr"}"' if any(one.isalpha() for one in text) else ""


def _how(summary: Summary) -> str:
    """Return how the figures come about, and the sources."""
    said = "".join(f'<p class="small">{escape(one)}</p>' for one in summary.method)
    cited = "".join(
        f'<li class="small">{escape(key)}: {escape(citation)}</li>' for key, citation in summary.sources
    )
    how, where = escape(_("How the figures come about")), escape(_("Sources"))
    return f"<section><h2>{how}</h2>{said}</section><section><h2>{where}</h2><ul>{cited}</ul></section>"


def _figures(pictures: Sequence[Picture]) -> str:
    if not pictures:
        return ""
    drawn = "".join(
        f"<h3>{escape(one.title)}</h3><figure>"
        f'<div class="drawn" id="drawn{n}" dir="ltr" role="img" aria-label="{escape(one.told)}"></div>'
        f"<figcaption>{escape(one.told)}</figcaption></figure>"
        for n, one in enumerate(pictures)
    )
    return f"<section><h2>{escape(_('Figures'))}</h2>{drawn}</section>"


def _script(pictures: Sequence[Picture]) -> str:
    """Return the drawing library and what it draws; without pictures nothing at all."""
    if not pictures:
        return ""
    calls = "".join(f'Plotly.newPlot("drawn{n}", {_figure(one)});' for n, one in enumerate(pictures))
    return f"<script>{_library()}</script><script>{calls}</script>"


def _figure(one: Picture) -> str:
    """Return a figure as an argument in a script, in which no text can end the script."""
    told = json.loads(one.figure.to_json())
    told["config"] = {"displayModeBar": False, "responsive": True}
    written = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _library() -> str:
    """Return the script of Plotly that is installed here; a closing tag in it would end ours."""
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("plotly is not installed; it draws the pictures of this page")
    folder = Path(next(iter(spec.submodule_search_locations)))
    text = (folder / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    return text.replace("</script", "<\\/script")

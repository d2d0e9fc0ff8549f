"""Reports and days in, Plotly figures out. Nothing is computed here; the pages only show."""

from caregiving.charts._paper import span

__all__ = ["span"]

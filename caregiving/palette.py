"""The colours, once: for charts, for the tap page, for print. Two sets, day and night."""

from types import MappingProxyType
from typing import Final

DAY: Final = MappingProxyType(
    {
        "ground": "#FAF6EF",
        "card": "#FFFFFF",
        "ink": "#2B2A27",
        "quiet": "#615C53",
        "line": "#E4DCCF",
        "baby": "#9A5700",
        "baby-soft": "#F6E4C8",
        "caregiver": "#0F6B66",
        "caregiver-soft": "#D5EAE6",
        "unwatched": "#D9D3C7",
        "accent": "#5B4B8A",
        "accent-soft": "#E6E1F2",
    }
)
NIGHT: Final = MappingProxyType(
    {
        "ground": "#120D0B",
        "card": "#1D1613",
        "ink": "#E3AD95",
        "quiet": "#B5826E",
        "line": "#3A2A23",
        "baby": "#D9923F",
        "baby-soft": "#3A2610",
        "caregiver": "#A3B183",
        "caregiver-soft": "#242B1A",
        "unwatched": "#2A211D",
        "accent": "#D08C8C",
        "accent-soft": "#3A2222",
    }
)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0 (black) to 1 (white), as WCAG 2.2 defines it.

    >>> luminance("#FFFFFF"), luminance("#000000")
    (1.0, 0.0)
    """
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2: text needs 4.5, graphics 3).

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def css() -> str:
    """Return both palettes as CSS custom properties; the attribute `data-palette` overrules the device."""
    day, night = (" ".join(f"--{name}: {value};" for name, value in p.items()) for p in (DAY, NIGHT))
    return (
        f":root {{ color-scheme: light; {day} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ color-scheme: dark; {night} }} }}\n"
        f':root[data-palette="day"] {{ color-scheme: light; {day} }}\n'
        f':root[data-palette="night"] {{ color-scheme: dark; {night} }}\n'
    )

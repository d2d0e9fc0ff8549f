"""Both palettes can be read by tired eyes, and Streamlit wears the same colours as the charts."""

import tomllib
from pathlib import Path

import pytest

from caregiving.palette import DAY, NIGHT, contrast, css, luminance

CONFIG = tomllib.loads(
    (Path(__file__).resolve().parent.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize("ground", ["ground", "card"])
@pytest.mark.parametrize("text", ["ink", "quiet", "baby", "caregiver", "accent"])
def test_text_reaches_the_contrast_of_wcag_aa(colours, ground, text):
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", [DAY, NIGHT], ids=["day", "night"])
def test_what_the_baby_and_the_grown_up_do_reads_on_its_own_soft_ground(colours):
    assert contrast(colours["baby"], colours["baby-soft"]) >= 4.5
    assert contrast(colours["caregiver"], colours["caregiver-soft"]) >= 4.5


def test_nothing_at_night_is_bright():
    assert max(luminance(colour) for colour in NIGHT.values()) < 0.5
    assert (
        max(luminance(NIGHT[name]) for name in NIGHT if name.endswith("soft") or name in ("ground", "card"))
        < 0.03
    )


@pytest.mark.parametrize(("theme", "colours"), [("light", DAY), ("dark", NIGHT)])
def test_streamlit_wears_the_same_colours(theme, colours):
    worn = CONFIG["theme"][theme]
    pairs = {
        "primaryColor": "caregiver",
        "backgroundColor": "ground",
        "textColor": "ink",
        "borderColor": "line",
    }
    assert {worn[name] for name in pairs} == {colours[ours] for ours in pairs.values()}


def test_streamlit_sends_nothing_out():
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["server"]["address"] == "127.0.0.1"


def test_the_style_sheet_holds_both_palettes():
    assert all(colour in css() for colour in (*DAY.values(), *NIGHT.values()))

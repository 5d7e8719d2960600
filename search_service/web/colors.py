"""The colours of a site: what follows from those it chooses, and whether texts in them can be read."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

LIGHT: Mapping[str, str] = {
    "ground": "#f6f5f1", "surface": "#ffffff", "ink": "#1b2325", "muted": "#566164", "accent": "#0b5f59",
    "mark": "#ffe69a",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "ground": "#14191a", "surface": "#1c2324", "ink": "#e7e5df", "muted": "#a5b0b0", "accent": "#73cabf",
    "mark": "#66510f",
}  # fmt: skip
"""The colours that a site can choose, as `style.css` has them; a test compares both."""

CONTRAST = 4.5
"""The contrast that a text needs with its background (WCAG 2.2, 1.4.3, level AA)."""

TINT, BAR = 0.12, 0.55
"""How much of the accent is in the background of chosen links, and in the bars of the histogram."""

STEPS = 20
"""Steps from the accent of light pages to white, of which the first that can be read is the accent of dark pages."""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, by the definition of WCAG.

    >>> round(contrast("#000000", "#ffffff")), round(contrast("#767676", "#ffffff"), 2)
    (21, 4.54)
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    parts = [part / 255 for part in _parts(color)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(color: str) -> tuple[int, ...]:
    return tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))


def mixed(color: str, other: str, share: float) -> str:
    """Return a colour with a share of another one.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(_parts(color), _parts(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def palette(chosen: Mapping[str, str], scheme: Mapping[str, str]) -> dict[str, str]:
    """Return every colour of a scheme for those that a site chooses, by the names of the style sheet."""
    colors = {**scheme, **chosen}
    colors["accent-ink"] = max(("#ffffff", "#101414"), key=lambda ink: contrast(ink, colors["accent"]))
    colors["tint"] = mixed(colors["surface"], colors["accent"], TINT)
    colors["bar"] = mixed(colors["ground"], colors["accent"], BAR)
    colors["line"] = mixed(colors["ground"], colors["muted"], 0.2)
    return colors


def dark_accent(accent: str, scheme: Mapping[str, str]) -> str:
    """Return the accent of light pages, lightened until it can be read on dark ones."""
    for step in range(STEPS):
        lighter = mixed(accent, "#ffffff", step / STEPS)
        pairs = unreadable(palette({**scheme, "accent": lighter}, DARK))
        if not any("accent" in (ink, ground) for ink, ground, _ in pairs):
            return lighter
    return "#ffffff"


def unreadable(colors: Mapping[str, str]) -> list[tuple[str, str, float]]:
    """Return the pairs of text and background whose contrast is too low, with the contrast."""
    pairs = [
        *product(("ink", "muted", "accent"), ("ground", "surface", "tint")),
        ("ink", "mark"),
        ("accent-ink", "accent"),
    ]
    found = [(ink, ground, contrast(colors[ink], colors[ground])) for ink, ground in pairs]
    return [one for one in found if one[2] < CONTRAST]


def style_sheet(light: Mapping[str, str], dark: Mapping[str, str]) -> str:
    """Return the style sheet that sets the colours of both schemes."""
    return f":root {{{_variables(light)}}}\n@media (prefers-color-scheme: dark) {{ :root {{{_variables(dark)}}} }}\n"


def _variables(colors: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {color};" for name, color in colors.items())

"""Diagrams as SVG: bars of rates, and how far confidence holds. Written directly; no library, no fonts, no scripts.

A colour is never the only sign of a series: bars carry their number, dots their size and a legend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from typeloom.evaluation.measure import Guess

COLOURS = ("#1b6ca8", "#d1782b", "#3d8b55", "#8a4f9e")
STYLE = "font-family='system-ui, sans-serif' font-size='12' fill='#333'"
BINS = 10


def bars(title: str, groups: Mapping[str, Mapping[str, float | None]]) -> str:
    """Horizontal bars from 0 to 1: a group of bars, one a series, for each name.

    >>> "45.0 %" in bars("F1", {"Invoice": {"exact": 0.45}})
    True
    """
    series = list(dict.fromkeys(name for values in groups.values() for name in values))
    left, width, bar, gap = 150, 420, 14, 10
    y = 46.0
    parts: list[str] = []
    for name, values in groups.items():
        middle = y + bar * len(series) / 2 + 4
        parts.append(f"<text x='{left - 8}' y='{middle:.0f}' text-anchor='end'>{escape(name)}</text>")
        for at, one in enumerate(series):
            value = values.get(one)
            if value is not None:
                long = width * value
                parts.append(
                    f"<rect x='{left}' y='{y:.0f}' width='{long:.1f}' height='{bar - 2}' fill='{COLOURS[at % 4]}'/>"
                    f"<text x='{left + long + 4:.1f}' y='{y + bar - 4:.0f}' font-size='10'>{100 * value:.1f} %</text>"
                )
            y += bar
        y += gap
    return _drawing(left + width + 60, y + 4, title, [*_legend(series, left), *parts])


def reliability(title: str, series: Mapping[str, Sequence[Guess]]) -> str:
    """Confidence against accuracy in ten ranges of confidence; the diagonal is perfect.

    The size of a dot is the share of the texts in its range.
    """
    left, top, size = 60, 60, 300
    parts = [
        f"<rect x='{left}' y='{top}' width='{size}' height='{size}' fill='none' stroke='#999'/>",
        f"<line x1='{left}' y1='{top + size}' x2='{left + size}' y2='{top}' stroke='#999' stroke-dasharray='4 4'/>",
        f"<text x='{left + size / 2}' y='{top + size + 34}' text-anchor='middle'>confidence</text>",
        f"<text x='18' y='{top + size / 2}' text-anchor='middle' transform='rotate(-90 18 {top + size / 2})'>"
        "accuracy</text>",
    ]
    for tick in range(0, 101, 25):
        along = size * tick / 100
        parts.append(f"<text x='{left + along}' y='{top + size + 16}' text-anchor='middle'>{tick} %</text>")
        parts.append(f"<text x='{left - 6}' y='{top + size - along + 4}' text-anchor='end'>{tick} %</text>")
    for at, guesses in enumerate(series.values()):
        for inside in ranges(guesses):
            x = left + size * sum(guess.confidence for guess in inside) / len(inside)
            y = top + size - size * sum(guess.right == guess.guessed for guess in inside) / len(inside)
            radius = 2 + 14 * (len(inside) / len(guesses)) ** 0.5
            colour = COLOURS[at % 4]
            parts.append(
                f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius:.1f}' fill='{colour}' fill-opacity='0.55'"
                f" stroke='{colour}'/>"
            )
    return _drawing(left + size + 40, top + size + 50, title, [*_legend(list(series), left), *parts])


def ranges(guesses: Sequence[Guess]) -> list[list[Guess]]:
    """The guesses by range of confidence, without empty ranges."""
    found: list[list[Guess]] = [[] for _ in range(BINS)]
    for guess in guesses:
        found[min(int(guess.confidence * BINS), BINS - 1)].append(guess)
    return [inside for inside in found if inside]


def _legend(series: Sequence[str], left: int) -> list[str]:
    parts, x = [], left
    for at, name in enumerate(series):
        parts.append(f"<rect x='{x}' y='28' width='10' height='10' fill='{COLOURS[at % 4]}'/>")
        parts.append(f"<text x='{x + 14}' y='37'>{escape(name)}</text>")
        x += 30 + 7 * len(name)
    return parts


def _drawing(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width:.0f} {height:.0f}' width='{width:.0f}'"
        f" height='{height:.0f}' role='img' aria-label='{escape(title, quote=True)}' {STYLE}>"
        "<rect width='100%' height='100%' fill='white'/>"
        f"<text x='12' y='18' font-size='14' font-weight='bold'>{escape(title)}</text>" + "".join(parts) + "</svg>\n"
    )

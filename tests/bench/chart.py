"""A line chart as SVG: every line labelled where it ends, the scale beginning at zero and saying so."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 760, 320
LEFT, RIGHT, TOP, BOTTOM = 56, 190, 46, 44
COLOURS = ("#1f5fa8", "#b4540a", "#a3262a", "#3d7a3a")

Points = Sequence[tuple[float, float]]


def line_chart(title: str, across: str, up: str, lines: Mapping[str, Points], *, mark: float | None = None) -> str:
    """An SVG of some lines; `across` and `up` name the axes, `mark` is a bound that is drawn dashed."""
    most_x = max(x for points in lines.values() for x, _ in points)
    most_y = max([y for points in lines.values() for _, y in points] + [mark or 0]) * 1.1

    def at(x: float, y: float) -> tuple[float, float]:
        return LEFT + x / most_x * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y / most_y * (HEIGHT - TOP - BOTTOM)

    parts = [_text(LEFT, 20, title, size=15), _text(LEFT, TOP - 8, up)]
    for step in range(5):
        value = most_y * step / 4
        y = at(0, value)[1]
        parts += [_line(LEFT, y, WIDTH - RIGHT, y, "#ddd"), _text(LEFT - 6, y + 4, f"{value:.3g}", anchor="end")]
    for step in range(7):
        x = at(most_x * step / 6, 0)[0]
        parts.append(_text(x, HEIGHT - BOTTOM + 16, f"{most_x * step / 6:.0f}", anchor="middle"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, across, anchor="middle"))
    if mark is not None:
        y = at(0, mark)[1]
        parts.append(_line(LEFT, y, WIDTH - RIGHT, y, "#666", dashed=True))
    parts += _drawn(lines, at, mark)
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="#333">\n<title>{escape(title)}</title>\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _drawn(lines: Mapping[str, Points], at, mark: float | None) -> list[str]:  # type: ignore[no-untyped-def]
    """The lines, and their labels far enough from each other to be read."""
    parts = []
    ends = [(at(*points[-1])[1], f"{name} {points[-1][1]:.3g}", colour) for (name, points), colour in _coloured(lines)]
    if mark is not None:
        ends.append((at(0, mark)[1], f"bound {mark:.3g}", "#666"))
    for (_, points), colour in _coloured(lines):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in points))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
    last = 0.0
    for y, words, colour in sorted(ends):
        last = max(y + 4, last + 15)
        parts.append(_text(WIDTH - RIGHT + 8, last, words, colour=colour))
    return parts


def _coloured(lines: Mapping[str, Points]):  # type: ignore[no-untyped-def]
    return zip(lines.items(), COLOURS, strict=False)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{dash}/>'


def _text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 12, colour: str = "#333") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}"'
    return f"<text {place}>{escape(words)}</text>"

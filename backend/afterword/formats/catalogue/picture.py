"""A story of two weeks as an SVG that can be read on light and on dark pages.

The scale is drawing and no date: the first day and a half have as much room as the rest, so that hours can be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from itertools import pairwise

from afterword.formats.catalogue.story import DAYS, ENDS, SHOWN_UNTIL, STARTS, TURNS, ZONE, Span, when

LABELS, WIDTH, ROW, TOP, MARGIN = 312, 900, 26, 58, 14
#: Where on the page the part of the scale ends on which hours can be seen.
MIDDLE = 560
HOURS = (ENDS, datetime(2026, 3, 4, 15, tzinfo=UTC))
LONGEST_LABEL = 45
STYLE = """
  .page { fill: #ffffff; stroke: #d0d7de } .weekend { fill: #eef1f4 } .line { stroke: #d0d7de }
  .now { stroke: #57606a }
  text { font: 12px system-ui, sans-serif; fill: #1f2328 } .small { font-size: 11px; fill: #57606a }
  .do { fill: #0f766e } .may { fill: #ffffff; stroke: #0f766e; stroke-width: 1.5 }
  .best { fill: #f59e0b; stroke: #ffffff }
  .held { fill: #9a5b13; fill-opacity: .28; stroke: #9a5b13; stroke-dasharray: 3 3 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #30363d } .weekend { fill: #161b22 } .line { stroke: #30363d }
    .now { stroke: #8d96a0 }
    text { fill: #e6edf3 } .small { fill: #9198a1 } .do { fill: #2dd4bf } .may { fill: #0d1117; stroke: #2dd4bf }
    .best { fill: #fbbf24; stroke: #0d1117 } .held { fill: #e3a857; fill-opacity: .22; stroke: #e3a857 }
  }
"""


def across(moment: datetime) -> float:
    """How far from the left an instant is drawn; what lies outside is drawn at the edge."""
    first, turn, last = STARTS.timestamp(), TURNS.timestamp(), SHOWN_UNTIL.timestamp()
    seconds = min(max(moment.timestamp(), first), last)
    if seconds <= turn:
        return LABELS + (seconds - first) / (turn - first) * (MIDDLE - LABELS)
    return MIDDLE + (seconds - turn) / (last - turn) * (WIDTH - MARGIN - MIDDLE)


def picture(spans: list[Span], title: str) -> str:
    """The whole SVG."""
    rows: dict[str, list[Span]] = {}
    for span in spans:
        rows.setdefault(span.title, []).append(span)
    height = TOP + ROW * len(rows) + 44
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            f"<title>{escape(title)}</title><style>{STYLE}</style>",
            box("page", 0.5, 0.5, WIDTH - 1, height - 1, rounding=8),
            *scale(TOP + ROW * len(rows)),
            *(line for place, row in enumerate(rows.values()) for line in drawn(row, TOP + ROW * place)),
            *legend(height - 16),
            "</svg>\n",
        )
    )


def scale(bottom: int) -> Iterator[str]:
    """Days, weekends, and the hours that matter on the first day."""
    for day, following in pairwise(DAYS):
        left, right = across(day), across(following)
        if day.weekday() in (5, 6):
            yield box("weekend", left, TOP - 6, right - left, bottom - TOP + 6)
        name = f"{day:%a}"[:2] if day >= TURNS else f"{day:%a} {day.day}"
        yield text((left + right) / 2, 22, name, "small", "middle")
        if day >= TURNS:
            yield text((left + right) / 2, 38, str(day.day), "small", "middle")
        yield line(left, bottom, "line")
    yield text((across(STARTS) + across(DAYS[0])) / 2, 22, f"{STARTS:%a} {STARTS.day} {STARTS:%B}", "small", "middle")
    for hour in HOURS:
        yield text(across(hour), 38, f"{hour.astimezone(ZONE):%H:%M}", "small", "middle")
    yield line(across(ENDS), bottom, "now")


def drawn(row: list[Span], top: int) -> Iterator[str]:
    """One line of the drawing: its name, and each of its windows."""
    yield text(MARGIN, top + 15, shortened(row[0].title), "")
    for span in row:
        yield f"<g><title>{escape(spoken(span))}</title>{bar(span, top)}</g>"


def bar(span: Span, top: int) -> str:
    """A window, and the best moment in it."""
    left, right = across(span.opens_at), across(span.due_at or SHOWN_UNTIL)
    look = "held" if span.held else "may" if span.optional else "do"
    window = box(look, left, top + 5, max(right - left, 5), 13, rounding=3)
    best = f'<circle class="best" cx="{across(span.best_at):.1f}" cy="{top + 11.5}" r="5"/>' if span.best_at else ""
    return window + best


def spoken(span: Span) -> str:
    """A line of the story as a sentence."""
    ends = f", {'until' if span.held else 'due'} {when(span.due_at)}" if span.due_at else ""
    best = f", best {when(span.best_at)}" if span.best_at else ""
    return f"{span.title}: from {when(span.opens_at)}{best}{ends}"


def legend(y: int) -> Iterator[str]:
    """What the colours mean."""
    for x, look, says in ((MARGIN, "do", "do"), (70, "may", "if you like"), (170, "held", "leave alone")):
        yield box(look, x, y - 10, 18, 12, rounding=3) + text(x + 24, y, says, "small")
    yield f'<circle class="best" cx="286" cy="{y - 4}" r="5"/>{text(297, y, "best moment", "small")}'
    yield text(WIDTH - MARGIN, y, "the scale changes after the first day and a half", "small", "end")


def box(look: str, x: float, y: float, width: float, height: float, rounding: int = 0) -> str:
    """A rectangle."""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{look}" {place} rx="{rounding}"/>'


def line(x: float, bottom: int, look: str) -> str:
    """A line from top to bottom."""
    return f'<line class="{look}" x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{bottom}"/>'


def text(x: float, y: float, says: str, look: str, anchor: str = "start") -> str:
    """Some words."""
    return f'<text class="{look}" x="{x:.1f}" y="{y}" text-anchor="{anchor}">{escape(says)}</text>'


def shortened(says: str) -> str:
    """A label that fits beside the drawing."""
    return says if len(says) <= LONGEST_LABEL else f"{says[: LONGEST_LABEL - 1].rstrip()}…"

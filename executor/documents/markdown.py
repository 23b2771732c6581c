"""Values as Markdown that says what they hold and nothing more: data from outside stays data."""

import json
import math
import os.path
import re
from collections.abc import Sequence
from urllib.parse import quote

from pydantic import JsonValue

from memory.model.work.value import File, Table, Text

ROWS_SHOWN = 200
UNMARKED = re.compile(r"(^|[ _-])(year|id|code|zip|no)$", re.IGNORECASE)
"""Columns whose numbers are names: no thousands marks, no totals."""

_SPECIAL = re.compile(r"([\\`*\[\]|~#!])|((?<!\w)_|_(?!\w))")
_FENCED = re.compile(
    r"(^ {0,3}(?:```|~~~).*?(?:^ {0,3}(?:```|~~~)[^\n]*$|\Z))", re.MULTILINE | re.DOTALL
)
_HTML_OR_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|<(?=[A-Za-z/!?])", re.DOTALL)
_REMOTE_PICTURE = re.compile(r"!(?=\[[^\]]*\]\(\s*<?\s*(?:[a-z][a-z0-9+.-]*:|//))", re.IGNORECASE)
_HEADING = re.compile(r"^(#{1,5})(?=\s)", re.MULTILINE)


def inert(text: str) -> str:
    """One line of text that Markdown and HTML take literally."""
    line = " ".join(text.split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(lambda found: "\\" + found[0], line)


def passage(text: str) -> str:
    """Markdown from outside: no raw HTML, no picture from the net, headings one level down."""
    parts = _FENCED.split(text.strip())
    return "".join(part if place % 2 else _tamed(part) for place, part in enumerate(parts))


def answer(given: Text) -> str:
    """What a person said, with who it was and what was asked."""
    asked = f", asked “{inert(given.asked)}”" if given.asked else ""
    said = "\n".join(f"> {line}".rstrip() for line in passage(given.text).splitlines())
    return f"**{inert(given.by)}**{asked}:\n\n{said}"


def _tamed(text: str) -> str:
    tamed = _HTML_OR_CODE.sub(lambda found: found[0] if found[1] else "&lt;", text)
    return _HEADING.sub(r"#\1", _REMOTE_PICTURE.sub("", tamed))


def table(given: Table, *, totals: bool = False) -> str:
    """A Markdown table: numbers to the right with thousands marks, 200 rows, a total if asked."""
    if not given.columns:
        return "*(a table without columns)*"
    shown = given.rows[:ROWS_SHOWN]
    styles = [_Style(name, [row[n] for row in given.rows]) for n, name in enumerate(given.columns)]
    lines = [
        _line([inert(name) or " " for name in given.columns]),
        _line(["---:" if style.numeric else ":---" for style in styles]),
        *(_line([style.cell(v) for style, v in zip(styles, row, strict=False)]) for row in shown),
    ]
    if totals and given.total_rows == len(given.rows) and any(style.summed for style in styles):
        lines.append(_line(_total(styles)))
    if given.total_rows > len(shown):
        lines += ["", f"*The first {len(shown):,} of {given.total_rows:,} rows.*"]
    elif not shown:
        lines += ["", "*No rows.*"]
    return "\n".join(lines)


def link(given: File, beside: str) -> str:
    """A picture or a link, relative to the file it stands in."""
    folder = os.path.dirname(beside) or "."  # noqa: PTH120 - pathlib has no relative path upwards
    way = quote(os.path.relpath(given.path, folder).replace(os.sep, "/"))
    name = inert(given.title or given.path.rsplit("/", 1)[-1])
    return f"{'!' if given.media_type.startswith('image/') else ''}[{name}]({way})"


def data(value: JsonValue) -> str:
    """JSON in a fence."""
    body = json.dumps(value, ensure_ascii=False, indent=2).replace("```", "ˋˋˋ")
    return f"```json\n{body}\n```"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


class _Style:
    """How one column is written."""

    def __init__(self, name: str, values: Sequence[JsonValue]) -> None:
        numbers = [
            float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)
        ]
        self.numeric = bool(numbers) and len(numbers) == sum(v is not None for v in values)
        self.marked = not UNMARKED.search(name)
        self.summed = self.numeric and self.marked
        self.total = math.fsum(numbers)
        whole = all(number == round(number) for number in numbers if math.isfinite(number))
        small = any(0 < abs(number) < 0.01 for number in numbers)
        self.digits: int | None = 0 if whole else None if small else 2

    def cell(self, value: JsonValue) -> str:
        """The value as it stands in the table."""
        match value:
            case None:
                return "–"
            case bool():
                return "yes" if value else "no"
            case int() | float():
                return self._number(value)
            case str():
                return inert(value) or " "
            case _:
                return inert(json.dumps(value, ensure_ascii=False))

    def _number(self, value: float) -> str:
        mark = "," if self.marked else ""
        if self.digits is None or not self.numeric:
            return f"{value:{mark}}"
        return f"{value:{mark}.{self.digits}f}"


def _total(styles: Sequence[_Style]) -> list[str]:
    cells = [f"**{style.cell(style.total)}**" if style.summed else " " for style in styles]
    if not styles[0].summed:
        cells[0] = "**Total**"
    return cells

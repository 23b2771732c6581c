"""Values as Markdown that says what they hold and nothing more: data from outside stays data."""

import json
import math
import os.path
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pydantic import JsonValue

from memory.model.text import text as say
from memory.model.work.naming import is_naming
from memory.model.work.value import File, Table, Text

ROWS_SHOWN = 200
_SPECIAL = re.compile(r"([\\`*\[\]|~#!])|((?<!\w)_|_(?!\w))")
_FENCED = re.compile(
    r"(^ {0,3}(?:```|~~~).*?(?:^ {0,3}(?:```|~~~)[^\n]*$|\Z))", re.MULTILINE | re.DOTALL
)
_HTML_OR_CODE = re.compile(r"(?<!`)(`++).{1,4000}?(?<!`)\1(?!`)|<(?=[A-Za-z/!?])", re.DOTALL)
_REMOTE_PICTURE = re.compile(r"!(?=\[[^\]]*\]\(\s*<?\s*(?:[a-z][a-z0-9+.-]*:|//))", re.IGNORECASE)
_HEADING = re.compile(r"^(#{1,5})(?=\s)", re.MULTILINE)


def inert(text: str) -> str:
    """One line of text that Markdown and HTML take literally."""
    line = " ".join(text.split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(lambda mark: "\\" + mark[0], line)


def passage(text: str) -> str:
    """Markdown from outside: no raw HTML, no picture from the net, headings one level down."""
    parts = _FENCED.split(text.strip())
    return "".join(part if place % 2 else _tamed(part) for place, part in enumerate(parts))


def answer(given: Text) -> str:
    """What a person said, with who it was and what was asked."""
    name = f"**{inert(given.by)}**"
    if given.asked:
        name = say("{name}, asked “{question}”", name=name, question=inert(given.asked))
    words = "\n".join(f"> {line}".rstrip() for line in passage(given.text).splitlines())
    return f"{name}:\n\n{words}"


def _tamed(text: str) -> str:
    tamed = _HTML_OR_CODE.sub(lambda part: part[0] if part[1] else "&lt;", text)
    return _HEADING.sub(r"#\1", _REMOTE_PICTURE.sub("", tamed))


def table(given: Table, *, totals: bool = False) -> str:
    """A Markdown table: numbers to the right with thousands marks, 200 rows, a total if asked."""
    if not given.columns:
        return f"*({say('a table without columns')})*"
    styles = [_style(name, _column(given, n)) for n, name in enumerate(given.columns)]
    lines = [
        _line([inert(name) or " " for name in given.columns]),
        _line([style.side for style in styles]),
        *(_row(styles, row) for row in given.rows[:ROWS_SHOWN]),
    ]
    if totals and given.total_rows == len(given.rows):
        lines += _total(styles)
    lines += _remark(min(len(given.rows), ROWS_SHOWN), given.total_rows)
    return "\n".join([*lines, *(f"\n*{inert(note)}*" for note in given.notes)])


def _column(given: Table, place: int) -> list[JsonValue]:
    return [row[place] for row in given.rows]


def _row(styles: "Sequence[_Style]", row: Sequence[JsonValue]) -> str:
    return _line([style.cell(value) for style, value in zip(styles, row, strict=False)])


def _remark(shown: int, total: int) -> Sequence[str]:
    if total > shown:
        words = say("The first {shown:,} of {total:,} rows.", shown=shown, total=total)
        return "", f"*{words}*"
    return () if shown else ("", f"*{say('No rows.')}*")


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


@dataclass(frozen=True)
class _Style:
    """How one column is written. `digits` None: each number as it is."""

    numeric: bool
    marked: bool
    total: float
    digits: int | None

    @property
    def summed(self) -> bool:
        return self.numeric and self.marked

    @property
    def side(self) -> str:
        return "---:" if self.numeric else ":---"

    def cell(self, value: JsonValue) -> str:
        """The value as it stands in the table."""
        match value:
            case None:
                return "–"
            case bool():
                return say("yes") if value else say("no")
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


def _style(name: str, values: Sequence[JsonValue]) -> _Style:
    there = [value for value in values if value is not None]
    numbers = [
        float(value)
        for value in there
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    return _Style(
        numeric=bool(numbers) and len(numbers) == len(there),
        marked=not is_naming(name),
        total=math.fsum(numbers),
        digits=_digits(numbers),
    )


def _digits(numbers: Sequence[float]) -> int | None:
    if all(number == round(number) for number in numbers if math.isfinite(number)):
        return 0
    return None if any(0 < abs(number) < 0.01 for number in numbers) else 2


def _total(styles: Sequence[_Style]) -> Sequence[str]:
    if not any(style.summed for style in styles):
        return ()
    cells = [f"**{style.cell(style.total)}**" if style.summed else " " for style in styles]
    if not styles[0].summed:
        cells[0] = f"**{say('Total')}**"
    return (_line(cells),)

"""report.write: texts, tables and pictures as one Markdown file."""

from typing import assert_never

from executor.data import arguments
from executor.data.media import written
from executor.data.specs import content, control, tool
from executor.documents import markdown
from executor.port import Argument, Call, Reply
from executor.threads import in_thread
from memory.model.agents.spec import EffectClass
from memory.model.errors import BadInput
from memory.model.timing.clock import Clock
from memory.model.work.value import File, Json, Table, Text

ENDINGS = (".md", ".markdown", ".txt")
SPEC = tool(
    "report.write",
    "Writes a Markdown report from texts, tables and charts.",
    control("path", "The .md file to write", "path", endings=ENDINGS, sample="reports/q3.md"),
    control("title", "Its heading", "text", sample="Q3"),
    content("parts", "Texts, tables, charts in order", "list", sample=["Revenue grew by 12 %."]),
    control(
        "totals", "Whether tables get a row of totals", "boolean", required=False, default=False
    ),
    output="file",
    effect=EffectClass.WRITE,
    words=("report",),
    file_rule="A report is written in Markdown",
)


class ReportWrite:
    """Writes what it is given, dated by the clock, adding nothing of its own."""

    spec = SPEC

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def run(self, call: Call) -> Reply:
        """Write the parts and give back the Markdown file."""
        now = self._clock.now()
        date = f"{now.day} {now:%B %Y}"
        return await in_thread(lambda: Reply(value=_written(call, date)), timeout_s=call.timeout_s)


def _written(call: Call, date: str) -> File:
    path, title = arguments.word(call, "path"), arguments.word(call, "title")
    totals = arguments.flag(call, "totals")
    parts = [_part(part, path, totals=totals) for part in arguments.many(call, "parts")]
    body = [part for part in parts if part]
    if not body:
        raise BadInput(
            "There's nothing to write to {path}. Name a table, chart or text.", path=path
        )
    text = "\n\n".join([f"# {markdown.inert(title)}", f"*{date}*", *body]) + "\n"
    return written(call.files, path, text.encode(), title=title)


def _words(given: Text | str) -> str:
    if isinstance(given, str):
        return markdown.passage(given)
    return markdown.answer(given) if given.by else markdown.passage(given.text)


def _part(given: Argument, path: str, *, totals: bool) -> str:
    match given:
        case Text() | str():
            return _words(given)
        case Table():
            return markdown.table(given, totals=totals)
        case File():
            return markdown.link(given, path)
        case Json(value=value):
            return markdown.data(value)
        case None:
            return ""
        case bool() | int() | float() | list() | dict():
            return markdown.data(given)
        case _:
            assert_never(given)

"""text.lines and text.count: lines of text files picked, sorted and counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from executor.data import arguments
from executor.data.decoding import decode
from executor.data.specs import control, tool
from executor.port import Call, Reply
from executor.threads import in_thread
from memory.model.errors import BadInput
from memory.model.limits import OUTPUT_BYTES
from memory.model.text import text
from memory.model.work.value import Table, Text

LINES = tool(
    "text.lines",
    "Gives lines of text files: those that contain a text, the first or last so many, sorted, each "
    "once; several files one after the other.",
    control("sources", "The text files, one after the other", "list", sample=["notes.md"]),
    control("containing", "Only lines with this text, whatever its case", "text", required=False),
    control("without", "Only lines without this text", "text", required=False),
    control("unique", "Whether each line comes once", "boolean", required=False, default=False),
    control("order", "Whether to sort them", "text", required=False, default="as is",
            choices=("as is", "ascending", "descending")),
    control("first", "Only so many from the beginning", "number", required=False),
    control("last", "Only so many from the end", "number", required=False),
    output="text",
    words=("lines", "grep", "sort", "merge"),
)  # fmt: skip
COUNT = tool(
    "text.count",
    "Counts lines, words and characters of text files, and how often a text is in them.",
    control("sources", "The text files", "list", sample=["notes.md"]),
    control("containing", "A text to count, whatever its case", "text", required=False),
    output="table",
    words=("count", "words", "characters"),
)


class TextLines:
    """Picks lines. A text is looked for as it is, never as a pattern."""

    spec = LINES

    async def run(self, call: Call) -> Reply:
        """The lines. Raises BadInput where there are none."""
        return await in_thread(lambda: Reply(value=_lines(call)), timeout_s=call.timeout_s)


class TextCount:
    """Counts. A word is what blanks part, a character what Unicode calls one."""

    spec = COUNT

    async def run(self, call: Call) -> Reply:
        """A row per file, and one of all of them where they are several."""
        return await in_thread(lambda: Reply(value=_counted(call)), timeout_s=call.timeout_s)


@dataclass(frozen=True)
class _Picked:
    containing: str
    without: str
    unique: bool
    order: str
    first: int
    last: int

    def of(self, lines: Sequence[str]) -> list[str]:
        wanted, unwanted = self.containing.casefold(), self.without.casefold()
        found = [
            line
            for line in lines
            if wanted in line.casefold() and not (unwanted and unwanted in line.casefold())
        ]
        if self.unique:
            found = list(dict.fromkeys(found))
        if self.order != "as is":
            found.sort(key=lambda line: (line.casefold(), line), reverse=self.order == "descending")
        if self.first:
            return found[: self.first]
        return found[-self.last :] if self.last else found


def _lines(call: Call) -> Text:
    picked = _Picked(
        arguments.word(call, "containing", ""),
        arguments.word(call, "without", ""),
        arguments.flag(call, "unique"),
        arguments.word(call, "order", "as is"),
        arguments.number(call, "first", 0),
        arguments.number(call, "last", 0),
    )
    if picked.first < 0 or picked.last < 0:
        raise BadInput("The number of lines has to be at least 1.")
    paths = _paths(call)
    lines = [line for path in paths for line in _read(call, path).splitlines()]
    found = picked.of(lines)
    if not found:
        what = picked.containing or picked.without
        raise BadInput(
            "No line of {paths} fits{what}.",
            paths=", ".join(paths),
            what=f" “{what}”" if what else "",
        )
    call.say(text("{n:,} of {all:,} lines", n=len(found), all=len(lines)))
    words = "\n".join(found)
    if len(words.encode()) > OUTPUT_BYTES:
        raise BadInput(
            "That's more than 1 MB of lines. Pick fewer of them, with `first` or `last`."
        )
    return Text(text=words)


def _counted(call: Call) -> Table:
    wanted = arguments.word(call, "containing", "")
    rows = []
    for path in _paths(call):
        words = _read(call, path)
        counts = [len(words.splitlines()), len(words.split()), len(words)]
        rows.append(
            [path, *counts, *([words.casefold().count(wanted.casefold())] if wanted else [])]
        )
    if len(rows) > 1:
        sums = [sum(row[place] for row in rows) for place in range(1, len(rows[0]))]  # type: ignore[misc]  # all but the first cell are numbers
        rows.append([text("all"), *sums])
    columns = ("file", "lines", "words", "characters", *([f"“{wanted}”"] if wanted else []))
    return Table(columns=columns, rows=tuple(map(tuple, rows)), total_rows=len(rows))


def _paths(call: Call) -> tuple[str, ...]:
    paths = arguments.words(call, "sources")
    if not paths:
        raise BadInput("{title}: {name} is missing.", title=call.task.title, name="sources")
    return paths


def _read(call: Call, path: str) -> str:
    return decode(call.files.read(path), name=path).text

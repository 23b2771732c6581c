"""files.write and files.publish: put content into a file of the project."""

import json
from pathlib import PurePosixPath

from executor.data import arguments
from executor.data.formats import ENDINGS, PARQUET, encoded
from executor.data.media import written
from executor.data.specs import content, control, tool
from executor.port import Call, Reply
from executor.threads import in_thread
from memory.model.agents.spec import AgentSpec, EffectClass
from memory.model.errors import BadInput
from memory.model.text import text
from memory.model.work.value import File, Json, Table

PARAMETERS = (
    control("path", "The file to write", "path", sample="out/summary.md"),
    content("content", "What to write into it", "text", sample="Revenue grew by 12 %."),
)
WRITE = tool(
    "files.write",
    "Writes a text, table or JSON to a file of the project.",
    *PARAMETERS,
    output="file",
    effect=EffectClass.WRITE,
    words=("save", "saving"),
)
PUBLISH = tool(
    "files.publish",
    "Writes a file where others read it, such as the folder of a website.",
    *PARAMETERS,
    types=("publish",),
    output="file",
    effect=EffectClass.PUBLISH,
    words=("publish", "publishing", "publication"),
)


_ROWS = frozenset(ENDINGS) - {PARQUET}


class FilesWrite:
    """Writes whole files, all or nothing; the same content twice changes nothing."""

    def __init__(self, spec: AgentSpec = WRITE) -> None:
        self.spec = spec

    async def run(self, call: Call) -> Reply:
        """The file that now holds the content."""
        path = arguments.word(call, "path")
        return await in_thread(
            lambda: Reply(value=written(call.files, path, _content(call, path))),
            timeout_s=call.timeout_s,
        )


def _content(call: Call, path: str) -> bytes:
    given = arguments.required(call, "content")
    if isinstance(given, File):
        return call.files.read(given.path)
    if isinstance(given, Table) and PurePosixPath(path).suffix.casefold() in _ROWS:
        return _rows(call, given, path)
    if isinstance(given, Json) and PurePosixPath(path).suffix.casefold() == ".json":
        return (json.dumps(given.value, ensure_ascii=False, indent=2) + "\n").encode()
    words = arguments.text(call, "content")
    if not words.strip():
        raise BadInput("There's nothing to write to {path}.", path=path)
    return (words if words.endswith("\n") else words + "\n").encode()


def _rows(call: Call, given: Table, path: str) -> bytes:
    """The table as the path's ending says. Raises BadInput where only a part of it is here."""
    if given.total_rows > len(given.rows):
        raise BadInput(
            "The table has {total:,} rows and only the first {rows:,} were passed on. Write all of "
            "them to {path} with data.export.",
            total=given.total_rows, rows=len(given.rows), path=path,
        )  # fmt: skip
    made = encoded(given.columns, given.rows, path=path, title=PurePosixPath(path).stem)
    if made.guarded:
        call.say(text("{n} texts that look like formulas begin with an apostrophe", n=made.guarded))
    return made.data

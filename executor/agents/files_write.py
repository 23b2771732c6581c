"""files.write and files.publish: put content into a file of the project."""

import json
from pathlib import PurePosixPath

from executor.data import arguments
from executor.data.media import written
from executor.data.specs import content, control, tool
from executor.port import Call, Reply
from executor.threads import in_thread
from memory.model.agents.spec import AgentSpec, EffectClass
from memory.model.errors import BadInput
from memory.model.work.value import File, Json

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
    if isinstance(given, Json) and PurePosixPath(path).suffix.casefold() == ".json":
        return (json.dumps(given.value, ensure_ascii=False, indent=2) + "\n").encode()
    text = arguments.text(call, "content")
    if not text.strip():
        raise BadInput("There's nothing to write to {path}.", path=path)
    return (text if text.endswith("\n") else text + "\n").encode()

"""files.copy and files.rename: a file of the project under another name. Nothing is overwritten."""

from executor.data import arguments
from executor.data.media import written
from executor.data.specs import control, tool
from executor.port import Call, Reply
from executor.threads import in_thread
from memory.model.agents.spec import AgentSpec, EffectClass
from memory.model.errors import BadInput
from memory.model.work.value import File

_TARGET = control("path", "The new name, where there's no file yet", "path", sample="out/new.md")
COPY = tool(
    "files.copy",
    "Copies a file of the project.",
    control("source", "The file to copy", "text", sample="notes.md"),
    _TARGET,
    output="file",
    effect=EffectClass.WRITE,
    idempotent=False,
    words=("copy", "duplicate"),
)
RENAME = tool(
    "files.rename",
    "Renames or moves a file within the project's folder.",
    control("source", "The file to rename; it's gone from there", "path", sample="notes.md"),
    _TARGET,
    output="file",
    effect=EffectClass.WRITE,
    idempotent=False,
    words=("rename", "move"),
)


class FilesMove:
    """Copies, and takes the source away where the file is renamed."""

    def __init__(self, spec: AgentSpec = COPY) -> None:
        self.spec = spec

    async def run(self, call: Call) -> Reply:
        """The file under its new name. Raises BadInput where that is taken."""
        source, path = arguments.word(call, "source"), arguments.word(call, "path")
        return await in_thread(
            lambda: Reply(value=self._moved(call, source, path)), timeout_s=call.timeout_s
        )

    def _moved(self, call: Call, source: str, path: str) -> File:
        origin = call.files.existing(source)
        if call.files.kind(path) == "folder":
            path = f"{path.rstrip('/')}/{origin.name}"
        if call.files.resolve(path) == origin:
            raise BadInput("{path} is already called that.", path=source)
        if call.files.kind(path):
            raise BadInput("{path} is already there. Choose another name.", path=path)
        file = written(call.files, path, call.files.read(source))
        if self.spec is RENAME:
            call.files.remove(source)
        return file

"""files.read: the text of a file."""

from executor.data import arguments
from executor.data.decoding import decode
from executor.data.specs import control, tool
from executor.port import Call, Reply
from executor.threads import in_thread
from memory.model.errors import BadInput
from memory.model.limits import OUTPUT_BYTES, SENTENCES
from memory.model.text import text
from memory.model.work.value import Text

SPEC = tool(
    "files.read",
    "Reads a text file of the project.",
    control("path", "The file to read", "path", sample="notes.md"),
    output="text",
    words=("read",),
)

GUESSED = ("cp1252", "latin-1")


class FilesRead:
    """Reads UTF-8, UTF-16 and Windows-1252; says so when the encoding was a guess."""

    spec = SPEC

    async def run(self, call: Call) -> Reply:
        """The text of the file, its first 1 MB."""
        path = arguments.word(call, "path")
        return await in_thread(
            lambda: Reply(value=self._read(call, path)), timeout_s=call.timeout_s
        )

    def _read(self, call: Call, path: str) -> Text:
        decoded = decode(call.files.read(path), name=path)
        if not decoded.text.strip():
            raise BadInput("{path} is empty.", path=path)
        if decoded.encoding in GUESSED:
            call.say(text("{path} isn't UTF-8; read it as Windows-1252", path=path))
        data = decoded.text.encode()
        if len(data) <= OUTPUT_BYTES:
            return Text(text=decoded.text)
        kept = data[: OUTPUT_BYTES - 200].decode(errors="ignore")
        return Text(text=f"{kept}\n\n({SENTENCES['output_bytes']})")

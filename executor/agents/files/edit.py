"""files.append and files.replace: change a text file and leave the rest of it as it is."""

import re
from dataclasses import dataclass
from typing import Final

from executor.data import arguments
from executor.data.decoding import decode
from executor.data.media import written
from executor.data.specs import content, control, tool
from executor.port import Call, Reply
from executor.threads import in_thread
from memory.model.agents.spec import EffectClass
from memory.model.errors import BadInput
from memory.model.text import text
from memory.model.work.value import File, Label, Table, Text

APPEND = tool(
    "files.append",
    "Adds text to the end of a file of the project; makes the file where there is none.",
    control("path", "The file to add to", "path", sample="out/log.md"),
    content("content", "What to add", "text", sample="Ordered more tea."),
    control("item", "Whether it's an item of the list there, marked as the last one is", "boolean",
            required=False, default=False),
    output="file",
    effect=EffectClass.WRITE,
    idempotent=False,
    words=("append", "add"),
)  # fmt: skip
REPLACE = tool(
    "files.replace",
    "Replaces every occurrence of a text in a file of the project, word for word.",
    control("path", "The file to change", "path", sample="notes.md"),
    control("find", "The text to look for, in just this case", "text", sample="Words"),
    control("replacement", "What to put there; nothing takes it out", "text", required=False,
            default="", sample="Texts"),
    output="text",
    effect=EffectClass.WRITE,
    idempotent=False,
    words=("replace", "substitute", "rename"),
)  # fmt: skip


_ITEM: Final = re.compile(r"^[ \t]*[-*+•][ \t]+(?:\[[ xX]\][ \t]+)?", re.MULTILINE)
_DONE: Final = re.compile(r"\[[xX]\]")


class FilesAppend:
    """Adds to a file. What is there stays byte for byte."""

    spec = APPEND

    async def run(self, call: Call) -> Reply:
        """The longer file."""
        path = arguments.word(call, "path")
        added = _told(call)
        if not added.strip():
            raise BadInput("There's nothing to add to {path}.", path=path)
        return await in_thread(
            lambda: Reply(value=_appended(call, path, added, item=arguments.flag(call, "item"))),
            timeout_s=call.timeout_s,
        )


class FilesReplace:
    """Replaces text for text, with no patterns. A file without the text is left alone."""

    spec = REPLACE

    async def run(self, call: Call) -> Reply:
        """How often it was replaced. Raises BadInput where the text isn't there."""
        swap = _Swap(
            arguments.word(call, "path"), _exact(call, "find"), _exact(call, "replacement")
        )
        if not swap.find:
            raise BadInput("Say which text to replace in {path}.", path=swap.path)
        return await in_thread(lambda: Reply(value=_replaced(call, swap)), timeout_s=call.timeout_s)


def _told(call: Call) -> str:
    """What is to be added as text; of a table with one row its figures by their names."""
    given = arguments.required(call, "content")
    if isinstance(given, Table) and len(given.rows) == 1:
        row = zip(given.columns, given.rows[0], strict=True)
        return ", ".join(f"{name.replace('_', ' ')}: {cell}" for name, cell in row)
    return arguments.text(call, "content")


@dataclass(frozen=True)
class _Swap:
    path: str
    find: str
    replacement: str


def _exact(call: Call, name: str) -> str:
    """The text with its spaces."""
    given = arguments.constant(call, name)
    return "" if given is None else str(given)


def _appended(call: Call, path: str, added: str, *, item: bool) -> File:
    before = call.files.read(path) if call.files.kind(path) else b""
    there = decode(before, name=path).text  # what isn't text is left alone
    added = _as_items(added, there) if item else added
    glue = b"" if not before or before.endswith(b"\n") else b"\n"
    ending = b"" if added.endswith("\n") else b"\n"
    return written(call.files, path, before + glue + added.encode() + ending)


def _as_items(added: str, there: str) -> str:
    """Each line marked as the last item of the list is, and open; as it is where it has a mark."""
    marks = _ITEM.findall(there)
    mark = _DONE.sub("[ ]", marks[-1]) if marks else ""
    return "\n".join(
        line if _ITEM.match(line) or not line.strip() else f"{mark}{line.strip()}"
        for line in added.split("\n")
    )


def _replaced(call: Call, swap: _Swap) -> Text:
    decoded = decode(call.files.read(swap.path), name=swap.path)
    count = decoded.text.count(swap.find)
    if not count:
        raise BadInput("“{find}” isn't in {path}.{hint}", path=swap.path, find=swap.find[:80],
                       hint=_hint(decoded.text, swap.find))  # fmt: skip
    changed = decoded.text.replace(swap.find, swap.replacement)
    encoding = "utf-8" if decoded.encoding == "latin-1" else decoded.encoding
    try:
        data = changed.encode(encoding)
    except UnicodeEncodeError:
        data = changed.encode()
    written(call.files, swap.path, data)
    told = text("Replaced “{find}” {count:,}× in {path}.", find=swap.find[:80], count=count,
                path=swap.path)  # fmt: skip
    return Text(text=told, label=Label.UNTRUSTED)


def _hint(words: str, find: str) -> str:
    count = words.casefold().count(find.casefold())
    return text(" It is there {n:,}× in other capitals.", n=count) if count else ""

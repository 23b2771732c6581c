"""Files as git keeps them, read and stored without filters, links or anybody's settings.

An entry is what a tree says of a file, "100644 <blob>"; "" stands for no file.
"""

import hashlib
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from executor.egress.files import ProjectFiles
from executor.egress.git import Git
from memory.model.errors import BadInput

FILE, PROGRAM = "100644", "100755"


async def form(git: Git) -> str:
    """How the repository names its blobs: sha1 or sha256."""
    return await git.text("rev-parse", "--show-object-format")


def entry(data: bytes, mode: int, form: str) -> str:
    """The entry of a file with these bytes."""
    name = hashlib.new(form, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    return f"{PROGRAM if mode & stat.S_IXUSR else FILE} {name}"


def blob(entry: str) -> str:
    """The blob that the entry names."""
    return entry.partition(" ")[2]


def is_program(entry: str) -> bool:
    """Whether the file may be run."""
    return entry.startswith(PROGRAM)


def present(root: Path, paths: Iterable[str], form: str) -> dict[str, tuple[str, bytes]]:
    """Each file as it is now: its entry and its bytes. Takes its time; for a thread."""
    files, present = ProjectFiles(root), dict[str, tuple[str, bytes]]()
    for path in paths:
        try:
            data, seen = files.read_with_status(path)
        except BadInput:
            present[path] = ("", b"")
        else:
            present[path] = (entry(data, seen.st_mode, form), data)
    return present


async def store(git: Git, present: Mapping[str, tuple[str, bytes]]) -> None:
    """Put the bytes into the repository, where it does not have them."""
    data = {blob(entry): data for entry, data in present.values() if entry}
    listed = await git.text(
        "cat-file", "--batch-check", given="".join(f"{b}\n" for b in data).encode()
    )
    missing = [line.split()[0] for line in listed.splitlines() if line.endswith(" missing")]
    if missing:
        parts = [b"blob\ndata %d\n" % len(data[name]) + data[name] + b"\n" for name in missing]
        await git.data("fast-import", "--quiet", given=b"".join(parts))


async def entries(git: Git, commit: str, prefix: str) -> dict[str, str]:
    """All entries of the commit beneath the prefix, by their paths there; {} for no commit."""
    listed = await git.found("ls-tree", "-r", "-z", "--full-tree", commit) if commit else ""
    entries = {}
    for line in listed.split("\0"):
        about, _, path = line.partition("\t")
        if path.startswith(prefix) and about.split()[1:2] == ["blob"]:
            mode, _, name = about.split()
            entries[path.removeprefix(prefix)] = f"{mode} {name}"
    return entries
